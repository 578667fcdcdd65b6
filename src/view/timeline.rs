//! The backups of the chosen environment, drawn to scale: the restorable window, manual backups, the cursor.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use crate::app::layout::Area;
use crate::app::model::{Model, Pane};
use crate::app::timeline::scale::{Scale, Zoom};
use crate::app::timeline::{Half, Kept, Mark, Reach, Timeline, both_times, name};
use crate::domain::backup::{Readiness, Window};
use crate::domain::environment::Environment;
use crate::domain::known::Known;
use crate::domain::time::{short, span};
use crate::domain::words::{Word, counted};
use crate::view::paint::{Paint, columns};
use crate::view::theme::Role;

/// From this width on, things are told in full.
const WIDE: u16 = 60;
/// From this width on, the list of manual backups says when each of them goes.
const VERY_WIDE: u16 = 90;
/// What scale, cursor and a few backups take at least.
const ROWS_BELOW: u16 = 8;
/// What a backup is called that may be there or not.
const MAY_BE_GONE: &str = "may be gone: check in the admin center";

/// The rows that are left.
struct Rows {
    area: Area,
    y: u16,
}

impl Rows {
    const fn left(&self) -> u16 {
        (self.area.y + self.area.height).saturating_sub(self.y)
    }

    const fn end(&self) -> u16 {
        self.area.x + self.area.width
    }

    /// Writes a text over at most so many rows.
    fn paragraph(&mut self, most: u16, text: &str, role: Role, paint: &mut Paint<'_>) {
        let most = usize::from(most.min(self.left()));
        let width = self.area.width.saturating_sub(1);
        let lines = textwrap::wrap(text, usize::from(width).max(1));
        for (index, line) in lines.iter().take(most).enumerate() {
            // What has no room is cut where it can be seen to be.
            let rest = lines.get(index..).filter(|rest| index + 1 == most && rest.len() > 1).map(|rest| rest.join(" "));
            paint.text(self.area.x + 1, self.y, self.end(), rest.as_deref().unwrap_or(line), role);
            self.y += 1;
        }
    }

    /// Writes pieces with dots between them over at most so many rows; a row breaks between pieces only.
    fn flow(&mut self, most: u16, pieces: &[(String, Role)], paint: &mut Paint<'_>) {
        let dot = paint.theme.symbols.dot;
        let (left, end, last) = (self.area.x + 1, self.end(), self.y + most.min(self.left()));
        let mut x = left;
        for (text, role) in pieces {
            let gap = if x > left { 3 } else { 0 };
            if gap > 0 && x + gap + columns(text) > end {
                self.y += 1;
                x = left;
            }
            if self.y >= last {
                return;
            }
            if x > left {
                x = paint.text(x, self.y, end, &format!(" {dot} "), Role::Dim);
            }
            x = paint.text(x, self.y, end, text, *role);
        }
        self.y += u16::from(x > left);
    }
}

/// Draws the timeline.
pub fn draw(model: &Model, area: Area, paint: &mut Paint<'_>) {
    let focus = model.ui.layers.is_empty() && model.ui.focus == Pane::Timeline;
    let timeline = &model.ui.timeline;
    let manual = match (model.selected().map(|environment| &environment.backups), timeline.marks.len()) {
        (None, _) => String::new(),
        (Some(_), 0) if timeline.can_be_made == Known::Is(false) => "manual backups not supported".to_owned(),
        (Some(Known::Unknown), _) => "manual backups unknown".to_owned(),
        (Some(Known::Is(_)), 0) => "no manual backups".to_owned(),
        (Some(Known::Is(_)), count) => counted(count, "manual backup"),
    };
    let of = model.selected().filter(|_| timeline.whole).map_or_else(String::new, |environment| format!(" of {}", environment.name));
    let zoom = if timeline.window == Known::Is(None) { "" } else { timeline.zoom.title() };
    let title = if zoom.is_empty() { format!("Backups{of}") } else { format!("Backups{of}, {zoom}") };
    let inside = paint.frame(area, focus, &title, (&manual, Role::Dim));
    let Some(environment) = model.selected() else { return };
    let mut rows = Rows { area: inside, y: inside.y };
    let Known::Is(Some(window)) = timeline.window else {
        summary(timeline, u16::MAX, &mut rows, paint);
        manual_backups(model, &rows, paint);
        return;
    };
    let most = match (timeline.marks.is_empty(), &timeline.lost) {
        (true, None) => 4,
        (false, None) if inside.height >= 11 => 2,
        (false, None) | (_, Some(_)) => 1,
    };
    summary(timeline, most, &mut rows, paint);
    reach(model, environment, window, &mut rows, paint);
    match &timeline.lost {
        Some(lost) => {
            let most = rows.left().saturating_sub(ROWS_BELOW).clamp(2, 5);
            rows.paragraph(most, &lost.text, if lost.any { Role::Bad } else { Role::Good }, paint);
        }
        None => next_out(model, &mut rows, paint),
    }
    scale(model, window, focus, &mut rows, paint);
    cursor_line(model, window, &mut rows, paint);
    both_halves(timeline, window, &mut rows, paint);
    manual_backups(model, &rows, paint);
}

/// For how long backups are kept, and why.
fn summary(timeline: &Timeline, most: u16, rows: &mut Rows, paint: &mut Paint<'_>) {
    let (kept, role) = match timeline.days {
        Known::Is(Some(days)) => (format!("{days} days"), Role::Title),
        Known::Is(None) => ("None".to_owned(), Role::Title),
        Known::Unknown => {
            let possible: Vec<String> = timeline.possible.iter().map(|days| days.map_or_else(|| "none".to_owned(), |days| days.to_string())).collect();
            (format!("{} days?", possible.join(" or ")), Role::Unknown)
        }
    };
    let y = rows.y;
    rows.paragraph(most, &format!("{kept}: {}", timeline.reason), Role::Dim, paint);
    if rows.y > y {
        paint.text(rows.area.x + 1, y, rows.end(), &kept, role);
    }
}

/// How far back it can be restored, exactly, and from which day on a whole day of it (C-09).
fn reach(model: &Model, environment: &Environment, window: Window, rows: &mut Rows, paint: &mut Paint<'_>) {
    let timeline = &model.ui.timeline;
    let from = match timeline.reach {
        Reach::Retention => short(window.from),
        Reach::Creation => format!("{}, its creation", short(window.from)),
        Reach::Copy => format!("{}, when a copy overwrote it", short(window.from)),
    };
    let deleted = matches!(environment.deleted_at, Known::Is(Some(_)));
    let is_wide = rows.area.width >= WIDE;
    let text = match (deleted, is_wide) {
        (true, _) => format!("from {from} to {}", short(window.to)),
        (false, true) => format!("system backup back to {from}"),
        (false, false) => format!("back to {from}"),
    };
    let mut pieces = vec![(text, Role::Text)];
    if let Some(day) = window.first_whole_day() {
        let says = if is_wide { "first whole day" } else { "whole from" };
        pieces.push((format!("{says} {}", day.format("%d %b")), Role::Text));
    }
    if let Some(before) = timeline.doubtful_before.filter(|before| *before > window.from) {
        pieces.push((format!("before {} it {MAY_BE_GONE}", short(before)), Role::Unknown));
    }
    rows.flow(3, &pieces, paint);
}

/// Which manual backup is removed next, and when.
fn next_out(model: &Model, rows: &mut Rows, paint: &mut Paint<'_>) {
    let Some((mark, at)) = model.ui.timeline.next_out(model.now()) else { return };
    if rows.left() == 0 {
        return;
    }
    let left = span(at - model.now());
    let when = if rows.area.width >= WIDE { format!("in {left}, {}", short(at)) } else { format!("in {left}") };
    let role = if mark.expires_soon { Role::Warn } else { Role::Text };
    let (symbol, symbol_role) = symbol(mark, false, paint);
    let pieces = [("next to go ", Role::Text), (&*when, role), (": ", Role::Text), (symbol, symbol_role), (" ", Role::Text), (&*name(mark), Role::Text)];
    paint.pieces(rows.area.x + 1, rows.y, rows.end(), pieces);
    rows.y += 1;
}

/// The shown part of time to scale, with everything that stands in it.
fn scale(model: &Model, window: Window, focus: bool, rows: &mut Rows, paint: &mut Paint<'_>) {
    const LANES: u16 = 14;
    let timeline = &model.ui.timeline;
    let Some(shown) = timeline.shown() else { return };
    let lanes = if timeline.half.is_some() { LANES } else { 0 };
    let height = if timeline.half.is_some() { 4 } else { 3 };
    let left = rows.area.x + 1 + lanes;
    let scale = Scale { shown, left, width: rows.end().saturating_sub(left + 1) };
    if scale.width < 4 || rows.left() < height {
        return;
    }
    let y = rows.y;
    marks(timeline, &scale, y, paint);
    band(timeline, window, &scale, y + 1, paint);
    if let Some(half) = timeline.half {
        paint.text(rows.area.x + 1, y + 1, left, "code + data", Role::Text);
        paint.text(rows.area.x + 1, y + 2, left, "database only", Role::Text);
        other_lane(half, window, &scale, y + 2, paint);
    }
    let cursor = scale.column(timeline.at(window));
    labels(model, window, &scale, cursor, y + height - 1, paint);
    if let Some(x) = cursor {
        paint.text(x, y + height - 1, rows.end(), paint.theme.symbols.cursor, if focus { Role::Key } else { Role::Text });
    }
    rows.y += height;
}

/// What would be lost by what is reviewed, where it stands in time: manual backups above, the system backup below.
pub fn losses(model: &Model, area: Area, paint: &mut Paint<'_>) {
    const NAMES: u16 = 16;
    let timeline = &model.ui.timeline;
    let Known::Is(Some(window)) = timeline.window else { return };
    let (x, end) = (area.x + 1, area.x + area.width);
    let left = x + NAMES;
    // All of it, however closely it was looked at before.
    let scale = Scale { shown: window, left, width: end.saturating_sub(left + 1) };
    if scale.width < 4 {
        return;
    }
    paint.text(x, area.y, left, "manual backups", Role::Dim);
    paint.text(x, area.y + 1, left, "system backup", Role::Dim);
    paint.text(x, area.y + 2, left, &format!("{} would be lost", paint.theme.symbols.lost), Role::Bad);
    marks(timeline, &scale, area.y, paint);
    band(timeline, window, &scale, area.y + 1, paint);
    labels(model, window, &scale, None, area.y + 2, paint);
}

/// The manual backups above the band; several in one column are counted.
fn marks(timeline: &Timeline, scale: &Scale, y: u16, paint: &mut Paint<'_>) {
    let mut at: BTreeMap<u16, Vec<&Mark>> = BTreeMap::new();
    for mark in &timeline.marks {
        if let Some(x) = scale.column(mark.at) {
            at.entry(x).or_default().push(mark);
        }
    }
    for (x, marks) in at {
        let drawn = marks.iter().map(|mark| symbol(mark, timeline.is_lost(&mark.id), paint));
        let pressing = |(_, role): &(&str, Role)| match role {
            Role::Bad => 3,
            Role::Warn => 2,
            Role::Unknown => 1,
            Role::Text | Role::Dim | Role::Border | Role::Focus | Role::Title | Role::Selected | Role::Good | Role::Key | Role::Match => 0,
        };
        let Some((one, role)) = drawn.max_by_key(pressing) else { continue };
        let text = match marks.len() {
            1 => one.to_owned(),
            count @ 2..=9 => count.to_string(),
            _ => "+".to_owned(),
        };
        paint.text(x, y, x + 1, &text, role);
    }
}

/// What there is of the system backup in each column, with the ends of the window and the ticks.
fn band(timeline: &Timeline, window: Window, scale: &Scale, y: u16, paint: &mut Paint<'_>) {
    let symbols = paint.theme.symbols;
    let (first, last) = (scale.column(window.from), scale.column(window.to));
    let kept = |x: u16| timeline.kept(if Some(x) == first { window.from } else { scale.begin(x) });
    for x in scale.left..scale.left + scale.width {
        let (symbol, role) = match kept(x) {
            Kept::Whole => (symbols.whole, Role::Good),
            Kept::Part => (symbols.part, Role::Good),
            Kept::Lost => (symbols.lost, Role::Bad),
            Kept::Doubtful => (symbols.doubtful, Role::Unknown),
            Kept::Overwritten => (symbols.gone, Role::Bad),
            Kept::Nothing => continue,
        };
        paint.symbol(x, y, symbol, role);
    }
    let [part_tick, whole_tick] = symbols.ticks;
    for tick in scale.ticks(anchor(window)) {
        match kept(tick.x) {
            Kept::Whole => paint.symbol(tick.x, y, whole_tick, Role::Good),
            Kept::Part => paint.symbol(tick.x, y, part_tick, Role::Good),
            Kept::Lost | Kept::Doubtful | Kept::Overwritten | Kept::Nothing => {}
        }
    }
    let [begin, end] = symbols.ends;
    let [earlier, later] = symbols.more;
    match first {
        Some(x) => paint.symbol(x, y, begin, if kept(x) == Kept::Lost { Role::Bad } else { Role::Good }),
        None => paint.symbol(scale.left, y, earlier, Role::Dim),
    }
    match last {
        Some(x) => paint.symbol(x, y, end, Role::Good),
        None if window.to > scale.shown.to => paint.symbol(scale.left + scale.width - 1, y, later, Role::Dim),
        None => {}
    }
    if let Some(x) = last.filter(|x| x + 10 < scale.left + scale.width) {
        paint.text(x + 2, y, scale.left + scale.width, "deleted", Role::Dim);
    }
}

/// Several days are counted from the first whole day of the window, so that this one is named wherever there is room.
fn anchor(window: Window) -> DateTime<Utc> {
    window.first_whole_day().unwrap_or_else(|| window.from.date_naive()).and_time(NaiveTime::MIN).and_utc()
}

/// How far back the database of the other half can be taken.
fn other_lane(half: Half, window: Window, scale: &Scale, y: u16, paint: &mut Paint<'_>) {
    let symbols = paint.theme.symbols;
    let end = scale.left + scale.width;
    let Known::Is(from) = half.from else {
        paint.text(scale.left, y, end, "unknown how far back: look up pitr_days", Role::Unknown);
        return;
    };
    let first = scale.column(from);
    for x in scale.left..end {
        let at = scale.begin(x);
        if (at >= from || first == Some(x)) && at <= window.to {
            paint.symbol(x, y, symbols.whole, Role::Good);
        }
    }
    let [begin, finish] = symbols.ends;
    let [earlier, later] = symbols.more;
    match first {
        Some(x) => paint.symbol(x, y, begin, Role::Good),
        None if from < scale.shown.from => paint.symbol(scale.left, y, earlier, Role::Dim),
        None => {}
    }
    match scale.column(window.to) {
        Some(x) => paint.symbol(x, y, finish, Role::Good),
        None if from <= scale.shown.to => paint.symbol(end - 1, y, later, Role::Dim),
        None => {}
    }
}

/// What the scale is called below: where it begins and ends, and its ticks where there is room, never over the cursor.
fn labels(model: &Model, window: Window, scale: &Scale, cursor: Option<u16>, y: u16, paint: &mut Paint<'_>) {
    let end = scale.left + scale.width;
    let mut taken: Vec<(u16, u16)> = Vec::new();
    let mut place = |text: &str, role: Role, x: u16, paint: &mut Paint<'_>| {
        let behind = x + columns(text);
        let apart = taken.iter().all(|(from, to)| behind < *from || x > *to);
        let fits = apart && x >= scale.left && behind <= end && cursor.is_none_or(|cursor| !(x..behind).contains(&cursor));
        if fits {
            paint.text(x, y, end, text, role);
            taken.push((x, behind));
        }
        fits
    };
    // Beside the cursor only where it stands on the very instant, as it would seem to be called so otherwise.
    let on = |x: u16| cursor == Some(x);
    let (at, first) = match scale.column(window.from) {
        Some(x) => (window.from, x),
        None => (scale.shown.from, scale.left),
    };
    let text = short(at);
    let width = columns(&text);
    let day = at.format("%d %b").to_string();
    let begun = place(&text, Role::Text, first, paint)
        || (on(first) && place(&text, Role::Text, first + 2, paint))
        || (on(first) && place(&text, Role::Text, first.saturating_sub(width + 1), paint));
    let near_the_end = first + width > end;
    let _ = begun || place(&day, Role::Text, first, paint) || (near_the_end && place(&text, Role::Text, end.saturating_sub(width), paint));
    let to = scale.shown.to;
    let text = match model.ui.timeline.zoom {
        _ if to == model.now() => "now".to_owned(),
        Zoom::Hours => to.format("%H:%M").to_string(),
        Zoom::Whole | Zoom::Days => to.format("%d %b").to_string(),
    };
    let start = end.saturating_sub(columns(&text));
    let _ = place(&text, Role::Text, start, paint) || (on(end - 1) && place(&text, Role::Text, start.saturating_sub(2), paint));
    for tick in scale.ticks(anchor(window)) {
        // Right behind the cursor it would seem to be the cursor's.
        if let Some(text) = tick.label.filter(|_| !on(tick.x.saturating_sub(1))) {
            place(&text, Role::Dim, tick.x, paint);
        }
    }
}

/// Where the cursor stands, in words.
fn cursor_line(model: &Model, window: Window, rows: &mut Rows, paint: &mut Paint<'_>) {
    let timeline = &model.ui.timeline;
    let at = timeline.at(window);
    let mark = timeline.mark_at(at);
    let local = both_times(at, (model.ui.setup.offset)(at));
    let room = usize::from(rows.area.width.saturating_sub(3));
    // Where both times have no room in a row, the local one goes into the next.
    let (utc, local) = local.split_once(" (").filter(|_| local.len() > room).map_or((&*local, None), |(utc, local)| (utc, Some(local)));
    let mut pieces = vec![(format!("{} {utc}", paint.theme.symbols.cursor), Role::Text)];
    pieces.extend(local.map(|local| (local.trim_end_matches(')').to_owned(), Role::Text)));
    pieces.push((if at == model.now() { "now".to_owned() } else { format!("{} ago", span(model.now() - at)) }, Role::Text));
    if let Some(name) = mark.and_then(|mark| mark.name.as_deref()) {
        pieces.push((name.to_owned(), Role::Title));
    }
    match timeline.kept(at) {
        Kept::Lost => pieces.push(("would be lost".to_owned(), Role::Bad)),
        Kept::Doubtful => pieces.push((MAY_BE_GONE.to_owned(), Role::Unknown)),
        Kept::Whole | Kept::Part | Kept::Overwritten | Kept::Nothing => {}
    }
    if let Known::Is(Some(days)) = timeline.days {
        let end = at + TimeDelta::days(i64::from(days));
        let left = span(end - model.now());
        let left = if end - model.now() < TimeDelta::minutes(1) { "a moment".to_owned() } else { left };
        pieces.push((if rows.area.width >= WIDE { format!("goes {}, in {left}", short(end)) } else { format!("goes in {left}") }, Role::Text));
    }
    rows.flow(3, &pieces, paint);
}

/// From when on both halves of a linked pair can be restored to the same instant (LNK-027).
fn both_halves(timeline: &Timeline, window: Window, rows: &mut Rows, paint: &mut Paint<'_>) {
    let Some(half) = timeline.half else { return };
    let (text, role) = match half.both_from(window) {
        Known::Is(Some(from)) if rows.area.width >= WIDE => (format!("both halves can go back to the same instant, from {} on", short(from)), Role::Text),
        Known::Is(Some(from)) => (format!("both halves from {}", short(from)), Role::Text),
        Known::Is(None) => ("there is no instant that both halves can go back to".to_owned(), Role::Bad),
        Known::Unknown => ("whether both halves can go back to it is unknown".to_owned(), Role::Unknown),
    };
    rows.flow(1, &[(text, role)], paint);
}

/// The symbol of a manual backup in its state.
fn symbol(mark: &Mark, lost: bool, paint: &Paint<'_>) -> (&'static str, Role) {
    let symbols = paint.theme.symbols;
    match mark.readiness {
        Known::Is(Readiness::Expired | Readiness::Overwritten) => (symbols.gone, Role::Bad),
        _ if lost => (symbols.lost, Role::Bad),
        Known::Is(Readiness::Ready) if mark.expires_soon => (symbols.soon, Role::Warn),
        Known::Is(Readiness::Ready) => (symbols.backup, Role::Text),
        Known::Is(Readiness::Settling) => (symbols.pending, Role::Warn),
        Known::Is(Readiness::NotReady) => (symbols.waiting, Role::Warn),
        Known::Unknown => (symbols.doubtful, Role::Unknown),
    }
}

/// The manual backups, newest first; where not all fit, those around the cursor.
fn manual_backups(model: &Model, left: &Rows, paint: &mut Paint<'_>) {
    const WHEN: u16 = 13;
    let timeline = &model.ui.timeline;
    let area = Area { y: left.y, height: left.left(), ..left.area };
    let end = area.x + area.width;
    let marks = &timeline.marks;
    let (rows, room) = (usize::from(area.height), marks.len());
    let shown = if room > rows { rows.saturating_sub(1) } else { room };
    let here = timeline.point().and_then(|point| point.backup).and_then(|id| marks.iter().position(|mark| &*mark.id == id));
    let top = here.map_or(0, |here| here.saturating_sub(shown / 2)).min(room - shown);
    let listed = || marks.iter().enumerate().skip(top).take(shown);
    let states: Vec<String> = listed().map(|(_, mark)| state(mark, timeline.is_lost(&mark.id), area.width, model.now())).collect();
    let state_width = states.iter().map(|state| columns(state) + 1).max().unwrap_or(0).min(area.width / 2);
    for (((index, mark), state), y) in listed().zip(&states).zip(area.y..) {
        let (symbol, role) = symbol(mark, timeline.is_lost(&mark.id), paint);
        if here == Some(index) {
            paint.text(area.x, y, end, paint.theme.symbols.here, Role::Text);
        }
        paint.text(area.x + 1, y, end, symbol, role);
        // On a narrow screen the day has to do, so that the name stays readable.
        let (format, width) = if area.width < WIDE { ("%d %b", WHEN - 6) } else { ("%d %b %H:%M", WHEN) };
        paint.text(area.x + 3, y, end, &mark.at.format(format).to_string(), Role::Text);
        let x = area.x + 3 + width;
        let state_start = end.saturating_sub(state_width);
        let (name, name_role) = mark.name.as_deref().map_or(("unnamed", Role::Dim), |name| (name, if here == Some(index) { Role::Title } else { Role::Text }));
        paint.text(x, y, state_start.saturating_sub(1), name, name_role);
        paint.text(state_start, y, end, state, role);
    }
    if shown < room && rows > 0 {
        let text = match (top, room - shown - top) {
            (0, older) => format!("{older} older"),
            (newer, 0) => format!("{newer} newer"),
            (newer, older) => format!("{newer} newer, {older} older"),
        };
        paint.text(area.x + 3, area.y + area.height - 1, end, &text, Role::Dim);
    }
}

/// Whether it can be restored from, and for how long.
fn state(mark: &Mark, lost: bool, width: u16, now: DateTime<Utc>) -> String {
    let left = match mark.expires_at {
        Known::Is(Some(at)) if at >= now && width >= VERY_WIDE => format!(", {} left, goes {}", span(at - now), short(at)),
        Known::Is(Some(at)) if at >= now => format!(", {} left", span(at - now)),
        Known::Is(Some(at)) => format!(" {} ago", span(now - at)),
        Known::Is(None) => String::new(),
        Known::Unknown => ", expiry unknown".to_owned(),
    };
    match mark.readiness {
        Known::Is(Readiness::Expired) => format!("{}{left}", Readiness::Expired.label()),
        Known::Is(Readiness::Overwritten) => Readiness::Overwritten.label().to_owned(),
        _ if lost => "would be lost".to_owned(),
        Known::Is(Readiness::NotReady) => format!("not ready until {}", mark.ready_at.format("%H:%MZ")),
        Known::Is(Readiness::Settling) => format!("settling until {}", mark.settled_at.format("%H:%MZ")),
        Known::Is(Readiness::Ready) if mark.expires_soon => format!("expiring{left}"),
        Known::Is(Readiness::Ready) => format!("{}{left}", Readiness::Ready.label()),
        Known::Unknown if mark.may_be_gone => MAY_BE_GONE.to_owned(),
        Known::Unknown => "expiry unknown".to_owned(),
    }
}

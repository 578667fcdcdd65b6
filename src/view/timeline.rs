//! The backups of the chosen environment, drawn to scale: the restorable window, manual backups, the cursor.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use crate::app::layout::Area;
use crate::app::model::{Model, Pane};
use crate::app::timeline::{Mark, Timeline, both_times};
use crate::domain::backup::{Readiness, Window};
use crate::domain::environment::Environment;
use crate::domain::known::Known;
use crate::domain::time;
use crate::domain::words::Word;
use crate::view::paint::{Paint, columns};
use crate::view::theme::Role;

/// Draws the timeline.
pub fn draw(model: &Model, area: Area, paint: &mut Paint<'_>) {
    let focus = model.ui.layers.is_empty() && model.ui.focus == Pane::Timeline;
    let timeline = &model.ui.timeline;
    let manual = match (model.selected().map(|environment| &environment.backups), timeline.marks.len()) {
        (None, _) => String::new(),
        (Some(Known::Unknown), _) => "manual backups unknown".to_owned(),
        (Some(Known::Is(_)), 0) => "no manual backups".to_owned(),
        (Some(Known::Is(_)), 1) => "1 manual backup".to_owned(),
        (Some(Known::Is(_)), count) => format!("{count} manual backups"),
    };
    let inside = paint.frame(area, focus, "Backups", (&manual, Role::Dim));
    let Some(environment) = model.selected() else { return };
    let end = inside.x + inside.width;
    let mut y = inside.y;
    summary(timeline, inside.x + 1, y, end, paint);
    y += 1;
    if let Known::Is(Some(window)) = timeline.window {
        y = scale(model, window, Area { y, ..inside }, focus, paint);
    }
    manual_backups(model, environment, Area { y, height: (inside.y + inside.height).saturating_sub(y), ..inside }, paint);
}

/// How long backups are kept, and why.
fn summary(timeline: &Timeline, x: u16, y: u16, end: u16, paint: &mut Paint<'_>) {
    let (kept, role) = match timeline.days {
        Known::Is(Some(days)) => (format!("{days} days"), Role::Title),
        Known::Is(None) => ("None".to_owned(), Role::Title),
        Known::Unknown => {
            let possible: Vec<String> = timeline.possible.iter().map(|days| days.map_or_else(|| "none".to_owned(), |days| days.to_string())).collect();
            (format!("{} days?", possible.join(" or ")), Role::Unknown)
        }
    };
    let x = paint.text(x, y, end, &kept, role);
    paint.text(x, y, end, &format!(": {}", timeline.reason), Role::Dim);
}

/// A row of time: which column an instant falls into.
struct Scale {
    window: Window,
    left: u16,
    width: u16,
}

impl Scale {
    fn column(&self, at: DateTime<Utc>) -> Option<u16> {
        let (from, to) = (self.window.from.timestamp(), self.window.to.timestamp());
        let at = at.timestamp();
        if at < from || at > to {
            return None;
        }
        let steps = i64::from(self.width.saturating_sub(1));
        let along = if to > from { (at - from) * steps / (to - from) } else { steps };
        Some(self.left + u16::try_from(along).unwrap_or(0))
    }
}

/// The window to scale with what stands in it; returns the row behind it.
fn scale(model: &Model, window: Window, area: Area, focus: bool, paint: &mut Paint<'_>) -> u16 {
    let timeline = &model.ui.timeline;
    let symbols = paint.theme.symbols;
    let end = area.x + area.width;
    let from = window.from.format("%d %b").to_string();
    let now = if window.to == model.now() { "now".to_owned() } else { window.to.format("%d %b").to_string() };
    let left = paint.text(area.x + 1, area.y, end, &from, Role::Text) + 1;
    let right = end.saturating_sub(columns(&now) + 2);
    paint.text(right + 1, area.y, end, &now, Role::Text);
    let scale = Scale { window, left, width: right.saturating_sub(left) };
    if scale.width < 4 {
        return area.y + 1;
    }
    let [begin, line, finish, tick] = symbols.line;
    for x in left..right {
        paint.symbol(x, area.y, line, Role::Good);
    }
    days(&scale, area.y, tick, paint);
    paint.text(left, area.y, end, begin, Role::Good);
    paint.text(right - 1, area.y, end, finish, Role::Good);
    for mark in timeline.marks.iter().rev() {
        if let Some(x) = scale.column(mark.at) {
            let (symbol, role) = symbol(mark, paint);
            paint.text(x, area.y, end, symbol, role);
        }
    }
    let at = timeline.at(window);
    if let Some(x) = scale.column(at) {
        paint.text(x, area.y + 1, end, symbols.cursor, if focus { Role::Key } else { Role::Dim });
    }
    cursor_line(model, window, at, Area { y: area.y + 2, ..area }, paint);
    area.y + 3
}

/// A tick at each midnight, or at every few where days are narrow, with the date below where there is room.
fn days(scale: &Scale, y: u16, tick: &str, paint: &mut Paint<'_>) {
    const DATE: u16 = 7;
    let end = scale.left + scale.width;
    let Some(mut day) = scale.window.first_whole_day() else { return };
    let mut labelled = scale.left;
    while let Some(x) = scale.column(day.and_time(NaiveTime::MIN).and_utc()) {
        paint.text(x, y, end, tick, Role::Good);
        if x >= labelled && x + DATE < end {
            paint.text(x, y + 1, end, &day.format("%d %b").to_string(), Role::Dim);
            labelled = x + DATE + 1;
        }
        let Some(next) = day.succ_opt() else { return };
        day = next;
    }
}

/// Where the cursor stands, in words.
fn cursor_line(model: &Model, window: Window, at: DateTime<Utc>, area: Area, paint: &mut Paint<'_>) {
    let symbols = paint.theme.symbols;
    let timeline = &model.ui.timeline;
    let end = area.x + area.width;
    let x = paint.text(area.x + 1, area.y, end, symbols.cursor, Role::Dim) + 1;
    if timeline.cursor.is_none() {
        let whole = window.first_whole_day().map_or_else(String::new, |day| format!(" {} first whole day {}", symbols.dot, day.format("%d %b")));
        let text = format!("any instant since {}{whole}", time::minute(window.from));
        paint.text(x, area.y, end, &text, Role::Text);
        return;
    }
    let ago = time::span(model.now() - at);
    let gone = match timeline.days {
        Known::Is(Some(days)) => format!(" {} gone in {}", symbols.dot, time::span(at + TimeDelta::days(i64::from(days)) - model.now())),
        Known::Is(None) | Known::Unknown => String::new(),
    };
    let local = both_times(at, (model.ui.setup.offset)(at));
    let name = timeline.mark_at(at).and_then(|mark| backup_name(model.selected(), mark)).map_or_else(String::new, |name| format!(" {} {name}", symbols.dot));
    paint.text(x, area.y, end, &format!("{local} {} {ago} ago{gone}{name}", symbols.dot), Role::Text);
}

fn backup_name<'a>(environment: Option<&'a Environment>, mark: &Mark) -> Option<&'a str> {
    match &environment?.backups {
        Known::Is(backups) => match &backups.get(mark.backup)?.name {
            Known::Is(name) => Some(name),
            Known::Unknown => None,
        },
        Known::Unknown => None,
    }
}

fn symbol(mark: &Mark, paint: &Paint<'_>) -> (&'static str, Role) {
    let symbols = paint.theme.symbols;
    match mark.readiness {
        Known::Is(Readiness::Ready) if mark.expires_soon => (symbols.backup, Role::Warn),
        Known::Is(Readiness::Ready) => (symbols.backup, Role::Text),
        Known::Is(Readiness::Settling | Readiness::NotReady) => (symbols.pending, Role::Warn),
        Known::Is(Readiness::Expired | Readiness::Overwritten) => (symbols.gone, Role::Bad),
        Known::Unknown => (symbols.backup, Role::Unknown),
    }
}

/// The manual backups, newest first.
fn manual_backups(model: &Model, environment: &Environment, area: Area, paint: &mut Paint<'_>) {
    const WHEN: u16 = 13;
    const STATE: u16 = 23;
    let end = area.x + area.width;
    let marks = &model.ui.timeline.marks;
    let rows = usize::from(area.height);
    let shown = if marks.len() > rows { rows.saturating_sub(1) } else { marks.len() };
    for (mark, y) in marks.iter().take(shown).zip(area.y..) {
        let (symbol, role) = symbol(mark, paint);
        paint.text(area.x + 1, y, end, symbol, role);
        // On a narrow screen the day has to do, so that the name stays readable.
        let (format, width) = if area.width < 56 { ("%d %b", WHEN - 6) } else { ("%d %b %H:%M", WHEN) };
        paint.text(area.x + 3, y, end, &mark.at.format(format).to_string(), Role::Text);
        let x = area.x + 3 + width;
        let state_start = end.saturating_sub(STATE.min(area.width / 2));
        match backup_name(Some(environment), mark) {
            Some(name) => paint.text(x, y, state_start.saturating_sub(1), name, Role::Text),
            None => paint.text(x, y, state_start.saturating_sub(1), "unnamed", Role::Dim),
        };
        paint.text(state_start, y, end, &state(mark, model.now()), role);
    }
    if shown < marks.len() && rows > 0 {
        let y = area.y + area.height - 1;
        paint.text(area.x + 3, y, end, &format!("{} older ones", marks.len() - shown), Role::Dim);
    }
}

/// Whether it can be restored from, and for how long.
fn state(mark: &Mark, now: DateTime<Utc>) -> String {
    let left = match mark.expires_at {
        Known::Is(Some(at)) if at >= now => format!(", {} left", time::span(at - now)),
        Known::Is(Some(at)) => format!(" {} ago", time::span(now - at)),
        Known::Is(None) => String::new(),
        Known::Unknown => ", expiry unknown".to_owned(),
    };
    match mark.readiness {
        Known::Is(Readiness::NotReady) => format!("not ready until {}", mark.ready_at.format("%H:%MZ")),
        Known::Is(Readiness::Settling) => format!("settling until {}", mark.settled_at.format("%H:%MZ")),
        Known::Is(readiness @ (Readiness::Ready | Readiness::Expired)) => format!("{}{left}", readiness.label()),
        Known::Is(Readiness::Overwritten) => Readiness::Overwritten.label().to_owned(),
        Known::Unknown => "may be gone: unknown".to_owned(),
    }
}

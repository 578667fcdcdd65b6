//! Every environment as a target of a copy or restore, with its verdict, and all reasons of the one under the cursor.

use crate::app::layout::{Area, Layout};
use crate::app::model::{Layer, Model};
use crate::app::targets::{REASON_INDENT, Reason, Target, Targets};
use crate::domain::known::Known;
use crate::domain::verdict::{Answer, Code, Outline, Severity};
use crate::domain::words::{Word, counted};
use crate::view::environments::type_badge;
use crate::view::paint::Paint;
use crate::view::theme::Role;
use crate::view::wizard;

/// Draws the view.
pub fn draw(model: &Model, targets: &Targets, layout: &Layout, paint: &mut Paint<'_>) {
    let (list, reasons) = layout.targets();
    let source = model.estate.environment(targets.source);
    let typing = matches!(model.ui.layers.last(), Some(Layer::Filter));
    let title = model.wizard().map_or_else(|| source.name.to_string(), |wizard| wizard::title(model, wizard, list.width));
    let inside = if typing || !targets.filter.value().is_empty() {
        paint.frame_with_filter(list, true, &title, &targets.filter, typing, targets.error.is_some())
    } else {
        paint.frame(list, true, &title, (&targets.label(), Role::Key))
    };
    counts(targets, inside, paint);
    let columns_ = Columns::of(inside);
    columns_.titles(inside.y + 1, paint);
    let rows = Area { y: inside.y + Layout::TARGETS_HEAD, height: inside.height.saturating_sub(Layout::TARGETS_HEAD), ..inside };
    let window = targets.cursor.window(targets.rows().len(), usize::from(rows.height));
    if targets.rows().is_empty() {
        // Esc leaves the page once the filter is kept.
        let way_out = if typing { "Esc clears the filter" } else { "/ changes the filter" };
        let width = rows.width.saturating_sub(2);
        let text = targets.error.as_deref().unwrap_or("Nothing matches");
        let role = if targets.error.is_some() { Role::Bad } else { Role::Dim };
        let y = paint.paragraph(rows.x + 1, rows.y, width, rows.height, text, role);
        paint.paragraph(rows.x + 1, y, width, (rows.y + rows.height).saturating_sub(y), way_out, Role::Dim);
    }
    for ((index, target), y) in window.clone().zip(targets.rows().get(window).unwrap_or_default()).zip(rows.y..) {
        columns_.row(model, target, y, paint);
        if index == targets.cursor.at {
            paint.text(rows.x, y, rows.x + 1, paint.theme.symbols.here, Role::Text);
            paint.row(rows, y, Role::Selected);
        }
    }
    self::reasons(model, targets, reasons, paint);
}

/// How many targets there are of each kind.
fn counts(targets: &Targets, inside: Area, paint: &mut Paint<'_>) {
    let mut x = inside.x + 1;
    let end = inside.x + inside.width;
    for (answer, words) in
        [(Answer::Allowed, "allowed"), (Answer::AllowedWithWarnings, "with warnings"), (Answer::Unknown, "not decidable"), (Answer::Blocked, "blocked")]
    {
        let count = targets.count(answer);
        let text = format!("{} {count} {words}", paint.theme.answer(answer));
        x = paint.text(x, inside.y, end, &text, if count > 0 { Role::of_answer(answer) } else { Role::Dim }) + 2;
    }
}

/// Where the columns of the list stand.
struct Columns {
    start: u16,
    name: u16,
    kind: u16,
    region: u16,
    why: u16,
    end: u16,
}

impl Columns {
    const fn of(area: Area) -> Self {
        let start = area.x + 1;
        let end = area.x + area.width;
        let name_width = if area.width > 90 { 34 } else { 24 };
        let name = start + 2;
        let kind = name + name_width + 1;
        let region = kind + 5;
        Self { start, name, kind, region, why: region + 8, end }
    }

    fn titles(&self, y: u16, paint: &mut Paint<'_>) {
        for (x, end, title) in [
            (self.name, self.kind, "target"),
            (self.kind, self.region, "type"),
            (self.region, self.why, "region"),
            (self.why, self.end, "why not, or what to know"),
        ] {
            paint.text(x, y, end, title, Role::Dim);
        }
    }

    fn row(&self, model: &Model, target: &Target, y: u16, paint: &mut Paint<'_>) {
        let environment = model.estate.environment(target.key);
        let answer = target.outline.answer();
        paint.text(self.start, y, self.name, paint.theme.answer(answer), Role::of_answer(answer));
        paint.text(self.name, y, self.kind - 1, &environment.name, if answer == Answer::Blocked { Role::Dim } else { Role::Text });
        let (badge, role) = type_badge(environment);
        paint.text(self.kind, y, self.region, badge, role);
        match &environment.region {
            Known::Is(region) => paint.text(self.region, y, self.why - 1, region, Role::Dim),
            Known::Unknown => paint.text(self.region, y, self.why - 1, "?", Role::Unknown),
        };
        paint.text(self.why, y, self.end, &why(target.outline), Role::Text);
    }
}

/// What an outline comes to, in a few words: the reasons of its answer, and what has to be looked up.
pub(super) fn why(outline: Outline) -> String {
    let severity = match outline.answer() {
        Answer::Blocked => Severity::Block,
        Answer::Unknown => Severity::Unknown,
        Answer::AllowedWithWarnings => Severity::Warn,
        Answer::Allowed => Severity::Note,
    };
    let (open, sure): (Vec<Code>, Vec<Code>) = outline.codes(severity).partition(|code| severity == Severity::Unknown || outline.is_undecided(*code));
    let mut words: Vec<String> = sure.into_iter().map(|code| code.label().to_owned()).collect();
    let mut facts: Vec<&str> = open.into_iter().map(Code::asks_about).collect();
    facts.dedup();
    if !facts.is_empty() {
        words.push(format!("look up: {}", facts.join(", ")));
    }
    words.join("; ")
}

/// All reasons of the target under the cursor.
fn reasons(model: &Model, targets: &Targets, area: Area, paint: &mut Paint<'_>) {
    let Some((key, verdict)) = targets.selected().zip(targets.verdict()) else {
        paint.frame(area, false, "Reasons", ("", Role::Text));
        return;
    };
    let answer = verdict.answer();
    let height = usize::from(area.inside().height);
    let hidden = targets.reasons().len().saturating_sub(targets.reasons_top + height);
    let more = if hidden > 0 { format!("{}, {}", answer.label(), counted(hidden, "more line")) } else { answer.label().to_owned() };
    let inside = paint.frame(area, false, &model.estate.environment(key).name, (&more, Role::of_answer(answer)));
    let end = inside.x + inside.width;
    let indent = u16::try_from(REASON_INDENT).unwrap_or(2);
    if targets.reasons().is_empty() {
        paint.text(inside.x + indent, inside.y, end, "Nothing speaks against it", Role::Good);
    }
    for (reason, y) in targets.reasons().iter().skip(targets.reasons_top).take(height).zip(inside.y..) {
        reason_line(reason, inside.x, y, end, paint);
    }
}

/// One line of a reason.
pub fn reason_line(reason: &Reason, x: u16, y: u16, end: u16, paint: &mut Paint<'_>) {
    let indented = x + u16::try_from(REASON_INDENT).unwrap_or(2);
    match reason {
        Reason::Message(severity, text) => {
            if let Some(severity) = severity {
                paint.text(x, y, end, paint.theme.severity(*severity), Role::of_severity(*severity));
            }
            paint.text(indented, y, end, text, Role::Text);
        }
        Reason::Remedy(text) => {
            paint.text(indented, y, end, text, Role::Good);
        }
        Reason::Source(text) => {
            paint.text(indented, y, end, text, Role::Dim);
        }
        Reason::Gap => {}
    }
}

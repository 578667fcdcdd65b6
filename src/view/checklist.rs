//! The checklist that is being worked: its items above, everything about the one under the cursor below.

use crate::app::checklist::{About, Line, Working, in_words};
use crate::app::layout::{Area, Layout};
use crate::app::model::Model;
use crate::domain::checklist::{Checklist, Row, State};
use crate::domain::words::counted;
use crate::view::paint::Paint;
use crate::view::theme::Role;

/// Draws the checklist.
pub fn draw(model: &Model, working: &Working, layout: &Layout, paint: &mut Paint<'_>) {
    let (list, about) = layout.targets();
    let Some(checklist) = working.checklist() else {
        let inside = paint.frame(list, true, "Checklist", ("", Role::Text));
        let text = if model.ui.templates.is_empty() { "Reading the checklists ..." } else { "This checklist is not among those that this version knows" };
        paint.paragraph(inside.x + 1, inside.y, inside.width.saturating_sub(2), inside.height, text, Role::Dim);
        return;
    };
    let mark = if working.rehearsal { "REHEARSAL, practice only: " } else { "" };
    let among = working.among().map_or_else(String::new, |(at, of)| format!(" ({at} of {of})"));
    let title = format!("{mark}{}: {}{among}", checklist.environment_name, checklist.title);
    let progress = checklist.progress();
    let role = if progress.mandatory_open == 0 { Role::Good } else { Role::Warn };
    let inside = paint.frame(list, true, &title, (&in_words(progress), role));
    let window = working.cursor.window(working.lines().len(), usize::from(inside.height));
    if working.lines().is_empty() {
        paint.text(inside.x + 1, inside.y, inside.x + inside.width, "Nothing is open. O shows all items", Role::Good);
    }
    for ((index, line), y) in window.clone().zip(working.lines().get(window).unwrap_or_default()).zip(inside.y..) {
        match line {
            Line::Section(section) => {
                let title = checklist.sections.get(*section).map_or("", |section| &section.title);
                paint.text(inside.x + 1, y, inside.x + inside.width, title, Role::Title);
            }
            Line::Row(row) => {
                if let Some(known) = checklist.rows.get(*row) {
                    let fold = known.repeats.then(|| working.is_unfolded(*row));
                    self::row(checklist, known, fold, Area { y, height: 1, ..inside }, paint);
                }
            }
        }
        if index == working.cursor.at {
            paint.text(inside.x, y, inside.x + 1, paint.theme.symbols.here, Role::Text);
            paint.row(inside, y, Role::Selected);
        }
    }
    self::about(checklist, working, about, paint);
}

fn row(checklist: &Checklist, row: &Row, unfolded: Option<bool>, area: Area, paint: &mut Paint<'_>) {
    const WHO: u16 = 34;
    let end = area.x + area.width;
    let indent = 2 + 2 * row.depth;
    let (box_, role) = match row.state {
        State::Open if row.mandatory && row.waits.is_none() => ("[ ]", Role::Warn),
        State::Open => ("[ ]", Role::Dim),
        State::NotApplicable => ("[-]", Role::Dim),
        State::Done | State::Decided => ("[x]", Role::Good),
    };
    let x = paint.text(area.x + indent, area.y, end, box_, role) + 1;
    let said = match (&row.mark, row.state) {
        (_, State::Open) => {
            let of = if unfolded.is_some() { format!("{}, ", settled_of(checklist, row)) } else { String::new() };
            let how = if row.waits.is_some() {
                "waits"
            } else if row.mandatory {
                "mandatory"
            } else if row.item.optional {
                "optional"
            } else {
                ""
            };
            format!("{of}{how}").trim_end_matches(", ").to_owned()
        }
        (Some(mark), _) => {
            let who = mark.by.split('@').next().unwrap_or_default();
            format!("{} {who} {}", short(row), mark.at.format("%H:%M"))
        }
        (None, State::NotApplicable) => "does not apply".to_owned(),
        (None, _) if row.item.done_by_system => "done by the system".to_owned(),
        (None, _) => "settled".to_owned(),
    };
    let from = paint.text_right(x.max(end.saturating_sub(WHO)), area.y, end - 1, &said, if row.state == State::Open { role } else { Role::Dim });
    let text_role = if row.state == State::Open && row.waits.is_none() { Role::Text } else { Role::Dim };
    let x = match unfolded {
        Some(shown) => paint.text(x, area.y, from.saturating_sub(1), if shown { "- " } else { "+ " }, Role::Key),
        None => x,
    };
    paint.text(x, area.y, from.saturating_sub(1), &row.text, text_role);
}

/// How many of what an item is repeated for are settled: "3 of 12".
fn settled_of(checklist: &Checklist, whole: &Row) -> String {
    let at = checklist.rows.iter().position(|row| row.id == whole.id);
    let parts = || checklist.rows.iter().filter(|row| at.is_some() && row.parent == at);
    format!("{} of {}", parts().filter(|row| row.is_settled()).count(), parts().count())
}

/// What was decided, in one word.
fn short(row: &Row) -> &'static str {
    use crate::domain::journal::ItemAct;
    match row.decision {
        Some(ItemAct::Disabled) => "disabled",
        Some(ItemAct::Redirected) => "redirected",
        Some(ItemAct::LeftAsIs) => "left as is",
        Some(ItemAct::NotApplicable) => "does not apply",
        Some(ItemAct::Done | ItemAct::Reopened | ItemAct::Noted) | None => {
            if row.state == State::NotApplicable {
                "does not apply"
            } else {
                "done"
            }
        }
    }
}

fn about(checklist: &Checklist, working: &Working, area: Area, paint: &mut Paint<'_>) {
    let section = working.selected().and_then(|row| checklist.sections.get(row.section)).map_or("", |section| &section.title);
    let height = usize::from(area.inside().height);
    let hidden = working.about().len().saturating_sub(working.about_top + height);
    let more = if hidden > 0 { counted(hidden, "more line") } else { String::new() };
    let inside = paint.frame(area, false, section, (&more, Role::Key));
    let end = inside.x + inside.width;
    for (line, y) in working.about().iter().skip(working.about_top).take(height).zip(inside.y..) {
        let (text, role, indent) = match line {
            About::Title(text) => (text, Role::Title, 1),
            About::Path(text) => (text, Role::Key, 1),
            About::Help(text) => (text, Role::Text, 1),
            About::Concern(text) => (text, Role::Unknown, 3),
            About::Waits(text) => (text, Role::Warn, 1),
            About::Recalled(text) => (text, Role::Title, 1),
            About::Mark(text) => (text, Role::Good, 1),
            About::Link(text) => (text, Role::Dim, 1),
        };
        paint.text(inside.x + indent, y, end, text, role);
    }
}

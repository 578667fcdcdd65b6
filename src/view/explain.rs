//! What can be looked up: the list with what is typed above it, and what is said about the entry under the cursor.

use crate::app::explain::Explain;
use crate::app::explain::said::{Said, mark};
use crate::app::layout::{Area, Layout};
use crate::app::model::Model;
use crate::domain::library::{Entry, Library};
use crate::domain::words::counted;
use crate::view::over::input;
use crate::view::paint::{Paint, columns};
use crate::view::theme::Role;

/// Columns of an id with the blanks behind it.
const ID: u16 = 10;
/// Columns of the border around title and counts.
const BORDERS: u16 = 8;

/// Draws them over everything.
pub fn draw(model: &Model, explain: &Explain, layout: &Layout, paint: &mut Paint<'_>) {
    paint.clear(layout.body);
    let (list, text) = layout.explain();
    let counts = counts(explain, list.width.saturating_sub(columns(explain.title()) + BORDERS));
    let inside = paint.frame(list, !explain.is_read(), explain.title(), (&counts, Role::Dim));
    let end = inside.x + inside.width;
    paint.text(inside.x + 1, inside.y, end, "/", Role::Key);
    if explain.is_read() {
        paint.text(inside.x + 3, inside.y, end, explain.input.value(), Role::Text);
    } else {
        input(&explain.input, inside.x + 3, inside.y, end, paint);
    }
    let rows = Area { y: inside.y + 1, height: inside.height.saturating_sub(1), ..inside };
    let Some(library) = &model.ui.library else {
        paint.text(rows.x + 1, rows.y, end, "Reading the rules ...", Role::Dim);
        paint.frame(text, false, "", ("", Role::Text));
        return;
    };
    self::list(explain, library, rows, paint);
    said(explain, library, text, paint);
}

/// "12 rules, 3 answers", or how many there are where that takes more columns.
fn counts(explain: &Explain, room: u16) -> String {
    let count = |is: fn(&Entry) -> bool| explain.rows().iter().filter(|entry| is(entry)).count();
    let counts = [
        (count(|entry| matches!(entry, Entry::Rule(_))), "rule"),
        (count(|entry| matches!(entry, Entry::Answer(_))), "answer"),
        (count(|entry| matches!(entry, Entry::Link(_))), "link"),
    ];
    let told: Vec<String> = counts.iter().filter(|(count, _)| *count > 0).map(|(count, noun)| counted(*count, noun)).collect();
    let told = told.join(", ");
    if columns(&told) <= room { told } else { explain.rows().len().to_string() }
}

fn list(explain: &Explain, library: &Library, area: Area, paint: &mut Paint<'_>) {
    let end = area.x + area.width;
    let window = explain.cursor.window(explain.rows().len(), usize::from(area.height));
    if explain.rows().is_empty() {
        paint.text(area.x + 1, area.y, end, "Nothing says that. Esc clears what was typed", Role::Dim);
    }
    for ((index, entry), y) in window.clone().zip(explain.rows().get(window).unwrap_or_default()).zip(area.y..) {
        paint.text(area.x + 1, y, area.x + ID, mark(*entry, library), mark_role(*entry));
        paint.text(area.x + 1 + ID, y, end, library.title(*entry), Role::Text);
        if index == explain.cursor.at {
            paint.text(area.x, y, area.x + 1, paint.theme.symbols.here, Role::Text);
            if !explain.is_read() {
                paint.row(area, y, Role::Selected);
            }
        }
    }
}

/// The role of what stands before an entry: ids can be typed, what kind an answer is cannot.
pub const fn mark_role(entry: Entry) -> Role {
    match entry {
        Entry::Rule(_) | Entry::Link(_) => Role::Key,
        Entry::Answer(_) => Role::Good,
    }
}

fn said(explain: &Explain, library: &Library, area: Area, paint: &mut Paint<'_>) {
    let title = explain.selected().map_or_else(String::new, |entry| match library.rule(entry) {
        Some(rule) => {
            let about = library.rules().area_of(rule).map_or("", |area| &area.title);
            format!("{} {} {about}", rule.id, paint.theme.symbols.dot)
        }
        None => mark(entry, library).to_owned(),
    });
    let height = usize::from(area.inside().height);
    let hidden = explain.said().len().saturating_sub(explain.top + height);
    let more = if hidden > 0 { format!("{} more", counted(hidden, "line")) } else { String::new() };
    let inside = paint.frame(area, explain.is_read(), &title, (&more, Role::Key));
    let (x, end) = (inside.x + 1, inside.x + inside.width);
    let block = explain.block().map(|block| block.lines.clone());
    for ((index, line), y) in explain.said().iter().enumerate().skip(explain.top).take(height).zip(inside.y..) {
        match line {
            Said::Title(text) => paint.text(x, y, end, text, Role::Title),
            Said::Message(text) => paint.text(x, y, end, text, Role::Warn),
            Said::Text(text) => paint.text(x, y, end, text, Role::Text),
            Said::Do(text) | Said::Lead(text) => paint.text(x, y, end, text, Role::Good),
            Said::Path(text) | Said::Copy(text) => paint.text(x, y, end, text, Role::Key),
            Said::Source(text) | Said::Refused(text) => paint.text(x, y, end, text, Role::Dim),
            Said::Related(id, text) => {
                paint.text(x, y, end, id, Role::Key);
                paint.text(x + ID, y, end, text, Role::Dim)
            }
            Said::Gap => x,
        };
        if let Some(block) = block.as_ref().filter(|block| block.contains(&index)) {
            paint.row(inside, y, Role::Selected);
            if index == block.start {
                paint.text(inside.x, y, x, paint.theme.symbols.here, Role::Selected);
            }
        }
    }
}

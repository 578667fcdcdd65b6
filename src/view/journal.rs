//! What the journal says about one environment: the entries, the newest first; all about the one under the cursor below.

use crate::app::journal::{Entries, Row, Shade};
use crate::app::layout::{Area, Layout};
use crate::app::model::Model;
use crate::domain::time;
use crate::view::paint::Paint;
use crate::view::theme::Role;

/// Draws them.
pub fn draw(model: &Model, entries: &Entries, layout: &Layout, paint: &mut Paint<'_>) {
    let (list, about) = layout.targets();
    let environment = model.estate.find(&entries.environment);
    let name = environment.map_or("", |key| &model.estate.environment(key).name);
    let inside = paint.frame(list, true, &format!("Journal: {name}"), ("newest first", Role::Dim));
    if entries.rows().is_empty() {
        let text = "Nothing was recorded or noted here yet: n writes a note, the review of an operation records it";
        paint.paragraph(inside.x + 1, inside.y, inside.width.saturating_sub(2), inside.height, text, Role::Dim);
    }
    let window = entries.cursor.window(entries.rows().len(), usize::from(inside.height));
    let rows = entries.rows().get(window.clone()).unwrap_or_default();
    for ((index, row), y) in window.zip(rows).zip(inside.y..) {
        line(row, inside, y, paint);
        if index == entries.cursor.at {
            paint.text(inside.x, y, inside.x + 1, paint.theme.symbols.here, Role::Text);
            paint.row(inside, y, Role::Selected);
        }
    }
    self::about(entries, about, paint);
}

/// An entry: when, whether it still holds, and what it says.
fn line(row: &Row, area: Area, y: u16, paint: &mut Paint<'_>) {
    let (state, role) = match (&row.withdrawn, row.runs) {
        (Some(_), _) => ("[withdrawn] ", Role::Warn),
        (None, true) => ("runs: ", Role::Warn),
        (None, false) => ("", Role::Text),
    };
    let text = if row.withdrawn.is_some() { Role::Dim } else { Role::Text };
    let (at, end) = (time::minute(row.entry.at), area.x + area.width);
    paint.pieces(area.x + 1, y, end, [(&*at, Role::Dim), ("  ", Role::Dim), (state, role), (&*row.text, text)]);
}

fn about(entries: &Entries, area: Area, paint: &mut Paint<'_>) {
    let height = usize::from(area.inside().height);
    let behind = entries.about().len().saturating_sub(entries.top + height);
    let more = if behind > 0 { format!("{behind} more below: J") } else { String::new() };
    let inside = paint.frame(area, false, "Entry", (&more, Role::Key));
    let lines = entries.about().iter().skip(entries.top).take(height);
    for ((shade, text), y) in lines.zip(inside.y..) {
        let role = match shade {
            Shade::Plain => Role::Text,
            Shade::Beside => Role::Dim,
            Shade::Attention => Role::Warn,
        };
        paint.text(inside.x + 1, y, inside.x + inside.width, text, role);
    }
}

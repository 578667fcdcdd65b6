//! What stands at the right of the first row, and where: one answer for drawing and for clicking.

use unicode_width::UnicodeWidthStr;

use crate::app::model::{File, Model};
use crate::domain::conditions;
use crate::domain::known::Known;
use crate::domain::time;

/// What a piece of the header tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// How old the facts are.
    Age,
    /// The same, and that is old.
    Stale,
    /// Console time.
    Time,
    /// That it is the demo, or read-only.
    Mode,
    /// That entries are not saved.
    Unsaved,
    /// How much asks for attention; a symbol and a blank stand before the text.
    Attention,
}

/// A piece of the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What it tells.
    pub part: Part,
    /// The text.
    pub text: String,
    /// Its first column.
    pub x: u16,
    /// The column behind it.
    pub end: u16,
}

/// From this width on attention is told in words.
const ROOM_FOR_WORDS: u16 = 100;
/// Between two pieces.
const GAP: u16 = 2;
/// The symbol before the attention, and a blank.
const SYMBOL: u16 = 2;

/// The pieces from the right to the left; what stands left of them has the rest of the row.
pub fn right(model: &Model) -> Vec<Piece> {
    let area = model.layout().header;
    let (stale, age) = match model.estate.captured_at() {
        _ if model.ui.file == File::Loading => (false, format!("reading {}", model.ui.setup.file)),
        Known::Is(captured_at) if conditions::lies_ahead(captured_at, model.now()) => (true, "facts of the future".to_owned()),
        Known::Is(captured_at) => {
            let age = model.now() - captured_at;
            (age > chrono::TimeDelta::hours(model.rulebook().limits.stale_hours), format!("facts {} old", time::age(age)))
        }
        Known::Unknown => (false, "age of the facts unknown".to_owned()),
    };
    let mut pieces = Vec::with_capacity(6);
    let mut end = area.x + area.width.saturating_sub(1);
    let mut add = |part: Part, text: String, before: u16| {
        let width = u16::try_from(text.width()).unwrap_or(u16::MAX).saturating_add(before);
        let x = end.saturating_sub(width).max(area.x);
        pieces.push(Piece { part, text, x, end });
        end = x.saturating_sub(GAP);
    };
    add(if stale { Part::Stale } else { Part::Age }, age, 0);
    add(Part::Time, time::minute(model.now()), 0);
    for (shown, word) in [(model.ui.setup.read_only, "read-only"), (model.ui.setup.in_memory, "demo")] {
        if shown {
            add(Part::Mode, word.to_owned(), 0);
        }
    }
    if !model.ui.unsaved.is_empty() {
        add(Part::Unsaved, "NOT SAVED".to_owned(), 0);
    }
    let count = model.ui.attention.items().len();
    if count > 0 && model.ui.file == File::Open {
        let text = match count {
            _ if area.width < ROOM_FOR_WORDS => count.to_string(),
            1 => "1 needs attention".to_owned(),
            _ => format!("{count} need attention"),
        };
        add(Part::Attention, text, SYMBOL);
    }
    pieces
}

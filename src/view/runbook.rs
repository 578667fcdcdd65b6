//! The questions before a runbook, and its text.

use crate::app::layout::Layout;
use crate::app::model::Model;
use crate::app::runbook::{Blank, Sheets, Subject, Taking};
use crate::domain::order::Dialect;
use crate::view::over::input;
use crate::view::paint::Paint;
use crate::view::theme::Role;

/// Where a line that is typed begins, behind its label.
const FIELD: u16 = 16;

/// The questions before it.
pub fn taking(model: &Model, taking: &Taking, layout: &Layout, paint: &mut Paint<'_>) {
    let blanks = &taking.blanks;
    let height = u16::try_from(blanks.len()).unwrap_or(0) + 6;
    let area = layout.over(86, height);
    paint.clear(area);
    let title = match &taking.subject {
        Subject::Operation => "Take the runbook".to_owned(),
        Subject::Plan(plan, _) => {
            let title = model.ui.templates.iter().find(|template| template.id == *plan).map_or("", |template| &template.title);
            format!("Take the runbook: {title}")
        }
    };
    let inside = paint.frame(area, true, &title, ("", Role::Text));
    let (x, end) = (inside.x + 1, inside.x + inside.width);
    for (blank, y) in blanks.iter().zip(inside.y..) {
        let active = taking.blank == *blank;
        let line = model.ui.typing.line(*blank);
        paint.text(x, y, x + FIELD, blank.label(), if active { Role::Key } else { Role::Dim });
        if active {
            input(line, x + FIELD, y, end, paint);
        } else {
            paint.text(x + FIELD, y, end, line.value(), Role::Text);
        }
        if line.value().is_empty() && !active {
            paint.text(x + FIELD, y, end, blank.expected(), Role::Dim);
        }
    }
    let below = inside.y + u16::try_from(blanks.len()).unwrap_or(0) + 1;
    let target = taking.target(model);
    let (hint, role) = match &target {
        Ok(target) if model.ui.typing.typed.value() == target => ("Enter writes it in every dialect; nothing is changed by that.".to_owned(), Role::Good),
        Ok(target) => (format!("Type {target} to confirm. What is empty may stay so, and is left to be filled in."), Role::Dim),
        Err(reason) => (reason.clone(), Role::Warn),
    };
    let expected = if taking.blank == Blank::Typed { "" } else { taking.blank.expected() };
    paint.paragraph(x, below, inside.width.saturating_sub(2), 2, if expected.is_empty() { &hint } else { expected }, role);
}

/// Its text in the dialect that was chosen.
pub fn sheets(sheets: &Sheets, layout: &Layout, paint: &mut Paint<'_>) {
    let area = layout.body;
    paint.clear(area);
    let height = usize::from(area.inside().height);
    let hidden = sheets.lines().len().saturating_sub(sheets.top + height);
    let right = if hidden > 0 { format!("{hidden} more below") } else { String::new() };
    let inside = paint.frame(area, true, &sheets.title(), (&right, Role::Dim));
    let (x, end) = (inside.x + 1, inside.x + inside.width);
    let is_record = sheets.sheet().is_none_or(|sheet| sheet.dialect == Dialect::Markdown);
    for (line, y) in sheets.lines().iter().skip(sheets.top).take(height).zip(inside.y..) {
        let role = match (line.starts_with('#'), is_record) {
            (true, true) => Role::Title,
            (true, false) => Role::Dim,
            (false, _) => Role::Text,
        };
        paint.text(x, y, end, line, role);
    }
}

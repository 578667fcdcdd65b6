//! The details of the chosen environment: a label, a value and where it comes from on each line.

use crate::app::details::Shade;
use crate::app::layout::Area;
use crate::app::model::{Model, Pane};
use crate::domain::words::Word;
use crate::view::environments::type_badge;
use crate::view::paint::Paint;
use crate::view::theme::Role;

/// Columns of the labels.
const LABEL: u16 = 13;

/// Draws the details.
pub fn draw(model: &Model, area: Area, paint: &mut Paint<'_>) {
    let focus = model.ui.layers.is_empty() && model.ui.focus == Pane::Details;
    let details = &model.ui.details;
    let environment = model.selected();
    let title = environment.map_or("Details", |environment| &environment.name);
    let height = usize::from(area.inside().height);
    let hidden = details.lines.len().saturating_sub(details.cursor.top + height);
    let more = format!("{hidden} more below");
    let stage = environment.and_then(|environment| model.estate.running(&environment.id)).and_then(|rehearsal| rehearsal.schedule.progress(model.now()));
    let stage = stage.map(|progress| format!("{}, {} % done", progress.stage.label(), progress.percent));
    let right = match environment {
        _ if stage.is_some() => (stage.as_deref().unwrap_or_default(), Role::Warn),
        Some(_) if hidden > 0 => (more.as_str(), Role::Dim),
        Some(environment) => type_badge(environment),
        None => ("", Role::Text),
    };
    let inside = paint.frame(area, focus, title, right);
    let end = inside.x + inside.width;
    for ((at, line), y) in details.lines.iter().enumerate().skip(details.cursor.top).take(height).zip(inside.y..) {
        paint.text(inside.x + 1, y, inside.x + LABEL, line.label, Role::Dim);
        let role = match line.shade {
            Shade::Plain => Role::Text,
            Shade::None => Role::Dim,
            Shade::Unknown => Role::Unknown,
            Shade::Attention => Role::Warn,
            Shade::Heading => Role::Title,
        };
        let x = paint.text(inside.x + LABEL + 1, y, end, &line.value, role);
        if let Some(source) = &line.source {
            paint.text(x + 1, y, end, &format!("({source})"), if line.disputed { Role::Warn } else { Role::Dim });
        }
        if focus && at == details.cursor.at {
            paint.text(inside.x, y, inside.x + 1, paint.theme.symbols.here, Role::Text);
            paint.row(inside, y, Role::Selected);
        }
    }
}

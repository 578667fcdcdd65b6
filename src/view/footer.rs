//! The last row: what just happened, or the keys of where the keyboard is.

use crate::app::keymap::{self, Binding, Context};
use crate::app::layout::Area;
use crate::app::model::{Model, Tone};
use crate::domain::filter;
use crate::view::paint::Paint;
use crate::view::theme::Role;

/// Draws the footer.
pub fn draw(model: &Model, area: Area, paint: &mut Paint<'_>) {
    let end = area.x + area.width;
    if let Some(notice) = &model.ui.notice {
        let role = match notice.tone {
            Tone::Done => Role::Good,
            Tone::Refused => Role::Warn,
            Tone::Failed => Role::Bad,
        };
        match notice.tone {
            Tone::Failed => whole(&notice.text, area, role, paint),
            Tone::Done | Tone::Refused => _ = paint.text(area.x + 1, area.y, end, &notice.text, role),
        }
        return;
    }
    let contexts = keymap::contexts(model);
    let of_environments = contexts.contains(&Context::Filter) && model.listing().is_none() && model.help().is_none();
    if of_environments {
        let error = model.targets().map_or(&model.ui.environments.error, |targets| &targets.error);
        if let Some(error) = error {
            paint.text(area.x + 1, area.y, end, error, Role::Bad);
            return;
        }
    }
    let hints: Vec<&Binding> = contexts
        .iter()
        .flat_map(|context| keymap::bindings_of(*context))
        .filter(|binding| !binding.hint.is_empty() && (binding.disabled)(model).is_none())
        .collect();
    // Help is always there; of the others, as many as fit.
    let (always, others): (Vec<_>, Vec<_>) = hints.into_iter().partition(|binding| matches!(binding.hint, "help" | "commands" | "quit"));
    let width = |binding: &&Binding| label(binding).len() + 1 + binding.hint.len() + 2;
    let reserved: usize = always.iter().map(width).sum();
    let mut room = usize::from(area.width).saturating_sub(reserved + 1);
    let mut x = area.x + 1;
    let shown = others.into_iter().filter(|binding| {
        let fits = width(binding) <= room;
        if fits {
            room -= width(binding);
        }
        fits
    });
    for binding in shown.chain(always) {
        let label = label(binding);
        x = paint.text(x, area.y, end, &label, Role::Key);
        x = paint.text(x + 1, area.y, end, binding.hint, if binding.danger { Role::Bad } else { Role::Dim }) + 2;
    }
    if of_environments {
        let terms: Vec<String> = filter::keys().map(|key| format!("{key}:")).collect();
        paint.text(x, area.y, end, &format!("letters of the name, {}", terms.join(" ")), Role::Dim);
    }
}

/// Why something failed, to its last word: what does not fit into the last row takes the rows above it.
fn whole(text: &str, area: Area, role: Role, paint: &mut Paint<'_>) {
    let width = area.width.saturating_sub(2).max(1);
    let lines = u16::try_from(textwrap::wrap(text, usize::from(width)).len()).unwrap_or(u16::MAX);
    // The header says what is not saved, so it stays.
    let rows = lines.clamp(1, area.y.max(1));
    let area = Area { y: (area.y + area.height).saturating_sub(rows), height: rows, ..area };
    paint.clear(area);
    paint.paragraph(area.x + 1, area.y, width, rows, text, role);
}

/// The first key of a binding, as a label.
fn label(binding: &Binding) -> String {
    binding.keys.first().map(ToString::to_string).unwrap_or_default()
}

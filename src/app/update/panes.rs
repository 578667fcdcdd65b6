//! The panes: who has the keyboard, going back, moving in lists, the mouse, another size of the terminal.

use tui_input::Input;

use super::attention::open_attention;
use super::typing::as_targets;
use super::typing::as_wizard;
use super::wizard::step_in_wizard;
use super::{details_height, list_screen, reasons_height, targets_height};
use crate::app::action;
use crate::app::details::scroll;
use crate::app::header::{self, Part};
use crate::app::layout::Layout;
use crate::app::list::Step as Rows;
use crate::app::model::{File, Intent, Layer, Model, Pane};
use crate::domain::tenant::TenantKey;

/// The panes in the order of Tab.
pub(super) const PANES: [Pane; 3] = [Pane::Environments, Pane::Details, Pane::Timeline];

pub(super) fn focus(model: &mut Model, by: usize) -> bool {
    let at = PANES.iter().position(|pane| *pane == model.ui.focus).unwrap_or(0);
    model.ui.focus = PANES.get((at + by) % PANES.len()).copied().unwrap_or(Pane::Environments);
    true
}

/// Goes back one step: in the wizard, the layer on top, then the panes.
pub(super) fn back(model: &mut Model) -> bool {
    if let Some(Layer::Wizard(wizard)) = model.ui.layers.last_mut()
        && wizard.back()
    {
        return true;
    }
    if let Some(Layer::Explain(explain)) = model.ui.layers.last_mut()
        && explain.back()
    {
        return true;
    }
    if let Some(Layer::Help(help)) = model.ui.layers.last_mut()
        && !help.filter.value().is_empty()
    {
        help.filter.reset();
        return true;
    }
    match model.ui.layers.pop() {
        Some(layer) => put_away(model, layer),
        None => return back_in_panes(model),
    }
    true
}

/// Closes a layer and keeps what was typed in it.
pub(super) fn put_away(model: &mut Model, layer: Layer) {
    match layer {
        Layer::Note(note) => model.ui.note_draft = Some(note).filter(|note| !note.input.value().is_empty()),
        Layer::Wizard(wizard) => {
            let of = (wizard.kind, wizard.source());
            model.ui.drafts.insert(of, wizard.draft);
        }
        // What was asked about the line below is answered with no; it can be typed anew.
        Layer::Confirm(Intent::Answer) => {
            if let Some(Layer::Note(note)) = model.ui.layers.last_mut() {
                note.said = None;
            }
        }
        Layer::Tables(_)
        | Layer::Explain(_)
        | Layer::Checklist(_)
        | Layer::Attention(_)
        | Layer::Journal(_)
        | Layer::Filter
        | Layer::Help(_)
        | Layer::Palette(_)
        | Layer::Confirm(_)
        | Layer::Taking(_)
        | Layer::Runbook(_)
        | Layer::Clash(_) => {}
    }
}

/// Goes back one step where nothing stands over the panes: the pane, the marks, then the filter.
pub(super) fn back_in_panes(model: &mut Model) -> bool {
    if model.ui.focus == Pane::Timeline && model.ui.timeline.back() {
        return true;
    }
    if model.ui.focus != Pane::Environments {
        model.ui.focus = Pane::Environments;
        return true;
    }
    if model.ui.environments.unmark() {
        return true;
    }
    let filtered = !model.ui.environments.filter.value().is_empty();
    if filtered {
        set_filter(model, Input::default());
    }
    filtered
}

/// Gives the list another filter and keeps the cursor where it was, if that row is still there.
pub(super) fn set_filter(model: &mut Model, filter: Input) {
    let keep = model.ui.environments.selected();
    model.ui.environments.filter = filter;
    let screen = list_screen(model);
    let rulebook = model.rulebooks.of(model.estate.edition());
    model.ui.environments.refresh(&model.estate, rulebook, keep, screen);
}

pub(super) fn next_tenant(model: &mut Model) -> bool {
    let tenants: Vec<Option<TenantKey>> = model.estate.tenants().map(|(key, _)| Some(key)).chain([None]).collect();
    let at = tenants.iter().position(|tenant| *tenant == model.ui.environments.tenant).unwrap_or(0);
    model.ui.environments.tenant = tenants.get((at + 1) % tenants.len()).copied().flatten();
    true
}

pub(super) fn step_in_list(model: &mut Model, step: Rows) -> bool {
    let screen = list_screen(model);
    let targets_height = targets_height(model);
    let layout = model.layout();
    let details_height = details_height(model);
    let targets_list_height = usize::from(model.layout().targets().0.inside().height);
    let review_rows = usize::from(model.review().1.height);
    let Model { estate, ui, .. } = model;
    // A filter is typed over a list, which its arrows move in.
    let below = if matches!(ui.layers.last(), Some(Layer::Filter)) { ui.layers.len().checked_sub(2) } else { ui.layers.len().checked_sub(1) };
    match below.and_then(|below| ui.layers.get_mut(below)) {
        Some(Layer::Wizard(wizard)) => step_in_wizard(wizard, step, estate, &layout, (targets_height, review_rows)),
        Some(Layer::Checklist(working)) => working.step(step, targets_list_height),
        Some(Layer::Attention(listing)) => listing.step(step, usize::from(layout.attention().height)),
        Some(Layer::Journal(entries)) => entries.step(step, targets_list_height),
        Some(Layer::Tables(tables)) => tables.step(step, layout.table_rows()),
        Some(Layer::Explain(explain)) => explain.step(step, layout.rule_rows(), usize::from(layout.explain().1.inside().height)),
        Some(Layer::Help(help)) => help.step(step, layout.help_rows()),
        Some(Layer::Palette(palette)) => palette.step(step, layout.palette_rows()),
        Some(Layer::Clash(clash)) => scroll(&mut clash.top, step, clash.lines.len(), layout.clash_rows()),
        Some(Layer::Runbook(sheets)) => sheets.scroll(step, usize::from(layout.body.inside().height)),
        Some(Layer::Taking(taking)) => {
            taking.next(if matches!(step, Rows::By(1..) | Rows::Page(1..) | Rows::Last) { 1 } else { -1 });
            true
        }
        Some(Layer::Note(_) | Layer::Confirm(_) | Layer::Filter) => false,
        None => match (&mut ui.file, ui.focus) {
            // A problem can take several rows, so every one of them can become the first.
            (File::Broken { lines, top }, _) => scroll(top, step, lines.len(), 1),
            (_, Pane::Environments) => ui.environments.step(step, estate, screen),
            (_, Pane::Details) => ui.details.step(step, details_height),
            (_, Pane::Timeline) => false,
        },
    }
}

pub(super) fn on_environments(model: &mut Model, command: action::Environments) -> bool {
    match command {
        action::Environments::Filter => model.ui.layers.push(Layer::Filter),
        action::Environments::Sort => model.ui.environments.sort = Some(model.ui.environments.order().next()),
        action::Environments::Open => model.ui.focus = Pane::Details,
        action::Environments::Mark => {
            let screen = list_screen(model);
            model.ui.environments.mark(&model.estate);
            model.ui.environments.step(Rows::By(1), &model.estate, screen);
        }
        action::Environments::MarkAll => model.ui.environments.mark_all(&model.estate),
    }
    true
}

pub(super) fn on_targets(model: &mut Model, command: action::Targets) -> bool {
    let reasons_height = reasons_height(model);
    let Some(wizard) = model.ui.layers.last_mut().and_then(as_wizard) else { return false };
    match command {
        action::Targets::Filter => model.ui.layers.push(Layer::Filter),
        action::Targets::Level => wizard.change_level(),
        action::Targets::Reasons(by) => return wizard.targets.scroll_reasons(Rows::By(by), reasons_height),
    }
    true
}

pub(super) fn resize(model: &mut Model, size: (u16, u16)) -> bool {
    if model.ui.size == size {
        return false;
    }
    model.ui.size = size;
    let screen = list_screen(model);
    let targets_height = targets_height(model);
    let Model { estate, ui, .. } = model;
    ui.environments.resize(estate, screen);
    for targets in ui.layers.iter_mut().filter_map(as_targets) {
        targets.go(targets.cursor.at, targets_height);
    }
    true
}

pub(super) fn click(model: &mut Model, x: u16, y: u16) -> bool {
    let layout = model.layout();
    let height = targets_height(model);
    match model.ui.layers.last_mut() {
        Some(Layer::Attention(listing)) => {
            let rows = layout.attention();
            rows.contains(x, y) && listing.go(listing.cursor.top + usize::from(y - rows.y), usize::from(rows.height))
        }
        Some(layer) => {
            let Some(targets) = as_targets(layer) else { return false };
            let rows = layout.targets().0.inside();
            let first = rows.y + Layout::TARGETS_HEAD;
            if !rows.contains(x, y) || y < first {
                return false;
            }
            targets.go(targets.cursor.top + usize::from(y - first), height)
        }
        None if layout.header.contains(x, y) => {
            let asked = header::right(model).into_iter().any(|piece| piece.part == Part::Attention && (piece.x..piece.end).contains(&x));
            asked && open_attention(model)
        }
        None => {
            let Some((pane, area)) = layout.panes().into_iter().find(|(_, area)| area.contains(x, y)) else { return false };
            let mut changed = model.ui.focus != pane;
            model.ui.focus = pane;
            let rows = area.inside();
            if pane == Pane::Environments && rows.contains(x, y) {
                let at = model.ui.environments.at_row(y - rows.y);
                changed |= at.is_some_and(|at| model.ui.environments.go(at, &model.estate, layout.environment_screen()));
            }
            if pane == Pane::Details && rows.contains(x, y) {
                let at = model.ui.details.cursor.top + usize::from(y - rows.y);
                changed |= at < model.ui.details.lines.len() && model.ui.details.go(at, usize::from(rows.height));
            }
            changed
        }
    }
}

pub(super) fn wheel(model: &mut Model, x: u16, y: u16, rows: i8) -> bool {
    if model.ui.layers.is_empty() && model.layout().details.contains(x, y) {
        let height = details_height(model);
        return model.ui.details.step(Rows::By(rows), height);
    }
    step_in_list(model, Rows::By(rows))
}

//! Why a key does nothing where somebody is, in words: it stands dim in the footer, and is said when it is pressed all the same.

use crate::app::checklist;
use crate::app::journal::{Entries, Row};
use crate::app::model::{Layer, Model, Pane, Setup};
use crate::app::pages::Step;
use crate::app::plans;
use crate::app::update::runbook::open_plan;
use crate::app::wizard;
use crate::domain::copy::Level;
use crate::domain::journal::{ItemAct, What};
use crate::domain::known::Known;
use crate::domain::operation::OperationKind as Kind;
use crate::domain::words::counted;

pub(super) fn none_chosen(model: &Model) -> Option<String> {
    model.selected().is_none().then(|| "No environment is chosen: clear the filter with Esc".to_owned())
}

pub(super) fn no_window(model: &Model) -> Option<String> {
    match model.ui.timeline.window {
        Known::Is(Some(_)) => None,
        Known::Is(None) => Some(format!("There is nothing to restore: {}", model.ui.timeline.reason)),
        Known::Unknown => Some("How far back it can be restored is unknown: facts are missing".to_owned()),
    }
}

pub(super) fn no_closer(model: &Model) -> Option<String> {
    let timeline = &model.ui.timeline;
    no_window(model).or_else(|| timeline.all.and_then(|all| timeline.zoom.next(true, all)).is_none().then(|| "There is no closer look".to_owned()))
}

pub(super) fn no_wider(model: &Model) -> Option<String> {
    let timeline = &model.ui.timeline;
    no_window(model).or_else(|| timeline.all.and_then(|all| timeline.zoom.next(false, all)).is_none().then(|| "All of it is shown".to_owned()))
}

pub(super) fn no_loss(model: &Model) -> Option<String> {
    let timeline = &model.ui.timeline;
    let none = timeline.previews().is_empty() && timeline.preview().is_none();
    let reason = "Nothing could be lost: only a production environment that stands can be switched or keep its backups for fewer days";
    no_window(model).or_else(|| none.then(|| reason.to_owned()))
}

pub(super) fn one_tenant(model: &Model) -> Option<String> {
    (model.estate.tenants().count() < 2).then(|| "The snapshot has only this tenant".to_owned())
}

/// Why nothing may be written, if nothing may.
pub fn writes_nothing(setup: &Setup) -> Option<String> {
    setup.read_only.then(|| "Started with --read-only: nothing is written".to_owned())
}

pub(super) fn cannot_note(model: &Model) -> Option<String> {
    writes_nothing(&model.ui.setup).or_else(|| none_chosen(model))
}

/// The entry of the journal under the cursor, where something may be written about it.
fn entry(model: &Model) -> Result<&Row, String> {
    if let Some(reason) = writes_nothing(&model.ui.setup) {
        return Err(reason);
    }
    model.entries().and_then(Entries::selected).ok_or_else(|| "There is no entry here".to_owned())
}

pub(super) fn cannot_withdraw(model: &Model) -> Option<String> {
    match entry(model) {
        Ok(row) => row.stays().map(str::to_owned),
        Err(reason) => Some(reason),
    }
}

pub(super) fn cannot_correct(model: &Model) -> Option<String> {
    match entry(model) {
        Ok(row) if !matches!(row.entry.what, What::Note { .. }) => {
            Some("Only a note is corrected: withdraw what is wrong with w, and record it anew".to_owned())
        }
        Ok(row) => row.stays().map(str::to_owned),
        Err(reason) => Some(reason),
    }
}

pub(super) fn cannot_end(model: &Model) -> Option<String> {
    match entry(model) {
        Ok(row) => (!row.runs).then(|| "Only what was recorded as begun, and has not ended, can end".to_owned()),
        Err(reason) => Some(reason),
    }
}

pub(super) fn no_url(model: &Model) -> Option<String> {
    match model.selected().map(|environment| &environment.url) {
        None => none_chosen(model),
        Some(Known::Is(Some(_))) => None,
        Some(Known::Is(None)) => Some("It has no URL".to_owned()),
        Some(Known::Unknown) => Some("Its URL is unknown".to_owned()),
    }
}

/// Why there is nothing to read again, if there is nothing.
pub fn built_in(model: &Model) -> Option<String> {
    model.ui.setup.in_memory.then(|| "The demo estate is built in and never changes".to_owned())
}

pub(super) fn no_checklist(model: &Model) -> Option<String> {
    let open = model.selected().and_then(|environment| checklist::open_for(&model.estate, &model.ui.templates, &environment.id));
    open.is_none().then(|| "It has no open checklist: one opens when a copy onto it is rehearsed or recorded".to_owned())
}

pub(super) fn not_offered(model: &Model, act: ItemAct) -> Option<String> {
    let working = model.working()?;
    let offered = working.checklist()?.knows(working.selected()?, act);
    (!offered).then(|| "That is no choice for this item".to_owned())
}

pub(super) fn no_disable(model: &Model) -> Option<String> {
    not_offered(model, ItemAct::Disabled)
}

pub(super) fn no_redirect(model: &Model) -> Option<String> {
    not_offered(model, ItemAct::Redirected)
}

pub(super) fn no_leave(model: &Model) -> Option<String> {
    not_offered(model, ItemAct::LeftAsIs)
}

pub(super) fn not_acknowledged(model: &Model) -> Option<String> {
    let waiting = model.wizard().map_or(0, wizard::Wizard::unacknowledged);
    (waiting > 0).then(|| format!("{} must be acknowledged first: press a for each", counted(waiting, "finding")))
}

pub(super) fn no_plan(model: &Model) -> Option<String> {
    let reason = match model.ui.layers.last() {
        Some(Layer::Checklist(_)) => "Only a plan has a runbook; this checklist is worked item by item",
        _ => "It has no open plan. On the review of an operation, x takes its runbook",
    };
    open_plan(model).is_none().then(|| reason.to_owned())
}

pub(super) fn no_sheet(model: &Model) -> Option<String> {
    let Some(Layer::Runbook(sheets)) = model.ui.layers.last() else { return None };
    let none = sheets.sheet().is_none_or(|sheet| sheet.file.is_none());
    none.then(|| "There is no script while something has to be acknowledged; the change record lists it".to_owned())
}

pub(super) fn nothing_open(model: &Model) -> Option<String> {
    let Some(Layer::Runbook(sheets)) = model.ui.layers.last() else { return None };
    sheets.order.open.is_empty().then(|| "Nothing waits to be acknowledged".to_owned())
}

pub(super) fn cannot_write(model: &Model) -> Option<String> {
    no_sheet(model).or_else(|| writes_nothing(&model.ui.setup))
}

pub(super) fn no_level(model: &Model) -> Option<String> {
    model.wizard().is_none_or(|wizard| wizard.kind != Kind::Copy).then(|| "Only copies have a level".to_owned())
}

/// Only a copy of customizations and schemas only empties tables (TRN-001).
pub(super) fn no_tables(model: &Model) -> Option<String> {
    match model.wizard().filter(|wizard| wizard.kind == Kind::Copy).and_then(|wizard| wizard.level()) {
        Some(Level::Customizations) => None,
        Some(Level::Everything) => Some("No table is emptied at this level: everything is copied".to_owned()),
        None => Some("Only a copy of customizations and schemas empties tables".to_owned()),
    }
}

pub(super) fn moves_one(model: &Model) -> Option<String> {
    model.wizard().is_none_or(|wizard| !wizard.moves_several()).then(|| "Only one environment moves".to_owned())
}

pub(super) fn no_plan_of_a_move(model: &Model) -> Option<String> {
    let Some(wizard) = model.wizard().filter(|wizard| wizard.kind == Kind::Migrate) else {
        return Some("Only a move to another tenant is planned here".to_owned());
    };
    let never = wizard.never().map(|reason| format!("There is nothing to plan: {reason}"));
    writes_nothing(&model.ui.setup).or(never)
}

/// On the page of targets a plan is begun for production that is restored onto itself, to the point that was chosen (RST-003).
pub(super) fn no_plan_of_target(model: &Model) -> Option<String> {
    let wizard = model.wizard()?;
    if wizard.kind != Kind::Restore {
        return Some("Only a restore of production onto itself is planned here".to_owned());
    }
    match (wizard.targets.selected(), wizard.refused_itself()) {
        (Some(key), Some(_)) if key == wizard.source() => plans::refused(model, plans::ONTO_ITSELF),
        (_, _) => Some("Only a restore of production onto itself is planned here: put the cursor on it".to_owned()),
    }
}

pub(super) fn nothing_unknown(model: &Model) -> Option<String> {
    model.wizard().is_none_or(|wizard| wizard.unacknowledged() == 0).then(|| "Nothing waits to be acknowledged".to_owned())
}

pub(super) fn not_typed(model: &Model) -> Option<String> {
    let wizard = model.wizard()?;
    if let Err(reason) = wizard.draft.carried_out_at(model.ui.now.unskipped, model.ui.setup.offset) {
        return Some(reason);
    }
    let Step::Record(plan) = &wizard.step else { return None };
    let target = plan.request().name(&model.estate);
    (wizard.draft.typed.value() != target).then(|| format!("Type the target's name to confirm: {target}"))
}

pub(super) fn nothing_to_skip_to(model: &Model) -> Option<String> {
    if model.estate.rehearsals().is_empty() {
        return Some("Nothing is rehearsed: what is waited for comes with the time".to_owned());
    }
    model.next_event().is_none().then(|| "Nothing is waited for".to_owned())
}

pub(super) fn nothing_rehearsed(model: &Model) -> Option<String> {
    model.estate.rehearsals().is_empty().then(|| "Nothing was rehearsed; what is in the journal stays, and an answer is taken back by an empty one".to_owned())
}

pub(super) fn no_practice(model: &Model) -> Option<String> {
    let practice = model.working().is_some_and(|working| working.rehearsal);
    (!practice).then(|| "This is recorded for good: Space opens an item again, and both stay in the journal".to_owned())
}

pub(super) fn nothing_found(model: &Model) -> Option<String> {
    let chosen = model.help().is_some_and(|help| help.selected().is_some());
    (!chosen).then(|| "/ searches; Enter does what was found".to_owned())
}

pub(super) fn all_saved(model: &Model) -> Option<String> {
    model.ui.unsaved.is_empty().then(|| "Everything is saved".to_owned())
}

pub(super) fn nothing_behind(model: &Model) -> Option<String> {
    let list = &model.ui.environments;
    let somewhere = !model.ui.layers.is_empty() || model.ui.focus != Pane::Environments || !list.filter.value().is_empty() || !list.marked().is_empty();
    (!somewhere).then(|| "You are at the start: q quits".to_owned())
}

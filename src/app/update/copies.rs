//! The copy wizard, and what comes of it: a rehearsal or a record.

use std::sync::Arc;

use tui_input::Input;

use super::facts::keep;
use super::ticks::write_act;
use super::typing::as_wizard;
use super::{Outcome, notify, show};
use crate::app::action;
use crate::app::checklist::Working;
use crate::app::copy::{Field, RecordField, Step, WAYS, Wizard};
use crate::app::effect::Effect;
use crate::app::keymap;
use crate::app::list::Step as Rows;
use crate::app::model::{Intent, Layer, Model, Tone};
use crate::domain::checklist::Checklist;
use crate::domain::copying::Plan;
use crate::domain::estate::{Estate, Undone, entries_of};
use crate::domain::journal::{ItemAct, Value};
use crate::domain::known::Known;
use crate::domain::verdict::Verdict;
use crate::domain::words::counted;

/// Why a copy cannot be recorded while its source or target is shown as rehearsed: it was not judged on what is so.
fn only_rehearsed(plan: &Plan, estate: &Estate) -> Option<String> {
    let ends = [&plan.request().target, &plan.request().source];
    let key = ends.into_iter().find(|id| estate.is_practised_on(id)).and_then(|id| estate.find(id))?;
    Some(format!("{} is shown as rehearsed: Esc out, take the rehearsal back with U, then record", estate.environment(key).name))
}

pub(super) fn step_in_wizard(wizard: &mut Wizard, step: Rows, targets_height: usize, review_rows: usize) -> bool {
    let forward = matches!(step, Rows::By(1..) | Rows::Page(1..) | Rows::Last);
    match wizard.step {
        Step::Level => {
            let before = std::mem::replace(&mut wizard.draft.level, usize::from(forward));
            before != wizard.draft.level
        }
        Step::Target => wizard.targets.step(step, targets_height),
        Step::Details(_) => {
            wizard.field = if wizard.field == Field::Name { Field::Group } else { Field::Name };
            true
        }
        Step::Review(_) => wizard.scroll_review(step, review_rows),
        Step::Carry(_) => {
            let to = if forward { (wizard.draft.way + 1).min(WAYS.len() - 1) } else { wizard.draft.way.saturating_sub(1) };
            std::mem::replace(&mut wizard.draft.way, to) != to
        }
        Step::Record(_) => {
            next_record_field(wizard, if forward { 1 } else { -1 });
            true
        }
    }
}

pub(super) fn next_record_field(wizard: &mut Wizard, by: i8) {
    const FIELDS: [RecordField; 5] = [RecordField::When, RecordField::Who, RecordField::Ticket, RecordField::Approver, RecordField::Typed];
    let at = FIELDS.iter().position(|field| *field == wizard.record_field).unwrap_or(0);
    let to = if by > 0 { at + 1 } else { at + FIELDS.len() - 1 } % FIELDS.len();
    wizard.record_field = FIELDS.get(to).copied().unwrap_or(RecordField::Ticket);
}

pub(super) fn on_copy(model: &mut Model, command: action::Copy) -> Outcome {
    let now = model.now();
    let viewer = match model.estate.viewer() {
        Known::Is(viewer) => Some(Arc::clone(viewer)),
        Known::Unknown => None,
    };
    let Model { estate, rulebooks, ui } = &mut *model;
    let Some(wizard) = ui.layers.last_mut().and_then(as_wizard) else { return Outcome::default() };
    match (command, &wizard.step) {
        (action::Copy::Next, Step::Level) => wizard.choose_level(),
        (action::Copy::Next, Step::Target) => {
            if let Err(reason) = wizard.choose_target(estate) {
                return Outcome::shown(notify(model, Tone::Refused, reason));
            }
        }
        (action::Copy::Next, Step::Details(target)) => {
            wizard.step = Step::Review(*target);
            wizard.review_top = 0;
        }
        (action::Copy::Next, Step::Review(target)) => match wizard.plan(*target, estate, rulebooks, now) {
            Ok(plan) => wizard.step = Step::Carry(Box::new(plan)),
            Err(reason) => return Outcome::shown(notify(model, Tone::Refused, reason)),
        },
        (action::Copy::Next, Step::Carry(plan)) => {
            if wizard.draft.way == 0 {
                ui.layers.push(Layer::Confirm(Intent::Rehearse));
            } else if let Some(reason) = keymap::writes_nothing(&ui.setup) {
                return Outcome::shown(notify(model, Tone::Refused, reason));
            } else if let Some(reason) = only_rehearsed(plan, estate) {
                return Outcome::shown(notify(model, Tone::Refused, reason));
            } else {
                wizard.step = Step::Record(plan.clone());
                wizard.record_field = RecordField::Ticket;
            }
        }
        (action::Copy::Next, Step::Record(_)) => return record_copy(model),
        (action::Copy::Field(by), Step::Record(_)) => next_record_field(wizard, by),
        (action::Copy::Field(_), _) => wizard.field = if wizard.field == Field::Name { Field::Group } else { Field::Name },
        (action::Copy::Group(by), _) => wizard.next_group(by, estate),
        (action::Copy::Acknowledge, _) => {
            let Some(viewer) = viewer else { return Outcome::shown(notify(model, Tone::Failed, WHO)) };
            return Outcome::shown(wizard.acknowledge(&viewer, now));
        }
    }
    Outcome::shown(true)
}

/// What to do when nobody knows who looks.
pub(super) const WHO: &str = "Who are you? Start with --as NAME, so that the journal can say who it was";

/// Closes the wizard for good: its copy is carried out.
pub(super) fn close_wizard(model: &mut Model) {
    model.ui.layers.retain(|layer| !matches!(layer, Layer::Copy(_)));
}

/// Makes the plan again at this instant (DESIGN 2.7); what changed since leads back to the review.
pub(super) fn judged_again(model: &mut Model) -> Result<Plan, String> {
    let now = model.now();
    let Model { estate, rulebooks, ui } = model;
    let Some(wizard) = ui.layers.last_mut().and_then(as_wizard) else { return Err("There is no copy to carry out".to_owned()) };
    let Some(target) = wizard.draft.target else { return Err("There is no target".to_owned()) };
    let seen = match &wizard.step {
        Step::Carry(plan) | Step::Record(plan) => plan.verdict().clone(),
        Step::Level | Step::Target | Step::Details(_) | Step::Review(_) => Verdict::default(),
    };
    let plan = wizard.plan(target, estate, rulebooks, now).and_then(|plan| match plan.verdict().first_beyond(&seen) {
        Some(finding) => Err(format!("New: {}", finding.message)),
        None => Ok(plan),
    });
    if plan.is_err() {
        wizard.step = Step::Review(target);
        wizard.review_top = 0;
    }
    plan.map_err(|reason| format!("Something changed meanwhile. {reason}"))
}

/// Does what a question was about.
pub(super) fn confirmed(model: &mut Model, intent: Intent) -> Outcome {
    match intent {
        Intent::QuitUnsaved => Outcome::effect(Effect::Quit),
        Intent::DiscardRehearsals => {
            let count = model.estate.discard();
            Outcome::shown(notify(model, Tone::Done, format!("{} taken back; the facts are as before", counted(count, "rehearsal"))))
        }
        Intent::LeaveAdminMode => {
            let Some(item) = model.working().and_then(|working| working.selected()).map(|row| row.id().to_owned()) else { return Outcome::shown(true) };
            let warning = model.working().and_then(Working::checklist).and_then(Checklist::warning_before_leaving).unwrap_or_default();
            write_act(model, &item, ItemAct::Done, Some(&format!("taken upon myself: {warning}")))
        }
        Intent::Rehearse => match judged_again(model) {
            Err(reason) => Outcome::shown(notify(model, Tone::Refused, reason)),
            Ok(plan) => {
                let target = model.estate.find(&plan.request().target);
                let rulebooks = Arc::clone(&model.rulebooks);
                model.estate.rehearse(plan, rulebooks.of(model.estate.edition()), model.ui.now.console);
                close_wizard(model);
                if let Some(target) = target {
                    show(model, target);
                }
                Outcome::shown(notify(model, Tone::Done, "Rehearsing in memory: f skips to the end of each stage, u takes it back"))
            }
        },
    }
}

/// Writes a copy that was carried out for real into the journal, and opens its checklist.
pub(super) fn record_copy(model: &mut Model) -> Outcome {
    let by = match model.estate.viewer() {
        Known::Is(viewer) => Arc::clone(viewer),
        Known::Unknown => return Outcome::shown(notify(model, Tone::Failed, WHO)),
    };
    let plan = match judged_again(model) {
        Ok(plan) => plan,
        Err(reason) => return Outcome::shown(notify(model, Tone::Refused, reason)),
    };
    let Some(wizard) = model.wizard() else { return Outcome::default() };
    let typed = |input: &Input| Some(input.value().trim()).filter(|text| !text.is_empty()).map(str::to_owned);
    let (ticket, approver) = (typed(&wizard.draft.ticket), typed(&wizard.draft.approver));
    let at = model.estate.journal().stamp(model.ui.now.unskipped);
    let carried_out_at = match wizard.draft.carried_out_at(at) {
        Ok(at) => at,
        Err(reason) => return Outcome::shown(notify(model, Tone::Refused, reason)),
    };
    let who = typed(&wizard.draft.who).filter(|who| **who != *by);
    let mut operation = plan.operation(carried_out_at, carried_out_at, ticket.map(Into::into), approver.map(Into::into));
    operation.inputs.extend(who.map(|who| ("carried_out_by".into(), Value::Text(who.into()))));
    let target = operation.target.clone();
    let entries = entries_of(operation, by, at);
    let effects = keep(model, entries);
    close_wizard(model);
    let key = model.estate.find(&target);
    if let Some(key) = key {
        show(model, key);
    }
    Outcome { redraw: notify(model, Tone::Done, "Recorded, with its checklist: o opens it"), effects }
}

pub(super) fn undo(model: &mut Model) -> bool {
    // In a checklist only what was done in it is taken back.
    if let Some(Layer::Checklist(working)) = model.ui.layers.last() {
        let id = working.id.clone();
        let (tone, said) = if model.estate.untick(&id) {
            (Tone::Done, "The last tick of the rehearsal is taken back")
        } else {
            (Tone::Refused, "Nothing was ticked here yet; Esc, then u takes the whole rehearsal back")
        };
        return notify(model, tone, said);
    }
    match model.estate.undo() {
        Some(Undone::Tick) => notify(model, Tone::Done, "The last tick of the rehearsal is taken back"),
        Some(Undone::Rehearsal(target)) => {
            let name = model.estate.find(&target).map(|key| model.estate.environment(key).name.to_string()).unwrap_or_default();
            notify(model, Tone::Done, format!("The rehearsal is taken back; {name} is as before"))
        }
        None => false,
    }
}

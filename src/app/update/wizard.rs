//! The wizard, and what comes of it: a rehearsal or a record.

use std::sync::Arc;

use tui_input::Input;

use super::facts::keep;
use super::ticks::{begin_plan, write_act};
use super::typing::as_wizard;
use super::{Outcome, answers, follow, moving, notify, runbook, show};
use crate::app::action;
use crate::app::choices::newest_first;
use crate::app::effect::Effect;
use crate::app::keymap;
use crate::app::layout::Layout;
use crate::app::list::Step as Rows;
use crate::app::model::{Intent, Layer, Model, Pane, PendingAct, Tone};
use crate::app::note::{Note, Purpose};
use crate::app::pages::{RecordField, Step, WAY_OF_A_PLAN, WAY_OF_A_RUNBOOK, route, ways};
use crate::app::wizard::{Bound, Wizard};
use crate::domain::estate::{Estate, Undone, entries_of};
use crate::domain::journal::{Value, What};
use crate::domain::known::Known;
use crate::domain::operation::{self, Operation, OperationKind};
use crate::domain::plan::Plan;
use crate::domain::request::{Choice, Context};
use crate::domain::retention::retention;
use crate::domain::verdict::Finding;
use crate::domain::words::{Word as _, counted, filled};

/// Why nothing can be carried out while its source or target is shown as rehearsed, or the clock is ahead for a rehearsal:
/// it was not judged on what is so.
pub(super) fn only_rehearsed(plan: &Plan, estate: &Estate, is_ahead: bool, then: &str) -> Option<String> {
    let mut ends = [&plan.request().target].into_iter().chain(&plan.request().source);
    let shown = match ends.find(|id| estate.is_practised_on(id)).and_then(|id| estate.find(id)) {
        Some(key) => format!("{} is shown as rehearsed", estate.environment(key).name),
        None if is_ahead => "The clock is ahead for a rehearsal".to_owned(),
        None => return None,
    };
    Some(format!("{shown}: Esc out, take the rehearsal back with U, then {then}"))
}

pub(super) fn step_in_wizard(wizard: &mut Wizard, step: Rows, estate: &Estate, layout: &Layout, (targets_height, review_rows): (usize, usize)) -> bool {
    let forward = matches!(step, Rows::By(1..) | Rows::Page(1..) | Rows::Last);
    match wizard.step {
        Step::Level => {
            let before = std::mem::replace(&mut wizard.draft.row, usize::from(forward));
            before != wizard.draft.row
        }
        Step::Point | Step::Days | Step::Backup => {
            let last = wizard.choices().len().saturating_sub(1);
            let to = match step {
                Rows::First => 0,
                Rows::Last => last,
                Rows::By(_) | Rows::Page(_) if forward => (wizard.draft.row + 1).min(last),
                Rows::By(_) | Rows::Page(_) => wizard.draft.row.saturating_sub(1),
            };
            std::mem::replace(&mut wizard.draft.row, to) != to
        }
        Step::Target => wizard.targets.step(step, targets_height),
        Step::Tenant => wizard.destinations.step(step, targets_height),
        Step::Questions => wizard.questions.step(step, layout.question_rows()),
        Step::Mapping => {
            let rows = layout.found_rows(wizard.draft.moving.each.len());
            wizard.draft.moving.scroll(step, rows)
        }
        Step::Details(_) => {
            wizard.next_field(if forward { 1 } else { -1 }, estate);
            true
        }
        Step::Review(_) => wizard.scroll_review(step, review_rows),
        Step::Carry(_) => {
            let to = if forward { (wizard.draft.way + 1).min(ways(wizard.kind).len() - 1) } else { wizard.draft.way.saturating_sub(1) };
            std::mem::replace(&mut wizard.draft.way, to) != to
        }
        Step::Record(_) => {
            next_record_field(wizard, if forward { 1 } else { -1 });
            true
        }
    }
}

pub(super) fn next_record_field(wizard: &mut Wizard, by: i8) {
    const FIELDS: [RecordField; 6] =
        [RecordField::Outcome, RecordField::When, RecordField::Who, RecordField::Ticket, RecordField::Approver, RecordField::Typed];
    let at = FIELDS.iter().position(|field| *field == wizard.record_field).unwrap_or(0);
    let to = if by > 0 { at + 1 } else { at + FIELDS.len() - 1 } % FIELDS.len();
    wizard.record_field = FIELDS.get(to).copied().unwrap_or(RecordField::Ticket);
}

/// Opens the wizard for an operation on the chosen environment, with what was typed in it before.
pub(super) fn open_wizard(model: &mut Model, kind: OperationKind) -> Outcome {
    open_step(model, kind, &Bound::default())
}

/// Opens the wizard for the step of a plan, which says what it is done to and what it goes back to, whatever was typed before.
pub(super) fn open_step(model: &mut Model, kind: OperationKind, bound: &Bound) -> Outcome {
    if kind == OperationKind::Migrate {
        return moving::open(model);
    }
    let Some(subject) = model.ui.environments.selected() else { return Outcome::default() };
    let draft = model.ui.drafts.remove(&(kind, subject)).unwrap_or_default();
    let mut wizard = Wizard::new(kind, subject, draft);
    wizard.fill_in(&model.estate);
    // The instant of the cursor, where somebody put it somewhere or looks at it: where it stands by itself is now, which
    // nobody chose.
    let looks_at_it = model.ui.focus == Pane::Timeline || model.ui.timeline.cursor.is_some();
    if let (OperationKind::Restore, Known::Is(Some(window))) = (kind, model.ui.timeline.window) {
        let at = model.ui.timeline.at(window);
        if looks_at_it {
            wizard.begin_at(at);
        }
        // On a manual backup the cursor means that backup.
        let rulebook = model.rulebooks.of(model.estate.edition());
        wizard.refresh_choices(&model.estate, rulebook, model.ui.now.console);
        let environment = model.estate.environment(subject);
        if let Some(row) = newest_first(environment).iter().position(|backup| backup.taken_at == at) {
            wizard.draft.row = row + 1;
        }
    }
    wizard.bind(bound, &model.estate);
    if kind == OperationKind::Retention {
        // It begins on what is in force, so that going on changes nothing.
        let rulebook = model.rulebooks.of(model.estate.edition());
        let now = retention(model.estate.environment(subject), rulebook).in_force();
        let row = rulebook.limits.retention_choices.iter().position(|days| now == Known::Is(Some(*days)));
        wizard.draft.row = row.unwrap_or(wizard.draft.row);
    }
    if let (OperationKind::DeleteBackup, Some(id)) = (kind, model.ui.timeline.point().and_then(|point| point.backup)) {
        let environment = model.estate.environment(subject);
        wizard.draft.row = newest_first(environment).iter().position(|backup| &*backup.id == id).unwrap_or(wizard.draft.row);
    }
    model.ui.layers.push(Layer::Wizard(Box::new(wizard)));
    Outcome::shown(true)
}

pub(super) fn on_wizard(model: &mut Model, command: action::Wizard) -> Outcome {
    if let action::Wizard::Open(kind) = command {
        return open_wizard(model, kind);
    }
    let now = model.now();
    let reasons_height = super::reasons_height(model);
    let viewer = match model.estate.viewer() {
        Known::Is(viewer) => Some(Arc::clone(viewer)),
        Known::Unknown => None,
    };
    let Model { estate, rulebooks, ui } = &mut *model;
    let rulebook = rulebooks.of(estate.edition());
    let Some(wizard) = ui.layers.last_mut().and_then(as_wizard) else { return Outcome::default() };
    match (command, &wizard.step) {
        (action::Wizard::Open(_), _) => {}
        (action::Wizard::Answer, _) => return Outcome::shown(answers::open_question(model)),
        (action::Wizard::Begin, _) => return Outcome::shown(moving::ask_to_begin(model)),
        (action::Wizard::ReadAgain, _) => return moving::read_files(model, true),
        (action::Wizard::Next, Step::Mapping) if wizard.draft.moving.each.iter().any(|chosen| !chosen.is_read()) => return moving::read_files(model, false),
        (action::Wizard::Next, Step::Review(_)) if wizard.moves_several() => {
            return Outcome::shown(notify(model, Tone::Refused, "Several environments are moved by a plan: p begins it, and each moves from there"));
        }
        (action::Wizard::Next, Step::Review(target)) => {
            let (target, planned) = (*target, wizard.kind == OperationKind::Migrate);
            match wizard.plan(target, &Context::new(estate, rulebooks, &ui.templates, now), ui.setup.offset) {
                Ok(plan) => wizard.step = Step::Carry(Box::new(plan)),
                Err(reason) if planned && wizard.never().is_none() => {
                    return Outcome::shown(notify(model, Tone::Refused, format!("{reason} (p begins the plan all the same)")));
                }
                Err(reason) => return Outcome::shown(notify(model, Tone::Refused, reason)),
            }
        }
        (action::Wizard::Next, Step::Carry(plan)) => {
            if wizard.draft.way == 0 {
                ui.layers.push(Layer::Confirm(Intent::Rehearse));
            } else if wizard.draft.way == WAY_OF_A_RUNBOOK {
                return super::runbook::on_runbook(model, action::Runbook::Take);
            } else if wizard.draft.way == WAY_OF_A_PLAN {
                return Outcome::shown(moving::ask_to_begin(model));
            } else if let Some(reason) = keymap::writes_nothing(&ui.setup) {
                return Outcome::shown(notify(model, Tone::Refused, reason));
            } else if let Some(reason) = only_rehearsed(plan, estate, ui.now.is_ahead(), "record") {
                return Outcome::shown(notify(model, Tone::Refused, reason));
            } else {
                wizard.step = Step::Record(plan.clone());
                // What was said for the runbook holds for the record too, unless something else is said here.
                for (line, said) in [(&mut wizard.draft.ticket, &ui.typing.ticket), (&mut wizard.draft.approver, &ui.typing.approver)] {
                    if line.value().is_empty() {
                        *line = said.clone();
                    }
                }
                wizard.record_field = RecordField::Ticket;
            }
        }
        (action::Wizard::Next, Step::Record(_)) => return record(model),
        (action::Wizard::Next, _) => {
            let names_files = matches!(wizard.step, Step::Mapping);
            if let Err(reason) = wizard.next(estate, rulebook, now, ui.setup.offset) {
                return Outcome::shown(notify(model, Tone::Refused, reason));
            }
            if let Some(said) = wizard.draft.moving.alike(estate).filter(|_| names_files) {
                return Outcome::shown(notify(model, Tone::Refused, said));
            }
        }
        (action::Wizard::Field(by), Step::Record(_)) => next_record_field(wizard, by),
        (action::Wizard::Field(by), Step::Mapping) => wizard.draft.moving.step(by),
        (action::Wizard::Reasons(by), _) => return Outcome::shown(wizard.destinations.scroll_reasons(Rows::By(by), reasons_height)),
        (action::Wizard::Field(by), _) => wizard.next_field(by, estate),
        (action::Wizard::Change(by), Step::Record(_)) => {
            let all = operation::Outcome::ALL;
            let at = all.iter().position(|outcome| *outcome == wizard.draft.outcome()).unwrap_or(0);
            let to = if by > 0 { at + 1 } else { at + all.len() - 1 } % all.len();
            wizard.draft.outcome = all.get(to).copied();
        }
        (action::Wizard::Change(by), _) => wizard.change_field(by, estate),
        (action::Wizard::AuditLogs, _) => wizard.draft.audit_logs = Choice::Chosen(!wizard.draft.audit_logs.is(&true)),
        (action::Wizard::Acknowledge, _) => {
            let Some(viewer) = viewer else { return Outcome::shown(notify(model, Tone::Failed, WHO)) };
            if let Some(finding) = wizard.next_open().filter(|finding| finding.has_to_be_typed()).cloned() {
                // What is overwritten is named, not what it is overwritten with.
                let subject = if let Step::Review(target) = wizard.step { target } else { wizard.source() };
                let name = Arc::from(&*estate.environment(subject).name);
                return ask_name(model, name, &finding);
            }
            return Outcome::shown(wizard.acknowledge(&viewer, now));
        }
    }
    Outcome::shown(true)
}

/// Asks for the name of an environment, by which a finding is taken upon oneself.
pub(super) fn ask_name(model: &mut Model, name: Arc<str>, finding: &Finding) -> Outcome {
    let purpose = Purpose::Acknowledge { name, finding: finding.message.as_str().into() };
    model.ui.layers.push(Layer::Note(Note { purpose, input: Input::default(), said: None }));
    Outcome::shown(true)
}

/// The name that was typed to take a finding upon oneself: another one stays in its line.
pub(super) fn name_typed(model: &mut Model, mut note: Note) -> Outcome {
    let now = model.now();
    let Purpose::Acknowledge { name, .. } = &note.purpose else { return Outcome::default() };
    if note.input.value().trim() != &**name {
        note.said = Some(format!("That is not its name: type {name}, or leave with Esc"));
        model.ui.layers.push(Layer::Note(note));
        return Outcome::shown(true);
    }
    let Known::Is(viewer) = model.estate.viewer().map(Arc::clone) else { return Outcome::shown(notify(model, Tone::Failed, WHO)) };
    match model.ui.layers.last_mut().and_then(as_wizard) {
        Some(wizard) => Outcome::shown(wizard.acknowledge(&viewer, now)),
        None => runbook::acknowledged(model, &viewer),
    }
}

/// What to do when nobody knows who looks.
pub(super) const WHO: &str = "Who are you? Start with --as NAME, so that the journal can say who it was";

/// Closes the wizard for good: what it was for is carried out.
pub(super) fn close_wizard(model: &mut Model) {
    model.ui.layers.retain(|layer| !matches!(layer, Layer::Wizard(_)));
}

/// Makes the plan again at this instant (DESIGN 2.7); what changed since leads back to the review.
pub(super) fn judged_again(model: &mut Model) -> Result<Plan, String> {
    let now = model.now();
    let Model { estate, rulebooks, ui } = model;
    let Some(wizard) = ui.layers.last_mut().and_then(as_wizard) else { return Err("There is nothing to carry out".to_owned()) };
    let Some(target) = wizard.target() else { return Err("There is no target".to_owned()) };
    let seen = wizard.step.plan().map(|plan| plan.verdict().clone()).unwrap_or_default();
    let context = Context::new(estate, rulebooks, &ui.templates, now);
    let plan = wizard.plan(target, &context, ui.setup.offset).and_then(|plan| match plan.verdict().first_beyond(&seen) {
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
            let redraw = notify(model, Tone::Done, format!("{} taken back; the facts are as before", counted(count, "rehearsal")));
            Outcome { redraw, effects: unskipped(model) }
        }
        Intent::Plan(plan) => begin_plan(model, &plan),
        Intent::Move => moving::begin(model),
        Intent::Act => match model.ui.act.take() {
            Some(PendingAct { item, act, note }) => write_act(model, &item, act, note.as_deref()),
            None => Outcome::shown(true),
        },
        Intent::Answer => answers::confirmed(model),
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

/// Writes what was carried out for real into the journal, and opens its checklist.
fn record(model: &mut Model) -> Outcome {
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
    let carried_out_at = match wizard.draft.carried_out_at(at, model.ui.setup.offset) {
        Ok(at) => at,
        Err(reason) => return Outcome::shown(notify(model, Tone::Refused, reason)),
    };
    let who = typed(&wizard.draft.who).filter(|who| **who != *by);
    let mut operation = plan.operation(carried_out_at, carried_out_at, ticket.map(Into::into), approver.map(Into::into));
    operation.inputs.extend(who.map(|who| ("carried_out_by".into(), Value::Text(who.into()))));
    let outcome = wizard.draft.outcome();
    operation.outcome = outcome;
    operation.completed_at = operation.completed_at.filter(|_| outcome != operation::Outcome::Started);
    let target = operation.target.clone();
    let entries = entries_of(operation.clone(), &model.ui.templates, &model.estate, by, at);
    let opens = entries.iter().any(|entry| matches!(entry.what, What::ChecklistOpened { .. }));
    let effects = keep(model, entries);
    close_wizard(model);
    let key = model.estate.find(&target);
    if let Some(key) = key {
        show(model, key);
    }
    let said = match outcome {
        operation::Outcome::Succeeded if opens => "Recorded, with its checklist: o opens it".to_owned(),
        operation::Outcome::Succeeded => format!("Recorded. {}", said_afterwards(&operation, &model.estate)),
        operation::Outcome::Started => "Recorded that it was begun: it is busy until J, then s or f records how it ended".to_owned(),
        operation::Outcome::Failed => "Recorded that it failed: the facts are as before".to_owned(),
    };
    Outcome { redraw: notify(model, Tone::Done, said), effects }
}

/// What to say once something was done.
pub(super) fn said_afterwards(operation: &Operation, estate: &Estate) -> String {
    let key = estate.find(&operation.target);
    filled(route(operation.kind).done, |what| match what {
        "environment" => key.map_or("It", |key| &estate.environment(key).name).to_owned(),
        "tenant" => key.map_or("the other tenant", |key| &estate.tenant(estate.environment(key).tenant).name).to_owned(),
        choice => operation.inputs.iter().find(|(name, _)| **name == *choice).map(|(_, value)| value.to_string()).unwrap_or_default(),
    })
}

pub(super) fn undo(model: &mut Model) -> Outcome {
    let redraw = take_back(model);
    Outcome { redraw, effects: unskipped(model) }
}

/// With the last rehearsal goes what was skipped to see it end: without any, time is what it is.
fn unskipped(model: &Model) -> Vec<Effect> {
    (model.ui.now.is_ahead() && model.estate.rehearsals().is_empty()).then_some(Effect::Unskip).into_iter().collect()
}

fn take_back(model: &mut Model) -> bool {
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
            follow(model, &target);
            let name = model.estate.find(&target).map(|key| model.estate.environment(key).name.to_string()).unwrap_or_default();
            notify(model, Tone::Done, format!("The rehearsal is taken back; {name} is as before"))
        }
        None => false,
    }
}

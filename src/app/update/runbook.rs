//! Taking a runbook: the questions before it, the order behind it, and what is done with its text.

use std::sync::Arc;

use tui_input::Input;

use super::wizard::{WHO, ask_name, judged_again, only_rehearsed};
use super::{Outcome, notify};
use crate::app::action;
use crate::app::checklist::compute;
use crate::app::effect::Effect;
use crate::app::model::{Layer, Model, Tone};
use crate::app::moving::Moving;
use crate::app::pages::Step;
use crate::app::plans;
use crate::app::runbook::{Sheet, Sheets, Subject, Taking, cannot_take};
use crate::domain::checklist::{Does, State, back, open_for};
use crate::domain::environment::EnvironmentId;
use crate::domain::instant as typed;
use crate::domain::journal::EntryId;
use crate::domain::known::Known;
use crate::domain::operation::{Acknowledgement, OperationKind};
use crate::domain::order::{self, Desk, Inputs, Order, Papers, Refusal};
use crate::domain::request::{Back, Context};
use crate::domain::verdict::{Finding, Severity};
use crate::domain::words::Word as _;

pub(super) fn on_runbook(model: &mut Model, command: action::Runbook) -> Outcome {
    match command {
        action::Runbook::Take => take(model),
        action::Runbook::Blank(by) => {
            let Some(Layer::Taking(taking)) = model.ui.layers.last_mut() else { return Outcome::default() };
            taking.next(by);
            Outcome::shown(true)
        }
        action::Runbook::Make => make(model),
        action::Runbook::Dialect(by) => {
            let Some(Layer::Runbook(sheets)) = model.ui.layers.last_mut() else { return Outcome::default() };
            sheets.turn(by);
            Outcome::shown(true)
        }
        action::Runbook::Acknowledge => acknowledge(model),
        action::Runbook::Copy => {
            let Some((dialect, text)) = shown(model).map(|sheet| (sheet.dialect, sheet.text.clone())) else { return Outcome::default() };
            let redraw = notify(model, Tone::Done, format!("The runbook is on the clipboard: {}", dialect.label()));
            Outcome { redraw, effects: vec![Effect::Clipboard(text)] }
        }
        action::Runbook::Write => {
            let Some(sheet) = shown(model).cloned() else { return Outcome::default() };
            Outcome::effect(Effect::WriteRunbook(Box::new(sheet)))
        }
    }
}

fn shown(model: &Model) -> Option<&Sheet> {
    match model.ui.layers.last() {
        Some(Layer::Runbook(sheets)) => sheets.sheet().filter(|sheet| sheet.file.is_some()),
        _ => None,
    }
}

/// The plan that the checklist on top is, or that is open for the chosen environment; with the entry that opened it.
pub(in crate::app) fn open_plan(model: &Model) -> Option<(Box<str>, EnvironmentId, EntryId)> {
    let is_plan = |id: &str| plans::of(&model.ui.templates, id).is_some();
    if let Some(Layer::Checklist(working)) = model.ui.layers.last() {
        let checklist = working.checklist()?;
        return is_plan(&checklist.template).then(|| (checklist.template.clone(), checklist.environment.clone(), checklist.id.clone()));
    }
    let environment = &model.selected()?.id;
    let open = open_for(model.estate.journal(), &model.ui.templates, environment);
    let opened = open.into_iter().rfind(|opened| is_plan(opened.template))?;
    Some((opened.template.into(), environment.clone(), opened.entry.id.clone()))
}

/// Opens the questions before the runbook of what is in front.
fn take(model: &mut Model) -> Outcome {
    let is_wizard = matches!(model.ui.layers.last(), Some(Layer::Wizard(_)));
    let mut taking = if is_wizard {
        if let Err(reason) = established(model) {
            return Outcome::shown(notify(model, Tone::Refused, reason));
        }
        Taking::new(Subject::Operation, &[])
    } else {
        let Some((plan, environment, entry)) = open_plan(model) else { return Outcome::default() };
        let checklist = compute(&model.estate, &model.ui.templates, &entry);
        let subject = Subject::Plan(plan, environment.clone());
        // What was typed for another plan says nothing about this one.
        if model.ui.typing.plan.as_ref() != Some(&subject) {
            let typing = &mut model.ui.typing;
            (typing.instant, typing.onto, typing.from) = (Input::default(), Input::default(), Input::default());
            typing.plan = Some(subject.clone());
        }
        // What the plan was begun with counts, else what was typed before, else where somebody put the cursor. Where it stands by
        // itself is now, which nobody chose.
        let planned = checklist.as_ref().and_then(|checklist| checklist.back.as_ref()).map(Back::at);
        let chosen = || model.ui.timeline.cursor.and_then(|_| model.ui.timeline.point()).map(|point| point.at);
        if let Some(at) = planned.or_else(|| chosen().filter(|_| model.ui.typing.instant.value().is_empty())) {
            model.ui.typing.instant = Input::new(typed::written(at));
        }
        let created = checklist.as_ref().and_then(|checklist| checklist.created.as_ref()?.last()).and_then(|id| model.estate.find(id));
        if let Some(key) = created {
            // Its name, where that is its alone.
            let onto = model.estate.environment(key);
            let alone = model.estate.environments().filter(|(_, other)| other.name.eq_ignore_ascii_case(&onto.name)).count() == 1;
            model.ui.typing.onto = Input::new(if alone { onto.name.to_string() } else { onto.id.to_string() });
        }
        let rows = checklist.map(|checklist| checklist.rows).unwrap_or_default();
        let open: Vec<Does> = rows.iter().filter(|row| row.state == State::Open).filter_map(|row| row.item.does).collect();
        let moves = open.iter().any(|does| does.operation == OperationKind::Migrate);
        let moving = moves.then(|| {
            let mut moving = Box::<Moving>::default();
            moving.of(std::slice::from_ref(&environment));
            moving.fill_in(&model.estate, &model.ui.templates, &environment);
            moving
        });
        Taking { moving, ..Taking::new(subject, &open) }
    };
    let unread = taking.moving.as_mut().map(|moving| moving.unread(true)).unwrap_or_default();
    model.ui.typing.typed = Input::default();
    super::put_on_top(model, Layer::Taking(taking));
    Outcome { redraw: true, effects: unread.into_iter().map(Effect::ReadMapping).collect() }
}

/// Takes the wizard from its review to its last page, where what it is about to do is established.
fn established(model: &mut Model) -> Result<(), String> {
    let now = model.now();
    let Model { estate, rulebooks, ui } = &mut *model;
    let Some(Layer::Wizard(wizard)) = ui.layers.last_mut() else { return Ok(()) };
    if let Step::Review(target) = wizard.step {
        let plan = wizard.plan(target, &Context::new(estate, rulebooks, &ui.templates, now), ui.setup.offset)?;
        wizard.step = Step::Carry(Box::new(plan));
    }
    let refused = wizard.step.plan().and_then(|plan| only_rehearsed(plan, estate, ui.now.is_ahead(), "take its runbook"));
    refused.map_or(Ok(()), Err)
}

/// Makes the order and has its runbook written.
fn make(model: &mut Model) -> Outcome {
    if let Some(reason) = cannot_take(model) {
        return Outcome::shown(notify(model, Tone::Refused, reason));
    }
    let Some(Layer::Taking(mut taking)) = model.ui.layers.pop() else { return Outcome::default() };
    if let Some(moving) = &mut taking.moving {
        let width = model.layout().body.width;
        moving.refresh(&model.estate, usize::from(width));
    }
    let order = taking.papers(model).and_then(|papers| match &taking.subject {
        Subject::Operation => of_operation(model, papers),
        Subject::Plan(plan, environment) => of_plan(model, &taking, plan, environment, papers),
    });
    match order {
        Ok(order) => Outcome { redraw: true, effects: vec![Effect::Runbook(Box::new(order))] },
        Err(reason) => Outcome::shown(notify(model, Tone::Refused, reason)),
    }
}

fn refused(refusal: &Refusal) -> String {
    match refusal.verdict.findings.iter().find(|finding| finding.severity == Severity::Block) {
        Some(finding) => format!("Blocked: {}", finding.message),
        None => refusal.what.clone(),
    }
}

/// The order for what the wizard is about to do, judged once more.
fn of_operation(model: &mut Model, papers: Papers) -> Result<Order, String> {
    let plan = judged_again(model)?;
    let Model { estate, rulebooks, ui } = &*model;
    let Some(Layer::Wizard(wizard)) = ui.layers.last() else { return Err("There is nothing to carry out".to_owned()) };
    let takes = |finding: &Finding| -> Option<Acknowledgement> {
        wizard.draft.acknowledged.iter().find(|given| given.code == finding.code && *given.shown == *finding.message).cloned()
    };
    let desk = Desk { context: Context::new(estate, rulebooks, &ui.templates, ui.now.unskipped), takes: &takes };
    order::of_request(plan.request().clone(), &desk, papers).map_err(|refusal| refused(&refusal))
}

/// The order for a plan, each step judged on what the ones before it leave behind.
fn of_plan(model: &Model, taking: &Taking, plan: &str, environment: &EnvironmentId, papers: Papers) -> Result<Order, String> {
    let Model { estate, rulebooks, ui } = model;
    let Some(key) = estate.find(environment) else { return Err("It is not there any more".to_owned()) };
    let environment = estate.environment(key);
    if estate.is_practised_on(&environment.id) {
        return Err(format!("{} is shown as rehearsed: take the rehearsal back with U, then take its runbook", environment.name));
    }
    let Some(template) = ui.templates.iter().find(|template| *template.id == *plan) else { return Err("There is no such plan".to_owned()) };
    let at = typed::read(ui.typing.instant.value(), ui.now.unskipped, ui.setup.offset).ok();
    // The manual backup that the plan was begun with, as long as nobody typed another instant.
    let open = open_for(estate.journal(), &ui.templates, &environment.id);
    let chosen = open.iter().rfind(|opened| *opened.template == *plan).and_then(|opened| back(opened.plan?.1));
    let back = chosen.filter(|back| at == Some(back.at())).or_else(|| at.map(Back::To));
    let moved = taking.moving.as_ref().filter(|moving| moving.destination(estate).is_some());
    let moved = moved.map(|moving| moving.request(environment, estate, model.rulebook(), ui.now.unskipped, ui.setup.offset));
    let (onto, from) = (taking.onto(model)?.map(|onto| onto.id.clone()), taking.from(model)?.map(|from| from.id.clone()));
    let inputs = Inputs { back, onto, from, moved };
    let takes = |_: &Finding| None;
    let desk = Desk { context: Context::new(estate, rulebooks, &ui.templates, ui.now.unskipped), takes: &takes };
    order::of_plan(template, environment, &inputs, &desk, papers).map_err(|refusal| refused(&refusal))
}

/// Takes the next finding upon oneself. Of an operation that was done on its review.
fn acknowledge(model: &mut Model) -> Outcome {
    let Known::Is(by) = model.estate.viewer().map(Arc::clone) else { return Outcome::shown(notify(model, Tone::Failed, WHO)) };
    let Some(Layer::Runbook(sheets)) = model.ui.layers.last() else { return Outcome::default() };
    match sheets.order.open.first().filter(|finding| finding.has_to_be_typed()).cloned() {
        Some(finding) => {
            let name = Arc::from(&*sheets.order.target.name);
            ask_name(model, name, &finding)
        }
        None => acknowledged(model, &by),
    }
}

/// Somebody took the next finding upon themselves: the runbook is written anew.
pub(super) fn acknowledged(model: &mut Model, by: &Arc<str>) -> Outcome {
    let at = model.ui.now.unskipped;
    let Some(Layer::Runbook(sheets)) = model.ui.layers.last_mut() else { return Outcome::default() };
    if !sheets.order.acknowledge(by, at) {
        return Outcome::default();
    }
    Outcome { redraw: true, effects: vec![Effect::Runbook(sheets.order.clone())] }
}

/// The runbook was written: it is shown over what it is about, where it was looked at before.
pub(super) fn written(model: &mut Model, order: Box<Order>, all: Vec<Sheet>) -> bool {
    let before = model.ui.layers.iter().find_map(|layer| if let Layer::Runbook(sheets) = layer { Some((sheets.at, sheets.top)) } else { None });
    super::put_on_top(model, Layer::Runbook(Box::new(Sheets::new(order, all, before.unwrap_or_default()))));
    true
}

/// The file was written, or could not be.
pub(super) fn saved(model: &mut Model, saved: Result<String, String>) -> bool {
    match saved {
        Ok(path) => notify(model, Tone::Done, format!("Read it before it is used: {path}")),
        Err(reason) => notify(model, Tone::Failed, reason),
    }
}

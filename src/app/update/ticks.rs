//! The checklist that is worked: ticks, decisions, and the switches that they throw.

use std::sync::Arc;

use chrono::TimeDelta;
use tui_input::Input;

use super::facts::keep;
use super::panes::put_away;
use super::typing::as_working;
use super::wizard::WHO;
use super::wizard::open_step;
use super::{Outcome, moving, notify, put_on_top, show};
use crate::app::action;
use crate::app::checklist::{self, Working};
use crate::app::keymap;
use crate::app::list::Step as Rows;
use crate::app::model::{Intent, Layer, Model, PendingAct, Tone};
use crate::app::note::{Note, Purpose};
use crate::app::plans;
use crate::app::wizard::Bound;
use crate::domain::checklist::{self as domain_checklist, Does, Part, Row, Then};
use crate::domain::estate::Estate;
use crate::domain::journal::{Entry, ItemAct, Subject, Value, What};
use crate::domain::known::Known;
use crate::domain::migration;
use crate::domain::operation::{Acknowledgement, OperationKind};
use crate::domain::plan::{self, NoPlan, Plan};
use crate::domain::request::{Change, Context, Request};
use crate::domain::verdict::{Finding, Severity};
use crate::domain::words::{Word as _, counted};

/// Opens the checklist of the chosen environment, those of rehearsals first.
pub(super) fn open_checklist(model: &mut Model) -> bool {
    let Some((id, rehearsal)) = model.selected().and_then(|environment| checklist::open_for(&model.estate, &model.ui.templates, &environment.id)) else {
        return false;
    };
    model.ui.layers.push(Layer::Checklist(Box::new(Working::new(id, rehearsal))));
    true
}

/// Goes to the next open checklist of the environment.
fn next_checklist(model: &mut Model) -> bool {
    let Some((now, environment)) = model.working().and_then(|working| Some((working.id.clone(), working.checklist()?.environment.clone()))) else {
        return false;
    };
    let all = checklist::all_open_for(&model.estate, &model.ui.templates, &environment);
    let at = all.iter().position(|(id, _)| *id == now).map_or(0, |at| at + 1);
    let Some((id, rehearsal)) = all.get(at % all.len().max(1)).cloned().filter(|(id, _)| *id != now) else {
        return notify(model, Tone::Refused, "It has no other open checklist");
    };
    model.ui.layers.pop();
    model.ui.layers.push(Layer::Checklist(Box::new(Working::new(id, rehearsal))));
    true
}

/// Opens the plan of the environment that was begun, or asks whether to begin it.
pub(super) fn ask_for_plan(model: &mut Model, plan: &str) -> Outcome {
    let Some(environment) = model.selected().map(|environment| environment.id.clone()) else { return Outcome::default() };
    let begun = domain_checklist::open_for(model.estate.journal(), &model.ui.templates, &environment)
        .into_iter()
        .rfind(|opened| opened.template == plan)
        .map(|opened| opened.entry.id.clone());
    if let Some(id) = begun {
        model.ui.layers.push(Layer::Checklist(Box::new(Working::new(id, false))));
        return Outcome::shown(true);
    }
    if let Some(reason) = plans::refused(model, plan) {
        return Outcome::shown(notify(model, Tone::Refused, reason));
    }
    if plan == migration::PLAN {
        // It has choices, which its wizard asks for.
        return moving::open(model);
    }
    let Some(template) = plans::of(&model.ui.templates, plan) else { return Outcome::default() };
    Outcome::shown(match plans::question(model, template) {
        Ok(question) => {
            let plan = template.id.clone();
            model.ui.asked = question;
            put_on_top(model, Layer::Confirm(Intent::Plan(plan)));
            true
        }
        Err(reason) => notify(model, Tone::Refused, reason),
    })
}

/// Begins a plan: it is a checklist of its own, of which some steps are operations. The instant under the cursor goes with it.
pub(super) fn begin_plan(model: &mut Model, plan: &str) -> Outcome {
    let Some(environment) = model.selected().map(|environment| environment.id.clone()) else { return Outcome::default() };
    let Some(template) = plans::of(&model.ui.templates, plan) else { return Outcome::default() };
    let (plan, back_to) = (template.id.clone(), plans::chosen_point(model, template));
    let by = match model.estate.viewer() {
        Known::Is(viewer) => Arc::clone(viewer),
        Known::Unknown => return Outcome::shown(notify(model, Tone::Failed, WHO)),
    };
    let at = model.estate.journal().stamp(model.ui.now.unskipped);
    let chosen = back_to.map(|back_to| {
        let inputs = domain_checklist::inputs_of(&back_to);
        Entry::new(at, Arc::clone(&by), What::Plan { kind: plan.clone(), inputs })
    });
    // A millisecond later, so that the order is kept wherever the entries are sorted.
    let what = What::ChecklistOpened { environment, checklist: plan, operation: chosen.as_ref().map(|entry| entry.id.clone()) };
    let opened = Entry::new(at + TimeDelta::milliseconds(1), by, what);
    let id = opened.id.clone();
    let effects = keep(model, chosen.into_iter().chain([opened]).collect());
    // The restore that it was begun from is a step of it now.
    if matches!(model.ui.layers.last(), Some(Layer::Wizard(_)))
        && let Some(wizard) = model.ui.layers.pop()
    {
        put_away(model, wizard);
    }
    model.ui.layers.push(Layer::Checklist(Box::new(Working::new(id, false))));
    Outcome { redraw: notify(model, Tone::Done, "The plan is in the journal: leave it and come back with o"), effects }
}

/// Opens the wizard for the operation that the step under the cursor consists of.
fn take_step(model: &mut Model) -> Outcome {
    let Some(working) = model.working() else { return Outcome::default() };
    let (Some(checklist), Some(row)) = (working.checklist(), working.selected()) else { return Outcome::default() };
    let Some(does) = row.item.does else { return Outcome::default() };
    if let Some(reason) = checklist.waits(row.id()) {
        return Outcome::shown(notify(model, Tone::Refused, reason.to_string()));
    }
    if (does.operation, does.part) == (OperationKind::Copy, Part::Target) {
        let said = format!("A copy begins at its source: choose that in the list, press c, and choose {} as the target", checklist.environment_name);
        return Outcome::shown(notify(model, Tone::Refused, said));
    }
    let bound = match bound(&model.estate, checklist, does) {
        Ok(bound) => bound,
        Err(reason) => return Outcome::shown(notify(model, Tone::Refused, reason)),
    };
    let environment = if does.part == Part::Created { bound.onto } else { model.estate.find(&checklist.environment) };
    if let Some(key) = environment {
        let is = model.estate.environment(key);
        if let Some(to) = does.to.filter(|to| is.kind == Known::Is(*to)) {
            let said = format!("{} is of the type {} already: record here how it came to that, or capture the tenant again", is.name, to.label());
            return Outcome::shown(notify(model, Tone::Refused, said));
        }
    }
    model.ui.layers.pop();
    if let Some(key) = environment {
        show(model, key);
    }
    if let (OperationKind::Restore, Some(back)) = (does.operation, &bound.back) {
        model.ui.timeline.cursor = Some(back.at());
    }
    open_step(model, does.operation, &bound)
}

/// What the step of a plan asks of its operation: the point that was chosen, and the one environment that it is done to. Refused
/// where that is not there.
fn bound(estate: &Estate, checklist: &domain_checklist::Checklist, does: Does) -> Result<Bound, String> {
    let back = checklist.back.clone().filter(|_| does.operation == OperationKind::Restore);
    let onto = match (does.part, &checklist.created) {
        (Part::Target, _) => estate.find(&checklist.environment).filter(|_| does.operation == OperationKind::Restore),
        (Part::Source, None) => None,
        (Part::Source | Part::Created, created) => {
            let last = created.iter().flatten().last().and_then(|id| estate.find(id));
            Some(last.ok_or("What this plan created is not among the facts: capture the tenant again")?)
        }
    };
    Ok(Bound { back, onto })
}

/// Opens what the item under the cursor leads to.
fn enter(model: &mut Model) -> Outcome {
    let height = usize::from(model.layout().targets().0.inside().height);
    let Some(working) = model.ui.layers.last_mut().and_then(as_working) else { return Outcome::default() };
    let Some(row) = working.selected() else { return Outcome::default() };
    if row.item.does.is_some() && !row.is_settled() {
        return take_step(model);
    }
    if let Some(other) = row.follows.clone() {
        let rehearsal = working.rehearsal;
        model.ui.layers.pop();
        model.ui.layers.push(Layer::Checklist(Box::new(Working::new(other, rehearsal))));
        return Outcome::shown(true);
    }
    if row.repeats {
        let shown = working.place().is_some_and(|at| working.is_unfolded(at));
        return Outcome::shown(working.unfold(!shown, height));
    }
    begin_act(model, checklist::toggle)
}

pub(super) fn on_checklist(model: &mut Model, command: action::Checklist) -> Outcome {
    let height = usize::from(model.layout().targets().0.inside().height);
    let about_height = usize::from(model.layout().targets().1.inside().height);
    let Some(working) = model.ui.layers.last_mut().and_then(as_working) else {
        return match command {
            action::Checklist::Open => Outcome::shown(open_checklist(model)),
            action::Checklist::Plan(plan) => ask_for_plan(model, plan),
            action::Checklist::Toggle
            | action::Checklist::Enter
            | action::Checklist::Unfold(_)
            | action::Checklist::Act(_)
            | action::Checklist::NextMandatory
            | action::Checklist::OpenOnly
            | action::Checklist::About(_) => Outcome::default(),
        };
    };
    match command {
        action::Checklist::Open => Outcome::shown(next_checklist(model)),
        action::Checklist::Plan(_) => Outcome::default(),
        action::Checklist::NextMandatory => {
            if working.next_mandatory(height) {
                Outcome::shown(true)
            } else {
                Outcome::shown(notify(model, Tone::Done, "No mandatory item is open"))
            }
        }
        action::Checklist::About(by) => Outcome::shown(working.scroll_about(Rows::By(by), about_height)),
        action::Checklist::OpenOnly => {
            working.open_only = !working.open_only;
            Outcome::shown(true)
        }
        action::Checklist::Unfold(on) => Outcome::shown(working.unfold(on, height)),
        action::Checklist::Enter => enter(model),
        action::Checklist::Toggle => begin_act(model, checklist::toggle),
        action::Checklist::Act(act) => begin_act(model, |_| act),
    }
}

/// Begins an act on the item under the cursor: what has to be typed with it is asked for first.
fn begin_act(model: &mut Model, act: impl FnOnce(&Row) -> ItemAct) -> Outcome {
    let Some(working) = model.working() else { return Outcome::default() };
    let (Some(checklist), Some(row)) = (working.checklist(), working.selected()) else { return Outcome::default() };
    let (item, act, rehearsal) = (row.id().to_owned(), act(row), working.rehearsal);
    if !rehearsal && let Some(reason) = keymap::writes_nothing(&model.ui.setup) {
        return Outcome::shown(notify(model, Tone::Refused, reason));
    }
    let Some(question) = row.asks(act) else { return act_on_item(model, &item, act, None) };
    // What cannot be done anyway is refused before anything is typed.
    if let Err(reason) = checklist.shared_out(&item, act) {
        return Outcome::shown(notify(model, Tone::Refused, reason.to_string()));
    }
    let purpose = Purpose::Act { item, act, question };
    let kept = model.ui.note_draft.take().filter(|draft| draft.purpose == purpose);
    model.ui.layers.push(Layer::Note(kept.unwrap_or(Note { purpose, input: Input::default(), said: None })));
    Outcome::shown(true)
}

/// What was typed with an act on an item.
pub(super) fn answered(model: &mut Model, mut note: Note) -> Outcome {
    let Purpose::Act { item, act, .. } = note.purpose.clone() else { return Outcome::default() };
    let typed = note.input.value().to_owned();
    match model.working().and_then(Working::checklist).map(|checklist| checklist.check(&item, act, Some(&typed))) {
        // What does not fit stays in its line, with the reason.
        Some(Err(reason)) => {
            note.said = Some(reason.to_string());
            model.ui.layers.push(Layer::Note(note));
            Outcome::shown(true)
        }
        Some(Ok(())) => act_on_item(model, &item, act, Some(&typed)),
        None => Outcome::default(),
    }
}

/// What is asked before a mandatory item is said not to apply although there is something that it is about.
fn left_out(checklist: &domain_checklist::Checklist, item: &str) -> Option<String> {
    let at = checklist.rows.iter().position(|row| row.id() == item)?;
    let row = checklist.rows.get(at).filter(|row| row.mandatory)?;
    let names = |row: &Row| row.concerns.iter().map(|concern| concern.name.to_string()).collect::<Vec<_>>();
    let mut there = names(row);
    if there.is_empty() {
        there = checklist.rows.iter().skip(at + 1).take(row.parts).flat_map(names).collect();
        there.dedup();
    }
    let whole = row.key.as_ref().and_then(|_| checklist.rows.get(row.parent?));
    let (first, rest) = (there.iter().take(4).map(String::as_str).collect::<Vec<_>>().join(", "), there.len().saturating_sub(4));
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    match whole {
        Some(_) => {
            Some(format!("{} is there. Say all the same that \"{}\" does not apply to it? The journal keeps it with your name.", row.text, whole?.beginning()))
        }
        None if there.is_empty() => None,
        None => {
            Some(format!("{first}{more}: that is there. Say all the same that \"{}\" does not apply? The journal keeps it with your name.", row.beginning()))
        }
    }
}

/// Does something with an item; what speaks against it, or is done with many at once, is asked about first.
fn act_on_item(model: &mut Model, item: &str, act: ItemAct, note: Option<&str>) -> Outcome {
    let Some(checklist) = model.working().and_then(Working::checklist) else { return Outcome::default() };
    let rows = match checklist.shared_out(item, act).and_then(|rows| checklist.check(item, act, note).map(|()| rows.len())) {
        Ok(rows) => rows,
        Err(reason) => return Outcome::shown(notify(model, Tone::Refused, reason.to_string())),
    };
    let question = match thrown(model, item, act) {
        Err(reason) => return Outcome::shown(notify(model, Tone::Refused, reason)),
        Ok(Some(plan)) if !plan.acknowledged().is_empty() => {
            let shown: Vec<_> = plan.acknowledged().iter().map(|given| &*given.shown).collect();
            Some(format!("Take this upon yourself? The journal keeps it with your name. {}", shown.join(". ")))
        }
        // What is known to be there, and has to be settled, does not go away because somebody says so by one key.
        Ok(_) if act == ItemAct::NotApplicable => left_out(checklist, item),
        Ok(_) if rows > 1 => Some(format!("{}: {} at once: {}?", checklist.row(item).map_or(item, Row::beginning), counted(rows, "open item"), act.label())),
        Ok(_) => None,
    };
    match question {
        Some(question) => {
            model.ui.asked = question;
            model.ui.act = Some(PendingAct { item: item.to_owned(), act, note: note.map(str::to_owned) });
            put_on_top(model, Layer::Confirm(Intent::Act));
            Outcome::shown(true)
        }
        None => write_act(model, item, act, note),
    }
}

/// Writes down what was done with an item, and what it changed about the environment.
pub(super) fn write_act(model: &mut Model, item: &str, act: ItemAct, note: Option<&str>) -> Outcome {
    let Some(by) = checklist::viewer(&model.estate) else { return Outcome::shown(notify(model, Tone::Failed, WHO)) };
    let Some((id, rehearsal, checklist)) = model.working().and_then(|working| Some((working.id.clone(), working.rehearsal, working.checklist()?))) else {
        return Outcome::default();
    };
    if !rehearsal && let Some(reason) = keymap::writes_nothing(&model.ui.setup) {
        return Outcome::shown(notify(model, Tone::Refused, reason));
    }
    if !rehearsal && model.estate.is_practised_on(&checklist.environment) {
        let said = format!("{} is shown as rehearsed: take the rehearsal back with U, then tick what is so", checklist.environment_name);
        return Outcome::shown(notify(model, Tone::Refused, said));
    }
    // Practice bears the time that was skipped to, what is real does not.
    let now = if rehearsal { model.now() } else { model.ui.now.unskipped };
    // Behind everything in its journal, so that a tick and what it switched are taken back together.
    let now = model.estate.journals().find(|(journal, _)| journal.entry(&id).is_some()).map_or(now, |(journal, _)| journal.stamp(now));
    let mut entries = match checklist.entries(item, act, note, &by, now) {
        Ok(entries) => entries,
        Err(reason) => return Outcome::shown(notify(model, Tone::Refused, reason.to_string())),
    };
    let plan = match thrown(model, item, act) {
        Ok(plan) => plan,
        Err(reason) => return Outcome::shown(notify(model, Tone::Refused, reason)),
    };
    for (field, value) in checklist.row(item).map(|row| row.item.states.as_slice()).unwrap_or_default() {
        let value = match act {
            ItemAct::Done => *value,
            ItemAct::Reopened => !*value,
            ItemAct::Disabled | ItemAct::Redirected | ItemAct::LeftAsIs | ItemAct::NotApplicable | ItemAct::Noted => continue,
        };
        let at = entries.last().map_or(now, |entry| entry.at) + TimeDelta::milliseconds(1);
        let about = Subject::Environment(checklist.environment.clone());
        entries.push(Entry::new(at, Arc::clone(&by), What::Fact { about, field: (*field).into(), value: Value::Flag(value) }));
    }
    if let Some(plan) = plan {
        let at = entries.last().map_or(now, |entry| entry.at) + TimeDelta::milliseconds(1);
        entries.push(Entry::new(at, by, What::Operation(Box::new(plan.operation(at, at, None, None)))));
    }
    if rehearsal {
        model.estate.practise(&id, entries);
        return Outcome::shown(true);
    }
    let effects = keep(model, entries);
    Outcome { redraw: true, effects }
}

/// The switch that an item throws when it is ticked, and throws back when it is opened again: judged, with everything
/// that has to be acknowledged as it would be by whoever goes on. Or why it cannot be thrown.
fn thrown(model: &Model, item: &str, act: ItemAct) -> Result<Option<Plan>, String> {
    let Some((checklist, then)) = model.working().and_then(Working::checklist).and_then(|list| Some((list, list.row(item)?.item.then?))) else {
        return Ok(None);
    };
    let done = match act {
        ItemAct::Done => true,
        ItemAct::Reopened => false,
        ItemAct::Disabled | ItemAct::Redirected | ItemAct::LeftAsIs | ItemAct::NotApplicable | ItemAct::Noted => return Ok(None),
    };
    let change = match then {
        Then::AdminModeOff => Change::AdminMode(!done),
        Then::BackgroundOn => Change::Background(done),
    };
    let request = Request { source: None, target: checklist.environment.clone(), change };
    let (estate, ui) = (&model.estate, &model.ui);
    let context = Context::new(estate, &model.rulebooks, &ui.templates, ui.now.console);
    let by = checklist::viewer(estate).ok_or(WHO)?;
    let at = ui.now.unskipped;
    let given = |finding: &Finding| {
        let Finding { code, severity, message, .. } = finding;
        Acknowledgement { code: *code, severity: *severity, shown: message.as_str().into(), by: Arc::clone(&by), at }
    };
    let judged = plan::plan(request.clone(), &context, &[]);
    let again = |NoPlan { verdict, open, .. }: NoPlan| match verdict.findings.iter().find(|finding| finding.severity == Severity::Block) {
        Some(block) => Err(format!("{}. {}", block.message, block.remedy)),
        None => {
            let given: Vec<_> = open.iter().map(given).collect();
            plan::plan(request, &context, &given).map_err(|_| "It cannot be judged".to_owned())
        }
    };
    judged.or_else(again).map(Some)
}

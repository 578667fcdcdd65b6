//! The checklist that is worked: ticks, decisions, and the switches that they throw.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tui_input::Input;

use super::copies::WHO;
use super::facts::keep;
use super::typing::as_working;
use super::{Outcome, notify, put_on_top};
use crate::app::action;
use crate::app::checklist::{self, Working};
use crate::app::keymap;
use crate::app::list::Step as Rows;
use crate::app::model::{Intent, Layer, Model, Tone};
use crate::app::note::{Note, Purpose};
use crate::domain::checklist::{Then, asks};
use crate::domain::environment::EnvironmentId;
use crate::domain::journal::{Entry, ItemAct, Value, What};
use crate::domain::operation::{self, Operation, OperationKind};
use crate::domain::verdict::Answer;

/// Opens the checklist of the chosen environment, those of rehearsals first.
pub(super) fn open_checklist(model: &mut Model) -> bool {
    let Some((id, rehearsal)) = model.selected().and_then(|environment| checklist::open_for(&model.estate, &environment.id)) else { return false };
    model.ui.layers.push(Layer::Checklist(Box::new(Working::new(id, rehearsal))));
    true
}

pub(super) fn on_checklist(model: &mut Model, command: action::Checklist) -> Outcome {
    let height = usize::from(model.layout().targets().0.inside().height);
    let about_height = usize::from(model.layout().targets().1.inside().height);
    let Some(working) = model.ui.layers.last_mut().and_then(as_working) else {
        return Outcome::shown(command == action::Checklist::Open && open_checklist(model));
    };
    let act = match command {
        action::Checklist::Open => return Outcome::default(),
        action::Checklist::NextMandatory => {
            return if working.next_mandatory(height) { Outcome::shown(true) } else { Outcome::shown(notify(model, Tone::Done, "No mandatory item is open")) };
        }
        action::Checklist::About(by) => return Outcome::shown(working.scroll_about(Rows::By(by), about_height)),
        action::Checklist::OpenOnly => {
            working.open_only = !working.open_only;
            return Outcome::shown(true);
        }
        action::Checklist::Act(act) => act,
        action::Checklist::Toggle => match working.selected() {
            Some(row) => checklist::toggle(row),
            None => return Outcome::default(),
        },
    };
    let Some(item) = working.selected().map(|row| row.id().to_owned()) else { return Outcome::default() };
    if !working.rehearsal
        && let Some(reason) = keymap::writes_nothing(&model.ui.setup)
    {
        return Outcome::shown(notify(model, Tone::Refused, reason));
    }
    match asks(act) {
        Some(question) => {
            // What cannot be done anyway is refused before anything is typed.
            let refused =
                working.checklist().and_then(|checklist| checklist.offers(&item).into_iter().find(|offer| offer.act == act)).and_then(|offer| offer.refused);
            if let Some(reason) = refused {
                return Outcome::shown(notify(model, Tone::Refused, reason.to_string()));
            }
            let purpose = Purpose::Act { item, act, question };
            let kept = model.ui.note_draft.take().filter(|draft| draft.purpose == purpose);
            model.ui.layers.push(Layer::Note(kept.unwrap_or(Note { purpose, input: Input::default() })));
            Outcome::shown(true)
        }
        None => act_on_item(model, &item, act, None),
    }
}

/// Does something with an item; leaving administration mode asks first while mandatory items are open (G-21).
pub(super) fn act_on_item(model: &mut Model, item: &str, act: ItemAct, note: Option<&str>) -> Outcome {
    let Some(checklist) = model.working().and_then(Working::checklist) else { return Outcome::default() };
    if let Err(reason) = checklist.check(item, act, note) {
        return Outcome::shown(notify(model, Tone::Refused, reason.to_string()));
    }
    let leaves = checklist.row(item).is_some_and(|row| row.item.then == Some(Then::AdminModeOff));
    if leaves && act == ItemAct::Done && checklist.warning_before_leaving().is_some() {
        put_on_top(model, Layer::Confirm(Intent::LeaveAdminMode));
        return Outcome::shown(true);
    }
    write_act(model, item, act, note)
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
    // Practice bears the time that was skipped to, what is real does not.
    let now = if rehearsal { model.now() } else { model.ui.now.unskipped };
    // Behind everything in its journal, so that a tick and what it switched are taken back together.
    let now = model.estate.journals().find(|(journal, _)| journal.entry(&id).is_some()).map_or(now, |(journal, _)| journal.stamp(now));
    let entry = match checklist.entry(item, act, note, Arc::clone(&by), now) {
        Ok(entry) => entry,
        Err(reason) => return Outcome::shown(notify(model, Tone::Refused, reason.to_string())),
    };
    let then = checklist.row(item).and_then(|row| row.item.then);
    let target = checklist.environment.clone();
    let mut entries = vec![entry];
    if let Some(operation) = then.and_then(|then| switched(then, act, target, now)) {
        let at = entries.first().map_or(now, |entry| entry.at) + TimeDelta::milliseconds(1);
        entries.push(Entry::new(at, by, What::Operation(Box::new(operation))));
    }
    if rehearsal {
        model.estate.practise(&id, entries);
        return Outcome::shown(true);
    }
    let effects = keep(model, entries);
    Outcome { redraw: true, effects }
}

/// The switch that an item throws when it is ticked, and throws back when it is opened again.
pub(super) fn switched(then: Then, act: ItemAct, target: EnvironmentId, at: DateTime<Utc>) -> Option<Operation> {
    let done = match act {
        ItemAct::Done => true,
        ItemAct::Reopened => false,
        ItemAct::Disabled | ItemAct::Redirected | ItemAct::LeftAsIs | ItemAct::NotApplicable | ItemAct::Noted => return None,
    };
    let (kind, on) = match then {
        Then::AdminModeOff => (OperationKind::AdminMode, !done),
        Then::BackgroundOn => (OperationKind::Background, done),
    };
    Some(Operation {
        kind,
        source: None,
        target,
        inputs: vec![("on".into(), Value::Flag(on))],
        verdict: Answer::Allowed,
        acknowledged: Vec::new(),
        ticket: None,
        approver: None,
        started_at: at,
        completed_at: Some(at),
        outcome: operation::Outcome::Succeeded,
    })
}

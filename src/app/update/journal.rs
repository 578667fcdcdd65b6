//! The journal of an environment: withdrawing an entry, correcting a note, and saying how what was begun has ended.

use std::sync::Arc;

use chrono::TimeDelta;
use tui_input::Input;

use super::facts::keep;
use super::wizard::{WHO, said_afterwards};
use super::{Outcome, notify};
use crate::app::action;
use crate::app::journal::Entries;
use crate::app::list::Step as Rows;
use crate::app::model::{Layer, Model, Tone};
use crate::app::note::{Note, Purpose};
use crate::domain::environment::EnvironmentId;
use crate::domain::estate::entries_of;
use crate::domain::instant;
use crate::domain::journal::{Entry, EntryId, What};
use crate::domain::known::Known;
use crate::domain::operation;
use crate::domain::time::minute;

/// Why a note that was corrected no longer holds.
const CORRECTED: &str = "corrected";

pub(super) fn on_journal(model: &mut Model, command: action::Journal) -> Outcome {
    let height = usize::from(model.layout().targets().1.inside().height);
    if command == action::Journal::Open {
        let Some(id) = model.selected().map(|environment| environment.id.clone()) else { return Outcome::default() };
        super::put_on_top(model, Layer::Journal(Box::new(Entries::new(id))));
        return Outcome::shown(true);
    }
    let Some(Layer::Journal(entries)) = model.ui.layers.last_mut() else { return Outcome::default() };
    if let action::Journal::About(by) = command {
        return Outcome::shown(entries.scroll(Rows::By(by), height));
    }
    let Some(row) = entries.selected() else { return Outcome::default() };
    let (entry, what) = (row.entry.id.clone(), Arc::from(&*row.text));
    let (purpose, input) = match (command, &row.entry.what) {
        (action::Journal::Withdraw, _) => (Purpose::Withdraw { entry, what }, Input::default()),
        (action::Journal::Correct, What::Note { environment, text }) => {
            (Purpose::Correct { entry, environment: environment.clone() }, Input::new(text.to_string()))
        }
        (action::Journal::Ended(outcome), What::Operation(_)) => (Purpose::Ended { entry, outcome, what }, Input::default()),
        (action::Journal::Open | action::Journal::About(_) | action::Journal::Correct | action::Journal::Ended(_), _) => {
            return Outcome::default();
        }
    };
    let kept = model.ui.note_draft.take().filter(|draft| draft.purpose == purpose);
    model.ui.layers.push(Layer::Note(kept.unwrap_or(Note { purpose, input, said: None })));
    Outcome::shown(true)
}

/// What does not fit stays in its line, with the reason.
fn refused(model: &mut Model, note: Note, reason: impl Into<String>) -> Outcome {
    model.ui.layers.push(Layer::Note(Note { said: Some(reason.into()), ..note }));
    Outcome::shown(true)
}

/// Writes a note anew and withdraws the one before.
pub(super) fn correct(model: &mut Model, note: Note, entry: EntryId, environment: EnvironmentId) -> Outcome {
    let text = note.input.value().trim().to_owned();
    if text.is_empty() {
        return refused(model, note, "A note says something: Esc, then w withdraws it");
    }
    let same = model.estate.journal().entry(&entry).is_some_and(|entry| matches!(&entry.what, What::Note { text: before, .. } if **before == *text));
    if same {
        return Outcome::shown(notify(model, Tone::Done, "The note is as it was"));
    }
    let Known::Is(by) = model.estate.viewer().map(Arc::clone) else { return refused(model, note, WHO) };
    let at = model.estate.journal().stamp(model.ui.now.unskipped);
    let gone = Entry::new(at, Arc::clone(&by), What::Withdrawn { entry, reason: CORRECTED.into() });
    // A millisecond later, so that the order is kept wherever the entries are sorted.
    let new = Entry::new(at + TimeDelta::milliseconds(1), by, What::Note { environment, text: text.into() });
    let effects = keep(model, vec![gone, new]);
    Outcome { redraw: notify(model, Tone::Done, "Corrected; the note before stays in the journal, withdrawn"), effects }
}

/// Writes how an operation that was begun has ended; where it succeeded, the facts move on and its checklist opens.
pub(super) fn ended(model: &mut Model, note: Note, entry: &EntryId, outcome: operation::Outcome) -> Outcome {
    let Known::Is(by) = model.estate.viewer().map(Arc::clone) else { return refused(model, note, WHO) };
    let Some(What::Operation(begun)) = model.estate.journal().entry(entry).map(|entry| &entry.what) else { return Outcome::default() };
    let mut operation = (**begun).clone();
    let at = model.estate.journal().stamp(model.ui.now.unskipped);
    let typed = note.input.value().trim();
    let ended_at = if typed.is_empty() { Ok(at) } else { instant::read(typed, at, model.ui.setup.offset) };
    let ended_at = match ended_at {
        Ok(ended_at) if ended_at > at => return refused(model, note, format!("{} lies in the future", minute(ended_at))),
        Ok(ended_at) if ended_at < operation.started_at => {
            return refused(model, note, format!("It began later than that, on {}", minute(operation.started_at)));
        }
        Ok(ended_at) => ended_at,
        Err(reason) => return refused(model, note, reason),
    };
    (operation.outcome, operation.completed_at) = (outcome, Some(ended_at));
    let entries = entries_of(operation.clone(), &model.ui.templates, &model.estate, by, at);
    let opens = entries.iter().any(|entry| matches!(entry.what, What::ChecklistOpened { .. }));
    let effects = keep(model, entries);
    let said = match outcome {
        operation::Outcome::Succeeded if opens => "Recorded, with its checklist: Esc, then o opens it".to_owned(),
        operation::Outcome::Succeeded => format!("Recorded. {}", said_afterwards(&operation, &model.estate)),
        operation::Outcome::Failed | operation::Outcome::Started => "Recorded that it failed: the facts are as before it was begun".to_owned(),
    };
    Outcome { redraw: notify(model, Tone::Done, said), effects }
}

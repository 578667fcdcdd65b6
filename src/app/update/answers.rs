//! Answers to what nobody looked up: typed in a line, asked about where something else is known, recorded at once.

use std::sync::Arc;

use tui_input::Input;

use super::facts::keep;
use super::wizard::WHO;
use super::{Outcome, notify, put_on_top};
use crate::app::answer::{Asked, asked, refused};
use crate::app::model::{Intent, Layer, Model, Tone};
use crate::app::note::{Note, Purpose};
use crate::domain::fact;
use crate::domain::journal::{Entry, EntryId, Value, What};
use crate::domain::known::Known;
use crate::domain::typed::Source;
use crate::domain::words::counted;

/// Opens the line in which the fact under the cursor is answered.
pub(super) fn open(model: &mut Model) -> bool {
    if let Some(reason) = refused(model) {
        return notify(model, Tone::Refused, reason);
    }
    let Some(asked) = asked(model) else { return false };
    let purpose = Purpose::Answer(asked);
    let kept = model.ui.note_draft.take().filter(|draft| draft.purpose == purpose);
    put_on_top(model, Layer::Note(kept.unwrap_or(Note { purpose, input: Input::default(), said: None })));
    true
}

/// Opens the line in which the question of a move is answered.
pub(super) fn open_question(model: &mut Model) -> bool {
    let Some(asked) = model.wizard().and_then(|wizard| wizard.questions.selected()).map(|question| question.asked.clone()) else { return false };
    let purpose = Purpose::Answer(asked);
    let kept = model.ui.note_draft.take().filter(|draft| draft.purpose == purpose);
    put_on_top(model, Layer::Note(kept.unwrap_or(Note { purpose, input: Input::default(), said: None })));
    true
}

/// Takes what was typed: records it, asks first, or says in the line what is wrong with it.
pub(super) fn submit(model: &mut Model, mut note: Note, asked: &Asked) -> Outcome {
    let question = match answer(&note, asked) {
        Err(wrong) => {
            note.said = Some(wrong);
            model.ui.layers.push(Layer::Note(note));
            return Outcome::shown(true);
        }
        Ok(None) => match taken_back(model, asked).len() {
            0 => {
                note.said = Some(format!("nothing was typed here that could be taken back; expected {}", asked.expected()));
                model.ui.layers.push(Layer::Note(note));
                return Outcome::shown(true);
            }
            1 => Some("Take back what was typed? The entry stays in the journal, marked as withdrawn.".to_owned()),
            several => Some(format!("Take back what was typed, {several} answers? The entries stay in the journal, marked as withdrawn.")),
        },
        Ok(Some(value)) => asked.objection(&value, &model.estate),
    };
    match question {
        Some(question) => {
            note.said = Some(question);
            model.ui.layers.push(Layer::Note(note));
            put_on_top(model, Layer::Confirm(Intent::Answer));
            Outcome::shown(true)
        }
        None => record(model, note, asked),
    }
}

/// Does what the question over the line was about.
pub(super) fn confirmed(model: &mut Model) -> Outcome {
    match model.ui.layers.pop() {
        Some(Layer::Note(note)) => match note.purpose.clone() {
            Purpose::Answer(asked) => record(model, note, &asked),
            Purpose::Note(_)
            | Purpose::Instant(_)
            | Purpose::Act { .. }
            | Purpose::Acknowledge { .. }
            | Purpose::Withdraw { .. }
            | Purpose::Correct { .. }
            | Purpose::Ended { .. } => Outcome::shown(true),
        },
        Some(other) => {
            model.ui.layers.push(other);
            Outcome::shown(true)
        }
        None => Outcome::shown(true),
    }
}

/// The answer that was typed; none where the line is empty.
fn answer(note: &Note, asked: &Asked) -> Result<Option<Value>, String> {
    match (note.input.value().trim(), asked.shape()) {
        ("", _) => Ok(None),
        (typed, Some(shape)) => shape.parse(typed).map(Some),
        (_, None) => Err("there is no such field".to_owned()),
    }
}

/// The entries that taking the answer back withdraws.
fn taken_back(model: &Model, asked: &Asked) -> Vec<EntryId> {
    let typed = asked.each().filter_map(|(about, field)| match model.estate.source(about, field) {
        Source::Typed(typed) => Some(typed.entry.clone()),
        Source::Captured | Source::Unknown => None,
    });
    typed.collect()
}

/// Writes one entry for each fact into the journal and saves them together.
fn record(model: &mut Model, note: Note, asked: &Asked) -> Outcome {
    let by = match model.estate.viewer() {
        Known::Is(viewer) => Arc::clone(viewer),
        Known::Unknown => {
            model.ui.note_draft = Some(note);
            return Outcome::shown(notify(model, Tone::Failed, WHO));
        }
    };
    let at = model.estate.journal().stamp(model.ui.now.unskipped);
    let Ok(value) = answer(&note, asked) else { return Outcome::shown(true) };
    let entry = |what| Entry::new(at, Arc::clone(&by), what);
    let (entries, said): (Vec<Entry>, String) = match value {
        Some(value) => {
            let said = format!("{} recorded for {}", fact::in_words(&value), asked.whom());
            let what = |(about, field): (&_, &str)| What::Fact { about: Clone::clone(about), field: field.into(), value: value.clone() };
            (asked.each().map(|each| entry(what(each))).collect(), said)
        }
        None => {
            let withdrawn = taken_back(model, asked);
            let said = format!("{} taken back", counted(withdrawn.len(), "answer"));
            (withdrawn.into_iter().map(|id| entry(What::Withdrawn { entry: id, reason: "taken back".into() })).collect(), said)
        }
    };
    let said = if model.ui.setup.in_memory { format!("{said}; the journal of the demo is kept in memory only") } else { said };
    let effects = keep(model, entries);
    Outcome { redraw: notify(model, Tone::Done, said), effects }
}

//! Lines that are typed: filters, palette, notes, the fields of the wizard.

use std::sync::Arc;

use tui_input::{Input, InputRequest};

use super::facts::keep;
use super::panes::{back, set_filter};
use super::ticks::answered;
use super::timeline::go_to_typed;
use super::wizard::{WHO, name_typed};
use super::{Outcome, answers, journal, notify};
use crate::app::action::Line;
use crate::app::checklist::Working;
use crate::app::model::{Layer, Model, Tone};
use crate::app::note::{Note, Purpose};
use crate::app::pages::{RecordField, Step};
use crate::app::targets::Targets;
use crate::app::wizard::Wizard;
use crate::domain::environment::EnvironmentId;
use crate::domain::journal::{Entry, EntryId, What};
use crate::domain::known::Known;
use crate::domain::text::harmless;

/// The line that is being typed, if one is.
pub(super) fn typed_line(model: &mut Model) -> Option<&mut Input> {
    let ui = &mut model.ui;
    if matches!(ui.layers.last(), Some(Layer::Filter)) {
        return Some(ui.layers.iter_mut().rev().find_map(as_filter).unwrap_or(&mut ui.environments.filter));
    }
    match ui.layers.last_mut() {
        Some(Layer::Palette(palette)) => Some(&mut palette.input),
        Some(Layer::Note(note)) => Some(&mut note.input),
        Some(Layer::Tables(tables)) => Some(&mut tables.input),
        Some(Layer::Explain(explain)) => Some(&mut explain.input),
        Some(Layer::Taking(taking)) => Some(ui.typing.line_mut(taking.blank)),
        Some(Layer::Wizard(wizard)) => match (&wizard.step, wizard.draft.row, wizard.record_field) {
            (Step::Details(_), _, _) => wizard.line(),
            (Step::Point, 0, _) => Some(&mut wizard.draft.instant),
            (Step::Mapping, _, _) => wizard.draft.moving.chosen_mut().map(|chosen| &mut chosen.path),
            (Step::Record(_), _, RecordField::Outcome) => None,
            (Step::Record(_), _, RecordField::When) => Some(&mut wizard.draft.when),
            (Step::Record(_), _, RecordField::Who) => Some(&mut wizard.draft.who),
            (Step::Record(_), _, RecordField::Ticket) => Some(&mut wizard.draft.ticket),
            (Step::Record(_), _, RecordField::Approver) => Some(&mut wizard.draft.approver),
            (Step::Record(_), _, RecordField::Typed) => Some(&mut wizard.draft.typed),
            (
                Step::Level | Step::Point | Step::Days | Step::Backup | Step::Target | Step::Tenant | Step::Questions | Step::Review(_) | Step::Carry(_),
                _,
                _,
            ) => None,
        },
        Some(
            Layer::Filter
            | Layer::Checklist(_)
            | Layer::Attention(_)
            | Layer::Journal(_)
            | Layer::Help(_)
            | Layer::Confirm(_)
            | Layer::Clash(_)
            | Layer::Runbook(_),
        )
        | None => None,
    }
}

pub(super) fn as_working(layer: &mut Layer) -> Option<&mut Working> {
    if let Layer::Checklist(working) = layer { Some(working) } else { None }
}

pub(super) fn as_wizard(layer: &mut Layer) -> Option<&mut Wizard> {
    if let Layer::Wizard(wizard) = layer { Some(wizard) } else { None }
}

pub(super) fn as_targets(layer: &mut Layer) -> Option<&mut Targets> {
    as_wizard(layer).filter(|wizard| matches!(wizard.step, Step::Target)).map(|wizard| &mut wizard.targets)
}

/// The filter of a layer that lists something.
fn as_filter(layer: &mut Layer) -> Option<&mut Input> {
    match layer {
        Layer::Attention(listing) => Some(&mut listing.filter),
        Layer::Help(help) => Some(&mut help.filter),
        Layer::Wizard(_) => as_targets(layer).map(|targets| &mut targets.filter),
        Layer::Tables(_)
        | Layer::Journal(_)
        | Layer::Checklist(_)
        | Layer::Filter
        | Layer::Palette(_)
        | Layer::Note(_)
        | Layer::Confirm(_)
        | Layer::Clash(_)
        | Layer::Taking(_)
        | Layer::Runbook(_)
        | Layer::Explain(_) => None,
    }
}

/// The longest line that can be typed, in letters.
pub(super) const LONGEST_LINE: usize = 1_000;

pub(super) fn edit(model: &mut Model, request: InputRequest) -> bool {
    let Some(line) = typed_line(model) else { return false };
    let changed = line.handle(request).is_some();
    if changed {
        after_typing(model);
    }
    changed
}

/// What is typed in the palette is looked for at once; filters are looked at when all else is.
pub(super) fn after_typing(model: &mut Model) {
    let Model { estate, ui, .. } = model;
    match ui.layers.last_mut() {
        Some(Layer::Palette(palette)) => palette.refresh(estate, &ui.templates, ui.library.as_deref()),
        Some(Layer::Tables(tables)) => tables.refresh(),
        // What was wrong with the line before says nothing about this one.
        Some(Layer::Note(note)) => note.said = None,
        Some(
            Layer::Wizard(_)
            | Layer::Checklist(_)
            | Layer::Attention(_)
            | Layer::Journal(_)
            | Layer::Explain(_)
            | Layer::Filter
            | Layer::Help(_)
            | Layer::Confirm(_)
            | Layer::Taking(_)
            | Layer::Runbook(_)
            | Layer::Clash(_),
        )
        | None => {}
    }
}

/// Looks for what is typed again, because there is more to look through; true when something shown changed.
pub(super) fn look_again(model: &mut Model) -> bool {
    let Model { estate, ui, .. } = model;
    let mut looked = false;
    for layer in &mut ui.layers {
        if let Layer::Palette(palette) = layer
            && !palette.input.value().is_empty()
        {
            palette.refresh(estate, &ui.templates, ui.library.as_deref());
            looked = true;
        }
    }
    looked
}

/// Adds text to the line that is being typed. What nobody could see, or what would reorder letters, stands there in a form
/// that can be seen, as in everything that is read.
pub(super) fn insert(model: &mut Model, text: &str) -> bool {
    // The list of tables is looked through at once; `/` asks for that in every other list, and no table has one (TRN-004).
    let text = if matches!(model.ui.layers.last(), Some(Layer::Tables(_))) { text.replace('/', "") } else { text.to_owned() };
    let Some(line) = typed_line(model) else { return false };
    let room = LONGEST_LINE.saturating_sub(line.value().chars().count());
    let before = line.value().len();
    for letter in harmless(&text).chars().take(room) {
        line.handle(InputRequest::InsertChar(letter));
    }
    let changed = line.value().len() != before;
    if changed {
        after_typing(model);
    }
    changed
}

pub(super) fn on_line(model: &mut Model, command: Line) -> Outcome {
    let request = match command {
        Line::Left => InputRequest::GoToPrevChar,
        Line::Right => InputRequest::GoToNextChar,
        Line::Home => InputRequest::GoToStart,
        Line::End => InputRequest::GoToEnd,
        Line::Backspace => InputRequest::DeletePrevChar,
        Line::Delete => InputRequest::DeleteNextChar,
        Line::DeleteWord => InputRequest::DeletePrevWord,
        Line::Clear => InputRequest::DeleteLine,
        Line::Submit => return submit(model),
        Line::Cancel => return Outcome::shown(cancel(model)),
    };
    Outcome::shown(edit(model, request))
}

pub(super) fn cancel(model: &mut Model) -> bool {
    if matches!(model.ui.layers.last(), Some(Layer::Filter)) {
        let over_layer = model.targets().is_some() || model.listing().is_some() || model.help().is_some();
        if over_layer {
            if let Some(line) = typed_line(model) {
                line.reset();
            }
            model.ui.layers.pop();
        } else {
            model.ui.layers.pop();
            set_filter(model, Input::default());
        }
        return true;
    }
    back(model)
}

pub(super) fn submit(model: &mut Model) -> Outcome {
    match model.ui.layers.pop() {
        Some(Layer::Note(note)) => match note.purpose.clone() {
            Purpose::Note(environment) => record_note(model, note, environment),
            Purpose::Withdraw { entry, .. } => withdraw(model, note, entry),
            Purpose::Instant(_) => Outcome::shown(go_to_typed(model, note)),
            Purpose::Answer(asked) => answers::submit(model, note, &asked),
            Purpose::Act { .. } => answered(model, note),
            Purpose::Acknowledge { .. } => name_typed(model, note),
            Purpose::Correct { entry, environment } => journal::correct(model, note, entry, environment),
            Purpose::Ended { entry, outcome, .. } => journal::ended(model, note, &entry, outcome),
        },
        Some(Layer::Filter) | None => Outcome::shown(true),
        Some(
            other @ (Layer::Wizard(_)
            | Layer::Checklist(_)
            | Layer::Attention(_)
            | Layer::Journal(_)
            | Layer::Tables(_)
            | Layer::Explain(_)
            | Layer::Help(_)
            | Layer::Palette(_)
            | Layer::Confirm(_)
            | Layer::Taking(_)
            | Layer::Runbook(_)
            | Layer::Clash(_)),
        ) => {
            model.ui.layers.push(other);
            Outcome::default()
        }
    }
}

/// Withdraws an entry: another one names it and says why, and all that follows from it no longer counts.
fn withdraw(model: &mut Model, mut note: Note, entry: EntryId) -> Outcome {
    let reason = note.input.value().trim().to_owned();
    if reason.is_empty() {
        note.said = Some("Say why it is withdrawn: whoever reads the journal wants to know".to_owned());
        model.ui.layers.push(Layer::Note(note));
        return Outcome::shown(true);
    }
    let by = match model.estate.viewer() {
        Known::Is(viewer) => Arc::clone(viewer),
        Known::Unknown => return Outcome::shown(notify(model, Tone::Failed, WHO)),
    };
    let is_note = model.estate.journal().entry(&entry).is_some_and(|entry| matches!(entry.what, What::Note { .. }));
    let withdrawn = Entry::new(model.estate.journal().stamp(model.ui.now.unskipped), by, What::Withdrawn { entry, reason: reason.into() });
    let effects = keep(model, vec![withdrawn]);
    let said = if is_note { "Withdrawn; the journal keeps it" } else { "Withdrawn, and what follows from it; the journal keeps both" };
    Outcome { redraw: notify(model, Tone::Done, said), effects }
}

/// Adds a note to the journal and saves it at once.
pub(super) fn record_note(model: &mut Model, note: Note, environment: EnvironmentId) -> Outcome {
    let text = note.input.value().trim();
    if text.is_empty() {
        return Outcome::shown(true);
    }
    let by = match model.estate.viewer() {
        Known::Is(viewer) => Arc::clone(viewer),
        Known::Unknown => {
            model.ui.note_draft = Some(note);
            return Outcome::shown(notify(model, Tone::Failed, WHO));
        }
    };
    let entry = Entry::new(model.estate.journal().stamp(model.ui.now.unskipped), by, What::Note { environment, text: text.into() });
    let said = if model.ui.setup.in_memory { "Noted; the journal of the demo is kept in memory only" } else { "Noted" };
    let effects = keep(model, vec![entry]);
    Outcome { redraw: notify(model, Tone::Done, said), effects }
}

//! The timeline: moving its cursor, looking closer, and going to a time that was typed.

use tui_input::Input;

use super::notify;
use crate::app::action;
use crate::app::model::{Layer, Model, Tone};
use crate::app::note::{Note, Purpose};
use crate::domain::instant as typed;
use crate::domain::time::minute;

pub(super) fn on_timeline(model: &mut Model, command: action::Timeline) -> bool {
    match command {
        action::Timeline::Ask => ask(model),
        action::Timeline::Whole => {
            model.ui.timeline.whole = !model.ui.timeline.whole;
            true
        }
        action::Timeline::Day(_)
        | action::Timeline::Hour(_)
        | action::Timeline::Minute(_)
        | action::Timeline::End(_)
        | action::Timeline::Backup(_)
        | action::Timeline::Zoom(_)
        | action::Timeline::Loss => model.ui.timeline.go(command),
    }
}

/// Asks for a time to go to.
fn ask(model: &mut Model) -> bool {
    let Some(purpose) = model.selected().map(|environment| Purpose::Instant(environment.id.clone())) else { return false };
    let kept = model.ui.note_draft.take_if(|draft| draft.purpose == purpose);
    model.ui.layers.push(Layer::Note(kept.unwrap_or(Note { purpose, input: Input::default(), said: None })));
    true
}

/// Goes to the time that was typed. What is no time stays where it was typed, with the reason.
pub(super) fn go_to_typed(model: &mut Model, note: Note) -> bool {
    let now = model.now();
    // Another snapshot may have been read meanwhile, in which the environment is not chosen or not there any more.
    if model.selected().is_none_or(|environment| note.purpose != Purpose::Instant(environment.id.clone())) {
        return true;
    }
    match typed::read(note.input.value(), now, model.ui.setup.offset) {
        Ok(at) => {
            if let Some(nearest) = model.ui.timeline.go_to(at) {
                notify(model, Tone::Refused, format!("{} cannot be restored to: the nearest restorable instant is {}", minute(at), minute(nearest)));
            }
        }
        Err(reason) => model.ui.layers.push(Layer::Note(Note { said: Some(reason), ..note })),
    }
    true
}

//! The list of what asks for attention, and going to where each is dealt with.

use tui_input::Input;

use super::explain::open_item;
use super::panes::{put_away, set_filter};
use super::ticks::open_checklist;
use super::{Outcome, notify, on_app, show};
use crate::app::action::App;
use crate::app::attention::Listing;
use crate::app::keymap;
use crate::app::model::{Layer, Model, Pane, Tone};
use crate::domain::attention::Place;
use crate::domain::estate::EnvironmentKey;

/// Opens the list.
pub(super) fn open_attention(model: &mut Model) -> bool {
    super::put_on_top(model, Layer::Attention(Box::default()));
    true
}

/// Goes to where the item under the cursor is dealt with.
pub(super) fn go_there(model: &mut Model, listing: Box<Listing>) -> Outcome {
    let opens = listing.selected().map(|item| item.opens.clone());
    match opens {
        None => model.ui.layers.push(Layer::Attention(listing)),
        Some(Place::Backup(key, at)) => {
            show_in(model, key, Pane::Timeline);
            // The cursor belongs to the backups on screen, so these come first.
            let Model { estate, rulebooks, ui } = &mut *model;
            ui.timeline.refresh(Some(key), None, estate, rulebooks.of(estate.edition()), ui.now.console);
            ui.timeline.cursor = Some(at);
        }
        Some(Place::Checklist(key)) => {
            show_in(model, key, Pane::Details);
            open_checklist(model);
        }
        Some(Place::Item(key, opened, item)) => {
            show_in(model, key, Pane::Details);
            open_item(model, opened, &item);
        }
        Some(Place::Details(key)) => show_in(model, key, Pane::Details),
        Some(Place::Tenant(key)) => {
            for layer in std::mem::take(&mut model.ui.layers) {
                put_away(model, layer);
            }
            model.ui.focus = Pane::Environments;
            model.ui.environments.tenant = Some(key);
            set_filter(model, Input::default());
        }
        Some(Place::Snapshot) => {
            model.ui.layers.push(Layer::Attention(listing));
            return match keymap::built_in(model) {
                Some(reason) => Outcome::shown(notify(model, Tone::Refused, reason)),
                None => on_app(model, App::Reload),
            };
        }
    }
    Outcome::shown(true)
}

/// Goes to an environment, with the keyboard in one of its panes.
fn show_in(model: &mut Model, key: EnvironmentKey, pane: Pane) {
    show(model, key);
    model.ui.focus = pane;
}

//! Looking things up: reading them when somebody first asks, going from one to another, and doing what an answer leads to.

use std::sync::Arc;

use super::panes::put_away;
use super::ticks::{ask_for_plan, on_checklist};
use super::timeline::on_timeline;
use super::wizard::on_wizard;
use super::{Outcome, notify, on_app, on_command, put_on_top};
use crate::app::action::{self, App, Command};
use crate::app::checklist::Working;
use crate::app::effect::Effect;
use crate::app::explain::said::Goes;
use crate::app::explain::{Explain, Scope, behind};
use crate::app::lead;
use crate::app::list::Step;
use crate::app::model::{Layer, Model, Pane, Tone};
use crate::domain::answers::{Lead, Way};
use crate::domain::journal::EntryId;
use crate::domain::library::{Entry, Library};

/// Asks for what can be looked up, if nobody did before.
pub(super) fn wanted(model: &Model) -> Vec<Effect> {
    if model.ui.library.is_none() { vec![Effect::ReadLibrary] } else { Vec::new() }
}

pub(super) fn on_explain(model: &mut Model, command: action::Explain) -> Outcome {
    let height = text_height(model);
    if command == action::Explain::Open {
        let scope = behind(model);
        put_on_top(model, Layer::Explain(Box::new(Explain::new(scope))));
        return Outcome { redraw: true, effects: wanted(model) };
    }
    let library = model.ui.library.clone();
    let (Some(Layer::Explain(explain)), Some(library)) = (model.ui.layers.last_mut(), library) else { return Outcome::default() };
    let went = match command {
        action::Explain::Open => Ok(()),
        action::Explain::Follow => explain.follow(&library, height),
        action::Explain::Read => explain.open(height),
        action::Explain::Text(by) => return Outcome::shown(explain.scroll(Step::By(by), height)),
        action::Explain::CopyIt => match explain.block().map(|block| block.copies.clone()) {
            Some(text) => {
                let redraw = notify(model, Tone::Done, format!("On the clipboard: {text}"));
                return Outcome { redraw, effects: vec![Effect::Clipboard(text)] };
            }
            None => Err("Nothing is chosen".to_owned()),
        },
        action::Explain::Take => match explain.block().map(|block| block.goes) {
            Some(Goes::Lead) => {
                let lead = explain.selected().and_then(|entry| library.answer(entry)?.lead.clone());
                return lead.map_or_else(Outcome::default, |lead| take(model, &lead));
            }
            Some(Goes::To(entry)) => {
                explain.go_to(entry, &library);
                Ok(())
            }
            Some(Goes::Nowhere) => Err("This line leads nowhere; y copies it".to_owned()),
            None => Err("Nothing is chosen".to_owned()),
        },
    };
    match went {
        Ok(()) => Outcome::shown(true),
        Err(reason) => Outcome::shown(notify(model, Tone::Refused, reason)),
    }
}

/// Opens one of what was found, to read.
pub(super) fn open(model: &mut Model, title: String, found: Vec<Entry>, entry: Entry) {
    let at = found.iter().position(|found| *found == entry).unwrap_or(0);
    put_on_top(model, Layer::Explain(Box::new(Explain::reading(Scope::of(title, found), at))));
}

/// Does what an answer leads to, on the chosen environment; what was open is put away, with what was typed in it.
fn take(model: &mut Model, lead: &Lead) -> Outcome {
    if let Some(reason) = lead::refused(model, lead) {
        return Outcome::shown(notify(model, Tone::Refused, reason));
    }
    match lead {
        Lead::Way(Way::Tables) => return on_app(model, App::Tables),
        Lead::Item { checklist, item } if lead::opened(model, checklist).is_some() => return go_to_item(model, checklist, item),
        Lead::Item { .. } | Lead::Plan(_) | Lead::Operation(_) | Lead::Way(_) => {}
    }
    for layer in std::mem::take(&mut model.ui.layers) {
        put_away(model, layer);
    }
    let outcome = match (lead, lead::command(lead)) {
        (Lead::Plan(plan) | Lead::Item { checklist: plan, .. }, _) => ask_for_plan(model, plan),
        (Lead::Way(Way::Backups), _) => {
            model.ui.focus = Pane::Timeline;
            Outcome::default()
        }
        (Lead::Way(Way::Loss), Some(Command::Timeline(command))) => {
            model.ui.focus = Pane::Timeline;
            Outcome::shown(on_timeline(model, command))
        }
        (Lead::Way(Way::CopyTargets | Way::RestoreTargets), Some(Command::Wizard(command))) => {
            on_wizard(model, command);
            on_wizard(model, action::Wizard::Next)
        }
        (_, Some(Command::Checklist(command))) => on_checklist(model, command),
        (_, Some(command)) => on_command(model, command),
        (_, None) => Outcome::default(),
    };
    Outcome { redraw: true, ..outcome }
}

/// Goes to an item of a checklist that is open.
fn go_to_item(model: &mut Model, checklist: &str, item: &str) -> Outcome {
    let Some((id, rehearsal)) = lead::opened(model, checklist) else { return Outcome::default() };
    for layer in std::mem::take(&mut model.ui.layers) {
        put_away(model, layer);
    }
    work_on(model, id, rehearsal, item);
    Outcome::shown(true)
}

/// Opens a checklist, real or practice, by the entry that opened it, with the cursor on an item.
pub(super) fn open_item(model: &mut Model, id: EntryId, item: &str) {
    let is_practice = model.estate.journals().any(|(journal, rehearsal)| rehearsal && journal.entry(&id).is_some());
    work_on(model, id, is_practice, item);
}

fn work_on(model: &mut Model, id: EntryId, rehearsal: bool, item: &str) {
    let layout = model.layout();
    let (list, width) = (usize::from(layout.targets().0.inside().height), usize::from(layout.targets().1.inside().width));
    let mut working = Working::new(id, rehearsal);
    working.refresh(&model.estate, &model.ui.templates, &model.rulebook().menus, (list, width));
    let is_there = working.go_to(item, list);
    model.ui.layers.push(Layer::Checklist(Box::new(working)));
    if !is_there {
        notify(model, Tone::Refused, "That item does not apply to it");
    }
}

/// Takes what was read.
pub(super) fn read(model: &mut Model, read: Result<Arc<Library>, String>) -> bool {
    match read {
        Ok(library) => {
            model.ui.library = Some(library);
            super::typing::look_again(model)
        }
        Err(reason) => notify(model, Tone::Failed, reason),
    }
}

/// Rows of what is said about an entry.
pub(super) fn text_height(model: &Model) -> usize {
    usize::from(model.layout().explain().1.inside().height)
}

/// Brings list and text up to date; true when something shown changed.
pub(super) fn refresh(model: &mut Model) -> bool {
    let layout = model.layout();
    let width = usize::from(layout.explain().1.inside().width.saturating_sub(2));
    let height = text_height(model);
    let Some(library) = model.ui.library.clone() else { return false };
    let mut changed = false;
    let mut selected = None;
    for layer in &mut model.ui.layers {
        if let Layer::Explain(explain) = layer {
            changed |= explain.find(&library, layout.rule_rows());
            selected = explain.selected();
        }
    }
    let lead = selected.and_then(|entry| library.answer(entry)?.lead.as_ref()).map(|lead| lead::told(model, lead));
    let menus = model.rulebook().menus.clone();
    for layer in &mut model.ui.layers {
        if let Layer::Explain(explain) = layer {
            changed |= explain.tell(&library, lead.clone(), &menus, (width, height));
        }
    }
    changed
}

//! A move to another tenant: its files are read, its plan is begun, and what stands in the plan is filled in.

use std::sync::Arc;

use chrono::TimeDelta;

use super::facts::keep;
use super::typing::as_wizard;
use super::wizard::{WHO, close_wizard};
use super::{Outcome, notify, put_on_top, show};
use crate::app::checklist::Working;
use crate::app::effect::Effect;
use crate::app::keymap;
use crate::app::model::{Intent, Layer, Model, Tone};
use crate::app::wizard::Wizard;
use crate::domain::checklist;
use crate::domain::environment::EnvironmentId;
use crate::domain::journal::{Entry, What};
use crate::domain::known::Known;
use crate::domain::mapping::Sheet;
use crate::domain::migration::PLAN;
use crate::domain::operation::OperationKind;
use crate::domain::words::list;

/// Opens the wizard for the chosen environment, or for all that are marked. What stands in its plan is not asked again.
pub(super) fn open(model: &mut Model) -> Outcome {
    let Some(chosen) = model.ui.environments.selected() else { return Outcome::default() };
    let chosen_id = model.estate.environment(chosen).id.clone();
    let marked = model.ui.environments.marked();
    let environments: Vec<EnvironmentId> = if marked.is_empty() {
        vec![chosen_id.clone()]
    } else {
        // In the order of the list, so that the same marks mean the same move.
        model.estate.by_name().iter().map(|key| &model.estate.environment(*key).id).filter(|id| marked.contains(*id)).cloned().collect()
    };
    let subject = if environments.contains(&chosen_id) { Some(chosen) } else { environments.first().and_then(|id| model.estate.find(id)) };
    let Some(subject) = subject else { return Outcome::default() };
    let tenants = environments.iter().filter_map(|id| model.estate.find(id)).map(|key| model.estate.environment(key).tenant);
    if tenants.clone().any(|tenant| tenant != model.estate.environment(subject).tenant) {
        let said = "The marked environments are in several tenants: a plan moves those of one tenant together";
        return Outcome::shown(notify(model, Tone::Refused, said));
    }
    let draft = model.ui.drafts.remove(&(OperationKind::Migrate, subject)).unwrap_or_default();
    let mut wizard = Wizard::new(OperationKind::Migrate, subject, draft);
    wizard.fill_in(&model.estate);
    let moving = &mut wizard.draft.moving;
    moving.of(&environments);
    let alone = environments.len() == 1;
    let planned = alone && moving.fill_in(&model.estate, &model.ui.templates, &environments[0]);
    let known = moving.destination(&model.estate).is_some();
    let unread = if planned { moving.unread(false) } else { Vec::new() };
    if planned && known {
        wizard.go_to_review();
    }
    model.ui.layers.push(Layer::Wizard(Box::new(wizard)));
    Outcome { redraw: true, effects: unread.into_iter().map(Effect::ReadMapping).collect() }
}

/// Reads the mapping files that are named and were not read yet; with `again` all of them.
pub(super) fn read_files(model: &mut Model, again: bool) -> Outcome {
    let Some(wizard) = model.ui.layers.last_mut().and_then(as_wizard) else { return Outcome::default() };
    let paths = wizard.draft.moving.unread(again);
    if paths.is_empty() {
        return Outcome::shown(notify(model, Tone::Refused, "Name the mapping file first"));
    }
    Outcome { redraw: true, effects: paths.into_iter().map(Effect::ReadMapping).collect() }
}

/// A mapping file was read, or could not be.
pub(super) fn read(model: &mut Model, path: &str, read: &Result<Arc<Sheet>, String>) -> bool {
    let mut taken = false;
    for layer in &mut model.ui.layers {
        let moving = if let Layer::Taking(taking) = layer { taking.moving.as_deref_mut() } else { as_wizard(layer).map(|wizard| &mut wizard.draft.moving) };
        let Some(moving) = moving else { continue };
        for chosen in moving.each.iter_mut().filter(|chosen| chosen.file() == Some(path)) {
            chosen.take(path.to_owned(), read.clone());
            taken = true;
        }
        moving.top = 0;
    }
    taken
}

/// Asks whether to begin the plan of what is drafted; nothing is written yet.
pub(super) fn ask_to_begin(model: &mut Model) -> bool {
    if let Some(reason) = keymap::writes_nothing(&model.ui.setup) {
        return notify(model, Tone::Refused, reason);
    }
    let Some(wizard) = model.wizard() else { return false };
    let name = |id: &EnvironmentId| model.estate.find(id).map_or("", |key| &*model.estate.environment(key).name);
    let ids: Vec<&EnvironmentId> = wizard.draft.moving.each.iter().filter_map(|chosen| chosen.environment.as_ref()).collect();
    let begun = |id: &&&EnvironmentId| checklist::open_for(model.estate.journal(), &model.ui.templates, id).iter().any(|opened| *opened.template == *PLAN);
    if let Some(id) = ids.iter().find(begun) {
        let said = format!("The plan of {} is begun already: Esc, then o opens it", name(id));
        return notify(model, Tone::Refused, said);
    }
    let names: Vec<&str> = ids.iter().map(|id| name(id)).collect();
    let to = wizard.draft.moving.destination(&model.estate).map_or("", |(_, tenant)| &tenant.name);
    model.ui.asked =
        format!("Begin the plan to move {} to {to}? What was chosen goes into the journal with the list of all steps; nothing else happens yet.", list(&names));
    put_on_top(model, Layer::Confirm(Intent::Move));
    true
}

/// Begins the plan: its choices once, and a checklist for each environment that names them.
pub(super) fn begin(model: &mut Model) -> Outcome {
    let by = match model.estate.viewer() {
        Known::Is(viewer) => Arc::clone(viewer),
        Known::Unknown => return Outcome::shown(notify(model, Tone::Failed, WHO)),
    };
    let Some(wizard) = model.wizard() else { return Outcome::default() };
    let moving = &wizard.draft.moving;
    let (ids, first) = (moving.each.iter().filter_map(|chosen| chosen.environment.clone()), wizard.source());
    let ids: Vec<EnvironmentId> = ids.collect();
    let inputs = moving.inputs(&model.estate, model.now(), model.ui.setup.offset);
    let at = model.estate.journal().stamp(model.ui.now.unskipped);
    let plan = Entry::new(at, Arc::clone(&by), What::Plan { kind: PLAN.into(), inputs });
    // Some milliseconds later, so that the order is kept wherever the entries are sorted.
    let opened = (1..).zip(&ids).map(|(later, environment)| {
        let what = What::ChecklistOpened { environment: environment.clone(), checklist: PLAN.into(), operation: Some(plan.id.clone()) };
        Entry::new(at + TimeDelta::milliseconds(later), Arc::clone(&by), what)
    });
    let opened: Vec<Entry> = opened.collect();
    let subject = &model.estate.environment(first).id;
    let work = opened.iter().find(|entry| matches!(&entry.what, What::ChecklistOpened { environment, .. } if environment == subject));
    let work = work.map(|entry| entry.id.clone());
    let effects = keep(model, [plan].into_iter().chain(opened).collect());
    close_wizard(model);
    show(model, first);
    if let Some(id) = work {
        model.ui.layers.push(Layer::Checklist(Box::new(Working::new(id, false))));
    }
    let said = if ids.len() > 1 {
        "The plan is in the journal, with a checklist for each environment: o opens it"
    } else {
        "The plan is in the journal: leave it and come back with o"
    };
    Outcome { redraw: notify(model, Tone::Done, said), effects }
}

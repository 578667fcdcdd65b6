//! Plans: the checklists that a person begins, whether one can be begun now, and what is asked before.

use chrono::{DateTime, Utc};

use crate::app::action::{Checklist, Command};
use crate::app::keymap::{BINDINGS, Binding, writes_nothing};
use crate::app::model::Model;
use crate::app::wizard::Wizard;
use crate::domain::checklist::{Part, Setting, Template};
use crate::domain::environment::Environment;
use crate::domain::known::Known;
use crate::domain::loss;
use crate::domain::operation::OperationKind;
use crate::domain::request::Back;
use crate::domain::rulebook::Rulebook;
use crate::domain::time::minute;
use crate::domain::words::Word as _;

pub use crate::domain::checklist::ONTO_ITSELF;

/// Whether a point can still be restored to once its environment is a sandbox (RST-045, RST-046).
pub fn reaches(point: DateTime<Utc>, rulebook: &Rulebook, now: DateTime<Utc>) -> bool {
    loss::reached_as_sandbox_until(point, rulebook) >= now
}

/// The plans among the checklists, each with its place there.
pub fn all(templates: &[Template]) -> impl Iterator<Item = &Template> {
    templates.iter().filter(|template| template.plan.is_some())
}

/// The plan with that permanent id.
pub fn of<'a>(templates: &'a [Template], id: &str) -> Option<&'a Template> {
    all(templates).find(|template| &*template.id == id)
}

/// The row of the table of keys that begins a plan; those that a team added have none, and are found in the palette.
pub fn binding(id: &str) -> Option<&'static Binding> {
    BINDINGS.iter().find(|binding| matches!(binding.command, Command::Checklist(Checklist::Plan(plan)) if plan == id))
}

/// Why a plan cannot be begun for the chosen environment, if it cannot.
pub fn refused(model: &Model, id: &str) -> Option<String> {
    let Some(environment) = model.selected() else { return Some("No environment is chosen: clear the filter with Esc".to_owned()) };
    let Some(template) = of(&model.ui.templates, id) else { return Some(format!("There is no plan \"{id}\" among the checklists")) };
    let misses = || template.refused(&setting(model, environment));
    let practised = || {
        let shown = model.estate.is_practised_on(&environment.id);
        shown.then(|| format!("{} is shown as rehearsed: take the rehearsal back with U, then begin the plan", environment.name))
    };
    let never = || never_restored(environment, template, model.rulebook());
    writes_nothing(&model.ui.setup).or_else(practised).or_else(misses).or_else(never)
}

/// Why the restore that is a step of a plan can never be allowed, whatever is created for it: that is said before anybody
/// creates something (D2, RCV-006).
fn never_restored(environment: &Environment, template: &Template, rulebook: &Rulebook) -> Option<String> {
    let name = &environment.name;
    let mut restores = template.items().filter_map(|item| item.does).filter(|does| does.operation == OperationKind::Restore);
    let restore = restores.next()?;
    if environment.is_deleted() == Known::Is(true) {
        return Some(format!("{name} is deleted: nothing of it is restored before V gets it back"));
    }
    if environment.has_database() == Known::Is(false) {
        return Some(format!("{name} has no database, so that there is no backup to restore"));
    }
    let Known::Is(kind) = environment.kind else { return None };
    let goes_onto_others = rulebook.pairs(OperationKind::Restore).source(kind).is_some_and(|row| !row.onto.is_empty());
    let never = restore.part == Part::Source && !goes_onto_others;
    never.then(|| format!("{name} is of the type {}, which is never restored onto another environment", kind.label()))
}

/// What the conditions of a plan are asked about.
fn setting<'a>(model: &'a Model, environment: &'a Environment) -> Setting<'a> {
    Setting { environment, source: None, left: None, inputs: Known::Unknown, edition: model.rulebook().edition, estate: Some(&model.estate) }
}

/// What a plan that restores is begun with: the point of the wizard that it is begun from, else the instant or manual backup of
/// the cursor, where somebody put it somewhere. None where nobody chose one, which is never now.
pub fn chosen_point(model: &Model, template: &Template) -> Option<Back> {
    if !template.items().filter_map(|item| item.does).any(|does| does.operation == OperationKind::Restore) {
        return None;
    }
    if let Some(back) = model.wizard().filter(|wizard| wizard.kind == OperationKind::Restore).and_then(Wizard::back_to) {
        return Some(back.clone());
    }
    model.ui.timeline.cursor?;
    model.ui.timeline.point().map(|point| match point.backup {
        Some(id) => Back::Backup(id.into(), point.at),
        None => Back::To(point.at),
    })
}

/// What is asked before a plan is begun: what it would cost is named first. Refused where it cannot lead to what is wanted.
pub fn question(model: &Model, template: &Template) -> Result<String, String> {
    let Some(environment) = model.selected() else { return Err("No environment is chosen".to_owned()) };
    let (name, rulebook, now) = (&environment.name, model.rulebook(), model.now());
    let setting = setting(model, environment);
    let cautions = template.plan.iter().flat_map(|begins| &begins.caution).filter(|line| setting.meets(&line.when));
    let caution: String = cautions.map(|line| format!("{} ", line.text)).collect();
    let chosen = chosen_point(model, template).map(|back| back.at());
    let back_to = chosen.map_or_else(String::new, |at| format!(", back to {}", minute(at)));
    let begin = format!("Begin the plan \"{}\" for {name}{back_to}? It goes into the journal as a list of steps; nothing else happens yet.", template.title);
    let steps = || template.items().filter_map(|item| item.does);
    if !steps().any(|does| does.operation == OperationKind::Switch) {
        return Ok(format!("{caution}{begin}"));
    }
    let days = rulebook.limits.retention_default;
    if let Some(at) = chosen.filter(|at| !reaches(*at, rulebook, now)) {
        // While it is a sandbox only the last seven days can be chosen (RST-045, RST-047). Fits the narrowest screen.
        return Err(format!("A switch loses {}: restore it onto another sandbox instead (r)", minute(at)));
    }
    let safe = chosen.map_or_else(String::new, |at| {
        let until = loss::reached_as_sandbox_until(at, rulebook);
        format!(" That point is safe as long as it is restored before {} (RST-046).", minute(until))
    });
    let lost = loss::loss(environment, days, rulebook, now);
    let cost = if lost.is_nothing() { String::new() } else { format!("{}. ", lost.by_name()) };
    Ok(format!("{cost}{caution}{begin}{safe}"))
}

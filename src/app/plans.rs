//! Plans: the checklists that a person begins, whether one can be begun now, and what is asked before.

use chrono::{DateTime, TimeDelta, Utc};

use crate::app::action::{Checklist, Command};
use crate::app::keymap::{BINDINGS, Binding, writes_nothing};
use crate::app::model::Model;
use crate::domain::checklist::{Setting, Template};
use crate::domain::environment::Environment;
use crate::domain::known::Known;
use crate::domain::loss;
use crate::domain::operation::OperationKind;
use crate::domain::time::minute;

/// The plans among the checklists, each with its place there.
pub fn all(templates: &[Template]) -> impl Iterator<Item = (usize, &Template)> {
    templates.iter().enumerate().filter(|(_, template)| template.plan.is_some())
}

/// The plan with that permanent id, with its place.
pub fn of<'a>(templates: &'a [Template], id: &str) -> Option<(usize, &'a Template)> {
    all(templates).find(|(_, template)| &*template.id == id)
}

/// The row of the table of keys that begins a plan; those that a team added have none, and are found in the palette.
pub fn binding(id: &str) -> Option<&'static Binding> {
    BINDINGS.iter().find(|binding| matches!(binding.command, Command::Checklist(Checklist::Plan(plan)) if plan == id))
}

/// Why a plan cannot be begun for the chosen environment, if it cannot.
pub fn refused(model: &Model, id: &str) -> Option<String> {
    let Some(environment) = model.selected() else { return Some("No environment is chosen: clear the filter with Esc".to_owned()) };
    let Some((_, template)) = of(&model.ui.templates, id) else { return Some(format!("There is no plan \"{id}\" among the checklists")) };
    let misses = || template.refused(&setting(model, environment));
    let practised = || {
        let shown = model.estate.is_practised_on(&environment.id);
        shown.then(|| format!("{} is shown as rehearsed: take the rehearsal back with U, then begin the plan", environment.name))
    };
    writes_nothing(&model.ui.setup).or_else(practised).or_else(misses)
}

/// What the conditions of a plan are asked about.
fn setting<'a>(model: &'a Model, environment: &'a Environment) -> Setting<'a> {
    Setting { environment, source: None, left: None, inputs: Known::Unknown, edition: model.rulebook().edition, estate: Some(&model.estate) }
}

/// The instant that a plan is begun with: that of the cursor, where somebody put it somewhere and the plan restores.
pub fn chosen_instant(model: &Model, template: &Template) -> Option<DateTime<Utc>> {
    model.ui.timeline.cursor?;
    let restores = template.items().filter_map(|item| item.does).any(|does| does.operation == OperationKind::Restore);
    model.ui.timeline.point().map(|point| point.at).filter(|_| restores)
}

/// What is asked before a plan is begun: what it would cost is named first. Refused where it cannot lead to what is wanted.
pub fn question(model: &Model, template: &Template) -> Result<String, String> {
    let Some(environment) = model.selected() else { return Err("No environment is chosen".to_owned()) };
    let (name, rulebook, now) = (&environment.name, model.rulebook(), model.now());
    let setting = setting(model, environment);
    let cautions = template.plan.iter().flat_map(|begins| &begins.caution).filter(|line| setting.meets(&line.when));
    let caution: String = cautions.map(|line| format!("{} ", line.text)).collect();
    let back_to = chosen_instant(model, template).map_or_else(String::new, |at| format!(", back to {}", minute(at)));
    let begin = format!("Begin the plan \"{}\" for {name}{back_to}? It goes into the journal as a list of steps; nothing else happens yet.", template.title);
    let steps = || template.items().filter_map(|item| item.does);
    if !steps().any(|does| does.operation == OperationKind::Switch) {
        return Ok(format!("{caution}{begin}"));
    }
    let days = rulebook.limits.retention_default;
    let point = model.ui.timeline.point().map(|point| point.at).filter(|_| steps().any(|does| does.operation == OperationKind::Restore));
    if let Some(at) = point.filter(|at| now - *at > TimeDelta::days(i64::from(days))) {
        // While it is a sandbox only the last seven days can be chosen (RST-045, RST-047).
        let chosen = minute(at);
        return Err(format!("A sandbox goes back {days} days only, not to {chosen}: r restores into another sandbox"));
    }
    let lost = loss::loss(environment, days, rulebook, now);
    let cost = if lost.is_nothing() { String::new() } else { format!("{}. ", lost.by_name()) };
    Ok(format!("{cost}{caution}{begin}"))
}

//! What an answer leads to: the key behind it, why it cannot be done now, and how that is said.

use crate::app::action::{App, Checklist, Command, Environments, Timeline, Wizard};
use crate::app::keymap::{BINDINGS, Binding};
use crate::app::model::Model;
use crate::app::plans;
use crate::domain::answers::{Lead, Way};
use crate::domain::checklist;
use crate::domain::journal::EntryId;
use crate::domain::operation::OperationKind;
use crate::domain::words::Word as _;

/// What an answer leads to, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What Enter does, or why it does nothing.
    pub text: String,
    /// Whether it does nothing now.
    pub refused: bool,
}

/// The command behind it; none where an answer goes somewhere that has no key of its own.
pub const fn command(lead: &Lead) -> Option<Command> {
    Some(match lead {
        Lead::Operation(kind) => Command::Wizard(Wizard::Open(*kind)),
        Lead::Way(Way::CopyTargets) => Command::Wizard(Wizard::Open(OperationKind::Copy)),
        Lead::Way(Way::RestoreTargets) => Command::Wizard(Wizard::Open(OperationKind::Restore)),
        Lead::Way(Way::Checklist) => Command::Checklist(Checklist::Open),
        Lead::Way(Way::Loss) => Command::Timeline(Timeline::Loss),
        Lead::Way(Way::Facts) => Command::Environments(Environments::Open),
        Lead::Way(Way::Attention) => Command::App(App::Attention),
        Lead::Way(Way::Tables) => Command::App(App::Tables),
        Lead::Way(Way::Backups) | Lead::Plan(_) | Lead::Item { .. } => return None,
    })
}

/// The row of the table of keys that does it.
pub fn binding(lead: &Lead) -> Option<&'static Binding> {
    if let Lead::Plan(plan) = lead {
        return plans::binding(plan);
    }
    let command = command(lead)?;
    BINDINGS.iter().find(|binding| binding.command == command)
}

/// Why it cannot be done now, if it cannot.
pub fn refused(model: &Model, lead: &Lead) -> Option<String> {
    match (lead, binding(lead)) {
        // The list of tables can be read wherever one is.
        (Lead::Way(Way::Tables), _) => None,
        (Lead::Item { checklist, .. }, _) => {
            if opened(model, checklist).is_some() {
                return None;
            }
            let template = model.ui.templates.iter().find(|template| template.id == *checklist);
            if template.is_some_and(|template| template.plan.is_some()) {
                return plans::refused(model, checklist);
            }
            let title = template.map_or("such", |template| &template.title);
            let name = model.selected().map_or("what is chosen", |environment| &environment.name);
            let opens = template.and_then(|template| template.opened_by.first()).map_or("operation", |opening| opening.operation.word());
            Some(format!("{name} has no open checklist \"{title}\"; one opens when a {opens} onto it is rehearsed or recorded"))
        }
        (Lead::Plan(plan), _) => plans::refused(model, plan),
        (_, Some(binding)) => (binding.disabled)(model),
        (Lead::Operation(kind), None) => Some(format!("the console has no key for it; `envdeck check {}` asks on the command line", kind.word())),
        (Lead::Way(_), None) => model.selected().is_none().then(|| "No environment is chosen: clear the filter with Esc".to_owned()),
    }
}

/// What Enter does on an answer, or why it does nothing.
pub fn told(model: &Model, lead: &Lead) -> Told {
    if let Some(reason) = refused(model, lead) {
        return Told { text: format!("Not now: {reason}"), refused: true };
    }
    let whole_estate = matches!(lead, Lead::Way(Way::Attention | Way::Tables));
    let name = model.selected().filter(|_| !whole_estate).map_or_else(String::new, |environment| format!(", for {}", environment.name));
    let key = binding(lead).and_then(|binding| binding.keys.first()).map_or_else(String::new, |key| format!(" (key {key})"));
    // Where a list is opened further on in a wizard, or in another pane, its key alone would not get there.
    let key = if matches!(lead, Lead::Way(Way::CopyTargets | Way::RestoreTargets | Way::Loss | Way::Facts | Way::Tables)) { String::new() } else { key };
    let label = match lead {
        Lead::Item { checklist, .. } if opened(model, checklist).is_none() => plan_label(model, checklist),
        Lead::Item { checklist, item } => item_text(model, checklist, item).map_or_else(|| lead.label(), |text| format!("goes to \"{text}\" in the checklist")),
        Lead::Plan(plan) => plan_label(model, plan),
        Lead::Operation(_) | Lead::Way(_) => lead.label(),
    };
    Told { text: format!("Enter: {label}{name}{key}"), refused: false }
}

/// What is begun.
fn plan_label(model: &Model, plan: &str) -> String {
    let title = plans::of(&model.ui.templates, plan).map_or(plan, |template| &template.title);
    format!("begins the plan \"{title}\"")
}

/// What an item says.
fn item_text<'a>(model: &'a Model, checklist: &str, item: &str) -> Option<&'a str> {
    let template = model.ui.templates.iter().find(|template| *template.id == *checklist)?;
    template.items().find(|found| *found.id == *item).map(|found| &*found.text)
}

/// The open checklist of that kind: the one that is being worked, else one of the chosen environment; with whether it is practice.
pub fn opened(model: &Model, template: &str) -> Option<(EntryId, bool)> {
    let worked = model.working().filter(|working| working.checklist().is_some_and(|checklist| &*checklist.template == template));
    if let Some(working) = worked {
        return Some((working.id.clone(), working.rehearsal));
    }
    let environment = &model.selected()?.id;
    let of = |(journal, rehearsal)| {
        let open = checklist::open_for(journal, &model.ui.templates, environment);
        open.into_iter().rev().find(|opened| opened.template == template).map(|opened| (opened.entry.id.clone(), rehearsal))
    };
    model.estate.journals().find_map(of)
}

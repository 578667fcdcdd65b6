//! What a settled item says about the environment itself: a property of its component that is so from then on.

use std::collections::{HashMap, HashSet};

use crate::domain::component::{ComponentKind, Components, Property};
use crate::domain::environment::EnvironmentId;
use crate::domain::journal::{Entry, EntryId, ItemAct, What};

/// What an act on an item makes of the components that the item is about.
#[derive(Debug)]
pub struct States {
    /// The item, by its permanent id, in whichever checklist.
    pub item: &'static str,
    /// Settled how.
    pub act: ItemAct,
    /// Of which kind the components are.
    pub kind: ComponentKind,
    /// Which of their properties it is about.
    pub property: &'static str,
    /// What that is from then on.
    value: Value,
}

#[derive(Debug, Clone, Copy)]
enum Value {
    /// There is none.
    Nothing,
    /// This word.
    Word(&'static str),
    /// What was written down with the act, else that it was set.
    Note,
}

const fn states(item: &'static str, act: ItemAct, kind: ComponentKind, property: &'static str, value: Value) -> States {
    States { item, act, kind, property, value }
}

const DISABLED: Value = Value::Word("disabled");

/// Every act that says what is so afterwards (PCP-012 to PCP-014, PCP-016, PCP-018, PCP-026, PCP-027, PCP-035, PCP-037).
pub const STATED: [States; 9] = [
    states("email-incoming", ItemAct::Done, ComponentKind::Mailbox, "incoming", Value::Nothing),
    states("email-outgoing", ItemAct::Done, ComponentKind::Mailbox, "outgoing", Value::Nothing),
    states("email-appointments", ItemAct::Done, ComponentKind::Mailbox, "appointments", Value::Nothing),
    states("sharepoint", ItemAct::Disabled, ComponentKind::SharepointSite, "state", DISABLED),
    states("yammer", ItemAct::Disabled, ComponentKind::Yammer, "state", DISABLED),
    states("plug-ins", ItemAct::Disabled, ComponentKind::PlugIn, "state", DISABLED),
    states("workflow-activities", ItemAct::Disabled, ComponentKind::WorkflowActivity, "state", DISABLED),
    states("flows-review", ItemAct::Disabled, ComponentKind::CloudFlow, "state", DISABLED),
    states("connections-set", ItemAct::Done, ComponentKind::ConnectionReference, "connection", Value::Note),
];

/// A fact that an entry states about components of an environment.
#[derive(Debug)]
pub struct Stated<'a> {
    /// Of which environment.
    pub environment: &'a EnvironmentId,
    /// What is so.
    pub states: &'static States,
    /// The component; none where it is about all of the kind.
    key: Option<&'a str>,
    note: Option<&'a str>,
}

impl Stated<'_> {
    /// Moves the facts.
    pub fn apply(&self, components: &mut Components) {
        let States { kind, property, value, .. } = *self.states;
        components.change(kind, |component| {
            if self.key.is_none_or(|key| key == &*component.id) {
                component.set(
                    property,
                    match value {
                        Value::Nothing => Property::Nothing,
                        Value::Word(word) => Property::Text(word.into()),
                        Value::Note => Property::Text(self.note.unwrap_or("set").into()),
                    },
                );
            }
        });
    }
}

/// What the ticks of the `entries` of a journal that hold state, by the entry that states it; what was opened again or decided otherwise states nothing.
pub fn stated<'a>(entries: impl Iterator<Item = &'a Entry>) -> HashMap<&'a EntryId, Stated<'a>> {
    let entries: Vec<&Entry> = entries.collect();
    let holding: HashSet<&EntryId> = entries.iter().map(|entry| &entry.id).collect();
    let mut opened: HashMap<&EntryId, &EnvironmentId> = HashMap::new();
    let mut last: HashMap<(&EntryId, &str), &EntryId> = HashMap::new();
    for entry in &entries {
        match &entry.what {
            // What was withdrawn takes the ticks of its checklist with it.
            What::ChecklistOpened { environment, operation, .. } if operation.as_ref().is_none_or(|id| holding.contains(id)) => {
                opened.insert(&entry.id, environment);
            }
            What::Item { checklist, item, act, .. } if *act != ItemAct::Noted => drop(last.insert((checklist, item), &entry.id)),
            What::ChecklistOpened { .. }
            | What::Item { .. }
            | What::Note { .. }
            | What::Fact { .. }
            | What::Operation(_)
            | What::ChecklistClosed { .. }
            | What::Plan { .. }
            | What::Withdrawn { .. } => {}
        }
    }
    let one = |entry: &'a Entry| {
        let What::Item { checklist, item, act, note } = &entry.what else { return None };
        last.get(&(checklist, &**item)).filter(|last| ***last == entry.id)?;
        let (id, key) = item.split_once('@').map_or((&**item, None), |(id, key)| (id, Some(key)));
        let states = STATED.iter().find(|states| states.item == id && states.act == *act)?;
        let environment = opened.get(checklist)?;
        Some((&entry.id, Stated { environment, states, key, note: note.as_deref() }))
    };
    entries.into_iter().filter_map(one).collect()
}

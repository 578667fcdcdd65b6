//! What an item recalls or remembers of other items, of its own checklist or of another one for the same environment.

use std::collections::HashMap;

use super::fold::marks;
use super::opened::{Opened, opened};
use super::row::Mark;
use super::template::{ItemOf, Template};
use crate::domain::journal::{ItemAct, Journal};

/// What was done with the items that a checklist recalls or remembers: of its own, and of other checklists of the same
/// environment, whatever the facts list today.
pub(super) struct Elsewhere {
    done: HashMap<Option<Box<str>>, HashMap<Box<str>, Mark>>,
}

impl Elsewhere {
    /// For the checklist that `now` opened, with what was done with its own items.
    pub(super) fn of(template: &Template, own: &HashMap<Box<str>, Vec<Mark>>, journal: &Journal, templates: &[Template], now: &Opened<'_>) -> Self {
        let mut done: HashMap<_, _> = [(None, done_of(own))].into();
        let named = || template.items().flat_map(|item| item.recalls.iter().chain(&item.remembers)).filter_map(|of| of.checklist.as_ref());
        if named().next().is_some() {
            let all = opened(journal, templates);
            for checklist in named() {
                // The newest that stood when this one was opened; its end does not unmake what was written down in it.
                let is = |other: &&Opened<'_>| other.environment == now.environment && *other.template == **checklist && other.entry.at <= now.entry.at;
                if let (false, Some(other)) = (done.contains_key(&Some(checklist.clone())), all.iter().rfind(is)) {
                    done.insert(Some(checklist.clone()), done_of(&marks(journal, other.entry).by_item));
                }
            }
        }
        Self { done }
    }

    /// What was answered to an item, for the same component or for all of them.
    pub(super) fn answer(&self, of: &ItemOf, key: Option<&str>) -> Option<&Mark> {
        let done = self.done.get(&of.checklist)?;
        let mark = key.and_then(|key| done.get(format!("{}@{key}", of.item).as_str())).or_else(|| done.get(&of.item))?;
        Some(mark).filter(|mark| mark.note.is_some())
    }

    /// The components that an item was done for, by their ids.
    pub(super) fn keys(&self, of: &ItemOf) -> Vec<&str> {
        let done = self.done.get(&of.checklist).into_iter().flat_map(HashMap::keys);
        let mut keys: Vec<&str> = done.filter_map(|id| id.strip_prefix(&*of.item)?.strip_prefix('@')).collect();
        keys.sort_unstable();
        keys
    }
}

/// The items that are done, each with the tick that holds.
fn done_of(marks: &HashMap<Box<str>, Vec<Mark>>) -> HashMap<Box<str>, Mark> {
    let holds = |marks: &[Mark]| marks.iter().rfind(|mark| mark.act != ItemAct::Noted).filter(|mark| mark.act == ItemAct::Done).cloned();
    marks.iter().filter_map(|(item, marks)| Some((item.clone(), holds(marks)?))).collect()
}

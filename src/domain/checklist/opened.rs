//! The checklists that the journal opened, and whether they are still worked.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::domain::copy::Level;
use crate::domain::environment::EnvironmentId;
use crate::domain::journal::{Entry, EntryId, Journal, Value, What};
use crate::domain::known::Known;
use crate::domain::operation::Operation;
use crate::domain::words::Word;

/// That a checklist is not worked any further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// Why.
    pub reason: Box<str>,
    /// Who closed it, or did what closed it.
    pub by: Arc<str>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A checklist that was opened for an environment.
#[derive(Debug, Clone)]
pub struct Opened<'a> {
    /// The entry that opened it.
    pub entry: &'a Entry,
    /// For which environment.
    pub environment: &'a EnvironmentId,
    /// Which checklist: the id of its template.
    pub template: &'a str,
    /// The entry of the operation that opened it, and the operation, if one did and is there.
    pub operation: Option<(&'a EntryId, &'a Operation)>,
    /// Set when it is not worked any further: closed, superseded, or its operation was withdrawn.
    pub closed: Option<Closed>,
}

impl Opened<'_> {
    /// The level of the copy that opened it.
    pub fn level(&self) -> Known<Level> {
        let inputs = self.operation.map(|(_, operation)| operation.inputs.as_slice()).unwrap_or_default();
        let level = inputs.iter().find(|(name, _)| &**name == "level").and_then(|(_, value)| match value {
            Value::Text(word) => Level::from_word(word),
            Value::Nothing | Value::Flag(_) | Value::List(_) => None,
        });
        level.map_or(Known::Unknown, Known::Is)
    }
}

/// All checklists that were opened and not withdrawn, oldest first. A newer one of the same kind for the same
/// environment supersedes the older: what it was about is gone.
pub fn opened(journal: &Journal) -> Vec<Opened<'_>> {
    let withdrawn = withdrawn(journal);
    let standing = || journal.entries().iter().filter(|entry| !withdrawn.contains_key(&entry.id));
    let mut operations: HashMap<&EntryId, &Operation> = HashMap::new();
    for entry in journal.entries() {
        if let What::Operation(operation) = &entry.what {
            operations.insert(&entry.id, operation);
        }
    }
    let mut list: Vec<Opened<'_>> = Vec::new();
    let mut places: HashMap<&EntryId, usize> = HashMap::new();
    let mut latest: HashMap<(&EnvironmentId, &str), usize> = HashMap::new();
    for entry in standing() {
        let What::ChecklistOpened { environment, checklist, operation } = &entry.what else { continue };
        let place = list.len();
        if let Some(older) = latest.insert((environment, checklist), place).and_then(|older| list.get_mut(older)) {
            close(older, "superseded by a newer one", entry);
        }
        let mut opened = Opened { entry, environment, template: checklist, operation: None, closed: None };
        if let Some(id) = operation {
            opened.operation = operations.get(id).map(|operation| (id, *operation));
            if let Some(by) = withdrawn.get(id) {
                close(&mut opened, "its operation was withdrawn", by);
            }
        }
        places.insert(&entry.id, place);
        list.push(opened);
    }
    // What closed one may stand before it in the file when both were made at the same instant.
    for entry in standing() {
        let What::ChecklistClosed { checklist, reason } = &entry.what else { continue };
        if let Some(opened) = places.get(checklist).and_then(|place| list.get_mut(*place)) {
            close(opened, reason, entry);
        }
    }
    list
}

/// The checklists of an environment that are still worked, oldest first.
pub fn open_for<'a>(journal: &'a Journal, environment: &EnvironmentId) -> Vec<Opened<'a>> {
    let mut all = opened(journal);
    all.retain(|opened| opened.closed.is_none() && opened.environment == environment);
    all
}

/// Closes it; of several reasons the first in time holds.
fn close(opened: &mut Opened<'_>, reason: &str, by: &Entry) {
    if opened.closed.as_ref().is_none_or(|closed| by.at < closed.at) {
        opened.closed = Some(Closed { reason: reason.into(), by: Arc::clone(&by.by), at: by.at });
    }
}

/// The entries that were withdrawn, each with the entry that says so.
pub(super) fn withdrawn(journal: &Journal) -> HashMap<&EntryId, &Entry> {
    let mut withdrawn = HashMap::new();
    for entry in journal.entries() {
        if let What::Withdrawn { entry: of, .. } = &entry.what {
            withdrawn.entry(of).or_insert(entry);
        }
    }
    withdrawn
}

//! The checklists that the journal opened, and whether they are still worked.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::template::Template;
use crate::domain::copy::Level;
use crate::domain::environment::EnvironmentId;
use crate::domain::journal::{Entry, EntryId, Journal, Value, What};
use crate::domain::known::Known;
use crate::domain::operation::{Operation, OperationKind, Outcome};
use crate::domain::request::Back;
use crate::domain::time;
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

/// The plan that restores production onto itself, by its permanent id.
pub const ONTO_ITSELF: &str = "restore-to-production";

/// The choices of an operation or plan, by name.
pub type Inputs = [(Box<str>, Value)];

/// The choice of a plan that says to which instant it restores.
const BACK_TO: &str = "at";

/// The choice of a plan that names the manual backup that it restores, by its id; none for an instant of the system backup.
const BACKUP: &str = "backup";

/// The instant among the choices of a plan.
pub fn back_to(chosen: &Inputs) -> Option<DateTime<Utc>> {
    time::parse(text(chosen, BACK_TO)?)
}

/// The instant or manual backup among the choices of a plan.
pub fn back(chosen: &Inputs) -> Option<Back> {
    let at = back_to(chosen)?;
    Some(text(chosen, BACKUP).map_or(Back::To(at), |id| Back::Backup(id.into(), at)))
}

/// The choices of a plan that restores that.
pub fn inputs_of(back: &Back) -> Vec<(Box<str>, Value)> {
    let text = |name: &str, value: &str| (name.into(), Value::Text(value.into()));
    let at = text(BACK_TO, &time::rfc3339(back.at()));
    let backup = if let Back::Backup(id, _) = back { Some(text(BACKUP, id)) } else { None };
    [at].into_iter().chain(backup).collect()
}

fn text<'a>(chosen: &'a Inputs, name: &str) -> Option<&'a str> {
    chosen.iter().find(|(known, _)| **known == *name).and_then(|(_, value)| if let Value::Text(text) = value { Some(&**text) } else { None })
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
    /// The entry of the plan that it belongs to, and its choices, if it belongs to one.
    pub plan: Option<(&'a EntryId, &'a Inputs)>,
    /// Set when it is not worked any further: closed, superseded, or its operation was withdrawn.
    pub closed: Option<Closed>,
}

impl<'a> Opened<'a> {
    /// What was chosen for the operation or plan that opened it; unknown where neither is there.
    pub fn inputs(&self) -> Known<&'a Inputs> {
        match (self.operation, self.plan) {
            (Some((_, operation)), _) => Known::Is(&operation.inputs),
            (None, Some((_, inputs))) => Known::Is(inputs),
            (None, None) => Known::Unknown,
        }
    }

    /// The level of the copy that opened it.
    pub fn level(&self) -> Known<Level> {
        super::template::level(self.inputs())
    }
}

/// All checklists that were opened and not withdrawn, oldest first. A newer one of the same kind for the same
/// environment supersedes the older, and so does an operation by which what it was about is gone.
pub fn opened<'a>(journal: &'a Journal, templates: &[Template]) -> Vec<Opened<'a>> {
    let withdrawn = withdrawn(journal);
    let standing = || journal.entries().iter().filter(|entry| !withdrawn.contains_key(&entry.id));
    let mut operations: HashMap<&EntryId, &Operation> = HashMap::new();
    let mut plans: HashMap<&EntryId, &Inputs> = HashMap::new();
    for entry in journal.entries() {
        match &entry.what {
            What::Operation(operation) => drop(operations.insert(&entry.id, operation)),
            What::Plan { inputs, .. } => drop(plans.insert(&entry.id, inputs)),
            What::Note { .. }
            | What::Fact { .. }
            | What::ChecklistOpened { .. }
            | What::Item { .. }
            | What::ChecklistClosed { .. }
            | What::Withdrawn { .. } => {}
        }
    }
    let mut list: Vec<Opened<'_>> = Vec::new();
    let mut places: HashMap<&EntryId, usize> = HashMap::new();
    let mut of_environment: HashMap<&EnvironmentId, Vec<usize>> = HashMap::new();
    let mut steps_done: HashSet<(usize, OperationKind)> = HashSet::new();
    // Entries stand in the order of time, so what was closed by now stays closed for that reason: whatever follows asks only
    // those that are open, and a journal of years takes no longer for each of its entries.
    let can_close = |list: &[Opened<'_>], place: usize, entry: &Entry| {
        list.get(place).is_some_and(|opened| opened.closed.as_ref().is_none_or(|closed| entry.at < closed.at))
    };
    for entry in standing() {
        match &entry.what {
            What::ChecklistOpened { environment, checklist, operation } => {
                let place = list.len();
                let others = of_environment.entry(environment).or_default();
                others.retain(|older| can_close(&list, *older, entry));
                for older in others.iter() {
                    if let Some(older) = list.get_mut(*older).filter(|older| *older.template == **checklist) {
                        close(older, "superseded by a newer one", entry);
                    }
                }
                others.push(place);
                let mut opened = Opened { entry, environment, template: checklist, operation: None, plan: None, closed: None };
                if let Some(id) = operation {
                    opened.operation = operations.get(id).map(|operation| (id, *operation));
                    opened.plan = plans.get(id).map(|inputs| (id, *inputs));
                    if let Some(by) = withdrawn.get(id) {
                        close(&mut opened, "what opened it was withdrawn", by);
                    }
                }
                places.insert(&entry.id, place);
                list.push(opened);
            }
            What::Operation(operation) if operation.outcome == Outcome::Succeeded => {
                let mut ends = |place: usize, opened: &Opened<'_>| {
                    let Some(template) = templates.iter().find(|template| *template.id == *opened.template) else { return false };
                    // What opened it, or is a step of it, is what it is about.
                    let own = opened.operation.is_some_and(|(own, _)| *own == entry.id);
                    let step = || opened.operation.is_none() && template.items().any(|item| item.does.is_some_and(|does| does.operation == operation.kind));
                    template.ended_by.contains(&operation.kind) && !own && !(step() && steps_done.insert((place, operation.kind)))
                };
                let Some(places) = of_environment.get_mut(&operation.target) else { continue };
                places.retain(|place| can_close(&list, *place, entry));
                for place in places.iter() {
                    if let Some(opened) = list.get_mut(*place).filter(|opened| ends(*place, opened)) {
                        close(opened, &format!("superseded: the environment had a later \"{}\"", operation.kind.label()), entry);
                    }
                }
            }
            What::Operation(_)
            | What::Note { .. }
            | What::Fact { .. }
            | What::Item { .. }
            | What::ChecklistClosed { .. }
            | What::Plan { .. }
            | What::Withdrawn { .. } => {}
        }
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
pub fn open_for<'a>(journal: &'a Journal, templates: &[Template], environment: &EnvironmentId) -> Vec<Opened<'a>> {
    let mut all = opened(journal, templates);
    all.retain(|opened| opened.closed.is_none() && opened.environment == environment);
    all
}

/// The point of its own that production is to be restored to by a plan that is still worked; none once it was restored. What
/// ended the plan otherwise is not looked at but for what takes its backups with it.
pub fn planned_point(journal: &Journal, environment: &EnvironmentId) -> Option<DateTime<Utc>> {
    let all = opened(journal, &[]);
    let open = all.iter().rfind(|opened| opened.closed.is_none() && opened.environment == environment && opened.template == ONTO_ITSELF)?;
    let point = back_to(open.plan?.1)?;
    let since = journal.holding().filter(|entry| entry.at > open.entry.at);
    let over = since.filter_map(|entry| if let What::Operation(operation) = &entry.what { Some(operation) } else { None }).any(|operation| {
        let ends = [OperationKind::Restore, OperationKind::Copy, OperationKind::Reset, OperationKind::Delete].contains(&operation.kind);
        ends && operation.target == *environment && operation.outcome == Outcome::Succeeded
    });
    (!over).then_some(point)
}

/// Closes it; of several reasons the first in time holds.
fn close(opened: &mut Opened<'_>, reason: &str, by: &Entry) {
    if opened.closed.as_ref().is_none_or(|closed| by.at < closed.at) {
        opened.closed = Some(Closed { reason: reason.into(), by: Arc::clone(&by.by), at: by.at });
    }
}

/// The entries that were withdrawn, each with the entry that says so.
pub(super) fn withdrawn(journal: &Journal) -> HashMap<&EntryId, &Entry> {
    journal.withdrawn()
}

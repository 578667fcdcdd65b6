//! Finds what was recorded here in the admin center's own history: what it lists, the capture contains.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::disallowed::{End, names};
use crate::domain::environment::{PastOperation, PastState};
use crate::domain::journal::{EntryId, Journal, What};
use crate::domain::known::Known;
use crate::domain::operation::Operation;
use crate::domain::request::kinds::EDIT;
use crate::domain::snapshot::Snapshot;

/// So far apart may be what somebody typed and what the admin center noted down.
const APART: TimeDelta = TimeDelta::minutes(15);

/// The recorded operations that the history of their target lists as ended, and when they ended. Each line of a history is
/// one operation, however many were recorded.
pub fn listed(journal: &Journal, snapshot: &Snapshot) -> HashMap<EntryId, DateTime<Utc>> {
    let (mut listed, mut taken) = (HashMap::new(), HashSet::new());
    for entry in journal.holding() {
        let What::Operation(operation) = &entry.what else { continue };
        let open = snapshot.history(&operation.target).iter().filter(|past| !taken.contains(&(&operation.target, &past.id)));
        let same = open.filter_map(|past| Some((past, same(operation, past)?)));
        if let Some((past, (_, ended))) = same.min_by_key(|(_, (started, _))| (*started - operation.started_at).abs()) {
            taken.insert((&operation.target, &past.id));
            listed.insert(entry.id.clone(), ended);
        }
    }
    listed
}

/// When an operation of the history began and ended, if it is the one that was recorded.
fn same(operation: &Operation, past: &PastOperation) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let is_over = past.state.is(|state| matches!(state, PastState::Succeeded | PastState::Failed));
    // Of an "Edit" nobody can tell what it changed.
    let is_it = names(operation.kind, End::Target).iter().any(|name| *name != EDIT && name.eq_ignore_ascii_case(&past.operation));
    let (started, ended) = match (past.started_at, past.ended_at) {
        (Known::Is(started), Known::Is(ended)) => (started, ended),
        (Known::Is(one), Known::Unknown) | (Known::Unknown, Known::Is(one)) => (one, one),
        (Known::Unknown, Known::Unknown) => return None,
    };
    let is_then = started <= operation.completed_at.unwrap_or(operation.started_at) + APART && ended >= operation.started_at - APART;
    (is_over && is_it && is_then).then_some((started, ended))
}

//! An older snapshot as its journal moved it on, over which a new capture is laid: what no export says stays as it was known last.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::assemble::Assembled;
use crate::domain::environment::{Environment, EnvironmentId};
use crate::domain::estate::{Estate, Snapshot};
use crate::domain::fact;
use crate::domain::journal::{Journal, Subject, What};
use crate::domain::known::Known;
use crate::domain::seen;
use crate::domain::tenant::Tenant;

/// The old snapshot at the instant of the new capture. An operation that was recorded before it is in its facts from now on,
/// because the journal is only applied to what came after a capture. A fact that was typed since and says something else
/// leaves the old one unknown, so that the answer still counts, and still says who gave it.
pub fn moved_on(old: &Snapshot, journal: &Journal, captured_at: DateTime<Utc>) -> Snapshot {
    let mut recorded = Journal::default();
    for entry in journal.holding() {
        if let What::Operation(operation) = &entry.what
            && operation.completed_at.is_some_and(|at| at < captured_at)
        {
            recorded.add(entry.clone());
        }
    }
    let estate = Estate::new(old.clone(), recorded, None, None);
    let mut answered: HashMap<&Subject, Vec<&str>> = HashMap::new();
    for entry in journal.holding() {
        if let What::Fact { about, field, .. } = &entry.what
            && !seen_at(old, about, field).is(|seen_at| entry.at < *seen_at)
        {
            answered.entry(about).or_default().push(field);
        }
    }
    let mut moved = Snapshot::default();
    (moved.captured_at, moved.edition, moved.operator) = (old.captured_at, old.edition, old.operator.clone());
    for tenant in old.tenants() {
        let (mut left, nothing) = (tenant.clone(), Tenant::unexplored(tenant.id.clone(), tenant.name.clone()));
        for name in answered.get(&Subject::Tenant(tenant.id.clone())).into_iter().flatten() {
            if let Ok(field) = fact::of_tenant(name) {
                field.adopt(&nothing, &mut left);
            }
        }
        moved.add_tenant(left);
    }
    for before in old.environments() {
        let Some(now) = estate.find(&before.id).map(|key| estate.environment(key)) else { continue };
        let mut left = without_doubts(now.clone(), before);
        let nothing = Environment::unexplored(before.tenant, before.id.clone(), before.name.clone());
        for name in answered.get(&Subject::Environment(before.id.clone())).into_iter().flatten() {
            if let Ok(field) = fact::of_environment(name) {
                field.adopt(&nothing, &mut left);
            }
        }
        // Ids were unique in the old one.
        let _ = moved.add_environment(left);
    }
    moved
}

/// When the older snapshot saw the group of facts that an answer belongs to.
fn seen_at(old: &Snapshot, about: &Subject, field: &str) -> Known<DateTime<Utc>> {
    let seen = match about {
        Subject::Environment(id) => old.environment(id).zip(seen::group_of(field)).map(|(of, group)| of.seen(group, old.captured_at)),
        Subject::Tenant(id) => {
            let tenant = old.tenants().iter().find(|tenant| tenant.id == *id);
            tenant.zip(seen::tenant_group_of(field)).map(|(of, group)| of.seen(group, old.captured_at))
        }
    };
    seen.unwrap_or(old.captured_at)
}

/// Without what is worked out from the journal each time, and stands in no snapshot.
fn without_doubts(mut now: Environment, before: &Environment) -> Environment {
    (now.restorable_since, now.sandbox_since) = (before.restorable_since, before.sandbox_since);
    (now.kept_since, now.may_be_gone_before) = (before.kept_since, before.may_be_gone_before);
    now.unbacked.clone_from(&before.unbacked);
    if let Known::Is(backups) = &mut now.backups {
        for backup in backups {
            (backup.overwritten, backup.may_be_gone) = (false, false);
        }
    }
    if let Known::Is(Some(orders)) = &mut now.order_management
        && let Known::Is(orchestrations) = &mut orders.orchestrations
    {
        orchestrations.iter_mut().for_each(|orchestration| orchestration.invalid_actions = false);
    }
    now
}

/// Whether the new capture lists all environments of every tenant of the old one, so that its instant is that of all facts.
pub fn is_complete(old: &Snapshot, assembled: &Assembled) -> bool {
    old.tenants().iter().all(|tenant| assembled.listed.contains(&tenant.id.to_ascii_lowercase()))
}

/// Whether something was recorded or typed since the old capture about what the new one describes, so that its instant has
/// to move on although it does not list everything.
pub fn is_overtaken(old: &Snapshot, journal: &Journal, assembled: &Assembled) -> bool {
    let is_since = |at: DateTime<Utc>| !old.captured_at.is(|captured_at| at < *captured_at);
    let environments: HashSet<String> = assembled.snapshot.environments().map(|environment| environment.id.as_str().to_ascii_lowercase()).collect();
    let describes = |id: &EnvironmentId| environments.contains(&id.as_str().to_ascii_lowercase());
    journal.holding().any(|entry| match &entry.what {
        What::Operation(operation) => operation.completed_at.is_some_and(is_since) && describes(&operation.target),
        What::Fact { about: Subject::Environment(id), .. } => is_since(entry.at) && describes(id),
        What::Fact { about: Subject::Tenant(id), .. } => {
            is_since(entry.at) && assembled.snapshot.tenants().iter().any(|tenant| tenant.id.eq_ignore_ascii_case(id))
        }
        _ => false,
    })
}

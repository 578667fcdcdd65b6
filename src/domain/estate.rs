//! Everything known about the tenants: the facts of the snapshot, moved on by the journal.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::copying::{self, Plan, Request, Schedule};
use crate::domain::environment::{Environment, EnvironmentId, EnvironmentState};
use crate::domain::journal::{Clash, Entry, EntryId, Journal, Value, What};
use crate::domain::known::Known;
use crate::domain::operation::{Operation, OperationKind, Outcome};
use crate::domain::rulebook::{Edition, Rulebook};
use crate::domain::tenant::{Tenant, TenantKey};

/// Position of an environment in its estate; stable for the life of the estate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EnvironmentKey(pub u32);

/// Why an environment could not be added: this one has the same id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DuplicateId(pub EnvironmentKey);

/// What was seen when the tenant was captured; the loader fills it, the estate is folded from it.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// When the tenant was looked at.
    pub captured_at: Known<DateTime<Utc>>,
    /// Which rulebook the snapshot asks for.
    pub edition: Known<Edition>,
    /// Who looked.
    pub operator: Known<Arc<str>>,
    tenants: Vec<Tenant>,
    environments: Vec<Arc<Environment>>,
    by_id: HashMap<EnvironmentId, EnvironmentKey>,
}

impl Snapshot {
    /// Adds a tenant, whose environments follow.
    pub fn add_tenant(&mut self, tenant: Tenant) -> TenantKey {
        let key = TenantKey(u32::try_from(self.tenants.len()).unwrap_or(u32::MAX));
        self.tenants.push(tenant);
        key
    }

    /// The key that the next tenant gets.
    pub fn next_tenant(&self) -> TenantKey {
        TenantKey(u32::try_from(self.tenants.len()).unwrap_or(u32::MAX))
    }

    /// Adds an environment, unless its id is taken.
    pub fn add_environment(&mut self, environment: Environment) -> Result<EnvironmentKey, DuplicateId> {
        let key = EnvironmentKey(u32::try_from(self.environments.len()).unwrap_or(u32::MAX));
        if let Some(same) = self.by_id.get(&environment.id) {
            return Err(DuplicateId(*same));
        }
        self.by_id.insert(environment.id.clone(), key);
        self.environments.push(Arc::new(environment));
        Ok(key)
    }

    /// The tenants so far.
    pub fn tenants(&self) -> &[Tenant] {
        &self.tenants
    }

    /// How many environments there are so far.
    pub fn environment_count(&self) -> usize {
        self.environments.len()
    }
}

/// An operation that is tried out in memory: never saved, taken back with a key.
#[derive(Debug, Clone)]
pub struct Rehearsal {
    /// What is tried out.
    pub plan: Plan,
    /// When each stage ends.
    pub schedule: Schedule,
    /// The operation, its checklist and the ticks: practice, not evidence. Empty while it runs.
    pub journal: Journal,
}

impl Rehearsal {
    /// Whether all stages are over.
    pub fn is_done(&self) -> bool {
        !self.journal.entries().is_empty()
    }

    /// Takes back the newest tick; false when there is none.
    fn take_back_tick(&mut self) -> bool {
        /// The operation and the opening of its checklist.
        const BEGINNING: usize = 2;
        if self.journal.entries().len() <= BEGINNING {
            return false;
        }
        // A tick that changed a fact is two entries: the change stands behind the tick.
        while let Some(entry) = self.journal.take_back() {
            if matches!(entry.what, What::Item { .. }) {
                break;
            }
        }
        true
    }
}

/// What undoing took back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undone {
    /// A tick in the checklist of a rehearsal.
    Tick,
    /// A whole rehearsal, of a copy onto this environment.
    Rehearsal(EnvironmentId),
}

/// The facts as they stand now: the snapshot, moved on by the journal and by rehearsals.
///
/// Only its own functions change it, and every change raises its revision.
#[derive(Debug, Clone)]
pub struct Estate {
    snapshot: Snapshot,
    current: Vec<Arc<Environment>>,
    journal: Journal,
    rehearsals: Vec<Rehearsal>,
    edition: Edition,
    viewer: Option<Arc<str>>,
    by_name: Vec<EnvironmentKey>,
    counts: Vec<usize>,
    revision: u64,
}

impl Estate {
    /// Folds a snapshot and its journal; `edition` and `viewer` override what the snapshot says.
    pub fn new(snapshot: Snapshot, journal: Journal, edition: Option<Edition>, viewer: Option<Arc<str>>) -> Self {
        let edition = edition.unwrap_or(match snapshot.edition {
            Known::Is(edition) => edition,
            Known::Unknown => Edition::Articles,
        });
        let mut counts = vec![0; snapshot.tenants.len()];
        for environment in &snapshot.environments {
            if let Some(count) = counts.get_mut(environment.tenant.0 as usize) {
                *count += 1;
            }
        }
        let mut estate = Self {
            current: snapshot.environments.clone(),
            by_name: sorted_by_name(&snapshot.environments),
            snapshot,
            journal,
            rehearsals: Vec::new(),
            edition,
            viewer,
            counts,
            revision: 0,
        };
        estate.fold();
        estate
    }

    /// Works out the facts again: the snapshot, then what was carried out since, then what is rehearsed.
    fn fold(&mut self) {
        self.revision += 1;
        let before = std::mem::replace(&mut self.current, self.snapshot.environments.clone());
        let since = self.snapshot.captured_at;
        let journal = std::mem::take(&mut self.journal);
        for operation in journal.operations() {
            // A capture that is newer than the operation shows its result already, but for what no capture shows. The demo
            // begins at the instant of its capture, so what is recorded at that instant came after it.
            match operation.completed_at {
                Some(at) if since.is(|captured_at| at < *captured_at) => self.apply_unseen(operation, at),
                Some(_) | None => self.apply(operation),
            }
        }
        self.journal = journal;
        let rehearsals = std::mem::take(&mut self.rehearsals);
        for rehearsal in &rehearsals {
            if rehearsal.is_done() {
                for entry in rehearsal.journal.entries() {
                    if let What::Operation(operation) = &entry.what {
                        self.apply(operation);
                    }
                }
            } else {
                let Request { source, target, .. } = rehearsal.plan.request();
                self.change(source, |environment| environment.state = Known::Is(EnvironmentState::Running));
                self.change(target, |environment| environment.state = Known::Is(EnvironmentState::Running));
            }
        }
        self.rehearsals = rehearsals;
        if self.current.iter().zip(&before).any(|(now, before)| now.name != before.name) {
            self.by_name = sorted_by_name(&self.current);
        }
    }

    /// Moves the facts on by one operation.
    fn apply(&mut self, operation: &Operation) {
        let flag = || operation.inputs.iter().any(|(name, value)| &**name == "on" && *value == Value::Flag(true));
        match (operation.outcome, operation.kind) {
            (Outcome::Started, _) => self.change(&operation.target, |environment| environment.state = Known::Is(EnvironmentState::Running)),
            (Outcome::Failed, _) => {}
            (Outcome::Succeeded, OperationKind::Copy) => {
                let Some(request) = copying::request_of(operation) else { return };
                let Some(source) = self.find(&request.source).map(|key| Arc::clone(&self.current[key.0 as usize])) else { return };
                let at = operation.completed_at.unwrap_or(operation.started_at);
                self.change(&request.target, |environment| *environment = copying::after(&source, environment, &request, at));
            }
            (Outcome::Succeeded, OperationKind::AdminMode) => self.change(&operation.target, |environment| environment.admin_mode = Known::Is(flag())),
            (Outcome::Succeeded, OperationKind::Background) => {
                self.change(&operation.target, |environment| environment.background_operations = Known::Is(flag()))
            }
            (Outcome::Succeeded, _) => {}
        }
    }

    /// What an operation changed that a capture made after it does not show.
    fn apply_unseen(&mut self, operation: &Operation, at: DateTime<Utc>) {
        if (operation.outcome, operation.kind) == (Outcome::Succeeded, OperationKind::Copy) {
            self.change(&operation.target, |environment| copying::overwritten(environment, at));
        }
    }

    fn change(&mut self, id: &EnvironmentId, change: impl FnOnce(&mut Environment)) {
        if let Some(environment) = self.find(id).and_then(|key| self.current.get_mut(key.0 as usize)) {
            change(Arc::make_mut(environment));
        }
    }

    /// When the tenant was looked at.
    pub fn captured_at(&self) -> Known<DateTime<Utc>> {
        self.snapshot.captured_at
    }

    /// The rulebook that decides.
    pub const fn edition(&self) -> Edition {
        self.edition
    }

    /// Who looks now.
    pub fn viewer(&self) -> Known<&Arc<str>> {
        match &self.viewer {
            Some(viewer) => Known::Is(viewer),
            None => self.snapshot.operator.as_ref(),
        }
    }

    /// Whether the roles in the snapshot are those of the person who looks: roles of somebody else say nothing.
    pub fn roles_are_the_viewers(&self) -> bool {
        match (&self.viewer, &self.snapshot.operator) {
            (Some(viewer), Known::Is(operator)) => viewer.eq_ignore_ascii_case(operator),
            (None, _) | (_, Known::Unknown) => true,
        }
    }

    /// Raised by every change.
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// The tenants, in the order of the file.
    pub fn tenants(&self) -> impl Iterator<Item = (TenantKey, &Tenant)> {
        self.snapshot.tenants.iter().zip(0..).map(|(tenant, key)| (TenantKey(key), tenant))
    }

    /// One tenant. Keys come from this estate, so it is always there.
    pub fn tenant(&self, key: TenantKey) -> &Tenant {
        &self.snapshot.tenants[key.0 as usize]
    }

    /// How many environments a tenant has, or all tenants together.
    pub fn count(&self, tenant: Option<TenantKey>) -> usize {
        match tenant {
            Some(tenant) => self.counts.get(tenant.0 as usize).copied().unwrap_or(0),
            None => self.current.len(),
        }
    }

    /// The environments of all tenants, in the order of the file.
    pub fn environments(&self) -> impl ExactSizeIterator<Item = (EnvironmentKey, &Environment)> {
        self.current.iter().enumerate().map(|(key, environment)| (EnvironmentKey(u32::try_from(key).unwrap_or(u32::MAX)), &**environment))
    }

    /// The environments of all tenants, in the order of their names, ignoring case.
    pub fn by_name(&self) -> &[EnvironmentKey] {
        &self.by_name
    }

    /// One environment. Keys come from this estate, so it is always there.
    pub fn environment(&self, key: EnvironmentKey) -> &Environment {
        &self.current[key.0 as usize]
    }

    /// The environment with that id.
    pub fn find(&self, id: &EnvironmentId) -> Option<EnvironmentKey> {
        self.snapshot.by_id.get(id).copied()
    }

    /// What envdeck added.
    pub const fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Adds entries to the journal.
    pub fn record(&mut self, entries: impl IntoIterator<Item = Entry>) {
        for entry in entries {
            self.journal.add(entry);
        }
        self.fold();
    }

    /// Takes over the journal as it is in its file, whatever this one says.
    pub fn replace_journal(&mut self, entries: Vec<Entry>) {
        self.journal = Journal::new(entries);
        self.fold();
    }

    /// Takes over entries that were found in the file and returns those that clash.
    pub fn merge_journal(&mut self, entries: Vec<Entry>) -> Vec<Clash> {
        let before = self.journal.entries().len();
        let clashes = self.journal.merge(entries);
        if self.journal.entries().len() != before {
            self.fold();
        }
        clashes
    }

    /// Follows another estate: what was computed from that one is never taken for this one's.
    #[must_use]
    pub fn following(mut self, before: &Self) -> Self {
        self.revision = self.revision.max(before.revision) + 1;
        self
    }

    /// What is rehearsed, in the order in which it was begun.
    pub fn rehearsals(&self) -> &[Rehearsal] {
        &self.rehearsals
    }

    /// The rehearsal that runs onto or from an environment.
    pub fn running(&self, id: &EnvironmentId) -> Option<&Rehearsal> {
        self.rehearsals.iter().find(|rehearsal| !rehearsal.is_done() && (rehearsal.plan.request().target == *id || rehearsal.plan.request().source == *id))
    }

    /// Whether what is shown of an environment was only rehearsed.
    pub fn is_rehearsed(&self, id: &EnvironmentId) -> bool {
        self.rehearsals.iter().any(|rehearsal| rehearsal.is_done() && rehearsal.plan.request().target == *id)
    }

    /// Begins to rehearse a plan.
    pub fn rehearse(&mut self, plan: Plan, rulebook: &Rulebook, now: DateTime<Utc>) {
        let Some(source) = self.find(&plan.request().source) else { return };
        let schedule = Schedule::of(self.environment(source), plan.request().level, rulebook, now);
        self.rehearsals.push(Rehearsal { plan, schedule, journal: Journal::default() });
        self.fold();
    }

    /// Completes rehearsals whose time has come and returns the environments that they were done to.
    pub fn settle(&mut self, by: &Arc<str>, now: DateTime<Utc>) -> Vec<EnvironmentId> {
        let mut completed = Vec::new();
        for rehearsal in self.rehearsals.iter_mut().filter(|rehearsal| !rehearsal.is_done() && now >= rehearsal.schedule.done_at()) {
            let operation = rehearsal.plan.operation(rehearsal.schedule.started_at, rehearsal.schedule.done_at(), None, None);
            completed.push(operation.target.clone());
            for entry in entries_of(operation, Arc::clone(by), rehearsal.schedule.done_at()) {
                rehearsal.journal.add(entry);
            }
        }
        if !completed.is_empty() {
            self.fold();
        }
        completed
    }

    /// Adds entries to the practice of the rehearsal that opened this checklist; false when no rehearsal did.
    pub fn practise(&mut self, checklist: &EntryId, entries: Vec<Entry>) -> bool {
        let Some(rehearsal) = self.rehearsals.iter_mut().find(|rehearsal| rehearsal.journal.entry(checklist).is_some()) else { return false };
        for entry in entries {
            rehearsal.journal.add(entry);
        }
        self.fold();
        true
    }

    /// Takes back the last rehearsed step: the newest tick of the newest rehearsal, or the rehearsal itself.
    pub fn undo(&mut self) -> Option<Undone> {
        let last = self.rehearsals.last_mut()?;
        let undone = if last.take_back_tick() {
            Undone::Tick
        } else {
            let target = last.plan.request().target.clone();
            self.rehearsals.pop();
            Undone::Rehearsal(target)
        };
        self.fold();
        Some(undone)
    }

    /// Takes back the newest tick in the checklist of a rehearsal; false when there is none.
    pub fn untick(&mut self, checklist: &EntryId) -> bool {
        let Some(rehearsal) = self.rehearsals.iter_mut().find(|rehearsal| rehearsal.journal.entry(checklist).is_some()) else { return false };
        let unticked = rehearsal.take_back_tick();
        if unticked {
            self.fold();
        }
        unticked
    }

    /// Whether something of a rehearsal shows in the facts of an environment.
    pub fn is_practised_on(&self, id: &EnvironmentId) -> bool {
        self.running(id).is_some() || self.is_rehearsed(id)
    }

    /// Takes back everything that was rehearsed and returns how much it was.
    pub fn discard(&mut self) -> usize {
        let count = self.rehearsals.len();
        if count > 0 {
            self.rehearsals.clear();
            self.fold();
        }
        count
    }

    /// The journals that checklists are worked in: those of rehearsals, the newest first, then the real one.
    pub fn journals(&self) -> impl Iterator<Item = (&Journal, bool)> {
        let practice = self.rehearsals.iter().rev().map(|rehearsal| (&rehearsal.journal, true));
        practice.chain([(&self.journal, false)])
    }
}

/// What is written down when an operation was carried out: the operation, and the opening of its checklist.
pub fn entries_of(operation: Operation, by: Arc<str>, at: DateTime<Utc>) -> Vec<Entry> {
    let environment = operation.target.clone();
    let carried_out = Entry::new(at, Arc::clone(&by), What::Operation(Box::new(operation)));
    let opened = What::ChecklistOpened { environment, checklist: copying::CHECKLIST.into(), operation: Some(carried_out.id.clone()) };
    // A millisecond later, so that the order is kept wherever the entries are sorted.
    vec![carried_out, Entry::new(at + TimeDelta::milliseconds(1), by, opened)]
}

fn sorted_by_name(environments: &[Arc<Environment>]) -> Vec<EnvironmentKey> {
    let mut named: Vec<_> = environments.iter().zip(0..).map(|(environment, key)| (environment.name.to_lowercase(), EnvironmentKey(key))).collect();
    named.sort_unstable();
    named.into_iter().map(|(_, key)| key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two tenants with the environments `id name`.
    fn estate(edition: Known<Edition>, override_edition: Option<Edition>) -> Estate {
        let mut snapshot = Snapshot { edition, ..Snapshot::default() };
        for (tenant, environments) in [("Contoso", ["1 beta", "2 Alpha", "3 alpha"].as_slice()), ("Fabrikam", &["4 ALPHA", "5 Émile"]), ("Empty", &[])] {
            let key = snapshot.add_tenant(Tenant::unexplored(tenant.into(), tenant.into()));
            for (id, name) in environments.iter().filter_map(|environment| environment.split_once(' ')) {
                snapshot.add_environment(Environment::unexplored(key, EnvironmentId::new(id), name.into())).unwrap();
            }
        }
        Estate::new(snapshot, Journal::default(), override_edition, None)
    }

    #[test]
    fn by_name_ignores_case_and_keeps_the_order_of_the_file_among_equals() {
        let estate = estate(Known::Unknown, None);
        let ids: Vec<_> = estate.by_name().iter().map(|key| estate.environment(*key).id.as_str()).collect();
        assert_eq!(ids, ["2", "3", "4", "1", "5"]);
    }

    #[test]
    fn environments_are_counted_by_tenant_and_found_by_id() {
        let estate = estate(Known::Unknown, None);
        assert_eq!([Some(0), Some(1), Some(2), None].map(|tenant| estate.count(tenant.map(TenantKey))), [3, 2, 0, 5]);
        assert_eq!(estate.count(Some(TenantKey(9))), 0);
        let found = estate.find(&EnvironmentId::new("4")).map(|key| estate.environment(key));
        assert_eq!(found.map(|environment| (&*environment.name, environment.tenant)), Some(("ALPHA", TenantKey(1))));
        assert_eq!(estate.find(&EnvironmentId::new("6")), None);
    }

    #[test]
    fn an_id_is_taken_once_in_all_tenants() {
        let mut snapshot = Snapshot::default();
        let twin = |tenant| Environment::unexplored(TenantKey(tenant), EnvironmentId::new("e"), "Twin".into());
        assert_eq!(snapshot.add_environment(twin(0)), Ok(EnvironmentKey(0)));
        assert!(snapshot.add_environment(twin(1)).is_err());
        assert_eq!(snapshot.environment_count(), 1);
    }

    #[test]
    fn the_edition_is_that_of_whoever_asks_then_of_the_snapshot_then_the_articles() {
        for (snapshot, asked, expected) in [
            (Known::Unknown, None, Edition::Articles),
            (Known::Is(Edition::Current), None, Edition::Current),
            (Known::Is(Edition::Current), Some(Edition::Articles), Edition::Articles),
            (Known::Unknown, Some(Edition::Current), Edition::Current),
        ] {
            assert_eq!(estate(snapshot, asked).edition(), expected);
        }
    }
}

//! Everything known about the tenants: the facts of the snapshot, moved on by the journal.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::domain::environment::{Environment, EnvironmentId};
use crate::domain::journal::{Clash, Entry, Journal};
use crate::domain::known::Known;
use crate::domain::rulebook::Edition;
use crate::domain::tenant::{Tenant, TenantKey};

/// Position of an environment in its estate; stable for the life of the estate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EnvironmentKey(pub u32);

/// Why an environment could not be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DuplicateId;

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
        if self.by_id.contains_key(&environment.id) {
            return Err(DuplicateId);
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

/// The facts as they stand now. Only its own functions change it, and every change raises its revision.
#[derive(Debug, Clone)]
pub struct Estate {
    snapshot: Snapshot,
    journal: Journal,
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
        let mut named: Vec<_> =
            snapshot.environments.iter().zip(0..).map(|(environment, key)| (environment.name.to_lowercase(), EnvironmentKey(key))).collect();
        named.sort_unstable();
        let mut counts = vec![0; snapshot.tenants.len()];
        for environment in &snapshot.environments {
            if let Some(count) = counts.get_mut(environment.tenant.0 as usize) {
                *count += 1;
            }
        }
        let by_name = named.into_iter().map(|(_, key)| key).collect();
        Self { snapshot, journal, edition, viewer, by_name, counts, revision: 0 }
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
            None => self.snapshot.environments.len(),
        }
    }

    /// The environments of all tenants, in the order of the file.
    pub fn environments(&self) -> impl ExactSizeIterator<Item = (EnvironmentKey, &Environment)> {
        self.snapshot.environments.iter().enumerate().map(|(key, environment)| (EnvironmentKey(u32::try_from(key).unwrap_or(u32::MAX)), &**environment))
    }

    /// The environments of all tenants, in the order of their names, ignoring case.
    pub fn by_name(&self) -> &[EnvironmentKey] {
        &self.by_name
    }

    /// One environment. Keys come from this estate, so it is always there.
    pub fn environment(&self, key: EnvironmentKey) -> &Environment {
        &self.snapshot.environments[key.0 as usize]
    }

    /// The environment with that id.
    pub fn find(&self, id: &EnvironmentId) -> Option<EnvironmentKey> {
        self.snapshot.by_id.get(id).copied()
    }

    /// What envdeck added.
    pub const fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Adds one entry to the journal.
    pub fn record(&mut self, entry: Entry) {
        self.journal.add(entry);
        self.revision += 1;
    }

    /// Takes over the journal as it is in its file, whatever this one says.
    pub fn replace_journal(&mut self, entries: Vec<Entry>) {
        self.journal = Journal::new(entries);
        self.revision += 1;
    }

    /// Takes over entries that were found in the file and returns those that clash.
    pub fn merge_journal(&mut self, entries: Vec<Entry>) -> Vec<Clash> {
        let before = self.journal.entries().len();
        let clashes = self.journal.merge(entries);
        if self.journal.entries().len() != before {
            self.revision += 1;
        }
        clashes
    }
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

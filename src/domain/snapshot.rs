//! The facts as they were captured: tenants with their environments, as a file holds them.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::domain::environment::{Environment, EnvironmentId, PastOperation};
use crate::domain::estate::EnvironmentKey;
use crate::domain::known::Known;
use crate::domain::rulebook::Edition;
use crate::domain::tenant::{Tenant, TenantKey};

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
    pub(super) tenants: Vec<Tenant>,
    pub(super) environments: Vec<Arc<Environment>>,
    pub(super) by_id: Arc<HashMap<EnvironmentId, EnvironmentKey>>,
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
        Arc::make_mut(&mut self.by_id).insert(environment.id.clone(), key);
        self.environments.push(Arc::new(environment));
        Ok(key)
    }

    /// The tenants so far.
    pub fn tenants(&self) -> &[Tenant] {
        &self.tenants
    }

    /// The environments so far.
    pub fn environments(&self) -> impl ExactSizeIterator<Item = &Environment> {
        self.environments.iter().map(|environment| &**environment)
    }

    /// The environment with that id.
    pub fn environment(&self, id: &EnvironmentId) -> Option<&Environment> {
        self.environments.get(self.by_id.get(id)?.0 as usize).map(|environment| &**environment)
    }

    /// What the history of an environment lists; empty where nobody captured it.
    pub fn history(&self, id: &EnvironmentId) -> &[PastOperation] {
        match self.environment(id).map(|environment| &environment.history) {
            Some(Known::Is(history)) => history,
            Some(Known::Unknown) | None => &[],
        }
    }

    /// How many environments there are so far.
    pub fn environment_count(&self) -> usize {
        self.environments.len()
    }
}

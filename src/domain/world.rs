//! The facts as they stand: all that a rule may see, whoever asks and wherever the facts come from.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::environment::{Environment, EnvironmentId};
use super::estate::EnvironmentKey;
use super::known::Known;
use super::rulebook::Edition;
use super::snapshot::Snapshot;
use super::tenant::{Tenant, TenantKey};

/// Tenants and environments as they stand, when they were looked at, by which rules they are judged, and whose roles they list.
///
/// Neither the journal nor the captured state is here: what a rule asks of them is handed to it by name.
#[derive(Debug, Clone)]
pub struct Facts {
    /// When the tenant was looked at.
    pub captured_at: Known<DateTime<Utc>>,
    /// The rulebook that decides.
    pub edition: Edition,
    /// Whether the roles that are listed are those of the person who looks: roles of somebody else say nothing.
    pub roles_are_the_viewers: bool,
    pub(super) tenants: Vec<Tenant>,
    pub(super) environments: Vec<Arc<Environment>>,
    tenant_ids: HashMap<Box<str>, TenantKey>,
    captured: Arc<HashMap<EnvironmentId, EnvironmentKey>>,
    created: HashMap<EnvironmentId, EnvironmentKey>,
    nobody: Box<Environment>,
}

impl Facts {
    /// The facts as they were captured.
    pub(super) fn captured(snapshot: &Snapshot, edition: Edition, roles_are_the_viewers: bool) -> Self {
        Self {
            captured_at: snapshot.captured_at,
            edition,
            roles_are_the_viewers,
            tenants: snapshot.tenants.clone(),
            environments: snapshot.environments.clone(),
            tenant_ids: snapshot.tenants.iter().zip(0..).map(|(tenant, key)| (tenant.id.clone(), TenantKey(key))).collect(),
            captured: Arc::clone(&snapshot.by_id),
            created: HashMap::new(),
            nobody: Box::new(Environment::unexplored(TenantKey(0), EnvironmentId::new(""), Box::default())),
        }
    }

    /// Forgets what happened since the capture, and returns the environments as they stood.
    pub(super) fn begin_again(&mut self, snapshot: &Snapshot) -> Vec<Arc<Environment>> {
        self.created.clear();
        self.tenants.clone_from(&snapshot.tenants);
        std::mem::replace(&mut self.environments, snapshot.environments.clone())
    }

    /// Adds an environment that was created since the capture, of which nothing is known yet.
    pub(super) fn create(&mut self, id: &EnvironmentId, tenant: &str) {
        if let (None, Some(tenant)) = (self.find(id), self.find_tenant(tenant)) {
            let key = EnvironmentKey(u32::try_from(self.environments.len()).unwrap_or(u32::MAX));
            self.environments.push(Arc::new(Environment::unexplored(tenant, id.clone(), Box::default())));
            self.created.insert(id.clone(), key);
        }
    }

    /// Changes one environment, if it is there.
    pub(super) fn change(&mut self, id: &EnvironmentId, change: impl FnOnce(&mut Environment)) {
        if let Some(environment) = self.find(id).and_then(|key| self.environments.get_mut(key.0 as usize)) {
            change(Arc::make_mut(environment));
        }
    }

    /// The tenants, in the order of the file.
    pub fn tenants(&self) -> impl Iterator<Item = (TenantKey, &Tenant)> {
        self.tenants.iter().zip(0..).map(|(tenant, key)| (TenantKey(key), tenant))
    }

    /// One tenant. Keys come from these facts, so it is always there.
    pub fn tenant(&self, key: TenantKey) -> &Tenant {
        &self.tenants[key.0 as usize]
    }

    /// The tenant with that id.
    pub fn find_tenant(&self, id: &str) -> Option<TenantKey> {
        self.tenant_ids.get(id).copied()
    }

    /// The environments of all tenants, in the order of the file, those created since the capture last.
    pub fn environments(&self) -> impl ExactSizeIterator<Item = (EnvironmentKey, &Environment)> {
        self.environments.iter().enumerate().map(|(key, environment)| (EnvironmentKey(u32::try_from(key).unwrap_or(u32::MAX)), &**environment))
    }

    /// One environment. Keys come from these facts, so it is there; only one whose creation was taken back is nobody.
    pub fn environment(&self, key: EnvironmentKey) -> &Environment {
        self.environments.get(key.0 as usize).map_or(&*self.nobody, |environment| &**environment)
    }

    /// The environment with that id.
    pub fn find(&self, id: &EnvironmentId) -> Option<EnvironmentKey> {
        self.captured.get(id).or_else(|| self.created.get(id)).copied()
    }

    /// An environment of which nothing is known, in the place of one that does not exist yet.
    pub fn nobody(&self) -> &Environment {
        &self.nobody
    }
}

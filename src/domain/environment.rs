//! An environment of a tenant: its type, its state and everything that decides what may be done with it.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::domain::backup::Backup;
use crate::domain::component::{ComponentKind, Components, Property};
use crate::domain::gigabytes::Gigabytes;
use crate::domain::known::Known;
use crate::domain::seen::{Group, Seen};
use crate::domain::tenant::TenantKey;
use crate::vocabulary;

vocabulary! {
    /// The nine types of environment (ENV-001).
    EnvironmentType, "type" {
        Production = "production" "Production",
        Sandbox = "sandbox" "Sandbox",
        Preview = "preview" "Preview",
        Developer = "developer" "Developer",
        Teams = "teams" "Teams",
        Default = "default" "Default",
        Trial = "trial" "Trial",
        TrialSubscription = "trial-subscription" "Trial (subscription-based)" ["trial subscription", "trial (subscription-based)", "subscription-based trial", "subscription-trial"],
        Demo = "demo" "Demo",
    }
}

impl EnvironmentType {
    /// The four letters at most that stand for the type in a list.
    pub const fn badge(self) -> &'static str {
        match self {
            Self::Production => "PROD",
            Self::Sandbox => "SBX",
            Self::Preview => "PREV",
            Self::Developer => "DEV",
            Self::Teams => "TEAM",
            Self::Default => "DFLT",
            Self::Trial => "TRL",
            Self::TrialSubscription => "TRS",
            Self::Demo => "DEMO",
        }
    }
}

vocabulary! {
    /// What the environment is doing right now.
    EnvironmentState, "state" {
        Ready = "ready" "ready",
        Preparing = "preparing" "preparing",
        Running = "running" "running an operation",
        Failed = "failed" "failed",
        Disabled = "disabled" "disabled",
    }
}

vocabulary! {
    /// The roles that somebody can hold in one environment (ENV-025).
    EnvironmentRole, "role" {
        EnvironmentAdmin = "environment-admin" "Environment Admin",
        SystemAdministrator = "system-administrator" "System Administrator",
        SystemCustomizer = "system-customizer" "System Customizer",
    }
}

vocabulary! {
    /// What an enterprise policy governs (CUR-004, CUR-016).
    PolicyKind, "policy kind" {
        Network = "network" "virtual network",
        Identity = "identity" "identity",
        Encryption = "encryption" "encryption",
    }
}

vocabulary! {
    /// The two types of a finance and operations environment (LNK-011).
    FinanceOperationsType, "finance and operations type" {
        Production = "production" "production",
        Sandbox = "sandbox" "sandbox",
    }
}

vocabulary! {
    /// How the finance and operations half is managed (CUR-026).
    FinanceOperationsKind, "kind" {
        Lcs = "lcs" "Lifecycle Services",
        Unified = "unified" "unified",
    }
}

vocabulary! {
    /// How far an operation of the admin center's history has come.
    PastState, "operation state" {
        NotStarted = "not-started" "not started",
        Running = "running" "running",
        Succeeded = "succeeded" "succeeded",
        Failed = "failed" "failed",
    }
}

/// The permanent id of an environment, a GUID or `Default-<tenant>`; unique in a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EnvironmentId(Arc<str>);

impl EnvironmentId {
    /// Takes the id as it stands in the file.
    pub fn new(id: &str) -> Self {
        Self(Arc::from(id))
    }

    /// The id as it stands in the file.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EnvironmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The database of an environment (ENV-005).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dataverse {
    /// Version of the platform.
    pub version: Known<Arc<str>>,
    /// Size of the data without audit logs.
    pub size: Known<Gigabytes>,
    /// Size of the audit logs, which decide how long a copy lasts (CPY-011).
    pub audit: Known<Gigabytes>,
}

/// A customer-managed encryption key (ENV-007).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerManagedKey {
    /// Name of the key.
    pub name: Known<Box<str>>,
}

/// An enterprise policy that an environment is under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnterprisePolicy {
    /// What it governs.
    pub kind: Known<PolicyKind>,
    /// Its id.
    pub id: Box<str>,
}

/// The finance and operations half of a linked pair (ENV-009, LNK).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinanceOperations {
    /// Its own id.
    pub id: Box<str>,
    /// Its own name.
    pub name: Box<str>,
    /// Production or sandbox; can differ from the Dataverse half after a switch (LNK-013, LNK-018).
    pub kind_of_environment: Known<FinanceOperationsType>,
    /// Managed by Lifecycle Services or unified.
    pub kind: Known<FinanceOperationsKind>,
    /// Application build, compared at a copy of a pair (CUR-027).
    pub application_build: Known<Arc<str>>,
    /// How many days back its database can be taken (LNK-026).
    pub point_in_time_restore_days: Known<u16>,
}

/// An operation that Microsoft itself says cannot be done here, in its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisallowedOperation {
    /// The operation, as the admin API calls it.
    pub operation: Box<str>,
    /// Microsoft's message.
    pub message: Known<Box<str>>,
}

/// An operation of the history that the admin center keeps, which a capture that lists it contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastOperation {
    /// Its id in the history.
    pub id: Box<str>,
    /// The operation, as the admin API calls it.
    pub operation: Box<str>,
    /// How far it came.
    pub state: Known<PastState>,
    /// Who asked for it.
    pub requested_by: Known<Arc<str>>,
    /// When it was asked for.
    pub started_at: Known<DateTime<Utc>>,
    /// When it ended; unknown while it runs.
    pub ended_at: Known<DateTime<Utc>>,
}

/// An order flow of Intelligent Order Management.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Orchestration {
    /// Its name.
    pub name: Box<str>,
    /// Whether it was published.
    pub published: Known<bool>,
    /// The provider actions it uses.
    pub provider_actions: Known<Vec<Box<str>>>,
    /// Whether a copy left them invalid, which no capture shows (IOM-028).
    pub invalid_actions: bool,
}

/// Intelligent Order Management in an environment (IOM-001).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrderManagement {
    /// Whether the system is activated (IOM-015).
    pub active: Known<bool>,
    /// Installed providers (IOM-029).
    pub providers: Known<Vec<Box<str>>>,
    /// The order flows.
    pub orchestrations: Known<Vec<Orchestration>>,
    /// Whether dual-write is enabled (IOM-036).
    pub dual_write: Known<bool>,
}

/// A word of a newer world, kept as it was written and judged as unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The field it stood in: `type`, or by its path where it is inside another one, such as `finance_operations.type`.
    pub field: &'static str,
    /// The word.
    pub word: Box<str>,
    /// Which of several it stood in: `cloud-flow/state/` and the id of the component, or the number of the item; empty where
    /// the field says it.
    pub at: Box<str>,
}

/// One environment, as it was captured and as the journal moved it on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// The tenant it belongs to (ENV-008).
    pub tenant: TenantKey,
    /// Permanent id.
    pub id: EnvironmentId,
    /// Display name; not unique.
    pub name: Box<str>,
    /// Type; named `type` in files.
    pub kind: Known<EnvironmentType>,
    /// What it is doing.
    pub state: Known<EnvironmentState>,
    /// Region, as written; compared through the rulebook's aliases.
    pub region: Known<Arc<str>>,
    /// Address; none without a database.
    pub url: Known<Option<Box<str>>>,
    /// Organisation id (ENV-023); none without a database.
    pub org_id: Known<Option<Box<str>>>,
    /// No backup is older than this (C-09).
    pub created_at: Known<DateTime<Utc>>,
    /// The database; none without one.
    pub dataverse: Known<Option<Dataverse>>,
    /// Dynamics 365 apps; empty means none, which decides retention (ENV-002).
    pub dynamics_365_apps: Known<Vec<Arc<str>>>,
    /// Managed Environment (ENV-006).
    pub managed: Known<bool>,
    /// Customer-managed key.
    pub customer_managed_key: Known<Option<CustomerManagedKey>>,
    /// Enterprise policies; empty means none.
    pub enterprise_policies: Known<Vec<EnterprisePolicy>>,
    /// Administration mode (ENV-010).
    pub admin_mode: Known<bool>,
    /// Background operations (ENV-011).
    pub background_operations: Known<bool>,
    /// Retention in days as it was set; none when never set. What is in force is [`crate::domain::retention`].
    pub retention_days: Known<Option<u16>>,
    /// Id of the security group that limits access (ENV-022).
    pub security_group: Known<Option<Box<str>>>,
    /// The finance and operations half.
    pub finance_operations: Known<Option<Box<FinanceOperations>>>,
    /// Roles of the operator in this environment.
    pub operator_roles: Known<Vec<EnvironmentRole>>,
    /// Users enabled in this environment.
    pub users: Known<Vec<Arc<str>>>,
    /// When it was deleted; none while it stands (RCV-006).
    pub deleted_at: Known<Option<DateTime<Utc>>>,
    /// What Microsoft says cannot be done here.
    pub disallowed_operations: Known<Vec<DisallowedOperation>>,
    /// The operations of the admin center's history.
    pub history: Known<Vec<PastOperation>>,
    /// Manual backups; empty means none.
    pub backups: Known<Vec<Backup>>,
    /// What it contains.
    pub components: Components,
    /// Intelligent Order Management.
    pub order_management: Known<Option<Box<OrderManagement>>>,
    /// When a copy overwrote it; nothing before can be restored (C-19).
    pub restorable_since: Option<DateTime<Utc>>,
    /// Since when it is a sandbox that was production, and should be switched back (RST-048).
    pub sandbox_since: Option<DateTime<Utc>>,
    /// Nothing older is kept, although the retention reaches it: it was shorter before, or the environment was reset (BKP-037).
    pub kept_since: Option<DateTime<Utc>>,
    /// Older backups may be gone although the retention reaches them: it was a sandbox meanwhile (C-28), or the retention was
    /// lengthened a moment ago (C-10).
    pub may_be_gone_before: Option<DateTime<Utc>>,
    /// From when to when it was deleted: nothing was backed up then (G-12). Both are the same while it is not recovered.
    pub unbacked: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    /// Words of enumerations that this version does not know.
    pub unread: Vec<Unread>,
    /// When which facts were looked at, as far as that was not with the whole snapshot.
    pub seen: Seen<Group>,
}

impl Environment {
    /// An environment of which nothing but its id and name is known.
    pub fn unexplored(tenant: TenantKey, id: EnvironmentId, name: Box<str>) -> Self {
        Self {
            tenant,
            id,
            name,
            kind: Known::Unknown,
            state: Known::Unknown,
            region: Known::Unknown,
            url: Known::Unknown,
            org_id: Known::Unknown,
            created_at: Known::Unknown,
            dataverse: Known::Unknown,
            dynamics_365_apps: Known::Unknown,
            managed: Known::Unknown,
            customer_managed_key: Known::Unknown,
            enterprise_policies: Known::Unknown,
            admin_mode: Known::Unknown,
            background_operations: Known::Unknown,
            retention_days: Known::Unknown,
            security_group: Known::Unknown,
            finance_operations: Known::Unknown,
            operator_roles: Known::Unknown,
            users: Known::Unknown,
            deleted_at: Known::Unknown,
            disallowed_operations: Known::Unknown,
            history: Known::Unknown,
            backups: Known::Unknown,
            components: Components::default(),
            order_management: Known::Unknown,
            restorable_since: None,
            sandbox_since: None,
            kept_since: None,
            may_be_gone_before: None,
            unbacked: Vec::new(),
            unread: Vec::new(),
            seen: Seen::default(),
        }
    }

    /// When a group of its facts was looked at, in a snapshot that was captured then.
    pub fn seen(&self, group: Group, captured_at: Known<DateTime<Utc>>) -> Known<DateTime<Utc>> {
        self.seen.at(group, captured_at)
    }

    /// Whether it has a database.
    pub fn has_database(&self) -> Known<bool> {
        self.dataverse.as_ref().map(Option::is_some)
    }

    /// Whether any Dynamics 365 app is enabled.
    pub fn has_dynamics_365(&self) -> Known<bool> {
        self.dynamics_365_apps.as_ref().map(|apps| !apps.is_empty())
    }

    /// Whether it is linked to finance and operations.
    pub fn is_linked(&self) -> Known<bool> {
        self.finance_operations.as_ref().map(Option::is_some)
    }

    /// Whether dual-write is enabled between the halves (IOM-036): by what is said of the order system, else by its maps.
    pub fn has_dual_write(&self) -> Known<bool> {
        let by_orders = match &self.order_management {
            Known::Is(Some(orders)) => orders.dual_write,
            Known::Is(None) | Known::Unknown => Known::Unknown,
        };
        let by_maps = || {
            self.components
                .of(ComponentKind::DualWrite)
                .map(|maps| maps.iter().any(|map| map.property("state") != Known::Is(&Property::Text("disabled".into()))))
        };
        match (by_orders, self.is_linked()) {
            (Known::Is(is), _) => Known::Is(is),
            (Known::Unknown, Known::Is(false)) => Known::Is(false),
            (Known::Unknown, Known::Is(true) | Known::Unknown) => by_maps(),
        }
    }

    /// Whether Intelligent Order Management is installed.
    pub fn has_order_management(&self) -> Known<bool> {
        self.order_management.as_ref().map(Option::is_some)
    }

    /// Whether it was deleted.
    pub fn is_deleted(&self) -> Known<bool> {
        self.deleted_at.as_ref().map(Option::is_some)
    }

    /// The word that stood in `field` when it was none that this version knows.
    pub fn unread_word(&self, field: &str) -> Option<&str> {
        self.unread.iter().find(|unread| unread.field == field).map(|unread| &*unread.word)
    }
}

//! A tenant: who looks at it, what it is entitled to, and the people and groups in it.

use std::sync::Arc;

use crate::domain::environment::Unread;
use crate::domain::gigabytes::Gigabytes;
use crate::domain::known::Known;
use crate::vocabulary;

vocabulary! {
    /// The roles that somebody can hold in a whole tenant (ENV-025).
    TenantRole, "role" {
        GlobalAdmin = "global-admin" "Global admin",
        PowerPlatformAdmin = "power-platform-admin" "Power Platform admin",
        Dynamics365Admin = "dynamics-365-admin" "Dynamics 365 admin",
        ServiceAdmin = "service-admin" "service admin",
    }
}

vocabulary! {
    /// The clouds a tenant can live in (TTM-010).
    Cloud, "cloud" {
        Public = "public" "public",
        Gcc = "gcc" "GCC",
        GccHigh = "gcc-high" "GCC High",
        Dod = "dod" "DoD",
        China = "china" "China",
    }
}

vocabulary! {
    /// Paid subscriptions that a migration asks for (TTM-025).
    Subscription, "subscription" {
        Dynamics365 = "dynamics-365" "Dynamics 365",
        PowerApps = "power-apps" "Power Apps",
        PowerVirtualAgents = "power-virtual-agents" "Power Virtual Agents",
    }
}

vocabulary! {
    /// How a user gets in (TTM-064, TTM-077).
    Access, "access" {
        Full = "full" "full access",
        Administrative = "administrative" "administrative access",
    }
}

vocabulary! {
    /// Where a user's mailbox will be after a migration (C-50).
    MailboxAddress, "mailbox" {
        None = "none" "no mailbox",
        SameAddress = "same-address" "same address",
        Onmicrosoft = "onmicrosoft" "onmicrosoft address",
        Other = "other" "other address",
    }
}

/// Position of a tenant in its estate; stable for the life of the estate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TenantKey(pub u32);

/// Storage of a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Capacity {
    /// What the tenant paid for.
    pub entitled: Known<Gigabytes>,
    /// What it uses.
    pub used: Known<Gigabytes>,
}

impl Capacity {
    /// What is left; copy, restore and create need 1 GB of it (ENV-015).
    pub fn available(&self) -> Known<Gigabytes> {
        self.entitled.and_then(|entitled| self.used.map(|used| entitled - used))
    }
}

/// Licences of a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Licences {
    /// Bought.
    pub total: Known<u32>,
    /// Assigned.
    pub active: Known<u32>,
}

/// A security group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityGroup {
    /// Its id.
    pub id: Box<str>,
    /// Its name.
    pub name: Box<str>,
}

/// A user of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// User principal name.
    pub upn: Arc<str>,
    /// Whether the account is active.
    pub active: Known<bool>,
    /// Whether a licence is assigned.
    pub licensed: Known<bool>,
    /// Full or administrative access.
    pub access: Known<Access>,
    /// Mailbox.
    pub mailbox: Known<MailboxAddress>,
}

/// One tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Permanent id.
    pub id: Box<str>,
    /// Display name.
    pub name: Box<str>,
    /// Primary domain.
    pub domain: Known<Box<str>>,
    /// Region of the tenant.
    pub region: Known<Arc<str>>,
    /// Cloud.
    pub cloud: Known<Cloud>,
    /// Roles of the operator in the whole tenant; empty means none.
    pub operator_roles: Known<Vec<TenantRole>>,
    /// Storage.
    pub capacity: Capacity,
    /// Customer Lockbox (TTM-013).
    pub lockbox: Known<bool>,
    /// Licences.
    pub licences: Licences,
    /// Dynamics 365 seats.
    pub dynamics_365_seats: Known<u32>,
    /// Paid subscriptions.
    pub paid_subscriptions: Known<Vec<Subscription>>,
    /// Security groups.
    pub security_groups: Known<Vec<SecurityGroup>>,
    /// Users.
    pub users: Known<Vec<User>>,
    /// Words of enumerations that this version does not know.
    pub unread: Vec<Unread>,
}

impl Tenant {
    /// A tenant of which nothing but its id and name is known.
    pub fn unexplored(id: Box<str>, name: Box<str>) -> Self {
        Self {
            id,
            name,
            domain: Known::Unknown,
            region: Known::Unknown,
            cloud: Known::Unknown,
            operator_roles: Known::Unknown,
            capacity: Capacity::default(),
            lockbox: Known::Unknown,
            licences: Licences::default(),
            dynamics_365_seats: Known::Unknown,
            paid_subscriptions: Known::Unknown,
            security_groups: Known::Unknown,
            users: Known::Unknown,
            unread: Vec::new(),
        }
    }

    /// The name of the security group with that id, if the snapshot lists it.
    pub fn group_name(&self, id: &str) -> Option<&str> {
        match &self.security_groups {
            Known::Is(groups) => groups.iter().find(|group| &*group.id == id).map(|group| &*group.name),
            Known::Unknown => None,
        }
    }
}

//! When which facts were looked at: a refresh of some of them makes only those fresh.
//!
//! Facts that one look brings together are a group. A group of which nothing is said was looked at when the snapshot was
//! captured.

use chrono::{DateTime, Utc};

use crate::domain::component::ComponentKind;
use crate::domain::known::Known;
use crate::domain::words::Word;
use crate::vocabulary;

vocabulary! {
    /// The groups of facts of an environment, but for components, of which each kind is a group.
    FactGroup, "group of facts" {
        Identity = "identity" "Identity",
        State = "state" "State",
        Database = "database" "Database",
        Settings = "settings" "Settings",
        FinanceOperations = "finance_operations" "Finance and operations",
        Access = "access" "Access",
        History = "history" "History",
        Backups = "backups" "Backups",
        OrderManagement = "order_management" "Order management",
    }
}

vocabulary! {
    /// The groups of facts of a tenant.
    TenantGroup, "group of facts" {
        Identity = "identity" "Identity",
        Roles = "roles" "Roles",
        Capacity = "capacity" "Capacity",
        Licences = "licences" "Licences",
        People = "people" "People",
    }
}

/// A group of facts of an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// Fields of the environment.
    Facts(FactGroup),
    /// All components of one kind.
    Components(ComponentKind),
}

/// Which fields of an environment belong to which group; what stands inside one of them belongs to it too.
pub const ENVIRONMENT: &[(FactGroup, &[&str])] = &[
    (FactGroup::Identity, &["type", "region", "url", "org_id", "created_at"]),
    (FactGroup::State, &["state", "managed", "admin_mode", "background_operations", "deleted_at", "disallowed_operations"]),
    (FactGroup::Database, &["dataverse", "dynamics_365_apps"]),
    (FactGroup::Settings, &["customer_managed_key", "enterprise_policies", "retention_days", "security_group"]),
    (FactGroup::FinanceOperations, &["finance_operations"]),
    (FactGroup::Access, &["operator_roles", "users"]),
    (FactGroup::History, &["history"]),
    (FactGroup::Backups, &["backups"]),
    (FactGroup::OrderManagement, &["order_management"]),
];

/// Which fields of a tenant belong to which group.
pub const TENANT: &[(TenantGroup, &[&str])] = &[
    (TenantGroup::Identity, &["domain", "region", "cloud", "lockbox"]),
    (TenantGroup::Roles, &["operator_roles"]),
    (TenantGroup::Capacity, &["capacity_gb"]),
    (TenantGroup::Licences, &["licences", "dynamics_365_seats", "paid_subscriptions"]),
    (TenantGroup::People, &["security_groups", "users"]),
];

/// The group of a field of environments, such as `dataverse.size_gb` or `components.mailbox`.
pub fn group_of(field: &str) -> Option<Group> {
    match field.strip_prefix("components.") {
        Some(kind) => ComponentKind::from_word(kind).map(Group::Components),
        None => find(ENVIRONMENT, field).map(Group::Facts),
    }
}

/// The group of a field of tenants, such as `capacity_gb.used`.
pub fn tenant_group_of(field: &str) -> Option<TenantGroup> {
    find(TENANT, field)
}

fn find<G: Copy>(table: &[(G, &[&str])], field: &str) -> Option<G> {
    let whole = field.split('.').next().unwrap_or(field);
    table.iter().find(|(_, fields)| fields.contains(&whole)).map(|(group, _)| *group)
}

/// A look at a group of facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// When.
    pub at: DateTime<Utc>,
    /// Where it was seen, such as `pac admin list`.
    pub source: Known<Box<str>>,
}

/// The looks of which something is said, in the order of their groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen<G>(Vec<(G, Look)>);

impl<G> Default for Seen<G> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<G: Copy + Ord> Seen<G> {
    /// What is said of the look at a group; nothing where it was seen with the whole snapshot.
    pub fn of(&self, group: G) -> Option<&Look> {
        self.0.iter().find(|(of, _)| *of == group).map(|(_, look)| look)
    }

    /// When a group was looked at, in a snapshot that was captured then.
    pub fn at(&self, group: G, captured_at: Known<DateTime<Utc>>) -> Known<DateTime<Utc>> {
        self.of(group).map_or(captured_at, |look| Known::Is(look.at))
    }

    /// All that is said.
    pub fn all(&self) -> impl ExactSizeIterator<Item = (G, &Look)> {
        self.0.iter().map(|(group, look)| (*group, look))
    }

    /// Whether nothing is said, so that everything was seen with the whole snapshot.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes over a newer look, whatever was said before.
    pub fn renew(&mut self, group: G, look: Look) {
        match self.0.binary_search_by_key(&group, |(of, _)| *of) {
            Ok(at) => {
                if let Some((_, there)) = self.0.get_mut(at) {
                    *there = look;
                }
            }
            Err(at) => self.0.insert(at, (group, look)),
        }
    }

    /// Adds a look to those that brought the group: it is as old as the oldest of them, and bears the name of the first.
    pub fn add(&mut self, group: G, look: Look) {
        match self.0.iter_mut().find(|(of, _)| *of == group) {
            Some((_, there)) => there.at = there.at.min(look.at),
            None => self.renew(group, look),
        }
    }

    /// Says of a group when it was seen, where nothing is said yet.
    pub fn keep(&mut self, group: G, at: DateTime<Utc>) {
        if self.of(group).is_none() {
            self.renew(group, Look { at, source: Known::Unknown });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fact;

    #[test]
    fn every_field_belongs_to_one_group() {
        for field in fact::ENVIRONMENT {
            let name = field.shape.name;
            let whole = name.split('.').next().unwrap();
            let groups = ENVIRONMENT.iter().filter(|(_, fields)| fields.contains(&whole)).count();
            assert_eq!(groups, usize::from(whole != "components"), "{name}");
            assert!(group_of(name).is_some(), "{name}");
        }
        for field in fact::TENANT {
            let whole = field.shape.name.split('.').next().unwrap();
            assert_eq!(TENANT.iter().filter(|(_, fields)| fields.contains(&whole)).count(), 1, "{whole}");
            assert!(tenant_group_of(field.shape.name).is_some(), "{whole}");
        }
        assert_eq!(ENVIRONMENT.iter().map(|(group, _)| *group).collect::<Vec<_>>(), FactGroup::ALL);
        assert_eq!(TENANT.iter().map(|(group, _)| *group).collect::<Vec<_>>(), TenantGroup::ALL);
        assert_eq!(group_of("components.mailbox"), Some(Group::Components(ComponentKind::Mailbox)));
        assert_eq!((group_of("foo"), group_of("components.foo"), tenant_group_of("backups")), (None, None, None));
    }

    #[test]
    fn a_group_of_which_nothing_is_said_was_seen_with_the_snapshot() {
        let at = |hour: u32| DateTime::from_timestamp(i64::from(hour) * 3600, 0).unwrap();
        let look = |hour: u32, source: &str| Look { at: at(hour), source: Known::Is(source.into()) };
        let mut seen = Seen::default();
        assert_eq!(seen.at(FactGroup::Backups, Known::Is(at(9))), Known::Is(at(9)));
        seen.add(FactGroup::State, look(8, "admin API"));
        seen.add(FactGroup::State, look(7, "pac admin list"));
        seen.add(FactGroup::Identity, look(8, "admin API"));
        seen.keep(FactGroup::Identity, at(1));
        assert_eq!(seen.of(FactGroup::State), Some(&look(7, "admin API")));
        assert_eq!(seen.all().map(|(group, look)| (group, look.at)).collect::<Vec<_>>(), [(FactGroup::Identity, at(8)), (FactGroup::State, at(7))]);
        seen.renew(FactGroup::State, look(10, "pac admin list"));
        assert_eq!(seen.at(FactGroup::State, Known::Unknown), Known::Is(at(10)));
    }
}

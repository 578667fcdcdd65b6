//! A tenant: who looks at it, what it is entitled to, and the people and groups in it.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::domain::environment::Unread;
use crate::domain::gigabytes::Gigabytes;
use crate::domain::known::Known;
use crate::domain::seen::{Seen, TenantGroup};
use crate::domain::text::is_guid;
use crate::domain::words::Word;
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

vocabulary! {
    /// The types of storage that Microsoft counts apart (CUR-029); in the order in which they cover each other.
    StorageType, "type of storage" {
        Database = "database" "database",
        Log = "log" "log",
        File = "file" "file",
    }
}

/// What there is of something that is counted in gigabytes, and what is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Storage {
    /// What the tenant paid for.
    pub entitled: Known<Gigabytes>,
    /// What it uses.
    pub used: Known<Gigabytes>,
}

impl Storage {
    /// What is left; negative where more is used than was paid for.
    fn free(&self) -> Known<Gigabytes> {
        self.entitled.and_then(|entitled| self.used.map(|used| entitled - used))
    }

    /// The most that can be left: all of it where nobody knows what is used.
    fn free_at_most(&self) -> Known<Gigabytes> {
        match self.free() {
            Known::Is(free) => Known::Is(free),
            Known::Unknown => self.entitled,
        }
    }

    const fn is_unknown(&self) -> bool {
        self.entitled.is_unknown() && self.used.is_unknown()
    }
}

/// Storage of a tenant: the sum, and each type apart where that is known.
///
/// Where all three types are known the sum is theirs: [`Capacity::type_was_said`] and [`Capacity::sum_was_said`] see to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Capacity {
    /// What the tenant paid for, of all types together.
    pub entitled: Known<Gigabytes>,
    /// What it uses, of all types together.
    pub used: Known<Gigabytes>,
    /// Storage for tables.
    pub database: Storage,
    /// Storage for audit logs and traces.
    pub log: Storage,
    /// Storage for attachments.
    pub file: Storage,
}

impl Capacity {
    /// What is left of the sum; copy, restore and create need 1 GB of it (ENV-015).
    pub fn available(&self) -> Known<Gigabytes> {
        Storage { entitled: self.entitled, used: self.used }.free()
    }

    /// Storage of one type.
    pub const fn of(&self, of: StorageType) -> &Storage {
        match of {
            StorageType::Database => &self.database,
            StorageType::Log => &self.log,
            StorageType::File => &self.file,
        }
    }

    /// The same, to be filled.
    pub const fn of_mut(&mut self, of: StorageType) -> &mut Storage {
        match of {
            StorageType::Database => &mut self.database,
            StorageType::Log => &mut self.log,
            StorageType::File => &mut self.file,
        }
    }

    /// Whether anything is known of any type apart.
    pub fn says_types(&self) -> bool {
        StorageType::ALL.iter().any(|of| !self.of(*of).is_unknown())
    }

    /// What the types come to; known where it is of all three.
    pub fn sum_of_types(&self) -> Storage {
        let sum = |part: fn(&Storage) -> Known<Gigabytes>| {
            let none = Known::Is(Gigabytes::whole(0));
            StorageType::ALL.iter().fold(none, |sum: Known<Gigabytes>, of| sum.and_then(|sum| part(self.of(*of)).map(|more| sum + more)))
        };
        Storage { entitled: sum(|of| of.entitled), used: sum(|of| of.used) }
    }

    /// After a type was said: where all three are known, the sum is theirs.
    pub fn type_was_said(&mut self) {
        let sum = self.sum_of_types();
        for (known, sum) in [(&mut self.entitled, sum.entitled), (&mut self.used, sum.used)] {
            if !sum.is_unknown() {
                *known = sum;
            }
        }
    }

    /// After the sum was said: types that do not come to it are of an earlier day, so they are unknown again.
    pub fn sum_was_said(&mut self) {
        let sum = self.sum_of_types();
        if !sum.entitled.is_unknown() && sum.entitled != self.entitled {
            StorageType::ALL.iter().for_each(|of| self.of_mut(*of).entitled = Known::Unknown);
        }
        if !sum.used.is_unknown() && sum.used != self.used {
            StorageType::ALL.iter().for_each(|of| self.of_mut(*of).used = Known::Unknown);
        }
    }

    /// What is left of the database storage, once it covers what log and file storage lack (CUR-029).
    pub fn database_left(&self) -> Known<Gigabytes> {
        let [database, log, file] = [self.database.free(), self.log.free(), self.file.free()];
        database.and_then(|database| log.and_then(|log| file.map(|file| left(database, log, file))))
    }

    /// The most that can be left of it, whatever it is that nobody knows.
    pub fn database_left_at_most(&self) -> Known<Gigabytes> {
        // What is unknown lacks nothing at best, and what log storage can spare at best is all that files lack.
        let none = Gigabytes::whole(0);
        let file = match self.file.free_at_most() {
            Known::Is(file) => file,
            Known::Unknown => none,
        };
        let log = match self.log.free_at_most() {
            Known::Is(log) => log,
            Known::Unknown => none.max(none - file),
        };
        self.database.free_at_most().map(|database| left(database, log, file))
    }
}

/// Database storage covers log and file storage, log storage covers file storage, and file storage covers nothing.
fn left(database: Gigabytes, log: Gigabytes, file: Gigabytes) -> Gigabytes {
    let none = Gigabytes::whole(0);
    let (spare, log_lacks) = (log.max(none), none.max(none - log));
    let file_lacks = none.max(none - file);
    database - log_lacks - none.max(file_lacks - spare)
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
    /// When which facts were looked at, as far as that was not with the whole snapshot.
    pub seen: Seen<TenantGroup>,
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
            seen: Seen::default(),
        }
    }

    /// When a group of its facts was looked at, in a snapshot that was captured then.
    pub fn seen(&self, group: TenantGroup, captured_at: Known<DateTime<Utc>>) -> Known<DateTime<Utc>> {
        self.seen.at(group, captured_at)
    }

    /// The name of the security group with that id, if the snapshot lists it.
    pub fn group_name(&self, id: &str) -> Option<&str> {
        match &self.security_groups {
            Known::Is(groups) => groups.iter().find(|group| &*group.id == id).map(|group| &*group.name),
            Known::Unknown => None,
        }
    }

    /// The object id of a security group that is named by its name or id; one that the snapshot does not list has to be
    /// named by an id that could be one (TTM-043).
    pub fn group_id(&self, text: &str) -> Result<Box<str>, String> {
        let text = text.trim();
        let groups = if let Known::Is(groups) = &self.security_groups { groups.as_slice() } else { &[] };
        match groups.iter().find(|group| group.name.eq_ignore_ascii_case(text) || group.id.eq_ignore_ascii_case(text)) {
            Some(group) => Ok(group.id.clone()),
            None if is_guid(text) => Ok(text.to_lowercase().into()),
            None => Err(format!("`{text}` is neither a known group of {} nor an object id such as 771c41ae-3218-4492-a2a3-f5b7aae8ec3d", self.name)),
        }
    }
}

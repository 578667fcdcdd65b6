//! What an operation does to the storage of tenants: how much it adds and frees, and what that comes to (ENV-015, ENV-016).

use crate::domain::after::{Done, after};
use crate::domain::environment::Environment;
use crate::domain::gigabytes::Gigabytes;
use crate::domain::known::Known;
use crate::domain::request::{Case, Change, Choice};
use crate::domain::tenant::{Capacity, Storage};

/// What an environment takes: of database storage, and of log storage by its audit logs. What it takes of file storage no
/// snapshot says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Taken {
    /// Its data, in gigabytes.
    pub data: Gigabytes,
    /// Its audit logs, in gigabytes.
    pub audit: Gigabytes,
}

impl Taken {
    /// Both together.
    pub fn sum(self) -> Gigabytes {
        self.data + self.audit
    }

    /// How much more that is than before; less is negative.
    pub fn since(self, before: Self) -> Self {
        Self { data: self.data - before.data, audit: self.audit - before.audit }
    }
}

/// What an environment takes; nothing when it is deleted or has no database, unknown where a size is.
pub fn taken(environment: &Environment) -> Known<Taken> {
    if environment.is_deleted() == Known::Is(true) {
        return Known::Is(Taken::default());
    }
    environment.dataverse.as_ref().and_then(|dataverse| match dataverse {
        None => Known::Is(Taken::default()),
        Some(dataverse) => dataverse.size.and_then(|data| dataverse.audit.map(|audit| Taken { data, audit })),
    })
}

/// Moves what a tenant uses on by so much: the sum, and the types that are known. What is unknown stays unknown.
pub fn use_more(capacity: &mut Capacity, more: Taken) {
    let add = |storage: &mut Storage, more: Gigabytes| storage.used = storage.used.map(|used| used + more);
    add(&mut capacity.database, more.data);
    add(&mut capacity.log, more.audit);
    capacity.used = capacity.used.map(|used| used + more.sum());
}

/// What the operation does to the storage of the tenant, in one sentence; nothing where it moves none.
pub fn told(case: &Case<'_>) -> Option<String> {
    let estate = case.context.estate;
    let moves = match &case.request.change {
        Change::Copy { level, .. } => !matches!(level, Choice::Open),
        Change::Restore { .. } => case.source.id != case.target.id,
        Change::Reset | Change::Delete | Change::Recover => true,
        _ => false,
    };
    if !moves {
        return None;
    }
    let tenant = estate.tenant(case.target.tenant);
    let done = Done { by: "", at: case.context.now, edition: estate.edition() };
    let afterwards = after(&case.request.change, Some(case.source), case.target, done);
    let (Known::Is(before), Known::Is(now)) = (taken(case.target), taken(&afterwards)) else {
        return Some(format!("How much {} takes before or after it is unknown, so the use of the tenant is not reckoned on", case.target.name));
    };
    let more = now.since(before).sum();
    let none = Gigabytes::whole(0);
    let change = if more < none { format!("\u{2212}{} GB", none - more) } else { format!("+{more} GB") };
    let mut capacity = tenant.capacity;
    use_more(&mut capacity, now.since(before));
    Some(match (capacity.used, capacity.entitled) {
        (Known::Is(used), Known::Is(entitled)) => {
            let over = if used > entitled { ", which is more than it may use: copy, restore and create are refused then" } else { "" };
            format!("{change}: {used} of {entitled} GB of {} afterwards, by the sizes that were captured{over}", tenant.name)
        }
        (Known::Is(_) | Known::Unknown, _) => format!("{change}; what {} uses of its storage is unknown", tenant.name),
    })
}

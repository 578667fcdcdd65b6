//! The conditions that several operations share: type, role, capacity, database, key, deleted, busy, failed, old facts.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::environment::{Environment, EnvironmentState, EnvironmentType};
use crate::domain::gigabytes::Gigabytes;
use crate::domain::known::Known;
use crate::domain::operation::OperationKind;
use crate::domain::retention::recoverable_until;
use crate::domain::rulebook::{Roles, Rulebook};
use crate::domain::tenant::{Capacity, Storage, StorageType, Tenant, TenantRole};
use crate::domain::time::{minute, span};
use crate::domain::verdict::{Code, Findings, Severity, Words, missing};
use crate::domain::words::Word;
use crate::domain::world::Facts;

/// Of which of the two a fact is unknown, as messages say it: "A", "B" or "A and of B".
pub fn whose<T, U>(source: &Environment, of_source: &Known<T>, target: &Environment, of_target: &Known<U>) -> String {
    match (of_source.is_unknown(), of_target.is_unknown()) {
        (true, true) if source.id != target.id => format!("{} and of {}", source.name, target.name),
        (true, true) => source.name.to_string(),
        (true, false) => source.name.to_string(),
        (false, _) => target.name.to_string(),
    }
}

/// Neither deleted nor busy (G-16).
pub fn standing_and_idle(environment: &Environment, findings: &mut Findings<'_>) {
    let name = &environment.name;
    if let Some(true) = findings.read(environment.is_deleted(), Code::Deleted, "deleted_at", name) {
        let rulebook = findings.rulebook();
        let until = recoverable_until(environment, rulebook);
        let too_late = if let Known::Is(Some(until)) = until { findings.is_past(until) } else { false };
        findings.fails(Code::Deleted, || {
            let remedy = match until {
                Known::Is(Some(until)) if too_late => {
                    format!("Choose another environment: {name} could be recovered until {}, which is past", minute(until))
                }
                Known::Is(Some(until)) => format!("Recover it first, which can be done until {}", minute(until)),
                Known::Is(None) | Known::Unknown => {
                    let limits = &rulebook.limits;
                    format!("Recover it first, which can be done for {} days, or {} with Dynamics 365", limits.recovery_days, limits.recovery_days_dynamics_365)
                }
            };
            Words::new(format!("{name} is deleted"), remedy)
        });
        // From then on the way out is another one.
        if let Known::Is(Some(until)) = until
            && !too_late
            && findings.wants_words()
        {
            findings.hold_until(until);
        }
    }
    idle(environment, findings);
}

/// No other operation is running on it (G-16).
pub fn idle(environment: &Environment, findings: &mut Findings<'_>) {
    let name = &environment.name;
    if let Some(EnvironmentState::Preparing | EnvironmentState::Running) = findings.read(environment.state, Code::Busy, "state", name) {
        findings.fails(Code::Busy, || Words::new(format!("{name} is busy with another operation"), "Wait until it is ready, then capture the tenant again"));
    }
}

/// It has a database (G-02, RST-025).
pub fn database(environment: &Environment, findings: &mut Findings<'_>) {
    let name = &environment.name;
    if let Some(false) = findings.read(environment.has_database(), Code::NoDataverse, "dataverse", name) {
        findings.fails(Code::NoDataverse, || {
            Words::new(format!("{name} has no Dataverse database"), format!("Add a database to {name}, or choose another environment"))
        });
    }
}

/// A type that the operation can be done to, or one of those that an unknown one could be.
pub fn kind(environment: &Environment, about: OperationKind, code: Code, findings: &mut Findings<'_>, words: impl FnOnce(EnvironmentType) -> Words) {
    let Some(types) = findings.rulebook().types(about) else { return };
    let name = &environment.name;
    let candidates = environment.kind.candidates(EnvironmentType::ALL.iter().copied());
    match environment.kind {
        Known::Is(kind) if !types.on.contains(&kind) => {
            let rule = types.refused_by.iter().find(|(of, _)| *of == kind).map(|(_, rule)| rule.as_str());
            findings.cite(code, None, rule, || words(kind));
        }
        Known::Unknown if candidates.iter().any(|kind| !types.on.contains(kind)) => findings.undecided(code, || missing("type", name)),
        Known::Is(_) | Known::Unknown => {}
    }
}

/// What hardly anything can be done to: "is in a failed state", or "is in a disabled state", as a restore that failed leaves its
/// target (CUR-017). What is deleted counts as disabled by the admin center, and is reported as deleted.
pub fn out_of_order(environment: &Environment) -> Option<&'static str> {
    match environment.state {
        Known::Is(EnvironmentState::Failed) => Some("is in a failed state"),
        Known::Is(EnvironmentState::Disabled) if environment.is_deleted() != Known::Is(true) => Some("is in a disabled state"),
        Known::Is(EnvironmentState::Disabled | EnvironmentState::Ready | EnvironmentState::Preparing | EnvironmentState::Running) | Known::Unknown => None,
    }
}

/// It is neither failed nor disabled, in which hardly anything can be done (CUR-017). An unknown state is reported with
/// `Busy`.
pub fn not_failed(environment: &Environment, findings: &mut Findings<'_>) {
    if let Some(state) = out_of_order(environment) {
        findings.fails(Code::EnvironmentFailed, || {
            Words::new(
                format!("{} {state}", environment.name),
                "If a restore failed, wait 30 minutes and try again; otherwise reset or delete it, or overwrite it by a copy or restore",
            )
        });
    }
}

/// One of the roles that the operation needs is held in the environment, or one that counts as such in its tenant
/// (CPY-024, C-13, G-26, RST-065, BKP-036, TTM-046).
pub fn role(facts: &Facts, environment: &Environment, findings: &mut Findings<'_>) {
    let name = &environment.name;
    let tenant = facts.tenant(environment.tenant);
    let Roles { environment: roles, tenant: tenant_wide } = findings.rulebook().roles(findings.about());
    let mine = facts.roles_are_the_viewers;
    let here = match &environment.operator_roles {
        // Where no role in the environment would do, it does not matter which are held.
        _ if roles.is_empty() => Known::Is(false),
        Known::Is(held) if mine => Known::Is(held.iter().any(|role| roles.contains(role))),
        Known::Is(_) | Known::Unknown => Known::Unknown,
    };
    let wide = match &tenant.operator_roles {
        Known::Is(held) if mine => Known::Is(held.iter().find(|role| tenant_wide.contains(role)).copied()),
        Known::Is(_) | Known::Unknown => Known::Unknown,
    };
    let no_article = findings.severity(Code::RoleMissing) == Some(Severity::Warn);
    match (here, wide) {
        (Known::Is(true), _) => {}
        (_, Known::Is(Some(_))) if roles.is_empty() => {}
        (_, Known::Is(Some(role))) => findings.fails(Code::RoleByTenant, || {
            let counts = match role {
                TenantRole::ServiceAdmin => "is enough for backups and restores of",
                TenantRole::GlobalAdmin | TenantRole::PowerPlatformAdmin | TenantRole::Dynamics365Admin => "counts as Environment Admin in",
            };
            Words::new(format!("You are {} of {}, which {counts} {name}", role.label(), tenant.name), "Nothing to do")
        }),
        (Known::Is(false), Known::Is(None)) => findings.fails(Code::RoleMissing, || {
            let names = roles.iter().map(|role| role.label()).chain(tenant_wide.iter().map(|role| role.label()).filter(|_| roles.is_empty()));
            let needed = names.collect::<Vec<_>>().join(" nor ");
            let place = if roles.is_empty() { &tenant.name } else { name };
            let remedy = format!("Ask an administrator of {place} for one of these roles, or let them carry it out");
            if no_article {
                return Words::new(
                    format!("You are neither {needed} in {place}; no article names the role that this needs, and it may be refused to you"),
                    remedy,
                );
            }
            Words::new(format!("You are neither {needed} in {place}"), remedy)
        }),
        (Known::Unknown, Known::Is(None)) => findings.undecided(Code::RoleMissing, || missing("operator_roles", name)),
        (Known::Is(false), Known::Unknown) => findings.undecided(Code::RoleMissing, || missing("operator_roles", &format!("the tenant {}", tenant.name))),
        (Known::Unknown, Known::Unknown) => findings.undecided(Code::RoleMissing, || {
            if mine {
                missing("operator_roles", &format!("{name} and of the tenant {}", tenant.name))
            } else {
                Words::new(
                    format!("`operator_roles` of {name} were captured for somebody else, yours are unknown"),
                    "Capture the tenant as yourself, or leave out --as",
                )
            }
        }),
    }
}

/// One of the roles that an operation on the whole tenant needs is held in it.
pub fn tenant_role(facts: &Facts, tenant: &Tenant, findings: &mut Findings<'_>) {
    let wide = &findings.rulebook().roles(findings.about()).tenant;
    let held = match &tenant.operator_roles {
        Known::Is(held) if facts.roles_are_the_viewers => Known::Is(held.iter().any(|role| wide.contains(role))),
        Known::Is(_) | Known::Unknown => Known::Unknown,
    };
    let name = &tenant.name;
    match held {
        Known::Is(true) => {}
        Known::Is(false) => findings.fails(Code::RoleMissing, || {
            let needed: Vec<_> = wide.iter().map(|role| role.label()).collect();
            Words::new(
                format!("You are neither {} of {name}; who else may do this depends on the settings of the tenant", needed.join(" nor ")),
                format!("Ask an administrator of {name}, or let them carry it out"),
            )
        }),
        Known::Unknown => findings.undecided(Code::RoleMissing, || missing("operator_roles", &format!("the tenant {name}"))),
    }
}

/// What is free of the storage that operations need: by a rulebook that asks for it of database storage, once that covers what
/// log and file storage lack (CUR-029), otherwise of the sum (ENV-015).
pub fn free(tenant: &Tenant, rulebook: &Rulebook) -> Known<Gigabytes> {
    match tenant.capacity.database_left() {
        Known::Is(left) if rulebook.severity(OperationKind::Create, Code::DatabaseBelow1GB).is_some() => Known::Is(left),
        Known::Is(_) | Known::Unknown => tenant.capacity.available(),
    }
}

/// At least 1 GB is free in the tenant: of the sum by the articles (ENV-015, CPY-040), of database storage by the newer ones
/// (CUR-029).
pub fn capacity(tenant: &Tenant, findings: &mut Findings<'_>) {
    if findings.severity(Code::DatabaseBelow1GB).is_none() {
        return sum_of_capacity(tenant, findings);
    }
    let capacity = &tenant.capacity;
    if capacity.says_types() {
        let minimum = Gigabytes::whole(findings.rulebook().limits.capacity_minimum_gb);
        match (capacity.database_left(), capacity.database_left_at_most()) {
            (Known::Is(left), _) if left >= minimum => return,
            (Known::Is(left), _) => return findings.fails(Code::DatabaseBelow1GB, || database_words(tenant, left, "", minimum)),
            (Known::Unknown, Known::Is(most)) if most < minimum => {
                return findings.fails(Code::DatabaseBelow1GB, || database_words(tenant, most, "at most ", minimum));
            }
            (Known::Unknown, _) if capacity.available().is_unknown() => {
                return findings.undecided(Code::DatabaseBelow1GB, || missing(unknown_storage(tenant), &format!("the tenant {}", tenant.name)));
            }
            (Known::Unknown, _) => {}
        }
    }
    // A sum that is too small is so by types as well; one that is large enough need not be.
    sum_of_capacity(tenant, findings);
    if !capacity.available().is_unknown() && !findings.outline().has(Code::CapacityBelow1GB) {
        findings.fails(Code::CapacityIsASum, || {
            Words::new(
                format!("The storage of {} is known only as a sum, which is an approximation: database, log and file storage are judged apart", tenant.name),
                "Look the three types up in the admin center, and write them into `capacity_gb` or import them",
            )
        });
    }
}

/// The first part of the storage that nobody knows.
fn unknown_storage(tenant: &Tenant) -> &'static str {
    let Capacity { database, log, file, .. } = &tenant.capacity;
    let fields = [
        (database.entitled, "capacity_gb.database.entitled"),
        (database.used, "capacity_gb.database.used"),
        (log.entitled, "capacity_gb.log.entitled"),
        (log.used, "capacity_gb.log.used"),
        (file.entitled, "capacity_gb.file.entitled"),
        (file.used, "capacity_gb.file.used"),
    ];
    fields.into_iter().find(|(known, _)| known.is_unknown()).map_or("capacity_gb", |(_, field)| field)
}

fn database_words(tenant: &Tenant, left: Gigabytes, at_most: &str, minimum: Gigabytes) -> Words {
    let none = Gigabytes::whole(0);
    let part = |of: &StorageType| {
        let Storage { entitled, used } = tenant.capacity.of(*of);
        let say = |known: &Known<Gigabytes>| if let Known::Is(size) = known { size.to_string() } else { "unknown".to_owned() };
        match (entitled, used) {
            (Known::Unknown, Known::Unknown) => format!("{} unknown", of.label()),
            (_, _) => format!("{} {} of {} GB", of.label(), say(used), say(entitled)),
        }
    };
    let parts = StorageType::ALL.iter().map(part).collect::<Vec<_>>().join(", ");
    let has = if left < none {
        let least = if at_most.is_empty() { "" } else { "at least " };
        format!("lacks {least}{} GB of database storage", none - left)
    } else {
        format!("has {at_most}{left} GB of database storage left")
    };
    Words::new(
        format!("{} {has}, once that covers what log and file storage lack, and {minimum} GB must be free: {parts}", tenant.name),
        "Free up storage, archive data, delete environments that nobody needs, or buy more capacity",
    )
}

/// At least 1 GB of the sum is free (ENV-015).
fn sum_of_capacity(tenant: &Tenant, findings: &mut Findings<'_>) {
    let minimum = Gigabytes::whole(findings.rulebook().limits.capacity_minimum_gb);
    if tenant.capacity.entitled.is(|entitled| *entitled < minimum) && tenant.capacity.used.is_unknown() {
        findings.fails(Code::CapacityBelow1GB, || {
            Words::new(format!("{} is entitled to less than the {minimum} GB of storage that must be free", tenant.name), "Buy more capacity")
        });
        return;
    }
    match tenant.capacity.available() {
        Known::Unknown => findings.undecided(Code::CapacityBelow1GB, || {
            let field = match (tenant.capacity.entitled, tenant.capacity.used) {
                (Known::Is(_), _) => "capacity_gb.used",
                (Known::Unknown, Known::Is(_)) => "capacity_gb.entitled",
                (Known::Unknown, Known::Unknown) => "capacity_gb",
            };
            missing(field, &format!("the tenant {}", tenant.name))
        }),
        Known::Is(available) if available < minimum => findings.fails(Code::CapacityBelow1GB, || {
            let none = Gigabytes::whole(0);
            let has = if available < none {
                format!("uses {} GB more storage than it is entitled to", none - available)
            } else {
                format!("has {available} GB of storage free")
            };
            Words::new(
                format!("{} {has}, and {minimum} GB must be free", tenant.name),
                "Free up storage, archive data, delete environments that nobody needs, or buy more capacity",
            )
        }),
        Known::Is(_) => {}
    }
}

/// A source with a customer-managed key needs a target with one (G-02, RST-024); itself has whatever it has.
pub fn key(source: &Environment, target: &Environment, findings: &mut Findings<'_>) {
    if source.id == target.id {
        return;
    }
    let has_key = |environment: &Environment| environment.customer_managed_key.as_ref().map(Option::is_some);
    match (has_key(source), has_key(target)) {
        (Known::Is(false), _) | (_, Known::Is(true)) => {}
        (Known::Is(true), Known::Is(false)) => findings.fails(Code::TargetNeedsCmk, || {
            Words::new(
                format!("{} is encrypted with a customer-managed key and {} is not", source.name, target.name),
                format!("Apply a customer-managed key to {}, or choose a target that has one", target.name),
            )
        }),
        (a, b) => findings.undecided(Code::TargetNeedsCmk, || missing("customer_managed_key", &whose(source, &a, target, &b))),
    }
}

/// So far the clocks of two machines may be apart, as in a runbook.
const CLOCKS_APART: TimeDelta = TimeDelta::minutes(5);

/// Whether facts were captured at an instant that has not come yet, so that nobody knows how old they are: somebody mistyped
/// it, or a clock is wrong.
pub fn lies_ahead(captured_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now < no_longer_ahead_at(captured_at)
}

/// From when on such facts are taken for what they say.
pub fn no_longer_ahead_at(captured_at: DateTime<Utc>) -> DateTime<Utc> {
    captured_at - CLOCKS_APART
}

/// What is wrong with such an instant, as it is said of a file and of an answer.
pub fn ahead(captured_at: DateTime<Utc>) -> Words {
    Words::new(
        format!("The facts were captured on {}, which lies in the future, so they can be of any age", minute(captured_at)),
        "Correct `captured_at` of the snapshot or the clock of this machine, or capture the tenant again",
    )
}

/// Facts older than a day warn, older than a week or dated in the future leave the answer open.
pub fn freshness(facts: &Facts, now: DateTime<Utc>, findings: &mut Findings<'_>) {
    let limits = &findings.rulebook().limits;
    let (stale, too_old) = (TimeDelta::hours(limits.stale_hours), TimeDelta::hours(limits.too_old_hours));
    let Known::Is(captured_at) = facts.captured_at else {
        findings.cite(Code::Stale, Some(Severity::Unknown), None, || {
            Words::new(
                "`captured_at` of the snapshot is unknown, so its facts can be of any age",
                "Capture the tenant again, or add `captured_at` to the snapshot",
            )
        });
        return;
    };
    if lies_ahead(captured_at, now) {
        findings.cite(Code::Stale, Some(Severity::Unknown), None, || ahead(captured_at));
        findings.hold_until(no_longer_ahead_at(captured_at) - TimeDelta::nanoseconds(1));
        return;
    }
    let age = now - captured_at;
    let words = || Words::new(format!("The facts are {} old", span(age)), "Capture the tenant again before you act on this answer");
    if age > too_old {
        findings.cite(Code::Stale, Some(Severity::Unknown), None, words);
    } else if age > stale {
        findings.cite(Code::Stale, Some(Severity::Warn), None, words);
        findings.hold_until(captured_at + too_old);
    } else {
        findings.hold_until(captured_at + stale);
    }
}

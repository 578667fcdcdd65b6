//! The conditions that several operations share: role, capacity, database, key, region, deleted, busy, old facts.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::environment::{Environment, EnvironmentRole, EnvironmentState};
use crate::domain::estate::Estate;
use crate::domain::gigabytes::Gigabytes;
use crate::domain::known::Known;
use crate::domain::retention::recoverable_until;
use crate::domain::time::{minute, span};
use crate::domain::verdict::{Code, Findings, Severity, Words, missing};
use crate::domain::words::Word;

/// Of which of the two a fact is unknown, as messages say it: "A", "B" or "A and of B".
pub fn whose<T, U>(source: &Environment, of_source: &Known<T>, target: &Environment, of_target: &Known<U>) -> String {
    match (of_source.is_unknown(), of_target.is_unknown()) {
        (true, true) => format!("{} and of {}", source.name, target.name),
        (true, false) => source.name.to_string(),
        (false, _) => target.name.to_string(),
    }
}

/// Neither deleted nor busy (G-16).
pub fn standing_and_idle(environment: &Environment, findings: &mut Findings<'_>) {
    let name = &environment.name;
    if let Some(true) = findings.read(environment.is_deleted(), Code::Deleted, "deleted_at", name) {
        let rulebook = findings.rulebook();
        findings.fails(Code::Deleted, || {
            let remedy = match recoverable_until(environment, rulebook) {
                Known::Is(Some(until)) => format!("Recover it first, which can be done until {}", minute(until)),
                Known::Is(None) | Known::Unknown => {
                    let limits = &rulebook.limits;
                    format!("Recover it first, which can be done for {} days, or {} with Dynamics 365", limits.recovery_days, limits.recovery_days_dynamics_365)
                }
            };
            Words::new(format!("{name} is deleted"), remedy)
        });
    }
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

/// One of the `roles` is held in the environment, or one that counts as such in its tenant (CPY-024, C-13, G-26).
pub fn role(estate: &Estate, environment: &Environment, roles: &[EnvironmentRole], findings: &mut Findings<'_>) {
    let name = &environment.name;
    let tenant = estate.tenant(environment.tenant);
    let (here, wide) = if estate.roles_are_the_viewers() {
        let tenant_wide = &findings.rulebook().tenant_wide_roles;
        (
            environment.operator_roles.as_ref().map(|held| held.iter().any(|role| roles.contains(role))),
            tenant.operator_roles.as_ref().map(|held| held.iter().find(|role| tenant_wide.contains(role)).copied()),
        )
    } else {
        (Known::Unknown, Known::Unknown)
    };
    match (here, wide) {
        (Known::Is(true), _) => {}
        (_, Known::Is(Some(role))) => findings.fails(Code::RoleByTenant, || {
            Words::new(format!("You are {} of {}, which counts as Environment Admin in {name}", role.label(), tenant.name), "Nothing to do")
        }),
        (Known::Is(false), Known::Is(None)) => findings.fails(Code::RoleMissing, || {
            let needed: Vec<_> = roles.iter().map(|role| role.label()).collect();
            Words::new(
                format!("You are neither {} in {name}", needed.join(" nor ")),
                format!("Ask an administrator of {name} for one of these roles, or let them carry it out"),
            )
        }),
        (Known::Unknown, Known::Is(None)) => findings.undecided(Code::RoleMissing, || missing("operator_roles", name)),
        (Known::Is(false), Known::Unknown) => findings.undecided(Code::RoleMissing, || missing("operator_roles", &format!("the tenant {}", tenant.name))),
        (Known::Unknown, Known::Unknown) => findings.undecided(Code::RoleMissing, || {
            if estate.roles_are_the_viewers() {
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

/// At least 1 GB is free in the tenant (ENV-015, CPY-040).
pub fn capacity(estate: &Estate, environment: &Environment, findings: &mut Findings<'_>) {
    let tenant = estate.tenant(environment.tenant);
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

/// Facts older than a day warn, older than a week leave the answer open. Returns when the next of the two is reached.
pub fn freshness(estate: &Estate, now: DateTime<Utc>, findings: &mut Findings<'_>) -> Option<DateTime<Utc>> {
    let limits = &findings.rulebook().limits;
    let (stale, too_old) = (TimeDelta::hours(limits.stale_hours), TimeDelta::hours(limits.too_old_hours));
    let Known::Is(captured_at) = estate.captured_at() else {
        findings.cite(Code::Stale, Some(Severity::Unknown), None, || {
            Words::new(
                "`captured_at` of the snapshot is unknown, so its facts can be of any age",
                "Capture the tenant again, or add `captured_at` to the snapshot",
            )
        });
        return None;
    };
    let age = now - captured_at;
    let words = || Words::new(format!("The facts are {} old", span(age)), "Capture the tenant again before you act on this answer");
    if age > too_old {
        findings.cite(Code::Stale, Some(Severity::Unknown), None, words);
        None
    } else if age > stale {
        findings.cite(Code::Stale, Some(Severity::Warn), None, words);
        Some(captured_at + too_old)
    } else {
        Some(captured_at + stale)
    }
}

//! May an environment be switched, reset, deleted, recovered, created, edited, or put in or out of service?

use chrono::{DateTime, Utc};

use crate::domain::backup::{Backup, Readiness, age_of, expiries};
use crate::domain::checklist::{self, Checklist, Gate};
use crate::domain::component::ComponentKind;
use crate::domain::conditions;
use crate::domain::environment::{Environment, EnvironmentType, FinanceOperationsType};
use crate::domain::known::Known;
use crate::domain::linked;
use crate::domain::loss;
use crate::domain::operation::OperationKind;
use crate::domain::retention::{recoverable_until, recovery_days, retention};
use crate::domain::rulebook::Rulebook;
use crate::domain::tenant::Tenant;
use crate::domain::time::{minute, span};
use crate::domain::verdict::{Code, Findings, Words, missing};
use crate::domain::words::{Word, counted};
use crate::domain::world::Facts;

/// Who may, and whether the environment stands there idle and healthy: what nearly every operation on one asks.
fn usual(environment: &Environment, facts: &Facts, findings: &mut Findings<'_>) {
    conditions::role(facts, environment, findings);
    conditions::standing_and_idle(environment, findings);
    conditions::not_failed(environment, findings);
}

/// The reasons about switching the type.
pub const SWITCH: &[Code] = &[
    Code::SwitchUnsupported,
    Code::RoleMissing,
    Code::RoleByTenant,
    Code::Deleted,
    Code::Busy,
    Code::EnvironmentFailed,
    Code::CapacityBelow1GB,
    Code::DatabaseBelow1GB,
    Code::CapacityIsASum,
    Code::BackupsLost,
    Code::PlannedPointLost,
    Code::PlannedPointSafe,
    Code::SwitchNotRecommended,
    Code::HalvesDiffer,
    Code::RelinkImpossible,
    Code::UnifiedDowntime,
    Code::MarketingBarsConversion,
    Code::ConversionTakesHours,
    Code::BothHalves,
];

/// May the type be switched (ENV-020, ENV-021, C-28, C-33, D5)? `planned` is the point that an open plan restores it to.
pub fn switch(
    environment: &Environment,
    (to, planned): (EnvironmentType, Option<DateTime<Utc>>),
    facts: &Facts,
    now: DateTime<Utc>,
    findings: &mut Findings<'_>,
) {
    let name = &environment.name;
    let rulebook = findings.rulebook();
    let exists = |from: EnvironmentType| rulebook.switches.iter().find(|switch| switch.from == from && switch.to == to);
    let candidates = environment.kind.candidates(EnvironmentType::ALL.iter().copied());
    match environment.kind {
        Known::Is(kind) if exists(kind).is_none() => findings.fails(Code::SwitchUnsupported, || {
            if kind == to {
                return Words::new(format!("{name} is of the type {} already", to.label()), "Nothing to do");
            }
            let onto: Vec<_> = rulebook.switches.iter().filter(|switch| switch.from == kind).map(|switch| switch.to.label()).collect();
            Words::new(
                format!("{name} is of the type {}, which cannot be switched to {}", kind.label(), to.label()),
                if onto.is_empty() {
                    "Only production and sandbox can be switched into each other; create an environment of the type that is needed".to_owned()
                } else {
                    format!("It can be switched to {}", onto.join(" or "))
                },
            )
        }),
        Known::Unknown if candidates.iter().any(|kind| exists(*kind).is_some()) => findings.undecided(Code::SwitchUnsupported, || missing("type", name)),
        Known::Unknown => findings.fails(Code::SwitchUnsupported, || {
            Words::new(format!("No environment can be switched to {}", to.label()), "Only production and sandbox can be switched into each other")
        }),
        Known::Is(_) => {}
    }
    usual(environment, facts, findings);
    if environment.kind.is(|kind| is_trial(*kind) && exists(*kind).is_some()) {
        converted(environment, facts, findings);
    }
    let days = rulebook.limits.retention_default;
    if to == EnvironmentType::Sandbox && environment.kind != Known::Is(to) {
        let lost = loss::loss(environment, days, rulebook, now);
        if !lost.is_nothing() {
            findings.fails(Code::BackupsLost, || {
                Words::new(lost.by_name(), "Keep it as production and restore to another sandbox; after switching back they may be gone all the same")
            });
        }
        if let Some(at) = loss::changes_at(environment, days, rulebook, now) {
            findings.hold_until(at);
        }
        if let Some(point) = planned {
            planned_point(environment, point, now, findings);
        }
    }
    linked_switch(environment, to, findings);
}

/// Whether it is a trial of either kind.
pub const fn is_trial(kind: EnvironmentType) -> bool {
    matches!(kind, EnvironmentType::Trial | EnvironmentType::TrialSubscription)
}

/// What an environment is switched to unless somebody says otherwise: a sandbox or a trial to production, anything else to
/// sandbox (ENV-020, CUR-022).
pub fn usual_switch(environment: &Environment) -> EnvironmentType {
    match environment.kind {
        Known::Is(EnvironmentType::Sandbox | EnvironmentType::Trial | EnvironmentType::TrialSubscription) => EnvironmentType::Production,
        Known::Is(
            EnvironmentType::Production
            | EnvironmentType::Preview
            | EnvironmentType::Developer
            | EnvironmentType::Teams
            | EnvironmentType::Default
            | EnvironmentType::Demo,
        )
        | Known::Unknown => EnvironmentType::Sandbox,
    }
}

/// A trial that is converted to production takes storage of its own, and time; with Dynamics 365 Marketing it cannot (CUR-022).
fn converted(environment: &Environment, facts: &Facts, findings: &mut Findings<'_>) {
    let name = &environment.name;
    conditions::capacity(facts.tenant(environment.tenant), findings);
    if let Some(apps) = findings.read(environment.dynamics_365_apps.as_ref(), Code::MarketingBarsConversion, "dynamics_365_apps", name)
        && apps.iter().any(|app| app.to_lowercase().contains("marketing"))
    {
        findings.fails(Code::MarketingBarsConversion, || {
            Words::new(
                format!("{name} holds Dynamics 365 Marketing, with which a trial cannot be converted to production"),
                "Create a production environment and move what is needed in a solution",
            )
        });
    }
    findings.fails(Code::ConversionTakesHours, || {
        Words::new(
            format!("The conversion of {name} to production can take several hours"),
            "Begin it well before the trial ends: what is deleted with the trial cannot be converted any more",
        )
    });
}

/// The point that an open plan restores it to: a switch either loses that very point, or is safe for it for a while
/// (RST-046, RST-047).
fn planned_point(environment: &Environment, point: DateTime<Utc>, now: DateTime<Utc>, findings: &mut Findings<'_>) {
    let (name, days) = (&environment.name, findings.rulebook().limits.retention_default);
    let until = loss::reached_as_sandbox_until(point, findings.rulebook());
    if until < now {
        findings.fails(Code::PlannedPointLost, || {
            Words::new(
                format!(
                    "The plan for {name} goes back to {}, which the switch would lose: a sandbox keeps {} only, so it was safe until {}",
                    minute(point),
                    counted(usize::from(days), "day"),
                    minute(until)
                ),
                "Keep it as production, and restore that point onto another sandbox",
            )
        });
        return;
    }
    findings.fails(Code::PlannedPointSafe, || {
        Words::new(
            format!("The plan for {name} goes back to {}: the switch is safe for that point until {}", minute(point), minute(until)),
            "Restore before then; afterwards a sandbox does not reach back so far",
        )
    });
    findings.hold_until(until);
}

/// What a switch means for a linked pair: its other half has no such option (LNK-011 to LNK-021, CUR-026).
fn linked_switch(environment: &Environment, to: EnvironmentType, findings: &mut Findings<'_>) {
    let name = &environment.name;
    let rulebook = findings.rulebook();
    let row = rulebook.switches.iter().find(|switch| switch.to == to);
    let (advice, apart) = (row.map(|row| row.linked.as_str()), row.map(|row| row.apart.as_str()));
    match (linked::is_held(environment, rulebook), linked::half(environment)) {
        (Known::Is(true), Some(half)) => {
            let called = linked::other(environment, half);
            let strongly = if to == EnvironmentType::Sandbox { "strongly discouraged" } else { "not recommended" };
            // The halves differ, and this is the step that makes them agree (LNK-018).
            let mends = linked::is_apart(environment) && linked::agrees(to, half) == Known::Is(true);
            findings.cite(Code::SwitchNotRecommended, None, advice, || {
                if mends {
                    return Words::new(
                        format!(
                            "{name} is linked to {called}, for which finance and operations has no such switch; this one brings both halves to one type again"
                        ),
                        "Go on: afterwards the pair agrees",
                    );
                }
                Words::new(
                    format!("{name} is linked to {called}, for which finance and operations has no such switch: this is {strongly}"),
                    "Restore or copy to a separate sandbox instead; go on only if you know how the pair is brought together again",
                )
            });
            let other = half.kind_of_environment;
            match linked::agrees(to, half) {
                Known::Is(true) => {}
                Known::Is(false) => findings.cite(Code::HalvesDiffer, None, apart, || {
                    let (becomes, stays) = match other {
                        Known::Is(FinanceOperationsType::Production) => ("a sandbox", "a production environment"),
                        Known::Is(FinanceOperationsType::Sandbox) | Known::Unknown => ("a production environment", "a sandbox"),
                    };
                    let after = format!("{name} would become {becomes} while {called} stays {stays}");
                    let remedy = if to == EnvironmentType::Production {
                        format!(
                            "Afterwards: deploy a finance and operations production environment without the integration, refresh its database from {called}, delete {called}, connect the new one",
                        )
                    } else {
                        "Do not run production work in a sandbox: it has no such service level".to_owned()
                    };
                    Words::new(after, remedy)
                }),
                Known::Unknown => findings.undecided_by(Code::HalvesDiffer, apart, || missing("finance_operations.type", name)),
            }
            if to == EnvironmentType::Sandbox {
                findings.fails(Code::RelinkImpossible, || {
                    Words::new(
                        format!(
                            "The finance and operations half of {name} cannot be linked to another production environment afterwards, unless it is deleted"
                        ),
                        "There is no action that ends a link; only the deletion of the finance and operations half does",
                    )
                });
            }
        }
        (Known::Is(false), Some(half)) => {
            let together = format!("{name} and {} are switched together", linked::other(environment, half));
            // How long that takes, the older articles do not say.
            if findings.severity(Code::UnifiedDowntime).is_some() {
                findings
                    .fails(Code::UnifiedDowntime, || Words::new(format!("{together}, with up to 2 hours of downtime"), "Choose an hour in which nobody works"));
            } else {
                findings.fails(Code::BothHalves, || Words::new(together, "Choose an hour in which nobody works"));
            }
        }
        (Known::Unknown, Some(_)) => findings.undecided_by(Code::SwitchNotRecommended, advice, || missing("finance_operations.kind", name)),
        (Known::Unknown, None) => findings.undecided_by(Code::SwitchNotRecommended, advice, || missing("finance_operations", name)),
        (Known::Is(_), None) => {}
    }
}

/// The reasons about a reset.
pub const RESET: &[Code] = &[
    Code::ResetUnsupported,
    Code::ResetBlockedByLink,
    Code::NoDataverse,
    Code::RoleMissing,
    Code::RoleByTenant,
    Code::Deleted,
    Code::Busy,
    Code::BothHalves,
    Code::ContentLost,
];

/// May it be reset to an empty state (G-11, LNK-010, CUR-018)? Also when it has failed or is disabled (CUR-017).
pub fn reset(environment: &Environment, facts: &Facts, findings: &mut Findings<'_>) {
    let name = &environment.name;
    conditions::kind(environment, OperationKind::Reset, Code::ResetUnsupported, findings, |kind| {
        let remedy = match kind {
            EnvironmentType::Production => "Switch it to sandbox first, which costs its older backups",
            // It cannot be deleted either (G-11, CUR-019).
            EnvironmentType::Default => "Empty it instead: delete its apps, flows and data",
            EnvironmentType::Sandbox
            | EnvironmentType::Preview
            | EnvironmentType::Developer
            | EnvironmentType::Teams
            | EnvironmentType::Trial
            | EnvironmentType::TrialSubscription
            | EnvironmentType::Demo => "Delete it and create a new one instead",
        };
        Words::new(format!("{name} is of the type {}, which cannot be reset", kind.label()), remedy)
    });
    linked::barred(environment, Code::ResetBlockedByLink, findings, |half| {
        Words::new(
            format!("{name} is linked to {}, so that Reset is not available", linked::other(environment, half)),
            "Delete the finance and operations half in Lifecycle Services first: that ends the link",
        )
    });
    conditions::database(environment, findings);
    conditions::role(facts, environment, findings);
    conditions::standing_and_idle(environment, findings);
    linked::together(environment, findings, |half| {
        Words::new(
            format!("{name} is unified: the reset takes {} too, with its data", linked::other(environment, half)),
            "Take what is needed of both halves out first",
        )
    });
    findings.fails(Code::ContentLost, || {
        Words::new(
            format!("Everything in {name} is deleted for good: {}", content(environment)),
            "Take what is needed out of it first: as a solution, or as a copy of the environment",
        )
    });
}

/// What an environment holds, in figures: "its data, its customizations, 3 canvas apps and 2 manual backups".
fn content(environment: &Environment) -> String {
    let mut parts: Vec<String> = environment.components.seen().filter(|(_, list)| !list.is_empty()).map(|(kind, list)| kind.counted(list.len())).collect();
    if let Known::Is(backups) = &environment.backups
        && !backups.is_empty()
    {
        parts.push(counted(backups.len(), "manual backup"));
    }
    match parts.pop() {
        None => "its data, customizations, apps, flows, connections and backups".to_owned(),
        Some(last) => {
            let before: String = parts.iter().map(|part| format!(", {part}")).collect();
            format!("its data, its customizations{before} and {last}")
        }
    }
}

/// The reasons about a deletion.
pub const DELETE: &[Code] = &[
    Code::DeleteUnsupported,
    Code::DeleteBlockedByLink,
    Code::RoleMissing,
    Code::RoleByTenant,
    Code::Deleted,
    Code::Busy,
    Code::BothHalves,
    Code::Recoverable,
    Code::UrlReserved,
];

/// May it be deleted (G-11, LNK-006, CUR-019)? Also when it has failed or is disabled (CUR-017).
pub fn delete(environment: &Environment, facts: &Facts, findings: &mut Findings<'_>) {
    let name = &environment.name;
    conditions::kind(environment, OperationKind::Delete, Code::DeleteUnsupported, findings, |kind| {
        Words::new(
            format!("{name} is the {} environment, which cannot be deleted", kind.label().to_lowercase()),
            "Empty it instead: delete its apps, flows and data",
        )
    });
    linked::barred(environment, Code::DeleteBlockedByLink, findings, |half| {
        Words::new(
            format!("{name} is linked to {}, so that it cannot be deleted in the admin center", linked::other(environment, half)),
            format!("Delete {} in Lifecycle Services first: that ends the link, and then this can be deleted", linked::other(environment, half)),
        )
    });
    conditions::role(facts, environment, findings);
    conditions::standing_and_idle(environment, findings);
    if environment.is_deleted() == Known::Is(true) {
        return;
    }
    linked::together(environment, findings, |half| {
        Words::new(
            format!("{name} is unified: {} is deleted with it, and the data of both", linked::other(environment, half)),
            "Make sure that nobody needs either half",
        )
    });
    let rulebook = findings.rulebook();
    findings.cite(Code::Recoverable, None, longer_recovery(environment, rulebook), || {
        let message = match recovery_days(environment, rulebook) {
            Known::Is(days) => format!("{name} can be recovered for {} after its deletion", counted(days.into(), "day")),
            Known::Unknown => {
                let limits = &rulebook.limits;
                format!(
                    "{name} can be recovered for {} days after its deletion, or {} with Dynamics 365",
                    limits.recovery_days, limits.recovery_days_dynamics_365
                )
            }
        };
        Words::new(message, "After that it is gone for good, with its backups")
    });
    if environment.url.is(Option::is_some) {
        findings.fails(Code::UrlReserved, || {
            Words::new(format!("The URL of {name} cannot be used again for at least 24 hours"), "Wait a day before you create an environment with the same URL")
        });
    }
}

/// The reasons about a recovery.
pub const RECOVER: &[Code] = &[
    Code::NotDeleted,
    Code::RecoveryExpired,
    Code::CapacityBelow1GB,
    Code::DatabaseBelow1GB,
    Code::CapacityIsASum,
    Code::RoleMissing,
    Code::RoleByTenant,
    Code::Busy,
    Code::BackupsReturn,
];

/// The rule behind the longer time for recovering, where that holds.
fn longer_recovery(environment: &Environment, rulebook: &Rulebook) -> Option<&'static str> {
    recovery_days(environment, rulebook).is(|days| *days == rulebook.limits.recovery_days_dynamics_365).then_some("RCV-002")
}

/// May a deleted environment be got back (RCV-001, RCV-002, RCV-007, G-12, CUR-020)?
pub fn recover(environment: &Environment, facts: &Facts, now: DateTime<Utc>, findings: &mut Findings<'_>) {
    let name = &environment.name;
    let rulebook = findings.rulebook();
    if let Some(false) = findings.read(environment.is_deleted(), Code::NotDeleted, "deleted_at", name) {
        findings.fails(Code::NotDeleted, || {
            Words::new(format!("{name} is not deleted"), "Nothing to do; to get records back, restore a backup into a new environment instead")
        })
    }
    if let Known::Is(Some(deleted_at)) = environment.deleted_at {
        match recoverable_until(environment, rulebook) {
            Known::Is(Some(until)) if now <= until => findings.hold_until(until),
            Known::Is(_) => findings.cite(Code::RecoveryExpired, None, longer_recovery(environment, rulebook), || {
                let days = recovery_days(environment, rulebook).map(|days| counted(days.into(), "day"));
                let within = if let Known::Is(days) = days { days } else { "a few days".to_owned() };
                Words::new(
                    format!("{name} was deleted on {}, {} ago, and could be recovered for {within}", minute(deleted_at), span(now - deleted_at)),
                    "There is no way out: create a new environment",
                )
            }),
            Known::Unknown => undecided_recovery(environment, deleted_at, now, findings),
        }
        let kept = retention(environment, rulebook);
        let back = |backup: &&Backup| age_of(backup, &kept, rulebook, now) != Known::Is(Readiness::Expired);
        let backups: Vec<&Backup> = match &environment.backups {
            Known::Is(backups) => backups.iter().filter(back).collect(),
            Known::Unknown => Vec::new(),
        };
        backups.iter().flat_map(|backup| expiries(backup, &kept)).filter(|at| *at >= now).for_each(|at| findings.hold_until(at));
        if !backups.is_empty() {
            findings.fails(Code::BackupsReturn, || {
                Words::new(format!("{} of {name} that did not expire meanwhile will be there again", counted(backups.len(), "manual backup")), "Nothing to do")
            });
        }
    }
    conditions::capacity(facts.tenant(environment.tenant), findings);
    conditions::role(facts, environment, findings);
    conditions::idle(environment, findings);
}

/// Whether the days have passed although nobody knows which window it is: the shorter one or the longer one.
fn undecided_recovery(environment: &Environment, deleted_at: DateTime<Utc>, now: DateTime<Utc>, findings: &mut Findings<'_>) {
    let limits = &findings.rulebook().limits;
    let until = |days: u16| deleted_at + chrono::TimeDelta::days(i64::from(days));
    let (first, last) = (until(limits.recovery_days), until(limits.recovery_days_dynamics_365));
    let name = &environment.name;
    if now <= first {
        findings.hold_until(first);
    } else if now <= last {
        findings.undecided(Code::RecoveryExpired, || missing(if environment.kind.is_unknown() { "type" } else { "dynamics_365_apps" }, name));
        findings.hold_until(last);
    } else {
        findings.fails(Code::RecoveryExpired, || {
            Words::new(
                format!("{name} was deleted {} ago, longer than any environment can be recovered", span(now - deleted_at)),
                "There is no way out: create a new environment",
            )
        });
    }
}

/// The reasons about creating an environment.
pub const CREATE: &[Code] = &[Code::CapacityBelow1GB, Code::DatabaseBelow1GB, Code::CapacityIsASum, Code::RoleMissing];

/// May another environment be created in the tenant (ENV-015)?
pub fn create(tenant: &Tenant, facts: &Facts, findings: &mut Findings<'_>) {
    conditions::capacity(tenant, findings);
    conditions::tenant_role(facts, tenant, findings);
}

/// The reasons about other edits.
pub const EDIT: &[Code] = &[Code::RoleMissing, Code::RoleByTenant, Code::Deleted, Code::Busy, Code::EnvironmentFailed, Code::LinkStays];

/// May its name or security group be changed (LNK-003)?
pub fn edit(environment: &Environment, facts: &Facts, findings: &mut Findings<'_>) {
    usual(environment, facts, findings);
    let held = linked::is_held(environment, findings.rulebook());
    if let Some(half) = linked::half(environment) {
        findings.fails(Code::LinkStays, || {
            let stays = format!("{} stays linked to {}", environment.name, linked::other(environment, half));
            match held {
                Known::Is(true) => Words::new(format!("{stays}; of its properties only the URL is locked"), "Nothing to do"),
                Known::Is(false) => Words::new(format!("{stays}; it is unified, and none of its properties is locked"), "Nothing to do"),
                Known::Unknown => {
                    Words::new(format!("{stays}; whether its URL is locked depends on `finance_operations.kind`, which is unknown"), "Nothing to do")
                }
            }
        });
    }
}

/// The reasons about changing the URL.
pub const RENAME_URL: &[Code] =
    &[Code::UrlLockedByLink, Code::NoDataverse, Code::AddressBreaks, Code::RoleMissing, Code::RoleByTenant, Code::Deleted, Code::Busy, Code::EnvironmentFailed];

/// What is known of an environment and names its address, or is reached by it.
fn named_by_address(environment: &Environment) -> Vec<String> {
    const REACHED: [ComponentKind; 5] =
        [ComponentKind::Iframe, ComponentKind::CustomConnector, ComponentKind::Portal, ComponentKind::Chatbot, ComponentKind::ConnectionReference];
    let of = |kind: ComponentKind| match environment.components.of(kind) {
        Known::Is(list) if !list.is_empty() => Some(counted(list.len(), kind.noun())),
        Known::Is(_) | Known::Unknown => None,
    };
    REACHED.into_iter().filter_map(of).collect()
}

/// May its URL be changed, and what breaks with it (LNK-004, LNK-005, CUR-034)?
pub fn rename_url(environment: &Environment, facts: &Facts, findings: &mut Findings<'_>) {
    linked::barred(environment, Code::UrlLockedByLink, findings, |half| {
        Words::new(
            format!("{} is linked to {}, which does not support another domain name", environment.name, linked::other(environment, half)),
            "Deploy a separate Dataverse environment, change the URL there, then connect finance and operations to it",
        )
    });
    conditions::database(environment, findings);
    // Without a database there is no URL, so nothing breaks.
    if environment.has_database() == Known::Is(false) {
        return usual(environment, facts, findings);
    }
    findings.fails(Code::AddressBreaks, || {
        let known = named_by_address(environment);
        let here = if known.is_empty() { String::new() } else { format!("; to be checked here: {}", known.join(", ")) };
        Words::new(
            format!(
                "The old URL of {} stops working at once: bookmarks and links in mail, Power BI reports, Azure Synapse Link, integrations and \
                 connections that name it{here}",
                environment.name
            ),
            "List who uses the URL and tell them the new one; unlink Azure Synapse Link before and link it again afterwards, and sign connections in again",
        )
    });
    usual(environment, facts, findings);
}

/// The reasons about administration mode.
pub const ADMIN_MODE: &[Code] = &[
    Code::AdminModeUnsupported,
    Code::RoleMissing,
    Code::RoleByTenant,
    Code::Deleted,
    Code::Busy,
    Code::EnvironmentFailed,
    Code::ChecklistOpen,
    Code::BackgroundUnknown,
    Code::YammerUndecided,
    Code::YammerShared,
    Code::CodeStillRuns,
    Code::NothingChanges,
];

/// May administration mode be turned on or off (C-20, C-21, G-21, CUR-021)? Leaving it is always possible.
pub fn admin_mode(environment: &Environment, on: bool, checklists: &[Checklist], facts: &Facts, findings: &mut Findings<'_>) {
    let name = &environment.name;
    if on {
        conditions::kind(environment, OperationKind::AdminMode, Code::AdminModeUnsupported, findings, |kind| {
            Words::new(
                format!("{name} is of the type {}, on which administration mode cannot be turned on by hand", kind.label()),
                "Limit access with a security group instead",
            )
        });
    }
    usual(environment, facts, findings);
    if environment.admin_mode == Known::Is(on) {
        let state = if on { "on" } else { "off" };
        findings.fails(Code::NothingChanges, || Words::new(format!("Administration mode of {name} is {state} already"), "Nothing to do"));
    } else if on {
        findings.fails(Code::CodeStillRuns, || {
            Words::new(format!("Plug-ins and custom workflow code of {name} still run in administration mode"), "Disable those that reach outside services")
        });
    } else {
        if let Some(warning) = checklist::warning_before_leaving(checklists) {
            findings.fails(Code::ChecklistOpen, || {
                Words::new(format!("Everybody gets in again, and {warning}"), format!("Work the checklist of {name} first, or take what is open upon yourself"))
            });
        }
        // The tools set both switches at once: who does not know the second cannot leave it as it is (ENV-012, C-21).
        findings.read(environment.background_operations, Code::BackgroundUnknown, "background_operations", name);
        // By the newer articles background operations run from then on (CUR-021).
        posts(environment, checklists, findings);
    }
}

/// The reasons about background operations.
pub const BACKGROUND: &[Code] = &[
    Code::AdminModeOn,
    Code::AdminModeOff,
    Code::ChecklistOpen,
    Code::YammerUndecided,
    Code::YammerShared,
    Code::RoleMissing,
    Code::RoleByTenant,
    Code::Deleted,
    Code::Busy,
    Code::EnvironmentFailed,
    Code::NothingChanges,
];

/// May background operations be turned on or off (C-21, G-21, PCP-025, CUR-021)? `checklists` are those that are worked, with what they say against it.
pub fn background(environment: &Environment, on: bool, checklists: &[Checklist], facts: &Facts, findings: &mut Findings<'_>) {
    let name = &environment.name;
    if environment.background_operations == Known::Is(on) {
        let state = if on { "on" } else { "off" };
        findings.fails(Code::NothingChanges, || Words::new(format!("Background operations of {name} are {state} already"), "Nothing to do"));
    } else if on {
        if let Some(true) = findings.read(environment.admin_mode, Code::AdminModeOn, "admin_mode", name) {
            findings.fails(Code::AdminModeOn, || {
                Words::new(format!("{name} is in administration mode, in which background operations cannot run"), "Leave administration mode first")
            });
        }
        // What was open when the mode was left is still open, and now it begins to send (PCP-010, G-21).
        if let Some(warning) = checklist::warning_before_leaving(checklists) {
            findings.fails(Code::ChecklistOpen, || {
                Words::new(
                    format!("Mail, workflows and system jobs run from then on, and {warning}"),
                    format!("Work the checklist of {name} first, or take what is open upon yourself"),
                )
            });
        }
        posts(environment, checklists, findings);
    } else if let Some(false) = findings.read(environment.admin_mode, Code::AdminModeOff, "admin_mode", name) {
        findings.fails(Code::AdminModeOff, || {
            Words::new(format!("Background operations can be off only in administration mode, and {name} is not in it"), "Turn administration mode on first")
        });
    }
    usual(environment, facts, findings);
}

/// What is posted once background operations run: nothing before Yammer is settled (PCP-024, PCP-025).
fn posts(environment: &Environment, checklists: &[Checklist], findings: &mut Findings<'_>) {
    let name = &environment.name;
    if let Some(gate) = checklists.iter().find_map(|checklist| checklist.gate(Gate::BackgroundOperations)) {
        findings.fails(Code::YammerUndecided, || Words::new(gate, format!("Decide that item in the checklist of {name}; to leave it as it is needs a reason")));
    }
    for row in checklists.iter().flat_map(|checklist| checklist.left_behind(Gate::BackgroundOperations)) {
        let concerned: Vec<_> = row.concerns.iter().map(|concern| format!("{} ({})", concern.name, concern.detail)).collect();
        findings.fails(Code::YammerShared, || {
            Words::new(
                format!(
                    "{} of {name} points where that of production may point: {}; what waits is posted there a second time",
                    row.beginning(),
                    concerned.join(", ")
                ),
                "Redirect it to another network first, or take it upon yourself",
            )
        });
    }
}

/// The reasons about deleting the finance and operations half.
pub const DELETE_FINANCE_OPERATIONS: &[Code] = &[
    Code::NotLinked,
    Code::NotInLcs,
    Code::RoleMissing,
    Code::RoleByTenant,
    Code::Deleted,
    Code::Busy,
    Code::ProductionHalf,
    Code::FinanceDataLost,
    Code::LinkEnds,
];

/// May its finance and operations half be deleted in Lifecycle Services (LNK-007 to LNK-009, LNK-032)?
pub fn delete_finance_operations(environment: &Environment, facts: &Facts, findings: &mut Findings<'_>) {
    let name = &environment.name;
    match (findings.read(environment.is_linked(), Code::NotLinked, "finance_operations", name), linked::half(environment)) {
        (Some(false), _) => findings.fails(Code::NotLinked, || Words::new(format!("{name} has no finance and operations half"), "Nothing to do")),
        (Some(true), Some(half)) => {
            match linked::is_held(environment, findings.rulebook()) {
                Known::Is(true) => {}
                Known::Is(false) => findings.fails(Code::NotInLcs, || {
                    Words::new(
                        format!("{name} and its finance and operations half are managed as one, not in Lifecycle Services"),
                        format!("Delete {name} in the admin center, which deletes both"),
                    )
                }),
                Known::Unknown => findings.undecided(Code::NotInLcs, || missing("finance_operations.kind", name)),
            }
            if linked::is_unified(environment) {
                conditions::role(facts, environment, findings);
                conditions::standing_and_idle(environment, findings);
                return;
            }
            linked::production(environment, "is deleted for good", findings);
            findings.fails(Code::FinanceDataLost, || {
                Words::new(
                    format!("The data of {} is deleted with it", linked::other(environment, half)),
                    "Refresh another finance and operations database from it first if its data is needed",
                )
            });
            findings.fails(Code::LinkEnds, || {
                Words::new(format!("{name} stays as it is, and its link ends: after that it can be deleted and reset"), "Nothing to do")
            });
        }
        (Some(true) | None, _) => {}
    }
    conditions::role(facts, environment, findings);
    conditions::standing_and_idle(environment, findings);
}

//! May this environment be restored onto that one, to that instant (table D2), and if not, every reason why.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::backup::{Backup, Readiness, age_of, expires_at, expiries, kept_window, settling};
use crate::domain::component::{ComponentKind, Property};
use crate::domain::conditions::{self, whose};
use crate::domain::environment::Environment;
use crate::domain::known::Known;
use crate::domain::linked;
use crate::domain::loss::called;
use crate::domain::pairs;
use crate::domain::retention::{retention, unknown_behind};
use crate::domain::tenant::TenantRole;
use crate::domain::time::minute;
use crate::domain::verdict::{Code, Findings, Words, missing};
use crate::domain::words::counted;
use crate::domain::world::Facts;

/// What is restored to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point<'a> {
    /// An instant in the continuous system backup.
    Instant(DateTime<Utc>),
    /// A manual backup of the source.
    Backup(&'a Backup),
}

impl Point<'_> {
    /// The instant that it restores to.
    pub const fn at(&self) -> DateTime<Utc> {
        match self {
            Self::Instant(at) => *at,
            Self::Backup(backup) => backup.taken_at,
        }
    }
}

/// A restore that somebody asks about.
#[derive(Debug, Clone, Copy)]
pub struct Restore<'a> {
    /// Whose backup it is; it keeps its state.
    pub source: &'a Environment,
    /// What is overwritten (RST-066); may be the source itself (RST-026).
    pub target: &'a Environment,
    /// What it is restored to; without it the pair alone is judged.
    pub point: Option<Point<'a>>,
    /// Whether audit logs are asked for (RST-038).
    pub audit_logs: bool,
    /// The instant to which the finance and operations half is restored with it, if it is (LNK-027).
    pub paired_at: Option<DateTime<Utc>>,
    /// That somebody chose to leave that half as it is.
    pub half_left: bool,
}

/// The reasons that a restore can be refused, warned about or noted for.
pub const CODES: &[Code] = &[
    Code::TargetIsProduction,
    Code::SourceIsDefault,
    Code::TargetIsDefault,
    Code::TypePairUnsupported,
    Code::ArticlesContradict,
    Code::TenantMismatch,
    Code::RegionMismatch,
    Code::RoleMissing,
    Code::RoleByTenant,
    Code::CapacityBelow1GB,
    Code::DatabaseBelow1GB,
    Code::CapacityIsASum,
    Code::NoDataverse,
    Code::Deleted,
    Code::Busy,
    Code::SourceFailed,
    Code::TargetLinkedSourceNot,
    Code::SourceLinkedTargetNot,
    Code::TargetNeedsCmk,
    Code::KeyDiffers,
    Code::PoliciesDiffer,
    Code::ManagedMismatch,
    Code::BackupExpired,
    Code::BackupNotReady,
    Code::BackupSettling,
    Code::BackupOverwritten,
    Code::BackupMayBeGone,
    Code::PairedInstantsDiffer,
    Code::PairedRestoreOutOfReach,
    Code::ProductionHalf,
    Code::HalfLeft,
    Code::PairedRestore,
    Code::BothHalves,
    Code::PointInTimeOutOfReach,
    Code::OutsideSolution,
    Code::AuditLogs,
    Code::AuditLogsManualOnly,
    Code::SharedWithEveryone,
    Code::GlobalAdmin,
];

/// Table D2: every condition, for system and manual backups alike (RST-018).
pub fn rules(restore: Restore<'_>, facts: &Facts, now: DateTime<Utc>, findings: &mut Findings<'_>) {
    let Restore { source, target, point, .. } = restore;
    // A switch costs the target its older backups, so it is no way to a point of its own that is among them (RST-047).
    let asked = point.map(|point| point.at()).filter(|_| source.id == target.id);
    pairs::types(source, target, asked, now, findings);
    pairs::tenant(source, target, facts, findings);
    let region = match point {
        Some(Point::Backup(Backup { region: Some(region), .. })) => &Known::Is(region.clone()),
        Some(Point::Backup(_) | Point::Instant(_)) | None => &source.region,
    };
    pairs::region(source, region, target, findings);
    pairs::managed(source, target, findings);
    conditions::key(source, target, findings);
    same_key(source, target, findings);
    same_policies(source, target, findings);
    pairs::each(source, target, |environment| conditions::database(environment, findings));
    conditions::capacity(facts.tenant(target.tenant), findings);
    match point {
        Some(Point::Instant(at)) => instant(source, at, now, findings),
        Some(Point::Backup(backup)) => manual(source, backup, now, findings),
        None => {}
    }
    pairs::each(source, target, |environment| conditions::role(facts, environment, findings));
    pairs::each(source, target, |environment| conditions::standing_and_idle(environment, findings));
    pairs::source_stands(source, "restored from", findings);
    paired(restore, now, findings);
    pairs::outside_solutions(source, findings);
    audit_logs(restore, findings);
    shared_with_everyone(source, findings);
    global_admin(facts, target, findings);
}

/// Whether the keys are the same, where both have one (G-05, CUR-015).
fn same_key(source: &Environment, target: &Environment, findings: &mut Findings<'_>) {
    if source.id == target.id {
        return;
    }
    if let (Known::Is(Some(from)), Known::Is(Some(onto))) = (&source.customer_managed_key, &target.customer_managed_key) {
        match (&from.name, &onto.name) {
            (Known::Is(one), Known::Is(other)) if one == other => {}
            (Known::Is(one), Known::Is(other)) => findings.fails(Code::KeyDiffers, || {
                Words::new(
                    format!("{} is encrypted with the key {one}, {} with {other}", source.name, target.name),
                    format!("Apply the key {one} to {}, or choose a target that has it", target.name),
                )
            }),
            (one, other) => findings.undecided(Code::KeyDiffers, || missing("customer_managed_key.name", &whose(source, one, target, other))),
        }
    } else if source.customer_managed_key.is_unknown() && target.customer_managed_key.is(Option::is_some) {
        // Whether the target needs a key is no question any more; whether it needs another one is.
        findings.undecided(Code::KeyDiffers, || missing("customer_managed_key", &source.name));
    }
}

/// Both are under the same set of enterprise policies (CUR-016).
fn same_policies(source: &Environment, target: &Environment, findings: &mut Findings<'_>) {
    if source.id == target.id || findings.severity(Code::PoliciesDiffer).is_none() {
        return;
    }
    let policies = |environment: &Environment| {
        environment.enterprise_policies.as_ref().map(|policies| {
            let mut ids: Vec<_> = policies.iter().map(|policy| policy.id.clone()).collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        })
    };
    match (policies(source), policies(target)) {
        (Known::Is(from), Known::Is(onto)) => {
            if from != onto {
                findings.fails(Code::PoliciesDiffer, || {
                    let counts = (counted(from.len(), "enterprise policy"), counted(onto.len(), "enterprise policy"));
                    Words::new(
                        format!("{} and {} are not under the same enterprise policies ({} and {})", source.name, target.name, counts.0, counts.1),
                        format!("Put {} under the same policies as {} first", target.name, source.name),
                    )
                });
            }
        }
        (a, b) => findings.undecided(Code::PoliciesDiffer, || missing("enterprise_policies", &whose(source, &a, target, &b))),
    }
}

/// The instant lies in what the system backup still reaches (BKP-081, RST-045), and nothing made it useless since.
pub(super) fn instant(source: &Environment, at: DateTime<Utc>, now: DateTime<Utc>, findings: &mut Findings<'_>) {
    let rulebook = findings.rulebook();
    if at > now {
        findings.fails(Code::BackupExpired, || {
            Words::new(
                format!("The instant {} lies in the future, so there is no such restore point", minute(at)),
                format!("Choose an instant up to {}", minute(now)),
            )
        });
        // At the instant itself it lies in the future no more.
        findings.hold_until(at - TimeDelta::nanoseconds(1));
        return;
    }
    let kept = retention(source, rulebook);
    let reached = |days: &Option<u16>| days.is_some_and(|days| now - at <= TimeDelta::days(i64::from(days)));
    let deleted_before = source.deleted_at.is(|deleted_at| deleted_at.is_some_and(|deleted_at| at > deleted_at));
    let created_after = source.created_at.is(|created_at| at < *created_at);
    // Decided over every retention that is possible: what none reaches is gone, what all reach is there.
    let (any, all) = (kept.possible().iter().any(reached), kept.possible().iter().all(reached));
    // Kept for less time before, so that nothing older came through (BKP-037), whatever is set now.
    let gone_before = source.kept_since.is_some_and(|since| at < since);
    // Between a deletion and the recovery after it nothing was backed up (G-12).
    let unbacked = source.unbacked.iter().copied().find(|(from, to)| (*from..*to).contains(&at) && at != *from);
    let outside = !any || deleted_before || created_after || gone_before || unbacked.is_some();
    match (outside, kept_window(source, rulebook, now)) {
        (false, _) if all && !source.created_at.is_unknown() => {}
        (false, _) => findings.undecided(Code::BackupExpired, || {
            let field = if all { "created_at" } else { unknown_behind(source) };
            missing(field, &source.name)
        }),
        (_, Known::Is(None)) => findings
            .fails(Code::BackupExpired, || Words::new(format!("{} has no system backups to restore", source.name), "There is no way out: nothing was kept")),
        (_, _) if unbacked.is_some() => findings.fails(Code::BackupExpired, || {
            let (from, to) = unbacked.unwrap_or_default();
            Words::new(
                format!("{} was deleted from {} to {}: nothing was backed up at {}", source.name, minute(from), minute(to), minute(at)),
                format!("Choose an instant up to {}, or from {} on", minute(from), minute(to)),
            )
        }),
        (_, window) => findings.fails(Code::BackupExpired, || {
            let (instant, name) = (minute(at), &source.name);
            let message = match window {
                Known::Is(Some(window)) => {
                    format!("The instant {instant} lies outside what is kept of {name}: {} to {}", minute(window.from), minute(window.to))
                }
                Known::Is(None) | Known::Unknown if deleted_before => format!("The instant {instant} lies after the deletion of {name}"),
                Known::Is(None) | Known::Unknown if created_after => format!("The instant {instant} lies before the creation of {name}"),
                Known::Is(None) | Known::Unknown => format!("The instant {instant} is longer ago than the backups of {name} are kept"),
            };
            let remedy = match window {
                Known::Is(Some(window)) if window.to < now => format!("Choose an instant from {} to {}", minute(window.from), minute(window.to)),
                Known::Is(Some(window)) => format!("Choose an instant from {} on", minute(window.from)),
                Known::Is(None) | Known::Unknown if deleted_before => "Choose an instant before its deletion".to_owned(),
                Known::Is(None) | Known::Unknown => "Choose a newer instant".to_owned(),
            };
            Words::new(message, remedy)
        }),
    }
    for days in kept.possible().iter().flatten() {
        let ends = at + TimeDelta::days(i64::from(*days));
        if ends >= now {
            findings.hold_until(ends);
        }
    }
    spoiled(source, at, findings);
}

/// A copy since has overwritten it (C-19, CUR-028), or it was lost by a switch to sandbox and may not have come back (C-28).
fn spoiled(source: &Environment, at: DateTime<Utc>, findings: &mut Findings<'_>) {
    if let Some(since) = source.restorable_since.filter(|since| at < *since) {
        findings.fails(Code::BackupOverwritten, || {
            Words::new(
                format!("{} was overwritten by a copy on {}, after {}", source.name, minute(since), minute(at)),
                format!("Choose an instant after {}; the articles contradict each other about older ones", minute(since)),
            )
        });
    }
    if source.may_be_gone_before.is_some_and(|before| at < before) {
        findings.cite(Code::BackupMayBeGone, None, None, || {
            Words::new(
                format!("{} kept its backups for less time meanwhile, so that {} may be gone", source.name, minute(at)),
                "Look in the admin center whether it is still offered",
            )
        });
    }
}

/// The manual backup is ready and not gone (D2, rows 6 and 7).
pub(super) fn manual(source: &Environment, backup: &Backup, now: DateTime<Utc>, findings: &mut Findings<'_>) {
    let rulebook = findings.rulebook();
    let kept = retention(source, rulebook);
    let age = now - backup.taken_at;
    let limits = &rulebook.limits;
    let (ready, settled) = (TimeDelta::minutes(limits.backup_not_ready_minutes), TimeDelta::minutes(limits.backup_settling_minutes));
    let still_there = age_of(backup, &kept, rulebook, now);
    match still_there {
        Known::Unknown => findings.undecided(Code::BackupExpired, || missing(unknown_behind(source), &source.name)),
        Known::Is(Readiness::Expired) => findings.fails(Code::BackupExpired, || {
            let ended = match expires_at(backup, &kept) {
                Known::Is(Some(at)) => format!("expired on {}", minute(at)),
                Known::Is(None) | Known::Unknown => "is not kept any more".to_owned(),
            };
            Words::new(format!("The backup {} of {} {ended}", called(backup), source.name), "Choose a newer backup, or an instant of the system backup")
        }),
        Known::Is(Readiness::NotReady | Readiness::Settling | Readiness::Ready | Readiness::Overwritten) => {}
    }
    // Where it is open how long backups are kept, it can be too young all the same.
    match settling(backup, rulebook, now) {
        _ if still_there == Known::Is(Readiness::Expired) => {}
        Readiness::NotReady => findings.fails(Code::BackupNotReady, || {
            Words::new(
                format!(
                    "The backup {} of {} was requested {} ago and can take {} to be ready",
                    called(backup),
                    source.name,
                    ago(age),
                    counted_minutes(limits.backup_not_ready_minutes)
                ),
                format!("Wait until {}, better until {}", minute(backup.taken_at + ready), minute(backup.taken_at + settled)),
            )
        }),
        Readiness::Settling => findings.fails(Code::BackupSettling, || {
            Words::new(
                format!("The backup {} of {} is not {} old yet", called(backup), source.name, counted_minutes(limits.backup_settling_minutes)),
                format!("Better wait until {}", minute(backup.taken_at + settled)),
            )
        }),
        Readiness::Ready | Readiness::Expired | Readiness::Overwritten => {}
    }
    // At the instant itself it is ready or settled already.
    let just_before = TimeDelta::nanoseconds(1);
    for at in [ready, settled].map(|wait| backup.taken_at + wait - just_before).into_iter().chain(expiries(backup, &kept)).filter(|at| *at >= now) {
        findings.hold_until(at);
    }
    if backup.overwritten && source.restorable_since.is_none_or(|since| backup.taken_at >= since) {
        findings.fails(Code::BackupOverwritten, || {
            Words::new(format!("A copy overwrote {} after the backup {}", source.name, called(backup)), "Choose a newer backup")
        });
    }
    spoiled(source, backup.taken_at, findings);
}

fn ago(age: TimeDelta) -> String {
    crate::domain::time::span(age.max(TimeDelta::zero()))
}

fn counted_minutes(minutes: i64) -> String {
    counted(usize::try_from(minutes).unwrap_or(0), "minute")
}

/// A linked pair is restored as one: the database of the other half in parallel, to one and the same instant (LNK-027).
fn paired(restore: Restore<'_>, now: DateTime<Utc>, findings: &mut Findings<'_>) {
    let Restore { source, target, point, paired_at, half_left, .. } = restore;
    linked::left(half_left, target, findings);
    let both = linked::ends(source, target, findings);
    if let (Some(point), Some(other)) = (point, paired_at)
        && point.at() != other
    {
        findings.fails(Code::PairedInstantsDiffer, || {
            Words::new(
                format!("{} would be restored to {}, its finance and operations half to {}", target.name, minute(point.at()), minute(other)),
                "Restore both halves to one and the same instant",
            )
        });
    }
    let mut ends = vec![target];
    // A source alone is spoken of already: only its Dataverse half is restored (G-04).
    if both {
        ends.push(source);
    }
    for environment in ends {
        linked::barred(environment, Code::PairedRestore, findings, |half| {
            let called = linked::other(environment, half);
            let again = "then bring the code of both halves to match";
            match (paired_at, environment.id == target.id) {
                (Some(at), true) => Words::new(
                    format!("{} is linked to {called}, whose database is restored to {} as well", environment.name, minute(at)),
                    format!("Start both at the same time, {again}"),
                ),
                (_, true) => Words::new(
                    format!("{} is linked to {called}, whose database the restore does not touch", environment.name),
                    format!("Restore its database to the same instant in parallel (point-in-time restore), {again}"),
                ),
                (at, false) => Words::new(
                    format!("{} is linked to {called}, whose data is not part of its backup", environment.name),
                    if at.is_some() {
                        format!("The other half of {} goes back to data of its own; refresh it from {called} if both have to match", target.name)
                    } else {
                        "Go on if the Dataverse half is enough".to_owned()
                    },
                ),
            }
        });
    }
    linked::together(target, findings, |half| {
        Words::new(
            format!("{} is unified: the restore overwrites {} too, with its data", target.name, linked::other(target, half)),
            "Nothing is done in Lifecycle Services; make sure that nobody needs that data",
        )
    });
    if let Some(at) = paired_at {
        together(target, at, now, findings);
        return;
    }
    let reach = linked::half(target).map(|half| half.point_in_time_restore_days);
    if let (Some(point), Some(days), Known::Is(true)) = (point, reach, linked::is_held(target, findings.rulebook())) {
        let at = point.at();
        let Some(days) = findings.read(days, Code::PointInTimeOutOfReach, "finance_operations.pitr_days", &target.name) else { return };
        let ends = at + TimeDelta::days(i64::from(days));
        if now <= ends {
            findings.hold_until(ends);
        } else {
            findings.fails(Code::PointInTimeOutOfReach, || out_of_reach(target, days, now));
        }
    }
}

/// The half that is restored with it is a target of its own: it has to reach back to that instant, as both go back to one
/// and the same (LNK-027), and data of production is not overwritten without a word (LNK-032).
fn together(target: &Environment, at: DateTime<Utc>, now: DateTime<Utc>, findings: &mut Findings<'_>) {
    let held = linked::is_held(target, findings.rulebook());
    if held == Known::Is(false) {
        return;
    }
    linked::production(target, "is overwritten with what it was", findings);
    let Some(half) = linked::half(target) else {
        // Nobody knows whether there is one, so nobody knows how far back it goes.
        return findings.undecided(Code::PairedRestoreOutOfReach, || missing("finance_operations", &target.name));
    };
    let Some(days) = findings.read(half.point_in_time_restore_days, Code::PairedRestoreOutOfReach, "finance_operations.pitr_days", &target.name) else {
        return;
    };
    let ends = at + TimeDelta::days(i64::from(days));
    if now <= ends {
        findings.hold_until(ends);
    } else if held.is_unknown() {
        findings.undecided(Code::PairedRestoreOutOfReach, || missing("finance_operations.kind", &target.name));
    } else {
        findings.fails(Code::PairedRestoreOutOfReach, || out_of_reach(target, days, now));
    }
}

fn out_of_reach(target: &Environment, days: u16, now: DateTime<Utc>) -> Words {
    Words::new(
        format!("The database of the finance and operations half of {} can be taken back by {} only", target.name, counted(days.into(), "day")),
        format!("Choose an instant after {}", minute(now - TimeDelta::days(i64::from(days)))),
    )
}

/// Audit logs are a choice for manual backups only, and make the restore longer (C-23, RST-038).
fn audit_logs(restore: Restore<'_>, findings: &mut Findings<'_>) {
    if !restore.audit_logs {
        return;
    }
    let Restore { source, target, .. } = restore;
    if source.id == target.id {
        findings.fails(Code::AuditLogsManualOnly, || {
            Words::new(format!("{} keeps its own audit logs when it is restored onto itself, whatever is chosen", target.name), "Nothing to do")
        });
    } else if matches!(restore.point, Some(Point::Instant(_))) {
        findings.fails(Code::AuditLogsManualOnly, || {
            Words::new(
                "Audit logs can be taken along from manual backups only: from an instant of the system backup none are",
                "Restore a manual backup if they are needed",
            )
        });
    } else {
        findings.fails(Code::AuditLogs, || {
            Words::new("Audit logs are restored too, which can make the restore much longer", "Leave them out unless somebody needs them in the target")
        });
    }
}

/// Apps that everyone could use cannot be used by everyone afterwards (RST-058, RST-059).
fn shared_with_everyone(source: &Environment, findings: &mut Findings<'_>) {
    let Some(apps) = findings.read(source.components.of(ComponentKind::CanvasApp), Code::SharedWithEveryone, "components.canvas-app", &source.name) else {
        return;
    };
    let everyone = |property: Known<&Property>| matches!(property, Known::Is(Property::Text(with)) if with.eq_ignore_ascii_case("everyone"));
    let shared = apps.iter().filter(|app| everyone(app.property("shared_with"))).count();
    if shared > 0 {
        findings.fails(Code::SharedWithEveryone, || {
            Words::new(
                format!("{} of {} shared with everyone will not be shared with everyone in the target", counted(shared, "canvas app"), source.name),
                "Share with a security group instead: that is kept",
            )
        });
    }
}

/// A role with fewer rights would do (RST-008).
fn global_admin(facts: &Facts, target: &Environment, findings: &mut Findings<'_>) {
    let tenant = facts.tenant(target.tenant);
    let is = |role: TenantRole| facts.roles_are_the_viewers && tenant.operator_roles.is(|held| held.contains(&role));
    if is(TenantRole::GlobalAdmin) && !is(TenantRole::ServiceAdmin) {
        findings.fails(Code::GlobalAdmin, || {
            Words::new(format!("You would do this as Global admin of {}", tenant.name), "Better use the service admin role, which has fewer rights")
        });
    }
}

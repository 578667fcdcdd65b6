//! May a manual backup be taken or deleted (table D4), and may backups be kept for so many days (table D3)?

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::backup::{Backup, Readiness, age_of, expires_at, expiries};
use crate::domain::component::ComponentKind;
use crate::domain::conditions;
use crate::domain::environment::Environment;
use crate::domain::known::Known;
use crate::domain::linked;
use crate::domain::loss::{self, called};
use crate::domain::operation::OperationKind;
use crate::domain::retention::{Retention, fixed_by, retention, unknown_behind};
use crate::domain::time::minute;
use crate::domain::verdict::{Code, Findings, Words, missing};
use crate::domain::words::{Word, counted, list};
use crate::domain::world::Facts;

/// The reasons about taking a manual backup.
pub const BACKUP: &[Code] = &[
    Code::ManualBackupUnsupported,
    Code::NoDataverse,
    Code::RoleMissing,
    Code::RoleByTenant,
    Code::Deleted,
    Code::Busy,
    Code::EnvironmentFailed,
    Code::PairedBackup,
    Code::BothHalves,
    Code::AppSpecificBackup,
];

/// May a manual backup be taken? Storage does not matter (BKP-079).
pub fn backup(environment: &Environment, facts: &Facts, findings: &mut Findings<'_>) {
    let name = &environment.name;
    conditions::kind(environment, OperationKind::Backup, Code::ManualBackupUnsupported, findings, |kind| {
        Words::new(
            format!("{name} is of the type {}, of which no manual backups can be made", kind.label()),
            "Rely on the system backup where there is one, or export what matters in a solution",
        )
    });
    conditions::database(environment, findings);
    conditions::role(facts, environment, findings);
    conditions::standing_and_idle(environment, findings);
    conditions::not_failed(environment, findings);
    linked::barred(environment, Code::PairedBackup, findings, |half| {
        Words::new(
            format!("{name} is linked to {}, whose database is not part of this backup", linked::other(environment, half)),
            format!("Back up the database of {} at the same time", linked::other(environment, half)),
        )
    });
    linked::together(environment, findings, |half| {
        Words::new(format!("{name} is unified: the backup is of {} too", linked::other(environment, half)), "Nothing is done in Lifecycle Services")
    });
    app_specific(environment, findings);
}

/// Apps whose own articles say how to back them up (BKP-070).
fn app_specific(environment: &Environment, findings: &mut Findings<'_>) {
    const APPS: [(&str, &str); 3] =
        [("marketing", "Dynamics 365 Marketing"), ("finance", "Dynamics 365 Finance"), ("customer service", "Dynamics 365 Customer Service")];
    const KINDS: [(ComponentKind, &str); 3] = [
        (ComponentKind::Marketing, "Dynamics 365 Marketing"),
        (ComponentKind::SynapseLink, "Azure Synapse Link"),
        (ComponentKind::Portal, "Power Apps portals"),
    ];
    let mut found: Vec<&str> = Vec::new();
    if let Known::Is(apps) = &environment.dynamics_365_apps {
        found.extend(APPS.iter().filter(|(app, _)| apps.iter().any(|have| have.to_lowercase().contains(app))).map(|(_, called)| *called));
    }
    found.extend(KINDS.iter().filter(|(kind, _)| environment.components.of(*kind).is(|list| !list.is_empty())).map(|(_, called)| *called));
    // Marketing can be seen as an app and as a component.
    let mut once: Vec<&str> = Vec::new();
    for name in found {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    let found = once;
    if !found.is_empty() {
        findings.fails(Code::AppSpecificBackup, || {
            Words::new(format!("{} holds what has backup guidance of its own: {}", environment.name, list(&found)), "Follow that guidance beside this backup")
        });
    }
}

/// The reasons about deleting a manual backup.
pub const DELETE_BACKUP: &[Code] =
    &[Code::NoManualBackup, Code::BackupExpired, Code::RoleMissing, Code::RoleByTenant, Code::Deleted, Code::Busy, Code::EnvironmentFailed, Code::ContentLost];

/// May a manual backup be deleted? System backups cannot be (BKP-064); the environment itself stays (C-24).
pub fn delete_backup(environment: &Environment, backup: Option<&Backup>, facts: &Facts, now: DateTime<Utc>, findings: &mut Findings<'_>) {
    let name = &environment.name;
    match (backup, findings.read(environment.backups.as_ref(), Code::NoManualBackup, "backups", name)) {
        (Some(backup), _) => {
            let kept = retention(environment, findings.rulebook());
            let still_there = age_of(backup, &kept, findings.rulebook(), now);
            if still_there == Known::Is(Readiness::Expired) {
                findings
                    .fails(Code::BackupExpired, || Words::new(format!("The backup {} of {name} is gone already", called(backup)), "Nothing is left to delete"));
            } else {
                if still_there.is_unknown() {
                    findings.undecided(Code::BackupExpired, || missing(unknown_behind(environment), name));
                }
                expiries(backup, &kept).filter(|at| *at >= now).for_each(|at| findings.hold_until(at));
                findings.fails(Code::ContentLost, || {
                    Words::new(
                        format!("The backup {} of {name} cannot be got back; the environment itself stays as it is", called(backup)),
                        format!("The system backup still reaches {} while it is kept", minute(backup.taken_at)),
                    )
                });
            }
        }
        (None, Some(backups)) if backups.is_empty() => findings
            .fails(Code::NoManualBackup, || Words::new(format!("{name} has no manual backup"), "Nothing is left to delete; system backups cannot be deleted")),
        (None, Some(_) | None) => {}
    }
    conditions::role(facts, environment, findings);
    conditions::standing_and_idle(environment, findings);
    conditions::not_failed(environment, findings);
}

/// The reasons about changing the retention.
pub const RETENTION: &[Code] = &[
    Code::RetentionNotChangeable,
    Code::RoleMissing,
    Code::Deleted,
    Code::Busy,
    Code::EnvironmentFailed,
    Code::BackupsLost,
    Code::RetentionLag,
    Code::NothingChanges,
];

/// May backups be kept for so many days from now on (BKP-034, BKP-036, BKP-043, C-06, C-08, C-10)?
pub fn change_retention(environment: &Environment, days: u16, facts: &Facts, now: DateTime<Utc>, findings: &mut Findings<'_>) {
    let name = &environment.name;
    let rulebook = findings.rulebook();
    let kept = retention(environment, rulebook);
    match kept.is_changeable() {
        Known::Is(true) => {}
        Known::Is(false) => findings.cite(Code::RetentionNotChangeable, None, fixed_by(environment, rulebook), || {
            let reason = match kept.in_force() {
                Known::Is(Some(days)) => format!("{name} keeps its backups for {}, whatever is set", counted(days.into(), "day")),
                Known::Is(None) => format!("{name} has no backups to keep"),
                Known::Unknown => format!("How long {name} keeps its backups cannot be set"),
            };
            Words::new(reason, "Only production environments that are managed and have a database and no Dynamics 365 apps can be set")
        }),
        Known::Unknown => findings.undecided(Code::RetentionNotChangeable, || missing(unknown_behind(environment), name)),
    }
    conditions::role(facts, environment, findings);
    conditions::standing_and_idle(environment, findings);
    conditions::not_failed(environment, findings);
    if kept.is_changeable() == Known::Is(false) {
        return;
    }
    if kept.in_force() == Known::Is(Some(days)) {
        findings.fails(Code::NothingChanges, || Words::new(format!("{name} keeps its backups for {} already", counted(days.into(), "day")), "Nothing to do"));
        return;
    }
    let lost = loss::loss(environment, days, rulebook, now);
    let shortens = kept.possible().iter().flatten().any(|before| *before > days);
    if shortens && !lost.is_nothing() {
        findings.fails(Code::BackupsLost, || Words::new(lost.by_name(), "Keep the longer retention, or restore what is needed from them first"));
    }
    if let Some(at) = loss::changes_at(environment, days, rulebook, now) {
        findings.hold_until(at);
    }
    let hours = rulebook.limits.retention_lag_hours;
    findings.fails(Code::RetentionLag, || lag(environment, &kept, days, hours, now));
}

/// A change takes up to a day to reach the backups that are there; what expires until then may still go (BKP-038, C-10).
fn lag(environment: &Environment, kept: &Retention, days: u16, hours: i64, now: DateTime<Utc>) -> Words {
    // What a shorter retention loses is named as lost already, and is not to be hoped for.
    let reached = |backup: &&Backup| now - backup.taken_at <= TimeDelta::days(days.into());
    let soon: Vec<String> = in_the_lag(environment, kept, hours, now).filter(reached).map(called).collect();
    let names: Vec<&str> = soon.iter().map(String::as_str).collect();
    let message = if names.is_empty() {
        format!("The change can take up to {hours} hours to reach the backups of {}", environment.name)
    } else {
        let verb = if names.len() == 1 { "expires" } else { "expire" };
        format!("The change can take up to {hours} hours: {} that {verb} before then may still be removed: {}", counted(names.len(), "backup"), list(&names))
    };
    Words::new(message, "Do not count on backups that are about to expire; restore what is needed from them first")
}

/// The manual backups that expire within the day that a change can take, by the retention before it.
pub fn in_the_lag<'a>(environment: &'a Environment, kept: &'a Retention, hours: i64, now: DateTime<Utc>) -> impl Iterator<Item = &'a Backup> {
    let backups = match &environment.backups {
        Known::Is(backups) => backups.as_slice(),
        Known::Unknown => &[],
    };
    backups.iter().filter(move |backup| expires_at(backup, kept).is(|at| at.is_some_and(|at| at >= now && at - now <= TimeDelta::hours(hours))))
}

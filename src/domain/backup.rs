//! Manual backups and the window in which the continuous system backup can be restored from.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::environment::{Environment, EnvironmentType};
use crate::domain::known::Known;
use crate::domain::operation::OperationKind;
use crate::domain::retention::{Retention, retention};
use crate::domain::rulebook::Rulebook;
use crate::domain::verdict::{Code, Severity};
use crate::domain::words::Word;
use crate::vocabulary;

/// A manual backup: a labelled instant in the continuous system backup, not data of its own (BKP-072).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Permanent id, unique in its environment.
    pub id: Box<str>,
    /// Free name, given once (C-26).
    pub name: Known<Box<str>>,
    /// The instant that it restores to.
    pub taken_at: DateTime<Utc>,
    /// Who took it.
    pub created_by: Known<Arc<str>>,
    /// Notes, given once (C-26).
    pub notes: Known<Box<str>>,
    /// The environment was overwritten by a copy since, so it cannot be restored any more (C-19).
    pub overwritten: bool,
    /// It may be gone although the retention reaches it (C-10, C-28).
    pub may_be_gone: bool,
    /// The region it was taken in, when that is not the environment's (G-22).
    pub region: Option<Arc<str>>,
}

impl Backup {
    /// The label that the admin center shows: the timestamp, which cannot be edited (BKP-054, BKP-056).
    pub fn label(&self) -> String {
        self.taken_at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}

vocabulary! {
    /// Whether a manual backup can be restored from (C-27, BKP-081).
    Readiness, "backup state" {
        NotReady = "not-ready" "not ready yet",
        Settling = "settling" "settling",
        Ready = "ready" "ready",
        Expired = "expired" "expired",
        Overwritten = "overwritten" "overwritten by a copy",
    }
}

/// Whether manual backups can be made of the environment (table D4); storage does not matter (BKP-079).
pub fn can_be_made(environment: &Environment, rulebook: &Rulebook) -> Known<bool> {
    let supported = |kind: &EnvironmentType| rulebook.types(OperationKind::Backup).is_some_and(|types| types.on.contains(kind));
    let kinds = environment.kind.candidates(EnvironmentType::ALL.iter().copied());
    match environment.has_database() {
        Known::Is(false) => Known::Is(false),
        _ if !kinds.iter().any(supported) => Known::Is(false),
        Known::Is(true) if kinds.iter().all(supported) => Known::Is(true),
        Known::Is(true) | Known::Unknown => Known::Unknown,
    }
}

/// When the backup is removed: never known better than the retention; `Is(None)` where backups are not kept at all.
pub fn expires_at(backup: &Backup, retention: &Retention) -> Known<Option<DateTime<Utc>>> {
    retention.in_force().map(|days| days.map(|days| backup.taken_at + TimeDelta::days(i64::from(days))))
}

/// Every instant at which the backup may be removed, by all the retentions that are possible.
pub fn expiries(backup: &Backup, retention: &Retention) -> impl Iterator<Item = DateTime<Utc>> {
    retention.possible().iter().flatten().map(|days| backup.taken_at + TimeDelta::days(i64::from(*days)))
}

/// Whether the edition says for certain that what a copy overwrote cannot be restored any more (C-19, CUR-028).
pub fn ends_restore_points(rulebook: &Rulebook) -> bool {
    rulebook.severity(OperationKind::Restore, Code::BackupOverwritten) == Some(Severity::Block)
}

/// Whether the backup can be restored from at `now`. Unknown while the possible retentions disagree about it, and where
/// something may have removed it.
pub fn readiness(backup: &Backup, retention: &Retention, rulebook: &Rulebook, now: DateTime<Utc>) -> Known<Readiness> {
    if backup.overwritten && ends_restore_points(rulebook) {
        return Known::Is(Readiness::Overwritten);
    }
    match age_of(backup, retention, rulebook, now) {
        Known::Is(Readiness::Expired) => Known::Is(Readiness::Expired),
        _ if backup.overwritten || backup.may_be_gone => Known::Unknown,
        readiness => readiness,
    }
}

/// The same by its age alone, whatever happened to the environment since.
pub fn age_of(backup: &Backup, retention: &Retention, rulebook: &Rulebook, now: DateTime<Utc>) -> Known<Readiness> {
    let age = now - backup.taken_at;
    let kept = |days: Option<u16>| days.is_some_and(|days| age <= TimeDelta::days(i64::from(days)));
    let mut verdicts = retention.possible().iter().map(|days| kept(*days));
    let first = verdicts.next();
    if verdicts.any(|other| Some(other) != first) {
        return Known::Unknown;
    }
    Known::Is(if first == Some(true) { settling(backup, rulebook, now) } else { Readiness::Expired })
}

/// How far the backup is on its way to being ready, whether it is kept or not (BKP-051, BKP-052).
pub fn settling(backup: &Backup, rulebook: &Rulebook, now: DateTime<Utc>) -> Readiness {
    let age = now - backup.taken_at;
    if age < TimeDelta::minutes(rulebook.limits.backup_not_ready_minutes) {
        Readiness::NotReady
    } else if age < TimeDelta::minutes(rulebook.limits.backup_settling_minutes) {
        Readiness::Settling
    } else {
        Readiness::Ready
    }
}

/// The instants that the system backup can be restored to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The oldest instant.
    pub from: DateTime<Utc>,
    /// The newest instant.
    pub to: DateTime<Utc>,
}

impl Window {
    /// The first day that is in the window from midnight to midnight (C-09); none in a window shorter than that.
    pub fn first_whole_day(&self) -> Option<chrono::NaiveDate> {
        let day = self.from.date_naive();
        let midnight = |day: chrono::NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc();
        let whole = if self.from == midnight(day) { day } else { day.succ_opt()? };
        (midnight(whole.succ_opt()?) <= self.to).then_some(whole)
    }
}

/// The window of system backups at `now` (C-09): `N × 24 h` back, never before the creation, and up to the deletion.
///
/// `Is(None)` where there is none: no database, a type that is not backed up, or nothing left of it. Unknown only while
/// the possible retentions lead to different windows: that of a young environment begins at its creation in any case.
pub fn window(environment: &Environment, rulebook: &Rulebook, now: DateTime<Utc>) -> Known<Option<Window>> {
    let cut = environment.restorable_since.filter(|_| ends_restore_points(rulebook));
    let kept = kept_window(environment, rulebook, now);
    kept.map(|window| {
        window.map(|window| Window { from: cut.map_or(window.from, |since| window.from.max(since)), ..window }).filter(|window| window.from <= window.to)
    })
}

/// The same by the retention alone, whatever overwrote the environment since.
pub fn kept_window(environment: &Environment, rulebook: &Rulebook, now: DateTime<Utc>) -> Known<Option<Window>> {
    let of = |days: Option<u16>| {
        let Some(days) = days else { return Known::Is(None) };
        environment.created_at.map(|created_at| {
            let begun = environment.kept_since.map_or(created_at, |since| created_at.max(since));
            let from = begun.max(now - TimeDelta::days(i64::from(days)));
            // Whether it was deleted is a question of its own, which a restore asks; it only cuts the window when known.
            let to = match environment.deleted_at {
                Known::Is(Some(deleted_at)) => now.min(deleted_at),
                Known::Is(None) | Known::Unknown => now,
            };
            (from <= to).then_some(Window { from, to })
        })
    };
    let retention = retention(environment, rulebook);
    let mut windows = retention.possible().iter().map(|days| of(*days));
    let first = windows.next().unwrap_or_default();
    if windows.all(|other| other == first) { first } else { Known::Unknown }
}

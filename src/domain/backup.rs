//! Manual backups and the window in which the continuous system backup can be restored from.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::environment::Environment;
use crate::domain::known::Known;
use crate::domain::retention::{Retention, retention};
use crate::domain::rulebook::Rulebook;
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

/// When the backup is removed: never known better than the retention; `Is(None)` where backups are not kept at all.
pub fn expires_at(backup: &Backup, retention: &Retention) -> Known<Option<DateTime<Utc>>> {
    retention.in_force().map(|days| days.map(|days| backup.taken_at + TimeDelta::days(i64::from(days))))
}

/// Whether the backup can be restored from at `now`. Unknown only while the possible retentions disagree about it.
pub fn readiness(backup: &Backup, retention: &Retention, rulebook: &Rulebook, now: DateTime<Utc>) -> Known<Readiness> {
    if backup.overwritten {
        return Known::Is(Readiness::Overwritten);
    }
    let age = now - backup.taken_at;
    let kept = |days: Option<u16>| days.is_some_and(|days| age <= TimeDelta::days(i64::from(days)));
    let mut verdicts = retention.possible().iter().map(|days| kept(*days));
    let first = verdicts.next();
    if verdicts.any(|other| Some(other) != first) {
        return Known::Unknown;
    }
    Known::Is(if first != Some(true) {
        Readiness::Expired
    } else if age < TimeDelta::minutes(rulebook.limits.backup_not_ready_minutes) {
        Readiness::NotReady
    } else if age < TimeDelta::minutes(rulebook.limits.backup_settling_minutes) {
        Readiness::Settling
    } else {
        Readiness::Ready
    })
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
        let whole = if self.from == day.and_time(chrono::NaiveTime::MIN).and_utc() { day } else { day.succ_opt()? };
        (whole <= self.to.date_naive()).then_some(whole)
    }
}

/// The window of system backups at `now` (C-09): `N × 24 h` back, never before the creation, and up to the deletion.
///
/// `Is(None)` where there is none: no database, a type that is not backed up, or nothing left of it. Unknown only while
/// the possible retentions lead to different windows: that of a young environment begins at its creation in any case.
pub fn window(environment: &Environment, rulebook: &Rulebook, now: DateTime<Utc>) -> Known<Option<Window>> {
    let of = |days: Option<u16>| {
        let Some(days) = days else { return Known::Is(None) };
        environment.created_at.map(|created_at| {
            let begun = environment.restorable_since.map_or(created_at, |since| created_at.max(since));
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

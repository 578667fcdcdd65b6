//! The backups of the chosen environment: the window that can be restored from, manual backups, and a cursor in time.

use chrono::{DateTime, TimeDelta, Utc};

use crate::app::action;
use crate::domain::backup::{Readiness, Window, can_be_made, expires_at, readiness, window};
use crate::domain::environment::{Environment, EnvironmentType};
use crate::domain::estate::{EnvironmentKey, Estate};
use crate::domain::known::Known;
use crate::domain::retention::retention;
use crate::domain::rulebook::{Edition, Rulebook};
use crate::domain::time;

/// A manual backup as it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Its position in the environment's backups.
    pub backup: usize,
    /// The instant it restores to.
    pub at: DateTime<Utc>,
    /// Whether it can be restored from.
    pub readiness: Known<Readiness>,
    /// When it can be restored from at the earliest.
    pub ready_at: DateTime<Utc>,
    /// When it counts as ready without a warning.
    pub settled_at: DateTime<Utc>,
    /// When it is removed.
    pub expires_at: Known<Option<DateTime<Utc>>>,
    /// Whether that is soon.
    pub expires_soon: bool,
}

/// The backups of the chosen environment, computed when the choice, the facts or the minute change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// Where the cursor is; none means the newest instant.
    pub cursor: Option<DateTime<Utc>>,
    /// What is in force, in days.
    pub days: Known<Option<u16>>,
    /// The retentions that missing facts leave open.
    pub possible: Vec<Option<u16>>,
    /// What can be restored to.
    pub window: Known<Option<Window>>,
    /// Whether manual backups can be made of it.
    pub can_be_made: Known<bool>,
    /// Manual backups, newest first.
    pub marks: Vec<Mark>,
    /// Why it is as it is: the reason for the retention, or for there being none.
    pub reason: String,
    of: Option<(EnvironmentKey, u64)>,
    changes_at: Option<DateTime<Utc>>,
}

impl Timeline {
    /// When something in it changes by itself.
    pub const fn changes_at(&self) -> Option<DateTime<Utc>> {
        self.changes_at
    }

    /// Computes it again for the chosen environment; true when something shown changed.
    pub fn refresh(&mut self, key: Option<EnvironmentKey>, estate: &Estate, rulebook: &Rulebook, now: DateTime<Utc>) -> bool {
        let of = key.map(|key| (key, estate.revision()));
        let Some(key) = key else {
            let empty = *self == Self::default();
            *self = Self::default();
            return !empty;
        };
        let environment = estate.environment(key);
        let kept_cursor = if self.of.map(|(key, _)| key) == Some(key) { self.cursor } else { None };
        let new = Self { cursor: kept_cursor, of, ..Self::of(environment, rulebook, now) };
        let changed = *self != new;
        *self = new;
        changed
    }

    fn of(environment: &Environment, rulebook: &Rulebook, now: DateTime<Utc>) -> Self {
        let kept = retention(environment, rulebook);
        let soon = TimeDelta::hours(rulebook.limits.expiring_soon_hours);
        let mut marks: Vec<Mark> = match &environment.backups {
            Known::Unknown => Vec::new(),
            Known::Is(backups) => backups
                .iter()
                .enumerate()
                .map(|(index, backup)| {
                    let expires_at = expires_at(backup, &kept);
                    let expires_soon = expires_at.is(|at| at.is_some_and(|at| at >= now && at - now <= soon));
                    let settled_at = backup.taken_at + TimeDelta::minutes(rulebook.limits.backup_settling_minutes);
                    let ready_at = backup.taken_at + TimeDelta::minutes(rulebook.limits.backup_not_ready_minutes);
                    Mark {
                        backup: index,
                        at: backup.taken_at,
                        ready_at,
                        settled_at,
                        readiness: readiness(backup, &kept, rulebook, now),
                        expires_at,
                        expires_soon,
                    }
                })
                .collect(),
        };
        marks.sort_by_key(|mark| std::cmp::Reverse(mark.at));
        let changes_at = marks
            .iter()
            .flat_map(|mark| {
                let expiry = match mark.expires_at {
                    Known::Is(Some(at)) => [Some(at), Some(at - soon)],
                    Known::Is(None) | Known::Unknown => [None, None],
                };
                [Some(mark.ready_at), Some(mark.settled_at)].into_iter().chain(expiry)
            })
            .flatten()
            .filter(|at| *at > now)
            .min();
        Self {
            cursor: None,
            days: kept.in_force(),
            possible: kept.possible().to_vec(),
            window: window(environment, rulebook, now),
            can_be_made: can_be_made(environment, rulebook),
            marks,
            reason: reason(environment, kept.is_changeable(), rulebook),
            of: None,
            changes_at,
        }
    }

    /// Where the cursor stands in a window.
    pub fn at(&self, window: Window) -> DateTime<Utc> {
        self.cursor.unwrap_or(window.to).clamp(window.from, window.to)
    }

    /// Moves the cursor; true when it moved.
    pub fn go(&mut self, command: action::Timeline) -> bool {
        let Known::Is(Some(window)) = self.window else { return false };
        let at = self.at(window);
        let to = match command {
            action::Timeline::Day(days) => at + TimeDelta::days(i64::from(days)),
            action::Timeline::Hour(hours) => at + TimeDelta::hours(i64::from(hours)),
            action::Timeline::Backup(direction) => {
                let inside = self.marks.iter().map(|mark| mark.at).filter(|at| (window.from..=window.to).contains(at));
                let next = if direction > 0 { inside.filter(|mark| *mark > at).min() } else { inside.filter(|mark| *mark < at).max() };
                match next {
                    Some(next) => next,
                    None => return false,
                }
            }
        };
        let to = to.clamp(window.from, window.to);
        let moved = to != at;
        self.cursor = (to != window.to).then_some(to);
        moved
    }

    /// The manual backup at the cursor, if the cursor stands on one.
    pub fn mark_at(&self, at: DateTime<Utc>) -> Option<&Mark> {
        self.marks.iter().find(|mark| mark.at == at)
    }
}

/// One sentence about why backups are kept so long, or why there are none.
fn reason(environment: &Environment, changeable: Known<bool>, rulebook: &Rulebook) -> String {
    if environment.is_deleted() == Known::Is(true) {
        return "deleted: nothing can be restored until it is recovered".to_owned();
    }
    if environment.has_database() == Known::Is(false) {
        return "no database, so there are no backups".to_owned();
    }
    match environment.kind {
        Known::Unknown => missing(environment),
        Known::Is(EnvironmentType::Trial | EnvironmentType::TrialSubscription) => match rulebook.edition {
            Edition::Articles => "trial environments are not backed up, although a table of the article says 7 days (C-03)".to_owned(),
            Edition::Current => "trial environments are not backed up".to_owned(),
        },
        Known::Is(EnvironmentType::Default) => "backed up, but the default environment cannot be restored".to_owned(),
        Known::Is(EnvironmentType::Production) => match (environment.has_dynamics_365(), changeable) {
            (Known::Is(true), _) => "production with Dynamics 365 apps, whatever is set".to_owned(),
            (Known::Is(false), Known::Is(true)) => match environment.retention_days {
                Known::Is(Some(set)) => format!("set to {set} days; 7, 14, 21 or 28 can be set"),
                Known::Is(None) => "the default; 7, 14, 21 or 28 can be set".to_owned(),
                Known::Unknown => missing(environment),
            },
            (Known::Is(false), Known::Is(false)) => "production without Dynamics 365 apps, not managed".to_owned(),
            (Known::Unknown, _) | (_, Known::Unknown) => missing(environment),
        },
        Known::Is(EnvironmentType::Sandbox | EnvironmentType::Preview | EnvironmentType::Developer | EnvironmentType::Teams | EnvironmentType::Demo) => {
            "not a production environment".to_owned()
        }
    }
}

/// Which facts the retention waits for.
fn missing(environment: &Environment) -> String {
    let facts = [
        ("type", environment.kind.is_unknown()),
        ("dataverse", environment.dataverse.is_unknown()),
        ("dynamics_365_apps", environment.dynamics_365_apps.is_unknown()),
        ("managed", environment.managed.is_unknown()),
        ("retention_days", environment.retention_days.is_unknown()),
    ];
    let names: Vec<_> = facts.iter().filter(|(_, unknown)| *unknown).map(|(name, _)| format!("`{name}`")).collect();
    format!("depends on {}, not looked up", names.join(", "))
}

/// An instant beside the local time of whoever looks.
pub fn both_times(at: DateTime<Utc>, offset: chrono::FixedOffset) -> String {
    let local = at.with_timezone(&offset);
    if offset.local_minus_utc() == 0 {
        return time::minute(at);
    }
    format!("{} ({} local)", time::minute(at), local.format("%d %b %H:%M"))
}

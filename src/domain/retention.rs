//! For how many days the backups of an environment are kept, whatever was set (table D3).

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::environment::{Environment, EnvironmentType};
use crate::domain::known::Known;
use crate::domain::rulebook::Rulebook;
use crate::domain::words::Word;

/// How long backups last, by one row of the rulebook's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// There are no backups.
    None,
    /// Always that many days.
    Fixed(u16),
    /// As set for the environment, else the default (BKP-006, C-06).
    AsSet,
}

/// A row of the retention table; what is `None` matches everything, the first row that matches decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionRow {
    /// Type of the environment.
    pub kind: Option<EnvironmentType>,
    /// Whether it has a database.
    pub database: Option<bool>,
    /// Whether Dynamics 365 apps are enabled.
    pub dynamics_365: Option<bool>,
    /// Whether it is managed.
    pub managed: Option<bool>,
    /// The answer.
    pub days: Days,
    /// The rule that keeps the setting from having any effect; none where it has one.
    pub fixed_by: Option<Box<str>>,
}

/// The retentions that are possible after all that is known: one in the usual case, several where a fact is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    possible: Vec<Option<u16>>,
    changeable: Known<bool>,
}

impl Retention {
    /// What is in force: unknown when the missing facts matter, `Is(None)` when there are no backups.
    pub fn in_force(&self) -> Known<Option<u16>> {
        match self.possible.as_slice() {
            [only] => Known::Is(*only),
            _ => Known::Unknown,
        }
    }

    /// Every retention that the known facts leave open, in ascending order.
    pub fn possible(&self) -> &[Option<u16>] {
        &self.possible
    }

    /// Whether the setting has any effect: managed production without Dynamics 365 apps only (C-06).
    pub fn is_changeable(&self) -> Known<bool> {
        self.changeable
    }
}

/// The row of table D3 for such an environment.
fn row_of(kind: EnvironmentType, database: bool, dynamics_365: bool, managed: bool, rulebook: &Rulebook) -> Option<&RetentionRow> {
    rulebook.retention.iter().find(|row| {
        row.kind.is_none_or(|k| k == kind)
            && row.database.is_none_or(|d| d == database)
            && row.dynamics_365.is_none_or(|d| d == dynamics_365)
            && row.managed.is_none_or(|m| m == managed)
    })
}

/// The rows of table D3 that the known facts leave open.
fn rows<'r>(environment: &Environment, rulebook: &'r Rulebook) -> impl Iterator<Item = Option<&'r RetentionRow>> {
    const BOTH: [bool; 2] = [true, false];
    let (databases, apps, governed) =
        (environment.has_database().candidates(BOTH), environment.has_dynamics_365().candidates(BOTH), environment.managed.candidates(BOTH));
    environment.kind.candidates(EnvironmentType::ALL.iter().copied()).into_iter().flat_map(move |kind| {
        let mut rows = Vec::with_capacity(1);
        for database in &databases {
            for dynamics_365 in &apps {
                for managed in &governed {
                    rows.push(row_of(kind, *database, *dynamics_365, *managed, rulebook));
                }
            }
        }
        rows
    })
}

/// The rule that keeps the setting from having any effect, where one certainly does.
pub fn fixed_by<'r>(environment: &Environment, rulebook: &'r Rulebook) -> Option<&'r str> {
    let mut fixed = rows(environment, rulebook).map(|row| row.and_then(|row| row.fixed_by.as_deref()));
    let first = fixed.next()??;
    fixed.all(|other| other.is_some()).then_some(first)
}

/// What is in force: as [`Retention::in_force`], but without making a list where nothing is missing, for whole estates.
pub fn days_in_force(environment: &Environment, rulebook: &Rulebook) -> Known<Option<u16>> {
    let facts = (environment.kind, environment.has_database(), environment.has_dynamics_365(), environment.managed);
    let (Known::Is(kind), Known::Is(database), Known::Is(dynamics_365), Known::Is(managed)) = facts else {
        return retention(environment, rulebook).in_force();
    };
    match row_of(kind, database, dynamics_365, managed, rulebook).map_or(Days::None, |row| row.days) {
        Days::None => Known::Is(None),
        Days::Fixed(days) => Known::Is(Some(days)),
        Days::AsSet => environment.retention_days.map(|set| Some(set.unwrap_or(rulebook.limits.retention_default))),
    }
}

/// The retention of an environment by table D3, decided over every value that its unknown facts could have.
pub fn retention(environment: &Environment, rulebook: &Rulebook) -> Retention {
    let mut possible = Vec::with_capacity(1);
    let mut changeable = Vec::with_capacity(1);
    for row in rows(environment, rulebook) {
        let days = row.map_or(Days::None, |row| row.days);
        changeable.push(days == Days::AsSet);
        match days {
            Days::None => possible.push(None),
            Days::Fixed(days) => possible.push(Some(days)),
            Days::AsSet => match environment.retention_days {
                Known::Is(set) => possible.push(Some(set.unwrap_or(rulebook.limits.retention_default))),
                Known::Unknown => possible.extend(rulebook.limits.retention_choices.iter().map(|days| Some(*days))),
            },
        }
    }
    possible.sort_unstable();
    possible.dedup();
    changeable.dedup();
    let changeable = match changeable.as_slice() {
        [only] => Known::Is(*only),
        _ => Known::Unknown,
    };
    Retention { possible, changeable }
}

/// Which fact the retention waits for.
pub fn unknown_behind(environment: &Environment) -> &'static str {
    let facts = [
        ("type", environment.kind.is_unknown()),
        ("dataverse", environment.dataverse.is_unknown()),
        ("dynamics_365_apps", environment.dynamics_365_apps.is_unknown()),
        ("managed", environment.managed.is_unknown()),
    ];
    facts.into_iter().find(|(_, unknown)| *unknown).map_or("retention_days", |(field, _)| field)
}

/// For how many days a deleted environment can be recovered; a lengthened retention does not lengthen it (RCV-001, RCV-002, RCV-007).
pub fn recovery_days(environment: &Environment, rulebook: &Rulebook) -> Known<u16> {
    let limits = &rulebook.limits;
    match (environment.kind, environment.has_dynamics_365()) {
        (Known::Is(EnvironmentType::Production), Known::Is(true)) => Known::Is(limits.recovery_days_dynamics_365),
        (Known::Unknown, Known::Is(true)) | (Known::Is(EnvironmentType::Production) | Known::Unknown, Known::Unknown) => Known::Unknown,
        (Known::Is(_) | Known::Unknown, Known::Is(false)) | (Known::Is(_), _) => Known::Is(limits.recovery_days),
    }
}

/// Until when a deleted environment can be recovered; `Is(None)` while it stands.
pub fn recoverable_until(environment: &Environment, rulebook: &Rulebook) -> Known<Option<DateTime<Utc>>> {
    match environment.deleted_at {
        Known::Unknown => Known::Unknown,
        Known::Is(None) => Known::Is(None),
        Known::Is(Some(at)) => recovery_days(environment, rulebook).map(|days| Some(at + TimeDelta::days(i64::from(days)))),
    }
}

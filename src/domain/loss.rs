//! Which backups would be lost when an environment keeps them for fewer days: by a switch to sandbox or a shorter retention.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::backup::{Backup, Readiness, expiries, readiness, window};
use crate::domain::environment::{Environment, EnvironmentType};
use crate::domain::known::Known;
use crate::domain::retention::retention;
use crate::domain::rulebook::Rulebook;
use crate::domain::words::{counted, list};

/// What keeping backups for fewer days would cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss<'a> {
    /// For how many days they would be kept.
    pub days: u16,
    /// Manual backups that are there now and would go, the newest first.
    pub manual: Vec<&'a Backup>,
    /// Some of those may be gone already, because it is unknown how long they are kept.
    pub unsure: bool,
    /// Whether anybody looked which manual backups there are.
    pub looked: bool,
    /// Whether backups are kept at all.
    pub kept: bool,
    /// System backups from this instant on would go, up to `days` ago; none when none would, unknown when that depends on
    /// facts that nobody looked up.
    pub systems_from: Known<Option<DateTime<Utc>>>,
}

/// What would be lost if the environment kept its backups for `days` from now on (ENV-021, BKP-037).
pub fn loss<'a>(environment: &'a Environment, days: u16, rulebook: &Rulebook, now: DateTime<Utc>) -> Loss<'a> {
    let is_old = |at: DateTime<Utc>| now - at > TimeDelta::days(i64::from(days));
    let window = window(environment, rulebook, now);
    let kept_at_all = window != Known::Is(None);
    let systems_from = window.map(|window| window.map(|window| window.from).filter(|from| is_old(*from)));
    let kept = retention(environment, rulebook);
    let stand = |backup: &&Backup| {
        matches!(readiness(backup, &kept, rulebook, now), Known::Is(Readiness::Ready | Readiness::Settling | Readiness::NotReady) | Known::Unknown)
    };
    let (looked, backups) = match &environment.backups {
        Known::Is(backups) => (true, backups.as_slice()),
        Known::Unknown => (false, [].as_slice()),
    };
    let mut manual: Vec<&Backup> = backups.iter().filter(|backup| is_old(backup.taken_at)).filter(stand).collect();
    manual.sort_by_key(|backup| std::cmp::Reverse(backup.taken_at));
    let unsure = manual.iter().any(|backup| readiness(backup, &kept, rulebook, now).is_unknown());
    Loss { days, manual, unsure, looked, kept: kept_at_all, systems_from }
}

impl Loss<'_> {
    /// Whether certainly nothing would be lost.
    pub fn is_nothing(&self) -> bool {
        self.systems_from == Known::Is(None) && self.manual.is_empty()
    }

    /// What would be lost, in brief, for a sentence about a way out: "3 manual backups and all system backups older than 7
    /// days would be lost".
    pub fn in_brief(&self) -> String {
        let days = self.days;
        if !self.kept {
            return "it has no backups that could be lost".to_owned();
        }
        if self.is_nothing() {
            return format!("no backup would be lost, as none is older than {days} days");
        }
        let systems = format!("system backups older than {days} days would be lost");
        if !self.looked {
            return format!("manual and {systems}");
        }
        let up_to = if self.unsure { "up to " } else { "" };
        if self.manual.is_empty() { systems } else { format!("{up_to}{} and all {systems}", counted(self.manual.len(), "manual backup")) }
    }

    /// What would be lost, by name: "3 manual backups older than 7 days would be lost: A, B and C; …".
    pub fn by_name(&self) -> String {
        let days = self.days;
        let systems = format!("system backups older than {days} days would be lost");
        if !self.looked {
            return format!("Manual and {systems}; which manual ones there are, nobody looked up");
        }
        if self.manual.is_empty() {
            return format!("All {systems}");
        }
        let up_to = if self.unsure { "Up to " } else { "" };
        let labels: Vec<String> = self.manual.iter().map(|backup| called(backup)).collect();
        let names: Vec<&str> = labels.iter().map(String::as_str).collect();
        let manual = counted(self.manual.len(), "backup");
        format!("{up_to}{manual} older than {days} days would be lost: {}; all {systems} too", list(&names))
    }
}

/// Until when a point is reached although the environment is switched to sandbox, which keeps backups for fewer days: so
/// long the switch is safe for it (RST-045, RST-046).
pub fn reached_as_sandbox_until(point: DateTime<Utc>, rulebook: &Rulebook) -> DateTime<Utc> {
    point + TimeDelta::days(i64::from(rulebook.limits.retention_default))
}

/// What a backup is called where there is room for its name only.
pub fn called(backup: &Backup) -> String {
    match &backup.name {
        Known::Is(name) => name.to_string(),
        Known::Unknown => backup.label(),
    }
}

/// A production environment that is a sandbox for a while, as long as backups from before can still be there (RST-048).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switched<'a> {
    /// Since when.
    pub since: DateTime<Utc>,
    /// Until when switching back can save any of them.
    pub until: DateTime<Utc>,
    /// The manual backups that it may cost, the newest first.
    pub at_risk: Vec<&'a Backup>,
}

/// What waits for an environment to be switched back to production.
pub fn switched<'a>(environment: &'a Environment, rulebook: &Rulebook, now: DateTime<Utc>) -> Option<Switched<'a>> {
    let since = environment.sandbox_since.filter(|_| environment.kind == Known::Is(EnvironmentType::Sandbox))?;
    let days = |days: u16| TimeDelta::days(i64::from(days));
    let kept = days(rulebook.limits.retention_default);
    let longest = days(rulebook.limits.retention_choices.iter().max().copied().unwrap_or(rulebook.limits.retention_default));
    let until = since + longest - kept;
    let mut at_risk: Vec<&Backup> = match &environment.backups {
        Known::Is(backups) => {
            // As production it kept them for so long.
            let before = Environment { kind: Known::Is(EnvironmentType::Production), ..environment.clone() };
            let reach = retention(&before, rulebook).possible().iter().flatten().max().map_or(longest, |kept| days(*kept));
            backups.iter().filter(|backup| backup.taken_at < since - kept && backup.taken_at >= since - reach).collect()
        }
        Known::Unknown => Vec::new(),
    };
    at_risk.sort_by_key(|backup| std::cmp::Reverse(backup.taken_at));
    (now <= until).then_some(Switched { since, until, at_risk })
}

impl Switched<'_> {
    /// What it may cost: the manual backups by name.
    pub fn names(&self) -> String {
        let names: Vec<String> = self.at_risk.iter().map(|backup| called(backup)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        if names.is_empty() { "what the system backup held before".to_owned() } else { list(&names) }
    }
}

/// When that loss changes next because time goes on: a backup becomes older than `days`, or goes by itself.
pub fn changes_at(environment: &Environment, days: u16, rulebook: &Rulebook, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let kept = retention(environment, rulebook);
    let days = TimeDelta::days(i64::from(days));
    let backups = match &environment.backups {
        Known::Is(backups) => backups.as_slice(),
        Known::Unknown => &[],
    };
    let ends = backups.iter().flat_map(|backup| expiries(backup, &kept).chain([backup.taken_at + days]));
    // The oldest system backup is as old as the environment or as what is kept of it, or as the copy that overwrote it; from
    // then on how far back they reach depends on for how long they are kept, which can be open.
    let begun = known_instant(environment.created_at).map(|created_at| environment.kept_since.map_or(created_at, |since| created_at.max(since)));
    let reaches = kept.possible().iter().flatten().map(|days| TimeDelta::days(i64::from(*days))).chain([days]);
    let begins = begun.into_iter().flat_map(move |at| reaches.clone().map(move |reach| at + reach)).chain(environment.restorable_since.map(|at| at + days));
    // A deleted environment is backed up no more, so that what was kept of it goes with time.
    let deleted_at = known_instant(environment.deleted_at.and_then(|at| at.map_or(Known::Unknown, Known::Is)));
    let gone = deleted_at.into_iter().flat_map(|at| kept.possible().iter().flatten().map(move |days| at + TimeDelta::days(i64::from(*days))));
    ends.chain(begins).chain(gone).filter(|at| *at >= now).min()
}

fn known_instant(at: Known<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    match at {
        Known::Is(at) => Some(at),
        Known::Unknown => None,
    }
}

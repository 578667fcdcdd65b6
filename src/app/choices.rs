//! The short lists that the wizard lets choose from: points in time, days, backups.

use chrono::{DateTime, Utc};

use crate::domain::backup::{Backup, Readiness, kept_window, readiness};
use crate::domain::environment::Environment;
use crate::domain::known::Known;
use crate::domain::loss::called;
use crate::domain::retention::retention;
use crate::domain::rulebook::Rulebook;
use crate::domain::time;
use crate::domain::words::{Word, counted};

/// A row of a short list: what it is, what is said about it, and whether that is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The id of the backup, the number of days, or nothing for the system backup.
    pub id: Box<str>,
    /// What it is.
    pub what: String,
    /// What is to be known about it.
    pub about: String,
    /// Why it cannot be chosen, if it cannot.
    pub refused: Option<String>,
}

/// The manual backups of an environment, the newest first.
pub fn newest_first(environment: &Environment) -> Vec<&Backup> {
    let mut backups: Vec<_> = match &environment.backups {
        Known::Is(backups) => backups.iter().collect(),
        Known::Unknown => Vec::new(),
    };
    backups.sort_by_key(|backup| std::cmp::Reverse(backup.taken_at));
    backups
}

/// What can be gone back to: the system backup, then the manual ones (RST-010, RST-036).
pub fn points(source: &Environment, rulebook: &Rulebook, now: DateTime<Utc>) -> Vec<Choice> {
    let system = |about: String, refused: Option<String>| Choice { id: Box::default(), what: "System".to_owned(), about, refused };
    let system = match kept_window(source, rulebook, now) {
        Known::Is(Some(window)) => system(format!("any instant from {} to {}", time::minute(window.from), time::minute(window.to)), None),
        Known::Is(None) => {
            let refused = format!("{} has no system backups", source.name);
            system("there are no system backups".to_owned(), Some(refused))
        }
        Known::Unknown => system("how far back it reaches is unknown".to_owned(), None),
    };
    [system].into_iter().chain(manual(source, rulebook, now, true)).collect()
}

/// The manual backups as rows; those that are gone or not ready cannot be restored from.
fn manual(environment: &Environment, rulebook: &Rulebook, now: DateTime<Utc>, to_restore: bool) -> Vec<Choice> {
    let kept = retention(environment, rulebook);
    let row = |backup: &Backup| {
        let state = readiness(backup, &kept, rulebook, now);
        let said = match state {
            Known::Is(state) => state.label(),
            Known::Unknown => "may be gone",
        };
        let gone = matches!(state, Known::Is(Readiness::Expired | Readiness::Overwritten));
        let waits = to_restore && state == Known::Is(Readiness::NotReady);
        Choice {
            id: backup.id.clone(),
            what: called(backup),
            about: format!("{} · {said}", time::minute(backup.taken_at)),
            refused: (gone || waits).then(|| format!("{} is {said}", called(backup))),
        }
    };
    newest_first(environment).into_iter().map(row).collect()
}

/// The manual backups that can be deleted.
pub fn backups(environment: &Environment, rulebook: &Rulebook, now: DateTime<Utc>) -> Vec<Choice> {
    manual(environment, rulebook, now, false)
}

/// For how many days backups can be kept (BKP-034).
pub fn days(environment: &Environment, rulebook: &Rulebook) -> Vec<Choice> {
    let now = retention(environment, rulebook).in_force();
    let row = |days: &u16| {
        let about = if now == Known::Is(Some(*days)) { "as it is" } else { "" };
        Choice { id: days.to_string().into(), what: counted(usize::from(*days), "day"), about: about.to_owned(), refused: None }
    };
    rulebook.limits.retention_choices.iter().map(row).collect()
}

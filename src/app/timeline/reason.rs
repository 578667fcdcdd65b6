//! Why backups are kept for so long, or why there is nothing to restore, in one sentence with the way out.

use chrono::{DateTime, Utc};

use crate::domain::environment::{Environment, EnvironmentType};
use crate::domain::known::Known;
use crate::domain::operation::OperationKind;
use crate::domain::retention::recoverable_until;
use crate::domain::rulebook::{Edition, Rulebook};
use crate::domain::time::short;
use crate::domain::words::Word;

/// The sentence, to stand behind "7 days:" or "None:".
pub fn reason(environment: &Environment, changeable: Known<bool>, rulebook: &Rulebook, now: DateTime<Utc>) -> String {
    if let Known::Is(Some(at)) = environment.deleted_at {
        return deleted(environment, at, rulebook, now);
    }
    if environment.has_database() == Known::Is(false) {
        return "no database, so there are no backups; they begin when a database is added".to_owned();
    }
    match environment.kind {
        Known::Unknown => missing(environment),
        Known::Is(EnvironmentType::Trial | EnvironmentType::TrialSubscription) => {
            let doubt = match rulebook.edition {
                Edition::Articles => format!(", although a table of the article says {} days (C-03)", rulebook.limits.retention_default),
                Edition::Current => String::new(),
            };
            format!("trial environments are not backed up{doubt}; export what has to last")
        }
        Known::Is(EnvironmentType::Production) => match (environment.has_dynamics_365(), changeable) {
            (Known::Is(true), _) => "production with Dynamics 365 apps, whatever is set".to_owned(),
            (Known::Is(false), Known::Is(true)) => match environment.retention_days {
                Known::Is(Some(set)) => format!("set to {set} days; {} can be set", choices(rulebook)),
                Known::Is(None) => format!("the default; {} can be set", choices(rulebook)),
                Known::Unknown => missing(environment),
            },
            (Known::Is(false), Known::Is(false)) => "production without Dynamics 365 apps, not managed".to_owned(),
            (Known::Unknown, _) | (_, Known::Unknown) => missing(environment),
        },
        Known::Is(
            kind @ (EnvironmentType::Sandbox
            | EnvironmentType::Preview
            | EnvironmentType::Developer
            | EnvironmentType::Teams
            | EnvironmentType::Default
            | EnvironmentType::Demo),
        ) => not_production(kind, rulebook),
    }
}

/// What the table of types lets such an environment be restored onto, where that is not the usual.
fn not_production(kind: EnvironmentType, rulebook: &Rulebook) -> String {
    let row = rulebook.pairs(OperationKind::Restore).source(kind);
    let (elsewhere, itself) = row.map_or((false, false), |row| (!row.onto.is_empty(), row.itself));
    match (elsewhere, itself) {
        (true, _) => "not a production environment".to_owned(),
        (false, true) => format!("a {} environment, which can be restored only onto itself", kind.label()),
        (false, false) if row.is_some_and(|row| !row.disputed.is_empty()) => {
            format!("backed up; the articles contradict each other on whether the {} environment can be restored", kind.label().to_lowercase())
        }
        (false, false) if kind == EnvironmentType::Default => {
            "backed up, but the default environment cannot be restored (C-04); keep what matters in an environment of its own".to_owned()
        }
        (false, false) => format!("backed up, but a {} environment cannot be restored; export what has to last", kind.label().to_lowercase()),
    }
}

/// Until when a deleted environment can be recovered, which has to come first.
fn deleted(environment: &Environment, at: DateTime<Utc>, rulebook: &Rulebook, now: DateTime<Utc>) -> String {
    let at = short(at);
    match recoverable_until(environment, rulebook) {
        Known::Is(Some(until)) if until < now => format!("deleted {at}, and could be recovered until {}: nothing is left to restore", short(until)),
        Known::Is(Some(until)) => format!("deleted {at}; nothing can be restored until it is recovered, which is possible until {}", short(until)),
        Known::Is(None) | Known::Unknown => format!("deleted {at}; nothing can be restored until it is recovered"),
    }
}

/// "7, 14, 21 or 28".
fn choices(rulebook: &Rulebook) -> String {
    let days: Vec<String> = rulebook.limits.retention_choices.iter().map(u16::to_string).collect();
    match days.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
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

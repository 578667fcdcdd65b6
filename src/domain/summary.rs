//! What an operation comes to, in words: what happens, what is destroyed by it, and whether there is a way back.

use chrono::{DateTime, Utc};

use crate::domain::audit_logs::{self, AuditLogs};
use crate::domain::backup::ends_restore_points;
use crate::domain::environment::{Environment, EnvironmentType, FinanceOperations, FinanceOperationsType};
use crate::domain::known::Known;
use crate::domain::lifecycle::is_trial;
use crate::domain::linked;
use crate::domain::loss::{called, loss};
use crate::domain::operation::Operation;
use crate::domain::request::{Back, Change, Choice, Request};
use crate::domain::retention::recovery_days;
use crate::domain::rulebook::{Edition, Rulebook};
use crate::domain::tenant::Tenant;
use crate::domain::time;
use crate::domain::words::{Word, counted};

/// What happens, in one sentence; `from` is what it takes its content from, else the same as `onto`, and `tenant` where it
/// moves or is created.
pub fn what_happens(change: &Change, from: &Environment, onto: &Environment, tenant: &Tenant) -> String {
    let name = &onto.name;
    let switched = |on: bool| if on { "on" } else { "off" };
    match change {
        Change::Copy { half, .. } => {
            let other = half.chosen().and_then(|half| half.moves()).and_then(|_| half_lost(onto, "is overwritten too")).unwrap_or_default();
            format!("{name} is deleted and replaced by {}. What is deleted cannot be got back.{other}", from.name)
        }
        Change::Restore { back, half, .. } => {
            let other = half.chosen().and_then(|half| half.restored_to()).and_then(|_| half_lost(onto, "goes back too")).unwrap_or_default();
            let point = match back {
                Choice::Open => "(not chosen yet)".to_owned(),
                Choice::Chosen(Back::To(at)) => time::minute(*at),
                Choice::Chosen(Back::Backup(id, at)) => format!("the backup {} of {}", backup_name(from, id), time::minute(*at)),
            };
            if from.id == onto.id {
                format!("{name} is overwritten with what it was: {point}. What was added since is gone, unless you back it up first.{other}")
            } else {
                format!("{name} is overwritten with what {} was: {point}.{other}", from.name)
            }
        }
        Change::Backup { name: backup, .. } => {
            let called = backup.chosen().map_or_else(String::new, |called| format!(" called {called}"));
            format!("A manual backup of {name}{called} is taken: a label on this instant of the system backup.")
        }
        Change::DeleteBackup(Choice::Open) => format!("A manual backup of {name} is deleted. The environment itself stays as it is."),
        Change::DeleteBackup(Choice::Chosen(id)) => {
            format!("The backup {} of {name} is deleted. The environment itself stays as it is.", backup_name(onto, id))
        }
        Change::Retention { days, .. } => {
            format!("{name} keeps its backups for {} from now on, those that are there and those to come.", counted(usize::from(*days), "day"))
        }
        Change::Switch { to, .. } => {
            let from = if let Known::Is(kind) = onto.kind { kind.label() } else { "its type" };
            format!("{name} is switched from {from} to {}.", to.label())
        }
        Change::Create { name: new, kind, .. } => {
            let called = new.chosen().map_or_else(String::new, |name| format!(" called {name}"));
            let kind = kind.chosen().map_or_else(String::new, |kind| format!(" of the type {}", kind.label()));
            format!("An environment{called}{kind} is created.")
        }
        Change::Reset if linked::is_unified(onto) => {
            format!("Everything in {name} is deleted for good, its finance and operations half and its backups included.")
        }
        Change::Reset => format!("Everything in {name} is deleted for good, its backups included."),
        Change::Delete if linked::is_unified(onto) => format!("{name} is deleted, both halves with their data."),
        Change::Delete => format!("{name} is deleted."),
        Change::Recover => format!("{name} is got back as it was when it was deleted."),
        Change::Edit { name: Choice::Chosen(new), .. } if *new != *name => format!("{name} is called {new} from now on."),
        Change::Edit { name: Choice::Open, .. } => format!("Name or security group of {name} changes."),
        Change::Edit { .. } => format!("Who gets into {name} changes."),
        Change::RenameUrl(url) => {
            url.chosen().map_or_else(|| format!("{name} is reached at another URL from now on."), |url| format!("{name} is reached at {url} from now on."))
        }
        Change::AdminMode(on) => format!("Administration mode of {name} is turned {}.", switched(*on)),
        Change::Background(on) => format!("Background operations of {name} are turned {}.", switched(*on)),
        Change::DeleteFinanceOperations => match linked::half(onto) {
            Some(half) => {
                let what = production_or_not(half);
                format!("{}, {what} to which {name} is linked, is deleted in Lifecycle Services, with its data.", half.name)
            }
            None => format!("The finance and operations half of {name} is deleted in Lifecycle Services, with its data."),
        },
        Change::Migrate(_) => format!("{name} is moved to the tenant {}.", tenant.name),
    }
}

/// Which finance and operations database is lost beside the environment: " The database of F, the finance and operations
/// sandbox to which A is linked, is overwritten too."
fn half_lost(onto: &Environment, what: &str) -> Option<String> {
    let half = linked::half(onto)?;
    Some(format!(" The database of {}, {} to which {} is linked, {what}.", half.name, production_or_not(half), onto.name))
}

fn production_or_not(half: &FinanceOperations) -> &'static str {
    match half.kind_of_environment {
        Known::Is(FinanceOperationsType::Production) => "the finance and operations production environment",
        Known::Is(FinanceOperationsType::Sandbox) => "the finance and operations sandbox",
        Known::Unknown => "the finance and operations environment",
    }
}

/// What a recorded copy or restore carried, a few words each: "level Everything", "audit logs left out".
pub fn carried(operation: &Operation) -> Vec<String> {
    let Some(request) = Request::of(operation) else { return Vec::new() };
    let level = if let Change::Copy { level: Choice::Chosen(level), .. } = &request.change { Some(format!("level {}", level.label())) } else { None };
    level.into_iter().chain(logs_of(operation).map(|logs| format!("audit logs {}", logs.label()))).collect()
}

/// What became of audit logs in a recorded copy or restore; none in other operations.
pub fn logs_of(operation: &Operation) -> Option<AuditLogs> {
    let request = Request::of(operation)?;
    audit_logs::of(&request.change, request.source.as_ref() == Some(&request.target)).map(|told| told.logs)
}

/// What a manual backup is called, by its id.
pub fn backup_name(environment: &Environment, id: &str) -> String {
    match &environment.backups {
        Known::Is(backups) => backups.iter().find(|backup| &*backup.id == id).map_or_else(|| id.to_owned(), called),
        Known::Unknown => id.to_owned(),
    }
}

/// What is gone afterwards, one sentence each; nothing where nothing is.
pub fn destroyed(change: &Change, from: &Environment, onto: &Environment, rulebook: &Rulebook, now: DateTime<Utc>) -> Vec<String> {
    let name = &onto.name;
    let manual = || match &onto.backups {
        Known::Is(backups) if backups.is_empty() => String::new(),
        Known::Is(backups) => format!(", its {} included", counted(backups.len(), "manual backup")),
        Known::Unknown => ", manual backups included".to_owned(),
    };
    let lost = |days: u16| {
        let loss = loss(onto, days, rulebook, now);
        (!loss.is_nothing() && loss.kept).then(|| loss.by_name())
    };
    let other_half = || linked::half(onto).map(|half| format!("What is in the database of its finance and operations half {} now", half.name));
    let unified = || linked::half(onto).filter(|_| linked::is_unified(onto));
    let both_halves = || unified().map(|half| format!("Its finance and operations half {} with its data", half.name));
    match change {
        Change::Copy { half, .. } => {
            let points = if ends_restore_points(rulebook) {
                format!("Every restore point of {name} from before the copy{}", manual())
            } else {
                format!("Perhaps every restore point of {name} from before the copy{}: Microsoft's articles contradict each other", manual())
            };
            let data = format!("Everything that is in {name} now: its data, users, apps, flows and customizations");
            let moves = half.chosen().and_then(|half| half.moves());
            [data, points].into_iter().chain(moves.map_or_else(unified, |_| linked::half(onto)).and_then(|_| other_half())).collect()
        }
        Change::Restore { back, half, .. } => {
            let data = if from.id == onto.id {
                let since = back.chosen().map_or_else(|| "(not chosen yet)".to_owned(), |back| time::minute(back.at()));
                format!("Everything that was added to {name} or changed in it since {since}")
            } else {
                format!("Everything that is in {name} now: its data, users, solution apps and flows, customizations")
            };
            let restored = half.chosen().and_then(|half| half.restored_to());
            [data].into_iter().chain(restored.map_or_else(unified, |_| linked::half(onto)).and_then(|_| other_half())).collect()
        }
        Change::DeleteBackup(Choice::Open) => vec![format!("A manual backup of {name}")],
        Change::DeleteBackup(Choice::Chosen(id)) => vec![format!("The manual backup {} of {name}", backup_name(onto, id))],
        Change::Retention { days, before } if before.is_none_or(|before| days < &before) => lost(*days).into_iter().collect(),
        Change::Switch { to: EnvironmentType::Sandbox, sandbox_days } => lost(*sandbox_days).into_iter().collect(),
        Change::Reset => [format!("Everything in {name} for good: data, apps, flows, connections, and its backups")].into_iter().chain(both_halves()).collect(),
        Change::Delete => {
            let itself = match recovery_days(onto, rulebook) {
                Known::Is(days) => format!("{name}, for good once {} have passed", counted(usize::from(days), "day")),
                Known::Unknown => format!("{name}, for good after some days"),
            };
            [itself].into_iter().chain(both_halves()).collect()
        }
        Change::DeleteFinanceOperations => vec![format!("The finance and operations half of {name} with its data, and the link")],
        Change::Backup { .. }
        | Change::Retention { .. }
        | Change::Switch { .. }
        | Change::Recover
        | Change::Create { .. }
        | Change::Edit { .. }
        | Change::RenameUrl(_)
        | Change::AdminMode(_)
        | Change::Background(_) => Vec::new(),
        Change::Migrate(_) => vec![format!("No backup of {name} comes along: restore what is needed before")],
    }
}

/// How it can be taken back, in one sentence; says so where it cannot.
pub fn way_back(change: &Change, from: &Environment, onto: &Environment, rulebook: &Rulebook) -> String {
    let name = &onto.name;
    let other = |on: bool| if on { "off" } else { "on" };
    match change {
        Change::Copy { .. } => format!("None, because what was in {name} cannot be got back. Take out what is needed before the copy"),
        Change::Restore { .. } => {
            format!("Restore {name} to an instant just before this change, for as long as that is kept; its own backups stay, so take one before")
        }
        Change::Backup { .. } => "Nothing has to be taken back: a backup changes nothing".to_owned(),
        Change::DeleteBackup(_) => "None for the backup; the system backup still reaches that instant for as long as it is kept".to_owned(),
        Change::Retention { before: Some(before), .. } => {
            format!("Set it back to {}; backups that are gone meanwhile stay gone", counted(usize::from(*before), "day"))
        }
        Change::Retention { before: None, .. } => "Set it back; backups that are gone meanwhile stay gone".to_owned(),
        Change::Switch { to: EnvironmentType::Sandbox, .. } => "Switch it back to production; older backups may be gone all the same".to_owned(),
        Change::Switch { .. } if onto.kind.is(|kind| is_trial(*kind)) => "None, because no environment becomes a trial again".to_owned(),
        Change::Switch { .. } => "Switch it back".to_owned(),
        Change::Reset => format!("None, because the backups of {name} go with it"),
        Change::Delete => match recovery_days(onto, rulebook) {
            Known::Is(days) => format!("Recover {name} within {}", counted(usize::from(days), "day")),
            Known::Unknown => format!("Recover {name} while that is possible; for how many days is unknown"),
        },
        Change::Recover => "Delete it again".to_owned(),
        Change::Create { .. } => "Delete it".to_owned(),
        Change::Edit { .. } => format!("Change it back; it is called {name} now"),
        Change::RenameUrl(_) => match &onto.url {
            Known::Is(Some(url)) => format!("Change the URL back to {url}, if nobody took it meanwhile"),
            Known::Is(None) | Known::Unknown => "Change the URL back, if nobody took it meanwhile".to_owned(),
        },
        Change::AdminMode(on) => format!("Turn administration mode {} again", other(*on)),
        Change::Background(on) => format!("Turn background operations {} again; what ran meanwhile stays done", other(*on)),
        Change::DeleteFinanceOperations => format!("None, because the half of {} cannot be got back, and no other one takes its place by itself", from.name),
        Change::Migrate(_) => {
            let before = match rulebook.edition {
                Edition::Current => "It can be cancelled until it is done; ",
                Edition::Articles => "It takes a support request; ",
            };
            format!("{before}once it is done, only another move brings it back")
        }
    }
}

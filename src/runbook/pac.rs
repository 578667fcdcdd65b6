//! The commands of `pac admin`. None of them switches a type, recovers, deletes a backup, or changes name, group or URL.

use super::bash::Command;
use super::quote::bash as quoted;
use super::steps::{background_with, logs, sku, wait_minutes};
use crate::domain::copy::Level;
use crate::domain::known::Known;
use crate::domain::order::Job;
use crate::domain::request::{Back, Change, Choice};

/// The commands of an operation; none where a person has to do it.
pub fn commands(job: &Job) -> Option<Vec<Command>> {
    let words = words(job)?;
    let mut commands = Vec::new();
    if let Change::Reset | Change::Create { .. } = &job.change {
        commands.push(Command::Ask(CURRENCY, "Base currency, by its code, such as EUR"));
        commands.push(Command::Ask(LANGUAGE, "Base language, by its name or number, such as German or 1031"));
    }
    commands.push(Command::Change(words));
    Some(commands)
}

/// The variables that hold what is asked; without a choice it would be US dollars and English.
pub const CURRENCY: &str = "base_currency";
/// The same for the language.
pub const LANGUAGE: &str = "base_language";

/// What was answered, as options.
fn locale() -> [(&'static str, String); 2] {
    [("--currency", format!("\"${CURRENCY}\"")), ("--language", format!("\"${LANGUAGE}\""))]
}

fn words(job: &Job) -> Option<Vec<String>> {
    let change = &job.change;
    let id = quoted(job.target.id.as_str());
    let from = quoted(job.from().id.as_str());
    let wait = wait_minutes(change).to_string();
    let pac = |command: &str, options: Vec<(&str, String)>| {
        let mut words = vec!["pac".to_owned(), "admin".to_owned(), command.to_owned()];
        for (option, value) in options {
            words.push(option.to_owned());
            if !value.is_empty() {
                words.push(value);
            }
        }
        words
    };
    let skip = || logs(job).filter(|told| told.skipped()).map(|_| ("--skip-audit-data", String::new()));
    Some(match change {
        Change::Copy { level, name, .. } => {
            let kind = match level.chosen()? {
                Level::Everything => "FullCopy",
                Level::Customizations => "MinimalCopy",
            };
            let mut options = vec![("--source-env", from), ("--target-env", id), ("--type", kind.to_owned()), ("--name", quoted(name.chosen()?))];
            options.extend(skip());
            options.push(("--max-async-wait-time", wait));
            pac("copy", options)
        }
        Change::Restore { back: Choice::Chosen(back), name, .. } => {
            let mut options =
                vec![("--selected-backup", quoted(&selected(back))), ("--source-env", from), ("--target-env", id), ("--name", quoted(name.chosen()?))];
            options.extend(skip());
            options.push(("--max-async-wait-time", wait));
            pac("restore", options)
        }
        Change::Backup { name, .. } => pac("backup", vec![("--environment", id), ("--label", quoted(name.chosen()?))]),
        Change::Retention { days, .. } => {
            pac("set-backup-retention-period", vec![("--environment", id), ("--backup-retention-period", days.to_string()), ("--max-async-wait-time", wait)])
        }
        Change::Reset => {
            let mut options = vec![("--environment", id), ("--name", quoted(&job.target.name))];
            if let Some(domain) = domain(job) {
                options.push(("--domain", quoted(domain)));
            }
            options.extend(locale());
            options.push(("--max-async-wait-time", wait));
            pac("reset", options)
        }
        Change::Delete => pac("delete", vec![("--environment", id), ("--max-async-wait-time", wait)]),
        Change::Create { name, kind, .. } => {
            // Without a region it would be created in the United States.
            let (kind, region) = (sku(Known::Is(*kind.chosen()?))?, job.region.as_deref()?);
            let mut options = vec![("--name", quoted(name.chosen()?)), ("--type", kind.to_owned()), ("--region", quoted(region))];
            options.extend(locale());
            options.push(("--max-async-wait-time", wait));
            pac("create", options)
        }
        Change::AdminMode(on) => runtime(job, *on, background_with(*on, &job.target), wait, pac),
        Change::Background(on) => match job.target.admin_mode {
            // It is set together with administration mode, which stays as it is.
            Known::Is(admin_mode) => runtime(job, admin_mode, *on, wait, pac),
            Known::Unknown => return None,
        },
        Change::DeleteBackup(_)
        | Change::Switch { .. }
        | Change::Recover
        | Change::Edit { .. }
        | Change::RenameUrl(_)
        | Change::DeleteFinanceOperations
        | Change::Restore { back: Choice::Open, .. }
        | Change::Migrate(_) => {
            return None;
        }
    })
}

fn runtime(job: &Job, admin_mode: bool, background: bool, wait: String, pac: impl Fn(&str, Vec<(&str, String)>) -> Vec<String>) -> Vec<String> {
    let state = if admin_mode { "AdminMode" } else { "Enabled" };
    let background = if background { "Enabled" } else { "Disabled" };
    let options = vec![
        ("--environment", quoted(job.target.id.as_str())),
        ("--runtime-state", state.to_owned()),
        ("--background-operations", background.to_owned()),
        ("--max-async-wait-time", wait),
    ];
    pac("set-runtime-state", options)
}

/// The instant as `pac admin restore` takes it: to the minute, in UTC.
fn selected(back: &Back) -> String {
    back.at().format("%m/%d/%Y %H:%M").to_string()
}

/// The first part of its host, without which a reset gives it another URL.
pub fn domain(job: &Job) -> Option<&str> {
    match &job.target.url {
        Known::Is(Some(url)) => url.strip_prefix("https://").and_then(|host| host.split('.').next()).filter(|part| !part.is_empty()),
        Known::Is(None) | Known::Unknown => None,
    }
}

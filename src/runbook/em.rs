//! The commands of the preview group `pac environment-management`: each is validated first, then carried out.

use chrono::SubsecRound as _;

use super::bash::Command;
use super::pac;
use super::quote::bash as quoted;
use super::steps::{logs, sku, wait_minutes};
use crate::domain::copy::Level;
use crate::domain::known::Known;
use crate::domain::lifecycle::is_trial;
use crate::domain::order::Job;
use crate::domain::request::{Change, Choice, Group};
use crate::domain::time::rfc3339;

/// The group, as it is called.
const GROUP: [&str; 2] = ["pac", "environment-management"];

/// The commands of an operation; those of `pac admin` where the group has none, none where a person has to do it.
///
/// Each says on which environment it acts: without one, these commands take the organisation that is active in the
/// profile of whoever is signed in.
pub fn commands(job: &Job) -> Option<Vec<Command>> {
    let change = &job.change;
    let skip = || logs(job).is_some_and(|told| told.skipped()).to_string();
    let onto = || vec![("--source-environment-id", quoted(job.from().id.as_str())), ("--target-environment-id", quoted(job.target.id.as_str()))];
    let on = || Some(vec![("--environment", quoted(environment(job)?))]);
    let (command, options): (&str, Vec<(&str, String)>) = match change {
        Change::Copy { level, name, group, .. } => {
            let kind = match level.chosen()? {
                Level::Everything => "Full",
                Level::Customizations => "Minimal",
            };
            let mut options = vec![("--copy-type", kind.to_owned())];
            options.extend(onto());
            options.push(("--copy-options-environment-name-to-override", quoted(name.chosen()?)));
            if let Choice::Chosen(Group::Only(group)) = group {
                options.push(("--copy-options-security-group-id-to-override", quoted(group)));
            }
            options.push(("--copy-options-skip-audit-data", skip()));
            ("copy-environment", options)
        }
        Change::Restore { back: Choice::Chosen(back), name, .. } => {
            let mut options = vec![("--restore-point-date-time", quoted(&rfc3339(back.at().trunc_subsecs(0))))];
            options.extend(onto());
            options.push(("--restore-options-environment-name-to-override", quoted(name.chosen()?)));
            options.push(("--restore-options-skip-audit-data", skip()));
            ("restore-environment", options)
        }
        Change::Backup { name, .. } => ("create-environment-backup", with(on()?, [("--label", quoted(name.chosen()?))])),
        Change::DeleteBackup(Choice::Chosen(backup)) if is_theirs(backup) => ("delete-environment-backup", with(on()?, [("--backup-id", quoted(backup))])),
        // No reference says that a trial can be converted by it.
        Change::Switch { .. } if job.target.kind.is(|kind| is_trial(*kind)) => return None,
        Change::Switch { to, .. } => ("modify-environment-sku", with(on()?, [("--environment-sku", sku(Known::Is(*to))?.to_owned())])),
        Change::Reset => {
            let mut options = with(on()?, [("--display-name", quoted(&job.target.name))]);
            options.extend(pac::domain(job).map(|domain| ("--domain-name", quoted(domain))));
            options.push(("--currency-code", format!("\"${}\"", pac::CURRENCY)));
            options.push(("--base-language-code", format!("\"${}\"", pac::LANGUAGE)));
            ("reset-environment", options)
        }
        Change::Delete => ("delete-environment-by-id", on()?),
        Change::Recover => ("recover-environment", on()?),
        Change::Retention { .. } | Change::Create { .. } | Change::AdminMode(_) | Change::Background(_) => return pac::commands(job),
        Change::Restore { back: Choice::Open, .. }
        | Change::DeleteBackup(_)
        | Change::Edit { .. }
        | Change::RenameUrl(_)
        | Change::DeleteFinanceOperations
        | Change::Migrate(_) => return None,
    };
    let mut words: Vec<String> = GROUP.into_iter().chain([command]).map(str::to_owned).collect();
    words.extend(options.into_iter().flat_map(|(option, value)| [option.to_owned(), value]));
    let mut commands = Vec::new();
    if let Change::Reset = change {
        commands.push(Command::Ask(pac::CURRENCY, "Base currency, by its code, such as EUR"));
        commands.push(Command::Ask(pac::LANGUAGE, "Base language, by its number, such as 1031 for German"));
    }
    if !matches!(change, Change::Backup { .. } | Change::DeleteBackup(_)) {
        // It is no switch: the reference marks those, and says of this one that it defaults to false.
        commands.push(Command::Try(words.iter().cloned().chain(["--validate-only".to_owned(), "true".to_owned()]).collect()));
    }
    match waits_on(change).then(|| environment(job)).flatten() {
        // They are accepted and go on by themselves, so their end is asked for.
        Some(id) => {
            commands.push(Command::Look(vec!["remember_operations".to_owned(), quoted(id)]));
            commands.push(Command::Change(words));
            commands.push(Command::Look(vec!["expect_operation".to_owned(), wait_minutes(change).to_string(), quoted(id)]));
        }
        None => commands.push(Command::Change(words)),
    }
    Some(commands)
}

/// Whether its end is seen in the operations of the environment. A deletion takes the environment away that they are
/// asked of, and a recovery brings it back: the list of environments says when.
const fn waits_on(change: &Change) -> bool {
    matches!(change, Change::Copy { .. } | Change::Restore { .. } | Change::Switch { .. } | Change::Reset)
}

fn with<const N: usize>(mut options: Vec<(&'static str, String)>, more: [(&'static str, String); N]) -> Vec<(&'static str, String)> {
    options.extend(more);
    options
}

/// The target as `--environment` takes it: its id, where that is a Guid; of a default environment, whose id is none,
/// its URL. None where neither is there, so that a person does it.
fn environment(job: &Job) -> Option<&str> {
    let id = job.target.id.as_str();
    match &job.target.url {
        _ if is_theirs(id) => Some(id),
        Known::Is(Some(url)) if url.starts_with("https://") => Some(url),
        Known::Is(_) | Known::Unknown => None,
    }
}

/// Whether an id is one of the admin center's: others are ours, until a capture brings theirs.
pub fn is_theirs(id: &str) -> bool {
    id.len() == 36 && id.bytes().enumerate().all(|(at, byte)| if matches!(at, 8 | 13 | 18 | 23) { byte == b'-' } else { byte.is_ascii_hexdigit() })
}

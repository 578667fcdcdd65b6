//! The commands of the preview group `pac environment-management`: each is validated first, then carried out.

use chrono::SubsecRound as _;

use super::bash::Command;
use super::pac;
use super::quote::bash as quoted;
use super::steps::{Manual, sku};
use crate::domain::copy::Level;
use crate::domain::known::Known;
use crate::domain::lifecycle::is_trial;
use crate::domain::order::{Deed, Job};
use crate::domain::request::Change;
use crate::domain::time::rfc3339;

/// The commands of an operation; those of `pac admin` where the group has none, none where a person has to do it.
pub fn commands(job: &Job) -> Option<Vec<Command>> {
    let Deed::Change(change) = &job.deed else { return None };
    let id = quoted(job.target.id.as_str());
    let from = quoted(job.from().id.as_str());
    let (command, options, validates): (&str, Vec<(&str, String)>, bool) = match change {
        Change::Copy { level, .. } => {
            let kind = match level {
                Level::Everything => "Full",
                Level::Customizations => "Minimal",
            };
            ("copy-environment", vec![("--copy-type", kind.to_owned()), ("--source-environment-id", from), ("--target-environment-id", id)], true)
        }
        Change::Restore { back, audit_logs, .. } => {
            let at = quoted(&rfc3339(back.at().trunc_subsecs(0)));
            let skip = (!audit_logs).to_string();
            let options =
                vec![("--restore-point-date-time", at), ("--source-environment-id", from), ("--target-environment-id", id), ("--skip-audit-data", skip)];
            ("restore-environment", options, true)
        }
        Change::Backup { name, .. } => ("create-environment-backup", vec![("--environment-id", id), ("--label", quoted(name))], false),
        Change::DeleteBackup(backup) if is_theirs(backup) => {
            ("delete-environment-backup", vec![("--environment-id", id), ("--backup-id", quoted(backup))], false)
        }
        // No reference says that a trial can be converted by it.
        Change::Switch { .. } if job.target.kind.is(|kind| is_trial(*kind)) => return None,
        Change::Switch { to, .. } => ("modify-environment-sku", vec![("--environment-id", id), ("--environment-sku", sku(Known::Is(*to))?.to_owned())], true),
        Change::Reset => ("reset-environment", vec![("--environment-id", id)], true),
        Change::Delete => ("delete-environment-by-id", vec![("--environment-id", id)], true),
        Change::Recover => ("recover-environment", vec![("--environment-id", id)], true),
        Change::Retention { .. } | Change::Create { .. } | Change::AdminMode(_) | Change::Background(_) => return pac::commands(job),
        Change::DeleteBackup(_) | Change::Edit { .. } | Change::RenameUrl(_) | Change::DeleteFinanceOperations | Change::Migrate(_) => return None,
    };
    let mut words = vec!["pac".to_owned(), "environment-management".to_owned(), command.to_owned()];
    words.extend(options.into_iter().flat_map(|(option, value)| [option.to_owned(), value]));
    let mut commands = Vec::new();
    if validates {
        commands.push(Command::Try(words.iter().cloned().chain(["--validate-only".to_owned()]).collect()));
    }
    commands.push(Command::Change(words));
    // These commands are accepted and go on by themselves; no option waits for their end.
    if !matches!(change, Change::Backup { .. } | Change::DeleteBackup(_)) {
        commands.push(Command::Then(Manual {
            text: "Wait until the history of the environment shows that it was completed".to_owned(),
            path: Some("Environments > (environment) > History".to_owned()),
            help: after(job, change),
        }));
    }
    Some(commands)
}

/// What the preview gives no choice for.
fn after(job: &Job, change: &Change) -> Vec<String> {
    let mut left = Vec::new();
    if let Change::Copy { audit_logs, .. } = change {
        let logs = match audit_logs {
            Some(true) => "Audit logs were chosen; this preview is given no choice about them: look whether they came along",
            Some(false) | None => "About audit logs this preview is given no choice",
        };
        left.push(logs.to_owned());
    }
    if let Change::Copy { name, .. } | Change::Restore { name, .. } = change
        && (matches!(change, Change::Copy { .. }) || **name != *job.target.name)
    {
        left.push(format!("Then see to its name: {name} (Environments > (environment) > Details > Edit)"));
    }
    left
}

/// Whether an id is one of the admin center's: others are ours, until a capture brings theirs.
pub fn is_theirs(id: &str) -> bool {
    id.len() == 36 && id.bytes().enumerate().all(|(at, byte)| if matches!(at, 8 | 13 | 18 | 23) { byte == b'-' } else { byte.is_ascii_hexdigit() })
}

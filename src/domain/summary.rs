//! What recorded operations carried, and what manual backups are called, in a few words.

use crate::domain::audit_logs::{self, AuditLogs};
use crate::domain::environment::{Environment, EnvironmentId};
use crate::domain::estate::Estate;
use crate::domain::journal::What;
use crate::domain::known::Known;
use crate::domain::loss::called;
use crate::domain::operation::Operation;
use crate::domain::request::{Change, Choice, Request};
use crate::domain::words::Word;

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

/// What an entry of the journal says in one line; environments by their names.
pub fn entry(estate: &Estate, what: &What) -> String {
    let name = |id: &EnvironmentId| estate.find(id).map_or_else(|| id.to_string(), |key| estate.environment(key).name.to_string());
    match what {
        What::Operation(operation) => {
            let target = name(&operation.target);
            let on = operation.source.as_ref().map_or_else(|| format!(": {target}"), |source| format!(" {} onto {target}", name(source)));
            let ticket = operation.ticket.as_ref().map_or_else(String::new, |ticket| format!(", ticket {ticket}"));
            let carried: String = carried(operation).iter().map(|what| format!(", {what}")).collect();
            format!("{}{on}{carried}, {}{ticket}", operation.kind.label(), operation.outcome.label())
        }
        What::Note { text, .. } => text.to_string(),
        What::Fact { .. } | What::ChecklistOpened { .. } | What::Item { .. } | What::ChecklistClosed { .. } | What::Plan { .. } | What::Withdrawn { .. } => {
            what.to_string()
        }
    }
}

//! `envdeck journal`: what envdeck added to the snapshot, who added it and when.

use std::collections::{HashMap, HashSet};
use std::io::Write as _;

use clap::Args;
use serde_json::{Value, json};

use super::json::{self, named};
use super::output::{Failure, Out, Status, Tone};
use super::source::{Format, Session, Source};
use super::table::{Cell, Fit, Table, cell};
use super::{accounts, sheet};
use crate::domain::environment::EnvironmentId;
use crate::domain::journal::{Entry, EntryId, Subject, What};
use crate::domain::request::account;
use crate::domain::summary::carried;
use crate::domain::time::{minute, rfc3339};
use crate::domain::words::Word as _;
use crate::files;

/// List what envdeck added: notes, recorded operations, checklists
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck journal -s contoso.yaml
  envdeck journal -s contoso.yaml --environment \"Contoso UAT\"
  envdeck journal -s contoso.yaml --format json

The newest entry comes last. Nothing is ever removed: an entry that no longer holds is withdrawn by another one.")]
pub struct Journal {
    /// Only entries about this environment
    #[arg(long, value_name = "ENV")]
    environment: Option<String>,
    #[command(flatten)]
    source: Source,
}

const COLUMNS: [&str; 10] = ["id", "at", "by", "kind", "environment_id", "environment", "text", "note", "withdrawn", "account"];

/// An entry with what follows from the others.
struct Line<'a> {
    place: usize,
    entry: &'a Entry,
    environment: Option<&'a EnvironmentId>,
    withdrawn: bool,
}

/// Lists them.
pub fn run(arguments: &Journal, out: &mut Out) -> Result<Status, Failure> {
    let session = arguments.source.open()?;
    let only = arguments.environment.as_deref().map(|text| session.environment(text)).transpose()?;
    let mut lines = lines(&session);
    lines.retain(|line| only.is_none_or(|only| concerns(line, &only.id)) && in_tenant(&session, line));
    match arguments.source.written.format {
        Format::Json => {
            let details = files::journal::values(session.estate.journal());
            let with_details = |line: &Line<'_>| {
                let mut object = object(&session, line);
                if let (Value::Object(object), Some(details)) = (&mut object, details.get(line.place)) {
                    object.insert("details".to_owned(), details.get(kind(&line.entry.what)).cloned().unwrap_or_default());
                }
                object
            };
            json::write_list(out, lines.iter().map(with_details))?;
            writeln!(out)?;
        }
        Format::Csv => sheet::write(out, &COLUMNS, lines.iter().map(|line| fields(&object(&session, line))))?,
        Format::Table => text(&session, &lines, out)?,
    }
    Ok(Status::Done)
}

/// All entries, oldest first. What an entry is about is found through those that it refers to.
fn lines(session: &Session) -> Vec<Line<'_>> {
    let entries = session.estate.journal().entries();
    let by_id: HashMap<&EntryId, &Entry> = entries.iter().map(|entry| (&entry.id, entry)).collect();
    let withdrawals = entries.iter().filter_map(|entry| if let What::Withdrawn { entry, .. } = &entry.what { Some(entry) } else { None });
    let withdrawn: HashSet<&EntryId> = withdrawals.collect();
    entries
        .iter()
        .enumerate()
        .map(|(place, entry)| Line { place, entry, environment: about(entry, &by_id), withdrawn: withdrawn.contains(&entry.id) })
        .collect()
}

fn about<'a>(entry: &'a Entry, by_id: &HashMap<&'a EntryId, &'a Entry>) -> Option<&'a EnvironmentId> {
    // An item refers to a checklist, a withdrawal to an item; a file that refers in circles ends all the same.
    const FARTHEST: usize = 4;
    let mut entry = entry;
    for _ in 0..FARTHEST {
        let next = match &entry.what {
            What::Note { environment, .. } | What::ChecklistOpened { environment, .. } | What::Fact { about: Subject::Environment(environment), .. } => {
                return Some(environment);
            }
            What::Operation(operation) => return Some(&operation.target),
            What::Item { checklist, .. } | What::ChecklistClosed { checklist, .. } => checklist,
            What::Withdrawn { entry, .. } => entry,
            What::Fact { about: Subject::Tenant(_), .. } | What::Plan { .. } => return None,
        };
        entry = by_id.get(next)?;
    }
    None
}

/// Whether an entry is about an environment; an operation is also about where it came from.
fn concerns(line: &Line<'_>, environment: &EnvironmentId) -> bool {
    let source = if let What::Operation(operation) = &line.entry.what { operation.source.as_ref() } else { None };
    line.environment == Some(environment) || source == Some(environment)
}

/// Whether an entry is about the only tenant that is asked about, or about no tenant that is known.
fn in_tenant(session: &Session, line: &Line<'_>) -> bool {
    let Some(tenant) = session.tenant else { return true };
    if let What::Fact { about: Subject::Tenant(id), .. } = &line.entry.what {
        return session.estate.tenant(tenant).id.as_ref() == &**id;
    }
    let key = line.environment.and_then(|id| session.estate.find(id));
    key.is_none_or(|key| session.estate.environment(key).tenant == tenant)
}

/// What kind of entry it is, as it stands in the file.
fn kind(what: &What) -> &'static str {
    match what {
        What::Note { .. } => "note",
        What::Fact { .. } => "fact",
        What::Operation(_) => "operation",
        What::ChecklistOpened { .. } => "checklist-opened",
        What::Item { .. } => "item",
        What::ChecklistClosed { .. } => "checklist-closed",
        What::Plan { .. } => "plan",
        What::Withdrawn { .. } => "withdrawn",
    }
}

/// What an entry says in one line; environments by their names.
fn summary(session: &Session, what: &What) -> String {
    match what {
        What::Operation(operation) => {
            let target = name(session, &operation.target);
            let on = operation.source.as_ref().map_or_else(|| format!(": {target}"), |source| format!(" {} onto {target}", name(session, source)));
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

/// What was to be known of an operation when it was confirmed.
fn account(what: &What) -> &[account::Line] {
    if let What::Operation(operation) = what { &operation.account } else { &[] }
}

/// A remark that stands beside what an entry says.
fn note(what: &What) -> Option<&str> {
    match what {
        What::Item { note, .. } => note.as_deref(),
        What::Operation(_)
        | What::Note { .. }
        | What::Fact { .. }
        | What::ChecklistOpened { .. }
        | What::ChecklistClosed { .. }
        | What::Plan { .. }
        | What::Withdrawn { .. } => None,
    }
}

fn name(session: &Session, id: &EnvironmentId) -> String {
    session.estate.find(id).map_or_else(|| id.to_string(), |key| session.estate.environment(key).name.to_string())
}

fn object(session: &Session, line: &Line<'_>) -> Value {
    let environment = line.environment.map(|id| match session.estate.find(id) {
        Some(key) => named(session.estate.environment(key)),
        None => json!({ "id": id.as_str(), "name": null }),
    });
    json!({
        "id": line.entry.id.as_str(),
        "at": rfc3339(line.entry.at),
        "by": &*line.entry.by,
        "kind": kind(&line.entry.what),
        "environment": environment,
        "text": summary(session, &line.entry.what),
        "note": note(&line.entry.what),
        "withdrawn": line.withdrawn,
        "account": accounts::json(account(&line.entry.what)),
    })
}

/// The cells of an entry, in the order of [`COLUMNS`].
fn fields(object: &Value) -> Vec<String> {
    let at = |path: &str| sheet::text(object.pointer(path).unwrap_or(&Value::Null));
    COLUMNS
        .map(|column| match column {
            "environment_id" => at("/environment/id"),
            "environment" => at("/environment/name"),
            "account" => {
                let lines = object.get("account").and_then(Value::as_array).into_iter().flatten();
                let line = |line: &Value| format!("{}: {}", sheet::text(&line["topic"]), sheet::text(&line["text"]));
                lines.map(line).collect::<Vec<_>>().join(" | ")
            }
            column => at(&format!("/{column}")),
        })
        .into()
}

fn text(session: &Session, lines: &[Line<'_>], out: &mut Out) -> Result<(), Failure> {
    if lines.is_empty() {
        writeln!(out, "there are no entries here; notes, recorded operations and checklists enter the journal in the console")?;
        return Ok(());
    }
    let row = |line: &Line<'_>| -> [Cell<'_>; 5] {
        let said = match note(&line.entry.what) {
            Some(note) => format!("{} ({note})", summary(session, &line.entry.what)),
            None => summary(session, &line.entry.what),
        };
        let said = if line.withdrawn { (Tone::Quiet, format!("[withdrawn] {said}").into()) } else { cell(said) };
        let environment = line.environment.map_or_else(String::new, |id| name(session, id));
        [cell(minute(line.entry.at)), cell(line.entry.by.to_string()), cell(environment), said, cell(line.entry.id.to_string())]
    };
    let columns = [("AT", Fit::Keep), ("BY", Fit::Shorten), ("ENVIRONMENT", Fit::Shorten), ("WHAT", Fit::Shorten), ("ID", Fit::Drop)];
    let mut table = Table::new(columns);
    lines.iter().for_each(|line| table.measure(&row(line)));
    table.fit(out.screen.width);
    table.header(out)?;
    for line in lines {
        table.row(out, &row(line))?;
        accounts::write(out, account(&line.entry.what))?;
    }
    Ok(())
}

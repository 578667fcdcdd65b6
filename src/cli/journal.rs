//! `envdeck journal`: what envdeck added to the snapshot, who added it and when.

use std::io::Write as _;

use clap::Args;
use serde_json::{Value, json};

use super::json::{self, named};
use super::output::{Failure, Out, Status, Tone};
use super::source::{Format, Session, Source};
use super::table::{Cell, Fit, Table, cell};
use super::{accounts, sheet};
use crate::domain::environment::EnvironmentId;
use crate::domain::journal::{Entry, Subject, Told, What};
use crate::domain::request::account;
use crate::domain::summary;
use crate::domain::time::{minute, rfc3339};
use crate::files;

/// List what envdeck added: notes, recorded operations, checklists
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck journal -s contoso.yaml
  envdeck journal -s contoso.yaml --environment \"Contoso UAT\"
  envdeck journal -s contoso.yaml --format json

The newest entry comes last. Nothing is ever removed: an entry that no longer holds is withdrawn by another one, which the
console writes (J, then w).")]
pub struct Journal {
    /// Only entries about this environment
    #[arg(long, value_name = "ENV")]
    environment: Option<String>,
    #[command(flatten)]
    source: Source,
}

const COLUMNS: [&str; 10] = ["id", "at", "by", "kind", "environment_id", "environment", "text", "note", "withdrawn", "account"];

/// An entry with its place among all.
type Line<'a> = (usize, Told<'a>);

/// Why an entry withdrew another.
fn reason(entry: &Entry) -> Option<&str> {
    if let What::Withdrawn { reason, .. } = &entry.what { Some(reason) } else { None }
}

/// Lists them.
pub fn run(arguments: &Journal, out: &mut Out) -> Result<Status, Failure> {
    let session = arguments.source.open()?;
    let only = arguments.environment.as_deref().map(|text| session.environment(text)).transpose()?;
    let mut lines: Vec<Line<'_>> = session.estate.journal().told().into_iter().enumerate().collect();
    lines.retain(|(_, told)| only.is_none_or(|only| told.concerns(&only.id)) && in_tenant(&session, told));
    match arguments.source.written.format {
        Format::Json => {
            let details = files::journal::values(session.estate.journal());
            let with_details = |(place, line): &Line<'_>| {
                let mut object = object(&session, line);
                if let (Value::Object(object), Some(details)) = (&mut object, details.get(*place)) {
                    object.insert("details".to_owned(), details.get(kind(&line.entry.what)).cloned().unwrap_or_default());
                }
                object
            };
            json::write_list(out, lines.iter().map(with_details))?;
            writeln!(out)?;
        }
        Format::Csv => sheet::write(out, &COLUMNS, lines.iter().map(|(_, line)| fields(&object(&session, line))))?,
        Format::Table => text(&session, &lines, out)?,
    }
    Ok(Status::Done)
}

/// Whether an entry is about the only tenant that is asked about, or about no tenant that is known.
fn in_tenant(session: &Session, line: &Told<'_>) -> bool {
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

fn object(session: &Session, line: &Told<'_>) -> Value {
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
        "text": summary::entry(&session.estate, &line.entry.what),
        "note": note(&line.entry.what),
        "withdrawn": line.withdrawn.is_some(),
        "withdrawn_by": line.withdrawn.map(|by| json!({ "id": by.id.as_str(), "at": rfc3339(by.at), "by": &*by.by, "reason": reason(by) })),
        "runs": line.runs,
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
    let row = |(_, line): &Line<'_>| -> [Cell<'_>; 5] {
        let said = match note(&line.entry.what) {
            Some(note) => format!("{} ({note})", summary::entry(&session.estate, &line.entry.what)),
            None => summary::entry(&session.estate, &line.entry.what),
        };
        let said = if line.withdrawn.is_some() { (Tone::Quiet, format!("[withdrawn] {said}").into()) } else { cell(said) };
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
        accounts::write(out, account(&line.1.entry.what))?;
    }
    Ok(())
}

//! `envdeck backups`: the instants environments can be restored to, and their manual backups with their expiry.

use std::io::Write as _;

use clap::Args;
use serde_json::{Value, json};

use super::json::{self, UNKNOWN, fact, instant, named, word};
use super::output::{Failure, Out, Status, Tone};
use super::sheet;
use super::source::{Format, Session, Source};
use super::table::{Fit, Table, cell, shown};
use crate::domain::backup::{Backup, Readiness, Window, expires_at, readiness, window};
use crate::domain::environment::Environment;
use crate::domain::known::Known;
use crate::domain::retention::{Retention, retention};
use crate::domain::time::{minute, rfc3339, span};
use crate::domain::words::{Word, counted};

/// Show which backups environments have, and until when
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck backups \"Contoso Sales\" -s contoso.yaml
  envdeck backups \"Contoso Sales\" -s contoso.yaml --now 2026-02-01T00:00:00Z
  envdeck backups \"contoso sales u\" --demo --format json
  envdeck backups --all -s contoso.yaml --format csv

Every environment whose oldest manual backup expires within three days:
  envdeck backups --all -s contoso.yaml --format json | jq -r '.[] | . as $env
    | [.manual[] | select(.state == \"ready\") | .expires_at] | min // empty
    | select(. <= (now + 3 * 86400 | todate)) | $env.environment.name'

The same without jq, with what to do about it:
  envdeck attention -s contoso.yaml --kind backup-expires --within 3

As JSON, one ENV is an object; several, or --all, are a list of these objects: {environment: {id, name}, retention_days, window: {from, to} or null, manual: [{id, name, label, taken_at, expires_at, state}]}; a state is ready, settling, not-ready or expired.")]
pub struct Backups {
    /// Its id, its name, how its name begins, or TENANT/NAME; several are shown one after the other
    #[arg(value_name = "ENV", required_unless_present = "all")]
    environments: Vec<String>,
    /// Every environment
    #[arg(long, conflicts_with = "environments")]
    all: bool,
    #[command(flatten)]
    source: Source,
}

/// The columns of the sheet: the environment, then the backup.
const COLUMNS: [&str; 11] =
    ["environment_id", "environment", "retention_days", "window_from", "window_to", "id", "name", "label", "taken_at", "expires_at", "state"];

/// Shows them.
pub fn run(arguments: &Backups, out: &mut Out) -> Result<Status, Failure> {
    let session = arguments.source.open()?;
    let chosen: Vec<&Environment> = if arguments.all {
        session.environments().map(|(_, environment)| environment).collect()
    } else {
        arguments.environments.iter().map(|named| session.environment(named)).collect::<Result<_, _>>()?
    };
    let objects = chosen.iter().map(|environment| object(&session, environment, &retention(environment, session.rulebook())));
    match (arguments.source.written.format, chosen.as_slice()) {
        (Format::Json, [environment]) if !arguments.all => json::write(out, &object(&session, environment, &retention(environment, session.rulebook())))?,
        (Format::Json, _) => {
            json::write_list(out, objects)?;
            writeln!(out)?;
        }
        (Format::Csv, _) => sheet::write(out, &COLUMNS, objects.flat_map(|object| rows(&object)))?,
        (Format::Table, _) => {
            for (index, environment) in chosen.iter().enumerate() {
                write!(out, "{}", if index > 0 { "\n" } else { "" })?;
                text(&session, environment, &retention(environment, session.rulebook()), out)?;
            }
        }
    }
    Ok(Status::Done)
}

fn object(session: &Session, environment: &Environment, kept: &Retention) -> Value {
    let window = window(environment, session.rulebook(), session.now);
    let manual = |backup: &Backup| {
        json!({
            "id": &*backup.id,
            "name": fact(backup.name.as_ref().map(|name| &**name)),
            "label": backup.label(),
            "taken_at": rfc3339(backup.taken_at),
            "expires_at": instant(expires_at(backup, kept)),
            // A backup that a copy made useless is as gone as an expired one; why stands beside it.
            "state": word(readiness(backup, kept, session.rulebook(), session.now).map(|state| if state == Readiness::Overwritten { Readiness::Expired } else { state })),
            "overwritten": backup.overwritten,
        })
    };
    json!({
        "environment": named(environment),
        "retention_days": fact(kept.in_force()),
        "window": fact(window.map(|window| window.map(|Window { from, to }| json!({ "from": rfc3339(from), "to": rfc3339(to) })))),
        // The list is always a list, so that readers can go through it; whether anybody looked stands beside it.
        "manual": match &environment.backups {
            Known::Is(backups) => backups.iter().map(manual).collect::<Value>(),
            Known::Unknown => Value::Array(Vec::new()),
        },
        "manual_known": !environment.backups.is_unknown(),
    })
}

/// One row for each manual backup; without any, one that says what is known about the environment.
fn rows(object: &Value) -> Vec<Vec<String>> {
    let at = |path: &str| sheet::text(object.pointer(path).unwrap_or(&Value::Null));
    let window = |side: &str| if object.get("window").is_some_and(Value::is_string) { UNKNOWN.to_owned() } else { at(&format!("/window/{side}")) };
    let before = [at("/environment/id"), at("/environment/name"), at("/retention_days"), window("from"), window("to")];
    let row = |cells: Vec<String>| before.iter().cloned().chain(cells).collect::<Vec<_>>();
    let columns = COLUMNS.get(before.len()..).unwrap_or_default();
    match object.get("manual") {
        Some(Value::Array(manual)) if !manual.is_empty() => manual.iter().map(|backup| row(sheet::fields(columns, backup))).collect(),
        _ if object.get("manual_known") == Some(&Value::Bool(false)) => vec![row(vec![UNKNOWN.to_owned(); columns.len()])],
        _ => vec![row(vec![String::new(); columns.len()])],
    }
}

fn text(session: &Session, environment: &Environment, kept: &Retention, out: &mut Out) -> Result<(), Failure> {
    let (name, now) = (&environment.name, session.now);
    let heading = match kept.in_force() {
        Known::Unknown => format!("{name}: how long backups are kept is unknown; possible: {}", possible(kept)),
        Known::Is(None) => format!("{name}: no backups are kept"),
        Known::Is(Some(days)) => format!("{name}: backups are kept for {}", counted(days.into(), "day")),
    };
    out.sentence(0, Tone::Heading, "", &heading)?;
    let line = match window(environment, session.rulebook(), now) {
        Known::Unknown => "Which instants it can be restored to is unknown".to_owned(),
        Known::Is(None) => "There is no instant that it can be restored to".to_owned(),
        Known::Is(Some(Window { from, to })) => format!("It can be restored to any instant from {} to {}", minute(from), minute(to)),
    };
    out.sentence(0, Tone::Plain, "", &line)?;
    let Known::Is(backups) = &environment.backups else {
        out.sentence(0, Tone::Caution, "", "Its manual backups are unknown: look them up in the admin center and add `backups` to the snapshot")?;
        return Ok(());
    };
    if backups.is_empty() {
        out.sentence(0, Tone::Plain, "", "It has no manual backups")?;
        return Ok(());
    }
    writeln!(out)?;
    let row = |backup: &Backup| {
        let state = readiness(backup, kept, session.rulebook(), now);
        let tone = match state {
            Known::Is(Readiness::Ready) => Tone::Good,
            Known::Is(Readiness::Expired | Readiness::Overwritten) => Tone::Bad,
            Known::Is(Readiness::NotReady | Readiness::Settling) | Known::Unknown => Tone::Caution,
        };
        let ends = expires_at(backup, kept);
        let left = ends.map(|at| match at {
            None => String::new(),
            Some(at) if at < now => format!("{} ago", span(now - at)),
            Some(at) => format!("in {}", span(at - now)),
        });
        let by = backup.created_by.as_ref().map(ToString::to_string);
        [
            shown(backup.name.as_ref().map(ToString::to_string)),
            cell(minute(backup.taken_at)),
            (tone, shown(state.map(Word::word)).1),
            shown(ends.map(|at| at.map_or_else(|| "never kept".to_owned(), minute))),
            shown(left),
            shown(by),
            cell(backup.id.to_string()),
        ]
    };
    let columns =
        [("NAME", Fit::Shorten), ("TAKEN", Fit::Keep), ("STATE", Fit::Keep), ("EXPIRES", Fit::Keep), ("", Fit::Keep), ("BY", Fit::Drop), ("ID", Fit::Drop)];
    let rows: Vec<_> = backups.iter().map(row).collect();
    Table::new(columns).write(out, &rows)?;
    Ok(())
}

/// The retentions that are left open, in words.
fn possible(kept: &Retention) -> String {
    let words: Vec<_> = kept.possible().iter().map(|days| days.map_or_else(|| "none".to_owned(), |days| days.to_string())).collect();
    format!("{} days", words.join(", "))
}

//! `envdeck backups`: the instants environments can be restored to, and their manual backups with their expiry.

use std::io::Write as _;

use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;
use serde_json::{Value, json};

use super::json::{self, UNKNOWN, fact, instant, named, word};
use super::output::{Failure, Out, Status, Tone};
use super::sheet;
use super::source::{Format, Session, Source};
use super::table::{Fit, Table, cell, shown};
use crate::domain::backup::{Backup, Readiness, expires_at, readiness};
use crate::domain::environment::{Environment, EnvironmentType};
use crate::domain::known::Known;
use crate::domain::request::{Back, Case, Change, Choice, Context, Request};
use crate::domain::retention::{Retention, retention};
use crate::domain::stretches::{Certainty, Stretch, goes_onto, of_backup, stretches, until_now};
use crate::domain::time::{minute, rfc3339, span};
use crate::domain::verdict::Answer;
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

As JSON, one ENV is an object; several, or --all, are a list of these objects: {environment: {id, name}, retention_days, window: {from, to} or null, stretches: [{from, to, certainty, why}], onto_itself: {from, to} or null, into: {types: [type], itself, targets: {verdict: number}}, manual: [{id, name, label, taken_at, expires_at, state, restorable, why}]}; a state is ready, settling, not-ready or expired. The window is what can certainly be restored to until now; stretches say of each span whether it is certain, possible or gone, and why. With --all the targets are not counted.")]
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
const COLUMNS: [&str; 13] = [
    "environment_id",
    "environment",
    "retention_days",
    "window_from",
    "window_to",
    "id",
    "name",
    "label",
    "taken_at",
    "expires_at",
    "state",
    "restorable",
    "why",
];

/// Shows them.
pub fn run(arguments: &Backups, out: &mut Out) -> Result<Status, Failure> {
    let session = arguments.source.open()?;
    let chosen: Vec<&Environment> = if arguments.all {
        session.environments().map(|(_, environment)| environment).collect()
    } else {
        arguments.environments.iter().map(|named| session.environment(named)).collect::<Result<_, _>>()?
    };
    // Of every environment onto every other one it would be a table of its own.
    let counts = !arguments.all;
    let objects = chosen.iter().map(|environment| object(&session, environment, counts));
    match (arguments.source.written.format, chosen.as_slice()) {
        (Format::Json, [environment]) if counts => json::write(out, &object(&session, environment, counts))?,
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

fn object(session: &Session, environment: &Environment, counts: bool) -> Value {
    let kept = &retention(environment, session.rulebook());
    let stretches = stretches(environment, session.estate.facts(), session.rulebook(), session.now);
    let window = until_now(&stretches, session.now);
    let span = |from, to| json!({ "from": rfc3339(from), "to": rfc3339(to) });
    let (types, itself) = match goes_onto(environment, session.rulebook()) {
        Known::Is((types, itself)) => (types.iter().map(|kind| kind.word()).collect::<Value>(), Value::Bool(itself)),
        Known::Unknown => (UNKNOWN.into(), UNKNOWN.into()),
    };
    let targets = window.filter(|_| counts).map(|window| targets(session, environment, window.to));
    let manual = |backup: &Backup| {
        let (restorable, why) = of_backup(environment, backup, session.estate.facts(), session.rulebook(), session.now);
        json!({
            "id": &*backup.id,
            "name": fact(backup.name.as_ref().map(|name| &**name)),
            "label": backup.label(),
            "taken_at": rfc3339(backup.taken_at),
            "expires_at": instant(expires_at(backup, kept)),
            // A backup that a copy made useless is as gone as an expired one; why stands beside it.
            "state": word(readiness(backup, kept, session.rulebook(), session.now).map(|state| if state == Readiness::Overwritten { Readiness::Expired } else { state })),
            "overwritten": backup.overwritten,
            "restorable": match restorable {
                Certainty::Certain => Value::Bool(true),
                Certainty::Possible => UNKNOWN.into(),
                Certainty::Gone => Value::Bool(false),
            },
            "why": why,
        })
    };
    json!({
        "environment": named(environment),
        "retention_days": fact(kept.in_force()),
        "window": window.map(|window| span(window.from, window.to)),
        "stretches": stretches.iter().map(|stretch| json!({
            "from": rfc3339(stretch.from),
            "to": rfc3339(stretch.to),
            "certainty": stretch.certainty.word(),
            "why": stretch.why,
        })).collect::<Value>(),
        "onto_itself": onto_itself(environment, &stretches, session).map(|(from, to)| span(from, to)),
        "into": { "types": types, "itself": itself, "targets": targets },
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
    let window = |side: &str| at(&format!("/window/{side}"));
    let before = [at("/environment/id"), at("/environment/name"), at("/retention_days"), window("from"), window("to")];
    let row = |cells: Vec<String>| before.iter().cloned().chain(cells).collect::<Vec<_>>();
    let columns = COLUMNS.get(before.len()..).unwrap_or_default();
    match object.get("manual") {
        Some(Value::Array(manual)) if !manual.is_empty() => manual.iter().map(|backup| row(sheet::fields(columns, backup))).collect(),
        _ if object.get("manual_known") == Some(&Value::Bool(false)) => vec![row(vec![UNKNOWN.to_owned(); columns.len()])],
        _ => vec![row(vec![String::new(); columns.len()])],
    }
}

/// How many environments can be restored onto, by their verdicts.
fn targets(session: &Session, environment: &Environment, at: DateTime<Utc>) -> Value {
    let back = Choice::Chosen(Back::To(at));
    let change = Change::Restore { back, audit_logs: Choice::Open, name: Choice::Open, half: Choice::Open };
    let request = Request { source: Some(environment.id.clone()), target: environment.id.clone(), change };
    let context = Context::new(&session.estate, &session.rulebooks, &[], session.now);
    let mut counts: Vec<usize> = vec![0; Answer::ALL.len()];
    if let Ok(case) = Case::of(&request, &context) {
        for (_, target) in session.environments() {
            if let Some(count) = counts.get_mut(case.onto(target).outline().answer() as usize) {
                *count += 1;
            }
        }
    }
    Answer::ALL.iter().zip(counts).map(|(answer, count)| (answer.word().to_owned(), Value::from(count))).collect()
}

/// What can come back onto itself: all of it where the type allows that, what a sandbox keeps where it is production, which has to
/// be switched before (RST-046), and nothing else.
fn onto_itself(environment: &Environment, stretches: &[Stretch], session: &Session) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let window = until_now(stretches, session.now)?;
    match environment.kind {
        Known::Is(EnvironmentType::Production) => {
            let kept = TimeDelta::days(i64::from(session.rulebook().limits.retention_default));
            Some((window.from.max(session.now - kept), window.to))
        }
        Known::Is(_) => goes_onto(environment, session.rulebook()).is(|(_, itself)| *itself).then_some((window.from, window.to)),
        Known::Unknown => None,
    }
}

/// Where it can go, in one or two sentences.
fn into(session: &Session, environment: &Environment, window: &Stretch, stretches: &[Stretch], out: &mut Out) -> Result<(), Failure> {
    let counts = targets(session, environment, window.to);
    let count = |answer: Answer| counts.get(answer.word()).and_then(Value::as_u64).unwrap_or(0);
    let allowed = count(Answer::Allowed) + count(Answer::AllowedWithWarnings);
    let all = session.environments().count();
    let undecided = count(Answer::Unknown);
    let open = if undecided > 0 { format!(", and into {undecided} more once it is looked up what is unknown") } else { String::new() };
    let into = format!("Into {allowed} of {}{open}: envdeck targets restore lists them", counted(all, "environment"));
    out.sentence(0, Tone::Quiet, "", &into)?;
    if let (Known::Is(EnvironmentType::Production), Some((from, to))) = (environment.kind, onto_itself(environment, stretches, session)) {
        let switched = format!("Onto itself from {} to {} only, once it is switched to sandbox", minute(from), minute(to));
        out.sentence(0, Tone::Quiet, "", &switched)?;
    }
    Ok(())
}

fn text(session: &Session, environment: &Environment, kept: &Retention, out: &mut Out) -> Result<(), Failure> {
    let (name, now) = (&environment.name, session.now);
    let heading = match kept.in_force() {
        Known::Unknown => format!("{name}: how long backups are kept is unknown; possible: {}", possible(kept)),
        Known::Is(None) => format!("{name}: no backups are kept"),
        Known::Is(Some(days)) => format!("{name}: backups are kept for {}", counted(days.into(), "day")),
    };
    out.sentence(0, Tone::Heading, "", &heading)?;
    let stretches = stretches(environment, session.estate.facts(), session.rulebook(), now);
    if stretches.is_empty() {
        out.sentence(0, Tone::Plain, "", "There is no instant that it can be restored to")?;
    }
    for Stretch { from, to, certainty, why } in &stretches {
        let (tone, says) = match certainty {
            Certainty::Certain => (Tone::Plain, "It can be restored to any instant"),
            Certainty::Possible => (Tone::Caution, "It may be possible to restore it to an instant"),
            Certainty::Gone => (Tone::Bad, "It cannot be restored to an instant"),
        };
        let why = why.as_ref().map_or_else(String::new, |why| format!(": {why}"));
        out.sentence(0, tone, "", &format!("{says} from {} to {}{why}", minute(*from), minute(*to)))?;
    }
    if let Some(window) = until_now(&stretches, now) {
        into(session, environment, window, &stretches, out)?;
    }
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

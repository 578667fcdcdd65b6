//! `envdeck attention`: what expires, runs out or lies open in the whole estate, the most urgent first.

use std::io::{self, Write as _};

use chrono::TimeDelta;
use clap::Args;
use serde_json::{Value, json};

use super::json::{self, named};
use super::output::{Failure, Out, Status, Tone};
use super::sheet;
use super::source::{Format, Session, Source, one_of};
use crate::domain::attention::{Attention, Item, Kind, attention};
use crate::domain::time::{minute, rfc3339, span};
use crate::domain::words::Word;

/// List what expires, runs out or lies open
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck attention -s contoso.yaml
  envdeck attention -s contoso.yaml --tenant Contoso --format json
  envdeck attention -s contoso.yaml --kind admin-mode --kind background-off
  envdeck attention -s contoso.yaml --kind backup-expires --within 7d --format csv

Without --within, backups are listed three days before they expire. What is unknown asks for
nothing, and how much of it there is stands below the list: `envdeck list --filter
admin-mode:unknown` finds what nobody looked up.

As JSON, a list of {kind, environment: {id, name} or null, tenant, due_at or null, message, remedy}, the most urgent first; each backup is an item of its own.")]
pub struct Attend {
    /// Only this kind; can be given several times
    #[arg(long, value_name = "KIND", ignore_case = true, value_parser = one_of::<Kind>())]
    kind: Vec<Kind>,
    /// Only what is due within that time (7, 7d, 36h, 2w), and look so far ahead for backups
    #[arg(long, value_name = "TIME", value_parser = ahead)]
    within: Option<TimeDelta>,
    #[command(flatten)]
    source: Source,
}

/// How far ahead: so many days, or hours, days or weeks with their letter.
fn ahead(text: &str) -> Result<TimeDelta, String> {
    const LONGEST: TimeDelta = TimeDelta::days(3660);
    let text = text.trim();
    let number = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let unit = text.strip_prefix(number).unwrap_or_default().to_ascii_lowercase();
    let span = number.trim().parse::<i64>().ok().filter(|number| (0..=100_000).contains(number)).and_then(|number| match &*unit {
        "h" => Some(TimeDelta::hours(number)),
        "" | "d" => Some(TimeDelta::days(number)),
        "w" => Some(TimeDelta::weeks(number)),
        _ => None,
    });
    let span = span.ok_or_else(|| "write so many days, or a number with h, d or w: 7, 7d, 36h, 2w".to_owned())?;
    if span > LONGEST { Err("that is too far ahead: at most 3660 days".to_owned()) } else { Ok(span) }
}

/// The columns of the sheet.
const COLUMNS: [&str; 7] = ["kind", "environment_id", "environment", "tenant", "due_at", "message", "remedy"];

/// Lists it.
pub fn run(arguments: &Attend, out: &mut Out) -> Result<Status, Failure> {
    let session = arguments.source.open()?;
    let templates = session.templates()?;
    let ahead = arguments.within;
    let mut found = attention(&session.estate, &templates, session.rulebook(), ahead, session.now);
    found.items.retain(|item| {
        // What concerns everything concerns each tenant.
        let here = session.tenant.is_none() || item.tenant.is_none() || item.tenant == session.tenant;
        let wanted = arguments.kind.is_empty() || arguments.kind.contains(&item.kind);
        here && wanted && ahead.is_none_or(|ahead| item.due_at.is_some_and(|at| at - session.now <= ahead))
    });
    match arguments.source.written.format {
        Format::Json => {
            json::write_list(out, found.items.iter().map(|item| object(&session, item)))?;
            writeln!(out)?;
        }
        Format::Csv => sheet::write(out, &COLUMNS, found.items.iter().map(|item| row(&object(&session, item))))?,
        Format::Table if found.items.is_empty() && (ahead.is_some() || session.tenant.is_some() || !arguments.kind.is_empty()) => {
            writeln!(out, "nothing here needs attention; leave out --kind, --within or --tenant to see the whole estate")?;
            unjudged(&found, out)?;
        }
        Format::Table => text(&session, &found, out)?,
    }
    Ok(Status::Done)
}

fn object(session: &Session, item: &Item) -> Value {
    json!({
        "kind": item.kind.word(),
        "environment": item.environment.map(|key| named(session.estate.environment(key))),
        "tenant": item.tenant.map(|key| &*session.estate.tenant(key).name),
        "due_at": item.due_at.map(rfc3339),
        "message": item.message,
        "remedy": item.remedy,
    })
}

/// The environment takes two cells, so that scripts find its id.
fn row(object: &Value) -> Vec<String> {
    let at = |path: &str| sheet::text(object.pointer(path).unwrap_or(&Value::Null));
    ["/kind", "/environment/id", "/environment/name", "/tenant", "/due_at", "/message", "/remedy"].map(at).to_vec()
}

fn text(session: &Session, found: &Attention, out: &mut Out) -> io::Result<()> {
    if found.items.is_empty() {
        let until = found.changes_at.map_or_else(String::new, |at| format!(" until {}", minute(at)));
        writeln!(out, "nothing needs attention{until}, by the facts as they are")?;
        return unjudged(found, out);
    }
    for item in &found.items {
        let (tone, head) = match item.due_at {
            Some(at) if at < session.now => (Tone::Bad, format!("ended {} ago: ", span(session.now - at))),
            Some(at) => (Tone::Bad, format!("in {}: ", span(at - session.now))),
            None if item.is_urgent() => (Tone::Bad, "as soon as possible: ".to_owned()),
            None => (Tone::Caution, "open: ".to_owned()),
        };
        out.sentence(0, tone, &head, &item.message)?;
        out.sentence(2, Tone::Plain, "-> ", &item.remedy)?;
        let tenant = item.tenant.map(|key| &*session.estate.tenant(key).name);
        let environment = item.environment.map(|key| &*session.estate.environment(key).name);
        // As ENV is written, so that it can be asked about next.
        let place: Vec<&str> = tenant.into_iter().chain(environment).collect();
        out.sentence(2, Tone::Quiet, &format!("{}: ", item.kind.word()), if place.is_empty() { "all tenants".to_owned() } else { place.join("/") }.as_str())?;
    }
    unjudged(found, out)
}

/// What could not be judged, so that silence is not taken for all being well.
fn unjudged(found: &Attention, out: &mut Out) -> io::Result<()> {
    match found.unjudged.in_words() {
        Some(what) => out.sentence(0, Tone::Caution, "could not be judged: ", &what),
        None => Ok(()),
    }
}

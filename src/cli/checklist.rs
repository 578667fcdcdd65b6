//! `envdeck checklist`: what is open after an operation on one environment, what was done, and by whom.

use std::io::{self, Write as _};

use clap::Args;
use serde_json::{Value, json};

use super::evidence;
use super::json::{self, named};
use super::output::{Failure, Out, Status, Tone};
use super::source::{Session, Source, one_of};
use crate::domain::checklist::{self as domain, Mark, Opened, Row, State, Template};
use crate::domain::environment::Environment;
use crate::domain::journal::ItemAct;
use crate::domain::known::Known;
use crate::domain::rulebook::Menus;
use crate::domain::summary::{carried, logs_of};
use crate::domain::time::{minute, rfc3339};
use crate::domain::words::Word;
use crate::vocabulary;

vocabulary! {
    /// How checklists are written.
    Form, "format" {
        Table = "table" "text for people",
        Json = "json" "JSON",
        Markdown = "markdown" "Markdown, as evidence for a change record",
    }
}

/// How the checklists are written.
#[derive(Debug, Clone, Copy, Args)]
pub struct Written {
    /// How the answer is written
    #[arg(long, value_name = "FORMAT", default_value = "table", ignore_case = true, value_parser = one_of::<Form>())]
    format: Form,
}

/// Show the open checklists of one environment
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck checklist \"Contoso UAT\" -s contoso.yaml
  envdeck checklist \"Contoso UAT\" -s contoso.yaml --format markdown >CHG0042917.md
  envdeck checklist \"Contoso UAT\" -s contoso.yaml --all --format json

A recorded copy opens a checklist; it is worked in the console and kept in the journal beside the snapshot.
[x] is settled, [-] does not apply, [!] is open and mandatory, [ ] is open.")]
pub struct Checklist {
    /// Its id, its name, how its name begins, or TENANT/NAME
    #[arg(value_name = "ENV")]
    environment: String,
    /// Also those that were closed or superseded
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    source: Source<Written>,
}

/// A checklist that was opened, and what it has become; nothing where this version does not know its kind.
pub struct Found<'a> {
    /// How it was opened.
    pub opened: Opened<'a>,
    /// What it has become.
    pub checklist: Option<domain::Checklist>,
}

/// Shows them, oldest first.
pub fn run(arguments: &Checklist, out: &mut Out) -> Result<Status, Failure> {
    let session = arguments.source.open()?;
    let environment = session.environment(&arguments.environment)?;
    let templates = session.templates()?;
    let found = find(&session, &templates, environment, arguments.all);
    match arguments.source.written.format {
        Form::Json => json::write(out, &found.iter().map(|found| object(found, environment, &session.rulebook().menus)).collect())?,
        Form::Table if found.is_empty() => {
            writeln!(out, "{} has no {}; a recorded copy opens one", environment.name, if arguments.all { "checklist" } else { "open checklist" })?;
        }
        Form::Table => {
            for (index, found) in found.iter().enumerate() {
                write!(out, "{}", if index > 0 { "\n" } else { "" })?;
                text(&session, &environment.name, found, out)?;
            }
        }
        Form::Markdown => evidence::write(&session, environment, &found, out)?,
    }
    Ok(Status::Done)
}

fn find<'a>(session: &'a Session, templates: &[Template], environment: &Environment, all: bool) -> Vec<Found<'a>> {
    let journal = session.estate.journal();
    let mut opened = if all { domain::opened(journal, templates) } else { domain::open_for(journal, templates, &environment.id) };
    opened.retain(|opened| *opened.environment == environment.id);
    let become_now = |opened: &Opened<'_>| domain::Checklist::of(journal, opened, templates, environment, &session.estate);
    opened.into_iter().map(|opened| Found { checklist: become_now(&opened), opened }).collect()
}

fn object(found: &Found<'_>, environment: &Environment, menus: &Menus) -> Value {
    let Found { opened, checklist } = found;
    let checklist = checklist.as_ref();
    let level = match opened.level() {
        Known::Is(level) => Some(level.word()),
        Known::Unknown => None,
    };
    json!({
        "id": opened.entry.id.as_str(),
        "checklist": opened.template,
        "title": checklist.map(|checklist| &*checklist.title),
        "environment": named(environment),
        "level": level,
        "audit_logs": opened.operation.and_then(|(_, operation)| logs_of(operation)).map(Word::word),
        "opened_at": rfc3339(opened.entry.at),
        "closed": opened.closed.as_ref().map(|closed| &*closed.reason),
        "progress": checklist.map(|checklist| {
            let domain::Progress { done, total, mandatory_open } = checklist.progress();
            json!({ "done": done, "total": total, "mandatory_open": mandatory_open })
        }),
        "items": checklist.map_or_else(Vec::new, |checklist| checklist.rows.iter().map(|row| item(checklist, row, menus)).collect()),
    })
}

fn item(checklist: &domain::Checklist, row: &Row, menus: &Menus) -> Value {
    let remarks = row.history.iter().filter(|mark| mark.act == ItemAct::Noted);
    json!({
        "id": row.id(),
        "section": checklist.sections.get(row.section).map(|section| &*section.id),
        "text": &*row.text,
        "state": row.state.word(),
        "mandatory": row.mandatory,
        "by": row.mark.as_ref().map(|mark| &*mark.by),
        "at": row.mark.as_ref().map(|mark| rfc3339(mark.at)),
        "decision": row.decision.map(Word::word),
        "note": why(row),
        "path": checklist.path(row).map(|path| menus.path(path)),
        "help": checklist.help(row).map(|help| &**help).collect::<Vec<_>>(),
        "links": checklist.links(row).iter().map(|link| json!({ "title": &*link.title, "url": &*link.url })).collect::<Value>(),
        "rules": &*row.item.rules,
        "waits_for": row.waits.as_deref(),
        "due_at": row.due_at.map(rfc3339),
        "optional": row.item.optional,
        "component": row.key.as_deref(),
        "recalled": row.recalled.as_ref().and_then(|mark| mark.note.as_deref()),
        "parent": row.parent.and_then(|parent| checklist.rows.get(parent)).map(Row::id),
        "components": row.concerns.iter().map(|concern| &*concern.name).collect::<Value>(),
        "remarks": remarks.map(|mark| json!({ "by": &*mark.by, "at": rfc3339(mark.at), "text": mark.note.as_deref() })).collect::<Value>(),
    })
}

/// What stands with the state of a row: what somebody wrote, or what follows from the facts.
pub fn why(row: &Row) -> Option<&str> {
    row.mark.as_ref().and_then(|mark| mark.note.as_deref()).or(row.reason.as_deref())
}

/// How far a row is, in words: "done", "decided: redirect", "done by the copy".
pub fn said(row: &Row) -> &'static str {
    match (row.state, row.decision) {
        (State::Done, _) if row.item.done_by_system => "done by the system",
        (_, Some(decision)) => decision.label(),
        (state, None) => state.label(),
    }
}

/// Who did it and when: "isaac@contoso.com, 2026-01-05 09:40Z".
pub fn who_and_when(mark: &Mark) -> String {
    format!("{}, {}", mark.by, minute(mark.at))
}

/// The components of a row in words: "isaac@contoso.com (incoming outlook), lena@contoso.com".
pub fn components(row: &Row) -> String {
    let one = |concern: &domain::Concern| {
        let unsure = if concern.unsure { Some("not sure that it is concerned") } else { None };
        let detail: Vec<&str> = [&*concern.detail].into_iter().filter(|detail| !detail.is_empty()).chain(unsure).collect();
        if detail.is_empty() { concern.name.to_string() } else { format!("{} ({})", concern.name, detail.join(", ")) }
    };
    row.concerns.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// What opened a checklist: "2026-01-05 09:00Z by thomas@contoso.com after copy of Contoso Sales, level Everything,
/// audit logs taken along".
pub fn origin(session: &Session, opened: &Opened<'_>) -> String {
    let mut origin = format!("{} by {}", minute(opened.entry.at), opened.entry.by);
    if let Some((_, operation)) = opened.operation {
        origin.push_str(&format!(" after {}", operation.kind.label().to_lowercase()));
        if let Some(source) = &operation.source {
            let name = session.estate.find(source).map_or_else(|| source.to_string(), |key| session.estate.environment(key).name.to_string());
            origin.push_str(&format!(" of {name}"));
        }
        let carried = carried(operation);
        carried.iter().for_each(|what| origin.push_str(&format!(", {what}")));
        if let (Known::Is(level), true) = (opened.level(), carried.is_empty()) {
            // It says too little to be a request, but this.
            origin.push_str(&format!(", level {}", level.label()));
        }
    }
    origin
}

/// How far a checklist is: "7 of 23 settled, 3 mandatory open".
pub fn progress(checklist: &domain::Checklist) -> String {
    let domain::Progress { done, total, mandatory_open } = checklist.progress();
    format!("{done} of {total} settled, {mandatory_open} mandatory open")
}

fn text(session: &Session, environment: &str, found: &Found<'_>, out: &mut Out) -> io::Result<()> {
    let Found { opened, checklist } = found;
    let name = checklist.as_ref().map_or(opened.template, |checklist| &checklist.title);
    let far = checklist.as_ref().map_or_else(|| "this version of envdeck does not know this checklist".to_owned(), progress);
    out.sentence(0, Tone::Heading, &format!("{name}: "), &format!("{environment}, {far}"))?;
    out.sentence(0, Tone::Quiet, "", &format!("opened {}", origin(session, opened)))?;
    if let Some(closed) = &opened.closed {
        out.sentence(0, Tone::Caution, "", &format!("closed {} by {}: {}", minute(closed.at), closed.by, closed.reason))?;
    }
    let Some(checklist) = checklist else { return Ok(()) };
    for line in &checklist.header {
        out.sentence(0, Tone::Plain, "", line)?;
    }
    let mut section = None;
    for row in &checklist.rows {
        if section != Some(row.section) {
            section = Some(row.section);
            if let Some(heading) = checklist.sections.get(row.section) {
                writeln!(out)?;
                out.sentence(0, Tone::Heading, "", &heading.title)?;
                heading.help.iter().try_for_each(|line| out.sentence(0, Tone::Plain, "", line))?;
            }
        }
        line(row, &session.rulebook().menus, out)?;
    }
    if !checklist.strays.is_empty() {
        writeln!(out)?;
        out.sentence(0, Tone::Heading, "", "Entries about items that this checklist does not have")?;
    }
    for stray in &checklist.strays {
        let note = stray.mark.note.as_deref().map_or_else(String::new, |note| format!(": {note}"));
        out.sentence(2, Tone::Caution, "", &format!("{}: {}{note} ({})", stray.item, stray.mark.act.label(), who_and_when(&stray.mark)))?;
    }
    Ok(())
}

/// A row: what to do, then what was done or, while it is open, what there is to know.
fn line(row: &Row, menus: &Menus, out: &mut Out) -> io::Result<()> {
    let indent = 2 + 4 * usize::from(row.depth);
    let (tone, mark) = match row.state {
        State::Open if row.mandatory => (Tone::Bad, "[!] "),
        State::Open => (Tone::Caution, "[ ] "),
        State::Done | State::Decided => (Tone::Good, "[x] "),
        State::NotApplicable => (Tone::Quiet, "[-] "),
    };
    out.sentence(indent, tone, mark, &row.text)?;
    let indent = indent + 4;
    if row.mark.is_some() || row.reason.is_some() || row.is_settled() {
        let by = row.mark.as_ref().map_or_else(String::new, |mark| format!(" ({})", who_and_when(mark)));
        let opened_again = row.state == State::Open && row.mark.is_some() && row.decision.is_none();
        let said = match why(row) {
            Some(note) if opened_again => format!("opened again: {note}"),
            Some(note) => format!("{}{}{note}", said(row), if row.decision == Some(ItemAct::Redirected) { " to " } else { ": " }),
            None if opened_again => "opened again".to_owned(),
            None => said(row).to_owned(),
        };
        out.sentence(indent, Tone::Quiet, "", &format!("{said}{by}"))?;
    }
    if let Some(note) = &row.note {
        out.sentence(indent, Tone::Quiet, "note: ", &format!("{} ({})", note.note.as_deref().unwrap_or_default(), who_and_when(note)))?;
    }
    if let Some(recalled) = &row.recalled {
        out.sentence(indent, Tone::Plain, "written down before: ", &format!("{} ({})", recalled.note.as_deref().unwrap_or_default(), who_and_when(recalled)))?;
    }
    if row.is_settled() {
        return Ok(());
    }
    if let Some(waits) = &row.waits {
        out.sentence(indent, Tone::Caution, "waits: ", waits)?;
    }
    if let Some(due_at) = row.due_at {
        out.sentence(indent, Tone::Bad, "to be done by ", &minute(due_at))?;
    }
    if !row.concerns.is_empty() && !row.repeats {
        out.sentence(indent, Tone::Plain, "here: ", &components(row))?;
    }
    // A whole says it once for all of its parts.
    if let Some(path) = &row.item.path.as_ref().filter(|_| row.key.is_none()) {
        out.sentence(indent, Tone::Plain, "where: ", &menus.path(path))?;
    }
    if row.key.is_none() {
        row.help.iter().try_for_each(|help| out.sentence(indent, Tone::Quiet, "", help))?;
        row.item.links.iter().try_for_each(|link| out.sentence(indent, Tone::Quiet, &format!("{}: ", link.title), &link.url))?;
    }
    Ok(())
}

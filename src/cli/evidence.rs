//! A checklist as Markdown: what an auditor asks for, item by item, and everything that was done in its order.

use std::io::{self, Write as _};

use chrono::{DateTime, SubsecRound as _, Utc};

use super::checklist::{Found, components, origin, progress, said, who_and_when, why};
use super::output::Out;
use super::source::Session;
use crate::domain::checklist::{Checklist, Mark, Opened, Row, State};
use crate::domain::environment::Environment;
use crate::domain::journal::{ItemAct, What};
use crate::domain::known::Known;
use crate::domain::operation::Operation;
use crate::domain::rulebook::Menus;
use crate::domain::time::rfc3339;
use crate::domain::words::Word;
use crate::runbook::quote::{markdown as plain, markdown_code as code};

/// Writes the evidence of all of them, one document after the other.
pub fn write(session: &Session, environment: &Environment, found: &[Found<'_>], out: &mut Out) -> io::Result<()> {
    if found.is_empty() {
        return writeln!(out, "# {}\n\nThere is no open checklist for this environment as of {}.", plain(&environment.name), second(session.now));
    }
    for (index, found) in found.iter().enumerate() {
        write!(out, "{}", if index > 0 { "\n" } else { "" })?;
        document(session, environment, found, out)?;
    }
    Ok(())
}

fn document(session: &Session, environment: &Environment, found: &Found<'_>, out: &mut Out) -> io::Result<()> {
    let Found { opened, checklist } = found;
    let title = checklist.as_ref().map_or(opened.template, |checklist| &checklist.title);
    writeln!(out, "# {}: {}\n", plain(title), plain(&environment.name))?;
    writeln!(out, "- Environment: {} ({}), tenant {}", plain(&environment.name), code(environment.id.as_str()), plain(session.tenant_of(environment)))?;
    writeln!(out, "- Opened: {}", plain(&origin(session, opened)))?;
    writeln!(out, "- Checklist: {}, journal entry {}", code(opened.template), code(opened.entry.id.as_str()))?;
    if let Some((id, operation)) = opened.operation {
        writeln!(out, "- Operation: journal entry {}", code(id.as_str()))?;
        operation_lines(operation, out)?;
    }
    taken_since(session, opened, out)?;
    match &opened.closed {
        Some(closed) => writeln!(out, "- State: closed {} by {}: {}", second(closed.at), plain(&closed.by), plain(&closed.reason))?,
        None => writeln!(out, "- State: open")?,
    }
    let Some(checklist) = checklist else {
        return writeln!(out, "\nThis version of envdeck does not know this checklist.");
    };
    writeln!(out, "- Progress: {}", progress(checklist))?;
    let captured = match session.estate.captured_at() {
        Known::Is(at) => second(at),
        Known::Unknown => "at an unknown time".to_owned(),
    };
    writeln!(out, "- As of: {}, by facts captured {captured}; all times are UTC", second(session.now))?;
    open(checklist, out)?;
    let completed = opened.operation.and_then(|(_, operation)| operation.completed_at);
    for (index, section) in checklist.sections.iter().enumerate() {
        writeln!(out, "\n## {}\n\n| State | Item | Who | When | Decision and note |\n|---|---|---|---|---|", plain(&section.title))?;
        for row in checklist.rows.iter().filter(|row| row.section == index) {
            row_line(row, completed, out)?;
        }
        how(checklist, index, &session.rulebook().menus, out)?;
    }
    history(checklist, out)
}

/// What was taken upon oneself while the checklist was worked: leaving administration mode with open items, for one (G-21).
fn taken_since(session: &Session, opened: &Opened<'_>, out: &mut Out) -> io::Result<()> {
    let until = opened.closed.as_ref().map(|closed| closed.at);
    for entry in session.estate.journal().holding() {
        let What::Operation(operation) = &entry.what else { continue };
        let during = entry.at > opened.entry.at && until.is_none_or(|until| entry.at <= until);
        let own = opened.operation.is_some_and(|(id, _)| *id == entry.id);
        if own || !during || operation.target != *opened.environment {
            continue;
        }
        for taken in &operation.acknowledged {
            writeln!(out, "- Taken upon oneself with \"{}\" by {}, {}: {}", operation.kind.label(), plain(&taken.by), second(taken.at), plain(&taken.shown))?;
        }
    }
    Ok(())
}

/// How the operation was judged, what was acknowledged, and who answers for it.
fn operation_lines(operation: &Operation, out: &mut Out) -> io::Result<()> {
    let ended = operation.completed_at.map_or_else(String::new, |at| format!(", ended {}", second(at)));
    writeln!(out, "  - {}, {}: started {}{ended}", operation.kind.label(), operation.outcome.label(), second(operation.started_at))?;
    for line in &operation.account {
        writeln!(out, "  - {}: {}", line.topic.label(), plain(&line.text))?;
    }
    writeln!(out, "  - Judged: {}", operation.verdict.label())?;
    for taken in &operation.acknowledged {
        let (code, severity) = (taken.code.word(), taken.severity.label());
        writeln!(out, "  - Acknowledged by {}, {}: {} ({severity}, {code})", plain(&taken.by), second(taken.at), plain(&taken.shown))?;
    }
    writeln!(out, "  - Ticket: {}", operation.ticket.as_deref().map_or_else(|| "none recorded".to_owned(), plain))?;
    writeln!(out, "  - Approved by: {}", operation.approver.as_deref().map_or_else(|| "nobody recorded".to_owned(), plain))
}

/// What is still open comes first, mandatory items before others.
fn open(checklist: &Checklist, out: &mut Out) -> io::Result<()> {
    let mut rows: Vec<&Row> = checklist.rows.iter().filter(|row| row.is_worked() && !row.is_settled()).collect();
    if rows.is_empty() {
        return writeln!(out, "\nNothing is open.");
    }
    rows.sort_by_key(|row| !row.mandatory);
    writeln!(out, "\n## Still open\n")?;
    for row in rows {
        let whole = row.parent.and_then(|parent| checklist.rows.get(parent));
        let mandatory = if row.mandatory { "**Mandatory:** " } else { "" };
        let due = row.due_at.map_or_else(String::new, |at| format!(", to be done by {}", second(at)));
        writeln!(out, "- [ ] {mandatory}{} ({}){due}", plain(&row.in_full(whole)), code(row.id()))?;
    }
    Ok(())
}

fn row_line(row: &Row, completed: Option<DateTime<Utc>>, out: &mut Out) -> io::Result<()> {
    let state = match row.state {
        State::Open if row.mandatory => "**OPEN, mandatory**",
        State::Open => "**OPEN**",
        State::Done => "done",
        State::Decided => "decided",
        State::NotApplicable => "does not apply",
    };
    let part = "– ".repeat(usize::from(row.depth));
    let mut item = format!("{part}{} ({})", plain(&row.text), code(row.id()));
    if !row.concerns.is_empty() && !row.repeats {
        item.push_str(&format!("<br>Here: {}", plain(&components(row))));
    }
    // Who opened an item again did not settle it: that stands in the history.
    let mark = row.mark.as_ref().filter(|_| row.is_settled());
    let (who, when) = match mark {
        Some(mark) => (plain(&mark.by), second(mark.at)),
        None if row.item.done_by_system => ("the system".to_owned(), completed.map_or_else(String::new, second)),
        None => (String::new(), String::new()),
    };
    let mut notes = Vec::new();
    match why(row).filter(|_| row.is_settled()).map(plain) {
        Some(note) if row.decision == Some(ItemAct::Redirected) => notes.push(format!("{} to {note}", said(row))),
        Some(note) if row.decision.is_some() => notes.push(format!("{}: {note}", said(row))),
        Some(note) => notes.push(note),
        None => notes.extend(row.decision.map(|_| said(row).to_owned())),
    }
    notes.extend(row.recalled.as_ref().and_then(|mark| mark.note.as_deref()).map(|note| format!("Written down before: {}", plain(note))));
    notes.extend(row.note.as_ref().map(|note| format!("Note: {} ({})", plain(note.note.as_deref().unwrap_or_default()), plain(&who_and_when(note)))));
    writeln!(out, "| {state} | {item} | {who} | {when} | {} |", notes.join("<br>"))
}

/// How what is still open in a section is done: where, what to know before, and where more is written.
fn how(checklist: &Checklist, section: usize, menus: &Menus, out: &mut Out) -> io::Result<()> {
    // A repetition is done as its item says.
    let rows = checklist.rows.iter().filter(|row| row.section == section && row.key.is_none() && !row.is_settled());
    for row in rows.filter(|row| row.item.path.is_some() || !row.help.is_empty() || !row.item.links.is_empty()) {
        writeln!(out, "\n{} ({}):\n", plain(row.beginning()), code(row.id()))?;
        if let Some(path) = &row.item.path {
            writeln!(out, "- Where: {}", plain(&menus.path(path)))?;
        }
        row.help.iter().try_for_each(|help| writeln!(out, "- {}", plain(help)))?;
        row.item.links.iter().try_for_each(|link| writeln!(out, "- {}: <{}>", plain(&link.title), link.url))?;
    }
    Ok(())
}

/// Every act in its order, with those that were taken back or withdrawn.
fn history(checklist: &Checklist, out: &mut Out) -> io::Result<()> {
    let of_rows = checklist.rows.iter().flat_map(|row| row.history.iter().map(|mark| (row.id(), mark, "")));
    let strays = checklist.strays.iter().map(|stray| (&*stray.item, &stray.mark, " (no item of this checklist)"));
    let withdrawn = checklist.withdrawn.iter().map(|stray| (&*stray.item, &stray.mark, " (withdrawn later)"));
    let mut acts: Vec<(&str, &Mark, &str)> = of_rows.chain(strays).chain(withdrawn).collect();
    acts.sort_by_key(|(_, mark, _)| mark.at);
    if acts.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n## Everything that was done, in order\n\n| When | Who | Item | What | Note |\n|---|---|---|---|---|")?;
    for (item, mark, remark) in acts {
        let note = mark.note.as_deref().map_or_else(String::new, plain);
        writeln!(out, "| {} | {} | {} | {}{remark} | {note} |", second(mark.at), plain(&mark.by), code(item), mark.act.label())?;
    }
    Ok(())
}

/// A time to the second; what the journal keeps of it besides says only what came first.
pub fn second(at: DateTime<Utc>) -> String {
    rfc3339(at.trunc_subsecs(0))
}

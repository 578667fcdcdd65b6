//! Answers and links as `envdeck explain` writes them: as text, as JSON, as a row of a sheet.

use std::io::Write as _;

use serde_json::{Value, json};

use super::explain::{BEGINNING, beginning};
use super::output::{Failure, Out, Tone};
use crate::domain::answers::{Answer, Lead, Source, Step, Way};
use crate::domain::checklist::Link;
use crate::domain::library::{Entry, Library, Reference};
use crate::domain::request::kinds;
use crate::domain::words::Word as _;

/// What asks the same on the command line, if something does; ENV, A, B and T stand for what the reader puts there.
pub fn command(lead: &Lead) -> Option<String> {
    Some(match lead {
        Lead::Operation(kind) if kinds::row(*kind).has_source => format!("envdeck targets {} --from ENV", kind.word()),
        Lead::Operation(kind) => format!("envdeck check {} ENV{}", kind.word(), kinds::row(*kind).needs),
        Lead::Way(Way::CopyTargets) => "envdeck targets copy --from ENV".to_owned(),
        Lead::Way(Way::RestoreTargets) => "envdeck targets restore --from ENV".to_owned(),
        Lead::Way(Way::Checklist) | Lead::Item { .. } => "envdeck checklist ENV".to_owned(),
        Lead::Way(Way::Loss | Way::Backups) => "envdeck backups ENV".to_owned(),
        Lead::Way(Way::Facts) => "envdeck show ENV".to_owned(),
        Lead::Way(Way::Attention) => "envdeck attention".to_owned(),
        Lead::Way(Way::Tables) => "envdeck tables".to_owned(),
        Lead::Plan(_) => return None,
    })
}

/// The word by which data names it.
fn word(lead: &Lead) -> Value {
    match lead {
        Lead::Operation(kind) => json!(kind.word()),
        Lead::Way(way) => json!(way.word()),
        Lead::Plan(plan) => json!({ "plan": plan }),
        Lead::Item { checklist, item } => json!({ "checklist": checklist, "item": item }),
    }
}

/// Writes an answer.
pub fn answer(answer: &Answer, library: &Library, out: &mut Out) -> Result<(), Failure> {
    out.sentence(0, Tone::Heading, &format!("{}  ", answer.id), answer.kind.label())?;
    out.sentence(2, Tone::Plain, "", &answer.title)?;
    for message in &answer.messages {
        out.sentence(2, Tone::Quiet, "You see: ", message)?;
    }
    if !answer.codes.is_empty() {
        out.sentence(2, Tone::Quiet, "Code: ", &answer.codes.join(", "))?;
    }
    writeln!(out)?;
    out.sentence(2, Tone::Plain, "", &answer.text)?;
    for (number, Step { text, path, copy }) in answer.steps.iter().enumerate() {
        out.sentence(2, Tone::Good, &format!("{}. ", number + 1), text)?;
        for exact in path.iter().chain(copy) {
            writeln!(out, "     {exact}")?;
        }
    }
    if let Some(lead) = &answer.lead {
        out.sentence(2, Tone::Good, "The console: ", &format!("{}.", lead.label()))?;
        if let Some(command) = command(lead) {
            writeln!(out, "  {} {command}", out.paint(Tone::Good, "The command line:"))?;
        }
    }
    for reference in references(answer, library) {
        more(&reference.link, out)?;
    }
    for Source { title, url, date } in &answer.sources {
        out.sentence(2, Tone::Quiet, "Seen in: ", &format!("{title} ({date})"))?;
        writeln!(out, "    {url}")?;
    }
    let find = |ids: &[Box<str>]| ids.iter().filter_map(|id| library.find(id)).collect::<Vec<_>>();
    lines("Asked next:", &find(&answer.see), library, out)?;
    lines("Rules:", &find(&answer.rules), library, out)
}

/// Writes a link.
pub fn link(reference: &Reference, entry: Entry, library: &Library, out: &mut Out) -> Result<(), Failure> {
    out.sentence(0, Tone::Heading, &format!("{}  ", reference.id), &reference.link.title)?;
    writeln!(out, "    {}", reference.link.url)?;
    lines("Named by:", &library.related(entry), library, out)
}

/// Where to read more.
pub fn more(link: &Link, out: &mut Out) -> Result<(), Failure> {
    out.sentence(2, Tone::Quiet, "More: ", &link.title)?;
    writeln!(out, "    {}", link.url)?;
    Ok(())
}

/// Entries under a heading, a line each, as wide as the terminal.
pub fn lines(title: &str, entries: &[Entry], library: &Library, out: &mut Out) -> Result<(), Failure> {
    /// Before each.
    const INDENT: usize = 4;
    if entries.is_empty() {
        return Ok(());
    }
    writeln!(out, "  {}", out.paint(Tone::Quiet, title))?;
    let ids = entries.iter().map(|entry| library.id(*entry).len()).max().unwrap_or(0).max(8) + 2;
    for entry in entries {
        let room = out.screen.width.map_or(BEGINNING, |width| width.saturating_sub(INDENT + ids));
        let id = format!("{:ids$}", library.id(*entry));
        writeln!(out, "{:INDENT$}{}{}", "", out.paint(Tone::Heading, &id), beginning(library.title(*entry), room))?;
    }
    Ok(())
}

fn references<'a>(answer: &'a Answer, library: &'a Library) -> impl Iterator<Item = &'a Reference> {
    answer.links.iter().filter_map(|id| library.link(library.find(id)?))
}

fn steps(answer: &Answer) -> Option<String> {
    let step = |step: &Step| [Some(&step.text), step.path.as_ref(), step.copy.as_ref()].into_iter().flatten().map(|text| &**text).collect::<Vec<_>>().join(" ");
    (!answer.steps.is_empty()).then(|| answer.steps.iter().map(step).collect::<Vec<_>>().join(" "))
}

/// An answer with all keys of a rule, and its own.
pub fn answer_object(answer: &Answer, library: &Library) -> Value {
    let links: Vec<Value> = references(answer, library).map(|reference| json!({ "title": &*reference.link.title, "url": &*reference.link.url })).collect();
    let steps_one_by_one: Vec<Value> = answer.steps.iter().map(|Step { text, path, copy }| json!({ "text": text, "path": path, "copy": copy })).collect();
    let source = |Source { title, url, date }: &Source| json!({ "title": title, "url": url, "date": date });
    let sources: Vec<Value> = answer.sources.iter().map(source).collect();
    json!({
        "id": answer.id,
        "text": answer.text,
        "what_to_do": steps(answer),
        "article": null,
        "links": links,
        "related": answer.see.iter().chain(&answer.rules).collect::<Vec<_>>(),
        "kind": answer.kind.word(),
        "title": answer.title,
        "messages": answer.messages,
        "codes": answer.codes,
        "sources": sources,
        "steps": steps_one_by_one,
        "action": answer.lead.as_ref().map(word),
        "command": answer.lead.as_ref().and_then(command),
    })
}

/// A link with all keys of a rule.
pub fn link_object(reference: &Reference, entry: Entry, library: &Library) -> Value {
    let related: Vec<&str> = library.related(entry).into_iter().map(|entry| library.id(entry)).collect();
    json!({
        "id": reference.id,
        "text": &*reference.link.title,
        "what_to_do": null,
        "article": null,
        "links": [{ "title": &*reference.link.title, "url": &*reference.link.url }],
        "related": related,
        "kind": "link",
    })
}

/// An answer or a link as a row: id, text, what to do, article, date, address, links, related.
pub fn row(entry: Entry, library: &Library) -> Option<[String; 8]> {
    let related = || library.related(entry).into_iter().map(|entry| library.id(entry).to_owned()).collect::<Vec<_>>().join(" ");
    let (text, what_to_do, links) = match (library.answer(entry), library.link(entry)) {
        (Some(answer), _) => {
            let of_sources = answer.sources.iter().map(|source| &*source.url);
            let links: Vec<&str> = references(answer, library).map(|reference| &*reference.link.url).chain(of_sources).collect();
            (format!("{}: {}", answer.title, answer.text), steps(answer).unwrap_or_default(), links.join(" "))
        }
        (None, Some(reference)) => (reference.link.title.to_string(), String::new(), reference.link.url.to_string()),
        (None, None) => return None,
    };
    let none = String::new;
    Some([library.id(entry).to_owned(), text, what_to_do, none(), none(), none(), links, related()])
}

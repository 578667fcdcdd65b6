//! Reads a journal: every entry or none, with every error at its line, column and path.

use std::collections::HashMap;
use std::io::Read;
use std::sync::Arc;

use saphyr_parser::Event;

use super::{KINDS, SCHEMA};
use crate::domain::environment::EnvironmentId;
use crate::domain::fact::{self, Of};
use crate::domain::journal::{Entry, EntryId, ItemAct, Subject, Value, What};
use crate::domain::operation::{Acknowledgement, Operation};
use crate::domain::request::account::Line;
use crate::domain::words::nearest;
use crate::files::problem::Problems;
use crate::files::snapshot::{boxed, instant, shared, word};
use crate::files::yaml::{self, Context, Fields, Node, Reader, Step, Stopped, short};

/// Reads the entries of a journal from `source`, which is called `file` in messages, in the order of the file.
pub fn read(file: &str, source: impl Read + 'static) -> Result<Vec<Entry>, Problems> {
    let mut reader = Reader::new(file, source);
    let mut entries = Entries::default();
    // A stop has reported its problem already; it means that the rest was not read.
    reader.context.problems.unreadable |= document(&mut reader, &mut entries).is_err();
    if reader.context.problems.is_empty() { Ok(entries.list) } else { Err(reader.context.problems.in_order()) }
}

/// The entries so far, and where the id of each stands.
#[derive(Default)]
struct Entries {
    list: Vec<Entry>,
    lines: HashMap<EntryId, usize>,
}

fn document<R: Read + 'static>(reader: &mut Reader<R>, entries: &mut Entries) -> Result<(), Stopped> {
    let root = reader.open()?;
    let mut seen: Vec<String> = Vec::new();
    while let Some((key, place)) = reader.key()? {
        if seen.is_empty() && key != "schema" {
            reader.context.problem_at(Some(place), format!("the first line must be `schema: {SCHEMA}`: this is no journal of envdeck"));
            return Err(Stopped);
        }
        if seen.contains(&key) {
            reader.context.duplicate(&key, place);
        }
        let (event, span) = reader.event()?;
        reader.context.path.push(Step::Key(key.clone()));
        match key.as_str() {
            "entries" if matches!(event, Event::SequenceStart(..)) => items(reader, entries)?,
            "entries" => {
                let node = reader.node(event, span)?;
                reader.context.problem(&node, "a list of entries is expected here; [] is an empty one");
            }
            "schema" => {
                let node = reader.node(event, span)?;
                version(&mut reader.context, node)?;
            }
            _ => {
                reader.node(event, span)?;
                reader.context.path.pop();
                let meant =
                    nearest(&key, ["schema", "entries"]).map_or_else(|| "known are schema, entries".to_owned(), |near| format!("did you mean `{near}`?"));
                reader.context.problem_at(Some(place), format!("there is no key `{}` here; {meant}", short(&key)));
                reader.context.path.push(Step::Key(key.clone()));
            }
        }
        reader.context.path.pop();
        // Only these two are remembered, so a file of a million strange keys costs nothing.
        if matches!(key.as_str(), "schema" | "entries") {
            seen.push(key);
        }
    }
    if !seen.iter().any(|key| key == "entries") {
        reader.context.problem_at(Some(root), "`entries` is missing here; [] is an empty list");
    }
    reader.close()
}

/// Refuses a version that another envdeck wrote: half understood it would lose what is new in it.
fn version(context: &mut Context, node: Node) -> Result<(), Stopped> {
    let place = node.place;
    let version = context.text(node).ok_or(Stopped)?;
    if version == SCHEMA {
        return Ok(());
    }
    let written = if version.starts_with("envdeck-journal/") { "a newer envdeck wrote this journal: use that one" } else { "this is no journal of envdeck" };
    context.problem_at(Some(place), format!("this version of envdeck reads `{SCHEMA}`, not `{}`: {written}", short(&version)));
    Err(Stopped)
}

fn items<R: Read + 'static>(reader: &mut Reader<R>, entries: &mut Entries) -> Result<(), Stopped> {
    reader.each(|reader, event, span| {
        let node = reader.node(event, span)?;
        entries.list.extend(entry(&mut reader.context, node, &mut entries.lines));
        Ok(())
    })
}

fn entry(context: &mut Context, node: Node, lines: &mut HashMap<EntryId, usize>) -> Option<Entry> {
    let mut fields = Fields::of(context, node)?;
    let f = &mut fields;
    let id = f.required(context, "id", |context, node| new_id(context, node, lines));
    let at = f.required(context, "at", instant);
    let by = f.required(context, "by", shared);
    let mut said: Vec<(&'static str, Option<What>)> = Vec::new();
    for kind in KINDS {
        if let Some(node) = f.take(context, kind) {
            said.push((kind, context.within(Step::Field(kind), |context| what(context, node, kind))));
        }
    }
    let place = fields.place();
    match said.as_slice() {
        [_] => {}
        // A key that is misspelt is reported as such; that nothing is left then follows from it.
        [] if fields.has_more() => {}
        [] => context.problem_at(Some(place), format!("what the entry says is missing here: one of {}", KINDS.join(", "))),
        [(one, _), (other, _), ..] => context.problem_at(Some(place), format!("an entry says one thing, and here are `{one}` and `{other}`: make two entries")),
    }
    fields.end(context);
    let what = said.pop()?.1;
    Some(Entry { id: id?, at: at?, by: by?, what: what? })
}

fn new_id(context: &mut Context, node: Node, lines: &mut HashMap<EntryId, usize>) -> Option<EntryId> {
    let place = node.place;
    let id = entry_id(context, node)?;
    if let Some(line) = lines.insert(id.clone(), place.0) {
        context.problem_at(Some(place), format!("the entry id {} stands here a second time, first in line {line}: remove one of the two", short(id.as_str())));
        return None;
    }
    Some(id)
}

fn what(context: &mut Context, node: Node, kind: &str) -> Option<What> {
    let mut fields = Fields::of(context, node)?;
    let f = &mut fields;
    let what = match kind {
        "note" => note(context, f),
        "fact" => fact(context, f),
        "operation" => operation(context, f).map(|operation| What::Operation(Box::new(operation))),
        "checklist-opened" => checklist_opened(context, f),
        "item" => item(context, f),
        "checklist-closed" => {
            let (checklist, reason) = (f.required(context, "checklist", entry_id), f.required(context, "reason", text));
            checklist.zip(reason).map(|(checklist, reason)| What::ChecklistClosed { checklist, reason })
        }
        "plan" => {
            let (kind, inputs) = (f.required(context, "kind", boxed), f.optional(context, "inputs", inputs));
            kind.map(|kind| What::Plan { kind, inputs: inputs.unwrap_or_default() })
        }
        "plan-step" => plan_step(context, f),
        _ => {
            let (entry, reason) = (f.required(context, "entry", entry_id), f.required(context, "reason", text));
            entry.zip(reason).map(|(entry, reason)| What::Withdrawn { entry, reason })
        }
    };
    fields.end(context);
    what
}

fn note(context: &mut Context, f: &mut Fields) -> Option<What> {
    let environment = f.required(context, "environment", environment_id);
    let text = f.required(context, "text", text);
    Some(What::Note { environment: environment?, text: text? })
}

fn fact(context: &mut Context, f: &mut Fields) -> Option<What> {
    let environment = f.optional(context, "environment", environment_id);
    let tenant = f.optional(context, "tenant", boxed);
    let about = match (environment, tenant) {
        (Some(environment), None) => Some(Subject::Environment(environment)),
        (None, Some(tenant)) => Some(Subject::Tenant(tenant)),
        (None, None) => {
            context.problem_at(Some(f.place()), "what the fact is about is missing here: `environment` or `tenant`, with its id");
            None
        }
        (Some(_), Some(_)) => {
            context.problem_at(Some(f.place()), "a fact is about one thing: `environment` or `tenant`, not both");
            None
        }
    };
    let field = f.required(context, "field", |context, node| field(context, node, about.as_ref()));
    let value = f.required(context, "value", |context, node| answer(context, node, about.as_ref(), field.as_deref()));
    Some(What::Fact { about: about?, field: field?, value: value? })
}

/// A field that snapshots have; an answer to a misspelt question would never be found again.
fn field(context: &mut Context, node: Node, about: Option<&Subject>) -> Option<Box<str>> {
    let place = node.place;
    let field = boxed(context, node)?;
    let (of, found) = match about {
        Some(Subject::Environment(_)) => ("an environment", fact::of_environment(&field).map(|_| ())),
        Some(Subject::Tenant(_)) => ("a tenant", fact::of_tenant(&field).map(|_| ())),
        None => return Some(field),
    };
    let Err(near) = found else { return Some(field) };
    let meant = near.map_or_else(|| "the fields are those of the snapshot".to_owned(), |near| format!("did you mean \"{near}\"?"));
    context.problem_at(Some(place), format!("unknown field \"{}\" of {of}, {meant}", short(&field)));
    None
}

/// A value that the field can have; what is no answer would count for nothing and never be noticed.
fn answer(context: &mut Context, node: Node, about: Option<&Subject>, field: Option<&str>) -> Option<Value> {
    let place = node.place;
    let value = value(context, node)?;
    let of = match about {
        Some(Subject::Environment(_)) => Of::Environment,
        Some(Subject::Tenant(_)) => Of::Tenant,
        None => return Some(value),
    };
    if let Err(expected) = field.map_or(Ok(()), |field| fact::check(of, field, &value)) {
        context.problem_at(Some(place), expected);
        return None;
    }
    Some(value)
}

fn operation(context: &mut Context, f: &mut Fields) -> Option<Operation> {
    let kind = f.required(context, "kind", word);
    let source = optional(context, f, "source", environment_id);
    let target = f.required(context, "target", environment_id);
    let inputs = f.optional(context, "inputs", inputs).unwrap_or_default();
    let account = f.optional(context, "account", |context, node| context.list(node, told)).unwrap_or_default();
    let verdict = f.required(context, "verdict", word);
    let acknowledged = f.optional(context, "acknowledged", |context, node| context.list(node, acknowledgement)).unwrap_or_default();
    let ticket = optional(context, f, "ticket", text);
    let approver = optional(context, f, "approver", shared_text);
    let started_at = f.required(context, "started_at", instant);
    let completed_at = optional(context, f, "completed_at", instant);
    let outcome = f.required(context, "outcome", word);
    Some(Operation {
        kind: kind?,
        source,
        target: target?,
        inputs,
        account,
        verdict: verdict?,
        acknowledged,
        ticket,
        approver,
        started_at: started_at?,
        completed_at,
        outcome: outcome?,
    })
}

/// A line of an account.
fn told(context: &mut Context, node: Node) -> Option<Line> {
    let mut fields = Fields::of(context, node)?;
    let f = &mut fields;
    let (topic, text) = (f.required(context, "topic", word), f.required(context, "text", text));
    fields.end(context);
    Some(Line { topic: topic?, text: text? })
}

fn acknowledgement(context: &mut Context, node: Node) -> Option<Acknowledgement> {
    let mut fields = Fields::of(context, node)?;
    let f = &mut fields;
    let code = f.required(context, "code", word);
    let severity = f.required(context, "severity", word);
    let shown = f.required(context, "shown", text);
    let by = f.required(context, "by", shared);
    let at = f.required(context, "at", instant);
    fields.end(context);
    Some(Acknowledgement { code: code?, severity: severity?, shown: shown?, by: by?, at: at? })
}

fn checklist_opened(context: &mut Context, f: &mut Fields) -> Option<What> {
    let environment = f.required(context, "environment", environment_id);
    let checklist = f.required(context, "checklist", boxed);
    let operation = optional(context, f, "operation", entry_id);
    Some(What::ChecklistOpened { environment: environment?, checklist: checklist?, operation })
}

fn item(context: &mut Context, f: &mut Fields) -> Option<What> {
    let checklist = f.required(context, "checklist", entry_id);
    let item = f.required(context, "item", boxed);
    let act = f.required(context, "act", word);
    let note = optional(context, f, "note", text);
    Some(What::Item { checklist: checklist?, item: item?, act: act?, note })
}

/// A step of a plan, as the first version could write it: an item that was done, since a plan is worked as a checklist.
fn plan_step(context: &mut Context, f: &mut Fields) -> Option<What> {
    let plan = f.required(context, "plan", entry_id);
    let step = f.required(context, "step", boxed);
    let operation = optional(context, f, "operation", entry_id).map(|id| format!("by the operation {id}"));
    let note = optional(context, f, "note", text).map(String::from);
    let said: Vec<String> = note.into_iter().chain(operation).collect();
    let note = (!said.is_empty()).then(|| said.join("; ").into_boxed_str());
    Some(What::Item { checklist: plan?, item: step?, act: ItemAct::Done, note })
}

/// A value that there may not be: left out and `none` mean the same here.
fn optional<T>(context: &mut Context, f: &mut Fields, key: &'static str, read: impl FnOnce(&mut Context, Node) -> Option<T>) -> Option<T> {
    f.optional(context, key, |context, node| if node.is_none() { None } else { read(context, node) })
}

fn entry_id(context: &mut Context, node: Node) -> Option<EntryId> {
    context.name(node).map(|id| EntryId::new(&id))
}

fn environment_id(context: &mut Context, node: Node) -> Option<EnvironmentId> {
    context.name(node).map(|id| EnvironmentId::new(&id))
}

fn text(context: &mut Context, node: Node) -> Option<Box<str>> {
    context.text(node).map(String::into_boxed_str)
}

fn shared_text(context: &mut Context, node: Node) -> Option<Arc<str>> {
    let text = context.text(node)?;
    Some(context.shared(&text))
}

/// Choices by name, in the order in which they were made.
fn inputs(context: &mut Context, node: Node) -> Option<Vec<(Box<str>, Value)>> {
    let yaml::Value::Map(entries) = node.value else {
        context.problem(&node, "a map is expected here, such as { level: everything }");
        return None;
    };
    let named = entries.into_iter().filter_map(yaml::Entry::into_parts);
    Some(named.filter_map(|(name, node)| context.within(Step::Key(name.clone()), |context| Some((name.into_boxed_str(), value(context, node)?)))).collect())
}

/// `none`, `true`, `false`, a text, or a list of texts. In quotes all of them are texts.
fn value(context: &mut Context, node: Node) -> Option<Value> {
    match &node.value {
        yaml::Value::Text(text, true) if text == "none" => Some(Value::Nothing),
        yaml::Value::Text(text, true) if text == "true" => Some(Value::Flag(true)),
        yaml::Value::Text(text, true) if text == "false" => Some(Value::Flag(false)),
        yaml::Value::Text(..) => text(context, node).map(Value::Text),
        yaml::Value::List(_) => context.list(node, text).map(Value::List),
        yaml::Value::Map(_) => {
            context.problem(&node, "expected none, true, false, a text or a list of texts, found a map");
            None
        }
    }
}

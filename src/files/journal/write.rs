//! Writes a journal: the same entries make the same bytes, one value to a line, so that a person can review a diff.

use super::SCHEMA;
use crate::domain::journal::{Entry, Journal, Subject, Value, What};
use crate::domain::operation::{Acknowledgement, Operation};
use crate::domain::request::account::Line;
use crate::domain::time::rfc3339;
use crate::domain::words::Word;
use crate::files::lines::{Lines, scalar};

/// The text of a journal.
pub fn write(journal: &Journal) -> String {
    let mut lines = Lines::of(SCHEMA);
    lines.key("entries");
    lines.text.push_str(if journal.entries().is_empty() { " []\n" } else { "\n" });
    for (index, entry) in journal.entries().iter().enumerate() {
        if index > 0 {
            lines.text.push('\n');
        }
        write_entry(&mut lines, entry);
    }
    lines.text
}

/// Everything that each entry says, by the keys of the file, in the order of the journal: for those who read JSON.
pub fn values(journal: &Journal) -> Vec<serde_json::Value> {
    let written: Option<serde_json::Value> = serde_yaml::from_str(&write(journal)).ok();
    match written.and_then(|mut written| written.get_mut("entries").map(serde_json::Value::take)) {
        Some(serde_json::Value::Array(entries)) => entries,
        Some(_) | None => Vec::new(),
    }
}

impl Lines {
    fn value(&mut self, key: &str, value: &Value) {
        match value {
            Value::Nothing => self.word(key, "none"),
            Value::Flag(true) => self.word(key, "true"),
            Value::Flag(false) => self.word(key, "false"),
            Value::Text(text) => self.scalar(key, text),
            Value::List(items) => self.values(key, items.iter().map(|item| scalar(item))),
        }
    }

    fn inputs(&mut self, inputs: &[(Box<str>, Value)]) {
        if !inputs.is_empty() {
            self.map("inputs", |lines| inputs.iter().for_each(|(name, value)| lines.value(&scalar(name), value)));
        }
    }
}

fn write_entry(lines: &mut Lines, entry: &Entry) {
    lines.item(|lines| {
        lines.scalar("id", entry.id.as_str());
        lines.word("at", &rfc3339(entry.at));
        lines.scalar("by", &entry.by);
        write_what(lines, &entry.what);
    });
}

fn write_what(lines: &mut Lines, what: &What) {
    match what {
        What::Note { environment, text } => lines.map("note", |lines| {
            lines.scalar("environment", environment.as_str());
            lines.scalar("text", text);
        }),
        What::Fact { about, field, value } => lines.map("fact", |lines| {
            match about {
                Subject::Environment(id) => lines.scalar("environment", id.as_str()),
                Subject::Tenant(id) => lines.scalar("tenant", id),
            }
            lines.scalar("field", field);
            lines.value("value", value);
        }),
        What::Operation(operation) => lines.map("operation", |lines| write_operation(lines, operation)),
        What::ChecklistOpened { environment, checklist, operation } => lines.map("checklist-opened", |lines| {
            lines.scalar("environment", environment.as_str());
            lines.scalar("checklist", checklist);
            lines.optional("operation", operation.as_ref().map(|id| id.as_str()));
        }),
        What::Item { checklist, item, act, note } => lines.map("item", |lines| {
            lines.scalar("checklist", checklist.as_str());
            lines.scalar("item", item);
            lines.word("act", act.word());
            lines.optional("note", note.as_deref());
        }),
        What::ChecklistClosed { checklist, reason } => lines.map("checklist-closed", |lines| {
            lines.scalar("checklist", checklist.as_str());
            lines.scalar("reason", reason);
        }),
        What::Plan { kind, inputs } => lines.map("plan", |lines| {
            lines.scalar("kind", kind);
            lines.inputs(inputs);
        }),
        What::Withdrawn { entry, reason } => lines.map("withdrawn", |lines| {
            lines.scalar("entry", entry.as_str());
            lines.scalar("reason", reason);
        }),
    }
}

fn write_operation(lines: &mut Lines, operation: &Operation) {
    let Operation { kind, source, target, inputs, account, verdict, acknowledged, ticket, approver, started_at, completed_at, outcome } = operation;
    lines.word("kind", kind.word());
    lines.optional("source", source.as_ref().map(|id| id.as_str()));
    lines.scalar("target", target.as_str());
    lines.inputs(inputs);
    if !account.is_empty() {
        lines.key("account");
        lines.text.push('\n');
        for Line { topic, text } in account {
            lines.item(|lines| {
                lines.word("topic", topic.word());
                lines.scalar("text", text);
            });
        }
    }
    lines.word("verdict", verdict.word());
    if !acknowledged.is_empty() {
        lines.key("acknowledged");
        lines.text.push('\n');
        for Acknowledgement { code, severity, shown, by, at } in acknowledged {
            lines.item(|lines| {
                lines.word("code", code.word());
                lines.word("severity", severity.word());
                lines.scalar("shown", shown);
                lines.scalar("by", by);
                lines.word("at", &rfc3339(*at));
            });
        }
    }
    lines.optional("ticket", ticket.as_deref());
    lines.optional("approver", approver.as_deref());
    lines.word("started_at", &rfc3339(*started_at));
    if let Some(at) = completed_at {
        lines.word("completed_at", &rfc3339(*at));
    }
    lines.word("outcome", outcome.word());
}

//! The mark from which the id of an entry follows: taken of a text that is fixed here, whatever Rust calls its types.
//!
//! Two consoles that make the same entry give it the same id, also when one of them is older. The text is that of the
//! first version, so none of its names and blanks may ever change; a new kind of entry adds its own. Ids that stand
//! in files are read as they are.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};

use crate::domain::environment::EnvironmentId;
use crate::domain::journal::{EntryId, Subject, Value, What};
use crate::domain::operation::{Acknowledgement, Operation};
use crate::domain::words::Word;

/// The mark of what `by` says: 64 bits, the same between versions and machines.
pub fn mark(by: &str, what: &What) -> u64 {
    fnv(format!("{by}\u{0}{}", text(what)).as_bytes())
}

/// The 64-bit FNV-1a mark of some bytes.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |mark, byte| (mark ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// What is said, as it is marked.
fn text(what: &What) -> String {
    match what {
        What::Note { environment, text } => {
            format!("Note {{ environment: {}, text: {} }}", id(environment), quoted(text))
        }
        What::Fact { about, field, value } => {
            let about = match about {
                Subject::Environment(environment) => format!("Environment({})", id(environment)),
                Subject::Tenant(tenant) => format!("Tenant({})", quoted(tenant)),
            };
            format!("Fact {{ about: {about}, field: {}, value: {} }}", quoted(field), of_value(value))
        }
        What::Operation(operation) => format!("Operation({})", of_operation(operation)),
        What::ChecklistOpened { environment, checklist, operation } => format!(
            "ChecklistOpened {{ environment: {}, checklist: {}, operation: {} }}",
            id(environment),
            quoted(checklist),
            optional(operation.as_ref(), entry)
        ),
        What::Item { checklist, item, act, note } => format!(
            "Item {{ checklist: {}, item: {}, act: {}, note: {} }}",
            entry(checklist),
            quoted(item),
            name(act.word()),
            optional(note.as_deref(), quoted)
        ),
        What::ChecklistClosed { checklist, reason } => {
            format!("ChecklistClosed {{ checklist: {}, reason: {} }}", entry(checklist), quoted(reason))
        }
        What::Plan { kind, inputs } => format!("Plan {{ kind: {}, inputs: {} }}", quoted(kind), of_inputs(inputs)),
        What::Withdrawn { entry: withdrawn, reason } => {
            format!("Withdrawn {{ entry: {}, reason: {} }}", entry(withdrawn), quoted(reason))
        }
    }
}

fn of_operation(operation: &Operation) -> String {
    // What was told is no part of what an entry is: equal operations have equal ids, whatever is said of them.
    let Operation { kind, source, target, inputs, account: _, verdict, acknowledged, ticket, approver, started_at, completed_at, outcome } = operation;
    let acknowledged: Vec<String> = acknowledged.iter().map(of_acknowledgement).collect();
    format!(
        "Operation {{ kind: {}, source: {}, target: {}, inputs: {}, verdict: {}, acknowledged: [{}], \
         ticket: {}, approver: {}, started_at: {}, completed_at: {}, outcome: {} }}",
        name(kind.word()),
        optional(source.as_ref(), id),
        id(target),
        of_inputs(inputs),
        name(verdict.word()),
        acknowledged.join(", "),
        optional(ticket.as_deref(), quoted),
        optional(approver.as_deref(), quoted),
        instant(started_at),
        optional(completed_at.as_ref(), instant),
        name(outcome.word())
    )
}

fn of_acknowledgement(given: &Acknowledgement) -> String {
    let Acknowledgement { code, severity, shown, by, at } = given;
    let (shown, by) = (quoted(shown), quoted(by));
    let (code, severity) = (name(code.word()), name(severity.word()));
    format!("Acknowledgement {{ code: {code}, severity: {severity}, shown: {shown}, by: {by}, at: {} }}", instant(at))
}

fn of_inputs(inputs: &[(Box<str>, Value)]) -> String {
    let inputs: Vec<String> = inputs.iter().map(|(name, value)| format!("({}, {})", quoted(name), of_value(value))).collect();
    format!("[{}]", inputs.join(", "))
}

fn of_value(value: &Value) -> String {
    match value {
        Value::Nothing => "Nothing".to_owned(),
        Value::Flag(flag) => format!("Flag({flag})"),
        Value::Text(text) => format!("Text({})", quoted(text)),
        Value::List(items) => {
            format!("List([{}])", items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(", "))
        }
    }
}

fn id(environment: &EnvironmentId) -> String {
    format!("EnvironmentId({})", quoted(environment.as_str()))
}

fn entry(id: &EntryId) -> String {
    format!("EntryId({})", quoted(id.as_str()))
}

fn optional<T: ?Sized>(value: Option<&T>, text: impl Fn(&T) -> String) -> String {
    value.map_or_else(|| "None".to_owned(), |value| format!("Some({})", text(value)))
}

/// An instant in UTC, with as many decimals as it needs.
fn instant(at: &DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string()
}

/// The name of a word of the journal file: `delete-backup` is `DeleteBackup`.
fn name(word: &str) -> String {
    if word == "delete-fno" {
        return "DeleteFinanceOperations".to_owned();
    }
    let capital = |part: &str| {
        let mut letters = part.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    word.split('-').map(capital).collect()
}

/// A text in quotes. Letters that are not seen by themselves stand as their numbers, as they did in the first version;
/// which those are is fixed here, because Unicode goes on.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\t' => quoted.push_str("\\t"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            // Blanks that are no blank, letters without width, and accents that join the letter before them.
            '\u{a0}'
            | '\u{ad}'
            | '\u{300}'..='\u{36f}'
            | '\u{1680}'
            | '\u{2000}'..='\u{200f}'
            | '\u{2028}'..='\u{202f}'
            | '\u{205f}'..='\u{206f}'
            | '\u{20d0}'..='\u{20f0}'
            | '\u{3000}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' => _ = write!(quoted, "\\u{{{:x}}}", u32::from(letter)),
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

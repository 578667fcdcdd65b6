//! Facts as JSON: their value, `null` for none, and the text "unknown" where nobody looked.

use std::io::{self, Write};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::output::Out;
use crate::domain::environment::{Environment, Unread};
use crate::domain::known::Known;
use crate::domain::time::rfc3339;
use crate::domain::words::Word;

/// What an unknown fact is in JSON, CSV and tables.
pub const UNKNOWN: &str = "unknown";

/// A fact; one that can be absent is `null` when it is.
pub fn fact<T: Into<Value>>(fact: Known<T>) -> Value {
    match fact {
        Known::Unknown => Value::from(UNKNOWN),
        Known::Is(value) => value.into(),
    }
}

/// A fact that is a word of a vocabulary.
pub fn word<W: Word>(known: Known<W>) -> Value {
    fact(known.map(Word::word))
}

/// A fact that is an instant, or that there was none.
pub fn instant(known: Known<Option<DateTime<Utc>>>) -> Value {
    fact(known.map(|instant| instant.map(rfc3339)))
}

/// An environment where it is only named.
pub fn named(environment: &Environment) -> Value {
    json!({ "id": environment.id.as_str(), "name": &*environment.name })
}

/// Adds the words that this version does not know, where there are any.
pub fn add_unread(object: &mut Value, unread: &[Unread]) {
    let Value::Object(object) = object else { return };
    let mut words = Map::new();
    for Unread { field, word, .. } in unread {
        let together = match words.get(*field) {
            Some(Value::String(before)) => format!("{before}, {word}"),
            _ => word.to_string(),
        };
        words.insert((*field).to_owned(), Value::from(together));
    }
    if !words.is_empty() {
        object.insert("unread".to_owned(), Value::Object(words));
    }
}

/// Writes one value, indented, with a line end.
pub fn write(out: &mut Out, value: &Value) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}

/// Writes a list, one item a line, each as it comes.
pub fn write_list(out: &mut Out, items: impl Iterator<Item = Value>) -> io::Result<()> {
    let mut before = "[\n";
    for item in items {
        if out.nobody_reads() {
            return Ok(());
        }
        write!(out, "{before}")?;
        serde_json::to_writer(&mut *out, &item)?;
        before = ",\n";
    }
    write!(out, "{}", if before == ",\n" { "\n]" } else { "[]" })
}

//! The items of JSON exports one after the other: a list in `value`, a bare list, a single object, pages, envelopes, prose before them.
//!
//! No more than one item is in memory beside the text, also in pages and envelopes, so a list of 10,000 environments needs the memory of one.
//! Here text from outside enters: every text and every key of an item is harmless before anybody looks at it.

use serde::Deserialize as _;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

use crate::domain::text::harmless;

/// Takes what is found.
pub trait Sink {
    /// An item of a list, or an object that stands alone, at this path.
    fn item(&mut self, path: &str, item: &Value);
    /// The end of a document: what stood beside its list (or of each page and envelope around it), and whether there was a list.
    fn end(&mut self, around: &Map<String, Value>, has_list: bool);
    /// Text between documents, line by line.
    fn prose(&mut self, line: &str);
}

/// Where a text stops being JSON, and why.
#[derive(Debug, PartialEq, Eq)]
pub struct Broken {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

/// Hands everything in `text` to `sink`; says how many documents there were.
pub fn documents(text: &str, sink: &mut impl Sink) -> Result<usize, Broken> {
    let (mut rest, mut line, mut found) = (text, 0, 0);
    while !rest.is_empty() {
        let trimmed = rest.trim_start_matches([' ', '\t', '\u{feff}']);
        if !trimmed.starts_with(['{', '[']) {
            let (prose, behind) = rest.split_once('\n').unwrap_or((rest, ""));
            sink.prose(prose.trim());
            (rest, line) = (behind, line + 1);
            continue;
        }
        let (document, behind) = trimmed.split_at(length(trimmed));
        let mut around = Map::new();
        let mut deserializer = serde_json::Deserializer::from_str(document);
        let has_list = Document { sink, path: String::new(), around: &mut around }
            .deserialize(&mut deserializer)
            .and_then(|has_list| deserializer.end().map(|()| has_list))
            .map_err(|error| broken(&error, line))?;
        sink.end(&around, has_list);
        line += document.bytes().filter(|byte| *byte == b'\n').count();
        (rest, found) = (behind, found + 1);
    }
    Ok(found)
}

fn broken(error: &serde_json::Error, before: usize) -> Broken {
    let said = error.to_string();
    // The place is told beside it.
    let said = harmless(said.split(" at line ").next().unwrap_or(&said));
    let message = if error.is_eof() {
        "the file ends in the middle of a value: it was cut off, so export it again".to_owned()
    } else {
        format!("this is no JSON that can be read ({said}): export it again")
    };
    Broken { line: before + error.line(), column: error.column(), message }
}

/// How long the document is that the text begins with; all of it where it does not end.
fn length(text: &str) -> usize {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// The keys behind which the list of a document stands, or another document.
const LISTS: [&str; 2] = ["value", "collection"];
const INSIDE: &str = "payload";
/// What a page names where there is another one behind it.
const NEXT: [&str; 3] = ["nextLink", "@odata.nextLink", "continuationToken"];

/// Whether a document says that there is another page of it.
pub fn has_next(around: &Map<String, Value>) -> bool {
    NEXT.iter().any(|key| around.get(*key).and_then(Value::as_str).is_some_and(|next| !next.is_empty()))
}

/// A value of which every text and every key is harmless, and without blanks around it.
fn tamed(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(harmless(text.trim()).into_owned()),
        Value::Array(items) => Value::Array(items.into_iter().map(tamed).collect()),
        Value::Object(object) => Value::Object(object.into_iter().map(|(key, value)| (harmless(&key).into_owned(), tamed(value))).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
}

struct Document<'s, S> {
    sink: &'s mut S,
    path: String,
    around: &'s mut Map<String, Value>,
}

impl<S> Document<'_, S> {
    fn path_to(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

impl<'de, S: Sink> DeserializeSeed<'de> for Document<'_, S> {
    type Value = bool;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, S: Sink> Visitor<'de> for Document<'_, S> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or an object")
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<bool, A::Error> {
        let mut index = 0;
        loop {
            // Of pages, the last one says whether there is another one.
            NEXT.iter().for_each(|key| drop(self.around.remove(*key)));
            let item = Document { sink: &mut *self.sink, path: format!("{}[{index}]", self.path), around: &mut *self.around };
            if items.next_element_seed(item)?.is_none() {
                return Ok(true);
            }
            index += 1;
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<bool, A::Error> {
        let (mut own, mut has_list, mut is_envelope) = (Map::new(), false, false);
        while let Some(key) = entries.next_key::<String>()? {
            let path = self.path_to(&key);
            let document = Document { sink: &mut *self.sink, path, around: &mut *self.around };
            if key == INSIDE {
                is_envelope = true;
                has_list |= entries.next_value_seed(document)?;
            } else if LISTS.contains(&key.as_str()) {
                match entries.next_value_seed(OnlyList(document))? {
                    None => has_list = true,
                    Some(value) => drop(own.insert(key, tamed(value))),
                }
            } else {
                own.insert(harmless(&key).into_owned(), tamed(entries.next_value::<Value>()?));
            }
        }
        if has_list || is_envelope {
            self.around.extend(own);
        } else {
            self.sink.item(&self.path, &Value::Object(own));
        }
        Ok(has_list)
    }

    fn visit_bool<E>(self, value: bool) -> Result<bool, E> {
        self.scalar(value)
    }

    fn visit_i64<E>(self, value: i64) -> Result<bool, E> {
        self.scalar(value)
    }

    fn visit_u64<E>(self, value: u64) -> Result<bool, E> {
        self.scalar(value)
    }

    fn visit_f64<E>(self, value: f64) -> Result<bool, E> {
        self.scalar(value)
    }

    fn visit_str<E>(self, value: &str) -> Result<bool, E> {
        self.scalar(value)
    }
}

impl<S: Sink> Document<'_, S> {
    /// Something that is neither a list nor an object is an item too, if a strange one.
    fn scalar<E>(self, value: impl Into<Value>) -> Result<bool, E> {
        self.sink.item(&self.path, &tamed(value.into()));
        Ok(false)
    }
}

/// The list behind a key, whose items are handed on; another value is the result.
struct OnlyList<'s, S>(Document<'s, S>);

impl<'de, S: Sink> DeserializeSeed<'de> for OnlyList<'_, S> {
    type Value = Option<Value>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Value>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, S: Sink> Visitor<'de> for OnlyList<'_, S> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Option<Value>, A::Error> {
        self.0.visit_seq(items).map(|_| None)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Option<Value>, A::Error> {
        Value::deserialize(MapAccessDeserializer::new(entries)).map(Some)
    }

    fn visit_unit<E>(self) -> Result<Option<Value>, E> {
        Ok(Some(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Option<Value>, E> {
        Ok(Some(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Option<Value>, E> {
        Ok(Some(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Option<Value>, E> {
        Ok(Some(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Option<Value>, E> {
        Ok(Some(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Option<Value>, E> {
        Ok(Some(value.into()))
    }
}

//! A value of an export, with the path at which it stands: read as what it should be, or reported as what it is.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Datelike, Utc};
use serde_json::Value;

use crate::domain::environment::Unread;
use crate::domain::known::Known;
use crate::domain::time;
use crate::files::text::harmless;

/// Something that was found in a file and could not be taken as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The file; empty where several are concerned.
    pub file: Arc<str>,
    /// The path in it, such as `value[3].properties.environmentSku`.
    pub path: String,
    /// What is so, and what became of it.
    pub message: String,
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in [&*self.file, &self.path].into_iter().filter(|part| !part.is_empty()) {
            write!(f, "{part}: ")?;
        }
        f.write_str(&self.message)
    }
}

/// The remarks about one file after the other.
#[derive(Debug, Default)]
pub struct Remarks {
    /// The file that is read now.
    pub file: Arc<str>,
    /// All of them.
    pub list: Vec<Remark>,
}

impl Remarks {
    /// Adds one about the file that is read now.
    pub fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.list.push(Remark { file: Arc::clone(&self.file), path: path.into(), message: message.into() });
    }
}

/// The path to a value, built only where somebody asks.
#[derive(Clone, Copy)]
enum Path<'a> {
    Top(&'a str),
    Key(&'a Path<'a>, &'a str),
    Item(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Top(path) => f.write_str(path),
            Self::Key(Path::Top(""), key) => f.write_str(&harmless(key)),
            Self::Key(up, key) => write!(f, "{up}.{}", harmless(key)),
            Self::Item(up, index) => write!(f, "{up}[{index}]"),
        }
    }
}

/// A value that may be there.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// The value; none where it was left out. A null is one that is there.
    pub value: Option<&'a Value>,
    path: Path<'a>,
}

impl<'a> Look<'a> {
    /// The value of an item at `path`.
    pub const fn at(path: &'a str, value: &'a Value) -> Self {
        Self { value: Some(value), path: Path::Top(path) }
    }

    /// The value behind a key, if this is an object that has it.
    pub fn get<'b>(&'b self, key: &'b str) -> Look<'b>
    where
        'a: 'b,
    {
        Look { value: self.value.and_then(|value| value.get(key)), path: Path::Key(&self.path, key) }
    }

    /// The first of these keys that says something.
    pub fn first<'b>(&'b self, keys: &[&'b str]) -> Look<'b>
    where
        'a: 'b,
    {
        let last = keys.last().copied().unwrap_or_default();
        keys.iter().map(|key| self.get(key)).find(Look::says_something).unwrap_or_else(|| self.get(last))
    }

    /// Whether it was left out, or is null.
    pub const fn is_absent(&self) -> bool {
        matches!(self.value, None | Some(Value::Null))
    }

    /// Whether it is there and neither null nor blank.
    pub fn says_something(&self) -> bool {
        match self.value {
            None | Some(Value::Null) => false,
            Some(Value::String(text)) => !text.trim().is_empty(),
            Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => true,
        }
    }

    /// The path, for messages.
    pub fn path(&self) -> String {
        self.path.to_string()
    }

    /// Reports the value: `message` says what is wrong with it.
    pub fn remark(&self, remarks: &mut Remarks, message: impl fmt::Display) {
        let shown = self.value.map_or_else(String::new, |value| format!("{}: ", short(value)));
        remarks.add(self.path(), format!("{shown}{message}"));
    }

    /// The items of a list, each with its place; something else is reported and is none.
    pub fn items<'b>(&'b self, remarks: &mut Remarks) -> Option<Vec<Look<'b>>>
    where
        'a: 'b,
    {
        match self.value {
            None | Some(Value::Null) => None,
            Some(Value::Array(items)) => {
                Some(items.iter().enumerate().map(|(index, item)| Look { value: Some(item), path: Path::Item(&self.path, index) }).collect())
            }
            // PowerShell writes a list of one as the one.
            Some(Value::Object(_)) => Some(vec![*self]),
            Some(_) => {
                self.remark(remarks, "a list is expected here; what it says stays unknown");
                None
            }
        }
    }

    /// Whether it is an object; something else that says something is reported.
    pub fn is_object(&self, remarks: &mut Remarks) -> bool {
        match self.value {
            Some(Value::Object(_)) => true,
            _ if !self.says_something() => false,
            _ => {
                self.remark(remarks, "an object is expected here; what it says stays unknown");
                false
            }
        }
    }

    /// A text that says something, made harmless.
    pub fn text(&self, remarks: &mut Remarks) -> Option<String> {
        match self.value {
            Some(Value::String(text)) if !text.trim().is_empty() => Some(harmless(text.trim()).into_owned()),
            Some(Value::Number(number)) => Some(number.to_string()),
            None | Some(Value::Null | Value::String(_)) => None,
            Some(Value::Bool(_) | Value::Array(_) | Value::Object(_)) => {
                self.remark(remarks, "a text is expected here; it stays unknown");
                None
            }
        }
    }

    /// The same as a fact.
    pub fn known<T: for<'t> From<&'t str>>(&self, remarks: &mut Remarks) -> Known<T> {
        known(self.text(remarks).map(|text| T::from(&text)))
    }

    /// `true` or `false`, also in quotes, as some tools write them.
    pub fn flag(&self, remarks: &mut Remarks) -> Known<bool> {
        match self.value {
            Some(Value::Bool(flag)) => return Known::Is(*flag),
            Some(Value::String(text)) if text.trim().eq_ignore_ascii_case("true") => return Known::Is(true),
            Some(Value::String(text)) if text.trim().eq_ignore_ascii_case("false") => return Known::Is(false),
            _ if !self.says_something() => {}
            _ => self.remark(remarks, "true or false is expected here; it stays unknown"),
        }
        Known::Unknown
    }

    /// An instant; the one that stands for "never" in .NET says nothing.
    pub fn instant(&self, remarks: &mut Remarks) -> Known<DateTime<Utc>> {
        let Some(text) = self.text(remarks) else { return Known::Unknown };
        match instant(&text) {
            Some(at) if at.year() > 1 => Known::Is(at),
            Some(_) => Known::Unknown,
            None => {
                self.remark(remarks, "an instant such as 2026-01-05T09:00:00Z is expected here; it stays unknown");
                Known::Unknown
            }
        }
    }

    /// A number, also in quotes, with its decimals as they stand there.
    pub fn number(&self, remarks: &mut Remarks) -> Option<f64> {
        let number = match self.value {
            Some(Value::Number(number)) => number.as_f64(),
            Some(Value::String(text)) => text.trim().parse().ok(),
            _ => None,
        };
        let number = number.filter(|number| number.is_finite());
        if number.is_none() && self.says_something() {
            self.remark(remarks, "a number is expected here; it stays unknown");
        }
        number
    }

    /// What a word of the table means; another one is kept as it is, and judged as unknown.
    pub fn word<W: Copy>(&self, table: &[(&str, W)], field: &'static str, unread: &mut Vec<Unread>, remarks: &mut Remarks) -> Known<W> {
        let Some(text) = self.text(remarks) else { return Known::Unknown };
        match table.iter().find(|(word, _)| word.eq_ignore_ascii_case(&text)) {
            Some((_, meaning)) => Known::Is(*meaning),
            None => {
                self.remark(remarks, format_args!("envdeck does not know this word; `{field}` keeps it and is judged as unknown"));
                unread.push(Unread { field, word: text.into(), at: Box::default() });
                Known::Unknown
            }
        }
    }
}

/// What was found, if anything was.
pub fn known<T>(value: Option<T>) -> Known<T> {
    value.map_or(Known::Unknown, Known::Is)
}

/// An instant as the APIs write it, or as Windows PowerShell writes dates: `/Date(1677797471488)/`.
pub fn instant(text: &str) -> Option<DateTime<Utc>> {
    let millis = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/"));
    match millis {
        // An offset behind the milliseconds only says in which zone they were counted.
        Some(millis) => DateTime::from_timestamp_millis(millis.split_once(['+']).map_or(millis, |(millis, _)| millis).parse().ok()?),
        None => time::parse(text),
    }
}

/// The value as it stands in the file, cut where it is long.
fn short(value: &Value) -> String {
    const LONGEST: usize = 80;
    let text = value.to_string();
    let text = harmless(&text);
    if text.chars().count() <= LONGEST { text.into_owned() } else { text.chars().take(LONGEST).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_odd_is_read_and_what_cannot_be_read_is_reported() {
        let value = json!({ "a": "True", "b": "maybe", "c": 1, "d": "2023-02-15T08:02:36.1799125Z", "e": "/Date(1677797471488)/", "f": "15.02.2023",
            "g": "0001-01-01T00:00:00", "h": "0001-01-01T00:00:00Z", "i": "1.5", "j": [], "k": " \u{1b}[2J " });
        let look = Look::at("value[3]", &value);
        let mut remarks = Remarks { file: "list.json".into(), list: Vec::new() };
        let r = &mut remarks;
        assert_eq!((look.get("a").flag(r), look.get("z").flag(r)), (Known::Is(true), Known::Unknown));
        assert_eq!((look.get("b").flag(r), look.get("c").flag(r)), (Known::Unknown, Known::Unknown));
        assert_eq!(look.get("d").instant(r).map(time::rfc3339), Known::Is("2023-02-15T08:02:36.179912500Z".to_owned()));
        assert_eq!(look.get("e").instant(r).map(time::rfc3339), Known::Is("2023-03-02T22:51:11.488Z".to_owned()));
        assert_eq!((look.get("f").instant(r), look.get("g").instant(r), look.get("h").instant(r)), (Known::Unknown, Known::Unknown, Known::Unknown));
        assert_eq!((look.get("i").number(r), look.get("j").text(r), look.get("k").text(r)), (Some(1.5), None, Some("␛[2J".to_owned())));
        let said: Vec<_> = remarks.list.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "list.json: value[3].b: \"maybe\": true or false is expected here; it stays unknown",
                "list.json: value[3].c: 1: true or false is expected here; it stays unknown",
                "list.json: value[3].f: \"15.02.2023\": an instant such as 2026-01-05T09:00:00Z is expected here; it stays unknown",
                "list.json: value[3].g: \"0001-01-01T00:00:00\": an instant such as 2026-01-05T09:00:00Z is expected here; it stays unknown",
                "list.json: value[3].j: []: a text is expected here; it stays unknown",
            ]
        );
    }
}

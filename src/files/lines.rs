//! YAML as this program writes it: the same facts make the same bytes, one value to a line, so that a person can review a diff.

use std::borrow::Cow;

/// Lines of `key: value` at a depth; the first of an item begins with its dash.
pub(super) struct Lines {
    /// What is written so far.
    pub text: String,
    depth: usize,
    first: bool,
}

impl Lines {
    /// Begins a file by its first line, which names the format.
    pub fn of(schema: &str) -> Self {
        Self { text: format!("schema: {schema}\n"), depth: 0, first: false }
    }

    /// Begins a line by its key.
    pub fn key(&mut self, key: &str) {
        let blanks = if self.first { self.depth.saturating_sub(1) } else { self.depth };
        self.indent(blanks);
        self.text.push_str(if std::mem::take(&mut self.first) { "- " } else { "" });
        self.text.push_str(key);
        self.text.push(':');
    }

    fn indent(&mut self, blanks: usize) {
        (0..blanks).for_each(|_| self.text.push_str("  "));
    }

    /// A value that needs no quotes: a word of a vocabulary, an instant.
    pub fn word(&mut self, key: &str, word: &str) {
        self.key(key);
        self.text.push(' ');
        self.text.push_str(word);
        self.text.push('\n');
    }

    /// A text.
    pub fn scalar(&mut self, key: &str, text: &str) {
        self.word(key, &scalar(text));
    }

    /// A text, if there is one.
    pub fn optional(&mut self, key: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.scalar(key, text);
        }
    }

    /// A map of lines of its own.
    pub fn map(&mut self, key: &str, inside: impl FnOnce(&mut Self)) {
        self.key(key);
        self.text.push('\n');
        self.depth += 1;
        inside(self);
        self.depth -= 1;
    }

    /// An item of a list, which is a map of lines of its own; its key stands before the first.
    pub fn item(&mut self, inside: impl FnOnce(&mut Self)) {
        self.depth += 2;
        self.first = true;
        inside(self);
        self.depth -= 2;
    }

    /// A list whose items are written by `item`, or `[]`.
    pub fn list<T>(&mut self, key: &str, items: &[T], mut item: impl FnMut(&mut Self, &T)) {
        self.key(key);
        self.text.push_str(if items.is_empty() { " []\n" } else { "\n" });
        items.iter().for_each(|one| item(self, one));
    }

    /// A list of plain values, one to a line; none of them needs quotes any more.
    pub fn values<'a>(&mut self, key: &str, values: impl ExactSizeIterator<Item = Cow<'a, str>>) {
        self.key(key);
        self.text.push_str(if values.len() == 0 { " []\n" } else { "\n" });
        for value in values {
            self.indent(self.depth + 1);
            self.text.push_str("- ");
            self.text.push_str(&value);
            self.text.push('\n');
        }
    }

    /// An item of a list that is a small map in one line.
    pub fn row(&mut self, row: Row) {
        self.indent(self.depth + 1);
        self.text.push_str("- ");
        self.text.push_str(&row.finish());
        self.text.push('\n');
    }
}

/// A small map in one line: `{ size_gb: 212, audit_gb: 40 }`.
#[derive(Default)]
pub(super) struct Row(String);

impl Row {
    /// A value that needs no quotes.
    #[must_use]
    pub fn word(mut self, key: &str, word: &str) -> Self {
        self.0.push_str(if self.0.is_empty() { " " } else { ", " });
        self.0.push_str(key);
        self.0.push_str(": ");
        self.0.push_str(word);
        self
    }

    /// A text.
    #[must_use]
    pub fn scalar(self, key: &str, text: &str) -> Self {
        // Inside braces these would end the value.
        let ends = text.contains([',', '[', ']', '{', '}']);
        let text = if ends { Cow::Owned(serde_json::Value::from(text).to_string()) } else { scalar(text) };
        self.word(key, &text)
    }

    /// Whether nothing is in it yet.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The map.
    pub fn finish(self) -> String {
        if self.0.is_empty() { "{}".to_owned() } else { format!("{{{} }}", self.0) }
    }
}

/// A text with quotes where YAML, or our formats, would otherwise read something else.
pub(super) fn scalar(text: &str) -> Cow<'_, str> {
    // `none` is ours; the others mean something to older YAML readers that people open the file with.
    const TAKEN: [&str; 10] = ["none", "yes", "no", "on", "off", "y", "n", "=", "<<", ".nan"];
    const NULL: [&str; 4] = ["null", "true", "false", "~"];
    let taken = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    // Nearly every text is a name, an id or an address, of which nothing can be read in another way.
    let bytes = text.as_bytes();
    let plain = |(at, byte): (usize, &u8)| match byte {
        b':' => bytes.get(at + 1).is_some_and(|next| *next != b' '),
        byte => byte.is_ascii_alphanumeric() || b"-_./@+ ".contains(byte),
    };
    let is_guid = bytes.len() == 36 && bytes.get(8) == Some(&b'-');
    let begins = is_guid || text.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let is_name = begins && !text.ends_with(' ') && bytes.iter().enumerate().all(plain);
    if is_name && !taken(&TAKEN) && !taken(&NULL) && text.parse::<f64>().is_err() {
        return Cow::Borrowed(text);
    }
    if taken(&TAKEN) || text.parse::<f64>().is_ok() {
        return Cow::Owned(format!("'{text}'"));
    }
    match serde_yaml::to_string(text) {
        // A text of several lines would be a block; none is left after the edge, and JSON's quotes are YAML's too.
        Ok(plain) if plain.trim_end_matches('\n').lines().count() == 1 => Cow::Owned(plain.trim_end_matches('\n').to_owned()),
        Ok(_) | Err(_) => Cow::Owned(serde_json::Value::from(text).to_string()),
    }
}

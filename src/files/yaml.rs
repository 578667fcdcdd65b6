//! YAML as a stream of values that know where they stand, read in bounded time and memory.
//!
//! The events come from `saphyr-parser`; nothing is built for a whole file, so 10,000 environments need the memory of
//! one at a time. Anchors, aliases, tags, merge keys, nesting over [`DEEPEST`], duplicate keys, further documents,
//! invalid UTF-8 and files over [`LARGEST`] are refused where they stand. All text becomes harmless here (see
//! [`super::text`]), so no later layer has to think of it.

use std::cell::Cell;
use std::collections::HashSet;
use std::io::Read;
use std::rc::Rc;
use std::sync::Arc;

use saphyr_parser::{BufferedInput, Event, Parser, ScalarStyle, Span};

use super::problem::{Problem, Problems};
use super::text::harmless_owned;
use crate::domain::known::Known;
use crate::domain::words::nearest;

/// Values nested deeper than this are refused.
pub const DEEPEST: usize = 32;
/// Files larger than this are refused, in bytes.
pub const LARGEST: u64 = 128 * 1024 * 1024;

/// Line and column, from 1.
pub type Place = (usize, usize);

/// A value and where it stands, from 1.
#[derive(Debug)]
pub struct Node {
    /// Line and column.
    pub place: (usize, usize),
    /// The value.
    pub value: Value,
}

/// What a value can be.
#[derive(Debug)]
pub enum Value {
    /// A scalar, and whether it stood there without quotes.
    Text(String, bool),
    /// A list.
    List(Vec<Node>),
    /// A map; keys are unique.
    Map(Vec<Entry>),
}

/// A key of a map with its value.
#[derive(Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub place: (usize, usize),
    /// Its value; taken once somebody asked for it.
    value: Option<Node>,
}

impl Entry {
    /// The key and its value.
    pub fn into_parts(self) -> Option<(String, Node)> {
        Some((self.key, self.value?))
    }
}

impl Node {
    /// True for a bare `none`, which says that there is none.
    pub fn is_none(&self) -> bool {
        matches!(&self.value, Value::Text(text, true) if text == "none")
    }
}

/// Why reading stopped; the problem is already in the list.
#[derive(Debug)]
pub struct Stopped;

/// Characters of a file, decoded piece by piece; remembers why it ended early.
struct Characters<R> {
    source: R,
    bytes: Vec<u8>,
    letters: Vec<char>,
    next: usize,
    place: (usize, usize),
    read: u64,
    ended: bool,
    fault: Rc<Cell<Option<Fault>>>,
}

#[derive(Clone, Copy)]
enum Fault {
    NotUtf8(usize, usize),
    Utf16,
    Nul(usize, usize),
    TooLarge,
    Io(std::io::ErrorKind),
}

impl<R: Read> Characters<R> {
    fn new(source: R) -> Self {
        Self { source, bytes: Vec::new(), letters: Vec::new(), next: 0, place: (1, 1), read: 0, ended: false, fault: Rc::default() }
    }

    fn fail(&mut self, fault: Fault) {
        self.fault.set(Some(fault));
        self.ended = true;
    }

    /// Decodes the next piece of the file.
    fn refill(&mut self) {
        const PIECE: usize = 64 * 1024;
        self.letters.clear();
        self.next = 0;
        let first = self.read == 0;
        let kept = self.bytes.len();
        self.bytes.resize(kept + PIECE, 0);
        let got = loop {
            match self.source.read(self.bytes.get_mut(kept..).unwrap_or_default()) {
                Ok(got) => break got,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return self.fail(Fault::Io(error.kind())),
            }
        };
        self.bytes.truncate(kept + got);
        self.read += got as u64;
        if self.read > LARGEST {
            return self.fail(Fault::TooLarge);
        }
        if first && (self.bytes.starts_with(&[0xff, 0xfe]) || self.bytes.starts_with(&[0xfe, 0xff])) {
            return self.fail(Fault::Utf16);
        }
        let (valid, broken) = match std::str::from_utf8(&self.bytes) {
            Ok(_) => (self.bytes.len(), false),
            Err(error) => (error.valid_up_to(), error.error_len().is_some() || got == 0),
        };
        if let Ok(text) = std::str::from_utf8(self.bytes.get(..valid).unwrap_or_default()) {
            let text = if first { text.strip_prefix('\u{feff}').unwrap_or(text) } else { text };
            self.letters.extend(text.chars());
        }
        self.bytes.drain(..valid);
        let nul = self.letters.iter().position(|letter| *letter == '\0');
        let counted = self.letters.get(..nul.unwrap_or(self.letters.len())).unwrap_or_default();
        for letter in counted {
            self.place = if *letter == '\n' { (self.place.0 + 1, 1) } else { (self.place.0, self.place.1 + 1) };
        }
        let (line, column) = self.place;
        if let Some(nul) = nul {
            self.letters.truncate(nul);
            self.fail(Fault::Nul(line, column));
        } else if broken && !self.bytes.is_empty() {
            self.fail(Fault::NotUtf8(line, column));
        } else if got == 0 {
            self.ended = true;
        }
    }
}

impl<R: Read> Iterator for Characters<R> {
    type Item = char;
    fn next(&mut self) -> Option<char> {
        while self.next >= self.letters.len() {
            if self.ended {
                return None;
            }
            self.refill();
        }
        let letter = self.letters.get(self.next).copied();
        self.next += 1;
        letter
    }
}

/// A file that is being read: its events, its problems, and the path to where the reader is.
pub struct Reader<R: Read + 'static> {
    parser: Parser<'static, BufferedInput<Characters<R>>>,
    fault: Rc<Cell<Option<Fault>>>,
    depth: usize,
    /// What the decoders share.
    pub context: Context,
}

impl<R: Read + 'static> Reader<R> {
    /// Starts to read `source`, which is called `file` in messages.
    pub fn new(file: &str, source: R) -> Self {
        let characters = Characters::new(source);
        let fault = Rc::clone(&characters.fault);
        Self { parser: Parser::new_from_iter(characters), fault, depth: 0, context: Context::new(file) }
    }

    /// The next event that carries content; a problem is reported once and stops the reading.
    pub fn event(&mut self) -> Result<(Event<'static>, Span), Stopped> {
        loop {
            let event = self.parser.next_event();
            if let Some(fault) = self.fault.take() {
                return Err(self.faulty(fault));
            }
            match event {
                Some(Ok((Event::Nothing | Event::StreamStart, _))) => {}
                Some(Ok((event, span))) => return self.accept(event, span),
                Some(Err(error)) => {
                    let place = Some((error.marker().line(), error.marker().col() + 1));
                    self.context.problem_at(place, format!("this is not YAML: {}", super::text::harmless(error.info())));
                    return Err(Stopped);
                }
                None => return Ok((Event::StreamEnd, Span::default())),
            }
        }
    }

    fn faulty(&mut self, fault: Fault) -> Stopped {
        let (place, message) = match fault {
            Fault::NotUtf8(line, column) => (Some((line, column)), "this is not UTF-8 text: save the file as UTF-8".to_owned()),
            Fault::Utf16 => (Some((1, 1)), "this is UTF-16 text: save the file as UTF-8".to_owned()),
            Fault::Nul(line, column) => (Some((line, column)), "there is a NUL character here: remove it, or save the file as text".to_owned()),
            Fault::TooLarge => (None, format!("the file is over {} MiB, the largest that is read: split it by tenant", LARGEST / (1024 * 1024))),
            Fault::Io(kind) => (None, format!("the file cannot be read: {kind}")),
        };
        self.context.path.clear();
        self.context.problem_at(place, message);
        Stopped
    }

    fn accept(&mut self, event: Event<'static>, span: Span) -> Result<(Event<'static>, Span), Stopped> {
        let (anchor, tagged) = match &event {
            Event::Scalar(_, _, anchor, tag) => (*anchor, tag.is_some()),
            Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) => {
                self.depth += 1;
                (*anchor, tag.is_some())
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.depth = self.depth.saturating_sub(1);
                (0, false)
            }
            Event::Alias(_) => (1, false),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => (0, false),
        };
        let refused = if anchor != 0 {
            Some("anchors and aliases (& and *) are not supported: write the value out".to_owned())
        } else if tagged {
            Some("tags (!) are not supported: write the plain value".to_owned())
        } else if self.depth > DEEPEST {
            Some(format!("values are nested deeper than {DEEPEST} levels"))
        } else {
            None
        };
        match refused {
            Some(message) => {
                self.context.problem_at(Some(place(span)), message);
                Err(Stopped)
            }
            None => Ok((event, span)),
        }
    }

    /// The value that begins with `event`.
    pub fn node(&mut self, event: Event<'static>, span: Span) -> Result<Node, Stopped> {
        let place = place(span);
        let value = match event {
            Event::Scalar(text, style, _, _) => Value::Text(harmless_owned(text.into_owned()), style == ScalarStyle::Plain),
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                loop {
                    match self.event()? {
                        (Event::SequenceEnd, _) => break,
                        (event, span) => {
                            self.context.path.push(Step::Item(items.len()));
                            let item = self.node(event, span)?;
                            self.context.path.pop();
                            items.push(item);
                        }
                    }
                }
                Value::List(items)
            }
            Event::MappingStart(..) => {
                let mut entries = Vec::new();
                let mut keys = Keys::default();
                while let Some((key, place)) = self.key()? {
                    self.context.path.push(Step::Key(key));
                    let (event, span) = self.event()?;
                    let value = self.node(event, span)?;
                    let Some(Step::Key(key)) = self.context.path.pop() else { return Err(Stopped) };
                    if keys.insert(&key, entries.iter().map(|entry: &Entry| entry.key.as_str())) {
                        entries.push(Entry { key, place, value: Some(value) });
                    } else {
                        self.context.duplicate(&key, place);
                    }
                }
                Value::Map(entries)
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::Alias(_)
            | Event::SequenceEnd
            | Event::MappingEnd => {
                self.context.problem_at(Some(place), "a value is missing here".to_owned());
                return Err(Stopped);
            }
        };
        Ok(Node { place, value })
    }

    /// Collects a map that has begun, but hands the value of `key` to `stream` as it comes instead of collecting it.
    pub fn map_except(
        &mut self,
        span: Span,
        key: &'static str,
        mut stream: impl FnMut(&mut Self, Event<'static>, Span) -> Result<(), Stopped>,
    ) -> Result<Node, Stopped> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut keys = Keys::default();
        let mut streamed = false;
        while let Some((name, place)) = self.key()? {
            let (event, value_span) = self.event()?;
            self.context.path.push(Step::Key(name.clone()));
            let again =
                if name == key { std::mem::replace(&mut streamed, true) } else { !keys.insert(&name, entries.iter().map(|entry: &Entry| entry.key.as_str())) };
            if name == key {
                stream(self, event, value_span)?;
            } else {
                let value = self.node(event, value_span)?;
                if !again {
                    entries.push(Entry { key: name.clone(), place, value: Some(value) });
                }
            }
            self.context.path.pop();
            if again {
                self.context.duplicate(&name, place);
            }
        }
        Ok(Node { place: place(span), value: Value::Map(entries) })
    }

    /// The next key of a map, or none at its end.
    pub fn key(&mut self) -> Result<Option<(String, Place)>, Stopped> {
        match self.event()? {
            (Event::MappingEnd, _) => Ok(None),
            (Event::Scalar(text, _, _, _), span) => {
                let key = harmless_owned(text.into_owned());
                if key == "<<" {
                    self.context.problem_at(Some(place(span)), "merge keys (<<) are not supported: write the values out".to_owned());
                    return Err(Stopped);
                }
                Ok(Some((key, place(span))))
            }
            (_, span) => {
                self.context.problem_at(Some(place(span)), "a key must be plain text".to_owned());
                Err(Stopped)
            }
        }
    }

    /// Opens the only document and returns the place of its map.
    pub fn open(&mut self) -> Result<(usize, usize), Stopped> {
        loop {
            match self.event()? {
                (Event::DocumentStart(_), _) => {}
                (Event::MappingStart(..), span) => return Ok(place(span)),
                (Event::StreamEnd, _) => {
                    self.context.problem_at(None, "the file is empty".to_owned());
                    return Err(Stopped);
                }
                (Event::Scalar(text, ..), span) if text.is_empty() || text == "~" => {
                    self.context.problem_at(Some(place(span)), "the file is empty".to_owned());
                    return Err(Stopped);
                }
                (_, span) => {
                    self.context.problem_at(Some(place(span)), "the file must be a map of `key: value` lines".to_owned());
                    return Err(Stopped);
                }
            }
        }
    }

    /// Makes sure that nothing follows the document.
    pub fn close(&mut self) -> Result<(), Stopped> {
        loop {
            match self.event()? {
                (Event::DocumentEnd, _) => {}
                (Event::StreamEnd, _) => return Ok(()),
                (_, span) => {
                    self.context.problem_at(Some(place(span)), "a second document begins here (---): keep one document to a file".to_owned());
                    return Err(Stopped);
                }
            }
        }
    }

    /// Reads a file of one map into a node; for files that are small.
    pub fn whole(&mut self) -> Result<Node, Stopped> {
        let place = self.open()?;
        let node = self.node(Event::MappingStart(0, None), Span::default())?;
        self.close()?;
        Ok(Node { place, value: node.value })
    }
}

fn place(span: Span) -> (usize, usize) {
    (span.start.line(), span.start.col() + 1)
}

/// The keys of a map so far: looked through while few, hashed when many, so that a map of 100,000 keys stays linear.
#[derive(Default)]
struct Keys {
    hashed: HashSet<String>,
}

impl Keys {
    /// Takes a key; false when it was there.
    fn insert<'a>(&mut self, key: &str, so_far: impl ExactSizeIterator<Item = &'a str>) -> bool {
        const FEW: usize = 32;
        if so_far.len() < FEW {
            return !so_far.into_iter().any(|other| other == key);
        }
        if self.hashed.is_empty() {
            self.hashed.extend(so_far.map(str::to_owned));
        }
        self.hashed.insert(key.to_owned())
    }
}

/// A step of the path to a value.
#[derive(Debug, Clone)]
pub enum Step {
    /// A key of a map.
    Key(String),
    /// A key that the format names.
    Field(&'static str),
    /// A place in a list, from 0.
    Item(usize),
}

/// What decoders share: the path to where they are, the problems so far, and texts that occur often.
pub struct Context {
    /// The path to where the reader is.
    pub path: Vec<Step>,
    /// The problems so far.
    pub problems: Problems,
    shared: HashSet<Arc<str>>,
    asked: Vec<&'static str>,
}

impl Context {
    /// Nothing read yet of `file`.
    pub fn new(file: &str) -> Self {
        Self { path: Vec::new(), problems: Problems::none_in(file), shared: HashSet::new(), asked: Vec::new() }
    }

    /// Reports a problem at the current path.
    pub fn problem_at(&mut self, place: Option<(usize, usize)>, message: String) {
        let mut path = String::new();
        for step in &self.path {
            match step {
                Step::Item(index) => path.push_str(&format!("[{index}]")),
                Step::Key(key) => dotted(&mut path, key),
                Step::Field(key) => dotted(&mut path, key),
            }
        }
        self.problems.add(Problem { place, path, message });
    }

    /// Reports a problem with `node`.
    pub fn problem(&mut self, node: &Node, message: impl Into<String>) {
        self.problem_at(Some(node.place), message.into());
    }

    /// Reports a key that stands in a map twice.
    pub fn duplicate(&mut self, key: &str, place: (usize, usize)) {
        self.path.push(Step::Key(key.to_owned()));
        self.problem_at(Some(place), "this key stands here a second time: keep one of the two".to_owned());
        self.path.pop();
    }

    /// One copy of a text that occurs often.
    pub fn shared(&mut self, text: &str) -> Arc<str> {
        if let Some(same) = self.shared.get(text) {
            return Arc::clone(same);
        }
        let new: Arc<str> = Arc::from(text);
        self.shared.insert(Arc::clone(&new));
        new
    }

    /// Runs `read` with one more step in the path.
    pub fn within<T>(&mut self, step: Step, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step);
        let value = read(self);
        self.path.pop();
        value
    }

    /// Reads every item of a list; those that are wrong are reported and left out.
    pub fn list<T>(&mut self, node: Node, mut item: impl FnMut(&mut Self, Node) -> Option<T>) -> Option<Vec<T>> {
        match node.value {
            Value::List(nodes) => {
                Some(nodes.into_iter().enumerate().filter_map(|(index, node)| self.within(Step::Item(index), |context| item(context, node))).collect())
            }
            Value::Text(..) | Value::Map(_) => {
                self.problem(&node, "a list is expected here, such as [one, two]; [] is an empty one");
                None
            }
        }
    }

    /// A text; what stands there without quotes and means null is refused.
    pub fn text(&mut self, node: Node) -> Option<String> {
        match node.value {
            Value::Text(text, plain) => {
                if plain && is_null(&text) {
                    self.problem_at(Some(node.place), NULL.to_owned());
                    return None;
                }
                Some(text)
            }
            Value::List(_) | Value::Map(_) => {
                self.problem(&node, "a text is expected here");
                None
            }
        }
    }

    /// A text that says something.
    pub fn name(&mut self, node: Node) -> Option<String> {
        let place = node.place;
        let text = self.text(node)?;
        if text.trim().is_empty() {
            self.problem_at(Some(place), "this must not be empty".to_owned());
            return None;
        }
        Some(text)
    }

    /// Any plain value, read by `parse`; `expected` says what it has to look like.
    pub fn parsed<T>(&mut self, node: Node, expected: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let place = node.place;
        let text = self.text(node)?;
        let value = parse(&text);
        if value.is_none() {
            self.problem_at(Some(place), format!("expected {expected}, found \"{}\"", short(&text)));
        }
        value
    }

    /// `true` or `false`.
    pub fn flag(&mut self, node: Node) -> Option<bool> {
        self.parsed(node, "true or false", |text| match text {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        })
    }
}

/// What is said where a value is null.
const NULL: &str = "a value is missing: leave the key out if it is unknown, or write none if there is none";

/// Whether plain text means null in YAML.
fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// The beginning of a text, for messages.
pub fn short(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST { text.to_owned() } else { text.chars().take(LONGEST).chain(['…']).collect() }
}

fn dotted(path: &mut String, key: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(&short(key));
}

/// A map whose keys are asked for one by one; what nobody asked for is refused at the end.
pub struct Fields {
    place: (usize, usize),
    entries: Vec<Entry>,
    next: usize,
    asked_from: usize,
}

impl Fields {
    /// Opens a map.
    pub fn of(context: &mut Context, node: Node) -> Option<Self> {
        match node.value {
            Value::Map(entries) => Some(Self { place: node.place, entries, next: 0, asked_from: context.asked.len() }),
            Value::Text(ref text, true) if is_null(text) => {
                context.problem(&node, NULL);
                None
            }
            Value::Text(..) | Value::List(_) => {
                context.problem(&node, "a map is expected here, such as { id: a1, name: One }");
                None
            }
        }
    }

    /// Where the map begins.
    pub const fn place(&self) -> (usize, usize) {
        self.place
    }

    /// Takes the value of a key. Keys mostly come in the order of the format, so the search goes on where it ended.
    pub fn take(&mut self, context: &mut Context, key: &'static str) -> Option<Node> {
        context.asked.push(key);
        let count = self.entries.len();
        for offset in 0..count {
            let index = (self.next + offset) % count;
            if let Some(entry) = self.entries.get_mut(index).filter(|entry| entry.key == key) {
                self.next = index + 1;
                return entry.value.take();
            }
        }
        None
    }

    /// A value that must be there.
    pub fn required<T>(&mut self, context: &mut Context, key: &'static str, read: impl FnOnce(&mut Context, Node) -> Option<T>) -> Option<T> {
        match self.take(context, key) {
            Some(node) => context.within(Step::Field(key), |context| read(context, node)),
            None => {
                context.problem_at(Some(self.place), format!("`{key}` is missing here"));
                None
            }
        }
    }

    /// A value that may be left out.
    pub fn optional<T>(&mut self, context: &mut Context, key: &'static str, read: impl FnOnce(&mut Context, Node) -> Option<T>) -> Option<T> {
        let node = self.take(context, key)?;
        context.within(Step::Field(key), |context| read(context, node))
    }

    /// A fact: left out is unknown.
    pub fn known<T>(&mut self, context: &mut Context, key: &'static str, read: impl FnOnce(&mut Context, Node) -> Option<T>) -> Known<T> {
        match self.optional(context, key, read) {
            Some(value) => Known::Is(value),
            None => Known::Unknown,
        }
    }

    /// A fact that can be absent: left out is unknown, `none` says that there is none.
    pub fn known_or_none<T>(&mut self, context: &mut Context, key: &'static str, read: impl FnOnce(&mut Context, Node) -> Option<T>) -> Known<Option<T>> {
        self.known(context, key, |context, node| if node.is_none() { Some(None) } else { read(context, node).map(Some) })
    }

    /// Whether there are keys that nobody asked for so far.
    pub fn has_more(&self) -> bool {
        self.entries.iter().any(|entry| entry.value.is_some())
    }

    /// Ends the map: keys that nobody asked for are refused by name.
    pub fn end(self, context: &mut Context) {
        for Entry { key, place, .. } in self.entries.iter().filter(|entry| entry.value.is_some()) {
            let asked = context.asked.get(self.asked_from..).unwrap_or_default();
            let meant = nearest(key, asked.iter().copied());
            let meant = meant.map_or_else(|| format!("known are {}", asked.join(", ")), |near| format!("did you mean `{near}`?"));
            let message = format!("there is no key `{}` here; {meant}", short(key));
            context.problem_at(Some(*place), message);
        }
        context.asked.truncate(self.asked_from);
    }
}

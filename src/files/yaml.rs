//! YAML as a stream of values that know where they stand, read in bounded time and memory.
//!
//! The events come from `saphyr-parser`; nothing is built for a whole file, so 10,000 environments need the memory of
//! one at a time. Anchors, aliases, tags, merge keys, nesting over [`DEEPEST`], duplicate keys, further documents,
//! invalid UTF-8 and files over [`LARGEST`] are refused where they stand, and so is what would need memory out of
//! proportion (`MOST_VALUES`, `MOST_HELD`, `characters::MOST_AHEAD`). All text becomes harmless here (see [`super::text`]), so
//! no later layer has to think of it.

mod characters;
mod fields;
mod plain;

use std::collections::HashSet;
use std::fmt::Display;
use std::io::Read;
use std::rc::Rc;
use std::sync::Arc;

use saphyr_parser::{BufferedInput, Event, Parser, ScalarStyle, Span};

use self::characters::{Characters, Fault, Progress};
pub use self::fields::Fields;
use self::plain::{NO_ANCHORS, NO_TAGS, in_plain_words, too_deep};
use super::problem::{Problem, Problems};
use super::text::harmless_owned;
use crate::domain::words::nearest;

/// Values nested deeper than this are refused.
pub const DEEPEST: usize = 32;
/// Files larger than this are refused, in bytes.
pub const LARGEST: u64 = 128 * 1024 * 1024;

/// Files with more values than this are refused, keys counted: one for every eight bytes of the largest file.
const MOST_VALUES: usize = 16 * 1024 * 1024;
/// One environment, user or entry with more values than this is refused, keys counted, because it is in memory as a whole.
const MOST_HELD: usize = 1024 * 1024;

/// Line and column, from 1.
pub type Place = (usize, usize);

/// A value and where it stands, from 1.
#[derive(Debug)]
pub struct Node {
    /// Line and column.
    pub place: Place,
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
    pub place: Place,
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
    /// Where the value of a key of this map stands; where the map begins, if it is not there.
    pub fn place_of(&self, key: &str) -> Place {
        let entries = if let Value::Map(entries) = &self.value { entries.as_slice() } else { &[] };
        let value = entries.iter().find(|entry| entry.key == key).and_then(|entry| entry.value.as_ref());
        value.map_or(self.place, |value| value.place)
    }

    /// True for a bare `none`, which says that there is none.
    pub fn is_none(&self) -> bool {
        matches!(&self.value, Value::Text(text, true) if text == "none")
    }
}

/// Why reading stopped; the problem is already in the list.
#[derive(Debug)]
pub struct Stopped;

/// A file that is being read: its events, its problems, and the path to where the reader is.
pub struct Reader<R: Read + 'static> {
    parser: Parser<'static, BufferedInput<Characters<R>>>,
    progress: Rc<Progress>,
    depth: usize,
    /// Where the last event stood.
    last: Place,
    /// Values so far.
    values: usize,
    /// Values of the item that is being collected.
    held: usize,
    /// What the decoders share.
    pub context: Context,
}

impl<R: Read + 'static> Reader<R> {
    /// Starts to read `source`, which is called `file` in messages.
    pub fn new(file: &str, source: R) -> Self {
        let characters = Characters::new(source);
        let progress = Rc::clone(&characters.progress);
        let parser = Parser::new_from_iter(characters);
        Self { parser, progress, depth: 0, last: (1, 1), values: 0, held: 0, context: Context::new(file) }
    }

    /// The next event that carries content; a problem is reported once and stops the reading.
    pub fn event(&mut self) -> Result<(Event<'static>, Span), Stopped> {
        loop {
            let event = self.parser.next_event();
            // What was cut off by the end would be misread, what stands wholly before it counts.
            if let Some((fault, end)) = self.progress.fault.get()
                && !matches!(&event, Some(Ok((_, span))) if (span.end.line(), span.end.col() + 1) < end)
            {
                return Err(self.faulty(fault));
            }
            self.progress.ahead.set(0);
            match event {
                Some(Ok((Event::Nothing | Event::StreamStart, _))) => {}
                Some(Ok((event, span))) => {
                    self.last = place(span);
                    return self.accept(event, span);
                }
                Some(Err(error)) => {
                    let place = Some((error.marker().line(), error.marker().col() + 1));
                    self.context.problem_at(place, in_plain_words(error.info()));
                    return Err(Stopped);
                }
                None => return Ok((Event::StreamEnd, Span::default())),
            }
        }
    }

    fn faulty(&mut self, fault: Fault) -> Stopped {
        let (place, message) = match fault {
            Fault::NotUtf8(place) => (Some(place), "this is not UTF-8 text: save the file as UTF-8".to_owned()),
            Fault::Utf16 => (Some((1, 1)), "this is UTF-16 text: save the file as UTF-8".to_owned()),
            Fault::Nul(place) => (Some(place), "there is a NUL character here: remove it, or save the file as text".to_owned()),
            Fault::TooFarAhead => {
                (Some(self.last), "a value that begins behind here is too large: write the items of a long list line by line, each behind a dash".to_owned())
            }
            Fault::TooLarge => (None, format!("the file is over {} MiB, the largest that is read: split it by tenant", LARGEST / (1024 * 1024))),
            Fault::Io(kind, number) => {
                let error = number.map_or_else(|| kind.into(), std::io::Error::from_raw_os_error);
                (None, format!("the file cannot be read: {}", super::plain(&error)))
            }
        };
        if !matches!(fault, Fault::TooFarAhead) {
            self.context.path.clear();
        }
        self.context.problem_at(place, message);
        Stopped
    }

    fn accept(&mut self, event: Event<'static>, span: Span) -> Result<(Event<'static>, Span), Stopped> {
        let (anchor, tagged) = match &event {
            Event::Scalar(_, _, anchor, tag) => {
                self.values += 1;
                self.held += 1;
                (*anchor, tag.is_some())
            }
            Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) => {
                self.values += 1;
                self.held += 1;
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
            Some(NO_ANCHORS.to_owned())
        } else if tagged {
            Some(NO_TAGS.to_owned())
        } else if self.depth > DEEPEST {
            Some(too_deep())
        } else if self.values > MOST_VALUES {
            Some(format!("the file has more than {MOST_VALUES} values, which is too many: split it by tenant"))
        } else if self.held > MOST_HELD {
            Some(format!("this goes on for more than {MOST_HELD} values, which is too many for one item of a list"))
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
                self.items(|reader, event, span| {
                    items.push(reader.node(event, span)?);
                    Ok(())
                })?;
                Value::List(items)
            }
            Event::MappingStart(..) => return self.map(span, |_, _, event, span| Ok(Some((event, span)))),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::Alias(_)
            | Event::SequenceEnd
            | Event::MappingEnd => {
                self.context.problem_at(Some(place), "a value is missing here");
                return Err(Stopped);
            }
        };
        Ok(Node { place, value })
    }

    /// Hands the items of a list that has begun to `item`, one after the other.
    fn items(&mut self, mut item: impl FnMut(&mut Self, Event<'static>, Span) -> Result<(), Stopped>) -> Result<(), Stopped> {
        for index in 0.. {
            let (event, span) = self.event()?;
            if matches!(event, Event::SequenceEnd) {
                break;
            }
            self.context.path.push(Step::Item(index));
            item(self, event, span)?;
            self.context.path.pop();
        }
        Ok(())
    }

    /// The same for items of which none is kept as it stands in the file, so that the list may be as long as it likes.
    pub fn each(&mut self, mut item: impl FnMut(&mut Self, Event<'static>, Span) -> Result<(), Stopped>) -> Result<(), Stopped> {
        let held = self.held;
        self.items(|reader, event, span| {
            item(reader, event, span)?;
            reader.held = held;
            Ok(())
        })
    }

    /// Collects a map that has begun. `stream` is asked first about every value: what it does not hand back, it has read.
    pub fn map(
        &mut self,
        span: Span,
        mut stream: impl FnMut(&mut Self, &str, Event<'static>, Span) -> Result<Option<(Event<'static>, Span)>, Stopped>,
    ) -> Result<Node, Stopped> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut keys = Keys::default();
        while let Some((key, place)) = self.key()? {
            let is_new = keys.insert(&key, entries.iter().map(|entry| entry.key.as_str()));
            if !is_new {
                self.context.duplicate(&key, place);
            }
            let (event, span) = self.event()?;
            self.context.path.push(Step::Key(key.clone()));
            let value = match stream(self, &key, event, span)? {
                Some((event, span)) => Some(self.node(event, span)?),
                None => None,
            };
            self.context.path.pop();
            if is_new {
                entries.push(Entry { key, place, value });
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
                    self.context.problem_at(Some(place(span)), "merge keys (<<) are not supported: write the values out");
                    return Err(Stopped);
                }
                Ok(Some((key, place(span))))
            }
            (_, span) => {
                self.context.problem_at(Some(place(span)), "a key must be plain text");
                Err(Stopped)
            }
        }
    }

    /// Opens the only document and returns the place of its map.
    pub fn open(&mut self) -> Result<Place, Stopped> {
        loop {
            match self.event()? {
                (Event::DocumentStart(_), _) => {}
                (Event::MappingStart(..), span) => return Ok(place(span)),
                (Event::StreamEnd, _) => {
                    self.context.problem_at(None, "the file is empty");
                    return Err(Stopped);
                }
                (Event::Scalar(text, ..), span) if text.is_empty() || text == "~" => {
                    self.context.problem_at(Some(place(span)), "the file is empty");
                    return Err(Stopped);
                }
                (_, span) => {
                    self.context.problem_at(Some(place(span)), "the file must be a map of `key: value` lines");
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
                    self.context.problem_at(Some(place(span)), "a second document begins here (---): keep one document to a file");
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

fn place(span: Span) -> Place {
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

    /// A problem at the current path.
    pub fn describe(&self, place: Option<Place>, message: impl Display) -> Problem {
        let mut path = String::new();
        for step in &self.path {
            match step {
                Step::Item(index) => path.push_str(&format!("[{index}]")),
                Step::Key(key) => dotted(&mut path, key),
                Step::Field(key) => dotted(&mut path, key),
            }
        }
        Problem { place, path, message: message.to_string() }
    }

    /// Reports a problem at the current path. Of a hundred thousand most are only counted, and cost no more than that.
    pub fn problem_at(&mut self, place: Option<Place>, message: impl Display) {
        if self.problems.is_full() {
            self.problems.more += 1;
        } else {
            self.problems.add(self.describe(place, message));
        }
    }

    /// Reports a problem with `node`.
    pub fn problem(&mut self, node: &Node, message: impl Display) {
        self.problem_at(Some(node.place), message);
    }

    /// Reports a key that stands in a map twice.
    pub fn duplicate(&mut self, key: &str, place: Place) {
        self.path.push(Step::Key(key.to_owned()));
        self.problem_at(Some(place), "this key stands here a second time: keep one of the two");
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
        self.scalar(node, "a text")
    }

    /// A plain value; `expected` says what it has to look like.
    fn scalar(&mut self, node: Node, expected: &str) -> Option<String> {
        let found = match node.value {
            Value::Text(text, plain) if plain && is_null(&text) => {
                self.problem_at(Some(node.place), NULL);
                return None;
            }
            Value::Text(text, _) => return Some(text),
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        };
        self.problem_at(Some(node.place), format_args!("expected {expected}, found {found}"));
        None
    }

    /// A text that says something.
    pub fn name(&mut self, node: Node) -> Option<String> {
        let (place, none) = (node.place, node.is_none());
        let text = self.text(node)?;
        let message = match text.trim() {
            "" => "this must not be empty",
            "none" if none => "`none` is not possible here: leave the key out if it is unknown, or write \"none\" if it is called so",
            _ => return Some(text),
        };
        self.problem_at(Some(place), message);
        None
    }

    /// Any plain value, read by `parse`; `expected` says what it has to look like.
    pub fn parsed<T>(&mut self, node: Node, expected: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let place = node.place;
        let text = self.scalar(node, expected)?;
        let value = parse(&text);
        if value.is_none() {
            self.problem_at(Some(place), format!("expected {expected}, found \"{}\"", short(&text)));
        }
        value
    }

    /// One of `words`; a near miss is suggested. `called` is what they are in messages.
    pub fn one_of<W>(&mut self, node: Node, called: &str, words: &[&'static str], find: impl FnOnce(&str) -> Option<W>) -> Option<W> {
        let place = node.place;
        let text = match &node.value {
            Value::Text(..) => self.text(node)?,
            Value::List(_) => self.scalar(node, &format!("one of {}", words.join(", ")))?,
            Value::Map(_) => self.scalar(node, &format!("one of {}, or {{ unknown: Word }} for one that envdeck does not know", words.join(", ")))?,
        };
        let found = find(&text);
        if found.is_none() && self.problems.is_full() {
            self.problems.more += 1;
        } else if found.is_none() {
            let meant = nearest(&text, words.iter().copied());
            let meant = meant.map_or_else(|| format!("known are {}", words.join(", ")), |near| format!("did you mean \"{near}\"?"));
            self.problem_at(Some(place), format_args!("unknown {called} \"{}\", {meant}", short(&text)));
        }
        found
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
const NULL: &str = "a value is missing here: leave the key out if it is unknown";
/// The same where there can be none.
const NULL_OR_NONE: &str = "a value is missing here: leave the key out if it is unknown, or write none if there is none";

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

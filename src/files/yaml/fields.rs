//! The keys of a map, asked for one by one: those that must be there, facts that may be unknown, and nothing else.

use super::{Context, Entry, NULL, NULL_OR_NONE, Node, Place, Step, Value, is_null, short};
use crate::domain::known::Known;
use crate::domain::words::nearest;

/// A map whose keys are asked for one by one; what nobody asked for is refused at the end.
pub struct Fields {
    place: Place,
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
                context.problem(&node, "a map is expected here, such as { name: One }");
                None
            }
        }
    }

    /// Where the map begins.
    pub const fn place(&self) -> Place {
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
        self.known(context, key, |context, node| match &node.value {
            Value::Text(_, true) if node.is_none() => Some(None),
            Value::Text(text, true) if is_null(text) => {
                context.problem(&node, NULL_OR_NONE);
                None
            }
            Value::Text(..) | Value::List(_) | Value::Map(_) => read(context, node).map(Some),
        })
    }

    /// Whether there are keys that nobody asked for so far.
    pub fn has_more(&self) -> bool {
        self.entries.iter().any(|entry| entry.value.is_some())
    }

    /// Ends the map: keys that nobody asked for are refused by name.
    pub fn end(self, context: &mut Context) {
        for Entry { key, place, .. } in self.entries.iter().filter(|entry| entry.value.is_some()) {
            if context.problems.is_full() {
                context.problems.more += 1;
                continue;
            }
            let asked = context.asked.get(self.asked_from..).unwrap_or_default();
            let meant = nearest(key, asked.iter().copied());
            let meant = match (meant, asked) {
                (Some(near), _) => format!("did you mean `{near}`?"),
                (None, [only]) => format!("the only one is {only}"),
                (None, _) => format!("known are {}", asked.join(", ")),
            };
            let message = format!("there is no key `{}` here; {meant}", short(key));
            context.problem_at(Some(*place), message);
        }
        context.asked.truncate(self.asked_from);
    }
}

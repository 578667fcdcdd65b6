//! What envdeck adds to a snapshot: a list of entries that is only ever added to, so that it merges and replays.
//!
//! Nothing is edited or taken out: a tick that was wrong is followed by an untick, an entry that was wrong by its
//! withdrawal. Two people who save the same journal therefore never overwrite each other; only a file that was edited
//! by hand can clash, and then somebody is asked.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::environment::EnvironmentId;
use crate::domain::mark::mark;
use crate::domain::operation::{Acknowledgement, Operation, OperationKind, Outcome};
use crate::domain::request::account::Line;
use crate::domain::text::harmless;
use crate::domain::words::Word;
use crate::vocabulary;

/// Permanent id of an entry: its instant and a mark of its content, so that the same entry has the same id everywhere.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryId(Arc<str>);

impl EntryId {
    /// Takes the id as it stands in the file.
    pub fn new(id: &str) -> Self {
        Self(Arc::from(id))
    }

    /// The id as it stands in the file.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A plain value: of a typed fact, or of a choice that was made for an operation or plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// There is none.
    Nothing,
    /// `true` or `false`.
    Flag(bool),
    /// A text, a word, a number or an instant, as written.
    Text(Box<str>),
    /// Several of them.
    List(Vec<Box<str>>),
}

/// What a typed fact is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    /// One environment.
    Environment(EnvironmentId),
    /// A whole tenant, by its id.
    Tenant(Box<str>),
}

vocabulary! {
    /// What was done with an item of a checklist (PCP-005 to PCP-007).
    ItemAct, "act" {
        Done = "done" "done",
        Reopened = "reopened" "opened again",
        Disabled = "disabled" "decided: disable",
        Redirected = "redirected" "decided: redirect",
        LeftAsIs = "left-as-is" "decided: leave as it is",
        NotApplicable = "not-applicable" "does not apply",
        Noted = "noted" "note",
    }
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A note on an environment.
    Note {
        /// Which environment.
        environment: EnvironmentId,
        /// The note.
        text: Box<str>,
    },
    /// A fact that the capture did not say, answered by a person.
    Fact {
        /// What it is about.
        about: Subject,
        /// The field, as in the snapshot.
        field: Box<str>,
        /// The answer.
        value: Value,
    },
    /// An operation that was carried out for real.
    Operation(Box<Operation>),
    /// A checklist that was opened for an environment.
    ChecklistOpened {
        /// Which environment.
        environment: EnvironmentId,
        /// Which checklist, by its permanent id.
        checklist: Box<str>,
        /// The entry of the operation that opened it.
        operation: Option<EntryId>,
    },
    /// Something that was done with an item of an open checklist.
    Item {
        /// The entry that opened the checklist.
        checklist: EntryId,
        /// The item, by its permanent id.
        item: Box<str>,
        /// What was done.
        act: ItemAct,
        /// Where it was redirected to, why it was left, or a remark.
        note: Option<Box<str>>,
    },
    /// A checklist that is not worked any further.
    ChecklistClosed {
        /// The entry that opened the checklist.
        checklist: EntryId,
        /// Why: complete, superseded by a newer copy, given up.
        reason: Box<str>,
    },
    /// A plan of several operations.
    Plan {
        /// Which kind of plan.
        kind: Box<str>,
        /// Its choices by name.
        inputs: Vec<(Box<str>, Value)>,
    },
    /// An entry that no longer holds.
    Withdrawn {
        /// Which entry.
        entry: EntryId,
        /// Why.
        reason: Box<str>,
    },
}

impl What {
    /// The same, with every text that a person could have typed made harmless; ids come from files, which are read so.
    #[must_use]
    fn harmless(self) -> Self {
        match self {
            Self::Note { environment, text } => Self::Note { environment, text: harmless_text(text) },
            Self::Fact { about, field, value } => Self::Fact { about, field: harmless_text(field), value: value.harmless() },
            Self::Operation(operation) => {
                let Operation { kind, source, target, inputs, account, verdict, acknowledged, ticket, approver, started_at, completed_at, outcome } =
                    *operation;
                let acknowledged = acknowledged
                    .into_iter()
                    .map(|Acknowledgement { code, severity, shown, by, at }| {
                        let (shown, by) = (harmless_text(shown), harmless_name(by));
                        Acknowledgement { code, severity, shown, by, at }
                    })
                    .collect();
                let (inputs, ticket, approver) = (harmless_inputs(inputs), ticket.map(harmless_text), approver.map(harmless_name));
                Self::Operation(Box::new(Operation {
                    kind,
                    source,
                    target,
                    inputs,
                    account: account.into_iter().map(|Line { topic, text }| Line { topic, text: harmless_text(text) }).collect(),
                    verdict,
                    acknowledged,
                    ticket,
                    approver,
                    started_at,
                    completed_at,
                    outcome,
                }))
            }
            Self::ChecklistOpened { environment, checklist, operation } => {
                Self::ChecklistOpened { environment, checklist: harmless_text(checklist), operation }
            }
            Self::Item { checklist, item, act, note } => Self::Item { checklist, item: harmless_text(item), act, note: note.map(harmless_text) },
            Self::ChecklistClosed { checklist, reason } => Self::ChecklistClosed { checklist, reason: harmless_text(reason) },
            Self::Plan { kind, inputs } => Self::Plan { kind: harmless_text(kind), inputs: harmless_inputs(inputs) },
            Self::Withdrawn { entry, reason } => Self::Withdrawn { entry, reason: harmless_text(reason) },
        }
    }
}

impl Value {
    fn harmless(self) -> Self {
        match self {
            Self::Nothing | Self::Flag(_) => self,
            Self::Text(text) => Self::Text(harmless_text(text)),
            Self::List(items) => Self::List(items.into_iter().map(harmless_text).collect()),
        }
    }
}

fn harmless_text(text: Box<str>) -> Box<str> {
    match harmless(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(visible) => visible.into_boxed_str(),
    }
}

fn harmless_name(name: Arc<str>) -> Arc<str> {
    match harmless(&name) {
        Cow::Borrowed(_) => name,
        Cow::Owned(visible) => Arc::from(visible),
    }
}

fn harmless_inputs(inputs: Vec<(Box<str>, Value)>) -> Vec<(Box<str>, Value)> {
    inputs.into_iter().map(|(name, value)| (harmless_text(name), value.harmless())).collect()
}

impl fmt::Display for What {
    /// What it says, in a few words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Note { text, .. } => write!(f, "note \"{text}\""),
            Self::Fact { field, value, .. } => write!(f, "{field} is {value}"),
            Self::Operation(operation) => write!(f, "{} onto {}, {}", operation.kind.label(), operation.target, operation.outcome.label()),
            Self::ChecklistOpened { checklist, .. } => write!(f, "checklist {checklist} opened"),
            Self::Item { item, act, .. } => write!(f, "{item}: {}", act.label()),
            Self::ChecklistClosed { reason, .. } => write!(f, "checklist closed: {reason}"),
            Self::Plan { kind, .. } => write!(f, "plan {kind}"),
            Self::Withdrawn { reason, .. } => write!(f, "withdrawn: {reason}"),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("none"),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Text(text) => f.write_str(text),
            Self::List(items) => f.write_str(&items.join(", ")),
        }
    }
}

/// One entry of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Permanent id.
    pub id: EntryId,
    /// When it was made, in console time.
    pub at: DateTime<Utc>,
    /// Who made it.
    pub by: Arc<str>,
    /// What it says.
    pub what: What,
}

impl Entry {
    /// A new entry; its id follows from the instant and what it says. What was typed or pasted is made harmless here,
    /// where it enters, so that the entry is the same before it was saved and after it was read.
    pub fn new(at: DateTime<Utc>, by: Arc<str>, what: What) -> Self {
        let (by, what) = (harmless_name(by), what.harmless());
        let mark = mark(&by, &what);
        let id = EntryId::new(&format!("{}-{mark:016x}", at.format("%Y%m%dT%H%M%S%3fZ")));
        Self { id, at, by, what }
    }

    /// The environment for which it opens a checklist, if it opens one.
    pub const fn opens_for(&self) -> Option<&EnvironmentId> {
        if let What::ChecklistOpened { environment, .. } = &self.what { Some(environment) } else { None }
    }
}

/// An entry with what follows from the others.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// The environment that it is about, by itself or by what it refers to.
    pub environment: Option<&'a EnvironmentId>,
    /// The entry that withdrew it, if one did.
    pub withdrawn: Option<&'a Entry>,
    /// Whether it begins an operation that has not ended.
    pub runs: bool,
}

impl Told<'_> {
    /// Whether it is about an environment; an operation is also about where it came from.
    pub fn concerns(&self, environment: &EnvironmentId) -> bool {
        let source = if let What::Operation(operation) = &self.entry.what { operation.source.as_ref() } else { None };
        self.environment == Some(environment) || source == Some(environment)
    }
}

/// The environment that an entry is about.
fn about<'a>(entry: &'a Entry, by_id: &HashMap<&'a EntryId, &'a Entry>) -> Option<&'a EnvironmentId> {
    // An item refers to a checklist, a withdrawal to an item; a file that refers in circles ends all the same.
    const FARTHEST: usize = 4;
    let mut entry = entry;
    for _ in 0..FARTHEST {
        let next = match &entry.what {
            What::Note { environment, .. } | What::ChecklistOpened { environment, .. } | What::Fact { about: Subject::Environment(environment), .. } => {
                return Some(environment);
            }
            What::Operation(operation) => return Some(&operation.target),
            What::Item { checklist, .. } | What::ChecklistClosed { checklist, .. } => checklist,
            What::Withdrawn { entry, .. } => entry,
            What::Fact { about: Subject::Tenant(_), .. } | What::Plan { .. } => return None,
        };
        entry = by_id.get(next)?;
    }
    None
}

/// Two entries that have the same id and say different things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The entry in this session.
    pub ours: Entry,
    /// The entry in the file.
    pub theirs: Entry,
}

/// All entries, in the order of their instants.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Journal {
    entries: Vec<Entry>,
}

impl Journal {
    /// A journal of these entries; of several with one id the first counts.
    pub fn new(entries: Vec<Entry>) -> Self {
        let mut journal = Self::default();
        let clashes = journal.merge(entries);
        debug_assert!(clashes.is_empty(), "the loader refuses duplicate ids");
        journal
    }

    /// The entries, oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Adds the entries that are not here yet and returns those that clash, of which ours stay.
    pub fn merge(&mut self, others: Vec<Entry>) -> Vec<Clash> {
        let mut places: HashMap<EntryId, usize> = self.entries.iter().enumerate().map(|(place, entry)| (entry.id.clone(), place)).collect();
        let mut clashes = Vec::new();
        for theirs in others {
            match places.get(&theirs.id).and_then(|place| self.entries.get(*place)) {
                None => {
                    places.insert(theirs.id.clone(), self.entries.len());
                    self.entries.push(theirs);
                }
                Some(same) if *same == theirs => {}
                Some(different) => clashes.push(Clash { ours: different.clone(), theirs }),
            }
        }
        self.entries.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
        clashes
    }

    /// Adds one new entry.
    pub fn add(&mut self, entry: Entry) {
        let place = self.entries.partition_point(|other| (other.at, &other.id) <= (entry.at, &entry.id));
        if place.checked_sub(1).and_then(|before| self.entries.get(before)).is_none_or(|before| before.id != entry.id) {
            self.entries.insert(place, entry);
        }
    }

    /// Puts an entry in the place of the one that has its id: somebody decided which of two holds.
    pub fn replace(&mut self, entry: Entry) {
        self.entries.retain(|other| other.id != entry.id);
        self.add(entry);
    }

    /// The instant of the next entry: `now`, but behind the newest one, so that entries of one moment keep their order.
    pub fn stamp(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let close = TimeDelta::seconds(1);
        match self.entries.last() {
            Some(newest) if newest.at >= now && newest.at - now < close => newest.at + TimeDelta::milliseconds(1),
            Some(_) | None => now,
        }
    }

    /// Takes the newest entry back; only practice is ever taken back, a real journal is added to.
    pub fn take_back(&mut self) -> Option<Entry> {
        self.entries.pop()
    }

    /// The entry with that id.
    pub fn entry(&self, id: &EntryId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == *id)
    }

    /// The notes on an environment that were not withdrawn, oldest first.
    pub fn notes<'a>(&'a self, environment: &'a EnvironmentId) -> impl Iterator<Item = (&'a Entry, &'a str)> {
        self.holding().filter_map(move |entry| match &entry.what {
            What::Note { environment: of, text } if of == environment => Some((entry, &**text)),
            What::Note { .. }
            | What::Fact { .. }
            | What::Operation(_)
            | What::ChecklistOpened { .. }
            | What::Item { .. }
            | What::ChecklistClosed { .. }
            | What::Plan { .. }
            | What::Withdrawn { .. } => None,
        })
    }

    /// The entries that were withdrawn, each with the entry that says so first; a withdrawal that was withdrawn says nothing.
    pub fn withdrawn(&self) -> HashMap<&EntryId, &Entry> {
        let mut withdrawn: HashMap<&EntryId, &Entry> = HashMap::new();
        // From the newest on, because only a later entry can withdraw an earlier one.
        for entry in self.entries.iter().rev() {
            if let What::Withdrawn { entry: of, .. } = &entry.what
                && !withdrawn.contains_key(&entry.id)
            {
                withdrawn.insert(of, entry);
            }
        }
        withdrawn
    }

    /// The entries that were not withdrawn, oldest first.
    pub fn holding(&self) -> impl Iterator<Item = &Entry> {
        let withdrawn = self.withdrawn();
        self.entries.iter().filter(move |entry| !withdrawn.contains_key(&entry.id))
    }

    /// Every entry with what follows from the others, oldest first.
    pub fn told<'a>(&'a self) -> Vec<Told<'a>> {
        let by_id: HashMap<&EntryId, &Entry> = self.entries.iter().map(|entry| (&entry.id, entry)).collect();
        let (withdrawn, ended) = (self.withdrawn(), self.ended());
        let told = |entry: &'a Entry| {
            let Entry { id, what, .. } = entry;
            let begins = matches!(what, What::Operation(operation) if operation.outcome == Outcome::Started);
            let withdrawn = withdrawn.get(id).copied();
            let runs = begins && withdrawn.is_none() && !ended.contains(id);
            Told { entry, environment: about(entry, &by_id), withdrawn, runs }
        };
        self.entries.iter().map(told).collect()
    }

    /// The operations that were not withdrawn, oldest first.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.holding().filter_map(|entry| if let What::Operation(operation) = &entry.what { Some(&**operation) } else { None })
    }

    /// The operations that were begun and of which a later entry says how they ended: the same on the same, begun at that time.
    pub fn ended(&self) -> HashSet<EntryId> {
        let mut running: HashMap<(OperationKind, &EnvironmentId, Option<&EnvironmentId>), Vec<&EntryId>> = HashMap::new();
        let mut ended = HashSet::new();
        for entry in self.holding() {
            let What::Operation(operation) = &entry.what else { continue };
            let begun = running.entry((operation.kind, &operation.target, operation.source.as_ref()));
            if operation.outcome == Outcome::Started {
                begun.or_default().push(&entry.id);
            } else if let Some(newest) = begun.or_default().pop() {
                ended.insert(newest.clone());
            }
        }
        ended
    }

    /// Whether an entry was withdrawn.
    pub fn is_withdrawn(&self, id: &EntryId) -> bool {
        self.withdrawn().contains_key(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(second: i64, text: &str) -> Entry {
        let at = DateTime::from_timestamp(1_767_600_000 + second, 0).unwrap_or_default();
        Entry::new(at, Arc::from("thomas@contoso.com"), What::Note { environment: EnvironmentId::new("e1"), text: text.into() })
    }

    #[test]
    fn two_journals_merge_to_the_same_whichever_comes_first() {
        let (a, b, c) = (note(1, "a"), note(2, "b"), note(3, "c"));
        let mut one = Journal::new(vec![a.clone(), c.clone()]);
        let mut other = Journal::new(vec![b.clone(), c.clone()]);
        assert!(one.merge(other.entries().to_vec()).is_empty());
        assert!(other.merge(vec![a.clone(), c.clone()]).is_empty());
        assert_eq!(one, other);
        assert_eq!(one.entries(), [a, b, c]);
    }

    #[test]
    fn an_entry_that_was_edited_by_hand_clashes() {
        let ours = note(1, "a");
        let theirs = Entry { what: note(1, "b").what, ..ours.clone() };
        let mut journal = Journal::new(vec![ours.clone()]);
        assert_eq!(journal.merge(vec![theirs.clone()]), [Clash { ours: ours.clone(), theirs }]);
        assert_eq!(journal.entries(), [ours]);
    }

    #[test]
    fn of_two_entries_with_one_id_the_first_stays() {
        let (first, again) = (note(1, "a"), Entry { what: note(1, "b").what, ..note(1, "a") });
        let mut journal = Journal::default();
        assert_eq!(journal.merge(vec![first.clone(), again.clone()]), [Clash { ours: first.clone(), theirs: again.clone() }]);
        assert_eq!(journal.entries(), [first]);
        journal.replace(again.clone());
        assert_eq!(journal.entries(), [again]);
    }

    #[test]
    fn what_was_pasted_into_a_note_is_harmless_at_once() {
        let pasted = note(1, "one\ntwo\u{1b}[8m\u{202e}");
        let What::Note { text, .. } = pasted.what else { panic!("{pasted:?}") };
        assert_eq!(&*text, "one␊two␛[8m<U+202E>");
    }

    #[test]
    fn a_withdrawn_note_is_not_shown_and_not_gone() {
        let slip = note(1, "slip");
        let mut journal = Journal::new(vec![slip.clone()]);
        journal.add(Entry::new(slip.at, slip.by.clone(), What::Withdrawn { entry: slip.id.clone(), reason: "wrong environment".into() }));
        assert_eq!(journal.notes(&EnvironmentId::new("e1")).count(), 0);
        assert_eq!(journal.entries().len(), 2);
    }
}

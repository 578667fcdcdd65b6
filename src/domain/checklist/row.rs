//! A row of a checklist: one thing to do in one environment, how far it is, and what holds of all that was done with it.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::look::Concern;
use super::template::Item;
use crate::domain::journal::{EntryId, ItemAct};
use crate::vocabulary;

vocabulary! {
    /// How far an item is.
    State, "state" {
        Open = "open" "open",
        Done = "done" "done",
        Decided = "decided" "decided",
        NotApplicable = "not-applicable" "does not apply",
    }
}

/// What somebody did with an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// What.
    pub act: ItemAct,
    /// Where it was redirected to, why it was left or does not apply, or a remark.
    pub note: Option<Box<str>>,
    /// Who.
    pub by: Arc<str>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A row of a checklist: an item, one of those that an item consists of, or an item for one of what it is repeated for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its permanent id: that of the item, and behind an `@` that of the component that it is about.
    pub id: Box<str>,
    /// The item as it is written down.
    pub item: Arc<Item>,
    /// The id of the component that it is about, where the item is repeated.
    pub key: Option<Arc<str>>,
    /// Its section, as an index into [`Checklist::sections`](super::Checklist::sections).
    pub section: usize,
    /// The row that it belongs to, as an index into [`Checklist::rows`](super::Checklist::rows).
    pub parent: Option<usize>,
    /// How many rows it is below the items of the section.
    pub depth: u16,
    /// How many rows after it belong to it, directly or not.
    pub parts: usize,
    /// Whether the rows that belong to it are repetitions of its item.
    pub repeats: bool,
    /// What to do here.
    pub text: Arc<str>,
    /// Why, and what to know before.
    pub help: Vec<Arc<str>>,
    /// The components that it concerns, as far as anybody looked.
    pub concerns: Vec<Concern>,
    /// Whether nobody looked if there are such components, so that this comes first.
    pub unexplored: bool,
    /// Whether it has to be settled before the environment goes back into service.
    pub mandatory: bool,
    /// How far it is.
    pub state: State,
    /// What was decided, also while parts of it are still open.
    pub decision: Option<ItemAct>,
    /// What brought it there, or opened it again; none when nobody did anything, or only the system or a fact.
    pub mark: Option<Mark>,
    /// Why it does not apply, where that follows from facts or from the item that it belongs to; or how far another
    /// checklist is that it follows.
    pub reason: Option<Box<str>>,
    /// The last remark on it.
    pub note: Option<Mark>,
    /// What was answered to the item that it recalls.
    pub recalled: Option<Mark>,
    /// The other checklist that settles it: the entry that opened that.
    pub follows: Option<EntryId>,
    /// What has to be so about the environment first, and is not.
    pub needs: Option<Box<str>>,
    /// What has to come first, while it is open.
    pub waits: Option<Box<str>>,
    /// When the period in which it has to be done ends, while one runs or ran out.
    pub due_at: Option<DateTime<Utc>>,
    /// Everything that was done with it, oldest first.
    pub history: Vec<Mark>,
}

impl Row {
    /// Its permanent id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What its item says before the first colon.
    pub fn beginning(&self) -> &str {
        self.item.text.split(':').next().unwrap_or_default()
    }

    /// What it says, behind the beginning of the row that it belongs to: "Incoming Email: isaac@contoso.com".
    pub fn in_full(&self, whole: Option<&Self>) -> String {
        whole.map_or_else(|| self.text.to_string(), |whole| format!("{}: {}", whole.beginning(), self.text))
    }

    /// Whether nothing is left to do.
    pub fn is_settled(&self) -> bool {
        self.state != State::Open
    }

    /// Whether somebody has to do something with the row itself, not with its parts.
    pub fn is_worked(&self) -> bool {
        self.parts == 0 && !self.item.done_by_system
    }

    /// Whether it is mandatory and not settled.
    pub fn is_open_mandatory(&self) -> bool {
        self.mandatory && !self.is_settled()
    }

    /// Whether what comes after it, or what it belongs to, waits for it.
    pub fn holds_up(&self) -> bool {
        !self.is_settled() && !self.item.optional
    }

    /// What was answered when it was ticked.
    pub fn answer(&self) -> Option<&Mark> {
        self.mark.as_ref().filter(|mark| self.item.asks.is_some() && mark.act == ItemAct::Done && mark.note.is_some())
    }

    /// What holds of all that was done with the item itself.
    pub(super) fn standing(&self) -> Option<Mark> {
        let holds = |mark: &&Mark| mark.act == ItemAct::Reopened || self.settles(mark.act, mark.note.as_deref());
        self.history.iter().rev().find(holds).filter(|_| !self.item.done_by_system).cloned()
    }

    /// Takes what was done with the item.
    pub(super) fn take(&mut self, marks: &mut HashMap<Box<str>, Vec<Mark>>) {
        self.history = marks.remove(self.id()).unwrap_or_default();
        self.note = self.history.iter().rev().find(|mark| mark.act == ItemAct::Noted).cloned();
        let standing = self.standing();
        self.mark = standing;
        let by_facts = if self.reason.is_some() { State::NotApplicable } else { State::Open };
        (self.state, self.decision) = match self.mark.as_ref().map(|mark| mark.act) {
            None if self.item.done_by_system => (State::Done, None),
            None => (by_facts, None),
            Some(ItemAct::Reopened | ItemAct::Noted) => (State::Open, None),
            Some(ItemAct::Done) => (State::Done, None),
            Some(act @ (ItemAct::Disabled | ItemAct::Redirected | ItemAct::LeftAsIs)) => (State::Decided, Some(act)),
            Some(ItemAct::NotApplicable) => (State::NotApplicable, None),
        };
        if self.mark.is_some() {
            self.reason = None;
        }
    }

    /// Follows the other checklist that `opened` opened: what of its items is `open`, and who settled the `last` of them.
    pub(super) fn follow(&mut self, opened: EntryId, open: Option<Box<str>>, last: Option<Mark>) {
        self.follows = Some(opened);
        self.state = if open.is_some() { State::Open } else { State::Done };
        self.mark = last.filter(|_| open.is_none()).map(|mark| Mark { act: ItemAct::Done, note: None, ..mark });
        self.reason = open;
        self.decision = None;
    }

    /// Why a part of which nothing was said follows it, where it was settled otherwise than by doing its parts.
    pub(super) fn moot(&self) -> Option<&'static str> {
        match self.mark.as_ref().map(|mark| mark.act)? {
            ItemAct::Redirected => Some("the whole was redirected"),
            ItemAct::LeftAsIs => Some("the whole was left as it is"),
            ItemAct::NotApplicable => Some("the whole does not apply"),
            // Ticked while nobody had looked which there are.
            ItemAct::Done => Some("settled with the whole"),
            ItemAct::Reopened | ItemAct::Disabled | ItemAct::Noted => None,
        }
    }

    /// Whether it was settled otherwise than by doing its parts.
    pub(super) fn is_decided_as_a_whole(&self) -> bool {
        self.standing().is_some_and(|mark| match mark.act {
            ItemAct::Redirected | ItemAct::LeftAsIs | ItemAct::NotApplicable => true,
            ItemAct::Done => self.item.each.is_some(),
            ItemAct::Reopened | ItemAct::Disabled | ItemAct::Noted => false,
        })
    }

    /// Does not apply for a reason that lies outside of it, unless something was said of it.
    pub(super) fn lapse(&mut self, reason: &str) {
        if self.mark.as_ref().is_none_or(|mark| mark.act == ItemAct::Reopened) {
            (self.state, self.reason) = (State::NotApplicable, Some(reason.into()));
            self.mark = None;
        }
    }

    /// A whole is settled when all of its parts are, or when it was settled otherwise than by doing them.
    pub(super) fn sum_up(&mut self, parts: &[&Row]) {
        if self.is_decided_as_a_whole() {
            return;
        }
        self.unexplored |= parts.iter().any(|part| part.unexplored);
        let demanded = |part: &&&Row| part.mandatory && part.state != State::NotApplicable;
        self.mandatory = !self.item.optional && parts.iter().any(|part| demanded(&part));
        // What nobody has to do is not done all the same.
        let left = || self.item.optional && parts.iter().any(|part| !part.is_settled());
        if parts.iter().any(|part| part.holds_up()) || left() {
            self.state = State::Open;
            // What nobody has to do keeps it open without keeping it mandatory.
            self.mandatory &= parts.iter().filter(demanded).any(|part| !part.is_settled());
            return;
        }
        let last = parts.iter().filter_map(|part| part.mark.as_ref()).max_by_key(|mark| mark.at);
        if parts.iter().all(|part| part.state == State::NotApplicable) {
            self.state = State::NotApplicable;
            let first = parts.first().and_then(|part| part.reason.clone());
            let same = parts.iter().all(|part| part.reason == first);
            self.reason = self.reason.take().or(if same { first } else { Some("none of its parts applies".into()) });
        } else {
            self.state = if self.decision.is_some() { State::Decided } else { State::Done };
            self.reason = None;
        }
        if self.mark.as_ref().map(|mark| mark.act) != Some(ItemAct::Disabled) {
            // Who did the last part finished the whole; what was written there is about that part.
            self.mark = last.map(|mark| Mark { act: ItemAct::Done, note: None, ..mark.clone() });
        }
    }
}

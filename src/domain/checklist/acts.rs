//! What may be done with an item, and if not, why not.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::fold::{Checklist, Row, State};
use super::template::Decision;
use crate::domain::journal::{Entry, ItemAct, What};
use crate::domain::words::{Word, counted};

/// An act that a row offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The act.
    pub act: ItemAct,
    /// What has to be typed with it, as a question.
    pub asks: Option<&'static str>,
    /// Why it cannot be done now.
    pub refused: Option<Box<str>>,
}

/// What has to be typed with an act, as a question; none when a remark is optional.
pub const fn asks(act: ItemAct) -> Option<&'static str> {
    match act {
        ItemAct::Redirected => Some("Where is it redirected to?"),
        ItemAct::LeftAsIs => Some("Why is it left as it is?"),
        ItemAct::NotApplicable => Some("Why does it not apply?"),
        ItemAct::Noted => Some("What is there to note?"),
        ItemAct::Done | ItemAct::Reopened | ItemAct::Disabled => None,
    }
}

impl Row {
    /// Whether an act settles the item: one that it offers, with what has to be typed with it.
    pub(super) fn settles(&self, act: ItemAct, note: Option<&str>) -> bool {
        let complete = asks(act).is_none() || note.is_some_and(|note| !note.trim().is_empty());
        complete && act != ItemAct::Noted && act != ItemAct::Reopened && self.cannot(act).is_none()
    }

    /// Why the item does not know such an act at all.
    fn cannot(&self, act: ItemAct) -> Option<Box<str>> {
        let item = &*self.item;
        if item.done_by_system {
            return (act != ItemAct::Noted).then(|| "the system did this; there is nothing to tick".into());
        }
        match act {
            // Background operations wait until the mode is really left (C-21).
            ItemAct::NotApplicable if item.then.is_some() => Some("this is a switch: tick it once it is thrown".into()),
            ItemAct::Noted | ItemAct::Reopened | ItemAct::NotApplicable => None,
            ItemAct::Done if !item.items.is_empty() => Some("it is done when its parts are: tick those".into()),
            ItemAct::Done if item.decisions.is_empty() => None,
            ItemAct::Done => Some(format!("this needs a decision: {}", choices(&item.decisions)).into()),
            ItemAct::Disabled | ItemAct::Redirected | ItemAct::LeftAsIs if item.decisions.is_empty() => Some("there is nothing to decide here: tick it".into()),
            ItemAct::Disabled | ItemAct::Redirected | ItemAct::LeftAsIs => {
                let offered = item.decisions.iter().any(|decision| decision.act() == act);
                (!offered).then(|| format!("that is no choice here: {}", choices(&item.decisions)).into())
            }
        }
    }
}

/// The decisions in words: "disable it, redirect it to another service, or leave it as it is".
fn choices(decisions: &[Decision]) -> String {
    let mut words: Vec<&str> = decisions.iter().map(|decision| decision.label()).collect();
    let last = words.pop().unwrap_or_default();
    if words.is_empty() { last.to_owned() } else { format!("{} or {last}", words.join(", ")) }
}

impl Checklist {
    /// The acts that make sense on an item, each with the reason why it is refused now; nothing for an unknown item.
    pub fn offers(&self, item: &str) -> Vec<Offer> {
        let Some(row) = self.row(item) else { return Vec::new() };
        let known = ItemAct::ALL.iter().copied().filter(|act| row.cannot(*act).is_none());
        known.map(|act| Offer { act, asks: asks(act), refused: self.refuses(row, act) }).collect()
    }

    /// Whether an act can be done now with that note; if not, why not and what to do.
    pub fn check(&self, item: &str, act: ItemAct, note: Option<&str>) -> Result<(), Box<str>> {
        let Some(row) = self.row(item) else { return Err(format!("there is no item {item} in this checklist").into()) };
        if let Some(reason) = self.refuses(row, act) {
            return Err(reason);
        }
        match asks(act) {
            Some(question) if note.is_none_or(|note| note.trim().is_empty()) => Err(question.into()),
            Some(_) | None => Ok(()),
        }
    }

    /// The entry that does it, or why it cannot be done now. Its instant is later than that of every other entry about
    /// the checklist, so that a tick and an untick within one instant keep their order.
    pub fn entry(&self, item: &str, act: ItemAct, note: Option<&str>, by: Arc<str>, now: DateTime<Utc>) -> Result<Entry, Box<str>> {
        self.check(item, act, note)?;
        let note = note.map(str::trim).filter(|note| !note.is_empty()).map(Box::from);
        let at = now.max(self.last_at + TimeDelta::milliseconds(1));
        Ok(Entry::new(at, by, What::Item { checklist: self.id.clone(), item: item.into(), act, note }))
    }

    /// Why an act is refused now.
    fn refuses(&self, row: &Row, act: ItemAct) -> Option<Box<str>> {
        if let Some(closed) = &self.closed {
            return Some(format!("this checklist is closed: {}", closed.reason).into());
        }
        if let Some(reason) = row.cannot(act) {
            return Some(reason);
        }
        match act {
            ItemAct::Noted => None,
            ItemAct::Reopened if !row.is_settled() => Some("it is open already".into()),
            ItemAct::Reopened if row.parts > 0 && !self.is_decided_as_a_whole(row) && row.mark.is_some() => Some("open one of its parts again".into()),
            ItemAct::Reopened => None,
            ItemAct::Done if row.state == State::Done => Some("it is done already".into()),
            ItemAct::NotApplicable if row.state == State::NotApplicable => Some("that was said already".into()),
            ItemAct::Done | ItemAct::Disabled | ItemAct::Redirected | ItemAct::LeftAsIs | ItemAct::NotApplicable => {
                if let Some(whole) = row.parent.and_then(|parent| self.rows.get(parent)).filter(|whole| self.is_decided_as_a_whole(whole)) {
                    return Some(format!("\"{}\" was decided as a whole: open that again first", whole.text).into());
                }
                if act == ItemAct::NotApplicable {
                    return None;
                }
                self.waits_for(row)
            }
        }
    }

    /// Whether a whole was settled otherwise than by doing its parts.
    fn is_decided_as_a_whole(&self, row: &Row) -> bool {
        row.standing().is_some_and(|mark| matches!(mark.act, ItemAct::Redirected | ItemAct::LeftAsIs | ItemAct::NotApplicable))
    }

    /// What has to come before.
    fn waits_for(&self, row: &Row) -> Option<Box<str>> {
        let gate = row.item.behind.and_then(|gate| self.gate(gate)).map(Box::from);
        let before = || {
            let before = self.row(row.item.after.as_deref()?)?;
            (!before.is_settled()).then(|| format!("first: {}", before.text).into())
        };
        gate.or_else(before)
    }

    /// A row by the beginning of its text, behind that of the row that it belongs to.
    fn brief(&self, row: &Row) -> String {
        let beginning = |row: &Row| row.item.text.split(':').next().unwrap_or_default().to_owned();
        match row.parent.and_then(|parent| self.rows.get(parent)) {
            Some(whole) => format!("{}: {}", beginning(whole), beginning(row)),
            None => beginning(row),
        }
    }

    /// What is open, in words, for somebody who is about to leave administration mode; none when nothing mandatory is.
    pub fn warning_before_leaving(&self) -> Option<String> {
        let open: Vec<String> = self.open_mandatory().map(|row| self.brief(row)).collect();
        (!open.is_empty()).then(|| format!("{} mandatory {} open: {}", open.len(), counted_word(open.len()), open.join("; ")))
    }
}

fn counted_word(number: usize) -> String {
    let words = counted(number, "item");
    let noun = words.split(' ').nth(1).unwrap_or_default();
    format!("{noun} {}", if number == 1 { "is" } else { "are" })
}

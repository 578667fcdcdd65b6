//! What may be done with an item, and if not, why not.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::fold::Checklist;
use super::row::{Row, State};
use super::template::{AnswerKind, Condition, Decision, Gate, Trait};
use crate::domain::journal::{Entry, ItemAct, What};
use crate::domain::time;
use crate::domain::words::{Word, counted};

/// An act that a row offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The act.
    pub act: ItemAct,
    /// What has to be typed with it, as a question.
    pub asks: Option<Arc<str>>,
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
    /// What has to be typed with an act, as a question; none when a remark is optional.
    pub fn asks(&self, act: ItemAct) -> Option<Arc<str>> {
        match (&self.item.asks, act) {
            (Some(asks), ItemAct::Done) => Some(Arc::clone(&asks.question)),
            (Some(_) | None, act) => asks(act).map(Arc::from),
        }
    }

    /// What was typed with an act, as it is kept; or what is wrong with it.
    fn answered(&self, act: ItemAct, note: Option<&str>) -> Result<Option<Box<str>>, Box<str>> {
        let note = note.map(str::trim).filter(|note| !note.is_empty());
        match (self.asks(act), note, self.item.asks.as_ref().filter(|_| act == ItemAct::Done).map(|asks| asks.answer)) {
            (Some(question), None, _) => Err(Box::from(&*question)),
            (_, Some(note), Some(AnswerKind::Time | AnswerKind::Planned)) => match time::parse_minute(note) {
                Some(at) => Ok(Some(time::minute(at).into())),
                None => Err("This is no date and time: write it as 2026-01-10 20:00, in UTC".into()),
            },
            (_, Some(note), _) if act == ItemAct::Redirected && self.points_at(note) => Err(format!("{note} is where it points now: name another").into()),
            (_, note, _) => Ok(note.map(Box::from)),
        }
    }

    /// Whether something that it names points there already (PCP-024).
    fn points_at(&self, place: &str) -> bool {
        let bare = |text: &str| text.trim_start_matches("https://").trim_end_matches('/').to_lowercase();
        let place = bare(place);
        // An address can name the network behind its host: www.yammer.com/contoso.com.
        let named = |word: &str| bare(word) == place || place.split('/').any(|part| part == bare(word));
        self.concerns.iter().any(|concern| concern.detail.split([' ', ',']).any(|word| !word.is_empty() && named(word)))
    }

    /// Whether an act settles the item: one that it offers, with what has to be typed with it.
    pub(super) fn settles(&self, act: ItemAct, note: Option<&str>) -> bool {
        // A step is done by what was recorded, never by hand.
        let recorded = self.item.does.is_some() && act == ItemAct::Done;
        self.answered(act, note).is_ok() && act != ItemAct::Noted && act != ItemAct::Reopened && (recorded || self.cannot(act).is_none())
    }

    /// Whether an act on it is done to each of its repetitions.
    pub const fn is_shared_out(&self, act: ItemAct) -> bool {
        self.repeats && !matches!(act, ItemAct::Noted | ItemAct::NotApplicable)
    }

    /// Why the item does not know such an act at all.
    fn cannot(&self, act: ItemAct) -> Option<Box<str>> {
        let item = &*self.item;
        if item.done_by_system {
            return (act != ItemAct::Noted).then(|| "the system did this; there is nothing to tick".into());
        }
        match act {
            ItemAct::Noted => None,
            _followed if self.follows.is_some() => Some("this follows from another checklist of this environment".into()),
            ItemAct::Done if item.does.is_some() => Some("this is ticked once the operation is recorded".into()),
            ItemAct::Reopened if item.does.is_some() => Some("this follows from what was recorded".into()),
            // Background operations wait until the mode is really left (C-21).
            ItemAct::NotApplicable if item.then.is_some() => Some("this is a switch: tick it once it is thrown".into()),
            ItemAct::Reopened | ItemAct::NotApplicable => None,
            ItemAct::Done if item.one_of => Some("tick the one of its parts that was done".into()),
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

/// A row that an act is done to, with what is kept of the note.
type Taken<'a> = (&'a Row, Option<Box<str>>);

impl Checklist {
    /// The acts that make sense on an item, each with the reason why it is refused now; nothing for an unknown item.
    pub fn offers(&self, item: &str) -> Vec<Offer> {
        let Some(row) = self.row(item) else { return Vec::new() };
        let known = ItemAct::ALL.iter().copied().filter(|act| self.knows(row, *act));
        known.map(|act| Offer { act, asks: row.asks(act), refused: self.shared_out(item, act).err() }).collect()
    }

    /// Whether an act makes sense on a row, or on what it is repeated for, be it refused now or not.
    pub fn knows(&self, row: &Row, act: ItemAct) -> bool {
        if !row.is_shared_out(act) {
            return row.cannot(act).is_none();
        }
        let from = self.rows.iter().position(|known| known.id == row.id).map_or(0, |at| at + 1);
        self.rows.iter().skip(from).take(row.parts).any(|part| part.is_worked() && part.cannot(act).is_none())
    }

    /// What has to come before an item, if something has: why a step of a plan cannot be taken yet.
    pub fn waits(&self, item: &str) -> Option<Box<str>> {
        match &self.closed {
            Some(closed) => Some(format!("this checklist is closed: {}", closed.reason).into()),
            None => self.waits_for(self.row(item)?),
        }
    }

    /// Whether an act can be done now with that note; if not, why not and what to do.
    pub fn check(&self, item: &str, act: ItemAct, note: Option<&str>) -> Result<(), Box<str>> {
        self.takes(item, act, note).map(|_| ())
    }

    /// The rows that an act is done to: the row itself, or those of its repetitions that it makes sense for now.
    pub fn shared_out(&self, item: &str, act: ItemAct) -> Result<Vec<&Row>, Box<str>> {
        let Some(row) = self.row(item) else { return Err(format!("there is no item {item} in this checklist").into()) };
        if !row.is_shared_out(act) {
            return match self.refuses(row, act) {
                Some(reason) => Err(reason),
                None => Ok(vec![row]),
            };
        }
        let from = self.rows.iter().position(|row| row.id() == item).map_or(0, |at| at + 1);
        let worked = || self.rows.iter().skip(from).take(row.parts).filter(|part| part.is_worked());
        let able: Vec<&Row> = worked().filter(|part| self.refuses(part, act).is_none() && (act == ItemAct::Reopened || !part.is_settled())).collect();
        if able.is_empty() {
            let reason = worked().find_map(|part| self.refuses(part, act));
            return Err(reason.unwrap_or_else(|| "there is nothing left to do here".into()));
        }
        Ok(able)
    }

    /// The rows that an act is done to, with what is kept of the note.
    fn takes(&self, item: &str, act: ItemAct, note: Option<&str>) -> Result<Vec<Taken<'_>>, Box<str>> {
        let planned = |row: &Row| act == ItemAct::Done && row.item.asks.as_ref().is_some_and(|asks| asks.answer == AnswerKind::Planned);
        let answered = |row: &Row| -> Result<Option<Box<str>>, Box<str>> {
            let answer = row.answered(act, note)?;
            // What was planned cannot lie before there was anything to plan.
            if planned(row) && answer.as_deref().and_then(time::parse_minute).is_some_and(|at| at < self.opened_at) {
                return Err(format!("That is over: this was begun on {}. Write a time that is still to come", time::minute(self.opened_at)).into());
            }
            Ok(answer)
        };
        self.shared_out(item, act)?.into_iter().map(|row| Ok((row, answered(row)?))).collect()
    }

    /// The entries that do it, or why it cannot be done now. Their instants are later than that of every other entry
    /// about the checklist, so that a tick and an untick within one instant keep their order.
    pub fn entries(&self, item: &str, act: ItemAct, note: Option<&str>, by: &Arc<str>, now: DateTime<Utc>) -> Result<Vec<Entry>, Box<str>> {
        let first = now.max(self.last_at + TimeDelta::milliseconds(1));
        let taken = self.takes(item, act, note)?;
        let entry = |(nth, (row, note)): (i64, Taken<'_>)| {
            let what = What::Item { checklist: self.id.clone(), item: row.id.clone(), act, note };
            Entry::new(first + TimeDelta::milliseconds(nth), Arc::clone(by), what)
        };
        Ok((0..).zip(taken).map(entry).collect())
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
            ItemAct::Reopened if row.parts > 0 && !row.is_decided_as_a_whole() && row.mark.is_some() => Some("open one of its parts again".into()),
            ItemAct::Reopened => None,
            ItemAct::Done if row.state == State::Done => Some("it is done already".into()),
            ItemAct::NotApplicable if row.state == State::NotApplicable => Some("that was said already".into()),
            ItemAct::Done | ItemAct::Disabled | ItemAct::Redirected | ItemAct::LeftAsIs | ItemAct::NotApplicable => {
                if let Some(whole) = self.above(row).find(|whole| whole.is_decided_as_a_whole()) {
                    return Some(format!("\"{}\" was settled as a whole: open that again first", whole.text).into());
                }
                if let Some(other) = self.chosen_instead_of(row) {
                    return Some(format!("\"{}\" was chosen: open that again first", other.text).into());
                }
                // What is said not to apply has its turn as well: otherwise a lock would be opened by leaving out what it waits for.
                self.waits_for(row)
            }
        }
    }

    /// The rows that a row belongs to, the nearest first.
    fn above<'a>(&'a self, row: &Row) -> impl Iterator<Item = &'a Row> {
        let up = |row: &Row| row.parent.and_then(|parent| self.rows.get(parent));
        std::iter::successors(up(row), move |row| up(row))
    }

    /// A row, then the rows that it belongs to, the nearest first.
    pub(super) fn with_above<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = &'a Row> {
        std::iter::once(row).chain(self.above(row))
    }

    /// The other part of a choice of one that was done (C-36).
    fn chosen_instead_of(&self, row: &Row) -> Option<&Row> {
        let whole = row.parent.filter(|parent| self.rows.get(*parent).is_some_and(|whole| whole.item.one_of))?;
        let chosen = |other: &&Row| other.parent == Some(whole) && other.id != row.id && matches!(other.state, State::Done | State::Decided);
        self.rows.iter().find(chosen)
    }

    /// What has to come before: of the row, of what it belongs to, and of its section.
    pub(super) fn waits_for(&self, row: &Row) -> Option<Box<str>> {
        let gate = row.item.behind.and_then(|gate| self.gate(gate)).map(Box::from);
        let own = || std::iter::once(row).chain(self.above(row)).find_map(|row| row.needs.clone().or_else(|| self.first(&row.item.after, row)));
        let section = || {
            let section = self.sections.get(row.section)?;
            section.needs.clone().or_else(|| self.first(&section.after, row))
        };
        gate.or_else(own).or_else(section)
    }

    /// What of `before` is not settled, in words: within a repetition that of the same component, else all of it.
    fn first(&self, before: &[Box<str>], row: &Row) -> Option<Box<str>> {
        let repeated = |row: &Row| self.above(row).find(|row| row.repeats).map(|row| row.id.clone());
        let item = |before: &str| {
            let same = self.near(before, row.key.as_deref()).filter(|known| known.key.is_none() || repeated(known) == repeated(row));
            let before = same.or_else(|| self.row(before))?;
            if before.holds_up() { Some(format!("first: {}", before.text).into_boxed_str()) } else { self.ordered(before) }
        };
        let section = |before: &str| {
            let section = self.sections.iter().position(|section| &*section.id == before)?;
            let rows = || self.rows.iter().filter(|row| row.section == section && row.parent.is_none());
            if let Some(open) = rows().find(|row| row.holds_up()) {
                return Some(format!("first: {}", open.text).into_boxed_str());
            }
            rows().find_map(|row| self.ordered(row))
        };
        before.iter().find_map(|before| item(before).or_else(|| section(before)))
    }

    /// What comes before a row and is open: also before what is settled already, because a fact or another checklist settled
    /// it out of turn.
    fn ordered(&self, row: &Row) -> Option<Box<str>> {
        let own = std::iter::once(row).chain(self.above(row)).find_map(|above| self.first(&above.item.after, row));
        own.or_else(|| self.first(&self.sections.get(row.section)?.after, row))
    }

    /// A row by the beginning of its text, behind that of the item at the top that it belongs to; what is repeated goes by
    /// the item.
    fn brief(&self, row: &Row) -> String {
        let top = self.above(row).last().filter(|top| top.item.id != row.item.id);
        match top {
            Some(top) => format!("{}: {}", top.beginning(), row.beginning()),
            None => row.beginning().to_owned(),
        }
    }

    /// Whether a row has its turn only once administration mode was left, or is the act of leaving it.
    fn follows_leaving(&self, row: &Row) -> bool {
        if row.item.then.is_some() {
            return true;
        }
        let service = Condition::Environment(Trait::InService);
        let section = self.sections.get(row.section);
        if section.is_some_and(|section| section.in_service) || std::iter::once(row).chain(self.above(row)).any(|row| row.item.needs.contains(&service)) {
            return true;
        }
        let before = std::iter::once(row).chain(self.above(row)).flat_map(|row| &row.item.after).chain(section.into_iter().flat_map(|section| &section.after));
        let leads = |id: &str| {
            let of_section = |row: &&Row| self.sections.get(row.section).is_some_and(|section| *section.id == *id) && row.parent.is_none();
            self.row(id).is_some_and(|row| self.follows_leaving(row)) || self.rows.iter().filter(of_section).any(|row| self.follows_leaving(row))
        };
        before.into_iter().any(|id| leads(id))
    }

    /// What is mandatory and open although its turn is before administration mode is left, each with how often.
    fn open_before_leaving(&self) -> Vec<(String, usize)> {
        let mut open: Vec<(String, usize)> = Vec::new();
        for brief in self.open_mandatory().filter(|row| !self.follows_leaving(row)).map(|row| self.brief(row)) {
            match open.iter_mut().find(|(known, _)| *known == brief) {
                Some((_, times)) => *times += 1,
                None => open.push((brief, 1)),
            }
        }
        open
    }

    /// What was left pointing where the source points, although it belongs to what a gate guards (PCP-024): it was left as
    /// it is, or said not to apply although there is something.
    pub fn left_behind(&self, gate: Gate) -> impl Iterator<Item = &Row> {
        let guards = move |row: &&Row| row.item.gate.as_ref().is_some_and(|(of, _)| *of == gate) && !row.concerns.is_empty();
        let left = |row: &&Row| row.decision == Some(ItemAct::LeftAsIs) || row.state == State::NotApplicable && row.mark.is_some();
        self.rows.iter().filter(guards).filter(left)
    }
}

/// What is open in the checklists of an environment, in words, for somebody who is about to leave administration mode; none
/// when nothing mandatory is (G-21).
pub fn warning_before_leaving(checklists: &[Checklist]) -> Option<String> {
    /// More of one checklist nobody reads in a question; the rest is counted.
    const NAMED: usize = 12;
    let open: Vec<_> = checklists.iter().map(|checklist| (checklist, checklist.open_before_leaving())).filter(|(_, open)| !open.is_empty()).collect();
    let times = |open: &[(String, usize)]| open.iter().map(|(_, times)| times).sum::<usize>();
    let number: usize = open.iter().map(|(_, open)| times(open)).sum();
    let of_one = |(checklist, open): &(&Checklist, Vec<(String, usize)>)| {
        let mut words: Vec<_> = open.iter().take(NAMED).map(|(brief, times)| if *times > 1 { format!("{brief} ({times})") } else { brief.clone() }).collect();
        let rest = times(open.get(NAMED..).unwrap_or_default());
        words.extend((rest > 0).then(|| format!("and {rest} more")));
        let words = words.join("; ");
        if checklists.len() > 1 { format!("in \"{}\": {words}", checklist.title) } else { words }
    };
    // What an operation opened concerns everybody who gets in; plans come after it.
    let (by_operation, begun): (Vec<_>, Vec<_>) = open.iter().partition(|(checklist, _)| checklist.operation.is_some());
    let words: Vec<_> = by_operation.into_iter().chain(begun).map(of_one).collect();
    (number > 0).then(|| format!("{number} mandatory {} open: {}", counted_word(number), words.join(". ")))
}

fn counted_word(number: usize) -> String {
    let words = counted(number, "item");
    let noun = words.split(' ').nth(1).unwrap_or_default();
    format!("{noun} {}", if number == 1 { "is" } else { "are" })
}

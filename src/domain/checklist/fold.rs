//! A checklist for one environment: the items that apply, with what the journal says was done with each.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::opened::{Closed, Opened, withdrawn};
use super::template::{Concerned, Gate, Item, Mandatory, Setting, Template};
use crate::domain::component::{Component, Property};
use crate::domain::copy::Level;
use crate::domain::environment::{Environment, EnvironmentId};
use crate::domain::journal::{Entry, EntryId, ItemAct, Journal, What};
use crate::domain::known::Known;
use crate::domain::operation::OperationKind;
use crate::domain::rulebook::Edition;
use crate::domain::words::Word as _;
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

/// A component that an item concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concern {
    /// Its name.
    pub name: Box<str>,
    /// What is known of it that matters here: `incoming server-side-sync, outgoing none`.
    pub detail: Box<str>,
    /// Whether it is only possible that the item concerns it, because a property is unknown.
    pub unsure: bool,
}

/// A row of a checklist: an item, or one of those that an item consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The item as it is written down.
    pub item: Arc<Item>,
    /// Its section, as an index into [`Checklist::sections`].
    pub section: usize,
    /// The row of the item that it belongs to, as an index into [`Checklist::rows`].
    pub parent: Option<usize>,
    /// How many rows after it belong to it.
    pub parts: usize,
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
    /// Why it does not apply, where that follows from facts or from the item that it belongs to.
    pub reason: Option<Box<str>>,
    /// The last remark on it.
    pub note: Option<Mark>,
    /// Everything that was done with it, oldest first.
    pub history: Vec<Mark>,
}

impl Row {
    /// Its permanent id.
    pub fn id(&self) -> &str {
        &self.item.id
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
}

/// A section of which at least one item applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Permanent id.
    pub id: Box<str>,
    /// Its heading.
    pub title: Arc<str>,
    /// What stands below the heading.
    pub help: Vec<Arc<str>>,
    /// The rules that it carries out.
    pub rules: Vec<Box<str>>,
}

/// Something that was done with an item that the checklist does not have, or no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    /// The id of the item.
    pub item: Box<str>,
    /// What was done.
    pub mark: Mark,
}

/// How far a checklist is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Rows that are settled.
    pub done: usize,
    /// Rows that somebody has to settle; those that do not apply by the facts are not counted.
    pub total: usize,
    /// Mandatory rows that are open.
    pub mandatory_open: usize,
}

/// A checklist for one environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checklist {
    /// The entry that opened it.
    pub id: EntryId,
    /// The id of its template.
    pub template: Box<str>,
    /// Its title.
    pub title: Arc<str>,
    /// The environment that it is for.
    pub environment: EnvironmentId,
    /// The name of that environment.
    pub environment_name: Box<str>,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// Who opened it.
    pub opened_by: Arc<str>,
    /// The operation that opened it: its entry, its kind, and where it came from.
    pub operation: Option<(EntryId, OperationKind, Option<EnvironmentId>)>,
    /// The level of that copy.
    pub level: Known<Level>,
    /// Set when it is not worked any further.
    pub closed: Option<Closed>,
    /// What stands at its top.
    pub header: Vec<Arc<str>>,
    /// Its sections, in order.
    pub sections: Vec<Heading>,
    /// Its rows, in order: each item is followed by those that it consists of.
    pub rows: Vec<Row>,
    /// What was done with items that it does not have.
    pub strays: Vec<Stray>,
    /// What was done and then withdrawn by another entry, so that it never counted.
    pub withdrawn: Vec<Stray>,
    /// When the last entry about it was made.
    pub(super) last_at: DateTime<Utc>,
}

impl Checklist {
    /// The checklist that `opened` opened, as the facts about its environment and the journal make it now.
    pub fn of(journal: &Journal, opened: &Opened<'_>, template: &Template, environment: &Environment, edition: Edition) -> Self {
        let setting = Setting { environment, level: opened.level(), edition };
        let Marks { by_item: mut marks, withdrawn, last_at } = marks(journal, opened.entry);
        let (mut sections, mut rows) = (Vec::new(), Vec::new());
        for section in template.sections.iter().filter(|section| setting.meets(&section.when)) {
            let before = rows.len();
            for item in section.items.iter().filter(|item| setting.meets(&item.when)) {
                add(&mut rows, item, sections.len(), &setting, &mut marks);
            }
            if rows.len() > before {
                let help = super::template::shown(&section.help, &setting);
                sections.push(Heading { id: section.id.clone(), title: Arc::clone(&section.title), help, rules: section.rules.clone() });
            }
        }
        let mut strays: Vec<_> = marks.into_iter().flat_map(|(item, marks)| marks.into_iter().map(move |mark| Stray { item: item.into(), mark })).collect();
        strays.sort_by(|one, other| (one.mark.at, &one.item).cmp(&(other.mark.at, &other.item)));
        Self {
            id: opened.entry.id.clone(),
            template: template.id.clone(),
            title: Arc::clone(&template.title),
            environment: environment.id.clone(),
            environment_name: environment.name.clone(),
            opened_at: opened.entry.at,
            opened_by: Arc::clone(&opened.entry.by),
            operation: opened.operation.map(|(id, operation)| (id.clone(), operation.kind, operation.source.clone())),
            level: setting.level,
            closed: opened.closed.clone(),
            header: super::template::shown(&template.header, &setting),
            sections,
            rows,
            strays,
            withdrawn,
            last_at,
        }
    }

    /// The row of an item.
    pub fn row(&self, item: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.id() == item)
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        let mut progress = Progress::default();
        for row in self.rows.iter().filter(|row| row.is_worked()) {
            progress.total += usize::from(row.state != State::NotApplicable || row.mark.is_some());
            progress.done += usize::from(row.is_settled() && (row.state != State::NotApplicable || row.mark.is_some()));
            progress.mandatory_open += usize::from(row.is_open_mandatory());
        }
        progress
    }

    /// The mandatory rows that somebody still has to settle: what is taken upon oneself by leaving administration mode
    /// before they are (G-21).
    pub fn open_mandatory(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.is_worked() && row.is_open_mandatory())
    }

    /// The next mandatory row that is open, seen from the row of `after`, from the top again after the last one.
    pub fn next_open_mandatory(&self, after: Option<&str>) -> Option<&Row> {
        let from = after.and_then(|after| self.rows.iter().position(|row| row.id() == after)).map_or(0, |place| place + 1);
        let (before, behind) = self.rows.split_at(from);
        behind.iter().chain(before).find(|row| row.is_worked() && row.is_open_mandatory())
    }

    /// Why a gate is shut; none when it is open.
    pub fn gate(&self, gate: Gate) -> Option<&str> {
        let shut = |row: &&Row| !row.is_settled() && row.item.gate.as_ref().is_some_and(|(of, _)| *of == gate);
        self.rows.iter().find(shut).and_then(|row| row.item.gate.as_ref()).map(|(_, why)| &**why)
    }
}

/// What was done with each item of a checklist, oldest first.
struct Marks<'a> {
    by_item: HashMap<&'a str, Vec<Mark>>,
    withdrawn: Vec<Stray>,
    last_at: DateTime<Utc>,
}

fn marks<'a>(journal: &'a Journal, opened: &Entry) -> Marks<'a> {
    let gone = withdrawn(journal);
    let mut marks = Marks { by_item: HashMap::new(), withdrawn: Vec::new(), last_at: opened.at };
    for entry in journal.entries() {
        let What::Item { checklist, item, act, note } = &entry.what else { continue };
        if *checklist == opened.id {
            marks.last_at = marks.last_at.max(entry.at);
            let mark = Mark { act: *act, note: note.clone(), by: Arc::clone(&entry.by), at: entry.at };
            if gone.contains_key(&entry.id) {
                marks.withdrawn.push(Stray { item: item.clone(), mark });
            } else {
                marks.by_item.entry(item).or_default().push(mark);
            }
        }
    }
    marks
}

/// Adds the row of an item and those of its parts.
fn add(rows: &mut Vec<Row>, item: &Arc<Item>, section: usize, setting: &Setting<'_>, marks: &mut HashMap<&str, Vec<Mark>>) {
    let place = rows.len();
    let mut row = blank(item, section, None, setting);
    row.take(marks);
    rows.push(row.clone());
    for part in item.items.iter().filter(|part| setting.meets(&part.when)) {
        let mut sub = blank(part, section, Some(place), setting);
        // What the whole is about, the parts are about, unless they say so themselves.
        if part.components.is_empty() {
            sub.unexplored = row.unexplored;
            sub.reason = row.reason.clone().filter(|_| row.state == State::NotApplicable && row.mark.is_none());
        }
        sub.mandatory = sub.unexplored || mandatory(part, setting).unwrap_or(row.mandatory);
        sub.take(marks);
        sub.follow(&row);
        rows.push(sub);
    }
    row.parts = rows.len() - place - 1;
    if row.parts > 0 {
        row.sum_up(rows.get(place + 1..).unwrap_or_default());
    }
    if let Some(whole) = rows.get_mut(place) {
        *whole = row;
    }
}

/// The row of an item with which nobody did anything yet.
fn blank(item: &Arc<Item>, section: usize, parent: Option<usize>, setting: &Setting<'_>) -> Row {
    let Seen { concerns, unexplored, none } = look(&item.components, setting.environment);
    let text = item.unknown.as_ref().filter(|_| unexplored).unwrap_or(&item.text);
    Row {
        item: Arc::clone(item),
        section,
        parent,
        parts: 0,
        text: Arc::clone(text),
        help: super::template::shown(&item.help, setting),
        concerns,
        unexplored,
        mandatory: unexplored || mandatory(item, setting).unwrap_or(false),
        state: State::Open,
        decision: None,
        mark: None,
        reason: none,
        note: None,
        history: Vec::new(),
    }
}

/// Whether an item is mandatory; none when the item that it belongs to decides.
fn mandatory(item: &Item, setting: &Setting<'_>) -> Option<bool> {
    match &item.mandatory {
        Mandatory::Inherited => None,
        Mandatory::No => Some(false),
        Mandatory::When(conditions) => Some(setting.meets(conditions)),
    }
}

/// What was found of the components that an item concerns.
struct Seen {
    concerns: Vec<Concern>,
    unexplored: bool,
    none: Option<Box<str>>,
}

fn look(components: &[Concerned], environment: &Environment) -> Seen {
    let (mut concerns, mut unexplored) = (Vec::new(), false);
    for concerned in components {
        let Known::Is(list) = environment.components.of(concerned.kind) else {
            unexplored = true;
            continue;
        };
        for component in list {
            let included = concerned.includes(component);
            if included != Known::Is(false) {
                concerns.push(Concern { name: component.name.clone(), detail: detail(component), unsure: included.is_unknown() });
            }
        }
    }
    let none = (!components.is_empty() && concerns.is_empty() && !unexplored).then(|| {
        let kinds: Vec<&str> = components.iter().map(|concerned| concerned.kind.label()).collect();
        let none = if components.iter().all(|concerned| concerned.only.is_empty()) { "there are none" } else { "none is concerned" };
        format!("by the facts {none} ({})", kinds.join(", ")).into_boxed_str()
    });
    Seen { concerns, unexplored, none }
}

/// The properties of a component that were seen, in words.
fn detail(component: &Component) -> Box<str> {
    let words = component.properties.iter().map(|(name, value)| match value {
        Property::Flag(true) => (*name).replace('_', " "),
        Property::Flag(false) => format!("no {}", name.replace('_', " ")),
        Property::Text(text) => format!("{} {text}", name.replace('_', " ")),
        Property::Nothing => format!("{} none", name.replace('_', " ")),
    });
    words.collect::<Vec<_>>().join(", ").into_boxed_str()
}

impl Row {
    /// What holds of all that was done with the item itself.
    pub(super) fn standing(&self) -> Option<Mark> {
        let holds = |mark: &&Mark| mark.act == ItemAct::Reopened || self.settles(mark.act, mark.note.as_deref());
        self.history.iter().rev().find(holds).filter(|_| !self.item.done_by_system).cloned()
    }

    /// Takes what was done with the item.
    fn take(&mut self, marks: &mut HashMap<&str, Vec<Mark>>) {
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

    /// A part of which nothing was said follows the whole, where that was decided otherwise than by doing its parts.
    fn follow(&mut self, whole: &Row) {
        let moot = match whole.mark.as_ref().map(|mark| mark.act) {
            Some(ItemAct::Redirected) => "the whole was redirected",
            Some(ItemAct::LeftAsIs) => "the whole was left as it is",
            Some(ItemAct::NotApplicable) => "the whole does not apply",
            Some(ItemAct::Done | ItemAct::Reopened | ItemAct::Disabled | ItemAct::Noted) | None => return,
        };
        if self.mark.as_ref().is_none_or(|mark| mark.act == ItemAct::Reopened) {
            (self.state, self.reason) = (State::NotApplicable, Some(moot.into()));
            self.mark = None;
        }
    }

    /// A whole is settled when all of its parts are, or when it was decided otherwise than by doing them.
    fn sum_up(&mut self, parts: &[Row]) {
        let own = self.mark.as_ref().map(|mark| mark.act);
        if matches!(own, Some(ItemAct::Redirected | ItemAct::LeftAsIs | ItemAct::NotApplicable)) {
            return;
        }
        self.unexplored |= parts.iter().any(|part| part.unexplored);
        self.mandatory = parts.iter().any(|part| part.mandatory && part.state != State::NotApplicable);
        if parts.iter().any(|part| !part.is_settled()) {
            self.state = State::Open;
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
        if own != Some(ItemAct::Disabled) {
            // Who did the last part finished the whole; what was written there is about that part.
            self.mark = last.map(|mark| Mark { act: ItemAct::Done, note: None, ..mark.clone() });
        }
    }
}

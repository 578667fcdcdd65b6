//! What asks for attention in the whole estate: kept until facts, rules or time change it, and listed with where to go.

use chrono::{DateTime, TimeDelta, Utc};
use tui_input::Input;

use crate::app::list::{Cursor, Step};
use crate::domain::attention::{self, Attention, Item};
use crate::domain::checklist::Template;
use crate::domain::estate::Estate;
use crate::domain::rulebook::{Edition, Rulebook};
use crate::domain::words::Word;

/// How far ahead can be looked for backups that expire, in days; as far as the rulebook says comes first.
const AHEAD: [(Option<i64>, Option<&str>); 3] = [(None, None), (Some(7), Some("7 days")), (Some(28), Some("28 days"))];

/// What asks for attention now.
#[derive(Debug, Default)]
pub struct Watch {
    found: Attention,
    computed: Option<(u64, Edition, usize)>,
    computed_at: DateTime<Utc>,
    ahead: Option<TimeDelta>,
    version: u64,
}

impl Watch {
    /// What was found, the most urgent first.
    pub fn items(&self) -> &[Item] {
        &self.found.items
    }

    /// What could not be judged, in words.
    pub fn unjudged(&self) -> Option<String> {
        self.found.unjudged.in_words()
    }

    /// How far ahead is looked for backups that expire, in words; none where as far as the rulebook says.
    pub fn ahead(&self) -> Option<&'static str> {
        AHEAD.iter().find(|(days, _)| self.ahead == days.map(TimeDelta::days)).and_then(|(_, words)| *words)
    }

    /// Looks further ahead, behind the furthest as far as the rulebook says again.
    pub fn look_further(&mut self) {
        let at = AHEAD.iter().position(|(days, _)| self.ahead == days.map(TimeDelta::days)).unwrap_or(0);
        self.ahead = AHEAD.get((at + 1) % AHEAD.len()).and_then(|(days, _)| days.map(TimeDelta::days));
        self.computed = None;
    }

    /// When time alone changes it.
    pub const fn changes_at(&self) -> Option<DateTime<Utc>> {
        self.found.changes_at
    }

    /// Looks again if facts or rules changed, or the instant has come at which time changes it; true when something is new.
    pub fn refresh(&mut self, estate: &Estate, templates: &[Template], rulebook: &Rulebook, now: DateTime<Utc>) -> bool {
        let wanted = (estate.revision(), rulebook.edition, templates.len());
        // With a rehearsal that is taken back, the time that was skipped for it is taken back too.
        let over = now < self.computed_at || self.found.changes_at.is_some_and(|at| now >= at);
        if self.computed == Some(wanted) && !over {
            return false;
        }
        let found = attention::attention(estate, templates, rulebook, self.ahead, now);
        let changed = found.items != self.found.items || found.unjudged != self.found.unjudged;
        self.found = found;
        (self.computed, self.computed_at) = (Some(wanted), now);
        self.version += u64::from(changed);
        changed
    }
}

/// The list that is open.
#[derive(Debug, Default)]
pub struct Listing {
    /// The cursor.
    pub cursor: Cursor,
    /// What is typed as a filter: words of what is shown.
    pub filter: Input,
    rows: Vec<Item>,
    applied: Option<(u64, String)>,
}

impl Listing {
    /// The items that pass the filter.
    pub fn rows(&self) -> &[Item] {
        &self.rows
    }

    /// The item under the cursor.
    pub fn selected(&self) -> Option<&Item> {
        self.rows.get(self.cursor.at)
    }

    /// Takes over what asks for attention; the cursor stays on what it was on. True when something changed.
    pub fn refresh(&mut self, watch: &Watch, estate: &Estate, height: usize) -> bool {
        let wanted = (watch.version, self.filter.value().to_lowercase());
        if self.applied.as_ref() == Some(&wanted) {
            return false;
        }
        let about = |item: &Item| (item.kind, item.environment, item.tenant, item.due_at);
        let before = self.selected().map(about);
        self.rows = watch.items().iter().filter(|item| wanted.1.split_whitespace().all(|word| says(item, word, estate))).cloned().collect();
        let at = self.rows.iter().position(|item| Some(about(item)) == before).unwrap_or(self.cursor.at);
        self.cursor.go(at, self.rows.len(), height);
        self.applied = Some(wanted);
        true
    }

    /// Moves the cursor; true when it moved.
    pub fn step(&mut self, step: Step, height: usize) -> bool {
        self.cursor.step(step, self.rows.len(), height)
    }

    /// Goes to a row on screen; true when the cursor moved.
    pub fn go(&mut self, at: usize, height: usize) -> bool {
        at < self.rows.len() && self.cursor.go(at, self.rows.len(), height)
    }
}

/// Whether the word, in lower case, stands in what is shown of an item.
fn says(item: &Item, word: &str, estate: &Estate) -> bool {
    let tenant = item.tenant.map_or("", |key| &estate.tenant(key).name);
    [item.kind.label(), item.kind.word(), &item.message, tenant].iter().any(|text| text.to_lowercase().contains(word))
}

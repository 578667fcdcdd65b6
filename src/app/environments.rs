//! The list of environments: which are shown, in which order, and which one is chosen.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use tui_input::Input;

use crate::app::fuzzy::{Fuzzy, letters};
use crate::app::layout::Screen;
use crate::app::list::{Cursor, Entries, Step};
use crate::domain::environment::{Environment, EnvironmentId};
use crate::domain::estate::{EnvironmentKey, Estate};
use crate::domain::filter::Filter;
use crate::domain::known::Known;
use crate::domain::linked;
use crate::domain::rulebook::Rulebook;
use crate::domain::tenant::TenantKey;
use crate::domain::words::Word;
use crate::vocabulary;

vocabulary! {
    /// What the list is sorted by.
    Sort, "order" {
        Type = "type" "by type",
        Name = "name" "by name",
        Region = "region" "by region",
        Newest = "newest" "newest first",
        Largest = "largest" "largest first",
    }
}

/// An environment on screen with the letters of its name that the filter matched. A linked pair is one entry, where there is
/// room of two rows: the environment, and its other half below it (ENV-029, LNK-001).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which environment.
    pub key: EnvironmentKey,
    /// Positions in the name, counted in characters.
    pub matched: Vec<usize>,
    /// Whether its other half stands below it.
    pub half: bool,
}

impl Row {
    /// The rows that it takes.
    pub const fn height(&self) -> u16 {
        if self.half { 2 } else { 1 }
    }
}

/// The list of environments.
#[derive(Default)]
pub struct Environments {
    /// What is typed as a filter.
    pub filter: Input,
    /// What is wrong with it.
    pub error: Option<String>,
    /// What the list is sorted by, production first when nobody chose; words of a filter sort by how well they match.
    pub sort: Option<Sort>,
    /// Which tenant is shown; none means all.
    pub tenant: Option<TenantKey>,
    /// The cursor.
    pub cursor: Cursor,
    marked: BTreeSet<EnvironmentId>,
    rows: Vec<EnvironmentKey>,
    visible: Vec<Row>,
    letters: Vec<u64>,
    rank: Vec<u32>,
    fuzzy: Fuzzy,
    applied: Option<Applied>,
}

/// What the rows were computed from.
#[derive(Debug, PartialEq)]
struct Applied {
    revision: u64,
    text: String,
    sort: Sort,
    tenant: Option<TenantKey>,
}

impl std::fmt::Debug for Environments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Environments")
            .field("filter", &self.filter.value())
            .field("cursor", &self.cursor)
            .field("rows", &self.rows.len())
            .finish_non_exhaustive()
    }
}

impl Environments {
    /// Takes over a new estate and keeps the cursor on `keep`, if that environment is still there.
    pub fn open(&mut self, estate: &Estate, rulebook: &Rulebook, keep: Option<EnvironmentKey>, screen: Screen) {
        self.applied = None;
        self.marked.retain(|id| estate.find(id).is_some());
        // The keys of the estate before mean nothing in this one.
        self.rows.clear();
        self.refresh(estate, rulebook, keep, screen);
    }

    /// Takes over the names, which a copy can change.
    fn learn(&mut self, estate: &Estate) {
        self.letters = estate.environments().map(|(_, environment)| letters(&environment.name)).collect();
        self.rank = vec![0; estate.by_name().len()];
        for (rank, key) in estate.by_name().iter().zip(0_u32..).map(|(key, rank)| (rank, key)) {
            if let Some(place) = self.rank.get_mut(key.0 as usize) {
                *place = rank;
            }
        }
    }

    /// The chosen environment.
    pub fn selected(&self) -> Option<EnvironmentKey> {
        self.rows.get(self.cursor.at).copied()
    }

    /// The environments that are marked, shown or not.
    pub const fn marked(&self) -> &BTreeSet<EnvironmentId> {
        &self.marked
    }

    /// Marks the chosen environment, or takes its mark away.
    pub fn mark(&mut self, estate: &Estate) {
        if let Some(id) = self.selected().map(|key| estate.environment(key).id.clone())
            && !self.marked.remove(&id)
        {
            self.marked.insert(id);
        }
    }

    /// Marks everything that is shown, or takes those marks away where all of them are marked.
    pub fn mark_all(&mut self, estate: &Estate) {
        let shown: Vec<_> = self.rows.iter().map(|key| &estate.environment(*key).id).collect();
        if shown.iter().all(|id| self.marked.contains(*id)) {
            shown.into_iter().for_each(|id| drop(self.marked.take(id)));
        } else {
            self.marked.extend(shown.into_iter().cloned());
        }
    }

    /// Takes all marks away; true when there were any.
    pub fn unmark(&mut self) -> bool {
        let any = !self.marked.is_empty();
        self.marked.clear();
        any
    }

    /// How many environments are shown.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// The rows on screen.
    pub fn visible(&self) -> &[Row] {
        &self.visible
    }

    /// Moves the cursor; true when it moved.
    pub fn step(&mut self, step: Step, estate: &Estate, screen: Screen) -> bool {
        let moved = self.to(estate, screen, |cursor, entries| cursor.step_among(step, entries));
        if moved {
            self.show(estate, screen);
        }
        moved
    }

    /// Puts the cursor on an environment of the list; true when it moved.
    pub fn go(&mut self, at: usize, estate: &Estate, screen: Screen) -> bool {
        let moved = self.to(estate, screen, |cursor, entries| cursor.go_among(at, entries));
        if moved {
            self.show(estate, screen);
        }
        moved
    }

    fn to(&mut self, estate: &Estate, screen: Screen, go: impl FnOnce(&mut Cursor, &Entries<'_>) -> bool) -> bool {
        let rows = heights(&self.rows, estate, screen);
        go(&mut self.cursor, &Entries { count: self.rows.len(), screen: screen.rows, rows: &rows })
    }

    /// Which environment of the list stands in a row of the screen.
    pub fn at_row(&self, row: u16) -> Option<usize> {
        let mut below = 0;
        let on_screen = self.visible.iter().position(|shown| {
            below += shown.height();
            row < below
        });
        on_screen.map(|index| self.cursor.top + index)
    }

    /// Puts the cursor on an environment, if it is shown.
    pub fn choose(&mut self, key: EnvironmentKey, estate: &Estate, screen: Screen) -> bool {
        match self.rows.iter().position(|row| *row == key) {
            Some(at) => {
                self.go(at, estate, screen);
                true
            }
            None => false,
        }
    }

    /// The screen is another one.
    pub fn resize(&mut self, estate: &Estate, screen: Screen) {
        let at = self.cursor.at;
        self.to(estate, screen, |cursor, entries| cursor.go_among(at, entries));
        self.show(estate, screen);
    }

    /// What the list is sorted by.
    pub fn order(&self) -> Sort {
        self.sort.unwrap_or(Sort::Type)
    }

    /// Computes the rows again if anything they follow from has changed; true when they were.
    pub fn refresh(&mut self, estate: &Estate, rulebook: &Rulebook, keep: Option<EnvironmentKey>, screen: Screen) -> bool {
        let wanted = Applied { revision: estate.revision(), text: self.filter.value().to_owned(), sort: self.order(), tenant: self.tenant };
        if self.applied.as_ref() == Some(&wanted) {
            return false;
        }
        if self.applied.as_ref().is_none_or(|before| before.revision != wanted.revision) {
            self.learn(estate);
        }
        match Filter::parse(&wanted.text) {
            Ok(filter) => {
                self.error = None;
                self.rows = self.matching(&filter, &wanted, estate, rulebook);
            }
            // Nothing passes what is not understood: an older result would be taken for its answer.
            Err(error) => {
                self.error = Some(error.0);
                self.rows.clear();
            }
        }
        // The best match comes first while the filter changes; when the facts change the cursor stays where it is.
        let typed = !wanted.text.is_empty() && self.applied.as_ref().is_some_and(|before| before.text != wanted.text);
        self.applied = Some(wanted);
        let at = if typed { 0 } else { keep.and_then(|keep| self.rows.iter().position(|row| *row == keep)).unwrap_or(0) };
        self.cursor = Cursor::default();
        self.to(estate, screen, |cursor, entries| cursor.go_among(at, entries));
        self.show(estate, screen);
        true
    }

    /// The environments that pass, in their order. A filter that only grew looks through what it left before.
    fn matching(&mut self, filter: &Filter, wanted: &Applied, estate: &Estate, rulebook: &Rulebook) -> Vec<EnvironmentKey> {
        let grew = self.applied.as_ref().is_some_and(|before| {
            !before.text.is_empty()
                && !wanted.text.contains(':')
                && wanted.text.starts_with(&before.text)
                && (before.revision, before.sort, before.tenant) == (wanted.revision, wanted.sort, wanted.tenant)
        });
        let candidates = if grew { std::mem::take(&mut self.rows) } else { sorted(estate, rulebook, wanted.sort, wanted.tenant) };
        if filter.is_empty() {
            return candidates;
        }
        let needed = filter.words.iter().fold(0, |set, word| set | letters(word));
        let has_letters = |key: &EnvironmentKey| self.letters.get(key.0 as usize).is_some_and(|letters| needed & !letters == 0);
        let passes = |environment: &Environment| filter.passes(environment, &estate.tenant(environment.tenant).name, rulebook);
        let candidates = candidates.into_iter().filter(has_letters);
        if filter.words.is_empty() {
            return candidates.filter(|key| passes(estate.environment(*key))).collect();
        }
        let typed = filter.words.join(" ");
        let mut scored: Vec<_> = candidates
            .filter_map(|key| {
                let environment = estate.environment(key);
                let score = self.fuzzy.score(&environment.name, &filter.words).filter(|_| passes(environment))?;
                let begins = environment.name.get(..typed.len()).is_some_and(|start| start.eq_ignore_ascii_case(&typed));
                let exact = begins && environment.name.len() == typed.len();
                Some((Reverse((exact, begins, score)), environment.name.len(), self.rank.get(key.0 as usize).copied().unwrap_or(u32::MAX), key))
            })
            .collect();
        scored.sort_unstable();
        scored.into_iter().map(|(_, _, _, key)| key).collect()
    }

    /// Builds the rows on screen. Where the last one has no room for both halves, the upper one stands there alone.
    fn show(&mut self, estate: &Estate, screen: Screen) {
        let words = Filter::parse(self.filter.value()).map(|filter| filter.words).unwrap_or_default();
        let rows = heights(&self.rows, estate, screen);
        let mut left = screen.rows;
        self.visible.clear();
        for (at, key) in self.rows.iter().enumerate().skip(self.cursor.top) {
            if left == 0 {
                break;
            }
            let half = rows(at) > 1 && left > 1;
            let matched = if words.is_empty() { Vec::new() } else { self.fuzzy.positions(&estate.environment(*key).name, &words) };
            let row = Row { key: *key, matched, half };
            left = left.saturating_sub(usize::from(row.height()));
            self.visible.push(row);
        }
    }
}

/// How many rows each environment of a list takes.
fn heights(list: &[EnvironmentKey], estate: &Estate, screen: Screen) -> impl Fn(usize) -> usize {
    move |at| match list.get(at) {
        Some(key) if screen.halves && linked::half(estate.environment(*key)).is_some() => 2,
        Some(_) | None => 1,
    }
}

/// All environments of a tenant, or of all tenants, in an order.
fn sorted(estate: &Estate, rulebook: &Rulebook, sort: Sort, tenant: Option<TenantKey>) -> Vec<EnvironmentKey> {
    let shown = |key: &EnvironmentKey| tenant.is_none_or(|tenant| estate.environment(*key).tenant == tenant);
    let mut rows: Vec<EnvironmentKey> = estate.by_name().iter().copied().filter(shown).collect();
    let of = |key: &EnvironmentKey| estate.environment(*key);
    // The sorts keep the order of names among equals; what is unknown comes last.
    match sort {
        Sort::Name => {}
        Sort::Type => rows.sort_by_key(|key| known_first(of(key).kind)),
        Sort::Region => rows.sort_by_cached_key(|key| known_first(of(key).region.as_ref().map(|region| rulebook.region(region).to_lowercase()))),
        Sort::Newest => rows.sort_by_key(|key| known_first(of(key).created_at.map(Reverse))),
        Sort::Largest => rows.sort_by_key(|key| {
            known_first(of(key).dataverse.as_ref().and_then(|dataverse| match dataverse {
                Some(dataverse) => dataverse.size.map(Reverse),
                None => Known::Unknown,
            }))
        }),
    }
    rows
}

/// A key by which known facts come before unknown ones.
fn known_first<T: Ord>(fact: Known<T>) -> (bool, Option<T>) {
    match fact {
        Known::Is(value) => (false, Some(value)),
        Known::Unknown => (true, None),
    }
}

impl Sort {
    /// The order after this one.
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|sort| *sort == self).unwrap_or(0);
        Self::ALL.get((at + 1) % Self::ALL.len()).copied().unwrap_or(self)
    }
}

//! The list of environments: which are shown, in which order, and which one is chosen.

use std::cmp::Reverse;

use tui_input::Input;

use crate::app::fuzzy::{Fuzzy, letters};
use crate::app::list::{Cursor, Step};
use crate::domain::environment::Environment;
use crate::domain::estate::{EnvironmentKey, Estate};
use crate::domain::filter::Filter;
use crate::domain::known::Known;
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

/// A row on screen: the environment and the letters of its name that the filter matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which environment.
    pub key: EnvironmentKey,
    /// Positions in the name, counted in characters.
    pub matched: Vec<usize>,
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
    pub fn open(&mut self, estate: &Estate, rulebook: &Rulebook, keep: Option<EnvironmentKey>, height: usize) {
        self.applied = None;
        // A filter that is wrong leaves the list as it was, and the keys of the estate before mean nothing in this one.
        self.rows = sorted(estate, rulebook, self.order(), self.tenant);
        self.refresh(estate, rulebook, keep, height);
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

    /// How many environments are shown.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// The rows on screen.
    pub fn visible(&self) -> &[Row] {
        &self.visible
    }

    /// Moves the cursor; true when it moved.
    pub fn step(&mut self, step: Step, estate: &Estate, height: usize) -> bool {
        let moved = self.cursor.step(step, self.rows.len(), height);
        if moved {
            self.show(estate, height);
        }
        moved
    }

    /// Puts the cursor on a row; true when it moved.
    pub fn go(&mut self, at: usize, estate: &Estate, height: usize) -> bool {
        let moved = self.cursor.go(at, self.rows.len(), height);
        if moved {
            self.show(estate, height);
        }
        moved
    }

    /// Puts the cursor on an environment, if it is shown.
    pub fn choose(&mut self, key: EnvironmentKey, estate: &Estate, height: usize) -> bool {
        match self.rows.iter().position(|row| *row == key) {
            Some(at) => {
                self.go(at, estate, height);
                true
            }
            None => false,
        }
    }

    /// The screen has another height.
    pub fn resize(&mut self, estate: &Estate, height: usize) {
        self.cursor.go(self.cursor.at, self.rows.len(), height);
        self.show(estate, height);
    }

    /// What the list is sorted by.
    pub fn order(&self) -> Sort {
        self.sort.unwrap_or(Sort::Type)
    }

    /// Computes the rows again if anything they follow from has changed; true when they were.
    pub fn refresh(&mut self, estate: &Estate, rulebook: &Rulebook, keep: Option<EnvironmentKey>, height: usize) -> bool {
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
            // What is half typed leaves the list as it was.
            Err(error) => self.error = Some(error.0),
        }
        // The best match comes first while the filter changes; when the facts change the cursor stays where it is.
        let typed = !wanted.text.is_empty() && self.applied.as_ref().is_some_and(|before| before.text != wanted.text);
        self.applied = Some(wanted);
        let at = if typed { 0 } else { keep.and_then(|keep| self.rows.iter().position(|row| *row == keep)).unwrap_or(0) };
        self.cursor = Cursor::default();
        self.cursor.go(at, self.rows.len(), height);
        self.show(estate, height);
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

    /// Builds the rows on screen.
    fn show(&mut self, estate: &Estate, height: usize) {
        let words = Filter::parse(self.filter.value()).map(|filter| filter.words).unwrap_or_default();
        let window = self.cursor.window(self.rows.len(), height);
        self.visible = self
            .rows
            .get(window)
            .unwrap_or_default()
            .iter()
            .map(|key| Row { key: *key, matched: if words.is_empty() { Vec::new() } else { self.fuzzy.positions(&estate.environment(*key).name, &words) } })
            .collect();
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

//! What was typed about environments and tenants, and which of capture and answer counts: never silently the one over the other.
//!
//! An answer fills what the capture leaves open. Where both say something and not the same, the newer of the two counts,
//! and the other one is kept beside it. A later answer takes the place of an earlier one, which stays in the journal.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::domain::estate::EnvironmentKey;
use crate::domain::fact::{Field, in_words};
use crate::domain::journal::{Entry, EntryId, Value};
use crate::domain::known::Known;
use crate::domain::tenant::TenantKey;

/// An answer that somebody typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// The field, as in the snapshot.
    pub field: &'static str,
    /// The entry of the journal that holds it.
    pub entry: EntryId,
    /// Who typed it.
    pub by: Arc<str>,
    /// When.
    pub at: DateTime<Utc>,
    /// The answer.
    pub value: Value,
    /// What the capture says otherwise, if it says anything.
    pub captured: Option<Value>,
    /// Whether the answer counts; if not, a newer capture does.
    pub counts: bool,
}

impl Typed {
    /// Who typed it, without what stands behind the @.
    pub fn who(&self) -> &str {
        self.by.split('@').next().unwrap_or(&self.by)
    }

    /// Where the value comes from, in few words: `captured: no; typed by thomas 05 Jan`. What is not the same comes first,
    /// so that a narrow screen cuts off who and when.
    pub fn source(&self) -> String {
        let at = self.at.format("%d %b");
        match &self.captured {
            Some(_) if !self.counts => format!("typed: {}; by {} {at}", in_words(&self.value), self.who()),
            Some(captured) => format!("captured: {}; typed by {} {at}", in_words(captured), self.who()),
            None => format!("typed by {} {at}", self.who()),
        }
    }
}

/// Where a fact comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source<'a> {
    /// Nobody looked it up.
    Unknown,
    /// It was captured, or an operation that was recorded brought it about.
    Captured,
    /// Somebody typed it, whether that counts or a newer capture does.
    Typed(&'a Typed),
}

/// The answers so far, by what they are about.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    environments: HashMap<EnvironmentKey, Vec<Typed>>,
    tenants: HashMap<TenantKey, Vec<Typed>>,
}

impl Answers {
    /// The answers about an environment.
    pub fn of_environment(&self, key: EnvironmentKey) -> &[Typed] {
        self.environments.get(&key).map_or(&[], Vec::as_slice)
    }

    /// The answers about a tenant.
    pub fn of_tenant(&self, key: TenantKey) -> &[Typed] {
        self.tenants.get(&key).map_or(&[], Vec::as_slice)
    }

    /// The same, to be added to.
    pub(super) fn about_environment(&mut self, key: EnvironmentKey) -> &mut Vec<Typed> {
        self.environments.entry(key).or_default()
    }

    /// The same of a tenant.
    pub(super) fn about_tenant(&mut self, key: TenantKey) -> &mut Vec<Typed> {
        self.tenants.entry(key).or_default()
    }
}

/// Takes one answer and returns whether it changes what is `current`.
pub(super) fn take<S>(
    field: &'static Field<S>,
    (entry, value): (&Entry, &Value),
    (captured, captured_at): (&S, Known<DateTime<Utc>>),
    current: &S,
    typed: &mut Vec<Typed>,
) -> bool {
    let said = field.get(captured);
    // The demo begins at the instant of its capture, so what is typed at that instant came after it.
    let counts = said.is_unknown() || !captured_at.is(|captured_at| entry.at < *captured_at);
    typed.retain(|earlier| earlier.field != field.shape.name);
    if !field.agrees(captured, value) {
        let captured = if let Known::Is(said) = said { Some(said) } else { None };
        let (entry, by, at, value) = (entry.id.clone(), Arc::clone(&entry.by), entry.at, value.clone());
        typed.push(Typed { field: field.shape.name, entry, by, at, value, captured, counts });
    }
    counts && !field.agrees(current, value)
}

/// Where what is `current` comes from.
pub(super) fn source<'a, S>(field: &Field<S>, current: &S, typed: &'a [Typed]) -> Source<'a> {
    // What an operation moved on since is no longer what was typed.
    let holds = |typed: &&Typed| typed.field == field.shape.name && typed.counts == field.agrees(current, &typed.value);
    match typed.iter().find(holds) {
        Some(typed) => Source::Typed(typed),
        None if field.get(current).is_unknown() => Source::Unknown,
        None => Source::Captured,
    }
}

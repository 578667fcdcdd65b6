//! Everything known about the tenants: the facts of the snapshot, moved on by the journal.

mod place;
mod rehearsal;

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

pub use self::place::Records;
pub use self::rehearsal::{Rehearsal, Undone, entries_of};
use crate::domain::after::{self, Done};
use crate::domain::checklist::{self, Stated};
use crate::domain::environment::{Environment, EnvironmentId};
use crate::domain::fact;
use crate::domain::history;
use crate::domain::journal::{Clash, Entry, Journal, Subject, Value, What};
use crate::domain::known::Known;
use crate::domain::operation::{Operation, Outcome};
use crate::domain::request::{Change, Request};
use crate::domain::rulebook::Edition;
use crate::domain::seen::{self, Group, TenantGroup};
pub use crate::domain::snapshot::{DuplicateId, Snapshot};
use crate::domain::storage::{self, Taken};
use crate::domain::tenant::{Tenant, TenantKey};
use crate::domain::typed::{self, Answers, Source};
use crate::domain::world::Facts;

/// The field, of environments and tenants, that says what whoever looks may do there.
pub const ROLES: &str = "operator_roles";

/// Position of an environment in its estate; stable for the life of the estate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EnvironmentKey(pub u32);

/// The facts as they stand now: the snapshot, moved on by the journal and by rehearsals.
///
/// Only its own functions change it, and every change raises its revision.
#[derive(Debug, Clone)]
pub struct Estate {
    snapshot: Snapshot,
    facts: Facts,
    answers: Answers,
    journal: Journal,
    rehearsals: Vec<Rehearsal>,
    with_checklists: HashSet<EnvironmentId>,
    viewer: Option<Arc<str>>,
    folder: Option<Box<str>>,
    by_name: Vec<EnvironmentKey>,
    counts: Vec<usize>,
    revision: u64,
}

/// What an environment took of which tenant's storage before an operation, and after it.
struct Moved {
    before: (TenantKey, Known<Taken>),
    after: (TenantKey, Known<Taken>),
    at: DateTime<Utc>,
}

impl Estate {
    /// Folds a snapshot and its journal; `edition` and `viewer` override what the snapshot says.
    pub fn new(snapshot: Snapshot, journal: Journal, edition: Option<Edition>, viewer: Option<Arc<str>>) -> Self {
        let edition = edition.unwrap_or(match snapshot.edition {
            Known::Is(edition) => edition,
            Known::Unknown => Edition::Articles,
        });
        let roles_are_the_viewers = match (&viewer, &snapshot.operator) {
            (Some(viewer), Known::Is(operator)) => viewer.eq_ignore_ascii_case(operator),
            (None, _) | (_, Known::Unknown) => true,
        };
        let mut estate = Self {
            facts: Facts::captured(&snapshot, edition, roles_are_the_viewers),
            answers: Answers::default(),
            by_name: sorted_by_name(&snapshot.environments),
            snapshot,
            journal,
            rehearsals: Vec::new(),
            with_checklists: HashSet::new(),
            viewer,
            folder: None,
            counts: Vec::new(),
            revision: 0,
        };
        estate.count_again();
        estate.fold();
        estate
    }

    /// Works out the facts again: the snapshot, then what was carried out since, then what is rehearsed.
    fn fold(&mut self) {
        self.revision += 1;
        let before = self.facts.begin_again(&self.snapshot);
        let since = self.snapshot.captured_at;
        let journal = std::mem::take(&mut self.journal);
        self.answers = Answers::default();
        let listed = history::listed(&journal, &self.snapshot);
        let ended = journal.ended();
        let stated = checklist::stated(journal.holding());
        for entry in journal.holding() {
            match &entry.what {
                What::Item { .. } => {
                    if let Some(stated) = stated.get(&entry.id) {
                        self.state(stated, entry.at);
                    }
                }
                // How it ended stands in an entry of its own.
                What::Operation(operation) if operation.outcome == Outcome::Started && ended.contains(&entry.id) => {}
                // A capture that is newer than the operation, or whose history lists it, shows its result already, but for what no
                // capture shows. The demo begins at the instant of its capture, so what is recorded at that instant came after it.
                What::Operation(operation) => {
                    // A capture that does not say in which state it is says nothing about what was begun either.
                    let begun = Some(entry.at).filter(|_| operation.outcome == Outcome::Started && self.captured_state_of(&operation.target));
                    let before = operation.completed_at.or(begun).filter(|at| since.is(|captured_at| at < captured_at));
                    match before.or_else(|| listed.get(&entry.id).copied()) {
                        Some(at) => {
                            self.overtake(operation, &entry.by);
                            self.apply_unseen(operation, Done { by: &entry.by, at, edition: self.edition() });
                        }
                        None => self.apply(operation, &entry.by),
                    }
                }
                What::Fact { about, field, value } => self.answer(entry, about, field, value),
                _ => {}
            }
        }
        self.journal = journal;
        let rehearsals = std::mem::take(&mut self.rehearsals);
        for rehearsal in &rehearsals {
            if rehearsal.is_done() {
                let stated = checklist::stated(rehearsal.journal.entries().iter());
                for entry in rehearsal.journal.entries() {
                    match &entry.what {
                        What::Item { .. } => {
                            if let Some(stated) = stated.get(&entry.id) {
                                self.state(stated, entry.at);
                            }
                        }
                        What::Operation(operation) => self.apply(operation, &entry.by),
                        What::Fact { about, field, value } => self.answer(entry, about, field, value),
                        What::Note { .. } | What::ChecklistOpened { .. } | What::ChecklistClosed { .. } | What::Plan { .. } | What::Withdrawn { .. } => {}
                    }
                }
            } else {
                let Request { source, target, change } = rehearsal.plan.request();
                for end in source.iter().chain([target]) {
                    self.facts.change(end, |environment| after::during(change.kind(), environment));
                }
            }
        }
        self.rehearsals = rehearsals;
        self.with_checklists = self.journals().flat_map(|(journal, _)| journal.entries()).filter_map(Entry::opens_for).cloned().collect();
        let current = &self.facts.environments;
        if current.len() != before.len() || current.iter().zip(&before).any(|(now, before)| (&now.name, now.tenant) != (&before.name, before.tenant)) {
            self.by_name = sorted_by_name(current);
            self.count_again();
        }
    }

    /// Whether the capture says in which state an environment was.
    fn captured_state_of(&self, id: &EnvironmentId) -> bool {
        let captured = self.find(id).and_then(|key| self.snapshot.environments.get(key.0 as usize));
        captured.is_some_and(|captured| !captured.state.is_unknown())
    }

    /// How many environments each tenant has.
    fn count_again(&mut self) {
        self.counts = vec![0; self.snapshot.tenants.len()];
        for environment in &self.facts.environments {
            if let Some(count) = self.counts.get_mut(environment.tenant.0 as usize) {
                *count += 1;
            }
        }
    }

    /// Moves the facts on by one operation.
    fn apply(&mut self, operation: &Operation, by: &str) {
        if let Some(Moved { before, after, at }) = self.carry_out(operation, by) {
            self.move_storage(before, after, at);
        }
    }

    /// The same for the environments alone; what that means for the storage of their tenants.
    fn carry_out(&mut self, operation: &Operation, by: &str) -> Option<Moved> {
        match operation.outcome {
            // While it runs neither its target nor what it takes from is free (G-16).
            Outcome::Started => {
                for end in operation.source.iter().chain([&operation.target]) {
                    self.facts.change(end, |environment| after::during(operation.kind, environment));
                }
                None
            }
            Outcome::Failed => None,
            Outcome::Succeeded => {
                let Request { source, target, change } = Request::of(operation)?;
                if let Change::Create { tenant, .. } = &change {
                    self.facts.create(&target, tenant);
                }
                let source = source.and_then(|id| self.find(&id)).and_then(|key| self.facts.environments.get(key.0 as usize)).map(Arc::clone);
                let done = Done { by, at: operation.completed_at.unwrap_or(operation.started_at), edition: self.edition() };
                let tenant = if let Change::Migrate(moved) = &change { self.facts.find_tenant(&moved.to) } else { None };
                let mut moved = None;
                self.facts.change(&target, |environment| {
                    let before = (environment.tenant, storage::taken(environment));
                    *environment = after::after(&change, source.as_deref(), environment, done);
                    environment.tenant = tenant.unwrap_or(environment.tenant);
                    moved = Some(Moved { before, after: (environment.tenant, storage::taken(environment)), at: done.at });
                });
                moved
            }
        }
    }

    /// Moves on what the tenants use by what an operation at `at` added and freed, unless their storage was looked at later.
    /// Where a size is unknown, so is the difference, and what was captured stays.
    fn move_storage(&mut self, before: (TenantKey, Known<Taken>), after: (TenantKey, Known<Taken>), at: DateTime<Utc>) {
        let ((left, Known::Is(had)), (reached, Known::Is(has))) = (before, after) else { return };
        for (key, more) in [(left, Taken::default().since(had)), (reached, has)] {
            let seen = self.seen_of_tenant(key, TenantGroup::Capacity);
            if let Some(tenant) = self.facts.tenants.get_mut(key.0 as usize).filter(|_| !seen.is(|seen| *seen > at)) {
                storage::use_more(&mut tenant.capacity, more);
            }
        }
    }

    /// What an operation changed that a capture made after it does not show.
    fn apply_unseen(&mut self, operation: &Operation, done: Done<'_>) {
        if let (Outcome::Succeeded, Some(Request { target, change, .. })) = (operation.outcome, Request::of(operation)) {
            self.facts.change(&target, |environment| after::unseen(&change, environment, done));
        }
    }

    /// Takes over what a tick says about components, unless they were looked at since (PCP-035, PCP-037).
    fn state(&mut self, stated: &Stated<'_>, at: DateTime<Utc>) {
        let Some(key) = self.find(stated.environment) else { return };
        let captured_at = self.snapshot.captured_at;
        let group = Group::Components(stated.states.kind);
        let seen = self.snapshot.environments.get(key.0 as usize).map_or(captured_at, |captured| captured.seen(group, captured_at));
        // The demo begins at the instant of its capture, so what is ticked at that instant came after it.
        if !seen.is(|seen| at < *seen) {
            self.facts.change(stated.environment, |environment| stated.apply(&mut environment.components));
        }
    }

    /// Takes over what somebody typed, by the rules of [`typed`].
    fn answer(&mut self, entry: &Entry, about: &Subject, name: &str, value: &Value) {
        if name == ROLES && !self.describes_roles_of(&entry.by) {
            return;
        }
        let captured_at = self.snapshot.captured_at;
        match about {
            Subject::Environment(id) => {
                let (Some(key), Ok(field)) = (self.find(id), fact::of_environment(name)) else { return };
                let (Some(captured), Some(current)) = (self.snapshot.environments.get(key.0 as usize), self.facts.environments.get_mut(key.0 as usize)) else {
                    return;
                };
                // What was typed is older or newer than the look at its own group of facts.
                let captured_at = seen::group_of(name).map_or(captured_at, |group| captured.seen(group, captured_at));
                let typed = self.answers.about_environment(key);
                if typed::take(field, (entry, value), (captured, captured_at), current, typed) {
                    let current = Arc::make_mut(current);
                    field.apply(value, current);
                    // A word of a newer world was captured and not understood; it is kept beside the answer.
                    if let (Some(word), Some(typed)) = (current.unread_word(name), typed.last_mut()) {
                        typed.captured.get_or_insert_with(|| Value::Text(word.into()));
                    }
                    current.unread.retain(|unread| unread.field != name);
                }
            }
            Subject::Tenant(id) => {
                let (Some(key), Ok(field)) = (self.facts.find_tenant(id), fact::of_tenant(name)) else { return };
                let index = key.0 as usize;
                let (Some(captured), Some(current)) = (self.snapshot.tenants.get(index), self.facts.tenants.get_mut(index)) else { return };
                let captured_at = seen::tenant_group_of(name).map_or(captured_at, |group| captured.seen(group, captured_at));
                let typed = self.answers.about_tenant(key);
                if typed::take(field, (entry, value), (captured, captured_at), current, typed) {
                    field.apply(value, current);
                }
            }
        }
    }

    /// What was typed before an operation changed it no longer holds, although a newer capture leaves it open again.
    fn overtake(&mut self, operation: &Operation, by: &str) {
        let Some(key) = self.find(&operation.target) else { return };
        if self.answers.of_environment(key).is_empty() {
            return;
        }
        // The operation is only tried out: of what it does, no more is taken over than what was typed.
        let before = self.facts.environments.clone();
        self.carry_out(operation, by);
        let after = std::mem::replace(&mut self.facts.environments, before);
        let (Some(after), Some(current)) = (after.get(key.0 as usize), self.facts.environments.get_mut(key.0 as usize)) else { return };
        let current = Arc::make_mut(current);
        self.answers.about_environment(key).retain(|typed| {
            let Ok(field) = fact::of_environment(typed.field) else { return true };
            let overtaken = typed.captured.is_none() && !field.agrees(after, &typed.value);
            if overtaken {
                field.adopt(after, current);
            }
            !overtaken
        });
    }

    /// Whether the roles that environments and tenants list are those of `person`; answers about roles of others say nothing.
    pub fn describes_roles_of(&self, person: &str) -> bool {
        match (&self.snapshot.operator, &self.viewer) {
            (Known::Is(operator), _) => operator.eq_ignore_ascii_case(person),
            (Known::Unknown, Some(viewer)) => viewer.eq_ignore_ascii_case(person),
            (Known::Unknown, None) => true,
        }
    }

    /// Where a fact about an environment comes from.
    pub fn source_of(&self, id: &EnvironmentId, field: &str) -> Source<'_> {
        match (self.find(id), fact::of_environment(field)) {
            (Some(key), Ok(field)) => typed::source(field, self.environment(key), self.answers.of_environment(key)),
            (None, _) | (_, Err(_)) => Source::Unknown,
        }
    }

    /// Where a fact about a tenant comes from.
    pub fn source_of_tenant(&self, key: TenantKey, field: &str) -> Source<'_> {
        match fact::of_tenant(field) {
            Ok(field) => typed::source(field, self.tenant(key), self.answers.of_tenant(key)),
            Err(_) => Source::Unknown,
        }
    }

    /// Whether it is here.
    pub fn knows(&self, about: &Subject) -> bool {
        match about {
            Subject::Environment(id) => self.find(id).is_some(),
            Subject::Tenant(id) => self.facts.find_tenant(id).is_some(),
        }
    }

    /// Where a fact comes from, whatever it is about.
    pub fn source(&self, about: &Subject, field: &str) -> Source<'_> {
        match about {
            Subject::Environment(id) => self.source_of(id, field),
            Subject::Tenant(id) => self.facts.find_tenant(id).map_or(Source::Unknown, |key| self.source_of_tenant(key, field)),
        }
    }

    /// What is known now, if an answer would say something else; none where both say the same or nothing is known.
    pub fn otherwise(&self, about: &Subject, field: &str, answer: &Value) -> Option<Value> {
        let (said, agrees) = match about {
            Subject::Environment(id) => {
                let (environment, field) = (self.environment(self.find(id)?), fact::of_environment(field).ok()?);
                (field.get(environment), field.agrees(environment, answer))
            }
            Subject::Tenant(id) => {
                let (tenant, field) = (self.tenant(self.facts.find_tenant(id)?), fact::of_tenant(field).ok()?);
                (field.get(tenant), field.agrees(tenant, answer))
            }
        };
        match said {
            Known::Is(said) if !agrees => Some(said),
            Known::Is(_) | Known::Unknown => None,
        }
    }

    /// Where somebody typed something else than was captured, one sentence each.
    pub fn disagreements(&self) -> Vec<String> {
        let environments = self.environments().flat_map(|(key, environment)| self.answers.of_environment(key).iter().map(|typed| (&*environment.name, typed)));
        let tenants = self.tenants().flat_map(|(key, tenant)| self.answers.of_tenant(key).iter().map(|typed| (&*tenant.name, typed)));
        let say = |(name, typed): (&str, &typed::Typed)| {
            let captured = fact::in_words(typed.captured.as_ref()?);
            let counts = if typed.counts { "what was typed is newer and counts" } else { "the capture is newer and counts" };
            let (who, value) = (typed.who(), fact::in_words(&typed.value));
            Some(format!("{name}: {} is {captured} as captured, {who} typed {value}; {counts}", typed.field))
        };
        environments.chain(tenants).filter_map(say).collect()
    }

    /// All that a rule may see.
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }

    /// When the tenant was looked at.
    pub fn captured_at(&self) -> Known<DateTime<Utc>> {
        self.facts.captured_at
    }

    /// When a group of facts of an environment was looked at.
    pub fn seen(&self, key: EnvironmentKey, group: Group) -> Known<DateTime<Utc>> {
        self.environment(key).seen(group, self.captured_at())
    }

    /// When a group of facts of a tenant was looked at.
    pub fn seen_of_tenant(&self, key: TenantKey, group: TenantGroup) -> Known<DateTime<Utc>> {
        self.tenant(key).seen(group, self.captured_at())
    }

    /// The rulebook that decides.
    pub const fn edition(&self) -> Edition {
        self.facts.edition
    }

    /// Who looks now.
    pub fn viewer(&self) -> Known<&Arc<str>> {
        match &self.viewer {
            Some(viewer) => Known::Is(viewer),
            None => self.snapshot.operator.as_ref(),
        }
    }

    /// Raised by every change.
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// The tenants, in the order of the file.
    pub fn tenants(&self) -> impl Iterator<Item = (TenantKey, &Tenant)> {
        self.facts.tenants()
    }

    /// One tenant. Keys come from this estate, so it is always there.
    pub fn tenant(&self, key: TenantKey) -> &Tenant {
        self.facts.tenant(key)
    }

    /// How many environments a tenant has, or all tenants together.
    pub fn count(&self, tenant: Option<TenantKey>) -> usize {
        match tenant {
            Some(tenant) => self.counts.get(tenant.0 as usize).copied().unwrap_or(0),
            None => self.facts.environments.len(),
        }
    }

    /// The environments of all tenants, in the order of the file.
    pub fn environments(&self) -> impl ExactSizeIterator<Item = (EnvironmentKey, &Environment)> {
        self.facts.environments()
    }

    /// The environments of all tenants, in the order of their names, ignoring case.
    pub fn by_name(&self) -> &[EnvironmentKey] {
        &self.by_name
    }

    /// One environment. Keys come from this estate, so it is there; only one whose creation was taken back is nobody.
    pub fn environment(&self, key: EnvironmentKey) -> &Environment {
        self.facts.environment(key)
    }

    /// Whether a checklist was ever opened for an environment, in the journal or in a rehearsal.
    pub fn has_checklists(&self, id: &EnvironmentId) -> bool {
        self.with_checklists.contains(id)
    }

    /// An environment as it was captured, whatever was done to it since; none for one that was created since.
    pub fn captured(&self, key: EnvironmentKey) -> Option<&Environment> {
        self.snapshot.environments.get(key.0 as usize).map(|environment| &**environment)
    }

    /// The environment with that id.
    pub fn find(&self, id: &EnvironmentId) -> Option<EnvironmentKey> {
        self.facts.find(id)
    }

    /// What envdeck added.
    pub const fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Adds entries to the journal.
    pub fn record(&mut self, entries: impl IntoIterator<Item = Entry>) {
        for entry in entries {
            self.journal.add(entry);
        }
        self.fold();
    }

    /// Takes over the journal as it is in its file, whatever this one says.
    pub fn replace_journal(&mut self, entries: Vec<Entry>) {
        self.journal = Journal::new(entries);
        self.fold();
    }

    /// Takes over entries that were found in the file and returns those that clash.
    pub fn merge_journal(&mut self, entries: Vec<Entry>) -> Vec<Clash> {
        let before = self.journal.entries().len();
        let clashes = self.journal.merge(entries);
        if self.journal.entries().len() != before {
            self.fold();
        }
        clashes
    }

    /// The folder that its snapshot and journal lie in, from the root on: what the journal names without one lies there.
    #[must_use]
    pub fn kept_in(self, folder: Option<&str>) -> Self {
        Self { folder: folder.map(Box::from), ..self }
    }

    /// The journal, with the folder that it lies in.
    pub fn records(&self) -> Records<'_> {
        Records { journal: &self.journal, folder: self.folder.as_deref() }
    }

    /// Follows another estate: what was computed from that one is never taken for this one's.
    #[must_use]
    pub fn following(mut self, before: &Self) -> Self {
        self.revision = self.revision.max(before.revision) + 1;
        self
    }
}

fn sorted_by_name(environments: &[Arc<Environment>]) -> Vec<EnvironmentKey> {
    let mut named: Vec<_> = environments.iter().zip(0..).map(|(environment, key)| (environment.name.to_lowercase(), EnvironmentKey(key))).collect();
    named.sort_unstable();
    named.into_iter().map(|(_, key)| key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two tenants with the environments `id name`.
    fn estate(edition: Known<Edition>, override_edition: Option<Edition>) -> Estate {
        let mut snapshot = Snapshot { edition, ..Snapshot::default() };
        for (tenant, environments) in [("Contoso", ["1 beta", "2 Alpha", "3 alpha"].as_slice()), ("Fabrikam", &["4 ALPHA", "5 Émile"]), ("Empty", &[])] {
            let key = snapshot.add_tenant(Tenant::unexplored(tenant.into(), tenant.into()));
            for (id, name) in environments.iter().filter_map(|environment| environment.split_once(' ')) {
                snapshot.add_environment(Environment::unexplored(key, EnvironmentId::new(id), name.into())).unwrap();
            }
        }
        Estate::new(snapshot, Journal::default(), override_edition, None)
    }

    #[test]
    fn by_name_ignores_case_and_keeps_the_order_of_the_file_among_equals() {
        let estate = estate(Known::Unknown, None);
        let ids: Vec<_> = estate.by_name().iter().map(|key| estate.environment(*key).id.as_str()).collect();
        assert_eq!(ids, ["2", "3", "4", "1", "5"]);
    }

    #[test]
    fn environments_are_counted_by_tenant_and_found_by_id() {
        let estate = estate(Known::Unknown, None);
        assert_eq!([Some(0), Some(1), Some(2), None].map(|tenant| estate.count(tenant.map(TenantKey))), [3, 2, 0, 5]);
        assert_eq!(estate.count(Some(TenantKey(9))), 0);
        let found = estate.find(&EnvironmentId::new("4")).map(|key| estate.environment(key));
        assert_eq!(found.map(|environment| (&*environment.name, environment.tenant)), Some(("ALPHA", TenantKey(1))));
        assert_eq!(estate.find(&EnvironmentId::new("6")), None);
    }

    #[test]
    fn an_id_is_taken_once_in_all_tenants() {
        let mut snapshot = Snapshot::default();
        let twin = |tenant| Environment::unexplored(TenantKey(tenant), EnvironmentId::new("e"), "Twin".into());
        assert_eq!(snapshot.add_environment(twin(0)), Ok(EnvironmentKey(0)));
        assert!(snapshot.add_environment(twin(1)).is_err());
        assert_eq!(snapshot.environment_count(), 1);
    }

    #[test]
    fn the_edition_is_that_of_whoever_asks_then_of_the_snapshot_then_the_articles() {
        for (snapshot, asked, expected) in [
            (Known::Unknown, None, Edition::Articles),
            (Known::Is(Edition::Current), None, Edition::Current),
            (Known::Is(Edition::Current), Some(Edition::Articles), Edition::Articles),
            (Known::Unknown, Some(Edition::Current), Edition::Current),
        ] {
            assert_eq!(estate(snapshot, asked).edition(), expected);
        }
    }
}

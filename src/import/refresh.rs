//! Lays a new capture over an older snapshot: what is new, what changed, what is gone, and what only the older one knows.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};

use super::assemble::Assembled;
use super::lists::fill;
use super::moved::{is_complete, is_overtaken, moved_on};
use crate::domain::component::Component;
use crate::domain::environment::{Environment, Unread};
use crate::domain::estate::Snapshot;
use crate::domain::fact::{self, Field, in_words};
use crate::domain::journal::{Journal, Value};
use crate::domain::known::Known;
use crate::domain::seen;
use crate::domain::tenant::{Tenant, TenantKey};
use crate::domain::time::minute;
use crate::domain::words::{Word, counted};

/// A refreshed snapshot.
pub struct Refreshed {
    /// The facts.
    pub snapshot: Snapshot,
    /// What is not as it was, one line each.
    pub changes: Vec<String>,
    /// What is still as it was known before, by field, in words.
    pub kept: Vec<String>,
    /// Whether the new capture lists all environments there were.
    pub is_complete: bool,
}

/// How the state of an environment begins that no list names any more.
const GONE: &str = "not in the list of";

/// Lays what was assembled over `old`, as `journal` moved it on meanwhile.
pub fn refresh(old: &Snapshot, journal: &Journal, assembled: &Assembled) -> Refreshed {
    let new = &assembled.snapshot;
    let is_complete = is_complete(old, assembled);
    // A few files more make no old fact young. Only where the journal has to stop at the new capture does its instant count.
    let captured_at = if is_complete || is_overtaken(old, journal, assembled) { new.captured_at } else { old.captured_at };
    let old_captured_at = old.captured_at;
    let moved;
    let old = if let (true, Known::Is(at)) = (captured_at != old.captured_at, captured_at) {
        moved = moved_on(old, journal, at);
        &moved
    } else {
        old
    };
    let mut refreshing = Refreshing { changes: Vec::new(), kept: BTreeMap::new() };
    let mut snapshot = Snapshot::default();
    snapshot.captured_at = captured_at;
    // Whoever keeps the file chose its rules.
    snapshot.edition = if old.edition.is_unknown() { new.edition } else { old.edition };
    let same_operator = match (&old.operator, &new.operator) {
        (Known::Is(one), Known::Is(other)) => one.eq_ignore_ascii_case(other),
        (_, _) => true,
    };
    snapshot.operator = if new.operator.is_unknown() { old.operator.clone() } else { new.operator.clone() };
    if let (false, Known::Is(before)) = (same_operator, &old.operator) {
        refreshing.changes.push(format!("operator: roles of {before} say nothing about who imports now, so they are unknown again"));
    }
    let new_tenants: HashMap<String, &Tenant> = new.tenants().iter().map(|tenant| (tenant.id.to_ascii_lowercase(), tenant)).collect();
    let mut keys: HashMap<String, TenantKey> = HashMap::new();
    for tenant in old.tenants() {
        let id = tenant.id.to_ascii_lowercase();
        let mut tenant = tenant.clone();
        if !same_operator {
            tenant.operator_roles = Known::Unknown;
        }
        if let Some(newer) = new_tenants.get(&id) {
            tenant = refreshing.tenant(tenant, newer);
            newer.seen.all().for_each(|(group, look)| tenant.seen.renew(group, look.clone()));
        }
        if let (Known::Is(before), true) = (old_captured_at, captured_at != old_captured_at) {
            let known = fact::TENANT.iter().filter(|field| !field.get(&tenant).is_unknown()).filter_map(|field| seen::tenant_group_of(field.shape.name));
            let known: Vec<_> = known.collect();
            known.into_iter().for_each(|group| tenant.seen.keep(group, before));
        }
        keys.insert(id, snapshot.add_tenant(tenant));
    }
    for tenant in new.tenants() {
        keys.entry(tenant.id.to_ascii_lowercase()).or_insert_with(|| {
            refreshing.changes.push(format!("new: the tenant {}", tenant.name));
            snapshot.add_tenant(tenant.clone())
        });
    }
    let key_in = |of: &Snapshot, environment: &Environment| {
        let tenant = of.tenants().get(environment.tenant.0 as usize)?;
        Some((tenant.id.to_ascii_lowercase(), *keys.get(&tenant.id.to_ascii_lowercase())?))
    };
    let mut newer: HashMap<String, &Environment> = new.environments().map(|environment| (environment.id.as_str().to_ascii_lowercase(), environment)).collect();
    for environment in old.environments() {
        let Some((tenant, key)) = key_in(old, environment) else { continue };
        let mut environment = Environment { tenant: key, ..environment.clone() };
        if !same_operator {
            environment.operator_roles = Known::Unknown;
        }
        match newer.remove(&environment.id.as_str().to_ascii_lowercase()) {
            Some(newer) => {
                let mut merged = refreshing.environment(environment, newer);
                if let Some((_, key)) = key_in(new, newer).filter(|(_, newer)| *newer != key) {
                    refreshing.changes.push(format!("changed: {}: it is in another tenant now", merged.name));
                    merged.tenant = key;
                }
                newer.seen.all().for_each(|(group, look)| merged.seen.renew(group, look.clone()));
                environment = merged;
            }
            None if assembled.listed.contains(&tenant) => refreshing.gone(&mut environment, new.captured_at),
            None => {}
        }
        // What nobody looked at again is as old as it was.
        if let (Known::Is(before), true) = (old_captured_at, captured_at != old_captured_at) {
            let known = fact::ENVIRONMENT.iter().filter(|field| !field.get(&environment).is_unknown()).filter_map(|field| seen::group_of(field.shape.name));
            let known: Vec<_> = known.collect();
            known.into_iter().for_each(|group| environment.seen.keep(group, before));
        }
        // Ids were unique in both files.
        let _ = snapshot.add_environment(environment);
    }
    // In the order of the new list.
    for environment in new.environments().filter(|environment| newer.contains_key(&environment.id.as_str().to_ascii_lowercase())) {
        let Some((_, key)) = key_in(new, environment) else { continue };
        let kind = if let Known::Is(kind) = environment.kind { kind.label() } else { "type unknown" };
        refreshing.changes.push(format!("new: {} ({kind})", environment.name));
        let _ = snapshot.add_environment(Environment { tenant: key, ..environment.clone() });
    }
    let kept = refreshing.kept.into_iter().map(|(field, count)| format!("`{field}` of {}", counted(count, "environment"))).collect();
    Refreshed { snapshot, changes: refreshing.changes, kept, is_complete }
}

struct Refreshing {
    changes: Vec<String>,
    /// Fields that only the older capture says, with how many environments.
    kept: BTreeMap<&'static str, usize>,
}

impl Refreshing {
    fn changed(&mut self, name: &str, field: &str, before: &Known<Value>, after: &Known<Value>) {
        let line = match (before, after) {
            (Known::Is(before), Known::Is(after)) if same(before, after) => return,
            (Known::Is(before), Known::Is(after)) => format!("changed: {name}: `{field}` is {}, was {}", in_words(after), in_words(before)),
            (Known::Unknown, Known::Is(after)) => format!("now known: {name}: `{field}` is {}", in_words(after)),
            (Known::Is(_) | Known::Unknown, Known::Unknown) => return,
        };
        self.changes.push(line);
    }

    fn tenant(&mut self, mut tenant: Tenant, newer: &Tenant) -> Tenant {
        let called = format!("the tenant {}", tenant.name);
        for field in fact::TENANT {
            let after = field.get(newer);
            if let Known::Is(_) = after {
                self.changed(&called, field.shape.name, &field.get(&tenant), &after);
                field.adopt(newer, &mut tenant);
            }
        }
        // Where no export names a tenant, its id stands for its name.
        if newer.name != newer.id && newer.name != tenant.name {
            self.changes.push(format!("changed: {called}: it is called {} now", newer.name));
            tenant.name.clone_from(&newer.name);
        }
        tenant
    }

    fn environment(&mut self, mut environment: Environment, newer: &Environment) -> Environment {
        let before = environment.clone();
        if *newer.name != *newer.id.as_str() && newer.name != environment.name {
            self.changes.push(format!("changed: {}: it is called {} now", environment.name, newer.name));
            environment.name.clone_from(&newer.name);
        }
        let name = environment.name.clone();
        // A mark that it is gone does not outlive its return.
        environment.unread.retain(|unread| !(unread.field == "state" && unread.word.starts_with(GONE)));
        for field in fact::ENVIRONMENT {
            let called = field.shape.name;
            match field.get(newer) {
                // That something is gone is said once, not for each of its parts.
                Known::Is(Value::Nothing) if called.contains('.') => {}
                Known::Is(after) => {
                    self.changed(&name, called, &field.get(&before), &Known::Is(after));
                    if !stays_in_parts(field, &before, newer) {
                        field.adopt(newer, &mut environment);
                    }
                    environment.unread.retain(|unread| !concerns(unread, called));
                }
                Known::Unknown => match newer.unread_word(called) {
                    Some(word) => {
                        field.adopt(newer, &mut environment);
                        if environment.unread_word(called) != Some(word) {
                            self.changes.push(format!("changed: {name}: `{called}` is \"{word}\", which envdeck does not know"));
                        }
                        environment.unread.retain(|unread| !concerns(unread, called));
                    }
                    // Inside of what is not there any more nothing is kept.
                    None if !matches!(field.get(&environment), Known::Unknown | Known::Is(Value::Nothing)) && !called.contains('.') => {
                        *self.kept.entry(called).or_default() += 1;
                    }
                    None if called.starts_with("components.") && !field.get(&environment).is_unknown() => *self.kept.entry(called).or_default() += 1,
                    None => {}
                },
            }
        }
        // What is gone does not come back, so the later of the two holds.
        environment.kept_since = environment.kept_since.max(newer.kept_since);
        let kept_words = |unread: &&Unread| !environment.unread.contains(unread);
        let fresh: Vec<Unread> = newer.unread.iter().filter(kept_words).cloned().collect();
        environment.unread.extend(fresh);
        same_half(&mut environment, newer);
        keep_details(&mut environment, &before);
        environment
    }

    /// Marks an environment that no list names any more. It may be deleted, or only hidden from whoever looks.
    fn gone(&mut self, environment: &mut Environment, captured_at: Known<DateTime<Utc>>) {
        let is_marked = environment.unread_word("state").is_some_and(|word| word.starts_with(GONE));
        if environment.deleted_at.is(Option::is_some) || is_marked {
            return;
        }
        let when = if let Known::Is(at) = captured_at { minute(at) } else { "today".to_owned() };
        self.changes.push(format!(
            "gone: {}: it is {GONE} {when} any more; `state` and `deleted_at` are unknown now, everything else is kept as it was",
            environment.name
        ));
        environment.state = Known::Unknown;
        environment.deleted_at = Known::Unknown;
        environment.unread.retain(|unread| unread.field != "state");
        environment.unread.push(Unread { field: "state", word: format!("{GONE} {when}").into(), at: Box::default() });
    }
}

/// Whether a word of a newer world stood in that field, or inside it.
fn concerns(unread: &Unread, field: &str) -> bool {
    match field.strip_prefix("components.") {
        Some(kind) => unread.field == "components" && unread.at.split('/').next() == Some(kind),
        None => {
            unread.field == field || unread.field.strip_prefix(field).is_some_and(|rest| rest.starts_with('.') && fact::of_environment(unread.field).is_err())
        }
    }
}

/// Whether two values say the same; an address does with and without the slash at its end.
fn same(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Text(one), Value::Text(other)) => one.trim_end_matches('/') == other.trim_end_matches('/'),
        (one, other) => one == other,
    }
}

/// Whether both have what has parts of its own: then the parts are taken over one by one, so that none is lost.
fn stays_in_parts(field: &Field<Environment>, before: &Environment, newer: &Environment) -> bool {
    let name = field.shape.name;
    let has_parts = fact::ENVIRONMENT.iter().any(|other| other.shape.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')));
    let is_there = |of: &Environment| !matches!(field.get(of), Known::Unknown | Known::Is(Value::Nothing));
    has_parts && is_there(before) && is_there(newer)
}

/// A half of another id is another half; the same one keeps what only the older capture knows.
fn same_half(environment: &mut Environment, newer: &Environment) {
    if let (Known::Is(Some(half)), Known::Is(Some(after))) = (&mut environment.finance_operations, &newer.finance_operations) {
        if half.id == after.id {
            half.name.clone_from(&after.name);
        } else {
            half.clone_from(after);
        }
    }
}

/// What the older capture knows about a backup or a component that the new one lists too, and does not say.
fn keep_details(environment: &mut Environment, before: &Environment) {
    if let (Known::Is(backups), Known::Is(older)) = (&mut environment.backups, &before.backups) {
        let older: HashMap<&str, _> = older.iter().map(|backup| (&*backup.id, backup)).collect();
        for backup in backups {
            let Some(known) = older.get(&*backup.id).filter(|known| known.taken_at == backup.taken_at) else { continue };
            for (to, from) in [(&mut backup.name, &known.name), (&mut backup.notes, &known.notes)] {
                if to.is_unknown() {
                    to.clone_from(from);
                }
            }
            if backup.created_by.is_unknown() {
                backup.created_by.clone_from(&known.created_by);
            }
            if backup.region.is_none() {
                backup.region.clone_from(&known.region);
            }
        }
    }
    for (kind, older) in before.components.seen() {
        let older: HashMap<&str, &Component> = older.iter().map(|component| (&*component.id, component)).collect();
        environment.components.change(kind, |component| {
            if let Some(known) = older.get(&*component.id) {
                fill(component, (*known).clone());
            }
        });
    }
}

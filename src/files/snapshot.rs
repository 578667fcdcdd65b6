//! Reads a snapshot: what was seen in the tenants, with every error at its line, column and path.
//!
//! Environments are read one at a time from the stream of events, so memory follows the facts and not the file.

use std::collections::HashSet;
use std::io::Read;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use saphyr_parser::{Event, Span};

use super::problem::{Problem, Problems};
use super::yaml::{Context, Fields, Node, Reader, Step, Stopped, Value};
use crate::domain::backup::Backup;
use crate::domain::component::{Component, ComponentKind, Components, Property, Shape};
use crate::domain::environment::{
    CustomerManagedKey, Dataverse, DisallowedOperation, EnterprisePolicy, Environment, EnvironmentId, FinanceOperations, Orchestration, OrderManagement, Unread,
};
use crate::domain::estate::Snapshot;
use crate::domain::gigabytes::Gigabytes;
use crate::domain::known::Known;
use crate::domain::rulebook::Edition;
use crate::domain::tenant::{Capacity, Licences, SecurityGroup, Tenant, TenantKey, User};
use crate::domain::time;
use crate::domain::words::{Word, nearest};

/// The version that the first line names.
pub const SCHEMA: &str = "envdeck/1";

/// The only retentions that can be set (BKP-034), in days.
const RETENTIONS: [u16; 4] = [7, 14, 21, 28];

/// A snapshot that was read, and what is odd about it without being wrong.
#[derive(Debug)]
pub struct Loaded {
    /// The facts.
    pub snapshot: Snapshot,
    /// What somebody should look at.
    pub remarks: Vec<Problem>,
}

/// Reads a snapshot from `source`, which is called `file` in messages.
pub fn read(file: &str, source: impl Read + 'static) -> Result<Loaded, Problems> {
    let mut reader = Reader::new(file, source);
    let mut decoder = Decoder { snapshot: Snapshot::default(), remarks: Problems::none_in(file) };
    // A stop has reported its problem already; it means that the rest was not read.
    reader.context.problems.unreadable |= decoder.document(&mut reader).is_err();
    if reader.context.problems.is_empty() { Ok(Loaded { snapshot: decoder.snapshot, remarks: decoder.remarks.list }) } else { Err(reader.context.problems) }
}

struct Decoder {
    snapshot: Snapshot,
    remarks: Problems,
}

const ROOT: [&str; 5] = ["schema", "captured_at", "rulebook", "operator", "tenants"];

impl Decoder {
    fn document<R: Read + 'static>(&mut self, reader: &mut Reader<R>) -> Result<(), Stopped> {
        let root = reader.open()?;
        let mut seen = HashSet::new();
        while let Some((key, place)) = reader.key()? {
            if seen.is_empty() && key != "schema" {
                reader.context.problem_at(Some(place), format!("the first line must be `schema: {SCHEMA}`: this is no snapshot of envdeck"));
                return Err(Stopped);
            }
            if !seen.insert(key.clone()) {
                reader.context.duplicate(&key, place);
            }
            let (event, span) = reader.event()?;
            reader.context.path.push(Step::Key(key.clone()));
            if key == "tenants" && matches!(event, Event::SequenceStart(..)) {
                self.tenants(reader)?;
            } else {
                let node = reader.node(event, span)?;
                self.root_field(&mut reader.context, &key, place, node)?;
            }
            reader.context.path.pop();
        }
        for key in ["schema", "tenants"] {
            if !seen.contains(key) {
                reader.context.problem_at(Some(root), format!("`{key}` is missing here"));
            }
        }
        reader.close()
    }

    fn root_field(&mut self, context: &mut Context, key: &str, place: (usize, usize), node: Node) -> Result<(), Stopped> {
        match key {
            "schema" => {
                let at = node.place;
                let version = context.text(node).ok_or(Stopped)?;
                if version != SCHEMA {
                    context.problem_at(Some(at), format!("this version of envdeck reads `{SCHEMA}`, not `{}`", super::yaml::short(&version)));
                    return Err(Stopped);
                }
            }
            "captured_at" => self.snapshot.captured_at = known(instant(context, node)),
            "rulebook" => self.snapshot.edition = known(word::<Edition>(context, node)),
            "operator" => self.snapshot.operator = known(context.name(node).map(|name| Arc::from(name.as_str()))),
            "tenants" => {
                context.problem(&node, "a list of tenants is expected here");
            }
            _ => {
                context.path.pop();
                let meant = nearest(key, ROOT).map_or_else(|| format!("known are {}", ROOT.join(", ")), |near| format!("did you mean `{near}`?"));
                context.problem_at(Some(place), format!("there is no key `{}` here; {meant}", super::yaml::short(key)));
                context.path.push(Step::Key(key.to_owned()));
            }
        }
        Ok(())
    }

    fn tenants<R: Read + 'static>(&mut self, reader: &mut Reader<R>) -> Result<(), Stopped> {
        let mut ids = HashSet::new();
        let mut index = 0;
        loop {
            match reader.event()? {
                (Event::SequenceEnd, _) => return Ok(()),
                (Event::MappingStart(..), span) => {
                    reader.context.path.push(Step::Item(index));
                    self.tenant(reader, span, &mut ids)?;
                    reader.context.path.pop();
                }
                (event, span) => {
                    let node = reader.node(event, span)?;
                    reader
                        .context
                        .within(Step::Item(index), |context| context.problem(&node, "a tenant is expected here: a map with id, name and environments"));
                }
            }
            index += 1;
        }
    }

    fn tenant<R: Read + 'static>(&mut self, reader: &mut Reader<R>, span: Span, ids: &mut HashSet<Box<str>>) -> Result<(), Stopped> {
        let key = self.snapshot.next_tenant();
        // Everything but the environments is small and is collected, so that its fields may come in any order.
        let mut environments = false;
        let node = reader.map_except(span, "environments", |reader, event, span| {
            environments = true;
            self.environments(reader, key, event, span)
        })?;
        let context = &mut reader.context;
        let place = node.place;
        if !environments {
            context.problem_at(Some(place), "`environments` is missing here; [] is an empty list".to_owned());
        }
        let Some(tenant) = tenant(context, node) else { return Ok(()) };
        if !ids.insert(tenant.id.clone()) {
            context.problem_at(Some(place), format!("the tenant id {} stands here a second time", tenant.id));
        }
        self.snapshot.add_tenant(tenant);
        Ok(())
    }

    fn environments<R: Read + 'static>(&mut self, reader: &mut Reader<R>, tenant: TenantKey, event: Event<'static>, span: Span) -> Result<(), Stopped> {
        if !matches!(event, Event::SequenceStart(..)) {
            let node = reader.node(event, span)?;
            reader.context.problem(&node, "a list of environments is expected here; [] is an empty one");
            return Ok(());
        }
        let mut index = 0;
        loop {
            let (event, span) = reader.event()?;
            if matches!(event, Event::SequenceEnd) {
                return Ok(());
            }
            reader.context.path.push(Step::Item(index));
            let node = reader.node(event, span)?;
            let place = node.place;
            if let Some(environment) = environment(&mut reader.context, node, tenant) {
                if environment.has_dynamics_365() == Known::Is(true) && environment.has_database() == Known::Is(false) {
                    self.remarks.add(Problem {
                        place: Some(place),
                        path: String::new(),
                        message: format!("{} has Dynamics 365 apps but no database, which cannot be (ENV-003)", environment.name),
                    });
                }
                let id = environment.id.clone();
                if self.snapshot.add_environment(environment).is_err() {
                    reader.context.within(Step::Field("id"), |context| {
                        context.problem_at(Some(place), format!("the environment id {id} stands in this file a second time"));
                    });
                }
            }
            reader.context.path.pop();
            index += 1;
        }
    }
}

fn known<T>(value: Option<T>) -> Known<T> {
    value.map_or(Known::Unknown, Known::Is)
}

pub(super) fn instant(context: &mut Context, node: Node) -> Option<DateTime<Utc>> {
    context.parsed(node, "an instant such as 2026-01-05T09:00:00Z", time::parse)
}

fn whole<T: std::str::FromStr>(context: &mut Context, node: Node) -> Option<T> {
    context.parsed(node, "a whole number", |text| text.parse().ok())
}

fn gigabytes(context: &mut Context, node: Node) -> Option<Gigabytes> {
    context.parsed(node, "a number of gigabytes such as 420.25", |text| Gigabytes::parse(text).filter(|size| *size >= Gigabytes::whole(0)))
}

pub(super) fn boxed(context: &mut Context, node: Node) -> Option<Box<str>> {
    context.name(node).map(String::into_boxed_str)
}

pub(super) fn shared(context: &mut Context, node: Node) -> Option<Arc<str>> {
    let text = context.name(node)?;
    Some(context.shared(&text))
}

/// A list of texts; `none` is an empty one.
fn texts<T>(context: &mut Context, node: Node, item: impl FnMut(&mut Context, Node) -> Option<T>) -> Option<Vec<T>> {
    if node.is_none() { Some(Vec::new()) } else { context.list(node, item) }
}

/// A word of a closed vocabulary, with a near miss suggested.
pub(super) fn word<W: Word>(context: &mut Context, node: Node) -> Option<W> {
    let place = node.place;
    let text = context.text(node)?;
    let found = W::from_word(&text);
    if found.is_none() {
        let meant = nearest(&text, W::words()).map_or_else(|| format!("known are {}", W::words().join(", ")), |near| format!("did you mean \"{near}\"?"));
        context.problem_at(Some(place), format!("unknown {} \"{}\", {meant}", W::CALLED, super::yaml::short(&text)));
    }
    found
}

/// The word in `{unknown: "Foo"}`, which a newer world invented: kept, and judged as unknown.
fn newer_word(context: &mut Context, node: Node) -> Result<Box<str>, Node> {
    let says_unknown = matches!(&node.value, Value::Map(entries) if entries.iter().any(|entry| entry.key == "unknown"));
    if !says_unknown {
        return Err(node);
    }
    let Some(mut fields) = Fields::of(context, node) else { return Ok(Box::default()) };
    let word = fields.required(context, "unknown", Context::text);
    fields.end(context);
    Ok(word.unwrap_or_default().into_boxed_str())
}

/// A fact that is a word, or a word of a newer world.
fn word_fact<W: Word>(fields: &mut Fields, context: &mut Context, key: &'static str, unread: &mut Vec<Unread>) -> Known<W> {
    word_fact_of(fields, context, key, key, unread)
}

/// The same for a word inside another value, whose place in the environment is `path`: a `type` in there is not its type.
fn word_fact_of<W: Word>(fields: &mut Fields, context: &mut Context, key: &'static str, path: &'static str, unread: &mut Vec<Unread>) -> Known<W> {
    let Some(node) = fields.take(context, key) else { return Known::Unknown };
    context.within(Step::Field(key), |context| match newer_word(context, node) {
        Ok(newer) => {
            unread.push(Unread { field: path, word: newer });
            Known::Unknown
        }
        Err(node) => known(word(context, node)),
    })
}

/// A fact that is a list of words; one word of a newer world makes all of it unknown.
fn words_fact<W: Word>(fields: &mut Fields, context: &mut Context, key: &'static str, unread: &mut Vec<Unread>) -> Known<Vec<W>> {
    let mut newer = false;
    let list = fields.known(context, key, |context, node| {
        texts(context, node, |context, node| match newer_word(context, node) {
            Ok(word) => {
                newer = true;
                unread.push(Unread { field: key, word });
                None
            }
            Err(node) => word(context, node),
        })
    });
    if newer { Known::Unknown } else { list }
}

/// Refuses a second item with the same id.
fn unique<T>(context: &mut Context, items: &[T], place: (usize, usize), what: &str, id: impl Fn(&T) -> &str) {
    let mut seen = HashSet::new();
    for item in items {
        if !seen.insert(id(item)) {
            context.problem_at(Some(place), format!("the {what} \"{}\" stands here a second time", id(item)));
        }
    }
}

/// A list of things that each have an id.
fn identified<T>(context: &mut Context, node: Node, what: &str, id: impl Fn(&T) -> &str, item: impl FnMut(&mut Context, Node) -> Option<T>) -> Option<Vec<T>> {
    let place = node.place;
    let items = texts(context, node, item)?;
    unique(context, &items, place, what, id);
    Some(items)
}

fn tenant(context: &mut Context, node: Node) -> Option<Tenant> {
    let mut fields = Fields::of(context, node)?;
    let f = &mut fields;
    let mut unread = Vec::new();
    let id = f.required(context, "id", boxed);
    let name = f.required(context, "name", boxed);
    let mut tenant = Tenant::unexplored(id.clone().unwrap_or_default(), name.clone().unwrap_or_default());
    tenant.domain = f.known(context, "domain", boxed);
    tenant.region = f.known(context, "region", shared);
    tenant.cloud = word_fact(f, context, "cloud", &mut unread);
    tenant.operator_roles = words_fact(f, context, "operator_roles", &mut unread);
    tenant.capacity = f.optional(context, "capacity_gb", capacity).unwrap_or_default();
    tenant.lockbox = f.known(context, "lockbox", Context::flag);
    tenant.licences = f.optional(context, "licences", licences).unwrap_or_default();
    tenant.dynamics_365_seats = f.known(context, "dynamics_365_seats", whole);
    tenant.paid_subscriptions = words_fact(f, context, "paid_subscriptions", &mut unread);
    tenant.security_groups =
        f.known(context, "security_groups", |context, node| identified(context, node, "security group", |g: &SecurityGroup| &g.id, security_group));
    tenant.users = f.known(context, "users", |context, node| identified(context, node, "user", |u: &User| &u.upn, user));
    fields.end(context);
    id.and(name).map(|_| tenant)
}

fn capacity(context: &mut Context, node: Node) -> Option<Capacity> {
    let mut fields = Fields::of(context, node)?;
    let entitled = fields.known(context, "entitled", gigabytes);
    let used = fields.known(context, "used", gigabytes);
    fields.end(context);
    Some(Capacity { entitled, used })
}

fn licences(context: &mut Context, node: Node) -> Option<Licences> {
    let mut fields = Fields::of(context, node)?;
    let total = fields.known(context, "total", whole);
    let active = fields.known(context, "active", whole);
    fields.end(context);
    Some(Licences { total, active })
}

fn security_group(context: &mut Context, node: Node) -> Option<SecurityGroup> {
    let mut fields = Fields::of(context, node)?;
    let id = fields.required(context, "id", boxed);
    let name = fields.required(context, "name", boxed);
    fields.end(context);
    Some(SecurityGroup { id: id?, name: name? })
}

fn user(context: &mut Context, node: Node) -> Option<User> {
    let mut fields = Fields::of(context, node)?;
    let f = &mut fields;
    let mut unread = Vec::new();
    let upn = f.required(context, "upn", shared);
    let active = f.known(context, "active", Context::flag);
    let licensed = f.known(context, "licensed", Context::flag);
    let access = word_fact(f, context, "access", &mut unread);
    let mailbox = word_fact(f, context, "mailbox", &mut unread);
    fields.end(context);
    Some(User { upn: upn?, active, licensed, access, mailbox })
}

fn environment(context: &mut Context, node: Node, tenant: TenantKey) -> Option<Environment> {
    let mut fields = Fields::of(context, node)?;
    let f = &mut fields;
    let mut unread = Vec::new();
    let id = f.required(context, "id", Context::name);
    let name = f.required(context, "name", boxed);
    let mut e = Environment::unexplored(tenant, EnvironmentId::new(id.as_deref().unwrap_or_default()), name.clone().unwrap_or_default());
    e.kind = word_fact(f, context, "type", &mut unread);
    e.state = word_fact(f, context, "state", &mut unread);
    e.region = f.known(context, "region", shared);
    e.url = f.known_or_none(context, "url", boxed);
    e.org_id = f.known_or_none(context, "org_id", boxed);
    e.created_at = f.known(context, "created_at", instant);
    e.dataverse = f.known_or_none(context, "dataverse", dataverse);
    e.dynamics_365_apps = f.known(context, "dynamics_365_apps", |context, node| texts(context, node, shared));
    e.managed = f.known(context, "managed", Context::flag);
    e.customer_managed_key = f.known_or_none(context, "customer_managed_key", customer_managed_key);
    e.enterprise_policies =
        f.known(context, "enterprise_policies", |context, node| texts(context, node, |context, node| enterprise_policy(context, node, &mut unread)));
    e.admin_mode = f.known(context, "admin_mode", Context::flag);
    e.background_operations = f.known(context, "background_operations", Context::flag);
    e.retention_days = f.known_or_none(context, "retention_days", |context, node| {
        context.parsed(node, "7, 14, 21 or 28 days, or none", |text| text.parse().ok().filter(|days| RETENTIONS.contains(days)))
    });
    e.security_group = f.known_or_none(context, "security_group", boxed);
    e.finance_operations = f.known_or_none(context, "finance_operations", |context, node| finance_operations(context, node, &mut unread));
    e.operator_roles = words_fact(f, context, "operator_roles", &mut unread);
    e.users = f.known(context, "users", |context, node| identified(context, node, "user", |upn: &Arc<str>| upn, shared));
    e.deleted_at = f.known_or_none(context, "deleted_at", instant);
    e.disallowed_operations = f.known(context, "disallowed_operations", |context, node| texts(context, node, disallowed_operation));
    e.backups = f.known(context, "backups", |context, node| identified(context, node, "backup id", |b: &Backup| &b.id, backup));
    e.components = f.optional(context, "components", |context, node| components(context, node, &mut unread)).unwrap_or_default();
    e.order_management = f.known_or_none(context, "order_management", order_management);
    e.unread = unread;
    fields.end(context);
    id.and(name).map(|_| e)
}

fn dataverse(context: &mut Context, node: Node) -> Option<Dataverse> {
    let mut fields = Fields::of(context, node)?;
    let version = fields.known(context, "version", shared);
    let size = fields.known(context, "size_gb", gigabytes);
    let audit = fields.known(context, "audit_gb", gigabytes);
    fields.end(context);
    Some(Dataverse { version, size, audit })
}

fn customer_managed_key(context: &mut Context, node: Node) -> Option<CustomerManagedKey> {
    let mut fields = Fields::of(context, node)?;
    let name = fields.known(context, "name", boxed);
    fields.end(context);
    Some(CustomerManagedKey { name })
}

fn enterprise_policy(context: &mut Context, node: Node, unread: &mut Vec<Unread>) -> Option<EnterprisePolicy> {
    let mut fields = Fields::of(context, node)?;
    let kind = word_fact_of(&mut fields, context, "kind", "enterprise_policies.kind", unread);
    let id = fields.required(context, "id", boxed);
    fields.end(context);
    Some(EnterprisePolicy { kind, id: id? })
}

fn finance_operations(context: &mut Context, node: Node, unread: &mut Vec<Unread>) -> Option<Box<FinanceOperations>> {
    let mut fields = Fields::of(context, node)?;
    let f = &mut fields;
    let id = f.required(context, "id", boxed);
    let name = f.required(context, "name", boxed);
    let kind_of_environment = word_fact_of(f, context, "type", "finance_operations.type", unread);
    let kind = word_fact_of(f, context, "kind", "finance_operations.kind", unread);
    let application_build = f.known(context, "application_build", shared);
    let point_in_time_restore_days = f.known(context, "pitr_days", whole);
    fields.end(context);
    Some(Box::new(FinanceOperations { id: id?, name: name?, kind_of_environment, kind, application_build, point_in_time_restore_days }))
}

fn disallowed_operation(context: &mut Context, node: Node) -> Option<DisallowedOperation> {
    let mut fields = Fields::of(context, node)?;
    let operation = fields.required(context, "operation", boxed);
    let message = fields.known(context, "message", boxed);
    fields.end(context);
    Some(DisallowedOperation { operation: operation?, message })
}

fn backup(context: &mut Context, node: Node) -> Option<Backup> {
    let mut fields = Fields::of(context, node)?;
    let f = &mut fields;
    let id = f.required(context, "id", boxed);
    let name = f.known(context, "name", boxed);
    let taken_at = f.required(context, "taken_at", instant);
    let created_by = f.known(context, "created_by", shared);
    let notes = f.known(context, "notes", |context, node| context.text(node).map(String::into_boxed_str));
    let region = f.optional(context, "region", shared);
    fields.end(context);
    Some(Backup { id: id?, name, taken_at: taken_at?, created_by, notes, overwritten: false, region })
}

fn components(context: &mut Context, node: Node, unread: &mut Vec<Unread>) -> Option<Components> {
    if node.is_none() {
        context.problem(&node, "components are known by kind: write [] behind a kind of which there is none");
        return None;
    }
    let mut components = Components::default();
    let mut fields = Fields::of(context, node)?;
    for kind in ComponentKind::ALL {
        if let Some(list) = fields.optional(context, kind.word(), |context, node| {
            identified(context, node, "component id", |c: &Component| &c.id, |context, node| component(context, node, *kind, unread))
        }) {
            components.insert(*kind, list);
        }
    }
    fields.end(context);
    Some(components)
}

fn component(context: &mut Context, node: Node, kind: ComponentKind, unread: &mut Vec<Unread>) -> Option<Component> {
    let mut fields = Fields::of(context, node)?;
    let id = fields.required(context, "id", boxed);
    let name = fields.required(context, "name", boxed);
    let in_solution = fields.known(context, "in_solution", Context::flag);
    let mut properties = Vec::new();
    for (key, shape) in kind.properties() {
        let property = fields.optional(context, key, |context, node| match newer_word(context, node) {
            Ok(newer) => {
                unread.push(Unread { field: "components", word: newer });
                None
            }
            Err(node) => property(context, node, *shape),
        });
        properties.extend(property.map(|value| (*key, value)));
    }
    fields.end(context);
    Some(Component { id: id?, name: name?, in_solution, properties })
}

fn property(context: &mut Context, node: Node, shape: Shape) -> Option<Property> {
    let none = node.is_none();
    match shape {
        Shape::Flag => context.flag(node).map(Property::Flag),
        Shape::Text if none => Some(Property::Nothing),
        Shape::Text => context.text(node).map(|text| Property::Text(text.into_boxed_str())),
        Shape::Word(words) => {
            if none {
                return Some(Property::Nothing);
            }
            let expected = format!("one of {}", words.join(", "));
            context.parsed(node, &expected, |text| words.iter().find(|word| **word == text).map(|word| Property::Text((*word).into())))
        }
    }
}

fn order_management(context: &mut Context, node: Node) -> Option<Box<OrderManagement>> {
    let mut fields = Fields::of(context, node)?;
    let f = &mut fields;
    let active = f.known(context, "active", Context::flag);
    let providers = f.known(context, "providers", |context, node| texts(context, node, boxed));
    let orchestrations =
        f.known(context, "orchestrations", |context, node| identified(context, node, "orchestration", |o: &Orchestration| &o.name, orchestration));
    let dual_write = f.known(context, "dual_write", Context::flag);
    fields.end(context);
    Some(Box::new(OrderManagement { active, providers, orchestrations, dual_write }))
}

fn orchestration(context: &mut Context, node: Node) -> Option<Orchestration> {
    let mut fields = Fields::of(context, node)?;
    let name = fields.required(context, "name", boxed);
    let published = fields.known(context, "published", Context::flag);
    let provider_actions = fields.known(context, "provider_actions", |context, node| texts(context, node, boxed));
    fields.end(context);
    Some(Orchestration { name: name?, published, provider_actions })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::environment::EnvironmentType;

    #[test]
    fn an_unread_word_inside_a_value_is_not_taken_for_the_environments_own() {
        let text = "schema: envdeck/1\ntenants:\n  - id: t\n    name: T\n    environments:\n      - id: e\n        name: E\n        type: sandbox\n        \
                    finance_operations: { id: f, name: F, type: { unknown: Foo } }\n        components: { cloud-flow: [{ id: c, name: C, state: { unknown: Bar } }] }\n";
        let loaded = read("t.yaml", text.as_bytes()).unwrap();
        let estate = crate::domain::estate::Estate::new(loaded.snapshot, crate::domain::journal::Journal::default(), None, None);
        let environment = estate.environments().next().unwrap().1.clone();
        assert_eq!((environment.kind, environment.unread_word("type"), environment.unread_word("state")), (Known::Is(EnvironmentType::Sandbox), None, None));
        assert_eq!((environment.unread_word("finance_operations.type"), environment.unread_word("components")), (Some("Foo"), Some("Bar")));
    }
}

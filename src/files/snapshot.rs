//! Reads a snapshot: what was seen in the tenants, with every error at its line, column and path.
//!
//! Environments are read one at a time from the stream of events, so memory follows the facts and not the file.

mod capacity;
mod save;
mod seen;
mod write;

use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use saphyr_parser::{Event, Span};

pub use self::save::{Old, load_old, save};
pub use self::write::write;
use super::problem::{Problem, Problems};
use super::yaml::{Context, Fields, Node, Place, Reader, Step, Stopped, Value, short};
use crate::domain::backup::Backup;
use crate::domain::component::{Component, ComponentKind, Components, Property, Shape};
use crate::domain::environment::{
    CustomerManagedKey, Dataverse, DisallowedOperation, EnterprisePolicy, Environment, EnvironmentId, FinanceOperations, Orchestration, OrderManagement,
    PastOperation, Unread,
};
use crate::domain::estate::{DuplicateId, Snapshot};
use crate::domain::fact::RETENTIONS;
use crate::domain::gigabytes::Gigabytes;
use crate::domain::known::Known;
use crate::domain::rulebook::Edition;
use crate::domain::tenant::{Licences, SecurityGroup, Tenant, TenantKey, User};
use crate::domain::time;
use crate::domain::words::{Word, nearest};

/// The version that the first line names.
pub const SCHEMA: &str = "envdeck/1";

/// A snapshot that was read, and what is odd about it without being wrong.
#[derive(Debug)]
pub struct Loaded {
    /// The facts.
    pub snapshot: Snapshot,
    /// What somebody should look at.
    pub remarks: Vec<Problem>,
    /// Line and column of `captured_at`, if it is there.
    pub captured_at: Option<(usize, usize)>,
}

/// Reads a snapshot from `source`, which is called `file` in messages.
pub fn read(file: &str, source: impl Read + 'static) -> Result<Loaded, Problems> {
    let mut reader = Reader::new(file, source);
    let mut decoder = Decoder { snapshot: Snapshot::default(), lines: Vec::new(), remarks: Problems::none_in(file), captured_at: None };
    // A stop has reported its problem already; it means that the rest was not read.
    reader.context.problems.unreadable |= decoder.document(&mut reader).is_err();
    if reader.context.problems.is_empty() {
        Ok(Loaded { snapshot: decoder.snapshot, remarks: decoder.remarks.list, captured_at: decoder.captured_at })
    } else {
        Err(reader.context.problems.in_order())
    }
}

struct Decoder {
    snapshot: Snapshot,
    /// The line in which the id of each environment stands.
    lines: Vec<usize>,
    remarks: Problems,
    captured_at: Option<Place>,
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

    fn root_field(&mut self, context: &mut Context, key: &str, place: Place, node: Node) -> Result<(), Stopped> {
        match key {
            "schema" => {
                let at = node.place;
                let version = context.text(node).ok_or(Stopped)?;
                if version != SCHEMA {
                    let written = match version.split_once('/') {
                        Some(("envdeck-journal", _)) => "this is a journal: name the snapshot that it stands beside",
                        Some(("envdeck", _)) => "a newer envdeck wrote this snapshot: use that one",
                        _ => "this is no snapshot of envdeck",
                    };
                    context.problem_at(Some(at), format_args!("this version of envdeck reads `{SCHEMA}`, not `{}`: {written}", short(&version)));
                    return Err(Stopped);
                }
            }
            "captured_at" => {
                self.captured_at = Some(node.place);
                self.snapshot.captured_at = known(instant(context, node));
            }
            "rulebook" => self.snapshot.edition = known(word::<Edition>(context, node)),
            "operator" => self.snapshot.operator = known(context.name(node).map(|name| Arc::from(name.as_str()))),
            "tenants" => {
                context.problem(&node, "a list of tenants is expected here");
            }
            _ => {
                context.path.pop();
                let meant = nearest(key, ROOT).map_or_else(|| format!("known are {}", ROOT.join(", ")), |near| format!("did you mean `{near}`?"));
                context.problem_at(Some(place), format!("there is no key `{}` here; {meant}", short(key)));
                context.path.push(Step::Key(key.to_owned()));
            }
        }
        Ok(())
    }

    fn tenants<R: Read + 'static>(&mut self, reader: &mut Reader<R>) -> Result<(), Stopped> {
        let mut lines = HashMap::new();
        reader.each(|reader, event, span| {
            if matches!(event, Event::MappingStart(..)) {
                return self.tenant(reader, span, &mut lines);
            }
            let node = reader.node(event, span)?;
            reader.context.problem(&node, "a tenant is expected here: a map with id, name and environments");
            Ok(())
        })
    }

    fn tenant<R: Read + 'static>(&mut self, reader: &mut Reader<R>, span: Span, lines: &mut HashMap<Box<str>, usize>) -> Result<(), Stopped> {
        let key = self.snapshot.next_tenant();
        // Nearly all of a tenant is small and is collected, so that its fields may come in any order.
        let mut lists = Lists::default();
        let node = reader.map(span, |reader, field, event, span| {
            match field {
                "environments" => {
                    lists.environments = true;
                    self.environments(reader, key, event, span)?;
                }
                "users" => lists.users = streamed(reader, event, span, USERS, |context, node| user(context, node, &mut lists.unread))?,
                "security_groups" => lists.security_groups = streamed(reader, event, span, SECURITY_GROUPS, security_group)?,
                _ => return Ok(Some((event, span))),
            }
            Ok(None)
        })?;
        let context = &mut reader.context;
        if !lists.environments {
            context.problem_at(Some(node.place), "`environments` is missing here; [] is an empty list");
        }
        let place = node.place_of("id");
        let Some(tenant) = tenant(context, node, lists) else { return Ok(()) };
        match lines.entry(tenant.id.clone()) {
            Occupied(first) => context.within(Step::Field("id"), |context| second(context, place, "tenant id", &tenant.id, *first.get())),
            Vacant(vacant) => {
                vacant.insert(place.0);
            }
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
        reader.each(|reader, event, span| {
            let node = reader.node(event, span)?;
            self.environment(&mut reader.context, node, tenant);
            Ok(())
        })
    }

    fn environment(&mut self, context: &mut Context, node: Node, tenant: TenantKey) {
        let (place, id_place) = (node.place, node.place_of("id"));
        let Some(environment) = environment(context, node, tenant) else { return };
        if environment.has_dynamics_365() == Known::Is(true) && environment.has_database() == Known::Is(false) {
            let odd = format!("{} has Dynamics 365 apps but no database, which cannot be (ENV-003)", environment.name);
            self.remarks.add(context.describe(Some(place), odd));
        }
        let id = environment.id.clone();
        match self.snapshot.add_environment(environment) {
            Ok(_) => self.lines.push(id_place.0),
            Err(DuplicateId(same)) => {
                let first = self.lines.get(same.0 as usize).copied().unwrap_or_default();
                context.within(Step::Field("id"), |context| second(context, id_place, "environment id", id.as_str(), first));
            }
        }
    }
}

/// The lists of a tenant that can be long: they are read item by item while the tenant is.
#[derive(Default)]
struct Lists {
    environments: bool,
    users: Known<Vec<User>>,
    security_groups: Known<Vec<SecurityGroup>>,
    unread: Vec<Unread>,
}

/// Refuses what has the same id as something in an earlier line.
fn second(context: &mut Context, place: Place, what: &str, id: &str, first: usize) {
    context.problem_at(Some(place), format_args!("the {what} \"{}\" stands here a second time, first in line {first}: keep one of the two", short(id)));
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
    context.one_of(node, W::CALLED, &W::words(), W::from_word)
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
            unread.push(Unread { field: path, word: newer, at: Box::default() });
            Known::Unknown
        }
        Err(node) => known(word(context, node)),
    })
}

/// Says of the words since `before` in which of several they stood.
fn placed(unread: &mut [Unread], before: usize, at: &str) {
    unread.iter_mut().skip(before).for_each(|unread| unread.at = at.into());
}

/// Hands the number of each item on with it.
fn numbered<T>(mut item: impl FnMut(&mut Context, Node, usize) -> Option<T>) -> impl FnMut(&mut Context, Node) -> Option<T> {
    let mut next = 0;
    move |context, node| {
        next += 1;
        item(context, node, next - 1)
    }
}

/// A fact that is a list of words; one word of a newer world makes all of it unknown.
fn words_fact<W: Word>(fields: &mut Fields, context: &mut Context, key: &'static str, unread: &mut Vec<Unread>) -> Known<Vec<W>> {
    let mut newer = false;
    let list = fields.known(context, key, |context, node| {
        texts(context, node, |context, node| match newer_word(context, node) {
            Ok(word) => {
                newer = true;
                unread.push(Unread { field: key, word, at: Box::default() });
                None
            }
            Err(node) => word(context, node),
        })
    });
    if newer { Known::Unknown } else { list }
}

/// How the items of a list are told apart.
struct Identity<T> {
    /// What the id is called in messages.
    called: &'static str,
    /// The key behind which it stands; none when the item itself is the id.
    key: Option<&'static str>,
    /// The id of an item.
    of: fn(&T) -> &str,
}

const USERS: Identity<User> = Identity { called: "user", key: Some("upn"), of: |user| &user.upn };
const SECURITY_GROUPS: Identity<SecurityGroup> = Identity { called: "security group id", key: Some("id"), of: |group| &group.id };
const ENABLED_USERS: Identity<Arc<str>> = Identity { called: "user", key: None, of: |upn| upn };
const BACKUPS: Identity<Backup> = Identity { called: "backup id", key: Some("id"), of: |backup| &backup.id };
const HISTORY: Identity<PastOperation> = Identity { called: "operation id", key: Some("id"), of: |operation| &operation.id };
const COMPONENTS: Identity<Component> = Identity { called: "component id", key: Some("id"), of: |component| &component.id };
const ORCHESTRATIONS: Identity<Orchestration> = Identity { called: "orchestration", key: Some("name"), of: |orchestration| &orchestration.name };

/// The items of a list so far, each with its index and where its id stands.
struct Identified<T> {
    identity: Identity<T>,
    items: Vec<T>,
    places: Vec<(usize, Place)>,
}

impl<T> Identified<T> {
    const fn new(identity: Identity<T>) -> Self {
        Self { identity, items: Vec::new(), places: Vec::new() }
    }

    /// Reads the item at the current path.
    fn add(&mut self, context: &mut Context, index: usize, node: Node, item: impl FnOnce(&mut Context, Node) -> Option<T>) {
        let place = self.identity.key.map_or(node.place, |key| node.place_of(key));
        if let Some(item) = item(context, node) {
            self.items.push(item);
            self.places.push((index, place));
        }
    }

    /// All of them; a second one with the same id is refused.
    fn all(self, context: &mut Context) -> Vec<T> {
        let Identity { called, key, of } = self.identity;
        let mut lines = HashMap::with_capacity(self.items.len());
        for (item, (index, place)) in self.items.iter().zip(self.places) {
            match lines.entry(of(item)) {
                Occupied(first) => {
                    let depth = context.path.len();
                    context.path.push(Step::Item(index));
                    context.path.extend(key.map(Step::Field));
                    second(context, place, called, of(item), *first.get());
                    context.path.truncate(depth);
                }
                Vacant(vacant) => {
                    vacant.insert(place.0);
                }
            }
        }
        self.items
    }
}

/// A list of things that each have an id.
fn identified<T>(context: &mut Context, node: Node, identity: Identity<T>, mut item: impl FnMut(&mut Context, Node) -> Option<T>) -> Option<Vec<T>> {
    let mut list = Identified::new(identity);
    let mut index = 0;
    texts(context, node, |context, node| {
        list.add(context, index, node, &mut item);
        index += 1;
        Some(())
    })?;
    Some(list.all(context))
}

/// The same for a list that is still to come, whose items are read one by one.
fn streamed<R: Read + 'static, T>(
    reader: &mut Reader<R>,
    event: Event<'static>,
    span: Span,
    identity: Identity<T>,
    mut item: impl FnMut(&mut Context, Node) -> Option<T>,
) -> Result<Known<Vec<T>>, Stopped> {
    if !matches!(event, Event::SequenceStart(..)) {
        let node = reader.node(event, span)?;
        return Ok(known(identified(&mut reader.context, node, identity, item)));
    }
    let mut list = Identified::new(identity);
    let mut index = 0;
    reader.each(|reader, event, span| {
        let node = reader.node(event, span)?;
        list.add(&mut reader.context, index, node, &mut item);
        index += 1;
        Ok(())
    })?;
    Ok(Known::Is(list.all(&mut reader.context)))
}

fn tenant(context: &mut Context, node: Node, lists: Lists) -> Option<Tenant> {
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
    tenant.capacity = f.optional(context, "capacity_gb", capacity::capacity).unwrap_or_default();
    tenant.lockbox = f.known(context, "lockbox", Context::flag);
    tenant.licences = f.optional(context, "licences", licences).unwrap_or_default();
    tenant.dynamics_365_seats = f.known(context, "dynamics_365_seats", whole);
    tenant.paid_subscriptions = words_fact(f, context, "paid_subscriptions", &mut unread);
    tenant.seen = f.optional(context, "seen", seen::of_tenant).unwrap_or_default();
    // These were read already, but they are keys that a tenant can have.
    for key in ["security_groups", "users", "environments"] {
        f.take(context, key);
    }
    (tenant.security_groups, tenant.users) = (lists.security_groups, lists.users);
    unread.extend(lists.unread);
    tenant.unread = unread;
    fields.end(context);
    id.and(name).map(|_| tenant)
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

fn user(context: &mut Context, node: Node, unread: &mut Vec<Unread>) -> Option<User> {
    let mut fields = Fields::of(context, node)?;
    let f = &mut fields;
    let before = unread.len();
    let upn = f.required(context, "upn", shared);
    let active = f.known(context, "active", Context::flag);
    let licensed = f.known(context, "licensed", Context::flag);
    let access = word_fact_of(f, context, "access", "users.access", unread);
    let mailbox = word_fact_of(f, context, "mailbox", "users.mailbox", unread);
    placed(unread, before, upn.as_deref().unwrap_or_default());
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
    e.enterprise_policies = f.known(context, "enterprise_policies", |context, node| {
        texts(context, node, numbered(|context, node, at| enterprise_policy(context, node, at, &mut unread)))
    });
    e.admin_mode = f.known(context, "admin_mode", Context::flag);
    e.background_operations = f.known(context, "background_operations", Context::flag);
    if let Known::Is(at) = f.known(context, "backups_available_from", instant) {
        e.kept_since = Some(at);
    }
    e.retention_days = f.known_or_none(context, "retention_days", |context, node| {
        context.parsed(node, "7, 14, 21 or 28 days, or none", |text| text.parse().ok().filter(|days| RETENTIONS.contains(days)))
    });
    e.security_group = f.known_or_none(context, "security_group", boxed);
    e.finance_operations = f.known_or_none(context, "finance_operations", |context, node| finance_operations(context, node, &mut unread));
    e.operator_roles = words_fact(f, context, "operator_roles", &mut unread);
    e.users = f.known(context, "users", |context, node| identified(context, node, ENABLED_USERS, shared));
    e.deleted_at = f.known_or_none(context, "deleted_at", instant);
    e.disallowed_operations = f.known(context, "disallowed_operations", |context, node| texts(context, node, disallowed_operation));
    e.history = f.known(context, "history", |context, node| {
        let mut item = numbered(|context, node, at| past_operation(context, node, at, &mut unread));
        identified(context, node, HISTORY, &mut item)
    });
    e.backups = f.known(context, "backups", |context, node| identified(context, node, BACKUPS, backup));
    e.components = f.optional(context, "components", |context, node| components(context, node, &mut unread)).unwrap_or_default();
    e.order_management = f.known_or_none(context, "order_management", order_management);
    e.seen = f.optional(context, "seen", seen::of_environment).unwrap_or_default();
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

fn enterprise_policy(context: &mut Context, node: Node, at: usize, unread: &mut Vec<Unread>) -> Option<EnterprisePolicy> {
    let mut fields = Fields::of(context, node)?;
    let before = unread.len();
    let kind = word_fact_of(&mut fields, context, "kind", "enterprise_policies.kind", unread);
    placed(unread, before, &at.to_string());
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

fn past_operation(context: &mut Context, node: Node, at: usize, unread: &mut Vec<Unread>) -> Option<PastOperation> {
    let mut fields = Fields::of(context, node)?;
    let f = &mut fields;
    let before = unread.len();
    let id = f.required(context, "id", boxed);
    let operation = f.required(context, "operation", boxed);
    let state = word_fact_of(f, context, "state", "history.state", unread);
    placed(unread, before, &at.to_string());
    let requested_by = f.known(context, "requested_by", shared);
    let started_at = f.known(context, "started_at", instant);
    let ended_at = f.known(context, "ended_at", instant);
    fields.end(context);
    Some(PastOperation { id: id?, operation: operation?, state, requested_by, started_at, ended_at })
}

fn backup(context: &mut Context, node: Node) -> Option<Backup> {
    let mut fields = Fields::of(context, node)?;
    let f = &mut fields;
    let id = f.required(context, "id", boxed);
    let name = f.known(context, "name", boxed);
    let taken_at = f.required(context, "taken_at", instant);
    let created_by = f.known(context, "created_by", shared);
    let notes = f.known(context, "notes", |context, node| if node.is_none() { Some(Box::default()) } else { context.text(node).map(String::into_boxed_str) });
    let region = f.optional(context, "region", shared);
    fields.end(context);
    Some(Backup { id: id?, name, taken_at: taken_at?, created_by, notes, overwritten: false, may_be_gone: false, region })
}

fn components(context: &mut Context, node: Node, unread: &mut Vec<Unread>) -> Option<Components> {
    if node.is_none() {
        context.problem(&node, "components are known by kind: write [] behind a kind of which there is none");
        return None;
    }
    let mut components = Components::default();
    let mut fields = Fields::of(context, node)?;
    for kind in ComponentKind::ALL {
        if let Some(list) = fields
            .optional(context, kind.word(), |context, node| identified(context, node, COMPONENTS, |context, node| component(context, node, *kind, unread)))
        {
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
                let at = format!("{}/{key}/{}", kind.word(), id.as_deref().unwrap_or_default()).into();
                unread.push(Unread { field: "components", word: newer, at });
                None
            }
            Err(node) => property(context, node, key, *shape),
        });
        properties.extend(property.map(|value| (*key, value)));
    }
    fields.end(context);
    Some(Component { id: id?, name: name?, in_solution, properties })
}

fn property(context: &mut Context, node: Node, key: &str, shape: Shape) -> Option<Property> {
    let none = node.is_none();
    match shape {
        Shape::Flag => context.flag(node).map(Property::Flag),
        Shape::Text if none => Some(Property::Nothing),
        Shape::Text => context.text(node).map(|text| Property::Text(text.into_boxed_str())),
        Shape::Word(words) => {
            if none {
                return Some(Property::Nothing);
            }
            context.one_of(node, key, words, |text| words.iter().find(|word| **word == text).map(|word| Property::Text((*word).into())))
        }
    }
}

fn order_management(context: &mut Context, node: Node) -> Option<Box<OrderManagement>> {
    let mut fields = Fields::of(context, node)?;
    let f = &mut fields;
    let active = f.known(context, "active", Context::flag);
    let providers = f.known(context, "providers", |context, node| texts(context, node, boxed));
    let orchestrations = f.known(context, "orchestrations", |context, node| identified(context, node, ORCHESTRATIONS, orchestration));
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
    Some(Orchestration { name: name?, published, provider_actions, invalid_actions: false })
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

//! `envdeck show`: everything that is known about one environment.

use std::io;

use clap::Args;
use serde_json::{Map, Value, json};

use super::json::{self, UNKNOWN, fact, instant, word};
use super::output::{Failure, Out, Status, Tone};
use super::sheet;
use super::source::{Format, Session, Source};
use crate::domain::backup::Backup;
use crate::domain::component::{Component, ComponentKind, Components, Property};
use crate::domain::environment::{Environment, FinanceOperations, OrderManagement, PastOperation};
use crate::domain::fact;
use crate::domain::gigabytes::Gigabytes;
use crate::domain::journal;
use crate::domain::known::Known;
use crate::domain::retention::retention;
use crate::domain::seen::{FactGroup, Group};
use crate::domain::time::rfc3339;
use crate::domain::typed::{Source as Origin, Typed};
use crate::domain::words::Word;

/// Show everything that is known about one environment
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck show \"Contoso Sales\" -s contoso.yaml
  envdeck show Fabrikam/Training -s contoso.yaml --format json
  envdeck show \"contoso sales u\" --demo

The keys are those of the snapshot, with what follows from them: the tenant, and how long backups really are kept.
What somebody typed says so; in JSON `facts` holds who and when, and what was captured instead.")]
pub struct Show {
    /// Its id, its name, how its name begins, or TENANT/NAME
    #[arg(value_name = "ENV")]
    environment: String,
    #[command(flatten)]
    source: Source,
}

/// Shows it.
pub fn run(arguments: &Show, out: &mut Out) -> Result<Status, Failure> {
    let session = arguments.source.open()?;
    let environment = session.environment(&arguments.environment)?;
    let mut object = object(&session, environment);
    let typed: Vec<&Typed> = typed(&session, environment).collect();
    if arguments.source.written.format != Format::Table && !typed.is_empty() {
        object.insert("facts".to_owned(), Value::Object(typed.iter().map(|typed| (typed.field.to_owned(), source(typed))).collect()));
    }
    match arguments.source.written.format {
        Format::Json => json::write(out, &Value::Object(object))?,
        Format::Csv => {
            let header: Vec<&str> = object.keys().map(String::as_str).collect();
            sheet::write(out, &header, std::iter::once(object.values().map(sheet::text)))?;
        }
        Format::Table => {
            // Where all of it was seen at once, the head of the snapshot says when.
            if environment.seen.is_empty() {
                object.remove("seen");
            }
            text(&object, (0, ""), &typed, out)?;
        }
    }
    Ok(Status::Done)
}

/// What was typed about an environment, as far as that or the capture that disagrees is what is shown.
fn typed<'a>(session: &'a Session, e: &'a Environment) -> impl Iterator<Item = &'a Typed> {
    fact::ENVIRONMENT.iter().filter_map(|field| match session.estate.source_of(&e.id, field.shape.name) {
        Origin::Typed(typed) => Some(typed),
        Origin::Captured | Origin::Unknown => None,
    })
}

/// Who typed a fact and when, and what was captured instead.
fn source(typed: &Typed) -> Value {
    let captured = typed.captured.as_ref().map_or_else(|| Value::from(UNKNOWN), answer);
    let source = if typed.counts { "typed" } else { "captured" };
    json!({ "source": source, "by": &*typed.by, "at": rfc3339(typed.at), "typed": answer(&typed.value), "captured": captured })
}

fn answer(value: &journal::Value) -> Value {
    match value {
        journal::Value::Nothing => Value::Null,
        journal::Value::Flag(flag) => Value::from(*flag),
        journal::Value::Text(text) => Value::from(&**text),
        journal::Value::List(items) => items.iter().map(|item| Value::from(&**item)).collect(),
    }
}

/// One field a line with who typed it, what is inside another value indented below it.
fn text(object: &Map<String, Value>, (indent, within): (usize, &str), typed: &[&Typed], out: &mut Out) -> io::Result<()> {
    let width = object.keys().map(|key| key.chars().count()).max().unwrap_or_default() + 1;
    for (key, value) in object {
        let label = format!("{:width$} ", format!("{key}:"));
        let path = format!("{within}{key}");
        let said = typed.iter().find(|typed| typed.field == path).map_or_else(String::new, |typed| format!(" ({})", typed.source()));
        match value {
            Value::Object(inner) if !inner.is_empty() => {
                out.sentence(indent, Tone::Heading, &format!("{key}:"), &said)?;
                text(inner, (indent + 2, &format!("{path}.")), typed, out)?;
            }
            Value::Array(items) if items.iter().any(Value::is_object) => {
                out.sentence(indent, Tone::Heading, &format!("{key}:"), &said)?;
                for item in items {
                    out.sentence(indent + 2, Tone::Plain, "- ", &one_line(item))?;
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                out.sentence(indent, Tone::Heading, &label, &format!("{}{said}", one_line(value)))?;
            }
        }
    }
    Ok(())
}

/// A value in one line, as people write it.
fn one_line(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(one_line).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => fields.iter().map(|(key, value)| format!("{key}: {}", one_line(value))).collect::<Vec<_>>().join(", "),
    }
}

fn object(session: &Session, e: &Environment) -> Map<String, Value> {
    let mut object = json!({
        "id": e.id.as_str(),
        "name": &*e.name,
        "tenant": session.tenant_of(e),
        "type": word(e.kind),
        "state": word(e.state),
        "region": fact(e.region.as_ref().map(|region| &**region)),
        "url": fact(e.url.as_ref().map(Option::as_deref)),
        "org_id": fact(e.org_id.as_ref().map(Option::as_deref)),
        "created_at": fact(e.created_at.map(rfc3339)),
        "dataverse": fact(e.dataverse.as_ref().map(|database| database.as_ref().map(|database| json!({
            "version": fact(database.version.as_ref().map(|version| &**version)),
            "size_gb": fact(database.size.map(gigabytes)),
            "audit_gb": fact(database.audit.map(gigabytes)),
        })))),
        "dynamics_365_apps": texts(e.dynamics_365_apps.as_ref()),
        "managed": fact(e.managed),
        "customer_managed_key": fact(e.customer_managed_key.as_ref().map(|key| key.as_ref().map(|key| json!({ "name": fact(key.name.as_ref().map(|name| &**name)) })))),
        "enterprise_policies": list(e.enterprise_policies.as_ref(), |policy| json!({ "kind": word(policy.kind), "id": &*policy.id })),
        "admin_mode": fact(e.admin_mode),
        "background_operations": fact(e.background_operations),
        "retention_days": fact(e.retention_days),
        "backups_available_from": fact(e.kept_since.map_or(Known::Unknown, |at| Known::Is(rfc3339(at)))),
        "effective_retention_days": fact(retention(e, session.rulebook()).in_force()),
        "security_group": fact(e.security_group.as_ref().map(Option::as_deref)),
        "finance_operations": fact(e.finance_operations.as_ref().map(|half| half.as_deref().map(finance_operations))),
        "operator_roles": list(e.operator_roles.as_ref(), |role| Value::from(role.word())),
        "users": texts(e.users.as_ref()),
        "deleted_at": instant(e.deleted_at),
        "disallowed_operations": list(e.disallowed_operations.as_ref(), |operation| json!({
            "operation": &*operation.operation,
            "message": fact(operation.message.as_ref().map(|message| &**message)),
        })),
        "history": list(e.history.as_ref(), past),
        "backups": list(e.backups.as_ref(), backup),
        "components": components(&e.components),
        "order_management": fact(e.order_management.as_ref().map(|management| management.as_deref().map(order_management))),
        "seen": seen(session, e),
    });
    json::add_unread(&mut object, &e.unread);
    match object {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

/// When each group of facts was looked at, and where: with the whole snapshot where nothing else is said.
fn seen(session: &Session, e: &Environment) -> Value {
    let look = |group: Group| {
        let source = e.seen.of(group).map_or(Known::Unknown, |look| look.source.as_ref().map(|source| &**source));
        json!({ "at": fact(e.seen(group, session.estate.captured_at()).map(rfc3339)), "source": fact(source) })
    };
    let mut groups: Map<String, Value> = FactGroup::ALL.iter().map(|group| (group.word().to_owned(), look(Group::Facts(*group)))).collect();
    // Of kinds of which nothing is known nobody has to know when that was.
    let kinds = ComponentKind::ALL.iter().filter(|kind| !e.components.of(**kind).is_unknown() || e.seen.of(Group::Components(**kind)).is_some());
    groups.insert("components".to_owned(), Value::Object(kinds.map(|kind| (kind.word().to_owned(), look(Group::Components(*kind)))).collect()));
    Value::Object(groups)
}

fn past(past: &PastOperation) -> Value {
    json!({
        "id": &*past.id,
        "operation": &*past.operation,
        "state": word(past.state),
        "requested_by": fact(past.requested_by.as_ref().map(|by| &**by)),
        "started_at": fact(past.started_at.map(rfc3339)),
        "ended_at": fact(past.ended_at.map(rfc3339)),
    })
}

/// A size as it was written: `212`, not `212.0`.
fn gigabytes(size: Gigabytes) -> Value {
    size.to_string().parse().map_or(Value::Null, Value::Number)
}

fn list<T>(items: Known<&Vec<T>>, item: impl Fn(&T) -> Value) -> Value {
    fact(items.map(|items| items.iter().map(item).collect::<Value>()))
}

fn texts<T: AsRef<str>>(items: Known<&Vec<T>>) -> Value {
    list(items, |text| Value::from(text.as_ref()))
}

fn finance_operations(half: &FinanceOperations) -> Value {
    json!({
        "id": &*half.id,
        "name": &*half.name,
        "type": word(half.kind_of_environment),
        "kind": word(half.kind),
        "application_build": fact(half.application_build.as_ref().map(|build| &**build)),
        "pitr_days": fact(half.point_in_time_restore_days),
    })
}

fn backup(backup: &Backup) -> Value {
    let mut object = json!({
        "id": &*backup.id,
        "name": fact(backup.name.as_ref().map(|name| &**name)),
        "taken_at": rfc3339(backup.taken_at),
        "created_by": fact(backup.created_by.as_ref().map(|by| &**by)),
        "notes": fact(backup.notes.as_ref().map(|notes| &**notes)),
    });
    if let (Some(region), Value::Object(object)) = (&backup.region, &mut object) {
        object.insert("region".to_owned(), Value::from(&**region));
    }
    object
}

/// By kind; a kind that nobody looked up is unknown like every other fact.
fn components(components: &Components) -> Value {
    let of = |kind: &ComponentKind| {
        let list = components.of(*kind).map(|list| list.iter().map(|one| component(*kind, one)).collect::<Value>());
        (kind.word().to_owned(), fact(list))
    };
    if components.seen().next().is_none() {
        return Value::from(UNKNOWN);
    }
    Value::Object(ComponentKind::ALL.iter().map(of).collect())
}

fn component(kind: ComponentKind, component: &Component) -> Value {
    let mut object = Map::new();
    object.insert("id".to_owned(), Value::from(&*component.id));
    object.insert("name".to_owned(), Value::from(&*component.name));
    object.insert("in_solution".to_owned(), fact(component.in_solution));
    for (name, _) in kind.properties() {
        let value = component.property(name).map(|property| match property {
            Property::Flag(flag) => Value::from(*flag),
            Property::Text(text) => Value::from(&**text),
            Property::Nothing => Value::Null,
        });
        object.insert((*name).to_owned(), fact(value));
    }
    Value::Object(object)
}

fn order_management(management: &OrderManagement) -> Value {
    json!({
        "active": fact(management.active),
        "providers": texts(management.providers.as_ref()),
        "orchestrations": list(management.orchestrations.as_ref(), |orchestration| json!({
            "name": &*orchestration.name,
            "published": fact(orchestration.published),
            "provider_actions": texts(orchestration.provider_actions.as_ref()),
        })),
        "dual_write": fact(management.dual_write),
    })
}

//! The facts that a person can answer: one table of the fields of environments and tenants, and what each of them can be.
//!
//! The names are those of the snapshot; `files/` checks journals by this table, the console asks by it.

mod answer;
mod shape;

use std::sync::Arc;

use chrono::{DateTime, Utc};

use self::answer::{Answer, some_half};
pub use self::shape::{Kind, Shape, Vocabulary};
use crate::domain::backup::Backup;
use crate::domain::component::{Component, ComponentKind};
use crate::domain::environment::{
    CustomerManagedKey, Dataverse, DisallowedOperation, EnterprisePolicy, Environment, EnvironmentRole, EnvironmentState, EnvironmentType, FinanceOperations,
    FinanceOperationsKind, FinanceOperationsType, OrderManagement, PastOperation,
};
use crate::domain::gigabytes::Gigabytes;
use crate::domain::journal::Value;
use crate::domain::known::Known;
use crate::domain::tenant::{Cloud, SecurityGroup, Subscription, Tenant, TenantRole, User};
use crate::domain::words::nearest;

/// The only retentions that can be set (BKP-034), in days.
pub const RETENTIONS: [u16; 4] = [7, 14, 21, 28];

/// What a field is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Of {
    /// One environment.
    Environment,
    /// A whole tenant.
    Tenant,
}

/// A field of an environment or a tenant.
pub struct Field<S: 'static> {
    /// What can be answered.
    pub shape: Shape,
    get: fn(&S) -> Known<Value>,
    set: fn(&mut S, &Value),
    fits: fn(&Value) -> bool,
    agrees: fn(&S, &Value) -> bool,
    adopt: fn(&S, &mut S),
}

impl<S> Field<S> {
    /// What is known, as somebody would have answered it.
    pub fn get(&self, of: &S) -> Known<Value> {
        (self.get)(of)
    }

    /// Takes the answer over; one that does not fit changes nothing.
    pub fn apply(&self, value: &Value, to: &mut S) {
        if self.fits(value) {
            (self.set)(to, value);
        }
    }

    /// Takes over what is known about `from`, even that it is unknown.
    pub fn adopt(&self, from: &S, to: &mut S) {
        (self.adopt)(from, to);
    }

    /// Whether a value is an answer to this field.
    pub fn fits(&self, value: &Value) -> bool {
        (self.fits)(value)
    }

    /// Whether what is known and the answer are the same, as far as the answer goes.
    pub fn agrees(&self, of: &S, value: &Value) -> bool {
        (self.agrees)(of, value)
    }
}

/// A field of its own.
macro_rules! field {
    ($name:literal, $type:ty, $($path:ident).+) => {
        Field {
            shape: Shape { name: $name, kind: <$type as Answer>::KIND, none: <$type as Answer>::NONE },
            get: |of| of.$($path).+.as_ref().map(Answer::write),
            set: |of, value| {
                if let Some(value) = <$type as Answer>::read(value) {
                    of.$($path).+ = Known::Is(value);
                }
            },
            fits: |value| <$type as Answer>::read(value).is_some(),
            agrees: |of, value| match (&of.$($path).+, <$type as Answer>::read(value)) {
                (Known::Is(known), Some(typed)) => known.agrees(&typed),
                (Known::Unknown, _) | (_, None) => false,
            },
            adopt: |from, to| to.$($path).+.clone_from(&from.$($path).+),
        }
    };
}

/// A field inside something that there may not be; to answer it is to say that there is one.
macro_rules! part {
    ($name:literal, $type:ty, $parent:ident . $path:ident, $new:expr) => {
        Field {
            shape: Shape { name: $name, kind: <$type as Answer>::KIND, none: <$type as Answer>::NONE },
            get: |of| match &of.$parent {
                Known::Is(Some(parent)) => parent.$path.as_ref().map(Answer::write),
                Known::Is(None) => Known::Is(Value::Nothing),
                Known::Unknown => Known::Unknown,
            },
            set: |of, value| {
                let Some(value) = <$type as Answer>::read(value) else { return };
                if !of.$parent.is(Option::is_some) {
                    of.$parent = Known::Is(Some($new));
                }
                if let Known::Is(Some(parent)) = &mut of.$parent {
                    parent.$path = Known::Is(value);
                }
            },
            fits: |value| <$type as Answer>::read(value).is_some(),
            agrees: |of, value| match (&of.$parent, <$type as Answer>::read(value)) {
                (Known::Is(Some(parent)), Some(typed)) => parent.$path.is(|known| known.agrees(&typed)),
                (Known::Is(None) | Known::Unknown, _) | (_, None) => false,
            },
            adopt: |from, to| {
                if let Known::Is(Some(to)) = &mut to.$parent {
                    to.$path = match &from.$parent {
                        Known::Is(Some(from)) => from.$path.clone(),
                        Known::Is(None) | Known::Unknown => Known::Unknown,
                    };
                }
            },
        }
    };
}

/// All components of one kind.
macro_rules! components {
    ($name:literal, $kind:ident) => {
        Field {
            shape: Shape { name: $name, kind: Kind::OnlyNone, none: false },
            get: |of: &Environment| of.components.of(ComponentKind::$kind).map(|list| list.to_vec().write()),
            set: |of, value| {
                if let Some(list) = <Vec<Component> as Answer>::read(value) {
                    of.components.insert(ComponentKind::$kind, list);
                }
            },
            fits: |value| <Vec<Component> as Answer>::read(value).is_some(),
            agrees: |of, value| <Vec<Component> as Answer>::read(value).is_some() && of.components.of(ComponentKind::$kind).is(|list| list.is_empty()),
            adopt: |from, to| match from.components.of(ComponentKind::$kind) {
                Known::Is(list) => to.components.insert(ComponentKind::$kind, list.to_vec()),
                Known::Unknown => to.components.forget(ComponentKind::$kind),
            },
        }
    };
}

/// Storage: what was said of the sum or of a type holds for the other as well.
macro_rules! storage {
    ($name:literal, $then:ident, $($path:ident).+) => {
        Field {
            set: |of: &mut Tenant, value| {
                if let Some(value) = <Gigabytes as Answer>::read(value) {
                    of.capacity.$($path).+ = Known::Is(value);
                    of.capacity.$then();
                }
            },
            adopt: |from, to| {
                to.capacity.$($path).+ = from.capacity.$($path).+;
                to.capacity.$then();
            },
            ..field!($name, Gigabytes, capacity.$($path).+)
        }
    };
}

/// Something whose parts are answered.
macro_rules! in_parts {
    ($name:literal) => {
        Field {
            shape: Shape { name: $name, kind: Kind::InParts, none: false },
            get: |_| Known::Unknown,
            set: |_, _| {},
            fits: |_| false,
            agrees: |_, _| false,
            adopt: |_, _| {},
        }
    };
}

/// The fields of an environment.
pub static ENVIRONMENT: &[Field<Environment>] = &[
    field!("type", EnvironmentType, kind),
    field!("state", EnvironmentState, state),
    field!("region", Arc<str>, region),
    field!("url", Option<Box<str>>, url),
    field!("org_id", Option<Box<str>>, org_id),
    field!("created_at", DateTime<Utc>, created_at),
    field!("dataverse", Option<Dataverse>, dataverse),
    part!("dataverse.version", Arc<str>, dataverse.version, Dataverse::default()),
    part!("dataverse.size_gb", Gigabytes, dataverse.size, Dataverse::default()),
    part!("dataverse.audit_gb", Gigabytes, dataverse.audit, Dataverse::default()),
    field!("dynamics_365_apps", Vec<Arc<str>>, dynamics_365_apps),
    field!("managed", bool, managed),
    field!("customer_managed_key", Option<CustomerManagedKey>, customer_managed_key),
    part!("customer_managed_key.name", Box<str>, customer_managed_key.name, CustomerManagedKey { name: Known::Unknown }),
    field!("enterprise_policies", Vec<EnterprisePolicy>, enterprise_policies),
    field!("admin_mode", bool, admin_mode),
    field!("background_operations", bool, background_operations),
    Field {
        shape: Shape { name: "retention_days", kind: Kind::Days, none: true },
        fits: |value| Option::<u16>::read(value).is_some_and(|days| days.is_none_or(|days| RETENTIONS.contains(&days))),
        ..field!("retention_days", Option<u16>, retention_days)
    },
    field!("security_group", Option<Box<str>>, security_group),
    field!("finance_operations", Option<Box<FinanceOperations>>, finance_operations),
    part!("finance_operations.type", FinanceOperationsType, finance_operations.kind_of_environment, some_half()),
    part!("finance_operations.kind", FinanceOperationsKind, finance_operations.kind, some_half()),
    part!("finance_operations.application_build", Arc<str>, finance_operations.application_build, some_half()),
    part!("finance_operations.pitr_days", u16, finance_operations.point_in_time_restore_days, some_half()),
    field!("operator_roles", Vec<EnvironmentRole>, operator_roles),
    field!("users", Vec<Arc<str>>, users),
    field!("deleted_at", Option<DateTime<Utc>>, deleted_at),
    field!("disallowed_operations", Vec<DisallowedOperation>, disallowed_operations),
    field!("history", Vec<PastOperation>, history),
    field!("backups", Vec<Backup>, backups),
    field!("order_management", Option<Box<OrderManagement>>, order_management),
    part!("order_management.active", bool, order_management.active, Box::<OrderManagement>::default()),
    part!("order_management.providers", Vec<Box<str>>, order_management.providers, Box::<OrderManagement>::default()),
    part!("order_management.dual_write", bool, order_management.dual_write, Box::<OrderManagement>::default()),
    components!("components.canvas-app", CanvasApp),
    components!("components.cloud-flow", CloudFlow),
    components!("components.custom-connector", CustomConnector),
    components!("components.connection", Connection),
    components!("components.connection-reference", ConnectionReference),
    components!("components.plug-in", PlugIn),
    components!("components.workflow-activity", WorkflowActivity),
    components!("components.web-resource", WebResource),
    components!("components.iframe", Iframe),
    components!("components.mailbox", Mailbox),
    components!("components.sharepoint-site", SharepointSite),
    components!("components.yammer", Yammer),
    components!("components.dataverse-search", DataverseSearch),
    components!("components.custom-page", CustomPage),
    components!("components.component-library", ComponentLibrary),
    components!("components.chatbot", Chatbot),
    components!("components.portal", Portal),
    components!("components.dual-write", DualWrite),
    components!("components.virtual-entity", VirtualEntity),
    components!("components.business-event", BusinessEvent),
    components!("components.gateway", Gateway),
    components!("components.customer-voice-project", CustomerVoiceProject),
    components!("components.synapse-link", SynapseLink),
    components!("components.environment-variable", EnvironmentVariable),
    components!("components.checker-app", CheckerApp),
    components!("components.cafe-x", CafeX),
    components!("components.marketing", Marketing),
];

/// The fields of a tenant.
pub static TENANT: &[Field<Tenant>] = &[
    field!("domain", Box<str>, domain),
    field!("region", Arc<str>, region),
    field!("cloud", Cloud, cloud),
    field!("operator_roles", Vec<TenantRole>, operator_roles),
    in_parts!("capacity_gb"),
    storage!("capacity_gb.entitled", sum_was_said, entitled),
    storage!("capacity_gb.used", sum_was_said, used),
    storage!("capacity_gb.database.entitled", type_was_said, database.entitled),
    storage!("capacity_gb.database.used", type_was_said, database.used),
    storage!("capacity_gb.file.entitled", type_was_said, file.entitled),
    storage!("capacity_gb.file.used", type_was_said, file.used),
    storage!("capacity_gb.log.entitled", type_was_said, log.entitled),
    storage!("capacity_gb.log.used", type_was_said, log.used),
    field!("lockbox", bool, lockbox),
    in_parts!("licences"),
    field!("licences.total", u32, licences.total),
    field!("licences.active", u32, licences.active),
    field!("dynamics_365_seats", u32, dynamics_365_seats),
    field!("paid_subscriptions", Vec<Subscription>, paid_subscriptions),
    field!("security_groups", Vec<SecurityGroup>, security_groups),
    field!("users", Vec<User>, users),
];

/// The field of environments with that name, or else the one that may have been meant.
pub fn of_environment(name: &str) -> Result<&'static Field<Environment>, Option<&'static str>> {
    find(ENVIRONMENT, name)
}

/// The field of tenants with that name, or else the one that may have been meant.
pub fn of_tenant(name: &str) -> Result<&'static Field<Tenant>, Option<&'static str>> {
    find(TENANT, name)
}

fn find<S>(table: &'static [Field<S>], name: &str) -> Result<&'static Field<S>, Option<&'static str>> {
    table.iter().find(|field| field.shape.name == name).ok_or_else(|| nearest(name, table.iter().map(|field| field.shape.name)))
}

/// What can be answered about a field.
pub fn shape(of: Of, name: &str) -> Option<&'static Shape> {
    match of {
        Of::Environment => of_environment(name).ok().map(|field| &field.shape),
        Of::Tenant => of_tenant(name).ok().map(|field| &field.shape),
    }
}

/// Whether a value from a file answers the field; if not, what is expected.
pub fn check(of: Of, name: &str, value: &Value) -> Result<(), String> {
    let (fits, shape) = match of {
        Of::Environment => of_environment(name).map(|field| (field.fits(value), &field.shape)),
        Of::Tenant => of_tenant(name).map(|field| (field.fits(value), &field.shape)),
    }
    .map_err(|_| "there is no such field".to_owned())?;
    if fits { Ok(()) } else { Err(format!("expected {}, found \"{value}\"", shape.expected_as("true", "false"))) }
}

/// An answer as people write it; of a long list only the beginning.
pub fn in_words(value: &Value) -> String {
    const LISTED: usize = 3;
    match value {
        Value::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        Value::List(items) if items.is_empty() => "none".to_owned(),
        Value::List(items) if items.len() > LISTED => {
            format!("{} and {} more", items.iter().take(LISTED).map(|item| &**item).collect::<Vec<_>>().join(", "), items.len() - LISTED)
        }
        Value::Nothing | Value::Text(_) | Value::List(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::words::Word;

    #[test]
    fn a_slip_in_a_field_is_found() {
        let environment = |name: &str| of_environment(name).map(|field| field.shape.name).map_err(|near| near.unwrap_or_default());
        assert_eq!(environment("managd"), Err("managed"));
        assert_eq!(environment("components.canvas-aps"), Err("components.canvas-app"));
        assert_eq!(environment("components.cloud-flow"), Ok("components.cloud-flow"));
        assert!(of_tenant("capacity_gb.used").is_ok());
        assert!(matches!(of_tenant("managed"), Err(None)));
    }

    #[test]
    fn every_kind_of_component_can_be_answered() {
        let kinds: Vec<_> = ENVIRONMENT.iter().filter_map(|field| field.shape.name.strip_prefix("components.")).collect();
        assert_eq!(kinds, ComponentKind::words());
        // Each name reaches its own kind.
        for (kind, field) in ComponentKind::ALL.iter().zip(ENVIRONMENT.iter().filter(|field| field.shape.name.starts_with("components."))) {
            let mut environment = Environment::unexplored(crate::domain::tenant::TenantKey(0), crate::domain::environment::EnvironmentId::new("e"), "E".into());
            field.apply(&Value::Nothing, &mut environment);
            assert_eq!(environment.components.seen().map(|(kind, _)| kind).collect::<Vec<_>>(), [*kind]);
        }
    }
}

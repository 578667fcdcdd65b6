//! The fields of the snapshot format that a typed fact can answer, by name; [`super::snapshot`] reads the same ones.

use crate::domain::component::ComponentKind;
use crate::domain::words::{Word, nearest};

/// Fields of an environment; what stands inside a map is named with a dot.
pub const ENVIRONMENT: &[&str] = &[
    "type",
    "state",
    "region",
    "url",
    "org_id",
    "created_at",
    "dataverse",
    "dataverse.version",
    "dataverse.size_gb",
    "dataverse.audit_gb",
    "dynamics_365_apps",
    "managed",
    "customer_managed_key",
    "customer_managed_key.name",
    "enterprise_policies",
    "admin_mode",
    "background_operations",
    "retention_days",
    "security_group",
    "finance_operations",
    "finance_operations.type",
    "finance_operations.kind",
    "finance_operations.application_build",
    "finance_operations.pitr_days",
    "operator_roles",
    "users",
    "deleted_at",
    "disallowed_operations",
    "backups",
    "order_management",
    "order_management.active",
    "order_management.providers",
    "order_management.dual_write",
];

/// Fields of a tenant; what stands inside a map is named with a dot.
pub const TENANT: &[&str] = &[
    "domain",
    "region",
    "cloud",
    "operator_roles",
    "capacity_gb",
    "capacity_gb.entitled",
    "capacity_gb.used",
    "lockbox",
    "licences",
    "licences.total",
    "licences.active",
    "dynamics_365_seats",
    "paid_subscriptions",
    "security_groups",
    "users",
];

/// What begins the name of a field that lists the components of one kind, such as `components.canvas-app`.
const COMPONENTS: &str = "components.";

/// Whether an environment has that field, and if not, which one may have been meant.
pub fn of_environment(field: &str) -> Result<(), Option<String>> {
    match field.strip_prefix(COMPONENTS) {
        Some(kind) => known(kind, ComponentKind::words()).map_err(|near| near.map(|near| format!("{COMPONENTS}{near}"))),
        None => known(field, ENVIRONMENT.iter().copied()),
    }
}

/// Whether a tenant has that field, and if not, which one may have been meant.
pub fn of_tenant(field: &str) -> Result<(), Option<String>> {
    known(field, TENANT.iter().copied())
}

fn known(field: &str, fields: impl IntoIterator<Item = &'static str> + Clone) -> Result<(), Option<String>> {
    if fields.clone().into_iter().any(|known| known == field) { Ok(()) } else { Err(nearest(field, fields).map(str::to_owned)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::snapshot;

    /// The keys that the reader of snapshots asks for in the map that `strange` stands in.
    fn asked_for(snapshot: &str, strange: &str) -> Vec<String> {
        let problems = snapshot::read("t.yaml", std::io::Cursor::new(snapshot.to_owned())).unwrap_err();
        let message = &problems.list.iter().find(|problem| problem.message.contains(strange)).unwrap().message;
        message.split_once("known are ").unwrap().1.split(", ").map(str::to_owned).collect()
    }

    #[test]
    fn the_list_has_every_field_that_snapshots_have() {
        const STRANGE: &str = "qqqqqqqqqqqqqqqqqqqqqqqqqqqq";
        let top = |list: &[&'static str]| -> Vec<&'static str> { list.iter().copied().filter(|field| !field.contains('.')).collect() };
        let tenant = asked_for(&format!("schema: envdeck/1\ntenants: [{{ id: t, name: T, {STRANGE}: 1, environments: [] }}]\n"), STRANGE);
        let tenant: Vec<_> = tenant.iter().filter(|key| !["id", "name", "environments"].contains(&key.as_str())).collect();
        assert_eq!(tenant, top(TENANT).iter().collect::<Vec<_>>());
        let environment =
            asked_for(&format!("schema: envdeck/1\ntenants: [{{ id: t, name: T, environments: [{{ id: e, name: E, {STRANGE}: 1 }}] }}]\n"), STRANGE);
        let environment: Vec<_> = environment.iter().filter(|key| !["id", "name", "components"].contains(&key.as_str())).collect();
        assert_eq!(environment, top(ENVIRONMENT).iter().collect::<Vec<_>>());
    }

    #[test]
    fn a_slip_in_a_field_is_found() {
        assert_eq!(of_environment("managd"), Err(Some("managed".to_owned())));
        assert_eq!(of_environment("components.canvas-aps"), Err(Some("components.canvas-app".to_owned())));
        assert_eq!(of_environment("components.cloud-flow"), Ok(()));
        assert_eq!(of_tenant("capacity_gb.used"), Ok(()));
        assert_eq!(of_tenant("managed"), Err(None));
    }
}

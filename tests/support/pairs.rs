//! A tenant of linked environments about which everything is known, as a snapshot.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::fmt::Write as _;

/// An environment: its name, its type, and its half as it is written, such as `{ id: f1, name: F, type: sandbox, kind: lcs }`.
pub type Linked<'a> = (&'a str, &'a str, &'a str);

/// The half of a pair, named after its environment.
pub fn half(of: &str, kind: &str, type_of: &str) -> String {
    let kind = if kind.is_empty() { String::new() } else { format!(", kind: {kind}") };
    let type_of = if type_of.is_empty() { String::new() } else { format!(", type: {type_of}") };
    format!("{{ id: f-{of}, name: F-{of}{type_of}{kind}, application_build: \"10.0.44\", pitr_days: 14 }}")
}

/// The snapshot; captured on 2026-11-30 at 09:00, by whom every role is held.
pub fn snapshot(edition: &str, environments: &[Linked<'_>]) -> String {
    let mut text = format!(
        "schema: envdeck/1\ncaptured_at: 2026-11-30T09:00:00Z\nrulebook: {edition}\noperator: admin@contoso.com\ntenants:\n  - id: 7c2f0c52-0000-4000-8000-000000000001\n    name: Contoso\n    region: europe\n    cloud: public\n    operator_roles: [power-platform-admin]\n    capacity_gb: {{ entitled: 510, used: 315 }}\n    environments:\n"
    );
    for (number, (name, kind, half)) in environments.iter().enumerate() {
        let _ = writeln!(
            text,
            "      - {{ id: 3b1f6d5e-0000-4000-8000-0000000000{number:02}, name: {name}, type: {kind}, state: ready, created_at: 2024-01-01T00:00:00Z, region: europe, url: \"https://e{number}.crm4.dynamics.com\", managed: false, customer_managed_key: none, enterprise_policies: [], admin_mode: false, background_operations: true, security_group: none, deleted_at: none, disallowed_operations: [], order_management: none, dynamics_365_apps: [], backups: [], retention_days: 7, dataverse: {{ version: \"9.2\", size_gb: 20, audit_gb: 1 }}, components: {{ canvas-app: [], cloud-flow: [], custom-page: [], connection-reference: [] }}, finance_operations: {half} }}"
        );
    }
    text
}

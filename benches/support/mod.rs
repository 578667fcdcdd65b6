//! A tenant of any size, as the text of a snapshot: what the benches load, judge and draw.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a bench that cannot be set up has nothing to measure")]
#![allow(dead_code, reason = "each bench uses its own part")]

use std::fmt::Write as _;
use std::io::Cursor;

use envdeck::domain::environment::{Environment, EnvironmentId};
use envdeck::domain::estate::Estate;
use envdeck::domain::journal::Journal;
use envdeck::domain::known::Known;
use envdeck::domain::tenant::{Tenant, TenantKey, User};
use envdeck::files::snapshot;

/// A snapshot of `count` environments with four backups each; 10,000 of them take about 12 MB.
pub fn snapshot_of(count: usize) -> String {
    const TYPES: [&str; 4] = ["production", "sandbox", "sandbox", "developer"];
    const NAMES: [&str; 5] = ["Sales", "Service", "Field", "Orders", "Ledger"];
    let mut text = String::from(
        "schema: envdeck/1\ncaptured_at: 2026-01-05T09:00:00Z\nrulebook: articles\noperator: thomas@contoso.com\ntenants:\n  - id: 7c2f0c52-0000-4000-8000-000000000001\n    name: Contoso\n    operator_roles: [power-platform-admin]\n    capacity_gb: { entitled: 500, used: 420.25 }\n    environments:\n",
    );
    for index in 0..count {
        let (kind, name) = (TYPES[index % 4], NAMES[index % 5]);
        let _ = write!(
            text,
            "      - id: 11111111-0000-4000-8000-{index:012}\n        name: Contoso {name} {index}\n        type: {kind}\n        state: ready\n        region: emea\n        url: https://contoso{index}.crm4.dynamics.com\n        org_id: 21111111-0000-4000-8000-{index:012}\n        created_at: 2023-02-15T08:02:36Z\n        dataverse: {{ version: \"9.2.25112.00206\", size_gb: 212, audit_gb: 40 }}\n        dynamics_365_apps: [Sales, Customer Service]\n        managed: true\n        customer_managed_key: none\n        admin_mode: false\n        background_operations: true\n        retention_days: 28\n        security_group: none\n        finance_operations: none\n        deleted_at: none\n        backups:\n"
        );
        for backup in 0..4 {
            let day = 20 + backup;
            let _ = writeln!(
                text,
                "          - {{ id: b{index}-{backup}, name: Before upgrade {backup}, taken_at: 2025-12-{day}T18:02:00Z, created_by: thomas@contoso.com, notes: \"\" }}"
            );
        }
        text.push_str("        order_management: none\n");
    }
    text
}

/// The facts of such a snapshot.
pub fn estate_of(count: usize) -> Estate {
    let loaded = snapshot::read("bench.yaml", Cursor::new(snapshot_of(count))).expect("the bench writes a good snapshot");
    Estate::new(loaded.snapshot, Journal::default(), None, None)
}

/// The name of a user; in the other tenant every second one is written in another way.
pub fn upn(tenant: &str, index: usize) -> String {
    if tenant == "contoso" && index % 2 == 1 { format!("user{index}.i@{tenant}.com") } else { format!("i.user{index}@{tenant}.com") }
}

/// Two tenants of so many users, and an environment that all of the first can use.
pub fn tenants_of(users: usize) -> (Tenant, Tenant, Environment) {
    let tenant = |name: &str| {
        let user =
            |index| User { upn: upn(name, index).into(), active: Known::Is(true), licensed: Known::Is(true), access: Known::Unknown, mailbox: Known::Unknown };
        let mut tenant = Tenant::unexplored(name.into(), name.into());
        tenant.users = Known::Is((0..users).map(user).collect());
        tenant
    };
    let mut environment = Environment::unexplored(TenantKey(0), EnvironmentId::new("e1"), "Fabrikam Orders".into());
    environment.users = Known::Is((0..users).map(|index| upn("fabrikam", index).into()).collect());
    (tenant("fabrikam"), tenant("contoso"), environment)
}

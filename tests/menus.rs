//! Where things are: menus as the admin center of an edition has them, and the cloud to which a script signs in.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test that cannot start the program has to fail")]

use std::process::Command;

/// Two environments of which everything that a copy asks is known.
fn snapshot(rulebook: &str, cloud: &str) -> String {
    let environment = |id: u8, name: &str, kind: &str| {
        format!(
            "      - {{ id: 3b1f6d5e-0000-4000-8000-00000000000{id}, name: {name}, type: {kind}, state: ready, region: europe, url: \"https://e{id}.crm4.dynamics.com\", \
             dataverse: {{ version: \"9.2\", size_gb: 20, audit_gb: 1 }}, managed: false, customer_managed_key: none, enterprise_policies: [], admin_mode: false, \
             background_operations: true, security_group: none, finance_operations: none, deleted_at: none, disallowed_operations: [], order_management: none, \
             dynamics_365_apps: [], operator_roles: [system-administrator], history: [], backups: [], components: {{ yammer: [], cloud-flow: [] }} }}\n"
        )
    };
    format!(
        "schema: envdeck/1\ncaptured_at: 2026-11-30T09:00:00Z\nrulebook: {rulebook}\noperator: admin@contoso.com\ntenants:\n  - id: 7c2f0c52-0000-4000-8000-000000000001\n    \
         name: Contoso\n    cloud: {cloud}\n    region: europe\n    operator_roles: [power-platform-admin]\n    \
         capacity_gb: {{ database: {{ entitled: 500, used: 1 }}, file: {{ entitled: 50, used: 1 }}, log: {{ entitled: 50, used: 1 }} }}\n    environments:\n{}{}",
        environment(1, "Prod", "production"),
        environment(2, "Test", "sandbox")
    )
}

fn run(snapshot: &str, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("contoso.yaml"), snapshot).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_envdeck"));
    let output = command.current_dir(folder.path()).args(arguments).args(["--now", "2026-11-30T10:00:00Z"]).output().unwrap();
    assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

const COPY: [&str; 12] = ["runbook", "copy", "--from", "Prod", "--to", "Test", "--level", "everything", "--name", "Test", "-s", "contoso.yaml"];

#[test]
fn paths_begin_where_the_admin_center_of_the_edition_has_them() {
    for (edition, expected, other) in [
        ("articles", "Where: Environments > (environment) > Copy", "Manage > Environments"),
        ("current", "Where: Manage > Environments > (environment) > Copy", "Where: Environments >"),
    ] {
        let record = run(&snapshot(edition, "public"), &[&COPY[..], &["--dialect", "markdown"]].concat());
        assert!(record.contains(expected) && !record.contains(other), "{record}");
    }
}

#[test]
fn every_script_signs_in_to_the_cloud_of_the_tenant() {
    for (cloud, pac, powershell) in [
        ("public", "sign_in='pac auth create'", "prod"),
        ("gcc", "sign_in='pac auth create --cloud UsGov'", "usgov"),
        ("gcc-high", "sign_in='pac auth create --cloud UsGovHigh'", "usgovhigh"),
        ("dod", "sign_in='pac auth create --cloud UsGovDod'", "dod"),
        ("china", "sign_in='pac auth create --cloud China'", "china"),
    ] {
        for dialect in ["pac", "pac-em"] {
            let script = run(&snapshot("current", cloud), &[&COPY[..], &["--dialect", dialect]].concat());
            assert!(script.contains(pac) && script.contains("Nobody is signed in: $sign_in"), "{cloud}: {script}");
            assert!(!script.contains("stop 'Nobody is signed in: pac auth create'"));
        }
        let script = run(&snapshot("current", cloud), &[&COPY[..], &["--dialect", "powershell"]].concat());
        assert!(script.contains(&format!("$endpoint = '{powershell}'")) && script.contains("Add-PowerAppsAccount -Endpoint $endpoint"), "{script}");
    }
}

//! `envdeck runbook`: every operation in every dialect, what is refused, and what is written where.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

#[path = "support/stand_in.rs"]
mod stand_in;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use stand_in::*;
use tempfile::TempDir;

#[test]
fn every_script_is_bash() {
    for operation in OPERATIONS {
        for dialect in SCRIPTS {
            let script = runbook(&[operation, &["--dialect", dialect] as &[&str]].concat());
            let output = bash(&["-n"], &script);
            assert!(output.status.success(), "{operation:?} {dialect}: {}", text(&output.stderr));
            let dry = bash(&[], &script.replace("main \"$@\"\n", "main --dry-run\n"));
            let said = text(&dry.stdout);
            assert!(dry.status.success() && said.contains("Dry run: nothing was changed."), "{operation:?} {dialect}: {said}{}", text(&dry.stderr));
        }
    }
}

/// Where shellcheck is installed; the CI installs it.
#[test]
fn shellcheck_has_nothing_to_say() {
    if Command::new("shellcheck").arg("--version").output().is_err() {
        return;
    }
    let folder = TempDir::new().unwrap();
    let mut files = Vec::new();
    // What guards a runbook is in each of them, so that few are enough for it, and every kind of step for the rest.
    let kinds = ["copy", "create", "background", "rename-url", "plan"];
    for (index, operation) in OPERATIONS.iter().enumerate().filter(|(_, operation)| kinds.contains(&operation[0])) {
        for dialect in if operation[0] == "copy" { &SCRIPTS[..] } else { &SCRIPTS[..1] } {
            let file = folder.path().join(format!("{index}-{dialect}.sh"));
            fs::write(&file, runbook(&[operation, &["--dialect", dialect] as &[&str]].concat())).unwrap();
            files.push(file);
        }
    }
    let output = Command::new("shellcheck").arg("--severity=style").args(&files).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stdout));
}

#[test]
fn every_operation_names_environments_by_id_and_every_wait() {
    for operation in OPERATIONS {
        let script = runbook(operation);
        for line in script.lines().filter(|line| line.trim_start().starts_with("change pac admin")) {
            assert!(line.contains("--max-async-wait-time") || line.contains("pac admin backup"), "{line}");
            for option in ["--source-env ", "--target-env ", "--environment "] {
                if let Some((_, value)) = line.split_once(option) {
                    let id = value.trim_start_matches('\'').split('\'').next().unwrap();
                    assert!(id.len() == 36 && id.matches('-').count() == 4, "{line}");
                }
            }
        }
    }
}

#[test]
fn what_is_blocked_has_reasons_and_no_runbook() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("copy.sh");
    for dialect in ["pac", "pac-em", "powershell", "markdown"] {
        let output = envdeck(&["runbook", "copy", "--from", UAT, "--to", SALES, "--demo", "--dialect", dialect, "--output", file.to_str().unwrap()]);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), String::new()), "{dialect}");
        says(&output, "blocked: Contoso Sales is a production environment");
        says(&output, "CPY-005 TargetIsProduction");
        assert!(!file.exists());
    }
    // A block cannot be acknowledged.
    let output = envdeck(&["runbook", "copy", "--from", UAT, "--to", SALES, "--demo", "--acknowledge", "TargetIsProduction"]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), String::new()));
}

#[test]
fn what_is_unknown_is_acknowledged_by_name_or_there_is_no_script() {
    let copy = ["runbook", "copy", "--from", SALES, "--to", UAT, "--demo", "--now", "2026-01-13T07:00:00Z"];
    let refused = envdeck(&copy);
    assert_eq!((refused.status.code(), text(&refused.stdout)), (Some(1), String::new()));
    says(&refused, "--acknowledge Stale");
    let record = envdeck(&[&copy as &[&str], &["--dialect", "markdown"]].concat());
    assert_eq!(record.status.code(), Some(0));
    says(&record, "To be acknowledged");
    let taken = envdeck(&[&copy as &[&str], &["--acknowledge", "Stale"]].concat());
    assert_eq!(taken.status.code(), Some(0), "{}", text(&taken.stderr));
    says(&taken, "# Acknowledged by thomas@contoso.com, 2026-01-13T07:00:00Z: Stale");
    let wrong = envdeck(&[&copy as &[&str], &["--acknowledge", "Busy"]].concat());
    assert_eq!(wrong.status.code(), Some(2));
    says(&wrong, "there is nothing to acknowledge as Busy; what waits is Stale");
}

#[test]
fn what_is_left_out_of_a_plan_is_asked_for() {
    for url in ["contoso", "https://contosohr.crm4.dynamics.com"] {
        let output = envdeck(&["runbook", "rename-url", UAT, "--url", url, "--demo"]);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), String::new()), "{url}");
    }
    for (arguments, why) in [
        (&["restore", HR][..], "there is no plan `restore`; there are"),
        (&["restore-to-production", HR], "the plan restores: say to which instant or backup (--at, --backup)"),
        (&["recover-records", HR, "--at", "2026-01-04T14:35:00Z"], "the plan restores into a new environment"),
        (&["order-management", PAIR_TEST], "the plan copies: say from which environment (--from)"),
        (&["migration", "Fabrikam Sales"], "the plan copies it into a new sandbox: create that, capture the tenant again, and name it (--to)"),
        (&["migration", "Fabrikam Sales Test"], "the plan moves it: say to which tenant (--to-tenant), and with which mapping file (--mapping)"),
    ] {
        let output = envdeck(&[&["runbook", "plan"], arguments, &["--demo"]].concat());
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), String::new()), "{arguments:?}");
        says(&output, why);
    }
}

#[test]
fn what_a_plan_did_not_create_it_never_overwrites() {
    for dialect in ["pac", "markdown"] {
        let output = envdeck(&["runbook", "plan", "recover-records", SALES, "--to", UAT, "--at", "2026-01-04T14:35:00Z", "--demo", "--dialect", dialect]);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), String::new()), "{dialect}");
        says(&output, "blocked: Contoso Sales UAT is not the environment that this plan created, and everything in it would be overwritten");
        says(&output, "RST-061");
    }
}

#[test]
fn what_a_plan_created_it_restores_into() {
    let folder = TempDir::new().unwrap();
    let snapshot = folder.path().join("contoso.yaml");
    fs::copy("assets/demo.yaml", &snapshot).unwrap();
    let sales = "00b6e67a-7a2a-4c2b-8180-60a7da1de808";
    let tenant = fs::read_to_string(&snapshot).unwrap();
    let tenant = tenant.lines().find_map(|line| line.trim().strip_prefix("- id: ")).unwrap().trim().to_owned();
    let entry = |number: u32, what: &str| {
        format!("  - id: 20260105T0700{number:02}000Z-000000000000000{number}\n    at: 2026-01-05T07:00:{number:02}Z\n    by: me@contoso.com\n{what}\n")
    };
    let opened = format!("    checklist-opened:\n      environment: {sales}\n      checklist: recover-records");
    let when = "    item:\n      checklist: 20260105T070001000Z-0000000000000001\n      item: when\n      act: done";
    let inputs = format!("tenant: {tenant}\n        name: Sales rescue\n        type: sandbox\n        region: emea");
    let times = "started_at: 2026-01-05T07:00:03Z\n      completed_at: 2026-01-05T07:00:03Z\n      outcome: succeeded";
    let created = format!("    operation:\n      kind: create\n      target: new-1\n      inputs:\n        {inputs}\n      verdict: allowed\n      {times}");
    let journal = format!("schema: envdeck-journal/1\nentries:\n{}\n{}\n{}", entry(1, &opened), entry(2, when), entry(3, &created));
    fs::write(folder.path().join("contoso.journal.yaml"), journal).unwrap();
    let asked = |to: &[&str]| {
        let file = snapshot.to_str().unwrap();
        let base =
            ["runbook", "plan", "recover-records", SALES, "--at", "2026-01-04T14:35:00Z", "--dialect", "markdown", "-s", file, "--now", "2026-01-05T07:30:00Z"];
        envdeck(&[&base as &[&str], to].concat())
    };
    for to in [&[][..], &["--to", "Sales rescue"]] {
        let output = asked(to);
        assert_eq!(output.status.code(), Some(0), "{to:?}: {}", text(&output.stderr));
        let said = text(&output.stdout);
        assert!(said.contains("Sales rescue") && said.contains("Delete the new environment once nobody needs it any more: Sales rescue"), "{said}");
    }
    let output = asked(&["--to", UAT]);
    assert_eq!(output.status.code(), Some(1));
    says(&output, "Name Sales rescue, which the plan created");
}

#[test]
fn a_file_is_new_and_a_script_can_be_run() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("copy.sh");
    let arguments = [&["runbook"], COPY, &["--demo", "--output", file.to_str().unwrap()]].concat();
    let output = envdeck(&arguments);
    assert!(output.status.success());
    says(&output, "copy.sh: written. Read it before it is used.");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o111, 0o111);
    let again = envdeck(&arguments);
    assert_eq!(again.status.code(), Some(3));
    says(&again, "there is such a file already");
    let record = folder.path().join("copy.md");
    assert!(envdeck(&[&["runbook"], COPY, &["--demo", "--dialect", "markdown", "--output", record.to_str().unwrap()]].concat()).status.success());
    assert_eq!(fs::metadata(&record).unwrap().permissions().mode() & 0o111, 0);
}

#[test]
fn the_change_record_says_what_an_approver_asks() {
    let papers = [
        "--ticket",
        "CHG0042917",
        "--approver",
        "lena@contoso.com",
        "--purpose",
        "Try the vendor's solution",
        "--window",
        "2026-01-06T20:00:00Z/2026-01-06T23:00:00Z",
    ];
    insta::assert_snapshot!(runbook(&[COPY, &["--dialect", "markdown"], &papers].concat()).replace(env!("CARGO_PKG_VERSION"), "0.0.0"));
}

#[test]
fn the_script_of_a_copy() {
    let script = runbook(COPY).replace(env!("CARGO_PKG_VERSION"), "0.0.0");
    insta::assert_snapshot!(script.split_once("# --- Below").unwrap().0);
}

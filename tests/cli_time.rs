//! What time does to an answer: facts that are dated ahead of it, and runbooks that end with their verdict.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

mod support;

use std::path::{Path, PathBuf};

use serde_json::Value;
use support::Console;

const NOW: &str = "2026-01-20T12:00:00Z";

fn run(arguments: &[&str]) -> (i32, String, String) {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("envdeck");
    for variable in ["ENVDECK_SNAPSHOT", "ENVDECK_AS", "NO_COLOR"] {
        command.env_remove(variable);
    }
    let output = command.args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

/// Production that loses nothing by a switch yet, captured at this instant.
fn snapshot(folder: &Path, captured_at: &str, seen: &str) -> PathBuf {
    let path = folder.join("x.yaml");
    let text = format!(
        "schema: envdeck/1
captured_at: {captured_at}
tenants:
  - id: t
    name: T
    operator_roles: [power-platform-admin]
    environments:
      - id: a
        name: A
        type: production
        state: ready
        created_at: 2025-01-01T00:00:00Z
        backups_available_from: 2026-01-14T00:00:00Z
        deleted_at: none
        dataverse: {{ size_gb: 1 }}
        dynamics_365_apps: [Sales]
        finance_operations: none
        backups: []
{seen}"
    );
    std::fs::write(&path, text).unwrap();
    path
}

/// The reasons of an answer, with their severities.
fn reasons(asked: &[&str]) -> Vec<String> {
    let (_, answer, error) = run(asked);
    let answer: Value = serde_json::from_str(&answer).unwrap_or_else(|_| panic!("{error}"));
    let word = |of: &Value| of.as_str().unwrap().to_owned();
    answer["findings"].as_array().unwrap().iter().map(|one| format!("{} {}", word(&one["severity"]), word(&one["code"]))).collect()
}

#[test]
fn a_capture_that_lies_in_the_future_is_no_fresh_one_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = snapshot(folder.path(), "2062-01-20T12:00:00Z", "");
    let file = path.to_str().unwrap();
    let asked = ["check", "switch", "A", "--to", "sandbox", "-s", file, "--now", NOW];
    let (status, said, _) = run(&asked);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("The facts were captured on 2062-01-20 12:00Z, which lies in the future"), "{said}");
    assert!(said.contains("Correct `captured_at` of the snapshot or the clock of this machine"), "{said}");
    assert!(reasons(&[&asked[..], &["--format", "json"]].concat()).contains(&"unknown Stale".to_owned()));
    let (status, said, _) = run(&["validate", file, "--now", NOW]);
    assert!(status == 0 && said.contains("x.yaml:2:14: captured_at: The facts were captured on 2062-01-20 12:00Z, which lies in the future"), "{said}");
    let (_, said, _) = run(&["attention", "-s", file, "--now", NOW]);
    assert!(said.contains("lies in the future") && !said.contains("nothing needs attention"), "{said}");
    for (width, height) in [(80, 24), (120, 36)] {
        let screen = Console::on(&path).at(NOW).size(width, height).play("");
        screen.says("facts of the future").says_not("d old").says("⚠ 1");
    }
}

#[test]
fn clocks_may_be_five_minutes_apart() {
    let folder = tempfile::tempdir().unwrap();
    let stale = |captured_at: &str| {
        let path = snapshot(folder.path(), captured_at, "");
        reasons(&["check", "delete", "A", "-s", path.to_str().unwrap(), "--now", NOW, "--format", "json"]).contains(&"unknown Stale".to_owned())
    };
    assert!(!stale("2026-01-20T12:00:00Z") && !stale("2026-01-20T12:05:00Z") && stale("2026-01-20T12:05:01Z"));
}

#[test]
fn a_group_of_facts_that_was_seen_in_the_future_is_remarked_on() {
    let folder = tempfile::tempdir().unwrap();
    let seen = "        seen: { backups: { at: 2062-01-01T00:00:00Z }, components: { mailbox: { at: 2063-01-01T00:00:00Z } } }\n";
    let path = snapshot(folder.path(), NOW, seen);
    let (status, said, _) = run(&["validate", path.to_str().unwrap(), "--now", NOW]);
    assert_eq!((status, said.lines().count()), (0, 3), "{said}");
    assert!(said.contains("seen.backups of A: The facts were captured on 2062-01-01 00:00Z") && said.contains("seen.components.mailbox of A"), "{said}");
}

#[test]
fn a_runbook_ends_with_its_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let path = snapshot(folder.path(), NOW, "");
    let file = path.to_str().unwrap();
    let check = |now: &str| reasons(&["check", "switch", "A", "--to", "sandbox", "-s", file, "--now", now, "--format", "json"]);
    let lost = "warn BackupsLost".to_owned();
    // What is kept since 14 January is older than a sandbox keeps it only a moment after the 21st has begun.
    assert!(!check(NOW).contains(&lost) && !check("2026-01-21T00:00:00Z").contains(&lost));
    assert!(check("2026-01-21T00:00:00.000000001Z").contains(&lost));
    let (status, script, error) = run(&["runbook", "switch", "A", "--to", "sandbox", "-s", file, "--now", NOW]);
    assert!(status == 0 && script.contains("valid_until='2026-01-21T00:00:00Z'"), "{error}");
}

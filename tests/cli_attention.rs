//! `envdeck attention` and `envdeck backups --all` as scripts meet them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

use std::path::PathBuf;

use assert_cmd::Command;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tempfile::TempDir;

const NOW: &str = "2026-01-05T09:00:00Z";

fn program() -> Command {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("envdeck");
    for variable in ["ENVDECK_SNAPSHOT", "ENVDECK_AS", "NO_COLOR"] {
        command.env_remove(variable);
    }
    command
}

/// A sandbox, whose backups are kept for seven days, with a backup of each age.
fn sandbox(id: &str, name: &str, other: &str, now: DateTime<Utc>, ages: &[TimeDelta]) -> String {
    let backup = |(index, age): (usize, &TimeDelta)| format!("{{ id: b{index}, taken_at: {} }}", (now - *age).format("%Y-%m-%dT%H:%M:%SZ"));
    let backups: Vec<_> = ages.iter().enumerate().map(backup).collect();
    format!("      - {{ id: {id}, name: {name}, type: sandbox, dataverse: {{ size_gb: 2 }}, {other} backups: [{}] }}\n", backups.join(", "))
}

struct Folder(TempDir);

impl Folder {
    fn with(now: DateTime<Utc>, contoso: &[String], fabrikam: &[String]) -> Self {
        let captured_at = now.format("%Y-%m-%dT%H:%M:%SZ");
        let tenant = |name: &str, used: &str, environments: &[String]| {
            let environments = if environments.is_empty() { " []\n".to_owned() } else { format!("\n{}", environments.concat()) };
            format!("  - id: id-{name}\n    name: {name}\n    capacity_gb: {{ entitled: 10, used: {used} }}\n    environments:{environments}")
        };
        let text =
            format!("schema: envdeck/1\ncaptured_at: {captured_at}\ntenants:\n{}{}", tenant("Contoso", "1", contoso), tenant("Fabrikam", "9.5", fabrikam));
        let folder = Self(TempDir::new().unwrap());
        std::fs::write(folder.file(), text).unwrap();
        folder
    }

    fn usual() -> Self {
        let now = NOW.parse().unwrap();
        let contoso = [
            sandbox("e1", "UAT", "deleted_at: none,", now, &[TimeDelta::days(5)]),
            sandbox("e2", "Dev", "admin_mode: true,", now, &[]),
            sandbox("e3", "Bare", "", now, &[TimeDelta::days(8)]),
        ];
        Self::with(now, &contoso, &[sandbox("e4", "Old", "deleted_at: 2026-01-04T09:00:00Z,", now, &[])])
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("contoso.yaml")
    }

    fn run(&self, arguments: &[&str]) -> String {
        let output = program().args(arguments).arg("-s").arg(self.file()).args(["--now", NOW]).output().unwrap();
        assert_eq!((output.status.code(), output.stderr.is_empty()), (Some(0), true), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.run(&[arguments, &["--format", "json"]].concat())).unwrap()
    }
}

#[test]
fn the_shape_of_attention() {
    let all = Folder::usual().json(&["attention"]);
    let expected = json!({
        "kind": "backup-expires",
        "environment": { "id": "e1", "name": "UAT" },
        "tenant": "Contoso",
        "due_at": "2026-01-07T09:00:00Z",
        "message": "The manual backup taken 2025-12-31 09:00Z of UAT expires on 2026-01-07 09:00Z",
        "remedy": "Restore what is still needed before then: the retention of UAT cannot be lengthened, only a new backup be taken",
    });
    assert_eq!(all[0], expected);
    assert_eq!(all[0].as_object().unwrap().keys().collect::<Vec<_>>(), ["kind", "environment", "tenant", "due_at", "message", "remedy"]);
    let short: Vec<_> = all.as_array().unwrap().iter().map(|item| (&item["kind"], &item["environment"]["id"], &item["tenant"], &item["due_at"])).collect();
    let none = &Value::Null;
    assert_eq!(
        short[1..],
        [
            (&json!("recovery-ends"), &json!("e4"), &json!("Fabrikam"), &json!("2026-01-11T09:00:00Z")),
            (&json!("admin-mode"), &json!("e2"), &json!("Contoso"), none),
            (&json!("capacity"), none, &json!("Fabrikam"), none),
        ]
    );
    assert_eq!(all[3]["environment"], Value::Null);
}

#[test]
fn attention_of_a_tenant_of_a_kind_or_within_days() {
    let folder = Folder::usual();
    let kinds = |arguments: &[&str]| {
        let found = folder.json(&[&["attention"], arguments].concat());
        found.as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&["--tenant", "Fabrikam"]), ["recovery-ends", "capacity"]);
    assert_eq!(kinds(&["--kind", "capacity", "--kind", "admin-mode"]), ["admin-mode", "capacity"]);
    assert_eq!((kinds(&["--within", "2"]), kinds(&["--within", "1"])), (vec!["backup-expires".to_owned()], vec![]));
    assert_eq!(kinds(&["--within", "6"]), ["backup-expires", "recovery-ends"]);
    for days in ["6d", "144h", " 6 D"] {
        assert_eq!(kinds(&["--within", days]), ["backup-expires", "recovery-ends"], "{days}");
    }
    assert!(folder.run(&["attention", "--within", "0"]).starts_with("nothing here needs attention; leave out"));
    // Old facts concern every tenant.
    let arguments = ["attention", "--tenant", "Contoso", "--kind", "stale-facts", "--format", "csv", "--now", "2026-02-01T00:00:00Z", "-s"];
    let late = program().args(arguments).arg(folder.file()).output().unwrap();
    assert!(String::from_utf8(late.stdout).unwrap().contains("\nstale-facts,,,,,"));
}

#[test]
fn attention_for_people() {
    let folder = Folder::usual();
    let expected = "in 2 days: The manual backup taken 2025-12-31 09:00Z of UAT expires on 2026-01-07 09:00Z\n  -> Restore what is still needed before then";
    let said = folder.run(&["attention"]);
    assert!(said.starts_with(expected) && said.contains("\n  backup-expires: Contoso/UAT\n") && said.contains("\n  capacity: Fabrikam\n"), "{said}");
    let now = NOW.parse().unwrap();
    let calm = Folder::with(now, &[], &[]);
    std::fs::write(calm.file(), std::fs::read_to_string(calm.file()).unwrap().replace("9.5", "1")).unwrap();
    assert_eq!(calm.run(&["attention"]), "nothing needs attention until 2026-01-06 09:00Z, by the facts as they are\n");
    assert_eq!(calm.json(&["attention"]), json!([]));
}

#[test]
fn backups_of_several_environments_are_a_list_of_what_one_is() {
    let folder = Folder::usual();
    let (one, other) = (folder.json(&["backups", "UAT"]), folder.json(&["backups", "Bare"]));
    assert_eq!(one["environment"]["id"], "e1");
    assert_eq!(folder.json(&["backups", "UAT", "Bare"]), json!([one, other]));
    let all = folder.json(&["backups", "--all"]);
    assert_eq!((all.as_array().unwrap().len(), &all[0], &all[2]), (4, &one, &other));
    assert_eq!(folder.json(&["backups", "--all", "--tenant", "Fabrikam"]).as_array().unwrap().len(), 1, "a list all the same");
    assert_eq!(folder.run(&["backups", "--all", "--format", "csv"]).lines().count(), 5);
    assert_eq!(folder.run(&["backups", "UAT", "Bare"]).matches(": backups are kept for 7 days").count(), 2);
    for wrong in [&["backups"] as &[&str], &["backups", "UAT", "--all"], &["backups", "UAT", "Nowhere"]] {
        let output = program().args(wrong).arg("-s").arg(folder.file()).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(2), true), "{wrong:?}");
    }
}

/// The script in the help does what stands above it.
#[test]
#[cfg(unix)]
fn every_environment_whose_oldest_backup_expires_within_three_days() {
    let now = Utc::now();
    let (days, soon) = (TimeDelta::days, TimeDelta::days(3) + TimeDelta::minutes(5));
    let environments = [
        sandbox("e1", "\"In two, days\"", "", now, &[days(1), days(5)]),
        sandbox("e2", "In six days", "", now, &[days(1)]),
        sandbox("e3", "Only what is gone", "", now, &[days(9)]),
        sandbox("e4", "Gone and in two days", "", now, &[days(9), days(5)]),
        sandbox("e5", "In a little more than three", "", now, &[days(7) - soon]),
        sandbox("e6", "In a little less than three", "", now, &[days(7) - soon + TimeDelta::minutes(10)]),
        "      - { id: e7, name: Bare }\n".to_owned(),
    ];
    let expected = "In two, days\nGone and in two days\nIn a little less than three\n";
    let folder = Folder::with(now, &environments, &[]);
    let help = String::from_utf8(program().args(["backups", "--help"]).output().unwrap().stdout).unwrap();
    let (_, from) = help.split_once("within three days:\n").unwrap();
    let script = from.split("\n\n").next().unwrap();
    let folder_of_program = assert_cmd::cargo::cargo_bin!("envdeck").parent().unwrap();
    let path = format!("{}:{}", folder_of_program.display(), std::env::var("PATH").unwrap());
    let shell = |script: &str| {
        let output = std::process::Command::new("sh").args(["-c", script]).env("PATH", &path).current_dir(folder.0.path()).output().unwrap();
        assert!(output.stderr.is_empty(), "{script}\n{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    // Whoever has no jq takes the other one.
    if !shell("command -v jq || true").is_empty() {
        assert_eq!(shell(script), expected, "{script}");
    }
    let names = |json: &str| {
        let found: Value = serde_json::from_str(json).unwrap();
        let mut names: Vec<_> = found.as_array().unwrap().iter().map(|item| item["environment"]["name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    let (_, from) = help.split_once("without jq, with what to do about it:\n").unwrap();
    let mut same: Vec<_> = expected.lines().collect();
    same.sort_unstable();
    assert_eq!(names(&shell(&format!("{} --format json", from.lines().next().unwrap()))), same);
}

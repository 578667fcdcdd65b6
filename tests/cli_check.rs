//! `envdeck check` and `envdeck targets restore` for every operation: shapes of the answers, exit statuses, wrong usage.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

use std::process::Output;

use serde_json::{Value, json};

/// Runs the program on the demo estate, or as it is asked.
fn run(arguments: &[&str]) -> Output {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("envdeck");
    for variable in ["ENVDECK_SNAPSHOT", "ENVDECK_AS", "NO_COLOR"] {
        command.env_remove(variable);
    }
    command.args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

const SALES: &str = "Contoso Sales";
const UAT: &str = "Contoso Sales UAT";
const HR: &str = "Contoso HR";
const LAB: &str = "Contoso Innovation Lab";
const CHAIN: &str = "Contoso Supply Chain";
const RETURNS: &str = "Contoso Returns Test";
const PLANTS: &str = "Plant Managers";

/// What is asked, the exit status, the verdict.
const CHECKS: &[(&[&str], i32, &str)] = &[
    (&["backup", UAT], 0, "allowed"),
    (&["backup", PLANTS], 1, "blocked"),
    (&["backup", LAB], 1, "unknown"),
    (&["delete-backup", SALES, "--backup", "b7"], 0, "allowed"),
    (&["delete-backup", SALES, "--backup", "b1"], 1, "blocked"),
    (&["delete-backup", SALES], 0, "allowed"),
    (&["delete-backup", LAB], 1, "unknown"),
    (&["retention", HR, "--days", "14"], 0, "allowed-with-warnings"),
    (&["retention", SALES, "--days", "14"], 1, "blocked"),
    (&["switch", HR, "--to", "sandbox"], 0, "allowed-with-warnings"),
    (&["switch", UAT, "--to", "production"], 0, "allowed"),
    (&["switch", UAT, "--to", "SANDBOX"], 1, "blocked"),
    (&["reset", UAT], 0, "allowed-with-warnings"),
    (&["reset", CHAIN], 1, "blocked"),
    (&["delete", UAT], 0, "allowed"),
    (&["delete", CHAIN], 1, "blocked"),
    (&["recover", RETURNS], 0, "allowed"),
    (&["recover", UAT], 1, "blocked"),
    (&["recover", LAB], 1, "unknown"),
    (&["create", UAT], 0, "allowed"),
    (&["create", PLANTS], 1, "blocked"),
    (&["edit", UAT], 0, "allowed"),
    (&["edit", RETURNS], 1, "blocked"),
    (&["rename-url", UAT], 0, "allowed"),
    (&["rename-url", CHAIN], 1, "blocked"),
    (&["admin-mode", UAT, "--to", "on"], 0, "allowed"),
    (&["admin-mode", PLANTS, "--to", "ON"], 1, "blocked"),
    (&["background", UAT, "--to", "on"], 0, "allowed"),
    (&["background", "Contoso HR Test", "--to", "on"], 1, "blocked"),
    (&["delete-fno", CHAIN], 0, "allowed-with-warnings"),
    (&["delete-fno", UAT], 1, "blocked"),
    (&["migrate", HR, "--to-tenant", "Fabrikam"], 1, "blocked"),
];

#[test]
fn the_shape_of_check_on_one_environment_and_its_exit_status() {
    for (arguments, status, verdict) in CHECKS {
        for rulebook in ["articles", "current"] {
            let output = run(&[&["check"], *arguments, &["--demo", "--format", "json", "--rulebook", rulebook]].concat());
            let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{arguments:?}: {}", text(&output.stderr)));
            let found = (output.status.code(), answer["verdict"].as_str().unwrap());
            if rulebook == "articles" {
                assert_eq!(found, (Some(*status), *verdict), "{arguments:?}: {answer:#}");
            }
            assert_eq!(found.0 == Some(0), found.1.starts_with("allowed"), "{arguments:?}");
            let create = arguments[0] == "create";
            let shape: &[_] =
                if create { &["operation", "environment", "tenant", "verdict", "findings"] } else { &["operation", "environment", "verdict", "findings"] };
            assert_eq!(keys(&answer), shape, "{arguments:?}");
            assert_eq!((&answer["operation"], &answer["environment"]["name"]), (&json!(arguments[0]), &json!(arguments[1])));
            assert_eq!(keys(&answer["environment"]), ["id", "name"]);
            for finding in answer["findings"].as_array().unwrap() {
                assert_eq!(keys(finding), ["severity", "rule", "code", "message", "remedy", "article"]);
            }
        }
    }
    // An environment that does not exist yet is asked of its tenant.
    let create: Value = serde_json::from_slice(&run(&["check", "create", "--tenant", "Contoso", "--demo", "--format", "json"]).stdout).unwrap();
    assert_eq!(create, json!({ "operation": "create", "environment": null, "tenant": "Contoso", "verdict": "allowed", "findings": [] }));
}

#[test]
fn every_operation_is_asked_here() {
    let help = text(&run(&["check", "--help"]).stdout);
    let commands = help.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
    let mut named: Vec<_> = commands.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next()).filter(|word| *word != "help").collect();
    named.retain(|command| !["copy", "restore"].contains(command) && CHECKS.iter().all(|(arguments, ..)| arguments[0] != *command));
    assert_eq!(named, [""; 0]);
    for command in CHECKS.iter().map(|(arguments, ..)| arguments[0]).chain(["restore"]) {
        let help = run(&["check", command, "--help"]);
        assert!(help.status.success() && text(&help.stdout).contains("Examples:\n  envdeck"), "{command}");
    }
}

#[test]
fn the_shape_of_check_restore_and_its_exit_status() {
    for (from, to, point, status, verdict) in [
        (SALES, UAT, ["--at", "2026-01-04T00:00:00Z"], 0, "allowed-with-warnings"),
        (SALES, UAT, ["--backup", "b6"], 0, "allowed-with-warnings"),
        (SALES, UAT, ["--backup", "b1"], 1, "blocked"),
        (SALES, HR, ["--at", "2026-01-04T00:00:00Z"], 1, "blocked"),
        (UAT, UAT, ["--at", "2026-01-04T00:00:00Z"], 0, "allowed-with-warnings"),
        (SALES, "Contoso Agents", ["--at", "2026-01-04T00:00:00Z"], 1, "unknown"),
    ] {
        let output = run(&[&["check", "restore", "--from", from, "--to", to] as &[&str], &point, &["--demo", "--format", "json"]].concat());
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((output.status.code(), answer["verdict"].as_str().unwrap()), (Some(status), verdict), "{from} onto {to} {point:?}: {answer:#}");
        assert_eq!(keys(&answer), ["operation", "from", "to", "verdict", "findings", "audit_logs"]);
        assert_eq!((&answer["operation"], &answer["from"]["name"], &answer["to"]["name"]), (&json!("restore"), &json!(from), &json!(to)));
    }
    let shown = text(&run(&["check", "restore", "--from", UAT, "--to", UAT, "--at", "2026-01-04T00:00:00Z", "--demo"]).stdout);
    assert!(shown.contains("restore of Contoso Sales UAT onto itself to 2026-01-04 00:00Z"), "{shown}");
}

#[test]
fn the_targets_of_a_restore_are_judged_as_pairs_or_with_what_is_restored() {
    let targets = |point: &[&str]| -> Value {
        let output = run(&[&["targets", "restore", "--from", SALES, "--demo", "--format", "json"] as &[&str], point].concat());
        assert_eq!(output.status.code(), Some(0));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let verdict = |answer: &Value, name: &str| {
        let target = answer["targets"].as_array().unwrap().iter().find(|target| target["environment"]["name"] == json!(name)).unwrap();
        target["verdict"].as_str().unwrap().to_owned()
    };
    let pairs = targets(&[]);
    assert_eq!(keys(&pairs), ["operation", "from", "targets"]);
    assert_eq!(
        (keys(&pairs["targets"][0]), keys(&pairs["targets"][0]["environment"])),
        (vec!["environment", "verdict", "findings"], vec!["id", "name", "type"])
    );
    let kept = targets(&["--at", "2026-01-04T00:00:00Z"]);
    let expired = targets(&["--backup", "b1"]);
    let found = [&pairs, &kept, &expired].map(|answer| verdict(answer, UAT));
    assert_eq!(found, ["allowed-with-warnings", "allowed-with-warnings", "blocked"]);
}

#[test]
fn wrong_usage_says_what_there_is() {
    let pair = ["check", "restore", "--from", SALES, "--to", UAT, "--demo"];
    let of_pair = |rest: &[&'static str]| [&pair as &[&str], rest].concat();
    for (arguments, says) in [
        (of_pair(&["--backup", "zz"]), "Contoso Sales has no backup `zz`; it has\n  b1  Before winter release (2025-12-06 17:30Z)\n  b2"),
        (of_pair(&[]), "<--at <RFC3339>|--backup <ID>>"),
        (of_pair(&["--at", "2026-01-04T00:00:00Z", "--backup", "b1"]), "cannot be used with"),
        (of_pair(&["--at", "yesterday"]), "an instant such as"),
        (vec!["targets", "restore", "--from", SALES, "--at", "2026-01-04T00:00:00Z", "--backup", "b1", "--demo"], "cannot be used with"),
        (vec!["check", "restore", "--from", LAB, "--to", UAT, "--backup", "b1", "--demo"], "Innovation Lab are unknown; --at names an instant"),
        (vec!["check", "restore", "--from", "Contoso Early Access", "--to", UAT, "--backup", "b1", "--demo"], "has no manual backup; --at names"),
        (vec!["check", "delete-backup", HR, "--backup", "zz", "--demo"], "Contoso HR has no backup `zz`; it has\n  b12"),
        (vec!["check", "delete-backup", LAB, "--backup", "b1", "--demo"], "the manual backups of Contoso Innovation Lab are unknown\n"),
        (vec!["check", "retention", HR, "--days", "10", "--demo"], "10 days; possible are 7, 14, 21, 28"),
        (vec!["check", "retention", HR, "--demo"], "--days <DAYS>"),
        (vec!["check", "switch", HR, "--to", "Sandox", "--demo"], "a similar value exists: 'sandbox'"),
        (vec!["check", "switch", HR, "--demo"], "--to <TYPE>"),
        (vec!["check", "admin-mode", HR, "--to", "maybe", "--demo"], "[possible values: on, off]"),
        (vec!["check", "migrate", HR, "--to-tenant", "Nobody", "--demo"], "there is no tenant `Nobody`; known are Contoso, Fabrikam"),
        (vec!["check", "create", "--demo"], "several tenants: name one with --tenant"),
        (vec!["check", "reset", "Nowhere", "--demo"], "Nowhere"),
        (vec!["check", "backup", HR], "this needs a snapshot"),
        (vec!["check", "retention", HR, "--days", "14"], "this needs a snapshot"),
        (vec!["check", "restore", "--from", HR, "--to", HR, "--at", "2026-01-04T00:00:00Z"], "this needs a snapshot"),
    ] {
        let output = run(&arguments);
        let message = text(&output.stderr);
        assert!(output.status.code() == Some(2) && message.contains(says) && output.stdout.is_empty(), "{arguments:?}: {message}");
    }
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.yaml");
    std::fs::write(&empty, "schema: envdeck/1\ntenants: []\n").unwrap();
    let nowhere = run(&["check", "create", "-s", empty.to_str().unwrap()]);
    assert_eq!((nowhere.status.code(), &*text(&nowhere.stderr)), (Some(2), "envdeck: the snapshot has no tenant\n"));
    let missing = run(&["check", "backup", HR, "-s", "nowhere.yaml"]);
    assert_eq!(missing.status.code(), Some(3), "a file that cannot be read");
}

#[test]
fn the_sheet_names_the_environment_and_every_finding() {
    let csv = text(&run(&["check", "reset", CHAIN, "--demo", "--format", "csv"]).stdout);
    let lines: Vec<_> = csv.lines().collect();
    assert_eq!(lines[0], "id,name,verdict,severity,rule,code,message,remedy,article");
    assert!(lines.len() > 2 && lines[1..].iter().all(|line| line.contains(",Contoso Supply Chain,blocked,")), "{csv}");
}

#[test]
fn nobody_is_told_to_delete_what_cannot_be_deleted() {
    for edition in ["articles", "current"] {
        let ask = |operation: &str| text(&run(&["check", operation, "Contoso (default)", "--demo", "--rulebook", edition]).stdout);
        assert!(ask("delete").contains("the default environment, which cannot be deleted"), "{edition}");
        let reset = ask("reset");
        assert!(reset.contains("-> Empty it instead: delete its apps, flows and data") && !reset.contains("Delete it"), "{edition}: {reset}");
    }
}

/// A script is written from the help alone: it has to name the keys that a script picks from.
#[test]
fn the_help_names_the_keys_of_its_json() {
    let attention = ["kind", "environment: {id, name}", "tenant", "due_at", "message", "remedy"];
    let targets = ["operation", "from: {id, name}", "targets: [{environment: {id, name, type}", "verdict", "findings", "allowed-with-warnings"];
    let backups = ["environment: {id, name}", "retention_days", "window: {from, to}", "manual: [{id, name, label, taken_at, expires_at, state}]", "settling"];
    let lint = ["file", "rulebook", "rows", "errors: [{line, column, code, message, remedy}]", "warnings", "left_behind: [upn]", "mailboxes"];
    let generate =
        ["environment", "to_tenant", "rows: [{line, source, destination, written, likeness, score, why, remark, near: [upn]}]", "left_out: [{upn, why}]"];
    let request =
        ["reason", "cut_over", "answers: [{question, answer}]", "environments: [{environment: {id, name}", "steps: [{text, commands}]", "open: [text]"];
    let check = ["operation", "from", "to", "environment", "verdict", "findings: [{severity, rule, code, message, remedy, article}]"];
    for (command, named) in [
        (&["attention"] as &[&str], &attention as &[&str]),
        (&["targets", "copy"], &targets),
        (&["targets", "restore"], &targets),
        (&["backups"], &backups),
        (&["check"], &check),
        (&["lint-mapping"], &lint),
        (&["generate-mapping"], &generate),
        (&["migration-request"], &request),
    ] {
        let help = text(&run(&[command, &["--help"]].concat()).stdout);
        let (_, json) = help.split_once("As JSON").unwrap_or_default();
        let json = json.split_whitespace().collect::<Vec<_>>().join(" ");
        for key in named {
            assert!(json.contains(key), "{command:?}: {key}: {json}");
        }
    }
}

//! What a runbook may say and begin: done only what was seen done, nothing twice, nothing left to a default, and a word at every end.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

#[path = "support/stand_in.rs"]
mod stand_in;

use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use stand_in::*;
use tempfile::TempDir;

const NAME: &str = "Contoso Sales UAT\n";
const NAME_AND_DONE: &str = "Contoso Sales UAT\ndone\n";
const DONE: &str = "Every step is done";

#[track_caller]
fn never_says(output: &std::process::Output, what: &str) {
    let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
    assert!(!said.contains(what), "it says {what:?}:\n{said}");
}

/// The list is the same after a copy that the platform failed: name and type were so before.
#[test]
fn what_pac_calls_completed_is_done_only_once_somebody_saw_that_it_succeeded() {
    for (operation, seen) in [
        (COPY, "the history of Contoso Sales UAT says of this copy that it succeeded"),
        (&["restore", "--from", SALES, "--to", UAT, "--at", "2026-01-04T14:35:00Z"], "the history of Contoso Sales UAT says of this restore that it succeeded"),
        (&["reset", UAT], "the history of Contoso Sales UAT says of this reset that it succeeded"),
        (&["retention", HR, "--days", "14"], "backups of Contoso HR are kept for 14 days"),
    ] {
        let script = runbook(operation);
        let name = if operation[0] == "retention" { "Contoso HR\n" } else { NAME };
        let before = if operation[0] == "reset" { "EUR\nGerman\n" } else { "" };
        for answer in ["", "no\n", "Done\n"] {
            let Some(tenant) = Tenant::new() else { return };
            let output = tenant.run(&script, &[], &format!("{name}{before}{answer}"));
            assert_eq!(output.status.code(), Some(1), "{operation:?}");
            says(&output, seen);
            says(&output, "is not proven: nobody saw that");
            says(&output, "was begun at");
            never_says(&output, DONE);
            // Run again, it is asked about; a person's word is kept as theirs.
            let again = tenant.run(&script, &[], &format!("{name}done\n"));
            assert!(again.status.success(), "{operation:?}: {}{}", text(&again.stdout), text(&again.stderr));
            says(&again, DONE);
            assert_eq!(tenant.changes().len(), 1, "{operation:?}");
            assert!(tenant.progress().contains("confirmed "), "{operation:?}");
        }
    }
}

/// What the tenant shows needs nobody's word.
#[test]
fn what_the_list_shows_is_done_without_a_question() {
    let Some(tenant) = Tenant::new() else { return };
    let gone: Vec<Value> = Tenant::demo().into_iter().filter(|environment| environment["EnvironmentId"] != json!(UAT_ID)).collect();
    tenant.afterwards("delete", &gone);
    let output = tenant.run(&runbook(&["delete", UAT]), &[], NAME);
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    never_says(&output, "NOT PROVEN");
    // A list of nothing shows nothing.
    let Some(empty) = Tenant::new() else { return };
    empty.afterwards("delete", &[]);
    let output = empty.run(&runbook(&["delete", UAT]), &[], NAME);
    assert_eq!(output.status.code(), Some(1));
    says(&output, "It was not seen afterwards");
}

#[test]
fn an_error_is_one_however_it_is_printed() {
    for error in ["  Error: it failed", "\u{1b}[31mError: it failed\u{1b}[0m", "\u{1b}[1;31m  Error\u{1b}[0m: it failed", "\terror: it failed\r"] {
        let Some(tenant) = Tenant::new() else { return };
        tenant.write("fails", "copy\n");
        tenant.write("status", "0");
        tenant.write("error", &format!("Connected as thomas@contoso.com\n{error}\n"));
        let output = tenant.run(&runbook(COPY), &[], NAME_AND_DONE);
        assert_eq!(output.status.code(), Some(1), "{error:?}");
        says(&output, "Step 1 of 1 did not succeed");
    }
}

#[test]
fn prose_before_the_list_does_not_hide_it() {
    let Some(tenant) = Tenant::new() else { return };
    tenant.write("prose", "[warn] A newer version is there.\n[info]\n");
    let output = tenant.run(&runbook(COPY), &["--check"], "");
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}

#[test]
fn a_look_that_fails_after_the_change_has_seen_nothing_yet() {
    // It fails for good: what was begun is said.
    let Some(tenant) = Tenant::new() else { return };
    tenant.program("after-copy", "#!/bin/sh\n: >\"$(dirname \"$0\")/no-list\"\n");
    let script = runbook(COPY);
    let output = tenant.run(&script, &[], NAME_AND_DONE);
    assert_eq!(output.status.code(), Some(1));
    says(&output, "It was not seen afterwards");
    says(&output, "pac admin list failed.");
    says(&output, "Step 1 of 1 was begun at");
    says(&output, "Then run this again: what was done is passed over");
    assert_eq!(tenant.calls().iter().filter(|call| call[1] == "list").count(), 22, "twice before, twenty times after");
    // It fails for a while.
    let Some(tenant) = Tenant::new() else { return };
    tenant.program("after-copy", "#!/bin/sh\n: >\"$(dirname \"$0\")/no-list\"\n");
    tenant.program("sleep", "#!/bin/sh\nrm -f \"$(dirname \"$0\")/no-list\"\n");
    let output = tenant.run(&script, &[], NAME_AND_DONE);
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}

/// A guard that fails later says what came before as well.
#[test]
fn whoever_is_stopped_in_a_later_step_hears_what_was_done() {
    let Some(tenant) = Tenant::new() else { return };
    let script = runbook(&[COPY, &["--security-group", "Vendors"]].concat());
    let output = tenant.run(&script, &[], NAME_AND_DONE);
    assert_eq!(output.status.code(), Some(1));
    says(&output, "step 1 was done at");
    says(&output, "Step 2 of 2 was not begun by a command");
}

#[test]
fn a_runbook_that_is_ended_says_where_it_stands() {
    for (signal, to_all) in [("INT", true), ("TERM", false), ("HUP", true), ("TERM", true)] {
        let Some(tenant) = Tenant::new() else { return };
        tenant.write("slow", "");
        let script = runbook(COPY);
        let child = tenant.start(&script, &[], NAME_AND_DONE);
        tenant.until("started");
        let process = child.id().to_string();
        let whom = if to_all { format!("-{process}") } else { process };
        assert!(Command::new("kill").args(["-s", signal, "--", &whom]).status().unwrap().success());
        // A pac that was not ended itself goes on; here it ends, so that nothing waits for its output.
        std::thread::sleep(std::time::Duration::from_millis(300));
        fs::remove_file(tenant.path("slow")).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(!output.status.success(), "{signal}");
        for what in [
            "Interrupted in step 1 of 1",
            "Step 1 of 1 was begun at",
            "It may still be running: see pac admin status",
            "Do not begin it again before you have seen that it is not running",
            "Then run this again: what was done is passed over, and what was begun is asked about.",
        ] {
            says(&output, what);
        }
        never_says(&output, DONE);
        // The lock is free again, and nothing is begun without asking.
        let again = tenant.run(&script, &[], NAME);
        says(&again, "nothing says how it ended");
        assert_eq!((again.status.code(), tenant.changes().len()), (Some(1), 1), "{signal}");
    }
}

#[test]
fn whoever_ends_it_before_the_first_step_hears_that_nothing_runs() {
    let Some(tenant) = Tenant::new() else { return };
    tenant.program("date", "#!/bin/sh\n: >\"$(dirname \"$0\")/started\"\n/bin/sleep 1\nexec /bin/date \"$@\"\n");
    let child = tenant.start(&runbook(COPY), &[], "");
    tenant.until("started");
    assert!(Command::new("kill").args(["-s", "TERM", "--", &format!("-{}", child.id())]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert!(!output.status.success());
    says(&output, "nothing is running that this run began");
}

#[test]
fn two_runs_at_once_never_begin_a_change_twice() {
    let Some(tenant) = Tenant::new() else { return };
    tenant.write("slow", "");
    let script = runbook(COPY);
    let first = tenant.start(&script, &[], NAME_AND_DONE);
    tenant.until("started");
    let second = tenant.run(&script, &[], NAME_AND_DONE);
    assert_eq!(second.status.code(), Some(1));
    says(&second, "Another run of this runbook is going on: process ");
    says(&second, "rm -r -- ");
    never_says(&second, "Type the name of the target");
    // What only looks may look all the same.
    assert!(tenant.run(&script, &["--check"], "").status.success() && tenant.run(&script, &["--dry-run"], "").status.success());
    fs::remove_file(tenant.path("slow")).unwrap();
    assert!(first.wait_with_output().unwrap().status.success());
    assert_eq!(tenant.changes().len(), 1);
    says(&tenant.run(&script, &[], NAME), "there is nothing left to do");
    // Begun in the same instant.
    for _ in 0..5 {
        let Some(tenant) = Tenant::new() else { return };
        let runs = [tenant.start(&script, &[], NAME_AND_DONE), tenant.start(&script, &[], NAME_AND_DONE)];
        for run in runs {
            run.wait_with_output().unwrap();
        }
        assert_eq!(tenant.changes().len(), 1);
    }
}

#[test]
fn a_lock_that_was_left_behind_is_removed_by_the_command_that_is_named() {
    let Some(tenant) = Tenant::new() else { return };
    tenant.write("slow", "");
    let script = runbook(COPY);
    let mut killed = tenant.start(&script, &[], NAME_AND_DONE);
    tenant.until("started");
    assert!(Command::new("kill").args(["-s", "KILL", "--", &format!("-{}", killed.id())]).status().unwrap().success());
    killed.wait().unwrap();
    fs::remove_file(tenant.path("slow")).unwrap();
    let refused = tenant.run(&script, &[], NAME_AND_DONE);
    assert_eq!(refused.status.code(), Some(1));
    says(&refused, "If there is none any more, it was killed");
    let said = text(&refused.stderr);
    let command = said.lines().map(str::trim).find(|line| line.starts_with("rm -r")).unwrap();
    assert!(Command::new("bash").args(["-c", command]).status().unwrap().success());
    let again = tenant.run(&script, &[], NAME_AND_DONE);
    says(&again, "Begun at");
    assert!(again.status.success() && tenant.changes().len() == 1);
}

/// Without currency and language a reset and a creation would give US dollars and English.
#[test]
fn currency_and_language_are_asked_for() {
    let Some(tenant) = Tenant::new() else { return };
    let output = tenant.run(&runbook(&["reset", UAT]), &[], "Contoso Sales UAT\nEUR\nGerman (Germany)\ndone\n");
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    let reset = tenant.changes().remove(0);
    let options = reset.windows(2).filter(|pair| pair[0] == "--currency" || pair[0] == "--language").map(<[String]>::to_vec).collect::<Vec<_>>();
    assert_eq!(options, [["--currency", "EUR"], ["--language", "German (Germany)"]]);
    // The preview asks as well, and validates what was answered before it begins.
    let Some(tenant) = Tenant::new() else { return };
    let output = tenant.run(&runbook(&["reset", UAT, "--dialect", "pac-em"]), &[], "Contoso Sales UAT\nEUR\n1031\ndone\n");
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    assert_eq!(tenant.changes().len(), 2);
    for call in tenant.changes() {
        let options =
            call.windows(2).filter(|pair| pair[0] == "--currency-code" || pair[0] == "--base-language-code").map(<[String]>::to_vec).collect::<Vec<_>>();
        assert_eq!(options, [["--currency-code", "EUR"], ["--base-language-code", "1031"]]);
    }
    for dialect in SCRIPTS {
        let script = runbook(&["reset", UAT, "--dialect", dialect]);
        assert!(!script.contains("Choose base currency"), "its command asks for both: {script}");
        for answer in ["\n", "EUR\n\n", "--async\n", ""] {
            let Some(tenant) = Tenant::new() else { return };
            let output = tenant.run(&script, &[], &format!("Contoso Sales UAT\n{answer}"));
            assert_eq!((output.status.code(), tenant.changes().len()), (Some(1), 0), "{dialect} {answer:?}");
        }
    }
    for dialect in ["powershell", "markdown"] {
        assert!(runbook(&["reset", UAT, "--dialect", dialect]).contains("Choose base currency and language of Contoso Sales UAT anew"), "{dialect}");
    }
    let Some(tenant) = Tenant::new() else { return };
    let mut listed = Tenant::demo();
    listed.push(json!({ "EnvironmentId": "9f2f79e6-0b1a-4bce-901b-a04516f81cdd", "EnvironmentUrl": "", "DisplayName": "Training", "Type": "Sandbox" }));
    tenant.afterwards("create", &listed);
    let script = runbook(&["create", SALES, "--name", "Training"]);
    let name = script.lines().find_map(|line| line.strip_prefix("target_name='")).unwrap().trim_end_matches('\'').to_owned();
    let output = tenant.run(&script, &[], &format!("{name}\nEUR\n1031\n"));
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    let create = tenant.changes().remove(0);
    assert!(create.windows(2).any(|pair| pair == ["--currency", "EUR"]) && create.windows(2).any(|pair| pair == ["--language", "1031"]));
}

/// A snapshot with one sandbox of which administration mode and background operations are so; none is unknown.
fn sandbox(folder: &TempDir, admin_mode: bool, background: Option<bool>) -> String {
    let background = background.map_or_else(String::new, |on| format!("        background_operations: {on}\n"));
    let file = folder.path().join("one.yaml");
    let text = format!(
        "schema: envdeck/1\ncaptured_at: 2026-01-05T06:00:00Z\noperator: admin@contoso.com\ntenants:\n  - id: {CONTOSO}\n    name: Contoso\n    cloud: public\n    \
         operator_roles: [power-platform-admin]\n    capacity_gb: {{ entitled: 510, used: 315 }}\n    environments:\n      - id: {UAT_ID}\n        name: UAT\n        \
         type: sandbox\n        state: ready\n        deleted_at: none\n        admin_mode: {admin_mode}\n{background}        dataverse: {{ version: \"9.2\" }}\n        region: europe\n"
    );
    fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

/// The default of the tools is on: mail and workflows of a fresh copy would start unasked (ENV-012, C-21, PCP-025).
#[test]
fn the_state_of_background_operations_is_always_written() {
    let folder = TempDir::new().unwrap();
    for rulebook in ["articles", "current"] {
        for (to, background, written) in [
            ("off", Some(true), "Enabled"),
            ("off", Some(false), "Disabled"),
            ("off", None, "Disabled"),
            ("on", Some(true), "Disabled"),
            ("on", Some(false), "Disabled"),
            ("on", None, "Disabled"),
        ] {
            let snapshot = sandbox(&folder, to == "off", background);
            let common = ["admin-mode", "UAT", "--to", to, "-s", &snapshot, "--now", "2026-01-05T07:00:00Z", "--rulebook", rulebook];
            let check = envdeck(&[&["check"], &common as &[&str]].concat());
            let unknown = to == "off" && background.is_none();
            assert_eq!(text(&check.stdout).contains("BackgroundUnknown"), unknown, "{rulebook} {to} {background:?}: {}", text(&check.stdout));
            for (dialect, option) in [("powershell", "-BackgroundOperationsState"), ("pac", "--background-operations"), ("pac-em", "--background-operations")] {
                let asked = [&["runbook"], &common as &[&str], &["--dialect", dialect]].concat();
                if unknown {
                    let refused = envdeck(&asked);
                    assert_eq!((refused.status.code(), text(&refused.stdout)), (Some(1), String::new()));
                    says(&refused, "--acknowledge BackgroundUnknown");
                }
                let taken: &[&str] = if unknown { &["--acknowledge", "BackgroundUnknown"] } else { &[] };
                let output = envdeck(&[&asked as &[&str], taken].concat());
                assert!(output.status.success(), "{}", text(&output.stderr));
                let script = text(&output.stdout);
                let lines: Vec<_> = script.lines().filter(|line| line.contains("set-runtime-state") || line.contains("EnvironmentRuntimeState")).collect();
                assert_eq!(lines.len(), 1, "{script}");
                let value = lines[0].rsplit_once(&format!("{option} ")).unwrap_or_else(|| panic!("{dialect}: {}", lines[0])).1.trim_start_matches('\'');
                assert!(value.starts_with(written), "{rulebook} {dialect} {to} {background:?}: {}", lines[0]);
            }
        }
    }
}

#[test]
fn the_powershell_script_waits_for_proof_and_says_where_it_stands() {
    let script = |arguments: &[&str]| runbook(&[arguments, &["--dialect", "powershell"]].concat());
    let copy = script(COPY);
    assert!(copy.contains("Confirm-Proven 'the history of Contoso Sales UAT says of this copy that it succeeded'"), "{copy}");
    assert!(copy.contains("[IO.FileShare]::None") && copy.contains("\nfinally {\n") && !copy.contains("All of it is done"));
    assert!(script(&["delete", UAT]).contains("{ Test-Gone '9a2f79e6-0b1a-4bce-901b-a04516f81cdd' }"));
    for operation in OPERATIONS {
        let script = script(operation);
        let steps = script.split_once("function Invoke-Steps").unwrap().1.split_once("# What is left to do then").unwrap().0;
        for step in steps.split("Enter-Step").skip(1).filter(|step| step.contains("Invoke-Change")) {
            assert!(step.contains("Confirm-Proven") || step.contains("Wait-Seen"), "{operation:?}: {step}");
        }
    }
}

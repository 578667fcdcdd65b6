//! Each choice of an operation appears in what every dialect writes, as its flag, and as no other.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "support/stand_in.rs"]
mod stand_in;

use stand_in::*;

const VENDORS: &str = "ab37b23d-c031-4ced-86aa-2691c368e777";
const LEFT_OUT: &str = "Audit logs: left out";

/// The lines that carry it out, after what is only tried out.
fn command(arguments: &[&str], dialect: &str, named: &str) -> String {
    let script = runbook(&[arguments, &["--dialect", dialect]].concat());
    let lines: Vec<&str> = script.lines().filter(|line| line.contains("change ") && line.contains(named)).collect();
    assert_eq!(lines.len(), 1, "{arguments:?} {dialect} {named}:\n{script}");
    lines.concat()
}

fn whole(arguments: &[&str], dialect: &str) -> String {
    runbook(&[arguments, &["--dialect", dialect]].concat())
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part} is missing:\n{text}");
    }
}

#[track_caller]
fn has_not(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(!text.contains(part), "{part} is too much:\n{text}");
    }
}

const COPY: [&str; 5] = ["copy", "--from", SALES, "--to", UAT];
const RESTORE: [&str; 5] = ["restore", "--from", SALES, "--to", UAT];

fn copy<'a>(choices: &[&'a str]) -> Vec<&'a str> {
    let level: &[&str] = if choices.contains(&"--level") { &[] } else { &["--level", "everything"] };
    [&COPY, level, choices].concat()
}

fn restore<'a>(choices: &[&'a str]) -> Vec<&'a str> {
    [&RESTORE, choices].concat()
}

#[test]
fn pac_says_what_is_copied_and_how() {
    let everything = command(&copy(&[]), "pac", "pac admin copy");
    let ends = [format!("--source-env '{SALES_ID}'"), format!("--target-env '{UAT_ID}'")];
    has(&everything, &[&ends[0], &ends[1], "--type FullCopy", "--name 'Contoso Sales UAT'"]);
    let current = ["--rulebook", "current"];
    let without = command(&copy(&current), "pac", "pac admin copy");
    has(&without, &["--type FullCopy", "--skip-audit-data"]);
    let with = command(&copy(&[&current[..], &["--audit-logs"]].concat()), "pac", "pac admin copy");
    has(&with, &["--type FullCopy"]);
    has_not(&with, &["--skip-audit-data"]);
    let minimal = copy(&["--level", "customizations", "--name", "Training", "--security-group", "Vendors"]);
    let said = command(&minimal, "pac", "pac admin copy");
    has(&said, &["--type MinimalCopy", "--name 'Training'", "--skip-audit-data"]);
    // The group is no option of `pac admin copy`, so that a person sets it.
    has(&whole(&minimal, "pac"), &[VENDORS]);
    has_not(&whole(&copy(&[]), "pac"), &["security group of"]);
}

#[test]
fn pac_skips_the_audit_logs_of_a_restore_unless_they_were_chosen() {
    let instant = command(&restore(&["--at", "2026-01-04T14:35:00Z", "--name", "Training"]), "pac", "pac admin restore");
    has(&instant, &["--selected-backup '01/04/2026 14:35'", "--skip-audit-data", "--name 'Training'"]);
    let backup = command(&restore(&["--backup", "b6"]), "pac", "pac admin restore");
    has(&backup, &["--selected-backup '01/02/2026 16:40'", "--skip-audit-data", "--name 'Contoso Sales UAT'"]);
    let with = command(&restore(&["--backup", "b6", "--audit-logs"]), "pac", "pac admin restore");
    has(&with, &["--selected-backup '01/02/2026 16:40'"]);
    has_not(&with, &["--skip-audit-data"]);
}

#[test]
fn the_preview_group_of_pac_has_every_choice_that_it_knows() {
    let named = "environment-management copy-environment";
    has(&command(&copy(&[]), "pac-em", named), &["--copy-type Full"]);
    let minimal = copy(&["--level", "customizations", "--name", "Training", "--security-group", "Vendors"]);
    has(&command(&minimal, "pac-em", named), &["--copy-type Minimal"]);
    // What is no option of it is said all the same.
    has(&whole(&minimal, "pac-em"), &["Training", VENDORS]);
    let named = "environment-management restore-environment";
    let without = command(&restore(&["--at", "2026-01-04T14:35:00Z"]), "pac-em", named);
    has(&without, &["--restore-point-date-time '2026-01-04T14:35:00Z'", "--restore-options-skip-audit-data true"]);
    let with = command(&restore(&["--backup", "b6", "--audit-logs"]), "pac-em", named);
    has(&with, &["--restore-point-date-time '2026-01-02T16:40:00Z'", "--restore-options-skip-audit-data false"]);
}

#[test]
fn powershell_fills_the_request_with_every_choice() {
    has(&whole(&copy(&[]), "powershell"), &["CopyType = 'FullCopy'"]);
    let minimal = copy(&["--level", "customizations", "--name", "Training", "--security-group", "Vendors"]);
    let group = format!("TargetSecurityGroupId = '{VENDORS}'");
    let fields = ["CopyType = 'MinimalCopy'", "TargetEnvironmentName = 'Training'", "SkipAuditData = $true", &group];
    has(&whole(&minimal, "powershell"), &fields);
    let current = copy(&["--rulebook", "current"]);
    has(&whole(&current, "powershell"), &["CopyType = 'FullCopy'", "SkipAuditData = $true"]);
    let with = copy(&["--rulebook", "current", "--audit-logs"]);
    has(&whole(&with, "powershell"), &["CopyType = 'FullCopy'", "SkipAuditData = $false"]);
    let named = restore(&["--at", "2026-01-04T14:35:00Z", "--name", "Training"]);
    has(&whole(&named, "powershell"), &["SkipAuditData = $true", "2026-01-04", "'Training'"]);
    let with = restore(&["--backup", "b6", "--audit-logs"]);
    has(&whole(&with, "powershell"), &["SkipAuditData = $false", "2026-01-02"]);
}

#[test]
fn the_change_record_names_every_choice() {
    let minimal = copy(&["--level", "customizations", "--name", "Training", "--security-group", "Vendors"]);
    has(&whole(&minimal, "markdown"), &[LEFT_OUT, "Name afterwards: Training", VENDORS]);
    let with = copy(&["--rulebook", "current", "--audit-logs"]);
    has(&whole(&with, "markdown"), &["Audit logs: copied along"]);
    has(&whole(&copy(&["--rulebook", "current"]), "markdown"), &[LEFT_OUT]);
    let with = restore(&["--backup", "b6", "--audit-logs"]);
    has(&whole(&with, "markdown"), &["Audit logs: restored along", "2026-01-02 16:40"]);
    let without = whole(&restore(&["--at", "2026-01-04T14:35:00Z"]), "markdown");
    has(&without, &[LEFT_OUT, "2026-01-04 14:35"]);
    has_not(&without, &["Audit logs: restored along"]);
}

#[test]
fn the_other_operations_carry_their_choices() {
    let label = command(&["backup", SALES, "--name", "Before go-live"], "pac", "pac admin backup");
    has(&label, &["--label 'Before go-live'"]);
    let days = command(&["retention", HR, "--days", "14"], "pac", "pac admin set-backup-retention-period");
    has(&days, &["--backup-retention-period 14"]);
    let created = command(&["create", SALES, "--name", "Training"], "pac", "pac admin create");
    has(&created, &["--name 'Training'", "--type Sandbox", "--region"]);
    for (to, state) in [("on", "--runtime-state AdminMode"), ("off", "--runtime-state Enabled")] {
        let environment = if to == "on" { UAT } else { "Contoso HR Test" };
        let output = envdeck(&["runbook", "admin-mode", environment, "--to", to, "--demo"]);
        if output.status.success() {
            has(&text(&output.stdout), &[state]);
        } else {
            assert_eq!(to, "off", "{}", text(&output.stderr));
        }
    }
    let edited = ["edit", UAT, "--name", "Training", "--security-group", "Vendors"];
    for dialect in ["pac", "pac-em", "powershell", "markdown"] {
        has(&whole(&edited, dialect), &["Training", VENDORS]);
        has(&whole(&["delete-backup", SALES, "--backup", "b7"], dialect), &["Delete"]);
        has(&whole(&["switch", HR, "--to", "sandbox"], dialect), &["andbox"]);
        has(&whole(&["rename-url", UAT, "--url", "https://contosotraining.crm4.dynamics.com"], dialect), &["contosotraining"]);
    }
}

//! What a copy or restore carries: level and audit logs, told alike by every surface, with the flags that follow.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

#[path = "support/stand_in.rs"]
mod stand_in;

use std::fs;

use serde_json::Value;
use stand_in::*;
use tempfile::TempDir;

const PAIR_OF: [&str; 4] = ["--from", SALES, "--to", UAT];
const CUSTOMIZATIONS: &str = "no application data: 204 tables are emptied; user records travel too";

/// A copy as it is asked for: rulebook, options, keys of the console on the pages of level and details.
struct Case {
    rulebook: &'static str,
    options: &'static [&'static str],
    keys: &'static str,
    level: &'static str,
    audit_logs: &'static str,
    line: &'static str,
    hours: &'static str,
}

const CASES: &[Case] = &[
    Case {
        rulebook: "articles",
        options: &["--level", "everything"],
        keys: "<enter><enter>",
        level: "Everything",
        audit_logs: "carried",
        line: "Audit logs: copied along, as part of the data; the article on copies knows no choice",
        hours: "envdeck's own estimate by the size of the data: about 5 hours",
    },
    Case {
        rulebook: "articles",
        options: &["--level", "customizations"],
        keys: "l<enter><enter>",
        level: "Customizations and schemas only",
        audit_logs: "left-out",
        line: "Audit logs: left out, because the table Audit is emptied at this level",
        hours: "Usually up to 8 hours",
    },
    Case {
        rulebook: "current",
        options: &["--level", "everything"],
        keys: "<enter><enter>",
        level: "Everything",
        audit_logs: "left-out",
        line: "Audit logs: left out, which is the default: nobody asked for them",
        hours: "envdeck's own estimate by the size of the data: about 3 hours",
    },
    Case {
        rulebook: "current",
        options: &["--level", "everything", "--audit-logs"],
        keys: "<enter><tab*2><space><enter>",
        level: "Everything",
        audit_logs: "carried",
        line: "Audit logs: copied along, as asked for; the copy can take much longer",
        hours: "envdeck's own estimate by the size of the data: about 5 hours",
    },
];

fn said(arguments: &[&str]) -> String {
    text(&envdeck(arguments).stdout)
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&said(arguments)).unwrap()
}

/// The screen in one line, without its frame: lines that are wrapped are one again.
fn screen(arguments: &[&str]) -> String {
    said(arguments).replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_surface_says_the_same_level_and_audit_logs_of_a_copy() {
    for Case { rulebook, options, keys, level, audit_logs, line, hours } in CASES {
        let asked = [&PAIR_OF, *options, &["--demo", "--rulebook", rulebook]].concat();
        let about = format!("{rulebook} {options:?}");
        let check = said(&[&["check", "copy"], &*asked].concat());
        let account = format!("  Level: {level}\n  {line}\n");
        assert_eq!(check.matches(&account).count(), 1, "{about}: {check}");
        assert!(check.contains(hours) && check.contains("  How long: "), "{about}: {check}");
        let check = json(&[&["check", "copy", "--format", "json"], &*asked].concat());
        assert_eq!(check["audit_logs"], *audit_logs, "{about}");
        assert_eq!(check["level"], if *level == "Everything" { "everything" } else { "customizations" });
        assert_eq!(check["open"], serde_json::json!([]), "{about}");
        let topic = |answer: &Value, topic: &str| -> Vec<String> {
            let lines = answer["account"].as_array().unwrap().iter().filter(|line| line["topic"] == topic);
            lines.map(|line| line["text"].as_str().unwrap().to_owned()).collect()
        };
        let logs = line.trim_start_matches("Audit logs: ");
        assert_eq!((topic(&check, "level"), topic(&check, "audit-logs")), (vec![(*level).to_owned()], vec![logs.to_owned()]), "{about}");
        let targets = [&["targets", "copy", "--from", SALES, "--demo", "--rulebook", rulebook], *options].concat();
        assert_eq!(said(&targets).matches(&account).count(), 1, "{about}");
        let listed = json(&[&*targets, &["--format", "json"]].concat());
        assert_eq!(listed["level"], check["level"]);
        assert_eq!((topic(&listed, "level"), topic(&listed, "audit-logs")), (topic(&check, "level"), topic(&check, "audit-logs")), "{about}");
        assert!(listed["targets"].as_array().unwrap().iter().all(|target| target["audit_logs"] == *audit_logs));

        let carried = if *level == "Everything" { "all application data, users, customizations and schemas" } else { CUSTOMIZATIONS };
        let script = |dialect: &str| runbook(&[&["copy"], &asked[..asked.len() - 3], &["--rulebook", rulebook, "--dialect", dialect]].concat());
        let skips = *audit_logs == "left-out";
        let pac = script("pac");
        assert_eq!(pac.contains(" --skip-audit-data"), skips, "{about}");
        let em = script("pac-em");
        assert_eq!(em.contains(" --copy-options-skip-audit-data true"), skips, "{about}");
        assert_eq!(em.contains(" --copy-options-skip-audit-data false"), !skips, "{about}");
        let powershell = script("powershell");
        assert_eq!(powershell.contains("SkipAuditData = $true"), skips, "{about}");
        for script in [&pac, &em, &powershell] {
            let heading = format!("Copy of Contoso Sales onto Contoso Sales UAT, level {level}");
            assert!(script.contains(&format!("# {heading}\n")) && script.contains(&format!("'{heading}'")), "{about}");
            assert!(script.contains(&format!("# Level: {level}\n# {line}\n# What is carried: {carried}\n")), "{about}: {script}");
        }
        let dry = text(&bash(&[], &pac.replace("main \"$@\"\n", "main --dry-run\n")).stdout);
        assert!(dry.starts_with(&format!("Copy of Contoso Sales onto Contoso Sales UAT, level {level}\n")), "{dry}");
        assert!(
            dry.contains(&format!("[1/1] Contoso Sales UAT is deleted and replaced by Contoso Sales. What is deleted cannot be got back. Level: {level}."))
        );
        let record = script("markdown");
        assert!(record.contains(&format!("- Level: {level}\n- {line}\n- What is carried: {carried}\n")), "{record}");
        assert!(record.contains(hours), "{about}: {record}");

        let keys = format!("/contoso sales<enter><home>c<enter>/sales uat<enter>{keys}");
        let console = |keys: &str, size: &str| screen(&["--rulebook", rulebook, "--now", "2026-01-05T07:00:00Z", "--keys", keys, "--print", "--size", size]);
        let review = console(&keys, "160x70");
        assert!(review.contains(&format!("Level: {level} {line}")) && review.contains(carried) && review.contains(hours), "{about}: {review}");
        let rehearsed = console(&format!("{keys}<enter><enter>yffff"), "160x70");
        let size = match (*level, skips) {
            ("Everything", false) => "212 GB + 40 GB audit",
            ("Everything", true) => "212 GB + 0 GB audit",
            (_, _) => "size unknown + 0 GB audit",
        };
        assert!(rehearsed.contains(size), "{about}: {rehearsed}");
    }
}

#[test]
fn who_asks_for_audit_logs_where_there_is_no_choice_is_told_so() {
    for (rulebook, options, why) in [
        ("articles", &["--audit-logs", "--level", "everything"][..], "Audit logs are copied along whatever is chosen: these articles know no choice at a copy"),
        ("articles", &["--audit-logs", "--level", "customizations"], "At this level no audit logs are copied, whatever is chosen"),
        ("current", &["--audit-logs", "--level", "customizations"], "At this level no audit logs are copied, whatever is chosen"),
    ] {
        let asked = [&PAIR_OF, options, &["--demo", "--rulebook", rulebook]].concat();
        assert!(said(&[&["check", "copy"], &*asked].concat()).contains(why), "{rulebook} {options:?}");
        assert!(said(&[&["runbook", "copy"], &*asked].concat()).contains(&format!("# warning: {why}")), "{rulebook} {options:?}");
        assert!(said(&[&["targets", "copy"], &asked[..2], &asked[4..]].concat()).contains(why), "{rulebook} {options:?}");
    }
}

#[test]
fn a_restore_leaves_them_out_takes_them_from_a_manual_backup_or_keeps_its_own() {
    let at: &[&str] = &["--at", "2026-01-04T14:35:00Z"];
    for (from, point, audit_logs, line) in [
        (SALES, at, "left-out", "Audit logs: left out, because they can be taken along from manual backups only"),
        (SALES, &["--backup", "b6"], "left-out", "Audit logs: left out, which is the default: nobody asked for them"),
        (SALES, &["--backup", "b6", "--audit-logs"], "carried", "Audit logs: restored along, as asked for; the restore can take much longer"),
        (UAT, at, "kept", "Audit logs: its own stay, those newer than the point included"),
    ] {
        for rulebook in ["articles", "current"] {
            let asked = [&["--from", from, "--to", UAT], point, &["--demo", "--rulebook", rulebook]].concat();
            assert!(said(&[&["check", "restore"], &*asked].concat()).contains(line), "{line}");
            assert_eq!(json(&[&["check", "restore", "--format", "json"], &*asked].concat())["audit_logs"], audit_logs);
            let script = |dialect: &str| said(&[&["runbook", "restore", "--dialect", dialect], &*asked].concat());
            let skips = audit_logs == "left-out";
            assert_eq!(script("pac").contains(" --skip-audit-data"), skips, "{line}");
            assert_eq!(script("pac-em").contains(" --restore-options-skip-audit-data true"), skips, "{line}");
            assert_eq!(script("powershell").contains("SkipAuditData = $true"), skips, "{line}");
            for dialect in ["pac", "pac-em", "powershell", "markdown"] {
                let text = script(dialect);
                assert!(text.contains(line) && (skips || !text.contains("left out")), "{dialect}: {text}");
            }
        }
    }
    // The plan that restores production onto itself is what an approver signs.
    let plan = runbook(&["plan", "restore-to-production", HR, "--at", "2026-01-04T14:35:00Z", "--dialect", "markdown"]);
    assert!(plan.contains("- Audit logs: its own stay") && !plan.contains("left out"), "{plan}");
}

/// Who works from the paper has every choice of the article's steps in it.
#[test]
fn the_change_record_by_hand_carries_every_choice_of_a_copy() {
    let choices = ["--level", "customizations", "--name", "Training", "--security-group", "Vendors", "--dialect", "markdown"];
    let record = runbook(&[&["copy"] as &[&str], &PAIR_OF, &choices].concat());
    let (_, step) = record.split_once("## Steps").unwrap();
    let mut rest = step;
    for line in [
        "Where: Environments > (environment) > Copy",
        "(environment) is Contoso Sales, id 00b6e67a-7a2a-4c2b-8180-60a7da1de808",
        "The target is Contoso Sales UAT, id 9a2f79e6-0b1a-4bce-901b-a04516f81cdd",
        "Level: Customizations and schemas only",
        "Name afterwards: Training",
        "Who gets in: Only members of the security group Vendors (id ab37b23d-c031-4ced-86aa-2691c368e777) get in",
        "Then select Copy, and Confirm",
    ] {
        let (_, after) = rest.split_once(line).unwrap_or_else(|| panic!("{line} is missing or out of order: {step}"));
        rest = after;
    }
}

#[test]
fn the_journal_and_the_checklist_name_level_and_audit_logs() {
    let folder = TempDir::new().unwrap();
    let snapshot = folder.path().join("contoso.yaml").to_str().unwrap().to_owned();
    fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo.yaml"), &snapshot).unwrap();
    let keys = "/contoso sales<enter><home>c<enter>/sales uat<enter>l<enter><enter><enter><down><enter>CHG1<tab>lena<tab>Contoso Sales UAT<enter>";
    let now = ["--as", "thomas@contoso.com", "--now", "2026-01-05T07:00:00Z"];
    said(&[&[&*snapshot], &now[..], &["--keys", keys, "--print"]].concat());
    let words = "level Customizations and schemas only, audit logs left out";
    let journal = said(&["journal", "-s", &snapshot]);
    assert!(journal.contains(&format!("Copy Contoso Sales onto Contoso Sales UAT, {words}, succeeded")), "{journal}");
    let table = said(&["checklist", UAT, "-s", &snapshot]);
    assert!(table.contains(&format!("after copy of Contoso Sales, {words}")), "{table}");
    let checklist = json(&["checklist", UAT, "-s", &snapshot, "--format", "json"]);
    assert_eq!((&checklist[0]["level"], &checklist[0]["audit_logs"]), (&"customizations".into(), &"left-out".into()));
}

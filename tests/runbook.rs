//! `envdeck runbook`: every operation in every dialect, what is refused, and what is written where.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

#[path = "support/pairs.rs"]
mod pairs;
#[path = "support/stand_in.rs"]
mod stand_in;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use envdeck::domain::environment::EnvironmentId;
use envdeck::domain::journal::{Entry, Journal, Value, What};
use envdeck::domain::operation::{Operation, OperationKind, Outcome};
use envdeck::domain::verdict::Answer;
use envdeck::files::journal;
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

#[test]
fn shellcheck_has_nothing_to_say() {
    if !tools::is_there("shellcheck") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let mut files = Vec::new();
    // What guards a runbook is in each of them, so that few are enough for it, and every kind of step for the rest.
    let kinds = ["copy", "create", "reset", "background", "rename-url", "plan"];
    for (index, operation) in OPERATIONS.iter().enumerate().filter(|(_, operation)| kinds.contains(&operation[0])) {
        for dialect in if operation[0] == "copy" { &SCRIPTS[..] } else { &SCRIPTS[..1] } {
            let file = folder.path().join(format!("{index}-{dialect}.sh"));
            fs::write(&file, runbook(&[operation, &["--dialect", dialect] as &[&str]].concat())).unwrap();
            files.push(file);
        }
    }
    // Quotation marks of a word processor are letters, not slips.
    let typed = folder.path().join("typed.sh");
    let named: &[&str] = &["--name", "Vendor\u{2019}s \u{201c}trial\u{201d}", "--purpose", "The vendor\u{2019}s \u{2018}trial\u{2019}"];
    fs::write(&typed, runbook(&[COPY, named].concat())).unwrap();
    files.push(typed);
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
        let output = envdeck(&[
            "runbook",
            "copy",
            "--from",
            UAT,
            "--to",
            SALES,
            "--level",
            "everything",
            "--demo",
            "--dialect",
            dialect,
            "--output",
            file.to_str().unwrap(),
        ]);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), String::new()), "{dialect}");
        says(&output, "blocked: Contoso Sales is a production environment");
        says(&output, "CPY-005 TargetIsProduction");
        assert!(!file.exists());
    }
    // A block cannot be acknowledged.
    let output = envdeck(&["runbook", "copy", "--from", UAT, "--to", SALES, "--level", "everything", "--demo", "--acknowledge", "TargetIsProduction"]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), String::new()));
}

#[test]
fn what_is_unknown_is_acknowledged_by_name_or_there_is_no_script() {
    let copy = ["runbook", "copy", "--from", SALES, "--to", UAT, "--level", "everything", "--demo", "--now", "2026-01-13T07:00:00Z"];
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

const NOW: &str = "2026-11-30T10:00:00Z";

/// A folder with a snapshot of linked environments, and what `envdeck` says of it.
struct Estate(TempDir);

impl Estate {
    fn new(edition: &str, environments: &[pairs::Linked<'_>]) -> Self {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("pairs.yaml"), pairs::snapshot(edition, environments)).unwrap();
        Self(folder)
    }

    /// Exit status, standard output and standard error together.
    fn says(&self, arguments: &[&str]) -> (i32, String) {
        let file = self.0.path().join("pairs.yaml");
        let output = envdeck(&[arguments, &["-s", file.to_str().unwrap(), "--now", NOW]].concat());
        (output.status.code().unwrap(), format!("{}{}", text(&output.stdout), text(&output.stderr)))
    }

    fn runbook(&self, arguments: &[&str]) -> String {
        let (status, said) = self.says(&[&["runbook"], arguments].concat());
        assert_eq!(status, 0, "{arguments:?}: {said}");
        said
    }
}

const DIALECTS: [&str; 4] = ["pac", "pac-em", "powershell", "markdown"];

#[test]
fn nothing_of_a_unified_environment_is_done_in_lifecycle_services() {
    let (prod, test) = (pairs::half("Prod", "unified", "production"), pairs::half("Test", "unified", "sandbox"));
    for edition in ["articles", "current"] {
        let estate = Estate::new(edition, &[("Prod", "production", &prod), ("Test", "sandbox", &test)]);
        let at = ["--at", "2026-11-29T10:00:00Z"];
        for operation in [
            vec!["copy", "--from", "Prod", "--to", "Test", "--level", "everything"],
            vec!["backup", "Test", "--name", "x"],
            [&["restore", "--from", "Test", "--to", "Test"] as &[_], &at].concat(),
            vec!["reset", "Test"],
            vec!["delete", "Test"],
            vec!["switch", "Test", "--to", "production"],
            vec!["edit", "Test", "--name", "x"],
            vec!["rename-url", "Test", "--url", "https://other.crm4.dynamics.com"],
        ] {
            for dialect in DIALECTS {
                let said = estate.runbook(&[&operation, &["--dialect", dialect] as &[_]].concat());
                for lcs in ["Lifecycle Services >", "in parallel", "code of both halves", "Move database", "Back up at the same time", "HalfLeft"] {
                    assert!(!said.contains(lcs), "{edition} {operation:?} {dialect} says {lcs}: {said}");
                }
                if ["copy", "restore", "reset", "delete"].contains(&operation[0]) {
                    assert!(said.contains("F-Test"), "{edition} {operation:?} {dialect}: the other half is gone too, {said}");
                }
            }
        }
        let (status, said) = estate.says(&["runbook", "delete-fno", "Test"]);
        assert!(status == 1 && said.contains("managed as one, not in Lifecycle Services"), "{said}");
        // What can only be said of a half that is seen to by itself is no choice.
        for wrong in [
            vec!["copy", "--from", "Prod", "--to", "Test", "--level", "everything", "--leave-fno"],
            [&["restore", "--from", "Test", "--to", "Test", "--fno-at", at[1]] as &[_], &at].concat(),
        ] {
            let (status, said) = estate.says(&[&["runbook"], &*wrong].concat());
            assert!(status == 2 && said.contains("Test is unified, and both of its halves go together"), "{said}");
        }
    }
}

#[test]
fn where_nobody_knows_who_manages_the_half_the_runbook_asks() {
    let (prod, test) = (pairs::half("Prod", "lcs", "production"), pairs::half("Test", "", "sandbox"));
    let estate = Estate::new("articles", &[("Prod", "production", &prod), ("Test", "sandbox", &test)]);
    for dialect in DIALECTS {
        let said = estate.runbook(&["copy", "--from", "Prod", "--to", "Test", "--level", "everything", "--half", "refresh", "--dialect", dialect]);
        assert!(said.contains("If Lifecycle Services lists the finance and operations half F-Test"), "{dialect}: {said}");
    }
    let known = pairs::half("Test", "lcs", "sandbox");
    let estate = Estate::new("articles", &[("Prod", "production", &prod), ("Test", "sandbox", &known)]);
    let said = estate.runbook(&["copy", "--from", "Prod", "--to", "Test", "--level", "everything", "--half", "refresh", "--dialect", "markdown"]);
    assert!(said.contains("Once both are done, bring the code of both halves to match"), "{said}");
    assert!(said.contains("Begin in parallel, now, for the finance and operations half F-Test") && !said.contains("If Lifecycle Services lists"), "{said}");
}

#[test]
fn a_pair_is_repaired_by_a_plan_in_one_direction_only_and_only_while_its_halves_differ() {
    let half = |of: &str, type_of: &str| pairs::half(of, "lcs", type_of);
    let (up, down, agreed, open) = (half("Up", "sandbox"), half("Down", "production"), half("Agreed", "sandbox"), half("Open", ""));
    let environments = [
        ("Up", "production", &*up),
        ("Down", "sandbox", &*down),
        ("Agreed", "sandbox", &*agreed),
        ("Open", "production", &*open),
        ("Unknown", "production", "none"),
    ];
    let estate = Estate::new("articles", &environments);
    for dialect in DIALECTS {
        let said = estate.runbook(&["plan", "repair-pair", "Up", "--dialect", dialect]);
        assert!(
            said.contains("F-Up, the finance and operations sandbox to which Up is linked, is deleted in Lifecycle Services, with its data."),
            "{dialect}: {said}"
        );
        if dialect.starts_with("pac") {
            assert!(bash(&["-n"], &said).status.success(), "{said}");
        }
        for (name, why) in [
            ("Down", "Switch it back to production: that is the one step this pair needs, as its finance and operations half is production"),
            ("Agreed", "only where its halves are of different types"),
            ("Open", "only where its halves are of different types, which nobody knows"),
            ("Unknown", "only where its halves are of different types"),
        ] {
            let (status, said) = estate.says(&["runbook", "plan", "repair-pair", name, "--dialect", dialect]);
            assert!(status == 1 && said.contains(why) && !said.contains("is deleted"), "{name}: {said}");
        }
    }
    // Every plan is only for the environments that it is for.
    for (plan, name, more, why) in [
        ("order-management", "Agreed", &["--from", "Up"] as &[_], "only where Intelligent Order Management is installed"),
        ("restore-to-production", "Agreed", &["--at", "2026-11-29T10:00:00Z"], "only where it is of the type Production"),
        ("migration", "Agreed", &[], "only where it is not linked to finance and operations"),
    ] {
        let (status, said) = estate.says(&[&["runbook", "plan", plan, name], more].concat());
        assert!(status == 1 && said.contains(why), "{plan}: {said}");
    }
    let (_, said) = estate.says(&["attention"]);
    assert!(said.contains("switch Down back to production"), "{said}");
    let (_, said) = estate.says(&["check", "switch", "Down", "--to", "production"]);
    assert!(said.contains("brings both halves to one type again"), "{said}");
}

#[test]
fn the_plan_of_a_copy_with_order_management_lists_what_the_copy_brings() {
    let record = text(&envdeck(&["runbook", "plan", "order-management", PAIR_TEST, "--from", PAIR, "--demo", "--dialect", "markdown"]).stdout);
    // All of the source, those that are not published included, although the half of the target is a step of its own.
    for orchestration in ["Web shop orders", "Store replenishment", "Returns pilot"] {
        assert!(record.contains(orchestration), "{orchestration}: {record}");
    }
    assert!(!record.contains("HalfLeft"), "{record}");
}

#[test]
fn a_plan_that_brings_a_pair_together_is_over_once_a_switch_did_so() {
    let up = pairs::half("Up", "lcs", "sandbox");
    let estate = Estate::new("articles", &[("Up", "production", &up)]);
    let id = || EnvironmentId::new("3b1f6d5e-0000-4000-8000-000000000000");
    let at = |minute: u32| format!("2026-11-30T09:{minute:02}:00Z").parse().unwrap();
    let by = || std::sync::Arc::from("admin@contoso.com");
    let begun = Entry::new(at(10), by(), What::ChecklistOpened { environment: id(), checklist: "repair-pair".into(), operation: None });
    let text_of = |name: &str, value: &str| (name.into(), Value::Text(value.into()));
    let switched = Operation {
        kind: OperationKind::Switch,
        source: None,
        target: id(),
        inputs: vec![text_of("type", "sandbox"), text_of("sandbox_days", "7")],
        verdict: Answer::AllowedWithWarnings,
        account: Vec::new(),
        acknowledged: Vec::new(),
        ticket: None,
        approver: None,
        started_at: at(20),
        completed_at: Some(at(25)),
        outcome: Outcome::Succeeded,
    };
    let write = |entries| fs::write(estate.0.path().join("pairs.journal.yaml"), journal::write(&Journal::new(entries))).unwrap();
    write(vec![begun.clone()]);
    assert!(estate.says(&["checklist", "Up"]).1.contains("Delete the finance and operations sandbox"), "{}", estate.says(&["checklist", "Up"]).1);
    write(vec![begun, Entry::new(at(25), by(), What::Operation(Box::new(switched)))]);
    let (_, said) = estate.says(&["checklist", "Up"]);
    assert!(!said.contains("Delete the finance and operations sandbox"), "{said}");
    let (_, said) = estate.says(&["attention"]);
    assert!(!said.contains("type-mismatch"), "{said}");
}

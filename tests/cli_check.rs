//! `envdeck check` and `envdeck targets restore` for every operation: shapes of the answers, exit statuses, wrong usage.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

#[path = "support/pairs.rs"]
mod pairs;

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
const CHAIN_TEST: &str = "Contoso Supply Chain Test";
const RETURNS: &str = "Contoso Returns Test";
const PLANTS: &str = "Plant Managers";

#[test]
fn the_way_to_a_point_of_production_never_destroys_that_point() {
    let asked = |point: [&str; 2]| text(&run(&["check", "restore", "--from", SALES, "--to", SALES, point[0], point[1], "--demo"]).stdout);
    for point in [["--at", "2025-12-15T00:00:00Z"], ["--backup", "b3"]] {
        let said = asked(point).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("Restore it onto a sandbox instead, and keep Contoso Sales as production"), "{said}");
        assert!(said.contains("itself would be lost") && !said.contains("switch it to sandbox first"), "{said}");
    }
    let said = asked(["--at", "2026-01-02T18:00:00Z"]).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("switch it to sandbox first, and switch it back afterwards (safe for 2026-01-02 18:00Z until 2026-01-09 18:00Z)"), "{said}");
}

#[test]
fn the_filter_of_the_list_takes_what_the_console_takes() {
    let names = |filter: &str| text(&run(&["list", "--demo", "--format", "csv", "--filter", filter]).stdout).lines().count();
    assert_eq!(names("admin-mode:off"), names("admin-mode:no"));
    assert_eq!(names("admin-mode:on"), names("admin-mode:"));
    assert_eq!(names("type:"), names(""));
    let wrong = run(&["list", "--demo", "--filter", "admin-mode:oui"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("takes yes or no, on or off, true or false, or unknown, not `oui`"));
}

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
            let place: &[_] = if create { &["environment", "tenant"] } else { &["environment"] };
            assert_eq!(keys(&answer), [&["operation"], place, &["verdict", "findings", "open", "account"]].concat(), "{arguments:?}");
            assert_eq!((&answer["operation"], &answer["environment"]["name"]), (&json!(arguments[0]), &json!(arguments[1])));
            assert_eq!(keys(&answer["environment"]), ["id", "name"]);
            for finding in answer["findings"].as_array().unwrap() {
                assert_eq!(keys(finding)[..7], ["severity", "rule", "code", "message", "remedy", "article", "acknowledge"]);
                // Only what Microsoft says is explained elsewhere.
                assert_eq!(finding.get("explained_by").is_some(), finding["code"] == "RefusedByMicrosoft", "{finding}");
            }
        }
    }
    // An environment that does not exist yet is asked of its tenant.
    let mut create: Value = serde_json::from_slice(&run(&["check", "create", "--tenant", "Contoso", "--demo", "--format", "json"]).stdout).unwrap();
    let account = create.as_object_mut().unwrap().remove("account").unwrap();
    assert!(account.as_array().unwrap().iter().any(|line| line["topic"] == "happens"), "{account:#}");
    assert_eq!(create, json!({ "operation": "create", "environment": null, "tenant": "Contoso", "verdict": "allowed", "findings": [], "open": ["name"] }));
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
        assert_eq!(keys(&answer), ["operation", "from", "to", "verdict", "findings", "audit_logs", "open", "account"]);
        assert_eq!(answer["open"], json!([]), "{from} onto {to} {point:?}");
        assert_eq!((&answer["operation"], &answer["from"]["name"], &answer["to"]["name"]), (&json!("restore"), &json!(from), &json!(to)));
    }
    let shown = text(&run(&["check", "restore", "--from", UAT, "--to", UAT, "--at", "2026-01-04T00:00:00Z", "--demo"]).stdout);
    assert!(shown.contains("restore of Contoso Sales UAT onto itself to 2026-01-04 00:00Z"), "{shown}");
}

/// The answer as JSON, and as a table.
fn answers(arguments: &[&str]) -> (Value, String) {
    let output = run(&[arguments, &["--demo", "--format", "json"]].concat());
    let json = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{arguments:?}: {}", text(&output.stderr)));
    (json, text(&run(&[arguments, &["--demo"]].concat()).stdout))
}

/// What the account says about that.
fn about<'a>(answer: &'a Value, topic: &str) -> Vec<&'a str> {
    answer["account"].as_array().unwrap().iter().filter(|line| line["topic"] == topic).map(|line| line["text"].as_str().unwrap()).collect()
}

#[test]
fn a_copy_of_which_nobody_said_the_level_is_judged_and_says_that_it_is_open() {
    let pair = ["check", "copy", "--from", SALES, "--to", UAT];
    for rulebook in ["articles", "current"] {
        let (open, shown) = answers(&[&pair as &[&str], &["--rulebook", rulebook]].concat());
        assert_eq!((&open["verdict"], &open["open"]), (&json!("allowed-with-warnings"), &json!(["level"])), "{rulebook}: {open:#}");
        // Nothing is said of a level that nobody chose.
        assert!(open.get("level").is_none() && about(&open, "level").is_empty() && about(&open, "carried").is_empty(), "{rulebook}: {open:#}");
        assert_eq!(about(&open, "open"), ["level: it is judged by what is chosen, and there is no runbook before all is"], "{rulebook}");
        assert!(shown.contains("Not chosen yet: level") && !shown.contains("\n  Level: "), "{rulebook}: {shown}");
        for (level, label) in [("everything", "Everything"), ("customizations", "Customizations and schemas only")] {
            let (chosen, shown) = answers(&[&pair as &[&str], &["--level", level, "--rulebook", rulebook]].concat());
            assert_eq!((&chosen["level"], &chosen["open"]), (&json!(level), &json!([])), "{rulebook}");
            assert_eq!(about(&chosen, "level"), [label], "{rulebook}");
            assert!(about(&chosen, "open").is_empty() && !shown.to_lowercase().contains("not chosen yet"), "{rulebook}: {shown}");
            assert!(shown.contains(&format!("\n  Level: {label}\n")), "{rulebook}: {shown}");
        }
    }
}

#[test]
fn the_targets_say_what_is_open_whatever_the_target_is() {
    for (asked, open) in [
        (&["copy", "--from", SALES] as &[&str], &["level"] as &[&str]),
        (&["copy", "--from", SALES, "--level", "customizations"], &[]),
        (&["copy", "--from", SALES, "--security-group", "Vendors"], &["level"]),
        (&["copy", "--from", CHAIN, "--level", "everything"], &[]),
        (&["restore", "--from", SALES], &["at"]),
        (&["restore", "--from", SALES, "--at", "2026-01-04T14:35:00Z"], &[]),
        (&["restore", "--from", SALES, "--backup", "b6"], &[]),
    ] {
        let (listed, shown) = answers(&[&["targets"], asked].concat());
        assert_eq!(listed["open"], json!(open), "{asked:?}");
        assert_eq!(about(&listed, "open"), open, "{asked:?}: {:#}", listed["account"]);
        let (before, _) = shown.split_once("VERDICT").unwrap();
        let line = open.iter().map(|choice| format!("  Not chosen yet: {choice}\n")).collect::<String>();
        assert!(before.ends_with(&line) && before.matches("chosen yet").count() == open.len(), "{asked:?}: {before}");
    }
}

/// Exit status 2, nothing on standard output, and these words about what is wrong.
#[track_caller]
fn refused(arguments: &[&str], says: &str) {
    let output = run(&[arguments, &["--demo"]].concat());
    let message = text(&output.stderr);
    assert!(output.status.code() == Some(2) && output.stdout.is_empty(), "{arguments:?}: {:?} {message}{}", output.status.code(), text(&output.stdout));
    assert!(message.contains(says), "{arguments:?}: {message}");
}

#[test]
fn a_runbook_names_the_options_that_are_left_out() {
    let copy = ["runbook", "copy", "--from", SALES, "--to", UAT];
    for dialect in ["pac", "pac-em", "powershell", "markdown"] {
        refused(&[&copy as &[&str], &["--dialect", dialect]].concat(), "something is not chosen yet: say it with --level\n");
        assert!(run(&[&copy as &[&str], &["--level", "everything", "--demo", "--dialect", dialect]].concat()).status.success(), "{dialect}");
    }
    // Every other choice makes no difference.
    refused(&[&copy as &[&str], &["--name", "Training", "--security-group", "none", "--audit-logs"]].concat(), "say it with --level\n");
    for (rest, says) in [
        (&["rename-url", UAT] as &[&str], "say it with --url\n"),
        (&["edit", UAT], "say it with --name, --security-group\n"),
        (&["create", UAT], "say it with --name\n"),
        (&["backup", UAT], "say it with --name\n"),
        (&["delete-backup", SALES], "say it with --backup\n"),
        (&["copy", "--from", CHAIN, "--to", CHAIN_TEST], "say it with --level, --half\n"),
        (&["copy", "--from", CHAIN, "--to", CHAIN_TEST, "--level", "everything"], "say it with --half\n"),
        (&["restore", "--from", CHAIN, "--to", CHAIN_TEST, "--at", "2026-01-04T14:35:00Z"], "say it with --half\n"),
        (&["backup", CHAIN_TEST, "--name", "x"], "say it with --half\n"),
    ] {
        refused(&[&["runbook"], rest].concat(), says);
    }
}

#[test]
fn what_becomes_of_the_other_half_is_open_until_it_is_said_and_then_told() {
    let (copy, restore) = (
        ["copy", "--from", CHAIN, "--to", CHAIN_TEST, "--level", "everything"],
        ["restore", "--from", CHAIN, "--to", CHAIN_TEST, "--at", "2026-01-04T14:35:00Z"],
    );
    let backup = ["backup", CHAIN_TEST, "--name", "x"];
    for (asked, choices) in [
        (&copy as &[&str], &[&["--half", "refresh"] as &[&str], &["--half", "import"], &["--half", "leave"]] as &[&[&str]]),
        (&restore, &[&["--half", "leave"], &["--fno-at", "2026-01-04T14:35:00Z"]]),
        (&backup, &[&["--half", "backup"], &["--half", "leave"]]),
    ] {
        let (open, _) = answers(&[&["check"], asked].concat());
        assert_eq!((&open["open"], about(&open, "half").len()), (&json!(["half"]), 0), "{asked:?}");
        for choice in choices {
            let (chosen, shown) = answers(&[&["check"], asked, choice].concat());
            assert_eq!(chosen["open"], json!([]), "{asked:?} {choice:?}");
            let [told] = about(&chosen, "half")[..] else { panic!("{asked:?} {choice:?}: {:#}", chosen["account"]) };
            assert!(told.contains("Contoso Finance UAT"), "{told}");
            let left = choice[1] == "leave";
            assert_eq!(told.ends_with("is left as it is"), left, "{told}");
            assert!(shown.contains(&format!("\n  Finance and operations half: {told}\n")), "{shown}");
            // Leaving it is taken upon oneself, except where a backup changes nothing.
            let codes: Vec<_> = chosen["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] == "HalfLeft").collect();
            assert_eq!(codes.len(), usize::from(left && asked[0] != "backup"), "{asked:?} {choice:?}");
            assert!(codes.iter().all(|finding| finding["acknowledge"] == json!(true)), "{codes:?}");
        }
    }
    // The words that these options had before are read as well.
    for (old, new) in [(["--fno", "database-refresh"].as_slice(), "refresh"), (&["--fno", "database-import"], "import"), (&["--leave-fno"], "leave")] {
        let asked = |half: &[&str]| answers(&[&["check"], &copy as &[&str], half].concat());
        assert_eq!(asked(old), asked(&["--half", new]), "{old:?}");
    }
}

#[test]
fn a_choice_about_a_half_that_is_not_there_or_not_of_the_operation_is_refused() {
    for operation in [
        &["copy", "--from", SALES, "--to", UAT, "--level", "everything", "--half", "refresh"] as &[&str],
        &["copy", "--from", SALES, "--to", UAT, "--level", "everything", "--half", "leave"],
        &["copy", "--from", SALES, "--to", CHAIN_TEST, "--level", "everything", "--half", "leave"],
        &["restore", "--from", SALES, "--to", UAT, "--at", "2026-01-04T14:35:00Z", "--half", "leave"],
        &["restore", "--from", SALES, "--to", UAT, "--at", "2026-01-04T14:35:00Z", "--fno-at", "2026-01-04T14:35:00Z"],
        &["backup", UAT, "--name", "x", "--half", "backup"],
    ] {
        for command in ["check", "runbook"] {
            refused(&[&[command], operation].concat(), "has no finance and operations half, so nothing can be chosen about it; leave the option out");
        }
    }
    let targets = ["targets", "copy", "--from", SALES, "--level", "everything", "--half", "refresh"];
    refused(&targets, "Contoso Sales has no finance and operations half, so nothing can be chosen about it; leave the option out");
    for (operation, says) in [
        (
            &["copy", "--from", CHAIN, "--to", CHAIN_TEST, "--level", "everything", "--half", "backup"] as &[&str],
            "--half backup is no choice of a copy; there is refresh, import or leave",
        ),
        (&["backup", CHAIN_TEST, "--name", "x", "--half", "refresh"], "--half refresh is no choice of a backup; there is backup or leave"),
        (
            &["restore", "--from", CHAIN, "--to", CHAIN_TEST, "--at", "2026-01-04T14:35:00Z", "--half", "import"],
            "--half import is no choice of a restore; there is leave, or an instant with --fno-at",
        ),
    ] {
        for command in ["check", "runbook"] {
            refused(&[&[command], operation].concat(), says);
        }
    }
    // Both halves of a unified environment go together.
    let unified = |name: &str, kind: &str| {
        let half = format!("{{ id: f-{name}, name: F, type: {kind}, kind: unified, application_build: '10.0.44', pitr_days: 14 }}").to_lowercase();
        environment(name, kind, &linked(&half))
    };
    let estate = [unified("Prod", "production"), unified("Test", "sandbox")];
    let at = "2026-11-29T10:00:00Z";
    for question in [
        &["copy", "--from", "Prod", "--to", "Test", "--level", "everything", "--half", "refresh"] as &[&str],
        &["copy", "--from", "Prod", "--to", "Test", "--level", "everything", "--half", "leave"],
        &["restore", "--from", "Prod", "--to", "Test", "--at", at, "--fno-at", at],
        &["backup", "Test", "--name", "x", "--half", "backup"],
    ] {
        let (status, said, _) = judged(&estate, "current", question);
        assert_eq!(status, Some(2), "{question:?}: {said}");
        assert!(said.contains("Test is unified, and both of its halves go together; leave the option out"), "{question:?}: {said}");
    }
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
    assert_eq!(keys(&pairs), ["operation", "from", "open", "account", "targets"]);
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
        (of_pair(&[]), "say to when: --at names an instant, --backup a manual backup"),
        (of_pair(&["--at", "2026-01-04T00:00:00Z", "--backup", "b1"]), "cannot be used with"),
        (of_pair(&["--at", "soon"]), "That is no time"),
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
    let targets = [
        "operation",
        "from: {id, name}",
        "open: [choice]",
        "account: [{topic, text}]",
        "targets: [{environment: {id, name, type}",
        "verdict",
        "findings",
        "audit_logs",
        "allowed-with-warnings",
    ];
    let backups = [
        "environment: {id, name}",
        "retention_days",
        "window: {from, to}",
        "stretches: [{from, to, certainty, why}]",
        "manual: [{id, name, label, taken_at, expires_at, state, restorable, why}]",
        "settling",
    ];
    let lint = ["file", "rulebook", "rows", "errors: [{line, column, code, message, remedy}]", "warnings", "left_behind: [upn]", "mailboxes"];
    let generate =
        ["environment", "to_tenant", "rows: [{line, source, destination, written, likeness, score, why, remark, near: [upn]}]", "left_out: [{upn, why}]"];
    let request =
        ["reason", "cut_over", "answers: [{question, answer}]", "environments: [{environment: {id, name}", "steps: [{text, commands}]", "open: [text]"];
    let check = [
        "operation",
        "from",
        "to",
        "environment",
        "verdict",
        "findings: [{severity, rule, code, message, remedy, article, acknowledge}]",
        "open: [choice]",
        "account: [{topic, text}]",
    ];
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

/// One environment of a snapshot; `more` is what it has beside what every one has here.
fn environment(name: &str, kind: &str, more: &str) -> String {
    format!(
        "      - {{ id: {id}, name: {name}, type: {kind}, region: europe, managed: false, customer_managed_key: none, enterprise_policies: [], \
         deleted_at: none, order_management: none, backups: [], retention_days: 28, created_at: 2024-01-01T00:00:00Z, \
         dataverse: {{ size_gb: 1, audit_gb: 0 }}, {more}, \
         components: {{ canvas-app: [], cloud-flow: [], custom-connector: [], connection: [] }} }}\n",
        id = name.to_lowercase(),
    )
}

/// A half with its type, kind, build and how far back it reaches, as it stands in a snapshot.
fn linked(half: &str) -> String {
    format!("state: ready, dynamics_365_apps: [], finance_operations: {half}")
}

/// What the verdict is about a snapshot of these environments, with its codes.
fn judged(environments: &[String], rulebook: &str, question: &[&str]) -> (Option<i32>, String, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("estate.yaml");
    let head = format!(
        "schema: envdeck/1\ncaptured_at: 2026-11-30T09:00:00Z\nrulebook: {rulebook}\ntenants:\n  - id: t\n    name: T\n    \
         operator_roles: [power-platform-admin]\n    capacity_gb: {{ entitled: 500, used: 100 }}\n    environments:\n"
    );
    std::fs::write(&file, head + &environments.concat()).unwrap();
    let file = file.to_str().unwrap();
    let output = run(&[&["check"], question, &["-s", file, "--now", "2026-11-30T10:00:00Z", "--format", "json"]].concat());
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| json!({ "verdict": text(&output.stderr), "findings": [] }));
    let codes = answer["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] != "RoleByTenant" && finding["code"] != "EditionsDiffer");
    let codes = codes.map(|finding| format!("{} {}", finding["severity"].as_str().unwrap(), finding["code"].as_str().unwrap())).collect();
    (output.status.code(), answer["verdict"].as_str().unwrap().to_owned(), codes)
}

#[test]
fn a_disabled_environment_is_no_source_and_can_only_be_reset_deleted_or_overwritten() {
    let states = ["ready", "preparing", "running", "failed", "disabled"];
    for (question, refused_when_disabled) in [
        (&["copy", "--from", "Broken", "--to", "Test", "--level", "everything"] as &[&str], Some("SourceFailed")),
        (&["copy", "--from", "Test", "--to", "Broken", "--level", "everything"], None),
        (&["restore", "--from", "Broken", "--to", "Test", "--at", "2026-11-29T10:00:00Z"], Some("SourceFailed")),
        (&["restore", "--from", "Test", "--to", "Broken", "--at", "2026-11-29T10:00:00Z"], None),
        (&["backup", "Broken"], Some("EnvironmentFailed")),
        (&["switch", "Broken", "--to", "production"], Some("EnvironmentFailed")),
        (&["edit", "Broken"], Some("EnvironmentFailed")),
        (&["rename-url", "Broken"], Some("EnvironmentFailed")),
        (&["admin-mode", "Broken", "--to", "on"], Some("EnvironmentFailed")),
        (&["background", "Broken", "--to", "on"], Some("EnvironmentFailed")),
        (&["reset", "Broken"], None),
        (&["delete", "Broken"], None),
    ] {
        for state in states {
            for rulebook in ["articles", "current"] {
                let half = "dynamics_365_apps: [], finance_operations: none, admin_mode: false, background_operations: false";
                let estate =
                    [environment("Broken", "sandbox", &format!("state: {state}, {half}")), environment("Test", "sandbox", &format!("state: ready, {half}"))];
                let (_, _, codes) = judged(&estate, rulebook, question);
                let broken = matches!(state, "failed" | "disabled") && rulebook == "current";
                let expected = refused_when_disabled.filter(|_| broken).map(|code| format!("block {code}"));
                let found = codes.iter().find(|code| code.ends_with("Failed")).cloned();
                assert_eq!(found, expected, "{question:?}, {state}, {rulebook}: {codes:?}");
                let busy = codes.contains(&"block Busy".to_owned());
                assert_eq!(busy, matches!(state, "preparing" | "running"), "{question:?}, {state}, {rulebook}: {codes:?}");
            }
        }
    }
}

#[test]
fn a_trial_of_either_kind_can_be_converted_to_production_by_the_newer_articles() {
    for kind in ["trial", "trial-subscription"] {
        let trial = |apps: &str| [environment("CoE", kind, &format!("state: ready, finance_operations: none, dynamics_365_apps: {apps}"))];
        let question = ["switch", "CoE", "--to", "production"];
        // The estate knows only the sum of the storage, which is said.
        let notes = vec!["note CapacityIsASum".to_owned(), "note ConversionTakesHours".to_owned()];
        assert_eq!(judged(&trial("[]"), "current", &question), (Some(0), "allowed-with-warnings".into(), notes.clone()));
        let (status, verdict, codes) = judged(&trial("[Dynamics 365 Marketing]"), "current", &question);
        assert_eq!((status, &*verdict, &*codes[0]), (Some(1), "blocked", "block MarketingBarsConversion"));
        assert_eq!(judged(&trial("[]"), "articles", &question).1, "blocked");
        assert_eq!(judged(&trial("[]"), "current", &["switch", "CoE", "--to", "sandbox"]).1, "blocked");
    }
}

#[test]
fn an_unknown_link_or_kind_lets_no_copy_through_that_can_be_refused() {
    let half = |kind: &str, build: &str| linked(&format!("{{ id: f, name: F, type: sandbox, {kind}{build}pitr_days: 14 }}"));
    let (unified, lcs, older, newer) = ("kind: unified, ", "kind: lcs, ", "application_build: '10.0.43', ", "application_build: '10.0.44', ");
    let unseen = "state: ready, dynamics_365_apps: []".to_owned();
    for (from, onto, verdict) in [
        (half(unified, older), half(unified, newer), "blocked"),
        (half(unified, older), unseen.clone(), "unknown"),
        (half("", older), unseen.clone(), "unknown"),
        (half(unified, older), half("", newer), "unknown"),
        (half("", older), half("", newer), "unknown"),
        (half(unified, older), half(unified, ""), "unknown"),
        (half(lcs, older), half(lcs, newer), "allowed"),
        (half(lcs, older), half("", newer), "allowed"),
        (half(lcs, older), unseen.clone(), "allowed-with-warnings"),
        (half(unified, newer), half("", older), "allowed"),
    ] {
        let estate = [environment("A", "sandbox", &from), environment("B", "sandbox", &onto)];
        assert_eq!(judged(&estate, "current", &["copy", "--from", "A", "--to", "B", "--level", "everything"]).1, verdict, "{from} onto {onto}");
    }
}

#[test]
fn the_other_half_is_a_target_of_its_own() {
    let half = |of: &str, days: &str| linked(&format!("{{ id: f, name: Ledger, {of}kind: lcs, application_build: '10.0.44', {days} }}"));
    let plain = "state: ready, dynamics_365_apps: [], finance_operations: none".to_owned();
    let estate = [
        environment("Prod", "production", &half("type: production, ", "pitr_days: 28")),
        environment("Test", "sandbox", &half("type: sandbox, ", "pitr_days: 7")),
        environment("Apart", "sandbox", &half("type: production, ", "pitr_days: 28")),
        environment("Typeless", "sandbox", &half("", "pitr_days: 28")),
        environment("Reachless", "sandbox", &linked("{ id: f, name: Ledger, type: sandbox, kind: lcs }")),
        environment("Plain", "sandbox", &plain),
    ];
    let restore = |from: &'static str, to: &'static str, at: &'static str| ["restore", "--from", from, "--to", to, "--at", at, "--fno-at", at].to_vec();
    let (recent, old) = ("2026-11-29T10:00:00Z", "2026-11-14T10:00:00Z");
    for (question, status, code) in [
        (vec!["copy", "--from", "Prod", "--to", "Apart", "--level", "everything"], 0, "warning ProductionHalf"),
        (vec!["copy", "--from", "Prod", "--to", "Typeless", "--level", "everything"], 0, "warning ProductionHalf"),
        (vec!["delete-fno", "Prod"], 0, "warning ProductionHalf"),
        (vec!["delete-fno", "Typeless"], 0, "warning ProductionHalf"),
        (restore("Prod", "Apart", recent), 0, "warning ProductionHalf"),
        (restore("Prod", "Typeless", recent), 0, "warning ProductionHalf"),
        (restore("Prod", "Test", old), 1, "block PairedRestoreOutOfReach"),
        (restore("Prod", "Reachless", recent), 1, "unknown PairedRestoreOutOfReach"),
        (vec!["restore", "--from", "Plain", "--to", "Test", "--at", recent], 1, "block TargetLinkedSourceNot"),
        (vec!["restore", "--from", "Test", "--to", "Plain", "--at", recent], 0, "warning SourceLinkedTargetNot"),
    ] {
        for rulebook in ["articles", "current"] {
            let (found, verdict, codes) = judged(&estate, rulebook, &question);
            assert_eq!(found, Some(status), "{question:?} by {rulebook}: {verdict} {codes:?}");
            assert!(codes.contains(&code.replace("warning", "warn")), "{question:?} by {rulebook}: {codes:?}");
        }
    }
    // Within reach, and between sandboxes, nothing more is said.
    assert!(judged(&estate, "articles", &restore("Prod", "Test", recent)).2.iter().all(|code| code == "warn PairedRestore"));
    // Nobody restores a half that is not there.
    for question in [restore("Plain", "Plain", recent), restore("Test", "Plain", recent)] {
        let (status, words, _) = judged(&estate, "articles", &question);
        assert_eq!(status, Some(2), "{question:?}");
        assert!(words.contains("Plain has no finance and operations half"), "{words}");
    }
}

/// A tenant whose environment stands in one region, and another tenant in another.
fn two_tenants(environment: Option<&str>, from: &str, to: &str) -> String {
    let tenant = |id: u8, name: &str, region: &str| {
        format!(
            "  - id: 0000000{id}-aaaa-4000-8000-000000000000\n    name: {name}\n    cloud: public\n    region: {region}\n    operator_roles: [global-admin]\n    capacity_gb: {{ entitled: 100, used: 50 }}\n    lockbox: false\n    licences: {{ total: 100, active: 50 }}\n    dynamics_365_seats: 50\n    paid_subscriptions: [dynamics-365]\n"
        )
    };
    let region = environment.map_or_else(String::new, |region| format!(", region: {region}"));
    format!(
        "schema: envdeck/1\ncaptured_at: 2026-01-05T07:00:00Z\nrulebook: articles\noperator: me@src.com\ntenants:\n{}    environments:\n      - {{ id: 00000001-0000-4000-8000-000000000000, name: Box, type: sandbox, state: ready, url: \"https://box.crm.dynamics.com\", dataverse: {{ version: \"9.2\", size_gb: 10, audit_gb: 1 }}, deleted_at: none, finance_operations: none, managed: false, users: []{region} }}\n{}    environments: []\n",
        tenant(1, "Src", from),
        tenant(2, "Dst", to)
    )
}

#[test]
fn a_move_is_judged_by_the_region_of_the_environment_itself() {
    const NONE: Option<(&str, &str)> = None;
    for (environment, from, to, expected) in [
        // Out of a region that no environment leaves, whatever the tenants are in.
        (Some("ind"), "na", "na", Some(("block", "RegionChangeUnsupported"))),
        (Some("emea"), "na", "na", Some(("warn", "RegionChanges"))),
        // It goes where it is already.
        (Some("emea"), "na", "emea", NONE),
        (Some("na"), "ind", "na", NONE),
        (Some("ind"), "ind", "na", Some(("block", "RegionChangeUnsupported"))),
        // Nobody knows where it is: that it is where its tenant is proves nothing.
        (None, "na", "na", Some(("unknown", "RegionChangeUnsupported"))),
        (None, "ind", "na", Some(("unknown", "RegionChangeUnsupported"))),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("t.yaml");
        std::fs::write(&file, two_tenants(environment, from, to)).unwrap();
        let file = file.to_str().unwrap();
        let asked = ["check", "migrate", "Box", "--to-tenant", "Dst", "-s", file, "--now", "2026-01-05T07:30:00Z", "--format", "json"];
        let output = run(&asked);
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)));
        let about = |finding: &&Value| finding["code"].as_str().unwrap().starts_with("RegionChange");
        let found: Vec<_> = answer["findings"].as_array().unwrap().iter().filter(about).collect();
        let found: Vec<_> = found.iter().map(|finding| (finding["severity"].as_str().unwrap(), finding["code"].as_str().unwrap())).collect();
        assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{environment:?} from {from} to {to}: {answer:#}");
    }
}

#[test]
fn a_unified_environment_is_asked_about_as_one() {
    let (lcs, unified) = (pairs::half("Lcs", "lcs", "sandbox"), pairs::half("One", "unified", "sandbox"));
    let open = pairs::half("Open", "", "sandbox");
    for edition in ["articles", "current"] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pairs.yaml");
        std::fs::write(&file, pairs::snapshot(edition, &[("Lcs", "sandbox", &lcs), ("One", "sandbox", &unified), ("Open", "sandbox", &open)])).unwrap();
        let says = |arguments: &[&str]| {
            let output = run(&[arguments, &["-s", file.to_str().unwrap(), "--now", "2026-11-30T10:00:00Z"]].concat());
            (output.status.code().unwrap(), text(&output.stdout) + &text(&output.stderr))
        };
        for (arguments, status, words) in [
            (&["delete", "One"] as &[&str], 0, "F-One is deleted with it, and the data of both"),
            (&["reset", "One"], 0, "the reset takes F-One too, with its data"),
            (&["restore", "--from", "One", "--to", "One", "--at", "2026-11-29T10:00:00Z"], 0, "the restore overwrites F-One too, with its data"),
            (&["backup", "One"], 0, "the backup is of F-One too"),
            (&["edit", "One"], 0, "none of its properties is locked"),
            (&["rename-url", "One"], 0, "allowed"),
            (&["edit", "Lcs"], 0, "of its properties only the URL is locked"),
            (&["rename-url", "Lcs"], 1, "does not support another domain name"),
            (&["delete", "Open"], 1, "`finance_operations.kind` of Open is unknown"),
            (&["rename-url", "Open"], 1, "`finance_operations.kind` of Open is unknown"),
            (&["edit", "Open"], 0, "whether its URL is locked depends on"),
        ] {
            let (found, said) = says(&[&["check"], arguments].concat());
            assert!(found == status && said.contains(words), "{edition} {arguments:?}: {found} {said}");
            assert!(arguments[1] != "One" || !said.contains("in parallel"), "{said}");
        }
        let (status, said) = says(&["check", "restore", "--from", "One", "--to", "One", "--at", "2026-11-29T10:00:00Z", "--fno-at", "2026-11-29T10:00:00Z"]);
        assert!(status == 2 && said.contains("both of its halves go together"), "{said}");
    }
}

/// The lines of the account about a topic, as JSON has them.
fn lines_about(topic: &str, arguments: &[&str]) -> Vec<String> {
    let answer: Value = serde_json::from_slice(&run(&[arguments, &["--demo", "--format", "json"]].concat()).stdout).unwrap();
    let account = answer["account"].as_array().unwrap().iter();
    account.filter(|line| line["topic"] == topic).map(|line| line["text"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_copy_says_what_it_adds_to_the_storage_of_the_tenant() {
    let copy = ["check", "copy", "--from", SALES, "--to", UAT];
    let told = lines_about("storage", &[&copy[..], &["--level", "everything"]].concat());
    assert_eq!(told, ["+74 GB: 494.25 of 500 GB of Contoso afterwards, by the sizes that were captured"]);
    assert_eq!(lines_about("storage", &copy), [""; 0], "nobody chose a level yet");
}

#[test]
fn an_estimate_is_envdecks_own_and_stands_behind_the_words_of_the_article() {
    let copy = ["check", "copy", "--from", SALES, "--to", UAT, "--level"];
    let told = |level| lines_about("duration", &[&copy[..], &[level]].concat());
    assert_eq!(
        told("everything"),
        ["Usually up to 8 hours; can exceed one day with much data or audit logs. envdeck's own estimate by the size of the data: about 5 hours"]
    );
    assert_eq!(told("customizations"), ["Usually up to 8 hours; can exceed one day with much data or audit logs"]);
}

/// An environment that was deleted on 2 December, 34 days ago where `now` is said, and could be recovered for a week.
#[test]
fn no_way_out_leads_through_a_recovery_that_time_has_ended() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("estate.yaml");
    let one = |name: &str, more: &str| {
        format!(
            "      - id: id-{name}\n        name: {name}\n        type: sandbox\n        region: emea\n        dynamics_365_apps: []\n        \
             dataverse: {{ version: \"9.2\", size_gb: 3, audit_gb: 0 }}\n{more}"
        )
    };
    let text_of = format!(
        "schema: envdeck/1\ncaptured_at: 2026-01-05T07:00:00Z\ntenants:\n  - id: t\n    name: Contoso\n    environments:\n{}{}",
        one("Live", ""),
        one("Gone", "        deleted_at: 2025-12-02T00:00:00Z\n")
    );
    std::fs::write(&file, text_of).unwrap();
    let file = file.to_str().unwrap();
    let said = |now: &str| text(&run(&["check", "copy", "--from", "Live", "--to", "Gone", "-s", file, "--now", now]).stdout);
    let late = said("2026-01-05T10:00:00Z");
    assert!(late.contains("Choose another environment: Gone could be recovered until 2025-12-09 00:00Z, which is past"), "{late}");
    assert!(!late.contains("Recover it first"), "{late}");
    let in_time = said("2025-12-08T23:00:00Z");
    assert!(in_time.contains("Recover it first, which can be done until 2025-12-09 00:00Z"), "{in_time}");
    assert!(!in_time.contains("which is past"), "{in_time}");
}

#[test]
fn the_list_of_targets_of_a_copy_says_what_becomes_of_whichever_is_chosen() {
    const WARNING: &str = "The target that is chosen is deleted and replaced by Contoso Sales. What is deleted cannot be got back.";
    let about = |level: &[&str]| {
        let asked: Vec<&str> = ["targets", "copy", "--from", SALES, "--demo"].into_iter().chain(level.iter().copied()).collect();
        let table = text(&run(&asked).stdout);
        let json: Value = serde_json::from_slice(&run(&[asked.as_slice(), &["--format", "json"]].concat()).stdout).unwrap();
        let lines = json["account"].as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(json["account"][0], json!({ "topic": "happens", "text": WARNING }), "{json}");
        assert!(table.starts_with(&format!("  What happens: {WARNING}\n")), "{table}");
        (table, lines)
    };
    const EMPTIED: &str = "204 tables are emptied; user records travel too";
    for (level, emptied) in [(&[][..], false), (&["--level", "everything"], false), (&["--level", "customizations"], true)] {
        let (table, lines) = about(level);
        assert_eq!(table.contains(EMPTIED), emptied, "{table}");
        assert_eq!(lines.iter().any(|line| line.contains(EMPTIED)), emptied, "{lines:?}");
    }
}

#[test]
fn a_refused_runbook_never_reads_like_something_that_was_done() {
    let output = run(&["runbook", "copy", "--from", SALES, "--to", HR, "--level", "everything", "--demo"]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let first = said.lines().next().unwrap();
    assert_eq!(first, "envdeck: no runbook: blocked: copy of Contoso Sales onto Contoso HR, everything");
}

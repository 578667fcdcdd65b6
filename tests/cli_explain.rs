//! `envdeck explain` as a pipeline and a person meet it: one rule, an area, the code of a reason, a message, words, and what there
//! is not.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot start the program has to fail")]

use std::collections::BTreeSet;

use assert_cmd::Command;
use envdeck::{cli, files};
use serde_json::{Value, json};

fn explain(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("envdeck").unwrap().arg("explain").args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn json_of(arguments: &[&str]) -> Value {
    let (status, text, _) = explain(&[arguments, &["--format", "json"]].concat());
    assert_eq!(status, 0);
    serde_json::from_str(&text).unwrap()
}

#[test]
fn one_rule_says_what_it_says_what_to_do_and_where_it_stands() {
    let (status, text, _) = explain(&["CPY-005"]);
    assert_eq!(status, 0);
    let expected = "\
CPY-005  Copy an environment
  A production environment can never be a copy target.
  What to do: Choose a sandbox as the target. If it has to be this environment, switch it to sandbox first (ENV-020) and mind what that costs in backups (ENV-021).
  Article: Copy an environment (2021-10-14)
    https://learn.microsoft.com/power-platform/admin/copy-environment
  Related:
    ENV-020   An environment's type can be switched between sandbox and production, both ways; no…
";
    assert!(text.starts_with(expected), "{text}");
    // However it is typed.
    assert_eq!(explain(&["cpy5"]).1, text);
}

#[test]
fn one_rule_as_json_is_an_object_and_several_are_a_list() {
    let rule = json_of(&["PCP-032"]);
    let keys: Vec<&str> = rule.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["id", "text", "what_to_do", "article", "links", "related", "kind", "answers"]);
    assert_eq!(
        rule["article"],
        json!({ "title": "Copy an environment", "date": "2021-10-14", "url": "https://learn.microsoft.com/power-platform/admin/copy-environment" })
    );
    assert_eq!(rule["links"][0]["url"], "https://learn.microsoft.com/power-platform/admin/get-help-support");
    assert!(rule["related"].as_array().unwrap().iter().all(Value::is_string));
    // What is not known, or not to be done, is null.
    let own = json_of(&["STALE"]);
    assert_eq!((&own["article"]["date"], &own["article"]["url"]), (&Value::Null, &Value::Null));
    assert_eq!(json_of(&["CPY-013"])["what_to_do"], Value::Null);
    let ids = |value: Value| value.as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(ids(json_of(&["CPY-005", "RST-001", "cpy-5"])), ["CPY-005", "RST-001"]);
    assert_eq!(ids(json_of(&["rcv"])).len(), 8);
}

#[test]
fn a_reason_is_explained_by_its_rules_in_both_rulebooks() {
    let (_, text, _) = explain(&["targetisdefault"]);
    let head = "\
TargetIsDefault  the target is the default environment
  CPY-010   copy, only in the rulebook `articles`
  RST-020   restore
  CUR-001   copy, only in the rulebook `current`

CPY-010  Copy an environment
";
    assert!(text.starts_with(head), "{text}");
    assert!(text.contains("\nCPY-010  ") && text.contains("\nCUR-001  "), "{text}");
    // The rows of a table refuse by rules of their own.
    assert!(explain(&["TypePairUnsupported"]).1.contains("\nCUR-002  "));
    assert!(explain(&["RoleMissing"]).1.contains("  ROLES     switch, reset, "));
}

#[test]
fn without_a_rule_the_areas_are_listed_and_an_area_lists_its_rules() {
    let (status, text, _) = explain(&[]);
    assert_eq!(status, 0);
    assert!(text.contains("CPY   43     Copy an environment\n") && text.contains("`envdeck explain CPY`"), "{text}");
    assert_eq!(json_of(&[]).as_array().unwrap().len(), 14);
    let (_, area, _) = explain(&["RCV"]);
    assert_eq!(area.lines().count(), 9, "{area}");
    assert!(area.contains("\nRCV-001   A recently deleted environment can be recovered within seven days of deletion.\n"), "{area}");
}

#[test]
fn a_sheet_has_a_row_for_each_rule() {
    let (_, text, _) = explain(&["own", "--format", "csv"]);
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("id,text,what_to_do,article,date,url,links,related"));
    assert_eq!(lines.count(), 4);
}

#[test]
fn what_there_is_not_is_wrong_usage_and_says_what_was_meant() {
    let (status, out, err) = explain(&["CPY-050"]);
    assert_eq!((status, &*out), (2, ""));
    assert!(err.contains("there is no rule `CPY-050`; did you mean\n") && err.contains("  CPY-043  "), "{err}");
    assert!(explain(&["CYP-5"]).2.contains("CPY-005"));
    assert!(explain(&["TargetIsProd"]).2.contains("did you mean `TargetIsProduction`?"));
    assert!(explain(&["what\u{1b}[2Jever"]).2.contains("`envdeck explain` lists the areas"));
    assert!(!explain(&["what\u{1b}[2Jever"]).2.contains('\u{1b}'));
    // One that is wrong is not lost among others.
    assert_eq!(explain(&["CPY-005", "CPY-500"]).0, 2);
}

#[test]
fn a_message_says_what_helps_however_it_is_quoted() {
    let (status, text, _) = explain(&["Event expired in the 'Ready' state"]);
    assert_eq!(status, 0);
    let head = "\
fulfillment-does-not-trigger  symptom
  The provider action \"Send for Fulfillment\" does not trigger
  You see: Event expired in the 'Ready' state
";
    assert!(text.starts_with(head), "{text}");
    for expected in
        ["  2. Delete the provider.\n     Providers > Installed\n", "     msdyn_finops_releaseordertosync\n", "  The command line: envdeck checklist ENV\n"]
    {
        assert!(text.contains(expected), "{text}");
    }
    for typed in
        [&["event", "EXPIRED", "in", "the", "“ready”", "state"][..], &["fulfillment-does-not-trigger"], &["error 7: event expired in the ready state (1b2c)"]]
    {
        assert!(explain(typed).1.starts_with(head), "{typed:?}");
    }
    // What was quoted from the console is found as well, whatever stands in the place of the name.
    assert!(explain(&["The Before 9.2 backup was successfully created."]).1.starts_with("no-backup-status  symptom\n"));
}

#[test]
fn words_find_what_helps_and_list_what_is_near() {
    let (status, text, _) = explain(&["flows", "after", "copy"]);
    assert_eq!(status, 0);
    assert!(
        text.starts_with("flows-after-copy  symptom\n") && text.contains("\n  Near it, by `envdeck explain ID`:\n    custom-connectors-after-copy"),
        "{text}"
    );
    // An id among words stays an id, and one that is wrong is not lost.
    assert_eq!(explain(&["CPY-005", "flows"]).0, 2);
    let (status, out, err) = explain(&["flwos"]);
    assert_eq!((status, &*out), (2, ""));
    assert!(err.contains("nothing says `flwos`; did you mean\n") && err.contains("  flows-after-copy  Flows are off"), "{err}");
    assert!(explain(&["xyzzy"]).2.contains("nothing says that"));
}

#[test]
fn answers_and_links_have_the_keys_of_a_rule() {
    let rule: Vec<String> = json_of(&["CPY-005"]).as_object().unwrap().keys().cloned().collect();
    let answer = json_of(&["restore-target-missing"]);
    for other in [&answer, &json_of(&["REF-029"])] {
        for key in rule.iter().filter(|key| *key != "answers") {
            assert!(other.get(key).is_some(), "{key} is missing: {other}");
        }
    }
    assert_eq!(
        (&answer["kind"], &answer["action"], &answer["command"]),
        (&json!("symptom"), &json!("restore-targets"), &json!("envdeck targets restore --from ENV"))
    );
    assert_eq!(answer["steps"][0]["path"], "Manage > Environments > (environment) > Backup & Restore > Restore or manage");
    assert!(json_of(&["RST-063"])["answers"].as_array().unwrap().contains(&json!("restore-target-missing")));
    // What was found by words is a list, best first.
    let found = json_of(&["event", "expired"]);
    assert_eq!(found[0]["id"], "fulfillment-does-not-trigger");
    let (_, sheet, _) = explain(&["event", "expired", "--format", "csv"]);
    assert!(sheet.lines().nth(1).unwrap().starts_with("fulfillment-does-not-trigger,"), "{sheet}");
}

/// Where an answer says how the command line asks the same, that is understood.
#[test]
fn the_commands_of_answers_are_real() {
    let library = files::answers::library().unwrap();
    let ids: Vec<&str> = library.answers().iter().map(|answer| &*answer.id).collect();
    let all = json_of(&ids);
    let commands: BTreeSet<&str> = all.as_array().unwrap().iter().filter_map(|answer| answer["command"].as_str()).collect();
    assert!(commands.len() > 12, "{commands:?}");
    for command in commands {
        let words = command.split(' ').map(std::ffi::OsString::from);
        assert!(cli::parse(words).is_ok(), "`{command}` is wrong usage");
    }
}

#[test]
fn whoever_asks_about_the_time_after_a_copy_gets_its_checklist_first() {
    for words in ["after a copy", "What has to be done after a copy"] {
        let output = assert_cmd::cargo::cargo_bin_cmd!("envdeck").args(["explain", words]).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.starts_with("after-a-copy  how to\n  What has to be done after a copy\n"), "{words}: {said}");
    }
}

//! `envdeck migration-request`: the request for a move to another tenant, from facts, plan and mapping file, and what is open.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

use std::process::Output;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use envdeck::domain::environment::EnvironmentId;
use envdeck::domain::journal::{Entry, ItemAct, Journal, Value as Input, What};
use envdeck::files::journal;
use serde_json::{Value, json};

const FABRIKAM: &str = "595a762e-ec3a-4aba-b835-7a0961b8578b";

struct Folder(tempfile::TempDir);

impl Folder {
    /// The demo estate by one of the rulebooks, with two mapping files of Fabrikam Sales beside it.
    fn new(edition: &str) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        let demo = std::fs::read_to_string("assets/demo.yaml").unwrap();
        folder.write("both.yaml", &demo.replace("rulebook: articles", &format!("rulebook: {edition}")));
        folder.write("sales.csv", "carla@fabrikam.com, carla@contoso.com\nben@fabrikam.com, ben.ito@contoso.com\n");
        folder.write("usermapping.csv", "Source,Destination\ncarla@fabrikam.com,carla@contoso.com\nben@fabrikam.com,ben.ito@contoso.com\n");
        folder
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.path().join(name), text).unwrap();
    }

    /// A plan of the move with its choices, in which these items were answered.
    fn plan(self, answers: &[(&str, &str)]) -> Self {
        let at = |minute: i64| DateTime::<Utc>::from_timestamp(1_767_355_200 + minute * 60, 0).unwrap();
        let by = || Arc::from("thomas@contoso.com");
        let text = |name: String, value: &str| (name.into(), Input::Text(value.into()));
        let inputs = vec![
            text("to_tenant".to_owned(), "ab0469a5-c2ba-4ff7-b9d4-9080df2db07e"),
            text("reason".to_owned(), "acquisition"),
            text("cut_over".to_owned(), "2026-01-10T21:00:00+01:00"),
            text(format!("mapping/{FABRIKAM}"), "moves/sales.csv"),
        ];
        let mut journal = Journal::default();
        let plan = Entry::new(at(0), by(), What::Plan { kind: "migration".into(), inputs });
        let opened = What::ChecklistOpened { environment: EnvironmentId::new(FABRIKAM), checklist: "migration".into(), operation: Some(plan.id.clone()) };
        let opened = Entry::new(at(1), by(), opened);
        for (minute, (item, note)) in (2..).zip(answers) {
            let what = What::Item { checklist: opened.id.clone(), item: (*item).into(), act: ItemAct::Done, note: Some((*note).into()) };
            journal.add(Entry::new(at(minute), by(), what));
        }
        [plan, opened].into_iter().for_each(|entry| journal.add(entry));
        self.write("both.journal.yaml", &journal::write(&journal));
        self
    }

    /// Runs the program in the folder; a blank inside an argument is written as `_`.
    fn run(&self, arguments: &str) -> Output {
        let mut command = assert_cmd::cargo::cargo_bin_cmd!("envdeck");
        for variable in ["ENVDECK_SNAPSHOT", "ENVDECK_AS", "ENVDECK_CHECKLISTS", "NO_COLOR"] {
            command.env_remove(variable);
        }
        let words = arguments.split(' ').map(|word| word.replace('_', " "));
        command.current_dir(self.0.path()).arg("migration-request").args(words).args(["-s", "both.yaml", "--now", "2026-01-05T07:00:00Z"]).output().unwrap()
    }

    fn text(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

#[test]
fn a_support_request_says_what_it_asks_for_and_what_is_open() {
    insta::assert_snapshot!(Folder::new("articles").text("Fabrikam_Sales --to-tenant Contoso --mapping sales.csv"));
}

#[test]
fn a_self_service_move_has_its_commands_with_ones_own_ids_and_its_periods() {
    let folder = Folder::new("current").plan(&[("submit-self", "2026-01-02 20:00"), ("security-group", "6384e0b3-7b55-4bcb-91f1-20682cc85dc0")]);
    insta::assert_snapshot!(folder.text("Fabrikam_Sales --mapping usermapping.csv"));
}

#[test]
fn what_the_plan_says_is_answered_and_its_tenant_is_taken() {
    let folder = Folder::new("articles").plan(&[("rehearsal-validated", "all parties, no loss"), ("schedule", "2026-01-17 20:00")]);
    let answer: Value = serde_json::from_str(&folder.text("Fabrikam_Sales --format json")).unwrap();
    let keys: Vec<_> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["rulebook", "from", "to", "reason", "cut_over", "source", "destination", "answers", "environments", "steps", "open"]);
    assert_eq!((&answer["to"]["name"], &answer["reason"], &answer["cut_over"]), (&json!("Contoso"), &json!("acquisition"), &json!("2026-01-17 20:00Z")));
    let facts = &answer["environments"][0]["facts"];
    assert_eq!(facts["User mapping file"], json!("moves/sales.csv, not looked at here"));
    assert_eq!(facts["Move rehearsed with a sandbox copy"], json!("yes, validated: all parties, no loss (thomas@contoso.com, 2026-01-02T12:02:00Z)"));
    assert_eq!((&answer["steps"], &answer["environments"][0]["holds"]["Portals"]), (&json!([]), &json!(1)));
    assert_eq!(answer["open"], json!(["Fabrikam Sales: Security group of the new tenant, by its object id"]));
}

#[test]
fn what_nobody_knows_is_never_made_up() {
    let folder = Folder::new("articles");
    folder.write(
        "both.yaml",
        "schema: envdeck/1\ntenants:\n  - { id: a, name: Old, environments: [{ id: e1, name: \"A | B\" }] }\n  - { id: b, name: New, environments: [] }\n",
    );
    let text = folder.text("e1 --to-tenant New");
    assert!(text.contains("## Environment 1: A \\| B\n") && text.contains("| Region | *still to be found out* | *still to be found out* |"), "{text}");
    let answer: Value = serde_json::from_str(&folder.text("e1 --to-tenant New --format json")).unwrap();
    let open: Vec<_> = answer["open"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    for line in
        ["Source tenant: Domain", "Destination tenant: Region", "Move: Reason", "A | B: Type", "A | B: User mapping file", "A | B: Does it hold Portals?"]
    {
        assert!(open.contains(&line), "{line}: {open:?}");
    }
    assert!(answer["answers"].as_array().unwrap().iter().all(|one| one["answer"] == json!("unknown")));
}

#[test]
fn wrong_usage_says_what_to_name() {
    let folder = Folder::new("articles");
    for (arguments, says) in [
        ("Fabrikam_Sales", "no plan says where Fabrikam Sales moves to: name the tenant with --to-tenant"),
        ("Fabrikam_Sales --to-tenant Fabrikam", "Fabrikam Sales is in Fabrikam already"),
        ("Fabrikam_Sales Contoso_HR --to-tenant Contoso", "a request moves environments of one tenant"),
        (&format!("Fabrikam_Sales {FABRIKAM} --to-tenant Contoso"), "Fabrikam Sales is named twice"),
        ("Fabrikam_Sales --to-tenant Contoso --mapping a.csv --mapping b.csv", "2 mapping files for 1 environment"),
        (
            "Fabrikam_Sales Fabrikam_Sales_Test --to-tenant Contoso --mapping a.csv --mapping a.csv",
            "a.csv is named twice: each environment needs a mapping file of its own",
        ),
        (
            "Fabrikam_Sales Fabrikam_Sales_Test --to-tenant Contoso --mapping sales.csv --mapping ./sales.csv",
            "./sales.csv is named twice: each environment needs a mapping file of its own",
        ),
    ] {
        let output = folder.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && output.stdout.is_empty() && said.contains(says), "{arguments}: {said}");
    }
    assert_eq!(folder.run("Fabrikam_Sales --to-tenant Contoso --mapping no.csv").status.code(), Some(3));
}

/// What was agreed and answered in the plan takes the place of what was chosen when it was begun: in the request, in the
/// runbook of the plan and in the review that its step opens (TTM-043, TTM-113).
#[test]
fn what_was_answered_in_the_plan_reaches_request_runbook_and_review() {
    const GROUP: &str = "6384e0b3-7b55-4bcb-91f1-20682cc85dc0";
    // Chosen for a Saturday evening, agreed for a Wednesday morning.
    let folder = Folder::new("articles").plan(&[("schedule", "2026-01-14 10:00"), ("security-group", GROUP)]);
    let room = std::fs::read_to_string(folder.0.path().join("both.yaml"))
        .unwrap()
        .replace("used: 119.4", "used: 10")
        .replace("[service-admin]", "[power-platform-admin]");
    // A sandbox needs no rehearsal before.
    let (before, fabrikam) = room.split_once("        name: Fabrikam Sales\n").unwrap();
    folder.write("both.yaml", &format!("{before}        name: Fabrikam Sales\n{}", fabrikam.replacen("type: production", "type: sandbox", 1)));
    std::fs::create_dir(folder.0.path().join("moves")).unwrap();
    folder.write("moves/sales.csv", "carla@fabrikam.com, carla@contoso.com\nben@fabrikam.com, ben.ito@contoso.com\n");
    let answer: Value = serde_json::from_str(&folder.text("Fabrikam_Sales --format json")).unwrap();
    let moves = &answer["environments"][0];
    assert_eq!((&answer["cut_over"], &moves["facts"]["Security group of the new tenant, by its object id"]), (&json!("2026-01-14 10:00Z"), &json!(GROUP)));
    let codes: Vec<&str> = moves["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"WorkingHours"), "{codes:?}");

    let mut command = assert_cmd::cargo::cargo_bin_cmd!("envdeck");
    let runbook = [
        "runbook",
        "plan",
        "migration",
        "Fabrikam Sales",
        "--to",
        "Fabrikam Sales Test",
        "-s",
        "both.yaml",
        "--dialect",
        "markdown",
        "--now",
        "2026-01-05T07:00:00Z",
    ];
    let output = command.current_dir(folder.0.path()).args(runbook).output().unwrap();
    let said = String::from_utf8(if output.status.success() { output.stdout } else { output.stderr }).unwrap();
    assert!(said.contains("2026-01-14 10:00Z") || said.contains("planned for working hours"), "{said}");
    assert!(!said.contains("2026-01-10"), "{said}");

    let review =
        ["both.yaml", "--now", "2026-01-05T07:00:00Z", "--keys", "T/fabrikam sales<enter><home>m<enter><enter><enter>", "--print", "--size", "140x120"];
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("envdeck");
    let output = command.current_dir(folder.0.path()).args(review).output().unwrap();
    let screen = String::from_utf8(output.stdout).unwrap();
    assert!(screen.contains("2026-01-14 10:00") && screen.contains("Only members of Order Desk get in"), "{screen}");
}

/// A request is written by the command line alone: reason, time and group are options, and take the place of a plan's.
#[test]
fn every_choice_of_a_request_is_an_option() {
    let folder = Folder::new("articles");
    let alone = "Fabrikam_Sales --to-tenant Contoso --mapping sales.csv --reason A_new_owner --cut-over 2026-01-10T20:00:00+01:00 --security-group Order_Desk";
    let answer: Value = serde_json::from_str(&folder.text(&format!("{alone} --format json"))).unwrap();
    assert_eq!((&answer["reason"], &answer["cut_over"]), (&json!("A new owner"), &json!("2026-01-10 19:00Z")));
    let facts = &answer["environments"][0]["facts"];
    assert_eq!(facts["Security group of the new tenant, by its object id"], json!("6384e0b3-7b55-4bcb-91f1-20682cc85dc0"));
    assert_eq!(answer["open"], json!([]));
    let planned = Folder::new("articles").plan(&[("schedule", "2026-01-17 20:00")]);
    let answer: Value = serde_json::from_str(&planned.text("Fabrikam_Sales --cut-over 2026-01-24T20:00:00Z --format json")).unwrap();
    assert_eq!((&answer["reason"], &answer["cut_over"]), (&json!("acquisition"), &json!("2026-01-24 20:00Z")));
    let refused = folder.run("Fabrikam_Sales --to-tenant Contoso --security-group Nobody");
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(2) && said.contains("`Nobody` is neither a known group of Contoso nor an object id"), "{said}");
    let several = folder.run("Fabrikam_Sales --to-tenant Contoso --security-group a --security-group b");
    assert!(String::from_utf8_lossy(&several.stderr).contains("2 security groups for 1 environment"));
}

//! The real program, as a pipeline and a person meet it: shapes of the answers, exit statuses, and what can go wrong.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

use std::path::PathBuf;
use std::process::Output;

use assert_cmd::Command;
use serde_json::{Value, json};
use tempfile::TempDir;

const HEAD: &str = "schema: envdeck/1\ncaptured_at: 2026-01-05T09:00:00Z\noperator: thomas@contoso.com\ntenants:\n";
const NOW: &str = "2026-01-05T09:00:00Z";

/// An environment about which everything that a copy asks is known; `other` is added, or replaces a field.
fn environment(id: &str, name: &str, kind: &str, other: &str) -> String {
    let usual = [
        ("type", kind),
        ("state", "ready"),
        ("region", "emea"),
        ("url", "none"),
        ("created_at", "2025-01-01T00:00:00Z"),
        ("dataverse", "{ size_gb: 2 }"),
        ("dynamics_365_apps", "[]"),
        ("managed", "false"),
        ("customer_managed_key", "none"),
        ("admin_mode", "false"),
        ("background_operations", "true"),
        ("finance_operations", "none"),
        ("deleted_at", "none"),
        ("enterprise_policies", "[]"),
        ("components", "{ canvas-app: [], cloud-flow: [], custom-connector: [], connection: [] }"),
        ("order_management", "none"),
    ];
    let mut text = format!("      - id: {id}\n        name: {name}\n");
    for (key, value) in usual.iter().filter(|(key, _)| !other.contains(&format!("{key}:"))) {
        text += &format!("        {key}: {value}\n");
    }
    other.lines().for_each(|line| text += &format!("        {}\n", line.trim()));
    text
}

fn tenant(name: &str, environments: &[String]) -> String {
    let facts = "operator_roles: [global-admin]\n    capacity_gb: { entitled: 10, used: 1 }\n    environments:\n";
    format!("  - id: id-{name}\n    name: {name}\n    {facts}{}", environments.concat())
}

/// Two tenants with what the tests ask about.
fn estate() -> String {
    let backups = "backups:
          - { id: b1, name: =Old, taken_at: 2025-12-20T09:00:00Z }
          - { id: b2, taken_at: 2026-01-05T08:52:00Z }
          - { id: b3, name: New, taken_at: 2026-01-05T08:48:00Z }";
    let contoso = [
        environment("e1", "Sales", "production", backups),
        environment("e2", "Sales UAT", "sandbox", ""),
        environment("e3", "Twin", "sandbox", "admin_mode: true"),
        environment("e4", "Newer", "{ unknown: Foo }", "state: { unknown: Bar }"),
    ];
    let bare = "      - { id: e6, name: Bare }\n".to_owned();
    format!("{HEAD}{}{}", tenant("Contoso", &contoso), tenant("Fabrikam", &[environment("e5", "Twin", "sandbox", "deleted_at: 2026-01-01T00:00:00Z"), bare]))
}

struct Folder(TempDir);

impl Folder {
    fn with(text: &str) -> Self {
        let folder = Self(TempDir::new().unwrap());
        std::fs::write(folder.file(), text).unwrap();
        folder
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("contoso.yaml")
    }

    /// Runs the program on this snapshot.
    fn run(&self, arguments: &[&str]) -> Output {
        program().args(arguments).arg("-s").arg(self.file()).args(["--now", NOW]).output().unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--format", "json"]].concat());
        assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

fn program() -> Command {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("envdeck");
    for variable in ["ENVDECK_SNAPSHOT", "ENVDECK_AS", "NO_COLOR"] {
        command.env_remove(variable);
    }
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

const ITEM: &str = "id name tenant type state region url managed dataverse dynamics_365 linked admin_mode background_operations retention_days deleted_at";

#[test]
fn the_shape_of_list() {
    let list = Folder::with(&estate()).json(&["list"]);
    let shape: Vec<_> = ITEM.split(' ').collect();
    assert_eq!(keys(&list[0]), shape);
    assert_eq!(keys(&list[3]), [shape.as_slice(), &["unread"]].concat());
    let sales = json!({
        "id": "e1", "name": "Sales", "tenant": "Contoso", "type": "production", "state": "ready", "region": "emea", "url": null, "managed": false, "dataverse": true,
        "dynamics_365": false, "linked": false, "admin_mode": false, "background_operations": true, "retention_days": 7, "deleted_at": null,
    });
    assert_eq!(list[0], sales);
    assert_eq!((&list[3]["type"], &list[3]["unread"]), (&json!("unknown"), &json!({ "type": "Foo", "state": "Bar" })));
    assert_eq!(list[4]["deleted_at"], json!("2026-01-01T00:00:00Z"));
    for key in shape.iter().skip(3) {
        assert_eq!(list[5][key], json!("unknown"), "{key}");
    }
}

#[test]
fn the_shape_of_show() {
    let folder = Folder::with(&estate());
    let shape = "id name tenant type state region url org_id created_at dataverse dynamics_365_apps managed customer_managed_key enterprise_policies admin_mode \
                 background_operations retention_days backups_available_from effective_retention_days security_group finance_operations operator_roles users deleted_at \
                 disallowed_operations history backups components order_management seen";
    let (sales, bare) = (folder.json(&["show", "Sales"]), folder.json(&["show", "Bare"]));
    assert_eq!(keys(&sales), shape.split_whitespace().collect::<Vec<_>>());
    assert_eq!(sales["dataverse"], json!({ "version": "unknown", "size_gb": 2, "audit_gb": "unknown" }));
    assert_eq!((&sales["retention_days"], &sales["effective_retention_days"]), (&json!("unknown"), &json!(7)));
    assert_eq!(sales["backups"][1], json!({ "id": "b2", "name": "unknown", "taken_at": "2026-01-05T08:52:00Z", "created_by": "unknown", "notes": "unknown" }));
    assert_eq!(sales["components"]["canvas-app"], json!([]));
    assert_eq!(sales["components"]["mailbox"], json!("unknown"));
    assert_eq!(keys(&sales["seen"]).join(" "), "identity state database settings finance_operations access history backups order_management components");
    assert_eq!(sales["seen"]["backups"], json!({ "at": "2026-01-05T09:00:00Z", "source": "unknown" }));
    for key in shape.split_whitespace().skip(3).filter(|key| *key != "seen") {
        assert_eq!(bare[key], json!("unknown"), "{key}");
    }
}

#[test]
fn what_was_typed_says_by_whom_and_the_journal_lists_it() {
    let folder = Folder::with(&estate());
    let fact = |id: &str, about: &str| format!("  - id: {id}\n    at: 2026-01-05T09:30:00Z\n    by: thomas@contoso.com\n    fact: {{ {about} }}\n");
    let facts = [
        fact("f1", "environment: e6, field: dataverse.size_gb, value: 12"),
        fact("f2", "environment: e1, field: managed, value: true"),
        fact("f3", "tenant: id-Contoso, field: lockbox, value: false"),
    ];
    std::fs::write(folder.0.path().join("contoso.journal.yaml"), format!("schema: envdeck-journal/1\nentries:\n{}", facts.concat())).unwrap();
    let by = ("thomas@contoso.com", "2026-01-05T09:30:00Z");
    let typed =
        |typed: serde_json::Value, captured: serde_json::Value| json!({ "source": "typed", "by": by.0, "at": by.1, "typed": typed, "captured": captured });
    let (sales, bare) = (folder.json(&["show", "Sales"]), folder.json(&["show", "Bare"]));
    assert_eq!((&sales["managed"], &sales["facts"]), (&json!(true), &json!({ "managed": typed(json!(true), json!(false)) })));
    assert_eq!((&bare["dataverse"]["size_gb"], &bare["facts"]), (&json!(12), &json!({ "dataverse.size_gb": typed(json!("12"), json!("unknown")) })));
    assert!(text(&folder.run(&["show", "Sales"]).stdout).contains("yes (captured: no; typed by thomas 05 Jan)"));
    assert!(text(&folder.run(&["show", "Bare"]).stdout).contains("12 (typed by thomas 05 Jan)"));
    let journal = text(&folder.run(&["journal"]).stdout);
    for said in ["dataverse.size_gb is 12", "managed is true", "lockbox is false"] {
        assert!(journal.contains(said), "{journal}");
    }
    assert_eq!(folder.json(&["journal", "--environment", "Sales"]).as_array().map(Vec::len), Some(1));
}

#[test]
fn the_shape_of_backups() {
    let folder = Folder::with(&estate());
    let one = |id: &str, name: &str, taken: &str, expires: &str, state: &str, restorable: bool, why: Value| json!({ "id": id, "name": name, "label": taken, "taken_at": taken, "expires_at": expires, "state": state, "overwritten": false, "restorable": restorable, "why": why });
    let sales = json!({
        "environment": { "id": "e1", "name": "Sales" },
        "retention_days": 7,
        "window": { "from": "2025-12-29T09:00:00Z", "to": "2026-01-05T09:00:00Z" },
        "stretches": [{ "from": "2025-12-29T09:00:00Z", "to": "2026-01-05T09:00:00Z", "certainty": "certain", "why": null }],
        "onto_itself": { "from": "2025-12-29T09:00:00Z", "to": "2026-01-05T09:00:00Z" },
        "into": { "types": ["sandbox"], "itself": false, "targets": { "allowed": 2, "allowed-with-warnings": 0, "unknown": 1, "blocked": 3 } },
        "manual": [
            one("b1", "=Old", "2025-12-20T09:00:00Z", "2025-12-27T09:00:00Z", "expired", false, "The backup =Old of Sales expired on 2025-12-27 09:00Z".into()),
            one("b2", "unknown", "2026-01-05T08:52:00Z", "2026-01-12T08:52:00Z", "not-ready", false, "The backup 2026-01-05T08:52:00Z of Sales was requested 8 minutes ago and can take 10 minutes to be ready".into()),
            one("b3", "New", "2026-01-05T08:48:00Z", "2026-01-12T08:48:00Z", "settling", true, Value::Null),
        ],
        "manual_known": true,
    });
    assert_eq!(folder.json(&["backups", "Sales"]), sales);
    // Of what nobody looked up everything is possible, and nothing certain.
    let bare = folder.json(&["backups", "Bare"]);
    assert_eq!((&bare["retention_days"], &bare["window"], &bare["manual_known"]), (&json!("unknown"), &Value::Null, &json!(false)));
    let stretches = bare["stretches"].as_array().unwrap();
    assert!(!stretches.is_empty() && stretches.iter().all(|stretch| stretch["certainty"] == "possible" && stretch["why"].is_string()), "{bare}");
    assert_eq!((&bare["into"]["types"], &bare["into"]["targets"], &bare["onto_itself"]), (&json!("unknown"), &Value::Null, &Value::Null));
    let nothing = environment("e1", "Files", "sandbox", "dataverse: none\nbackups: []");
    let none = json!({
        "environment": { "id": "e1", "name": "Files" }, "retention_days": null, "window": null, "stretches": [], "onto_itself": null,
        "into": { "types": ["sandbox"], "itself": true, "targets": null }, "manual": [], "manual_known": true,
    });
    assert_eq!(Folder::with(&format!("{HEAD}{}", tenant("T", &[nothing]))).json(&["backups", "Files"]), none);
}

#[test]
fn an_unknown_that_cannot_change_the_answer_does_not_leave_it_open() {
    let young = environment("e1", "Young", "production", "managed: true\ncreated_at: 2026-01-01T00:00:00Z");
    let unsure = environment("e2", "Unsure", "sandbox", "# deleted_at: customer_managed_key: nobody looked");
    let folder = Folder::with(&format!("{HEAD}{}", tenant("T", &[young, unsure])));
    let young = folder.json(&["backups", "Young"]);
    assert_eq!((&young["retention_days"], &young["window"]["from"]), (&json!("unknown"), &json!("2026-01-01T00:00:00Z")));
    // Nobody said that it was not deleted either, so that a restore from it is undecided, and nothing is promised.
    let unsure = folder.json(&["backups", "Unsure"]);
    assert_eq!((&unsure["window"], &unsure["stretches"][0]["why"]), (&Value::Null, &json!("`deleted_at` of Unsure is unknown")));
    let itself = folder.json(&["check", "copy", "--from", "Unsure", "--to", "Unsure", "--level", "everything"]);
    let codes: Vec<_> = itself["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"SameEnvironment") && !codes.contains(&"TargetNeedsCmk"), "{codes:?}");
}

#[test]
fn the_shape_of_check_and_its_exit_status() {
    let folder = Folder::with(&estate());
    let check = |to: &str| {
        let output = folder.run(&["check", "copy", "--from", "Sales", "--to", to, "--level", "everything", "--format", "json"]);
        (output.status.code(), serde_json::from_slice::<Value>(&output.stdout).unwrap())
    };
    let (status, blocked) = check("e1");
    assert_eq!(status, Some(1));
    assert_eq!(keys(&blocked), ["operation", "from", "to", "verdict", "findings", "level", "audit_logs", "open", "account"]);
    assert_eq!(blocked["open"], json!([]));
    assert!(blocked["account"].as_array().unwrap().iter().all(|line| keys(line) == ["topic", "text"]), "{blocked:#}");
    assert_eq!((&blocked["operation"], &blocked["from"], &blocked["verdict"]), (&json!("copy"), &json!({ "id": "e1", "name": "Sales" }), &json!("blocked")));
    assert_eq!(keys(&blocked["findings"][0]), ["severity", "rule", "code", "message", "remedy", "article", "acknowledge"]);
    assert_eq!((&blocked["findings"][0]["code"], &blocked["findings"][0]["acknowledge"]), (&json!("TargetIsProduction"), &json!(false)));
    let (status, allowed) = check("Sales UAT");
    assert_eq!((status, &allowed["verdict"]), (Some(0), &json!("allowed")));
    let (status, unknown) = check("Newer");
    assert_eq!((status, &unknown["verdict"]), (Some(1), &json!("unknown")));
    let shown = text(&folder.run(&["check", "copy", "--from", "Sales", "--to", "Sales", "--level", "customizations"]).stdout);
    assert!(shown.starts_with("blocked: copy of Sales onto Sales, customizations\n  blocked: Sales is a production environment"), "{shown}");
    let account = "\n  Level: Customizations and schemas only\n  Audit logs: left out, because the table Audit is emptied at this level\n";
    assert!(shown.matches(account).count() == 1 && shown.matches("Audit logs").count() == 1, "{shown}");
    assert!(shown.contains("\n    -> Choose a sandbox") && shown.contains("\n    CPY-005 TargetIsProduction: Copy an environment"), "{shown}");
}

#[test]
fn the_shape_of_targets_and_their_order() {
    let folder = Folder::with(&estate());
    let chosen = folder.json(&["targets", "copy", "--from", "Sales", "--level", "everything"]);
    assert_eq!(keys(&chosen), ["operation", "from", "level", "open", "account", "targets"]);
    assert!(!chosen["open"].as_array().unwrap().contains(&json!("level")), "{}", chosen["open"]);
    let targets = folder.json(&["targets", "copy", "--from", "Sales"]);
    assert_eq!(keys(&targets), ["operation", "from", "open", "account", "targets"]);
    assert!(targets["open"].as_array().unwrap().contains(&json!("level")), "{}", targets["open"]);
    assert_eq!(keys(&chosen["targets"][0]), ["environment", "verdict", "findings", "audit_logs"]);
    // What becomes of them hangs on the level, where nobody chose one.
    assert_eq!(keys(&targets["targets"][0]), ["environment", "verdict", "findings"]);
    assert_eq!(targets["targets"][0]["environment"], json!({ "id": "e2", "name": "Sales UAT", "type": "sandbox" }));
    let order = |targets: &Value| -> Vec<String> {
        let one = |target: &Value| format!("{} {}", target["environment"]["id"].as_str().unwrap(), target["verdict"].as_str().unwrap());
        targets["targets"].as_array().unwrap().iter().map(one).collect()
    };
    assert_eq!(order(&targets), ["e2 allowed", "e3 allowed", "e4 unknown", "e6 blocked", "e1 blocked", "e5 blocked"]);
    let within = folder.json(&["targets", "copy", "--from", "Contoso/Sales", "--tenant", "Fabrikam"]);
    assert_eq!(order(&within), ["e6 blocked", "e5 blocked"]);
    let csv = text(&folder.run(&["targets", "copy", "--from", "Sales", "--format", "csv"]).stdout);
    let lines: Vec<_> = csv.lines().collect();
    assert_eq!(lines[0], "id,name,type,verdict,severity,rule,code,message,remedy,article");
    let findings = |id: &str| lines.iter().filter(|line| line.starts_with(id)).count();
    assert_eq!(findings("e1"), targets["targets"][4]["findings"].as_array().unwrap().len());
    let none = folder.json(&["list", "--filter", "nothing"]);
    assert_eq!(none, json!([]));
}

#[test]
fn the_shape_of_tables() {
    let output = program().args(["tables", "--format", "json"]).output().unwrap();
    let names: Vec<String> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(names.len(), 204);
    assert_eq!(text(&program().arg("tables").output().unwrap().stdout).lines().collect::<Vec<_>>(), names);
}

#[test]
fn sheets_hold_nothing_that_would_run() {
    let csv = text(&Folder::with(&estate()).run(&["backups", "Sales", "--format", "csv"]).stdout);
    assert!(csv.contains(",b1,'=Old,2025-12-20T09:00:00Z,"), "{csv}");
}

#[test]
fn filters_pass_by_words_and_terms() {
    let folder = Folder::with(&estate());
    let names = |filter: &str| {
        folder.json(&["list", "--filter", filter]).as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("SAL type:sandbox"), ["e2"]);
    assert_eq!(names("admin-mode:yes"), ["e3"]);
    assert_eq!(names("type:unknown"), ["e4", "e6"]);
    assert_eq!(folder.run(&["list", "--filter", "typ:x"]).status.code(), Some(2));
}

#[test]
fn an_environment_that_is_not_clear_is_wrong_usage_and_lists_what_is_meant() {
    let folder = Folder::with(&estate());
    let twin = folder.run(&["show", "Twin"]);
    assert_eq!((twin.status.code(), twin.stdout.len()), (Some(2), 0));
    let message = text(&twin.stderr);
    assert!(message.contains("e3  Twin (sandbox, Contoso)") && message.contains("e5  Twin (sandbox, Fabrikam)"), "{message}");
    assert_eq!(folder.json(&["show", "fab/twin"])["id"], json!("e5"));
    assert_eq!(folder.json(&["show", "Twin", "--tenant", "Contoso"])["id"], json!("e3"));
    let slip = folder.run(&["show", "Sales UTA"]);
    assert!(slip.status.code() == Some(2) && text(&slip.stderr).contains("did you mean\n  e2  Sales UAT"), "{}", text(&slip.stderr));
    assert_eq!(folder.run(&["list", "--tenant", "nowhere"]).status.code(), Some(2));
    let hostile = folder.run(&["show", "a\u{1b}[31m\u{202e}b"]);
    assert!(text(&hostile.stderr).contains("`a␛[31m<U+202E>b`"), "{}", text(&hostile.stderr));
}

#[test]
fn a_question_without_a_snapshot_is_never_answered_from_the_demo() {
    let none = program().arg("list").output().unwrap();
    assert!(none.status.code() == Some(2) && text(&none.stderr).contains("--demo"));
    let folder = Folder::with(&estate());
    let by_variable = program().arg("list").env("ENVDECK_SNAPSHOT", folder.file()).output().unwrap();
    assert!(by_variable.status.success() && text(&by_variable.stdout).contains("Sales UAT"));
    let demo = program().args(["list", "--demo"]).env("ENVDECK_SNAPSHOT", folder.file()).output().unwrap();
    assert!(demo.status.success() && !text(&demo.stdout).contains("Bare"));
    assert_eq!(folder.run(&["list", "--demo"]).status.code(), Some(2));
}

#[test]
fn roles_of_somebody_else_say_nothing() {
    let folder = Folder::with(&estate());
    let check = ["check", "copy", "--from", "Sales", "--to", "Sales UAT", "--level", "everything", "--as", "isaac@contoso.com"];
    assert_eq!(folder.json(&check)["verdict"], json!("unknown"));
}

#[test]
fn a_policy_of_an_unknown_kind_may_be_a_network_policy() {
    let policies = "enterprise_policies: [{ kind: { unknown: Foo }, id: p }]";
    let pair = [environment("e1", "A", "sandbox", policies), environment("e2", "B", "sandbox", "")];
    let folder = Folder::with(&format!("{HEAD}{}", tenant("T", &pair)));
    let verdict = folder.json(&["check", "copy", "--from", "A", "--to", "B", "--level", "everything", "--rulebook", "current"]);
    assert_eq!((&verdict["verdict"], &verdict["findings"][0]["code"]), (&json!("unknown"), &json!("NetworkPolicyDiffers")));
}

#[test]
fn a_broken_snapshot_lists_all_that_is_wrong_with_it() {
    let folder =
        Folder::with(&format!("{HEAD}{}", tenant("T", &[environment("e1", "A", "sandbx", "managed: perhaps"), environment("e1", "B", "sandbox", "")])));
    let file = folder.file().display().to_string();
    let asked = folder.run(&["list"]);
    let lines: Vec<String> = text(&asked.stderr).lines().map(str::to_owned).collect();
    assert_eq!((asked.status.code(), lines.len(), asked.stdout.len()), (Some(3), 3, 0), "{lines:?}");
    assert!(lines.iter().all(|line| line.starts_with(&format!("{file}:"))) && lines[0].contains("type: unknown type \"sandbx\""), "{lines:?}");
    let validated = program().arg("validate").arg(&file).output().unwrap();
    assert_eq!((validated.status.code(), text(&validated.stdout)), (Some(1), text(&asked.stderr)));
}

#[test]
fn validate_looks_at_every_file() {
    let folder = Folder::with(&estate());
    let (file, missing) = (folder.file(), folder.0.path().join("missing.yaml"));
    let good = program().arg("validate").arg(&file).output().unwrap();
    assert_eq!((good.status.code(), text(&good.stdout)), (Some(0), format!("{}: ok, 2 tenants, 6 environments\n", file.display())));
    let both = program().arg("validate").arg(&missing).arg(&file).output().unwrap();
    assert_eq!((both.status.code(), text(&both.stdout)), (Some(3), text(&good.stdout)));
    assert_eq!(text(&both.stderr), format!("{}: the file cannot be read: there is no such file\n", missing.display()));
    let odd = Folder::with(&format!("{HEAD}{}", tenant("T", &[environment("e1", "A", "sandbox", "dataverse: none\ndynamics_365_apps: [Sales]")])));
    let remark = program().arg("validate").arg(odd.file()).output().unwrap();
    assert!(remark.status.success() && text(&remark.stdout).contains("\nwarning: "), "{}", text(&remark.stdout));
}

#[test]
fn nothing_hostile_in_a_snapshot_reaches_the_terminal() {
    let name = "\"Sales\\e[2J\\u202Eevil\"";
    let folder = Folder::with(&format!(
        "{HEAD}{}",
        tenant("T", &[environment("e1", name, "sandbox", "backups: [{ id: \"b\\e]0;x\", taken_at: 2026-01-01T00:00:00Z }]")])
    ));
    for arguments in [
        &["list"] as &[&str],
        &["show", "e1"],
        &["backups", "e1"],
        &["targets", "copy", "--from", "e1"],
        &["check", "copy", "--from", "e1", "--to", "e1", "--level", "everything"],
        &["show", "none"],
    ] {
        for format in ["table", "json", "csv"] {
            let output = folder.run(&[arguments, &["--format", format]].concat());
            let all = text(&output.stdout) + &text(&output.stderr);
            assert!(!all.contains(['\u{1b}', '\u{202e}']), "{arguments:?} {format}: {all}");
        }
    }
}

#[test]
fn what_cannot_be_written_is_said_and_a_reader_that_left_is_no_error() {
    use std::process::Stdio;
    let start = |arguments: &[&str], stdout: Stdio| {
        let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("envdeck"));
        command.args(arguments).stdout(stdout).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap()
    };
    for (arguments, status) in [
        (&["list", "--demo"] as &[&str], 0),
        (&["completions", "bash"], 0),
        (&["--help"], 0),
        (&["check", "copy", "--demo", "--from", "Contoso Sales", "--to", "Contoso HR"], 1),
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let closed = start(arguments, writer.into());
        assert_eq!((closed.status.code(), text(&closed.stderr)), (Some(status), String::new()), "{arguments:?}");
        if let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") {
            let refused = start(arguments, full.into());
            assert_eq!(refused.status.code(), Some(3), "{arguments:?}");
            assert!(text(&refused.stderr).contains("cannot be written: no space is left"), "{}", text(&refused.stderr));
        }
    }
}

#[test]
fn wrong_usage_says_what_to_do() {
    for (arguments, says) in [
        (&["--keys", "q"] as &[&str], "--print"),
        (&["--size", "80x24"], "--print"),
        (&["--print", "--size", "0x24"], "from 1x1 to 1000x1000"),
        (&["--print", "--size", "80x1001"], "from 1x1 to 1000x1000"),
        (&["list", "--demo", "--now", "soon"], "That is no time: type"),
        (&["list", "--demo", "-s", "contoso.yaml"], "cannot be used with"),
        (&["list", "--demo", "--format", "jsn"], "'json'"),
        (&["lsit"], "did you mean `envdeck list`?"),
        (&["lsit", "--format", "json"], "did you mean `envdeck list`?"),
        (&["chekc", "copy"], "did you mean `envdeck check`?"),
        (&["--ascii", "list"], "options of `list` are written behind it"),
        (&["list", "--a\u{1b}[31m\u{202e}"], "<U+202E>"),
    ] {
        let output = program().args(arguments).output().unwrap();
        let message = text(&output.stderr);
        assert!(output.status.code() == Some(2) && message.contains(says) && !message.contains('\u{1b}'), "{arguments:?}: {message}");
    }
}

#[test]
fn every_command_explains_itself_with_examples() {
    for command in [
        "",
        "list",
        "show",
        "backups",
        "targets",
        "targets copy",
        "check",
        "check copy",
        "attention",
        "checklist",
        "journal",
        "tables",
        "validate",
        "completions",
        "man",
    ] {
        let help = program().args(command.split_whitespace()).arg("--help").output().unwrap();
        assert!(help.status.success() && text(&help.stdout).contains("Examples:\n  envdeck"), "{command}");
    }
    // Said the other way round it is the same.
    for (asked, same) in [("help", "--help"), ("help list", "list --help"), ("help check copy", "check copy --help")] {
        let shown = |words: &str| program().args(words.split_whitespace()).output().unwrap();
        assert!(shown(asked).status.success() && shown(asked).stdout == shown(same).stdout, "{asked}");
    }
    let page = text(&program().args(["man", "check", "copy"]).output().unwrap().stdout);
    assert!(page.contains(".TH envdeck-check-copy"), "{page}");
    assert_eq!(program().args(["man", "nothing"]).output().unwrap().status.code(), Some(2));
}

#[test]
fn no_argument_writes_a_line_or_an_escape_sequence_of_its_own() {
    let hostile = "x\nc.yaml: ok\u{1b}[31m\u{202e}";
    let visible = "x␊c.yaml: ok␛[31m<U+202E>";
    let dashed = format!("--{hostile}");
    for arguments in
        [vec!["validate", hostile], vec!["list", "-s", hostile], vec!["list", "--format", hostile], vec!["validate", &dashed], vec![hostile, "--print"]]
    {
        let output = program().args(&arguments).output().unwrap();
        let said = text(&output.stdout) + &text(&output.stderr);
        assert!(said.contains(visible), "{arguments:?}: {said}");
        assert!(said.lines().all(|line| envdeck::files::text::harmless(line) == line), "{arguments:?}: {said}");
    }
}

#[test]
fn a_broken_snapshot_ends_every_way_of_opening_it_with_status_3() {
    let folder = Folder::with("schema: envdeck/1\ntenants: none\n");
    for arguments in [&["list"][..], &["show", "x"], &["targets", "copy", "--from", "x"]] {
        let output = folder.run(arguments);
        assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(3), true), "{arguments:?}");
        assert!(text(&output.stderr).ends_with("contoso.yaml:2:10: tenants: a list of tenants is expected here\n"), "{}", text(&output.stderr));
    }
    let printed = program().arg(folder.file()).arg("--print").output().unwrap();
    assert_eq!((printed.status.code(), text(&printed.stdout).contains("A file cannot be read")), (Some(3), true));
}

#[test]
fn what_is_named_like_a_journal_is_judged_as_one() {
    let folder = Folder::with("schema: envdeck/1\ntenants: []\n");
    let journal = folder.file().with_file_name("contoso.journal.yaml");
    std::fs::write(&journal, "# by hand\nschema: envdeck-journal/1\nentries: []\n").unwrap();
    let output = program().arg("validate").arg(&journal).output().unwrap();
    assert!(text(&output.stdout).ends_with("ok, 0 journal entries\n"), "{}{}", text(&output.stdout), text(&output.stderr));
}

#[test]
fn the_schemas_are_printed() {
    for (arguments, id) in [(&["schema"][..], "urn:envdeck:snapshot:1"), (&["schema", "journal"], "urn:envdeck:journal:1")] {
        let schema: Value = serde_json::from_slice(&program().args(arguments).output().unwrap().stdout).unwrap();
        assert_eq!(schema["$id"], id);
    }
}

#[test]
fn instants_are_typed_on_the_command_line_as_in_the_console() {
    let asked = |arguments: &[&str]| {
        let mut command = program();
        let output = command.env("TZ", "CET-1").args(arguments).args(["--demo", "--format", "json"]).output().unwrap();
        assert!(output.stderr.is_empty(), "{arguments:?}: {}", text(&output.stderr));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let restore = |at: &str| asked(&["check", "restore", "--from", "Contoso Sales", "--to", "Contoso Sales UAT", "--at", at]);
    // The demo is judged at 2026-01-05, a Monday.
    for (typed, meant) in [
        ("friday 18:00", "2026-01-02T18:00:00Z"),
        ("2026-01-02T19:00+01:00", "2026-01-02T18:00:00Z"),
        ("02.01.2026 18:00", "2026-01-02T18:00:00Z"),
        ("yesterday 14:35 local", "2026-01-04T13:35:00Z"),
        ("-3d", "2026-01-02T07:00:00Z"),
        ("+5d", "2026-01-10T07:00:00Z"),
        ("10 Dec 20:00", "2025-12-10T20:00:00Z"),
    ] {
        assert_eq!(restore(typed), restore(meant), "{typed}");
    }
    assert_ne!(restore("friday 18:00"), restore("10 Dec 20:00"), "the instant counts");
    for (option, typed, why) in [
        ("--at", "02/01/2026 18:00", "can be read in two ways"),
        ("--at", "soon", "That is no time: type 14:35, friday 14:35"),
        ("--now", "tonight", "at which time?"),
    ] {
        let output = program().args(["check", "restore", "--from", "a", "--to", "b", "--demo", option, typed]).output().unwrap();
        let said = text(&output.stderr);
        assert!(output.status.code() == Some(2) && said.contains(option) && said.contains(why), "{option} {typed}: {said}");
    }
    let runbook = ["runbook", "restore", "--from", "Contoso Sales", "--to", "Contoso Sales UAT", "--demo", "--at", "friday 18:00"];
    let window = |typed: &str| text(&program().args(runbook).args(["--window", typed]).output().unwrap().stdout);
    assert!(!window("tonight 20:00/+3h").is_empty());
    assert_eq!(window("tonight 20:00/23:00"), window("2026-01-05T20:00:00Z/2026-01-05T23:00:00Z"));
    assert_eq!(window("tonight 20:00/02:00"), window("2026-01-05T20:00:00Z/2026-01-06T02:00:00Z"), "over midnight");
}

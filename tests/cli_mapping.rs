//! `envdeck lint-mapping`, `envdeck generate-mapping` and `envdeck check migrate --mapping`: shapes, exit statuses, wrong usage.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

use std::process::Output;

use serde_json::{Value, json};

/// The example of the article, as it stands there (TTM-073).
const SAMPLE: &str = "user001@source.com, user001@destination.com\nuser002@source.com, user002@destination.com\nuser003@source.com, user003@destination.com\n";

const BOTH: &str = "schema: envdeck/1
captured_at: 2026-01-05T09:00:00Z
tenants:
  - id: a
    name: Fabrikam
    users:
      - { upn: carla@fabrikam.com, active: true, licensed: true, access: full, mailbox: same-address }
      - { upn: ben.ito@fabrikam.com, active: true, licensed: true, access: full }
      - { upn: dora@fabrikam.com, active: true, licensed: true, access: administrative }
      - { upn: yuki@fabrikam.com, active: false, licensed: true, access: full }
    environments:
      - { id: e1, name: Fabrikam Orders, type: sandbox, users: [carla@fabrikam.com, ben.ito@fabrikam.com, dora@fabrikam.com, yuki@fabrikam.com] }
      - { id: e2, name: Fabrikam Lab }
  - id: b
    name: Contoso
    users:
      - { upn: carla@contoso.com, active: true, licensed: true, mailbox: none }
      - { upn: bito@contoso.com, active: true, licensed: true, mailbox: none }
    environments: []
";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("both.yaml", BOTH);
        folder
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.0.path().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.path().join(name)).unwrap()
    }

    fn run_with(&self, arguments: &str, input: &str) -> Output {
        let mut command = assert_cmd::cargo::cargo_bin_cmd!("envdeck");
        for variable in ["ENVDECK_SNAPSHOT", "ENVDECK_AS", "NO_COLOR"] {
            command.env_remove(variable);
        }
        let words = arguments.split(' ').map(|word| word.replace('_', " "));
        command.current_dir(self.0.path()).args(words).write_stdin(input).output().unwrap()
    }

    /// Runs the program in the folder; a blank inside an argument is written as `_`.
    fn run(&self, arguments: &str) -> Output {
        self.run_with(arguments, "")
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn the_shape_of_lint_mapping() {
    let folder = Folder::new();
    folder.write("orders.csv", "carla@fabrikam.com, carla@contoso.com\nben.ito@fabrikam.com, bito@contoso\nzoe@fabrikam.com, bito@contoso.com\n");
    let output = folder.run("lint-mapping orders.csv --environment Fabrikam_Orders --to-tenant Contoso -s both.yaml --format json");
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(1), String::new()));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let added = ["left_behind_administrative", "left_behind_of", "mailboxes"];
    assert_eq!(keys(&answer), [&["file", "rulebook", "rows", "errors", "warnings", "left_behind"] as &[_], &added].concat());
    assert_eq!((&answer["file"], &answer["rulebook"], &answer["rows"]), (&json!("orders.csv"), &json!("articles"), &json!(3)));
    assert_eq!(keys(&answer["errors"][0]), ["line", "column", "code", "message", "remedy"]);
    let errors: Vec<_> =
        answer["errors"].as_array().unwrap().iter().map(|error| (error["line"].clone(), error["column"].clone(), error["code"].clone())).collect();
    assert_eq!(errors, [(json!(2), json!(23), json!("NotUpn")), (json!(3), json!(1), json!("UnknownSource"))]);
    assert_eq!(answer["left_behind"], json!(["ben.ito@fabrikam.com", "dora@fabrikam.com", "yuki@fabrikam.com"]));
    assert_eq!((&answer["left_behind_administrative"], &answer["left_behind_of"]), (&json!(["dora@fabrikam.com"]), &json!("environment")));
    assert_eq!(answer["mailboxes"], json!({ "automatic": [], "verify": ["carla@fabrikam.com"], "reconfigure": [], "unknown": ["zoe@fabrikam.com"] }));

    // Without a snapshot nobody is looked up.
    let answer: Value = serde_json::from_slice(&folder.run("lint-mapping orders.csv --format json").stdout).unwrap();
    assert_eq!((answer["errors"].as_array().unwrap().len(), &answer["left_behind"], &answer["left_behind_of"]), (1, &json!([]), &Value::Null));
    assert_eq!(answer["mailboxes"], Value::Null);
}

#[test]
fn exit_statuses_and_wrong_usage_of_lint_mapping() {
    let folder = Folder::new();
    folder.write("good.csv", SAMPLE);
    folder.write("odd.csv", "a@b.onmicrosoft.com, a@c.onmicrosoft.com\n");
    folder.write("bad.csv", "a@b.c\n");
    folder.write("usermapping.csv", format!("Source,Destination\n{SAMPLE}"));
    for (arguments, status, says) in [
        ("lint-mapping good.csv", 0, "ok: good.csv by the five source articles, 3 lines\n"),
        ("lint-mapping odd.csv", 0, "odd.csv:1:1: warning: `a@b.onmicrosoft.com` is of a default domain"),
        ("lint-mapping bad.csv", 1, "bad.csv:1:6: Only `a@b.c` stands in this line"),
        ("lint-mapping good.csv --rulebook current", 1, "`good.csv`. Rename it to `usermapping.csv`"),
        ("lint-mapping usermapping.csv --rulebook current", 0, "ok: usermapping.csv by"),
        ("lint-mapping usermapping.csv", 1, "usermapping.csv:1:1: This line is a header"),
        ("lint-mapping missing.csv", 3, "missing.csv: the file cannot be read: there is no such file"),
        ("lint-mapping .", 3, "this is a folder"),
        ("lint-mapping", 2, "<FILE>"),
        ("lint-mapping good.csv --to-tenant Contoso", 2, "this needs a snapshot"),
        ("lint-mapping good.csv -s missing.yaml", 3, "missing.yaml"),
        ("lint-mapping good.csv --to-tenant Nobody -s both.yaml", 2, "there is no tenant `Nobody`; known are Fabrikam, Contoso"),
        ("lint-mapping good.csv --from-tenant Contoso --environment Fabrikam_Orders -s both.yaml", 2, "Fabrikam Orders is in Fabrikam, not in Contoso"),
        ("lint-mapping good.csv --to-tenant Fabrikam --environment Fabrikam_Orders -s both.yaml", 2, "the users leave Fabrikam and move to Fabrikam"),
        ("lint-mapping good.csv -s both.yaml", 0, "users were not looked up"),
        ("lint-mapping good.csv --from-tenant Fabrikam -s both.yaml", 1, "left behind: 4 users of all users of Fabrikam; --environment asks"),
        ("lint-mapping good.csv --environment Fabrikam_Lab -s both.yaml", 1, "because who is enabled in Fabrikam Lab is unknown"),
    ] {
        let output = folder.run(arguments);
        let said = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{arguments}: {said}");
        assert!(said.contains(says), "{arguments}: {said}");
    }
    // Standard input has no name that could be wrong.
    let piped = folder.run_with("lint-mapping - --rulebook current", &format!("Source,Destination\n{SAMPLE}"));
    assert_eq!((piped.status.code(), text(&piped.stdout).contains("ok: - by newer")), (Some(0), true));
    let sheet = text(&folder.run("lint-mapping bad.csv --format csv").stdout);
    assert!(sheet.starts_with("severity,line,column,code,message,remedy\nerror,1,6,MissingField,"), "{sheet}");
}

#[test]
fn a_file_that_is_generated_is_refused_until_it_is_filled_in() {
    let folder = Folder::new();
    let generate = "generate-mapping Fabrikam_Orders --to-tenant Contoso -s both.yaml";
    let output = folder.run(generate);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stdout), "carla@fabrikam.com, carla@contoso.com\nben.ito@fabrikam.com,\ndora@fabrikam.com,\n");
    let expected = "line 2: ben.ito@fabrikam.com: to be filled in; a guess would be bito@contoso.com (one of the names is cut to its first letter, score 75)
line 3: dora@fabrikam.com: to be filled in; nobody there has a name like it
left out: yuki@fabrikam.com: the account is not active, which makes the move fail
3 lines, 1 with a destination, 2 to fill in\n";
    assert_eq!(text(&output.stderr), expected);

    let into = folder.run(&format!("{generate} --with-guesses --without-administrative --into orders.csv"));
    assert_eq!((into.status.code(), text(&into.stdout)), (Some(0), String::new()));
    assert!(text(&into.stderr).contains("line 2: ben.ito@fabrikam.com: guessed bito@contoso.com"), "a guess that is written is marked too");
    let content = "carla@fabrikam.com, carla@contoso.com\nben.ito@fabrikam.com, bito@contoso.com\n";
    assert_eq!(folder.read("orders.csv"), content);
    let lint = folder.run("lint-mapping orders.csv --environment Fabrikam_Orders --to-tenant Contoso -s both.yaml");
    assert_eq!(lint.status.code(), Some(0), "{}", text(&lint.stdout));
    assert!(text(&lint.stdout).contains("dora@fabrikam.com (administrative access: may be left out)"));

    // What somebody worked on is not written over.
    let again = folder.run(&format!("{generate} --into orders.csv"));
    assert_eq!((again.status.code(), folder.read("orders.csv")), (Some(3), content.to_owned()));
    assert!(text(&again.stderr).contains("orders.csv: there is such a file already"), "{}", text(&again.stderr));

    let current = folder.run(&format!("{generate} --rulebook current --with-guesses"));
    assert_eq!(text(&current.stdout), "Source,Destination\ncarla@fabrikam.com,carla@contoso.com\nben.ito@fabrikam.com,bito@contoso.com\ndora@fabrikam.com,\n");
    assert!(text(&current.stderr).starts_with("line 3: ben.ito@fabrikam.com: guessed"), "lines are counted with the header");
}

#[test]
fn the_shape_of_generate_mapping_and_its_wrong_usage() {
    let folder = Folder::new();
    let answer: Value = serde_json::from_slice(&folder.run("generate-mapping Fabrikam_Orders --to-tenant Contoso -s both.yaml --format json").stdout).unwrap();
    assert_eq!(keys(&answer), ["environment", "to_tenant", "rulebook", "of", "rows", "left_out"]);
    assert_eq!((&answer["of"], keys(&answer["left_out"][0])), (&json!("environment"), vec!["upn", "why"]));
    let row = json!({
        "line": 2, "source": "ben.ito@fabrikam.com", "destination": "bito@contoso.com", "written": false,
        "likeness": "initial", "score": 75, "why": "one of the names is cut to its first letter", "remark": null, "near": [],
    });
    assert_eq!(answer["rows"][1], row);
    let table = text(&folder.run("generate-mapping Fabrikam_Orders --to-tenant Contoso -s both.yaml --format table").stdout);
    assert!(table.contains("LINE  SOURCE") && table.contains("left out: yuki@fabrikam.com"), "{table}");
    for (arguments, says) in [
        ("generate-mapping Fabrikam_Orders --to-tenant Fabrikam -s both.yaml", "Fabrikam Orders is in Fabrikam already"),
        ("generate-mapping Fabrikam_Orders --to-tenant Contoso", "this needs a snapshot"),
        ("generate-mapping Fabrikam_Orders -s both.yaml", "--to-tenant <TENANT>"),
        ("generate-mapping Fabrikam_Orders --to-tenant Contoso -s both.yaml --format json --into x.csv", "--into writes a mapping file"),
    ] {
        let output = folder.run(arguments);
        assert!(output.status.code() == Some(2) && text(&output.stderr).contains(says), "{arguments}: {}", text(&output.stderr));
    }
    let nowhere = folder.run("generate-mapping Fabrikam_Orders --to-tenant Contoso -s both.yaml --into no/such/folder.csv");
    assert!(nowhere.status.code() == Some(3) && text(&nowhere.stderr).contains("there is no such folder"));
    folder.write("both.yaml", BOTH.replace("    users:\n      - { upn: carla@contoso.com, active: true, licensed: true, mailbox: none }\n      - { upn: bito@contoso.com, active: true, licensed: true, mailbox: none }\n", ""));
    let unknown = folder.run("generate-mapping Fabrikam_Orders --to-tenant Contoso -s both.yaml");
    assert!(unknown.status.code() == Some(2) && text(&unknown.stderr).contains("the users of Contoso are unknown"));
}

#[test]
fn a_move_is_decided_with_its_mapping_file() {
    let folder = Folder::new();
    folder.write("good.csv", "carla@fabrikam.com, carla@contoso.com\nben.ito@fabrikam.com, bito@contoso.com\n");
    folder.write("bad.csv", "carla@fabrikam.com; carla@contoso.com\nzoe@fabrikam.com, bito@contoso.com\n");
    let codes = |arguments: &str| {
        let output = folder.run(&format!("check migrate Fabrikam_Orders --to-tenant Contoso -s both.yaml --now 2026-01-05T09:00:00Z --format json{arguments}"));
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)));
        let about = ["MappingMissing", "MappingInvalid", "UsersNotReady", "UsersLeftBehind", "WorkingHours"];
        let found = answer["findings"].as_array().unwrap().iter().filter(|finding| about.contains(&finding["code"].as_str().unwrap()));
        found.map(|finding| format!("{} {}", finding["severity"].as_str().unwrap(), finding["code"].as_str().unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(codes(""), ["block MappingMissing"]);
    assert_eq!(codes(" --mapping good.csv"), ["warn UsersLeftBehind"], "yuki has full access");
    assert_eq!(codes(" --mapping bad.csv"), ["block MappingInvalid", "block UsersNotReady", "warn UsersLeftBehind"]);
    assert_eq!(codes(" --mapping good.csv --cut-over 2026-01-07T09:00:00+01:00"), ["warn UsersLeftBehind", "warn WorkingHours"]);
    assert_eq!(codes(" --mapping good.csv --cut-over 2026-01-10T20:00:00+01:00"), ["warn UsersLeftBehind"], "a Saturday");
    let soon = folder.run("check migrate Fabrikam_Orders --to-tenant Contoso -s both.yaml --cut-over soon");
    assert!(soon.status.code() == Some(2) && text(&soon.stderr).contains("--cut-over"));
    let missing = folder.run("check migrate Fabrikam_Orders --to-tenant Contoso -s both.yaml --mapping no.csv");
    assert_eq!(missing.status.code(), Some(3));
}

//! Journals that earlier versions wrote: they open, say what they said, and come to the same facts and checklists.
#![expect(clippy::unwrap_used, reason = "a golden file that cannot be read fails its test")]
#![expect(clippy::disallowed_methods, reason = "these tests put golden files beside each other")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use assert_cmd::Command;
use chrono::{DateTime, TimeDelta};
use envdeck::domain::copy::Level;
use envdeck::domain::environment::{EnvironmentId, EnvironmentType};
use envdeck::domain::journal::{Entry, EntryId, ItemAct, Journal, Subject, Value, What};
use envdeck::domain::operation::{Acknowledgement, Operation, OperationKind, Outcome};
use envdeck::domain::request::Choice::{self, Chosen};
use envdeck::domain::request::{Back, Change, Group, Half, Move, Movement, Request, UserMapping};
use envdeck::domain::time;
use envdeck::domain::verdict::{Answer, Code, Severity};
use envdeck::domain::words::Word;
use envdeck::files::journal::{load, path_beside, write};
use serde_json::Value as Json;

/// The journals in `tests/files/golden/`: the first was written by keys in the console, the second holds every kind
/// of entry and every choice of every operation. Both stand on `estate.yaml`.
const JOURNALS: [&str; 2] = ["by-keys", "every-kind"];

const SALES: &str = "00b6e67a-7a2a-4c2b-8180-60a7da1de808";
const UAT: &str = "9a2f79e6-0b1a-4bce-901b-a04516f81cdd";
const DEV: &str = "fb819b38-e035-4e65-b4ea-ae5076a82518";
const HR: &str = "ec9a24c8-99f3-4dd1-b821-84c3bb92870b";
const HR_TEST: &str = "85fb14cd-5421-434f-8de0-a7ba2434a37d";
const SUPPLY: &str = "e38a5c24-c757-4011-9154-ee45212d7bd5";
const SUPPLY_TEST: &str = "9fc8c651-1a1d-47c4-b0c2-1f724601ecf4";
const PILOT: &str = "1dffadfa-612c-4c01-ae66-66d745b11ec2";
const TRIAL: &str = "7b94981e-6623-47d0-8121-44563f46f29b";
const RETURNS: &str = "54c25f6b-d0d2-4845-b15e-9e1da8c07c1a";
const FABRIKAM_SALES: &str = "595a762e-ec3a-4aba-b835-7a0961b8578b";
const FABRIKAM_TEST: &str = "6597fe15-6e4e-449d-bcfa-a2cd5cf991cd";
const CONTOSO: &str = "ab0469a5-c2ba-4ff7-b9d4-9080df2db07e";
const GROUP: &str = "6384e0b3-7b55-4bcb-91f1-20682cc85dc0";

/// The steps of a plan in `every-kind`, which the first version wrote as entries of a kind of their own.
const STEPS: [&str; 2] = ["20260105T090200062Z-13a3e262b7116ba1", "20260105T090300063Z-b770c285a3b08b17"];

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/golden").join(name)
}

fn id(id: &str) -> EnvironmentId {
    EnvironmentId::new(id)
}

/// All 16 operations with all their choices, in an order in which they can follow each other.
fn operations() -> Vec<Request> {
    let at = |text: &str| time::parse(text).unwrap();
    let on = |target: &str, change: Change| Request { source: None, target: id(target), change };
    let from = |source: &str, target: &str, change: Change| Request { source: Some(id(source)), target: id(target), change };
    let copy = |level, audit_logs: Option<bool>, name: &str, group, half: Option<Movement>| Change::Copy {
        level: Chosen(level),
        audit_logs: audit_logs.into(),
        name: Chosen(name.into()),
        group: Chosen(group),
        half: half.map(Half::Moves).into(),
    };
    let edit = |name: &str, group| Change::Edit { name: Chosen(name.into()), group: Chosen(group) };
    let user = |old: &str, new: &str| (Box::from(old), Box::from(new));
    let mapping = UserMapping {
        file: "users/sales test.csv".into(),
        users: vec![user("carla@fabrikam.com", "carla@contoso.com"), user("ben@fabrikam.com", "ben.ito@contoso.com")],
        found: None,
    };
    let moved = Move {
        to: CONTOSO.into(),
        same_region: false,
        group: Some(GROUP.into()),
        mapping: Some(mapping),
        cut_over: Some(DateTime::parse_from_rfc3339("2026-01-10T20:00:00+01:00").unwrap()),
    };
    let bare = Move { to: CONTOSO.into(), same_region: true, group: None, mapping: None, cut_over: None };
    vec![
        from(SALES, UAT, copy(Level::Everything, None, "Contoso Sales UAT", Group::Keep, None)),
        from(SALES, DEV, copy(Level::Customizations, Some(false), "Dev: \"two\"", Group::Open, None)),
        from(SUPPLY, SUPPLY_TEST, copy(Level::Everything, Some(true), "Chain", Group::Only(GROUP.into()), Some(Movement::Refresh))),
        from(SUPPLY, SUPPLY_TEST, copy(Level::Everything, Some(false), "Chain", Group::Keep, Some(Movement::Import))),
        from(
            SALES,
            UAT,
            Change::Restore { back: Chosen(Back::To(at("2026-01-04T14:35:00Z"))), audit_logs: Chosen(false), name: Chosen("UAT".into()), half: Choice::Open },
        ),
        from(
            SALES,
            DEV,
            Change::Restore {
                back: Chosen(Back::Backup("b3".into(), at("2026-01-02T10:00:00Z"))),
                audit_logs: Chosen(true),
                name: Chosen("Dev".into()),
                half: Chosen(Half::Restored(at("2026-01-02T10:00:00Z"))),
            },
        ),
        on(UAT, Change::Backup { id: "m-1".into(), name: Chosen("Before go-live".into()), notes: "".into(), half: Choice::Open }),
        on(SUPPLY_TEST, Change::Backup { id: "m-2".into(), name: Chosen("true".into()), notes: "both\u{2019} halves".into(), half: Chosen(Half::BackedUp) }),
        on(UAT, Change::DeleteBackup(Chosen("m-1".into()))),
        on(HR, Change::Retention { days: 28, before: Some(21) }),
        on(HR, Change::Retention { days: 14, before: None }),
        on(HR, Change::Switch { to: EnvironmentType::Sandbox, sandbox_days: 7 }),
        on(HR, Change::Switch { to: EnvironmentType::Production, sandbox_days: 7 }),
        on(DEV, Change::Reset),
        on(TRIAL, Change::Delete),
        on(RETURNS, Change::Recover),
        on(
            "new-1",
            Change::Create { tenant: CONTOSO.into(), name: Chosen("Rescue".into()), kind: Chosen(EnvironmentType::Sandbox), region: Chosen("emea".into()) },
        ),
        on("new-2", Change::Create { tenant: CONTOSO.into(), name: Chosen("Trial".into()), kind: Chosen(EnvironmentType::Trial), region: Choice::Open }),
        on(HR_TEST, edit("HR two", Group::Keep)),
        on(HR_TEST, edit("HR three", Group::Open)),
        on(HR_TEST, edit("HR 4", Group::Only(GROUP.into()))),
        on(HR_TEST, Change::RenameUrl(Chosen("https://hr4.crm4.dynamics.com".into()))),
        on(HR_TEST, Change::AdminMode(true)),
        on(HR_TEST, Change::AdminMode(false)),
        on(UAT, Change::Background(true)),
        on(UAT, Change::Background(false)),
        on(PILOT, Change::DeleteFinanceOperations),
        on(FABRIKAM_TEST, Change::Migrate(Box::new(moved))),
        on(FABRIKAM_SALES, Change::Migrate(Box::new(bare))),
    ]
}

/// Every kind of entry, with every form that it can have.
fn every_kind() -> Journal {
    let mut journal = Journal::default();
    let (thomas, isaac): (Arc<str>, Arc<str>) = (Arc::from("thomas@contoso.com"), Arc::from("Isa\u{e4}c O'Neill\\x"));
    let start = time::parse("2026-01-05T08:00:00Z").unwrap();
    let mut minute = 0;
    let mut add = |by: &Arc<str>, what: What| {
        minute += 1;
        let entry = Entry::new(start + TimeDelta::minutes(minute) + TimeDelta::milliseconds(minute), Arc::clone(by), what);
        journal.add(entry.clone());
        entry.id
    };
    let text = |text: &str| Value::Text(text.into());
    let note = |text: &str| What::Note { environment: id(UAT), text: text.into() };
    add(&thomas, note("Owner: Isaac. \"Do not touch\" it's his, C:\\temp\\new #urgent"));
    let slip = add(&isaac, note("tab\tline\nzero\u{200b}width \u{301}accent \u{1f469}\u{200d}\u{1f680} \u{ad} \u{202e}"));
    add(&thomas, What::Withdrawn { entry: slip, reason: "wrong \"environment\"".into() });
    let lab = "7ad43197-4045-456d-bafa-5be51e1e2cf4";
    let fact = |field: &str, value: Value| What::Fact { about: Subject::Environment(id(lab)), field: field.into(), value };
    add(&thomas, fact("managed", Value::Flag(true)));
    add(&thomas, fact("finance_operations", Value::Nothing));
    add(&thomas, fact("retention_days", text("21")));
    add(&thomas, fact("operator_roles", Value::List(vec!["system-administrator".into()])));
    let roles = Value::List(vec!["power-platform-admin".into()]);
    add(&isaac, What::Fact { about: Subject::Tenant(CONTOSO.into()), field: "operator_roles".into(), value: roles });

    let mut recorded = Vec::new();
    for (number, request) in operations().into_iter().enumerate() {
        let started_at = start + TimeDelta::minutes(10 + i64::try_from(number).unwrap());
        let shown = |severity: Severity, text: &str| Acknowledgement {
            code: if severity == Severity::Unknown { Code::RegionMismatch } else { Code::OutsideSolution },
            severity,
            shown: text.into(),
            by: Arc::clone(&isaac),
            at: started_at - TimeDelta::nanoseconds(1),
        };
        let acknowledged = match number % 3 {
            0 => Vec::new(),
            1 => vec![shown(Severity::Unknown, "`region` of Contoso\u{a0}UAT is unknown")],
            _ => vec![shown(Severity::Warn, "2 flows"), shown(Severity::Note, "")],
        };
        let (verdict, outcome, completed_at) = match number % 7 {
            0 => (Answer::Unknown, Outcome::Succeeded, Some(started_at + TimeDelta::microseconds(1_500_000))),
            1 => (Answer::AllowedWithWarnings, Outcome::Succeeded, Some(started_at + TimeDelta::milliseconds(1))),
            _ => (Answer::Allowed, Outcome::Succeeded, Some(started_at)),
        };
        let operation = Operation {
            kind: request.change.kind(),
            source: request.source.clone(),
            target: request.target.clone(),
            inputs: request.inputs(),
            verdict,
            account: Vec::new(),
            acknowledged,
            ticket: (number % 2 == 0).then(|| "CHG0042917".into()),
            approver: (number % 5 == 0).then(|| Arc::clone(&isaac)),
            started_at,
            completed_at,
            outcome,
        };
        recorded.push(add(&thomas, What::Operation(Box::new(operation))));
    }
    for (outcome, completed_at) in [(Outcome::Started, None), (Outcome::Failed, Some(start + TimeDelta::hours(1)))] {
        let operation = Operation {
            kind: OperationKind::Reset,
            source: None,
            target: id(TRIAL),
            inputs: vec![("by hand".into(), Value::List(Vec::new())), ("none".into(), Value::Nothing)],
            verdict: Answer::Blocked,
            account: Vec::new(),
            acknowledged: Vec::new(),
            ticket: None,
            approver: None,
            started_at: start + TimeDelta::minutes(50),
            completed_at,
            outcome,
        };
        add(&thomas, What::Operation(Box::new(operation)));
    }

    let open = |environment: &str, checklist: &str, operation: Option<&EntryId>| What::ChecklistOpened {
        environment: id(environment),
        checklist: checklist.into(),
        operation: operation.cloned(),
    };
    let opened = add(&thomas, open(UAT, "post-copy", recorded.first()));
    let restored = add(&thomas, open(UAT, "post-restore", recorded.get(4)));
    let of_item = |checklist: &EntryId, item: &str, act, note: Option<&str>| What::Item {
        checklist: checklist.clone(),
        item: item.into(),
        act,
        note: note.map(Into::into),
    };
    add(&isaac, of_item(&opened, "yammer", ItemAct::Redirected, Some("test network")));
    for (item, act, note) in [
        ("connection-references@cr101", ItemAct::Done, None),
        ("connection-references@cr101", ItemAct::Reopened, None),
        ("email@m101", ItemAct::Disabled, None),
        ("email@m102", ItemAct::LeftAsIs, Some("no time")),
        ("flows-review", ItemAct::NotApplicable, Some("has none")),
        ("flows-review", ItemAct::Noted, Some("see the wiki")),
    ] {
        add(&isaac, of_item(&restored, item, act, note));
    }
    add(&thomas, What::ChecklistClosed { checklist: opened, reason: "superseded by a newer copy".into() });
    let plan = |kind: &str, inputs: Vec<(&str, Value)>| What::Plan {
        kind: kind.into(),
        inputs: inputs.into_iter().map(|(name, value)| (name.into(), value)).collect(),
    };
    for (kind, environment, inputs) in [
        ("restore-to-production", SALES, vec![("at", text("2026-01-04T10:00:00Z"))]),
        ("recover-records", SALES, Vec::new()),
        ("repair-pair", SUPPLY_TEST, Vec::new()),
        ("order-management", SUPPLY_TEST, Vec::new()),
        ("export-users", FABRIKAM_SALES, Vec::new()),
    ] {
        let plan = add(&thomas, plan(kind, inputs));
        add(&thomas, open(environment, kind, Some(&plan)));
    }
    let (of_sales, group) = (format!("mapping/{FABRIKAM_SALES}"), format!("security_group/{FABRIKAM_SALES}"));
    let moving = add(
        &thomas,
        plan(
            "migration",
            vec![
                ("to_tenant", text(CONTOSO)),
                ("reason", text("acquisition")),
                ("cut_over", text("2026-01-10T20:00:00+01:00")),
                (&of_sales, text("sales.csv")),
                (&group, text(GROUP)),
            ],
        ),
    );
    add(&thomas, open(FABRIKAM_SALES, "migration", Some(&moving)));
    // The first version had a kind of entry for the steps of a plan; they are items now, under the ids that they had.
    let by = recorded.first().map(|copy| format!("by the operation {copy}"));
    for (id, at, step, note) in [
        (STEPS[0], "2026-01-05T09:02:00.062Z", "rehearsal-copy", by.as_deref()),
        (STEPS[1], "2026-01-05T09:03:00.063Z", "cut-over", Some("\u{1f44d} checked; \u{dc}berpr\u{fc}fung: ok")),
    ] {
        let what = What::Item { checklist: moving.clone(), item: step.into(), act: ItemAct::Done, note: note.map(Into::into) };
        journal.add(Entry { id: EntryId::new(id), at: time::parse(at).unwrap(), by: Arc::clone(&thomas), what });
    }
    journal
}

/// A golden journal beside its snapshot, in a folder of its own.
fn opened(name: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = folder.path().join("estate.yaml");
    fs::copy(golden("estate.yaml"), &snapshot).unwrap();
    fs::copy(golden(&format!("{name}.journal.yaml")), path_beside(&snapshot).unwrap()).unwrap();
    (folder, snapshot)
}

fn entries(name: &str) -> Vec<Entry> {
    load(&golden(&format!("{name}.journal.yaml"))).unwrap().journal.entries().to_vec()
}

#[test]
fn every_golden_journal_is_written_as_it_was_read() {
    for name in JOURNALS {
        let file = golden(&format!("{name}.journal.yaml"));
        let journal = load(&file).unwrap_or_else(|error| panic!("{error}")).journal;
        let as_items = fs::read_to_string(file)
            .unwrap()
            .replace("    plan-step:\n      plan: ", "    item:\n      checklist: ")
            .replace("\n      step: rehearsal-copy\n      operation: ", "\n      item: rehearsal-copy\n      act: done\n      note: by the operation ")
            .replace("\n      step: cut-over\n", "\n      item: cut-over\n      act: done\n");
        assert_eq!(write(&journal), as_items, "{name}");
    }
}

#[test]
fn the_golden_journals_hold_every_kind_of_entry_and_operation_and_act() {
    let all: Vec<Entry> = JOURNALS.into_iter().flat_map(entries).collect();
    for kind in OperationKind::ALL {
        let holds = |entry: &Entry| matches!(&entry.what, What::Operation(operation) if operation.kind == *kind);
        assert!(all.iter().any(holds), "{kind:?}");
    }
    for act in ItemAct::ALL {
        assert!(all.iter().any(|entry| matches!(&entry.what, What::Item { act: done, .. } if done == act)), "{act:?}");
    }
    for outcome in Outcome::ALL {
        let holds = |entry: &Entry| matches!(&entry.what, What::Operation(operation) if operation.outcome == *outcome);
        assert!(all.iter().any(holds), "{outcome:?}");
    }
    assert_eq!(entries("every-kind"), every_kind().entries(), "what is recorded today is what was recorded then");
}

/// Two consoles that make the same entry, of whatever versions, give it the same id: so they merge.
#[test]
fn an_entry_that_is_made_again_has_the_id_that_it_had() {
    for entry in JOURNALS.into_iter().flat_map(entries).filter(|entry| !STEPS.contains(&entry.id.as_str())) {
        let again = Entry::new(entry.at, Arc::clone(&entry.by), entry.what.clone());
        assert_eq!(again, entry, "{}", entry.what);
    }
}

/// One id of each kind of entry and of each kind of operation, as they stood in files before.
#[test]
fn the_id_of_each_kind_of_entry_is_fixed() {
    let at = time::parse("2026-01-05T09:00:00Z").unwrap();
    let by: Arc<str> = Arc::from("thomas@contoso.com");
    let (uat, earlier) = (id("e1"), EntryId::new("20260105T080000000Z-0123456789abcdef"));
    let operation = |kind| {
        What::Operation(Box::new(Operation {
            kind,
            source: Some(id("e0")),
            target: id("e1"),
            inputs: vec![("name".into(), Value::Text("A \"b\"".into())), ("on".into(), Value::Flag(true))],
            verdict: Answer::AllowedWithWarnings,
            account: Vec::new(),
            acknowledged: vec![Acknowledgement { code: Code::Stale, severity: Severity::Unknown, shown: "old".into(), by: Arc::clone(&by), at }],
            ticket: Some("CHG1".into()),
            approver: Some(Arc::clone(&by)),
            started_at: at,
            completed_at: Some(at + TimeDelta::milliseconds(250)),
            outcome: Outcome::Succeeded,
        }))
    };
    let mut all = vec![
        What::Note { environment: uat.clone(), text: "it's \\ \"so\"".into() },
        What::Fact { about: Subject::Environment(uat.clone()), field: "managed".into(), value: Value::Flag(false) },
        What::Fact { about: Subject::Tenant("t1".into()), field: "name".into(), value: Value::List(vec!["a".into(), "b".into()]) },
        What::ChecklistOpened { environment: uat.clone(), checklist: "post-copy".into(), operation: Some(earlier.clone()) },
        What::Item { checklist: earlier.clone(), item: "yammer".into(), act: ItemAct::LeftAsIs, note: Some("no".into()) },
        What::ChecklistClosed { checklist: earlier.clone(), reason: "complete".into() },
        What::Plan { kind: "migration".into(), inputs: vec![("group".into(), Value::Nothing)] },
        What::Withdrawn { entry: earlier, reason: "slip".into() },
    ];
    all.extend(OperationKind::ALL.iter().map(|kind| operation(*kind)));
    let ids: Vec<String> = all
        .into_iter()
        .map(|what| {
            let said = what.to_string();
            let entry = Entry::new(at, Arc::clone(&by), what);
            format!("{} {said}", entry.id)
        })
        .collect();
    let ids: Vec<&str> = ids.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(ids.join("\n"), fs::read_to_string(golden("ids.txt")).unwrap().trim_end());
}

/// What `expected` says, `found` says too; it may say more.
fn differs(expected: &Json, found: &Json, place: &str, into: &mut Vec<String>) {
    match (expected, found) {
        (Json::Object(expected), Json::Object(found)) => {
            for (key, value) in expected {
                differs(value, found.get(key).unwrap_or(&Json::Null), &format!("{place}.{key}"), into);
            }
        }
        (Json::Array(expected), Json::Array(found)) if expected.len() == found.len() => {
            for (index, (expected, found)) in expected.iter().zip(found).enumerate() {
                differs(expected, found, &format!("{place}[{index}]"), into);
            }
        }
        _ if expected == found => {}
        _ => into.push(format!("{place}: {expected} became {found}")),
    }
}

#[test]
fn the_golden_journals_come_to_the_same_facts_and_checklists() {
    for name in JOURNALS {
        let (_folder, snapshot) = opened(name);
        let asked = |arguments: &[&str]| -> Json {
            let mut command: Command = assert_cmd::cargo::cargo_bin_cmd!("envdeck");
            for variable in ["ENVDECK_SNAPSHOT", "ENVDECK_AS", "ENVDECK_CHECKLISTS", "NO_COLOR"] {
                command.env_remove(variable);
            }
            command.args(arguments).arg("--snapshot").arg(&snapshot);
            let output = command.args(["--now", "2026-01-05T10:00:00Z", "--format", "json"]).output().unwrap();
            assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
            serde_json::from_slice(&output.stdout).unwrap()
        };
        let expected: Json = serde_json::from_str(&fs::read_to_string(golden(&format!("{name}.expected.json"))).unwrap()).unwrap();
        let list = |key: &str| expected.get(key).and_then(Json::as_array).cloned().unwrap_or_default();
        let mut differences = Vec::new();
        differs(&Json::Array(list("journal")), &asked(&["journal"]), "journal", &mut differences);
        for environment in list("show") {
            let id = environment.get("id").and_then(Json::as_str).unwrap().to_owned();
            differs(&environment, &asked(&["show", &id]), &format!("show {id}"), &mut differences);
        }
        for checklist in list("checklist") {
            let text = |value: &Json, key: &str| value.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
            let environment = checklist.get("environment").map(|environment| text(environment, "id")).unwrap();
            let found = asked(&["checklist", &environment, "--all"]);
            let found = found.as_array().unwrap().iter().find(|other| text(other, "id") == text(&checklist, "id"));
            let found = found.unwrap_or_else(|| panic!("{name}: {} is gone", text(&checklist, "id")));
            for key in ["checklist", "opened_at"] {
                assert_eq!(text(found, key), text(&checklist, key));
            }
            assert_eq!(found.get("closed").map(Json::is_null), checklist.get("open").and_then(Json::as_bool));
            let items = found.get("items").and_then(Json::as_array).unwrap();
            for item in checklist.get("items").and_then(Json::as_array).unwrap() {
                let now = items.iter().find(|now| text(now, "id") == text(item, "id")).unwrap_or(&Json::Null);
                differs(item, now, &format!("checklist {} {}", text(&checklist, "checklist"), text(item, "id")), &mut differences);
            }
        }
        // One thing is read better than it was then: what was begun and is said to have ended runs no more.
        assert!(differences.is_empty(), "{name}:\n{}", differences.join("\n"));
    }
}

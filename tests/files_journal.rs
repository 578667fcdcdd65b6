//! What a journal looks like in its file, that it reads back as it was, and what is said when it is broken.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

use std::io::Cursor;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use envdeck::domain::environment::EnvironmentId;
use envdeck::domain::fact::{self, Field, Kind, Shape};
use envdeck::domain::journal::{Entry, EntryId, ItemAct, Journal, Subject, Value, What};
use envdeck::domain::operation::{Acknowledgement, Operation, OperationKind, Outcome};
use envdeck::domain::request::account::{Line, Topic};
use envdeck::domain::verdict::{Answer, Code, Severity};
use envdeck::domain::words::Word;
use envdeck::files::journal::{read, write};
use proptest::collection::vec;
use proptest::prelude::*;

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_603_600 + minute * 60, 0).unwrap()
}

fn read_text(text: impl Into<Vec<u8>>) -> Result<Vec<Entry>, String> {
    read("c.journal.yaml", Cursor::new(text.into())).map_err(|problems| problems.to_string())
}

/// One entry of every kind, as a Monday morning would make them.
fn monday() -> Journal {
    let (thomas, isaac): (Arc<str>, Arc<str>) = (Arc::from("thomas@contoso.com"), Arc::from("isaac@contoso.com"));
    let (sales, uat) = (EnvironmentId::new("11111111-0000-4000-8000-000000000001"), EnvironmentId::new("11111111-0000-4000-8000-000000000002"));
    let mut journal = Journal::default();
    let mut add = |minute: i64, by: &Arc<str>, what: What| {
        let entry = Entry::new(at(minute), by.clone(), what);
        journal.add(entry.clone());
        entry.id
    };
    add(0, &thomas, What::Note { environment: uat.clone(), text: "Owner: Isaac. \"Do not touch\" before the demo: 12 Jan #urgent".into() });
    add(2, &thomas, What::Fact { about: Subject::Environment(uat.clone()), field: "managed".into(), value: Value::Flag(true) });
    add(3, &thomas, What::Fact { about: Subject::Environment(uat.clone()), field: "finance_operations".into(), value: Value::Nothing });
    add(4, &thomas, What::Fact { about: Subject::Environment(uat.clone()), field: "retention_days".into(), value: Value::Text("28".into()) });
    let roles = Value::List(vec!["power-platform-admin".into(), "global-admin".into()]);
    let tenant = Subject::Tenant("7c2f0c52-0000-4000-8000-000000000001".into());
    add(5, &thomas, What::Fact { about: tenant, field: "operator_roles".into(), value: roles });
    let copy = Operation {
        kind: OperationKind::Copy,
        source: Some(sales),
        target: uat.clone(),
        inputs: vec![
            ("level".into(), Value::Text("everything".into())),
            ("name".into(), Value::Text("Contoso UAT: January".into())),
            ("audit_logs".into(), Value::Flag(false)),
            ("security_group".into(), Value::Nothing),
            ("solutions".into(), Value::List(vec!["Core".into(), "none".into()])),
        ],
        verdict: Answer::Unknown,
        account: vec![Line { topic: Topic::Happens, text: "Contoso UAT is overwritten with Contoso Sales: \"all\" of it.".into() }],
        acknowledged: vec![
            Acknowledgement {
                code: Code::RegionMismatch,
                severity: Severity::Unknown,
                shown: "`region` of Contoso UAT is unknown".into(),
                by: thomas.clone(),
                at: at(9),
            },
            Acknowledgement {
                code: Code::OutsideSolution,
                severity: Severity::Warn,
                shown: "2 canvas apps stand outside solutions".into(),
                by: isaac.clone(),
                at: at(10),
            },
        ],
        ticket: Some("CHG0042917".into()),
        approver: Some(isaac.clone()),
        started_at: at(12),
        completed_at: Some(at(95)),
        outcome: Outcome::Succeeded,
    };
    let copied = add(95, &thomas, What::Operation(Box::new(copy)));
    let opened = add(96, &thomas, What::ChecklistOpened { environment: uat.clone(), checklist: "post-copy".into(), operation: Some(copied.clone()) });
    add(97, &isaac, What::Item { checklist: opened.clone(), item: "email.incoming".into(), act: ItemAct::Disabled, note: None });
    let mailbox = Some("uat-mail@contoso.com".into());
    let slip = add(98, &isaac, What::Item { checklist: opened.clone(), item: "email.outgoing".into(), act: ItemAct::Redirected, note: mailbox });
    add(99, &isaac, What::Withdrawn { entry: slip, reason: "that was the other mailbox".into() });
    let inputs = vec![("backup".into(), Value::Text("2025-12-28T18:02:00Z".into())), ("keep_name".into(), Value::Flag(true))];
    let plan = add(110, &thomas, What::Plan { kind: "restore-to-production".into(), inputs });
    let steps = add(111, &thomas, What::ChecklistOpened { environment: uat.clone(), checklist: "restore-to-production".into(), operation: Some(plan) });
    add(115, &thomas, What::Item { checklist: steps.clone(), item: "restore-to-sandbox".into(), act: ItemAct::Done, note: None });
    let note = Some("👍 checked with the team; Überprüfung: ok".into());
    add(120, &isaac, What::Item { checklist: steps, item: "check-with-owner".into(), act: ItemAct::Done, note });
    add(130, &isaac, What::ChecklistClosed { checklist: opened, reason: "complete".into() });
    journal
}

#[test]
fn a_monday_morning_reads_well() {
    let text = write(&monday());
    insta::assert_snapshot!(text);
    assert_eq!(read_text(text).unwrap(), monday().entries());
}

#[test]
fn an_empty_journal_is_a_journal() {
    assert_eq!(write(&Journal::default()), "schema: envdeck-journal/1\nentries: []\n");
    assert_eq!(read_text("schema: envdeck-journal/1\nentries: []\n"), Ok(Vec::new()));
}

#[test]
fn what_a_person_writes_by_hand_is_read() {
    let text =
        "schema: envdeck-journal/1\r\nentries: [{id: 1, at: 2026-01-05T10:00:00+01:00, by: me, item: {checklist: c, item: i, act: DONE, note: none}}]\r\n";
    let entries = read_text([b"\xef\xbb\xbf", text.as_bytes()].concat()).unwrap();
    let what = What::Item { checklist: EntryId::new("c"), item: "i".into(), act: ItemAct::Done, note: None };
    assert_eq!(entries, [Entry { id: EntryId::new("1"), at: at(0), by: Arc::from("me"), what }]);
}

#[test]
fn every_mistake_in_a_journal_is_named() {
    insta::assert_snapshot!(read_text(include_str!("files/broken.journal.yaml")).unwrap_err());
}

#[test]
fn what_is_no_journal_is_refused_in_one_sentence() {
    let texts: [&[u8]; 20] = [
        b"",
        b"# nothing\n",
        b"hello",
        b"- a\n",
        b"schema: envdeck/1\ntenants: []\n",
        b"schema: envdeck-journal/2\nentries: [{new: true}]\n",
        b"entries: []\nschema: envdeck-journal/1\n",
        b"schema: envdeck-journal/1\n",
        b"schema: envdeck-journal/1\nentries:\n",
        b"schema: envdeck-journal/1\nentries: none\n",
        b"schema: envdeck-journal/1\nentries: []\nentries: []\n",
        b"schema: envdeck-journal/1\nentrys: []\n",
        b"schema: envdeck-journal/1\nentries: [&a {}, *a]\n",
        b"schema: envdeck-journal/1\nentries: [!!str x]\n",
        b"schema: envdeck-journal/1\nentries: [{<<: {}}]\n",
        b"schema: envdeck-journal/1\nentries: [\n",
        b"schema: envdeck-journal/1\nentries: []\n---\nentries: []\n",
        b"schema: envdeck-journal/1\nentries: []\0\n",
        b"schema: envdeck-journal/1\nentries: [\xc3\x28]\n",
        b"\xff\xfes\0c\0",
    ];
    let said: Vec<_> = texts.iter().map(|text| read_text(*text).unwrap_err()).collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn nesting_is_bounded() {
    for (open, close) in [("[", "]"), ("{a: ", "}")] {
        let deep = format!("schema: envdeck-journal/1\nentries: {}{}\n", open.repeat(100_000), close.repeat(100_000));
        let said = read_text(deep).unwrap_err();
        assert!(said.contains("nested deeper than 32 levels") || said.contains("recursion limit"), "{said}");
    }
}

#[test]
fn a_mutilated_journal_never_panics_and_always_says_where() {
    let text = write(&monday()).into_bytes();
    let mut dice = 1_u64;
    let mut roll = |sides: usize| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(dice >> 33).unwrap() % sides
    };
    for round in 0..1_500 {
        let mut broken = text.clone();
        let place = roll(broken.len());
        match round % 5 {
            0 => broken[place] ^= 1 << roll(8),
            1 => broken.truncate(place),
            2 => drop(broken.splice(place..place, *b"\n  - id: x\n")),
            3 => broken[place] = [b'"', b'\'', b':', b'#', b'&', b'\t', 0, 0xff][roll(8)],
            _ => drop(broken.drain(place..(place + 40).min(text.len()))),
        }
        if let Err(said) = read_text(broken) {
            assert!(!said.is_empty() && said.lines().all(|line| line.starts_with("c.journal.yaml:")), "{said}");
        }
    }
}

/// Texts that YAML, a terminal or this format could take for something else.
fn texts() -> impl Strategy<Value = Box<str>> {
    let odd = [
        "none",
        "None",
        "~",
        "null",
        "true",
        "False",
        "yes",
        "n",
        "1e400",
        "-0",
        "0x1f",
        "28",
        "1_000",
        ".inf",
        ".NaN",
        "=",
        "<<",
        "2026-01-05",
        "12:30",
        "---",
        "...",
        "%a",
        "- a",
        "? a",
        ": a",
        "a: b",
        "a:",
        "a #b",
        "#",
        "[a]",
        "{a: b}",
        "&a",
        "*a",
        "!a",
        "|",
        ">",
        "@a",
        "`a`",
        "it's",
        "\"",
        "'",
        "\\",
        "\\n",
        " lead",
        "trail ",
        "",
        " ",
        "\n",
        "a\r\nb\tc",
        "\u{feff}",
        "\u{85}",
        "\u{2028}",
        "\u{1b}[2J",
        "\u{202e}a",
        "👩\u{200d}👧",
        "e\u{301}",
        "日本語",
        "\u{fffe}",
        "\u{10ffff}",
        "\u{a0}",
        "a\u{0}b",
    ];
    let long = "[a-z:# ]{0,1500}";
    prop_oneof![
        4 => prop::sample::select(odd.to_vec()).prop_map(str::to_owned),
        4 => ".{0,40}",
        3 => "[ -~]{0,60}",
        1 => long,
    ]
    .prop_map(String::into_boxed_str)
}

/// Texts that say something: ids and names.
fn names() -> impl Strategy<Value = Box<str>> {
    (texts(), "[a-z0-9-]{1,9}").prop_map(|(text, mark)| format!("{text}{mark}").into_boxed_str())
}

/// Ids, which files bring in harmless.
fn ids() -> impl Strategy<Value = Box<str>> {
    names().prop_map(|name| envdeck::files::text::harmless(&name).into())
}

fn values() -> impl Strategy<Value = Value> {
    prop_oneof![Just(Value::Nothing), any::<bool>().prop_map(Value::Flag), texts().prop_map(Value::Text), vec(texts(), 0..4).prop_map(Value::List)]
}

fn inputs() -> impl Strategy<Value = Vec<(Box<str>, Value)>> {
    vec((names(), values()), 0..4).prop_map(|mut inputs| {
        inputs.iter_mut().enumerate().for_each(|(index, (name, _))| *name = format!("{index}{}", name.chars().take(300).collect::<String>()).into());
        inputs
    })
}

fn instants() -> impl Strategy<Value = DateTime<Utc>> {
    (0_i64..253_402_300_799, prop_oneof![Just(0_u32), 0..1_000_000_000_u32]).prop_map(|(second, nano)| DateTime::from_timestamp(second, nano).unwrap())
}

fn words<W: Word + std::fmt::Debug>() -> impl Strategy<Value = W> {
    prop::sample::select(W::ALL.to_vec())
}

fn entry_ids() -> impl Strategy<Value = EntryId> {
    ids().prop_map(|id| EntryId::new(&id))
}

fn environments() -> impl Strategy<Value = EnvironmentId> {
    ids().prop_map(|id| EnvironmentId::new(&id))
}

fn people() -> impl Strategy<Value = Arc<str>> {
    names().prop_map(Arc::from)
}

fn maybe<T: std::fmt::Debug + Clone>(some: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    prop::option::of(some)
}

fn operations() -> impl Strategy<Value = What> {
    let acknowledged = (words::<Code>(), words::<Severity>(), texts(), people(), instants());
    let acknowledged = acknowledged.prop_map(|(code, severity, shown, by, at)| Acknowledgement { code, severity, shown, by, at });
    let about = (words::<OperationKind>(), maybe(environments()), environments(), inputs(), words::<Answer>());
    let account = vec((words::<Topic>(), texts()).prop_map(|(topic, text)| Line { topic, text }), 0..3);
    let outcome = (vec(acknowledged, 0..3), account, maybe(texts()), maybe(people()), instants(), maybe(instants()), words::<Outcome>());
    (about, outcome).prop_map(|((kind, source, target, inputs, verdict), (acknowledged, account, ticket, approver, started_at, completed_at, outcome))| {
        What::Operation(Box::new(Operation {
            kind,
            source,
            target,
            inputs,
            verdict,
            acknowledged,
            account,
            ticket,
            approver,
            started_at,
            completed_at,
            outcome,
        }))
    })
}

/// The shapes of the fields that can be answered.
fn shapes<S>(fields: &'static [Field<S>]) -> impl Strategy<Value = Shape> {
    let shapes: Vec<Shape> = fields.iter().map(|field| field.shape).filter(|shape| !matches!(shape.kind, Kind::InParts)).collect();
    prop::sample::select(shapes)
}

/// An answer that fits: where any text does, one that YAML could take for something else.
fn answer(shape: Shape, text: Box<str>, items: Vec<Box<str>>, none: bool) -> Value {
    match shape.kind {
        _ if none && shape.none => Value::Nothing,
        Kind::Text | Kind::Key => Value::Text(text),
        Kind::Texts => Value::List(items),
        _ => shape.parse(shape.example()).unwrap(),
    }
}

fn facts() -> impl Strategy<Value = What> {
    let of_environment = (environments(), shapes(fact::ENVIRONMENT)).prop_map(|(id, shape)| (Subject::Environment(id), shape));
    let of_tenant = (ids(), shapes(fact::TENANT)).prop_map(|(id, shape)| (Subject::Tenant(id), shape));
    (prop_oneof![of_environment, of_tenant], names(), vec(names(), 0..4), any::<bool>()).prop_map(|((about, shape), text, items, none)| What::Fact {
        about,
        field: shape.name.into(),
        value: answer(shape, text, items, none),
    })
}

fn journals() -> impl Strategy<Value = Journal> {
    let what = prop_oneof![
        (environments(), texts()).prop_map(|(environment, text)| What::Note { environment, text }),
        facts(),
        operations(),
        (environments(), names(), maybe(entry_ids())).prop_map(|(environment, checklist, operation)| What::ChecklistOpened {
            environment,
            checklist,
            operation
        }),
        (entry_ids(), names(), words(), maybe(texts())).prop_map(|(checklist, item, act, note)| What::Item { checklist, item, act, note }),
        (entry_ids(), texts()).prop_map(|(checklist, reason)| What::ChecklistClosed { checklist, reason }),
        (names(), inputs()).prop_map(|(kind, inputs)| What::Plan { kind, inputs }),
        (entry_ids(), texts()).prop_map(|(entry, reason)| What::Withdrawn { entry, reason }),
    ];
    vec((instants(), people(), what).prop_map(|(at, by, what)| Entry::new(at, by, what)), 0..6).prop_map(Journal::new)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_journal_reads_back_as_it_was_written(journal in journals()) {
        let text = write(&journal);
        let again = read_text(text.clone()).map_err(|said| TestCaseError::fail(format!("{said}\n{text}")))?;
        prop_assert_eq!(journal.entries(), again, "{}", text);
        prop_assert_eq!(write(&journal), text);
    }
}

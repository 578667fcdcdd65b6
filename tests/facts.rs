//! Typed facts: what each field can be answered with, and which of capture and answer counts.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

#[path = "support/facts.rs"]
mod world;

use std::sync::Arc;

use envdeck::domain::component::ComponentKind;
use envdeck::domain::environment::{CustomerManagedKey, Environment, EnvironmentId, EnvironmentRole, FinanceOperationsKind, FinanceOperationsType, Unread};
use envdeck::domain::estate::{Estate, Snapshot};
use envdeck::domain::fact::{self, Field, Kind, Of, in_words};
use envdeck::domain::journal::{Entry, Journal, Subject, Value, What};
use envdeck::domain::known::Known;
use envdeck::domain::operation::{Operation, OperationKind, Outcome};
use envdeck::domain::tenant::{Cloud, Tenant, TenantKey, TenantRole};
use envdeck::domain::typed::Source;
use envdeck::domain::verdict::Answer;
use envdeck::files::snapshot;
use world::{Is, Unknown, known, text, utc};

const CAPTURED: &str = "2026-01-05T07:00:00Z";
const BEFORE: &str = "2026-01-04T09:40:00Z";
const AFTER: &str = "2026-01-05T09:40:00Z";

fn id() -> EnvironmentId {
    EnvironmentId::new("e1")
}

fn unexplored() -> Environment {
    Environment::unexplored(TenantKey(0), id(), "Lab".into())
}

/// One environment in one tenant, captured by thomas, with this journal.
fn estate_as(environment: Environment, viewer: Option<&str>, entries: Vec<Entry>) -> Estate {
    let mut snapshot = Snapshot::default();
    (snapshot.captured_at, snapshot.operator) = (Is(utc(CAPTURED)), text("thomas@contoso.com"));
    let tenant = snapshot.add_tenant(Tenant { cloud: Is(Cloud::Gcc), ..Tenant::unexplored("t".into(), "Contoso".into()) });
    snapshot.add_environment(Environment { tenant, ..environment }).unwrap();
    Estate::new(snapshot, Journal::new(entries), None, viewer.map(Arc::from))
}

fn estate(environment: Environment, entries: Vec<Entry>) -> Estate {
    estate_as(environment, None, entries)
}

fn said(at: &str, by: &str, about: Subject, field: &str, value: Value) -> Entry {
    Entry::new(utc(at), Arc::from(by), What::Fact { about, field: field.into(), value })
}

fn fact(at: &str, field: &str, value: Value) -> Entry {
    said(at, "thomas@contoso.com", Subject::Environment(id()), field, value)
}

fn now(estate: &Estate) -> &Environment {
    estate.environment(estate.find(&id()).unwrap())
}

fn source(estate: &Estate, field: &str) -> String {
    match estate.source_of(&id(), field) {
        Source::Unknown => "unknown".to_owned(),
        Source::Captured => "captured".to_owned(),
        Source::Typed(typed) => typed.source(),
    }
}

/// What a person typed, as it is shown and as it is applied to something of which nothing is known.
fn typed<S>(field: &Field<S>, text: &str, unexplored: S) -> Result<String, String> {
    let value = field.shape.parse(text)?;
    assert!(field.fits(&value), "{}: {value:?} was parsed and does not fit", field.shape.name);
    let mut thing = unexplored;
    assert!(!field.agrees(&thing, &value), "{}: nothing is known", field.shape.name);
    field.apply(&value, &mut thing);
    assert!(field.agrees(&thing, &value), "{}: {value:?} was applied", field.shape.name);
    let Is(again) = field.get(&thing) else { panic!("{} was applied and is unknown", field.shape.name) };
    Ok(in_words(&again))
}

fn of_environment(name: &str, text: &str) -> Result<String, String> {
    typed(fact::of_environment(name).unwrap_or_else(|_| panic!("{name} is a field")), text, unexplored())
}

fn of_tenant(name: &str, text: &str) -> Result<String, String> {
    typed(fact::of_tenant(name).unwrap_or_else(|_| panic!("{name} is a field")), text, Tenant::unexplored("t".into(), "T".into()))
}

#[test]
fn every_field_takes_its_example_and_none_where_there_can_be_none() {
    fn all<S: Clone>(of: Of, table: &'static [Field<S>], unexplored: &S) {
        for field in table {
            let shape = field.shape;
            assert_eq!(fact::shape(of, shape.name).map(|shape| shape.name), Some(shape.name));
            for text in ["", "  ", "unknown", "\u{1}"] {
                let parsed = shape.parse(text);
                let free = matches!(shape.kind, Kind::Text | Kind::Texts | Kind::Key) && text == "\u{1}";
                assert!(parsed.is_err() || free, "{}: {text:?} became {parsed:?}", shape.name);
            }
            if matches!(shape.kind, Kind::InParts) {
                assert!(shape.parse("1").unwrap_err().contains("its parts one by one"), "{}", shape.name);
                assert!(fact::shape(of, shape.example()).is_some(), "{}", shape.name);
                continue;
            }
            typed(field, shape.example(), unexplored.clone()).unwrap_or_else(|wrong| panic!("{}: {wrong}", shape.name));
            let list = matches!(shape.kind, Kind::Words(_) | Kind::Texts | Kind::OnlyNone);
            match typed(field, "none", unexplored.clone()) {
                Ok(none) => assert!((shape.none || list) && none == "none", "{}: {none}", shape.name),
                Err(wrong) => assert!(!shape.none && !list, "{}: {wrong}", shape.name),
            }
            // What a file says is held to the same, and what is expected is said.
            assert!(fact::check(of, shape.name, &Value::List(vec![" ".into()])).unwrap_err().starts_with("expected "), "{}", shape.name);
        }
    }
    all(Of::Environment, fact::ENVIRONMENT, &unexplored());
    all(Of::Tenant, fact::TENANT, &Tenant::unexplored("t".into(), "T".into()));
}

#[test]
fn answers_are_read_as_people_write_them() {
    for (field, typed, shown) in [
        ("managed", "yes", "yes"),
        ("managed", " N ", "no"),
        ("admin_mode", "off", "no"),
        ("type", "Trial (subscription-based)", "trial-subscription"),
        ("operator_roles", "system-administrator, Environment-Admin", "system-administrator, environment-admin"),
        ("created_at", "2025-12-28", "2025-12-28T00:00:00Z"),
        ("created_at", "2025-12-28 18:02Z", "2025-12-28T18:02:00Z"),
        ("deleted_at", "2025-12-28T19:02:00+01:00", "2025-12-28T18:02:00Z"),
        ("dataverse", "yes", "yes"),
        ("dataverse", "None", "none"),
        ("dataverse.size_gb", "212.5 GB", "212.50"),
        ("retention_days", "28 days", "28"),
        ("customer_managed_key", "key-a", "key-a"),
        ("customer_managed_key", "yes", "yes"),
        ("finance_operations", "sandbox unified", "unified sandbox"),
        ("finance_operations", "LCS", "lcs"),
        ("finance_operations", "yes", "yes"),
        ("finance_operations.pitr_days", "14", "14"),
        ("dynamics_365_apps", "Sales,Customer Service ,", "Sales, Customer Service"),
        ("order_management.providers", "none", "none"),
        ("components.canvas-app", "none", "none"),
        ("backups", "none", "none"),
        ("security_group", "none", "none"),
    ] {
        assert_eq!(of_environment(field, typed).as_deref(), Ok(shown), "{field}: {typed}");
    }
    for (field, typed, shown) in [
        ("cloud", "GCC", "gcc"),
        ("capacity_gb.used", "420.25", "420.25"),
        ("operator_roles", "none", "none"),
        ("licences.total", "300", "300"),
        ("paid_subscriptions", "power-apps", "power-apps"),
        ("users", "none", "none"),
    ] {
        assert_eq!(of_tenant(field, typed).as_deref(), Ok(shown), "{field}: {typed}");
    }
}

#[test]
fn what_is_no_answer_says_what_is_expected() {
    for (field, typed, says) in [
        ("managed", "maybe", "expected yes or no, found \"maybe\""),
        ("managed", "none", "expected yes or no"),
        ("type", "sandbx", "unknown type \"sandbx\", did you mean \"sandbox\"?"),
        ("type", "zzz", "known are production, sandbox"),
        ("operator_roles", "system-administrator, god", "unknown role \"god\", known are environment-admin"),
        ("created_at", "yesterday", "such as 2026-01-05 09:00Z"),
        ("created_at", "none", "such as 2026-01-05 09:00Z"),
        ("region", "none", "a text such as emea"),
        ("dataverse", "large", "expected yes, or none"),
        ("dataverse.size_gb", "-1", "gigabytes such as 420.25"),
        ("retention_days", "10", "7, 14, 21 or 28 days, or none"),
        ("finance_operations", "lcs unified", "lcs or unified, production or sandbox"),
        ("finance_operations.pitr_days", "70000", "a whole number"),
        ("backups", "b1", "has to be written into the snapshot"),
        ("enterprise_policies", "network", "has to be written into the snapshot"),
        ("components.cloud-flow", "Quote approval", "has to be written into the snapshot"),
    ] {
        let wrong = of_environment(field, typed).unwrap_err();
        assert!(wrong.contains(says), "{field}: {wrong}");
    }
    assert!(of_tenant("capacity_gb", "500").unwrap_err().contains("capacity_gb.entitled"));
}

/// The keys that the reader of snapshots asks for in the map that `strange` stands in.
fn asked_for(snapshot: &str, strange: &str) -> Vec<String> {
    let problems = snapshot::read("t.yaml", std::io::Cursor::new(snapshot.to_owned())).unwrap_err();
    let message = &problems.list.iter().find(|problem| problem.message.contains(strange)).unwrap().message;
    message.split_once("known are ").unwrap().1.split(", ").map(str::to_owned).collect()
}

#[test]
fn the_table_has_every_field_that_snapshots_have() {
    const STRANGE: &str = "qqqqqqqqqqqqqqqqqqqqqqqqqqqq";
    fn top<S>(table: &'static [Field<S>]) -> Vec<&'static str> {
        table.iter().map(|field| field.shape.name).filter(|field| !field.contains('.')).collect()
    }
    let tenant = asked_for(&format!("schema: envdeck/1\ntenants: [{{ id: t, name: T, {STRANGE}: 1, environments: [] }}]\n"), STRANGE);
    let tenant: Vec<_> = tenant.iter().filter(|key| !["id", "name", "seen", "environments"].contains(&key.as_str())).collect();
    assert_eq!(tenant, top(fact::TENANT).iter().collect::<Vec<_>>());
    let environment = asked_for(&format!("schema: envdeck/1\ntenants: [{{ id: t, name: T, environments: [{{ id: e, name: E, {STRANGE}: 1 }}] }}]\n"), STRANGE);
    // Since when backups are there and when facts were seen, only a capture says; what somebody knows of a retention,
    // `retention_days` takes.
    let environment: Vec<_> =
        environment.iter().filter(|key| !["id", "name", "components", "backups_available_from", "seen"].contains(&key.as_str())).collect();
    assert_eq!(environment, top(fact::ENVIRONMENT).iter().collect::<Vec<_>>());
}

#[test]
fn an_answer_fills_what_the_capture_leaves_open_whichever_is_newer() {
    for at in [BEFORE, AFTER] {
        let estate = estate(unexplored(), vec![fact(at, "managed", Value::Flag(true)), fact(at, "components.canvas-app", Value::List(Vec::new()))]);
        assert_eq!(now(&estate).managed, Is(true));
        assert_eq!(now(&estate).components.of(ComponentKind::CanvasApp), Is(&[][..]));
        assert_eq!(source(&estate, "managed"), format!("typed by thomas {}", if at == BEFORE { "04 Jan" } else { "05 Jan" }));
        assert_eq!(source(&estate, "region"), "unknown");
        assert!(estate.disagreements().is_empty());
    }
}

#[test]
fn of_capture_and_answer_the_newer_counts_and_both_are_kept() {
    let captured = || Environment { managed: Is(false), ..unexplored() };
    let newer = estate(captured(), vec![fact(AFTER, "managed", Value::Flag(true))]);
    assert_eq!((now(&newer).managed, source(&newer, "managed").as_str()), (Is(true), "captured: no; typed by thomas 05 Jan"));
    assert_eq!(newer.disagreements(), ["Lab: managed is no as captured, thomas typed yes; what was typed is newer and counts"]);
    let older = estate(captured(), vec![fact(BEFORE, "managed", Value::Flag(true))]);
    assert_eq!((now(&older).managed, source(&older, "managed").as_str()), (Is(false), "typed: yes; by thomas 04 Jan"));
    assert_eq!(older.disagreements(), ["Lab: managed is no as captured, thomas typed yes; the capture is newer and counts"]);
    // The demo begins at the instant of its capture.
    assert_eq!(now(&estate(captured(), vec![fact(CAPTURED, "managed", Value::Flag(true))])).managed, Is(true));
    let same = estate(captured(), vec![fact(AFTER, "managed", Value::Flag(false))]);
    assert_eq!((now(&same).managed, source(&same, "managed").as_str(), same.disagreements().len()), (Is(false), "captured", 0));
}

#[test]
fn an_answer_is_newer_or_older_than_the_look_at_its_own_group_of_facts() {
    use envdeck::domain::seen::{FactGroup, Group, Look};
    let mut captured = Environment { managed: Is(false), backups: Is(vec![world::backup("2026-01-04T09:00:00Z")]), ..unexplored() };
    captured.seen.renew(Group::Facts(FactGroup::State), Look { at: utc("2026-01-05T10:00:00Z"), source: Unknown });
    captured.seen.renew(Group::Facts(FactGroup::Backups), Look { at: utc("2026-01-04T09:30:00Z"), source: Unknown });
    let answers = vec![fact(AFTER, "managed", Value::Flag(true)), fact(BEFORE, "backups", Value::List(Vec::new()))];
    let estate = estate(captured, answers);
    assert_eq!(now(&estate).managed, Is(false), "the state was looked at after the answer");
    assert_eq!(now(&estate).backups, Is(Vec::new()), "the backups were looked at before the answer");
}

#[test]
fn who_answers_the_sum_of_the_storage_says_nothing_of_its_types_and_the_other_way_round() {
    let tenant = |answers: &[(&str, &str)]| {
        let mut snapshot = Snapshot::default();
        snapshot.captured_at = Is(utc(CAPTURED));
        let captured = Tenant { capacity: world::types([("320", "310"), ("20", "30.25"), ("160", "80")]), ..Tenant::unexplored("t".into(), "Contoso".into()) };
        let key = snapshot.add_tenant(captured);
        let entries = answers.iter().map(|(field, size)| said(AFTER, "thomas", Subject::Tenant("t".into()), field, Value::Text((*size).into()))).collect();
        Estate::new(snapshot, Journal::new(entries), None, None).tenant(key).capacity
    };
    let summed = tenant(&[("capacity_gb.used", "450")]);
    assert_eq!((summed.used, summed.database.used, summed.database.entitled), (world::gb("450"), Unknown, world::gb("320")));
    let of_type = tenant(&[("capacity_gb.database.used", "200")]);
    assert_eq!((of_type.used, of_type.database_left()), (world::gb("310.25"), world::gb("109.75")));
}

#[test]
fn a_later_answer_takes_the_place_of_an_earlier_one_until_it_is_withdrawn() {
    let (first, second) = (fact(BEFORE, "managed", Value::Flag(true)), fact(AFTER, "managed", Value::Flag(false)));
    let withdraw =
        |entry: &Entry| Entry::new(utc("2026-01-06T09:00:00Z"), Arc::from("isaac"), What::Withdrawn { entry: entry.id.clone(), reason: "taken back".into() });
    let both = estate(unexplored(), vec![first.clone(), second.clone()]);
    assert_eq!((now(&both).managed, source(&both, "managed").as_str()), (Is(false), "typed by thomas 05 Jan"));
    assert_eq!(both.journal().entries().len(), 2);
    let one = estate(unexplored(), vec![first.clone(), second.clone(), withdraw(&second)]);
    assert_eq!((now(&one).managed, source(&one, "managed").as_str()), (Is(true), "typed by thomas 04 Jan"));
    let none = estate(unexplored(), vec![first.clone(), second.clone(), withdraw(&second), withdraw(&first)]);
    assert_eq!((now(&none).managed, source(&none, "managed").as_str()), (Unknown, "unknown"));
}

#[test]
fn an_answer_that_says_less_leaves_what_is_known_better() {
    let key = || Is(Some(CustomerManagedKey { name: Is("key-a".into()) }));
    let estate = estate(
        Environment { customer_managed_key: key(), finance_operations: Is(world::half(Is(FinanceOperationsKind::Lcs), Is("10.0.44"))), ..unexplored() },
        vec![
            fact(AFTER, "customer_managed_key", Value::Flag(true)),
            fact(AFTER, "finance_operations", Value::Flag(true)),
            fact(AFTER, "finance_operations.type", Value::Text("production".into())),
        ],
    );
    let lab = now(&estate);
    assert_eq!(lab.customer_managed_key, key());
    let Is(Some(half)) = &lab.finance_operations else { panic!("{lab:?}") };
    assert_eq!((half.kind, half.kind_of_environment, &*half.name), (Is(FinanceOperationsKind::Lcs), Is(FinanceOperationsType::Production), "Ledger"));
    assert_eq!(
        (source(&estate, "finance_operations").as_str(), source(&estate, "finance_operations.type").as_str()),
        ("captured", "captured: sandbox; typed by thomas 05 Jan")
    );
}

#[test]
fn a_part_says_that_there_is_one() {
    let size = || fact(AFTER, "dataverse.size_gb", Value::Text("12".into()));
    let open = estate(unexplored(), vec![size()]);
    assert!(now(&open).has_database() == Is(true) && now(&open).dataverse.is(|dataverse| dataverse.as_ref().is_some_and(|d| d.size == world::gb("12"))));
    let none = estate(Environment { dataverse: Is(None), ..unexplored() }, vec![size()]);
    assert_eq!(source(&none, "dataverse.size_gb"), "captured: none; typed by thomas 05 Jan");
}

#[test]
fn a_word_of_a_newer_world_is_kept_beside_the_answer() {
    let newer = Environment { unread: vec![Unread { field: "type", word: "Copilot".into(), at: Box::default() }], ..unexplored() };
    let estate = estate(newer, vec![fact(BEFORE, "type", Value::Text("sandbox".into()))]);
    assert_eq!((now(&estate).kind, now(&estate).unread_word("type")), (Is(world::Sandbox), None));
    assert_eq!(source(&estate, "type"), "captured: Copilot; typed by thomas 04 Jan");
}

fn switched(at: &str, on: bool) -> Entry {
    let operation = Operation {
        kind: OperationKind::AdminMode,
        source: None,
        target: id(),
        inputs: vec![("on".into(), Value::Flag(on))],
        verdict: Answer::Allowed,
        account: Vec::new(),
        acknowledged: Vec::new(),
        ticket: None,
        approver: None,
        started_at: utc(at),
        completed_at: Some(utc(at)),
        outcome: Outcome::Succeeded,
    };
    Entry::new(utc(at), Arc::from("thomas@contoso.com"), What::Operation(Box::new(operation)))
}

#[test]
fn operations_and_answers_move_the_facts_on_in_the_order_in_which_they_were_recorded() {
    let typed = fact(AFTER, "admin_mode", Value::Flag(false));
    let moved = estate(unexplored(), vec![typed.clone(), switched("2026-01-05T10:00:00Z", true)]);
    assert_eq!((now(&moved).admin_mode, source(&moved, "admin_mode").as_str()), (Is(true), "captured"));
    let answered = estate(unexplored(), vec![switched("2026-01-05T08:00:00Z", true), typed]);
    assert_eq!((now(&answered).admin_mode, source(&answered, "admin_mode").as_str()), (Is(false), "typed by thomas 05 Jan"));
}

/// An import leaves the same facts open every time, so an answer outlives captures, but not what was done since.
#[test]
fn what_was_typed_before_an_operation_does_not_come_back_with_a_newer_capture() {
    let typed = || [fact(BEFORE, "admin_mode", Value::Flag(false)), fact(BEFORE, "managed", Value::Flag(true))];
    let entries = typed().into_iter().chain([switched("2026-01-04T10:00:00Z", true)]);
    let newer = estate(unexplored(), entries.collect());
    assert_eq!((now(&newer).admin_mode, source(&newer, "admin_mode").as_str()), (Is(true), "captured"));
    assert_eq!((now(&newer).managed, source(&newer, "managed").as_str()), (Is(true), "typed by thomas 04 Jan"), "which the switch does not touch");
    let earlier = typed().into_iter().chain([switched("2026-01-04T09:00:00Z", true)]);
    assert_eq!(now(&estate(unexplored(), earlier.collect())).admin_mode, Is(false));
    let captured = Environment { admin_mode: Is(false), ..unexplored() };
    let entries = typed().into_iter().chain([switched("2026-01-04T10:00:00Z", true)]);
    assert_eq!(now(&estate(captured, entries.collect())).admin_mode, Is(false), "the capture saw it later");
}

#[test]
fn every_field_takes_over_what_is_known_elsewhere() {
    for field in fact::ENVIRONMENT {
        let (mut from, mut to) = (unexplored(), unexplored());
        let value = field.shape.parse(field.shape.example()).unwrap();
        field.apply(&value, &mut from);
        field.apply(&value, &mut to);
        field.adopt(&unexplored(), &mut to);
        assert!(field.get(&to).is_unknown(), "{}", field.shape.name);
        if !field.shape.name.contains('.') || field.shape.name.starts_with("components.") {
            field.adopt(&from, &mut to);
            assert!(field.agrees(&to, &value), "{}", field.shape.name);
        }
    }
}

#[test]
fn the_tenant_is_answered_once_for_all() {
    let about = || Subject::Tenant("t".into());
    let roles = Value::List(vec!["power-platform-admin".into()]);
    let estate = estate(
        unexplored(),
        vec![
            said(AFTER, "thomas@contoso.com", about(), "operator_roles", roles),
            said(AFTER, "thomas@contoso.com", about(), "capacity_gb.used", Value::Text("420.25".into())),
            said(BEFORE, "isaac@contoso.com", about(), "cloud", Value::Text("public".into())),
            said(AFTER, "thomas@contoso.com", Subject::Tenant("another".into()), "lockbox", Value::Flag(true)),
        ],
    );
    let tenant = estate.tenant(TenantKey(0));
    assert_eq!(
        (&tenant.operator_roles, tenant.capacity.used, tenant.cloud, tenant.lockbox),
        (&Is(vec![TenantRole::PowerPlatformAdmin]), world::gb("420.25"), Is(Cloud::Gcc), Unknown)
    );
    assert_eq!(estate.tenants().next().unwrap().1, tenant);
    let Source::Typed(cloud) = estate.source_of_tenant(TenantKey(0), "cloud") else { panic!("both are kept") };
    assert_eq!((cloud.counts, cloud.source().as_str()), (false, "typed: public; by isaac 04 Jan"));
    assert_eq!(estate.disagreements(), ["Contoso: cloud is gcc as captured, isaac typed public; the capture is newer and counts"]);
}

#[test]
fn roles_are_those_of_the_operator_and_answers_about_roles_of_others_say_nothing() {
    let roles = |by: &str| said(AFTER, by, Subject::Environment(id()), "operator_roles", Value::List(vec!["system-administrator".into()]));
    let of = |by: &str, viewer: Option<&str>| now(&estate_as(unexplored(), viewer, vec![roles(by)])).operator_roles.clone();
    assert_eq!(of("Thomas@contoso.com", None), Is(vec![EnvironmentRole::SystemAdministrator]));
    assert_eq!(of("isaac@contoso.com", None), Unknown);
    assert_eq!(of("isaac@contoso.com", Some("isaac@contoso.com")), Unknown, "the snapshot speaks of thomas");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "this test is about how long something lasts")]
fn thousands_of_answers_are_folded_in_no_time() {
    const MANY: usize = 10_000;
    let mut snapshot = Snapshot::default();
    snapshot.captured_at = Is(utc(CAPTURED));
    let tenant = snapshot.add_tenant(Tenant::unexplored("t".into(), "T".into()));
    let mut entries = Vec::new();
    for number in 0..MANY {
        let id = EnvironmentId::new(&format!("e{number}"));
        snapshot.add_environment(Environment { id: id.clone(), tenant, ..known(&format!("E {number}"), world::Sandbox) }).unwrap();
        for (field, value) in [("managed", Value::Flag(false)), ("region", Value::Text("emea".into()))] {
            entries.push(said(AFTER, "thomas", Subject::Environment(id.clone()), field, value));
        }
    }
    let mut estate = Estate::new(snapshot, Journal::new(entries), None, None);
    let begun = std::time::Instant::now();
    estate.record([said(AFTER, "thomas", Subject::Tenant("t".into()), "lockbox", Value::Flag(true))]);
    // Generous for a slow machine and a build for debugging; what is quadratic takes minutes.
    assert!(begun.elapsed() < std::time::Duration::from_secs(5), "{:?}", begun.elapsed());
    assert!(estate.environments().all(|(_, environment)| environment.managed == Known::Is(false)));
    assert_eq!(estate.disagreements().len(), MANY);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "this test is about how long something lasts")]
fn years_of_operations_checklists_and_notes_of_one_environment_are_told_in_no_time() {
    const MANY: usize = 20_000;
    let at = |number: usize| utc(BEFORE) - chrono::TimeDelta::seconds(i64::try_from(10 * MANY - number).unwrap());
    let mut entries = Vec::new();
    for number in 0..MANY {
        let copy = |at| Operation {
            kind: OperationKind::Copy,
            source: Some(EnvironmentId::new("e2")),
            target: id(),
            inputs: vec![("level".into(), Value::Text("everything".into())), ("name".into(), Value::Text("Lab".into()))],
            verdict: Answer::Allowed,
            account: Vec::new(),
            acknowledged: Vec::new(),
            ticket: None,
            approver: None,
            started_at: at,
            completed_at: Some(at),
            outcome: Outcome::Succeeded,
        };
        let say = |after: usize, what: What| Entry::new(at(4 * number + after), Arc::from("thomas"), what);
        let operation = say(0, What::Operation(Box::new(copy(at(4 * number)))));
        let checklist = What::ChecklistOpened { environment: id(), checklist: "post-copy".into(), operation: Some(operation.id.clone()) };
        entries.extend([operation, say(1, checklist), say(2, What::Note { environment: id(), text: number.to_string().into() })]);
    }
    let journal = Journal::new(entries);
    let templates = envdeck::files::checklist::built_in().unwrap();
    let begun = std::time::Instant::now();
    assert_eq!(envdeck::domain::checklist::open_for(&journal, &templates, &id()).len(), 1);
    assert_eq!(journal.notes(&id()).count(), MANY);
    // Generous for a slow machine and a build for debugging; what is quadratic takes minutes.
    assert!(begun.elapsed() < std::time::Duration::from_secs(5), "{:?}", begun.elapsed());
}

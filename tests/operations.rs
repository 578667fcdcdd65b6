//! What an environment is after each operation, field by field, and that what is recorded is read back as it was meant.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "support/facts.rs"]
mod facts;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use envdeck::domain::after::{Done, after};
use envdeck::domain::backup::{Readiness, Window, readiness, window};
use envdeck::domain::component::{Component, ComponentKind, Property};
use envdeck::domain::copy::Level;
use envdeck::domain::environment::{Dataverse, Environment, EnvironmentType};
use envdeck::domain::estate::{Estate, Snapshot, entries_of};
use envdeck::domain::gigabytes::Gigabytes;
use envdeck::domain::journal::{Entry, Journal, What};
use envdeck::domain::operation::{Operation, OperationKind, Outcome};
use envdeck::domain::request::Choice::{self, Chosen};
use envdeck::domain::request::{Back, Change, Group, Half, Move, Movement, Request, UserMapping};
use envdeck::domain::restore::{Point, Restore};
use envdeck::domain::retention::retention;
use envdeck::domain::rulebook::Edition;
use envdeck::domain::tenant::{Tenant, TenantKey};
use envdeck::domain::verdict::{Answer, Code, Severity};
use envdeck::files;
use facts::*;

const NOW: &str = "2026-01-05T09:00:00Z";

fn done(change: &Change, source: Option<&Environment>, target: &Environment) -> Environment {
    after(change, source, target, Done { by: "thomas@contoso.com", at: utc(NOW), edition: Edition::Articles })
}

fn restore(back: Back, audit_logs: bool, name: &str, half: Option<Half>) -> Change {
    Change::Restore { back: Chosen(back), audit_logs: Chosen(audit_logs), name: Chosen(name.into()), half: half.into() }
}

fn back_to(at: &str) -> Change {
    restore(Back::To(utc(at)), false, "UAT", None)
}

/// One of every change with all its choices.
fn changes() -> Vec<Change> {
    let at = utc("2026-01-04T14:35:00Z");
    let text = |text: &str| -> Box<str> { text.into() };
    vec![
        Change::Copy { level: Chosen(Level::Everything), audit_logs: Choice::Open, name: Chosen(text("A")), group: Chosen(Group::Keep), half: Choice::Open },
        Change::Copy {
            level: Chosen(Level::Customizations),
            audit_logs: Chosen(false),
            name: Chosen(text("A")),
            group: Chosen(Group::Only(text("g1"))),
            half: Chosen(Half::Moves(Movement::Import)),
        },
        restore(Back::To(at), false, "A", None),
        restore(Back::To(at), false, "A", Some(Half::Left)),
        restore(Back::Backup(text("b1"), at), true, "A", Some(Half::Restored(at))),
        Change::Backup { id: text("m1"), name: Chosen(text("Before")), notes: text(""), half: Chosen(Half::BackedUp) },
        Change::Create { tenant: text("t"), name: Chosen(text("N")), kind: Chosen(Developer), region: Chosen(text("emea")) },
        Change::Create { tenant: text("t"), name: Chosen(text("N")), kind: Chosen(Sandbox), region: Choice::Open },
        Change::DeleteBackup(Chosen(text("b1"))),
        Change::Retention { days: 14, before: Some(7) },
        Change::Retention { days: 14, before: None },
        Change::Switch { to: EnvironmentType::Production, sandbox_days: 7 },
        Change::Reset,
        Change::Delete,
        Change::Recover,
        Change::Edit { name: Chosen(text("B")), group: Chosen(Group::Open) },
        Change::RenameUrl(Chosen(text("https://b.crm4.dynamics.com"))),
        Change::AdminMode(true),
        Change::Background(false),
        Change::DeleteFinanceOperations,
        Change::Migrate(Box::new(moved_to("t"))),
        Change::Migrate(Box::new(Move { same_region: true, group: None, mapping: None, cut_over: None, ..moved_to("t") })),
    ]
}

/// A move with all its choices.
fn moved_to(tenant: &str) -> Move {
    let row = |name: &str| (format!("{name}@contoso.com").into(), format!("{name}@fabrikam.com").into());
    Move {
        to: tenant.into(),
        same_region: false,
        group: Some("b8ff393d-d6cd-4860-83ea-ca3ea3d1c99c".into()),
        mapping: Some(UserMapping { file: "maps/sales.csv".into(), users: vec![row("isaac"), row("lena")], found: None }),
        cut_over: DateTime::parse_from_rfc3339("2026-01-10T21:00:00+01:00").ok(),
    }
}

fn operation(request: &Request, at: DateTime<Utc>) -> Operation {
    Operation {
        kind: request.change.kind(),
        source: request.source.clone(),
        target: request.target.clone(),
        inputs: request.inputs(),
        verdict: Answer::Allowed,
        account: Vec::new(),
        acknowledged: Vec::new(),
        ticket: None,
        approver: None,
        started_at: at,
        completed_at: Some(at),
        outcome: Outcome::Succeeded,
    }
}

#[test]
fn what_is_recorded_is_read_back_as_it_was_meant() {
    for change in changes() {
        let source = matches!(change, Change::Copy { .. } | Change::Restore { .. }).then(|| sales().id);
        let request = Request { source, target: uat().id, change };
        assert_eq!(Request::of(&operation(&request, utc(NOW))), Some(request));
    }
}

#[test]
fn only_copies_restores_and_moves_open_a_checklist() {
    let estate = Estate::new(Snapshot::default(), Journal::default(), None, None);
    for change in changes() {
        let request = Request { source: Some(sales().id), target: uat().id, change };
        let entries = entries_of(operation(&request, utc(NOW)), &files::checklist::built_in().unwrap(), &estate, Arc::from("thomas"), utc(NOW));
        let opened = entries.iter().find_map(|entry| if let What::ChecklistOpened { checklist, .. } = &entry.what { Some(&**checklist) } else { None });
        let expected = match request.change.kind() {
            OperationKind::Copy => Some("post-copy"),
            OperationKind::Restore => Some("post-restore"),
            OperationKind::Migrate => Some("post-migration"),
            _ => None,
        };
        assert_eq!(opened, expected);
    }
}

fn part(name: &str, in_solution: bool, property: Option<(&'static str, &str)>) -> Component {
    let mut part = component(name, Is(in_solution));
    if let Some((name, value)) = property {
        part.set(name, Property::Text(value.into()));
    }
    part
}

fn names(environment: &Environment, kind: ComponentKind) -> Vec<String> {
    match environment.components.of(kind) {
        Is(list) => list.iter().map(|component| component.name.to_string()).collect(),
        Unknown => panic!("{kind:?} is known"),
    }
}

/// Production and a sandbox that have apps and flows in solutions and outside.
fn ends() -> (Environment, Environment) {
    let (mut source, mut target) = (sales(), uat());
    source.dataverse = Is(Some(Dataverse { version: text("9.2"), size: gb("212"), audit: gb("40") }));
    target.dataverse = Is(Some(Dataverse { version: text("9.1"), size: gb("50"), audit: gb("5") }));
    source.components.insert(ComponentKind::CloudFlow, vec![part("In", true, Some(("state", "enabled"))), part("Out", false, None)]);
    target.components.insert(ComponentKind::CloudFlow, vec![part("Own in", true, None), part("Own out", false, Some(("state", "enabled")))]);
    let apps = vec![part("Everyone's", true, Some(("shared_with", "everyone"))), part("Vendors'", true, Some(("shared_with", "Vendors")))];
    source.components.insert(ComponentKind::CanvasApp, apps);
    target.components.insert(ComponentKind::CanvasApp, Vec::new());
    source.components.insert(ComponentKind::ConnectionReference, vec![part("Mail", true, Some(("connection", "c1")))]);
    source.components.insert(ComponentKind::Mailbox, vec![part("isaac", true, None)]);
    target.backups = Is(vec![backup("2026-01-03T10:00:00Z")]);
    source.backups = Is(vec![backup("2026-01-01T10:00:00Z")]);
    (source, target)
}

#[test]
fn after_a_restore_each_field_is_as_the_rules_say() {
    let (source, target) = ends();
    let (before, restored) = (source.clone(), done(&back_to("2026-01-04T14:35:00Z"), Some(&source), &target));
    assert_eq!(source, before, "the source keeps its state");
    assert_eq!((&*restored.name, &restored.id, restored.kind), ("UAT", &target.id, target.kind));
    assert_eq!((restored.admin_mode, restored.background_operations), (Is(true), Is(false)), "RST-049, G-10");
    assert_eq!(restored.backups, target.backups, "BKP-080, C-19");
    // Solution flows of the target are gone, its others stay, and those that arrive are off (RST-051 to RST-053); what the
    // source has outside solutions is no part of a backup (BKP-031).
    assert_eq!(names(&restored, ComponentKind::CloudFlow), ["In", "Own out"]);
    let Is(flows) = restored.components.of(ComponentKind::CloudFlow) else { panic!() };
    assert_eq!(flows[0].property("state"), Is(&Property::Text("disabled".into())));
    assert_eq!(flows[1].property("state"), Is(&Property::Text("enabled".into())));
    // Sharing with everyone ends, with groups it is kept (RST-058, RST-059); ids are others (RST-060).
    let (Is(apps), Is(originals)) = (restored.components.of(ComponentKind::CanvasApp), source.components.of(ComponentKind::CanvasApp)) else { panic!() };
    assert_eq!(apps[0].property("shared_with"), Is(&Property::Nothing));
    assert_eq!(apps[1].property("shared_with"), Is(&Property::Text("Vendors".into())));
    assert!(apps.iter().zip(originals).all(|(app, original)| app.id != original.id));
    // Connection references are unbound (RST-056), what lives in the database comes along.
    let Is(references) = restored.components.of(ComponentKind::ConnectionReference) else { panic!() };
    assert_eq!(references[0].property("connection"), Is(&Property::Nothing));
    assert_eq!(names(&restored, ComponentKind::Mailbox), ["isaac"]);
    // How large it was then, nobody knows; from the system backup no audit logs come along (C-23).
    assert_eq!(restored.dataverse, Is(Some(Dataverse { version: Unknown, size: Unknown, audit: Is(Gigabytes::whole(0)) })));
    // Everything else stays.
    assert_eq!((restored.region, restored.managed, restored.retention_days), (target.region, target.managed, target.retention_days));
}

#[test]
fn audit_logs_come_from_manual_backups_and_stay_when_restored_onto_itself() {
    let (source, target) = ends();
    let audit = |environment: Environment| match environment.dataverse {
        Is(Some(dataverse)) => dataverse.audit,
        other => panic!("{other:?}"),
    };
    let manual = |audit_logs| restore(Back::Backup("b".into(), utc("2026-01-01T10:00:00Z")), audit_logs, "UAT", None);
    assert_eq!(audit(done(&manual(true), Some(&source), &target)), gb("40"));
    assert_eq!(audit(done(&manual(false), Some(&source), &target)), gb("0"));
    let system = restore(Back::To(utc("2026-01-01T10:00:00Z")), true, "UAT", None);
    assert_eq!(audit(done(&system, Some(&source), &target)), gb("0"), "C-23");
    assert_eq!(audit(done(&system, Some(&target), &target)), gb("5"), "RST-005, RST-006");
}

#[test]
fn a_retention_that_is_lengthened_brings_nothing_back_and_doubts_the_last_day() {
    let book = books().articles;
    let mut hr = known("Contoso HR", Production);
    hr.retention_days = Is(Some(7));
    // Would have gone within a day, would have stayed for longer, and gone already.
    hr.backups = Is(vec![backup("2025-12-29T21:00:00Z"), backup("2025-12-30T10:00:00Z"), backup("2025-12-28T09:00:00Z")]);
    let after = done(&Change::Retention { days: 28, before: Some(7) }, None, &hr);
    assert_eq!(after.retention_days, Is(Some(28)));
    let Is(backups) = &after.backups else { panic!() };
    assert_eq!(
        backups.iter().map(|backup| (backup.label(), backup.may_be_gone)).collect::<Vec<_>>(),
        [("2025-12-29T21:00:00Z".to_owned(), true), ("2025-12-30T10:00:00Z".to_owned(), false)]
    );
    assert_eq!(window(&after, &book, utc(NOW)), Is(Some(Window { from: utc("2025-12-29T09:00:00Z"), to: utc(NOW) })), "only what was kept until now");
    let later = utc("2026-01-16T09:00:00Z");
    assert_eq!(window(&after, &book, later), Is(Some(Window { from: utc("2025-12-29T09:00:00Z"), to: later })));
    let kept = retention(&after, &book);
    assert_eq!(readiness(&backups[0], &kept, &book, later), Unknown, "it may have been removed before the change reached it (C-10)");
    assert_eq!(readiness(&backups[1], &kept, &book, later), Is(Readiness::Ready));
}

#[test]
fn what_a_shorter_retention_removed_cannot_be_restored_after_it_was_lengthened() {
    let mut hr = known("Contoso HR", Production);
    (hr.retention_days, hr.dynamics_365_apps) = (Is(Some(7)), Is(Vec::new()));
    let lengthened = done(&Change::Retention { days: 28, before: Some(7) }, None, &hr);
    let world = World::new(Edition::Articles);
    let codes = |source: &Environment, at: &str| {
        let restore = Restore { source, target: &uat(), point: Some(Point::Instant(utc(at))), audit_logs: false, paired_at: None, half_left: false };
        let findings = judge(Question::Restore(restore), &world.estate(), &books(), utc(NOW)).findings;
        findings.iter().filter(|finding| finding.severity < Severity::Warn).map(|finding| finding.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(&lengthened, "2025-12-29T08:59:59Z"), [Code::BackupExpired, Code::BackupMayBeGone]);
    assert_eq!(codes(&lengthened, "2025-12-29T09:00:00Z"), [Code::BackupMayBeGone], "it may have gone before the change reached it");
    assert_eq!(codes(&lengthened, "2025-12-30T09:00:00Z"), []);
}

#[test]
fn the_worked_example_of_the_article_holds() {
    // Made on January 1 with 7 days; set to 14 on January 8; on January 16 the backups of January 3 to 16 are there (C-09).
    let book = books().articles;
    let mut hr = known("HR", Production);
    (hr.created_at, hr.retention_days) = (Is(utc("2026-01-01T12:00:00Z")), Is(Some(7)));
    let day = |day: i64| utc("2026-01-01T12:00:00Z") + TimeDelta::days(day - 1);
    assert_eq!(window(&hr, &book, day(8)), Is(Some(Window { from: day(1), to: day(8) })));
    let set = after(&Change::Retention { days: 14, before: Some(7) }, None, &hr, Done { by: "t", at: day(8), edition: Edition::Articles });
    let Is(Some(window)) = window(&set, &book, day(16)) else { panic!() };
    assert_eq!((window.from, window.first_whole_day().unwrap().to_string()), (day(2), "2026-01-03".to_owned()));
}

#[test]
fn a_sandbox_that_becomes_production_promises_nothing_older_than_what_it_kept() {
    let mut pilot = uat();
    pilot.dynamics_365_apps = Is(vec![Arc::from("Sales")]);
    pilot.backups = Is(vec![backup("2026-01-04T09:00:00Z"), backup("2025-12-20T09:00:00Z")]);
    let after = done(&Change::Switch { to: Production, sandbox_days: 7 }, None, &pilot);
    assert_eq!(after.kind, Is(Production));
    let book = books().articles;
    let Is(backups) = &after.backups else { panic!() };
    let states: Vec<_> = backups.iter().map(|backup| readiness(backup, &retention(&after, &book), &book, utc(NOW))).collect();
    assert_eq!(states, [Is(Readiness::Ready), Unknown]);
    let back = done(&Change::Switch { to: Sandbox, sandbox_days: 7 }, None, &after);
    assert_eq!(retention(&back, &book).in_force(), Is(Some(7)));
}

#[test]
fn after_a_reset_nothing_is_left() {
    let (_, mut target) = ends();
    target.order_management = Is(Some(orders()));
    let empty = done(&Change::Reset, None, &target);
    assert_eq!((empty.backups.clone(), empty.order_management.clone()), (Is(Vec::new()), Is(None)));
    assert!(ComponentKind::LEFT_BEHIND_OUTSIDE_SOLUTIONS.iter().all(|kind| empty.components.of(*kind).is(|list| list.is_empty())));
    assert_eq!((empty.id, empty.name, empty.url), (target.id, target.name, target.url));
    assert_eq!(empty.kept_since, Some(utc(NOW)), "its backups are gone for good");
}

#[test]
fn the_small_changes_change_what_they_say_and_nothing_else() {
    let e = uat();
    let same_but = |change: Change, set: fn(&mut Environment)| {
        let mut expected = e.clone();
        set(&mut expected);
        assert_eq!(done(&change, None, &e), expected, "{change:?}");
    };
    same_but(Change::AdminMode(true), |e| (e.admin_mode, e.background_operations) = (Is(true), Is(false)));
    same_but(Change::AdminMode(false), |e| e.admin_mode = Is(false));
    same_but(Change::Background(false), |e| e.background_operations = Is(false));
    // From now on nothing is backed up (G-12).
    same_but(Change::Delete, |e| (e.deleted_at, e.unbacked) = (Is(Some(utc(NOW))), vec![(utc(NOW), utc(NOW))]));
    same_but(Change::RenameUrl(Chosen("https://b.crm4.dynamics.com".into())), |e| e.url = Is(Some("https://b.crm4.dynamics.com".into())));
    same_but(Change::Edit { name: Chosen("B".into()), group: Chosen(Group::Only("g".into())) }, |e| {
        (e.name, e.security_group) = ("B".into(), Is(Some("g".into())))
    });
    same_but(Change::DeleteFinanceOperations, |e| e.finance_operations = Is(None));
    let deleted = done(&Change::Delete, None, &e);
    assert_eq!(done(&Change::Recover, None, &deleted).deleted_at, Is(None));
}

#[test]
fn a_capture_after_the_operation_shows_its_result_but_not_what_no_capture_shows() {
    let mut hr = known("Contoso HR", Production);
    (hr.retention_days, hr.backups) = (Is(Some(28)), Is(vec![backup("2025-12-29T21:00:00Z")]));
    let mut snapshot = Snapshot::default();
    snapshot.captured_at = Is(utc(NOW));
    snapshot.add_tenant(Tenant::unexplored("t".into(), "Contoso".into()));
    snapshot.add_environment(hr.clone()).unwrap();
    let request = Request { source: None, target: hr.id.clone(), change: Change::Retention { days: 28, before: Some(7) } };
    let yesterday = utc(NOW) - TimeDelta::days(1);
    let journal = Journal::new(vec![Entry::new(yesterday, Arc::from("thomas"), What::Operation(Box::new(operation(&request, yesterday))))]);
    let estate = Estate::new(snapshot, journal, None, None);
    let now = estate.environment(estate.find(&hr.id).unwrap());
    assert_eq!(now.backups, hr.backups, "what the capture lists is there");
    assert_eq!(now.kept_since, Some(yesterday - TimeDelta::days(7)), "what was not kept does not come back");
}

/// An environment of Contoso of which every field says something.
fn full() -> Environment {
    let (mut e, _) = ends();
    e.region = text("emea");
    e.url = Is(Some("https://sales.crm4.dynamics.com".into()));
    e.org_id = Is(Some("org".into()));
    e.security_group = Is(Some("old group".into()));
    e.users = Is(vec!["isaac@contoso.com".into(), "lena@contoso.com".into(), "amir@contoso.com".into()]);
    e.admin_mode = Is(false);
    e.background_operations = Is(true);
    e
}

#[test]
fn after_a_move_each_field_is_as_the_rules_say() {
    let e = full();
    // In the same region the URL stays (C-40); without a group and a file nobody knows more.
    let plain = Move { same_region: true, group: None, mapping: None, cut_over: None, ..moved_to("t") };
    let mut expected = e.clone();
    expected.backups = Is(Vec::new());
    expected.kept_since = Some(utc(NOW));
    expected.security_group = Is(None);
    (expected.users, expected.operator_roles, expected.disallowed_operations) = (Unknown, Unknown, Unknown);
    expected.components.change(ComponentKind::ConnectionReference, |reference| reference.set("connection", Property::Nothing));
    let unbound = |e: &mut Environment| {
        if !e.customer_managed_key.is(Option::is_none) {
            e.customer_managed_key = Unknown;
        }
        if !e.enterprise_policies.is(Vec::is_empty) {
            e.enterprise_policies = Unknown;
        }
    };
    unbound(&mut expected);
    assert_eq!(done(&Change::Migrate(Box::new(plain)), None, &e), expected);
    // In another region nobody knows what becomes of it; group and users are those that were named (TTM-044, TTM-109).
    (expected.region, expected.url) = (Unknown, Unknown);
    expected.security_group = Is(Some("b8ff393d-d6cd-4860-83ea-ca3ea3d1c99c".into()));
    expected.users = Is(vec!["isaac@fabrikam.com".into(), "lena@fabrikam.com".into()]);
    assert_eq!(done(&Change::Migrate(Box::new(moved_to("t"))), None, &e), expected);
    // A key of the old tenant says nothing about the new one; that there is none stays so.
    let mut keyed = e.clone();
    keyed.customer_managed_key = Is(None);
    assert_eq!(done(&Change::Migrate(Box::new(moved_to("t"))), None, &keyed).customer_managed_key, Is(None));
}

#[test]
fn a_move_changes_the_tenant_and_nothing_restores_what_was_before() {
    let mut snapshot = Snapshot::default();
    snapshot.captured_at = Is(utc("2026-01-05T07:00:00Z"));
    for name in ["Contoso", "Fabrikam"] {
        snapshot.add_tenant(Tenant::unexplored(name.into(), name.into()));
    }
    let mut e = full();
    e.tenant = TenantKey(0);
    snapshot.add_environment(e.clone()).unwrap();
    let request = Request { source: None, target: e.id.clone(), change: Change::Migrate(Box::new(moved_to("Fabrikam"))) };
    let record = |outcome: Outcome| {
        let mut estate = Estate::new(snapshot.clone(), Journal::default(), None, None);
        let operation = Operation { outcome, ..operation(&request, utc(NOW)) };
        estate.record([Entry::new(utc(NOW), Arc::from("thomas"), What::Operation(Box::new(operation)))]);
        estate
    };
    let moved = record(Outcome::Succeeded);
    let after = moved.environment(moved.find(&e.id).unwrap());
    assert_eq!((after.tenant, &after.id, &after.name, &after.org_id, after.kind), (TenantKey(1), &e.id, &e.name, &e.org_id, e.kind), "TTM-003, TTM-107");
    assert_eq!(after.dataverse, e.dataverse, "no other version (TTM-005)");
    assert_eq!((moved.count(Some(TenantKey(0))), moved.count(Some(TenantKey(1)))), (0, 1), "it is gone from the old tenant (TTM-108)");
    let book = books().articles;
    assert_eq!(window(after, &book, utc("2026-01-06T09:00:00Z")).map(|window| window.unwrap().from), Is(utc(NOW)), "TTM-011");
    // While it moves administration mode is on and nothing runs (TTM-118).
    let moving = record(Outcome::Started);
    let during = moving.environment(moving.find(&e.id).unwrap());
    assert_eq!((during.admin_mode, during.background_operations, during.tenant), (Is(true), Is(false), TenantKey(0)));
    let failed = record(Outcome::Failed);
    assert_eq!(failed.environment(failed.find(&e.id).unwrap()), &e);
}

#[test]
fn a_move_lasts_longer_with_more_users_and_has_stages_of_its_own() {
    use envdeck::domain::schedule::{Schedule, Stage};
    let (book, e) = (books().articles, full());
    let lasts = |users: usize| {
        let users = (0..users).map(|user| (format!("u{user}@a.com").into(), format!("u{user}@b.com").into())).collect();
        let mapping = Some(UserMapping { file: "m.csv".into(), users, found: None });
        Schedule::of(&Change::Migrate(Box::new(Move { mapping, ..moved_to("t") })), &e, &book, utc(NOW))
    };
    let hours = |schedule: &Schedule| (schedule.done_at() - schedule.started_at).num_minutes();
    assert_eq!(hours(&lasts(0)), 225);
    assert_eq!(hours(&lasts(1_000)), 725);
    let few = lasts(0);
    let at = |minutes: i64| few.progress(utc(NOW) + TimeDelta::minutes(minutes)).map(|progress| progress.stage);
    assert_eq!(
        [0, 29, 30, 180, 210, 225].map(at),
        [Some(Stage::Verify), Some(Stage::Verify), Some(Stage::Migrate), Some(Stage::MapUsers), Some(Stage::Settle), None]
    );
}

//! What asks for attention and what does not, at its boundaries to the second.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking, its helpers too")]

#[path = "support/facts.rs"]
mod facts;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use envdeck::domain::attention::{Attention, Item, Kind, Place, attention};
use envdeck::domain::environment::{
    Environment, EnvironmentId, EnvironmentState, EnvironmentType, FinanceOperationsKind, FinanceOperationsType, PastOperation, PastState,
};
use envdeck::domain::estate::{EnvironmentKey, Estate, Snapshot};
use envdeck::domain::gigabytes::Gigabytes;
use envdeck::domain::journal::{Entry, Journal, What};
use envdeck::domain::known::Known;
use envdeck::domain::retention;
use envdeck::domain::rulebook::Edition;
use envdeck::domain::tenant::{Capacity, Tenant, TenantKey};
use envdeck::domain::words::Word;
use envdeck::files;
use facts::*;

const CAPTURED: &str = "2026-01-05T09:00:00Z";

/// An environment in service.
fn in_service(name: &str, kind: EnvironmentType) -> Environment {
    let mut environment = known(name, kind);
    (environment.admin_mode, environment.background_operations) = (Is(false), Is(true));
    environment
}

fn tenant(entitled: Known<Gigabytes>, used: Known<Gigabytes>) -> Tenant {
    let mut tenant = Tenant::unexplored("contoso".into(), "Contoso".into());
    tenant.capacity = Capacity { entitled, used, ..Capacity::default() };
    tenant
}

fn estate(tenant: Tenant, environments: &[Environment], journal: Journal) -> Estate {
    let mut snapshot = Snapshot::default();
    snapshot.captured_at = Is(utc(CAPTURED));
    snapshot.add_tenant(tenant);
    for environment in environments {
        snapshot.add_environment(environment.clone()).unwrap();
    }
    Estate::new(snapshot, journal, Some(Edition::Articles), None)
}

fn look_at(estate: &Estate, ahead: Option<TimeDelta>, now: DateTime<Utc>) -> Attention {
    let templates = files::checklist::built_in().unwrap();
    attention(estate, &templates, books().of(Edition::Articles), ahead, now)
}

fn plenty() -> Tenant {
    tenant(gb("500"), gb("420"))
}

fn found(environments: &[Environment], now: DateTime<Utc>) -> Attention {
    look_at(&estate(plenty(), environments, Journal::default()), None, now)
}

fn kinds(attention: &Attention) -> Vec<&'static str> {
    attention.items.iter().map(|item| item.kind.word()).collect()
}

fn only(attention: Attention) -> Item {
    assert_eq!(attention.items.len(), 1, "{attention:#?}");
    attention.items.into_iter().next().unwrap()
}

const SECOND: TimeDelta = TimeDelta::seconds(1);

#[test]
fn an_estate_in_good_order_asks_for_nothing_until_its_facts_are_old() {
    let attention = found(&[in_service("Contoso Sales", Production)], utc(CAPTURED));
    assert_eq!(attention, Attention { items: Vec::new(), changes_at: Some(utc("2026-01-06T09:00:01Z")), ..Attention::default() });
}

#[test]
fn a_backup_asks_for_three_days_to_the_second() {
    let mut sales = in_service("Contoso Sales", Production);
    // Kept for seven days: until 12 January.
    let mut named = backup("2026-01-05T09:30:00Z");
    named.name = Is("Before upgrade".into());
    sales.backups = Is(vec![named]);
    let estate = {
        let mut snapshot = Snapshot::default();
        snapshot.add_tenant(plenty());
        snapshot.add_environment(sales).unwrap();
        Estate::new(snapshot, Journal::default(), Some(Edition::Articles), None)
    };
    let (from, until) = (utc("2026-01-09T09:30:00Z"), utc("2026-01-12T09:30:00Z"));
    let before = look_at(&estate, None, from - SECOND);
    assert_eq!(before, Attention { items: Vec::new(), changes_at: Some(from), ..Attention::default() });
    let first = look_at(&estate, None, from);
    // From a day before it expires a longer retention can come too late.
    assert_eq!(first.changes_at, Some(until - TimeDelta::days(1)));
    let item = only(first);
    assert_eq!((item.kind, item.due_at), (Kind::BackupExpires, Some(until)));
    assert_eq!((item.environment, item.tenant), (Some(EnvironmentKey(0)), Some(TenantKey(0))));
    assert_eq!(item.opens, Place::Backup(EnvironmentKey(0), utc("2026-01-05T09:30:00Z")));
    assert_eq!(item.message, "The manual backup \"Before upgrade\" of Contoso Sales expires on 2026-01-12 09:30Z");
    assert_eq!(
        item.remedy,
        "Restore what is still needed, or lengthen the retention of Contoso Sales to 28 days before 2026-01-11 09:30Z: for existing backups that can take 24 hours"
    );
    let late = only(look_at(&estate, None, until - TimeDelta::days(1)));
    assert_eq!(late.remedy, "Restore what is still needed before then: a longer retention of Contoso Sales can come too late for it, as it can take 24 hours");
    assert_eq!(kinds(&look_at(&estate, None, until)), ["backup-expires"]);
    assert_eq!(look_at(&estate, None, until + SECOND), Attention::default());
    // Looked further ahead it asks earlier.
    assert_eq!(kinds(&look_at(&estate, Some(TimeDelta::days(4)), from - TimeDelta::days(1))), ["backup-expires"]);
    assert_eq!(kinds(&look_at(&estate, Some(TimeDelta::days(4)), from - TimeDelta::days(1) - SECOND)), [""; 0]);
}

#[test]
fn a_backup_asks_only_once_it_can_be_restored_from() {
    let mut sales = in_service("Contoso Sales", Production);
    sales.backups = Is(vec![backup("2026-01-05T09:00:00Z")]);
    let estate = estate(plenty(), &[sales], Journal::default());
    let month = Some(TimeDelta::days(30));
    let settled = utc("2026-01-05T09:15:00Z");
    let before = look_at(&estate, month, settled - SECOND);
    assert_eq!((kinds(&before), before.changes_at), (vec![], Some(settled)));
    assert_eq!(kinds(&look_at(&estate, month, settled)), ["backup-expires"]);
}

#[test]
fn each_backup_that_expires_is_an_item_of_its_own_the_first_to_go_first() {
    let mut sales = in_service("Contoso Sales", Production);
    let mut gone = backup("2025-12-31T06:00:00Z");
    gone.overwritten = true;
    let mut doubtful = backup("2025-12-31T06:00:00Z");
    doubtful.may_be_gone = true;
    sales.backups = Is(vec![backup("2025-12-31T12:00:00Z"), backup("2025-12-31T09:00:00Z"), gone, doubtful, backup("2026-01-04T09:00:00Z")]);
    let all = found(&[sales], utc(CAPTURED));
    let said: Vec<_> = all.items.iter().map(|item| (&*item.message, item.due_at)).collect();
    let expected = [
        ("The manual backup taken 2025-12-31 09:00Z of Contoso Sales expires on 2026-01-07 09:00Z", Some(utc("2026-01-07T09:00:00Z"))),
        ("The manual backup taken 2025-12-31 12:00Z of Contoso Sales expires on 2026-01-07 12:00Z", Some(utc("2026-01-07T12:00:00Z"))),
    ];
    assert_eq!(said, expected);
    let mut longest = in_service("Contoso Sales", Production);
    (longest.retention_days, longest.backups) = (Is(Some(28)), Is(vec![backup("2025-12-10T09:00:00Z")]));
    let mut fixed = in_service("Contoso UAT", Sandbox);
    fixed.backups = Is(vec![backup("2025-12-31T09:00:00Z")]);
    for item in found(&[longest, fixed], utc(CAPTURED)).items {
        assert!(item.remedy.starts_with("Restore what is still needed before then"), "{item:?}");
    }
}

#[test]
fn backups_that_are_unknown_or_of_unknown_retention_or_not_kept_ask_for_nothing() {
    let expiring = || Is(vec![backup("2025-12-30T09:00:00Z")]);
    let mut unknown = in_service("Unknown", Production);
    unknown.backups = Unknown;
    let mut open = in_service("Open", Production);
    (open.backups, open.dynamics_365_apps) = (expiring(), Unknown);
    let mut trial = in_service("Trial", Trial);
    trial.backups = expiring();
    let mut certain = in_service("Certain", Sandbox);
    // It changes nothing for a sandbox.
    (certain.backups, certain.dynamics_365_apps) = (expiring(), Unknown);
    assert_eq!(only(found(&[unknown, open, trial, certain], utc(CAPTURED))).environment, Some(EnvironmentKey(3)));
}

#[test]
fn a_deleted_environment_asks_until_it_is_lost() {
    let mut apps = in_service("Contoso Sales", Production);
    (apps.deleted_at, apps.dynamics_365_apps) = (Is(Some(utc("2026-01-05T08:00:00Z"))), Is(vec!["Sales".into()]));
    // What else is the matter with it does not matter any more.
    (apps.admin_mode, apps.backups) = (Is(true), Is(vec![backup("2025-12-30T09:00:00Z")]));
    let mut plain = in_service("Contoso UAT", Sandbox);
    plain.deleted_at = apps.deleted_at;
    let both = found(&[apps, plain.clone()], utc(CAPTURED));
    let due: Vec<_> = both.items.iter().map(|item| (item.kind, item.due_at.unwrap(), item.opens.clone())).collect();
    assert_eq!(
        due,
        [
            (Kind::RecoveryEnds, utc("2026-01-12T08:00:00Z"), Place::Details(EnvironmentKey(1))),
            (Kind::RecoveryEnds, utc("2026-02-02T08:00:00Z"), Place::Details(EnvironmentKey(0))),
        ]
    );
    assert_eq!(both.items[0].message, "Contoso UAT is deleted and lost for good after 2026-01-12 08:00Z, 7 days after its deletion");
    let until = utc("2026-01-12T08:00:00Z");
    let recovery = |now| found(&[plain.clone()], now).items.into_iter().filter(|item| item.kind == Kind::RecoveryEnds).count();
    assert_eq!((recovery(until), recovery(until + SECOND)), (1, 0));
}

#[test]
fn a_recovery_window_that_is_unknown_says_which_fact_is_missing() {
    let mut sales = in_service("Contoso Sales", Production);
    (sales.deleted_at, sales.dynamics_365_apps) = (Is(Some(utc("2026-01-05T09:00:00Z"))), Unknown);
    let at = |now: &str| found(&[sales.clone()], utc(now)).items.into_iter().find(|item| item.kind == Kind::RecoveryEnds);
    let early = at("2026-01-12T09:00:00Z").unwrap();
    assert_eq!(early.due_at, Some(utc("2026-01-12T09:00:00Z")));
    assert!(early.message.contains("because `dynamics_365_apps` of Contoso Sales is unknown, that is 7 or 28 days after its deletion"), "{}", early.message);
    assert_eq!(at("2026-01-12T09:00:01Z").unwrap().due_at, Some(utc("2026-02-02T09:00:00Z")));
    assert_eq!(at("2026-02-02T09:00:01Z"), None);
    // Whether it was deleted at all is unknown: nothing to do.
    sales.deleted_at = Unknown;
    assert_eq!(found(&[sales], utc(CAPTURED)).items, []);
}

/// The opening of a checklist for an environment.
fn opened(environment: &str) -> Journal {
    let what = What::ChecklistOpened { environment: EnvironmentId::new(environment), checklist: "post-copy".into(), operation: None };
    Journal::new(vec![Entry::new(utc("2026-01-05T08:00:00Z"), Arc::from("thomas@contoso.com"), what)])
}

#[test]
fn administration_mode_asks_with_a_checklist_and_differently_without() {
    let mut uat = in_service("Contoso UAT", Sandbox);
    (uat.admin_mode, uat.background_operations) = (Is(true), Is(false));
    let without = only(found(&[uat.clone()], utc(CAPTURED)));
    assert_eq!((without.kind, without.due_at, without.opens.clone()), (Kind::AdminMode, None, Place::Details(EnvironmentKey(0))));
    assert_eq!(without.message, "Contoso UAT is in administration mode without an open checklist: only System Administrator and System Customizer can sign in");
    let with = only(look_at(&estate(plenty(), &[uat.clone()], opened("Contoso UAT")), None, utc(CAPTURED)));
    assert_eq!(with.opens, Place::Checklist(EnvironmentKey(0)));
    assert!(with.message.starts_with("Contoso UAT is in administration mode, with ") && with.message.ends_with(" mandatory items open in its checklist"));
    assert!(with.remedy.starts_with("Work through its checklist, next: "), "{}", with.remedy);
    // The checklist of another environment is not its own.
    assert_eq!(only(look_at(&estate(plenty(), &[uat.clone()], opened("Contoso Sales")), None, utc(CAPTURED))), without);
    (uat.admin_mode, uat.background_operations) = (Unknown, Is(false));
    assert_eq!(found(&[uat], utc(CAPTURED)).items, []);
}

#[test]
fn background_operations_that_are_off_in_service_ask_for_themselves() {
    let mut uat = in_service("Contoso UAT", Sandbox);
    uat.background_operations = Is(false);
    let item = only(found(&[uat.clone()], utc(CAPTURED)));
    assert_eq!((item.kind, item.opens), (Kind::BackgroundOff, Place::Details(EnvironmentKey(0))));
    let item = only(look_at(&estate(plenty(), &[uat], opened("Contoso UAT")), None, utc(CAPTURED)));
    assert_eq!((item.kind, item.opens), (Kind::BackgroundOff, Place::Checklist(EnvironmentKey(0))));
}

#[test]
fn less_than_a_gigabyte_asks_once_for_its_tenant() {
    let asks = |entitled, used| look_at(&estate(tenant(entitled, used), &[], Journal::default()), None, utc(CAPTURED)).items;
    let message = |entitled, used| asks(entitled, used).into_iter().map(|item| item.message).collect::<Vec<_>>();
    assert_eq!(asks(gb("10"), gb("9")), []);
    assert_eq!(message(gb("10"), gb("9.01")), ["Contoso has 0.99 GB of storage free: below 1 GB nothing can be copied, restored or created"]);
    assert_eq!(message(gb("10"), gb("12")), ["Contoso uses 2 GB more storage than it is entitled to: below 1 GB nothing can be copied, restored or created"]);
    assert_eq!(message(gb("0.5"), Unknown), ["Contoso is entitled to 0.50 GB of storage: below 1 GB nothing can be copied, restored or created"]);
    assert_eq!((asks(gb("10"), Unknown), asks(Unknown, gb("9")), asks(Unknown, Unknown)), (vec![], vec![], vec![]));
    let item = asks(gb("10"), gb("10")).remove(0);
    assert_eq!((item.kind, item.environment, item.tenant, item.opens), (Kind::Capacity, None, Some(TenantKey(0)), Place::Tenant(TenantKey(0))));
}

#[test]
fn halves_of_a_pair_that_differ_ask_and_those_that_are_unknown_do_not() {
    let asks = |kind, other: Known<FinanceOperationsType>| {
        let mut pair = in_service("Contoso Orders", Production);
        pair.kind = kind;
        let mut half = half(Unknown, Unknown);
        half.as_mut().unwrap().kind_of_environment = other;
        pair.finance_operations = Is(half);
        found(&[pair], utc(CAPTURED)).items.into_iter().map(|item| (item.kind, item.message)).collect::<Vec<_>>()
    };
    use FinanceOperationsType as Type;
    let message =
        |is, other| (Kind::TypeMismatch, format!("Contoso Orders is a {is} environment and its finance and operations half Ledger a {other} environment"));
    assert_eq!(asks(Is(Production), Is(Type::Sandbox)), [message("production", "sandbox")]);
    assert_eq!(asks(Is(Sandbox), Is(Type::Production)), [message("sandbox", "production")]);
    assert_eq!(asks(Is(Developer), Is(Type::Production)), [message("developer", "production")]);
    for (kind, other) in [(Is(Production), Is(Type::Production)), (Is(Sandbox), Is(Type::Sandbox)), (Unknown, Is(Type::Sandbox)), (Is(Production), Unknown)] {
        assert_eq!(asks(kind, other), [], "{kind:?} {other:?}");
    }
}

#[test]
fn facts_are_old_after_a_day_and_useless_after_a_week() {
    let at = |now: &str| {
        let attention = found(&[], utc(now));
        (attention.items.into_iter().map(|item| (item.kind, item.opens, item.message)).collect::<Vec<_>>(), attention.changes_at)
    };
    let old = |means| vec![(Kind::StaleFacts, Place::Snapshot, format!("The facts were captured on 2026-01-05 09:00Z, {means}"))];
    assert_eq!(at("2026-01-06T09:00:00Z"), (vec![], Some(utc("2026-01-06T09:00:01Z"))));
    let (day, week) = ("more than 24 hours ago: every answer carries a warning", "more than 7 days ago: no answer can be relied on");
    assert_eq!(at("2026-01-06T09:00:01Z"), (old(day), Some(utc("2026-01-12T09:00:01Z"))));
    assert_eq!(at("2026-01-12T09:00:00Z").0, old(day));
    assert_eq!(at("2026-01-12T09:00:01Z"), (old(week), None));
    let unknown = Estate::new(Snapshot::default(), Journal::default(), None, None);
    assert_eq!(look_at(&unknown, None, utc(CAPTURED)), Attention::default());
}

#[test]
fn what_is_due_comes_first_and_what_waits_by_its_kind() {
    let mut mode = in_service("Mode", Sandbox);
    mode.admin_mode = Is(true);
    let mut deleted = in_service("Deleted", Sandbox);
    deleted.deleted_at = Is(Some(utc("2026-01-04T09:00:00Z")));
    let mut expiring = in_service("Expiring", Sandbox);
    expiring.backups = Is(vec![backup("2025-12-30T09:00:00Z")]);
    let estate = estate(tenant(gb("10"), gb("10")), &[mode, deleted, expiring], Journal::default());
    assert_eq!(kinds(&look_at(&estate, None, utc(CAPTURED))), ["backup-expires", "recovery-ends", "admin-mode", "capacity"]);
    assert_eq!(kinds(&look_at(&estate, None, utc("2026-01-06T09:00:01Z"))).last(), Some(&"stale-facts"));
}

#[test]
fn nothing_is_new_before_it_is_said_to_change() {
    let demo = Estate::new(files::read_demo().unwrap().snapshot, Journal::default(), None, None);
    let mut now = files::demo_captured_at();
    let mut steps = 0;
    loop {
        let here = look_at(&demo, None, now);
        let Some(next) = here.changes_at else { break };
        assert!(next > now);
        for between in [now + (next - now) / 2, next - SECOND] {
            assert_eq!(look_at(&demo, None, between.max(now)).items, here.items, "between {now} and {next}");
        }
        (now, steps) = (next, steps + 1);
        assert!(steps < 200);
    }
    assert!(steps > 10, "{steps}");
}

#[test]
fn the_short_way_to_the_retention_leads_to_the_same() {
    for edition in [Edition::Articles, Edition::Current] {
        for kind in EnvironmentType::ALL.iter().map(|kind| Is(*kind)).chain([Unknown]) {
            for facts in 0..81 {
                let fact = |place: u32| THREE[facts / 3_usize.pow(place) % 3];
                let mut e = in_service("Contoso", Production);
                (e.kind, e.managed) = (kind, fact(0));
                e.dataverse = three(fact(1), Default::default);
                e.dynamics_365_apps = fact(2).map(|has| if has { vec!["Sales".into()] } else { Vec::new() });
                e.retention_days = three(fact(3), || 21);
                let books = books();
                let rulebook = books.of(edition);
                assert_eq!(retention::days_in_force(&e, rulebook), retention::retention(&e, rulebook).in_force(), "{e:?}");
            }
        }
    }
}

#[test]
fn the_halves_of_a_unified_environment_never_differ() {
    let mut pair = in_service("Contoso Orders", Production);
    let mut unified = half(Is(FinanceOperationsKind::Unified), Unknown);
    unified.as_mut().unwrap().kind_of_environment = Is(FinanceOperationsType::Sandbox);
    pair.finance_operations = Is(unified);
    let estate = estate(plenty(), &[pair], Journal::default());
    let asks = |edition| attention(&estate, &[], books().of(edition), None, utc(CAPTURED)).items.len();
    assert_eq!((asks(Edition::Articles), asks(Edition::Current)), (0, 0));
}

/// What asks for attention by the newer articles, which know what is removed by itself.
fn newer(environments: &[Environment], now: DateTime<Utc>) -> Attention {
    let estate = estate(plenty(), environments, Journal::default());
    let mut attention = attention(&estate, &files::checklist::built_in().unwrap(), books().of(Edition::Current), None, now);
    attention.items.retain(|item| item.kind != Kind::StaleFacts);
    attention
}

/// CUR-031: 30 days, which can be extended once in the last seven, to 60.
#[test]
fn a_standard_trial_asks_in_its_last_week_and_once_more_when_it_was_extended() {
    let mut trial = in_service("CoE Trial", EnvironmentType::Trial);
    trial.created_at = Is(utc("2025-12-10T09:00:00Z"));
    let all = [trial.clone()];
    let week = utc("2026-01-02T09:00:00Z");
    assert_eq!(newer(&all, week - SECOND).items, []);
    assert_eq!(newer(&all, week - SECOND).changes_at, Some(week));
    let due = only(newer(&all, week));
    assert_eq!((due.kind, due.due_at), (Kind::TrialEnds, Some(utc("2026-01-09T09:00:00Z"))));
    assert_eq!(due.message, "The trial CoE Trial ends on 2026-01-09 09:00Z: it is disabled and deleted then");
    assert!(due.remedy.starts_with("Extend it in the admin center, which can be done once"), "{}", due.remedy);
    let end = utc("2026-01-09T09:00:00Z");
    assert_eq!(only(newer(&all, end)).due_at, Some(end));
    // What is still there afterwards was extended.
    assert_eq!(newer(&all, end + SECOND).items, []);
    let last = only(newer(&all, utc("2026-02-01T09:00:00Z")));
    assert_eq!(last.due_at, Some(utc("2026-02-08T09:00:00Z")));
    assert!(last.message.contains("must have been extended") && !last.remedy.contains("Extend"), "{last:?}");
    assert_eq!(newer(&all, utc("2026-02-08T09:00:01Z")).items, []);
    // The five articles know nothing of it, and a subscription ends when it ends.
    assert_eq!(found(&all, utc("2026-01-05T09:00:00Z")).items, []);
    trial.kind = Is(EnvironmentType::TrialSubscription);
    assert_eq!(newer(&[trial], week).items, []);
}

/// CUR-030: disabled when nobody uses it, and deleted 30 days later.
#[test]
fn what_is_disabled_and_of_a_type_that_is_cleaned_up_asks_with_its_last_day() {
    for (kind, asks) in [
        (EnvironmentType::Developer, true),
        (EnvironmentType::Teams, true),
        (EnvironmentType::Default, true),
        (Production, false),
        (EnvironmentType::Sandbox, false),
    ] {
        let mut environment = in_service("Mia Dev", kind);
        environment.state = Is(EnvironmentState::Disabled);
        let items = newer(&[environment.clone()], utc(CAPTURED)).items;
        let inactive: Vec<&Item> = items.iter().filter(|item| item.kind == Kind::Inactive).collect();
        assert_eq!(inactive.len(), usize::from(asks), "{kind:?}: {items:?}");
        if let [item] = inactive[..] {
            let said = "Mia Dev is disabled. If that is because nobody used it for 90 days, it is deleted 30 days after it was disabled: by 2026-02-04 09:00Z at the latest";
            assert_eq!(item.message, said);
        }
        environment.state = Is(EnvironmentState::Ready);
        assert_eq!(newer(&[environment], utc(CAPTURED)).items, []);
    }
}

/// C-11: no operation takes longer than a day, whatever it is.
#[test]
fn what_has_run_for_over_a_day_hangs() {
    let mut made = in_service("Hung", EnvironmentType::Sandbox);
    made.state = Is(EnvironmentState::Preparing);
    for (created_at, hangs) in [("2026-01-04T09:00:00Z", false), ("2026-01-04T08:59:59Z", true), ("2026-01-03T09:00:00Z", true)] {
        made.created_at = Is(utc(created_at));
        let items = found(&[made.clone()], utc(CAPTURED)).items;
        assert_eq!(items.iter().any(|item| item.kind == Kind::Hanging), hangs, "{created_at}: {items:?}");
    }
    assert!(only(found(&[made.clone()], utc(CAPTURED))).message.starts_with("Hung was preparing for 2 days when it was looked at"));
    made.created_at = Known::Unknown;
    assert_eq!(found(&[made.clone()], utc(CAPTURED)).items, [], "since when is unknown");
    // An operation of its history that did not end says since when.
    made.state = Is(EnvironmentState::Running);
    made.history = Is(vec![PastOperation {
        id: "op-1".into(),
        operation: "Copy".into(),
        state: Is(PastState::Running),
        requested_by: Known::Unknown,
        started_at: Is(utc("2026-01-03T20:00:00Z")),
        ended_at: Known::Unknown,
    }]);
    assert!(only(found(&[made.clone()], utc(CAPTURED))).message.starts_with("Hung was busy with an operation for 37 hours"));
    made.deleted_at = Is(Some(utc("2026-01-04T20:00:00Z")));
    assert!(!kinds(&found(&[made], utc(CAPTURED))).contains(&"hanging"));
}

//! Table D2: every pair of types and every condition of a restore, by both editions; yes, no and unknown; to the second.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "support/facts.rs"]
mod facts;

use chrono::{DateTime, TimeDelta, Utc};
use envdeck::domain::backup::Backup;
use envdeck::domain::component::{ComponentKind, Property};
use envdeck::domain::environment::{
    CustomerManagedKey, Dataverse, EnterprisePolicy, Environment, EnvironmentRole, EnvironmentState, EnvironmentType, FinanceOperationsKind,
    FinanceOperationsType, PolicyKind,
};
use envdeck::domain::known::Known;
use envdeck::domain::restore::{Point, Restore};
use envdeck::domain::rulebook::Edition;
use envdeck::domain::tenant::{TenantKey, TenantRole};
use envdeck::domain::words::Word;
use facts::*;

/// The table as it stands in RULES.md. P: `TargetIsProduction`, S: `SourceIsDefault`, D: `TargetIsDefault`,
/// T: `TypePairUnsupported`, ?: `ArticlesContradict` as unknown, each with its rule; ~: `EditionsDiffer` with the rule of the other edition.
const D2_ARTICLES: &str = "
    source             | itself                | production            | sandbox   | preview   | developer | teams     | default               | trial     | trial-subscription | demo
    production         | P RST-001             | P RST-001             | yes       | T C-12    | T RST-021 | T C-02    | D RST-020             | T RST-020 | T RST-020          | T RST-020
    sandbox            | yes                   | P RST-001             | yes       | T C-12    | T RST-021 | T C-02    | D RST-020             | T RST-020 | T RST-020          | T RST-020
    preview            | T C-12                | P RST-001             | T C-12    | T C-12    | T C-12    | T C-12    | D RST-020             | T C-12    | T C-12             | T C-12
    developer          | yes                   | P RST-001             | yes       | T C-12    | yes       | T C-02    | D RST-020             | T RST-020 | T RST-020          | T RST-020
    teams              | yes                   | P RST-001             | T RST-030 | T RST-030 | T RST-030 | T RST-030 | D RST-020             | T RST-030 | T RST-030          | T RST-030
    default            | S RST-031 + D RST-020 | P RST-001 + S RST-031 | S RST-031 | S RST-031 | S RST-031 | S RST-031 | S RST-031 + D RST-020 | S RST-031 | S RST-031          | S RST-031
    trial              | T RST-019             | P RST-001             | T RST-019 | T RST-019 | T RST-019 | T RST-019 | D RST-020             | T RST-019 | T RST-019          | T RST-019
    trial-subscription | T RST-019             | P RST-001             | T RST-019 | T RST-019 | T RST-019 | T RST-019 | D RST-020             | T RST-019 | T RST-019          | T RST-019
    demo               | T RST-019             | P RST-001             | T RST-019 | T RST-019 | T RST-019 | T RST-019 | D RST-020             | T RST-019 | T RST-019          | T RST-019";

/// What the newer articles say otherwise: CUR-013 of trials, CUR-014 of the default environment.
fn current(table: &str) -> String {
    let trials = |line: &str| if line.trim().starts_with("trial") { line.replace("RST-019", "CUR-013") } else { line.to_owned() };
    let disputed = |line: String| {
        if line.trim().starts_with("default") {
            line.replacen("| S RST-031 | S RST-031 | S RST-031 | S RST-031 |", "| S RST-031 | S RST-031 | ? CUR-014 + ~RST-031 | S RST-031 |", 1)
        } else {
            line
        }
    };
    table.lines().map(trials).map(disputed).collect::<Vec<_>>().join("\n")
}

fn cell(found: &[String]) -> String {
    let short = |line: &String| {
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["block", "TargetIsProduction", rule] => format!("P {rule}"),
            ["block", "SourceIsDefault", rule] => format!("S {rule}"),
            ["block", "TargetIsDefault", rule] => format!("D {rule}"),
            ["block", "TypePairUnsupported", rule] => format!("T {rule}"),
            ["unknown", "ArticlesContradict", rule] => format!("? {rule}"),
            ["warn", "EditionsDiffer", rule] => format!("~{rule}"),
            _ => line.clone(),
        }
    };
    if found.is_empty() { "yes".to_owned() } else { found.iter().map(short).collect::<Vec<_>>().join(" + ") }
}

/// The pair alone, without anything to restore to.
fn pair<'a>(source: &'a Environment, target: &'a Environment) -> Question<'a> {
    Question::Restore(Restore { source, target, point: None, audit_logs: false, paired_at: None, half_left: false })
}

fn at<'a>(source: &'a Environment, target: &'a Environment, at: DateTime<Utc>) -> Question<'a> {
    Question::Restore(Restore { source, target, point: Some(Point::Instant(at)), audit_logs: false, paired_at: None, half_left: false })
}

fn of<'a>(source: &'a Environment, target: &'a Environment, backup: &'a Backup) -> Question<'a> {
    Question::Restore(Restore { source, target, point: Some(Point::Backup(backup)), audit_logs: false, paired_at: None, half_left: false })
}

const NOW: &str = "2026-01-05T09:00:00Z";

fn before(time: TimeDelta) -> DateTime<Utc> {
    utc(NOW) - time
}

fn taken(time: TimeDelta) -> Backup {
    Backup { taken_at: before(time), ..backup(NOW) }
}

#[test]
fn each_pair_of_types_and_each_type_onto_itself_is_answered_as_in_the_table() {
    for (edition, table) in [(Edition::Articles, D2_ARTICLES.to_owned()), (Edition::Current, current(D2_ARTICLES))] {
        let world = World::new(edition);
        let mut lines = table.trim().lines().map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
        let targets = lines.next().unwrap();
        let mut asked = 0;
        for row in lines {
            for (onto, expected) in targets[1..].iter().zip(&row[1..]) {
                let of = |word: &str| EnvironmentType::from_word(word).unwrap();
                let source = known("Source", of(row[0]));
                let target = if *onto == "itself" { source.clone() } else { known("Target", of(onto)) };
                assert_eq!(cell(&world.found(pair(&source, &target))), *expected, "{edition:?}: {} onto {onto}", row[0]);
                asked += 1;
            }
        }
        assert_eq!(asked, 90);
    }
}

#[test]
fn an_unknown_type_is_decided_over_all_that_it_could_be() {
    for (edition, source, target, expected) in [
        (Edition::Articles, Unknown, Is(Sandbox), vec!["unknown TypePairUnsupported RST-019"]),
        (Edition::Articles, Is(Sandbox), Unknown, vec!["unknown TypePairUnsupported RST-019"]),
        (Edition::Articles, Unknown, Unknown, vec!["unknown TypePairUnsupported RST-019"]),
        (Edition::Articles, Unknown, Is(Production), vec!["block TargetIsProduction RST-001"]),
        (Edition::Articles, Unknown, Is(DefaultType), vec!["block TargetIsDefault RST-020"]),
        (Edition::Articles, Unknown, Is(Teams), vec!["block TypePairUnsupported C-02"]),
        (Edition::Articles, Is(Teams), Unknown, vec!["block TypePairUnsupported RST-030"]),
        (Edition::Articles, Is(DefaultType), Unknown, vec!["block SourceIsDefault RST-031"]),
        (Edition::Current, Is(Trial), Unknown, vec!["block TypePairUnsupported CUR-013"]),
        // It could be a developer environment, about which the article contradicts itself.
        (Edition::Current, Is(DefaultType), Unknown, vec!["unknown TypePairUnsupported RST-019", "warn EditionsDiffer RST-031"]),
        (Edition::Current, Unknown, Is(Developer), vec!["unknown TypePairUnsupported RST-019"]),
    ] {
        let (mut from, mut onto) = (sales(), uat());
        (from.kind, onto.kind) = (source, target);
        assert_eq!(World::new(edition).found(pair(&from, &onto)), expected, "{edition:?}: {source:?} onto {target:?}");
    }
    let mut itself = uat();
    itself.kind = Unknown;
    assert_eq!(World::new(Edition::Articles).found(pair(&itself, &itself)), ["unknown TypePairUnsupported RST-019"]);
}

/// Asks a condition about two environments against which nothing else speaks, by both editions.
#[track_caller]
fn asks(what: &str, change: impl Fn(&mut Environment, &mut Environment, &mut World), articles: &[&str], current: &[&str]) {
    for (edition, expected) in [(Edition::Articles, articles), (Edition::Current, current)] {
        let (mut world, mut from, mut onto) = (World::new(edition), sales(), uat());
        change(&mut from, &mut onto, &mut world);
        assert_eq!(world.found(pair(&from, &onto)), expected, "{edition:?}: {what}");
    }
}

#[track_caller]
fn asks_alike(what: &str, change: impl Fn(&mut Environment, &mut Environment, &mut World), expected: &[&str]) {
    asks(what, change, expected, expected);
}

/// Asks a condition with yes, no and unknown on either side: the row is the source, the column the target.
#[track_caller]
fn asks_matrix(edition: Edition, set: impl Fn(&mut Environment, Known<bool>), expected: [[&[&str]; 3]; 3]) {
    for (from, row) in THREE.into_iter().zip(expected) {
        for (onto, expected) in THREE.into_iter().zip(row) {
            let (mut a, mut b) = (sales(), uat());
            set(&mut a, from);
            set(&mut b, onto);
            assert_eq!(World::new(edition).found(pair(&a, &b)), expected, "{edition:?}: {from:?} onto {onto:?}");
        }
    }
}

const BOTH: [Edition; 2] = [Edition::Articles, Edition::Current];

#[test]
fn two_environments_against_which_nothing_speaks() {
    asks_alike("nothing", |_, _, _| {}, &[]);
    // A restore does not leave its tenant either.
    asks_alike("another tenant", |_, onto, _| onto.tenant = TenantKey(1), &["block TenantMismatch ENV-008"]);
}

#[test]
fn condition_1_the_region_is_that_of_the_backup() {
    let (refused, open) = ("block RegionMismatch RST-004", "unknown RegionMismatch RST-004");
    let region = |of: &Known<&str>| of.map(Into::into);
    for (from, onto, expected) in [
        (Is("emea"), Is("na"), vec![refused]),
        (Is("emea"), Is("Europe"), vec![]),
        (Unknown, Is("na"), vec![open]),
        (Is("emea"), Unknown, vec![open]),
        (Unknown, Unknown, vec![open]),
    ] {
        asks_alike(&format!("{from:?} onto {onto:?}"), |a, b, _| (a.region, b.region) = (region(&from), region(&onto)), &expected);
    }
    // The environment has moved since: the backup counts, also onto itself (G-22).
    for edition in BOTH {
        for (of_backup, of_target, expected) in
            [("na", Is("na"), vec![]), ("na", Is("emea"), vec![refused]), ("europe", Is("emea"), vec![]), ("na", Unknown, vec![open])]
        {
            let (source, mut target) = (sales(), uat());
            target.region = region(&of_target);
            let moved = Backup { region: Some(of_backup.into()), ..taken(TimeDelta::days(1)) };
            assert_eq!(World::new(edition).found(of(&source, &target, &moved)), expected, "{edition:?}: {of_backup} onto {of_target:?}");
        }
        let (itself, moved) = (uat(), Backup { region: Some("na".into()), ..taken(TimeDelta::days(1)) });
        assert_eq!(World::new(edition).found(of(&itself, &itself, &moved)), [refused]);
    }
}

#[test]
fn condition_2_the_managed_status_is_equal_on_both_sides() {
    let (refused, open): (&[_], &[_]) = (&["block ManagedMismatch RST-022"], &["unknown ManagedMismatch RST-022"]);
    for edition in BOTH {
        asks_matrix(edition, |e, managed| e.managed = managed, [[&[], refused, open], [refused, &[], open], [open, open, open]]);
    }
}

#[test]
fn condition_3_a_source_with_its_own_key_needs_a_target_with_one() {
    let key = |has: Known<bool>| three(has, || CustomerManagedKey { name: Is("a".into()) });
    let (refused, open): (&[_], &[_]) = (&["block TargetNeedsCmk RST-024"], &["unknown TargetNeedsCmk RST-024"]);
    // Where the target has a key, whether it is the right one waits for the source's.
    let (warned, which): (&[_], &[_]) = (&["warn KeyDiffers G-05"], &["unknown KeyDiffers CUR-015"]);
    asks_matrix(Edition::Articles, |e, has| e.customer_managed_key = key(has), [[&[], refused, open], [&[], &[], &[]], [warned, open, open]]);
    asks_matrix(Edition::Current, |e, has| e.customer_managed_key = key(has), [[&[], refused, open], [&[], &[], &[]], [which, open, open]]);
    for (from, onto, articles, current) in [
        (Is("a"), Is("a"), vec![], vec![]),
        (Is("a"), Is("b"), vec!["warn KeyDiffers G-05", "warn EditionsDiffer CUR-015"], vec!["block KeyDiffers CUR-015", "warn EditionsDiffer G-05"]),
        (Is("a"), Unknown, vec!["warn KeyDiffers G-05"], vec!["unknown KeyDiffers CUR-015"]),
        (Unknown, Is("b"), vec!["warn KeyDiffers G-05"], vec!["unknown KeyDiffers CUR-015"]),
    ] {
        let named = |name: &Known<&str>| Is(Some(CustomerManagedKey { name: name.map(Into::into) }));
        asks(
            &format!("{from:?} onto {onto:?}"),
            |a, b, _| (a.customer_managed_key, b.customer_managed_key) = (named(&from), named(&onto)),
            &articles,
            &current,
        );
    }
}

#[test]
fn the_newer_articles_ask_for_the_same_enterprise_policies() {
    let policy = |id: &str| EnterprisePolicy { kind: Is(PolicyKind::Network), id: id.into() };
    let (refused, open): (&[_], &[_]) = (&["block PoliciesDiffer CUR-016", "warn EditionsDiffer EDITIONS"], &["unknown PoliciesDiffer CUR-016"]);
    for (from, onto, expected) in [
        (Is(vec![]), Is(vec![]), &[] as &[_]),
        (Is(vec!["a", "b"]), Is(vec!["b", "a"]), &[]),
        (Is(vec!["a"]), Is(vec!["b"]), refused),
        (Is(vec!["a"]), Is(vec!["a", "b"]), refused),
        (Is(vec![]), Is(vec!["a"]), refused),
        (Unknown, Is(vec![]), open),
        (Is(vec![]), Unknown, open),
        (Unknown, Unknown, open),
    ] {
        let set = |ids: &Known<Vec<&str>>| ids.as_ref().map(|ids| ids.iter().map(|id| policy(id)).collect());
        let other: &[_] = if expected == refused { &["warn EditionsDiffer CUR-016"] } else { &[] };
        asks(&format!("{from:?} onto {onto:?}"), |a, b, _| (a.enterprise_policies, b.enterprise_policies) = (set(&from), set(&onto)), other, expected);
    }
}

#[test]
fn condition_4_both_have_a_database() {
    let finding = |has: Known<bool>| match has {
        Is(true) => None,
        Is(false) => Some("block NoDataverse RST-025"),
        Unknown => Some("unknown NoDataverse RST-025"),
    };
    for from in THREE {
        for onto in THREE {
            let mut expected: Vec<_> = [from, onto].into_iter().filter_map(finding).collect();
            expected.sort_unstable();
            let change = |a: &mut Environment, b: &mut Environment, _: &mut World| {
                (a.dataverse, b.dataverse) = (three(from, Dataverse::default), three(onto, Dataverse::default));
            };
            asks_alike(&format!("{from:?} onto {onto:?}"), change, &expected);
        }
    }
}

#[test]
fn condition_5_one_gigabyte_is_free_to_the_last_decimal() {
    let (refused, open) = (["block CapacityBelow1GB RST-044"], ["unknown CapacityBelow1GB RST-044"]);
    for (entitled, used, expected) in [
        (gb("500"), gb("499.01"), &refused as &[_]),
        (gb("500"), gb("499.00"), &[]),
        (gb("500"), gb("503.5"), &refused),
        (gb("0.5"), Unknown, &refused),
        (gb("1"), Unknown, &open),
        (Unknown, gb("0"), &open),
    ] {
        let change = |_: &mut Environment, _: &mut Environment, world: &mut World| {
            world.contoso.capacity = sum(entitled, used);
        };
        // The newer articles judge each type apart, so there a sum that is large enough is an approximation.
        let newer = if expected.is_empty() { &["note CapacityIsASum CUR-029"] } else { expected };
        asks(&format!("{entitled:?} - {used:?}"), change, expected, newer);
    }
}

/// A production environment that keeps its backups for so many days.
fn keeping(days: Known<Option<u16>>) -> Environment {
    let mut source = sales();
    source.retention_days = days;
    source
}

#[test]
fn condition_6_an_instant_is_inside_the_retention_to_the_second() {
    let (gone, open) = (vec!["block BackupExpired BKP-081"], vec!["unknown BackupExpired BKP-081"]);
    let second = TimeDelta::seconds(1);
    for edition in BOTH {
        for days in [7, 14, 21, 28] {
            let (source, target, kept) = (keeping(Is(Some(days))), uat(), TimeDelta::days(i64::from(days)));
            let found = |time: TimeDelta| World::new(edition).found(at(&source, &target, before(time)));
            assert_eq!(found(kept - second), [""; 0], "{days} days");
            assert_eq!(found(kept), [""; 0], "{days} days");
            assert_eq!(found(kept + second), gone, "{days} days");
            // No instant that did not come yet, but this very one.
            assert_eq!(found(TimeDelta::zero()), [""; 0]);
            assert_eq!(found(-second), gone);
        }
        // By type, whatever was set: production with Dynamics 365 apps 28, sandbox 7, also one that was production.
        let mut with_apps = keeping(Is(Some(7)));
        with_apps.dynamics_365_apps = Is(vec!["Sales".into()]);
        let (mut sandbox, target) = (known("Former", Sandbox), uat());
        sandbox.retention_days = Is(Some(28));
        let world = World::new(edition);
        assert_eq!(world.found(at(&with_apps, &target, before(TimeDelta::days(28)))), [""; 0]);
        assert_eq!(world.found(at(&sandbox, &target, before(TimeDelta::days(7)))), [""; 0]);
        assert_eq!(world.found(at(&sandbox, &target, before(TimeDelta::days(7) + second))), gone);
        // Never before its creation, which nobody may know; never after its deletion.
        let mut young = keeping(Is(Some(28)));
        for (created_at, instant, expected) in [
            (Is(before(TimeDelta::days(5))), TimeDelta::days(5), vec![]),
            (Is(before(TimeDelta::days(5))), TimeDelta::days(5) + second, gone.clone()),
            (Unknown, TimeDelta::days(5), open.clone()),
            (Unknown, TimeDelta::days(29), gone.clone()),
        ] {
            young.created_at = created_at;
            assert_eq!(world.found(at(&young, &target, before(instant))), expected, "{created_at:?}");
        }
        for created_at in [Is(utc("2023-02-15T08:00:00Z")), Unknown] {
            let mut deleted = keeping(Is(Some(28)));
            (deleted.deleted_at, deleted.created_at) = (Is(Some(before(TimeDelta::days(2)))), created_at);
            let found = world.found(at(&deleted, &target, before(TimeDelta::days(1))));
            assert_eq!(found, ["block BackupExpired BKP-081", "block Deleted G-16"], "{created_at:?}");
        }
    }
}

#[test]
fn condition_6_is_decided_over_every_retention_that_is_possible() {
    let (gone, open) = (vec!["block BackupExpired BKP-081"], vec!["unknown BackupExpired BKP-081"]);
    let mut unseen = keeping(Unknown);
    for edition in BOTH {
        let world = World::new(edition);
        let target = uat();
        // Set to 7, 14, 21 or 28 days: what all of them reach is there, what none reaches is gone.
        for (days, expected) in [(7, vec![]), (8, open.clone()), (28, open.clone()), (29, gone.clone())] {
            assert_eq!(world.found(at(&unseen, &target, before(TimeDelta::days(days)))), expected, "{days} days");
            assert_eq!(world.found(of(&unseen, &target, &taken(TimeDelta::days(days)))), expected, "{days} days");
        }
    }
    // The newest instant that lies before the creation, whatever the retention is.
    unseen.created_at = Is(before(TimeDelta::days(1)));
    assert_eq!(World::new(Edition::Articles).found(at(&unseen, &uat(), before(TimeDelta::days(2)))), gone);
    // Without a database there is nothing; where nobody looked for one, nobody knows.
    let mut bare = sales();
    bare.dataverse = Is(None);
    let found = World::new(Edition::Articles).found(at(&bare, &uat(), before(TimeDelta::days(1))));
    assert_eq!(found, ["block NoDataverse RST-025", "block BackupExpired BKP-081"]);
    bare.dataverse = Unknown;
    let found = World::new(Edition::Articles).found(at(&bare, &uat(), before(TimeDelta::days(1))));
    assert_eq!(found, ["unknown NoDataverse RST-025", "unknown BackupExpired BKP-081"]);
}

#[test]
fn condition_7_a_manual_backup_is_ready_after_ten_minutes_and_settled_after_fifteen() {
    let (early, settling) = (vec!["block BackupNotReady BKP-052"], vec!["warn BackupSettling BKP-052"]);
    for edition in BOTH {
        for (seconds, expected) in
            [(-30, &early), (0, &early), (599, &early), (600, &settling), (601, &settling), (899, &settling), (900, &vec![]), (901, &vec![])]
        {
            let (source, target, backup) = (sales(), uat(), taken(TimeDelta::seconds(seconds)));
            assert_eq!(World::new(edition).found(of(&source, &target, &backup)), *expected, "{seconds} s");
        }
        // It is too young also where it is open how long it will be kept.
        let mut source = sales();
        source.dataverse = Unknown;
        for (seconds, other) in [(300, "block BackupNotReady BKP-052"), (700, "warn BackupSettling BKP-052")] {
            let mut expected = vec!["unknown NoDataverse RST-025", "unknown BackupExpired BKP-081"];
            expected.insert(if other.starts_with("block") { 0 } else { 2 }, other);
            assert_eq!(World::new(edition).found(of(&source, &uat(), &taken(TimeDelta::seconds(seconds)))), expected);
        }
        // An instant of the system backup has no such wait.
        assert_eq!(World::new(edition).found(at(&sales(), &uat(), before(TimeDelta::seconds(30)))), [""; 0]);
        let kept = TimeDelta::days(7);
        assert_eq!(World::new(edition).found(of(&sales(), &uat(), &taken(kept))), [""; 0]);
        assert_eq!(World::new(edition).found(of(&sales(), &uat(), &taken(kept + TimeDelta::seconds(1)))), ["block BackupExpired BKP-081"]);
    }
}

#[test]
fn what_a_copy_overwrote_or_a_switch_may_have_removed() {
    let (mut source, target, old) = (sales(), uat(), taken(TimeDelta::days(2)));
    source.restorable_since = Some(before(TimeDelta::days(1)));
    for (edition, expected) in [
        (Edition::Articles, vec!["block BackupOverwritten C-19", "warn EditionsDiffer CUR-028"]),
        (Edition::Current, vec!["warn BackupOverwritten CUR-028", "warn EditionsDiffer C-19"]),
    ] {
        assert_eq!(World::new(edition).found(at(&source, &target, old.taken_at)), expected);
        assert_eq!(World::new(edition).found(of(&source, &target, &old)), expected);
        assert_eq!(World::new(edition).found(at(&source, &target, before(TimeDelta::days(1)))), [""; 0]);
    }
    source.restorable_since = None;
    source.may_be_gone_before = Some(before(TimeDelta::days(1)));
    for edition in BOTH {
        assert_eq!(World::new(edition).found(at(&source, &target, old.taken_at)), ["unknown BackupMayBeGone C-28"]);
        assert_eq!(World::new(edition).found(at(&source, &target, before(TimeDelta::days(1)))), [""; 0]);
    }
}

#[test]
fn condition_8_an_administrator_on_both_sides_and_a_service_admin_is_one() {
    use EnvironmentRole::{EnvironmentAdmin, SystemAdministrator, SystemCustomizer};
    use TenantRole::{Dynamics365Admin, GlobalAdmin, PowerPlatformAdmin, ServiceAdmin};
    let (missing, open, by_tenant) = ("block RoleMissing RST-065", "unknown RoleMissing RST-065", "note RoleByTenant G-26");
    for (wide, here, there, expected) in [
        (Is(vec![]), Is(vec![SystemAdministrator]), Is(vec![EnvironmentAdmin]), vec![]),
        (Is(vec![]), Is(vec![SystemCustomizer]), Is(vec![EnvironmentAdmin]), vec![missing]),
        (Is(vec![]), Is(vec![]), Is(vec![]), vec![missing, missing]),
        (Is(vec![]), Is(vec![]), Unknown, vec![missing, open]),
        (Unknown, Is(vec![]), Is(vec![SystemAdministrator]), vec![open]),
        (Is(vec![ServiceAdmin]), Is(vec![]), Unknown, vec![by_tenant, by_tenant]),
        (Is(vec![PowerPlatformAdmin]), Is(vec![]), Is(vec![]), vec![by_tenant, by_tenant]),
        (Is(vec![Dynamics365Admin]), Is(vec![]), Is(vec![]), vec![by_tenant, by_tenant]),
        (Is(vec![GlobalAdmin]), Is(vec![]), Is(vec![]), vec![by_tenant, by_tenant, "note GlobalAdmin RST-008"]),
        (Is(vec![GlobalAdmin, ServiceAdmin]), Is(vec![]), Is(vec![]), vec![by_tenant, by_tenant]),
    ] {
        let change = |a: &mut Environment, b: &mut Environment, world: &mut World| {
            (a.operator_roles, b.operator_roles, world.contoso.operator_roles) = (here.clone(), there.clone(), wide.clone());
        };
        asks_alike(&format!("{wide:?}, {here:?} onto {there:?}"), change, &expected);
    }
}

#[test]
fn condition_9_neither_deleted_nor_busy_nor_a_failed_source() {
    let (deleted, open) = ("block Deleted G-16", "unknown Deleted G-16");
    for (from, onto, expected) in [(Is(true), Is(false), vec![deleted]), (Is(false), Unknown, vec![open]), (Is(true), Unknown, vec![deleted, open])] {
        asks_alike("deleted", |a, b, _| (a.deleted_at, b.deleted_at) = (three(from, || utc(NOW)), three(onto, || utc(NOW))), &expected);
    }
    let (busy, open) = ("block Busy G-16", "unknown Busy G-16");
    use EnvironmentState::{Disabled, Failed, Preparing, Ready, Running};
    for (from, onto, expected) in [
        (Is(Running), Is(Ready), vec![busy]),
        (Is(Ready), Is(Preparing), vec![busy]),
        (Is(Ready), Is(Failed), vec![]),
        (Is(Ready), Is(Disabled), vec![]),
        (Unknown, Is(Ready), vec![open]),
        (Is(Ready), Unknown, vec![open]),
    ] {
        asks_alike(&format!("{from:?} onto {onto:?}"), |a, b, _| (a.state, b.state) = (from, onto), &expected);
    }
    for broken in [Failed, Disabled] {
        let refused = &["block SourceFailed CUR-017", "warn EditionsDiffer EDITIONS"];
        asks(&format!("{broken:?}"), |a, _, _| a.state = Is(broken), &["warn EditionsDiffer CUR-017"], refused);
    }
}

#[test]
fn each_condition_is_asked_once_of_an_environment_onto_itself() {
    let mut bare = uat();
    (bare.operator_roles, bare.dataverse, bare.state, bare.deleted_at) = (Is(vec![]), Unknown, Is(EnvironmentState::Running), Unknown);
    let found = ["block RoleMissing RST-065", "block Busy G-16", "unknown NoDataverse RST-025", "unknown Deleted G-16"];
    for edition in BOTH {
        assert_eq!(World::new(edition).found(pair(&bare, &bare)), found);
        let mut unseen = uat();
        (unseen.region, unseen.managed, unseen.customer_managed_key, unseen.enterprise_policies) = (Unknown, Unknown, Unknown, Unknown);
        assert_eq!(World::new(edition).found(pair(&unseen, &unseen)), [""; 0], "a fact that both ends share never differs");
    }
}

#[test]
fn condition_10_a_linked_pair_is_restored_to_one_and_the_same_instant() {
    use FinanceOperationsKind::{Lcs, Unified};
    let (apart, other) = ("block PairedInstantsDiffer LNK-027", "warn PairedRestore LNK-027");
    let (articles_both, current_both) = ("warn BothHalves LNK-001", "warn BothHalves CUR-026");
    let linked = |kind: Known<FinanceOperationsKind>| Is(half(kind, Unknown));
    let minute = TimeDelta::minutes(1);
    // One end alone is judged as for a copy (G-04).
    let (refused, half_only, open) = ("block TargetLinkedSourceNot G-04", "warn SourceLinkedTargetNot G-04", "unknown TargetLinkedSourceNot G-04");
    for (from, onto, articles, current) in [
        (Is(None), linked(Is(Lcs)), vec![refused, other], vec![refused, other]),
        (linked(Is(Lcs)), Is(None), vec![half_only], vec![half_only]),
        (Unknown, Is(None), vec![half_only], vec![half_only]),
        (linked(Is(Lcs)), linked(Is(Lcs)), vec![other, other], vec![other, other]),
        (Is(None), Unknown, vec![open, other], vec![open, other]),
        // What is unified is backed up and restored as one, in both editions (LNK-001, CUR-026).
        (Is(None), linked(Is(Unified)), vec![refused, articles_both], vec![refused, current_both]),
        (Is(None), linked(Unknown), vec![refused, other], vec![refused, other]),
        (linked(Is(Unified)), linked(Is(Unified)), vec![articles_both], vec![current_both]),
        (linked(Is(Lcs)), linked(Is(Unified)), vec![other, articles_both], vec![other, current_both]),
        (linked(Is(Unified)), linked(Is(Lcs)), vec![other], vec![other]),
        (linked(Is(Unified)), Is(None), vec![half_only], vec![half_only]),
    ] {
        asks(&format!("{from:?} onto {onto:?}"), |a, b, _| (a.finance_operations, b.finance_operations) = (from.clone(), onto.clone()), &articles, &current);
    }
    let (mut source, mut target, instant) = (sales(), uat(), before(TimeDelta::days(1)));
    (source.finance_operations, target.finance_operations) = (linked(Is(Lcs)), linked(Is(Lcs)));
    let Is(Some(half)) = &mut target.finance_operations else { panic!("it is linked") };
    half.point_in_time_restore_days = Is(14);
    let paired = |paired_at| {
        Question::Restore(Restore { source: &source, target: &target, point: Some(Point::Instant(instant)), audit_logs: false, paired_at, half_left: false })
    };
    for edition in BOTH {
        let found = |paired_at| World::new(edition).found(paired(Some(paired_at)));
        assert_eq!(found(instant), [other, other]);
        assert_eq!(found(instant + minute), [apart, other, other]);
    }
}

#[test]
fn the_other_half_reaches_back_as_many_days_as_it_says() {
    let far = "warn PointInTimeOutOfReach LNK-026";
    let (refused, open) = ("block PairedRestoreOutOfReach LNK-027", "unknown PairedRestoreOutOfReach LNK-027");
    let other = "warn PairedRestore LNK-027";
    let (mut source, mut target) = (keeping(Is(Some(28))), uat());
    for (days, age, alone, together) in [
        (Is(14), TimeDelta::days(14), vec![other, other], vec![other, other]),
        (Is(14), TimeDelta::days(14) + TimeDelta::seconds(1), vec![other, other, far], vec![refused, other, other]),
        (Is(0), TimeDelta::zero(), vec![other, other], vec![other, other]),
        (Unknown, TimeDelta::days(1), vec![other, other, far], vec![open, other, other]),
    ] {
        let Some(mut half) = half(Is(FinanceOperationsKind::Lcs), Unknown) else { panic!("there is one") };
        source.finance_operations = Is(Some(half.clone()));
        half.point_in_time_restore_days = days;
        target.finance_operations = Is(Some(half));
        for edition in BOTH {
            assert_eq!(World::new(edition).found(at(&source, &target, before(age))), alone, "{days:?} days, {age}");
            // Where the half is to go back with it, what it cannot reach is refused (LNK-027).
            let point = Some(Point::Instant(before(age)));
            let paired = Restore { source: &source, target: &target, point, audit_logs: false, paired_at: Some(before(age)), half_left: false };
            assert_eq!(World::new(edition).found(Question::Restore(paired)), together, "{days:?} days, {age}, together");
        }
    }
}

#[test]
fn a_half_of_production_or_one_that_nobody_knows_is_not_restored_without_a_word() {
    use FinanceOperationsType::{Production as P, Sandbox as S};
    let (other, instant) = ("warn PairedRestore LNK-027", before(TimeDelta::days(1)));
    let lcs = |of| {
        let mut half = half(Is(FinanceOperationsKind::Lcs), Unknown);
        half.iter_mut().for_each(|half| (half.kind_of_environment, half.point_in_time_restore_days) = (of, Is(14)));
        Is(half)
    };
    for (onto, alone, together) in [
        (lcs(Is(S)), vec![other, other], vec![other, other]),
        (lcs(Is(P)), vec![other, other], vec!["warn ProductionHalf LNK-032", other, other]),
        (lcs(Unknown), vec![other, other], vec!["warn ProductionHalf LNK-032", other, other]),
    ] {
        let (mut source, mut target) = (sales(), uat());
        (source.finance_operations, target.finance_operations) = (lcs(Is(S)), onto);
        for edition in BOTH {
            for (paired_at, expected) in [(None, &alone), (Some(instant), &together)] {
                let point = Some(Point::Instant(instant));
                let restore = Restore { source: &source, target: &target, point, audit_logs: false, paired_at, half_left: false };
                let mut found = World::new(edition).found(Question::Restore(restore));
                found.sort_by_key(|line| line == other);
                assert_eq!(found, *expected, "{paired_at:?}");
            }
        }
    }
    // Whether there is one at all is open: nobody knows how far it reaches.
    let (mut source, mut target) = (sales(), uat());
    (source.finance_operations, target.finance_operations) = (lcs(Is(S)), Unknown);
    let point = Some(Point::Instant(instant));
    let restore = Restore { source: &source, target: &target, point, audit_logs: false, paired_at: Some(instant), half_left: false };
    for edition in BOTH {
        let found = World::new(edition).found(Question::Restore(restore));
        assert!(found.contains(&"unknown PairedRestoreOutOfReach LNK-027".to_owned()), "{found:?}");
    }
}

#[test]
fn condition_11_audit_logs_are_a_choice_for_manual_backups_only() {
    let (source, target, itself, backup) = (sales(), uat(), uat(), taken(TimeDelta::days(1)));
    let instant = Point::Instant(backup.taken_at);
    for (source, target, point, expected) in [
        (&source, &target, Some(Point::Backup(&backup)), "warn AuditLogs RST-038"),
        (&source, &target, None, "warn AuditLogs RST-038"),
        (&source, &target, Some(instant), "warn AuditLogsManualOnly C-23"),
        // It keeps its own (RST-005).
        (&itself, &itself, Some(Point::Backup(&backup)), "warn AuditLogsManualOnly C-23"),
    ] {
        for edition in BOTH {
            let asked =
                |audit_logs| World::new(edition).found(Question::Restore(Restore { source, target, point, audit_logs, paired_at: None, half_left: false }));
            assert_eq!((asked(true), asked(false)), (vec![expected.to_owned()], vec![]), "{point:?}");
        }
    }
}

#[test]
fn what_stays_behind_and_what_is_shared_with_everyone() {
    for kind in ComponentKind::ALL {
        let carried = !ComponentKind::LEFT_BEHIND_OUTSIDE_SOLUTIONS.contains(kind);
        for (in_solution, warns) in [(Is(true), false), (Is(false), !carried), (Unknown, !carried)] {
            let mut expected = if warns { vec!["warn OutsideSolution BKP-031"] } else { vec![] };
            let everyone = *kind == ComponentKind::CanvasApp;
            let mut app = component("Visits", in_solution);
            if everyone {
                app.set("shared_with", Property::Text("Everyone".into()));
                expected.push("note SharedWithEveryone RST-058");
            }
            asks_alike(&format!("{kind:?} {in_solution:?}"), |a, _, _| a.components.insert(*kind, vec![app.clone()]), &expected);
        }
    }
    asks_alike("nobody looked", |a, _, _| a.components = Default::default(), &["warn OutsideSolution BKP-031", "note SharedWithEveryone RST-058"]);
}

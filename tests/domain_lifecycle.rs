//! Tables D3 to D5: backups, retention, and every operation on one environment, by both editions; yes, no and unknown; to the second.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "support/facts.rs"]
mod facts;

use chrono::{DateTime, TimeDelta, Utc};
use envdeck::domain::backup::Backup;
use envdeck::domain::component::ComponentKind;
use envdeck::domain::environment::{
    Dataverse, Environment, EnvironmentRole, EnvironmentState, EnvironmentType, FinanceOperations, FinanceOperationsKind, FinanceOperationsType,
};
use envdeck::domain::known::Known;
use envdeck::domain::rulebook::Edition;
use envdeck::domain::tenant::{Capacity, TenantKey, TenantRole};
use envdeck::domain::words::Word;
use facts::*;

const BOTH: [Edition; 2] = [Edition::Articles, Edition::Current];
const NONE: [&str; 0] = [];

fn before(time: TimeDelta) -> DateTime<Utc> {
    utc("2026-01-05T09:00:00Z") - time
}

fn taken(time: TimeDelta) -> Backup {
    Backup { taken_at: before(time), ..backup("2026-01-05T09:00:00Z") }
}

/// A question about one environment.
type Ask = for<'a> fn(&'a Environment) -> Question<'a>;

const BACKUP: Ask = |e| Question::Backup(e);
const DELETE_BACKUP: Ask = |e| Question::DeleteBackup(e, None);
const RESET: Ask = |e| Question::Reset(e);
const DELETE: Ask = |e| Question::Delete(e);
const RECOVER: Ask = |e| Question::Recover(e);
const EDIT: Ask = |e| Question::Edit(e);
const RENAME_URL: Ask = |e| Question::RenameUrl(e);
const ADMIN_ON: Ask = |e| Question::AdminMode(e, true);
const ADMIN_OFF: Ask = |e| Question::AdminMode(e, false);
const BACKGROUND_ON: Ask = |e| Question::Background(e, true);
const BACKGROUND_OFF: Ask = |e| Question::Background(e, false);
const DELETE_FNO: Ask = |e| Question::DeleteFinanceOperations(e);
const TO_SANDBOX: Ask = |e| Question::Switch(e, Sandbox);
const TO_PRODUCTION: Ask = |e| Question::Switch(e, Production);
const RETENTION: Ask = |e| Question::Retention(e, 14);

/// What refuses, leaves open or warns; notes say nothing against it.
#[track_caller]
fn against(world: &World, question: Question<'_>) -> Vec<String> {
    world.found(question).into_iter().filter(|line| !line.starts_with("note")).collect()
}

fn one(edition: Edition, ask: Ask, change: impl FnOnce(&mut Environment)) -> Vec<String> {
    let mut e = known("Contoso UAT", Sandbox);
    (e.admin_mode, e.background_operations) = (Is(true), Is(true));
    change(&mut e);
    against(&World::new(edition), ask(&e))
}

/// Each type with its refusal by the articles and by the newer ones; empty where it is allowed.
#[track_caller]
fn by_type(what: &str, ask: Ask, table: &[(Known<EnvironmentType>, &str, &str)]) {
    assert_eq!(table.len(), 10, "{what}: nine types, and an unknown one");
    for (kind, articles, current) in table {
        for (edition, expected) in [(Edition::Articles, articles), (Edition::Current, current)] {
            let refusal = |line: &String| !line.contains("EditionsDiffer") && !line.contains("Lost");
            let found: Vec<_> = one(edition, ask, |e| e.kind = *kind).into_iter().filter(refusal).collect();
            assert_eq!(found.join(" + "), *expected, "{what} of {kind:?} by {edition:?}");
        }
    }
}

#[test]
fn manual_backups_by_type_as_in_table_d4() {
    let of = |rule: &str| format!("block ManualBackupUnsupported {rule}");
    let (developer, teams, default, trial, subscription, new_trial, gap) =
        (of("BKP-016"), of("BKP-017"), of("BKP-010"), of("BKP-019"), of("BKP-020"), of("CUR-013"), of("G-13"));
    by_type(
        "backup",
        BACKUP,
        &[
            (Is(Production), "", ""),
            (Is(Sandbox), "", ""),
            (Is(Preview), &gap, &gap),
            (Is(Developer), &developer, ""),
            (Is(Teams), &teams, ""),
            (Is(DefaultType), &default, &default),
            (Is(Trial), &trial, &new_trial),
            (Is(TrialSubscription), &subscription, &new_trial),
            (Is(Demo), &gap, &gap),
            (Unknown, "unknown ManualBackupUnsupported BKP-009", "unknown ManualBackupUnsupported CUR-012"),
        ],
    );
    // Where the editions differ, each names the rule of the other.
    for kind in [Developer, Teams] {
        assert_eq!(one(Edition::Articles, BACKUP, |e| e.kind = Is(kind)).pop().unwrap(), "warn EditionsDiffer CUR-012", "{kind:?}");
        assert!(one(Edition::Current, BACKUP, |e| e.kind = Is(kind)).pop().unwrap().starts_with("warn EditionsDiffer"), "{kind:?}");
    }
    for edition in BOTH {
        assert_eq!(one(edition, BACKUP, |e| e.dataverse = Is(None)), ["block NoDataverse G-24"]);
        assert_eq!(one(edition, BACKUP, |e| e.dataverse = Unknown), ["unknown NoDataverse G-24"]);
        // Storage does not matter (BKP-079).
        let mut world = World::new(edition);
        world.contoso.capacity = sum(gb("500"), gb("700"));
        assert_eq!(against(&world, BACKUP(&uat())), NONE);
    }
}

#[test]
fn an_existing_manual_backup_can_be_deleted_until_it_is_gone() {
    let gone = ["block BackupExpired BKP-081"];
    let week = TimeDelta::days(7);
    for edition in BOTH {
        let world = World::new(edition);
        let e = uat();
        for (time, expected) in [(TimeDelta::zero(), &NONE as &[&str]), (week, &NONE), (week + TimeDelta::seconds(1), &gone)] {
            assert_eq!(against(&world, Question::DeleteBackup(&e, Some(&taken(time)))), expected, "{time}");
        }
        assert_eq!(against(&world, DELETE_BACKUP(&e)), ["block NoManualBackup BKP-064"]);
        assert_eq!(one(edition, DELETE_BACKUP, |e| e.backups = Unknown), ["unknown NoManualBackup BKP-064"]);
        assert_eq!(one(edition, DELETE_BACKUP, |e| e.backups = Is(vec![taken(week)])), NONE);
        // Where it is open how long it is kept, it may be gone already.
        let mut unseen = sales();
        unseen.retention_days = Unknown;
        assert_eq!(against(&world, Question::DeleteBackup(&unseen, Some(&taken(TimeDelta::days(9))))), ["unknown BackupExpired BKP-081"]);
    }
}

/// A production environment whose retention can be set.
fn settable() -> Environment {
    known("Contoso Service", Production)
}

#[test]
fn retention_can_be_set_for_managed_production_with_a_database_and_without_dynamics_365() {
    let (no, open, lag) = ("block RetentionNotChangeable", "unknown RetentionNotChangeable BKP-043", "warn RetentionLag BKP-038");
    for edition in BOTH {
        let mut world = World::new(edition);
        world.contoso.operator_roles = Is(vec![TenantRole::PowerPlatformAdmin]);
        for kind in EnvironmentType::ALL {
            for managed in THREE {
                for apps in THREE {
                    for database in THREE {
                        let mut e = settable();
                        e.kind = Is(*kind);
                        (e.managed, e.dynamics_365_apps) = (managed, apps.map(|yes| if yes { vec!["Sales".into()] } else { vec![] }));
                        e.dataverse = three(database, Dataverse::default);
                        let found = against(&world, RETENTION(&e)).remove(0);
                        let asked = [Is(*kind == Production), managed, apps.map(|yes| !yes), database];
                        let expected = if asked.contains(&Is(false)) {
                            no
                        } else if asked.contains(&Unknown) {
                            open
                        } else {
                            lag
                        };
                        assert!(found.starts_with(expected), "{kind:?} {managed:?} {apps:?} {database:?}: {found}");
                    }
                }
            }
        }
    }
    // The rule that fixes it.
    let mut world = World::new(Edition::Articles);
    world.contoso.operator_roles = Is(vec![TenantRole::GlobalAdmin]);
    let fixed = |change: fn(&mut Environment)| {
        let mut e = settable();
        change(&mut e);
        against(&world, RETENTION(&e))
    };
    assert_eq!(fixed(|e| e.dynamics_365_apps = Is(vec!["Sales".into()])), ["block RetentionNotChangeable BKP-044"]);
    assert_eq!(fixed(|e| e.managed = Is(false)), ["block RetentionNotChangeable BKP-006"]);
    assert_eq!(fixed(|e| e.dataverse = Is(None)), ["block RetentionNotChangeable G-24"]);
    assert_eq!(fixed(|e| e.kind = Is(Sandbox)), ["block RetentionNotChangeable BKP-045"]);
    assert_eq!(fixed(|e| e.kind = Is(Trial)), ["block RetentionNotChangeable C-03"]);
    assert_eq!(fixed(|e| e.kind = Is(Preview)), ["block RetentionNotChangeable G-13"]);
}

#[test]
fn a_shorter_retention_says_what_it_loses_and_none_says_so_too() {
    let (lost, lag) = ("warn BackupsLost BKP-037", "warn RetentionLag BKP-038");
    for edition in BOTH {
        let mut world = World::new(edition);
        world.contoso.operator_roles = Is(vec![TenantRole::GlobalAdmin]);
        for (set, days, backup_age, expected) in [
            (Is(Some(28)), 14, 20, vec![lost, lag]),
            (Is(Some(28)), 14, 3, vec![lost, lag]), // its system backups
            (Is(Some(7)), 14, 3, vec![lag]),
            (Is(None), 7, 3, vec![]), // 7 days are the default
            (Is(Some(28)), 28, 3, vec![]),
            (Unknown, 14, 20, vec![lost, lag]),
            (Unknown, 28, 20, vec![lag]),
        ] {
            let mut e = settable();
            (e.retention_days, e.backups) = (set, Is(vec![taken(TimeDelta::days(backup_age))]));
            let question = Question::Retention(&e, days);
            assert_eq!(against(&world, question), expected, "{set:?} to {days}");
            let notes = world.found(question).iter().any(|line| line == "note NothingChanges BKP-034");
            assert_eq!(notes, expected.is_empty(), "{set:?} to {days}");
        }
        // A young environment has nothing that is older.
        let mut young = settable();
        (young.retention_days, young.created_at) = (Is(Some(28)), Is(before(TimeDelta::days(14))));
        assert_eq!(against(&world, RETENTION(&young)), [lag]);
        young.created_at = Is(before(TimeDelta::days(14) + TimeDelta::seconds(1)));
        assert_eq!(against(&world, RETENTION(&young)), [lost, lag]);
    }
}

#[test]
fn only_sandbox_and_production_are_switched_one_to_the_other() {
    for (edition, rule) in [(Edition::Articles, "ENV-020"), (Edition::Current, "CUR-022")] {
        for to in EnvironmentType::ALL {
            for from in EnvironmentType::ALL.iter().map(|kind| Is(*kind)).chain([Unknown]) {
                let mut e = uat();
                e.kind = from;
                let found = against(&World::new(edition), Question::Switch(&e, *to));
                let refusal: Vec<_> = found.iter().filter(|line| line.contains("SwitchUnsupported")).collect();
                let expected = match (from, to) {
                    (Is(Sandbox), Production) | (Is(Production), Sandbox) => vec![],
                    // Trials are converted by the newer articles only (CUR-022).
                    (Is(Trial | TrialSubscription), Production) if edition == Edition::Current => vec![],
                    (Unknown, Sandbox | Production) => vec![format!("unknown SwitchUnsupported {rule}")],
                    _ => vec![format!("block SwitchUnsupported {rule}")],
                };
                assert_eq!(refusal, expected.iter().collect::<Vec<_>>(), "{from:?} to {to:?}");
            }
        }
    }
}

#[test]
fn a_trial_is_converted_to_production_with_a_gigabyte_and_without_marketing() {
    for kind in [Trial, TrialSubscription] {
        let trial = |apps: Known<Vec<std::sync::Arc<str>>>, used: &str, edition| {
            let (mut world, mut e) = (World::new(edition), known("CoE Trial", kind));
            (e.dynamics_365_apps, world.contoso.capacity) = (apps, sum(gb("500"), gb(used)));
            world.found(TO_PRODUCTION(&e))
        };
        let (hours, refused, summed) = ("note ConversionTakesHours CUR-022", "warn EditionsDiffer CUR-022", "note CapacityIsASum CUR-029");
        assert_eq!(trial(Is(vec![]), "499", Edition::Articles), ["block SwitchUnsupported ENV-020", refused]);
        for (apps, used, expected) in [
            (Is(vec![]), "499", vec!["warn EditionsDiffer ENV-020", summed, hours]),
            (Is(vec!["Sales".into()]), "499", vec!["warn EditionsDiffer ENV-020", summed, hours]),
            (Is(vec![]), "499.01", vec!["block CapacityBelow1GB CUR-022", hours]),
            (Is(vec!["Dynamics 365 Marketing".into()]), "499", vec!["block MarketingBarsConversion CUR-022", summed, hours]),
            (Unknown, "499", vec!["unknown MarketingBarsConversion CUR-022", "warn EditionsDiffer ENV-020", summed, hours]),
        ] {
            assert_eq!(trial(apps.clone(), used, Edition::Current), expected, "{kind:?} {apps:?} {used}");
        }
        // Where the types are known, database storage has to have the gigabyte.
        for (used, expected) in [("99", ["warn EditionsDiffer ENV-020", hours]), ("99.01", ["block DatabaseBelow1GB CUR-029", hours])] {
            let (mut world, e) = (World::new(Edition::Current), known("CoE Trial", kind));
            world.contoso.capacity = types([("100", used), ("10", "1"), ("400", "1")]);
            assert_eq!(world.found(TO_PRODUCTION(&e)), expected, "{kind:?} {used}");
        }
        // To sandbox no trial goes, and what does is said.
        let e = known("CoE Trial", kind);
        let verdict = World::new(Edition::Current).judged(TO_SANDBOX(&e));
        assert_eq!((verdict.findings[0].code.word(), &*verdict.findings[0].remedy), ("SwitchUnsupported", "It can be switched to Production"));
    }
    // A sandbox takes no storage of its own when it becomes production.
    let mut world = World::new(Edition::Current);
    world.contoso.capacity = sum(gb("500"), gb("499.9"));
    assert_eq!(against(&world, TO_PRODUCTION(&uat())), NONE);
}

#[test]
fn a_switch_to_sandbox_warns_of_backups_older_than_seven_days_to_the_second() {
    let lost = ["warn BackupsLost ENV-021"];
    let (week, second) = (TimeDelta::days(7), TimeDelta::seconds(1));
    for edition in BOTH {
        for (days, created, expected) in
            [(28, week * 5, &lost as &[&str]), (7, week * 5, &NONE), (28, week, &NONE), (28, week + second, &lost), (14, week * 5, &lost)]
        {
            let mut e = settable();
            (e.retention_days, e.created_at) = (Is(Some(days)), Is(before(created)));
            assert_eq!(against(&World::new(edition), TO_SANDBOX(&e)), expected, "{days} days, created {created} ago");
        }
        for (age, expected) in [(week, &NONE as &[&str]), (week + second, &lost)] {
            let mut e = settable();
            (e.retention_days, e.created_at, e.backups) = (Is(Some(28)), Is(before(week)), Is(vec![taken(age)]));
            assert_eq!(against(&World::new(edition), TO_SANDBOX(&e)), expected, "{age}");
        }
        assert_eq!(against(&World::new(edition), TO_PRODUCTION(&uat())), NONE);
    }
}

fn linked(kind: Known<FinanceOperationsKind>, of: Known<FinanceOperationsType>) -> Known<Option<Box<FinanceOperations>>> {
    let mut half = half(kind, Unknown).unwrap();
    half.kind_of_environment = of;
    Is(Some(half))
}

#[test]
fn a_switch_of_a_linked_pair_is_discouraged_and_the_halves_disagree() {
    use FinanceOperationsKind::{Lcs, Unified};
    use FinanceOperationsType as F;
    let (advice, apart, relink) = ("warn SwitchNotRecommended", "warn HalvesDiffer", "warn RelinkImpossible LNK-020");
    for edition in BOTH {
        for (of, to, expected) in [
            (Is(F::Sandbox), Production, vec![format!("{advice} LNK-012"), format!("{apart} LNK-013")]),
            (Is(F::Production), Production, vec![format!("{advice} LNK-012")]),
            (Unknown, Production, vec![format!("{advice} LNK-012"), format!("{apart} LNK-013")]),
            (Unknown, Sandbox, vec![format!("{advice} LNK-019"), format!("{apart} LNK-018"), relink.to_owned()]),
            (Is(F::Production), Sandbox, vec![format!("{advice} LNK-019"), format!("{apart} LNK-018"), relink.to_owned()]),
            (Is(F::Sandbox), Sandbox, vec![format!("{advice} LNK-019"), relink.to_owned()]),
        ] {
            let mut e = known("Contoso Finance", if to == Sandbox { Production } else { Sandbox });
            e.finance_operations = linked(Is(Lcs), of);
            assert_eq!(against(&World::new(edition), Question::Switch(&e, to)), expected, "{of:?} to {to:?}");
        }
        let open = one(edition, TO_PRODUCTION, |e| e.finance_operations = Unknown);
        assert_eq!(open, ["warn SwitchNotRecommended LNK-012"], "a rule that can only warn, warns");
        let open = one(edition, TO_SANDBOX, |e| (e.kind, e.finance_operations, e.retention_days) = (Is(Production), Unknown, Is(Some(7))));
        assert_eq!(open, ["warn SwitchNotRecommended LNK-019"]);
    }
    // What is unified is switched as one (CUR-026).
    let unified = |edition| one(edition, TO_PRODUCTION, |e| e.finance_operations = linked(Is(Unified), Is(F::Sandbox)));
    assert_eq!(unified(Edition::Articles), ["warn BothHalves LNK-001"]);
    assert_eq!(unified(Edition::Current), ["warn UnifiedDowntime CUR-026"]);
}

#[test]
fn reset_by_type() {
    let (no, new) = ("block ResetUnsupported G-11", "block ResetUnsupported CUR-018");
    let mut table: Vec<_> = EnvironmentType::ALL.iter().map(|kind| (Is(*kind), no, new)).collect();
    table[EnvironmentType::ALL.iter().position(|kind| *kind == Sandbox).unwrap()] = (Is(Sandbox), "", "");
    table[EnvironmentType::ALL.iter().position(|kind| *kind == Developer).unwrap()] = (Is(Developer), no, "");
    table.push((Unknown, "unknown ResetUnsupported G-11", "unknown ResetUnsupported CUR-018"));
    by_type("reset", RESET, &table);
    assert_eq!(one(Edition::Articles, RESET, |_| {}), ["warn ContentLost G-11"]);
    assert_eq!(one(Edition::Current, RESET, |_| {}), ["warn ContentLost CUR-018"]);
}

#[test]
fn only_the_default_environment_is_never_deleted() {
    for (kind, expected) in EnvironmentType::ALL.iter().map(|kind| (Is(*kind), if *kind == DefaultType { "block" } else { "" })).chain([(Unknown, "unknown")]) {
        for (edition, rule) in [(Edition::Articles, "G-11"), (Edition::Current, "CUR-019")] {
            let found = one(edition, DELETE, |e| e.kind = kind);
            let expected: Vec<_> = Some(format!("{expected} DeleteUnsupported {rule}")).filter(|_| !expected.is_empty()).into_iter().collect();
            assert_eq!(found, expected, "{kind:?}");
        }
    }
}

#[test]
fn the_link_bars_reset_deletion_and_another_url_but_nothing_else() {
    use FinanceOperationsKind::{Lcs, Unified};
    for (ask, code, rule) in [(RESET, "ResetBlockedByLink", "LNK-010"), (DELETE, "DeleteBlockedByLink", "LNK-006"), (RENAME_URL, "UrlLockedByLink", "LNK-004")]
    {
        let found = |edition, half: Known<Option<Box<FinanceOperations>>>| {
            let found = one(edition, ask, |e| e.finance_operations = half);
            found.into_iter().filter(|line| line.contains("Link")).collect::<Vec<_>>()
        };
        let (no, open) = (format!("block {code} {rule}"), format!("unknown {code} {rule}"));
        for edition in BOTH {
            assert_eq!(found(edition, Is(None)), NONE);
            assert_eq!(found(edition, linked(Is(Lcs), Unknown)), [no.as_str()]);
            assert_eq!(found(edition, Unknown), [open.as_str()]);
        }
        // The rules of the link hold for Lifecycle Services only (CUR-026).
        for edition in BOTH {
            assert_eq!(found(edition, linked(Is(Unified), Unknown)), NONE);
            assert_eq!(found(edition, linked(Unknown, Unknown)), [open.as_str()]);
        }
    }
    for edition in BOTH {
        for ask in [BACKUP, EDIT, ADMIN_OFF, BACKGROUND_OFF] {
            assert_eq!(one(edition, ask, |e| e.finance_operations = linked(Is(Lcs), Unknown)), NONE);
        }
    }
    // A URL needs a database.
    for edition in BOTH {
        assert_eq!(one(edition, RENAME_URL, |e| e.dataverse = Is(None)), ["block NoDataverse ENV-023"]);
        let open = one(edition, RENAME_URL, |e| e.dataverse = Unknown);
        assert!(open.iter().any(|line| line == "unknown NoDataverse ENV-023"), "{open:?}");
    }
}

#[test]
fn the_other_half_is_deleted_in_lifecycle_services() {
    use FinanceOperationsKind::{Lcs, Unified};
    use FinanceOperationsType as F;
    let (lost, production) = ("warn FinanceDataLost LNK-016", "warn ProductionHalf LNK-032");
    for edition in BOTH {
        assert_eq!(one(edition, DELETE_FNO, |_| {}), ["block NotLinked LNK-007"]);
        assert_eq!(one(edition, DELETE_FNO, |e| e.finance_operations = Unknown), ["unknown NotLinked LNK-007"]);
        // Data of production is never deleted without a word, nor what may be production.
        for (of, expected) in [(Is(F::Sandbox), vec![lost]), (Is(F::Production), vec![production, lost]), (Unknown, vec![production, lost])] {
            assert_eq!(one(edition, DELETE_FNO, |e| e.finance_operations = linked(Is(Lcs), of)), expected, "{of:?}");
        }
    }
    let found = |edition, kind| one(edition, DELETE_FNO, |e| e.finance_operations = linked(kind, Unknown));
    assert_eq!(found(Edition::Articles, Is(Unified)), ["block NotInLcs LNK-007"]);
    assert_eq!(found(Edition::Current, Is(Unified)), ["block NotInLcs CUR-026"]);
    // Whoever manages it: of what type the half is, is unknown as well.
    assert_eq!(found(Edition::Articles, Unknown), ["unknown NotInLcs LNK-007", production, lost]);
    assert_eq!(found(Edition::Current, Unknown), ["unknown NotInLcs CUR-026", production, lost]);
}

#[test]
fn a_deleted_environment_is_recovered_within_7_days_or_28_with_dynamics_365_to_the_second() {
    let (expired, open) = ("block RecoveryExpired RCV-001", "unknown RecoveryExpired RCV-001");
    let later = "block RecoveryExpired RCV-002";
    let (week, month, second) = (TimeDelta::days(7), TimeDelta::days(28), TimeDelta::seconds(1));
    let yes = Is(vec!["Sales".into()]);
    for edition in BOTH {
        for (kind, apps, ago, expected) in [
            (Is(Sandbox), Is(vec![]), TimeDelta::zero(), vec![]),
            (Is(Sandbox), Is(vec![]), week - second, vec![]),
            (Is(Sandbox), Is(vec![]), week, vec![]),
            (Is(Sandbox), Is(vec![]), week + second, vec![expired]),
            (Is(Sandbox), yes.clone(), week + second, vec![expired]),
            (Is(Production), Is(vec![]), week + second, vec![expired]),
            (Is(Production), yes.clone(), week + second, vec![]),
            (Is(Production), yes.clone(), month, vec![]),
            (Is(Production), yes.clone(), month + second, vec![later]),
            (Is(Production), Unknown, week, vec![]),
            (Is(Production), Unknown, week + second, vec![open]),
            (Is(Production), Unknown, month + second, vec![expired]),
            (Unknown, yes.clone(), month, vec![open]),
            (Unknown, Is(vec![]), week + second, vec![expired]),
        ] {
            let found = one(edition, RECOVER, |e| {
                // A lengthened retention does not lengthen it (RCV-007).
                (e.kind, e.dynamics_365_apps, e.retention_days, e.deleted_at) = (kind, apps.clone(), Is(Some(28)), Is(Some(before(ago))));
            });
            assert_eq!(found, expected, "{kind:?} {apps:?} {ago}");
        }
        assert_eq!(one(edition, RECOVER, |_| {}), ["block NotDeleted RCV-006"]);
        assert_eq!(one(edition, RECOVER, |e| e.deleted_at = Unknown), ["unknown NotDeleted RCV-006"]);
    }
    // Before a deletion the rule is named that will hold after it.
    let mut sales = uat();
    (sales.kind, sales.dynamics_365_apps) = (Is(Production), yes);
    let world = World::new(Edition::Articles);
    assert!(world.found(Question::Delete(&sales)).contains(&"note Recoverable RCV-002".to_owned()));
    assert!(world.found(Question::Delete(&uat())).contains(&"note Recoverable RCV-001".to_owned()));
    // It takes storage by the newer articles only.
    let full = |edition| {
        let (mut world, mut e) = (World::new(edition), uat());
        (world.contoso.capacity, e.deleted_at) = (sum(gb("500"), gb("499.01")), Is(Some(before(week))));
        against(&world, RECOVER(&e))
    };
    assert_eq!(full(Edition::Articles), ["warn EditionsDiffer CUR-020"]);
    assert_eq!(full(Edition::Current), ["block CapacityBelow1GB CUR-020", "warn EditionsDiffer EDITIONS"]);
}

#[test]
fn another_environment_takes_one_gigabyte_to_the_last_decimal() {
    let (refused, open): (&[_], &[_]) = (&["block CapacityBelow1GB ENV-015"], &["unknown CapacityBelow1GB ENV-015"]);
    for edition in BOTH {
        for (entitled, used, expected) in
            [(gb("500"), gb("499.01"), refused), (gb("500"), gb("499"), &[]), (gb("500"), Unknown, open), (gb("0.99"), Unknown, refused)]
        {
            let mut world = World::new(edition);
            world.contoso.operator_roles = Is(vec![TenantRole::GlobalAdmin]);
            world.contoso.capacity = sum(entitled, used);
            assert_eq!(against(&world, Question::Create(TenantKey(0))), expected, "{entitled:?} - {used:?}");
            // The newer articles judge each type apart, so there a sum that is large enough is an approximation.
            let approximates = world.found(Question::Create(TenantKey(0))).contains(&"note CapacityIsASum CUR-029".to_owned());
            assert_eq!(approximates, edition == Edition::Current && expected.is_empty(), "{entitled:?} - {used:?}");
        }
    }
}

/// What each type of storage comes to, entitled and used: database, log, file; and what is left of database storage.
#[test]
fn storage_is_judged_by_type_where_it_is_known() {
    let refused: &[_] = &["block DatabaseBelow1GB CUR-029"];
    let open: &[_] = &["unknown DatabaseBelow1GB CUR-029"];
    for (what, storage, expected) in [
        // The four examples of Microsoft's article.
        ("database is over", [("100", "110"), ("10", "5"), ("400", "200")], refused),
        ("log is over by more than database has left", [("100", "95"), ("10", "20"), ("400", "200")], refused),
        ("file is over by more than database and log have left", [("100", "20"), ("10", "5"), ("200", "290")], refused),
        ("log is over by less than database has left", [("100", "80"), ("10", "20"), ("400", "200")], &[]),
        // One gigabyte, to the last decimal.
        ("just enough", [("100", "99"), ("10", "10"), ("400", "200")], &[]),
        ("not quite enough", [("100", "99.01"), ("10", "10"), ("400", "200")], refused),
        ("file storage does not help", [("100", "100"), ("10", "10"), ("400", "0")], refused),
        ("log storage does not help", [("100", "100"), ("10", "0"), ("400", "200")], refused),
        ("log covers file", [("100", "99"), ("10", "5"), ("200", "205")], &[]),
        ("database covers what log does not", [("100", "98.5"), ("10", "5"), ("200", "205.50")], &[]),
        ("database covers too much", [("100", "98.5"), ("10", "5"), ("200", "205.51")], refused),
        // What is unknown decides nothing, unless it could not help.
        ("file is unknown", [("100", "50"), ("10", "5"), ("?", "?")], open),
        ("database is unknown", [("?", "?"), ("10", "5"), ("400", "200")], open),
        ("database is over, the rest unknown", [("100", "110"), ("?", "?"), ("?", "?")], refused),
        ("log is over, file unknown", [("100", "95"), ("10", "20"), ("?", "?")], refused),
        ("nothing is entitled", [("0.5", "?"), ("?", "?"), ("?", "?")], refused),
    ] {
        let mut world = World::new(Edition::Current);
        world.contoso.operator_roles = Is(vec![TenantRole::GlobalAdmin]);
        world.contoso.capacity = types(storage);
        assert_eq!(
            against(&world, Question::Create(TenantKey(0))).into_iter().filter(|line| !line.contains("EditionsDiffer")).collect::<Vec<_>>(),
            expected,
            "{what}"
        );
    }
    // The sum says otherwise: by the articles it decides.
    let mut world = World::new(Edition::Articles);
    world.contoso.operator_roles = Is(vec![TenantRole::GlobalAdmin]);
    world.contoso.capacity = types([("100", "110"), ("10", "5"), ("400", "200")]);
    assert_eq!(against(&world, Question::Create(TenantKey(0))), ["warn EditionsDiffer CUR-029"]);
    // A part of the types beside the sum: as far as they go, and then the sum.
    for (used, expected) in [("99.5", "block DatabaseBelow1GB CUR-029"), ("50", "note CapacityIsASum CUR-029")] {
        let mut world = World::new(Edition::Current);
        world.contoso.operator_roles = Is(vec![TenantRole::GlobalAdmin]);
        world.contoso.capacity = Capacity { entitled: gb("500"), used: gb("400"), ..types([("100", used), ("?", "?"), ("?", "?")]) };
        assert!(world.found(Question::Create(TenantKey(0))).contains(&expected.to_owned()), "{used}");
    }
}

#[test]
fn every_operation_that_needs_storage_asks_for_database_storage() {
    let mut world = World::new(Edition::Current);
    world.contoso.capacity = types([("100", "110"), ("10", "5"), ("400", "200")]);
    let (source, target) = (sales(), uat());
    let mut deleted = uat();
    deleted.deleted_at = Is(Some(before(TimeDelta::days(2))));
    let mut trial = uat();
    trial.kind = Is(Trial);
    let refused = "block DatabaseBelow1GB CUR-029".to_owned();
    assert!(world.finds(&source, &target).contains(&refused), "copy");
    let restore = Question::Restore(envdeck::domain::restore::Restore {
        source: &target,
        target: &target,
        point: None,
        audit_logs: false,
        paired_at: None,
        half_left: false,
    });
    for question in [restore, RECOVER(&deleted), Question::Create(TenantKey(0)), Question::Switch(&trial, Production)] {
        assert!(world.found(question).contains(&refused), "{:?}", question.kind());
    }
    assert!(!world.found(BACKUP(&target)).contains(&refused), "a backup takes no storage (BKP-079)");
    assert!(!world.found(Question::Switch(&target, Production)).contains(&refused), "a sandbox is switched without more storage");
    let said = world.says("DatabaseBelow1GB", &source, &target).0;
    assert_eq!(
        said,
        "Contoso lacks 10 GB of database storage, once that covers what log and file storage lack, and 1 GB must be free: \
         database 110 of 100 GB, log 5 of 10 GB, file 200 of 400 GB"
    );
}

#[test]
fn administration_mode_is_turned_on_by_hand_for_some_types_and_off_for_all() {
    let (no, new) = ("block AdminModeUnsupported ENV-014", "block AdminModeUnsupported CUR-021");
    let on: Ask = |e| Question::AdminMode(e, true);
    by_type(
        "administration mode",
        on,
        &[
            (Is(Production), "", ""),
            (Is(Sandbox), "", ""),
            (Is(Preview), no, new),
            (Is(Developer), no, new),
            (Is(Teams), no, new),
            (Is(DefaultType), no, new),
            (Is(Trial), no, new),
            (Is(TrialSubscription), no, ""),
            (Is(Demo), no, new),
            (Unknown, "unknown AdminModeUnsupported ENV-014", "unknown AdminModeUnsupported CUR-021"),
        ],
    );
    for edition in BOTH {
        for kind in EnvironmentType::ALL.iter().map(|kind| Is(*kind)).chain([Unknown]) {
            assert_eq!(one(edition, ADMIN_OFF, |e| e.kind = kind), NONE, "otherwise a restored {kind:?} could never leave it (C-20)");
        }
        let mut already = uat();
        already.admin_mode = Is(true);
        assert_eq!(World::new(edition).found(ADMIN_ON(&already)), ["note NothingChanges ENV-010"]);
    }
}

/// The tools set both switches at once, so that whoever leaves the mode also says what becomes of background operations.
#[test]
fn administration_mode_is_left_knowing_whether_background_operations_are_on() {
    for (edition, expected) in [(Edition::Articles, "unknown BackgroundUnknown C-21"), (Edition::Current, "unknown BackgroundUnknown CUR-021")] {
        assert_eq!(one(edition, ADMIN_OFF, |e| (e.admin_mode, e.background_operations) = (Is(true), Unknown)), [expected]);
        for runs in [true, false] {
            assert_eq!(one(edition, ADMIN_OFF, |e| (e.admin_mode, e.background_operations) = (Is(true), Is(runs))), NONE);
        }
        // Entering it stops them, whatever they were.
        assert_eq!(one(edition, ADMIN_ON, |e| (e.admin_mode, e.background_operations) = (Is(false), Unknown)), NONE);
    }
}

#[test]
fn background_operations_cannot_run_in_administration_mode_and_rest_only_in_it() {
    let (stopped, open) = (&["block AdminModeOn C-21"], &["unknown AdminModeOn C-21"]);
    let set = |mode: Known<bool>, runs: Known<bool>| move |e: &mut Environment| (e.admin_mode, e.background_operations) = (mode, runs);
    for edition in BOTH {
        for (mode, runs, expected) in [
            (Is(true), Is(false), stopped as &[&str]),
            (Is(false), Is(false), &NONE),
            (Unknown, Is(false), open),
            (Is(true), Unknown, stopped),
            (Is(true), Is(true), &NONE), // it is so already
        ] {
            assert_eq!(one(edition, BACKGROUND_ON, set(mode, runs)), expected, "{mode:?} {runs:?}");
        }
    }
    for (mode, articles, current) in [
        (Is(true), vec![], vec![]),
        (Is(false), vec!["warn EditionsDiffer CUR-021"], vec!["block AdminModeOff CUR-021", "warn EditionsDiffer EDITIONS"]),
        (Unknown, vec![], vec!["unknown AdminModeOff CUR-021"]),
    ] {
        assert_eq!(one(Edition::Articles, BACKGROUND_OFF, set(mode, Is(true))), articles, "{mode:?}");
        assert_eq!(one(Edition::Current, BACKGROUND_OFF, set(mode, Is(true))), current, "{mode:?}");
    }
}

/// Every question, with its role rule, and whether it can be asked of what is deleted, failed or disabled.
const EVERY: [(Ask, &str, bool, bool); 13] = [
    (BACKUP, "block RoleMissing BKP-059", false, false),
    (DELETE_BACKUP, "block RoleMissing BKP-065", false, false),
    (RETENTION, "block RoleMissing BKP-036", false, false),
    (TO_PRODUCTION, "warn RoleMissing ROLES", false, false),
    (RESET, "warn RoleMissing ROLES", false, true),
    (DELETE, "warn RoleMissing ROLES", false, true),
    (RECOVER, "warn RoleMissing ROLES", true, true),
    (EDIT, "warn RoleMissing ROLES", false, false),
    (RENAME_URL, "warn RoleMissing ROLES", false, false),
    (ADMIN_OFF, "warn RoleMissing ROLES", false, false),
    (BACKGROUND_OFF, "warn RoleMissing ROLES", false, false),
    (DELETE_FNO, "warn RoleMissing ROLES", false, true),
    (ADMIN_ON, "warn RoleMissing ROLES", false, false),
];

#[test]
fn nothing_is_done_to_what_is_deleted_busy_or_by_the_newer_articles_failed_or_disabled() {
    use EnvironmentState::{Disabled, Failed, Preparing, Ready, Running};
    for (number, (ask, _, deleted, failed)) in EVERY.into_iter().enumerate() {
        for edition in BOTH {
            let found = |change: fn(&mut Environment), code: &str| {
                let found = one(edition, ask, change);
                found.into_iter().filter(|line| line.contains(code)).collect::<Vec<_>>()
            };
            for (state, expected) in [
                (Is(Ready), &NONE as &[&str]),
                (Is(Disabled), &NONE),
                (Is(Running), &["block Busy G-16"]),
                (Is(Preparing), &["block Busy G-16"]),
                (Unknown, &["unknown Busy G-16"]),
            ] {
                let busy: Vec<_> = one(edition, ask, |e| e.state = state).into_iter().filter(|line| line.contains("Busy")).collect();
                assert_eq!(busy, expected, "question {number}: {state:?}");
            }
            let gone = found(|e| e.deleted_at = Is(Some(utc("2026-01-04T09:00:00Z"))), "Deleted");
            assert_eq!(gone, if deleted { &NONE as &[&str] } else { &["block Deleted G-16"] }, "question {number}");
            let refuses = edition == Edition::Current && !failed;
            for state in EnvironmentState::ALL.iter().map(|state| Is(*state)).chain([Unknown]) {
                let found: Vec<_> = one(edition, ask, |e| e.state = state).into_iter().filter(|line| line.contains(" EnvironmentFailed")).collect();
                let refused = refuses && matches!(state, Is(Failed | Disabled));
                assert_eq!(found, if refused { &["block EnvironmentFailed CUR-017"] as &[&str] } else { &NONE }, "question {number}: {state:?}");
            }
            // What is deleted is shown as disabled, and is not disabled by a restore that failed.
            let gone = |e: &mut Environment| (e.state, e.deleted_at) = (Is(Disabled), Is(Some(utc("2026-01-04T09:00:00Z"))));
            assert_eq!(found(gone, " EnvironmentFailed"), NONE, "question {number}");
        }
    }
}

#[test]
fn each_operation_needs_its_role_and_where_no_article_names_one_envdeck_only_warns() {
    use EnvironmentRole::{EnvironmentAdmin, SystemAdministrator, SystemCustomizer};
    use TenantRole::{Dynamics365Admin, GlobalAdmin, PowerPlatformAdmin, ServiceAdmin};
    for (number, (ask, missing, ..)) in EVERY.into_iter().enumerate() {
        let tenant_only = missing.contains("BKP-036");
        let service = missing.contains("BKP-059") || missing.contains("BKP-065");
        let open = missing.replace("block", "unknown");
        for (here, wide, expected) in [
            (Is(vec![SystemAdministrator]), Is(vec![]), if tenant_only { missing } else { "" }),
            (Is(vec![EnvironmentAdmin]), Unknown, if tenant_only { open.as_str() } else { "" }),
            (Is(vec![SystemCustomizer]), Is(vec![]), missing),
            (Is(vec![]), Is(vec![]), missing),
            (Is(vec![]), Unknown, open.as_str()),
            (Unknown, Is(vec![]), if tenant_only { missing } else { open.as_str() }),
            (Is(vec![]), Is(vec![ServiceAdmin]), if service { "note RoleByTenant G-26" } else { missing }),
            (Is(vec![]), Is(vec![GlobalAdmin]), if tenant_only { "" } else { "note RoleByTenant G-26" }),
            (Unknown, Is(vec![PowerPlatformAdmin]), if tenant_only { "" } else { "note RoleByTenant G-26" }),
            (Is(vec![]), Is(vec![Dynamics365Admin]), if tenant_only { "" } else { "note RoleByTenant G-26" }),
        ] {
            for edition in BOTH {
                let (mut world, mut e) = (World::new(edition), settable());
                (e.operator_roles, world.contoso.operator_roles) = (here.clone(), wide.clone());
                let found = world.found(ask(&e)).into_iter().filter(|line| line.contains("Role")).collect::<Vec<_>>();
                assert_eq!(found.join(" + "), expected, "question {number}: {here:?} {wide:?}");
            }
        }
    }
    // Of a new one only the tenant can say who may.
    for (wide, expected) in
        [(Is(vec![GlobalAdmin]), &NONE as &[&str]), (Is(vec![ServiceAdmin]), &["warn RoleMissing ROLES"]), (Unknown, &["warn RoleMissing ROLES"])]
    {
        let mut world = World::new(Edition::Articles);
        world.contoso.operator_roles = wide;
        assert_eq!(against(&world, Question::Create(TenantKey(0))), expected);
    }
}

#[test]
fn what_is_lost_by_a_reset_is_named_in_figures() {
    let mut e = uat();
    e.components.insert(ComponentKind::ComponentLibrary, vec![component("Controls", Is(true))]);
    e.components.insert(ComponentKind::Mailbox, vec![component("a", Unknown), component("b", Unknown)]);
    e.backups = Is(vec![taken(TimeDelta::days(1))]);
    let verdict = World::new(Edition::Articles).judged(RESET(&e));
    assert_eq!(
        verdict.findings[0].message,
        "Everything in Contoso UAT is deleted for good: its data, its customizations, 2 mailboxes, 1 component library and 1 manual backup"
    );
}

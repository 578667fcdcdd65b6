//! What must hold of every environment: a fact that is looked up never turns an answer that was certain.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "support/facts.rs"]
mod facts;

use envdeck::domain::backup::{can_be_made, readiness, window};
use envdeck::domain::component::ComponentKind;
use envdeck::domain::environment::{
    CustomerManagedKey, Dataverse, EnterprisePolicy, Environment, EnvironmentRole, EnvironmentState, EnvironmentType, FinanceOperationsKind, PolicyKind,
};
use envdeck::domain::known::Known;
use envdeck::domain::retention::{recovery_days, retention};
use envdeck::domain::rulebook::Edition;
use envdeck::domain::tenant::{TenantKey, TenantRole};
use envdeck::domain::verdict::Answer;
use envdeck::domain::words::Word;
use facts::*;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed, TestRng, TestRunner};

/// The facts of one environment that rules read, each set by a number; 0 is unknown.
const FACTS: [fn(&mut Environment, u8); 15] = [
    |e, n| e.kind = pick(n, EnvironmentType::ALL),
    |e, n| e.state = pick(n, EnvironmentState::ALL),
    |e, n| e.region = pick(n, &["emea", "europe", "na"]).map(Into::into),
    |e, n| e.dataverse = three(pick(n, &[true, true, false]), Dataverse::default),
    |e, n| e.dynamics_365_apps = pick(n, &[true, false]).map(|yes| if yes { vec!["Sales".into()] } else { Vec::new() }),
    |e, n| e.managed = pick(n, &[true, false]),
    |e, n| e.customer_managed_key = three(pick(n, &[false, false, true]), || CustomerManagedKey { name: Unknown }),
    |e, n| {
        let policy = |kind| vec![EnterprisePolicy { kind, id: "p".into() }];
        e.enterprise_policies = pick(n, &[0, 0, 1, 2, 3]).map(|which| match which {
            0 => Vec::new(),
            1 => policy(Is(PolicyKind::Network)),
            2 => policy(Is(PolicyKind::Identity)),
            _ => policy(Unknown),
        });
    },
    |e, n| e.retention_days = pick(n, &[None, Some(7), Some(14), Some(28)]),
    |e, n| {
        let kinds = [Is(FinanceOperationsKind::Lcs), Is(FinanceOperationsKind::Unified), Unknown];
        let builds = [Is("10.0.43"), Is("10.0.44"), Unknown];
        e.finance_operations =
            pick(n, &[None, None, Some(0), Some(1), Some(2), Some(3), Some(4)]).map(|which| which.and_then(|which| half(kinds[which % 3], builds[which / 2])));
    },
    |e, n| e.operator_roles = pick(n, &[EnvironmentRole::EnvironmentAdmin, EnvironmentRole::SystemCustomizer]).map(|role| vec![role]),
    |e, n| e.deleted_at = three(pick(n, &[false, false, true]), || utc("2026-01-04T09:00:00Z")),
    |e, n| e.order_management = three(pick(n, &[false, true]), orders),
    |e, n| e.created_at = pick(n, &["2023-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]).map(utc),
    |e, n| match pick(n, &[Some(Is(true)), Some(Is(false)), Some(Unknown), None]) {
        Is(app) => e.components.insert(ComponentKind::CanvasApp, app.map(|app| component("Visits", app)).into_iter().collect()),
        Unknown => e.components = Default::default(),
    },
];

/// The facts of the world: roles in the tenant, storage.
const WORLD: [fn(&mut World, u8); 3] = [
    |w, n| w.contoso.operator_roles = pick(n, &[None, Some(TenantRole::GlobalAdmin), Some(TenantRole::ServiceAdmin)]).map(|role| role.into_iter().collect()),
    |w, n| w.contoso.capacity.entitled = pick(n, &["500", "500", "0.5"]).and_then(gb),
    |w, n| w.contoso.capacity.used = pick(n, &["420.25", "499.5"]).and_then(gb),
];

/// Facts without a meaning for the window: whether it was deleted is asked by a restore.
const DELETED: usize = 11;

fn pick<T: Copy>(number: u8, of: &[T]) -> Known<T> {
    if number == 0 { Unknown } else { Is(of[usize::from(number) % of.len()]) }
}

fn environment(name: &str, numbers: &[u8]) -> Environment {
    let mut e = known(name, Sandbox);
    for (set, number) in FACTS.iter().zip(numbers) {
        set(&mut e, *number);
    }
    e
}

fn world(edition: Edition, numbers: &[u8]) -> World {
    let mut world = World::new(edition);
    for (set, number) in WORLD.iter().zip(numbers) {
        set(&mut world, *number);
    }
    world
}

/// One fact in four is unknown.
fn numbers(count: usize) -> impl Strategy<Value = Vec<u8>> {
    vec(prop_oneof![1 => Just(0_u8), 3 => 1..=18_u8], count)
}

fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, rng_seed: RngSeed::Fixed(20_260_105), failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]))
}

/// What an answer leaves open: certain answers stay, unknown ones can become anything.
fn keeps(before: Answer, after: Answer) -> bool {
    match before {
        Answer::Blocked => after == Answer::Blocked,
        Answer::Unknown => true,
        Answer::AllowedWithWarnings => matches!(after, Answer::Allowed | Answer::AllowedWithWarnings),
        Answer::Allowed => matches!(after, Answer::Allowed | Answer::AllowedWithWarnings),
    }
}

#[test]
fn looking_up_a_fact_never_turns_a_block_or_an_allowed_copy() {
    let all = FACTS.len() * 2 + WORLD.len();
    let inputs = (numbers(all), 0..all, 1..=18_u8, proptest::bool::ANY, proptest::bool::weighted(0.1));
    let mut seen = std::collections::BTreeMap::new();
    let seen_by = std::cell::RefCell::new(&mut seen);
    let asked = |(mut facts, looked_up, value, newer, foreign): (Vec<u8>, usize, u8, bool, bool)| {
        facts[looked_up] = 0;
        let edition = if newer { Edition::Current } else { Edition::Articles };
        let answer = |facts: &[u8]| {
            let (source, rest) = facts.split_at(FACTS.len());
            let (target, of_world) = rest.split_at(FACTS.len());
            let mut target = environment("Target", target);
            if foreign {
                target.tenant = TenantKey(1);
            }
            world(edition, of_world).verdict(&environment("Source", source), &target).answer()
        };
        let before = answer(&facts);
        facts[looked_up] = value;
        let after = answer(&facts);
        *seen_by.borrow_mut().entry((before, after)).or_insert(0) += 1;
        prop_assert!(keeps(before, after), "{} became {} by fact {looked_up} = {value} of {facts:?}", before.word(), after.word());
        Ok(())
    };
    runner(600).run(&inputs, asked).unwrap();
    assert!(seen.contains_key(&(Answer::Blocked, Answer::Blocked)), "{seen:?}");
}

/// Random facts are nearly always refused for something, so this one starts where nothing speaks against a copy.
#[test]
fn looking_up_the_facts_of_a_copy_against_which_little_speaks_never_turns_a_certain_answer() {
    let all = FACTS.len() * 2;
    let inputs = (vec(0..all, 1..4), 0..all, 1..=18_u8, proptest::bool::ANY);
    let mut seen = std::collections::BTreeMap::new();
    let seen_by = std::cell::RefCell::new(&mut seen);
    let asked = |(unknown, looked_up, value, newer): (Vec<usize>, usize, u8, bool)| {
        let world = World::new(if newer { Edition::Current } else { Edition::Articles });
        let answer = |set: &[(usize, u8)]| {
            let (mut a, mut b) = (sales(), uat());
            for (fact, number) in set {
                FACTS[fact % FACTS.len()](if *fact < FACTS.len() { &mut a } else { &mut b }, *number);
            }
            world.verdict(&a, &b).answer()
        };
        let mut set: Vec<_> = unknown.iter().map(|fact| (*fact, 0)).chain([(looked_up, 0)]).collect();
        let before = answer(&set);
        set.push((looked_up, value));
        let after = answer(&set);
        *seen_by.borrow_mut().entry((before, after)).or_insert(0) += 1;
        prop_assert!(keeps(before, after), "{} became {} by {set:?}", before.word(), after.word());
        Ok(())
    };
    runner(600).run(&inputs, asked).unwrap();
    // The property is about something only if all of these came up.
    for pair in [
        (Answer::Allowed, Answer::Allowed),
        (Answer::AllowedWithWarnings, Answer::Allowed),
        (Answer::AllowedWithWarnings, Answer::AllowedWithWarnings),
        (Answer::Unknown, Answer::Allowed),
        (Answer::Unknown, Answer::Blocked),
    ] {
        assert!(seen.contains_key(&pair), "{pair:?} never came up: {seen:?}");
    }
}

#[test]
fn looking_up_a_fact_only_narrows_retention_windows_and_the_states_of_backups() {
    let inputs = (numbers(FACTS.len()), 0..FACTS.len(), 1..=18_u8, proptest::bool::ANY, 0..40_i64);
    let narrows = |before: bool, same: bool| before || same;
    let asked = |(mut facts, looked_up, value, newer, age): (Vec<u8>, usize, u8, bool, i64)| {
        let books = books();
        let rulebook = if newer { &books.current } else { &books.articles };
        let now = utc("2026-01-05T09:00:00Z");
        let taken = backup(&envdeck::domain::time::rfc3339(now - chrono::TimeDelta::days(age)));
        facts[looked_up] = 0;
        let before = environment("Before", &facts);
        facts[looked_up] = value;
        let after = environment("After", &facts);
        let (was, is) = (retention(&before, rulebook), retention(&after, rulebook));
        prop_assert!(is.possible().iter().all(|days| was.possible().contains(days)), "{was:?} became {is:?}");
        prop_assert!(narrows(was.is_changeable().is_unknown(), was.is_changeable() == is.is_changeable()));
        let (was, is) = (readiness(&taken, &was, rulebook, now), readiness(&taken, &is, rulebook, now));
        prop_assert!(narrows(was.is_unknown(), was == is), "{was:?} became {is:?}");
        let (was, is) = (can_be_made(&before, rulebook), can_be_made(&after, rulebook));
        prop_assert!(narrows(was.is_unknown(), was == is), "{was:?} became {is:?}");
        let (was, is) = (recovery_days(&before, rulebook), recovery_days(&after, rulebook));
        prop_assert!(narrows(was.is_unknown(), was == is), "{was:?} became {is:?}");
        if looked_up != DELETED {
            let (was, is) = (window(&before, rulebook, now), window(&after, rulebook, now));
            prop_assert!(narrows(was.is_unknown(), was == is), "{was:?} became {is:?}");
        }
        Ok(())
    };
    runner(400).run(&inputs, asked).unwrap();
}

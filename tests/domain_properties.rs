//! What must hold of every environment: a fact that is looked up never turns an answer that was certain.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "support/facts.rs"]
mod facts;

use std::sync::LazyLock;

use envdeck::domain::backup::{Backup, can_be_made, readiness, window};
use envdeck::domain::component::ComponentKind;
use envdeck::domain::environment::{
    CustomerManagedKey, Dataverse, EnterprisePolicy, Environment, EnvironmentRole, EnvironmentState, EnvironmentType, FinanceOperations, FinanceOperationsKind,
    FinanceOperationsType, PolicyKind,
};
use envdeck::domain::known::Known;
use envdeck::domain::mapping::Linted;
use envdeck::domain::migration::Migration;
use envdeck::domain::restore::{Point, Restore};
use envdeck::domain::retention::{recovery_days, retention};
use envdeck::domain::rulebook::Edition;
use envdeck::domain::tenant::{TenantKey, TenantRole};
use envdeck::domain::verdict::{Answer, Code, Severity, Verdict};
use envdeck::domain::words::Word;
use facts::*;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed, TestRng, TestRunner};

/// The facts of one environment that rules read, each set by a number; 0 is unknown.
const FACTS: [fn(&mut Environment, u8); 16] = [
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
        let which = [None, None, Some(0), Some(1), Some(2), Some(3), Some(4), Some(5), Some(6), Some(7), Some(8)];
        e.finance_operations = pick(n, &which).map(|which| which.and_then(|which| half(kinds[which % 3], builds[which / 3])));
    },
    |e, n| e.operator_roles = pick(n, &[EnvironmentRole::EnvironmentAdmin, EnvironmentRole::SystemCustomizer]).map(|role| vec![role]),
    |e, n| e.deleted_at = three(pick(n, &[false, false, true]), || utc("2026-01-04T09:00:00Z")),
    |e, n| e.order_management = three(pick(n, &[false, true]), orders),
    |e, n| e.created_at = pick(n, &["2023-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]).map(utc),
    |e, n| match pick(n, &[Some(Is(true)), Some(Is(false)), Some(Unknown), None]) {
        Is(app) => e.components.insert(ComponentKind::CanvasApp, app.map(|app| component("Visits", app)).into_iter().collect()),
        Unknown => e.components = Default::default(),
    },
    |e, n| {
        if let Is(Some(half)) = &mut e.finance_operations {
            half.kind_of_environment = pick(n, FinanceOperationsType::ALL);
        }
    },
];

/// The facts of the world: roles in the tenant, storage.
const WORLD: [fn(&mut World, u8); 3] = [
    |w, n| w.contoso.operator_roles = pick(n, &[None, Some(TenantRole::GlobalAdmin), Some(TenantRole::ServiceAdmin)]).map(|role| role.into_iter().collect()),
    |w, n| w.contoso.capacity = sum(pick(n, &["500", "500", "0.5"]).and_then(gb), w.contoso.capacity.used),
    |w, n| w.contoso.capacity = sum(w.contoso.capacity.entitled, pick(n, &["420.25", "499.5"]).and_then(gb)),
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

/// What can be known of a link: nothing, that there is none, or a half of which some facts are known.
fn links() -> Vec<Known<Option<Box<FinanceOperations>>>> {
    use FinanceOperationsKind::{Lcs, Unified};
    let mut all = vec![Unknown, Is(None)];
    for kind in [Unknown, Is(Lcs), Is(Unified)] {
        for build in [Unknown, Is("10.0.43"), Is("10.0.44")] {
            for of in [Unknown, Is(FinanceOperationsType::Sandbox), Is(FinanceOperationsType::Production)] {
                for days in [Unknown, Is(1), Is(14)] {
                    let mut half = half(kind, build);
                    half.iter_mut().for_each(|half| (half.kind_of_environment, half.point_in_time_restore_days) = (of, days));
                    all.push(Is(half));
                }
            }
        }
    }
    all
}

/// Whether `later` is what somebody can find who knew `before` and looked up the rest.
fn is_found_in(before: &Known<Option<Box<FinanceOperations>>>, later: &Known<Option<Box<FinanceOperations>>>) -> bool {
    fn kept<T: PartialEq>(before: &Known<T>, later: &Known<T>) -> bool {
        before.is_unknown() || before == later
    }
    match (before, later) {
        (Unknown, _) => true,
        (Is(None), Is(None)) => true,
        (Is(Some(was)), Is(Some(is))) => {
            kept(&was.kind, &is.kind)
                && kept(&was.application_build, &is.application_build)
                && kept(&was.kind_of_environment, &is.kind_of_environment)
                && kept(&was.point_in_time_restore_days, &is.point_in_time_restore_days)
        }
        (Is(_), _) => false,
    }
}

/// The facts of two halves are read together, so every pair of them is asked, known and unknown.
#[test]
fn looking_up_a_link_or_a_fact_of_a_half_never_turns_a_certain_answer_about_a_pair() {
    let links = links();
    // How far back a half reaches matters to a restore only, and its build to a copy.
    let copied: Vec<_> = links.iter().filter(|link| !link.is(|half| half.as_ref().is_some_and(|half| half.point_in_time_restore_days != Unknown))).collect();
    let restored: Vec<_> = links.iter().filter(|link| !link.is(|half| half.as_ref().is_some_and(|half| half.application_build != Unknown))).collect();
    let mut blocked_later = 0;
    for edition in [Edition::Articles, Edition::Current] {
        let world = World::new(edition);
        let at = world.now - chrono::TimeDelta::days(3);
        for (asked, links) in [(0, &copied), (1, &restored), (2, &restored)] {
            let answer = |from: &Known<Option<Box<FinanceOperations>>>, onto: &Known<Option<Box<FinanceOperations>>>| {
                let (mut source, mut target) = (sales(), uat());
                (source.finance_operations, target.finance_operations) = (from.clone(), onto.clone());
                let restore =
                    |paired_at| Restore { source: &source, target: &target, point: Some(Point::Instant(at)), audit_logs: false, paired_at, half_left: false };
                match asked {
                    0 => world.verdict(&source, &target).answer(),
                    1 => world.judged(Question::Restore(restore(None))).answer(),
                    _ => world.judged(Question::Restore(restore(Some(at)))).answer(),
                }
            };
            let answers: Vec<Vec<Answer>> = links.iter().map(|from| links.iter().map(|onto| answer(from, onto)).collect()).collect();
            for (from, row) in answers.iter().enumerate() {
                for (onto, before) in row.iter().enumerate() {
                    for later in (0..links.len()).filter(|later| is_found_in(links[onto], links[*later])) {
                        let after = row[later];
                        assert!(
                            keeps(*before, after),
                            "{edition:?} {asked}: {:?} onto {:?}, then {:?}: {before:?}, then {after:?}",
                            links[from],
                            links[onto],
                            links[later]
                        );
                        blocked_later += usize::from(*before == Answer::Unknown && after == Answer::Blocked);
                    }
                    for later in (0..links.len()).filter(|later| is_found_in(links[from], links[*later])) {
                        let after = answers[later][onto];
                        assert!(
                            keeps(*before, after),
                            "{edition:?} {asked}: {:?}, then {:?}, onto {:?}: {before:?}, then {after:?}",
                            links[from],
                            links[later],
                            links[onto]
                        );
                    }
                }
            }
        }
    }
    assert!(blocked_later > 0, "what is unknown can be refused later");
}

/// Instants and manual backups around which an answer changes: just taken, at the end of each retention, in the future.
const AGES: [(i64, i64); 14] =
    [(0, 0), (0, 599), (0, 600), (0, 601), (0, 899), (0, 900), (0, 901), (0, -30), (3, 0), (7, 0), (7, 1), (14, 0), (28, 0), (28, 1)];

/// A question about two environments, by its number.
fn question<'a>(number: usize, source: &'a Environment, target: &'a Environment, point: Option<Point<'a>>, days: u16) -> Question<'a> {
    let backup = match point {
        Some(Point::Backup(backup)) => Some(backup),
        Some(Point::Instant(_)) | None => None,
    };
    let paired_at = point.filter(|_| days == 14).map(|point| point.at());
    match number {
        0..=3 => Question::Restore(Restore { source, target, point, audit_logs: days == 7, paired_at, half_left: false }),
        4 => Question::Restore(Restore { source: target, target, point, audit_logs: false, paired_at, half_left: false }),
        5 => Question::Switch(source, Production),
        6 => Question::Switch(source, Sandbox),
        7 | 8 => Question::Retention(source, days),
        9 => Question::Backup(source),
        10 => Question::DeleteBackup(source, backup),
        11 => Question::Reset(source),
        12 => Question::Delete(source),
        13 | 14 => Question::Recover(source),
        15 => Question::Create(source.tenant),
        16 => Question::Edit(source),
        17 => Question::RenameUrl(source),
        18 => Question::AdminMode(source, days > 14),
        19 => Question::Background(source, days > 14),
        20 => Question::DeleteFinanceOperations(source),
        _ => Question::Migrate(Migration { environment: source, to: TenantKey(1), mapping: mapping(days), file: None, cut_over: None }),
    }
}
const QUESTIONS: usize = 22;

/// No mapping file, a good one, or one with a mistake.
fn mapping(days: u16) -> Option<&'static Linted> {
    static FILES: LazyLock<[Linted; 2]> = LazyLock::new(|| [mapped(2), mapping_file("isaac@contoso.com")]);
    match days {
        0..=7 => None,
        8..=14 => Some(&FILES[0]),
        _ => Some(&FILES[1]),
    }
}

/// Whether the type tables permit it, by every type that is known; an unknown type is permitted nothing.
fn permitted(question: &Question<'_>, edition: Edition) -> bool {
    let newer = edition == Edition::Current;
    let is = |e: &Environment, kinds: &[EnvironmentType]| e.kind.is(|kind| kinds.contains(kind));
    match question {
        Question::Restore(Restore { source, target, .. }) if source.id == target.id => is(source, &[Sandbox, Developer, Teams]),
        Question::Restore(Restore { source, target, .. }) => {
            (is(source, &[Production, Sandbox, Developer]) && is(target, &[Sandbox])) || (is(source, &[Developer]) && is(target, &[Developer]))
        }
        Question::Switch(e, Sandbox) => is(e, &[Production]),
        Question::Switch(e, Production) => is(e, &[Sandbox]),
        Question::Retention(e, _) => is(e, &[Production]) && e.managed == Is(true) && e.dynamics_365_apps.is(Vec::is_empty) && e.dataverse.is(Option::is_some),
        Question::Backup(e) => is(e, &[Production, Sandbox]) || (newer && is(e, &[Developer, Teams])),
        Question::Reset(e) => is(e, &[Sandbox]) || (newer && is(e, &[Developer])),
        Question::Delete(e) => e.kind.is(|kind| *kind != DefaultType),
        Question::AdminMode(e, true) => is(e, &[Production, Sandbox]) || (newer && is(e, &[TrialSubscription])),
        Question::Migrate(Migration { environment, .. }) => is(environment, &[Production, Sandbox]),
        _ => true,
    }
}

/// Codes with their severities: what a console shows again when the answer no longer holds.
fn outcome(verdict: &Verdict) -> Vec<(Severity, Code)> {
    let mut codes: Vec<_> = verdict.findings.iter().map(|finding| (finding.severity, finding.code)).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// Facts near those against which nothing speaks, with manual backups around the instants that matter.
fn near(name: &str, set: &[(usize, u8)], ages: &[usize], deleted: Option<usize>) -> Environment {
    let now = utc("2026-01-05T09:00:00Z");
    let at = |which: usize| now - chrono::TimeDelta::days(AGES[which].0) - chrono::TimeDelta::seconds(AGES[which].1);
    let mut e = if name == "Target" { known(name, Sandbox) } else { known(name, Production) };
    e.backups = Is(ages.iter().map(|which| Backup { id: which.to_string().into(), taken_at: at(*which), ..backup("2026-01-01T00:00:00Z") }).collect());
    if let Some(which) = deleted {
        e.deleted_at = Is(Some(at(which)));
    }
    if let Is(Some(half)) = &mut e.finance_operations {
        half.point_in_time_restore_days = Is(14);
    }
    for (fact, number) in set {
        FACTS[fact % FACTS.len()](&mut e, *number);
        match *number {
            17 => e.restorable_since = Some(at(ages.first().copied().unwrap_or(8))),
            18 => e.may_be_gone_before = Some(at(ages.first().copied().unwrap_or(8))),
            _ => {}
        }
        if let Is(Some(half)) = &mut e.finance_operations {
            half.point_in_time_restore_days = Is(if number % 2 == 0 { 7 } else { 28 });
        }
    }
    e
}

#[test]
fn an_answer_holds_as_long_as_it_says_and_allows_nothing_that_the_tables_refuse() {
    let facts = || vec((0..FACTS.len(), 0..=18_u8), 0..4);
    let inputs = (
        (0..QUESTIONS, facts(), facts(), vec(0..AGES.len(), 0..3), proptest::option::weighted(0.3, 0..AGES.len())),
        (proptest::option::of(0..AGES.len()), proptest::bool::ANY, proptest::bool::ANY, 0..4_usize, 0..3_usize, 0.0..1.0_f64),
    );
    let mut held = std::collections::BTreeSet::new();
    let held_by = std::cell::RefCell::new(&mut held);
    type Facts = (usize, Vec<(usize, u8)>, Vec<(usize, u8)>, Vec<usize>, Option<usize>);
    type Asked = (Option<usize>, bool, bool, usize, usize, f64);
    let asked = |((number, from, onto, ages, deleted), (instant, newer, dated, days, captured, part)): (Facts, Asked)| {
        let (source, target) = (near("Source", &from, &ages, deleted), near("Target", &onto, &ages, None));
        let mut world = World::new(if newer { Edition::Current } else { Edition::Articles });
        // Without the age of the facts in the way, the rules themselves have to say how long they hold.
        world.captured_at = if dated { Is(world.now - chrono::TimeDelta::days([0, 1, 7][captured])) } else { Unknown };
        let now = world.now;
        let whose = if number == 4 { &target } else { &source };
        let point = match (&whose.backups, instant) {
            (Is(backups), None) => backups.first().map(Point::Backup),
            (_, Some(which)) => Some(Point::Instant(now - chrono::TimeDelta::days(AGES[which].0) - chrono::TimeDelta::seconds(AGES[which].1))),
            (Unknown, None) => None,
        };
        let question = question(number, &source, &target, point, [7, 14, 21, 28][days]);
        let verdict = world.judged(question);
        let allowed = matches!(verdict.answer(), Answer::Allowed | Answer::AllowedWithWarnings);
        prop_assert!(!allowed || permitted(&question, world.edition), "{question:?} is allowed, and no table permits it");
        let far = now + chrono::TimeDelta::days(500);
        let until = verdict.holds_until.unwrap_or(far);
        prop_assert!(until >= now, "{question:?} held until {until}, before it was asked");
        let between = now + chrono::TimeDelta::nanoseconds(((until - now).num_nanoseconds().unwrap_or(i64::MAX) as f64 * part) as i64);
        for at in [between, until - chrono::TimeDelta::nanoseconds(1), until].into_iter().filter(|at| *at >= now && *at <= until) {
            world.now = at;
            prop_assert_eq!(outcome(&world.judged(question)), outcome(&verdict), "at {} of {:?}: {:#?}", at, verdict.holds_until, question);
        }
        held_by.borrow_mut().insert((question.kind(), verdict.answer(), verdict.holds_until.is_some()));
        Ok(())
    };
    runner(3000).run(&inputs, asked).unwrap();
    let kinds: std::collections::BTreeSet<_> = held.iter().map(|(kind, ..)| *kind).collect();
    assert_eq!(kinds.len(), envdeck::domain::operation::OperationKind::ALL.len() - 1, "every question but a copy was asked: {kinds:?}");
}

#[test]
fn looking_up_a_fact_never_turns_a_certain_answer_about_any_operation() {
    let inputs = (
        (0..QUESTIONS, vec(0..FACTS.len(), 0..3), vec(0..FACTS.len(), 0..3), 0..FACTS.len() * 2, 0..=18_u8),
        (0..AGES.len(), proptest::bool::ANY, proptest::bool::ANY, 0..4_usize, proptest::option::weighted(0.2, 0..AGES.len())),
    );
    let mut seen = std::collections::BTreeSet::new();
    let seen_by = std::cell::RefCell::new(&mut seen);
    type Facts = (usize, Vec<usize>, Vec<usize>, usize, u8);
    type Asked = (usize, bool, bool, usize, Option<usize>);
    let asked = |((number, from, onto, looked_up, value), (age, manual, newer, days, deleted)): (Facts, Asked)| {
        let world = World::new(if newer { Edition::Current } else { Edition::Articles });
        let unknown = |facts: &[usize]| facts.iter().map(|fact| (*fact, 0_u8)).collect::<Vec<_>>();
        let answer = |value: u8| {
            let (mut from, mut onto) = (unknown(&from), unknown(&onto));
            // What is known at last is set last.
            (if looked_up < FACTS.len() { &mut from } else { &mut onto }).push((looked_up % FACTS.len(), value));
            let (source, target) = (near("Source", &from, &[age], deleted), near("Target", &onto, &[age], None));
            let whose = if number == 4 { &target } else { &source };
            let Is(backups) = &whose.backups else { panic!("they are known") };
            let point = if manual { Point::Backup(&backups[0]) } else { Point::Instant(backups[0].taken_at) };
            world.judged(question(number, &source, &target, Some(point), [7, 14, 21, 28][days])).answer()
        };
        // What stands for something that happened is no fact that is looked up.
        let value = value.min(16);
        let (before, after) = (answer(0), answer(value));
        seen_by.borrow_mut().insert((before, after));
        let what = (number, &from, &onto, looked_up, value, AGES[age], manual, newer, days, deleted);
        prop_assert!(keeps(before, after), "{} became {} by {what:?}", before.word(), after.word());
        Ok(())
    };
    runner(3000).run(&inputs, asked).unwrap();
    for pair in [(Answer::Unknown, Answer::Allowed), (Answer::Unknown, Answer::Blocked), (Answer::AllowedWithWarnings, Answer::Allowed)] {
        assert!(seen.contains(&pair), "{pair:?} never came up: {seen:?}");
    }
}

//! Table D1: every pair of types and every condition, by both editions; holds, fails and unknown on either side.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "support/facts.rs"]
mod facts;

use envdeck::domain::component::ComponentKind;
use envdeck::domain::copy::{Copy, Level};
use envdeck::domain::environment::{
    CustomerManagedKey, Dataverse, EnterprisePolicy, Environment, EnvironmentRole, EnvironmentState, EnvironmentType, FinanceOperationsKind,
    FinanceOperationsType, PolicyKind,
};

use envdeck::domain::known::Known;
use envdeck::domain::rulebook::Edition;
use envdeck::domain::tenant::{TenantKey, TenantRole};
use envdeck::domain::words::Word;
use facts::*;

/// The table as it stands in RULES.md. P: `TargetIsProduction`, S: `SourceIsDefault`, D: `TargetIsDefault`,
/// T: `TypePairUnsupported`, each with its rule; ~: `EditionsDiffer` with the rule of the other edition.
const D1_ARTICLES: &str = "
    source             | production            | sandbox      | preview      | developer   | teams       | default               | trial       | trial-subscription | demo
    production         | P CPY-005             | yes          | yes          | T C-17      | T C-17      | D CPY-010             | T C-16      | T CPY-035          | T CPY-034
    sandbox            | P CPY-005             | yes          | yes          | T C-17      | T C-17      | D CPY-010             | T C-16      | T CPY-035          | T CPY-034
    preview            | P CPY-005             | T C-12       | T C-12       | T C-12      | T C-12      | D CPY-010             | T C-12      | T C-12             | T C-12
    developer          | P CPY-005             | yes ~CUR-002 | yes ~CUR-002 | T C-17      | T C-17      | D CPY-010             | T C-16      | T CPY-035          | T CPY-034
    teams              | P CPY-005             | T C-17       | T C-17       | T C-17      | T C-17      | D CPY-010             | T C-17      | T C-17             | T C-17
    default            | P CPY-005 + S CPY-010 | S CPY-010    | S CPY-010    | S CPY-010   | S CPY-010   | S CPY-010 + D CPY-010 | S CPY-010   | S CPY-010          | S CPY-010
    trial              | P CPY-005             | T C-16       | T C-16       | T C-16      | T C-16      | D CPY-010             | T C-16      | T C-16             | T C-16
    trial-subscription | P CPY-005             | T CPY-035    | T CPY-035    | T C-17      | T C-17      | D CPY-010             | T C-16      | yes                | T CPY-034
    demo               | P CPY-005             | T C-17       | T C-17       | T C-17      | T C-17      | D CPY-010             | T C-17      | T C-17             | T C-17";

/// The same with CUR-001 and CUR-002.
const D1_CURRENT: &str = "
    source             | production            | sandbox          | preview          | developer   | teams       | default               | trial       | trial-subscription | demo
    production         | P CPY-005             | yes              | yes              | T C-17      | T C-17      | D CUR-001             | T CUR-001   | T CPY-035          | T CPY-034
    sandbox            | P CPY-005             | yes              | yes              | T C-17      | T C-17      | D CUR-001             | T CUR-001   | T CPY-035          | T CPY-034
    preview            | P CPY-005             | T C-12           | T C-12           | T C-12      | T C-12      | D CUR-001             | T C-12      | T C-12             | T C-12
    developer          | P CPY-005             | T CUR-002 ~C-17  | T CUR-002 ~C-17  | T CUR-002   | T CUR-002   | D CUR-001             | T CUR-002   | T CUR-002          | T CUR-002
    teams              | P CPY-005             | T C-17           | T C-17           | T C-17      | T C-17      | D CUR-001             | T C-17      | T C-17             | T C-17
    default            | P CPY-005 + S CUR-001 | S CUR-001        | S CUR-001        | S CUR-001   | S CUR-001   | S CUR-001 + D CUR-001 | S CUR-001   | S CUR-001          | S CUR-001
    trial              | P CPY-005             | T CUR-001        | T CUR-001        | T CUR-001   | T CUR-001   | D CUR-001             | T CUR-001   | T CUR-001          | T CUR-001
    trial-subscription | P CPY-005             | T CPY-035        | T CPY-035        | T C-17      | T C-17      | D CUR-001             | T CUR-001   | yes                | T CPY-034
    demo               | P CPY-005             | T C-17           | T C-17           | T C-17      | T C-17      | D CUR-001             | T C-17      | T C-17             | T C-17";

fn cell(found: &[String]) -> String {
    let short = |line: &String| {
        let mut words = line.split(' ').skip(1);
        let (code, rule) = (words.next().unwrap(), words.next().unwrap());
        match code {
            "TargetIsProduction" => format!("P {rule}"),
            "SourceIsDefault" => format!("S {rule}"),
            "TargetIsDefault" => format!("D {rule}"),
            "TypePairUnsupported" => format!("T {rule}"),
            "EditionsDiffer" => format!("~{rule}"),
            _ => line.clone(),
        }
    };
    let mut parts: Vec<_> = found.iter().map(short).collect();
    let differs = parts.pop_if(|last| last.starts_with('~'));
    let answer = if parts.is_empty() { "yes".to_owned() } else { parts.join(" + ") };
    differs.map_or(answer.clone(), |differs| format!("{answer} {differs}"))
}

#[test]
fn each_of_the_81_pairs_of_types_is_answered_as_in_the_table() {
    for (edition, table) in [(Edition::Articles, D1_ARTICLES), (Edition::Current, D1_CURRENT)] {
        let world = World::new(edition);
        let mut lines = table.trim().lines().map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
        let targets = lines.next().unwrap();
        let mut asked = 0;
        for row in lines {
            for (onto, expected) in targets[1..].iter().zip(&row[1..]) {
                let of = |word: &str| EnvironmentType::from_word(word).unwrap();
                let found = world.finds(&known("Source", of(row[0])), &known("Target", of(onto)));
                assert_eq!(cell(&found), *expected, "{edition:?}: {} onto {onto}", row[0]);
                asked += 1;
            }
        }
        assert_eq!(asked, 81);
    }
}

#[test]
fn an_unknown_type_is_decided_over_all_that_it_could_be() {
    let world = World::new(Edition::Articles);
    for (source, target, expected) in [
        (Unknown, Is(Sandbox), vec!["unknown TypePairUnsupported CPY-034"]),
        (Is(Sandbox), Unknown, vec!["unknown TypePairUnsupported CPY-034"]),
        (Unknown, Unknown, vec!["unknown TypePairUnsupported CPY-034"]),
        (Unknown, Is(TrialSubscription), vec!["unknown TypePairUnsupported CPY-034"]),
        // Whatever the other one is, the answer is no.
        (Unknown, Is(Production), vec!["block TargetIsProduction CPY-005"]),
        (Unknown, Is(DefaultType), vec!["block TargetIsDefault CPY-010"]),
        (Is(DefaultType), Unknown, vec!["block SourceIsDefault CPY-010"]),
        (Unknown, Is(Teams), vec!["block TypePairUnsupported C-17"]),
        (Is(Preview), Unknown, vec!["block TypePairUnsupported C-12"]),
        (Is(Demo), Unknown, vec!["block TypePairUnsupported C-17"]),
    ] {
        let (mut from, mut onto) = (sales(), uat());
        (from.kind, onto.kind) = (source, target);
        assert_eq!(world.finds(&from, &onto), expected, "{source:?} onto {target:?}");
    }
}

/// Asks a condition about two environments against which nothing else speaks, by both editions.
#[track_caller]
fn asks(what: &str, change: impl Fn(&mut Environment, &mut Environment, &mut World), articles: &[&str], current: &[&str]) {
    for (edition, expected) in [(Edition::Articles, articles), (Edition::Current, current)] {
        let (mut world, mut from, mut onto) = (World::new(edition), sales(), uat());
        change(&mut from, &mut onto, &mut world);
        assert_eq!(world.finds(&from, &onto), expected, "{edition:?}: {what}");
    }
}

/// The same by both editions.
#[track_caller]
fn asks_alike(what: &str, change: impl Fn(&mut Environment, &mut Environment, &mut World), expected: &[&str]) {
    asks(what, change, expected, expected);
}

#[test]
fn two_environments_against_which_nothing_speaks() {
    asks_alike("nothing", |_, _, _| {}, &[]);
}

#[test]
fn condition_1_the_same_tenant() {
    asks_alike("another tenant", |_, onto, _| onto.tenant = TenantKey(1), &["block TenantMismatch CPY-006"]);
}

#[test]
fn condition_2_the_same_region_by_whichever_name_and_case() {
    let (refused, open) = (["block RegionMismatch CPY-007"], ["unknown RegionMismatch CPY-007"]);
    for (from, onto, expected) in [
        (text("emea"), text("na"), &refused as &[_]),
        (text("emea"), text("europe"), &[]),
        (text("Europe"), text("EMEA"), &[]),
        (text("na"), text("UnitedStates"), &[]),
        (text("apac"), text("asia"), &[]),
        (text("oce"), text("australia"), &[]),
        (text("ind"), text("india"), &[]),
        (text("europe"), text("unitedstates"), &refused),
        (text("mars"), text("MARS"), &[]),
        (text("West Europe"), text("emea"), &[]),
        // A name that no list has can be any region.
        (text("mars"), text("emea"), &open),
        (text("United States"), text("unitedstates"), &[]),
        (text("west-europe"), text("Europe"), &[]),
        (text("uk"), text("United Kingdom"), &[]),
        (Unknown, text("emea"), &open),
        (text("emea"), Unknown, &open),
        (Unknown, Unknown, &open),
    ] {
        asks_alike(&format!("{from:?} onto {onto:?}"), |a, b, _| (a.region, b.region) = (from.clone(), onto.clone()), expected);
    }
}

#[test]
fn condition_3_the_role_is_needed_on_source_and_target() {
    use EnvironmentRole::{EnvironmentAdmin, SystemAdministrator, SystemCustomizer};
    let (missing, open) = ("block RoleMissing CPY-024", "unknown RoleMissing CPY-024");
    let held = |role| Is(vec![role]);
    for (from, onto, expected) in [
        (held(SystemAdministrator), held(EnvironmentAdmin), &[] as &[_]),
        (held(EnvironmentAdmin), held(SystemAdministrator), &[]),
        (Is(vec![SystemCustomizer, EnvironmentAdmin]), held(EnvironmentAdmin), &[]),
        (held(SystemCustomizer), held(EnvironmentAdmin), &[missing]),
        (held(EnvironmentAdmin), held(SystemCustomizer), &[missing]),
        (Is(vec![]), Is(vec![]), &[missing, missing]),
        (Unknown, held(EnvironmentAdmin), &[open]),
        (held(EnvironmentAdmin), Unknown, &[open]),
        (Unknown, Unknown, &[open, open]),
        (Is(vec![]), Unknown, &[missing, open]),
    ] {
        asks_alike(&format!("{from:?} onto {onto:?}"), |a, b, _| (a.operator_roles, b.operator_roles) = (from.clone(), onto.clone()), expected);
    }
}

#[test]
fn a_role_in_the_tenant_counts_everywhere_in_it_but_that_of_a_service_admin_does_not() {
    use TenantRole::{Dynamics365Admin, GlobalAdmin, PowerPlatformAdmin, ServiceAdmin};
    let (missing, open, by_tenant) = ("block RoleMissing CPY-024", "unknown RoleMissing CPY-024", "note RoleByTenant G-26");
    for (wide, here, expected) in [
        (Is(vec![GlobalAdmin]), Is(vec![]), [by_tenant; 2]),
        (Is(vec![PowerPlatformAdmin]), Is(vec![]), [by_tenant; 2]),
        (Is(vec![Dynamics365Admin]), Is(vec![]), [by_tenant; 2]),
        (Is(vec![ServiceAdmin, GlobalAdmin]), Unknown, [by_tenant; 2]),
        (Is(vec![ServiceAdmin]), Is(vec![]), [missing; 2]),
        (Is(vec![ServiceAdmin]), Unknown, [open; 2]),
        (Unknown, Is(vec![]), [open; 2]),
        (Unknown, Unknown, [open; 2]),
    ] {
        let change = |a: &mut Environment, b: &mut Environment, world: &mut World| {
            (a.operator_roles, b.operator_roles) = (here.clone(), here.clone());
            world.contoso.operator_roles = wide.clone();
        };
        asks_alike(&format!("{wide:?} in the tenant, {here:?} here"), change, &expected);
    }
    // It counts in its own tenant only.
    let change = |a: &mut Environment, b: &mut Environment, world: &mut World| {
        (a.operator_roles, b.operator_roles, b.tenant) = (Is(vec![]), Is(vec![]), TenantKey(1));
        world.contoso.operator_roles = Is(vec![GlobalAdmin]);
    };
    asks_alike("another tenant", change, &["block TenantMismatch CPY-006", missing, by_tenant]);
}

#[test]
fn roles_that_were_captured_for_somebody_else_are_unknown() {
    let open = ["unknown RoleMissing CPY-024"; 2];
    for (viewer, operator, expected) in [
        (None, text("thomas@contoso.com"), &[] as &[_]),
        (Some("thomas@contoso.com"), text("thomas@contoso.com"), &[]),
        (Some("Thomas@Contoso.com"), text("thomas@contoso.com"), &[]),
        (Some("isaac@contoso.com"), text("thomas@contoso.com"), &open),
        (Some("isaac@contoso.com"), Unknown, &[]),
    ] {
        let change = |_: &mut Environment, _: &mut Environment, world: &mut World| {
            (world.viewer, world.operator) = (viewer.map(Into::into), operator.clone());
            world.contoso.operator_roles = Is(vec![]);
        };
        asks_alike(&format!("{viewer:?}"), change, expected);
    }
}

#[test]
fn condition_4_one_gigabyte_is_free_to_the_last_decimal() {
    let (refused, open) = (["block CapacityBelow1GB CPY-040"], ["unknown CapacityBelow1GB CPY-040"]);
    for (entitled, used, expected) in [
        (gb("500"), gb("499.01"), &refused as &[_]),
        (gb("500"), gb("499.00"), &[]),
        (gb("500"), gb("498.99"), &[]),
        // In binary floating point these differences are 0.9999999999999991, 0.9999999999999998 and 1.0000000000000018.
        (gb("8.7"), gb("7.7"), &[]),
        (gb("2.3"), gb("1.3"), &[]),
        (gb("16.1"), gb("15.1"), &[]),
        (gb("16.1"), gb("15.100001"), &refused),
        (gb("500"), gb("503.5"), &refused),
        (gb("0.5"), Unknown, &refused),
        (gb("1"), Unknown, &open),
        (Unknown, gb("0"), &open),
        (Unknown, Unknown, &open),
    ] {
        let change = |_: &mut Environment, _: &mut Environment, world: &mut World| {
            world.contoso.capacity = sum(entitled, used);
        };
        // The newer articles judge each type apart, so there a sum that is large enough is an approximation.
        let newer = if expected.is_empty() { &["note CapacityIsASum CUR-029"] } else { expected };
        asks(&format!("{entitled:?} - {used:?}"), change, expected, newer);
    }
}

#[test]
fn condition_5_both_have_a_database() {
    let finding = |has: Known<bool>| match has {
        Is(true) => None,
        Is(false) => Some("block NoDataverse G-02"),
        Unknown => Some("unknown NoDataverse G-02"),
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
fn condition_6_never_onto_itself_and_each_condition_is_then_asked_once() {
    let world = World::new(Edition::Articles);
    assert_eq!(world.finds(&uat(), &uat()), ["block SameEnvironment G-03"]);
    let mut bare = uat();
    (bare.operator_roles, bare.dataverse, bare.state) = (Is(vec![]), Unknown, Is(EnvironmentState::Running));
    let found = ["block SameEnvironment G-03", "block RoleMissing CPY-024", "block Busy G-16", "unknown NoDataverse G-02"];
    assert_eq!(world.finds(&bare, &bare), found);
    // A fact that both ends share never differs, known or not.
    let mut unseen = uat();
    (unseen.region, unseen.managed, unseen.customer_managed_key, unseen.finance_operations) = (Unknown, Unknown, Unknown, Unknown);
    assert_eq!(world.finds(&unseen, &unseen), ["block SameEnvironment G-03"]);
}

/// Asks a condition with yes, no and unknown on either side: the row is the source, the column the target.
#[track_caller]
fn asks_matrix(edition: Edition, set: impl Fn(&mut Environment, Known<bool>), expected: [[&[&str]; 3]; 3]) {
    for (from, row) in THREE.into_iter().zip(expected) {
        for (onto, expected) in THREE.into_iter().zip(row) {
            let (mut a, mut b) = (sales(), uat());
            set(&mut a, from);
            set(&mut b, onto);
            assert_eq!(World::new(edition).finds(&a, &b), expected, "{edition:?}: {from:?} onto {onto:?}");
        }
    }
}

#[test]
fn condition_7_a_source_with_its_own_key_needs_a_target_with_one() {
    let (refused, open): (&[_], &[_]) = (&["block TargetNeedsCmk G-02"], &["unknown TargetNeedsCmk G-02"]);
    for edition in [Edition::Articles, Edition::Current] {
        let set = |e: &mut Environment, has| e.customer_managed_key = three(has, || CustomerManagedKey { name: Unknown });
        asks_matrix(edition, set, [[&[], refused, open], [&[], &[], &[]], [&[], open, open]]);
    }
}

#[test]
fn conditions_8_and_11_a_linked_target_needs_a_linked_source() {
    let set = |e: &mut Environment, linked: Known<bool>| {
        e.finance_operations = linked.map(|yes| if yes { half(Is(FinanceOperationsKind::Lcs), Is("10.0.44")) } else { None })
    };
    let (refused, open): (&[_], &[_]) = (&["block TargetLinkedSourceNot G-04"], &["unknown TargetLinkedSourceNot G-04"]);
    let (half_only, pair): (&[_], &[_]) = (&["warn SourceLinkedTargetNot G-04"], &["note PairedRefresh LNK-034"]);
    for edition in [Edition::Articles, Edition::Current] {
        asks_matrix(edition, set, [[pair, half_only, half_only], [refused, &[], open], [open, half_only, open]]);
    }
}

#[test]
fn condition_9_neither_deleted_nor_busy() {
    let (deleted, open) = ("block Deleted G-16", "unknown Deleted G-16");
    for (from, onto, expected) in [(Is(true), Is(false), vec![deleted]), (Is(false), Unknown, vec![open]), (Is(true), Unknown, vec![deleted, open])] {
        let at = || utc("2026-01-04T09:00:00Z");
        asks_alike("deleted", |a, b, _| (a.deleted_at, b.deleted_at) = (three(from, at), three(onto, at)), &expected);
    }
    let (busy, open) = ("block Busy G-16", "unknown Busy G-16");
    use EnvironmentState::{Disabled, Failed, Preparing, Ready, Running};
    for (from, onto, expected) in [
        (Is(Running), Is(Ready), vec![busy]),
        (Is(Ready), Is(Preparing), vec![busy]),
        (Is(Running), Is(Preparing), vec![busy, busy]),
        (Is(Ready), Is(Disabled), vec![]),
        (Is(Ready), Is(Failed), vec![]),
        (Unknown, Is(Ready), vec![open]),
        (Is(Ready), Unknown, vec![open]),
    ] {
        asks_alike(&format!("{from:?} onto {onto:?}"), |a, b, _| (a.state, b.state) = (from, onto), &expected);
    }
    // What failed or is disabled can still be overwritten, but not copied (CUR-017).
    for broken in [Failed, Disabled] {
        let refused = &["block SourceFailed CUR-017", "warn EditionsDiffer EDITIONS"];
        asks("source", |a, _, _| a.state = Is(broken), &["warn EditionsDiffer CUR-017"], refused);
        asks("both", |a, b, _| (a.state, b.state) = (Is(broken), Is(broken)), &["warn EditionsDiffer CUR-017"], refused);
    }
}

#[test]
fn condition_10_the_managed_status_warns_or_refuses_by_the_edition() {
    let set = |e: &mut Environment, managed| e.managed = managed;
    let warned: &[_] = &["warn ManagedMismatch G-02", "warn EditionsDiffer CUR-003"];
    // What the other edition cannot decide either is no difference between the two.
    let unsure: &[_] = &["warn ManagedMismatch G-02"];
    asks_matrix(Edition::Articles, set, [[&[], warned, unsure], [warned, &[], unsure], [unsure, unsure, unsure]]);
    let refused: &[_] = &["block ManagedMismatch CUR-003", "warn EditionsDiffer G-02"];
    let open: &[_] = &["unknown ManagedMismatch CUR-003"];
    asks_matrix(Edition::Current, set, [[&[], refused, open], [refused, &[], open], [open, open, open]]);
}

#[test]
fn condition_12_components_outside_solutions_warn() {
    let warned = ["warn OutsideSolution CPY-008"];
    for kind in ComponentKind::ALL {
        let carried = !ComponentKind::LEFT_BEHIND_OUTSIDE_SOLUTIONS.contains(kind);
        for (in_solution, warns) in [(Is(true), false), (Is(false), !carried), (Unknown, !carried)] {
            let expected: &[_] = if warns { &warned } else { &[] };
            let change = |a: &mut Environment, _: &mut Environment, _: &mut World| a.components.insert(*kind, vec![component("Visits", in_solution)]);
            let revisions: &[_] = if *kind == ComponentKind::CanvasApp { &["note CanvasRevisions CUR-005"] } else { &[] };
            asks(&format!("{kind:?} {in_solution:?}"), change, expected, &[expected, revisions].concat());
        }
    }
    // What the target contains is overwritten and never left behind.
    asks_alike("target", |_, b, _| b.components.insert(ComponentKind::CloudFlow, vec![component("Visits", Is(false))]), &[]);
    let (unlooked, noted): (&[_], &[_]) = (&warned, &["warn OutsideSolution CPY-008", "note CanvasRevisions CUR-005"]);
    asks("nobody looked", |a, _, _| a.components = Default::default(), unlooked, noted);
}

#[test]
fn condition_13_order_management_on_either_side_warns() {
    let warned: &[_] = &["warn OrderManagement IOM-001"];
    for edition in [Edition::Articles, Edition::Current] {
        let set = |e: &mut Environment, has| e.order_management = three(has, orders);
        asks_matrix(edition, set, [[warned, warned, warned], [warned, &[], warned], [warned, warned, warned]]);
    }
}

#[test]
fn a_source_under_a_network_policy_goes_only_to_a_target_under_the_same() {
    let policy = |kind, id: &str| EnterprisePolicy { kind, id: id.into() };
    let (network, identity, newer) = (Is(PolicyKind::Network), Is(PolicyKind::Identity), Unknown);
    let refused: (&[_], &[_]) = (&["warn EditionsDiffer CUR-004"], &["block NetworkPolicyDiffers CUR-004", "warn EditionsDiffer EDITIONS"]);
    let open: (&[_], &[_]) = (&[], &["unknown NetworkPolicyDiffers CUR-004"]);
    let fine: (&[_], &[_]) = (&[], &[]);
    for (from, onto, (articles, current)) in [
        (Is(vec![policy(network, "n1")]), Is(vec![policy(network, "n1")]), fine),
        (Is(vec![policy(network, "n1")]), Is(vec![policy(identity, "i1"), policy(network, "n1")]), fine),
        (Is(vec![policy(network, "n1")]), Is(vec![policy(network, "n2")]), refused),
        (Is(vec![policy(network, "n1")]), Is(vec![policy(identity, "n1")]), refused),
        (Is(vec![policy(network, "n1")]), Is(vec![]), refused),
        (Is(vec![]), Is(vec![policy(network, "n1")]), fine),
        (Is(vec![policy(identity, "i1")]), Is(vec![]), fine),
        (Is(vec![]), Unknown, fine),
        (Is(vec![policy(network, "n1")]), Unknown, open),
        (Is(vec![policy(network, "n1")]), Is(vec![policy(newer, "x")]), open),
        (Is(vec![policy(newer, "x")]), Is(vec![]), open),
        (Unknown, Is(vec![]), open),
        (Unknown, Unknown, open),
    ] {
        asks(&format!("{from:?} onto {onto:?}"), |a, b, _| (a.enterprise_policies, b.enterprise_policies) = (from.clone(), onto.clone()), articles, current);
    }
}

#[test]
fn the_build_of_a_unified_source_is_at_least_that_of_its_unified_target() {
    use FinanceOperationsKind::{Lcs, Unified};
    const PAIR: &str = "note PairedRefresh LNK-034";
    // Together they are one environment, of which only the newer articles say that transactions can stay behind.
    const BOTH: &str = "warn BothHalves LNK-001";
    const AS_ONE: [&str; 2] = ["warn BothHalves CUR-026", "note TransactionlessCopy CUR-026"];
    const OLDER: &str = "note FinanceOperationsBuildOlder CUR-027";
    const OPEN: &str = "unknown FinanceOperationsBuildOlder CUR-027";
    let builds = [
        (Is("10.0.44"), Is("10.0.44"), Is(false)),
        (Is("10.0.44"), Is("10.0.43"), Is(false)),
        (Is("10.0.9"), Is("10.0.44"), Is(true)),
        (Is("10.0.44"), Is("10.0.44.0"), Is(false)),
        (Is("10.0.44"), Is("10.0.44.1"), Is(true)),
        (Is("10.0.44"), Is("10.0.x"), Unknown),
        (Unknown, Is("10.0.44"), Unknown),
        (Is("10.0.44"), Unknown, Unknown),
        (Unknown, Unknown, Unknown),
    ];
    for (from, onto, is_older) in builds {
        for a_kind in [Is(Unified), Is(Lcs), Unknown] {
            for b_kind in [Is(Unified), Is(Lcs), Unknown] {
                let (mut articles, mut current) = match (a_kind, b_kind) {
                    (Is(Lcs), Is(Unified)) => (vec![BOTH], vec![AS_ONE[0]]),
                    (_, Is(Unified)) => (vec![BOTH], AS_ONE.to_vec()),
                    (_, Is(Lcs)) | (Is(Lcs), Unknown) => (vec![PAIR], vec![PAIR]),
                    (_, Unknown) => (vec![PAIR], vec![AS_ONE[1]]),
                };
                match (a_kind, b_kind, is_older) {
                    (_, _, Is(false)) => {}
                    (Is(Lcs), _, Is(true)) | (_, Is(Lcs), Is(true)) => current.push(OLDER),
                    (Is(Lcs), ..) | (_, Is(Lcs), _) => {}
                    (Is(Unified), Is(Unified), Is(true)) => {
                        articles.push("warn EditionsDiffer CUR-027");
                        current.insert(0, "block FinanceOperationsBuildOlder CUR-027");
                        current.insert(2, "warn EditionsDiffer EDITIONS");
                    }
                    // An unknown kind can be unified, and is not let through.
                    (..) => current.insert(0, OPEN),
                }
                let set = |a: &mut Environment, b: &mut Environment, _: &mut World| {
                    (a.finance_operations, b.finance_operations) = (Is(half(a_kind, from)), Is(half(b_kind, onto)));
                };
                asks(&format!("{a_kind:?} {from:?} onto {b_kind:?} {onto:?}"), set, &articles, &current);
            }
        }
    }
}

#[test]
fn a_target_whose_link_is_unknown_can_have_a_newer_build() {
    use FinanceOperationsKind::{Lcs, Unified};
    let half_only = "warn SourceLinkedTargetNot G-04";
    for (kind, current) in [
        (Is(Lcs), vec![half_only]),
        (Is(Unified), vec!["unknown FinanceOperationsBuildOlder CUR-027", half_only]),
        (Unknown, vec!["unknown FinanceOperationsBuildOlder CUR-027", half_only]),
    ] {
        let set = |a: &mut Environment, b: &mut Environment, _: &mut World| {
            (a.finance_operations, b.finance_operations) = (Is(half(kind, Is("10.0.43"))), Unknown);
        };
        asks(&format!("{kind:?}"), set, &[half_only], &current);
    }
}

#[test]
fn a_half_of_production_is_not_overwritten_without_a_word() {
    use FinanceOperationsType::{Production as P, Sandbox as S};
    let pair = "note PairedRefresh LNK-034";
    for edition in [Edition::Articles, Edition::Current] {
        for (of, expected) in [(Is(S), vec![pair]), (Is(P), vec!["warn ProductionHalf LNK-032", pair]), (Unknown, vec!["warn ProductionHalf LNK-032", pair])] {
            let (mut a, mut b) = (sales(), uat());
            let lcs = || half(Is(FinanceOperationsKind::Lcs), Is("10.0.44"));
            (a.finance_operations, b.finance_operations) = (Is(lcs()), Is(lcs()));
            let Is(Some(half)) = &mut b.finance_operations else { panic!("it is linked") };
            half.kind_of_environment = of;
            assert_eq!(World::new(edition).finds(&a, &b), expected, "{of:?}");
            let verdict = World::new(edition).verdict(&a, &b);
            assert!(verdict.findings.iter().all(|finding| finding.code.word() != "ProductionHalf" || finding.has_to_be_typed()), "{of:?}");
            // What is left as it is loses nothing.
            let left = Copy { source: &a, target: &b, level: Some(Level::Everything), audit_logs: false, half_left: true, checklists: &[] };
            let found = World::new(edition).found(Question::Copy(left));
            assert!(!found.join(" ").contains("ProductionHalf"), "{found:?}");
        }
    }
}

#[test]
fn unified_pairs_can_be_copied_without_their_transactions() {
    use FinanceOperationsKind::{Lcs, Unified};
    let (refresh, without) = ("note PairedRefresh LNK-034", "note TransactionlessCopy CUR-026");
    // Nothing is refreshed in Lifecycle Services for a target that is not there, by whichever articles.
    let (both, newer) = ("warn BothHalves LNK-001", "warn BothHalves CUR-026");
    for (from, onto, articles, current) in [
        (Is(Unified), Is(Unified), vec![both], vec![newer, without]),
        (Is(Lcs), Is(Unified), vec![both], vec![newer]),
        (Is(Unified), Is(Lcs), vec![refresh], vec![refresh]),
        (Is(Lcs), Is(Lcs), vec![refresh], vec![refresh]),
        (Unknown, Is(Lcs), vec![refresh], vec![refresh]),
        (Unknown, Is(Unified), vec![both], vec![newer, without]),
        (Unknown, Unknown, vec![refresh], vec![without]),
    ] {
        let build = Is("10.0.44");
        asks(
            &format!("{from:?} onto {onto:?}"),
            |a, b, _| (a.finance_operations, b.finance_operations) = (Is(half(from, build)), Is(half(onto, build))),
            &articles,
            &current,
        );
    }
}

/// Whichever way the admin center, a tool or a person writes a region (CPY-007): blanks, hyphens and case are no difference, and a
/// name that no list has is unknown, not another one.
#[test]
fn regions_are_compared_by_what_they_mean() {
    for edition in [Edition::Articles, Edition::Current] {
        let books = books();
        for (one, other, same) in [
            ("United States", "unitedstates", Is(true)),
            ("West Europe", "europe", Is(true)),
            ("west-europe", "EMEA", Is(true)),
            ("uk", "United Kingdom", Is(true)),
            ("GBR", "uksouth", Is(true)),
            ("na", "emea", Is(false)),
            ("United States", "West Europe", Is(false)),
            ("Moon Base", "moonbase", Is(true)),
            ("Moon Base", "europe", Known::Unknown),
            ("europe", "Moon Base", Known::Unknown),
        ] {
            assert_eq!(books.of(edition).regions(one, other), same, "{one}, {other}");
        }
    }
}

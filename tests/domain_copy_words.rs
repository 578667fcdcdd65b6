//! What a verdict about a copy says, in which order, and for how long: the wording of every reason, old facts, the other edition.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "support/facts.rs"]
mod facts;

use chrono::TimeDelta;
use envdeck::domain::component::ComponentKind;
use envdeck::domain::copy::{Copy, Level};
use envdeck::domain::environment::{
    CustomerManagedKey, DisallowedOperation, EnterprisePolicy, Environment, EnvironmentState, FinanceOperationsKind, FinanceOperationsType, PolicyKind,
};
use envdeck::domain::known::Known;
use envdeck::domain::operation::OperationKind;
use envdeck::domain::request::judge;
use envdeck::domain::rulebook::Edition;
use envdeck::domain::tenant::{TenantKey, TenantRole};
use envdeck::domain::verdict::{Answer, Code, Severity};
use envdeck::domain::words::Word;
use facts::*;

fn refused(operation: &str, message: Known<&str>) -> DisallowedOperation {
    DisallowedOperation { operation: operation.into(), message: message.map(Into::into) }
}

type Change = fn(&mut Environment, &mut Environment, &mut World);

/// Every reason as it reads: what was changed, the code, the message, the remedy.
const WORDINGS: &[(Edition, Change, &str, &str, &str)] = {
    use Edition::{Articles, Current};
    &[
        (
            Articles,
            |_, b, _| (b.kind, b.name) = (Is(Production), "Contoso HR".into()),
            "TargetIsProduction",
            "Contoso HR is a production environment, which can never be overwritten",
            "Choose a sandbox, or switch it to sandbox first: no backup would be lost, as none is older than 7 days",
        ),
        (
            Articles,
            |a, _, _| a.kind = Is(DefaultType),
            "SourceIsDefault",
            "Contoso Sales is the default environment, which cannot be copied",
            "Move what is needed in a solution instead",
        ),
        (
            Articles,
            |_, b, _| b.kind = Is(DefaultType),
            "TargetIsDefault",
            "Contoso UAT is the default environment, which cannot be overwritten",
            "Choose a target of type Sandbox or Preview",
        ),
        (
            Articles,
            |_, b, _| b.kind = Is(Developer),
            "TypePairUnsupported",
            "Contoso Sales (Production) cannot be copied onto Contoso UAT (Developer)",
            "Choose a target of type Sandbox or Preview",
        ),
        (
            Articles,
            |a, _, _| a.kind = Is(TrialSubscription),
            "TypePairUnsupported",
            "Contoso Sales (Trial (subscription-based)) cannot be copied onto Contoso UAT (Sandbox)",
            "Choose a target of type Trial (subscription-based)",
        ),
        (
            Articles,
            |a, b, _| (a.kind, b.kind) = (Is(Teams), Unknown),
            "TypePairUnsupported",
            "Contoso Sales (Teams) cannot be copied onto Contoso UAT (type unknown)",
            "Choose another source: Contoso Sales cannot be copied at all, and what is needed of it can be moved in a solution",
        ),
        (Articles, |_, b, _| *b = sales(), "SameEnvironment", "Contoso Sales cannot be copied onto itself", "Choose another target"),
        (
            Articles,
            |_, b, _| b.tenant = TenantKey(1),
            "TenantMismatch",
            "Contoso Sales is in the tenant Contoso, Contoso UAT in Fabrikam",
            "Choose a target in the same tenant; moving to another tenant is a migration",
        ),
        (
            Articles,
            |_, b, _| b.region = text("na"),
            "RegionMismatch",
            "Contoso Sales is in the region emea and Contoso UAT in na",
            "Choose a target in emea, or create one there, which needs storage of its own",
        ),
        (
            Articles,
            |_, b, _| b.operator_roles = Is(vec![]),
            "RoleMissing",
            "You are neither Environment Admin nor System Administrator in Contoso UAT",
            "Ask an administrator of Contoso UAT for one of these roles, or let them carry it out",
        ),
        (
            Articles,
            |_, b, w| (b.operator_roles, w.contoso.operator_roles) = (Is(vec![]), Is(vec![TenantRole::PowerPlatformAdmin])),
            "RoleByTenant",
            "You are Power Platform admin of Contoso, which counts as Environment Admin in Contoso UAT",
            "Nothing to do",
        ),
        (
            Current,
            |_, _, w| w.contoso.capacity = types([("100", "95"), ("10", "20"), ("400", "200")]),
            "DatabaseBelow1GB",
            "Contoso lacks 5 GB of database storage, once that covers what log and file storage lack, and 1 GB must be free: \
             database 95 of 100 GB, log 20 of 10 GB, file 200 of 400 GB",
            "Free up storage, archive data, delete environments that nobody needs, or buy more capacity",
        ),
        (
            Current,
            |_, _, w| w.contoso.capacity = sum(gb("500"), gb("420.25")),
            "CapacityIsASum",
            "The storage of Contoso is known only as a sum, which is an approximation: database, log and file storage are judged apart",
            "Look the three types up in the admin center, and write them into `capacity_gb` or import them",
        ),
        (
            Articles,
            |_, _, w| w.contoso.capacity = sum(gb("500"), gb("499.01")),
            "CapacityBelow1GB",
            "Contoso has 0.99 GB of storage free, and 1 GB must be free",
            "Free up storage, archive data, delete environments that nobody needs, or buy more capacity",
        ),
        (
            Articles,
            |_, _, w| w.contoso.capacity = sum(gb("500"), gb("503.5")),
            "CapacityBelow1GB",
            "Contoso uses 3.50 GB more storage than it is entitled to, and 1 GB must be free",
            "Free up storage, archive data, delete environments that nobody needs, or buy more capacity",
        ),
        (
            Articles,
            |_, b, _| b.dataverse = Is(None),
            "NoDataverse",
            "Contoso UAT has no Dataverse database",
            "Add a database to Contoso UAT, or choose another environment",
        ),
        (
            Articles,
            |_, b, _| b.deleted_at = Is(Some(utc("2026-01-03T10:00:00Z"))),
            "Deleted",
            "Contoso UAT is deleted",
            "Recover it first, which can be done until 2026-01-10 10:00Z",
        ),
        (
            Articles,
            |a, _, _| (a.deleted_at, a.dynamics_365_apps) = (Is(Some(utc("2026-01-03T10:00:00Z"))), Unknown),
            "Deleted",
            "Contoso Sales is deleted",
            "Recover it first, which can be done for 7 days, or 28 with Dynamics 365",
        ),
        (
            Articles,
            |_, b, _| b.state = Is(EnvironmentState::Running),
            "Busy",
            "Contoso UAT is busy with another operation",
            "Wait until it is ready, then capture the tenant again",
        ),
        (
            Current,
            |a, _, _| a.state = Is(EnvironmentState::Failed),
            "SourceFailed",
            "Contoso Sales is in a failed state, in which it cannot be copied",
            "Reset Contoso Sales, or make it the target of a copy or restore, which overwrites it; or choose another source",
        ),
        (
            Articles,
            |a, _, _| a.customer_managed_key = Is(Some(CustomerManagedKey { name: Unknown })),
            "TargetNeedsCmk",
            "Contoso Sales is encrypted with a customer-managed key and Contoso UAT is not",
            "Apply a customer-managed key to Contoso UAT, or choose a target that has one",
        ),
        (
            Articles,
            |_, b, _| b.finance_operations = Is(half(Unknown, Unknown)),
            "TargetLinkedSourceNot",
            "Contoso UAT is linked to finance and operations and Contoso Sales is not: the pair would disagree",
            "Choose a linked source, or a target that is not linked",
        ),
        (
            Articles,
            |a, _, _| a.finance_operations = Is(half(Unknown, Unknown)),
            "SourceLinkedTargetNot",
            "Contoso Sales is linked to finance and operations and Contoso UAT is not: only the Dataverse half is copied",
            "Go on if the Dataverse half is enough; otherwise choose a linked target and refresh its database too",
        ),
        (
            Articles,
            |a, b, _| (a.finance_operations, b.finance_operations) = (Is(half(Unknown, Unknown)), Is(half(Is(FinanceOperationsKind::Lcs), Unknown))),
            "PairedRefresh",
            "Contoso Sales and Contoso UAT are both linked to finance and operations",
            "Refresh the finance and operations database in parallel with the copy, then bring the code of both halves to match",
        ),
        (
            Current,
            |a, b, _| {
                let unified = half(Is(FinanceOperationsKind::Unified), Is("10.0.44"));
                (a.finance_operations, b.finance_operations) = (Is(unified.clone()), Is(unified));
            },
            "TransactionlessCopy",
            "Contoso Sales and Contoso UAT are both linked to finance and operations as unified environments: the admin center leaves the transactions behind unless somebody chooses otherwise, a command carries them",
            "Choose in the admin center whether the target needs the transactions too",
        ),
        (
            Articles,
            |a, b, _| {
                let unified = half(Is(FinanceOperationsKind::Unified), Is("10.0.44"));
                (a.finance_operations, b.finance_operations) = (Is(unified.clone()), Is(unified));
            },
            "BothHalves",
            "Contoso UAT is unified: the copy overwrites Ledger too, with its data",
            "Nothing is done in Lifecycle Services; make sure that nobody needs that data",
        ),
        (
            Current,
            |a, b, _| {
                let unified = |build| Is(half(Is(FinanceOperationsKind::Unified), Is(build)));
                (a.finance_operations, b.finance_operations) = (unified("10.0.43"), unified("10.0.44"));
            },
            "FinanceOperationsBuildOlder",
            "The finance and operations build of Contoso Sales is 10.0.43, older than 10.0.44 of Contoso UAT",
            "Update the finance and operations half of Contoso Sales first",
        ),
        (
            Current,
            |a, b, _| {
                let lcs = |build| Is(half(Is(FinanceOperationsKind::Lcs), Is(build)));
                (a.finance_operations, b.finance_operations) = (lcs("10.0.43"), lcs("10.0.44"));
            },
            "FinanceOperationsBuildOlder",
            "The finance and operations build of Contoso Sales is 10.0.43, older than 10.0.44 of Contoso UAT",
            "Nothing to do: in Lifecycle Services a database may come from an older build",
        ),
        (
            Articles,
            |a, b, _| {
                let mut production = half(Unknown, Unknown);
                production.iter_mut().for_each(|half| half.kind_of_environment = Is(FinanceOperationsType::Production));
                (a.finance_operations, b.finance_operations) = (Is(half(Unknown, Unknown)), Is(production));
            },
            "ProductionHalf",
            "Contoso UAT is linked to Ledger, a production environment, whose database is overwritten with that of the source",
            "Leave it as it is unless you are sure that nobody needs its data; always try the steps in a sandbox first",
        ),
        (
            Current,
            |a, _, _| a.enterprise_policies = Is(vec![EnterprisePolicy { kind: Is(PolicyKind::Network), id: "n1".into() }]),
            "NetworkPolicyDiffers",
            "Contoso Sales is under a virtual-network policy that Contoso UAT is not under",
            "Put Contoso UAT under the same policy first",
        ),
        (
            Articles,
            |_, b, _| b.managed = Is(false),
            "ManagedMismatch",
            "Contoso Sales is a Managed Environment and Contoso UAT is not",
            "Make Contoso UAT a Managed Environment too, or go on knowing that the copy is governed less than its source",
        ),
        (
            Current,
            |_, b, _| b.managed = Is(false),
            "ManagedMismatch",
            "Contoso Sales is a Managed Environment and Contoso UAT is not",
            "Make Contoso UAT a Managed Environment too",
        ),
        (
            Current,
            |a, _, _| a.managed = Is(false),
            "ManagedMismatch",
            "Contoso UAT is a Managed Environment and Contoso Sales is not",
            "Take Contoso UAT out of Managed Environments",
        ),
        (
            Articles,
            |a, _, _| {
                let flows = ["A", "B", "C", "D", "E", "F"].map(|name| component(name, Is(false)));
                a.components.insert(ComponentKind::CloudFlow, flows.to_vec());
                a.components.insert(ComponentKind::Connection, vec![component("Mail", Unknown)]);
            },
            "OutsideSolution",
            "6 components of Contoso Sales outside solutions may be left behind: A, B, C, D and 2 more; `in_solution` of 1 component of Contoso Sales is unknown",
            "Add what must travel to a solution first, and validate the apps after the copy",
        ),
        (
            Articles,
            |a, b, _| (a.order_management, b.order_management) = (Is(Some(orders())), Is(Some(orders()))),
            "OrderManagement",
            "Contoso Sales and Contoso UAT have Intelligent Order Management, which needs checks before a copy, and eight steps of which the copy is the first",
            "Before it, confirm administrative access to both platforms, that it is installed in both, and plan a validation window; its checklist opens with the copy",
        ),
        (
            Articles,
            |_, b, _| b.order_management = Is(Some(orders())),
            "OrderManagement",
            "Contoso UAT has Intelligent Order Management and Contoso Sales has none: it is gone after the copy",
            "Copy from an environment that has it, or take this upon yourself",
        ),
        (
            Articles,
            |a, b, w| (a.order_management, b.order_management, w.level) = (Is(Some(orders())), Is(Some(orders())), Level::Customizations),
            "OrderManagement",
            "Contoso Sales and Contoso UAT have Intelligent Order Management, which needs checks before a copy, and eight steps of which the copy is the first",
            "Before it, confirm administrative access to both platforms and plan a validation window; at this level SalesOrder and other tables are emptied",
        ),
        (
            Current,
            |a, _, _| a.components.insert(ComponentKind::CanvasApp, vec![component("Visits", Is(true))]),
            "CanvasRevisions",
            "Of each canvas app of Contoso Sales only the 20 latest revisions are carried",
            "Export older revisions that somebody needs",
        ),
        (Articles, |_, _, w| w.now += TimeDelta::hours(26), "Stale", "The facts are 26 hours old", "Capture the tenant again before you act on this answer"),
        (
            Articles,
            |_, _, w| w.captured_at = Unknown,
            "Stale",
            "`captured_at` of the snapshot is unknown, so its facts can be of any age",
            "Capture the tenant again, or add `captured_at` to the snapshot",
        ),
        (
            Articles,
            |_, b, _| b.managed = Is(false),
            "EditionsDiffer",
            "By newer public articles this is blocked: Contoso Sales is a Managed Environment and Contoso UAT is not",
            "Judge it with --rulebook current too before you rely on it",
        ),
        (
            Articles,
            |a, _, _| a.disallowed_operations = Is(vec![refused("Copy", Is("Copy cannot be performed here.")), refused("CopyTo", Unknown)]),
            "RefusedByMicrosoft",
            "Microsoft refuses Copy for Contoso Sales: \"Copy cannot be performed here.\"",
            "That was so when the tenant was captured: look in the admin center whether it still is",
        ),
        (
            Articles,
            |_, b, _| b.disallowed_operations = Is(vec![refused("copyfrom", Unknown), refused("CopyTo", Unknown)]),
            "RefusedByMicrosoft",
            "Microsoft refuses CopyTo for Contoso UAT and does not say why",
            "That was so when the tenant was captured: look in the admin center whether it still is",
        ),
        (
            Current,
            |a, _, _| a.kind = Is(Developer),
            "EditionsDiffer",
            "By the five source articles this is allowed",
            "Judge it with --rulebook articles too before you rely on it",
        ),
    ]
};

#[test]
fn every_reason_reads_as_one_sentence_with_a_way_out() {
    // Those of a copy; `ArticlesContradict` is none of its reasons in either edition, `AuditLogs` and `HalfLeft` follow a choice
    // (tests/journeys_life.rs), and `OrdersPrepared` a checklist: tests/journeys_orders.rs.
    let elsewhere = [Code::ArticlesContradict, Code::AuditLogs, Code::HalfLeft, Code::OrdersPrepared];
    let asked = judge::codes(OperationKind::Copy).filter(|code| !elsewhere.contains(code));
    let mut missing: Vec<_> = asked.map(Word::word).collect();
    for (edition, change, code, message, remedy) in WORDINGS {
        let (mut world, mut a, mut b) = (World::new(*edition), sales(), uat());
        change(&mut a, &mut b, &mut world);
        assert_eq!(world.says(code, &a, &b), ((*message).to_owned(), (*remedy).to_owned()), "{code}");
        for sentence in [message, remedy] {
            assert!(!sentence.ends_with('.') && !sentence.contains(". "), "one sentence: {sentence}");
        }
        missing.retain(|left| left != code);
    }
    assert_eq!(missing, [] as [&str; 0], "reasons without a wording here");
}

#[test]
fn every_unknown_names_its_field_and_where_to_look_it_up() {
    let of_both = "Contoso Sales and of Contoso UAT";
    for (change, code, field, of) in [
        ((|a, _, _| a.kind = Unknown) as Change, "TypePairUnsupported", "type", "Contoso Sales"),
        (|a, b, _| (a.kind, b.kind) = (Unknown, Unknown), "TypePairUnsupported", "type", of_both),
        (|_, b, _| b.region = Unknown, "RegionMismatch", "region", "Contoso UAT"),
        (|a, b, _| (a.region, b.region) = (Unknown, Unknown), "RegionMismatch", "region", of_both),
        (|a, _, _| a.operator_roles = Unknown, "RoleMissing", "operator_roles", "Contoso Sales"),
        (|a, _, w| (a.operator_roles, w.contoso.operator_roles) = (Is(vec![]), Unknown), "RoleMissing", "operator_roles", "the tenant Contoso"),
        (
            |a, _, w| (a.operator_roles, w.contoso.operator_roles) = (Unknown, Unknown),
            "RoleMissing",
            "operator_roles",
            "Contoso Sales and of the tenant Contoso",
        ),
        (|_, _, w| w.contoso.capacity = sum(gb("500"), Unknown), "CapacityBelow1GB", "capacity_gb.used", "the tenant Contoso"),
        (|_, _, w| w.contoso.capacity = sum(Unknown, gb("420.25")), "CapacityBelow1GB", "capacity_gb.entitled", "the tenant Contoso"),
        (|_, _, w| w.contoso.capacity = Default::default(), "CapacityBelow1GB", "capacity_gb", "the tenant Contoso"),
        (|_, b, _| b.dataverse = Unknown, "NoDataverse", "dataverse", "Contoso UAT"),
        (|_, b, _| b.deleted_at = Unknown, "Deleted", "deleted_at", "Contoso UAT"),
        (|_, b, _| b.state = Unknown, "Busy", "state", "Contoso UAT"),
        (|a, b, _| (a.customer_managed_key, b.customer_managed_key) = (Unknown, Unknown), "TargetNeedsCmk", "customer_managed_key", of_both),
        (|_, b, _| b.finance_operations = Unknown, "TargetLinkedSourceNot", "finance_operations", "Contoso UAT"),
        (|a, b, _| (a.finance_operations, b.finance_operations) = (Unknown, Unknown), "TargetLinkedSourceNot", "finance_operations", of_both),
        (|a, _, _| a.managed = Unknown, "ManagedMismatch", "managed", "Contoso Sales"),
        (|a, b, _| (a.order_management, b.order_management) = (Unknown, Unknown), "OrderManagement", "order_management", of_both),
    ] {
        let (mut world, mut a, mut b) = (World::new(Edition::Articles), sales(), uat());
        change(&mut a, &mut b, &mut world);
        let (message, remedy) = world.says(code, &a, &b);
        assert_eq!(message, format!("`{field}` of {of} is unknown"));
        assert_eq!(remedy, format!("Look it up in the admin center, then answer it in the console or add `{field}` to the snapshot"));
    }
    let world = World { viewer: Some("isaac@contoso.com".into()), ..World::new(Edition::Articles) };
    let found = world.verdict(&sales(), &uat()).findings;
    assert_eq!(found[0].message, "`operator_roles` of Contoso Sales were captured for somebody else, yours are unknown");
    assert_eq!(found[0].remedy, "Capture the tenant as yourself, or leave out --as");
}

#[test]
fn components_that_nobody_looked_up_are_undecided_and_say_where_to_look() {
    let (world, mut a) = (World::new(Edition::Articles), sales());
    a.components = Default::default();
    a.components.insert(ComponentKind::CanvasApp, vec![component("Visits", Unknown), component("Quotes", Unknown)]);
    let (message, remedy) = world.says("OutsideSolution", &a, &uat());
    assert_eq!(
        message,
        "`in_solution` of 2 components of Contoso Sales is unknown; `components` of Contoso Sales are unknown for cloud-flow, custom-connector, connection"
    );
    assert_eq!(remedy, "Look it up in the admin center and add `in_solution` to each of them in the snapshot");
    let outline = |source: &Environment| {
        outline(
            Question::Copy(Copy { source, target: &uat(), level: Some(world.level), audit_logs: false, half_left: false, checklists: &[] }),
            &world.estate(),
            &books(),
            world.now,
        )
    };
    assert!(outline(&a).is_undecided(Code::OutsideSolution));
    a.components.insert(ComponentKind::Connection, vec![component("Mail", Is(false))]);
    assert!(!outline(&a).is_undecided(Code::OutsideSolution), "one of them is known to be outside");
}

/// A production target under a retention of 28 days, whose backups were taken so many days ago.
fn production_with(days_ago: &[i64]) -> Environment {
    let (mut target, now) = (known("Contoso HR", Production), World::new(Edition::Articles).now);
    target.dynamics_365_apps = Is(vec!["Sales".into()]);
    target.backups = Is(days_ago.iter().map(|days| backup(&envdeck::domain::time::rfc3339(now - TimeDelta::days(*days)))).collect());
    target
}

#[test]
fn the_remedy_for_a_production_target_counts_what_a_switch_to_sandbox_would_lose() {
    let world = World::new(Edition::Articles);
    let remedy = |target: &Environment| world.says("TargetIsProduction", &sales(), target).1;
    let systems = "system backups older than 7 days would be lost";
    for (days_ago, lost) in [
        // Exactly 7 days are kept; of those older, what has expired cannot be lost any more.
        (&[30_i64, 29, 28, 20, 8, 7, 1] as &[_], format!("3 manual backups and all {systems}")),
        (&[20], format!("1 manual backup and all {systems}")),
        (&[21, 20], format!("2 manual backups and all {systems}")),
        (&[7, 1], systems.to_owned()),
        (&[], systems.to_owned()),
    ] {
        let expected = format!("Choose a sandbox, or switch it to sandbox first: {lost}");
        assert_eq!(remedy(&production_with(days_ago)), expected, "{days_ago:?}");
    }
    let mut target = production_with(&[20, 8]);
    (target.dynamics_365_apps, target.retention_days) = (Unknown, Is(Some(14)));
    assert!(remedy(&target).ends_with(&format!(": up to 2 manual backups and all {systems}")), "14 or 28 days");
    target.backups = Unknown;
    assert!(remedy(&target).ends_with(&format!(": manual and {systems}")));
    target.dataverse = Is(None);
    assert!(remedy(&target).ends_with(": it has no backups that could be lost"));
    let mut young = production_with(&[]);
    young.created_at = Is(world.now - TimeDelta::days(7));
    assert!(remedy(&young).ends_with(": no backup would be lost, as none is older than 7 days"));
}

#[test]
fn the_remedy_for_a_production_target_leads_to_no_other_refusal() {
    let world = World::new(Edition::Articles);
    for (kind, remedy) in [
        (Teams, "Choose another source: Source cannot be copied at all, and what is needed of it can be moved in a solution"),
        (TrialSubscription, "Choose a target of type Trial (subscription-based)"),
    ] {
        assert_eq!(world.says("TargetIsProduction", &known("Source", kind), &production_with(&[8])).1, remedy);
    }
}

#[test]
fn the_verdict_is_judged_again_when_that_number_changes() {
    let world = World::new(Edition::Articles);
    let until = |days_ago: &[i64]| world.verdict(&sales(), &production_with(days_ago)).holds_until.map(|until| until - world.now);
    assert_eq!(until(&[28]), Some(TimeDelta::zero()), "expires now");
    assert_eq!(until(&[7]), Some(TimeDelta::zero()), "becomes older than 7 days now");
    assert_eq!(until(&[20, 3]), Some(TimeDelta::days(1)), "the facts grow old first");
    let old = World { now: world.now + TimeDelta::hours(18), ..world.clone() };
    let target = production_with(&[27]);
    assert_eq!(old.verdict(&sales(), &target).holds_until, Some(world.now + TimeDelta::days(1)));
}

#[test]
fn facts_grow_stale_after_a_day_and_too_old_after_a_week_to_the_second() {
    let fresh = World::new(Edition::Articles);
    let captured = fresh.now;
    let (day, week, minute, second) = (TimeDelta::hours(24), TimeDelta::days(7), TimeDelta::minutes(1), TimeDelta::seconds(1));
    for (age, expected, until) in [
        (TimeDelta::zero(), None, Some(day)),
        (day, None, Some(day)),
        (day + second, Some("warn Stale STALE"), Some(week)),
        (week, Some("warn Stale STALE"), Some(week)),
        (week + second, Some("unknown Stale STALE"), None),
        // Two clocks may differ a little; how old a capture of tomorrow is, nobody knows.
        (minute * -5, None, Some(day)),
        (minute * -5 - second, Some("unknown Stale STALE"), Some(minute * -5 - TimeDelta::nanoseconds(1))),
        (-day, Some("unknown Stale STALE"), Some(minute * -5 - TimeDelta::nanoseconds(1))),
    ] {
        let world = World { now: captured + age, ..fresh.clone() };
        assert_eq!(world.finds(&sales(), &uat()), expected.into_iter().collect::<Vec<_>>(), "{age}");
        let until = until.map(|until| captured + until);
        assert_eq!(world.verdict(&sales(), &uat()).holds_until, until, "{age}");
        let copy = Copy { source: &sales(), target: &uat(), level: Some(world.level), audit_logs: false, half_left: false, checklists: &[] };
        assert_eq!(outline(Question::Copy(copy), &world.estate(), &books(), world.now).holds_until, until, "{age}");
    }
    let undated = World { captured_at: Unknown, ..fresh };
    assert_eq!(undated.finds(&sales(), &uat()), ["unknown Stale STALE"]);
    assert_eq!(undated.verdict(&sales(), &uat()).holds_until, None);
}

#[test]
fn all_findings_are_given_at_once_the_gravest_first_and_then_in_the_order_of_the_table() {
    let mut world = World::new(Edition::Current);
    world.now += TimeDelta::hours(25);
    world.contoso.operator_roles = Is(vec![TenantRole::GlobalAdmin]);
    world.fabrikam.capacity = sum(gb("500"), gb("500"));
    let (mut a, mut b) = (known("A", DefaultType), known("B", Production));
    (b.tenant, b.region, b.operator_roles, a.operator_roles) = (TenantKey(1), text("na"), Is(vec![]), Is(vec![]));
    (b.dataverse, b.deleted_at, b.state) = (Is(None), Is(Some(world.now)), Is(EnvironmentState::Running));
    (a.customer_managed_key, b.finance_operations, a.managed) = (Unknown, Is(half(Unknown, Unknown)), Is(false));
    (a.order_management, a.state) = (Is(Some(orders())), Is(EnvironmentState::Failed));
    a.components.insert(ComponentKind::CanvasApp, vec![component("Visits", Is(false))]);
    assert_eq!(
        world.finds(&a, &b),
        [
            "block TargetIsProduction CPY-005",
            "block SourceIsDefault CUR-001",
            "block TenantMismatch CPY-006",
            "block RegionMismatch CPY-007",
            "block RoleMissing CPY-024",
            "block CapacityBelow1GB CPY-040",
            "block NoDataverse G-02",
            "block Deleted G-16",
            "block Busy G-16",
            "block SourceFailed CUR-017",
            "block TargetLinkedSourceNot G-04",
            "block ManagedMismatch CUR-003",
            "unknown TargetNeedsCmk G-02",
            "warn OutsideSolution CPY-008",
            "warn OrderManagement IOM-001",
            "warn Stale STALE",
            "note RoleByTenant G-26",
            "note CanvasRevisions CUR-005",
        ]
    );
}

#[test]
fn blocked_before_unknown_before_warnings_and_notes_do_not_count() {
    let changes: [(Change, Answer); 4] = [
        (|a, _, w| (a.operator_roles, w.contoso.operator_roles) = (Is(vec![]), Is(vec![TenantRole::GlobalAdmin])), Answer::Allowed),
        (|a, _, _| a.order_management = Unknown, Answer::AllowedWithWarnings),
        (|_, b, _| b.state = Unknown, Answer::Unknown),
        (|_, b, _| b.region = text("na"), Answer::Blocked),
    ];
    let (mut world, mut a, mut b) = (World::new(Edition::Articles), sales(), uat());
    for (change, answer) in changes {
        change(&mut a, &mut b, &mut world);
        assert_eq!(world.verdict(&a, &b).answer(), answer);
    }
}

#[test]
fn every_finding_names_rule_and_article_and_the_other_edition_its_own() {
    for (edition, kind, rule, article) in [
        (Edition::Articles, Developer, "CUR-002", "Documentation issue 2141 (2023)"),
        (Edition::Current, Developer, "C-17", "Resolution of envdeck where the articles are silent"),
    ] {
        let found = World::new(edition).verdict(&known("Dev", kind), &uat()).findings;
        let differs = found.iter().find(|finding| finding.code == Code::EditionsDiffer).unwrap();
        assert_eq!((differs.severity, &*differs.rule, &*differs.article), (Severity::Warn, rule, article));
    }
    // Both refuse, if for other reasons: then they do not differ.
    let mut unmanaged = known("Target", Production);
    unmanaged.managed = Is(false);
    let found = World::new(Edition::Articles).finds(&sales(), &unmanaged);
    assert_eq!(found, ["block TargetIsProduction CPY-005", "warn ManagedMismatch G-02"]);
}

#[test]
fn both_levels_are_judged_alike() {
    let (mut a, mut b) = (sales(), uat());
    (a.managed, b.region, b.kind) = (Unknown, text("na"), Is(Developer));
    let of = |level| World { level, ..World::new(Edition::Articles) }.verdict(&a, &b);
    assert_eq!(of(Level::Everything), of(Level::Customizations));
}

//! Table D6: what may move to another tenant, by both editions; yes, no and unknown on either side.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "support/facts.rs"]
mod facts;

use chrono::{DateTime, TimeDelta};
use envdeck::domain::component::ComponentKind;
use envdeck::domain::environment::{Dataverse, Environment, EnvironmentId, EnvironmentState, EnvironmentType, FinanceOperationsKind};
use envdeck::domain::journal::{Entry, ItemAct, Value, What};
use envdeck::domain::mapping::{Asked, Linted, lint};
use envdeck::domain::migration::{MAPPING_OF, Migration, PLAN, VALIDATED};
use envdeck::domain::operation::{Operation, OperationKind, Outcome};
use envdeck::domain::rulebook::Edition;
use envdeck::domain::tenant::{Access, Cloud, Subscription, TenantKey, TenantRole, User};
use envdeck::domain::verdict::{Answer, Severity};
use envdeck::domain::words::Word;
use envdeck::files;
use facts::*;

const BOTH: [Edition; 2] = [Edition::Articles, Edition::Current];

/// What a move of the environment to Fabrikam finds; notes say nothing against it.
#[track_caller]
fn against(world: &World, environment: &Environment, mapped_users: Option<usize>) -> Vec<String> {
    let mapping = mapped_users.map(mapped);
    against_file(world, environment, mapping.as_ref())
}

/// The same with a mapping file that was checked.
#[track_caller]
fn against_file(world: &World, environment: &Environment, mapping: Option<&Linted>) -> Vec<String> {
    let found = world.found(Question::Migrate(Migration { environment, to: TenantKey(1), mapping, file: None, cut_over: None }));
    found.into_iter().filter(|line| !line.starts_with("note")).collect()
}

/// A sandbox and two tenants against which nothing speaks: the same cloud and region, enough of everything.
fn stage(edition: Edition) -> (World, Environment) {
    let (mut world, mut e) = (World::new(edition), uat());
    for tenant in [&mut world.contoso, &mut world.fabrikam] {
        (tenant.region, tenant.cloud) = (text("emea"), Is(Cloud::Public));
        tenant.licences.active = Is(240);
        (tenant.dynamics_365_seats, tenant.paid_subscriptions) = (Is(120), Is(vec![Subscription::Dynamics365]));
        (tenant.capacity.entitled, tenant.capacity.used) = (gb("500"), gb("420"));
        tenant.lockbox = Is(false);
    }
    world.contoso.operator_roles = Is(vec![TenantRole::GlobalAdmin]);
    e.managed = Is(false);
    e.dataverse = Is(Some(Dataverse { size: gb("50"), audit: gb("30"), ..Dataverse::default() }));
    e.users = Is(vec!["isaac@contoso.com".into(); 3]);
    for kind in ComponentKind::ALL {
        e.components.insert(*kind, Vec::new());
    }
    (world, e)
}

#[track_caller]
fn asks(what: &str, change: impl Fn(&mut Environment, &mut World), articles: &[&str], current: &[&str]) {
    for (edition, expected) in [(Edition::Articles, articles), (Edition::Current, current)] {
        let (mut world, mut e) = stage(edition);
        change(&mut e, &mut world);
        assert_eq!(against(&world, &e, Some(3)), expected, "{edition:?}: {what}");
    }
}

#[track_caller]
fn asks_alike(what: &str, change: impl Fn(&mut Environment, &mut World), expected: &[&str]) {
    asks(what, change, expected, expected);
}

#[test]
fn a_sandbox_against_which_nothing_speaks_moves_and_needs_its_mapping_file() {
    asks_alike("nothing", |_, _| {}, &[]);
    for (edition, rule) in [(Edition::Articles, "TTM-040"), (Edition::Current, "CUR-025")] {
        let (world, e) = stage(edition);
        assert_eq!(against(&world, &e, None), [format!("block MappingMissing {rule}")]);
    }
}

#[test]
fn by_type() {
    for (kind, rule) in [
        (Preview, "G-14"),
        (Developer, "TTM-018"),
        (Teams, "TTM-018"),
        (DefaultType, "TTM-018"),
        (Trial, "TTM-018"),
        (TrialSubscription, "G-14"),
        (Demo, "TTM-018"),
    ] {
        let (no, newer) = (format!("block MigrationTypeUnsupported {rule}"), format!("block MigrationTypeUnsupported {}", rule.replace("TTM-018", "CUR-024")));
        asks(kind.word(), |e, _| e.kind = Is(kind), &[&no], &[&newer]);
    }
    // A production environment is rehearsed first (TTM-035).
    asks_alike("production", |e, _| e.kind = Is(Production), &["block RehearsalMissing TTM-035"]);
    let open = |rule: &str| [format!("unknown MigrationTypeUnsupported {rule}"), "unknown RehearsalMissing TTM-035".to_owned()];
    let (articles, current) = (open("TTM-018"), open("CUR-024"));
    asks("unknown", |e, _| e.kind = Unknown, &articles.each_ref().map(String::as_str), &current.each_ref().map(String::as_str));
    assert_eq!(EnvironmentType::ALL.len(), 9);
}

#[test]
fn a_linked_environment_and_one_without_a_database_never_move() {
    use FinanceOperationsKind::{Lcs, Unified};
    for kind in [Is(Lcs), Is(Unified), Unknown] {
        let linked = |e: &mut Environment, _: &mut World| e.finance_operations = Is(half(kind, Unknown));
        asks("linked", linked, &["block MigrationBlockedByLink TTM-012"], &["block MigrationBlockedByLink CUR-024"]);
    }
    let open = |e: &mut Environment, _: &mut World| e.finance_operations = Unknown;
    asks("unknown", open, &["unknown MigrationBlockedByLink TTM-012"], &["unknown MigrationBlockedByLink CUR-024"]);
    asks_alike("no database", |e, _| e.dataverse = Is(None), &["block NoDataverse TTM-014"]);
    asks_alike("a database that nobody looked for", |e, _| e.dataverse = Unknown, &["unknown NoDataverse TTM-014"]);
}

#[test]
fn managed_environments_do_not_move_by_the_newer_articles() {
    let refused = ["block ManagedUnsupported CUR-024", "warn EditionsDiffer EDITIONS"];
    asks("managed", |e, _| e.managed = Is(true), &["warn EditionsDiffer CUR-024"], &refused);
    asks("unknown", |e, _| e.managed = Unknown, &[], &["unknown ManagedUnsupported CUR-024"]);
}

#[test]
fn clouds_and_regions() {
    use Cloud::{China, Dod, Gcc, GccHigh, Public};
    let (apart, fixed) = ("block CloudMismatch", "block RegionChangeUnsupported TTM-010");
    let (confirm, changes, open) = ("unknown ConfirmWithSupport C-41", "warn RegionChanges TTM-008", "unknown RegionChangeUnsupported TTM-010");
    for (from, onto, clouds_differ, expected) in [
        ((Is(Public), Is("emea")), (Is(Public), Is("Europe")), false, vec![]),
        ((Is(Public), Is("emea")), (Is(Public), Is("na")), false, vec![changes]),
        ((Is(Public), Is("emea")), (Is(Public), Is("ind")), false, vec![fixed]),
        ((Is(Public), Is("oce")), (Is(Public), Is("emea")), false, vec![fixed]),
        ((Is(Public), Is("china")), (Is(Public), Is("emea")), false, vec![fixed]),
        ((Is(Public), Is("oce")), (Is(Public), Is("australia")), false, vec![confirm]),
        ((Is(Public), Is("india")), (Is(Public), Is("ind")), false, vec![confirm]),
        ((Is(Gcc), Is("na")), (Is(Gcc), Is("na")), false, vec![]),
        ((Is(Gcc), Is("na")), (Is(Gcc), Is("emea")), false, vec![fixed]),
        ((Is(GccHigh), Is("na")), (Is(GccHigh), Is("na")), false, vec![confirm]),
        ((Is(Dod), Is("na")), (Is(Dod), Is("na")), false, vec![confirm]),
        ((Is(China), Is("china")), (Is(China), Is("china")), false, vec![confirm]),
        ((Is(Gcc), Is("na")), (Is(Public), Is("na")), true, vec![]),
        ((Is(Public), Is("na")), (Is(Gcc), Is("emea")), true, vec![fixed]),
        // Where nobody looked, the tenant that it is in says no more than what could be.
        ((Is(Public), Unknown), (Is(Public), Is("emea")), false, vec![open]),
        ((Is(Public), Unknown), (Is(Public), Is("na")), false, vec![open, changes]),
        ((Is(Public), Unknown), (Is(Public), Is("ind")), false, vec![open]),
        ((Is(Public), Is("emea")), (Is(Public), Unknown), false, vec![open]),
    ] {
        for (edition, rule) in [(Edition::Articles, "TTM-018"), (Edition::Current, "CUR-024")] {
            let (mut world, mut e) = stage(edition);
            (world.contoso.cloud, e.region) = (from.0, from.1.map(Into::into));
            (world.fabrikam.cloud, world.fabrikam.region) = (onto.0, onto.1.map(Into::into));
            let mut expected: Vec<_> = expected.iter().map(|line| (*line).to_owned()).collect();
            if clouds_differ {
                expected.insert(0, format!("{apart} {rule}"));
            }
            assert_eq!(against(&world, &e, Some(3)), expected, "{from:?} to {onto:?}");
        }
    }
    asks("clouds", |_, w| w.fabrikam.cloud = Unknown, &["unknown CloudMismatch TTM-018"], &["unknown CloudMismatch CUR-024"]);
}

#[test]
fn the_destination_has_a_subscription_licences_seats_and_storage() {
    let line = |severity: &str, code: &str| vec![format!("{severity} {code}")];
    type Change = fn(&mut Environment, &mut World);
    let cases: &[(&str, Change, Vec<String>)] = &[
        ("no subscription", |_, w| w.fabrikam.paid_subscriptions = Is(vec![]), line("block", "SubscriptionMissing TTM-025")),
        ("subscriptions", |_, w| w.fabrikam.paid_subscriptions = Unknown, line("unknown", "SubscriptionMissing TTM-025")),
        ("as many licences", |_, w| w.fabrikam.licences.active = Is(240), vec![]),
        ("one licence fewer", |_, w| w.fabrikam.licences.active = Is(239), line("block", "LicencesTooFew TTM-026")),
        ("licences there", |_, w| w.fabrikam.licences.active = Unknown, line("unknown", "LicencesTooFew TTM-026")),
        ("licences here", |_, w| w.contoso.licences.active = Unknown, line("unknown", "LicencesTooFew TTM-026")),
        ("as many seats", |_, w| w.fabrikam.dynamics_365_seats = Is(3), vec![]),
        ("one seat fewer", |_, w| w.fabrikam.dynamics_365_seats = Is(2), line("block", "SeatsTooFew TTM-031")),
        ("seats", |_, w| w.fabrikam.dynamics_365_seats = Unknown, line("unknown", "SeatsTooFew TTM-031")),
        ("as much storage", |_, w| w.contoso.capacity.entitled = gb("500"), vec![]),
        ("less storage", |_, w| w.contoso.capacity.entitled = gb("500.01"), line("block", "StorageBelowSource TTM-027")),
        ("storage here", |_, w| w.contoso.capacity.entitled = Unknown, line("unknown", "StorageBelowSource TTM-027")),
        ("exactly enough", |_, w| w.fabrikam.capacity.used = gb("420"), vec![]),
        ("too little", |_, w| w.fabrikam.capacity.used = gb("420.01"), line("block", "StorageTooSmall TTM-034")),
        ("storage there", |_, w| w.fabrikam.capacity.used = Unknown, line("unknown", "StorageTooSmall TTM-034")),
        ("size", |e, _| e.dataverse = Is(Some(Dataverse { audit: gb("1"), ..Dataverse::default() })), line("unknown", "StorageTooSmall TTM-034")),
    ];
    for (what, change, expected) in cases {
        asks_alike(what, change, &expected.iter().map(String::as_str).collect::<Vec<_>>());
    }
    // Without a mapping file, as many as are enabled in the environment could be mapped.
    let (mut world, mut e) = stage(Edition::Articles);
    (world.fabrikam.dynamics_365_seats, e.users) = (Is(2), Unknown);
    let missing = "block MappingMissing TTM-040";
    assert_eq!(against(&world, &e, None), [missing, "unknown SeatsTooFew TTM-031"]);
    e.users = Is(vec!["a".into(), "b".into(), "c".into()]);
    assert_eq!(against(&world, &e, None), ["block SeatsTooFew TTM-031", missing]);
}

/// Three users on either side who can be mapped, and the lines that map them.
fn users_of(world: &mut World, e: &mut Environment) -> String {
    let user = |upn: String| User { upn: upn.into(), active: Is(true), licensed: Is(true), access: Is(Access::Full), mailbox: Unknown };
    let names = ["isaac", "ingrid", "lena"];
    let of = |domain: &str| names.map(|name| user(format!("{name}@{domain}"))).to_vec();
    (world.contoso.users, world.fabrikam.users) = (Is(of("contoso.com")), Is(of("fabrikam.com")));
    e.users = Is(names.map(|name| format!("{name}@contoso.com").into()).to_vec());
    names.map(|name| format!("{name}@contoso.com, {name}@fabrikam.com\n")).concat()
}

#[test]
fn the_mapping_file_decides() {
    type Change = fn(&mut Environment, &mut World, &mut String);
    fn there(world: &mut World) -> &mut User {
        let Is(users) = &mut world.fabrikam.users else { panic!("the users are known") };
        &mut users[1]
    }
    let cases: &[(&str, Change, &[&str])] = &[
        ("nothing", |_, _, _| {}, &[]),
        ("a broken line", |_, _, text| *text = text.replace("ingrid@f", "f"), &["block MappingInvalid", "warn UsersLeftBehind TTM-109"]),
        ("a line too much", |_, _, text| *text += "isaac@contoso.com, isaac@fabrikam.com\n", &["block MappingInvalid"]),
        ("an empty file", |_, _, text| text.clear(), &["block MappingInvalid", "warn UsersLeftBehind TTM-109"]),
        ("no licence there", |_, w, _| there(w).licensed = Is(false), &["block UsersNotReady TTM-081"]),
        ("not active there", |_, w, _| there(w).active = Is(false), &["block UsersNotReady TTM-032"]),
        ("both", |_, w, _| (there(w).active, there(w).licensed) = (Is(false), Is(false)), &["block UsersNotReady TTM-032"]),
        ("nobody knows", |_, w, _| there(w).licensed = Unknown, &["unknown UsersNotReady TTM-032"]),
        ("nobody of that name", |_, w, _| there(w).upn = "other@fabrikam.com".into(), &["block UsersNotReady TTM-032"]),
        ("nobody looked there", |_, w, _| w.fabrikam.users = Unknown, &["unknown UsersNotReady TTM-032"]),
        ("not enabled", |e, _, _| e.users = Is(vec!["isaac@contoso.com".into(), "lena@contoso.com".into()]), &["block UsersNotReady TTM-032"]),
        ("nobody knows who is", |e, _, _| e.users = Unknown, &["unknown UsersNotReady TTM-032", "warn UsersLeftBehind TTM-109"]),
        ("one left behind", |_, _, text| *text = text.replace("lena@contoso.com, lena@fabrikam.com\n", ""), &["warn UsersLeftBehind TTM-109"]),
        ("as many seats", |_, w, _| w.fabrikam.dynamics_365_seats = Is(3), &[]),
        ("one seat fewer", |_, w, _| w.fabrikam.dynamics_365_seats = Is(2), &["block SeatsTooFew TTM-031"]),
    ];
    for edition in BOTH {
        for (what, change, expected) in cases {
            let (mut world, mut e) = stage(edition);
            let mut text = users_of(&mut world, &mut e);
            change(&mut e, &mut world, &mut text);
            if edition == Edition::Current {
                text.insert_str(0, "Source,Destination\n");
            }
            let asked = Asked { edition, file: Some("usermapping.csv"), from: Some(&world.contoso), to: Some(&world.fabrikam), environment: Some(&e) };
            let linted = lint(&files::mapping::read(text.as_bytes()), asked);
            let form = if edition == Edition::Articles { "G-18" } else { "CUR-025" };
            let expected: Vec<String> = expected.iter().map(|line| line.replace("MappingInvalid", &format!("MappingInvalid {form}"))).collect();
            assert_eq!(against_file(&world, &e, Some(&linted)), expected, "{edition:?}: {what}");
        }
    }
}

/// Who has administrative access need not be mapped (TTM-078), so their absence is no warning.
#[test]
fn only_administrators_may_be_left_out_in_silence() {
    let (mut world, mut e) = stage(Edition::Articles);
    let text = users_of(&mut world, &mut e).replace("lena@contoso.com, lena@fabrikam.com\n", "");
    for (access, expected) in
        [(Is(Access::Administrative), &[] as &[&str]), (Is(Access::Full), &["warn UsersLeftBehind TTM-109"]), (Unknown, &["warn UsersLeftBehind TTM-109"])]
    {
        let Is(users) = &mut world.contoso.users else { panic!("the users are known") };
        users[2].access = access;
        let asked = Asked { edition: Edition::Articles, file: None, from: Some(&world.contoso), to: Some(&world.fabrikam), environment: Some(&e) };
        let linted = lint(&files::mapping::read(text.as_bytes()), asked);
        assert_eq!(against_file(&world, &e, Some(&linted)), expected, "{access:?}");
    }
}

/// To add a line for an account that is not active would be refused, so the way out begins with the account.
#[test]
fn who_is_left_behind_and_not_active_has_to_be_activated_first() {
    let (mut world, mut e) = stage(Edition::Articles);
    let text = users_of(&mut world, &mut e).replace("lena@contoso.com, lena@fabrikam.com\n", "").replace("ingrid@contoso.com, ingrid@fabrikam.com\n", "");
    let Is(users) = &mut world.contoso.users else { panic!("the users are known") };
    users[1].active = Is(false);
    let asked = Asked { edition: Edition::Articles, file: None, from: Some(&world.contoso), to: Some(&world.fabrikam), environment: Some(&e) };
    let linted = lint(&files::mapping::read(text.as_bytes()), asked);
    let found = world.judged(Question::Migrate(Migration { environment: &e, to: TenantKey(1), mapping: Some(&linted), file: None, cut_over: None })).findings;
    let left = found.iter().find(|finding| finding.code.word() == "UsersLeftBehind").unwrap();
    assert_eq!(left.message, "No complete line names 2 users who can use Contoso UAT: lena@contoso.com, ingrid@contoso.com");
    let remedy = "Add a line for each who moves, and first activate ingrid@contoso.com: whoever is not in the file is never mapped, also not later";
    assert_eq!(left.remedy, remedy);
}

#[test]
fn the_same_tenant_is_no_destination_whatever_is_known_of_it() {
    for edition in BOTH {
        let (mut world, e) = stage(edition);
        (world.contoso.region, world.contoso.cloud, world.contoso.licences.active) = (Unknown, Unknown, Unknown);
        let found = world.found(Question::Migrate(Migration { environment: &e, to: TenantKey(0), mapping: Some(&mapped(3)), file: None, cut_over: None }));
        assert_eq!(found[0], "block SameTenant TTM-003");
        assert!(found[1..].iter().all(|line| line.starts_with("note")), "{found:?}");
    }
}

#[test]
fn what_it_holds_moves_in_part_or_not_at_all() {
    use ComponentKind::*;
    let (part, marketing, behind) = ("warn NotFullySupported TTM-016", "warn MarketingLicences TTM-106", "warn LeftBehind TTM-084");
    let barred = ["block ContentUnsupported CUR-024", "warn EditionsDiffer EDITIONS"];
    for kind in ComponentKind::ALL {
        let one = |e: &mut Environment, _: &mut World| e.components.insert(*kind, vec![component("one", Unknown)]);
        let nobody_looked = |e: &mut Environment, _: &mut World| {
            e.components = Default::default();
            for other in ComponentKind::ALL.iter().filter(|other| *other != kind) {
                e.components.insert(*other, Vec::new());
            }
        };
        let warned: &[_] = match kind {
            CanvasApp | CustomPage | CloudFlow | Chatbot | ComponentLibrary | CustomerVoiceProject => &[part],
            Marketing => &[marketing],
            CustomConnector | Connection | Gateway => &[behind],
            _ => &[],
        };
        if matches!(kind, ComponentLibrary | CustomerVoiceProject) {
            asks(kind.word(), one, &[part, "warn EditionsDiffer CUR-024"], &barred);
            asks(kind.word(), nobody_looked, warned, &["unknown ContentUnsupported CUR-024"]);
        } else {
            asks_alike(kind.word(), one, warned);
            asks_alike(kind.word(), nobody_looked, warned);
        }
    }
    for app in ["Customer Voice", "Omnichannel for Customer Service", "Customer Insights"] {
        asks(app, |e, _| e.dynamics_365_apps = Is(vec![app.into()]), &["warn EditionsDiffer CUR-024"], &barred);
    }
    asks_alike("Sales", |e, _| e.dynamics_365_apps = Is(vec!["Sales".into()]), &[]);
    asks_alike("Marketing", |e, _| e.dynamics_365_apps = Is(vec!["Dynamics 365 Marketing".into()]), &[marketing]);
    asks("apps", |e, _| e.dynamics_365_apps = Unknown, &[marketing], &["unknown ContentUnsupported CUR-024", marketing]);
}

#[test]
fn who_may_and_what_stands_in_the_way() {
    use TenantRole::{Dynamics365Admin, GlobalAdmin, PowerPlatformAdmin, ServiceAdmin};
    let missing: &[_] = &["block RoleMissing TTM-046"];
    for (wide, expected) in [
        (Is(vec![GlobalAdmin]), &[] as &[_]),
        (Is(vec![PowerPlatformAdmin]), &[]),
        (Is(vec![Dynamics365Admin]), &[]),
        (Is(vec![ServiceAdmin]), missing),
        (Is(vec![]), missing), // a role in the environment is not enough
        (Unknown, &["unknown RoleMissing TTM-046"]),
    ] {
        asks_alike(&format!("{wide:?}"), |_, w| w.contoso.operator_roles = wide.clone(), expected);
    }
    asks_alike("deleted", |e, _| e.deleted_at = Is(Some(utc("2026-01-04T09:00:00Z"))), &["block Deleted G-16"]);
    asks_alike("busy", |e, _| e.state = Is(EnvironmentState::Running), &["block Busy G-16"]);
    let failed = |e: &mut Environment, _: &mut World| e.state = Is(EnvironmentState::Failed);
    asks("failed", failed, &["warn EditionsDiffer CUR-017"], &["block EnvironmentFailed CUR-017", "warn EditionsDiffer EDITIONS"]);
}

#[test]
fn lockbox_and_backups_are_noted() {
    for edition in BOTH {
        let (mut world, mut e) = stage(edition);
        let notes = |world: &World, e: &Environment| {
            let found = world.found(Question::Migrate(Migration { environment: e, to: TenantKey(1), mapping: Some(&mapped(3)), file: None, cut_over: None }));
            found.into_iter().filter(|line| line.starts_with("note")).collect::<Vec<_>>()
        };
        assert_eq!(notes(&world, &e), ["note BackupsStay TTM-011"]);
        world.contoso.lockbox = Is(true);
        assert_eq!(notes(&world, &e), ["note LockboxApproval TTM-053", "note BackupsStay TTM-011"]);
        // Backups never come along, whether anybody looked them up or not.
        e.backups = Unknown;
        world.contoso.lockbox = Unknown;
        assert_eq!(notes(&world, &e), ["note LockboxApproval TTM-053", "note BackupsStay TTM-011"]);
    }
}

#[test]
fn all_that_nobody_looked_up_is_named_at_once() {
    let (world, mut e) = stage(Edition::Articles);
    (e.components, e.dynamics_365_apps) = (Default::default(), Unknown);
    let found =
        world.judged(Question::Migrate(Migration { environment: &e, to: TenantKey(1), mapping: Some(&mapped(3)), file: None, cut_over: None })).findings;
    let messages: Vec<_> = found.iter().map(|finding| &*finding.message).take(3).collect();
    assert_eq!(
        messages,
        [
            "`components.canvas-app`, `components.component-library`, `components.custom-page`, `components.cloud-flow`, `components.chatbot`, `components.customer-voice-project` of Contoso UAT are unknown",
            "`components.marketing`, `dynamics_365_apps` of Contoso UAT are unknown",
            "`components.custom-connector`, `components.connection`, `components.gateway` of Contoso UAT are unknown",
        ]
    );
}

/// What is judged after these entries, of a production environment that nothing else speaks against.
fn after_entries(entries: Vec<What>, file: Option<&str>) -> Vec<String> {
    let (world, mut e) = stage(Edition::Articles);
    e.kind = Is(Production);
    let mut estate = world.estate();
    let at = utc("2026-01-05T08:00:00Z");
    estate.record((0..).zip(entries).map(|(later, what)| Entry::new(at + TimeDelta::seconds(later), "thomas".into(), what)));
    let migration = Migration { environment: &e, to: TenantKey(1), mapping: None, file, cut_over: None };
    let verdict = judge(Question::Migrate(migration), &estate, &books(), utc("2026-01-05T09:00:00Z"));
    let said = verdict.findings.iter().filter(|finding| finding.severity != Severity::Note);
    said.map(|finding| format!("{} {} {}", finding.severity.word(), finding.code.word(), finding.rule)).collect()
}

fn recorded(kind: OperationKind, source: Option<&str>, target: &str, mapping: Option<&str>) -> What {
    let inputs = mapping.map(|file| ("mapping".into(), Value::Text(file.into()))).into_iter().collect();
    let at = utc("2026-01-05T08:00:00Z");
    What::Operation(Box::new(Operation {
        kind,
        source: source.map(EnvironmentId::new),
        target: EnvironmentId::new(target),
        inputs,
        verdict: Answer::Allowed,
        account: Vec::new(),
        acknowledged: Vec::new(),
        ticket: None,
        approver: None,
        started_at: at,
        completed_at: Some(at),
        outcome: Outcome::Succeeded,
    }))
}

#[test]
fn a_production_environment_moves_after_its_rehearsal_was_validated_and_not_before() {
    let id = uat().id;
    let judged = |entries: Vec<What>| after_entries(entries, None).into_iter().filter(|line| line.contains("Rehearsal")).collect::<Vec<_>>();
    let copied = || recorded(OperationKind::Copy, Some(id.as_str()), "other", None);
    assert_eq!(judged(vec![]), ["block RehearsalMissing TTM-035"]);
    // A copy onto it is none of it.
    assert_eq!(judged(vec![recorded(OperationKind::Copy, Some("other"), id.as_str(), None)]), ["block RehearsalMissing TTM-035"]);
    // Copied, but nobody said that all parties validated its move: that is ticked in the plan.
    assert_eq!(judged(vec![copied()]), ["block RehearsalMissing TTM-035"]);
    let opened = |checklist: &str, of: &EnvironmentId| What::ChecklistOpened { environment: of.clone(), checklist: checklist.into(), operation: None };
    let plan = |what: What| Entry::new(utc("2026-01-05T08:00:01Z"), "thomas".into(), what).id;
    let ticked = |opened: What, act| What::Item { checklist: plan(opened), item: VALIDATED.into(), act, note: Some("sales and finance".into()) };
    let own = || opened(PLAN, &id);
    assert_eq!(judged(vec![copied(), own(), ticked(own(), ItemAct::Done)]), [] as [&str; 0]);
    assert_eq!(judged(vec![copied(), own(), ticked(own(), ItemAct::Done), ticked(own(), ItemAct::Reopened)]), ["block RehearsalMissing TTM-035"]);
    // Neither the tick of another environment's plan nor that of another checklist says anything, nor one without a copy.
    let others = || opened(PLAN, &EnvironmentId::new("other"));
    assert_eq!(judged(vec![copied(), others(), ticked(others(), ItemAct::Done)]), ["block RehearsalMissing TTM-035"]);
    let export = || opened("export-users", &id);
    assert_eq!(judged(vec![copied(), export(), ticked(export(), ItemAct::Done)]), ["block RehearsalMissing TTM-035"]);
    let unrelated = || What::Note { environment: id.clone(), text: "no copy".into() };
    assert_eq!(judged(vec![unrelated(), own(), ticked(own(), ItemAct::Done)]), ["block RehearsalMissing TTM-035"]);
    let templates = files::checklist::built_in().unwrap();
    let item = templates.iter().find(|template| *template.id == *PLAN).unwrap().items().find(|item| *item.id == *VALIDATED);
    assert!(item.is_some(), "the plan has the item that the rule asks for");
}

#[test]
fn each_environment_has_a_mapping_file_of_its_own() {
    let id = uat().id;
    let judged = |entries: Vec<What>| after_entries(entries, Some("maps/uat.csv")).into_iter().filter(|line| line.contains("Mapping")).collect::<Vec<_>>();
    let (missing, shared) = ("block MappingMissing TTM-040", "block MappingShared TTM-041");
    let moved = |target: &str, file: &str| recorded(OperationKind::Migrate, None, target, Some(file));
    let planned = |of: &str, file: &str| What::Plan { kind: PLAN.into(), inputs: vec![(format!("{MAPPING_OF}{of}").into(), Value::Text(file.into()))] };
    assert_eq!(judged(vec![]), [missing]);
    assert_eq!(judged(vec![moved("other", "maps/other.csv"), planned("another", "uat.csv")]), [missing]);
    assert_eq!(judged(vec![moved("other", "maps/uat.csv")]), [missing, shared]);
    assert_eq!(judged(vec![planned("other", "maps/uat.csv")]), [missing, shared]);
    // Its own plan and its own move name the same file.
    assert_eq!(judged(vec![planned(id.as_str(), "maps/uat.csv"), moved(id.as_str(), "maps/uat.csv")]), [missing]);
}

#[test]
fn a_cut_over_belongs_into_an_evening_or_a_weekend() {
    // Three hours and three quarters with no users: 2026-01-05 is a Monday.
    for (at, warned) in [
        ("2026-01-05T07:59:00+00:00", true), // it lasts into the morning
        ("2026-01-05T08:00:00+00:00", true),
        ("2026-01-05T17:59:00+00:00", true),
        ("2026-01-05T18:00:00+00:00", false),
        ("2026-01-06T04:15:00+00:00", false), // ends at eight sharp
        ("2026-01-06T04:16:00+00:00", true),
        ("2026-01-09T18:00:00+00:00", false),
        ("2026-01-10T10:00:00+00:00", false), // a Saturday
        ("2026-01-11T23:59:00+00:00", false), // the night to Monday
        ("2026-01-05T17:00:00+01:00", true),
        ("2026-01-05T17:00:00+00:00", true),
        ("2026-01-05T20:00:00+09:00", false), // whoever planned it works by another clock
        ("2026-01-05T11:00:00Z", true),
    ] {
        let (world, mut e) = stage(Edition::Articles);
        e.users = Is(Vec::new());
        let cut_over = Some(DateTime::parse_from_rfc3339(at).unwrap());
        let found = world.found(Question::Migrate(Migration { environment: &e, to: TenantKey(1), mapping: None, file: None, cut_over }));
        assert_eq!(found.contains(&"warn WorkingHours TTM-113".to_owned()), warned, "{at}: {found:?}");
    }
}

#[test]
fn what_moves_only_in_part_is_taken_upon_oneself_by_name() {
    let (world, mut e) = stage(Edition::Articles);
    e.components.insert(ComponentKind::CloudFlow, vec![component("one", Unknown)]);
    let verdict = world.judged(Question::Migrate(Migration { environment: &e, to: TenantKey(1), mapping: Some(&mapped(3)), file: None, cut_over: None }));
    let given: Vec<&str> = verdict.findings.iter().filter(|finding| finding.has_to_be_acknowledged()).map(|finding| finding.code.word()).collect();
    assert_eq!(given, ["NotFullySupported"], "TTM-016");
}

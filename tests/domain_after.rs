//! What an environment is after each of the 16 operations: every field that changes is named, all others stay.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "support/facts.rs"]
mod facts;

use std::fmt::Debug;
use std::sync::Arc;

use envdeck::domain::after::{Done, after, unseen};
use envdeck::domain::component::{Component, ComponentKind, Property};
use envdeck::domain::copy::Level;
use envdeck::domain::environment::{Dataverse, Environment, EnvironmentState, FinanceOperationsKind};
use envdeck::domain::gigabytes::Gigabytes;
use envdeck::domain::known::Known;
use envdeck::domain::request::Choice::{self, Chosen};
use envdeck::domain::request::{Back, Change, Group, Move, UserMapping};
use envdeck::domain::rulebook::Edition;
use facts::*;

/// When it was done.
const AT: &str = "2026-01-05T12:00:00Z";

fn database(version: &str, size: &str, audit: i64) -> Option<Dataverse> {
    Some(Dataverse { version: text(version), size: gb(size), audit: Is(Gigabytes::whole(audit)) })
}

fn with(mut component: Component, name: &'static str, property: Property) -> Component {
    component.set(name, property);
    component
}

/// A production environment with audit logs, users, flows, a SharePoint site and a connection.
fn source() -> Environment {
    let mut e = sales();
    e.dataverse = Is(database("9.2", "200", 30));
    e.users = Is(vec![Arc::from("lena@contoso.com")]);
    e.admin_mode = Is(false);
    e.background_operations = Is(true);
    e.security_group = Is(Some("of-source".into()));
    let flow = |name: &str, of_solution| with(component(name, Is(of_solution)), "state", Property::Text("enabled".into()));
    e.components.insert(ComponentKind::CloudFlow, vec![flow("orders", true), flow("loose", false)]);
    let reference = with(component("outlook", Is(true)), "connection", Property::Text("c1".into()));
    e.components.insert(ComponentKind::ConnectionReference, vec![reference]);
    e.components.insert(ComponentKind::SharepointSite, vec![component("quotes", Unknown)]);
    e
}

/// A sandbox that is in use, with an older and a newer manual backup.
fn target() -> Environment {
    let mut e = uat();
    e.dataverse = Is(database("9.1", "20", 2));
    e.users = Is(vec![Arc::from("thomas@contoso.com")]);
    e.admin_mode = Is(false);
    e.background_operations = Is(true);
    e.url = Is(Some("https://uat.crm4.dynamics.com".into()));
    e.security_group = Is(Some("of-target".into()));
    e.retention_days = Is(Some(7));
    e.finance_operations = Is(half(Is(FinanceOperationsKind::Lcs), Unknown));
    e.backups = Is(vec![backup("2025-12-20T10:00:00Z"), backup("2026-01-04T10:00:00Z")]);
    e.components.insert(ComponentKind::CloudFlow, vec![component("own", Is(false)), component("managed", Is(true))]);
    e.components.insert(ComponentKind::ConnectionReference, Vec::new());
    e.components.insert(ComponentKind::SharepointSite, vec![component("team", Unknown)]);
    e
}

fn shown<T>(value: &Known<T>, say: impl FnOnce(&T) -> String) -> String {
    match value {
        Is(value) => say(value),
        Unknown => "?".to_owned(),
    }
}

fn word<T: Debug>(value: &Known<T>) -> String {
    shown(value, |value| format!("{value:?}").to_lowercase())
}

fn or_none<T: ToString>(value: &Known<Option<T>>) -> String {
    shown(value, |value| value.as_ref().map_or_else(|| "none".to_owned(), ToString::to_string))
}

/// An environment in words, field by field.
fn fields(e: &Environment) -> Vec<(&'static str, String)> {
    let instant = |at: Option<_>| at.map_or_else(|| "-".to_owned(), time_of);
    let gigabytes = |size: &Known<Gigabytes>| shown(size, ToString::to_string);
    let components = |kind| match e.components.of(kind) {
        Is(list) => list
            .iter()
            .map(|component| {
                let property = |name| match component.property(name) {
                    Is(Property::Text(text)) => format!("={text}"),
                    Is(Property::Nothing) => "=none".to_owned(),
                    Is(Property::Flag(_)) | Unknown => String::new(),
                };
                format!("{}{}{}", component.name, property("state"), property("connection"))
            })
            .collect::<Vec<_>>()
            .join(" "),
        Unknown => "?".to_owned(),
    };
    let backups = shown(&e.backups, |backups| {
        let mark = |on, mark| if on { mark } else { "" };
        let one = |b: &envdeck::domain::backup::Backup| format!("{}{}{}", b.id, mark(b.overwritten, "!"), mark(b.may_be_gone, "?"));
        backups.iter().map(one).collect::<Vec<_>>().join(" ")
    });
    let database = shown(&e.dataverse, |database| match database {
        None => "none".to_owned(),
        Some(Dataverse { version, size, audit }) => {
            let version = shown(version, ToString::to_string);
            format!("{version} {} audit {}", gigabytes(size), gigabytes(audit))
        }
    });
    vec![
        ("name", e.name.to_string()),
        ("type", word(&e.kind)),
        ("state", word(&e.state)),
        ("region", shown(&e.region, ToString::to_string)),
        ("url", or_none(&e.url)),
        ("database", database),
        ("users", shown(&e.users, |users| users.join(" "))),
        ("admin mode", word(&e.admin_mode)),
        ("background", word(&e.background_operations)),
        ("group", or_none(&e.security_group)),
        ("retention", or_none(&e.retention_days)),
        ("half", shown(&e.finance_operations, |half| if half.is_some() { "linked" } else { "none" }.to_owned())),
        ("deleted", shown(&e.deleted_at, |at| instant(*at))),
        ("backups", backups),
        ("restorable since", instant(e.restorable_since)),
        ("kept since", instant(e.kept_since)),
        ("doubt before", instant(e.may_be_gone_before)),
        ("sandbox since", instant(e.sandbox_since)),
        ("flows", components(ComponentKind::CloudFlow)),
        ("connections", components(ComponentKind::ConnectionReference)),
        ("sites", components(ComponentKind::SharepointSite)),
    ]
}

fn time_of(at: chrono::DateTime<chrono::Utc>) -> String {
    at.format("%m-%dT%H:%M").to_string()
}

/// The fields that differ, as they are afterwards.
fn changed(before: &Environment, now: &Environment) -> Vec<String> {
    let both = fields(before).into_iter().zip(fields(now));
    both.filter(|(before, now)| before != now).map(|(_, (field, now))| format!("{field}: {now}")).collect()
}

fn done(edition: Edition) -> Done<'static> {
    Done { by: "thomas@contoso.com", at: utc(AT), edition }
}

/// What the change does to the target, by the older articles unless said otherwise.
fn does(change: &Change) -> Vec<String> {
    does_to(&target(), change, Edition::Articles)
}

fn does_to(target: &Environment, change: &Change, edition: Edition) -> Vec<String> {
    let source = source();
    let source = matches!(change, Change::Copy { .. } | Change::Restore { .. }).then_some(&source);
    changed(target, &after(change, source, target, done(edition)))
}

fn copy(level: Level, audit_logs: Option<bool>, name: &str, group: Group) -> Change {
    Change::Copy { level: Chosen(level), audit_logs: audit_logs.into(), name: Chosen(name.into()), group: Chosen(group), half: Choice::Open }
}

fn restore(back: Back, audit_logs: bool) -> Change {
    Change::Restore { back: Chosen(back), audit_logs: Chosen(audit_logs), name: Chosen("Contoso UAT".into()), half: Choice::Open }
}

/// What every copy leaves: out of service, its older restore points useless (CPY-036 to CPY-043, C-19).
const COPIED: [&str; 6] = [
    "users: lena@contoso.com",
    "admin mode: true",
    "background: false",
    "backups: 2025-12-20T10:00:00Z! 2026-01-04T10:00:00Z!",
    "restorable since: 01-05T12:00",
    "connections: outlook=none",
];

#[track_caller]
fn is_so(change: &Change, expected: &[&str]) {
    assert_eq!(sorted(does(change)), sorted(expected.iter().map(|&line| line.to_owned()).collect()), "{change:?}");
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

fn copied(rest: &[&'static str]) -> Vec<&'static str> {
    [&COPIED[..], rest].concat()
}

#[test]
fn a_copy_carries_what_was_chosen_and_takes_the_target_out_of_service() {
    let flows = "flows: orders=enabled loose=enabled";
    let sites = "sites: quotes";
    let all = |choice| copy(Level::Everything, choice, "Contoso UAT", Group::Keep);
    for choice in [None, Some(true)] {
        is_so(&all(choice), &copied(&["database: 9.2 200 audit 30", flows, sites]));
    }
    is_so(&all(Some(false)), &copied(&["database: 9.2 200 audit 0", flows, sites]));
    // Of customizations only, the emptied tables are among what is left behind (TRN-008, TRN-012).
    let minimal = copy(Level::Customizations, Some(true), "Contoso UAT", Group::Keep);
    is_so(&minimal, &copied(&["database: 9.2 ? audit 0", flows, "sites: "]));
    // Name and group as chosen.
    let named = copy(Level::Everything, None, "Training", Group::Open);
    is_so(&named, &copied(&["database: 9.2 200 audit 30", flows, sites, "name: Training", "group: none"]));
    let only = copy(Level::Everything, None, "Contoso UAT", Group::Only("vendors".into()));
    is_so(&only, &copied(&["database: 9.2 200 audit 30", flows, sites, "group: vendors"]));
}

/// By newer articles flows arrive turned off, and the target's own in no solution stay (CUR-009).
#[test]
fn by_the_newer_articles_the_flows_of_a_copy_are_off() {
    let change = copy(Level::Everything, Some(true), "Contoso UAT", Group::Keep);
    let lines = does_to(&target(), &change, Edition::Current);
    assert!(lines.contains(&"flows: orders=disabled loose=disabled own".to_owned()), "{lines:?}");
}

#[test]
fn a_restore_keeps_the_targets_own_backups_and_takes_audit_logs_only_where_chosen() {
    let instant = || Back::To(utc("2026-01-04T10:00:00Z"));
    let manual = || Back::Backup("b1".into(), utc("2026-01-04T10:00:00Z"));
    let rest = ["users: lena@contoso.com", "admin mode: true", "background: false", "flows: orders=disabled own", "connections: outlook=none", "sites: quotes"];
    let with = |audit: &'static str| [&rest[..], &[audit]].concat();
    is_so(&restore(instant(), false), &with("database: ? ? audit 0"));
    // From the system's backups audit logs never come along (C-23).
    is_so(&restore(instant(), true), &with("database: ? ? audit 0"));
    is_so(&restore(manual(), false), &with("database: ? ? audit 0"));
    is_so(&restore(manual(), true), &with("database: ? ? audit 30"));
    // Onto itself its own audit logs stay (RST-005, RST-006).
    let own = target();
    let itself = after(&restore(instant(), false), Some(&own), &own, done(Edition::Articles));
    let lines = changed(&own, &itself);
    let expected = ["database: ? ? audit 2", "admin mode: true", "background: false"];
    assert!(expected.iter().all(|line| lines.contains(&(*line).to_owned())), "{lines:?}");
    let named = Change::Restore { back: Chosen(instant()), audit_logs: Chosen(false), name: Chosen("Old".into()), half: Choice::Open };
    assert!(does(&named).contains(&"name: Old".to_owned()));
}

#[test]
fn backups_are_added_deleted_and_kept() {
    let made = Change::Backup { id: "m1".into(), name: Chosen("Before".into()), notes: "why".into(), half: Choice::Open };
    is_so(&made, &["backups: 2025-12-20T10:00:00Z 2026-01-04T10:00:00Z m1"]);
    let now = after(&made, None, &target(), done(Edition::Articles));
    let Is(backups) = now.backups else { panic!("they were known") };
    let new = backups.last().unwrap();
    let by = (text("thomas@contoso.com"), Is("Before".into()), Is("why".into()), utc(AT));
    assert_eq!((new.created_by.as_ref().map(|by| Arc::from(&**by)), new.name.clone(), new.notes.clone(), new.taken_at), by);
    is_so(&Change::DeleteBackup(Chosen("2025-12-20T10:00:00Z".into())), &["backups: 2026-01-04T10:00:00Z"]);
    // Kept for longer: what was gone is gone, what would have gone within the day may be (BKP-037, C-10).
    let longer = ["retention: 28", "backups: 2026-01-04T10:00:00Z", "kept since: 12-29T12:00", "doubt before: 12-30T12:00"];
    is_so(&Change::Retention { days: 28, before: Some(7) }, &longer);
    is_so(&Change::Retention { days: 14, before: None }, &["retention: 14"]);
    let shorter = ["retention: 7", "kept since: 12-15T12:00"];
    let mut long = target();
    long.retention_days = Is(Some(21));
    let lines = does_to(&long, &Change::Retention { days: 7, before: Some(21) }, Edition::Articles);
    assert_eq!(sorted(lines), sorted(shorter.map(str::to_owned).to_vec()));
}

#[test]
fn a_switch_changes_the_type_and_puts_older_backups_in_doubt() {
    let to = |to| Change::Switch { to, sandbox_days: 7 };
    let back = ["type: production", "backups: 2025-12-20T10:00:00Z? 2026-01-04T10:00:00Z", "doubt before: 12-29T12:00"];
    is_so(&to(Production), &back);
    let mut production = target();
    production.kind = Is(Production);
    let lines = does_to(&production, &to(Sandbox), Edition::Articles);
    assert_eq!(sorted(lines), ["sandbox since: 01-05T12:00", "type: sandbox"]);
}

#[test]
fn a_reset_leaves_nothing_in_it_not_even_backups() {
    let empty = ["database: ? ? audit 0", "users: ?", "backups: ", "kept since: 01-05T12:00", "flows: ", "sites: "];
    is_so(&Change::Reset, &empty);
}

#[test]
fn what_is_deleted_comes_back_as_it_was() {
    is_so(&Change::Delete, &["deleted: 01-05T12:00"]);
    let mut gone = target();
    gone.deleted_at = Is(Some(utc("2026-01-01T00:00:00Z")));
    gone.state = Is(EnvironmentState::Disabled);
    assert_eq!(sorted(does_to(&gone, &Change::Recover, Edition::Articles)), ["deleted: -", "state: ready"]);
    gone.state = Unknown;
    assert_eq!(does_to(&gone, &Change::Recover, Edition::Articles), ["deleted: -"]);
}

#[test]
fn a_new_environment_is_as_it_was_ordered_and_the_rest_is_unknown() {
    let empty = Environment::unexplored(envdeck::domain::tenant::TenantKey(0), envdeck::domain::environment::EnvironmentId::new("new"), "".into());
    let ordered = |region: Option<&str>| Change::Create {
        tenant: "Contoso".into(),
        name: Chosen("Rescue".into()),
        kind: Chosen(Trial),
        region: region.map(Into::into).into(),
    };
    let lines = does_to(&empty, &ordered(Some("emea")), Edition::Articles);
    for line in ["name: Rescue", "type: trial", "state: ready", "region: emea", "admin mode: false", "background: true"] {
        assert!(lines.contains(&line.to_owned()), "{line}: {lines:?}");
    }
    for field in ["url", "users", "group"] {
        assert!(!lines.iter().any(|line| line.starts_with(&format!("{field}: "))), "{field}: {lines:?}");
    }
    assert!(!does_to(&empty, &ordered(None), Edition::Articles).iter().any(|line| line.starts_with("region")));
}

#[test]
fn an_edit_changes_name_and_group_and_a_new_url_nothing_else() {
    let edit = |name: &str, group| Change::Edit { name: Chosen(name.into()), group: Chosen(group) };
    is_so(&edit("Contoso UAT", Group::Keep), &[]);
    is_so(&edit("Training", Group::Open), &["name: Training", "group: none"]);
    is_so(&edit("Contoso UAT", Group::Only("vendors".into())), &["group: vendors"]);
    is_so(&Change::RenameUrl(Chosen("https://new.crm4.dynamics.com".into())), &["url: https://new.crm4.dynamics.com"]);
}

/// C-21, CUR-021: background operations cannot run while the mode is on; by newer articles they run whenever it is off.
#[test]
fn administration_mode_stops_background_operations_and_leaving_it_starts_them_in_the_newer_articles_alone() {
    let mut out_of_service = target();
    (out_of_service.admin_mode, out_of_service.background_operations) = (Is(true), Is(false));
    for edition in [Edition::Articles, Edition::Current] {
        let on = does_to(&target(), &Change::AdminMode(true), edition);
        assert_eq!(on, ["admin mode: true", "background: false"], "{edition:?}");
        assert_eq!(does_to(&target(), &Change::Background(false), edition), ["background: false"]);
        assert_eq!(does_to(&out_of_service, &Change::Background(true), edition), ["background: true"]);
    }
    let left = |edition| does_to(&out_of_service, &Change::AdminMode(false), edition);
    assert_eq!(left(Edition::Articles), ["admin mode: false"]);
    assert_eq!(left(Edition::Current), ["admin mode: false", "background: true"]);
}

#[test]
fn the_deletion_of_the_other_half_ends_the_link() {
    is_so(&Change::DeleteFinanceOperations, &["half: none"]);
}

#[test]
fn a_move_brings_no_backup_along_and_of_the_users_those_that_are_mapped() {
    let user = |old: &str, new: &str| (Box::from(old), Box::from(new));
    let mapping = |users| Some(UserMapping { file: "users.csv".into(), users, found: None });
    let moved = |same_region, group: Option<&str>, mapping| {
        Change::Migrate(Box::new(Move { to: "Fabrikam".into(), same_region, group: group.map(Into::into), mapping, cut_over: None }))
    };
    let mapped = moved(true, Some("desk"), mapping(vec![user("thomas@contoso.com", "tom@fabrikam.com")]));
    is_so(&mapped, &["users: tom@fabrikam.com", "group: desk", "backups: ", "kept since: 01-05T12:00"]);
    let bare = ["users: ?", "group: none", "backups: ", "kept since: 01-05T12:00", "region: ?", "url: ?"];
    is_so(&moved(false, None, None), &bare);
}

/// What no capture shows, however new: restore points that a copy, a retention or a switch took away (C-10, C-19, C-28).
#[test]
fn of_a_newer_capture_only_what_it_cannot_show_is_changed() {
    let unseen = |change: &Change| {
        let mut environment = target();
        unseen(change, &mut environment, done(Edition::Articles));
        changed(&target(), &environment)
    };
    let copied = copy(Level::Everything, None, "Training", Group::Open);
    let overwritten = ["backups: 2025-12-20T10:00:00Z! 2026-01-04T10:00:00Z!", "restorable since: 01-05T12:00"];
    assert_eq!(unseen(&copied), overwritten);
    let retention = Change::Retention { days: 28, before: Some(7) };
    assert_eq!(unseen(&retention), ["kept since: 12-29T12:00", "doubt before: 12-30T12:00"]);
    assert_eq!(unseen(&Change::Switch { to: Production, sandbox_days: 7 }), ["doubt before: 12-29T12:00"]);
    assert_eq!(unseen(&Change::Switch { to: Sandbox, sandbox_days: 7 }), ["sandbox since: 01-05T12:00"]);
    assert!(unseen(&Change::RenameUrl(Chosen("https://new.crm4.dynamics.com".into()))).is_empty());
}

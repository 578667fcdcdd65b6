//! What is said about broken and hostile snapshots, what is read from a full one, and that neither takes long.
#![expect(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "the helpers of a test may fail it, and bounds are measured")]

use std::fmt::Write as _;
use std::io::Cursor;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use envdeck::domain::component::{ComponentKind, Property};
use envdeck::domain::environment::{Environment, EnvironmentRole, EnvironmentState, EnvironmentType, FinanceOperationsKind, FinanceOperationsType, PolicyKind};
use envdeck::domain::estate::Estate;
use envdeck::domain::gigabytes::Gigabytes;
use envdeck::domain::journal::Journal;
use envdeck::domain::known::Known::{self, Is, Unknown};
use envdeck::domain::rulebook::Edition;
use envdeck::domain::tenant::{Access, Cloud, MailboxAddress, Subscription, Tenant, TenantRole};
use envdeck::domain::text::harmless;
use envdeck::domain::time;
use envdeck::files::problem::Problems;
use envdeck::files::snapshot::{Loaded, read};
use envdeck::files::{DEMO, journal};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed};

fn load(text: impl Into<Vec<u8>>) -> Result<Loaded, Problems> {
    read("c.yaml", Cursor::new(text.into()))
}

/// Every problem of a text, one to a line; "ok" when there is none.
fn said(text: impl Into<Vec<u8>>) -> String {
    load(text).map_or_else(|problems| problems.to_string(), |_| "ok".to_owned())
}

const SCHEMA: &str = "schema: envdeck/1\n";

/// A snapshot with these lines behind its first one.
fn root(lines: &str) -> String {
    format!("{SCHEMA}{lines}\n")
}

/// A snapshot with a tenant that says this beside its id and name, from line 5 on.
fn tenant(lines: &str) -> String {
    root(&format!("tenants:\n  - id: t\n    name: T\n{}", indented(4, lines)))
}

/// A snapshot with an environment that says this beside its id and name, from line 8 on, column 9.
fn environment(lines: &str) -> String {
    tenant(&format!("environments:\n  - id: e\n    name: E\n{}", indented(4, lines)))
}

fn indented(by: usize, lines: &str) -> String {
    lines.lines().map(|line| format!("{}{line}\n", " ".repeat(by))).collect()
}

fn estate(text: impl Into<Vec<u8>>) -> Estate {
    let loaded = load(text).unwrap_or_else(|problems| panic!("{problems}"));
    Estate::new(loaded.snapshot, Journal::default(), None, None)
}

/// The environment of [`environment`].
fn read_environment(lines: &str) -> Environment {
    estate(environment(lines)).environments().next().unwrap().1.clone()
}

/// The tenant of [`tenant`].
fn read_tenant(lines: &str) -> Tenant {
    estate(tenant(&format!("{lines}\nenvironments: []"))).tenants().next().unwrap().1.clone()
}

fn at(text: &str) -> DateTime<Utc> {
    time::parse(text).unwrap()
}

#[test]
fn every_mistake_is_named_where_it_stands() {
    let escape = "\"a\\e[31m\\u202eb\\r\\nc\"";
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", vec![]),
        ("a comment alone", "# nothing yet\n".into()),
        ("null", "~\n".into()),
        ("a text", "hello\n".into()),
        ("a list", "- a\n".into()),
        ("a table", "Name,Id\nContoso,1\n".into()),
        ("another file", "name: x\nversion: 1\n".into()),
        ("a newer version", "schema: envdeck/2\ntenants: []\n".into()),
        ("a journal", "schema: envdeck-journal/1\nentries: []\n".into()),
        ("the version twice", root("schema: envdeck/1\ntenants: []").into()),
        ("UTF-16", b"\xff\xfes\0c\0".into()),
        ("UTF-16 without a mark", b"s\0c\0".into()),
        ("Latin-1, and a mistake before it", [environment("managd: true").into_bytes(), b"      - id: f\n        name: caf\xe9\n".into()].concat()),
        ("a letter cut off at the end", [environment("managed: yes").into_bytes(), b"      - id: \xe2\x82".into()].concat()),
        ("NUL", environment("url: ä\0").into()),
        ("a byte order mark in the middle", root("\u{feff}tenants: []").into()),
        ("a directive", root("%FOO\n---").into()),
        ("two documents", root("tenants: []\n---\na: b").into()),
        ("text behind the map", root("tenants: []\nfoo").into()),
        ("an anchor", environment("url: &a x").into()),
        ("an alias", environment("url: *a").into()),
        ("a merge key", environment("<<: { a: b }").into()),
        ("a tag", environment("url: !!str x").into()),
        ("a list as a key", environment("[a]: b").into()),
        ("an open quote", environment("url: \"x").into()),
        ("a quote that ends early", environment("url: \"a\" b").into()),
        ("a path of Windows", environment("url: \"C:\\Users\"").into()),
        ("a colon in a text", environment("url: a: b").into()),
        ("no blank behind a colon", environment("url:x\nmanaged: true").into()),
        ("a list in brackets without its end", environment("users: [a, b\nmanaged: true").into()),
        ("a map in braces without its end", environment("dataverse: { size_gb: 1\nmanaged: true").into()),
        ("a bracket too many", environment("users: ]").into()),
        ("a comma too many", environment("users: [a,,b]").into()),
        ("a letter that YAML reserves", environment("url: @x").into()),
        ("a dash in the line of its key", environment("users: - a").into()),
        ("a tab", environment("url: x\n\tmanaged: true").into()),
        ("a column too far left", format!("{}       managed: true\n", environment("url: x")).into()),
        ("a column too far right", environment("url: x\n managed: true").into()),
        ("a text behind a bar that is not indented", environment("url: |x").into()),
        ("a comment within a text", environment("url: a # c\n  b").into()),
        ("33 levels", root(&format!("tenants: {}{}", "[".repeat(32), "]".repeat(32))).into()),
        ("300 levels", root(&format!("tenants: {}", "[".repeat(300))).into()),
        ("no tenants", SCHEMA.into()),
        ("tenants are no list", root("tenants: none").into()),
        ("a tenant is no map", root("tenants: [a, []]").into()),
        ("strange keys at the top", root("tenats: []\ncaptured: x\nfoo: 1\ntenants: []").into()),
        ("mistakes at the top", root("captured_at: 2026-01-05\nrulebook: artcles\noperator: \" \"\ntenants: []\ntenants: []").into()),
        ("a tenant without anything", root("tenants:\n  - lockbox: true").into()),
        ("a misspelt list of environments", tenant("enviroments: []").into()),
        ("environments are no list", tenant("environments: none").into()),
        ("the same tenant twice", format!("{}  - {{ id: t, name: U, environments: [] }}\n", tenant("environments: []")).into()),
        ("the same environment in two tenants", format!("{}  - {{ id: u, name: U, environments: [{{ id: e, name: F }}] }}\n", environment("managed: true")).into()),
        (
            "mistakes in a tenant",
            tenant(
                "cloud: pubic\noperator_roles: [global-admn]\ncapacity_gb: { entitled: 1e400, used: -1, fre: 2 }\nlockbox: ~\nlicences: { total: 1.5 }\n\
                 dynamics_365_seats: none\npaid_subscriptions: [dynamics]\nregion: none\nname: again\nsecurity_groups: [{ id: a }, { id: b, name: B }, { id: b, name: B }]\n\
                 users: [{ upn: a, access: ful }, { active: true }, { upn: a, mailbox: nne }, b]\nenvironments: []",
            )
            .into(),
        ),
        (
            "mistakes in storage and in when it was seen",
            tenant(
                "capacity_gb:\n  entitled: 500\n  used: 10\n  database: { entitled: 320, used: -1 }\n  file: { entitled: 160, usd: 1 }\n  log: { entitled: 21 }\n  \
                 logs: {}\nseen:\n  people: { source: graph }\n  capacity: { at: 2026-01-05, source: '' }\n  capcity: { at: 2026-01-05T09:00:00Z }\nenvironments: []",
            )
            .into(),
        ),
        (
            "mistakes in when it was seen",
            environment("seen:\n  backups: {}\n  stat: { at: 2026-01-05T09:00:00Z }\n  history: none\n  components: { mailboxes: { at: 2026-01-05T09:00:00Z } }").into(),
        ),
        ("an environment without anything", tenant("environments: [{}, a, ~, [], { id: '', name: [] }]").into()),
        (
            "mistakes in an environment",
            environment(
                "type: sandbx\nstate: { unknwn: x }\nregion: ''\nurl: ~\norg_id: []\ncreated_at: yesterday\ndataverse: { version: none, size_gb: 0x10, size: 1 }\n\
                 dynamics_365_apps: Sales\nmanaged: yes\ncustomer_managed_key: key-a\nenterprise_policies: [{ kind: netwrk, id: a }, { kind: network }]\nadmin_mode: none\n\
                 background_operations: [true]\nretention_days: 30\nsecurity_group: {}\nfinance_operations: { id: a, type: prod, kind: lcss, pitr_days: 99999 }\n\
                 operator_roles: [~, sys-admin]\nusers: [a, none, a]\ndeleted_at: no\ndisallowed_operations: [{ message: x }]\nmanged: true\nurl: none",
            )
            .into(),
        ),
        (
            "mistakes in backups",
            environment("backups:\n  - { id: b1, taken_at: 2026-01-05T09:00:00Z }\n  - { id: b1, taken_at: 2026-01-05 }\n  - { id: b1, taken_at: 2026-01-05T09:00:00Z, nme: x }\n  - b3").into(),
        ),
        (
            "mistakes in components",
            environment(
                "components:\n  canvas-ap: []\n  canvas-app: [{ id: a, name: A, state: on }, { id: a, name: B }]\n  cloud-flow: [{ id: a, name: A, state: enabld, trigger: 5, child: 1 }]\n  \
                 mailbox: ~\n  iframe: none\n  gateway: {}",
            )
            .into(),
        ),
        ("components that are not known by kind", environment("components: none").into()),
        (
            "mistakes in order management",
            environment("order_management: { active: on, providers: {}, orchestrations: [{ published: true }, { name: a }, { name: a, provider_actions: x }], dual: 1 }").into(),
        ),
        ("words of a newer world that are not well written", environment("type: { unknown: Foo, since: 2027 }\nstate: { unknown: [a] }\nmanaged: { unknown: x }").into()),
        ("harmful text", environment(&format!("type: {escape}\n{escape}: 1\n{escape}: 2\nusers: [{escape}, {escape}]")).into()),
        ("letters of more than one byte", environment("url: \"日本語\" x").into()),
    ];
    let mut list = String::new();
    for (name, text) in cases {
        writeln!(list, "{name}\n{}", indented(4, &said(text))).unwrap();
    }
    assert!(list.lines().all(|line| harmless(line) == line), "nothing of it can act on a terminal");
    insta::assert_snapshot!(list);
}

#[test]
fn problems_stand_in_the_order_of_the_file_and_most_of_very_many_are_counted() {
    let text = tenant("environments: [{ id: e, nme: x, type: a }]\nlockbox: 1\nfoo: 2");
    let places: Vec<_> = load(text).unwrap_err().list.iter().map(|problem| problem.place).collect();
    assert!(places.is_sorted(), "{places:?}");
    let many: String = (0..100_000).map(|number| format!("retention_day{number}: 1\n")).collect();
    let problems = load(environment(&many)).unwrap_err();
    assert_eq!((problems.list.len(), problems.more), (200, 99_800));
    assert_eq!(problems.lines().last().unwrap(), "c.yaml: 99800 more problems are not listed");
}

#[test]
fn a_byte_order_mark_and_any_line_ends_are_read_and_counted_right() {
    let text = environment("users: [ä, 日本, ä]\nmanged: true");
    let expected = said(text.as_str());
    assert!(expected.contains("c.yaml:8:24: tenants[0].environments[0].users[2]: the user \"ä\""), "{expected}");
    for ends in ["\r\n", "\r"] {
        let text = text.replace('\n', ends);
        assert_eq!(said(text.as_str()), expected);
        assert_eq!(said(format!("\u{feff}{text}")), expected);
        // The place of what is no text is counted by us, that of everything else by the parser.
        let broken = [text.as_bytes(), b"      - \xff"].concat();
        assert_eq!(said(broken), format!("{expected}\nc.yaml:11:9: this is not UTF-8 text: save the file as UTF-8"));
    }
}

#[test]
fn thirty_two_levels_are_read() {
    // Four levels lead to an environment, whose unknown key holds the rest.
    let nested = |levels: usize| said(environment(&format!("foo: {}{}", "[".repeat(levels), "]".repeat(levels))));
    assert!(nested(27).contains("there is no key `foo`"), "{}", nested(27));
    assert!(nested(28).contains("values are nested deeper than 32 levels"), "{}", nested(28));
}

#[test]
fn left_out_is_unknown_and_none_is_none_and_neither_is_false() {
    let nothing = read_environment("");
    assert_eq!(nothing, Environment::unexplored(nothing.tenant, nothing.id.clone(), "E".into()));
    let nobody = read_tenant("");
    assert_eq!(nobody, Tenant::unexplored("t".into(), "T".into()));

    let none = read_environment(
        "url: none\norg_id: none\ndataverse: none\ndynamics_365_apps: none\ncustomer_managed_key: none\nenterprise_policies: none\nretention_days: none\nsecurity_group: none\n\
         finance_operations: none\noperator_roles: none\nusers: none\ndeleted_at: none\ndisallowed_operations: none\nbackups: none\ncomponents: { canvas-app: none }\norder_management: none",
    );
    assert_eq!((&none.url, &none.org_id, &none.dataverse, &none.customer_managed_key), (&Is(None), &Is(None), &Is(None), &Is(None)));
    assert_eq!((&none.retention_days, &none.security_group, &none.finance_operations), (&Is(None), &Is(None), &Is(None)));
    assert_eq!((&none.deleted_at, &none.order_management), (&Is(None), &Is(None)));
    assert_eq!((&none.dynamics_365_apps, &none.users, &none.operator_roles), (&Is(vec![]), &Is(vec![]), &Is(vec![])));
    assert_eq!((&none.enterprise_policies, &none.disallowed_operations, &none.backups), (&Is(vec![]), &Is(vec![]), &Is(vec![])));
    assert_eq!((none.components.of(ComponentKind::CanvasApp), none.components.of(ComponentKind::CloudFlow)), (Is(&[][..]), Unknown));

    let off =
        read_environment("managed: false\nadmin_mode: false\nbackground_operations: false\nurl: \"none\"\norder_management: { active: false }\ndataverse: {}");
    assert_eq!((off.managed, off.admin_mode, off.background_operations), (Is(false), Is(false), Is(false)));
    assert_eq!(off.url, Is(Some("none".into())), "in quotes it is a text");
    assert_eq!(off.has_database(), Is(true));
    assert_eq!(off.dataverse.map(|dataverse| dataverse.unwrap().size), Is(Unknown));
    let orders = if let Is(Some(orders)) = off.order_management { orders } else { panic!("there are orders") };
    assert_eq!((orders.active, orders.dual_write, orders.providers), (Is(false), Unknown, Unknown));

    let empty =
        read_tenant("operator_roles: []\nsecurity_groups: []\nusers: none\npaid_subscriptions: none\nlockbox: false\ncapacity_gb: { used: 0 }\nlicences: {}");
    assert_eq!((empty.operator_roles, empty.security_groups, empty.users), (Is(vec![]), Is(vec![]), Is(vec![])));
    assert_eq!((empty.paid_subscriptions, empty.lockbox), (Is(vec![]), Is(false)));
    assert_eq!((empty.capacity.used, empty.capacity.entitled, empty.licences.total), (Is(Gigabytes::whole(0)), Unknown, Unknown));
}

#[test]
fn storage_is_known_by_type_or_as_a_sum() {
    let gb = |text: &str| Is(Gigabytes::parse(text).unwrap());
    let both = |capacity: &str| {
        let capacity = read_tenant(&format!("capacity_gb: {capacity}")).capacity;
        (capacity.entitled, capacity.used)
    };
    let types = "database: { entitled: 320, used: 310 }, file: { entitled: 160, used: 80 }, log: { entitled: 20, used: 30.25 }";
    assert_eq!(both(&format!("{{ {types} }}")), (gb("500"), gb("420.25")), "the sum is that of the types");
    assert_eq!(both(&format!("{{ entitled: 500, used: 420.25, {types} }}")), (gb("500"), gb("420.25")));
    assert_eq!(both("{ database: { entitled: 320 }, file: { entitled: 160, used: 80 }, log: { entitled: 20 } }"), (gb("500"), Unknown));
    assert_eq!(both("{ entitled: 500, database: { entitled: 320, used: 310 } }"), (gb("500"), Unknown), "what is not said of all three is unknown");
    let kept = read_tenant(&format!("capacity_gb: {{ {types} }}")).capacity;
    assert_eq!((kept.log.used, kept.database_left()), (gb("30.25"), Is(Gigabytes::parse("-0.25").unwrap())));
}

#[test]
fn when_a_group_of_facts_was_seen_is_kept_and_the_rest_was_seen_with_the_snapshot() {
    use envdeck::domain::component::ComponentKind;
    use envdeck::domain::seen::{FactGroup, Group, TenantGroup};
    let text = "captured_at: 2026-01-05T09:00:00Z\ntenants:\n  - id: t\n    name: T\n    seen: { people: { at: 2026-01-04T09:00:00Z } }\n    environments:\n      \
                - id: e\n        name: E\n        seen: { backups: { at: 2026-01-05T10:00:00Z, source: pac admin list-backups }, components: { mailbox: { at: 2026-01-06T09:00:00Z } } }";
    let estate = estate(root(text));
    let (key, _) = estate.environments().next().unwrap();
    let (tenant, _) = estate.tenants().next().unwrap();
    let of = |group| estate.seen(key, group);
    assert_eq!(of(Group::Facts(FactGroup::Backups)), Is(at("2026-01-05T10:00:00Z")));
    assert_eq!(of(Group::Components(ComponentKind::Mailbox)), Is(at("2026-01-06T09:00:00Z")));
    assert_eq!(of(Group::Components(ComponentKind::CloudFlow)), Is(at("2026-01-05T09:00:00Z")));
    assert_eq!(of(Group::Facts(FactGroup::State)), Is(at("2026-01-05T09:00:00Z")));
    assert_eq!(estate.seen_of_tenant(tenant, TenantGroup::People), Is(at("2026-01-04T09:00:00Z")));
    assert_eq!(estate.seen_of_tenant(tenant, TenantGroup::Capacity), Is(at("2026-01-05T09:00:00Z")));
}

#[test]
fn words_of_a_newer_world_are_kept_and_are_unknown() {
    let environment = read_environment(
        "type: { unknown: Foo }\nstate: { unknown: Bar }\noperator_roles: [system-administrator, { unknown: Baz }]\nenterprise_policies: [{ id: p, kind: { unknown: Qux } }]\n\
         finance_operations: { id: f, name: F, kind: { unknown: Quux } }\ncomponents: { cloud-flow: [{ id: c, name: C, trigger: { unknown: \"a\\e[31mb\" } }] }",
    );
    assert_eq!((environment.kind, environment.state, &environment.operator_roles), (Unknown, Unknown, &Unknown));
    let words: Vec<_> = environment.unread.iter().map(|unread| (unread.field, &*unread.word)).collect();
    let expected = [
        ("type", "Foo"),
        ("state", "Bar"),
        ("enterprise_policies.kind", "Qux"),
        ("finance_operations.kind", "Quux"),
        ("operator_roles", "Baz"),
        ("components", "a␛[31mb"),
    ];
    assert_eq!(words, expected);
    let tenant =
        read_tenant("cloud: { unknown: Moon }\npaid_subscriptions: [power-apps, { unknown: Copilot }]\nusers: [{ upn: a, access: { unknown: Some } }]");
    assert_eq!((tenant.cloud, tenant.paid_subscriptions), (Unknown, Unknown));
    assert!(tenant.users.is(|users| users[0].access == Unknown));
}

/// Every field of the format, each with a value of its own.
const FULL: &str = "schema: envdeck/1
captured_at: 2026-01-05T10:00:00+01:00
rulebook: current
operator: thomas@contoso.com
tenants:
  - id: t1
    name: Contoso
    domain: contoso.onmicrosoft.com
    region: emea
    cloud: gcc-high
    operator_roles: [power-platform-admin, global-admin]
    capacity_gb: { entitled: 500, used: 420.25 }
    lockbox: true
    licences: { total: 300, active: 240 }
    dynamics_365_seats: 120
    paid_subscriptions: [dynamics-365, power-apps, power-virtual-agents]
    security_groups: [{ id: g1, name: Vendors }]
    users:
      - { upn: isaac@contoso.com, active: true, licensed: false, access: administrative, mailbox: onmicrosoft }
    environments:
      - id: e1
        name: Contoso Sales
        type: trial-subscription
        state: preparing
        region: na
        url: https://contososales.crm4.dynamics.com
        org_id: o1
        created_at: 2023-02-15T08:02:36Z
        dataverse: { version: \"9.2.25112.00206\", size_gb: 212, audit_gb: 40.5 }
        dynamics_365_apps: [Sales, Customer Service]
        managed: true
        customer_managed_key: { name: key-a }
        enterprise_policies: [{ kind: identity, id: p1 }]
        admin_mode: false
        background_operations: true
        retention_days: 21
        security_group: g1
        finance_operations: { id: f1, name: Contoso FnO, type: sandbox, kind: unified, application_build: \"10.0.44\", pitr_days: 14 }
        operator_roles: [environment-admin, system-customizer]
        users: [isaac@contoso.com]
        deleted_at: 2026-01-02T00:00:00Z
        disallowed_operations: [{ operation: Copy, message: Not now }]
        backups:
          - { id: b1, name: Before 9.2, taken_at: 2025-12-28T18:02:00Z, created_by: thomas@contoso.com, notes: Keep, region: asia }
        components:
          cloud-flow: [{ id: c1, name: Quote, in_solution: true, state: enabled, trigger: http, custom_connector: false, child: true }]
          mailbox: [{ id: m1, name: Box, user: lena, incoming: none, outgoing: server-side-sync }]
        order_management: { active: true, providers: [P], orchestrations: [{ name: O, published: false, provider_actions: [A] }], dual_write: true }
";

#[test]
fn every_field_is_read() {
    let estate = estate(FULL);
    assert_eq!((estate.captured_at(), estate.edition()), (Is(at("2026-01-05T09:00:00Z")), Edition::Current));
    let t = estate.tenants().next().unwrap().1;
    assert_eq!((&*t.id, &*t.name, &t.domain, t.cloud), ("t1", "Contoso", &Is("contoso.onmicrosoft.com".into()), Is(Cloud::GccHigh)));
    assert!(t.region.is(|region| &**region == "emea"));
    assert_eq!(t.operator_roles, Is(vec![TenantRole::PowerPlatformAdmin, TenantRole::GlobalAdmin]));
    assert_eq!((t.capacity.entitled, t.capacity.used), (Is(Gigabytes::whole(500)), Known::Is(Gigabytes::parse("420.25").unwrap())));
    assert_eq!((t.lockbox, t.licences.total, t.licences.active, t.dynamics_365_seats), (Is(true), Is(300), Is(240), Is(120)));
    assert_eq!(t.paid_subscriptions, Is(vec![Subscription::Dynamics365, Subscription::PowerApps, Subscription::PowerVirtualAgents]));
    assert_eq!(t.group_name("g1"), Some("Vendors"));
    let Is(users) = &t.users else { panic!("there are users") };
    assert_eq!((&*users[0].upn, users[0].active, users[0].licensed), ("isaac@contoso.com", Is(true), Is(false)));
    assert_eq!((users[0].access, users[0].mailbox), (Is(Access::Administrative), Is(MailboxAddress::Onmicrosoft)));

    let e = estate.environments().next().unwrap().1;
    assert_eq!((e.id.as_str(), &*e.name, e.kind, e.state), ("e1", "Contoso Sales", Is(EnvironmentType::TrialSubscription), Is(EnvironmentState::Preparing)));
    assert!(e.region.is(|region| &**region == "na"));
    assert_eq!((&e.url, &e.org_id), (&Is(Some("https://contososales.crm4.dynamics.com".into())), &Is(Some("o1".into()))));
    assert_eq!((e.created_at, e.deleted_at), (Is(at("2023-02-15T08:02:36Z")), Is(Some(at("2026-01-02T00:00:00Z")))));
    let Is(Some(dataverse)) = &e.dataverse else { panic!("there is a database") };
    assert_eq!(
        (dataverse.version.clone(), dataverse.size, dataverse.audit),
        (Is("9.2.25112.00206".into()), Is(Gigabytes::whole(212)), Is(Gigabytes::parse("40.5").unwrap()))
    );
    assert_eq!(e.dynamics_365_apps, Is(vec!["Sales".into(), "Customer Service".into()]));
    assert_eq!((e.managed, e.admin_mode, e.background_operations, e.retention_days), (Is(true), Is(false), Is(true), Is(Some(21))));
    assert!(e.customer_managed_key.is(|key| key.as_ref().unwrap().name == Is("key-a".into())));
    assert!(e.enterprise_policies.is(|policies| (policies[0].kind, &*policies[0].id) == (Is(PolicyKind::Identity), "p1")));
    assert_eq!(e.security_group, Is(Some("g1".into())));
    let Is(Some(fno)) = &e.finance_operations else { panic!("there is a finance and operations half") };
    assert_eq!((&*fno.id, &*fno.name), ("f1", "Contoso FnO"));
    assert_eq!((fno.kind_of_environment, fno.kind), (Is(FinanceOperationsType::Sandbox), Is(FinanceOperationsKind::Unified)));
    assert_eq!((fno.application_build.clone(), fno.point_in_time_restore_days), (Is("10.0.44".into()), Is(14)));
    assert_eq!(e.operator_roles, Is(vec![EnvironmentRole::EnvironmentAdmin, EnvironmentRole::SystemCustomizer]));
    assert_eq!(e.users, Is(vec!["isaac@contoso.com".into()]));
    assert!(e.disallowed_operations.is(|operations| (&*operations[0].operation, &operations[0].message) == ("Copy", &Is("Not now".into()))));
    let Is(backups) = &e.backups else { panic!("there are backups") };
    let b = &backups[0];
    assert_eq!((&*b.id, &b.name, b.taken_at), ("b1", &Is("Before 9.2".into()), at("2025-12-28T18:02:00Z")));
    assert_eq!((&b.created_by, &b.notes, b.region.as_deref()), (&Is("thomas@contoso.com".into()), &Is("Keep".into()), Some("asia")));
    let Is([flow]) = e.components.of(ComponentKind::CloudFlow) else { panic!("there is a flow") };
    assert_eq!((&*flow.id, &*flow.name, flow.in_solution), ("c1", "Quote", Is(true)));
    assert_eq!((flow.property("state"), flow.property("trigger")), (Is(&Property::Text("enabled".into())), Is(&Property::Text("http".into()))));
    assert_eq!((flow.property("custom_connector"), flow.property("child")), (Is(&Property::Flag(false)), Is(&Property::Flag(true))));
    let Is([mailbox]) = e.components.of(ComponentKind::Mailbox) else { panic!("there is a mailbox") };
    assert_eq!((mailbox.property("incoming"), mailbox.property("appointments")), (Is(&Property::Nothing), Unknown));
    let Is(Some(orders)) = &e.order_management else { panic!("there is order management") };
    assert_eq!((orders.active, orders.dual_write, &orders.providers), (Is(true), Is(true), &Is(vec!["P".into()])));
    assert!(orders.orchestrations.is(|list| (&*list[0].name, list[0].published, &list[0].provider_actions) == ("O", Is(false), &Is(vec!["A".into()]))));
}

#[test]
fn what_is_odd_without_being_wrong_is_remarked() {
    let remarks = load(environment("dataverse: none\ndynamics_365_apps: [Sales]")).unwrap().remarks;
    assert_eq!((remarks[0].place, remarks[0].path.as_str()), (Some((6, 9)), "tenants[0].environments[0]"));
    assert_eq!(remarks[0].message, "E has Dynamics 365 apps but no database, which cannot be (ENV-003)");
}

/// What is refused before it can grow. The time is generous, for a debug build on a machine with other work.
#[test]
fn bombs_are_refused_at_once() {
    let bomb: String = (b'a'..=b'i').map(|name| format!("{}: &{} [{}]\n", name as char, name as char, "*z,".repeat(30))).collect();
    let many = |what: &str, times: usize| what.repeat(times);
    for (text, expected) in [
        (root(&bomb), "2:4: anchors and aliases (& and *) are not supported"),
        (root(&format!("tenants: {}", many("[", 100_000))), "values are nested deeper than 32 levels"),
        (root(&format!("tenants: {}", many("{a: ", 100_000))), "values are nested deeper than 32 levels"),
        (root(&format!("tenants:\n{}", many("- ", 100_000))), "values are nested deeper than 32 levels"),
        (root(&many("? ", 100_000)), "2:3: a key must be plain text"),
        (many("[", 100_000), "values are nested deeper than 32 levels"),
    ] {
        let start = Instant::now();
        let said = said(text);
        assert!(said.contains(expected), "{}", said.chars().take(300).collect::<String>());
        assert!(start.elapsed() < Duration::from_secs(10), "{expected}: {:?}", start.elapsed());
    }
}

#[test]
fn what_would_need_memory_out_of_proportion_is_refused() {
    let many = |times: usize| "a,".repeat(times);
    for (text, expected) in [
        (environment(&format!("users: [[{}]]", many(1_200_000))), "8:16: tenants[0].environments[0].users: a value that begins behind here is too large"),
        (environment(&format!("users: [{}]", many(1_100_000))), "this goes on for more than 1048576 values"),
    ] {
        assert!(said(text).contains(expected), "{expected}");
    }
}

#[test]
fn long_lists_that_people_have_are_read() {
    let users: String = (0..220_000).map(|number| format!("  - {{ upn: u{number}@contoso.com, active: true }}\n")).collect();
    assert!(read_tenant(&format!("users:\n{users}")).users.is(|users| users.len() == 220_000));
}

/// A small edit of a text, as a slip of an editor or a transfer would make it, or somebody who means harm.
fn edit(text: &mut Vec<u8>, kind: u8, place: usize, other: usize) {
    const PIECES: [&[u8]; 40] = [
        b"[",
        b"]",
        b"{",
        b"}",
        b"- ",
        b"? ",
        b": ",
        b"&a ",
        b"*a",
        b"!x ",
        b"<<: *a\n",
        b"\"",
        b"'",
        b"|",
        b">",
        b"#",
        b"%",
        b"@",
        b"~",
        b"null",
        b"none",
        b"1e400",
        b"\t",
        b"\r",
        b"\n",
        b"\0",
        b"\x1b[31m",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xe2\x80\xae",
        b"\xed\xa0\x80",
        b"\xc2\x9b",
        b"---\n",
        b"...\n",
        b"\n\n",
        b"  ",
        b",",
        b"{unknown: x}",
        b"[[[[[[[[",
        b"- - - - ",
    ];
    let at = place % (text.len() + 1);
    let piece = PIECES[other % PIECES.len()];
    let line = |text: &[u8]| {
        let start = text[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        start..text[start..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |end| start + end + 1)
    };
    match kind % 9 {
        0 if at < text.len() => text[at] ^= 1 << (other % 8),
        1 => text.truncate(at),
        2 => drop(text.splice(at..at, piece.iter().copied())),
        3 => drop(text.drain(at..(at + other % 60).min(text.len()))),
        4 => {
            let line = line(text);
            let again = text[line.clone()].to_vec();
            drop(text.splice(line.end..line.end, again));
        }
        5 => drop(text.drain(line(text))),
        6 => drop(text.splice(at..at, std::iter::repeat_n(b' ', other % 9))),
        7 => *text = String::from_utf8_lossy(text).replace('\n', "\r\n").into_bytes(),
        _ => drop(text.splice(0..0, piece.iter().copied())),
    }
}

fn check(problems: &Problems, text: &[u8]) {
    let text = String::from_utf8_lossy(text).replace("\r\n", "\n").replace('\r', "\n");
    assert!(!problems.is_empty());
    for problem in &problems.list {
        assert!(!problem.message.is_empty());
        // One line is added by YAML where the last has no end.
        assert!(problem.place.is_none_or(|(line, column)| line >= 1 && column >= 1 && line <= text.split('\n').count() + 1), "{problem:?}");
    }
    for line in problems.lines() {
        assert_eq!(harmless(&line), line);
        assert!(!line.contains("this is not YAML"), "{line}");
    }
}

const JOURNAL: &str = include_str!("files/broken.journal.yaml");

proptest! {
    #![proptest_config(Config { cases: 400, rng_seed: RngSeed::Fixed(20_260_105), rng_algorithm: RngAlgorithm::ChaCha, failure_persistence: None, ..Config::default() })]

    #[test]
    fn no_edit_breaks_the_reader(edits in proptest::collection::vec((any::<u8>(), any::<usize>(), any::<usize>()), 1..6), part in 0..40_usize) {
        // A part of the demo estate, so that a debug build reads it four hundred times.
        let mut text: Vec<u8> = DEMO.lines().take(60 + part * 5).flat_map(|line| [line, "\n"]).collect::<String>().into_bytes();
        let mut entries = JOURNAL.as_bytes().to_vec();
        for (kind, place, other) in edits {
            edit(&mut text, kind, place, other);
            edit(&mut entries, kind, place, other);
        }
        if let Err(problems) = load(text.clone()) {
            check(&problems, &text);
        }
        if let Err(problems) = journal::read("c.journal.yaml", Cursor::new(entries.clone())) {
            check(&problems, &entries);
        }
    }
}

//! The built-in checklists are right, and a wrong one is refused by file, line and reason.

use std::collections::BTreeSet;

use super::*;

/// Every rule that a checklist names, in its head, a section or an item.
fn named(template: &Template) -> BTreeSet<&str> {
    template.rules().collect()
}

fn one_of_ours(id: &str) -> Template {
    built_in().unwrap_or_else(|problems| panic!("{problems}")).into_iter().find(|template| &*template.id == id).unwrap()
}

fn post_copy() -> Template {
    one_of_ours("post-copy")
}

/// The page that leads to a mapping file has every step of both lists (TTM-062 to TTM-082), and the buttons by their names.
#[test]
fn the_export_of_users_leaves_no_step_out() {
    let template = one_of_ours("export-users");
    let named = named(&template);
    let missing: Vec<_> = (62..=82).map(|number| format!("TTM-{number:03}")).filter(|rule| !named.contains(rule.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let paths: Vec<_> = template.items().filter_map(|item| item.path.as_deref()).collect();
    let expected = [
        "Use Saved View > Full Access Users > Edit Columns",
        "Add Columns > Windows Live ID",
        "OK > Results",
        "Export Users > Static Worksheet",
        "Use Saved View > Administrative Access Users > Results",
    ];
    assert_eq!(paths, expected);
    assert!(template.sections.iter().filter(|section| &*section.id == "administrative").all(|section| section.items.iter().all(|item| item.optional)));
}

/// What the article on moves tells somebody to do, step by step, and the item that says so; then the limits and warnings
/// that make work of their own.
const OF_A_MOVE: &[(&str, &str, &str)] = &[
    ("TTM-004", "migration", "submit"),
    ("TTM-019", "migration", "request"),
    ("TTM-020", "migration", "prerequisites"),
    ("TTM-021", "migration", "move"),
    ("TTM-022", "migration", "mapped"),
    ("TTM-023", "migration", "post"),
    ("TTM-024", "migration", "completed"),
    ("TTM-029", "migration", "source-tenant"),
    ("TTM-030", "migration", "destination-tenant"),
    ("TTM-035", "migration", "rehearsal-validated"),
    ("TTM-038", "migration", "rehearsal-copy"),
    ("TTM-039", "migration", "environments"),
    ("TTM-040", "migration", "mapping-file"),
    ("TTM-043", "migration", "security-group"),
    ("TTM-045", "post-migration", "security-group"),
    ("TTM-047", "migration", "authorised"),
    ("TTM-048", "migration", "rehearsal-copy"),
    ("TTM-049", "migration", "users-create"),
    ("TTM-050", "migration", "users-license"),
    ("TTM-051", "migration", "mapping-file"),
    ("TTM-052", "migration", "export-solution-apps"),
    ("TTM-052", "migration", "export-solution-flows"),
    ("TTM-052", "post-migration", "import-solution-apps"),
    ("TTM-052", "post-migration", "import-solution-flows"),
    ("TTM-053", "migration", "lockbox"),
    ("TTM-054", "migration", "installed"),
    ("TTM-057", "post-migration", "mailboxes-reconfigure"),
    ("TTM-059", "migration", "mailboxes-same"),
    ("TTM-061", "post-migration", "mailboxes-reconfigure"),
    ("TTM-062", "export-users", "open-source"),
    ("TTM-063", "export-users", "find-users"),
    ("TTM-064", "export-users", "full-access-view"),
    ("TTM-065", "export-users", "only-full-name"),
    ("TTM-066", "export-users", "live-id-column"),
    ("TTM-067", "export-users", "results"),
    ("TTM-068", "export-users", "export-source"),
    ("TTM-069", "export-users", "export-destination"),
    ("TTM-070", "export-users", "copy-sources"),
    ("TTM-071", "export-users", "save-text"),
    ("TTM-072", "export-users", "add-destinations"),
    ("TTM-074", "export-users", "save-csv"),
    ("TTM-075", "export-users", "open-source-again"),
    ("TTM-076", "export-users", "find-administrators"),
    ("TTM-077", "export-users", "administrative-view"),
    ("TTM-078", "export-users", "choose-administrators"),
    ("TTM-079", "export-users", "match-administrators"),
    ("TTM-082", "export-users", "save-both"),
    ("TTM-083", "migration", "export-apps"),
    ("TTM-083", "migration", "export-flows"),
    ("TTM-085", "migration", "export-solution-apps"),
    ("TTM-086", "migration", "delete-solution-apps"),
    ("TTM-088", "post-migration", "solution-open"),
    ("TTM-089", "post-migration", "solution-import"),
    ("TTM-090", "post-migration", "solution-confirm"),
    ("TTM-091", "migration", "export-apps-find"),
    ("TTM-092", "migration", "export-apps-export"),
    ("TTM-093", "migration", "export-apps-download"),
    ("TTM-094", "migration", "export-apps"),
    ("TTM-095", "post-migration", "app-environment"),
    ("TTM-096", "post-migration", "app-upload"),
    ("TTM-097", "post-migration", "app-import"),
    ("TTM-098", "post-migration", "import-apps"),
    ("TTM-099", "migration", "export-chatbots"),
    ("TTM-100", "post-migration", "connectors"),
    ("TTM-100", "post-migration", "environment-variables"),
    ("TTM-101", "migration", "export-chatbots"),
    ("TTM-102", "post-migration", "chatbot-open"),
    ("TTM-102", "post-migration", "chatbot-import"),
    ("TTM-102", "post-migration", "chatbot-confirm"),
    ("TTM-103", "migration", "portals"),
    ("TTM-103", "post-migration", "portals"),
    ("TTM-104", "migration", "portal-sign-in"),
    ("TTM-104", "migration", "portal-center"),
    ("TTM-104", "migration", "portal-reset"),
    ("TTM-105", "migration", "portal-type"),
    ("TTM-105", "migration", "portal-language"),
    ("TTM-105", "post-migration", "portal-sign-in"),
    ("TTM-105", "post-migration", "portal-center"),
    ("TTM-105", "post-migration", "portal-provision"),
    ("TTM-114", "migration", "hand-over-mapping"),
    ("TTM-009", "post-migration", "outlook"),
    ("TTM-009", "post-migration", "server-side-sync"),
    ("TTM-009", "post-migration", "sharepoint"),
    ("TTM-009", "post-migration", "other-settings"),
    ("TTM-008", "post-migration", "region"),
    ("TTM-055", "migration", "customer-voice"),
    ("TTM-055", "post-migration", "customer-voice"),
    ("TTM-084", "migration", "connectors"),
    ("TTM-084", "post-migration", "connectors"),
    ("TTM-087", "migration", "delete-solution-apps"),
    ("TTM-106", "migration", "marketing"),
    ("TTM-106", "post-migration", "marketing"),
    ("TTM-110", "migration", "support-list"),
    ("TTM-113", "migration", "schedule"),
    ("TTM-115", "migration", "alerted"),
    ("TTM-116", "migration", "billing"),
    ("TTM-118", "post-migration", "leave-admin-mode"),
    ("CUR-023", "migration", "submit-self"),
    ("CUR-023", "migration", "approved"),
    ("CUR-023", "migration", "validated"),
    ("CUR-025", "migration", "upload-mapping"),
];

/// The plan of a move, the checklist after it and the export of users leave no step out (TTM-004 to TTM-114).
#[test]
fn a_move_to_another_tenant_leaves_no_step_out() {
    let templates = built_in().unwrap_or_else(|problems| panic!("{problems}"));
    for (rule, checklist, id) in OF_A_MOVE {
        let template = templates.iter().find(|template| *template.id == **checklist).unwrap_or_else(|| panic!("no checklist {checklist}"));
        let section = template.sections.iter().find(|section| *section.id == **id).map(|section| &section.rules);
        let rules = section.or_else(|| template.items().find(|item| *item.id == **id).map(|item| &item.rules)).unwrap_or_else(|| panic!("no item {id}"));
        assert!(rules.iter().any(|named| **named == **rule), "{checklist}: {id} does not name {rule}");
    }
    let plan = one_of_ours("migration");
    let stages: Vec<_> = plan.sections.iter().filter(|section| section.title.starts_with("Stage ")).flat_map(|section| section.rules.first()).collect();
    assert_eq!(stages, ["TTM-019", "TTM-020", "TTM-021", "TTM-022", "TTM-023", "TTM-024"].map(Box::from).iter().collect::<Vec<_>>());
}

/// Deletion belongs to apps, custom pages and component libraries in solutions alone, behind their export (C-47, TTM-086).
#[test]
fn nothing_is_deleted_for_a_move_that_is_not_exported() {
    let plan = one_of_ours("migration");
    let deletes: Vec<_> = plan.items().filter(|item| item.text.contains("delete")).collect();
    assert_eq!(deletes.iter().map(|item| &*item.id).collect::<Vec<_>>(), ["delete-solution-apps"]);
    let export = plan.items().find(|item| &*item.id == "export-solution-apps").unwrap();
    assert!(deletes[0].each == export.each && deletes[0].after.iter().any(|before| **before == *export.id), "{:?}", deletes[0]);
}

#[test]
fn every_rule_about_the_time_after_a_copy_is_named() {
    let template = post_copy();
    let named = named(&template);
    let wanted = (1..=45).map(|number| format!("PCP-{number:03}")).chain((8..=12).map(|number| format!("TRN-{number:03}")));
    let missing: Vec<_> = wanted.filter(|rule| !named.contains(rule.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_components_stand_in_the_order_of_the_article() {
    let template = post_copy();
    let section = |id: &str| template.sections.iter().position(|section| &*section.id == id).unwrap();
    assert!(section("components") < section("validate") && section("validate") < section("service"));
    let items: Vec<_> = template.sections[section("components")].items.iter().map(|item| &*item.id).collect();
    let groups =
        "email sharepoint sharepoint-set-up yammer platform-extensibility client-extensibility dataverse-search flows connection-references custom-connectors";
    assert_eq!(items, groups.split(' ').collect::<Vec<_>>());
    let last: Vec<_> = template.sections[section("service")].items.iter().map(|item| &*item.id).collect();
    assert_eq!(last, ["leave-admin-mode", "background-on", "flows-trigger"]);
}

#[test]
fn paths_and_names_of_switches_are_exact() {
    let template = post_copy();
    let item = |id: &str| template.items().find(|item| &*item.id == id).unwrap();
    for (id, path) in [
        ("sharepoint", "Settings > Documentation Management > SharePoint Sites > (site) > Deactivate"),
        ("yammer", "Settings > Administration > Yammer Configuration"),
        ("leave-admin-mode", "Environments > (environment) > Details > Edit > Administration mode"),
    ] {
        assert_eq!(item(id).path.as_deref(), Some(path));
    }
    let help = |id: &str| item(id).help.iter().map(|line| &*line.text).collect::<Vec<_>>().join(" ");
    assert!(help("background-on").contains("\"Disable Background Process\", the other way round: turned on means that background operations are off"));
}

const GOOD: &str = "checklist: test
title: Test
opened_by: [copy]
sections:
  - id: one
    title: One
    items:
      - id: first
        text: First
        rules: [PCP-001]
      - id: second
        text: Second
        rules: [C-14]
";

#[test]
fn a_bad_checklist_is_refused_by_file_line_and_reason() {
    assert!(read("good.yaml", GOOD.as_bytes()).is_ok());
    let cases: &[(&str, &str, &str)] = &[
        ("id: second", "id: first", "11:13: sections[0].items[1].id: the id \"first\" stands in line 8 already"),
        ("id: second", "id: Second", "11:13: sections[0].items[1].id: expected an id of lower-case letters"),
        ("[C-14]", "[C14]", "13:17: sections[0].items[1].rules[0]: expected the id of a rule, such as PCP-012, found \"C14\""),
        ("[C-14]", "[]", "13:16: sections[0].items[1].rules: this list must not be empty"),
        ("text: Second", "txt: Second", "12:9: sections[0].items[1]: there is no key `txt` here; did you mean `text`?"),
        ("text: Second", "text: Second\n        when: { weekday: monday }", "13:17: sections[0].items[1].when: there is no key `weekday` here"),
        ("text: Second", "text: Second\n        when: {}", "13:15: sections[0].items[1].when: a condition is missing here"),
        ("text: Second", "text: Second\n        when: { level: everythin }", "level: unknown level \"everythin\", did you mean \"everything\"?"),
        ("text: Second", "text: Second\n        when: { component: mailboxes }", "component: unknown component kind \"mailboxes\", did you mean \"mailbox\"?"),
        ("text: Second", "text: Second\n        gate: doors\n        because: x", "gate: unknown gate \"doors\""),
        ("text: Second", "text: Second\n        gate: background-operations", "`gate` and `because` belong together"),
        ("text: Second", "text: Second\n        behind: background-operations", "13:17: no item of this checklist has that `gate`"),
        ("text: Second", "text: Second\n        after: third", "13:16: there is no item or section \"third\" that could come first"),
        ("text: First", "text: First\n        after: second", "10:16: \"second\" stands further down"),
        ("text: Second", "text: Second\n        links: [{ title: x, url: \"http://x\" }]", "links[0].url: expected an address that begins with https://"),
        ("text: Second", "text: Second\n        path: Settings >Yammer", "path: expected a path such as"),
        ("text: Second", "text: Second\n        component: mailbox", "`unknown` is missing: how to find out"),
        (
            "text: Second",
            "text: Second\n        unknown: x\n        component: { kind: mailbox, incomming: none }",
            "have no `incomming`; did you mean `incoming`?",
        ),
        (
            "text: Second",
            "text: Second\n        unknown: x\n        component: { kind: mailbox, incoming: never }",
            "incoming: expected one of none, server-side-sync",
        ),
        ("text: Second", "text: Second\n        decisions: [delete]", "decisions[0]: unknown decision \"delete\", known are disable, redirect, leave-as-is"),
        ("text: Second", "text: Second\n        mandatory: perhaps", "mandatory: expected true or false"),
        ("text: Second", "text: Second\n        done_by_system: true\n        mandatory: true", "what the system did has only"),
        (
            "text: Second",
            "text: Second\n        items: [{ id: a, text: A, rules: [C-14], items: [{ id: b, text: B, rules: [C-14], items: [] }] }]",
            "items[0].items[0]: there is no key `items` here",
        ),
        ("text: Second", "text: Second\n        after: one", "13:16: sections[0].items[1]: this belongs to \"one\""),
        ("title: One\n", "title: One\n    after: one\n", "7:12: an item cannot come after itself"),
        ("text: Second", "text: Second\n        states: { admin_mode: false }", "states: this is a switch: say `then: admin-mode-off`"),
        ("text: Second", "text: Second\n        unknown: x\n        component: { kind: mailbox, not: none }", "`not` must be a mapping"),
        ("title: One\n", "title: One\n    when: { environment: big }\n", "environment: unknown trait of an environment \"big\""),
        ("title: One\n", "title: One\n    when: { tenant: lockbx }\n", "tenant: unknown trait of a tenant \"lockbx\", did you mean \"lockbox\"?"),
        ("text: Second", "text: Second\n        unknown: x\n        each: { users: onmicrosft }", "each.users: unknown mailbox \"onmicrosft\", did you mean"),
        ("text: Second", "text: Second\n        unknown: x\n        each: { mapped: never }", "each.mapped: unknown mailbox \"never\""),
        ("text: Second", "text: Second\n        unknown: x\n        each: { users: other, kind: mailbox }", "each: there is no key `kind` here"),
        ("text: Second", "text: Second\n        recalls: first", "13:18: there is no item \"first\" that `asks`"),
        ("text: Second", "text: Second\n        recalls: { checklist: other }", "13:18: sections[0].items[1].recalls: `item` is missing here"),
        ("text: Second", "text: Second\n        remembers: first", "`remembers` belongs to `each`"),
        (
            "text: Second",
            "text: Second\n        unknown: x\n        each: mailbox\n        remembers: first",
            "15:20: there is no item \"first\" that is repeated",
        ),
        (
            "text: First",
            "text: First\n        clock: { days: 7, until: third, says: x, expired: y }",
            "10:16: there is no item \"third\" that could end this period",
        ),
        (
            "text: Second",
            "text: Second\n        clock: { days: 7, until: first, says: x, expired: y }",
            "\"first\" stands further up: a period ends with what comes later",
        ),
        ("text: First", "text: First\n        clock: { days: 0, until: second, says: x, expired: y }", "clock.days: expected a number of days from 1 to 366"),
        ("text: First", "text: First\n        clock: { days: 7, until: second, says: x }", "clock: `expired` is missing here"),
        (
            "text: First",
            "text: First\n        optional: true\n        clock: { days: 7, until: second, says: x, expired: y }",
            "`clock` belongs to an item that is done once",
        ),
    ];
    for (from, to, says) in cases {
        let problems = read("bad.yaml", std::io::Cursor::new(GOOD.replace(from, to))).expect_err(to).to_string();
        assert!(problems.starts_with("bad.yaml:") && problems.contains(says), "{to}:\n{problems}");
    }
}

#[test]
fn what_is_no_checklist_is_refused() {
    for (text, says) in
        [("", "the file is empty"), ("- a", "must be a map"), ("checklist: [", "a value was expected here"), ("title: x", "`checklist` is missing here")]
    {
        let problems = read("bad.yaml", text.as_bytes()).expect_err(text).to_string();
        assert!(problems.starts_with("bad.yaml") && problems.contains(says), "{text}: {problems}");
    }
}

//! The built-in checklists are right, and a wrong one is refused by file, line and reason.

use std::collections::BTreeSet;

use super::*;

/// Every rule that a checklist names, in its head, a section or an item.
fn named(template: &Template) -> BTreeSet<&str> {
    let sections = template.sections.iter().flat_map(|section| &section.rules);
    let items = template.items().flat_map(|item| &item.rules);
    template.rules.iter().chain(sections).chain(items).map(|rule| &**rule).collect()
}

fn post_copy() -> Template {
    built_in().unwrap_or_else(|problems| panic!("{problems}")).into_iter().find(|template| &*template.id == "post-copy").unwrap()
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
    assert_eq!(last, ["leave-admin-mode", "background-on"]);
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
        ("id: second", "id: first", "10:13: sections[0].items[1].id: the id \"first\" stands in line 7 already"),
        ("id: second", "id: Second", "10:13: sections[0].items[1].id: expected an id of lower-case letters"),
        ("[C-14]", "[C14]", "12:17: sections[0].items[1].rules[0]: expected the id of a rule, such as PCP-012, found \"C14\""),
        ("[C-14]", "[]", "12:16: sections[0].items[1].rules: this list must not be empty"),
        ("        rules: [C-14]\n", "", "10:9: sections[0].items[1]: `rules` is missing here"),
        ("text: Second", "txt: Second", "11:9: sections[0].items[1]: there is no key `txt` here; did you mean `text`?"),
        ("text: Second", "text: Second\n        when: { weekday: monday }", "12:17: sections[0].items[1].when: there is no key `weekday` here"),
        ("text: Second", "text: Second\n        when: {}", "12:15: sections[0].items[1].when: a condition is missing here"),
        ("text: Second", "text: Second\n        when: { level: everythin }", "level: unknown level \"everythin\", did you mean \"everything\"?"),
        ("text: Second", "text: Second\n        when: { component: mailboxes }", "component: unknown component kind \"mailboxes\", did you mean \"mailbox\"?"),
        ("text: Second", "text: Second\n        gate: doors\n        because: x", "gate: unknown gate \"doors\""),
        ("text: Second", "text: Second\n        gate: background-operations", "`gate` and `because` belong together"),
        ("text: Second", "text: Second\n        behind: background-operations", "12:17: no item of this checklist has that `gate`"),
        ("text: Second", "text: Second\n        after: third", "12:16: there is no item \"third\" that could come first"),
        ("text: First", "text: First\n        after: second", "9:16: \"second\" stands further down"),
        ("text: Second", "text: Second\n        links: [{ title: x, url: \"http://x\" }]", "links[0].url: expected an address that begins with https://"),
        ("text: Second", "text: Second\n        path: Settings >Yammer", "path: expected a path such as"),
        ("text: Second", "text: Second\n        component: mailbox", "`component` and `unknown` belong together"),
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
        ("text: Second", "text: Second\n        items: [{ id: a, text: A, rules: [C-14], items: [] }]", "items[0]: there is no key `items` here"),
        ("title: One\n", "title: One\n    when: { environment: big }\n", "environment: unknown trait of an environment \"big\""),
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

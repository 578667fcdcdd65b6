//! Linked pairs in the list and in the details: two halves that are seen as one environment.
#![expect(clippy::disallowed_methods, reason = "these tests put a snapshot in place")]
#![expect(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

#[path = "support/pairs.rs"]
mod full;
mod support;

use std::fmt::Write as _;
use std::fs;

use envdeck::domain::environment::EnvironmentType;
use envdeck::domain::known::Known;
use envdeck::domain::linked::is_apart;
use insta::assert_snapshot;
use support::{Console, Screen};

/// Five environments, four of them linked: alike, of different types, of a type that nobody looked up, unified and deleted.
const PAIRS: &str = "
      - { id: a, name: Contoso Supply Chain, type: production, region: emea, managed: true, finance_operations: { id: fa, name: Contoso Finance Production, type: production, kind: lcs, application_build: \"10.0.44\", pitr_days: 28 } }
      - { id: b, name: Contoso Retail, type: production, region: emea, finance_operations: { id: fb, name: Contoso Retail Operations and Warehouse, type: sandbox, kind: lcs, application_build: \"10.0.44\", pitr_days: 7 } }
      - { id: c, name: Contoso Factory, type: sandbox, region: emea, finance_operations: { id: fc, name: 工場の財務 } }
      - { id: d, name: Contoso Pilot, type: sandbox, region: emea, deleted_at: 2026-01-03T09:00:00Z, finance_operations: { id: fd, name: Contoso Pilot, type: sandbox, kind: unified, pitr_days: 7 } }
      - { id: e, name: Contoso Sales, type: sandbox, region: emea, finance_operations: none }
";

fn of_file(environments: &str, edition: &str, (width, height): (u16, u16), keys: &str) -> Screen {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("contoso.yaml");
    let head = format!("schema: envdeck/1\ncaptured_at: 2026-01-05T09:00:00Z\nrulebook: {edition}\noperator: thomas@contoso.com\ntenants:\n");
    fs::write(&file, format!("{head}  - id: t\n    name: Contoso\n    environments:{environments}")).unwrap();
    Console::on(file).size(width, height).at("2026-01-05T09:00:00Z").play(keys)
}

fn pairs(size: (u16, u16), keys: &str) -> Screen {
    of_file(PAIRS, "articles", size, keys)
}

#[test]
fn pairs_on_the_smallest_screen() {
    assert_snapshot!(pairs((60, 16), ""));
}

#[test]
fn pairs_at_80_columns() {
    assert_snapshot!(pairs((80, 24), ""));
}

#[test]
fn pairs_at_120_columns() {
    assert_snapshot!(pairs((120, 36), "<down>"));
}

#[test]
fn pairs_at_200_columns() {
    assert_snapshot!(pairs((200, 60), "<down><down>"));
}

#[test]
fn a_pair_in_the_details() {
    assert_snapshot!(pairs((120, 36), "<enter><down*8>"));
}

#[test]
fn what_the_rules_say_of_a_pair_holds_only_where_they_hold() {
    let says = "no deletion before its other half";
    let of = |edition: &str, keys: &str| of_file(PAIRS, edition, (200, 60), keys);
    of("articles", "").says(says);
    of("current", "").says(says);
    for edition in ["articles", "current"] {
        of(edition, "/pilot<enter>").says_not(says).says("its link     forbids nothing");
    }
    of("articles", "/sales<enter>").says_not(says).says("linked to    none");
    let open = of("current", "/factory<enter>");
    open.says_not(says).says("unknown: depends on who manages the other half");
}

#[test]
fn the_cursor_goes_over_environments_and_not_over_halves() {
    let at = |keys: &str| pairs((120, 36), keys).model.selected().unwrap().name.to_string();
    assert_eq!(
        ["", "<down>", "<down><down>", "<end>", "<end><up>"].map(at).as_slice(),
        ["Contoso Retail", "Contoso Supply Chain", "Contoso Factory", "Contoso Sales", "Contoso Pilot"]
    );
}

/// Every third of a hundred environments is a pair.
fn hundred() -> String {
    (0..100).fold("\n".to_owned(), |mut all, number| {
        let half = if number % 3 == 0 { format!("{{ id: f{number}, name: Half {number:02}, type: sandbox }}") } else { "none".to_owned() };
        let _ = writeln!(all, "      - {{ id: e{number}, name: Environment {number:02}, type: sandbox, finance_operations: {half} }}");
        all
    })
}

#[test]
fn pages_go_over_every_pair_and_marks_and_filters_go_with_environments() {
    let of = |size: (u16, u16), keys: &str| of_file(&hundred(), "articles", size, keys);
    of((120, 20), "<end>").says("▸Environment 99").says("└ Half 99").says_not("Environment 86");
    let paged = of((120, 20), "<pgdn>");
    paged.says("▸Environment 11");
    of((120, 20), "<pgdn><pgdn>").says("▸Environment 22").says("Environment 12").says("└ Half 12");
    of((120, 20), "<pgdn><pgdn><pgup><pgup>").says("▸Environment 00").says("└ Half 00");
    of((120, 20), "/12<enter>").says("1 found").says("└ Half 12");
    of((120, 20), "<space><space><end>").says("2 marked");
    of((120, 20), "<end><resize 80x20><resize 120x20>").says("▸Environment 99").says("└ Half 99");
}

/// A production environment and sandboxes: of Lifecycle Services, unified, and two whose halves differ.
fn linked(edition: &str, keys: &str) -> Screen {
    let half = full::half;
    let (prod, test) = (half("Prod", "unified", "production"), half("Test", "unified", "sandbox"));
    let (up, down) = (half("Up", "lcs", "sandbox"), half("Down", "lcs", "production"));
    let text = full::snapshot(edition, &[("Prod", "production", &prod), ("Test", "sandbox", &test), ("Up", "production", &up), ("Down", "sandbox", &down)]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pairs.yaml");
    fs::write(&file, text).unwrap();
    Console::on(file).size(200, 60).at("2026-11-30T10:00:00Z").play(keys)
}

#[test]
fn the_halves_of_a_unified_environment_are_switched_together() {
    for edition in ["articles", "current"] {
        linked(edition, "/test<enter>t").says("switched together");
        let after = linked(edition, "/test<enter>t<enter><enter>yffff<esc>");
        after.says_not("TYPES DIFFER  ").says_not("differ: no production work");
        assert!(after.model.estate.environments().any(|(_, e)| &*e.name == "Test" && e.kind == Known::Is(EnvironmentType::Production)), "{edition}");
        assert!(after.model.estate.environments().filter(|(_, e)| &*e.name == "Test").all(|(_, e)| !is_apart(e)), "{edition}");
    }
}

#[test]
fn nothing_is_chosen_about_the_half_of_a_unified_environment() {
    for edition in ["articles", "current"] {
        linked(edition, "/test<enter>b").says_not("other half").says_not("back it up at the same time");
        let copied = linked(edition, "/prod<enter>c<enter>/test<enter><enter>");
        copied.says_not("refresh its database").says_not("in parallel");
    }
}

#[test]
fn halves_that_differ_lead_to_the_plan_in_one_direction_and_to_one_switch_in_the_other() {
    linked("articles", "/up<enter>").says("M plans the way back").says_not("switches it back");
    linked("articles", "/down<enter>").says("t switches it back to production").says_not("M plans");
    linked("articles", "/up<enter>M").says("Begin the plan");
    linked("articles", "/down<enter>M").says_not("Begin the plan").says("Switch it back to production: that is the one step");
    // Begun, and over as soon as a switch makes the pair agree.
    linked("articles", "/up<enter>My").says("Bring a linked pair together again");
}

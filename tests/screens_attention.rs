//! What asks for attention, in the header and as a list, and where each leads, by keys through the real loop.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "these tests put files in place, and a test that cannot do that has failed")]

mod support;

use std::fs;

use envdeck::app::action::{Action, Moment};
use envdeck::app::header::{self, Part};
use envdeck::app::model::{Layer, Pane};
use envdeck::app::update::update;
use envdeck::view::theme::Theme;
use insta::assert_snapshot;
use support::{Console, Screen, utc};

/// A tenant with one environment, captured the day before.
fn on(environment: &str, keys: &str, now: &str) -> Screen {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("contoso.yaml");
    let head =
        "schema: envdeck/1\ncaptured_at: 2026-01-05T09:00:00Z\noperator: thomas@contoso.com\ntenants:\n  - id: t\n    name: Contoso\n    environments:\n";
    fs::write(&file, format!("{head}      - {{ id: e, name: Contoso UAT, {environment} }}\n")).unwrap();
    Console::on(file).size(120, 36).at(now).play(keys)
}

const BACKUP: &str = "type: sandbox, dataverse: { size_gb: 2 }, created_at: 2025-01-01T00:00:00Z, deleted_at: none, backups: [{ id: b, name: Kept, taken_at: 2025-12-31T09:00:00Z }]";

#[test]
fn the_list_at_80_columns() {
    assert_snapshot!(Console::demo().play("A"));
}

#[test]
fn the_list_at_120_columns() {
    assert_snapshot!(Console::demo().size(120, 36).play("A<down*5>"));
}

#[test]
fn the_list_at_the_smallest_size() {
    assert_snapshot!(Console::demo().size(60, 16).play("A<end>"));
}

#[test]
fn the_header_tells_as_much_as_there_is_room_for() {
    for (width, tells) in [
        (60, " Contoso ▾    ⚠ 7  demo"),
        (80, " Contoso ▾  17 environments       ⚠ 7  demo"),
        (99, "⚠ 7  demo"),
        (100, "⚠ 7 need attention  demo"),
        (200, "⚠ 7 need attention  demo"),
    ] {
        Console::demo().size(width, 24).play("").says(tells);
    }
    Console::demo().theme(Theme::mono(true)).play("").says("! 7  demo");
}

#[test]
fn the_header_says_nothing_where_nothing_asks() {
    let screen = on("admin_mode: false, deleted_at: none", "", "2026-01-05T10:00:00Z");
    screen.says_not("⚠").says_not("attention  20");
    let screen = on("admin_mode: false, deleted_at: none", "A", "2026-01-05T10:00:00Z");
    screen.says("Nothing needs attention until 2026-01-06 09:00Z, by the facts as they are");
    on("admin_mode: true, deleted_at: none", "", "2026-01-05T10:00:00Z").says("⚠ 1 needs attention");
}

#[test]
fn a_backup_leads_to_the_timeline_with_the_cursor_on_it() {
    let screen = Console::demo().size(120, 36).play("A/sales uat<enter><enter>");
    assert_eq!(screen.model.ui.focus, Pane::Timeline);
    assert_eq!(screen.model.selected().map(|environment| &*environment.name), Some("Contoso Sales UAT"));
    let timeline = &screen.model.ui.timeline;
    assert!(timeline.cursor.is_some_and(|at| timeline.mark_at(at).is_some_and(|mark| mark.expires_soon)), "{timeline:?}");
    // On a small screen too, where the timeline is shown only with the keyboard in it.
    Console::demo().size(60, 16).play("A/sales uat<enter><enter>").says("╭ Backups");
}

#[test]
fn administration_mode_leads_to_the_checklist_and_without_one_to_the_environment() {
    const REHEARSED: &str = "/contoso sales<enter><home>c<enter>/sales uat<enter><enter><enter><enter><enter>y<advance 6h>";
    let list = Console::demo().size(120, 36).play(&format!("{REHEARSED}A/rehearsal<enter>"));
    list.says("REHEARSAL: Contoso Sales UAT is in administration mode, with ").says("Work through its checklist, next: ");
    let checklist = Console::demo().size(120, 36).play(&format!("{REHEARSED}A/rehearsal<enter><enter>"));
    assert!(matches!(checklist.model.ui.layers.as_slice(), [Layer::Checklist(_)]), "{:?}", checklist.model.ui.layers);
    checklist.says("REHEARSAL, practice only: Contoso Sales UAT");
    let forgotten = Console::demo().size(120, 36).play("A/hr test<enter><enter>");
    forgotten.says("╭ Contoso HR Test");
    assert_eq!((forgotten.model.ui.focus, forgotten.model.ui.layers.len()), (Pane::Details, 0));
}

#[test]
fn storage_leads_to_the_tenant() {
    Console::demo().size(120, 36).play("/zzz<enter>A<end><enter>").says("Fabrikam ▾  only 0.60 GB free").says("Plant Managers");
}

#[test]
fn old_facts_are_read_again() {
    on("deleted_at: none", "A", "2026-01-06T09:00:01Z").says("The facts were captured on 2026-01-05 09:00Z, more than 24 hours ago");
    on("deleted_at: none", "A<enter>", "2026-01-06T09:00:01Z").says("Reading the snapshot again");
    Console::demo().size(120, 36).at("2026-01-07T09:00:00Z").play("A<end><enter>").says("The demo estate is built in and never changes");
}

#[test]
fn escape_goes_back_and_a_filter_can_be_cleared() {
    Console::demo().play("A<esc>").says("Environments");
    Console::demo().play("A/fabrikam").says("Fabrikam Service Asia").says_not("Contoso HR ").says_not("type:");
    Console::demo().play("A/fabrikam<esc>").says("Contoso HR Test");
    Console::demo().play("A/zzz").says("Nothing matches. Esc clears the filter");
    Console::demo().size(120, 36).play("A/zzz<enter><enter>").says("Nothing matches");
}

#[test]
fn another_instant_is_another_list() {
    let all = |now: &str| Console::demo().at(now).play("A").model.ui.attention.items().len();
    assert_eq!([all("2026-01-05T07:00:00Z"), all("2026-01-05T16:00:00Z"), all("2026-01-05T16:00:01Z")], [7, 8, 7]);
    on(BACKUP, "A", "2026-01-05T09:00:00Z").says("The manual backup \"Kept\" of Contoso UAT expires on 2026-01-07 09:00Z");
    on(&BACKUP.replace("2025-12-31", "2026-01-02"), "A", "2026-01-06T08:59:59Z").says("Nothing needs attention until 2026-01-06 09:00Z");
}

#[test]
fn the_list_changes_when_its_instant_comes_and_the_cursor_stays_on_what_it_was_on() {
    let screen = Console::demo().play("A<down><advance 541m>");
    screen.says("in 2 d").says_not("Contoso HR  ").says("▸in 104 min").says("Contoso Sales UAT");
}

#[test]
fn it_waits_for_the_instant_and_computes_nothing_until_then() {
    let screen = on(BACKUP, "", "2026-01-07T08:59:59Z");
    // The header's minute comes first, then the second after the backup is gone.
    assert_eq!(screen.model.next_deadline().unwrap().console, Some(utc("2026-01-07T09:00:00Z")));
    let mut model = screen.model;
    let at = |text| Moment { console: utc(text), unskipped: utc(text), real: std::time::Duration::ZERO };
    update(&mut model, Action::ClockReached, at("2026-01-07T09:00:00Z"));
    assert_eq!(model.ui.attention.items().len(), 2, "the backup, and facts that are old");
    assert_eq!(model.next_deadline().unwrap().console, Some(utc("2026-01-07T09:00:01Z")));
    update(&mut model, Action::ClockReached, at("2026-01-07T09:00:01Z"));
    assert_eq!(model.ui.attention.items().len(), 1);
    // A key that does nothing draws nothing, whatever asks for attention.
    let draws = |keys: &str| Console::demo().play(keys).ended.draws;
    assert_eq!(draws("A<home><up><left>"), draws("A"));
}

#[test]
fn a_click_on_it_opens_the_list_and_on_a_row_chooses_it() {
    for width in [60, 80, 120] {
        let mut model = Console::demo().size(width, 24).play("").model;
        let now = model.ui.now;
        let piece = header::right(&model).into_iter().find(|piece| piece.part == Part::Attention).unwrap();
        for x in [piece.x - 1, piece.end] {
            update(&mut model, Action::Clicked(x, 0), now);
            assert!(model.listing().is_none(), "{width}: {x}");
        }
        update(&mut model, Action::Clicked(piece.x, 0), now);
        assert!(model.listing().is_some(), "{width}");
        update(&mut model, Action::Clicked(5, 5), now);
        assert_eq!(model.listing().map(|listing| listing.cursor.at), Some(2));
    }
}

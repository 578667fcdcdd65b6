//! The backups of an environment as pictures: how far back it can go, what goes next, what would be lost.
#![expect(clippy::disallowed_methods, reason = "these tests put a snapshot in place")]
#![expect(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

mod support;

use std::fs;

use insta::assert_snapshot;
use support::{Console, Screen, utc};

/// Opens the backups of the environment that is found first.
fn backups(width: u16, height: u16, of: &str, keys: &str) -> Screen {
    Console::demo().size(width, height).play(&format!("/{of}<enter><home><tab><tab>{keys}"))
}

#[test]
fn production_at_80_columns() {
    assert_snapshot!(backups(80, 24, "contoso sales", ""));
}

#[test]
fn production_at_120_columns() {
    assert_snapshot!(backups(120, 36, "contoso sales", ""));
}

#[test]
fn production_at_200_columns() {
    assert_snapshot!(backups(200, 60, "contoso sales", ""));
}

#[test]
fn production_on_the_smallest_screen() {
    assert_snapshot!(backups(60, 16, "contoso sales", ""));
}

#[test]
fn production_on_all_of_a_screen_of_80_columns() {
    assert_snapshot!(backups(80, 24, "contoso sales", "z"));
}

#[test]
fn what_expires_next_is_named() {
    assert_snapshot!(backups(120, 36, "contoso hr", ""));
}

#[test]
fn backups_that_are_not_ready_and_that_settle() {
    assert_snapshot!(backups(120, 36, "sales uat", "<down>"));
}

#[test]
fn a_linked_pair_has_two_lanes_at_80_columns() {
    assert_snapshot!(backups(80, 24, "supply chain", ""));
}

#[test]
fn a_linked_pair_has_two_lanes_at_120_columns() {
    assert_snapshot!(backups(120, 36, "supply chain", ""));
}

#[test]
fn a_linked_pair_has_two_lanes_at_200_columns() {
    assert_snapshot!(backups(200, 60, "supply chain", ""));
}

#[test]
fn a_trial_has_none() {
    assert_snapshot!(backups(80, 24, "marketing trial", ""));
}

#[test]
fn the_default_environment_without_a_database_has_none() {
    assert_snapshot!(backups(80, 24, "(default)", ""));
}

#[test]
fn a_deleted_environment_was_backed_up_until_then() {
    assert_snapshot!(backups(120, 36, "returns test", ""));
}

#[test]
fn what_a_switch_to_sandbox_would_lose() {
    assert_snapshot!(backups(120, 36, "contoso sales", "w"));
}

#[test]
fn what_a_switch_to_sandbox_would_lose_at_80_columns() {
    assert_snapshot!(backups(80, 24, "contoso sales", "w"));
}

#[test]
fn what_a_shorter_retention_would_lose() {
    assert_snapshot!(backups(120, 36, "contoso hr", "www"));
}

#[test]
fn some_hours_around_a_backup() {
    assert_snapshot!(backups(120, 36, "contoso sales", "<down*3>++<left>,,,"));
}

#[test]
fn some_days_at_80_columns() {
    assert_snapshot!(backups(80, 24, "contoso sales", "<down*4>+"));
}

/// Opens the backups of one environment of a snapshot file, which looks as its facts say.
fn of_file(facts: &str, size: (u16, u16), now: &str, keys: &str) -> Screen {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("contoso.yaml");
    let head =
        "schema: envdeck/1\ncaptured_at: 2026-01-05T09:00:00Z\noperator: thomas@contoso.com\ntenants:\n  - id: t\n    name: Contoso\n    environments:\n";
    fs::write(&file, format!("{head}      - {{ id: e, name: Contoso ERP, {facts} }}\n")).unwrap();
    Console::on(file).size(size.0, size.1).at(now).play(&format!("<tab><tab>{keys}"))
}

const ERP: &str = "type: production, dataverse: { size_gb: 2 }, dynamics_365_apps: [Sales], managed: false, created_at: 2024-01-01T00:00:00Z, deleted_at: none";

#[test]
fn lanes_of_different_length_show_from_when_on_both_go_back() {
    let half = "finance_operations: { id: f, name: Contoso Finance, type: production, kind: lcs, pitr_days: 14 }, backups: []";
    assert_snapshot!(of_file(&format!("{ERP}, {half}"), (120, 36), "2026-01-05T09:00:00Z", ""));
    let longer = "finance_operations: { id: f, name: Contoso Finance, type: production, kind: lcs, pitr_days: 28 }, backups: []";
    let sandbox = ERP.replace("production", "sandbox");
    of_file(&format!("{sandbox}, {longer}"), (120, 36), "2026-01-05T09:00:00Z", "").says("both halves can go back to the same instant, from 29 Dec 09:00Z on");
}

#[test]
fn a_lane_of_unknown_length_says_what_to_look_up() {
    let half = "finance_operations: { id: f, name: Contoso Finance, type: production, kind: lcs }, backups: []";
    let screen = of_file(&format!("{ERP}, {half}"), (120, 36), "2026-01-05T09:00:00Z", "");
    screen.says("database only unknown how far back: look up pitr_days").says("whether both halves can go back to it is unknown");
}

#[test]
fn backups_that_stand_close_together_are_counted_and_told_apart_from_near() {
    let backups = "backups: [{ id: a, name: One, taken_at: 2025-12-20T09:00:00Z }, { id: b, name: Two, taken_at: 2025-12-20T09:40:00Z }, { id: c, name: Three, taken_at: 2025-12-20T10:00:00Z }]";
    let far = of_file(&format!("{ERP}, {backups}"), (120, 36), "2026-01-05T09:00:00Z", "");
    far.says("│                            3      ");
    let near = of_file(&format!("{ERP}, {backups}"), (120, 36), "2026-01-05T09:00:00Z", "<down>++");
    near.says("◆      ◆   ◆ ");
}

#[test]
fn a_young_environment_goes_back_to_its_creation() {
    let young = ERP.replace("2024-01-01T00:00:00Z", "2026-01-05T06:30:00Z");
    let screen = of_file(&format!("{young}, backups: []"), (120, 36), "2026-01-05T09:00:00Z", "");
    screen.says("system backup back to 05 Jan 06:30Z, its creation").says_not("first whole day");
    of_file(&format!("{young}, backups: []"), (120, 36), "2026-01-05T09:00:00Z", "+").says("There is no closer look");
}

#[test]
fn the_default_environment_with_a_database_is_backed_up_but_not_restored() {
    let default =
        "type: default, dataverse: { size_gb: 2 }, created_at: 2024-01-01T00:00:00Z, deleted_at: none, dynamics_365_apps: [], managed: false, backups: []";
    assert_snapshot!(of_file(default, (80, 24), "2026-01-05T09:00:00Z", ""));
}

#[test]
fn teams_preview_and_demo_say_what_can_be_restored() {
    let of = |kind: &str| format!("type: {kind}, dataverse: {{ size_gb: 2 }}, created_at: 2024-01-01T00:00:00Z, deleted_at: none, backups: []");
    let size = (200, 60);
    of_file(&of("teams"), size, "2026-01-05T09:00:00Z", "").says("7 days: a Teams environment, which can be restored only onto itself");
    of_file(&of("preview"), size, "2026-01-05T09:00:00Z", "").says("7 days: backed up, but a preview environment cannot be restored");
    of_file(&of("demo"), size, "2026-01-05T09:00:00Z", "w").says("7 days: backed up, but a demo environment cannot be restored").says("Nothing could be lost");
}

#[test]
fn a_copy_cuts_what_can_be_restored_off_or_leaves_it_in_doubt() {
    const COPIED: &str = "/contoso sales<enter><home>c<enter>/sales uat<enter><enter><enter><enter><enter>y<advance 2d>/<c-u>sales uat<enter><tab><tab>";
    assert_snapshot!(Console::demo().size(120, 36).play(COPIED));
}

#[test]
fn a_time_is_typed_and_gone_to() {
    let at = |keys: &str| backups(120, 36, "contoso sales", keys);
    at("gyesterday 14:35<enter>").says("▲ 2026-01-04 14:35Z · 16 hours ago");
    at("g20 Dec 14:35<enter>").says("▲ 2025-12-20 14:35Z · 15 days ago · Before price list import");
    at("g-3d<enter>,").says("▲ 2026-01-02 06:59Z");
    at("g06:48<enter><s-left>..").says("▲ 2026-01-05 05:50Z · 70 minutes ago");
    at("<home>").says("▲ 2025-12-08 07:00Z · 28 days ago");
    at("<home><end>").says("▲ 2026-01-05 07:00Z · now");
}

#[test]
fn a_time_outside_of_the_window_leads_to_the_nearest_one() {
    let screen = backups(120, 36, "contoso sales", "g2025-11-01 12:00<enter>");
    screen.says("2025-11-01 12:00Z cannot be restored to: the nearest restorable instant is 2025-12-08 07:00Z").says("▲ 2025-12-08 07:00Z");
    backups(120, 36, "contoso sales", "<left>g2026-03-01 12:00<enter>").says("the nearest restorable instant is 2026-01-05 07:00Z").says("· now ·");
    backups(120, 36, "returns test", "g-1d<enter>").says("the nearest restorable instant is 2025-12-29 21:00Z");
}

#[test]
fn what_is_no_time_stays_where_it_was_typed_with_the_reason() {
    assert_snapshot!(backups(80, 24, "contoso sales", "g31 Feb 14:35<enter>"));
    backups(80, 24, "contoso sales", "g31 Feb 14:35<enter><bs*12>14:35<enter>").says("▲ 2026-01-04 14:35Z");
    backups(80, 24, "contoso sales", "g20 De<esc>gc 14:35<enter>").says("▲ 2025-12-20 14:35Z");
}

#[test]
fn the_point_is_the_instant_with_its_backup_by_id() {
    let on = backups(120, 36, "contoso sales", "g20 Dec 14:35<enter>");
    let point = on.model.ui.timeline.point().unwrap();
    assert_eq!((point.at, point.backup), (utc("2025-12-20T14:35:00Z"), Some("b4")));
    let beside = backups(120, 36, "contoso sales", "g20 Dec 14:35<enter>.");
    let point = beside.model.ui.timeline.point().unwrap();
    assert_eq!((point.at, point.backup), (utc("2025-12-20T14:36:00Z"), None));
    assert_eq!(backups(120, 36, "marketing trial", "").model.ui.timeline.point(), None);
}

#[test]
fn losses_are_looked_at_one_after_the_other_and_escape_takes_them_back() {
    let of = |keys: &str| backups(120, 36, "contoso hr", keys);
    of("w").says("After a switch to sandbox: ");
    of("ww").says("With a shorter retention: ").says("older than 7 days");
    of("www").says("older than 14 days");
    of("wwww").says_not("would be lost").says("next to go");
    let back = of("wz<esc>");
    back.says_not("would be lost").says("Backups of Contoso HR");
    of("wz<esc><esc>").says("╭ Contoso HR");
    // Another environment is looked at as it is.
    of("w<s-tab><s-tab><down><tab><tab>").says_not("would be lost");
}

#[test]
fn the_look_goes_closer_and_wider() {
    let of = |keys: &str| backups(120, 36, "contoso sales", keys);
    of("+").says("Backups, by days").says("now ▲");
    of("+=").says("Backups, by hours");
    of("+=+").says("There is no closer look");
    of("+=-").says("Backups, by days");
    of("+=--").says("╭ Backups ─").says("08 Dec 07:00Z");
    of("-").says("All of it is shown");
    // The same look at the next environment.
    of("+<s-tab><s-tab><down><tab><tab>").says("Backups, by days");
}

#[test]
fn while_a_filter_is_typed_the_list_is_seen() {
    backups(80, 24, "contoso sales", "z/<c-u>hr").says("2 found").says("/hr");
    backups(80, 24, "contoso sales", "z/<c-u>hr<enter>").says("Backups of Contoso HR");
}

#[test]
fn without_letters_beyond_ascii_and_without_colours_all_is_told() {
    let theme = envdeck::view::theme::Theme::mono(true);
    let screen = Console::demo().size(120, 36).theme(theme).play("/contoso sales<enter><home><tab><tab>w");
    assert!(screen.text().is_ascii(), "{}", screen.text());
    screen.says("|XXXXXXXX").says("=+====").says(" X 28 Dec 18:02 Before 9.2 upgrade").says("o 05 Jan 06:48");
}

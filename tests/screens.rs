//! What an admin sees, by keys through the real loop, with the role of each styled run.

mod support;

use insta::assert_snapshot;
use support::Console;

#[test]
fn the_first_screen_at_80_columns() {
    assert_snapshot!(Console::demo().play(""));
}

#[test]
fn the_first_screen_at_120_columns() {
    assert_snapshot!(Console::demo().size(120, 36).play(""));
}

#[test]
fn the_first_screen_at_the_smallest_size() {
    assert_snapshot!(Console::demo().size(60, 16).play(""));
}

#[test]
fn below_the_smallest_size_it_says_what_it_needs() {
    assert_snapshot!(Console::demo().size(40, 10).play(""));
}

#[test]
fn a_filter_shows_the_letters_that_matched() {
    assert_snapshot!(Console::demo().play("/sls dv"));
}

#[test]
fn a_filter_with_terms_keeps_the_order_of_the_list() {
    let screen = Console::demo().size(120, 36).play("/type:sandbox managed:yes<enter>");
    screen.says("/type:sandbox managed:yes").says("Contoso HR Test").says_not("Contoso Finance Pilot").says_not("Isaac's Workshop");
    assert_snapshot!(screen);
}

#[test]
fn a_term_that_does_not_exist_says_what_was_meant() {
    assert_snapshot!(Console::demo().play("/typ:sandbox"));
}

#[test]
fn a_filter_that_is_not_understood_shows_nothing_and_says_so_after_enter_too() {
    for keys in ["/admin-mode:oui", "/admin-mode:on<c-u>admin-mode:oui<enter>", "/background:nein<enter>", "/managed:yes xyz:1<enter>", "/type:sandbx<enter>"] {
        let screen = Console::demo().size(120, 36).play(keys);
        screen.says("╭ 0 found").says_not("Contoso HR Test").says_not("Nothing matches");
        assert!(screen.model.selected().is_none(), "{keys}");
    }
    Console::demo().size(120, 36).play("/admin-mode:oui<enter>").says("takes yes or no, on or off").says("Esc clears");
    Console::demo().play("/type:sandbx").says("there is no type `sandbx`; did you mean `sandbox`?");
    // Where a target is chosen it is the same.
    let targets = "/contoso sales<enter><home>c<enter>/admin-mode:";
    Console::demo().size(120, 36).play(&format!("{targets}off<enter>")).says("Contoso Sales Dev");
    let wrong = Console::demo().size(120, 36).play(&format!("{targets}oui<enter>"));
    wrong.says("takes yes or no, on or off").says("/ changes the filter").says_not("Contoso Sales Dev");
    Console::demo().size(120, 36).play(&format!("{targets}oui<enter><enter>")).says("No target is chosen");
    // What is mended is understood again.
    Console::demo().size(120, 36).play("/type:sandbx<c-u>type:sandb").says("Contoso Sales UAT");
}

#[test]
fn a_fact_is_asked_for_in_every_word_that_the_screen_has_for_it() {
    let found = |filter: &str| {
        let screen = Console::demo().size(120, 36).play(&format!("/{filter}<enter>"));
        screen.model.ui.environments.count()
    };
    let on = found("admin-mode:yes");
    assert_eq!([found("admin-mode:on"), found("admin-mode:true"), found("admin-mode:")], [on; 3]);
    let off = found("admin-mode:no");
    assert_eq!([found("admin-mode:off"), found("admin-mode:false")], [off; 2]);
    assert!(on > 0 && off > on, "{on} on, {off} off");
    // A beginning of both answers asks for neither.
    assert_eq!(found("admin-mode:o"), on + off);
}

#[test]
fn nothing_that_matches_says_what_to_do() {
    Console::demo().size(120, 36).play("/zzz").says("Nothing matches. Esc clears the filter");
}

#[test]
fn escape_clears_the_filter_and_keeps_the_environment() {
    let screen = Console::demo().play("/workshop<enter><esc>");
    screen.says("Environments").says("╭ Isaac's Workshop");
}

#[test]
fn the_next_tenant_has_too_little_storage() {
    assert_snapshot!(Console::demo().play("T"));
}

#[test]
fn all_tenants_stand_in_one_list() {
    Console::demo().size(120, 40).play("TT").says("All tenants").says("23 environments").says("Plant Managers").says("Contoso Sales");
}

#[test]
fn sorted_by_size_the_largest_comes_first() {
    let screen = Console::demo().size(120, 36).play("ssss");
    screen.says("largest first").says("▸Contoso HR");
    assert_snapshot!(Console::demo().size(120, 36).play("ssss<home>"));
}

#[test]
fn an_environment_of_which_little_is_known_says_so() {
    assert_snapshot!(Console::demo().size(120, 36).play("/innovation<enter>"));
}

#[test]
fn a_word_of_a_newer_world_is_shown_and_not_judged() {
    Console::demo().size(120, 36).play("/agents<enter>").says("unknown (\"Copilot\")");
}

#[test]
fn the_timeline_of_production_with_a_cursor_three_days_back() {
    assert_snapshot!(Console::demo().size(120, 36).play("<down><tab><tab><left*3><s-left>"));
}

#[test]
fn the_cursor_goes_from_backup_to_backup() {
    Console::demo().size(120, 36).play("<down><tab><tab><down><down>").says("▲ 2026-01-02 16:40Z").says("After year end");
}

#[test]
fn a_trial_says_why_there_is_nothing_to_restore() {
    let screen = Console::demo().size(120, 36).play("/marketing trial<enter><tab><tab>");
    screen.says("None: trial environments are not backed up");
    Console::demo().size(120, 36).play("/marketing trial<enter><tab><tab><left>").says("There is nothing to restore: trial environments are not backed up");
}

#[test]
fn a_backup_becomes_ready_while_one_waits() {
    let keys = "/sales uat<enter>";
    Console::demo().size(120, 36).play(keys).says("not ready until 07:04Z");
    Console::demo().size(120, 36).play(&format!("{keys}<advance 4m>")).says("settling until 07:09Z");
    Console::demo().size(120, 36).play(&format!("{keys}<advance 9m>")).says("◆ 05 Jan 06:54").says_not("settling");
}

#[test]
fn a_backup_is_kept_to_the_second_and_then_gone() {
    let keys = "/contoso hr<enter>";
    let kept = Console::demo().size(120, 36).play(keys);
    kept.says("9 hours left");
    Console::demo().size(120, 36).play(&format!("{keys}<advance 9h>")).says("expired");
}

#[test]
fn every_environment_is_a_target_and_says_why_not() {
    assert_snapshot!(Console::demo().size(120, 36).play("<down>c<enter>"));
}

#[test]
fn all_reasons_of_a_refused_target() {
    assert_snapshot!(Console::demo().play("<down>c<enter>/fabrikam sales<enter>"));
}

#[test]
fn the_reasons_scroll() {
    let screen = Console::demo().play("<down>c<enter>/fabrikam sales<enter><s-down*4>");
    screen.says("Copy Contoso Sales: Target (2 of 5)");
    assert_ne!(screen.text(), Console::demo().play("<down>c<enter>/fabrikam sales<enter>").text());
}

#[test]
fn the_other_level_is_one_key_away() {
    Console::demo().size(120, 36).play("<down>c<enter>l").says("Customizations and schemas only");
}

#[test]
fn a_blocked_target_cannot_be_chosen_and_says_why() {
    Console::demo()
        .size(120, 36)
        .play("<down>c<enter>/fabrikam sales test<enter><enter>")
        .says("Blocked: Contoso Sales is in the tenant Contoso")
        .says("[Target]");
}

#[test]
fn old_facts_leave_every_answer_open() {
    let screen = Console::demo().size(120, 36).play("<down>c<enter><advance 8d>");
    screen.says("✓ 0 allowed  ! 0 with warnings").says("look up: age of the facts").says("facts 8 d old");
}

#[test]
fn help_shows_the_keys_of_where_one_is() {
    assert_snapshot!(Console::demo().size(120, 60).play("?"));
}

#[test]
fn help_of_the_targets_is_another() {
    Console::demo().size(120, 36).play("<down>c<enter>?").says("Change what is copied").says_not("Sort the list");
}

#[test]
fn the_palette_finds_commands_and_environments() {
    assert_snapshot!(Console::demo().play(":sort"));
    Console::demo().size(120, 36).play("<c-p>plant managers<enter>").says("▸Plant Managers").says("Fabrikam ▾");
}

#[test]
fn the_palette_does_what_is_chosen() {
    Console::demo().size(120, 36).play("<down>:level every<enter>").says("Copy Contoso Sales: [Level]");
}

#[test]
fn a_note_stands_in_the_details_at_once() {
    let screen = Console::demo().size(120, 60).play("<down>nAsk Isaac before the copy<enter>");
    screen.says("notes        Ask Isaac before the copy (thomas@contoso.com, 2026-0").says("kept in memory only");
}

#[test]
fn a_note_that_was_left_is_there_again() {
    Console::demo().play("<down>nAsk Is<esc>n").says("Ask Is");
    Console::demo().play("<down>nAsk Is<esc><down>n").says_not("Ask Is");
}

#[test]
fn read_only_writes_nothing_and_says_so() {
    assert_snapshot!(Console::demo().read_only().play("n"));
}

#[test]
fn pasted_text_is_text_and_never_keys() {
    Console::demo().play("/<paste sales\tq>").says("/sales q");
    Console::demo().play("<paste q>").says("Environments");
}

#[test]
fn the_id_goes_to_the_clipboard() {
    let screen = Console::demo().size(120, 36).play("<down>y");
    assert_eq!(screen.clipboard, ["00b6e67a-7a2a-4c2b-8180-60a7da1de808"]);
    screen.says("Its id is on the clipboard");
}

#[test]
fn a_key_that_does_nothing_draws_nothing() {
    let before = Console::demo().play("").ended.draws;
    assert_eq!(Console::demo().play("ü<up><left><f1><f1>").ended.draws, before + 2);
}

#[test]
fn when_nothing_is_open_nothing_waits_and_an_open_console_waits_for_the_minute() {
    let screen = Console::demo().play("");
    let deadline = screen.model.next_deadline().expect("the header shows the minute");
    assert_eq!((deadline.console, deadline.real), (Some(support::utc("2026-01-05T07:01:00Z")), None));
}

#[test]
fn it_fits_again_after_the_terminal_changed() {
    let screen = Console::demo().size(120, 36).play("<down>c<enter><resize 60x16><resize 40x5><resize 80x24>");
    assert_eq!(screen.text().trim_end(), Console::demo().size(80, 24).play("<down>c<enter>").text().trim_end());
}

#[test]
fn a_restore_says_what_the_instant_that_is_typed_means() {
    assert_snapshot!(Console::demo().play("/contoso sales<enter><home>r<c-u>yesterday 14:35"));
    assert_snapshot!("what_is_typed_is_no_time_on_the_smallest_screen", Console::demo().size(60, 16).play("/contoso sales<enter><home>r<c-u>yesterday 25:35"));
}

#[test]
fn administration_mode_says_who_can_sign_in() {
    Console::demo().size(120, 36).play("/hr test<enter>").says("on: System Administrator and System Customizer only");
}

#[test]
fn a_deleted_environment_says_until_when_it_can_be_recovered() {
    Console::demo().size(140, 36).play("/returns test<enter>").says("can be recovered until");
}

#[test]
fn a_type_without_manual_backups_says_so() {
    Console::demo().size(120, 36).play("/workshop<enter>").says("manual backups not supported");
}

//! What an admin sees of a copy, from the level to its checklist.

mod support;

use insta::assert_snapshot;
use support::Console;

const TARGET: &str = "/contoso sales<enter><home>c<enter>/sales uat<enter>";

fn keys(rest: &str) -> String {
    format!("{TARGET}{rest}")
}

#[test]
fn the_level_with_its_advice() {
    assert_snapshot!(Console::demo().play("/contoso sales<enter><home>c"));
}

#[test]
fn the_level_on_the_smallest_screen() {
    assert_snapshot!(Console::demo().size(60, 16).play("/contoso sales<enter><home>c<down>"));
}

#[test]
fn the_details_say_what_is_kept() {
    assert_snapshot!(Console::demo().play(&keys("l<enter><tab><right*4>")));
}

#[test]
fn the_review_of_everything_shows_the_danger_first() {
    let screen = Console::demo().play(&keys("<enter><enter>"));
    screen.says("Contoso Sales UAT is deleted and replaced by Contoso Sales.");
    assert_snapshot!(screen);
}

#[test]
fn the_review_of_customizations() {
    assert_snapshot!(Console::demo().size(120, 36).play(&keys("l<enter><enter>")));
}

#[test]
fn the_review_on_the_smallest_screen() {
    assert_snapshot!(Console::demo().size(60, 16).play(&keys("<enter><enter>")));
}

#[test]
fn the_emptied_tables_are_searched() {
    let screen = Console::demo().play(&keys("l<enter><enter>ttopic"));
    screen.says("5 tables are emptied");
    assert_snapshot!(screen);
}

#[test]
fn tables_are_emptied_where_customizations_are_copied_and_nowhere_else() {
    let everything = Console::demo().size(120, 36).play(&keys("<enter><enter>"));
    everything.says_not("t tables");
    let refused = Console::demo().size(120, 36).play(&keys("<enter><enter>t"));
    refused.says("No table is emptied at this level: everything is copied").says_not("204 tables are emptied");
    Console::demo().size(120, 36).play(&keys("l<enter><enter>")).says("t tables");
    Console::demo().play("/sales uat<enter>b<enter>t").says("Only a copy of customizations and schemas empties tables");
    // As in every other list a stroke asks for the filter, and is no part of a name.
    Console::demo().play(&keys("l<enter><enter>t/topic")).says("5 tables are emptied");
    Console::demo().play(&keys("l<enter><enter>tTerritory")).says("1 table is emptied");
}

#[test]
fn the_ways_out() {
    assert_snapshot!(Console::demo().play(&keys("<enter><enter><enter>")));
}

#[test]
fn the_record_asks_for_the_name() {
    assert_snapshot!(Console::demo().play(&keys("<enter><enter><enter><down><enter>CHG0042917<tab>lena@contoso.com<tab>Contoso")));
}

#[test]
fn the_rehearsal_asks_once() {
    assert_snapshot!(Console::demo().play(&keys("<enter><enter><enter><enter>")));
}

#[test]
fn the_target_while_it_is_overwritten() {
    assert_snapshot!(Console::demo().play(&keys("<enter><enter><enter><enter>yf<advance 1h>")));
}

#[test]
fn the_target_afterwards() {
    assert_snapshot!(Console::demo().size(120, 36).play(&keys("<enter><enter><enter><enter>yffff")));
}

#[test]
fn the_checklist_at_80_columns() {
    assert_snapshot!(Console::demo().play(&keys("<enter><enter><enter><enter>yffffo<tab>")));
}

#[test]
fn the_checklist_at_120_columns() {
    assert_snapshot!(Console::demo().size(120, 36).play(&keys("<enter><enter><enter><enter>yffffo<tab><space><tab>")));
}

#[test]
fn the_checklist_on_the_smallest_screen() {
    assert_snapshot!(Console::demo().size(60, 16).play(&keys("<enter><enter><enter><enter>yffffo")));
}

#[test]
fn leaving_administration_mode_lists_what_is_open() {
    assert_snapshot!(Console::demo().play(&keys("<enter><enter><enter><enter>yffffo<end><up><space>")));
}

#[test]
fn why_background_operations_stay_off() {
    assert_snapshot!(Console::demo().play(&keys("<enter><enter><enter><enter>yffffo<end><space>")));
}

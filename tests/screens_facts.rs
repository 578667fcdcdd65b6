//! The details as facts that are answered: the cursor, the line that is typed, who typed what, what is marked.

mod support;

use envdeck::view::theme::Theme;
use insta::assert_snapshot;
use support::Console;

const LAB: &str = "/innovation<enter><enter><down>";

#[test]
fn the_details_with_their_cursor() {
    assert_snapshot!(Console::demo().play(LAB));
}

#[test]
fn the_tenant_stands_below_the_environment() {
    let screen = Console::demo().size(120, 36).play("/innovation<enter><enter><end>");
    screen.says("TENANT       Contoso, 17 environments").says("entitled     500 GB");
    assert_snapshot!(screen);
}

#[test]
fn the_answer_is_typed_with_what_is_expected() {
    assert_snapshot!(Console::demo().size(120, 36).play(&format!("{LAB}<enter>ye")));
}

#[test]
fn a_wrong_answer_says_why() {
    assert_snapshot!(Console::demo().play("/innovation<enter><enter>=sandbx<enter>"));
}

#[test]
fn on_the_smallest_screen_all_that_is_expected_is_read() {
    let screen = Console::demo().size(60, 16).play("/innovation<enter><enter>=");
    screen.says("Expected: one of production").says("subscription, demo");
    assert_snapshot!(screen);
}

#[test]
fn what_was_typed_says_by_whom_and_what_was_captured() {
    let typed = format!("{LAB}=yes<enter><home>=production<enter>y<advance 10s>");
    assert_snapshot!(Console::demo().size(120, 36).play(&typed));
}

#[test]
fn the_line_that_is_typed_says_in_full_what_is_known_and_by_whom() {
    assert_snapshot!(Console::demo().play("/innovation<enter><enter>=production<enter>y="));
}

#[test]
fn the_question_before_the_capture_is_contradicted() {
    assert_snapshot!(Console::demo().play("/innovation<enter><enter>=production<enter>"));
}

#[test]
fn marked_environments_are_counted_and_answered_together() {
    let screen = Console::demo().play("<down*3><space*3>");
    assert_snapshot!(screen);
    Console::demo().play("<down*3><space*3><enter><down>=").says("managed of the 3 marked environments");
}

#[test]
fn marks_are_seen_without_colours_and_in_ascii() {
    let screen = Console::demo().theme(Theme::mono(true)).play("<down*3><space*2>");
    screen.says("2 marked").says("*SBX");
}

#[test]
fn page_keys_go_through_the_details() {
    let last = Console::demo().play("<enter><pgdn*9>");
    last.says("users        10 users");
    assert_eq!(Console::demo().play("<enter><pgdn*9><pgup*9>").text(), Console::demo().play("<enter>").text());
}

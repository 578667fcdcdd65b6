//! What a switch to sandbox or a shorter retention would lose, drawn in place above its review.

mod support;

use insta::assert_snapshot;
use support::{Console, Screen};

const SWITCH: &str = "/contoso sales<enter><home>t";
const RETENTION: &str = "/contoso hr<enter><home>R<enter>";

fn play(width: u16, height: u16, keys: &str) -> Screen {
    Console::demo().size(width, height).play(keys)
}

#[test]
fn a_switch_at_80_columns() {
    assert_snapshot!(play(80, 24, SWITCH));
}

#[test]
fn a_switch_at_120_columns() {
    assert_snapshot!(play(120, 36, SWITCH));
}

#[test]
fn a_shorter_retention_at_80_columns() {
    assert_snapshot!(play(80, 24, RETENTION));
}

#[test]
fn a_shorter_retention_at_120_columns() {
    assert_snapshot!(play(120, 36, RETENTION));
}

#[test]
fn a_switch_on_the_smallest_screen() {
    assert_snapshot!(play(60, 16, SWITCH));
}

#[test]
fn nothing_is_drawn_where_nothing_would_be_lost() {
    // Back to production, the longest retention, something else.
    for keys in ["/sales uat<enter><home>t", "/contoso hr<enter><home>R<down*3><enter>", "/contoso sales<enter><home>a"] {
        play(120, 36, keys).says("[Review]").says_not("✗ would be lost");
    }
}

#[test]
fn what_is_drawn_for_the_review_is_gone_with_it() {
    play(120, 36, SWITCH).says("✗ would be lost");
    for way_out in ["<esc>", "<enter>", "<enter><esc><esc>", "<enter>y"] {
        let left = play(120, 36, &format!("{SWITCH}{way_out}"));
        left.says_not("✗ would be lost");
        assert!(left.model.ui.timeline.lost.is_none(), "{way_out}\n{}", left.text());
    }
    // What was looked at before is looked at again.
    let looked_at = "/contoso hr<enter><home><tab><tab>www";
    let days = |keys: &str| play(120, 36, &format!("{looked_at}{keys}")).model.ui.timeline.lost.unwrap().text;
    assert!(days("").contains("older than 14 days"));
    assert!(days("t").contains("older than 7 days"));
    assert_eq!(days("t<esc>"), days(""));
}

//! Programs that some tests need: without one they fail and say so, unless somebody left it out by name.
#![allow(dead_code, clippy::panic, reason = "each test file uses its own part; a test that cannot go on fails")]

use std::io::Write as _;
use std::process::Command;

/// Tools without which somebody wants to test all the same, with commas between them.
const WITHOUT: &str = "ENVDECK_TESTS_WITHOUT";

/// Whether the tool is there. A test that returned without a word would count as passed.
#[track_caller]
pub fn is_there(tool: &str) -> bool {
    if Command::new(tool).arg("--version").output().is_ok() {
        return true;
    }
    let without = std::env::var(WITHOUT).unwrap_or_default();
    assert!(without.split(',').any(|named| named.trim() == tool), "{tool} is not installed: install it, or leave out what needs it with {WITHOUT}={tool}");
    let _ = writeln!(std::io::stderr(), "left out, as {WITHOUT} names {tool}");
    false
}

//! What the command line writes on a terminal: no row wider than it, colours only where they are wanted.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot open a terminal has to fail")]

use std::io::Read as _;

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use unicode_width::UnicodeWidthStr as _;

/// What the program writes on a terminal with so many columns.
fn on_terminal(columns: u16, variables: &[(&str, &str)], arguments: &[&str]) -> String {
    let pty = native_pty_system().openpty(PtySize { rows: 24, cols: columns, pixel_width: 0, pixel_height: 0 }).unwrap();
    let mut command = CommandBuilder::new(assert_cmd::cargo::cargo_bin!("envdeck"));
    command.args(arguments);
    command.env_remove("NO_COLOR");
    command.env("TERM", "xterm");
    variables.iter().for_each(|(name, value)| command.env(name, value));
    let mut child = pty.slave.spawn_command(command).unwrap();
    drop(pty.slave);
    let mut written = Vec::new();
    // A pty ends with an error on some systems; what was read until then counts.
    let _ = pty.master.try_clone_reader().unwrap().read_to_end(&mut written);
    child.wait().unwrap();
    String::from_utf8(written).unwrap()
}

#[test]
fn no_row_is_wider_than_the_terminal() {
    for columns in [20, 60, 80, 120] {
        for arguments in [&["list", "--demo"] as &[&str], &["backups", "Contoso Sales", "--demo"], &["targets", "copy", "--demo", "--from", "Contoso Sales"]] {
            let shown = on_terminal(columns, &[("NO_COLOR", "1")], arguments);
            for line in shown.lines().filter(|line| !line.starts_with(' ')) {
                assert!(line.width() <= usize::from(columns), "{columns} {arguments:?}: {line}");
            }
        }
    }
    let narrow = on_terminal(40, &[("NO_COLOR", "1")], &["list", "--demo"]);
    assert!(narrow.contains('…') && narrow.contains("TYPE"), "{narrow}");
    // Columns go before the names are cut to what they all begin with.
    assert!(narrow.contains("Contoso Sales UAT ") && narrow.contains("Contoso Sales Dev ") && !narrow.contains("STATE"), "{narrow}");
    let backups = on_terminal(60, &[("NO_COLOR", "1")], &["backups", "Contoso Sales", "--demo"]);
    assert!(backups.contains("Before pric…") && backups.contains("Before dupl…"), "{backups}");
}

#[test]
fn colours_only_where_they_are_wanted() {
    let list = ["list", "--demo"];
    assert!(on_terminal(80, &[], &list).contains("\u{1b}[1mNAME"));
    assert!(on_terminal(80, &[("NO_COLOR", "")], &list).contains("\u{1b}[1mNAME"));
    for variable in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        assert!(!on_terminal(80, &[variable], &list).contains('\u{1b}'), "{variable:?}");
    }
}

//! Every PowerShell text that envdeck writes is read by a real parser of the language: no machine of this project runs PowerShell.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

#[path = "support/stand_in.rs"]
mod stand_in;

use std::fs;

use stand_in::{OPERATIONS, SALES, UAT, runbook};
use tree_sitter::{Node, Parser};

/// Where the parser stumbled, each with its line.
fn faults(text: &str) -> Vec<String> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_powershell::LANGUAGE.into()).unwrap();
    let tree = parser.parse(text, None).unwrap();
    let mut found = Vec::new();
    collect(tree.root_node(), text, &mut found);
    found
}

fn collect(node: Node<'_>, text: &str, found: &mut Vec<String>) {
    if node.is_error() || node.is_missing() {
        let row = node.start_position().row;
        found.push(format!("line {}: {}", row + 1, text.lines().nth(row).unwrap_or_default()));
        return;
    }
    let mut cursor = node.walk();
    for child in node.children(&mut cursor) {
        collect(child, text, found);
    }
}

/// What the parser reads inside of quotes is data: no name may end its quotes. The commands of a text, in their order.
fn commands(text: &str) -> Vec<String> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_powershell::LANGUAGE.into()).unwrap();
    let tree = parser.parse(text, None).unwrap();
    let mut found = Vec::new();
    named(tree.root_node(), text, &mut found);
    found
}

fn named(node: Node<'_>, text: &str, found: &mut Vec<String>) {
    if node.kind() == "command_name" {
        found.push(node.utf8_text(text.as_bytes()).unwrap().to_owned());
    }
    let mut cursor = node.walk();
    for child in node.children(&mut cursor) {
        named(child, text, found);
    }
}

fn script(operation: &[&str]) -> String {
    runbook(&[operation, &["--dialect", "powershell"]].concat())
}

#[test]
fn the_scripts_of_all_operations_are_powershell() {
    for operation in OPERATIONS {
        let script = script(operation);
        let faults = faults(&script);
        assert!(faults.is_empty(), "{operation:?}: {faults:#?}");
        assert!(commands(&script).iter().any(|name| name == "Start-Runbook"), "{operation:?}");
    }
}

#[test]
fn the_script_that_collects_is_powershell() {
    let faults = faults(&fs::read_to_string("assets/collect/collect.ps1").unwrap());
    assert!(faults.is_empty(), "{faults:#?}");
}

/// The parser does say what is wrong, else the tests above hold nothing.
#[test]
fn what_is_no_powershell_is_found() {
    for broken in ["function Start-It {", "$a = @(1, 2", "Write-Host 'it''s", "if ($x) { } else"] {
        assert!(!faults(broken).is_empty(), "{broken}");
    }
}

/// A name is data wherever it stands: no quote, backtick, dollar or line break in it becomes a command.
#[test]
fn no_name_becomes_a_command() {
    let plain = commands(&script(&["copy", "--from", SALES, "--to", UAT, "--level", "everything", "--name", "Training"]));
    let hostile = [
        "'; Remove-Item x; '",
        "\"; Stop-Computer; \"",
        "`$(Stop-Computer)",
        "$(Stop-Computer)",
        "\u{2018}; Stop-Computer; \u{2019}",
        "#> Stop-Computer <#",
        "@'\nStop-Computer\n'@",
        "a\u{201d}; Stop-Computer #",
    ];
    for name in hostile {
        let text = script(&["copy", "--from", SALES, "--to", UAT, "--level", "everything", "--name", name]);
        assert!(faults(&text).is_empty(), "{name}: {:#?}", faults(&text));
        assert_eq!(commands(&text), plain, "{name}");
    }
}

//! Names made to break out of quoting, put through every dialect of a runbook.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

#[path = "support/stand_in.rs"]
mod stand_in;

use std::fs;
use std::process::Command;

use proptest::prelude::*;
use stand_in::*;
use tempfile::TempDir;

/// Names made to break out of quoting; each has to arrive in pac as it is.
const HOSTILE: &[&str] = &[
    "'; touch pwned #",
    "$(touch pwned)",
    "`touch pwned`",
    "\"; touch pwned; \"",
    "' $(touch pwned) '\\''",
    "a && touch pwned || b",
    "-rf ~ --force",
    "%s %q \\n \\x41",
    "\u{2019}; touch pwned #",
    "${IFS}touch${IFS}pwned",
    "!! !$ *? [a] {b,c} <(touch pwned) >pwned",
    "日本語 – “quoted”",
];

/// A snapshot whose source, target and tenant are called so.
fn hostile(folder: &TempDir, name: &str) -> String {
    let demo = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo.yaml")).unwrap();
    let quoted = serde_json::to_string(name).unwrap();
    let file = folder.path().join("hostile.yaml");
    let renamed = demo
        .replacen("    name: Contoso\n", &format!("    name: {quoted}\n"), 1)
        .replace("        name: Contoso Sales UAT\n", &format!("        name: {quoted}\n"))
        .replace("        name: Contoso Sales\n", &format!("        name: {quoted}\n"));
    assert!(renamed.matches(&quoted).count() >= 3);
    fs::write(&file, renamed).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn names_that_break_out_of_quoting_do_nothing_in_bash() {
    for name in HOSTILE {
        let folder = TempDir::new().unwrap();
        let snapshot = hostile(&folder, name);
        // The other dialect is quoted by the same function.
        for dialect in if name.contains("pwned #") { &SCRIPTS[..] } else { &SCRIPTS[..1] } {
            let papers = ["--ticket", name, "--purpose", name, "--approver", name, "--now", "2026-01-05T07:00:00Z"];
            let output = envdeck(
                &[
                    &[
                        "runbook",
                        "copy",
                        "--from",
                        SALES_ID,
                        "--to",
                        UAT_ID,
                        "--level",
                        "everything",
                        "-s",
                        &snapshot,
                        "--name",
                        name.trim_start_matches('-'),
                        "--dialect",
                        dialect,
                    ] as &[&str],
                    &papers.map(|value| if value.starts_with("-rf") { "rf" } else { value }),
                ]
                .concat(),
            );
            assert!(output.status.success(), "{name}: {}", text(&output.stderr));
            let script = text(&output.stdout);
            let Some(tenant) = Tenant::new() else { return };
            let after = name.trim_start_matches('-');
            let listed = called(called(Tenant::demo(), SALES_ID, "DisplayName", name), UAT_ID, "DisplayName", name);
            tenant.list(&listed);
            let command = if *dialect == "pac" { "copy" } else { "copy-environment" };
            tenant.afterwards(command, &called(listed, UAT_ID, "DisplayName", after));
            let output = tenant.run(&script, &[], &format!("{name}\ndone\n"));
            assert!(output.status.success(), "{name} {dialect}: {}{}", text(&output.stdout), text(&output.stderr));
            if *dialect == "pac" {
                let changes = tenant.changes();
                assert_eq!(changes[0][9], after, "the name arrives as it is");
            }
            assert!(!tenant.path("pwned").exists(), "{name}: something was run");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn quoted_text_comes_back_from_bash_as_it_is(texts in prop::collection::vec("[ -~\n\t\\\\'\"`$!*?#~;&|<>(){}\\[\\]éß日\u{2019}\u{202e}]{0,24}", 1..24)) {
        let words: Vec<String> = texts.iter().map(|text| envdeck::runbook::quote::bash(text)).collect();
        let output = Command::new("bash").arg("-c").arg(format!("printf '%s\\0' {}", words.join(" "))).output().unwrap();
        prop_assert!(output.status.success());
        let printed = String::from_utf8(output.stdout).unwrap();
        let back: Vec<&str> = printed.split_terminator('\0').collect();
        prop_assert_eq!(back, texts);
    }
}

/// The text of a script of PowerShell without its literals and comments, as its scanner sees it; fails where a literal has
/// no end. What is left is code: nothing of a name may be in it.
fn code_of_powershell(script: &str) -> String {
    assert!(script.is_ascii(), "a file without a mark is read in the code page of the machine");
    let (mut code, mut letters) = (String::new(), script.chars().peekable());
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => loop {
                match letters.next() {
                    Some('\'') if letters.peek() == Some(&'\'') => drop(letters.next()),
                    Some('\'') => break,
                    Some(_) => {}
                    None => panic!("a literal has no end"),
                }
            },
            '"' => loop {
                match letters.next() {
                    Some('"') => break,
                    Some('`') => drop(letters.next()),
                    Some(_) => {}
                    None => panic!("a text has no end"),
                }
            },
            '#' => drop(letters.by_ref().find(|letter| *letter == '\n')),
            letter => code.push(letter),
        }
    }
    code
}

#[test]
fn names_that_break_out_of_quoting_are_no_code_of_powershell() {
    let plain = {
        let folder = TempDir::new().unwrap();
        let snapshot = hostile(&folder, "Contoso");
        code_of_powershell(&hostile_powershell(&snapshot, "Contoso"))
    };
    assert!(plain.contains("Copy-PowerAppEnvironment -EnvironmentName") && !plain.contains("Contoso"), "{plain}");
    for name in HOSTILE {
        let folder = TempDir::new().unwrap();
        let snapshot = hostile(&folder, name);
        let code = code_of_powershell(&hostile_powershell(&snapshot, name));
        // Letters that stand there by their number are code, but not theirs.
        let code = code.replace("[char]0x", "\u{0}").split('\u{0}').enumerate().fold(String::new(), |all, (at, part)| {
            let part = if at == 0 { part } else { part.get(4..).unwrap_or_default() };
            all + part.trim_end_matches(['+', ' ', '('])
        });
        assert!(!code.contains("pwned") && !code.contains("rf ~") && !code.contains("touch"), "{name}: {code}");
    }
}

fn hostile_powershell(snapshot: &str, name: &str) -> String {
    let (after, papers) = (name.trim_start_matches('-'), name.trim_start_matches('-'));
    let output = envdeck(&[
        "runbook",
        "copy",
        "--from",
        SALES_ID,
        "--to",
        UAT_ID,
        "--level",
        "everything",
        "-s",
        snapshot,
        "--name",
        after,
        "--dialect",
        "powershell",
        "--ticket",
        papers,
        "--purpose",
        papers,
        "--now",
        "2026-01-05T07:00:00Z",
    ]);
    assert!(output.status.success(), "{name}: {}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn the_traps_of_powershell_are_seen_to() {
    let copy = runbook(&[COPY, &["--dialect", "powershell"]].concat());
    for line in [
        "# MIND: -EnvironmentName is the TARGET in Copy- and in Restore-PowerAppEnvironment, what is overwritten; the source stands in the request.",
        "Set-StrictMode -Version Latest",
        "$ErrorActionPreference = 'Stop'",
        &format!("            SourceEnvironmentId = '{SALES_ID}'"),
        "            SkipAuditData = $false",
    ] {
        assert!(copy.lines().any(|found| found == line), "{line} is missing:\n{copy}");
    }
    assert!(copy.contains(&format!(
        "{{ Copy-PowerAppEnvironment -EnvironmentName '{UAT_ID}' -CopyToRequestDefinition $request -WaitUntilFinished $true -TimeoutInMinutes 1440 }}"
    )));
    let restore = runbook(&["restore", "--from", SALES, "--to", UAT, "--at", "2026-01-04T14:35:20Z", "--dialect", "powershell"]);
    assert!(
        restore.contains("RestorePointDateTime = '2026-01-04 14:35:20'")
            && restore.contains(&format!("Restore-PowerAppEnvironment -EnvironmentName '{UAT_ID}'"))
    );
    for operation in OPERATIONS {
        let script = runbook(&[operation, &["--dialect", "powershell"] as &[&str]].concat());
        let code = code_of_powershell(&script);
        assert_eq!(code.matches(['{', '(']).count(), code.matches(['}', ')']).count(), "{operation:?}");
    }
}

#[test]
fn names_that_break_out_of_quoting_are_no_markdown() {
    for name in ["a|b", "# Approved", "[x](https://evil)", "<script>alert(1)</script>", "- [x] done", "`code`", "**bold**", "a\\\nb"] {
        let folder = TempDir::new().unwrap();
        let snapshot = hostile(&folder, name);
        let output = envdeck(&[
            "runbook",
            "copy",
            "--from",
            SALES_ID,
            "--to",
            UAT_ID,
            "--level",
            "everything",
            "-s",
            &snapshot,
            "--dialect",
            "markdown",
            "--now",
            "2026-01-05T07:00:00Z",
        ]);
        let record = text(&output.stdout);
        assert!(output.status.success(), "{}", text(&output.stderr));
        for raw in ["<script", "[x](https", "\n# Approved", "\n- [x] done", "`code`", "**bold**"] {
            assert!(!record.contains(raw), "{name}: {raw:?} is Markdown in\n{record}");
        }
    }
}

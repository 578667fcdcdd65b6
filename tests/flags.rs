//! Every command that a runbook writes, held against what Microsoft documents of it (`references/`).
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

#[path = "support/stand_in.rs"]
mod stand_in;

use std::collections::{BTreeMap, BTreeSet};

use stand_in::*;

/// What follows a flag.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Takes {
    Value,
    Switch,
    Word(Vec<String>),
    Field,
}

#[derive(Debug, Clone)]
struct Flag {
    is_required: bool,
    takes: Takes,
    name: String,
}

/// Commands with their flags.
type Reference = BTreeMap<String, Vec<Flag>>;

fn reference(text: &str) -> Reference {
    let mut commands = Reference::new();
    let mut current = String::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#') && !line.trim().is_empty()) {
        if !line.starts_with(' ') {
            current = line.to_owned();
            commands.insert(current.clone(), Vec::new());
            continue;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let takes = match words[1] {
            "value" => Takes::Value,
            "switch" => Takes::Switch,
            "word" => Takes::Word(words[3..].iter().map(|&word| word.to_owned()).collect()),
            "field" => Takes::Field,
            other => panic!("{other} in {line}"),
        };
        assert!(matches!(words[0], "required" | "optional"), "{line}");
        let flag = Flag { is_required: words[0] == "required", takes, name: words[2].to_owned() };
        commands.get_mut(&current).unwrap().push(flag);
    }
    commands
}

/// The groups of pac.
fn pac() -> BTreeMap<&'static str, Reference> {
    BTreeMap::from([
        ("admin", reference(include_str!("references/pac-admin.txt"))),
        ("environment-management", reference(include_str!("references/pac-environment-management.txt"))),
        ("auth", reference(include_str!("references/pac-auth.txt"))),
    ])
}

/// The words of a line of a shell, without their quotes.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote, mut is_word) = (Vec::new(), String::new(), None, false);
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(open), close) if open == close => quote = None,
            (Some(_), letter) => word.push(letter),
            (None, '\'' | '"') => (quote, is_word) = (Some(letter), true),
            (None, '\\') => {
                word.extend(letters.next());
                is_word = true;
            }
            (None, ' ') if is_word => {
                words.push(std::mem::take(&mut word));
                is_word = false;
            }
            (None, ' ') => {}
            (None, letter) => {
                word.push(letter);
                is_word = true;
            }
        }
    }
    if is_word {
        words.push(word);
    }
    words
}

/// The commands of pac in a script: those of its steps, and those that guard it.
fn commands(script: &str) -> Vec<Vec<String>> {
    let step = |line: &str| line.strip_prefix("change ").or_else(|| line.strip_prefix("try_out ")).map(words);
    let guard = |line: &str| {
        let (_, command) = line.split_once("$(pac ")?;
        let end = [")", " 2>", " |"].iter().filter_map(|end| command.find(end)).min().unwrap_or(command.len());
        Some(words(&format!("pac {}", command.get(..end)?)))
    };
    script.lines().map(str::trim).filter_map(|line| step(line).or_else(|| guard(line))).collect()
}

fn is_guid(text: &str) -> bool {
    text.len() == 36 && text.matches('-').count() == 4
}

/// Holds a command against the reference of its group.
#[track_caller]
fn hold(command: &[String], pac: &BTreeMap<&str, Reference>) {
    let said = command.join(" ");
    let documented = pac.get(&*command[1]).and_then(|group| group.get(&command[2])).unwrap_or_else(|| panic!("no such command: {said}"));
    let mut given: BTreeMap<&str, &str> = BTreeMap::new();
    let mut rest = command[3..].iter().map(String::as_str).peekable();
    while let Some(name) = rest.next() {
        let flag = documented.iter().find(|flag| flag.name == name).unwrap_or_else(|| panic!("{name} is not documented: {said}"));
        let value = if flag.takes == Takes::Switch { "" } else { rest.next().unwrap_or_else(|| panic!("{name} has no value: {said}")) };
        assert!(!value.starts_with("--"), "{name} has no value: {said}");
        if let Takes::Word(words) = &flag.takes {
            assert!(words.iter().any(|word| word == value), "{name} takes one of {words:?}: {said}");
        }
        assert_eq!(given.insert(name, value), None, "{name} stands there twice: {said}");
    }
    for flag in documented.iter().filter(|flag| flag.is_required) {
        assert!(given.contains_key(&*flag.name), "{} is required: {said}", flag.name);
    }
    // Without one it acts on whatever is active in the profile that is signed in.
    if documented.iter().any(|flag| flag.name == "--environment") && command[2] != "list" {
        let on = given.get("--environment").unwrap_or_else(|| panic!("it names no environment: {said}"));
        assert!(is_guid(on) || on.starts_with("https://") || on.starts_with('$'), "{said}");
    }
    for end in ["--source-environment-id", "--target-environment-id", "--source-env", "--target-env"] {
        if documented.iter().any(|flag| flag.name == end) {
            assert!(given.get(end).is_some_and(|id| is_guid(id)), "{end}: {said}");
        }
    }
}

/// Operations with choices beside those of [`OPERATIONS`].
const MORE: &[&[&str]] = &[
    &["copy", "--from", SALES, "--to", UAT, "--level", "everything", "--audit-logs"],
    &["copy", "--from", SALES, "--to", UAT, "--level", "customizations", "--audit-logs", "--security-group", "none"],
    &["copy", "--from", SALES, "--to", UAT, "--level", "everything", "--name", "It's \"new\"", "--security-group", "Vendors", "--audit-logs"],
    &["copy", "--from", PAIR, "--to", PAIR_TEST, "--level", "everything", "--fno", "import"],
    &["restore", "--from", SALES, "--to", UAT, "--backup", "b6", "--name", "Training"],
    &["restore", "--from", SALES, "--to", SALES, "--backup", "b6", "--audit-logs"],
    &["switch", UAT, "--to", "production"],
    &["admin-mode", UAT, "--to", "off"],
    &["background", UAT, "--to", "off"],
];

/// Every script of a dialect that the demo allows, under both rulebooks.
fn scripts(dialect: &str) -> Vec<String> {
    let mut scripts = Vec::new();
    for operation in OPERATIONS.iter().chain(MORE) {
        for rulebook in ["articles", "current"] {
            let output = envdeck(&[&["runbook"], operation as &[&str], &["--demo", "--rulebook", rulebook, "--dialect", dialect]].concat());
            if output.status.success() {
                scripts.push(text(&output.stdout));
            }
        }
    }
    assert!(scripts.len() > OPERATIONS.len(), "{}", scripts.len());
    scripts
}

#[test]
fn every_flag_of_pac_is_documented_and_every_command_names_its_environment() {
    let pac = pac();
    for (dialect, group, expected) in [
        ("pac", "admin", &["copy", "restore", "backup", "set-backup-retention-period", "reset", "delete", "create", "set-runtime-state"][..]),
        (
            "pac-em",
            "environment-management",
            &[
                "copy-environment",
                "restore-environment",
                "create-environment-backup",
                "delete-environment-by-id",
                "modify-environment-sku",
                "recover-environment",
                "reset-environment",
                "get-operations-for-environment",
            ],
        ),
    ] {
        let mut seen = BTreeSet::new();
        for script in scripts(dialect) {
            for command in commands(&script) {
                hold(&command, &pac);
                if command[1] == group {
                    seen.insert(command[2].clone());
                }
            }
        }
        for command in expected {
            assert!(seen.contains(*command), "{dialect} writes {seen:?}");
        }
    }
}

#[test]
fn every_parameter_of_powershell_is_documented() {
    let reference = reference(include_str!("references/powershell.txt"));
    let mut seen = BTreeSet::new();
    for script in scripts("powershell") {
        let mut fields: Option<Vec<String>> = None;
        for line in script.split("# --- Below").next().unwrap().lines().map(str::trim) {
            if line == "$request = [pscustomobject]@{" {
                fields = Some(Vec::new());
            } else if let (Some(fields), Some((field, _))) = (&mut fields, line.split_once(" = ").filter(|_| !line.starts_with("Invoke-Change"))) {
                fields.push(field.to_owned());
            }
            let Some((_, block)) = line.strip_prefix("Invoke-Change ").and_then(|line| line.rsplit_once("{ ")) else { continue };
            let words = words(block.trim_end_matches(" }"));
            let documented = reference.get(&words[0]).unwrap_or_else(|| panic!("no such cmdlet: {line}"));
            seen.insert(words[0].clone());
            let has = |name: &str| documented.iter().find(|flag| flag.name == name);
            let mut given = BTreeSet::new();
            for pair in words[1..].chunks(2) {
                assert_eq!(has(&pair[0]).map(|flag| &flag.takes), Some(&Takes::Value), "{} is not documented: {line}", pair[0]);
                assert!(pair.len() == 2 && !pair[1].starts_with('-') && given.insert(pair[0].clone()), "{line}");
            }
            for field in fields.take().unwrap_or_default() {
                assert_eq!(has(&field).map(|flag| &flag.takes), Some(&Takes::Field), "{field} is not documented: {line}");
                given.insert(field);
            }
            for flag in documented.iter().filter(|flag| flag.is_required) {
                assert!(given.contains(&flag.name), "{} is required: {line}", flag.name);
            }
        }
    }
    for cmdlet in ["Copy-PowerAppEnvironment", "Restore-PowerAppEnvironment", "Backup-PowerAppEnvironment", "Set-AdminPowerAppEnvironmentRuntimeState"] {
        assert!(seen.contains(cmdlet), "{seen:?}");
    }
}

/// The preview takes every choice that it has a flag for, and says by hand what it has none for.
#[test]
fn the_preview_takes_level_name_group_and_audit_logs() {
    let lines = |arguments: &[&str]| {
        let script = runbook(&[arguments, &["--rulebook", "current", "--dialect", "pac-em"]].concat());
        (script.lines().find_map(|line| line.trim().strip_prefix("change pac environment-management ")).map(words).unwrap(), script)
    };
    let has = |words: &[String], flag: &str, value: &str| words.windows(2).any(|pair| pair[0] == flag && pair[1] == value);
    let (copy, script) = lines(&[COPY, &["--name", "Training", "--security-group", "Vendors"]].concat());
    assert!(has(&copy, "--copy-type", "Full") && has(&copy, "--copy-options-environment-name-to-override", "Training"), "{copy:?}");
    assert!(has(&copy, "--copy-options-security-group-id-to-override", "ab37b23d-c031-4ced-86aa-2691c368e777"), "{copy:?}");
    assert!(has(&copy, "--copy-options-skip-audit-data", "true") && !script.contains("Set the security group"), "{copy:?}");
    assert!(!script.contains("is given no choice") && !script.contains("Then see to its name"));
    let (copy, _) = lines(&[COPY, &["--audit-logs"]].concat());
    assert!(has(&copy, "--copy-options-skip-audit-data", "false"), "{copy:?}");
    let (_, script) = lines(&[COPY, &["--security-group", "none"]].concat());
    assert!(script.contains("Take the security group of Contoso Sales UAT away"), "no command takes a group away");
    let (restore, _) = lines(&["restore", "--from", SALES, "--to", UAT, "--at", "2026-01-04T14:35:00Z", "--name", "Training"]);
    assert!(has(&restore, "--restore-options-environment-name-to-override", "Training"), "{restore:?}");
    assert!(has(&restore, "--restore-options-skip-audit-data", "true"), "{restore:?}");
    let (reset, _) = lines(&["reset", UAT]);
    assert!(has(&reset, "--environment", UAT_ID) && has(&reset, "--display-name", UAT), "{reset:?}");
    assert!(has(&reset, "--domain-name", "contososalesuat"), "{reset:?}");
    // What is asked for before it, as without a choice it would be US dollars and English.
    assert!(reset.iter().any(|word| word == "--currency-code") && reset.iter().any(|word| word == "--base-language-code"), "{reset:?}");
}

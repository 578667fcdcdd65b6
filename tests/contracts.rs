//! What the program promises about itself: every command has a key, the README shows the real keys and real commands, all assets load.
#![expect(clippy::disallowed_methods, reason = "these tests read sources, the README and the folder of assets")]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use envdeck::app::help;
use envdeck::app::keymap::BINDINGS;
use envdeck::domain::checklist::{TenantTrait, Trait};
use envdeck::domain::words::Word as _;
use envdeck::{cli, files};
use regex_lite::Regex;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The names of the variants of an enum, each with the type that it carries, if it carries one.
fn variants(source: &str, name: &str) -> Vec<(String, Option<String>)> {
    let head = format!("pub enum {name} {{\n");
    let (_, body) = source.split_once(&head).unwrap_or_else(|| panic!("there is no enum {name}"));
    let (body, _) = body.split_once("\n}").unwrap_or_else(|| panic!("the enum {name} has no end"));
    let lines = body.lines().map(str::trim).filter(|line| line.starts_with(char::is_alphabetic));
    lines
        .map(|line| match line.trim_end_matches(',').split_once('(') {
            Some((variant, carried)) => (variant.to_owned(), Some(carried.trim_end_matches(')').to_owned())),
            None => (line.trim_end_matches(',').to_owned(), None),
        })
        .collect()
}

#[test]
fn every_command_has_a_key() {
    let (action, list) = (read("src/app/action.rs"), read("src/app/list.rs"));
    let bound: Vec<String> = BINDINGS.iter().map(|binding| format!("{:?}", binding.command)).collect();
    let commands = variants(&action, "Command");
    assert!(commands.len() >= 6, "the commands were not found: {commands:?}");
    for (group, carried) in commands {
        let carried = carried.unwrap_or_else(|| panic!("{group} carries what it asks for"));
        let source = if carried == "Step" { &list } else { &action };
        for (command, _) in variants(source, &carried) {
            let asked = format!("{group}({command}");
            let reached = bound.iter().any(|bound| bound.strip_prefix(&asked).is_some_and(|rest| rest.starts_with(['(', ')'])));
            assert!(reached, "nobody can ask for {asked}): bind a key to it in BINDINGS, or take it out");
        }
    }
}

#[test]
#[cfg(unix)]
fn the_readme_shows_the_keys_that_there_are() {
    let readme = read("README.md").replace("\r\n", "\n");
    let between = readme.split_once("<!-- keys:begin -->").and_then(|(_, rest)| rest.split_once("<!-- keys:end -->")).map(|(table, _)| table.trim());
    let expected = help::markdown();
    assert!(
        between == Some(expected.trim()),
        "the table between <!-- keys:begin --> and <!-- keys:end --> in README.md is not that of BINDINGS, which is:\n\n{expected}"
    );
}

/// The words of a command line, with quotes as a shell reads them; a comment ends it.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for letter in line.chars() {
        match (letter, quote) {
            ('#', None) if word.is_none() => break,
            (_, Some(mark)) if letter == mark => quote = None,
            ('"' | '\'', None) => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (' ', None) => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

/// The command lines in the blocks of code of a text.
fn command_lines(text: &str) -> Vec<String> {
    let blocks = text.split("```").skip(1).step_by(2);
    blocks.flat_map(|block| block.replace("\\\n", " ").lines().map(|line| line.trim_start_matches("$ ").to_owned()).collect::<Vec<_>>()).collect()
}

#[test]
fn every_command_in_the_readme_is_understood() {
    let lines = command_lines(&read("README.md"));
    let ours: Vec<&String> = lines.iter().filter(|line| words(line).first().is_some_and(|word| word == "envdeck")).collect();
    assert!(!ours.is_empty(), "the README shows no command");
    for line in ours {
        // Up to where the shell takes over.
        let arguments: Vec<OsString> =
            words(line).into_iter().take_while(|word| !matches!(&**word, "|" | ">" | ">>" | "&&" | ";")).map(OsString::from).collect();
        let asks_for_help = arguments.iter().any(|word| word == "--help" || word == "--version");
        assert!(cli::parse(arguments).is_ok() || asks_for_help, "the README says `{line}`, which is wrong usage");
    }
    for line in lines.iter().filter(|line| line.starts_with("cargo ")) {
        let known = ["build", "run", "test", "install", "bench", "clippy", "fmt", "doc"];
        assert!(words(line).get(1).is_some_and(|command| known.contains(&&**command)), "the README says `{line}`, which cargo does not know");
    }
}

#[test]
fn command_lines_are_read_as_a_shell_reads_them() {
    assert_eq!(words("envdeck show \"Contoso Sales\" --demo   # one"), ["envdeck", "show", "Contoso Sales", "--demo"]);
    assert_eq!(command_lines("a\n```sh\n$ envdeck list \\\n  --demo\n```\nb `c`"), ["sh", "envdeck list    --demo"]);
}

fn assets(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("a folder can be listed").path();
        if path.is_dir() {
            assets(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// An asset that no source takes in is not shipped; one that is taken in loads.
#[test]
fn all_assets_are_taken_in_and_load() {
    let (mut found, mut sources) = (Vec::new(), Vec::new());
    assets(&root().join("assets"), &mut found);
    assets(&root().join("src"), &mut sources);
    let code: String = sources.iter().map(|path| fs::read_to_string(path).expect("a source can be read")).collect();
    let data: Vec<String> = found
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml" || extension == "txt"))
        .map(|path| path.strip_prefix(root()).expect("below the root").to_string_lossy().replace('\\', "/"))
        .collect();
    assert!(data.len() >= 4, "the assets were not found: {data:?}");
    for asset in &data {
        assert!(asset.starts_with("assets/checklists/") || code.contains(&format!("{asset}\"")), "{asset} is taken in by no source");
    }
    files::rulebook::built_in().unwrap_or_else(|problems| panic!("{problems}"));
    files::checklist::built_in().unwrap_or_else(|problems| panic!("{problems}"));
    files::answers::library().unwrap_or_else(|problems| panic!("{problems}"));
    let demo = files::read_demo().unwrap_or_else(|problems| panic!("{problems}"));
    assert!(demo.remarks.is_empty(), "{:?}", demo.remarks);
    assert_eq!(envdeck::domain::tables::TRUNCATED_TABLES.len(), 204);
}

/// Whoever writes a checklist has only the manual: its example has to load, and every key stands in it.
#[test]
fn the_manual_of_checklists_is_whole() {
    let manual = read("docs/checklists.md");
    let example = manual.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example").to_owned();
    let template = files::checklist::read("docs/checklists.md", std::io::Cursor::new(example)).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(template.items().count(), 4);
    let source = read("src/files/checklist.rs") + &read("src/files/checklist/parts.rs");
    let keys = Regex::new(r#"(?:optional|required)\(context, "([a-z_]+)""#).expect("a pattern");
    let known: BTreeSet<&str> = keys.captures_iter(&source).filter_map(|found| Some(found.get(1)?.as_str())).collect();
    assert!(known.len() > 30, "the keys were not found: {known:?}");
    for key in &known {
        assert!(
            manual.contains(&format!("`{key}`")) || Regex::new(&format!(r"[{{ ,`]{key}\b")).expect("a pattern").is_match(&manual),
            "the manual does not name {key}"
        );
    }
    let cells = Regex::new(r"(?m)^\| (`[^|]+) \|").expect("a pattern");
    let words = Regex::new(r"`([a-z_]+)`").expect("a pattern");
    for cell in cells.captures_iter(&manual).filter_map(|row| row.get(1)) {
        for word in words.captures_iter(cell.as_str()).filter_map(|word| word.get(1)) {
            assert!(known.contains(word.as_str()), "the manual names {}, which is no key", word.as_str());
        }
    }
    for word in Trait::words().into_iter().chain(TenantTrait::words()) {
        assert!(manual.contains(&format!("`{word}`")), "the manual does not name {word}");
    }
}

#[test]
fn every_item_of_our_own_rests_on_a_rule() {
    for template in files::checklist::built_in().unwrap_or_else(|problems| panic!("{problems}")) {
        for item in template.items() {
            assert!(!item.rules.is_empty(), "{}: {} rests on no rule", template.id, item.id);
        }
    }
}

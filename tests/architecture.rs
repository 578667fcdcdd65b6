//! The layers look down only: what each of them may name, read from its `use` lines and qualified paths.
#![expect(clippy::disallowed_methods, reason = "this test reads the sources")]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

use std::fs;
use std::path::{Path, PathBuf};

/// What a part of the program may name of other crates and of ours; `std` always.
struct Layer {
    /// Files whose path begins so; the first layer that fits counts.
    of: &'static str,
    /// Crates and our modules.
    may: &'static [&'static str],
    /// Why not more.
    why: &'static str,
}

const LAYERS: &[Layer] = &[
    Layer { of: "src/domain/", may: &["chrono", "crate::domain"], why: "the domain says what is true, whoever looks and however it is stored" },
    Layer {
        of: "src/files/",
        may: &["chrono", "serde", "serde_json", "serde_yaml", "saphyr_parser", "tempfile", "thiserror", "rustix", "crate::domain", "crate::files"],
        why: "files become facts and back, without any screen or loop",
    },
    Layer {
        of: "src/import/",
        may: &["chrono", "serde", "serde_json", "csv", "thiserror", "crate::domain", "crate::files", "crate::import"],
        why: "exports become facts, without any screen or loop",
    },
    Layer { of: "src/runbook/", may: &["chrono", "crate::domain", "crate::runbook"], why: "plans become text, without any screen, file or loop" },
    Layer { of: "src/app/keymap.rs", may: &["crossterm", "crate::app", "crate::domain"], why: "the keys of the terminal are translated here and nowhere else" },
    Layer {
        of: "src/app/",
        may: &["chrono", "fuzzy_matcher", "tui_input", "textwrap", "unicode_width", "unicode_segmentation", "crate::app", "crate::domain"],
        why: "the machine is a function of model, action and time: no terminal, no files, no clock, no drawing",
    },
    Layer {
        of: "src/view/",
        may: &["chrono", "ratatui", "tui_input", "textwrap", "unicode_width", "unicode_segmentation", "crate::app", "crate::domain", "crate::view"],
        why: "a view reads the model and writes cells, nothing else",
    },
    Layer {
        of: "src/cli/",
        may: &[
            "chrono",
            "clap",
            "clap_complete",
            "clap_mangen",
            "csv",
            "serde_json",
            "terminal_size",
            "textwrap",
            "unicode_width",
            "unicode_segmentation",
            "crate::cli",
            "crate::domain",
            "crate::files",
            "crate::import",
            "crate::runbook",
        ],
        why: "the command line answers from facts, without the console",
    },
    Layer {
        of: "src/effects.rs",
        may: &["chrono", "tokio", "crate::app", "crate::domain", "crate::files", "crate::import", "crate::runbook"],
        why: "effects do what the machine asks for and draw nothing",
    },
    Layer {
        of: "src/runtime.rs",
        may: &["chrono", "crossterm", "ratatui", "tokio", "crate::app", "crate::domain::rulebook", "crate::effects", "crate::view"],
        why: "the loop passes actions and frames on; of the domain it hands over the rulebooks and knows no rule",
    },
    Layer {
        of: "src/terminal.rs",
        may: &["crossterm", "ratatui", "rustix", "tokio", "crate::runtime"],
        why: "the terminal knows nothing of what is shown on it",
    },
];

/// Parts of allowed modules that a layer must leave alone all the same.
const NOT: &[(&str, &str, &str)] = &[
    ("src/view/", "crate::app::update", "only the loop changes the model; a view reads it"),
    ("src/view/", "crate::app::effect", "a view asks for nothing"),
    ("src/view/", "ratatui::crossterm", "a view writes cells; the terminal is not its business"),
    ("src/app/", "std::fs", "the machine names no files: it returns effects"),
    ("src/app/", "std::io", "the machine names no files and no terminal: it returns effects"),
    ("src/app/", "std::thread", "the machine runs nothing beside itself: it returns effects"),
    ("src/view/", "std::fs", "a view reads the model and nothing else"),
    ("src/view/", "std::io", "a view reads the model and nothing else"),
    ("src/domain/", "std::fs", "facts come from files through files/"),
    ("src/domain/", "std::io", "facts come from files through files/"),
    ("src/domain/", "std::env", "facts come from files, choices from arguments"),
];

/// Macros that we export stand in `crate::` itself; they come from the domain.
const EXPORTED: &str = "crate::vocabulary";

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut folders, mut files) = (vec![root.join("src")], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path: PathBuf = entry.expect("a folder can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
                files.push((name, fs::read_to_string(&path).expect("a source can be read")));
            }
        }
    }
    files.sort();
    assert!(files.len() > 40, "the sources were not found");
    files
}

/// The code of a source: without comments, texts in quotes, and what only its tests name.
fn code(source: &str) -> String {
    let source = source.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
    let mut code = String::new();
    for line in source.lines().map(|line| line.split_once("//").map_or(line, |(code, _)| code)) {
        // Every other piece between quotes is text.
        for (at, piece) in line.split('"').enumerate() {
            code.push_str(if at % 2 == 0 { piece } else { "_" });
        }
        code.push('\n');
    }
    code
}

/// Every path of two or more names in the code, such as `crate::app::model`, with `use a::{b, c::d}` written out.
fn paths(code: &str) -> Vec<String> {
    let (mut found, mut others, mut rest) = (Vec::new(), String::new(), code);
    while let Some(at) = rest.find("use ") {
        let (before, after) = rest.split_at(at);
        others.push_str(before);
        rest = after.strip_prefix("use ").unwrap_or(after);
        let begins = before.ends_with(char::is_whitespace) || (before.is_empty() && others.is_empty());
        if begins && let Some((tree, behind)) = rest.split_once(';') {
            written_out("", &tree.split_whitespace().collect::<Vec<_>>().join(" "), &mut found);
            rest = behind;
        }
    }
    others.push_str(rest);
    let is_path = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    found.extend(others.split(|letter| !is_path(letter)).filter(|word| word.contains("::")).map(|path| path.trim_matches(':').to_owned()));
    found
}

fn written_out(before: &str, tree: &str, found: &mut Vec<String>) {
    let tree = tree.trim();
    match tree.split_once('{') {
        None => found.push(format!("{before}{}", tree.split(" as ").next().unwrap_or(tree))),
        Some((head, inner)) => {
            let inner = inner.trim_end().strip_suffix('}').unwrap_or(inner);
            let (mut depth, mut item) = (0, String::new());
            for letter in inner.chars().chain([',']) {
                match letter {
                    ',' if depth == 0 => written_out(&format!("{before}{head}"), &std::mem::take(&mut item), found),
                    _ => {
                        depth += i32::from(letter == '{') - i32::from(letter == '}');
                        item.push(letter);
                    }
                }
            }
        }
    }
}

/// The crates that are used, as they are called in code.
fn crates() -> Vec<String> {
    let manifest = include_str!("../Cargo.toml");
    let dependencies = manifest.lines().skip_while(|line| *line != "[dependencies]").take_while(|line| *line != "[dev-dependencies]");
    let names: Vec<String> = dependencies.filter_map(|line| line.split_once(" = ")).map(|(name, _)| name.replace('-', "_")).collect();
    assert!(names.iter().any(|name| name == "ratatui"), "the dependencies were not found");
    names
}

/// Whether `path` is `allowed` or inside it.
fn within(path: &str, allowed: &str) -> bool {
    path.strip_prefix(allowed).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// What is wrong with one source.
fn violations(name: &str, source: &str, crates: &[String]) -> Vec<String> {
    let paths = paths(&code(source));
    let mut wrong = Vec::new();
    if let Some(layer) = LAYERS.iter().find(|layer| name.starts_with(layer.of)) {
        for path in &paths {
            let first = path.split("::").next().unwrap_or_default();
            let ours = first == "crate" && path != EXPORTED;
            let foreign = crates.iter().any(|name| name == first);
            if (ours || foreign) && !layer.may.iter().any(|allowed| within(path, allowed)) {
                wrong.push(format!("{name} names `{path}`, which {} may not: {}", layer.of, layer.why));
            }
        }
    }
    for (of, path, why) in NOT.iter().filter(|(of, _, _)| name.starts_with(of)) {
        if let Some(named) = paths.iter().find(|named| within(named, path)) {
            wrong.push(format!("{name} names `{named}`, which {of} may not: {why}"));
        }
    }
    wrong
}

#[test]
fn layers_look_down_only() {
    let crates = crates();
    let wrong: Vec<String> = sources().iter().flat_map(|(name, source)| violations(name, source, &crates)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The scanner itself: what it must see, and what it must not take for code.
#[test]
fn a_violation_is_seen_however_it_is_written() {
    let crates = crates();
    let seen = |name: &str, source: &str| violations(name, source, &crates).len();
    for (name, source) in [
        ("src/domain/copy.rs", "use serde::Serialize;"),
        ("src/domain/copy.rs", "fn f() { let _ = crate::files::read_demo(); }"),
        ("src/domain/copy.rs", "use std::{fmt, fs::File};"),
        ("src/app/update.rs", "use crate::{domain::known::Known, view::paint::{Paint, columns}};"),
        ("src/app/update.rs", "    use crossterm::event::KeyCode;"),
        ("src/view/mod.rs", "use crate::app::{\n    model::Model,\n    update::update as change,\n};"),
        ("src/view/mod.rs", "fn f() -> crossterm::event::KeyCode {}"),
        ("src/cli/list.rs", "pub use crate::app::model::Model;"),
        ("src/runtime.rs", "use crate::domain::copy;"),
    ] {
        assert_ne!(seen(name, source), 0, "{name}: {source}");
    }
    for (name, source) in [
        ("src/app/keymap.rs", "use crossterm::event::KeyCode;"),
        ("src/domain/copy.rs", "// use serde::Serialize;\nfn f() -> &str { \"use serde::Serialize;\" }"),
        ("src/domain/copy.rs", "/// See [`crate::files`].\nuse crate::vocabulary;\n#[cfg(test)]\nmod tests {\n    use crate::files;\n}"),
        ("src/view/mod.rs", "use crate::app::model::{File, Model};"),
    ] {
        assert_eq!(violations(name, source, &crates), Vec::<String>::new(), "{name}: {source}");
    }
}

#[test]
fn every_source_says_first_what_it_is_for() {
    for (name, source) in sources() {
        let first = source.lines().next().unwrap_or_default();
        let words = first.strip_prefix("//! ").unwrap_or_default().split_whitespace().count();
        assert!(words >= 4, "{name} has to open with a `//!` sentence that says what it is for, so that nobody has to read it to find out");
    }
}

#[test]
fn no_source_is_longer_than_a_person_reads() {
    const LINES: usize = 700;
    for (name, source) in sources() {
        let lines = source.lines().count();
        assert!(lines <= LINES, "{name} has {lines} lines: over {LINES} nobody finds anything, so split it by what it is about");
    }
}

#[test]
fn every_layer_of_the_table_is_there() {
    let sources = sources();
    for (name, _) in &sources {
        let known = LAYERS.iter().any(|layer| name.starts_with(layer.of)) || ["src/lib.rs", "src/main.rs", "src/console.rs"].contains(&&**name);
        assert!(known, "{name} belongs to no layer: add it to the table in DESIGN.md and here, with what it may name");
    }
}

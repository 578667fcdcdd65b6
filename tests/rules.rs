//! What is promised about the rules: every one that the program can name is explained, with its article and what to do.
#![expect(clippy::disallowed_methods, reason = "this test reads sources and assets")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use envdeck::domain::operation::OperationKind;
use envdeck::domain::request::judge::codes;
use envdeck::domain::rules::Rules;
use envdeck::domain::words::Word as _;
use envdeck::files;
use regex_lite::Regex;

/// How many rules each area has.
const AREAS: [(&str, usize); 14] = [
    ("ENV", 32),
    ("CPY", 43),
    ("TRN", 14),
    ("PCP", 45),
    ("BKP", 82),
    ("RST", 67),
    ("RCV", 8),
    ("IOM", 53),
    ("TTM", 119),
    ("LNK", 40),
    ("C", 53),
    ("G", 26),
    ("CUR", 34),
    ("OWN", 4),
];

fn rules() -> Rules {
    files::rules::built_in().unwrap_or_else(|problems| panic!("{problems}"))
}

fn id() -> Regex {
    Regex::new(r"\b(ENV|CPY|TRN|PCP|BKP|RST|RCV|IOM|TTM|LNK|CUR|C|G)-\d+\b|\b(STALE|EDITIONS|ROLES|MICROSOFT)\b").expect("a regular expression")
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("a folder can be listed").path();
        if path.is_dir() { files_below(&path, found) } else { found.push(path) }
    }
}

/// The files below a folder of the repository, by their names.
fn read_below(folder: &str) -> BTreeMap<String, String> {
    let mut found = Vec::new();
    files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    found.into_iter().map(|path| (path.display().to_string(), fs::read_to_string(&path).expect("a file can be read"))).collect()
}

/// The ids in the values of YAML, without its comments.
fn ids_in_yaml(text: &str) -> BTreeSet<String> {
    let id = id();
    let code = text.lines().map(|line| if line.trim_start().starts_with('#') { "" } else { line.split(" # ").next().unwrap_or_default() });
    code.flat_map(|line| id.find_iter(line).map(|found| found.as_str().to_owned()).collect::<Vec<_>>()).collect()
}

/// The ids in the texts of Rust, without its comments and tests.
fn ids_in_rust(text: &str) -> BTreeSet<String> {
    let id = id();
    let code = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
    let mut found = BTreeSet::new();
    for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for quoted in line.split('"').skip(1).step_by(2) {
            found.extend(id.find_iter(quoted).map(|found| found.as_str().to_owned()));
        }
    }
    found
}

#[test]
fn every_rule_is_there() {
    let rules = rules();
    let counts: Vec<(&str, usize)> = rules.areas().iter().map(|area| (&*area.id, rules.of_area(area).len())).collect();
    assert_eq!(counts, AREAS);
    for (area, count) in AREAS.into_iter().filter(|(area, _)| *area != "OWN") {
        // The two-digit areas are those that settle what the articles leave open.
        let width = if area.len() == 1 { 2 } else { 3 };
        for number in 1..=count {
            let id = format!("{area}-{number:0width$}");
            assert_eq!(rules.find(&id).map(|rule| &*rule.id), Some(id.as_str()));
        }
    }
}

#[test]
fn every_rule_is_complete() {
    let rules = rules();
    let host = Regex::new(r"^https://[a-z0-9.]+/?").expect("a regular expression");
    let unfinished = Regex::new(r"(?i)\bseeds?\b|\b00[0-4]:L|\bFAQ\b|\bTODO\b|\bUnit:|our reading").expect("a regular expression");
    let id = id();
    for rule in rules.all() {
        let texts = [Some(&*rule.text), rule.what_to_do.as_deref()];
        for text in texts.into_iter().flatten() {
            assert!(text.len() > 10 && text.trim() == text, "{}: {text:?}", rule.id);
            assert!(text.ends_with(['.', '?', ':', ')', '"']), "{}: {text:?} has no end", rule.id);
            assert!(!unfinished.is_match(text), "{}: {text:?} speaks to those who wrote the rules, not to an admin", rule.id);
            for named in id.find_iter(text) {
                assert!(rules.find(named.as_str()).is_some(), "{} names {}, which there is not", rule.id, named.as_str());
            }
        }
        assert!(!rule.article.title.is_empty(), "{} has no article", rule.id);
        assert!(rule.article.url.iter().map(|url| &**url).chain(rule.links.iter().map(|link| &*link.url)).all(|url| host.is_match(url)), "{}", rule.id);
        for other in rules.related(rule) {
            assert!(other.id != rule.id && rules.related(other).any(|back| back.id == rule.id), "{} and {}", rule.id, other.id);
        }
    }
}

/// What a rule refers to is one step away: Enter goes to it.
#[test]
fn a_rule_that_is_named_in_a_text_is_related() {
    let (rules, id) = (rules(), id());
    for rule in rules.all() {
        let related: Vec<&str> = rules.related(rule).map(|rule| &*rule.id).collect();
        for text in [Some(&*rule.text), rule.what_to_do.as_deref()].into_iter().flatten() {
            for named in id.find_iter(text).filter(|named| named.as_str() != &*rule.id) {
                assert!(related.contains(&named.as_str()), "{} names {} and is not related to it", rule.id, named.as_str());
            }
        }
    }
}

/// A finding, an item of a checklist and the console itself name no rule that cannot be looked up.
#[test]
fn every_rule_that_the_program_can_name_is_explained() {
    let rules = rules();
    let mut named: BTreeMap<String, String> = BTreeMap::new();
    // What decides something says what to do as well.
    let mut decides: BTreeSet<String> = BTreeSet::from(["STALE", "EDITIONS", "ROLES"].map(str::to_owned));
    for (file, text) in read_below("assets/rulebook") {
        let ids = ids_in_yaml(&text);
        assert!(!ids.is_empty(), "{file} names no rule");
        decides.extend(ids.iter().cloned());
        named.extend(ids.into_iter().map(|id| (id, file.clone())));
    }
    for (file, text) in read_below("assets/checklists") {
        let ids = ids_in_yaml(&text);
        assert!(ids.len() > 5, "{file} names hardly any rules");
        named.extend(ids.into_iter().map(|id| (id, file.clone())));
    }
    for (file, text) in read_below("src") {
        let ids = ids_in_rust(&text);
        if file.contains("/domain/") {
            decides.extend(ids.iter().cloned());
        }
        named.extend(ids.into_iter().map(|id| (id, file.clone())));
    }
    assert!(named.len() > 80, "the rules were not found: {named:?}");
    for (id, file) in &named {
        let rule = rules.find(id).unwrap_or_else(|| panic!("{file} names {id}, which nothing explains: add it to assets/rules/"));
        assert_eq!(&*rule.id, id, "{file} writes it differently");
    }
    for id in &decides {
        let rule = rules.find(id).unwrap_or_else(|| panic!("{id} decides and is not explained"));
        assert!(rule.what_to_do.is_some(), "{id} decides something and does not say what to do: give it a `do` in assets/rules/");
    }
}

#[test]
fn the_scanners_see_ids_and_pass_over_comments() {
    assert_eq!(ids_in_yaml("a: { rule: CPY-005, b: [C-17] } # G-02\n# G-03\n"), BTreeSet::from(["C-17", "CPY-005"].map(str::to_owned)));
    assert_eq!(ids_in_rust("// \"CPY-001\"\nlet a = (\"CPY-005\", G-02, \"see C-17\");"), BTreeSet::from(["C-17", "CPY-005"].map(str::to_owned)));
}

/// The later of two rows would count without a word.
#[test]
fn no_reason_stands_twice_about_an_operation() {
    for about in OperationKind::ALL {
        let mut seen = BTreeSet::new();
        for code in codes(*about) {
            assert!(seen.insert(code.word()), "{}: {}", about.word(), code.word());
        }
    }
    for edition in ["articles", "current"] {
        let text = fs::read_to_string(format!("assets/rulebook/{edition}.yaml")).expect("a rulebook");
        let (mut section, mut seen) = (String::new(), BTreeSet::new());
        for line in text.lines().filter(|line| !line.trim_start().starts_with(['#', '-'])) {
            let Some((key, _)) = line.split_once(':') else { continue };
            let depth = key.len() - key.trim_start().len();
            match depth {
                0 => section = key.to_owned(),
                2 => {
                    let top = section.split('/').next().unwrap_or_default().to_owned();
                    section = format!("{top}/{}", key.trim());
                    assert!(seen.insert(section.clone()), "{edition}: {section}");
                }
                4 => assert!(seen.insert(format!("{section}/{}", key.trim())), "{edition}: {section}/{}", key.trim()),
                _ => {}
            }
        }
    }
}

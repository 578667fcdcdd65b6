//! Nothing that a file, a name or an argument holds is acted on by a terminal, whichever command tells it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use envdeck::domain::text::harmless;
use envdeck::files::{checklist, journal, snapshot};
use serde_json::{Map, Value};
use support::Console;

/// One of every class: the start of a title and its end, colours, C1, delete, carriage return, backspace, a line and a
/// paragraph end, what turns a line around, what cannot be seen, and tags.
const HOSTILE: &str =
    "\u{1b}]0;PWN\u{7}\u{1b}[31m\u{1b}[2J\u{9b}2J\u{90}x\u{9c}\u{85}\u{7f}\r\u{8}\n\u{202e}\u{2066}\u{200f}\u{2028}\u{2029}\u{200b}\u{feff}\u{ad}\u{e0041}";

const NOW: &str = "2026-01-05T09:00:00Z";

fn golden(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/golden").join(name)).unwrap()
}

/// The file as a value; what is written of it again is YAML too.
fn parsed(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

/// Steps to every text and every key of a file.
#[derive(Debug, Clone)]
enum Step {
    Key(String),
    At(usize),
}

fn places(value: &Value, path: &[Step], texts: &mut Vec<Vec<Step>>, maps: &mut Vec<Vec<Step>>) {
    let below = |step: Step| [path, &[step]].concat();
    match value {
        Value::String(_) => texts.push(path.to_vec()),
        Value::Array(items) => items.iter().enumerate().for_each(|(at, item)| places(item, &below(Step::At(at)), texts, maps)),
        Value::Object(map) => {
            maps.push(path.to_vec());
            map.iter().for_each(|(key, item)| places(item, &below(Step::Key(key.clone())), texts, maps));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn at<'a>(value: &'a mut Value, path: &[Step]) -> &'a mut Value {
    path.iter().fold(value, |value, step| match step {
        Step::Key(key) => &mut value[key],
        Step::At(at) => &mut value[*at],
    })
}

/// YAML of the value, in which `none` is the word again and what is hostile stands in quotes, escaped.
fn written(value: &Value) -> String {
    let mut value = value.clone();
    // The version has to stand in the first line.
    let schema = if let Value::Object(map) = &mut value { map.remove("schema") } else { None };
    let head = schema.map_or_else(String::new, |schema| format!("schema: {}\n", schema.as_str().unwrap()));
    let rest: String = match &value {
        Value::Object(map) => map.iter().map(|(key, item)| format!("{}: {item}\n", Value::from(key.clone()))).collect(),
        other => other.to_string(),
    };
    head + &rest.replace(":\"none\"", ": none").replace(": \"none\"", ": none")
}

#[track_caller]
fn is_harmless(text: &str, of: impl FnOnce() -> String) {
    for line in text.split('\n') {
        // Sheets end their lines as Windows does; scripts indent by tabs.
        let line = line.strip_suffix('\r').unwrap_or(line).replace('\t', " ");
        assert_eq!(harmless(&line), line, "{}", of());
    }
}

/// The file with everything hostile in it that may be any text, the same text everywhere made the same; and what readers say
/// of each kind of text and of map that is hostile.
fn poisoned(text: &str, read: impl Fn(&str) -> Result<(), String>) -> (String, usize) {
    let whole = parsed(text);
    assert_eq!(read(&written(&whole)), Ok(()));
    let (mut texts, mut maps) = (Vec::new(), Vec::new());
    places(&whole, &[], &mut texts, &mut maps);
    let mut poisoned = whole.clone();
    let mut taken = 0;
    let poison = |text: &mut Value| *text = Value::from(format!("{}{HOSTILE}", text.as_str().unwrap()));
    // What one item of a list may say, all may.
    let kind = |path: &[Step]| path.iter().map(|step| if let Step::Key(key) = step { key.as_str() } else { "[]" }).collect::<Vec<_>>().join("/");
    let mut may_be_any: BTreeMap<String, bool> = BTreeMap::new();
    for path in &texts {
        let is_text = *may_be_any.entry(kind(path)).or_insert_with(|| {
            let mut one = whole.clone();
            poison(at(&mut one, path));
            let said = read(&written(&one));
            if let Err(problems) = &said {
                is_harmless(problems, || format!("{path:?}"));
            }
            said.is_ok()
        });
        if is_text {
            poison(at(&mut poisoned, path));
            taken += 1;
        }
    }
    let mut looked: BTreeSet<String> = BTreeSet::new();
    for path in maps.iter().filter(|path| looked.insert(kind(path))) {
        let mut one = whole.clone();
        if let Value::Object(map) = at(&mut one, path) {
            map.insert(HOSTILE.to_owned(), Value::from(HOSTILE));
        }
        if let Err(problems) = read(&written(&one)) {
            is_harmless(&problems, || format!("a key in {path:?}"));
        }
    }
    (written(&poisoned), taken)
}

fn of_snapshot(text: &str) -> Result<(), String> {
    snapshot::read("x.yaml", Cursor::new(text.to_owned())).map(drop).map_err(|problems| problems.to_string())
}

fn of_journal(text: &str) -> Result<(), String> {
    journal::read("x.journal.yaml", Cursor::new(text.to_owned())).map(drop).map_err(|problems| problems.to_string())
}

/// A folder with a poisoned estate in it, its journal beside it, checklists and a mapping file.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        static FILES: LazyLock<[(String, usize); 2]> =
            LazyLock::new(|| [poisoned(&golden("estate.yaml"), of_snapshot), poisoned(&golden("every-kind.journal.yaml"), of_journal)]);
        let [(estate, texts), (entries, of_entries)] = &*FILES;
        assert!(*texts > 150 && *of_entries > 50, "{texts} {of_entries}");
        let folder = Self(tempfile::tempdir().unwrap());
        std::fs::write(folder.path("x.yaml"), estate).unwrap();
        std::fs::write(folder.path("x.journal.yaml"), entries).unwrap();
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let mut command = assert_cmd::cargo::cargo_bin_cmd!("envdeck");
        for variable in ["ENVDECK_SNAPSHOT", "ENVDECK_AS", "NO_COLOR"] {
            command.env_remove(variable);
        }
        let output = command.current_dir(self.0.path()).args(arguments).output().unwrap();
        let all = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        is_harmless(&all, || format!("{arguments:?}: {all:?}"));
        (output.status.code(), all)
    }
}

/// The id that an environment of the estate has once all is hostile.
fn id(name: &str) -> String {
    let estate = parsed(&golden("estate.yaml"));
    let environments: Vec<Map<String, Value>> = estate["tenants"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|tenant| tenant["environments"].as_array().unwrap())
        .map(|of| of.as_object().unwrap().clone())
        .collect();
    let found = environments.iter().find(|of| of["name"] == name).unwrap_or_else(|| panic!("{name} is not there"));
    format!("{}{HOSTILE}", found["id"].as_str().unwrap())
}

#[test]
fn no_text_of_a_snapshot_or_a_journal_is_acted_on_whatever_tells_it() {
    let folder = Folder::new();
    let [sales, uat, hr] = ["Contoso Sales", "Contoso Sales UAT", "Contoso HR"].map(id);
    let asked: &[&[&str]] = &[
        &["list"],
        &["show", &sales],
        &["backups", &sales],
        &["attention"],
        &["journal"],
        &["checklist", &uat],
        &["checklist", &hr],
        &["targets", "copy", "--from", &sales],
        &["targets", "restore", "--from", &sales],
        &["check", "copy", "--from", &sales, "--to", &uat, "--level", "everything"],
        &["check", "restore", "--from", &sales, "--to", &uat, "--at", "2026-01-02T18:00:00Z"],
        &["check", "delete-backup", &sales],
        &["check", "delete", &hr],
        &["check", "switch", &sales, "--to", "sandbox"],
        &["check", "reset", &uat],
    ];
    let mut statuses = Vec::new();
    for arguments in asked {
        for format in ["table", "json", "csv"] {
            let (status, said) = folder.run(&[*arguments, &["-s", "x.yaml", "--now", NOW, "--format", format]].concat());
            assert!(matches!(status, Some(0 | 1)) || said.contains("csv"), "{arguments:?} {format}: {said}");
            statuses.push(status);
        }
    }
    assert!(statuses.contains(&Some(0)));
    for dialect in ["pac", "pac-em", "powershell", "markdown"] {
        let (status, said) = folder.run(&["runbook", "delete", &uat, "-s", "x.yaml", "--now", NOW, "--dialect", dialect]);
        assert!(status == Some(0) || said.contains("id"), "{dialect}: {said}");
    }
    folder.run(&["validate", "x.yaml", "x.journal.yaml"]);
    for keys in ["", "<tab>", "c", "c<enter>", "r", "A", "o", "J", "?", ":", "nhello", "m", "p", "e", "E", "/contoso<enter><tab><tab><down*5>"] {
        for (size, (width, height)) in [("60x16", (60, 16)), ("160x50", (160, 50))] {
            folder.run(&["x.yaml", "--read-only", "--now", NOW, "--keys", keys, "--print", "--size", size]);
            let screen = Console::on(folder.path("x.yaml")).at(NOW).size(width, height).read_only().play(keys);
            for cell in &screen.buffer.content {
                is_harmless(cell.symbol(), || format!("{keys} at {size}: {:?}\n{}", cell.symbol(), screen.text()));
            }
        }
    }
}

#[test]
fn no_text_of_a_checklist_or_a_mapping_file_is_acted_on() {
    let folder = Folder::new();
    let lists = folder.path("lists");
    std::fs::create_dir(&lists).unwrap();
    let file = lists.join("team.yaml");
    let of_checklist = |text: &str| {
        std::fs::write(&file, text).unwrap();
        checklist::all(Some(&lists)).map(drop).map_err(|problems| problems.to_string())
    };
    let list = "checklist: tell-everybody\ntitle: Tell everybody\nopened_by: [copy]\nsections:\n  - id: mails\n    title: Mails\n    items:\n      - { id: testers, text: Write to the testers, help: [Ask for a window], mandatory: true }\n";
    let (text, taken) = poisoned(list, of_checklist);
    assert!(taken > 0, "{text}");
    std::fs::write(&file, &text).unwrap();
    folder.run(&["checklist", &id("Contoso Sales UAT"), "-s", "x.yaml", "--now", NOW, "--checklists", "lists"]);
    let row = format!("isaac@contoso.com{HOSTILE},isaac@fabrikam.com{HOSTILE}\n");
    for csv in [&row, &format!("Source,Destination\n{row}"), &format!("\"{HOSTILE}\",\"{HOSTILE}\"\n"), HOSTILE] {
        std::fs::write(folder.path("usermapping.csv"), csv).unwrap();
        for format in ["table", "json", "csv"] {
            folder.run(&["lint-mapping", "usermapping.csv", "-s", "x.yaml", "--now", NOW, "--format", format]);
        }
        folder.run(&["check", "migrate", &id("Contoso Sales"), "--to-tenant", "Fabrikam", "--mapping", "usermapping.csv", "-s", "x.yaml", "--now", NOW]);
    }
}

/// File names, and everything that can be typed behind the name of the program or into its environment.
#[test]
fn no_argument_is_acted_on() {
    let folder = Folder::new();
    // No file system takes a NUL, and these have no slash.
    let strange = format!("{}.yaml", HOSTILE.replace('/', ""));
    std::fs::copy(folder.path("x.yaml"), folder.path(&strange)).unwrap();
    std::fs::write(folder.path(&strange).with_extension("journal.yaml"), "schema: envdeck-journal/1\nentries: [{}]\n").unwrap();
    for arguments in [
        &["list", "-s", &strange] as &[&str],
        &["validate", &strange],
        &["list", "-s", HOSTILE],
        &[&strange, "--print", "--keys", "q"],
        &[HOSTILE, "--print"],
        &["--print", "--keys", HOSTILE],
        &[HOSTILE],
        &["explain", HOSTILE],
        &["show", HOSTILE, "-s", "x.yaml"],
        &["list", "--demo", "--filter", HOSTILE],
        &["list", "--demo", "--tenant", HOSTILE],
        &["list", "--demo", "--now", HOSTILE],
        &["check", "restore", "--demo", "--from", "Contoso Sales", "--to", "Contoso HR", "--at", HOSTILE],
        &["check", "restore", "--demo", "--from", "Contoso Sales", "--to", "Contoso HR", "--backup", HOSTILE],
        &["check", "rename-url", "--demo", "Contoso Sales", "--url", HOSTILE],
        &["check", "edit", "--demo", "Contoso Sales", "--name", HOSTILE, "--security-group", HOSTILE],
        &["check", "backup", "--demo", "Contoso Sales", "--name", HOSTILE],
        &["runbook", "backup", "--demo", "Contoso Sales", "--name", HOSTILE],
        &["runbook", "plan", HOSTILE, "Contoso Sales", "--demo"],
        &["import", HOSTILE],
        &["import", "--into", HOSTILE, "x.yaml"],
        &["lint-mapping", HOSTILE],
        &["list", "--demo", "--checklists", HOSTILE],
        &["completions", HOSTILE],
        &["man", HOSTILE],
        &["schema", HOSTILE],
    ] {
        folder.run(arguments);
    }
}

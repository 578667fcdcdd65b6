//! Every surface that tells of an operation tells all of its account: the review, `check`, `targets`, scripts and their
//! dry run, the change record, the journal and the evidence.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

#[path = "support/stand_in.rs"]
mod stand_in;

use std::fs;
use std::path::PathBuf;

use envdeck::domain::request::account::Topic;
use envdeck::domain::words::Word as _;
use serde_json::Value;
use stand_in::{PAIR, PAIR_TEST, RETURNS, SALES, UAT, bash, envdeck, text};

const NOW: &str = "2026-01-05T07:00:00Z";

/// An operation: how the command line asks for it, and by which keys the console comes to its review.
struct Case {
    words: &'static [&'static str],
    keys: &'static str,
}

/// All sixteen, with choices that have lines of their own in an account. `@` is the folder of the snapshot.
const CASES: &[Case] = &[
    Case {
        words: &["copy", "--from", SALES, "--to", UAT, "--level", "everything"],
        keys: "/contoso sales<enter><home>c<enter>/sales uat<enter><enter><enter>",
    },
    Case {
        words: &["copy", "--from", SALES, "--to", UAT, "--level", "customizations", "--name", "Training", "--security-group", "Order Desk"],
        keys: "/contoso sales<enter><home>c<down><enter>/sales uat<enter><enter><c-u>Training<tab><left><enter>",
    },
    Case {
        words: &["copy", "--from", PAIR, "--to", PAIR_TEST, "--level", "everything", "--half", "import"],
        keys: "/supply chain<enter><home>c<enter>/supply chain test<enter><enter><s-tab><right><enter>",
    },
    Case {
        words: &["restore", "--from", SALES, "--to", UAT, "--at", "2026-01-04T14:35:00Z"],
        keys: "/contoso sales<enter><home>r<c-u>2026-01-04 14:35<enter>/sales uat<enter><enter><enter>",
    },
    Case {
        words: &["restore", "--from", SALES, "--to", UAT, "--backup", "b7"],
        keys: "/contoso sales<enter><home>r<down><enter>/sales uat<enter><enter><enter>",
    },
    Case { words: &["backup", SALES, "--name", "Before go-live"], keys: "/contoso sales<enter><home>bBefore go-live<enter>" },
    Case { words: &["delete-backup", SALES, "--backup", "b7"], keys: "/contoso sales<enter><home>d<enter>" },
    Case { words: &["retention", "Contoso HR", "--days", "14"], keys: "/contoso hr<enter><home>R<home><down><enter>" },
    Case { words: &["switch", "Contoso HR", "--to", "sandbox"], keys: "/contoso hr<enter><home>t" },
    Case { words: &["reset", UAT], keys: "/sales uat<enter>X" },
    Case { words: &["delete", UAT], keys: "/sales uat<enter>D" },
    Case { words: &["recover", RETURNS], keys: "/returns<enter>V" },
    Case { words: &["create", SALES, "--name", "Training"], keys: "/contoso sales<enter><home>NTraining<enter>" },
    Case { words: &["edit", UAT, "--name", "Training", "--security-group", "none"], keys: "/sales uat<enter>E<c-u>Training<tab><right><enter>" },
    Case {
        words: &["rename-url", UAT, "--url", "https://contosotraining.crm4.dynamics.com"],
        keys: "/sales uat<enter>W<c-u>https://contosotraining.crm4.dynamics.com<enter>",
    },
    Case { words: &["admin-mode", UAT, "--to", "on"], keys: "/sales uat<enter>a" },
    Case { words: &["background", UAT, "--to", "off"], keys: "/sales uat<enter>B" },
    Case { words: &["delete-fno", PAIR_TEST], keys: "/supply chain test<enter>F" },
    Case {
        words: &["migrate", "Fabrikam Sales Test", "--to-tenant", "Contoso", "--mapping", "@/test.csv"],
        keys: "T/fabrikam sales test<enter><home>m<enter><enter>@/test.csv<enter><enter><enter>",
    },
];

/// The demo estate in a folder of its own, with a mapping file.
struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        let files = Self(tempfile::tempdir().unwrap());
        // In Fabrikam the operator of the demo may not move anything.
        let demo = fs::read_to_string("assets/demo.yaml").unwrap().replace("[service-admin]", "[power-platform-admin]");
        fs::write(files.snapshot(), demo).unwrap();
        fs::write(files.0.path().join("test.csv"), "carla@fabrikam.com, carla@contoso.com\n").unwrap();
        files
    }

    fn snapshot(&self) -> PathBuf {
        self.0.path().join("demo.yaml")
    }

    fn said(&self, arguments: &[&str]) -> String {
        let folder = self.0.path().to_str().unwrap();
        let placed: Vec<String> = arguments.iter().map(|argument| argument.replace('@', folder)).collect();
        let snapshot = self.snapshot().display().to_string();
        let about = ["-s", &snapshot, "--now", NOW];
        let output = envdeck(&placed.iter().map(String::as_str).chain(about).collect::<Vec<_>>());
        assert!(!output.stdout.is_empty(), "{arguments:?} says nothing: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// What stands on a screen that is high enough for all of it, after these keys.
    fn screen(&self, keys: &str) -> String {
        let snapshot = self.snapshot().display().to_string();
        let keys = keys.replace('@', self.0.path().to_str().unwrap());
        text(&envdeck(&[&snapshot, "--now", NOW, "--keys", &keys, "--print", "--size", "160x120"]).stdout)
    }

    fn script(&self, case: &Case, dialect: &str) -> String {
        let waits: Vec<String> = case.findings(self).into_iter().filter(|(_, waits)| *waits).map(|(code, _)| code).collect();
        let mut arguments = vec!["runbook"];
        arguments.extend(case.words);
        arguments.extend(["--dialect", dialect]);
        if !waits.is_empty() {
            arguments.push("--acknowledge");
            arguments.extend(waits.iter().map(String::as_str));
        }
        self.said(&arguments)
    }
}

impl Case {
    fn checked(&self, files: &Files) -> Value {
        serde_json::from_str(&files.said(&[&["check"], self.words, &["--format", "json"]].concat())).unwrap()
    }

    /// The reasons by their codes, and whether somebody has to acknowledge them.
    fn findings(&self, files: &Files) -> Vec<(String, bool)> {
        let answer = self.checked(files);
        let findings = answer["findings"].as_array().unwrap().iter();
        findings.map(|finding| (finding["code"].as_str().unwrap().to_owned(), finding["acknowledge"] == true)).collect()
    }

    /// The lines of its account, each with what it is about.
    fn account(&self, files: &Files) -> Vec<(String, String)> {
        let answer = self.checked(files);
        let said = |line: &Value, key: &str| line[key].as_str().unwrap().to_owned();
        answer["account"].as_array().unwrap().iter().map(|line| (said(line, "topic"), said(line, "text"))).collect()
    }

    /// Records it, as somebody who comes from the review.
    fn recorded(&self, files: &Files) {
        let review = files.screen(self.keys);
        let waits = review.matches("[ ]").count();
        // The name that has to be typed is the one that the form asks for.
        let asked = |screen: &str| screen.split_once("Type ").and_then(|(_, rest)| Some(rest.split_once(" to confirm")?.0.to_owned()));
        let ways = format!("{}{}", self.keys, "a".repeat(waits));
        let grave = if files.screen(&ways).contains("Take it upon yourself") {
            let answer = self.checked(files);
            let target = answer.get("to").unwrap_or(&answer["environment"]);
            format!("<c-u>{}<enter>", target["name"].as_str().unwrap())
        } else {
            String::new()
        };
        let form = format!("{ways}{grave}<enter><down><enter>");
        let typed = asked(&files.screen(&form)).map_or_else(String::new, |name| format!("<tab><tab>{name}"));
        files.screen(&format!("{form}CHG1{typed}<enter>"));
        let journal = fs::read_to_string(files.0.path().join("demo.journal.yaml")).unwrap_or_default();
        assert!(journal.contains("operation:"), "{:?} is not recorded:\n{}", self.words, files.screen(&format!("{form}CHG1{typed}")));
    }
}

/// A way to hear of an operation: its name, and what it says; nothing where it says nothing of this kind of operation.
type Surface = (&'static str, fn(&Case, &Files) -> Option<String>);

const SURFACES: &[Surface] = &[
    ("the review", |case, files| Some(files.screen(case.keys))),
    ("check", |case, files| Some(files.said(&[&["check"], case.words].concat()))),
    ("the script for pac", |case, files| Some(head(&files.script(case, "pac")))),
    ("the script for pac-em", |case, files| Some(head(&files.script(case, "pac-em")))),
    ("the script for PowerShell", |case, files| Some(head(&files.script(case, "powershell")))),
    ("the dry run of pac", |case, files| Some(dry_run(&files.script(case, "pac")))),
    ("the dry run of pac-em", |case, files| Some(dry_run(&files.script(case, "pac-em")))),
    ("what PowerShell prints", |case, files| {
        let script = files.script(case, "powershell");
        let (_, told) = script.split_once("function Write-Account {\n").unwrap();
        Some(told.split_once("\n}\n").unwrap().0.replace("''", "'"))
    }),
    ("the change record", |case, files| Some(files.script(case, "markdown"))),
    ("the journal", |_, files| Some(files.said(&["journal"]))),
    ("the journal as JSON", |_, files| Some(files.said(&["journal", "--format", "json"]))),
    ("the journal as CSV", |_, files| Some(files.said(&["journal", "--format", "csv"]))),
    ("the evidence", |case, files| {
        if !matches!(case.words[0], "copy" | "restore" | "migrate") {
            return None;
        }
        let entries: Value = serde_json::from_str(&files.said(&["journal", "--format", "json"])).unwrap();
        let recorded = entries.as_array().unwrap().iter().find(|entry| entry["kind"] == "operation").unwrap();
        // By its id, since it can be called something else by now.
        Some(files.said(&["checklist", recorded["environment"]["id"].as_str().unwrap(), "--format", "markdown"]))
    }),
];

/// The comments at the head of a script.
fn head(script: &str) -> String {
    script.lines().take_while(|line| line.starts_with('#')).collect::<Vec<_>>().join("\n")
}

fn dry_run(script: &str) -> String {
    let output = bash(&[], &script.replace("main \"$@\"\n", "main --dry-run\n"));
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// Letters and digits alone: lines are wrapped, framed and quoted in each surface's own way.
fn bare(text: &str) -> String {
    text.replace("\\u", " ").chars().filter(|letter| letter.is_alphanumeric()).collect()
}

#[test]
fn every_surface_tells_the_whole_account() {
    let mut missing = Vec::new();
    for case in CASES {
        let files = Files::new();
        let account = case.account(&files);
        assert!(account.iter().any(|(topic, _)| topic == "happens"), "{:?}: {account:?}", case.words);
        assert!(account.iter().all(|(topic, _)| topic != "open"), "{:?}: {account:?}", case.words);
        let topics: Vec<Topic> = account.iter().map(|(topic, _)| Topic::from_word(topic).unwrap()).collect();
        assert!(topics.is_sorted(), "what comes first is told first, {:?}: {topics:?}", case.words);
        let (kept, listened): (Vec<&Surface>, Vec<&Surface>) = SURFACES.iter().partition(|(name, _)| name.contains("journal") || name.contains("evidence"));
        let mut heard = |surfaces: &[&Surface]| {
            for (name, says) in surfaces {
                let Some(said) = says(case, &files) else { continue };
                let said = bare(&said);
                let lost = account.iter().filter(|(_, line)| !said.contains(&bare(line)));
                missing.extend(lost.map(|(topic, line)| format!("{name} of {}: {topic}: {line}", case.words.join(" "))));
            }
        };
        heard(&listened);
        case.recorded(&files);
        heard(&kept);
    }
    assert!(missing.is_empty(), "{} lines are lost:\n{}", missing.len(), missing.join("\n"));
}

/// A list is asked with choices and without a target: it tells what follows from these, once, above its rows.
#[test]
fn lists_tell_what_is_chosen_in_outline() {
    for case in CASES.iter().filter(|case| matches!(case.words[0], "copy" | "restore")) {
        let files = Files::new();
        let shared: Vec<&str> = case.words[..3].iter().chain(&case.words[5..7]).copied().collect();
        let account = case.account(&files);
        let outline: Vec<&(String, String)> = account.iter().filter(|(topic, _)| matches!(topic.as_str(), "level" | "point" | "audit-logs")).collect();
        assert!(outline.len() >= 2, "{:?}: {account:?}", case.words);
        for format in ["table", "json"] {
            let said = bare(&files.said(&[&["targets"], &*shared, &["--format", format]].concat()));
            for (topic, line) in &outline {
                assert!(said.contains(&bare(line)), "targets as {format}, {:?}: {topic}: {line}", case.words);
            }
        }
    }
}

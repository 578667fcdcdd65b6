//! One request, one answer: `check`, `targets`, `runbook` and the review of the wizard say the same of equal requests.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Output;

use envdeck::app::review::ReviewLine;
use envdeck::app::targets::Reason;
use envdeck::domain::request::account::Topic;
use envdeck::domain::verdict::Code;
use envdeck::domain::words::Word as _;
use serde_json::Value;
use support::Console;

/// What is judged only once it is chosen what becomes of the other half.
const PAIRED: [&str; 6] = ["HalfLeft", "ProductionHalf", "PairedRestore", "PairedInstantsDiffer", "PairedRestoreOutOfReach", "PointInTimeOutOfReach"];

const NOW: &str = "2026-01-05T09:00:00Z";

/// What a surface answers: the verdict, the reasons by their codes, and which of them somebody has to acknowledge.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    verdict: String,
    codes: BTreeSet<String>,
    acknowledge: BTreeSet<String>,
}

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    /// Below `sides`.
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn of<'a>(&mut self, values: &[&'a str]) -> &'a str {
        values[self.roll(values.len())]
    }
}

/// Names of which no one's letters stand in another one in their order.
const NAMES: [&str; 5] = ["Alpha", "Bravo", "Cedric", "Dunkirk", "Foxton"];

/// A folder with a random estate, its journal beside it.
struct Estate {
    folder: tempfile::TempDir,
    edition: &'static str,
    linked: [bool; 5],
    apart: [bool; 5],
    becomes_production: [bool; 5],
}

/// The facts of an environment, each with values near those against which nothing speaks; an empty one is left out.
const FACTS: [(&str, &[&str]); 14] = [
    ("state", &["ready", "ready", "ready", "ready", "running", "failed", ""]),
    ("region", &["emea", "emea", "emea", "emea", "na", ""]),
    ("created_at", &["2023-02-15T08:00:00Z"]),
    ("dataverse", &["{ version: \"9.2\", size_gb: 12, audit_gb: 4 }", "{ version: \"9.2\", size_gb: 12, audit_gb: 4 }", "none", ""]),
    ("dynamics_365_apps", &["[]", "[]", "[Sales]", ""]),
    ("managed", &["true", "true", "true", "false", ""]),
    ("customer_managed_key", &["none", "none", "none", "{ name: key-a }", ""]),
    ("enterprise_policies", &["[]", "[]", "[]", "[{ kind: network, id: p1 }]", ""]),
    ("admin_mode", &["false", "false", "true", ""]),
    ("background_operations", &["true", "true", "false", ""]),
    ("retention_days", &["7", "28", ""]),
    ("order_management", &["none", "none", "{ active: true }", ""]),
    ("operator_roles", &["[system-administrator]", "[system-administrator]", "[]", ""]),
    ("deleted_at", &["none", "none", "none", "none", "2026-01-03T09:00:00Z"]),
];

/// What stands on the other side of a link; the first is no link.
const HALVES: [&str; 6] = [
    "none",
    "none",
    "none",
    "{ id: f1, name: Ledger, type: sandbox, kind: lcs, application_build: \"10.0.44\", pitr_days: 14 }",
    "{ id: f2, name: Ledger two, type: production, kind: lcs, application_build: \"10.0.43\", pitr_days: 28 }",
    "{ id: f3, name: Ledger three, type: sandbox, kind: unified, application_build: \"10.0.44\", pitr_days: 14 }",
];

/// Where an environment can be moved to.
const OTHER_TENANT: &str = "  - id: t2
    name: Fabrikam
    region: emea
    cloud: public
    operator_roles: [power-platform-admin]
    capacity_gb: { entitled: 500, used: 100 }
    licences: { total: 90, active: 10 }
    dynamics_365_seats: 60
    paid_subscriptions: [dynamics-365, power-apps]
    users: [{ upn: ann@fabrikam.com, active: true, licensed: true, access: full, mailbox: none }]
    environments: []
";

impl Estate {
    fn random(seed: u64) -> Self {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let edition = dice.of(&["articles", "current"]);
        // In every other estate most is as it should be, else hardly anything would be allowed.
        let calm = dice.roll(2) == 0;
        let used = if calm { "420.25" } else { dice.of(&["420.25", "420.25", "499.5"]) };
        let mut text = format!(
            "schema: envdeck/1\ncaptured_at: 2026-01-05T08:00:00Z\nrulebook: {edition}\noperator: thomas@contoso.com\ntenants:\n  - id: t1\n    name: Contoso\n    \
             region: emea\n    cloud: public\n    operator_roles: [power-platform-admin]\n    capacity_gb: {{ entitled: 500, used: {used} }}\n    \
             security_groups: [{{ id: g1, name: Vendors }}, {{ id: g2, name: Sellers }}]\n    environments:\n"
        );
        let (mut linked, mut apart, mut becomes_production) = ([false; 5], [false; 5], [false; 5]);
        for (at, name) in NAMES.iter().enumerate() {
            let kind = dice.of(&["production", "sandbox", "sandbox", "sandbox", "developer", "default", "trial"]);
            let _ = writeln!(
                text,
                "      - id: e{at}\n        name: {name}\n        type: {kind}\n        url: https://e{at}.crm4.dynamics.com\n        security_group: none"
            );
            for (field, values) in FACTS {
                let value = if calm && dice.roll(5) > 0 { values[0] } else { dice.of(values) };
                if !value.is_empty() {
                    let _ = writeln!(text, "        {field}: {value}");
                }
            }
            becomes_production[at] = matches!(kind, "sandbox" | "trial");
            let half = dice.roll(HALVES.len());
            linked[at] = half > 2;
            // The last one is unified: both of its halves go together.
            apart[at] = half == 3 || half == 4;
            let _ = writeln!(text, "        finance_operations: {}", HALVES[half]);
            text.push_str("        backups:\n          - { id: b1, name: Monday, taken_at: 2026-01-04T18:02:00Z }\n          - { id: b2, name: Sunday, taken_at: 2026-01-02T18:02:00Z }\n");
        }
        text.push_str(OTHER_TENANT);
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("users.csv"), "ann@contoso.com,ann@fabrikam.com\n").unwrap();
        std::fs::write(folder.path().join("e.yaml"), text).unwrap();
        std::fs::write(folder.path().join("e.journal.yaml"), journal(&mut dice)).unwrap();
        Self { folder, edition, linked, apart, becomes_production }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("e.yaml")
    }
}

/// Checklists that are open for some of them: what follows a copy, and the plan of one with order management, settled or not.
fn journal(dice: &mut Dice) -> String {
    let mut text = "schema: envdeck-journal/1\nentries:\n".to_owned();
    let mut number = 0_u32;
    let mut entry = |what: &str| {
        number += 1;
        let id = format!("20260105T08300{number:04}Z-{number:016x}");
        let _ = write!(text, "  - id: {id}\n    at: 2026-01-05T08:30:00.{number:03}Z\n    by: thomas@contoso.com\n{what}\n");
        id
    };
    for at in 0..NAMES.len() {
        match dice.roll(3) {
            0 => drop(entry(&format!("    checklist-opened:\n      environment: e{at}\n      checklist: post-copy\n"))),
            1 => {
                let plan = entry(&format!("    checklist-opened:\n      environment: e{at}\n      checklist: order-management\n"));
                let settled = dice.roll(2) == 0;
                let items = ["access-finance", "access-admin-center", "installed"].map(|item| (item, String::new()));
                for (item, note) in items.into_iter().chain([("window", "      note: 2026-01-10 20:00Z\n".to_owned())]).filter(|_| settled) {
                    entry(&format!("    item:\n      checklist: {plan}\n      item: {item}\n      act: done\n{note}"));
                }
            }
            _ => {}
        }
    }
    if number == 0 { "schema: envdeck-journal/1\nentries: []\n".to_owned() } else { text }
}

fn run(arguments: &[&str]) -> Output {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("envdeck");
    for variable in ["ENVDECK_SNAPSHOT", "ENVDECK_AS", "NO_COLOR"] {
        command.env_remove(variable);
    }
    command.args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn with<'a>(words: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    words.iter().chain(more).copied().collect()
}

/// The word, if it is that of a reason.
fn code(word: &str) -> Option<String> {
    Code::from_word(word).map(|code| code.word().to_owned())
}

fn of_findings(verdict: &Value, findings: &Value) -> Said {
    let all = findings.as_array().unwrap();
    let code = |finding: &Value| finding["code"].as_str().unwrap().to_owned();
    Said {
        verdict: verdict.as_str().unwrap().to_owned(),
        codes: all.iter().map(code).collect(),
        acknowledge: all.iter().filter(|finding| finding["acknowledge"] == true).map(code).collect(),
    }
}

fn checked(words: &[&str], path: &str) -> (Said, Value) {
    let output = run(&with(&with(&["check"], words), &["-s", path, "--now", NOW, "--format", "json"]));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{words:?}: {}", text(&output.stderr)));
    (of_findings(&answer["verdict"], &answer["findings"]), answer)
}

/// The answer of the change record, or of the refusal to write one.
fn ordered(words: &[&str], path: &str) -> (Said, String) {
    let first = run(&with(&with(&["runbook"], words), &["-s", path, "--now", NOW, "--dialect", "markdown"]));
    let refusal = text(&first.stderr);
    let codes_after = |text: &str, begin: &str, end: char| -> BTreeSet<String> {
        text.lines().filter_map(|line| line.strip_prefix(begin)?.split_once(end)).filter_map(|(head, _)| code(head.rsplit(' ').next()?)).collect()
    };
    let of_record = |record: &str, acknowledge: BTreeSet<String>| {
        let verdict = record.lines().find_map(|line| line.strip_prefix("## Verdict: ")).unwrap_or_else(|| panic!("{record}"));
        let verdict = envdeck::domain::verdict::Answer::ALL.iter().find(|answer| answer.label() == verdict).unwrap();
        let inside = record.split("## Verdict").nth(1).unwrap().split("\n## ").next().unwrap();
        Said { verdict: verdict.word().to_owned(), codes: codes_after(inside, "  - ", ','), acknowledge }
    };
    if first.status.success() {
        let record = text(&first.stdout);
        let waits = record.lines().filter_map(|line| line.strip_prefix("- [ ] To be acknowledged: ")?.split_once(": "));
        let said = of_record(&record, waits.filter_map(|(word, _)| code(word)).collect());
        return (said, record);
    }
    assert_eq!(first.status.code(), Some(1), "{words:?}: {refusal}");
    let said = Said { verdict: "blocked".to_owned(), codes: codes_after(&refusal, "    ", ':'), acknowledge: BTreeSet::new() };
    (said, String::new())
}

fn targeted(words: &[&str], target: &str, path: &str) -> Said {
    let output = run(&with(&with(&["targets"], words), &["-s", path, "--now", NOW, "--format", "json"]));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{words:?}: {}", text(&output.stderr)));
    let row = answer["targets"].as_array().unwrap().iter().find(|row| row["environment"]["name"] == target).unwrap();
    of_findings(&row["verdict"], &row["findings"])
}

/// The answer of the review that these keys lead to, or of the target page where they are stopped there: there it is not
/// chosen yet what becomes of audit logs and of the other half.
fn reviewed(keys: &str, path: &Path, check: &mut Said) -> (Said, Vec<ReviewLine>) {
    let screen = Console::on(path).size(200, 60).at(NOW).play(keys);
    let wizard = screen.model.wizard().unwrap_or_else(|| panic!("{keys} leads to no wizard:\n{}", screen.text()));
    let said = |verdict: String, lines: Vec<&Reason>, acknowledge: BTreeSet<String>| {
        let source = |line: &Reason| if let Reason::Source(source) = line { code(source.split(' ').next()?) } else { None };
        Said { verdict, codes: lines.into_iter().filter_map(source).collect(), acknowledge }
    };
    if wizard.review().is_empty() {
        let later = |code: &str| code == "AuditLogs" || PAIRED.contains(&code);
        check.codes.retain(|code| !later(code));
        let verdict = wizard.targets.verdict().unwrap_or_else(|| panic!("{keys} judges nothing:\n{}", screen.text()));
        let mut stopped = said(verdict.answer().word().to_owned(), wizard.targets.reasons().iter().collect(), BTreeSet::new());
        stopped.codes.retain(|code| !later(code));
        return (stopped, Vec::new());
    }
    let lines = wizard.review().iter().filter_map(|line| if let ReviewLine::Finding(reason) = line { Some(reason) } else { None }).collect();
    (said(wizard.answer().word().to_owned(), lines, BTreeSet::new()), wizard.review().to_vec())
}

/// Letters and digits alone: lines are wrapped in each surface's own way.
fn bare(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// The account of the answer of `check`, each line as the review says it: some with what they are about.
fn account(check: &Value) -> Vec<String> {
    let said = |line: &Value| {
        let (topic, text) = (line["topic"].as_str().unwrap(), line["text"].as_str().unwrap());
        let label = Topic::from_word(topic).unwrap().label();
        let labelled = matches!(topic, "level" | "audit-logs" | "point" | "carried" | "name" | "storage" | "open");
        bare(&if labelled { format!("{label}{text}") } else { text.to_owned() })
    };
    check["account"].as_array().unwrap().iter().map(said).collect()
}

/// The review tells the account of `check`, line for line and nothing besides, and asks to acknowledge what `check` says has to be.
#[track_caller]
fn tells_alike(check: &Value, lines: &[ReviewLine], what: &dyn Fn() -> String) {
    let of = |line: &ReviewLine| match line {
        ReviewLine::Danger(text) | ReviewLine::Text(text) => bare(text),
        ReviewLine::Heading(_) | ReviewLine::Acknowledge(..) | ReviewLine::Finding(_) | ReviewLine::Gap => String::new(),
    };
    // What stands below the phases of a move is the rulebook's, not the account's.
    let phases = lines.iter().position(|line| matches!(line, ReviewLine::Heading(text) if text == "Before the move")).unwrap_or(lines.len());
    let mut told: String = lines[..phases].iter().map(of).collect();
    for line in account(check) {
        assert!(told.contains(&line), "the review does not say {line:?}: {}", what());
        told = told.replacen(&line, "", 1);
    }
    assert_eq!(told, "", "only the review says this: {}", what());
    let asked: String = lines.iter().filter_map(|line| if let ReviewLine::Acknowledge(_, text) = line { Some(bare(text)) } else { None }).collect();
    let waits = check["findings"].as_array().unwrap().iter().filter(|finding| finding["acknowledge"] == true);
    assert_eq!(asked, waits.map(|finding| bare(finding["message"].as_str().unwrap())).collect::<String>(), "to be acknowledged: {}", what());
}

#[track_caller]
fn agree(seed: u64, estate: &Estate, words: &[&str], keys: &str) -> Said {
    let path = estate.path();
    let file = path.to_str().unwrap();
    let (check, answer) = checked(words, file);
    let (order, record) = ordered(words, file);
    let what = || format!("estate {seed} ({}), {words:?}", estate.edition);
    if check.verdict == "blocked" {
        // A refusal lists its reasons; there is nothing to acknowledge in it.
        assert_eq!((&order.verdict, &order.codes), (&check.verdict, &check.codes), "check and runbook: {}", what());
    } else {
        assert_eq!(order, check, "check and runbook: {}", what());
        let record = bare(&record);
        assert!(account(&answer).iter().all(|line| record.contains(line)), "the change record tells another account: {}", what());
    }
    let mut expected = check.clone();
    let (review, lines) = reviewed(keys, &path, &mut expected);
    assert_eq!((&review.verdict, &review.codes), (&expected.verdict, &expected.codes), "check and review by {keys}: {}", what());
    if !lines.is_empty() {
        tells_alike(&answer, &lines, &what);
    }
    check
}

/// The keys that choose an environment.
fn chosen(name: &str) -> String {
    format!("/{name}<enter>")
}

const ESTATES: std::ops::Range<u64> = 0..24;

#[test]
fn copies_are_answered_alike_everywhere() {
    let mut verdicts = BTreeSet::new();
    for seed in ESTATES {
        let (estate, mut dice) = (Estate::random(seed), Dice(seed + 7));
        for _ in 0..3 {
            let (from, to) = (dice.roll(5), dice.roll(5));
            let level = dice.of(&["everything", "customizations"]);
            let logs = estate.edition == "current" && level == "everything";
            let along = logs && dice.roll(2) == 0;
            let half = if estate.linked[from] && estate.apart[to] { Some(dice.of(&["refresh", "import", "leave"])) } else { None };
            let mut choices = vec!["--level", level];
            choices.extend(along.then_some("--audit-logs"));
            let shared = choices.clone();
            choices.extend(half.into_iter().flat_map(|half| ["--half", half]));
            let words = with(&["copy", "--from", NAMES[from], "--to", NAMES[to]], &choices);
            let mut keys = format!("{}c{}<enter>/{}<enter><enter>", chosen(NAMES[from]), if level == "everything" { "" } else { "<down>" }, NAMES[to]);
            keys.push_str(if along { "<tab><tab><right><tab><tab>" } else { "" });
            if along && half.is_some() {
                keys.push_str("<tab><tab>");
            }
            let arrows = match half {
                Some("import") => "<right>",
                Some("leave") => "<right><right>",
                _ => "",
            };
            if half.is_some() {
                keys.push_str(if along { "<tab>" } else { "<s-tab>" });
                keys.push_str(arrows);
            }
            keys.push_str("<enter>");
            let check = agree(seed, &estate, &words, &keys);
            verdicts.insert(check.verdict.clone());
            let file = estate.path();
            let mut target = targeted(&with(&["copy", "--from", NAMES[from]], &shared), NAMES[to], file.to_str().unwrap());
            // Of a list it is not chosen yet what becomes of the other half.
            let mut check = check;
            for said in [&mut check, &mut target] {
                for code in PAIRED {
                    said.codes.remove(code);
                    said.acknowledge.remove(code);
                }
                said.verdict.clear();
            }
            assert_eq!(target, check, "check and targets: estate {seed}, {words:?}");
        }
    }
    assert!(verdicts.len() >= 3, "{verdicts:?}");
}

#[test]
fn restores_are_answered_alike_everywhere() {
    let mut verdicts = BTreeSet::new();
    for seed in ESTATES {
        let (estate, mut dice) = (Estate::random(seed + 1000), Dice(seed + 8));
        for _ in 0..3 {
            let (from, to) = (dice.roll(5), dice.roll(5));
            let manual = dice.roll(2) == 0;
            let point: [&str; 2] = if manual { ["--backup", dice.of(&["b1", "b2"])] } else { ["--at", "2026-01-04T14:35:00Z"] };
            let half = estate.apart[to].then(|| dice.of(&["leave", "same"]));
            let at = match point[1] {
                "b1" => "2026-01-04T18:02:00Z",
                "b2" => "2026-01-02T18:02:00Z",
                at => at,
            };
            let beside: &[&str] = match half {
                Some("leave") => &["--half", "leave"],
                Some(_) => &["--fno-at", at],
                None => &[],
            };
            let words = with(&with(&["restore", "--from", NAMES[from], "--to", NAMES[to]], &point), beside);
            let pointed = match point[1] {
                "b1" => "<down>".to_owned(),
                "b2" => "<down><down>".to_owned(),
                _ => "<c-u>2026-01-04 14:35".to_owned(),
            };
            let left = if half == Some("leave") { "<tab><right>" } else { "" };
            let keys = format!("{}r{pointed}<enter>/{}<enter><enter>{left}<enter>", chosen(NAMES[from]), NAMES[to]);
            let path = estate.path();
            let file = path.to_str().unwrap();
            let (mut check, answer) = checked(&words, file);
            let (order, _) = ordered(&words, file);
            let what = || format!("estate {seed} ({}), {words:?}", estate.edition);
            assert_eq!((&order.verdict, &order.codes), (&check.verdict, &check.codes), "check and runbook: {}", what());
            verdicts.insert(check.verdict.clone());
            // A point that cannot be restored to is refused where it is chosen.
            let screen = Console::on(&path).size(200, 60).at(NOW).play(&keys);
            if !matches!(screen.model.wizard().map(|wizard| wizard.step.page()), Some(envdeck::app::pages::Page::Point)) {
                let mut expected = check.clone();
                let (review, lines) = reviewed(&keys, &path, &mut expected);
                assert_eq!((&review.verdict, &review.codes), (&expected.verdict, &expected.codes), "check and review by {keys}: {}", what());
                if !lines.is_empty() {
                    tells_alike(&answer, &lines, &what);
                }
            }
            let mut target = targeted(&with(&["restore", "--from", NAMES[from]], &point), NAMES[to], file);
            for said in [&mut check, &mut target] {
                for code in PAIRED {
                    said.codes.remove(code);
                    said.acknowledge.remove(code);
                }
                said.verdict.clear();
            }
            assert_eq!(target, check, "check and targets: {}", what());
        }
    }
    assert!(verdicts.len() >= 3, "{verdicts:?}");
}

#[test]
fn operations_on_one_environment_are_answered_alike_everywhere() {
    let (mut verdicts, mut told) = (BTreeSet::new(), BTreeSet::new());
    for seed in ESTATES {
        let (estate, mut dice) = (Estate::random(seed + 2000), Dice(seed + 9));
        for _ in 0..4 {
            let at = dice.roll(5);
            let name = NAMES[at];
            let mapping = estate.folder.path().join("users.csv").display().to_string();
            let row = dice.roll(15);
            let half: &[&str] = if estate.apart[at] { &["--half", "backup"] } else { &[] };
            let (words, keys): (Vec<&str>, &str) = match row {
                0 => (with(&["backup", name, "--name", "Before"], half), "bBefore<enter>"),
                1 => (vec!["delete-backup", name, "--backup", "b2"], "d<down><enter>"),
                2 => (vec!["retention", name, "--days", "14"], "R<home><down><enter>"),
                3 => (vec!["reset", name], "X"),
                4 => (vec!["delete", name], "D"),
                5 => (vec!["recover", name], "V"),
                6 => (vec!["edit", name, "--name", "Other"], "E<c-u>Other<enter>"),
                7 => (vec!["rename-url", name, "--url", "https://other.crm4.dynamics.com"], "W<c-u>https://other.crm4.dynamics.com<enter>"),
                8 | 9 => (vec!["admin-mode", name], "a"),
                10 => (vec!["background", name], "B"),
                11 => (vec!["delete-fno", name], "F"),
                12 => (vec!["switch", name, "--to", if estate.becomes_production[at] { "production" } else { "sandbox" }], "t"),
                13 => (vec!["create", name, "--name", "Fresh"], "NFresh<enter>"),
                _ => (vec!["migrate", name, "--to-tenant", "Fabrikam", "--mapping", &mapping], "m<enter><enter>@<enter><enter><enter>"),
            };
            let path = estate.path();
            let keys = format!("{}{}", chosen(name), keys.replace('@', &mapping));
            // What cannot be chosen at all is refused where it is chosen.
            let screen = Console::on(&path).size(200, 60).at(NOW).play(&keys);
            if screen.model.wizard().is_some_and(|wizard| !wizard.review().is_empty()) {
                verdicts.insert(agree(seed, &estate, &words, &keys).verdict);
                told.insert(words[0].to_owned());
            } else {
                let file = path.to_str().unwrap();
                let ((check, _), (order, _)) = (checked(&words, file), ordered(&words, file));
                assert_eq!((order.verdict, order.codes), (check.verdict, check.codes), "estate {seed}, {words:?}");
            }
        }
    }
    assert!(verdicts.len() >= 3, "{verdicts:?}");
    assert_eq!(told.len(), 14, "each operation comes to its review: {told:?}");
}

/// The plan whose checks are settled settles them for every surface that asks about its copy (IOM-003 to IOM-005).
#[test]
fn checks_that_are_settled_in_a_plan_are_settled_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.yaml");
    std::fs::write(&path, include_str!("../assets/demo.yaml")).unwrap();
    let settle = "/supply chain test<enter>Iy<space><down><space><down><space><down><space>2026-01-10 20:00<enter>";
    Console::on(&path).at("2026-01-05T07:00:00Z").play(settle);
    let file = path.to_str().unwrap();
    let (from, to) = ("Contoso Supply Chain", "Contoso Supply Chain Test");
    let words = ["copy", "--from", from, "--to", to, "--level", "everything", "--half", "refresh"];
    let (check, _) = checked(&words, file);
    assert!(check.codes.contains("OrdersPrepared") && !check.codes.contains("OrderManagement"), "{check:?}");
    assert_eq!(ordered(&words, file).0, check);
    let target = targeted(&["copy", "--from", from, "--level", "everything"], to, file);
    assert_eq!(target.codes, check.codes);
    let (plan, _) = ordered(&["plan", "order-management", to, "--from", from], file);
    assert!(plan.codes.contains("OrdersPrepared") && !plan.codes.contains("OrderManagement"), "{plan:?}");
    let screen =
        Console::on(&path).size(160, 60).at("2026-01-05T07:00:00Z").play(&format!("/supply chain test<enter>ox{from}<tab><tab><tab><tab><tab>{to}<enter>"));
    screen.says_not("checks before the copy are not settled");
}

/// Each step of a plan is the operation that it is without the plan: the same reasons, acknowledgements and account.
#[test]
fn the_steps_of_a_plan_are_answered_like_the_operations_that_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.yaml");
    std::fs::write(&path, include_str!("../assets/demo.yaml")).unwrap();
    let (file, now, hr) = (path.to_str().unwrap(), "2026-01-05T07:00:00Z", "Contoso HR");
    let play = |keys: &str| Console::on(&path).size(200, 60).at(now).play(keys);
    play("/contoso hr<enter><home><tab*2>g2026-01-04 14:35<enter>py<space><down><space>").says("The three steps");
    // The cursor of an opened plan stands on its first step that waits for nothing.
    let restore = ["restore", "--from", hr, "--to", hr, "--at", "2026-01-04T14:35:00Z"];
    let steps: [&[&str]; 3] = [&["switch", hr, "--to", "sandbox"], &restore, &["switch", hr, "--to", "production"]];
    for (words, down) in steps.into_iter().zip(3..) {
        // Where a checklist of the restore is open too, the next `o` goes on to the plan.
        let opened = ["o", "oo"].map(|open| format!("/contoso hr<enter><home>{open}"));
        let plan = opened.into_iter().find(|keys| play(keys).text().contains("Restore production onto itself")).unwrap();
        let open = format!("{plan}<home><down*{down}><enter>");
        // A restore comes to its review by way of its instant, its target and its details, of which each stands as the plan says.
        let reviews = |keys: &String| play(keys).model.wizard().is_some_and(|wizard| !wizard.review().is_empty());
        let pages = (0..5).map(|pages| format!("{open}{}", "<enter>".repeat(pages)));
        let keys = pages.into_iter().find(reviews).unwrap_or_else(|| panic!("{words:?} has no review:\n{}", play(&open).text()));
        let screen = play(&keys);
        let wizard = screen.model.wizard().unwrap();
        let output = run(&with(&with(&["check"], words), &["-s", file, "--now", now, "--format", "json"]));
        let check: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(wizard.answer().word(), check["verdict"], "{words:?}");
        let of_review = |line: &ReviewLine| match line {
            ReviewLine::Finding(Reason::Source(source)) => code(source.split(' ').next().unwrap_or_default()),
            _ => None,
        };
        let codes: BTreeSet<String> = wizard.review().iter().filter_map(of_review).collect();
        assert_eq!(codes, of_findings(&check["verdict"], &check["findings"]).codes, "{words:?}:\n{}", screen.text());
        tells_alike(&check, wizard.review(), &|| format!("{words:?}"));
        play(&format!("{keys}<enter><down><enter><tab><tab>{hr}<enter>")).says("Recorded");
    }
}

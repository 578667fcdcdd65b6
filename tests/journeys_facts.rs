//! Facts that are answered in the console, from the first key to the saved journal.
#![expect(clippy::disallowed_methods, reason = "these tests put files in place and look at them")]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

mod support;

use std::fs;
use std::path::PathBuf;

use envdeck::app::model::Layer;
use envdeck::domain::environment::Environment;
use envdeck::domain::estate::Estate;
use envdeck::domain::journal::{Entry, Subject, Value, What};
use envdeck::domain::known::Known;
use envdeck::domain::tenant::TenantRole;
use envdeck::files::journal;
use support::{Console, Screen};

/// The demo as a snapshot file in a folder of its own, without some lines of Contoso Sales UAT, with its journal beside it.
struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    fn without(lines: &[&str]) -> Self {
        let files = Self { folder: tempfile::tempdir().unwrap() };
        let demo = fs::read_to_string("assets/demo.yaml").unwrap();
        let (head, tail) = demo.split_once("name: Contoso Sales UAT").unwrap();
        let tail = lines.iter().fold(tail.to_owned(), |tail, line| {
            let line = format!("        {line}\n");
            assert!(tail.contains(&line), "{line}");
            tail.replacen(&line, "", 1)
        });
        fs::write(files.snapshot(), format!("{head}name: Contoso Sales UAT{tail}")).unwrap();
        files
    }

    fn snapshot(&self) -> PathBuf {
        self.folder.path().join("contoso.yaml")
    }

    fn journal(&self) -> PathBuf {
        self.folder.path().join("contoso.journal.yaml")
    }

    fn console(&self) -> Console {
        Console::on(self.snapshot()).size(120, 36)
    }

    fn play(&self, keys: &str) -> Screen {
        self.console().play(keys)
    }

    fn entries(&self) -> Vec<Entry> {
        journal::load(&self.journal()).unwrap().journal.entries().to_vec()
    }
}

fn named<'a>(estate: &'a Estate, name: &str) -> &'a Environment {
    estate.environments().map(|(_, environment)| environment).find(|environment| &*environment.name == name).unwrap()
}

/// The line `managed` of Contoso Sales UAT.
const MANAGED: &str = "/sales uat<enter><enter><down>";
/// The review of a copy of Contoso Sales onto the UAT.
const REVIEW: &str = "<esc*3>/contoso sales<enter><home>c<enter>/sales uat<enter><enter><enter>";

/// How many findings of that copy are unknown.
fn open(screen: &Screen) -> usize {
    screen.model.wizard().unwrap_or_else(|| panic!("no wizard:\n{}", screen.text())).unacknowledged()
}

#[test]
fn what_nobody_looked_up_is_answered_and_the_verdict_follows() {
    let files = Files::without(&["managed: true", "region: emea"]);
    let unknown = files.play(REVIEW);
    unknown.says("`region` of Contoso Sales UAT is unknown");
    assert_eq!(open(&unknown), 1);
    files.play(&format!("{MANAGED}<down*2>=europe<enter>")).says("europe (typed by thomas 05 Jan)");
    assert_eq!(open(&files.play(REVIEW)), 0, "the journal beside the snapshot is read again");
    fs::remove_file(files.journal()).unwrap();
    files.play(MANAGED).says("managed      unknown");
    files.play(&format!("{MANAGED}<enter>")).says("managed of Contoso Sales UAT").says("Expected: yes or no");
    let answered = files.play(&format!("{MANAGED}=yes<enter>"));
    answered.says("Managed Environment (typed by thomas 05 Jan)").says("yes recorded for 1 environment");
    assert!(answered.model.ui.unsaved.is_empty());
    let [Entry { by, what: What::Fact { about: Subject::Environment(_), field, value }, .. }] = &files.entries()[..] else { panic!("{:?}", files.entries()) };
    assert_eq!((&**by, &**field, value), ("thomas@contoso.com", "managed", &Value::Flag(true)));
    // A reload changes nothing, and another answer takes the place of this one without a question.
    files.play(&format!("{MANAGED}<c-r>")).says("Managed Environment (typed by thomas 05 Jan)");
    files.play(&format!("<advance 1m>{MANAGED}=n<enter>")).says("not managed (typed by thomas 05 Jan)");
    assert_eq!(files.entries().len(), 2);
}

#[test]
fn a_wrong_answer_stays_in_the_line_with_the_reason() {
    let files = Files::without(&["managed: true"]);
    let wrong = files.play(&format!("{MANAGED}<enter>perhaps<enter>"));
    wrong.says("expected yes or no, found \"perhaps\"").says("│ perhaps");
    assert!(!files.journal().exists());
    files.play(&format!("{MANAGED}<enter>perhaps<enter><c-u>yes<enter>")).says("(typed by thomas");
    // What was typed is kept for the same question.
    files.play(&format!("{MANAGED}<enter>per<esc><enter>")).says("│ per");
    files.play(&format!("{MANAGED}<enter>per<esc><up><enter>")).says_not("│ per");
}

#[test]
fn what_contradicts_the_capture_is_asked_about_first() {
    let files = Files::without(&[]);
    let asked = files.play(&format!("{MANAGED}=no<enter>"));
    asked.says("The capture says yes. Say no all the same?");
    let no = files.play(&format!("{MANAGED}=no<enter>n"));
    no.says("│ no ").says("Now Managed Environment. Expected: yes or no");
    assert!(!files.journal().exists());
    files.play(&format!("{MANAGED}=no<enter>y")).says("not managed (captured: yes; typed by thomas 05 Jan)");
    // It is said again when the console starts, and a newer capture counts again.
    files.play("").says("Contoso Sales UAT: managed is yes as captured, thomas typed no");
    let newer = fs::read_to_string(files.snapshot()).unwrap().replacen("captured_at: 2026-01-05T07:00:00Z", "captured_at: 2026-01-06T07:00:00Z", 1);
    fs::write(files.snapshot(), newer).unwrap();
    let screen = files.console().at("2026-01-06T07:00:00Z").play(MANAGED);
    screen.says("Managed Environment (typed: no; by thomas 05 Jan)");
    assert_eq!(named(&screen.model.estate, "Contoso Sales UAT").managed, Known::Is(true));
}

#[test]
fn an_answer_is_taken_back_with_an_empty_line() {
    let files = Files::without(&["managed: true"]);
    files.play(&format!("{MANAGED}=<enter>")).says("nothing was typed here that could be taken back; expected yes or no");
    files.play(&format!("{MANAGED}=yes<enter>"));
    files.play(&format!("{MANAGED}=<enter>")).says("Take back what was typed?");
    files.play(&format!("{MANAGED}=<enter>y")).says("managed      unknown").says("1 answer taken back");
    let entries = files.entries();
    assert!(matches!(&entries[..], [typed, Entry { what: What::Withdrawn { entry, .. }, .. }] if *entry == typed.id), "{entries:?}");
}

#[test]
fn one_answer_for_three_marked_environments_is_three_entries_in_one_save() {
    let files = Files::without(&["managed: true"]);
    let marked = "/type:sandbox managed:no<enter><space><space><space><enter>";
    let lines = files.play(marked).model.ui.details.lines;
    let line = |label: &str| format!("{marked}<down*{}>=", lines.iter().position(|line| line.label == label).unwrap());
    files.play(&line("policies")).says("enterprise_policies of the 3 marked environments").says("3 marked");
    files.play(&format!("{}none<enter>", line("policies"))).says("none recorded for 3 environments");
    let entries = files.entries();
    assert_eq!(entries.len(), 3, "{entries:?}");
    assert!(entries.iter().all(|entry| entry.at == entries[0].at), "in one save");
    // What contradicts a capture is asked about once for all.
    files
        .play(&format!("{}yes<enter>", line("managed")))
        .says("The capture says otherwise of 3 of 3 environments: ")
        .says("Finance Pilot (no), Contoso Returns Test (no)");
    // Enter, pressed once too often, is no yes.
    files.play(&format!("{}yes<enter><enter>", line("managed"))).says("The capture says otherwise").says_not("recorded");
    assert_eq!(files.entries().len(), 3);
    files.play(&format!("{}yes<enter>y", line("managed"))).says("yes recorded for 3 environments");
    assert_eq!(files.entries().len(), 6);
}

#[test]
fn marks_go_with_esc_before_the_filter_does() {
    let files = Files::without(&[]);
    let marked = files.play("/contoso sales<enter>*");
    assert_eq!(marked.model.ui.environments.marked().len(), marked.model.ui.environments.count());
    files.play("/contoso sales<enter>**").says_not("marked");
    files.play("/contoso sales<enter>*<esc>").says_not("marked").says("/contoso sales");
    files.play("/contoso sales<enter>*<c-r>").says("marked");
    files.play("/contoso sales<enter>*<esc><esc>").says("Environments");
}

#[test]
fn the_role_in_the_tenant_is_answered_once() {
    let files = Files::without(&[]);
    let text = fs::read_to_string(files.snapshot()).unwrap().replacen("    operator_roles: [power-platform-admin]\n", "", 1);
    fs::write(files.snapshot(), text).unwrap();
    let start = files.play("<enter>");
    let down = start.model.ui.details.lines.iter().position(|line| line.label == "in tenant").unwrap();
    let keys = format!("<space><space><esc><home><enter><down*{down}>=");
    files.play(&keys).says("operator_roles of the tenant Contoso").says("some of global-admin");
    files.play(&format!("{keys}power-platform-admn<enter>")).says("did you mean \"power-platform-admin\"?");
    let answered = files.play(&format!("{keys}power-platform-admin<enter>"));
    answered.says("Power Platform admin (typed by thomas");
    let tenant = answered.model.estate.tenants().next().unwrap().1;
    assert_eq!(tenant.operator_roles, Known::Is(vec![TenantRole::PowerPlatformAdmin]));
    assert_eq!(files.entries().len(), 1);
}

#[test]
fn all_kinds_that_nobody_looked_up_are_answered_at_once() {
    let files = Files::without(&[]);
    let lab = "/innovation<enter><enter>";
    let down = files.play(lab).model.ui.details.lines.iter().position(|line| line.value.contains("other kinds were not looked up")).unwrap();
    let keys = format!("{lab}<down*{down}>=");
    files.play(&keys).says("23 kinds of component of Contoso Innovation Lab");
    files.play(&format!("{keys}none<enter>")).says("none of 23 other kinds (typed by thomas");
    assert_eq!(files.entries().len(), 23);
}

#[test]
fn read_only_answers_nothing_and_says_so() {
    let files = Files::without(&["managed: true"]);
    let refused = files.console().read_only().play(&format!("{MANAGED}<enter>"));
    refused.says("Started with --read-only: nothing is written");
    assert!(refused.model.ui.layers.is_empty());
}

#[test]
fn the_demo_keeps_answers_in_memory() {
    let answered = Console::demo().size(120, 36).play("/innovation<enter><enter><down>=yes<enter>");
    answered.says("Managed Environment (typed by thomas 05 Jan)").says("kept in memory only");
}

#[test]
fn a_line_that_is_no_fact_says_so_and_the_roles_of_others_are_not_answered() {
    let files = Files::without(&[]);
    let screen = files.play("<enter>");
    let at = |label: &str| screen.model.ui.details.lines.iter().position(|line| line.label == label).unwrap();
    files.play(&format!("<enter><down*{}><enter>", at("id"))).says("This line is no fact that can be answered");
    assert!(!screen.model.ui.layers.iter().any(|layer| matches!(layer, Layer::Note(_))));
}

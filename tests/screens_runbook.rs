//! What an admin sees of a runbook in the console, and the way to it from the first key to the file.
#![expect(clippy::disallowed_methods, reason = "these tests put files in place and look at them")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

mod support;

use std::fs;
use std::path::PathBuf;

use insta::assert_snapshot;
use support::{Console, Screen};

/// The review of a copy of Contoso Sales onto its UAT.
const REVIEW: &str = "/contoso sales<enter><home>c<enter>/sales uat<enter><enter><enter>";
/// Its questions, answered.
const TAKEN: &str = "/contoso sales<enter><home>c<enter>/sales uat<enter><enter><enter>xTry the vendor's solution<tab>CHG0042917<tab>lena@contoso.com<tab>\
    2026-01-06 20:00 / 2026-01-06 23:00<tab>Contoso Sales UAT<enter>";

/// The version and what stands behind it may change with each release.
fn steady(screen: &Screen) -> String {
    screen.to_string().replace(env!("CARGO_PKG_VERSION"), "0.0.0")
}

#[test]
fn the_questions_before_a_runbook() {
    assert_snapshot!(Console::demo().play(&format!("{REVIEW}xTry it<tab>CHG42")));
}

#[test]
fn the_questions_before_the_runbook_of_a_plan() {
    let plan = "/contoso hr<enter>py";
    assert_snapshot!(Console::demo().size(120, 36).play(&format!("{plan}x<tab><tab><tab><tab><tab>Contoso HR")));
}

#[test]
fn a_runbook_in_bash() {
    assert_snapshot!(steady(&Console::demo().play(TAKEN)));
}

#[test]
fn a_runbook_on_the_smallest_screen() {
    assert_snapshot!(steady(&Console::demo().size(60, 16).play(&format!("{TAKEN}<tab><tab>"))));
}

#[test]
fn a_change_record() {
    assert_snapshot!(steady(&Console::demo().size(120, 36).play(&format!("{TAKEN}<s-tab>"))));
}

fn play(keys: &str) -> Screen {
    Console::demo().size(120, 36).play(keys)
}

#[test]
fn the_name_is_typed_before_and_everything_else_may_stay_empty() {
    play(&format!("{REVIEW}x<enter>")).says("Type the target's name to confirm: Contoso Sales UAT");
    play(&format!("{REVIEW}x<tab><tab><tab><tab>contoso sales uat<enter>")).says("Type the target's name to confirm");
    play(&format!("{REVIEW}x<tab><tab><tab><tab>Contoso Sales UAT<enter>")).says("Runbook: [pac]").says("#!/usr/bin/env bash");
    let wrong = |window: &str| play(&format!("{REVIEW}x<tab><tab><tab>{window}<tab>Contoso Sales UAT<enter>"));
    wrong("tonight").says("Window: two times with a slash between them");
    wrong("2026-01-06 23:00 / 2026-01-06 20:00").says("before it begins");
    wrong("2026-01-02 20:00 / 2026-01-02 23:00").says("Window: it is over");
    // What was typed is there again, but for the name; and the record takes it over.
    let again = play(&format!("{REVIEW}x<tab>CHG42<tab>lena<tab><tab>Contoso Sales UAT<esc>x"));
    again.says("CHG42").says("lena").says_not("type its name   Contoso");
    play(&format!("{REVIEW}x<tab>CHG42<esc><down><enter>")).says("ticket            CHG42");
}

#[test]
fn the_ways_out_lead_to_it() {
    play(&format!("{REVIEW}<enter><down><down><enter>")).says("Take the runbook");
    play(&format!("{REVIEW}<enter>x")).says("Take the runbook");
}

#[test]
fn there_is_no_runbook_of_what_is_unknown_or_only_rehearsed() {
    // The facts are too old: that is acknowledged first.
    let old = Console::demo().size(120, 36).at("2026-01-20T07:00:00Z").play(&format!("{REVIEW}x"));
    old.says("must be acknowledged first: press a for each");
    let rehearsed = "/contoso sales<enter><home>c<enter>/sales uat<enter><enter><enter><enter><enter>y<advance 2d>";
    play(&format!("{rehearsed}tx")).says("is shown as rehearsed: Esc out, take the rehearsal back with U, then take its runbook");
}

#[test]
fn a_runbook_of_the_panes_is_that_of_the_open_plan() {
    play("/contoso hr<enter>x").says("It has no open plan. On the review of an operation, x takes its runbook");
    let plan = play("/contoso hr<enter>py<esc>x<c-u>2026-01-04 14:35<tab><tab><tab><tab><tab>Contoso HR<enter><s-tab>");
    plan.says("# Change: Restore production onto itself: Contoso HR");
    // A checklist that is no plan has none, and says so.
    let checklist = "/contoso sales<enter><home>c<enter>/sales uat<enter><enter><enter><enter><enter>yffffox";
    play(checklist).says("Only a plan has a runbook");
    let orders = play("/supply chain test<enter>Iyx<tab><tab><tab><tab><tab>Contoso Supply Chain Test<enter>");
    orders.says("Say which environment is copied");
    let orders = play("/supply chain test<enter>IyxContoso Supply Chain<tab><tab><tab><tab><tab>Contoso Supply Chain Test<enter><s-tab>");
    orders.says("# Change: Copy with Intelligent Order Management: Contoso Supply Chain Test").says("- Source: Contoso Supply Chain, Production");
    // An instant that a sandbox does not reach back to is refused, with the reason.
    play("/contoso hr<enter>py<esc>x<c-u>2025-12-10 14:35<tab><tab><tab><tab><tab>Contoso HR<enter>").says("Blocked:");
    let records = play("/contoso sales<enter><home>Pyx2026-01-04 14:35<tab><tab><tab><tab><tab><tab>Contoso Sales UAT<enter>");
    records.says("Say into which new environment");
    let into = "/contoso sales<enter><home>Pyx<c-u>2026-01-04 14:35<tab>Contoso Sales UAT<tab><tab><tab><tab><tab>Contoso Sales UAT<enter>";
    play(into).says("Contoso Sales UAT is not the environment that this plan created");
}

#[test]
fn what_a_plan_has_to_have_acknowledged_is_taken_upon_oneself_one_by_one() {
    let plan = "/contoso supply chain<enter><home>pyx<c-u>2026-01-04 14:35<tab><tab><tab><tab><tab>Contoso Supply Chain<enter>";
    let open = play(plan);
    open.says("There is no script while something has to be acknowledged").says("RelinkImpossible");
    play(&format!("{plan}y")).says("There is no script while something has to be acknowledged; the change record lists it");
    play(&format!("{plan}<s-tab><pgdn><down*20>")).says("To be acknowledged: RelinkImpossible");
    let typed = "aContoso Supply Chain<enter>";
    let one = play(&format!("{plan}<s-tab><pgdn><down*10>{typed}"));
    one.says("[markdown]").says("[x] SwitchNotRecommended, by thomas@contoso.com");
    let all = play(&format!("{plan}{typed}aaa{typed}"));
    all.says("#!/usr/bin/env bash").says("# Acknowledged by thomas@contoso.com");
    play(&format!("{plan}{typed}aaa{typed}a")).says("Nothing waits to be acknowledged");
}

#[test]
fn it_is_copied_and_written_into_a_new_file_beside_the_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot: PathBuf = folder.path().join("contoso.yaml");
    fs::copy("assets/demo.yaml", &snapshot).unwrap();
    let on = |keys: &str| Console::on(&snapshot).size(120, 36).play(keys);
    let copied = on(&format!("{TAKEN}<tab><tab>y"));
    copied.says("The runbook is on the clipboard: PowerShell with the administration module");
    assert!(copied.clipboard.last().unwrap().contains("Copy-PowerAppEnvironment -EnvironmentName"));
    let script = folder.path().join("copy-contoso-sales-uat-20260105T070000Z.sh");
    let record = script.with_extension("md");
    let written = on(&format!("{TAKEN}w<s-tab>w"));
    written.says("Read it before it is used: ").says("copy-contoso-sales-uat-20260105T070000Z.md");
    let text = fs::read_to_string(&script).unwrap();
    assert!(text.starts_with("#!/usr/bin/env bash\n") && text.contains("# Ticket: CHG0042917"), "{text}");
    assert!(text.contains("window_from='2026-01-06T20:00:00Z'"));
    assert!(fs::read_to_string(&record).unwrap().contains("- Approver: lena@contoso.com"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&script).unwrap().permissions().mode() & 0o100, 0o100);
        assert_eq!(fs::metadata(&record).unwrap().permissions().mode() & 0o111, 0);
    }
    // Nothing is written over, and nothing at all where nothing may be.
    on(&format!("{TAKEN}w")).says("there is such a file already");
    let before = fs::read_dir(folder.path()).unwrap().count();
    Console::on(&snapshot).size(120, 36).read_only().play(&format!("{TAKEN}<tab>w")).says("Started with --read-only");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), before);
    assert!(!folder.path().join("contoso.journal.yaml").exists(), "taking a runbook writes nothing into the journal");
}

//! What was recorded is begun, ended, corrected and withdrawn by later entries; everything stays in the journal.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "a test fails by panicking")]

mod support;

use envdeck::domain::environment::{Environment, EnvironmentState};
use envdeck::domain::known::Known;
use support::{Console, Screen};

/// The record form of a copy of production onto the sandbox for tests, with the keyboard in the ticket.
const RECORD: &str = "/contoso sales<enter><home>c<enter>/sales uat<enter><enter><enter><enter><down><enter>";
/// From the ticket to how it ended, and from there to the name that is typed.
const BEGUN: &str = "<s-tab><s-tab><s-tab><left>";
const FAILED: &str = "<s-tab><s-tab><s-tab><right>";
const NAMED: &str = "<tab><tab><tab><tab><tab>Contoso Sales UAT<enter>";

fn play(keys: &str) -> Screen {
    Console::demo().size(120, 36).play(keys)
}

fn uat(screen: &Screen) -> Environment {
    let found = screen.model.estate.environments().find(|(_, environment)| &*environment.name == "Contoso Sales UAT");
    found.map(|(_, environment)| environment.clone()).unwrap()
}

#[test]
fn a_copy_that_was_begun_keeps_its_target_busy_until_its_end_is_recorded() {
    let before = uat(&play(""));
    play(&format!("{RECORD}{BEGUN}")).says("how it ended      begun, it still runs").says("Record that this was begun");
    let begun = format!("{RECORD}{BEGUN}{NAMED}");
    let running = play(&begun);
    running.says("Recorded that it was begun");
    assert_eq!(uat(&running).state, Known::Is(EnvironmentState::Running));
    assert_eq!(Environment { state: before.state, ..uat(&running) }, before, "nothing else is so before it has ended");
    play(&format!("{begun}/<c-u>sales dev<enter>c<enter>/sales uat")).says("Contoso Sales UAT is busy with another operation");
    play(&format!("{begun}o")).says("It has no open checklist");
    let done = play(&format!("{begun}Js<enter>"));
    done.says("Recorded, with its checklist");
    assert_eq!(uat(&done).state, Known::Is(EnvironmentState::Ready));
    assert_eq!(uat(&done).admin_mode, Known::Is(true));
    play(&format!("{begun}Js<enter><esc>o")).says("After a copy");
    let failed = play(&format!("{begun}Jf<enter>"));
    failed.says("Recorded that it failed");
    assert_eq!(uat(&failed), before);
    play(&format!("{begun}Jf<enter><esc>o")).says("It has no open checklist");
}

#[test]
fn the_end_of_what_was_begun_lies_between_its_beginning_and_now() {
    let begun = format!("{RECORD}{BEGUN}{NAMED}");
    play(&format!("{begun}Js2026-01-06 10:00<enter>")).says("lies in the future");
    play(&format!("{begun}Jsyesterday 10:00<enter>")).says("It began later than that");
    play(&format!("{begun}Js<enter><down>s")).says("Only what was recorded as begun, and has not ended, can end");
}

#[test]
fn a_copy_that_failed_changes_nothing_and_opens_nothing() {
    let failed = play(&format!("{RECORD}{FAILED}{NAMED}"));
    failed.says("Recorded that it failed: the facts are as before");
    assert_eq!(uat(&failed), uat(&play("")));
    play(&format!("{RECORD}{FAILED}{NAMED}J")).says("failed");
}

#[test]
fn a_record_that_was_wrong_is_withdrawn_with_a_reason_and_its_facts_and_checklist_go_with_it() {
    let recorded = format!("{RECORD}<tab><tab>Contoso Sales UAT<enter>");
    play(&recorded).says("Recorded, with its checklist");
    play(&format!("{recorded}J<down>w<enter>")).says("Say why it is withdrawn");
    let withdrawn = play(&format!("{recorded}J<down>wThat was Dev, not UAT<enter>"));
    withdrawn.says("[withdrawn] Copy Contoso Sales onto Contoso Sales UAT").says("That was Dev, not UAT");
    assert_eq!(uat(&withdrawn), uat(&play("")), "the facts are as if it had never been recorded");
    assert_eq!(withdrawn.model.estate.journal().entries().len(), 3, "and all of it stays in the journal");
    play(&format!("{recorded}J<down>wThat was Dev<enter><esc>o")).says("It has no open checklist");
    play(&format!("{recorded}J<down>wThat was Dev<enter>w")).says("It is withdrawn already");
    let after_all = play(&format!("{recorded}J<down>wThat was Dev<enter><home>wIt was UAT after all<enter>"));
    assert_eq!(uat(&after_all).admin_mode, Known::Is(true), "what was withdrawn by mistake holds again");
}

#[test]
fn a_note_is_read_to_its_end_and_corrected() {
    let long = "The vendor's migration is running until Friday evening and must not be disturbed by anybody whatsoever; ";
    let noted = format!("/sales uat<enter>n{long}do not overwrite it before you asked Lena in Milan<enter>");
    play(&format!("{noted}J")).says("before you asked Lena in Milan");
    let corrected = play(&format!("{noted}Jc or Maria<enter>"));
    corrected.says("[withdrawn]").says("withdrawn: corrected");
    play(&format!("{noted}Jc or Maria<enter><home>")).says("Lena in Milan or Maria");
    let id = uat(&corrected).id;
    let notes: Vec<String> = corrected.model.estate.journal().notes(&id).map(|(_, text)| text.to_owned()).collect();
    assert_eq!(notes, [format!("{long}do not overwrite it before you asked Lena in Milan or Maria")]);
    play(&format!("{RECORD}<tab><tab>Contoso Sales UAT<enter>Jc")).says("Only a note is corrected");
}

#[test]
fn an_empty_journal_says_how_something_comes_into_it() {
    play("/sales uat<enter>J").says("Nothing was recorded or noted here yet");
}

//! Whole tasks by keys about restores, backups and the life of an environment, from the first key to what it comes to.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "a test fails by panicking")]

mod support;

use envdeck::domain::backup::readiness;
use envdeck::domain::environment::{Environment, EnvironmentType};
use envdeck::domain::journal::What;
use envdeck::domain::known::Known;
use envdeck::domain::request::Back;
use envdeck::domain::retention::retention;
use support::{Console, Screen, utc};

fn named<'a>(screen: &'a Screen, name: &str) -> &'a Environment {
    let all = screen.model.estate.environments().map(|(_, environment)| environment);
    all.into_iter().find(|environment| &*environment.name == name).unwrap_or_else(|| panic!("{name}"))
}

fn play(keys: &str) -> Screen {
    Console::demo().size(120, 36).play(keys)
}

const SALES: &str = "/contoso sales<enter><home>";

#[test]
fn yesterday_afternoon_of_production_is_restored_into_a_sandbox() {
    let before = play("");
    let review = play(&format!("{SALES}r<c-u>2026-01-04 14:35<enter>/sales uat<enter><enter><enter>"));
    review.says("Contoso Sales UAT is overwritten with what Contoso Sales was: 2026-01-04 14:35Z");
    let done = play(&format!("{SALES}r<c-u>2026-01-04 14:35<enter>/sales uat<enter><enter><enter><enter><enter>yffff"));
    done.says("REHEARSAL").says("Contoso Sales UAT is overwritten, out of service, and has a checklist: o opens it");
    let after = named(&done, "Contoso Sales UAT");
    assert_eq!((after.admin_mode, after.background_operations), (Known::Is(true), Known::Is(false)), "RST-049, G-10");
    assert_eq!(after.backups, named(&before, "Contoso Sales UAT").backups, "it keeps its own backups (BKP-080)");
    assert_eq!(named(&done, "Contoso Sales"), named(&before, "Contoso Sales"), "the source keeps its state");
    let checklist = play(&format!("{SALES}r<c-u>2026-01-04 14:35<enter>/sales uat<enter><enter><enter><enter><enter>yffffo"));
    checklist.says("Done by the restore").says("Administration mode is on");
    let undone = play(&format!("{SALES}r<c-u>2026-01-04 14:35<enter>/sales uat<enter><enter><enter><enter><enter>yffffu"));
    assert_eq!(named(&undone, "Contoso Sales UAT"), named(&before, "Contoso Sales UAT"), "u restores exactly");
}

#[test]
fn an_instant_that_is_not_kept_is_replaced_by_the_nearest() {
    let refused = play(&format!("{SALES}r<c-u>2025-11-01 10:00<enter>"));
    refused.says("the nearest point is 2025-12-08 07:00Z").says("instant, in UTC   2025-12-08 07:00");
    play(&format!("{SALES}r<c-u>2025-11-01 10:00<enter><enter>")).says("Point in time › [Target]").says("2025-12-08 07:00Z");
    play(&format!("{SALES}r<c-u>last week<enter>")).says("`last week` is no date").says("[Point in time]");
}

#[test]
fn an_instant_is_typed_in_the_wizard_as_in_the_timeline() {
    let typed = |instant: &str| play(&format!("{SALES}r<c-u>{instant}"));
    typed("yesterday 14:35").says("instant, in UTC   yesterday 14:35").says("2026-01-04 14:35Z");
    typed("soon").says("friday 14:35, 04 Jan 14:35");
    for (instant, at) in
        [("yesterday 14:35", "2026-01-04 14:35Z"), ("-2h", "2026-01-05 05:00Z"), ("04 Jan 14:35", "2026-01-04 14:35Z"), ("now", "2026-01-05 07:00Z")]
    {
        let review = play(&format!("{SALES}r<c-u>{instant}<enter>/sales uat<enter><enter><enter>"));
        review.says(&format!("overwritten with what Contoso Sales was: {at}"));
    }
    play(&format!("{SALES}r<c-u>-40d<enter>")).says("the nearest point is 2025-12-08 07:00Z");
}

#[test]
fn what_was_carried_out_yesterday_is_recorded_as_of_then() {
    let record = "/sales uat<enter><home>t<enter><down><enter><up><up>";
    let typed = |when: &str| play(&format!("{record}{when}<up><up>Contoso Sales UAT"));
    typed("yesterday 14:35").says("yesterday 14:35  2026-01-04 14:35Z");
    let screen = play(&format!("{record}yesterday 14:35<up><up>Contoso Sales UAT<enter>"));
    screen.says("Recorded. Contoso Sales UAT is of the type production now");
    let carried_out = |entry: &envdeck::domain::journal::Entry| match &entry.what {
        What::Operation(operation) => operation.completed_at,
        _ => None,
    };
    assert_eq!(screen.model.estate.journal().entries().iter().find_map(carried_out), Some(utc("2026-01-04T14:35:00Z")));
    play(&format!("{record}2026-02-01 10:00<up><up>Contoso Sales UAT<enter>")).says("2026-02-01 10:00Z lies in the future");
    play(&format!("{record}soon<up><up>Contoso Sales UAT<enter>")).says("Carried out at: That is no time");
}

#[test]
fn a_backup_is_taken_and_restored_after_twelve_minutes() {
    let taken = format!("{SALES}bBefore go-live<tab>CHG 42<enter><enter><enter>y");
    let at_once = play(&taken);
    at_once.says("The Before go-live backup was successfully created.");
    let backup = |screen: &Screen| match &named(screen, "Contoso Sales").backups {
        Known::Is(backups) => backups.iter().find(|backup| backup.name == Known::Is("Before go-live".into())).unwrap().clone(),
        Known::Unknown => panic!("they are known"),
    };
    assert_eq!(backup(&at_once).notes, Known::Is("CHG 42".into()));
    assert_eq!(backup(&at_once).label(), "2026-01-05T07:00:00Z", "the label is the instant (BKP-054)");
    // The cursor stands on it, so it is chosen already.
    play(&format!("{taken}r<enter>")).says("Before go-live is not ready yet");
    let settling = play(&format!("{taken}<advance 12m>r<down><enter>/sales uat<enter><enter><enter>"));
    settling
        .says("The backup Before go-live of Contoso Sales is not 15 minutes old yet")
        .says("overwritten with what Contoso Sales was: the backup Before go-live");
    let later = play(&format!("{taken}<advance 15m>"));
    let sales = named(&later, "Contoso Sales");
    let rulebook = later.model.rulebook();
    let state = readiness(&backup(&later), &retention(sales, rulebook), rulebook, utc("2026-01-05T07:15:00Z"));
    assert_eq!(state, Known::Is(envdeck::domain::backup::Readiness::Ready));
}

#[test]
fn production_is_switched_restored_onto_itself_and_switched_back() {
    let refused = play("/contoso hr<enter><home>r<c-u>2026-01-03 10:00<enter>/contoso hr<enter><end><enter>");
    refused.says("Production is never overwritten: p plans to switch it, restore, switch back");
    let switched = "/contoso hr<enter><home>t<enter><enter>y";
    let sandbox = play(switched);
    sandbox.says("Contoso HR is of the type sandbox now");
    assert_eq!(named(&sandbox, "Contoso HR").kind, Known::Is(EnvironmentType::Sandbox));
    let restored = format!("{switched}r<c-u>2026-01-03 10:00<enter>/contoso hr<enter><home><enter><enter><enter><enter>yffff");
    play(&restored).says("Contoso HR is overwritten, out of service, and has a checklist");
    play(&format!("{restored}A/switched<enter>")).says("Contoso HR was switched from production to sandbox on 2026-01-05 07:00Z");
    // Until it is switched back that stands with it, and names what it may cost (RST-048).
    play("/contoso hr<enter><home>t<enter><enter>y<tab>")
        .says("to sandbox, 2026-01-05 07:00Z: switch it back soon")
        .says("at risk      After payroll interface, Before payroll interface");
    let back = play(&format!("{restored}t<enter><enter>y"));
    assert_eq!(named(&back, "Contoso HR").sandbox_since, None);
    back.says("Contoso HR is of the type production now");
    let hr = named(&back, "Contoso HR");
    assert_eq!(hr.kind, Known::Is(EnvironmentType::Production));
    let Known::Is(backups) = &hr.backups else { panic!("they are known") };
    // After seven days as a sandbox nobody knows whether older ones are still there (C-28).
    assert!(backups.iter().all(|backup| backup.may_be_gone == (backup.taken_at < back.model.now() - chrono::TimeDelta::days(7))), "{backups:?}");
    assert!(backups.iter().any(|backup| backup.may_be_gone));
}

#[test]
fn a_deleted_environment_is_got_back_on_its_last_day_and_not_after_it() {
    let environment = "/returns<enter><home>";
    let deleted_at = match named(&play(""), "Contoso Returns Test").deleted_at {
        Known::Is(Some(at)) => at,
        other => panic!("{other:?}"),
    };
    let last = envdeck::domain::time::rfc3339(deleted_at + chrono::TimeDelta::days(7));
    let back = Console::demo().at(&last).size(120, 36).play(&format!("{environment}V<enter><enter>y"));
    back.says("Contoso Returns Test is back");
    assert_eq!(named(&back, "Contoso Returns Test").deleted_at, Known::Is(None));
    let over = envdeck::domain::time::rfc3339(deleted_at + chrono::TimeDelta::days(7) + chrono::TimeDelta::seconds(1));
    let refused = Console::demo().at(&over).size(120, 36).play(&format!("{environment}V<enter>"));
    refused.says("Blocked: Contoso Returns Test was deleted");
    assert!(named(&refused, "Contoso Returns Test").is_deleted() == Known::Is(true));
}

#[test]
fn nothing_happens_before_the_confirmation_and_esc_leaves_everything_equal() {
    let before = play("");
    for keys in [
        "r",
        "r<enter>",
        "bName<enter><enter>",
        "t<enter><enter>n",
        "a<enter>",
        "B",
        "R<down><enter>",
        "d<down><enter>",
        "ENew<enter>",
        "Whttps://x.example<enter>",
        "X",
        "D<enter>",
        "V",
        "F",
    ] {
        for way_out in ["", "<esc><esc><esc><esc><esc>"] {
            let left = play(&format!("{SALES}{keys}{way_out}"));
            for (key, environment) in before.model.estate.environments() {
                assert_eq!(environment, left.model.estate.environment(key), "{keys}{way_out}");
            }
            assert!(left.model.estate.journal().entries().is_empty() && left.model.estate.rehearsals().is_empty(), "{keys}{way_out}");
        }
    }
}

#[test]
fn the_rest_of_the_life_is_rehearsed_and_taken_back() {
    let sandbox = "/sales uat<enter><home>";
    type Check = fn(&Environment) -> bool;
    let cases: [(&str, &str, Check); 8] = [
        (sandbox, "a<enter><enter>y", |e| e.admin_mode == Known::Is(true)),
        (sandbox, "E<c-u>UAT two<enter><enter><enter>y", |e| &*e.name == "UAT two"),
        (sandbox, "W<c-u>https://uat2.crm4.dynamics.com<enter><enter><enter>y", |e| e.url == Known::Is(Some("https://uat2.crm4.dynamics.com".into()))),
        (sandbox, "X<enter><enter>y", |e| e.backups == Known::Is(Vec::new())),
        (sandbox, "D<enter><enter>y", |e| e.is_deleted() == Known::Is(true)),
        (sandbox, "t<enter><enter>y", |e| e.kind == Known::Is(EnvironmentType::Production)),
        (SALES, "d<down><enter><enter><enter>y", |e| matches!(&e.backups, Known::Is(backups) if backups.len() == 6)),
        ("/contoso hr<enter><home>", "R<home><enter><enter><enter>y", |e| e.retention_days == Known::Is(Some(7))),
    ];
    for (environment, keys, check) in cases {
        let done = play(&format!("{environment}{keys}"));
        let id =
            done.model.estate.rehearsals().last().unwrap_or_else(|| panic!("{keys}: nothing was rehearsed\n{}", done.text())).plan.request().target.clone();
        let of = |screen: &Screen| screen.model.estate.find(&id).map(|key| screen.model.estate.environment(key).clone()).unwrap();
        assert!(check(&of(&done)), "{keys}\n{}", done.text());
        let (undone, before) = (play(&format!("{environment}{keys}u")), play(""));
        assert_eq!(of(&undone), of(&before), "{keys}: u restores exactly");
    }
}

#[test]
fn background_operations_wait_for_administration_mode_and_for_yammer() {
    // After a rehearsed copy the mode is on and Yammer is open.
    let copied = "/contoso sales<enter><home>c<enter>/sales uat<enter><enter><enter><enter><enter>yffff";
    let refused = play(&format!("{copied}B"));
    refused.says("in which background operations cannot run").says("Yammer is not decided yet");
    refused.says("Mail, workflows and system jobs run from then on").says("─ blocked");
    play(&format!("{copied}B<enter>")).says("─ blocked");
    let leaving = play(&format!("{copied}a"));
    leaving.says("mandatory items are open");
}

#[test]
fn a_plan_is_begun_left_and_resumed_and_its_steps_follow_from_what_was_recorded() {
    let plan = "/contoso hr<enter><home>py";
    let asked = play("/contoso hr<enter><home>p");
    asked.says("2 backups older than 7 days would be lost").says("Safer: n, and r");
    // An instant that a sandbox cannot go back to is refused at once.
    let refused = play("/contoso hr<enter><home><tab><tab><left*9><esc>p");
    refused.says("A switch loses 2025-12-").says("restore it onto another sandbox instead (r)");
    let begun = play(plan);
    begun.says("Tell everybody who works there").says("Switch it to sandbox").says("0 of 8, 6 mandatory open");
    // A step waits for the one before, and is no tick by hand.
    play(&format!("{plan}<down><down><down><enter>")).says("first: Tell everybody who works there");
    play(&format!("{plan}<space><down><down><down><enter>")).says("first: Make sure that nobody needs a backup that is older than seven days");
    let ready = format!("{plan}<space><down><space>");
    play(&format!("{ready}<down><down><enter>")).says("Switch type of Contoso HR");
    let recorded = format!("{ready}<down><down><enter><enter><down><enter><tab><tab>Contoso HR<enter>");
    play(&recorded).says("Recorded. Contoso HR is of the type sandbox now");
    let resumed = play(&format!("{recorded}o"));
    resumed.says("[x] Switch it to sandbox").says("3 of 8");
    play(&format!("{recorded}p")).says("Restore production onto itself: only where it is of the type Production");
    // The restore opens its own checklist; o goes from one to the other.
    let restored = format!("{recorded}r<c-u>2026-01-04 10:00<enter>/contoso hr<enter><home><enter><enter><enter><down><enter><tab><tab>Contoso HR<enter>");
    play(&restored).says("Recorded, with its checklist");
    play(&format!("{restored}o")).says("Done by the restore");
    play(&format!("{restored}oo")).says("[x] Restore it onto itself");
}

#[test]
fn an_instant_that_nobody_chose_is_never_now() {
    play("/contoso sales<enter><home>r<enter>").says("Type the instant to restore to").says("Point in time");
    play("/contoso sales<enter><home>r2026-01-04 10:00<c-u><enter>").says("Type the instant to restore to");
    play("/contoso sales<enter><home>rnow<enter>").says("Target");
    // Where it is looked at, or was put somewhere, the cursor says it.
    play("/contoso sales<enter><home><tab><tab>g2026-01-04 10:00<enter>r").says("2026-01-04 10:00");
    play("/contoso sales<enter><home><tab><tab><enter>").says("2026-01-05 07:00");
    // The runbook of a plan asks for it too.
    let plan = "/contoso hr<enter><home>pyx";
    play(plan).says("an instant, such as yesterday 14:35").says_not("2026-01-05 07:00 ");
    play(&format!("{plan}<enter>")).says("Say to which instant it restores");
    // What was typed for another plan says nothing about this one.
    play(&format!("{plan}2026-01-04 14:35<esc><esc>/<c-u>contoso sales<enter><home>pyx")).says("an instant, such as yesterday 14:35");
    play(&format!("{plan}2026-01-04 14:35<esc>x")).says("2026-01-04 14:35");
}

#[test]
fn the_way_to_a_point_of_production_depends_on_its_age_and_takes_the_point_along() {
    // Two sandboxes stand above it.
    let target = |point: &str| format!("/contoso sales<enter><home>r<c-u>{point}<enter>/contoso sales<enter><home><down*2>");
    let recent = target("2 Jan 18:00");
    play(&recent).says("switch it to sandbox first").says("safe for 2026-01-02 18:00Z").says("p plan");
    for size in [(80, 24), (120, 36)] {
        let said = Console::demo().size(size.0, size.1).play(&format!("{recent}<enter>"));
        said.says("Production is never overwritten: p plans to switch it, restore, switch back");
    }
    let asked = play(&format!("{recent}p"));
    asked.says("back to").says("2026-01-02 18:00Z").says("2026-01-09 18:00Z").says("RST-046");
    let begun = format!("{recent}py");
    play(&begun).says("Tell everybody who works there");
    play(&format!("{begun}<down*4>")).says("Back to 2026-01-02 18:00Z, as chosen when the plan was begun");
    play(&format!("{begun}x")).says("2026-01-02 18:00");
    // Esc leads back to the environments: the restore is a step of the plan now.
    play(&format!("{begun}<esc>")).says("4 found").says_not("Point in time");
    // A point that a switch would lose is never reached by one.
    let old = target("2025-12-15 00:00");
    play(&old).says("Restore it onto a sandbox instead").says("2025-12-15 00:00Z").says_not("switch it to sandbox first");
    let refused = Console::demo().play(&format!("{old}<enter>"));
    refused.says("Production is never overwritten, and a switch loses that point: take a sandbox");
    Console::demo().play(&format!("{old}p")).says("A switch loses 2025-12-15 00:00Z: restore it onto another sandbox instead (r)");
    // On another row, and in a copy, there is nothing to plan.
    play(&format!("{recent}<down>p")).says("Only a restore of production onto itself is planned here");
    play("/contoso sales<enter><home>c<enter>p").says("Only a restore of production onto itself is planned here");
}

#[test]
fn a_plan_takes_the_manual_backup_along_that_was_chosen() {
    // The newest manual backup of Contoso HR is younger than seven days.
    let begun = "/contoso hr<enter><home>r<down><enter>/contoso hr<enter><home><down>py";
    let screen = play(begun);
    let checklist = screen.model.working().unwrap().checklist().unwrap();
    let Some(Back::Backup(id, at)) = checklist.back.clone() else { panic!("{:?}", checklist.back) };
    let hr = named(&screen, "Contoso HR");
    assert!(hr.backups.is(|backups| backups.iter().any(|backup| backup.id == id && backup.taken_at == at)));
    let switched = format!("{begun}<space><down><space><down><down><enter><enter><enter>y");
    // The step stands on that backup, whatever was typed before.
    let step = play(&format!("{switched}o<down*4><enter>"));
    step.says("Restore Contoso HR").says("take audit logs along");
    assert_eq!(step.model.wizard().unwrap().draft.row, 1);
}

#[test]
fn the_switch_of_a_plan_says_until_when_it_is_safe_for_its_point_and_is_named_when_it_loses_it() {
    let begun = "/contoso hr<enter><home><tab><tab>g2025-12-29 08:00<enter>py<space><down><space><down><down>";
    let in_time = play(&format!("{begun}<enter>"));
    in_time.says("the switch is safe for that point until 2026-01-05 08:00Z");
    let too_late = play(&format!("{begun}<advance 2h><enter>"));
    too_late.says("which the switch would lose").says("it was safe until 2026-01-05 08:00Z");
    play(&format!("{begun}<advance 2h><enter><enter>")).says("must be acknowledged first: press a for each");
    let typed = play(&format!("{begun}<advance 2h><enter>aContoso Sales<enter>"));
    typed.says("That is not its name: type Contoso HR");
    play(&format!("{begun}<advance 2h><enter>aContoso HR<enter><enter>")).says("Carry out");
    // Whoever switches it without the plan is told the same.
    play(&format!("{begun}<esc><advance 2h>t")).says("which the switch would lose");
}

#[test]
fn records_come_back_into_what_the_plan_created_and_nowhere_else() {
    let plan = "/contoso sales<enter><home>Py<space>";
    let created = format!("{plan}<down><enter><c-u>Sales rescue<enter><enter><down><enter><tab><tab>Sales rescue<enter>");
    play(&created).says("Recorded");
    let open = format!("{created}/<c-u>contoso sales<enter><home>o");
    play(&open).says("[x] Create an empty environment");
    let step = format!("{open}<down*2><enter><c-u>2026-01-04 10:00<enter>");
    let targets = play(&step);
    let onto = targets.model.targets().unwrap().selected().unwrap();
    assert_eq!(&*targets.model.estate.environment(onto).name, "Sales rescue", "{}", targets.text());
    // Anything that was there before is refused in this step.
    play(&format!("{step}/hr test<enter><enter>")).says("This step of the plan overwrites Sales rescue and nothing else");
    // A restore onto something else is no step of the plan.
    let elsewhere = "r<c-u>2026-01-04 10:00<enter>/sales uat<enter><enter><enter>aaaaaa<enter><down><enter><tab><tab>Contoso Sales UAT<enter>";
    let restored = format!("{open}<esc>{elsewhere}");
    play(&restored).says("Recorded");
    play(&format!("{restored}/<c-u>contoso sales<enter><home>o")).says("[ ] Restore this environment into the new one");
}

#[test]
fn the_plan_for_deleted_records_is_begun_only_where_the_restore_can_be_allowed() {
    play("/early<enter><home>P").says("which is never restored onto another environment");
    play("/returns<enter><home>P").says("is deleted");
    play("/plant managers<enter><home>P").says_not("Begin the plan");
    play("/sales uat<enter><home>P").says("Begin the plan \"Get deleted records back\"");
}

/// Skipped time belongs to what is rehearsed: it neither judges what is recorded nor outlives the rehearsal.
#[test]
fn the_clock_is_moved_on_for_a_rehearsal_alone() {
    play("/sales uat<enter><home>f").says("Nothing is rehearsed");
    let start = play("").model.now();
    let copied = format!("{SALES}r<c-u>2026-01-04 14:35<enter>/sales uat<enter><enter><enter><enter><enter>yffff");
    let ahead = play(&copied);
    assert!(ahead.model.now() > start);
    // Elsewhere nothing is recorded on a time that is not there yet.
    play(&format!("{copied}/<c-u>contoso hr<enter><home>b<c-u>Now<enter><enter><down><enter>")).says("The clock is ahead for a rehearsal");
    for back in ["u", "Uy"] {
        let back = play(&format!("{copied}{back}"));
        assert!(back.model.estate.rehearsals().is_empty() && back.model.now() == start && !back.model.ui.now.is_ahead(), "{}", back.text());
    }
}

#[test]
fn a_plan_keeps_the_instant_that_it_was_begun_with_and_shows_what_is_rehearsed_of_it() {
    let instant = "/contoso hr<enter><home><tab><tab>g2026-01-04 10:00<enter>";
    play(&format!("{instant}p")).says("for Contoso HR, back to 2026-01-04");
    let begun = format!("{instant}py");
    play(&format!("{begun}<down*4>")).says("Back to 2026-01-04 10:00Z, as chosen when the plan was begun");
    let ready = format!("{begun}<space><down><space>");
    let rehearsed = format!("{ready}<down><down><enter><enter><enter>y");
    let shown = play(&format!("{rehearsed}o"));
    shown.says("[x] Switch it to sandbox").says("done rehearsed");
    // The next step goes back to that instant, wherever the cursor went meanwhile.
    play(&format!("{rehearsed}o<down*4><enter>")).says("Restore Contoso HR").says("2026-01-04 10:00");
    // What is not so is not ticked, nor is a plan begun on it.
    play(&format!("{rehearsed}o<home><space>")).says("is shown as rehearsed: take the rehearsal back with U, then tick what is so");
    play("/contoso hr<enter><home>t<enter><enter>yfp").says("is shown as rehearsed");
    play("/contoso hr<enter><home>b<c-u>Now<enter><enter><enter>yP").says("is shown as rehearsed: take the rehearsal back with U, then begin the plan");
    let taken = play(&format!("{rehearsed}Uyo"));
    taken.says("[ ] Switch it to sandbox");
    // Halves that fall apart are said before, and again in the plan.
    play("/contoso supply chain<enter><home>p").says("It is linked to finance and operations");
}

#[test]
fn what_a_plan_creates_is_created_from_its_step_and_a_backup_without_a_name_is_called_as_its_label() {
    let plan = "/contoso sales<enter><home>Py";
    play(&format!("{plan}<down><enter>")).says("first: Find out when the records were deleted");
    let opened = format!("{plan}<space><down><enter>");
    play(&opened).says("Create beside Contoso Sales");
    let created = play(&format!("{opened}<c-u>Rescue<enter><enter><enter>y<esc>/<c-u>contoso sales<enter><home>o"));
    created.says("[x] Create an empty environment").says("done rehearsed");
    // C-26: the name falls back to the label.
    play("/contoso sales<enter><home>b<c-u><enter><enter><enter>y").says("The 2026-01-05T07:00:00Z backup was successfully created");
}

#[test]
fn a_url_is_written_as_one_and_is_nobody_elses() {
    let rename = "/sales uat<enter><home>W<c-u>";
    play(&format!("{rename}contoso<enter>")).says("A URL is written like https://contoso.crm4.dynamics.com");
    play(&format!("{rename}https://ContosoHR.crm4.dynamics.com/<enter>")).says("That is the URL of Contoso HR");
    play(&format!("{rename}https://contosotraining.crm4.dynamics.com<enter>")).says("Review");
}

#[test]
fn a_plan_fits_or_says_why_not() {
    play("/sales uat<enter><home>p").says("Restore production onto itself: only where it is of the type Production");
    play("/contoso hr<enter><home>M").says("only where its halves are of different types");
    play("/sales uat<enter><home>Py").says("Find out when the records were deleted");
    Console::demo().size(120, 36).read_only().play("/contoso hr<enter><home>p").says("Started with --read-only");
}

#[test]
fn an_environment_is_created_and_restored_into_and_taken_back() {
    let created = "/contoso service<enter><home>NService rescue<tab><right*0><enter><enter><enter>y";
    let base = "/contoso sales<enter><home>";
    let created = created.replace("/contoso service<enter><home>", base).replace("<right*0>", "");
    let before = play("");
    let done = play(&created);
    done.says("Service rescue is created");
    let rescue = named(&done, "Service rescue");
    assert_eq!((rescue.kind, &rescue.region), (Known::Is(EnvironmentType::Sandbox), &Known::Is("emea".into())));
    assert_eq!(done.model.estate.count(None), before.model.estate.count(None) + 1);
    // What was not said in the admin center is unknown, and is asked for.
    let restore = play(&format!("{created}r<c-u>2026-01-04 14:35<enter>/rescue<enter>"));
    restore.says("look up: managed");
    for undone in [play(&format!("{created}u")), play(&format!("{created}/rescue<enter>u<esc>")), play(&format!("{created}Uy"))] {
        assert_eq!(undone.model.estate.count(None), before.model.estate.count(None));
        assert!(undone.model.estate.environments().all(|(_, environment)| &*environment.name != "Service rescue"));
    }
}

#[test]
fn both_halves_of_a_pair_go_together_unless_somebody_says_otherwise() {
    let chain = "/supply chain test<enter><home>";
    let backup = play(&format!("{chain}bBefore the upgrade<enter>"));
    backup.says("is backed up at the same time, so that both halves can go back to one instant");
    let alone = play(&format!("{chain}bBefore the upgrade<tab><tab><right><enter>"));
    alone.says_not("at the same time, so that both halves");
    let review = play(&format!("{chain}r<c-u>2026-01-04 10:00<enter><home><enter><enter>"));
    review.says("The database of Contoso Finance UAT is restored to 2026-01-04 10:00Z in parallel");
    let copy = play("/supply chain<enter><home>c<enter>/supply chain test<enter><home><enter><enter>");
    copy.says("The database of Contoso Finance UAT is refreshed in parallel");
    let import = play("/supply chain<enter><home>c<enter>/supply chain test<enter><home><enter><tab><tab><right><enter>");
    import.says("A database from the LCS asset library is imported");
    // One half alone is taken upon oneself (LNK-027, LNK-034, C-32).
    let alone = "The database of Contoso Finance UAT, to which Contoso Supply Chain Test is linked";
    let copy = "/supply chain<enter><home>c<enter>/supply chain test<enter><home><enter><tab><tab><right><right><enter>";
    play(copy).says(alone);
    play(&format!("{copy}<enter>")).says("must be acknowledged first");
    let restore = "/supply chain test<enter><home>r<c-u>2026-01-04 10:00<enter>/supply chain test<enter><home><enter><tab><right><enter>";
    play(restore).says(alone);
    play(&format!("{restore}<enter>")).says("must be acknowledged first");
}

#[test]
fn the_switch_of_a_linked_environment_is_taken_upon_oneself_finding_by_finding() {
    let review = "/supply chain test<enter><home>t";
    play(&format!("{review}<enter>")).says("2 findings must be acknowledged first: press a for each");
    // That the halves fall apart is taken upon oneself by typing the name (LNK-012, C-33).
    play(&format!("{review}a")).says("Take it upon yourself");
    let typed = "aContoso Supply Chain Test<enter>";
    play(&format!("{review}{typed}<enter>")).says("1 finding must be acknowledged first");
    let switched = play(&format!("{review}{typed}a<enter><enter>y"));
    switched.says("Contoso Supply Chain Test is of the type production now");
    let acknowledged = &switched.model.estate.rehearsals()[0].plan.operation(switched.model.now(), switched.model.now(), None, None).acknowledged;
    assert_eq!(acknowledged.len(), 2, "the journal keeps who took what upon themselves");
}

#[test]
fn the_retention_begins_on_what_is_in_force() {
    play("/contoso hr<enter><home>R<enter>").says("Contoso HR keeps its backups for 21 days already");
}

/// A plan that a team wrote is found by its name, worked like any other, and refused where it is not for.
#[test]
fn a_plan_of_the_team_is_found_in_the_palette() {
    let folder = tempfile::tempdir().unwrap();
    let manual = include_str!("../docs/checklists.md");
    let example = manual.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    std::fs::write(folder.path().join("hand-over.yaml"), example).unwrap();
    let play = |keys: &str| Console::demo().size(120, 36).checklists(folder.path()).play(keys);
    play("/sales uat<enter><home>:hand a test").says("Hand a test environment over").says(" plan ");
    const PLAN: &str = "/sales uat<enter><home>:hand a test<enter>";
    play(PLAN).says("Begin the plan \"Hand a test environment over\" for Contoso").says("nothing else happens yet");
    let begun = play(&format!("{PLAN}y"));
    begun.says("Contoso Sales UAT: Hand a test environment over").says("0 of 3, 1 mandatory open").says("[-] Mailboxes: set each to None");
    play(&format!("{PLAN}y<down*2>")).says("first: Agree who owns it");
    play(&format!("{PLAN}y<space>")).says("Who owns it from now on?");
    play(&format!("{PLAN}y<space>lena@contoso.com<enter><down*2>")).says("1 of 3").says("lena@contoso.com");
    // An item that rests on no rule leads to all of them.
    play(&format!("{PLAN}ye")).says("Rules, answers and links");
    play("/contoso hr<enter><home>:hand a test<enter>").says("Hand a test environment over: only where it is of the type Sandbox");
}

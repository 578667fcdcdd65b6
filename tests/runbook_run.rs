//! The scripts of runbooks, run against a `pac` that records what it is asked.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

#[path = "support/stand_in.rs"]
mod stand_in;

use std::fs;

use serde_json::{Value, json};
use stand_in::*;
use tempfile::TempDir;

#[test]
fn a_copy_is_carried_out_once_the_guards_let_it_pass_and_its_name_is_typed() {
    let Some(tenant) = Tenant::new() else { return };
    let output = tenant.run(&runbook(COPY), &[], "Contoso Sales UAT\ndone\n");
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    let copy = ["admin", "copy", "--source-env", SALES_ID, "--target-env", UAT_ID, "--type", "FullCopy", "--name", UAT, "--max-async-wait-time", "1440"];
    assert_eq!(tenant.changes(), [copy.map(str::to_owned).to_vec()]);
    let calls = tenant.calls();
    let place = calls.iter().position(|call| call[1] == "copy").unwrap();
    assert!(calls[..place].iter().any(|call| call[..2] == ["auth", "who"]), "it looks who is signed in before: {calls:?}");
    assert!(calls[place + 1..].iter().any(|call| call[..2] == ["admin", "list"]), "it looks at the target afterwards: {calls:?}");
    says(&output, "Every step is done: seen in the tenant, or confirmed by you.");
    says(&output, "mandatory: Email: disable the mailboxes of the copy");
    // Once more: nothing is done a second time.
    let again = tenant.run(&runbook(COPY), &[], "Contoso Sales UAT\n");
    assert!(again.status.success());
    says(&again, "there is nothing left to do");
    assert_eq!(tenant.changes().len(), 1);
}

/// Changes the tenant, types something, and expects that nothing is changed and why.
#[track_caller]
fn stopped(set_up: impl FnOnce(&Tenant), typed: &str, why: &str) {
    let Some(tenant) = Tenant::new() else { return };
    set_up(&tenant);
    let output = tenant.run(&runbook(COPY), &[], typed);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    says(&output, why);
    assert_eq!(tenant.changes(), [[""; 0]; 0]);
}

#[test]
fn nothing_is_changed_where_something_is_not_as_it_was_judged() {
    let name = "Contoso Sales UAT\n";
    stopped(|tenant| tenant.signed_in("11111111-2222-4333-8444-555555555555"), name, "You are signed in to the tenant 11111111-2222-4333-8444-555555555555");
    stopped(|tenant| tenant.write("who", "No profiles were found on this computer.\n"), name, "does not say in which tenant");
    stopped(|_| {}, "contoso sales uat\n", "That is not its name. Nothing was changed.");
    stopped(|_| {}, "", "That is not its name. Nothing was changed.");
    stopped(|tenant| tenant.at(24 * 3600), name, "The verdict of 2026-01-05T07:00:00Z held until 2026-01-06T07:00:00Z");
    stopped(|tenant| tenant.at(-3600), name, "set the clock");
    stopped(|tenant| tenant.list(&called(Tenant::demo(), UAT_ID, "Type", "Production")), name, "it is now Contoso Sales UAT, Production");
    stopped(|tenant| tenant.list(&called(Tenant::demo(), UAT_ID, "DisplayName", "Payroll")), name, "it is now Payroll, Sandbox");
    stopped(
        |tenant| tenant.list(&called(Tenant::demo(), SALES_ID, "DisplayName", "Payroll")),
        name,
        "The source 00b6e67a-7a2a-4c2b-8180-60a7da1de808 was judged as Contoso Sales",
    );
    stopped(|tenant| tenant.list(&[]), name, "is not in this tenant");
    stopped(|tenant| tenant.write("list.json", "Error: throttled\n"), name, "gave no list");
    let before = |tenant: &Tenant| tenant.at(24 * 3600 - 1);
    let Some(tenant) = Tenant::new() else { return };
    before(&tenant);
    assert!(tenant.run(&runbook(COPY), &[], "Contoso Sales UAT\ndone\n").status.success(), "a second before the day is over it is good");
}

#[test]
fn the_window_of_a_change_is_kept() {
    let script = runbook(&[COPY, &["--window", "2026-01-05T20:00:00Z/2026-01-05T23:00:00Z"]].concat());
    for (hours, said) in [(0, "opens at 2026-01-05T20:00:00Z"), (13, ""), (16, "closed at 2026-01-05T23:00:00Z")] {
        let Some(tenant) = Tenant::new() else { return };
        tenant.at(hours * 3600);
        let output = tenant.run(&script, &[], "Contoso Sales UAT\ndone\n");
        assert_eq!((output.status.success(), tenant.changes().len()), if said.is_empty() { (true, 1) } else { (false, 0) });
        says(&output, said);
    }
}

#[test]
fn a_failure_says_where_it_is_and_nothing_is_begun_twice_without_asking() {
    for status in ["1", "0"] {
        let Some(tenant) = Tenant::new() else { return };
        tenant.write("fails", "copy\n");
        tenant.write("status", status);
        let script = runbook(COPY);
        let output = tenant.run(&script, &[], "Contoso Sales UAT\n");
        assert_eq!(output.status.code(), Some(1), "pac says Error and ends with {status}");
        says(&output, "Step 1 of 1 did not succeed");
        says(&output, "Do not begin it again before you have seen that it is not running");
        assert_eq!(tenant.changes().len(), 1);
        // Run again without an answer: it is not begun again.
        let unanswered = tenant.run(&script, &[], "Contoso Sales UAT\n");
        assert_eq!(unanswered.status.code(), Some(1));
        says(&unanswered, "nothing says how it ended");
        assert_eq!(tenant.changes().len(), 1);
        fs::remove_file(tenant.path("fails")).unwrap();
        let again = tenant.run(&script, &[], "Contoso Sales UAT\nagain\ndone\n");
        assert!(again.status.success(), "{}{}", text(&again.stdout), text(&again.stderr));
        assert_eq!(tenant.changes().len(), 2);
    }
    // Said to be completed: it is passed over.
    let Some(tenant) = Tenant::new() else { return };
    tenant.write("fails", "copy\n");
    let script = runbook(COPY);
    tenant.run(&script, &[], "Contoso Sales UAT\n");
    assert!(tenant.run(&script, &[], "Contoso Sales UAT\ndone\n").status.success());
    assert_eq!(tenant.changes().len(), 1);
}

/// Two runbooks that are called alike keep their progress apart, or the second would pass over what only the first did.
#[test]
fn every_runbook_keeps_its_own_progress() {
    let name = |arguments: &[&str]| runbook(arguments).lines().find_map(|line| line.strip_prefix("runbook=").map(str::to_owned)).unwrap();
    let other: &[&str] = &["copy", "--from", "Contoso Sales Dev", "--to", UAT, "--level", "everything"];
    assert_ne!(name(COPY), name(other));
    assert_ne!(name(COPY), name(&[&COPY[..5], &["--level", "customizations"] as &[&str]].concat()));
    assert_eq!(name(COPY), name(COPY));
    assert!(name(COPY).starts_with("'copy-contoso-sales-uat-20260105T070000Z-"));
}

#[test]
fn what_still_runs_is_not_done() {
    let Some(tenant) = Tenant::new() else { return };
    let script = runbook(COPY);
    let id = script.lines().find_map(|line| line.strip_prefix("target_id='")).unwrap().trim_end_matches('\'').to_owned();
    tenant.write("running", &format!("Operation  Environment  Status\nCopy  {id}  Running\n"));
    let output = tenant.run(&script, &[], "Contoso Sales UAT\n");
    assert_eq!(output.status.code(), Some(1));
    says(&output, "pac admin status still lists an operation on it.");
}

#[test]
fn what_only_looks_changes_nothing() {
    let Some(tenant) = Tenant::new() else { return };
    let dry = tenant.run(&runbook(COPY), &["--dry-run"], "");
    assert!(dry.status.success() && tenant.calls().is_empty(), "{:?}", tenant.calls());
    says(&dry, "pac admin copy --source-env");
    let check = tenant.run(&runbook(COPY), &["--check"], "");
    assert!(check.status.success() && !tenant.calls().is_empty() && tenant.changes().is_empty());
    says(&check, "The guards let it pass; nothing was changed.");
    assert!(fs::read_dir(tenant.path("")).unwrap().flatten().all(|file| file.path().extension().is_none_or(|extension| extension != "progress")));
    let unknown = tenant.run(&runbook(COPY), &["--dryrun"], "");
    assert_eq!(unknown.status.code(), Some(2));
}

#[test]
fn what_was_renamed_is_known_by_its_new_name_afterwards() {
    let script = runbook(&[COPY, &["--name", "Training", "--security-group", "Vendors"]].concat());
    let Some(tenant) = Tenant::new() else { return };
    tenant.afterwards("copy", &called(Tenant::demo(), UAT_ID, "DisplayName", "Training"));
    // The group is set by hand; who stops there goes on there, under the new name.
    let output = tenant.run(&script, &[], "Contoso Sales UAT\ndone\n");
    assert_eq!(output.status.code(), Some(1));
    says(&output, "Step 2 waits: Set the security group of Training to Vendors, id ab37b23d-c031-4ced-86aa-2691c368e777");
    let again = tenant.run(&script, &[], "Contoso Sales UAT\ndone\n");
    assert!(again.status.success(), "{}{}", text(&again.stdout), text(&again.stderr));
    says(&again, "passed over");
    assert_eq!(tenant.changes().len(), 1);
    // Who does not find the new name afterwards is told.
    let Some(unchanged) = Tenant::new() else { return };
    let output = unchanged.run(&script, &[], "Contoso Sales UAT\n");
    says(&output, "It was not seen afterwards");
    assert_eq!(output.status.code(), Some(1));
}

fn without(id: &str) -> Vec<Value> {
    Tenant::demo().into_iter().filter(|environment| environment["EnvironmentId"] != json!(id)).collect()
}

#[test]
fn a_deletion_is_seen_and_a_recovery_waits_for_a_person() {
    let Some(tenant) = Tenant::new() else { return };
    tenant.afterwards("delete", &without(UAT_ID));
    let output = tenant.run(&runbook(&["delete", UAT]), &[], "Contoso Sales UAT\n");
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    assert_eq!(tenant.changes(), [["admin", "delete", "--environment", UAT_ID, "--max-async-wait-time", "240"].map(str::to_owned).to_vec()]);
    // What stands there cannot be recovered; what is deleted waits until it was.
    let script = runbook(&["recover", RETURNS]);
    let id = script.lines().find_map(|line| line.strip_prefix("target_id='")).unwrap().trim_end_matches('\'').to_owned();
    let Some(gone) = Tenant::new() else { return };
    gone.list(&without(&id));
    let waiting = gone.run(&script, &[], "Contoso Returns Test\n");
    says(&waiting, "Environments > Recover deleted environments > (environment) > Recover");
    assert_eq!(waiting.status.code(), Some(1));
    let mut back = without(&id);
    back.push(json!({ "EnvironmentId": id, "EnvironmentUrl": "", "DisplayName": RETURNS, "Type": "Sandbox" }));
    gone.list(&back);
    let done = gone.run(&script, &[], "Contoso Returns Test\ndone\n");
    assert!(done.status.success(), "{}{}", text(&done.stdout), text(&done.stderr));
    let Some(there) = Tenant::new() else { return };
    there.list(&back);
    says(&there.run(&script, &[], "Contoso Returns Test\n"), "is not deleted: there is nothing to recover");
}

#[test]
fn a_plan_goes_from_step_to_step_and_on_from_where_it_was_left() {
    let script = runbook(&["plan", "restore-to-production", HR, "--at", "2026-01-04T14:35:00Z"]);
    let Some(tenant) = Tenant::new() else { return };
    let id = script.lines().find_map(|line| line.strip_prefix("target_id='")).unwrap().trim_end_matches('\'').to_owned();
    tenant.write("backups", "1     00000000-0000-0000-0000-000000000000 Before the restore to 2026-01-04 14:35Z 14/01/2026\n");
    // Told everybody, nobody needs older backups; then the switch is left for later.
    let first = tenant.run(&script, &[], "Contoso HR\ndone\ndone\nnot yet\n");
    assert_eq!(first.status.code(), Some(1));
    says(&first, "is switched from Production to Sandbox");
    assert_eq!(tenant.changes().iter().map(|call| &*call[1]).collect::<Vec<_>>(), ["backup"]);
    // It was switched meanwhile: the runbook knows that step, and goes on.
    tenant.list(&called(Tenant::demo(), &id, "Type", "Sandbox"));
    let second = tenant.run(&script, &[], "Contoso HR\ndone\ndone\nlater\n");
    says(&second, "is switched from Sandbox to Production");
    assert_eq!(second.status.code(), Some(1));
    let changes = tenant.changes();
    assert_eq!(changes.iter().map(|call| &*call[1]).collect::<Vec<_>>(), ["backup", "restore"]);
    assert_eq!(
        changes[1],
        ["admin", "restore", "--selected-backup", "01/04/2026 14:35", "--source-env", &id, "--target-env", &id, "--name", HR, "--max-async-wait-time", "1440"]
    );
    tenant.list(&Tenant::demo());
    let third = tenant.run(&script, &[], "Contoso HR\ndone\ndone\ndone\n");
    assert!(third.status.success(), "{}{}", text(&third.stdout), text(&third.stderr));
    assert_eq!(tenant.changes().len(), 2);
}

#[test]
fn the_other_half_of_a_pair_is_begun_by_hand_before_the_command() {
    let script = runbook(&["restore", "--from", PAIR, "--to", PAIR_TEST, "--at", "2026-01-04T14:35:00Z", "--fno-at", "2026-01-04T14:35:00Z"]);
    assert!(script.contains("# Destroyed: What is in the database of its finance and operations half Contoso Finance UAT now"), "{script}");
    let Some(tenant) = Tenant::new() else { return };
    let waits = tenant.run(&script, &[], "Contoso Supply Chain Test\n");
    says(&waits, "Begin in parallel, now, for the finance and operations half Contoso Finance UAT");
    assert!(waits.status.code() == Some(1) && tenant.changes().is_empty(), "the command waits for the person");
    let goes_on = tenant.run(&script, &[], "Contoso Supply Chain Test\ndone\ndone\ndone\n");
    assert!(goes_on.status.success(), "{}{}", text(&goes_on.stdout), text(&goes_on.stderr));
    assert_eq!(tenant.changes().iter().map(|call| &*call[1]).collect::<Vec<_>>(), ["restore"]);
}

/// The demo, where Fabrikam has room for an environment of Contoso and nothing stands in the way of its move.
fn with_room(folder: &TempDir) -> String {
    let demo = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo.yaml")).unwrap();
    let (contoso, fabrikam) = demo.split_at(demo.find("  - id: 305c139b-58ff-4dd0-b2eb-89e8cf7edbef").unwrap());
    let roomy = fabrikam
        .replacen("capacity_gb: { entitled: 120, used: 119.4 }", "capacity_gb: { entitled: 900, used: 119.4 }", 1)
        .replacen("licences: { total: 90, active: 74 }", "licences: { total: 600, active: 600 }", 1)
        .replacen("dynamics_365_seats: 60", "dynamics_365_seats: 600", 1);
    assert_ne!(roomy, fabrikam);
    let file = folder.path().join("both.yaml");
    fs::write(&file, format!("{}{roomy}", contoso.replace("managed: true", "managed: false"))).unwrap();
    fs::write(folder.path().join("articles.csv"), "ingrid@contoso.com, carla@fabrikam.com\n").unwrap();
    fs::write(folder.path().join("usermapping.csv"), "Source,Destination\ningrid@contoso.com,carla@fabrikam.com\n").unwrap();
    file.to_str().unwrap().to_owned()
}

/// The mapping file in the form of a rulebook.
fn mapping(folder: &TempDir, rulebook: &str) -> String {
    let name = if rulebook == "current" { "usermapping.csv" } else { "articles.csv" };
    folder.path().join(name).to_str().unwrap().to_owned()
}

#[test]
fn a_move_is_a_support_request_or_the_self_service_of_the_newer_articles() {
    let folder = TempDir::new().unwrap();
    let snapshot = with_room(&folder);
    let moved = |rulebook: &str, dialect: &str| {
        let operation = ["runbook", "migrate", "Contoso HR Test", "--to-tenant", "Fabrikam", "--now", "2026-01-05T07:00:00Z", "-s", &snapshot];
        let file = mapping(&folder, rulebook);
        let how = ["--mapping", &file, "--acknowledge", "NotFullySupported", "--rulebook", rulebook, "--dialect", dialect];
        let output = envdeck(&[&operation as &[&str], &how].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    for rulebook in ["articles", "current"] {
        for dialect in SCRIPTS {
            let script = moved(rulebook, dialect);
            assert!(bash(&["-n"], &script).status.success());
            // Everything is done by a person; no command changes anything.
            let Some(tenant) = Tenant::new() else { return };
            let output = tenant.run(&script, &[], &format!("Contoso HR Test\n{}", "done\n".repeat(9)));
            assert!(output.status.success() && tenant.changes().is_empty(), "{}{}", text(&output.stdout), text(&output.stderr));
        }
    }
    assert!(moved("articles", "pac").contains("Open a support request for the move of Contoso HR Test"));
    let current = moved("current", "powershell");
    for command in ["SubmitMigrationRequest", "ManageMigrationRequest", "UploadUserMappingFile", "PrepareMigration", "MigratePowerAppEnvironment"] {
        assert!(current.contains(&format!("TenantToTenant-{command}")), "{command}");
    }
    assert!(moved("current", "markdown").contains("usermapping.csv"));
}

/// One name is typed for one environment, so the plan of a production environment stops before what is done to that itself.
#[test]
fn the_plan_of_a_move_goes_as_far_as_one_name_answers_for() {
    let folder = TempDir::new().unwrap();
    let snapshot = with_room(&folder);
    let plan = |arguments: &[&str], rulebook: &str| {
        let file = mapping(&folder, rulebook);
        let whole = ["--to-tenant", "Fabrikam", "--mapping", &file, "--rulebook", rulebook, "--now", "2026-01-05T07:00:00Z", "-s", &snapshot];
        let all = [&["runbook", "plan", "migration"], arguments, &whole].concat();
        let output = envdeck(&all);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let taken = ["Contoso HR Test", "--acknowledge", "NotFullySupported"];
    let sandbox = plan(&taken, "articles");
    assert!(sandbox.contains("Submit a support request") && sandbox.contains("Stand by while Contoso HR Test"));
    assert!(!sandbox.contains("Open a support request"), "that is an item of the plan");
    let current = plan(&[&taken as &[&str], &["--dialect", "markdown"]].concat(), "current");
    assert!(current.contains("TenantToTenant-MigratePowerAppEnvironment -MigrationId") && !current.contains("In the tenant of Contoso HR Test, ask for"));

    let production = plan(&["Contoso HR", "--to", "Contoso HR Test"], "articles");
    assert!(!production.contains("Stand by while"));
    let Some(tenant) = Tenant::new() else { return };
    let output = tenant.run(&production, &[], &format!("Contoso HR Test\n{}", "done\n".repeat(60)));
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    assert_eq!(tenant.changes().iter().map(|call| &*call[1]).collect::<Vec<_>>(), ["copy"]);
    says(&output, "Take the runbook of this plan once more: what follows is done to Contoso HR");
}

#[test]
fn the_preview_validates_first() {
    let Some(tenant) = Tenant::new() else { return };
    // No list of the operations is to be had: a person waits for the end.
    let output = tenant.run(&runbook(&[COPY, &["--dialect", "pac-em"]].concat()), &[], "Contoso Sales UAT\ndone\n");
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    says(&output, "pac gave no list of the operations of the environment.");
    let copy = [
        "environment-management",
        "copy-environment",
        "--copy-type",
        "Full",
        "--source-environment-id",
        SALES_ID,
        "--target-environment-id",
        UAT_ID,
        "--copy-options-environment-name-to-override",
        UAT,
        "--copy-options-skip-audit-data",
        "false",
    ];
    let copy: Vec<String> = copy.map(str::to_owned).to_vec();
    let validated: Vec<String> = copy.iter().cloned().chain(["--validate-only", "true"].map(str::to_owned)).collect();
    assert_eq!(tenant.changes(), [validated, copy]);
    // What does not pass is not begun.
    let Some(refused) = Tenant::new() else { return };
    refused.write("fails", "copy-environment\n");
    let output = refused.run(&runbook(&[COPY, &["--dialect", "pac-em"]].concat()), &[], "Contoso Sales UAT\n");
    says(&output, "It did not pass the validation");
    assert_eq!(refused.changes().len(), 1);
}

/// What the preview begins goes on behind its command: its end is asked for, and what ran before is not taken for it.
#[test]
fn the_preview_is_asked_how_its_operation_ended() {
    let old = json!({ "operationId": "o1", "name": "Copy", "status": "Succeeded" });
    let script = runbook(&[COPY, &["--dialect", "pac-em"]].concat());
    for (status, ends_well) in [("Succeeded", true), ("Failed", false), ("ValidationFailed", false)] {
        let Some(tenant) = Tenant::new() else { return };
        tenant.write("operations", &json!({ "collection": [old] }).to_string());
        let now = json!({ "collection": [{ "operationId": "o2", "name": "Copy", "status": "InProgress" }, old] });
        tenant.write("running.json", &now.to_string());
        let ended = json!([old, { "operationId": "o2", "name": "Copy", "status": status }]);
        tenant.write("ended.json", &ended.to_string());
        tenant.program("after-copy-environment", "#!/bin/sh\ncd \"$(dirname \"$0\")\" && cp running.json operations\n");
        tenant.program("sleep", "#!/bin/sh\ncd \"$(dirname \"$0\")\" && cp ended.json operations\n");
        let output = tenant.run(&script, &[], "Contoso Sales UAT\n");
        assert_eq!(output.status.success(), ends_well, "{status}: {}{}", text(&output.stdout), text(&output.stderr));
        says(&output, "It says: InProgress");
        says(&output, if ends_well { "Every step is done" } else { "The operation did not succeed" });
        // It was seen: nobody is asked to look in the admin center as well.
        assert!(!text(&output.stdout).contains("NOT PROVEN YET"), "{status}: {}", text(&output.stdout));
    }
}

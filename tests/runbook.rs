//! `envdeck runbook`: every operation in every dialect, and the scripts run against a `pac` that records what it is asked.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use proptest::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;

const SALES: &str = "Contoso Sales";
const UAT: &str = "Contoso Sales UAT";
const UAT_ID: &str = "9a2f79e6-0b1a-4bce-901b-a04516f81cdd";
const SALES_ID: &str = "00b6e67a-7a2a-4c2b-8180-60a7da1de808";
const CONTOSO: &str = "ab0469a5-c2ba-4ff7-b9d4-9080df2db07e";
const HR: &str = "Contoso HR";
const PAIR: &str = "Contoso Supply Chain";
const PAIR_TEST: &str = "Contoso Supply Chain Test";
const RETURNS: &str = "Contoso Returns Test";
/// 2026-01-05T07:00:00Z, when the demo was captured.
const CAPTURED: i64 = 1_767_596_400;

fn envdeck(arguments: &[&str]) -> Output {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("envdeck");
    for variable in ["ENVDECK_SNAPSHOT", "ENVDECK_AS", "NO_COLOR"] {
        command.env_remove(variable);
    }
    command.args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The runbook that the arguments give on the demo estate.
#[track_caller]
fn runbook(arguments: &[&str]) -> String {
    let output = envdeck(&[&["runbook"], arguments, &["--demo"]].concat());
    assert!(output.status.success(), "{arguments:?}: {}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

/// What is asked of every operation that the demo allows.
const OPERATIONS: &[&[&str]] = &[
    &["copy", "--from", SALES, "--to", UAT],
    &["copy", "--from", SALES, "--to", UAT, "--level", "customizations", "--name", "Training", "--security-group", "Vendors"],
    &["restore", "--from", SALES, "--to", UAT, "--at", "2026-01-04T14:35:00Z"],
    &["restore", "--from", SALES, "--to", UAT, "--backup", "b6", "--audit-logs"],
    &["restore", "--from", UAT, "--to", UAT, "--at", "2026-01-04T14:35:00Z"],
    &["backup", SALES, "--name", "Before go-live"],
    &["delete-backup", SALES, "--backup", "b7"],
    &["retention", HR, "--days", "14"],
    &["switch", HR, "--to", "sandbox"],
    &["reset", UAT],
    &["delete", UAT],
    &["recover", RETURNS],
    &["create", SALES, "--name", "Training"],
    &["edit", UAT, "--name", "Training", "--security-group", "none"],
    &["rename-url", UAT, "--url", "https://contosotraining.crm4.dynamics.com"],
    &["admin-mode", UAT, "--to", "on"],
    &["background", UAT, "--to", "on"],
    &["delete-fno", "Contoso Supply Chain"],
    &["plan", "restore-to-production", HR, "--at", "2026-01-04T14:35:00Z"],
    &["restore", "--from", PAIR, "--to", PAIR_TEST, "--at", "2026-01-04T14:35:00Z", "--fno-at", "2026-01-04T14:35:00Z"],
    &["plan", "repair-pair", "Contoso Finance Pilot"],
    &["plan", "order-management", PAIR_TEST, "--from", PAIR, "--acknowledge", "OrderManagement"],
    &["plan", "recover-records", SALES, "--at", "2026-01-04T14:35:00Z", "--to", UAT],
];

const SCRIPTS: [&str; 2] = ["pac", "pac-em"];

/// Runs bash on a text that is given to it as a file.
fn bash(arguments: &[&str], script: &str) -> Output {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("runbook.sh");
    fs::write(&file, script).unwrap();
    Command::new("bash").args(arguments).arg(&file).output().unwrap()
}

#[test]
fn every_script_is_bash() {
    for operation in OPERATIONS {
        for dialect in SCRIPTS {
            let script = runbook(&[operation, &["--dialect", dialect] as &[&str]].concat());
            let output = bash(&["-n"], &script);
            assert!(output.status.success(), "{operation:?} {dialect}: {}", text(&output.stderr));
            let dry = bash(&[], &script.replace("main \"$@\"\n", "main --dry-run\n"));
            let said = text(&dry.stdout);
            assert!(dry.status.success() && said.contains("Dry run: nothing was changed."), "{operation:?} {dialect}: {said}{}", text(&dry.stderr));
        }
    }
}

/// Where shellcheck is installed; the CI installs it.
#[test]
fn shellcheck_has_nothing_to_say() {
    if Command::new("shellcheck").arg("--version").output().is_err() {
        return;
    }
    let folder = TempDir::new().unwrap();
    let mut files = Vec::new();
    // What guards a runbook is in each of them, so that few are enough for it, and every kind of step for the rest.
    let kinds = ["copy", "create", "background", "rename-url", "plan"];
    for (index, operation) in OPERATIONS.iter().enumerate().filter(|(_, operation)| kinds.contains(&operation[0])) {
        for dialect in if operation[0] == "copy" { &SCRIPTS[..] } else { &SCRIPTS[..1] } {
            let file = folder.path().join(format!("{index}-{dialect}.sh"));
            fs::write(&file, runbook(&[operation, &["--dialect", dialect] as &[&str]].concat())).unwrap();
            files.push(file);
        }
    }
    let output = Command::new("shellcheck").arg("--severity=style").args(&files).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stdout));
}

/// A folder in which a runbook meets a `pac` that records what it is asked and answers as the real one does.
struct Tenant {
    folder: TempDir,
}

const PAC: &str = r##"#!/usr/bin/env bash
here=$(cd "$(dirname "$0")" && pwd)
{ printf '%s\x1f' "$@"; printf '\x1e'; } >>"$here/calls"
case "$1 $2" in
    'auth who') cat "$here/who" ;;
    'admin list')
        printf 'Connected as thomas@contoso.com\r\n\r\nListing all environments from your tenant...\r\n\r\n'
        cat "$here/list.json"
        ;;
    'admin status') if [ -f "$here/running" ]; then cat "$here/running"; else printf 'No async operations are currently in progress in your organization.\r\n'; fi ;;
    'admin list-backups') cat "$here/backups" ;;
    *)
        if [ -f "$here/fails" ] && grep -qx -- "$2" "$here/fails"; then
            printf 'Connected as thomas@contoso.com\nError: The operation could not be started.\n'
            [ "$(cat "$here/status")" = 1 ] && exit 1
            exit 0
        fi
        if [ -x "$here/after-$2" ] && [ "${!#}" != --validate-only ]; then "$here/after-$2"; fi
        printf 'Operation completed.\n'
        ;;
esac
"##;

impl Tenant {
    /// None on a machine without `jq`, with which the scripts read lists: there they stop at once, as they should.
    fn new() -> Option<Self> {
        Command::new("jq").arg("--version").output().ok()?;
        let this = Self { folder: TempDir::new().unwrap() };
        this.program("pac", PAC);
        this.program("sleep", "#!/bin/sh\nexit 0\n");
        // The clock of the script; what is only written down bears the real time.
        this.program("date", "#!/bin/sh\nif [ \"$2\" = '+%s' ]; then cat \"$(dirname \"$0\")/epoch\"; else exec /bin/date \"$@\"; fi\n");
        this.write("epoch", &format!("{CAPTURED}\n"));
        this.write("status", "1");
        this.signed_in(CONTOSO);
        this.write("backups", "Index Id                                   Label          Expiry               Point Date\n");
        this.list(&Self::demo());
        Some(this)
    }

    /// The environments of the demo's first tenant as pac lists them; deleted ones are not listed.
    fn demo() -> Vec<Value> {
        let listed: Value = serde_json::from_slice(&envdeck(&["list", "--demo", "--tenant", "Contoso", "--format", "json"]).stdout).unwrap();
        let word = |kind: &Value| match kind.as_str().unwrap() {
            "production" => "Production",
            "sandbox" => "Sandbox",
            "developer" => "Developer",
            "teams" => "Teams",
            "default" => "Default",
            "trial" => "Trial",
            _ => "SubscriptionBasedTrial",
        };
        let all = listed.as_array().unwrap().iter().filter(|environment| matches!(environment["deleted_at"].as_str(), None | Some("unknown")));
        all.map(|environment| {
            json!({
                "EnvironmentId": environment["id"], "EnvironmentUrl": format!("{}/", environment["url"].as_str().unwrap_or_default()), "OrganizationId": "-",
                "DisplayName": environment["name"], "GroupName": "-", "Type": word(&environment["type"]), "DomainName": null, "Version": null,
            })
        })
        .collect()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: &str) {
        fs::write(self.path(name), content).unwrap();
    }

    fn program(&self, name: &str, content: &str) {
        self.write(name, content);
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn list(&self, environments: &[Value]) {
        self.write("list.json", &serde_json::to_string(environments).unwrap());
    }

    /// What the list says once that command was run.
    fn afterwards(&self, command: &str, environments: &[Value]) {
        let name = format!("list-after-{command}.json");
        self.write(&name, &serde_json::to_string(environments).unwrap());
        self.program(&format!("after-{command}"), &format!("#!/bin/sh\ncd \"$(dirname \"$0\")\" && cp {name} list.json\n"));
    }

    fn signed_in(&self, tenant: &str) {
        self.write(
            "who",
            &format!(
                "Connected as thomas@contoso.com\r\nType:               User\r\nCloud:              Public\r\nTenant Id:          {}\r\nAuthority:          https://login.microsoftonline.com/organizations\r\n",
                tenant.to_uppercase()
            ),
        );
    }

    fn at(&self, seconds_later: i64) {
        self.write("epoch", &format!("{}\n", CAPTURED + seconds_later));
    }

    /// Runs the runbook and types these lines.
    fn run(&self, script: &str, arguments: &[&str], typed: &str) -> Output {
        self.write("runbook.sh", script);
        let path = format!("{}:{}", self.folder.path().display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("bash");
        command.arg(self.path("runbook.sh")).args(arguments).env("PATH", path).env("TMPDIR", self.folder.path()).current_dir(self.folder.path());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A runbook that stops early reads nothing of it.
        let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
        child.wait_with_output().unwrap()
    }

    /// Everything that pac was asked.
    fn calls(&self) -> Vec<Vec<String>> {
        let calls = fs::read_to_string(self.path("calls")).unwrap_or_default();
        let call = |call: &str| call.split_terminator('\x1f').map(str::to_owned).collect::<Vec<_>>();
        calls.split_terminator('\x1e').map(call).collect()
    }

    /// What pac was asked to change.
    fn changes(&self) -> Vec<Vec<String>> {
        let reads = ["auth who", "admin list", "admin status", "admin list-backups"];
        self.calls().into_iter().filter(|call| !reads.contains(&&*call.iter().take(2).cloned().collect::<Vec<_>>().join(" "))).collect()
    }
}

fn called(mut environments: Vec<Value>, id: &str, key: &str, value: &str) -> Vec<Value> {
    environments.iter_mut().find(|environment| environment["EnvironmentId"] == json!(id)).unwrap()[key] = json!(value);
    environments
}

#[track_caller]
fn says(output: &Output, what: &str) {
    let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
    assert!(said.contains(what), "it does not say {what:?}:\n{said}");
}

const COPY: &[&str] = &["copy", "--from", SALES, "--to", UAT];

#[test]
fn a_copy_is_carried_out_once_the_guards_let_it_pass_and_its_name_is_typed() {
    let Some(tenant) = Tenant::new() else { return };
    let output = tenant.run(&runbook(COPY), &[], "Contoso Sales UAT\n");
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    let copy = [
        "admin",
        "copy",
        "--source-env",
        SALES_ID,
        "--target-env",
        UAT_ID,
        "--type",
        "FullCopy",
        "--name",
        UAT,
        "--skip-audit-data",
        "--max-async-wait-time",
        "1440",
    ];
    assert_eq!(tenant.changes(), [copy.map(str::to_owned).to_vec()]);
    let calls = tenant.calls();
    let place = calls.iter().position(|call| call[1] == "copy").unwrap();
    assert!(calls[..place].iter().any(|call| call[..2] == ["auth", "who"]), "it looks who is signed in before: {calls:?}");
    assert!(calls[place + 1..].iter().any(|call| call[..2] == ["admin", "list"]), "it looks at the target afterwards: {calls:?}");
    says(&output, "All of it is done.");
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
    assert!(tenant.run(&runbook(COPY), &[], name).status.success(), "a second before the day is over it is good");
}

#[test]
fn the_window_of_a_change_is_kept() {
    let script = runbook(&[COPY, &["--window", "2026-01-05T20:00:00Z/2026-01-05T23:00:00Z"]].concat());
    for (hours, said) in [(0, "opens at 2026-01-05T20:00:00Z"), (13, ""), (16, "closed at 2026-01-05T23:00:00Z")] {
        let Some(tenant) = Tenant::new() else { return };
        tenant.at(hours * 3600);
        let output = tenant.run(&script, &[], "Contoso Sales UAT\n");
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
        let again = tenant.run(&script, &[], "Contoso Sales UAT\nagain\n");
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
    let other: &[&str] = &["copy", "--from", "Contoso Sales Dev", "--to", UAT];
    assert_ne!(name(COPY), name(other));
    assert_ne!(name(COPY), name(&[COPY, &["--level", "customizations"]].concat()));
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
    let output = tenant.run(&script, &[], "Contoso Sales UAT\n");
    assert_eq!(output.status.code(), Some(1));
    says(&output, "Step 2 waits: Set the security group of Training to the one with the id ab37b23d-c031-4ced-86aa-2691c368e777");
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
    let second = tenant.run(&script, &[], "Contoso HR\ndone\nlater\n");
    says(&second, "is switched from Sandbox to Production");
    assert_eq!(second.status.code(), Some(1));
    let changes = tenant.changes();
    assert_eq!(changes.iter().map(|call| &*call[1]).collect::<Vec<_>>(), ["backup", "restore"]);
    assert_eq!(
        changes[1],
        [
            "admin",
            "restore",
            "--selected-backup",
            "01/04/2026 14:35",
            "--source-env",
            &id,
            "--target-env",
            &id,
            "--name",
            HR,
            "--skip-audit-data",
            "--max-async-wait-time",
            "1440"
        ]
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
    let goes_on = tenant.run(&script, &[], "Contoso Supply Chain Test\ndone\ndone\n");
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
    file.to_str().unwrap().to_owned()
}

#[test]
fn a_move_is_a_support_request_or_the_self_service_of_the_newer_articles() {
    let folder = TempDir::new().unwrap();
    let snapshot = with_room(&folder);
    let moved = |rulebook: &str, dialect: &str| {
        let operation = ["runbook", "migrate", "Contoso HR Test", "--to-tenant", "Fabrikam", "--now", "2026-01-05T07:00:00Z", "-s", &snapshot];
        let output = envdeck(
            &[&operation as &[&str], &["--acknowledge", "MappingMissing", "--acknowledge", "NotFullySupported", "--rulebook", rulebook, "--dialect", dialect]]
                .concat(),
        );
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

#[test]
fn the_preview_validates_first() {
    let Some(tenant) = Tenant::new() else { return };
    let output = tenant.run(&runbook(&[COPY, &["--dialect", "pac-em"]].concat()), &[], "Contoso Sales UAT\ndone\n");
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    let copy = ["environment-management", "copy-environment", "--copy-type", "Full", "--source-environment-id", SALES_ID, "--target-environment-id", UAT_ID];
    let copy: Vec<String> = copy.map(str::to_owned).to_vec();
    let validated: Vec<String> = copy.iter().cloned().chain(["--validate-only".to_owned()]).collect();
    assert_eq!(tenant.changes(), [validated, copy]);
    // What does not pass is not begun.
    let Some(refused) = Tenant::new() else { return };
    refused.write("fails", "copy-environment\n");
    let output = refused.run(&runbook(&[COPY, &["--dialect", "pac-em"]].concat()), &[], "Contoso Sales UAT\n");
    says(&output, "It did not pass the validation");
    assert_eq!(refused.changes().len(), 1);
}

#[test]
fn every_operation_names_environments_by_id_and_every_wait() {
    for operation in OPERATIONS {
        let script = runbook(operation);
        for line in script.lines().filter(|line| line.trim_start().starts_with("change pac admin")) {
            assert!(line.contains("--max-async-wait-time") || line.contains("pac admin backup"), "{line}");
            for option in ["--source-env ", "--target-env ", "--environment "] {
                if let Some((_, value)) = line.split_once(option) {
                    let id = value.trim_start_matches('\'').split('\'').next().unwrap();
                    assert!(id.len() == 36 && id.matches('-').count() == 4, "{line}");
                }
            }
        }
    }
}

#[test]
fn what_is_blocked_has_reasons_and_no_runbook() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("copy.sh");
    for dialect in ["pac", "pac-em", "powershell", "markdown"] {
        let output = envdeck(&["runbook", "copy", "--from", UAT, "--to", SALES, "--demo", "--dialect", dialect, "--output", file.to_str().unwrap()]);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), String::new()), "{dialect}");
        says(&output, "blocked: Contoso Sales is a production environment");
        says(&output, "CPY-005 TargetIsProduction");
        assert!(!file.exists());
    }
    // A block cannot be acknowledged.
    let output = envdeck(&["runbook", "copy", "--from", UAT, "--to", SALES, "--demo", "--acknowledge", "TargetIsProduction"]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), String::new()));
}

#[test]
fn what_is_unknown_is_acknowledged_by_name_or_there_is_no_script() {
    let copy = ["runbook", "copy", "--from", SALES, "--to", UAT, "--demo", "--now", "2026-01-13T07:00:00Z"];
    let refused = envdeck(&copy);
    assert_eq!((refused.status.code(), text(&refused.stdout)), (Some(1), String::new()));
    says(&refused, "--acknowledge Stale");
    let record = envdeck(&[&copy as &[&str], &["--dialect", "markdown"]].concat());
    assert_eq!(record.status.code(), Some(0));
    says(&record, "To be acknowledged");
    let taken = envdeck(&[&copy as &[&str], &["--acknowledge", "Stale"]].concat());
    assert_eq!(taken.status.code(), Some(0), "{}", text(&taken.stderr));
    says(&taken, "# Acknowledged by thomas@contoso.com, 2026-01-13T07:00:00Z: Stale");
    let wrong = envdeck(&[&copy as &[&str], &["--acknowledge", "Busy"]].concat());
    assert_eq!(wrong.status.code(), Some(2));
    says(&wrong, "there is nothing to acknowledge as Busy; what waits is Stale");
}

#[test]
fn what_is_left_out_of_a_plan_is_asked_for() {
    for (arguments, why) in [
        (&["restore", HR][..], "there is no plan `restore`; there are"),
        (&["restore-to-production", HR], "the plan restores: say to which instant or backup (--at, --backup)"),
        (&["recover-records", HR, "--at", "2026-01-04T14:35:00Z"], "the plan restores into a new environment"),
        (&["order-management", PAIR_TEST], "the plan copies: say from which environment (--from)"),
    ] {
        let output = envdeck(&[&["runbook", "plan"], arguments, &["--demo"]].concat());
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), String::new()), "{arguments:?}");
        says(&output, why);
    }
}

#[test]
fn a_file_is_new_and_a_script_can_be_run() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("copy.sh");
    let arguments = [&["runbook"], COPY, &["--demo", "--output", file.to_str().unwrap()]].concat();
    let output = envdeck(&arguments);
    assert!(output.status.success());
    says(&output, "copy.sh: written. Read it before it is used.");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o111, 0o111);
    let again = envdeck(&arguments);
    assert_eq!(again.status.code(), Some(3));
    says(&again, "there is such a file already");
    let record = folder.path().join("copy.md");
    assert!(envdeck(&[&["runbook"], COPY, &["--demo", "--dialect", "markdown", "--output", record.to_str().unwrap()]].concat()).status.success());
    assert_eq!(fs::metadata(&record).unwrap().permissions().mode() & 0o111, 0);
}

/// Names made to break out of quoting; each has to arrive in pac as it is.
const HOSTILE: &[&str] = &[
    "'; touch pwned #",
    "$(touch pwned)",
    "`touch pwned`",
    "\"; touch pwned; \"",
    "' $(touch pwned) '\\''",
    "a && touch pwned || b",
    "-rf ~ --force",
    "%s %q \\n \\x41",
    "\u{2019}; touch pwned #",
    "${IFS}touch${IFS}pwned",
    "!! !$ *? [a] {b,c} <(touch pwned) >pwned",
    "日本語 – “quoted”",
];

/// A snapshot whose source, target and tenant are called so.
fn hostile(folder: &TempDir, name: &str) -> String {
    let demo = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo.yaml")).unwrap();
    let quoted = serde_json::to_string(name).unwrap();
    let file = folder.path().join("hostile.yaml");
    let renamed = demo
        .replacen("    name: Contoso\n", &format!("    name: {quoted}\n"), 1)
        .replace("        name: Contoso Sales UAT\n", &format!("        name: {quoted}\n"))
        .replace("        name: Contoso Sales\n", &format!("        name: {quoted}\n"));
    assert!(renamed.matches(&quoted).count() >= 3);
    fs::write(&file, renamed).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn names_that_break_out_of_quoting_do_nothing_in_bash() {
    for name in HOSTILE {
        let folder = TempDir::new().unwrap();
        let snapshot = hostile(&folder, name);
        // The other dialect is quoted by the same function.
        for dialect in if name.contains("pwned #") { &SCRIPTS[..] } else { &SCRIPTS[..1] } {
            let papers = ["--ticket", name, "--purpose", name, "--approver", name, "--now", "2026-01-05T07:00:00Z"];
            let output = envdeck(
                &[
                    &["runbook", "copy", "--from", SALES_ID, "--to", UAT_ID, "-s", &snapshot, "--name", name.trim_start_matches('-'), "--dialect", dialect]
                        as &[&str],
                    &papers.map(|value| if value.starts_with("-rf") { "rf" } else { value }),
                ]
                .concat(),
            );
            assert!(output.status.success(), "{name}: {}", text(&output.stderr));
            let script = text(&output.stdout);
            let Some(tenant) = Tenant::new() else { return };
            let after = name.trim_start_matches('-');
            let listed = called(called(Tenant::demo(), SALES_ID, "DisplayName", name), UAT_ID, "DisplayName", name);
            tenant.list(&listed);
            let command = if *dialect == "pac" { "copy" } else { "copy-environment" };
            tenant.afterwards(command, &called(listed, UAT_ID, "DisplayName", after));
            let output = tenant.run(&script, &[], &format!("{name}\ndone\n"));
            assert!(output.status.success(), "{name} {dialect}: {}{}", text(&output.stdout), text(&output.stderr));
            if *dialect == "pac" {
                let changes = tenant.changes();
                assert_eq!(changes[0][9], after, "the name arrives as it is");
            }
            assert!(!tenant.path("pwned").exists(), "{name}: something was run");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn quoted_text_comes_back_from_bash_as_it_is(texts in prop::collection::vec("[ -~\n\t\\\\'\"`$!*?#~;&|<>(){}\\[\\]éß日\u{2019}\u{202e}]{0,24}", 1..24)) {
        let words: Vec<String> = texts.iter().map(|text| envdeck::runbook::quote::bash(text)).collect();
        let output = Command::new("bash").arg("-c").arg(format!("printf '%s\\0' {}", words.join(" "))).output().unwrap();
        prop_assert!(output.status.success());
        let printed = String::from_utf8(output.stdout).unwrap();
        let back: Vec<&str> = printed.split_terminator('\0').collect();
        prop_assert_eq!(back, texts);
    }
}

/// The text of a script of PowerShell without its literals and comments, as its scanner sees it; fails where a literal has
/// no end. What is left is code: nothing of a name may be in it.
fn code_of_powershell(script: &str) -> String {
    assert!(script.is_ascii(), "a file without a mark is read in the code page of the machine");
    let (mut code, mut letters) = (String::new(), script.chars().peekable());
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => loop {
                match letters.next() {
                    Some('\'') if letters.peek() == Some(&'\'') => drop(letters.next()),
                    Some('\'') => break,
                    Some(_) => {}
                    None => panic!("a literal has no end"),
                }
            },
            '"' => loop {
                match letters.next() {
                    Some('"') => break,
                    Some('`') => drop(letters.next()),
                    Some(_) => {}
                    None => panic!("a text has no end"),
                }
            },
            '#' => drop(letters.by_ref().find(|letter| *letter == '\n')),
            letter => code.push(letter),
        }
    }
    code
}

#[test]
fn names_that_break_out_of_quoting_are_no_code_of_powershell() {
    let plain = {
        let folder = TempDir::new().unwrap();
        let snapshot = hostile(&folder, "Contoso");
        code_of_powershell(&hostile_powershell(&snapshot, "Contoso"))
    };
    assert!(plain.contains("Copy-PowerAppEnvironment -EnvironmentName") && !plain.contains("Contoso"), "{plain}");
    for name in HOSTILE {
        let folder = TempDir::new().unwrap();
        let snapshot = hostile(&folder, name);
        let code = code_of_powershell(&hostile_powershell(&snapshot, name));
        // Letters that stand there by their number are code, but not theirs.
        let code = code.replace("[char]0x", "\u{0}").split('\u{0}').enumerate().fold(String::new(), |all, (at, part)| {
            let part = if at == 0 { part } else { part.get(4..).unwrap_or_default() };
            all + part.trim_end_matches(['+', ' ', '('])
        });
        assert!(!code.contains("pwned") && !code.contains("rf ~") && !code.contains("touch"), "{name}: {code}");
    }
}

fn hostile_powershell(snapshot: &str, name: &str) -> String {
    let (after, papers) = (name.trim_start_matches('-'), name.trim_start_matches('-'));
    let output = envdeck(&[
        "runbook",
        "copy",
        "--from",
        SALES_ID,
        "--to",
        UAT_ID,
        "-s",
        snapshot,
        "--name",
        after,
        "--dialect",
        "powershell",
        "--ticket",
        papers,
        "--purpose",
        papers,
        "--now",
        "2026-01-05T07:00:00Z",
    ]);
    assert!(output.status.success(), "{name}: {}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn the_traps_of_powershell_are_seen_to() {
    let copy = runbook(&[COPY, &["--dialect", "powershell"]].concat());
    for line in [
        "# MIND: -EnvironmentName is the TARGET in Copy- and in Restore-PowerAppEnvironment, what is overwritten; the source stands in the request.",
        "Set-StrictMode -Version Latest",
        "$ErrorActionPreference = 'Stop'",
        &format!("            SourceEnvironmentId = '{SALES_ID}'"),
        "            SkipAuditData = $true",
    ] {
        assert!(copy.lines().any(|found| found == line), "{line} is missing:\n{copy}");
    }
    assert!(copy.contains(&format!(
        "{{ Copy-PowerAppEnvironment -EnvironmentName '{UAT_ID}' -CopyToRequestDefinition $request -WaitUntilFinished $true -TimeoutInMinutes 1440 }}"
    )));
    let restore = runbook(&["restore", "--from", SALES, "--to", UAT, "--at", "2026-01-04T14:35:20Z", "--dialect", "powershell"]);
    assert!(
        restore.contains("RestorePointDateTime = '2026-01-04 14:35:20'")
            && restore.contains(&format!("Restore-PowerAppEnvironment -EnvironmentName '{UAT_ID}'"))
    );
    for operation in OPERATIONS {
        let script = runbook(&[operation, &["--dialect", "powershell"] as &[&str]].concat());
        let code = code_of_powershell(&script);
        assert_eq!(code.matches(['{', '(']).count(), code.matches(['}', ')']).count(), "{operation:?}");
    }
}

#[test]
fn names_that_break_out_of_quoting_are_no_markdown() {
    for name in ["a|b", "# Approved", "[x](https://evil)", "<script>alert(1)</script>", "- [x] done", "`code`", "**bold**", "a\\\nb"] {
        let folder = TempDir::new().unwrap();
        let snapshot = hostile(&folder, name);
        let output =
            envdeck(&["runbook", "copy", "--from", SALES_ID, "--to", UAT_ID, "-s", &snapshot, "--dialect", "markdown", "--now", "2026-01-05T07:00:00Z"]);
        let record = text(&output.stdout);
        assert!(output.status.success(), "{}", text(&output.stderr));
        for raw in ["<script", "[x](https", "\n# Approved", "\n- [x] done", "`code`", "**bold**"] {
            assert!(!record.contains(raw), "{name}: {raw:?} is Markdown in\n{record}");
        }
    }
}

#[test]
fn the_change_record_says_what_an_approver_asks() {
    let papers = [
        "--ticket",
        "CHG0042917",
        "--approver",
        "lena@contoso.com",
        "--purpose",
        "Try the vendor's solution",
        "--window",
        "2026-01-06T20:00:00Z/2026-01-06T23:00:00Z",
    ];
    insta::assert_snapshot!(runbook(&[COPY, &["--dialect", "markdown"], &papers].concat()).replace(env!("CARGO_PKG_VERSION"), "0.0.0"));
}

#[test]
fn the_script_of_a_copy() {
    let script = runbook(COPY).replace(env!("CARGO_PKG_VERSION"), "0.0.0");
    insta::assert_snapshot!(script.split_once("# --- Below").unwrap().0);
}

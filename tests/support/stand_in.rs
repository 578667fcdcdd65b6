//! The binary as it writes runbooks, and a `pac` that they meet, which records what it is asked and answers as the real one.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

#[path = "tools.rs"]
pub mod tools;

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

pub const SALES: &str = "Contoso Sales";
pub const UAT: &str = "Contoso Sales UAT";
pub const UAT_ID: &str = "9a2f79e6-0b1a-4bce-901b-a04516f81cdd";
pub const SALES_ID: &str = "00b6e67a-7a2a-4c2b-8180-60a7da1de808";
pub const CONTOSO: &str = "ab0469a5-c2ba-4ff7-b9d4-9080df2db07e";
pub const HR: &str = "Contoso HR";
pub const PAIR: &str = "Contoso Supply Chain";
pub const PAIR_TEST: &str = "Contoso Supply Chain Test";
pub const RETURNS: &str = "Contoso Returns Test";
/// 2026-01-05T07:00:00Z, when the demo was captured.
pub const CAPTURED: i64 = 1_767_596_400;

pub fn envdeck(arguments: &[&str]) -> Output {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("envdeck");
    for variable in ["ENVDECK_SNAPSHOT", "ENVDECK_AS", "NO_COLOR"] {
        command.env_remove(variable);
    }
    command.args(arguments).output().unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The runbook that the arguments give on the demo estate.
#[track_caller]
pub fn runbook(arguments: &[&str]) -> String {
    let output = envdeck(&[&["runbook"], arguments, &["--demo"]].concat());
    assert!(output.status.success(), "{arguments:?}: {}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

/// What is asked of every operation that the demo allows.
pub const OPERATIONS: &[&[&str]] = &[
    &["copy", "--from", SALES, "--to", UAT, "--level", "everything"],
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
    &["delete-fno", "Contoso Supply Chain", "--acknowledge", "ProductionHalf"],
    &["plan", "restore-to-production", HR, "--at", "2026-01-04T14:35:00Z"],
    &["restore", "--from", PAIR, "--to", PAIR_TEST, "--at", "2026-01-04T14:35:00Z", "--fno-at", "2026-01-04T14:35:00Z"],
    &["plan", "order-management", PAIR_TEST, "--from", PAIR, "--acknowledge", "OrderManagement"],
];

pub const SCRIPTS: [&str; 2] = ["pac", "pac-em"];

/// Runs bash on a text that is given to it as a file.
pub fn bash(arguments: &[&str], script: &str) -> Output {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("runbook.sh");
    fs::write(&file, script).unwrap();
    Command::new("bash").args(arguments).arg(&file).output().unwrap()
}

/// A folder in which a runbook meets a `pac` that records what it is asked and answers as the real one does.
pub struct Tenant {
    pub folder: TempDir,
}

pub const PAC: &str = r##"#!/usr/bin/env bash
here=$(cd "$(dirname "$0")" && pwd)
# At once, so that two that run at the same time do not write into each other.
printf -v call '%s\x1f' "$@"
printf '%s\x1e' "$call" >>"$here/calls"
case "$1 $2" in
    'auth who') cat "$here/who" ;;
    'admin list')
        if [ -f "$here/no-list" ]; then echo 'Error: The network path was not found.'; exit 1; fi
        if [ -f "$here/prose" ]; then cat "$here/prose"; fi
        printf 'Connected as thomas@contoso.com\r\n\r\nListing all environments from your tenant...\r\n\r\n'
        cat "$here/list.json"
        ;;
    'admin status') if [ -f "$here/running" ]; then cat "$here/running"; else printf 'No async operations are currently in progress in your organization.\r\n'; fi ;;
    'admin list-backups') cat "$here/backups" ;;
    'environment-management get-operations-for-environment')
        printf 'Connected as thomas@contoso.com\r\n\r\n'
        if [ -f "$here/operations" ]; then cat "$here/operations"; else printf 'Error: not available.\n'; fi
        ;;
    *)
        if [ -f "$here/fails" ] && grep -qx -- "$2" "$here/fails"; then
            if [ -f "$here/error" ]; then cat "$here/error"; else printf 'Connected as thomas@contoso.com\nError: The operation could not be started.\n'; fi
            [ "$(cat "$here/status")" = 1 ] && exit 1
            exit 0
        fi
        if [ -x "$here/after-$2" ] && [[ " $* " != *' --validate-only true '* ]]; then "$here/after-$2"; fi
        # Waits until somebody lets it go on, as a copy of hours does.
        if [ -f "$here/slow" ]; then : >"$here/started"; while [ -f "$here/slow" ]; do /bin/sleep 0.05; done; fi
        printf 'Operation completed.\n'
        ;;
esac
"##;

impl Tenant {
    /// None where somebody tests without `jq`, with which the scripts read lists: there they stop at once, as they should.
    pub fn new() -> Option<Self> {
        if !tools::is_there("jq") {
            return None;
        }
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
    pub fn demo() -> Vec<Value> {
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

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, content: &str) {
        fs::write(self.path(name), content).unwrap();
    }

    pub fn program(&self, name: &str, content: &str) {
        self.write(name, content);
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub fn list(&self, environments: &[Value]) {
        self.write("list.json", &serde_json::to_string(environments).unwrap());
    }

    /// What the list says once that command was run.
    pub fn afterwards(&self, command: &str, environments: &[Value]) {
        let name = format!("list-after-{command}.json");
        self.write(&name, &serde_json::to_string(environments).unwrap());
        self.program(&format!("after-{command}"), &format!("#!/bin/sh\ncd \"$(dirname \"$0\")\" && cp {name} list.json\n"));
    }

    pub fn signed_in(&self, tenant: &str) {
        self.write(
            "who",
            &format!(
                "Connected as thomas@contoso.com\r\nType:               User\r\nCloud:              Public\r\nTenant Id:          {}\r\nAuthority:          https://login.microsoftonline.com/organizations\r\n",
                tenant.to_uppercase()
            ),
        );
    }

    pub fn at(&self, seconds_later: i64) {
        self.write("epoch", &format!("{}\n", CAPTURED + seconds_later));
    }

    /// Runs the runbook and types these lines.
    pub fn run(&self, script: &str, arguments: &[&str], typed: &str) -> Output {
        self.start(script, arguments, typed).wait_with_output().unwrap()
    }

    /// Starts the runbook, in a process group of its own, as a terminal does, and types these lines.
    pub fn start(&self, script: &str, arguments: &[&str], typed: &str) -> Child {
        self.write("runbook.sh", script);
        let path = format!("{}:{}", self.folder.path().display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("bash");
        command.arg(self.path("runbook.sh")).args(arguments).env("PATH", path).env("TMPDIR", self.folder.path()).current_dir(self.folder.path());
        command.process_group(0);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A runbook that stops early reads nothing of it.
        let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
        child
    }

    /// Waits until there is such a file.
    pub fn until(&self, name: &str) {
        for _ in 0..600 {
            if self.path(name).exists() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("{name} never came");
    }

    /// What the runbook wrote down beside itself.
    pub fn progress(&self) -> String {
        let files = fs::read_dir(self.folder.path()).unwrap().flatten().map(|file| file.path());
        let file = files.into_iter().find(|file| file.extension().is_some_and(|extension| extension == "progress")).unwrap();
        fs::read_to_string(file).unwrap()
    }

    /// Everything that pac was asked.
    pub fn calls(&self) -> Vec<Vec<String>> {
        let calls = fs::read_to_string(self.path("calls")).unwrap_or_default();
        let call = |call: &str| call.split_terminator('\x1f').map(str::to_owned).collect::<Vec<_>>();
        calls.split_terminator('\x1e').map(call).collect()
    }

    /// What pac was asked to change.
    pub fn changes(&self) -> Vec<Vec<String>> {
        let reads = ["auth who", "admin list", "admin status", "admin list-backups", "environment-management get-operations-for-environment"];
        self.calls().into_iter().filter(|call| !reads.contains(&&*call.iter().take(2).cloned().collect::<Vec<_>>().join(" "))).collect()
    }
}

pub fn called(mut environments: Vec<Value>, id: &str, key: &str, value: &str) -> Vec<Value> {
    environments.iter_mut().find(|environment| environment["EnvironmentId"] == json!(id)).unwrap()[key] = json!(value);
    environments
}

#[track_caller]
pub fn says(output: &Output, what: &str) {
    let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
    assert!(said.contains(what), "it does not say {what:?}:\n{said}");
}

pub const COPY: &[&str] = &["copy", "--from", SALES, "--to", UAT, "--level", "everything"];

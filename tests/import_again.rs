//! Importing from a real tenant, again and again: the script that collects, the folder that it fills, and a snapshot that is refreshed.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

#[path = "support/exports.rs"]
mod exports;
#[path = "support/tools.rs"]
mod tools;

use exports::*;
use serde_json::{Value, json};

#[cfg(unix)]
mod collected {
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;

    use super::*;

    const AZ: &str = r#"#!/usr/bin/env bash
case "$*" in
  "account show --query tenantId --output tsv") printf '%s\r\n' "$TENANT" ;;
  "account show --query user.name --output tsv") echo thomas@contoso.com ;;
  "account get-access-token --resource "*" --query accessToken --output tsv") echo "secret-for-$4" ;;
  *) echo "what is $*" >&2; exit 1 ;;
esac
"#;

    /// Answers from the files in `$ANSWERS`, by a part of the address; what has no file is refused.
    const CURL: &str = r#"#!/usr/bin/env bash
config=$(cat)
output='' url='' method=''
while [ $# -gt 0 ]; do
  case $1 in
    --output) output=$2; shift ;;
    --request) method=$2; shift ;;
    --config | --header | --retry | --max-time | --write-out) shift ;;
    -*) ;;
    *) url=$1 ;;
  esac
  shift
done
echo "$method $url $config" >>"$REQUESTS"
for answer in "$ANSWERS"/*; do
  if [[ "$url" == *"$(head -n 1 "$answer")"* ]]; then
    tail -n +2 "$answer" >"$output"
    printf 200
    exit 0
  fi
done
echo '{"error":{"code":"Forbidden","message":"You may not see this."}}' >"$output"
printf 403
"#;

    fn tool(folder: &Folder, name: &str, content: &str) {
        folder.put(name, content);
        std::fs::set_permissions(folder.path(name), std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    #[test]
    fn the_script_collects_all_of_a_tenant_and_notes_what_it_cannot() {
        // Without jq it stops at once and says so.
        if !crate::tools::is_there("jq") {
            return;
        }
        let folder = Folder::new();
        for below in ["tools", "answers"] {
            std::fs::create_dir(folder.path(below)).unwrap();
        }
        tool(&folder, "tools/az", AZ);
        tool(&folder, "tools/curl", CURL);
        let answer = |name: &str, address: &str, answer: Value| {
            folder.put(&format!("answers/{name}"), format!("{address}\n{answer:#}\n"));
        };
        let bare = environment(E2, "Bare", "Sandbox", json!({ "linkedEnvironmentMetadata": "(left out)" }));
        let next = "https://api.bap.microsoft.com/next?page=2";
        answer(
            "1",
            "scopes/admin/environments?api-version",
            json!({ "value": [environment(E1, "Contoso\tSales", "Production", json!({}))], "nextLink": next }),
        );
        answer("2", "next?page=2", json!({ "value": [bare] }));
        let gone = environment("11111111-0000-4000-8000-000000000003", "Gone", "Sandbox", json!({ "softDeletedTime": "2026-01-04T10:00:00Z" }));
        answer("3", "scopes/admin/deletedEnvironments", json!({ "value": [gone] }));
        let operation = json!({ "id": "o1", "type": { "id": "Backup" }, "state": { "id": "Running" }, "createdDateTime": "2026-01-05T08:00:00Z" });
        answer("4", &format!("$filter=environment%20eq%20'{E1}'"), json!({ "value": [operation] }));
        answer("5", &format!("$filter=environment%20eq%20'{E2}'"), json!({ "value": [] }));
        answer(
            "6",
            &format!("{E1}/v2/flows"),
            json!({ "value": [{ "name": "f1", "id": format!("/providers/Microsoft.ProcessSimple/environments/{E1}/flows/f1"), "properties": { "displayName": "Quote approval", "state": "Started" } }] }),
        );
        answer("7", &format!("{E1}/apps"), json!({ "value": [] }));
        answer("8", &format!("{E2}/apps"), json!({ "value": [] }));
        answer("9", &format!("{E1}/backups"), json!({ "value": [{ "id": "b1", "label": "Before 9.2", "backupPointDateTime": "2026-01-02T09:15:00Z" }] }));
        answer("A", "/mailboxes?", json!({ "@odata.context": "x", "value": [{ "mailboxid": "m1", "name": "Info", "incomingemaildeliverymethod": 0 }] }));
        answer("B", "/connectionreferences?", json!({ "value": [] }));
        answer("C", "/workflows?", json!({ "value": [] }));
        answer("D", "/sdkmessageprocessingsteps?", json!({ "value": [{ "sdkmessageprocessingstepid": "s1", "name": "On create", "statecode": 0 }] }));
        answer(
            "F",
            "/systemusers?",
            json!({ "value": [{ "systemuserid": "u1", "domainname": "isaac@contoso.com", "isdisabled": false, "accessmode": 0, "applicationid": null },
                { "systemuserid": "u2", "domainname": "app@contoso.com", "isdisabled": false, "accessmode": 4, "applicationid": "a" }] }),
        );
        let users = json!([{ "userPrincipalName": "isaac@contoso.com", "accountEnabled": true, "assignedLicenses": [{ "skuId": "x" }] }, { "userPrincipalName": "lena@contoso.com", "accountEnabled": false, "assignedLicenses": [] }]);
        answer("E", "graph.microsoft.com/v1.0/users", json!({ "value": users }));

        folder.put("collect.sh", folder.run(&["import", "--collect", "bash"]).out());
        let path = format!("{}:{}", folder.path("tools").display(), std::env::var("PATH").unwrap());
        let collect = |into: &str| {
            let mut bash = Command::new("bash");
            bash.current_dir(folder.path("")).args(["collect.sh", into]).env("PATH", &path).env("TENANT", T);
            bash.env("ANSWERS", folder.path("answers")).env("REQUESTS", folder.path("requests")).output().unwrap()
        };
        let ran = collect("contoso");
        let said = String::from_utf8(ran.stderr).unwrap();
        assert_eq!(
            said.lines().collect::<Vec<_>>(),
            [
                &format!("collect: environments of {T}"),
                "collect: 1 of 2: Contoso\\tSales",
                "collect: 2 of 2: Bare",
                "  flows: HTTP 403 You may not see this.",
                "collect: users with licences",
                "collect: done; not collected: 1, see contoso/problems.json",
            ]
        );
        assert_eq!(ran.status.code(), Some(1));
        let requests = folder.read("requests");
        assert!(
            requests.lines().all(|line| line.starts_with("GET https://") && line.contains("header = \"Authorization: Bearer secret-for-https://")),
            "{requests}"
        );
        assert!(requests.contains("sales.crm4.dynamics.com/api/data/v9.2/mailboxes?$select=") && !requests.contains(&format!("{E2}/backups")), "{requests}");
        for file in std::fs::read_dir(folder.path("contoso")).unwrap() {
            let file = file.unwrap().path();
            assert!(!std::fs::read_to_string(&file).unwrap().contains("secret-for"), "{} holds a token", file.display());
        }

        let imported = folder.run(&["import", "contoso", "--output", "contoso.yaml", "--capacity", "420/500", "--role", "power-platform-admin"]);
        assert_eq!(imported.code(), 0, "{}", imported.err());
        assert_eq!(
            imported.remarks(),
            [format!("contoso/problems.json: flows of {E2} could not be collected and stay unknown: HTTP 403 You may not see this.")]
        );
        assert!(imported.err().starts_with("envdeck: read 15 files: "), "{}", imported.err());
        let text = folder.read("contoso.yaml");
        assert!(!imported.err().contains("taken to be now") && text.contains("operator: thomas@contoso.com\n"), "{}\n{text}", imported.err());
        assert!(text.contains("- { upn: lena@contoso.com, active: false, licensed: false }"), "{text}");
        assert!(text.contains("- { upn: isaac@contoso.com, active: true, licensed: true, access: full }"), "{text}");
        let shown = |name: &str| folder.shown_in("contoso.yaml", name);
        assert_eq!(shown(E1)["users"], json!(["isaac@contoso.com"]));
        let sales = shown(E1);
        assert_eq!((&sales["name"], &sales["state"], &sales["backups"][0]["name"]), (&json!("Contoso␉Sales"), &json!("running"), &json!("Before 9.2")));
        let kinds: Vec<_> = sales["components"]
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, list)| list.is_array())
            .map(|(kind, list)| (kind.as_str(), list.as_array().unwrap().len()))
            .collect();
        assert_eq!(kinds, [("canvas-app", 0), ("cloud-flow", 1), ("connection-reference", 0), ("plug-in", 1), ("mailbox", 1)]);
        let bare = shown(E2);
        assert_eq!((&bare["history"], &bare["components"]["cloud-flow"], &bare["components"]["canvas-app"]), (&json!([]), &json!("unknown"), &json!([])));
        assert_eq!(shown("Gone")["deleted_at"], json!("2026-01-04T10:00:00Z"));

        let again = collect("contoso");
        assert_eq!((again.status.code(), String::from_utf8(again.stderr).unwrap().as_str()), (Some(2), "collect: contoso is not empty: name a new folder\n"));
        std::fs::remove_file(folder.path("answers/1")).unwrap();
        let nothing = collect("nothing");
        assert_eq!(nothing.status.code(), Some(1));
        assert!(String::from_utf8(nothing.stderr).unwrap().ends_with("collect: without the list of environments there is nothing to collect\n"));
    }

    #[test]
    fn the_script_for_bash_is_one() {
        let folder = Folder::new();
        folder.put("collect.sh", folder.run(&["import", "--collect", "bash"]).out());
        assert!(Command::new("bash").arg("-n").arg(folder.path("collect.sh")).status().unwrap().success());
    }
}

/// Neither script does anything but read, and both ask for the same things.
#[test]
fn both_scripts_read_the_same_and_write_nothing_into_the_tenant() {
    let folder = Folder::new();
    let scripts = ["bash", "powershell"].map(|shell| folder.run(&["import", "--collect", shell]).out());
    for script in &scripts {
        for word in ["POST", "PATCH", "PUT", "DELETE", "Invoke-RestMethod", "password", "client_secret"] {
            assert!(!script.contains(word), "{word}");
        }
    }
    let addresses = |script: &str| {
        let mut found: Vec<String> = script
            .replace('`', "")
            .replace("\\$", "$")
            .split(['"', ' '])
            .filter(|word| word.contains("api-version=") || word.contains("$select="))
            .map(|word| word.rsplit('/').next().unwrap().to_owned())
            .collect();
        found.sort();
        found
    };
    let both = scripts.each_ref().map(|script| addresses(script));
    assert_eq!(both[0], both[1]);
    assert_eq!(both[0].len(), 12);
}

const OLD: &str = "2026-01-05T09:00:00Z";
const NEW: [&str; 2] = ["--captured-at", "2026-01-06T09:00:00Z"];

/// A journal of one operation on UAT and some facts, whose text is of the shape that envdeck writes.
fn journal(entries: &[(&str, &str, &str)]) -> String {
    let entries: String = entries.iter().map(|(id, at, what)| format!("  - id: {id}\n    at: {at}\n    by: thomas@contoso.com\n    {what}\n")).collect();
    format!("# ours\nschema: envdeck-journal/1\nentries:\n{entries}")
}

fn operation(kind: &str, at: &str, inputs: &str) -> String {
    format!(
        "operation: {{ kind: {kind}, source: {E1}, target: {E2}, inputs: {{ {inputs} }}, verdict: allowed, started_at: {at}, completed_at: {at}, outcome: succeeded }}"
    )
}

fn two() -> Value {
    list(&[environment(E1, "Sales", "Production", json!({})), environment(E2, "UAT", "Sandbox", json!({}))])
}

fn backup(id: &str, at: &str) -> Value {
    json!({ "id": id, "label": "Before 9.2", "backupPointDateTime": at })
}

#[test]
fn a_snapshot_is_refreshed_and_every_difference_is_named() {
    let folder = Folder::new();
    folder.json("list.json", &two());
    folder.json("backups.json", &json!({ "kind": "backups", "environment": E2, "payload": { "value": [backup("b1", "2026-01-02T09:15:00Z")] } }));
    let first = folder.import(&["list.json", "backups.json", "--output", "contoso.yaml", "--capacity", "420/500"]);
    assert_eq!(first.code(), 0, "{}", first.err());
    let commented = folder.read("contoso.yaml").replacen("tenants:", "# of all of us\ntenants:", 1);
    folder.put("contoso.yaml", &commented);
    let written = journal(&[("n1", "2026-01-05T10:00:00Z", &format!("note: {{ environment: {E2}, text: Mine }}"))]);
    folder.put("contoso.journal.yaml", &written);
    let gone = environment("11111111-0000-4000-8000-000000000003", "Trial of Lena", "Developer", json!({}));
    let renamed = environment(E2, "UAT 2", "Sandbox", json!({ "governanceConfiguration": { "protectionLevel": "Standard" }, "linkedAppMetadata": null }));
    folder.json("list.json", &list(&[renamed, gone.clone()]));
    let into = |arguments: &[&str]| folder.run(&[&["import"], arguments, &["--into", "contoso.yaml"], &NEW].concat());
    let second = into(&["list.json"]);
    assert_eq!((second.code(), second.out().as_str()), (0, ""), "{}", second.err());
    assert_eq!(
        second.remarks(),
        [
            "gone: Sales: it is not in the list of 2026-01-06 09:00Z any more; `state` and `deleted_at` are unknown now, everything else is kept as it was",
            "changed: UAT: it is called UAT 2 now",
            "changed: UAT 2: `url` is https://uat2.crm4.dynamics.com/, was https://uat.crm4.dynamics.com/",
            "changed: UAT 2: `managed` is yes, was no",
            "now known: UAT 2: `finance_operations` is none",
            "new: Trial of Lena (Developer)",
        ]
    );
    assert!(second.err().contains("envdeck: no export says these, so they stay as they were: `backups` of 1 environment\n"), "{}", second.err());
    assert!(second.err().contains("envdeck: 1 comment of the older snapshot cannot be kept\n"), "{}", second.err());
    assert_eq!(folder.read("contoso.journal.yaml"), written, "the journal is not touched");
    let text = folder.read("contoso.yaml");
    assert!(
        text.starts_with("schema: envdeck/1\ncaptured_at: 2026-01-06T09:00:00Z\nrulebook: current\n")
            && text.contains("capacity_gb: { entitled: 500, used: 420 }"),
        "{text}"
    );
    let (sales, uat) = (folder.shown_in("contoso.yaml", "Sales"), folder.shown_in("contoso.yaml", "UAT 2"));
    assert_eq!((&sales["state"], &sales["deleted_at"], &sales["type"]), (&json!("unknown"), &json!("unknown"), &json!("production")));
    assert_eq!((&sales["unread"], &uat["backups"][0]["id"]), (&json!({ "state": "not in the list of 2026-01-06 09:00Z" }), &json!("b1")));

    let same = into(&["list.json"]);
    assert!(same.remarks().is_empty() && same.err().contains("envdeck: nothing is new, changed or gone\n"), "{}", same.err());
    assert_eq!(folder.read("contoso.yaml"), text, "the same capture again is the same snapshot");
    folder.json("list.json", &list(&[environment(E1, "Sales", "Production", json!({})), gone]));
    let back = into(&["list.json"]);
    assert!(back.remarks().contains(&"now known: Sales: `state` is ready".to_owned()), "{}", back.err());
    assert_eq!(folder.shown_in("contoso.yaml", "Sales")["unread"], json!(null));
}

#[test]
fn what_was_recorded_before_the_new_capture_is_neither_lost_nor_applied_twice() {
    let folder = Folder::new();
    folder.json("list.json", &two());
    let lists = |name: &str, at: &[&str]| {
        let backups: Vec<Value> = at.iter().map(|at| backup(at, at)).collect();
        folder.json(name, &json!({ "kind": "backups", "environment": E2, "payload": { "value": backups } }));
    };
    lists("backups.json", &["2026-01-02T09:15:00Z"]);
    folder.import(&["list.json", "backups.json", "--output", "contoso.yaml"]);
    let at = "2026-01-05T12:00:00Z";
    folder.put(
        "contoso.journal.yaml",
        journal(&[
            ("o1", at, &operation("backup", at, "backup: b-recorded, name: Before 9.3, notes: ''")),
            ("o2", at, &operation("retention", at, "days: 14, before: 7")),
            ("f1", at, &format!("fact: {{ environment: {E2}, field: dataverse.audit_gb, value: 12 }}")),
            ("f2", at, &format!("fact: {{ environment: {E2}, field: managed, value: true }}")),
        ]),
    );
    let names = || {
        let shown = folder.shown_in("contoso.yaml", "UAT");
        shown["backups"].as_array().unwrap().iter().map(|backup| backup["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let expected = ["2026-01-02T09:15:00Z", "b-recorded"];
    assert_eq!(names(), expected);
    let into = |arguments: &[&str]| {
        let imported = folder.run(&[&["import"], arguments, &["--into", "contoso.yaml"], &NEW].concat());
        assert_eq!(imported.code(), 0, "{}", imported.err());
        imported.err()
    };
    // Of the new capture, nothing says which backups there are, or what is Managed.
    folder.json(
        "list.json",
        &list(&[
            environment(E1, "Sales", "Production", json!({})),
            environment(E2, "UAT", "Sandbox", json!({ "retentionPeriod": "P14D", "governanceConfiguration": null })),
        ]),
    );
    into(&["list.json"]);
    assert_eq!(names(), expected, "the backup that was recorded is still there");
    let uat = folder.shown_in("contoso.yaml", "UAT");
    assert_eq!((&uat["retention_days"], &uat["managed"], &uat["dataverse"]["audit_gb"]), (&json!(14), &json!(true), &json!(12)));
    assert_eq!((&uat["facts"]["managed"]["source"], &uat["facts"]["dataverse.audit_gb"]["by"]), (&json!("typed"), &json!("thomas@contoso.com")));
    // Now the list of backups is newer than the record.
    lists("backups.json", &["2026-01-02T09:15:00Z", "2026-01-05T12:00:03Z"]);
    into(&["list.json", "backups.json"]);
    assert_eq!(names(), ["2026-01-02T09:15:00Z", "2026-01-05T12:00:03Z"]);
}

#[test]
fn an_operation_that_the_history_lists_is_in_the_capture_whatever_the_clocks_say() {
    let folder = Folder::new();
    folder.json("list.json", &two());
    folder.json("backups.json", &json!({ "kind": "backups", "environment": E2, "payload": { "value": [backup("b1", "2026-01-05T08:58:00Z")] } }));
    let past = |kind: &str, state: &str| {
        let one = json!({ "id": "o1", "type": { "id": kind }, "state": { "id": state }, "createdDateTime": "2026-01-05T08:57:00Z", "lastActionDateTime": "2026-01-05T08:58:00Z" });
        folder.json("history.json", &json!({ "kind": "operations", "environment": E2, "payload": { "value": [one] } }));
    };
    // It was recorded as complete two minutes after the capture, and a second one an hour later.
    let (at, later) = ("2026-01-05T09:02:00Z", "2026-01-05T10:02:00Z");
    let entries =
        [("o1", at, operation("backup", at, "backup: r1, name: A, notes: ''")), ("o2", later, operation("backup", later, "backup: r2, name: B, notes: ''"))];
    let entries = entries.each_ref().map(|(id, at, what)| (*id, *at, what.as_str()));
    folder.put("out.journal.yaml", journal(&entries));
    let ids = |shown: &Value| shown["backups"].as_array().unwrap().iter().map(|backup| backup["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    for (kind, state, expected) in
        [("Backup", "Succeeded", vec!["b1", "r2"]), ("Copy", "Succeeded", vec!["b1", "r1", "r2"]), ("Backup", "Running", vec!["b1", "r1", "r2"])]
    {
        past(kind, state);
        assert_eq!(ids(&folder.shown(&["list.json", "backups.json", "history.json"], "UAT")), expected, "{kind} {state}");
    }
}

#[test]
fn a_few_files_more_make_no_old_fact_young() {
    let folder = Folder::new();
    folder.json("list.json", &two());
    folder.import(&["list.json", "--output", "contoso.yaml"]);
    folder.json("backups.json", &json!({ "kind": "backups", "environment": E2, "payload": { "value": [] } }));
    let into = || folder.run(&[&["import", "backups.json", "--into", "contoso.yaml"][..], &NEW].concat());
    let few = into();
    assert_eq!(few.remarks(), ["now known: UAT: `backups` is none"], "{}", few.err());
    assert!(few.err().contains(&format!("do not list all environments, so some facts are older than others; `captured_at` stays {OLD}\n")), "{}", few.err());
    // What was recorded since would be applied to the new list once more, so its instant counts now.
    folder.put(
        "contoso.journal.yaml",
        journal(&[("o1", "2026-01-05T12:00:00Z", &operation("backup", "2026-01-05T12:00:00Z", "backup: r1, name: A, notes: ''"))]),
    );
    let few = into();
    assert!(few.err().contains("`captured_at` is now 2026-01-06T09:00:00Z\n"), "{}", few.err());
    assert_eq!(folder.shown_in("contoso.yaml", "UAT")["backups"], json!([]));
    let before = folder.read("contoso.yaml");
    let older = folder.import(&["list.json", "--into", "contoso.yaml"]);
    assert_eq!((older.code(), folder.read("contoso.yaml")), (2, before));
    assert_eq!(
        older.err().lines().last(),
        Some("envdeck: the exports are of 2026-01-05T09:00:00Z, older than the snapshot, which is of 2026-01-06T09:00:00Z: nothing was written")
    );
    let missing = folder.run(&["import", "list.json", "--into", "nothing.yaml"]);
    assert_eq!(
        (missing.code(), missing.err().contains("there is no such file: leave out --into and name a new one with --output")),
        (3, true),
        "{}",
        missing.err()
    );
}

#[test]
fn a_list_that_names_no_tenant_is_of_the_tenant_of_those_in_it_that_are_known() {
    let folder = Folder::new();
    folder.json("list.json", &two());
    folder.import(&["list.json", "--output", "contoso.yaml"]);
    let pac = |id: &str, name: &str| json!({ "EnvironmentId": id, "EnvironmentUrl": null, "OrganizationId": null, "DisplayName": name, "Type": "Sandbox", "Version": null });
    let new = "11111111-0000-4000-8000-000000000009";
    folder.put("pac.txt", format!("Connected as thomas@contoso.com\n\n{}\n", json!([pac(E2, "UAT"), pac(new, "Fresh")])));
    let imported = folder.run(&[&["import", "pac.txt", "--into", "contoso.yaml"][..], &NEW].concat());
    assert_eq!(imported.code(), 0, "{}", imported.err());
    assert_eq!(
        imported.remarks(),
        [
            "gone: Sales: it is not in the list of 2026-01-06 09:00Z any more; `state` and `deleted_at` are unknown now, everything else is kept as it was",
            "new: Fresh (Sandbox)",
        ]
    );
    assert_eq!(folder.shown_in("contoso.yaml", "Fresh")["tenant"], json!(T));
}

#[test]
fn each_group_of_facts_says_when_and_where_it_was_seen() {
    let folder = Folder::new();
    let collected = |kind: &str, at: &str, payload: Value| json!({ "kind": kind, "environment": E2, "collected_at": at, "payload": payload });
    let environments = |at: &str| json!({ "kind": "environments", "collected_at": at, "payload": two() });
    let backups = |at: &str| collected("backups", at, json!({ "value": [backup("b1", "2026-01-02T09:15:00Z")] }));
    folder.json("list.json", &environments("2026-01-05T09:00:00Z")).json("backups.json", &backups("2026-01-05T09:30:00Z"));
    let mailboxes = json!({ "value": [{ "mailboxid": "m1", "name": "Info", "incomingemaildeliverymethod": 0 }] });
    folder.json("mailboxes.json", &collected("mailboxes", "2026-01-05T09:40:00Z", mailboxes));
    let first = folder.run(&["import", "list.json", "backups.json", "mailboxes.json", "--output", "contoso.yaml"]);
    assert_eq!(first.code(), 0, "{}", first.err());
    let text = folder.read("contoso.yaml");
    assert!(text.contains("captured_at: 2026-01-05T09:00:00Z\n"), "the oldest counts for all: {text}");
    assert!(text.contains("          backups: { at: 2026-01-05T09:30:00Z, source: admin API }\n"), "{text}");
    assert!(text.contains("          components:\n            mailbox: { at: 2026-01-05T09:40:00Z, source: Dataverse }\n"), "{text}");
    let look =
        |shown: &Value, group: &str| (shown["seen"][group]["at"].as_str().unwrap().to_owned(), shown["seen"][group]["source"].as_str().unwrap().to_owned());
    let seen = |at: &str, source: &str| (at.to_owned(), source.to_owned());
    let uat = folder.shown_in("contoso.yaml", "UAT");
    assert_eq!(look(&uat, "state"), seen("2026-01-05T09:00:00Z", "admin API"));
    assert_eq!(look(&uat, "backups"), seen("2026-01-05T09:30:00Z", "admin API"));
    assert_eq!(look(&uat, "access"), seen("2026-01-05T09:00:00Z", "unknown"), "a group that nothing is said of was seen with the snapshot");
    // A new list of environments makes them fresh, and nothing else.
    folder.json("list.json", &environments("2026-01-06T09:00:00Z"));
    let second = folder.run(&["import", "list.json", "--into", "contoso.yaml"]);
    assert_eq!(second.code(), 0, "{}", second.err());
    let uat = folder.shown_in("contoso.yaml", "UAT");
    assert_eq!(look(&uat, "state"), seen("2026-01-06T09:00:00Z", "admin API"));
    assert_eq!(look(&uat, "backups"), seen("2026-01-05T09:30:00Z", "admin API"));
    assert_eq!(uat["seen"]["components"]["mailbox"], json!({ "at": "2026-01-05T09:40:00Z", "source": "Dataverse" }));
    // New backups make no other fact young.
    folder.json("backups.json", &backups("2026-01-06T10:00:00Z"));
    assert_eq!(folder.run(&["import", "backups.json", "--into", "contoso.yaml"]).code(), 0);
    let uat = folder.shown_in("contoso.yaml", "UAT");
    assert_eq!((look(&uat, "backups").0.as_str(), look(&uat, "state").0.as_str()), ("2026-01-06T10:00:00Z", "2026-01-06T09:00:00Z"));
    // What somebody says of all exports counts for each of them.
    let said = folder.import(&["list.json", "backups.json"]);
    assert!(!said.out().contains("2026-01-06"), "{}", said.out());
}

#[test]
fn what_an_older_snapshot_knows_keeps_its_day() {
    let folder = Folder::new();
    let old = format!(
        "schema: envdeck/1\ncaptured_at: 2026-01-05T09:00:00Z\ntenants:\n  - id: {T}\n    name: Contoso\n    lockbox: true\n    environments:\n      \
         - id: {E1}\n        name: Sales\n        backups: []\n      - id: {E2}\n        name: UAT\n        finance_operations: none\n"
    );
    folder.put("contoso.yaml", old).json("list.json", &two());
    let refreshed = folder.run(&[&["import", "list.json", "--into", "contoso.yaml"], NEW.as_slice()].concat());
    assert_eq!(refreshed.code(), 0, "{}", refreshed.err());
    let text = folder.read("contoso.yaml");
    assert!(text.contains("captured_at: 2026-01-06T09:00:00Z\n") && text.contains("          backups: { at: 2026-01-05T09:00:00Z }\n"), "{text}");
    assert!(text.contains("          finance_operations: { at: 2026-01-05T09:00:00Z }\n"), "{text}");
    assert!(text.contains("    seen:\n      identity: { at: 2026-01-05T09:00:00Z }\n"), "{text}");
}

#[test]
fn the_storage_of_a_tenant_is_taken_from_the_licensing_api_each_type_apart() {
    let folder = Folder::new();
    let of = |kind: &str, total: f64, used: f64| {
        json!({ "capacityType": kind, "capacityUnits": "MB", "totalCapacity": total, "maxCapacity": 0.0, "status": "Available", "overflowCapacity": [],
            "consumption": { "actual": used, "rated": used - 1.0, "actualUpdatedOn": "2026-01-05T08:52:06.3330393+00:00" } })
    };
    let types = [of("Database", 20480.0, 23552.0), of("File", 81920.0, 11264.0), of("Log", 5120.0, 512.0), of("FinOpsDatabase", 10240.0, 1.0)];
    folder.json("capacity.json", &json!({ "tenantId": T, "licenseModelType": "StorageDriven", "tenantCapacities": types }));
    folder.json("list.json", &two());
    let imported = folder.import(&["list.json", "capacity.json", "--output", "contoso.yaml"]);
    assert_eq!(imported.code(), 0, "{}", imported.err());
    assert!(imported.err().contains("read 2 files: 2 environments, 1 tenant capacity\n"), "{}", imported.err());
    let text = folder.read("contoso.yaml");
    let storage = "capacity_gb: { database: { entitled: 20, used: 23 }, file: { entitled: 80, used: 11 }, log: { entitled: 5, used: 0.50 } }\n";
    assert!(text.contains(storage), "{text}");
    assert!(text.contains("      capacity: { at: 2026-01-05T09:00:00Z, source: licensing API }\n"), "{text}");
    let by_itself = folder.run(&["import", "list.json", "capacity.json"]).out();
    assert!(by_itself.contains("      capacity: { at: 2026-01-05T08:52:06.333039300Z, source: licensing API }\n"), "{by_itself}");
    // Free file storage does not make good for what the database lacks.
    let checked = folder.run(&["check", "create", "Sales", "-s", "contoso.yaml", "--now", AT[1], "--rulebook", "current", "--format", "json"]);
    assert!(checked.code() == 1 && checked.out().contains("\"DatabaseBelow1GB\""), "{}", checked.out());
    assert!(checked.out().contains("lacks 3 GB of database storage"), "{}", checked.out());
    // Into a snapshot that knew the sum alone.
    folder.import(&["list.json", "--capacity", "420/500", "--output", "sum.yaml"]);
    let refreshed = folder.run(&[&["import", "capacity.json", "--into", "sum.yaml"], NEW.as_slice()].concat());
    assert_eq!(refreshed.code(), 0, "{}", refreshed.err());
    assert!(folder.read("sum.yaml").contains(storage), "{}", folder.read("sum.yaml"));
    assert!(
        refreshed.err().contains("now known: the tenant Contoso") || refreshed.err().contains("`capacity_gb.used` is 34.50, was 420"),
        "{}",
        refreshed.err()
    );
    // And back: whoever says a sum says nothing of the types.
    let summed = folder.run(&[&["import", "list.json", "--capacity", "30/100", "--into", "sum.yaml"], NEW.as_slice()].concat());
    assert_eq!(summed.code(), 0, "{}", summed.err());
    assert!(folder.read("sum.yaml").contains("    capacity_gb: { entitled: 100, used: 30 }\n"), "{}", folder.read("sum.yaml"));
    // Of which tenant it is has to be said somewhere.
    folder.json("nobody.json", &json!({ "tenantCapacities": [of("Database", 20480.0, 1.0)] }));
    let nobody = folder.import(&["nobody.json"]);
    assert!(nobody.code() == 2 && nobody.err().contains("--tenant-id"), "{}", nobody.err());
}

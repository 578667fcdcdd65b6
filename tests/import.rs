//! Exports of other tools as admins have them, odd ones too: what the snapshot says afterwards, what is reported, and what never is.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

#[path = "support/exports.rs"]
mod exports;

use std::path::Path;

use exports::*;
use serde_json::{Value, json};

#[test]
fn every_field_of_the_admin_api_arrives() {
    let folder = Folder::new();
    let more = json!({
        "capacity": [
            { "capacityType": "Database", "actualConsumption": 2048.0, "capacityUnit": "MB" },
            { "capacityType": "File", "actualConsumption": "1.5", "capacityUnit": "GB" },
            { "capacityType": "Log", "actualConsumption": 512, "capacityUnit": "MB" },
            { "capacityType": "FinOpsDatabase", "actualConsumption": 99, "capacityUnit": "GB" },
        ],
        "retentionPeriod": "P28D",
        "states": { "management": { "id": "Ready" }, "runtime": { "id": "AdminMode" } },
        "protectionStatus": { "keyManagedBy": "Customer" },
        "governanceConfiguration": { "protectionLevel": "Standard" },
        "enterprisePolicies": {
            "vNets": { "id": "/policies/net", "systemId": "s1", "linkStatus": "Linked" },
            "identity": null,
            "encryption": { "systemId": "s2", "linkStatus": "Linked" },
        },
        "linkedAppMetadata": { "id": "f1", "type": "Linked", "url": "https://contoso-uat.sandbox.operations.dynamics.com/" },
        "lifecycleOperationsEnforcement": { "disallowedOperations": [{ "type": { "id": "Delete" }, "reason": { "type": "CdsLink", "message": "Use Lifecycle Services." } }] },
    });
    folder.json("list.json", &list(&[environment(E1, "Contoso UAT", "Sandbox", more)]));
    let shown = folder.shown(&["list.json"], E1);
    let expected = json!({
        "id": E1, "name": "Contoso UAT", "tenant": T, "type": "sandbox", "state": "ready", "region": "europe", "url": "https://contosouat.crm4.dynamics.com/",
        "org_id": "21111111-0000-4000-8000-000000000001", "created_at": "2023-02-15T08:02:36Z",
        "dataverse": { "version": "9.2.25112.00206", "size_gb": 3.5, "audit_gb": 0.5 }, "dynamics_365_apps": "unknown", "managed": true,
        "customer_managed_key": { "name": "unknown" },
        "enterprise_policies": [{ "kind": "network", "id": "/policies/net" }, { "kind": "encryption", "id": "s2" }],
        "admin_mode": true, "background_operations": true, "retention_days": 28, "effective_retention_days": 7, "security_group": null,
        "finance_operations": { "id": "f1", "name": "contoso-uat", "type": "sandbox", "kind": "lcs", "application_build": "unknown", "pitr_days": "unknown" },
        "operator_roles": "unknown", "users": "unknown", "deleted_at": null,
        "disallowed_operations": [{ "operation": "Delete", "message": "Use Lifecycle Services." }],
        "history": "unknown", "backups": "unknown", "components": "unknown", "order_management": "unknown",
    });
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(&shown[key], value, "{key}");
    }
}

#[test]
fn odd_exports_are_read_without_loss_and_without_invention() {
    let folder = Folder::new();
    let odd = |more: Value| {
        folder.json("list.json", &list(&[environment(E1, "Odd", "Sandbox", more)]));
        folder.shown(&["list.json"], E1)
    };
    // What it looks like, the key, and what becomes of it.
    for (more, key, expected) in [
        (json!({ "isDefault": "False" }), "type", json!("sandbox")),
        (json!({ "isDefault": "True", "environmentSku": "Default" }), "type", json!("default")),
        (json!({ "isDefault": "true", "environmentSku": "(left out)" }), "type", json!("default")),
        (json!({ "isDefault": true }), "type", json!("unknown")),
        (json!({ "environmentSku": "SubscriptionBasedTrial" }), "type", json!("trial-subscription")),
        (json!({ "environmentSku": "Copilot" }), "type", json!("unknown")),
        (json!({ "environmentSku": "Copilot" }), "unread", json!({ "type": "Copilot" })),
        (json!({ "environmentSku": 7 }), "unread", json!({ "type": "7" })),
        (json!({ "linkedEnvironmentMetadata": "(left out)" }), "dataverse", json!(null)),
        (json!({ "linkedEnvironmentMetadata": null }), "url", json!(null)),
        (json!({ "linkedEnvironmentMetadata": "(left out)" }), "finance_operations", json!(null)),
        (json!({ "linkedEnvironmentMetadata": "(left out)" }), "background_operations", json!("unknown")),
        (json!({ "linkedEnvironmentMetadata": 1 }), "dataverse", json!("unknown")),
        (
            json!({ "linkedEnvironmentMetadata": { "securityGroupId": "9a000000-0000-4000-8000-000000000001" } }),
            "security_group",
            json!("9a000000-0000-4000-8000-000000000001"),
        ),
        (json!({ "linkedEnvironmentMetadata": { "securityGroupId": "00000000-0000-0000-0000-000000000000" } }), "security_group", json!(null)),
        (json!({ "linkedEnvironmentMetadata": { "instanceState": "Ready" } }), "url", json!("unknown")),
        (json!({ "governanceConfiguration": "(left out)" }), "managed", json!("unknown")),
        (json!({ "governanceConfiguration": { "protectionLevel": "Gold" } }), "managed", json!("unknown")),
        (json!({ "protectionStatus": null }), "customer_managed_key", json!("unknown")),
        (json!({ "retentionPeriod": "P4W" }), "retention_days", json!(28)),
        (json!({ "retentionPeriod": "P30D" }), "retention_days", json!("unknown")),
        (
            json!({ "retentionDetails": { "retentionPeriod": "P7D", "backupsAvailableFromDateTime": "2026-01-02T00:00:00.0000000Z" } }),
            "backups_available_from",
            json!("2026-01-02T00:00:00Z"),
        ),
        (json!({ "retentionDetails": { "backupsAvailableFromDateTime": "9999-99-99" } }), "backups_available_from", json!("unknown")),
        (json!({ "retentionPeriod": null, "retentionDetails": { "retentionPeriod": "P14D" } }), "retention_days", json!(14)),
        (json!({ "states": { "management": { "id": "NotSpecified" } } }), "state", json!("ready")),
        (json!({ "states": { "management": { "id": "NotSpecified" } } }), "admin_mode", json!("unknown")),
        (json!({ "states": { "runtime": { "id": "Disabled" } } }), "state", json!("disabled")),
        (json!({ "states": { "runtime": { "id": "Disabled" } } }), "admin_mode", json!("unknown")),
        (json!({ "states": { "management": { "id": "Hovering" } } }), "unread", json!({ "state": "Hovering" })),
        (json!({ "states": { "management": { "id": "Hovering" } }, "provisioningState": "Failed" }), "state", json!("failed")),
        (json!({ "states": "(left out)", "provisioningState": "(left out)", "linkedEnvironmentMetadata": null }), "state", json!("unknown")),
        (json!({ "softDeletedTime": "2026-01-04T10:00:00.1234567Z" }), "deleted_at", json!("2026-01-04T10:00:00.123456700Z")),
        (json!({ "softDeletedTime": "yesterday" }), "deleted_at", json!("unknown")),
        (json!({ "createdTime": "15/02/2023" }), "created_at", json!("unknown")),
        (json!({ "lifecycleOperationsEnforcement": "(left out)" }), "disallowed_operations", json!("unknown")),
        (json!({ "lifecycleOperationsEnforcement": { "allowedOperations": [] } }), "disallowed_operations", json!([])),
        (json!({ "enterprisePolicies": {} }), "enterprise_policies", json!([])),
        (json!({ "enterprisePolicies": "(left out)" }), "enterprise_policies", json!("unknown")),
        (json!({ "enterprisePolicies": { "quantum": { "id": "q" } } }), "enterprise_policies", json!([{ "kind": "unknown", "id": "q" }])),
        (json!({ "enterprisePolicies": { "identity": { "id": "i", "linkStatus": "Unlinked" } } }), "enterprise_policies", json!([])),
        (json!({ "linkedAppMetadata": "(left out)" }), "finance_operations", json!("unknown")),
        (json!({ "linkedAppMetadata": null }), "finance_operations", json!(null)),
        (
            json!({ "capacity": [{ "capacityType": "Database", "actualConsumption": 1, "capacityUnit": "PB" }] }),
            "dataverse",
            json!({ "version": "9.2.25112.00206", "size_gb": "unknown", "audit_gb": "unknown" }),
        ),
        (
            json!({ "capacity": [{ "capacityType": "Database", "actualConsumption": 4, "capacityUnit": "GB" }] }),
            "dataverse",
            json!({ "version": "9.2.25112.00206", "size_gb": "unknown", "audit_gb": "unknown" }),
        ),
        (json!({ "displayName": "a\u{1b}[2Jb" }), "name", json!("a␛[2Jb")),
        (json!({ "displayName": "  " }), "name", json!(E1)),
    ] {
        assert_eq!(odd(more.clone())[key], expected, "{more}: {key}");
    }
}

#[test]
fn every_value_that_cannot_be_read_is_reported_with_file_path_and_value() {
    let folder = Folder::new();
    let more = json!({ "environmentSku": "Copilot", "governanceConfiguration": { "protectionLevel": "Gold" }, "createdTime": "soon", "retentionPeriod": "P30D", "isDefault": "maybe" });
    folder.json("list.json", &list(&[environment(E1, "Sales", "Sandbox", json!({})), environment(E2, "Odd", "Sandbox", more)]));
    let imported = folder.import(&["list.json"]);
    assert_eq!(imported.code(), 0);
    assert_eq!(
        imported.remarks(),
        [
            "list.json: value[1].properties.environmentSku: \"Copilot\": envdeck does not know this word; `type` keeps it and is judged as unknown",
            "list.json: value[1].properties.isDefault: \"maybe\": true or false is expected here; it stays unknown",
            "list.json: value[1].properties.createdTime: \"soon\": an instant such as 2026-01-05T09:00:00Z is expected here; it stays unknown",
            "list.json: value[1].properties.governanceConfiguration.protectionLevel: \"Gold\": Standard or Basic is expected here; it stays unknown",
            "list.json: value[1].properties.retentionPeriod: \"P30D\": P7D, P14D, P21D or P28D is expected here; `retention_days` stays unknown",
        ]
    );
    assert!(imported.err().starts_with("envdeck: read 1 file: 2 environments\n"), "{}", imported.err());
}

#[test]
fn a_link_or_policy_that_is_left_out_is_unknown_also_beside_an_environment_that_has_one() {
    let folder = Folder::new();
    let linked = json!({ "linkedAppMetadata": { "id": "f", "type": "Internal", "url": "https://x.operations.dynamics.com" }, "enterprisePolicies": { "identity": { "id": "i" } } });
    folder.json("list.json", &list(&[environment(E1, "Linked", "Sandbox", linked), environment(E2, "Plain", "Sandbox", json!({}))]));
    let plain = folder.shown(&["list.json"], E2);
    assert_eq!((&plain["finance_operations"], &plain["enterprise_policies"]), (&json!("unknown"), &json!("unknown")));
    let half = &folder.shown(&["list.json"], E1)["finance_operations"];
    assert_eq!((&half["kind"], &half["type"]), (&json!("unified"), &json!("unknown")), "only Lifecycle Services says the type in its address");
}

#[test]
fn all_forms_of_a_list_are_the_same_list() {
    let folder = Folder::new();
    let both = [environment(E1, "A", "Sandbox", json!({})), environment(E2, "B", "Production", json!({}))];
    let of_power_shell = |environment: &Value| json!({ "EnvironmentName": environment["name"], "DisplayName": environment["properties"]["displayName"], "IsDefault": false, "Internal": environment });
    let text = list(&both).to_string();
    let sixteen: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let expected = {
        folder.json("list.json", &list(&both));
        folder.import(&["list.json"]).out()
    };
    assert!(expected.contains("name: B"), "{expected}");
    for content in [
        json!(both).to_string().into_bytes(),
        json!([of_power_shell(&both[0]), of_power_shell(&both[1])]).to_string().into_bytes(),
        format!("{}\n{}", both[0], both[1]).into_bytes(),
        json!([{ "value": [both[0]], "nextLink": "https://next" }, { "value": [both[1]] }]).to_string().into_bytes(),
        json!({ "payload": { "value": both }, "kind": "environments", "tenant": T }).to_string().into_bytes(),
        json!({ "kind": "environments", "payload": both }).to_string().into_bytes(),
        format!("\u{feff}Listing ...\r\n\r\n{}\r\nDone.", serde_json::to_string_pretty(&list(&both)).unwrap()).into_bytes(),
        sixteen,
    ] {
        folder.put("list.json", &content);
        let imported = folder.import(&["list.json"]);
        // Only by which tool it was seen is said as it was.
        let same = imported.out().replace("source: Get-AdminPowerAppEnvironment", "source: admin API");
        assert_eq!((imported.code(), same), (0, expected.clone()), "{}\n{}", String::from_utf8_lossy(&content), imported.err());
    }
    // One of them alone, and all from standard input.
    folder.json("one.json", &both[0]);
    assert!(folder.import(&["one.json"]).out().contains("name: A"));
}

#[test]
fn a_default_environment_names_the_tenant_of_the_whole_list_of_pac() {
    let folder = Folder::new();
    let row = |id: &str, name: &str, kind: &str| json!({ "EnvironmentId": id, "EnvironmentUrl": format!("https://{name}.crm4.dynamics.com/"), "OrganizationId": "o", "DisplayName": name, "GroupName": "-", "Type": kind, "DomainName": null, "Version": "9.2" });
    let rows = json!([row(E1, "a", "Sandbox"), row(&format!("Default-{T}"), "d", "Default")]);
    folder.put("pac.txt", format!("Connected as admin@contoso.com\n\nListing all environments from your tenant...\n{rows}\n"));
    let shown = folder.shown(&["pac.txt"], "a");
    assert_eq!((&shown["tenant"], &shown["type"], &shown["url"]), (&json!(T), &json!("sandbox"), &json!("https://a.crm4.dynamics.com/")));
    for key in ["region", "managed", "state", "deleted_at", "created_at"] {
        assert_eq!(shown[key], json!("unknown"), "{key}");
    }
    assert!(folder.read("out.yaml").contains("operator: admin@contoso.com"));
    // Without it nothing says the tenant.
    folder.put("pac.txt", json!([row(E1, "a", "Sandbox")]).to_string());
    let imported = folder.import(&["pac.txt"]);
    assert_eq!(imported.remarks(), ["no export says to which tenant 1 environment belongs; it is called \"unknown\" unless --tenant-id says its id"]);
    assert_eq!(folder.shown(&["pac.txt", "--tenant-id", T, "--tenant-name", "Contoso"], "a")["tenant"], json!("Contoso"));
}

#[test]
fn several_files_are_merged_by_id_and_the_admin_api_counts_most() {
    let folder = Folder::new();
    folder.json("pac.json", &json!([{ "EnvironmentId": E1.to_uppercase(), "EnvironmentUrl": "https://sales.crm4.dynamics.com/", "DisplayName": "Sales", "Type": "Production", "Version": "9.9" }]));
    folder.json("admin.json", &list(&[environment(E1, "Sales", "Sandbox", json!({}))]));
    let imported = folder.import(&["pac.json", "admin.json"]);
    let remarks = imported.remarks();
    assert_eq!(remarks.len(), 2, "{remarks:?}");
    assert_eq!(remarks[0], "pac.json: Sales: `type` is production here and sandbox in admin.json, which counts");
    let shown = folder.shown(&["pac.json", "admin.json"], "Sales");
    assert_eq!((&shown["type"], &shown["dataverse"]["version"], &shown["region"]), (&json!("sandbox"), &json!("9.2.25112.00206"), &json!("europe")));
}

#[test]
fn a_truncated_export_is_refused_with_the_command_to_run_instead() {
    let folder = Folder::new();
    let cut = json!({ "EnvironmentName": E1, "IsDefault": false, "Internal": { "name": E1, "properties": { "displayName": "A", "states": "@{management=; runtime=}" } } });
    folder.json("ps.json", &json!([cut]));
    let imported = folder.import(&["ps.json"]);
    assert_eq!((imported.code(), imported.out().as_str()), (3, ""));
    assert_eq!(
        imported.err().lines().collect::<Vec<_>>(),
        [
            "ps.json: [0]: PowerShell cut this export off, so that objects are texts such as @{id=SYSTEM}; export it again with",
            "  Get-AdminPowerAppEnvironment -Capacity | ConvertTo-Json -Depth 20 | Set-Content -Encoding utf8 environments.json",
        ]
    );
    folder.json("ps.json", &json!([{ "FlowName": "f", "EnvironmentName": E1, "Internal": "@{name=f}" }]));
    assert!(folder.import(&["ps.json"]).err().contains("  Get-AdminFlow | ConvertTo-Json -Depth 20"));
}

#[test]
fn what_is_no_export_says_what_it_is_and_where() {
    let folder = Folder::new();
    for (content, expected) in [
        ("", "x: the file is empty"),
        ("Hello\nthere", "x: this is no export that envdeck knows"),
        ("{\"value\": [{\"name\": \"e\",", "x:1:24: the file ends in the middle of a value: it was cut off, so export it again"),
        ("[\n{\"name\" 1}]", "x:2:9: this is no JSON that can be read (expected `:`): export it again"),
        ("{\"foo\": 1, \"bar\": 2}", "x: this is no export that envdeck knows; it has the keys foo, bar"),
        ("[{\"foo\": 1}]", "x: [0]: this is no export that envdeck knows; it has the keys foo"),
        ("Active Environment Environment Id Environment Url\n* a b c", "x: this is the table of pac for people"),
    ] {
        folder.put("x", content);
        let imported = folder.import(&["x"]);
        assert_eq!((imported.code(), imported.out().as_str()), (3, ""), "{content}");
        assert!(imported.err().starts_with(expected), "{content}: {}", imported.err());
    }
    folder.put("x", [0xe9, b'a']);
    assert!(folder.import(&["x"]).err().starts_with("x: this is neither UTF-8 nor UTF-16 text"));
    let imported = folder.import(&["missing.json", "x"]);
    assert_eq!(imported.err().lines().count(), 2, "both are said: {}", imported.err());
    let deep = "[".repeat(100_000);
    folder.put("x", deep);
    assert_eq!(folder.import(&["x"]).code(), 3);
}

const PAC_BACKUPS: &str = "Index Id                                   Label  Expiry              Point Date\n1     00000000-0000-0000-0000-0000000000b1 Backup 12/01/2026 08:50:38 05/01/2026 08:50:38\n";

#[test]
fn backups_come_in_three_shapes_and_say_whose_they_are_or_are_told() {
    let folder = Folder::new();
    folder.json("list.json", &list(&[environment(E1, "Sales", "Production", json!({})), environment(E2, "UAT", "Sandbox", json!({}))]));
    let backup = json!({ "id": "b1", "label": "Before wave 1", "backupPointDateTime": "2026-01-02T09:15:00Z", "backupExpiryDateTime": "2026-01-09T09:15:00Z",
        "createdBy": { "userId": "u", "displayName": "Isaac Fielder" }, "notes": "" });
    let expected = json!([{ "id": "b1", "name": "Before wave 1", "taken_at": "2026-01-02T09:15:00Z", "created_by": "Isaac Fielder", "notes": "" }]);
    for content in [json!({ "value": [backup] }), json!({ "collection": [backup], "continuationToken": null }), json!([backup])] {
        folder.json("backups.json", &content);
        assert_eq!(folder.shown(&["list.json", "--backups-of", "Sales=backups.json"], "Sales")["backups"], expected);
    }
    folder.json("backups.json", &json!({ "kind": "backups", "environment": E1, "payload": { "value": [] } }));
    assert_eq!(folder.shown(&["list.json", "backups.json"], "Sales")["backups"], json!([]));
    folder.json("backups.json", &json!({ "value": [] }));
    assert_eq!(folder.shown(&["list.json", "backups.json"], "Sales")["backups"], json!("unknown"), "of what, it does not say");
    folder.json("backups.json", &json!({ "value": [backup], "nextLink": "https://next" }));
    let imported = folder.import(&["list.json", "--backups-of", "Sales=backups.json"]);
    assert_eq!(imported.remarks(), ["backups.json: there is another page of the list of backups of Sales, so they stay unknown: export all pages"]);
    folder.json("backups.json", &json!({ "value": [backup] }));
    let imported = folder.import(&["list.json", "backups.json"]);
    assert_eq!(
        (imported.code(), imported.err().as_str()),
        (2, "envdeck: backups.json: no backup in this export says of which environment it is: say so with --backups-of ENV=backups.json\n")
    );
    let imported = folder.import(&["list.json", "--backups-of", "Nowhere=backups.json"]);
    assert_eq!((imported.code(), imported.err().contains("there is no environment of that id or name")), (2, true), "{}", imported.err());
    folder.put("pac.txt", PAC_BACKUPS);
    let imported = folder.import(&["list.json", "--backups-of", "UAT=pac.txt"]);
    assert_eq!(
        (imported.code(), imported.err().as_str()),
        (2, "envdeck: pac.txt: \"05/01/2026 08:50:38\" can be read with the day or the month first: say which with --date-order dmy or --date-order mdy\n")
    );
    let taken = |order: &str| folder.shown(&["list.json", "--backups-of", "UAT=pac.txt", "--date-order", order], "UAT")["backups"][0]["taken_at"].clone();
    assert_eq!(taken("dmy"), json!("2026-01-05T08:50:38Z"));
    // Read in the wrong order it would lie after the capture, which cannot be.
    let wrong = ["list.json", "--backups-of", "UAT=pac.txt", "--date-order", "mdy"];
    assert_eq!(folder.shown(&wrong, "UAT")["backups"], json!("unknown"));
    let said = folder.import(&wrong).remarks().join("\n");
    assert!(said.contains("a backup of 2026-05-01T08:50:38Z lies after the capture") && said.contains("--date-order"), "{said}");
}

#[test]
fn a_running_operation_of_the_history_makes_its_environment_busy() {
    let folder = Folder::new();
    folder.json("list.json", &list(&[environment(E1, "Sales", "Production", json!({})), environment(E2, "UAT", "Sandbox", json!({}))]));
    let operation = |id: &str, environment: &str, state: &str| {
        json!({ "id": id, "links": { "environment": { "path": format!("/providers/Microsoft.BusinessAppPlatform/environments/{environment}") } }, "type": { "id": "Copy" }, "state": { "id": state },
            "createdDateTime": "2026-01-05T08:00:00.1234567Z", "lastActionDateTime": "2026-01-05T08:30:00Z", "requestedBy": { "id": "u", "displayName": "Isaac" }, "stages": [{ "id": "Validate", "state": { "id": "Succeeded" } }] })
    };
    folder.json("history.json", &json!({ "value": [operation("o1", E2, "Running"), operation("o2", E1, "Succeeded"), operation("o3", E1, "Pondering")] }));
    let (sales, uat) = (folder.shown(&["list.json", "history.json"], "Sales"), folder.shown(&["list.json", "history.json"], "UAT"));
    assert_eq!((&uat["state"], &sales["state"]), (&json!("running"), &json!("ready")));
    assert_eq!(uat["history"][0]["ended_at"], json!("unknown"), "while it runs, the last action is no end");
    let expected = json!({ "id": "o2", "operation": "Copy", "state": "succeeded", "requested_by": "Isaac", "started_at": "2026-01-05T08:00:00.123456700Z", "ended_at": "2026-01-05T08:30:00Z" });
    assert_eq!((&sales["history"][0], &sales["history"][1]["state"]), (&expected, &json!("unknown")));
    assert!(folder.read("out.yaml").contains("state: { unknown: Pondering }"));
}

#[test]
fn flows_and_apps_name_their_environment() {
    let folder = Folder::new();
    folder.json("list.json", &list(&[environment(E1, "Sales", "Production", json!({})), environment(E2, "UAT", "Sandbox", json!({}))]));
    let flow = |name: &str, enabled: bool, properties: Value| json!({ "FlowName": name, "Enabled": enabled, "DisplayName": format!("Flow {name}"), "EnvironmentName": E1, "Internal": { "name": name, "properties": properties } });
    folder.json(
        "flows.json",
        &json!([
            flow(
                "f1",
                true,
                json!({ "state": "Started", "workflowEntityId": "W1", "definitionSummary": { "triggers": [{ "type": "Request", "kind": "Http" }] } })
            ),
            flow("f2", false, json!({ "definitionSummary": { "triggers": [{ "type": "Recurrence" }] } })),
        ]),
    );
    folder.json("apps.json", &json!([{ "AppName": "a1", "DisplayName": "Visit planner", "EnvironmentName": E1, "Internal": { "properties": { "sharedUsersCount": 0, "sharedGroupsCount": 0 } } }]));
    let row = |id: &str, name: &str, category: u8| json!({ "workflowid": id, "name": name, "category": category, "statecode": 1 });
    folder.json("workflows.json", &json!({ "@odata.context": "https://sales.api.crm4.dynamics.com/api/data/v9.2/$metadata#workflows", "value": [row("w1", "Flow f1", 5), row("w3", "Only in the database", 5), row("w4", "Classic", 0)] }));
    let shown = folder.shown(&["list.json", "flows.json", "apps.json", "workflows.json"], "Sales");
    assert_eq!(
        shown["components"]["cloud-flow"],
        json!([
            { "id": "f1", "name": "Flow f1", "in_solution": true, "state": "enabled", "trigger": "http", "custom_connector": "unknown", "child": "unknown" },
            { "id": "f2", "name": "Flow f2", "in_solution": "unknown", "state": "disabled", "trigger": "scheduled", "custom_connector": "unknown", "child": "unknown" },
            { "id": "w3", "name": "Only in the database", "in_solution": true, "state": "enabled", "trigger": "unknown", "custom_connector": "unknown", "child": "unknown" },
        ])
    );
    assert_eq!(shown["components"]["canvas-app"], json!([{ "id": "a1", "name": "Visit planner", "in_solution": "unknown", "shared_with": null }]));
    assert_eq!(folder.shown(&["list.json", "flows.json"], "UAT")["components"], json!("unknown"), "of UAT nobody said anything");
    // Without the flows of the service, nobody knows of those outside solutions.
    let imported = folder.import(&["list.json", "workflows.json"]);
    assert_eq!(
        imported.remarks(),
        ["workflows.json: the flows of Sales were read from its database, where flows outside solutions never stand; import those of Get-AdminFlow too"]
    );
}

#[test]
fn sets_of_the_web_api_belong_to_the_environment_at_their_address() {
    let folder = Folder::new();
    folder.json("list.json", &list(&[environment(E1, "Sales", "Production", json!({}))]));
    let set =
        |name: &str, rows: Value| json!({ "@odata.context": format!("https://sales.crm4.dynamics.com/api/data/v9.2/$metadata#{name}(name)"), "value": rows });
    folder.json("a.json", &set("mailboxes", json!([{ "mailboxid": "m1", "name": "Info", "emailaddress": "info@contoso.com", "incomingemaildeliverymethod": 2, "outgoingemaildeliverymethod": 0, "actdeliverymethod": 2 }])));
    folder.json("b.json", &set("connectionreferences", json!([
        { "connectionreferenceid": "r1", "connectionreferencelogicalname": "c_x", "connectionreferencedisplayname": "Outlook", "connectionid": null, "connectorid": "/providers/Microsoft.PowerApps/apis/shared_office365" }])));
    folder.json("c.json", &set("sdkmessageprocessingsteps", json!([{ "sdkmessageprocessingstepid": "s1", "name": "On create", "statecode": 0 }])));
    folder.json("d.json", &set("workflows", json!([])));
    let shown = folder.shown(&["list.json", "a.json", "b.json", "c.json", "d.json"], "Sales");
    let expected = json!({
        "connection-reference": [{ "id": "r1", "name": "Outlook", "in_solution": "unknown", "connection": null, "connector": "shared_office365" }],
        "plug-in": [{ "id": "s1", "name": "On create", "in_solution": "unknown", "state": "enabled", "external": "unknown" }],
        "mailbox": [{ "id": "m1", "name": "Info", "in_solution": "unknown", "user": "info@contoso.com", "incoming": "server-side-sync", "outgoing": null, "appointments": null }],
    });
    for (kind, list) in expected.as_object().unwrap() {
        assert_eq!(&shown["components"][kind], list, "{kind}");
    }
    assert_eq!(shown["components"]["cloud-flow"], json!("unknown"), "an empty set says nothing of flows outside solutions");
    folder.json("a.json", &json!({ "@odata.context": "https://else.crm4.dynamics.com/api/data/v9.2/$metadata#mailboxes", "value": [{ "mailboxid": "m1" }] }));
    assert_eq!(
        folder.import(&["list.json", "a.json"]).remarks(),
        ["a.json: no environment has the address else.crm4.dynamics.com, so this is left out: import the list of environments with it"]
    );
}

#[test]
fn users_with_licences_come_from_a_csv() {
    let folder = Folder::new();
    folder.json("list.json", &list(&[environment(E1, "Sales", "Production", json!({}))]));
    folder.put("users.csv", "User principal name,Block credential,Licenses\nisaac@contoso.com,False,Power Apps\nlena@contoso.com,True,Unlicensed\n");
    let imported = folder.import(&["list.json", "users.csv"]);
    assert!(
        imported.out().contains(
            "    users:\n      - { upn: isaac@contoso.com, active: true, licensed: true }\n      - { upn: lena@contoso.com, active: false, licensed: false }\n"
        ),
        "{}",
        imported.out()
    );
    assert!(imported.err().starts_with("envdeck: read 2 files: 1 environment, 2 users\n"), "{}", imported.err());
}

#[test]
fn answers_fill_what_no_export_says_and_nothing_else() {
    let folder = Folder::new();
    folder.json(
        "list.json",
        &list(&[
            environment(E1, "Sales", "Production", json!({ "linkedAppMetadata": null })),
            environment(E2, "UAT", "Copilot", json!({ "linkedEnvironmentMetadata": null })),
        ]),
    );
    let answers = [
        "--answer",
        "finance_operations=yes",
        "--answer",
        "type=sandbox",
        "--answer",
        "dataverse.audit_gb=10",
        "--answer",
        "enterprise_policies=none",
        "--answer",
        "tenant.lockbox=no",
    ];
    let all = [&["list.json", "--capacity", "420.25/500", "--role", "power-platform-admin"], answers.as_slice()].concat();
    let (sales, uat) = (folder.shown(&all, "Sales"), folder.shown(&all, "UAT"));
    assert_eq!(
        (&sales["finance_operations"], &sales["type"], &sales["dataverse"]["audit_gb"], &sales["enterprise_policies"]),
        (&json!(null), &json!("production"), &json!(10), &json!([]))
    );
    assert_eq!((&uat["type"], &uat["dataverse"]), (&json!("unknown"), &json!(null)), "what was captured is never answered over, even where it cannot be read");
    let text = folder.read("out.yaml");
    assert!(
        text.contains("    operator_roles:\n      - power-platform-admin\n    capacity_gb: { entitled: 500, used: 420.25 }\n    lockbox: false\n"),
        "{text}"
    );
    for (arguments, said) in [
        (["list.json", "--answer", "finance_operation=none"], "there is no field `finance_operation`; did you mean `finance_operations`?"),
        (["list.json", "--answer", "managed=perhaps"], "expected yes or no, found \"perhaps\""),
        (["list.json", "--capacity", "500"], "gigabytes used and entitled such as 420.25/500 are expected"),
    ] {
        let imported = folder.import(&arguments);
        assert_eq!((imported.code(), imported.err().contains(said)), (2, true), "{}", imported.err());
    }
}

/// A tenant with 300 environments of all types, as its list says it, with nothing but the list.
#[test]
fn after_five_answers_at_most_every_copy_in_a_list_of_300_is_decided() {
    let folder = Folder::new();
    let skus = ["Production", "Sandbox", "Developer", "Trial", "Teams", "SubscriptionBasedTrial"];
    let all: Vec<Value> = (0..300)
        .map(|at| {
            let id = format!("11111111-0000-4000-8000-{at:012}");
            let database = if at % 7 == 0 {
                json!(null)
            } else {
                json!({ "instanceUrl": format!("https://e{at}.crm4.dynamics.com/"), "instanceState": "Ready", "backgroundOperationsState": "Enabled" })
            };
            environment(&id, &format!("Environment {at}"), skus[at % skus.len()], json!({ "linkedEnvironmentMetadata": database }))
        })
        .collect();
    folder.json("list.json", &list(&all));
    let undecided = |answers: &[&str], operation: &[&str]| {
        let imported = folder.import(&[&["list.json"], answers].concat());
        assert_eq!(imported.code(), 0, "{}", imported.err());
        folder.put("out.yaml", imported.out());
        let ran = folder.run(&[&["targets"], operation, &["--from", "Environment 6", "-s", "out.yaml", "--now", AT[1], "--format", "json"]].concat());
        let targets: Value = serde_json::from_str(&ran.out()).unwrap();
        let targets = targets["targets"].as_array().unwrap().clone();
        assert_eq!(targets.len(), 300);
        targets.iter().filter(|target| target["verdict"] == "unknown").count()
    };
    let three = ["--capacity", "420/500", "--role", "power-platform-admin", "--answer", "finance_operations=none"];
    let four = [three.as_slice(), &["--answer", "enterprise_policies=none"]].concat();
    let five = [four.as_slice(), &["--answer", "dynamics_365_apps=none"]].concat();
    assert!(undecided(&three, &["copy"]) > 0);
    assert_eq!(undecided(&four, &["copy"]), 0);
    assert_eq!(undecided(&four, &["restore"]), 0);
    assert_eq!(undecided(&five, &["restore", "--at", "2026-01-04T09:00:00Z"]), 0);
}

#[test]
fn the_snapshot_goes_into_a_new_file_only() {
    let folder = Folder::new();
    folder.json("list.json", &list(&[environment(E1, "Sales", "Production", json!({}))])).put("old.yaml", "mine");
    let imported = folder.import(&["list.json", "--output", "new.yaml"]);
    assert_eq!((imported.code(), imported.out().as_str()), (0, ""));
    assert!(folder.read("new.yaml").contains("name: Sales"));
    let imported = folder.import(&["list.json", "--output", "old.yaml"]);
    assert_eq!((imported.code(), folder.read("old.yaml").as_str()), (2, "mine"));
    assert_eq!(imported.err(), "envdeck: old.yaml: there is a file of that name already: name another one, or refresh it with --into\n");
    assert_eq!(folder.import(&["list.json", "--output", "x.journal.yaml"]).code(), 2);
    let now = folder.run(&["import", "list.json"]);
    assert!(now.err().starts_with("envdeck: no export says when it was made, so it is taken to be now, "), "{}", now.err());
    assert_eq!(folder.run(&["import"]).code(), 2);
    assert!(!Path::new("new.yaml").exists());
}

/// What a terminal would act on: escape, bell, C1, delete, and signs that turn a line around or break it.
const HOSTILE: &str = "\u{1b}]0;PWN\u{7}\u{1b}[31m\u{9b}2J\u{7f}\r\u{202e}\u{2066}\u{2028}";

/// Every copy of `value` in which one text, one step of a path in it, or one key is hostile.
fn hostile(value: &Value) -> Vec<Value> {
    match value {
        // As a whole, and in every step where it is a path.
        Value::String(text) => vec![json!(HOSTILE), json!(format!("{}{HOSTILE}", text.replace('/', &format!("/{HOSTILE}"))))],
        Value::Array(items) => {
            let with = |at: usize, other: Value| {
                let mut items = items.clone();
                items[at] = other;
                Value::Array(items)
            };
            items.iter().enumerate().flat_map(|(at, item)| hostile(item).into_iter().map(move |other| (at, other))).map(|(at, other)| with(at, other)).collect()
        }
        Value::Object(object) => {
            let with = |key: &str, other: Value| {
                let mut object = object.clone();
                object.insert(key.to_owned(), other);
                Value::Object(object)
            };
            let texts = object.iter().flat_map(|(key, item)| hostile(item).into_iter().map(|other| with(key, other)));
            texts.chain([with(HOSTILE, json!(HOSTILE))]).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

#[track_caller]
fn is_harmless(imported: &Ran, of: &str) {
    for (stream, text) in [("stdout", imported.out()), ("stderr", imported.err())] {
        let acts = |letter: char| (letter.is_control() && letter != '\n') || matches!(letter, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!text.chars().any(acts), "{stream} of {of:?}: {text:?}");
    }
}

#[test]
fn no_text_of_any_export_can_move_the_cursor_of_a_terminal() {
    let folder = Folder::new();
    let policies = json!({ "vNets": { "id": "/policies/net", "systemId": "s1", "linkStatus": "Linked" } });
    let refused = json!({ "disallowedOperations": [{ "type": { "id": "Delete" }, "reason": { "type": "CdsLink", "message": "Use LCS." } }] });
    let more = json!({ "enterprisePolicies": policies, "lifecycleOperationsEnforcement": refused, "capacity": [{ "capacityType": "Log", "actualConsumption": "1", "capacityUnit": "GB" }],
        "linkedAppMetadata": { "id": "f1", "type": "Linked", "url": "https://x.operations.dynamics.com/" } });
    let one = environment(E1, "Sales", "Sandbox", more);
    folder.json("list.json", &list(std::slice::from_ref(&one)));
    let set =
        |name: &str, row: Value| json!({ "@odata.context": format!("https://sales.crm4.dynamics.com/api/data/v9.2/$metadata#{name}(name)"), "value": [row] });
    let path = format!("/providers/Microsoft.ProcessSimple/environments/{E1}");
    let forms = [
        list(std::slice::from_ref(&one)),
        json!([{ "EnvironmentName": E1, "DisplayName": "Sales", "EnvironmentType": "Sandbox", "Location": "europe", "CreatedTime": "2023-02-15T08:02:36Z", "CommonDataServiceDatabaseType": "None" }]),
        json!([{ "EnvironmentName": E1, "DisplayName": "Sales", "IsDefault": "false", "Internal": { "name": E1, "properties": { "environmentSku": "Sandbox" } } }]),
        json!([{ "EnvironmentId": E1, "EnvironmentUrl": "https://sales.crm4.dynamics.com/", "OrganizationId": "o", "DisplayName": "Sales", "Type": "Sandbox", "Version": "9.2" }]),
        json!({ "kind": "backups", "environment": E1, "tenant": T, "collected_by": "a@contoso.com", "collected_at": "2026-01-05T08:00:00Z",
            "payload": { "value": [{ "id": "b1", "label": "One", "backupPointDateTime": "2026-01-02T09:15:00Z", "createdBy": { "displayName": "Isaac" }, "notes": "n" }], "nextLink": "https://next" } }),
        json!({ "value": [{ "id": format!("{path}/operations/o1"), "links": { "environment": { "path": path } }, "type": { "id": "Copy" }, "state": { "id": "Running" },
            "createdDateTime": "2026-01-05T08:00:00Z", "requestedBy": { "userPrincipalName": "a@contoso.com" } }] }),
        json!({ "value": [{ "name": "f", "id": format!("{path}/flows/f"), "properties": { "displayName": "d", "state": "Started", "workflowEntityId": "W1",
            "environment": { "id": path, "name": E1 }, "definitionSummary": { "triggers": [{ "type": "Request", "kind": "Http" }] } } }] }),
        json!([{ "FlowName": "f1", "DisplayName": "Flow", "EnvironmentName": E1, "Internal": { "id": format!("{path}/flows/f1"), "properties": { "state": "Started" } } }]),
        json!({ "value": [{ "name": "f", "id": format!("{path}/flows/f"), "properties": { "displayName": "d" } }] }),
        json!([{ "AppName": "a1", "DisplayName": "App", "EnvironmentName": E1, "Internal": { "properties": { "logicalName": "x" } } }]),
        set("mailboxes", json!({ "mailboxid": "m1", "name": "Info", "emailaddress": "info@contoso.com", "incomingemaildeliverymethod": "2" })),
        set(
            "connectionreferences",
            json!({ "connectionreferenceid": "r1", "connectionreferencelogicalname": "c_x", "connectionid": "c", "connectorid": "/providers/apis/shared_office365" }),
        ),
        set("workflows", json!({ "workflowid": "w1", "name": "Flow", "category": "5", "statecode": "1" })),
        set("sdkmessageprocessingsteps", json!({ "sdkmessageprocessingstepid": "s1", "name": "On create", "statecode": "0" })),
        json!({ "kind": "users", "tenant": T, "payload": { "value": [{ "userPrincipalName": "isaac@contoso.com", "accountEnabled": "true", "assignedLicenses": [{ "skuId": "s" }] }] } }),
        json!({ "kind": "problem", "environment": E1, "what": "flows", "message": "403" }),
        json!({ "what": "is this" }),
        json!(["what"]),
    ];
    for form in &forms {
        // Of no environment that is known, or as it was told.
        folder.json("other.json", form);
        is_harmless(&folder.import(&["other.json", "--backups-of", &format!("{HOSTILE}=other.json")]), &form.to_string());
        for other in hostile(form) {
            folder.json("other.json", &other);
            is_harmless(&folder.import(&["list.json", "other.json"]), &other.to_string());
        }
    }
    let csv = "User principal name,Block credential,Licenses\nisaac@contoso.com,False,Power Apps\n";
    let texts = [
        ("pac.txt", PAC_BACKUPS, &["00000000-0000-0000-0000-0000000000b1", "Backup ", "05/01/2026", "Point Date"] as &[_]),
        ("users.csv", csv, &["isaac@contoso.com", "False", "Power Apps", "User principal name"]),
        ("broken.json", "{ \"value\": [{ \"name\": \"x\" } }", &["\"x\"", "}"]),
        ("prose.txt", "Connected as a@contoso.com\n[]\n", &["a@contoso.com", "[]"]),
    ];
    for (name, text, parts) in texts {
        for part in parts {
            for other in [text.replace(part, HOSTILE), text.replace(part, &format!("{part}{HOSTILE}"))] {
                folder.put(name, &other);
                let whose = if name == "users.csv" { ("--users-of", T) } else { ("--backups-of", E1) };
                is_harmless(&folder.import(&["list.json", whose.0, &format!("{}={name}", whose.1), "--date-order", "mdy"]), &other);
                is_harmless(&folder.import(&["list.json", whose.0, &format!("{HOSTILE}={name}")]), &other);
            }
        }
    }
}

#[test]
fn an_environment_without_a_database_keeps_the_link_that_it_names() {
    let folder = Folder::new();
    let linked = json!({ "linkedEnvironmentMetadata": "(left out)", "databaseType": "None",
        "linkedAppMetadata": { "id": "f1", "type": "Linked", "url": "https://contoso-uat.sandbox.operations.dynamics.com/" } });
    folder.json(
        "list.json",
        &list(&[environment(E1, "Initial", "Sandbox", linked), environment(E2, "Empty", "Sandbox", json!({ "linkedEnvironmentMetadata": null }))]),
    );
    let shown = folder.shown(&["list.json", "--role", "power-platform-admin"], "Initial");
    assert_eq!(
        (&shown["dataverse"], &shown["finance_operations"]["kind"], &shown["finance_operations"]["type"]),
        (&json!(null), &json!("lcs"), &json!("sandbox"))
    );
    for (operation, code) in [("delete", "DeleteBlockedByLink"), ("reset", "ResetBlockedByLink")] {
        let asked = |environment: &str| folder.run(&["check", operation, environment, "-s", "out.yaml", "--format", "json", "--now", AT[1]]);
        assert!(asked("Initial").out().contains(code) && asked("Initial").code() == 1, "{}", asked("Initial").out());
        assert!(!asked("Empty").out().contains(code), "{}", asked("Empty").out());
    }
    // The few columns of PowerShell name no link, so there may be one.
    folder.json(
        "list.json",
        &json!([{ "EnvironmentName": E1, "DisplayName": "Initial", "EnvironmentType": "Sandbox", "CommonDataServiceDatabaseType": "None" }]),
    );
    let shown = folder.shown(&["list.json"], "Initial");
    assert_eq!((&shown["dataverse"], &shown["finance_operations"]), (&json!(null), &json!("unknown")));
}

/// The shapes of the Power Platform API, as it answers them and as pac prints them with capitals.
#[test]
fn environments_and_operations_of_the_power_platform_api_are_read() {
    let folder = Folder::new();
    let flat = json!({ "id": E1, "tenantId": T, "displayName": "Sales", "type": "Production", "geo": "europe", "azureRegion": "westeurope", "state": "Ready",
        "adminMode": "Disabled", "backgroundOperationsState": "Enabled", "protectionLevel": "Standard", "createdDateTime": "2024-03-11T08:15:22.1234567Z",
        "dataverseId": "21111111-0000-4000-8000-000000000001", "url": "https://sales.crm4.dynamics.com/", "domainName": "sales", "version": "9.2",
        "retentionDetails": { "retentionPeriod": "P28D", "availableFromDateTime": "2025-12-10T00:10:00Z" },
        "enterprisePolicies": { "networkInjection": { "id": "ep1", "status": "Linked" } },
        "finOpsMetadata": { "id": "f1", "type": "Internal", "url": "https://sales.operations.eu.dynamics.com/" } });
    let sparse = json!({ "Id": E2, "TenantId": T, "DisplayName": "New", "Type": "Sandbox", "Geo": "europe", "State": "Preparing", "AdminMode": "Enabled" });
    folder.json("list.json", &json!({ "value": [flat, sparse] }));
    let operations = json!({ "collection": [
        { "name": "Copy", "operationId": "o1", "status": "Failed", "startTime": "2026-01-04T20:00:03Z", "endTime": "2026-01-04T21:12:40Z",
          "updatedEnvironment": { "environmentId": E1 }, "errorDetail": { "code": "EnvironmentCopyFailed", "message": "The copy failed." }, "stageStatuses": [] },
        { "name": "Backup", "operationId": "o2", "status": "InProgress", "startTime": "2026-01-05T08:55:00Z", "updatedEnvironment": { "environmentId": E1 }, "stageStatuses": [] },
        { "name": "Copy", "operationId": "o3", "status": "ValidationPassed", "updatedEnvironment": { "environmentId": E1 }, "stageStatuses": [] },
    ], "continuationToken": "" });
    folder.json("operations.json", &operations);
    let files = ["list.json", "operations.json"];
    let (sales, new) = (folder.shown(&files, "Sales"), folder.shown(&files, "New"));
    for (key, expected) in [
        ("type", json!("production")),
        ("state", json!("running")),
        ("created_at", json!("2024-03-11T08:15:22Z")),
        ("managed", json!(true)),
        ("admin_mode", json!(false)),
        ("retention_days", json!(28)),
        ("deleted_at", json!(null)),
        ("security_group", json!("unknown")),
        ("enterprise_policies", json!([{ "kind": "network", "id": "ep1" }])),
    ] {
        assert_eq!(sales[key], expected, "{key}");
    }
    assert_eq!(sales["finance_operations"]["kind"], "unified");
    assert_eq!(
        (&sales["history"][0]["state"], &sales["history"][1]["state"], &sales["history"][2]["state"]),
        (&json!("failed"), &json!("running"), &json!("unknown"))
    );
    assert!(folder.import(&files).err().contains("Copy failed: EnvironmentCopyFailed: The copy failed"));
    // What is silent is unknown, never none.
    for key in ["dataverse", "url", "org_id", "finance_operations", "enterprise_policies", "deleted_at", "security_group", "order_management"] {
        assert_eq!(new[key], "unknown", "{key}");
    }
    assert_eq!((&new["admin_mode"], &new["state"]), (&json!(true), &json!("preparing")));
}

#[test]
fn a_database_that_is_being_set_up_and_a_deletion_without_a_time_are_unknown() {
    let folder = Folder::new();
    let silent = json!({ "databaseType": "CommonDataService", "linkedEnvironmentMetadata": null });
    let being_made = json!({ "databaseType": "(left out)", "linkedEnvironmentMetadata": "(left out)", "provisioningState": "LinkedDatabaseProvisioning" });
    for more in [silent, being_made] {
        folder.json("list.json", &list(&[environment(E1, "New", "Sandbox", more)]));
        let shown = folder.shown(&["list.json"], "New");
        for key in ["dataverse", "url", "finance_operations", "order_management", "dynamics_365_apps", "security_group"] {
            assert_eq!(shown[key], "unknown", "{key}");
        }
        assert!(folder.import(&["list.json"]).err().contains("stays unknown"));
    }
    for more in [json!({ "provisioningState": "Deleted" }), json!({ "states": { "management": { "id": "SoftDeleted" } } })] {
        folder.json("list.json", &list(&[environment(E1, "Gone", "Sandbox", more)]));
        assert_eq!(folder.shown(&["list.json"], "Gone")["deleted_at"], "unknown");
    }
}

#[test]
fn the_address_of_finance_and_operations_says_its_type_in_every_region() {
    let folder = Folder::new();
    for (host, expected) in [
        ("contoso.operations.dynamics.com", "production"),
        ("contoso.operations.eu.dynamics.com", "production"),
        ("contoso.sandbox.operations.eu.dynamics.com", "sandbox"),
        ("contoso.sandbox.operations.uk.dynamics.com", "sandbox"),
        ("contoso.operations.dynamics.cn", "production"),
        ("contosodevaos.cloudax.dynamics.com", "unknown"),
        ("operations.example.com", "unknown"),
    ] {
        let link = json!({ "linkedAppMetadata": { "id": "f1", "type": "Linked", "url": format!("https://{host}/") } });
        folder.json("list.json", &list(&[environment(E1, "ERP", "Sandbox", link)]));
        assert_eq!(folder.shown(&["list.json"], "ERP")["finance_operations"]["type"], expected, "{host}");
        assert_eq!(folder.import(&["list.json"]).err().contains("does not say whether"), expected == "unknown", "{host}");
    }
}

#[test]
fn backups_of_pac_are_read_in_every_language() {
    let folder = Folder::new();
    folder.json("list.json", &list(&[environment(E1, "Sales", "Production", json!({}))]));
    for (expiry, point) in [
        ("11.1.2026 10.00.00", "4.1.2026 10.00.00"),
        ("15-01-2026 10.00.00", "04-01-2026 10.00.00"),
        ("2026. 01. 11. 10:00:00", "2026. 01. 04. 10:00:00"),
        ("2026-01-11 오전 10:00:00", "2026-01-04 오전 10:00:00"),
        ("2026/1/11 上午 10:00:00", "2026/1/4 上午 10:00:00"),
        ("15/1/2569 10:00:00", "4/1/2569 10:00:00"),
        ("15/1/2026 10:00:00 π.μ.", "4/1/2026 10:00:00 π.μ."),
    ] {
        let table = format!(
            "Index Id                                   Label         Expiry                    Point Date\n{:6}{:37}{:14}{expiry:26}{point}\n",
            "1", "00000000-0000-0000-0000-0000000000b1", "B"
        );
        folder.put("pac.txt", table);
        let arguments = ["list.json", "--backups-of", "Sales=pac.txt"];
        let order = if expiry.starts_with("11.1.") { vec!["--date-order", "dmy"] } else { Vec::new() };
        let shown = folder.shown(&[arguments.as_slice(), &order].concat(), "Sales");
        assert_eq!(shown["backups"][0]["taken_at"], "2026-01-04T10:00:00Z", "{point}");
    }
}

#[test]
fn an_error_in_place_of_an_export_is_shown_with_its_message() {
    let folder = Folder::new();
    folder.json("error.json", &json!({ "error": { "code": "EnvironmentNotFound", "message": "The environment x could not be found." } }));
    let imported = folder.import(&["error.json"]);
    assert_eq!(imported.code(), 3);
    assert!(
        imported.err().contains("EnvironmentNotFound: The environment x could not be found;") && !imported.err().contains("has the keys"),
        "{}",
        imported.err()
    );
    folder.put("list.txt", "Active Display Name Environment ID                       Environment URL Unique Name\n       Sales x y z\n");
    assert!(folder.import(&["list.txt"]).err().contains("pac admin list --json"));
}

#[test]
fn users_of_an_environment_and_the_trigger_of_its_flows_come_from_its_database() {
    let folder = Folder::new();
    folder.json("list.json", &list(&[environment(E1, "Sales", "Production", json!({}))]));
    let context = |set: &str| format!("https://sales.crm4.dynamics.com/api/data/v9.2/$metadata#{set}(x)");
    let row = |upn: &str, disabled: bool, mode: u8| json!({ "systemuserid": upn, "domainname": upn, "isdisabled": disabled, "accessmode": mode, "applicationid": null });
    folder.json(
        "systemusers.json",
        &json!({ "@odata.context": context("systemusers"), "value": [row("isaac@contoso.com", false, 0), row("lena@contoso.com", true, 0),
            row("thomas@contoso.com", false, 1), row("sync@contoso.com", false, 4), row("", false, 3)] }),
    );
    let http = json!({ "properties": { "definition": { "triggers": { "manual": { "type": "Request", "kind": "Http" } } } } }).to_string();
    folder.json(
        "workflows.json",
        &json!({ "@odata.context": context("workflows"), "value": [{ "workflowid": "w1", "name": "Hook", "category": 5, "statecode": 1, "clientdata": http }] }),
    );
    let shown = folder.shown(&["list.json", "systemusers.json", "workflows.json"], "Sales");
    assert_eq!(shown["users"], json!(["isaac@contoso.com", "thomas@contoso.com"]));
    let text = folder.read("out.yaml");
    for line in [
        "- { upn: isaac@contoso.com, active: true, access: full }",
        "- { upn: lena@contoso.com, active: false, access: full }",
        "- { upn: thomas@contoso.com, active: true, access: administrative }",
        "trigger: http",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

//! Exports as admins have them, and `envdeck import` in the folder where they lie.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

use std::path::PathBuf;
use std::process::Output;

use assert_cmd::Command;
use serde_json::{Value, json};
use tempfile::TempDir;

pub const T: &str = "7c2f0c52-0000-4000-8000-000000000001";
pub const E1: &str = "11111111-0000-4000-8000-000000000001";
pub const E2: &str = "11111111-0000-4000-8000-000000000002";
pub const AT: [&str; 2] = ["--captured-at", "2026-01-05T09:00:00Z"];

/// A folder with exports in it.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn put(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        std::fs::write(self.path(name), content).unwrap();
        self
    }

    pub fn json(&self, name: &str, content: &Value) -> &Self {
        self.put(name, content.to_string())
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs `envdeck` in this folder.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        let mut command: Command = assert_cmd::cargo::cargo_bin_cmd!("envdeck");
        for variable in ["ENVDECK_SNAPSHOT", "ENVDECK_AS", "NO_COLOR"] {
            command.env_remove(variable);
        }
        Ran(command.current_dir(self.0.path()).args(arguments).output().unwrap())
    }

    /// Imports with a fixed instant.
    pub fn import(&self, arguments: &[&str]) -> Ran {
        self.run(&[&["import"], arguments, &AT].concat())
    }

    /// What `show` says of an environment in the snapshot that the import of `files` makes.
    pub fn shown(&self, arguments: &[&str], environment: &str) -> Value {
        let imported = self.import(arguments);
        assert_eq!(imported.code(), 0, "{}", imported.err());
        self.put("out.yaml", imported.out());
        assert_eq!(self.run(&["validate", "out.yaml"]).code(), 0, "{}", imported.out());
        self.shown_in("out.yaml", environment)
    }

    /// What `show` says of an environment in a snapshot.
    pub fn shown_in(&self, snapshot: &str, environment: &str) -> Value {
        let shown = self.run(&["show", environment, "-s", snapshot, "--format", "json", "--now", AT[1]]);
        assert_eq!(shown.code(), 0, "{}", shown.err());
        serde_json::from_str(&shown.out()).unwrap()
    }
}

/// What a run of `envdeck` did.
pub struct Ran(Output);

impl Ran {
    pub fn code(&self) -> i32 {
        self.0.status.code().unwrap()
    }
    pub fn out(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).unwrap()
    }
    pub fn err(&self) -> String {
        String::from_utf8(self.0.stderr.clone()).unwrap()
    }
    /// The lines of the report but for those that sum up.
    pub fn remarks(&self) -> Vec<String> {
        self.err().lines().filter(|line| !line.starts_with("envdeck: ") && !line.starts_with("  ")).map(str::to_owned).collect()
    }
}

/// An environment as the admin API writes it, with `more` laid over its properties.
pub fn environment(id: &str, name: &str, sku: &str, more: Value) -> Value {
    let mut properties = json!({
        "tenantId": T, "azureRegion": "westeurope", "displayName": name, "createdTime": "2023-02-15T08:02:36.1799125Z",
        "provisioningState": "Succeeded", "environmentSku": sku, "isDefault": false, "databaseType": "CommonDataService",
        "linkedEnvironmentMetadata": {
            "resourceId": id.replacen('1', "2", 1), "version": "9.2.25112.00206", "instanceUrl": format!("https://{}.crm4.dynamics.com/", name.replace(' ', "").to_lowercase()),
            "instanceState": "Ready", "backgroundOperationsState": "Enabled",
        },
        "retentionPeriod": "P7D", "states": { "management": { "id": "Ready" }, "runtime": { "id": "Enabled" } },
        "protectionStatus": { "keyManagedBy": "Microsoft" }, "governanceConfiguration": { "protectionLevel": "Basic" },
        "lifecycleOperationsEnforcement": { "allowedOperations": [{ "type": { "id": "Backup" } }] },
    });
    // Where there is no database, the list says so twice.
    if more.get("linkedEnvironmentMetadata").is_some_and(|link| link.is_null() || link == "(left out)") {
        properties["databaseType"] = json!("None");
    }
    for (key, value) in more.as_object().unwrap() {
        if value == "(left out)" {
            properties.as_object_mut().unwrap().remove(key);
        } else {
            properties[key] = value.clone();
        }
    }
    json!({ "id": format!("/providers/Microsoft.BusinessAppPlatform/scopes/admin/environments/{id}"), "type": "Microsoft.BusinessAppPlatform/scopes/environments",
        "location": "europe", "name": id, "properties": properties })
}

/// The list as the admin API answers it.
pub fn list(environments: &[Value]) -> Value {
    json!({ "value": environments })
}

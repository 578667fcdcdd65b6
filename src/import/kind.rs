//! What an item of an export is: found from its keys, never from the name of its file.

use serde_json::Value;

use super::platform;
use crate::domain::component::ComponentKind;
use crate::domain::words::Word;
use crate::vocabulary;

vocabulary! {
    /// What exports are made of; the words are those of envelopes.
    Kind, "kind" {
        Environment = "environments" "environment",
        DeletedEnvironment = "deleted-environments" "environment",
        PacEnvironment = "pac-environments" "environment",
        PowerShellEnvironment = "powershell-environments" "environment",
        PlatformEnvironment = "platform-environments" "environment",
        Backup = "backups" "backup",
        Operation = "operations" "operation",
        PlatformOperation = "platform-operations" "operation",
        Flow = "flows" "cloud flow",
        App = "apps" "canvas app",
        Mailbox = "mailboxes" "mailbox",
        ConnectionReference = "connectionreferences" "connection reference",
        Workflow = "workflows" "solution flow",
        PlugInStep = "sdkmessageprocessingsteps" "plug-in step",
        SystemUser = "systemusers" "environment user",
        User = "users" "user",
        Capacity = "capacities" "tenant capacity",
        Problem = "problem" "collection that failed",
    }
}

impl Kind {
    /// The components that a list of it is made of, which an empty one says that there are none of. Flows in solutions are
    /// not all flows.
    pub const fn component(self) -> Option<ComponentKind> {
        match self {
            Self::Flow | Self::Workflow => Some(ComponentKind::CloudFlow),
            Self::App => Some(ComponentKind::CanvasApp),
            Self::Mailbox => Some(ComponentKind::Mailbox),
            Self::ConnectionReference => Some(ComponentKind::ConnectionReference),
            Self::PlugInStep => Some(ComponentKind::PlugIn),
            Self::Environment
            | Self::DeletedEnvironment
            | Self::PacEnvironment
            | Self::PowerShellEnvironment
            | Self::PlatformEnvironment
            | Self::Backup
            | Self::Operation
            | Self::PlatformOperation
            | Self::SystemUser
            | Self::User
            | Self::Capacity
            | Self::Problem => None,
        }
    }

    /// Where its facts were seen.
    pub const fn source(self) -> &'static str {
        match self {
            Self::Environment | Self::DeletedEnvironment | Self::Backup | Self::Operation | Self::Problem => "admin API",
            Self::PlatformEnvironment | Self::PlatformOperation => "Power Platform API",
            Self::PacEnvironment => "pac admin list",
            Self::PowerShellEnvironment => "Get-AdminPowerAppEnvironment",
            Self::Flow => "Power Automate",
            Self::App => "Power Apps",
            Self::Mailbox | Self::ConnectionReference | Self::Workflow | Self::PlugInStep | Self::SystemUser => "Dataverse",
            Self::User => "list of users",
            Self::Capacity => "licensing API",
        }
    }

    /// The command that exports it from PowerShell as deep as it has to be.
    pub const fn command(self) -> &'static str {
        match self {
            Self::Flow => "Get-AdminFlow | ConvertTo-Json -Depth 20 | Set-Content -Encoding utf8 flows.json",
            Self::App => "Get-AdminPowerApp | ConvertTo-Json -Depth 20 | Set-Content -Encoding utf8 apps.json",
            Self::Backup => "Get-PowerAppEnvironmentBackups -EnvironmentName ENV | ConvertTo-Json -Depth 20 | Set-Content -Encoding utf8 backups.json",
            Self::Environment
            | Self::DeletedEnvironment
            | Self::PacEnvironment
            | Self::PowerShellEnvironment
            | Self::PlatformEnvironment
            | Self::Operation
            | Self::PlatformOperation
            | Self::SystemUser
            | Self::Mailbox
            | Self::ConnectionReference
            | Self::Workflow
            | Self::PlugInStep
            | Self::User
            | Self::Capacity
            | Self::Problem => "Get-AdminPowerAppEnvironment -Capacity | ConvertTo-Json -Depth 20 | Set-Content -Encoding utf8 environments.json",
        }
    }
}

/// What an item is, if it is anything that is known here.
pub fn kind_of(item: &Value) -> Option<Kind> {
    let object = item.as_object()?;
    let has = |key: &str| object.contains_key(key);
    let resource = |ending: &str| item.get("type").and_then(Value::as_str).is_some_and(|resource| resource.to_ascii_lowercase().ends_with(ending));
    let path = |part: &str| item.get("id").and_then(Value::as_str).is_some_and(|id| id.to_ascii_lowercase().contains(part));
    let inside = |key: &str| item.get("properties").is_some_and(|properties| properties.get(key).is_some());
    let kind = match () {
        () if has("FlowName") => Kind::Flow,
        () if has("AppName") => Kind::App,
        () if has("EnvironmentName") && (has("EnvironmentType") || has("Internal") || has("IsDefault")) => Kind::PowerShellEnvironment,
        () if has("EnvironmentId") && (has("EnvironmentUrl") || has("OrganizationId") || has("Type")) => Kind::PacEnvironment,
        () if has("backupPointDateTime") => Kind::Backup,
        () if platform::is_operation(item) => Kind::PlatformOperation,
        () if platform::is_environment(item) => Kind::PlatformEnvironment,
        () if has("mailboxid") => Kind::Mailbox,
        () if has("systemuserid") || has("accessmode") && has("domainname") => Kind::SystemUser,
        () if has("connectionreferenceid") => Kind::ConnectionReference,
        () if has("sdkmessageprocessingstepid") => Kind::PlugInStep,
        () if has("workflowid") => Kind::Workflow,
        () if resource("/flows") || path("/flows/") => Kind::Flow,
        () if resource("/apps") || path("/apps/") => Kind::App,
        () if resource("/environments") || inside("environmentSku") || inside("linkedEnvironmentMetadata") => Kind::Environment,
        () if ["databaseType", "isDefault", "azureRegion", "runtimeEndpoints"].iter().any(|key| inside(key)) => Kind::Environment,
        () if (path("/environments/") || has("location") && has("name")) && has("properties") => Kind::Environment,
        // Of an operation type and state are objects with an id.
        () if ["type", "state"].iter().all(|key| item.get(key).is_some_and(|of| of.get("id").is_some())) => Kind::Operation,
        () if has("tenantCapacities") => Kind::Capacity,
        () if has("userPrincipalName") || has("UserPrincipalName") => Kind::User,
        () => return None,
    };
    Some(kind)
}

/// The kind of a set of the Dataverse Web API, and the address of its environment, from where its description stands:
/// `https://contoso.crm4.dynamics.com/api/data/v9.2/$metadata#mailboxes(name)`.
pub fn kind_of_set(context: &str) -> Option<(Kind, &str)> {
    let (address, set) = context.split_once("/$metadata#")?;
    let set = set.split(['(', '/']).next().unwrap_or(set);
    Some((Kind::from_word(set)?, address))
}

/// Texts that people write, in which anything may stand.
const FREE: [&str; 6] = ["displayName", "description", "friendlyName", "DisplayName", "Description", "message"];

/// Whether PowerShell cut the item off where it was deeper than asked: objects became texts such as `@{id=SYSTEM}`.
pub fn is_truncated(item: &Value) -> bool {
    fn cut(value: &Value, depth: usize) -> bool {
        match value {
            Value::Object(object) if depth > 0 => object.iter().any(|(key, value)| !FREE.contains(&key.as_str()) && cut(value, depth - 1)),
            Value::Array(items) if depth > 0 => items.iter().any(|item| cut(item, depth - 1)),
            Value::String(text) => {
                (text.starts_with("@{") && text.ends_with('}')) || ["System.Object[]", "System.Collections.Hashtable"].contains(&text.as_str())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => false,
        }
    }
    const DEEP: usize = 8;
    cut(item, DEEP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_item_is_known_by_its_keys() {
        for (item, kind) in [
            (json!({ "name": "e", "properties": { "environmentSku": "Sandbox" } }), Some(Kind::Environment)),
            (json!({ "name": "e", "properties": { "displayName": "E", "isDefault": true, "databaseType": "None" } }), Some(Kind::Environment)),
            (json!({ "name": "e", "location": "europe", "properties": null }), Some(Kind::Environment)),
            (json!({ "id": "/providers/Microsoft.BusinessAppPlatform/environments/e", "properties": {} }), Some(Kind::Environment)),
            (json!({ "EnvironmentName": "e", "IsDefault": true, "Internal": {} }), Some(Kind::PowerShellEnvironment)),
            (json!({ "EnvironmentName": "e", "FlowName": "f", "Internal": {} }), Some(Kind::Flow)),
            (json!({ "EnvironmentName": "e", "AppName": "a" }), Some(Kind::App)),
            (json!({ "EnvironmentId": "e", "Type": "Sandbox" }), Some(Kind::PacEnvironment)),
            (json!({ "id": "b", "backupPointDateTime": "2026-01-05T09:00:00Z" }), Some(Kind::Backup)),
            (json!({ "id": "o", "type": { "id": "Copy" }, "state": { "id": "Running" } }), Some(Kind::Operation)),
            (json!({ "id": "/providers/Microsoft.ProcessSimple/environments/e/flows/f", "name": "f", "properties": {} }), Some(Kind::Flow)),
            (json!({ "workflowid": "w" }), Some(Kind::Workflow)),
            (json!({ "tenantId": "t", "tenantCapacities": [] }), Some(Kind::Capacity)),
            (json!({ "foo": 1 }), None),
            (json!("text"), None),
        ] {
            assert_eq!(kind_of(&item), kind, "{item}");
        }
        assert_eq!(
            kind_of_set("https://contoso.crm4.dynamics.com/api/data/v9.2/$metadata#mailboxes(name,mailboxid)"),
            Some((Kind::Mailbox, "https://contoso.crm4.dynamics.com/api/data/v9.2"))
        );
        assert_eq!(kind_of_set("https://contoso.crm4.dynamics.com/api/data/v9.2/$metadata#accounts"), None);
    }

    #[test]
    fn only_objects_that_became_texts_are_truncated() {
        assert!(is_truncated(&json!({ "Internal": { "properties": { "states": "@{management=; runtime=}" } } })));
        assert!(is_truncated(&json!({ "Internal": "@{id=1}" })));
        assert!(is_truncated(&json!({ "properties": { "capacity": "System.Object[]" } })));
        assert!(!is_truncated(&json!({ "DisplayName": "@{me}", "Internal": { "properties": { "description": "@{x=1}", "displayName": "@{y}" } } })));
    }
}

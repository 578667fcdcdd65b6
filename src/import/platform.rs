//! Environments and operations as the Power Platform API writes them, and `pac environment-management ... --json` prints them.

use serde_json::Value;

use super::environments::{self, MANAGEMENT, Seen, TYPES};
use super::lists::{Found, person};
use super::look::{Look, Remarks};
use crate::domain::environment::{Dataverse, EnvironmentState, PastOperation, PastState, Unread};
use crate::domain::known::Known;

/// An item whose keys begin with small letters: pac prints those of the API with capitals too.
pub fn with_small_keys(value: &Value) -> Value {
    let small = |key: &str| {
        let mut letters = key.chars();
        letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
    };
    match value {
        Value::Object(object) => Value::Object(object.iter().map(|(key, value)| (small(key), with_small_keys(value))).collect()),
        Value::Array(items) => Value::Array(items.iter().map(with_small_keys).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// Whether its keys are those of an environment of this API, which has no `properties`.
pub fn is_environment(item: &Value) -> bool {
    const OWN: [&str; 8] =
        ["geo", "dataverseId", "adminMode", "backgroundOperationsState", "protectionLevel", "finOpsMetadata", "environmentGroupId", "domainName"];
    let has = |key: &str| item.get(key).is_some();
    has("displayName") && (has("id") || has("environmentId")) && OWN.iter().filter(|key| has(key)).count() >= 2 && !has("properties")
}

/// Whether its keys are those of an operation of this API.
pub fn is_operation(item: &Value) -> bool {
    let has = |key: &str| item.get(key).is_some();
    has("operationId") && has("status") && (has("stageStatuses") || has("updatedEnvironment") || has("startTime") || has("name"))
}

/// An environment, flat as this API writes it. What it leaves out stays unknown: it leaves out whatever is empty.
pub fn environment(look: Look<'_>, remarks: &mut Remarks) -> Option<Seen> {
    let Some(id) = look.first(&["id", "environmentId"]).text(remarks) else {
        remarks.add(look.path(), "this environment has no `id`, so it cannot be kept");
        return None;
    };
    let mut seen = Seen::new(&id, look.get("displayName").text(remarks));
    if let Some(tenant) = look.get("tenantId").text(remarks) {
        seen.tenant = Some(tenant);
    }
    let e = &mut seen.environment;
    let mut unread: Vec<Unread> = Vec::new();
    e.kind = look.get("type").word(&TYPES, "type", &mut unread, remarks);
    let state = look.get("state");
    e.state = match state.word(&MANAGEMENT, "state", &mut unread, remarks) {
        Known::Is(Some(state)) => Known::Is(state),
        Known::Is(None) | Known::Unknown => Known::Unknown,
    };
    e.region = match look.get("geo").known(remarks) {
        Known::Unknown => look.get("azureRegion").known(remarks),
        geo => geo,
    };
    e.created_at = environments::to_the_second(look.get("createdDateTime").instant(remarks));
    e.managed = environments::flag_of(look.get("protectionLevel"), [("Standard", true), ("Basic", false)], remarks);
    e.admin_mode = switch(look.get("adminMode"), remarks);
    e.background_operations = switch(look.get("backgroundOperationsState"), remarks);
    let details = look.get("retentionDetails");
    e.retention_days = environments::retention(look.get("retentionPeriod"), details.get("retentionPeriod"), remarks);
    e.kept_since = match details.first(&["availableFromDateTime", "backupsAvailableFromDateTime"]).instant(remarks) {
        Known::Is(at) => Some(at),
        Known::Unknown => None,
    };
    e.enterprise_policies = environments::policies(look.get("enterprisePolicies"), &mut unread, remarks);
    let deleted = look.get("deletedDateTime");
    e.deleted_at = match deleted.instant(remarks) {
        Known::Is(at) => Known::Is(Some(at)),
        // One that is ready is not deleted; of any other state nobody says so.
        Known::Unknown if deleted.is_absent() && e.state == Known::Is(EnvironmentState::Ready) => Known::Is(None),
        Known::Unknown => Known::Unknown,
    };
    let (address, organization) = (look.get("url"), look.get("dataverseId"));
    e.url = address.known::<Box<str>>(remarks).map(Some);
    e.org_id = organization.known::<Box<str>>(remarks).map(Some);
    if address.says_something() || organization.says_something() {
        e.dataverse = Known::Is(Some(Dataverse { version: look.get("version").known(remarks), ..Dataverse::default() }));
    }
    e.security_group = match look.get("securityGroupId").text(remarks) {
        Some(id) if id.chars().all(|letter| letter == '0' || letter == '-') => Known::Is(None),
        Some(id) => Known::Is(Some(id.into())),
        None => Known::Unknown,
    };
    e.finance_operations = match look.get("finOpsMetadata") {
        absent if absent.is_absent() => Known::Unknown,
        half => environments::half(half, &mut unread, remarks),
    };
    e.unread = unread;
    Some(seen)
}

/// A switch: `Enabled`, `Disabled`, or true and false.
fn switch(look: Look<'_>, remarks: &mut Remarks) -> Known<bool> {
    match look.value {
        Some(Value::Bool(_)) => look.flag(remarks),
        _ => environments::flag_of(look, [("Enabled", true), ("Disabled", false)], remarks),
    }
}

/// An operation of this API, and the word for how far it came where that is none that is known. Why it failed is reported.
pub fn operation(look: Look<'_>, remarks: &mut Remarks) -> Option<Found<(PastOperation, Option<Box<str>>)>> {
    // What was only validated was not done, so these words stay as they are and are judged as unknown.
    const STATES: [(&str, PastState); 9] = [
        ("Queued", PastState::NotStarted),
        ("NotStarted", PastState::NotStarted),
        ("InProgress", PastState::Running),
        ("Running", PastState::Running),
        ("Succeeded", PastState::Succeeded),
        ("Failed", PastState::Failed),
        ("ValidationFailed", PastState::Failed),
        ("Canceled", PastState::Failed),
        ("Cancelled", PastState::Failed),
    ];
    let (name, id) = (look.first(&["name", "operationName", "type"]), look.get("operationId"));
    let (Some(operation), Some(id)) = (name.text(remarks), id.text(remarks)) else {
        remarks.add(look.path(), "this operation does not say what it is, so it cannot be kept");
        return None;
    };
    let mut unread: Vec<Unread> = Vec::new();
    let state = look.get("status").word(&STATES, "history.state", &mut unread, remarks);
    let updated = look.get("updatedEnvironment");
    let environment = updated.first(&["environmentId", "id"]).text(remarks).or_else(|| look.get("environmentId").text(remarks));
    let is_over = state.is(|state| matches!(state, PastState::Succeeded | PastState::Failed));
    let ended_at = if is_over { look.get("endTime").instant(remarks) } else { Known::Unknown };
    let error = look.get("errorDetail");
    let said: Vec<String> = [error.get("code").text(remarks), error.get("message").text(remarks)].into_iter().flatten().collect();
    if !said.is_empty() {
        remarks.add(
            error.path(),
            format!("{operation} failed: {}; `envdeck explain` says more where it knows the message", said.join(": ").trim_end_matches('.')),
        );
    }
    let what = PastOperation {
        id: id.into(),
        operation: operation.into(),
        state,
        requested_by: person(look.get("requestedBy"), remarks),
        started_at: look.get("startTime").instant(remarks),
        ended_at,
    };
    Some(Found { environment, what: (what, unread.into_iter().next().map(|unread| unread.word)) })
}

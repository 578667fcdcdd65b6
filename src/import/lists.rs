//! What belongs to an environment and is exported on its own: backups, operations, flows, apps, and sets of the Dataverse Web API.

use std::sync::Arc;

use super::environments::last_of_path;
use super::kind::Kind;
use super::look::{Look, Remarks};
use crate::domain::backup::Backup;
use crate::domain::component::{Component, ComponentKind, Property};
use crate::domain::environment::{PastOperation, PastState, Unread};
use crate::domain::known::Known;
use crate::domain::words::Word as _;

/// Something that was found, and the environment that it names itself.
pub struct Found<T> {
    /// The id of its environment.
    pub environment: Option<String>,
    /// What it is.
    pub what: T,
}

/// The id of the environment that stands in a path such as `/providers/.../environments/ID/flows/F`.
fn environment_in(path: &str) -> Option<String> {
    let mut steps = path.split('/').skip_while(|step| !step.eq_ignore_ascii_case("environments"));
    steps.nth(1).filter(|id| !id.is_empty()).map(str::to_owned)
}

/// Who did something: a name, or an object that holds one.
pub(super) fn person(look: Look<'_>, remarks: &mut Remarks) -> Known<Arc<str>> {
    if matches!(look.value, Some(serde_json::Value::Object(_))) {
        look.first(&["userPrincipalName", "email", "displayName", "userId", "id"]).known(remarks)
    } else {
        look.known(remarks)
    }
}

/// A manual backup, in either shape of the API. When it expires is not taken over: it follows from the retention.
pub fn backup(look: Look<'_>, remarks: &mut Remarks) -> Option<Found<Backup>> {
    let point = look.get("backupPointDateTime");
    let Known::Is(taken_at) = point.instant(remarks) else {
        remarks.add(look.path(), "this backup says no instant that it restores to, so it cannot be kept: `backups` stays unknown");
        return None;
    };
    let environment = look.first(&["environmentId", "EnvironmentName", "environmentName"]).text(remarks);
    let id = look.get("id").text(remarks).unwrap_or_else(|| format!("backup of {}", crate::domain::time::rfc3339(taken_at)));
    let notes = look.get("notes");
    let what = Backup {
        id: id.into(),
        name: look.first(&["label", "name"]).known(remarks),
        taken_at,
        created_by: person(look.get("createdBy"), remarks),
        notes: match notes.value {
            // An empty text says that there are none; null says nothing.
            Some(serde_json::Value::String(text)) if text.trim().is_empty() => Known::Is(Box::default()),
            _ => notes.known(remarks),
        },
        overwritten: false,
        may_be_gone: false,
        region: None,
    };
    Some(Found { environment, what })
}

/// An operation of the history, and the word for how far it came where that is none that is known.
pub fn operation(look: Look<'_>, remarks: &mut Remarks) -> Option<Found<(PastOperation, Option<Box<str>>)>> {
    const STATES: [(&str, PastState); 5] = [
        ("NotStarted", PastState::NotStarted),
        ("Running", PastState::Running),
        ("Succeeded", PastState::Succeeded),
        ("Failed", PastState::Failed),
        ("Canceled", PastState::Failed),
    ];
    let (kind, state, links) = (look.get("type"), look.get("state"), look.get("links"));
    let Some(operation) = kind.get("id").text(remarks) else {
        remarks.add(look.path(), "this operation does not say what it is, so it cannot be kept");
        return None;
    };
    let mut unread: Vec<Unread> = Vec::new();
    let state = state.get("id").word(&STATES, "history.state", &mut unread, remarks);
    let path = links.get("environment");
    let environment = path.get("path").text(remarks).and_then(|path| environment_in(&path));
    let environment = environment.or_else(|| {
        let named = look.get("environment");
        if matches!(named.value, Some(serde_json::Value::Object(_))) {
            named.first(&["name", "id"]).text(remarks).and_then(last_of_path)
        } else {
            named.text(remarks)
        }
    });
    let started_at = look.get("createdDateTime").instant(remarks);
    // While it runs, the last action is no end.
    let is_over = state.is(|state| matches!(state, PastState::Succeeded | PastState::Failed));
    let ended_at = if is_over { look.get("lastActionDateTime").instant(remarks) } else { Known::Unknown };
    let id = look.get("id").text(remarks).and_then(last_of_path).unwrap_or_else(|| match started_at {
        Known::Is(at) => format!("{operation} of {}", crate::domain::time::rfc3339(at)),
        Known::Unknown => operation.clone(),
    });
    let requested_by = person(look.get("requestedBy"), remarks);
    let what = PastOperation { id: id.into(), operation: operation.into(), state, requested_by, started_at, ended_at };
    Some(Found { environment, what: (what, unread.into_iter().next().map(|unread| unread.word)) })
}

/// A component with the words of a newer world in its properties.
pub type Piece = (Component, Vec<Unread>);

/// Collects what is known of a component.
struct Builder {
    kind: ComponentKind,
    component: Component,
    unread: Vec<Unread>,
}

impl Builder {
    fn new(kind: ComponentKind, id: &str, name: Option<String>) -> Self {
        let name = name.unwrap_or_else(|| id.to_owned()).into();
        Self { kind, component: Component { id: id.into(), name, in_solution: Known::Unknown, properties: Vec::new() }, unread: Vec::new() }
    }

    fn set(&mut self, key: &'static str, value: Property) {
        self.component.set(key, value);
    }

    fn text(&mut self, key: &'static str, text: Option<String>) {
        if let Some(text) = text {
            self.set(key, Property::Text(text.into()));
        }
    }

    /// A word of the table; another one is kept as it stands.
    fn word(&mut self, key: &'static str, look: Look<'_>, table: &[(&str, &'static str)], remarks: &mut Remarks) {
        let mut unread = Vec::new();
        match look.word(table, "components", &mut unread, remarks) {
            Known::Is("none") => self.set(key, Property::Nothing),
            Known::Is(word) => self.set(key, Property::Text(word.into())),
            Known::Unknown => {
                let at = format!("{}/{key}/{}", self.kind.word(), self.component.id);
                self.unread.extend(unread.into_iter().map(|unread| Unread { at: at.as_str().into(), ..unread }));
            }
        }
    }

    fn done(self) -> Piece {
        (self.component, self.unread)
    }
}

/// What any of the kinds that are components says.
pub fn component(kind: Kind, look: Look<'_>, remarks: &mut Remarks) -> Option<Found<Piece>> {
    let found = match kind {
        Kind::Flow => flow(look, remarks),
        Kind::App => app(look, remarks),
        Kind::Mailbox => mailbox(look, remarks),
        Kind::ConnectionReference => connection_reference(look, remarks),
        Kind::Workflow => workflow(look, remarks),
        Kind::PlugInStep => plug_in_step(look, remarks),
        Kind::Environment
        | Kind::DeletedEnvironment
        | Kind::PacEnvironment
        | Kind::PowerShellEnvironment
        | Kind::PlatformEnvironment
        | Kind::Backup
        | Kind::Operation
        | Kind::PlatformOperation
        | Kind::SystemUser
        | Kind::User
        | Kind::Capacity
        | Kind::Problem => None,
    };
    if found.is_none() {
        remarks.add(look.path(), format!("this {} has no id, so it cannot be kept", kind.label()));
    }
    found
}

/// The properties of what PowerShell prints, or the API: inside `Internal`, or its own.
fn properties<'a>(look: &'a Look<'a>, inner: &'a Look<'a>) -> Look<'a> {
    if inner.says_something() { inner.get("properties") } else { look.get("properties") }
}

/// The environment of a flow or an app: by its own words, or by its path.
fn environment_of(look: Look<'_>, inner: Look<'_>, remarks: &mut Remarks) -> Option<String> {
    let properties = properties(&look, &inner);
    let named = properties.get("environment");
    let by_path = |look: Look<'_>| look.value.and_then(|value| value.get("id")).and_then(serde_json::Value::as_str).and_then(environment_in);
    look.get("EnvironmentName")
        .text(remarks)
        .or_else(|| named.get("name").text(remarks))
        .or_else(|| named.get("id").text(remarks).and_then(|path| environment_in(&path)))
        .or_else(|| by_path(look))
        .or_else(|| by_path(inner))
}

/// A cloud flow: `Get-AdminFlow`, or the API behind it.
fn flow(look: Look<'_>, remarks: &mut Remarks) -> Option<Found<Piece>> {
    let inner = look.get("Internal");
    let properties = properties(&look, &inner);
    let id = look.first(&["FlowName", "name"]).text(remarks)?;
    let mut flow = Builder::new(ComponentKind::CloudFlow, &id, look.get("DisplayName").text(remarks).or_else(|| properties.get("displayName").text(remarks)));
    let entity = properties.get("workflowEntityId");
    if entity.says_something() {
        // The id of its row in the database: only flows of solutions have one.
        flow.component.in_solution = Known::Is(true);
    } else if entity.value.is_some() {
        flow.component.in_solution = Known::Is(false);
    }
    let state = properties.get("state");
    if state.says_something() {
        flow.word("state", state, &[("Started", "enabled"), ("Stopped", "disabled"), ("Suspended", "disabled")], remarks);
    } else if let Known::Is(enabled) = look.get("Enabled").flag(remarks) {
        flow.set("state", Property::Text(if enabled { "enabled" } else { "disabled" }.into()));
    }
    let summary = properties.get("definitionSummary");
    let triggers = summary.get("triggers");
    if let Some([trigger, ..]) = triggers.items(remarks).as_deref() {
        set_trigger(&mut flow, *trigger, remarks);
    } else {
        let definition = properties.get("definition");
        defined_trigger(&mut flow, definition.get("triggers").value, remarks);
    }
    Some(Found { environment: environment_of(look, inner, remarks), what: flow.done() })
}

/// The trigger of a flow, by its type and kind.
fn set_trigger(flow: &mut Builder, trigger: Look<'_>, remarks: &mut Remarks) {
    let kind = trigger.get("type").text(remarks).unwrap_or_default().to_ascii_lowercase();
    let detail = trigger.get("kind").text(remarks).unwrap_or_default().to_ascii_lowercase();
    let word = match (kind.as_str(), detail.as_str()) {
        ("request", "http") => Some("http"),
        ("request", "button" | "powerapp" | "powerappv2" | "virtualagent" | "skills" | "apiconnection" | "powerpages") | ("manual", _) => Some("instant"),
        ("recurrence" | "slidingwindow", _) => Some("scheduled"),
        ("openapiconnection" | "openapiconnectionwebhook" | "openapiconnectionnotification" | "apiconnection" | "apiconnectionwebhook", _) => Some("automated"),
        _ => None,
    };
    if let Some(word) = word {
        flow.set("trigger", Property::Text(word.into()));
    } else if !kind.is_empty() {
        trigger.remark(remarks, "envdeck does not know this trigger; `trigger` stays unknown");
    }
}

/// The trigger in the definition of a flow, where each stands behind its name.
fn defined_trigger(flow: &mut Builder, triggers: Option<&serde_json::Value>, remarks: &mut Remarks) {
    if let Some(trigger) = triggers.and_then(serde_json::Value::as_object).and_then(|triggers| triggers.values().next()) {
        set_trigger(flow, Look::at("triggers", trigger), remarks);
    }
}

/// A canvas app: `Get-AdminPowerApp`, or the API behind it.
fn app(look: Look<'_>, remarks: &mut Remarks) -> Option<Found<Piece>> {
    let inner = look.get("Internal");
    let properties = properties(&look, &inner);
    let id = look.first(&["AppName", "name"]).text(remarks)?;
    let mut app = Builder::new(ComponentKind::CanvasApp, &id, look.get("DisplayName").text(remarks).or_else(|| properties.get("displayName").text(remarks)));
    // Only apps of solutions have a name in the database.
    if properties.get("logicalName").says_something() || inner.get("logicalName").says_something() || look.get("logicalName").says_something() {
        app.component.in_solution = Known::Is(true);
    }
    let shared = properties.get("sharedUsersCount");
    let groups = properties.get("sharedGroupsCount");
    if shared.number(remarks) == Some(0.0) && groups.number(remarks) == Some(0.0) {
        app.set("shared_with", Property::Nothing);
    }
    Some(Found { environment: environment_of(look, inner, remarks), what: app.done() })
}

/// The text that the Web API puts beside a value for people, if it was asked for.
fn formatted(look: Look<'_>, key: &str, remarks: &mut Remarks) -> Option<String> {
    let key = format!("{key}@OData.Community.Display.V1.FormattedValue");
    look.get(&key).text(remarks)
}

/// A mailbox (PCP-013).
fn mailbox(look: Look<'_>, remarks: &mut Remarks) -> Option<Found<Piece>> {
    // The figures of the table `mailbox`: for appointments they are others.
    const INCOMING: [(&str, &str); 4] = [("0", "none"), ("1", "outlook"), ("2", "server-side-sync"), ("3", "forward-mailbox")];
    const OUTGOING: [(&str, &str); 3] = [("0", "none"), ("1", "outlook"), ("2", "server-side-sync")];
    const APPOINTMENTS: [(&str, &str); 3] = [("0", "outlook"), ("1", "server-side-sync"), ("2", "none")];
    let id = look.get("mailboxid").text(remarks)?;
    let mut mailbox = Builder::new(ComponentKind::Mailbox, &id, look.first(&["name", "emailaddress"]).text(remarks));
    let user = formatted(look, "_regardingobjectid_value", remarks).or_else(|| look.first(&["emailaddress", "username"]).text(remarks));
    mailbox.text("user", user);
    mailbox.word("incoming", look.get("incomingemaildeliverymethod"), &INCOMING, remarks);
    mailbox.word("outgoing", look.get("outgoingemaildeliverymethod"), &OUTGOING, remarks);
    mailbox.word("appointments", look.get("actdeliverymethod"), &APPOINTMENTS, remarks);
    Some(Found { environment: None, what: mailbox.done() })
}

/// A connection reference, which is empty where no connection is chosen (RST-056).
fn connection_reference(look: Look<'_>, remarks: &mut Remarks) -> Option<Found<Piece>> {
    let id = look.get("connectionreferenceid").text(remarks)?;
    let name = look.first(&["connectionreferencedisplayname", "connectionreferencelogicalname"]).text(remarks);
    let mut reference = Builder::new(ComponentKind::ConnectionReference, &id, name);
    let connection = look.get("connectionid");
    match connection.text(remarks) {
        None if connection.value.is_some() && !connection.says_something() => reference.set("connection", Property::Nothing),
        chosen => reference.text("connection", chosen),
    }
    reference.text("connector", look.get("connectorid").text(remarks).and_then(last_of_path));
    Some(Found { environment: None, what: reference.done() })
}

/// The category of cloud flows in the table `workflow`.
const CLOUD_FLOW: &str = "5";

/// Whether a row of the table `workflow` is a cloud flow; the table holds classic workflows and business rules too.
pub fn is_cloud_flow(look: Look<'_>) -> bool {
    match look.get("category").value {
        Some(serde_json::Value::Number(number)) => number.to_string() == CLOUD_FLOW,
        Some(serde_json::Value::String(text)) => text == CLOUD_FLOW,
        _ => false,
    }
}

/// A cloud flow as it stands in the database, where only those of solutions stand.
fn workflow(look: Look<'_>, remarks: &mut Remarks) -> Option<Found<Piece>> {
    let id = look.get("workflowid").text(remarks)?;
    let mut flow = Builder::new(ComponentKind::CloudFlow, &id, look.get("name").text(remarks));
    flow.component.in_solution = Known::Is(true);
    flow.word("state", look.get("statecode"), &[("0", "disabled"), ("1", "enabled"), ("2", "disabled")], remarks);
    // The definition stands in the row as a text of JSON.
    let definition = look.get("clientdata").value.and_then(serde_json::Value::as_str).and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    if let Some(definition) = &definition {
        defined_trigger(&mut flow, definition.pointer("/properties/definition/triggers"), remarks);
    }
    Some(Found { environment: None, what: flow.done() })
}

/// A step of a server-side plug-in.
fn plug_in_step(look: Look<'_>, remarks: &mut Remarks) -> Option<Found<Piece>> {
    let id = look.get("sdkmessageprocessingstepid").text(remarks)?;
    let mut step = Builder::new(ComponentKind::PlugIn, &id, look.get("name").text(remarks));
    step.word("state", look.get("statecode"), &[("0", "enabled"), ("1", "disabled")], remarks);
    Some(Found { environment: None, what: step.done() })
}

/// Adds to `component` what `other` knows about the same thing and it does not.
pub fn fill(component: &mut Component, other: Component) {
    if component.in_solution.is_unknown() {
        component.in_solution = other.in_solution;
    }
    for (key, value) in other.properties {
        if component.property(key).is_unknown() {
            component.set(key, value);
        }
    }
}

/// The id of the row in the database of a flow that is in a solution, by which both of its exports are matched.
pub fn entity_of(look: Look<'_>, remarks: &mut Remarks) -> Option<String> {
    let inner = look.get("Internal");
    properties(&look, &inner).get("workflowEntityId").text(remarks).map(|id| id.to_ascii_lowercase())
}

//! An environment as the admin API writes it, alone or inside what PowerShell prints, and as `pac admin list` writes it.

use std::sync::Arc;

use chrono::{DateTime, SubsecRound as _, Utc};

use super::look::{Look, Remarks, known};
use crate::domain::environment::{
    CustomerManagedKey, Dataverse, DisallowedOperation, EnterprisePolicy, Environment, EnvironmentId, EnvironmentState, EnvironmentType, FinanceOperations,
    FinanceOperationsKind, FinanceOperationsType, PolicyKind, Unread,
};
use crate::domain::fact::RETENTIONS;
use crate::domain::gigabytes::Gigabytes;
use crate::domain::known::Known;
use crate::domain::tenant::TenantKey;

/// An environment that was found.
pub struct Seen {
    /// The tenant that it names.
    pub tenant: Option<String>,
    /// What it says.
    pub environment: Environment,
    /// Whether its name is only its id, because nothing names it.
    pub is_nameless: bool,
}

impl Seen {
    pub(super) fn new(id: &str, name: Option<String>) -> Self {
        let is_nameless = name.is_none();
        let name = name.unwrap_or_else(|| id.to_owned());
        let environment = Environment::unexplored(TenantKey(0), EnvironmentId::new(id), name.into());
        Self { tenant: tenant_of_default(id), environment, is_nameless }
    }
}

/// The tenant whose default environment this is: its id says so.
pub fn tenant_of_default(id: &str) -> Option<String> {
    let (default, tenant) = id.split_at_checked("Default-".len())?;
    (default.eq_ignore_ascii_case("Default-") && tenant.len() == 36).then(|| tenant.to_owned())
}

pub(super) const TYPES: [(&str, EnvironmentType); 10] = [
    ("Production", EnvironmentType::Production),
    ("Sandbox", EnvironmentType::Sandbox),
    ("Preview", EnvironmentType::Preview),
    ("Developer", EnvironmentType::Developer),
    ("Teams", EnvironmentType::Teams),
    ("Default", EnvironmentType::Default),
    ("Trial", EnvironmentType::Trial),
    ("SubscriptionBasedTrial", EnvironmentType::TrialSubscription),
    ("Demo", EnvironmentType::Demo),
    ("Trial (subscription-based)", EnvironmentType::TrialSubscription),
];

/// What each of the four states of the admin API says about what the environment is doing, if anything.
pub(super) const MANAGEMENT: [(&str, Option<EnvironmentState>); 12] = [
    ("NotSpecified", None),
    ("Ready", Some(EnvironmentState::Ready)),
    ("Preparing", Some(EnvironmentState::Preparing)),
    ("Creating", Some(EnvironmentState::Preparing)),
    ("Provisioning", Some(EnvironmentState::Preparing)),
    ("Running", Some(EnvironmentState::Running)),
    ("Updating", Some(EnvironmentState::Running)),
    ("Deleting", Some(EnvironmentState::Running)),
    ("Failed", Some(EnvironmentState::Failed)),
    ("Disabled", Some(EnvironmentState::Disabled)),
    ("SoftDeleted", Some(EnvironmentState::Disabled)),
    ("Deleted", Some(EnvironmentState::Disabled)),
];
const RUNTIME: [(&str, Option<EnvironmentState>); 4] =
    [("NotSpecified", None), ("Enabled", None), ("AdminMode", None), ("Disabled", Some(EnvironmentState::Disabled))];
const PROVISIONING: [(&str, Option<EnvironmentState>); 14] = [
    ("NotSpecified", None),
    ("Succeeded", Some(EnvironmentState::Ready)),
    ("Failed", Some(EnvironmentState::Failed)),
    ("Canceled", Some(EnvironmentState::Failed)),
    ("Accepted", Some(EnvironmentState::Preparing)),
    ("Creating", Some(EnvironmentState::Preparing)),
    ("Preparing", Some(EnvironmentState::Preparing)),
    ("Provisioning", Some(EnvironmentState::Preparing)),
    ("LinkedDatabaseProvisioning", Some(EnvironmentState::Preparing)),
    ("Running", Some(EnvironmentState::Running)),
    ("Updating", Some(EnvironmentState::Running)),
    ("Moving", Some(EnvironmentState::Running)),
    ("Deleting", Some(EnvironmentState::Running)),
    ("Deleted", Some(EnvironmentState::Disabled)),
];
const INSTANCE: [(&str, Option<EnvironmentState>); 8] = [
    ("NotSpecified", None),
    ("Ready", Some(EnvironmentState::Ready)),
    ("Preparing", Some(EnvironmentState::Preparing)),
    ("Provisioning", Some(EnvironmentState::Preparing)),
    ("Creating", Some(EnvironmentState::Preparing)),
    ("Pending", Some(EnvironmentState::Preparing)),
    ("Failed", Some(EnvironmentState::Failed)),
    ("Disabled", Some(EnvironmentState::Disabled)),
];

/// The environment that the admin API describes; none where it has no id, which is reported.
pub fn of_admin_api(look: Look<'_>, remarks: &mut Remarks) -> Option<Seen> {
    let properties = look.get("properties");
    let linked = properties.get("linkedEnvironmentMetadata");
    let id = look.get("name").text(remarks).or_else(|| last_of_path(look.get("id").text(remarks)?));
    let Some(id) = id else {
        remarks.add(look.path(), "this environment has neither `name` nor `id`, so it cannot be kept");
        return None;
    };
    let name =
        properties.get("displayName").text(remarks).or_else(|| look.get("displayName").text(remarks)).or_else(|| linked.get("friendlyName").text(remarks));
    let mut seen = Seen::new(&id, name);
    if let Some(tenant) = properties.get("tenantId").text(remarks) {
        seen.tenant = Some(tenant);
    }
    let e = &mut seen.environment;
    let mut unread = Vec::new();
    e.kind = kind(properties, &mut unread, remarks);
    let has_database = linked.is_object(remarks);
    // A link that is there and cannot be read is no sign that there is none, nor are properties that say nothing at all.
    let told = properties.is_object(remarks);
    let no_database = told && linked.is_absent() && is_without_database(properties, remarks);
    e.state = state(properties, &mut unread, remarks);
    e.region = region(look, properties, remarks);
    e.created_at = to_the_second(properties.get("createdTime").instant(remarks));
    e.managed = flag_of(properties.get("governanceConfiguration").get("protectionLevel"), [("Standard", true), ("Basic", false)], remarks);
    e.customer_managed_key = match flag_of(properties.get("protectionStatus").get("keyManagedBy"), [("Customer", true), ("Microsoft", false)], remarks) {
        Known::Is(true) => Known::Is(Some(CustomerManagedKey { name: Known::Unknown })),
        Known::Is(false) => Known::Is(None),
        Known::Unknown => Known::Unknown,
    };
    e.admin_mode = admin_mode(properties.get("states").get("runtime").get("id"));
    let details = properties.get("retentionDetails");
    e.retention_days = retention(properties.get("retentionPeriod"), details.get("retentionPeriod"), remarks);
    e.kept_since = available_from(properties, remarks);
    // The admin API writes it where the environment was deleted, and nowhere else.
    let deleted = properties.get("softDeletedTime");
    e.deleted_at = match deleted.is_absent() {
        true if is_deleted(properties) => {
            remarks.add(deleted.path(), "this environment is deleted and does not say since when; `deleted_at` stays unknown");
            Known::Unknown
        }
        true if told => Known::Is(None),
        true | false => deleted.instant(remarks).map(Some),
    };
    e.disallowed_operations = disallowed(properties.get("lifecycleOperationsEnforcement"), remarks);
    e.enterprise_policies = policies(properties.get("enterprisePolicies"), &mut unread, remarks);
    if has_database {
        dataverse(e, properties, linked, remarks);
        e.finance_operations = half(properties.get("linkedAppMetadata"), &mut unread, remarks);
    } else if no_database {
        without_database(e);
        // Every environment of Lifecycle Services begins with one that is linked to it and has no database yet.
        let link = properties.get("linkedAppMetadata");
        if !link.is_absent() {
            e.finance_operations = half(link, &mut unread, remarks);
        }
    }
    e.unread = unread;
    Some(seen)
}

/// Whether a missing link says that there is no database. While one is set up the link is not there yet, and some answers leave
/// it out.
fn is_without_database(properties: Look<'_>, remarks: &mut Remarks) -> bool {
    let (kind, provisioning) = (properties.get("databaseType"), properties.get("provisioningState"));
    let word = |look: Look<'_>| look.value.and_then(serde_json::Value::as_str).map(str::to_ascii_lowercase).unwrap_or_default();
    let is_being_made = ["linkeddatabaseprovisioning", "provisioning", "preparing", "creating", "accepted"].contains(&word(provisioning).as_str());
    match word(kind).as_str() {
        "none" => true,
        "" if is_being_made => {
            provisioning.remark(remarks, "a database may be being set up; what depends on it stays unknown");
            false
        }
        "" => true,
        _ => {
            kind.remark(remarks, "there is a database, and `linkedEnvironmentMetadata` says nothing of it; what depends on it stays unknown");
            false
        }
    }
}

/// Whether one of its states says that it is deleted.
fn is_deleted(properties: Look<'_>) -> bool {
    let states = properties.get("states");
    let management = states.get("management");
    let said = [properties.get("provisioningState"), management.get("id")];
    said.iter().filter_map(|look| look.value?.as_str()).any(|word| ["Deleted", "SoftDeleted"].iter().any(|deleted| word.eq_ignore_ascii_case(deleted)))
}

/// An instant without the parts of a second, which nobody reads.
pub(super) fn to_the_second(at: Known<DateTime<Utc>>) -> Known<DateTime<Utc>> {
    at.map(|at| at.trunc_subsecs(0))
}

/// Without a database there is neither an address nor an app that needs one (ENV-003). Unless a link is named, there is none.
fn without_database(e: &mut Environment) {
    (e.dataverse, e.url, e.org_id, e.security_group) = (Known::Is(None), Known::Is(None), Known::Is(None), Known::Is(None));
    (e.finance_operations, e.order_management, e.dynamics_365_apps) = (Known::Is(None), Known::Is(None), Known::Is(Vec::new()));
}

/// The last step of a path such as `/providers/Microsoft.BusinessAppPlatform/environments/ID`.
pub fn last_of_path(path: String) -> Option<String> {
    path.rsplit('/').next().filter(|last| !last.is_empty()).map(str::to_owned)
}

/// What two words say about a fact that is yes or no; another word is reported.
pub(super) fn flag_of(look: Look<'_>, words: [(&str, bool); 2], remarks: &mut Remarks) -> Known<bool> {
    let Some(text) = look.text(remarks) else { return Known::Unknown };
    let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(&text)).map(|(_, flag)| *flag);
    if found.is_none() {
        look.remark(remarks, format_args!("{} or {} is expected here; it stays unknown", words[0].0, words[1].0));
    }
    known(found)
}

/// The type. `isDefault` is asked too: where both say something else, neither is believed.
fn kind(properties: Look<'_>, unread: &mut Vec<Unread>, remarks: &mut Remarks) -> Known<EnvironmentType> {
    let sku = properties.get("environmentSku");
    let is_default = properties.get("isDefault");
    match (sku.word(&TYPES, "type", unread, remarks), is_default.flag(remarks)) {
        (Known::Unknown, Known::Is(true)) if !sku.says_something() => Known::Is(EnvironmentType::Default),
        (Known::Is(kind), Known::Is(flag)) if (kind == EnvironmentType::Default) != flag => {
            sku.remark(remarks, format_args!("`isDefault` says {flag}, which contradicts it; the type stays unknown"));
            Known::Unknown
        }
        (kind, _) => kind,
    }
}

/// What it is doing: of what the states say, the gravest. A word that nobody knows may be as grave as any.
fn state(properties: Look<'_>, unread: &mut Vec<Unread>, remarks: &mut Remarks) -> Known<EnvironmentState> {
    let states = properties.get("states");
    let (management, runtime) = (states.get("management"), states.get("runtime"));
    let linked = properties.get("linkedEnvironmentMetadata");
    let mut newer = Vec::new();
    let said = [
        management.get("id").word(&MANAGEMENT, "state", &mut newer, remarks),
        runtime.get("id").word(&RUNTIME, "state", &mut newer, remarks),
        properties.get("provisioningState").word(&PROVISIONING, "state", &mut newer, remarks),
        linked.get("instanceState").word(&INSTANCE, "state", &mut newer, remarks),
    ];
    let says = |state| said.contains(&Known::Is(Some(state)));
    for state in [EnvironmentState::Running, EnvironmentState::Preparing, EnvironmentState::Failed, EnvironmentState::Disabled] {
        if says(state) {
            return Known::Is(state);
        }
    }
    if let Some(first) = newer.into_iter().next() {
        unread.push(first);
        return Known::Unknown;
    }
    if says(EnvironmentState::Ready) { Known::Is(EnvironmentState::Ready) } else { Known::Unknown }
}

/// Administration mode, by the state at run time; what it is while an environment is disabled, nobody says.
fn admin_mode(runtime: Look<'_>) -> Known<bool> {
    match runtime.value.and_then(serde_json::Value::as_str) {
        Some(text) if text.eq_ignore_ascii_case("AdminMode") => Known::Is(true),
        Some(text) if text.eq_ignore_ascii_case("Enabled") => Known::Is(false),
        Some(_) | None => Known::Unknown,
    }
}

/// The region; where only the data centre is named, that, which the rulebook's aliases lead to its region.
fn region(look: Look<'_>, properties: Look<'_>, remarks: &mut Remarks) -> Known<Arc<str>> {
    match look.get("location").known(remarks) {
        Known::Unknown => properties.get("azureRegion").known(remarks),
        named => named,
    }
}

/// Since when there are system backups, as Microsoft says: nothing before can be restored, whatever the retention is.
fn available_from(properties: Look<'_>, remarks: &mut Remarks) -> Option<DateTime<Utc>> {
    match properties.get("retentionDetails").get("backupsAvailableFromDateTime").instant(remarks) {
        Known::Is(at) => Some(at),
        Known::Unknown => None,
    }
}

/// The retention as set: `P7D`, or in weeks.
pub(super) fn retention(own: Look<'_>, in_details: Look<'_>, remarks: &mut Remarks) -> Known<Option<u16>> {
    let look = if own.says_something() { own } else { in_details };
    let Some(text) = look.text(remarks) else { return Known::Unknown };
    let counted = |unit: char| text.strip_prefix('P').and_then(|rest| rest.strip_suffix(unit)).and_then(|number| number.parse::<u16>().ok());
    let days = counted('D').or_else(|| counted('W').and_then(|weeks| weeks.checked_mul(7))).filter(|days| RETENTIONS.contains(days));
    if days.is_none() {
        look.remark(remarks, "P7D, P14D, P21D or P28D is expected here; `retention_days` stays unknown");
    }
    known(days.map(Some))
}

/// What Microsoft itself says cannot be done, in its own words.
fn disallowed(enforcement: Look<'_>, remarks: &mut Remarks) -> Known<Vec<DisallowedOperation>> {
    if !enforcement.is_object(remarks) {
        return Known::Unknown;
    }
    let list = enforcement.get("disallowedOperations");
    // The API leaves the list out where it is empty.
    if list.is_absent() {
        return Known::Is(Vec::new());
    }
    let Some(items) = list.items(remarks) else { return Known::Unknown };
    let mut found = Vec::with_capacity(items.len());
    for item in items {
        let kind = item.get("type");
        match kind.get("id").text(remarks) {
            Some(operation) => found.push(DisallowedOperation { operation: operation.into(), message: item.get("reason").get("message").known(remarks) }),
            None => item.remark(remarks, "this names no operation, so it is left out"),
        }
    }
    Known::Is(found)
}

/// What an enterprise policy governs, by its key.
const POLICIES: [(&str, PolicyKind); 7] = [
    ("vnets", PolicyKind::Network),
    ("networkInjection", PolicyKind::Network),
    ("network", PolicyKind::Network),
    ("identity", PolicyKind::Identity),
    ("encryption", PolicyKind::Encryption),
    ("customerManagedKeys", PolicyKind::Encryption),
    ("customerManagedKey", PolicyKind::Encryption),
];

/// The enterprise policies. Left out, nobody says that there are none: not every request asks for them.
pub(super) fn policies(look: Look<'_>, unread: &mut Vec<Unread>, remarks: &mut Remarks) -> Known<Vec<EnterprisePolicy>> {
    let object = match look.value {
        None => return Known::Unknown,
        Some(serde_json::Value::Null) => return Known::Is(Vec::new()),
        Some(serde_json::Value::Object(object)) => object,
        Some(_) => {
            look.remark(remarks, "an object is expected here; `enterprise_policies` stays unknown");
            return Known::Unknown;
        }
    };
    let mut found: Vec<EnterprisePolicy> = Vec::new();
    let mut readable = true;
    for key in object.keys() {
        let policy = look.get(key);
        if !policy.is_object(remarks) {
            readable &= !policy.says_something();
            continue;
        }
        let status = policy.first(&["linkStatus", "status"]);
        match status.text(remarks) {
            Some(text) if text.eq_ignore_ascii_case("Unlinked") || text.eq_ignore_ascii_case("NotLinked") => continue,
            Some(text) if !text.eq_ignore_ascii_case("Linked") => status.remark(remarks, "Linked is expected here; the policy is counted as linked"),
            Some(_) | None => {}
        }
        let id = policy.first(&["id", "systemId", "resourceId"]);
        let Some(id) = id.text(remarks) else {
            policy.remark(remarks, "this policy has no id; `enterprise_policies` stays unknown");
            readable = false;
            continue;
        };
        let kind = POLICIES.iter().find(|(word, _)| word.eq_ignore_ascii_case(key)).map(|(_, kind)| *kind);
        if kind.is_none() {
            policy.remark(remarks, "envdeck does not know this kind of policy; it is kept and judged as unknown");
            let word = crate::files::text::harmless(key).into_owned().into();
            unread.push(Unread { field: "enterprise_policies.kind", word, at: found.len().to_string().into() });
        }
        found.push(EnterprisePolicy { kind: known(kind), id: id.into() });
    }
    if !readable {
        unread.retain(|unread| unread.field != "enterprise_policies.kind");
    }
    if readable { Known::Is(found) } else { Known::Unknown }
}

/// What the environment says about its database.
fn dataverse(e: &mut Environment, properties: Look<'_>, linked: Look<'_>, remarks: &mut Remarks) {
    e.url = linked.get("instanceUrl").known::<Box<str>>(remarks).map(Some);
    e.org_id = linked.get("resourceId").known::<Box<str>>(remarks).map(Some);
    let (size, audit) = sizes(properties.get("capacity"), remarks);
    e.dataverse = Known::Is(Some(Dataverse { version: linked.get("version").known(remarks), size, audit }));
    e.background_operations = flag_of(linked.get("backgroundOperationsState"), [("Enabled", true), ("Disabled", false)], remarks);
    // Nobody is kept out where it is left out, or all zeros.
    let group = linked.get("securityGroupId");
    e.security_group = match group.text(remarks) {
        Some(id) if id.chars().all(|letter| letter == '0' || letter == '-') => Known::Is(None),
        Some(id) => Known::Is(Some(id.into())),
        None if group.is_absent() || !group.says_something() => Known::Is(None),
        None => Known::Unknown,
    };
}

/// The size of the data, which is database and files, and that of the logs, which is the audit logs.
fn sizes(capacity: Look<'_>, remarks: &mut Remarks) -> (Known<Gigabytes>, Known<Gigabytes>) {
    let Some(items) = capacity.items(remarks) else { return (Known::Unknown, Known::Unknown) };
    let [mut database, mut file, mut log] = [None, None, None];
    for item in &items {
        let kind = item.get("capacityType").text(remarks).unwrap_or_default();
        let of = match kind.to_ascii_lowercase().as_str() {
            "database" => &mut database,
            "file" => &mut file,
            "log" => &mut log,
            // What finance and operations uses, and kinds of a newer world, are not the database's.
            _ => continue,
        };
        *of = Some(size(*item, remarks));
    }
    // One of the two alone would be a size that is too small.
    let data = match (database, file) {
        (Some(Known::Is(database)), Some(Known::Is(file))) => Known::Is(database + file),
        (_, _) => Known::Unknown,
    };
    (data, log.unwrap_or_default())
}

fn size(item: Look<'_>, remarks: &mut Remarks) -> Known<Gigabytes> {
    size_of((item.get("actualConsumption"), item.get("capacityUnit")), item, "capacityUnit", remarks)
}

/// A size in gigabytes, of which a terabyte has 1024 and which itself has 1024 megabytes: the amount and its unit, which
/// stands in `item` behind `key`.
pub(super) fn size_of((amount, unit): (Look<'_>, Look<'_>), item: Look<'_>, key: &str, remarks: &mut Remarks) -> Known<Gigabytes> {
    let Some(number) = amount.number(remarks) else { return Known::Unknown };
    let factor = match unit.text(remarks).map(|unit| unit.to_ascii_uppercase()).as_deref() {
        Some("MB" | "MEGABYTES") => 1.0 / 1024.0,
        Some("GB" | "GIGABYTES") => 1.0,
        Some("TB" | "TERABYTES") => 1024.0,
        Some(_) | None => {
            let shown = if unit.says_something() { unit } else { item };
            shown.remark(remarks, format_args!("MB, GB or TB is expected as `{key}`; the size stays unknown"));
            return Known::Unknown;
        }
    };
    let size = Gigabytes::parse(&format!("{:.6}", number * factor)).filter(|size| *size >= Gigabytes::whole(0));
    if size.is_none() {
        amount.remark(remarks, "this is no size; it stays unknown");
    }
    known(size)
}

/// The finance and operations half. Left out, nobody says that there is none.
pub(super) fn half(look: Look<'_>, unread: &mut Vec<Unread>, remarks: &mut Remarks) -> Known<Option<Box<FinanceOperations>>> {
    match look.value {
        None => return Known::Unknown,
        Some(serde_json::Value::Null) => return Known::Is(None),
        Some(_) if !look.is_object(remarks) => return Known::Unknown,
        Some(_) => {}
    }
    let kinds = [("Linked", FinanceOperationsKind::Lcs), ("Internal", FinanceOperationsKind::Unified)];
    let (id, url) = (look.get("id").text(remarks), look.get("url").text(remarks));
    let kind = look.get("type").word(&kinds, "finance_operations.kind", unread, remarks);
    let host = url.as_deref().and_then(host);
    let name = host.as_deref().and_then(|host| host.split('.').next()).map(str::to_owned);
    let kind_of_environment = match (&kind, &host) {
        // Lifecycle Services says it in the address.
        (Known::Is(FinanceOperationsKind::Lcs), Some(host)) => {
            let said = type_in_host(host);
            if said.is_unknown() {
                look.remark(remarks, "this address does not say whether finance and operations is production or sandbox; its type stays unknown");
            }
            said
        }
        (Known::Is(_) | Known::Unknown, _) => Known::Unknown,
    };
    let half = FinanceOperations {
        name: name.or_else(|| id.clone()).unwrap_or_else(|| "name unknown".to_owned()).into(),
        id: id.unwrap_or_else(|| "unknown".to_owned()).into(),
        kind_of_environment,
        kind,
        application_build: Known::Unknown,
        point_in_time_restore_days: Known::Unknown,
    };
    Known::Is(Some(Box::new(half)))
}

/// What the address of a finance and operations environment says about its type: `contoso.operations.dynamics.com` is production,
/// `contoso.sandbox.operations.eu.dynamics.com` a sandbox, whatever its region and cloud.
fn type_in_host(host: &str) -> Known<FinanceOperationsType> {
    let labels: Vec<&str> = host.split('.').collect();
    let Some(at) = labels.iter().position(|label| *label == "operations") else { return Known::Unknown };
    let is_dynamics = match labels.get(at + 1..) {
        Some(["dynamics", _] | [_, "dynamics", _]) => true,
        Some(_) | None => false,
    };
    match labels.get(..at) {
        Some([_, "sandbox"]) if is_dynamics => Known::Is(FinanceOperationsType::Sandbox),
        Some([name]) if is_dynamics && !name.is_empty() => Known::Is(FinanceOperationsType::Production),
        Some(_) | None => Known::Unknown,
    }
}

/// The host of an address, in lower case.
pub fn host(url: &str) -> Option<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', ':', '?', '#']).next().unwrap_or(rest).trim().to_ascii_lowercase();
    (!host.is_empty()).then_some(host)
}

/// The environment that PowerShell prints: the admin API's inside `Internal`, or the few columns that are left without it.
pub fn of_power_shell(look: Look<'_>, remarks: &mut Remarks) -> Option<Seen> {
    let inner = look.get("Internal");
    if inner.says_something() && inner.is_object(remarks) {
        let mut seen = of_admin_api(inner, remarks)?;
        if seen.is_nameless
            && let Some(name) = look.get("DisplayName").text(remarks)
        {
            (seen.environment.name, seen.is_nameless) = (name.into(), false);
        }
        return Some(seen);
    }
    let id = look.get("EnvironmentName").text(remarks)?;
    let mut seen = Seen::new(&id, look.get("DisplayName").text(remarks));
    let e = &mut seen.environment;
    let mut unread = Vec::new();
    let kind = look.get("EnvironmentType").word(&TYPES, "type", &mut unread, remarks);
    let is_default = look.get("IsDefault").flag(remarks);
    e.kind = if is_default == Known::Is(true) { Known::Is(EnvironmentType::Default) } else { kind };
    e.region = look.get("Location").known(remarks);
    e.created_at = to_the_second(look.get("CreatedTime").instant(remarks));
    match look.get("CommonDataServiceDatabaseType").text(remarks).as_deref() {
        Some("None") => {
            without_database(e);
            // These columns name no link, so that nobody says that there is none.
            e.finance_operations = Known::Unknown;
        }
        Some(_) => e.dataverse = Known::Is(Some(Dataverse::default())),
        None => {}
    }
    e.unread = unread;
    Some(seen)
}

/// The environment that `pac admin list --json` prints.
pub fn of_pac(look: Look<'_>, remarks: &mut Remarks) -> Option<Seen> {
    let Some(id) = look.get("EnvironmentId").text(remarks) else {
        remarks.add(look.path(), "this environment has no `EnvironmentId`, so it cannot be kept");
        return None;
    };
    let mut seen = Seen::new(&id, look.get("DisplayName").text(remarks));
    let e = &mut seen.environment;
    let mut unread = Vec::new();
    e.kind = look.get("Type").word(&TYPES, "type", &mut unread, remarks);
    // pac writes an address only where there is a database; that it leaves one out is no proof that there is none.
    e.url = look.get("EnvironmentUrl").known::<Box<str>>(remarks).map(Some);
    let organisation = look.get("OrganizationId").text(remarks).filter(|id| id.chars().any(|letter| letter != '0' && letter != '-'));
    e.org_id = known(organisation.map(|id| Some(id.into())));
    let version: Known<Arc<str>> = look.get("Version").known(remarks);
    if !e.url.is_unknown() || !e.org_id.is_unknown() || !version.is_unknown() {
        e.dataverse = Known::Is(Some(Dataverse { version, ..Dataverse::default() }));
    }
    e.unread = unread;
    Some(seen)
}

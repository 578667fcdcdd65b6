//! Everything known about the chosen environment, as lines; what nobody looked up says so.

use crate::app::list::{Cursor, Step};
use crate::domain::component::ComponentKind;
use crate::domain::environment::{Environment, EnvironmentState, EnvironmentType, OrderManagement};
use crate::domain::estate::{EnvironmentKey, Estate, ROLES};
use crate::domain::fact::{self, Of};
use crate::domain::known::Known;
use crate::domain::linked;
use crate::domain::loss;
use crate::domain::retention::recoverable_until;
use crate::domain::rulebook::Rulebook;
use crate::domain::tenant::{Tenant, TenantKey};
use crate::domain::time;
use crate::domain::typed::Source;
use crate::domain::words::{Word, counted};

/// How a value is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shade {
    /// As usual.
    Plain,
    /// There is none.
    None,
    /// Nobody looked it up.
    Unknown,
    /// Somebody should look at it.
    Attention,
    /// It begins what follows.
    Heading,
}

/// The facts that a line can be answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asks {
    /// Whether they are about the environment or its tenant.
    pub of: Of,
    /// The fields; of several each gets the same answer.
    pub fields: Vec<&'static str>,
}

/// A line: what it is about, and the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// What it is about; empty where the line goes on.
    pub label: &'static str,
    /// The value.
    pub value: String,
    /// How it is meant.
    pub shade: Shade,
    /// Who typed it and when, where somebody did.
    pub source: Option<String>,
    /// Whether what was captured and what was typed are not the same.
    pub disputed: bool,
    /// What it can be answered with, if it can.
    pub asks: Option<Asks>,
}

/// The lines of the chosen environment, computed when the choice or the facts change.
#[derive(Debug, Default)]
pub struct Details {
    /// The lines.
    pub lines: Vec<Detail>,
    /// The cursor.
    pub cursor: Cursor,
    of: Option<(EnvironmentKey, u64)>,
}

impl Details {
    /// Computes the lines again if the choice or the facts changed; true when they were.
    pub fn refresh(&mut self, key: Option<EnvironmentKey>, estate: &Estate, rulebook: &Rulebook) -> bool {
        let of = key.map(|key| (key, estate.revision()));
        if self.of == of {
            return false;
        }
        let on = self.selected().cloned();
        self.lines = key.map(|key| lines(estate.environment(key), estate, rulebook)).unwrap_or_default();
        if self.of.map(|(key, _)| key) != key {
            self.cursor = Cursor::default();
        } else if let Some(at) = on.and_then(|on| self.lines.iter().position(|line| line.asks.is_some() && line.asks == on.asks)) {
            // An answer can bring lines with it; the cursor stays on what was answered.
            self.cursor.at = at;
        }
        self.of = of;
        true
    }

    /// Forgets what the lines were of, because keys mean other environments now.
    pub const fn forget(&mut self) {
        self.of = None;
    }

    /// The line of the cursor.
    pub fn selected(&self) -> Option<&Detail> {
        self.lines.get(self.cursor.at)
    }

    /// Moves the cursor on a screen of `height` lines; true when something moved.
    pub fn step(&mut self, step: Step, height: usize) -> bool {
        self.cursor.step(step, self.lines.len(), height)
    }

    /// Puts the cursor on a line; true when it moved.
    pub fn go(&mut self, at: usize, height: usize) -> bool {
        self.cursor.go(at, self.lines.len(), height)
    }
}

/// Scrolls text of `length` lines on a screen of `height`; true when something moved.
pub fn scroll(top: &mut usize, step: Step, length: usize, height: usize) -> bool {
    let page = height.saturating_sub(1).max(1);
    let furthest = length.saturating_sub(height);
    let to = match step {
        Step::By(lines) => top.saturating_add_signed(isize::from(lines)),
        Step::Page(pages) if pages < 0 => top.saturating_sub(page * usize::from(pages.unsigned_abs())),
        Step::Page(pages) => top.saturating_add(page * usize::from(pages.unsigned_abs())),
        Step::First => 0,
        Step::Last => furthest,
    }
    .min(furthest);
    std::mem::replace(top, to) != to
}

/// Collects lines.
struct Lines<'a> {
    environment: &'a Environment,
    estate: &'a Estate,
    lines: Vec<Detail>,
}

impl Lines<'_> {
    fn say(&mut self, label: &'static str, value: impl Into<String>, shade: Shade) {
        self.lines.push(Detail { label, value: value.into(), shade, source: None, disputed: false, asks: None });
    }

    /// A line that can be answered.
    fn ask(&mut self, label: &'static str, (value, shade): (String, Shade), of: Of, fields: Vec<&'static str>) {
        let source = fields.first().map_or(Source::Unknown, |field| self.source(of, field));
        let (source, disputed) = match source {
            Source::Typed(typed) => (Some(typed.source()), typed.captured.is_some()),
            Source::Captured | Source::Unknown => (None, false),
        };
        self.lines.push(Detail { label, value, shade, source, disputed, asks: Some(Asks { of, fields }) });
    }

    fn source(&self, of: Of, field: &str) -> Source<'_> {
        match of {
            Of::Environment => self.estate.source_of(&self.environment.id, field),
            Of::Tenant => self.estate.source_of_tenant(self.environment.tenant, field),
        }
    }

    /// A fact about the environment: `field` is its key in the snapshot.
    fn fact<T>(&mut self, label: &'static str, field: &'static str, fact: Known<T>, say: impl FnOnce(T) -> (String, Shade)) {
        let said = match fact {
            Known::Is(value) => say(value),
            Known::Unknown => match self.environment.unread_word(field) {
                Some(word) => (format!("unknown (\"{word}\")"), Shade::Unknown),
                None => unknown(),
            },
        };
        self.ask(label, said, Of::Environment, vec![field]);
    }

    /// A fact that can be absent.
    fn fact_or_none<T>(&mut self, label: &'static str, field: &'static str, fact: Known<Option<T>>, say: impl FnOnce(T) -> String) {
        self.fact(label, field, fact, |value| value.map_or_else(none, |value| (say(value), Shade::Plain)));
    }

    /// A fact that only needs a line while it is open, or where somebody typed it.
    fn open<T>(&mut self, label: &'static str, field: &'static str, fact: Known<T>, say: impl FnOnce(T) -> (String, Shade)) {
        if fact.is_unknown() || matches!(self.source(Of::Environment, field), Source::Typed(_)) {
            self.fact(label, field, fact, say);
        }
    }

    /// A fact about the tenant.
    fn of_tenant<T>(&mut self, label: &'static str, field: &'static str, fact: Known<T>, say: impl FnOnce(T) -> (String, Shade)) {
        let said = match fact {
            Known::Is(value) => say(value),
            Known::Unknown => unknown(),
        };
        self.ask(label, said, Of::Tenant, vec![field]);
    }
}

fn unknown() -> (String, Shade) {
    ("unknown".to_owned(), Shade::Unknown)
}

fn none() -> (String, Shade) {
    ("none".to_owned(), Shade::None)
}

fn plain(value: impl ToString) -> (String, Shade) {
    (value.to_string(), Shade::Plain)
}

fn lines(e: &Environment, estate: &Estate, rulebook: &Rulebook) -> Vec<Detail> {
    let tenant = estate.tenant(e.tenant);
    let mut lines = Lines { environment: e, estate, lines: Vec::new() };
    let l = &mut lines;
    if let Some(rehearsal) = estate.running(&e.id) {
        let done = time::minute(rehearsal.schedule.done_at());
        l.say("REHEARSAL", format!("busy until {done}; f skips to the end of a stage"), Shade::Attention);
    } else if estate.is_rehearsed(&e.id) {
        l.say("REHEARSAL", "as it would be afterwards; u takes it back, nothing is saved", Shade::Attention);
    }
    // It stands there until it is switched back (RST-048).
    if let Some(switched) = e.sandbox_since.and_then(|since| loss::switched(e, rulebook, since)) {
        l.say("SWITCHED", format!("to sandbox, {}: switch it back soon", time::minute(switched.since)), Shade::Attention);
        l.say("at risk", switched.names(), Shade::Attention);
    }
    for (index, (entry, text)) in estate.journal().notes(&e.id).enumerate() {
        let label = if index == 0 { "notes" } else { "" };
        l.say(label, format!("{text} ({}, {})", entry.by, time::minute(entry.at)), Shade::Attention);
    }
    if let Known::Is(Some(at)) = e.deleted_at {
        let until = match recoverable_until(e, rulebook) {
            Known::Is(Some(until)) => format!("can be recovered until {}", time::minute(until)),
            Known::Is(None) | Known::Unknown => {
                let limits = &rulebook.limits;
                format!("can be recovered for {} days, or {} with Dynamics 365", limits.recovery_days, limits.recovery_days_dynamics_365)
            }
        };
        l.fact("deleted", "deleted_at", Known::Is(()), |()| (format!("{}, {until}", time::minute(at)), Shade::Attention));
    }
    l.fact("type", "type", e.kind, |kind| plain(kind.label()));
    l.fact("managed", "managed", e.managed, |managed| yes(managed, "Managed Environment", "not managed"));
    l.fact("state", "state", e.state, |state| (state.label().to_owned(), if state == EnvironmentState::Ready { Shade::Plain } else { Shade::Attention }));
    l.fact("region", "region", e.region.as_ref(), plain);
    l.fact_or_none("url", "url", e.url.as_ref().map(Option::as_ref), ToString::to_string);
    database(e, l);
    l.fact("Dynamics 365", "dynamics_365_apps", e.dynamics_365_apps.as_ref(), |apps| joined(apps));
    pair(e, rulebook, l);
    orders(e, l);
    l.fact("admin mode", "admin_mode", e.admin_mode, |on| {
        let roles: Vec<_> = rulebook.sign_in_roles.iter().map(|role| role.label()).collect();
        if on { (format!("on: {} only", roles.join(" and ")), Shade::Attention) } else { plain("off") }
    });
    l.fact("background", "background_operations", e.background_operations, |on| {
        if on { plain("operations run") } else { ("operations are off: no workflows, no mail".to_owned(), Shade::Attention) }
    });
    l.fact_or_none("own key", "customer_managed_key", e.customer_managed_key.as_ref().map(Option::as_ref), |key| match &key.name {
        Known::Is(name) => format!("customer-managed: {name}"),
        Known::Unknown => "customer-managed, name unknown".to_owned(),
    });
    if let Known::Is(Some(key)) = &e.customer_managed_key {
        l.open("key name", "customer_managed_key.name", key.name.as_ref(), plain);
    }
    l.fact("policies", "enterprise_policies", e.enterprise_policies.as_ref(), |policies| {
        let names: Vec<_> = policies.iter().map(|policy| named(policy.kind.map(Word::label))).collect();
        joined(&names)
    });
    l.fact_or_none("group", "security_group", e.security_group.as_ref().map(Option::as_ref), |id| tenant.group_name(id).unwrap_or(id).to_owned());
    l.fact("your roles", ROLES, e.operator_roles.as_ref(), |roles| joined(&labels(roles)));
    l.of_tenant("in tenant", ROLES, tenant.operator_roles.as_ref(), |roles| joined(&labels(roles)));
    l.fact("users", "users", e.users.as_ref(), |users| joined(users));
    l.fact("created", "created_at", e.created_at, |at| plain(time::minute(at)));
    l.open("retention", "retention_days", e.retention_days, |days| days.map_or_else(none, |days| plain(format_args!("set to {days} days"))));
    l.open("backups", "backups", e.backups.as_ref(), |backups| if backups.is_empty() { none() } else { plain(counted(backups.len(), "manual backup")) });
    if !e.deleted_at.is(Option::is_some) {
        l.open("deleted", "deleted_at", e.deleted_at, |_| plain("no"));
    }
    l.say("id", e.id.as_str(), Shade::Plain);
    l.open("org id", "org_id", e.org_id.as_ref().map(Option::as_ref), |id| id.map_or_else(none, plain));
    components(e, l);
    match &e.disallowed_operations {
        Known::Is(disallowed) if !disallowed.is_empty() => {
            for (index, operation) in disallowed.iter().enumerate() {
                let label = if index == 0 { "Microsoft" } else { "" };
                l.say(label, format!("{}: {}", operation.operation, named(operation.message.as_ref().map(|message| &**message))), Shade::Attention);
            }
        }
        known @ (Known::Is(_) | Known::Unknown) => l.open("Microsoft", "disallowed_operations", known.as_ref(), |_| plain("refuses nothing")),
    }
    about_tenant(e.tenant, tenant, estate, l);
    lines.lines
}

/// The lines of the tenant, which hold for all its environments.
fn about_tenant(key: TenantKey, tenant: &Tenant, estate: &Estate, l: &mut Lines<'_>) {
    l.say("TENANT", format!("{}, {}", tenant.name, counted(estate.count(Some(key)), "environment")), Shade::Heading);
    l.of_tenant("entitled", "capacity_gb.entitled", tenant.capacity.entitled, |size| plain(format_args!("{size} GB")));
    l.of_tenant("used", "capacity_gb.used", tenant.capacity.used, |size| plain(format_args!("{size} GB")));
    l.of_tenant("region", "region", tenant.region.as_ref(), plain);
    l.of_tenant("cloud", "cloud", tenant.cloud, |cloud| plain(cloud.label()));
    l.of_tenant("domain", "domain", tenant.domain.as_ref(), plain);
    l.of_tenant("lockbox", "lockbox", tenant.lockbox, |on| yes(on, "Customer Lockbox is on", "Customer Lockbox is off"));
    l.of_tenant("licences", "licences.total", tenant.licences.total, |count| plain(format_args!("{count} bought")));
    l.of_tenant("in use", "licences.active", tenant.licences.active, |count| plain(format_args!("{count} assigned")));
    l.of_tenant("seats", "dynamics_365_seats", tenant.dynamics_365_seats, |count| plain(format_args!("{count} of Dynamics 365")));
    l.of_tenant("paid", "paid_subscriptions", tenant.paid_subscriptions.as_ref(), |paid| joined(&labels(paid)));
    l.of_tenant("groups", "security_groups", tenant.security_groups.as_ref(), |groups| some(groups.len(), "security group"));
    l.of_tenant("users", "users", tenant.users.as_ref(), |users| some(users.len(), "user"));
}

fn database(e: &Environment, l: &mut Lines<'_>) {
    l.fact_or_none("data", "dataverse", e.dataverse.as_ref().map(Option::as_ref), |dataverse| {
        let size = size("", dataverse.size.map(|gb| gb.to_string()));
        let audit = size_of_audit(dataverse.audit.map(|gb| gb.to_string()));
        let version = match &dataverse.version {
            Known::Is(version) => format!(" · version {version}"),
            Known::Unknown => String::new(),
        };
        format!("{size}{audit}{version}")
    });
    if let Known::Is(Some(dataverse)) = &e.dataverse {
        l.open("- size", "dataverse.size_gb", dataverse.size, |size| plain(format_args!("{size} GB")));
        l.open("- audit logs", "dataverse.audit_gb", dataverse.audit, |size| plain(format_args!("{size} GB")));
        l.open("- version", "dataverse.version", dataverse.version.as_ref(), plain);
    }
}

/// Both halves of a linked pair under one heading, and what the link forbids and advises (D5).
fn pair(e: &Environment, rulebook: &Rulebook, l: &mut Lines<'_>) {
    let Some(half) = linked::half(e) else {
        l.fact_or_none("linked to", "finance_operations", e.finance_operations.as_ref().map(Option::as_ref), |half| half.name.to_string());
        return;
    };
    l.say("PAIR", "two halves that are seen as one environment", Shade::Heading);
    let (kind, shade) = match e.kind {
        Known::Is(kind) => (kind.label(), Shade::Plain),
        Known::Unknown => ("type unknown", Shade::Unknown),
    };
    l.say("Dataverse", format!("{}, {kind}", e.name), shade);
    l.fact("linked to", "finance_operations", Known::Is(half), |half| plain(&half.name));
    l.fact("- type", "finance_operations.type", half.kind_of_environment, |kind| plain(kind.label()));
    l.fact("- managed by", "finance_operations.kind", half.kind, |kind| plain(kind.label()));
    l.fact("- build", "finance_operations.application_build", half.application_build.as_ref(), plain);
    l.fact("- restorable", "finance_operations.pitr_days", half.point_in_time_restore_days, |days| plain(format_args!("{days} days back")));
    let held = linked::is_held(e, rulebook);
    if linked::is_apart(e) {
        // Only one of the two directions takes a plan (LNK-013, LNK-018).
        let what = match e.kind {
            Known::Is(EnvironmentType::Production) => "differ: no production work on it; M plans the way back",
            Known::Is(EnvironmentType::Sandbox) => "differ: no production work on it; t switches it back to production",
            Known::Is(_) | Known::Unknown => "differ: no production work on it",
        };
        l.say("types", what, Shade::Attention);
    }
    match held {
        Known::Is(true) => {
            let advice = if e.kind == Known::Is(EnvironmentType::Production) { "strongly discouraged" } else { "not recommended" };
            l.say("its link", "no change of URL; other properties can be edited", Shade::Plain);
            l.say("", "no deletion before its other half, in LCS", Shade::Plain);
            l.say("", "no reset", Shade::Plain);
            l.say("", format!("switch {advice}: the other half stays"), Shade::Plain);
            l.say("", "back up and restore both halves to the same instant", Shade::Plain);
        }
        Known::Is(false) => l.say("its link", "forbids nothing: it is unified, managed as one", Shade::None),
        Known::Unknown => l.say("its link", "unknown: depends on who manages the other half", Shade::Unknown),
    }
}

fn orders(e: &Environment, l: &mut Lines<'_>) {
    l.fact_or_none("orders", "order_management", e.order_management.as_ref().map(Option::as_ref), |orders| order_management(orders));
    if let Known::Is(Some(orders)) = &e.order_management {
        l.open("- active", "order_management.active", orders.active, |active| yes(active, "active", "not active"));
        l.open("- providers", "order_management.providers", orders.providers.as_ref(), |providers| joined(providers));
        l.open("- dual-write", "order_management.dual_write", orders.dual_write, |on| yes(on, "enabled", "not enabled"));
    }
}

fn components(e: &Environment, l: &mut Lines<'_>) {
    let mut label = "contains";
    let mut none = 0;
    let (mut open, mut typed) = (Vec::new(), Vec::new());
    for field in fact::ENVIRONMENT {
        let name = field.shape.name;
        let Some(kind) = name.strip_prefix("components.").and_then(ComponentKind::from_word) else { continue };
        let is_typed = matches!(l.source(Of::Environment, name), Source::Typed(_));
        // What an operation can leave behind is asked for by itself, the rest together.
        let alone = ComponentKind::LEFT_BEHIND_OUTSIDE_SOLUTIONS.contains(&kind);
        match e.components.of(kind) {
            Known::Unknown if alone => {
                let said = (format!("{}: not looked up", kind.label()), Shade::Unknown);
                l.ask(std::mem::take(&mut label), said, Of::Environment, vec![name]);
            }
            Known::Unknown => open.push(name),
            Known::Is([]) if is_typed && alone => {
                l.ask(std::mem::take(&mut label), (format!("{}: none", kind.label()), Shade::None), Of::Environment, vec![name]);
            }
            Known::Is([]) if is_typed => typed.push(name),
            Known::Is([]) => none += 1,
            Known::Is(list) => {
                let outside = list.iter().filter(|component| component.in_solution == Known::Is(false)).count();
                let outside = if outside > 0 { format!(", {outside} outside solutions") } else { String::new() };
                let said = (format!("{}{outside}", kind.counted(list.len())), Shade::Plain);
                l.ask(std::mem::take(&mut label), said, Of::Environment, vec![name]);
            }
        }
    }
    if !typed.is_empty() {
        l.ask(std::mem::take(&mut label), (format!("none of {}", counted(typed.len(), "other kind")), Shade::None), Of::Environment, typed);
    }
    if none > 0 {
        l.say(std::mem::take(&mut label), format!("none of {}", counted(none, "other kind")), Shade::None);
    }
    if !open.is_empty() {
        let verb = if open.len() == 1 { "was" } else { "were" };
        l.ask(label, (format!("{} {verb} not looked up", counted(open.len(), "other kind")), Shade::Unknown), Of::Environment, open);
    }
}

fn labels<W: Word>(words: &[W]) -> Vec<&'static str> {
    words.iter().map(|word| word.label()).collect()
}

fn some(count: usize, noun: &str) -> (String, Shade) {
    if count == 0 { none() } else { plain(counted(count, noun)) }
}

fn yes(value: bool, yes: &str, no: &str) -> (String, Shade) {
    (if value { yes } else { no }.to_owned(), Shade::Plain)
}

fn named(name: Known<&str>) -> &str {
    match name {
        Known::Is(name) => name,
        Known::Unknown => "unknown",
    }
}

fn size(before: &str, gigabytes: Known<String>) -> String {
    match gigabytes {
        Known::Is(gigabytes) => format!("{before}{gigabytes} GB"),
        Known::Unknown => format!("{before}size unknown"),
    }
}

fn size_of_audit(gigabytes: Known<String>) -> String {
    match gigabytes {
        Known::Is(gigabytes) => format!(" + {gigabytes} GB audit"),
        Known::Unknown => " + audit unknown".to_owned(),
    }
}

fn joined(items: &[impl AsRef<str>]) -> (String, Shade) {
    if items.is_empty() {
        return ("none".to_owned(), Shade::None);
    }
    (items.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", "), Shade::Plain)
}

fn order_management(orders: &OrderManagement) -> String {
    let active = match orders.active {
        Known::Is(true) => "active",
        Known::Is(false) => "not active",
        Known::Unknown => "activity unknown",
    };
    let counted = |count: Known<usize>, noun: &str| match count {
        Known::Is(1) => format!("1 {noun}"),
        Known::Is(count) => format!("{count} {noun}s"),
        Known::Unknown => format!("{noun}s unknown"),
    };
    let providers = counted(orders.providers.as_ref().map(Vec::len), "provider");
    let flows = counted(orders.orchestrations.as_ref().map(Vec::len), "orchestration");
    format!("Intelligent Order Management, {active}, {providers}, {flows}")
}

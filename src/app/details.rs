//! Everything known about the chosen environment, as lines; what nobody looked up says so.

use crate::app::list::Step;
use crate::domain::component::ComponentKind;
use crate::domain::environment::{Environment, EnvironmentState, FinanceOperations, OrderManagement};
use crate::domain::estate::{EnvironmentKey, Estate};
use crate::domain::known::Known;
use crate::domain::retention::recoverable_until;
use crate::domain::rulebook::Rulebook;
use crate::domain::time;
use crate::domain::words::Word;

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
}

/// The lines of the chosen environment, computed when the choice or the facts change.
#[derive(Debug, Default)]
pub struct Details {
    /// The lines.
    pub lines: Vec<Detail>,
    /// The first line on screen.
    pub top: usize,
    of: Option<(EnvironmentKey, u64)>,
}

impl Details {
    /// Computes the lines again if the choice or the facts changed; true when they were.
    pub fn refresh(&mut self, key: Option<EnvironmentKey>, estate: &Estate, rulebook: &Rulebook) -> bool {
        let of = key.map(|key| (key, estate.revision()));
        if self.of == of {
            return false;
        }
        if self.of.map(|(key, _)| key) != key {
            self.top = 0;
        }
        self.lines = key.map(|key| lines(estate.environment(key), estate, rulebook)).unwrap_or_default();
        self.of = of;
        true
    }

    /// Forgets what the lines were of, because keys mean other environments now.
    pub const fn forget(&mut self) {
        self.of = None;
    }

    /// Scrolls on a screen of `height` lines; true when something moved.
    pub fn step(&mut self, step: Step, height: usize) -> bool {
        scroll(&mut self.top, step, self.lines.len(), height)
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
    lines: Vec<Detail>,
}

impl Lines<'_> {
    fn say(&mut self, label: &'static str, value: impl Into<String>, shade: Shade) {
        self.lines.push(Detail { label, value: value.into(), shade });
    }

    /// A fact: `field` is its key in the snapshot, for words that this version does not know.
    fn fact<T>(&mut self, label: &'static str, field: &str, fact: Known<T>, say: impl FnOnce(T) -> (String, Shade)) {
        match fact {
            Known::Is(value) => {
                let (value, shade) = say(value);
                self.say(label, value, shade);
            }
            Known::Unknown => match self.environment.unread_word(field) {
                Some(word) => self.say(label, format!("unknown (\"{word}\")"), Shade::Unknown),
                None => self.say(label, "unknown", Shade::Unknown),
            },
        }
    }

    /// A fact that can be absent.
    fn fact_or_none<T>(&mut self, label: &'static str, field: &str, fact: Known<Option<T>>, say: impl FnOnce(T) -> String) {
        self.fact(label, field, fact, |value| value.map_or_else(|| ("none".to_owned(), Shade::None), |value| (say(value), Shade::Plain)));
    }
}

fn lines(e: &Environment, estate: &Estate, rulebook: &Rulebook) -> Vec<Detail> {
    let tenant = estate.tenant(e.tenant);
    let mut lines = Lines { environment: e, lines: Vec::new() };
    let l = &mut lines;
    if let Some(rehearsal) = estate.running(&e.id) {
        let done = time::minute(rehearsal.schedule.done_at());
        l.say("REHEARSAL", format!("busy until {done}; f skips to the end of a stage"), Shade::Attention);
    } else if estate.is_rehearsed(&e.id) {
        l.say("REHEARSAL", "as it would be after the copy; u takes it back, nothing is saved", Shade::Attention);
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
        l.say("deleted", format!("{}, {until}", time::minute(at)), Shade::Attention);
    }
    l.fact("type", "type", e.kind, |kind| (kind.label().to_owned(), Shade::Plain));
    l.fact("managed", "managed", e.managed, |managed| yes(managed, "Managed Environment", "not managed"));
    l.fact("state", "state", e.state, |state| (state.label().to_owned(), if state == EnvironmentState::Ready { Shade::Plain } else { Shade::Attention }));
    l.fact("region", "region", e.region.as_ref(), |region| (region.to_string(), Shade::Plain));
    l.fact_or_none("url", "url", e.url.as_ref().map(Option::as_ref), ToString::to_string);
    l.fact_or_none("data", "dataverse", e.dataverse.as_ref().map(Option::as_ref), |dataverse| {
        let size = size("", dataverse.size.map(|gb| gb.to_string()));
        let audit = size_of_audit(dataverse.audit.map(|gb| gb.to_string()));
        let version = match &dataverse.version {
            Known::Is(version) => format!(" · version {version}"),
            Known::Unknown => String::new(),
        };
        format!("{size}{audit}{version}")
    });
    l.fact("Dynamics 365", "dynamics_365_apps", e.dynamics_365_apps.as_ref(), |apps| joined(apps));
    l.fact_or_none("linked to", "finance_operations", e.finance_operations.as_ref().map(Option::as_ref), |half| linked(half));
    l.fact_or_none("orders", "order_management", e.order_management.as_ref().map(Option::as_ref), |orders| order_management(orders));
    l.fact("admin mode", "admin_mode", e.admin_mode, |on| {
        let roles: Vec<_> = rulebook.sign_in_roles.iter().map(|role| role.label()).collect();
        if on { (format!("on: {} only", roles.join(" and ")), Shade::Attention) } else { ("off".to_owned(), Shade::Plain) }
    });
    l.fact("background", "background_operations", e.background_operations, |on| {
        if on { ("operations run".to_owned(), Shade::Plain) } else { ("operations are off: no workflows, no mail".to_owned(), Shade::Attention) }
    });
    l.fact_or_none("own key", "customer_managed_key", e.customer_managed_key.as_ref().map(Option::as_ref), |key| match &key.name {
        Known::Is(name) => format!("customer-managed: {name}"),
        Known::Unknown => "customer-managed, name unknown".to_owned(),
    });
    l.fact("policies", "enterprise_policies", e.enterprise_policies.as_ref(), |policies| {
        let names: Vec<_> = policies.iter().map(|policy| named(policy.kind.map(Word::label))).collect();
        joined(&names)
    });
    l.fact_or_none("group", "security_group", e.security_group.as_ref().map(Option::as_ref), |id| tenant.group_name(id).unwrap_or(id).to_owned());
    l.fact("your roles", "operator_roles", e.operator_roles.as_ref(), |roles| joined(&roles.iter().map(|role| role.label()).collect::<Vec<_>>()));
    l.fact("in tenant", "operator_roles", tenant.operator_roles.as_ref(), |roles| joined(&roles.iter().map(|role| role.label()).collect::<Vec<_>>()));
    l.fact("users", "users", e.users.as_ref(), |users| joined(users));
    l.fact("created", "created_at", e.created_at, |at| (time::minute(at), Shade::Plain));
    l.say("id", e.id.as_str(), Shade::Plain);
    components(e, l);
    if let Known::Is(disallowed) = &e.disallowed_operations {
        for (index, operation) in disallowed.iter().enumerate() {
            let label = if index == 0 { "Microsoft" } else { "" };
            l.say(label, format!("{}: {}", operation.operation, named(operation.message.as_ref().map(|message| &**message))), Shade::Attention);
        }
    }
    lines.lines
}

fn components(e: &Environment, l: &mut Lines<'_>) {
    let mut label = "contains";
    let mut unknown = 0;
    let mut none = 0;
    for kind in ComponentKind::ALL {
        match e.components.of(*kind) {
            Known::Unknown => unknown += 1,
            Known::Is([]) => none += 1,
            Known::Is(list) => {
                let outside = list.iter().filter(|component| component.in_solution == Known::Is(false)).count();
                let outside = if outside > 0 { format!(", {outside} outside solutions") } else { String::new() };
                l.say(std::mem::take(&mut label), format!("{} {}{outside}", list.len(), kind.label()), Shade::Plain);
            }
        }
    }
    if none > 0 {
        l.say(std::mem::take(&mut label), format!("none of {none} other kinds"), Shade::None);
    }
    if unknown > 0 {
        l.say(label, format!("{unknown} kinds were not looked up"), Shade::Unknown);
    }
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

fn linked(half: &FinanceOperations) -> String {
    let kind = named(half.kind_of_environment.map(Word::label));
    let managed = named(half.kind.map(Word::label));
    let build = named(half.application_build.as_ref().map(|build| &**build));
    format!("finance and operations: {} ({kind}, {managed}, build {build})", half.name)
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

//! A checklist as data: sections, items and what each depends on, from a closed set of conditions.

use std::borrow::Cow;
use std::sync::Arc;

use crate::domain::component::{Component, ComponentKind, Property};
use crate::domain::copy::Level;
use crate::domain::environment::{Environment, EnvironmentId, EnvironmentType, FinanceOperationsKind};
use crate::domain::estate::Estate;
use crate::domain::journal::{ItemAct, Value};
use crate::domain::known::Known;
use crate::domain::linked;
use crate::domain::mapping::Mailbox;
use crate::domain::operation::{Operation, OperationKind, Outcome};
use crate::domain::request::{Change, Request};
use crate::domain::rulebook::Edition;
use crate::domain::tenant::{MailboxAddress, Tenant};
use crate::domain::words::Word as _;
use crate::vocabulary;

vocabulary! {
    /// What can be decided about a component with an outside connection (PCP-005 to PCP-007).
    Decision, "decision" {
        Disable = "disable" "disable it",
        Redirect = "redirect" "redirect it to another service",
        LeaveAsIs = "leave-as-is" "leave it as it is",
    }
}

vocabulary! {
    /// What stays shut until the items that guard it are settled.
    Gate, "gate" {
        BackgroundOperations = "background-operations" "background operations",
        Copy = "copy" "a copy onto it",
    }
}

vocabulary! {
    /// What ticking an item changes about the environment.
    Then, "change" {
        AdminModeOff = "admin-mode-off" "administration mode is off",
        BackgroundOn = "background-on" "background operations run",
    }
}

vocabulary! {
    /// Facts about an environment that an item can depend on.
    Trait, "trait of an environment" {
        Linked = "linked" "it is linked to finance and operations",
        NotLinked = "not-linked" "it is not linked to finance and operations",
        Lcs = "lcs" "its finance and operations half is managed in Lifecycle Services",
        Unified = "unified" "it is one environment with its finance and operations half",
        OrderManagement = "order-management" "Intelligent Order Management is installed",
        Dynamics365 = "dynamics-365" "Dynamics 365 apps are enabled",
        Managed = "managed" "it is a Managed Environment",
        DualWrite = "dual-write" "dual-write is enabled",
        InService = "in-service" "administration mode is off",
        AdminMode = "admin-mode" "administration mode is on",
        BackgroundOff = "background-off" "background operations are off",
        Production = "production" "it is a production environment",
        Apart = "apart" "its halves are of different types",
    }
}

vocabulary! {
    /// Facts about the tenant of an environment that an item can depend on.
    TenantTrait, "trait of a tenant" {
        Lockbox = "lockbox" "its tenant has Customer Lockbox",
    }
}

impl Decision {
    /// The act that records it.
    pub const fn act(self) -> ItemAct {
        match self {
            Self::Disable => ItemAct::Disabled,
            Self::Redirect => ItemAct::Redirected,
            Self::LeaveAsIs => ItemAct::LeftAsIs,
        }
    }
}

/// When something is shown or mandatory. What is unknown could be, so it never rules anything out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// The copy was made at this level.
    Level(Level),
    /// These rules decide.
    Edition(Edition),
    /// There are components of this kind.
    Component(ComponentKind),
    /// The environment is of one of these types.
    Type(Vec<EnvironmentType>),
    /// This is so about the environment.
    Environment(Trait),
    /// This is so about the tenant that it is in.
    Tenant(TenantTrait),
    /// One of these words was chosen for the operation or plan that opened the checklist; `none` where nothing was.
    Input(Box<str>, Vec<Box<str>>),
}

impl Condition {
    /// Whether it holds; unknown when the fact behind it is.
    pub fn is(&self, setting: &Setting<'_>) -> Known<bool> {
        let environment = setting.environment;
        match self {
            Self::Level(level) => setting.level().map(|is| is == *level),
            Self::Edition(edition) => Known::Is(setting.edition == *edition),
            Self::Component(kind) => environment.components.of(*kind).map(|list| !list.is_empty()),
            Self::Type(types) => environment.kind.map(|is| types.contains(&is)),
            Self::Environment(Trait::Linked) => environment.is_linked(),
            Self::Environment(Trait::NotLinked) => environment.is_linked().map(|is| !is),
            Self::Environment(Trait::Lcs) => half_is(environment, FinanceOperationsKind::Lcs),
            Self::Environment(Trait::Unified) => half_is(environment, FinanceOperationsKind::Unified),
            Self::Environment(Trait::OrderManagement) => environment.has_order_management(),
            Self::Environment(Trait::Dynamics365) => environment.has_dynamics_365(),
            Self::Environment(Trait::Managed) => environment.managed,
            Self::Environment(Trait::DualWrite) => environment.has_dual_write(),
            Self::Environment(Trait::InService) => environment.admin_mode.map(|on| !on),
            Self::Environment(Trait::AdminMode) => environment.admin_mode,
            Self::Environment(Trait::BackgroundOff) => environment.background_operations.map(|on| !on),
            Self::Environment(Trait::Apart) => linked::apart(environment),
            Self::Environment(Trait::Production) => environment.kind.map(|is| is == EnvironmentType::Production),
            Self::Tenant(TenantTrait::Lockbox) => setting.tenant().map_or(Known::Unknown, |tenant| tenant.lockbox),
            Self::Input(name, words) => setting.inputs.map(|inputs| {
                let chosen = inputs.iter().find(|(known, _)| known == name).map_or_else(|| "none".to_owned(), |(_, value)| value.to_string());
                words.iter().any(|word| **word == chosen)
            }),
        }
    }

    /// Whether it holds, or could.
    pub fn holds(&self, setting: &Setting<'_>) -> bool {
        self.is(setting) != Known::Is(false)
    }

    /// What has to be so, in words.
    pub fn words(&self) -> Cow<'static, str> {
        match self {
            Self::Level(level) => Cow::Owned(format!("the copy was made at the level {}", level.label())),
            Self::Edition(edition) => Cow::Owned(format!("the rulebook is {}", edition.word())),
            Self::Component(kind) => Cow::Owned(format!("there are components of the kind {}", kind.label())),
            Self::Type(types) => {
                let types: Vec<_> = types.iter().map(|kind| kind.label()).collect();
                Cow::Owned(format!("it is of the type {}", types.join(" or ")))
            }
            Self::Environment(it) => Cow::Borrowed(it.label()),
            Self::Tenant(it) => Cow::Borrowed(it.label()),
            Self::Input(name, words) => Cow::Owned(format!("{} is {}", name.replace('_', " "), words.join(" or "))),
        }
    }
}

/// Whether it is linked, and its half of that kind.
fn half_is(environment: &Environment, kind: FinanceOperationsKind) -> Known<bool> {
    environment.finance_operations.as_ref().and_then(|half| half.as_ref().map_or(Known::Is(false), |half| half.kind.map(|is| is == kind)))
}

/// What a checklist is asked about beyond its environment: by which rules, and with which tenants around it.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// The rules that decide.
    pub edition: Edition,
    /// The tenants and their users; without it everything about them is unknown.
    pub estate: Option<&'a Estate>,
}

impl From<Edition> for Around<'_> {
    fn from(edition: Edition) -> Self {
        Self { edition, estate: None }
    }
}

impl<'a> From<&'a Estate> for Around<'a> {
    fn from(estate: &'a Estate) -> Self {
        Self { edition: estate.edition(), estate: Some(estate) }
    }
}

/// What the conditions are asked about.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// The environment that the checklist is for: after a copy, the copy.
    pub environment: &'a Environment,
    /// Where its content came from, as it is now; none where nothing came, or nobody knows from where.
    pub source: Option<&'a Environment>,
    /// The same environment in the tenant that it leaves, for the plan of a move that was carried out.
    pub left: Option<&'a Environment>,
    /// What was chosen for the operation or plan that opened it, by name.
    pub inputs: Known<&'a [(Box<str>, Value)]>,
    /// The rules that decide.
    pub edition: Edition,
    /// The tenants and their users; without it everything about them is unknown.
    pub estate: Option<&'a Estate>,
}

impl<'a> Setting<'a> {
    /// The environment where the people of the checklist are: for the plan of a move, before it.
    pub fn home(&self) -> &'a Environment {
        self.left.unwrap_or(self.environment)
    }

    /// The tenant that it is in there.
    pub fn tenant(&self) -> Option<&'a Tenant> {
        self.estate.map(|estate| estate.tenant(self.home().tenant))
    }

    /// Whether all of the conditions hold, or could.
    pub fn meets(&self, conditions: &[Condition]) -> bool {
        conditions.iter().all(|condition| condition.holds(self))
    }

    /// The first of the conditions that certainly does not hold.
    pub fn misses<'c>(&self, conditions: &'c [Condition]) -> Option<&'c Condition> {
        conditions.iter().find(|condition| !condition.holds(self))
    }

    /// The level of the copy that opened the checklist.
    pub fn level(&self) -> Known<Level> {
        level(self.inputs)
    }
}

/// The level that was chosen.
pub(super) fn level(inputs: Known<&[(Box<str>, Value)]>) -> Known<Level> {
    let Known::Is(inputs) = inputs else { return Known::Unknown };
    let chosen = inputs.iter().find(|(name, _)| &**name == "level").and_then(|(_, value)| match value {
        Value::Text(word) => Level::from_word(word),
        Value::Nothing | Value::Flag(_) | Value::List(_) => None,
    });
    chosen.map_or(Known::Unknown, Known::Is)
}

/// A sentence that is shown when its conditions hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The sentence.
    pub text: Arc<str>,
    /// When it is shown; always without any.
    pub when: Vec<Condition>,
}

/// An article or site to read on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it is called.
    pub title: Arc<str>,
    /// Its address, which begins with `https://`.
    pub url: Arc<str>,
}

vocabulary! {
    /// In which environment an item looks for the components that it names.
    Where, "environment of components" {
        Here = "environment" "the environment of the checklist",
        Source = "source" "where its content came from",
    }
}

/// The components that an item concerns and names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concerned {
    /// Their kind.
    pub kind: ComponentKind,
    /// Where they are looked for.
    pub of: Where,
    /// Only those with these properties, `in_solution` among them; one whose property is unknown could have it.
    pub only: Vec<(&'static str, Property)>,
    /// None of those with one of these properties: what they ask for is so already.
    pub not: Vec<(&'static str, Property)>,
}

impl Concerned {
    /// Whether it would be included, were what is asked for not so already.
    pub(super) fn is_already(&self, component: &Component) -> bool {
        let asked = Self { kind: self.kind, of: self.of, only: self.only.clone(), not: Vec::new() };
        !self.not.is_empty() && asked.includes(component) == Known::Is(true)
    }

    /// Whether a component has the properties, or could; and whether that is certain.
    pub fn includes(&self, component: &Component) -> Known<bool> {
        let has = |name: &str, wanted: &Property| match name {
            "in_solution" => component.in_solution.map(|is| Property::Flag(is) == *wanted),
            name => component.property(name).map(|is| is == wanted),
        };
        let only = self.only.iter().map(|(name, wanted)| has(name, wanted));
        let not = self.not.iter().map(|(name, unwanted)| has(name, unwanted).map(|has| !has));
        only.chain(not).fold(Known::Is(true), |all, one| match (all, one) {
            (Known::Is(false), _) | (_, Known::Is(false)) => Known::Is(false),
            (Known::Is(true), Known::Is(true)) => Known::Is(true),
            (Known::Unknown, _) | (_, Known::Unknown) => Known::Unknown,
        })
    }
}

vocabulary! {
    /// What an order system consists of that an item can be repeated for.
    OrderPart, "part of an order system" {
        Orchestration = "orchestration" "orchestrations",
        Provider = "provider" "installed providers",
    }
}

/// What an item is repeated for: a row for each of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Each {
    /// Components.
    Components(Vec<Concerned>),
    /// What Intelligent Order Management consists of.
    Orders(OrderPart),
    /// The users who are enabled in the environment and have such a mailbox in its tenant.
    Users(Vec<MailboxAddress>),
    /// The users whom the mapping file of a move named, by what becomes of their mailboxes (C-50).
    Mapped(Vec<Mailbox>),
}

/// An item, of this checklist or of another one for the same environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemOf {
    /// The other checklist, by its permanent id.
    pub checklist: Option<Box<str>>,
    /// The item, by its permanent id.
    pub item: Box<str>,
}

/// A period that begins when an item is done, and in which another one has to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// How many times 24 hours it lasts.
    pub days: u16,
    /// The item that has to be done by then, by its permanent id.
    pub until: Box<str>,
    /// What is the matter while it runs, as the end of a sentence about the environment.
    pub says: Arc<str>,
    /// What to do when it ran out.
    pub expired: Arc<str>,
}

vocabulary! {
    /// What has to be written down with a tick.
    AnswerKind, "answer" {
        Text = "text" "a text",
        Time = "time" "a date and time",
        Planned = "planned-time" "a date and time that is still to come",
    }
}

/// What has to be answered before an item can be ticked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asks {
    /// The question.
    pub question: Arc<str>,
    /// What is an answer.
    pub answer: AnswerKind,
}

/// Items of another checklist of the same environment that an item follows: it is settled when these are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follows {
    /// The other checklist, by its permanent id.
    pub checklist: Box<str>,
    /// Its items, by their permanent ids.
    pub items: Vec<Box<str>>,
}

/// Whether an item has to be settled before the environment goes back into service.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Mandatory {
    /// As the item it belongs to; at the top: no.
    #[default]
    Inherited,
    /// No, whatever is so.
    No,
    /// Yes when these conditions hold; without any always.
    When(Vec<Condition>),
}

vocabulary! {
    /// What the environment of a checklist is to an operation.
    Part, "part" {
        Target = "target" "it is done to it",
        Source = "source" "it is done with it as the source",
        Created = "created" "it is done to what the plan created",
    }
}

/// An operation that an item consists of: a step of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Does {
    /// Which kind.
    pub operation: OperationKind,
    /// What the environment is to it.
    pub part: Part,
    /// For a switch: to which type.
    pub to: Option<EnvironmentType>,
}

impl Does {
    /// Whether that operation is this step for the environment. `created` says whether an environment is one that the plan
    /// created before; none for a plan that creates nothing.
    pub fn is(&self, operation: &Operation, environment: &EnvironmentId, created: Option<&dyn Fn(&EnvironmentId) -> bool>) -> bool {
        let is_created = || created.is_some_and(|created| created(&operation.target));
        let ends = match self.part {
            // What is created is another environment, which is none before.
            Part::Target if self.operation == OperationKind::Create => true,
            // What is restored onto itself comes from itself (RST-026).
            Part::Target if self.operation == OperationKind::Restore => operation.target == *environment && operation.source.as_ref() == Some(environment),
            Part::Target => operation.target == *environment,
            // What a plan creates is made for this: nothing else is overwritten (RST-061).
            Part::Source => operation.source.as_ref() == Some(environment) && (created.is_none() || is_created()),
            Part::Created => is_created(),
        };
        let to = self.to.is_none_or(|to| matches!(Request::of(operation).map(|request| request.change), Some(Change::Switch { to: is, .. }) if is == to));
        operation.kind == self.operation && operation.outcome == Outcome::Succeeded && ends && to
    }
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Item {
    /// Permanent id, unique in its checklist: journals refer to it.
    pub id: Box<str>,
    /// What to do.
    pub text: Arc<str>,
    /// What to do while nobody looked whether there are such components: how to find out.
    pub unknown: Option<Arc<str>>,
    /// Why, and what to know before.
    pub help: Vec<Line>,
    /// Where in the menus, exactly.
    pub path: Option<Arc<str>>,
    /// What to read.
    pub links: Vec<Link>,
    /// The rules that it carries out, such as `PCP-012`.
    pub rules: Vec<Box<str>>,
    /// When there is such an item.
    pub when: Vec<Condition>,
    /// Whether it has to be settled.
    pub mandatory: Mandatory,
    /// When it applies: otherwise it is shown as what does not, with the reason.
    pub applies: Vec<Condition>,
    /// What has to be so about the environment before it can be done; what is unknown could be so.
    pub needs: Vec<Condition>,
    /// The components that it names; it does not apply where there are none.
    pub components: Vec<Concerned>,
    /// What it is repeated for; it does not apply where there is nothing of that.
    pub each: Option<Each>,
    /// What can be decided; an item with decisions is settled by one of them and not by a tick.
    pub decisions: Vec<Decision>,
    /// The gate that it keeps shut until it is settled, and why.
    pub gate: Option<(Gate, Arc<str>)>,
    /// The gate that has to be open before it can be done.
    pub behind: Option<Gate>,
    /// The items and sections that have to be settled before it can be done.
    pub after: Vec<Box<str>>,
    /// What has to be answered with the tick.
    pub asks: Option<Asks>,
    /// The item of which the answer is shown with this one.
    pub recalls: Option<ItemOf>,
    /// It is repeated too for what that item was done for, although the facts no longer list it.
    pub remembers: Option<ItemOf>,
    /// The period that begins when it is done: at the time that was answered where one is asked for.
    pub clock: Option<Clock>,
    /// Only one of its parts is to be done: the others then do not apply (C-36).
    pub one_of: bool,
    /// It may stay open: nothing waits for it.
    pub optional: bool,
    /// The items of another checklist that settle it.
    pub follows: Option<Follows>,
    /// What ticking it changes about the environment; opening it again changes it back.
    pub then: Option<Then>,
    /// The facts that ticking it states, by the names of their fields.
    pub states: Vec<(&'static str, bool)>,
    /// The operation that does it: it is ticked by recording that, not by hand.
    pub does: Option<Does>,
    /// Whether the system did it, so that nobody has to.
    pub done_by_system: bool,
    /// What it consists of: it is done when all of these are.
    pub items: Vec<Arc<Item>>,
}

/// A part of a checklist.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    /// Permanent id.
    pub id: Box<str>,
    /// Its heading.
    pub title: Arc<str>,
    /// What stands below the heading.
    pub help: Vec<Line>,
    /// The rules that it carries out.
    pub rules: Vec<Box<str>>,
    /// When there is such a section.
    pub when: Vec<Condition>,
    /// What has to be so about the environment before any of it can be done.
    pub needs: Vec<Condition>,
    /// The items and sections that have to be settled before any of it can be done.
    pub after: Vec<Box<str>>,
    /// Its items, in order.
    pub items: Vec<Arc<Item>>,
}

/// An operation that opens a checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Which kind.
    pub operation: OperationKind,
    /// Only where all of this is certainly so, of what it was done with or of what it was done to.
    pub when: Vec<Condition>,
}

/// That a checklist is a plan, which a person begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begins {
    /// Only for environments of which this is so, or could be.
    pub when: Vec<Condition>,
    /// Only where this is certainly so, when it is begun and before each of its operations.
    pub certain: Vec<Condition>,
    /// What to do instead, where it cannot be begun and the conditions of the sentence certainly hold.
    pub instead: Vec<Line>,
    /// What there is to know before it is begun.
    pub caution: Vec<Line>,
}

impl Begins {
    /// What to do instead, where that is certain.
    fn instead(&self, setting: &Setting<'_>) -> Option<String> {
        let certain = |line: &&Line| line.when.iter().all(|condition| condition.is(setting) == Known::Is(true));
        self.instead.iter().find(certain).map(|line| line.text.to_string())
    }
}

/// A checklist as it is written down, for any environment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template {
    /// Permanent id: journals refer to it.
    pub id: Box<str>,
    /// Its title.
    pub title: Arc<str>,
    /// What stands at its top.
    pub header: Vec<Line>,
    /// What to read.
    pub links: Vec<Link>,
    /// The rules that the checklist as a whole carries out.
    pub rules: Vec<Box<str>>,
    /// The operations that open it.
    pub opened_by: Vec<Opening>,
    /// The operations on the environment that end it, because what it was about is gone then.
    pub ended_by: Vec<OperationKind>,
    /// Set when it is a plan.
    pub plan: Option<Begins>,
    /// Its sections, in order.
    pub sections: Vec<Section>,
}

impl Template {
    /// The rules that it carries out, those of its sections and items among them.
    pub fn rules(&self) -> impl Iterator<Item = &str> {
        let sections = self.sections.iter().flat_map(|section| &section.rules);
        self.rules.iter().chain(sections).chain(self.items().flat_map(|item| &item.rules)).map(|rule| &**rule)
    }

    /// Whether one of its steps creates an environment, which the steps behind it are about.
    pub fn creates(&self) -> bool {
        self.items().any(|item| item.does.is_some_and(|does| does.operation == OperationKind::Create))
    }

    /// All items and the items that they consist of, in order.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        let mut waiting: Vec<&Item> = self.sections.iter().rev().flat_map(|section| section.items.iter().rev()).map(|item| &**item).collect();
        std::iter::from_fn(move || {
            let item = waiting.pop()?;
            waiting.extend(item.items.iter().rev().map(|item| &**item));
            Some(item)
        })
    }

    /// Why it is no plan for this environment, if it is none, or what to do instead.
    pub fn refused(&self, setting: &Setting<'_>) -> Option<String> {
        let begins = self.plan.as_ref()?;
        match setting.misses(&begins.when) {
            Some(condition) => Some(begins.instead(setting).unwrap_or_else(|| format!("{}: only where {}", self.title, condition.words()))),
            None => self.uncertain(setting),
        }
    }

    /// Why none of its operations may be done now, if that is so: what has to be certain about the environment is not.
    pub fn uncertain(&self, setting: &Setting<'_>) -> Option<String> {
        let begins = self.plan.as_ref()?;
        // The type stands first, and what it is about last.
        let open = begins.certain.iter().rfind(|condition| condition.is(setting) != Known::Is(true))?;
        let unknown = if open.is(setting).is_unknown() { ", which nobody knows" } else { "" };
        Some(begins.instead(setting).unwrap_or_else(|| format!("{}: only where {}{unknown}", self.title, open.words())))
    }

    /// Whether an operation opens it: `ends` are what it was done with and what it was done to, as they were before.
    pub fn is_opened_by(&self, operation: &Operation, content: Option<&Environment>, edition: Edition) -> bool {
        let certain = |when: &[Condition]| {
            let setting = |environment| Setting { environment, source: None, left: None, inputs: Known::Is(&operation.inputs), edition, estate: None };
            when.is_empty() || content.is_some_and(|content| when.iter().all(|condition| condition.is(&setting(content)) == Known::Is(true)))
        };
        self.opened_by.iter().any(|opening| opening.operation == operation.kind && certain(&opening.when))
    }
}

/// The sentences of which the conditions hold.
pub(super) fn shown(lines: &[Line], setting: &Setting<'_>) -> Vec<Arc<str>> {
    lines.iter().filter(|line| setting.meets(&line.when)).map(|line| Arc::clone(&line.text)).collect()
}

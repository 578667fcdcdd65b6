//! A checklist as data: sections, items and what each depends on, from a closed set of conditions.

use std::sync::Arc;

use crate::domain::component::{Component, ComponentKind, Property};
use crate::domain::copy::Level;
use crate::domain::environment::{Environment, EnvironmentType};
use crate::domain::journal::ItemAct;
use crate::domain::known::Known;
use crate::domain::rulebook::Edition;
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
        Linked = "linked" "linked to finance and operations",
        NotLinked = "not-linked" "not linked to finance and operations",
        OrderManagement = "order-management" "Intelligent Order Management is installed",
        Dynamics365 = "dynamics-365" "Dynamics 365 apps are enabled",
        Managed = "managed" "managed",
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
}

impl Condition {
    /// Whether it holds, or could.
    pub fn holds(&self, setting: &Setting<'_>) -> bool {
        let could = |fact: Known<bool>, wanted: bool| !fact.is(|is| *is != wanted);
        let environment = setting.environment;
        match self {
            Self::Level(level) => !setting.level.is(|is| is != level),
            Self::Edition(edition) => setting.edition == *edition,
            Self::Component(kind) => !environment.components.of(*kind).is(|list| list.is_empty()),
            Self::Type(types) => !environment.kind.is(|is| !types.contains(is)),
            Self::Environment(Trait::Linked) => could(environment.is_linked(), true),
            Self::Environment(Trait::NotLinked) => could(environment.is_linked(), false),
            Self::Environment(Trait::OrderManagement) => could(environment.has_order_management(), true),
            Self::Environment(Trait::Dynamics365) => could(environment.has_dynamics_365(), true),
            Self::Environment(Trait::Managed) => could(environment.managed, true),
        }
    }
}

/// What the conditions are asked about.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// The environment that the checklist is for: after a copy, the copy.
    pub environment: &'a Environment,
    /// The level of the copy that opened it.
    pub level: Known<Level>,
    /// The rules that decide.
    pub edition: Edition,
}

impl Setting<'_> {
    /// Whether all of the conditions hold, or could.
    pub fn meets(&self, conditions: &[Condition]) -> bool {
        conditions.iter().all(|condition| condition.holds(self))
    }
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

/// The components that an item concerns and names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concerned {
    /// Their kind.
    pub kind: ComponentKind,
    /// Only those with these properties, `in_solution` among them; one whose property is unknown could have it.
    pub only: Vec<(&'static str, Property)>,
}

impl Concerned {
    /// Whether a component has the properties, or could; and whether that is certain.
    pub fn includes(&self, component: &Component) -> Known<bool> {
        let mut certain = true;
        for (name, wanted) in &self.only {
            let has = match *name {
                "in_solution" => component.in_solution.map(|is| Property::Flag(is) == *wanted),
                name => component.property(name).map(|is| is == wanted),
            };
            match has {
                Known::Is(false) => return Known::Is(false),
                Known::Is(true) => {}
                Known::Unknown => certain = false,
            }
        }
        if certain { Known::Is(true) } else { Known::Unknown }
    }
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
    /// The components that it names; it does not apply where there are none.
    pub components: Vec<Concerned>,
    /// What can be decided; an item with decisions is settled by one of them and not by a tick.
    pub decisions: Vec<Decision>,
    /// The gate that it keeps shut until it is settled, and why.
    pub gate: Option<(Gate, Arc<str>)>,
    /// The gate that has to be open before it can be done.
    pub behind: Option<Gate>,
    /// The item that has to be settled before it can be done.
    pub after: Option<Box<str>>,
    /// What ticking it changes about the environment; opening it again changes it back.
    pub then: Option<Then>,
    /// Whether the system did it, so that nobody has to.
    pub done_by_system: bool,
    /// What it consists of: it is done when all of these are.
    pub items: Vec<Arc<Item>>,
}

/// A part of a checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Its items, in order.
    pub items: Vec<Arc<Item>>,
}

/// A checklist as it is written down, for any environment.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Its sections, in order.
    pub sections: Vec<Section>,
}

impl Template {
    /// All items and the items that they consist of, in order.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        let top = self.sections.iter().flat_map(|section| &section.items);
        top.flat_map(|item| std::iter::once(item).chain(&item.items)).map(|item| &**item)
    }
}

/// The sentences of which the conditions hold.
pub(super) fn shown(lines: &[Line], setting: &Setting<'_>) -> Vec<Arc<str>> {
    lines.iter().filter(|line| setting.meets(&line.when)).map(|line| Arc::clone(&line.text)).collect()
}

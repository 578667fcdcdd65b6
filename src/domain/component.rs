//! What an environment contains that operations carry, leave behind or break: its apps, flows, mailboxes, connections.

use crate::domain::known::Known;
use crate::domain::words::{Word, counted};
use crate::vocabulary;

vocabulary! {
    /// The kinds of component that rules and checklists tell apart.
    ComponentKind, "component kind" {
        CanvasApp = "canvas-app" "Canvas apps",
        CloudFlow = "cloud-flow" "Cloud flows",
        CustomConnector = "custom-connector" "Custom connectors",
        Connection = "connection" "Connections",
        ConnectionReference = "connection-reference" "Connection references",
        PlugIn = "plug-in" "Server-side plug-ins",
        WorkflowActivity = "workflow-activity" "Workflow custom activities",
        WebResource = "web-resource" "Web resources",
        Iframe = "iframe" "IFRAMEs",
        Mailbox = "mailbox" "Mailboxes",
        SharepointSite = "sharepoint-site" "SharePoint sites",
        Yammer = "yammer" "Yammer",
        DataverseSearch = "dataverse-search" "Dataverse search",
        CustomPage = "custom-page" "Custom pages",
        ComponentLibrary = "component-library" "Component libraries",
        Chatbot = "chatbot" "Chatbots",
        Portal = "portal" "Portals",
        DualWrite = "dual-write" "Dual-write",
        VirtualEntity = "virtual-entity" "Virtual entities",
        BusinessEvent = "business-event" "Business and data events",
        Gateway = "gateway" "Gateways",
        CustomerVoiceProject = "customer-voice-project" "Customer Voice projects",
        SynapseLink = "synapse-link" "Azure Synapse Link",
        EnvironmentVariable = "environment-variable" "Environment variables",
        CheckerApp = "checker-app" "Checker app",
        CafeX = "cafe-x" "Café X",
        Marketing = "marketing" "Marketing",
    }
}

/// What a property of a component may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `true` or `false`.
    Flag,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Any text, or `none`.
    Text,
}

/// The value of a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Property {
    /// `true` or `false`.
    Flag(bool),
    /// A text or a word.
    Text(Box<str>),
    /// There is none.
    Nothing,
}

const STATE: (&str, Shape) = ("state", Shape::Word(&["enabled", "disabled"]));
const EXTERNAL: (&str, Shape) = ("external", Shape::Flag);
const SYNC: Shape = Shape::Word(&["none", "server-side-sync", "email-router", "outlook", "forward-mailbox"]);

impl ComponentKind {
    /// One of them, as it stands in a sentence.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::CanvasApp => "canvas app",
            Self::CloudFlow => "cloud flow",
            Self::CustomConnector => "custom connector",
            Self::Connection => "connection",
            Self::ConnectionReference => "connection reference",
            Self::PlugIn => "server-side plug-in",
            Self::WorkflowActivity => "custom workflow activity",
            Self::WebResource => "web resource",
            Self::Iframe => "IFRAME",
            Self::Mailbox => "mailbox",
            Self::SharepointSite => "SharePoint site",
            Self::Yammer => "Yammer feed",
            Self::DataverseSearch => "Dataverse search setting",
            Self::CustomPage => "custom page",
            Self::ComponentLibrary => "component library",
            Self::Chatbot => "chatbot",
            Self::Portal => "portal",
            Self::DualWrite => "dual-write map",
            Self::VirtualEntity => "virtual entity",
            Self::BusinessEvent => "business or data event",
            Self::Gateway => "gateway",
            Self::CustomerVoiceProject => "Customer Voice project",
            Self::SynapseLink => "Azure Synapse Link",
            Self::EnvironmentVariable => "environment variable",
            Self::CheckerApp => "checker app",
            Self::CafeX => "Café X app",
            Self::Marketing => "Marketing app",
        }
    }

    /// So many of them, as it stands in a sentence: "1 component library", "3 component libraries".
    pub fn counted(self, number: usize) -> String {
        counted(number, self.noun())
    }

    /// The properties that a component of this kind can have beside `id`, `name` and `in_solution`.
    pub const fn properties(self) -> &'static [(&'static str, Shape)] {
        match self {
            Self::CanvasApp => &[("shared_with", Shape::Text)],
            Self::CloudFlow => {
                &[STATE, ("trigger", Shape::Word(&["http", "automated", "scheduled", "instant"])), ("custom_connector", Shape::Flag), ("child", Shape::Flag)]
            }
            Self::Connection => &[("connector", Shape::Text), ("owner", Shape::Text)],
            Self::ConnectionReference => &[("connection", Shape::Text), ("connector", Shape::Text)],
            Self::PlugIn | Self::WorkflowActivity => &[STATE, EXTERNAL],
            Self::WebResource => &[EXTERNAL],
            Self::Iframe => &[("target", Shape::Text)],
            Self::Mailbox => &[("user", Shape::Text), ("incoming", SYNC), ("outgoing", SYNC), ("appointments", SYNC)],
            Self::SharepointSite => &[("url", Shape::Text), STATE],
            Self::Yammer => &[("network", Shape::Text), STATE],
            Self::DataverseSearch | Self::DualWrite | Self::VirtualEntity | Self::BusinessEvent => &[STATE],
            Self::Portal => &[("type", Shape::Text), ("language", Shape::Text)],
            Self::EnvironmentVariable => &[("value", Shape::Text)],
            Self::CustomConnector
            | Self::CustomPage
            | Self::ComponentLibrary
            | Self::Chatbot
            | Self::Gateway
            | Self::CustomerVoiceProject
            | Self::SynapseLink
            | Self::CheckerApp
            | Self::CafeX
            | Self::Marketing => &[],
        }
    }

    /// The kinds that a copy or restore may leave behind when they were never added to a solution (CPY-008).
    pub const LEFT_BEHIND_OUTSIDE_SOLUTIONS: [Self; 4] = [Self::CanvasApp, Self::CloudFlow, Self::CustomConnector, Self::Connection];
}

/// One app, flow, mailbox, connection and so on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// Permanent id, unique within its environment and kind.
    pub id: Box<str>,
    /// The name that people read.
    pub name: Box<str>,
    /// Whether it was added to a Dataverse solution, which decides whether operations carry it (ENV-032).
    pub in_solution: Known<bool>,
    /// The properties that were seen, of those in [`ComponentKind::properties`]; what is not here is unknown.
    pub properties: Vec<(&'static str, Property)>,
}

impl Component {
    /// One property of the component.
    pub fn property(&self, name: &str) -> Known<&Property> {
        match self.properties.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => Known::Is(value),
            None => Known::Unknown,
        }
    }
}

impl Component {
    /// Gives a property another value.
    pub fn set(&mut self, name: &'static str, value: Property) {
        self.properties.retain(|(known, _)| *known != name);
        self.properties.push((name, value));
    }

    /// Puts the properties into the order in which the kind lists them.
    fn put_in_order(&mut self, kind: ComponentKind) {
        let place = |name: &str| kind.properties().iter().position(|(known, _)| *known == name);
        if !self.properties.is_sorted_by_key(|(name, _)| place(name)) {
            self.properties.sort_by_key(|(name, _)| place(name));
        }
    }
}

/// The components of an environment by kind; a kind that is not here was never looked up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Components(Vec<(ComponentKind, Vec<Component>)>);

impl Components {
    /// All components of one kind: unknown when nobody looked, empty when there are none.
    pub fn of(&self, kind: ComponentKind) -> Known<&[Component]> {
        match self.0.iter().find(|(known, _)| *known == kind) {
            Some((_, list)) => Known::Is(list),
            None => Known::Unknown,
        }
    }

    /// Records what was found of one kind.
    pub fn insert(&mut self, kind: ComponentKind, mut list: Vec<Component>) {
        list.iter_mut().for_each(|component| component.put_in_order(kind));
        self.0.retain(|(known, _)| *known != kind);
        // In the order of the vocabulary, so that the same components are equal however they were found.
        let at = self.0.partition_point(|(known, _)| *known < kind);
        self.0.insert(at, (kind, list));
    }

    /// Forgets what was found of one kind.
    pub fn forget(&mut self, kind: ComponentKind) {
        self.0.retain(|(known, _)| *known != kind);
    }

    /// Changes every component of one kind.
    pub fn change(&mut self, kind: ComponentKind, mut change: impl FnMut(&mut Component)) {
        if let Some((_, list)) = self.0.iter_mut().find(|(known, _)| *known == kind) {
            for component in list {
                change(component);
                component.put_in_order(kind);
            }
        }
    }

    /// The kinds that were looked up, with what was found, in the order of the vocabulary.
    pub fn seen(&self) -> impl Iterator<Item = (ComponentKind, &[Component])> {
        ComponentKind::ALL.iter().filter_map(|kind| self.0.iter().find(|(known, _)| known == kind)).map(|(kind, list)| (*kind, list.as_slice()))
    }
}

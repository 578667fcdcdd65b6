//! What an item finds in an environment: the components that it concerns, or what it is repeated for.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::template::{Concerned, Each, Item, OrderPart, Setting, Where};
use crate::domain::component::{Component, Property};
use crate::domain::environment::{Environment, Orchestration, OrderManagement};
use crate::domain::journal::Value;
use crate::domain::known::Known;
use crate::domain::mapping::{Mailbox, mailbox};
use crate::domain::tenant::{MailboxAddress, Tenant, User};
use crate::domain::words::Word as _;

/// A component that an item concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concern {
    /// Its permanent id, by which rows that are repeated tell apart what they are about.
    pub key: Arc<str>,
    /// Its name.
    pub name: Box<str>,
    /// What is known of it that matters here: `incoming server-side-sync, outgoing none`.
    pub detail: Box<str>,
    /// Whether it is only possible that the item concerns it, because a property is unknown.
    pub unsure: bool,
}

/// What was found for an item.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// What it concerns.
    pub(super) concerns: Vec<Concern>,
    /// Whether nobody looked for some of it.
    pub(super) unexplored: bool,
    /// Why the item does not apply, when by the facts it does not.
    pub(super) none: Option<Box<str>>,
}

/// Looks for what an item is about. What was `done` something with stays, although by the facts it is so by now.
pub(super) fn look(item: &Item, setting: &Setting<'_>, done: impl Fn(&str) -> bool) -> Seen {
    if let Some(condition) = setting.misses(&item.applies) {
        return Seen { none: Some(format!("only where {}; by the facts that is not so", condition.words()).into()), ..Seen::default() };
    }
    match &item.each {
        None => components(&item.components, setting, |_| false),
        Some(Each::Components(concerned)) => components(concerned, setting, done),
        Some(Each::Orders(part)) => orders(*part, setting.environment),
        Some(Each::Users(mailboxes)) => enabled(mailboxes, setting),
        Some(Each::Mapped(outcomes)) => mapped(outcomes, setting),
    }
}

/// Users by their names, which compare equal ignoring case.
fn by_name<'a>(tenants: impl Iterator<Item = &'a Tenant>) -> HashMap<String, &'a User> {
    let lists = tenants.filter_map(|tenant| if let Known::Is(users) = &tenant.users { Some(users) } else { None });
    lists.flatten().map(|user| (user.upn.to_lowercase(), user)).collect()
}

/// The users who are enabled in the environment and have one of these mailboxes, or could.
fn enabled(wanted: &[MailboxAddress], setting: &Setting<'_>) -> Seen {
    let Known::Is(users) = &setting.home().users else { return Seen { unexplored: true, ..Seen::default() } };
    let known = by_name(setting.tenant().into_iter());
    let concern = |upn: &Arc<str>| {
        let mailbox = known.get(&upn.to_lowercase()).map_or(Known::Unknown, |user| user.mailbox);
        let detail = if let Known::Is(mailbox) = mailbox { mailbox.label() } else { "" };
        let fits = mailbox.is(|is| wanted.contains(is)) || mailbox.is_unknown();
        fits.then(|| Concern { key: Arc::clone(upn), name: (&**upn).into(), detail: detail.into(), unsure: mailbox.is_unknown() })
    };
    of_users(users.iter().filter_map(concern).collect(), "no enabled user has such a mailbox")
}

/// The users of the mapping file of whose mailbox one of these comes about, or could (C-50).
fn mapped(wanted: &[Mailbox], setting: &Setting<'_>) -> Seen {
    let named = match setting.inputs {
        Known::Is(inputs) => inputs.iter().find(|(name, _)| &**name == "users").map(|(_, value)| value),
        Known::Unknown => None,
    };
    let Some(Value::List(rows)) = named else { return Seen { unexplored: true, ..Seen::default() } };
    let known = by_name(setting.estate.into_iter().flat_map(|estate| estate.tenants().map(|(_, tenant)| tenant)));
    let concern = |row: &str| {
        let (source, destination) = row.split_once(',').map(|(source, destination)| (source.trim(), destination.trim()))?;
        let find = |upn: &str| known.get(&upn.to_lowercase());
        let outcome = find(source).zip(find(destination)).map_or(Known::Unknown, |(here, there)| mailbox(here, there));
        let fits = outcome.is(|is| wanted.contains(is)) || outcome.is_unknown();
        let doubt = if outcome.is_unknown() { ", what becomes of the mailbox is unknown" } else { "" };
        fits.then(|| Concern {
            key: Arc::from(destination),
            name: destination.into(),
            detail: format!("was {source}{doubt}").into(),
            unsure: outcome.is_unknown(),
        })
    };
    of_users(rows.iter().filter_map(|row| concern(row)).collect(), "no mapped user is concerned")
}

fn of_users(concerns: Vec<Concern>, nobody: &str) -> Seen {
    let none = concerns.is_empty().then(|| format!("by the facts {nobody}").into());
    Seen { concerns, unexplored: false, none }
}

fn components(wanted: &[Concerned], setting: &Setting<'_>, done: impl Fn(&str) -> bool) -> Seen {
    let (mut concerns, mut named, mut unexplored, mut already) = (Vec::new(), HashSet::new(), false, false);
    for concerned in wanted {
        let environment = match concerned.of {
            Where::Here => Some(setting.environment),
            Where::Source => setting.source,
        };
        // Of what came back to where it was nothing outside of solutions is missing.
        let itself = concerned.of == Where::Source && environment.is_some_and(|source| source.id == setting.environment.id);
        if itself && concerned.only.contains(&("in_solution", Property::Flag(false))) {
            continue;
        }
        let Some(Known::Is(list)) = environment.map(|environment| environment.components.of(concerned.kind)) else {
            unexplored = true;
            continue;
        };
        for component in list {
            let mut included = concerned.includes(component);
            already |= included == Known::Is(false) && concerned.is_already(component);
            if included == Known::Is(false) && done(&component.id) {
                included = Known::Is(true);
            }
            // One that fits in two ways is named once.
            if included != Known::Is(false) && !named.contains(&component.id) {
                named.insert(&component.id);
                let (key, name) = (Arc::from(&*component.id), component.name.clone());
                concerns.push(Concern { key, name, detail: detail(component), unsure: included.is_unknown() });
            }
        }
    }
    let none = (!wanted.is_empty() && concerns.is_empty() && !unexplored).then(|| {
        let kinds: Vec<&str> = wanted.iter().map(|concerned| concerned.kind.label()).collect();
        let all = wanted.iter().all(|concerned| concerned.only.is_empty() && concerned.not.is_empty());
        let none = match (all, already) {
            (true, _) => "there are none",
            (false, true) => "that is so already",
            (false, false) => "none is concerned",
        };
        format!("by the facts {none} ({})", kinds.join(", ")).into_boxed_str()
    });
    Seen { concerns, unexplored, none }
}

fn orders(part: OrderPart, environment: &Environment) -> Seen {
    let orders: &OrderManagement = match &environment.order_management {
        Known::Unknown => return Seen { unexplored: true, ..Seen::default() },
        Known::Is(None) => return Seen { none: Some("by the facts Intelligent Order Management is not installed here".into()), ..Seen::default() },
        Known::Is(Some(orders)) => orders,
    };
    let concern = |name: &str, detail: String| Concern { key: Arc::from(name), name: name.into(), detail: detail.into(), unsure: false };
    let found: Known<Vec<Concern>> = match part {
        OrderPart::Provider => orders.providers.as_ref().map(|providers| providers.iter().map(|name| concern(name, String::new())).collect()),
        OrderPart::Orchestration => orders
            .orchestrations
            .as_ref()
            .map(|all| all.iter().map(|orchestration| concern(&orchestration.name, orchestration_in_words(orchestration))).collect()),
    };
    match found {
        Known::Unknown => Seen { unexplored: true, ..Seen::default() },
        Known::Is(concerns) => {
            let none = concerns.is_empty().then(|| format!("by the facts there are none ({})", part.label()).into());
            Seen { concerns, unexplored: false, none }
        }
    }
}

/// What is known of an orchestration, in words: `published, uses Reserve, Ship (invalid since the copy)`.
fn orchestration_in_words(orchestration: &Orchestration) -> String {
    let published = match orchestration.published {
        Known::Is(true) => Some("published".to_owned()),
        Known::Is(false) => Some("not published".to_owned()),
        Known::Unknown => None,
    };
    let uses = match &orchestration.provider_actions {
        Known::Is(actions) if actions.is_empty() => Some("no provider actions".to_owned()),
        Known::Is(actions) => Some(format!("uses {}{}", actions.join(", "), if orchestration.invalid_actions { ", invalid since the copy" } else { "" })),
        Known::Unknown => None,
    };
    published.into_iter().chain(uses).collect::<Vec<_>>().join("; ")
}

/// The properties of a component that were seen, in words.
fn detail(component: &Component) -> Box<str> {
    let words = component.properties.iter().map(|(name, value)| match value {
        Property::Flag(true) => (*name).replace('_', " "),
        Property::Flag(false) => format!("no {}", name.replace('_', " ")),
        Property::Text(text) => format!("{} {text}", name.replace('_', " ")),
        Property::Nothing => format!("{} none", name.replace('_', " ")),
    });
    words.collect::<Vec<_>>().join(", ").into_boxed_str()
}

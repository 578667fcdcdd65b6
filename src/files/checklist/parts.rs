//! What the keys of a checklist hold: conditions, components, answers, periods, and what leads to other items.

use std::sync::Arc;

use super::{permanent, some};
use crate::domain::checklist::{
    AnswerKind, Asks, Begins, Clock, Concerned, Condition, Does, Each, Follows, ItemOf, Line, Link, Mandatory, Opening, OrderPart, Part, Where,
};
use crate::domain::component::{ComponentKind, Property, Shape};
use crate::domain::environment::EnvironmentType;
use crate::domain::fact;
use crate::domain::operation::OperationKind;
use crate::domain::words::{Word as _, nearest};
use crate::files::snapshot::{boxed, shared, word};
use crate::files::yaml::{Context, Entry, Fields, Node, Step, Value, short};

/// What an item is repeated for: `orchestration`, `provider`, `{ users: same-address }`, `{ mapped: reconfigure }`, or
/// components as `component` names them.
pub(super) fn each(context: &mut Context, node: Node) -> Option<Each> {
    let about = |key: &str| matches!(&node.value, Value::Map(entries) if entries.iter().any(|entry| entry.key == key));
    if about("users") || about("mapped") {
        let mut fields = Fields::of(context, node)?;
        let users = fields.optional(context, "users", one_or_more(word)).map(Each::Users);
        let mapped = fields.optional(context, "mapped", one_or_more(word)).map(Each::Mapped);
        fields.end(context);
        return users.or(mapped);
    }
    let part = if let Value::Text(text, ..) = &node.value { OrderPart::from_word(text) } else { None };
    match part {
        Some(part) => Some(Each::Orders(part)),
        None => components(context, node).map(Each::Components),
    }
}

/// What has to be answered: a question, or `{ question: ..., answer: time }`.
pub(super) fn asks(context: &mut Context, node: Node) -> Option<Asks> {
    if matches!(node.value, Value::Text(..)) {
        return shared(context, node).map(|question| Asks { question, answer: AnswerKind::Text });
    }
    let mut fields = Fields::of(context, node)?;
    let question = fields.required(context, "question", shared);
    let answer = fields.required(context, "answer", word);
    fields.end(context);
    Some(Asks { question: question?, answer: answer? })
}

/// Another item: its id, or `{ checklist: migration, item: portal-type }` for one of another checklist.
pub(super) fn item_of(context: &mut Context, node: Node) -> Option<ItemOf> {
    if matches!(node.value, Value::Text(..)) {
        return permanent(context, node).map(|item| ItemOf { checklist: None, item });
    }
    let mut fields = Fields::of(context, node)?;
    let checklist = fields.required(context, "checklist", permanent);
    let item = fields.required(context, "item", permanent);
    fields.end(context);
    Some(ItemOf { checklist: Some(checklist?), item: item? })
}

/// A period: `{ days: 7, until: ITEM, says: ..., expired: ... }`.
pub(super) fn clock(context: &mut Context, node: Node) -> Option<Clock> {
    let mut fields = Fields::of(context, node)?;
    let days = fields.required(context, "days", |context, node| {
        context.parsed(node, "a number of days from 1 to 366", |text| text.parse().ok().filter(|days| (1..=366).contains(days)))
    });
    let until = fields.required(context, "until", permanent);
    let says = fields.required(context, "says", shared);
    let expired = fields.required(context, "expired", shared);
    fields.end(context);
    Some(Clock { days: days?, until: until?, says: says?, expired: expired? })
}

/// What settles an item: `{ checklist: post-copy, items: [email, yammer] }`.
pub(super) fn follows(context: &mut Context, node: Node) -> Option<Follows> {
    let mut fields = Fields::of(context, node)?;
    let checklist = fields.required(context, "checklist", permanent);
    let items = fields.required(context, "items", |context, node| some(context, node, permanent));
    fields.end(context);
    Some(Follows { checklist: checklist?, items: items? })
}

/// An operation that opens a checklist: `copy`, or `{ operation: copy, when: { environment: order-management } }`.
pub(super) fn opening(context: &mut Context, node: Node) -> Option<Opening> {
    if matches!(node.value, Value::Text(..)) {
        return word(context, node).map(|operation| Opening { operation, when: Vec::new() });
    }
    let mut fields = Fields::of(context, node)?;
    let operation = fields.required(context, "operation", word);
    let when = fields.optional(context, "when", conditions).unwrap_or_default();
    fields.end(context);
    Some(Opening { operation: operation?, when })
}

/// What a tick states about the environment: `{ order_management.active: true }`.
pub(super) fn states(context: &mut Context, node: Node) -> Option<Vec<(&'static str, bool)>> {
    let Value::Map(entries) = node.value else {
        context.problem_at(Some(node.place), "this must be a mapping of fields to true or false".to_owned());
        return None;
    };
    let one = |entry: Entry| {
        let place = entry.place;
        let (name, node) = entry.into_parts()?;
        let Ok(field) = fact::of_environment(&name) else {
            context.problem_at(Some(place), format!("environments have no field \"{}\"", short(&name)));
            return None;
        };
        if matches!(field.shape.name, "admin_mode" | "background_operations") {
            context.problem_at(
                Some(place),
                "this is a switch: say `then: admin-mode-off` or `then: background-on`, which is judged before it is thrown".to_owned(),
            );
            return None;
        }
        context.flag(node).map(|value| (field.shape.name, value))
    };
    Some(entries.into_iter().filter_map(one).collect())
}

/// When a plan can be begun: `{}` always, or `{ when: { type: production } }`, with what there is to know before.
pub(super) fn begins(context: &mut Context, node: Node) -> Option<Begins> {
    let mut fields = Fields::of(context, node)?;
    let when = fields.optional(context, "when", conditions).unwrap_or_default();
    let certain = fields.optional(context, "certain", conditions).unwrap_or_default();
    let caution = fields.optional(context, "caution", lines).unwrap_or_default();
    let instead = fields.optional(context, "instead", lines).unwrap_or_default();
    fields.end(context);
    Some(Begins { when, certain, instead, caution })
}

/// An operation that an item consists of: `{ operation: switch, type: sandbox }`.
pub(super) fn does(context: &mut Context, node: Node) -> Option<Does> {
    let place = node.place;
    let mut fields = Fields::of(context, node)?;
    let operation: Option<OperationKind> = fields.required(context, "operation", word);
    let part = fields.optional(context, "part", word).unwrap_or(Part::Target);
    let to: Option<EnvironmentType> = fields.optional(context, "type", word);
    fields.end(context);
    if to.is_some() && operation != Some(OperationKind::Switch) {
        context.problem_at(Some(place), "only a switch has a type".to_owned());
    }
    Some(Does { operation: operation?, part, to })
}

/// A path through menus: steps with ` > ` between them.
pub(in crate::files) fn menu_path(context: &mut Context, node: Node) -> Option<Arc<str>> {
    let fits = |text: &str| (text.contains(" > ") && text.split(" > ").all(|step| !step.is_empty() && step.trim() == step)).then(|| Arc::from(text));
    context.parsed(node, "a path such as Settings > Administration", fits)
}

pub(super) fn links(context: &mut Context, node: Node) -> Option<Vec<Link>> {
    some(context, node, |context, node| {
        let mut fields = Fields::of(context, node)?;
        let title = fields.required(context, "title", shared);
        let url = fields.required(context, "url", |context, node| {
            let fits = |text: &str| {
                let host = text.strip_prefix("https://")?;
                (!host.is_empty() && !host.starts_with('/') && !text.contains(char::is_whitespace)).then(|| Arc::from(text))
            };
            context.parsed(node, "an address that begins with https://", fits)
        });
        fields.end(context);
        Some(Link { title: title?, url: url? })
    })
}

/// Sentences: each a text, or a text with its conditions.
pub(super) fn lines(context: &mut Context, node: Node) -> Option<Vec<Line>> {
    some(context, node, |context, node| {
        if matches!(node.value, Value::Text(..)) {
            return shared(context, node).map(|text| Line { text, when: Vec::new() });
        }
        let mut fields = Fields::of(context, node)?;
        let text = fields.required(context, "text", shared);
        let when = fields.required(context, "when", conditions);
        fields.end(context);
        Some(Line { text: text?, when: when? })
    })
}

/// Conditions, all of which must hold.
pub(super) fn conditions(context: &mut Context, node: Node) -> Option<Vec<Condition>> {
    let place = node.place;
    let mut fields = Fields::of(context, node)?;
    if !fields.has_more() {
        context.problem_at(Some(place), "a condition is missing here: level, rulebook, component, type, environment, tenant or input".to_owned());
    }
    let mut found = Vec::new();
    found.extend(fields.optional(context, "level", word).map(Condition::Level));
    found.extend(fields.optional(context, "rulebook", word).map(Condition::Edition));
    found.extend(fields.optional(context, "component", one_or_more(word)).into_iter().flatten().map(Condition::Component));
    found.extend(fields.optional(context, "type", one_or_more(word)).map(Condition::Type));
    found.extend(fields.optional(context, "environment", one_or_more(word)).into_iter().flatten().map(Condition::Environment));
    found.extend(fields.optional(context, "tenant", one_or_more(word)).into_iter().flatten().map(Condition::Tenant));
    found.extend(fields.optional(context, "input", input).into_iter().flatten());
    fields.end(context);
    Some(found)
}

/// Choices of the operation or plan by name, each with the words that fit: `{ finance_operations: database-refresh }`.
fn input(context: &mut Context, node: Node) -> Option<Vec<Condition>> {
    let Value::Map(entries) = node.value else {
        context.problem_at(Some(node.place), "this must be a mapping of choices to words".to_owned());
        return None;
    };
    let one = |entry: Entry| {
        let (name, node) = entry.into_parts()?;
        one_or_more(boxed)(context, node).map(|words| Condition::Input(name.into(), words))
    };
    Some(entries.into_iter().filter_map(one).collect())
}

/// One value, or a list of them.
pub(super) fn one_or_more<T>(mut one: impl FnMut(&mut Context, Node) -> Option<T>) -> impl FnOnce(&mut Context, Node) -> Option<Vec<T>> {
    move |context, node| if matches!(node.value, Value::List(_)) { some(context, node, one) } else { one(context, node).map(|value| vec![value]) }
}

/// `true`, `false`, or the conditions under which it is.
pub(super) fn mandatory(context: &mut Context, node: Node) -> Option<Mandatory> {
    if matches!(node.value, Value::Map(_)) {
        return conditions(context, node).map(Mandatory::When);
    }
    context.flag(node).map(|always| if always { Mandatory::When(Vec::new()) } else { Mandatory::No })
}

/// The components that an item names: a kind, a kind with properties, or several of these.
pub(super) fn components(context: &mut Context, node: Node) -> Option<Vec<Concerned>> {
    one_or_more(|context: &mut Context, node: Node| {
        let Value::Map(entries) = node.value else {
            return word(context, node).map(|kind| Concerned { kind, of: Where::Here, only: Vec::new(), not: Vec::new() });
        };
        let (mut kinds, properties): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(|entry| entry.key == "kind");
        let (mut whose, properties): (Vec<Entry>, Vec<Entry>) = properties.into_iter().partition(|entry| entry.key == "of");
        let (unwanted, properties): (Vec<Entry>, Vec<Entry>) = properties.into_iter().partition(|entry| entry.key == "not");
        let Some((_, kind)) = kinds.pop().and_then(Entry::into_parts) else {
            context.problem_at(Some(node.place), "`kind` is missing here".to_owned());
            return None;
        };
        let kind = context.within(Step::Field("kind"), |context| word(context, kind))?;
        let of = match whose.pop().and_then(Entry::into_parts) {
            Some((_, node)) => context.within(Step::Field("of"), |context| word(context, node))?,
            None => Where::Here,
        };
        let only = properties.into_iter().filter_map(|entry| property(context, kind, entry)).collect();
        let mut not = Vec::new();
        for (_, node) in unwanted.into_iter().filter_map(Entry::into_parts) {
            match node.value {
                Value::Map(entries) => not.extend(entries.into_iter().filter_map(|entry| property(context, kind, entry))),
                Value::List(_) | Value::Text(..) => {
                    context.problem_at(Some(node.place), "`not` must be a mapping of properties: { incoming: none }".to_owned())
                }
            }
        }
        Some(Concerned { kind, of, only, not })
    })(context, node)
}

/// A property that components of that kind can have, with a value that it can have.
fn property(context: &mut Context, kind: ComponentKind, entry: Entry) -> Option<(&'static str, Property)> {
    let place = entry.place;
    let (key, node) = entry.into_parts()?;
    let known = || kind.properties().iter().copied().chain([("in_solution", Shape::Flag)]);
    let Some((name, shape)) = known().find(|(name, _)| *name == key) else {
        let names = || known().map(|(name, _)| name);
        let meant =
            nearest(&key, names()).map_or_else(|| format!("known are {}", names().collect::<Vec<_>>().join(", ")), |near| format!("did you mean `{near}`?"));
        context.problem_at(Some(place), format!("components of this kind have no `{}`; {meant}", short(&key)));
        return None;
    };
    let value = context.within(Step::Field(name), |context| match shape {
        Shape::Flag => context.flag(node).map(Property::Flag),
        // As in snapshots, where the word `none` says that there is none.
        Shape::Word(words) if node.is_none() && words.contains(&"none") => Some(Property::Nothing),
        Shape::Word(words) => {
            let expected = format!("one of {}", words.join(", "));
            context.parsed(node, &expected, |text| words.contains(&text).then(|| Property::Text(text.into())))
        }
        Shape::Text if node.is_none() => Some(Property::Nothing),
        Shape::Text => boxed(context, node).map(Property::Text),
    });
    Some((name, value?))
}

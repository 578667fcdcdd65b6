//! Reads checklists from `assets/checklists/` and refuses one that is wrong, with file, line and reason.

use std::collections::HashMap;
use std::io::Read;
use std::sync::Arc;

use super::problem::Problems;
use super::snapshot::{boxed, shared, word};
use super::yaml::{Context, Entry, Fields, Node, Place, Reader, Step, Stopped, Value, short};
use crate::domain::checklist::{Concerned, Condition, Item, Line, Link, Mandatory, Section, Template};
use crate::domain::component::{ComponentKind, Property, Shape};
use crate::domain::words::nearest;

/// The checklists that are built in. Another one is a file and a line here.
const ASSETS: [(&str, &str); 1] = [("assets/checklists/post-copy.yaml", include_str!("../../assets/checklists/post-copy.yaml"))];

/// Reads all checklists that are built in.
pub fn built_in() -> Result<Vec<Template>, Problems> {
    ASSETS.iter().map(|(file, text)| read(file, text.as_bytes())).collect()
}

/// Reads one checklist from `source`, which is called `file` in messages.
pub fn read(file: &str, source: impl Read + 'static) -> Result<Template, Problems> {
    let mut reader = Reader::new(file, source);
    let root = reader.whole();
    let stopped = matches!(root, Err(Stopped));
    let context = &mut reader.context;
    context.problems.unreadable |= stopped;
    let template = root.ok().and_then(|node| template(context, node));
    match template {
        Some(template) if context.problems.is_empty() => Ok(template),
        Some(_) | None => Err(std::mem::replace(&mut context.problems, Problems::none_in(file))),
    }
}

/// What has to fit together across the whole checklist, with the place of each.
#[derive(Default)]
struct Ids {
    items: HashMap<Box<str>, Place>,
    sections: HashMap<Box<str>, Place>,
    before: Vec<(Box<str>, Box<str>, Place)>,
    gates: Vec<crate::domain::checklist::Gate>,
    behind: Vec<(crate::domain::checklist::Gate, Place)>,
}

impl Ids {
    /// What was referred to and is not there.
    fn end(self, context: &mut Context) {
        for (item, before, place) in &self.before {
            match self.items.get(before) {
                None => context.problem_at(Some(*place), format!("there is no item \"{}\" that could come first", short(before))),
                Some(_) if item == before => context.problem_at(Some(*place), "an item cannot come after itself".to_owned()),
                Some(there) if there > place => context.problem_at(Some(*place), format!("\"{before}\" stands further down: what comes first stands first")),
                Some(_) => {}
            }
        }
        for (gate, place) in &self.behind {
            if !self.gates.contains(gate) {
                context.problem_at(Some(*place), "no item of this checklist has that `gate`, so nothing would keep it shut".to_owned());
            }
        }
    }
}

fn template(context: &mut Context, node: Node) -> Option<Template> {
    let mut fields = Fields::of(context, node)?;
    let f = &mut fields;
    let mut ids = Ids::default();
    let id = f.required(context, "checklist", permanent);
    let title = f.required(context, "title", shared);
    let header = f.optional(context, "header", lines).unwrap_or_default();
    let links = f.optional(context, "links", links).unwrap_or_default();
    let rules = f.optional(context, "rules", rules).unwrap_or_default();
    let sections = f.required(context, "sections", |context, node| some(context, node, |context, node| section(context, node, &mut ids)));
    fields.end(context);
    ids.end(context);
    Some(Template { id: id?, title: title?, header, links, rules, sections: sections? })
}

fn section(context: &mut Context, node: Node, ids: &mut Ids) -> Option<Section> {
    let mut fields = Fields::of(context, node)?;
    let f = &mut fields;
    let id = f.required(context, "id", |context, node| new_id(context, node, &mut ids.sections));
    let title = f.required(context, "title", shared);
    let help = f.optional(context, "help", lines).unwrap_or_default();
    let rules = f.optional(context, "rules", rules).unwrap_or_default();
    let when = f.optional(context, "when", conditions).unwrap_or_default();
    let items = f.required(context, "items", |context, node| some(context, node, |context, node| item(context, node, ids, false)));
    fields.end(context);
    Some(Section { id: id?, title: title?, help, rules, when, items: items? })
}

fn item(context: &mut Context, node: Node, ids: &mut Ids, is_part: bool) -> Option<Arc<Item>> {
    let mut fields = Fields::of(context, node)?;
    let place = fields.place();
    let f = &mut fields;
    let id = f.required(context, "id", |context, node| new_id(context, node, &mut ids.items));
    let text = f.required(context, "text", shared);
    let unknown = f.optional(context, "unknown", shared);
    let help = f.optional(context, "help", lines).unwrap_or_default();
    let path = f.optional(context, "path", menu_path);
    let links = f.optional(context, "links", links).unwrap_or_default();
    let rules = f.required(context, "rules", rules).unwrap_or_default();
    let when = f.optional(context, "when", conditions).unwrap_or_default();
    let mandatory = f.optional(context, "mandatory", mandatory).unwrap_or_default();
    let components = f.optional(context, "component", components).unwrap_or_default();
    let decisions = f.optional(context, "decisions", |context, node| some(context, node, word)).unwrap_or_default();
    let gate = f.optional(context, "gate", word);
    let because = f.optional(context, "because", shared);
    let behind = f.optional(context, "behind", |context, node| {
        let place = node.place;
        word(context, node).inspect(|gate| ids.behind.push((*gate, place)))
    });
    let after = f.optional(context, "after", |context, node| {
        let place = node.place;
        permanent(context, node).map(|before| (before, place))
    });
    let then = f.optional(context, "then", word);
    let done_by_system = f.optional(context, "done_by_system", Context::flag).unwrap_or(false);
    let items = if is_part {
        Vec::new()
    } else {
        f.optional(context, "items", |context, node| some(context, node, |context, node| item(context, node, ids, true))).unwrap_or_default()
    };
    fields.end(context);
    let mut wrong = |is_wrong: bool, message: &str| {
        if is_wrong {
            context.problem_at(Some(place), message.to_owned());
        }
    };
    wrong(components.is_empty() == unknown.is_some(), "`component` and `unknown` belong together: what it names, and how to find out while nobody looked");
    wrong(gate.is_some() != because.is_some(), "`gate` and `because` belong together: what stays shut, and why");
    let acts = !decisions.is_empty() || behind.is_some() || after.is_some() || gate.is_some() || !items.is_empty() || mandatory != Mandatory::Inherited;
    wrong(done_by_system && acts, "what the system did has only text, help, links and rules");
    wrong(!items.is_empty() && (behind.is_some() || after.is_some()), "`behind` and `after` belong to an item without parts, which is ticked itself");
    ids.gates.extend(gate);
    let (id, text) = (id?, text?);
    let after = after.map(|(before, place)| {
        ids.before.push((id.clone(), before.clone(), place));
        before
    });
    let gate = gate.zip(because);
    Some(Arc::new(Item {
        id,
        text,
        unknown,
        help,
        path,
        links,
        rules,
        when,
        mandatory,
        components,
        decisions,
        gate,
        behind,
        after,
        then,
        done_by_system,
        items,
    }))
}

/// A list with something in it.
fn some<T>(context: &mut Context, node: Node, item: impl FnMut(&mut Context, Node) -> Option<T>) -> Option<Vec<T>> {
    let place = node.place;
    let empty = matches!(&node.value, Value::List(nodes) if nodes.is_empty());
    if empty {
        context.problem_at(Some(place), "this list must not be empty: leave the key out".to_owned());
        return None;
    }
    context.list(node, item)
}

/// A permanent id: lower case, digits and hyphens, so that it stands in files without quotes.
fn permanent(context: &mut Context, node: Node) -> Option<Box<str>> {
    let fits = |text: &str| {
        let plain = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        (plain && text.starts_with(|first: char| first.is_ascii_lowercase()) && !text.ends_with('-')).then(|| text.into())
    };
    context.parsed(node, "an id of lower-case letters, digits and hyphens, such as email-incoming", fits)
}

fn new_id(context: &mut Context, node: Node, taken: &mut HashMap<Box<str>, Place>) -> Option<Box<str>> {
    let place = node.place;
    let id = permanent(context, node)?;
    if let Some((line, _)) = taken.get(&id) {
        context.problem_at(Some(place), format!("the id \"{id}\" stands in line {line} already: ids are permanent and unique"));
        return None;
    }
    taken.insert(id.clone(), place);
    Some(id)
}

/// A list of rule ids: `PCP-012`, `C-14`.
fn rules(context: &mut Context, node: Node) -> Option<Vec<Box<str>>> {
    some(context, node, |context, node| {
        context.parsed(node, "the id of a rule, such as PCP-012", |text| {
            let (area, number) = text.split_once('-')?;
            let area = (1..=3).contains(&area.len()) && area.bytes().all(|byte| byte.is_ascii_uppercase());
            let number = (2..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
            (area && number).then(|| text.into())
        })
    })
}

/// A path through menus: steps with ` > ` between them.
fn menu_path(context: &mut Context, node: Node) -> Option<Arc<str>> {
    let fits = |text: &str| (text.contains(" > ") && text.split(" > ").all(|step| !step.is_empty() && step.trim() == step)).then(|| Arc::from(text));
    context.parsed(node, "a path such as Settings > Administration", fits)
}

fn links(context: &mut Context, node: Node) -> Option<Vec<Link>> {
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
fn lines(context: &mut Context, node: Node) -> Option<Vec<Line>> {
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
fn conditions(context: &mut Context, node: Node) -> Option<Vec<Condition>> {
    let place = node.place;
    let mut fields = Fields::of(context, node)?;
    if !fields.has_more() {
        context.problem_at(Some(place), "a condition is missing here: level, rulebook, component, type or environment".to_owned());
    }
    let mut found = Vec::new();
    found.extend(fields.optional(context, "level", word).map(Condition::Level));
    found.extend(fields.optional(context, "rulebook", word).map(Condition::Edition));
    found.extend(fields.optional(context, "component", one_or_more(word)).into_iter().flatten().map(Condition::Component));
    found.extend(fields.optional(context, "type", one_or_more(word)).map(Condition::Type));
    found.extend(fields.optional(context, "environment", one_or_more(word)).into_iter().flatten().map(Condition::Environment));
    fields.end(context);
    Some(found)
}

/// One value, or a list of them.
fn one_or_more<T>(mut one: impl FnMut(&mut Context, Node) -> Option<T>) -> impl FnOnce(&mut Context, Node) -> Option<Vec<T>> {
    move |context, node| if matches!(node.value, Value::List(_)) { some(context, node, one) } else { one(context, node).map(|value| vec![value]) }
}

/// `true`, `false`, or the conditions under which it is.
fn mandatory(context: &mut Context, node: Node) -> Option<Mandatory> {
    if matches!(node.value, Value::Map(_)) {
        return conditions(context, node).map(Mandatory::When);
    }
    context.flag(node).map(|always| if always { Mandatory::When(Vec::new()) } else { Mandatory::No })
}

/// The components that an item names: a kind, a kind with properties, or several of these.
fn components(context: &mut Context, node: Node) -> Option<Vec<Concerned>> {
    one_or_more(|context: &mut Context, node: Node| {
        let Value::Map(entries) = node.value else { return word(context, node).map(|kind| Concerned { kind, only: Vec::new() }) };
        let (mut kinds, properties): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(|entry| entry.key == "kind");
        let Some((_, kind)) = kinds.pop().and_then(Entry::into_parts) else {
            context.problem_at(Some(node.place), "`kind` is missing here".to_owned());
            return None;
        };
        let kind = context.within(Step::Field("kind"), |context| word(context, kind))?;
        let only = properties.into_iter().filter_map(|entry| property(context, kind, entry)).collect();
        Some(Concerned { kind, only })
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
        Shape::Word(words) => {
            let expected = format!("one of {}", words.join(", "));
            context.parsed(node, &expected, |text| words.contains(&text).then(|| Property::Text(text.into())))
        }
        Shape::Text if node.is_none() => Some(Property::Nothing),
        Shape::Text => boxed(context, node).map(Property::Text),
    });
    Some((name, value?))
}

#[cfg(test)]
mod tests;

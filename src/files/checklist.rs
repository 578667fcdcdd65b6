//! Reads checklists, those of `assets/checklists/` and those of a team, and refuses one that is wrong, with file, line and reason.

mod parts;

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(super) use self::parts::menu_path;
use self::parts::{asks, begins, clock, components, conditions, does, each, follows, item_of, lines, links, mandatory, one_or_more, opening, states};
use super::plain;
use super::problem::Problems;
use super::snapshot::{shared, word};
use super::yaml::{Context, Fields, Node, Place, Reader, Stopped, Value, short};
use crate::domain::checklist::{Item, ItemOf, Mandatory, Section, Template};

/// The checklists that are built in: the files of `assets/checklists/`, which the build lists.
const ASSETS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/checklists.rs"));

/// Reads all checklists that are built in.
pub fn built_in() -> Result<Vec<Template>, Problems> {
    all(None)
}

/// Reads all checklists: those that are built in, and those that a team keeps in a folder of its own (`*.yaml`), by name.
pub fn all(folder: Option<&Path>) -> Result<Vec<Template>, Problems> {
    let mut templates: Vec<(String, Template)> =
        ASSETS.iter().map(|(file, text)| Ok(((*file).to_owned(), read(file, text.as_bytes())?))).collect::<Result<_, Problems>>()?;
    let added = folder.map(files_of).transpose()?.unwrap_or_default();
    let known = if added.is_empty() { None } else { Some(super::rules::built_in()?) };
    for path in added {
        let file = path.display().to_string();
        let template = open(&path).map_err(|error| Problems::unreadable(&file, format!("the checklist cannot be read: {}", plain(&error))))?;
        let template = read(&file, template)?;
        if let Some(rule) = template.rules().find(|rule| known.as_ref().is_some_and(|known| known.find(rule).is_none())) {
            return Err(Problems::whole(&file, format!("there is no rule \"{rule}\": `envdeck explain` lists them")));
        }
        templates.push((file, template));
    }
    fit_together(&templates)?;
    Ok(templates.into_iter().map(|(_, template)| template).collect())
}

/// The checklists of a folder, by name.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>, Problems> {
    let list = || fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<PathBuf>>>();
    let unreadable = |error: io::Error| {
        let reason =
            if error.kind() == io::ErrorKind::NotADirectory { "this is no folder: name the one that holds the checklists".to_owned() } else { plain(&error) };
        Problems::unreadable(&folder.display().to_string(), format!("the checklists cannot be read: {reason}"))
    };
    let mut files = list().map_err(unreadable)?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") && path.is_file());
    files.sort();
    Ok(files)
}

#[expect(clippy::disallowed_methods, reason = "this layer is where files are read")]
fn open(path: &Path) -> io::Result<BufReader<File>> {
    File::open(path).map(BufReader::new)
}

/// What one checklist says about another has to be so: the id is taken once, and what is followed is there.
fn fit_together(templates: &[(String, Template)]) -> Result<(), Problems> {
    for (nth, (file, template)) in templates.iter().enumerate() {
        let mut context = Context::new(file);
        if let Some((other, _)) = templates.iter().take(nth).find(|(_, other)| other.id == template.id) {
            context.problem_at(None, format!("the checklist \"{}\" stands in {other} already: ids are permanent and unique", template.id));
        }
        for follows in template.items().filter_map(|item| item.follows.as_ref()) {
            let back = |other: &Template| other.items().filter_map(|item| item.follows.as_ref()).any(|back| back.checklist == template.id);
            match templates.iter().find(|(_, other)| other.id == follows.checklist) {
                Some((_, other)) if other.id == template.id => context.problem_at(None, "a checklist cannot follow itself".to_owned()),
                Some((file, other)) if back(other) => context.problem_at(None, format!("{file} follows this checklist: two cannot follow each other")),
                None => context.problem_at(None, format!("there is no checklist \"{}\" that could be followed", follows.checklist)),
                Some((other, followed)) => {
                    for item in follows.items.iter().filter(|item| followed.items().all(|known| known.id != **item)) {
                        context.problem_at(None, format!("there is no item \"{item}\" in {other} that could be followed"));
                    }
                }
            }
        }
        for of in template.items().flat_map(|item| item.recalls.iter().chain(&item.remembers)) {
            let Some(checklist) = &of.checklist else { continue };
            let other = templates.iter().find(|(_, other)| other.id == *checklist);
            if other.is_none_or(|(_, other)| other.items().all(|known| known.id != of.item)) {
                context.problem_at(None, format!("there is no item \"{}\" in a checklist \"{checklist}\" that could be recalled", of.item));
            }
        }
        for recalled in template.items().filter_map(|item| item.recalls.as_ref()) {
            let asked = |other: &Template| other.items().any(|known| known.id == recalled.item && known.asks.is_none());
            if templates.iter().any(|(_, other)| Some(&other.id) == recalled.checklist.as_ref() && asked(other)) {
                context.problem_at(None, format!("the item \"{}\" of another checklist has no `asks`, so there is no answer to recall", recalled.item));
            }
        }
        if !context.problems.is_empty() {
            return Err(context.problems);
        }
    }
    Ok(())
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

/// Ids of items with the places that name them.
type Named = Vec<(Box<str>, Place)>;

/// What has to fit together across the whole checklist, with the place of each.
#[derive(Default)]
struct Ids {
    items: HashMap<Box<str>, Place>,
    sections: HashMap<Box<str>, Place>,
    before: Vec<(Box<str>, Box<str>, Place)>,
    /// The section and items that what is read now belongs to.
    above: Vec<Box<str>>,
    asks: HashSet<Box<str>>,
    recalls: Named,
    remembers: Named,
    repeated: HashSet<Box<str>>,
    clocks: Named,
    gates: Vec<crate::domain::checklist::Gate>,
    behind: Vec<(crate::domain::checklist::Gate, Place)>,
}

impl Ids {
    /// Keeps what comes before an item or section, to be looked up at the end.
    fn come_first(&mut self, context: &mut Context, item: &str, before: Vec<(Box<str>, Place)>) -> Vec<Box<str>> {
        for (before, place) in before.iter().filter(|(before, _)| self.above.contains(before)) {
            context.problem_at(Some(*place), format!("this belongs to \"{before}\", which is done when this is: it cannot wait for that"));
        }
        let ids = before.iter().map(|(before, _)| before.clone()).collect();
        self.before.extend(before.into_iter().map(|(before, place)| (item.into(), before, place)));
        ids
    }

    /// What was referred to and is not there.
    fn end(self, context: &mut Context) {
        for (item, before, place) in &self.before {
            match self.items.get(before).or_else(|| self.sections.get(before)) {
                None => context.problem_at(Some(*place), format!("there is no item or section \"{}\" that could come first", short(before))),
                Some(_) if item == before => context.problem_at(Some(*place), "an item cannot come after itself".to_owned()),
                Some(there) if there > place => context.problem_at(Some(*place), format!("\"{before}\" stands further down: what comes first stands first")),
                Some(_) => {}
            }
        }
        for (recalled, place) in &self.recalls {
            if !self.asks.contains(recalled) {
                context.problem_at(Some(*place), format!("there is no item \"{}\" that `asks`, so there is no answer to recall", short(recalled)));
            }
        }
        for (remembered, place) in &self.remembers {
            if !self.repeated.contains(remembered) {
                context.problem_at(Some(*place), format!("there is no item \"{}\" that is repeated, so there is nothing to remember", short(remembered)));
            }
        }
        for (until, place) in &self.clocks {
            match self.items.get(until) {
                None => context.problem_at(Some(*place), format!("there is no item \"{}\" that could end this period", short(until))),
                Some(_) if self.repeated.contains(until) => {
                    context.problem_at(Some(*place), format!("\"{until}\" is repeated: a period ends with one item"));
                }
                Some(there) if there < place => context.problem_at(Some(*place), format!("\"{until}\" stands further up: a period ends with what comes later")),
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
    let opened_by = f.optional(context, "opened_by", |context, node| some(context, node, opening)).unwrap_or_default();
    let ended_by = f.optional(context, "ended_by", |context, node| some(context, node, word)).unwrap_or_default();
    let plan = f.optional(context, "plan", begins);
    let place = f.place();
    let sections = f.required(context, "sections", |context, node| some(context, node, |context, node| section(context, node, &mut ids)));
    fields.end(context);
    ids.end(context);
    if opened_by.is_empty() && plan.is_none() {
        context.problem_at(Some(place), "nothing opens this checklist: say `opened_by`, or `plan` for one that a person begins".to_owned());
    }
    Some(Template { id: id?, title: title?, header, links, rules, opened_by, ended_by, plan, sections: sections? })
}

fn section(context: &mut Context, node: Node, ids: &mut Ids) -> Option<Section> {
    let mut fields = Fields::of(context, node)?;
    let f = &mut fields;
    let id = f.required(context, "id", |context, node| new_id(context, node, &mut ids.sections));
    let title = f.required(context, "title", shared);
    let help = f.optional(context, "help", lines).unwrap_or_default();
    let rules = f.optional(context, "rules", rules).unwrap_or_default();
    let when = f.optional(context, "when", conditions).unwrap_or_default();
    let needs = f.optional(context, "needs", conditions).unwrap_or_default();
    let after = f.optional(context, "after", places).unwrap_or_default();
    ids.above = id.iter().cloned().collect();
    let items = f.required(context, "items", |context, node| some(context, node, |context, node| item(context, node, ids, Within::default())));
    ids.above.clear();
    fields.end(context);
    let after = ids.come_first(context, id.as_deref().unwrap_or_default(), after);
    Some(Section { id: id?, title: title?, help, rules, when, needs, after, items: items? })
}

/// What an item belongs to.
#[derive(Debug, Clone, Copy, Default)]
struct Within {
    depth: u8,
    repeated: bool,
}

fn item(context: &mut Context, node: Node, ids: &mut Ids, within: Within) -> Option<Arc<Item>> {
    /// Items, their parts, and the parts of these: more nobody reads.
    const DEEPEST: u8 = 2;
    let mut fields = Fields::of(context, node)?;
    let place = fields.place();
    let f = &mut fields;
    let id = f.required(context, "id", |context, node| new_id(context, node, &mut ids.items));
    let text = f.required(context, "text", shared);
    let unknown = f.optional(context, "unknown", shared);
    let help = f.optional(context, "help", lines).unwrap_or_default();
    let path = f.optional(context, "path", menu_path);
    let links = f.optional(context, "links", links).unwrap_or_default();
    let rules = f.optional(context, "rules", rules).unwrap_or_default();
    let when = f.optional(context, "when", conditions).unwrap_or_default();
    let mandatory = f.optional(context, "mandatory", mandatory).unwrap_or_default();
    let applies = f.optional(context, "applies", conditions).unwrap_or_default();
    let needs = f.optional(context, "needs", conditions).unwrap_or_default();
    let components = f.optional(context, "component", components).unwrap_or_default();
    let each = f.optional(context, "each", each);
    let decisions = f.optional(context, "decisions", |context, node| some(context, node, word)).unwrap_or_default();
    let gate = f.optional(context, "gate", word);
    let because = f.optional(context, "because", shared);
    let behind = f.optional(context, "behind", |context, node| {
        let place = node.place;
        word(context, node).inspect(|gate| ids.behind.push((*gate, place)))
    });
    let after = f.optional(context, "after", places).unwrap_or_default();
    let asks = f.optional(context, "asks", asks);
    let mut own = |context: &mut Context, node: Node, list: fn(&mut Ids) -> &mut Named| {
        let place = node.place;
        let of: ItemOf = item_of(context, node)?;
        if of.checklist.is_none() {
            list(ids).push((of.item.clone(), place));
        }
        Some(of)
    };
    let recalls = f.optional(context, "recalls", |context, node| own(context, node, |ids| &mut ids.recalls));
    let remembers = f.optional(context, "remembers", |context, node| own(context, node, |ids| &mut ids.remembers));
    let clock = f.optional(context, "clock", |context, node| {
        let place = node.place;
        clock(context, node).inspect(|clock| ids.clocks.push((clock.until.clone(), place)))
    });
    let one_of = f.optional(context, "one_of", Context::flag).unwrap_or(false);
    let optional = f.optional(context, "optional", Context::flag).unwrap_or(false);
    let follows = f.optional(context, "follows", follows);
    let then = f.optional(context, "then", word);
    let states = f.optional(context, "states", states).unwrap_or_default();
    let does = f.optional(context, "does", does);
    let done_by_system = f.optional(context, "done_by_system", Context::flag).unwrap_or(false);
    let inside = Within { depth: within.depth + 1, repeated: within.repeated || each.is_some() };
    ids.above.extend(id.clone());
    let items = if within.depth == DEEPEST {
        Vec::new()
    } else {
        f.optional(context, "items", |context, node| some(context, node, |context, node| item(context, node, ids, inside))).unwrap_or_default()
    };
    if id.is_some() {
        ids.above.pop();
    }
    fields.end(context);
    let mut wrong = |is_wrong: bool, message: &str| {
        if is_wrong {
            context.problem_at(Some(place), message.to_owned());
        }
    };
    let names = !components.is_empty() || each.is_some();
    wrong(!components.is_empty() && each.is_some(), "`component` and `each` exclude each other: all of them together, or each for itself");
    wrong(unknown.is_some() && !names, "`unknown` belongs to `component` or `each`: how to find out while nobody looked");
    wrong(names && unknown.is_none() && within.depth == 0, "`unknown` is missing: how to find out what `component` or `each` names, while nobody looked");
    wrong(gate.is_some() != because.is_some(), "`gate` and `because` belong together: what stays shut, and why");
    let acts = !decisions.is_empty() || behind.is_some() || !after.is_empty() || gate.is_some() || !items.is_empty() || mandatory != Mandatory::Inherited;
    let outside = does.is_some() || then.is_some() || follows.is_some();
    wrong(done_by_system && (acts || outside || asks.is_some() || each.is_some()), "what the system did has only text, help, links and rules");
    wrong(each.is_some() && (within.repeated || outside || one_of), "`each` goes with a tick, a decision or parts, and not inside of another `each`");
    wrong(asks.is_some() && (!items.is_empty() || !decisions.is_empty() || outside), "`asks` belongs to an item that is ticked itself");
    wrong(one_of && (items.len() < 2 || !decisions.is_empty()), "`one_of` needs at least two parts to choose from, and no decisions");
    wrong(optional && mandatory != Mandatory::Inherited, "an item is `optional` or `mandatory`");
    wrong(follows.is_some() && (!items.is_empty() || does.is_some() || then.is_some()), "`follows` belongs to an item that does nothing itself");
    wrong(remembers.is_some() && each.is_none(), "`remembers` belongs to `each`: for what it is repeated too");
    wrong(clock.is_some() && (inside.repeated || done_by_system || optional), "`clock` belongs to an item that is done once, and has to be");
    ids.gates.extend(gate);
    let (id, text) = (id?, text?);
    let after = ids.come_first(context, &id, after);
    if asks.is_some() {
        ids.asks.insert(id.clone());
    }
    if inside.repeated {
        ids.repeated.insert(id.clone());
    }
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
        applies,
        needs,
        components,
        each,
        decisions,
        gate,
        behind,
        after,
        asks,
        recalls,
        remembers,
        clock,
        one_of,
        optional,
        follows,
        then,
        states,
        does,
        done_by_system,
        items,
    }))
}

/// A list with something in it.
pub(super) fn some<T>(context: &mut Context, node: Node, item: impl FnMut(&mut Context, Node) -> Option<T>) -> Option<Vec<T>> {
    let place = node.place;
    let empty = matches!(&node.value, Value::List(nodes) if nodes.is_empty());
    if empty {
        context.problem_at(Some(place), "this list must not be empty: leave the key out".to_owned());
        return None;
    }
    context.list(node, item)
}

/// A permanent id: lower case, digits and hyphens, so that it stands in files without quotes.
pub(super) fn permanent(context: &mut Context, node: Node) -> Option<Box<str>> {
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

/// The ids of what comes first, each with its place.
fn places(context: &mut Context, node: Node) -> Option<Vec<(Box<str>, Place)>> {
    one_or_more(|context: &mut Context, node: Node| {
        let place = node.place;
        permanent(context, node).map(|before| (before, place))
    })(context, node)
}

#[cfg(test)]
mod tests;

//! Reads answers from `assets/answers/`, refuses a file that is wrong with line and reason, and puts the library together.

use std::collections::HashMap;
use std::io::Read;

use super::checklist::{menu_path, permanent, some};
use super::problem::Problems;
use super::rules;
use super::snapshot::{boxed, word};
use super::yaml::{Context, Fields, Node, Place, Reader, Stopped, Value, short};
use crate::domain::answers::{Answer, Kind, Lead, Source, Step, Way};
use crate::domain::library::{Library, Reference};
use crate::domain::operation::OperationKind;
use crate::domain::rules::Rules;
use crate::domain::words::{Word, nearest};

/// The answers that are built in, by what they are about. Another file is a line here.
const ASSETS: [(&str, &str); 9] = [
    ("assets/answers/targets.yaml", include_str!("../../assets/answers/targets.yaml")),
    ("assets/answers/backups.yaml", include_str!("../../assets/answers/backups.yaml")),
    ("assets/answers/after-a-copy.yaml", include_str!("../../assets/answers/after-a-copy.yaml")),
    ("assets/answers/order-management.yaml", include_str!("../../assets/answers/order-management.yaml")),
    ("assets/answers/linked.yaml", include_str!("../../assets/answers/linked.yaml")),
    ("assets/answers/migration.yaml", include_str!("../../assets/answers/migration.yaml")),
    ("assets/answers/glossary.yaml", include_str!("../../assets/answers/glossary.yaml")),
    ("assets/answers/today.yaml", include_str!("../../assets/answers/today.yaml")),
    ("assets/answers/messages.yaml", include_str!("../../assets/answers/messages.yaml")),
];

/// Reads everything that can be looked up. It takes a moment, so nobody reads it before somebody asks.
pub fn library() -> Result<Library, Problems> {
    let (rules, references) = (rules::built_in()?, rules::references()?);
    let mut ids = Ids::default();
    let mut all = Vec::new();
    for (file, text) in ASSETS {
        all.extend(read(file, text.as_bytes(), &Named { rules: &rules, references: &references }, &mut ids)?);
    }
    ids.end()?;
    Ok(Library::new(rules, all, references))
}

/// What answers can name.
#[derive(Clone, Copy)]
pub struct Named<'a> {
    /// The rules.
    pub rules: &'a Rules,
    /// The links.
    pub references: &'a [Reference],
}

/// The ids of all files, and which others they refer to: an answer can name one that stands further down or in another file.
#[derive(Debug, Default)]
pub struct Ids {
    taken: HashMap<Box<str>, (String, Place)>,
    see: Vec<(Box<str>, String, Place)>,
}

impl Ids {
    /// Refuses the first answer that is referred to and is not there.
    pub fn end(self) -> Result<(), Problems> {
        for (id, file, place) in &self.see {
            if !self.taken.contains_key(id) {
                let mut problems = Problems::none_in(file);
                let meant = nearest(id, self.taken.keys().map(|id| &**id)).map_or_else(String::new, |near| format!("; did you mean \"{near}\"?"));
                problems.add(super::problem::Problem {
                    place: Some(*place),
                    path: "see".to_owned(),
                    message: format!("there is no answer \"{}\"{meant}", short(id)),
                });
                return Err(problems);
            }
        }
        Ok(())
    }
}

/// Reads the answers of one file, which is called `file` in messages.
pub fn read(file: &str, source: impl Read + 'static, named: &Named<'_>, ids: &mut Ids) -> Result<Vec<Answer>, Problems> {
    let mut reader = Reader::new(file, source);
    let root = reader.whole();
    let stopped = matches!(root, Err(Stopped));
    let context = &mut reader.context;
    context.problems.unreadable |= stopped;
    let answers = root.ok().and_then(|node| {
        let mut fields = Fields::of(context, node)?;
        let answers = fields.required(context, "answers", |context, node| some(context, node, |context, node| answer(context, node, file, named, ids)));
        fields.end(context);
        answers
    });
    match answers {
        Some(answers) if context.problems.is_empty() => Ok(answers),
        Some(_) | None => Err(std::mem::replace(&mut context.problems, Problems::none_in(file))),
    }
}

fn answer(context: &mut Context, node: Node, file: &str, named: &Named<'_>, ids: &mut Ids) -> Option<Answer> {
    let mut fields = Fields::of(context, node)?;
    let place = fields.place();
    let f = &mut fields;
    let id = f.required(context, "id", |context, node| new_id(context, node, file, &mut ids.taken));
    let kind = f.required(context, "kind", word);
    let title = f.required(context, "title", boxed);
    let messages = f.optional(context, "messages", |context, node| some(context, node, boxed)).unwrap_or_default();
    let codes = f.optional(context, "codes", |context, node| some(context, node, boxed)).unwrap_or_default();
    let wraps = f.optional(context, "wraps", Context::flag).unwrap_or(false);
    let also = f.optional(context, "also", |context, node| some(context, node, boxed)).unwrap_or_default();
    let text = f.required(context, "answer", boxed);
    let steps = f.optional(context, "steps", |context, node| some(context, node, step)).unwrap_or_default();
    let known_rule = |text: &str| named.rules.find(text).is_some_and(|rule| *rule.id == *text);
    let rules = f.optional(context, "rules", |context, node| some(context, node, |context, node| one_of_ours(context, node, "rule", known_rule)));
    let known_link = |text: &str| named.references.iter().any(|reference| *reference.id == *text);
    let links = f.optional(context, "links", |context, node| some(context, node, |context, node| one_of_ours(context, node, "link", known_link)));
    let sources = f.optional(context, "sources", |context, node| some(context, node, source)).unwrap_or_default();
    let lead = f.optional(context, "action", lead);
    let see = f.optional(context, "see", |context, node| {
        some(context, node, |context, node| {
            let place = node.place;
            permanent(context, node).inspect(|id| ids.see.push((id.clone(), file.to_owned(), place)))
        })
    });
    fields.end(context);
    let answer = Answer {
        id: id?,
        kind: kind?,
        title: title?,
        messages,
        codes,
        wraps,
        also,
        text: text?,
        steps,
        rules: rules.unwrap_or_default(),
        links: links.unwrap_or_default(),
        sources,
        lead,
        see: see.unwrap_or_default(),
    };
    let leads_nowhere = answer.lead.is_none() && answer.steps.is_empty() && answer.links.is_empty() && answer.see.is_empty();
    if leads_nowhere {
        context.problem_at(Some(place), "this answer leads nowhere: give it an `action`, `steps`, `links`, or others to `see`".to_owned());
    }
    if answer.kind == Kind::Message && answer.sources.is_empty() {
        context.problem_at(Some(place), "this message has no `sources`: say where it was seen, and when".to_owned());
    }
    if answer.kind == Kind::Message && answer.messages.is_empty() && answer.codes.is_empty() {
        context.problem_at(Some(place), "this message is not said: give it `messages` or `codes`".to_owned());
    }
    Some(answer)
}

/// Where a message was seen.
fn source(context: &mut Context, node: Node) -> Option<Source> {
    let mut fields = Fields::of(context, node)?;
    let title = fields.required(context, "title", boxed);
    let url = fields.required(context, "url", |context, node| {
        let place = node.place;
        let url = boxed(context, node)?;
        if url.starts_with("https://") && !url.contains(char::is_whitespace) {
            return Some(url);
        }
        context.problem_at(Some(place), format!("\"{}\" is no address that begins with https://", short(&url)));
        None
    });
    let date = fields.required(context, "date", |context, node| {
        let place = node.place;
        let date = boxed(context, node)?;
        // A year, a month or a day, as it is known.
        let parts: Vec<&str> = date.split('-').collect();
        let is_date =
            parts.len() <= 3 && parts.iter().zip([4, 2, 2]).all(|(part, width)| part.len() == width && part.bytes().all(|digit| digit.is_ascii_digit()));
        if is_date {
            return Some(date);
        }
        context.problem_at(Some(place), format!("\"{}\" is no date such as 2026-08-18", short(&date)));
        None
    });
    fields.end(context);
    Some(Source { title: title?, url: url?, date: date? })
}

fn new_id(context: &mut Context, node: Node, file: &str, taken: &mut HashMap<Box<str>, (String, Place)>) -> Option<Box<str>> {
    let place = node.place;
    let id = permanent(context, node)?;
    if let Some((there, (line, _))) = taken.get(&id) {
        context.problem_at(Some(place), format!("the id \"{id}\" stands in {there}:{line} already: ids are permanent and unique"));
        return None;
    }
    taken.insert(id.clone(), (file.to_owned(), place));
    Some(id)
}

/// The id of something that is there.
fn one_of_ours(context: &mut Context, node: Node, called: &str, is_ours: impl Fn(&str) -> bool) -> Option<Box<str>> {
    let place = node.place;
    let id = boxed(context, node)?;
    if is_ours(&id) {
        return Some(id);
    }
    context.problem_at(Some(place), format!("there is no {called} \"{}\"", short(&id)));
    None
}

/// A sentence, or a sentence with where it is done and what is typed there.
fn step(context: &mut Context, node: Node) -> Option<Step> {
    if matches!(node.value, Value::Text(..)) {
        return boxed(context, node).map(|text| Step { text, path: None, copy: None });
    }
    let mut fields = Fields::of(context, node)?;
    let text = fields.required(context, "text", boxed);
    let path = fields.optional(context, "path", menu_path).map(|path| Box::from(&*path));
    let copy = fields.optional(context, "copy", boxed);
    fields.end(context);
    Some(Step { text: text?, path, copy })
}

/// An operation, another thing that the console does, a plan, or an item of a checklist.
fn lead(context: &mut Context, node: Node) -> Option<Lead> {
    if matches!(node.value, Value::Map(_)) {
        let mut fields = Fields::of(context, node)?;
        if let Some(plan) = fields.optional(context, "plan", permanent) {
            fields.end(context);
            return Some(Lead::Plan(plan));
        }
        let checklist = fields.required(context, "checklist", permanent);
        let item = fields.required(context, "item", permanent);
        fields.end(context);
        return Some(Lead::Item { checklist: checklist?, item: item? });
    }
    let words: Vec<&'static str> = OperationKind::words().into_iter().chain(Way::words()).collect();
    let find = |text: &str| OperationKind::from_word(text).map(Lead::Operation).or_else(|| Way::from_word(text).map(Lead::Way));
    context.one_of(node, "action", &words, find)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_one(entry: &str) -> Result<Vec<Answer>, String> {
        let rules = rules::built_in().unwrap_or_else(|problems| panic!("{problems}"));
        let references = rules::references().unwrap_or_else(|problems| panic!("{problems}"));
        let mut ids = Ids::default();
        let text = format!("answers:\n{entry}");
        let read = read("answers.yaml", std::io::Cursor::new(text), &Named { rules: &rules, references: &references }, &mut ids);
        read.and_then(|answers| ids.end().map(|()| answers)).map_err(|problems| problems.to_string())
    }

    #[test]
    fn a_file_that_is_wrong_is_refused_with_line_and_reason() {
        let whole = "  - { id: a, kind: term, title: A, answer: B, rules: [CPY-005]";
        for (rest, reason) in [
            (", action: copy, acton: x }", "answers.yaml:2:79: answers[0]: there is no key `acton` here; did you mean `action`?"),
            (", action: copi }", "unknown action \"copi\", did you mean \"copy\"?"),
            (", action: { checklist: post-copy } }", "`item` is missing here"),
            (", links: [REF-999] }", "there is no link \"REF-999\""),
            (", see: [b] }", "answers.yaml:2:71: see: there is no answer \"b\""),
            (" }", "this answer leads nowhere"),
            (
                ", action: copy }\n  - { id: a, kind: term, title: A, answer: B, rules: [CPY-005], action: copy }",
                "the id \"a\" stands in answers.yaml:2 already",
            ),
            (", steps: [{ text: C, path: Settings }] }", "a path such as Settings > Administration"),
            (", steps: [] }", "this list must not be empty"),
        ] {
            let said = read_one(&format!("{whole}{rest}")).unwrap_err();
            assert!(said.contains(reason), "{said}");
        }
        for (entry, reason) in [
            ("  - { id: a, kind: term, title: A, answer: B, rules: [CPY-500], action: copy }", "there is no rule \"CPY-500\""),
            ("  - { id: a, kind: trm, title: A, answer: B, rules: [CPY-005], action: copy }", "did you mean \"term\"?"),
            ("  - { id: A b, kind: term, title: A, answer: B, rules: [CPY-005], action: copy }", "an id of lower-case letters"),
            ("  - { id: a, kind: term, title: A, rules: [CPY-005], action: copy }", "`answer` is missing here"),
        ] {
            let said = read_one(entry).unwrap_err();
            assert!(said.contains(reason), "{said}");
        }
    }

    #[test]
    fn an_answer_reads_as_it_is_written() {
        let entry = "  - { id: a, kind: symptom, title: A, messages: [No], also: [Nope], answer: B, steps: [C, { text: D, path: E > F, copy: g }], \
                     rules: [CPY-005], links: [REF-001], action: { checklist: post-copy, item: flows }, see: [a] }";
        let answers = read_one(entry).unwrap_or_else(|said| panic!("{said}"));
        assert_eq!(answers[0].steps[1], Step { text: "D".into(), path: Some("E > F".into()), copy: Some("g".into()) });
        assert_eq!(answers[0].lead, Some(Lead::Item { checklist: "post-copy".into(), item: "flows".into() }));
        assert_eq!(
            read_one("  - { id: a, kind: term, title: A, answer: B, rules: [CPY-005], action: restore-targets }").unwrap()[0].lead,
            Some(Lead::Way(Way::RestoreTargets))
        );
    }
}

//! What is said about a rule, an answer or a link: lines that fit the screen, in blocks of which each can be gone to and copied.

use std::ops::Range;

use crate::app::lead::Told;
use crate::domain::answers::Answer;
use crate::domain::library::{Entry, Library, Reference};
use crate::domain::rulebook::Menus;
use crate::domain::rules::Rule;
use crate::domain::words::Word as _;

/// A line of what is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// What it is.
    Title(String),
    /// What an admin sees, letter by letter.
    Message(String),
    /// What it says.
    Text(String),
    /// What to do.
    Do(String),
    /// What Enter does.
    Lead(String),
    /// Why Enter does nothing now.
    Refused(String),
    /// Where in the menus.
    Path(String),
    /// What has to be typed there.
    Copy(String),
    /// Where it stands, and where to read more.
    Source(String),
    /// Something that belongs to it, by what stands before it in the list, and how it begins.
    Related(Box<str>, String),
    /// An empty line.
    Gap,
}

/// What Enter does on a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goes {
    /// Nothing.
    Nowhere,
    /// What the answer leads to.
    Lead,
    /// Goes to another entry.
    To(Entry),
}

/// Lines that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Which lines.
    pub lines: Range<usize>,
    /// What is copied from it.
    pub copies: String,
    /// What Enter does on it.
    pub goes: Goes,
}

/// What stands before an entry in a list: the id of a rule or link, the kind of an answer.
pub fn mark(entry: Entry, library: &Library) -> &str {
    library.answer(entry).map_or_else(|| library.id(entry), |answer| answer.kind.label())
}

/// A text of a block, as what it is said, and how far its further lines are indented.
type Part = (String, fn(String) -> Said, usize);

/// Collects lines of at most so many columns.
struct Lines {
    width: usize,
    lines: Vec<Said>,
    blocks: Vec<Block>,
}

impl Lines {
    fn fit(&self, text: &str, indent: usize) -> Vec<String> {
        let blank = " ".repeat(indent);
        let fitting = textwrap::Options::new(self.width.max(10)).subsequent_indent(&blank);
        textwrap::wrap(text, fitting).into_iter().map(String::from).collect()
    }

    /// Lines of a block that begin further in from the second one on.
    fn block(&mut self, copies: &str, goes: Goes, parts: Vec<Part>) {
        let start = self.lines.len();
        for (text, said, indent) in parts {
            let fitted = self.fit(&text, indent);
            self.lines.extend(fitted.into_iter().map(said));
        }
        self.blocks.push(Block { lines: start..self.lines.len(), copies: copies.to_owned(), goes });
    }

    fn gap(&mut self) {
        self.lines.push(Said::Gap);
    }

    fn link(&mut self, reference: &Reference, goes: Goes) {
        let parts: Vec<Part> = vec![(format!("More: {}", reference.link.title), Said::Source, 0), (reference.link.url.to_string(), Said::Source, 0)];
        self.block(&reference.link.url, goes, parts);
    }

    /// Entries by what stands before them in the list, each with how it begins.
    fn related(&mut self, title: &str, entries: &[Entry], library: &Library) {
        /// Before the text.
        const MARK: usize = 10;
        if entries.is_empty() {
            return;
        }
        self.gap();
        self.lines.push(Said::Source(title.to_owned()));
        for entry in entries {
            // The first line tells which one is meant; the rest is there once it is gone to.
            let text = textwrap::wrap(library.title(*entry), self.width.saturating_sub(MARK + 2).max(10));
            let cut = if text.len() > 1 { " …" } else { "" };
            let start = self.lines.len();
            self.lines.push(Said::Related(mark(*entry, library).into(), format!("{}{cut}", text.first().map(|line| &**line).unwrap_or_default())));
            self.blocks.push(Block { lines: start..start + 1, copies: library.id(*entry).to_owned(), goes: Goes::To(*entry) });
        }
    }
}

/// What is said about an entry, in lines of at most `width` columns.
pub fn said(entry: Entry, library: &Library, lead: Option<&Told>, menus: &Menus, width: usize) -> (Vec<Said>, Vec<Block>) {
    let mut lines = Lines { width, lines: Vec::new(), blocks: Vec::new() };
    if let Some(rule) = library.rule(entry) {
        of_rule(rule, entry, library, &mut lines);
    } else if let Some(answer) = library.answer(entry) {
        of_answer(answer, lead, library, menus, &mut lines);
    } else if let Some(reference) = library.link(entry) {
        of_link(reference, entry, library, &mut lines);
    }
    (lines.lines, lines.blocks)
}

fn of_rule(rule: &Rule, entry: Entry, library: &Library, lines: &mut Lines) {
    lines.block(&rule.text, Goes::Nowhere, vec![(rule.text.to_string(), Said::Text, 0)]);
    if let Some(what_to_do) = &rule.what_to_do {
        lines.gap();
        lines.block(what_to_do, Goes::Nowhere, vec![(format!("What to do: {what_to_do}"), Said::Do, 0)]);
    }
    lines.gap();
    let date = rule.article.date.as_ref().map_or_else(String::new, |date| format!(" ({date})"));
    let mut article: Vec<Part> = vec![(format!("Article: {}{date}", rule.article.title), Said::Source, 0)];
    article.extend(rule.article.url.iter().map(|url| (url.to_string(), Said::Source as fn(String) -> Said, 0)));
    lines.block(rule.article.url.as_deref().unwrap_or(&rule.article.title), Goes::Nowhere, article);
    for reference in library.links().iter().filter(|reference| rule.links.contains(&reference.link)) {
        let goes = library.find(&reference.id).map_or(Goes::Nowhere, Goes::To);
        lines.link(reference, goes);
    }
    let related = library.related(entry);
    lines.related("Related, Enter goes to them:", &related, library);
}

fn of_answer(answer: &Answer, lead: Option<&Told>, library: &Library, menus: &Menus, lines: &mut Lines) {
    lines.block(&answer.title, Goes::Nowhere, vec![(answer.title.to_string(), Said::Title, 0)]);
    for message in &answer.messages {
        lines.block(message, Goes::Nowhere, vec![(format!("You see: {message}"), Said::Message, 0)]);
    }
    if !answer.codes.is_empty() {
        let codes = answer.codes.join(", ");
        lines.block(&codes, Goes::Nowhere, vec![(format!("Code: {codes}"), Said::Message, 0)]);
    }
    lines.gap();
    lines.block(&answer.text, Goes::Nowhere, vec![(answer.text.to_string(), Said::Text, 0)]);
    if let Some(told) = lead {
        lines.gap();
        let as_said: fn(String) -> Said = if told.refused { Said::Refused } else { Said::Lead };
        lines.block(&told.text, Goes::Lead, vec![(told.text.clone(), as_said, 0)]);
    }
    if !answer.steps.is_empty() {
        lines.gap();
    }
    for (number, step) in answer.steps.iter().enumerate() {
        let mut parts: Vec<Part> = vec![(format!("{}. {}", number + 1, step.text), Said::Text, 3)];
        let path = step.path.as_deref().map(|path| menus.path(path));
        parts.extend(path.iter().map(|path| (format!("   {path}"), Said::Path as fn(String) -> Said, 3)));
        parts.extend(step.copy.iter().map(|copy| (format!("   {copy}"), Said::Copy as fn(String) -> Said, 3)));
        let copies = step.copy.as_deref().or(path.as_deref()).unwrap_or(&step.text);
        lines.block(copies, Goes::Nowhere, parts);
    }
    let links: Vec<(&Reference, Entry)> =
        answer.links.iter().filter_map(|id| library.find(id)).filter_map(|entry| Some((library.link(entry)?, entry))).collect();
    if !links.is_empty() {
        lines.gap();
    }
    for (reference, entry) in links {
        lines.link(reference, Goes::To(entry));
    }
    if !answer.sources.is_empty() {
        lines.gap();
    }
    for source in &answer.sources {
        let title = format!("Seen in: {} ({})", source.title, source.date);
        lines.block(&source.url, Goes::Nowhere, vec![(title, Said::Source, 0), (source.url.to_string(), Said::Source, 0)]);
    }
    let named = |ids: &[Box<str>]| ids.iter().filter_map(|id| library.find(id)).collect::<Vec<_>>();
    lines.related("What is asked next:", &named(&answer.see), library);
    lines.related("The rules behind it:", &named(&answer.rules), library);
}

fn of_link(reference: &Reference, entry: Entry, library: &Library, lines: &mut Lines) {
    lines.block(
        &reference.link.url,
        Goes::Nowhere,
        vec![(reference.link.title.to_string(), Said::Title, 0), (reference.link.url.to_string(), Said::Source, 0)],
    );
    lines.related("Named by:", &library.related(entry), library);
}

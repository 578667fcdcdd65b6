//! Everything that can be looked up, together: rules, answers and links, what belongs to what, and one search over all.

use std::collections::HashMap;

use crate::domain::answers::Answer;
use crate::domain::checklist::Link;
use crate::domain::rulebook::Menus;
use crate::domain::rules::{Rule, Rules};
use crate::domain::search::{Index, Indexed};

pub use crate::domain::search::Rank;

/// Where the articles send their readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Its id, such as `REF-029`.
    pub id: Box<str>,
    /// Its title and address.
    pub link: Link,
}

/// Something that can be looked up, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Entry {
    /// An answer, in [`Library::answers`].
    Answer(usize),
    /// A rule, in [`Rules::all`].
    Rule(usize),
    /// A link, in [`Library::links`].
    Link(usize),
}

/// All rules, answers and links.
#[derive(Debug, Clone, Default)]
pub struct Library {
    rules: Rules,
    answers: Vec<Answer>,
    links: Vec<Reference>,
    /// The answers that name a rule, by the place of the rule.
    about: HashMap<usize, Vec<usize>>,
    places: HashMap<Box<str>, Entry>,
    index: Index<Entry>,
}

impl Library {
    /// Puts them together. Rules and links that answers name have to be there; what is not is left out.
    pub fn new(rules: Rules, answers: Vec<Answer>, links: Vec<Reference>) -> Self {
        let mut about: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut places = HashMap::new();
        for (place, answer) in answers.iter().enumerate() {
            places.insert(answer.id.clone(), Entry::Answer(place));
            for rule in answer.rules.iter().filter_map(|id| rules.place(id)) {
                about.entry(rule).or_default().push(place);
            }
        }
        for (place, link) in links.iter().enumerate() {
            places.insert(link.id.to_lowercase().into(), Entry::Link(place));
        }
        let index = Index::new(indexed(&rules, &answers, &links));
        Self { rules, answers, links, about, places, index }
    }

    /// The same, with the paths of its answers as the admin center of an edition has them.
    #[must_use]
    pub fn with_menus(mut self, menus: &Menus) -> Self {
        let steps = self.answers.iter_mut().flat_map(|answer| &mut answer.steps);
        steps.filter_map(|step| step.path.as_mut()).for_each(|path| *path = menus.path(path).into());
        self
    }

    /// The rules.
    pub const fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The answers, in the order of their files.
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// The links, in the order of their ids.
    pub fn links(&self) -> &[Reference] {
        &self.links
    }

    /// Everything: the rules, then the answers, then the links.
    pub fn all(&self) -> impl Iterator<Item = Entry> {
        let (rules, answers, links) = (self.rules.all().len(), self.answers.len(), self.links.len());
        (0..rules).map(Entry::Rule).chain((0..answers).map(Entry::Answer)).chain((0..links).map(Entry::Link))
    }

    /// The answer at a place, if the entry is one.
    pub fn answer(&self, entry: Entry) -> Option<&Answer> {
        if let Entry::Answer(place) = entry { self.answers.get(place) } else { None }
    }

    /// The rule at a place, if the entry is one.
    pub fn rule(&self, entry: Entry) -> Option<&Rule> {
        if let Entry::Rule(place) = entry { self.rules.all().get(place) } else { None }
    }

    /// The link at a place, if the entry is one.
    pub fn link(&self, entry: Entry) -> Option<&Reference> {
        if let Entry::Link(place) = entry { self.links.get(place) } else { None }
    }

    /// What names an entry: the id of a rule, an answer or a link.
    pub fn id(&self, entry: Entry) -> &str {
        let id = match entry {
            Entry::Answer(_) => self.answer(entry).map(|answer| &answer.id),
            Entry::Rule(_) => self.rule(entry).map(|rule| &rule.id),
            Entry::Link(_) => self.link(entry).map(|link| &link.id),
        };
        id.map_or("", |id| id)
    }

    /// What an entry is about, in one line: the text of a rule, else its title.
    pub fn title(&self, entry: Entry) -> &str {
        match entry {
            Entry::Answer(_) => self.answer(entry).map_or("", |answer| &answer.title),
            Entry::Rule(_) => self.rule(entry).map_or("", |rule| &rule.text),
            Entry::Link(_) => self.link(entry).map_or("", |link| &link.link.title),
        }
    }

    /// The entry with that id, ignoring case; those of rules also without hyphens and zeros.
    pub fn find(&self, id: &str) -> Option<Entry> {
        let id = id.trim();
        self.rules.place(id).map(Entry::Rule).or_else(|| self.places.get(id.to_lowercase().as_str()).copied())
    }

    /// The answers that name one of these rules, in the order of the rules.
    pub fn answers_about<'a>(&self, rules: impl IntoIterator<Item = &'a str>) -> Vec<Entry> {
        let mut found = Vec::new();
        for place in rules.into_iter().filter_map(|id| self.rules.place(id)).filter_map(|rule| self.about.get(&rule)).flatten() {
            if !found.contains(&Entry::Answer(*place)) {
                found.push(Entry::Answer(*place));
            }
        }
        found
    }

    /// What belongs to an entry. To a rule: its related rules, then the answers that name it. To an answer: the answers to what is
    /// asked next, its rules, its links. To a link: the answers and rules that name it.
    pub fn related(&self, entry: Entry) -> Vec<Entry> {
        match entry {
            Entry::Rule(place) => {
                let answers = self.about.get(&place).into_iter().flatten().map(|place| Entry::Answer(*place));
                self.rules.related_places(place).iter().map(|place| Entry::Rule(*place)).chain(answers).collect()
            }
            Entry::Answer(_) => {
                let Some(answer) = self.answer(entry) else { return Vec::new() };
                answer.see.iter().chain(&answer.rules).chain(&answer.links).filter_map(|id| self.find(id)).collect()
            }
            Entry::Link(_) => {
                let Some(reference) = self.link(entry) else { return Vec::new() };
                let answers = self.answers.iter().enumerate().filter(|(_, answer)| answer.links.contains(&reference.id));
                let rules = self.rules.all().iter().enumerate().filter(|(_, rule)| rule.links.contains(&reference.link));
                answers.map(|(place, _)| Entry::Answer(place)).chain(rules.map(|(place, _)| Entry::Rule(place))).collect()
            }
        }
    }

    /// The answer to a message as a program printed it, if one knows it: by its words, or by an error code in it.
    pub fn of_message(&self, message: &str) -> Option<Entry> {
        self.index.search(message).into_iter().find(|(_, rank)| *rank == Rank::Message).map(|(entry, _)| entry)
    }

    /// The error codes that an answer knows.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.answers.iter().flat_map(|answer| &answer.codes).map(|code| &**code)
    }

    /// What is meant by what is typed, best first: what it names by its id, a message in which it stands, then all its words in any
    /// order; where there is nothing of that, what comes near. Of that `likely` scores a title, so that a letter more or less does
    /// not matter; it is asked only where no word helps.
    pub fn search(&self, typed: &str, likely: impl Fn(&str) -> Option<i64>) -> Vec<(Entry, Rank)> {
        let named = self.find(typed);
        let mut found: Vec<(Entry, Rank)> = named.map(|entry| (entry, Rank::Named)).into_iter().collect();
        found.extend(self.index.search(typed).into_iter().filter(|(entry, _)| Some(*entry) != named));
        if found.is_empty() {
            /// Of what only comes near, nobody looks at more.
            const NEAR: usize = 30;
            let mut scored: Vec<(i64, Entry)> = self.all().filter_map(|entry| Some((likely(self.title(entry))?, entry))).collect();
            scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
            found.extend(scored.into_iter().take(NEAR).map(|(_, entry)| (entry, Rank::Near)));
        }
        found
    }
}

/// What is looked through: answers before rules before links where all else is equal.
fn indexed(rules: &Rules, answers: &[Answer], links: &[Reference]) -> Vec<Indexed<Entry>> {
    let of_answer = |(place, answer): (usize, &Answer)| {
        let strong: Vec<&str> = [&answer.title].into_iter().chain(&answer.also).chain(&answer.messages).chain(&answer.codes).map(|text| &**text).collect();
        let steps = answer.steps.iter().flat_map(|step| [Some(&step.text), step.path.as_ref(), step.copy.as_ref()]).flatten();
        let weak: Vec<&str> = [&answer.text].into_iter().chain(steps).chain(&answer.rules).map(|text| &**text).collect();
        Indexed::new(Entry::Answer(place), &answer.id, &strong, &weak).seen_as(&answer.messages, &answer.codes, answer.wraps)
    };
    let of_rule = |(place, rule): (usize, &Rule)| {
        let weak: Vec<&str> = [Some(&rule.text), rule.what_to_do.as_ref()].into_iter().flatten().map(|text| &**text).collect();
        Indexed::new(Entry::Rule(place), &rule.id, &[], &weak)
    };
    let of_link = |(place, reference): (usize, &Reference)| Indexed::new(Entry::Link(place), &reference.id, &[&reference.link.title], &[&reference.link.url]);
    let answers = answers.iter().enumerate().map(of_answer);
    answers.chain(rules.all().iter().enumerate().map(of_rule)).chain(links.iter().enumerate().map(of_link)).collect()
}

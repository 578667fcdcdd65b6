//! The palette: any command, any environment and any answer, found by a few letters.

use std::cmp::Reverse;

use tui_input::Input;

use crate::app::action::{App, Command};
use crate::app::fuzzy::Fuzzy;
use crate::app::keymap::{Binding, Context, bindings_of};
use crate::app::list::{Cursor, Step};
use crate::app::plans;
use crate::domain::checklist::Template;
use crate::domain::estate::{EnvironmentKey, Estate};
use crate::domain::library::{Entry, Library, Rank};

/// Something that can be chosen.
#[derive(Debug, Clone)]
pub enum Choice {
    /// A command.
    Binding(&'static Binding),
    /// An environment.
    Environment(EnvironmentKey),
    /// A plan without a key of its own, by its permanent id.
    Plan(Box<str>),
    /// An answer, a rule or a link.
    Entry(Entry),
}

/// How many choices are kept; nobody scrolls through more.
const MOST: usize = 200;

/// In which order what was found is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tier {
    /// It was named, or a message of it was typed.
    Meant,
    /// A command or an environment in which all words stand.
    Said,
    /// Answers and links in which all words stand.
    Found,
    /// Everything else that comes near.
    Near,
    /// Rules, of which there are hundreds.
    Rules,
}

/// The palette that is open.
pub struct Palette {
    /// What is typed.
    pub input: Input,
    /// The cursor.
    pub cursor: Cursor,
    contexts: Vec<Context>,
    choices: Vec<(Choice, Vec<usize>)>,
    fuzzy: Fuzzy,
}

impl std::fmt::Debug for Palette {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Palette").field("input", &self.input.value()).field("choices", &self.choices.len()).finish_non_exhaustive()
    }
}

impl Palette {
    /// A palette of the commands of these contexts.
    pub fn new(contexts: Vec<Context>, estate: &Estate, templates: &[Template]) -> Self {
        let mut palette = Self { input: Input::default(), cursor: Cursor::default(), contexts, choices: Vec::new(), fuzzy: Fuzzy::default() };
        palette.refresh(estate, templates, None);
        palette
    }

    /// The choices with the letters that matched, best first.
    pub fn choices(&self) -> &[(Choice, Vec<usize>)] {
        &self.choices
    }

    /// The choice under the cursor.
    pub fn selected(&self) -> Option<&Choice> {
        self.choices.get(self.cursor.at).map(|(choice, _)| choice)
    }

    /// The answers, rules and links among the choices.
    pub fn entries(&self) -> Vec<Entry> {
        self.choices.iter().filter_map(|(choice, _)| if let Choice::Entry(entry) = choice { Some(*entry) } else { None }).collect()
    }

    /// Moves the cursor; true when it moved.
    pub fn step(&mut self, step: Step, height: usize) -> bool {
        self.cursor.step(step, self.choices.len(), height)
    }

    /// Looks for what is typed. Until something is, commands and environments are listed.
    pub fn refresh(&mut self, estate: &Estate, templates: &[Template], library: Option<&Library>) {
        let words: Vec<String> = self.input.value().split_whitespace().map(str::to_lowercase).collect();
        let commands = self
            .contexts
            .iter()
            .flat_map(|context| bindings_of(*context))
            .filter(|binding| !matches!(binding.command, Command::Move(_) | Command::App(App::Palette)))
            .map(|binding| (Choice::Binding(binding), binding.help));
        let environments = estate.by_name().iter().map(|key| (Choice::Environment(*key), &*estate.environment(*key).name));
        let mut found: Vec<(Tier, Reverse<i64>, usize, Choice, &str)> = Vec::new();
        // A plan is begun for the chosen environment, so where none can be chosen there are none.
        let has_keys = |template: &Template| plans::binding(&template.id).is_some() || !self.contexts.contains(&Context::Panes);
        let plans = plans::all(templates).filter(|template| !has_keys(template)).map(|template| (Choice::Plan(template.id.clone()), &*template.title));
        for (place, (choice, text)) in commands.chain(plans).chain(environments).enumerate() {
            if let Some(score) = self.fuzzy.score(text, &words) {
                let lower = text.to_lowercase();
                let tier = if words.iter().all(|word| lower.contains(word)) { Tier::Said } else { Tier::Near };
                found.push((tier, Reverse(score), place, choice, text));
            }
        }
        if let Some(library) = library.filter(|_| !words.is_empty()) {
            // Where nothing has all the words, what is only spelt like them is found among commands and environments already.
            for (place, (entry, rank)) in library.search(self.input.value(), |_| None).into_iter().enumerate() {
                let tier = match (rank, entry) {
                    (Rank::Named | Rank::Message, _) => Tier::Meant,
                    (Rank::Words | Rank::Near, Entry::Rule(_)) => Tier::Rules,
                    (Rank::Words, Entry::Answer(_) | Entry::Link(_)) => Tier::Found,
                    (Rank::Near, Entry::Answer(_) | Entry::Link(_)) => Tier::Near,
                };
                // Answers come as the search ranked them, behind whatever else comes near.
                found.push((tier, Reverse(i64::MIN), place, Choice::Entry(entry), ""));
            }
        }
        found.sort_by_key(|(tier, score, place, ..)| (*tier, *score, *place));
        found.truncate(MOST);
        self.choices = found.into_iter().map(|(.., choice, text)| (choice, self.fuzzy.positions(text, &words))).collect();
        self.cursor = Cursor::default();
    }
}

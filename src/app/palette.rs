//! The palette: any command and any environment, found by a few letters.

use std::cmp::Reverse;

use tui_input::Input;

use crate::app::action::{App, Command};
use crate::app::fuzzy::Fuzzy;
use crate::app::keymap::{Binding, Context, bindings_of};
use crate::app::list::{Cursor, Step};
use crate::domain::estate::{EnvironmentKey, Estate};

/// Something that can be chosen.
#[derive(Debug, Clone, Copy)]
pub enum Choice {
    /// A command.
    Binding(&'static Binding),
    /// An environment.
    Environment(EnvironmentKey),
}

/// How many choices are kept; nobody scrolls through more.
const MOST: usize = 200;

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
    pub fn new(contexts: Vec<Context>, estate: &Estate) -> Self {
        let mut palette = Self { input: Input::default(), cursor: Cursor::default(), contexts, choices: Vec::new(), fuzzy: Fuzzy::default() };
        palette.refresh(estate);
        palette
    }

    /// The choices with the letters that matched, best first.
    pub fn choices(&self) -> &[(Choice, Vec<usize>)] {
        &self.choices
    }

    /// The choice under the cursor.
    pub fn selected(&self) -> Option<Choice> {
        self.choices.get(self.cursor.at).map(|(choice, _)| *choice)
    }

    /// Moves the cursor; true when it moved.
    pub fn step(&mut self, step: Step, height: usize) -> bool {
        self.cursor.step(step, self.choices.len(), height)
    }

    /// Looks for what is typed.
    pub fn refresh(&mut self, estate: &Estate) {
        let words: Vec<String> = self.input.value().split_whitespace().map(str::to_lowercase).collect();
        let commands = self
            .contexts
            .iter()
            .flat_map(|context| bindings_of(*context))
            .filter(|binding| !matches!(binding.command, Command::Move(_) | Command::App(App::Palette)))
            .map(|binding| (Choice::Binding(binding), binding.help));
        let environments = estate.by_name().iter().map(|key| (Choice::Environment(*key), &*estate.environment(*key).name));
        let mut found: Vec<(Reverse<i64>, usize, Choice, &str)> = commands
            .chain(environments)
            .enumerate()
            .filter_map(|(place, (choice, text))| Some((Reverse(self.fuzzy.score(text, &words)?), place, choice, text)))
            .collect();
        found.sort_by_key(|(score, place, _, _)| (*score, *place));
        found.truncate(MOST);
        self.choices = found.into_iter().map(|(_, _, choice, text)| (choice, self.fuzzy.positions(text, &words))).collect();
        self.cursor = Cursor::default();
    }
}

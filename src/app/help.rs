//! The help: the keys of where the keyboard was, from the table of bindings; and what can be looked up, by what is typed.

use tui_input::Input;

use crate::app::details::scroll;
use crate::app::explain::said::mark;
use crate::app::explain::search;
use crate::app::fuzzy::Fuzzy;
use crate::app::keymap::{BINDINGS, Binding, Context, bindings_of};
use crate::app::list::{Cursor, Step};
use crate::domain::library::{Entry, Library};

/// A line of the help.
#[derive(Debug, Clone)]
pub enum HelpLine {
    /// The title of a context.
    Title(&'static str),
    /// A key with what it does, or with the beginning of it.
    Key(&'static Binding, &'static str),
    /// What else stands beside that key.
    More(&'static str),
    /// An answer, a rule or a link: what stands before it, and what it is about.
    Entry(Entry, String, String),
    /// A plain line.
    Text(&'static str),
    /// An empty line.
    Gap,
}

/// What the marks in the list mean; shown under the keys.
const LEGEND: &[&str] = &[
    "PROD SBX PREV DEV TEAM DFLT TRL TRS DEMO   the type: production, sandbox, preview, developer,",
    "                     Teams, default, trial, trial (subscription-based), demo",
    "D  Dynamics 365 apps     M  Managed Environment    K  customer-managed key",
    "L  linked to finance and operations     O  Intelligent Order Management",
    "L! or TYPES DIFFER: only one half of the pair is production; M plans the way back",
    "A  administration mode   B  background operations off   -  no database   ?  type unknown",
];

/// The lines about a key: what is said beside it, broken where the screen ends.
fn about(binding: &'static Binding, columns: usize) -> impl Iterator<Item = HelpLine> {
    broken(binding.help, columns).enumerate().map(move |(index, text)| if index == 0 { HelpLine::Key(binding, text) } else { HelpLine::More(text) })
}

/// A text in lines of so many columns.
fn broken(text: &'static str, columns: usize) -> impl Iterator<Item = &'static str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        // What is said here is ASCII: a byte is a column.
        let last = || text.match_indices(' ').map(|(at, _)| at).take_while(|at| *at <= columns).last();
        let Some((line, after)) = (text.len() > columns).then(last).flatten().and_then(|at| text.split_at_checked(at)) else { return Some(text) };
        rest = Some(after.trim_start());
        Some(line)
    })
}

/// The help that is open.
pub struct Help {
    contexts: Vec<Context>,
    /// What is typed: words of what a key does, or anything that can be looked up.
    pub filter: Input,
    /// What it says.
    pub lines: Vec<HelpLine>,
    /// The line that the keyboard is on, while something is looked for; and the first line on screen.
    pub cursor: Cursor,
    shown: (usize, String, bool),
    fuzzy: Fuzzy,
}

impl std::fmt::Debug for Help {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Help").field("contexts", &self.contexts).field("filter", &self.filter.value()).finish_non_exhaustive()
    }
}

impl Help {
    /// The help for these contexts, the nearest first, with so many columns beside the keys.
    pub fn of(contexts: Vec<Context>, columns: usize) -> Self {
        let lines = Self::keys(&contexts, columns);
        let shown = (columns, String::new(), false);
        Self { contexts, filter: Input::default(), lines, cursor: Cursor::default(), shown, fuzzy: Fuzzy::default() }
    }

    /// Says it anew where another width, or what is typed, asks for that; true when it did.
    pub fn refresh(&mut self, library: Option<&Library>, columns: usize) -> bool {
        let typed = self.filter.value().trim();
        let wanted = (columns, typed.to_owned(), library.is_some() && !typed.is_empty());
        if self.shown == wanted {
            return false;
        }
        self.lines = if typed.is_empty() { Self::keys(&self.contexts, columns) } else { self.found(library, columns, typed) };
        // Another width leaves the cursor where it is.
        if self.shown.1 != wanted.1 || self.shown.2 != wanted.2 {
            let first = self.places().next().unwrap_or(0);
            self.cursor = Cursor { at: first, top: 0 };
        }
        self.shown = wanted;
        true
    }

    /// The line that the keyboard is on, while something is looked for.
    pub fn selected(&self) -> Option<&HelpLine> {
        if self.is_searched() { self.lines.get(self.cursor.at).filter(|line| matches!(line, HelpLine::Key(..) | HelpLine::Entry(..))) } else { None }
    }

    /// Whether something is looked for.
    pub fn is_searched(&self) -> bool {
        !self.shown.1.is_empty()
    }

    /// What was found beside keys.
    pub fn entries(&self) -> Vec<Entry> {
        self.lines.iter().filter_map(|line| if let HelpLine::Entry(entry, ..) = line { Some(*entry) } else { None }).collect()
    }

    /// Scrolls, or moves the cursor over what was found; true when something moved.
    pub fn step(&mut self, step: Step, height: usize) -> bool {
        if !self.is_searched() {
            return scroll(&mut self.cursor.top, step, self.lines.len(), height);
        }
        let places: Vec<usize> = self.places().collect();
        let now = places.iter().position(|place| *place >= self.cursor.at).unwrap_or(0);
        let mut among = Cursor { at: now, top: 0 };
        among.step(step, places.len(), height);
        let before = self.cursor;
        let to = places.get(among.at).copied().unwrap_or(0);
        self.cursor.go(to, self.lines.len(), height);
        // The title of the first ones stays on screen with them.
        if among.at == 0 && to < height {
            self.cursor.top = 0;
        }
        self.cursor != before
    }

    /// Where the lines stand that the cursor goes to.
    fn places(&self) -> impl Iterator<Item = usize> {
        self.lines.iter().enumerate().filter(|(_, line)| matches!(line, HelpLine::Key(..) | HelpLine::Entry(..))).map(|(place, _)| place)
    }

    /// The keys of which what is typed is said, then what can be looked up by it.
    fn found(&self, library: Option<&Library>, columns: usize, typed: &str) -> Vec<HelpLine> {
        let words: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
        let says = |binding: &Binding, title: &str| {
            let keys: Vec<String> = binding.keys.iter().map(ToString::to_string).collect();
            let text = format!("{} {} {title}", binding.help, keys.join(" ")).to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        let mut lines = Vec::new();
        for context in &self.contexts {
            let keys: Vec<&'static Binding> = bindings_of(*context).filter(|binding| says(binding, context.title())).collect();
            if !keys.is_empty() {
                lines.push(HelpLine::Title(context.title()));
                lines.extend(keys.into_iter().flat_map(|binding| about(binding, columns)));
                lines.push(HelpLine::Gap);
            }
        }
        let entries = library.map(|library| (search(library, &self.fuzzy, typed), library)).filter(|(entries, _)| !entries.is_empty());
        if let Some((entries, library)) = entries {
            lines.push(HelpLine::Title("Answers, rules and links"));
            let line = |entry| HelpLine::Entry(entry, mark(entry, library).to_owned(), library.title(entry).to_owned());
            lines.extend(entries.into_iter().map(line));
        }
        if lines.is_empty() {
            lines.push(HelpLine::Text("Nothing says that. Esc clears what was typed"));
        }
        lines
    }

    fn keys(contexts: &[Context], columns: usize) -> Vec<HelpLine> {
        let mut lines = Vec::new();
        let keys = |lines: &mut Vec<HelpLine>, context: Context| {
            if bindings_of(context).next().is_some() {
                lines.push(HelpLine::Title(context.title()));
                lines.extend(bindings_of(context).flat_map(|binding| about(binding, columns)));
                lines.push(HelpLine::Gap);
            }
        };
        // Everybody guesses how to move, so that comes last.
        for context in contexts.iter().filter(|context| **context != Context::List) {
            keys(&mut lines, *context);
        }
        lines.push(HelpLine::Title("Marks behind a name"));
        lines.extend(LEGEND.iter().map(|line| HelpLine::Text(line)));
        lines.push(HelpLine::Gap);
        keys(&mut lines, Context::List);
        lines
    }
}

/// All keys as the table of the README: where, which, what for, in the order of [`BINDINGS`].
pub fn markdown() -> String {
    let mut contexts: Vec<Context> = Vec::new();
    for binding in BINDINGS {
        if !contexts.contains(&binding.context) {
            contexts.push(binding.context);
        }
    }
    let mut table = String::from("| Where | Keys | What |\n|---|---|---|\n");
    for (context, binding) in contexts.iter().flat_map(|context| bindings_of(*context).map(move |binding| (context, binding))) {
        let keys: Vec<String> = binding.keys.iter().map(|key| format!("`{}`", key.to_string().replace('|', "\\|"))).collect();
        let row = format!("| {} | {} | {} |\n", context.title(), keys.join(", "), binding.help.replace('|', "\\|"));
        // Two contexts of one screen can share a key.
        if !table.contains(&row) {
            table.push_str(&row);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_said_beside_a_key_is_cut() {
        for columns in [40, 56, 80, 200] {
            for binding in BINDINGS {
                let lines: Vec<&str> = broken(binding.help, columns).collect();
                assert!(lines.iter().all(|line| line.len() <= columns && !line.is_empty() || binding.help.is_empty()), "{columns}: {lines:?}");
                assert_eq!(lines.join(" "), binding.help, "{columns}");
            }
        }
        assert_eq!(broken("unbreakable", 4).collect::<Vec<_>>(), ["unbreakable"]);
    }

    #[test]
    fn another_width_breaks_the_help_anew() {
        let mut help = Help::of(vec![Context::Environments, Context::Everywhere], 80);
        let wide = help.lines.len();
        assert!(!help.refresh(None, 80) && help.refresh(None, 40) && help.lines.len() > wide);
    }
}

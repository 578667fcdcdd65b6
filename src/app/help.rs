//! The help: the keys of where the keyboard was, from the table of bindings.

use crate::app::keymap::{BINDINGS, Binding, Context, bindings_of};

/// A line of the help.
#[derive(Debug, Clone, Copy)]
pub enum HelpLine {
    /// The title of a context.
    Title(&'static str),
    /// A key with what it does.
    Key(&'static Binding),
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
    "A  administration mode   B  background operations off   -  no database   ?  type unknown",
];

/// The help that is open.
#[derive(Debug)]
pub struct Help {
    /// What it says.
    pub lines: Vec<HelpLine>,
    /// First line on screen.
    pub top: usize,
}

impl Help {
    /// The help for these contexts, the nearest first.
    pub fn of(contexts: &[Context]) -> Self {
        let mut lines = Vec::new();
        let keys = |lines: &mut Vec<HelpLine>, context: Context| {
            if bindings_of(context).next().is_some() {
                lines.push(HelpLine::Title(context.title()));
                lines.extend(bindings_of(context).map(HelpLine::Key));
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
        Self { lines, top: 0 }
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

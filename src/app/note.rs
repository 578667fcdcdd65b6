//! A line that is asked for while it is typed: a note on an environment, or what belongs to an act on an item.

use tui_input::Input;

use crate::domain::environment::EnvironmentId;
use crate::domain::journal::ItemAct;

/// What the line is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// A note on an environment.
    Note(EnvironmentId),
    /// What belongs to an act on an item of the checklist below: where to, why, or a remark.
    Act {
        /// The item, by its permanent id.
        item: String,
        /// The act.
        act: ItemAct,
        /// What is asked.
        question: &'static str,
    },
}

/// The line that is being typed.
#[derive(Debug, Clone)]
pub struct Note {
    /// What it is for.
    pub purpose: Purpose,
    /// What is typed.
    pub input: Input,
}

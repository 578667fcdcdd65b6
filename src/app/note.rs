//! A line that is asked for while it is typed: a note on an environment, an answer, or what belongs to an act on an item.

use std::sync::Arc;

use tui_input::Input;

use crate::app::answer::Asked;
use crate::domain::environment::EnvironmentId;
use crate::domain::journal::{EntryId, ItemAct};
use crate::domain::operation::Outcome;

/// What the line is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// A note on an environment.
    Note(EnvironmentId),
    /// Why an entry of the journal no longer holds.
    Withdraw {
        /// The entry.
        entry: EntryId,
        /// What it says, by whom and when.
        what: Arc<str>,
    },
    /// A time to go to in the timeline of an environment.
    Instant(EnvironmentId),
    /// The answer to something that nobody looked up.
    Answer(Asked),
    /// The name of the environment of which data may be lost, as a finding that is taken upon oneself asks for.
    Acknowledge {
        /// The name.
        name: Arc<str>,
        /// What the finding says.
        finding: Arc<str>,
    },
    /// A note as it should have been.
    Correct {
        /// The entry of the note.
        entry: EntryId,
        /// The environment that it is on.
        environment: EnvironmentId,
    },
    /// When an operation that was begun has ended.
    Ended {
        /// The entry that begins it.
        entry: EntryId,
        /// How it ended.
        outcome: Outcome,
        /// What the entry says.
        what: Arc<str>,
    },
    /// What belongs to an act on an item of the checklist below: where to, why, or a remark.
    Act {
        /// The item, by its permanent id.
        item: String,
        /// The act.
        act: ItemAct,
        /// What is asked.
        question: Arc<str>,
    },
}

/// The line that is being typed.
#[derive(Debug, Clone)]
pub struct Note {
    /// What it is for.
    pub purpose: Purpose,
    /// What is typed.
    pub input: Input,
    /// What is wrong with what was typed, or what is asked about it.
    pub said: Option<String>,
}

//! What the console wants done outside: comparable values, carried out by `effects.rs`.

use chrono::{DateTime, Utc};

use crate::app::action::Side;
use crate::app::runbook::Sheet;
use crate::domain::journal::Entry;
use crate::domain::order::Order;

/// Something to be done outside; its result comes back as an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Read the snapshot and its journal.
    Load,
    /// Read what can be looked up: rules, answers, links.
    ReadLibrary,
    /// Read the mapping file at this path.
    ReadMapping(String),
    /// Add these entries to the journal file.
    Save(Vec<Entry>),
    /// Settle the clashes that were shown.
    Settle(Side),
    /// Let console time go on to this instant.
    SkipTo(DateTime<Utc>),
    /// Takes back what was skipped, with the last rehearsal.
    Unskip,
    /// Write the runbook of this in every dialect.
    Runbook(Box<Order>),
    /// Write a runbook into a new file beside the snapshot.
    WriteRunbook(Box<Sheet>),
    /// Put a text on the clipboard of the terminal (OSC 52).
    Clipboard(String),
    /// Give the terminal back to the shell until it comes back.
    Suspend,
    /// End the console.
    Quit,
}

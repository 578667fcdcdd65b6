//! What the console wants done outside: comparable values, carried out by `effects.rs`.

use crate::domain::journal::Entry;

/// Something to be done outside; its result comes back as an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Read the snapshot and its journal.
    Load,
    /// Add this entry to the journal file.
    Save(Box<Entry>),
    /// Put a text on the clipboard of the terminal (OSC 52).
    Clipboard(String),
    /// Give the terminal back to the shell until it comes back.
    Suspend,
    /// End the console.
    Quit,
}

//! The list of tables that a copy of customizations and schemas only empties, searchable, reference data marked.

use tui_input::Input;

use crate::app::list::{Cursor, Step};
use crate::domain::tables::{TRUNCATED_TABLES, is_reference_data};

/// A table of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Whether it is configuration rather than transactions (TRN-013).
    pub reference: bool,
}

/// The list that is open.
#[derive(Debug)]
pub struct Tables {
    /// What is typed; part of the name, ignoring case (TRN-014).
    pub input: Input,
    /// The cursor.
    pub cursor: Cursor,
    rows: Vec<Table>,
}

impl Default for Tables {
    fn default() -> Self {
        let mut tables = Self { input: Input::default(), cursor: Cursor::default(), rows: Vec::new() };
        tables.refresh();
        tables
    }
}

impl Tables {
    /// The tables that match, in their order.
    pub fn rows(&self) -> &[Table] {
        &self.rows
    }

    /// Looks for what is typed.
    pub fn refresh(&mut self) {
        let typed = self.input.value().trim().to_lowercase();
        let matching = TRUNCATED_TABLES.iter().filter(|name| name.to_lowercase().contains(&typed));
        let mut rows: Vec<Table> = matching.map(|name| Table { name, reference: is_reference_data(name) }).collect();
        // Two groups: transactions first, then what an admin may not expect to lose.
        rows.sort_by_key(|table| table.reference);
        self.rows = rows;
        self.cursor = Cursor::default();
    }

    /// Moves the cursor; true when it moved.
    pub fn step(&mut self, step: Step, height: usize) -> bool {
        self.cursor.step(step, self.rows.len(), height)
    }
}

//! What the journal says about one environment, the newest first, and what can still be said about each entry.

use crate::app::details::scroll;
use crate::app::list::{Cursor, Step};
use crate::domain::environment::EnvironmentId;
use crate::domain::estate::Estate;
use crate::domain::journal::{Entry, Told, What};
use crate::domain::operation::Operation;
use crate::domain::summary;
use crate::domain::time::minute;
use crate::domain::words::Word as _;

/// How a line about an entry is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shade {
    /// What it says.
    Plain,
    /// What stands beside it.
    Beside,
    /// That it no longer holds, or has not ended.
    Attention,
}

/// An entry, with what follows from the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The entry.
    pub entry: Entry,
    /// What it says, in one line.
    pub text: String,
    /// The entry that withdrew it.
    pub withdrawn: Option<Entry>,
    /// Whether it begins an operation that has not ended.
    pub runs: bool,
}

impl Row {
    fn of(told: Told<'_>, estate: &Estate) -> Self {
        let Told { entry, withdrawn, runs, .. } = told;
        Self { entry: entry.clone(), text: summary::entry(estate, &entry.what), withdrawn: withdrawn.cloned(), runs }
    }

    /// Why it cannot be withdrawn, if it cannot.
    pub fn stays(&self) -> Option<&'static str> {
        self.withdrawn.is_some().then_some("It is withdrawn already: withdraw its withdrawal, and it holds again")
    }

    /// All about it.
    fn about(&self) -> Vec<(Shade, String)> {
        let said = |entry: &Entry| format!("{}, {}", entry.by, minute(entry.at));
        let mut lines = vec![(Shade::Plain, self.text.clone())];
        if let What::Item { note: Some(note), .. } = &self.entry.what {
            lines.push((Shade::Plain, note.to_string()));
        }
        lines.push((Shade::Beside, format!("Written by {}", said(&self.entry))));
        if let Some(by) = &self.withdrawn {
            let why = if let What::Withdrawn { reason, .. } = &by.what { reason } else { "" };
            lines.push((Shade::Attention, format!("Withdrawn by {}: {why}", said(by))));
        }
        if self.runs {
            let text = "It has not ended: its target is busy. s records that it succeeded, f that it failed";
            lines.push((Shade::Attention, text.to_owned()));
        }
        if let What::Operation(operation) = &self.entry.what {
            lines.extend(of_operation(operation).into_iter().map(|text| (Shade::Beside, text)));
        }
        lines
    }
}

/// When it ran, who answers for it, and what was to be known when it was confirmed.
fn of_operation(operation: &Operation) -> Vec<String> {
    let ended = operation.completed_at.map_or_else(String::new, |at| format!(", ended {}", minute(at)));
    let mut lines = vec![format!("Started {}{ended}", minute(operation.started_at))];
    lines.extend(operation.ticket.iter().map(|ticket| format!("Ticket: {ticket}")));
    lines.extend(operation.approver.iter().map(|approver| format!("Approved by {approver}")));
    let taken = operation.acknowledged.iter();
    lines.extend(taken.map(|taken| format!("Acknowledged by {}, {}: {}", taken.by, minute(taken.at), taken.shown)));
    lines.extend(operation.account.iter().map(|line| format!("{}: {}", line.topic.label(), line.text)));
    lines
}

/// The entries about an environment that are listed.
#[derive(Debug)]
pub struct Entries {
    /// Which environment.
    pub environment: EnvironmentId,
    /// The cursor.
    pub cursor: Cursor,
    /// The first line about the entry on screen.
    pub top: usize,
    rows: Vec<Row>,
    about: Vec<(Shade, String)>,
    listed: Option<u64>,
    told: Option<(u64, usize, usize)>,
}

impl Entries {
    /// The entries about that environment.
    pub fn new(environment: EnvironmentId) -> Self {
        let (rows, about) = (Vec::new(), Vec::new());
        Self { environment, cursor: Cursor::default(), top: 0, rows, about, listed: None, told: None }
    }

    /// The entries, the newest first.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The entry under the cursor.
    pub fn selected(&self) -> Option<&Row> {
        self.rows.get(self.cursor.at)
    }

    /// All about the entry under the cursor, in lines that fit.
    pub fn about(&self) -> &[(Shade, String)] {
        &self.about
    }

    /// Lists them again when the journal changed; `height` rows are on screen, and lines of `width` columns fit. True when
    /// something changed.
    pub fn refresh(&mut self, estate: &Estate, height: usize, width: usize) -> bool {
        let revision = estate.revision();
        if self.listed != Some(revision) {
            let on = self.selected().map(|row| row.entry.id.clone());
            let told = estate.journal().told().into_iter().rev().filter(|told| told.concerns(&self.environment));
            self.rows = told.map(|told| Row::of(told, estate)).collect();
            let at = on.and_then(|on| self.rows.iter().position(|row| row.entry.id == on));
            self.cursor.go(at.unwrap_or(self.cursor.at), self.rows.len(), height);
            self.listed = Some(revision);
        }
        let wanted = (revision, self.cursor.at, width);
        if self.told == Some(wanted) {
            return false;
        }
        let all = self.selected().map(Row::about).unwrap_or_default();
        let fit = |(shade, text): (Shade, String)| {
            let lines = textwrap::wrap(&text, width.max(10)).into_iter().map(|line| (shade, line.into_owned()));
            lines.collect::<Vec<_>>()
        };
        self.about = all.into_iter().flat_map(fit).collect();
        self.top = 0;
        self.told = Some(wanted);
        true
    }

    /// Moves the cursor; true when it moved.
    pub fn step(&mut self, step: Step, height: usize) -> bool {
        self.cursor.step(step, self.rows.len(), height)
    }

    /// Scrolls what is said about the entry; true when it moved.
    pub fn scroll(&mut self, step: Step, height: usize) -> bool {
        scroll(&mut self.top, step, self.about.len(), height)
    }
}

//! Instants on the command line: read as the console reads them, seen from the instant at which everything is judged.

use chrono::{DateTime, FixedOffset, Local, Offset as _, Utc};

use super::output::Failure;
use super::source::clock;
use crate::domain::instant::{Lean, read_leaning, read_window};

/// An instant as it was typed, which can count from the instant of `--now`: `-3d`, `friday 18:00`.
#[derive(Debug, Clone)]
pub struct When {
    text: String,
    lean: Lean,
}

/// A window as it was typed: two instants with a slash between them.
#[derive(Debug, Clone)]
pub struct Window {
    from: String,
    to: String,
}

/// How far local time is ahead of UTC where the program runs.
pub fn local_offset(at: DateTime<Utc>) -> FixedOffset {
    at.with_timezone(&Local).offset().fix()
}

/// Reads an option whose instant has passed, where no day was typed.
pub fn passed(text: &str) -> Result<When, String> {
    typed(text, Lean::Passed)
}

/// Reads an option whose instant is to come, where no day was typed.
pub fn coming(text: &str) -> Result<When, String> {
    typed(text, Lean::Coming)
}

/// What is no time at all is refused beside its option; what is none only at another instant, where it is used.
fn typed(text: &str, lean: Lean) -> Result<When, String> {
    read_leaning(text, lean, clock(), local_offset).map(|_| When { text: text.to_owned(), lean })
}

/// Reads a window.
pub fn window(text: &str) -> Result<Window, String> {
    let (from, to) = text.split_once('/').ok_or("two instants are expected, such as 2026-01-06T20:00:00Z/2026-01-06T23:00:00Z")?;
    let window = Window { from: from.to_owned(), to: to.to_owned() };
    window.read(clock()).map(|_| window)
}

impl When {
    /// The instant, seen from `now`.
    pub fn at(&self, now: DateTime<Utc>) -> Result<DateTime<Utc>, Failure> {
        self.with_offset(now).map(|at| at.to_utc())
    }

    /// The same with the offset that was typed with it.
    pub fn with_offset(&self, now: DateTime<Utc>) -> Result<DateTime<FixedOffset>, Failure> {
        read_leaning(&self.text, self.lean, now, local_offset).map_err(Failure::Usage)
    }
}

impl Window {
    fn read(&self, now: DateTime<Utc>) -> Result<(DateTime<Utc>, DateTime<Utc>), String> {
        let (from, to) = read_window(&self.from, &self.to, now, local_offset)?;
        if from < to { Ok((from, to)) } else { Err("it ends before it begins".to_owned()) }
    }

    /// From when until when, seen from `now`.
    pub fn at(&self, now: DateTime<Utc>) -> Result<(DateTime<Utc>, DateTime<Utc>), Failure> {
        self.read(now).map_err(Failure::Usage)
    }
}

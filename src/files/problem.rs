//! What is wrong with a file: each problem with its line, column and path, and all of them together.

use std::fmt;

/// How many problems of one file are kept; the others are counted.
const KEPT: usize = 200;

/// One thing that is wrong, where it stands and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line and column, from 1; none when it concerns the whole file.
    pub place: Option<(usize, usize)>,
    /// The path inside the file, such as `tenants[0].environments[3].type`; empty at the top.
    pub path: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// Everything that is wrong with one file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Problems {
    /// The file, as it was named.
    pub file: String,
    /// The problems, in the order of the file.
    pub list: Vec<Problem>,
    /// How many more there are than are kept.
    pub more: usize,
    /// Whether the file itself could not be read, so that nothing is known of what is in it.
    pub unreadable: bool,
}

impl Problems {
    /// No problem so far.
    pub fn none_in(file: &str) -> Self {
        Self { file: super::text::harmless(file).into_owned(), list: Vec::new(), more: 0, unreadable: false }
    }

    /// One problem with the whole file.
    pub fn whole(file: &str, message: impl Into<String>) -> Self {
        let mut problems = Self::none_in(file);
        problems.add(Problem { place: None, path: String::new(), message: message.into() });
        problems
    }

    /// The file itself cannot be read.
    pub fn unreadable(file: &str, message: impl Into<String>) -> Self {
        Self { unreadable: true, ..Self::whole(file, message) }
    }

    /// Adds one, or counts it when there are too many.
    pub fn add(&mut self, problem: Problem) {
        if self.is_full() { self.more += 1 } else { self.list.push(problem) }
    }

    /// Whether further problems are only counted.
    pub fn is_full(&self) -> bool {
        self.list.len() >= KEPT
    }

    /// The problems in the order of the file; those that concern all of it come first.
    pub fn in_order(mut self) -> Self {
        self.list.sort_by_key(|problem| problem.place);
        self
    }

    /// True when nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// One line for each problem: `file:line:column: path: message`.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let more = (self.more > 0).then(|| format!("{}: {} more problems are not listed", self.file, self.more));
        self.list
            .iter()
            .map(|problem| {
                let place = problem.place.map_or_else(String::new, |(line, column)| format!(":{line}:{column}"));
                let path = if problem.path.is_empty() { String::new() } else { format!("{}: ", problem.path) };
                format!("{}{place}: {path}{}", self.file, problem.message)
            })
            .chain(more)
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, line) in self.lines().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            f.write_str(&line)?;
        }
        Ok(())
    }
}

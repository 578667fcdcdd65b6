//! Tables for people: aligned by display width, as narrow as the terminal, complete where the output goes elsewhere.

use std::borrow::Cow;
use std::io::{self, Write};

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::json::UNKNOWN;
use super::output::{Out, Tone};
use crate::domain::known::Known;
use crate::domain::words::counted;

/// What may be done with a column that does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// It stays as it is.
    Keep,
    /// Its texts may be cut.
    Shorten,
    /// It may go, the last such column first.
    Drop,
}

/// A text cut to this still tells one row from the next: before it is cut further, columns go.
const READABLE: usize = 12;
/// Columns narrower than this are not cut further.
const NARROWEST: usize = 8;
/// Between two columns.
const GAP: usize = 2;

/// A cell: its text, and what it means.
pub type Cell<'a> = (Tone, Cow<'a, str>);

/// A cell that means nothing special.
pub fn cell<'a>(text: impl Into<Cow<'a, str>>) -> Cell<'a> {
    (Tone::Plain, text.into())
}

/// A cell with a fact.
pub fn shown<'a>(fact: Known<impl Into<Cow<'a, str>>>) -> Cell<'a> {
    match fact {
        Known::Unknown => (Tone::Caution, Cow::Borrowed(UNKNOWN)),
        Known::Is(value) => cell(value),
    }
}

/// A fact that is yes or no, for people.
pub fn yes_or_no(fact: Known<bool>) -> Known<&'static str> {
    fact.map(|yes| if yes { "yes" } else { "no" })
}

/// How long backups are kept, for people.
pub fn days(kept: Known<Option<u16>>) -> Known<String> {
    kept.map(|days| days.map_or_else(|| "none".to_owned(), |days| counted(days.into(), "day")))
}

/// The columns of a table with their widths.
#[derive(Debug, Clone)]
pub struct Table {
    columns: Vec<(&'static str, Fit)>,
    widths: Vec<usize>,
    shown: Vec<bool>,
}

impl Table {
    /// A table with these columns.
    pub fn new(columns: impl IntoIterator<Item = (&'static str, Fit)>) -> Self {
        let columns: Vec<_> = columns.into_iter().collect();
        let widths = columns.iter().map(|(title, _)| title.width()).collect();
        let shown = vec![true; columns.len()];
        Self { columns, widths, shown }
    }

    /// Makes room for a row that will be written.
    pub fn measure(&mut self, row: &[Cell<'_>]) {
        for (width, (_, text)) in self.widths.iter_mut().zip(row) {
            *width = (*width).max(text.width());
        }
    }

    /// Drops and cuts columns until a row is no wider than the terminal.
    pub fn fit(&mut self, width: Option<usize>) {
        let Some(width) = width else { return };
        while self.total() > width {
            let droppable = (1..self.columns.len()).rev().find(|index| self.shown[*index] && self.columns[*index].1 == Fit::Drop);
            let Some(index) = droppable else { break };
            self.shown[index] = false;
        }
        while self.readable() > width {
            let Some(last) = (1..self.columns.len()).rev().find(|index| self.shown[*index] && self.columns[*index].1 != Fit::Shorten) else { break };
            self.shown[last] = false;
        }
        while self.total() > width {
            let cuttable =
                (0..self.columns.len()).filter(|index| self.shown[*index] && self.columns[*index].1 == Fit::Shorten && self.widths[*index] > NARROWEST);
            let Some(widest) = cuttable.max_by_key(|index| self.widths[*index]) else { break };
            self.widths[widest] -= 1;
        }
        while self.total() > width {
            let Some(last) = (1..self.columns.len()).rev().find(|index| self.shown[*index]) else { break };
            self.shown[last] = false;
        }
        if let Some(first) = self.widths.first_mut() {
            *first = (*first).min(width);
        }
    }

    fn total(&self) -> usize {
        self.sum(|width, _| width)
    }

    /// How wide a row is whose texts are cut as far as they can be read.
    fn readable(&self) -> usize {
        self.sum(|width, fit| if fit == Fit::Shorten { width.min(READABLE) } else { width })
    }

    fn sum(&self, wide: impl Fn(usize, Fit) -> usize) -> usize {
        let shown = self.widths.iter().zip(&self.columns).zip(&self.shown).filter(|(_, shown)| **shown);
        shown.map(|((width, (_, fit)), _)| wide(*width, *fit) + GAP).sum::<usize>().saturating_sub(GAP)
    }

    /// Writes the header and all rows, as wide as they need and the terminal allows.
    pub fn write<'a, R: AsRef<[Cell<'a>]>>(mut self, out: &mut Out, rows: &[R]) -> io::Result<()> {
        rows.iter().for_each(|row| self.measure(row.as_ref()));
        self.fit(out.screen.width);
        self.header(out)?;
        rows.iter().try_for_each(|row| self.row(out, row.as_ref()))
    }

    /// Writes the header row.
    pub fn header(&self, out: &mut Out) -> io::Result<()> {
        let titles: Vec<Cell<'_>> = self.columns.iter().map(|(title, _)| (Tone::Heading, Cow::Borrowed(*title))).collect();
        self.row(out, &titles)
    }

    /// Writes a row.
    pub fn row(&self, out: &mut Out, row: &[Cell<'_>]) -> io::Result<()> {
        let mut pending = 0;
        for ((tone, text), width) in self.cells(row) {
            let text = shortened(text, width);
            write!(out, "{:pending$}{}", "", out.paint(tone, &text))?;
            pending = GAP + width - text.width();
        }
        writeln!(out)
    }

    fn cells<'a>(&'a self, row: &'a [Cell<'_>]) -> impl Iterator<Item = ((Tone, &'a str), usize)> {
        let shown = row.iter().zip(&self.widths).zip(&self.shown).filter(|(_, shown)| **shown);
        shown.map(|(((tone, text), width), _)| ((*tone, &**text), *width))
    }
}

/// The text, cut at the end to `width` columns.
fn shortened(text: &str, width: usize) -> Cow<'_, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    let mut cut = String::new();
    let mut used = 0;
    for letter in text.graphemes(true) {
        used += letter.width();
        if used + 1 > width {
            break;
        }
        cut.push_str(letter);
    }
    cut.push('…');
    Cow::Owned(cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(width: Option<usize>) -> Vec<String> {
        let rows = [["Contoso Sales and Service", "production", "e1"], ["日本語", "sandbox", "e2"]];
        let mut table = Table::new([("NAME", Fit::Shorten), ("TYPE", Fit::Keep), ("ID", Fit::Drop)]);
        for row in &rows {
            table.measure(&row.map(cell));
        }
        table.fit(width);
        let line = |row: &[&'static str; 3]| table.cells(&row.map(cell)).map(|((_, text), width)| format!("{}|", shortened(text, width))).collect();
        rows.iter().map(line).collect()
    }

    #[test]
    fn what_does_not_fit_is_dropped_then_cut_and_never_when_piped() {
        assert_eq!(lines(None), ["Contoso Sales and Service|production|e1|", "日本語|sandbox|e2|"]);
        assert_eq!(lines(Some(41)), ["Contoso Sales and Service|production|e1|", "日本語|sandbox|e2|"]);
        assert_eq!(lines(Some(40)), ["Contoso Sales and Service|production|", "日本語|sandbox|"]);
        assert_eq!(lines(Some(24)), ["Contoso Sal…|production|", "日本語|sandbox|"]);
        assert_eq!(lines(Some(23)), ["Contoso Sales and Serv…|", "日本語|"], "a name that says nothing is worth less than a column");
        assert_eq!(lines(Some(19)), ["Contoso Sales and …|", "日本語|"]);
        assert_eq!(lines(Some(5)), ["Cont…|", "日本…|"]);
        assert_eq!(lines(Some(1)), ["…|", "…|"]);
    }
}

//! A cursor in a list that shows only some of its rows.

/// A step in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// That many rows, downwards when positive.
    By(i8),
    /// That many screens.
    Page(i8),
    /// To the first row.
    First,
    /// To the last row.
    Last,
}

/// Where the cursor is and which row is the first on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    /// The row of the cursor.
    pub at: usize,
    /// The first row on screen.
    pub top: usize,
}

/// The entries of a list and the screen for them; an entry can take more than one row of it.
pub struct Entries<'a> {
    /// How many there are.
    pub count: usize,
    /// Rows of the screen.
    pub screen: usize,
    /// How many rows an entry takes; asked for a screenful of them at most.
    pub rows: &'a dyn Fn(usize) -> usize,
}

impl Entries<'_> {
    /// The furthest entry before `at` that one gets back to over at most so many rows.
    fn back(&self, at: usize, rows: usize) -> usize {
        let (mut first, mut left) = (at, rows);
        while let Some(before) = first.checked_sub(1)
            && let Some(rest) = left.checked_sub((self.rows)(before))
        {
            (first, left) = (before, rest);
        }
        first
    }

    /// The furthest entry behind `at` that one gets on to over at most so many rows.
    fn on(&self, at: usize, rows: usize) -> usize {
        let (mut last, mut left) = (at, rows);
        while last + 1 < self.count
            && let Some(rest) = left.checked_sub((self.rows)(last + 1))
        {
            (last, left) = (last + 1, rest);
        }
        last
    }

    /// The first entry on a screen that ends with `last`.
    fn first_above(&self, last: usize) -> usize {
        if last < self.count { self.back(last, self.screen.saturating_sub((self.rows)(last))) } else { 0 }
    }
}

impl Cursor {
    /// Takes a step in a list of `length` rows of which `height` are on screen; true when something moved.
    pub fn step(&mut self, step: Step, length: usize, height: usize) -> bool {
        self.step_among(step, &Entries { count: length, screen: height, rows: &|_| 1 })
    }

    /// Goes to a row and keeps it on screen; true when something moved.
    pub fn go(&mut self, at: usize, length: usize, height: usize) -> bool {
        self.go_among(at, &Entries { count: length, screen: height, rows: &|_| 1 })
    }

    /// Takes a step among entries of any height; true when something moved.
    pub fn step_among(&mut self, step: Step, entries: &Entries<'_>) -> bool {
        let page = entries.screen.saturating_sub(1).max(1);
        let last = entries.count.saturating_sub(1);
        let pages = |pages: i8, page: &dyn Fn(usize) -> usize| (0..pages.unsigned_abs()).fold(self.at, |at, _| page(at));
        let at = match step {
            Step::By(entries) => self.at.saturating_add_signed(isize::from(entries)),
            // An entry higher than the screen is one step all the same.
            Step::Page(by) if by < 0 => pages(by, &|at| entries.back(at, page).min(at.saturating_sub(1))),
            Step::Page(by) => pages(by, &|at| entries.on(at, page).max(at + 1)),
            Step::First => 0,
            Step::Last => last,
        };
        self.go_among(at, entries)
    }

    /// Goes to an entry and keeps all of it on screen; true when something moved.
    pub fn go_among(&mut self, at: usize, entries: &Entries<'_>) -> bool {
        let before = *self;
        let last = entries.count.saturating_sub(1);
        self.at = at.min(last);
        // No row is left empty below the last entry while there are some above the first.
        self.top = self.top.min(entries.first_above(last));
        self.top = self.top.clamp(entries.first_above(self.at), self.at);
        *self != before
    }

    /// The rows on screen of a list of `length`.
    pub fn window(&self, length: usize, height: usize) -> std::ops::Range<usize> {
        let top = self.top.min(length);
        top..length.min(top + height)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cursor, Entries, Step};

    #[test]
    fn the_cursor_stays_on_screen_and_in_the_list() {
        let mut cursor = Cursor::default();
        assert!(cursor.step(Step::Last, 100, 10));
        assert_eq!((cursor.at, cursor.top), (99, 90));
        assert!(!cursor.step(Step::By(1), 100, 10));
        assert!(cursor.step(Step::Page(-1), 100, 10));
        assert_eq!((cursor.at, cursor.top), (90, 90));
        assert!(cursor.step(Step::By(-1), 100, 10));
        assert_eq!((cursor.at, cursor.top), (89, 89));
        assert!(cursor.go(50, 3, 10));
        assert_eq!((cursor.at, cursor.top), (2, 0));
        assert!(cursor.go(0, 0, 0));
        assert_eq!(cursor, Cursor::default());
    }

    #[test]
    fn entries_of_two_rows_stay_whole_on_screen_and_no_page_skips_any() {
        let rows = |entry: usize| 1 + usize::from(entry.is_multiple_of(3));
        for (count, screen) in [(0, 5), (1, 1), (7, 4), (100, 9), (100, 2), (100, 1)] {
            let entries = Entries { count, screen, rows: &rows };
            let height = |from: usize, to: usize| (from..=to).map(rows).sum::<usize>();
            let mut cursor = Cursor::default();
            let steps = [Step::Last, Step::Page(-1), Step::Page(-2), Step::By(3), Step::First, Step::Page(1), Step::By(-1), Step::Page(1), Step::Page(127)];
            for step in steps {
                let before = cursor;
                cursor.step_among(step, &entries);
                assert!(cursor.top <= cursor.at && cursor.at < count.max(1), "{step:?}: {cursor:?}");
                assert!(screen < 2 || height(cursor.top, cursor.at) <= screen, "{step:?}: {cursor:?} is not on a screen of {screen} rows");
                if let Step::Page(1 | -1) = step {
                    let (from, to) = (before.at.min(cursor.at), before.at.max(cursor.at));
                    assert!(to <= from + 1 || height(from + 1, to).min(height(from, to - 1)) < screen, "{step:?}: {before:?} to {cursor:?}");
                }
                if cursor.top > 0 {
                    assert!(height(cursor.top - 1, count - 1) > screen, "{step:?}: {cursor:?} leaves rows empty");
                }
            }
        }
    }
}

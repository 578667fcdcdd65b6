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

impl Cursor {
    /// Takes a step in a list of `length` rows of which `height` are on screen; true when something moved.
    pub fn step(&mut self, step: Step, length: usize, height: usize) -> bool {
        let page = height.saturating_sub(1).max(1);
        let last = length.saturating_sub(1);
        let at = match step {
            Step::By(rows) => self.at.saturating_add_signed(isize::from(rows)),
            Step::Page(pages) if pages < 0 => self.at.saturating_sub(page * usize::from(pages.unsigned_abs())),
            Step::Page(pages) => self.at.saturating_add(page * usize::from(pages.unsigned_abs())),
            Step::First => 0,
            Step::Last => last,
        };
        self.go(at, length, height)
    }

    /// Goes to a row and keeps it on screen; true when something moved.
    pub fn go(&mut self, at: usize, length: usize, height: usize) -> bool {
        let before = *self;
        self.at = at.min(length.saturating_sub(1));
        let height = height.max(1);
        self.top = self.top.min(length.saturating_sub(height));
        self.top = self.top.clamp((self.at + 1).saturating_sub(height), self.at);
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
    use super::{Cursor, Step};

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
}

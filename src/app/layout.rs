//! Where each pane stands on a screen of a given size: one answer for drawing, clicking and scrolling.

use crate::app::model::Pane;

/// The smallest screen that is drawn, in columns and rows.
pub const SMALLEST: (u16, u16) = (60, 16);

/// A rectangle of the screen, borders included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Area {
    /// First column.
    pub x: u16,
    /// First row.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

impl Area {
    /// Whether a cell is inside.
    pub const fn contains(&self, x: u16, y: u16) -> bool {
        x >= self.x && y >= self.y && x < self.x + self.width && y < self.y + self.height
    }

    /// The rectangle without its border.
    pub const fn inside(&self) -> Self {
        Self { x: self.x + 1, y: self.y + 1, width: self.width.saturating_sub(2), height: self.height.saturating_sub(2) }
    }
}

/// The areas of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Layout {
    /// First row.
    pub header: Area,
    /// The list of environments.
    pub environments: Area,
    /// The details; empty where there is no room.
    pub details: Area,
    /// The timeline; empty where there is no room.
    pub timeline: Area,
    /// Everything between header and footer, for views that take all of it.
    pub body: Area,
    /// The last row.
    pub footer: Area,
}

/// Fewer rows than this and only one of details and timeline is shown: the one that has the keyboard.
const ROOM_FOR_BOTH: u16 = 20;
/// What the timeline needs to draw its scale and a few backups.
const TIMELINE_ROWS: u16 = 11;

impl Layout {
    /// Rows above the first target: the counts and the titles of the columns.
    pub const TARGETS_HEAD: u16 = 2;
    /// Rows of the palette at most.
    pub const PALETTE_ROWS: usize = 14;

    /// Rows of the palette on this screen, under the line that is typed.
    pub fn palette_rows(&self) -> usize {
        Self::PALETTE_ROWS.min(usize::from(self.body.height.saturating_sub(3)))
    }

    /// Rows of the help.
    pub fn help_rows(&self) -> usize {
        usize::from(self.body.height.saturating_sub(2))
    }

    /// Rows of the tables that are emptied, under the line that is typed.
    pub fn table_rows(&self) -> usize {
        usize::from(self.body.height.saturating_sub(4))
    }

    /// Rows of the review of a copy.
    pub fn review_rows(&self) -> usize {
        usize::from(self.body.height.saturating_sub(2))
    }

    /// Rows of the entries that clash, under the question.
    pub fn clash_rows(&self) -> usize {
        usize::from(self.body.height.saturating_sub(6))
    }

    /// The layout of a screen.
    pub fn of(size: (u16, u16), focus: Pane) -> Self {
        let (width, height) = size;
        let header = Area { x: 0, y: 0, width, height: 1 };
        let footer = Area { x: 0, y: height.saturating_sub(1), width, height: 1 };
        let body = Area { x: 0, y: 1, width, height: height.saturating_sub(2) };
        let list = match width {
            0..72 => width * 2 / 5 + 2,
            72..100 => 36,
            100..150 => 50,
            _ => 66,
        };
        let environments = Area { width: list.min(width), ..body };
        let right = Area { x: list.min(width), width: width.saturating_sub(list), ..body };
        let (details, timeline) = if height < ROOM_FOR_BOTH {
            match focus {
                Pane::Timeline => (Area::default(), right),
                Pane::Environments | Pane::Details => (right, Area::default()),
            }
        } else {
            let below = TIMELINE_ROWS.max(body.height * 2 / 5).min(body.height.saturating_sub(6));
            let above = body.height - below;
            (Area { height: above, ..right }, Area { y: right.y + above, height: below, ..right })
        };
        Self { header, environments, details, timeline, body, footer }
    }

    /// The panes with their areas; those that are not shown are empty.
    pub const fn panes(&self) -> [(Pane, Area); 3] {
        [(Pane::Environments, self.environments), (Pane::Details, self.details), (Pane::Timeline, self.timeline)]
    }

    /// The two halves of the view of targets: the list above or left, the reasons below or right.
    pub fn targets(&self) -> (Area, Area) {
        let body = self.body;
        if body.width >= 160 {
            let list = body.width * 11 / 20;
            (Area { width: list, ..body }, Area { x: body.x + list, width: body.width - list, ..body })
        } else {
            let list = body.height.saturating_sub(body.height * 9 / 20).max(5);
            (Area { height: list, ..body }, Area { y: body.y + list, height: body.height.saturating_sub(list), ..body })
        }
    }

    /// A box in the middle of the screen for what stands over the panes.
    pub fn over(&self, width: u16, height: u16) -> Area {
        let width = width.min(self.body.width.saturating_sub(2));
        let height = height.min(self.body.height);
        Area { x: (self.body.width - width) / 2, y: self.body.y + (self.body.height - height) / 3, width, height }
    }
}

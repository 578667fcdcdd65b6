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

/// The screen of the list of environments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Screen {
    /// Its rows.
    pub rows: usize,
    /// Whether the other half of a linked pair stands in a row of its own; else a mark has to do.
    pub halves: bool,
}

/// From so many columns on, a linked pair has a row for each half.
const ROOM_FOR_HALVES: u16 = 100;
/// Fewer rows than this and only one of details and timeline is shown: the one that has the keyboard.
const ROOM_FOR_BOTH: u16 = 20;
/// What is lost is drawn in three rows: manual backups, the system backup, their dates.
const LOSSES_ROWS: u16 = 3;
/// What the timeline needs to draw its scale and a few backups.
const TIMELINE_ROWS: u16 = 13;
/// What it takes while somebody looks at it, where there is room.
const TIMELINE_ROWS_LOOKED_AT: u16 = 20;
/// What is left to the details at least.
const DETAILS_ROWS: u16 = 6;

impl Layout {
    /// Rows above the first target: the counts and the titles of the columns.
    pub const TARGETS_HEAD: u16 = 2;
    /// Rows above the first thing that asks for attention: the titles of the columns.
    pub const ATTENTION_HEAD: u16 = 1;
    /// Rows of the palette at most.
    pub const PALETTE_ROWS: usize = 14;
    /// Columns of the help at most.
    pub const HELP: u16 = 104;
    /// Columns of the keys in the help.
    pub const HELP_KEYS: u16 = 18;

    /// Rows of the palette on this screen, under the line that is typed.
    pub fn palette_rows(&self) -> usize {
        Self::PALETTE_ROWS.min(usize::from(self.body.height.saturating_sub(3)))
    }

    /// Rows of the help.
    pub fn help_rows(&self) -> usize {
        usize::from(self.body.height.saturating_sub(2))
    }

    /// How many columns of the help what is said beside a key has, up to the border.
    pub fn help_columns(&self) -> usize {
        usize::from(self.over(Self::HELP, self.body.height).width.saturating_sub(Self::HELP_KEYS + 4))
    }

    /// Where what asks for attention is listed, without border and titles.
    pub fn attention(&self) -> Area {
        let inside = self.targets().0.inside();
        Area { y: inside.y + Self::ATTENTION_HEAD, height: inside.height.saturating_sub(Self::ATTENTION_HEAD), ..inside }
    }

    /// Rows of the tables that are emptied, under the line that is typed.
    pub fn table_rows(&self) -> usize {
        usize::from(self.body.height.saturating_sub(4))
    }

    /// Where a review stands: what would be lost, drawn above where it is, and the lines below.
    pub const fn review(&self, losses: bool) -> (Area, Area) {
        let inside = self.body.inside();
        let above = if losses { LOSSES_ROWS } else { 0 };
        // Where rows are scarce, the lines follow at once.
        let gap = if losses && inside.height >= ROOM_FOR_BOTH { 1 } else { 0 };
        let lines = Area { y: inside.y + above + gap, height: inside.height.saturating_sub(above + gap), ..inside };
        (Area { height: above, ..inside }, lines)
    }

    /// Rows of the questions before a move, under the line that says how many are open.
    pub fn question_rows(&self) -> usize {
        usize::from(self.body.inside().height.saturating_sub(2))
    }

    /// Rows of what was found in a mapping file, under the lines that name the files of so many environments.
    pub fn found_rows(&self, environments: usize) -> usize {
        usize::from(self.body.inside().height).saturating_sub(environments.max(1) + 3)
    }

    /// Rows of the entries that clash, under the question.
    pub fn clash_rows(&self) -> usize {
        usize::from(self.body.height.saturating_sub(6))
    }

    /// The screen of the list of environments, also while something stands in its place.
    pub fn environment_screen(&self) -> Screen {
        Screen { rows: usize::from(self.body.inside().height), halves: self.body.width >= ROOM_FOR_HALVES }
    }

    /// The layout of a screen; `whole` gives the timeline all of it while it has the keyboard.
    pub fn of(size: (u16, u16), focus: Pane, whole: bool) -> Self {
        let (width, height) = size;
        let header = Area { x: 0, y: 0, width, height: 1 };
        let footer = Area { x: 0, y: height.saturating_sub(1), width, height: 1 };
        let body = Area { x: 0, y: 1, width, height: height.saturating_sub(2) };
        if whole && focus == Pane::Timeline {
            return Self { header, timeline: body, body, footer, ..Self::default() };
        }
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
            let looked_at = if focus == Pane::Timeline { TIMELINE_ROWS_LOOKED_AT.min(body.height * 3 / 4) } else { 0 };
            let below = TIMELINE_ROWS.max(looked_at).max(body.height * 2 / 5).min(body.height.saturating_sub(DETAILS_ROWS));
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

    /// The two halves of what rules say: the list left or above, the explanation right or below.
    pub fn explain(&self) -> (Area, Area) {
        let body = self.body;
        if body.width >= 110 {
            let list = body.width * 2 / 5;
            (Area { width: list, ..body }, Area { x: body.x + list, width: body.width - list, ..body })
        } else {
            let list = (body.height * 2 / 5).max(6);
            (Area { height: list, ..body }, Area { y: body.y + list, height: body.height.saturating_sub(list), ..body })
        }
    }

    /// Rows of the list of rules, under the line that is typed.
    pub fn rule_rows(&self) -> usize {
        usize::from(self.explain().0.inside().height.saturating_sub(1))
    }

    /// A box in the middle of the screen for what stands over the panes.
    pub fn over(&self, width: u16, height: u16) -> Area {
        let width = width.min(self.body.width.saturating_sub(2));
        let height = height.min(self.body.height);
        Area { x: (self.body.width - width) / 2, y: self.body.y + (self.body.height - height) / 3, width, height }
    }
}

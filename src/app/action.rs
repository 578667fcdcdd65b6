//! Everything that can happen to the model: commands of keys, typing, the mouse, the terminal, results, time.

use chrono::{DateTime, Utc};

use crate::app::list::Step;
use crate::domain::checklist::Template;
use crate::domain::estate::Estate;
use crate::domain::journal::{Clash, Entry, ItemAct};

/// The instant at which something happens: console time for the domain, time since the start for notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Console time: where the console started plus what passed and what was skipped.
    pub console: DateTime<Utc>,
    /// Console time without what was skipped to see a rehearsal end: what is written down for real bears this.
    pub unskipped: DateTime<Utc>,
    /// Time since the start, which nothing skips.
    pub real: std::time::Duration,
}

/// What a key, a click or the palette can ask for; plain values, so that they stand in the table of bindings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Concerns the console as a whole.
    App(App),
    /// Moves in whichever list has the keyboard.
    Move(Step),
    /// Concerns the list of environments.
    Environments(Environments),
    /// Concerns the timeline of backups.
    Timeline(Timeline),
    /// Concerns the view of targets.
    Targets(Targets),
    /// Concerns the copy wizard.
    Copy(Copy),
    /// Concerns the checklist.
    Checklist(Checklist),
    /// Edits the line that is being typed.
    Line(Line),
}

/// Commands that concern the console as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum App {
    /// Ends the console.
    Quit,
    /// Gives the terminal back to the shell until it comes back.
    Suspend,
    /// Opens the help for where the keyboard is.
    Help,
    /// Opens the palette of commands and environments.
    Palette,
    /// Gives the keyboard to the next pane.
    FocusNext,
    /// Gives the keyboard to the pane before.
    FocusPrevious,
    /// Goes back one step.
    Back,
    /// Shows the next tenant, or all of them.
    NextTenant,
    /// Copies the id of the environment to the clipboard.
    CopyId,
    /// Copies the URL of the environment to the clipboard.
    CopyUrl,
    /// Starts a note on the environment.
    Note,
    /// Reads the snapshot again.
    Reload,
    /// Saves again what could not be saved.
    SaveAgain,
    /// Settles a clash of the journal.
    Settle(Side),
    /// Does what is chosen in the layer on top.
    Choose,
    /// Shows the tables that a copy of customizations only empties.
    Tables,
    /// Skips to the next event in console time.
    Skip,
    /// Takes back the last rehearsed step.
    Undo,
    /// Takes back everything that was rehearsed.
    Discard,
}

/// Commands of the list of environments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environments {
    /// Starts typing a filter.
    Filter,
    /// Sorts by the next column.
    Sort,
    /// Shows every environment as a target of a copy of this one.
    CopyTargets,
    /// Shows the chosen environment's details.
    Open,
}

/// Commands of the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timeline {
    /// Moves the cursor by days.
    Day(i8),
    /// Moves the cursor by hours.
    Hour(i8),
    /// Moves the cursor to the next manual backup, or the one before.
    Backup(i8),
}

/// Commands of the view of targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Targets {
    /// Starts typing a filter.
    Filter,
    /// Changes the level of the copy.
    Level,
    /// Scrolls the reasons.
    Reasons(i8),
}

/// Commands of the copy wizard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copy {
    /// Takes what is chosen and goes on.
    Next,
    /// Gives the keyboard to the other field.
    Field(i8),
    /// Takes the next security group, or the one before.
    Group(i8),
    /// Takes the next unknown finding upon oneself.
    Acknowledge,
}

/// Commands of the checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checklist {
    /// Opens the checklist of the chosen environment.
    Open,
    /// Ticks the item, or opens it again.
    Toggle,
    /// Does this with the item.
    Act(ItemAct),
    /// Goes to the next mandatory item that is open.
    NextMandatory,
    /// Shows only what is open, or everything.
    OpenOnly,
    /// Scrolls what is said about the item.
    About(i8),
}

/// Commands of the line that is being typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// One letter to the left.
    Left,
    /// One letter to the right.
    Right,
    /// To the beginning.
    Home,
    /// To the end.
    End,
    /// Removes the letter before.
    Backspace,
    /// Removes the letter behind.
    Delete,
    /// Removes the word before.
    DeleteWord,
    /// Removes everything.
    Clear,
    /// Takes what was typed.
    Submit,
    /// Leaves what was typed.
    Cancel,
}

/// Everything that can happen.
#[derive(Debug)]
pub enum Action {
    /// Somebody asked for something.
    Command(Command),
    /// A key that is bound but does nothing here, with the reason.
    Refused(String),
    /// A letter was typed where text is taken.
    Typed(char),
    /// A text was pasted.
    Pasted(String),
    /// A click at that column and row.
    Clicked(u16, u16),
    /// The wheel turned at that column and row, downwards when positive.
    Scrolled(u16, u16, i8),
    /// The terminal has a new size, in columns and rows.
    Resized(u16, u16),
    /// The console was drawn over or came back from the shell.
    Uncovered,
    /// A snapshot was read.
    Loaded(Box<Loaded>),
    /// A snapshot could not be read: one line for each problem.
    LoadFailed(Vec<String>),
    /// The journal was saved; these entries were found in the file and were not known here.
    JournalSaved(Vec<Entry>),
    /// The journal could not be saved, with the reason.
    JournalFailed(String),
    /// The journal was changed outside in a way that clashes.
    JournalClashed(Vec<Clash>),
    /// Time has come to an instant that something waited for.
    ClockReached,
}

/// Whose version of a clashing entry counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The one of this session.
    Ours,
    /// The one in the file.
    Theirs,
}

/// What reading a snapshot brought.
#[derive(Debug)]
pub struct Loaded {
    /// The facts with the journal.
    pub estate: Estate,
    /// The checklists that there are.
    pub templates: Vec<Template>,
    /// What somebody should look at, one line each.
    pub remarks: Vec<String>,
}

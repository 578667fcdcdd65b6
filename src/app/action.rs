//! Everything that can happen to the model: commands of keys, typing, the mouse, the terminal, results, time.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::app::list::Step;
use crate::app::runbook::Sheet;
use crate::domain::checklist::Template;
use crate::domain::estate::Estate;
use crate::domain::journal::{Clash, Entry, ItemAct};
use crate::domain::library::Library;
use crate::domain::mapping::Sheet as MappingSheet;
use crate::domain::operation::{OperationKind, Outcome};
use crate::domain::order::Order;

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

impl Moment {
    /// Whether the clock was moved on to see a rehearsal end.
    pub fn is_ahead(&self) -> bool {
        self.console != self.unskipped
    }
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
    /// Concerns the details of an environment.
    Details(Details),
    /// Concerns the timeline of backups.
    Timeline(Timeline),
    /// Concerns the view of targets.
    Targets(Targets),
    /// Concerns the wizard.
    Wizard(Wizard),
    /// Concerns the checklist.
    Checklist(Checklist),
    /// Concerns the runbook.
    Runbook(Runbook),
    /// Concerns the journal of an environment.
    Journal(Journal),
    /// Concerns what rules say.
    Explain(Explain),
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
    /// Lists what asks for attention in the whole estate.
    Attention,
    /// Looks further ahead for backups that expire.
    Further,
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
    /// Shows the chosen environment's details.
    Open,
    /// Marks it, or takes its mark away, and goes on to the next one.
    Mark,
    /// Marks everything that is shown, or takes those marks away.
    MarkAll,
}

/// Commands of the details.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Details {
    /// Answers the fact under the cursor.
    Answer,
}

/// Commands of the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timeline {
    /// Moves the cursor by days.
    Day(i8),
    /// Moves the cursor by hours.
    Hour(i8),
    /// Moves the cursor by minutes.
    Minute(i8),
    /// Moves the cursor to the oldest instant, or the newest.
    End(i8),
    /// Moves the cursor to the next manual backup, or the one before.
    Backup(i8),
    /// Asks for a time to go to.
    Ask,
    /// Looks closer, or wider.
    Zoom(i8),
    /// Gives it all of the screen, or takes that back.
    Whole,
    /// Draws what would be lost: after a switch to sandbox, with shorter retentions, or nothing.
    Loss,
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

/// Commands of the wizard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wizard {
    /// Opens it for an operation on the chosen environment.
    Open(OperationKind),
    /// Takes what is chosen and goes on.
    Next,
    /// Gives the keyboard to the next field, or the one before.
    Field(i8),
    /// Takes the next value of a field that is chosen, or the one before.
    Change(i8),
    /// Takes audit logs along, or leaves them.
    AuditLogs,
    /// Takes the next unknown finding upon oneself.
    Acknowledge,
    /// Scrolls the reasons of a destination.
    Reasons(i8),
    /// Answers the question of a move under the cursor.
    Answer,
    /// Reads the mapping files again.
    ReadAgain,
    /// Asks whether to begin the plan of a move.
    Begin,
}

/// Commands of the checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checklist {
    /// Opens the checklist of the chosen environment, or the next one.
    Open,
    /// Begins a plan for the chosen environment, by the id of its checklist.
    Plan(&'static str),
    /// Ticks the item, or opens it again; what it is repeated for all at once.
    Toggle,
    /// Opens what the item leads to: its parts, the wizard of its operation, the checklist that it follows; else ticks it.
    Enter,
    /// Shows the parts of the item, or hides them.
    Unfold(bool),
    /// Does this with the item.
    Act(ItemAct),
    /// Goes to the next mandatory item that is open.
    NextMandatory,
    /// Shows only what is open, or everything.
    OpenOnly,
    /// Scrolls what is said about the item.
    About(i8),
}

/// Commands of the runbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runbook {
    /// Asks what is needed for the runbook of what is in front.
    Take,
    /// Gives the keyboard to the next question, or the one before.
    Blank(i8),
    /// Has it written.
    Make,
    /// Shows the next dialect, or the one before.
    Dialect(i8),
    /// Takes the next finding upon oneself that waits for it.
    Acknowledge,
    /// Copies it to the clipboard.
    Copy,
    /// Writes it into a file.
    Write,
}

/// Commands of the journal of an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Journal {
    /// Lists what the journal says about the chosen environment.
    Open,
    /// Withdraws the entry under the cursor.
    Withdraw,
    /// Corrects the note under the cursor.
    Correct,
    /// Says how the operation under the cursor, which was begun, has ended.
    Ended(Outcome),
    /// Scrolls what is said about the entry.
    About(i8),
}

/// Commands of what rules say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Explain {
    /// Explains the rules behind what is shown, with the answers about them.
    Open,
    /// Goes to what is related to the rule under the cursor, or into the answer.
    Follow,
    /// Puts the keyboard into what is said.
    Read,
    /// Does what the line under the cursor leads to, or goes to what it names.
    Take,
    /// Copies what the line under the cursor says exactly.
    CopyIt,
    /// Scrolls the explanation.
    Text(i8),
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
    /// The runbook of an order was written, in every dialect.
    RunbookWritten(Box<Order>, Vec<Sheet>),
    /// A runbook stands in that file, or could not be written.
    RunbookSaved(Result<String, String>),
    /// What can be looked up was read, or could not be.
    LibraryRead(Result<Arc<Library>, String>),
    /// The mapping file at a path was read, or could not be.
    MappingRead(String, Result<Arc<MappingSheet>, String>),
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

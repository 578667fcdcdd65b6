//! Every key of the console, once: this table feeds dispatch, footer, help, palette, the README and the tests.

mod refusals;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use self::refusals::{
    all_saved, cannot_correct, cannot_end, cannot_note, cannot_withdraw, cannot_write, moves_one, no_checklist, no_closer, no_disable, no_leave, no_level,
    no_loss, no_plan, no_plan_of_a_move, no_plan_of_target, no_practice, no_redirect, no_sheet, no_tables, no_url, no_wider, no_window, none_chosen,
    not_acknowledged, not_typed, nothing_behind, nothing_found, nothing_open, nothing_rehearsed, nothing_to_skip_to, nothing_unknown, one_tenant,
};
pub use self::refusals::{built_in, writes_nothing};
use crate::app::action::{Action, App, Checklist, Command, Details, Environments, Explain, Journal, Line, Runbook, Side, Targets, Timeline, Wizard};
use crate::app::answer;
use crate::app::keys::Key;
use crate::app::list::Step as Rows;
use crate::app::model::{File, Layer, Model, Pane};
use crate::app::note::{Note, Purpose};
use crate::app::pages::{RecordField, Step};
use crate::app::plans;
use crate::app::runbook;
use crate::domain::journal::ItemAct;
use crate::domain::operation::{OperationKind as Kind, Outcome};

/// Where the keyboard is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    /// Everywhere but where text is typed.
    Everywhere,
    /// In any of the panes.
    Panes,
    /// Wherever rows are gone through or scrolled.
    List,
    /// In the list of environments.
    Environments,
    /// In the details of an environment.
    Details,
    /// In the timeline.
    Timeline,
    /// In the view of targets.
    Targets,
    /// Where the destination of a move is chosen.
    Destinations,
    /// Where the questions before a move are answered.
    Questions,
    /// Where the mapping file of a move is named.
    Mapping,
    /// Where a filter is typed.
    Filter,
    /// In the palette.
    Palette,
    /// Where a note or an answer is typed.
    Note,
    /// Where a time to go to is typed.
    GoTo,
    /// Where text is typed: filter, palette, note.
    Text,
    /// Where a question waits for yes or no.
    Confirm,
    /// Where something is chosen from a short list: level, days, backup.
    Choice,
    /// Where the instant to restore to is typed.
    Instant,
    /// Where a manual backup to restore is chosen.
    Points,
    /// Where a detail is typed.
    FieldText,
    /// Where a detail is chosen.
    FieldChoice,
    /// Where it is reviewed.
    Review,
    /// Where the way to carry it out is chosen.
    Carry,
    /// Where what was carried out is recorded.
    Record,
    /// Where is chosen how it ended.
    RecordChoice,
    /// In a checklist.
    Checklist,
    /// Where is typed what a runbook needs.
    Taking,
    /// In a runbook.
    Runbook,
    /// In the list of what asks for attention.
    Attention,
    /// In the journal of an environment.
    Journal,
    /// In the list of emptied tables.
    Tables,
    /// In the list of what can be looked up.
    Explain,
    /// In what is said about one of them.
    Reading,
    /// In the help.
    Help,
    /// Where the journal was edited by hand and clashes.
    Clash,
    /// Where the snapshot could not be read.
    Broken,
}

impl Context {
    /// What the help calls it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "Everywhere",
            Self::Panes => "With an environment chosen",
            Self::List => "Moving",
            Self::Environments => "List of environments",
            Self::Details => "Details",
            Self::Timeline => "Backups",
            Self::Targets => "Targets",
            Self::Destinations => "Destination of a move",
            Self::Questions => "Questions before a move",
            Self::Mapping => "Mapping file",
            Self::Filter => "Typing a filter",
            Self::Palette => "Commands",
            Self::Note => "Typing a note or an answer",
            Self::GoTo => "Backups: typing a time",
            Self::Text => "Typing",
            Self::Confirm => "Question",
            Self::Choice => "Choosing",
            Self::Instant | Self::Points => "Point in time",
            Self::FieldText | Self::FieldChoice => "Details of the operation",
            Self::Review => "Review",
            Self::Carry => "Carry out",
            Self::Record | Self::RecordChoice => "Record",
            Self::Checklist => "Checklist",
            Self::Taking => "Taking a runbook",
            Self::Runbook => "Runbook",
            Self::Attention => "Attention",
            Self::Journal => "Journal",
            Self::Tables => "Emptied tables",
            Self::Explain => "Rules and answers",
            Self::Reading => "Reading a rule or an answer",
            Self::Help => "Help",
            Self::Clash => "Journal that clashes",
            Self::Broken => "Snapshot that cannot be read",
        }
    }

    /// Whether printable keys are letters there.
    pub const fn takes_text(self) -> bool {
        matches!(
            self,
            Self::Filter
                | Self::Palette
                | Self::Note
                | Self::Instant
                | Self::GoTo
                | Self::Mapping
                | Self::FieldText
                | Self::Record
                | Self::Taking
                | Self::Tables
                | Self::Explain
                | Self::Text
        )
    }
}

/// A key with what it does and when it does not.
#[derive(Debug)]
pub struct Binding {
    /// Where it works.
    pub context: Context,
    /// The keys, the one that is shown first.
    pub keys: &'static [Key],
    /// What it does.
    pub command: Command,
    /// The word in the footer; empty keeps it out.
    pub hint: &'static str,
    /// The sentence in help and palette.
    pub help: &'static str,
    /// Why it does nothing now, if it does nothing.
    pub disabled: fn(&Model) -> Option<String>,
    /// Whether it destroys something.
    pub danger: bool,
}

const fn bind(context: Context, keys: &'static [Key], command: Command, hint: &'static str, help: &'static str) -> Binding {
    Binding { context, keys, command, hint, help, disabled: |_| None, danger: false }
}

impl Binding {
    const fn risky(mut self) -> Self {
        self.danger = true;
        self
    }

    const fn unless(mut self, disabled: fn(&Model) -> Option<String>) -> Self {
        self.disabled = disabled;
        self
    }
}

/// The table. The order is the order of the footer and of the help.
#[rustfmt::skip]
pub static BINDINGS: &[Binding] = &[
    bind(Context::Environments, &[Key::Enter, Key::Char('l'), Key::Right], Command::Environments(Environments::Open), "", "Go to its details").unless(none_chosen),
    bind(Context::Environments, &[Key::Char(' ')], Command::Environments(Environments::Mark), "", "Mark it and go on, so that a fact is answered for all marked ones at once").unless(none_chosen),
    bind(Context::Environments, &[Key::Char('*')], Command::Environments(Environments::MarkAll), "", "Mark everything that the filter shows, or take those marks away").unless(none_chosen),
    bind(Context::Details, &[Key::Enter, Key::Char('=')], Command::Details(Details::Answer), "answer", "Answer the fact, for the environment or for all marked ones; an empty answer takes it back").unless(answer::refused),
    bind(Context::Timeline, &[Key::Left, Key::Char('h')], Command::Timeline(Timeline::Day(-1)), "day", "Move the cursor back one day").unless(no_window),
    bind(Context::Timeline, &[Key::Right, Key::Char('l')], Command::Timeline(Timeline::Day(1)), "", "Move the cursor on one day").unless(no_window),
    bind(Context::Timeline, &[Key::ShiftLeft, Key::Char('H')], Command::Timeline(Timeline::Hour(-1)), "", "Move the cursor back one hour").unless(no_window),
    bind(Context::Timeline, &[Key::ShiftRight, Key::Char('L')], Command::Timeline(Timeline::Hour(1)), "", "Move the cursor on one hour").unless(no_window),
    bind(Context::Timeline, &[Key::Char(',')], Command::Timeline(Timeline::Minute(-1)), "", "Move the cursor back one minute").unless(no_window),
    bind(Context::Timeline, &[Key::Char('.')], Command::Timeline(Timeline::Minute(1)), "", "Move the cursor on one minute").unless(no_window),
    bind(Context::Timeline, &[Key::Up, Key::Char('k'), Key::Char(']')], Command::Timeline(Timeline::Backup(1)), "backup", "Go to the next manual backup").unless(no_window),
    bind(Context::Timeline, &[Key::Down, Key::Char('j'), Key::Char('[')], Command::Timeline(Timeline::Backup(-1)), "", "Go to the manual backup before").unless(no_window),
    bind(Context::Timeline, &[Key::Enter], Command::Wizard(Wizard::Open(Kind::Restore)), "restore", "Restore it to the instant under the cursor").unless(none_chosen),
    bind(Context::Timeline, &[Key::Home], Command::Timeline(Timeline::End(-1)), "", "Go to the oldest instant").unless(no_window),
    bind(Context::Timeline, &[Key::End, Key::Char('G')], Command::Timeline(Timeline::End(1)), "", "Go to the newest instant").unless(no_window),
    bind(Context::Timeline, &[Key::Char('g')], Command::Timeline(Timeline::Ask), "go to", "Go to a time that is typed: 14:35, yesterday 14:35, 04 Jan 14:35, -3d").unless(no_window),
    bind(Context::Timeline, &[Key::Char('+'), Key::Char('=')], Command::Timeline(Timeline::Zoom(1)), "closer", "Look closer: at some days, then some hours around the cursor").unless(no_closer),
    bind(Context::Timeline, &[Key::Char('-')], Command::Timeline(Timeline::Zoom(-1)), "wider", "Look wider again").unless(no_wider),
    bind(Context::Timeline, &[Key::Char('w')], Command::Timeline(Timeline::Loss), "loss", "Draw what would be lost: after a switch to sandbox, with a shorter retention, or nothing").unless(no_loss),
    bind(Context::Timeline, &[Key::Char('z')], Command::Timeline(Timeline::Whole), "larger", "Give the backups all of the screen, or take that back").unless(none_chosen),
    bind(Context::Panes, &[Key::Char('o')], Command::Checklist(Checklist::Open), "checklist", "Open its checklist").unless(no_checklist),
    bind(Context::Panes, &[Key::Char('p')], Command::Checklist(Checklist::Plan(plans::ONTO_ITSELF)), "", "Plan to restore a production environment onto itself: switch, restore, switch back").unless(|model| plans::refused(model, plans::ONTO_ITSELF)),
    bind(Context::Panes, &[Key::Char('P')], Command::Checklist(Checklist::Plan("recover-records")), "", "Plan to get deleted records back without overwriting it").unless(|model| plans::refused(model, "recover-records")),
    bind(Context::Panes, &[Key::Char('I')], Command::Checklist(Checklist::Plan("order-management")), "", "Plan to copy onto it with Intelligent Order Management: checks, eight steps").unless(|model| plans::refused(model, "order-management")),
    bind(Context::Panes, &[Key::Char('M')], Command::Checklist(Checklist::Plan("repair-pair")), "", "Plan to bring the halves of a linked pair together again").unless(|model| plans::refused(model, "repair-pair")),
    bind(Context::Panes, &[Key::Char('x')], Command::Runbook(Runbook::Take), "", "Take the runbook of its open plan; that of an operation is taken from its review").unless(no_plan),
    bind(Context::Panes, &[Key::Char('u')], Command::App(App::Undo), "undo", "Take back the last rehearsed step").unless(nothing_rehearsed),
    bind(Context::Panes, &[Key::Char('U')], Command::App(App::Discard), "", "Take back everything that was rehearsed").unless(nothing_rehearsed),
    bind(Context::Panes, &[Key::Char('c')], Command::Wizard(Wizard::Open(Kind::Copy)), "copy", "Copy it: level, every environment as a target with the reasons, review").unless(none_chosen),
    bind(Context::Panes, &[Key::Char('r')], Command::Wizard(Wizard::Open(Kind::Restore)), "restore", "Restore it, onto itself or another: point in time, every environment as a target, review").unless(none_chosen),
    bind(Context::Panes, &[Key::Char('b')], Command::Wizard(Wizard::Open(Kind::Backup)), "back up", "Take a manual backup of it").unless(none_chosen),
    bind(Context::Panes, &[Key::Char('f')], Command::App(App::Skip), "skip", "Skip to what happens next in a rehearsal: the end of a stage, a backup that becomes ready").unless(nothing_to_skip_to),
    bind(Context::Panes, &[Key::Char('t')], Command::Wizard(Wizard::Open(Kind::Switch)), "", "Switch its type between production and sandbox").unless(none_chosen),
    bind(Context::Panes, &[Key::Char('a')], Command::Wizard(Wizard::Open(Kind::AdminMode)), "", "Turn administration mode on or off").unless(none_chosen),
    bind(Context::Panes, &[Key::Char('B')], Command::Wizard(Wizard::Open(Kind::Background)), "", "Turn background operations on or off").unless(none_chosen),
    bind(Context::Panes, &[Key::Char('R')], Command::Wizard(Wizard::Open(Kind::Retention)), "", "Change for how long its backups are kept").unless(none_chosen),
    bind(Context::Panes, &[Key::Char('d')], Command::Wizard(Wizard::Open(Kind::DeleteBackup)), "", "Delete one of its manual backups").unless(none_chosen),
    bind(Context::Panes, &[Key::Char('E')], Command::Wizard(Wizard::Open(Kind::Edit)), "", "Change its name or security group").unless(none_chosen),
    bind(Context::Panes, &[Key::Char('W')], Command::Wizard(Wizard::Open(Kind::RenameUrl)), "", "Change its URL").unless(none_chosen),
    bind(Context::Panes, &[Key::Char('N')], Command::Wizard(Wizard::Open(Kind::Create)), "", "Create another environment in its tenant").unless(none_chosen),
    bind(Context::Panes, &[Key::Char('X')], Command::Wizard(Wizard::Open(Kind::Reset)), "", "Reset it to an empty state").unless(none_chosen).risky(),
    bind(Context::Panes, &[Key::Char('D')], Command::Wizard(Wizard::Open(Kind::Delete)), "", "Delete it").unless(none_chosen).risky(),
    bind(Context::Panes, &[Key::Char('V')], Command::Wizard(Wizard::Open(Kind::Recover)), "", "Get it back after its deletion").unless(none_chosen),
    bind(Context::Panes, &[Key::Char('F')], Command::Wizard(Wizard::Open(Kind::DeleteFinanceOperations)), "", "Delete its finance and operations half").unless(none_chosen).risky(),
    bind(Context::Panes, &[Key::Char('m')], Command::Wizard(Wizard::Open(Kind::Migrate)), "", "Move it to another tenant, or plan that; with marks, all marked environments").unless(none_chosen),
    bind(Context::Panes, &[Key::Char('/')], Command::Environments(Environments::Filter), "filter", "Filter the list: letters of the name, type:sandbox, managed:yes"),
    bind(Context::Panes, &[Key::Char('s')], Command::Environments(Environments::Sort), "sort", "Sort the list by the next column"),
    bind(Context::Panes, &[Key::Char('T')], Command::App(App::NextTenant), "tenant", "Show the next tenant, or all of them").unless(one_tenant),
    bind(Context::Panes, &[Key::Char('A')], Command::App(App::Attention), "attention", "List what needs attention in the whole estate"),
    bind(Context::Panes, &[Key::Char('n')], Command::App(App::Note), "note", "Write a note on it into the journal").unless(cannot_note),
    bind(Context::Panes, &[Key::Char('J')], Command::Journal(Journal::Open), "", "Read what the journal says about it, withdraw an entry, correct a note, say how what was begun ended").unless(none_chosen),
    bind(Context::Panes, &[Key::Tab], Command::App(App::FocusNext), "pane", "Go to the next pane"),
    bind(Context::Panes, &[Key::BackTab], Command::App(App::FocusPrevious), "", "Go to the pane before"),
    bind(Context::Panes, &[Key::Char('y')], Command::App(App::CopyId), "", "Copy its id to the clipboard").unless(none_chosen),
    bind(Context::Panes, &[Key::Char('Y')], Command::App(App::CopyUrl), "", "Copy its URL to the clipboard").unless(no_url),
    bind(Context::Panes, &[Key::Ctrl('r')], Command::App(App::Reload), "", "Read the snapshot again").unless(built_in),
    bind(Context::Choice, &[Key::Enter], Command::Wizard(Wizard::Next), "choose", "Choose this and go on"),
    bind(Context::Instant, &[Key::Enter], Command::Wizard(Wizard::Next), "choose", "Restore to this instant: go on to the target"),
    bind(Context::Instant, &[Key::Esc], Command::App(App::Back), "back", "Go back; what was typed is kept"),
    bind(Context::Points, &[Key::Char(' ')], Command::Wizard(Wizard::AuditLogs), "audit logs", "Take audit logs along, or leave them; that can take much longer"),
    bind(Context::Targets, &[Key::Enter], Command::Wizard(Wizard::Next), "choose", "Choose this target and go on to the details"),
    bind(Context::Targets, &[Key::Char('l')], Command::Targets(Targets::Level), "level", "Change what is copied: everything, or customizations and schemas only").unless(no_level),
    bind(Context::Targets, &[Key::Char('p')], Command::Checklist(Checklist::Plan(plans::ONTO_ITSELF)), "plan", "Plan to restore production onto itself, to the point that was chosen: switch, restore, switch back").unless(no_plan_of_target),
    bind(Context::Targets, &[Key::Char('/')], Command::Targets(Targets::Filter), "filter", "Filter the targets"),
    bind(Context::Targets, &[Key::ShiftDown, Key::Char('J')], Command::Targets(Targets::Reasons(1)), "reasons", "Scroll the reasons down"),
    bind(Context::Targets, &[Key::ShiftUp, Key::Char('K')], Command::Targets(Targets::Reasons(-1)), "", "Scroll the reasons up"),
    bind(Context::Destinations, &[Key::Enter], Command::Wizard(Wizard::Next), "choose", "Choose this tenant and go on to the questions"),
    bind(Context::Destinations, &[Key::ShiftDown, Key::Char('J')], Command::Wizard(Wizard::Reasons(1)), "reasons", "Scroll the reasons down"),
    bind(Context::Destinations, &[Key::ShiftUp, Key::Char('K')], Command::Wizard(Wizard::Reasons(-1)), "", "Scroll the reasons up"),
    bind(Context::Questions, &[Key::Enter], Command::Wizard(Wizard::Next), "go on", "Go on to the mapping file; what is open stays unknown"),
    bind(Context::Questions, &[Key::Char('='), Key::Char('a')], Command::Wizard(Wizard::Answer), "answer", "Answer the question under the cursor").unless(answer::question_refused),
    bind(Context::Mapping, &[Key::Enter], Command::Wizard(Wizard::Next), "go on", "Read the file that is named; once it was read, go on"),
    bind(Context::Mapping, &[Key::Ctrl('r')], Command::Wizard(Wizard::ReadAgain), "read again", "Read the file again, after mending it"),
    bind(Context::Mapping, &[Key::Tab], Command::Wizard(Wizard::Field(1)), "next", "Go to the file of the next environment").unless(moves_one),
    bind(Context::Mapping, &[Key::BackTab], Command::Wizard(Wizard::Field(-1)), "", "Go to the file of the environment before").unless(moves_one),
    bind(Context::Mapping, &[Key::Esc], Command::App(App::Back), "back", "Go back; what was typed is kept"),
    bind(Context::Filter, &[Key::Enter], Command::Line(Line::Submit), "keep", "Keep the filter and go on in the list"),
    bind(Context::Filter, &[Key::Esc], Command::Line(Line::Cancel), "clear", "Clear the filter"),
    bind(Context::Palette, &[Key::Enter], Command::App(App::Choose), "do it", "Do what is chosen"),
    bind(Context::Palette, &[Key::Esc], Command::Line(Line::Cancel), "back", "Go back"),
    bind(Context::Note, &[Key::Enter], Command::Line(Line::Submit), "save", "Save it"),
    bind(Context::Note, &[Key::Esc], Command::Line(Line::Cancel), "back", "Go back; what was typed is kept"),
    bind(Context::GoTo, &[Key::Enter], Command::Line(Line::Submit), "go there", "Go to that time"),
    bind(Context::GoTo, &[Key::Esc], Command::Line(Line::Cancel), "back", "Go back; what was typed is kept"),
    bind(Context::Text, &[Key::Up], Command::Move(Rows::By(-1)), "", "Go up one row"),
    bind(Context::Text, &[Key::Down], Command::Move(Rows::By(1)), "", "Go down one row"),
    bind(Context::Text, &[Key::PageUp], Command::Move(Rows::Page(-1)), "", "Go up one screen"),
    bind(Context::Text, &[Key::PageDown], Command::Move(Rows::Page(1)), "", "Go down one screen"),
    bind(Context::Text, &[Key::Left], Command::Line(Line::Left), "", "One letter to the left"),
    bind(Context::Text, &[Key::Right], Command::Line(Line::Right), "", "One letter to the right"),
    bind(Context::Text, &[Key::Home, Key::Ctrl('a')], Command::Line(Line::Home), "", "To the beginning"),
    bind(Context::Text, &[Key::End, Key::Ctrl('e')], Command::Line(Line::End), "", "To the end"),
    bind(Context::Text, &[Key::Backspace], Command::Line(Line::Backspace), "", "Remove the letter before"),
    bind(Context::Text, &[Key::Delete], Command::Line(Line::Delete), "", "Remove the letter behind"),
    bind(Context::Text, &[Key::Ctrl('w')], Command::Line(Line::DeleteWord), "", "Remove the word before"),
    bind(Context::Text, &[Key::Ctrl('u')], Command::Line(Line::Clear), "", "Remove everything"),
    bind(Context::Text, &[Key::F1], Command::App(App::Help), "", "Show the keys"),
    bind(Context::Text, &[Key::Ctrl('c')], Command::App(App::Quit), "", "Quit"),
    // Enter is no yes: it is what was pressed to get here, and is easily pressed once too often.
    bind(Context::Confirm, &[Key::Char('y')], Command::App(App::Choose), "yes", "Yes"),
    bind(Context::Confirm, &[Key::Char('n'), Key::Esc], Command::App(App::Back), "no", "No"),
    bind(Context::Confirm, &[Key::Ctrl('c')], Command::App(App::Back), "", "No"),
    bind(Context::FieldText, &[Key::Enter], Command::Wizard(Wizard::Next), "review", "Go on to the review"),
    bind(Context::FieldText, &[Key::Tab], Command::Wizard(Wizard::Field(1)), "next field", "Go to the next field"),
    bind(Context::FieldText, &[Key::BackTab], Command::Wizard(Wizard::Field(-1)), "", "Go to the field before"),
    bind(Context::FieldText, &[Key::Esc], Command::App(App::Back), "back", "Go back; what was typed is kept"),
    bind(Context::FieldChoice, &[Key::Enter], Command::Wizard(Wizard::Next), "review", "Go on to the review"),
    bind(Context::FieldChoice, &[Key::Right, Key::Char(' '), Key::Char('l')], Command::Wizard(Wizard::Change(1)), "change", "Take the next value"),
    bind(Context::FieldChoice, &[Key::Left, Key::Char('h')], Command::Wizard(Wizard::Change(-1)), "", "Take the value before"),
    bind(Context::FieldChoice, &[Key::Tab, Key::Down], Command::Wizard(Wizard::Field(1)), "next field", "Go to the next field"),
    bind(Context::FieldChoice, &[Key::BackTab, Key::Up], Command::Wizard(Wizard::Field(-1)), "", "Go to the field before"),
    bind(Context::Review, &[Key::Enter], Command::Wizard(Wizard::Next), "carry out", "Go on to carrying it out").unless(not_acknowledged),
    bind(Context::Review, &[Key::Char('a')], Command::Wizard(Wizard::Acknowledge), "acknowledge", "Take the next unknown finding upon you").unless(nothing_unknown),
    bind(Context::Review, &[Key::Char('p')], Command::Wizard(Wizard::Begin), "plan", "Begin the plan of the move, whatever still has to be mended").unless(no_plan_of_a_move),
    bind(Context::Review, &[Key::Char('t')], Command::App(App::Tables), "tables", "List the tables that a copy of customizations and schemas only empties; / looks for one").unless(no_tables),
    bind(Context::Review, &[Key::Char('x')], Command::Runbook(Runbook::Take), "runbook", "Take its runbook: the commands, guarded, or a change record").unless(not_acknowledged),
    bind(Context::Carry, &[Key::Enter], Command::Wizard(Wizard::Next), "do it", "Rehearse it, record that it was carried out, or take its runbook"),
    bind(Context::Carry, &[Key::Char('x')], Command::Runbook(Runbook::Take), "runbook", "Take its runbook: the commands, guarded, or a change record"),
    bind(Context::Record, &[Key::Enter], Command::Wizard(Wizard::Next), "record", "Write it into the journal").unless(not_typed),
    bind(Context::Record, &[Key::Tab], Command::Wizard(Wizard::Field(1)), "next field", "Go to the next field"),
    bind(Context::Record, &[Key::BackTab], Command::Wizard(Wizard::Field(-1)), "", "Go to the field before"),
    bind(Context::Record, &[Key::Esc], Command::App(App::Back), "back", "Go back; what was typed is kept"),
    bind(Context::RecordChoice, &[Key::Right, Key::Char(' '), Key::Char('l')], Command::Wizard(Wizard::Change(1)), "change", "Say that it was only begun, succeeded or failed"),
    bind(Context::RecordChoice, &[Key::Left, Key::Char('h')], Command::Wizard(Wizard::Change(-1)), "", "Take the value before"),
    bind(Context::RecordChoice, &[Key::Enter], Command::Wizard(Wizard::Next), "record", "Write it into the journal").unless(not_typed),
    bind(Context::RecordChoice, &[Key::Tab, Key::Down], Command::Wizard(Wizard::Field(1)), "next field", "Go to the next field"),
    bind(Context::RecordChoice, &[Key::BackTab, Key::Up], Command::Wizard(Wizard::Field(-1)), "", "Go to the field before"),
    bind(Context::Checklist, &[Key::Char(' ')], Command::Checklist(Checklist::Toggle), "done", "Tick the item or open it again; of an item that is repeated, all at once"),
    bind(Context::Checklist, &[Key::Enter], Command::Checklist(Checklist::Enter), "", "Open what the item leads to: its parts, its operation, another checklist; else tick it"),
    bind(Context::Checklist, &[Key::Right, Key::Char('+')], Command::Checklist(Checklist::Unfold(true)), "", "Show each of what the item is repeated for"),
    bind(Context::Checklist, &[Key::Left, Key::Char('-')], Command::Checklist(Checklist::Unfold(false)), "", "Hide them again"),
    bind(Context::Checklist, &[Key::Char('o')], Command::Checklist(Checklist::Open), "", "Go to the next open checklist of this environment"),
    bind(Context::Checklist, &[Key::Tab], Command::Checklist(Checklist::NextMandatory), "next open", "Go to the next mandatory item that is open"),
    bind(Context::Checklist, &[Key::Char('d')], Command::Checklist(Checklist::Act(ItemAct::Disabled)), "disable", "Decide: it is disabled").unless(no_disable),
    bind(Context::Checklist, &[Key::Char('r')], Command::Checklist(Checklist::Act(ItemAct::Redirected)), "redirect", "Decide: it is redirected to another service").unless(no_redirect),
    bind(Context::Checklist, &[Key::Char('l')], Command::Checklist(Checklist::Act(ItemAct::LeftAsIs)), "leave", "Decide: it stays as it is, with a reason").unless(no_leave),
    bind(Context::Checklist, &[Key::ShiftDown, Key::Char('J')], Command::Checklist(Checklist::About(1)), "more", "Scroll what is said about the item down"),
    bind(Context::Checklist, &[Key::ShiftUp, Key::Char('K')], Command::Checklist(Checklist::About(-1)), "", "Scroll what is said about the item up"),
    bind(Context::Checklist, &[Key::Char('N')], Command::Checklist(Checklist::Act(ItemAct::NotApplicable)), "does not apply", "Say that it does not apply, with a reason"),
    bind(Context::Checklist, &[Key::Char('n')], Command::Checklist(Checklist::Act(ItemAct::Noted)), "note", "Add a remark to the item"),
    bind(Context::Checklist, &[Key::Char('O')], Command::Checklist(Checklist::OpenOnly), "", "Show only what is open, or everything"),
    bind(Context::Checklist, &[Key::Char('u')], Command::App(App::Undo), "", "Take back the last tick of this rehearsal").unless(no_practice),
    bind(Context::Checklist, &[Key::Char('x')], Command::Runbook(Runbook::Take), "runbook", "Take the runbook of the plan: its steps, as commands where there are any").unless(no_plan),
    bind(Context::Taking, &[Key::Enter], Command::Runbook(Runbook::Make), "take it", "Have it written").unless(runbook::cannot_take),
    bind(Context::Taking, &[Key::Tab], Command::Runbook(Runbook::Blank(1)), "next", "Go to the next question"),
    bind(Context::Taking, &[Key::BackTab], Command::Runbook(Runbook::Blank(-1)), "", "Go to the question before"),
    bind(Context::Taking, &[Key::Esc], Command::App(App::Back), "back", "Go back; what was typed is kept"),
    bind(Context::Runbook, &[Key::Tab, Key::Right, Key::Char('l')], Command::Runbook(Runbook::Dialect(1)), "dialect", "Show it in the next dialect: bash, its preview, PowerShell, change record"),
    bind(Context::Runbook, &[Key::BackTab, Key::Left, Key::Char('h')], Command::Runbook(Runbook::Dialect(-1)), "", "Show it in the dialect before"),
    bind(Context::Runbook, &[Key::Char('a')], Command::Runbook(Runbook::Acknowledge), "acknowledge", "Take the next finding upon you that waits for it").unless(nothing_open),
    bind(Context::Runbook, &[Key::Char('y')], Command::Runbook(Runbook::Copy), "copy", "Copy it to the clipboard").unless(no_sheet),
    bind(Context::Runbook, &[Key::Char('w')], Command::Runbook(Runbook::Write), "write", "Write it into a new file beside the snapshot").unless(cannot_write),
    bind(Context::Attention, &[Key::Enter], Command::App(App::Choose), "go there", "Go to where it is dealt with"),
    bind(Context::Attention, &[Key::Char('/')], Command::Environments(Environments::Filter), "filter", "Filter the list: words of what is shown"),
    bind(Context::Attention, &[Key::Char('w')], Command::App(App::Further), "", "Look further ahead for backups that expire: 7 days, 28 days, or as far as the rulebook says"),
    bind(Context::Journal, &[Key::Char('w')], Command::Journal(Journal::Withdraw), "withdraw", "Withdraw the entry, with a reason: it no longer holds, and stays in the journal").unless(cannot_withdraw),
    bind(Context::Journal, &[Key::Char('c')], Command::Journal(Journal::Correct), "correct", "Correct the note").unless(cannot_correct),
    bind(Context::Journal, &[Key::Char('s')], Command::Journal(Journal::Ended(Outcome::Succeeded)), "succeeded", "Record that what was begun has succeeded").unless(cannot_end),
    bind(Context::Journal, &[Key::Char('f')], Command::Journal(Journal::Ended(Outcome::Failed)), "failed", "Record that what was begun has failed").unless(cannot_end),
    bind(Context::Journal, &[Key::ShiftDown, Key::Char('J')], Command::Journal(Journal::About(1)), "more", "Scroll what is said about the entry down"),
    bind(Context::Journal, &[Key::ShiftUp, Key::Char('K')], Command::Journal(Journal::About(-1)), "", "Scroll what is said about the entry up"),
    bind(Context::Tables, &[Key::Esc], Command::App(App::Back), "back", "Go back"),
    bind(Context::Explain, &[Key::Enter], Command::Explain(Explain::Follow), "go on", "From a rule go to what is related to it, else into the answer"),
    bind(Context::Explain, &[Key::Tab], Command::Explain(Explain::Read), "read", "Put the keyboard into what is said: follow a line of it, or copy one"),
    bind(Context::Explain, &[Key::ShiftDown], Command::Explain(Explain::Text(1)), "more", "Scroll what is said down"),
    bind(Context::Explain, &[Key::ShiftUp], Command::Explain(Explain::Text(-1)), "", "Scroll what is said up"),
    bind(Context::Explain, &[Key::Esc], Command::App(App::Back), "back", "Go back one step: what was typed, the rule before, then where you were"),
    bind(Context::Reading, &[Key::Enter], Command::Explain(Explain::Take), "do it", "Do what the line leads to, or go to what it names"),
    bind(Context::Reading, &[Key::Char('y')], Command::Explain(Explain::CopyIt), "copy", "Copy what the line says exactly: a message, a path, a link, a command"),
    bind(Context::Reading, &[Key::Tab], Command::App(App::Back), "list", "Go back to the list"),
    bind(Context::Help, &[Key::Enter], Command::App(App::Choose), "do it", "Do what the key does, or open the answer").unless(nothing_found),
    bind(Context::Help, &[Key::Char('/')], Command::Environments(Environments::Filter), "search", "Search keys, answers, rules and links: a message that you see, or any words"),
    bind(Context::Clash, &[Key::Char('o')], Command::App(App::Settle(Side::Ours)), "keep ours", "Write what this session says into the file"),
    bind(Context::Clash, &[Key::Char('t')], Command::App(App::Settle(Side::Theirs)), "take theirs", "Take over what the file says"),
    bind(Context::Clash, &[Key::Esc], Command::App(App::Back), "later", "Decide later; nothing is saved until then"),
    bind(Context::Broken, &[Key::Char('r'), Key::Ctrl('r')], Command::App(App::Reload), "read again", "Read the snapshot again"),
    bind(Context::Everywhere, &[Key::Ctrl('s')], Command::App(App::SaveAgain), "save again", "Save again what could not be saved").unless(all_saved),
    bind(Context::Everywhere, &[Key::Char('e')], Command::Explain(Explain::Open), "explain", "Explain the rules behind what is shown, with answers, or look anything up"),
    bind(Context::Everywhere, &[Key::Esc], Command::App(App::Back), "back", "Go back one step").unless(nothing_behind),
    bind(Context::Everywhere, &[Key::Char(':'), Key::Ctrl('p')], Command::App(App::Palette), "commands", "Find any command, environment or answer by name, or by a message that you see"),
    bind(Context::Everywhere, &[Key::Char('?'), Key::F1], Command::App(App::Help), "help", "Show the keys of where you are, and search for help"),
    bind(Context::Everywhere, &[Key::Char('q'), Key::Ctrl('c')], Command::App(App::Quit), "quit", "Quit"),
    bind(Context::List, &[Key::Up, Key::Char('k')], Command::Move(Rows::By(-1)), "", "Go up one row"),
    bind(Context::List, &[Key::Down, Key::Char('j')], Command::Move(Rows::By(1)), "", "Go down one row"),
    bind(Context::List, &[Key::PageUp, Key::Ctrl('u')], Command::Move(Rows::Page(-1)), "", "Go up one screen"),
    bind(Context::List, &[Key::PageDown, Key::Ctrl('d')], Command::Move(Rows::Page(1)), "", "Go down one screen"),
    bind(Context::List, &[Key::Home, Key::Char('g')], Command::Move(Rows::First), "", "Go to the first row"),
    bind(Context::List, &[Key::End, Key::Char('G')], Command::Move(Rows::Last), "", "Go to the last row"),
    #[cfg(unix)]
    bind(Context::Everywhere, &[Key::Ctrl('z')], Command::App(App::Suspend), "", "Go to the shell; fg comes back"),
];

/// The contexts that are in force, the nearest first.
pub fn contexts(model: &Model) -> Vec<Context> {
    match model.ui.layers.last() {
        Some(Layer::Wizard(wizard)) => match &wizard.step {
            Step::Level | Step::Days | Step::Backup => vec![Context::Choice, Context::List, Context::Everywhere],
            Step::Point if wizard.draft.row == 0 => vec![Context::Instant, Context::Text],
            Step::Point => vec![Context::Points, Context::Choice, Context::List, Context::Everywhere],
            Step::Target => vec![Context::Targets, Context::List, Context::Everywhere],
            Step::Tenant => vec![Context::Destinations, Context::List, Context::Everywhere],
            Step::Questions => vec![Context::Questions, Context::List, Context::Everywhere],
            Step::Mapping => vec![Context::Mapping, Context::Text],
            Step::Details(_) if wizard.field.takes_text() => vec![Context::FieldText, Context::Text],
            Step::Details(_) => vec![Context::FieldChoice, Context::Everywhere],
            Step::Review(_) => vec![Context::Review, Context::List, Context::Everywhere],
            Step::Carry(_) => vec![Context::Carry, Context::List, Context::Everywhere],
            Step::Record(_) if wizard.record_field == RecordField::Outcome => vec![Context::RecordChoice, Context::Everywhere],
            Step::Record(_) => vec![Context::Record, Context::Text],
        },
        Some(Layer::Checklist(_)) => vec![Context::Checklist, Context::List, Context::Everywhere],
        Some(Layer::Journal(_)) => vec![Context::Journal, Context::List, Context::Everywhere],
        Some(Layer::Attention(_)) => vec![Context::Attention, Context::List, Context::Everywhere],
        Some(Layer::Tables(_)) => vec![Context::Tables, Context::Text],
        Some(Layer::Explain(explain)) if explain.is_read() => vec![Context::Reading, Context::List, Context::Everywhere],
        Some(Layer::Explain(_)) => vec![Context::Explain, Context::Text],
        Some(Layer::Help(_)) => vec![Context::Help, Context::List, Context::Everywhere],
        Some(Layer::Filter) => vec![Context::Filter, Context::Text],
        Some(Layer::Palette(_)) => vec![Context::Palette, Context::Text],
        Some(Layer::Note(Note { purpose: Purpose::Instant(_), .. })) => vec![Context::GoTo, Context::Text],
        Some(Layer::Note(_)) => vec![Context::Note, Context::Text],
        Some(Layer::Confirm(_)) => vec![Context::Confirm],
        Some(Layer::Taking(_)) => vec![Context::Taking, Context::Text],
        Some(Layer::Runbook(_)) => vec![Context::Runbook, Context::List, Context::Everywhere],
        Some(Layer::Clash(_)) => vec![Context::Clash, Context::List, Context::Everywhere],
        None if matches!(model.ui.file, File::Broken { .. }) => vec![Context::Broken, Context::List, Context::Everywhere],
        None => match model.ui.focus {
            Pane::Environments => vec![Context::Environments, Context::List, Context::Panes, Context::Everywhere],
            Pane::Details => vec![Context::Details, Context::List, Context::Panes, Context::Everywhere],
            Pane::Timeline => vec![Context::Timeline, Context::Panes, Context::Everywhere],
        },
    }
}

/// The bindings of a context, in the order of the table.
pub fn bindings_of(context: Context) -> impl Iterator<Item = &'static Binding> {
    BINDINGS.iter().filter(move |binding| binding.context == context)
}

/// What a key asks for; none when nothing is bound to it.
pub fn resolve(model: &Model, key: Key) -> Option<Action> {
    let contexts = contexts(model);
    let bound = contexts.iter().find_map(|context| bindings_of(*context).find(|binding| binding.keys.contains(&key)));
    match (bound, key) {
        (Some(binding), _) => Some(match (binding.disabled)(model) {
            Some(reason) => Action::Refused(reason),
            None => Action::Command(binding.command),
        }),
        (None, Key::Char(letter)) if contexts.iter().any(|context| context.takes_text()) => Some(Action::Typed(letter)),
        (None, _) => None,
    }
}

/// The key behind an event of the terminal; none for keys that the console does not tell apart.
#[expect(clippy::wildcard_enum_match_arm, reason = "the terminal's keys are not ours to name")]
pub fn key_of(event: KeyEvent) -> Option<Key> {
    let has = |modifier| event.modifiers.contains(modifier);
    let shifted = |plain, shifted| if has(KeyModifiers::SHIFT) { shifted } else { plain };
    Some(match event.code {
        KeyCode::Char(letter) if has(KeyModifiers::CONTROL) => Key::Ctrl(letter.to_ascii_lowercase()),
        KeyCode::Char(_) if has(KeyModifiers::ALT) => return None,
        KeyCode::Char(letter) => Key::Char(letter),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab => shifted(Key::Tab, Key::BackTab),
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Up => shifted(Key::Up, Key::ShiftUp),
        KeyCode::Down => shifted(Key::Down, Key::ShiftDown),
        KeyCode::Left => shifted(Key::Left, Key::ShiftLeft),
        KeyCode::Right => shifted(Key::Right, Key::ShiftRight),
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::F(1) => Key::F1,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    const STACKS: &[&[Context]] = &[
        &[Context::Environments, Context::List, Context::Panes, Context::Everywhere],
        &[Context::Details, Context::List, Context::Panes, Context::Everywhere],
        &[Context::Timeline, Context::Panes, Context::Everywhere],
        &[Context::Targets, Context::List, Context::Everywhere],
        &[Context::Destinations, Context::List, Context::Everywhere],
        &[Context::Questions, Context::List, Context::Everywhere],
        &[Context::Mapping, Context::Text],
        &[Context::Choice, Context::List, Context::Everywhere],
        &[Context::Instant, Context::Text],
        &[Context::Points, Context::Choice, Context::List, Context::Everywhere],
        &[Context::Checklist, Context::List, Context::Everywhere],
        &[Context::Taking, Context::Text],
        &[Context::Runbook, Context::List, Context::Everywhere],
        &[Context::Attention, Context::List, Context::Everywhere],
        &[Context::FieldText, Context::Text],
        &[Context::FieldChoice, Context::Everywhere],
        &[Context::Review, Context::List, Context::Everywhere],
        &[Context::Carry, Context::List, Context::Everywhere],
        &[Context::Record, Context::Text],
        &[Context::RecordChoice, Context::Everywhere],
        &[Context::Journal, Context::List, Context::Everywhere],
        &[Context::Tables, Context::Text],
        &[Context::Explain, Context::Text],
        &[Context::Reading, Context::List, Context::Everywhere],
        &[Context::Help, Context::List, Context::Everywhere],
        &[Context::Filter, Context::Text],
        &[Context::Palette, Context::Text],
        &[Context::Note, Context::Text],
        &[Context::GoTo, Context::Text],
        &[Context::Confirm],
        &[Context::Clash, Context::List, Context::Everywhere],
        &[Context::Broken, Context::List, Context::Everywhere],
    ];

    #[test]
    fn no_key_is_bound_twice_where_both_would_be_in_force() {
        for stack in STACKS {
            let mut seen = HashSet::new();
            for binding in stack.iter().flat_map(|context| bindings_of(*context)) {
                for key in binding.keys {
                    let nearer = *key == Key::Esc && binding.context == Context::Everywhere;
                    assert!(seen.insert(*key) || nearer, "{key} is bound twice in {stack:?}");
                }
            }
        }
    }

    #[test]
    fn contexts_that_take_text_bind_no_printable_key() {
        for binding in BINDINGS.iter().filter(|binding| binding.context.takes_text()) {
            assert!(!binding.keys.iter().any(|key| matches!(key, Key::Char(_))), "{binding:?}");
        }
    }

    #[test]
    fn every_binding_explains_itself_in_one_sentence_without_a_full_stop() {
        for binding in BINDINGS {
            assert!(!binding.help.is_empty() && !binding.help.ends_with('.') && binding.help.starts_with(char::is_uppercase), "{binding:?}");
            assert!(!binding.keys.is_empty(), "{binding:?}");
        }
    }
}

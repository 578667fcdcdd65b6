//! Every key of the console, once: this table feeds dispatch, footer, help, palette, the README and the tests.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::app::action::{Action, App, Checklist, Command, Copy, Environments, Line, Side, Targets, Timeline};
use crate::app::checklist;
use crate::app::copy::{Field, Step, Wizard};
use crate::app::keys::Key;
use crate::app::list::Step as Rows;
use crate::app::model::{File, Layer, Model, Pane, Setup};
use crate::domain::journal::ItemAct;
use crate::domain::known::Known;
use crate::domain::words::counted;

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
    /// In the timeline.
    Timeline,
    /// In the view of targets.
    Targets,
    /// Where a filter is typed.
    Filter,
    /// In the palette.
    Palette,
    /// Where a note is typed.
    Note,
    /// Where text is typed: filter, palette, note.
    Text,
    /// Where a question waits for yes or no.
    Confirm,
    /// Where the level of a copy is chosen.
    CopyLevel,
    /// Where the name of a copy's target is typed.
    CopyName,
    /// Where the security group of a copy's target is chosen.
    CopyGroup,
    /// Where a copy is reviewed.
    CopyReview,
    /// Where the way to carry a copy out is chosen.
    CopyCarry,
    /// Where a copy that was carried out is recorded.
    CopyRecord,
    /// In a checklist.
    Checklist,
    /// In the list of emptied tables.
    Tables,
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
            Self::Timeline => "Backups",
            Self::Targets => "Copy: targets",
            Self::Filter => "Typing a filter",
            Self::Palette => "Commands",
            Self::Note => "Typing a note",
            Self::Text => "Typing",
            Self::Confirm => "Question",
            Self::CopyLevel => "Copy: level",
            Self::CopyName | Self::CopyGroup => "Copy: details",
            Self::CopyReview => "Copy: review",
            Self::CopyCarry => "Copy: carry out",
            Self::CopyRecord => "Copy: record",
            Self::Checklist => "Checklist",
            Self::Tables => "Emptied tables",
            Self::Clash => "Journal that clashes",
            Self::Broken => "Snapshot that cannot be read",
        }
    }

    /// Whether printable keys are letters there.
    pub const fn takes_text(self) -> bool {
        matches!(self, Self::Filter | Self::Palette | Self::Note | Self::CopyName | Self::CopyRecord | Self::Tables | Self::Text)
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
    const fn unless(mut self, disabled: fn(&Model) -> Option<String>) -> Self {
        self.disabled = disabled;
        self
    }
}

/// The table. The order is the order of the footer and of the help.
#[rustfmt::skip]
pub static BINDINGS: &[Binding] = &[
    bind(Context::Environments, &[Key::Enter, Key::Char('l'), Key::Right], Command::Environments(Environments::Open), "", "Go to its details").unless(none_chosen),
    bind(Context::Timeline, &[Key::Left, Key::Char('h')], Command::Timeline(Timeline::Day(-1)), "day", "Move the cursor back one day").unless(no_window),
    bind(Context::Timeline, &[Key::Right, Key::Char('l')], Command::Timeline(Timeline::Day(1)), "", "Move the cursor on one day").unless(no_window),
    bind(Context::Timeline, &[Key::ShiftLeft, Key::Char('H')], Command::Timeline(Timeline::Hour(-1)), "hour", "Move the cursor back one hour").unless(no_window),
    bind(Context::Timeline, &[Key::ShiftRight, Key::Char('L')], Command::Timeline(Timeline::Hour(1)), "", "Move the cursor on one hour").unless(no_window),
    bind(Context::Timeline, &[Key::Up, Key::Char('k')], Command::Timeline(Timeline::Backup(1)), "backup", "Go to the next manual backup").unless(no_window),
    bind(Context::Timeline, &[Key::Down, Key::Char('j')], Command::Timeline(Timeline::Backup(-1)), "", "Go to the manual backup before").unless(no_window),
    bind(Context::Panes, &[Key::Char('o')], Command::Checklist(Checklist::Open), "checklist", "Open its checklist").unless(no_checklist),
    bind(Context::Panes, &[Key::Char('f')], Command::App(App::Skip), "skip", "Skip to what happens next: the end of a stage, a backup that becomes ready").unless(nothing_to_skip_to),
    bind(Context::Panes, &[Key::Char('u')], Command::App(App::Undo), "undo", "Take back the last rehearsed step").unless(nothing_rehearsed),
    bind(Context::Panes, &[Key::Char('U')], Command::App(App::Discard), "", "Take back everything that was rehearsed").unless(nothing_rehearsed),
    bind(Context::Panes, &[Key::Char('c')], Command::Environments(Environments::CopyTargets), "copy", "Copy it: level, every environment as a target with the reasons, review").unless(none_chosen),
    bind(Context::Panes, &[Key::Char('/')], Command::Environments(Environments::Filter), "filter", "Filter the list: letters of the name, type:sandbox, managed:yes"),
    bind(Context::Panes, &[Key::Char('s')], Command::Environments(Environments::Sort), "sort", "Sort the list by the next column"),
    bind(Context::Panes, &[Key::Char('T')], Command::App(App::NextTenant), "tenant", "Show the next tenant, or all of them").unless(one_tenant),
    bind(Context::Panes, &[Key::Char('n')], Command::App(App::Note), "note", "Write a note on it into the journal").unless(cannot_note),
    bind(Context::Panes, &[Key::Tab], Command::App(App::FocusNext), "pane", "Go to the next pane"),
    bind(Context::Panes, &[Key::BackTab], Command::App(App::FocusPrevious), "", "Go to the pane before"),
    bind(Context::Panes, &[Key::Char('y')], Command::App(App::CopyId), "", "Copy its id to the clipboard").unless(none_chosen),
    bind(Context::Panes, &[Key::Char('Y')], Command::App(App::CopyUrl), "", "Copy its URL to the clipboard").unless(no_url),
    bind(Context::Panes, &[Key::Ctrl('r')], Command::App(App::Reload), "", "Read the snapshot again").unless(built_in),
    bind(Context::CopyLevel, &[Key::Enter], Command::Copy(Copy::Next), "choose", "Choose this level and go on to the target"),
    bind(Context::Targets, &[Key::Enter], Command::Copy(Copy::Next), "choose", "Choose this target and go on to the details"),
    bind(Context::Targets, &[Key::Char('l')], Command::Targets(Targets::Level), "level", "Change what is copied: everything, or customizations and schemas only"),
    bind(Context::Targets, &[Key::Char('/')], Command::Targets(Targets::Filter), "filter", "Filter the targets"),
    bind(Context::Targets, &[Key::ShiftDown, Key::Char('J')], Command::Targets(Targets::Reasons(1)), "reasons", "Scroll the reasons down"),
    bind(Context::Targets, &[Key::ShiftUp, Key::Char('K')], Command::Targets(Targets::Reasons(-1)), "", "Scroll the reasons up"),
    bind(Context::Filter, &[Key::Enter], Command::Line(Line::Submit), "keep", "Keep the filter and go on in the list"),
    bind(Context::Filter, &[Key::Esc], Command::Line(Line::Cancel), "clear", "Clear the filter"),
    bind(Context::Palette, &[Key::Enter], Command::App(App::Choose), "do it", "Do what is chosen"),
    bind(Context::Palette, &[Key::Esc], Command::Line(Line::Cancel), "back", "Go back"),
    bind(Context::Note, &[Key::Enter], Command::Line(Line::Submit), "save", "Save the note"),
    bind(Context::Note, &[Key::Esc], Command::Line(Line::Cancel), "back", "Go back; what was typed is kept"),
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
    bind(Context::Confirm, &[Key::Char('y'), Key::Enter], Command::App(App::Choose), "yes", "Yes"),
    bind(Context::Confirm, &[Key::Char('n'), Key::Esc], Command::App(App::Back), "no", "No"),
    bind(Context::Confirm, &[Key::Ctrl('c')], Command::App(App::Back), "", "No"),
    bind(Context::CopyName, &[Key::Enter], Command::Copy(Copy::Next), "review", "Go on to the review"),
    bind(Context::CopyName, &[Key::Tab, Key::BackTab], Command::Copy(Copy::Field(1)), "security group", "Go to the security group"),
    bind(Context::CopyName, &[Key::Esc], Command::App(App::Back), "back", "Go back to the target; what was typed is kept"),
    bind(Context::CopyGroup, &[Key::Enter], Command::Copy(Copy::Next), "review", "Go on to the review"),
    bind(Context::CopyGroup, &[Key::Right, Key::Char(' '), Key::Char('l')], Command::Copy(Copy::Group(1)), "next group", "Take the next security group"),
    bind(Context::CopyGroup, &[Key::Left, Key::Char('h')], Command::Copy(Copy::Group(-1)), "", "Take the security group before"),
    bind(Context::CopyGroup, &[Key::Tab, Key::BackTab, Key::Up, Key::Down], Command::Copy(Copy::Field(1)), "name", "Go to the name"),
    bind(Context::CopyReview, &[Key::Enter], Command::Copy(Copy::Next), "carry out", "Go on to carrying it out").unless(not_acknowledged),
    bind(Context::CopyReview, &[Key::Char('a')], Command::Copy(Copy::Acknowledge), "acknowledge", "Take the next unknown finding upon you").unless(nothing_unknown),
    bind(Context::CopyReview, &[Key::Char('t')], Command::App(App::Tables), "tables", "List the tables that are emptied at this level"),
    bind(Context::CopyCarry, &[Key::Enter], Command::Copy(Copy::Next), "do it", "Rehearse it, or record that it was carried out"),
    bind(Context::CopyRecord, &[Key::Enter], Command::Copy(Copy::Next), "record", "Write it into the journal").unless(not_typed),
    bind(Context::CopyRecord, &[Key::Tab], Command::Copy(Copy::Field(1)), "next field", "Go to the next field"),
    bind(Context::CopyRecord, &[Key::BackTab], Command::Copy(Copy::Field(-1)), "", "Go to the field before"),
    bind(Context::CopyRecord, &[Key::Esc], Command::App(App::Back), "back", "Go back; what was typed is kept"),
    bind(Context::Checklist, &[Key::Char(' '), Key::Enter], Command::Checklist(Checklist::Toggle), "done", "Tick the item, or open it again"),
    bind(Context::Checklist, &[Key::Tab], Command::Checklist(Checklist::NextMandatory), "next open", "Go to the next mandatory item that is open"),
    bind(Context::Checklist, &[Key::Char('d')], Command::Checklist(Checklist::Act(ItemAct::Disabled)), "disable", "Decide: it is disabled").unless(no_disable),
    bind(Context::Checklist, &[Key::Char('r')], Command::Checklist(Checklist::Act(ItemAct::Redirected)), "redirect", "Decide: it is redirected to another service").unless(no_redirect),
    bind(Context::Checklist, &[Key::Char('l')], Command::Checklist(Checklist::Act(ItemAct::LeftAsIs)), "leave", "Decide: it stays as it is, with a reason").unless(no_leave),
    bind(Context::Checklist, &[Key::ShiftDown, Key::Char('J')], Command::Checklist(Checklist::About(1)), "more", "Scroll what is said about the item down"),
    bind(Context::Checklist, &[Key::ShiftUp, Key::Char('K')], Command::Checklist(Checklist::About(-1)), "", "Scroll what is said about the item up"),
    bind(Context::Checklist, &[Key::Char('x')], Command::Checklist(Checklist::Act(ItemAct::NotApplicable)), "does not apply", "Say that it does not apply, with a reason"),
    bind(Context::Checklist, &[Key::Char('n')], Command::Checklist(Checklist::Act(ItemAct::Noted)), "note", "Add a remark to the item"),
    bind(Context::Checklist, &[Key::Char('O')], Command::Checklist(Checklist::OpenOnly), "", "Show only what is open, or everything"),
    bind(Context::Checklist, &[Key::Char('u')], Command::App(App::Undo), "", "Take back the last tick of this rehearsal").unless(no_practice),
    bind(Context::Tables, &[Key::Esc], Command::App(App::Back), "back", "Go back"),
    bind(Context::Clash, &[Key::Char('o')], Command::App(App::Settle(Side::Ours)), "keep ours", "Write what this session says into the file"),
    bind(Context::Clash, &[Key::Char('t')], Command::App(App::Settle(Side::Theirs)), "take theirs", "Take over what the file says"),
    bind(Context::Clash, &[Key::Esc], Command::App(App::Back), "later", "Decide later; nothing is saved until then"),
    bind(Context::Broken, &[Key::Char('r'), Key::Ctrl('r')], Command::App(App::Reload), "read again", "Read the snapshot again"),
    bind(Context::Everywhere, &[Key::Ctrl('s')], Command::App(App::SaveAgain), "save again", "Save again what could not be saved").unless(all_saved),
    bind(Context::Everywhere, &[Key::Esc], Command::App(App::Back), "back", "Go back one step").unless(nothing_behind),
    bind(Context::Everywhere, &[Key::Char(':'), Key::Ctrl('p')], Command::App(App::Palette), "commands", "Find any command or environment by name"),
    bind(Context::Everywhere, &[Key::Char('?'), Key::F1], Command::App(App::Help), "help", "Show the keys of where you are"),
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

fn none_chosen(model: &Model) -> Option<String> {
    model.selected().is_none().then(|| "No environment is chosen: clear the filter with Esc".to_owned())
}

fn no_window(model: &Model) -> Option<String> {
    match model.ui.timeline.window {
        Known::Is(Some(_)) => None,
        Known::Is(None) => Some(format!("There is nothing to restore: {}", model.ui.timeline.reason)),
        Known::Unknown => Some("How far back it can be restored is unknown: facts are missing".to_owned()),
    }
}

fn one_tenant(model: &Model) -> Option<String> {
    (model.estate.tenants().count() < 2).then(|| "The snapshot has only this tenant".to_owned())
}

/// Why nothing may be written, if nothing may.
pub fn writes_nothing(setup: &Setup) -> Option<String> {
    setup.read_only.then(|| "Started with --read-only: nothing is written".to_owned())
}

fn cannot_note(model: &Model) -> Option<String> {
    writes_nothing(&model.ui.setup).or_else(|| none_chosen(model))
}

fn no_url(model: &Model) -> Option<String> {
    match model.selected().map(|environment| &environment.url) {
        None => none_chosen(model),
        Some(Known::Is(Some(_))) => None,
        Some(Known::Is(None)) => Some("It has no URL".to_owned()),
        Some(Known::Unknown) => Some("Its URL is unknown".to_owned()),
    }
}

fn built_in(model: &Model) -> Option<String> {
    model.ui.setup.in_memory.then(|| "The demo estate is built in and never changes".to_owned())
}

fn no_checklist(model: &Model) -> Option<String> {
    let open = model.selected().and_then(|environment| checklist::open_for(&model.estate, &environment.id));
    open.is_none().then(|| "It has no open checklist: one opens when a copy onto it is rehearsed or recorded".to_owned())
}

fn not_offered(model: &Model, act: ItemAct) -> Option<String> {
    let working = model.working()?;
    let offered = working.checklist()?.offers(working.selected()?.id()).iter().any(|offer| offer.act == act);
    (!offered).then(|| "That is no choice for this item".to_owned())
}

fn no_disable(model: &Model) -> Option<String> {
    not_offered(model, ItemAct::Disabled)
}

fn no_redirect(model: &Model) -> Option<String> {
    not_offered(model, ItemAct::Redirected)
}

fn no_leave(model: &Model) -> Option<String> {
    not_offered(model, ItemAct::LeftAsIs)
}

fn not_acknowledged(model: &Model) -> Option<String> {
    let waiting = model.wizard().map_or(0, Wizard::unacknowledged);
    (waiting > 0).then(|| format!("{} must be acknowledged first: press a for each", counted(waiting, "unknown finding")))
}

fn nothing_unknown(model: &Model) -> Option<String> {
    model.wizard().is_none_or(|wizard| wizard.unacknowledged() == 0).then(|| "Nothing waits to be acknowledged".to_owned())
}

fn not_typed(model: &Model) -> Option<String> {
    let wizard = model.wizard()?;
    if let Err(reason) = wizard.draft.carried_out_at(model.ui.now.unskipped) {
        return Some(reason);
    }
    let target = wizard.draft.target.map(|key| &*model.estate.environment(key).name)?;
    (wizard.draft.typed.value() != target).then(|| format!("Type the target's name to confirm: {target}"))
}

fn nothing_to_skip_to(model: &Model) -> Option<String> {
    model.next_event().is_none().then(|| "Nothing is waited for".to_owned())
}

fn nothing_rehearsed(model: &Model) -> Option<String> {
    model.estate.rehearsals().is_empty().then(|| "Nothing was rehearsed".to_owned())
}

fn no_practice(model: &Model) -> Option<String> {
    let practice = model.working().is_some_and(|working| working.rehearsal);
    (!practice).then(|| "This is recorded for good: Space opens an item again, and both stay in the journal".to_owned())
}

fn all_saved(model: &Model) -> Option<String> {
    model.ui.unsaved.is_empty().then(|| "Everything is saved".to_owned())
}

fn nothing_behind(model: &Model) -> Option<String> {
    let somewhere = !model.ui.layers.is_empty() || model.ui.focus != Pane::Environments || !model.ui.environments.filter.value().is_empty();
    (!somewhere).then(|| "You are at the start: q quits".to_owned())
}

/// The contexts that are in force, the nearest first.
pub fn contexts(model: &Model) -> Vec<Context> {
    match model.ui.layers.last() {
        Some(Layer::Copy(wizard)) => match &wizard.step {
            Step::Level => vec![Context::CopyLevel, Context::List, Context::Everywhere],
            Step::Target => vec![Context::Targets, Context::List, Context::Everywhere],
            Step::Details(_) => match wizard.field {
                Field::Name => vec![Context::CopyName, Context::Text],
                Field::Group => vec![Context::CopyGroup, Context::Everywhere],
            },
            Step::Review(_) => vec![Context::CopyReview, Context::List, Context::Everywhere],
            Step::Carry(_) => vec![Context::CopyCarry, Context::List, Context::Everywhere],
            Step::Record(_) => vec![Context::CopyRecord, Context::Text],
        },
        Some(Layer::Checklist(_)) => vec![Context::Checklist, Context::List, Context::Everywhere],
        Some(Layer::Tables(_)) => vec![Context::Tables, Context::Text],
        Some(Layer::Help(_)) => vec![Context::List, Context::Everywhere],
        Some(Layer::Filter) => vec![Context::Filter, Context::Text],
        Some(Layer::Palette(_)) => vec![Context::Palette, Context::Text],
        Some(Layer::Note(_)) => vec![Context::Note, Context::Text],
        Some(Layer::Confirm(_)) => vec![Context::Confirm],
        Some(Layer::Clash(_)) => vec![Context::Clash, Context::List, Context::Everywhere],
        None if matches!(model.ui.file, File::Broken { .. }) => vec![Context::Broken, Context::List, Context::Everywhere],
        None => match model.ui.focus {
            Pane::Environments => vec![Context::Environments, Context::List, Context::Panes, Context::Everywhere],
            Pane::Details => vec![Context::List, Context::Panes, Context::Everywhere],
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
        &[Context::List, Context::Panes, Context::Everywhere],
        &[Context::Timeline, Context::Panes, Context::Everywhere],
        &[Context::Targets, Context::List, Context::Everywhere],
        &[Context::CopyLevel, Context::List, Context::Everywhere],
        &[Context::Checklist, Context::List, Context::Everywhere],
        &[Context::CopyName, Context::Text],
        &[Context::CopyGroup, Context::Everywhere],
        &[Context::CopyReview, Context::List, Context::Everywhere],
        &[Context::CopyCarry, Context::List, Context::Everywhere],
        &[Context::CopyRecord, Context::Text],
        &[Context::Tables, Context::Text],
        &[Context::Filter, Context::Text],
        &[Context::Palette, Context::Text],
        &[Context::Note, Context::Text],
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

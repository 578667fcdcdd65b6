//! Everything on the screen as data; `update` alone writes it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::app::action::{Moment, Side};
use crate::app::attention::{Listing, Watch};
use crate::app::checklist::Working;

use crate::app::details::Details;
use crate::app::environments::Environments;
use crate::app::explain::Explain;
use crate::app::help::Help;
use crate::app::journal::Entries;
use crate::app::layout::{Area, Layout};
use crate::app::note::Note;
use crate::app::pages::Step;
use crate::app::palette::Palette;
use crate::app::runbook::{Sheets, Taking, Typing};
use crate::app::tables::Tables;
use crate::app::targets::Targets;
use crate::app::timeline::Timeline;
use crate::app::wizard::{Draft, Wizard};
use crate::domain::checklist::Template;
use crate::domain::conditions;
use crate::domain::environment::Environment;
use crate::domain::estate::{EnvironmentKey, Estate, Snapshot};
use crate::domain::journal::ItemAct;
use crate::domain::journal::{Entry, Journal};
use crate::domain::known::Known;
use crate::domain::library::Library;
use crate::domain::operation::OperationKind;
use crate::domain::rulebook::{Rulebook, Rulebooks};
use crate::domain::time;

/// The panes of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pane {
    /// The list of environments.
    Environments,
    /// The details of one.
    Details,
    /// Its backups.
    Timeline,
}

/// What stands over the panes, each over the one before.
#[derive(Debug)]
pub enum Layer {
    /// The wizard in which something is done to an environment.
    Wizard(Box<Wizard>),
    /// The tables that a copy of customizations only empties.
    Tables(Tables),
    /// The checklist that is being worked.
    Checklist(Box<Working>),
    /// What asks for attention in the whole estate.
    Attention(Box<Listing>),
    /// What the journal says about an environment.
    Journal(Box<Entries>),
    /// A filter is being typed for the list below.
    Filter,
    /// The keys of where the keyboard was.
    Help(Box<Help>),
    /// Commands and environments by name.
    Palette(Box<Palette>),
    /// A note is being typed.
    Note(Note),
    /// A question that has to be answered with yes or no.
    Confirm(Intent),
    /// Entries of the journal that say something else in its file.
    Clash(ClashUi),
    /// What can be looked up: rules, answers, links.
    Explain(Box<Explain>),
    /// What is asked before a runbook is taken.
    Taking(Taking),
    /// A runbook.
    Runbook(Box<Sheets>),
}

/// The clashes that somebody has to settle.
#[derive(Debug)]
pub struct ClashUi {
    /// What they are, in lines.
    pub lines: Vec<String>,
    /// The first line on screen.
    pub top: usize,
}

/// What a confirmation is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    /// Ending although entries could not be saved.
    QuitUnsaved,
    /// Rehearsing the plan of the wizard below.
    Rehearse,
    /// Taking back everything that was rehearsed.
    DiscardRehearsals,
    /// Beginning a plan, by its place in [`Ui::templates`].
    Plan(Box<str>),
    /// Beginning the plan of the move that the wizard below drafts.
    Move,
    /// Doing what waits in [`Ui::act`] with an item, although something speaks against it (G-21), or with many at once.
    Act,
    /// Recording the answer in the line below although something else is known, or taking it back.
    Answer,
}

/// Something that is about to be done with an item of the checklist that is worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingAct {
    /// The item, by its permanent id.
    pub item: String,
    /// The act.
    pub act: ItemAct,
    /// What was typed with it.
    pub note: Option<String>,
}

/// How the snapshot stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum File {
    /// It is being read.
    Loading,
    /// It is open.
    Open,
    /// It cannot be read.
    Broken {
        /// One line for each problem.
        lines: Vec<String>,
        /// The first problem on screen.
        top: usize,
    },
}

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something was done.
    Done,
    /// Something is not possible, with the reason.
    Refused,
    /// Something went wrong.
    Failed,
}

/// A line that says what happened and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How it is meant.
    pub tone: Tone,
    /// What it says.
    pub text: String,
    /// When it goes, in time since the start; one that failed stays until the next key.
    pub until: Option<Duration>,
}

/// How the console was started.
#[derive(Debug, Clone)]
pub struct Setup {
    /// What the snapshot is called on screen.
    pub file: String,
    /// The journal is not kept in a file: the demo.
    pub in_memory: bool,
    /// Nothing may be written.
    pub read_only: bool,
    /// How far local time is ahead of UTC at an instant, where whoever looks is.
    pub offset: fn(DateTime<Utc>) -> chrono::FixedOffset,
}

/// What is on the screen beside the facts: ids and integers.
#[derive(Debug)]
pub struct Ui {
    /// Columns and rows.
    pub size: (u16, u16),
    /// Which pane has the keyboard when nothing stands over the panes.
    pub focus: Pane,
    /// The list of environments.
    pub environments: Environments,
    /// What is known about the chosen environment.
    pub details: Details,
    /// The backups of the chosen environment.
    pub timeline: Timeline,
    /// What asks for attention in the whole estate.
    pub attention: Watch,
    /// What stands over the panes.
    pub layers: Vec<Layer>,
    /// What the question that waits for an answer says, where that was worked out when it was asked.
    pub asked: String,
    /// What the question is about, when it is about an item of a checklist.
    pub act: Option<PendingAct>,
    /// What happened last.
    pub notice: Option<Notice>,
    /// How the snapshot stands.
    pub file: File,
    /// What was begun in the wizard and left, by operation and environment.
    pub drafts: HashMap<(OperationKind, EnvironmentKey), Draft>,
    /// What was typed for a runbook.
    pub typing: Typing,
    /// A note that was begun and left.
    pub note_draft: Option<Note>,
    /// What can be looked up; read when somebody asks for the first time.
    pub library: Option<Arc<Library>>,
    /// Entries that could not be saved yet.
    pub unsaved: Vec<Entry>,
    /// How a clash is being settled.
    pub settling: Option<Side>,
    /// The checklists that there are.
    pub templates: Vec<Template>,
    /// Now.
    pub now: Moment,
    /// How the console was started.
    pub setup: Setup,
}

/// Facts and screen.
#[derive(Debug)]
pub struct Model {
    /// The facts.
    pub estate: Estate,
    /// The tables that judge them.
    pub rulebooks: Arc<Rulebooks>,
    /// The screen.
    pub ui: Ui,
}

impl Model {
    /// A console that is about to read its snapshot.
    pub fn new(setup: Setup, rulebooks: Arc<Rulebooks>, size: (u16, u16), now: Moment) -> Self {
        Self {
            estate: Estate::new(Snapshot::default(), Journal::default(), None, None),
            rulebooks,
            ui: Ui {
                size,
                focus: Pane::Environments,
                environments: Environments::default(),
                details: Details::default(),
                timeline: Timeline::default(),
                attention: Watch::default(),
                layers: Vec::new(),
                asked: String::new(),
                act: None,
                notice: None,
                file: File::Loading,
                drafts: HashMap::new(),
                typing: Typing::default(),
                note_draft: None,
                library: None,
                unsaved: Vec::new(),
                settling: None,
                templates: Vec::new(),
                now,
                setup,
            },
        }
    }

    /// The rulebook that decides.
    pub fn rulebook(&self) -> &Rulebook {
        self.rulebooks.of(self.estate.edition())
    }

    /// Where the panes stand.
    pub fn layout(&self) -> Layout {
        // While a filter is typed, the list that it filters is seen.
        let whole = self.ui.timeline.whole && !matches!(self.ui.layers.last(), Some(Layer::Filter));
        Layout::of(self.ui.size, self.ui.focus, whole)
    }

    /// Where a review stands, with what would be lost above it.
    pub fn review(&self) -> (Area, Area) {
        self.layout().review(self.ui.timeline.draws_review())
    }

    /// The chosen environment.
    pub fn selected(&self) -> Option<&Environment> {
        self.ui.environments.selected().map(|key| self.estate.environment(key))
    }

    /// Whether a question stands there that nobody asked for: the journal clashes with what was written meanwhile.
    pub fn asks_by_itself(&self) -> bool {
        matches!(self.ui.layers.last(), Some(Layer::Clash(_)))
    }

    /// Console time.
    pub const fn now(&self) -> DateTime<Utc> {
        self.ui.now.console
    }

    /// The next instant at which something on the screen changes by itself; none when nothing moves.
    pub fn next_deadline(&self) -> Option<Deadline> {
        let now = self.now();
        let minute = time::next_minute(now);
        let age = match self.estate.captured_at() {
            Known::Is(captured_at) if conditions::lies_ahead(captured_at, now) => Some(conditions::no_longer_ahead_at(captured_at)),
            Known::Is(captured_at) => Some(time::next_change_of_age(captured_at, now)),
            Known::Unknown => None,
        };
        let console = [
            Some(minute),
            age,
            self.ui.timeline.changes_at(),
            self.ui.attention.changes_at(),
            self.next_event(),
            self.targets().and_then(Targets::holds_until),
        ]
        .into_iter()
        .flatten()
        .filter(|at| *at > now)
        .min()
        // Before there are facts nothing but a notice moves.
        .filter(|_| self.ui.file == File::Open);
        let notice = self.ui.notice.as_ref().and_then(|notice| notice.until);
        (console.is_some() || notice.is_some()).then_some(Deadline { console, real: notice })
    }

    /// The wizard, if it is open.
    pub fn wizard(&self) -> Option<&Wizard> {
        self.ui.layers.iter().find_map(|layer| if let Layer::Wizard(wizard) = layer { Some(&**wizard) } else { None })
    }

    /// The checklist that is being worked, if one is.
    pub fn working(&self) -> Option<&Working> {
        self.ui.layers.iter().find_map(|layer| if let Layer::Checklist(working) = layer { Some(&**working) } else { None })
    }

    /// The list of what asks for attention, if it is open.
    pub fn listing(&self) -> Option<&Listing> {
        self.ui.layers.iter().find_map(|layer| if let Layer::Attention(listing) = layer { Some(&**listing) } else { None })
    }

    /// The journal of an environment, if it is open.
    pub fn entries(&self) -> Option<&Entries> {
        self.ui.layers.iter().find_map(|layer| if let Layer::Journal(entries) = layer { Some(&**entries) } else { None })
    }

    /// The help, if it is open.
    pub fn help(&self) -> Option<&Help> {
        self.ui.layers.iter().find_map(|layer| if let Layer::Help(help) = layer { Some(&**help) } else { None })
    }

    /// The targets that are being chosen from, if they are.
    pub fn targets(&self) -> Option<&Targets> {
        self.wizard().filter(|wizard| matches!(wizard.step, Step::Target)).map(|wizard| &wizard.targets)
    }

    /// The next instant at which something happens in console time: a stage or rehearsal ends, a backup becomes ready or goes.
    pub fn next_event(&self) -> Option<DateTime<Utc>> {
        let now = self.now();
        let stages = self.estate.rehearsals().iter().filter(|rehearsal| !rehearsal.is_done()).filter_map(|rehearsal| rehearsal.schedule.next_event(now)).min();
        stages.or_else(|| self.ui.timeline.changes_at().filter(|at| *at > now))
    }
}

/// When to look again, in console time and in time since the start; the earlier one counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// In console time.
    pub console: Option<DateTime<Utc>>,
    /// In time since the start.
    pub real: Option<Duration>,
}

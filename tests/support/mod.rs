//! The harness: a console on a snapshot, driven by key strings through the real loop, read back with its roles.
//!
//! ```text
//! let screen = Console::demo().size(80, 24).play("/sales<enter>c");
//! insta::assert_snapshot!(screen);
//! ```
#![allow(dead_code, reason = "each test file uses its own part of the harness")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Utc};
use envdeck::app::keys;
use envdeck::app::model::{Model, Setup};
use envdeck::domain::words::Word;
use envdeck::effects::Source;
use envdeck::files;
use envdeck::runtime::{self, Ended, NoHost};
use envdeck::view::theme::{Role, Theme};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

/// A console that is about to be opened.
pub struct Console {
    snapshot: Option<PathBuf>,
    size: (u16, u16),
    now: DateTime<Utc>,
    read_only: bool,
    theme: Theme,
    checklists: Option<PathBuf>,
}

/// What was on the screen when the script ended, and what came of it.
pub struct Screen {
    /// The cells.
    pub buffer: Buffer,
    /// The model.
    pub model: Model,
    /// How often it was drawn.
    pub ended: Ended,
    /// What went to the clipboard.
    pub clipboard: Vec<String>,
}

pub fn utc(text: &str) -> DateTime<Utc> {
    envdeck::domain::time::parse(text).unwrap_or_else(|| panic!("{text} is an instant"))
}

/// Tests are in UTC wherever they run.
pub fn in_utc(_: DateTime<Utc>) -> FixedOffset {
    FixedOffset::east_opt(0).expect("zero is an offset")
}

impl Console {
    /// The demo estate at the instant of its capture, on 80 columns and 24 rows.
    pub fn demo() -> Self {
        Self { snapshot: None, size: (80, 24), now: files::demo_captured_at(), read_only: false, theme: Theme::telling(), checklists: None }
    }

    /// A snapshot file.
    pub fn on(path: impl Into<PathBuf>) -> Self {
        Self { snapshot: Some(path.into()), ..Self::demo() }
    }

    pub fn size(self, width: u16, height: u16) -> Self {
        Self { size: (width, height), ..self }
    }

    pub fn at(self, now: &str) -> Self {
        Self { now: utc(now), ..self }
    }

    pub fn read_only(self) -> Self {
        Self { read_only: true, ..self }
    }

    /// With the checklists of a team.
    pub fn checklists(self, folder: &Path) -> Self {
        Self { checklists: Some(folder.to_owned()), ..self }
    }

    pub fn theme(self, theme: Theme) -> Self {
        Self { theme, ..self }
    }

    /// Plays keys through the real loop until all is done.
    pub fn play(self, script: &str) -> Screen {
        let script = keys::parse(script).unwrap_or_else(|error| panic!("{error}"));
        let rulebooks = Arc::new(files::rulebook::built_in().expect("the rulebooks are right"));
        let setup = Setup { file: "snapshot.yaml".into(), in_memory: self.snapshot.is_none(), read_only: self.read_only, offset: in_utc };
        let mut model = runtime::fresh(setup, rulebooks, self.size, self.now);
        let mut terminal = Terminal::new(TestBackend::new(self.size.0, self.size.1)).expect("a test backend never fails");
        let mut host = NoHost::default();
        let source = Source { snapshot: self.snapshot, edition: None, viewer: None, checklists: self.checklists };
        let ended = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime")
            .block_on(runtime::play(&mut terminal, &mut model, &self.theme, script, source, &mut host))
            .expect("a test backend never fails");
        Screen { buffer: terminal.backend().buffer().clone(), model, ended, clipboard: host.clipboard }
    }
}

impl Screen {
    /// The text alone.
    pub fn text(&self) -> String {
        envdeck::console::text_of(&self.buffer)
    }

    /// Fails unless the screen says `text`.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        assert!(self.text().contains(text), "the screen does not say {text:?}:\n{}", self.text());
        self
    }

    /// Fails if the screen says `text`.
    #[track_caller]
    pub fn says_not(&self, text: &str) -> &Self {
        assert!(!self.text().contains(text), "the screen says {text:?}:\n{}", self.text());
        self
    }

    /// The roles of a row: `3-14 title, 20-25 good`, without ordinary text and blanks.
    fn roles(&self, y: u16) -> String {
        let mut runs: Vec<(u16, u16, Role)> = Vec::new();
        for x in 0..self.buffer.area.width {
            let cell = &self.buffer[(x, y)];
            let role = Theme::role_told(cell.fg).filter(|role| *role != Role::Text);
            let blank = cell.symbol() == " " && role != Some(Role::Selected);
            match (role, runs.last_mut()) {
                (Some(role), Some((_, end, last))) if *last == role && x - *end <= 2 && !blank => *end = x,
                (Some(role), _) if !blank => runs.push((x, x, role)),
                _ => {}
            }
        }
        // Borders are seen in the text; of the pane that has the keyboard one run is enough to tell.
        runs.retain(|(from, to, role)| *role != Role::Border && (*role != Role::Focus || to > from));
        runs.iter().map(|(from, to, role)| format!("{from}-{to} {}", role.word())).collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Display for Screen {
    /// The rows of the screen, then the roles of each row that has any but ordinary text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.text())?;
        writeln!(f, "---")?;
        for y in 0..self.buffer.area.height {
            let roles = self.roles(y);
            if !roles.is_empty() {
                writeln!(f, "{y:>2}: {roles}")?;
            }
        }
        Ok(())
    }
}

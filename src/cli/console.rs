//! The arguments of the console itself, which somebody else opens.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::Args;

use super::source::{folder, instant, one_of, viewer};
use crate::domain::rulebook::Edition;
use crate::vocabulary;

vocabulary! {
    /// The colours of the console.
    ThemeName, "theme" {
        Dark = "dark" "for dark backgrounds",
        Light = "light" "for light backgrounds",
        Mono = "mono" "no colours",
    }
}

/// How the console is opened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConsoleOptions {
    /// The snapshot; the demo estate without one.
    pub snapshot: Option<PathBuf>,
    /// The console's time at the start.
    pub now: Option<DateTime<Utc>>,
    /// Whether nothing may be written.
    pub read_only: bool,
    /// The rules that decide, instead of those that the snapshot names.
    pub rulebook: Option<Edition>,
    /// The colours; chosen by the terminal without one.
    pub theme: Option<ThemeName>,
    /// Whether only ASCII is drawn.
    pub ascii: bool,
    /// Who looks, instead of the operator of the snapshot.
    pub viewer: Option<String>,
    /// The folder of the checklists that a team added.
    pub checklists: Option<PathBuf>,
    /// Keys to play.
    pub keys: Option<String>,
    /// Whether one frame is printed instead of opening the console.
    pub print: bool,
    /// Columns and lines of that frame.
    pub size: Option<(u16, u16)>,
}

/// The arguments of the console.
#[derive(Debug, Args)]
pub struct Console {
    /// The snapshot to open; without it the demo estate
    #[arg(value_name = "SNAPSHOT", value_hint = clap::ValueHint::FilePath)]
    snapshot: Option<PathBuf>,
    /// Start at this instant instead of now, such as 2026-01-05T09:00:00Z, friday 18:00 or -3d
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true, value_parser = instant)]
    now: Option<DateTime<Utc>>,
    /// Write no file; rehearsing stays possible
    #[arg(long)]
    read_only: bool,
    /// Judge by these rules instead of those that the snapshot names
    #[arg(long, value_name = "EDITION", ignore_case = true, value_parser = one_of::<Edition>())]
    rulebook: Option<Edition>,
    /// The colours
    #[arg(long, value_name = "THEME", ignore_case = true, value_parser = one_of::<ThemeName>())]
    theme: Option<ThemeName>,
    /// Draw with ASCII only
    #[arg(long)]
    ascii: bool,
    /// Who looks, if not the operator of the snapshot
    #[arg(long = "as", value_name = "UPN", env = "ENVDECK_AS", hide_env_values = true)]
    viewer: Option<String>,
    /// Add the checklists of this folder to those that are built in
    #[arg(long, value_name = "FOLDER", env = "ENVDECK_CHECKLISTS", hide_env_values = true, value_hint = clap::ValueHint::DirPath)]
    checklists: Option<PathBuf>,
    /// The keys that are played first.
    #[arg(
        long,
        value_name = "KEYS",
        requires = "print",
        help = "Play these keys first: letters as they are, others as <enter>, <esc>, <tab>, <down*3>, <c-r>, <f1>; <advance 15m> lets time pass"
    )]
    keys: Option<String>,
    /// Print one frame as text instead of opening the console
    #[arg(long)]
    print: bool,
    /// Columns and lines of the frame
    #[arg(long, value_name = "120x36", requires = "print", value_parser = size)]
    size: Option<(u16, u16)>,
}

impl Console {
    /// The snapshot that was named.
    pub fn snapshot(&self) -> Option<&Path> {
        self.snapshot.as_deref()
    }
}

impl From<Console> for ConsoleOptions {
    fn from(arguments: Console) -> Self {
        let Console { snapshot, now, read_only, rulebook, theme, ascii, viewer: name, checklists, keys, print, size } = arguments;
        Self { snapshot, now, read_only, rulebook, theme, ascii, viewer: viewer(name), checklists: folder(checklists), keys, print, size }
    }
}

/// Reads a size such as `120x36`.
fn size(text: &str) -> Result<(u16, u16), String> {
    const LARGEST: u16 = 1000;
    let side = |text: &str| text.parse().ok().filter(|side| (1..=LARGEST).contains(side));
    let sides = text.split_once(['x', 'X']).and_then(|(columns, lines)| side(columns).zip(side(lines)));
    sides.ok_or_else(|| format!("columns and lines such as 120x36 are expected, from 1x1 to {LARGEST}x{LARGEST}"))
}

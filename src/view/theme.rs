//! The colours of the console: what each role looks like. No other file names a colour or a symbol.

use ratatui::style::{Color, Modifier, Style};

use crate::domain::verdict::{Answer, Severity};
use crate::domain::words::Word;
use crate::vocabulary;

vocabulary! {
    /// What a piece of the screen means; the theme decides what that looks like.
    Role, "role" {
        Text = "text" "ordinary text",
        Dim = "dim" "less important",
        Border = "border" "border of a pane",
        Focus = "focus" "border of the pane that has the keyboard",
        Title = "title" "title",
        Selected = "selected" "row of the cursor",
        Good = "good" "allowed, ready, free",
        Warn = "warn" "allowed with warnings, soon, attention",
        Bad = "bad" "blocked, expired, failed",
        Unknown = "unknown" "nobody looked it up",
        Key = "key" "key to press",
        Match = "match" "letters that a filter matched",
    }
}

/// The symbols of the console.
#[derive(Debug, Clone, Copy)]
pub struct Symbols {
    /// Before the row of the cursor.
    pub here: &'static str,
    /// Behind the name of what is marked.
    pub marked: &'static str,
    /// A verdict of each kind, in the order of [`Answer`].
    answers: [&'static str; 4],
    /// Before the way out.
    pub remedy: &'static str,
    /// A part of the capacity that is used.
    pub full: &'static str,
    /// A part of the capacity that is free.
    pub free: &'static str,
    /// Behind something that can be switched.
    pub switch: &'static str,
    /// A backup that is ready.
    pub backup: &'static str,
    /// A backup that is ready and expires soon.
    pub soon: &'static str,
    /// A backup that is ready, but was taken a moment ago.
    pub pending: &'static str,
    /// A backup that is not ready yet.
    pub waiting: &'static str,
    /// A backup that is gone.
    pub gone: &'static str,
    /// The cursor in time.
    pub cursor: &'static str,
    /// What would be lost.
    pub lost: &'static str,
    /// What may be gone.
    pub doubtful: &'static str,
    /// The line of time in whole days.
    pub whole: &'static str,
    /// The line of time in a day that is not whole.
    pub part: &'static str,
    /// Ticks on the line of a part of a day and of whole days.
    pub ticks: [&'static str; 2],
    /// The ends of the line of time.
    pub ends: [&'static str; 2],
    /// Where the line goes on beyond what is shown, earlier and later.
    pub more: [&'static str; 2],
    /// What stands for the rest of a text that is cut.
    pub cut: &'static str,
    /// Before what asks for attention.
    pub attention: &'static str,
    /// Before what belongs to the row above.
    pub branch: &'static str,
    /// Between things in a line.
    pub dot: &'static str,
    /// The corners and lines of a box: corners from the upper left clockwise, then horizontal and vertical.
    pub border: [&'static str; 6],
}

const UNICODE: Symbols = Symbols {
    here: "▸",
    marked: "●",
    answers: ["✓", "!", "?", "✗"],
    remedy: "→",
    full: "▰",
    free: "▱",
    switch: "▾",
    backup: "◆",
    soon: "◈",
    pending: "◇",
    waiting: "○",
    gone: "×",
    cursor: "▲",
    lost: "✗",
    doubtful: "?",
    whole: "━",
    part: "─",
    ticks: ["┬", "┯"],
    ends: ["┣", "┫"],
    more: ["‹", "›"],
    cut: "…",
    attention: "⚠",
    branch: "└",
    dot: "·",
    border: ["╭", "╮", "╯", "╰", "─", "│"],
};

const ASCII: Symbols = Symbols {
    here: ">",
    marked: "*",
    answers: ["+", "!", "?", "x"],
    remedy: "->",
    full: "#",
    free: ".",
    switch: "v",
    backup: "*",
    soon: "!",
    pending: "o",
    waiting: ".",
    gone: "x",
    cursor: "^",
    lost: "X",
    doubtful: "?",
    whole: "=",
    part: "-",
    ticks: ["+", "+"],
    ends: ["|", "|"],
    more: ["<", ">"],
    cut: "~",
    attention: "!",
    branch: "`",
    dot: "-",
    border: ["+", "+", "+", "+", "-", "|"],
};

/// What roles look like, and which symbols there are.
#[derive(Debug, Clone)]
pub struct Theme {
    styles: Vec<Style>,
    /// The symbols.
    pub symbols: Symbols,
    /// Whether only ASCII may be drawn.
    pub ascii: bool,
}

impl Theme {
    /// For dark backgrounds, which the terminal draws itself.
    pub fn dark(ascii: bool) -> Self {
        Self::of(dark, ascii)
    }

    /// For light backgrounds.
    pub fn light(ascii: bool) -> Self {
        Self::of(light, ascii)
    }

    /// Without colours.
    pub fn mono(ascii: bool) -> Self {
        Self::of(mono, ascii)
    }

    fn of(style: fn(Role) -> Style, ascii: bool) -> Self {
        Self { styles: Role::ALL.iter().map(|role| style(*role)).collect(), symbols: if ascii { ASCII } else { UNICODE }, ascii }
    }

    /// A theme in which every role has a colour of its own, so that tests can read roles back from cells.
    pub fn telling() -> Self {
        let styles = (0_u8..).zip(Role::ALL).map(|(index, _)| Style::new().fg(Color::Indexed(100 + index))).collect();
        Self { styles, symbols: UNICODE, ascii: false }
    }

    /// The role that [`Theme::telling`] drew a cell in.
    pub fn role_told(colour: Color) -> Option<Role> {
        match colour {
            Color::Indexed(index) => Role::ALL.get(usize::from(index.checked_sub(100)?)).copied(),
            _ => None,
        }
    }

    /// What a role looks like.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(role as usize).copied().unwrap_or_default()
    }

    /// The symbol of an answer.
    pub fn answer(&self, answer: Answer) -> &'static str {
        self.symbols.answers.get(answer as usize).copied().unwrap_or_default()
    }

    /// The symbol of a finding.
    pub fn severity(&self, severity: Severity) -> &'static str {
        match severity {
            Severity::Block => self.answer(Answer::Blocked),
            Severity::Unknown => self.answer(Answer::Unknown),
            Severity::Warn => self.answer(Answer::AllowedWithWarnings),
            Severity::Note => self.symbols.dot,
        }
    }
}

impl Role {
    /// The role of an answer.
    pub const fn of_answer(answer: Answer) -> Self {
        match answer {
            Answer::Allowed => Self::Good,
            Answer::AllowedWithWarnings => Self::Warn,
            Answer::Unknown => Self::Unknown,
            Answer::Blocked => Self::Bad,
        }
    }

    /// The role of a finding.
    pub const fn of_severity(severity: Severity) -> Self {
        match severity {
            Severity::Block => Self::Bad,
            Severity::Unknown => Self::Unknown,
            Severity::Warn => Self::Warn,
            Severity::Note => Self::Dim,
        }
    }
}

fn dark(role: Role) -> Style {
    let plain = Style::new();
    match role {
        Role::Text => plain,
        Role::Dim | Role::Border => plain.fg(Color::DarkGray),
        Role::Focus => plain.fg(Color::Cyan),
        Role::Title => plain.add_modifier(Modifier::BOLD),
        Role::Selected => plain.fg(Color::White).bg(Color::Blue).add_modifier(Modifier::BOLD),
        Role::Good => plain.fg(Color::Green),
        Role::Warn => plain.fg(Color::Yellow),
        Role::Bad => plain.fg(Color::LightRed),
        Role::Unknown => plain.fg(Color::LightMagenta),
        Role::Key => plain.fg(Color::Cyan).add_modifier(Modifier::BOLD),
        Role::Match => plain.fg(Color::LightCyan).add_modifier(Modifier::UNDERLINED),
    }
}

fn light(role: Role) -> Style {
    let plain = Style::new();
    match role {
        Role::Text => plain,
        Role::Dim | Role::Border => plain.fg(Color::DarkGray),
        Role::Focus => plain.fg(Color::Blue),
        Role::Title => plain.add_modifier(Modifier::BOLD),
        // Colours that are light in one palette are dark in another; the background's own opposite never is.
        Role::Selected => plain.add_modifier(Modifier::REVERSED).add_modifier(Modifier::BOLD),
        Role::Good => plain.fg(Color::Green),
        Role::Warn => plain.fg(Color::Magenta),
        Role::Bad => plain.fg(Color::Red).add_modifier(Modifier::BOLD),
        Role::Unknown => plain.fg(Color::Cyan),
        Role::Key => plain.fg(Color::Blue).add_modifier(Modifier::BOLD),
        Role::Match => plain.fg(Color::Blue).add_modifier(Modifier::UNDERLINED),
    }
}

fn mono(role: Role) -> Style {
    let plain = Style::new();
    match role {
        Role::Text | Role::Good | Role::Border => plain,
        Role::Dim => plain.add_modifier(Modifier::DIM),
        Role::Focus | Role::Title | Role::Warn | Role::Bad | Role::Key => plain.add_modifier(Modifier::BOLD),
        Role::Selected => plain.add_modifier(Modifier::REVERSED),
        Role::Unknown => plain.add_modifier(Modifier::ITALIC),
        Role::Match => plain.add_modifier(Modifier::UNDERLINED),
    }
}

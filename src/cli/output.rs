//! Where a subcommand writes to, what can go wrong with it, and the exit status that follows.

use std::borrow::Cow;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::process::ExitCode;

use unicode_width::UnicodeWidthStr;

use super::edge::Edge;
use crate::domain::verdict::{Answer, Severity};
use crate::files::plain;
use crate::files::problem::Problems;
use crate::files::text::harmless;

/// How a subcommand ended when it could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Done, or allowed.
    Done,
    /// The answer is no.
    No,
    /// One of the files could not be read, which was said already.
    Unreadable,
}

/// Why a subcommand could not do its work.
#[derive(Debug)]
pub enum Failure {
    /// The arguments are wrong; says what to do.
    Usage(String),
    /// A file cannot be read, or is broken.
    Files(Box<Problems>),
    /// Standard output cannot be written.
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self::Files(Box::new(problems))
    }
}

/// Turns the end of a subcommand into its exit status, and says on standard error what went wrong.
pub fn conclude(end: Result<Status, Failure>) -> ExitCode {
    match end {
        Ok(Status::Done) => ExitCode::SUCCESS,
        Ok(Status::No) => ExitCode::from(1),
        Ok(Status::Unreadable) => ExitCode::from(3),
        Err(Failure::Usage(message)) => {
            complain(&format!("envdeck: {message}"));
            ExitCode::from(2)
        }
        Err(Failure::Files(problems)) => {
            complain(&problems.to_string());
            ExitCode::from(3)
        }
        Err(Failure::Output(error)) => {
            complain(&format!("envdeck: standard output cannot be written: {}", plain(&error)));
            ExitCode::from(3)
        }
    }
}

/// Writes lines to standard error, harmless whatever is in them; when even that cannot be written, the exit status has to do.
pub fn complain(text: &str) {
    let lines: Vec<_> = text.split('\n').map(harmless).collect();
    let _ = writeln!(io::stderr().lock(), "{}", lines.join("\n"));
}

/// What standard output is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// Columns of the terminal; none when the output goes elsewhere and must be complete.
    pub width: Option<usize>,
    /// Whether colours may be used.
    pub colour: bool,
}

impl Screen {
    fn of_stdout() -> Self {
        const USUAL: usize = 80;
        if !io::stdout().is_terminal() {
            return Self { width: None, colour: false };
        }
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let dumb = set("TERM").is_some_and(|term| term == "dumb");
        // A console of Windows that is no terminal emulator would print the sequences.
        let understands = cfg!(unix) || set("WT_SESSION").is_some() || set("TERM").is_some();
        let width = terminal_size::terminal_size_of(io::stdout()).map_or(USUAL, |(width, _)| usize::from(width.0));
        Self { width: Some(width.max(1)), colour: understands && !dumb && set("NO_COLOR").is_none() }
    }
}

/// What a text means; never by its colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    Plain,
    /// A heading.
    Heading,
    /// It works.
    Good,
    /// Look twice.
    Caution,
    /// It does not work.
    Bad,
    /// A detail.
    Quiet,
}

impl From<Answer> for Tone {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Allowed => Self::Good,
            Answer::AllowedWithWarnings | Answer::Unknown => Self::Caution,
            Answer::Blocked => Self::Bad,
        }
    }
}

impl From<Severity> for Tone {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Block => Self::Bad,
            Severity::Unknown | Severity::Warn => Self::Caution,
            Severity::Note => Self::Quiet,
        }
    }
}

/// Standard output, buffered. A reader that went away (`| head`) is no error: what follows is dropped.
pub struct Out {
    to: BufWriter<Edge<Forgiving<StdoutLock<'static>>>>,
    /// What it is connected to.
    pub screen: Screen,
}

impl Out {
    /// Standard output of this process.
    pub fn stdout() -> Self {
        const BUFFER: usize = 64 * 1024;
        let screen = Screen::of_stdout();
        let edge = Edge::new(Forgiving { to: io::stdout().lock(), gone: false }, screen.colour);
        Self { to: BufWriter::with_capacity(BUFFER, edge), screen }
    }

    /// Whether nobody reads any more, so that long work can stop.
    pub fn nobody_reads(&self) -> bool {
        self.to.get_ref().inner().gone
    }

    /// The text in the colour of its tone, where colours may be used.
    pub fn paint<'a>(&self, tone: Tone, text: &'a str) -> Cow<'a, str> {
        let code = match tone {
            _ if !self.screen.colour => return Cow::Borrowed(text),
            Tone::Plain => return Cow::Borrowed(text),
            Tone::Heading => "1",
            Tone::Good => "32",
            Tone::Caution => "33",
            Tone::Bad => "31",
            Tone::Quiet => "2",
        };
        Cow::Owned(format!("\u{1b}[{code}m{text}\u{1b}[0m"))
    }

    /// One line, broken between words where a terminal is too narrow; `indent` stands before it, more before the rest.
    pub fn sentence(&mut self, indent: usize, tone: Tone, head: &str, text: &str) -> io::Result<()> {
        let hanging = indent + 2;
        write!(self, "{:indent$}{}", "", self.paint(tone, head))?;
        let Some(width) = self.screen.width else { return writeln!(self, "{text}") };
        let mut used = indent + head.width();
        for (index, word) in text.split(' ').enumerate() {
            let wide = word.width();
            if index > 0 && used + 1 + wide > width && hanging < width {
                write!(self, "\n{:hanging$}", "")?;
                used = hanging;
            } else if index > 0 {
                write!(self, " ")?;
                used += 1;
            }
            write!(self, "{word}")?;
            used += wide;
        }
        writeln!(self)
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Takes a closed pipe for a reader that has seen enough.
struct Forgiving<W> {
    to: W,
    gone: bool,
}

impl<W> Forgiving<W> {
    fn forgive<T>(&mut self, end: io::Result<T>, instead: T) -> io::Result<T> {
        match end {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.gone = true;
                Ok(instead)
            }
            end => end,
        }
    }
}

impl<W: Write> Write for Forgiving<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.gone {
            return Ok(bytes.len());
        }
        let end = self.to.write(bytes);
        self.forgive(end, bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        if self.gone {
            return Ok(());
        }
        let end = self.to.flush();
        self.forgive(end, ())
    }
}

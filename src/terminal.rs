//! Takes the terminal and gives it back exactly once, whatever ends the console: a key, a panic, a signal, a hang-up.

use std::io::{self, BufWriter, Stdout, Write};
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::clipboard::CopyToClipboard;
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{cursor, execute};
use ratatui::backend::CrosstermBackend;
use ratatui::{Terminal, TerminalOptions, Viewport};

use crate::runtime::Host;

/// Whether the terminal is taken: of all that may give it back (guard, panic, signal) only the first does.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// What the console draws on.
///
/// It is never dropped: ratatui would show the cursor once more, behind our back, and where the terminal is gone would say
/// so on a stderr that is gone too, which panics; and half a frame that waits in the buffer must not follow the terminal
/// to whoever has it next.
pub type Screen = ManuallyDrop<Terminal<CrosstermBackend<BufWriter<Stdout>>>>;

/// Holds the terminal and gives it back when dropped.
#[derive(Debug)]
pub struct Guard(());

impl Drop for Guard {
    fn drop(&mut self) {
        give_back();
    }
}

/// Whether both ends are a terminal that a person sits at.
pub fn is_there() -> bool {
    use std::io::IsTerminal;
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Takes the terminal.
pub fn take() -> io::Result<Guard> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    let guard = Guard(());
    execute!(io::stdout(), EnterAlternateScreen, EnableMouseCapture, EnableBracketedPaste, cursor::Hide)?;
    Ok(guard)
}

/// Gives the terminal back, if nobody has yet. A terminal that is gone cannot be given back, which is no error.
pub fn give_back() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        let _ = execute!(io::stdout(), DisableBracketedPaste, DisableMouseCapture, LeaveAlternateScreen, cursor::Show);
        let _ = disable_raw_mode();
    }
}

/// Gives back what needs no writing, where writing blocks: the line discipline. Whoever gives the terminal back may be the
/// one that is blocked, so it is done whether or not the terminal counts as taken; a second time does nothing.
pub fn give_back_keys() {
    let _ = disable_raw_mode();
}

/// A screen of that size; it follows the model's size, not the backend's, so that both always agree.
pub fn screen(size: (u16, u16)) -> io::Result<Screen> {
    let backend = CrosstermBackend::new(BufWriter::with_capacity(64 * 1024, io::stdout()));
    Terminal::with_options(backend, TerminalOptions { viewport: Viewport::Fixed(ratatui::layout::Rect::new(0, 0, size.0, size.1)) }).map(ManuallyDrop::new)
}

/// The size of the terminal; the usual one where the terminal does not know its own, such as a serial line or `expect`.
pub fn size() -> io::Result<(u16, u16)> {
    const USUAL: (u16, u16) = (80, 24);
    let size = crossterm::terminal::size()?;
    Ok(if size.0 == 0 || size.1 == 0 { USUAL } else { size })
}

/// The terminal as the console's host.
#[derive(Debug)]
pub struct TerminalHost;

impl Host for TerminalHost {
    fn suspend(&mut self) -> io::Result<()> {
        give_back();
        stop();
        self.come_back()
    }

    fn come_back(&mut self) -> io::Result<()> {
        // Whoever stopped us without asking may have left the terminal in any state, so all of it is set again. Crossterm
        // remembers that it made the terminal raw and would do nothing, so it is told to forget that first.
        if !is_raw() {
            let _ = disable_raw_mode();
        }
        enable_raw_mode()?;
        TAKEN.store(true, Ordering::SeqCst);
        execute!(io::stdout(), EnterAlternateScreen, EnableMouseCapture, EnableBracketedPaste, cursor::Hide)
    }

    fn clipboard(&mut self, text: &str) -> io::Result<()> {
        let mut out = io::stdout();
        execute!(out, CopyToClipboard::to_clipboard_from(text))?;
        out.flush()
    }

    fn size(&self) -> Option<(u16, u16)> {
        size().ok()
    }
}

/// Whether keys still arrive one by one.
fn is_raw() -> bool {
    #[cfg(unix)]
    {
        use rustix::termios::{LocalModes, tcgetattr};
        tcgetattr(rustix::stdio::stdin()).is_ok_and(|modes| !modes.local_modes.intersects(LocalModes::ICANON | LocalModes::ECHO))
    }
    #[cfg(not(unix))]
    true
}

/// Stops the process until the shell lets it go on.
fn stop() {
    #[cfg(unix)]
    {
        use rustix::process::{Signal, getpid, kill_process};
        let _ = kill_process(getpid(), Signal::STOP);
    }
}

/// Waits until the terminal has vanished, then calls `gone`.
///
/// Crossterm's event source spins when the terminal is gone while the session leader lives (crossterm issue 793), and
/// nothing in its loop can notice; so its descriptor is watched beside it, by a thread that otherwise never wakes.
#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "the only thread that watches the terminal")]
pub fn watch_hang_up(gone: impl FnOnce() + Send + 'static) {
    std::thread::spawn(move || {
        if hung_up(None) {
            gone();
        }
    });
}

/// Whether the terminal has vanished by now, which explains why it cannot be read or written.
pub fn has_vanished() -> bool {
    #[cfg(unix)]
    {
        hung_up(Some(&rustix::event::Timespec { tv_sec: 0, tv_nsec: 0 }))
    }
    #[cfg(not(unix))]
    false
}

/// Waits so long, or for ever, for the hang-up of the terminal.
#[cfg(unix)]
fn hung_up(timeout: Option<&rustix::event::Timespec>) -> bool {
    use rustix::event::{PollFd, PollFlags, poll};
    loop {
        let mut watched = [PollFd::from_borrowed_fd(rustix::stdio::stdin(), PollFlags::empty())];
        match poll(&mut watched, timeout) {
            Ok(count) => return count > 0,
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return false,
        }
    }
}

/// Reads the terminal's events on a thread of its own.
///
/// After half a sequence (`\xc3`, a lone `ESC [`, an unfinished paste) crossterm blocks inside its read; here that
/// stops nothing but the keys themselves. The thread ends with the process.
#[expect(clippy::disallowed_methods, reason = "the only thread that reads keys")]
pub fn events() -> tokio::sync::mpsc::UnboundedReceiver<crossterm::event::Event> {
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
    std::thread::spawn(move || {
        while let Ok(event) = crossterm::event::read() {
            if sender.send(event).is_err() {
                break;
            }
        }
    });
    receiver
}

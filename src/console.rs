//! Puts a console together: snapshot, clock, theme, keys and terminal around the loop.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Local, Offset, Utc};
use color_eyre::config::HookBuilder;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use tokio::sync::mpsc;
use unicode_width::UnicodeWidthStr;

use crate::app::keys;
use crate::app::model::{File, Model, Setup};
use crate::cli::{ConsoleOptions, ThemeName, complain};
use crate::domain::rulebook::Rulebooks;
use crate::effects::{Effects, Source};
use crate::files;
use crate::runtime::{self, Clock, Console, Input, NoHost, Signal};
use crate::terminal::{self, TerminalHost};
use crate::view::theme::Theme;

const WRONG_USAGE: u8 = 2;
const CANNOT_READ_OR_WRITE: u8 = 3;
/// The status of a program that a hang-up ended.
const HUNG_UP: u8 = 128 + 1;

/// Opens the console, or prints one frame of it.
pub fn run(options: &ConsoleOptions) -> ExitCode {
    let rulebooks = match files::rulebook::built_in() {
        Ok(rulebooks) => Arc::new(rulebooks),
        Err(problems) => return fail(CANNOT_READ_OR_WRITE, &problems.to_string()),
    };
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return fail(CANNOT_READ_OR_WRITE, "the system gives no event queue");
    };
    let ended = if options.print { runtime.block_on(print(options, rulebooks)) } else { runtime.block_on(open(options, rulebooks)) };
    // Threads that still read keys or wait for a slow disk must not hold the end up.
    runtime.shutdown_background();
    ended
}

fn setup(options: &ConsoleOptions, offset: fn(DateTime<Utc>) -> FixedOffset) -> Setup {
    let file = options.snapshot.as_ref().map_or_else(|| "the demo estate".to_owned(), |path| files::text::harmless(&path.display().to_string()).into_owned());
    Setup { file, in_memory: options.snapshot.is_none(), read_only: options.read_only, offset }
}

fn source(options: &ConsoleOptions) -> Source {
    let viewer = options.viewer.as_deref().map(|viewer| Arc::from(&*files::text::harmless(viewer)));
    Source { snapshot: options.snapshot.clone(), edition: options.rulebook, viewer, checklists: options.checklists.clone() }
}

/// The instant at which the console starts: as asked, else that of the demo's capture, else now.
#[expect(clippy::disallowed_methods, reason = "the console's clock is set here, once")]
fn start(options: &ConsoleOptions) -> DateTime<Utc> {
    match (options.now, &options.snapshot) {
        (Some(now), _) => now,
        (None, None) => files::demo_captured_at(),
        (None, Some(_)) => Utc::now(),
    }
}

/// The theme: as asked; without colours where `NO_COLOR` says so; light where the terminal says that it is.
fn theme(options: &ConsoleOptions) -> Theme {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let light = set("COLORFGBG").is_some_and(|colours| matches!(colours.rsplit(';').next(), Some("7" | "15")));
    let name = match options.theme {
        Some(name) => name,
        None if set("NO_COLOR").is_some() => ThemeName::Mono,
        None if light => ThemeName::Light,
        None => ThemeName::Dark,
    };
    match name {
        ThemeName::Dark => Theme::dark(options.ascii),
        ThemeName::Light => Theme::light(options.ascii),
        ThemeName::Mono => Theme::mono(options.ascii),
    }
}

/// How far local time is ahead of UTC where the console runs.
fn local_offset(at: DateTime<Utc>) -> FixedOffset {
    at.with_timezone(&Local).offset().fix()
}

/// Plays keys and prints one frame of text.
async fn print(options: &ConsoleOptions, rulebooks: Arc<Rulebooks>) -> ExitCode {
    let script = match keys::parse(options.keys.as_deref().unwrap_or_default()) {
        Ok(script) => script,
        Err(error) => return fail(WRONG_USAGE, &format!("--keys: {}", files::text::harmless(&error))),
    };
    let size = options.size.unwrap_or((120, 36));
    let mut model = runtime::fresh(setup(options, local_offset), rulebooks, size, start(options));
    let Ok(mut terminal) = Terminal::new(TestBackend::new(size.0, size.1));
    if let Err(error) = runtime::play(&mut terminal, &mut model, &theme(options), script, source(options), &mut NoHost::default()).await {
        return fail(CANNOT_READ_OR_WRITE, &error.to_string());
    }
    let mut out = io::stdout().lock();
    match out.write_all(text_of(terminal.backend().buffer()).as_bytes()).and_then(|()| out.flush()) {
        // The frame says what is wrong with the file; who runs this in a script reads the status.
        Ok(()) if matches!(model.ui.file, File::Broken { .. }) => ExitCode::from(CANNOT_READ_OR_WRITE),
        Ok(()) if !model.ui.unsaved.is_empty() => lost(model.ui.unsaved.len()),
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => fail(CANNOT_READ_OR_WRITE, &format!("stdout cannot be written: {}", files::plain(&error))),
    }
}

/// The text of a frame, without blanks at the ends of lines.
pub fn text_of(buffer: &Buffer) -> String {
    let width = usize::from(buffer.area.width);
    let mut text = String::new();
    for row in buffer.content.chunks(width.max(1)) {
        let mut line = String::new();
        let mut cells = row.iter();
        while let Some(cell) = cells.next() {
            line.push_str(cell.symbol());
            // The cells behind a wide letter are part of it.
            for _ in 1..cell.symbol().width() {
                cells.next();
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Opens the console on the terminal.
async fn open(options: &ConsoleOptions, rulebooks: Arc<Rulebooks>) -> ExitCode {
    if !terminal::is_there() {
        return fail(WRONG_USAGE, "the console needs a terminal; for scripts there are the subcommands (envdeck --help) and --keys KEYS --print");
    }
    report_panics();
    let ended = async {
        // Before the terminal is taken: a signal in between would leave it as it is while a console has it.
        let signals = signals()?;
        let guard = terminal::take()?;
        let size = terminal::size()?;
        let mut screen = terminal::screen(size)?;
        let mut model: Model = runtime::fresh(setup(options, local_offset), rulebooks, size, start(options));
        let theme = theme(options);
        let (effects, results) = Effects::new(source(options));
        let clock = Clock::running(start(options));
        let mut console = Console {
            terminal: &mut screen,
            model: &mut model,
            theme: &theme,
            input: Input::Terminal(terminal::events()),
            signals,
            effects,
            results,
            clock,
            host: TerminalHost,
        };
        let ended = console.run().await;
        drop(guard);
        ended.map(|ended| (ended, model.ui.unsaved.len()))
    };
    match ended.await {
        Ok((_, unsaved)) if unsaved > 0 => lost(unsaved),
        Ok((ended, _)) => ended.signal.map_or(ExitCode::SUCCESS, |number| ExitCode::from(128 + number)),
        Err(_) if terminal::has_vanished() => ExitCode::from(HUNG_UP),
        Err(error) => fail(CANNOT_READ_OR_WRITE, &format!("the terminal cannot be used: {}", files::plain(&error))),
    }
}

/// A panic gives the terminal back before it is reported; one beside the loop is reported by the loop.
pub fn report_panics() {
    let (panics, errors) = HookBuilder::default().display_env_section(false).into_hooks();
    let _ = errors.install();
    let main = std::thread::current().id();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().id() == main {
            terminal::give_back();
            let _ = writeln!(io::stderr(), "{}", panics.panic_report(panic));
        }
    }));
}

/// How long the loop has to end in an orderly way, saves included: within a second the process is gone.
#[cfg(unix)]
const ORDERLY: std::time::Duration = std::time::Duration::from_millis(950);

/// Every signal that concerns the console, in one queue, and the hang-up of the terminal.
///
/// They are waited for on a thread of their own: a terminal that takes nothing more (Ctrl-S, a stalled connection) blocks
/// the loop in its write, and who is told to end has to end all the same.
#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "the only thread that waits for signals, and the only end that does not go through main")]
fn signals() -> io::Result<mpsc::UnboundedReceiver<Signal>> {
    use rustix::process::Signal as System;
    use tokio::signal::unix::{SignalKind, signal};
    let (sender, receiver) = mpsc::unbounded_channel();
    let (last, mut ends_with) = mpsc::unbounded_channel();
    let ends = [System::INT, System::TERM, System::HUP, System::QUIT].map(|system| (system, Signal::End(u8::try_from(system.as_raw()).unwrap_or(0))));
    let others = [(System::TSTP, Signal::Stop), (System::CONT, Signal::GoOn), (System::WINCH, Signal::Resized)];
    let waiting = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let inside = waiting.enter();
    for (system, meaning) in ends.into_iter().chain(others) {
        let mut stream = signal(SignalKind::from_raw(system.as_raw()))?;
        let (sender, last) = (sender.clone(), last.clone());
        waiting.spawn(async move {
            while stream.recv().await.is_some() {
                let _ = sender.send(meaning);
                if let Signal::End(number) = meaning {
                    let _ = last.send(number);
                }
            }
        });
    }
    drop(inside);
    std::thread::spawn(move || {
        let number = waiting.block_on(async {
            let number = ends_with.recv().await;
            tokio::time::sleep(ORDERLY).await;
            number
        });
        terminal::give_back_keys();
        std::process::exit(128 + i32::from(number.unwrap_or_default()));
    });
    terminal::watch_hang_up(move || {
        let _ = sender.send(Signal::Vanished);
    });
    Ok(receiver)
}

/// Without unix signals there is only Ctrl-C, which arrives as a key; the queue stays open and silent.
#[cfg(not(unix))]
#[expect(clippy::disallowed_methods, reason = "one task that waits for the console window to be closed")]
fn signals() -> io::Result<mpsc::UnboundedReceiver<Signal>> {
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        const TERMINATE: u8 = 15;
        if tokio::signal::ctrl_c().await.is_ok() {
            let _ = sender.send(Signal::End(TERMINATE));
        }
        std::future::pending::<()>().await;
    });
    Ok(receiver)
}

/// Says at the end how many entries were not saved.
fn lost(entries: usize) -> ExitCode {
    fail(CANNOT_READ_OR_WRITE, &format!("{entries} of your journal entries could not be saved"))
}

fn fail(status: u8, message: &str) -> ExitCode {
    complain(&format!("envdeck: {message}"));
    ExitCode::from(status)
}

//! The real program in a terminal of its own: started, quit, killed, stopped, resized, and left alone by its terminal.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "these tests read terminals, wait for processes and make files, each on its own thread")]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

mod support;

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, MasterPty, PtyPair, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, WaitOptions, WaitStatus, kill_process, waitpid};
use vt100::{MouseProtocolMode, Parser};

const ENVDECK: &str = env!("CARGO_BIN_EXE_envdeck");
/// Long enough for a machine that does ten other things: what is late for a person is found by measuring, not here.
const PATIENCE: Duration = Duration::from_secs(30);
/// On the demo's first screen once it is read.
const OPEN: &str = "environments";

/// What the terminal was told, and what it shows.
struct Shown {
    parser: Parser,
    told: Vec<u8>,
}

/// A program on a terminal that nobody else uses.
struct Session {
    pair: Option<PtyPair>,
    writer: Option<Box<dyn Write + Send>>,
    shown: Arc<(Mutex<Shown>, Condvar)>,
    reader: Option<JoinHandle<()>>,
    enough: Arc<AtomicBool>,
    pid: Pid,
    gone: bool,
    before: String,
}

impl Session {
    fn start(arguments: &[&str]) -> Self {
        let mut command = CommandBuilder::new(ENVDECK);
        command.args(arguments);
        Self::run(command, 80, 24)
    }

    /// Something that a shell starts.
    fn shell(script: &str) -> Self {
        let mut command = CommandBuilder::new("sh");
        command.args(["-c", script, ENVDECK]);
        Self::run(command, 80, 24)
    }

    fn run(mut command: CommandBuilder, columns: u16, rows: u16) -> Self {
        for (name, value) in [("TERM", "xterm-256color"), ("TZ", "UTC"), ("RUST_BACKTRACE", "0")] {
            command.env(name, value);
        }
        for name in ["NO_COLOR", "COLORFGBG", "ENVDECK_AS", "ENVDECK_SNAPSHOT"] {
            command.env_remove(name);
        }
        let pair = native_pty_system().openpty(size(columns, rows)).expect("the system has terminals");
        let before = termios(&*pair.master);
        let shown = Arc::new((
            Mutex::new(Shown { parser: Parser::new(if rows == 0 { 24 } else { rows }, if columns == 0 { 80 } else { columns }, 0), told: Vec::new() }),
            Condvar::new(),
        ));
        let enough = Arc::new(AtomicBool::new(false));
        let mut from = pair.master.try_clone_reader().expect("a terminal can be read");
        let (into, stop) = (Arc::clone(&shown), Arc::clone(&enough));
        let reader = std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count) = from.read(&mut bytes) {
                let Some(bytes) = bytes.get(..count).filter(|bytes| !bytes.is_empty()) else { break };
                let mut shown = into.0.lock().unwrap();
                shown.parser.process(bytes);
                shown.told.extend_from_slice(bytes);
                into.1.notify_all();
                if stop.load(Ordering::SeqCst) {
                    break;
                }
            }
        });
        let writer = pair.master.take_writer().expect("a terminal can be written");
        let child = pair.slave.spawn_command(command).expect("the program starts");
        let pid = child.process_id().and_then(|pid| Pid::from_raw(pid.try_into().ok()?)).expect("a process has an id");
        Self { pair: Some(pair), writer: Some(writer), shown, reader: Some(reader), enough, pid, gone: false, before }
    }

    fn master(&self) -> &dyn MasterPty {
        &*self.pair.as_ref().expect("the terminal is still there").master
    }

    fn send(&mut self, keys: &[u8]) {
        let writer = self.writer.as_mut().expect("the terminal is still there");
        writer.write_all(keys).and_then(|()| writer.flush()).expect("a terminal can be written");
    }

    fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).expect("the process is there");
    }

    fn resize(&self, columns: u16, rows: u16) {
        self.shown.0.lock().unwrap().parser.screen_mut().set_size(rows, columns);
        self.master().resize(size(columns, rows)).expect("a terminal can be resized");
    }

    /// Waits until what is shown is as expected.
    #[track_caller]
    fn until(&self, what: &str, holds: impl Fn(&Shown) -> bool) {
        let end = Instant::now() + PATIENCE;
        let mut shown = self.shown.0.lock().unwrap();
        while !holds(&shown) {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "the terminal never showed {what}:\n{}", shown.parser.screen().contents());
            shown = self.shown.1.wait_timeout(shown, left).unwrap().0;
        }
    }

    #[track_caller]
    fn until_text(&self, text: &str) {
        self.until(text, |shown| shown.parser.screen().contents().contains(text));
    }

    /// Waits until the process stops or ends.
    #[track_caller]
    fn until_status(&mut self) -> WaitStatus {
        let (sender, receiver) = channel();
        let pid = self.pid;
        std::thread::spawn(move || sender.send(waitpid(Some(pid), WaitOptions::UNTRACED)));
        match receiver.recv_timeout(PATIENCE) {
            Ok(status) => {
                let (_, status) = status.expect("it is our child").expect("waiting waits");
                self.gone = !status.stopped();
                status
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                panic!("the process neither stopped nor ended:\n{}", self.shown.0.lock().unwrap().parser.screen().contents())
            }
        }
    }

    #[track_caller]
    fn ends_with(&mut self, code: i32) {
        let status = self.until_status();
        assert_eq!(status.exit_status(), Some(code), "{status:?}\n{}", self.shown.0.lock().unwrap().parser.screen().contents());
    }

    /// The terminal is as it was before the program: on its main screen, with its cursor, without mouse and paste modes.
    #[track_caller]
    fn is_clean(&self) {
        self.until("the main screen with all modes off", |shown| modes(shown) == CLEAN);
        assert_eq!(termios(self.master()), self.before, "the line discipline is not as it was");
    }

    #[track_caller]
    fn is_taken(&self) {
        self.until("the console with its modes on", |shown| {
            let [alternate, _, paste, mouse] = modes(shown);
            alternate && paste && mouse
        });
        assert_ne!(termios(self.master()), self.before, "the line discipline is not raw");
    }

    /// Closes the terminal as a window is closed: nobody holds its other end any more.
    fn vanish(&mut self) {
        // The reader blocks until there is something to read, so it is given something, the last thing that it reads.
        self.enough.store(true, Ordering::SeqCst);
        self.master().resize(size(100, 30)).expect("a terminal can be resized");
        self.reader.take().expect("it vanishes once").join().expect("the reader ends");
        self.writer = None;
        self.pair = None;
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if !self.gone {
            let _ = kill_process(self.pid, Signal::KILL);
            let _ = waitpid(Some(self.pid), WaitOptions::empty());
        }
    }
}

const fn size(cols: u16, rows: u16) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

fn termios(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().expect("a terminal has a line discipline"))
}

const CLEAN: [bool; 4] = [false; 4];

/// Alternate screen, hidden cursor, bracketed paste, mouse.
fn modes(shown: &Shown) -> [bool; 4] {
    let screen = shown.parser.screen();
    [screen.alternate_screen(), screen.hide_cursor(), screen.bracketed_paste(), screen.mouse_protocol_mode() != MouseProtocolMode::None]
}

fn count(shown: &Shown, bytes: &[u8]) -> usize {
    shown.told.windows(bytes.len()).filter(|window| *window == bytes).count()
}

#[test]
fn it_starts_and_quits_and_leaves_the_terminal_as_it_was() {
    let mut session = Session::start(&[]);
    session.until_text(OPEN);
    session.is_taken();
    session.send(b"q");
    session.ends_with(0);
    session.is_clean();
}

#[test]
fn every_signal_that_ends_it_gives_the_terminal_back_and_is_told_by_the_status() {
    for (signal, number) in [(Signal::TERM, 15), (Signal::HUP, 1), (Signal::INT, 2), (Signal::QUIT, 3)] {
        let mut session = Session::start(&[]);
        session.until_text(OPEN);
        session.signal(signal);
        session.ends_with(128 + number);
        session.is_clean();
    }
}

/// The shortest while that there is between taking the terminal and the first frame.
#[test]
fn a_signal_before_the_first_frame_gives_the_terminal_back_too() {
    for _ in 0..12 {
        let mut session = Session::start(&[]);
        let end = Instant::now() + PATIENCE;
        while termios(session.master()) == session.before {
            assert!(Instant::now() < end, "the terminal is never taken");
        }
        session.signal(Signal::TERM);
        session.ends_with(128 + 15);
        session.is_clean();
    }
}

#[test]
fn stopped_it_leaves_the_terminal_clean_and_going_on_draws_all_of_it() {
    let mut session = Session::start(&[]);
    session.until_text(OPEN);
    for stop in [Some(Signal::TSTP), None] {
        match stop {
            Some(signal) => session.signal(signal),
            None => session.send(b"\x1a"),
        }
        assert!(session.until_status().stopped());
        session.is_clean();
        session.signal(Signal::CONT);
        session.until_text(OPEN);
        session.is_taken();
    }
    session.send(b"j");
    session.until_text("▸Contoso Sales");
    session.send(b"q");
    session.ends_with(0);
    session.is_clean();
}

#[test]
fn stopped_by_force_it_takes_the_terminal_again_whatever_was_done_to_it() {
    let mut session = Session::start(&[]);
    session.until_text(OPEN);
    session.is_taken();
    let raw = termios(session.master());
    session.signal(Signal::STOP);
    assert!(session.until_status().stopped());
    // What a shell does that gets its terminal back: its own modes, its own screen.
    let name = session.master().tty_name().expect("a terminal has a name");
    let option = if cfg!(target_os = "linux") { "-F" } else { "-f" };
    let sane = Command::new("stty").arg(option).arg(&name).arg("sane").status().expect("stty is everywhere");
    assert!(sane.success());
    fs::OpenOptions::new().write(true).open(&name).and_then(|mut tty| tty.write_all(b"\x1b[?1049l\x1b[?2004l\x1b[2J$ ")).expect("a terminal can be written");
    session.until("the shell's screen", |shown| !shown.parser.screen().alternate_screen() && !shown.parser.screen().contents().contains(OPEN));
    assert_ne!(termios(session.master()), raw);
    session.signal(Signal::CONT);
    session.until_text(OPEN);
    session.is_taken();
    assert_eq!(termios(session.master()), raw, "the line discipline is not raw again");
    session.send(b"q");
    session.ends_with(0);
    session.is_clean();
}

#[test]
fn a_terminal_that_takes_nothing_more_does_not_keep_it() {
    let mut session = Session::start(&[]);
    session.until_text(OPEN);
    // What a stalled connection does: every write blocks from here on, that of the last words too.
    let name = session.master().tty_name().expect("a terminal has a name");
    let tty = fs::OpenOptions::new().read(true).write(true).open(name).expect("a terminal can be opened");
    rustix::termios::tcflow(&tty, rustix::termios::Action::OOff).expect("output can be held");
    session.resize(100, 30);
    session.signal(Signal::TERM);
    session.ends_with(128 + 15);
    assert_eq!(termios(session.master()), session.before, "the line discipline is not as it was");
}

#[test]
fn a_terminal_that_vanished_ends_it() {
    // Its own session: the system sends it a hang-up.
    let mut session = Session::start(&[]);
    session.until_text(OPEN);
    session.vanish();
    session.ends_with(129);
}

#[test]
fn a_terminal_that_vanished_ends_it_though_its_shell_stays() {
    // Nobody sends it anything: it has to see for itself.
    let folder = tempfile::tempdir().expect("a folder");
    let told = folder.path().join("status");
    let script = format!("trap '' HUP; \"$0\"; echo $? > '{0}.new'; mv '{0}.new' '{0}'", told.display());
    let mut session = Session::shell(&script);
    session.until_text(OPEN);
    session.vanish();
    session.ends_with(0);
    assert_eq!(fs::read_to_string(&told).expect("the shell outlived it").trim(), "129");
}

#[test]
fn a_resize_draws_again_in_any_size() {
    let mut session = Session::start(&[]);
    session.until_text(OPEN);
    session.resize(40, 10);
    session.until_text("this terminal has 40");
    session.resize(1, 1);
    session.resize(120, 36);
    session.until("the wide console", |shown| {
        let screen = shown.parser.screen();
        let rows: Vec<String> = screen.rows(0, 120).collect();
        rows.first().is_some_and(|row| row.contains("need attention")) && rows.last().is_some_and(|row| row.contains("quit"))
    });
    session.send(b"q");
    session.ends_with(0);
}

#[test]
fn half_a_sequence_holds_up_nothing_but_the_keys() {
    for (half, rest) in [(&b"\xc3"[..], &b"\xa4"[..]), (b"\x1b[", b"A"), (b"\x1b[200~unfinished", b"\x1b[201~")] {
        let mut session = Session::start(&[]);
        session.until_text(OPEN);
        session.send(half);
        session.resize(41, 11);
        session.until_text("this terminal has 41");
        session.resize(90, 30);
        session.until_text(OPEN);
        session.send(rest);
        session.send(b"q");
        session.ends_with(0);
        session.is_clean();
    }
}

#[test]
#[cfg(target_os = "linux")]
fn one_processor_is_enough() {
    let mut command = CommandBuilder::new("taskset");
    command.args(["-c", "0", ENVDECK]);
    let mut session = Session::run(command, 80, 24);
    session.until_text(OPEN);
    session.send(b"/sales uat\r");
    session.until_text("▸Contoso Sales UAT");
    session.send(b"q");
    session.ends_with(0);
    session.is_clean();
}

#[test]
fn a_terminal_that_does_not_know_its_size_gets_the_usual_one() {
    let mut command = CommandBuilder::new(ENVDECK);
    command.arg("--read-only");
    let mut session = Session::run(command, 0, 0);
    session.until_text("read-only");
    session.send(b"q");
    session.ends_with(0);
}

#[test]
fn without_a_terminal_it_says_what_there_is_instead() {
    let neither = Command::new(ENVDECK).stdin(Stdio::null()).output().expect("the program starts");
    assert_eq!((neither.status.code(), neither.stdout.len()), (Some(2), 0));
    assert_eq!(
        String::from_utf8_lossy(&neither.stderr),
        "envdeck: the console needs a terminal; for scripts there are the subcommands (envdeck --help) and --keys KEYS --print\n"
    );
    for script in ["\"$0\" < /dev/null; echo \"status $?\"", "{ \"$0\"; echo \"status $?\" >&2; } | cat"] {
        let mut session = Session::shell(script);
        session.until_text("the console needs a terminal");
        session.until_text("status 2");
        session.ends_with(0);
        session.is_clean();
        assert_eq!(count(&session.shown.0.lock().unwrap(), b"\x1b"), 0, "it took a terminal that it cannot use");
    }
}

#[test]
fn a_snapshot_that_is_none_is_said_on_the_screen_and_can_be_left() {
    let folder = tempfile::tempdir().expect("a folder");
    let (pipe, missing) = (folder.path().join("pipe.yaml"), folder.path().join("missing.yaml"));
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo is everywhere").success());
    let says = |path: &Path, reason: &str| {
        let mut command = CommandBuilder::new(ENVDECK);
        command.arg(path);
        let mut session = Session::run(command, 200, 24);
        session.until_text("A file cannot be read");
        session.until_text(reason);
        session.send(b"rq");
        session.ends_with(0);
        session.is_clean();
    };
    says(&pipe, "this is a named pipe: save what it carries into a file and name that");
    says(folder.path(), "this is a folder: name the snapshot file inside it");
    says(&missing, "there is no such file");
}

/// A console on the demo estate as a file, on a terminal of its own.
fn on_a_file(folder: &Path) -> Session {
    let snapshot = folder.join("contoso.yaml");
    fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo.yaml"), &snapshot).expect("the demo is there");
    let mut command = CommandBuilder::new(ENVDECK);
    command.arg(snapshot);
    command.args(["--now", "2026-01-05T07:00:00Z"]);
    let session = Session::run(command, 80, 24);
    session.until_text(OPEN);
    session
}

fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
}

const EMPTY_JOURNAL: &str = "schema: envdeck-journal/1\nentries: []\n";

#[test]
fn what_could_not_be_saved_is_saved_by_trying_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = folder.path().join("contoso.journal.yaml");
    fs::write(&journal, EMPTY_JOURNAL).expect("a folder can be written");
    set_mode(&journal, 0o444);
    let mut session = on_a_file(folder.path());
    session.send(b"nIsaac owns it\r");
    session.until_text("tries again");
    session.until_text("NOT SAVED");
    // It fails for the same reason, and says it once more.
    session.send(b"j");
    session.until("the reason gone", |shown| !shown.parser.screen().contents().contains("tries again"));
    session.send(b"\x13");
    session.until_text("tries again");
    set_mode(&journal, 0o644);
    session.send(b"\x13");
    session.until("that it is saved", |shown| {
        let text = shown.parser.screen().contents();
        text.lines().last().is_some_and(|line| line.trim() == "Saved") && !text.contains("NOT SAVED")
    });
    assert!(fs::read_to_string(&journal).expect("it can be read").contains("text: Isaac owns it"));
    session.send(b"q");
    session.ends_with(0);
    session.is_clean();
}

#[test]
fn leaving_without_saving_is_asked_about_and_told_by_message_and_status() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = folder.path().join("contoso.journal.yaml");
    fs::write(&journal, EMPTY_JOURNAL).expect("a folder can be written");
    set_mode(&journal, 0o444);
    let mut session = on_a_file(folder.path());
    session.send(b"nIsaac owns it\r");
    session.until_text("tries again");
    session.send(b"q");
    session.until_text("Quit all the same");
    session.send(b"n");
    session.until("the question gone", |shown| !shown.parser.screen().contents().contains("Quit all the same"));
    session.send(b"q");
    session.until_text("Quit all the same");
    session.send(b"y");
    session.ends_with(3);
    session.until_text("envdeck: 1 of your journal entries could not be saved");
    session.is_clean();
    assert_eq!(fs::read_to_string(&journal).expect("it can be read"), EMPTY_JOURNAL);
}

/// What was chosen is kept by its id: a file that lists the same things in another order, and more of them, changes no choice.
#[test]
fn what_was_chosen_stays_what_it_is_in_a_file_of_another_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut session = on_a_file(folder.path());
    let back = |session: &mut Session, pages: usize, from: &str| {
        for _ in 0..pages {
            session.send(b"\x1b");
            std::thread::sleep(Duration::from_millis(100));
        }
        session.until("the panes", |shown| !shown.parser.screen().contents().contains(from));
    };
    session.send(b"/contoso sales\r\x1b[Hc\r");
    session.until_text("Target (2 of 5)");
    session.send(b"/uat\r\r");
    session.until_text("Details (3 of 5)");
    session.send(b"\t\x1b[C\x1b[C");
    session.until_text("members of Sales Team");
    back(&mut session, 4, "Copy Contoso Sales");
    session.send(b"d");
    session.until_text("After year end clean-up");
    session.send(b"\x1b[B\r");
    session.until_text("The backup After year end clean-up");
    back(&mut session, 2, "Delete a backup");

    let path = folder.path().join("contoso.yaml");
    let text = fs::read_to_string(&path).expect("it can be read");
    let line = |with: &str| text.lines().find(|line| line.contains(with)).expect("the demo has it").to_owned() + "\n";
    let (team, vendors, newest) = (line("name: Sales Team"), line("name: Vendors"), line("id: b7,"));
    let newer = newest.replace("id: b7", "id: b99").replace("06:48", "06:52").replace("Before the copy for Isaac", "One more");
    let other = text.replacen(&vendors, "", 1).replacen(&team, &format!("{vendors}{team}"), 1).replacen(&newest, &format!("{newest}{newer}"), 1);
    fs::write(&path, other).expect("it can be written");
    session.send(b"\x12");
    session.until_text("One more");

    session.send(b"c\r");
    session.until_text("Target (2 of 5)");
    session.send(b"/uat\r\r");
    session.until_text("Details (3 of 5)");
    session.until_text("members of Sales Team");
    session.send(b"\r");
    session.until_text("Only members of the security group Sales Team");
    back(&mut session, 5, "Copy Contoso Sales");
    session.send(b"d");
    session.until_text("Delete");
    session.send(b"\r");
    session.until_text("The backup After year end clean-up");
}

/// Another envdeck that saves in this folder holds a lock on it; the end waits a little for a save that waits for that.
#[test]
fn a_save_that_is_under_way_is_waited_for_at_the_end_but_not_for_ever() {
    for (held, status, saved) in [(Duration::from_millis(250), 128 + 15, true), (Duration::from_secs(4), 3, false)] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut session = on_a_file(folder.path());
        let lock = fs::File::open(folder.path()).expect("a folder can be opened");
        lock.lock().expect("nobody else holds it");
        session.send(b"nIsaac owns it\r");
        session.until_text("NOT SAVED");
        session.signal(Signal::TERM);
        let (done, end) = channel::<()>();
        let holder = std::thread::spawn(move || {
            let _ = end.recv_timeout(held);
            drop(lock);
        });
        session.ends_with(status);
        let journal = fs::read_to_string(folder.path().join("contoso.journal.yaml")).unwrap_or_default();
        assert_eq!(journal.contains("text: Isaac owns it"), saved, "{journal}");
        drop(done);
        holder.join().expect("the lock is let go");
    }
}

/// A console whose clipboard panics, on the real terminal, through the real loop and hook.
#[test]
#[ignore = "is run in a terminal by a_panic_gives_the_terminal_back_once_and_is_readable"]
fn a_console_that_panics() {
    use envdeck::app::keys;
    use envdeck::app::model::Setup;
    use envdeck::effects::{Effects, Source};
    use envdeck::runtime::{self, Clock, Console, Host, Input};
    use envdeck::view::theme::Theme;
    use envdeck::{files, terminal};

    struct Panics;
    impl Host for Panics {
        fn suspend(&mut self) -> std::io::Result<()> {
            Ok(())
        }
        fn come_back(&mut self) -> std::io::Result<()> {
            Ok(())
        }
        fn clipboard(&mut self, _: &str) -> std::io::Result<()> {
            panic!("the clipboard is full of ink")
        }
        fn size(&self) -> Option<(u16, u16)> {
            None
        }
    }

    if !terminal::is_there() {
        return;
    }
    envdeck::console::report_panics();
    let guard = terminal::take().expect("a terminal");
    let mut screen = terminal::screen((80, 24)).expect("a screen");
    let setup = Setup { file: "the demo estate".into(), in_memory: true, read_only: false, offset: support::in_utc };
    let rulebooks = Arc::new(files::rulebook::built_in().expect("the rulebooks are right"));
    let start = files::demo_captured_at();
    let mut model = runtime::fresh(setup, rulebooks, (80, 24), start);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (effects, results) = Effects::new(Source { snapshot: None, edition: None, viewer: None, checklists: None });
    let (_silent, signals) = tokio::sync::mpsc::unbounded_channel();
    let mut console = Console {
        terminal: &mut screen,
        model: &mut model,
        theme: &Theme::dark(false),
        input: Input::Script(keys::parse("<down>y").expect("keys").into()),
        signals,
        effects,
        results,
        clock: Clock::still(start),
        host: Panics,
    };
    let _ = runtime.block_on(console.run());
    drop(guard);
}

#[test]
fn a_panic_gives_the_terminal_back_once_and_is_readable() {
    let mut command = CommandBuilder::new(std::env::current_exe().expect("a test is a program"));
    command.args(["--ignored", "--exact", "a_console_that_panics", "--nocapture", "--test-threads=1"]);
    let mut session = Session::run(command, 100, 40);
    session.ends_with(101);
    session.until_text("the clipboard is full of ink");
    session.is_clean();
    let shown = session.shown.0.lock().unwrap();
    assert_eq!((count(&shown, b"\x1b[?1049h"), count(&shown, b"\x1b[?1049l")), (1, 1), "the terminal is not given back exactly once");
    let place = |bytes: &[u8]| shown.told.windows(bytes.len()).position(|window| window == bytes);
    assert!(place(b"\x1b[?1049l") < place(b"full of ink"), "the report came before the terminal was given back");
    assert!(shown.parser.screen().contents().contains("process.rs:"), "the report does not say where:\n{}", shown.parser.screen().contents());
}

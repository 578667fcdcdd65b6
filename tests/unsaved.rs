//! What happens to entries that cannot be saved: they are kept, the screen says so and why, and nothing ends quietly.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that cannot set up its files has to fail")]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use support::{Console, Screen};

/// A note on the UAT.
const NOTE: &str = "/sales uat<enter>nIsaac owns it<enter>";

/// The demo estate in a folder, with a journal that is write-protected.
struct Protected(tempfile::TempDir);

impl Protected {
    fn new() -> Self {
        let files = Self(tempfile::tempdir().unwrap());
        fs::copy("assets/demo.yaml", files.snapshot()).unwrap();
        fs::write(files.journal(), "schema: envdeck-journal/1\nentries: []\n").unwrap();
        fs::set_permissions(files.journal(), fs::Permissions::from_mode(0o444)).unwrap();
        files
    }

    fn snapshot(&self) -> PathBuf {
        self.0.path().join("contoso.yaml")
    }

    fn journal(&self) -> PathBuf {
        self.0.path().join("contoso.journal.yaml")
    }

    fn play(&self, keys: &str) -> Screen {
        Console::on(self.snapshot()).play(keys)
    }

    fn entries(&self) -> usize {
        entries(&self.journal())
    }
}

fn entries(journal: &Path) -> usize {
    fs::read_to_string(journal).unwrap().matches("  - id: ").count()
}

/// The words on the screen, wherever lines end.
fn words(screen: &Screen) -> String {
    screen.text().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn an_entry_that_cannot_be_saved_is_kept_and_the_header_says_so_at_every_width() {
    let files = Protected::new();
    let failed = files.play(NOTE);
    assert_eq!(failed.model.ui.unsaved.len(), 1);
    assert_eq!(files.entries(), 0);
    failed.says("NOT SAVED");
    for (width, height) in [(60, 16), (80, 24), (120, 36)] {
        // Another key takes the reason away; the header stays.
        let screen = Console::on(files.snapshot()).size(width, height).play(&format!("{NOTE}<down>"));
        assert!(screen.text().lines().next().is_some_and(|header| header.contains("NOT SAVED")), "{}", screen.text());
    }
    let two = files.play(&format!("{NOTE}<advance 1m>nLena too<enter>"));
    assert_eq!(two.model.ui.unsaved.len(), 2);
    // Reading the snapshot again takes nothing away.
    let again = files.play(&format!("{NOTE}<c-r>"));
    again.says("NOT SAVED");
    assert_eq!(again.model.ui.unsaved.len(), 1);
    assert!(again.model.estate.journal().entries().iter().any(|entry| entry.id == again.model.ui.unsaved[0].id));
}

#[test]
fn why_it_was_not_saved_is_read_to_the_last_word() {
    let files = Protected::new();
    let screen = files.play(NOTE);
    let said = words(&screen);
    for part in ["Not saved:", "the journal was not saved, because opening the file for writing failed", "Ctrl-S tries again"] {
        assert!(said.contains(part), "{part}:\n{}", screen.text());
    }
    // The same after Ctrl-S, when it fails again.
    let again = files.play(&format!("{NOTE}<down><c-s>"));
    assert!(words(&again).contains("Ctrl-S tries again"), "{}", again.text());
}

#[test]
fn leaving_with_unsaved_entries_asks_first() {
    let files = Protected::new();
    let question = "What you added last could not be saved. Quit all the same and lose it?";
    let asked = files.play(&format!("{NOTE}q"));
    assert!(words(&asked).contains("could not be saved."), "{}", asked.text());
    assert!(asked.text().contains("Quit all the same"), "{question}\n{}", asked.text());
    files.play(&format!("{NOTE}qn")).says_not("Quit all the same").says("NOT SAVED");
    // The file was made writable in the meantime: nothing is asked any more, and the next entry takes the old along.
    fs::set_permissions(files.journal(), fs::Permissions::from_mode(0o644)).unwrap();
    let saved = files.play(NOTE);
    saved.says_not("NOT SAVED");
    assert!(saved.model.ui.unsaved.is_empty());
    assert_eq!(files.entries(), 1);
}

#[test]
fn a_printed_frame_ends_with_3_when_the_journal_was_not_saved() {
    let files = Protected::new();
    let print = |keys: &str| {
        let mut command = assert_cmd::cargo::cargo_bin_cmd!("envdeck");
        let snapshot = files.snapshot().display().to_string();
        command.args([&snapshot, "--now", "2026-01-05T07:00:00Z", "--size", "80x24", "--keys", keys, "--print"]);
        let output = command.output().unwrap();
        let (out, said) = (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned());
        (output.status.code(), out, said)
    };
    let (status, out, said) = print(NOTE);
    assert_eq!((status, said.as_str()), (Some(3), "envdeck: 1 of your journal entries could not be saved\n"));
    assert!(out.contains("NOT SAVED") && out.contains("tries again"), "{out}");
    let (status, _, said) = print("/sales uat<enter>");
    assert_eq!((status, said.as_str()), (Some(0), ""));
    fs::set_permissions(files.journal(), fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(print(NOTE).0, Some(0));
    assert_eq!(files.entries(), 1);
}

/// What stands on the screen at the end, when somebody edits the journal beside the console and `t` is pressed so long after
/// the next note: whether the question of the clash is still open.
fn asks_after(wait: std::time::Duration) -> bool {
    use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
    use envdeck::runtime::{Clock, Console as Running, Input, NoHost, Signal};
    use std::time::Duration;
    use tokio::sync::mpsc::unbounded_channel;
    let folder = tempfile::tempdir().unwrap();
    let (snapshot, journal) = (folder.path().join("contoso.yaml"), folder.path().join("contoso.journal.yaml"));
    fs::copy("assets/demo.yaml", &snapshot).unwrap();
    let now = support::utc("2026-01-05T07:00:00Z");
    let rulebooks = std::sync::Arc::new(envdeck::files::rulebook::built_in().unwrap());
    let setup = envdeck::app::model::Setup { file: "contoso.yaml".into(), in_memory: false, read_only: false, offset: support::in_utc };
    let mut model = envdeck::runtime::fresh(setup, rulebooks, (120, 36), now);
    let Ok(mut terminal) = ratatui::Terminal::new(ratatui::backend::TestBackend::new(120, 36));
    let (theme, mut host) = (envdeck::view::theme::Theme::telling(), NoHost::default());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let ((keys, events), (ends, signals)) = (unbounded_channel(), unbounded_channel());
        let (effects, results) =
            envdeck::effects::Effects::new(envdeck::effects::Source { snapshot: Some(snapshot), edition: None, viewer: None, checklists: None });
        let mut console = Running {
            terminal: &mut terminal,
            model: &mut model,
            theme: &theme,
            input: Input::Terminal(events),
            signals,
            effects,
            results,
            clock: Clock::running(now),
            host: &mut host,
        };
        let press = |text: &str| {
            for letter in text.chars() {
                let code = if letter == '\n' { KeyCode::Enter } else { KeyCode::Char(letter) };
                keys.send(Event::Key(KeyEvent::new(code, KeyModifiers::NONE))).unwrap();
            }
        };
        let admin = async {
            tokio::time::sleep(Duration::from_millis(1_000)).await;
            press("/sales uat\nnfirst\n");
            while !fs::read_to_string(&journal).is_ok_and(|text| text.contains("first")) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            fs::write(&journal, fs::read_to_string(&journal).unwrap().replace("first", "edited")).unwrap();
            press("nsecond\n");
            tokio::time::sleep(wait).await;
            press("t");
            tokio::time::sleep(Duration::from_millis(500)).await;
            ends.send(Signal::End(15)).unwrap();
        };
        let (ended, ()) = tokio::join!(console.run(), admin);
        ended.unwrap();
    });
    model.asks_by_itself()
}

#[test]
fn a_question_that_comes_up_by_itself_takes_no_key_that_was_on_its_way() {
    use std::time::Duration;
    assert!(asks_after(Duration::from_millis(300)), "the key was meant for the list");
    assert!(!asks_after(Duration::from_millis(2_500)), "the key was meant for the question");
}

/// A file that is named without its folder stands in a folder without a name.
#[test]
fn what_has_to_be_made_writable_is_named_without_a_needless_dot() {
    let files = Protected::new();
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("envdeck");
    command.current_dir(files.0.path()).args(["contoso.yaml", "--now", "2026-01-05T07:00:00Z", "--size", "160x40", "--keys", NOTE, "--print"]);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("make the file and its folder writable for you"), "{said}");
}

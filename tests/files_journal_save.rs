//! Saving a journal: nothing is lost, whoever else saves and whatever fails, and every failure says what to do.
#![expect(clippy::disallowed_methods, reason = "these tests read and write the files that they look at")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test may fail it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta};
use envdeck::domain::environment::EnvironmentId;
use envdeck::domain::journal::{Clash, Entry, Journal, Subject, Value, What};
use envdeck::files::journal::{Choice, SaveError, Saved, Stored, load, path_beside, resolve, save, write};

fn note(second: i64, text: &str) -> Entry {
    let at = DateTime::from_timestamp(1_767_603_600, 0).unwrap() + TimeDelta::seconds(second);
    Entry::new(at, Arc::from("thomas@contoso.com"), What::Note { environment: EnvironmentId::new("e1"), text: text.into() })
}

/// A folder with a snapshot in it, and where its journal stands.
fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = folder.path().join("contoso.yaml");
    fs::write(&snapshot, "schema: envdeck/1\ntenants: []\n").unwrap();
    let journal = path_beside(&snapshot).unwrap();
    (folder, journal)
}

/// Saves one more entry on top of what was stored.
fn add(path: &Path, stored: &Stored, entry: Entry) -> Result<Saved, SaveError> {
    let mut journal = stored.journal.clone();
    journal.add(entry);
    save(path, &journal, stored.seen)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The message of an error, without the name of the temporary folder.
fn said<T>(result: Result<T, SaveError>, folder: &Path) -> String {
    let Err(error) = result else { panic!("nothing failed") };
    error.to_string().replace(&folder.display().to_string(), "FOLDER")
}

#[test]
fn a_first_save_makes_the_journal_and_the_next_one_goes_on() {
    let (folder, path) = folder();
    let nothing = load(&path).unwrap();
    assert!(nothing.journal.entries().is_empty());
    let first = add(&path, &nothing, note(1, "one")).unwrap();
    let second = add(&path, &Stored { journal: first.journal, seen: first.seen }, note(2, "two")).unwrap();
    let found = load(&path).unwrap();
    assert_eq!((found.journal.entries(), found.seen), (second.journal.entries(), second.seen));
    assert_eq!(names(folder.path()), ["contoso.journal.yaml", "contoso.yaml"]);
}

#[test]
fn what_others_added_meanwhile_is_taken_over() {
    let (_folder, path) = folder();
    let (ours, theirs) = (load(&path).unwrap(), load(&path).unwrap());
    add(&path, &theirs, note(1, "theirs")).unwrap();
    let saved = add(&path, &ours, note(2, "ours")).unwrap();
    assert_eq!(saved.from_others, 1);
    assert_eq!(saved.journal.entries(), [note(1, "theirs"), note(2, "ours")]);
    assert_eq!(load(&path).unwrap().journal, saved.journal);
}

#[test]
fn a_journal_that_somebody_removed_is_written_again_in_full() {
    let (_folder, path) = folder();
    let saved = add(&path, &load(&path).unwrap(), note(1, "one")).unwrap();
    fs::remove_file(&path).unwrap();
    add(&path, &Stored { journal: saved.journal, seen: saved.seen }, note(2, "two")).unwrap();
    assert_eq!(load(&path).unwrap().journal.entries(), [note(1, "one"), note(2, "two")]);
}

#[test]
fn saving_the_same_again_touches_nothing() {
    let (_folder, path) = folder();
    let saved = add(&path, &load(&path).unwrap(), note(1, "one")).unwrap();
    let before = fs::metadata(&path).unwrap().modified().unwrap();
    let again = save(&path, &saved.journal, saved.seen).unwrap();
    assert_eq!((again.seen, fs::metadata(&path).unwrap().modified().unwrap()), (saved.seen, before));
}

#[test]
fn an_entry_that_was_edited_by_hand_is_asked_about_and_nothing_is_written() {
    let (folder, path) = folder();
    let saved = add(&path, &load(&path).unwrap(), note(1, "one")).unwrap();
    let edited = fs::read_to_string(&path).unwrap().replace("text: one", "text: changed");
    fs::write(&path, &edited).unwrap();
    let (ours, changed) = (note(1, "one"), Entry { what: note(1, "changed").what, ..note(1, "one") });
    let clash = Clash { ours: ours.clone(), theirs: changed.clone() };

    let mut journal = saved.journal;
    journal.add(note(2, "two"));
    let refused = save(&path, &journal, saved.seen);
    assert!(matches!(&refused, Err(SaveError::Clash { clashes, .. }) if *clashes == [clash.clone()]));
    let id = &ours.id;
    let asked =
        format!("FOLDER/contoso.journal.yaml: entries were changed in the file and differ from those here, so nothing was saved: decide which hold: {id}");
    assert_eq!(said(refused, folder.path()), asked);
    assert_eq!(fs::read_to_string(&path).unwrap(), edited);

    // A decision about something else decides nothing.
    let other = Clash { ours: ours.clone(), theirs: Entry { what: note(1, "changed again").what, ..ours.clone() } };
    assert!(matches!(resolve(&path, &journal, &[(other, Choice::Ours)]), Err(SaveError::Clash { .. })));

    let theirs = resolve(&path, &journal, &[(clash.clone(), Choice::Theirs)]).unwrap();
    assert_eq!(theirs.journal.entries(), [changed, note(2, "two")]);
    fs::write(&path, &edited).unwrap();
    let ours_hold = resolve(&path, &journal, &[(clash, Choice::Ours)]).unwrap();
    assert_eq!(ours_hold.journal.entries(), [ours, note(2, "two")]);
    assert_eq!(load(&path).unwrap().journal, ours_hold.journal);
}

#[test]
fn a_journal_that_broke_is_never_saved_over() {
    for broken in ["", "schema: envdeck-journal/2\nentries: []\n", "schema: envdeck-journal/1\nentries:\n  - id: [\n", "<<<<<<< HEAD\n"] {
        let (folder, path) = folder();
        let saved = add(&path, &load(&path).unwrap(), note(1, "one")).unwrap();
        fs::write(&path, broken).unwrap();
        let refused = add(&path, &Stored { journal: saved.journal, seen: saved.seen }, note(2, "two"));
        assert!(matches!(refused, Err(SaveError::Broken(_))));
        assert!(
            said(refused, folder.path())
                .starts_with("FOLDER/contoso.journal.yaml: the journal was changed and can no longer be read, so it was not saved over")
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), broken);
        assert_eq!(names(folder.path()).len(), 2);
    }
}

#[test]
fn what_could_not_be_read_again_is_not_written() {
    let (folder, path) = folder();
    let nothing = load(&path).unwrap();
    let about = Subject::Environment(EnvironmentId::new("e1"));
    let fact = Entry::new(note(1, "").at, Arc::from("me"), What::Fact { about, field: "managd".into(), value: Value::Flag(true) });
    assert_eq!(
        said(add(&path, &nothing, fact), folder.path()),
        "FOLDER/contoso.journal.yaml: nothing was saved, because it could not be read again\n\
         FOLDER/contoso.journal.yaml:8:14: entries[0].fact.field: unknown field \"managd\" of an environment, did you mean \"managed\"?"
    );
    let strange = Entry::new(note(1, "").at, Arc::from("me"), What::Note { environment: EnvironmentId::new("a\u{1b}b"), text: "".into() });
    assert!(matches!(add(&path, &nothing, strange), Err(SaveError::Unwritable(_))));
    assert!(!path.exists());
}

#[test]
fn what_stands_in_the_way_is_named() {
    let (folder, path) = folder();
    let nothing = load(&path).unwrap();
    fs::create_dir(&path).unwrap();
    let blocked = load(&path).unwrap_err().to_string().replace(&folder.path().display().to_string(), "FOLDER");
    let mut messages = vec![blocked, said(add(&path, &nothing, note(1, "one")), folder.path())];
    for elsewhere in ["gone/contoso.journal.yaml", "contoso.yaml/contoso.journal.yaml"] {
        messages.push(said(add(&folder.path().join(elsewhere), &nothing, note(1, "one")), folder.path()));
    }
    insta::assert_snapshot!(messages.join("\n"));
    assert_eq!(names(folder.path()), ["contoso.journal.yaml", "contoso.yaml"]);
}

#[test]
fn a_huge_file_is_refused_before_it_is_read() {
    let (folder, path) = folder();
    fs::File::create(&path).unwrap().set_len(1 << 40).unwrap();
    let blocked = load(&path).unwrap_err().to_string().replace(&folder.path().display().to_string(), "FOLDER");
    assert_eq!(blocked, "FOLDER/contoso.journal.yaml: the journal cannot be read: it is over 128 MiB, the largest that is read");
}

#[test]
fn two_threads_that_save_two_hundred_times_each_lose_nothing() {
    const EACH: i64 = 200;
    let (folder, path) = folder();
    let worker = |name: &'static str| {
        let path = path.clone();
        move || {
            let mut stored = load(&path).unwrap();
            for number in 0..EACH {
                stored.journal.add(note(number, &format!("{name} {number}")));
                let saved = save(&path, &stored.journal, stored.seen).unwrap_or_else(|error| panic!("{error}"));
                stored = Stored { journal: saved.journal, seen: saved.seen };
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(worker("a"));
        scope.spawn(worker("b"));
    });
    let found = load(&path).unwrap().journal;
    for number in 0..EACH {
        for name in ["a", "b"] {
            assert!(found.entry(&note(number, &format!("{name} {number}")).id).is_some());
        }
    }
    assert_eq!(found.entries().len(), 400);
    assert_eq!(names(folder.path()).len(), 2);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_new_journal_has_the_permissions_of_its_snapshot_and_keeps_its_own() {
        let (folder, path) = folder();
        set_mode(&folder.path().join("contoso.yaml"), 0o640);
        let first = add(&path, &load(&path).unwrap(), note(1, "one")).unwrap();
        assert_eq!(mode(&path), 0o640);
        set_mode(&path, 0o664);
        add(&path, &Stored { journal: first.journal, seen: first.seen }, note(2, "two")).unwrap();
        assert_eq!(mode(&path), 0o664);
        let alone = folder.path().join("alone.journal.yaml");
        add(&alone, &load(&alone).unwrap(), note(1, "one")).unwrap();
        assert_eq!(mode(&alone), 0o600);
    }

    #[test]
    fn a_link_is_followed_and_stays_a_link() {
        let (folder, path) = folder();
        let real = folder.path().join("elsewhere");
        fs::create_dir(&real).unwrap();
        symlink("elsewhere/shared.yaml", &path).unwrap();
        let first = add(&path, &load(&path).unwrap(), note(1, "one")).unwrap();
        add(&path, &Stored { journal: first.journal, seen: first.seen }, note(2, "two")).unwrap();
        assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
        assert_eq!(names(&real), ["shared.yaml"]);
        assert_eq!(load(&real.join("shared.yaml")).unwrap().journal.entries().len(), 2);
        let circle = folder.path().join("circle.journal.yaml");
        symlink("circle.journal.yaml", &circle).unwrap();
        assert!(load(&circle).unwrap_err().to_string().ends_with("the journal cannot be read: its symbolic links lead in a circle"));
    }

    #[test]
    fn a_journal_that_is_write_protected_stays_so() {
        let (folder, path) = folder();
        let first = add(&path, &load(&path).unwrap(), note(1, "one")).unwrap();
        let before = fs::read(&path).unwrap();
        set_mode(&path, 0o444);
        let refused = add(&path, &Stored { journal: first.journal, seen: first.seen }, note(2, "two"));
        insta::assert_snapshot!(said(refused, folder.path()));
        assert_eq!((fs::read(&path).unwrap(), names(folder.path()).len()), (before, 2));
    }

    #[test]
    fn a_pipe_is_not_waited_for() {
        let (folder, path) = folder();
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        let blocked = load(&path).unwrap_err().to_string().replace(&folder.path().display().to_string(), "FOLDER");
        assert_eq!(blocked, "FOLDER/contoso.journal.yaml: the journal cannot be read: this is not an ordinary file");
    }

    #[test]
    fn a_folder_that_cannot_be_written_refuses_and_keeps_the_old_journal() {
        let (folder, path) = folder();
        let first = add(&path, &load(&path).unwrap(), note(1, "one")).unwrap();
        let before = fs::read(&path).unwrap();
        set_mode(folder.path(), 0o555);
        if fs::write(folder.path().join("probe"), "").is_ok() {
            // Root may write everywhere; the injected faults of the crash tests cover it there.
            return set_mode(folder.path(), 0o755);
        }
        let refused = add(&path, &Stored { journal: first.journal, seen: first.seen }, note(2, "two"));
        let message = said(refused, folder.path());
        set_mode(folder.path(), 0o755);
        assert_eq!(
            message,
            "FOLDER/contoso.journal.yaml: the journal was not saved, because making a new file beside it failed: permission denied. Nothing is lost: make the file and its folder FOLDER writable for you, or work on a copy of the snapshot"
        );
        assert_eq!(fs::read(&path).unwrap(), before);
    }

    #[test]
    fn what_a_killed_save_left_behind_goes_with_the_next_one() {
        let (folder, path) = folder();
        for left in [".contoso.journal.yaml.a1B2c3.tmp", ".contoso.journal.yaml.notes.tmp", ".other.journal.yaml.a1B2c3.tmp"] {
            fs::write(folder.path().join(left), write(&Journal::default())).unwrap();
        }
        add(&path, &load(&path).unwrap(), note(1, "one")).unwrap();
        let expected = [".contoso.journal.yaml.notes.tmp", ".other.journal.yaml.a1B2c3.tmp", "contoso.journal.yaml", "contoso.yaml"];
        assert_eq!(names(folder.path()), expected);
    }
}

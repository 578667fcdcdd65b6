//! Saves a journal: takes over what others added, asks where two entries clash, and loses nothing when it fails.

use std::fmt;
use std::io::Cursor;
use std::path::Path;
use std::time::Duration;

use super::{read, write};
use crate::domain::journal::{Clash, Entry, Journal};
use crate::files::place::{Failed, Fingerprint, Place};
use crate::files::problem::{Problem, Problems};
use crate::files::text::harmless_owned;

/// So often a file may change under our hands before we give up.
const ATTEMPTS: u32 = 20;
/// So much longer we wait after each of them.
const PAUSE: Duration = Duration::from_millis(5);

/// A journal as it stands in the file after a save.
#[derive(Debug, Clone)]
pub struct Saved {
    /// Our entries and those that others added.
    pub journal: Journal,
    /// What stands in the file now.
    pub seen: Fingerprint,
    /// How many entries came from others.
    pub from_others: usize,
}

/// Which of two entries that clash holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The one of this session.
    Ours,
    /// The one in the file.
    Theirs,
}

/// Why a journal was not saved. But for the last, the file is as it was.
#[derive(Debug)]
pub enum SaveError {
    /// The file is no journal that can be read, so it is not overwritten.
    Broken(Problems),
    /// Somebody changed entries that are ours too: ask which hold, then [`resolve`].
    Clash {
        /// The file.
        file: String,
        /// Both versions of each.
        clashes: Vec<Clash>,
    },
    /// What would be written could not be read again.
    Unwritable(Problems),
    /// The system refused.
    Refused {
        /// The file, what was tried, what the system said, and what to do.
        message: String,
    },
    /// The new journal stands in the file, but the disk did not confirm it.
    Unconfirmed {
        /// The file, what the system said, and what to do.
        message: String,
    },
}

impl std::error::Error for SaveError {}

impl fmt::Display for SaveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(problems) => {
                let file = &problems.file;
                write!(
                    f,
                    "{file}: the journal was changed and can no longer be read, so it was not saved over: mend these lines, or move the file away\n{problems}"
                )
            }
            Self::Clash { file, clashes } => {
                let ids: Vec<_> = clashes.iter().map(|clash| clash.ours.id.as_str()).collect();
                write!(f, "{file}: entries were changed in the file and differ from those here, so nothing was saved: decide which hold: {}", ids.join(", "))
            }
            Self::Unwritable(problems) => write!(f, "{}: nothing was saved, because it could not be read again\n{problems}", problems.file),
            Self::Refused { message } | Self::Unconfirmed { message } => f.write_str(message),
        }
    }
}

/// Saves `ours`, which had taken over what was `seen` in the file; what others added since is taken over now.
///
/// Whatever goes wrong, the entries are all still where they were, in `ours` and in the file, and saving again is safe.
pub fn save(path: &Path, ours: &Journal, seen: Fingerprint) -> Result<Saved, SaveError> {
    put(path, ours, Some(seen), &[])
}

/// Saves `ours` after somebody decided about clashes. What changed since they were shown clashes again.
pub fn resolve(path: &Path, ours: &Journal, decided: &[(Clash, Choice)]) -> Result<Saved, SaveError> {
    put(path, ours, None, decided)
}

fn put(path: &Path, ours: &Journal, seen: Option<Fingerprint>, decided: &[(Clash, Choice)]) -> Result<Saved, SaveError> {
    let file = harmless_owned(path.display().to_string());
    let refused = |place: Option<&Place>| {
        let folder = place.map(|place| place.folder.as_path()).or(path.parent()).unwrap_or(path);
        let (file, folder) = (file.clone(), harmless_owned(folder.display().to_string()));
        move |failed: Failed| refusal(&file, &folder, &failed)
    };
    let looking = |error| Failed { tried: "looking at the file", error, written: false };
    let place = Place::of(path).map_err(looking).map_err(refused(None))?;
    let lock = place.lock().map_err(refused(Some(&place)))?;
    for attempt in 0..ATTEMPTS {
        // Longer each time, so that two who cannot lock do not keep step.
        std::thread::sleep(PAUSE * attempt);
        let found = place.content().map_err(looking).map_err(refused(Some(&place)))?;
        let was = Fingerprint::of(found.as_deref());
        let mut journal = ours.clone();
        if let Some(bytes) = found.filter(|_| seen != Some(was)) {
            let theirs = read(&file, Cursor::new(bytes)).map_err(SaveError::Broken)?;
            let clashes = take_over(&mut journal, theirs, decided);
            if !clashes.is_empty() {
                return Err(SaveError::Clash { file, clashes });
            }
        }
        let from_others = journal.entries().len().saturating_sub(ours.entries().len());
        let text = write(&journal);
        let seen = Fingerprint::of(Some(text.as_bytes()));
        if seen == was {
            return Ok(Saved { journal, seen, from_others });
        }
        check(&file, &text, &journal)?;
        if place.replace(&text, was, &lock).map_err(refused(Some(&place)))? {
            return Ok(Saved { journal, seen, from_others });
        }
    }
    Err(SaveError::Refused { message: format!("{file}: the journal was not saved, because something else keeps changing it: close that, then save again") })
}

/// Merges what stands in the file, decided as somebody did; what nobody decided is returned.
fn take_over(journal: &mut Journal, theirs: Vec<Entry>, decided: &[(Clash, Choice)]) -> Vec<Clash> {
    let mut open = journal.merge(theirs);
    open.retain(|clash| match decided.iter().find(|(shown, _)| shown == clash) {
        Some((_, Choice::Ours)) => false,
        Some((_, Choice::Theirs)) => {
            journal.replace(clash.theirs.clone());
            false
        }
        None => true,
    });
    open
}

/// Makes sure, before the old file is replaced, that the new one says the same when it is read.
fn check(file: &str, text: &str, journal: &Journal) -> Result<(), SaveError> {
    let read = read(file, Cursor::new(text.to_owned().into_bytes())).map_err(SaveError::Unwritable)?;
    match read.iter().zip(journal.entries()).find(|(read, meant)| read != meant) {
        None if read.len() == journal.entries().len() => Ok(()),
        differs => {
            let mut problems = Problems::none_in(file);
            let id = differs.map_or_else(String::new, |(_, meant)| meant.id.to_string());
            problems.add(Problem { place: None, path: String::new(), message: format!("the entry {id} would read differently") });
            Err(SaveError::Unwritable(problems))
        }
    }
}

fn refusal(file: &str, folder: &str, failed: &Failed) -> SaveError {
    let (said, what_to_do) = failed.in_words(folder, "save again", "a copy of the snapshot");
    let tried = failed.tried;
    if failed.written {
        let message = format!("{file}: the journal was saved, but {tried} failed: {said}. It may be gone when the power fails: {what_to_do}");
        return SaveError::Unconfirmed { message };
    }
    SaveError::Refused { message: format!("{file}: the journal was not saved, because {tried} failed: {said}. Nothing is lost: {what_to_do}") }
}

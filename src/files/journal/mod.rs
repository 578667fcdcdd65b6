//! The journal beside a snapshot: reads it, writes it, and saves it so that nothing is lost.
//!
//! It is a list of entries that is only ever added to. A save therefore takes over what others added meanwhile; only
//! an entry that somebody changed by hand can clash with ours, and then nothing is written until somebody decided.

mod read;
mod save;
mod write;

use std::ffi::OsString;
use std::io::Cursor;
use std::path::{Path, PathBuf};

pub use self::read::read;
pub use self::save::{Choice, SaveError, Saved, resolve, save};
pub use self::write::{values, write};
pub use super::place::Fingerprint;
use super::place::Place;
use super::problem::Problems;
use crate::domain::journal::Journal;

/// The version that the first line names.
pub const SCHEMA: &str = "envdeck-journal/1";

/// The keys that say what an entry is, exactly one of which stands in each.
pub(crate) const KINDS: [&str; 9] = ["note", "fact", "operation", "checklist-opened", "item", "checklist-closed", "plan", "plan-step", "withdrawn"];

/// A journal as it was found, and what tells whether it changed since.
#[derive(Debug, Clone, Default)]
pub struct Stored {
    /// Its entries.
    pub journal: Journal,
    /// What stood in the file.
    pub seen: Fingerprint,
}

/// Reads the journal at `path`; where there is no file yet, it is empty.
pub fn load(path: &Path) -> Result<Stored, Problems> {
    let name = path.display().to_string();
    let unreadable = |error| Problems::unreadable(&name, format!("the journal cannot be read: {}", super::plain(&error)));
    let place = Place::of(path).map_err(unreadable)?;
    let content = place.content().map_err(unreadable)?;
    let seen = Fingerprint::of(content.as_deref());
    let entries = content.map_or_else(|| Ok(Vec::new()), |bytes| read(&name, Cursor::new(bytes)))?;
    Ok(Stored { journal: Journal::new(entries), seen })
}

/// The journal beside a snapshot: `contoso.journal.yaml` beside `contoso.yaml`.
pub fn path_beside(snapshot: &Path) -> Result<PathBuf, Problems> {
    let name = snapshot.display().to_string();
    let Some(file) = snapshot.file_name() else {
        return Err(Problems::unreadable(&name, "this names no file: name the snapshot file"));
    };
    if snapshot_name(file).is_some() {
        return Err(Problems::unreadable(&name, "this is a journal: name the snapshot that it stands beside"));
    }
    let (stem, extension) = yaml_name(file).unwrap_or_else(|| (file.to_owned(), OsString::from("yaml")));
    Ok(snapshot.with_file_name(joined(&[&stem, ".journal.".as_ref(), &extension])))
}

/// Whether a file of that name is meant as a journal, such as `contoso.journal.yaml`.
pub fn is_name_of_a_journal(file: &std::ffi::OsStr) -> bool {
    snapshot_name(file).is_some()
}

/// The name of the snapshot that a journal of that name stands beside; none when it is not the name of a journal.
pub(super) fn snapshot_name(journal: &std::ffi::OsStr) -> Option<OsString> {
    let (stem, extension) = yaml_name(journal)?;
    let stem = Path::new(&stem);
    stem.extension().filter(|word| word.eq_ignore_ascii_case("journal"))?;
    Some(joined(&[stem.file_stem()?, ".".as_ref(), &extension]))
}

/// The two parts of a name that ends in `.yaml` or `.yml`.
fn yaml_name(file: &std::ffi::OsStr) -> Option<(OsString, OsString)> {
    let file = Path::new(file);
    let extension = file.extension().filter(|word| word.eq_ignore_ascii_case("yaml") || word.eq_ignore_ascii_case("yml"))?;
    Some((file.file_stem()?.to_owned(), extension.to_owned()))
}

fn joined(parts: &[&std::ffi::OsStr]) -> OsString {
    let mut name = OsString::new();
    parts.iter().for_each(|part| name.push(part));
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_journal_stands_beside_its_snapshot() {
        for (snapshot, journal) in [
            ("contoso.yaml", "contoso.journal.yaml"),
            ("/a/b.c/contoso.yml", "/a/b.c/contoso.journal.yml"),
            ("Contoso.YAML", "Contoso.journal.YAML"),
            ("contoso.json", "contoso.json.journal.yaml"),
            ("journal.yaml", "journal.journal.yaml"),
            ("contoso", "contoso.journal.yaml"),
        ] {
            let beside = path_beside(Path::new(snapshot)).unwrap();
            assert_eq!(beside, Path::new(journal));
        }
        assert_eq!(snapshot_name("contoso.journal.yml".as_ref()), Some("contoso.yml".into()));
        assert_eq!(snapshot_name("contoso.yaml".as_ref()), None);
    }

    #[test]
    fn a_journal_has_no_journal() {
        for name in ["contoso.journal.yaml", "/a/x.Journal.YML"] {
            let said = path_beside(Path::new(name)).unwrap_err().to_string();
            assert_eq!(said, format!("{name}: this is a journal: name the snapshot that it stands beside"));
        }
        assert_eq!(path_beside(Path::new("..")).unwrap_err().to_string(), "..: this names no file: name the snapshot file");
    }
}

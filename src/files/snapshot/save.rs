//! Puts a snapshot into its file, whole or not at all: a new one only where there is none, a refreshed one only over the one that was read.

use std::io::Cursor;
use std::path::Path;

use super::{Loaded, read};
use crate::files::place::{Failed, Fingerprint, Place};
use crate::files::plain;
use crate::files::problem::Problems;
use crate::files::text::harmless_owned;

/// A snapshot that is there already, and what tells whether it changed since.
#[derive(Debug)]
pub struct Old {
    /// What it says.
    pub loaded: Loaded,
    /// How many of its lines hold a comment, which nothing that is read from it keeps.
    pub comments: usize,
    seen: Fingerprint,
}

/// Reads the snapshot that is to be refreshed.
pub fn load_old(path: &Path) -> Result<Old, Problems> {
    let name = path.display().to_string();
    let unreadable = |error| Problems::unreadable(&name, format!("the file cannot be read: {}", plain(&error)));
    let content = Place::of(path).and_then(|place| place.content()).map_err(unreadable)?;
    let Some(bytes) = content else {
        return Err(Problems::unreadable(&name, "there is no such file: leave out --into and name a new one with --output"));
    };
    let (seen, comments) = (Fingerprint::of(Some(&bytes)), comments(&String::from_utf8_lossy(&bytes)));
    Ok(Old { loaded: read(&name, Cursor::new(bytes))?, comments, seen })
}

/// Writes `text` over the old snapshot, or into a new file where `old` is none; says in plain words why not.
pub fn save(path: &Path, text: &str, old: Option<&Old>) -> Result<(), Problems> {
    let name = harmless_owned(path.display().to_string());
    let seen = old.map_or_else(|| Fingerprint::of(None), |old| old.seen);
    let refused = |folder: &Path, failed: &Failed| {
        let (said, what_to_do) = failed.in_words(&harmless_owned(folder.display().to_string()), "import again", "a copy of it");
        let tried = failed.tried;
        let message = if failed.written {
            format!("the snapshot was written, but {tried} failed: {said}. It may be gone when the power fails: {what_to_do}")
        } else {
            format!("the snapshot was not written, because {tried} failed: {said}; {what_to_do}")
        };
        Problems::unreadable(&name, message)
    };
    let looking = |error| Failed { tried: "looking at the file", error, written: false };
    let place = Place::of(path).map_err(|error| refused(path.parent().unwrap_or(path), &looking(error)))?;
    let lock = place.lock().map_err(|failed| refused(&place.folder, &failed))?;
    if place.replace(text, seen, &lock).map_err(|failed| refused(&place.folder, &failed))? {
        return Ok(());
    }
    Err(Problems::unreadable(
        &name,
        match old {
            Some(_) => "the snapshot was changed while this was at work, so nothing was written: import again",
            None => "there is a file of that name already: name another one, or refresh it with --into",
        },
    ))
}

/// How many lines hold a comment: a `#` at the beginning or behind a blank, outside of quotes.
fn comments(text: &str) -> usize {
    let has_comment = |line: &str| {
        let (mut quote, mut before) = (None, ' ');
        for letter in line.chars() {
            match (quote, letter) {
                (None, '#') if before.is_whitespace() => return true,
                // Quotes open only where a value begins; inside a plain text they are letters.
                (None, '\'' | '"') if before.is_whitespace() || "[{,:".contains(before) => quote = Some(letter),
                (Some(open), letter) if letter == open && !(open == '"' && before == '\\') => quote = None,
                (None | Some(_), _) => {}
            }
            before = letter;
        }
        false
    };
    text.lines().filter(|line| has_comment(line)).count()
}

#[cfg(test)]
mod tests {
    use super::comments;

    #[test]
    fn comments_are_counted_and_what_only_looks_like_one_is_not() {
        let text =
            "schema: envdeck/1 # first\n# second\n  # third\nname: 'a # b'\nid: \"a # b\"\nurl: https://a#b\nnote: it's # fourth\nlist: ['x # y', z] # fifth\n";
        assert_eq!(comments(text), 5);
        assert_eq!(comments("name: O'Brien #1\n"), 1);
    }
}

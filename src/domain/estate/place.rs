//! Where a file lies that is named without its folder, by the letters of its name alone: nothing is looked up here.

use crate::domain::journal::Journal;

/// What was recorded, for the rules that ask what was done before.
#[derive(Debug, Clone, Copy)]
pub struct Records<'a> {
    /// What envdeck added.
    pub journal: &'a Journal,
    pub(super) folder: Option<&'a str>,
}

impl Records<'_> {
    /// Where a file lies that the journal names: journals of before name it as it was typed, without its folder.
    pub fn lies_at(&self, named: &str) -> String {
        from_the_root(named, self.folder)
    }
}

/// Whether a path begins at the root: `/a`, `\\\\server\\a`, `C:\\a`.
fn is_whole(path: &str) -> bool {
    let drive = path.as_bytes().get(1) == Some(&b':') && path.starts_with(|letter: char| letter.is_ascii_alphabetic());
    path.starts_with(['/', '\\']) || drive
}

/// The path from the root on, without the parts that lead nowhere; as it is where nobody knows the folder.
fn from_the_root(named: &str, folder: Option<&str>) -> String {
    let Some(folder) = folder.filter(|_| !is_whole(named)) else { return named.to_owned() };
    let separator = if folder.contains('\\') && !folder.contains('/') { '\\' } else { '/' };
    let mut parts: Vec<&str> = folder.trim_end_matches(['/', '\\']).split(separator).collect();
    for part in named.split([separator, '/']) {
        match part {
            "" | "." => {}
            ".." if parts.len() > 1 => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join(&separator.to_string())
}

#[cfg(test)]
mod tests {
    use super::from_the_root;

    #[test]
    fn what_is_named_without_a_folder_lies_in_that_of_the_journal() {
        for (named, folder, expected) in [
            ("sales.csv", Some("/work/moves"), "/work/moves/sales.csv"),
            ("./sales.csv", Some("/work/moves/"), "/work/moves/sales.csv"),
            ("../maps/sales.csv", Some("/work/moves"), "/work/maps/sales.csv"),
            ("../../../sales.csv", Some("/work"), "/sales.csv"),
            ("sales.csv", Some("/"), "/sales.csv"),
            ("/maps/sales.csv", Some("/work"), "/maps/sales.csv"),
            ("maps/sales.csv", Some("C:\\moves"), "C:\\moves\\maps\\sales.csv"),
            ("C:\\maps\\sales.csv", Some("C:\\moves"), "C:\\maps\\sales.csv"),
            ("sales.csv", None, "sales.csv"),
        ] {
            assert_eq!(from_the_root(named, folder), expected, "{named} in {folder:?}");
        }
    }
}

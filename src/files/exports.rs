//! The exports of other tools: which files are in a folder of them, and their text in whatever encoding they were saved.
#![expect(clippy::disallowed_methods, reason = "this layer is where files are read")]

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::problem::Problems;
use super::{plain, waits_for_a_writer};

/// Files larger than this are refused, in bytes: ten times the list of the largest tenants.
const LARGEST: u64 = 1024 * 1024 * 1024;

/// The endings of the files that are read from a folder.
const ENDINGS: [&str; 3] = ["json", "txt", "csv"];

/// The files that are meant: the file itself, or those inside the folder, in the order of their names.
pub fn files_at(path: &Path) -> Result<Vec<PathBuf>, Problems> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let name = path.display().to_string();
    let unreadable = |error: std::io::Error| Problems::unreadable(&name, format!("the folder cannot be read: {}", plain(&error)));
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        let is_export = file.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)));
        if is_export && file.is_file() {
            found.push(file);
        }
    }
    if found.is_empty() {
        return Err(Problems::unreadable(&name, "there is no export in this folder: they end in .json, .txt or .csv"));
    }
    found.sort();
    Ok(found)
}

/// The text of an export. PowerShell saves UTF-16 where nobody asks for something else, so that is read too.
pub fn read_text(path: &Path) -> Result<String, Problems> {
    let name = path.display().to_string();
    let unreadable = |error: std::io::Error| Problems::unreadable(&name, format!("the file cannot be read: {}", plain(&error)));
    if waits_for_a_writer(path) {
        return Err(Problems::unreadable(&name, "this is a named pipe: save what it carries into a file and name that"));
    }
    let file = File::open(path).map_err(unreadable)?;
    let length = file.metadata().map_err(unreadable)?.len();
    let too_large = || Problems::unreadable(&name, format!("the file is over {} MiB, the largest that is read: export it in parts", LARGEST / (1024 * 1024)));
    if length > LARGEST {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(too_large());
    }
    text_of(&name, bytes)
}

/// The text of an export that came from elsewhere, which is called `name` in messages.
pub fn text_of(name: &str, bytes: Vec<u8>) -> Result<String, Problems> {
    decoded(bytes).ok_or_else(|| Problems::unreadable(name, "this is neither UTF-8 nor UTF-16 text: save the export as UTF-8"))
}

/// The text behind the mark at its beginning, if there is one.
fn decoded(mut bytes: Vec<u8>) -> Option<String> {
    let sixteen = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks(2).map(|pair| <[u8; 2]>::try_from(pair).ok().map(unit)).collect::<Option<Vec<u16>>>()?;
        String::from_utf16(&units).ok()
    };
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => sixteen(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => sixteen(rest, u16::from_be_bytes),
        // Without a mark: text in JSON or of a table begins with an ASCII letter, whose other half is zero.
        [first, 0, ..] if *first != 0 => sixteen(&bytes, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, ..] => {
            bytes.drain(..3);
            String::from_utf8(bytes).ok()
        }
        _ => String::from_utf8(bytes).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn every_encoding_of_powershell_is_read() {
        let sixteen = |order: fn(u16) -> [u8; 2]| "é[1]".encode_utf16().flat_map(order).collect::<Vec<u8>>();
        let marked = |mark: &[u8], text: Vec<u8>| decoded([mark, &text].concat());
        let text = Some("é[1]".to_owned());
        assert_eq!(decoded("é[1]".into()), text);
        assert_eq!(marked(&[0xef, 0xbb, 0xbf], "é[1]".into()), text);
        assert_eq!(marked(&[0xff, 0xfe], sixteen(u16::to_le_bytes)), text);
        assert_eq!(marked(&[0xfe, 0xff], sixteen(u16::to_be_bytes)), text);
        assert_eq!(decoded("[1]".encode_utf16().flat_map(u16::to_le_bytes).collect()), Some("[1]".to_owned()));
        assert_eq!(decoded(vec![0xe9, b'a']), None, "an old code page");
        assert_eq!(marked(&[0xff, 0xfe], vec![0]), None, "half a letter");
    }
}

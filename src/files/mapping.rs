//! Reads and writes user mapping files: two values to a line with a comma between them, each with its place.
//!
//! A line is a line, whatever quotation marks stand in it: a mark without its counterpart spoils one row and not the
//! rest of the file, and every remark names the line that an editor shows.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use super::problem::Problems;
use super::text::harmless;
use super::yaml::LARGEST;
use super::{plain, waits_for_a_writer};
use crate::domain::mapping::{Encoding, HEADER, Origin, Row, Sheet, Value};
use crate::domain::rulebook::Edition;

/// Reads the mapping file at `path`, or standard input for `-`. What is wrong with its content is for the domain to say.
#[expect(clippy::disallowed_methods, reason = "this layer is where files are read")]
pub fn load(path: &Path) -> Result<Sheet, Problems> {
    let name = path.display().to_string();
    let unreadable = |error: io::Error| Problems::unreadable(&name, format!("the file cannot be read: {}", plain(&error)));
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    } else {
        if waits_for_a_writer(path) {
            return Err(Problems::unreadable(&name, "this is a named pipe: pass what it carries through standard input, with - for the file"));
        }
        let file = File::open(path).map_err(unreadable)?;
        if file.metadata().map_err(unreadable)?.is_dir() {
            return Err(Problems::unreadable(&name, "this is a folder: name the mapping file inside it"));
        }
        file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    }
    if bytes.len() as u64 > LARGEST {
        return Err(Problems::unreadable(&name, format!("the file is over {} MiB, the largest that is read", LARGEST / (1024 * 1024))));
    }
    let origin = (path != Path::new("-")).then(|| Origin { path: lies_at(path).into(), digest: digest(&bytes).into() });
    Ok(Sheet { origin, ..read(&bytes) })
}

/// Where a file lies, from the root on: the same however it is named, through links too.
pub fn lies_at(path: &Path) -> String {
    let whole = path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned());
    let shown = whole.display().to_string();
    // What Windows puts before a path that it looked up nobody types.
    harmless(shown.strip_prefix(r"\\?\").unwrap_or(&shown)).into_owned()
}

/// What tells the content of a file from another: its length and its FNV-1a hash. It tells a change, not a forgery.
fn digest(bytes: &[u8]) -> String {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{}-{hash:016x}", bytes.len())
}

/// Reads the rows of a file. Nothing is refused here: what is no text is marked, and what can be read of it is read.
pub fn read(bytes: &[u8]) -> Sheet {
    const WORKBOOK: &[u8] = b"PK\x03\x04";
    let utf16 = match bytes {
        [0xff, 0xfe, rest @ ..] => Some((rest, true)),
        [0xfe, 0xff, rest @ ..] => Some((rest, false)),
        // Two letters of the alphabet, without a mark before them.
        [1..=0x7f, 0, 1..=0x7f, 0, ..] => Some((bytes, true)),
        [0, 1..=0x7f, 0, 1..=0x7f, ..] => Some((bytes, false)),
        _ => None,
    };
    if let Some((bytes, little)) = utf16 {
        return Sheet { rows: rows(&from_utf16(bytes, little)), not_text: Some((Encoding::Utf16, vec![(1, 1)])), origin: None };
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.starts_with(WORKBOOK) {
        return Sheet { rows: Vec::new(), not_text: Some((Encoding::Workbook, vec![(1, 1)])), origin: None };
    }
    let text = String::from_utf8_lossy(bytes);
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        let before = String::from_utf8_lossy(bytes.get(..at).unwrap_or_default());
        // A slip among lines of text leaves them to be read; where there is more of it, there are none.
        let is_slip = text.contains('@') && bytes.iter().filter(|byte| **byte == 0).count() <= lines(&text).count();
        return Sheet { rows: if is_slip { rows(&text) } else { Vec::new() }, not_text: Some((Encoding::Binary, vec![end_of(&before)])), origin: None };
    }
    let broken = || lines(&text).zip(1..).filter_map(|(line, number)| Some((number, line.chars().position(|letter| letter == '\u{fffd}')? + 1)));
    let not_text = std::str::from_utf8(bytes).is_err().then(|| (Encoding::NotUtf8, broken().collect()));
    Sheet { rows: rows(&text), not_text, origin: None }
}

/// The text of a file in UTF-16.
fn from_utf16(bytes: &[u8], little: bool) -> String {
    let unit = |pair: &[u8]| match pair {
        [one, other] if little => u16::from_le_bytes([*one, *other]),
        [one, other] => u16::from_be_bytes([*one, *other]),
        _ => 0xfffd,
    };
    char::decode_utf16(bytes.chunks(2).map(unit)).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Line and column behind a text.
fn end_of(text: &str) -> (usize, usize) {
    let last = lines(text).last().unwrap_or_default();
    (lines(text).count().max(1), last.chars().count() + 1)
}

/// The lines of a text, which end in LF, CR LF or CR alone; behind the last end stands one more, which can be empty.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some((line, behind)) = text.split_once(['\n', '\r']) else {
            rest = None;
            return Some(text);
        };
        let was_return = text.as_bytes().get(line.len()) == Some(&b'\r');
        rest = Some(behind.strip_prefix('\n').filter(|_| was_return).unwrap_or(behind));
        Some(line)
    })
}

/// The lines with something in them.
fn rows(text: &str) -> Vec<Row> {
    lines(text).zip(1..).filter(|(text, _)| !text.trim_matches(BLANKS).is_empty()).map(|(text, line)| row(text, line)).collect()
}

const BLANKS: [char; 2] = [' ', '\t'];

/// One line, taken apart at its commas.
fn row(text: &str, line: usize) -> Row {
    let mut fields = Fields { rest: Some(text), column: 1 };
    let source = fields.next().unwrap_or(Value { text: Box::default(), column: 1 });
    let destination = fields.next();
    let extra = fields.next().map(|value| value.column);
    Row { line, source, destination, extra, end: text.chars().count() + 1 }
}

/// The values of a line.
struct Fields<'a> {
    rest: Option<&'a str>,
    column: usize,
}

impl Iterator for Fields<'_> {
    type Item = Value;
    fn next(&mut self) -> Option<Value> {
        let text = self.rest?;
        let begin = text.trim_start_matches(BLANKS);
        let blanks = text.len() - begin.len();
        let quoted = in_quotes(begin);
        let mark = usize::from(quoted.is_some());
        let (inside, rest) = quoted.unwrap_or_else(|| match begin.split_once(',') {
            Some((value, rest)) => (Cow::Borrowed(value), Some(rest)),
            None => (Cow::Borrowed(begin), None),
        });
        let value = inside.trim_matches(BLANKS);
        // An empty value begins behind the comma, whatever blanks or quotation marks follow.
        let column = match value {
            "" => self.column,
            _ => self.column + blanks + mark + (inside.len() - inside.trim_start_matches(BLANKS).len()),
        };
        let value = Value { text: harmless(value).into(), column };
        let passed = text.len() - rest.map_or(0, str::len);
        self.column += text.get(..passed).map_or(0, |passed| passed.chars().count());
        self.rest = rest;
        Some(value)
    }
}

/// A value between quotation marks, in which two of them stand for one, and what follows behind the comma. None where
/// the marks have no counterpart, or stand round a part of the value only: then they are letters like others.
fn in_quotes(text: &str) -> Option<(Cow<'_, str>, Option<&str>)> {
    let inner = text.strip_prefix('"')?;
    let (mut end, mut doubled) = (0, false);
    loop {
        end += inner.get(end..)?.find('"')?;
        if !inner.get(end + 1..)?.starts_with('"') {
            break;
        }
        (end, doubled) = (end + 2, true);
    }
    let behind = inner.get(end + 1..)?.trim_start_matches(BLANKS);
    let rest = if behind.is_empty() { None } else { Some(behind.strip_prefix(',')?) };
    let value = inner.get(..end)?;
    Some((if doubled { Cow::Owned(value.replace("\"\"", "\"")) } else { Cow::Borrowed(value) }, rest))
}

/// Writes users in the form of the edition: `source, destination` without a header as the older article shows it (C-45,
/// TTM-074), `source,destination` below a header as the newer one asks (CUR-025). Who has no destination yet gets none.
pub fn write<'a>(to: &mut impl Write, edition: Edition, users: impl Iterator<Item = (&'a str, Option<&'a str>)>) -> io::Result<()> {
    let separator = match edition {
        Edition::Articles => ", ",
        Edition::Current => {
            writeln!(to, "{}", HEADER.join(","))?;
            ","
        }
    };
    for (source, destination) in users {
        match destination {
            Some(destination) => writeln!(to, "{}{separator}{}", written(source), written(destination))?,
            None => writeln!(to, "{},", written(source))?,
        }
    }
    Ok(())
}

/// A value as it is written: between quotation marks where it could be taken for something else.
fn written(value: &str) -> Cow<'_, str> {
    if value.contains([',', '"']) { Cow::Owned(format!("\"{}\"", value.replace('"', "\"\""))) } else { Cow::Borrowed(value) }
}

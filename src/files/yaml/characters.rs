//! The characters of a file, in bounded memory, and why they end early: not UTF-8, a NUL, too large, an error of the disk.

use std::cell::Cell;
use std::io::Read;
use std::rc::Rc;

use super::{LARGEST, Place};

/// The parser may look ahead over so many brackets, commas and colons before it says what they are. A list in brackets
/// that is an item of another one could be a key, so it keeps all of it in memory, some 250 bytes for each.
const MOST_AHEAD: usize = 1024 * 1024;

/// Characters of a file, decoded piece by piece; remembers why it ended early.
pub(super) struct Characters<R> {
    source: R,
    bytes: Vec<u8>,
    letters: Vec<char>,
    next: usize,
    place: Place,
    line: Line,
    read: u64,
    /// That there is no more, and why if there should be.
    end: Option<Option<Fault>>,
    pub(super) progress: Rc<Progress>,
}

/// What stood so far in a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Blank,
    Text,
    Comment,
    /// Nothing, and the one before ended in a CR, to which an LF belongs.
    AfterReturn,
}

/// What the characters tell the reader, between which the parser stands.
#[derive(Default)]
pub(super) struct Progress {
    /// Why there are no more characters, and where they end.
    pub(super) fault: Cell<Option<(Fault, Place)>>,
    /// Brackets, commas and colons since the last event.
    pub(super) ahead: Cell<usize>,
}

#[derive(Clone, Copy)]
pub(super) enum Fault {
    NotUtf8(Place),
    Utf16,
    Nul(Place),
    TooLarge,
    TooFarAhead,
    Io(std::io::ErrorKind, Option<i32>),
}

impl<R: Read> Characters<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source, bytes: Vec::new(), letters: Vec::new(), next: 0, place: (1, 1), line: Line::Blank, read: 0, end: None, progress: Rc::default() }
    }

    /// Ends the characters early. What stands before is still read, so that what is wrong there is said too.
    fn fail(&mut self, fault: Fault) {
        self.end = Some(Some(fault));
    }

    /// Moves on over a letter, with lines as YAML counts them: LF, CR LF, or CR alone.
    fn pass(&mut self, letter: char) {
        let (line, column) = self.place;
        match (letter, self.line) {
            ('\n', Line::AfterReturn) => self.line = Line::Blank,
            ('\n', _) => (self.place, self.line) = ((line + 1, 1), Line::Blank),
            ('\r', _) => (self.place, self.line) = ((line + 1, 1), Line::AfterReturn),
            (_, before) => {
                self.place.1 = column + 1;
                self.line = match (before, letter) {
                    (Line::Comment, _) | (Line::Blank | Line::AfterReturn, '#') => Line::Comment,
                    (Line::Blank | Line::AfterReturn, ' ' | '\t') => Line::Blank,
                    _ => Line::Text,
                };
                if self.line == Line::Text && matches!(letter, '[' | ']' | '{' | '}' | ',' | ':') {
                    self.progress.ahead.set(self.progress.ahead.get() + 1);
                }
            }
        }
    }

    /// Decodes the next piece of the file.
    fn refill(&mut self) {
        const PIECE: usize = 64 * 1024;
        self.letters.clear();
        self.next = 0;
        let first = self.read == 0;
        let kept = self.bytes.len();
        self.bytes.resize(kept + PIECE, 0);
        let got = loop {
            match self.source.read(self.bytes.get_mut(kept..).unwrap_or_default()) {
                Ok(got) => break got,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return self.fail(Fault::Io(error.kind(), error.raw_os_error())),
            }
        };
        self.bytes.truncate(kept + got);
        self.read += got as u64;
        if self.read > LARGEST {
            return self.fail(Fault::TooLarge);
        }
        if first && (self.bytes.starts_with(&[0xff, 0xfe]) || self.bytes.starts_with(&[0xfe, 0xff])) {
            return self.fail(Fault::Utf16);
        }
        let (valid, broken) = match std::str::from_utf8(&self.bytes) {
            Ok(_) => (self.bytes.len(), false),
            Err(error) => (error.valid_up_to(), error.error_len().is_some() || got == 0),
        };
        if let Ok(text) = std::str::from_utf8(self.bytes.get(..valid).unwrap_or_default()) {
            let text = if first { text.strip_prefix('\u{feff}').unwrap_or(text) } else { text };
            self.letters.extend(text.chars());
        }
        self.bytes.drain(..valid);
        let nul = self.letters.iter().position(|letter| *letter == '\0');
        self.letters.truncate(nul.unwrap_or(self.letters.len()));
        let letters = std::mem::take(&mut self.letters);
        letters.iter().for_each(|letter| self.pass(*letter));
        self.letters = letters;
        if self.progress.ahead.get() > MOST_AHEAD {
            self.letters.clear();
            self.place = (0, 0);
            self.fail(Fault::TooFarAhead);
        } else if nul.is_some() {
            self.fail(Fault::Nul(self.place));
        } else if broken && !self.bytes.is_empty() {
            self.fail(Fault::NotUtf8(self.place));
        } else if got == 0 {
            self.end = Some(None);
        }
    }
}

impl<R: Read> Iterator for Characters<R> {
    type Item = char;
    fn next(&mut self) -> Option<char> {
        while self.next >= self.letters.len() {
            if let Some(fault) = self.end {
                self.progress.fault.set(fault.map(|fault| (fault, self.place)));
                return None;
            }
            self.refill();
        }
        let letter = self.letters.get(self.next).copied();
        self.next += 1;
        letter
    }
}

//! The edge of standard output: whatever is written, a terminal acts on nothing but line ends, tabs and our own colours.

use std::io::{self, Write};

/// What was begun and is not decided yet, as a write can end anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Begun {
    Nothing,
    /// The first byte of U+0080 to U+00BF.
    Latin,
    /// A carriage return, which belongs before a line end only.
    Return,
    /// `ESC`, `[` and so many digits and semicolons of a colour.
    Colour(usize),
}

/// The longest colour that is ours: `ESC [ 3 1 m`, and a few more.
const LONGEST: usize = 8;

/// Passes everything on but what a terminal would act on, which is passed on in a visible form.
///
/// What is read is made harmless where it enters; this holds it for whatever a way in forgets.
pub struct Edge<W> {
    to: W,
    colour: bool,
    begun: Begun,
    held: [u8; LONGEST],
}

impl<W> Edge<W> {
    /// Writes to `to`; with `colour`, colours are passed on as they are.
    pub const fn new(to: W, colour: bool) -> Self {
        Self { to, colour, begun: Begun::Nothing, held: [0; LONGEST] }
    }

    /// Where it is written to.
    pub const fn inner(&self) -> &W {
        &self.to
    }

    /// What was begun turned out to be nothing of ours.
    fn give_up(&mut self, clean: &mut Vec<u8>) {
        match std::mem::replace(&mut self.begun, Begun::Nothing) {
            Begun::Nothing => {}
            Begun::Latin => clean.push(0xc2),
            Begun::Return => clean.extend_from_slice("␍".as_bytes()),
            Begun::Colour(held) => {
                clean.extend_from_slice("␛".as_bytes());
                clean.extend_from_slice(self.held.get(1..held).unwrap_or_default());
            }
        }
    }

    fn byte(&mut self, byte: u8, clean: &mut Vec<u8>) {
        match (self.begun, byte) {
            (Begun::Latin, 0x80..=0x9f) => {
                self.begun = Begun::Nothing;
                clean.extend_from_slice(format!("<U+{byte:04X}>").as_bytes());
                return;
            }
            (Begun::Return, b'\n') => {
                self.begun = Begun::Nothing;
                clean.extend_from_slice(b"\r\n");
                return;
            }
            (Begun::Colour(2..), b'm') => {
                let Begun::Colour(held) = std::mem::replace(&mut self.begun, Begun::Nothing) else { return };
                clean.extend_from_slice(self.held.get(..held).unwrap_or_default());
                clean.push(b'm');
                return;
            }
            (Begun::Colour(held @ 1), b'[') | (Begun::Colour(held @ 2..LONGEST), b'0'..=b'9' | b';') => {
                if let Some(slot) = self.held.get_mut(held) {
                    *slot = byte;
                }
                self.begun = Begun::Colour(held + 1);
                return;
            }
            (_, _) => self.give_up(clean),
        }
        match byte {
            0xc2 => self.begun = Begun::Latin,
            b'\r' => self.begun = Begun::Return,
            0x1b if self.colour => (self.begun, self.held[0]) = (Begun::Colour(1), byte),
            b'\n' | b'\t' => clean.push(byte),
            // The control pictures stand in the order of what they show.
            0..=0x1f => clean.extend_from_slice(&[0xe2, 0x90, 0x80 + byte]),
            0x7f => clean.extend_from_slice("␡".as_bytes()),
            _ => clean.push(byte),
        }
    }
}

impl<W: Write> Write for Edge<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let is_plain = |byte: &u8| matches!(*byte, b'\n' | b'\t' | 0x20..=0x7e | 0x80..=0xc1 | 0xc3..);
        if self.begun == Begun::Nothing && bytes.iter().all(is_plain) {
            return self.to.write(bytes);
        }
        let mut clean = Vec::with_capacity(bytes.len() + 16);
        bytes.iter().for_each(|byte| self.byte(*byte, &mut clean));
        self.to.write_all(&clean)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.begun != Begun::Nothing {
            let mut rest = Vec::new();
            self.give_up(&mut rest);
            self.to.write_all(&rest)?;
        }
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes through when so many bytes are written at once.
    fn through(text: &str, at_once: usize, colour: bool) -> String {
        let mut edge = Edge::new(Vec::new(), colour);
        text.as_bytes().chunks(at_once).for_each(|chunk| edge.write_all(chunk).unwrap());
        edge.flush().unwrap();
        String::from_utf8(edge.to).unwrap()
    }

    #[test]
    fn nothing_that_a_terminal_acts_on_comes_through_wherever_a_write_ends() {
        for (text, seen) in [
            ("a\u{1b}]0;pwn\u{7}b", "a␛]0;pwn␇b"),
            ("\u{1b}[2J", "␛[2J"),
            ("\u{1b}[1;1H\u{1b}", "␛[1;1H␛"),
            ("a\rb\u{8}\u{0}", "a␍b␈␀"),
            ("a\u{9b}2J\u{85}é\u{a0}", "a<U+009B>2J<U+0085>é\u{a0}"),
            ("one\r\ntwo\tthree\n", "one\r\ntwo\tthree\n"),
            ("日本語 ❤\u{fe0f} \u{7f}", "日本語 ❤\u{fe0f} ␡"),
            ("\u{1b}[12345678m", "␛[12345678m"),
        ] {
            for at_once in [1, 2, 3, 64] {
                for colour in [true, false] {
                    assert_eq!(through(text, at_once, colour), seen, "{at_once} {colour}");
                }
            }
        }
    }

    #[test]
    fn our_own_colours_come_through_where_there_are_any() {
        for at_once in [1, 2, 64] {
            assert_eq!(through("\u{1b}[31mno\u{1b}[0m", at_once, true), "\u{1b}[31mno\u{1b}[0m");
            assert_eq!(through("\u{1b}[31mno\u{1b}[0m", at_once, false), "␛[31mno␛[0m");
        }
    }
}

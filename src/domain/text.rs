//! Makes text from outside harmless where it enters: nothing that was read or typed can move a cursor, hide or reorder letters.
//!
//! Dropping such characters silently would itself be a spoof (`env<ESC>[8mX` would read as `env[8mX`), so each is
//! replaced by a form that can be seen: control pictures for C0 and DEL, `<U+202E>` for all others.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with everything that a terminal would act on, or that a reader would not see, in a visible form.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) || !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut visible = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        let next = rest.peek().copied();
        let shapes_emoji = match letter {
            '\u{200d}' => (is_pictographic(before) || before == '\u{fe0f}') && next.is_some_and(is_pictographic),
            // Behind a digit it makes a key, if the frame of the key follows.
            '\u{fe0f}' => is_pictographic(before) || next == Some('\u{20e3}'),
            _ => false,
        };
        before = letter;
        match letter {
            '\u{0}'..='\u{1f}' => visible.push(char::from_u32(0x2400 + u32::from(letter)).unwrap_or('\u{2426}')),
            '\u{7f}' => visible.push('\u{2421}'),
            _ if is_harmful(letter) && !shapes_emoji => {
                let _ = write!(visible, "<U+{:04X}>", u32::from(letter));
                before = '>';
            }
            _ => visible.push(letter),
        }
    }
    Cow::Owned(visible)
}

/// The text as an owned, harmless string, without copying when there is nothing to replace.
pub fn harmless_owned(text: String) -> String {
    match harmless(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(visible) => visible,
    }
}

/// Whether a text is an object id, as tenants, groups and environments have them: 8-4-4-4-12 hexadecimal digits.
pub fn is_guid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [8, 4, 4, 4, 12] && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Control characters, bidirectional controls, characters without width, tags, and private or unassigned specials.
fn is_harmful(letter: char) -> bool {
    matches!(letter,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{13430}'..='\u{1343f}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether it is a picture: a joiner between two makes one of them, and U+FE0F behind one makes it coloured.
fn is_pictographic(letter: char) -> bool {
    matches!(letter, '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2100}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn one_of_each_class_becomes_visible() {
        for (text, visible) in [
            ("env\u{1b}[8mX", "env␛[8mX"),
            ("a\u{7}b", "a␇b"),
            ("a\r\nb\tc", "a␍␊b␉c"),
            ("a\u{7f}", "a␡"),
            ("a\u{9b}2J", "a<U+009B>2J"),
            ("a\u{202e}b", "a<U+202E>b"),
            ("a\u{2066}b", "a<U+2066>b"),
            ("a\u{200b}b", "a<U+200B>b"),
            ("a\u{e0041}b", "a<U+E0041>b"),
            ("a\u{200d}b", "a<U+200D>b"),
            ("a\u{fe0f}b", "a<U+FE0F>b"),
            ("1\u{fe0f}2\u{200d}3", "1<U+FE0F>2<U+200D>3"),
            ("✔\u{fe0f}\u{fe0f}\u{200d}\u{200d}", "✔\u{fe0f}<U+FE0F><U+200D><U+200D>"),
            ("a\u{13431}b", "a<U+13431>b"),
            ("a\u{2028}b\u{2029}c", "a<U+2028>b<U+2029>c"),
            ("a\u{ad}\u{3164}\u{feff}b", "a<U+00AD><U+3164><U+FEFF>b"),
        ] {
            assert_eq!(harmless(text), visible);
        }
    }

    #[test]
    fn ordinary_writing_stays_as_it_is() {
        for text in
            ["Contoso Sales", "Café X", "日本語", "e\u{301}", "👩\u{200d}👧", "✔\u{fe0f}", "❤\u{fe0f}\u{200d}🔥", "1\u{fe0f}\u{20e3}", "naïve – “quoted”"]
        {
            assert_eq!(harmless(text), text);
        }
    }
}

//! Keys by name: what is printed beside a command, and the notation in which scripts write them.

use std::fmt;

use chrono::TimeDelta;

/// A key, with the modifiers that the console tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// A letter, as typed.
    Char(char),
    /// A letter with Control, in lower case.
    Ctrl(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Shift and arrow up.
    ShiftUp,
    /// Shift and arrow down.
    ShiftDown,
    /// Shift and arrow left.
    ShiftLeft,
    /// Shift and arrow right.
    ShiftRight,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Home.
    Home,
    /// End.
    End,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// F1.
    F1,
}

/// The keys that are written in angle brackets, with the label that people read.
const NAMED: &[(&str, Key, &str)] = &[
    ("enter", Key::Enter, "Enter"),
    ("esc", Key::Esc, "Esc"),
    ("tab", Key::Tab, "Tab"),
    ("s-tab", Key::BackTab, "Shift-Tab"),
    ("up", Key::Up, "↑"),
    ("down", Key::Down, "↓"),
    ("left", Key::Left, "←"),
    ("right", Key::Right, "→"),
    ("s-up", Key::ShiftUp, "Shift-↑"),
    ("s-down", Key::ShiftDown, "Shift-↓"),
    ("s-left", Key::ShiftLeft, "Shift-←"),
    ("s-right", Key::ShiftRight, "Shift-→"),
    ("pgup", Key::PageUp, "PgUp"),
    ("pgdn", Key::PageDown, "PgDn"),
    ("home", Key::Home, "Home"),
    ("end", Key::End, "End"),
    ("bs", Key::Backspace, "Backspace"),
    ("del", Key::Delete, "Del"),
    ("f1", Key::F1, "F1"),
    ("space", Key::Char(' '), "Space"),
    ("lt", Key::Char('<'), "<"),
];

impl fmt::Display for Key {
    /// The label that stands beside a command.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = NAMED.iter().find(|(_, key, _)| key == self);
        match (named, self) {
            (Some((_, _, label)), _) => f.write_str(label),
            (None, Self::Ctrl(letter)) => write!(f, "Ctrl-{}", letter.to_ascii_uppercase()),
            (None, Self::Char(letter)) => write!(f, "{letter}"),
            (None, unnamed) => write!(f, "{unnamed:?}"),
        }
    }
}

/// One step of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scripted {
    /// A key is pressed.
    Key(Key),
    /// A text is pasted.
    Paste(String),
    /// Console time goes on by so much.
    Advance(TimeDelta),
    /// The terminal gets this size, in columns and rows.
    Resize(u16, u16),
}

/// Reads a script such as `/sbx<enter>c<down*3><advance 15m>`.
pub fn parse(script: &str) -> Result<Vec<Scripted>, String> {
    let mut steps = Vec::new();
    let mut rest = script.chars();
    while let Some(letter) = rest.next() {
        if letter != '<' {
            steps.push(Scripted::Key(Key::Char(letter)));
            continue;
        }
        let mut name = String::new();
        loop {
            match rest.next() {
                Some('>') => break,
                Some(letter) => name.push(letter),
                None => return Err(format!("`<{name}` has no `>`; a plain < is written <lt>")),
            }
        }
        let (name, times) = match name.rsplit_once('*') {
            Some((name, times)) => (name.to_owned(), times.parse::<u16>().map_err(|_| format!("<{name}*{times}>: how often must be a number up to 65535"))?),
            None => (name, 1),
        };
        let step = named(&name)?;
        steps.extend(std::iter::repeat_n(step, usize::from(times)));
    }
    Ok(steps)
}

fn named(name: &str) -> Result<Scripted, String> {
    if let Some((_, key, _)) = NAMED.iter().find(|(known, _, _)| *known == name) {
        return Ok(Scripted::Key(*key));
    }
    if let Some(letter) = name.strip_prefix("c-").and_then(single) {
        return Ok(Scripted::Key(Key::Ctrl(letter)));
    }
    if let Some(span) = name.strip_prefix("advance ") {
        return span_of(span).map(Scripted::Advance).ok_or_else(|| format!("<{name}>: expected a time such as 90s, 15m, 2h or 3d"));
    }
    if let Some(text) = name.strip_prefix("paste ") {
        return Ok(Scripted::Paste(text.to_owned()));
    }
    if let Some((width, height)) = name.strip_prefix("resize ").and_then(|size| size.split_once('x'))
        && let (Ok(width), Ok(height)) = (width.parse(), height.parse())
    {
        const LARGEST: u16 = 1000;
        if !(1..=LARGEST).contains(&width) || !(1..=LARGEST).contains(&height) {
            return Err(format!("<{name}>: columns and lines go from 1x1 to {LARGEST}x{LARGEST}"));
        }
        return Ok(Scripted::Resize(width, height));
    }
    let names: Vec<_> = NAMED.iter().map(|(name, _, _)| *name).collect();
    Err(format!("there is no key <{name}>; known are {}, c-<letter>, advance, paste and resize", names.join(", ")))
}

fn single(text: &str) -> Option<char> {
    let mut letters = text.chars();
    let letter = letters.next()?;
    letters.next().is_none().then_some(letter.to_ascii_lowercase())
}

fn span_of(text: &str) -> Option<TimeDelta> {
    let (number, unit): (String, String) = text.chars().partition(char::is_ascii_digit);
    let number: i64 = number.parse().ok()?;
    match unit.as_str() {
        "s" => TimeDelta::try_seconds(number),
        "m" => TimeDelta::try_minutes(number),
        "h" => TimeDelta::try_hours(number),
        "d" => TimeDelta::try_days(number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_reads_as_it_is_written() {
        let steps = parse("/a<enter><down*2><c-P><advance 15m><paste a b><lt>").unwrap();
        let key = Scripted::Key;
        assert_eq!(
            steps,
            [
                key(Key::Char('/')),
                key(Key::Char('a')),
                key(Key::Enter),
                key(Key::Down),
                key(Key::Down),
                key(Key::Ctrl('p')),
                Scripted::Advance(TimeDelta::minutes(15)),
                Scripted::Paste("a b".to_owned()),
                key(Key::Char('<')),
            ]
        );
    }

    #[test]
    fn what_is_no_key_says_what_to_write() {
        assert!(parse("<dwon>").unwrap_err().starts_with("there is no key <dwon>; known are enter"));
        assert_eq!(parse("a<esc").unwrap_err(), "`<esc` has no `>`; a plain < is written <lt>");
        assert_eq!(parse("<advance 5>").unwrap_err(), "<advance 5>: expected a time such as 90s, 15m, 2h or 3d");
    }
}

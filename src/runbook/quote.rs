//! Text from outside as a literal of each language: whatever is in it stays text.

use std::fmt::Write as _;

/// A word of bash: between single quotes, inside which only they mean anything.
pub fn bash(text: &str) -> String {
    format!("'{}'", text.replace('\0', "\u{2400}").replace('\'', r"'\''"))
}

/// A literal of PowerShell, in ASCII alone. Windows PowerShell reads a file without a mark in the code page of the machine,
/// where a part of a letter can be a curly quote, and it takes those for quotes: so every other letter stands there by its
/// number. Inside single quotes only they mean anything.
pub fn powershell(text: &str) -> String {
    let (mut literal, mut has_numbers, mut inside) = (String::from("'"), false, true);
    for letter in text.chars() {
        if letter == ' ' || letter.is_ascii_graphic() {
            if !inside {
                literal.push_str(" + '");
                inside = true;
            }
            if letter == '\'' {
                literal.push('\'');
            }
            literal.push(letter);
            continue;
        }
        if inside {
            literal.push('\'');
            inside = false;
        }
        has_numbers = true;
        let letter = if letter == '\0' { '\u{2400}' } else { letter };
        for unit in letter.encode_utf16(&mut [0; 2]) {
            let _ = write!(literal, " + [char]0x{unit:04X}");
        }
    }
    if inside {
        literal.push('\'');
    }
    if has_numbers { format!("({literal})") } else { literal }
}

/// Text behind the sign of a comment of PowerShell: one line, in ASCII alone.
pub fn powershell_comment(text: &str) -> String {
    text.chars().map(|letter| if letter == ' ' || letter.is_ascii_graphic() { letter } else { '?' }).collect()
}

/// Text behind the sign of a comment of bash: one line, whatever a language takes for the end of one.
pub fn comment(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') { ' ' } else { letter }).collect()
}

/// A text in which nothing is Markdown, also inside a table.
pub fn markdown(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => plain.extend(['\\', letter]),
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            // Before a space it begins no entity.
            '&' if letters.peek() != Some(&' ') => plain.push_str("&amp;"),
            letter if letter.is_control() => plain.push(' '),
            letter => plain.push(letter),
        }
    }
    plain
}

/// An id as Markdown code; nothing in it can end the code or the cell.
pub fn markdown_code(id: &str) -> String {
    let inside: String = id.chars().map(|letter| if matches!(letter, '`' | '|') || letter.is_control() { '?' } else { letter }).collect();
    format!("`{inside}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_literal_of_bash_means_anything() {
        assert_eq!(bash("Contoso Sales"), "'Contoso Sales'");
        assert_eq!(bash("'; rm -rf ~ #"), r"''\''; rm -rf ~ #'");
        assert_eq!(bash("$(x) `y` \"z\" \\ \n!"), "'$(x) `y` \"z\" \\ \n!'");
        assert_eq!(bash(""), "''");
        assert_eq!(bash("a\0b"), "'a\u{2400}b'");
    }

    #[test]
    fn a_literal_of_powershell_is_ascii_with_its_quotes_doubled() {
        assert_eq!(powershell("it's $env:X `n"), "'it''s $env:X `n'");
        assert_eq!(powershell(""), "''");
        assert_eq!(powershell("\u{2019}; rm"), "('' + [char]0x2019 + '; rm')");
        assert_eq!(powershell("Caf\u{e9}\n'x'\u{1f600}"), "('Caf' + [char]0x00E9 + [char]0x000A + '''x''' + [char]0xD83D + [char]0xDE00)");
        assert_eq!(powershell_comment("a\nb\u{2019}"), "a?b?");
    }

    #[test]
    fn a_comment_stays_on_its_line() {
        assert_eq!(comment("a\nrm -rf ~\r\u{85}\u{2028}b"), "a rm -rf ~   b");
    }

    #[test]
    fn nothing_that_was_typed_is_markdown() {
        assert_eq!(markdown("a|b <b> [x](y) *z* `c`\n# d & e_f &lt;"), "a\\|b &lt;b&gt; \\[x\\](y) \\*z\\* \\`c\\` \\# d & e\\_f &amp;lt;");
        assert_eq!(markdown_code("a`|b\n"), "`a??b?`");
    }
}

//! What a user principal name looks like, and in what words to say why a text is none.

use crate::domain::verdict::Words;

/// The longest name before the @ and the longest domain behind it that Microsoft Entra takes.
const LONGEST: (usize, usize) = (64, 48);

/// Whether the text is a user principal name.
pub fn is_upn(text: &str) -> bool {
    fault(text).is_none()
}

/// Why the text is no user principal name: what is wrong, and how to mend it.
pub(super) fn fault(text: &str) -> Option<Words> {
    let no = |why: &str, remedy: &str| Some(Words::new(format!("`{}` is no UPN: {why}", super::quoted(text)), remedy));
    // What is suggested in its place holds no further one: of a thousand brackets nobody reads the innermost.
    let alone = |inner: &&str| !inner.contains(['<', ':']) && is_upn(inner);
    /// One of them alone can be an apostrophe.
    const SINGLE: [char; 6] = ['\'', '‘', '’', '‚', '‹', '›'];
    if let Some((_, hidden)) = text.split_once("<U+") {
        let number: String = hidden.chars().take_while(char::is_ascii_hexdigit).take(6).collect();
        return no(
            &format!("it holds a character that cannot be seen, U+{number}"),
            "Delete it and type the name by hand: such characters come along when text is copied from a web page",
        );
    }
    if let Some(letter) = text.chars().find(|letter| letter.is_whitespace() && *letter != ' ') {
        let remedy = "Delete it and type the name by hand: such blanks come along when text is copied from a web page";
        return no(&format!("it holds a blank that is none, U+{:04X}", u32::from(letter)), remedy);
    }
    if text.chars().any(|letter| ('\u{2400}'..='\u{2421}').contains(&letter)) {
        return no("it holds a control character", "Delete it, or type the name by hand");
    }
    if let Some(inner) = text.split_once('<').and_then(|(_, rest)| rest.strip_suffix('>')).filter(alone) {
        return no("a display name stands beside it", &format!("Write only {inner}"));
    }
    if let Some(rest) = text.strip_prefix("mailto:").filter(alone) {
        return no("it is a link", &format!("Write only {rest}"));
    }
    if text.contains(['"', '“', '”', '„', '«', '»']) || (text.starts_with(SINGLE) && text.ends_with(SINGLE)) {
        return no(
            "it holds a quotation mark that does not belong to it",
            "Delete the quotation mark; straight ones are possible only round the whole value, in pairs",
        );
    }
    if text.contains(' ') {
        return no("it holds a blank", "Delete the blank, or write the UPN in place of a display name");
    }
    let (local, domain) = match text.split('@').collect::<Vec<_>>().as_slice() {
        [_] => return no("there is no @ in it", "Write the whole name, such as user001@source.com"),
        ["", _] => return no("nothing stands before the @", "Write the name of the user before the @"),
        [_, ""] => return no("nothing stands behind the @", "Write the domain behind the @"),
        [local, domain] => (*local, *domain),
        _ => return no("there is more than one @ in it", "Write one user to a field, with one @"),
    };
    if let Some(letter) = text.chars().find(|letter| is_barred(*letter)) {
        return no(&format!("no UPN holds `{letter}`"), "Look the name up in the admin center, and write it as it stands there");
    }
    if local.starts_with('.') || local.ends_with('.') {
        return no("a full stop stands at the beginning or end of the name", "Delete the full stop");
    }
    let labels = || domain.split('.');
    let is_label = |label: &str| {
        !label.is_empty() && !label.starts_with('-') && !label.ends_with('-') && label.chars().all(|letter| letter.is_alphanumeric() || letter == '-')
    };
    if labels().count() < 2 || !labels().all(is_label) {
        return no(&format!("`{domain}` is no domain", domain = super::quoted(domain)), "Write a domain of the tenant behind the @, such as source.com");
    }
    let (name, rest) = (local.chars().count(), domain.chars().count());
    if name > LONGEST.0 || rest > LONGEST.1 {
        return no(
            &format!("it is too long, with {name} characters before the @ and {rest} behind it; possible are {} and {}", LONGEST.0, LONGEST.1),
            "Look the name up in the admin center, and write it as it stands there",
        );
    }
    None
}

/// A character that Microsoft Entra takes in no new name, although older directories and other systems have it.
pub(super) fn doubtful(text: &str) -> Option<char> {
    text.chars().find(|letter| !letter.is_ascii_alphanumeric() && !"'.-_!#^~@".contains(*letter))
}

/// What stands in no name, whatever the system: signs that separate things, and those that a word processor sets in place
/// of plain ones, such as long dashes and curved apostrophes.
fn is_barred(letter: char) -> bool {
    let symbol = !letter.is_ascii() && !letter.is_alphanumeric();
    symbol || matches!(letter, ',' | ';' | ':' | '<' | '>' | '(' | ')' | '[' | ']' | '{' | '}' | '\\' | '/' | '|' | '?' | '*' | '=' | '%' | '\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legal_names_are_taken_however_odd() {
        let longest = format!("{}@{}.com", "a".repeat(64), "b".repeat(44));
        for upn in [
            "user001@source.com",
            "Isaac.Newton@Contoso.COM",
            "o'brien@contoso.com",
            "'t.hooft@contoso.com",
            "isaac_fabrikam.com#EXT#@contoso.onmicrosoft.com",
            "a@b.c",
            "x-1_!^~@sub.domain-2.co.uk",
            "isaac+test@contoso.com",
            "jörg@müller.de",
            "1@2.3",
            &longest,
        ] {
            assert!(is_upn(upn), "{upn}: {:?}", fault(upn).map(|words| words.message));
        }
    }

    #[test]
    fn what_is_none_says_why() {
        let (long_name, long_domain) = (format!("{}@b.com", "a".repeat(65)), format!("a@{}.com", "b".repeat(45)));
        for (text, why) in [
            ("isaac", "there is no @"),
            ("CONTOSO\\isaac", "there is no @"),
            ("@contoso.com", "nothing stands before"),
            ("isaac@", "nothing stands behind"),
            ("isaac@@contoso.com", "more than one @"),
            ("isaac@contoso.com@fabrikam.com", "more than one @"),
            ("isaac newton@contoso.com", "holds a blank"),
            ("isaac@ contoso.com", "holds a blank"),
            ("isaac\u{a0}@contoso.com", "U+00A0"),
            ("isaac<U+200B>@contoso.com", "cannot be seen, U+200B"),
            ("isaac\u{2409}@contoso.com", "a control character"),
            ("\"isaac@contoso.com", "quotation mark"),
            ("“isaac@contoso.com”", "quotation mark"),
            ("Isaac Newton <isaac@contoso.com>", "a display name"),
            ("mailto:isaac@contoso.com", "it is a link"),
            ("isaac:1@contoso.com", "holds `:`"),
            ("isaac@contoso,com", "holds `,`"),
            ("o’brien@contoso.com", "holds `’`"),
            ("anna–lena@contoso.com", "holds `–`"),
            ("isaac🦀@contoso.com", "holds `🦀`"),
            ("isaac＠contoso.com", "there is no @"),
            ("'isaac@contoso.com'", "quotation mark"),
            ("‘isaac@contoso.com’", "quotation mark"),
            ("‘isaac@contoso.com", "holds `‘`"),
            ("isaac.@contoso.com", "a full stop"),
            (".isaac@contoso.com", "a full stop"),
            ("a <b <isaac@contoso.com>>", "holds a blank"),
            ("mailto:mailto:isaac@contoso.com", "holds `:`"),
            ("isaac@contoso", "`contoso` is no domain"),
            ("isaac@contoso..com", "is no domain"),
            ("isaac@.com", "is no domain"),
            ("isaac@contoso.com.", "is no domain"),
            ("isaac@-contoso.com", "is no domain"),
            ("isaac@con_toso.com", "is no domain"),
            (&long_name, "too long, with 65 characters before"),
            (&long_domain, "and 49 behind"),
        ] {
            let message = fault(text).map(|words| words.message).unwrap_or_default();
            assert!(message.contains(why), "{text}: {message}");
        }
    }

    #[test]
    fn a_hundred_thousand_brackets_are_read_at_once() {
        for text in [format!("{}a@b.c{}", "<".repeat(100_000), ">".repeat(100_000)), "mailto:".repeat(100_000), "<U+".repeat(100_000), "@".repeat(100_000)] {
            let words = fault(&text).expect("this is no name");
            assert!(words.message.chars().count() < 300 && words.remedy.chars().count() < 300);
        }
    }

    #[test]
    fn letters_that_no_new_name_has_are_doubtful() {
        for (upn, letter) in [("isaac+test@contoso.com", Some('+')), ("jörg@contoso.com", Some('ö')), ("o'brien_x-y.z!#^~@contoso.com", None)] {
            assert_eq!(doubtful(upn), letter, "{upn}");
        }
    }
}

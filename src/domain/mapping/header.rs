//! Tells a header from a line that names users.

use super::Row;

/// The words of which headers are made.
const WORDS: [&str; 46] = [
    "source",
    "src",
    "destination",
    "dest",
    "target",
    "from",
    "to",
    "old",
    "new",
    "current",
    "user",
    "users",
    "upn",
    "upns",
    "userprincipalname",
    "sourceupn",
    "destinationupn",
    "targetupn",
    "email",
    "emails",
    "e",
    "mail",
    "mails",
    "address",
    "addresses",
    "name",
    "names",
    "username",
    "full",
    "first",
    "last",
    "display",
    "windows",
    "live",
    "id",
    "ids",
    "account",
    "accounts",
    "login",
    "logon",
    "principal",
    "tenant",
    "identity",
    "primary",
    "quelle",
    "ziel",
];

/// Whether the row is a header. The first one of a file is taken for one more readily than one in the middle.
pub(super) fn is_header(row: &Row, is_first: bool) -> bool {
    let values = || [Some(&row.source), row.destination.as_ref()].into_iter().flatten().map(|value| &*value.text);
    // What spreadsheet programs write to tell each other the separator.
    if row.source.text.to_lowercase().starts_with("sep=") {
        return true;
    }
    if values().any(|text| text.is_empty() || text.contains('@')) {
        return false;
    }
    let is_text = |text: &str| text.chars().all(|letter| letter.is_alphabetic() || matches!(letter, ' ' | '_' | '-'));
    values().all(is_made_of_such_words) || (is_first && row.destination.is_some() && values().all(is_text))
}

fn is_made_of_such_words(text: &str) -> bool {
    /// No header is longer.
    const LONGEST: usize = 60;
    text.len() <= LONGEST && words(text).all(|word| WORDS.contains(&&*word)) && words(text).next().is_some()
}

/// The words of a heading: `source_upn`, `Source UPN` and `SourceUpn` have two.
fn words(text: &str) -> impl Iterator<Item = String> {
    let mut spaced = String::with_capacity(text.len() + 4);
    let mut before = ' ';
    for letter in text.chars() {
        if before.is_lowercase() && letter.is_uppercase() {
            spaced.push(' ');
        }
        spaced.extend(letter.to_lowercase());
        before = letter;
    }
    let words: Vec<String> = spaced.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    words.into_iter()
}

#[cfg(test)]
mod tests {
    use super::super::Value;
    use super::*;

    fn row(source: &str, destination: Option<&str>) -> Row {
        let value = |text: &str| Value { text: text.into(), column: 1 };
        Row { line: 1, source: value(source), destination: destination.map(value), extra: None, end: 1 }
    }

    #[test]
    fn headers_are_told_from_users() {
        for (source, destination, first, later) in [
            ("Source", Some("Destination"), true, true),
            ("source_upn", Some("destination_upn"), true, true),
            ("SourceUpn", Some("TargetUpn"), true, true),
            ("Windows Live ID", None, true, true),
            ("Windows Live ID", Some("Windows Live ID"), true, true),
            ("User principal name", Some("E-Mail"), true, true),
            ("sep=", Some(""), true, true),
            ("Origine", Some("Arrivée"), true, false),
            ("isaac", Some("ingrid"), true, false),
            ("isaac", None, false, false),
            ("isaac1", Some("ingrid"), false, false),
            ("isaac@contoso.com", Some("Destination"), false, false),
            ("", Some("Destination"), false, false),
            ("Source", Some(""), false, false),
            ("---", Some("---"), true, false),
        ] {
            let row = row(source, destination);
            assert_eq!((is_header(&row, true), is_header(&row, false)), (first, later), "{source} {destination:?}");
        }
    }
}

//! The closed vocabularies of the field: each word as it stands in files, with the label that people read.

/// A closed set of words.
pub trait Word: Copy + Eq + Sized + 'static {
    /// What the vocabulary is called in messages: "type", "state", "role".
    const CALLED: &'static str;
    /// Every value, in the order of the articles.
    const ALL: &'static [Self];
    /// The word as it stands in files and on the command line.
    fn word(self) -> &'static str;
    /// The name that people read on screens.
    fn label(self) -> &'static str;
    /// Other spellings that are accepted when reading (ENV-001).
    fn aliases(self) -> &'static [&'static str];

    /// The value that `text` names, ignoring case.
    fn from_word(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.word().eq_ignore_ascii_case(text) || value.aliases().iter().any(|alias| alias.eq_ignore_ascii_case(text)))
    }

    /// The words, for messages that list what is possible.
    fn words() -> Vec<&'static str> {
        Self::ALL.iter().map(|value| value.word()).collect()
    }
}

/// Declares a vocabulary: `Variant = "word" "Label" ["alias"]`.
#[macro_export]
macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident, $called:literal { $($(#[$vmeta:meta])* $variant:ident = $word:literal $label:literal $([$($alias:literal),+])?,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vmeta])* #[doc = $label] $variant,)+ }

        impl $crate::domain::words::Word for $name {
            const CALLED: &'static str = $called;
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            fn word(self) -> &'static str { match self { $(Self::$variant => $word,)+ } }
            fn label(self) -> &'static str { match self { $(Self::$variant => $label,)+ } }
            fn aliases(self) -> &'static [&'static str] { match self { $(Self::$variant => &[$($($alias),+)?],)+ } }
        }
    };
}

/// "1 component", "3 components", "2 policies", "2 mailboxes".
pub fn counted(number: usize, noun: &str) -> String {
    match noun.strip_suffix('y') {
        _ if number == 1 => format!("1 {noun}"),
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{number} {stem}ies"),
        _ if noun.ends_with('x') => format!("{number} {noun}es"),
        _ => format!("{number} {noun}s"),
    }
}

/// A sentence with what stands in braces replaced, each by what it names; what is put in is not looked at again.
pub fn filled(sentence: &str, what: impl Fn(&str) -> String) -> String {
    let mut parts = sentence.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |said, part| match part.split_once('}') {
        Some((name, rest)) => said + &what(name) + rest,
        None => said + "{" + part,
    })
}

/// The first names and how many more.
pub fn list(names: &[&str]) -> String {
    const SHOWN: usize = 4;
    let shown = names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN { format!("{shown} and {} more", names.len() - SHOWN) } else { shown }
}

/// The candidate nearest to what was typed, if one is near enough to be meant (at most a third of the letters differ).
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Longer texts are compared by their beginnings.
    const COMPARED: usize = 64;
    let letters = |text: &str| text.chars().flat_map(char::to_lowercase).take(COMPARED).collect::<Vec<_>>();
    let typed = letters(typed);
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let letters = letters(candidate);
            let far = distance(&typed, &letters);
            (far <= (letters.len().max(typed.len()) / 3).max(1)).then_some((far, candidate))
        })
        .min_by_key(|(far, _)| *far)
        .map(|(_, candidate)| candidate)
}

/// How many letters have to be added, dropped, changed or swapped with their neighbour to get from one text to the other.
pub fn distance(a: &[char], b: &[char]) -> usize {
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let change = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::environment::EnvironmentType;

    #[test]
    fn a_slip_of_the_finger_finds_its_word() {
        let types = ["production", "sandbox", "trial", "teams"];
        for (typed, meant) in [
            ("sandbx", Some("sandbox")),
            ("sandboxx", Some("sandbox")),
            ("sanbdox", Some("sandbox")),
            ("Prodcution", Some("production")),
            ("tems", Some("teams")),
            ("TRIAL", Some("trial")),
            // A third of the letters may differ, not more.
            ("prodxxxion", Some("production")),
            ("proxxxxion", None),
            ("xyz", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, types), meant, "{typed}");
        }
        assert_eq!(nearest("tet", ["text", "test"]), Some("text"), "the first of two that are as near");
        assert_eq!(nearest("x", []), None);
        // What is far too long is compared by its beginning, not refused in quadratic time.
        assert_eq!(nearest(&"x".repeat(1_000_000), ["x"]), None);
    }

    #[test]
    fn both_spellings_of_the_subscription_trial_are_read_in_any_case() {
        for text in ["trial-subscription", "Trial subscription", "Trial (subscription-based)", "SUBSCRIPTION-BASED TRIAL"] {
            assert_eq!(EnvironmentType::from_word(text), Some(EnvironmentType::TrialSubscription), "{text}");
        }
        assert_eq!(EnvironmentType::from_word("sandbx"), None);
        assert_eq!(EnvironmentType::ALL.len(), 9);
    }

    #[test]
    fn one_and_many() {
        for (number, noun, expected) in [
            (0, "component", "0 components"),
            (1, "component", "1 component"),
            (2, "component", "2 components"),
            (1, "policy", "1 policy"),
            (3, "policy", "3 policies"),
            (2, "gateway", "2 gateways"),
            (2, "mailbox", "2 mailboxes"),
            (3, "day", "3 days"),
        ] {
            assert_eq!(counted(number, noun), expected);
        }
    }
}

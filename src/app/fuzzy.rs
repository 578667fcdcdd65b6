//! Fuzzy matching of names, behind one small function so that the matcher can be swapped.

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

/// Matches names against words that were typed: every word must match, scores add up.
pub struct Fuzzy {
    matcher: SkimMatcherV2,
}

impl Default for Fuzzy {
    fn default() -> Self {
        Self { matcher: SkimMatcherV2::default().ignore_case() }
    }
}

/// Which of 64 classes of letters a text contains: a name that lacks a class of the pattern cannot match it.
pub fn letters(text: &str) -> u64 {
    text.chars().fold(0, |set, letter| {
        let lower = letter.to_ascii_lowercase();
        let class = match lower {
            'a'..='z' => u32::from(lower) - u32::from('a'),
            '0'..='9' => 26 + u32::from(lower) - u32::from('0'),
            _ if lower.is_ascii() => 36 + u32::from(lower) % 12,
            _ => 48 + u32::from(lower.to_lowercase().next().unwrap_or(lower)) % 16,
        };
        set | 1 << class
    })
}

impl Fuzzy {
    /// How well `name` matches all words; `None` when one of them does not.
    pub fn score(&self, name: &str, words: &[String]) -> Option<i64> {
        words.iter().try_fold(0, |sum, word| Some(sum + self.matcher.fuzzy_match(name, word)?))
    }

    /// The positions of the letters of `name` that matched, counted in characters, in ascending order.
    pub fn positions(&self, name: &str, words: &[String]) -> Vec<usize> {
        let mut positions: Vec<usize> = words.iter().filter_map(|word| self.matcher.fuzzy_indices(name, word)).flat_map(|(_, indices)| indices).collect();
        positions.sort_unstable();
        positions.dedup();
        positions
    }
}

#[cfg(test)]
mod tests {
    use super::{Fuzzy, letters};

    #[test]
    fn every_word_must_match_and_blanks_are_no_letters() {
        let fuzzy = Fuzzy::default();
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert!(fuzzy.score("Contoso Sales UAT", &words("uat sal")).is_some());
        assert!(fuzzy.score("Contoso Sales UAT", &words("uat dev")).is_none());
        assert_eq!(fuzzy.positions("Contoso Sales", &words("sal")), [8, 9, 10]);
    }

    #[test]
    fn a_name_that_matches_has_all_classes_of_letters() {
        for (name, typed) in [("Contoso Sales", "SAL"), ("Café X", "caf"), ("日本 7", "日7"), ("a-b_c", "-_")] {
            assert_eq!(letters(typed) & !letters(name), 0, "{typed} in {name}");
        }
    }
}

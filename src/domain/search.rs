//! Finds texts by what an admin types: a message letter by letter, words in any order, words that are misspelt.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::domain::pasted::{ErrorCode, Message, Met, Pasted};
use crate::domain::words::nearest;

/// How sure it is that a text is meant; the order is the order in which texts are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// It was named by its id.
    Named,
    /// A message of it was typed, or a part of one.
    Message,
    /// All words stand in it.
    Words,
    /// Most words stand in it, or words like them.
    Near,
}

/// Words that say nothing about what is meant, where there are others.
const IDLE: &[&str] = &[
    "a", "after", "an", "and", "are", "as", "at", "be", "been", "by", "can", "cannot", "cant", "did", "do", "does", "doesnt", "for", "from", "get", "has",
    "have", "how", "i", "if", "im", "in", "is", "isnt", "it", "its", "me", "my", "no", "not", "of", "on", "or", "our", "should", "so", "that", "the", "there",
    "this", "to", "was", "we", "what", "when", "where", "which", "why", "will", "with", "you", "your",
];
/// More words than these say nothing new.
const MOST_WORDS: usize = 60;

/// A text as words in lower case, without the marks that a keyboard or an article writes differently.
pub(super) fn words_of(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in text.chars() {
        match letter {
            // Quotation marks and apostrophes differ from one program to the next and are left out by people.
            '\'' | '"' | '`' | '´' | '‘' | '’' | '‚' | '“' | '”' | '„' | '«' | '»' => {}
            _ if letter.is_alphanumeric() => {
                if let Some(word) = words.last_mut() {
                    word.extend(letter.to_lowercase());
                }
            }
            _ => words.push(String::new()),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Words between blanks, so that " wor" finds the beginning of one and " word " all of it.
fn padded<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut all = String::from(" ");
    for word in texts.into_iter().flat_map(words_of) {
        all.push_str(&word);
        all.push(' ');
    }
    all
}

/// A text that can be found.
#[derive(Debug, Clone)]
pub struct Indexed<T> {
    entry: T,
    id: String,
    messages: Vec<Message>,
    codes: Vec<ErrorCode>,
    wraps: bool,
    title: String,
    wordings: Vec<String>,
    strong: String,
    all: String,
}

impl<T> Indexed<T> {
    /// A text by its id, what it is about (first its title), and all that it says.
    pub fn new(entry: T, id: &str, strong: &[&str], weak: &[&str]) -> Self {
        let title = padded(strong.first().copied());
        let wordings = strong.iter().map(|text| padded([*text])).collect();
        let strong = padded(strong.iter().copied());
        let all = format!("{}{strong}{}", padded([id]), padded(weak.iter().copied()));
        Self { entry, id: padded([id]), messages: Vec::new(), codes: Vec::new(), wraps: false, title, wordings, strong, all }
    }

    /// The same, with the messages that stand in it and their error codes; whether these only wrap another error.
    pub fn seen_as(self, messages: &[Box<str>], codes: &[Box<str>], wraps: bool) -> Self {
        let messages = messages.iter().map(|message| Message::new(message)).collect();
        Self { messages, codes: codes.iter().map(|code| ErrorCode::new(code)).collect(), wraps, ..self }
    }

    /// The best way in which one of its messages or codes stands in what was pasted.
    fn met(&self, pasted: &Pasted) -> Option<Met> {
        let messages = self.messages.iter().filter_map(|message| message.met(pasted, IDLE));
        let codes = self.codes.iter().filter(|code| code.is_in(pasted)).map(|_| Met::Code);
        let met = messages.chain(codes).min();
        if self.wraps { met.map(|_| Met::Around) } else { met }
    }

    /// How well a word fits, if it does.
    fn score(&self, word: &str) -> Option<i64> {
        let (beginning, whole) = (format!(" {word}"), format!(" {word} "));
        [(&self.title, &whole, 12), (&self.strong, &whole, 10), (&self.strong, &beginning, 8), (&self.all, &whole, 4), (&self.all, &beginning, 3)]
            .into_iter()
            .find(|(text, part, _)| text.contains(part.as_str()))
            .map(|(_, _, score)| score)
            .or_else(|| self.strong.contains(word).then_some(2))
            .or_else(|| self.all.contains(word).then_some(1))
    }

    /// How well all words fit, if they do.
    fn score_all(&self, words: &[&str]) -> Option<i64> {
        let sum = words.iter().try_fold(0, |sum, word| Some(sum + self.score(word)?))?;
        let in_id = words.iter().all(|word| self.id.contains(word));
        let together = words.len() > 1 && self.strong.contains(&format!(" {}", words.join(" ")));
        Some(sum + if in_id { 1000 } else { 0 } + if together { 10 } else { 0 })
    }
}

/// A text that was found, in the order in which texts are listed: how sure it is, which part of a message was met, how well the
/// words fit, and its place.
type Hit<T> = (Rank, Option<Met>, Reverse<i64>, usize, T);

/// Texts that can be found.
#[derive(Debug, Clone)]
pub struct Index<T> {
    texts: Vec<Indexed<T>>,
    /// Every word once, for those that are misspelt.
    words: BTreeSet<Box<str>>,
}

impl<T> Default for Index<T> {
    fn default() -> Self {
        Self { texts: Vec::new(), words: BTreeSet::new() }
    }
}

impl<T: Copy> Index<T> {
    /// These texts, the more likely ones first.
    pub fn new(texts: Vec<Indexed<T>>) -> Self {
        let words = texts.iter().flat_map(|text| text.all.split_whitespace()).map(Box::from).collect();
        Self { texts, words }
    }

    /// The texts that are meant, best first; each once. Linear in the texts. A message that was pasted whole is one whatever
    /// stands around it; where several are, the longest comes first.
    pub fn search(&self, typed: &str) -> Vec<(T, Rank)> {
        let pasted = Pasted::new(typed);
        let mut typed = words_of(typed);
        typed.truncate(MOST_WORDS);
        if typed.is_empty() {
            return Vec::new();
        }
        let telling: Vec<&str> = typed.iter().map(String::as_str).filter(|word| !IDLE.contains(word)).collect();
        let words = if telling.is_empty() { typed.iter().map(String::as_str).collect() } else { telling };
        let whole = padded(typed.iter().map(String::as_str));
        let mut found: Vec<Hit<T>> = Vec::new();
        for (place, text) in self.texts.iter().enumerate() {
            // Where one of its names was typed as it stands, it is meant.
            let score = text.score_all(&words).map(|score| score + if text.wordings.contains(&whole) { 2000 } else { 0 });
            let met = text.met(&pasted);
            if met.is_some() || score.is_some() {
                let rank = if met.is_some() { Rank::Message } else { Rank::Words };
                found.push((rank, met, Reverse(score.unwrap_or(0)), place, text.entry));
            }
        }
        if found.is_empty() {
            found = self.near(&words).into_iter().map(|(rank, score, place, entry)| (rank, None, score, place, entry)).collect();
        }
        found.sort_by_key(|(rank, met, score, place, _)| (*rank, *met, *score, *place));
        found.into_iter().map(|(rank, .., entry)| (entry, rank)).collect()
    }

    /// Texts in which words like these stand, or most of them.
    fn near(&self, words: &[&str]) -> Vec<(Rank, Reverse<i64>, usize, T)> {
        const LISTED: usize = 12;
        let meant: Vec<&str> = words.iter().filter_map(|word| self.spelt_right(word)).collect();
        let all = |words: &[&str]| -> Vec<(Rank, Reverse<i64>, usize, T)> {
            let scored = self.texts.iter().enumerate().filter_map(|(place, text)| Some((Rank::Near, Reverse(text.score_all(words)?), place, text.entry)));
            scored.collect()
        };
        if meant.len() == words.len() {
            let found = all(&meant);
            if !found.is_empty() {
                return found;
            }
        }
        // Two words out of three that are known say more than nothing; one out of two does not.
        let enough = (meant.len() * 2).div_ceil(3).max(1);
        let mut most: Vec<(Rank, Reverse<i64>, usize, T)> = Vec::new();
        for (place, text) in self.texts.iter().enumerate() {
            let scores: Vec<i64> = meant.iter().filter_map(|word| text.score(word)).collect();
            if scores.len() >= enough {
                // One word more counts for more than where the others stand.
                let score = scores.iter().sum::<i64>() + 20 * i64::try_from(scores.len()).unwrap_or(0);
                most.push((Rank::Near, Reverse(score), place, text.entry));
            }
        }
        most.sort_by_key(|(_, score, place, _)| (*score, *place));
        most.truncate(LISTED);
        most
    }

    /// The word itself where it stands in a text, at least as a part; else the one that is spelt most like it.
    fn spelt_right<'a>(&'a self, word: &'a str) -> Option<&'a str> {
        const SHORTEST: usize = 4;
        if self.texts.iter().any(|text| text.all.contains(word)) {
            return Some(word);
        }
        // A number is not misspelt, it is another one.
        if word.len() < SHORTEST || word.bytes().any(|letter| letter.is_ascii_digit()) {
            return None;
        }
        let alike = self.words.iter().map(|known| &**known).filter(|known| known.len().abs_diff(word.len()) <= word.len() / 3 && known.len() >= SHORTEST);
        nearest(word, alike)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index<&'static str> {
        let text = |name: &'static str, messages: &[&str], strong: &[&str], weak: &str| {
            let messages: Vec<Box<str>> = messages.iter().map(|message| (*message).into()).collect();
            let all: Vec<&str> = strong.iter().copied().chain(messages.iter().map(AsRef::as_ref)).collect();
            Indexed::new(name, name, &all, &[weak]).seen_as(&messages, &[], false)
        };
        Index::new(vec![
            text("expired", &["Event expired in the 'Ready' state"], &["Send for Fulfillment does not trigger"], "Delete the provider and install it again."),
            text("line", &["Line '{n}' have the same '{email}'"], &["Duplicate line in the mapping file"], "Keep one of them."),
            text("created", &["The [backup name] backup was successfully created."], &["When is a manual backup done"], "That message says so."),
            text("flows", &[], &["Flows after a copy"], "Solution flows are off; enable the ones you need once the event was checked in the ready state."),
            text("CPY-005", &[], &[], "A production environment can never be a copy target."),
        ])
    }

    fn found(typed: &str) -> Vec<(&'static str, Rank)> {
        index().search(typed)
    }

    fn first(typed: &str) -> Option<(&'static str, Rank)> {
        found(typed).into_iter().next()
    }

    #[test]
    fn a_message_is_found_whatever_stands_around_it_and_however_it_is_quoted() {
        for typed in [
            "Event expired in the 'Ready' state",
            "EVENT EXPIRED IN THE “READY” STATE",
            "expired in the ready st",
            "error 42: Event expired in the ‘Ready’ state. Correlation 1a-2b",
            "event expired",
        ] {
            assert_eq!(first(typed), Some(("expired", Rank::Message)), "{typed}");
        }
    }

    #[test]
    fn what_stands_in_the_place_of_a_placeholder_does_not_matter() {
        for (typed, expected) in [
            ("Line '3' have the same 'isaac@contoso.com'", "line"),
            ("Line 3 have the", "line"),
            ("The Before 9.2 upgrade backup was successfully created.", "created"),
            ("backup was successfully", "created"),
        ] {
            assert_eq!(first(typed), Some((expected, Rank::Message)), "{typed}");
        }
        // A placeholder alone is no message.
        assert_ne!(first("line nine").map(|(_, rank)| rank), Some(Rank::Message));
    }

    #[test]
    fn words_are_found_in_any_order_and_where_they_weigh_most_first() {
        assert_eq!(first("copy flows"), Some(("flows", Rank::Words)));
        assert_eq!(first("why are my flows off"), Some(("flows", Rank::Words)));
        assert_eq!(found("copy").iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["flows", "CPY-005"]);
        assert_eq!(first("cpy"), Some(("CPY-005", Rank::Words)));
    }

    #[test]
    fn what_is_misspelt_comes_near() {
        assert_eq!(first("flwos copy"), Some(("flows", Rank::Near)));
        assert_eq!(first("provider install again zebra"), Some(("expired", Rank::Near)));
        assert!(found("xyzzy").is_empty() && found("").is_empty() && found("'?").is_empty());
    }

    #[test]
    fn a_long_paste_is_looked_for_in_no_time() {
        let paste = "the event line have same ".repeat(10_000);
        assert!(found(&paste).len() <= 5);
    }
}

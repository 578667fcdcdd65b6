//! Messages as programs print them: what stands for something else in them, how they break, and whether one holds another.

use super::search::words_of;

/// What a placeholder of a message stands for at most, in words.
const PLACEHOLDER: usize = 12;
/// What it stands for at most where lines broke inside of words, in letters.
const PLACEHOLDER_LETTERS: usize = 300;
/// A message with fewer letters than these is not looked for across broken words: something else could be spelt so.
const ENOUGH_LETTERS: usize = 24;
/// A message of fewer words is met by chance.
const ENOUGH_WORDS: usize = 2;
/// A part from the middle of a message says as little with fewer words.
const ENOUGH_IN_THE_MIDDLE: usize = 3;
/// So many words from the beginning of a message are a part of it, whatever stands around them, if they are half of it.
const ENOUGH_AMONG_OTHERS: usize = 6;
/// Of a paste no more words are read than these: a page of JSON has some hundred.
const MOST_WORDS: usize = 6000;
/// What stands for an address, a GUID or an instant: no word is written so.
const THING: &str = "\u{0}";

/// What was pasted, in the form in which messages are compared with it.
pub struct Pasted {
    words: Vec<String>,
    /// The same without any gap, where there are lines that could have broken inside of a word.
    letters: Option<String>,
}

impl Pasted {
    /// Reads a paste: what JSON escapes is what it stands for, and an address, a GUID or an instant is one word.
    pub fn new(text: &str) -> Self {
        let text = unescaped(text);
        let is_end = |letter: char| letter.is_whitespace() || matches!(letter, '<' | '>' | '[' | ']' | '(' | ')' | '{' | '}' | ',' | ';' | '|');
        let mut words = Vec::new();
        for part in text.split(is_end) {
            let trimmed = part.trim_matches(|letter: char| !letter.is_alphanumeric());
            if is_thing(trimmed) {
                words.push(THING.to_owned());
            } else {
                words.extend(words_of(part));
            }
            if words.len() >= MOST_WORDS {
                break;
            }
        }
        let breaks = text.trim().contains(['\n', '\r']);
        let letters = breaks.then(|| words_of(&text).concat());
        Self { words, letters }
    }
}

/// Whether it is an address, a GUID or an instant.
fn is_thing(text: &str) -> bool {
    let is_guid = || {
        let parts: Vec<&str> = text.split('-').collect();
        let digits = |part: &&str| part.bytes().all(|letter| letter.is_ascii_hexdigit() || matches!(letter, b'x' | b'X'));
        parts.len() == 5 && parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]) && parts.iter().all(digits)
    };
    let is_instant = || text.starts_with(|first: char| first.is_ascii_digit()) && text.contains(':') && (text.contains('T') || text.contains('-'));
    text.contains("://") || is_guid() || is_instant()
}

/// A text without the escapes of JSON, however often it was put into another string.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            plain.push(letter);
            continue;
        }
        while letters.next_if_eq(&'\\').is_some() {}
        match letters.peek() {
            Some('n' | 'r') => {
                letters.next();
                plain.push('\n');
            }
            Some('t') => {
                letters.next();
                plain.push(' ');
            }
            Some('u') => {
                let code: String = letters.clone().skip(1).take(4).collect();
                match u32::from_str_radix(&code, 16).ok().filter(|_| code.len() == 4).and_then(char::from_u32) {
                    Some(meant) => {
                        letters.nth(4);
                        plain.push(meant);
                    }
                    None => plain.push(' '),
                }
            }
            // What is escaped stands for itself.
            Some(_) | None => {}
        }
    }
    plain
}

/// A word of a message, or a place in which anything stands.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Anything,
}

/// How a message was met; the order is the order in which answers are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Met {
    /// All of it stands there; of two that do, the one with more letters of its own says more.
    Whole(std::cmp::Reverse<usize>),
    /// Its error code stands there.
    Code,
    /// A part of it does, from its beginning on.
    Beginning,
    /// A part of it does, from its middle.
    Middle,
    /// It only wraps another error, which would say more.
    Around,
}

/// A message that is known.
#[derive(Debug, Clone)]
pub struct Message {
    tokens: Vec<Token>,
    /// Whether it begins with something of which only the place is known.
    is_led: bool,
    /// What stands between placeholders, without gaps.
    runs: Vec<String>,
    letters: usize,
}

impl Message {
    /// A message in which `{n}` and `[name]` stand for anything.
    pub fn new(message: &str) -> Self {
        let mut tokens = Vec::new();
        let mut runs = Vec::new();
        let mut rest = message;
        loop {
            let split = rest.split_once(['{', '[']);
            let before = words_of(split.map_or(rest, |(before, _)| before));
            runs.push(before.concat());
            tokens.extend(before.into_iter().map(Token::Word));
            let Some((_, after)) = split else { break };
            tokens.push(Token::Anything);
            rest = after.split_once(['}', ']']).map_or("", |(_, rest)| rest);
        }
        // What stands before it or behind it is not looked at.
        let from = tokens.iter().position(|token| *token != Token::Anything).unwrap_or(tokens.len());
        tokens.drain(..from);
        let is_led = from > 0;
        while tokens.last() == Some(&Token::Anything) {
            tokens.pop();
        }
        runs.retain(|run| !run.is_empty());
        let letters = runs.iter().map(String::len).sum();
        Self { tokens, is_led, runs, letters }
    }

    /// How much of it stands in what was pasted. `idle` words alone do not make a part.
    pub fn met(&self, pasted: &Pasted, idle: &[&str]) -> Option<Met> {
        let words = self.tokens.iter().filter(|token| **token != Token::Anything).count();
        if words < ENOUGH_WORDS {
            return None;
        }
        let mut starts = (0..pasted.words.len()).filter_map(|from| pasted.words.get(from..));
        if starts.any(|typed| stands_in(&self.tokens, typed)) || self.stands_across_lines(pasted) {
            return Some(Met::Whole(std::cmp::Reverse(self.letters)));
        }
        let telling = pasted.words.iter().filter(|word| *word != THING && !idle.contains(&word.as_str())).count();
        let enough = |from: usize| if from == 0 { ENOUGH_WORDS } else { ENOUGH_IN_THE_MIDDLE };
        // Whoever pastes a part pastes no more than the whole.
        let fits = pasted.words.len() <= words + PLACEHOLDER * (self.tokens.len() - words);
        // A part among other words has to be more than what many messages begin with.
        let among = (0..pasted.words.len()).filter_map(|from| pasted.words.get(from..)).map(|typed| begins(&self.tokens, typed, 0)).max();
        if among.is_some_and(|met| met >= ENOUGH_AMONG_OTHERS && met * 2 >= words) {
            return Some(Met::Beginning);
        }
        let led = (1..=PLACEHOLDER).filter(|_| self.is_led && fits).filter_map(|by| pasted.words.get(by..));
        if led.into_iter().any(|typed| is_part(&self.tokens, typed, 0, ENOUGH_IN_THE_MIDDLE)) {
            return Some(Met::Beginning);
        }
        let part = (0..self.tokens.len()).filter(|_| fits && telling >= ENOUGH_WORDS).find(|from| {
            let tokens = self.tokens.get(*from..).unwrap_or_default();
            matches!(tokens.first(), Some(Token::Word(_))) && is_part(tokens, &pasted.words, 0, enough(*from))
        });
        part.map(|from| if from == 0 { Met::Beginning } else { Met::Middle })
    }

    /// Whether it stands there, where lines end inside of words.
    fn stands_across_lines(&self, pasted: &Pasted) -> bool {
        let Some(letters) = pasted.letters.as_deref().filter(|_| self.letters >= ENOUGH_LETTERS) else { return false };
        let Some((first, others)) = self.runs.split_first() else { return false };
        letters.match_indices(first.as_str()).any(|(at, found)| {
            others
                .iter()
                .try_fold(at + found.len(), |from, run| {
                    let gap = letters.get(from..)?.find(run.as_str()).filter(|gap| *gap <= PLACEHOLDER_LETTERS)?;
                    Some(from + gap + run.len())
                })
                .is_some()
        })
    }
}

/// Whether typed words begin with all of a message.
fn stands_in(message: &[Token], typed: &[String]) -> bool {
    match (message, typed) {
        ([], _) => true,
        ([Token::Anything, rest @ ..], _) => (0..=typed.len().min(PLACEHOLDER)).any(|taken| stands_in(rest, typed.get(taken..).unwrap_or_default())),
        ([Token::Word(word), rest @ ..], [first, typed @ ..]) => word == first && stands_in(rest, typed),
        ([Token::Word(_), ..], []) => false,
    }
}

/// Whether typed words are the beginning of a message, the last one perhaps unfinished. `met` counts its own words on the way:
/// with fewer than `enough`, placeholders would make anything fit.
fn is_part(message: &[Token], typed: &[String], met: usize, enough: usize) -> bool {
    match (message, typed) {
        (_, []) => met >= enough,
        ([], _) => false,
        // Where a paste ends inside of a placeholder, what stands there is a word or two: more could be another sentence.
        ([Token::Anything, ..], [_] | [_, _]) if met >= enough => true,
        ([Token::Anything, rest @ ..], _) => {
            let most = typed.len().saturating_sub(1).min(PLACEHOLDER);
            (0..=most).any(|taken| is_part(rest, typed.get(taken..).unwrap_or_default(), met, enough))
        }
        ([Token::Word(word), ..], [last]) => word.starts_with(last.as_str()) && met + 1 >= enough,
        ([Token::Word(word), rest @ ..], [first, typed @ ..]) => word == first && is_part(rest, typed, met + 1, enough),
    }
}

/// How many words of a message stand at the beginning of typed ones, one behind the other.
fn begins(message: &[Token], typed: &[String], met: usize) -> usize {
    match (message, typed) {
        ([], _) | (_, []) => met,
        ([Token::Anything, rest @ ..], _) => {
            (0..=typed.len().min(PLACEHOLDER)).map(|taken| begins(rest, typed.get(taken..).unwrap_or_default(), met)).max().unwrap_or(met)
        }
        ([Token::Word(word), rest @ ..], [first, typed @ ..]) if word == first => begins(rest, typed, met + 1),
        ([Token::Word(_), ..], _) => met,
    }
}

/// An error code, which is met only as a whole.
#[derive(Debug, Clone)]
pub struct ErrorCode(Vec<String>);

impl ErrorCode {
    /// A code such as `OperationNotStartable`, `InsufficientCapacity_StorageDriven` or `0x8004A104`.
    pub fn new(code: &str) -> Self {
        Self(words_of(code))
    }

    /// Whether it stands in what was pasted.
    pub fn is_in(&self, pasted: &Pasted) -> bool {
        !self.0.is_empty() && pasted.words.windows(self.0.len()).any(|words| words == self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(message: &str, pasted: &str) -> Option<Met> {
        Message::new(message).met(&Pasted::new(pasted), &["the", "be", "in"])
    }

    #[test]
    fn addresses_guids_and_instants_are_one_thing_each() {
        let message = "The service principal {id} does not have permission to access the path '{url}' in tenant {id}";
        for pasted in [
            "the service principal '8ce5a10d-0000-4000-8000-000000000001' does not have permission to access the path \
             'https://10.0.7.17:20054/providers/Microsoft.BusinessAppPlatform/scopes/admin/environments?`$expand=permissions&api-version=2020-08-01' in tenant x",
            "The service principal *** does not have permission to access the path '***' in tenant ***.",
        ] {
            assert!(matches!(met(message, pasted), Some(Met::Whole(_))), "{pasted}");
        }
    }

    #[test]
    fn escapes_of_json_and_lines_that_break_inside_of_words_do_not_matter() {
        let message = "The environment '{id}' could not be found in the tenant '{id}'.";
        for pasted in [
            r#"{\"error\":{\"code\":\"EnvironmentNotFound\",\"message\":\"The environment '' could not be found in the tenant '7742'.\"}}"#,
            r"Message:\nThe environment \u0027a b\u0027 could not be found in the tenant \u0027c\u0027.",
            "The environment '3b1f6d5e-0000-4000-80\n00-000000000001' could not be fou\nnd in the ten\r\nant 'c'",
        ] {
            assert!(matches!(met(message, pasted), Some(Met::Whole(_))), "{pasted}");
        }
    }

    #[test]
    fn a_part_is_one_only_with_words_that_say_something() {
        let message = "The environment could not be found in the tenant.";
        assert_eq!(met(message, "the environment cou"), Some(Met::Beginning));
        assert_eq!(met(message, "not be found"), Some(Met::Middle));
        for pasted in ["the", "be found", "in the tenant", "The environment could not be loaded in the tenant", "\\", "\\u00"] {
            assert_eq!(met(message, pasted), None, "{pasted}");
        }
    }

    #[test]
    fn a_code_is_met_as_a_whole_and_in_whatever_case() {
        let code = ErrorCode::new("InsufficientCapacity_StorageDriven");
        assert!(code.is_in(&Pasted::new(r#"{"code":"insufficientcapacity_storagedriven"}"#)));
        assert!(!code.is_in(&Pasted::new("InsufficientCapacity StorageDrivenBy")));
    }
}

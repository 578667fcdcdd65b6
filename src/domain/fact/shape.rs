//! What an answer can be: read from what a person typed, with what is expected instead where it does not fit.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use super::RETENTIONS;
use super::answer::Answer;
use crate::domain::environment::FinanceOperations;
use crate::domain::gigabytes::Gigabytes;
use crate::domain::journal::Value;
use crate::domain::time;
use crate::domain::words::{Word, nearest};

/// What an answer can be.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Yes or no.
    Flag,
    /// A word of a vocabulary.
    Word(Vocabulary),
    /// Some words of a vocabulary.
    Words(Vocabulary),
    /// An instant.
    Instant,
    /// A whole number up to this one.
    Whole(u32),
    /// One of [`RETENTIONS`].
    Days,
    /// A size.
    Gigabytes,
    /// Any text.
    Text,
    /// Any texts.
    Texts,
    /// That it is there; what belongs to it has fields of its own.
    There,
    /// The name of a key, or that there is one.
    Key,
    /// How a finance and operations half is managed and what type it is, as far as that is known.
    Half,
    /// That there is none; what there is fits into no line and belongs into the snapshot.
    OnlyNone,
    /// Nothing: its parts are answered one by one.
    InParts,
}

/// A closed vocabulary, whichever it is.
#[derive(Debug, Clone, Copy)]
pub struct Vocabulary {
    called: &'static str,
    words: fn() -> Vec<&'static str>,
    find: fn(&str) -> Option<&'static str>,
}

impl Vocabulary {
    pub(super) const fn of<W: Word>() -> Self {
        Self { called: W::CALLED, words: W::words, find: |text| W::from_word(text).map(Word::word) }
    }

    fn word(self, text: &str) -> Result<&'static str, String> {
        (self.find)(text).ok_or_else(|| {
            let words = (self.words)();
            let meant = nearest(text, words.iter().copied());
            let meant = meant.map_or_else(|| format!("known are {}", words.join(", ")), |near| format!("did you mean \"{near}\"?"));
            format!("unknown {} \"{text}\", {meant}", self.called)
        })
    }
}

/// What can be answered about a field, whoever it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Its name, as in the snapshot; what stands inside a map is named with a dot.
    pub name: &'static str,
    /// What the answer can be.
    pub kind: Kind,
    /// Whether there can be none of it.
    pub none: bool,
}

/// An instant as people type it: RFC 3339, to the minute, or a day; UTC where nothing else is said.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    let plain = text.trim_end_matches(['Z', 'z']).trim_end();
    let minute = || ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"].iter().find_map(|form| NaiveDateTime::parse_from_str(plain, form).ok());
    let day = || NaiveDate::parse_from_str(plain, "%Y-%m-%d").ok().map(|day| day.and_time(NaiveTime::MIN));
    time::parse(text).or_else(|| minute().or_else(day).map(|instant| instant.and_utc()))
}

impl Shape {
    /// What is expected, in words that stand behind "expected".
    pub fn expected(&self) -> String {
        self.expected_as("yes", "no")
    }

    pub(super) fn expected_as(&self, yes: &str, no: &str) -> String {
        let expected = match self.kind {
            Kind::Flag => format!("{yes} or {no}"),
            Kind::Word(vocabulary) => format!("one of {}", (vocabulary.words)().join(", ")),
            Kind::Words(vocabulary) => format!("some of {}, with commas between them, or none", (vocabulary.words)().join(", ")),
            Kind::Instant | Kind::Gigabytes | Kind::Whole(_) | Kind::Text => format!("{} such as {}", self.called(), self.example()),
            Kind::Texts => format!("names with commas between them such as {}, or none", self.example()),
            Kind::Days => "7, 14, 21 or 28 days".to_owned(),
            Kind::There => yes.to_owned(),
            Kind::Key => format!("its name, {yes} where that is unknown"),
            Kind::Half => format!("lcs or unified, production or sandbox, or both such as lcs production, {yes} where neither is known"),
            Kind::OnlyNone => "none, if there is none; what there is has to be written into the snapshot".to_owned(),
            Kind::InParts => format!("its parts one by one, such as {}", self.example()),
        };
        if self.none { format!("{expected}, or none") } else { expected }
    }

    const fn called(&self) -> &'static str {
        match self.kind {
            Kind::Instant => "an instant",
            Kind::Gigabytes => "a number of gigabytes",
            Kind::Whole(_) => "a whole number",
            Kind::Flag
            | Kind::Word(_)
            | Kind::Words(_)
            | Kind::Days
            | Kind::Text
            | Kind::Texts
            | Kind::There
            | Kind::Key
            | Kind::Half
            | Kind::OnlyNone
            | Kind::InParts => "a text",
        }
    }

    /// An answer that is possible; of what is answered in parts, one of them.
    pub fn example(&self) -> &'static str {
        match (self.kind, self.name) {
            (Kind::Flag | Kind::There | Kind::Key, _) => "yes",
            (Kind::Word(vocabulary) | Kind::Words(vocabulary), _) => (vocabulary.words)().first().copied().unwrap_or_default(),
            (Kind::Instant, _) => "2026-01-05 09:00Z",
            (Kind::Whole(_), _) => "14",
            (Kind::Days, _) => "28",
            (Kind::Gigabytes, _) => "420.25",
            (Kind::Half, _) => "lcs production",
            (Kind::OnlyNone, _) => "none",
            (Kind::Text, "region") => "emea",
            (Kind::Text, "url") => "https://contoso.crm4.dynamics.com",
            (Kind::Text, "domain") => "contoso.onmicrosoft.com",
            (Kind::Text, "dataverse.version") => "9.2.25112.00206",
            (Kind::Text, "finance_operations.application_build") => "10.0.44",
            (Kind::Text, "customer_managed_key.name") => "key-a",
            (Kind::Text, _) => "771c41ae-3218-4492-a2a3-f5b7aae8ec3d",
            (Kind::Texts, "users") => "isaac@contoso.com, lena@contoso.com",
            (Kind::Texts, _) => "Sales, Customer Service",
            (Kind::InParts, "licences") => "licences.total",
            (Kind::InParts, _) => "capacity_gb.entitled",
        }
    }

    /// The answer that was typed, or what is expected instead.
    pub fn parse(&self, text: &str) -> Result<Value, String> {
        let text = text.trim();
        let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
        let wrong = || Err(format!("expected {}, found \"{text}\"", self.expected()));
        let none = is(&["none"]);
        if text.is_empty() || is(&["unknown"]) {
            return Err(format!("expected {}", self.expected()));
        }
        if none && self.none {
            return Ok(Value::Nothing);
        }
        let there = is(&["yes", "y", "true"]);
        let list = || text.split(',').map(str::trim).filter(|item| !item.is_empty());
        match self.kind {
            Kind::Words(_) | Kind::Texts | Kind::OnlyNone if none => Ok(Value::List(Vec::new())),
            Kind::Flag if there || is(&["on"]) => Ok(Value::Flag(true)),
            Kind::Flag if is(&["no", "n", "false", "off"]) => Ok(Value::Flag(false)),
            Kind::There | Kind::Key | Kind::Half if there => Ok(Value::Flag(true)),
            Kind::Word(vocabulary) => Ok(Value::Text(vocabulary.word(text)?.into())),
            Kind::Words(vocabulary) => Ok(Value::List(list().map(|word| vocabulary.word(word).map(Into::into)).collect::<Result<_, _>>()?)),
            Kind::Instant => instant(text).map_or_else(wrong, |instant| Ok(instant.write())),
            Kind::Whole(most) => text.parse::<u32>().ok().filter(|number| *number <= most).map_or_else(wrong, |number| Ok(number.write())),
            Kind::Days => {
                let number = text.trim_end_matches("days").trim_end();
                number.parse().ok().filter(|days| RETENTIONS.contains(days)).map_or_else(wrong, |days: u16| Ok(days.write()))
            }
            Kind::Gigabytes => {
                let number = text.strip_suffix("GB").or_else(|| text.strip_suffix("gb")).unwrap_or(text).trim_end();
                Gigabytes::read(&Value::Text(number.into())).map_or_else(wrong, |size| Ok(size.write()))
            }
            Kind::Text | Kind::Key if !none => Ok(Value::Text(text.into())),
            Kind::Texts if list().next().is_some() => Ok(Value::List(list().map(Into::into).collect())),
            Kind::Half => Box::<FinanceOperations>::read(&Value::Text(text.into())).map_or_else(wrong, |half| Ok(half.write())),
            Kind::Flag | Kind::Text | Kind::Texts | Kind::There | Kind::Key | Kind::OnlyNone | Kind::InParts => wrong(),
        }
    }
}

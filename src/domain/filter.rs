//! Filter expressions: words of the name, and terms such as `type:sandbox` or `managed:yes`.

use crate::domain::environment::{Environment, EnvironmentState, EnvironmentType};
use crate::domain::known::Known;
use crate::domain::rulebook::Rulebook;
use crate::domain::words::{Word, nearest};

/// What is wrong with a filter expression, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterError(pub String);

/// A fact about an environment that is yes, no or unknown.
type Fact = fn(&Environment) -> Known<bool>;

/// The yes-or-no terms, with what they ask.
const FLAGS: &[(&str, Fact)] = &[
    ("managed", |e| e.managed),
    ("d365", Environment::has_dynamics_365),
    ("linked", Environment::is_linked),
    ("admin-mode", |e| e.admin_mode),
    ("background", |e| e.background_operations),
    ("deleted", Environment::is_deleted),
    ("dataverse", Environment::has_database),
    ("cmk", |e| e.customer_managed_key.as_ref().map(Option::is_some)),
    ("iom", Environment::has_order_management),
];

/// Every word that can stand before a colon.
pub fn keys() -> impl Iterator<Item = &'static str> {
    ["type", "state", "region", "tenant"].into_iter().chain(FLAGS.iter().map(|(key, _)| *key))
}

#[derive(Debug, Clone, PartialEq)]
enum Term {
    Kind(Vec<EnvironmentType>, bool),
    State(Vec<EnvironmentState>, bool),
    Region(String),
    Tenant(String),
    Flag(usize, Option<bool>),
}

/// A filter: every word and every term must match.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    /// The words that the name must contain; how loosely is up to who asks.
    pub words: Vec<String>,
    terms: Vec<Term>,
}

impl Filter {
    /// Reads an expression such as `sales type:sandbox,preview region:emea managed:yes linked:`.
    ///
    /// A yes-or-no term without a value means yes; a term whose value is still being typed accepts every beginning.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let mut filter = Self::default();
        for part in text.split_whitespace() {
            match part.split_once(':') {
                None => filter.words.push(part.to_lowercase()),
                Some((key, value)) => {
                    if let Some(term) = term(&key.to_lowercase(), value)? {
                        filter.terms.push(term);
                    }
                }
            }
        }
        Ok(filter)
    }

    /// True when nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.terms.is_empty()
    }

    /// Whether the environment passes the terms; words are not looked at.
    pub fn passes(&self, environment: &Environment, tenant: &str, rulebook: &Rulebook) -> bool {
        self.terms.iter().all(|term| match term {
            Term::Kind(kinds, unknown) => match environment.kind {
                Known::Is(kind) => kinds.contains(&kind),
                Known::Unknown => *unknown,
            },
            Term::State(states, unknown) => match environment.state {
                Known::Is(state) => states.contains(&state),
                Known::Unknown => *unknown,
            },
            Term::Region(asked) => match &environment.region {
                Known::Is(region) => {
                    let beginning = |name: &str| name.get(..asked.len()).is_some_and(|start| start.eq_ignore_ascii_case(asked));
                    beginning(region) || beginning(rulebook.region(region)) || rulebook.same_region(region, asked)
                }
                Known::Unknown => "unknown".starts_with(asked.as_str()),
            },
            Term::Tenant(asked) => tenant.to_lowercase().contains(asked),
            Term::Flag(index, asked) => FLAGS.get(*index).is_some_and(|(_, fact)| match fact(environment) {
                Known::Is(value) => *asked == Some(value),
                Known::Unknown => asked.is_none(),
            }),
        })
    }

    /// Whether every word is part of the name, ignoring case.
    pub fn is_in(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        self.words.iter().all(|word| name.contains(word.as_str()))
    }
}

fn term(key: &str, value: &str) -> Result<Option<Term>, FilterError> {
    let lower = value.to_lowercase();
    match key {
        "type" => {
            let badge = |word: &str| EnvironmentType::ALL.iter().copied().find(|kind| kind.badge().eq_ignore_ascii_case(word));
            words(&lower, badge).map(|found| found.map(|(kinds, unknown)| Term::Kind(kinds, unknown)))
        }
        "state" => words(&lower, |_| None).map(|found| found.map(|(states, unknown)| Term::State(states, unknown))),
        "region" => Ok((!lower.is_empty()).then_some(Term::Region(lower))),
        "tenant" => Ok((!lower.is_empty()).then_some(Term::Tenant(lower))),
        _ => {
            let Some(index) = FLAGS.iter().position(|(flag, _)| *flag == key) else {
                let meant = nearest(key, keys())
                    .map_or_else(|| format!("known are {}", keys().collect::<Vec<_>>().join(", ")), |near| format!("did you mean `{near}:`?"));
                return Err(FilterError(format!("there is no filter `{key}:`; {meant}")));
            };
            let asked = [("yes", Some(true)), ("true", Some(true)), ("no", Some(false)), ("false", Some(false)), ("unknown", None)];
            match asked.iter().find(|(word, _)| word.starts_with(&lower)) {
                Some((_, asked)) => Ok(Some(Term::Flag(index, *asked))),
                None => Err(FilterError(format!("`{key}:` takes yes, no or unknown, not `{value}`"))),
            }
        }
    }
}

/// The values that a comma-separated list of beginnings names, and whether "unknown" is among them.
fn words<W: Word>(text: &str, other: impl Fn(&str) -> Option<W>) -> Result<Option<(Vec<W>, bool)>, FilterError> {
    let (mut found, mut unknown) = (Vec::new(), false);
    for word in text.split(',').filter(|word| !word.is_empty()) {
        if let Some(exact) = W::from_word(word).or_else(|| other(word)) {
            found.push(exact);
            continue;
        }
        let before = found.len();
        found.extend(W::ALL.iter().copied().filter(|value| value.word().starts_with(word)));
        if "unknown".starts_with(word) {
            unknown = true;
        } else if found.len() == before {
            let meant = nearest(word, W::words()).map_or_else(|| format!("known are {}", W::words().join(", ")), |near| format!("did you mean `{near}`?"));
            return Err(FilterError(format!("there is no {} `{word}`; {meant}", W::CALLED)));
        }
    }
    Ok((!found.is_empty() || unknown).then_some((found, unknown)))
}

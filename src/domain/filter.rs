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

/// What a yes-or-no term takes: the words of the snapshot, of the command line and of the details, which all mean the same.
const ANSWERS: &[(&str, Option<bool>)] =
    &[("yes", Some(true)), ("on", Some(true)), ("true", Some(true)), ("no", Some(false)), ("off", Some(false)), ("false", Some(false)), ("unknown", None)];

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
    Flag(usize, Vec<Option<bool>>),
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
    /// A yes-or-no term without a value means yes, another term without one asks nothing; a term whose value is still being
    /// typed accepts every beginning, so `o` means both on and off.
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
                Known::Is(value) => asked.contains(&Some(value)),
                Known::Unknown => asked.contains(&None),
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
            if lower.is_empty() {
                return Ok(Some(Term::Flag(index, vec![Some(true)])));
            }
            let mut asked: Vec<_> = ANSWERS.iter().filter(|(word, _)| word.starts_with(&lower)).map(|(_, asked)| *asked).collect();
            // All of a word before its beginning.
            if let Some((_, exact)) = ANSWERS.iter().find(|(word, _)| *word == lower) {
                asked = vec![*exact];
            }
            if asked.is_empty() {
                return Err(FilterError(format!("`{key}:` takes yes or no, on or off, true or false, or unknown, not `{value}`")));
            }
            Ok(Some(Term::Flag(index, asked)))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::environment::{CustomerManagedKey, Dataverse, EnvironmentId};
    use crate::domain::tenant::TenantKey;

    /// An environment of that type about which nothing else is known.
    fn of_type(kind: Known<EnvironmentType>) -> Environment {
        let mut e = Environment::unexplored(TenantKey(0), EnvironmentId::new("e"), "Contoso Sales".into());
        e.kind = kind;
        e
    }

    #[track_caller]
    fn passes(filter: &str, environment: &Environment) -> bool {
        let rulebook = crate::files::rulebook::built_in().unwrap().articles;
        Filter::parse(filter).unwrap_or_else(|error| panic!("{filter}: {}", error.0)).passes(environment, "Contoso Ltd", &rulebook)
    }

    /// The values that pass, by their words; unknown last.
    fn that_pass<W: Word>(filter: &str, set: impl Fn(&mut Environment, Known<W>)) -> String {
        let known = W::ALL.iter().map(|value| (Known::Is(*value), value.word()));
        let found = known.chain([(Known::Unknown, "unknown")]).filter(|(value, _)| {
            let mut e = of_type(Known::Unknown);
            set(&mut e, *value);
            passes(filter, &e)
        });
        found.map(|(_, word)| word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn types_by_word_badge_alias_beginning_and_list() {
        for (filter, expected) in [
            ("type:sandbox", "sandbox"),
            ("TYPE:Sandbox", "sandbox"),
            ("type:SBX", "sandbox"),
            ("type:trs", "trial-subscription"),
            ("type:subscription-trial", "trial-subscription"),
            // All of a word before its beginning, and every beginning while it is typed.
            ("type:trial", "trial"),
            ("type:tria", "trial trial-subscription"),
            ("type:p", "production preview"),
            ("type:de", "developer default demo"),
            ("type:unknown", "unknown"),
            ("type:un", "unknown"),
            ("type:sandbox,preview", "sandbox preview"),
            ("type:sandbox,", "sandbox"),
            ("type:dev,unknown", "developer unknown"),
            ("type:", "production sandbox preview developer teams default trial trial-subscription demo unknown"),
            ("type:sandbox type:preview", ""),
        ] {
            assert_eq!(that_pass::<EnvironmentType>(filter, |e, kind| e.kind = kind), expected, "{filter}");
        }
    }

    #[test]
    fn states_by_word_beginning_and_list() {
        for (filter, expected) in [
            ("state:ready", "ready"),
            ("state:r", "ready running"),
            ("state:failed,disabled", "failed disabled"),
            ("state:u", "unknown"),
            ("state:", "ready preparing running failed disabled unknown"),
        ] {
            assert_eq!(that_pass::<EnvironmentState>(filter, |e, state| e.state = state), expected, "{filter}");
        }
    }

    #[test]
    fn regions_by_beginning_alias_and_case() {
        for (region, filter, expected) in [
            (Some("emea"), "region:emea", true),
            (Some("EMEA"), "region:emea", true),
            (Some("emea"), "region:Europe", true),
            (Some("europe"), "region:emea", true),
            (Some("emea"), "region:eur", true),
            (Some("emea"), "region:e", true),
            (Some("emea"), "region:", true),
            (Some("emea"), "region:na", false),
            (Some("emea"), "region:mea", false),
            (Some("emea"), "region:emeax", false),
            (Some("süd"), "region:s\u{fc}", true),
            (None, "region:unknown", true),
            (None, "region:unk", true),
            (None, "region:emea", false),
            (None, "region:", true),
        ] {
            let mut e = of_type(Known::Unknown);
            e.region = region.map_or(Known::Unknown, |region| Known::Is(region.into()));
            assert_eq!(passes(filter, &e), expected, "{region:?} {filter}");
        }
    }

    #[test]
    fn tenants_by_part_of_their_name() {
        let e = of_type(Known::Unknown);
        for (filter, expected) in [("tenant:contoso", true), ("tenant:LTD", true), ("tenant:", true), ("tenant:fabrikam", false)] {
            assert_eq!(passes(filter, &e), expected, "{filter}");
        }
    }

    /// How one yes-or-no fact is set.
    type Set = fn(&mut Environment, Known<bool>);

    #[test]
    fn every_flag_by_yes_no_and_unknown() {
        let flags: [(&str, Set); 9] = [
            ("managed", |e, is| e.managed = is),
            ("d365", |e, is| e.dynamics_365_apps = is.map(|yes| if yes { vec!["Sales".into()] } else { Vec::new() })),
            ("linked", |e, is| {
                e.finance_operations = is.map(|yes| {
                    yes.then(|| {
                        Box::new(crate::domain::environment::FinanceOperations {
                            id: "fo".into(),
                            name: "fo".into(),
                            kind_of_environment: Known::Unknown,
                            kind: Known::Unknown,
                            application_build: Known::Unknown,
                            point_in_time_restore_days: Known::Unknown,
                        })
                    })
                });
            }),
            ("admin-mode", |e, is| e.admin_mode = is),
            ("background", |e, is| e.background_operations = is),
            ("deleted", |e, is| e.deleted_at = is.map(|yes| yes.then_some(chrono::DateTime::UNIX_EPOCH))),
            ("dataverse", |e, is| e.dataverse = is.map(|yes| yes.then(Dataverse::default))),
            ("cmk", |e, is| e.customer_managed_key = is.map(|yes| yes.then_some(CustomerManagedKey { name: Known::Unknown }))),
            ("iom", |e, is| e.order_management = is.map(|yes| yes.then(Box::default))),
        ];
        let named: Vec<_> = ["type", "state", "region", "tenant"].into_iter().chain(flags.iter().map(|(key, _)| *key)).collect();
        assert_eq!(keys().collect::<Vec<_>>(), named, "every term is asked here");
        for (key, set) in flags {
            for (value, expected) in [
                ("", Known::Is(true)),
                ("yes", Known::Is(true)),
                ("Y", Known::Is(true)),
                ("true", Known::Is(true)),
                ("on", Known::Is(true)),
                ("ON", Known::Is(true)),
                ("off", Known::Is(false)),
                ("of", Known::Is(false)),
                ("no", Known::Is(false)),
                ("n", Known::Is(false)),
                ("false", Known::Is(false)),
                ("unknown", Known::Unknown),
                ("u", Known::Unknown),
            ] {
                for is in [Known::Is(true), Known::Is(false), Known::Unknown] {
                    let mut e = of_type(Known::Unknown);
                    set(&mut e, is);
                    assert_eq!(passes(&format!("{key}:{value}"), &e), is == expected, "{key}:{value} with {is:?}");
                }
            }
        }
    }

    #[test]
    fn a_beginning_of_both_answers_asks_for_neither() {
        for (is, expected) in [(Known::Is(true), true), (Known::Is(false), true), (Known::Unknown, false)] {
            let mut e = of_type(Known::Unknown);
            e.admin_mode = is;
            assert_eq!(passes("admin-mode:o", &e), expected, "{is:?}");
        }
    }

    #[test]
    fn every_term_and_every_word_must_match() {
        let mut e = of_type(Known::Is(EnvironmentType::Sandbox));
        e.managed = Known::Is(true);
        assert!(passes("type:sandbox managed:yes", &e));
        assert!(!passes("type:sandbox managed:no", &e));
        let filter = Filter::parse("  SALES type:sandbox uat ").unwrap();
        assert_eq!(filter.words, ["sales", "uat"]);
        assert!(filter.is_in("Contoso Sales UAT") && !filter.is_in("Contoso Sales"));
        assert!(Filter::parse(" type: region: ").unwrap().is_empty() && !Filter::parse("managed:").unwrap().is_empty());
    }

    #[test]
    fn what_is_no_filter_says_what_was_meant() {
        for (filter, expected) in [
            ("typ:sandbox", "there is no filter `typ:`; did you mean `type:`?"),
            ("mangaed:yes", "there is no filter `mangaed:`; did you mean `managed:`?"),
            (
                "colour:red",
                "there is no filter `colour:`; known are type, state, region, tenant, managed, d365, linked, admin-mode, background, deleted, dataverse, cmk, iom",
            ),
            ("type:sandbx", "there is no type `sandbx`; did you mean `sandbox`?"),
            ("type:sandbox,prevew", "there is no type `prevew`; did you mean `preview`?"),
            ("type:xyz", "there is no type `xyz`; known are production, sandbox, preview, developer, teams, default, trial, trial-subscription, demo"),
            ("state:reddy", "there is no state `reddy`; did you mean `ready`?"),
            ("managed:maybe", "`managed:` takes yes or no, on or off, true or false, or unknown, not `maybe`"),
            ("admin-mode:oui", "`admin-mode:` takes yes or no, on or off, true or false, or unknown, not `oui`"),
        ] {
            assert_eq!(Filter::parse(filter), Err(FilterError(expected.to_owned())), "{filter}");
        }
    }
}

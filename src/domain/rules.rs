//! What each rule says in plain words: its article, what to do about it, and the rules that belong to it.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::domain::checklist::Link;
use crate::domain::words::nearest;

/// Where a rule stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Its title.
    pub title: Box<str>,
    /// Its date, as far as it is known: a day, or a year.
    pub date: Option<Box<str>>,
    /// Its address, if it is known.
    pub url: Option<Box<str>>,
}

/// One rule in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its id, such as `CPY-005`.
    pub id: Box<str>,
    /// What it says.
    pub text: Box<str>,
    /// What an admin does about it, where there is something to do.
    pub what_to_do: Option<Box<str>>,
    /// Where it stands.
    pub article: Arc<Article>,
    /// Where to read more.
    pub links: Vec<Link>,
    related: Vec<usize>,
}

impl Rule {
    /// A rule that is related to no other; [`Rules::new`] relates them.
    pub fn new(id: &str, text: &str, what_to_do: Option<&str>, article: Arc<Article>, links: Vec<Link>) -> Self {
        Self { id: id.into(), text: text.into(), what_to_do: what_to_do.map(Into::into), article, links, related: Vec::new() }
    }
}

/// Rules about one subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// What its ids begin with, such as `CPY`.
    pub id: Box<str>,
    /// What it is about.
    pub title: Box<str>,
    rules: Range<usize>,
}

/// All rules.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    rules: Vec<Rule>,
    areas: Vec<Area>,
    places: HashMap<String, usize>,
}

/// What is left of an id when case, hyphens and leading zeros do not count: `cpy-005` and `CPY5` are the same.
fn folded(id: &str) -> String {
    let id: String = id.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect();
    match parts(&id) {
        (area, Some(number)) => format!("{area}{number}"),
        (_, None) => id,
    }
}

/// The letters that an id begins with, and its number.
fn parts(id: &str) -> (&str, Option<usize>) {
    let letters = id.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let number = id.strip_prefix(letters).and_then(|number| number.parse().ok());
    (letters.trim_end_matches('-'), number)
}

impl Rules {
    /// The rules of all areas in their order, each with the ids that it refers to. Who is referred to refers back.
    pub fn new(areas: impl IntoIterator<Item = (Box<str>, Box<str>, Vec<(Rule, Vec<Box<str>>)>)>) -> Self {
        let (mut all, mut related) = (Self::default(), Vec::new());
        for (id, title, rules) in areas {
            let from = all.rules.len();
            for (rule, refers) in rules {
                all.places.insert(folded(&rule.id), all.rules.len());
                all.rules.push(rule);
                related.push(refers);
            }
            all.areas.push(Area { id, title, rules: from..all.rules.len() });
        }
        let refers: Vec<Vec<usize>> = related.iter().map(|ids| ids.iter().filter_map(|id| all.place(id)).collect()).collect();
        let pairs = refers.iter().enumerate().flat_map(|(from, to)| to.iter().map(move |to| (from, *to)));
        let back = pairs.clone().map(|(from, to)| (to, from));
        for (from, to) in pairs.chain(back) {
            if let Some(rule) = all.rules.get_mut(from)
                && from != to
                && !rule.related.contains(&to)
            {
                rule.related.push(to);
            }
        }
        all
    }

    /// All rules, area after area.
    pub fn all(&self) -> &[Rule] {
        &self.rules
    }

    /// The areas.
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }

    /// The area of that name, ignoring case.
    pub fn area(&self, name: &str) -> Option<&Area> {
        self.areas.iter().find(|area| area.id.eq_ignore_ascii_case(name.trim()))
    }

    /// The area that a rule belongs to.
    pub fn area_of(&self, rule: &Rule) -> Option<&Area> {
        let place = self.place(&rule.id)?;
        self.areas.iter().find(|area| area.rules.contains(&place))
    }

    /// The rules of an area.
    pub fn of_area(&self, area: &Area) -> &[Rule] {
        self.rules.get(area.rules.clone()).unwrap_or_default()
    }

    /// Where in [`Rules::all`] the rule with that id stands, ignoring case, hyphens and leading zeros.
    pub fn place(&self, id: &str) -> Option<usize> {
        self.places.get(&folded(id)).copied()
    }

    /// The rule with that id, ignoring case, hyphens and leading zeros.
    pub fn find(&self, id: &str) -> Option<&Rule> {
        self.rules.get(self.place(id)?)
    }

    /// The rules that belong to a rule: those that it refers to, then those that refer to it.
    pub fn related<'a>(&'a self, rule: &'a Rule) -> impl Iterator<Item = &'a Rule> {
        rule.related.iter().filter_map(|place| self.rules.get(*place))
    }

    /// The places of the rules that belong to the rule at `place`.
    pub fn related_places(&self, place: usize) -> &[usize] {
        self.rules.get(place).map_or(&[], |rule| &rule.related)
    }

    /// Rules that may have been meant by an id that there is not: its neighbours by number, or the one that is spelt nearly so.
    pub fn near(&self, id: &str) -> Vec<&Rule> {
        const SUGGESTED: usize = 3;
        let typed = folded(id);
        let (letters, number) = parts(&typed);
        let ids = self.areas.iter().map(|area| &*area.id);
        let area = self.area(letters).or_else(|| self.area(nearest(letters, ids.filter(|_| letters.len() > 1))?));
        if let Some((area, number)) = area.zip(number) {
            let mut rules: Vec<&Rule> = self.of_area(area).iter().collect();
            rules.sort_by_key(|rule| parts(&rule.id).1.map_or(usize::MAX, |own| own.abs_diff(number)));
            rules.truncate(SUGGESTED);
            rules.sort_by_key(|rule| self.place(&rule.id));
            return rules;
        }
        nearest(id.trim(), self.rules.iter().map(|rule| &*rule.id)).and_then(|id| self.find(id)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        let article = Arc::new(Article { title: "A".into(), date: None, url: None });
        let rule = |id: &str, refers: &[&str]| (Rule::new(id, "text", None, Arc::clone(&article), Vec::new()), refers.iter().map(|id| (*id).into()).collect());
        let cpy: Vec<_> = (1..=9).map(|number| rule(&format!("CPY-{number:03}"), if number == 5 { &["C-01", "CPY-009"] } else { &[] })).collect();
        Rules::new([
            ("CPY".into(), "Copy".into(), cpy),
            ("C".into(), "Clashes".into(), vec![rule("C-01", &[])]),
            ("OWN".into(), "Own".into(), vec![rule("STALE", &[])]),
        ])
    }

    #[test]
    fn an_id_is_found_however_it_is_typed() {
        let rules = rules();
        for typed in ["CPY-005", "cpy-005", "cpy-5", "CPY5", " cpy 05 "] {
            assert_eq!(rules.find(typed).map(|rule| &*rule.id), Some("CPY-005"), "{typed}");
        }
        assert_eq!(rules.find("stale").map(|rule| &*rule.id), Some("STALE"));
        assert!(["", "CPY", "CPY-050", "5", "CPY-99999999999999999999999"].iter().all(|typed| rules.find(typed).is_none()));
        assert_eq!(rules.area("cpy").map(|area| rules.of_area(area).len()), Some(9));
    }

    #[test]
    fn who_is_referred_to_refers_back() {
        let rules = rules();
        let related = |id: &str| rules.find(id).map(|rule| rules.related(rule).map(|rule| &*rule.id).collect::<Vec<_>>());
        assert_eq!(related("CPY-005"), Some(vec!["C-01", "CPY-009"]));
        assert_eq!(related("C-01"), Some(vec!["CPY-005"]));
    }

    #[test]
    fn an_unknown_id_suggests_its_neighbours_or_what_is_spelt_like_it() {
        let rules = rules();
        let near = |id: &str| rules.near(id).iter().map(|rule| rule.id.to_string()).collect::<Vec<_>>();
        assert_eq!(near("CPY-011"), ["CPY-007", "CPY-008", "CPY-009"]);
        assert_eq!(near("CYP-5"), ["CPY-004", "CPY-005", "CPY-006"]);
        assert_eq!(near("STAEL"), ["STALE"]);
        assert_eq!(near("nothing of the kind"), Vec::<String>::new());
        assert_eq!(near(""), Vec::<String>::new());
    }
}

//! Reads what the rules say in plain words from `assets/rules/`, and refuses a file that is wrong, with its reasons.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::problem::{Problem, Problems};
use crate::domain::checklist::Link;
use crate::domain::library::Reference;
use crate::domain::rules::{Article, Rule, Rules};

/// A file: what it is called in messages, and what is in it.
pub type Text<'a> = (&'a str, &'a str);

const ARTICLES: Text<'static> = ("assets/rules/articles.yaml", include_str!("../../assets/rules/articles.yaml"));
const LINKS: Text<'static> = ("assets/rules/links.yaml", include_str!("../../assets/rules/links.yaml"));
/// One file for each area, in the order in which they are listed.
const AREAS: [Text<'static>; 14] = [
    ("assets/rules/env.yaml", include_str!("../../assets/rules/env.yaml")),
    ("assets/rules/cpy.yaml", include_str!("../../assets/rules/cpy.yaml")),
    ("assets/rules/trn.yaml", include_str!("../../assets/rules/trn.yaml")),
    ("assets/rules/pcp.yaml", include_str!("../../assets/rules/pcp.yaml")),
    ("assets/rules/bkp.yaml", include_str!("../../assets/rules/bkp.yaml")),
    ("assets/rules/rst.yaml", include_str!("../../assets/rules/rst.yaml")),
    ("assets/rules/rcv.yaml", include_str!("../../assets/rules/rcv.yaml")),
    ("assets/rules/iom.yaml", include_str!("../../assets/rules/iom.yaml")),
    ("assets/rules/ttm.yaml", include_str!("../../assets/rules/ttm.yaml")),
    ("assets/rules/lnk.yaml", include_str!("../../assets/rules/lnk.yaml")),
    ("assets/rules/contradictions.yaml", include_str!("../../assets/rules/contradictions.yaml")),
    ("assets/rules/gaps.yaml", include_str!("../../assets/rules/gaps.yaml")),
    ("assets/rules/current.yaml", include_str!("../../assets/rules/current.yaml")),
    ("assets/rules/own.yaml", include_str!("../../assets/rules/own.yaml")),
];

/// Where the articles send their readers, in the order of the ids.
pub fn references() -> Result<Vec<Reference>, Problems> {
    let mut references: Vec<Reference> = links_of(LINKS)?.into_iter().map(|(id, link)| Reference { id: id.into(), link }).collect();
    references.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(references)
}

/// Reads all rules that are built in. It takes a moment, so nobody reads them before somebody asks.
pub fn built_in() -> Result<Rules, Problems> {
    read(ARTICLES, LINKS, &AREAS)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ArticleEntry {
    title: String,
    date: Option<String>,
    url: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkEntry {
    title: String,
    url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AreaFile {
    area: String,
    title: String,
    rules: Vec<RuleEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleEntry {
    id: String,
    text: String,
    #[serde(rename = "do")]
    what_to_do: Option<String>,
    article: String,
    #[serde(default)]
    related: Vec<String>,
    #[serde(default)]
    links: Vec<String>,
}

/// Reads rules from these files: the articles and links by their keys, then one file for each area.
pub fn read(articles: Text<'_>, links: Text<'_>, areas: &[Text<'_>]) -> Result<Rules, Problems> {
    let articles = articles_of(articles)?;
    let links = links_of(links)?;
    let files = areas.iter().map(|(file, text)| Ok((*file, parse::<AreaFile>((file, text))?))).collect::<Result<Vec<_>, Problems>>()?;
    let known: HashSet<&str> = files.iter().flat_map(|(_, area)| &area.rules).map(|rule| rule.id.as_str()).collect();
    let mut seen = HashSet::new();
    for (file, area) in &files {
        let mut problems = Problems::none_in(file);
        for rule in &area.rules {
            check(rule, &area.area, &known, &articles, &links).into_iter().for_each(|message| problems.add(at(&rule.id, message)));
            if !seen.insert(rule.id.as_str()) {
                problems.add(at(&rule.id, "this id is there already: ids are unique".to_owned()));
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
    }
    let built = |(_, area): &(&str, AreaFile)| {
        let rules = area.rules.iter().filter_map(|rule| {
            let article = Arc::clone(articles.get(&rule.article)?);
            let links = rule.links.iter().filter_map(|key| links.get(key).cloned()).collect();
            let built = Rule::new(&rule.id, &rule.text, rule.what_to_do.as_deref(), article, links);
            Some((built, rule.related.iter().map(|id| id.as_str().into()).collect()))
        });
        (area.area.as_str().into(), area.title.as_str().into(), rules.collect())
    };
    Ok(Rules::new(files.iter().map(built)))
}

/// What is wrong with one rule.
fn check(rule: &RuleEntry, area: &str, known: &HashSet<&str>, articles: &HashMap<String, Arc<Article>>, links: &HashMap<String, Link>) -> Vec<String> {
    let mut wrong = Vec::new();
    // The rules of envdeck itself are words, all others are numbered within their area.
    if area != "OWN" && rule.id.strip_prefix(area).and_then(|rest| rest.strip_prefix('-')).is_none_or(|number| number.parse::<u16>().is_err()) {
        wrong.push(format!("the id of a rule of this area is {area}- and a number"));
    }
    if rule.text.trim().is_empty() || rule.what_to_do.as_ref().is_some_and(|text| text.trim().is_empty()) {
        wrong.push("`text` must not be empty, nor `do`: leave it out where there is nothing to do".to_owned());
    }
    if !articles.contains_key(&rule.article) {
        wrong.push(format!("there is no article \"{}\" in articles.yaml", rule.article));
    }
    wrong.extend(rule.related.iter().filter(|id| !known.contains(id.as_str())).map(|id| format!("related: there is no rule \"{id}\"")));
    wrong.extend(rule.links.iter().filter(|key| !links.contains_key(*key)).map(|key| format!("links: there is no \"{key}\" in links.yaml")));
    wrong
}

fn at(id: &str, message: String) -> Problem {
    Problem { place: None, path: id.to_owned(), message }
}

fn parse<T: DeserializeOwned>((file, text): Text<'_>) -> Result<T, Problems> {
    serde_yaml::from_str(text).map_err(|error| Problems::whole(file, error.to_string()))
}

fn articles_of(from: Text<'_>) -> Result<HashMap<String, Arc<Article>>, Problems> {
    let entries: BTreeMap<String, ArticleEntry> = parse(from)?;
    let one = |(key, ArticleEntry { title, date, url }): (String, ArticleEntry)| {
        url.iter().try_for_each(|url| is_address(from.0, &key, url))?;
        Ok((key, Arc::new(Article { title: title.into(), date: date.map(Into::into), url: url.map(Into::into) })))
    };
    entries.into_iter().map(one).collect()
}

fn links_of(from: Text<'_>) -> Result<HashMap<String, Link>, Problems> {
    let entries: BTreeMap<String, LinkEntry> = parse(from)?;
    let one = |(key, LinkEntry { title, url }): (String, LinkEntry)| {
        is_address(from.0, &key, &url)?;
        Ok((key, Link { title: title.into(), url: url.into() }))
    };
    entries.into_iter().map(one).collect()
}

fn is_address(file: &str, key: &str, url: &str) -> Result<(), Problems> {
    let host = url.strip_prefix("https://").unwrap_or_default();
    if host.is_empty() || host.starts_with('/') || url.contains(char::is_whitespace) {
        return Err(Problems::whole(file, format!("{key}: an address begins with https://")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BY: Text<'static> = ("articles.yaml", "copy: { title: Copy, date: \"2021\" }");
    const MORE: Text<'static> = ("links.yaml", "REF-001: { title: More, url: \"https://example.com\" }");

    fn refused(rules: &str) -> String {
        let text = format!("area: CPY\ntitle: Copy\nrules:\n{rules}");
        read(BY, MORE, &[("cpy.yaml", &text)]).unwrap_err().to_string()
    }

    #[test]
    fn a_file_that_is_wrong_is_refused_with_its_reasons() {
        for (rules, reason) in [
            ("  - { id: CPY-001, text: A, article: copy, source: x }", "unknown field `source`"),
            ("  - { id: CPY-001, text: A, article: copy }\n  - { id: CPY-001, text: B, article: copy }", "cpy.yaml: CPY-001: this id is there already"),
            ("  - { id: CPY-001, text: A, article: copy, related: [CPY-002] }", "cpy.yaml: CPY-001: related: there is no rule \"CPY-002\""),
            ("  - { id: CPY-001, text: A, article: copy, links: [REF-002] }", "there is no \"REF-002\" in links.yaml"),
            ("  - { id: CPY-001, text: A, article: backup }", "there is no article \"backup\""),
            ("  - { id: CPY-001, text: A }", "missing field `article`"),
            ("  - { id: CPY-001, text: \" \", article: copy }", "must not be empty"),
            ("  - { id: BKP-001, text: A, article: copy }", "the id of a rule of this area is CPY- and a number"),
        ] {
            let said = refused(rules);
            assert!(said.contains(reason), "{said}");
        }
        let plain = ("links.yaml", "REF-001: { title: More, url: \"http://example.com\" }");
        assert!(read(BY, plain, &[]).unwrap_err().to_string().contains("links.yaml: REF-001: an address begins with https://"));
    }

    #[test]
    fn all_rules_that_are_built_in_load() {
        let rules = built_in().unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(rules.find("cpy-5").map(|rule| &*rule.text), Some("A production environment can never be a copy target."));
    }
}

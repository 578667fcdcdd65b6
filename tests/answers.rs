//! What is promised about the answers: all that is asked is there, every name leads somewhere, and what an admin types finds it.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::collections::BTreeSet;

use envdeck::app::{lead, plans};
use envdeck::domain::answers::{Answer, Kind, Lead, Way};
use envdeck::domain::library::{Entry, Library, Rank};
use envdeck::domain::operation::OperationKind;
use envdeck::domain::verdict::Code;
use envdeck::domain::words::Word;
use envdeck::files;
use regex_lite::Regex;

fn library() -> Library {
    files::answers::library().unwrap_or_else(|problems| panic!("{problems}"))
}

fn found(library: &Library, typed: &str) -> Vec<(String, Rank)> {
    library.search(typed, |_| None).into_iter().map(|(entry, rank)| (library.id(entry).to_owned(), rank)).collect()
}

/// Every row of the troubleshooting table, every question of the articles, every message that they print.
#[test]
fn all_that_is_asked_is_answered() {
    let library = library();
    let named: BTreeSet<&str> = library.answers().iter().flat_map(|answer| &answer.rules).map(|rule| &**rule).collect();
    let numbered = |area: &str, from: u16, to: u16| (from..=to).map(|number| format!("{area}-{number:03}")).collect::<Vec<_>>();
    let mut asked = [numbered("IOM", 43, 52), numbered("BKP", 70, 80), numbered("RCV", 1, 8), numbered("RST", 44, 64), numbered("ENV", 15, 18)].concat();
    let others =
        ["CPY-004", "PCP-024", "PCP-025", "PCP-031", "PCP-032", "PCP-045", "LNK-005", "BKP-062", "BKP-063", "TTM-118", "TTM-119", "CUR-017", "CUR-025", "G-01"];
    asked.extend(others.map(str::to_owned));
    let missing: Vec<&String> = asked.iter().filter(|id| !named.contains(id.as_str())).collect();
    assert!(missing.is_empty(), "no answer rests on {missing:?}");
    for term in [
        "administration mode",
        "background operations",
        "Disable Background Process",
        "managed environment",
        "customer-managed key",
        "connection reference",
        "solution flow",
        "system backup",
        "manual backup",
        "restore point",
        "point-in-time restore",
        "dual-write",
        "virtual entity",
        "linked",
        "LCS",
        "unified",
        "mapping file",
        "UPN",
        "Windows Live ID",
        "preview environment",
        "trial (subscription-based)",
        "lockbox",
        "security group",
        "capacity",
        "entitlement",
        "rehearsal",
        "record",
        "runbook",
        "verdict",
        "unknown",
        "acknowledge",
        "snapshot",
        "journal",
        "rulebook",
    ] {
        let first = library.search(term, |_| None).into_iter().find_map(|(entry, _)| library.answer(entry).filter(|answer| answer.kind == Kind::Term));
        let says = |answer: &Answer| [&answer.title].into_iter().chain(&answer.also).any(|text| text.to_lowercase().contains(&term.to_lowercase()));
        assert!(first.is_some_and(says), "the glossary does not find {term}: {:?}", first.map(|answer| &answer.id));
    }
}

#[test]
fn every_link_of_the_articles_can_be_reached() {
    let library = library();
    for number in 1..=58 {
        let id = format!("REF-{number:03}");
        let entry = library.find(&id).unwrap_or_else(|| panic!("there is no {id}"));
        assert!(!library.related(entry).is_empty(), "no answer and no rule names {id}");
        assert_eq!(found(&library, &id.to_lowercase())[0], (id, Rank::Named));
    }
}

#[test]
fn every_action_leads_somewhere() {
    let library = library();
    let checklists = files::checklist::built_in().unwrap_or_else(|problems| panic!("{problems}"));
    for answer in library.answers() {
        match &answer.lead {
            Some(Lead::Item { checklist, item }) => {
                let template = checklists.iter().find(|template| template.id == *checklist);
                let template = template.unwrap_or_else(|| panic!("{}: there is no checklist {checklist}", answer.id));
                assert!(template.items().any(|known| known.id == *item), "{}: there is no item {item} in {checklist}", answer.id);
            }
            Some(Lead::Plan(plan)) => assert!(plans::of(&checklists, plan).is_some(), "{}: there is no plan {plan}", answer.id),
            // What has no key of its own goes to a pane, or is asked on the command line.
            Some(Lead::Way(Way::Backups) | Lead::Operation(OperationKind::Migrate)) | None => {}
            Some(lead) => assert!(lead::binding(lead).is_some(), "{}: no key does {lead:?}", answer.id),
        }
        let helps = !answer.steps.is_empty() || answer.lead.is_some() || !answer.links.is_empty();
        assert!(helps || answer.kind == Kind::Term, "{} leads nowhere", answer.id);
        let rests = !answer.rules.is_empty() || !answer.sources.is_empty();
        assert!(rests || answer.kind == Kind::Term, "{} rests on no rule", answer.id);
    }
    for way in Way::ALL {
        let used = library.answers().iter().any(|answer| answer.lead == Some(Lead::Way(*way)));
        assert!(used, "no answer leads to {}", way.word());
    }
}

/// Whoever sees a message types it, or a part of it, with whatever quotation marks and capitals there are.
#[test]
fn every_message_finds_its_answer_however_it_is_typed() {
    let library = library();
    let messages: Vec<(&Answer, &str)> = library.answers().iter().flat_map(|answer| answer.messages.iter().map(move |message| (answer, &**message))).collect();
    assert!(messages.len() >= 9, "{messages:?}");
    let placeholder = Regex::new(r"\{[^}]*\}|\[[^\]]*\]").expect("a regular expression");
    for (answer, message) in messages {
        let seen = placeholder.replace_all(message, "Isaac 12").into_owned();
        let words: Vec<&str> = seen.split(' ').collect();
        let beginning = words.get(..words.len().min(5)).unwrap_or_default().join(" ");
        for typed in [
            seen.clone(),
            seen.to_uppercase(),
            seen.replace('\'', "’"),
            seen.replace('\'', "\""),
            seen.replace('\'', ""),
            format!("Error 0x80048d: {seen} (activity 1b2c)"),
        ] {
            assert_eq!(found(&library, &typed).first(), Some(&(answer.id.to_string(), Rank::Message)), "{typed}");
        }
        // Several can begin alike, and some begin with words that every message has.
        let met = found(&library, &beginning);
        let is_there = met.iter().any(|(id, rank)| *id == *answer.id && *rank <= Rank::Words);
        assert!(is_there || words.len() < 3, "{beginning}: {met:?}");
    }
}

/// The other words for it find it among the first.
#[test]
fn every_wording_finds_its_answer() {
    let library = library();
    let mut lost = Vec::new();
    for answer in library.answers() {
        for wording in [&answer.title].into_iter().chain(&answer.also) {
            let ids: Vec<String> = found(&library, wording).into_iter().take(5).map(|(id, _)| id).collect();
            if !ids.contains(&answer.id.to_string()) {
                lost.push(format!("{wording:?} does not find {} but {ids:?}", answer.id));
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[test]
fn every_reason_that_refuses_has_an_answer_by_its_name_or_its_words() {
    let library = library();
    let mut without = Vec::new();
    for code in Code::ALL {
        let answered =
            |typed: &str| library.search(typed, |_| None).iter().take(5).any(|(entry, rank)| matches!(entry, Entry::Answer(_)) && *rank < Rank::Near);
        if !answered(code.word()) && !answered(code.label()) {
            without.push(code.word());
        }
    }
    assert!(without.is_empty(), "no answer says anything about {without:?}: add the name to `also`");
}

#[test]
fn answers_are_written_for_admins() {
    let library = library();
    let id = Regex::new(r"\b(ENV|CPY|TRN|PCP|BKP|RST|RCV|IOM|TTM|LNK|CUR|C|G)-\d+\b").expect("a regular expression");
    let unfinished = Regex::new(r"(?i)\bseeds?\b|\b00[0-4]:L|\bTODO\b|\bplease\b|!$|! |\bsimply\b|\bjust\b").expect("a regular expression");
    for answer in library.answers() {
        let steps = answer.steps.iter().map(|step| &step.text);
        for text in [&answer.text].into_iter().chain(steps) {
            assert!(text.ends_with('.') || text.ends_with('?'), "{}: {text:?} has no end", answer.id);
            assert!(!unfinished.is_match(text), "{}: {text:?}", answer.id);
            assert!(!id.is_match(text), "{}: {text:?} names a rule; its place is `rules`", answer.id);
        }
        assert!(!answer.title.ends_with('.') && answer.title.len() < 110, "{}: {:?}", answer.id, answer.title);
        assert!(answer.text.len() < 620, "{}: nobody reads so much: {}", answer.id, answer.text.len());
        let question = answer.title.ends_with('?');
        assert_eq!(question, answer.kind == Kind::Question, "{}: a question ends with a question mark, nothing else does: {:?}", answer.id, answer.title);
    }
}

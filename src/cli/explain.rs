//! `envdeck explain`: what a rule says in plain words, and what helps with a message or a question, found by any words of it.

use std::collections::HashSet;
use std::io::Write as _;

use clap::Args;
use serde_json::{Value, json};

use super::output::{Failure, Out, Status, Tone};
use super::source::{Format, Written};
use super::table::{Cell, Fit, Table, cell};
use super::{answers, json, sheet};
use crate::domain::library::{Entry, Library, Rank};
use crate::domain::operation::OperationKind;
use crate::domain::rulebook::{Rulebook, Rulebooks};
use crate::domain::rules::{Area, Rule, Rules};
use crate::domain::verdict::Code;
use crate::domain::words::{Word as _, counted, nearest};
use crate::files::answers::library;
use crate::files::rulebook;
use crate::files::text::harmless;

/// Explain a rule, a message that you see, or any words
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck explain                            the areas, with how many rules each has
  envdeck explain CPY-005                    one rule; cpy-5 finds it too
  envdeck explain CPY                        all rules about copies, one line each
  envdeck explain TargetIsProduction         the rules behind a reason, in both rulebooks
  envdeck explain \"Event expired in the 'Ready' state\"
  envdeck explain OperationNotStartable      an error code, or a whole error as a tool printed it
  envdeck explain flows after copy           what helps with that, and what comes near
  envdeck explain REF-029                    where an article sends its readers, and who names it
  envdeck explain CPY-005 RST-001 --format json")]
pub struct Explain {
    /// What to explain: the id of a rule, an answer or a link, an area, the code of a reason, a message, or any words
    #[arg(value_name = "RULE|WORDS")]
    what: Vec<String>,
    #[command(flatten)]
    written: Written,
}

const COLUMNS: [&str; 8] = ["id", "text", "what_to_do", "article", "date", "url", "links", "related"];

/// Something that was asked for.
enum Asked<'a> {
    /// One rule.
    Rule(&'a Rule),
    /// An answer or a link.
    Other(Entry),
    /// The rules behind a reason, each with what it decides.
    Code(Code, Vec<(&'a Rule, String)>),
    /// The rules of an area.
    Area(&'a Area),
    /// What was found by words, best first.
    Found(Vec<Entry>),
}

/// Explains them.
pub fn run(arguments: &Explain, out: &mut Out) -> Result<Status, Failure> {
    let rulebooks = rulebook::built_in()?;
    // No snapshot says by which edition it is judged, so the menus are those of the present admin center.
    let library = library()?.with_menus(&rulebooks.current.menus);
    let rules = library.rules();
    if arguments.what.is_empty() {
        areas(rules, arguments.written.format, out)?;
        return Ok(Status::Done);
    }
    let one_by_one: Result<Vec<_>, _> = arguments.what.iter().map(|text| asked(text, &library, &rulebooks)).collect();
    let asked = match one_by_one {
        Ok(asked) => asked,
        Err(text) => vec![found(&arguments.what, text, &library)?],
    };
    let mut seen = HashSet::new();
    let of_rule = |rule: &Rule| rules.place(&rule.id).map(Entry::Rule);
    let all = asked.iter().flat_map(|asked| match asked {
        Asked::Rule(rule) => of_rule(rule).into_iter().collect(),
        Asked::Other(entry) => vec![*entry],
        Asked::Code(_, behind) => behind.iter().filter_map(|(rule, _)| of_rule(rule)).collect(),
        Asked::Area(area) => rules.of_area(area).iter().filter_map(of_rule).collect(),
        Asked::Found(entries) => entries.clone(),
    });
    let all: Vec<Entry> = all.filter(|entry| seen.insert(*entry)).collect();
    match arguments.written.format {
        // Whoever asks for one gets that one; everything else is a list.
        Format::Json => match (asked.as_slice(), all.as_slice()) {
            ([Asked::Rule(_) | Asked::Other(_)], [entry]) => json::write(out, &object(*entry, &library))?,
            _ => {
                json::write_list(out, all.into_iter().map(|entry| object(entry, &library)))?;
                writeln!(out)?;
            }
        },
        Format::Csv => sheet::write(out, &COLUMNS, all.into_iter().filter_map(|entry| row(entry, &library)))?,
        Format::Table => text(&asked, &library, out)?,
    }
    Ok(Status::Done)
}

/// What somebody means by an id: a rule, the code of a reason, an area, an answer or a link; else what was typed.
fn asked<'a, 't>(text: &'t str, library: &'a Library, rulebooks: &Rulebooks) -> Result<Asked<'a>, &'t str> {
    let rules = library.rules();
    if let Some(rule) = rules.find(text) {
        return Ok(Asked::Rule(rule));
    }
    if let Some(code) = Code::from_word(text) {
        return Ok(Asked::Code(code, behind(code, rules, rulebooks)));
    }
    rules.area(text).map(Asked::Area).or_else(|| library.find(text).map(Asked::Other)).ok_or(text)
}

/// What is found by all the words together; `text` is the first of them that means nothing by itself.
fn found<'a>(what: &[String], text: &str, library: &Library) -> Result<Asked<'a>, Failure> {
    let words = what.join(" ");
    let found = library.search(&words, |_| None);
    let listed = || Asked::Found(found.iter().map(|(entry, _)| *entry).take(LISTED).collect());
    // An error code looks like an id, and stands in what was pasted.
    if found.first().is_some_and(|(_, rank)| *rank == Rank::Message) {
        return Ok(listed());
    }
    // Among ids, one that is wrong is not lost.
    if let Some(wrong) = what.iter().find(|text| is_like_id(text) && library.find(text).is_none()) {
        return Err(unknown(wrong, library));
    }
    if what.iter().any(|text| is_like_id(text)) {
        return Err(unknown(text, library));
    }
    if found.first().is_none_or(|(_, rank)| *rank == Rank::Near) {
        return Err(unknown(&words, library));
    }
    Ok(listed())
}

/// How many are listed of what was found by words.
const LISTED: usize = 10;

/// Whether it has the form of an id or of a code, such as `CPY-005` or `TargetIsProduction`.
fn is_like_id(text: &str) -> bool {
    let letters = text.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let area = letters.trim_end_matches('-');
    let is_id = letters.len() < text.len() && (1..=4).contains(&area.len()) && area.bytes().all(|letter| letter.is_ascii_alphabetic());
    let is_code = text.bytes().all(|letter| letter.is_ascii_alphanumeric())
        && text.bytes().skip(1).any(|letter| letter.is_ascii_uppercase())
        && text.bytes().any(|letter| letter.is_ascii_lowercase());
    is_id || is_code
}

/// The rules that decide a code, each with what it decides.
fn behind<'a>(code: Code, rules: &'a Rules, rulebooks: &Rulebooks) -> Vec<(&'a Rule, String)> {
    let deciding = |rulebook: &Rulebook| -> Vec<(String, OperationKind)> {
        let of = |operation: &OperationKind| ids_behind(code, *operation, rulebook).into_iter().map(|id| (id.to_owned(), *operation)).collect::<Vec<_>>();
        OperationKind::ALL.iter().flat_map(of).collect()
    };
    let (older, newer) = (deciding(&rulebooks.articles), deciding(&rulebooks.current));
    let mut ids: Vec<&str> = Vec::new();
    for (id, _) in older.iter().chain(&newer) {
        if !ids.contains(&id.as_str()) {
            ids.push(id);
        }
    }
    let of_rule = |id: &str| {
        let operations = |by: &[(String, OperationKind)]| by.iter().filter(|(of, _)| of == id).map(|(_, operation)| *operation).collect::<Vec<_>>();
        let (older, newer) = (operations(&older), operations(&newer));
        match (older.is_empty(), newer.is_empty()) {
            (false, true) => format!("{}, only in the rulebook `articles`", named(&older)),
            (true, _) => format!("{}, only in the rulebook `current`", named(&newer)),
            (false, false) if named(&older) == named(&newer) => named(&older),
            (false, false) => format!("{}; in the rulebook `current`: {}", named(&older), named(&newer)),
        }
    };
    ids.into_iter().filter_map(|id| Some((rules.find(id)?, of_rule(id)))).collect()
}

/// Operations by their names, each once.
fn named(operations: &[OperationKind]) -> String {
    let each: Vec<&str> = OperationKind::ALL.iter().filter(|operation| operations.contains(operation)).map(|operation| operation.word()).collect();
    if each.len() == OperationKind::ALL.len() { "every operation".to_owned() } else { each.join(", ") }
}

/// The rules that decide a code of an operation in one rulebook: that of its condition, and those of the rows of its tables.
fn ids_behind(code: Code, operation: OperationKind, rulebook: &Rulebook) -> Vec<&str> {
    // Where an edition does not ask, no rule of it decides.
    let Some(condition) = rulebook.condition(operation, code).filter(|condition| condition.severity.is_some()) else { return Vec::new() };
    let mut ids = vec![&*condition.rule];
    if code == Code::TypePairUnsupported {
        let pairs = rulebook.pairs(operation);
        ids.extend(pairs.sources.iter().map(|row| &*row.refused_by));
        ids.extend(pairs.targets_refused_by.iter().map(|(_, rule)| &**rule));
    }
    if matches!(code, Code::ManualBackupUnsupported | Code::MigrationTypeUnsupported) {
        ids.extend(rulebook.types(operation).iter().flat_map(|types| &types.refused_by).map(|(_, rule)| &**rule));
    }
    if code == Code::RetentionNotChangeable {
        ids.extend(rulebook.retention.iter().filter_map(|row| row.fixed_by.as_deref()));
    }
    ids
}

fn unknown(text: &str, library: &Library) -> Failure {
    let rules = library.rules();
    let shown = harmless(text);
    let listed = |near: Vec<(&str, &str)>| near.iter().map(|(id, text)| format!("  {id}  {}", beginning(text, BEGINNING))).collect::<Vec<_>>().join("\n");
    let near = rules.near(text);
    if !near.is_empty() {
        let near = near.into_iter().map(|rule| (&*rule.id, &*rule.text)).collect();
        return Failure::Usage(format!("there is no rule `{shown}`; did you mean\n{}", listed(near)));
    }
    let names = rules.areas().iter().map(|area| &*area.id).chain(Code::words()).chain(library.codes());
    if let Some(near) = nearest(text, names) {
        return Failure::Usage(format!("there is no rule, area or reason `{shown}`; did you mean `{near}`?"));
    }
    let near: Vec<(&str, &str)> =
        library.search(text, |_| None).into_iter().take(LISTED / 2).map(|(entry, _)| (library.id(entry), library.title(entry))).collect();
    Failure::Usage(match near.is_empty() {
        true => format!("there is no rule, area or reason `{shown}`, and nothing says that; `envdeck explain` lists the areas"),
        false => format!("nothing says `{shown}`; did you mean\n{}", listed(near)),
    })
}

/// The areas, and how to go on.
fn areas(rules: &Rules, format: Format, out: &mut Out) -> Result<(), Failure> {
    let count = |area: &Area| rules.of_area(area).len();
    match format {
        Format::Json => json::write_list(out, rules.areas().iter().map(|area| json!({ "area": area.id, "title": area.title, "rules": count(area) })))
            .and_then(|()| writeln!(out))?,
        Format::Csv => {
            let rows = rules.areas().iter().map(|area| [area.id.to_string(), area.title.to_string(), count(area).to_string()]);
            sheet::write(out, &["area", "title", "rules"], rows)?;
        }
        Format::Table => {
            let rows: Vec<[Cell<'_>; 3]> = rules.areas().iter().map(|area| [cell(&*area.id), cell(count(area).to_string()), cell(&*area.title)]).collect();
            Table::new([("AREA", Fit::Keep), ("RULES", Fit::Keep), ("ABOUT", Fit::Shorten)]).write(out, &rows)?;
            writeln!(out)?;
            out.sentence(
                0,
                Tone::Plain,
                "",
                "`envdeck explain CPY` lists the rules of an area, `envdeck explain CPY-005` explains one; a message or any words find what helps.",
            )?;
        }
    }
    Ok(())
}

fn object(entry: Entry, library: &Library) -> Value {
    match (library.rule(entry), library.answer(entry), library.link(entry)) {
        (Some(rule), ..) => rule_object(rule, entry, library),
        (_, Some(answer), _) => answers::answer_object(answer, library),
        (_, _, Some(reference)) => answers::link_object(reference, entry, library),
        (None, None, None) => Value::Null,
    }
}

fn rule_object(rule: &Rule, entry: Entry, library: &Library) -> Value {
    let article = json!({ "title": rule.article.title, "date": rule.article.date, "url": rule.article.url });
    let links: Vec<Value> = rule.links.iter().map(|link| json!({ "title": &*link.title, "url": &*link.url })).collect();
    let related: Vec<&str> = library.rules().related(rule).map(|rule| &*rule.id).collect();
    let answers: Vec<&str> = about(entry, library).into_iter().map(|entry| library.id(entry)).collect();
    json!({
        "id": rule.id,
        "text": rule.text,
        "what_to_do": rule.what_to_do,
        "article": article,
        "links": links,
        "related": related,
        "kind": "rule",
        "answers": answers,
    })
}

/// The answers about a rule.
fn about(entry: Entry, library: &Library) -> Vec<Entry> {
    library.related(entry).into_iter().filter(|entry| matches!(entry, Entry::Answer(_))).collect()
}

fn row(entry: Entry, library: &Library) -> Option<[String; COLUMNS.len()]> {
    let Some(rule) = library.rule(entry) else { return answers::row(entry, library) };
    let or_empty = |text: &Option<Box<str>>| text.as_deref().unwrap_or_default().to_owned();
    let links: Vec<&str> = rule.links.iter().map(|link| &*link.url).collect();
    let related: Vec<&str> = library.rules().related(rule).map(|rule| &*rule.id).collect();
    let article = &rule.article;
    Some([
        rule.id.to_string(),
        rule.text.to_string(),
        or_empty(&rule.what_to_do),
        article.title.to_string(),
        or_empty(&article.date),
        or_empty(&article.url),
        links.join(" "),
        related.join(" "),
    ])
}

/// Explains them to people, with an empty line between one and the next.
fn text(asked: &[Asked<'_>], library: &Library, out: &mut Out) -> Result<(), Failure> {
    let rules = library.rules();
    for (index, asked) in asked.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        match asked {
            Asked::Rule(rule) => explain(rule, library, out)?,
            Asked::Other(entry) => say(*entry, library, out)?,
            Asked::Found(entries) => {
                let Some((best, near)) = entries.split_first() else { continue };
                // What is said of it names some already.
                let said = library.related(*best);
                let near: Vec<Entry> = near.iter().copied().filter(|entry| !said.contains(entry)).collect();
                say(*best, library, out)?;
                if !near.is_empty() {
                    writeln!(out)?;
                }
                answers::lines("Near it, by `envdeck explain ID`:", &near, library, out)?;
            }
            Asked::Area(area) => {
                let all = rules.of_area(area);
                out.sentence(0, Tone::Heading, &format!("{}  ", area.id), &format!("{}: {}", area.title, counted(all.len(), "rule")))?;
                all.iter().try_for_each(|rule| line(rule, 0, usize::MAX, out))?;
            }
            Asked::Code(code, behind) => {
                out.sentence(0, Tone::Heading, &format!("{}  ", code.word()), code.label())?;
                for (rule, decides) in behind {
                    out.sentence(2, Tone::Plain, &format!("{:10}", rule.id), decides)?;
                }
                for (rule, _) in behind {
                    writeln!(out)?;
                    explain(rule, library, out)?;
                }
            }
        }
    }
    Ok(())
}

/// Says what there is to say about one of them.
fn say(entry: Entry, library: &Library, out: &mut Out) -> Result<(), Failure> {
    match (library.rule(entry), library.answer(entry), library.link(entry)) {
        (Some(rule), ..) => explain(rule, library, out),
        (_, Some(answer), _) => answers::answer(answer, library, out),
        (_, _, Some(reference)) => answers::link(reference, entry, library, out),
        (None, None, None) => Ok(()),
    }
}

fn explain(rule: &Rule, library: &Library, out: &mut Out) -> Result<(), Failure> {
    let rules = library.rules();
    let area = rules.area_of(rule).map_or("", |area| &area.title);
    out.sentence(0, Tone::Heading, &format!("{}  ", rule.id), area)?;
    out.sentence(2, Tone::Plain, "", &rule.text)?;
    if let Some(what_to_do) = &rule.what_to_do {
        out.sentence(2, Tone::Good, "What to do: ", what_to_do)?;
    }
    let date = rule.article.date.as_ref().map_or_else(String::new, |date| format!(" ({date})"));
    out.sentence(2, Tone::Quiet, "Article: ", &format!("{}{date}", rule.article.title))?;
    rule.article.url.iter().try_for_each(|url| writeln!(out, "    {url}"))?;
    rule.links.iter().try_for_each(|link| answers::more(link, out))?;
    for (index, rule) in rules.related(rule).enumerate() {
        if index == 0 {
            writeln!(out, "  {}", out.paint(Tone::Quiet, "Related:"))?;
        }
        line(rule, 4, BEGINNING, out)?;
    }
    let entry = rules.place(&rule.id).map(Entry::Rule);
    answers::lines("Answers:", &entry.map(|entry| about(entry, library)).unwrap_or_default(), library, out)
}

/// How much of a rule is shown where it is only named, in letters.
pub const BEGINNING: usize = 90;

/// A rule in one line, as wide as the terminal; where the output goes elsewhere, so many letters of its text.
fn line(rule: &Rule, indent: usize, elsewhere: usize, out: &mut Out) -> Result<(), Failure> {
    const ID: usize = 10;
    let text = beginning(&rule.text, out.screen.width.map_or(elsewhere, |width| width.saturating_sub(indent + ID)));
    let id = format!("{:ID$}", rule.id);
    writeln!(out, "{:indent$}{}{text}", "", out.paint(Tone::Heading, &id))?;
    Ok(())
}

/// How a text begins, cut between words.
pub fn beginning(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let mut shown = String::new();
    for word in text.split(' ') {
        if shown.chars().count() + word.chars().count() + 2 > room {
            break;
        }
        shown.push_str(word);
        shown.push(' ');
    }
    format!("{}…", shown.trim_end())
}

//! The review: the account of what is about to be done, with every finding, as lines.

use crate::app::targets::{Reason, wrapped};
use crate::domain::operation::OperationKind;
use crate::domain::request::account::{Line, Topic};
use crate::domain::request::kinds::row;
use crate::domain::rulebook::Rulebook;
use crate::domain::verdict::{Finding, Severity, Verdict};
use crate::domain::words::Word;

/// A line of the review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReviewLine {
    /// A heading.
    Heading(String),
    /// What will be destroyed.
    Danger(String),
    /// An ordinary line.
    Text(String),
    /// A line of a finding that has to be acknowledged; the first one bears whether it was.
    Acknowledge(Option<bool>, String),
    /// A line of a finding.
    Finding(Reason),
    /// An empty line.
    Gap,
}

/// What is reviewed.
pub struct ReviewOf<'a> {
    /// Which operation it is.
    pub kind: OperationKind,
    /// What has to be known of it.
    pub account: &'a [Line],
    /// Whether it is only planned here, so that nothing is taken upon oneself yet.
    pub planned: bool,
    /// How it is judged.
    pub verdict: &'a Verdict,
    /// The rules that judge it.
    pub rulebook: &'a Rulebook,
}

/// A heading of the review with what stands below it. What it says first, without a heading, is what happens.
type Part = (&'static str, &'static [Topic]);

/// What stands before the findings: what was chosen and what is lost.
const BEFORE: [Part; 2] = [
    (
        "What is chosen",
        &[Topic::Level, Topic::AuditLogs, Topic::Point, Topic::Carried, Topic::Half, Topic::Name, Topic::Access, Topic::Storage, Topic::Duration, Topic::Open],
    ),
    ("What is lost", &[Topic::Noted, Topic::Destroyed]),
];

/// What stands behind them.
const BEHIND: [Part; 2] = [("Afterwards", &[Topic::Afterwards]), ("Way back", &[Topic::WayBack])];

/// Everything that is to be known before, as lines of at most `width` columns.
pub fn review(of: &ReviewOf<'_>, given: &dyn Fn(&Finding) -> bool, width: usize) -> Vec<ReviewLine> {
    let width = width.max(20);
    let fit = |text: &str| textwrap::wrap(text, width.saturating_sub(2)).into_iter().map(String::from).collect::<Vec<_>>();
    let mut lines = Vec::new();
    let happens = of.account.iter().filter(|line| line.topic == Topic::Happens);
    let danger = if row(of.kind).destroys { ReviewLine::Danger } else { ReviewLine::Text };
    lines.extend(happens.flat_map(|line| fit(&line.text)).map(danger));
    lines.push(ReviewLine::Gap);
    let unknown: Vec<&Finding> = of.verdict.findings.iter().filter(|finding| finding.has_to_be_acknowledged() && !of.planned).collect();
    if !unknown.is_empty() {
        let heading = if unknown.iter().all(|finding| finding.severity == Severity::Unknown) {
            "Unknown: look it up, or take it upon you, one by one (a)"
        } else {
            "Take this upon you, one by one (a), or leave it"
        };
        lines.push(ReviewLine::Heading(heading.to_owned()));
        for finding in &unknown {
            let mut ticked = Some(given(finding));
            let text = textwrap::wrap(&finding.message, width.saturating_sub(5));
            lines.extend(text.into_iter().map(|line| ReviewLine::Acknowledge(ticked.take(), line.into_owned())));
        }
        lines.push(ReviewLine::Gap);
    }
    // A move is prepared for weeks: what stands in its way is what somebody looks for here.
    let moves = of.kind == OperationKind::Migrate;
    if moves {
        all_findings(of, width, &mut lines);
    }
    parts(&BEFORE, of.account, &fit, &mut lines);
    if !moves {
        all_findings(of, width, &mut lines);
    }
    parts(&BEHIND, of.account, &fit, &mut lines);
    if moves {
        // The phases with who does what (TTM-110 to TTM-117).
        for part in &of.rulebook.moves.parts {
            lines.push(ReviewLine::Heading(part.phase.clone()));
            lines.extend(part.what.iter().flat_map(|line| fit(line)).map(ReviewLine::Text));
            lines.push(ReviewLine::Gap);
        }
    }
    while lines.last() == Some(&ReviewLine::Gap) {
        lines.pop();
    }
    lines
}

/// Parts of the account, each with its heading and an empty line behind it; one without lines is left out.
fn parts(parts: &[Part], account: &[Line], fit: &dyn Fn(&str) -> Vec<String>, lines: &mut Vec<ReviewLine>) {
    for (heading, topics) in parts {
        let part: Vec<&Line> = account.iter().filter(|line| topics.contains(&line.topic)).collect();
        if !part.is_empty() {
            lines.push(ReviewLine::Heading((*heading).to_owned()));
            lines.extend(part.into_iter().flat_map(|line| fit(&stated(line))).map(ReviewLine::Text));
            lines.push(ReviewLine::Gap);
        }
    }
}

/// A line of an account with what it is about, where it does not say so itself.
fn stated(line: &Line) -> String {
    match line.topic {
        Topic::Level | Topic::AuditLogs | Topic::Point | Topic::Carried | Topic::Name | Topic::Storage | Topic::Open => {
            format!("{}: {}", line.topic.label(), line.text)
        }
        Topic::Happens | Topic::Half | Topic::Access | Topic::Noted | Topic::Destroyed | Topic::Duration | Topic::Afterwards | Topic::WayBack => {
            line.text.to_string()
        }
    }
}

/// Every finding with its way out and where it stands, and an empty line behind them.
fn all_findings(of: &ReviewOf<'_>, width: usize, lines: &mut Vec<ReviewLine>) {
    if !of.verdict.findings.is_empty() {
        lines.push(ReviewLine::Heading("All findings".to_owned()));
        lines.extend(wrapped(of.verdict, width).into_iter().map(ReviewLine::Finding));
        lines.push(ReviewLine::Gap);
    }
}

//! Every environment as a possible target of a copy or restore: eligible ones first, each refused one with all its reasons.

use chrono::{DateTime, Utc};
use tui_input::Input;

use crate::app::details::scroll;
use crate::app::fuzzy::Fuzzy;
use crate::app::list::{Cursor, Step};
use crate::domain::estate::{EnvironmentKey, Estate};
use crate::domain::filter::Filter;
use crate::domain::operation::OperationKind;
use crate::domain::request::{Case, Choice, Choices, Context, Request};
use crate::domain::rulebook::{Edition, Rulebooks};
use crate::domain::time;
use crate::domain::verdict::{Answer, Outline, Severity, Verdict};
use crate::domain::words::Word;

/// One target with what its verdict comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// Which environment.
    pub key: EnvironmentKey,
    /// Its verdict without words.
    pub outline: Outline,
}

/// A line of the reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// What a finding says; the first line bears its severity.
    Message(Option<Severity>, String),
    /// Its way out.
    Remedy(String),
    /// Where it stands.
    Source(String),
    /// An empty line.
    Gap,
}

/// The columns that stand before a reason.
pub const REASON_INDENT: usize = 2;

/// The findings of a verdict as lines of at most `width` columns.
pub fn wrapped(verdict: &Verdict, width: usize) -> Vec<Reason> {
    let fit = |text: &str| textwrap::wrap(text, width.saturating_sub(REASON_INDENT).max(10)).into_iter().map(String::from).collect::<Vec<_>>();
    let mut lines = Vec::new();
    for finding in &verdict.findings {
        let mut severity = Some(finding.severity);
        lines.extend(fit(&finding.message).into_iter().map(|line| Reason::Message(severity.take(), line)));
        lines.extend(fit(&finding.remedy).into_iter().map(Reason::Remedy));
        lines.extend(fit(&format!("{} {} · {}", finding.code.word(), finding.rule, finding.article)).into_iter().map(Reason::Source));
        lines.push(Reason::Gap);
    }
    lines.pop();
    lines
}

/// The view of targets.
pub struct Targets {
    /// What is copied or restored from.
    pub source: EnvironmentKey,
    /// What is wanted of each target, as far as it is chosen; the wizard makes it.
    pub request: Option<Request>,
    /// The target on which the cursor stands first.
    pub prefer: Option<EnvironmentKey>,
    /// What is typed as a filter.
    pub filter: Input,
    /// What is wrong with it.
    pub error: Option<String>,
    /// The cursor.
    pub cursor: Cursor,
    /// First line of the reasons on screen.
    pub reasons_top: usize,
    judged: Vec<Target>,
    rows: Vec<Target>,
    counts: [usize; 4],
    verdict: Option<(EnvironmentKey, Verdict)>,
    reasons: Vec<Reason>,
    reasons_width: usize,
    applied: Option<Applied>,
    fuzzy: Fuzzy,
}

/// What the verdicts were computed from.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Applied {
    revision: u64,
    edition: Edition,
    request: Option<Request>,
    holds_until: Option<DateTime<Utc>>,
    text: String,
}

impl std::fmt::Debug for Targets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Targets").field("source", &self.source).field("request", &self.request).field("rows", &self.rows.len()).finish_non_exhaustive()
    }
}

impl Targets {
    /// A view of the targets of `source`; [`Targets::refresh`] fills it.
    pub fn new(source: EnvironmentKey) -> Self {
        Self {
            source,
            request: None,
            prefer: None,
            filter: Input::default(),
            error: None,
            cursor: Cursor::default(),
            reasons_top: 0,
            judged: Vec::new(),
            rows: Vec::new(),
            counts: [0; 4],
            verdict: None,
            reasons: Vec::new(),
            reasons_width: 0,
            applied: None,
            fuzzy: Fuzzy::default(),
        }
    }

    /// The rows that pass the filter.
    pub fn rows(&self) -> &[Target] {
        &self.rows
    }

    /// How many targets there are with each answer, without the filter.
    pub fn count(&self, answer: Answer) -> usize {
        self.counts.get(answer as usize).copied().unwrap_or(0)
    }

    /// The target under the cursor.
    pub fn selected(&self) -> Option<EnvironmentKey> {
        self.rows.get(self.cursor.at).map(|target| target.key)
    }

    /// The verdict of the target under the cursor, in words.
    pub fn verdict(&self) -> Option<&Verdict> {
        self.verdict.as_ref().map(|(_, verdict)| verdict)
    }

    /// When the verdicts have to be judged again.
    pub fn holds_until(&self) -> Option<DateTime<Utc>> {
        let answers = self.applied.as_ref().and_then(|applied| applied.holds_until);
        answers.into_iter().chain(self.verdict().and_then(|verdict| verdict.holds_until)).min()
    }

    /// Moves the cursor; true when it moved.
    pub fn step(&mut self, step: Step, height: usize) -> bool {
        let moved = self.cursor.step(step, self.rows.len(), height);
        if moved {
            self.reasons_top = 0;
        }
        moved
    }

    /// Puts the cursor on a row; true when it moved.
    pub fn go(&mut self, at: usize, height: usize) -> bool {
        let moved = self.cursor.go(at, self.rows.len(), height);
        if moved {
            self.reasons_top = 0;
        }
        moved
    }

    /// What stands beside the title: the level, or the instant.
    pub fn label(&self) -> String {
        let Some(Choices { level, back, .. }) = self.request.as_ref().map(|request| request.change.choices()) else { return String::new() };
        let level = level.and_then(Choice::chosen).map(|level| level.label().to_owned());
        level.or_else(|| back.and_then(Choice::chosen).map(|back| time::minute(back.at()))).unwrap_or_default()
    }

    /// Judges again what has to be judged again; true when something changed.
    pub fn refresh(&mut self, context: &Context<'_>, height: usize, width: usize) -> bool {
        let Context { estate, rulebooks, now, .. } = *context;
        let text = self.filter.value().to_owned();
        let (revision, edition) = (estate.revision(), estate.edition());
        let holds = self.applied.as_ref().is_some_and(|applied| {
            (applied.revision, applied.edition) == (revision, edition)
                && applied.request == self.request
                && applied.holds_until.is_none_or(|until| now <= until)
        });
        let request = self.request.clone();
        let case = request.as_ref().and_then(|request| Case::of(request, context).ok());
        let mut changed = false;
        let mut holds_until = self.applied.as_ref().and_then(|applied| applied.holds_until);
        if !holds {
            let target = |case: &Case<'_>, key: EnvironmentKey| Target { key, outline: case.onto(estate.environment(key)).outline() };
            self.judged = case.iter().flat_map(|case| estate.by_name().iter().map(|key| target(case, *key))).collect();
            // The sort keeps the order of names within one answer. A copy onto itself is never possible, so the source comes last;
            // a restore onto itself is what is wanted most, so it comes first.
            let first = case.is_some_and(|case| case.kind() == OperationKind::Restore);
            self.judged.sort_by_key(|target| (target.outline.answer(), (target.key == self.source) != first));
            self.counts = [0; 4];
            for target in &self.judged {
                if let Some(count) = self.counts.get_mut(target.outline.answer() as usize) {
                    *count += 1;
                }
            }
            holds_until = self.judged.iter().filter_map(|target| target.outline.holds_until).min();
            self.verdict = None;
            changed = true;
        }
        if changed || self.applied.as_ref().is_none_or(|applied| applied.text != text) {
            let kept = self.selected().or(self.prefer);
            self.narrow(&text, estate, rulebooks);
            let at = kept.and_then(|kept| self.rows.iter().position(|row| row.key == kept)).unwrap_or(0);
            self.cursor.go(at, self.rows.len(), height);
            changed = true;
        }
        self.applied = Some(Applied { revision, edition, request: self.request.clone(), holds_until, text });
        let selected = self.selected();
        let stands = self.verdict.as_ref().is_some_and(|(_, verdict)| verdict.holds_until.is_none_or(|until| now <= until));
        if !stands || self.verdict.as_ref().map(|(key, _)| *key) != selected {
            self.verdict = selected.zip(case).map(|(key, case)| (key, case.onto(estate.environment(key)).verdict()));
            self.reasons_width = 0;
        }
        if self.reasons_width != width {
            self.reasons = self.verdict().map(|verdict| wrapped(verdict, width)).unwrap_or_default();
            self.reasons_width = width;
            changed = true;
        }
        changed
    }

    /// The reasons of the target under the cursor, as lines that fit the screen.
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// Scrolls the reasons; true when something moved.
    pub fn scroll_reasons(&mut self, step: Step, height: usize) -> bool {
        scroll(&mut self.reasons_top, step, self.reasons.len(), height)
    }

    /// Keeps the targets that pass the filter, in their order.
    fn narrow(&mut self, text: &str, estate: &Estate, rulebooks: &Rulebooks) {
        match Filter::parse(text) {
            // Nothing passes what is not understood: an older result would be taken for its answer.
            Err(error) => {
                self.error = Some(error.0);
                self.rows.clear();
            }
            Ok(filter) => {
                self.error = None;
                let rulebook = rulebooks.of(estate.edition());
                let fuzzy = &self.fuzzy;
                let passes = |target: &&Target| {
                    let environment = estate.environment(target.key);
                    (filter.words.is_empty() || fuzzy.score(&environment.name, &filter.words).is_some())
                        && filter.passes(environment, &estate.tenant(environment.tenant).name, rulebook)
                };
                self.rows = self.judged.iter().filter(passes).copied().collect();
            }
        }
    }
}

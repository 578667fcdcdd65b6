//! Every environment as a possible target of a copy or restore: eligible ones first, each refused one with all its reasons.

use chrono::{DateTime, Utc};
use tui_input::Input;

use crate::app::details::scroll;
use crate::app::fuzzy::Fuzzy;
use crate::app::list::{Cursor, Step};
use crate::domain::copy::{Copy, Level};
use crate::domain::environment::Environment;
use crate::domain::estate::{EnvironmentKey, Estate};
use crate::domain::filter::Filter;
use crate::domain::judge::{Question, judge, outline};
use crate::domain::known::Known;
use crate::domain::request::Back;
use crate::domain::restore::{Point, Restore};
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

/// What is asked about each target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// May it be overwritten with a copy?
    Copy {
        /// What is carried.
        level: Level,
        /// Whether audit logs are taken along.
        audit_logs: bool,
    },
    /// May it be overwritten with what the source was?
    Restore {
        /// To when.
        back: Back,
        /// Whether audit logs are taken along.
        audit_logs: bool,
    },
}

impl Default for Ask {
    fn default() -> Self {
        Self::Copy { level: Level::Everything, audit_logs: false }
    }
}

impl Ask {
    /// The level of a copy.
    pub const fn level(&self) -> Option<Level> {
        match self {
            Self::Copy { level, .. } => Some(*level),
            Self::Restore { .. } => None,
        }
    }

    /// What stands beside the title: the level, or the instant.
    pub fn label(&self) -> String {
        match self {
            Self::Copy { level, .. } => level.label().to_owned(),
            Self::Restore { back, .. } => time::minute(back.at()),
        }
    }

    fn of<'a>(&self, source: &'a Environment, target: &'a Environment) -> Question<'a> {
        match self {
            Self::Copy { level, audit_logs } => {
                Question::Copy(Copy { source, target, level: *level, audit_logs: *audit_logs, half_left: false, checklists: &[] })
            }
            Self::Restore { back, audit_logs } => {
                let backup = |id: &str| match &source.backups {
                    Known::Is(backups) => backups.iter().find(|backup| &*backup.id == id),
                    Known::Unknown => None,
                };
                // A backup that is gone meanwhile is judged as the instant that it stood for.
                let point = match back {
                    Back::To(at) => Point::Instant(*at),
                    Back::Backup(id, at) => backup(id).map_or(Point::Instant(*at), Point::Backup),
                };
                Question::Restore(Restore { source, target, point: Some(point), audit_logs: *audit_logs, paired_at: None, half_left: false })
            }
        }
    }
}

/// The view of targets.
pub struct Targets {
    /// What is copied or restored from.
    pub source: EnvironmentKey,
    /// What is asked about each target.
    pub ask: Ask,
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
    ask: Ask,
    holds_until: Option<DateTime<Utc>>,
    text: String,
}

impl std::fmt::Debug for Targets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Targets").field("source", &self.source).field("ask", &self.ask).field("rows", &self.rows.len()).finish_non_exhaustive()
    }
}

impl Targets {
    /// A view of the targets of `source`; [`Targets::refresh`] fills it.
    pub fn new(source: EnvironmentKey) -> Self {
        Self {
            source,
            ask: Ask::default(),
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

    /// Judges again what has to be judged again; true when something changed.
    pub fn refresh(&mut self, estate: &Estate, rulebooks: &Rulebooks, now: DateTime<Utc>, height: usize, width: usize) -> bool {
        let text = self.filter.value().to_owned();
        let (revision, edition) = (estate.revision(), estate.edition());
        let holds = self.applied.as_ref().is_some_and(|applied| {
            (applied.revision, applied.edition) == (revision, edition) && applied.ask == self.ask && applied.holds_until.is_none_or(|until| now <= until)
        });
        let mut changed = false;
        let mut holds_until = self.applied.as_ref().and_then(|applied| applied.holds_until);
        if !holds {
            let source = estate.environment(self.source);
            self.judged = estate
                .by_name()
                .iter()
                .map(|key| Target { key: *key, outline: outline(self.ask.of(source, estate.environment(*key)), estate, rulebooks, now) })
                .collect();
            // The sort keeps the order of names within one answer. A copy onto itself is never possible, so the source comes last;
            // a restore onto itself is what is wanted most, so it comes first.
            let first = matches!(self.ask, Ask::Restore { .. });
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
        self.applied = Some(Applied { revision, edition, ask: self.ask.clone(), holds_until, text });
        let selected = self.selected();
        let stands = self.verdict.as_ref().is_some_and(|(_, verdict)| verdict.holds_until.is_none_or(|until| now <= until));
        if !stands || self.verdict.as_ref().map(|(key, _)| *key) != selected {
            self.verdict = selected.map(|key| {
                let question = self.ask.of(estate.environment(self.source), estate.environment(key));
                (key, judge(question, estate, rulebooks, now))
            });
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

    /// Takes the other level of a copy; a restore has none.
    pub fn change_level(&mut self) {
        if let Ask::Copy { level, audit_logs } = &mut self.ask {
            *level = Level::ALL.iter().copied().find(|other| other != level).unwrap_or(*level);
            *audit_logs &= *level == Level::Everything;
        }
    }
}

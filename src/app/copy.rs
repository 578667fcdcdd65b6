//! The copy wizard, in the order of the articles: level, target, details, review, carrying out.
//!
//! Each step holds what is established, so "confirm without a plan" does not compile; what is typed lives in the draft,
//! which survives leaving the wizard. Nothing changes before the last confirmation (CPY-033).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tui_input::Input;

use crate::app::details::scroll;
use crate::app::list::Step as Rows;
use crate::app::targets::{Reason, Targets, wrapped};
use crate::domain::component::ComponentKind;
use crate::domain::copy::{self, Copy, Level};
use crate::domain::copying::{self, Group, Plan, Request, Schedule};
use crate::domain::environment::Environment;
use crate::domain::estate::{EnvironmentKey, Estate};
use crate::domain::known::Known;
use crate::domain::operation::Acknowledgement;
use crate::domain::rulebook::Rulebooks;
use crate::domain::tables::TRUNCATED_TABLES;
use crate::domain::time;
use crate::domain::verdict::{Answer, Finding, Severity, Verdict};
use crate::domain::words::{Word, counted};

/// What was established so far.
#[derive(Debug)]
pub enum Step {
    /// What to carry is being chosen.
    Level,
    /// What to overwrite is being chosen.
    Target,
    /// What it will be called and who gets in.
    Details(EnvironmentKey),
    /// Everything that is to be known before.
    Review(EnvironmentKey),
    /// How to carry it out. The plan is what the verdict allowed.
    Carry(Box<Plan>),
    /// Recording what was carried out for real.
    Record(Box<Plan>),
}

impl Step {
    /// The place in the row of steps.
    pub const fn number(&self) -> usize {
        match self {
            Self::Level => 0,
            Self::Target => 1,
            Self::Details(_) => 2,
            Self::Review(_) => 3,
            Self::Carry(_) | Self::Record(_) => 4,
        }
    }
}

/// The names of the steps.
pub const STEPS: [&str; 5] = ["Level", "Target", "Details", "Review", "Carry out"];

/// The fields of the details.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The name of the target afterwards.
    Name,
    /// The security group.
    Group,
}

/// The fields of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordField {
    /// When it was carried out.
    When,
    /// Who carried it out.
    Who,
    /// The ticket of the change.
    Ticket,
    /// Who approved it.
    Approver,
    /// The target's name, typed to confirm.
    Typed,
}

impl Draft {
    /// When the copy was carried out: as typed, else `now`; says what to type where it is no instant that has passed.
    pub fn carried_out_at(&self, now: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
        let typed = self.when.value().trim();
        if typed.is_empty() {
            return Ok(now);
        }
        let written = typed.trim_end_matches(['Z', 'z']).trim_end();
        let minute = || chrono::NaiveDateTime::parse_from_str(written, "%Y-%m-%d %H:%M").ok().map(|at| at.and_utc());
        match time::parse(typed).or_else(minute) {
            Some(at) if at <= now => Ok(at),
            Some(_) => Err("When it was carried out lies in the future".to_owned()),
            None => Err(format!("When it was carried out is written like {}, in UTC", time::minute(now))),
        }
    }
}

/// The two ways out; the runbook is a third, which belongs to another command.
pub const WAYS: [(&str, &str); 2] = [
    ("Rehearse", "Try it on the model in memory: see the stages, the state afterwards and the checklist. Never saved; u takes it back."),
    ("Record", "It was carried out in the admin center: write it into the journal and work its checklist."),
];

/// What was typed and chosen; it survives leaving the wizard.
#[derive(Debug, Default)]
pub struct Draft {
    /// Which level the cursor is on.
    pub level: usize,
    /// The target that name and group were typed for.
    pub target: Option<EnvironmentKey>,
    /// The name of the target afterwards.
    pub name: Input,
    /// Which group: 0 keeps it, 1 opens it, from 2 on the groups of the tenant.
    pub group: usize,
    /// What somebody took upon themselves.
    pub acknowledged: Vec<Acknowledgement>,
    /// Which way out the cursor is on.
    pub way: usize,
    /// When it was carried out; empty means now.
    pub when: Input,
    /// Who carried it out; empty means who looks.
    pub who: Input,
    /// The ticket of the change.
    pub ticket: Input,
    /// Who approved it.
    pub approver: Input,
    /// The target's name, typed to confirm.
    pub typed: Input,
}

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

/// The wizard.
#[derive(Debug)]
pub struct Wizard {
    /// The targets, with source and level.
    pub targets: Targets,
    /// What was established.
    pub step: Step,
    /// What was typed.
    pub draft: Draft,
    /// Which field of the details has the keyboard.
    pub field: Field,
    /// Which field of the record has the keyboard.
    pub record_field: RecordField,
    /// The first line of the review on screen.
    pub review_top: usize,
    review: Vec<ReviewLine>,
    open: Vec<Finding>,
    answer: Answer,
    reviewed: Option<(u64, DateTime<Utc>, usize, usize, EnvironmentKey)>,
}

impl Wizard {
    /// The wizard for a copy of `source`, with what was typed before.
    pub fn new(source: EnvironmentKey, draft: Draft) -> Self {
        Self {
            targets: Targets::new(source),
            step: Step::Level,
            draft,
            field: Field::Name,
            record_field: RecordField::Ticket,
            review_top: 0,
            review: Vec::new(),
            open: Vec::new(),
            answer: Answer::Allowed,
            reviewed: None,
        }
    }

    /// What is copied.
    pub const fn source(&self) -> EnvironmentKey {
        self.targets.source
    }

    /// Takes the level under the cursor.
    pub fn choose_level(&mut self) {
        self.targets.level = Level::ALL.get(self.draft.level).copied().unwrap_or(Level::Everything);
        self.step = Step::Target;
    }

    /// Takes the target under the cursor, or says why it cannot be taken.
    pub fn choose_target(&mut self, estate: &Estate) -> Result<(), String> {
        let Some(key) = self.targets.selected() else { return Err("No target is chosen".to_owned()) };
        if let Some(finding) = self.targets.verdict().and_then(|verdict| verdict.findings.iter().find(|finding| finding.severity == Severity::Block)) {
            return Err(format!("Blocked: {}", finding.message));
        }
        if self.draft.target != Some(key) {
            // Another target: its name, its group, and nothing acknowledged.
            let name = estate.environment(key).name.to_string();
            self.draft.target = Some(key);
            self.draft.name = Input::new(name);
            self.draft.group = 0;
            self.draft.acknowledged.clear();
            self.draft.typed = Input::default();
        }
        self.step = Step::Details(key);
        self.field = Field::Name;
        Ok(())
    }

    /// Goes back one step; false at the first.
    pub fn back(&mut self) -> bool {
        let step = std::mem::replace(&mut self.step, Step::Level);
        let target = self.draft.target.or_else(|| self.targets.selected());
        self.step = match (step, target) {
            (Step::Level, _) => return false,
            (Step::Target, _) | (_, None) => Step::Level,
            (Step::Details(_), _) => Step::Target,
            (Step::Review(_), Some(target)) => Step::Details(target),
            (Step::Carry(_), Some(target)) => Step::Review(target),
            (Step::Record(plan), _) => Step::Carry(plan),
        };
        true
    }

    /// The names of the groups that can be chosen.
    pub fn groups(&self, estate: &Estate) -> Vec<String> {
        let tenant = estate.tenant(estate.environment(self.source()).tenant);
        let kept = "keep it as it is".to_owned();
        let open = "none: everybody with a licence and a role".to_owned();
        let listed: Vec<String> = match &tenant.security_groups {
            Known::Is(groups) => groups.iter().map(|group| format!("members of {}", group.name)).collect(),
            Known::Unknown => Vec::new(),
        };
        [kept, open].into_iter().chain(listed).collect()
    }

    /// Takes the next group, or the one before.
    pub fn next_group(&mut self, by: i8, estate: &Estate) {
        let count = self.groups(estate).len();
        let by = usize::try_from(i16::from(by).rem_euclid(i16::try_from(count).unwrap_or(i16::MAX))).unwrap_or(0);
        self.draft.group = (self.draft.group + by) % count.max(1);
    }

    /// The copy as it is drafted, onto `target`.
    pub fn request(&self, target: EnvironmentKey, estate: &Estate) -> Request {
        let (source, target) = (estate.environment(self.source()), estate.environment(target));
        let tenant = estate.tenant(target.tenant);
        let group = match (self.draft.group, &tenant.security_groups) {
            (0, _) => Group::Keep,
            (1, _) => Group::Open,
            (index, Known::Is(groups)) => groups.get(index - 2).map_or(Group::Keep, |group| Group::Only(group.id.clone())),
            (_, Known::Unknown) => Group::Keep,
        };
        let typed = self.draft.name.value().trim();
        let name = if typed.is_empty() { target.name.clone() } else { typed.into() };
        Request { source: source.id.clone(), target: target.id.clone(), level: self.targets.level, name, group }
    }

    /// The lines of the review.
    pub fn review(&self) -> &[ReviewLine] {
        &self.review
    }

    /// What the findings of the review come to.
    pub const fn answer(&self) -> Answer {
        self.answer
    }

    /// How many findings wait to be acknowledged.
    pub const fn unacknowledged(&self) -> usize {
        self.open.len()
    }

    /// Takes the next unknown finding upon oneself.
    pub fn acknowledge(&mut self, by: &Arc<str>, at: DateTime<Utc>) -> bool {
        if self.open.is_empty() {
            return false;
        }
        let finding = self.open.remove(0);
        self.draft.acknowledged.push(Acknowledgement { code: finding.code, severity: finding.severity, shown: finding.message.into(), by: Arc::clone(by), at });
        self.reviewed = None;
        true
    }

    /// Makes the plan, or says what is in the way.
    pub fn plan(&mut self, target: EnvironmentKey, estate: &Estate, rulebooks: &Rulebooks, now: DateTime<Utc>) -> Result<Plan, String> {
        let request = self.request(target, estate);
        copying::plan(request, estate, rulebooks, &self.draft.acknowledged, now).map_err(|none| {
            self.reviewed = None;
            match none.verdict.findings.iter().find(|finding| finding.severity == Severity::Block) {
                Some(finding) => format!("Blocked: {}", finding.message),
                None => format!("{} unknown: acknowledge each with a, or look it up", counted(none.open.len(), "finding")),
            }
        })
    }

    /// Works the review out again when facts, time or draft changed; true when it was.
    pub fn refresh_review(&mut self, estate: &Estate, rulebooks: &Rulebooks, now: DateTime<Utc>, width: usize) -> bool {
        let Step::Review(target) = self.step else { return false };
        let wanted = (estate.revision(), now, self.draft.acknowledged.len(), width, target);
        if self.reviewed == Some(wanted) {
            return false;
        }
        let (from, onto) = (estate.environment(self.source()), estate.environment(target));
        let verdict = copy::judge(Copy { source: from, target: onto, level: self.targets.level }, estate, rulebooks, now);
        let given = |finding: &Finding| self.draft.acknowledged.iter().any(|given| given.code == finding.code && *given.shown == *finding.message);
        self.open = verdict.findings.iter().filter(|finding| finding.severity == Severity::Unknown && !given(finding)).cloned().collect();
        self.answer = verdict.answer();
        let schedule = Schedule::of(from, self.targets.level, rulebooks.of(estate.edition()), now);
        let words = &rulebooks.of(estate.edition()).durations.words;
        let request = self.request(target, estate);
        let before = std::mem::take(&mut self.review);
        self.review = review(&ReviewOf { from, onto, request: &request, verdict: &verdict, schedule: &schedule, duration: words }, &given, width);
        self.reviewed = Some(wanted);
        self.review != before
    }

    /// Scrolls the review; true when something moved.
    pub fn scroll_review(&mut self, step: Rows, height: usize) -> bool {
        scroll(&mut self.review_top, step, self.review.len(), height)
    }
}

struct ReviewOf<'a> {
    from: &'a Environment,
    onto: &'a Environment,
    request: &'a Request,
    verdict: &'a Verdict,
    schedule: &'a Schedule,
    duration: &'a str,
}

/// Everything that is to be known before, as lines of at most `width` columns.
fn review(of: &ReviewOf<'_>, given: &dyn Fn(&Finding) -> bool, width: usize) -> Vec<ReviewLine> {
    let ReviewOf { from, onto, request, verdict, schedule, duration } = of;
    let width = width.max(20);
    let fit = |text: &str| textwrap::wrap(text, width.saturating_sub(2)).into_iter().map(String::from).collect::<Vec<_>>();
    let mut lines = Vec::new();
    let danger = format!("{} is deleted and replaced by {}. What is deleted cannot be got back.", onto.name, from.name);
    lines.extend(fit(&danger).into_iter().map(ReviewLine::Danger));
    lines.push(ReviewLine::Gap);
    let unknown: Vec<&Finding> = verdict.findings.iter().filter(|finding| finding.severity == Severity::Unknown).collect();
    if !unknown.is_empty() {
        lines.push(ReviewLine::Heading("Unknown: look it up, or take it upon you, one by one (a)".to_owned()));
        for finding in &unknown {
            let mut box_ = Some(given(finding));
            let text = textwrap::wrap(&finding.message, width.saturating_sub(5));
            lines.extend(text.into_iter().map(|line| ReviewLine::Acknowledge(box_.take(), line.into_owned())));
        }
        lines.push(ReviewLine::Gap);
    }
    lines.push(ReviewLine::Heading("What is copied".to_owned()));
    let carried = match request.level {
        Level::Everything => "All application data, users, customizations and schemas".to_owned(),
        Level::Customizations => {
            format!(
                "Users, customizations and schemas, no application data: {} tables are emptied (t lists them). User records travel too",
                TRUNCATED_TABLES.len()
            )
        }
    };
    lines.extend(fit(&carried).into_iter().map(ReviewLine::Text));
    let took = time::span(schedule.done_at() - schedule.started_at);
    lines.extend(fit(&format!("It takes about {took} by the size of the data; {duration}")).into_iter().map(ReviewLine::Text));
    lines.push(ReviewLine::Gap);
    lines.push(ReviewLine::Heading("Afterwards".to_owned()));
    for line in afterwards(from, onto, request) {
        lines.extend(fit(&line).into_iter().map(ReviewLine::Text));
    }
    if !verdict.findings.is_empty() {
        lines.push(ReviewLine::Gap);
        lines.push(ReviewLine::Heading("All findings".to_owned()));
        lines.extend(wrapped(verdict, width).into_iter().map(ReviewLine::Finding));
    }
    lines
}

/// What will be different, one sentence each.
fn afterwards(from: &Environment, onto: &Environment, request: &Request) -> Vec<String> {
    let mut lines = vec![
        format!("{} is in administration mode with background operations off; only System Administrator and System Customizer sign in", request.name),
        "It keeps its id, URL, region, type and key".to_owned(),
    ];
    if request.name != onto.name {
        lines.push(format!("It is called {} instead of {}", request.name, onto.name));
    }
    match &request.group {
        Group::Keep => {}
        Group::Open => lines.push("No security group limits who gets in".to_owned()),
        Group::Only(_) => lines.push("Only members of the chosen security group get in".to_owned()),
    }
    match &onto.backups {
        Known::Is(backups) if backups.is_empty() => lines.push("Nothing from before the copy can be restored".to_owned()),
        Known::Is(backups) => lines.push(format!("Nothing from before the copy can be restored, its {} included", counted(backups.len(), "manual backup"))),
        Known::Unknown => lines.push("Nothing from before the copy can be restored, manual backups included".to_owned()),
    }
    if let Known::Is(references) = from.components.of(ComponentKind::ConnectionReference)
        && !references.is_empty()
    {
        lines.push(format!("{} need new connections", counted(references.len(), "connection reference")));
    }
    lines.push("A checklist opens: mail, SharePoint, Yammer, flows and connections, before anybody works there".to_owned());
    lines
}

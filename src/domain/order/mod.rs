//! What a runbook is written from: what is to be done in which order, on which facts, how it was judged and who answers for it.

mod make;

use std::sync::Arc;

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};

use crate::domain::environment::Environment;
use crate::domain::known::Known;
use crate::domain::operation::Acknowledgement;
use crate::domain::request::Change;
use crate::domain::request::account::{Line, Topic};
use crate::domain::rulebook::{Edition, Menus};
use crate::domain::tenant::Tenant;
use crate::domain::verdict::{Finding, Verdict};
use crate::vocabulary;

pub use self::make::{Desk, Inputs, Refusal, of_plan, of_request};

vocabulary! {
    /// The languages that runbooks are written in.
    Dialect, "dialect" {
        Pac = "pac" "bash with pac admin",
        PacEm = "pac-em" "bash with pac environment-management (preview), validated first",
        PowerShell = "powershell" "PowerShell with the administration module",
        Markdown = "markdown" "change record for approval",
    }
}

impl Dialect {
    /// Whether it is run rather than read.
    pub const fn is_script(self) -> bool {
        !matches!(self, Self::Markdown)
    }

    /// How a file of it ends, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pac | Self::PacEm => "sh",
            Self::PowerShell => "ps1",
            Self::Markdown => "md",
        }
    }
}

/// For so long a verdict is relied on: afterwards the facts may be others.
pub const RELIED_ON_FOR: TimeDelta = TimeDelta::hours(24);

/// One operation with the facts that it was judged on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// What is done, with every choice made.
    pub change: Change,
    /// What is asked, in one phrase.
    pub asked: String,
    /// The tenant to which it moves or in which it is created, else its own.
    pub tenant: Tenant,
    /// Where its content comes from, for copies and restores.
    pub source: Option<Environment>,
    /// What it is done to, as it is before; of what is created, as it will be.
    pub target: Environment,
    /// What has to be known of it.
    pub account: Vec<Line>,
    /// How it was judged.
    pub verdict: Verdict,
    /// Until when that is relied on.
    pub good_until: DateTime<Utc>,
    /// How long it takes by the size of the data.
    pub takes: TimeDelta,
    /// What the button in the admin center is called, where it is known (CUR-022).
    pub button: Option<String>,
    /// What its region is called where environments are created, if it is known.
    pub region: Option<Box<str>>,
}

impl Job {
    /// What its content comes from, else what it is done to.
    pub fn from(&self) -> &Environment {
        self.source.as_ref().unwrap_or(&self.target)
    }

    /// What happens, in one sentence or two.
    pub fn happens(&self) -> &str {
        self.account.iter().find(|line| line.topic == Topic::Happens).map_or("", |line| &line.text)
    }
}

/// Something that a person does before the next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    /// What.
    pub text: Arc<str>,
    /// What to know.
    pub help: Vec<Arc<str>>,
    /// Where in the menus.
    pub path: Option<Arc<str>>,
}

/// A step of what is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leg {
    /// An operation.
    Job(Box<Job>),
    /// Something that a person does.
    Manual(Instruction),
}

/// An item of the checklist that follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follow {
    /// The title of its checklist.
    pub checklist: Arc<str>,
    /// What.
    pub text: Arc<str>,
    /// Whether it has to be settled before the environment goes back into service.
    pub mandatory: bool,
}

/// Who wants it and who answers for it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Papers {
    /// What it is for.
    pub purpose: Option<Box<str>>,
    /// The ticket of the change.
    pub ticket: Option<Box<str>>,
    /// Who approves it.
    pub approver: Option<Box<str>>,
    /// From when until when it may be done.
    pub window: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// What a runbook is written from. Nothing in it is blocked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The id and title of the plan, where it is one.
    pub plan: Option<(Box<str>, Arc<str>)>,
    /// What is done, in order.
    pub legs: Vec<Leg>,
    /// The environment whose name is typed before anything changes.
    pub target: Environment,
    /// Its tenant.
    pub tenant: Tenant,
    /// What somebody took upon themselves.
    pub acknowledged: Vec<Acknowledgement>,
    /// What somebody has to take upon themselves and nobody did: as long as there is any, there is no script.
    pub open: Vec<Finding>,
    /// When it was judged.
    pub judged_at: DateTime<Utc>,
    /// Until when the verdict is relied on: a day, or until time alone changes it.
    pub valid_until: DateTime<Utc>,
    /// When the facts were captured.
    pub captured_at: Known<DateTime<Utc>>,
    /// The rules that judged it.
    pub edition: Edition,
    /// Where its menus are in the admin center.
    pub menus: Menus,
    /// Who asked for it.
    pub by: Known<Arc<str>>,
    /// Who wants it and who answers for it.
    pub papers: Papers,
    /// What has to be done afterwards.
    pub follow: Vec<Follow>,
}

impl Order {
    /// The operations, in order.
    pub fn jobs(&self) -> impl Iterator<Item = &Job> {
        self.legs.iter().filter_map(|leg| match leg {
            Leg::Job(job) => Some(&**job),
            Leg::Manual(_) => None,
        })
    }

    /// What the accounts of all operations say about a topic; of a plan, with the operation that is meant.
    pub fn account(&self, topic: Topic) -> impl Iterator<Item = String> {
        use crate::domain::words::Word as _;
        let lines = self.jobs().flat_map(|job| job.account.iter().map(move |line| (job.change.kind(), line)));
        lines
            .filter(move |(_, line)| line.topic == topic)
            .map(|(kind, line)| if self.plan.is_some() { format!("{}: {}", kind.label(), line.text) } else { line.text.to_string() })
    }

    /// All findings of all operations, each once, the gravest first.
    pub fn findings(&self) -> Vec<&Finding> {
        let mut findings: Vec<&Finding> = Vec::new();
        for finding in self.jobs().flat_map(|job| &job.verdict.findings) {
            if !findings.contains(&finding) {
                findings.push(finding);
            }
        }
        findings.sort_by_key(|finding| finding.severity);
        findings
    }

    /// Takes the next finding that waits for it upon oneself; false when none waits.
    pub fn acknowledge(&mut self, by: &Arc<str>, at: DateTime<Utc>) -> bool {
        if self.open.is_empty() {
            return false;
        }
        let Finding { code, severity, message, .. } = self.open.remove(0);
        self.acknowledged.push(Acknowledgement { code, severity, shown: message.into(), by: Arc::clone(by), at: at.trunc_subsecs(0) });
        true
    }

    /// What it is called where only a word fits: the operation, or the plan.
    pub fn word(&self) -> &str {
        use crate::domain::words::Word as _;
        match &self.plan {
            Some((id, _)) => id,
            None => self.jobs().next().map_or("nothing", |job| job.change.kind().word()),
        }
    }
}

//! Carrying out a copy: the plan that only a verdict can make, its stages, and what the target is afterwards.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::component::{ComponentKind, Property};
use crate::domain::copy::{self, Copy, Level};
use crate::domain::environment::{Dataverse, Environment, EnvironmentId};
use crate::domain::estate::Estate;
use crate::domain::gigabytes::Gigabytes;
use crate::domain::journal::Value;
use crate::domain::known::Known;
use crate::domain::operation::{Acknowledgement, Operation, OperationKind, Outcome};
use crate::domain::rulebook::{Rulebook, Rulebooks};
use crate::domain::verdict::{Finding, Severity, Verdict};
use crate::domain::words::Word;
use crate::vocabulary;

/// The permanent id of the checklist that a copy opens.
pub const CHECKLIST: &str = "post-copy";

/// What happens to the target's security group (CPY-031).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Group {
    /// It stays as it is (G-19).
    #[default]
    Keep,
    /// Nobody is kept out.
    Open,
    /// Only members of this group get in, by its id.
    Only(Box<str>),
}

/// A copy with all its choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What is copied.
    pub source: EnvironmentId,
    /// What is overwritten.
    pub target: EnvironmentId,
    /// What is carried.
    pub level: Level,
    /// What the target is called afterwards (CPY-032).
    pub name: Box<str>,
    /// Who gets in afterwards.
    pub group: Group,
}

/// A copy that may be carried out: judged, nothing blocked, every unknown acknowledged. Only [`plan`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    request: Request,
    verdict: Verdict,
    acknowledged: Vec<Acknowledgement>,
}

/// Why there is no plan: the verdict as it stands now, with the findings that somebody has to acknowledge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoPlan {
    /// The verdict.
    pub verdict: Verdict,
    /// The unknown findings that nobody acknowledged as they are now.
    pub open: Vec<Finding>,
}

/// Judges the request at `now` and makes a plan of it. An acknowledgement counts only for what was shown when it was given.
pub fn plan(request: Request, estate: &Estate, rulebooks: &Rulebooks, acknowledged: &[Acknowledgement], now: DateTime<Utc>) -> Result<Plan, NoPlan> {
    let (Some(source), Some(target)) = (estate.find(&request.source), estate.find(&request.target)) else {
        return Err(NoPlan { verdict: Verdict::default(), open: Vec::new() });
    };
    let copy = Copy { source: estate.environment(source), target: estate.environment(target), level: request.level };
    let verdict = copy::judge(copy, estate, rulebooks, now);
    let covers = |finding: &Finding| acknowledged.iter().find(|given| given.code == finding.code && *given.shown == *finding.message);
    let unknown = || verdict.findings.iter().filter(|finding| finding.severity == Severity::Unknown);
    let blocked = verdict.findings.iter().any(|finding| finding.severity == Severity::Block);
    let open: Vec<Finding> = unknown().filter(|finding| covers(finding).is_none()).cloned().collect();
    if blocked || !open.is_empty() {
        return Err(NoPlan { verdict, open });
    }
    let acknowledged = unknown().filter_map(covers).cloned().collect();
    Ok(Plan { request, verdict, acknowledged })
}

impl Plan {
    /// What is copied onto what, and how.
    pub const fn request(&self) -> &Request {
        &self.request
    }

    /// How it was judged.
    pub const fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// The operation that carries it out.
    pub fn operation(&self, started_at: DateTime<Utc>, completed_at: DateTime<Utc>, ticket: Option<Box<str>>, approver: Option<Arc<str>>) -> Operation {
        let Request { source, target, level, name, group } = &self.request;
        let group = match group {
            Group::Keep => None,
            Group::Open => Some(("security_group".into(), Value::Nothing)),
            Group::Only(id) => Some(("security_group".into(), Value::Text(id.clone()))),
        };
        let inputs = [("level".into(), Value::Text(level.word().into())), ("name".into(), Value::Text(name.clone()))];
        Operation {
            kind: OperationKind::Copy,
            source: Some(source.clone()),
            target: target.clone(),
            inputs: inputs.into_iter().chain(group).collect(),
            verdict: self.verdict.answer(),
            acknowledged: self.acknowledged.clone(),
            ticket,
            approver,
            started_at,
            completed_at: Some(completed_at),
            outcome: Outcome::Succeeded,
        }
    }
}

/// The request behind a recorded copy; none when it says too little.
pub fn request_of(operation: &Operation) -> Option<Request> {
    let input = |name: &str| operation.inputs.iter().find(|(key, _)| &**key == name).map(|(_, value)| value);
    let text = |name: &str| match input(name) {
        Some(Value::Text(text)) => Some(text.clone()),
        Some(Value::Nothing | Value::Flag(_) | Value::List(_)) | None => None,
    };
    let group = match input("security_group") {
        Some(Value::Nothing) => Group::Open,
        Some(Value::Text(id)) => Group::Only(id.clone()),
        Some(Value::Flag(_) | Value::List(_)) | None => Group::Keep,
    };
    Some(Request { source: operation.source.clone()?, target: operation.target.clone(), level: Level::from_word(&text("level")?)?, name: text("name")?, group })
}

vocabulary! {
    /// The stages of an operation, with the names that the admin center shows.
    Stage, "stage" {
        Validate = "validate" "Validating",
        Prepare = "prepare" "Copying database",
        Run = "run" "Updating configuration",
        Finalize = "finalize" "Finishing up",
    }
}

/// When each stage of a copy ends; an estimate from the size of the data (C-11), never a promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// When it began.
    pub started_at: DateTime<Utc>,
    ends: [DateTime<Utc>; 4],
}

/// How far a copy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Which stage it is in.
    pub stage: Stage,
    /// Hundredths of the whole.
    pub percent: u8,
}

impl Schedule {
    /// The schedule of a copy that begins at `started_at`.
    pub fn of(source: &Environment, level: Level, rulebook: &Rulebook, started_at: DateTime<Utc>) -> Self {
        let durations = &rulebook.durations;
        let size = |pick: fn(&Dataverse) -> Known<Gigabytes>, otherwise: f64| match &source.dataverse {
            Known::Is(Some(dataverse)) => match pick(dataverse) {
                Known::Is(size) => size.as_f64(),
                Known::Unknown => otherwise,
            },
            Known::Is(None) | Known::Unknown => otherwise,
        };
        let (data, audit) = match level {
            Level::Everything => (size(|d| d.size, durations.unknown_size_gb), size(|d| d.audit, durations.unknown_size_gb / 4.0)),
            Level::Customizations => (0.0, 0.0),
        };
        #[expect(clippy::cast_possible_truncation, reason = "minutes of a copy are far below the limits of an integer")]
        let copying = (data * durations.minutes_per_gb + audit * durations.minutes_per_audit_gb).round() as i64;
        let minutes = [durations.validate_minutes, durations.prepare_minutes + copying, durations.run_minutes, durations.finalize_minutes];
        let mut end = started_at;
        let ends = minutes.map(|minutes| {
            end += TimeDelta::minutes(minutes);
            end
        });
        Self { started_at, ends }
    }

    /// When it is done.
    pub const fn done_at(&self) -> DateTime<Utc> {
        self.ends[3]
    }

    /// How far it is; none when it is done.
    pub fn progress(&self, now: DateTime<Utc>) -> Option<Progress> {
        let (stage, _) = Stage::ALL.iter().zip(&self.ends).find(|(_, end)| now < **end)?;
        let whole = (self.done_at() - self.started_at).num_seconds().max(1);
        let percent = ((now - self.started_at).num_seconds().max(0) * 100 / whole).min(99);
        Some(Progress { stage: *stage, percent: u8::try_from(percent).unwrap_or(99) })
    }

    /// The end of the stage that it is in; none when it is done.
    pub fn next_event(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.ends.iter().copied().find(|end| now < *end)
    }
}

/// The target after a copy (CPY-036 to CPY-043, G-20, C-19): its own identity, the source's content, out of service.
pub fn after(source: &Environment, target: &Environment, request: &Request, at: DateTime<Utc>) -> Environment {
    let mut copy = target.clone();
    copy.name = request.name.clone();
    match &request.group {
        Group::Keep => {}
        Group::Open => copy.security_group = Known::Is(None),
        Group::Only(id) => copy.security_group = Known::Is(Some(id.clone())),
    }
    copy.dataverse = match request.level {
        Level::Everything => source.dataverse.clone(),
        // The 204 tables are emptied, Audit among them (TRN-001, TRN-008); how much is left, nobody knows.
        Level::Customizations => source.dataverse.as_ref().map(|dataverse| {
            dataverse.as_ref().map(|dataverse| Dataverse { version: dataverse.version.clone(), size: Known::Unknown, audit: Known::Is(Gigabytes::whole(0)) })
        }),
    };
    copy.dynamics_365_apps = source.dynamics_365_apps.clone();
    copy.users = source.users.clone();
    copy.components = source.components.clone();
    copy.components.change(ComponentKind::ConnectionReference, |reference| reference.set("connection", Property::Nothing));
    if request.level == Level::Customizations {
        // SharePointSite is among the emptied tables (TRN-012).
        copy.components.insert(ComponentKind::SharepointSite, Vec::new());
    }
    copy.order_management = source.order_management.clone();
    copy.admin_mode = Known::Is(true);
    copy.background_operations = Known::Is(false);
    copy.unread.retain(|unread| !unread.field.starts_with("components"));
    copy.unread.extend(source.unread.iter().filter(|unread| unread.field.starts_with("components")).cloned());
    overwritten(&mut copy, at);
    copy
}

/// Takes away the restore points from before a copy at `at`: no capture shows that they cannot be used any more (C-19).
pub fn overwritten(target: &mut Environment, at: DateTime<Utc>) {
    target.restorable_since = target.restorable_since.max(Some(at));
    if let Known::Is(backups) = &mut target.backups {
        for backup in backups.iter_mut().filter(|backup| backup.taken_at <= at) {
            backup.overwritten = true;
        }
    }
}

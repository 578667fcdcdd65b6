//! Something that may be carried out: judged, nothing blocked, every unknown and every grave warning acknowledged.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::domain::checklist::Checklist;
use crate::domain::estate::Estate;
use crate::domain::judge::judge;
use crate::domain::operation::{Acknowledgement, Operation, Outcome};
use crate::domain::request::Request;
use crate::domain::rulebook::Rulebooks;
use crate::domain::verdict::{Finding, Severity, Verdict};

/// A request that may be carried out. Only [`plan`] makes one.
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
    /// The findings that somebody has to acknowledge, as they are now, and nobody did.
    pub open: Vec<Finding>,
}

/// Judges the request at `now` and makes a plan of it; `checklists` are those that are open for its target. An
/// acknowledgement counts only for what was shown when it was given.
pub fn plan(
    request: Request,
    estate: &Estate,
    checklists: &[Checklist],
    rulebooks: &Rulebooks,
    acknowledged: &[Acknowledgement],
    now: DateTime<Utc>,
) -> Result<Plan, NoPlan> {
    let Some(question) = request.question(estate, checklists) else {
        return Err(NoPlan { verdict: Verdict::default(), open: Vec::new() });
    };
    let verdict = judge(question, estate, rulebooks, now);
    let covers = |finding: &Finding| acknowledged.iter().find(|given| given.code == finding.code && *given.shown == *finding.message);
    let unknown = || verdict.findings.iter().filter(|finding| finding.has_to_be_acknowledged());
    let blocked = verdict.findings.iter().any(|finding| finding.severity == Severity::Block);
    let open: Vec<Finding> = unknown().filter(|finding| covers(finding).is_none()).cloned().collect();
    if blocked || !open.is_empty() {
        return Err(NoPlan { verdict, open });
    }
    let acknowledged = unknown().filter_map(covers).cloned().collect();
    Ok(Plan { request, verdict, acknowledged })
}

impl Plan {
    /// What is to be done, with its choices.
    pub const fn request(&self) -> &Request {
        &self.request
    }

    /// How it was judged.
    pub const fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// What somebody took upon themselves.
    pub fn acknowledged(&self) -> &[Acknowledgement] {
        &self.acknowledged
    }

    /// The operation that carries it out.
    pub fn operation(&self, started_at: DateTime<Utc>, completed_at: DateTime<Utc>, ticket: Option<Box<str>>, approver: Option<Arc<str>>) -> Operation {
        Operation {
            kind: self.request.change.kind(),
            source: self.request.source.clone(),
            target: self.request.target.clone(),
            inputs: self.request.inputs(),
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

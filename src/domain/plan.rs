//! Something that may be carried out: judged, nothing blocked, every unknown and every grave warning acknowledged.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::domain::operation::{Acknowledgement, Operation, Outcome};
use crate::domain::request::account::{Line, account};
use crate::domain::request::{Case, Context, Request};
use crate::domain::verdict::{Finding, Severity, Verdict};

/// A request that may be carried out. Only [`plan`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    request: Request,
    account: Vec<Line>,
    verdict: Verdict,
    acknowledged: Vec<Acknowledgement>,
}

/// Why there is no plan: the verdict as it stands now, with the findings that somebody has to acknowledge.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NoPlan {
    /// The choices that nobody made yet, by the names of their options.
    pub choices: Vec<&'static str>,
    /// The verdict.
    pub verdict: Verdict,
    /// The findings that somebody has to acknowledge, as they are now, and nobody did.
    pub open: Vec<Finding>,
}

/// Judges the request now and makes a plan of it: every choice made, nothing blocked. An acknowledgement counts only for
/// what was shown when it was given.
pub fn plan(request: Request, context: &Context<'_>, acknowledged: &[Acknowledgement]) -> Result<Plan, NoPlan> {
    let Ok(case) = Case::of(&request, context) else { return Err(NoPlan::default()) };
    let (account, verdict, choices) = (account(&case), case.verdict(), case.open());
    let covers = |finding: &Finding| acknowledged.iter().find(|given| given.code == finding.code && *given.shown == *finding.message);
    let unknown = || verdict.findings.iter().filter(|finding| finding.has_to_be_acknowledged());
    let blocked = verdict.findings.iter().any(|finding| finding.severity == Severity::Block);
    let open: Vec<Finding> = unknown().filter(|finding| covers(finding).is_none()).cloned().collect();
    if blocked || !open.is_empty() || !choices.is_empty() {
        return Err(NoPlan { choices, verdict, open });
    }
    let acknowledged = unknown().filter_map(covers).cloned().collect();
    Ok(Plan { request, account, verdict, acknowledged })
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
            account: self.account.clone(),
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

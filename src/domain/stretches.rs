//! What an environment can be taken back to, stretch by stretch: certain, possible or gone, each judged as its restore is.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::backup::Backup;
use crate::domain::conditions;
use crate::domain::environment::{Environment, EnvironmentType};
use crate::domain::known::Known;
use crate::domain::operation::OperationKind;
use crate::domain::pairs;
use crate::domain::restore;
use crate::domain::retention::retention;
use crate::domain::rulebook::Rulebook;
use crate::domain::time::minute;
use crate::domain::verdict::{Answer, Code, Findings, Severity};
use crate::domain::words::Word;
use crate::domain::world::Facts;
use crate::vocabulary;

vocabulary! {
    /// Whether what was there at an instant can be had again.
    Certainty, "certainty" {
        Certain = "certain" "can be restored to",
        Possible = "possible" "may be there",
        Gone = "gone" "cannot be restored to",
    }
}

/// Instants that follow each other, of which the same is so. Both ends belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The oldest instant.
    pub from: DateTime<Utc>,
    /// The newest instant.
    pub to: DateTime<Utc>,
    /// Whether it can be restored to.
    pub certainty: Certainty,
    /// Why not for certain; none where it is certain.
    pub why: Option<String>,
}

/// The stretches of an environment, the oldest first, as far back as any possible retention reaches; none where nothing is
/// backed up. What `check restore` says of an instant decides, so that nothing is promised here that is refused there: the
/// environment itself (deleted, busy, out of order, of a type that nothing is restored from, seen too long ago) counts too.
pub fn stretches(environment: &Environment, facts: &Facts, rulebook: &Rulebook, now: DateTime<Utc>) -> Vec<Stretch> {
    let kept = retention(environment, rulebook);
    let reach = |days: &u16| now - TimeDelta::days(i64::from(*days));
    let Some(oldest) = kept.possible().iter().flatten().map(reach).min() else { return Vec::new() };
    let mut cuts: Vec<DateTime<Utc>> = kept.possible().iter().flatten().map(reach).collect();
    cuts.extend([environment.restorable_since, environment.kept_since, environment.may_be_gone_before].into_iter().flatten());
    cuts.extend(environment.unbacked.iter().flat_map(|(from, to)| [*from, *to]));
    cuts.extend(
        [environment.created_at, environment.deleted_at.and_then(|at| at.map_or(Known::Unknown, Known::Is))]
            .into_iter()
            .filter_map(|at| if let Known::Is(at) = at { Some(at) } else { None }),
    );
    cuts.push(now);
    cuts.retain(|at| (oldest..=now).contains(at));
    cuts.sort_unstable();
    cuts.dedup();
    let whole = of_itself(environment, facts, rulebook, now);
    let mut found: Vec<Stretch> = Vec::new();
    for pair in cuts.windows(2) {
        let [from, to] = *pair else { continue };
        let (mut certainty, mut why) = at(environment, from + (to - from) / 2, rulebook, now);
        if let Some((worst, reason)) = whole.as_ref().filter(|(worst, _)| *worst > certainty) {
            (certainty, why) = (*worst, Some(reason.clone()));
        }
        match found.last_mut() {
            Some(before) if (before.certainty, &before.why) == (certainty, &why) => before.to = to,
            Some(_) | None => found.push(Stretch { from, to, certainty, why }),
        }
    }
    // What was never there is no stretch of its own.
    let begun = if let Known::Is(created_at) = environment.created_at { created_at } else { oldest };
    found.retain(|stretch| stretch.to > begun);
    found
}

/// The stretch that is certain and reaches to now.
pub fn until_now(stretches: &[Stretch], now: DateTime<Utc>) -> Option<&Stretch> {
    stretches.last().filter(|stretch| stretch.certainty == Certainty::Certain && stretch.to == now)
}

/// Where its backups can go: the types that can be restored onto, and whether onto itself.
pub fn goes_onto(environment: &Environment, rulebook: &Rulebook) -> Known<(Vec<EnvironmentType>, bool)> {
    environment.kind.map(|kind| rulebook.pairs(OperationKind::Restore).source(kind).map_or_else(|| (Vec::new(), false), |row| (row.onto.clone(), row.itself)))
}

/// Whether a manual backup can be restored from, and why not for certain (BKP-051, BKP-081).
pub fn of_backup(environment: &Environment, backup: &Backup, facts: &Facts, rulebook: &Rulebook, now: DateTime<Utc>) -> (Certainty, Option<String>) {
    let mut findings = Findings::in_words(rulebook, OperationKind::Restore);
    restore::manual(environment, backup, now, &mut findings);
    let (certainty, why) = told(findings, Certainty::Gone);
    match of_itself(environment, facts, rulebook, now) {
        Some((worst, reason)) if worst > certainty => (worst, Some(reason)),
        Some(_) | None => (certainty, why),
    }
}

/// One instant, by the rules of a restore. The reason is said of the whole stretch, not of the instant in it that was asked for.
fn at(environment: &Environment, at: DateTime<Utc>, rulebook: &Rulebook, now: DateTime<Utc>) -> (Certainty, Option<String>) {
    let mut findings = Findings::in_words(rulebook, OperationKind::Restore);
    restore::instant(environment, at, now, &mut findings);
    let (certainty, why) = told(findings, Certainty::Gone);
    let deleted_at = if let Known::Is(Some(deleted_at)) = environment.deleted_at { Some(deleted_at) } else { None };
    let unbacked = environment.unbacked.iter().find(|(from, to)| (*from..*to).contains(&at));
    let overwritten = environment.restorable_since.filter(|since| at < *since);
    let why = match (certainty, unbacked, deleted_at.filter(|deleted_at| at > *deleted_at), overwritten) {
        (Certainty::Certain, ..) => None,
        (Certainty::Gone, Some((from, to)), ..) => Some(format!("it was deleted from {} to {}", minute(*from), minute(*to))),
        (Certainty::Gone, _, Some(deleted_at), _) => Some(format!("it was deleted on {}", minute(deleted_at))),
        (Certainty::Gone, _, _, Some(since)) => Some(format!("a copy overwrote it on {}", minute(since))),
        (Certainty::Gone, ..) => Some("nothing is kept from before".to_owned()),
        (Certainty::Possible, _, _, Some(since)) => {
            Some(format!("a copy overwrote it on {}, and the articles contradict each other about older points", minute(since)))
        }
        (Certainty::Possible, ..) if environment.may_be_gone_before.is_some_and(|before| at < before) => {
            Some("its backups were kept for less time meanwhile, so look in the admin center whether they are still offered".to_owned())
        }
        (Certainty::Possible, ..) => why,
    };
    (certainty, why)
}

/// What holds for all of it, whatever the instant.
fn of_itself(environment: &Environment, facts: &Facts, rulebook: &Rulebook, now: DateTime<Utc>) -> Option<(Certainty, String)> {
    if let Known::Is(kind) = environment.kind {
        let row = rulebook.pairs(OperationKind::Restore).source(kind);
        let nowhere = row.is_none_or(|row| row.onto.is_empty() && !row.itself);
        if nowhere && row.is_some_and(|row| !row.disputed.is_empty()) {
            let why = format!("the articles contradict each other about restoring a {} environment", kind.label().to_lowercase());
            return Some((Certainty::Possible, why));
        }
        if nowhere {
            return Some((Certainty::Gone, format!("a {} environment is backed up, but cannot be restored", kind.label().to_lowercase())));
        }
    }
    // What can change yet leaves it possible.
    let mut findings = Findings::in_words(rulebook, OperationKind::Restore);
    conditions::standing_and_idle(environment, &mut findings);
    pairs::source_stands(environment, "restored from", &mut findings);
    conditions::freshness(facts, now, &mut findings);
    let (certainty, why) = told(findings, Certainty::Possible);
    why.filter(|_| certainty != Certainty::Certain).map(|why| (certainty, why))
}

/// What was found, in one word and the reason for it; `refused` is what a refusal comes to.
fn told(findings: Findings<'_>, refused: Certainty) -> (Certainty, Option<String>) {
    let verdict = findings.into_verdict();
    let certainty = match verdict.answer() {
        Answer::Blocked => refused,
        Answer::Unknown => Certainty::Possible,
        // What is warned about here may be gone: only what overwrote or shortened it meanwhile warns.
        Answer::AllowedWithWarnings | Answer::Allowed => Certainty::Certain,
    };
    let why = verdict.findings.iter().find(|finding| matches!(finding.severity, Severity::Block | Severity::Unknown));
    let doubt =
        verdict.findings.iter().find(|finding| finding.severity == Severity::Warn && matches!(finding.code, Code::BackupOverwritten | Code::BackupMayBeGone));
    match (certainty, why, doubt) {
        (Certainty::Certain, _, Some(doubt)) => (Certainty::Possible, Some(doubt.message.clone())),
        (_, why, _) => (certainty, why.map(|finding| finding.message.clone())),
    }
}

//! May this environment be copied onto that one (table D1), and if not, every reason why.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::backup::{Readiness, expires_at, readiness, window};
use crate::domain::component::ComponentKind;
use crate::domain::conditions::{self, whose};
use crate::domain::environment::{Environment, EnvironmentState, EnvironmentType, FinanceOperationsKind, PolicyKind};
use crate::domain::estate::Estate;
use crate::domain::known::Known;
use crate::domain::retention::retention;
use crate::domain::rulebook::{Rulebook, Rulebooks};
use crate::domain::verdict::{Answer, Code, Finding, Findings, Outline, Severity, Verdict, Words, missing};
use crate::domain::words::{Word, counted};
use crate::vocabulary;

vocabulary! {
    /// What a copy carries (CPY-002).
    Level, "level" {
        Everything = "everything" "Everything",
        Customizations = "customizations" "Customizations and schemas only" ["customizations-and-schemas-only"],
    }
}

/// A copy that somebody asks about.
#[derive(Debug, Clone, Copy)]
pub struct Copy<'a> {
    /// What is copied; it keeps its state (CPY-042).
    pub source: &'a Environment,
    /// What is overwritten (CPY-036).
    pub target: &'a Environment,
    /// What is carried.
    pub level: Level,
}

/// Judges a copy by the estate's edition, in words, and says where the other edition decides otherwise.
pub fn judge(copy: Copy<'_>, estate: &Estate, rulebooks: &Rulebooks, now: DateTime<Utc>) -> Verdict {
    let edition = estate.edition();
    let rulebook = rulebooks.of(edition);
    let mut findings = Findings::in_words(rulebook);
    rules(copy, estate, now, &mut findings);
    compare(findings.outline(), copy, estate, rulebooks, now, &mut findings);
    let fresh_until = conditions::freshness(estate, now, &mut findings);
    let words_until = if copy.target.kind == Known::Is(EnvironmentType::Production) { loss_changes_at(copy.target, rulebook, now) } else { None };
    findings.into_verdict(fresh_until.into_iter().chain(words_until).min())
}

/// The same judgement without its words, for lists of targets.
pub fn outline(copy: Copy<'_>, estate: &Estate, rulebooks: &Rulebooks, now: DateTime<Utc>) -> Outline {
    let mut findings = Findings::in_outline(rulebooks.of(estate.edition()));
    rules(copy, estate, now, &mut findings);
    compare(findings.outline(), copy, estate, rulebooks, now, &mut findings);
    conditions::freshness(estate, now, &mut findings);
    findings.outline()
}

/// Until when the answers about all copies hold if no fact changes.
pub fn holds_until(estate: &Estate, rulebooks: &Rulebooks, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    conditions::freshness(estate, now, &mut Findings::in_outline(rulebooks.of(estate.edition())))
}

/// Warns where the edition that does not decide would answer otherwise, and names its rule.
fn compare(ours: Outline, copy: Copy<'_>, estate: &Estate, rulebooks: &Rulebooks, now: DateTime<Utc>, findings: &mut Findings<'_>) {
    let other = rulebooks.other_than(estate.edition());
    let theirs = {
        let mut findings = Findings::in_outline(other);
        rules(copy, estate, now, &mut findings);
        findings.outline()
    };
    // What is not decidable decides nothing: only where one refuses and the other does not are they apart.
    let apart = match (ours.answer(), theirs.answer()) {
        (Answer::Blocked, theirs) => matches!(theirs, Answer::Allowed | Answer::AllowedWithWarnings),
        (Answer::Allowed | Answer::AllowedWithWarnings | Answer::Unknown, theirs) => theirs == Answer::Blocked,
    };
    if !apart {
        return;
    }
    if !findings.wants_words() {
        findings.cite(Code::EditionsDiffer, None, None, || Words::new("", ""));
        return;
    }
    let mut verdict = Findings::in_words(other);
    rules(copy, estate, now, &mut verdict);
    let verdict = verdict.into_verdict(None);
    let refusals = |by: Outline| -> Vec<(Severity, Code)> {
        [Severity::Block, Severity::Unknown].into_iter().flat_map(|severity| by.codes(severity).map(move |code| (severity, code)).collect::<Vec<_>>()).collect()
    };
    let (our_refusals, their_refusals) = (refusals(ours), refusals(theirs));
    let dropped = |code: Code| our_refusals.iter().any(|(_, ours)| *ours == code) && !their_refusals.iter().any(|(_, theirs)| *theirs == code);
    let is_new = |finding: &&Finding| {
        let refusal = (finding.severity, finding.code);
        their_refusals.contains(&refusal) && !our_refusals.contains(&refusal)
    };
    // What it refuses and ours does not; failing that, what it says of the reason for which ours refuses.
    let reason = verdict.findings.iter().find(is_new).or_else(|| verdict.findings.iter().find(|finding| dropped(finding.code)));
    let permitted = match (copy.source.kind, dropped(Code::TypePairUnsupported)) {
        (Known::Is(kind), true) => other.copy_source(kind).map(|row| (row.refused_by.as_str(), other.article_of(Code::TypePairUnsupported, &row.refused_by))),
        (Known::Is(_) | Known::Unknown, _) => None,
    };
    let rule = reason.map(|reason| (reason.rule.as_str(), reason.article.as_str())).or(permitted);
    let whose = other.edition.label();
    let message = match reason {
        Some(reason) => format!("By {whose} this is {}: {}", theirs.answer().label(), reason.message),
        None => format!("By {whose} this is {}", theirs.answer().label()),
    };
    let remedy = format!("Judge it with --rulebook {} too before you rely on it", other.edition.word());
    findings.quote(Code::EditionsDiffer, rule, || Words::new(message, remedy));
}

/// Table D1: every condition, at both levels alike (G-23).
fn rules(copy: Copy<'_>, estate: &Estate, now: DateTime<Utc>, findings: &mut Findings<'_>) {
    let Copy { source, target, level } = copy;
    types(source, target, now, findings);
    if source.id == target.id {
        findings.fails(Code::SameEnvironment, || Words::new(format!("{} cannot be copied onto itself", source.name), "Choose another target"));
    }
    if source.tenant != target.tenant {
        findings.fails(Code::TenantMismatch, || {
            Words::new(
                format!("{} is in the tenant {}, {} in {}", source.name, estate.tenant(source.tenant).name, target.name, estate.tenant(target.tenant).name),
                "Choose a target in the same tenant; moving to another tenant is a migration",
            )
        });
    }
    region(source, target, findings);
    let roles = &findings.rulebook().copy_roles;
    each(source, target, |environment| conditions::role(estate, environment, roles, findings));
    conditions::capacity(estate, target, findings);
    each(source, target, |environment| conditions::database(environment, findings));
    each(source, target, |environment| conditions::standing_and_idle(environment, findings));
    // An unknown state is reported with `Busy` already.
    if source.state == Known::Is(EnvironmentState::Failed) {
        findings.fails(Code::SourceFailed, || {
            Words::new(
                format!("{} is in a failed state, in which it cannot be copied", source.name),
                format!("Reset {0}, or make it the target of a copy or restore, which overwrites it; or choose another source", source.name),
            )
        });
    }
    conditions::key(source, target, findings);
    network_policy(source, target, findings);
    link(source, target, findings);
    managed(source, target, findings);
    outside_solutions(source, findings);
    order_management(source, target, level, findings);
    if let Some([_, ..]) = findings.read(source.components.of(ComponentKind::CanvasApp), Code::CanvasRevisions, "components.canvas-app", &source.name) {
        findings.fails(Code::CanvasRevisions, || {
            Words::new(format!("Of each canvas app of {} only the 20 latest revisions are carried", source.name), "Export older revisions that somebody needs")
        });
    }
}

/// Asks about both ends, but only once where they are the same.
fn each<'a>(source: &'a Environment, target: &'a Environment, mut ask: impl FnMut(&'a Environment)) {
    ask(source);
    if source.id != target.id {
        ask(target);
    }
}

/// The pair of types, decided over every type that an unknown one could be.
fn types(source: &Environment, target: &Environment, now: DateTime<Utc>, findings: &mut Findings<'_>) {
    let rulebook = findings.rulebook();
    let onto = match source.kind {
        Known::Is(kind) => rulebook.copy_source(kind).map(|row| row.onto.as_slice()),
        Known::Unknown => None,
    };
    let way_out = || match onto {
        Some([]) => format!("Choose another source: {} cannot be copied at all, and what is needed of it can be moved in a solution", source.name),
        Some(onto) => {
            let names: Vec<_> = onto.iter().map(|kind| kind.label()).collect();
            format!("Choose a target of type {}", names.join(" or "))
        }
        None => "Choose a target of type Sandbox or Preview".to_owned(),
    };
    if target.kind == Known::Is(EnvironmentType::Production) {
        findings.fails(Code::TargetIsProduction, || {
            let remedy = match onto {
                Some(onto) if !onto.contains(&EnvironmentType::Sandbox) => way_out(),
                Some(_) | None => format!("Choose a sandbox, or switch it to sandbox first: {}", loss(target, rulebook, now)),
            };
            Words::new(format!("{} is a production environment, which can never be overwritten", target.name), remedy)
        });
    }
    if source.kind == Known::Is(EnvironmentType::Default) {
        findings.fails(Code::SourceIsDefault, || {
            Words::new(format!("{} is the default environment, which cannot be copied", source.name), "Move what is needed in a solution instead")
        });
    }
    if target.kind == Known::Is(EnvironmentType::Default) {
        findings.fails(Code::TargetIsDefault, || Words::new(format!("{} is the default environment, which cannot be overwritten", target.name), way_out()));
    }
    let named =
        target.kind.is(|kind| matches!(kind, EnvironmentType::Production | EnvironmentType::Default)) || source.kind == Known::Is(EnvironmentType::Default);
    if named {
        return;
    }
    let all = || EnvironmentType::ALL.iter().copied();
    let (mut allowed, mut refused) = (false, false);
    for from in source.kind.candidates(all()) {
        for onto in target.kind.candidates(all()) {
            if rulebook.may_copy(from, onto) { allowed = true } else { refused = true }
        }
    }
    match (allowed, refused) {
        (true, false) => {}
        (true, true) => findings.undecided(Code::TypePairUnsupported, || missing("type", &whose(source, &source.kind, target, &target.kind))),
        (false, _) => {
            findings.cite(Code::TypePairUnsupported, None, rulebook.copy_refused_by(source.kind, target.kind), || {
                let a = |environment: &Environment| match environment.kind {
                    Known::Is(kind) => format!("{} ({})", environment.name, kind.label()),
                    Known::Unknown => format!("{} (type unknown)", environment.name),
                };
                Words::new(format!("{} cannot be copied onto {}", a(source), a(target)), way_out())
            });
        }
    }
}

/// What switching a production target to sandbox would lose: a sandbox keeps less (ENV-021).
fn loss(target: &Environment, rulebook: &Rulebook, now: DateTime<Utc>) -> String {
    let kept = rulebook.limits.retention_default;
    let is_old = |at: DateTime<Utc>| now - at > TimeDelta::days(i64::from(kept));
    match window(target, rulebook, now) {
        Known::Is(None) => return "it has no backups that could be lost".to_owned(),
        Known::Is(Some(window)) if !is_old(window.from) => return format!("no backup would be lost, as none is older than {kept} days"),
        Known::Is(Some(_)) | Known::Unknown => {}
    }
    let systems = format!("system backups older than {kept} days would be lost");
    let Known::Is(backups) = &target.backups else { return format!("manual and {systems}") };
    let retention = retention(target, rulebook);
    let stand = backups.iter().filter(|backup| is_old(backup.taken_at)).map(|backup| readiness(backup, &retention, rulebook, now));
    let lost: Vec<_> = stand.filter(|state| matches!(state, Known::Is(Readiness::Ready) | Known::Unknown)).collect();
    let up_to = if lost.iter().any(Known::is_unknown) { "up to " } else { "" };
    if lost.is_empty() { systems } else { format!("{up_to}{} and all {systems}", counted(lost.len(), "manual backup")) }
}

/// When that loss changes next because time goes on.
fn loss_changes_at(target: &Environment, rulebook: &Rulebook, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let kept = retention(target, rulebook);
    let days = TimeDelta::days(i64::from(rulebook.limits.retention_default));
    let backups = match &target.backups {
        Known::Is(backups) => backups.as_slice(),
        Known::Unknown => &[],
    };
    let ends = backups.iter().flat_map(|backup| match expires_at(backup, &kept) {
        Known::Is(Some(end)) => [Some(backup.taken_at + days), Some(end)],
        Known::Is(None) | Known::Unknown => [Some(backup.taken_at + days), None],
    });
    let created = match target.created_at {
        Known::Is(created_at) => Some(created_at + days),
        Known::Unknown => None,
    };
    ends.chain([created]).flatten().filter(|at| *at >= now).min()
}

/// The same region, by whichever name (CPY-007).
fn region(source: &Environment, target: &Environment, findings: &mut Findings<'_>) {
    if source.id == target.id {
        return;
    }
    match (&source.region, &target.region) {
        (Known::Is(from), Known::Is(onto)) => {
            if !findings.rulebook().same_region(from, onto) {
                findings.fails(Code::RegionMismatch, || {
                    Words::new(
                        format!("{} is in the region {from} and {} in {onto}", source.name, target.name),
                        format!("Choose a target in {from}, or create one there, which needs storage of its own"),
                    )
                });
            }
        }
        (a, b) => findings.undecided(Code::RegionMismatch, || missing("region", &whose(source, a, target, b))),
    }
}

/// A source under a virtual-network policy goes only to a target under the same one (CUR-004).
fn network_policy(source: &Environment, target: &Environment, findings: &mut Findings<'_>) {
    if source.id == target.id {
        return;
    }
    let network = |environment: &Environment| {
        environment.enterprise_policies.as_ref().and_then(|policies| {
            // A policy of a newer kind may be one of these.
            if policies.iter().any(|policy| policy.kind.is_unknown()) {
                return Known::Unknown;
            }
            let mut ids: Vec<_> = policies.iter().filter(|policy| policy.kind == Known::Is(PolicyKind::Network)).map(|policy| policy.id.clone()).collect();
            ids.sort_unstable();
            Known::Is(ids)
        })
    };
    match (network(source), network(target)) {
        (Known::Is(from), _) if from.is_empty() => {}
        (Known::Is(from), Known::Is(onto)) => {
            if from != onto {
                findings.fails(Code::NetworkPolicyDiffers, || {
                    Words::new(
                        format!("{} is under a virtual-network policy that {} is not under", source.name, target.name),
                        format!("Put {} under the same policy first", target.name),
                    )
                });
            }
        }
        (Known::Is(_), Known::Unknown) => findings.undecided(Code::NetworkPolicyDiffers, || missing("enterprise_policies", &target.name)),
        (Known::Unknown, _) => findings.undecided(Code::NetworkPolicyDiffers, || missing("enterprise_policies", &source.name)),
    }
}

/// Linked finance and operations environments on either side (G-04, LNK-034, CUR-027).
fn link(source: &Environment, target: &Environment, findings: &mut Findings<'_>) {
    if source.id == target.id {
        return;
    }
    match (source.is_linked(), target.is_linked()) {
        (Known::Is(false), Known::Is(false)) => {}
        (Known::Is(false), Known::Is(true)) => findings.fails(Code::TargetLinkedSourceNot, || {
            Words::new(
                format!("{} is linked to finance and operations and {} is not: the pair would disagree", target.name, source.name),
                "Choose a linked source, or a target that is not linked",
            )
        }),
        (Known::Is(true), Known::Is(false)) => findings.fails(Code::SourceLinkedTargetNot, || {
            Words::new(
                format!("{} is linked to finance and operations and {} is not: only the Dataverse half is copied", source.name, target.name),
                "Go on if the Dataverse half is enough; otherwise choose a linked target and refresh its database too",
            )
        }),
        (Known::Is(true), Known::Is(true)) => {
            paired(source, target, findings);
            builds(source, target, findings);
        }
        // One of them at most can refuse: the other is not asked, as it is about the same fact.
        (a @ Known::Unknown, b @ Known::Is(false)) | (a @ Known::Is(true), b @ Known::Unknown) => {
            findings.undecided(Code::SourceLinkedTargetNot, || missing("finance_operations", &whose(source, &a, target, &b)));
        }
        (a, b) => findings.undecided(Code::TargetLinkedSourceNot, || missing("finance_operations", &whose(source, &a, target, &b))),
    }
}

/// What goes with the copy of a pair: its database is refreshed too (LNK-034), or transactions can stay behind (CUR-026).
fn paired(source: &Environment, target: &Environment, findings: &mut Findings<'_>) {
    let kind = |environment: &Environment| match &environment.finance_operations {
        Known::Is(Some(half)) => half.kind,
        Known::Is(None) | Known::Unknown => Known::Unknown,
    };
    let both = format!("{} and {} are both linked to finance and operations", source.name, target.name);
    let lcs = Known::Is(FinanceOperationsKind::Lcs);
    match (kind(source), kind(target)) {
        (Known::Is(FinanceOperationsKind::Unified), Known::Is(FinanceOperationsKind::Unified)) if findings.severity(Code::TransactionlessCopy).is_some() => {
            findings.fails(Code::TransactionlessCopy, || {
                Words::new(
                    format!("{both} as unified environments, of which a copy leaves the transactions behind"),
                    "Say so when you copy if the target needs the transactions too",
                )
            });
        }
        (a, b) if a != lcs && b != lcs && (a.is_unknown() || b.is_unknown()) && findings.severity(Code::TransactionlessCopy).is_some() => {
            findings.undecided(Code::TransactionlessCopy, || missing("finance_operations.kind", &whose(source, &a, target, &b)));
        }
        _ => findings.fails(Code::PairedRefresh, || {
            Words::new(both, "Refresh the finance and operations database in parallel with the copy, then bring the code of both halves to match")
        }),
    }
}

/// The source's finance and operations build must be at least the target's (CUR-027).
fn builds(source: &Environment, target: &Environment, findings: &mut Findings<'_>) {
    // What is no version cannot be compared, so it counts as unknown.
    let build = |environment: &Environment| match &environment.finance_operations {
        Known::Is(Some(half)) => half.application_build.clone().and_then(|build| version(&build).map_or(Known::Unknown, |parts| Known::Is((build, parts)))),
        Known::Is(None) | Known::Unknown => Known::Unknown,
    };
    match (build(source), build(target)) {
        (Known::Is((from, older)), Known::Is((onto, newer))) => {
            if older < newer {
                findings.fails(Code::FinanceOperationsBuildOlder, || {
                    Words::new(
                        format!("The finance and operations build of {} is {from}, older than {onto} of {}", source.name, target.name),
                        format!("Update the finance and operations half of {} first", source.name),
                    )
                });
            }
        }
        (a, b) => findings.undecided(Code::FinanceOperationsBuildOlder, || missing("finance_operations.application_build", &whose(source, &a, target, &b))),
    }
}

/// The numbers of a version such as `10.0.44`; zeros at the end do not count.
fn version(text: &str) -> Option<Vec<u64>> {
    let mut parts = text.split('.').map(|part| part.parse().ok()).collect::<Option<Vec<u64>>>()?;
    while parts.last() == Some(&0) {
        parts.pop();
    }
    Some(parts)
}

/// Managed status on both sides (G-02, CUR-003).
fn managed(source: &Environment, target: &Environment, findings: &mut Findings<'_>) {
    if source.id == target.id {
        return;
    }
    let severity = findings.severity(Code::ManagedMismatch);
    match (source.managed, target.managed) {
        (Known::Is(from), Known::Is(onto)) if from == onto => {}
        (Known::Is(from), Known::Is(_)) => findings.fails(Code::ManagedMismatch, || {
            let (managed, other) = if from { (source, target) } else { (target, source) };
            let mut remedy =
                if from { format!("Make {} a Managed Environment too", target.name) } else { format!("Take {} out of Managed Environments", target.name) };
            if severity == Some(Severity::Warn) {
                remedy.push_str(if from {
                    ", or go on knowing that the copy is governed less than its source"
                } else {
                    ", or go on knowing that the copy is governed more than its source"
                });
            }
            Words::new(format!("{} is a Managed Environment and {} is not", managed.name, other.name), remedy)
        }),
        (a, b) => findings.undecided(Code::ManagedMismatch, || missing("managed", &whose(source, &a, target, &b))),
    }
}

/// Components that were never added to a solution may stay behind (CPY-008).
fn outside_solutions(source: &Environment, findings: &mut Findings<'_>) {
    let (mut outside, mut unsure, mut unlooked) = (0_usize, 0_usize, 0_usize);
    for kind in ComponentKind::LEFT_BEHIND_OUTSIDE_SOLUTIONS {
        match source.components.of(kind) {
            Known::Unknown => unlooked += 1,
            Known::Is(list) => {
                outside += list.iter().filter(|component| component.in_solution == Known::Is(false)).count();
                unsure += list.iter().filter(|component| component.in_solution.is_unknown()).count();
            }
        }
    }
    if outside + unsure + unlooked == 0 {
        return;
    }
    let words = || {
        let name = &source.name;
        let mut parts = Vec::new();
        if outside > 0 {
            let names = source.components.seen().filter(|(kind, _)| ComponentKind::LEFT_BEHIND_OUTSIDE_SOLUTIONS.contains(kind)).flat_map(|(_, list)| list);
            let names: Vec<&str> = names.filter(|component| component.in_solution == Known::Is(false)).map(|component| &*component.name).collect();
            parts.push(format!("{} of {name} outside solutions may be left behind: {}", counted(outside, "component"), list(&names)));
        }
        if unsure > 0 {
            parts.push(format!("`in_solution` of {} of {name} is unknown", counted(unsure, "component")));
        }
        if unlooked > 0 {
            let kinds: Vec<_> =
                ComponentKind::LEFT_BEHIND_OUTSIDE_SOLUTIONS.iter().filter(|kind| source.components.of(**kind).is_unknown()).map(|kind| kind.word()).collect();
            parts.push(format!("`components` of {name} are unknown for {}", list(&kinds)));
        }
        let remedy = match (outside, unsure) {
            (1.., _) => "Add what must travel to a solution first, and validate the apps after the copy",
            (0, 1..) => "Look it up in the admin center and add `in_solution` to each of them in the snapshot",
            (0, 0) => "Look them up in the admin center and add them to the snapshot, as [] where there are none",
        };
        Words::new(parts.join("; "), remedy)
    };
    if outside > 0 { findings.fails(Code::OutsideSolution, words) } else { findings.undecided(Code::OutsideSolution, words) }
}

/// Intelligent Order Management needs its own steps after the copy (IOM-001).
fn order_management(source: &Environment, target: &Environment, level: Level, findings: &mut Findings<'_>) {
    let remedy = match level {
        Level::Everything => "Work the Intelligent Order Management checklist after the copy: connections, provider actions, providers, dual-write",
        Level::Customizations => "At this level SalesOrder and other tables are emptied; work the Intelligent Order Management checklist after the copy",
    };
    let (from, onto) = (source.has_order_management(), target.has_order_management());
    let (yes, no) = (Known::Is(true), Known::Is(false));
    if from == yes || onto == yes {
        findings.fails(Code::OrderManagement, || {
            let has = match (from == yes, onto == yes) {
                (true, true) if source.id != target.id => format!("{} and {} have", source.name, target.name),
                (true, _) => format!("{} has", source.name),
                (false, _) => format!("{} has", target.name),
            };
            Words::new(format!("{has} Intelligent Order Management, which needs steps of its own after a copy"), remedy)
        });
    } else if from != no || onto != no {
        findings.undecided(Code::OrderManagement, || missing("order_management", &whose(source, &from, target, &onto)));
    }
}

/// The first names and how many more.
fn list(names: &[&str]) -> String {
    const SHOWN: usize = 4;
    let shown = names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN { format!("{shown} and {} more", names.len() - SHOWN) } else { shown }
}

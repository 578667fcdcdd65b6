//! May this environment be copied onto that one (table D1), and if not, every reason why.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::component::ComponentKind;
use crate::domain::conditions;
use crate::domain::environment::{Environment, EnvironmentType, PolicyKind};
use crate::domain::estate::Estate;
use crate::domain::known::Known;
use crate::domain::rulebook::{Rulebook, Rulebooks};
use crate::domain::verdict::{Answer, Code, Findings, Outline, Severity, Verdict, Words, missing};
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
    let mut findings = Findings::in_words(rulebooks.of(edition));
    rules(copy, estate, &mut findings);
    compare(findings.outline(), copy, estate, rulebooks, &mut findings);
    let holds_until = conditions::freshness(estate, now, &mut findings);
    findings.into_verdict(holds_until)
}

/// The same judgement without its words, for lists of targets.
pub fn outline(copy: Copy<'_>, estate: &Estate, rulebooks: &Rulebooks, now: DateTime<Utc>) -> Outline {
    let mut findings = Findings::in_outline(rulebooks.of(estate.edition()));
    rules(copy, estate, &mut findings);
    compare(findings.outline(), copy, estate, rulebooks, &mut findings);
    conditions::freshness(estate, now, &mut findings);
    findings.outline()
}

/// Until when the verdicts of all copies hold if no fact changes.
pub fn holds_until(estate: &Estate, rulebooks: &Rulebooks, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    conditions::freshness(estate, now, &mut Findings::in_outline(rulebooks.of(estate.edition())))
}

/// Warns where the edition that does not decide would answer otherwise, and names its rule.
fn compare(ours: Outline, copy: Copy<'_>, estate: &Estate, rulebooks: &Rulebooks, findings: &mut Findings<'_>) {
    let other = rulebooks.other_than(estate.edition());
    let theirs = {
        let mut findings = Findings::in_outline(other);
        rules(copy, estate, &mut findings);
        findings.outline()
    };
    let passes = |answer: Answer| matches!(answer, Answer::Allowed | Answer::AllowedWithWarnings);
    if ours.answer() == theirs.answer() || (passes(ours.answer()) && passes(theirs.answer())) {
        return;
    }
    if !findings.wants_words() {
        findings.cite(Code::EditionsDiffer, None, None, || Words::new("", ""));
        return;
    }
    let mut verdict = Findings::in_words(other);
    rules(copy, estate, &mut verdict);
    let verdict = verdict.into_verdict(None);
    let decisive = |severity: Severity| {
        let ours: Vec<_> = ours.codes(severity).collect();
        verdict.findings.iter().find(move |finding| finding.severity == severity && !ours.contains(&finding.code))
    };
    let reason = decisive(Severity::Block).or_else(|| decisive(Severity::Unknown));
    let whose = other.edition.label();
    let message = match reason {
        Some(reason) => format!("By {whose} this is {}: {}", theirs.answer().label(), reason.message),
        None => format!("By {whose} this is {}", theirs.answer().label()),
    };
    let remedy = format!("Judge it with --rulebook {} too before you rely on it", other.edition.word());
    findings.quote(Code::EditionsDiffer, reason, || Words::new(message, remedy));
}

/// Table D1: every condition, at both levels alike (G-23).
fn rules(copy: Copy<'_>, estate: &Estate, findings: &mut Findings<'_>) {
    let Copy { source, target, level } = copy;
    types(source, target, findings);
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
    conditions::key(source, target, findings);
    network_policy(source, target, findings);
    link(source, target, findings);
    managed(source, target, findings);
    outside_solutions(source, findings);
    order_management(source, target, level, findings);
    if source.components.of(ComponentKind::CanvasApp).is(|apps| !apps.is_empty()) {
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
fn types(source: &Environment, target: &Environment, findings: &mut Findings<'_>) {
    let rulebook = findings.rulebook();
    if target.kind == Known::Is(EnvironmentType::Production) {
        findings.fails(Code::TargetIsProduction, || {
            Words::new(format!("{} is a production environment, which can never be overwritten", target.name), switch_first(target, rulebook))
        });
    }
    if source.kind == Known::Is(EnvironmentType::Default) {
        findings.fails(Code::SourceIsDefault, || {
            Words::new(format!("{} is the default environment, which cannot be copied", source.name), "Move what is needed through a solution instead")
        });
    }
    if target.kind == Known::Is(EnvironmentType::Default) {
        findings.fails(Code::TargetIsDefault, || {
            Words::new(format!("{} is the default environment, which cannot be overwritten", target.name), "Choose a sandbox or preview environment")
        });
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
        (true, true) => findings.undecided(Code::TypePairUnsupported, || {
            let of = match (source.kind, target.kind) {
                (Known::Unknown, Known::Unknown) => format!("{} and of {}", source.name, target.name),
                (Known::Unknown, Known::Is(_)) => source.name.to_string(),
                (Known::Is(_), _) => target.name.to_string(),
            };
            missing("type", &of)
        }),
        (false, _) => {
            let rule = match (source.kind, target.kind) {
                (Known::Is(from), Known::Is(onto)) => rulebook.copy_refused_by(from, onto),
                _ => None,
            };
            findings.cite(Code::TypePairUnsupported, None, rule, || {
                let onto = rulebook.copy_sources.iter().find(|row| source.kind == Known::Is(row.kind)).map(|row| row.onto.as_slice());
                let a = |environment: &Environment| match environment.kind {
                    Known::Is(kind) => format!("{} ({})", environment.name, kind.label()),
                    Known::Unknown => format!("{} (type unknown)", environment.name),
                };
                let remedy = match onto {
                    Some([]) => "An environment of this type cannot be copied at all: move what is needed through a solution".to_owned(),
                    Some(onto) => {
                        let names: Vec<_> = onto.iter().map(|kind| kind.label()).collect();
                        format!("Choose a target of type {}", names.join(" or "))
                    }
                    None => "Choose a sandbox or preview environment as the target".to_owned(),
                };
                Words::new(format!("{} cannot be copied onto {}", a(source), a(target)), remedy)
            });
        }
    }
}

/// What switching a production target to sandbox would cost.
fn switch_first(target: &Environment, rulebook: &Rulebook) -> String {
    let kept = rulebook.limits.retention_default;
    let cost = match &target.backups {
        Known::Unknown => format!("backups older than {kept} days would be lost"),
        Known::Is(backups) => {
            let newest = backups.iter().map(|backup| backup.taken_at).max();
            let older = backups.iter().filter(|backup| newest.is_some_and(|newest| newest - backup.taken_at > TimeDelta::days(i64::from(kept)))).count();
            match older {
                0 => format!("system backups older than {kept} days would be lost"),
                1 => format!("1 manual backup and all system backups older than {kept} days would be lost"),
                _ => format!("{older} manual backups and all system backups older than {kept} days would be lost"),
            }
        }
    };
    format!("Choose a sandbox, or switch it to sandbox first: {cost}")
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
                    Words::new(format!("{} is in {from}, {} in {onto}", source.name, target.name), format!("Choose or create a target in {from}"))
                });
            }
        }
        (Known::Unknown, Known::Is(_)) => findings.undecided(Code::RegionMismatch, || missing("region", &source.name)),
        (Known::Is(_), Known::Unknown) => findings.undecided(Code::RegionMismatch, || missing("region", &target.name)),
        (Known::Unknown, Known::Unknown) => {
            findings.undecided(Code::RegionMismatch, || missing("region", &format!("{} and of {}", source.name, target.name)));
        }
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
        (Known::Is(false), Known::Unknown) => findings.undecided(Code::TargetLinkedSourceNot, || missing("finance_operations", &target.name)),
        (Known::Unknown, Known::Is(true)) => findings.undecided(Code::TargetLinkedSourceNot, || missing("finance_operations", &source.name)),
        (Known::Unknown, Known::Unknown) => {
            for code in [Code::TargetLinkedSourceNot, Code::SourceLinkedTargetNot] {
                findings.undecided(code, || missing("finance_operations", &format!("{} and of {}", source.name, target.name)));
            }
        }
        (Known::Is(true), Known::Is(false)) => findings.fails(Code::SourceLinkedTargetNot, || {
            Words::new(
                format!("{} is linked to finance and operations and {} is not: only the Dataverse half is copied", source.name, target.name),
                "Go on if the Dataverse half is enough; otherwise choose a linked target and refresh its database too",
            )
        }),
        (Known::Is(true), Known::Unknown) => findings.undecided(Code::SourceLinkedTargetNot, || missing("finance_operations", &target.name)),
        (Known::Unknown, Known::Is(false)) => findings.undecided(Code::SourceLinkedTargetNot, || missing("finance_operations", &source.name)),
        (Known::Is(true), Known::Is(true)) => {
            findings.fails(Code::PairedRefresh, || {
                Words::new(
                    format!("{} and {} are both linked to finance and operations", source.name, target.name),
                    "Refresh the finance and operations database in parallel with the copy, then bring the code of both halves to match",
                )
            });
            builds(source, target, findings);
        }
    }
}

/// The source's finance and operations build must be at least the target's (CUR-027).
fn builds(source: &Environment, target: &Environment, findings: &mut Findings<'_>) {
    let build = |environment: &Environment| match &environment.finance_operations {
        Known::Is(Some(half)) => half.application_build.clone(),
        Known::Is(None) | Known::Unknown => Known::Unknown,
    };
    match (build(source), build(target)) {
        (Known::Is(from), Known::Is(onto)) => {
            let parts = |version: &str| version.split('.').map(|part| part.parse::<u64>().unwrap_or(0)).collect::<Vec<_>>();
            if parts(&from) < parts(&onto) {
                findings.fails(Code::FinanceOperationsBuildOlder, || {
                    Words::new(
                        format!("The finance and operations build of {} is {from}, older than {onto} of {}", source.name, target.name),
                        format!("Update the finance and operations half of {} first", source.name),
                    )
                });
            }
        }
        (Known::Unknown, _) => findings.undecided(Code::FinanceOperationsBuildOlder, || missing("finance_operations.application_build", &source.name)),
        (Known::Is(_), Known::Unknown) => {
            findings.undecided(Code::FinanceOperationsBuildOlder, || missing("finance_operations.application_build", &target.name))
        }
    }
}

/// Managed status on both sides (G-02, CUR-003).
fn managed(source: &Environment, target: &Environment, findings: &mut Findings<'_>) {
    if source.id == target.id {
        return;
    }
    match (source.managed, target.managed) {
        (Known::Is(from), Known::Is(onto)) if from == onto => {}
        (Known::Is(from), Known::Is(_)) => findings.fails(Code::ManagedMismatch, || {
            let (managed, other) = if from { (source, target) } else { (target, source) };
            Words::new(
                format!("{} is a Managed Environment and {} is not", managed.name, other.name),
                format!("Give {} the same Managed status, or go on knowing that the policies of a Managed Environment do not hold there", target.name),
            )
        }),
        (Known::Unknown, Known::Is(_)) => findings.undecided(Code::ManagedMismatch, || missing("managed", &source.name)),
        (Known::Is(_), Known::Unknown) => findings.undecided(Code::ManagedMismatch, || missing("managed", &target.name)),
        (Known::Unknown, Known::Unknown) => {
            findings.undecided(Code::ManagedMismatch, || missing("managed", &format!("{} and of {}", source.name, target.name)));
        }
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
    findings.fails(Code::OutsideSolution, || {
        let name = &source.name;
        let mut parts = Vec::new();
        if outside > 0 {
            let names = source.components.seen().filter(|(kind, _)| ComponentKind::LEFT_BEHIND_OUTSIDE_SOLUTIONS.contains(kind)).flat_map(|(_, list)| list);
            let names: Vec<&str> = names.filter(|component| component.in_solution == Known::Is(false)).map(|component| &*component.name).collect();
            parts.push(format!("{} of {name} outside solutions may be left behind: {}", counted(outside, "component"), list(&names)));
        }
        if unsure > 0 {
            parts.push(format!("whether {} of {name} belong to a solution is unknown (`in_solution`)", counted(unsure, "component")));
        }
        if unlooked > 0 {
            let kinds: Vec<_> =
                ComponentKind::LEFT_BEHIND_OUTSIDE_SOLUTIONS.iter().filter(|kind| source.components.of(**kind).is_unknown()).map(|kind| kind.word()).collect();
            parts.push(format!("`components` of {name} are unknown for {}", list(&kinds)));
        }
        Words::new(parts.join("; "), "Add what must travel to a solution first, and validate the apps after the copy")
    });
}

/// Intelligent Order Management needs its own steps after the copy (IOM-001).
fn order_management(source: &Environment, target: &Environment, level: Level, findings: &mut Findings<'_>) {
    let remedy = match level {
        Level::Everything => "Work the Intelligent Order Management checklist after the copy: connections, provider actions, providers, dual-write",
        Level::Customizations => "At this level SalesOrder and other tables are emptied; work the Intelligent Order Management checklist after the copy",
    };
    match (source.has_order_management(), target.has_order_management()) {
        (Known::Is(true), _) => findings.fails(Code::OrderManagement, || Words::new(format!("{} has Intelligent Order Management", source.name), remedy)),
        (_, Known::Is(true)) => findings.fails(Code::OrderManagement, || Words::new(format!("{} has Intelligent Order Management", target.name), remedy)),
        (Known::Is(false), Known::Is(false)) => {}
        (Known::Unknown, Known::Is(false)) => findings.undecided(Code::OrderManagement, || missing("order_management", &source.name)),
        (Known::Is(false), Known::Unknown) => findings.undecided(Code::OrderManagement, || missing("order_management", &target.name)),
        (Known::Unknown, Known::Unknown) => {
            findings.undecided(Code::OrderManagement, || missing("order_management", &format!("{} and of {}", source.name, target.name)));
        }
    }
}

/// The first names and how many more.
fn list(names: &[&str]) -> String {
    const SHOWN: usize = 4;
    let shown = names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN { format!("{shown} and {} more", names.len() - SHOWN) } else { shown }
}

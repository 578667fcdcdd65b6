//! May this environment be copied onto that one (table D1), and if not, every reason why.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::domain::checklist::{Checklist, Gate};
use crate::domain::component::ComponentKind;
use crate::domain::conditions::{self, whose};
use crate::domain::environment::{Environment, FinanceOperationsKind, PolicyKind};
use crate::domain::known::Known;
use crate::domain::linked;
use crate::domain::operation::OperationKind;
use crate::domain::pairs;
use crate::domain::rulebook::Edition;
use crate::domain::tables::TRUNCATED_TABLES;
use crate::domain::verdict::{Code, Findings, Severity, Words, missing};
use crate::domain::world::Facts;
use crate::vocabulary;

vocabulary! {
    /// What a copy carries (CPY-002).
    Level, "level" {
        Everything = "everything" "Everything",
        Customizations = "customizations" "Customizations and schemas only" ["customizations-and-schemas-only"],
    }
}

impl Level {
    /// What a copy at this level carries, in one line (CPY-003, CPY-004, TRN-001, C-14).
    pub fn carries(self) -> String {
        match self {
            Self::Everything => "all application data, users, customizations and schemas".to_owned(),
            Self::Customizations => {
                format!("no application data: {} tables are emptied; user records travel too", TRUNCATED_TABLES.len())
            }
        }
    }
}

/// A copy that somebody asks about.
#[derive(Debug, Clone, Copy)]
pub struct Copy<'a> {
    /// What is copied; it keeps its state (CPY-042).
    pub source: &'a Environment,
    /// What is overwritten (CPY-036).
    pub target: &'a Environment,
    /// What is carried; none while nobody chose it.
    pub level: Option<Level>,
    /// Whether audit logs are asked for; `current` has the choice, at level Everything (CUR-007).
    pub audit_logs: bool,
    /// That somebody chose to leave the database of the finance and operations half as it is, where both are linked.
    pub half_left: bool,
    /// The checklists of the target that are worked: what has to be looked at before stands in one of them (IOM-003 to IOM-005).
    pub checklists: &'a [Checklist],
}

/// The reasons that a copy can be refused, warned about or noted for.
pub const CODES: &[Code] = &[
    Code::TargetIsProduction,
    Code::SourceIsDefault,
    Code::TargetIsDefault,
    Code::TypePairUnsupported,
    Code::ArticlesContradict,
    Code::SameEnvironment,
    Code::TenantMismatch,
    Code::RegionMismatch,
    Code::RoleMissing,
    Code::RoleByTenant,
    Code::CapacityBelow1GB,
    Code::DatabaseBelow1GB,
    Code::CapacityIsASum,
    Code::NoDataverse,
    Code::Deleted,
    Code::Busy,
    Code::SourceFailed,
    Code::TargetNeedsCmk,
    Code::TargetLinkedSourceNot,
    Code::NetworkPolicyDiffers,
    Code::FinanceOperationsBuildOlder,
    Code::ManagedMismatch,
    Code::SourceLinkedTargetNot,
    Code::ProductionHalf,
    Code::OutsideSolution,
    Code::OrderManagement,
    Code::OrdersPrepared,
    Code::AuditLogs,
    Code::HalfLeft,
    Code::PairedRefresh,
    Code::BothHalves,
    Code::TransactionlessCopy,
    Code::CanvasRevisions,
];

/// Table D1: every condition, at both levels alike (G-23).
pub fn rules(copy: Copy<'_>, facts: &Facts, now: DateTime<Utc>, findings: &mut Findings<'_>) {
    let Copy { source, target, level, audit_logs, half_left, checklists } = copy;
    pairs::types(source, target, None, now, findings);
    if source.id == target.id {
        findings.fails(Code::SameEnvironment, || Words::new(format!("{} cannot be copied onto itself", source.name), "Choose another target"));
    }
    pairs::tenant(source, target, facts, findings);
    pairs::region(source, &source.region, target, findings);
    pairs::each(source, target, |environment| conditions::role(facts, environment, findings));
    conditions::capacity(facts.tenant(target.tenant), findings);
    pairs::each(source, target, |environment| conditions::database(environment, findings));
    pairs::each(source, target, |environment| conditions::standing_and_idle(environment, findings));
    pairs::source_stands(source, "copied", findings);
    conditions::key(source, target, findings);
    network_policy(source, target, findings);
    link(copy, findings);
    pairs::managed(source, target, findings);
    pairs::outside_solutions(source, findings);
    linked::left(half_left, target, findings);
    order_management(source, target, level, checklists, findings);
    if audit_logs {
        audit_logs_asked_for(level, findings);
    }
    if let Some([_, ..]) = findings.read(source.components.of(ComponentKind::CanvasApp), Code::CanvasRevisions, "components.canvas-app", &source.name) {
        findings.fails(Code::CanvasRevisions, || {
            Words::new(format!("Of each canvas app of {} only the 20 latest revisions are carried", source.name), "Export older revisions that somebody needs")
        });
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

/// Linked finance and operations environments on either side (G-04, LNK-032, LNK-034, CUR-027).
fn link(copy: Copy<'_>, findings: &mut Findings<'_>) {
    let Copy { source, target, half_left, .. } = copy;
    if linked::ends(source, target, findings) {
        paired(source, target, findings);
        builds(source, target, findings);
        if !half_left {
            linked::production(target, "is overwritten with that of the source", findings);
        }
    } else if source.id != target.id && source.is_linked() == Known::Is(true) && target.is_linked().is_unknown() {
        // A linked target can have a newer build: only that is refused, so it stays open as well.
        builds(source, target, findings);
    }
}

/// What goes with the copy of a pair: in Lifecycle Services its database is refreshed too (LNK-034); a unified environment is
/// copied onto with both halves, and transactions can stay behind (CUR-026).
fn paired(source: &Environment, target: &Environment, findings: &mut Findings<'_>) {
    let both = format!("{} and {} are both linked to finance and operations", source.name, target.name);
    let asks = findings.severity(Code::TransactionlessCopy).is_some();
    match (linked::kind(source), linked::kind(target)) {
        (from, Known::Is(FinanceOperationsKind::Unified)) => {
            linked::together(target, findings, |half| {
                Words::new(
                    format!("{} is unified: the copy overwrites {} too, with its data", target.name, linked::other(target, half)),
                    "Nothing is done in Lifecycle Services; make sure that nobody needs that data",
                )
            });
            match from {
                Known::Is(FinanceOperationsKind::Unified) => findings.fails(Code::TransactionlessCopy, || {
                    Words::new(
                        format!("{both} as unified environments: the admin center leaves the transactions behind unless somebody chooses otherwise, a command carries them"),
                        "Choose in the admin center whether the target needs the transactions too",
                    )
                }),
                Known::Unknown => findings.undecided(Code::TransactionlessCopy, || missing("finance_operations.kind", &source.name)),
                Known::Is(FinanceOperationsKind::Lcs) => {}
            }
        }
        (_, Known::Is(FinanceOperationsKind::Lcs)) => findings.fails(Code::PairedRefresh, || {
            Words::new(both, "Refresh the finance and operations database in parallel with the copy, then bring the code of both halves to match")
        }),
        (from, onto @ Known::Unknown) => {
            let code = if asks && from != Known::Is(FinanceOperationsKind::Lcs) { Code::TransactionlessCopy } else { Code::PairedRefresh };
            findings.undecided(code, || missing("finance_operations.kind", &whose(source, &from, target, &onto)));
        }
    }
}

/// The build of a unified source must be at least that of its unified target; of a pair in Lifecycle Services an older one
/// is only worth a note (CUR-027).
fn builds(source: &Environment, target: &Environment, findings: &mut Findings<'_>) {
    // What is no version cannot be compared, so it counts as unknown.
    let build = |environment: &Environment| match &environment.finance_operations {
        Known::Is(Some(half)) => half.application_build.clone().and_then(|build| version(&build).map_or(Known::Unknown, |parts| Known::Is((build, parts)))),
        Known::Is(None) | Known::Unknown => Known::Unknown,
    };
    let (from_kind, onto_kind) = (linked::kind(source), linked::kind(target));
    let lcs = Known::Is(FinanceOperationsKind::Lcs);
    let refuses = from_kind != lcs && onto_kind != lcs;
    let (from, onto) = (build(source), build(target));
    let older = match (&from, &onto) {
        (Known::Is((_, older)), Known::Is((_, newer))) => Known::Is(older < newer),
        (_, _) => Known::Unknown,
    };
    match older {
        Known::Is(false) => {}
        _ if refuses && target.is_linked().is_unknown() => {
            findings.undecided(Code::FinanceOperationsBuildOlder, || missing("finance_operations", &target.name));
        }
        // Whether it is unified is asked first: of another one the build does not matter.
        _ if refuses && (from_kind.is_unknown() || onto_kind.is_unknown()) => {
            findings.undecided(Code::FinanceOperationsBuildOlder, || missing("finance_operations.kind", &whose(source, &from_kind, target, &onto_kind)))
        }
        Known::Unknown if refuses => {
            findings.undecided(Code::FinanceOperationsBuildOlder, || missing("finance_operations.application_build", &whose(source, &from, target, &onto)))
        }
        Known::Unknown => {}
        Known::Is(true) => {
            let words = || {
                let build = |of: &Known<(Arc<str>, Vec<u64>)>| match of {
                    Known::Is((build, _)) => build.to_string(),
                    Known::Unknown => "unknown".to_owned(),
                };
                Words::new(
                    format!("The finance and operations build of {} is {}, older than {} of {}", source.name, build(&from), build(&onto), target.name),
                    if refuses {
                        format!("Update the finance and operations half of {} first", source.name)
                    } else {
                        "Nothing to do: in Lifecycle Services a database may come from an older build".to_owned()
                    },
                )
            };
            findings.cite(Code::FinanceOperationsBuildOlder, (!refuses).then_some(Severity::Note), None, words);
        }
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

/// Intelligent Order Management needs its own steps after the copy (IOM-001).
fn order_management(source: &Environment, target: &Environment, level: Option<Level>, checklists: &[Checklist], findings: &mut Findings<'_>) {
    let remedy = match level {
        Some(Level::Everything) | None => {
            "Before it, confirm administrative access to both platforms, that it is installed in both, and plan a validation window; its checklist opens with the copy"
        }
        Some(Level::Customizations) => {
            "Before it, confirm administrative access to both platforms and plan a validation window; at this level SalesOrder and other tables are emptied"
        }
    };
    let (from, onto) = (source.has_order_management(), target.has_order_management());
    let (yes, no) = (Known::Is(true), Known::Is(false));
    // The checks of a copy that was carried out say nothing about another one.
    let is_to_come =
        |checklist: &&Checklist| checklist.rows.iter().any(|row| row.item.does.is_some_and(|does| does.operation == OperationKind::Copy) && !row.is_settled());
    let planned = checklists.iter().filter(is_to_come).find(|checklist| checklist.guards(Gate::Copy));
    if let Some(plan) = planned.filter(|plan| from == yes && plan.gate(Gate::Copy).is_none()) {
        findings.fails(Code::OrdersPrepared, || {
            let message = format!("The checks before the copy are settled in \"{}\" of {}", plan.title, target.name);
            Words::new(message, "The copy is the first of its eight steps, which go on there")
        });
        return;
    }
    if from == yes || onto == yes {
        findings.fails(Code::OrderManagement, || {
            let has = match (from == yes, onto == yes) {
                (true, true) if source.id != target.id => format!("{} and {} have", source.name, target.name),
                (true, _) => format!("{} has", source.name),
                (false, _) if from == no => {
                    let gone = format!("{} has Intelligent Order Management and {} has none: it is gone after the copy", target.name, source.name);
                    return Words::new(gone, "Copy from an environment that has it, or take this upon yourself");
                }
                (false, _) => format!("{} has", target.name),
            };
            let needs = format!("{has} Intelligent Order Management, which needs checks before a copy, and eight steps of which the copy is the first");
            match planned.and_then(|plan| plan.gate(Gate::Copy)) {
                Some(open) => Words::new(
                    format!("{has} Intelligent Order Management, and the checks before the copy are not settled: {open}"),
                    "Settle the checks in its checklist before the copy, or take it upon yourself",
                ),
                None => Words::new(needs, remedy),
            }
        });
    } else if from != no || onto != no {
        findings.undecided(Code::OrderManagement, || missing("order_management", &whose(source, &from, target, &onto)));
    }
}

/// Audit logs are a choice by the newer articles, off by default; the older ones know none (CUR-007), and at the level of
/// customizations the table is emptied (TRN-008).
fn audit_logs_asked_for(level: Option<Level>, findings: &mut Findings<'_>) {
    match level {
        Some(Level::Everything) | None => match findings.rulebook().edition {
            Edition::Articles => findings.fails(Code::AuditLogs, || {
                Words::new(
                    "Audit logs are copied along whatever is chosen: these articles know no choice at a copy",
                    "Plan for the time that they take; the rulebook `current` has the choice",
                )
            }),
            Edition::Current => findings.fails(Code::AuditLogs, || {
                Words::new("Audit logs are copied too, which can make the copy much longer", "Leave them out unless somebody needs them in the copy")
            }),
        },
        Some(Level::Customizations) => findings.fails(Code::AuditLogs, || {
            Words::new(
                "At this level no audit logs are copied, whatever is chosen: the table Audit is emptied",
                "Choose the level Everything if they are needed",
            )
        }),
    }
}

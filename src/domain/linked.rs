//! Linked pairs: a Dataverse environment and its finance and operations half, which the rules treat as one (LNK).

use crate::domain::conditions::whose;
use crate::domain::environment::{Environment, EnvironmentType, FinanceOperations, FinanceOperationsKind, FinanceOperationsType};
use crate::domain::known::Known;
use crate::domain::operation::OperationKind;
use crate::domain::rulebook::Rulebook;
use crate::domain::verdict::{Code, Findings, Words, missing};
use crate::domain::words::Word;

/// The finance and operations half, where there certainly is one.
pub fn half(environment: &Environment) -> Option<&FinanceOperations> {
    match &environment.finance_operations {
        Known::Is(Some(half)) => Some(half),
        Known::Is(None) | Known::Unknown => None,
    }
}

/// What the other half is called in a sentence about the environment; both are often named alike.
pub fn other<'a>(environment: &Environment, half: &'a FinanceOperations) -> &'a str {
    if half.name == environment.name { "its finance and operations half" } else { &half.name }
}

/// Whether the rules about linked pairs hold for an environment: it is linked, and through Lifecycle Services. What is unified
/// has no environment there, so nothing can be done to its half there either, by whichever articles (CUR-026).
pub fn is_held(environment: &Environment, rulebook: &Rulebook) -> Known<bool> {
    environment.finance_operations.as_ref().and_then(|half| {
        let Some(half) = half else { return Known::Is(false) };
        let kinds = half.kind.candidates(FinanceOperationsKind::ALL.iter().copied());
        let held = |kind: &FinanceOperationsKind| rulebook.linked_kinds.contains(kind);
        match (kinds.iter().any(held), kinds.iter().all(held)) {
            (_, true) => Known::Is(true),
            (false, _) => Known::Is(false),
            (true, false) => Known::Unknown,
        }
    })
}

/// Refuses, warns or notes what the link to finance and operations means for an operation on one environment.
pub fn barred(environment: &Environment, code: Code, findings: &mut Findings<'_>, words: impl FnOnce(&FinanceOperations) -> Words) {
    match (is_held(environment, findings.rulebook()), half(environment)) {
        (Known::Is(true), Some(half)) => findings.fails(code, || words(half)),
        (Known::Unknown, Some(_)) => findings.undecided(code, || missing("finance_operations.kind", &environment.name)),
        (Known::Unknown, None) => findings.undecided(code, || missing("finance_operations", &environment.name)),
        (Known::Is(_), _) => {}
    }
}

/// Somebody chose to leave the database of the half as it is, so that the halves will not match (LNK-027, LNK-034, C-32).
pub fn left(half_left: bool, target: &Environment, findings: &mut Findings<'_>) {
    match (half_left, is_held(target, findings.rulebook()), half(target)) {
        (true, Known::Is(true), Some(half)) => findings.fails(Code::HalfLeft, || {
            let message = format!("The database of {}, to which {} is linked, is left as it is: the halves will not match", other(target, half), target.name);
            Words::new(message, "Bring it along, at the same time and from the same instant, or take this upon yourself")
        }),
        (true, Known::Unknown, Some(_)) => findings.undecided(Code::HalfLeft, || missing("finance_operations.kind", &target.name)),
        (true | false, _, _) => {}
    }
}

/// Whether both halves certainly are one environment, which the admin center alone manages (CUR-026).
pub fn is_unified(environment: &Environment) -> bool {
    half(environment).is_some_and(|half| half.kind == Known::Is(FinanceOperationsKind::Unified))
}

/// Whether its half has to be seen to beside an operation on the environment, in Lifecycle Services; so it is as well where
/// nobody knows whether it is unified, and then the runbook asks.
pub fn is_seen_to_apart(environment: &Environment) -> bool {
    half(environment).is_some() && !is_unified(environment)
}

/// What is done to a unified environment is done to both of its halves.
pub fn together(environment: &Environment, findings: &mut Findings<'_>, words: impl FnOnce(&FinanceOperations) -> Words) {
    if let (true, Some(half)) = (is_unified(environment), half(environment)) {
        findings.fails(Code::BothHalves, || words(half));
    }
}

/// The other half as a target of its own: data of production is never overwritten or deleted without a word (LNK-032), nor
/// what may be production. `what` is what happens to the database, such as "is overwritten".
pub fn production(environment: &Environment, what: &str, findings: &mut Findings<'_>) {
    let Some(half) = half(environment) else { return };
    let called = other(environment, half);
    match half.kind_of_environment {
        Known::Is(FinanceOperationsType::Sandbox) => {}
        Known::Is(FinanceOperationsType::Production) => findings.fails(Code::ProductionHalf, || {
            Words::new(
                format!("{} is linked to {called}, a production environment, whose database {what}", environment.name),
                "Leave it as it is unless you are sure that nobody needs its data; always try the steps in a sandbox first",
            )
        }),
        // Whoever does not know cannot go on as if it were a sandbox: it is asked for in the same way.
        Known::Unknown => findings.undecided(Code::ProductionHalf, || {
            let Words { message, remedy } = missing("finance_operations.type", &environment.name);
            Words::new(format!("{message}, and the database that {what} may be one of production"), remedy)
        }),
    }
}

/// Whether both ends are linked; one alone refuses or warns (G-04). It is the same for a copy and for a restore.
pub fn ends(source: &Environment, target: &Environment, findings: &mut Findings<'_>) -> bool {
    if source.id == target.id {
        return false;
    }
    let done = if findings.about() == OperationKind::Restore { "restored" } else { "copied" };
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
                format!("{} is linked to finance and operations and {} is not: only the Dataverse half is {done}", source.name, target.name),
                if done == "restored" {
                    "Go on if the Dataverse half is enough; otherwise choose a linked target and restore its database too"
                } else {
                    "Go on if the Dataverse half is enough; otherwise choose a linked target and refresh its database too"
                },
            )
        }),
        (Known::Is(true), Known::Is(true)) => return true,
        // One of them at most can refuse: the other is not asked, as it is about the same fact.
        (a @ Known::Unknown, b @ Known::Is(false)) | (a @ Known::Is(true), b @ Known::Unknown) => {
            findings.undecided(Code::SourceLinkedTargetNot, || missing("finance_operations", &whose(source, &a, target, &b)));
        }
        (a, b) => findings.undecided(Code::TargetLinkedSourceNot, || missing("finance_operations", &whose(source, &a, target, &b))),
    }
    false
}

/// The kind of the half, where there is one and it is known.
pub fn kind(environment: &Environment) -> Known<FinanceOperationsKind> {
    match &environment.finance_operations {
        Known::Is(Some(half)) => half.kind,
        Known::Is(None) | Known::Unknown => Known::Unknown,
    }
}

/// Whether a pair agrees when its Dataverse half is of that type: production with production, anything else with sandbox.
pub fn agrees(kind: EnvironmentType, half: &FinanceOperations) -> Known<bool> {
    half.kind_of_environment.map(|other| (other == FinanceOperationsType::Production) == (kind == EnvironmentType::Production))
}

/// Whether its halves certainly are of different types (LNK-013, LNK-018).
pub fn is_apart(environment: &Environment) -> bool {
    apart(environment) == Known::Is(true)
}

/// Whether its halves are of different types. Those of a unified environment are switched together, so they never are.
pub fn apart(environment: &Environment) -> Known<bool> {
    match &environment.finance_operations {
        Known::Is(Some(_)) if is_unified(environment) => Known::Is(false),
        Known::Is(Some(half)) => environment.kind.and_then(|kind| agrees(kind, half)).map(|agree| !agree),
        Known::Is(None) => Known::Is(false),
        Known::Unknown => Known::Unknown,
    }
}

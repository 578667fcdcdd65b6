//! The conditions that copy and restore share: two ends, their types, tenants, regions, managed status, solutions.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::domain::component::ComponentKind;
use crate::domain::conditions::{out_of_order, whose};
use crate::domain::environment::{Environment, EnvironmentType};
use crate::domain::known::Known;
use crate::domain::linked;
use crate::domain::loss;
use crate::domain::operation::OperationKind;
use crate::domain::rulebook::{Cell, Edition};
use crate::domain::time::minute;
use crate::domain::verdict::{Code, Findings, Severity, Words, missing};
use crate::domain::words::{Word, counted, list};
use crate::domain::world::Facts;

/// Asks about both ends, but only once where they are the same.
pub fn each<'a>(source: &'a Environment, target: &'a Environment, mut ask: impl FnMut(&'a Environment)) {
    ask(source);
    if source.id != target.id {
        ask(target);
    }
}

/// The pair of types (tables D1 and D2), decided over every type that an unknown one could be. `asked` is the point of the
/// target itself that is to be restored, where one is: a way out must not destroy it (RST-046, RST-047).
pub fn types(source: &Environment, target: &Environment, asked: Option<DateTime<Utc>>, now: DateTime<Utc>, findings: &mut Findings<'_>) {
    let rulebook = findings.rulebook();
    let about = findings.about();
    // Copying onto itself is refused by a rule of its own (G-03), whatever the types.
    let itself = about == OperationKind::Restore && source.id == target.id;
    let done = if about == OperationKind::Copy { "copied" } else { "restored" };
    let pairs = rulebook.pairs(about);
    let row = match source.kind {
        Known::Is(kind) => pairs.source(kind),
        Known::Unknown => None,
    };
    let way_out = || match row {
        Some(row) if row.onto.is_empty() && !(row.itself && about == OperationKind::Restore) => {
            format!("Choose another source: {} cannot be {done} at all, and what is needed of it can be moved in a solution", source.name)
        }
        Some(row) if row.onto.is_empty() => format!("Choose {0} itself as the target: {0} can be restored onto nothing else", source.name),
        Some(row) => {
            let names: Vec<_> = row.onto.iter().map(|kind| kind.label()).collect();
            let or_itself = if row.itself { ", or itself" } else { "" };
            format!("Choose a target of type {}{or_itself}", names.join(" or "))
        }
        None if about == OperationKind::Copy => "Choose a target of type Sandbox or Preview".to_owned(),
        None => "Choose a target of type Sandbox".to_owned(),
    };
    if target.kind == Known::Is(EnvironmentType::Production) {
        let days = rulebook.limits.retention_default;
        let reached_until = asked.map(|at| loss::reached_as_sandbox_until(at, rulebook));
        findings.fails(Code::TargetIsProduction, || {
            let remedy = match (row, asked.zip(reached_until)) {
                (Some(row), _) if !row.onto.contains(&EnvironmentType::Sandbox) => way_out(),
                (_, Some((at, until))) if until < now => {
                    format!(
                        "Restore it onto a sandbox instead, and keep {} as production: switched to sandbox it would keep {} only, so that {} itself \
                         would be lost",
                        target.name,
                        counted(usize::from(days), "day"),
                        minute(at)
                    )
                }
                (_, reached) => {
                    let linked =
                        if linked::is_held(target, rulebook) == Known::Is(true) { ", and switching a linked environment is not recommended" } else { "" };
                    let back = if about == OperationKind::Restore { ", and switch it back afterwards" } else { "" };
                    let safe = reached.map_or_else(String::new, |(at, until)| format!(" (safe for {} until {})", minute(at), minute(until)));
                    format!("Choose a sandbox, or switch it to sandbox first{back}{safe}: {}{linked}", loss::loss(target, days, rulebook, now).in_brief())
                }
            };
            Words::new(format!("{} is a production environment, which can never be overwritten", target.name), remedy)
        });
        if let Some(at) = loss::changes_at(target, days, rulebook, now).filter(|_| findings.wants_words()) {
            findings.hold_until(at);
        }
        if let Some(until) = reached_until.filter(|until| *until >= now && findings.wants_words()) {
            findings.hold_until(until);
        }
    }
    let candidates = target.kind.candidates(EnvironmentType::ALL.iter().copied());
    // A target of unknown type could be the one about which the article contradicts itself.
    let disputed = row.is_some_and(|row| candidates.iter().any(|kind| row.disputed.contains(kind))) && !itself;
    if source.kind == Known::Is(EnvironmentType::Default) && !disputed {
        findings.fails(Code::SourceIsDefault, || {
            // Support alone can restore it, beside it (CUR-032).
            let remedy = if about == OperationKind::Restore && rulebook.edition == Edition::Current {
                "Ask Microsoft Support: they restore its backup into a support environment, from which data can be exported. Move apps and flows in a solution"
            } else {
                "Move what is needed in a solution instead"
            };
            Words::new(format!("{} is the default environment, which cannot be {done}", source.name), remedy)
        });
    }
    if target.kind == Known::Is(EnvironmentType::Default) {
        findings.fails(Code::TargetIsDefault, || Words::new(format!("{} is the default environment, which cannot be overwritten", target.name), way_out()));
    }
    let named = target.kind.is(|kind| matches!(kind, EnvironmentType::Production | EnvironmentType::Default));
    if named || (source.kind == Known::Is(EnvironmentType::Default) && !disputed) {
        return;
    }
    let all = || EnvironmentType::ALL.iter().copied();
    let mut seen = [false; 3];
    for from in source.kind.candidates(all()) {
        // Itself has the type that it has, known or not.
        let targets = if itself { vec![from] } else { target.kind.candidates(all()) };
        for onto in targets {
            match pairs.cell(from, onto, itself) {
                Cell::No => seen[0] = true,
                Cell::Disputed => seen[1] = true,
                Cell::Yes => seen[2] = true,
            }
        }
    }
    match seen {
        [false, false, true] => {}
        [false, true, false] => findings.fails(Code::ArticlesContradict, || {
            Words::new(
                format!("The table of the article lets {} be {done} onto {}, a list on the same page does not", source.name, target.name),
                "Ask support, or choose another way; acknowledge it if you go on",
            )
        }),
        [true, false, false] => {
            let rule = pairs.refused_by(source.kind, target.kind);
            let words = || {
                let a = |environment: &Environment| match environment.kind {
                    Known::Is(kind) => format!("{} ({})", environment.name, kind.label()),
                    Known::Unknown => format!("{} (type unknown)", environment.name),
                };
                let onto = if itself { "itself".to_owned() } else { a(target) };
                Words::new(format!("{} cannot be {done} onto {onto}", a(source)), way_out())
            };
            // That a type cannot be a source at all is what envdeck concluded; which types can be targets an article says.
            let is_source = row.is_some_and(|row| row.onto.is_empty());
            match rule.zip(rulebook.condition(about, Code::TypePairUnsupported)) {
                Some((rule, condition)) if !is_source && rulebook.citation(rule) == rulebook.envdeck() => {
                    findings.quote(Code::TypePairUnsupported, Some((rule, &condition.article)), words);
                }
                Some(_) | None => findings.cite(Code::TypePairUnsupported, None, rule, words),
            }
        }
        _ => findings.undecided(Code::TypePairUnsupported, || missing("type", &whose(source, &source.kind, target, &target.kind))),
    }
}

/// The same tenant: nothing crosses its border but a migration (CPY-006, ENV-008).
pub fn tenant(source: &Environment, target: &Environment, facts: &Facts, findings: &mut Findings<'_>) {
    if source.tenant != target.tenant {
        findings.fails(Code::TenantMismatch, || {
            Words::new(
                format!("{} is in the tenant {}, {} in {}", source.name, facts.tenant(source.tenant).name, target.name, facts.tenant(target.tenant).name),
                "Choose a target in the same tenant; moving to another tenant is a migration",
            )
        });
    }
}

/// The source is neither failed nor disabled; an unknown state is reported with `Busy` already (CUR-017).
pub fn source_stands(source: &Environment, done: &str, findings: &mut Findings<'_>) {
    if let Some(state) = out_of_order(source) {
        findings.fails(Code::SourceFailed, || {
            Words::new(
                format!("{} {state}, in which it cannot be {done}", source.name),
                format!("Reset {0}, or make it the target of a copy or restore, which overwrites it; or choose another source", source.name),
            )
        });
    }
}

/// The same region, by whichever name: `of` is that of the source, or of the backup (CPY-007, RST-004, G-22).
pub fn region(source: &Environment, of: &Known<Arc<str>>, target: &Environment, findings: &mut Findings<'_>) {
    match (of, &target.region) {
        // It stands where it stands, whether anybody looked or not.
        _ if source.id == target.id && *of == source.region => {}
        (Known::Is(from), Known::Is(onto)) => {
            let rulebook = findings.rulebook();
            let what = || if *of == source.region { source.name.to_string() } else { format!("The backup of {}", source.name) };
            match rulebook.regions(from, onto) {
                Known::Is(true) => {}
                Known::Is(false) => findings.fails(Code::RegionMismatch, || {
                    Words::new(
                        format!("{} is in the region {from} and {} in {onto}", what(), target.name),
                        format!("Choose a target in {from}, or create one there, which needs storage of its own"),
                    )
                }),
                Known::Unknown => findings.undecided(Code::RegionMismatch, || {
                    let strange: Vec<&str> = [from, onto].into_iter().map(|name| &**name).filter(|name| !rulebook.knows_region(name)).collect();
                    let (a, is) = if strange.len() == 1 { ("a name", "is") } else { ("names", "are") };
                    Words::new(
                        format!(
                            "{} is in the region {from} and {} in {onto}; `{}` {is} {a} that no table knows, so that both may be one region",
                            what(),
                            target.name,
                            strange.join("` and `")
                        ),
                        "Compare the two regions in the admin center, then answer `region` with the name that it shows",
                    )
                }),
            }
        }
        (a, b) => findings.undecided(Code::RegionMismatch, || missing("region", &whose(source, a, target, b))),
    }
}

/// Managed status on both sides (G-02, CUR-003, RST-022, RST-023).
pub fn managed(source: &Environment, target: &Environment, findings: &mut Findings<'_>) {
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

/// Components that were never added to a solution stay behind: perhaps at a copy (CPY-008), for certain at a restore (BKP-031, C-31).
pub fn outside_solutions(source: &Environment, findings: &mut Findings<'_>) {
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
    let certain = findings.about() == OperationKind::Restore;
    let words = || {
        let name = &source.name;
        let left = match (certain, outside) {
            (true, 1) => "is not part of a backup",
            (true, _) => "are not part of a backup",
            (false, _) => "may be left behind",
        };
        let mut parts = Vec::new();
        if outside > 0 {
            let names = source.components.seen().filter(|(kind, _)| ComponentKind::LEFT_BEHIND_OUTSIDE_SOLUTIONS.contains(kind)).flat_map(|(_, list)| list);
            let names: Vec<&str> = names.filter(|component| component.in_solution == Known::Is(false)).map(|component| &*component.name).collect();
            parts.push(format!("{} of {name} outside solutions {left}: {}", counted(outside, "component"), list(&names)));
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
            (1.., _) if certain => "Export what is needed by hand; what is in a solution by the next backup is part of it",
            (1.., _) => "Add what must travel to a solution first, and validate the apps after the copy",
            (0, 1..) => "Look it up in the admin center and add `in_solution` to each of them in the snapshot",
            (0, 0) => "Look them up in the admin center and add them to the snapshot, as [] where there are none",
        };
        Words::new(parts.join("; "), remedy)
    };
    if outside > 0 { findings.fails(Code::OutsideSolution, words) } else { findings.undecided(Code::OutsideSolution, words) }
}

/// Every component of the source that may not be part of a copy, by name: of any kind where it was never added to a solution,
/// because the article only names some of the kinds (CPY-008); and those of which nobody knows whether they were.
pub fn left_by_name(source: &Environment) -> Vec<String> {
    let all = |which: Known<bool>, begins: &str| {
        let of_kind = source.components.seen().filter_map(|(kind, list)| {
            let listed = which == Known::Is(false) || ComponentKind::LEFT_BEHIND_OUTSIDE_SOLUTIONS.contains(&kind);
            let names: Vec<&str> = list.iter().filter(|component| listed && component.in_solution == which).map(|component| &*component.name).collect();
            (!names.is_empty()).then(|| format!("{} ({})", counted(names.len(), &kind.word().replace('-', " ")), names.join(", ")))
        });
        let kinds: Vec<String> = of_kind.collect();
        (!kinds.is_empty()).then(|| format!("{begins}: {}", kinds.join("; ")))
    };
    let outside = all(Known::Is(false), "perhaps not, because it is in no solution");
    outside.into_iter().chain(all(Known::Unknown, "perhaps not, because `in_solution` is unknown")).collect()
}

//! What an operation comes to, in words: what happens, what is destroyed by it, how it is afterwards, and the way back.

use super::{Back, Case, Change, Choice, Half, Move};
use crate::domain::backup::ends_restore_points;
use crate::domain::component::ComponentKind;
use crate::domain::environment::{Environment, EnvironmentType, FinanceOperations, FinanceOperationsType};
use crate::domain::known::Known;
use crate::domain::lifecycle::is_trial;
use crate::domain::linked;
use crate::domain::loss::loss;
use crate::domain::retention::{recoverable_until, recovery_days};
use crate::domain::rulebook::{Edition, Rulebook};
use crate::domain::summary::backup_name;
use crate::domain::time;
use crate::domain::words::{Word, counted};

/// What an operation comes to.
#[derive(Debug)]
pub struct Told {
    /// What happens, in one sentence or two.
    pub happens: String,
    /// What is gone afterwards, one sentence each; nothing where nothing is.
    pub destroyed: Vec<String>,
    /// What will be different, one sentence each.
    pub afterwards: Vec<String>,
    /// How it can be taken back, in one sentence; says so where it cannot.
    pub way_back: String,
}

impl Told {
    /// What nothing is destroyed by.
    fn new<const N: usize>(happens: String, afterwards: [String; N], way_back: impl Into<String>) -> Self {
        Self { happens, destroyed: Vec::new(), afterwards: afterwards.into(), way_back: way_back.into() }
    }

    /// The same, with what is gone afterwards.
    fn destroys(self, destroyed: impl IntoIterator<Item = String>) -> Self {
        Self { destroyed: destroyed.into_iter().collect(), ..self }
    }
}

/// What the operation comes to.
pub fn told(case: &Case<'_>) -> Told {
    let (onto, rulebook) = (case.target, case.context.rulebook());
    let name = &onto.name;
    let on_off = |on: bool| if on { ("on", "off") } else { ("off", "on") };
    match &case.request.change {
        Change::Copy { name: new, half, .. } => copy(case, new.text(), half),
        Change::Restore { back, name: new, half, .. } => restore(case, back, new.text(), half),
        Change::Backup { name: backup, .. } => {
            let called = backup.chosen().map_or_else(String::new, |called| format!(" called {called}"));
            Told::new(
                format!("A manual backup of {name}{called} is taken: a label on this instant of the system backup."),
                [
                    format!(
                        "It can be restored from after {}, better after {}; no status is shown until then",
                        counted_minutes(rulebook.limits.backup_not_ready_minutes),
                        counted_minutes(rulebook.limits.backup_settling_minutes)
                    ),
                    "Its label is the instant, which cannot be changed; name and notes are given once".to_owned(),
                    "It takes no storage, and there can be as many as you like".to_owned(),
                ],
                "Nothing has to be taken back: a backup changes nothing",
            )
        }
        Change::DeleteBackup(id) => {
            let backup =
                |article: &str| id.chosen().map_or_else(|| "A manual backup".to_owned(), |id| format!("The {article}backup {}", backup_name(onto, id)));
            Told::new(
                format!("{} of {name} is deleted. The environment itself stays as it is.", backup("")),
                ["The system backup still reaches that instant as long as it is kept".to_owned()],
                "None for the backup; the system backup still reaches that instant for as long as it is kept",
            )
            .destroys([format!("{} of {name}", backup("manual "))])
        }
        Change::Retention { days, before } => {
            let kept = counted(usize::from(*days), "day");
            let shorter = before.is_none_or(|before| *days < before);
            let back = before.map_or_else(|| "Set it back".to_owned(), |before| format!("Set it back to {}", counted(usize::from(before), "day")));
            Told::new(
                format!("{name} keeps its backups for {kept} from now on, those that are there and those to come."),
                [
                    "The admin center has no button for this; in PowerShell (module Microsoft.PowerApps.Administration.PowerShell):".to_owned(),
                    format!("Set-AdminPowerAppEnvironmentBackupRetentionPeriod -EnvironmentName \"{}\" -NewBackupRetentionPeriodInDays {days}", onto.id),
                    format!("Get-AdminPowerAppEnvironment -EnvironmentName \"{}\"", onto.id),
                ],
                format!("{back}; backups that are gone meanwhile stay gone"),
            )
            .destroys(shorter.then(|| lost(case, *days)).flatten())
        }
        Change::Switch { to, sandbox_days } => switch(case, *to, *sandbox_days),
        Change::Create { name: new, kind, .. } => {
            let called = new.chosen().map_or_else(String::new, |name| format!(" called {name}"));
            let kind = kind.chosen().map_or_else(String::new, |kind| format!(" of the type {}", kind.label()));
            Told::new(
                format!("An environment{called}{kind} is created."),
                [
                    "It takes at least 1 GB of storage, and has a database".to_owned(),
                    "Create it in the admin center; capture the tenant again to see it with its own id".to_owned(),
                ],
                "Delete it",
            )
        }
        Change::Reset => {
            let and = if linked::is_unified(onto) { "its finance and operations half and its backups" } else { "its backups" };
            let data = format!("Everything in {name} for good: data, apps, flows, connections, and its backups");
            Told::new(
                format!("Everything in {name} is deleted for good, {and} included."),
                [format!("{name} is empty, with the same id and URL")],
                format!("None, because the backups of {name} go with it"),
            )
            .destroys([data].into_iter().chain(both_halves(onto)))
        }
        Change::Delete => delete(onto, rulebook),
        Change::Recover => {
            let stays = [
                "It has the same id, URL and content; of its backups those that did not expire meanwhile".to_owned(),
                format!("In PowerShell: Recover-AdminPowerAppEnvironment -EnvironmentName \"{}\"", onto.id),
            ];
            let afterwards = recoverable(onto, rulebook).into_iter().chain(stays).collect();
            Told { afterwards, ..Told::new(format!("{name} is got back as it was when it was deleted."), [], "Delete it again") }
        }
        Change::Edit { name: new, .. } => {
            let happens = match new {
                Choice::Chosen(new) if new != name => format!("{name} is called {new} from now on."),
                Choice::Chosen(_) => format!("Who gets into {name} changes."),
                Choice::Open => format!("Name or security group of {name} changes."),
            };
            Told::new(happens, [], format!("Change it back; it is called {name} now"))
        }
        Change::RenameUrl(url) => {
            let other = url.chosen().map_or("another URL from now on.".to_owned(), |url| format!("{url} from now on."));
            let back = match &onto.url {
                Known::Is(Some(url)) => format!("Change the URL back to {url}, if nobody took it meanwhile"),
                Known::Is(None) | Known::Unknown => "Change the URL back, if nobody took it meanwhile".to_owned(),
            };
            let old = "Links, integrations and bookmarks with the old URL no longer work".to_owned();
            Told::new(format!("{name} is reached at {other}"), [old], back)
        }
        Change::AdminMode(on) => {
            let (now, again) = on_off(*on);
            let afterwards = if *on {
                ["Only {roles} can sign in".replace("{roles}", &sign_in_roles(rulebook)), "Background operations cannot run while it is on".to_owned()]
            } else {
                let background = match rulebook.edition {
                    Edition::Articles => "Background operations stay off until they are turned on",
                    Edition::Current => "Background operations run from then on: they can be off only while the mode is on",
                };
                ["Everybody with access gets in again".to_owned(), background.to_owned()]
            };
            Told::new(format!("Administration mode of {name} is turned {now}."), afterwards, format!("Turn administration mode {again} again"))
        }
        Change::Background(on) => {
            let (now, again) = on_off(*on);
            let runs = if *on {
                "Workflows, system jobs and synchronisation with Exchange run; what waited is done now"
            } else {
                "No workflow and no synchronisation with Exchange runs"
            };
            let back = format!("Turn background operations {again} again; what ran meanwhile stays done");
            Told::new(format!("Background operations of {name} are turned {now}."), [runs.to_owned()], back)
        }
        Change::DeleteFinanceOperations => {
            let happens = match linked::half(onto) {
                Some(half) => {
                    let what = production_or_not(half);
                    format!("{}, {what} to which {name} is linked, is deleted in Lifecycle Services, with its data.", half.name)
                }
                None => format!("The finance and operations half of {name} is deleted in Lifecycle Services, with its data."),
            };
            Told::new(
                happens,
                [format!("{name} stays, and its link ends: it can be reset and deleted")],
                format!("None, because the half of {name} cannot be got back, and no other one takes its place by itself"),
            )
            .destroys([format!("The finance and operations half of {name} with its data, and the link")])
        }
        Change::Migrate(moved) => migrate(case, moved),
    }
}

/// What a copy does to whichever target is chosen for it, while none is (CPY-036).
pub fn any_target_of_a_copy(source: &Environment) -> String {
    overwritten("The target that is chosen", source)
}

/// The warning of the article (CPY-036).
fn overwritten(target: &str, source: &Environment) -> String {
    format!("{target} is deleted and replaced by {}. What is deleted cannot be got back.", source.name)
}

fn copy(case: &Case<'_>, new: &str, half: &Choice<Half>) -> Told {
    let (from, onto, rulebook) = (case.source, case.target, case.context.rulebook());
    let name = &onto.name;
    let moves = half.chosen().and_then(|half| half.moves());
    let other = moves.and_then(|_| half_lost(onto, "is overwritten too")).unwrap_or_default();
    let manual = match &onto.backups {
        Known::Is(backups) if backups.is_empty() => String::new(),
        Known::Is(backups) => format!(", its {} included", counted(backups.len(), "manual backup")),
        Known::Unknown => ", manual backups included".to_owned(),
    };
    // The newer articles contradict each other (CUR-028).
    let (points, restorable) = if ends_restore_points(rulebook) {
        (format!("Every restore point of {name} from before the copy{manual}"), "Nothing from before the copy can be restored")
    } else {
        let perhaps = format!("Perhaps every restore point of {name} from before the copy{manual}: Microsoft's articles contradict each other");
        (perhaps, "Do not count on anything from before the copy")
    };
    let data = format!("Everything that is in {name} now: its data, users, apps, flows and customizations");
    let mut afterwards = vec![
        out_of_service(new, rulebook),
        "It keeps its id, URL, region, type and key, as envdeck reckons: no article says so (G-20)".to_owned(),
        format!("{restorable}{manual}"),
    ];
    afterwards.extend(references(from));
    if rulebook.edition == Edition::Current {
        afterwards.push("Its own solution flows are deleted, all copied flows are off: consider turning those of the source off before the copy".to_owned());
    }
    afterwards.push("A checklist opens: mail, SharePoint, Yammer, flows and connections, before anybody works there".to_owned());
    Told {
        happens: format!("{}{other}", overwritten(name, from)),
        destroyed: [data, points].into_iter().chain(other_half(onto, moves.is_some())).collect(),
        afterwards,
        way_back: format!("None, because what was in {name} cannot be got back. Take out what is needed before the copy"),
    }
}

fn restore(case: &Case<'_>, back: &Choice<Back>, new: &str, half: &Choice<Half>) -> Told {
    let (from, onto, rulebook) = (case.source, case.target, case.context.rulebook());
    let name = &onto.name;
    let restored = half.chosen().and_then(|half| half.restored_to());
    let other = restored.and_then(|_| half_lost(onto, "goes back too")).unwrap_or_default();
    let not_chosen = || "(not chosen yet)".to_owned();
    let point = match back {
        Choice::Open => not_chosen(),
        Choice::Chosen(Back::To(at)) => time::minute(*at),
        Choice::Chosen(Back::Backup(id, at)) => format!("the backup {} of {}", backup_name(from, id), time::minute(*at)),
    };
    let itself = from.id == onto.id;
    let (happens, data) = if itself {
        let since = back.chosen().map_or_else(not_chosen, |back| time::minute(back.at()));
        (
            format!("{name} is overwritten with what it was: {point}. What was added since is gone, unless you back it up first.{other}"),
            format!("Everything that was added to {name} or changed in it since {since}"),
        )
    } else {
        (
            format!("{name} is overwritten with what {} was: {point}.{other}", from.name),
            format!("Everything that is in {name} now: its data, users, solution apps and flows, customizations"),
        )
    };
    let mut afterwards = vec![out_of_service(new, rulebook), "It keeps its id, URL, region, type, key and its own backups".to_owned()];
    afterwards.push("Its own solution flows are gone, those that come back are off; its flows outside solutions stay".to_owned());
    afterwards.push("Canvas apps have new ids, and are shared with everyone no more; sharing with groups is kept".to_owned());
    afterwards.extend(references(from));
    afterwards.push("A checklist opens: flows, connections, custom connectors, sharing".to_owned());
    if !itself {
        afterwards.push(backup_first(name));
    }
    Told {
        happens,
        destroyed: [data].into_iter().chain(other_half(onto, restored.is_some())).collect(),
        afterwards,
        way_back: format!("Restore {name} to an instant just before this change, for as long as that is kept; its own backups stay, so take one before"),
    }
}

fn switch(case: &Case<'_>, to: EnvironmentType, sandbox_days: u16) -> Told {
    let (onto, rulebook) = (case.target, case.context.rulebook());
    let name = &onto.name;
    let from = if let Known::Is(kind) = onto.kind { kind.label() } else { "its type" };
    let happens = format!("{name} is switched from {from} to {}.", to.label());
    // A trial has no backups to keep what is there (CUR-013).
    let mut told = if to == EnvironmentType::Sandbox {
        let kept = counted(usize::from(sandbox_days), "day");
        let stays = [
            format!("It keeps its backups for {kept} only, and can be overwritten by copies and restores"),
            "Switch it back as soon as possible; older backups may be gone all the same".to_owned(),
            backup_first(name),
        ];
        Told::new(happens, stays, "Switch it back to production; older backups may be gone all the same").destroys(lost(case, sandbox_days))
    } else if onto.kind.is(|kind| is_trial(*kind)) {
        let stays = [
            "It ends no more, and can never be overwritten by a copy or restore".to_owned(),
            "The conversion takes several hours, and no environment becomes a trial again".to_owned(),
        ];
        Told::new(happens, stays, "None, because no environment becomes a trial again")
    } else {
        Told::new(happens, ["It can never be overwritten by a copy or restore".to_owned(), backup_first(name)], "Switch it back")
    };
    told.afterwards.extend(button(to, rulebook));
    told
}

fn delete(onto: &Environment, rulebook: &Rulebook) -> Told {
    let name = &onto.name;
    let (days, for_good, back) = match recovery_days(onto, rulebook) {
        Known::Is(days) => {
            let days = counted(usize::from(days), "day");
            (days.clone(), format!("{name}, for good once {days} have passed"), format!("Recover {name} within {days}"))
        }
        Known::Unknown => (
            "some days".to_owned(),
            format!("{name}, for good after some days"),
            format!("Recover {name} while that is possible; for how many days is unknown"),
        ),
    };
    let both = if linked::is_unified(onto) { ", both halves with their data" } else { "" };
    let recovered = format!("It can be recovered for {days}: in envdeck, in the admin center, or with Recover-AdminPowerAppEnvironment");
    Told::new(format!("{name} is deleted{both}."), [recovered], back).destroys([for_good].into_iter().chain(both_halves(onto)))
}

/// How it stands after a move (C-40, TTM-011, TTM-044, TTM-045, TTM-107 to TTM-109).
fn migrate(case: &Case<'_>, moved: &Move) -> Told {
    let (onto, estate, edition) = (case.target, case.context.estate, case.context.rulebook().edition);
    let (from, to) = (estate.tenant(onto.tenant), estate.tenant(case.tenant));
    let name = &onto.name;
    let url = match (&onto.url, moved.same_region) {
        (Known::Is(Some(url)), true) => format!("Its URL stays: {url}"),
        (Known::Is(None) | Known::Unknown, true) => "Its URL stays".to_owned(),
        (_, false) if onto.region.is_unknown() => {
            "Nobody looked in which region it is: ask support what becomes of URL and region; both are unknown until somebody looks".to_owned()
        }
        (_, false) => "The region is another one: ask support what becomes of URL and region; both are unknown until somebody looks".to_owned(),
    };
    let before = match edition {
        Edition::Current => "It can be cancelled until it is done; ",
        Edition::Articles => "It takes a support request; ",
    };
    Told::new(
        format!("{name} is moved to the tenant {}.", to.name),
        [
            "Its id, its name and its organisation id stay, and so does its version".to_owned(),
            url,
            format!("It is gone from {}, where nobody can reach it", from.name),
            "None of its backups comes along: what is kept begins anew".to_owned(),
            "Only users of the mapping file are mapped; the others never are, also not later".to_owned(),
            "While it moves: administration mode is on, nothing runs in the background".to_owned(),
            "A checklist opens: imports, connections, mailboxes, and all that has to be set up again".to_owned(),
        ],
        format!("{before}once it is done, only another move brings it back"),
    )
    .destroys([format!("No backup of {name} comes along: restore what is needed before")])
}

/// Which finance and operations database is lost beside the environment: " The database of F, the finance and operations
/// sandbox to which A is linked, is overwritten too."
fn half_lost(onto: &Environment, what: &str) -> Option<String> {
    let half = linked::half(onto)?;
    Some(format!(" The database of {}, {} to which {} is linked, {what}.", half.name, production_or_not(half), onto.name))
}

fn production_or_not(half: &FinanceOperations) -> &'static str {
    match half.kind_of_environment {
        Known::Is(FinanceOperationsType::Production) => "the finance and operations production environment",
        Known::Is(FinanceOperationsType::Sandbox) => "the finance and operations sandbox",
        Known::Unknown => "the finance and operations environment",
    }
}

/// What is overwritten in the other half, where it comes along or both are one.
fn other_half(onto: &Environment, comes_along: bool) -> Option<String> {
    let half = linked::half(onto).filter(|_| comes_along || linked::is_unified(onto))?;
    Some(format!("What is in the database of its finance and operations half {} now", half.name))
}

/// What goes with a unified environment.
fn both_halves(onto: &Environment) -> Option<String> {
    let half = linked::half(onto).filter(|_| linked::is_unified(onto))?;
    Some(format!("Its finance and operations half {} with its data", half.name))
}

/// Which backups are lost where they are kept for so many days only.
fn lost(case: &Case<'_>, days: u16) -> Option<String> {
    let loss = loss(case.target, days, case.context.rulebook(), case.context.now);
    (!loss.is_nothing() && loss.kept).then(|| loss.by_name())
}

/// Until when it can be got back.
fn recoverable(environment: &Environment, rulebook: &Rulebook) -> Option<String> {
    match recoverable_until(environment, rulebook) {
        Known::Is(Some(until)) => Some(format!("It can be got back until {}", time::minute(until))),
        Known::Is(None) | Known::Unknown => None,
    }
}

/// A manual backup before large changes (BKP-008).
fn backup_first(name: &str) -> String {
    format!("Before it, a manual backup of {name} keeps what is there now")
}

/// What the button in the admin center is called, where the edition says (CUR-022).
fn button(to: EnvironmentType, rulebook: &Rulebook) -> Option<String> {
    let button = rulebook.switches.iter().find(|switch| switch.to == to)?.button.as_deref()?;
    Some(format!("The button in the admin center is called \"{button}\""))
}

fn counted_minutes(minutes: i64) -> String {
    counted(usize::try_from(minutes).unwrap_or(0), "minute")
}

/// Who may sign in while administration mode is on, as the rulebook has it.
fn sign_in_roles(rulebook: &Rulebook) -> String {
    rulebook.sign_in_roles.iter().map(|role| role.label()).collect::<Vec<_>>().join(" and ")
}

fn out_of_service(name: &str, rulebook: &Rulebook) -> String {
    format!("{name} is in administration mode with background operations off; only {} can sign in", sign_in_roles(rulebook))
}

/// Connections do not travel (PCP-036, RST-056).
fn references(source: &Environment) -> Option<String> {
    match source.components.of(ComponentKind::ConnectionReference) {
        Known::Is(list) if list.len() == 1 => Some("1 connection reference needs a new connection".to_owned()),
        Known::Is(list) if !list.is_empty() => Some(format!("{} need new connections", counted(list.len(), "connection reference"))),
        Known::Is(_) | Known::Unknown => None,
    }
}

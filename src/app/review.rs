//! The review: everything that is to be known before something is carried out, as lines.

use chrono::{DateTime, Utc};

use crate::app::moved;
use crate::app::targets::{Reason, wrapped};
use crate::domain::audit_logs;
use crate::domain::backup::ends_restore_points;
use crate::domain::component::ComponentKind;
use crate::domain::copy::Level;
use crate::domain::environment::{Environment, EnvironmentType};
use crate::domain::known::Known;
use crate::domain::lifecycle::is_trial;
use crate::domain::request::{Change, Group, Request};
use crate::domain::retention::{recoverable_until, recovery_days};
use crate::domain::rulebook::{Edition, Rulebook};
use crate::domain::schedule::Schedule;
use crate::domain::summary::{destroys, what_happens};
use crate::domain::tenant::Tenant;
use crate::domain::time;
use crate::domain::verdict::{Finding, Severity, Verdict};
use crate::domain::words::{Word, counted};

/// A line of the review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReviewLine {
    /// A heading.
    Heading(String),
    /// What will be destroyed.
    Danger(String),
    /// An ordinary line.
    Text(String),
    /// A line of a finding that has to be acknowledged; the first one bears whether it was.
    Acknowledge(Option<bool>, String),
    /// A line of a finding.
    Finding(Reason),
    /// An empty line.
    Gap,
}

/// What is reviewed.
pub struct ReviewOf<'a> {
    /// What is copied or restored from, else what the operation is done to.
    pub from: &'a Environment,
    /// What it is done to.
    pub onto: &'a Environment,
    /// What is done.
    pub request: &'a Request,
    /// The tenants that it leaves and moves to, for a move.
    pub tenants: Option<(&'a Tenant, &'a Tenant)>,
    /// Whether it is only planned here, so that nothing is taken upon oneself yet.
    pub planned: bool,
    /// How it is judged.
    pub verdict: &'a Verdict,
    /// How long it takes.
    pub schedule: &'a Schedule,
    /// The rules that judge it.
    pub rulebook: &'a Rulebook,
    /// When it is judged.
    pub now: DateTime<Utc>,
}

/// Everything that is to be known before, as lines of at most `width` columns.
pub fn review(of: &ReviewOf<'_>, given: &dyn Fn(&Finding) -> bool, width: usize) -> Vec<ReviewLine> {
    let width = width.max(20);
    let fit = |text: &str| textwrap::wrap(text, width.saturating_sub(2)).into_iter().map(String::from).collect::<Vec<_>>();
    let mut lines = Vec::new();
    let ReviewOf { from, onto, request, .. } = of;
    let happens = if of.tenants.is_some() { moved::what_happens(of) } else { what_happens(&request.change, from, onto) };
    lines.extend(fit(&happens).into_iter().map(if destroys(&of.request.change) { ReviewLine::Danger } else { ReviewLine::Text }));
    lines.push(ReviewLine::Gap);
    let unknown: Vec<&Finding> = of.verdict.findings.iter().filter(|finding| finding.has_to_be_acknowledged() && !of.planned).collect();
    if !unknown.is_empty() {
        let heading = if unknown.iter().all(|finding| finding.severity == Severity::Unknown) {
            "Unknown: look it up, or take it upon you, one by one (a)"
        } else {
            "Take this upon you, one by one (a), or leave it"
        };
        lines.push(ReviewLine::Heading(heading.to_owned()));
        for finding in &unknown {
            let mut box_ = Some(given(finding));
            let text = textwrap::wrap(&finding.message, width.saturating_sub(5));
            lines.extend(text.into_iter().map(|line| ReviewLine::Acknowledge(box_.take(), line.into_owned())));
        }
        lines.push(ReviewLine::Gap);
    }
    // A move is prepared for weeks: what stands in its way is what somebody looks for here.
    let moves = matches!(of.request.change, Change::Migrate(_));
    if moves && !of.verdict.findings.is_empty() {
        lines.pop();
        all_findings(of, width, &mut lines);
        lines.push(ReviewLine::Gap);
    }
    let carried = carried(of);
    if !carried.is_empty() {
        let heading = match (&of.request.change, of.tenants) {
            (Change::Copy { .. }, _) => "What is copied",
            (_, Some(_)) => "What moves",
            (_, None) => "What comes back",
        };
        lines.push(ReviewLine::Heading(heading.to_owned()));
        lines.extend(carried.iter().flat_map(|line| fit(line)).map(ReviewLine::Text));
        lines.push(ReviewLine::Gap);
    }
    lines.push(ReviewLine::Heading("Afterwards".to_owned()));
    for line in afterwards(of) {
        lines.extend(fit(&line).into_iter().map(ReviewLine::Text));
    }
    if moves {
        for part in moved::parts(of) {
            lines.push(ReviewLine::Gap);
            lines.push(ReviewLine::Heading(part.phase.clone()));
            lines.extend(part.what.iter().flat_map(|line| fit(line)).map(ReviewLine::Text));
        }
    } else {
        all_findings(of, width, &mut lines);
    }
    lines
}

/// Every finding with its way out and where it stands.
fn all_findings(of: &ReviewOf<'_>, width: usize, lines: &mut Vec<ReviewLine>) {
    if !of.verdict.findings.is_empty() {
        lines.push(ReviewLine::Gap);
        lines.push(ReviewLine::Heading("All findings".to_owned()));
        lines.extend(wrapped(of.verdict, width).into_iter().map(ReviewLine::Finding));
    }
}

/// What is carried, and how long it takes.
fn carried(of: &ReviewOf<'_>) -> Vec<String> {
    let took = || {
        let words = &of.rulebook.durations.words;
        format!("It takes about {} by the size of the data; {words}", time::span(of.schedule.done_at() - of.schedule.started_at))
    };
    let logs = audit_logs::of(&of.request.change, of.from.id == of.onto.id).map(audit_logs::Told::line);
    match &of.request.change {
        Change::Copy { level, .. } => {
            let tables = match level {
                Level::Everything => "",
                Level::Customizations => " (t lists the tables)",
            };
            let carries = format!("Level {}: {}{tables}", level.label(), level.carries());
            [carries].into_iter().chain(logs).chain([took()]).collect()
        }
        Change::Restore { .. } => {
            let parts = "Code and database together, as they were; of apps and flows only those in solutions".to_owned();
            [parts].into_iter().chain(logs).chain([took()]).collect()
        }
        Change::Migrate(moved) => moved::moves(moved, of),
        Change::Backup { .. }
        | Change::DeleteBackup(_)
        | Change::Retention { .. }
        | Change::Switch { .. }
        | Change::Reset
        | Change::Delete
        | Change::Recover
        | Change::Create { .. }
        | Change::Edit { .. }
        | Change::RenameUrl(_)
        | Change::AdminMode(_)
        | Change::Background(_)
        | Change::DeleteFinanceOperations => Vec::new(),
    }
}

/// What will be different, one sentence each.
fn afterwards(of: &ReviewOf<'_>) -> Vec<String> {
    let ReviewOf { onto, request, rulebook, .. } = of;
    let name = &onto.name;
    match &request.change {
        Change::Copy { name: new, group, half, .. } => {
            let parallel =
                half.map(|half| format!("In parallel, for the finance and operations half: {}; then the code of both is brought to match", half.label()));
            after_a_copy(of, new, group).into_iter().chain(parallel).collect()
        }
        Change::Restore { name: new, paired_at, .. } => {
            let at = paired_at.map(|at| {
                format!("In parallel, the finance and operations database is restored to {}; then the code of both is brought to match", time::minute(at))
            });
            let other = of.from.id != onto.id;
            after_a_restore(of, new).into_iter().chain(at).chain(other.then(|| backup_first(name))).collect()
        }
        Change::Backup { paired, .. } => [
            format!(
                "It can be restored from after {}, better after {}; no status is shown until then",
                counted_minutes(rulebook.limits.backup_not_ready_minutes),
                counted_minutes(rulebook.limits.backup_settling_minutes)
            ),
            "Its label is the instant, which cannot be changed; name and notes are given once".to_owned(),
            "It takes no storage, and there can be as many as you like".to_owned(),
        ]
        .into_iter()
        .chain(paired.then(|| "Back up the finance and operations database at the same time, so that both halves can go back to one instant".to_owned()))
        .collect(),
        Change::DeleteBackup(_) => vec!["The system backup still reaches that instant as long as it is kept".to_owned()],
        Change::Retention { days, .. } => vec![
            "The admin center has no button for this; in PowerShell (module Microsoft.PowerApps.Administration.PowerShell):".to_owned(),
            format!("Set-AdminPowerAppEnvironmentBackupRetentionPeriod -EnvironmentName \"{}\" -NewBackupRetentionPeriodInDays {days}", onto.id),
            format!("Get-AdminPowerAppEnvironment -EnvironmentName \"{}\"", onto.id),
        ],
        Change::Switch { to: EnvironmentType::Sandbox, sandbox_days } => [
            format!("It keeps its backups for {} only, and can be overwritten by copies and restores", counted(usize::from(*sandbox_days), "day")),
            "Switch it back as soon as possible; older backups may be gone all the same".to_owned(),
            backup_first(name),
        ]
        .into_iter()
        .chain(button(EnvironmentType::Sandbox, rulebook))
        .collect(),
        // A trial has no backups to keep what is there (CUR-013).
        Change::Switch { to, .. } if onto.kind.is(|kind| is_trial(*kind)) => {
            let stays = [
                "It ends no more, and can never be overwritten by a copy or restore".to_owned(),
                "The conversion takes several hours, and no environment becomes a trial again".to_owned(),
            ];
            stays.into_iter().chain(button(*to, rulebook)).collect()
        }
        Change::Switch { to, .. } => {
            ["It can never be overwritten by a copy or restore".to_owned(), backup_first(name)].into_iter().chain(button(*to, rulebook)).collect()
        }
        Change::Create { .. } => vec![
            "It takes at least 1 GB of storage, and has a database".to_owned(),
            "Create it in the admin center; capture the tenant again to see it with its own id".to_owned(),
        ],
        Change::Reset => vec![format!("{name} is empty, with the same id and URL")],
        Change::Delete => {
            let days = match recovery_days(onto, rulebook) {
                Known::Is(days) => counted(usize::from(days), "day"),
                Known::Unknown => "some days".to_owned(),
            };
            vec![format!("It can be recovered for {days}: with V in envdeck, in the admin center, or with Recover-AdminPowerAppEnvironment")]
        }
        Change::Recover => recoverable(onto, rulebook)
            .into_iter()
            .chain([
                "It has the same id, URL and content; of its backups those that did not expire meanwhile".to_owned(),
                format!("In PowerShell: Recover-AdminPowerAppEnvironment -EnvironmentName \"{}\"", onto.id),
            ])
            .collect(),
        Change::Edit { group, .. } => [who_gets_in(group).unwrap_or_else(|| "Who gets in stays as it is".to_owned())].into(),
        Change::RenameUrl(_) => vec!["Links, integrations and bookmarks with the old URL no longer work".to_owned()],
        Change::AdminMode(true) => {
            let roles: Vec<_> = rulebook.sign_in_roles.iter().map(|role| role.label()).collect();
            vec![format!("Only {} can sign in", roles.join(" and ")), "Background operations cannot run while it is on".to_owned()]
        }
        Change::AdminMode(false) => {
            let background = match rulebook.edition {
                Edition::Articles => "Background operations stay off until they are turned on",
                Edition::Current => "Background operations run from then on: they can be off only while the mode is on",
            };
            vec!["Everybody with access gets in again".to_owned(), background.to_owned()]
        }
        Change::Background(true) => vec!["Workflows, system jobs and synchronisation with Exchange run; what waited is done now".to_owned()],
        Change::Background(false) => vec!["No workflow and no synchronisation with Exchange runs".to_owned()],
        Change::DeleteFinanceOperations => vec![format!("{name} stays, and its link ends: it can be reset and deleted")],
        Change::Migrate(moved) => moved::afterwards(moved, of),
    }
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
    format!("Before it, a manual backup of {name} keeps what is there now: Esc, then b")
}

/// What the button in the admin center is called, where the edition says (CUR-022).
fn button(to: EnvironmentType, rulebook: &Rulebook) -> Option<String> {
    let button = rulebook.switches.iter().find(|switch| switch.to == to)?.button.as_deref()?;
    Some(format!("The button in the admin center is called \"{button}\""))
}

fn counted_minutes(minutes: i64) -> String {
    counted(usize::try_from(minutes).unwrap_or(0), "minute")
}

fn who_gets_in(group: &Group) -> Option<String> {
    match group {
        Group::Keep => None,
        Group::Open => Some("No security group limits who gets in".to_owned()),
        Group::Only(_) => Some("Only members of the chosen security group get in".to_owned()),
    }
}

/// Who may sign in while administration mode is on, as the rulebook has it.
fn out_of_service(name: &str, rulebook: &Rulebook) -> String {
    let roles: Vec<_> = rulebook.sign_in_roles.iter().map(|role| role.label()).collect();
    format!("{name} is in administration mode with background operations off; only {} can sign in", roles.join(" and "))
}

fn after_a_copy(of: &ReviewOf<'_>, new: &str, group: &Group) -> Vec<String> {
    let ReviewOf { from, onto, .. } = of;
    let mut lines = vec![out_of_service(new, of.rulebook), "It keeps its id, URL, region, type and key".to_owned()];
    if *new != *onto.name {
        lines.push(format!("It is called {new} instead of {}", onto.name));
    }
    lines.extend(who_gets_in(group));
    let included = match &onto.backups {
        Known::Is(backups) if backups.is_empty() => String::new(),
        Known::Is(backups) => format!(", its {} included", counted(backups.len(), "manual backup")),
        Known::Unknown => ", manual backups included".to_owned(),
    };
    // The newer articles contradict each other (CUR-028).
    let restorable =
        if ends_restore_points(of.rulebook) { "Nothing from before the copy can be restored" } else { "Do not count on anything from before the copy" };
    lines.push(format!("{restorable}{included}"));
    lines.extend(references(from));
    if of.rulebook.edition == Edition::Current {
        lines.push("Its own solution flows are deleted, all copied flows are off: consider turning those of the source off before the copy".to_owned());
    }
    lines.push("A checklist opens: mail, SharePoint, Yammer, flows and connections, before anybody works there".to_owned());
    lines
}

/// Connections do not travel (PCP-036, RST-056).
fn references(from: &Environment) -> Option<String> {
    match from.components.of(ComponentKind::ConnectionReference) {
        Known::Is(list) if !list.is_empty() => Some(format!("{} need new connections", counted(list.len(), "connection reference"))),
        Known::Is(_) | Known::Unknown => None,
    }
}

fn after_a_restore(of: &ReviewOf<'_>, new: &str) -> Vec<String> {
    let ReviewOf { from, onto, .. } = of;
    let mut lines = vec![out_of_service(new, of.rulebook), "It keeps its id, URL, region, type, key and its own backups".to_owned()];
    if *new != *onto.name {
        lines.push(format!("It is called {new} instead of {}", onto.name));
    }
    lines.push("Its own solution flows are gone, those that come back are off; its flows outside solutions stay".to_owned());
    lines.push("Canvas apps have new ids, and are shared with everyone no more; sharing with groups is kept".to_owned());
    lines.extend(references(from));
    lines.push("A checklist opens: flows, connections, custom connectors, sharing".to_owned());
    lines
}

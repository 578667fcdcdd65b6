//! Everything that somebody has to know of an operation before and after it, as data that every surface renders.

use chrono::{DateTime, FixedOffset};

use super::{Back, Case, Change, Choice, Group, Half, Move, Movement, Request};
use crate::domain::audit_logs;
use crate::domain::backup::ends_restore_points;
use crate::domain::component::ComponentKind;
use crate::domain::environment::{Environment, EnvironmentType};
use crate::domain::known::Known;
use crate::domain::lifecycle::is_trial;
use crate::domain::linked;
use crate::domain::mapping::LeftBehind;
use crate::domain::retention::{recoverable_until, recovery_days};
use crate::domain::rulebook::{Edition, Rulebook};
use crate::domain::schedule::Schedule;
use crate::domain::summary::{backup_name, destroyed, way_back, what_happens};
use crate::domain::tenant::Tenant;
use crate::domain::time;
use crate::domain::words::{Word, counted};
use crate::vocabulary;

vocabulary! {
    /// What a line of an account is about.
    Topic, "topic" {
        Happens = "happens" "What happens",
        Level = "level" "Level",
        Point = "point" "Goes back to",
        AuditLogs = "audit-logs" "Audit logs",
        Carried = "carried" "What is carried",
        Half = "half" "Finance and operations half",
        Name = "name" "Name afterwards",
        Access = "access" "Who gets in",
        Destroyed = "destroyed" "Destroyed",
        Duration = "duration" "How long",
        Afterwards = "afterwards" "Afterwards",
        WayBack = "way-back" "Way back",
        Open = "open" "Not chosen yet",
    }
}

/// A line of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is about.
    pub topic: Topic,
    /// One or two sentences.
    pub text: Box<str>,
}

/// What has to be known of the operation, the most important first; each topic may have several lines or none.
pub fn account(case: &Case<'_>) -> Vec<Line> {
    let (change, source, target, context) = (&case.request.change, case.source, case.target, &case.context);
    let rulebook = context.rulebook();
    let tenant = context.estate.tenant(case.tenant);
    let mut account = Lines::default();
    account.add(Topic::Happens, what_happens(change, source, target, tenant));
    account.lines.extend(chosen(case.request, source, target, context.estate.tenant(target.tenant)));
    carried(case, tenant, &mut account);
    account.all(Topic::Destroyed, destroyed(change, source, target, rulebook, context.now));
    duration(case, rulebook, &mut account);
    afterwards(case, rulebook, &mut account);
    account.add(Topic::WayBack, way_back(change, source, target, rulebook));
    let open = case.open();
    if !open.is_empty() {
        let text = format!("{}: it is judged by what is chosen, and there is no runbook before all is", open.join(", "));
        account.add(Topic::Open, text);
    }
    // In the order of the topics, within one as they came.
    account.lines.sort_by_key(|line| line.topic);
    account.lines
}

/// What the choices of a request say by themselves, on whatever facts: that is all that is left to say of an old record.
pub fn chosen(request: &Request, source: &Environment, target: &Environment, tenant: &Tenant) -> Vec<Line> {
    let mut account = Lines::default();
    match &request.change {
        Change::Copy { level, name, group, half, .. } => {
            if let Choice::Chosen(level) = level {
                account.add(Topic::Level, level.label());
            }
            account.logs(&request.change, source, target);
            account.half(half, target);
            account.name(name, target);
            account.access(group, tenant);
        }
        Change::Restore { back, name, half, .. } => {
            if let Choice::Chosen(back) = back {
                account.add(
                    Topic::Point,
                    match back {
                        Back::To(at) => format!("{}, by the system backup", time::minute(*at)),
                        Back::Backup(id, at) => format!("{}, the manual backup {}", time::minute(*at), backup_name(source, id)),
                    },
                );
            }
            account.logs(&request.change, source, target);
            account.half(half, target);
            account.name(name, target);
        }
        Change::Backup { half, .. } => account.half(half, target),
        Change::Edit { name, group } => {
            account.name(name, target);
            account.access(group, tenant);
        }
        Change::Create { name, .. } => account.name(name, target),
        Change::DeleteBackup(_)
        | Change::Retention { .. }
        | Change::Switch { .. }
        | Change::Reset
        | Change::Delete
        | Change::Recover
        | Change::RenameUrl(_)
        | Change::AdminMode(_)
        | Change::Background(_)
        | Change::DeleteFinanceOperations
        | Change::Migrate(_) => {}
    }
    account.lines
}

#[derive(Default)]
struct Lines {
    lines: Vec<Line>,
}

impl Lines {
    fn add(&mut self, topic: Topic, text: impl Into<Box<str>>) {
        self.lines.push(Line { topic, text: text.into() });
    }

    fn all(&mut self, topic: Topic, texts: impl IntoIterator<Item = String>) {
        texts.into_iter().for_each(|text| self.add(topic, text));
    }

    fn logs(&mut self, change: &Change, source: &Environment, target: &Environment) {
        if let Some(told) = audit_logs::of(change, source.id == target.id) {
            self.add(Topic::AuditLogs, told.words);
        }
    }

    fn name(&mut self, name: &Choice<Box<str>>, target: &Environment) {
        match name {
            Choice::Open => {}
            Choice::Chosen(name) if *name == target.name => self.add(Topic::Name, format!("{name}, as now")),
            Choice::Chosen(name) if target.name.is_empty() => self.add(Topic::Name, name.clone()),
            Choice::Chosen(name) => self.add(Topic::Name, format!("{name}; it is {} now", target.name)),
        }
    }

    fn access(&mut self, group: &Choice<Group>, tenant: &Tenant) {
        match group {
            Choice::Open => {}
            Choice::Chosen(Group::Keep) => self.add(Topic::Access, "The security group stays as it is"),
            Choice::Chosen(Group::Open) => self.add(Topic::Access, "No security group limits who gets in"),
            Choice::Chosen(Group::Only(id)) => {
                let name = tenant.group_name(id).map_or_else(String::new, |name| format!(" {name}"));
                self.add(Topic::Access, format!("Only members of the security group{name} (id {id}) get in"));
            }
        }
    }

    fn half(&mut self, half: &Choice<Half>, target: &Environment) {
        // Both halves of a unified environment go together, so that there is nothing to say of one.
        let (Choice::Chosen(chosen), Some(half)) = (half, linked::half(target).filter(|_| linked::is_seen_to_apart(target))) else { return };
        let half = linked::other(target, half);
        let text = match chosen {
            Half::Moves(Movement::Refresh) => format!("The database of {half} is refreshed in parallel; then the code of both halves is brought to match"),
            Half::Moves(Movement::Import) => {
                format!("A database from the LCS asset library is imported into {half} in parallel; then the code of both halves is brought to match")
            }
            Half::Restored(at) => {
                format!("The database of {half} is restored to {} in parallel; then the code of both halves is brought to match", time::minute(*at))
            }
            Half::BackedUp => format!("{half} is backed up at the same time, so that both halves can go back to one instant"),
            Half::Left => format!("{half} is left as it is"),
            Half::Separate => format!("{half} is seen to in a step of its own"),
        };
        self.add(Topic::Half, text);
    }
}

/// What travels.
fn carried(case: &Case<'_>, tenant: &Tenant, account: &mut Lines) {
    match &case.request.change {
        Change::Copy { level: Choice::Chosen(level), .. } => account.add(Topic::Carried, level.carries()),
        Change::Restore { .. } => {
            account.add(Topic::Carried, "code and database together, as they were; of apps and flows only those in solutions");
        }
        Change::Migrate(moved) => {
            let users = match &moved.mapping {
                Some(mapping) => {
                    let left = match mapping.found.as_deref().map(|found| &found.left_behind) {
                        Some(LeftBehind::OfEnvironment(left)) if !left.is_empty() => format!("; {} left behind", counted(left.len(), "user")),
                        Some(LeftBehind::OfEnvironment(_) | LeftBehind::OfTenant(_) | LeftBehind::Unknown) | None => String::new(),
                    };
                    format!("{} by the mapping file {}{left}", counted(mapping.users.len(), "user"), mapping.file)
                }
                None => "No mapping file is named yet: nobody is mapped".to_owned(),
            };
            account.add(Topic::Carried, users);
            let access = match &moved.group {
                Some(id) => format!("Only members of {} get in: the group is assigned during the move", tenant.group_name(id).unwrap_or(id)),
                None => "No security group: one can be assigned in the admin center afterwards".to_owned(),
            };
            account.add(Topic::Access, access);
        }
        _ => {}
    }
}

/// How long it takes, where it moves data: the words of the articles, and our estimate by the size of the data.
fn duration(case: &Case<'_>, rulebook: &Rulebook, account: &mut Lines) {
    let now = case.context.now;
    let takes = Schedule::of(&case.request.change, case.source, rulebook, now).done_at() - now;
    match &case.request.change {
        // Of an open level only the words of the articles are said.
        Change::Copy { level: Choice::Open, .. } => account.add(Topic::Duration, rulebook.durations.words.clone()),
        Change::Copy { .. } | Change::Restore { .. } => {
            account.add(Topic::Duration, format!("It takes about {} by the size of the data; {}", time::span(takes), rulebook.durations.words));
        }
        Change::Migrate(moved) => {
            let planned = match moved.cut_over {
                Some(at) => {
                    let until = time::minute(at.to_utc() + takes);
                    format!("The cut-over is planned for {}, until about {until}", in_both(at))
                }
                None => "No cut-over is planned yet: an evening or a weekend, because nobody can get in meanwhile".to_owned(),
            };
            account.add(Topic::Duration, planned);
            account.add(Topic::Duration, format!("About {} by our estimate; {}", time::span(takes), rulebook.durations.moves.words));
        }
        _ => {}
    }
}

/// An instant in UTC, and in the time of whoever planned it.
fn in_both(at: DateTime<FixedOffset>) -> String {
    format!("{} ({} your time)", time::minute(at.to_utc()), at.format("%A %H:%M"))
}

/// What will be different, one sentence each.
fn afterwards(case: &Case<'_>, rulebook: &Rulebook, account: &mut Lines) {
    let (source, target) = (case.source, case.target);
    let name = &target.name;
    let lines: Vec<String> = match &case.request.change {
        Change::Copy { name: new, .. } => after_a_copy(source, target, new.text(), rulebook),
        Change::Restore { name: new, .. } => {
            let other = (source.id != target.id).then(|| backup_first(name));
            after_a_restore(source, new.text(), rulebook).into_iter().chain(other).collect()
        }
        Change::Backup { .. } => vec![
            format!(
                "It can be restored from after {}, better after {}; no status is shown until then",
                counted_minutes(rulebook.limits.backup_not_ready_minutes),
                counted_minutes(rulebook.limits.backup_settling_minutes)
            ),
            "Its label is the instant, which cannot be changed; name and notes are given once".to_owned(),
            "It takes no storage, and there can be as many as you like".to_owned(),
        ],
        Change::DeleteBackup(_) => vec!["The system backup still reaches that instant as long as it is kept".to_owned()],
        Change::Retention { days, .. } => vec![
            "The admin center has no button for this; in PowerShell (module Microsoft.PowerApps.Administration.PowerShell):".to_owned(),
            format!("Set-AdminPowerAppEnvironmentBackupRetentionPeriod -EnvironmentName \"{}\" -NewBackupRetentionPeriodInDays {days}", target.id),
            format!("Get-AdminPowerAppEnvironment -EnvironmentName \"{}\"", target.id),
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
        Change::Switch { to, .. } if target.kind.is(|kind| is_trial(*kind)) => {
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
            let days = match recovery_days(target, rulebook) {
                Known::Is(days) => counted(usize::from(days), "day"),
                Known::Unknown => "some days".to_owned(),
            };
            vec![format!("It can be recovered for {days}: in envdeck, in the admin center, or with Recover-AdminPowerAppEnvironment")]
        }
        Change::Recover => recoverable(target, rulebook)
            .into_iter()
            .chain([
                "It has the same id, URL and content; of its backups those that did not expire meanwhile".to_owned(),
                format!("In PowerShell: Recover-AdminPowerAppEnvironment -EnvironmentName \"{}\"", target.id),
            ])
            .collect(),
        Change::Edit { .. } => Vec::new(),
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
        Change::Migrate(moved) => after_a_move(case, moved),
    };
    account.all(Topic::Afterwards, lines);
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
fn out_of_service(name: &str, rulebook: &Rulebook) -> String {
    let roles: Vec<_> = rulebook.sign_in_roles.iter().map(|role| role.label()).collect();
    format!("{name} is in administration mode with background operations off; only {} can sign in", roles.join(" and "))
}

fn after_a_copy(source: &Environment, target: &Environment, new: &str, rulebook: &Rulebook) -> Vec<String> {
    let mut lines = vec![out_of_service(new, rulebook), "It keeps its id, URL, region, type and key".to_owned()];
    let included = match &target.backups {
        Known::Is(backups) if backups.is_empty() => String::new(),
        Known::Is(backups) => format!(", its {} included", counted(backups.len(), "manual backup")),
        Known::Unknown => ", manual backups included".to_owned(),
    };
    // The newer articles contradict each other (CUR-028).
    let restorable =
        if ends_restore_points(rulebook) { "Nothing from before the copy can be restored" } else { "Do not count on anything from before the copy" };
    lines.push(format!("{restorable}{included}"));
    lines.extend(references(source));
    if rulebook.edition == Edition::Current {
        lines.push("Its own solution flows are deleted, all copied flows are off: consider turning those of the source off before the copy".to_owned());
    }
    lines.push("A checklist opens: mail, SharePoint, Yammer, flows and connections, before anybody works there".to_owned());
    lines
}

/// Connections do not travel (PCP-036, RST-056).
fn references(source: &Environment) -> Option<String> {
    match source.components.of(ComponentKind::ConnectionReference) {
        Known::Is(list) if list.len() == 1 => Some("1 connection reference needs a new connection".to_owned()),
        Known::Is(list) if !list.is_empty() => Some(format!("{} need new connections", counted(list.len(), "connection reference"))),
        Known::Is(_) | Known::Unknown => None,
    }
}

fn after_a_restore(source: &Environment, new: &str, rulebook: &Rulebook) -> Vec<String> {
    let mut lines = vec![out_of_service(new, rulebook), "It keeps its id, URL, region, type, key and its own backups".to_owned()];
    lines.push("Its own solution flows are gone, those that come back are off; its flows outside solutions stay".to_owned());
    lines.push("Canvas apps have new ids, and are shared with everyone no more; sharing with groups is kept".to_owned());
    lines.extend(references(source));
    lines.push("A checklist opens: flows, connections, custom connectors, sharing".to_owned());
    lines
}

/// How it stands after a move (C-40, TTM-011, TTM-044, TTM-045, TTM-107 to TTM-109).
fn after_a_move(case: &Case<'_>, moved: &Move) -> Vec<String> {
    let from = case.context.estate.tenant(case.target.tenant);
    let mut lines = vec!["Its id, its name and its organisation id stay, and so does its version".to_owned()];
    lines.push(match (&case.target.url, moved.same_region) {
        (Known::Is(Some(url)), true) => format!("Its URL stays: {url}"),
        (Known::Is(None) | Known::Unknown, true) => "Its URL stays".to_owned(),
        (_, false) if case.target.region.is_unknown() => {
            "Nobody looked in which region it is: ask support what becomes of URL and region; both are unknown until somebody looks".to_owned()
        }
        (_, false) => "The region is another one: ask support what becomes of URL and region; both are unknown until somebody looks".to_owned(),
    });
    lines.push(format!("It is gone from {}, where nobody can reach it", from.name));
    lines.push("None of its backups comes along: what is kept begins anew".to_owned());
    lines.push("Only users of the mapping file are mapped; the others never are, also not later".to_owned());
    lines.push("While it moves: administration mode is on, nothing runs in the background".to_owned());
    lines.push("A checklist opens: imports, connections, mailboxes, and all that has to be set up again".to_owned());
    lines
}

//! Everything that somebody has to know of an operation before and after it, as data that every surface renders.

use chrono::{DateTime, FixedOffset, TimeDelta};

use super::kinds::row;
use super::told::{Told, any_target_of_a_copy, told};
use super::{Back, Case, Change, Choice, Choices, Group, Half, Movement, Request};
use crate::domain::audit_logs;
use crate::domain::environment::Environment;
use crate::domain::linked;
use crate::domain::mapping::LeftBehind;
use crate::domain::operation::OperationKind;
use crate::domain::pairs;
use crate::domain::rulebook::Rulebook;
use crate::domain::schedule::Schedule;
use crate::domain::storage;
use crate::domain::summary::backup_name;
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
        Noted = "noted" "To know of the target",
        Destroyed = "destroyed" "Destroyed",
        Storage = "storage" "Storage",
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
    let Case { request, source, target, context, .. } = *case;
    let mut account = Lines::default();
    let Told { happens, destroyed, afterwards, way_back } = told(case);
    account.add(Topic::Happens, happens);
    account.lines.extend(chosen(request, source, target, context.estate.tenant(target.tenant)));
    carried(case, context.estate.tenant(case.tenant), &mut account);
    account.all(Topic::Noted, noted(case));
    account.all(Topic::Destroyed, destroyed);
    if let Some(text) = storage::told(case) {
        account.add(Topic::Storage, text);
    }
    duration(case, context.rulebook(), &mut account);
    account.all(Topic::Afterwards, afterwards);
    account.add(Topic::WayBack, way_back);
    let open = case.open();
    if !open.is_empty() {
        let text = format!("{}: it is judged by what is chosen, and there is no runbook before all is", open.join(", "));
        account.add(Topic::Open, text);
    }
    // In the order of the topics, within one as they came.
    account.lines.sort_by_key(|line| line.topic);
    account.lines
}

/// What others wrote about the environment that is about to lose its content, and what is worked on there: whoever decides
/// should have read it.
fn noted(case: &Case<'_>) -> Vec<String> {
    let Case { target, context, .. } = *case;
    if !row(case.kind()).destroys || case.kind() == OperationKind::DeleteBackup {
        return Vec::new();
    }
    let notes = context.estate.journal().notes(&target.id).map(|(entry, text)| format!("Note of {}, {}: {text}", entry.by, time::minute(entry.at)));
    let open = context.checklists(target);
    let checklists = open.iter().map(|checklist| {
        let open = checklist.progress().mandatory_open;
        format!("The checklist \"{}\" of {} is open, with {}", checklist.title, time::minute(checklist.opened_at), counted(open, "mandatory item"))
    });
    notes.chain(checklists).collect()
}

/// What the choices of a request say by themselves, on whatever facts: that is all that is left to say of an old record.
pub fn chosen(request: &Request, source: &Environment, target: &Environment, tenant: &Tenant) -> Vec<Line> {
    let mut account = Lines::default();
    let Choices { level, back, name, group, half, .. } = request.change.choices();
    if let Some(Choice::Chosen(level)) = level {
        account.add(Topic::Level, level.label());
    }
    match back {
        Some(Choice::Chosen(Back::To(at))) => account.add(Topic::Point, format!("{}, by the system backup", time::minute(*at))),
        Some(Choice::Chosen(Back::Backup(id, at))) => {
            account.add(Topic::Point, format!("{}, the manual backup {}", time::minute(*at), backup_name(source, id)));
        }
        Some(Choice::Open) | None => {}
    }
    if let Some(told) = audit_logs::of(&request.change, source.id == target.id) {
        account.add(Topic::AuditLogs, told.words);
    }
    account.half(half, target);
    // A backup has a name of its own, which its first line says.
    account.name(name.filter(|_| request.change.kind() != OperationKind::Backup), target);
    account.access(group, tenant);
    account.lines
}

/// What can be said while the target is still to be chosen: what becomes of whichever one it is, what is chosen, what travels.
pub fn before_the_target(case: &Case<'_>) -> Vec<Line> {
    let Case { request, source, target, context, .. } = *case;
    let tenant = context.estate.tenant(target.tenant);
    let mut account = Lines::default();
    if let Change::Copy { .. } = &request.change {
        account.add(Topic::Happens, any_target_of_a_copy(source));
    }
    account.lines.extend(chosen(request, source, target, tenant));
    if let Change::Copy { .. } = &request.change {
        carried(case, tenant, &mut account);
    }
    account.lines.sort_by_key(|line| line.topic);
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

    fn name(&mut self, name: Option<&Choice<Box<str>>>, target: &Environment) {
        let Some(name) = name else { return };
        match name {
            Choice::Open => {}
            Choice::Chosen(name) if *name == target.name => self.add(Topic::Name, format!("{name}, as now")),
            Choice::Chosen(name) if target.name.is_empty() => self.add(Topic::Name, name.clone()),
            Choice::Chosen(name) => self.add(Topic::Name, format!("{name}; it is {} now", target.name)),
        }
    }

    fn access(&mut self, group: Option<&Choice<Group>>, tenant: &Tenant) {
        let Some(group) = group else { return };
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

    fn half(&mut self, half: Option<&Choice<Half>>, target: &Environment) {
        // Both halves of a unified environment go together, so that there is nothing to say of one.
        let (Some(Choice::Chosen(chosen)), Some(half)) = (half, linked::half(target).filter(|_| linked::is_seen_to_apart(target))) else { return };
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
        Change::Copy { level: Choice::Chosen(level), .. } => {
            account.add(Topic::Carried, level.carries());
            account.all(Topic::Carried, pairs::left_by_name(case.source));
        }
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
        // Of an open level, and where nobody knows how much moves, only the bounds of the articles are said (C-11).
        Change::Copy { level, .. } => bounds(!level.is_open(), case, rulebook, takes, account),
        Change::Restore { .. } => bounds(true, case, rulebook, takes, account),
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

/// The bounds of the articles, and our own estimate behind them where the size of what moves is known.
fn bounds(is_chosen: bool, case: &Case<'_>, rulebook: &Rulebook, takes: TimeDelta, account: &mut Lines) {
    let words = capitalised(&rulebook.durations.words);
    let text = if is_chosen && Schedule::is_by_size(&case.request.change, case.source) {
        format!("{words}. envdeck's own estimate by the size of the data: about {}", time::span(takes))
    } else {
        words
    };
    account.add(Topic::Duration, text);
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// An instant in UTC, and in the time of whoever planned it.
fn in_both(at: DateTime<FixedOffset>) -> String {
    format!("{} ({} your time)", time::minute(at.to_utc()), at.format("%A %H:%M"))
}

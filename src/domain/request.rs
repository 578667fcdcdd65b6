//! Something that is to be done to an environment, with all its choices: drafted, judged, planned, recorded and read back.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Utc};

use crate::domain::checklist::Checklist;
use crate::domain::copy::{Copy, Level};
use crate::domain::environment::{Environment, EnvironmentId, EnvironmentType};
use crate::domain::estate::Estate;
use crate::domain::journal::Value;
use crate::domain::judge::Question;
use crate::domain::known::Known;
use crate::domain::linked;
use crate::domain::mapping::Linted;
use crate::domain::migration::Migration;
use crate::domain::operation::{Operation, OperationKind};
use crate::domain::restore::{Point, Restore};
use crate::domain::rulebook::Rulebook;
use crate::domain::tenant::Tenant;
use crate::domain::time;
use crate::domain::words::Word;
use crate::vocabulary;

/// What happens to the target's security group (CPY-031).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Group {
    /// It stays as it is (G-19).
    #[default]
    Keep,
    /// Nobody is kept out.
    Open,
    /// Only members of this group get in, by its id.
    Only(Box<str>),
}

vocabulary! {
    /// How the database of the finance and operations half comes along with a copy (LNK-033).
    Movement, "movement" {
        Refresh = "database-refresh" "refresh its database from the source's half",
        Import = "database-import" "import a database from the LCS asset library",
    }
}

/// Why an environment cannot get a URL: it is not written as one (`https://contoso.crm4.dynamics.com`), or another has it.
pub fn address_fault(url: &str, of: &EnvironmentId, estate: &Estate) -> Option<String> {
    let bare = |url: &str| url.trim_end_matches('/').to_ascii_lowercase();
    let host = url.strip_prefix("https://").unwrap_or_default();
    if host.is_empty() || !host.chars().all(|letter| letter.is_ascii_alphanumeric() || "-./".contains(letter)) {
        return Some("A URL is written like https://contoso.crm4.dynamics.com".to_owned());
    }
    let has_it = |environment: &&Environment| environment.id != *of && environment.url.is(|has| has.as_deref().is_some_and(|has| bare(has) == bare(url)));
    let other = estate.environments().map(|(_, environment)| environment).find(has_it)?;
    Some(format!("That is the URL of {}", other.name))
}

/// What a restore goes back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Back {
    /// An instant of the system backup.
    To(DateTime<Utc>),
    /// A manual backup, by its id, and the instant that it restores to.
    Backup(Box<str>, DateTime<Utc>),
}

impl Back {
    /// The instant.
    pub const fn at(&self) -> DateTime<Utc> {
        match self {
            Self::To(at) | Self::Backup(_, at) => *at,
        }
    }
}

/// The mapping file of a move: who becomes whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserMapping {
    /// Where the file lies, from the root on; as it was named where that is not known. Each environment needs its own (TTM-041).
    pub file: Box<str>,
    /// Who becomes whom: the UPN in the old tenant, and the one in the new tenant.
    pub users: Vec<(Box<str>, Box<str>)>,
    /// What was found in it, for the judgement; a record keeps the users alone.
    pub found: Option<Arc<Linted>>,
}

/// A move to another tenant, with all its choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The destination, by the id of the tenant.
    pub to: Box<str>,
    /// Whether the environment is in the region of the tenant that it comes to, so that the URL stays (TTM-028, C-40); false
    /// where nobody knows.
    pub same_region: bool,
    /// The object id of the security group that is assigned during the move; none assigns it afterwards (TTM-043 to TTM-045).
    pub group: Option<Box<str>>,
    /// The mapping file; without one nobody knows who moves.
    pub mapping: Option<UserMapping>,
    /// When the cut-over is to begin, in the time of whoever planned it, by which evenings and weekends are told (TTM-113).
    pub cut_over: Option<DateTime<FixedOffset>>,
}

impl UserMapping {
    /// The users whom a file maps that was read and checked.
    pub fn of(file: &str, found: Arc<Linted>) -> Self {
        let users = found.mapped.iter().map(|mapped| (mapped.source.clone(), mapped.destination.clone())).collect();
        let file = found.origin.as_ref().map_or(file, |origin| &origin.path).into();
        Self { file, users, found: Some(found) }
    }
}

impl Move {
    /// The move of an environment to another tenant of which nothing else is chosen yet.
    pub fn of(environment: &Environment, to: &Tenant, rulebook: &Rulebook) -> Self {
        let same_region = match (&environment.region, &to.region) {
            (Known::Is(here), Known::Is(there)) => rulebook.same_region(here, there),
            (_, _) => false,
        };
        Self { to: to.id.clone(), same_region, group: None, mapping: None, cut_over: None }
    }
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Overwrite the target with a copy of the source.
    Copy {
        /// What is carried.
        level: Level,
        /// Whether audit logs are carried; none where there is no choice (CUR-007).
        audit_logs: Option<bool>,
        /// What the target is called afterwards (CPY-032).
        name: Box<str>,
        /// Who gets in afterwards.
        group: Group,
        /// How the other half of a linked pair comes along, if it does (LNK-034).
        half: Option<Movement>,
    },
    /// Overwrite the target with what the source was.
    Restore {
        /// To when.
        back: Back,
        /// Whether audit logs are taken along; from manual backups only (C-23).
        audit_logs: bool,
        /// What the target is called afterwards (G-19).
        name: Box<str>,
        /// The instant to which the finance and operations half is restored with it, if it is (LNK-027).
        paired_at: Option<DateTime<Utc>>,
    },
    /// Take a manual backup.
    Backup {
        /// Its id here, until a capture brings the one of the admin center.
        id: Box<str>,
        /// Its name, given once (C-26).
        name: Box<str>,
        /// Notes, given once; may be empty.
        notes: Box<str>,
        /// Whether the finance and operations half is backed up at the same time (LNK-024).
        paired: bool,
    },
    /// Delete a manual backup, by its id.
    DeleteBackup(Box<str>),
    /// Keep backups for another time.
    Retention {
        /// For how many days from now on.
        days: u16,
        /// For how many days until now; none when that is unknown.
        before: Option<u16>,
    },
    /// Switch the type.
    Switch {
        /// To this one.
        to: EnvironmentType,
        /// For how many days a sandbox keeps its backups.
        sandbox_days: u16,
    },
    /// Reset to an empty state.
    Reset,
    /// Delete.
    Delete,
    /// Get back.
    Recover,
    /// Create it, in the tenant with this id.
    Create {
        /// The tenant.
        tenant: Box<str>,
        /// What it is called.
        name: Box<str>,
        /// Of which type.
        kind: EnvironmentType,
        /// Where; none where that is not known.
        region: Option<Box<str>>,
    },
    /// Change name and security group.
    Edit {
        /// What it is called afterwards.
        name: Box<str>,
        /// Who gets in afterwards.
        group: Group,
    },
    /// Change the URL to this one.
    RenameUrl(Box<str>),
    /// Turn administration mode on or off.
    AdminMode(bool),
    /// Turn background operations on or off.
    Background(bool),
    /// Delete the finance and operations half.
    DeleteFinanceOperations,
    /// Move it to another tenant.
    Migrate(Box<Move>),
}

/// Something that is to be done to an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Where it comes from, for copies and restores.
    pub source: Option<EnvironmentId>,
    /// What it is done to.
    pub target: EnvironmentId,
    /// What is done.
    pub change: Change,
}

/// What stands between the two names of a user who moves, as the older article writes it (TTM-073).
const BETWEEN: &str = ", ";

impl Change {
    /// Which kind of operation it is.
    pub const fn kind(&self) -> OperationKind {
        match self {
            Self::Copy { .. } => OperationKind::Copy,
            Self::Restore { .. } => OperationKind::Restore,
            Self::Backup { .. } => OperationKind::Backup,
            Self::DeleteBackup(_) => OperationKind::DeleteBackup,
            Self::Retention { .. } => OperationKind::Retention,
            Self::Switch { .. } => OperationKind::Switch,
            Self::Reset => OperationKind::Reset,
            Self::Delete => OperationKind::Delete,
            Self::Recover => OperationKind::Recover,
            Self::Create { .. } => OperationKind::Create,
            Self::Edit { .. } => OperationKind::Edit,
            Self::RenameUrl(_) => OperationKind::RenameUrl,
            Self::AdminMode(_) => OperationKind::AdminMode,
            Self::Background(_) => OperationKind::Background,
            Self::DeleteFinanceOperations => OperationKind::DeleteFinanceOperations,
            Self::Migrate(_) => OperationKind::Migrate,
        }
    }
}

impl Request {
    /// The question whether it may be done; none when an environment or backup that it names is not there.
    pub fn question<'a>(&'a self, estate: &'a Estate, checklists: &'a [Checklist]) -> Option<Question<'a>> {
        if let Change::Create { tenant, .. } = &self.change {
            return estate.tenants().find(|(_, known)| known.id == *tenant).map(|(key, _)| Question::Create(key));
        }
        let target = estate.environment(estate.find(&self.target)?);
        let source = || self.source.as_ref().and_then(|id| estate.find(id)).map(|key| estate.environment(key));
        let backup = |of: &'a Environment, id: &str| match &of.backups {
            Known::Is(backups) => backups.iter().find(|backup| &*backup.id == id),
            Known::Unknown => None,
        };
        Some(match &self.change {
            Change::Copy { level, audit_logs, half, .. } => {
                let half_left = half.is_none() && linked::half(source()?).is_some() && linked::is_seen_to_apart(target);
                Question::Copy(Copy { source: source()?, target, level: *level, audit_logs: *audit_logs == Some(true), half_left, checklists })
            }
            Change::Restore { back, audit_logs, paired_at, .. } => {
                let source = source()?;
                let point = match back {
                    Back::To(at) => Point::Instant(*at),
                    Back::Backup(id, _) => Point::Backup(backup(source, id)?),
                };
                Question::Restore(Restore {
                    source,
                    target,
                    point: Some(point),
                    audit_logs: *audit_logs,
                    paired_at: *paired_at,
                    half_left: paired_at.is_none() && linked::is_seen_to_apart(target),
                })
            }
            Change::Backup { .. } => Question::Backup(target),
            Change::DeleteBackup(id) => Question::DeleteBackup(target, Some(backup(target, id)?)),
            Change::Retention { days, .. } => Question::Retention(target, *days),
            Change::Switch { to, .. } => Question::Switch(target, *to),
            Change::Reset => Question::Reset(target),
            Change::Delete => Question::Delete(target),
            Change::Recover => Question::Recover(target),
            Change::Edit { .. } => Question::Edit(target),
            Change::RenameUrl(_) => Question::RenameUrl(target),
            Change::AdminMode(on) => Question::AdminMode(target, *on, checklists),
            Change::Background(on) => Question::Background(target, *on, checklists),
            Change::DeleteFinanceOperations => Question::DeleteFinanceOperations(target),
            Change::Migrate(moved) => {
                let (to, _) = estate.tenants().find(|(_, known)| known.id == moved.to)?;
                let mapping = moved.mapping.as_ref().and_then(|mapping| mapping.found.as_deref());
                let file = moved.mapping.as_ref().map(|mapping| &*mapping.file);
                Question::Migrate(Migration { environment: target, to, mapping, file, cut_over: moved.cut_over })
            }
            Change::Create { .. } => return None,
        })
    }

    /// The name of what it is done to: of an environment that it creates, the one that it will have.
    pub fn name<'a>(&'a self, estate: &'a Estate) -> &'a str {
        if let Change::Create { name, .. } = &self.change {
            return name;
        }
        estate.find(&self.target).map_or("", |key| &estate.environment(key).name)
    }

    /// Its choices by name, as they are written down.
    pub fn inputs(&self) -> Vec<(Box<str>, Value)> {
        let text = |name: &str, value: &str| (name.into(), Value::Text(value.into()));
        let instant = |name: &str, at: DateTime<Utc>| (name.into(), Value::Text(time::rfc3339(at).into()));
        let flag = |name: &str, on: bool| (Box::from(name), Value::Flag(on));
        let number = |name: &str, number: u16| (name.into(), Value::Text(number.to_string().into()));
        let group = |group: &Group| match group {
            Group::Keep => None,
            Group::Open => Some(("security_group".into(), Value::Nothing)),
            Group::Only(id) => Some(text("security_group", id)),
        };
        match &self.change {
            Change::Copy { level, audit_logs, name, group: to, half } => {
                let chosen = audit_logs.map(|on| flag("audit_logs", on)).into_iter().chain(half.map(|half| text("finance_operations", half.word())));
                [text("level", level.word()), text("name", name)].into_iter().chain(group(to)).chain(chosen).collect()
            }
            Change::Restore { back, audit_logs, name, paired_at } => {
                let backup = if let Back::Backup(id, _) = back { Some(text("backup", id)) } else { None };
                let rest = [flag("audit_logs", *audit_logs), text("name", name)];
                [instant("at", back.at())].into_iter().chain(backup).chain(rest).chain(paired_at.map(|at| instant("fno_at", at))).collect()
            }
            Change::Backup { id, name, notes, paired } => {
                [text("backup", id), text("name", name), text("notes", notes)].into_iter().chain(paired.then(|| flag("finance_operations", true))).collect()
            }
            Change::Create { tenant, name, kind, region } => {
                let region = region.as_ref().map(|region| text("region", region));
                [text("tenant", tenant), text("name", name), text("type", kind.word())].into_iter().chain(region).collect()
            }
            Change::DeleteBackup(id) => vec![text("backup", id)],
            Change::Retention { days, before } => [number("days", *days)].into_iter().chain(before.map(|days| number("before", days))).collect(),
            Change::Switch { to, sandbox_days } => vec![text("type", to.word()), number("sandbox_days", *sandbox_days)],
            Change::Edit { name, group: to } => [text("name", name)].into_iter().chain(group(to)).collect(),
            Change::RenameUrl(url) => vec![text("url", url)],
            Change::AdminMode(on) | Change::Background(on) => vec![flag("on", *on)],
            Change::Reset | Change::Delete | Change::Recover | Change::DeleteFinanceOperations => Vec::new(),
            Change::Migrate(moved) => {
                let Move { to, same_region, group, mapping, cut_over } = &**moved;
                let group = group.as_ref().map(|group| text("security_group", group));
                let file = mapping.as_ref().map(|mapping| text("mapping", &mapping.file));
                let origin = mapping.as_ref().and_then(|mapping| mapping.found.as_ref()?.origin.as_ref());
                let content = origin.map(|origin| text("mapping_digest", &origin.digest));
                let row = |(source, destination): &(Box<str>, Box<str>)| format!("{source}{BETWEEN}{destination}").into();
                let users = mapping.as_ref().map(|mapping| ("users".into(), Value::List(mapping.users.iter().map(row).collect())));
                let cut_over = cut_over.map(|at| text("cut_over", &at.to_rfc3339()));
                [text("to_tenant", to), flag("same_region", *same_region)]
                    .into_iter()
                    .chain(group)
                    .chain(file)
                    .chain(content)
                    .chain(users)
                    .chain(cut_over)
                    .collect()
            }
        }
    }

    /// The request behind an operation that was recorded; none when it says too little, or is of a kind that changes no
    /// environment here.
    pub fn of(operation: &Operation) -> Option<Self> {
        let input = |name: &str| operation.inputs.iter().find(|(key, _)| &**key == name).map(|(_, value)| value);
        let text = |name: &str| match input(name) {
            Some(Value::Text(text)) => Some(text.clone()),
            Some(Value::Nothing | Value::Flag(_) | Value::List(_)) | None => None,
        };
        let flag = |name: &str| match input(name) {
            Some(Value::Flag(on)) => Some(*on),
            Some(Value::Nothing | Value::Text(_) | Value::List(_)) | None => None,
        };
        let number = |name: &str| text(name).and_then(|number| number.parse::<u16>().ok());
        let instant = |name: &str| text(name).and_then(|at| time::parse(&at));
        let group = || match input("security_group") {
            Some(Value::Nothing) => Group::Open,
            Some(Value::Text(id)) => Group::Only(id.clone()),
            Some(Value::Flag(_) | Value::List(_)) | None => Group::Keep,
        };
        let half = || text("finance_operations").and_then(|word| Movement::from_word(&word));
        let change = match operation.kind {
            OperationKind::Copy => {
                Change::Copy { level: Level::from_word(&text("level")?)?, audit_logs: flag("audit_logs"), name: text("name")?, group: group(), half: half() }
            }
            OperationKind::Restore => {
                let at = instant("at")?;
                let back = text("backup").map_or(Back::To(at), |id| Back::Backup(id, at));
                Change::Restore { back, audit_logs: flag("audit_logs") == Some(true), name: text("name")?, paired_at: instant("fno_at") }
            }
            OperationKind::Backup => {
                let notes = text("notes").unwrap_or_default();
                Change::Backup { id: text("backup")?, name: text("name")?, notes, paired: flag("finance_operations") == Some(true) }
            }
            OperationKind::DeleteBackup => Change::DeleteBackup(text("backup")?),
            OperationKind::Retention => Change::Retention { days: number("days")?, before: number("before") },
            OperationKind::Switch => Change::Switch { to: EnvironmentType::from_word(&text("type")?)?, sandbox_days: number("sandbox_days")? },
            OperationKind::Reset => Change::Reset,
            OperationKind::Delete => Change::Delete,
            OperationKind::Recover => Change::Recover,
            OperationKind::Edit => Change::Edit { name: text("name")?, group: group() },
            OperationKind::RenameUrl => Change::RenameUrl(text("url")?),
            OperationKind::AdminMode => Change::AdminMode(flag("on")?),
            OperationKind::Background => Change::Background(flag("on")?),
            OperationKind::DeleteFinanceOperations => Change::DeleteFinanceOperations,
            OperationKind::Create => {
                let kind = EnvironmentType::from_word(&text("type")?)?;
                Change::Create { tenant: text("tenant")?, name: text("name")?, kind, region: text("region") }
            }
            OperationKind::Migrate => {
                let users = match input("users") {
                    Some(Value::List(rows)) => rows.iter().filter_map(|row| row.split_once(BETWEEN)).map(|(from, to)| (from.into(), to.into())).collect(),
                    Some(Value::Nothing | Value::Flag(_) | Value::Text(_)) | None => Vec::new(),
                };
                Change::Migrate(Box::new(Move {
                    to: text("to_tenant")?,
                    same_region: flag("same_region") == Some(true),
                    group: text("security_group"),
                    mapping: text("mapping").map(|file| UserMapping { file, users, found: None }),
                    cut_over: text("cut_over").and_then(|at| DateTime::parse_from_rfc3339(&at).ok()),
                }))
            }
        };
        Some(Self { source: operation.source.clone(), target: operation.target.clone(), change })
    }
}

//! What somebody wants done, with every choice in it, open or chosen: drafted, judged, told, approved, recorded and read back.

pub mod account;
pub mod judge;
pub mod kinds;
mod told;

use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Utc};

pub use self::judge::{Case, Context, Missing, asks_for_half, judge, outline};
use crate::domain::copy::Level;
use crate::domain::environment::{Environment, EnvironmentId, EnvironmentType};
use crate::domain::estate::Estate;
use crate::domain::journal::Value;
use crate::domain::known::Known;
use crate::domain::mapping::Linted;
use crate::domain::operation::{Operation, OperationKind};
use crate::domain::rulebook::Rulebook;
use crate::domain::tenant::Tenant;
use crate::domain::time;
use crate::domain::words::Word;
use crate::vocabulary;

/// A choice of a request: nobody made it yet, or somebody did. None has a silent default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Choice<T> {
    /// Nobody chose yet.
    #[default]
    Open,
    /// Somebody chose this.
    Chosen(T),
}

impl<T> Choice<T> {
    /// What was chosen, if anything was.
    pub const fn chosen(&self) -> Option<&T> {
        match self {
            Self::Chosen(value) => Some(value),
            Self::Open => None,
        }
    }

    /// Whether nobody chose yet.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Open)
    }

    /// Whether exactly this was chosen.
    pub fn is(&self, value: &T) -> bool
    where
        T: PartialEq,
    {
        self.chosen() == Some(value)
    }
}

impl Choice<Box<str>> {
    /// The text that was chosen, as a sentence has it; never for a command.
    pub fn text(&self) -> &str {
        self.chosen().map_or("(not chosen yet)", |text| text)
    }
}

impl Half {
    /// How its database comes along with a copy, if it does.
    pub const fn moves(self) -> Option<Movement> {
        if let Self::Moves(how) = self { Some(how) } else { None }
    }

    /// The instant to which it is restored, if it is.
    pub const fn restored_to(self) -> Option<DateTime<Utc>> {
        if let Self::Restored(at) = self { Some(at) } else { None }
    }
}

impl<T> From<Option<T>> for Choice<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Open, Self::Chosen)
    }
}

/// What happens to the target's security group (CPY-031).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Group {
    /// It stays as it is (G-19).
    Keep,
    /// Nobody is kept out.
    Open,
    /// Only members of this group get in, by its id.
    Only(Box<str>),
}

/// What becomes of the finance and operations half of a linked pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// Its database comes along with a copy (LNK-033).
    Moves(Movement),
    /// It is restored to this instant, beside the environment (LNK-027).
    Restored(DateTime<Utc>),
    /// It is backed up at the same time (LNK-024).
    BackedUp,
    /// It stays as it is.
    Left,
    /// A step of its own in a plan sees to it.
    Separate,
}

vocabulary! {
    /// How the database of the finance and operations half comes along with a copy (LNK-033).
    Movement, "movement" {
        Refresh = "database-refresh" "refresh its database from the source's half" ["refresh"],
        Import = "database-import" "import a database from the LCS asset library" ["import"],
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
        /// What is carried (CPY-002).
        level: Choice<Level>,
        /// Whether audit logs are carried; open where there is no choice (CUR-007).
        audit_logs: Choice<bool>,
        /// What the target is called afterwards (CPY-032).
        name: Choice<Box<str>>,
        /// Who gets in afterwards.
        group: Choice<Group>,
        /// What becomes of the other half of a linked pair (LNK-034); open where there is none.
        half: Choice<Half>,
    },
    /// Overwrite the target with what the source was.
    Restore {
        /// To when.
        back: Choice<Back>,
        /// Whether audit logs are taken along; from manual backups only (C-23).
        audit_logs: Choice<bool>,
        /// What the target is called afterwards (G-19).
        name: Choice<Box<str>>,
        /// What becomes of the other half of a linked pair (LNK-027); open where there is none.
        half: Choice<Half>,
    },
    /// Take a manual backup.
    Backup {
        /// Its id here, until a capture brings the one of the admin center.
        id: Box<str>,
        /// Its name, given once (C-26).
        name: Choice<Box<str>>,
        /// Notes, given once; may be empty.
        notes: Box<str>,
        /// What becomes of the other half of a linked pair (LNK-024); open where there is none.
        half: Choice<Half>,
    },
    /// Delete a manual backup, by its id.
    DeleteBackup(Choice<Box<str>>),
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
        name: Choice<Box<str>>,
        /// Of which type.
        kind: Choice<EnvironmentType>,
        /// Where.
        region: Choice<Box<str>>,
    },
    /// Change name and security group.
    Edit {
        /// What it is called afterwards.
        name: Choice<Box<str>>,
        /// Who gets in afterwards.
        group: Choice<Group>,
    },
    /// Change the URL to this one.
    RenameUrl(Choice<Box<str>>),
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

    /// What is to be chosen in it.
    pub fn choices(&self) -> Choices<'_> {
        let none = Choices::default();
        match self {
            Self::Copy { level, audit_logs, name, group, half } => {
                Choices { level: Some(level), audit_logs: Some(audit_logs), name: Some(name), group: Some(group), half: Some(half), ..none }
            }
            Self::Restore { back, audit_logs, name, half } => {
                Choices { back: Some(back), audit_logs: Some(audit_logs), name: Some(name), half: Some(half), ..none }
            }
            Self::Backup { name, half, .. } => Choices { name: Some(name), half: Some(half), ..none },
            Self::DeleteBackup(backup) => Choices { backup: Some(backup), ..none },
            Self::Create { name, kind, .. } => Choices { name: Some(name), kind: Some(kind), ..none },
            Self::Edit { name, group } => Choices { name: Some(name), group: Some(group), ..none },
            Self::RenameUrl(url) => Choices { url: Some(url), ..none },
            Self::Retention { .. }
            | Self::Switch { .. }
            | Self::Reset
            | Self::Delete
            | Self::Recover
            | Self::AdminMode(_)
            | Self::Background(_)
            | Self::DeleteFinanceOperations
            | Self::Migrate(_) => none,
        }
    }
}

/// The choices that operations know, each nothing where an operation does not know it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Choices<'a> {
    /// What is carried.
    pub level: Option<&'a Choice<Level>>,
    /// What it goes back to.
    pub back: Option<&'a Choice<Back>>,
    /// Which manual backup is deleted.
    pub backup: Option<&'a Choice<Box<str>>>,
    /// Whether audit logs come along.
    pub audit_logs: Option<&'a Choice<bool>>,
    /// What it is called: the environment afterwards, or the backup.
    pub name: Option<&'a Choice<Box<str>>>,
    /// Of which type what is created is.
    pub kind: Option<&'a Choice<EnvironmentType>>,
    /// Who gets in afterwards.
    pub group: Option<&'a Choice<Group>>,
    /// At which URL it is reached afterwards.
    pub url: Option<&'a Choice<Box<str>>>,
    /// What becomes of the finance and operations half.
    pub half: Option<&'a Choice<Half>>,
}

impl Request {
    /// The name of what it is done to: of an environment that it creates, the one that it will have.
    pub fn name<'a>(&'a self, estate: &'a Estate) -> &'a str {
        if let Change::Create { name, .. } = &self.change {
            return name.chosen().map_or("", |name| name);
        }
        estate.find(&self.target).map_or("", |key| &estate.environment(key).name)
    }

    /// Its choices by name, as they are written down.
    pub fn inputs(&self) -> Vec<(Box<str>, Value)> {
        let text = |name: &str, value: &str| (name.into(), Value::Text(value.into()));
        let instant = |name: &str, at: DateTime<Utc>| (name.into(), Value::Text(time::rfc3339(at).into()));
        let flag = |name: &str, on: bool| (Box::from(name), Value::Flag(on));
        let number = |name: &str, number: u16| (name.into(), Value::Text(number.to_string().into()));
        let called = |name: &Choice<Box<str>>| name.chosen().map(|name| text("name", name));
        let group = |group: &Choice<Group>| match group {
            Choice::Open | Choice::Chosen(Group::Keep) => None,
            Choice::Chosen(Group::Open) => Some(("security_group".into(), Value::Nothing)),
            Choice::Chosen(Group::Only(id)) => Some(text("security_group", id)),
        };
        let logs = |audit_logs: &Choice<bool>| audit_logs.chosen().map(|on| flag("audit_logs", *on));
        let other = |half: &Choice<Half>| match half {
            Choice::Open | Choice::Chosen(Half::Separate) => None,
            Choice::Chosen(Half::Moves(how)) => Some(text("finance_operations", how.word())),
            Choice::Chosen(Half::Restored(at)) => Some(instant("fno_at", *at)),
            Choice::Chosen(Half::BackedUp) => Some(flag("finance_operations", true)),
            Choice::Chosen(Half::Left) => Some(flag("finance_operations", false)),
        };
        match &self.change {
            Change::Copy { level, audit_logs, name, group: to, half } => {
                let level = level.chosen().map(|level| text("level", level.word()));
                [level, called(name), group(to), logs(audit_logs), other(half)].into_iter().flatten().collect()
            }
            Change::Restore { back, audit_logs, name, half } => {
                let at = back.chosen().map(|back| instant("at", back.at()));
                let backup = if let Choice::Chosen(Back::Backup(id, _)) = back { Some(text("backup", id)) } else { None };
                [at, backup, logs(audit_logs), called(name), other(half)].into_iter().flatten().collect()
            }
            Change::Backup { id, name, notes, half } => {
                [Some(text("backup", id)), called(name), Some(text("notes", notes)), other(half)].into_iter().flatten().collect()
            }
            Change::Create { tenant, name, kind, region } => {
                let kind = kind.chosen().map(|kind| text("type", kind.word()));
                let region = region.chosen().map(|region| text("region", region));
                [Some(text("tenant", tenant)), called(name), kind, region].into_iter().flatten().collect()
            }
            Change::DeleteBackup(id) => id.chosen().map(|id| text("backup", id)).into_iter().collect(),
            Change::Retention { days, before } => [number("days", *days)].into_iter().chain(before.map(|days| number("before", days))).collect(),
            Change::Switch { to, sandbox_days } => vec![text("type", to.word()), number("sandbox_days", *sandbox_days)],
            Change::Edit { name, group: to } => called(name).into_iter().chain(group(to)).collect(),
            Change::RenameUrl(url) => url.chosen().map(|url| text("url", url)).into_iter().collect(),
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

    /// The request behind an operation that was recorded; none when it says too little.
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
            Some(Value::Nothing) => Choice::Chosen(Group::Open),
            Some(Value::Text(id)) => Choice::Chosen(Group::Only(id.clone())),
            // What is kept is not written down.
            Some(Value::Flag(_) | Value::List(_)) | None => Choice::Chosen(Group::Keep),
        };
        let half = || match (input("finance_operations"), instant("fno_at")) {
            (_, Some(at)) => Choice::Chosen(Half::Restored(at)),
            (Some(Value::Flag(true)), None) => Choice::Chosen(Half::BackedUp),
            (Some(Value::Flag(false)), None) => Choice::Chosen(Half::Left),
            (Some(Value::Text(word)), None) => Movement::from_word(word).map(Half::Moves).into(),
            (Some(Value::Nothing | Value::List(_)) | None, None) => Choice::Open,
        };
        let name = || text("name").map(Choice::Chosen);
        let change = match operation.kind {
            OperationKind::Copy => {
                let level = Choice::Chosen(Level::from_word(&text("level")?)?);
                Change::Copy { level, audit_logs: flag("audit_logs").into(), name: name()?, group: group(), half: half() }
            }
            OperationKind::Restore => {
                let at = instant("at")?;
                let back = Choice::Chosen(text("backup").map_or(Back::To(at), |id| Back::Backup(id, at)));
                Change::Restore { back, audit_logs: flag("audit_logs").into(), name: name()?, half: half() }
            }
            OperationKind::Backup => {
                let notes = text("notes").unwrap_or_default();
                Change::Backup { id: text("backup")?, name: name()?, notes, half: half() }
            }
            OperationKind::DeleteBackup => Change::DeleteBackup(Choice::Chosen(text("backup")?)),
            OperationKind::Retention => Change::Retention { days: number("days")?, before: number("before") },
            OperationKind::Switch => Change::Switch { to: EnvironmentType::from_word(&text("type")?)?, sandbox_days: number("sandbox_days")? },
            OperationKind::Reset => Change::Reset,
            OperationKind::Delete => Change::Delete,
            OperationKind::Recover => Change::Recover,
            OperationKind::Edit => Change::Edit { name: name()?, group: group() },
            OperationKind::RenameUrl => Change::RenameUrl(Choice::Chosen(text("url")?)),
            OperationKind::AdminMode => Change::AdminMode(flag("on")?),
            OperationKind::Background => Change::Background(flag("on")?),
            OperationKind::DeleteFinanceOperations => Change::DeleteFinanceOperations,
            OperationKind::Create => {
                let kind = Choice::Chosen(EnvironmentType::from_word(&text("type")?)?);
                Change::Create { tenant: text("tenant")?, name: name()?, kind, region: text("region").into() }
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

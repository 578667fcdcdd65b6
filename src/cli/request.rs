//! The arguments of an operation, once for `check`, `runbook` and `targets`, and the request that they make.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};

use super::lint_mapping;
use super::output::Failure;
use super::source::{Session, Source, one_of};
use super::when::{When, coming, passed};
use crate::domain::audit_logs;
use crate::domain::backup::Backup;
use crate::domain::copy::Level;
use crate::domain::environment::{Environment, EnvironmentId, EnvironmentType};
use crate::domain::known::Known;
use crate::domain::linked;
use crate::domain::lookup::{self, Unfound};
use crate::domain::operation::OperationKind;
use crate::domain::request::{Back, Change, Choice, Group, Half, Move, Movement, Request, UserMapping, address_fault};
use crate::domain::retention::days_in_force;
use crate::domain::tenant::{Tenant, TenantKey};
use crate::domain::time::minute;
use crate::domain::words::Word;
use crate::files::text::harmless;
use crate::vocabulary;

/// What somebody wants done.
#[derive(Debug, Subcommand)]
pub enum Wanted<W: Args> {
    Copy(Copy<W>),
    Restore(Restore<W>),
    Backup(TakeBackup<W>),
    DeleteBackup(DeleteBackup<W>),
    Retention(Retention<W>),
    Switch(Switch<W>),
    /// Reset an environment to an empty state
    #[command(after_help = "Examples:
  envdeck check reset \"Contoso Sales UAT\" -s contoso.yaml
  envdeck runbook reset \"Contoso Sales UAT\" -s contoso.yaml --output reset.sh")]
    Reset(One<W>),
    /// Delete an environment
    #[command(after_help = "Examples:
  envdeck check delete \"Contoso Sales UAT\" -s contoso.yaml
  envdeck runbook delete \"Contoso Sales UAT\" -s contoso.yaml")]
    Delete(One<W>),
    /// Recover a deleted environment
    #[command(after_help = "Examples:
  envdeck check recover \"Contoso Archive\" -s contoso.yaml
  envdeck runbook recover \"Contoso Returns Test\" -s contoso.yaml --dialect powershell
  envdeck list -s contoso.yaml --filter deleted:yes --format csv      which are deleted")]
    Recover(One<W>),
    Create(Create<W>),
    Edit(Edit<W>),
    RenameUrl(RenameUrl<W>),
    /// Turn administration mode on or off
    #[command(after_help = "Examples:
  envdeck check admin-mode \"Contoso Sales UAT\" --to off -s contoso.yaml
  envdeck runbook admin-mode \"Contoso Sales UAT\" --to on -s contoso.yaml")]
    AdminMode(OnOff<W>),
    /// Turn background operations on or off
    #[command(after_help = "Examples:
  envdeck check background \"Contoso Sales UAT\" --to on -s contoso.yaml
  envdeck runbook background \"Contoso Sales UAT\" --to off -s contoso.yaml")]
    Background(OnOff<W>),
    /// Delete the finance and operations half
    #[command(after_help = "Examples:
  envdeck check delete-fno \"Contoso Finance\" -s contoso.yaml
  envdeck runbook delete-fno \"Contoso Supply Chain\" -s contoso.yaml")]
    DeleteFno(One<W>),
    Migrate(Migrate<W>),
}

/// An operation on one environment, without choices.
#[derive(Debug, Args)]
pub struct One<W: Args> {
    /// Its id, its name, how its name begins, or TENANT/NAME
    #[arg(value_name = "ENV")]
    pub environment: String,
    #[command(flatten)]
    pub source: Source<W>,
}

/// Copy one environment onto another
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck check copy --from \"Contoso Sales\" --to \"Contoso Sales UAT\" --level everything -s contoso.yaml
  envdeck check copy --from \"Contoso Sales\" --to Training --level customizations -s contoso.yaml --format json
  envdeck runbook copy --from \"Contoso Sales\" --to \"Contoso Sales UAT\" --level everything --name Training --demo

While nobody says --level, nothing is carried out: it decides whether customer data goes along.")]
pub struct Copy<W: Args> {
    /// What is copied: its id, its name, how its name begins, or TENANT/NAME
    #[arg(long, value_name = "ENV")]
    from: String,
    /// What is overwritten
    #[arg(long, value_name = "ENV")]
    to: String,
    #[command(flatten)]
    choices: CopyChoices,
    #[command(flatten)]
    source: Source<W>,
}

/// The choices of a copy.
#[derive(Debug, Clone, Args)]
pub struct CopyChoices {
    /// What the copy carries
    #[arg(long, value_name = "LEVEL", ignore_case = true, value_parser = one_of::<Level>())]
    level: Option<Level>,
    /// Take audit logs along; a choice by the rulebook current alone, at the level everything
    #[arg(long)]
    audit_logs: bool,
    /// What the target is called afterwards; without it as now
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Who gets into the target afterwards: the id or name of a security group, or none; without it as now
    #[arg(long, value_name = "GROUP")]
    security_group: Option<String>,
    #[command(flatten)]
    half: HalfChoice,
}

vocabulary! {
    /// What becomes of the finance and operations half, as it is written in options.
    Beside, "choice" {
        Refresh = "refresh" "refresh its database from the source's half" ["database-refresh"],
        Import = "import" "import a database from the LCS asset library" ["database-import"],
        Backup = "backup" "back it up at the same time",
        Leave = "leave" "leave it as it is",
    }
}

/// What becomes of the finance and operations half of a linked pair.
#[derive(Debug, Clone, Args)]
pub struct HalfChoice {
    /// What becomes of the finance and operations half of a linked pair
    #[arg(long, alias = "fno", value_name = "CHOICE", ignore_case = true, value_parser = one_of::<Beside>())]
    half: Option<Beside>,
    /// The same as --half leave
    #[arg(long, hide = true, conflicts_with = "half")]
    leave_fno: bool,
}

impl HalfChoice {
    fn chosen(&self) -> Option<Beside> {
        if self.leave_fno { Some(Beside::Leave) } else { self.half }
    }
}

/// Restore one environment onto another, or onto itself
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck check restore --from \"Contoso Sales\" --to \"Contoso Sales UAT\" --at 2026-01-04T14:35:00Z -s contoso.yaml
  envdeck check restore --from \"Contoso Sales\" --to \"Contoso Sales UAT\" --backup b2 --audit-logs -s contoso.yaml
  envdeck runbook restore --from \"Contoso Sales\" --to \"Contoso Sales UAT\" --backup b6 --demo
  envdeck backups \"Contoso Sales\" -s contoso.yaml                      shows instants and backups")]
pub struct Restore<W: Args> {
    /// Whose backup is restored: its id, its name, how its name begins, or TENANT/NAME
    #[arg(long, value_name = "ENV")]
    from: String,
    /// What is overwritten; may be the same
    #[arg(long, value_name = "ENV")]
    to: String,
    #[command(flatten)]
    choices: RestoreChoices,
    #[command(flatten)]
    source: Source<W>,
}

/// The choices of a restore.
#[derive(Debug, Clone, Args)]
pub struct RestoreChoices {
    /// An instant of the system backup, such as 2026-01-04T14:35:00Z, "friday 18:00", "yesterday 14:35 local" or -3d; UTC, unless it ends in local
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true, value_parser = passed, conflicts_with = "backup")]
    at: Option<When>,
    /// A manual backup: its id, its name, or its label
    #[arg(long, value_name = "ID")]
    backup: Option<String>,
    /// Take audit logs along; only from manual backups
    #[arg(long)]
    audit_logs: bool,
    /// What the target is called afterwards; without it as now
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The instant to which the finance and operations half is restored with it
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true, value_parser = passed, conflicts_with_all = ["half", "leave_fno"])]
    fno_at: Option<When>,
    #[command(flatten)]
    half: HalfChoice,
}

/// Take a manual backup
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck check backup \"Contoso Sales\" -s contoso.yaml
  envdeck runbook backup \"Contoso Sales\" --name \"Before go-live\" -s contoso.yaml")]
pub struct TakeBackup<W: Args> {
    /// Its id, its name, how its name begins, or TENANT/NAME
    #[arg(value_name = "ENV")]
    environment: String,
    /// What the backup is called
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Notes on it, which only PowerShell takes
    #[arg(long, value_name = "TEXT", default_value = "")]
    notes: String,
    #[command(flatten)]
    half: HalfChoice,
    #[command(flatten)]
    source: Source<W>,
}

/// Delete a manual backup
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck check delete-backup \"Contoso Sales\" --backup b2 -s contoso.yaml
  envdeck check delete-backup \"Contoso Sales\" -s contoso.yaml          whether any could be
  envdeck runbook delete-backup \"Contoso Sales\" --backup b7 -s contoso.yaml --dialect powershell")]
pub struct DeleteBackup<W: Args> {
    /// Its id, its name, how its name begins, or TENANT/NAME
    #[arg(value_name = "ENV")]
    environment: String,
    /// Which one: its id, its name, or its label
    #[arg(long, value_name = "ID")]
    backup: Option<String>,
    #[command(flatten)]
    source: Source<W>,
}

/// Keep backups for so many days
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck check retention \"Contoso Service\" --days 14 -s contoso.yaml
  envdeck runbook retention \"Contoso HR\" --days 14 -s contoso.yaml")]
pub struct Retention<W: Args> {
    /// Its id, its name, how its name begins, or TENANT/NAME
    #[arg(value_name = "ENV")]
    environment: String,
    /// For how many days: 7, 14, 21 or 28
    #[arg(long, value_name = "DAYS")]
    days: u16,
    #[command(flatten)]
    source: Source<W>,
}

/// Switch the type
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck check switch \"Contoso Sales\" --to sandbox -s contoso.yaml
  envdeck runbook switch \"Contoso HR\" --to sandbox -s contoso.yaml --dialect pac-em")]
pub struct Switch<W: Args> {
    /// Its id, its name, how its name begins, or TENANT/NAME
    #[arg(value_name = "ENV")]
    environment: String,
    /// To which type: sandbox or production
    #[arg(long, value_name = "TYPE", ignore_case = true, value_parser = one_of::<EnvironmentType>())]
    to: EnvironmentType,
    #[command(flatten)]
    source: Source<W>,
}

/// Create another environment in a tenant
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck check create --tenant Contoso -s contoso.yaml
  envdeck check create \"Contoso Sales\" -s contoso.yaml                 in the tenant of that one
  envdeck runbook create \"Contoso Sales\" --name Training -s contoso.yaml   where that one is")]
pub struct Create<W: Args> {
    /// An environment in whose tenant it would be; without it the tenant that --tenant names, or the only one
    #[arg(value_name = "ENV")]
    environment: Option<String>,
    /// What it is called
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Of which type
    #[arg(long = "type", value_name = "TYPE", default_value = "sandbox", ignore_case = true, value_parser = one_of::<EnvironmentType>())]
    kind: EnvironmentType,
    /// Where; without it in the region of ENV or of the tenant
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    #[command(flatten)]
    source: Source<W>,
}

/// Change name or security group
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck check edit \"Contoso Sales UAT\" -s contoso.yaml
  envdeck runbook edit \"Contoso Sales UAT\" --name Training -s contoso.yaml --dialect powershell")]
pub struct Edit<W: Args> {
    /// Its id, its name, how its name begins, or TENANT/NAME
    #[arg(value_name = "ENV")]
    environment: String,
    /// What it is called afterwards; without it as now
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Who gets in afterwards: the id or name of a security group, or none; without it as now
    #[arg(long, value_name = "GROUP")]
    security_group: Option<String>,
    #[command(flatten)]
    source: Source<W>,
}

/// Change the URL
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck check rename-url \"Contoso Sales UAT\" -s contoso.yaml
  envdeck runbook rename-url \"Contoso Sales UAT\" --url https://uat.crm4.dynamics.com --demo")]
pub struct RenameUrl<W: Args> {
    /// Its id, its name, how its name begins, or TENANT/NAME
    #[arg(value_name = "ENV")]
    environment: String,
    /// The URL afterwards
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    #[command(flatten)]
    source: Source<W>,
}

vocabulary! {
    /// The two positions of a switch.
    Position, "position" {
        On = "on" "on",
        Off = "off" "off",
    }
}

/// A switch of one environment.
#[derive(Debug, Args)]
pub struct OnOff<W: Args> {
    /// Its id, its name, how its name begins, or TENANT/NAME
    #[arg(value_name = "ENV")]
    environment: String,
    /// On or off; without it the other one than now
    #[arg(long, value_name = "POSITION", ignore_case = true, value_parser = one_of::<Position>())]
    to: Option<Position>,
    #[command(flatten)]
    source: Source<W>,
}

/// Move an environment to another tenant
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck check migrate \"Fabrikam Orders\" --to-tenant Contoso -s both.yaml
  envdeck check migrate \"Fabrikam Orders\" --to-tenant Contoso --mapping orders.csv -s both.yaml
  envdeck runbook migrate \"Fabrikam Orders\" --to-tenant Contoso --mapping orders.csv -s both.yaml
  envdeck lint-mapping --help                              what is wrong with a mapping file, line by line")]
pub struct Migrate<W: Args> {
    /// Its id, its name, how its name begins, or TENANT/NAME
    #[arg(value_name = "ENV")]
    environment: String,
    /// Where to: the tenant's id, its name, or how its name begins
    #[arg(long, value_name = "TENANT")]
    to_tenant: String,
    /// Its user mapping file, or - for standard input; each environment has its own
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    mapping: Option<PathBuf>,
    /// When the cut-over is to begin, with the offset of your own time, such as 2026-01-10T20:00:00+01:00
    #[arg(long, value_name = "WHEN", value_parser = coming)]
    cut_over: Option<When>,
    /// The security group of the new tenant that is assigned during the move: its name or object id
    #[arg(long, value_name = "GROUP")]
    security_group: Option<String>,
    #[command(flatten)]
    source: Source<W>,
}

impl<W: Args> Wanted<W> {
    /// Which facts are asked, and how the answer is written.
    pub const fn source(&self) -> &Source<W> {
        match self {
            Self::Copy(Copy { source, .. })
            | Self::Restore(Restore { source, .. })
            | Self::Backup(TakeBackup { source, .. })
            | Self::DeleteBackup(DeleteBackup { source, .. })
            | Self::Retention(Retention { source, .. })
            | Self::Switch(Switch { source, .. })
            | Self::Reset(One { source, .. })
            | Self::Delete(One { source, .. })
            | Self::Recover(One { source, .. })
            | Self::Create(Create { source, .. })
            | Self::Edit(Edit { source, .. })
            | Self::RenameUrl(RenameUrl { source, .. })
            | Self::AdminMode(OnOff { source, .. })
            | Self::Background(OnOff { source, .. })
            | Self::DeleteFno(One { source, .. })
            | Self::Migrate(Migrate { source, .. }) => source,
        }
    }

    /// The request that the arguments make.
    pub fn request(&self, session: &Session) -> Result<Request, Failure> {
        let on = |text: &str, change: &dyn Fn(&Environment) -> Result<Change, Failure>| {
            let environment = session.environment(text)?;
            Ok(Request { source: None, target: environment.id.clone(), change: change(environment)? })
        };
        let pair = |from: &str, to: &str, change: &dyn Fn(&Environment, &Environment) -> Result<Change, Failure>| {
            let (source, target) = (session.environment(from)?, session.environment(to)?);
            Ok(Request { source: Some(source.id.clone()), target: target.id.clone(), change: change(source, target)? })
        };
        let position = |arguments: &OnOff<W>, now: fn(&Environment) -> Known<bool>, change: fn(bool) -> Change| {
            let on_now = |environment: &Environment| now(environment) != Known::Is(true);
            let to = |environment: &Environment| arguments.to.map_or_else(|| on_now(environment), |position| position == Position::On);
            on(&arguments.environment, &|environment| Ok(change(to(environment))))
        };
        match self {
            Self::Copy(Copy { from, to, choices, .. }) => pair(from, to, &|source, target| choices.change(source, Some(target), session)),
            Self::Restore(Restore { from, to, choices, .. }) => {
                if choices.at.is_none() && choices.backup.is_none() {
                    return Err(Failure::Usage("say to when: --at names an instant, --backup a manual backup".to_owned()));
                }
                pair(from, to, &|source, target| choices.change(source, Some(target), session.now))
            }
            Self::Backup(TakeBackup { environment, name, notes, half, .. }) => on(environment, &|environment| {
                let half = match half.chosen() {
                    None => Choice::Open,
                    Some(Beside::Backup) => Choice::Chosen(Half::BackedUp),
                    Some(Beside::Leave) => Choice::Chosen(Half::Left),
                    Some(other @ (Beside::Refresh | Beside::Import)) => return Err(no_such(other, "a backup", "backup or leave")),
                };
                has_half(&half, OperationKind::Backup, environment, environment)?;
                let id = format!("m-{}", session.now.format("%Y%m%dT%H%M%S%3fZ"));
                Ok(Change::Backup { id: id.into(), name: called(name.as_deref())?, notes: typed(notes), half })
            }),
            Self::DeleteBackup(DeleteBackup { environment, backup, .. }) => on(environment, &|environment| {
                let backup = backup.as_deref().map(|text| backup_of(environment, text, "")).transpose()?;
                Ok(Change::DeleteBackup(backup.map(|backup| backup.id.clone()).into()))
            }),
            Self::Retention(Retention { environment, days, .. }) => on(environment, &|environment| {
                can_be_chosen(*days, session)?;
                let before = match days_in_force(environment, session.rulebook()) {
                    Known::Is(days) => days,
                    Known::Unknown => None,
                };
                Ok(Change::Retention { days: *days, before })
            }),
            Self::Switch(Switch { environment, to, .. }) => {
                let sandbox_days = session.rulebook().limits.retention_default;
                on(environment, &|_| Ok(Change::Switch { to: *to, sandbox_days }))
            }
            Self::Reset(One { environment, .. }) => on(environment, &|_| Ok(Change::Reset)),
            Self::Delete(One { environment, .. }) => on(environment, &|_| Ok(Change::Delete)),
            Self::Recover(One { environment, .. }) => on(environment, &|_| Ok(Change::Recover)),
            Self::Create(arguments) => arguments.request(session),
            Self::Edit(Edit { environment, name, security_group, .. }) => on(environment, &|environment| {
                // While neither is named, both are open: something of it would change.
                let named = name.is_some() || security_group.is_some();
                let kept = || Choice::from(named.then(|| environment.name.clone()));
                let name = name.as_deref().map_or_else(|| Ok(kept()), |name| called(Some(name)))?;
                let group = if named { Choice::Chosen(group(security_group.as_deref(), environment, session)?) } else { Choice::Open };
                Ok(Change::Edit { name, group })
            }),
            Self::RenameUrl(RenameUrl { environment, url, .. }) => on(environment, &|environment| {
                let Some(url) = url.as_deref().map(str::trim) else { return Ok(Change::RenameUrl(Choice::Open)) };
                match address_fault(url, &environment.id, &session.estate) {
                    Some(fault) => Err(Failure::Usage(format!("`{}`: {fault}", harmless(url)))),
                    None => Ok(Change::RenameUrl(Choice::Chosen(url.into()))),
                }
            }),
            Self::AdminMode(arguments) => position(arguments, |environment| environment.admin_mode, Change::AdminMode),
            Self::Background(arguments) => position(arguments, |environment| environment.background_operations, Change::Background),
            Self::DeleteFno(One { environment, .. }) => on(environment, &|_| Ok(Change::DeleteFinanceOperations)),
            Self::Migrate(Migrate { environment, to_tenant, mapping, cut_over, security_group, .. }) => on(environment, &|environment| {
                let to = session.tenant_named(to_tenant)?;
                let group = security_group.as_deref().map(|text| group_in(text, session.estate.tenant(to))).transpose()?;
                let cut_over = cut_over.as_ref().map(|when| when.with_offset(session.now)).transpose()?;
                let moved = Move { cut_over, group, ..moved(session, environment, to, mapping.as_deref())? };
                Ok(Change::Migrate(Box::new(moved)))
            }),
        }
    }
}

impl CopyChoices {
    /// The copy of `source` with these choices; without a target what depends on it stays open.
    pub fn change(&self, source: &Environment, target: Option<&Environment>, session: &Session) -> Result<Change, Failure> {
        let half = match self.half.chosen() {
            None => Choice::Open,
            Some(Beside::Refresh) => Choice::Chosen(Half::Moves(Movement::Refresh)),
            Some(Beside::Import) => Choice::Chosen(Half::Moves(Movement::Import)),
            Some(Beside::Leave) => Choice::Chosen(Half::Left),
            Some(other @ Beside::Backup) => return Err(no_such(other, "a copy", "refresh, import or leave")),
        };
        let level = self.level.unwrap_or(Level::Everything);
        let audit_logs = audit_logs::chosen(session.estate.edition(), level, self.audit_logs);
        let Some(target) = target else {
            source_has_half(&half, source)?;
            let (name, group) = (called(self.name.as_deref())?, Choice::Open);
            return Ok(Change::Copy { level: self.level.into(), audit_logs, name, group, half });
        };
        has_half(&half, OperationKind::Copy, source, target)?;
        let group = Choice::Chosen(group(self.security_group.as_deref(), target, session)?);
        Ok(Change::Copy { level: self.level.into(), audit_logs, name: called_or(self.name.as_deref(), target)?, group, half })
    }
}

impl RestoreChoices {
    /// The restore of `source` with these choices; without a target what depends on it stays open.
    pub fn change(&self, source: &Environment, target: Option<&Environment>, now: DateTime<Utc>) -> Result<Change, Failure> {
        let at = |when: &Option<When>| when.as_ref().map(|when| when.at(now)).transpose();
        let half = match (at(&self.fno_at)?, self.half.chosen()) {
            (Some(at), _) => Choice::Chosen(Half::Restored(at)),
            (None, None) => Choice::Open,
            (None, Some(Beside::Leave)) => Choice::Chosen(Half::Left),
            (None, Some(other)) => return Err(no_such(other, "a restore", "leave, or an instant with --fno-at")),
        };
        let back = back(at(&self.at)?, self.backup.as_deref(), source)?.into();
        let audit_logs = Choice::Chosen(self.audit_logs);
        let Some(target) = target else { return Ok(Change::Restore { back, audit_logs, name: called(self.name.as_deref())?, half }) };
        has_half(&half, OperationKind::Restore, source, target)?;
        Ok(Change::Restore { back, audit_logs, name: called_or(self.name.as_deref(), target)?, half })
    }
}

impl<W: Args> Create<W> {
    /// The tenant in which it would be, and the environment by which that was named.
    pub fn place<'a>(&self, session: &'a Session) -> Result<(TenantKey, Option<&'a Environment>), Failure> {
        let environment = self.environment.as_deref().map(|text| session.environment(text)).transpose()?;
        let only = || session.estate.tenants().map(|(key, _)| key).next().filter(|_| session.estate.tenants().count() == 1);
        if let Some(tenant) = environment.map(|environment| environment.tenant).or(session.tenant).or_else(only) {
            return Ok((tenant, environment));
        }
        let problem =
            if session.estate.tenants().next().is_none() { "the snapshot has no tenant" } else { "the snapshot has several tenants: name one with --tenant" };
        Err(Failure::Usage(problem.to_owned()))
    }

    fn request(&self, session: &Session) -> Result<Request, Failure> {
        let (key, beside) = self.place(session)?;
        let tenant = session.estate.tenant(key);
        let known = |region: &Known<Arc<str>>| match region {
            Known::Is(region) => Some(Box::from(&**region)),
            Known::Unknown => None,
        };
        let given = self.region.as_deref().map(typed).filter(|region| !region.is_empty());
        let region = given.or_else(|| beside.and_then(|beside| known(&beside.region))).or_else(|| known(&tenant.region));
        let change = Change::Create { tenant: tenant.id.clone(), name: called(self.name.as_deref())?, kind: Choice::Chosen(self.kind), region: region.into() };
        // An environment that is created has an id of its own, until a capture brings the one of the admin center.
        let id = EnvironmentId::new(&format!("new-{}", session.now.format("%Y%m%dT%H%M%S%3fZ")));
        Ok(Request { source: None, target: id, change })
    }
}

/// What is gone back to.
pub fn back(at: Option<DateTime<Utc>>, backup: Option<&str>, source: &Environment) -> Result<Option<Back>, Failure> {
    match (at, backup) {
        (Some(at), _) => Ok(Some(Back::To(at))),
        (None, Some(text)) => {
            let Backup { id, taken_at, .. } = backup_of(source, text, "; --at names an instant")?;
            Ok(Some(Back::Backup(id.clone(), *taken_at)))
        }
        (None, None) => Ok(None),
    }
}

/// A move to that tenant, with the mapping file where one is named.
pub fn moved(session: &Session, environment: &Environment, to: TenantKey, mapping: Option<&Path>) -> Result<Move, Failure> {
    let moved = Move::of(environment, session.estate.tenant(to), session.rulebook());
    let Some(file) = mapping else { return Ok(moved) };
    let linted = lint_mapping::mapping_of(file, session, environment, to)?;
    Ok(Move { mapping: Some(UserMapping::of(&file.display().to_string(), Arc::new(linted))), ..moved })
}

/// The manual backup that was meant; `instead` is what could be named in its place.
pub fn backup_of<'a>(environment: &'a Environment, text: &str, instead: &str) -> Result<&'a Backup, Failure> {
    let text = &*harmless(text);
    let Known::Is(backups) = &environment.backups else {
        return Err(Failure::Usage(format!("the manual backups of {} are unknown{instead}", environment.name)));
    };
    let line = |backup: &Backup| format!("  {}  {} ({})", backup.id, crate::domain::loss::called(backup), minute(backup.taken_at));
    match lookup::backup(backups, text) {
        Ok(backup) => Ok(backup),
        Err(Unfound::Ambiguous(several)) => {
            Err(Failure::Usage(format!("`{text}` fits several backups; name one by its id:\n{}", several.into_iter().map(line).collect::<Vec<_>>().join("\n"))))
        }
        Err(Unfound::Missing(_)) if backups.is_empty() => Err(Failure::Usage(format!("{} has no manual backup{instead}", environment.name))),
        Err(Unfound::Missing(_)) => {
            const LISTED: usize = 20;
            let lines: Vec<_> = backups.iter().take(LISTED).map(line).collect();
            Err(Failure::Usage(format!("{} has no backup `{text}`; it has\n{}", environment.name, lines.join("\n"))))
        }
    }
}

/// Refuses a number of days that nobody can choose (BKP-034).
fn can_be_chosen(days: u16, session: &Session) -> Result<(), Failure> {
    let choices = &session.rulebook().limits.retention_choices;
    if choices.contains(&days) {
        return Ok(());
    }
    let words: Vec<_> = choices.iter().map(ToString::to_string).collect();
    Err(Failure::Usage(format!("backups cannot be kept for {days} days; possible are {} (BKP-034)", words.join(", "))))
}

/// Text of an option as everything that is read: nothing in it is hidden or moves a cursor.
pub fn typed(text: &str) -> Box<str> {
    harmless(text.trim()).into()
}

fn called(text: Option<&str>) -> Result<Choice<Box<str>>, Failure> {
    let Some(name) = text.map(typed) else { return Ok(Choice::Open) };
    if name.is_empty() { Err(Failure::Usage("--name is empty".to_owned())) } else { Ok(Choice::Chosen(name)) }
}

fn called_or(text: Option<&str>, target: &Environment) -> Result<Choice<Box<str>>, Failure> {
    Ok(match called(text)? {
        Choice::Open => Choice::Chosen(target.name.clone()),
        chosen @ Choice::Chosen(_) => chosen,
    })
}

fn no_such(half: Beside, of: &str, instead: &str) -> Failure {
    Failure::Usage(format!("--half {} is no choice of {of}; there is {instead}", half.word()))
}

/// Refuses to choose what becomes of a half that is not there, or that goes with its environment; what nobody knows is judged.
fn has_half(half: &Choice<Half>, kind: OperationKind, source: &Environment, target: &Environment) -> Result<(), Failure> {
    let Choice::Chosen(chosen) = half else { return Ok(()) };
    let option = if let Half::Restored(_) = chosen { "--fno-at" } else { "--half" };
    if linked::is_unified(target) {
        let what = format!("{option}: {} is unified, and both of its halves go together; leave the option out", target.name);
        return Err(Failure::Usage(what));
    }
    let ends: &[&Environment] = if kind == OperationKind::Copy { &[source, target] } else { &[target] };
    match ends.iter().find(|end| end.finance_operations.is(Option::is_none)) {
        Some(end) => Err(no_half(option, end)),
        None => Ok(()),
    }
}

/// The same of a copy onto whatever target, as far as the source decides it.
fn source_has_half(half: &Choice<Half>, source: &Environment) -> Result<(), Failure> {
    if !half.is_open() && source.finance_operations.is(Option::is_none) { Err(no_half("--half", source)) } else { Ok(()) }
}

fn no_half(option: &str, end: &Environment) -> Failure {
    Failure::Usage(format!("{option}: {} has no finance and operations half, so nothing can be chosen about it; leave the option out", end.name))
}

/// The security group of a tenant that was meant, by its object id.
pub fn group_in(text: &str, tenant: &Tenant) -> Result<Box<str>, Failure> {
    tenant.group_id(&harmless(text)).map_err(Failure::Usage)
}

/// Who gets in: the group that was meant, nobody in particular, or as it is.
fn group(text: Option<&str>, target: &Environment, session: &Session) -> Result<Group, Failure> {
    let Some(text) = text.map(str::trim) else { return Ok(Group::Keep) };
    if text.eq_ignore_ascii_case("none") {
        return Ok(Group::Open);
    }
    let groups = match &session.estate.tenant(target.tenant).security_groups {
        Known::Is(groups) => groups.as_slice(),
        Known::Unknown => &[],
    };
    match groups.iter().find(|group| group.id.eq_ignore_ascii_case(text) || group.name.eq_ignore_ascii_case(text)) {
        Some(group) => Ok(Group::Only(group.id.clone())),
        None => {
            let names: Vec<&str> = groups.iter().map(|group| &*group.name).collect();
            let known = if names.is_empty() { "none is in the snapshot".to_owned() } else { format!("known are {}", names.join(", ")) };
            Err(Failure::Usage(format!("there is no security group `{}`; {known}", harmless(text))))
        }
    }
}

//! `envdeck runbook`: the commands that carry something out, guarded, or a change record for approval.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Utc};
use clap::{Args, Subcommand};

use super::check::{self, CopyArguments, Create, DeleteBackup, Migrate, OnOff, One, RestoreArguments, Retention, Switch, backup_of, open_checklists};
use super::lint_mapping;
use super::output::{Failure, Out, Status, complain};
use super::source::{Session, Source, instant, one_of};
use crate::domain::audit_logs;
use crate::domain::backup::Backup;
use crate::domain::checklist::{self, Checklist};
use crate::domain::environment::{Environment, EnvironmentId, EnvironmentType};
use crate::domain::known::Known;
use crate::domain::linked;
use crate::domain::migration::Planned;
use crate::domain::operation::{Acknowledgement, OperationKind};
use crate::domain::order::{self, Desk, Dialect, Inputs, Order, Papers, Refusal};
use crate::domain::request::{Back, Change, Group, Move, Movement, Request, UserMapping, address_fault};
use crate::domain::retention::days_in_force;
use crate::domain::tenant::TenantKey;
use crate::domain::verdict::{Code, Finding, Verdict};
use crate::domain::words::{Word, counted};
use crate::files;
use crate::files::text::harmless;
use crate::runbook::{self, Unacknowledged};

/// Write the commands that carry something out, guarded, or a change record for approval
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck runbook copy --from \"Contoso Sales\" --to \"Contoso Sales UAT\" -s contoso.yaml
  envdeck runbook copy --from \"Contoso Sales\" --to \"Contoso Sales UAT\" --demo --dialect markdown
  envdeck runbook reset \"Contoso Sales UAT\" -s contoso.yaml --output reset.sh
  envdeck runbook recover \"Contoso Returns Test\" -s contoso.yaml --dialect powershell
  envdeck runbook plan restore-to-production \"Contoso HR\" --at 2026-01-04T14:35:00Z --demo
  bash reset.sh --dry-run                                 prints what it would do

A script stops unless the signed-in tenant and the target's id, name and type are those that were judged, the verdict is under 24 hours old, and somebody types the target's name. What is unknown has to be acknowledged by its code first.

Exit status: 0 written; 1 blocked, or something has to be acknowledged, with the reasons on standard error.")]
pub struct Runbook {
    #[command(subcommand)]
    operation: Operation,
}

/// In which language, for whom, and where it goes.
#[derive(Debug, Clone, Args)]
pub struct Taken {
    /// In which language
    #[arg(long, value_name = "DIALECT", default_value = "pac", ignore_case = true, value_parser = one_of::<Dialect>())]
    dialect: Dialect,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    purpose: Option<String>,
    /// The ticket of the change
    #[arg(long, value_name = "ID")]
    ticket: Option<String>,
    /// Who approves it
    #[arg(long, value_name = "WHO")]
    approver: Option<String>,
    /// From when until when it may be done: 2026-01-06T20:00:00Z/2026-01-06T23:00:00Z; a script stops outside of it
    #[arg(long, value_name = "FROM/TO", value_parser = window)]
    window: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// Take findings upon yourself that are unknown or grave, by their codes
    #[arg(long, value_name = "CODE", num_args = 1.., value_delimiter = ',', ignore_case = true, hide_possible_values = true, value_parser = one_of::<Code>())]
    acknowledge: Vec<Code>,
    /// Write it into this file, which must not be there yet; scripts can be run then
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    output: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Operation {
    /// Copy one environment onto another
    #[command(after_help = "Examples:
  envdeck runbook copy --from \"Contoso Sales\" --to \"Contoso Sales UAT\" -s contoso.yaml
  envdeck runbook copy --from \"Contoso Sales\" --to \"Contoso Sales UAT\" --name Training --demo")]
    Copy(CopyRunbook),
    /// Restore one environment onto another, or onto itself
    #[command(after_help = "Examples:
  envdeck runbook restore --from \"Contoso Sales\" --to \"Contoso Sales UAT\" --backup b6 --demo")]
    Restore(RestoreRunbook),
    /// Take a manual backup
    #[command(after_help = "Examples:
  envdeck runbook backup \"Contoso Sales\" --name \"Before go-live\" -s contoso.yaml")]
    Backup(BackupRunbook),
    /// Delete a manual backup
    #[command(after_help = "Examples:
  envdeck runbook delete-backup \"Contoso Sales\" --backup b7 -s contoso.yaml --dialect powershell")]
    DeleteBackup(DeleteBackup<Taken>),
    /// Keep backups for so many days
    #[command(after_help = "Examples:
  envdeck runbook retention \"Contoso HR\" --days 14 -s contoso.yaml")]
    Retention(Retention<Taken>),
    /// Switch the type
    #[command(after_help = "Examples:
  envdeck runbook switch \"Contoso HR\" --to sandbox -s contoso.yaml --dialect pac-em")]
    Switch(Switch<Taken>),
    /// Reset an environment to an empty state
    #[command(after_help = "Examples:
  envdeck runbook reset \"Contoso Sales UAT\" -s contoso.yaml")]
    Reset(One<Taken>),
    /// Delete an environment
    #[command(after_help = "Examples:
  envdeck runbook delete \"Contoso Sales UAT\" -s contoso.yaml")]
    Delete(One<Taken>),
    /// Get a deleted environment back
    #[command(after_help = "Examples:
  envdeck runbook recover \"Contoso Returns Test\" -s contoso.yaml --dialect powershell")]
    Recover(One<Taken>),
    /// Create an environment
    #[command(after_help = "Examples:
  envdeck runbook create --tenant Contoso --name Training --region emea -s contoso.yaml
  envdeck runbook create \"Contoso Sales\" --name Training -s contoso.yaml   where that one is")]
    Create(CreateRunbook),
    /// Change name or security group
    #[command(after_help = "Examples:
  envdeck runbook edit \"Contoso Sales UAT\" --name Training -s contoso.yaml --dialect powershell")]
    Edit(EditRunbook),
    /// Change the URL
    #[command(after_help = "Examples:
  envdeck runbook rename-url \"Contoso Sales UAT\" --url https://uat.crm4.dynamics.com --demo")]
    RenameUrl(RenameRunbook),
    /// Turn administration mode on or off
    #[command(after_help = "Examples:
  envdeck runbook admin-mode \"Contoso Sales UAT\" --to on -s contoso.yaml")]
    AdminMode(OnOff<Taken>),
    /// Turn background operations on or off
    #[command(after_help = "Examples:
  envdeck runbook background \"Contoso Sales UAT\" --to off -s contoso.yaml")]
    Background(OnOff<Taken>),
    /// Delete the finance and operations half
    #[command(after_help = "Examples:
  envdeck runbook delete-fno \"Contoso Supply Chain\" -s contoso.yaml")]
    DeleteFno(One<Taken>),
    /// Move to another tenant
    #[command(after_help = "Examples:
  envdeck runbook migrate \"Fabrikam Orders\" --to-tenant Contoso --mapping orders.csv -s both.yaml")]
    Migrate(Migrate<Taken>),
    Plan(Plan),
}

#[derive(Debug, Args)]
struct CopyRunbook {
    #[command(flatten)]
    of: CopyArguments<Taken>,
    /// What the target is called afterwards; without it as now
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Who gets into the target afterwards: the id or name of a security group, or none; without it as now
    #[arg(long, value_name = "GROUP")]
    security_group: Option<String>,
    /// How the database of the finance and operations half comes along, where both are linked
    #[arg(long, value_name = "WAY", ignore_case = true, value_parser = one_of::<Movement>())]
    fno: Option<Movement>,
    /// Leave the finance and operations half as it is
    #[arg(long, conflicts_with = "fno")]
    leave_fno: bool,
}

#[derive(Debug, Args)]
struct RestoreRunbook {
    #[command(flatten)]
    of: RestoreArguments<Taken>,
    /// What the target is called afterwards; without it as now
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

#[derive(Debug, Args)]
struct BackupRunbook {
    #[command(flatten)]
    of: One<Taken>,
    /// What the backup is called
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Notes on it, which only PowerShell takes
    #[arg(long, value_name = "TEXT", default_value = "")]
    notes: String,
    /// Leave the finance and operations half of a linked pair out
    #[arg(long)]
    leave_fno: bool,
}

#[derive(Debug, Args)]
struct CreateRunbook {
    #[command(flatten)]
    of: Create<Taken>,
    /// What it is called
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Of which type
    #[arg(long = "type", value_name = "TYPE", default_value = "sandbox", ignore_case = true, value_parser = one_of::<EnvironmentType>())]
    kind: EnvironmentType,
    /// Where; without it in the region of ENV or of the tenant
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
}

#[derive(Debug, Args)]
struct EditRunbook {
    #[command(flatten)]
    of: One<Taken>,
    /// What it is called afterwards; without it as now
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Who gets in afterwards: the id or name of a security group, or none; without it as now
    #[arg(long, value_name = "GROUP", required_unless_present = "name")]
    security_group: Option<String>,
}

#[derive(Debug, Args)]
struct RenameRunbook {
    #[command(flatten)]
    of: One<Taken>,
    /// The URL afterwards
    #[arg(long, value_name = "URL")]
    url: String,
}

/// Chain the steps of a plan: commands where there are any, instructions to confirm where there are none
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck runbook plan restore-to-production \"Contoso HR\" --at 2026-01-04T14:35:00Z --demo
  envdeck runbook plan recover-records \"Contoso HR\" --at 2026-01-04T14:35:00Z -s contoso.yaml
  envdeck runbook plan repair-pair \"Contoso Finance\" -s contoso.yaml --dialect markdown
  envdeck runbook plan order-management \"Orders Test\" --from \"Contoso Orders\" -s contoso.yaml
  envdeck runbook plan migration \"Fabrikam Sales\" --to \"Fabrikam Rehearsal\" -s both.yaml --dialect markdown

What is done already by the journal is left out.")]
struct Plan {
    /// Which plan, such as restore-to-production; a word that is none lists them
    #[arg(value_name = "PLAN")]
    plan: String,
    /// Its id, its name, how its name begins, or TENANT/NAME
    #[arg(value_name = "ENV")]
    environment: String,
    /// The instant to which the plan restores, such as 2026-01-04T14:35:00Z; without it the one that it was begun with
    #[arg(long, value_name = "RFC3339", value_parser = instant)]
    at: Option<DateTime<Utc>>,
    /// The manual backup that it restores: its id, its name, or its label
    #[arg(long, value_name = "ID", conflicts_with = "at")]
    backup: Option<String>,
    /// The new environment into which the plan restores or copies; of a plan that created one, only that
    #[arg(long, value_name = "ENV")]
    to: Option<String>,
    /// The environment that the plan copies
    #[arg(long, value_name = "ENV")]
    from: Option<String>,
    /// The tenant that the plan moves it to; without it that of the plan that was begun, as with the next two
    #[arg(long, value_name = "TENANT")]
    to_tenant: Option<String>,
    /// Its user mapping file
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    mapping: Option<PathBuf>,
    /// When the cut-over is to begin, with the offset of your own time
    #[arg(long, value_name = "RFC3339", value_parser = DateTime::parse_from_rfc3339)]
    cut_over: Option<DateTime<FixedOffset>>,
    #[command(flatten)]
    source: Source<Taken>,
}

/// Reads a window: two instants with a slash between them.
fn window(text: &str) -> Result<(DateTime<Utc>, DateTime<Utc>), String> {
    let (from, to) = text.split_once('/').ok_or("two instants are expected, such as 2026-01-06T20:00:00Z/2026-01-06T23:00:00Z")?;
    let (from, to) = (instant(from)?, instant(to)?);
    if from < to { Ok((from, to)) } else { Err("it ends before it begins".to_owned()) }
}

/// Text of an option as everything that is read: nothing in it is hidden or moves a cursor.
fn typed(text: &str) -> Box<str> {
    harmless(text.trim()).into()
}

fn given(text: Option<&String>) -> Option<Box<str>> {
    text.map(|text| typed(text)).filter(|text| !text.is_empty())
}

/// Writes it, or says why there is none.
pub fn run(arguments: &Runbook, out: &mut Out) -> Result<Status, Failure> {
    match &arguments.operation {
        Operation::Copy(arguments) => copy(arguments, out),
        Operation::Restore(arguments) => restore(arguments, out),
        Operation::Backup(arguments) => on_one(&arguments.of, out, |environment, session| {
            managed_as_one(environment, arguments.leave_fno.then_some("--leave-fno"))?;
            let paired = !arguments.leave_fno && linked::is_seen_to_apart(environment);
            let id = format!("m-{}", session.now.format("%Y%m%dT%H%M%S%3fZ"));
            Ok(Change::Backup { id: id.into(), name: named(&arguments.name, "--name")?, notes: typed(&arguments.notes), paired })
        }),
        Operation::DeleteBackup(arguments) => {
            let session = arguments.source.open()?;
            let environment = session.environment(&arguments.environment)?;
            let Some(backup) = &arguments.backup else { return Err(Failure::Usage("name the backup with --backup; `envdeck backups` lists them".to_owned())) };
            let change = Change::DeleteBackup(backup_of(environment, backup, "")?.id.clone());
            request(&session, None, environment, change, &arguments.source, out)
        }
        Operation::Retention(arguments) => {
            let session = arguments.source.open()?;
            let environment = session.environment(&arguments.environment)?;
            arguments.can_be_chosen(&session)?;
            let before = match days_in_force(environment, session.rulebook()) {
                Known::Is(days) => days,
                Known::Unknown => None,
            };
            request(&session, None, environment, Change::Retention { days: arguments.days, before }, &arguments.source, out)
        }
        Operation::Switch(arguments) => {
            let session = arguments.source.open()?;
            let environment = session.environment(&arguments.environment)?;
            let change = Change::Switch { to: arguments.to, sandbox_days: session.rulebook().limits.retention_default };
            request(&session, None, environment, change, &arguments.source, out)
        }
        Operation::Reset(one) => on_one(one, out, |_, _| Ok(Change::Reset)),
        Operation::Delete(one) => on_one(one, out, |_, _| Ok(Change::Delete)),
        Operation::Recover(one) => on_one(one, out, |_, _| Ok(Change::Recover)),
        Operation::Create(arguments) => create(arguments, out),
        Operation::Edit(arguments) => on_one(&arguments.of, out, |environment, session| {
            let name = arguments.name.as_deref().map(|name| named(name, "--name")).transpose()?.unwrap_or_else(|| environment.name.clone());
            Ok(Change::Edit { name, group: group(arguments.security_group.as_deref(), environment, session)? })
        }),
        Operation::RenameUrl(arguments) => on_one(&arguments.of, out, |environment, session| {
            let url = arguments.url.trim();
            match address_fault(url, &environment.id, &session.estate) {
                Some(fault) => Err(Failure::Usage(format!("`{}`: {fault}", harmless(url)))),
                None => Ok(Change::RenameUrl(url.into())),
            }
        }),
        Operation::AdminMode(arguments) => position(arguments, out, |environment| environment.admin_mode, Change::AdminMode),
        Operation::Background(arguments) => position(arguments, out, |environment| environment.background_operations, Change::Background),
        Operation::DeleteFno(one) => on_one(one, out, |_, _| Ok(Change::DeleteFinanceOperations)),
        Operation::Migrate(arguments) => {
            let session = arguments.source.open()?;
            let environment = session.environment(&arguments.environment)?;
            let to = session.tenant_named(&arguments.to_tenant)?;
            let moved = Move { cut_over: arguments.cut_over, ..moved(&session, environment, to, arguments.mapping.as_deref())? };
            request(&session, None, environment, Change::Migrate(Box::new(moved)), &arguments.source, out)
        }
        Operation::Plan(arguments) => plan(arguments, out),
    }
}

fn copy(arguments: &CopyRunbook, out: &mut Out) -> Result<Status, Failure> {
    let CopyArguments { from, to, level, audit_logs, source } = &arguments.of;
    let session = source.open()?;
    let (from, target) = (session.environment(from)?, session.environment(to)?);
    let audit_logs = audit_logs::chosen(session.rulebook().edition, *level, *audit_logs);
    managed_as_one(target, if arguments.leave_fno { Some("--leave-fno") } else { arguments.fno.map(|_| "--fno") })?;
    let both = linked::half(from).is_some() && linked::is_seen_to_apart(target);
    let half = (both && !arguments.leave_fno).then(|| arguments.fno.unwrap_or(Movement::Refresh));
    let name = name_or(arguments.name.as_deref(), target)?;
    let change = Change::Copy { level: *level, audit_logs, name, group: group(arguments.security_group.as_deref(), target, &session)?, half };
    request(&session, Some(from), target, change, source, out)
}

fn restore(arguments: &RestoreRunbook, out: &mut Out) -> Result<Status, Failure> {
    let RestoreArguments { from, to, point, audit_logs, fno_at, source } = &arguments.of;
    let session = source.open()?;
    let (from, target) = (session.environment(from)?, session.environment(to)?);
    let Some(back) = back(point.at, point.backup.as_deref(), from)? else { return Err(Failure::Usage("say to when: --at or --backup".to_owned())) };
    managed_as_one(target, fno_at.map(|_| "--fno-at"))?;
    let name = name_or(arguments.name.as_deref(), target)?;
    let paired_at = check::half_at(*fno_at, target)?;
    request(&session, Some(from), target, Change::Restore { back, audit_logs: *audit_logs, name, paired_at }, source, out)
}

fn create(arguments: &CreateRunbook, out: &mut Out) -> Result<Status, Failure> {
    let source = &arguments.of.source;
    let session = source.open()?;
    let (key, beside) = arguments.of.place(&session)?;
    let tenant = session.estate.tenant(key);
    let known = |region: &Known<std::sync::Arc<str>>| match region {
        Known::Is(region) => Some(Box::from(&**region)),
        Known::Unknown => None,
    };
    let region = given(arguments.region.as_ref()).or_else(|| beside.and_then(|beside| known(&beside.region))).or_else(|| known(&tenant.region));
    let change = Change::Create { tenant: tenant.id.clone(), name: named(&arguments.name, "--name")?, kind: arguments.kind, region };
    let id = EnvironmentId::new(&format!("new-{}", session.now.format("%Y%m%dT%H%M%S%3fZ")));
    deliver(&session, &[], source, out, |desk, papers| order::of_request(Request { source: None, target: id, change }, desk, papers))
}

/// A move to that tenant, with the mapping file where one is named.
fn moved(session: &Session, environment: &Environment, to: TenantKey, mapping: Option<&Path>) -> Result<Move, Failure> {
    let moved = Move::of(environment, session.estate.tenant(to), session.rulebook());
    let Some(file) = mapping else { return Ok(moved) };
    let linted = lint_mapping::mapping_of(file, session, environment, to)?;
    Ok(Move { mapping: Some(UserMapping::of(&file.display().to_string(), Arc::new(linted))), ..moved })
}

/// What is chosen for the move of a plan: as named here, else as it stands in the plan that was begun.
fn move_of_plan(arguments: &Plan, chosen: &checklist::Inputs, session: &Session, environment: &Environment) -> Result<Option<Move>, Failure> {
    let planned = Planned(chosen);
    let Some(tenant) = arguments.to_tenant.as_deref().or(planned.to()) else { return Ok(None) };
    let planned_file = planned.mapping(&environment.id).map(|file| PathBuf::from(session.estate.lies_at(file)));
    let file = arguments.mapping.as_deref().or(planned_file.as_deref());
    let moved = moved(session, environment, session.tenant_named(tenant)?, file)?;
    let cut_over = arguments.cut_over.or_else(|| DateTime::parse_from_rfc3339(planned.cut_over()?).ok());
    let group = planned.group(&environment.id).map(Box::from);
    Ok(Some(Move { cut_over, group, ..moved }))
}

fn plan(arguments: &Plan, out: &mut Out) -> Result<Status, Failure> {
    let session = arguments.source.open()?;
    let environment = session.environment(&arguments.environment)?;
    let templates = session.templates()?;
    let open = checklist::open_for(session.estate.journal(), &templates, &environment.id);
    let begun = open.iter().rfind(|opened| opened.template.eq_ignore_ascii_case(arguments.plan.trim()));
    let chosen = begun.and_then(|opened| opened.plan).map_or(&[][..], |(_, inputs)| inputs);
    let back = back(arguments.at, arguments.backup.as_deref(), environment)?.or_else(|| checklist::back(chosen));
    let named = |text: &Option<String>| -> Result<Option<EnvironmentId>, Failure> {
        Ok(text.as_deref().map(|text| session.environment(text)).transpose()?.map(|named| named.id.clone()))
    };
    let inputs = Inputs { back, onto: named(&arguments.to)?, from: named(&arguments.from)?, moved: move_of_plan(arguments, chosen, &session, environment)? };
    let checklists = open_checklists(&session, environment)?;
    deliver(&session, &checklists, &arguments.source, out, |desk, papers| {
        let mut plans = desk.templates.iter().filter(|template| template.plan.is_some());
        let Some(template) = plans.find(|template| template.id.eq_ignore_ascii_case(arguments.plan.trim())) else {
            let known: Vec<&str> = desk.templates.iter().filter(|template| template.plan.is_some()).map(|template| &*template.id).collect();
            let what = format!("there is no plan `{}`; there are {}", harmless(&arguments.plan), known.join(", "));
            return Err(Refusal { what, verdict: Verdict::default(), is_answer: false });
        };
        order::of_plan(template, environment, &inputs, desk, papers)
    })
}

/// A choice about the half of a unified environment is none.
fn managed_as_one(environment: &Environment, option: Option<&str>) -> Result<(), Failure> {
    match option.filter(|_| linked::is_unified(environment)) {
        Some(option) => Err(Failure::Usage(check::no_half_apart(environment, option))),
        None => Ok(()),
    }
}

/// What is gone back to.
fn back(at: Option<DateTime<Utc>>, backup: Option<&str>, of: &Environment) -> Result<Option<Back>, Failure> {
    use crate::domain::restore::Point;
    Ok(check::point(at, backup, of)?.map(|point| match point {
        Point::Instant(at) => Back::To(at),
        Point::Backup(Backup { id, taken_at, .. }) => Back::Backup(id.clone(), *taken_at),
    }))
}

fn named(text: &str, option: &str) -> Result<Box<str>, Failure> {
    let name = typed(text);
    if name.is_empty() { Err(Failure::Usage(format!("{option} is empty"))) } else { Ok(name) }
}

fn name_or(text: Option<&str>, target: &Environment) -> Result<Box<str>, Failure> {
    text.map_or_else(|| Ok(target.name.clone()), |text| named(text, "--name"))
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

/// The runbook of something that is done to one environment.
fn on_one(one: &One<Taken>, out: &mut Out, change: impl FnOnce(&Environment, &Session) -> Result<Change, Failure>) -> Result<Status, Failure> {
    let session = one.source.open()?;
    let environment = session.environment(&one.environment)?;
    let change = change(environment, &session)?;
    request(&session, None, environment, change, &one.source, out)
}

fn position(arguments: &OnOff<Taken>, out: &mut Out, now: fn(&Environment) -> Known<bool>, change: fn(bool) -> Change) -> Result<Status, Failure> {
    let session = arguments.source.open()?;
    let environment = session.environment(&arguments.environment)?;
    request(&session, None, environment, change(arguments.on(now(environment))), &arguments.source, out)
}

fn request(
    session: &Session,
    from: Option<&Environment>,
    target: &Environment,
    change: Change,
    source: &Source<Taken>,
    out: &mut Out,
) -> Result<Status, Failure> {
    let guarded = matches!(change.kind(), OperationKind::AdminMode | OperationKind::Background);
    let checklists = if guarded { open_checklists(session, target)? } else { Vec::new() };
    let request = Request { source: from.map(|from| from.id.clone()), target: target.id.clone(), change };
    deliver(session, &checklists, source, out, |desk, papers| order::of_request(request, desk, papers))
}

/// Makes the order and writes its runbook, or says on standard error why there is none.
fn deliver(
    session: &Session,
    checklists: &[Checklist],
    source: &Source<Taken>,
    out: &mut Out,
    make: impl FnOnce(&Desk<'_>, Papers) -> Result<Order, Refusal>,
) -> Result<Status, Failure> {
    let taken = &source.written;
    let viewer = match session.estate.viewer() {
        Known::Is(viewer) => Some(viewer),
        Known::Unknown if taken.acknowledge.is_empty() => None,
        Known::Unknown => return Err(Failure::Usage("who takes it upon themselves? Say so with --as NAME".to_owned())),
    };
    let takes = |finding: &Finding| {
        let by = viewer.filter(|_| taken.acknowledge.contains(&finding.code))?;
        Some(Acknowledgement { code: finding.code, severity: finding.severity, shown: finding.message.clone().into(), by: by.clone(), at: session.now })
    };
    let templates = session.templates()?;
    let desk = Desk { estate: &session.estate, checklists, templates: &templates, rulebooks: &session.rulebooks, takes: &takes, now: session.now };
    let papers =
        Papers { purpose: given(taken.purpose.as_ref()), ticket: given(taken.ticket.as_ref()), approver: given(taken.approver.as_ref()), window: taken.window };
    let order = match make(&desk, papers) {
        Ok(order) => order,
        // Nothing was judged: something was left out.
        Err(Refusal { what, is_answer: false, .. }) => return Err(Failure::Usage(what)),
        Err(refusal) => {
            complain(&format!("envdeck: no runbook: {}", refusal.what));
            refusal.verdict.findings.iter().for_each(reason);
            return Ok(Status::No);
        }
    };
    if let Some(code) = taken.acknowledge.iter().find(|code| order.acknowledged.iter().all(|given| given.code != **code)) {
        let open: Vec<&str> = order.open.iter().map(|finding| finding.code.word()).collect();
        let instead = if open.is_empty() { "nothing waits to be acknowledged".to_owned() } else { format!("what waits is {}", open.join(", ")) };
        return Err(Failure::Usage(format!("there is nothing to acknowledge as {}; {instead}", code.word())));
    }
    let text = match runbook::write(&order, taken.dialect) {
        Ok(text) => text,
        Err(Unacknowledged(open)) => {
            complain(&format!("envdeck: no runbook: {} to be acknowledged by name first", counted(open.len(), "finding")));
            open.iter().for_each(reason);
            let mut codes: Vec<&str> = Vec::new();
            for word in open.iter().map(|finding| finding.code.word()) {
                if !codes.contains(&word) {
                    codes.push(word);
                }
            }
            complain(&format!("Look it up and answer it, or take it upon yourself: --acknowledge {}", codes.join(",")));
            return Ok(Status::No);
        }
    };
    match &taken.output {
        None => out.write_all(text.as_bytes())?,
        Some(path) => {
            files::write_new(path, text.as_bytes(), taken.dialect.is_script())?;
            writeln!(out, "{}: written. Read it before it is used.", harmless(&path.display().to_string()))?;
        }
    }
    Ok(Status::Done)
}

/// A finding on standard error, as `check` writes it.
fn reason(finding: &Finding) {
    complain(&format!("  {}: {}", finding.severity.label(), finding.message));
    complain(&format!("    -> {}", finding.remedy));
    complain(&format!("    {} {}: {}", finding.rule, finding.code.word(), finding.article));
}

//! `envdeck check`: may this be done, and if not, every reason why and what to do about it.

use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset, Utc};
use clap::builder::TypedValueParser;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::json::{self, named};
use super::output::{Failure, Out, Status, Tone};
use super::source::{Format, Session, Source, Written, instant, one_of};
use super::{findings, lint_mapping, sheet};
use crate::domain::audit_logs::{self, Told};
use crate::domain::backup::Backup;
use crate::domain::checklist::{self, Checklist};
use crate::domain::copy::{Copy, Level};
use crate::domain::environment::{Environment, EnvironmentType};
use crate::domain::judge::{Question, judge};
use crate::domain::known::Known;
use crate::domain::linked;
use crate::domain::lookup::{self, Unfound};
use crate::domain::migration::Migration;
use crate::domain::operation::OperationKind;
use crate::domain::restore::{Point, Restore};
use crate::domain::tenant::TenantKey;
use crate::domain::time::minute;
use crate::domain::verdict::{Answer, Verdict};
use crate::domain::words::Word;
use crate::files::text::harmless;
use crate::vocabulary;

/// Ask whether something may be done; the exit status answers too
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck check copy --from \"Contoso Sales\" --to \"Contoso Sales UAT\" -s contoso.yaml
  envdeck check restore --from \"Contoso Sales\" --to \"Contoso Sales UAT\" --at 2026-01-04T14:35:00Z -s contoso.yaml
  envdeck check switch \"Contoso Sales\" --to sandbox -s contoso.yaml
  envdeck check copy --help

Exit status: 0 allowed, also with warnings; 1 blocked, or not decidable because a fact is unknown.

As JSON, {operation, from: {id, name}, to: {id, name}, verdict, findings: [{severity, rule, code, message, remedy, article}]}; an operation on one environment has environment: {id, name} in place of from and to. A copy has level as well, a copy or restore audit_logs: carried, left-out or kept.")]
pub struct Check {
    #[command(subcommand)]
    operation: Operation,
}

#[derive(Debug, Subcommand)]
enum Operation {
    Copy(CopyArguments),
    Restore(RestoreArguments),
    /// Ask whether a manual backup may be taken
    #[command(after_help = "Examples:
  envdeck check backup \"Contoso Sales\" -s contoso.yaml
  envdeck check backup \"Contoso Sales\" -s contoso.yaml --format json")]
    Backup(One),
    DeleteBackup(DeleteBackup),
    Retention(Retention),
    Switch(Switch),
    /// Ask whether an environment may be reset to an empty state
    #[command(after_help = "Examples:
  envdeck check reset \"Contoso Sales UAT\" -s contoso.yaml")]
    Reset(One),
    /// Ask whether an environment may be deleted
    #[command(after_help = "Examples:
  envdeck check delete \"Contoso Sales UAT\" -s contoso.yaml")]
    Delete(One),
    /// Ask whether a deleted environment may still be got back
    #[command(after_help = "Examples:
  envdeck check recover \"Contoso Archive\" -s contoso.yaml
  envdeck list -s contoso.yaml --filter deleted:yes --format csv      which are deleted")]
    Recover(One),
    Create(Create),
    /// Ask whether name or security group may be changed
    #[command(after_help = "Examples:
  envdeck check edit \"Contoso Sales UAT\" -s contoso.yaml")]
    Edit(One),
    /// Ask whether the URL may be changed
    #[command(after_help = "Examples:
  envdeck check rename-url \"Contoso Sales UAT\" -s contoso.yaml")]
    RenameUrl(One),
    /// Ask whether administration mode may be turned on or off
    #[command(after_help = "Examples:
  envdeck check admin-mode \"Contoso Sales UAT\" --to off -s contoso.yaml")]
    AdminMode(OnOff),
    /// Ask whether background operations may be turned on or off
    #[command(after_help = "Examples:
  envdeck check background \"Contoso Sales UAT\" --to on -s contoso.yaml")]
    Background(OnOff),
    /// Ask whether the finance and operations half may be deleted
    #[command(after_help = "Examples:
  envdeck check delete-fno \"Contoso Finance\" -s contoso.yaml")]
    DeleteFno(One),
    Migrate(Migrate),
}

/// A question about one environment.
#[derive(Debug, Args)]
pub struct One<W: Args = Written> {
    /// Its id, its name, how its name begins, or TENANT/NAME
    #[arg(value_name = "ENV")]
    pub environment: String,
    #[command(flatten)]
    pub source: Source<W>,
}

/// Ask whether one environment may be copied onto another
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck check copy --from \"Contoso Sales\" --to \"Contoso Sales UAT\" -s contoso.yaml
  envdeck check copy --from \"Contoso Sales\" --to Training --level customizations -s contoso.yaml --format json
  envdeck check copy --from \"Contoso Sales\" --to \"Contoso Sales UAT\" -s contoso.yaml >/dev/null && echo go

Exit status: 0 allowed, also with warnings; 1 blocked, or not decidable because a fact is unknown.")]
pub struct CopyArguments<W: Args = Written> {
    /// What is copied: its id, its name, how its name begins, or TENANT/NAME
    #[arg(long, value_name = "ENV")]
    pub from: String,
    /// What is overwritten
    #[arg(long, value_name = "ENV")]
    pub to: String,
    /// What the copy carries
    #[arg(long, value_name = "LEVEL", default_value = "everything", ignore_case = true, value_parser = level())]
    pub level: Level,
    /// Take audit logs along; a choice by the rulebook current alone, at the level everything
    #[arg(long)]
    pub audit_logs: bool,
    #[command(flatten)]
    pub source: Source<W>,
}

/// Ask whether one environment may be restored onto another, or onto itself
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck check restore --from \"Contoso Sales\" --to \"Contoso Sales UAT\" --at 2026-01-04T14:35:00Z -s contoso.yaml
  envdeck check restore --from \"Contoso Sales\" --to \"Contoso Sales UAT\" --backup b2 --audit-logs -s contoso.yaml
  envdeck backups \"Contoso Sales\" -s contoso.yaml                      shows instants and backups

Exit status: 0 allowed, also with warnings; 1 blocked, or not decidable because a fact is unknown.")]
pub struct RestoreArguments<W: Args = Written> {
    /// Whose backup is restored: its id, its name, how its name begins, or TENANT/NAME
    #[arg(long, value_name = "ENV")]
    pub from: String,
    /// What is overwritten; may be the same
    #[arg(long, value_name = "ENV")]
    pub to: String,
    #[command(flatten)]
    pub point: PointArguments,
    /// Take audit logs along; only from manual backups
    #[arg(long)]
    pub audit_logs: bool,
    /// The instant to which the finance and operations half is restored with it
    #[arg(long, value_name = "RFC3339", value_parser = instant)]
    pub fno_at: Option<DateTime<Utc>>,
    #[command(flatten)]
    pub source: Source<W>,
}

/// What is restored to.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct PointArguments {
    /// An instant of the system backup, such as 2026-01-04T14:35:00Z
    #[arg(long, value_name = "RFC3339", value_parser = instant)]
    pub at: Option<DateTime<Utc>>,
    /// A manual backup: its id, its name, or its label
    #[arg(long, value_name = "ID")]
    pub backup: Option<String>,
}

/// Ask whether a manual backup may be deleted
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck check delete-backup \"Contoso Sales\" --backup b2 -s contoso.yaml
  envdeck check delete-backup \"Contoso Sales\" -s contoso.yaml          whether any could be")]
pub struct DeleteBackup<W: Args = Written> {
    /// Its id, its name, how its name begins, or TENANT/NAME
    #[arg(value_name = "ENV")]
    pub environment: String,
    /// Which one: its id, its name, or its label
    #[arg(long, value_name = "ID")]
    pub backup: Option<String>,
    #[command(flatten)]
    pub source: Source<W>,
}

/// Ask whether backups may be kept for so many days
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck check retention \"Contoso Service\" --days 14 -s contoso.yaml")]
pub struct Retention<W: Args = Written> {
    /// Its id, its name, how its name begins, or TENANT/NAME
    #[arg(value_name = "ENV")]
    pub environment: String,
    /// For how many days: 7, 14, 21 or 28
    #[arg(long, value_name = "DAYS")]
    pub days: u16,
    #[command(flatten)]
    pub source: Source<W>,
}

/// Ask whether the type may be switched
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck check switch \"Contoso Sales\" --to sandbox -s contoso.yaml")]
pub struct Switch<W: Args = Written> {
    /// Its id, its name, how its name begins, or TENANT/NAME
    #[arg(value_name = "ENV")]
    pub environment: String,
    /// To which type: sandbox or production
    #[arg(long, value_name = "TYPE", ignore_case = true, value_parser = one_of::<EnvironmentType>())]
    pub to: EnvironmentType,
    #[command(flatten)]
    pub source: Source<W>,
}

/// Ask whether another environment may be created in a tenant
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck check create --tenant Contoso -s contoso.yaml
  envdeck check create \"Contoso Sales\" -s contoso.yaml                 in the tenant of that one")]
pub struct Create<W: Args = Written> {
    /// An environment in whose tenant it would be; without it the tenant that --tenant names, or the only one
    #[arg(value_name = "ENV")]
    pub environment: Option<String>,
    #[command(flatten)]
    pub source: Source<W>,
}

vocabulary! {
    /// The two positions of a switch.
    Position, "position" {
        On = "on" "on",
        Off = "off" "off",
    }
}

/// A question about a switch of one environment.
#[derive(Debug, Args)]
pub struct OnOff<W: Args = Written> {
    /// Its id, its name, how its name begins, or TENANT/NAME
    #[arg(value_name = "ENV")]
    pub environment: String,
    /// On or off; without it the other one than now
    #[arg(long, value_name = "POSITION", ignore_case = true, value_parser = one_of::<Position>())]
    pub to: Option<Position>,
    #[command(flatten)]
    pub source: Source<W>,
}

/// Ask whether an environment may move to another tenant
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck check migrate \"Fabrikam Orders\" --to-tenant Contoso -s both.yaml
  envdeck check migrate \"Fabrikam Orders\" --to-tenant Contoso --mapping orders.csv -s both.yaml
  envdeck lint-mapping --help                              what is wrong with a mapping file, line by line")]
pub struct Migrate<W: Args = Written> {
    /// Its id, its name, how its name begins, or TENANT/NAME
    #[arg(value_name = "ENV")]
    pub environment: String,
    /// Where to: the tenant's id, its name, or how its name begins
    #[arg(long, value_name = "TENANT")]
    pub to_tenant: String,
    /// Its user mapping file, or - for standard input; each environment has its own
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub mapping: Option<PathBuf>,
    /// When the cut-over is to begin, with the offset of your own time, such as 2026-01-10T20:00:00+01:00
    #[arg(long, value_name = "RFC3339", value_parser = DateTime::parse_from_rfc3339)]
    pub cut_over: Option<DateTime<FixedOffset>>,
    #[command(flatten)]
    pub source: Source<W>,
}

/// The level of a copy, as it is written in options.
pub fn level() -> impl TypedValueParser<Value = Level> {
    one_of::<Level>()
}

/// Answers it.
pub fn run(arguments: &Check, out: &mut Out) -> Result<Status, Failure> {
    match &arguments.operation {
        Operation::Copy(arguments) => copy(arguments, out),
        Operation::Restore(arguments) => restore(arguments, out),
        Operation::Backup(one) => single(one, "a manual backup of", |environment| Question::Backup(environment), out),
        Operation::DeleteBackup(arguments) => delete_backup(arguments, out),
        Operation::Retention(arguments) => retention(arguments, out),
        Operation::Switch(Switch { environment, to, source }) => {
            let session = source.open()?;
            let environment = session.environment(environment)?;
            let question = format!("switch of {} to {}", environment.name, to.label());
            answer(&session, Question::Switch(environment, *to), &question, About::Environment(environment), source, out)
        }
        Operation::Reset(one) => single(one, "reset of", |environment| Question::Reset(environment), out),
        Operation::Delete(one) => single(one, "deletion of", |environment| Question::Delete(environment), out),
        Operation::Recover(one) => single(one, "recovery of", |environment| Question::Recover(environment), out),
        Operation::Create(arguments) => create(arguments, out),
        Operation::Edit(one) => single(one, "other name or security group for", |environment| Question::Edit(environment), out),
        Operation::RenameUrl(one) => single(one, "another URL for", |environment| Question::RenameUrl(environment), out),
        Operation::AdminMode(arguments) => position(
            arguments,
            "administration mode",
            |environment| environment.admin_mode,
            |environment, on, open| Question::AdminMode(environment, on, open),
            out,
        ),
        Operation::Background(arguments) => position(
            arguments,
            "background operations",
            |environment| environment.background_operations,
            |environment, on, open| Question::Background(environment, on, open),
            out,
        ),
        Operation::DeleteFno(one) => {
            single(one, "deletion of the finance and operations half of", |environment| Question::DeleteFinanceOperations(environment), out)
        }
        Operation::Migrate(arguments) => migrate(arguments, out),
    }
}

/// Why an option about the finance and operations half says nothing for a unified environment.
pub fn no_half_apart(environment: &Environment, option: &str) -> String {
    format!("{option}: {} is unified, and both of its halves go together; leave the option out", environment.name)
}

fn copy(arguments: &CopyArguments, out: &mut Out) -> Result<Status, Failure> {
    let session = arguments.source.open()?;
    let (source, target) = (session.environment(&arguments.from)?, session.environment(&arguments.to)?);
    let question = format!("copy of {} onto {}, {}", source.name, target.name, arguments.level.word());
    let checklists = open_checklists(&session, target)?;
    let copy = Copy { source, target, level: arguments.level, audit_logs: arguments.audit_logs, half_left: false, checklists: &checklists };
    let chosen = audit_logs::chosen(session.rulebook().edition, arguments.level, arguments.audit_logs);
    let about = About::Pair(source, target, Some(arguments.level), Some(audit_logs::of_copy(arguments.level, chosen)));
    answer(&session, Question::Copy(copy), &question, about, &arguments.source, out)
}

fn restore(arguments: &RestoreArguments, out: &mut Out) -> Result<Status, Failure> {
    let session = arguments.source.open()?;
    let (source, target) = (session.environment(&arguments.from)?, session.environment(&arguments.to)?);
    let point = point(arguments.point.at, arguments.point.backup.as_deref(), source)?;
    let paired_at = half_at(arguments.fno_at, target)?;
    let onto = if source.id == target.id { "itself" } else { &target.name };
    let when = point.map_or_else(String::new, |point| format!(" to {}", minute(point.at())));
    let question = format!("restore of {} onto {onto}{when}", source.name);
    if arguments.fno_at.is_some() && linked::is_unified(target) {
        return Err(Failure::Usage(no_half_apart(target, "--fno-at")));
    }
    let restore = Restore { source, target, point, audit_logs: arguments.audit_logs, paired_at, half_left: false };
    let told = point.map(|point| logs_of_restore(source, target, point, arguments.audit_logs));
    answer(&session, Question::Restore(restore), &question, About::Pair(source, target, None, told), &arguments.source, out)
}

/// What becomes of audit logs in a restore to that point.
pub fn logs_of_restore(source: &Environment, target: &Environment, point: Point<'_>, asked: bool) -> Told {
    audit_logs::of_restore(source.id == target.id, matches!(point, Point::Backup(_)), asked)
}

/// Nobody can restore a finance and operations half that is not there.
pub fn half_at(at: Option<DateTime<Utc>>, target: &Environment) -> Result<Option<DateTime<Utc>>, Failure> {
    match (at, &target.finance_operations) {
        (Some(_), Known::Is(None)) => {
            Err(Failure::Usage(format!("--fno-at: {} has no finance and operations half that could be restored; leave the option out", target.name)))
        }
        (at, _) => Ok(at),
    }
}

/// What is restored to: an instant, or a manual backup of the environment.
pub fn point<'a>(at: Option<DateTime<Utc>>, backup: Option<&str>, source: &'a Environment) -> Result<Option<Point<'a>>, Failure> {
    match (at, backup) {
        (Some(at), _) => Ok(Some(Point::Instant(at))),
        (None, Some(text)) => Ok(Some(Point::Backup(backup_of(source, text, "; --at names an instant")?))),
        (None, None) => Ok(None),
    }
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

fn delete_backup(arguments: &DeleteBackup, out: &mut Out) -> Result<Status, Failure> {
    let session = arguments.source.open()?;
    let environment = session.environment(&arguments.environment)?;
    let backup = arguments.backup.as_deref().map(|text| backup_of(environment, text, "")).transpose()?;
    let which = backup.map_or_else(|| "a manual backup".to_owned(), |backup| format!("the backup {}", crate::domain::loss::called(backup)));
    let question = format!("deletion of {which} of {}", environment.name);
    answer(&session, Question::DeleteBackup(environment, backup), &question, About::Environment(environment), &arguments.source, out)
}

fn retention(arguments: &Retention, out: &mut Out) -> Result<Status, Failure> {
    let session = arguments.source.open()?;
    let environment = session.environment(&arguments.environment)?;
    arguments.can_be_chosen(&session)?;
    let question = format!("retention of {} days for {}", arguments.days, environment.name);
    answer(&session, Question::Retention(environment, arguments.days), &question, About::Environment(environment), &arguments.source, out)
}

impl<W: Args> Retention<W> {
    /// Refuses a number of days that nobody can choose (BKP-034).
    pub fn can_be_chosen(&self, session: &Session) -> Result<(), Failure> {
        let choices = &session.rulebook().limits.retention_choices;
        if choices.contains(&self.days) {
            return Ok(());
        }
        let words: Vec<_> = choices.iter().map(ToString::to_string).collect();
        Err(Failure::Usage(format!("backups cannot be kept for {} days; possible are {} (BKP-034)", self.days, words.join(", "))))
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
}

impl<W: Args> OnOff<W> {
    /// Whether it is to be on; without a position the other one than now.
    pub fn on(&self, now: Known<bool>) -> bool {
        self.to.map_or(now != Known::Is(true), |position| position == Position::On)
    }
}

fn create(arguments: &Create, out: &mut Out) -> Result<Status, Failure> {
    let session = arguments.source.open()?;
    let (tenant, environment) = arguments.place(&session)?;
    let name = &session.estate.tenant(tenant).name;
    let question = format!("another environment in {name}");
    let about = About::Tenant(name, environment);
    answer(&session, Question::Create(tenant), &question, about, &arguments.source, out)
}

fn migrate(arguments: &Migrate, out: &mut Out) -> Result<Status, Failure> {
    let session = arguments.source.open()?;
    let environment = session.environment(&arguments.environment)?;
    let to = session.tenant_named(&arguments.to_tenant)?;
    let linted = arguments.mapping.as_deref().map(|file| lint_mapping::mapping_of(file, &session, environment, to)).transpose()?;
    // Standard input is nobody's file.
    let file = arguments.mapping.as_ref().filter(|file| **file != Path::new("-")).map(|file| file.display().to_string());
    let question = format!("move of {} to the tenant {}", environment.name, session.estate.tenant(to).name);
    let migration = Migration { environment, to, mapping: linted.as_ref(), file: file.as_deref(), cut_over: arguments.cut_over };
    answer(&session, Question::Migrate(migration), &question, About::Environment(environment), &arguments.source, out)
}

/// A question about one environment without further choices.
fn single(one: &One, what: &str, ask: impl for<'a> Fn(&'a Environment) -> Question<'a>, out: &mut Out) -> Result<Status, Failure> {
    let session = one.source.open()?;
    let environment = session.environment(&one.environment)?;
    let question = format!("{what} {}", environment.name);
    answer(&session, ask(environment), &question, About::Environment(environment), &one.source, out)
}

/// A question about a switch; without a position the other one than now.
fn position(
    arguments: &OnOff,
    what: &str,
    now: fn(&Environment) -> Known<bool>,
    ask: impl for<'a> Fn(&'a Environment, bool, &'a [Checklist]) -> Question<'a>,
    out: &mut Out,
) -> Result<Status, Failure> {
    let session = arguments.source.open()?;
    let environment = session.environment(&arguments.environment)?;
    let on = arguments.on(now(environment));
    let checklists = open_checklists(&session, environment)?;
    let word = if on { Position::On } else { Position::Off }.word();
    let question = format!("{what} {word} in {}", environment.name);
    answer(&session, ask(environment, on, &checklists), &question, About::Environment(environment), &arguments.source, out)
}

/// The checklists of an environment that are still worked.
pub fn open_checklists(session: &Session, environment: &Environment) -> Result<Vec<Checklist>, Failure> {
    let journal = session.estate.journal();
    if journal.entries().is_empty() {
        return Ok(Vec::new());
    }
    Ok(checklist::standing(journal, &session.templates()?, environment, &session.estate))
}

/// What a question is about, as the answer names it.
#[derive(Clone, Copy)]
enum About<'a> {
    /// Source and target, what a copy carries, and what becomes of audit logs.
    Pair(&'a Environment, &'a Environment, Option<Level>, Option<Told>),
    /// One environment.
    Environment(&'a Environment),
    /// A tenant by its name, and the environment by which it was named.
    Tenant(&'a str, Option<&'a Environment>),
}

/// Judges the question and writes the verdict.
fn answer(session: &Session, question: Question<'_>, words: &str, about: About<'_>, source: &Source, out: &mut Out) -> Result<Status, Failure> {
    let verdict = judge(question, &session.estate, &session.rulebooks, session.now);
    let answer = verdict.answer();
    match source.written.format {
        Format::Json => json::write(out, &object(question.kind(), about, &verdict))?,
        Format::Csv => csv(about, &verdict, out)?,
        Format::Table => {
            out.sentence(0, answer.into(), &format!("{}: ", answer.label()), words)?;
            if let About::Pair(_, _, _, Some(told)) = about {
                out.sentence(2, Tone::Plain, "", &told.line())?;
            }
            findings::write(out, &verdict.findings)?;
        }
    }
    Ok(match answer {
        Answer::Allowed | Answer::AllowedWithWarnings => Status::Done,
        Answer::Unknown | Answer::Blocked => Status::No,
    })
}

/// Adds what a copy carries, and what becomes of audit logs in it or in a restore, each where it is decided.
pub fn carried(object: &mut Value, level: Option<Level>, told: Option<Told>) {
    let Some(object) = object.as_object_mut() else { return };
    if let Some(level) = level {
        object.insert("level".to_owned(), level.word().into());
    }
    if let Some(told) = told {
        object.insert("audit_logs".to_owned(), told.logs.word().into());
    }
}

fn object(operation: OperationKind, about: About<'_>, verdict: &Verdict) -> Value {
    let (operation, answer, found) = (operation.word(), verdict.answer().word(), findings::json(&verdict.findings));
    match about {
        About::Pair(from, to, level, told) => {
            let mut object = json!({ "operation": operation, "from": named(from), "to": named(to), "verdict": answer, "findings": found });
            carried(&mut object, level, told);
            object
        }
        About::Environment(environment) => json!({ "operation": operation, "environment": named(environment), "verdict": answer, "findings": found }),
        About::Tenant(tenant, environment) => {
            json!({ "operation": operation, "environment": environment.map(named), "tenant": tenant, "verdict": answer, "findings": found })
        }
    }
}

/// The columns of the sheet before those of the finding.
const PAIR: [&str; 5] = ["from_id", "from", "to_id", "to", "verdict"];
const ONE: [&str; 3] = ["id", "name", "verdict"];

fn csv(about: About<'_>, verdict: &Verdict, out: &mut Out) -> Result<(), Failure> {
    let answer = verdict.answer().word();
    let (columns, before): (&[&str], Vec<&str>) = match about {
        About::Pair(from, to, ..) => (&PAIR, vec![from.id.as_str(), &from.name, to.id.as_str(), &to.name, answer]),
        About::Environment(environment) | About::Tenant(_, Some(environment)) => (&ONE, vec![environment.id.as_str(), &environment.name, answer]),
        About::Tenant(tenant, None) => (&ONE, vec!["", tenant, answer]),
    };
    let header: Vec<_> = columns.iter().copied().chain(findings::COLUMNS).collect();
    sheet::write(out, &header, findings::rows(&before, &verdict.findings).into_iter())?;
    Ok(())
}

//! `envdeck targets`: every environment as a target, the eligible ones first, each refused one with all its reasons.

use std::io::Write as _;

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use serde_json::json;

use super::check::{carried, level, logs_of_restore, point};
use super::json::{self, named, word};
use super::output::{Failure, Out, Status, Tone};
use super::source::{Format, Session, Source, instant};
use super::table::{Cell, Fit, Table, cell, shown};
use super::{findings, sheet};
use crate::domain::audit_logs::{self, Told};
use crate::domain::copy::{Copy, Level};
use crate::domain::environment::Environment;
use crate::domain::judge::{Question, judge, outline};
use crate::domain::restore::Restore;
use crate::domain::verdict::Answer;
use crate::domain::words::Word;

/// Show what an environment can be copied or restored onto, and why not onto the others
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck targets copy --from \"Contoso Sales\" -s contoso.yaml
  envdeck targets restore --from \"Contoso Sales\" --at 2026-01-04T14:35:00Z -s contoso.yaml
  envdeck targets copy --help")]
pub struct Targets {
    #[command(subcommand)]
    operation: Operation,
}

#[derive(Debug, Subcommand)]
enum Operation {
    Copy(CopyArguments),
    Restore(RestoreArguments),
}

/// Judge every environment as the target of a copy
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck targets copy --from \"Contoso Sales\" -s contoso.yaml
  envdeck targets copy --from \"Contoso Sales\" --level customizations -s contoso.yaml --format csv
  envdeck targets copy --from \"Contoso Sales\" --demo --tenant Contoso --format json
  envdeck targets copy --from \"Contoso Sales\" -s contoso.yaml --format json |
    jq -r '[.targets[] | select(.verdict | startswith(\"allowed\"))][0].environment.name'

Every environment is listed: those that can be overwritten first, then those that depend on an unknown fact, then the refused ones.

As JSON, {operation, from: {id, name}, level, targets: [{environment: {id, name, type}, verdict, findings, audit_logs}]}; a verdict is allowed, allowed-with-warnings, unknown or blocked.")]
struct CopyArguments {
    /// What is copied: its id, its name, how its name begins, or TENANT/NAME
    #[arg(long, value_name = "ENV")]
    from: String,
    /// What the copy carries
    #[arg(long, value_name = "LEVEL", default_value = "everything", ignore_case = true, value_parser = level())]
    level: Level,
    /// Take audit logs along; a choice by the rulebook current alone, at the level everything
    #[arg(long)]
    audit_logs: bool,
    #[command(flatten)]
    source: Source,
}

/// Judge every environment as the target of a restore
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck targets restore --from \"Contoso Sales\" -s contoso.yaml
  envdeck targets restore --from \"Contoso Sales\" --at 2026-01-04T14:35:00Z -s contoso.yaml
  envdeck targets restore --from \"Contoso Sales\" --backup b2 -s contoso.yaml --format json

Without --at and --backup only the pairs are judged, not whether there is something to restore.

As JSON, {operation, from: {id, name}, targets: [{environment: {id, name, type}, verdict, findings, audit_logs}]}; a verdict is allowed, allowed-with-warnings, unknown or blocked.")]
struct RestoreArguments {
    /// Whose backup is restored: its id, its name, how its name begins, or TENANT/NAME
    #[arg(long, value_name = "ENV")]
    from: String,
    /// An instant of the system backup, such as 2026-01-04T14:35:00Z
    #[arg(long, value_name = "RFC3339", value_parser = instant, conflicts_with = "backup")]
    at: Option<DateTime<Utc>>,
    /// A manual backup: its id, its name, or its label
    #[arg(long, value_name = "ID")]
    backup: Option<String>,
    /// Take audit logs along; only from manual backups
    #[arg(long)]
    audit_logs: bool,
    #[command(flatten)]
    source: Source,
}

/// What a copy carries, and what becomes of audit logs in each target; as far as that is asked.
struct Carries<'a> {
    /// The level of a copy.
    level: Option<Level>,
    /// What becomes of audit logs in that target.
    told: &'a dyn Fn(&Environment) -> Option<Told>,
}

/// The columns of the sheet before those of the finding.
const COLUMNS: [&str; 4] = ["id", "name", "type", "verdict"];

/// Judges them.
pub fn run(arguments: &Targets, out: &mut Out) -> Result<Status, Failure> {
    match &arguments.operation {
        Operation::Copy(CopyArguments { from, level, audit_logs: asked, source: options }) => {
            let session = options.open()?;
            let source = session.environment(from)?;
            let told = audit_logs::of_copy(*level, audit_logs::chosen(session.rulebook().edition, *level, *asked));
            let ask = |target| Question::Copy(Copy { source, target, level: *level, audit_logs: *asked, half_left: false, checklists: &[] });
            write(&session, source, ask, Carries { level: Some(*level), told: &|_| Some(told) }, options.written.format, out)
        }
        Operation::Restore(RestoreArguments { from, at, backup, audit_logs: asked, source: options }) => {
            let session = options.open()?;
            let source = session.environment(from)?;
            let point = point(*at, backup.as_deref(), source)?;
            let ask = |target| Question::Restore(Restore { source, target, point, audit_logs: *asked, paired_at: None, half_left: false });
            let told = |target: &Environment| point.map(|point| logs_of_restore(source, target, point, *asked));
            write(&session, source, ask, Carries { level: None, told: &told }, options.written.format, out)
        }
    }
}

/// Writes every environment as a target of what is asked.
fn write<'a>(
    session: &'a Session,
    source: &'a Environment,
    ask: impl Fn(&'a Environment) -> Question<'a>,
    carries: Carries<'_>,
    format: Format,
    out: &mut Out,
) -> Result<Status, Failure> {
    // Ordered by outlines; the words of one verdict at a time are made while it is written.
    let findings_about = |target| judge(ask(target), &session.estate, &session.rulebooks, session.now).findings;
    let targets = ordered(session, |target| outline(ask(target), &session.estate, &session.rulebooks, session.now).answer());
    let operation = ask(source).kind();
    match format {
        Format::Json => {
            let level = carries.level.map_or_else(String::new, |level| format!("\"level\":\"{}\",", level.word()));
            write!(out, "{{\"operation\":\"{}\",\"from\":{},{level}\"targets\":", operation.word(), named(source))?;
            let one = |(answer, target): (Answer, &'a Environment)| {
                let mut environment = named(target);
                if let Some(object) = environment.as_object_mut() {
                    object.insert("type".to_owned(), word(target.kind));
                }
                let mut object = json!({ "environment": environment, "verdict": answer.word(), "findings": findings::json(&findings_about(target)) });
                carried(&mut object, None, (carries.told)(target));
                object
            };
            json::write_list(out, targets.into_iter().map(one))?;
            writeln!(out, "}}")?;
        }
        Format::Csv => {
            let header: Vec<_> = COLUMNS.into_iter().chain(findings::COLUMNS).collect();
            let rows = targets.into_iter().flat_map(|(answer, target)| {
                let kind = sheet::text(&word(target.kind));
                findings::rows(&[target.id.as_str(), &target.name, &kind, answer.word()], &findings_about(target))
            });
            sheet::write(out, &header, rows)?;
        }
        Format::Table => {
            let row = |(answer, target): (Answer, &Environment)| -> [Cell<'static>; 5] {
                [
                    (answer.into(), answer.word().into()),
                    cell(target.name.to_string()),
                    shown(target.kind.map(Word::word)),
                    cell(session.tenant_of(target).to_owned()),
                    cell(target.id.to_string()),
                ]
            };
            let mut table = Table::new([("VERDICT", Fit::Keep), ("NAME", Fit::Shorten), ("TYPE", Fit::Keep), ("TENANT", Fit::Drop), ("ID", Fit::Drop)]);
            targets.iter().for_each(|target| table.measure(&row(*target)));
            table.fit(out.screen.width);
            let other = targets.iter().find(|(_, target)| target.id != source.id);
            if let Some(told) = other.and_then(|(_, target)| (carries.told)(target)) {
                let head = carries.level.map_or_else(String::new, |level| format!("Level: {}. ", level.label()));
                let itself = (carries.told)(source).filter(|own| *own != told).map_or_else(String::new, |own| format!(". Onto itself: {}", own.words));
                out.sentence(0, Tone::Plain, "", &format!("{head}{}{itself}", told.line()))?;
            }
            table.header(out)?;
            for (answer, target) in targets {
                if out.nobody_reads() {
                    break;
                }
                table.row(out, &row((answer, target)))?;
                findings::write(out, &findings_about(target))?;
            }
        }
    }
    Ok(Status::Done)
}

/// The environments with their answers: the eligible first, then by name.
fn ordered<'a>(session: &'a Session, answer: impl Fn(&'a Environment) -> Answer) -> Vec<(Answer, &'a Environment)> {
    let mut targets: Vec<_> = session.environments().map(|(_, target)| (answer(target), target)).collect();
    targets.sort_by_cached_key(|(answer, target)| (*answer, target.name.to_lowercase(), target.id.clone()));
    targets
}

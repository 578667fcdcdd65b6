//! `envdeck targets`: every environment as a target, the eligible ones first, each refused one with all its reasons.

use std::io::Write as _;

use clap::{Args, Subcommand};
use serde_json::json;

use super::check::level;
use super::json::{self, named, word};
use super::output::{Failure, Out, Status};
use super::source::{Format, Session, Source};
use super::table::{Cell, Fit, Table, cell, shown};
use super::{findings, sheet};
use crate::domain::copy::{self, Copy, Level};
use crate::domain::environment::Environment;
use crate::domain::verdict::Answer;
use crate::domain::words::Word;

/// Show what an environment can be copied onto, and why not onto the others
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck targets copy --from \"Contoso Sales\" -s contoso.yaml
  envdeck targets copy --help")]
pub struct Targets {
    #[command(subcommand)]
    operation: Operation,
}

#[derive(Debug, Subcommand)]
enum Operation {
    Copy(CopyArguments),
}

/// Judge every environment as the target of a copy
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck targets copy --from \"Contoso Sales\" -s contoso.yaml
  envdeck targets copy --from \"Contoso Sales\" --level customizations -s contoso.yaml --format csv
  envdeck targets copy --from \"Contoso Sales\" --demo --tenant Contoso --format json

Every environment is listed: those that can be overwritten first, then those that depend on an unknown fact, then the refused ones.")]
struct CopyArguments {
    /// What is copied: its id, its name, how its name begins, or TENANT/NAME
    #[arg(long, value_name = "ENV")]
    from: String,
    /// What the copy carries
    #[arg(long, value_name = "LEVEL", default_value = "everything", ignore_case = true, value_parser = level())]
    level: Level,
    #[command(flatten)]
    source: Source,
}

/// The columns of the sheet before those of the finding.
const COLUMNS: [&str; 4] = ["id", "name", "type", "verdict"];

/// Judges them.
pub fn run(arguments: &Targets, out: &mut Out) -> Result<Status, Failure> {
    match &arguments.operation {
        Operation::Copy(arguments) => copy(arguments, out),
    }
}

fn copy(arguments: &CopyArguments, out: &mut Out) -> Result<Status, Failure> {
    let session = arguments.source.open()?;
    let source = session.environment(&arguments.from)?;
    let level = arguments.level;
    // Ordered by outlines; the words of one verdict at a time are made while it is written.
    let judge = |target: &Environment| copy::judge(Copy { source, target, level }, &session.estate, &session.rulebooks, session.now).findings;
    let targets = ordered(&session, |target| copy::outline(Copy { source, target, level }, &session.estate, &session.rulebooks, session.now).answer());
    match arguments.source.written.format {
        Format::Json => {
            write!(out, "{{\"operation\":\"copy\",\"from\":{},\"targets\":", named(source))?;
            let one = |(answer, target): (Answer, &Environment)| {
                let mut environment = named(target);
                if let Some(object) = environment.as_object_mut() {
                    object.insert("type".to_owned(), word(target.kind));
                }
                json!({ "environment": environment, "verdict": answer.word(), "findings": findings::json(&judge(target)) })
            };
            json::write_list(out, targets.into_iter().map(one))?;
            writeln!(out, "}}")?;
        }
        Format::Csv => {
            let header: Vec<_> = COLUMNS.into_iter().chain(findings::COLUMNS).collect();
            let rows = targets.into_iter().flat_map(|(answer, target)| {
                let kind = sheet::text(&word(target.kind));
                findings::rows(&[target.id.as_str(), &target.name, &kind, answer.word()], &judge(target))
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
            table.header(out)?;
            for (answer, target) in targets {
                if out.nobody_reads() {
                    break;
                }
                table.row(out, &row((answer, target)))?;
                findings::write(out, &judge(target))?;
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

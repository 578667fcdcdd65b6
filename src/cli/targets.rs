//! `envdeck targets`: every environment as a target, the eligible ones first, each refused one with all its reasons.

use std::io::Write as _;

use clap::{Args, Subcommand};
use serde_json::json;

use super::json::{self, named, word};
use super::output::{Failure, Out, Status};
use super::request::{CopyChoices, RestoreChoices};
use super::source::{Format, Session, Source};
use super::table::{Cell, Fit, Table, cell, shown};
use super::{accounts, findings, sheet};
use crate::domain::audit_logs;
use crate::domain::environment::Environment;
use crate::domain::request::account::{self, Line, Topic};
use crate::domain::request::{Case, Change, Choice, Context, Request};
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

As JSON, {operation, from: {id, name}, open: [choice], account: [{topic, text}], targets: [{environment: {id, name, type}, verdict, findings, audit_logs}]}; level and audit_logs are there once the level is chosen; a verdict is allowed, allowed-with-warnings, unknown or blocked.")]
struct CopyArguments {
    /// What is copied: its id, its name, how its name begins, or TENANT/NAME
    #[arg(long, value_name = "ENV")]
    from: String,
    #[command(flatten)]
    choices: CopyChoices,
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

As JSON, {operation, from: {id, name}, open: [choice], account: [{topic, text}], targets: [{environment: {id, name, type}, verdict, findings, audit_logs}]}; a verdict is allowed, allowed-with-warnings, unknown or blocked.")]
struct RestoreArguments {
    /// Whose backup is restored: its id, its name, how its name begins, or TENANT/NAME
    #[arg(long, value_name = "ENV")]
    from: String,
    #[command(flatten)]
    choices: RestoreChoices,
    #[command(flatten)]
    source: Source,
}

/// The columns of the sheet before those of the finding.
const COLUMNS: [&str; 4] = ["id", "name", "type", "verdict"];

/// Judges them.
pub fn run(arguments: &Targets, out: &mut Out) -> Result<Status, Failure> {
    match &arguments.operation {
        Operation::Copy(CopyArguments { from, choices, source }) => write(from, source, &|from, session| choices.change(from, None, session), out),
        Operation::Restore(RestoreArguments { from, choices, source }) => write(from, source, &|from, session| choices.change(from, None, session.now), out),
    }
}

/// Writes every environment as a target of what is wanted, as far as it is chosen.
fn write(from: &str, options: &Source, change: &dyn Fn(&Environment, &Session) -> Result<Change, Failure>, out: &mut Out) -> Result<Status, Failure> {
    let session = options.open()?;
    let source = session.environment(from)?;
    let request = Request { source: Some(source.id.clone()), target: source.id.clone(), change: change(source, &session)? };
    let templates = session.templates_at_work()?;
    let context = Context::new(&session.estate, &session.rulebooks, &templates, session.now);
    let case = Case::of(&request, &context).map_err(|missing| Failure::Usage(missing.0.to_owned()))?;
    // Ordered by outlines; the words of one verdict at a time are made while it is written.
    let findings_about = |target: &Environment| case.onto(target).verdict().findings;
    let targets = ordered(&session, |target| case.onto(target).outline().answer());
    // Of whatever target, so that nothing is said of one. What a target is called and who gets in stays, where nothing else is said.
    let any = case.onto(session.estate.facts().nobody());
    let open: Vec<_> = any.open().into_iter().filter(|choice| !["name", "security-group"].contains(choice)).collect();
    let mut chosen = account::before_the_target(&any);
    if !open.is_empty() {
        chosen.push(Line { topic: Topic::Open, text: open.join(", ").into() });
    }
    let format = options.written.format;
    match format {
        Format::Json => {
            let (chosen, open) = (accounts::json(&chosen), json!(open));
            let operation = case.kind().word();
            let level = match &case.request.change {
                Change::Copy { level: Choice::Chosen(level), .. } => format!("\"level\":\"{}\",", level.word()),
                _ => String::new(),
            };
            write!(out, "{{\"operation\":\"{operation}\",\"from\":{},{level}\"open\":{open},\"account\":{chosen},\"targets\":", named(source))?;
            let one = |(answer, target): (Answer, &Environment)| {
                let mut environment = named(target);
                if let Some(object) = environment.as_object_mut() {
                    object.insert("type".to_owned(), word(target.kind));
                }
                let mut row = json!({ "environment": environment, "verdict": answer.word(), "findings": findings::json(&findings_about(target)) });
                // Onto itself an environment keeps its own.
                if let (Some(row), Some(told)) = (row.as_object_mut(), audit_logs::of(&case.request.change, case.source.id == target.id)) {
                    row.insert("audit_logs".to_owned(), told.logs.word().into());
                }
                row
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
            accounts::write(out, &chosen)?;
            let mut table = Table::new([("VERDICT", Fit::Keep), ("NAME", Fit::Shorten), ("TYPE", Fit::Keep), ("TENANT", Fit::Drop), ("ID", Fit::Drop)]);
            targets.iter().for_each(|target| table.measure(&row(*target)));
            table.fit(out.screen.width);
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

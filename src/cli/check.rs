//! `envdeck check`: may this be done, and if not, every reason why and what to do about it.

use clap::builder::TypedValueParser;
use clap::{Args, Subcommand};
use serde_json::json;

use super::json::{self, named};
use super::output::{Failure, Out, Status};
use super::source::{Format, Source, one_of};
use super::{findings, sheet};
use crate::domain::copy::{self, Copy, Level};
use crate::domain::environment::Environment;
use crate::domain::verdict::{Answer, Verdict};
use crate::domain::words::Word;

/// Ask whether something may be done; the exit status answers too
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck check copy --from \"Contoso Sales\" --to \"Contoso Sales UAT\" -s contoso.yaml
  envdeck check copy --help

Exit status: 0 allowed, also with warnings; 1 blocked, or not decidable because a fact is unknown.")]
pub struct Check {
    #[command(subcommand)]
    operation: Operation,
}

#[derive(Debug, Subcommand)]
enum Operation {
    Copy(CopyArguments),
}

/// Ask whether one environment may be copied onto another
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck check copy --from \"Contoso Sales\" --to \"Contoso Sales UAT\" -s contoso.yaml
  envdeck check copy --from \"Contoso Sales\" --to Training --level customizations -s contoso.yaml --format json
  envdeck check copy --from \"Contoso Sales\" --to \"Contoso Sales UAT\" -s contoso.yaml >/dev/null && echo go

Exit status: 0 allowed, also with warnings; 1 blocked, or not decidable because a fact is unknown.")]
struct CopyArguments {
    /// What is copied: its id, its name, how its name begins, or TENANT/NAME
    #[arg(long, value_name = "ENV")]
    from: String,
    /// What is overwritten
    #[arg(long, value_name = "ENV")]
    to: String,
    /// What the copy carries
    #[arg(long, value_name = "LEVEL", default_value = "everything", ignore_case = true, value_parser = level())]
    level: Level,
    #[command(flatten)]
    source: Source,
}

/// The level of a copy, as it is written in options.
pub fn level() -> impl TypedValueParser<Value = Level> {
    one_of::<Level>()
}

/// The columns of the sheet before those of the finding.
const COLUMNS: [&str; 5] = ["from_id", "from", "to_id", "to", "verdict"];

/// Answers it.
pub fn run(arguments: &Check, out: &mut Out) -> Result<Status, Failure> {
    match &arguments.operation {
        Operation::Copy(arguments) => copy(arguments, out),
    }
}

fn copy(arguments: &CopyArguments, out: &mut Out) -> Result<Status, Failure> {
    let session = arguments.source.open()?;
    let (source, target) = (session.environment(&arguments.from)?, session.environment(&arguments.to)?);
    let verdict = copy::judge(Copy { source, target, level: arguments.level }, &session.estate, &session.rulebooks, session.now);
    let question = format!("copy of {} onto {}, {}", source.name, target.name, arguments.level.word());
    pair("copy", &question, (source, target), &verdict, arguments.source.written.format, out)
}

/// Writes the verdict about an operation from one environment onto another.
fn pair(
    operation: &str,
    question: &str,
    (from, to): (&Environment, &Environment),
    verdict: &Verdict,
    format: Format,
    out: &mut Out,
) -> Result<Status, Failure> {
    let answer = verdict.answer();
    match format {
        Format::Json => json::write(
            out,
            &json!({
                "operation": operation,
                "from": named(from),
                "to": named(to),
                "verdict": answer.word(),
                "findings": findings::json(&verdict.findings),
            }),
        )?,
        Format::Csv => {
            let header: Vec<_> = COLUMNS.into_iter().chain(findings::COLUMNS).collect();
            let before = [from.id.as_str(), &from.name, to.id.as_str(), &to.name, answer.word()];
            sheet::write(out, &header, findings::rows(&before, &verdict.findings).into_iter())?;
        }
        Format::Table => {
            out.sentence(0, answer.into(), &format!("{}: ", answer.label()), question)?;
            findings::write(out, &verdict.findings)?;
        }
    }
    Ok(match answer {
        Answer::Allowed | Answer::AllowedWithWarnings => Status::Done,
        Answer::Unknown | Answer::Blocked => Status::No,
    })
}

//! `envdeck runbook`: the commands that carry something out, guarded, or a change record for approval.

use std::io::Write as _;
use std::path::PathBuf;

use chrono::DateTime;
use clap::{Args, Subcommand};

use super::output::{Failure, Out, Status, complain};
use super::request::{Wanted, back, moved, typed};
use super::source::{Session, Source, one_of};
use super::when::{When, Window, coming, passed, window};
use crate::domain::checklist::{self, Checklist};
use crate::domain::environment::{Environment, EnvironmentId};
use crate::domain::known::Known;
use crate::domain::migration::{Planned, as_agreed};
use crate::domain::operation::Acknowledgement;
use crate::domain::order::{self, Desk, Dialect, Inputs, Order, Papers, Refusal};
use crate::domain::request::{Context, Move};
use crate::domain::verdict::{Code, Finding, Verdict};
use crate::domain::words::{Word, counted};
use crate::files;
use crate::files::text::harmless;
use crate::runbook::{self, Unacknowledged};

/// Write the commands that carry something out, guarded, or a change record for approval
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck runbook copy --from \"Contoso Sales\" --to \"Contoso Sales UAT\" --level everything -s contoso.yaml
  envdeck runbook copy --from \"Contoso Sales\" --to \"Contoso Sales UAT\" --level everything --demo --dialect markdown
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
    window: Option<Window>,
    /// Take findings upon yourself that are unknown or grave, by their codes
    #[arg(long, value_name = "CODE", num_args = 1.., value_delimiter = ',', ignore_case = true, hide_possible_values = true, value_parser = one_of::<Code>())]
    acknowledge: Vec<Code>,
    /// Write it into this file, which must not be there yet; scripts can be run then
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    output: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Operation {
    #[command(flatten)]
    One(Wanted<Taken>),
    Plan(Plan),
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
    /// The instant to which the plan restores, such as 2026-01-04T14:35:00Z or friday 18:00; without it the one that it was begun with
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true, value_parser = passed)]
    at: Option<When>,
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
    #[arg(long, value_name = "WHEN", value_parser = coming)]
    cut_over: Option<When>,
    #[command(flatten)]
    source: Source<Taken>,
}

fn given(text: Option<&String>) -> Option<Box<str>> {
    text.map(|text| typed(text)).filter(|text| !text.is_empty())
}

/// Writes it, or says why there is none.
pub fn run(arguments: &Runbook, out: &mut Out) -> Result<Status, Failure> {
    match &arguments.operation {
        Operation::One(wanted) => {
            let session = wanted.source().open()?;
            let request = wanted.request(&session)?;
            deliver(&session, wanted.source(), out, |desk, papers| order::of_request(request, desk, papers))
        }
        Operation::Plan(arguments) => plan(arguments, out),
    }
}

/// What is chosen for the move of a plan: as named here, else as it stands in the plan that was begun.
fn move_of_plan(arguments: &Plan, chosen: &checklist::Inputs, session: &Session, environment: &Environment) -> Result<Option<Move>, Failure> {
    let planned = Planned(chosen);
    let Some(tenant) = arguments.to_tenant.as_deref().or(planned.to()) else { return Ok(None) };
    let planned_file = planned.mapping(&environment.id).map(|file| PathBuf::from(session.estate.records().lies_at(file)));
    let file = arguments.mapping.as_deref().or(planned_file.as_deref());
    let moved = moved(session, environment, session.tenant_named(tenant)?, file)?;
    let named = arguments.cut_over.as_ref().map(|when| when.with_offset(session.now)).transpose()?;
    let cut_over = named.or_else(|| DateTime::parse_from_rfc3339(planned.cut_over()?).ok());
    let group = planned.group(&environment.id).map(Box::from);
    Ok(Some(Move { cut_over, group, ..moved }))
}

fn plan(arguments: &Plan, out: &mut Out) -> Result<Status, Failure> {
    let session = arguments.source.open()?;
    let environment = session.environment(&arguments.environment)?;
    let templates = session.templates()?;
    let open = checklist::open_for(session.estate.journal(), &templates, &environment.id);
    let begun = open.iter().rfind(|opened| opened.template.eq_ignore_ascii_case(arguments.plan.trim()));
    let begun_with = begun.and_then(|opened| opened.plan).map_or(&[][..], |(_, inputs)| inputs);
    let worked = begun.and_then(|opened| Checklist::of(session.estate.journal(), opened, &templates, environment, &session.estate));
    let chosen = &*as_agreed(worked.as_ref(), begun_with, &environment.id);
    let at = arguments.at.as_ref().map(|when| when.at(session.now)).transpose()?;
    let back = back(at, arguments.backup.as_deref(), environment)?.or_else(|| checklist::back(chosen));
    let named = |text: &Option<String>| -> Result<Option<EnvironmentId>, Failure> {
        Ok(text.as_deref().map(|text| session.environment(text)).transpose()?.map(|named| named.id.clone()))
    };
    let inputs = Inputs { back, onto: named(&arguments.to)?, from: named(&arguments.from)?, moved: move_of_plan(arguments, chosen, &session, environment)? };
    deliver(&session, &arguments.source, out, |desk, papers| {
        let mut plans = desk.context.templates.iter().filter(|template| template.plan.is_some());
        let Some(template) = plans.find(|template| template.id.eq_ignore_ascii_case(arguments.plan.trim())) else {
            let known: Vec<&str> = desk.context.templates.iter().filter(|template| template.plan.is_some()).map(|template| &*template.id).collect();
            let what = format!("there is no plan `{}`; there are {}", harmless(&arguments.plan), known.join(", "));
            return Err(Refusal { what, verdict: Verdict::default(), is_answer: false });
        };
        order::of_plan(template, environment, &inputs, desk, papers)
    })
}

/// Makes the order and writes its runbook, or says on standard error why there is none.
fn deliver(
    session: &Session,
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
    let desk = Desk { context: Context::new(&session.estate, &session.rulebooks, &templates, session.now), takes: &takes };
    let window = taken.window.as_ref().map(|window| window.at(session.now)).transpose()?;
    let papers = Papers { purpose: given(taken.purpose.as_ref()), ticket: given(taken.ticket.as_ref()), approver: given(taken.approver.as_ref()), window };
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

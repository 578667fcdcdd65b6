//! `envdeck check`: may this be done, and if not, every reason why and what to do about it.

use clap::Args;
use serde_json::{Value, json};

use super::json::{self, named};
use super::output::{Failure, Out, Status};
use super::request::Wanted;
use super::source::{Format, Written};
use super::{accounts, findings, sheet};
use crate::domain::audit_logs;
use crate::domain::environment::Environment;
use crate::domain::operation::OperationKind;
use crate::domain::request::account::account;
use crate::domain::request::kinds::row;
use crate::domain::request::{Case, Change, Choice, Context};
use crate::domain::verdict::{Answer, Verdict};
use crate::domain::words::Word;

/// Ask whether something may be done; the exit status answers too
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck check copy --from \"Contoso Sales\" --to \"Contoso Sales UAT\" --level everything -s contoso.yaml
  envdeck check restore --from \"Contoso Sales\" --to \"Contoso Sales UAT\" --at 2026-01-04T14:35:00Z -s contoso.yaml
  envdeck check switch \"Contoso Sales\" --to sandbox -s contoso.yaml
  envdeck check copy --help

Exit status: 0 allowed, also with warnings; 1 blocked, or not decidable because a fact is unknown.

As JSON, {operation, from: {id, name}, to: {id, name}, verdict, findings: [{severity, rule, code, message, remedy, article, acknowledge}], open: [choice], account: [{topic, text}]}; a copy has level and audit_logs too, a restore audit_logs; an operation on one environment has environment: {id, name} in place of from and to.")]
pub struct Check {
    #[command(subcommand)]
    wanted: Wanted<Written>,
}

/// Answers it.
pub fn run(arguments: &Check, out: &mut Out) -> Result<Status, Failure> {
    let Check { wanted } = arguments;
    let session = wanted.source().open()?;
    let request = wanted.request(&session)?;
    let templates = session.templates_at_work()?;
    let context = Context::new(&session.estate, &session.rulebooks, &templates, session.now);
    let case = Case::of(&request, &context).map_err(|missing| Failure::Usage(missing.0.to_owned()))?;
    let verdict = case.verdict();
    let answer = verdict.answer();
    // By which environment the tenant was named in which one would be created.
    let beside = if let Wanted::Create(create) = wanted { create.place(&session)?.1 } else { None };
    match wanted.source().written.format {
        Format::Json => json::write(out, &object(&case, beside, &verdict))?,
        Format::Csv => csv(&case, beside, &verdict, out)?,
        Format::Table => {
            out.sentence(0, answer.into(), &format!("{}: ", answer.label()), &case.asked())?;
            findings::write(out, &verdict.findings)?;
            accounts::write(out, &account(&case))?;
        }
    }
    Ok(match answer {
        Answer::Allowed | Answer::AllowedWithWarnings => Status::Done,
        Answer::Unknown | Answer::Blocked => Status::No,
    })
}

fn object(case: &Case<'_>, beside: Option<&Environment>, verdict: &Verdict) -> Value {
    let mut object = json!({ "operation": case.kind().word() });
    let mut add = |key: &str, value: Value| {
        if let Some(object) = object.as_object_mut() {
            object.insert(key.to_owned(), value);
        }
    };
    if row(case.kind()).has_source {
        add("from", named(case.source));
        add("to", named(case.target));
    } else if case.kind() == OperationKind::Create {
        add("environment", beside.map_or(Value::Null, named));
        add("tenant", json!(case.context.estate.tenant(case.tenant).name));
    } else {
        add("environment", named(case.target));
    }
    add("verdict", json!(verdict.answer().word()));
    add("findings", findings::json(&verdict.findings));
    if let Change::Copy { level: Choice::Chosen(level), .. } = &case.request.change {
        add("level", json!(level.word()));
    }
    if let Some(told) = audit_logs::of(&case.request.change, case.source.id == case.target.id) {
        add("audit_logs", json!(told.logs.word()));
    }
    add("open", json!(case.open()));
    add("account", accounts::json(&account(case)));
    object
}

/// The columns of the sheet before those of the finding.
const PAIR: [&str; 5] = ["from_id", "from", "to_id", "to", "verdict"];
const ONE: [&str; 3] = ["id", "name", "verdict"];

fn csv(case: &Case<'_>, beside: Option<&Environment>, verdict: &Verdict, out: &mut Out) -> Result<(), Failure> {
    let (from, to, answer) = (case.source, case.target, verdict.answer().word());
    let (columns, before): (&[&str], Vec<&str>) = if row(case.kind()).has_source {
        (&PAIR, vec![from.id.as_str(), &from.name, to.id.as_str(), &to.name, answer])
    } else if case.kind() == OperationKind::Create {
        let (id, name) = beside.map_or(("", &case.context.estate.tenant(case.tenant).name), |beside| (beside.id.as_str(), &beside.name));
        (&ONE, vec![id, name, answer])
    } else {
        (&ONE, vec![to.id.as_str(), &to.name, answer])
    };
    let header: Vec<_> = columns.iter().copied().chain(findings::COLUMNS).collect();
    sheet::write(out, &header, findings::rows(&before, &verdict.findings).into_iter())?;
    Ok(())
}

//! `envdeck list`: the environments, all or those that a filter passes.

use std::io::Write as _;

use clap::Args;
use serde_json::{Value, json};

use super::json::{self, fact, instant, word};
use super::output::{Failure, Out, Status};
use super::sheet;
use super::source::{Format, Session, Source};
use super::table::{Cell, Fit, Table, cell, days, shown, yes_or_no};
use crate::domain::environment::Environment;
use crate::domain::filter::Filter;
use crate::domain::retention::retention;
use crate::domain::time::minute;
use crate::domain::words::Word;
use crate::files::text::harmless;

/// List the environments
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck list -s contoso.yaml
  envdeck list -s contoso.yaml --filter \"sales type:sandbox,preview managed:yes\"
  envdeck list -s contoso.yaml --filter linked:unknown --format json
  envdeck list --demo --tenant Fabrikam --format csv

A filter is made of words of the name and of terms, all of which must match:
  type: state: region: tenant: managed: d365: linked: admin-mode: background: deleted: dataverse: cmk: iom:

As JSON, a list of objects whose keys are the columns of the CSV; what is unknown is \"unknown\".")]
pub struct List {
    /// Only environments that match, such as "sales type:sandbox managed:yes"
    #[arg(long, value_name = "EXPR")]
    filter: Option<String>,
    #[command(flatten)]
    source: Source,
}

/// The keys of an environment in JSON and CSV.
const COLUMNS: [&str; 15] = [
    "id",
    "name",
    "tenant",
    "type",
    "state",
    "region",
    "url",
    "managed",
    "dataverse",
    "dynamics_365",
    "linked",
    "admin_mode",
    "background_operations",
    "retention_days",
    "deleted_at",
];

/// Lists them.
pub fn run(arguments: &List, out: &mut Out) -> Result<Status, Failure> {
    let filter = Filter::parse(arguments.filter.as_deref().unwrap_or_default()).map_err(|error| Failure::Usage(format!("--filter: {}", harmless(&error.0))))?;
    let session = arguments.source.open()?;
    let found = session.environments().map(|(_, environment)| environment);
    let found = found.filter(|e| filter.is_in(&e.name) && filter.passes(e, session.tenant_of(e), session.rulebook()));
    match arguments.source.written.format {
        Format::Json => {
            json::write_list(out, found.map(|environment| object(&session, environment)))?;
            writeln!(out)?;
        }
        Format::Csv => sheet::write(out, &COLUMNS, found.map(|environment| sheet::fields(&COLUMNS, &object(&session, environment))))?,
        Format::Table => text(&session, &found.collect::<Vec<_>>(), out)?,
    }
    Ok(Status::Done)
}

fn object(session: &Session, environment: &Environment) -> Value {
    let e = environment;
    let mut object = json!({
        "id": e.id.as_str(),
        "name": &*e.name,
        "tenant": session.tenant_of(e),
        "type": word(e.kind),
        "state": word(e.state),
        "region": fact(e.region.as_ref().map(|region| &**region)),
        "url": fact(e.url.as_ref().map(Option::as_deref)),
        "managed": fact(e.managed),
        "dataverse": fact(e.has_database()),
        "dynamics_365": fact(e.has_dynamics_365()),
        "linked": fact(e.is_linked()),
        "admin_mode": fact(e.admin_mode),
        "background_operations": fact(e.background_operations),
        "retention_days": fact(retention(e, session.rulebook()).in_force()),
        "deleted_at": instant(e.deleted_at),
    });
    json::add_unread(&mut object, &e.unread);
    object
}

fn text(session: &Session, found: &[&Environment], out: &mut Out) -> Result<(), Failure> {
    if found.is_empty() {
        writeln!(out, "no environments here; leave out --filter or --tenant, or capture the tenant again")?;
        return Ok(());
    }
    let mut columns = vec![("NAME", Fit::Shorten), ("TYPE", Fit::Keep), ("STATE", Fit::Keep), ("REGION", Fit::Keep)];
    columns.extend([("BACKUPS", Fit::Keep), ("MANAGED", Fit::Drop), ("D365", Fit::Drop), ("LINKED", Fit::Drop), ("ADMIN MODE", Fit::Drop)]);
    columns.push(("DELETED", Fit::Drop));
    if session.has_several_tenants() {
        columns.push(("TENANT", Fit::Drop));
    }
    columns.push(("ID", Fit::Drop));
    let row = |e: &Environment| {
        let mut row: Vec<Cell<'_>> = vec![cell(e.name.to_string()), shown(e.kind.map(Word::word)), shown(e.state.map(Word::word))];
        row.push(shown(e.region.as_ref().map(ToString::to_string)));
        row.push(shown(days(retention(e, session.rulebook()).in_force())));
        row.extend([e.managed, e.has_dynamics_365(), e.is_linked(), e.admin_mode].map(|flag| shown(yes_or_no(flag))));
        row.push(shown(e.deleted_at.map(|at| at.map_or_else(|| "no".to_owned(), minute))));
        if session.has_several_tenants() {
            row.push(cell(session.tenant_of(e).to_owned()));
        }
        row.push(cell(e.id.to_string()));
        row
    };
    Table::new(columns).write(out, &found.iter().map(|environment| row(environment)).collect::<Vec<_>>())?;
    Ok(())
}

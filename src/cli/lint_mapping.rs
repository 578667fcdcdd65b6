//! `envdeck lint-mapping`: is this a good user mapping file, and if not, what is wrong in which line and how to mend it.

use std::borrow::Cow;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::json;
use super::output::{Failure, Out, Status, Tone};
use super::sheet;
use super::source::{Format, Session, Source};
use crate::domain::environment::Environment;
use crate::domain::known::Known;
use crate::domain::mapping::{Asked, Left, LeftBehind, Linted, Mailbox, Mapped, Remark, lint};
use crate::domain::rulebook::Edition;
use crate::domain::tenant::{Access, Tenant, TenantKey};
use crate::domain::words::{Word, counted, list};
use crate::files::mapping;
use crate::files::text::harmless;

/// Check a user mapping file for a move to another tenant
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck lint-mapping orders.csv
  envdeck lint-mapping usermapping.csv --rulebook current
  envdeck lint-mapping orders.csv --environment \"Fabrikam Orders\" --to-tenant Contoso -s both.yaml
  envdeck generate-mapping --help                    how to write a first file

By the rulebook articles every line is `source, destination` and there is no header. By current the file is called usermapping.csv, its first line is the header Source,Destination, and its errors are quoted as Microsoft publishes them.

Without a snapshot only the form is checked. With one the users are looked up in the tenants that are named, of which --environment names the first. A user of whom something is unknown is a warning.

Exit status: 0 no errors, warnings or not; 1 errors; 3 a file cannot be read.

As JSON, {file, rulebook, rows, errors: [{line, column, code, message, remedy}], warnings: [the same], left_behind: [upn], left_behind_administrative: [upn], left_behind_of: environment, tenant or null, mailboxes: {automatic, verify, reconfigure, unknown: [upn]}}; line and column count from 1.")]
pub struct LintMapping {
    /// The mapping file, or - for standard input
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,
    /// The tenant that the users leave: its id, its name, or how its name begins
    #[arg(long, value_name = "TENANT")]
    from_tenant: Option<String>,
    /// The tenant that they move to
    #[arg(long, value_name = "TENANT")]
    to_tenant: Option<String>,
    /// The environment that moves: its id, its name, how its name begins, or TENANT/NAME
    #[arg(long, value_name = "ENV")]
    environment: Option<String>,
    #[command(flatten)]
    source: Source,
}

/// Checks the file.
pub fn run(arguments: &LintMapping, out: &mut Out) -> Result<Status, Failure> {
    let looks_up = arguments.from_tenant.is_some() || arguments.to_tenant.is_some() || arguments.environment.is_some();
    let session = if looks_up || arguments.source.is_named() { Some(arguments.source.open()?) } else { None };
    let edition = session.as_ref().map(|session| session.estate.edition()).or(arguments.source.edition()).unwrap_or(Edition::Articles);
    let sides = session.as_ref().map(|session| Sides::of(arguments, session)).transpose()?.unwrap_or_default();
    let sheet = mapping::load(&arguments.file)?;
    let name = name_of(&arguments.file);
    let linted = lint(&sheet, Asked { edition, file: name.as_deref(), from: sides.from, to: sides.to, environment: sides.environment });
    let file = harmless(&arguments.file.display().to_string()).into_owned();
    match arguments.source.written.format {
        Format::Json => json::write(out, &object(&file, edition, &linted, sides))?,
        Format::Csv => csv(&linted, out)?,
        Format::Table => text(&file, edition, &linted, sides, out)?,
    }
    Ok(if linted.errors.is_empty() { Status::Done } else { Status::No })
}

/// Checks the mapping file of one environment that moves.
pub fn mapping_of(file: &Path, session: &Session, environment: &Environment, to: TenantKey) -> Result<Linted, Failure> {
    let (from, to) = (session.estate.tenant(environment.tenant), session.estate.tenant(to));
    let (sheet, name) = (mapping::load(file)?, name_of(file));
    Ok(lint(&sheet, Asked { edition: session.estate.edition(), file: name.as_deref(), from: Some(from), to: Some(to), environment: Some(environment) }))
}

/// The name of a file without its folder; standard input has none.
fn name_of(file: &Path) -> Option<String> {
    let name = file.file_name().filter(|_| file != Path::new("-"))?;
    Some(harmless(&name.to_string_lossy()).into_owned())
}

/// Where users are looked up.
#[derive(Clone, Copy, Default)]
struct Sides<'a> {
    from: Option<&'a Tenant>,
    to: Option<&'a Tenant>,
    environment: Option<&'a Environment>,
}

impl<'a> Sides<'a> {
    fn of(arguments: &LintMapping, session: &'a Session) -> Result<Self, Failure> {
        let tenant = |text: &Option<String>| text.as_deref().map(|text| session.tenant_named(text)).transpose();
        let environment = arguments.environment.as_deref().map(|text| session.environment(text)).transpose()?;
        let (named, to) = (tenant(&arguments.from_tenant)?, tenant(&arguments.to_tenant)?);
        let from = named.or(environment.map(|environment| environment.tenant));
        let of = |key: TenantKey| session.estate.tenant(key);
        if let (Some(environment), Some(from)) = (environment, from.filter(|from| environment.is_some_and(|environment| environment.tenant != *from))) {
            let home = of(environment.tenant);
            return Err(Failure::Usage(format!("{} is in {}, not in {}: leave out --from-tenant", environment.name, home.name, of(from).name)));
        }
        if let (Some(from), Some(to)) = (from, to)
            && from == to
        {
            return Err(Failure::Usage(format!("the users leave {0} and move to {0}: name another tenant with --to-tenant", of(from).name)));
        }
        Ok(Self { from: from.map(of), to: to.map(of), environment })
    }
}

fn remark(remark: &Remark) -> Value {
    let Remark { line, column, code, message, remedy } = remark;
    json!({ "line": line, "column": column, "code": code.word(), "message": message, "remedy": remedy })
}

fn object(file: &str, edition: Edition, linted: &Linted, sides: Sides<'_>) -> Value {
    let left = |only: fn(&Left) -> bool| linted.left_behind.users().iter().filter(|left| only(left)).map(|left| &*left.upn).collect::<Value>();
    let of = match linted.left_behind {
        LeftBehind::Unknown => None,
        LeftBehind::OfEnvironment(_) => Some("environment"),
        LeftBehind::OfTenant(_) => Some("tenant"),
    };
    let whose = |state: Known<Mailbox>| with_mailbox(linted, state).collect::<Value>();
    let looked_up = sides.from.is_some() && sides.to.is_some();
    let mailboxes = looked_up.then(|| {
        let mut mailboxes: serde_json::Map<String, Value> = Mailbox::ALL.iter().map(|state| (state.word().to_owned(), whose(Known::Is(*state)))).collect();
        mailboxes.insert(json::UNKNOWN.to_owned(), whose(Known::Unknown));
        mailboxes
    });
    json!({
        "file": file,
        "rulebook": edition.word(),
        "rows": linted.rows,
        "errors": linted.errors.iter().map(remark).collect::<Value>(),
        "warnings": linted.warnings.iter().map(remark).collect::<Value>(),
        "left_behind": left(|_| true),
        "left_behind_administrative": left(is_administrative),
        "left_behind_of": of,
        "mailboxes": mailboxes,
    })
}

/// Whether the user need not be mapped (TTM-078).
fn is_administrative(left: &Left) -> bool {
    left.access == Known::Is(Access::Administrative)
}

/// The mapped users whose mailbox comes to this.
fn with_mailbox(linted: &Linted, state: Known<Mailbox>) -> impl Iterator<Item = &str> {
    linted.mapped.iter().filter(move |mapped| mapped.mailbox == state).map(|Mapped { source, .. }| &**source)
}

/// The columns of the sheet: one row for each error, warning and user left behind.
const COLUMNS: [&str; 6] = ["severity", "line", "column", "code", "message", "remedy"];

fn csv(linted: &Linted, out: &mut Out) -> Result<(), Failure> {
    let row = |severity: &'static str, remark: &Remark| {
        [severity.to_owned(), remark.line.to_string(), remark.column.to_string(), remark.code.word().to_owned(), remark.message.clone(), remark.remedy.clone()]
    };
    let errors = linted.errors.iter().map(|remark| row("error", remark));
    let warnings = linted.warnings.iter().map(|remark| row("warning", remark));
    let left = linted.left_behind.users().iter().map(|left| {
        ["left-behind".to_owned(), String::new(), String::new(), String::new(), format!("No complete line names {}", left.upn), way_out(left).to_owned()]
    });
    sheet::write(out, &COLUMNS, errors.chain(warnings).chain(left))?;
    Ok(())
}

/// What to do about a user whom no line names.
fn way_out(left: &Left) -> &'static str {
    if is_administrative(left) {
        "Add a line, or leave this user out: administrative access is optional"
    } else if left.active == Known::Is(false) {
        "The account is not active: activate it and add a line, or leave this user out"
    } else {
        "Add a line: whoever is not in the file is never mapped, also not later"
    }
}

fn text(file: &str, edition: Edition, linted: &Linted, sides: Sides<'_>, out: &mut Out) -> io::Result<()> {
    let (errors, warnings) = (linted.errors.len(), linted.warnings.len());
    let lines = counted(linted.rows, "line");
    let (tone, answer, counts) = match (errors, warnings) {
        (0, 0) => (Tone::Good, "ok", String::new()),
        (0, _) => (Tone::Caution, "ok, with warnings", format!(", {}", counted(warnings, "warning"))),
        (_, 0) => (Tone::Bad, "refused", format!(", {}", counted(errors, "error"))),
        (..) => (Tone::Bad, "refused", format!(", {}, {}", counted(errors, "error"), counted(warnings, "warning"))),
    };
    out.sentence(0, tone, &format!("{answer}: "), &format!("{file} by {}, {lines}{counts}", edition.label()))?;
    for (tone, what, remarks) in [(Tone::Bad, "", &linted.errors), (Tone::Caution, "warning: ", &linted.warnings)] {
        for Remark { line, column, message, remedy, .. } in remarks {
            if out.nobody_reads() {
                return Ok(());
            }
            out.sentence(2, tone, &format!("{file}:{line}:{column}: {what}"), message)?;
            out.sentence(4, Tone::Plain, "-> ", remedy)?;
        }
    }
    left_behind(&linted.left_behind, sides, out)?;
    if sides.from.is_some() && sides.to.is_some() {
        mailboxes(linted, out)?;
    }
    let unlooked = match (sides.from, sides.to, sides.environment) {
        (Some(_), Some(_), Some(_)) => return Ok(()),
        (None, None, _) => "users were not looked up: --environment and --to-tenant name where, and -s the snapshot",
        (None, Some(_), _) => "sources were not looked up: --environment or --from-tenant names where",
        (Some(_), None, _) => "destinations were not looked up: --to-tenant names where",
        (Some(_), Some(_), None) => "whether sources are enabled was not looked up: --environment names where",
    };
    out.sentence(0, Tone::Quiet, "", unlooked)
}

fn left_behind(left: &LeftBehind, sides: Sides<'_>, out: &mut Out) -> io::Result<()> {
    let environment = sides.environment.map(|environment| &*environment.name);
    let tenant = sides.from.map_or("", |tenant| &tenant.name);
    let of: Cow<'_, str> = match (left, environment) {
        (LeftBehind::Unknown, Some(environment)) => {
            return out.sentence(0, Tone::Caution, "left behind: ", &format!("unknown, because nobody listed who is enabled in {environment}"));
        }
        (LeftBehind::Unknown, None) => return Ok(()),
        (LeftBehind::OfEnvironment(_), environment) => format!("of those enabled in {}", environment.unwrap_or_default()).into(),
        (LeftBehind::OfTenant(_), Some(environment)) => format!("of all users of {tenant}, because who is enabled in {environment} is unknown").into(),
        (LeftBehind::OfTenant(_), None) => format!("of all users of {tenant}; --environment asks for those of one environment").into(),
    };
    let users = left.users();
    if users.is_empty() {
        return out.sentence(0, Tone::Good, "left behind: ", &format!("nobody {of}"));
    }
    let optional = users.iter().all(is_administrative);
    let tone = if optional { Tone::Quiet } else { Tone::Caution };
    out.sentence(0, tone, "left behind: ", &format!("{} {of}, whom no complete line names", counted(users.len(), "user")))?;
    for left in users {
        if out.nobody_reads() {
            return Ok(());
        }
        let mark = match (is_administrative(left), left.active) {
            (true, _) => " (administrative access: may be left out)",
            (false, Known::Is(false)) => " (not active: to be activated first)",
            (false, Known::Is(true) | Known::Unknown) => "",
        };
        writeln!(out, "  {}{}", left.upn, out.paint(Tone::Quiet, mark))?;
    }
    if optional {
        return Ok(());
    }
    out.sentence(4, Tone::Plain, "-> ", "Add a line for each who moves: whoever is not in the file is never mapped, also not later")
}

/// What becomes of the mailboxes of those who are mapped, and whose nobody knows (C-50).
fn mailboxes(linted: &Linted, out: &mut Out) -> io::Result<()> {
    for (state, label) in Mailbox::ALL.iter().map(|state| (Known::Is(*state), state.label())).chain([(Known::Unknown, "of which nobody knows")]) {
        let whose: Vec<&str> = with_mailbox(linted, state).collect();
        if !whose.is_empty() {
            out.sentence(0, Tone::Quiet, "mailboxes ", &format!("{label}: {}, {}", whose.len(), list(&whose)))?;
        }
    }
    Ok(())
}

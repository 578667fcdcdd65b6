//! `envdeck import`: exports of a real tenant become a snapshot, on standard output, in a new file, or over an older one.

use std::io::{Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::Args;

use super::output::{Failure, Out, Status, complain};
use super::source::{clock, instant, journal_beside, one_of, viewer};
use crate::domain::conditions;
use crate::domain::estate::{ROLES, Snapshot};
use crate::domain::fact::{self, Field};
use crate::domain::gigabytes::Gigabytes;
use crate::domain::journal::Value;
use crate::domain::known::Known;
use crate::domain::tenant::TenantRole;
use crate::domain::time::rfc3339;
use crate::domain::verdict::Words;
use crate::domain::words::counted;
use crate::files::problem::Problems;
use crate::files::text::harmless;
use crate::files::{exports, is_journal, snapshot};
use crate::import::collect::Shell;
use crate::import::pac::DateOrder;
use crate::import::refresh::{Refreshed, refresh};
use crate::import::{About, Answers, Gathered, Input, Refusal, assemble, collect, gather};

/// Make a snapshot of exports of the admin API, pac, PowerShell and Dataverse, or refresh one
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck import --collect bash > collect.sh && bash collect.sh contoso
  envdeck import contoso --capacity 420.25/500 --role power-platform-admin > contoso.yaml
  envdeck import environments.json users.csv --backups-of \"Contoso Sales\"=backups.txt --output contoso.yaml
  envdeck import contoso --into contoso.yaml
  pac admin list --json | envdeck import - --tenant-id 7c2f0c52-0000-4000-8000-000000000001 > contoso.yaml

What each file is, is found from what stands in it: the admin API's list of environments (also bare, or one of them), `pac admin list --json`,
`Get-AdminPowerAppEnvironment | ConvertTo-Json -Depth 20`, backups as JSON or as the table of `pac admin list-backups`, the history of operations,
`Get-AdminFlow` and `Get-AdminPowerApp`, sets of the Dataverse Web API (mailboxes, connectionreferences, workflows, sdkmessageprocessingsteps, systemusers),
environments and operations of the Power Platform API, also as `pac environment-management ... --json` prints them, `tenantCapacities` of the
licensing API, a CSV of users with licences, and the folder that the collecting script fills.

What no file says is unknown. What cannot be read is reported on standard error, with file, path and value, and stays unknown.
The snapshot goes to standard output, the report to standard error.

Exit status: 0 done, 1 the result would be no valid snapshot, 2 wrong usage, 3 a file cannot be read or written.")]
pub struct Import {
    /// The exports: files, folders of files, or - for standard input
    #[arg(value_name = "FILE|FOLDER", required_unless_present_any = ["collect", "backups_of", "users_of"], value_hint = clap::ValueHint::AnyPath)]
    files: Vec<PathBuf>,
    /// An export that does not name its environment: backups, or a set of Dataverse
    #[arg(long, value_name = "ENV=FILE", value_parser = pair)]
    backups_of: Vec<(String, PathBuf)>,
    /// A CSV of users, where there are several tenants
    #[arg(long, value_name = "TENANT=FILE", value_parser = pair)]
    users_of: Vec<(String, PathBuf)>,
    /// Write the snapshot into this new file
    #[arg(short, long, value_name = "FILE", conflicts_with = "into", value_hint = clap::ValueHint::FilePath)]
    output: Option<PathBuf>,
    /// Refresh this snapshot and report what is new, changed and gone; its journal stays as it is
    #[arg(long, value_name = "SNAPSHOT", value_hint = clap::ValueHint::FilePath)]
    into: Option<PathBuf>,
    /// When the exports were made, such as 2026-01-05T09:00:00Z, or now; without it as they say, else now
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true, value_parser = instant_or_now)]
    captured_at: Option<When>,
    /// In which order the dates of pac's table stand, where they can be read in two ways
    #[arg(long, value_name = "ORDER", ignore_case = true, value_parser = one_of::<DateOrder>())]
    date_order: Option<DateOrder>,
    /// Which tenant exports belong to that name none
    #[arg(long, value_name = "ID", value_parser = named)]
    tenant_id: Option<String>,
    /// The name of the tenant, which no export says
    #[arg(long, value_name = "NAME", value_parser = named)]
    tenant_name: Option<String>,
    /// The primary domain of the tenant
    #[arg(long, value_name = "DOMAIN", value_parser = named)]
    tenant_domain: Option<String>,
    /// The region of the tenant
    #[arg(long, value_name = "REGION", value_parser = named)]
    tenant_region: Option<String>,
    /// Storage of the tenant in gigabytes: what is used, and what it is entitled to
    #[arg(long, value_name = "USED/ENTITLED", value_parser = capacity)]
    capacity: Option<(Gigabytes, Gigabytes)>,
    /// A role in the tenant of whoever imports; more than once for several
    #[arg(long = "role", value_name = "ROLE", ignore_case = true, value_parser = one_of::<TenantRole>())]
    roles: Vec<TenantRole>,
    /// Answer a field for every environment of which no export says it, such as finance_operations=none; of tenants as tenant.lockbox=no
    #[arg(long = "answer", value_name = "FIELD=VALUE", value_parser = answer)]
    answers: Vec<Answered>,
    /// Who imports, whose roles these are; without it as the exports say
    #[arg(long = "as", value_name = "UPN", env = "ENVDECK_AS", hide_env_values = true)]
    operator: Option<String>,
    /// Print a script that collects all of it, read only, into a folder
    #[arg(long, value_name = "SHELL", ignore_case = true, exclusive = true, value_parser = one_of::<Shell>())]
    collect: Option<Shell>,
}

/// When the exports were made.
#[derive(Debug, Clone, Copy)]
enum When {
    At(DateTime<Utc>),
    Now,
}

/// A field that is answered for all.
#[derive(Clone)]
enum Answered {
    Environments(&'static Field<crate::domain::environment::Environment>, Value),
    Tenants(&'static Field<crate::domain::tenant::Tenant>, Value),
}

impl std::fmt::Debug for Answered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (name, value) = match self {
            Self::Environments(field, value) => (field.shape.name, value),
            Self::Tenants(field, value) => (field.shape.name, value),
        };
        write!(f, "{name}={value}")
    }
}

fn named(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() { Err("it must not be empty".to_owned()) } else { Ok(harmless(text).into_owned()) }
}

fn pair(text: &str) -> Result<(String, PathBuf), String> {
    let (whose, file) = text.split_once('=').filter(|(whose, file)| !whose.trim().is_empty() && !file.is_empty()).ok_or("ENV=FILE is expected")?;
    Ok((harmless(whose.trim()).into_owned(), PathBuf::from(file)))
}

fn instant_or_now(text: &str) -> Result<When, String> {
    if text.eq_ignore_ascii_case("now") { Ok(When::Now) } else { instant(text).map(When::At) }
}

fn capacity(text: &str) -> Result<(Gigabytes, Gigabytes), String> {
    let size = |text: &str| Gigabytes::parse(text.trim().trim_end_matches("GB").trim_end()).filter(|size| *size >= Gigabytes::whole(0));
    let both = text.split_once('/').and_then(|(used, entitled)| Some((size(used)?, size(entitled)?)));
    both.ok_or_else(|| "gigabytes used and entitled such as 420.25/500 are expected".to_owned())
}

fn answer(text: &str) -> Result<Answered, String> {
    let (name, value) = text.split_once('=').ok_or("FIELD=VALUE is expected, such as finance_operations=none")?;
    let name = name.trim();
    let unknown =
        |near: Option<&str>| near.map_or_else(|| format!("there is no field `{name}`"), |near| format!("there is no field `{name}`; did you mean `{near}`?"));
    match name.strip_prefix("tenant.") {
        Some(name) => {
            let field = fact::of_tenant(name).map_err(unknown)?;
            Ok(Answered::Tenants(field, field.shape.parse(value)?))
        }
        None => {
            let field = fact::of_environment(name).map_err(unknown)?;
            Ok(Answered::Environments(field, field.shape.parse(value)?))
        }
    }
}

/// Imports, or prints the script that collects.
pub fn run(arguments: &Import, out: &mut Out) -> Result<Status, Failure> {
    if let Some(shell) = arguments.collect {
        out.write_all(collect::script(shell).as_bytes())?;
        return Ok(Status::Done);
    }
    if let Some(path) = arguments.output.iter().chain(&arguments.into).find(|path| is_named_as_a_journal(path)) {
        return Err(Failure::Usage(format!("{}: this is the name of a journal: name the snapshot", harmless(&path.display().to_string()))));
    }
    if let Some(path) = arguments.output.as_ref().filter(|path| path.exists()) {
        let shown = path.display().to_string();
        return Err(Failure::Usage(format!("{}: there is a file of that name already: name another one, or refresh it with --into", harmless(&shown))));
    }
    let old = arguments.into.as_deref().map(snapshot::load_old).transpose()?;
    let journal = arguments.into.as_deref().map(journal_beside).transpose()?.unwrap_or_default();
    let (mut gathered, files) = gathered(arguments)?;
    if arguments.captured_at.is_some() {
        gathered.forget_times();
    }
    let captured_at = captured_at(arguments.captured_at, gathered.collected_at);
    if conditions::lies_ahead(captured_at, clock()) {
        let Words { message, remedy } = conditions::ahead(captured_at);
        complain(&format!("envdeck: warning: {message}: {remedy}"));
    }
    let known = old.as_ref().map(|old| &old.loaded.snapshot);
    if let Some(Known::Is(before)) = known.map(|known| known.captured_at)
        && captured_at < before
    {
        let (at, old_at, before) = (rfc3339(captured_at), before, rfc3339(before));
        let mistaken = if conditions::lies_ahead(old_at, clock()) { ", which lies in the future: correct its `captured_at` first" } else { "" };
        return Err(Failure::Usage(format!("the exports are of {at}, older than the snapshot, which is of {before}{mistaken}: nothing was written")));
    }
    let assembled = assemble(gathered, known, &arguments.given(), captured_at).map_err(Failure::Usage)?;
    let read = if assembled.read.is_empty() { "nothing" } else { &assembled.read };
    complain(&format!("envdeck: read {}: {read}", counted(files, "file")));
    for remark in &assembled.remarks {
        complain(&remark.to_string());
    }
    let result = match &old {
        Some(old) => {
            let refreshed = refresh(&old.loaded.snapshot, &journal, &assembled);
            report_changes(&refreshed, old);
            refreshed.snapshot
        }
        None => assembled.snapshot,
    };
    report_unknowns(&result);
    let text = snapshot::write(&result);
    if let Err(problems) = check(&result, &text) {
        complain("envdeck: nothing was written, because the result would be no valid snapshot:");
        complain(&problems.to_string());
        return Ok(Status::No);
    }
    match (&arguments.output, &arguments.into) {
        (Some(path), _) => snapshot::save(path, &text, None)?,
        (None, Some(path)) => snapshot::save(path, &text, old.as_ref())?,
        (None, None) => out.write_all(text.as_bytes())?,
    }
    Ok(Status::Done)
}

impl Import {
    /// What was said on the command line.
    fn given(&self) -> Answers {
        let mut answers = Answers {
            tenant_id: self.tenant_id.clone(),
            tenant_name: self.tenant_name.clone(),
            tenant_domain: self.tenant_domain.clone(),
            tenant_region: self.tenant_region.clone(),
            capacity: self.capacity,
            roles: self.roles.clone(),
            operator: viewer(self.operator.clone()),
            ..Answers::default()
        };
        for answered in self.answers.clone() {
            match answered {
                Answered::Environments(field, value) => answers.environments.push((field, value)),
                Answered::Tenants(field, value) => answers.tenants.push((field, value)),
            }
        }
        answers
    }
}

fn is_named_as_a_journal(path: &Path) -> bool {
    path.file_name().is_some_and(crate::files::journal::is_name_of_a_journal) || (path.exists() && is_journal(path))
}

/// Reads all exports; whatever is wrong with one, all are looked at.
fn gathered(arguments: &Import) -> Result<(Gathered, usize), Failure> {
    let of_environments = arguments.backups_of.iter().map(|(whose, file)| (file, Some(About::Environment(whose.clone()))));
    let of_tenants = arguments.users_of.iter().map(|(whose, file)| (file, Some(About::Tenant(whose.clone()))));
    let all = arguments.files.iter().map(|file| (file, None)).chain(of_environments).chain(of_tenants);
    let (mut gathered, mut files) = (Gathered::default(), 0);
    let mut problems: Option<Problems> = None;
    let mut usage: Option<String> = None;
    for (path, about) in all {
        let inside = if path.as_os_str() == "-" { Ok(vec![path.clone()]) } else { exports::files_at(path) };
        let inside = match inside {
            Ok(inside) => inside,
            Err(found) => {
                keep(&mut problems, found);
                continue;
            }
        };
        for file in inside {
            files += 1;
            let read = text(&file)
                .map_err(Refusal::Files)
                .and_then(|(file, text)| gather(Input { file, text, about: about.clone() }, arguments.date_order, &mut gathered));
            match read {
                Ok(()) => {}
                Err(Refusal::Files(found)) => keep(&mut problems, found),
                Err(Refusal::Usage(message)) => usage = usage.or(Some(message)),
            }
        }
    }
    match (problems, usage) {
        (Some(problems), _) => Err(problems.into()),
        (None, Some(message)) => Err(Failure::Usage(message)),
        (None, None) => Ok((gathered, files)),
    }
}

/// Says what is wrong with one file after the other; the last one says it at the end.
fn keep(problems: &mut Option<Problems>, found: Problems) {
    if let Some(before) = problems.replace(found) {
        complain(&before.to_string());
    }
}

/// The text of an export and how it is called.
fn text(path: &Path) -> Result<(String, String), Problems> {
    const STANDARD_INPUT: &str = "standard input";
    if path.as_os_str() != "-" {
        return Ok((path.display().to_string(), exports::read_text(path)?));
    }
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().read_to_end(&mut bytes);
    read.map_err(|error| Problems::unreadable(STANDARD_INPUT, format!("it cannot be read: {}", crate::files::plain(&error))))?;
    Ok((STANDARD_INPUT.to_owned(), exports::text_of(STANDARD_INPUT, bytes)?))
}

/// When the facts were captured: as somebody says, else as the exports say, else now.
fn captured_at(said: Option<When>, collected_at: Option<DateTime<Utc>>) -> DateTime<Utc> {
    // To the second, as people write it.
    let now = || {
        let now = clock();
        DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now)
    };
    match (said, collected_at) {
        (Some(When::At(at)), _) => at,
        (Some(When::Now), _) => now(),
        (None, Some(at)) => at,
        (None, None) => {
            let now = now();
            complain(&format!("envdeck: no export says when it was made, so it is taken to be now, {}; say otherwise with --captured-at", rfc3339(now)));
            now
        }
    }
}

fn report_changes(refreshed: &Refreshed, old: &snapshot::Old) {
    let Refreshed { snapshot, changes, kept, is_complete } = refreshed;
    changes.iter().for_each(|change| complain(change));
    if changes.is_empty() {
        complain("envdeck: nothing is new, changed or gone");
    }
    if !kept.is_empty() {
        complain(&format!("envdeck: no export says these, so they stay as they were: {}", kept.join(", ")));
    }
    if !is_complete && let Known::Is(at) = snapshot.captured_at {
        let is_old = snapshot.captured_at == old.loaded.snapshot.captured_at;
        let why = if is_old { "stays" } else { "is now" };
        complain(&format!("envdeck: the exports do not list all environments, so some facts are older than others; `captured_at` {why} {}", rfc3339(at)));
    }
    if old.comments > 0 {
        complain(&format!("envdeck: {} of the older snapshot cannot be kept", counted(old.comments, "comment")));
    }
}

/// Which facts are still unknown, so that they can be answered for all environments at once.
fn report_unknowns(snapshot: &Snapshot) {
    let mut open: Vec<(&str, usize, &str)> = Vec::new();
    let tenants = snapshot.tenants();
    let without = |name: &str| fact::of_tenant(name).map_or(0, |field| tenants.iter().filter(|tenant| field.get(tenant).is_unknown()).count());
    for (field, asked, option) in
        [("capacity of the tenant", "capacity_gb.used", "--capacity 420/500"), ("your role in the tenant", ROLES, "--role power-platform-admin")]
    {
        open.push((field, without(asked), option));
    }
    for field in fact::ENVIRONMENT.iter().filter(|field| !field.shape.name.contains('.')) {
        let unknown = snapshot.environments().filter(|environment| field.get(environment).is_unknown()).count();
        open.push((field.shape.name, unknown, ""));
    }
    open.retain(|(_, count, _)| *count > 0);
    if open.is_empty() {
        return;
    }
    complain("envdeck: still unknown, where it matters a verdict says so; --answer FIELD=VALUE answers a field for all of them");
    for (field, count, option) in open {
        let of = counted(count, if option.is_empty() { "environment" } else { "tenant" });
        complain(format!("  {field:<24} of {of:<20} {option}").trim_end());
    }
}

/// Makes sure that what is written can be read, and says the same then.
fn check(meant: &Snapshot, text: &str) -> Result<(), Problems> {
    let name = "the result";
    let read = snapshot::read(name, Cursor::new(text.to_owned().into_bytes()))?.snapshot;
    let same_head = (read.captured_at, read.edition, &read.operator) == (meant.captured_at, meant.edition, &meant.operator);
    let same = same_head && read.tenants() == meant.tenants() && read.environment_count() == meant.environment_count();
    if !same {
        return Err(Problems::whole(name, "its head would read differently"));
    }
    // In the file they stand by tenant.
    match meant.environments().find(|meant| read.environment(&meant.id) != Some(meant)) {
        Some(meant) => Err(Problems::whole(name, format!("the environment {} would read differently", meant.id))),
        None => Ok(()),
    }
}

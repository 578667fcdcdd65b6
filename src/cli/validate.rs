//! `envdeck validate`: are these snapshots and journals well written, and if not, everything that is wrong with each.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::Args;

use super::output::{Failure, Out, Status, Tone, complain};
use super::source::{clock, instant};
use crate::domain::conditions;
use crate::domain::known::Known;
use crate::domain::seen::Group;
use crate::domain::verdict::Words;
use crate::domain::words::{Word as _, counted};
use crate::files::problem::{Problem, Problems};
use crate::files::snapshot::Loaded;
use crate::files::text::harmless;
use crate::files::{is_journal, journal, read_snapshot};

/// Check that snapshots and journals are well written
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck validate contoso.yaml
  envdeck validate *.yaml

Every problem is one line, FILE:LINE:COLUMN: PATH: what is wrong and what to do.
Exit status: 0 all are well written, 1 one has mistakes, 3 one cannot be read to its end.")]
pub struct Validate {
    /// The snapshots
    #[arg(value_name = "FILE", required = true, value_hint = clap::ValueHint::FilePath)]
    files: Vec<PathBuf>,
    /// Compare their instants with this one instead of now, such as 2026-01-05T09:00:00Z or -3d
    #[arg(long, value_name = "WHEN", value_parser = instant)]
    now: Option<DateTime<Utc>>,
}

/// Reads a snapshot or a journal: how much is in it, and what is odd without being wrong.
fn read(file: &Path, now: DateTime<Utc>) -> Result<(String, Problems), Problems> {
    let mut remarks = Problems::none_in(&file.display().to_string());
    if is_journal(file) {
        return Ok((counted(journal::load(file)?.journal.entries().len(), "journal entry"), remarks));
    }
    let loaded = read_snapshot(file)?;
    dated_ahead(&loaded, now).into_iter().chain(loaded.remarks).for_each(|remark| remarks.add(remark));
    let (tenants, environments) = (loaded.snapshot.tenants().len(), loaded.snapshot.environment_count());
    Ok((format!("{}, {}", counted(tenants, "tenant"), counted(environments, "environment")), remarks))
}

/// What was looked at in the future, of which nobody can know how old it is.
fn dated_ahead(loaded: &Loaded, now: DateTime<Utc>) -> Vec<Problem> {
    let remark = |place, path: String, at| {
        let Words { message, remedy } = conditions::ahead(at);
        Problem { place, path, message: format!("{message}: {remedy}") }
    };
    let snapshot = &loaded.snapshot;
    let whole = if let Known::Is(at) = snapshot.captured_at { Some((loaded.captured_at, "captured_at".to_owned(), at)) } else { None };
    let of_tenants = snapshot
        .tenants()
        .iter()
        .flat_map(|tenant| tenant.seen.all().map(|(group, look)| (None, format!("seen.{} of the tenant {}", group.word(), tenant.name), look.at)));
    let of_environments = snapshot.environments().flat_map(|environment| {
        environment.seen.all().map(|(group, look)| {
            let (inside, word) = match group {
                Group::Facts(group) => ("", group.word()),
                Group::Components(kind) => ("components.", kind.word()),
            };
            (None, format!("seen.{inside}{word} of {}", environment.name), look.at)
        })
    });
    let looks = whole.into_iter().chain(of_tenants).chain(of_environments);
    looks.filter(|(.., at)| conditions::lies_ahead(*at, now)).map(|(place, path, at)| remark(place, path, at)).collect()
}

/// Checks them, all of them whatever is wrong with one.
pub fn run(arguments: &Validate, out: &mut Out) -> Result<Status, Failure> {
    let (mut mistakes, mut unreadable) = (false, false);
    let now = arguments.now.unwrap_or_else(clock);
    for file in &arguments.files {
        let name = file.display().to_string();
        match read(file, now) {
            Ok((counts, remarks)) => {
                writeln!(out, "{}: {}, {counts}", harmless(&name), out.paint(Tone::Good, "ok"))?;
                for line in remarks.lines() {
                    writeln!(out, "{}{line}", out.paint(Tone::Caution, "warning: "))?;
                }
            }
            Err(problems) if problems.unreadable => {
                unreadable = true;
                complain(&problems.to_string());
            }
            Err(problems) => {
                mistakes = true;
                for line in problems.lines() {
                    writeln!(out, "{line}")?;
                }
            }
        }
    }
    Ok(match (unreadable, mistakes) {
        (true, _) => Status::Unreadable,
        (false, true) => Status::No,
        (false, false) => Status::Done,
    })
}

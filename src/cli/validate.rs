//! `envdeck validate`: are these snapshots and journals well written, and if not, everything that is wrong with each.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::output::{Failure, Out, Status, Tone, complain};
use crate::domain::words::counted;
use crate::files::problem::Problems;
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
}

/// Reads a snapshot or a journal: how much is in it, and what is odd without being wrong.
fn read(file: &Path) -> Result<(String, Problems), Problems> {
    let mut remarks = Problems::none_in(&file.display().to_string());
    if is_journal(file) {
        return Ok((counted(journal::load(file)?.journal.entries().len(), "journal entry"), remarks));
    }
    let loaded = read_snapshot(file)?;
    loaded.remarks.into_iter().for_each(|remark| remarks.add(remark));
    let (tenants, environments) = (loaded.snapshot.tenants().len(), loaded.snapshot.environment_count());
    Ok((format!("{}, {}", counted(tenants, "tenant"), counted(environments, "environment")), remarks))
}

/// Checks them, all of them whatever is wrong with one.
pub fn run(arguments: &Validate, out: &mut Out) -> Result<Status, Failure> {
    let (mut mistakes, mut unreadable) = (false, false);
    for file in &arguments.files {
        let name = file.display().to_string();
        match read(file) {
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

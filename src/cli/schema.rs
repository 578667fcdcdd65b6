//! `envdeck schema`: the JSON Schemas of the file formats, so that editors complete and check them.

use std::io::Write as _;

use clap::Args;

use super::output::{Failure, Out, Status};
use super::source::one_of;
use crate::vocabulary;

/// What `envdeck schema snapshot` prints.
pub const SNAPSHOT: &str = include_str!("../../assets/schema/snapshot.json");
/// What `envdeck schema journal` prints.
pub const JOURNAL: &str = include_str!("../../assets/schema/journal.json");

vocabulary! {
    /// The file formats.
    FileFormat, "file format" {
        Snapshot = "snapshot" "what was seen in the tenants",
        Journal = "journal" "what envdeck adds to it",
    }
}

/// Print the JSON Schema of a file format, for editors
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck schema > envdeck.schema.json
  envdeck schema journal > envdeck-journal.schema.json

Editors that use the YAML language server then complete and check a snapshot whose second line is
  # yaml-language-server: $schema=envdeck.schema.json")]
pub struct Schema {
    /// Which file format
    #[arg(value_name = "FORMAT", default_value = "snapshot", ignore_case = true, value_parser = one_of::<FileFormat>())]
    format: FileFormat,
}

/// Prints it.
pub fn run(arguments: &Schema, out: &mut Out) -> Result<Status, Failure> {
    let schema = match arguments.format {
        FileFormat::Snapshot => SNAPSHOT,
        FileFormat::Journal => JOURNAL,
    };
    out.write_all(schema.as_bytes())?;
    Ok(Status::Done)
}

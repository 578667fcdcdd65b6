//! `envdeck tables`: the tables that a copy of customizations and schemas only empties in the target.

use std::io::Write as _;

use clap::Args;
use serde_json::Value;

use super::output::{Failure, Out, Status};
use super::source::{Format, Written};
use super::{json, sheet};
use crate::domain::tables::TRUNCATED_TABLES;

/// List the tables that a copy of customizations only empties in the target
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck tables
  envdeck tables | grep -i topic
  envdeck tables --format json")]
pub struct Tables {
    #[command(flatten)]
    written: Written,
}

/// Lists them.
pub fn run(arguments: &Tables, out: &mut Out) -> Result<Status, Failure> {
    match arguments.written.format {
        Format::Json => json::write(out, &TRUNCATED_TABLES.iter().map(|name| Value::from(*name)).collect())?,
        Format::Csv => sheet::write(out, &["name"], TRUNCATED_TABLES.iter().map(|name| [*name]))?,
        // One name a line and nothing else, so that it can be counted and searched.
        Format::Table => TRUNCATED_TABLES.iter().try_for_each(|name| writeln!(out, "{name}"))?,
    }
    Ok(Status::Done)
}

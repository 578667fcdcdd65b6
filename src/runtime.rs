//! The console's loop; written elsewhere, this stands in for it until both are joined.

use std::io::Write as _;
use std::process::ExitCode;

use crate::cli::ConsoleOptions;

/// Opens the console.
pub fn run(_options: ConsoleOptions) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "envdeck: the console is not built into this version yet");
    ExitCode::from(2)
}

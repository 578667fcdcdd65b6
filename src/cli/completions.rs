//! `envdeck completions`: the script that lets a shell complete arguments.

use std::io::Write as _;

use clap::{Args, CommandFactory as _};

use super::output::{Failure, Out, Status};

/// Print the script that lets a shell complete arguments
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck completions bash > ~/.local/share/bash-completion/completions/envdeck
  envdeck completions zsh > ~/.zfunc/_envdeck
  envdeck completions powershell >> $PROFILE")]
pub struct Completions {
    /// Which shell
    #[arg(value_name = "SHELL")]
    shell: clap_complete::Shell,
}

/// Prints it.
pub fn run(arguments: &Completions, out: &mut Out) -> Result<Status, Failure> {
    // Into memory first: the generator panics when its output cannot be written.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::Arguments::command(), "envdeck", &mut script);
    out.write_all(&script)?;
    Ok(Status::Done)
}

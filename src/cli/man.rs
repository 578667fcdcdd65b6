//! `envdeck man`: the manual page of envdeck or of one of its subcommands.

use clap::{Args, CommandFactory as _};

use super::output::{Failure, Out, Status};
use crate::files::text::harmless;

/// Print the manual page, of envdeck or of a subcommand
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck man > ~/.local/share/man/man1/envdeck.1
  envdeck man check copy > ~/.local/share/man/man1/envdeck-check-copy.1")]
pub struct Man {
    /// The subcommand, such as `check copy`
    #[arg(value_name = "SUBCOMMAND")]
    subcommand: Vec<String>,
}

/// Prints it.
pub fn run(arguments: &Man, out: &mut Out) -> Result<Status, Failure> {
    let mut command = super::Arguments::command();
    command.build();
    for name in &arguments.subcommand {
        let Some(inner) = command.find_subcommand(name) else {
            return Err(Failure::Usage(format!("there is no subcommand `{}`; `envdeck --help` lists them", harmless(name))));
        };
        command = inner.clone();
    }
    clap_mangen::Man::new(command).render(out)?;
    Ok(Status::Done)
}

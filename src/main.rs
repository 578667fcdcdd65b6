//! Arguments in, exit status out, nothing else.

use std::process::ExitCode;

use envdeck::cli::{self, Invocation};

fn main() -> ExitCode {
    match cli::parse(std::env::args_os()) {
        Ok(Invocation::Console(options)) => envdeck::console::run(&options),
        Ok(Invocation::Command(command)) => cli::run(&command),
        Err(status) => status,
    }
}

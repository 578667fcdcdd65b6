//! The command line: arguments to an invocation, one file per subcommand, answers as text, JSON or CSV.

mod accounts;
mod answers;
mod attention;
mod backups;
mod check;
mod checklist;
mod completions;
mod console;
mod edge;
mod evidence;
mod explain;
mod findings;
mod generate_mapping;
mod import;
mod journal;
mod json;
mod lint_mapping;
mod list;
mod man;
mod migration_request;
mod output;
mod request;
mod runbook;
pub mod schema;
mod sheet;
mod show;
mod source;
mod table;
mod tables;
mod targets;
mod validate;
mod when;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser, Subcommand};

pub use self::console::{ConsoleOptions, ThemeName};
pub(crate) use self::output::complain;
use self::output::{Failure, Out, Status, conclude};
use crate::domain::words::nearest;
use crate::files::text::harmless;

/// Shows what is in a Power Platform tenant, what can be copied onto what, and if not, why and what to do.
#[derive(Debug, Parser)]
#[command(
    name = "envdeck",
    version,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    after_help = "Examples:
  envdeck                                    open the console on the demo estate
  envdeck contoso.yaml                       open it on a snapshot
  envdeck list -s contoso.yaml               list its environments
  envdeck check copy -s contoso.yaml --from \"Contoso Sales\" --to \"Contoso UAT\"

Exit status: 0 done or allowed, 1 the answer is no, 2 wrong usage, 3 a file cannot be read or written."
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    console: console::Console,
}

/// What was asked for.
#[derive(Debug)]
pub enum Invocation {
    /// The console.
    Console(ConsoleOptions),
    /// A subcommand.
    Command(Box<Command>),
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    List(list::List),
    Show(show::Show),
    Backups(backups::Backups),
    Targets(targets::Targets),
    Check(check::Check),
    Runbook(runbook::Runbook),
    Attention(attention::Attend),
    Checklist(checklist::Checklist),
    Import(import::Import),
    Journal(journal::Journal),
    Tables(tables::Tables),
    Explain(explain::Explain),
    LintMapping(lint_mapping::LintMapping),
    GenerateMapping(generate_mapping::GenerateMapping),
    MigrationRequest(migration_request::MigrationRequest),
    Validate(validate::Validate),
    Schema(schema::Schema),
    Completions(completions::Completions),
    Man(man::Man),
}

/// Reads the arguments, the first of which is the program. What is answered at once (help, wrong usage) is the error.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Invocation, ExitCode> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    // What git and cargo understand too; a snapshot of that name is opened as `./help`.
    if arguments.get(1).is_some_and(|first| first == "help") {
        arguments.remove(1);
        arguments.push(OsString::from("--help"));
    }
    match Arguments::try_parse_from(&arguments) {
        Ok(Arguments { command: Some(command), .. }) => Ok(Invocation::Command(Box::new(command))),
        Ok(Arguments { command: None, console }) => match console.snapshot().and_then(misspelt) {
            Some(hint) => Err(conclude(Err(Failure::Usage(hint)))),
            None => Ok(Invocation::Console(console.into())),
        },
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            let mut out = Out::stdout();
            let rendered = error.render();
            let written = if out.screen.colour { write!(out, "{}", rendered.ansi()) } else { write!(out, "{rendered}") };
            Err(conclude(finish(written.map_err(Failure::Output).map(|()| Status::Done), out)))
        }
        Err(error) => {
            // Words that no argument explains: the first may have been meant as a subcommand.
            let stray = matches!(error.kind(), ErrorKind::UnknownArgument | ErrorKind::ArgumentConflict);
            let first = arguments.get(1).map(Path::new).filter(|first| stray && first.to_str().is_none_or(|first| !is_subcommand(first)));
            let hint = first.and_then(misspelt);
            // The message repeats arguments, which may hold anything, lines that look like an answer of ours among it.
            let shown = arguments.iter().map(|argument| harmless(&argument.to_string_lossy()).into_owned());
            let error = Arguments::try_parse_from(shown).err().unwrap_or(error);
            let message = hint.map_or_else(|| error.to_string(), |hint| format!("error: {hint}"));
            complain(message.trim_end());
            Err(ExitCode::from(2))
        }
    }
}

/// Runs a subcommand to its exit status.
pub fn run(command: &Command) -> ExitCode {
    let mut out = Out::stdout();
    let end = match command {
        Command::List(arguments) => list::run(arguments, &mut out),
        Command::Show(arguments) => show::run(arguments, &mut out),
        Command::Backups(arguments) => backups::run(arguments, &mut out),
        Command::Targets(arguments) => targets::run(arguments, &mut out),
        Command::Check(arguments) => check::run(arguments, &mut out),
        Command::Runbook(arguments) => runbook::run(arguments, &mut out),
        Command::Attention(arguments) => attention::run(arguments, &mut out),
        Command::Checklist(arguments) => checklist::run(arguments, &mut out),
        Command::Import(arguments) => import::run(arguments, &mut out),
        Command::Journal(arguments) => journal::run(arguments, &mut out),
        Command::Tables(arguments) => tables::run(arguments, &mut out),
        Command::Explain(arguments) => explain::run(arguments, &mut out),
        Command::LintMapping(arguments) => lint_mapping::run(arguments, &mut out),
        Command::GenerateMapping(arguments) => generate_mapping::run(arguments, &mut out),
        Command::MigrationRequest(arguments) => migration_request::run(arguments, &mut out),
        Command::Validate(arguments) => validate::run(arguments, &mut out),
        Command::Schema(arguments) => schema::run(arguments, &mut out),
        Command::Completions(arguments) => completions::run(arguments, &mut out),
        Command::Man(arguments) => man::run(arguments, &mut out),
    };
    conclude(finish(end, out))
}

/// Nothing is done before it is written.
fn finish(end: Result<Status, Failure>, mut out: Out) -> Result<Status, Failure> {
    let status = end?;
    out.flush()?;
    Ok(status)
}

fn is_subcommand(word: &str) -> bool {
    Arguments::command().get_subcommands().any(|command| command.get_name() == word)
}

/// What to say about a snapshot that does not exist and is called nearly like a subcommand.
fn misspelt(path: &Path) -> Option<String> {
    let typed = path.to_str().filter(|_| !path.exists())?;
    let command = Arguments::command();
    let names = command.get_subcommands().map(clap::Command::get_name);
    let meant = nearest(typed, names)?;
    let shown = harmless(typed);
    Some(if meant == typed {
        format!("options of `{meant}` are written behind it; see `envdeck {meant} --help`")
    } else {
        format!("there is no file `{shown}`; did you mean `envdeck {meant}`?")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_declared_without_contradiction() {
        Arguments::command().debug_assert();
    }

    fn console(arguments: &[&str]) -> ConsoleOptions {
        let all = ["envdeck"].iter().chain(arguments).map(OsString::from);
        match parse(all) {
            Ok(Invocation::Console(options)) => options,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn without_a_subcommand_the_console_opens() {
        assert_eq!(console(&[]).snapshot, None);
        let options =
            console(&["contoso.yaml", "--read-only", "--theme", "Light", "--keys", "q", "--print", "--size", "120x36", "--now", "2026-01-05T10:00:00+01:00"]);
        assert_eq!(options.snapshot.as_deref(), Some(Path::new("contoso.yaml")));
        assert_eq!((options.read_only, options.theme, options.size, options.print), (true, Some(ThemeName::Light), Some((120, 36)), true));
        assert_eq!(options.now.map(crate::domain::time::rfc3339).as_deref(), Some("2026-01-05T09:00:00Z"));
    }

    #[test]
    fn a_subcommand_takes_its_options_behind_it() {
        assert!(matches!(parse(["envdeck", "list", "-s", "contoso.yaml"].map(OsString::from)), Ok(Invocation::Command(_))));
    }
}

//! `envdeck generate-mapping`: a first user mapping file from the users of two tenants, in which nothing is guessed unasked.

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::json;
use super::output::{Failure, Out, Status, Tone, complain};
use super::source::{Session, Source, one_of};
use super::table::{Cell, Fit, Table, cell};
use crate::domain::environment::Environment;
use crate::domain::known::Known;
use crate::domain::mapping::{FILE_NAME, Proposal, Proposed, propose};
use crate::domain::rulebook::Edition;
use crate::domain::tenant::Tenant;
use crate::domain::words::{Word, counted, list};
use crate::files::{self, mapping};
use crate::vocabulary;

vocabulary! {
    /// How the proposals are written.
    Form, "format" {
        Mapping = "mapping" "the mapping file",
        Table = "table" "text for people: each proposal with its reason",
        Json = "json" "JSON",
    }
}

/// How the proposals are written.
#[derive(Debug, Clone, Copy, Args)]
pub struct Written {
    /// How the answer is written
    #[arg(long, value_name = "FORMAT", default_value = "mapping", ignore_case = true, value_parser = one_of::<Form>())]
    format: Form,
}

/// Write a first user mapping file for a move to another tenant
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck generate-mapping \"Fabrikam Orders\" --to-tenant Contoso -s both.yaml --into orders.csv
  envdeck generate-mapping \"Fabrikam Orders\" --to-tenant Contoso -s both.yaml --format table
  envdeck generate-mapping \"Fabrikam Orders\" --to-tenant Contoso -s both.yaml --with-guesses >orders.csv

Everybody who is enabled in the environment gets a line. A destination is filled in where one user of the other tenant has the same name before the @, is active and has a licence.

Names that only come near are guesses. They are listed on standard error with their line, reason and score, and the destination stays empty, so that lint-mapping refuses the line until somebody fills it in. --with-guesses fills them in: look at each before the file is used.

Whoever is not active or has no licence gets no line, because the move would fail; they are listed too.

As JSON, {environment: {id, name}, to_tenant, rulebook, of: environment or tenant, rows: [{line, source, destination, written, likeness, score, why, remark, near: [upn]}], left_out: [{upn, why}]}.")]
pub struct GenerateMapping {
    /// The environment that moves: its id, its name, how its name begins, or TENANT/NAME
    #[arg(value_name = "ENV")]
    environment: String,
    /// Where to: the tenant's id, its name, or how its name begins
    #[arg(long, value_name = "TENANT")]
    to_tenant: String,
    /// Fill guesses in too
    #[arg(long)]
    with_guesses: bool,
    /// Leave out users of administrative access, who need not be mapped
    #[arg(long)]
    without_administrative: bool,
    /// Write the file there, in UTF-8, instead of to standard output; a file that is there already is left as it is
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    into: Option<PathBuf>,
    #[command(flatten)]
    source: Source<Written>,
}

/// Writes it.
pub fn run(arguments: &GenerateMapping, out: &mut Out) -> Result<Status, Failure> {
    if arguments.into.is_some() && arguments.source.written.format != Form::Mapping {
        return Err(Failure::Usage("--into writes a mapping file: leave out --format, or redirect the output".to_owned()));
    }
    let session = arguments.source.open()?;
    let environment = session.environment(&arguments.environment)?;
    let to = session.tenant_named(&arguments.to_tenant)?;
    let (from, onto) = (session.estate.tenant(environment.tenant), session.estate.tenant(to));
    if to == environment.tenant {
        return Err(Failure::Usage(format!("{} is in {} already: name another tenant with --to-tenant", environment.name, from.name)));
    }
    let Known::Is(proposed) = propose(environment, from, onto, arguments.without_administrative) else {
        let whose = if onto.users.is_unknown() { &onto.name } else { &from.name };
        return Err(Failure::Usage(format!("the users of {whose} are unknown: list them under `users` of the tenant in the snapshot")));
    };
    let lines = Lines { proposed: &proposed, edition: session.estate.edition(), guesses: arguments.with_guesses };
    match (arguments.source.written.format, &arguments.into) {
        (Form::Json, _) => json::write(out, &lines.object(&session, environment, onto))?,
        (Form::Table, _) => lines.text(environment, onto, out)?,
        (Form::Mapping, None) => {
            lines.write(out)?;
            out.flush()?;
            lines.report(environment, from);
        }
        (Form::Mapping, Some(path)) => {
            let mut content = Vec::new();
            lines.write(&mut content)?;
            files::write_new(path, &content, false)?;
            lines.report(environment, from);
            if lines.edition == Edition::Current && path.file_name().is_none_or(|name| name != FILE_NAME) {
                complain(&format!("for the upload the file has to be called {FILE_NAME}"));
            }
        }
    }
    Ok(Status::Done)
}

/// The lines that are written.
struct Lines<'a> {
    proposed: &'a Proposed,
    edition: Edition,
    guesses: bool,
}

impl Lines<'_> {
    /// Each proposal with its line in the file.
    fn numbered(&self) -> impl Iterator<Item = (usize, &Proposal)> {
        let first = match self.edition {
            Edition::Articles => 1,
            Edition::Current => 2,
        };
        (first..).zip(&self.proposed.proposals)
    }

    /// Whether the destination is filled in.
    fn is_written(&self, proposal: &Proposal) -> bool {
        proposal.is_certain() || (self.guesses && proposal.destination.is_some())
    }

    fn write(&self, to: &mut impl io::Write) -> io::Result<()> {
        let users = self.proposed.proposals.iter().map(|proposal| {
            let destination = proposal.destination.as_ref().filter(|_| self.is_written(proposal));
            (&*proposal.source, destination.map(|(upn, _)| &**upn))
        });
        mapping::write(to, self.edition, users)
    }

    /// What the file itself cannot say goes to standard error: it has no place for comments.
    fn report(&self, environment: &Environment, from: &Tenant) {
        if self.proposed.of_tenant {
            complain(&format!("who is enabled in {} is unknown, so all users of {} are in the file", environment.name, from.name));
        }
        for (line, proposal) in self.numbered().filter(|(_, proposal)| !proposal.is_certain()) {
            let said = self.said(proposal);
            complain(&format!("line {line}: {}: {said}", proposal.source));
        }
        for (upn, why) in &self.proposed.left_out {
            complain(&format!("left out: {upn}: {why}"));
        }
        let empty = self.proposed.proposals.iter().filter(|proposal| !self.is_written(proposal)).count();
        let filled = self.proposed.proposals.len() - empty;
        let rest = if empty == 0 { String::new() } else { format!(", {empty} to fill in") };
        complain(&format!("{}, {filled} with a destination{rest}", counted(self.proposed.proposals.len(), "line")));
    }

    /// What is to be said about a proposal that is not certain.
    fn said(&self, proposal: &Proposal) -> String {
        let near = names(proposal);
        match &proposal.destination {
            Some((upn, likeness)) => {
                let filled = if self.is_written(proposal) { "guessed" } else { "to be filled in; a guess would be" };
                let unready = proposal.unready.map_or_else(String::new, |unready| format!("; {upn} {unready}"));
                format!("{filled} {upn} ({}, score {}){unready}", likeness.label(), likeness.score())
            }
            None if near.is_empty() => "to be filled in; nobody there has a name like it".to_owned(),
            None => format!("to be filled in; more than one could be meant: {}", list(&near)),
        }
    }

    fn object(&self, session: &Session, environment: &Environment, to: &Tenant) -> Value {
        let row = |(line, proposal): (usize, &Proposal)| {
            let found = proposal.destination.as_ref();
            json!({
                "line": line,
                "source": &*proposal.source,
                "destination": found.map(|(upn, _)| &**upn),
                "written": self.is_written(proposal),
                "likeness": found.map(|(_, likeness)| likeness.word()),
                "score": found.map(|(_, likeness)| likeness.score()),
                "why": found.map(|(_, likeness)| likeness.label()),
                "remark": proposal.unready,
                "near": names(proposal),
            })
        };
        let left_out = self.proposed.left_out.iter().map(|(upn, why)| json!({ "upn": &**upn, "why": why }));
        json!({
            "environment": json::named(environment),
            "to_tenant": &*to.name,
            "rulebook": session.estate.edition().word(),
            "of": if self.proposed.of_tenant { "tenant" } else { "environment" },
            "rows": self.numbered().map(row).collect::<Value>(),
            "left_out": left_out.collect::<Value>(),
        })
    }

    fn text(&self, environment: &Environment, to: &Tenant, out: &mut Out) -> io::Result<()> {
        let of = if self.proposed.of_tenant { "; who is enabled is unknown, so these are all users of the tenant" } else { "" };
        out.sentence(0, Tone::Heading, "", &format!("Users of {} and who they could become in {}{of}", environment.name, to.name))?;
        let row = |(line, proposal): (usize, &Proposal)| -> Vec<Cell<'_>> {
            let found = proposal.destination.as_ref();
            let (tone, what) = match found {
                _ if proposal.is_certain() => (Tone::Good, "certain"),
                Some(_) => (Tone::Caution, "guess"),
                None => (Tone::Bad, "to fill in"),
            };
            let (upn, score) = found.map_or_else(Default::default, |(upn, likeness)| (upn.to_string(), likeness.score().to_string()));
            vec![cell(line.to_string()), cell(proposal.source.to_string()), cell(upn), (tone, what.into()), cell(score)]
        };
        let columns = [("LINE", Fit::Keep), ("SOURCE", Fit::Shorten), ("DESTINATION", Fit::Shorten), ("WHAT", Fit::Keep), ("SCORE", Fit::Drop)];
        Table::new(columns).write(out, &self.numbered().map(row).collect::<Vec<_>>())?;
        for (line, proposal) in self.numbered().filter(|(_, proposal)| !proposal.is_certain()) {
            out.sentence(0, Tone::Caution, &format!("line {line}: "), &format!("{}: {}", proposal.source, self.said(proposal)))?;
        }
        for (upn, why) in &self.proposed.left_out {
            out.sentence(0, Tone::Caution, "left out: ", &format!("{upn}: {why}"))?;
        }
        Ok(())
    }
}

/// The names of those who come equally near.
fn names(proposal: &Proposal) -> Vec<&str> {
    proposal.several.iter().map(|upn| &**upn).collect()
}

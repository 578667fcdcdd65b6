//! `envdeck migration-request`: what the request for a move to another tenant asks for, and what is still to be found out.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::Args;
use serde_json::{Value, json};

use super::evidence::second;
use super::json::{self, named};
use super::lint_mapping::mapping_of;
use super::output::{Failure, Out, Status, complain};
use super::request::group_in;
use super::source::{Session, Source, one_of};
use super::when::{When, coming};
use crate::domain::checklist::{Checklist, opened};
use crate::domain::component::ComponentKind;
use crate::domain::environment::Environment;
use crate::domain::fact;
use crate::domain::gigabytes::Gigabytes;
use crate::domain::journal;
use crate::domain::known::Known;
use crate::domain::mapping::Linted;
use crate::domain::migration::{GROUP_OF, Planned, as_agreed};
use crate::domain::operation::{OperationKind, Outcome};
use crate::domain::request::{self, Change, Context, Move, UserMapping, judge};
use crate::domain::rulebook::Edition;
use crate::domain::tenant::{Tenant, TenantKey};
use crate::domain::time::{self, rfc3339};
use crate::domain::verdict::{Finding, Severity};
use crate::domain::words::{Word, counted, list};
use crate::files::mapping;
use crate::files::text::harmless;
use crate::runbook::quote::{markdown as plain, markdown_code as code, powershell as quoted};
use crate::vocabulary;

vocabulary! {
    /// How the request is written.
    Form, "format" {
        Markdown = "markdown" "Markdown, to be pasted into the request",
        Json = "json" "JSON",
    }
}

/// How the request is written.
#[derive(Debug, Clone, Copy, Args)]
pub struct Written {
    /// How the answer is written
    #[arg(long, value_name = "FORMAT", default_value = "markdown", ignore_case = true, value_parser = one_of::<Form>())]
    format: Form,
}

/// Write the request for a move to another tenant
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  envdeck migration-request \"Fabrikam Sales\" --to-tenant Contoso -s both.yaml >request.md
  envdeck migration-request \"Fabrikam Sales\" --to-tenant Contoso --mapping sales.csv -s both.yaml
  envdeck migration-request \"Fabrikam Sales\" \"Fabrikam Orders\" --to-tenant Contoso --mapping sales.csv --mapping orders.csv -s both.yaml

By the rulebook articles it is the text of the support request: both tenants, the answers that are asked for, each environment with what it holds. By current it is the self-service, step by step, with the commands and your ids in them.

The answers come from the snapshot, from what was typed, and from the plan of the move where one was begun. What nobody knows is listed at the end as still to be found out; nothing is made up.

As JSON, {rulebook, from: {id, name}, to: {id, name}, reason, cut_over, source: {question: answer}, destination: {question: answer}, answers: [{question, answer}], environments: [{environment: {id, name}, facts: {question: answer}, holds: {kind: number}, mapping, findings}], steps: [{text, commands}], open: [text]}; what nobody knows is \"unknown\".")]
pub struct MigrationRequest {
    /// What moves: ids, names, how names begin, or TENANT/NAME
    #[arg(value_name = "ENV", required = true)]
    environments: Vec<String>,
    /// Where to: the tenant's id, its name, or how its name begins; without it as the plan of the move says
    #[arg(long, value_name = "TENANT")]
    to_tenant: Option<String>,
    /// Its user mapping file; for several environments one each, in their order
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    mapping: Vec<PathBuf>,
    /// When the cut-over is to begin, with the offset of your own time, such as 2026-01-10T20:00:00+01:00
    #[arg(long, value_name = "WHEN", value_parser = coming)]
    cut_over: Option<When>,
    /// Why they move, in the words that the request is to have
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// The security group of the new tenant that is assigned during the move, by its name or object id; for several
    /// environments one each, in their order
    #[arg(long, value_name = "GROUP")]
    security_group: Vec<String>,
    #[command(flatten)]
    source: Source<Written>,
}

/// A question with its answer.
type Answered = (&'static str, Known<String>);

/// An environment that moves, with everything that is said of it.
struct Moving<'a> {
    environment: &'a Environment,
    /// Where its mapping file lies, as it was named, and what was found in it.
    file: Option<String>,
    linted: Option<Linted>,
    plan: Option<Checklist>,
    inputs: Vec<(Box<str>, journal::Value)>,
    facts: Vec<Answered>,
    holds: Vec<(&'static str, Known<usize>)>,
    findings: Vec<Finding>,
}

/// The request.
struct Request<'a> {
    session: &'a Session,
    from: &'a Tenant,
    onto: &'a Tenant,
    moving: Vec<Moving<'a>>,
}

/// Writes it.
pub fn run(arguments: &MigrationRequest, out: &mut Out) -> Result<Status, Failure> {
    let session = arguments.source.open()?;
    let environments: Vec<&Environment> = arguments.environments.iter().map(|text| session.environment(text)).collect::<Result<_, _>>()?;
    let Some(first) = environments.first() else { return Err(Failure::Usage("name what moves".to_owned())) };
    if let Some(other) = environments.iter().find(|other| other.tenant != first.tenant) {
        let message = format!(
            "{} is in {} and {} in {}: a request moves environments of one tenant",
            first.name,
            session.tenant_of(first),
            other.name,
            session.tenant_of(other)
        );
        return Err(Failure::Usage(message));
    }
    for (nth, environment) in environments.iter().enumerate() {
        if environments.iter().take(nth).any(|before| before.id == environment.id) {
            return Err(Failure::Usage(format!("{} is named twice", environment.name)));
        }
    }
    mapping_files(&arguments.mapping, environments.len())?;
    let templates = session.templates()?;
    let plans: Vec<_> = environments.iter().map(|environment| plan_of(&session, &templates, environment)).collect();
    let planned = plans.iter().find_map(|(_, inputs)| Planned(inputs).to());
    let Some(to) = arguments.to_tenant.as_deref().or(planned) else {
        return Err(Failure::Usage(format!("no plan says where {} moves to: name the tenant with --to-tenant", first.name)));
    };
    let to = session.tenant_named(to)?;
    let (from, onto) = (session.estate.tenant(first.tenant), session.estate.tenant(to));
    if to == first.tenant {
        return Err(Failure::Usage(format!("{} is in {} already: name another tenant with --to-tenant", first.name, from.name)));
    }
    let mut moving = Vec::new();
    if arguments.security_group.len() > environments.len() {
        return Err(Failure::Usage(format!(
            "{} for {}: name one for each, in their order",
            counted(arguments.security_group.len(), "security group"),
            counted(environments.len(), "environment")
        )));
    }
    for (nth, (environment, (plan, mut inputs))) in environments.into_iter().zip(plans).enumerate() {
        // What is named here takes the place of what a plan says.
        let mut put = |name: String, value: String| {
            inputs.retain(|(known, _)| **known != *name);
            inputs.push((name.into(), journal::Value::Text(value.into())));
        };
        if let Some(when) = &arguments.cut_over {
            put("cut_over".to_owned(), when.with_offset(session.now)?.to_rfc3339());
        }
        if let Some(reason) = &arguments.reason {
            put("reason".to_owned(), harmless(reason.trim()).into_owned());
        }
        if let Some(group) = arguments.security_group.get(nth) {
            put(format!("{GROUP_OF}{}", environment.id), group_in(group, onto)?.into());
        }
        let linted = arguments.mapping.get(nth).map(|file| mapping_of(file, &session, environment, to)).transpose()?;
        let file = arguments.mapping.get(nth).map(|file| harmless(&file.display().to_string()).into_owned());
        moving.push(Moving { file, ..Moving::of(&session, environment, to, linted, plan, inputs) });
    }
    alike(&moving);
    let request = Request { session: &session, from, onto, moving };
    match arguments.source.written.format {
        Form::Json => json::write(out, &request.object())?,
        Form::Markdown => request.write(out)?,
    }
    Ok(Status::Done)
}

/// Files of their own that say the same, to the letter, may be one file by mistake: that is said beside the request (TTM-041).
fn alike(moving: &[Moving<'_>]) {
    let digest = |moving: &Moving<'_>| moving.linted.as_ref().and_then(|linted| linted.origin.as_ref()).map(|origin| origin.digest.clone());
    for (nth, one) in moving.iter().enumerate() {
        if let Some(other) = moving.iter().take(nth).find(|other| digest(one).is_some() && digest(one) == digest(other)) {
            let (one, other) = (&one.environment.name, &other.environment.name);
            complain(&format!("envdeck: warning: the mapping files of {other} and {one} say the same, to the letter: is that meant? (TTM-041)"));
        }
    }
}

/// Each environment has a file of its own (TTM-041).
fn mapping_files(files: &[PathBuf], environments: usize) -> Result<(), Failure> {
    let shown = |file: &PathBuf| harmless(&file.display().to_string()).into_owned();
    if files.len() > environments {
        return Err(Failure::Usage(format!(
            "{} for {}: name one for each, in their order",
            counted(files.len(), "mapping file"),
            counted(environments, "environment")
        )));
    }
    // However they are named, it is the files that lie there.
    let lie_at: Vec<String> = files.iter().map(|file| mapping::lies_at(file)).collect();
    match files.iter().enumerate().find(|(nth, _)| lie_at.iter().take(*nth).any(|before| lie_at.get(*nth) == Some(before))) {
        Some((_, file)) => Err(Failure::Usage(format!("{} is named twice: each environment needs a mapping file of its own (TTM-041)", shown(file)))),
        None => Ok(()),
    }
}

/// The newest plan of a move of the environment, with its choices.
fn plan_of(
    session: &Session,
    templates: &[crate::domain::checklist::Template],
    environment: &Environment,
) -> (Option<Checklist>, Vec<(Box<str>, journal::Value)>) {
    let all = opened(session.estate.journal(), templates);
    let Some(newest) = all.iter().rfind(|opened| *opened.environment == environment.id && opened.template == "migration") else { return (None, Vec::new()) };
    let plan = Checklist::of(session.estate.journal(), newest, templates, environment, &session.estate);
    let inputs = newest.plan.map(|(_, inputs)| as_agreed(plan.as_ref(), inputs, &environment.id)).unwrap_or_default();
    (plan, inputs)
}

/// A field as people write it.
fn of_tenant(tenant: &Tenant, field: &str) -> Known<String> {
    fact::of_tenant(field).map_or(Known::Unknown, |known| known.get(tenant)).map(|value| fact::in_words(&value))
}

fn of_environment(environment: &Environment, field: &str) -> Known<String> {
    fact::of_environment(field).map_or(Known::Unknown, |known| known.get(environment)).map(|value| fact::in_words(&value))
}

/// What is asked about each of the tenants, with the field that answers it (TTM-026, TTM-027, TTM-029, TTM-030).
const OF_TENANTS: [(&str, &str); 7] = [
    ("Domain", "domain"),
    ("Region", "region"),
    ("Cloud", "cloud"),
    ("Active user licences", "licences.active"),
    ("Storage, in GB", "capacity_gb.entitled"),
    ("Storage in use, in GB", "capacity_gb.used"),
    ("Customer Lockbox", "lockbox"),
];

/// What is asked about an environment.
const OF_ENVIRONMENT: [(&str, &str); 9] = [
    ("Organisation id", "org_id"),
    ("URL", "url"),
    ("Type", "type"),
    ("Region", "region"),
    ("Data, in GB", "dataverse.size_gb"),
    ("Audit logs, in GB", "dataverse.audit_gb"),
    ("Dynamics 365 apps", "dynamics_365_apps"),
    ("Linked to finance and operations", "finance_operations"),
    ("Managed Environment", "managed"),
];

/// What the article asks to look for (TTM-054), with the kinds of component that count as it.
const INSTALLED: [(&str, &[ComponentKind]); 9] = [
    ("Power Apps", &[ComponentKind::CanvasApp, ComponentKind::CustomPage, ComponentKind::ComponentLibrary]),
    ("Power Automate flows", &[ComponentKind::CloudFlow]),
    ("Power Virtual Agents chatbots", &[ComponentKind::Chatbot]),
    ("Customer Voice projects", &[ComponentKind::CustomerVoiceProject]),
    ("Portals", &[ComponentKind::Portal]),
    ("Power Apps Checker App", &[ComponentKind::CheckerApp]),
    ("Café X", &[ComponentKind::CafeX]),
    ("Marketing", &[ComponentKind::Marketing]),
    ("Mailboxes", &[ComponentKind::Mailbox]),
];

impl<'a> Moving<'a> {
    fn of(
        session: &Session,
        environment: &'a Environment,
        to: TenantKey,
        linted: Option<Linted>,
        plan: Option<Checklist>,
        inputs: Vec<(Box<str>, journal::Value)>,
    ) -> Self {
        let count = |kinds: &[ComponentKind]| {
            kinds.iter().try_fold(0, |sum, kind| match environment.components.of(*kind) {
                Known::Is(list) => Some(sum + list.len()),
                Known::Unknown => None,
            })
        };
        let holds = INSTALLED.iter().map(|(name, kinds)| (*name, count(kinds).map_or(Known::Unknown, Known::Is))).collect();
        let mapping = linted.clone().map(|linted| UserMapping::of(&linted.file.clone(), Arc::new(linted)));
        let planned = Planned(&inputs);
        let cut_over = planned.cut_over().and_then(|at| DateTime::parse_from_rfc3339(at).ok());
        let group = planned.group(&environment.id).map(Box::from);
        let moved = Move { mapping, cut_over, group, ..Move::of(environment, session.estate.tenant(to), session.rulebook()) };
        let request = request::Request { source: None, target: environment.id.clone(), change: Change::Migrate(Box::new(moved)) };
        let context = Context::new(&session.estate, &session.rulebooks, &[], session.now);
        let verdict = judge(&request, &context).unwrap_or_default();
        let findings = verdict.findings.into_iter().filter(|finding| finding.severity != Severity::Note).collect();
        let mut moving = Self { environment, file: None, linted, plan, inputs, facts: Vec::new(), holds, findings };
        moving.facts = moving.answers(session);
        moving
    }

    fn answers(&self, session: &Session) -> Vec<Answered> {
        let environment = self.environment;
        let mut facts: Vec<Answered> = vec![("Environment id", Known::Is(environment.id.to_string()))];
        facts.extend(OF_ENVIRONMENT.iter().map(|(question, field)| (*question, of_environment(environment, field))));
        facts.push(("Users enabled in it", environment.users.as_ref().map(|users| users.len().to_string())));
        facts.push(("User mapping file", self.mapping()));
        facts.push(("Security group of the new tenant, by its object id", self.group()));
        if environment.kind.is(|kind| kind.word() != "sandbox") || environment.kind.is_unknown() {
            facts.push(("Move rehearsed with a sandbox copy", self.rehearsed(session)));
        }
        facts
    }

    /// The file, how many users it maps, and whether it is well written (TTM-040).
    fn mapping(&self) -> Known<String> {
        if let Some(linted) = &self.linted {
            let errors = if linted.errors.is_empty() { "no mistake".to_owned() } else { counted(linted.errors.len(), "mistake") };
            return Known::Is(format!("{}, {} mapped, {errors}", linted.file, counted(linted.mapped.len(), "user")));
        }
        let named = Planned(&self.inputs).mapping(&self.environment.id);
        named.map_or(Known::Unknown, |file| Known::Is(format!("{file}, not looked at here")))
    }

    /// The group that is named here, or that the plan says (TTM-043).
    fn group(&self) -> Known<String> {
        Planned(&self.inputs).group(&self.environment.id).map_or(Known::Unknown, |group| Known::Is(group.to_owned()))
    }

    /// Whether a copy was made, and who validated that it moved (TTM-035).
    fn rehearsed(&self, session: &Session) -> Known<String> {
        let copied = session.estate.journal().operations().any(|operation| {
            (operation.kind, operation.outcome) == (OperationKind::Copy, Outcome::Succeeded) && operation.source.as_ref() == Some(&self.environment.id)
        });
        let validated = self.plan.as_ref().and_then(|plan| plan.row("rehearsal-validated")?.answer().cloned());
        match validated {
            Some(mark) => Known::Is(format!("yes, validated: {} ({}, {})", mark.note.as_deref().unwrap_or_default(), mark.by, second(mark.at))),
            None if copied => Known::Is("a copy was made; nobody recorded yet that its move was validated".to_owned()),
            None => Known::Is("no copy is recorded".to_owned()),
        }
    }

    /// How much is moved.
    fn size(&self) -> Known<Gigabytes> {
        match &self.environment.dataverse {
            Known::Is(Some(dataverse)) => dataverse.size.and_then(|data| dataverse.audit.map(|audit| data + audit)),
            Known::Is(None) => Known::Is(Gigabytes::whole(0)),
            Known::Unknown => Known::Unknown,
        }
    }
}

impl Request<'_> {
    fn edition(&self) -> Edition {
        self.session.estate.edition()
    }

    /// What was chosen for the environments of which a plan was begun.
    fn plans(&self) -> impl Iterator<Item = Planned<'_>> {
        self.moving.iter().map(|moving| Planned(&moving.inputs))
    }

    fn reason(&self) -> Known<String> {
        self.plans().find_map(Planned::reason).map_or(Known::Unknown, |reason| Known::Is(reason.to_owned()))
    }

    /// When the cut-over is wanted: agreed in the plan, or chosen when it was begun (TTM-113).
    fn cut_over(&self) -> Known<String> {
        let planned = self.plans().find_map(Planned::cut_over).and_then(time::parse);
        planned.map_or(Known::Unknown, |at| Known::Is(time::minute(at)))
    }

    fn of_tenant(tenant: &Tenant) -> Vec<Answered> {
        OF_TENANTS.iter().map(|(question, field)| (*question, of_tenant(tenant, field))).collect()
    }

    /// The questions that the request has to answer (TTM-025 to TTM-037).
    fn answers(&self) -> Vec<Answered> {
        let (from, onto) = (self.from, self.onto);
        let sum = |of: &dyn Fn(&Moving<'_>) -> Known<usize>| {
            self.moving.iter().fold(Known::Is(0), |sum: Known<usize>, one| sum.and_then(|sum| of(one).map(|more| sum + more)))
        };
        let users =
            sum(&|moving| moving.linted.as_ref().map_or_else(|| moving.environment.users.as_ref().map(Vec::len), |linted| Known::Is(linted.mapped.len())));
        let size = self.moving.iter().fold(Known::Is(Gigabytes::whole(0)), |sum: Known<Gigabytes>, one| sum.and_then(|sum| one.size().map(|more| sum + more)));
        let yes = |is: bool| if is { "yes" } else { "no" };
        let subscription = onto.paid_subscriptions.as_ref().map(|paid| {
            let names: Vec<&str> = paid.iter().map(|one| one.label()).collect();
            if names.is_empty() { "no".to_owned() } else { format!("yes: {}", list(&names)) }
        });
        let seats = onto.dynamics_365_seats.and_then(|seats| {
            users.map(|users| format!("{}: {} for {}", yes(seats as usize >= users), counted(seats as usize, "seat"), counted(users, "user")))
        });
        let licences =
            from.licences.active.and_then(|have| onto.licences.active.map(|has| format!("{}: {has} there, {have} in the old tenant", yes(has >= have))));
        let entitled = from
            .capacity
            .entitled
            .and_then(|have| onto.capacity.entitled.map(|has| format!("{}: {has} GB there, {have} GB in the old tenant", yes(has >= have))));
        let fits = |free: Known<Gigabytes>| free.and_then(|free| size.map(|size| format!("{}: {free} GB free for {size} GB", yes(free >= size))));
        let mut answers = vec![
            ("Does the destination tenant pay for Dynamics 365, Power Apps or Power Virtual Agents?", subscription),
            ("Has it Dynamics 365 seats for all users to be mapped?", seats),
            ("Has it at least as many active user licences as the source tenant?", licences),
            ("Has it at least as much storage as the source tenant?", entitled),
            ("Has it enough storage free for the environments that move?", fits(onto.capacity.available())),
        ];
        if self.moving.iter().any(|moving| moving.environment.kind.is(|kind| kind.word() == "production") || moving.environment.kind.is_unknown()) {
            answers.push(("Has the source tenant room for a copy, with which the move is tested?", fits(from.capacity.available())));
        }
        answers
    }

    /// What nobody knows, each with whose it is.
    fn open(&self) -> Vec<String> {
        let mut open = Vec::new();
        let ask = |open: &mut Vec<String>, whose: &str, answers: &[Answered]| {
            open.extend(answers.iter().filter(|(_, answer)| answer.is_unknown()).map(|(question, _)| format!("{whose}: {question}")));
        };
        ask(&mut open, "Source tenant", &Self::of_tenant(self.from));
        ask(&mut open, "Destination tenant", &Self::of_tenant(self.onto));
        ask(&mut open, "Answer", &self.answers());
        ask(&mut open, "Move", &[("Reason", self.reason()), ("Cut-over", self.cut_over())]);
        for moving in &self.moving {
            ask(&mut open, &moving.environment.name, &moving.facts);
            open.extend(
                moving.holds.iter().filter(|(_, number)| number.is_unknown()).map(|(name, _)| format!("{}: Does it hold {name}?", moving.environment.name)),
            );
        }
        open
    }

    fn object(&self) -> Value {
        let pairs = |answers: &[Answered]| {
            answers.iter().map(|(question, answer)| ((*question).to_owned(), json::fact(answer.clone()))).collect::<serde_json::Map<_, _>>()
        };
        let finding = |finding: &Finding| json!({ "severity": finding.severity.word(), "code": finding.code.word(), "message": finding.message, "remedy": finding.remedy });
        let moving = |moving: &Moving<'_>| {
            let holds = moving.holds.iter().map(|(name, number)| ((*name).to_owned(), json::fact(*number))).collect::<serde_json::Map<_, _>>();
            let mapping = moving.linted.as_ref().map(|linted| json!({ "file": &*linted.file, "users": linted.mapped.len(), "errors": linted.errors.len() }));
            let findings = moving.findings.iter().map(finding).collect::<Value>();
            json!({ "environment": named(moving.environment), "facts": pairs(&moving.facts), "holds": holds, "mapping": mapping, "findings": findings })
        };
        let tenant = |tenant: &Tenant| json!({ "id": &*tenant.id, "name": &*tenant.name });
        let answers = self.answers();
        json!({
            "rulebook": self.edition().word(),
            "from": tenant(self.from),
            "to": tenant(self.onto),
            "reason": json::fact(self.reason()),
            "cut_over": json::fact(self.cut_over()),
            "source": pairs(&Self::of_tenant(self.from)),
            "destination": pairs(&Self::of_tenant(self.onto)),
            "answers": answers.iter().map(|(question, answer)| json!({ "question": question, "answer": json::fact(answer.clone()) })).collect::<Value>(),
            "environments": self.moving.iter().map(moving).collect::<Value>(),
            "steps": self.steps().iter().map(|(text, commands)| json!({ "text": text, "commands": commands })).collect::<Value>(),
            "open": self.open(),
        })
    }

    fn write(&self, out: &mut Out) -> io::Result<()> {
        let names: Vec<&str> = self.moving.iter().map(|moving| &*moving.environment.name).collect();
        let what = match self.edition() {
            Edition::Articles => "Request for a tenant-to-tenant migration",
            Edition::Current => "Self-service tenant-to-tenant migration",
        };
        writeln!(out, "# {what}: {} from {} to {}\n", plain(&list(&names)), plain(&self.from.name), plain(&self.onto.name))?;
        let captured = match self.session.estate.captured_at() {
            Known::Is(at) => second(at),
            Known::Unknown => "at an unknown time".to_owned(),
        };
        writeln!(out, "- Reason: {}", shown(&self.reason().map(|reason| in_words(&reason))))?;
        writeln!(out, "- Cut-over wanted: {} (nobody can get in for several hours, so in the evening or over a weekend)", shown(&self.cut_over()))?;
        writeln!(out, "- As of {}, by facts captured {captured}; all times are UTC", second(self.session.now))?;
        writeln!(out, "\n## The two tenants\n\n| | Source | Destination |\n|---|---|---|")?;
        writeln!(out, "| Name | {} | {} |", plain(&self.from.name), plain(&self.onto.name))?;
        writeln!(out, "| Tenant id | {} | {} |", code(&self.from.id), code(&self.onto.id))?;
        for ((question, here), (_, there)) in Self::of_tenant(self.from).iter().zip(Self::of_tenant(self.onto)) {
            writeln!(out, "| {question} | {} | {} |", shown(here), shown(&there))?;
        }
        writeln!(out, "\n## What the request asks\n")?;
        for (question, answer) in self.answers() {
            writeln!(out, "- {question} **{}**", shown(&answer))?;
        }
        for (nth, moving) in self.moving.iter().enumerate() {
            moving.write(nth + 1, out)?;
        }
        if self.edition() == Edition::Current {
            self.write_steps(out)?;
        }
        let open = self.open();
        if open.is_empty() {
            return writeln!(out, "\n## Still to be found out\n\nNothing.");
        }
        writeln!(out, "\n## Still to be found out\n")?;
        open.iter().try_for_each(|line| writeln!(out, "- [ ] {}", plain(line)))
    }

    /// The steps of the self-service with the ids of these environments (CUR-023, CUR-025); none by the older article.
    fn steps(&self) -> Vec<(String, Vec<String>)> {
        let mut steps = Vec::new();
        if self.edition() == Edition::Articles {
            return steps;
        }
        let (from, onto, to) = (&self.from.name, &self.onto.name, quoted(&self.onto.id));
        let mut add = |text: String, commands: &[String]| steps.push((text, commands.to_vec()));
        let sign_in = "Add-PowerAppsAccount".to_owned();
        let status = "TenantToTenant-GetMigrationStatus -MigrationId '<MigrationId>'".to_owned();
        add(
            "Both administrators: install the administration module for PowerShell".to_owned(),
            &["Install-Module -Name Microsoft.PowerApps.Administration.PowerShell".to_owned()],
        );
        for moving in &self.moving {
            let (name, id) = (&moving.environment.name, quoted(moving.environment.id.as_str()));
            add(
                format!("In {from}: ask for the move of {name}, and note the migration id"),
                &[
                    sign_in.clone(),
                    format!("TenantToTenant-SubmitMigrationRequest -EnvironmentName {id} -TargetTenantID {to}"),
                    "TenantToTenant-ViewMigrationRequest".to_owned(),
                ],
            );
            let file = moving.file.as_deref().map_or_else(|| "'<folder>\\usermapping.csv'".to_owned(), quoted);
            let within = format!("7 days{}", moving.due("approved"));
            add(
                format!("In {onto}: approve the request for {name} within {within}. Its migration id is another one there"),
                &[
                    sign_in.clone(),
                    "TenantToTenant-ViewApprovalRequest".to_owned(),
                    "TenantToTenant-ManageMigrationRequest -MigrationId '<MigrationId in the destination>'".to_owned(),
                ],
            );
            add(
                format!("In {from}: upload usermapping.csv of {name}, and note the ContainerUri that it answers"),
                &[format!("TenantToTenant-UploadUserMappingFile -EnvironmentName {id} -UserMappingFilePath {file}")],
            );
            add(
                format!("In {from}: have the move of {name} validated, until the status says Succeeded"),
                &[
                    format!(
                        "TenantToTenant-PrepareMigration -MigrationId '<MigrationId>' -TargetTenantId {to} -ReadOnlyUserMappingFileContainerUri '<ContainerUri>'"
                    ),
                    status.clone(),
                ],
            );
            add(format!("Do what {name} needs before the move, as its plan says, and confirm it"), &[]);
            let within = format!("7 days of the validation{}", moving.due("cut-over"));
            add(
                format!("In {from}: move {name} within {within}; after that, have it validated anew"),
                &[format!("TenantToTenant-MigratePowerAppEnvironment -MigrationId '<MigrationId>' -TargetTenantId {to}"), status.clone()],
            );
            add(format!("Record the move of {name}, and work through the checklist that it opens. Until it is done it can be cancelled"), &[]);
        }
        steps
    }

    fn write_steps(&self, out: &mut Out) -> io::Result<()> {
        writeln!(out, "\n## Steps\n")?;
        for (nth, (text, commands)) in self.steps().iter().enumerate() {
            writeln!(out, "{}. {}", nth + 1, plain(text))?;
            if !commands.is_empty() {
                writeln!(out, "\n   ```powershell")?;
                commands.iter().try_for_each(|command| writeln!(out, "   {command}"))?;
                writeln!(out, "   ```\n")?;
            }
        }
        Ok(())
    }
}

impl Moving<'_> {
    fn write(&self, number: usize, out: &mut Out) -> io::Result<()> {
        let environment = self.environment;
        writeln!(out, "\n## Environment {number}: {}\n\n| | |\n|---|---|", plain(&environment.name))?;
        for (question, answer) in &self.facts {
            writeln!(out, "| {question} | {} |", shown(answer))?;
        }
        writeln!(out, "\nIt holds:\n")?;
        for (name, number) in &self.holds {
            writeln!(out, "- {name}: {}", shown(&number.map(|number| if number == 0 { "none".to_owned() } else { number.to_string() })))?;
        }
        if let Some(plan) = &self.plan {
            let progress = super::checklist::progress(plan);
            writeln!(out, "\nPreparation, by the plan of {}: {progress}.", second(plan.opened_at))?;
        }
        if !self.findings.is_empty() {
            writeln!(out, "\nTo be settled, or taken into account:\n")?;
        }
        for finding in &self.findings {
            writeln!(out, "- {}: {}. {}.", finding.severity.label(), plain(&finding.message), plain(&finding.remedy))?;
        }
        Ok(())
    }

    /// When a period ends that runs for an item of the plan: ", by 2026-01-12T20:00:00Z".
    fn due(&self, item: &str) -> String {
        let due_at: Option<DateTime<Utc>> = self.plan.as_ref().and_then(|plan| plan.row(item)?.due_at);
        due_at.map_or_else(String::new, |at| format!(", by {}", rfc3339(at)))
    }
}

/// An answer in Markdown.
fn shown(answer: &Known<String>) -> String {
    match answer {
        Known::Is(answer) => plain(answer),
        Known::Unknown => "*still to be found out*".to_owned(),
    }
}

/// The reasons that the article names, in words (TTM-002).
fn in_words(reason: &str) -> String {
    match reason {
        "consolidation" => "several tenants become one".to_owned(),
        "acquisition" => "one company takes over another".to_owned(),
        other => other.to_owned(),
    }
}

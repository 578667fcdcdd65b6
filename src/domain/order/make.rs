//! Judges what is asked for and gathers the facts: an order where nothing is blocked, else the reasons.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};

use super::{Follow, Instruction, Job, Leg, Order, Papers, RELIED_ON_FOR};
use crate::domain::after::{Done, after};
use crate::domain::audit_logs;
use crate::domain::checklist::{Checklist, Does, Part, Row, Setting, State, Template, open_for, standing};
use crate::domain::copy::Level;
use crate::domain::environment::{Environment, EnvironmentId, EnvironmentType};
use crate::domain::estate::Estate;
use crate::domain::journal::{Entry, Journal, What};
use crate::domain::known::Known;
use crate::domain::operation::{Acknowledgement, OperationKind};
use crate::domain::plan::plan;
use crate::domain::request::account::account;
use crate::domain::request::kinds::row;
use crate::domain::request::{Back, Case, Change, Choice, Context, Group, Half, Move, Request};
use crate::domain::rulebook::{Edition, Rulebook};
use crate::domain::schedule::Schedule;
use crate::domain::time;
use crate::domain::verdict::{Code, Finding, Severity, Verdict};

/// What is needed to judge and to look things up.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// Facts, rules, checklists and the instant.
    pub context: Context<'a>,
    /// What somebody takes upon themselves, if they do.
    pub takes: &'a dyn Fn(&Finding) -> Option<Acknowledgement>,
}

/// What a plan leaves open.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// What its restore goes back to.
    pub back: Option<Back>,
    /// What its restore or copy goes into, where that is not the environment itself.
    pub onto: Option<EnvironmentId>,
    /// What its copy comes from.
    pub from: Option<EnvironmentId>,
    /// What is chosen for its move.
    pub moved: Option<Move>,
}

/// Why there is no runbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is refused, in one sentence.
    pub what: String,
    /// The verdict, whose blocks are the reasons; without any when something is missing.
    pub verdict: Verdict,
    /// Whether the facts say no; otherwise something was left out that somebody can say.
    pub is_answer: bool,
}

impl Refusal {
    fn missing(what: impl Into<String>) -> Self {
        Self { what: what.into(), verdict: Verdict::default(), is_answer: false }
    }

    /// It is not for this environment.
    fn unfit(what: impl Into<String>) -> Self {
        Self { is_answer: true, ..Self::missing(what) }
    }
}

impl Desk<'_> {
    fn rulebook(&self) -> &Rulebook {
        self.context.rulebook()
    }

    fn by(&self) -> Arc<str> {
        match self.context.estate.viewer() {
            Known::Is(viewer) => Arc::clone(viewer),
            Known::Unknown => Arc::from("nobody"),
        }
    }
}

/// What has been gathered so far.
struct Gathered {
    legs: Vec<Leg>,
    acknowledged: Vec<Acknowledgement>,
    open: Vec<Finding>,
    valid_until: DateTime<Utc>,
}

impl Gathered {
    fn new(now: DateTime<Utc>) -> Self {
        Self { legs: Vec::new(), acknowledged: Vec::new(), open: Vec::new(), valid_until: now + RELIED_ON_FOR }
    }

    /// Takes an operation that was judged, or refuses it.
    fn take(&mut self, job: Job, what: String, desk: &Desk<'_>) -> Result<(), Refusal> {
        if job.verdict.findings.iter().any(|finding| finding.severity == Severity::Block) {
            // What is only asked for, as a check answers it, never in the words of something that happens.
            return Err(Refusal { what: format!("blocked: {what}"), verdict: job.verdict, is_answer: true });
        }
        for finding in job.verdict.findings.iter().filter(|finding| finding.has_to_be_acknowledged()) {
            match (desk.takes)(finding) {
                Some(taken) if !self.acknowledged.contains(&taken) => self.acknowledged.push(taken),
                Some(_) => {}
                None if !self.open.contains(finding) => self.open.push(finding.clone()),
                None => {}
            }
        }
        self.valid_until = self.valid_until.min(job.good_until);
        self.legs.push(Leg::Job(Box::new(job)));
        Ok(())
    }

    fn into_order(self, plan: Option<&Template>, target: Environment, follow: Vec<Follow>, desk: &Desk<'_>, papers: Papers) -> Order {
        Order {
            plan: plan.map(|plan| (plan.id.clone(), Arc::clone(&plan.title))),
            legs: self.legs,
            tenant: desk.context.estate.tenant(target.tenant).clone(),
            target,
            // Seconds are enough for people and for what a shell can compute.
            acknowledged: self.acknowledged.into_iter().map(|taken| Acknowledgement { at: taken.at.trunc_subsecs(0), ..taken }).collect(),
            open: self.open,
            judged_at: desk.context.now.trunc_subsecs(0),
            valid_until: self.valid_until.trunc_subsecs(0),
            captured_at: desk.context.estate.captured_at(),
            edition: desk.context.estate.edition(),
            menus: desk.rulebook().menus.clone(),
            by: desk.context.estate.viewer().map(Arc::clone),
            papers,
            follow,
        }
    }
}

/// The order for one operation.
pub fn of_request(request: Request, desk: &Desk<'_>, papers: Papers) -> Result<Order, Refusal> {
    let job = job(&request, desk.context.estate, desk)?;
    let what = job.asked.clone();
    let follow = follow(&request, &job, desk);
    let target = job.target.clone();
    let mut gathered = Gathered::new(desk.context.now);
    gathered.take(job, what, desk)?;
    Ok(gathered.into_order(None, target, follow, desk, papers))
}

/// The order for a plan: its open items in their order, each operation judged on what the ones before it leave behind.
pub fn of_plan(template: &Template, environment: &Environment, inputs: &Inputs, desk: &Desk<'_>, papers: Papers) -> Result<Order, Refusal> {
    let mut estate = desk.context.estate.clone();
    let mut gathered = Gathered::new(desk.context.now);
    let mut target = None;
    let mut taken: HashSet<Box<str>> = HashSet::new();
    let setting =
        Setting { environment, source: None, left: None, inputs: Known::Unknown, edition: desk.context.estate.edition(), estate: Some(desk.context.estate) };
    // What is begun goes on, although its own steps change what it was begun for.
    let is_begun = open_for(desk.context.estate.journal(), desk.context.templates, &environment.id).iter().any(|opened| *opened.template == *template.id);
    if let Some(why) = template.refused(&setting).filter(|_| !is_begun) {
        return Err(Refusal::unfit(why));
    }
    // What an operation leaves behind changes what comes after it, so the rows are made anew behind each.
    loop {
        let Some(key) = estate.find(&environment.id) else { return Err(Refusal::missing(format!("{} is not there", environment.name))) };
        let Some(Checklist { rows, created, .. }) = checklist_of(template, estate.environment(key), &estate, desk) else { break };
        let mut next = None;
        for (place, row) in rows.iter().enumerate().filter(|(_, row)| row.parent.is_none() && row.state == State::Open) {
            if !taken.insert(row.id.clone()) {
                continue;
            }
            // What is created has an id only once it is there, so a person does it.
            // What is done with that at last has a runbook of its own, once nobody needs it any more.
            if let Some(does) = row.item.does.filter(|does| does.operation != OperationKind::Create && does.part != Part::Created) {
                next = Some((does, Arc::clone(&row.text)));
                break;
            }
            let mut instruction = instruction(row, rows.get(place + 1..place + 1 + row.parts).unwrap_or_default());
            let new = created.iter().flatten().last().and_then(|id| estate.find(id)).filter(|_| row.item.does.is_some_and(|does| does.part == Part::Created));
            if let Some(key) = new {
                instruction.text = format!("{}: {}", instruction.text, estate.environment(key).name).into();
            }
            gathered.legs.push(Leg::Manual(instruction));
        }
        let Some((does, text)) = next else { break };
        if let Some(why) = template.uncertain(&Setting { environment: estate.environment(key), estate: Some(&estate), ..setting }) {
            return Err(Refusal::unfit(why));
        }
        let request = request_of(does, estate.environment(key), (inputs, created.as_deref()), &estate, desk)?;
        let job = job(&request, &estate, desk)?;
        // With everything that has to be acknowledged, also what a step of its own sees to.
        let assumed = assumed(&job.verdict, &desk.by(), desk.context.now);
        let what = format!("{text}: {}", job.asked);
        if row(job.change.kind()).destroys || job.change.kind() == OperationKind::Migrate {
            let other = target.as_ref().is_some_and(|before: &Environment| before.id != job.target.id);
            // What is done to another environment is judged when it is its turn, as one name is typed for one; and what a
            // rehearsal has to be validated for is when it was (TTM-035).
            let waits = if other { Some(format!("what follows is done to {}", job.target.name)) } else { waits_for_rehearsal(&job.verdict) };
            if let Some(why) = waits.filter(|_| !gathered.legs.is_empty()) {
                let text = format!("Take the runbook of this plan once more: {why}");
                gathered.legs.push(Leg::Manual(Instruction { text: text.into(), help: Vec::new(), path: None }));
                break;
            }
            if target.is_none() {
                // As it is before the first step, not as the steps before this one leave it.
                target = desk.context.estate.find(&job.target.id).map(|key| desk.context.estate.environment(key).clone());
            }
        }
        gathered.take(job, what.clone(), desk)?;
        // What follows is judged on what this leaves behind, whoever takes what is open upon themselves.
        if !try_out(&mut estate, request, &assumed, desk) {
            return Err(Refusal::unfit(format!("What comes after this step cannot be told, because nobody can say how it leaves the environment: {what}")));
        }
    }
    if gathered.legs.is_empty() {
        return Err(Refusal::missing(format!("Nothing of the plan is open for {}", environment.name)));
    }
    Ok(gathered.into_order(Some(template), target.unwrap_or_else(|| environment.clone()), Vec::new(), desk, papers))
}

/// That nothing is in the way but the rehearsal of a move, which steps of its plan bring about.
fn waits_for_rehearsal(verdict: &Verdict) -> Option<String> {
    let mut blocks = verdict.findings.iter().filter(|finding| finding.severity == Severity::Block);
    let only = blocks.next().filter(|finding| finding.code == Code::RehearsalMissing)?;
    blocks.next().is_none().then(|| only.message.clone())
}

/// A plan as it was begun for the environment, else as if it were begun now.
fn checklist_of(template: &Template, environment: &Environment, estate: &Estate, desk: &Desk<'_>) -> Option<Checklist> {
    let begun = standing(estate.journal(), desk.context.templates, environment, estate).into_iter().rfind(|checklist| checklist.template == template.id);
    begun.or_else(|| {
        let mut journal = Journal::default();
        let what = What::ChecklistOpened { environment: environment.id.clone(), checklist: template.id.clone(), operation: None };
        journal.add(Entry::new(desk.context.now, desk.by(), what));
        standing(&journal, desk.context.templates, environment, estate).pop()
    })
}

/// What a step of a plan overwrites with its environment: what is named, which has to be what the plan created where it creates
/// something, so that nothing that was there before is overwritten (RST-061).
fn onto<'e>(
    environment: &Environment,
    (inputs, created): (&Inputs, Option<&[EnvironmentId]>),
    estate: &'e Estate,
    desk: &Desk<'_>,
) -> Result<Option<&'e Environment>, Refusal> {
    let find = |id: &EnvironmentId| estate.find(id).map(|key| estate.environment(key));
    let Some(created) = created else { return Ok(inputs.onto.as_ref().and_then(find)) };
    let Some(named) = &inputs.onto else { return Ok(created.last().and_then(find)) };
    let named = find(named);
    match named {
        Some(onto) if !created.contains(&onto.id) => {
            let message = format!("{} is not the environment that this plan created, and everything in it would be overwritten", onto.name);
            let remedy = match created.last().and_then(find) {
                Some(new) => format!("Name {}, which the plan created", new.name),
                None => format!("Begin the plan for {} in the console (P), create the environment in it, and name that", environment.name),
            };
            let rule = "RST-061";
            let article = desk.rulebook().article_of(OperationKind::Restore, Code::TargetIsProduction, rule).to_owned();
            let finding = Finding { severity: Severity::Block, rule: rule.to_owned(), code: Code::ContentLost, message: message.clone(), remedy, article };
            Err(Refusal { what: message, verdict: Verdict { findings: vec![finding], holds_until: None }, is_answer: true })
        }
        named => Ok(named),
    }
}

/// Carries something out on the model alone, with everything acknowledged; false where it may not be done.
fn try_out(estate: &mut Estate, request: Request, assumed: &[Acknowledgement], desk: &Desk<'_>) -> bool {
    let Ok(planned) = plan(request, &desk.context.trying(estate), assumed) else { return false };
    estate.rehearse(planned, desk.rulebook(), desk.context.now);
    let done = estate.rehearsals().last().map_or(desk.context.now, |rehearsal| rehearsal.schedule.done_at());
    estate.settle(&desk.by(), desk.context.templates, done);
    true
}

/// Everything that has to be acknowledged, as if somebody had.
fn assumed(verdict: &Verdict, by: &Arc<str>, at: DateTime<Utc>) -> Vec<Acknowledgement> {
    let open = verdict.findings.iter().filter(|finding| finding.has_to_be_acknowledged());
    open.map(|finding| Acknowledgement { code: finding.code, severity: finding.severity, shown: finding.message.clone().into(), by: Arc::clone(by), at })
        .collect()
}

/// What a step of a plan says of the other half, where no other step sees to it.
const LEFT: Choice<Half> = Choice::Chosen(Half::Left);

/// The copy that is a step of a plan: everything, without audit logs where that can be chosen; it stays what it is called.
fn everything(onto: &Environment, edition: Edition) -> Change {
    let level = Level::Everything;
    Change::Copy {
        level: Choice::Chosen(level),
        audit_logs: audit_logs::chosen(edition, level, false),
        name: Choice::Chosen(onto.name.clone()),
        group: Choice::Chosen(Group::Keep),
        // The plan that copies a pair refreshes its database in a step of its own (IOM-006).
        half: Choice::Chosen(Half::Separate),
    }
}

/// The operation that a step of a plan consists of.
fn request_of(
    does: Does,
    environment: &Environment,
    (inputs, created): (&Inputs, Option<&[EnvironmentId]>),
    estate: &Estate,
    desk: &Desk<'_>,
) -> Result<Request, Refusal> {
    let rulebook = desk.rulebook();
    let own = |change| Request { source: None, target: environment.id.clone(), change };
    let when = || inputs.back.as_ref().map_or_else(String::new, |back| format!(" to {}", time::minute(back.at())));
    Ok(match does.operation {
        OperationKind::Backup => {
            let id = format!("m-{}", desk.context.now.format("%Y%m%dT%H%M%S%3fZ"));
            let name = format!("Before the restore{}", when());
            own(Change::Backup { id: id.into(), name: Choice::Chosen(name.into()), notes: "".into(), half: LEFT })
        }
        OperationKind::Switch => {
            let to = does.to.unwrap_or(EnvironmentType::Sandbox);
            own(Change::Switch { to, sandbox_days: rulebook.limits.retention_default })
        }
        OperationKind::Restore => {
            let Some(back) = inputs.back.clone() else { return Err(Refusal::missing("the plan restores: say to which instant or backup (--at, --backup)")) };
            let onto = match does.part {
                Part::Target => Some(environment),
                Part::Source | Part::Created => onto(environment, (inputs, created), estate, desk)?,
            };
            let Some(onto) = onto else {
                return Err(Refusal::missing("the plan restores into a new environment: create it, capture the tenant again, and name it (--to)"));
            };
            let change = Change::Restore { back: Choice::Chosen(back), audit_logs: Choice::Chosen(false), name: Choice::Chosen(onto.name.clone()), half: LEFT };
            Request { source: Some(environment.id.clone()), target: onto.id.clone(), change }
        }
        OperationKind::Copy if does.part == Part::Source => {
            let Some(onto) = onto(environment, (inputs, created), estate, desk)? else {
                return Err(Refusal::missing("the plan copies it into a new sandbox: create that, capture the tenant again, and name it (--to)"));
            };
            let change = everything(onto, rulebook.edition);
            Request { source: Some(environment.id.clone()), target: onto.id.clone(), change }
        }
        OperationKind::Copy => {
            let Some(from) = inputs.from.clone() else { return Err(Refusal::missing("the plan copies: say from which environment (--from)")) };
            // The other half is a step of the plan.
            let change = everything(environment, rulebook.edition);
            Request { source: Some(from), target: environment.id.clone(), change }
        }
        OperationKind::Migrate => {
            let Some(moved) = inputs.moved.clone() else {
                return Err(Refusal::missing("the plan moves it: say to which tenant (--to-tenant), and with which mapping file (--mapping)"));
            };
            own(Change::Migrate(Box::new(moved)))
        }
        OperationKind::DeleteFinanceOperations => own(Change::DeleteFinanceOperations),
        OperationKind::Reset => own(Change::Reset),
        OperationKind::Delete => own(Change::Delete),
        OperationKind::Recover => own(Change::Recover),
        OperationKind::AdminMode => own(Change::AdminMode(false)),
        OperationKind::Background => own(Change::Background(true)),
        // A plan names the operation alone: of these that says too little.
        _ => {
            return Err(Refusal::missing("The plan has a step that says too little for a runbook: take that step's own runbook"));
        }
    })
}

/// One operation, judged on `estate`.
fn job(request: &Request, estate: &Estate, desk: &Desk<'_>) -> Result<Job, Refusal> {
    let context = desk.context.trying(estate);
    let case = Case::of(request, &context).map_err(|missing| Refusal::missing(missing.0))?;
    let open = case.open();
    if !open.is_empty() {
        let options: Vec<String> = open.into_iter().map(|choice| format!("--{choice}")).collect();
        return Err(Refusal::missing(format!("something is not chosen yet: say it with {}", options.join(", "))));
    }
    let (account, verdict) = (account(&case), case.verdict());
    let good_until = good_until(&case, &verdict);
    let rulebook = desk.rulebook();
    let tenant = estate.tenant(case.tenant).clone();
    let target = if let Change::Create { name, .. } = &request.change {
        let nothing = Environment::unexplored(case.tenant, request.target.clone(), name.text().into());
        after(&request.change, None, &nothing, Done { by: "", at: desk.context.now, edition: estate.edition() })
    } else {
        case.target.clone()
    };
    let source = row(case.kind()).has_source.then(|| case.source.clone());
    let from = source.as_ref().unwrap_or(&target);
    let takes = Schedule::of(&request.change, from, rulebook, desk.context.now).done_at() - desk.context.now;
    let button = if let Change::Switch { to, .. } = &request.change {
        rulebook.switches.iter().find(|switch| switch.to == *to).and_then(|switch| switch.button.as_deref()).map(str::to_owned)
    } else {
        None
    };
    let region = match &target.region {
        Known::Is(region) => Some(rulebook.region(region).into()),
        Known::Unknown => None,
    };
    Ok(Job { change: request.change.clone(), asked: case.asked(), tenant, account, source, target, verdict, good_until, takes, button, region })
}

/// Until when the verdict is relied on: a day at most, and not beyond the instant at which time alone makes it worse.
fn good_until(case: &Case<'_>, verdict: &Verdict) -> DateTime<Utc> {
    /// So many changes of a verdict within a day are looked at.
    const LOOKED_AT: usize = 50;
    let end = case.context.now + RELIED_ON_FOR;
    let graver = |finding: &Finding| finding.severity != Severity::Note;
    let known = |finding: &Finding| verdict.findings.iter().any(|seen| (seen.code, seen.severity) == (finding.code, finding.severity));
    let mut next = verdict.holds_until;
    for _ in 0..LOOKED_AT {
        let Some(at) = next.filter(|at| *at < end) else { return end };
        let later = case.at(at + TimeDelta::seconds(1)).verdict();
        if later.findings.iter().any(|finding| graver(finding) && !known(finding)) {
            return at;
        }
        next = later.holds_until.filter(|next| *next > at);
    }
    next.unwrap_or(end)
}

fn instruction(row: &Row, parts: &[Row]) -> Instruction {
    let part = |part: &Row| Arc::from(format!("{}{}", "  ".repeat(usize::from(part.depth.saturating_sub(1))), part.text));
    let parts = parts.iter().filter(|part| part.state == State::Open).map(part);
    Instruction { text: Arc::clone(&row.text), help: row.help.iter().cloned().chain(parts).collect(), path: row.item.path.clone() }
}

/// What is open in the checklists that it opens, as they are once it is done.
fn follow(request: &Request, job: &Job, desk: &Desk<'_>) -> Vec<Follow> {
    if !desk.context.templates.iter().any(|template| template.opened_by.iter().any(|opening| opening.operation == request.change.kind())) {
        return Vec::new();
    }
    let mut estate = desk.context.estate.clone();
    if !try_out(&mut estate, request.clone(), &assumed(&job.verdict, &desk.by(), desk.context.now), desk) {
        return Vec::new();
    }
    let (Some(rehearsal), Some(key)) = (estate.rehearsals().last(), estate.find(&request.target)) else { return Vec::new() };
    let checklists = standing(&rehearsal.journal, desk.context.templates, estate.environment(key), &estate);
    let open = checklists.iter().flat_map(|checklist| {
        let rows = checklist.rows.iter().filter(|row| row.parent.is_none() && row.state == State::Open);
        rows.map(|row| Follow { checklist: Arc::clone(&checklist.title), text: Arc::clone(&row.text), mandatory: row.mandatory })
    });
    open.collect()
}

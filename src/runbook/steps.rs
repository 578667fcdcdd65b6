//! What is done in which order, how each step is verified and what to do when it fails: the same for every dialect.

use crate::domain::audit_logs::{self, AuditLogs, Told};
use crate::domain::environment::{Environment, EnvironmentType};
use crate::domain::known::Known;
use crate::domain::linked;
use crate::domain::order::{Dialect, Follow, Instruction, Job, Leg, Order};
use crate::domain::request::account::Topic;
use crate::domain::request::kinds::row;
use crate::domain::request::{Back, Change, Choice, Group, Half};
use crate::domain::rulebook::Edition;
use crate::domain::summary::backup_name;
use crate::domain::tenant::Tenant;
use crate::domain::time;
use crate::domain::words::Word;

/// A step.
#[derive(Debug)]
pub struct Step<'a> {
    /// What it is, in a few words.
    pub title: String,
    /// What is done.
    pub doing: Doing<'a>,
    /// What is looked at afterwards.
    pub verify: Vec<Verify<'a>>,
    /// What a person has to see in the admin center where a command did it, because what is looked at would be so as well if it
    /// had failed; none where it shows that it was done.
    pub proof: Option<Proof>,
    /// What the target is once it was begun.
    pub leaves: Option<Leaves<'a>>,
    /// What is safe after a failure.
    pub again: &'static str,
    /// What to know.
    pub notes: Vec<String>,
}

/// What is done in a step.
#[derive(Debug)]
pub enum Doing<'a> {
    /// An operation, by a command where the dialect has one, else as a person does it.
    Job(&'a Job, Manual),
    /// Something that a person does.
    Manual(Manual),
}

/// Something that a person does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manual {
    /// What.
    pub text: String,
    /// Where in the menus, if it is there.
    pub path: Option<String>,
    /// What to know.
    pub help: Vec<String>,
}

/// What is looked at after a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verify<'a> {
    /// The environment is there, is called so and of that type.
    Is(&'a str, &'a str, Option<&'static str>),
    /// The environment is not listed any more.
    Gone(&'a str),
    /// The environment is listed again.
    There(&'a str),
    /// An environment of that name is listed; its id is told.
    Named(&'a str),
    /// Its backups are listed, one with that label among them.
    Backup(&'a str, &'a str),
    /// It has that URL.
    Url(&'a str, &'a str),
    /// No operation is in progress.
    Quiet,
    /// To be looked at by a person.
    Look(String),
}

/// What only a person can see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// What has to be so, as half a sentence.
    pub text: String,
    /// Where in the menus.
    pub path: String,
}

/// What the target is once a step was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaves<'a> {
    /// There, called so and of that type.
    There(&'a str, Option<&'static str>),
    /// Not listed any more.
    Gone,
    /// Listed again, or for the first time.
    Back,
}

/// How the target stands before anything was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// It is listed.
    There,
    /// It is deleted, so that it is not listed.
    Deleted,
    /// It does not exist yet.
    NotYet,
}

/// The steps of an order, in order; by hand is what the commands of the dialect do not take.
pub fn steps(order: &Order, dialect: Dialect) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    for leg in &order.legs {
        match leg {
            Leg::Manual(instruction) => steps.push(by_hand(from_instruction(instruction))),
            Leg::Job(job) => of_job(job, order, dialect, &mut steps),
        }
    }
    for step in &mut steps {
        let (Doing::Job(_, doing) | Doing::Manual(doing)) = &mut step.doing;
        let proof = step.proof.iter_mut().map(|proof| &mut proof.path);
        doing.path.iter_mut().chain(proof).for_each(|path| *path = order.menus.path(path));
    }
    steps
}

/// How the target stands before anything was done.
pub fn stands(order: &Order) -> Stands {
    match order.jobs().next().map(|job| &job.change) {
        Some(Change::Create { .. }) => Stands::NotYet,
        Some(Change::Recover) => Stands::Deleted,
        Some(_) | None => Stands::There,
    }
}

/// The source that was judged, where it is another environment than the target.
pub fn source(order: &Order) -> Option<&Environment> {
    order.jobs().filter_map(|job| job.source.as_ref()).find(|source| source.id != order.target.id)
}

/// What has to be done afterwards, each with the title of its checklist where that begins and is one of several.
pub fn afterwards(order: &Order) -> impl Iterator<Item = (Option<&str>, &Follow)> {
    let several = order.follow.iter().any(|item| order.follow.first().is_some_and(|first| first.checklist != item.checklist));
    let before = std::iter::once(None).chain(order.follow.iter().map(|item| Some(&item.checklist)));
    order.follow.iter().zip(before).map(move |(item, before)| ((several && before != Some(&item.checklist)).then_some(&*item.checklist), item))
}

/// The type as Microsoft's tools write it; none where it is unknown, or they have no word for it.
pub const fn sku(kind: Known<EnvironmentType>) -> Option<&'static str> {
    match kind {
        Known::Is(EnvironmentType::Production) => Some("Production"),
        Known::Is(EnvironmentType::Sandbox) => Some("Sandbox"),
        Known::Is(EnvironmentType::Developer) => Some("Developer"),
        Known::Is(EnvironmentType::Teams) => Some("Teams"),
        Known::Is(EnvironmentType::Default) => Some("Default"),
        Known::Is(EnvironmentType::Trial) => Some("Trial"),
        Known::Is(EnvironmentType::TrialSubscription) => Some("SubscriptionBasedTrial"),
        Known::Is(EnvironmentType::Preview | EnvironmentType::Demo) | Known::Unknown => None,
    }
}

/// Minutes that a command may take: a copy or restore can take a day (C-11, CUR-006), and no wait is left to a default.
pub const fn wait_minutes(change: &Change) -> u32 {
    if matches!(change, Change::Copy { .. } | Change::Restore { .. }) { 1440 } else { 240 }
}

fn from_instruction(instruction: &Instruction) -> Manual {
    Manual {
        text: instruction.text.to_string(),
        path: instruction.path.as_ref().map(ToString::to_string),
        help: instruction.help.iter().map(ToString::to_string).collect(),
    }
}

const BY_HAND: &str = "Nothing was changed by this step: do it, then run this again.";
const LOOK_FIRST: &str = "Do not begin it again before you have seen that it is not running and did not end: it overwrites or removes what is there.";
const HARMLESS: &str = "It is safe to begin it again.";

fn by_hand(manual: Manual) -> Step<'static> {
    Step { title: manual.text.clone(), doing: Doing::Manual(manual), verify: Vec::new(), proof: None, leaves: None, again: BY_HAND, notes: Vec::new() }
}

fn simple(text: String, path: Option<&str>, help: Option<&str>) -> Step<'static> {
    by_hand(Manual { text, path: path.map(str::to_owned), help: help.into_iter().map(str::to_owned).collect() })
}

fn of_job<'a>(job: &'a Job, order: &'a Order, dialect: Dialect, steps: &mut Vec<Step<'a>>) {
    let change = &job.change;
    if let Change::Migrate(_) = change {
        return moves(job, &job.tenant, order, steps);
    }
    let target = &job.target;
    let other = linked::half(target)
        .map_or_else(|| "the finance and operations half".to_owned(), |half| format!("the finance and operations half {} ({})", half.name, half.id));
    // What is unified has no environment in Lifecycle Services; where nobody knows what it is, whoever is there looks.
    let is_apart = linked::is_seen_to_apart(target);
    let is_sure = linked::half(target).is_some_and(|half| !half.kind.is_unknown());
    let asked = |text: String| if is_sure { text } else { format!("If Lifecycle Services lists {other}, which nobody looked up: {}", lowered(&text)) };
    // The other half is begun at the same instant, so somebody stands by before the command runs.
    let beside = match change.choices().half {
        Some(Choice::Chosen(Half::Moves(how))) => {
            Some((format!("Begin in parallel, now, for {other}: {}", how.label()), "Lifecycle Services > (environment) > Maintain > Move database"))
        }
        // What is known to have no other half needs no hand for it, whatever was written down.
        Some(Choice::Chosen(Half::Restored(at))) if target.is_linked() != Known::Is(false) => {
            let path = "Lifecycle Services > (environment) > Maintain > Move database > Point-in-time restore";
            Some((format!("Begin in parallel, now, for {other}: its point-in-time restore to {}", time::rfc3339(*at)), path))
        }
        Some(Choice::Chosen(Half::BackedUp)) => Some((format!("Back up at the same time: {other}"), "Lifecycle Services > (environment)")),
        Some(Choice::Chosen(Half::Restored(_) | Half::Left | Half::Separate) | Choice::Open) | None => None,
    };
    if let Some((text, path)) = beside.filter(|_| is_apart) {
        steps.push(simple(asked(text), Some(path), None));
    }
    if let (Change::Reset, Some(how)) = (change, chosen_at_a_reset(dialect)) {
        let text = format!("Choose base currency and language of {} anew: without a choice it comes back with US dollars and English", target.name);
        steps.push(simple(text, None, Some(how)));
    }
    let Particulars { verify, proof, leaves, again, notes, by_hand } = particulars(job, &order.tenant, dialect);
    steps.push(Step { title: title(job), doing: Doing::Job(job, manual(job, by_hand)), verify, proof, leaves, again, notes });
    if let (Some(group), Some(name)) = (change.choices().group, change.choices().name) {
        security_group(group, name, (change, dialect), &order.tenant, steps);
    }
    if is_apart && matches!(change.choices().half, Some(Choice::Chosen(Half::Moves(_) | Half::Restored(_)))) {
        steps.push(simple(asked("Once both are done, bring the code of both halves to match".to_owned()), None, None));
    }
}

/// The sentence as it stands behind a colon.
fn lowered(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}

/// What happens, as the title of a step: of a copy with its level, which decides whose data arrives.
fn title(job: &Job) -> String {
    let level = job.change.choices().level.and_then(Choice::chosen);
    format!("{}{}", job.happens(), level.map_or_else(String::new, |level| format!(" Level: {}.", level.label())))
}

/// How currency and language are given to the reset that follows; none where its command asks for both.
const fn chosen_at_a_reset(dialect: Dialect) -> Option<&'static str> {
    match dialect {
        Dialect::Pac | Dialect::PacEm => None,
        Dialect::PowerShell => Some("The admin center asks for them on the page of the reset"),
        Dialect::Markdown => Some("The admin center asks for them on the page of the reset; the scripts of pac and pac-em ask for them before their command"),
    }
}

/// Whether the command of that dialect gives the target its security group. None takes a group away.
const fn takes_group(change: &Change, dialect: Dialect) -> bool {
    match dialect {
        Dialect::PacEm | Dialect::PowerShell => matches!(change, Change::Copy { group: Choice::Chosen(Group::Only(_)), .. }),
        Dialect::Pac | Dialect::Markdown => false,
    }
}

/// A security group by its name, if the snapshot has it, and its id.
fn group_by_name(id: &str, tenant: &Tenant) -> String {
    tenant.group_name(id).map_or_else(|| format!("the one with the id {id}"), |name| format!("{name}, id {id}"))
}

/// The security group by hand, where no command of the dialect sets it.
fn security_group(group: &Choice<Group>, name: &Choice<Box<str>>, (change, dialect): (&Change, Dialect), tenant: &Tenant, steps: &mut Vec<Step<'_>>) {
    if takes_group(change, dialect) {
        return;
    }
    let name = name.text();
    let with_the_copy = matches!((change, dialect), (Change::Copy { .. }, Dialect::Markdown));
    let (text, why) = match group {
        Choice::Open | Choice::Chosen(Group::Keep) => return,
        Choice::Chosen(Group::Open) => (
            format!("Take the security group of {name} away, so that none limits who gets in"),
            with_the_copy.then_some("Done already where the copy was begun in the admin center; no command takes a group away"),
        ),
        Choice::Chosen(Group::Only(id)) => (
            format!("Set the security group of {name} to {}", group_by_name(id, tenant)),
            with_the_copy.then_some("Done already in the admin center, and by the commands of pac-em and PowerShell; pac admin copy takes no group"),
        ),
    };
    steps.push(simple(text, Some("Environments > (environment) > Details > Edit > Security group"), why));
}

/// What of a step is so for its operation alone.
struct Particulars<'a> {
    /// What is looked at afterwards.
    verify: Vec<Verify<'a>>,
    /// What only a person can see: names and types are after a copy, restore or reset what they were before, and no list of
    /// the tools holds modes, retentions or the history.
    proof: Option<Proof>,
    /// What the target is once it was begun.
    leaves: Option<Leaves<'a>>,
    /// What is safe after a failure.
    again: &'static str,
    /// What to know of the commands.
    notes: Vec<String>,
    /// What a person fills in, where no command does it.
    by_hand: Vec<String>,
}

fn particulars<'a>(job: &'a Job, tenant: &Tenant, dialect: Dialect) -> Particulars<'a> {
    const HISTORY: &str = "Environments > (environment) > History";
    const BACKUPS: &str = "Environments > (environment) > Backup & Restore > Restore or manage > Manual";
    const DETAILS: &str = "Environments > (environment) > Details";
    let (change, target) = (&job.change, &job.target);
    let (id, name, kind) = (target.id.as_str(), &*target.name, sku(target.kind));
    let says = |text: String, path: &str| Some(Proof { text, path: path.to_owned() });
    let succeeded = || says(format!("the history of {name} says of this {} that it succeeded", change.kind().label().to_lowercase()), HISTORY);
    let on_off = |on: bool| if on { "on" } else { "off" };
    let stays = Verify::Is(id, name, kind);
    // The type, the name, the URL, or that it is listed at all: where that was otherwise before, it is the proof.
    let plain = |verify: Vec<Verify<'a>>| Particulars { verify, proof: None, leaves: None, again: LOOK_FIRST, notes: Vec::new(), by_hand: Vec::new() };
    match change {
        Change::Copy { name: new, group, .. } => {
            let mut verify = vec![Verify::Quiet, Verify::Is(id, new.text(), kind)];
            if let (Choice::Chosen(Group::Only(group)), true) = (group, takes_group(change, dialect)) {
                verify.push(Verify::Look(format!("its security group is {}", group_by_name(group, tenant))));
            }
            let confirm = "Then select Copy, and Confirm that the target is overwritten".to_owned();
            Particulars {
                proof: succeeded(),
                leaves: Some(Leaves::There(new.text(), kind)),
                notes: logs(job).map(Told::line).into_iter().collect(),
                by_hand: choices(job).into_iter().chain([confirm]).collect(),
                ..plain(verify)
            }
        }
        Change::Restore { back, name: new, .. } => {
            let (notes, by_hand) = restored(job, back);
            let verify = vec![Verify::Quiet, Verify::Is(id, new.text(), kind)];
            Particulars { proof: succeeded(), leaves: Some(Leaves::There(new.text(), kind)), notes, by_hand, ..plain(verify) }
        }
        Change::Backup { name: label, notes, .. } => {
            let label = label.text();
            // A backup that was called so before would be taken for the new one.
            let proof = match &target.backups {
                Known::Is(backups) if !backups.iter().any(|backup| backup.name.as_ref().is(|name| name.contains(label))) => None,
                Known::Is(_) | Known::Unknown => says(format!("a backup called {label} was made just now"), BACKUPS),
            };
            let (named, refused) = if notes.is_empty() {
                (format!("Name: {label}"), None)
            } else {
                (format!("Name: {label}; notes: {notes}"), Some(format!("pac takes no notes on a backup: {notes}")))
            };
            Particulars { proof, notes: refused.into_iter().collect(), by_hand: vec![named], ..plain(vec![Verify::Backup(id, label)]) }
        }
        Change::DeleteBackup(backup) => {
            let (backup, called) = (backup.text(), backup_name(target, backup.text()));
            Particulars {
                proof: says(format!("the backup {called} is not listed any more"), BACKUPS),
                by_hand: vec![format!("(backup) is {called}, id {backup}")],
                ..plain(vec![Verify::Look(format!("the backup {called} is listed no more"))])
            }
        }
        Change::Retention { days, .. } => Particulars {
            proof: says(format!("backups of {name} are kept for {days} days"), DETAILS),
            again: HARMLESS,
            ..plain(vec![Verify::Look(format!("it says {days} days; the change can take a day to reach all backups")), stays])
        },
        Change::Switch { to, .. } => {
            let kind = sku(Known::Is(*to));
            Particulars {
                proof: (target.kind == Known::Unknown).then(|| Proof { text: format!("{name} is of the type {}", to.label()), path: DETAILS.to_owned() }),
                leaves: Some(Leaves::There(name, kind)),
                ..plain(vec![Verify::Is(id, name, kind)])
            }
        }
        Change::Reset => Particulars { proof: succeeded(), ..plain(vec![Verify::Quiet, stays]) },
        Change::Delete => Particulars { leaves: Some(Leaves::Gone), ..plain(vec![Verify::Gone(id)]) },
        Change::Recover => Particulars { leaves: Some(Leaves::Back), ..plain(vec![Verify::There(id)]) },
        Change::Create { name: new, kind, region, .. } => {
            let region = region.chosen().map_or_else(String::new, |region| format!(", region {region}"));
            let kind = kind.chosen().map_or("(not chosen yet)", |kind| kind.label());
            let by_hand = vec![format!("Name {}, type {kind}{region}, with a database", new.text())];
            Particulars { leaves: Some(Leaves::Back), by_hand, ..plain(vec![Verify::Named(new.text())]) }
        }
        Change::Edit { name: new, .. } => Particulars {
            leaves: Some(Leaves::There(new.text(), kind)),
            by_hand: vec![format!("Name afterwards: {}", new.text())],
            ..plain(vec![Verify::Is(id, new.text(), kind)])
        },
        Change::RenameUrl(url) => {
            let now = if let Known::Is(Some(url)) = &target.url { Some(format!("It is {url} now; tell everybody who uses it")) } else { None };
            let by_hand = vec![format!("URL afterwards: {}", url.text())];
            Particulars { notes: now.into_iter().collect(), by_hand, ..plain(vec![Verify::Url(id, url.text())]) }
        }
        Change::AdminMode(on) => {
            let look = if *on {
                "administration mode is on".to_owned()
            } else {
                let background = on_off(background_with(false, target));
                format!("administration mode is off, and background operations are {background}: by the newer articles they can come on with it")
            };
            let proof = says(format!("administration mode of {name} is {}", on_off(*on)), DETAILS);
            Particulars { proof, again: HARMLESS, ..plain(vec![Verify::Quiet, Verify::Look(look)]) }
        }
        Change::Background(on) => Particulars {
            proof: says(format!("background operations of {name} are {}", on_off(*on)), DETAILS),
            again: HARMLESS,
            ..plain(vec![Verify::Quiet, Verify::Look(format!("background operations are {}", on_off(*on)))])
        },
        Change::DeleteFinanceOperations => plain(vec![Verify::Look("the environment is not linked any more".to_owned()), stays]),
        Change::Migrate(_) => plain(vec![Verify::Look("the environment stands in the new tenant, and no more in the old one".to_owned())]),
    }
}

/// What to know of the commands of a restore, and what a person fills in.
fn restored(job: &Job, back: &Choice<Back>) -> (Vec<String>, Vec<String>) {
    let mut by_hand = choices(job);
    by_hand.push(match back {
        Choice::Open | Choice::Chosen(Back::To(_)) => "Tab System: date and time, then Continue".to_owned(),
        Choice::Chosen(Back::Backup(..)) => "Tab Manual: the backup, then Restore".to_owned(),
    });
    if matches!(logs(job), Some(told) if told.logs == AuditLogs::Carried) {
        by_hand.push("Audit logs: select Click here, and enable copying audit logs".to_owned());
    }
    by_hand.push("Then the target and its details, Restore, and Confirm".to_owned());
    let Choice::Chosen(back) = back else { return (Vec::new(), by_hand) };
    let at = back.at();
    let second = (at.timestamp() % 60 != 0).then(|| format!("The tools take whole minutes: {} becomes {}", time::rfc3339(at), time::minute(at)));
    let backup = matches!(back, Back::Backup(..)).then(|| "The backup is named by its instant".to_owned());
    (logs(job).map(Told::line).into_iter().chain(backup).chain(second).collect(), by_hand)
}

/// How background operations are set together with administration mode; no tool is left to its default, which is on. Entering the
/// mode stops them (C-21). Leaving it leaves them as they are, and off where nobody knows, because turning them on is an act of its
/// own, behind a gate of its own (ENV-012, PCP-025).
pub fn background_with(admin_mode: bool, target: &Environment) -> bool {
    !admin_mode && target.background_operations == Known::Is(true)
}

/// What becomes of audit logs in a copy or restore.
pub fn logs(job: &Job) -> Option<Told> {
    audit_logs::of(&job.change, job.from().id == job.target.id)
}

/// What is chosen, one line each, in the order in which the admin center asks: level or point, audit logs, name, group.
fn choices(job: &Job) -> Vec<String> {
    const ASKED: [Topic; 6] = [Topic::Level, Topic::Point, Topic::AuditLogs, Topic::Half, Topic::Name, Topic::Access];
    let about = |topic: Topic| job.account.iter().filter(move |line| line.topic == topic);
    ASKED.into_iter().flat_map(|topic| about(topic).map(move |line| format!("{}: {}", topic.label(), line.text))).collect()
}

/// What a person does where a dialect has no command for an operation, with its path in the admin center.
fn manual(job: &Job, particulars: Vec<String>) -> Manual {
    let (from, target) = (job.from(), &job.target);
    let on = if row(job.change.kind()).has_source { from } else { target };
    let path = row(job.change.kind()).path;
    let path = job.button.as_ref().map_or_else(|| path.to_owned(), |button| format!("{path} > {button}"));
    let created = matches!(job.change, Change::Create { .. });
    let mut help = vec![if created { "It has no id yet".to_owned() } else { format!("(environment) is {}, id {}", on.name, on.id) }];
    if from.id != target.id {
        help.push(format!("The target is {}, id {}", target.name, target.id));
    }
    help.extend(particulars);
    Manual { text: job.happens().to_owned(), path: Some(path), help }
}

/// The steps of a move: a support request (TTM-004, TTM-019 to TTM-024), or the self-service of the newer articles (CUR-023).
/// The plan of a move has items of its own for what leads to it and what follows.
fn moves<'a>(job: &'a Job, to: &Tenant, order: &Order, steps: &mut Vec<Step<'a>>) {
    let (name, id) = (&job.target.name, job.target.id.as_str());
    let (to_name, to_id) = (&to.name, &to.id);
    let mut add = |text: String, help: &[String]| steps.push(by_hand(Manual { text, path: None, help: help.to_vec() }));
    let is_alone = order.plan.is_none();
    let module = "Commands of the PowerShell module Microsoft.PowerApps.Administration.PowerShell, after Add-PowerAppsAccount".to_owned();
    match order.edition {
        Edition::Articles => {
            if is_alone {
                add("Check that the mapping file is complete: one line for each user, all of them active and licensed on both sides".to_owned(), &[]);
                add(
                    format!("Open a support request for the move of {name} (id {id}) to the tenant {to_name} (id {to_id})"),
                    &["Give the domains and regions of both tenants, the environments, the mapping file, and the security group for each environment"
                        .to_owned()],
                );
                add(format!("Export apps, flows and chatbots of {name}, and work the list of what is to be done before, which comes with the request"), &[]);
                add("Wait until support has verified the prerequisites, and agree when it is done: users are shut out for several hours".to_owned(), &[]);
            }
            add(
                format!("Stand by while {name} (id {id}) is moved to {to_name} (id {to_id})"),
                &["A Lockbox request has to be approved when it starts, where Lockbox is on".to_owned()],
            );
        }
        Edition::Current => {
            if is_alone {
                add(
                    format!("In the tenant of {name}, ask for the move to {to_name}"),
                    &[
                        module.clone(),
                        format!("TenantToTenant-SubmitMigrationRequest -EnvironmentName {id} -TargetTenantID {to_id}"),
                        "TenantToTenant-ViewMigrationRequest shows its MigrationId".to_owned(),
                    ],
                );
                add(
                    format!("In {to_name}, have the request approved within 7 days"),
                    &[
                        "TenantToTenant-ViewApprovalRequest".to_owned(),
                        "TenantToTenant-ManageMigrationRequest -MigrationId (id of the request there)".to_owned(),
                    ],
                );
                add(
                    "Upload the mapping file: it is called usermapping.csv, with the header Source,Destination".to_owned(),
                    &[
                        format!("TenantToTenant-UploadUserMappingFile -EnvironmentName {id} -UserMappingFilePath (path)"),
                        "Keep the ContainerUri that it answers".to_owned(),
                    ],
                );
                add(
                    "Validate the move".to_owned(),
                    &[
                        format!("TenantToTenant-PrepareMigration -MigrationId (id) -TargetTenantId {to_id} -ReadOnlyUserMappingFileContainerUri (uri)"),
                        "TenantToTenant-GetMigrationStatus -MigrationId (id) until it says Succeeded".to_owned(),
                    ],
                );
                add(format!("Export apps, flows and chatbots of {name}, and confirm the steps before the move"), &[]);
            }
            add(
                format!("Move {name} (id {id}) to {to_name}, within 7 days of the validation"),
                &[
                    module,
                    format!("TenantToTenant-MigratePowerAppEnvironment -MigrationId (id) -TargetTenantId {to_id}"),
                    "TenantToTenant-GetMigrationStatus -MigrationId (id) until it says Succeeded".to_owned(),
                ],
            );
        }
    }
    if is_alone {
        add(format!("Work the list of what is to be done afterwards in {to_name}: imports, connections, mailboxes, portals"), &[]);
    }
}

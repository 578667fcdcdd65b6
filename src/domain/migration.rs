//! May an environment move to another tenant (table D6), and if not, every reason why.

use std::collections::HashSet;

use chrono::{DateTime, Datelike, FixedOffset, TimeDelta, Timelike, Utc, Weekday};

use crate::domain::checklist::{Checklist, Inputs};
use crate::domain::component::ComponentKind;
use crate::domain::conditions;
use crate::domain::environment::{Environment, EnvironmentId, EnvironmentType};
use crate::domain::estate::Records;
use crate::domain::gigabytes::Gigabytes;
use crate::domain::journal::{Entry, ItemAct, Journal, Value, What};
use crate::domain::known::Known;
use crate::domain::linked;
use crate::domain::mapping::{Left, LeftBehind, Linted, Mistake, Origin, Remark};
use crate::domain::operation::{Operation, OperationKind, Outcome};
use crate::domain::tenant::{Access, Cloud, Tenant, TenantKey};
use crate::domain::time;
use crate::domain::verdict::{Code, Findings, Severity, Words, missing};
use crate::domain::words::{Word, counted, list};
use crate::domain::world::Facts;

/// A move that somebody asks about.
#[derive(Debug, Clone, Copy)]
pub struct Migration<'a> {
    /// What moves.
    pub environment: &'a Environment,
    /// Where to.
    pub to: TenantKey,
    /// Its mapping file, checked by the rules that decide; none where there is none. The other edition wants another
    /// form of the same file, so it takes over what was found by this one.
    pub mapping: Option<&'a Linted>,
    /// That file as it was named, with its folder: each environment needs its own (TTM-041).
    pub file: Option<&'a str>,
    /// When the cut-over is to begin, in the time of whoever planned it; none where that is open.
    pub cut_over: Option<DateTime<FixedOffset>>,
}

/// The checklist of a plan to move an environment, by its permanent id.
pub const PLAN: &str = "migration";

/// The item of that plan that says that all parties validated the move of a copy (TTM-035, C-39).
pub const VALIDATED: &str = "rehearsal-validated";

/// The item of that plan that is done once the environment moved.
pub const CUT_OVER: &str = "cut-over";

/// The reasons that no preparation takes away, so that there is nothing to plan.
pub const FINAL: &[Code] =
    &[Code::SameTenant, Code::MigrationTypeUnsupported, Code::MigrationBlockedByLink, Code::CloudMismatch, Code::RegionChangeUnsupported];

/// The reasons that a move can be refused, warned about or noted for.
pub const CODES: &[Code] = &[
    Code::SameTenant,
    Code::MigrationTypeUnsupported,
    Code::MigrationBlockedByLink,
    Code::ManagedUnsupported,
    Code::NoDataverse,
    Code::CloudMismatch,
    Code::RegionChangeUnsupported,
    Code::ConfirmWithSupport,
    Code::SubscriptionMissing,
    Code::LicencesTooFew,
    Code::SeatsTooFew,
    Code::StorageTooSmall,
    Code::StorageBelowSource,
    Code::MappingMissing,
    Code::MappingInvalid,
    Code::MappingShared,
    Code::MappingChanged,
    Code::UsersNotReady,
    Code::RehearsalMissing,
    Code::ContentUnsupported,
    Code::RoleMissing,
    Code::Deleted,
    Code::Busy,
    Code::EnvironmentFailed,
    Code::RegionChanges,
    Code::NotFullySupported,
    Code::MarketingLicences,
    Code::LeftBehind,
    Code::UsersLeftBehind,
    Code::WorkingHours,
    Code::LockboxApproval,
    Code::BackupsStay,
];

/// Table D6: the environment, the tenants on both sides, and what has to be there before.
pub fn rules(migration: Migration<'_>, facts: &Facts, records: Records<'_>, findings: &mut Findings<'_>) {
    let Migration { environment, to, mapping, file, cut_over } = migration;
    let (from, onto) = (facts.tenant(environment.tenant), facts.tenant(to));
    if environment.tenant == to {
        findings.fails(Code::SameTenant, || Words::new(format!("{} is in {} already", environment.name, from.name), "Choose another tenant"));
    }
    eligible(environment, findings);
    // A tenant compared with itself never falls short, whether anybody looked or not.
    if environment.tenant != to {
        place(environment, from, onto, findings);
        destination(environment, from, onto, mapping, findings);
    }
    rehearsal(environment, facts, records.journal, findings);
    match mapping {
        Some(linted) => mapped(linted, environment, findings),
        None => findings.fails(Code::MappingMissing, || {
            Words::new(
                format!("There is no mapping file for the users of {}", environment.name),
                "Write one line for each user: the name in the old tenant, a comma, the name in the new one",
            )
        }),
    }
    if let Some(file) = file {
        shared((file, mapping), environment, facts, records, findings);
    }
    if let Some(origin) = mapping.and_then(|linted| linted.origin.as_ref()) {
        changed(origin, environment, records, findings);
    }
    conditions::role(facts, environment, findings);
    conditions::standing_and_idle(environment, findings);
    conditions::not_failed(environment, findings);
    content(environment, findings);
    if let Some(at) = cut_over {
        working_hours(at, environment, mapping, findings);
    }
    if environment.tenant != to && findings.read(from.lockbox, Code::LockboxApproval, "lockbox", &format!("the tenant {}", from.name)) == Some(true) {
        findings.fails(Code::LockboxApproval, || {
            Words::new(
                format!("{} has Customer Lockbox: its request has to be approved when the move starts", from.name),
                "Have somebody stand by who can approve it",
            )
        });
    }
    findings.fails(Code::BackupsStay, || {
        let manual = match &environment.backups {
            Known::Is(backups) if backups.is_empty() => String::new(),
            Known::Is(backups) => format!("{} and ", counted(backups.len(), "manual backup")),
            Known::Unknown => "manual backups and ".to_owned(),
        };
        Words::new(
            format!("No backup of {} comes along: {manual}all system backups stay behind", environment.name),
            "Restore what is needed from them before the move",
        )
    });
}

/// Its type, its link, whether it is managed (TTM-012, TTM-017, TTM-018, G-14, CUR-024).
fn eligible(environment: &Environment, findings: &mut Findings<'_>) {
    let name = &environment.name;
    conditions::kind(environment, OperationKind::Migrate, Code::MigrationTypeUnsupported, findings, |kind| {
        Words::new(
            format!("{name} is of the type {}, which cannot move to another tenant", kind.label()),
            "Only production and sandbox can; move what is needed in a solution instead",
        )
    });
    conditions::database(environment, findings);
    if let Some(true) = findings.read(environment.is_linked(), Code::MigrationBlockedByLink, "finance_operations", name) {
        findings.fails(Code::MigrationBlockedByLink, || {
            let half = linked::half(environment).map_or("finance and operations", |half| linked::other(environment, half));
            Words::new(
                format!("{name} is linked to {half}, and linked environments cannot move"),
                "There is no way out but to end the link, by deleting that half",
            )
        })
    }
    if findings.severity(Code::ManagedUnsupported).is_some() && findings.read(environment.managed, Code::ManagedUnsupported, "managed", name) == Some(true) {
        findings.fails(Code::ManagedUnsupported, || {
            Words::new(format!("{name} is a Managed Environment, which cannot move"), format!("Take {name} out of Managed Environments first"))
        });
    }
}

/// The clouds of the two tenants, and the regions of the environment and of the tenant that it comes to (TTM-008, TTM-010,
/// TTM-017, TTM-018, C-40, C-41). A tenant can have environments in several regions, so its own one says where an
/// environment is only as long as nobody looked, and then it decides nothing.
fn place(environment: &Environment, from: &Tenant, onto: &Tenant, findings: &mut Findings<'_>) {
    let rulebook = findings.rulebook();
    let moves = &rulebook.moves;
    let name = &environment.name;
    match (from.cloud, onto.cloud) {
        (Known::Is(one), Known::Is(other)) => {
            if one != other && (moves.clouds_apart.contains(&one) || moves.clouds_apart.contains(&other)) {
                findings.fails(Code::CloudMismatch, || {
                    Words::new(
                        format!("{} is in the cloud {}, {} in {}: no move goes from one to the other", from.name, one.label(), onto.name, other.label()),
                        "Choose a tenant in the same cloud",
                    )
                });
            }
        }
        _ => findings.undecided(Code::CloudMismatch, || missing("cloud", &without_cloud(from, onto))),
    }
    let is_seen = !environment.region.is_unknown();
    if !is_seen || onto.region.is_unknown() {
        findings.undecided(Code::RegionChangeUnsupported, || {
            let there = format!("the tenant {}", onto.name);
            missing(
                "region",
                &match (is_seen, onto.region.is_unknown()) {
                    (true, _) => there,
                    (false, true) => format!("{name} and {there}"),
                    (false, false) => name.to_string(),
                },
            )
        });
    }
    let (Known::Is(here), Known::Is(there)) = (if is_seen { &environment.region } else { &from.region }, &onto.region) else { return };
    let clouds: Vec<Cloud> = [from.cloud, onto.cloud].into_iter().filter_map(|cloud| if let Known::Is(cloud) = cloud { Some(cloud) } else { None }).collect();
    let named = |regions: &[String]| [here, there].into_iter().any(|region| regions.iter().any(|fixed| rulebook.same_region(fixed, region)));
    let apart = clouds.iter().any(|cloud| moves.fixed_clouds.contains(cloud)) || named(&moves.fixed_regions);
    if rulebook.regions(here, there).is_unknown() {
        let unread = if rulebook.knows_region(here) { there } else { here };
        findings.undecided(Code::RegionChangeUnsupported, || {
            Words::new(
                format!("No list of regions has `{unread}`, so whether {here} and {there} are the same region is unknown"),
                "Write `region` as the admin center calls it",
            )
        });
    } else if rulebook.same_region(here, there) {
        if clouds.iter().any(|cloud| moves.confirmed_clouds.contains(cloud)) || named(&moves.confirmed_regions) {
            findings.fails(Code::ConfirmWithSupport, || {
                Words::new(
                    format!("{name} and {} are where no article says whether a move is supported", onto.name),
                    "Ask support to confirm the move before you plan it",
                )
            });
        }
    } else if !apart {
        findings.fails(Code::RegionChanges, || {
            let from = if is_seen { here.to_string() } else { format!("{here}, the region of {},", from.name) };
            Words::new(
                format!("The move changes the region from {from} to {there}: {} becomes multiregional, and the URL may change", onto.name),
                "Ask support what becomes of the URL, and have them enable the regional features",
            )
        });
    } else if is_seen {
        findings.fails(Code::RegionChangeUnsupported, || {
            Words::new(
                format!("The move would change the region of {name} from {here} to {there}, which is not supported for these regions"),
                format!("Choose a tenant in {here}"),
            )
        });
    }
}

/// Of which tenants the cloud is unknown.
fn without_cloud(from: &Tenant, onto: &Tenant) -> String {
    match (from.cloud.is_unknown(), onto.cloud.is_unknown()) {
        (true, true) => format!("the tenants {} and {}", from.name, onto.name),
        (true, false) => format!("the tenant {}", from.name),
        (false, _) => format!("the tenant {}", onto.name),
    }
}

/// What the destination has to have: subscription, licences, seats, storage (TTM-025 to TTM-034, C-38).
fn destination(environment: &Environment, from: &Tenant, onto: &Tenant, mapping: Option<&Linted>, findings: &mut Findings<'_>) {
    let there = format!("the tenant {}", onto.name);
    if let Some(paid) = findings.read(onto.paid_subscriptions.as_ref(), Code::SubscriptionMissing, "paid_subscriptions", &there)
        && paid.is_empty()
    {
        findings.fails(Code::SubscriptionMissing, || {
            Words::new(
                format!("{} pays for none of Dynamics 365, Power Apps and Power Virtual Agents", onto.name),
                "Buy one of them, or turn a trial into a paid subscription",
            )
        });
    }
    match (from.licences.active, onto.licences.active) {
        (Known::Is(have), Known::Is(has)) => {
            if has < have {
                findings.fails(Code::LicencesTooFew, || {
                    Words::new(
                        format!("{} has {}, {} has {have}: there must be at least as many", onto.name, counted(has as usize, "active user licence"), from.name),
                        match onto.licences.total {
                            Known::Is(total) if total < have => format!("Buy {} more in {}, and assign them", have - total.max(has), onto.name),
                            Known::Is(_) | Known::Unknown => format!("Assign {} more in {}", have - has, onto.name),
                        },
                    )
                });
            }
        }
        (Known::Unknown, _) => findings.undecided(Code::LicencesTooFew, || missing("licences.active", &format!("the tenant {}", from.name))),
        (Known::Is(_), Known::Unknown) => findings.undecided(Code::LicencesTooFew, || missing("licences.active", &there)),
    }
    // As many seats as users are mapped; before there is a file, as many as are enabled in the environment could be.
    let users = mapping.map_or_else(|| environment.users.as_ref().map(Vec::len), |linted| Known::Is(linted.mapped.len()));
    if let Some(seats) = findings.read(onto.dynamics_365_seats, Code::SeatsTooFew, "dynamics_365_seats", &there)
        && let Some(users) = findings.read(users, Code::SeatsTooFew, "users", &environment.name)
        && (seats as usize) < users
    {
        findings.fails(Code::SeatsTooFew, || {
            Words::new(
                format!("{} has {} for {} to be mapped", onto.name, counted(seats as usize, "Dynamics 365 seat"), counted(users, "user")),
                format!("Buy {}, or map fewer users", counted(users - seats as usize, "more seat")),
            )
        });
    }
    storage(environment, from, onto, findings);
}

/// At least as much storage as the source has, and enough for what moves: two lines, each of which can fail (C-38).
fn storage(environment: &Environment, from: &Tenant, onto: &Tenant, findings: &mut Findings<'_>) {
    let there = format!("the tenant {}", onto.name);
    match (from.capacity.entitled, onto.capacity.entitled) {
        (Known::Is(have), Known::Is(has)) => {
            if has < have {
                findings.fails(Code::StorageBelowSource, || {
                    Words::new(
                        format!("{} is entitled to {has} GB of storage, {} to {have} GB: it must be at least as much", onto.name, from.name),
                        format!("Buy {} GB more", have - has),
                    )
                });
            }
        }
        (Known::Unknown, _) => findings.undecided(Code::StorageBelowSource, || missing("capacity_gb.entitled", &format!("the tenant {}", from.name))),
        (Known::Is(_), Known::Unknown) => findings.undecided(Code::StorageBelowSource, || missing("capacity_gb.entitled", &there)),
    }
    let size = |part: Known<Gigabytes>, field: &str, findings: &mut Findings<'_>| findings.read(part, Code::StorageTooSmall, field, &environment.name);
    let Known::Is(dataverse) = &environment.dataverse else { return };
    let Some(dataverse) = dataverse else { return };
    let (Some(data), Some(audit)) = (size(dataverse.size, "dataverse.size_gb", findings), size(dataverse.audit, "dataverse.audit_gb", findings)) else {
        return;
    };
    let needed = data + audit;
    if let Some(free) = findings.read(onto.capacity.available(), Code::StorageTooSmall, "capacity_gb", &there)
        && free < needed
    {
        findings.fails(Code::StorageTooSmall, || {
            Words::new(
                format!("{} has {free} GB of storage free, and {} takes {needed} GB", onto.name, environment.name),
                "Free up storage there, or buy more capacity",
            )
        });
    }
}

/// The mapping file: well written, of users who can be mapped, and of all who are enabled (TTM-032, TTM-040, TTM-078, TTM-081, TTM-109, G-18).
fn mapped(linted: &Linted, environment: &Environment, findings: &mut Findings<'_>) {
    let file = &linted.file;
    let first = |remarks: &[&Remark]| remarks.first().map_or_else(String::new, |first| format!("the first in line {}: {}", first.line, first.message));
    let (users, form): (Vec<&Remark>, Vec<&Remark>) = linted.errors.iter().partition(|remark| remark.code.is_about_users());
    if !form.is_empty() {
        findings.fails(Code::MappingInvalid, || {
            Words::new(format!("The mapping file {file} has {}, {}", counted(form.len(), "mistake"), first(&form)), remedy_of(&form))
        });
    }
    let open: Vec<&Remark> = linted.warnings.iter().filter(|remark| remark.code.is_about_users()).collect();
    let lines = |remarks: &[&Remark]| {
        let lines: HashSet<usize> = remarks.iter().map(|remark| remark.line).collect();
        counted(lines.len(), "line")
    };
    if !users.is_empty() {
        // Of this the article says by itself that the move fails.
        let rule = users.iter().all(|remark| remark.code == Mistake::UnlicensedDestination).then_some("TTM-081");
        findings.cite(Code::UsersNotReady, None, rule, || {
            Words::new(format!("Who is named in {} of {file} cannot be mapped, {}", lines(&users), first(&users)), remedy_of(&users))
        });
    } else if !open.is_empty() {
        findings.undecided(Code::UsersNotReady, || {
            let message = open.first().map_or_else(String::new, |first| first.message.clone());
            Words::new(message, remedy_of(&open))
        });
    }
    match &linted.left_behind {
        LeftBehind::Unknown | LeftBehind::OfTenant(_) => findings.undecided(Code::UsersLeftBehind, || missing("users", &environment.name)),
        LeftBehind::OfEnvironment(left) => {
            let (gone, staying): (Vec<&Left>, Vec<&Left>) =
                left.iter().filter(|left| left.access != Known::Is(Access::Administrative)).partition(|left| left.active == Known::Is(false));
            let names: Vec<&str> = staying.iter().chain(&gone).map(|left| &*left.upn).collect();
            if !names.is_empty() {
                findings.fails(Code::UsersLeftBehind, || {
                    let message = format!("No complete line names {} who can use {}: {}", counted(names.len(), "user"), environment.name, list(&names));
                    let inactive: Vec<&str> = gone.iter().map(|left| &*left.upn).collect();
                    let first = if gone.is_empty() { String::new() } else { format!(", and first activate {}", list(&inactive)) };
                    Words::new(message, format!("Add a line for each who moves{first}: whoever is not in the file is never mapped, also not later"))
                });
            }
        }
    }
}

/// The way out of the first remark, and where to find those of the others.
fn remedy_of(remarks: &[&Remark]) -> String {
    let first = remarks.first().map_or("", |remark| remark.remedy.as_str());
    if remarks.len() > 1 { format!("{first}; `envdeck lint-mapping` lists the others") } else { first.to_owned() }
}

/// The file is that of another environment, by a plan that is open or a move that is recorded (TTM-041).
fn shared((file, mapping): (&str, Option<&Linted>), environment: &Environment, facts: &Facts, records: Records<'_>, findings: &mut Findings<'_>) {
    let name = |id: &EnvironmentId| facts.find(id).map_or_else(|| id.to_string(), |key| facts.environment(key).name.to_string());
    let origin = mapping.and_then(|linted| linted.origin.as_ref());
    // However it is named, it is the file that lies there.
    let lies_at = origin.map_or_else(|| records.lies_at(file), |origin| origin.path.to_string());
    let others: Vec<Named<'_>> = records.journal.holding().flat_map(named).filter(|named| named.of.as_str() != environment.id.as_str()).collect();
    if let Some(other) = others.iter().find(|named| records.lies_at(named.file) == lies_at) {
        let other = name(&other.of);
        findings.fails(Code::MappingShared, || {
            Words::new(format!("`{file}` is the mapping file of {other} already"), format!("Write a file of its own for {}", environment.name))
        });
        return;
    }
    // Each has a file of its own, as the article asks; whether the same people are meant only a person can say.
    let same = others.iter().find(|named| named.content.is_some_and(|content| origin.is_some_and(|origin| *origin.digest == *content)));
    if let Some(other) = same {
        let other = name(&other.of);
        findings.cite(Code::MappingShared, Some(Severity::Warn), None, || {
            Words::new(
                format!("`{file}` says the same, to the letter, as the mapping file of {other}"),
                format!("Go on if the same people move with {}; otherwise it is a file by mistake", environment.name),
            )
        });
    }
}

/// A mapping file that a plan or a move names for an environment.
struct Named<'a> {
    of: EnvironmentId,
    file: &'a str,
    content: Option<&'a str>,
}

/// The mapping files that an entry of the journal names.
fn named(entry: &Entry) -> Vec<Named<'_>> {
    match &entry.what {
        What::Operation(operation) => {
            let Operation { kind, target, inputs, outcome, .. } = &**operation;
            let moves = *kind == OperationKind::Migrate && *outcome != Outcome::Failed;
            let file = text(inputs, "mapping").filter(|_| moves);
            file.map(|file| Named { of: target.clone(), file, content: text(inputs, "mapping_digest") }).into_iter().collect()
        }
        What::Plan { kind, inputs } if **kind == *PLAN => {
            let ids = inputs.iter().filter_map(|(input, _)| input.strip_prefix(MAPPING_OF)).map(EnvironmentId::new);
            let planned = Planned(inputs);
            ids.filter_map(|of| Some(Named { file: planned.mapping(&of)?, content: planned.content(&of), of })).collect()
        }
        What::Plan { .. }
        | What::Note { .. }
        | What::Fact { .. }
        | What::ChecklistOpened { .. }
        | What::Item { .. }
        | What::ChecklistClosed { .. }
        | What::Withdrawn { .. } => Vec::new(),
    }
}

/// What the file says is no longer what it said when the plan of the environment was begun (TTM-040).
fn changed(origin: &Origin, environment: &Environment, records: Records<'_>, findings: &mut Findings<'_>) {
    let plans = records.journal.holding().filter(|entry| matches!(&entry.what, What::Plan { .. })).flat_map(named);
    let Some(planned) = plans.filter(|named| named.of == environment.id).last() else { return };
    if records.lies_at(planned.file) != *origin.path || planned.content.is_none_or(|content| *content == *origin.digest) {
        return;
    }
    findings.fails(Code::MappingChanged, || {
        Words::new(
            format!("The mapping file of {} says something else than when its plan was begun", environment.name),
            "Look whether the change was meant: what it says now is what counts",
        )
    });
}

/// Before the id of an environment: the choice of a plan that names its mapping file.
pub const MAPPING_OF: &str = "mapping/";
/// Before the id of an environment: the choice of a plan that says what was in its mapping file.
pub const CONTENT_OF: &str = "mapping_digest/";
/// Before the id of an environment: the choice of a plan that names the security group that it gets.
pub const GROUP_OF: &str = "security_group/";

/// What a plan of a move keeps of what was chosen.
#[derive(Debug, Clone, Copy)]
pub struct Planned<'a>(pub &'a Inputs);

impl<'a> Planned<'a> {
    /// The destination, by the id of the tenant.
    pub fn to(self) -> Option<&'a str> {
        text(self.0, "to_tenant")
    }

    /// Why, by its word.
    pub fn reason(self) -> Option<&'a str> {
        text(self.0, "reason")
    }

    /// When the cut-over is to begin, with the offset of whoever planned it.
    pub fn cut_over(self) -> Option<&'a str> {
        text(self.0, "cut_over")
    }

    /// The mapping file of one environment.
    pub fn mapping(self, environment: &EnvironmentId) -> Option<&'a str> {
        text(self.0, &format!("{MAPPING_OF}{environment}"))
    }

    /// What was in the mapping file of one environment, as [`Origin`] tells it.
    pub fn content(self, environment: &EnvironmentId) -> Option<&'a str> {
        text(self.0, &format!("{CONTENT_OF}{environment}"))
    }

    /// The object id of the security group that one environment gets.
    pub fn group(self, environment: &EnvironmentId) -> Option<&'a str> {
        text(self.0, &format!("{GROUP_OF}{environment}"))
    }
}

/// The choices of a plan as they stand now: what was answered in it since, the cut-over that was agreed on and the security
/// group, takes the place of what was chosen when it was begun (TTM-043, TTM-113).
pub fn as_agreed(plan: Option<&Checklist>, chosen: &Inputs, environment: &EnvironmentId) -> Vec<(Box<str>, Value)> {
    let mut told = chosen.to_vec();
    let answer = |item: &str| plan.and_then(|plan| plan.row(item)?.answer()?.note.clone());
    let mut put = |name: &str, value: Option<Box<str>>| {
        told.retain(|(known, _)| **known != *name);
        told.extend(value.map(|value| (name.into(), Value::Text(value))));
    };
    if let Some(at) = answer("schedule").and_then(|text| time::parse_minute(&text)) {
        // In the time of whoever planned it, by which working hours are told.
        let offset = Planned(chosen).cut_over().and_then(|at| DateTime::parse_from_rfc3339(at).ok()).map(|at| *at.offset());
        put("cut_over", Some(offset.map_or_else(|| at.to_rfc3339(), |offset| at.with_timezone(&offset).to_rfc3339()).into()));
    }
    if let Some(group) = answer("security-group") {
        put(&format!("{GROUP_OF}{environment}"), Some(group).filter(|group| !group.trim().eq_ignore_ascii_case("none")));
    }
    told
}

/// When the cut-over of a plan begins: as agreed with support, else as it was chosen when the plan was begun (TTM-113).
pub fn cut_over(plan: Option<&Checklist>, chosen: &Inputs, environment: &EnvironmentId) -> Option<DateTime<Utc>> {
    time::parse(Planned(&as_agreed(plan, chosen, environment)).cut_over()?)
}

fn text<'a>(inputs: &'a Inputs, name: &str) -> Option<&'a str> {
    inputs.iter().find(|(known, _)| **known == *name).and_then(|(_, value)| if let Value::Text(text) = value { Some(&**text) } else { None })
}

/// A production environment moves only after a copy of it was moved and all parties validated that (TTM-035, C-39). What
/// the plan says of it counts wherever the move is recorded from.
fn rehearsal(environment: &Environment, facts: &Facts, journal: &Journal, findings: &mut Findings<'_>) {
    let name = &environment.name;
    if environment.kind.is(|kind| *kind != EnvironmentType::Production) {
        return;
    }
    let copied = journal.operations().any(|operation| {
        (operation.kind, operation.outcome) == (OperationKind::Copy, Outcome::Succeeded) && operation.source.as_ref() == Some(&environment.id)
    });
    let validated = copied && is_validated(environment, journal);
    if validated {
        return;
    }
    if environment.kind.is_unknown() {
        findings.undecided(Code::RehearsalMissing, || missing("type", name));
    } else {
        findings.fails(Code::RehearsalMissing, || {
            if copied {
                Words::new(
                    format!("A copy of {name} is recorded, but not that all parties validated its move"),
                    format!("Move the copy first, have all parties validate it, and tick that in the plan of {name}"),
                )
            } else {
                Words::new(
                    format!("No copy of {name} is recorded with which the move was rehearsed"),
                    format!("Copy {name} into a new sandbox of its tenant{}, move that first, and have all parties validate it", room(environment, facts)),
                )
            }
        });
    }
}

/// How much storage its tenant has for a copy of it (TTM-037, ENV-015).
fn room(environment: &Environment, facts: &Facts) -> String {
    let size = match &environment.dataverse {
        Known::Is(Some(dataverse)) => dataverse.size,
        Known::Is(None) | Known::Unknown => Known::Unknown,
    };
    match (facts.tenant(environment.tenant).capacity.available(), size) {
        (Known::Is(free), Known::Is(size)) => format!(", which has {free} GB free for the {size} GB of it"),
        (Known::Is(free), Known::Unknown) => format!(", which has {free} GB free"),
        (Known::Unknown, _) => String::new(),
    }
}

/// Whether a plan of the environment says that all parties validated the move of its copy.
fn is_validated(environment: &Environment, journal: &Journal) -> bool {
    let (mut plans, mut validated) = (HashSet::new(), false);
    for Entry { id, what, .. } in journal.holding() {
        match what {
            What::ChecklistOpened { environment: of, checklist, .. } if *of == environment.id && **checklist == *PLAN => {
                plans.insert(id);
            }
            What::Item { checklist, item, act, .. } if **item == *VALIDATED && plans.contains(checklist) => match act {
                ItemAct::Done => validated = true,
                ItemAct::Reopened => validated = false,
                ItemAct::Noted | ItemAct::Disabled | ItemAct::Redirected | ItemAct::LeftAsIs | ItemAct::NotApplicable => {}
            },
            What::ChecklistOpened { .. }
            | What::Item { .. }
            | What::Operation(_)
            | What::Note { .. }
            | What::Fact { .. }
            | What::ChecklistClosed { .. }
            | What::Plan { .. }
            | What::Withdrawn { .. } => {}
        }
    }
    validated
}

/// Nobody can get in during the cut-over, so it belongs into an evening or a weekend (TTM-113).
fn working_hours(at: DateTime<FixedOffset>, environment: &Environment, mapping: Option<&Linted>, findings: &mut Findings<'_>) {
    let rulebook = findings.rulebook();
    let users = mapping.map_or_else(|| environment.users.as_ref().map(Vec::len), |linted| Known::Is(linted.mapped.len()));
    let minutes: i64 = rulebook.durations.moves.minutes(users).iter().sum();
    let (from, to) = rulebook.moves.working_hours;
    let works = |at: DateTime<FixedOffset>| !matches!(at.weekday(), Weekday::Sat | Weekday::Sun) && (from..to).contains(&at.hour());
    // A week has every hour that there is.
    let hours = (minutes / 60).min(7 * 24);
    let ends = at + TimeDelta::minutes(minutes - 1);
    let during = (0..=hours).map(|hour| at + TimeDelta::hours(hour)).chain([ends]);
    let Some(first) = during.into_iter().find(|at| works(*at)) else { return };
    let name = &environment.name;
    findings.fails(Code::WorkingHours, || {
        let when = at.format("%A, %Y-%m-%d %H:%M");
        let message = if first == at {
            format!("The cut-over of {name} is planned for working hours: {when}, your time")
        } else {
            format!("The cut-over of {name} begins on {when}, your time, and by the estimate it lasts into working hours")
        };
        Words::new(message, "Nobody can get in meanwhile: plan it for an evening or a weekend")
    });
}

/// What it holds that does not move, moves only in part, or has to be set up again (TTM-015, TTM-016, TTM-055, TTM-084, TTM-106, CUR-024).
fn content(environment: &Environment, findings: &mut Findings<'_>) {
    let name = &environment.name;
    let moves = &findings.rulebook().moves;
    let counts = |kinds: &[ComponentKind]| -> Vec<String> {
        let some = kinds.iter().filter_map(|kind| match environment.components.of(*kind) {
            Known::Is(list) if !list.is_empty() => Some(kind.counted(list.len())),
            Known::Is(_) | Known::Unknown => None,
        });
        some.collect()
    };
    let unlooked = |kinds: &[ComponentKind]| -> Vec<String> {
        kinds.iter().filter(|kind| environment.components.of(**kind).is_unknown()).map(|kind| format!("`components.{}`", kind.word())).collect()
    };
    // Some are seen as apps, some as components: by either, what nobody looked up is unknown.
    let apps = |named: &[String]| -> Vec<String> {
        let Known::Is(apps) = &environment.dynamics_365_apps else { return Vec::new() };
        apps.iter().filter(|app| named.iter().any(|name| app.to_lowercase().contains(name.as_str()))).map(ToString::to_string).collect()
    };
    let unlooked_apps = || environment.dynamics_365_apps.is_unknown().then(|| "`dynamics_365_apps`".to_owned());
    let mut barred = counts(&moves.barred);
    barred.extend(apps(&moves.barred_apps));
    let mut unlooked_barred = unlooked(&moves.barred);
    unlooked_barred.extend(unlooked_apps().filter(|_| !moves.barred_apps.is_empty()));
    say(Code::ContentUnsupported, &barred, &unlooked_barred, name, findings, |what| {
        Words::new(format!("{name} holds what cannot move: {what}"), "Take it out of the environment first")
    });
    say(Code::NotFullySupported, &counts(&moves.in_part), &unlooked(&moves.in_part), name, findings, |what| {
        Words::new(
            format!("{name} holds what moves only in part, with possible loss of data: {what}"),
            "Export each before the move and import it afterwards, and make Customer Voice again; what remains in solutions is broken afterwards",
        )
    });
    let marketing = [ComponentKind::Marketing];
    let mut marketed = counts(&marketing);
    marketed.extend(apps(&["marketing".to_owned()]));
    let mut unlooked_marketing = unlooked(&marketing);
    unlooked_marketing.extend(unlooked_apps());
    say(Code::MarketingLicences, &marketed, &unlooked_marketing, name, findings, |_| {
        Words::new(format!("{name} has Dynamics 365 Marketing, which has to be provisioned anew after the move"), "Have its licences ready in the new tenant")
    });
    say(Code::LeftBehind, &counts(&moves.left_behind), &unlooked(&moves.left_behind), name, findings, |what| {
        Words::new(format!("{name} holds what does not move: {what}"), "Set it up again by hand after the move")
    });
}

/// Says what was found of some kinds with what nobody looked for, or that nobody looked.
fn say(code: Code, found: &[String], unlooked: &[String], name: &str, findings: &mut Findings<'_>, words: impl FnOnce(&str) -> Words) {
    // What can be lost is named to the last of it.
    let unknown = unlooked.join(", ");
    let is = if unlooked.len() == 1 { "is" } else { "are" };
    if !found.is_empty() {
        let known = found.join(", ");
        findings.fails(code, || words(&if unlooked.is_empty() { known } else { format!("{known}; {unknown} {is} unknown") }));
    } else if !unlooked.is_empty() {
        findings.undecided(code, || {
            Words::new(format!("{unknown} of {name} {is} unknown"), "Look in the admin center and add what there is to the snapshot, [] where there is nothing")
        });
    }
}

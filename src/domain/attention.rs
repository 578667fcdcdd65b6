//! What somebody should look at soon, in the whole estate: what expires, runs out, lies open or does not fit together.

mod by_itself;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::backup::Backup;
use crate::domain::checklist::{self, Checklist, Opened, Running, Template};
use crate::domain::conditions;
use crate::domain::environment::{Environment, EnvironmentType, FinanceOperationsType};
use crate::domain::estate::{EnvironmentKey, Estate};
use crate::domain::gigabytes::Gigabytes;
use crate::domain::journal::{EntryId, Journal};
use crate::domain::known::Known;
use crate::domain::linked;
use crate::domain::loss;
use crate::domain::migration;
use crate::domain::retention::{days_in_force, recovery_days, retention};
use crate::domain::rulebook::Rulebook;
use crate::domain::tenant::{Tenant, TenantKey};
use crate::domain::time::minute;
use crate::domain::verdict::Words;
use crate::domain::words::{Word as _, counted};
use crate::vocabulary;

vocabulary! {
    /// Why something asks for attention; those without a date are listed in this order.
    Kind, "kind" {
        BackupExpires = "backup-expires" "backup expires",
        RecoveryEnds = "recovery-ends" "recovery ends",
        Deadline = "deadline" "deadline",
        SwitchBack = "switch-back" "to be switched back",
        AdminMode = "admin-mode" "administration mode",
        BackgroundOff = "background-off" "background operations off",
        Capacity = "capacity" "too little storage",
        TypeMismatch = "type-mismatch" "types of a pair differ",
        StaleFacts = "stale-facts" "old facts",
        TrialEnds = "trial-ends" "trial ends",
        Inactive = "inactive" "deleted soon",
        Hanging = "hanging" "operation hangs",
    }
}

/// Where it is dealt with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The backups of an environment, at this one.
    Backup(EnvironmentKey, DateTime<Utc>),
    /// The open checklist of an environment.
    Checklist(EnvironmentKey),
    /// An item of a checklist of an environment: the entry that opened it, and the item.
    Item(EnvironmentKey, EntryId, Box<str>),
    /// What is known about an environment.
    Details(EnvironmentKey),
    /// The environments of a tenant.
    Tenant(TenantKey),
    /// The snapshot, which has to be captured and read again.
    Snapshot,
}

/// Something that asks for attention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Why.
    pub kind: Kind,
    /// Of which environment; none where it is about a tenant or everything.
    pub environment: Option<EnvironmentKey>,
    /// In which tenant; none where it is about everything.
    pub tenant: Option<TenantKey>,
    /// When it is too late; none where it waits.
    pub due_at: Option<DateTime<Utc>>,
    /// One sentence about what is the matter.
    pub message: String,
    /// One sentence about what to do.
    pub remedy: String,
    /// Where that is done.
    pub opens: Place,
}

impl Item {
    /// What comes first: what is lost with every hour, then what has a date, then what waits (RST-048).
    const fn rank(&self) -> u8 {
        match (self.kind, self.due_at) {
            (Kind::SwitchBack, _) => 0,
            (_, Some(_)) => 1,
            (_, None) => 2,
        }
    }

    /// Whether it is not to wait for any date.
    pub const fn is_urgent(&self) -> bool {
        self.rank() == 0
    }
}

/// What could not be judged because nobody looked it up: how many of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unjudged {
    /// Environments of which nobody looked which manual backups there are, or for how long they are kept.
    pub backups: usize,
    /// Environments of which nobody knows whether they are in administration mode or run in the background.
    pub service: usize,
    /// Tenants of which nobody looked how much storage is free.
    pub capacity: usize,
}

impl Unjudged {
    fn of(estate: &Estate, rulebook: &Rulebook) -> Self {
        let mut all = Self::default();
        for (_, environment) in estate.environments().filter(|(_, environment)| environment.is_deleted() != Known::Is(true)) {
            let backups = match (&environment.backups, days_in_force(environment, rulebook)) {
                (_, Known::Is(None)) => false,
                (Known::Is(backups), days) => !backups.is_empty() && days.is_unknown(),
                (Known::Unknown, _) => true,
            };
            all.backups += usize::from(backups);
            let service = match (environment.admin_mode, environment.background_operations) {
                (Known::Unknown, _) => true,
                (Known::Is(on), operations) => !on && operations.is_unknown(),
            };
            all.service += usize::from(service);
        }
        all.capacity = estate.tenants().filter(|(_, tenant)| conditions::free(tenant, rulebook).is_unknown()).count();
        all
    }

    /// In words: "backups of 5 environments, capacity of 3 tenants"; none where everything was judged.
    pub fn in_words(&self) -> Option<String> {
        let of = |what: &str, number: usize, noun: &str| (number > 0).then(|| format!("{what} of {}", counted(number, noun)));
        let all = [of("backups", self.backups, "environment"), of("capacity", self.capacity, "tenant"), of("administration mode", self.service, "environment")];
        let words: Vec<_> = all.into_iter().flatten().collect();
        (!words.is_empty()).then(|| words.join(", "))
    }
}

/// Everything that asks for attention at an instant, the most urgent first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attention {
    /// What loses something every hour, then what is due, the soonest first, then what waits, by its kind.
    pub items: Vec<Item>,
    /// What could not be judged.
    pub unjudged: Unjudged,
    /// When this may be another list by the passing of time alone.
    pub changes_at: Option<DateTime<Utc>>,
}

/// What asks for attention at `now`. What nobody looked up asks for none. `ahead` looks that far ahead for backups that
/// expire, instead of as far as the rulebook says.
pub fn attention(estate: &Estate, templates: &[Template], rulebook: &Rulebook, ahead: Option<TimeDelta>, now: DateTime<Utc>) -> Attention {
    let ahead = ahead.unwrap_or(TimeDelta::hours(rulebook.limits.attention_hours));
    let mut look = Look { estate, templates, rulebook, ahead, now, open: None, found: Attention::default() };
    for (key, environment) in estate.environments() {
        match environment.deleted_at {
            Known::Is(Some(deleted_at)) => look.deleted(key, environment, deleted_at),
            Known::Is(None) | Known::Unknown => {
                look.backups(key, environment);
                look.switched(key, environment);
                look.out_of_service(key, environment);
                look.pair(key, environment);
                look.by_itself(key, environment);
            }
        }
    }
    look.deadlines();
    for (key, tenant) in estate.tenants() {
        look.capacity(key, tenant);
    }
    look.age();
    // Stable, so that equals stay in the order of the estate.
    look.found.items.sort_by_key(|item| (item.rank(), item.due_at, item.kind));
    look.found.unjudged = Unjudged::of(estate, rulebook);
    look.found
}

/// Both bounds of a span count as inside it, so what lies at its end is over a second later.
const OVER: TimeDelta = TimeDelta::seconds(1);

/// So long it can take until a longer retention counts for backups that are there already (BKP-038).
const LENGTHENING: TimeDelta = TimeDelta::hours(24);

/// A checklist that is open, with the journal that it is worked in.
struct Open<'a> {
    journal: &'a Journal,
    opened: Opened<'a>,
}

/// One look over the estate.
struct Look<'a> {
    estate: &'a Estate,
    templates: &'a [Template],
    rulebook: &'a Rulebook,
    ahead: TimeDelta,
    now: DateTime<Utc>,
    /// The open checklists; looked for when the first environment is found that could have one.
    open: Option<Vec<Open<'a>>>,
    found: Attention,
}

impl<'a> Look<'a> {
    /// Notes an instant at which time alone changes the list.
    fn changes(&mut self, at: DateTime<Utc>) {
        if at > self.now {
            self.found.changes_at = Some(self.found.changes_at.map_or(at, |before| before.min(at)));
        }
    }

    /// Adds an item about an environment; what only a rehearsal made so says that first.
    fn add(&mut self, kind: Kind, key: EnvironmentKey, due_at: Option<DateTime<Utc>>, (message, remedy): (String, String), opens: Place) {
        let environment = self.estate.environment(key);
        let message = if self.estate.is_rehearsed(&environment.id) { format!("REHEARSAL: {message}") } else { message };
        self.found.items.push(Item { kind, environment: Some(key), tenant: Some(environment.tenant), due_at, message, remedy, opens });
    }

    /// Manual backups that can be restored from and soon cannot: one item for each of them.
    fn backups(&mut self, key: EnvironmentKey, environment: &Environment) {
        let Known::Is(backups) = &environment.backups else { return };
        if backups.is_empty() {
            return;
        }
        let Known::Is(Some(days)) = days_in_force(environment, self.rulebook) else { return };
        let settles = TimeDelta::minutes(self.rulebook.limits.backup_settling_minutes);
        let mut soon: Vec<(DateTime<Utc>, &Backup)> = Vec::new();
        for backup in backups.iter().filter(|backup| !backup.overwritten && !backup.may_be_gone) {
            let expires_at = backup.taken_at + TimeDelta::days(i64::from(days));
            let from = (backup.taken_at + settles).max(expires_at - self.ahead);
            self.changes(from);
            if (from..=expires_at).contains(&self.now) {
                self.changes(expires_at + OVER);
                soon.push((expires_at, backup));
            }
        }
        let name = &environment.name;
        let longest = self.rulebook.limits.retention_choices.iter().max().filter(|longest| **longest > days);
        let longest = longest.filter(|_| retention(environment, self.rulebook).is_changeable() == Known::Is(true));
        for (expires_at, backup) in soon {
            let called = match &backup.name {
                Known::Is(called) => format!("\"{called}\""),
                Known::Unknown => format!("taken {}", minute(backup.taken_at)),
            };
            let message = format!("The manual backup {called} of {name} expires on {}", minute(expires_at));
            // It counts for backups that are there already, but not at once (BKP-037, BKP-038): then it comes too late.
            let last = expires_at - LENGTHENING;
            let remedy = match longest {
                Some(longest) if self.now < last => {
                    self.changes(last);
                    format!(
                        "Restore what is still needed, or lengthen the retention of {name} to {longest} days before {}: for existing backups that can take 24 hours",
                        minute(last)
                    )
                }
                Some(_) => format!("Restore what is still needed before then: a longer retention of {name} can come too late for it, as it can take 24 hours"),
                None => format!("Restore what is still needed before then: the retention of {name} cannot be lengthened, only a new backup be taken"),
            };
            self.add(Kind::BackupExpires, key, Some(expires_at), (message, remedy), Place::Backup(key, backup.taken_at));
        }
    }

    /// A deleted environment that can still be recovered, or could be (RCV-001, RCV-002).
    fn deleted(&mut self, key: EnvironmentKey, environment: &Environment, deleted_at: DateTime<Utc>) {
        let limits = &self.rulebook.limits;
        let end = |days: u16| deleted_at + TimeDelta::days(i64::from(days));
        let name = &environment.name;
        let remedy = "Recover it in the admin center or with Recover-AdminPowerAppEnvironment, if anybody still needs it".to_owned();
        let (due_at, message) = match recovery_days(environment, self.rulebook) {
            Known::Is(days) if self.now <= end(days) => {
                (end(days), format!("{name} is deleted and lost for good after {}, {} after its deletion", minute(end(days)), counted(days.into(), "day")))
            }
            Known::Unknown if self.now <= end(limits.recovery_days_dynamics_365) => {
                let field = if environment.kind.is_unknown() { "type" } else { "dynamics_365_apps" };
                let (short, long) = (limits.recovery_days, limits.recovery_days_dynamics_365);
                // The earlier end is the one to reckon with while it is ahead.
                let due_at = if self.now <= end(short) { end(short) } else { end(long) };
                let unknown = format!("because `{field}` of {name} is unknown, that is {short} or {long} days after its deletion");
                (due_at, format!("{name} is deleted and lost for good after {} or {}: {unknown}", minute(end(short)), minute(end(long))))
            }
            Known::Is(_) | Known::Unknown => return,
        };
        self.changes(due_at + OVER);
        self.add(Kind::RecoveryEnds, key, Some(due_at), (message, remedy), Place::Details(key));
    }

    /// Administration mode is on, or background operations are off without it (ENV-010, ENV-011).
    fn out_of_service(&mut self, key: EnvironmentKey, environment: &Environment) {
        let in_mode = environment.admin_mode.is(|on| *on);
        // While it is unknown whether the mode is on, switched-off operations may belong to it.
        let halted = environment.background_operations.is(|on| !*on) && environment.admin_mode.is(|on| !*on);
        if !in_mode && !halted {
            return;
        }
        let name = &environment.name;
        let (kind, what) = if in_mode {
            (Kind::AdminMode, format!("{name} is in administration mode"))
        } else {
            (Kind::BackgroundOff, format!("Background operations of {name} are off although it is in service, so no workflow and no e-mail runs"))
        };
        let (words, opens) = match (self.lying_open(environment), in_mode) {
            (Some(Lying { open: 0, .. }), true) => {
                let message = format!("{what} although nothing mandatory is open in its checklist");
                ((message, "Leave administration mode, then tick that in the checklist".to_owned()), Place::Checklist(key))
            }
            (Some(Lying { open: 0, .. }), false) => {
                ((what, "Turn background operations on, then tick that in the checklist".to_owned()), Place::Checklist(key))
            }
            (Some(Lying { open, next }), _) => {
                let message = format!("{what}, with {} open in its checklist", counted(open, "mandatory item"));
                let remedy = next.map_or_else(|| "Work through its checklist".to_owned(), |next| format!("Work through its checklist, next: {next}"));
                ((message, remedy), Place::Checklist(key))
            }
            (None, true) => {
                let roles: Vec<_> = self.rulebook.sign_in_roles.iter().map(|role| role.label()).collect();
                let remedy = "Leave administration mode, unless somebody is at work in it".to_owned();
                ((format!("{what} without an open checklist: only {} can sign in", roles.join(" and ")), remedy), Place::Details(key))
            }
            (None, false) => ((what, "Turn background operations on, unless somebody keeps them off on purpose".to_owned()), Place::Details(key)),
        };
        self.add(kind, key, None, words, opens);
    }

    /// The open checklists of the whole estate.
    fn open(&mut self) -> &[Open<'a>] {
        let (estate, templates) = (self.estate, self.templates);
        self.open.get_or_insert_with(|| {
            let of = |journal: &'a Journal| checklist::opened(journal, templates).into_iter().map(move |opened| Open { journal, opened });
            estate.journals().flat_map(|(journal, _)| of(journal)).filter(|open| open.opened.closed.is_none()).collect()
        })
    }

    /// The periods that run in checklists, or ran out, while what has to be done in them is open (CUR-023).
    fn deadlines(&mut self) {
        let (estate, templates, now) = (self.estate, self.templates, self.now);
        // Nobody has to look through journals where no checklist knows a period.
        if !templates.iter().any(has_clock) || estate.journals().all(|(journal, _)| journal.entries().is_empty()) {
            return;
        }
        let timed = |open: &&Open<'_>| templates.iter().any(|template| *template.id == *open.opened.template && has_clock(template));
        let mut found = Vec::new();
        for Open { journal, opened } in self.open().iter().filter(timed) {
            let Some(key) = estate.find(opened.environment) else { continue };
            let environment = estate.environment(key);
            let Some(checklist) = Checklist::of(journal, opened, templates, environment, estate).filter(|_| !environment.is_deleted().is(|is| *is)) else {
                continue;
            };
            let at = |running: Running<'_>| {
                let due_at = running.due_at;
                let words = if now > due_at { expired(&running, environment) } else { runs(&running, environment) };
                (due_at, words, Place::Item(key, opened.entry.id.clone(), running.until.id.clone()))
            };
            found.extend(checklist.clocks().map(|running| (key, at(running))));
            // Nobody can get in from then on, so it is no surprise that one wants to have.
            let planned = opened
                .plan
                .filter(|_| *checklist.template == *migration::PLAN)
                .and_then(|(_, chosen)| migration::cut_over(Some(&checklist), chosen, opened.environment));
            if let (Some(at), Some(row)) = (planned, checklist.row(migration::CUT_OVER).filter(|row| !row.is_settled())) {
                let before = checklist.open_mandatory().take_while(|open| open.id != row.id).count();
                let words = if now > at { overdue(at, environment) } else { planned_for(at, before, environment) };
                found.push((key, (at, words, Place::Item(key, opened.entry.id.clone(), row.id.clone()))));
            }
        }
        for (key, (due_at, words, opens)) in found {
            self.changes(due_at + OVER);
            self.add(Kind::Deadline, key, Some(due_at), words, opens);
        }
    }

    /// What is open in the checklists of an environment; none without a checklist.
    fn lying_open(&mut self, environment: &Environment) -> Option<Lying> {
        let (estate, templates) = (self.estate, self.templates);
        let mut lying = None;
        for Open { journal, opened } in self.open().iter().filter(|open| *open.opened.environment == environment.id) {
            let lying = lying.get_or_insert(Lying { open: 0, next: None });
            let Some(checklist) = Checklist::of(journal, opened, templates, environment, estate) else { continue };
            lying.open += checklist.progress().mandatory_open;
            lying.next = lying.next.take().or_else(|| checklist.open_mandatory().next().map(|row| row.text.to_string()));
        }
        lying
    }

    /// A production environment that is a sandbox for a while, as long as backups from before can still be there (RST-048).
    fn switched(&mut self, key: EnvironmentKey, environment: &Environment) {
        let Some(switched) = loss::switched(environment, self.rulebook, self.now) else { return };
        self.changes(switched.until + OVER);
        let (name, days) = (&environment.name, self.rulebook.limits.retention_default);
        let message = format!(
            "{name} was switched from production to sandbox on {}: its backups older than {days} days are at risk, such as {}",
            minute(switched.since),
            switched.names()
        );
        let remedy = format!("Switch {name} back to production as soon as what it was switched for is done");
        self.add(Kind::SwitchBack, key, None, (message, remedy), Place::Details(key));
    }

    /// The halves of a linked pair are of different types (LNK-013, LNK-018, LNK-021).
    fn pair(&mut self, key: EnvironmentKey, environment: &Environment) {
        let (Some(half), Known::Is(kind)) = (linked::half(environment), environment.kind) else { return };
        if !linked::is_apart(environment) {
            return;
        }
        let (name, half) = (&environment.name, &half.name);
        let (other, way_out) = match kind {
            EnvironmentType::Production => (
                FinanceOperationsType::Sandbox,
                format!(": deploy a production half without the integration, refresh its database from {half}, delete {half}, then connect the new one"),
            ),
            EnvironmentType::Sandbox => (
                FinanceOperationsType::Production,
                format!(": switch {name} back to production, as {half} cannot be linked to another environment without being deleted"),
            ),
            EnvironmentType::Preview
            | EnvironmentType::Developer
            | EnvironmentType::Teams
            | EnvironmentType::Default
            | EnvironmentType::Trial
            | EnvironmentType::TrialSubscription
            | EnvironmentType::Demo => (FinanceOperationsType::Production, String::new()),
        };
        let message = format!("{name} is a {} environment and its finance and operations half {half} a {} environment", kind.word(), other.word());
        let remedy = format!("Run no production work on it, because only production environments have that service level{way_out}");
        self.add(Kind::TypeMismatch, key, None, (message, remedy), Place::Details(key));
    }

    /// A tenant has less storage free than operations need (ENV-015).
    fn capacity(&mut self, key: TenantKey, tenant: &Tenant) {
        let minimum = Gigabytes::whole(self.rulebook.limits.capacity_minimum_gb);
        let (none, name) = (Gigabytes::whole(0), &tenant.name);
        let is = match (conditions::free(tenant, self.rulebook), tenant.capacity.entitled) {
            (Known::Is(available), _) if available < none => format!("uses {} GB more storage than it is entitled to", none - available),
            (Known::Is(available), _) if available < minimum => format!("has {available} GB of storage free"),
            (Known::Unknown, Known::Is(entitled)) if entitled < minimum => format!("is entitled to {entitled} GB of storage"),
            (Known::Is(_) | Known::Unknown, _) => return,
        };
        self.found.items.push(Item {
            kind: Kind::Capacity,
            environment: None,
            tenant: Some(key),
            due_at: None,
            message: format!("{name} {is}: below {minimum} GB nothing can be copied, restored or created"),
            remedy: "Free up storage, archive data, delete environments that nobody needs, or buy more capacity".to_owned(),
            opens: Place::Tenant(key),
        });
    }

    /// The facts are old, or so old that they decide nothing.
    fn age(&mut self) {
        let Known::Is(captured_at) = self.estate.captured_at() else { return };
        let (stale, too_old) = (TimeDelta::hours(self.rulebook.limits.stale_hours), TimeDelta::hours(self.rulebook.limits.too_old_hours));
        for end in [stale, too_old] {
            self.changes(captured_at + end + OVER);
        }
        if conditions::lies_ahead(captured_at, self.now) {
            self.changes(conditions::no_longer_ahead_at(captured_at));
            let Words { message, remedy } = conditions::ahead(captured_at);
            let (environment, tenant, due_at, opens) = (None, None, None, Place::Snapshot);
            self.found.items.push(Item { kind: Kind::StaleFacts, environment, tenant, due_at, message, remedy, opens });
            return;
        }
        let age = self.now - captured_at;
        let means = match () {
            () if age > too_old => format!("more than {} ago: no answer can be relied on", within(too_old)),
            () if age > stale => format!("more than {} ago: every answer carries a warning", within(stale)),
            () => return,
        };
        self.found.items.push(Item {
            kind: Kind::StaleFacts,
            environment: None,
            tenant: None,
            due_at: None,
            message: format!("The facts were captured on {}, {means}", minute(captured_at)),
            remedy: "Capture the tenants again, then read the snapshot again".to_owned(),
            opens: Place::Snapshot,
        });
    }
}

/// A period that runs: what is the matter, and what is to be done in it.
fn runs(running: &Running<'_>, environment: &Environment) -> (String, String) {
    let Running { row, until, due_at, .. } = running;
    let says = row.item.clock.as_ref().map_or("", |clock| &clock.says);
    (format!("{}: {says} by {}", environment.name, minute(*due_at)), format!("Tick it when it is done: {}", until.text))
}

/// A period that ran out: that it did, and the way on.
fn expired(running: &Running<'_>, environment: &Environment) -> (String, String) {
    let Running { row, until, due_at, .. } = running;
    let (days, way_on) = row.item.clock.as_ref().map_or((0, ""), |clock| (clock.days, &*clock.expired));
    let message = format!("{}: the {} for \"{}\" ended on {}", environment.name, counted(days.into(), "day"), until.text, minute(*due_at));
    (message, format!("{way_on}; if it was done in time, tick it"))
}

/// A cut-over that is to come: when, and how much has to be done before.
fn planned_for(at: DateTime<Utc>, before: usize, environment: &Environment) -> (String, String) {
    let remedy = match before {
        0 => "Have somebody stand by, and record it when it is done".to_owned(),
        _ => format!("Before it {} of its plan have to be settled", counted(before, "mandatory item")),
    };
    (format!("The cut-over of {} is planned for {}", environment.name, minute(at)), remedy)
}

/// A cut-over that was to begin and is not recorded.
fn overdue(at: DateTime<Utc>, environment: &Environment) -> (String, String) {
    let message = format!("The cut-over of {} was planned for {} and is not recorded", environment.name, minute(at));
    (message, "Record it in the plan once it is done, or agree on another time".to_owned())
}

/// Whether a period runs in such a checklist.
fn has_clock(template: &Template) -> bool {
    template.items().any(|item| item.clock.is_some())
}

/// What is open in the checklists of an environment.
struct Lying {
    open: usize,
    next: Option<String>,
}

/// A span of the rulebook: "3 days", "36 hours".
fn within(span: TimeDelta) -> String {
    let hours = usize::try_from(span.num_hours()).unwrap_or(0);
    if hours > 24 && hours.is_multiple_of(24) { counted(hours / 24, "day") } else { counted(hours, "hour") }
}

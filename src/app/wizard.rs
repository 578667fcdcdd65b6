//! The wizard in which something is done to an environment: choices in the order of the articles, review, carrying out.
//!
//! Each step holds what is established, so "confirm without a plan" does not compile; what is typed lives in the draft,
//! which survives leaving the wizard. Nothing changes before the last confirmation (CPY-033, RST-017).

mod moves;
mod points;

use std::sync::Arc;

pub use self::points::Bound;
use chrono::{DateTime, Utc};
use tui_input::Input;

use crate::app::choices::{Choice as Row, backups, days, points};
use crate::app::destinations::{Destinations, never};
use crate::app::details::scroll;
use crate::app::list::Step as Rows;
use crate::app::moving::{Moving, Reason};
use crate::app::pages::{Field, Page, RecordField, Step, route};
use crate::app::questions::Questions;
use crate::app::review::{ReviewLine, ReviewOf, review};
use crate::app::targets::Targets;
use crate::app::timeline::Preview;
use crate::domain::audit_logs;
use crate::domain::copy::Level;
use crate::domain::environment::{EnvironmentId, EnvironmentType};
use crate::domain::estate::{EnvironmentKey, Estate};
use crate::domain::instant::{self, Offset};
use crate::domain::known::Known;
use crate::domain::lifecycle;
use crate::domain::operation::{Acknowledgement, OperationKind, Outcome};
use crate::domain::plan::{self, Plan};
use crate::domain::request::account::account;
use crate::domain::request::asks_for_half;
use crate::domain::request::kinds::row;
use crate::domain::request::{Back, Case, Change, Choice, Context, Group, Half, Movement, Request, address_fault};
use crate::domain::retention::retention;
use crate::domain::rulebook::{Edition, Rulebook};
use crate::domain::time;
use crate::domain::verdict::{Answer, Finding, Severity};
use crate::domain::words::{Word as _, counted};

/// What was typed and chosen; it survives leaving the wizard.
#[derive(Debug, Default)]
pub struct Draft {
    /// Which row the cursor is on where something is chosen from a short list: level, point, days, backup.
    pub row: usize,
    /// The id of that row, by which the cursor stays on it when the list changes; none before it was ever shown.
    pub on: Option<Box<str>>,
    /// What a copy carries.
    pub level: Choice<Level>,
    /// What a restore goes back to.
    pub back: Choice<Back>,
    /// For how many days backups are kept.
    pub days: Choice<u16>,
    /// The backup that is deleted, by its id.
    pub backup: Choice<Box<str>>,
    /// The instant of the system backup that a restore goes back to, as typed.
    pub instant: Input,
    /// Whether audit logs are asked for.
    pub audit_logs: Choice<bool>,
    /// The target that the details were typed for.
    pub target: Option<EnvironmentKey>,
    /// The name of the target afterwards, or of the backup.
    pub name: Input,
    /// Notes on the backup.
    pub notes: Input,
    /// The URL.
    pub url: Input,
    /// The region of an environment that is created.
    pub region: Input,
    /// Its type.
    pub kind: Choice<EnvironmentType>,
    /// What becomes of the other half of a linked pair.
    pub half: Choice<Beside>,
    /// Who gets in afterwards, a group by its id.
    pub group: Choice<Group>,
    /// What somebody took upon themselves.
    pub acknowledged: Vec<Acknowledgement>,
    /// Which way out the cursor is on.
    pub way: usize,
    /// How it ended, or that it was only begun; it succeeded unless somebody says otherwise.
    pub outcome: Option<Outcome>,
    /// When it was carried out; empty means now.
    pub when: Input,
    /// Who carried it out; empty means who looks.
    pub who: Input,
    /// The ticket of the change.
    pub ticket: Input,
    /// Who approved it.
    pub approver: Input,
    /// The target's name, typed to confirm.
    pub typed: Input,
    /// What was chosen for a move to another tenant.
    pub moving: Moving,
}

impl Draft {
    /// How what is recorded ended, or that it was only begun.
    pub fn outcome(&self) -> Outcome {
        self.outcome.unwrap_or(Outcome::Succeeded)
    }

    /// When it was carried out: as typed, else `now`; says what to type where it is no instant that has passed.
    pub fn carried_out_at(&self, now: DateTime<Utc>, offset: Offset) -> Result<DateTime<Utc>, String> {
        match or_now(&self.when, now, offset) {
            Ok(at) if at > now => Err(format!("{} lies in the future: it was carried out before now", time::minute(at))),
            read => read.map_err(|reason| format!("Carried out at: {reason}")),
        }
    }
}

/// The instant that was typed, else `now`; says what to type where it is none.
fn or_now(line: &Input, now: DateTime<Utc>, offset: Offset) -> Result<DateTime<Utc>, String> {
    if line.value().trim().is_empty() { Ok(now) } else { instant::read(line.value(), now, offset) }
}

/// What becomes of the other half of a linked pair, before it is known to which instant it would go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// It comes along: its database is refreshed, restored to the same instant, or backed up at the same time.
    Along,
    /// A database is imported from the asset library.
    Imported,
    /// It stays as it is.
    Left,
}

/// The types that an administrator creates.
pub const CREATED: [EnvironmentType; 4] = [EnvironmentType::Sandbox, EnvironmentType::Production, EnvironmentType::Developer, EnvironmentType::Trial];

/// The wizard.
#[derive(Debug)]
pub struct Wizard {
    /// Which kind of operation it is for.
    pub kind: OperationKind,
    /// The targets, with the source: what the operation is done to where there is no other target.
    pub targets: Targets,
    /// The tenants that it can be moved to.
    pub destinations: Destinations,
    /// What has to be answered before a move.
    pub questions: Questions,
    /// What was established.
    pub step: Step,
    /// What was typed.
    pub draft: Draft,
    /// Which field of the details has the keyboard.
    pub field: Field,
    /// Which field of the record has the keyboard.
    pub record_field: RecordField,
    /// The first line of the review on screen.
    pub review_top: usize,
    only: Option<EnvironmentId>,
    choices: Vec<Row>,
    review: Vec<ReviewLine>,
    open: Vec<Finding>,
    rules: Vec<String>,
    answer: Answer,
    never: Option<String>,
    reviewed: Option<(u64, DateTime<Utc>, usize, usize, EnvironmentKey)>,
}

impl Wizard {
    /// The wizard for doing something to `subject` or with it as a source, with what was typed before.
    pub fn new(kind: OperationKind, subject: EnvironmentKey, draft: Draft) -> Self {
        let mut wizard = Self {
            kind,
            targets: Targets::new(subject),
            destinations: Destinations::default(),
            questions: Questions::default(),
            step: Step::Level,
            draft,
            field: Field::Name,
            record_field: RecordField::Ticket,
            review_top: 0,
            only: None,
            choices: Vec::new(),
            review: Vec::new(),
            open: Vec::new(),
            rules: Vec::new(),
            answer: Answer::Allowed,
            never: None,
            reviewed: None,
        };
        if let Some(first) = route(kind).pages.first() {
            wizard.go(*first);
        }
        wizard
    }

    /// What is copied or restored from; what the operation is done to where there is no other target.
    pub const fn source(&self) -> EnvironmentKey {
        self.targets.source
    }

    /// What is overwritten or changed, as far as it was chosen.
    pub fn target(&self) -> Option<EnvironmentKey> {
        if route(self.kind).pages.contains(&Page::Target) { self.draft.target } else { Some(self.source()) }
    }

    /// What is gone back to, once it was chosen.
    pub const fn back_to(&self) -> Option<&Back> {
        self.draft.back.chosen()
    }

    /// What a copy carries, once it was chosen.
    pub const fn level(&self) -> Option<Level> {
        match self.draft.level {
            Choice::Chosen(level) => Some(level),
            Choice::Open => None,
        }
    }

    /// Takes the other level of a copy.
    pub fn change_level(&mut self) {
        if let Choice::Chosen(level) = self.draft.level {
            let other = Level::ALL.iter().copied().find(|other| *other != level).unwrap_or(level);
            self.draft.level = Choice::Chosen(other);
            self.draft.row = other as usize;
        }
    }

    /// The rows of the short list that is chosen from.
    pub fn choices(&self) -> &[Row] {
        &self.choices
    }

    /// Takes a page; those behind the target need one.
    fn go(&mut self, page: Page) {
        let target = self.target();
        self.step = match (page, target) {
            (Page::Level, _) => Step::Level,
            (Page::Point, _) => Step::Point,
            (Page::Days, _) => Step::Days,
            (Page::Backup, _) => Step::Backup,
            (Page::Tenant, _) => Step::Tenant,
            (Page::Questions, _) => Step::Questions,
            (Page::Mapping, _) => Step::Mapping,
            (Page::Details, Some(target)) => Step::Details(target),
            (Page::Review | Page::Carry, Some(target)) => Step::Review(target),
            (Page::Target, _) | (Page::Details | Page::Review | Page::Carry, None) => Step::Target,
        };
        self.review_top = 0;
        self.reviewed = None;
    }

    /// Goes on to the next page.
    fn go_on(&mut self) {
        let all = route(self.kind).pages;
        let next = all.iter().position(|page| *page == self.step.page()).and_then(|at| all.get(at + 1));
        if let Some(page) = next {
            self.go(*page);
        }
    }

    /// Goes back one step; false at the first.
    pub fn back(&mut self) -> bool {
        if let Step::Record(_) = self.step {
            if let Step::Record(plan) = std::mem::replace(&mut self.step, Step::Level) {
                self.step = Step::Carry(plan);
            }
            return true;
        }
        let all = route(self.kind).pages;
        let before = all.iter().position(|page| *page == self.step.page()).and_then(|at| at.checked_sub(1)).and_then(|at| all.get(at));
        if let Some(page) = before {
            self.go(*page);
        }
        before.is_some()
    }

    /// Takes what is chosen or typed on the page and goes on, or says why it cannot be taken.
    pub fn next(&mut self, estate: &Estate, rulebook: &Rulebook, now: DateTime<Utc>, offset: Offset) -> Result<(), String> {
        match self.step {
            Step::Level => {
                self.draft.level = Level::ALL.get(self.draft.row).copied().into();
            }
            Step::Point => {
                let back = self.chosen_point(estate, rulebook, now, offset)?;
                // Another point: nothing of what was acknowledged holds.
                if !self.draft.back.is(&back) {
                    self.draft.acknowledged.clear();
                }
                // What the page shows is chosen by going on.
                self.draft.audit_logs = Choice::Chosen(self.draft.audit_logs.is(&true));
                self.draft.back = Choice::Chosen(back);
            }
            Step::Days | Step::Backup => {
                let row = self.choices.get(self.draft.row).ok_or("There is nothing to choose")?;
                if let Some(reason) = row.refused.clone() {
                    return Err(reason);
                }
                if self.step.page() == Page::Days {
                    self.draft.days = row.id.parse().ok().into();
                } else {
                    self.draft.backup = Choice::Chosen(row.id.clone());
                }
                self.draft.acknowledged.clear();
            }
            Step::Target => self.choose_target(estate, rulebook, now)?,
            Step::Tenant => self.choose_destination(estate)?,
            Step::Questions => {}
            Step::Mapping => {
                if let Some(reason) = self.draft.moving.shared(estate) {
                    return Err(reason);
                }
                self.draft.acknowledged.clear();
                self.field = self.fields(estate).first().copied().unwrap_or(Field::CutOver);
            }
            Step::Details(_) if self.kind == OperationKind::Migrate => self.move_is_complete(estate, now, offset)?,
            Step::Details(_) => self.details_are_complete(estate)?,
            Step::Review(_) | Step::Carry(_) | Step::Record(_) => return Ok(()),
        }
        self.go_on();
        Ok(())
    }

    /// Whether everything that is needed was typed.
    fn details_are_complete(&self, estate: &Estate) -> Result<(), String> {
        let nameless = self.draft.name.value().trim().is_empty();
        if !self.groups(estate).iter().any(|(group, _)| self.draft.group.is(group)) && self.fields(estate).contains(&Field::Group) {
            return Err("The security group that was chosen is not in the tenant any more: choose with ← and →".to_owned());
        }
        if self.kind == OperationKind::Create && nameless {
            return Err("Give the environment a name".to_owned());
        }
        if self.kind == OperationKind::RenameUrl
            && let Some(fault) = address_fault(self.draft.url.value().trim(), &estate.environment(self.source()).id, estate)
        {
            return Err(fault);
        }
        Ok(())
    }

    /// Prepares the fields of the details where they are the first page.
    pub fn fill_in(&mut self, estate: &Estate) {
        let environment = estate.environment(self.source());
        self.field = self.fields(estate).first().copied().unwrap_or(Field::Name);
        if route(self.kind).pages.contains(&Page::Target) || self.draft.target == Some(self.source()) {
            return;
        }
        self.draft.target = Some(self.source());
        self.draft.group = Choice::Chosen(Group::Keep);
        self.draft.half = Choice::Chosen(Beside::Along);
        self.draft.kind = CREATED.first().copied().into();
        if self.kind == OperationKind::Edit {
            self.draft.name = Input::new(environment.name.to_string());
        }
        if let (OperationKind::Create, Known::Is(region)) = (self.kind, &environment.region) {
            self.draft.region = Input::new(region.to_string());
        }
        if let (OperationKind::RenameUrl, Known::Is(Some(url))) = (self.kind, &environment.url) {
            self.draft.url = Input::new(url.to_string());
        }
    }

    /// The fields of the details.
    pub fn fields(&self, estate: &Estate) -> Vec<Field> {
        let logs = estate.edition() == Edition::Current && self.level() == Some(Level::Everything);
        let logs = (self.kind == OperationKind::Copy && logs).then_some(Field::AuditLogs);
        let joins = (0..self.draft.moving.each.len()).filter(|_| self.kind == OperationKind::Migrate).filter_map(|at| u16::try_from(at).ok()).map(Field::Joins);
        route(self.kind).fields.iter().copied().chain(logs).chain(joins).chain((!self.halves(estate).is_empty()).then_some(Field::Half)).collect()
    }

    /// What can become of the finance and operations half, where the operation is done to a linked pair; the first is what
    /// is meant unless somebody says otherwise.
    pub fn halves(&self, estate: &Estate) -> &'static [(Beside, &'static str)] {
        let Some(target) = self.target() else { return &[] };
        if !asks_for_half(self.kind, estate.environment(self.source()), estate.environment(target)) {
            return &[];
        }
        if self.kind == OperationKind::Copy {
            &[
                (Beside::Along, "refresh its database in parallel"),
                (Beside::Imported, "import a database from the LCS asset library"),
                (Beside::Left, "leave it as it is"),
            ]
        } else if self.kind == OperationKind::Restore {
            &[(Beside::Along, "restore it to the same instant in parallel"), (Beside::Left, "leave it as it is")]
        } else {
            &[(Beside::Along, "back it up at the same time"), (Beside::Left, "leave it")]
        }
    }

    /// Gives the keyboard to the next field, or the one before.
    pub fn next_field(&mut self, by: i8, estate: &Estate) {
        let fields = self.fields(estate);
        let at = fields.iter().position(|field| *field == self.field).unwrap_or(0);
        let to = if by > 0 { at + 1 } else { at + fields.len().saturating_sub(1) } % fields.len().max(1);
        self.field = fields.get(to).copied().unwrap_or(Field::Name);
    }

    /// The line of the field that has the keyboard, if letters are typed into it.
    pub fn line(&mut self) -> Option<&mut Input> {
        match self.field {
            Field::Name => Some(&mut self.draft.name),
            Field::Notes => Some(&mut self.draft.notes),
            Field::Url => Some(&mut self.draft.url),
            Field::Region => Some(&mut self.draft.region),
            Field::CutOver => Some(&mut self.draft.moving.cut_over),
            Field::Joins(at) => self.draft.moving.each.get_mut(usize::from(at)).map(|chosen| &mut chosen.group),
            Field::Group | Field::AuditLogs | Field::Kind | Field::Half | Field::Reason => None,
        }
    }

    /// Changes the field that has the keyboard, where something is chosen in it.
    pub fn change_field(&mut self, by: i8, estate: &Estate) {
        let turned = |at: usize, count: usize| {
            let by = usize::try_from(i16::from(by).rem_euclid(i16::try_from(count).unwrap_or(i16::MAX).max(1))).unwrap_or(0);
            (at + by) % count.max(1)
        };
        match self.field {
            Field::AuditLogs => self.draft.audit_logs = Choice::Chosen(!self.draft.audit_logs.is(&true)),
            Field::Group => {
                let groups = self.groups(estate);
                let at = groups.iter().position(|(group, _)| self.draft.group.is(group)).unwrap_or(0);
                self.draft.group = groups.get(turned(at, groups.len())).map(|(group, _)| group.clone()).into();
            }
            Field::Kind => {
                let at = CREATED.iter().position(|kind| self.draft.kind.is(kind)).unwrap_or(0);
                self.draft.kind = CREATED.get(turned(at, CREATED.len())).copied().into();
            }
            Field::Half => {
                let halves = self.halves(estate);
                let at = halves.iter().position(|(half, _)| self.draft.half.is(half)).unwrap_or(0);
                self.draft.half = halves.get(turned(at, halves.len())).map(|(half, _)| *half).into();
            }
            Field::Reason => self.draft.moving.reason = turned(self.draft.moving.reason, Reason::ALL.len()),
            Field::Name | Field::Notes | Field::Url | Field::Region | Field::CutOver | Field::Joins(_) => {}
        }
    }

    /// Who can be let in, and how that is called.
    pub fn groups(&self, estate: &Estate) -> Vec<(Group, String)> {
        let tenant = estate.tenant(estate.environment(self.source()).tenant);
        let kept = (Group::Keep, "keep it as it is".to_owned());
        let open = (Group::Open, "none: everybody with a licence and a role".to_owned());
        let listed: Vec<(Group, String)> = match &tenant.security_groups {
            Known::Is(groups) => groups.iter().map(|group| (Group::Only(group.id.clone()), format!("members of {}", group.name))).collect(),
            Known::Unknown => Vec::new(),
        };
        [kept, open].into_iter().chain(listed).collect()
    }

    /// What is wanted so far, of whatever target: what is asked about each of them.
    pub fn wanted(&self, estate: &Estate, rulebook: &Rulebook, at: (DateTime<Utc>, Offset)) -> Request {
        let mut wanted = self.request(self.source(), estate, rulebook, at);
        if let Change::Copy { name, group, half, .. } = &mut wanted.change {
            (*name, *group, *half) = (Choice::Open, Choice::Open, Choice::Open);
        } else if let Change::Restore { name, half, .. } = &mut wanted.change {
            (*name, *half) = (Choice::Open, Choice::Open);
        }
        wanted
    }

    /// What is to be done to `target`, as it is drafted.
    pub fn request(&self, target: EnvironmentKey, estate: &Estate, rulebook: &Rulebook, (now, offset): (DateTime<Utc>, Offset)) -> Request {
        let (subject, target) = (estate.environment(self.source()), estate.environment(target));
        let draft = &self.draft;
        let typed = draft.name.value().trim();
        let name = || Choice::Chosen(if typed.is_empty() { target.name.clone() } else { typed.into() });
        let given = |line: &Input| Some(line.value().trim()).filter(|text| !text.is_empty()).map(Box::from);
        // Where there is no other half, nothing is chosen about it.
        let half = |along: Option<Half>| match draft.half {
            Choice::Chosen(beside) if !self.halves(estate).is_empty() => match beside {
                Beside::Along => along.into(),
                Beside::Imported => Choice::Chosen(Half::Moves(Movement::Import)),
                Beside::Left => Choice::Chosen(Half::Left),
            },
            Choice::Chosen(_) | Choice::Open => Choice::Open,
        };
        let toggled = |now: Known<bool>| now != Known::Is(true);
        let change = match self.kind {
            OperationKind::Restore => {
                // Audit logs are taken along from manual backups only (C-23).
                let manual = matches!(draft.back, Choice::Chosen(Back::Backup(..)));
                let audit_logs = if manual { draft.audit_logs } else { Choice::Chosen(false) };
                let half = half(draft.back.chosen().map(|back| Half::Restored(back.at())));
                Change::Restore { back: draft.back.clone(), audit_logs, name: name(), half }
            }
            OperationKind::Backup => {
                let id = format!("m-{}", now.format("%Y%m%dT%H%M%S%3fZ"));
                // Without a name it is called as its label (C-26).
                let label = || now.format("%Y-%m-%dT%H:%M:%SZ").to_string().into();
                let name = Choice::Chosen(given(&draft.name).unwrap_or_else(label));
                Change::Backup { id: id.into(), name, notes: draft.notes.value().trim().into(), half: half(Some(Half::BackedUp)) }
            }
            OperationKind::DeleteBackup => Change::DeleteBackup(draft.backup.clone()),
            OperationKind::Retention => {
                let days = draft.days.chosen().copied().unwrap_or(rulebook.limits.retention_default);
                let before = match retention(target, rulebook).in_force() {
                    Known::Is(days) => days,
                    Known::Unknown => None,
                };
                Change::Retention { days, before }
            }
            OperationKind::Switch => {
                let to = lifecycle::usual_switch(target);
                Change::Switch { to, sandbox_days: rulebook.limits.retention_default }
            }
            OperationKind::Reset => Change::Reset,
            OperationKind::Delete => Change::Delete,
            OperationKind::Recover => Change::Recover,
            OperationKind::Edit => Change::Edit { name: name(), group: draft.group.clone() },
            OperationKind::RenameUrl => Change::RenameUrl(given(&draft.url).into()),
            OperationKind::AdminMode => Change::AdminMode(toggled(target.admin_mode)),
            OperationKind::Background => Change::Background(toggled(target.background_operations)),
            OperationKind::DeleteFinanceOperations => Change::DeleteFinanceOperations,
            OperationKind::Create => {
                let tenant = estate.tenant(subject.tenant).id.clone();
                Change::Create { tenant, name: given(&draft.name).into(), kind: draft.kind, region: given(&draft.region).into() }
            }
            OperationKind::Migrate => Change::Migrate(Box::new(draft.moving.request(target, estate, rulebook, now, offset))),
            OperationKind::Copy => {
                // Without a level nothing is said of audit logs.
                let asked = draft.audit_logs.is(&true);
                let audit_logs = self.level().map_or(Choice::Open, |level| audit_logs::chosen(rulebook.edition, level, asked));
                let half = half(Some(Half::Moves(Movement::Refresh)));
                Change::Copy { level: draft.level, audit_logs, name: name(), group: draft.group.clone(), half }
            }
        };
        let source = row(self.kind).has_source.then(|| subject.id.clone());
        // An environment that is created has an id of its own, until a capture brings the one of the admin center.
        let id = if self.kind == OperationKind::Create { EnvironmentId::new(&format!("new-{}", now.format("%Y%m%dT%H%M%S%3fZ"))) } else { target.id.clone() };
        Request { source, target: id, change }
    }

    /// What is reviewed, where it would keep backups for fewer days (ENV-021, BKP-037): what would be lost is drawn.
    pub fn preview(&self, estate: &Estate, rulebook: &Rulebook, at: (DateTime<Utc>, Offset)) -> Option<(EnvironmentKey, Preview)> {
        let Step::Review(target) = self.step else { return None };
        // For the other kinds nothing has to be drafted each time.
        let shortens = matches!(self.kind, OperationKind::Switch | OperationKind::Retention);
        let change = shortens.then(|| self.request(target, estate, rulebook, at).change)?;
        let preview = if let Change::Switch { to: EnvironmentType::Sandbox, sandbox_days } = change {
            Preview::switch(sandbox_days)
        } else if let Change::Retention { days, before } = change {
            before.is_none_or(|before| days < before).then(|| Preview::retention(days))?
        } else {
            return None;
        };
        Some((target, preview))
    }

    /// The lines of the review.
    pub fn review(&self) -> &[ReviewLine] {
        &self.review
    }

    /// The rules of the findings of the review.
    pub fn rules(&self) -> &[String] {
        &self.rules
    }

    /// What the findings of the review come to.
    pub const fn answer(&self) -> Answer {
        self.answer
    }

    /// How many findings wait to be acknowledged.
    pub const fn unacknowledged(&self) -> usize {
        self.open.len()
    }

    /// The finding that waits next to be acknowledged.
    pub fn next_open(&self) -> Option<&Finding> {
        self.open.first()
    }

    /// Takes the next unknown finding upon oneself.
    pub fn acknowledge(&mut self, by: &Arc<str>, at: DateTime<Utc>) -> bool {
        if self.open.is_empty() {
            return false;
        }
        let finding = self.open.remove(0);
        self.draft.acknowledged.push(Acknowledgement { code: finding.code, severity: finding.severity, shown: finding.message.into(), by: Arc::clone(by), at });
        self.reviewed = None;
        true
    }

    /// Makes the plan, or says what is in the way.
    pub fn plan(&mut self, target: EnvironmentKey, context: &Context<'_>, offset: Offset) -> Result<Plan, String> {
        let request = self.request(target, context.estate, context.rulebook(), (context.now, offset));
        plan::plan(request, context, &self.draft.acknowledged).map_err(|none| {
            self.reviewed = None;
            match none.verdict.findings.iter().find(|finding| finding.severity == Severity::Block) {
                Some(finding) => format!("Blocked: {}", finding.message),
                None if !none.choices.is_empty() => format!("Not chosen yet: {}", none.choices.join(", ")),
                None => format!("{} to be acknowledged: press a for each", counted(none.open.len(), "finding")),
            }
        })
    }

    /// Works the rows of a short list out again; true when they changed.
    pub fn refresh_choices(&mut self, estate: &Estate, rulebook: &Rulebook, now: DateTime<Utc>) -> bool {
        let source = estate.environment(self.source());
        let choices = match self.step {
            Step::Point => points(source, rulebook, now),
            Step::Days => days(source, rulebook),
            Step::Backup => backups(source, rulebook, now),
            Step::Level
            | Step::Target
            | Step::Tenant
            | Step::Questions
            | Step::Mapping
            | Step::Details(_)
            | Step::Review(_)
            | Step::Carry(_)
            | Step::Record(_) => Vec::new(),
        };
        let changed = self.choices != choices;
        if matches!(self.step, Step::Point | Step::Days | Step::Backup) {
            // Where the list changed, the cursor stays on what it was on.
            let kept = self.draft.on.as_ref().filter(|_| changed).and_then(|on| choices.iter().position(|row| row.id == *on));
            self.draft.row = kept.unwrap_or(self.draft.row).min(choices.len().saturating_sub(1));
            self.draft.on = choices.get(self.draft.row).map(|row| row.id.clone());
        }
        self.choices = choices;
        changed
    }

    /// Works the review out again when facts, time or draft changed; true when it was.
    pub fn refresh_review(&mut self, context: &Context<'_>, offset: Offset, width: usize) -> bool {
        let Step::Review(target) = self.step else { return false };
        let Context { estate, now, .. } = *context;
        let wanted = (estate.revision(), now, self.draft.acknowledged.len(), width, target);
        if self.reviewed == Some(wanted) {
            return false;
        }
        let rulebook = context.rulebook();
        let several = self.moves_several();
        let targets: Vec<EnvironmentKey> = if several { self.moving_keys(estate) } else { vec![target] };
        let before = std::mem::take(&mut self.review);
        (self.open, self.rules, self.never, self.answer) = (Vec::new(), Vec::new(), None, Answer::Allowed);
        for target in targets {
            let request = self.request(target, estate, rulebook, (now, offset));
            let Ok(case) = Case::of(&request, context) else { continue };
            let verdict = case.verdict();
            let given = |finding: &Finding| self.draft.acknowledged.iter().any(|given| given.code == finding.code && *given.shown == *finding.message);
            // Several are only planned; each is taken upon oneself when it moves.
            if !several {
                self.open = verdict.findings.iter().filter(|finding| finding.has_to_be_acknowledged() && !given(finding)).cloned().collect();
            }
            self.answer = self.answer.max(verdict.answer());
            self.never = self.never.take().or_else(|| never(&verdict).filter(|_| self.kind == OperationKind::Migrate).map(str::to_owned));
            self.rules.extend(verdict.findings.iter().map(|finding| finding.rule.clone()));
            let account = account(&case);
            let of = ReviewOf { kind: self.kind, account: &account, planned: several, verdict: &verdict, rulebook };
            if !self.review.is_empty() {
                self.review.push(ReviewLine::Gap);
            }
            self.review.extend(review(&of, &given, width));
        }
        self.reviewed = Some(wanted);
        self.review != before
    }

    /// Scrolls the review; true when something moved.
    pub fn scroll_review(&mut self, step: Rows, height: usize) -> bool {
        scroll(&mut self.review_top, step, self.review.len(), height)
    }
}

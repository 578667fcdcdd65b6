//! The wizard in which something is done to an environment: choices in the order of the articles, review, carrying out.
//!
//! Each step holds what is established, so "confirm without a plan" does not compile; what is typed lives in the draft,
//! which survives leaving the wizard. Nothing changes before the last confirmation (CPY-033, RST-017).

mod moves;
mod points;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tui_input::Input;

pub use self::points::Bound;
use crate::app::choices::{Choice, backups, days, newest_first, points};
use crate::app::destinations::{Destinations, never};
use crate::app::details::scroll;
use crate::app::list::Step as Rows;
use crate::app::moving::{Moving, Reason};
use crate::app::pages::{Field, Page, RecordField, Step, pages};
use crate::app::questions::Questions;
use crate::app::review::{ReviewLine, ReviewOf, review};
use crate::app::targets::{Ask, Targets};
use crate::app::timeline::Preview;
use crate::app::timeline::typed::{self, Offset};
use crate::domain::audit_logs;
use crate::domain::checklist::Checklist;
use crate::domain::copy::Level;
use crate::domain::environment::{EnvironmentId, EnvironmentType};
use crate::domain::estate::{EnvironmentKey, Estate};
use crate::domain::judge::judge;
use crate::domain::known::Known;
use crate::domain::lifecycle;
use crate::domain::linked;
use crate::domain::operation::{Acknowledgement, OperationKind};
use crate::domain::plan::{self, Plan};
use crate::domain::request::{Back, Change, Group, Movement, Request, address_fault};
use crate::domain::retention::retention;
use crate::domain::rulebook::{Edition, Rulebook, Rulebooks};
use crate::domain::schedule::Schedule;
use crate::domain::time;
use crate::domain::verdict::{Answer, Finding, Severity};
use crate::domain::words::{Word as _, counted};

/// What was typed and chosen; it survives leaving the wizard.
#[derive(Debug, Default)]
pub struct Draft {
    /// Which row the cursor is on where something is chosen from a short list: level, point, days, backup.
    pub row: usize,
    /// The instant of the system backup that a restore goes back to, as typed.
    pub instant: Input,
    /// Whether audit logs are asked for.
    pub audit_logs: bool,
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
    /// Its type, as an index into [`CREATED`].
    pub kind: usize,
    /// What becomes of the other half of a linked pair, as an index into the choices.
    pub half: usize,
    /// Which group: 0 keeps it, 1 opens it, from 2 on the groups of the tenant.
    pub group: usize,
    /// What somebody took upon themselves.
    pub acknowledged: Vec<Acknowledgement>,
    /// Which way out the cursor is on.
    pub way: usize,
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
    if line.value().trim().is_empty() { Ok(now) } else { typed::read(line.value(), now, offset) }
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
    back: Option<Back>,
    only: Option<EnvironmentId>,
    choices: Vec<Choice>,
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
            back: None,
            only: None,
            choices: Vec::new(),
            review: Vec::new(),
            open: Vec::new(),
            rules: Vec::new(),
            answer: Answer::Allowed,
            never: None,
            reviewed: None,
        };
        if let Some(first) = pages(kind).first() {
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
        if pages(self.kind).contains(&Page::Target) { self.draft.target } else { Some(self.source()) }
    }

    /// What is gone back to, once it was chosen.
    pub const fn back_to(&self) -> Option<&Back> {
        self.back.as_ref()
    }

    /// The rows of the short list that is chosen from.
    pub fn choices(&self) -> &[Choice] {
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
        let all = pages(self.kind);
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
        let all = pages(self.kind);
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
                let level = Level::ALL.get(self.draft.row).copied().unwrap_or(Level::Everything);
                self.targets.ask = Ask::Copy { level, audit_logs: self.draft.audit_logs && level == Level::Everything };
            }
            Step::Point => {
                let back = self.chosen_point(estate, rulebook, now, offset)?;
                // Another point: nothing of what was acknowledged holds.
                if self.back.as_ref() != Some(&back) {
                    self.draft.acknowledged.clear();
                }
                self.targets.ask = Ask::Restore { back: back.clone(), audit_logs: self.takes_audit_logs(&back) };
                self.back = Some(back);
            }
            Step::Days | Step::Backup => {
                if let Some(reason) = self.choices.get(self.draft.row).ok_or("There is nothing to choose")?.refused.clone() {
                    return Err(reason);
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

    /// Audit logs are taken along from manual backups only (C-23).
    const fn takes_audit_logs(&self, back: &Back) -> bool {
        self.draft.audit_logs && matches!(back, Back::Backup(..))
    }

    /// Whether everything that is needed was typed.
    fn details_are_complete(&self, estate: &Estate) -> Result<(), String> {
        let nameless = self.draft.name.value().trim().is_empty();
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
        if pages(self.kind).contains(&Page::Target) || self.draft.target == Some(self.source()) {
            return;
        }
        self.draft.target = Some(self.source());
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
        let logs = estate.edition() == Edition::Current && self.targets.ask.level() == Some(Level::Everything);
        let fields: &[Field] = match self.kind {
            OperationKind::Copy if logs => &[Field::Name, Field::Group, Field::AuditLogs],
            OperationKind::Copy | OperationKind::Edit => &[Field::Name, Field::Group],
            OperationKind::Backup => &[Field::Name, Field::Notes],
            OperationKind::RenameUrl => &[Field::Url],
            OperationKind::Create => &[Field::Name, Field::Kind, Field::Region],
            OperationKind::Restore
            | OperationKind::DeleteBackup
            | OperationKind::Retention
            | OperationKind::Switch
            | OperationKind::Reset
            | OperationKind::Delete
            | OperationKind::Recover
            | OperationKind::AdminMode
            | OperationKind::Background
            | OperationKind::DeleteFinanceOperations => &[Field::Name],
            OperationKind::Migrate => &[Field::CutOver, Field::Reason],
        };
        let joins = (0..self.draft.moving.each.len()).filter(|_| self.kind == OperationKind::Migrate).filter_map(|at| u16::try_from(at).ok()).map(Field::Joins);
        fields.iter().copied().chain(joins).chain((!self.halves(estate).is_empty()).then_some(Field::Half)).collect()
    }

    /// What can become of the finance and operations half, where the operation is done to a linked pair; the first is what
    /// is meant unless somebody says otherwise.
    pub fn halves(&self, estate: &Estate) -> &'static [&'static str] {
        let is_linked = |key: Option<EnvironmentKey>| key.is_some_and(|key| linked::half(estate.environment(key)).is_some());
        // Both halves of a unified environment go together, so that there is nothing to choose.
        let is_apart = |key: Option<EnvironmentKey>| key.is_some_and(|key| linked::is_seen_to_apart(estate.environment(key)));
        match self.kind {
            OperationKind::Copy if is_linked(Some(self.source())) && is_apart(self.target()) => {
                &["refresh its database in parallel", "import a database from the LCS asset library", "leave it as it is"]
            }
            OperationKind::Restore if is_apart(self.target()) => &["restore it to the same instant in parallel", "leave it as it is"],
            OperationKind::Backup if is_apart(self.target()) => &["back it up at the same time", "leave it"],
            OperationKind::Copy
            | OperationKind::Restore
            | OperationKind::Backup
            | OperationKind::DeleteBackup
            | OperationKind::Retention
            | OperationKind::Switch
            | OperationKind::Reset
            | OperationKind::Delete
            | OperationKind::Recover
            | OperationKind::Create
            | OperationKind::Edit
            | OperationKind::RenameUrl
            | OperationKind::AdminMode
            | OperationKind::Background
            | OperationKind::DeleteFinanceOperations
            | OperationKind::Migrate => &[],
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
        let (groups, halves) = (self.groups(estate).len(), self.halves(estate).len());
        let turned = |at: usize, count: usize| {
            let by = usize::try_from(i16::from(by).rem_euclid(i16::try_from(count).unwrap_or(i16::MAX).max(1))).unwrap_or(0);
            (at + by) % count.max(1)
        };
        match self.field {
            Field::AuditLogs => {
                self.draft.audit_logs = !self.draft.audit_logs;
                if let Ask::Copy { level, .. } = self.targets.ask {
                    self.targets.ask = Ask::Copy { level, audit_logs: self.draft.audit_logs };
                }
            }
            Field::Group => self.draft.group = turned(self.draft.group, groups),
            Field::Kind => self.draft.kind = turned(self.draft.kind, CREATED.len()),
            Field::Half => self.draft.half = turned(self.draft.half, halves),
            Field::Reason => self.draft.moving.reason = turned(self.draft.moving.reason, Reason::ALL.len()),
            Field::Name | Field::Notes | Field::Url | Field::Region | Field::CutOver | Field::Joins(_) => {}
        }
    }

    /// The names of the groups that can be chosen.
    pub fn groups(&self, estate: &Estate) -> Vec<String> {
        let tenant = estate.tenant(estate.environment(self.source()).tenant);
        let kept = "keep it as it is".to_owned();
        let open = "none: everybody with a licence and a role".to_owned();
        let listed: Vec<String> = match &tenant.security_groups {
            Known::Is(groups) => groups.iter().map(|group| format!("members of {}", group.name)).collect(),
            Known::Unknown => Vec::new(),
        };
        [kept, open].into_iter().chain(listed).collect()
    }

    /// What is to be done to `target`, as it is drafted.
    pub fn request(&self, target: EnvironmentKey, estate: &Estate, rulebook: &Rulebook, (now, offset): (DateTime<Utc>, Offset)) -> Request {
        let (subject, target) = (estate.environment(self.source()), estate.environment(target));
        let group = match (self.draft.group, &estate.tenant(target.tenant).security_groups) {
            (0, _) => Group::Keep,
            (1, _) => Group::Open,
            (index, Known::Is(groups)) => groups.get(index - 2).map_or(Group::Keep, |group| Group::Only(group.id.clone())),
            (_, Known::Unknown) => Group::Keep,
        };
        let typed = self.draft.name.value().trim();
        let name = || if typed.is_empty() { target.name.clone() } else { typed.into() };
        let halves = self.halves(estate);
        let toggled = |now: Known<bool>| now != Known::Is(true);
        let change = match self.kind {
            OperationKind::Restore => {
                let back = self.back.clone().unwrap_or(Back::To(now));
                let audit_logs = self.takes_audit_logs(&back);
                let paired_at = (!halves.is_empty() && self.draft.half == 0).then(|| back.at());
                Change::Restore { back, audit_logs, name: name(), paired_at }
            }
            OperationKind::Backup => {
                let id = format!("m-{}", now.format("%Y%m%dT%H%M%S%3fZ"));
                let paired = !halves.is_empty() && self.draft.half == 0;
                // Without a name it is called as its label (C-26).
                let label = || now.format("%Y-%m-%dT%H:%M:%SZ").to_string().into();
                let name = if typed.is_empty() { label() } else { typed.into() };
                Change::Backup { id: id.into(), name, notes: self.draft.notes.value().trim().into(), paired }
            }
            OperationKind::DeleteBackup => Change::DeleteBackup(newest_first(subject).get(self.draft.row).map(|backup| backup.id.clone()).unwrap_or_default()),
            OperationKind::Retention => {
                let days = rulebook.limits.retention_choices.get(self.draft.row).copied().unwrap_or(rulebook.limits.retention_default);
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
            OperationKind::Edit => Change::Edit { name: name(), group },
            OperationKind::RenameUrl => Change::RenameUrl(self.draft.url.value().trim().into()),
            OperationKind::AdminMode => Change::AdminMode(toggled(target.admin_mode)),
            OperationKind::Background => Change::Background(toggled(target.background_operations)),
            OperationKind::DeleteFinanceOperations => Change::DeleteFinanceOperations,
            OperationKind::Create => {
                let region = Some(self.draft.region.value().trim()).filter(|region| !region.is_empty()).map(Box::from);
                let kind = CREATED.get(self.draft.kind).copied().unwrap_or(EnvironmentType::Sandbox);
                Change::Create { tenant: estate.tenant(subject.tenant).id.clone(), name: typed.into(), kind, region }
            }
            OperationKind::Migrate => Change::Migrate(Box::new(self.draft.moving.request(target, estate, rulebook, now, offset))),
            OperationKind::Copy => {
                let (level, audit_logs) = match self.targets.ask {
                    Ask::Copy { level, audit_logs } => (level, audit_logs),
                    Ask::Restore { .. } => (Level::Everything, false),
                };
                let audit_logs = audit_logs::chosen(rulebook.edition, level, audit_logs);
                let half = if halves.is_empty() { None } else { Movement::ALL.get(self.draft.half).copied() };
                Change::Copy { level, audit_logs, name: name(), group, half }
            }
        };
        let source = matches!(change, Change::Copy { .. } | Change::Restore { .. }).then(|| subject.id.clone());
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
    pub fn plan(
        &mut self,
        target: EnvironmentKey,
        estate: &Estate,
        checklists: &[Checklist],
        rulebooks: &Rulebooks,
        at: (DateTime<Utc>, Offset),
    ) -> Result<Plan, String> {
        let request = self.request(target, estate, rulebooks.of(estate.edition()), at);
        plan::plan(request, estate, checklists, rulebooks, &self.draft.acknowledged, at.0).map_err(|none| {
            self.reviewed = None;
            match none.verdict.findings.iter().find(|finding| finding.severity == Severity::Block) {
                Some(finding) => format!("Blocked: {}", finding.message),
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
        if matches!(self.step, Step::Point | Step::Days | Step::Backup) {
            self.draft.row = self.draft.row.min(choices.len().saturating_sub(1));
        }
        let changed = self.choices != choices;
        self.choices = choices;
        changed
    }

    /// Works the review out again when facts, time or draft changed; true when it was.
    pub fn refresh_review(&mut self, estate: &Estate, checklists: &[Checklist], rulebooks: &Rulebooks, at: (DateTime<Utc>, Offset), width: usize) -> bool {
        let Step::Review(target) = self.step else { return false };
        let now = at.0;
        let wanted = (estate.revision(), now, self.draft.acknowledged.len(), width, target);
        if self.reviewed == Some(wanted) {
            return false;
        }
        let rulebook = rulebooks.of(estate.edition());
        let several = self.moves_several();
        let targets: Vec<EnvironmentKey> = if several { self.moving_keys(estate) } else { vec![target] };
        let before = std::mem::take(&mut self.review);
        (self.open, self.rules, self.never, self.answer) = (Vec::new(), Vec::new(), None, Answer::Allowed);
        for target in targets {
            let request = self.request(target, estate, rulebook, at);
            let Some(question) = request.question(estate, checklists) else { continue };
            let verdict = judge(question, estate, rulebooks, now);
            let given = |finding: &Finding| self.draft.acknowledged.iter().any(|given| given.code == finding.code && *given.shown == *finding.message);
            // Several are only planned; each is taken upon oneself when it moves.
            if !several {
                self.open = verdict.findings.iter().filter(|finding| finding.has_to_be_acknowledged() && !given(finding)).cloned().collect();
            }
            self.answer = self.answer.max(verdict.answer());
            self.never = self.never.take().or_else(|| never(&verdict).filter(|_| self.kind == OperationKind::Migrate).map(str::to_owned));
            self.rules.extend(verdict.findings.iter().map(|finding| finding.rule.clone()));
            let (from, onto) = (estate.environment(if several { target } else { self.source() }), estate.environment(target));
            let tenants = self.draft.moving.destination(estate).map(|(_, to)| (estate.tenant(onto.tenant), to));
            let schedule = Schedule::of(&request.change, from, rulebook, now);
            let of = ReviewOf { from, onto, request: &request, tenants, planned: several, verdict: &verdict, schedule: &schedule, rulebook, now };
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

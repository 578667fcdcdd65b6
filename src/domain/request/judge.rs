//! May this be done: one request, one answer, for the console, the command line, plans and scripts.

use chrono::{DateTime, Utc};

use super::account::{self, Line};
use super::kinds::row;
use super::{Back, Change, Choice, Choices, Half, Request};
use crate::domain::backup::Backup;
use crate::domain::checklist::{self, Checklist, Template};
use crate::domain::conditions;
use crate::domain::copy::{self, Copy, Level};
use crate::domain::disallowed::{self, End};
use crate::domain::environment::Environment;
use crate::domain::estate::Estate;
use crate::domain::known::Known;
use crate::domain::lifecycle;
use crate::domain::linked;
use crate::domain::migration::{self, Migration};
use crate::domain::operation::OperationKind;
use crate::domain::restore::{self, Point, Restore};
use crate::domain::rulebook::{Edition, Rulebook, Rulebooks};
use crate::domain::safekeeping;
use crate::domain::tenant::TenantKey;
use crate::domain::time::minute;
use crate::domain::verdict::{Answer, Code, Finding, Findings, Outline, Severity, Verdict, Words};
use crate::domain::words::{Word, filled};

/// What is looked at when somebody asks whether something may be done.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The facts.
    pub estate: &'a Estate,
    /// Whose open checklists guard: of what a plan only tries out, nobody has worked any.
    worked: &'a Estate,
    /// The rules of both editions.
    pub rulebooks: &'a Rulebooks,
    /// The checklists that there are.
    pub templates: &'a [Template],
    /// When it is asked.
    pub now: DateTime<Utc>,
}

impl<'a> Context<'a> {
    /// These facts by these rules, now.
    pub const fn new(estate: &'a Estate, rulebooks: &'a Rulebooks, templates: &'a [Template], now: DateTime<Utc>) -> Self {
        Self { estate, worked: estate, rulebooks, templates, now }
    }

    /// The same, of facts that are only tried out.
    #[must_use]
    pub const fn trying<'b>(&self, estate: &'b Estate) -> Context<'b>
    where
        'a: 'b,
    {
        Context { estate, worked: self.worked, rulebooks: self.rulebooks, templates: self.templates, now: self.now }
    }

    /// The same at another instant.
    #[must_use]
    pub const fn at(&self, now: DateTime<Utc>) -> Self {
        Self { now, ..*self }
    }

    /// The rules that decide.
    pub fn rulebook(&self) -> &'a Rulebook {
        self.rulebooks.of(self.estate.edition())
    }

    /// The open checklists of an environment, those of rehearsals included.
    pub(super) fn checklists(&self, environment: &Environment) -> Vec<Checklist> {
        if !self.worked.has_checklists(&environment.id) {
            return Vec::new();
        }
        let Some(key) = self.worked.find(&environment.id) else { return Vec::new() };
        let environment = self.worked.environment(key);
        self.worked.journals().flat_map(|(journal, _)| checklist::standing(journal, self.templates, environment, self.worked)).collect()
    }
}

/// What a request names and nobody finds, in one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing(pub &'static str);

/// A request with what it names looked up.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// What is wanted.
    pub request: &'a Request,
    /// What its content comes from, else the same as the target.
    pub source: &'a Environment,
    /// What it is done to; of what is created, an environment of which nothing is known.
    pub target: &'a Environment,
    /// The tenant in which it is created or to which it moves, else that of the target.
    pub tenant: TenantKey,
    /// The manual backup that it names, if it names one.
    pub backup: Option<&'a Backup>,
    /// What it is judged on.
    pub context: Context<'a>,
}

impl<'a> Case<'a> {
    /// Looks up what the request names.
    pub fn of(request: &'a Request, context: &Context<'a>) -> Result<Self, Missing> {
        const NO_ENVIRONMENT: Missing = Missing("An environment that it names is not there");
        const NO_TENANT: Missing = Missing("The tenant that it names is not there");
        let estate = context.estate;
        let tenant_of = |id: &str| estate.facts().find_tenant(id);
        if let Change::Create { tenant, .. } = &request.change {
            let (nobody, tenant) = (estate.facts().nobody(), tenant_of(tenant).ok_or(NO_TENANT)?);
            return Ok(Self { request, source: nobody, target: nobody, tenant, backup: None, context: *context });
        }
        let find = |id| estate.find(id).map(|key| estate.environment(key)).ok_or(NO_ENVIRONMENT);
        let target = find(&request.target)?;
        let source = if row(request.change.kind()).has_source { find(request.source.as_ref().ok_or(NO_ENVIRONMENT)?)? } else { target };
        let tenant = match &request.change {
            Change::Migrate(moved) => tenant_of(&moved.to).ok_or(NO_TENANT)?,
            _ => target.tenant,
        };
        let named = match &request.change {
            Change::Restore { back: Choice::Chosen(Back::Backup(id, _)), .. } | Change::DeleteBackup(Choice::Chosen(id)) => Some(id),
            _ => None,
        };
        let backup = match (named, &source.backups) {
            (None, _) => None,
            (Some(id), Known::Is(backups)) => Some(backups.iter().find(|backup| backup.id == *id).ok_or(Missing("The backup that it names is not there"))?),
            (Some(_), Known::Unknown) => return Err(Missing("Nobody looked which manual backups there are")),
        };
        Ok(Self { request, source, target, tenant, backup, context: *context })
    }

    /// The same with another environment as its target.
    #[must_use]
    pub const fn onto(self, target: &'a Environment) -> Self {
        Self { target, ..self }
    }

    /// The same at another instant.
    #[must_use]
    pub const fn at(&self, now: DateTime<Utc>) -> Self {
        Self { context: self.context.at(now), ..*self }
    }

    /// Which kind of operation it is.
    pub const fn kind(&self) -> OperationKind {
        self.request.change.kind()
    }

    /// Whether somebody has to say what becomes of a finance and operations half.
    pub fn asks_for_half(&self) -> bool {
        asks_for_half(self.kind(), self.source, self.target)
    }

    /// The choices that nobody made and without which it cannot be carried out, by the names of their options.
    pub fn open(&self) -> Vec<&'static str> {
        fn is_open<T>(choice: Option<&Choice<T>>) -> bool {
            choice.is_some_and(Choice::is_open)
        }
        let Choices { level, back, backup, audit_logs, name, kind, group, url, half } = self.request.change.choices();
        // At a copy only the newer articles know the choice, and only where all is carried (CUR-007); a restore takes audit
        // logs from manual backups only (C-23).
        let newer = self.context.estate.edition() == Edition::Current;
        let manual = matches!(back, Some(Choice::Chosen(Back::Backup(..)))) && self.source.id != self.target.id;
        let logs = manual || newer && level.is_some_and(|level| level.is(&Level::Everything));
        let choices = [
            (is_open(level), "level"),
            (is_open(back), "at"),
            (is_open(backup), "backup"),
            (logs && is_open(audit_logs), "audit-logs"),
            (is_open(name), "name"),
            (is_open(kind), "type"),
            (is_open(group), "security-group"),
            (is_open(url), "url"),
            (is_open(half) && self.asks_for_half(), "half"),
        ];
        choices.into_iter().filter_map(|(open, name)| open.then_some(name)).collect()
    }

    /// What its choices say by themselves.
    pub fn chosen(&self) -> Vec<Line> {
        let tenant = self.context.estate.tenant(self.target.tenant);
        account::chosen(self.request, self.source, self.target, tenant)
    }

    /// What is asked, in one phrase: "copy of Contoso Sales onto Contoso Sales UAT, everything".
    pub fn asked(&self) -> String {
        let on_off = |on: bool| if on { "on" } else { "off" }.to_owned();
        let chosen = match &self.request.change {
            Change::Copy { level, .. } => level.chosen().map(|level| format!(", {}", level.word())).unwrap_or_default(),
            Change::Restore { back, .. } => back.chosen().map(|back| format!(" to {}", minute(back.at()))).unwrap_or_default(),
            Change::DeleteBackup(_) => {
                self.backup.map_or_else(|| "a manual backup".to_owned(), |backup| format!("the backup {}", crate::domain::loss::called(backup)))
            }
            Change::Retention { days, .. } => days.to_string(),
            Change::Switch { to, .. } => to.label().to_owned(),
            Change::AdminMode(on) | Change::Background(on) => on_off(*on),
            _ => String::new(),
        };
        let itself = row(self.kind()).has_source && self.source.id == self.target.id && self.kind() == OperationKind::Restore;
        let target = if itself { "itself" } else { &self.target.name };
        filled(row(self.kind()).asked, |what| match what {
            "chosen" => chosen.clone(),
            "source" => self.source.name.to_string(),
            "target" => target.to_owned(),
            _ => self.context.estate.tenant(self.tenant).name.to_string(),
        })
    }

    /// Judges it by the estate's edition, in words, and says where the other edition decides otherwise.
    pub fn verdict(&self) -> Verdict {
        let mut findings = Findings::in_words(self.context.rulebook(), self.kind()).asked_at(self.context.now);
        self.judged(&mut findings);
        findings.into_verdict()
    }

    /// The same judgement without its words, for lists of thousands.
    pub fn outline(&self) -> Outline {
        let mut findings = Findings::in_outline(self.context.rulebook(), self.kind()).asked_at(self.context.now);
        self.judged(&mut findings);
        findings.outline()
    }

    fn judged(&self, findings: &mut Findings<'_>) {
        let Context { estate, now, .. } = self.context;
        let checklists = if row(self.kind()).guarded { self.context.checklists(self.target) } else { Vec::new() };
        self.ask(&checklists, findings);
        self.compare(findings.outline(), &checklists, findings);
        conditions::freshness(estate.facts(), now, findings);
    }

    /// Every condition of the operation, by one rulebook.
    fn ask(&self, checklists: &[Checklist], findings: &mut Findings<'_>) {
        let Self { source, target, tenant, context: Context { estate, now, .. }, .. } = *self;
        let facts = estate.facts();
        match &self.request.change {
            Change::Copy { level, audit_logs, half, .. } => {
                let half_left = self.asks_for_half() && half.is(&Half::Left);
                // What is asked for is judged once it is known at which level.
                let (level, audit_logs) = (level.chosen().copied(), audit_logs.is(&true) && !level.is_open());
                copy::rules(Copy { source, target, level, audit_logs, half_left, checklists }, facts, now, findings);
            }
            Change::Restore { back, audit_logs, half, .. } => {
                let point = back.chosen().map(|back| self.backup.map_or(Point::Instant(back.at()), Point::Backup));
                let paired_at = if let Choice::Chosen(Half::Restored(at)) = half { Some(*at) } else { None };
                let half_left = self.asks_for_half() && half.is(&Half::Left);
                let restore = Restore { source, target, point, audit_logs: audit_logs.is(&true), paired_at, half_left };
                restore::rules(restore, facts, now, findings);
            }
            Change::Backup { .. } => safekeeping::backup(target, facts, findings),
            Change::DeleteBackup(_) => safekeeping::delete_backup(target, self.backup, facts, now, findings),
            Change::Retention { days, .. } => safekeeping::change_retention(target, *days, facts, now, findings),
            Change::Switch { to, .. } => {
                // A plan says where it is to go back to.
                let planned = checklist::planned_point(estate.journal(), &target.id);
                lifecycle::switch(target, (*to, planned), facts, now, findings);
            }
            Change::Reset => lifecycle::reset(target, facts, findings),
            Change::Delete => lifecycle::delete(target, facts, findings),
            Change::Recover => lifecycle::recover(target, facts, now, findings),
            Change::Create { .. } => lifecycle::create(facts.tenant(tenant), facts, findings),
            Change::Edit { .. } => lifecycle::edit(target, facts, findings),
            Change::RenameUrl(_) => lifecycle::rename_url(target, facts, findings),
            Change::AdminMode(on) => lifecycle::admin_mode(target, *on, checklists, facts, findings),
            Change::Background(on) => lifecycle::background(target, *on, checklists, facts, findings),
            Change::DeleteFinanceOperations => lifecycle::delete_finance_operations(target, facts, findings),
            Change::Migrate(moved) => {
                let mapping = moved.mapping.as_ref().and_then(|mapping| mapping.found.as_deref());
                // Standard input is nobody's file.
                let file = moved.mapping.as_ref().map(|mapping| &*mapping.file).filter(|file| *file != "-");
                let migration = Migration { environment: target, to: tenant, mapping, file, cut_over: moved.cut_over };
                migration::rules(migration, facts, estate.records(), findings);
            }
        }
        if self.kind() == OperationKind::Create {
            return;
        }
        if source.id != target.id {
            disallowed::said(source, End::Source, findings);
        }
        disallowed::said(target, End::Target, findings);
    }

    /// Warns where the edition that does not decide would answer otherwise, and names its rule.
    fn compare(&self, ours: Outline, checklists: &[Checklist], findings: &mut Findings<'_>) {
        let other = self.context.rulebooks.other_than(self.context.estate.edition());
        let theirs = {
            let mut findings = Findings::in_outline(other, self.kind()).asked_at(self.context.now);
            self.ask(checklists, &mut findings);
            findings.outline()
        };
        if let Some(at) = theirs.holds_until {
            findings.hold_until(at);
        }
        // What is not decidable decides nothing: only where one refuses and the other does not are they apart.
        let apart = match (ours.answer(), theirs.answer()) {
            (Answer::Blocked, theirs) => matches!(theirs, Answer::Allowed | Answer::AllowedWithWarnings),
            (Answer::Allowed | Answer::AllowedWithWarnings | Answer::Unknown, theirs) => theirs == Answer::Blocked,
        };
        if !apart {
            return;
        }
        if !findings.wants_words() {
            findings.cite(Code::EditionsDiffer, None, None, || Words::new("", ""));
            return;
        }
        let mut verdict = Findings::in_words(other, self.kind()).asked_at(self.context.now);
        self.ask(checklists, &mut verdict);
        let verdict = verdict.into_verdict();
        let refusals = |by: Outline| -> Vec<(Severity, Code)> {
            [Severity::Block, Severity::Unknown]
                .into_iter()
                .flat_map(|severity| by.codes(severity).map(move |code| (severity, code)).collect::<Vec<_>>())
                .collect()
        };
        let (our_refusals, their_refusals) = (refusals(ours), refusals(theirs));
        let dropped = |code: Code| our_refusals.iter().any(|(_, ours)| *ours == code) && !their_refusals.iter().any(|(_, theirs)| *theirs == code);
        let is_new = |finding: &&Finding| {
            let refusal = (finding.severity, finding.code);
            their_refusals.contains(&refusal) && !our_refusals.contains(&refusal)
        };
        // What it refuses and ours does not; failing that, what it says of the reason for which ours refuses.
        let reason = verdict.findings.iter().find(is_new).or_else(|| verdict.findings.iter().find(|finding| dropped(finding.code)));
        let permitted = our_refusals.iter().map(|(_, code)| *code).find(|code| dropped(*code)).and_then(|code| self.rule_of(code, other));
        let rule = reason.map(|reason| (reason.rule.as_str(), reason.article.as_str())).or(permitted);
        let whose = other.edition.label();
        let message = match reason {
            Some(reason) => format!("By {whose} this is {}: {}", theirs.answer().label(), reason.message),
            None => format!("By {whose} this is {}", theirs.answer().label()),
        };
        let remedy = format!("Judge it with --rulebook {} too before you rely on it", other.edition.word());
        findings.quote(Code::EditionsDiffer, rule, || Words::new(message, remedy));
    }

    /// The rule by which a rulebook permits what the other refuses for that reason, with its article.
    fn rule_of<'b>(&self, code: Code, rulebook: &'b Rulebook) -> Option<(&'b str, &'b str)> {
        let about = self.kind();
        let pair = Some(self.source).filter(|_| row(about).has_source && code == Code::TypePairUnsupported).and_then(|source| match source.kind {
            Known::Is(kind) => rulebook.pairs(about).source(kind).map(|row| row.refused_by.as_str()),
            Known::Unknown => None,
        });
        let rule =
            pair.or_else(|| rulebook.condition(about, code).filter(|condition| condition.severity.is_some()).map(|condition| condition.rule.as_str()))?;
        Some((rule, rulebook.article_of(about, code, rule)))
    }
}

/// Whether somebody has to say what becomes of a finance and operations half (LNK-024, LNK-027, LNK-034).
pub fn asks_for_half(kind: OperationKind, source: &Environment, target: &Environment) -> bool {
    match kind {
        OperationKind::Copy => linked::half(source).is_some() && linked::is_seen_to_apart(target),
        OperationKind::Restore | OperationKind::Backup => linked::is_seen_to_apart(target),
        _ => false,
    }
}

/// The reasons that every operation on environments that stand there has.
const EVERY: &[Code] = &[Code::RefusedByMicrosoft, Code::Stale, Code::EditionsDiffer];

/// The reasons that an operation can be refused, warned about or noted for; the rulebook says what each means.
pub fn codes(about: OperationKind) -> impl Iterator<Item = Code> {
    let can_be_said = move |code: &Code| *code != Code::RefusedByMicrosoft || disallowed::is_listed(about);
    row(about).codes.iter().chain(EVERY).copied().filter(can_be_said)
}

/// Judges a request, in words.
pub fn judge(request: &Request, context: &Context<'_>) -> Result<Verdict, Missing> {
    Case::of(request, context).map(|case| case.verdict())
}

/// Judges a request without words.
pub fn outline(request: &Request, context: &Context<'_>) -> Result<Outline, Missing> {
    Case::of(request, context).map(|case| case.outline())
}

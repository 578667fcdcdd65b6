//! May this be done: one question for each kind of operation, one answer for the console, the command line and plans.

use chrono::{DateTime, Utc};

use crate::domain::backup::Backup;
use crate::domain::checklist::Checklist;
use crate::domain::conditions;
use crate::domain::copy::{self, Copy};
use crate::domain::disallowed::{self, End};
use crate::domain::environment::{Environment, EnvironmentType};
use crate::domain::estate::Estate;
use crate::domain::known::Known;
use crate::domain::lifecycle;
use crate::domain::migration::{self, Migration};
use crate::domain::operation::OperationKind;
use crate::domain::restore::{self, Restore};
use crate::domain::rulebook::{Rulebook, Rulebooks};
use crate::domain::safekeeping;
use crate::domain::tenant::TenantKey;
use crate::domain::verdict::{Answer, Code, Finding, Findings, Outline, Severity, Verdict, Words};
use crate::domain::words::Word;

/// What somebody asks about.
#[derive(Debug, Clone, Copy)]
pub enum Question<'a> {
    /// Copy one environment onto another.
    Copy(Copy<'a>),
    /// Restore one environment onto another, or onto itself.
    Restore(Restore<'a>),
    /// Take a manual backup.
    Backup(&'a Environment),
    /// Delete a manual backup; without one, whether any could be.
    DeleteBackup(&'a Environment, Option<&'a Backup>),
    /// Keep backups for so many days.
    Retention(&'a Environment, u16),
    /// Switch to this type.
    Switch(&'a Environment, EnvironmentType),
    /// Reset to an empty state.
    Reset(&'a Environment),
    /// Delete.
    Delete(&'a Environment),
    /// Get a deleted environment back.
    Recover(&'a Environment),
    /// Create a new one in a tenant.
    Create(TenantKey),
    /// Change name or security group.
    Edit(&'a Environment),
    /// Change the URL.
    RenameUrl(&'a Environment),
    /// Turn administration mode on or off; with its open checklists.
    AdminMode(&'a Environment, bool, &'a [Checklist]),
    /// Turn background operations on or off; with its open checklists.
    Background(&'a Environment, bool, &'a [Checklist]),
    /// Delete the finance and operations half.
    DeleteFinanceOperations(&'a Environment),
    /// Move to another tenant.
    Migrate(Migration<'a>),
}

impl<'a> Question<'a> {
    /// Which kind of operation it is about.
    pub const fn kind(&self) -> OperationKind {
        match self {
            Self::Copy(_) => OperationKind::Copy,
            Self::Restore(_) => OperationKind::Restore,
            Self::Backup(_) => OperationKind::Backup,
            Self::DeleteBackup(..) => OperationKind::DeleteBackup,
            Self::Retention(..) => OperationKind::Retention,
            Self::Switch(..) => OperationKind::Switch,
            Self::Reset(_) => OperationKind::Reset,
            Self::Delete(_) => OperationKind::Delete,
            Self::Recover(_) => OperationKind::Recover,
            Self::Create(_) => OperationKind::Create,
            Self::Edit(_) => OperationKind::Edit,
            Self::RenameUrl(_) => OperationKind::RenameUrl,
            Self::AdminMode(..) => OperationKind::AdminMode,
            Self::Background(..) => OperationKind::Background,
            Self::DeleteFinanceOperations(_) => OperationKind::DeleteFinanceOperations,
            Self::Migrate(_) => OperationKind::Migrate,
        }
    }

    /// What it is taken from and what it is done to, as far as these are environments that are there.
    const fn concerns(&self) -> (Option<&'a Environment>, Option<&'a Environment>) {
        match self {
            Self::Copy(Copy { source, target, .. }) | Self::Restore(Restore { source, target, .. }) => (Some(source), Some(target)),
            Self::Backup(environment)
            | Self::DeleteBackup(environment, _)
            | Self::Retention(environment, _)
            | Self::Switch(environment, _)
            | Self::Reset(environment)
            | Self::Delete(environment)
            | Self::Recover(environment)
            | Self::Edit(environment)
            | Self::RenameUrl(environment)
            | Self::AdminMode(environment, ..)
            | Self::Background(environment, ..)
            | Self::DeleteFinanceOperations(environment) => (None, Some(environment)),
            Self::Migrate(Migration { environment, .. }) => (None, Some(environment)),
            Self::Create(_) => (None, None),
        }
    }

    /// Source and target of operations that have both.
    pub const fn ends(&self) -> Option<(&'a Environment, &'a Environment)> {
        match self {
            Self::Copy(Copy { source, target, .. }) | Self::Restore(Restore { source, target, .. }) => Some((source, target)),
            Self::Backup(_)
            | Self::DeleteBackup(..)
            | Self::Retention(..)
            | Self::Switch(..)
            | Self::Reset(_)
            | Self::Delete(_)
            | Self::Recover(_)
            | Self::Create(_)
            | Self::Edit(_)
            | Self::RenameUrl(_)
            | Self::AdminMode(..)
            | Self::Background(..)
            | Self::DeleteFinanceOperations(_)
            | Self::Migrate(_) => None,
        }
    }
}

/// The reasons that every operation on environments that stand there has.
const EVERY: &[Code] = &[Code::RefusedByMicrosoft, Code::Stale, Code::EditionsDiffer];

/// The reasons that an operation can be refused, warned about or noted for; the rulebook says what each means.
pub fn codes(about: OperationKind) -> impl Iterator<Item = Code> {
    let own = match about {
        OperationKind::Copy => copy::CODES,
        OperationKind::Restore => restore::CODES,
        OperationKind::Backup => safekeeping::BACKUP,
        OperationKind::DeleteBackup => safekeeping::DELETE_BACKUP,
        OperationKind::Retention => safekeeping::RETENTION,
        OperationKind::Switch => lifecycle::SWITCH,
        OperationKind::Reset => lifecycle::RESET,
        OperationKind::Delete => lifecycle::DELETE,
        OperationKind::Recover => lifecycle::RECOVER,
        OperationKind::Create => lifecycle::CREATE,
        OperationKind::Edit => lifecycle::EDIT,
        OperationKind::RenameUrl => lifecycle::RENAME_URL,
        OperationKind::AdminMode => lifecycle::ADMIN_MODE,
        OperationKind::Background => lifecycle::BACKGROUND,
        OperationKind::DeleteFinanceOperations => lifecycle::DELETE_FINANCE_OPERATIONS,
        OperationKind::Migrate => migration::CODES,
    };
    let can_be_said = move |code: &Code| *code != Code::RefusedByMicrosoft || disallowed::is_listed(about);
    own.iter().chain(EVERY).copied().filter(can_be_said)
}

/// Judges it by the estate's edition, in words, and says where the other edition decides otherwise.
pub fn judge(question: Question<'_>, estate: &Estate, rulebooks: &Rulebooks, now: DateTime<Utc>) -> Verdict {
    let mut findings = Findings::in_words(rulebooks.of(estate.edition()), question.kind());
    ask(question, estate, now, &mut findings);
    compare(findings.outline(), question, estate, rulebooks, now, &mut findings);
    conditions::freshness(estate, now, &mut findings);
    findings.into_verdict()
}

/// The same judgement without its words, for lists of thousands.
pub fn outline(question: Question<'_>, estate: &Estate, rulebooks: &Rulebooks, now: DateTime<Utc>) -> Outline {
    let mut findings = Findings::in_outline(rulebooks.of(estate.edition()), question.kind());
    ask(question, estate, now, &mut findings);
    compare(findings.outline(), question, estate, rulebooks, now, &mut findings);
    conditions::freshness(estate, now, &mut findings);
    findings.outline()
}

/// Every condition of the operation, by one rulebook.
fn ask(question: Question<'_>, estate: &Estate, now: DateTime<Utc>, findings: &mut Findings<'_>) {
    match question {
        Question::Copy(copy) => copy::rules(copy, estate, now, findings),
        Question::Restore(restore) => restore::rules(restore, estate, now, findings),
        Question::Backup(environment) => safekeeping::backup(environment, estate, findings),
        Question::DeleteBackup(environment, backup) => safekeeping::delete_backup(environment, backup, estate, now, findings),
        Question::Retention(environment, days) => safekeeping::change_retention(environment, days, estate, now, findings),
        Question::Switch(environment, to) => lifecycle::switch(environment, to, estate, now, findings),
        Question::Reset(environment) => lifecycle::reset(environment, estate, findings),
        Question::Delete(environment) => lifecycle::delete(environment, estate, findings),
        Question::Recover(environment) => lifecycle::recover(environment, estate, now, findings),
        Question::Create(tenant) => lifecycle::create(estate.tenant(tenant), estate, findings),
        Question::Edit(environment) => lifecycle::edit(environment, estate, findings),
        Question::RenameUrl(environment) => lifecycle::rename_url(environment, estate, findings),
        Question::AdminMode(environment, on, checklists) => lifecycle::admin_mode(environment, on, checklists, estate, findings),
        Question::Background(environment, on, checklists) => lifecycle::background(environment, on, checklists, estate, findings),
        Question::DeleteFinanceOperations(environment) => lifecycle::delete_finance_operations(environment, estate, findings),
        Question::Migrate(migration) => migration::rules(migration, estate, findings),
    }
    let (source, target) = question.concerns();
    if let Some(source) = source.filter(|source| target.is_none_or(|target| target.id != source.id)) {
        disallowed::said(source, End::Source, findings);
    }
    if let Some(target) = target {
        disallowed::said(target, End::Target, findings);
    }
}

/// Warns where the edition that does not decide would answer otherwise, and names its rule.
fn compare(ours: Outline, question: Question<'_>, estate: &Estate, rulebooks: &Rulebooks, now: DateTime<Utc>, findings: &mut Findings<'_>) {
    let other = rulebooks.other_than(estate.edition());
    let theirs = {
        let mut findings = Findings::in_outline(other, question.kind());
        ask(question, estate, now, &mut findings);
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
    let mut verdict = Findings::in_words(other, question.kind());
    ask(question, estate, now, &mut verdict);
    let verdict = verdict.into_verdict();
    let refusals = |by: Outline| -> Vec<(Severity, Code)> {
        [Severity::Block, Severity::Unknown].into_iter().flat_map(|severity| by.codes(severity).map(move |code| (severity, code)).collect::<Vec<_>>()).collect()
    };
    let (our_refusals, their_refusals) = (refusals(ours), refusals(theirs));
    let dropped = |code: Code| our_refusals.iter().any(|(_, ours)| *ours == code) && !their_refusals.iter().any(|(_, theirs)| *theirs == code);
    let is_new = |finding: &&Finding| {
        let refusal = (finding.severity, finding.code);
        their_refusals.contains(&refusal) && !our_refusals.contains(&refusal)
    };
    // What it refuses and ours does not; failing that, what it says of the reason for which ours refuses.
    let reason = verdict.findings.iter().find(is_new).or_else(|| verdict.findings.iter().find(|finding| dropped(finding.code)));
    let permitted = our_refusals.iter().map(|(_, code)| *code).find(|code| dropped(*code)).and_then(|code| rule_of(question, code, other));
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
fn rule_of<'b>(question: Question<'_>, code: Code, rulebook: &'b Rulebook) -> Option<(&'b str, &'b str)> {
    let about = question.kind();
    let pair = question.ends().filter(|_| code == Code::TypePairUnsupported).and_then(|(source, _)| match source.kind {
        Known::Is(kind) => rulebook.pairs(about).source(kind).map(|row| row.refused_by.as_str()),
        Known::Unknown => None,
    });
    let rule = pair.or_else(|| rulebook.condition(about, code).filter(|condition| condition.severity.is_some()).map(|condition| condition.rule.as_str()))?;
    Some((rule, rulebook.article_of(about, code, rule)))
}

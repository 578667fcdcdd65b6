//! The answer to "may I": every finding with its rule and its way out, and what they come to together.

use chrono::{DateTime, Utc};

use crate::domain::known::Known;
use crate::domain::operation::OperationKind;
use crate::domain::rulebook::{Condition, Rulebook};
use crate::domain::words::Word;
use crate::vocabulary;

vocabulary! {
    /// What a finding means for the operation; the order is the order of precedence.
    Severity, "severity" {
        Block = "block" "blocked",
        Unknown = "unknown" "unknown",
        Warn = "warn" "warning",
        Note = "note" "note",
    }
}

vocabulary! {
    /// What all findings come to: blocked before unknown before warnings; notes do not count.
    Answer, "verdict" {
        Allowed = "allowed" "allowed",
        AllowedWithWarnings = "allowed-with-warnings" "allowed, with warnings",
        Unknown = "unknown" "not decidable yet",
        Blocked = "blocked" "blocked",
    }
}

vocabulary! {
    /// The reasons: those of tables D1 to D6 by their names, gravest kinds first.
    Code, "reason" {
        TargetIsProduction = "TargetIsProduction" "the target is a production environment",
        SourceIsDefault = "SourceIsDefault" "the source is the default environment",
        TargetIsDefault = "TargetIsDefault" "the target is the default environment",
        TypePairUnsupported = "TypePairUnsupported" "these types do not go together",
        ArticlesContradict = "ArticlesContradict" "the articles contradict each other",
        SameEnvironment = "SameEnvironment" "source and target are the same",
        TenantMismatch = "TenantMismatch" "the tenants differ",
        RegionMismatch = "RegionMismatch" "the regions differ",
        RoleMissing = "RoleMissing" "a role is missing",
        CapacityBelow1GB = "CapacityBelow1GB" "less than 1 GB is free",
        DatabaseBelow1GB = "DatabaseBelow1GB" "less than 1 GB of database storage is left",
        CapacityIsASum = "CapacityIsASum" "storage is known as a sum only",
        NoDataverse = "NoDataverse" "there is no database",
        Deleted = "Deleted" "the environment is deleted",
        Busy = "Busy" "another operation is running",
        SourceFailed = "SourceFailed" "the source has failed or is disabled",
        EnvironmentFailed = "EnvironmentFailed" "the environment has failed or is disabled",
        TargetNeedsCmk = "TargetNeedsCmk" "the target needs a customer-managed key",
        KeyDiffers = "KeyDiffers" "the customer-managed keys differ",
        TargetLinkedSourceNot = "TargetLinkedSourceNot" "the target is linked, the source is not",
        NetworkPolicyDiffers = "NetworkPolicyDiffers" "the virtual-network policies differ",
        PoliciesDiffer = "PoliciesDiffer" "the enterprise policies differ",
        FinanceOperationsBuildOlder = "FinanceOperationsBuildOlder" "the finance and operations build is older",
        ManagedMismatch = "ManagedMismatch" "one is managed, the other is not",
        BackupExpired = "BackupExpired" "the restore point is gone",
        BackupNotReady = "BackupNotReady" "the backup is not ready yet",
        BackupOverwritten = "BackupOverwritten" "a copy overwrote the restore point",
        BackupMayBeGone = "BackupMayBeGone" "the restore point may be gone",
        PairedInstantsDiffer = "PairedInstantsDiffer" "the two halves would be restored to two instants",
        ManualBackupUnsupported = "ManualBackupUnsupported" "this type has no manual backups",
        NoManualBackup = "NoManualBackup" "there is no manual backup",
        RetentionNotChangeable = "RetentionNotChangeable" "the retention cannot be changed",
        SwitchUnsupported = "SwitchUnsupported" "this type cannot be switched",
        ResetUnsupported = "ResetUnsupported" "this type cannot be reset",
        ResetBlockedByLink = "ResetBlockedByLink" "the link bars a reset",
        DeleteUnsupported = "DeleteUnsupported" "this type cannot be deleted",
        DeleteBlockedByLink = "DeleteBlockedByLink" "the link bars a deletion",
        NotDeleted = "NotDeleted" "the environment is not deleted",
        RecoveryExpired = "RecoveryExpired" "the time to recover is over",
        UrlLockedByLink = "UrlLockedByLink" "the link locks the URL",
        AdminModeUnsupported = "AdminModeUnsupported" "this type has no administration mode by hand",
        AdminModeOn = "AdminModeOn" "administration mode is on",
        AdminModeOff = "AdminModeOff" "administration mode is off",
        BackgroundUnknown = "BackgroundUnknown" "whether background operations are on is unknown",
        YammerUndecided = "YammerUndecided" "nobody decided about Yammer",
        YammerShared = "YammerShared" "Yammer may post a second time to the network of production",
        MarketingBarsConversion = "MarketingBarsConversion" "Dynamics 365 Marketing bars the conversion",
        PairedRestoreOutOfReach = "PairedRestoreOutOfReach" "the other half cannot go back to that instant",
        NotInLcs = "NotInLcs" "the other half is not managed in Lifecycle Services",
        NotLinked = "NotLinked" "there is no finance and operations half",
        SameTenant = "SameTenant" "it is in that tenant already",
        MigrationTypeUnsupported = "MigrationTypeUnsupported" "this type cannot move",
        MigrationBlockedByLink = "MigrationBlockedByLink" "the link bars the move",
        ManagedUnsupported = "ManagedUnsupported" "Managed Environments cannot move",
        CloudMismatch = "CloudMismatch" "the clouds differ",
        RegionChangeUnsupported = "RegionChangeUnsupported" "this change of region is not supported",
        ConfirmWithSupport = "ConfirmWithSupport" "support has to confirm",
        SubscriptionMissing = "SubscriptionMissing" "a paid subscription is missing",
        LicencesTooFew = "LicencesTooFew" "there are too few licences",
        SeatsTooFew = "SeatsTooFew" "there are too few seats",
        StorageBelowSource = "StorageBelowSource" "there is less storage than in the source",
        StorageTooSmall = "StorageTooSmall" "there is too little storage",
        MappingMissing = "MappingMissing" "there is no mapping file",
        MappingInvalid = "MappingInvalid" "the mapping file has mistakes",
        UsersNotReady = "UsersNotReady" "users of the mapping file cannot be mapped",
        MappingShared = "MappingShared" "the mapping file belongs to another environment",
        MappingChanged = "MappingChanged" "the mapping file changed since the plan was begun",
        RehearsalMissing = "RehearsalMissing" "no rehearsal was validated",
        ContentUnsupported = "ContentUnsupported" "it holds what cannot move",
        BackupSettling = "BackupSettling" "the backup is settling",
        SourceLinkedTargetNot = "SourceLinkedTargetNot" "the source is linked, the target is not",
        OutsideSolution = "OutsideSolution" "components stand outside solutions",
        OrderManagement = "OrderManagement" "Intelligent Order Management is installed",
        OrdersPrepared = "OrdersPrepared" "the checks before a copy of Intelligent Order Management are settled",
        AuditLogs = "AuditLogs" "audit logs were chosen",
        AuditLogsManualOnly = "AuditLogsManualOnly" "audit logs come from manual backups only",
        PairedRestore = "PairedRestore" "the finance and operations half has to be restored too",
        PointInTimeOutOfReach = "PointInTimeOutOfReach" "the other half does not reach back so far",
        ProductionHalf = "ProductionHalf" "the finance and operations half is production",
        BackupsLost = "BackupsLost" "backups would be lost",
        PlannedPointLost = "PlannedPointLost" "the point of an open plan would be lost",
        RetentionLag = "RetentionLag" "the change takes up to a day",
        SwitchNotRecommended = "SwitchNotRecommended" "switching a linked environment is not recommended",
        ContentLost = "ContentLost" "everything in it is lost",
        HalvesDiffer = "HalvesDiffer" "the two halves would be of different types",
        RelinkImpossible = "RelinkImpossible" "the other half cannot be linked anew",
        FinanceDataLost = "FinanceDataLost" "the finance and operations data is lost",
        ChecklistOpen = "ChecklistOpen" "mandatory items are open",
        RegionChanges = "RegionChanges" "the region changes",
        NotFullySupported = "NotFullySupported" "it holds what moves only in part",
        MarketingLicences = "MarketingLicences" "Marketing needs licences there",
        LeftBehind = "LeftBehind" "something stays behind",
        UsersLeftBehind = "UsersLeftBehind" "users stay behind",
        WorkingHours = "WorkingHours" "people work at that time",
        PairedRefresh = "PairedRefresh" "both are linked: refresh the database too",
        HalfLeft = "HalfLeft" "the finance and operations half is left as it is",
        TransactionlessCopy = "TransactionlessCopy" "both are unified: transactions can stay behind",
        RoleByTenant = "RoleByTenant" "the role is held through the tenant",
        GlobalAdmin = "GlobalAdmin" "a less privileged role would do",
        CanvasRevisions = "CanvasRevisions" "only recent revisions of canvas apps are carried",
        SharedWithEveryone = "SharedWithEveryone" "sharing with everyone ends",
        BothHalves = "BothHalves" "both halves are concerned, with their data",
        PairedBackup = "PairedBackup" "back up both halves at once",
        AppSpecificBackup = "AppSpecificBackup" "some apps have backups of their own",
        NothingChanges = "NothingChanges" "it is so already",
        LinkStays = "LinkStays" "the link is not affected",
        LinkEnds = "LinkEnds" "the link ends",
        Recoverable = "Recoverable" "it can be recovered",
        UrlReserved = "UrlReserved" "the URL stays taken for a day",
        AddressBreaks = "AddressBreaks" "the old URL stops working",
        BackupsReturn = "BackupsReturn" "its backups return",
        PlannedPointSafe = "PlannedPointSafe" "the point of an open plan is safe",
        CodeStillRuns = "CodeStillRuns" "plug-ins still run",
        UnifiedDowntime = "UnifiedDowntime" "there is downtime",
        ConversionTakesHours = "ConversionTakesHours" "the conversion takes hours",
        LockboxApproval = "LockboxApproval" "somebody has to approve the Lockbox request",
        BackupsStay = "BackupsStay" "backups do not move",
        RefusedByMicrosoft = "RefusedByMicrosoft" "Microsoft itself refuses it",
        Stale = "Stale" "the facts are old",
        EditionsDiffer = "EditionsDiffer" "the other rulebook decides otherwise",
    }
}

impl Code {
    /// The fact that has to be looked up when the reason cannot be decided.
    pub const fn asks_about(self) -> &'static str {
        match self {
            Self::TargetIsProduction
            | Self::SourceIsDefault
            | Self::TargetIsDefault
            | Self::TypePairUnsupported
            | Self::ManualBackupUnsupported
            | Self::SwitchUnsupported
            | Self::ResetUnsupported
            | Self::DeleteUnsupported
            | Self::AdminModeUnsupported
            | Self::MigrationTypeUnsupported
            | Self::ConversionTakesHours => "type",
            Self::ArticlesContradict | Self::EditionsDiffer => "rulebook",
            Self::SameEnvironment | Self::TenantMismatch | Self::SameTenant => "tenant",
            Self::RegionMismatch | Self::RegionChangeUnsupported | Self::RegionChanges => "region",
            Self::RoleMissing | Self::RoleByTenant | Self::GlobalAdmin => "roles",
            Self::CapacityBelow1GB | Self::DatabaseBelow1GB | Self::CapacityIsASum | Self::StorageBelowSource | Self::StorageTooSmall => "capacity",
            Self::NoDataverse => "database",
            Self::Deleted | Self::NotDeleted | Self::RecoveryExpired | Self::Recoverable => "whether deleted",
            Self::Busy | Self::SourceFailed | Self::EnvironmentFailed => "state",
            Self::TargetNeedsCmk | Self::KeyDiffers => "key",
            Self::TargetLinkedSourceNot
            | Self::ResetBlockedByLink
            | Self::DeleteBlockedByLink
            | Self::UrlLockedByLink
            | Self::NotInLcs
            | Self::HalvesDiffer
            | Self::RelinkImpossible
            | Self::NotLinked
            | Self::MigrationBlockedByLink
            | Self::SourceLinkedTargetNot
            | Self::PairedRestore
            | Self::PointInTimeOutOfReach
            | Self::PairedRestoreOutOfReach
            | Self::ProductionHalf
            | Self::SwitchNotRecommended
            | Self::FinanceDataLost
            | Self::PairedRefresh
            | Self::HalfLeft
            | Self::TransactionlessCopy
            | Self::BothHalves
            | Self::PairedBackup
            | Self::LinkStays
            | Self::LinkEnds
            | Self::UnifiedDowntime => "link",
            Self::NetworkPolicyDiffers | Self::PoliciesDiffer => "policies",
            Self::FinanceOperationsBuildOlder => "build",
            Self::ManagedMismatch | Self::ManagedUnsupported => "managed",
            Self::BackupExpired
            | Self::BackupNotReady
            | Self::BackupOverwritten
            | Self::BackupMayBeGone
            | Self::NoManualBackup
            | Self::BackupSettling
            | Self::BackupsLost
            | Self::PlannedPointLost
            | Self::PlannedPointSafe
            | Self::BackupsReturn
            | Self::BackupsStay => "backups",
            Self::PairedInstantsDiffer => "instants",
            Self::RetentionNotChangeable | Self::RetentionLag => "retention",
            Self::AdminModeOn | Self::AdminModeOff | Self::CodeStillRuns => "administration mode",
            Self::BackgroundUnknown => "background operations",
            Self::YammerUndecided | Self::YammerShared | Self::ChecklistOpen => "checklist",
            Self::CloudMismatch | Self::ConfirmWithSupport => "cloud",
            Self::SubscriptionMissing => "subscriptions",
            Self::LicencesTooFew => "licences",
            Self::SeatsTooFew => "seats",
            Self::MappingMissing | Self::MappingInvalid | Self::MappingShared | Self::MappingChanged => "mapping file",
            Self::UsersNotReady | Self::UsersLeftBehind => "users",
            Self::RehearsalMissing => "rehearsal",
            Self::ContentUnsupported
            | Self::OutsideSolution
            | Self::ContentLost
            | Self::NotFullySupported
            | Self::MarketingLicences
            | Self::LeftBehind
            | Self::CanvasRevisions
            | Self::SharedWithEveryone
            | Self::AppSpecificBackup
            | Self::MarketingBarsConversion => "components",
            Self::OrderManagement | Self::OrdersPrepared => "order management",
            Self::AuditLogs | Self::AuditLogsManualOnly => "audit logs",
            Self::NothingChanges => "facts",
            Self::UrlReserved | Self::AddressBreaks => "url",
            Self::LockboxApproval => "lockbox",
            Self::RefusedByMicrosoft => "what Microsoft refuses",
            Self::WorkingHours => "cut-over",
            Self::Stale => "age of the facts",
        }
    }
}

impl Finding {
    /// Whether somebody has to take it upon themselves, one by one, before it is carried out: what is unknown, and the warnings
    /// for which the rules ask for that: LNK-012, LNK-019, C-33, G-21, the point of a plan (RST-047), one half of a pair alone (LNK-027, LNK-034), a half
    /// that is production (LNK-032), what a move can lose (TTM-016), the checks before a copy with Intelligent Order
    /// Management (IOM-003 to IOM-005), Yammer of production (PCP-024), and what Microsoft itself refused.
    pub const fn has_to_be_acknowledged(&self) -> bool {
        matches!(self.severity, Severity::Unknown)
            || matches!(
                (self.severity, self.code),
                (
                    Severity::Warn,
                    Code::SwitchNotRecommended
                        | Code::PlannedPointLost
                        | Code::HalvesDiffer
                        | Code::HalfLeft
                        | Code::ProductionHalf
                        | Code::RelinkImpossible
                        | Code::ChecklistOpen
                        | Code::OrderManagement
                        | Code::YammerShared
                        | Code::NotFullySupported
                        | Code::RefusedByMicrosoft
                )
            )
    }
}

impl Verdict {
    /// The same but for what is not asked yet.
    #[must_use]
    pub fn without(mut self, code: Code) -> Self {
        self.findings.retain(|finding| finding.code != code);
        self
    }
}

impl Finding {
    /// Whether it is taken upon oneself by typing the name of the environment: data may be lost for good (TTM-016, C-42), among
    /// it the very point that a plan goes back to (RST-047) and that of a production half (LNK-032), or the halves of a linked pair fall apart (LNK-012, C-33).
    pub const fn has_to_be_typed(&self) -> bool {
        matches!(self.code, Code::NotFullySupported | Code::SwitchNotRecommended | Code::PlannedPointLost | Code::ProductionHalf)
    }
}

/// One reason, in words that name the environments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How hard it refuses.
    pub severity: Severity,
    /// Which rule, such as `CPY-005`.
    pub rule: String,
    /// Which reason.
    pub code: Code,
    /// One sentence about these environments.
    pub message: String,
    /// One sentence about the way out and its cost.
    pub remedy: String,
    /// The article behind it, title and date.
    pub article: String,
}

/// All findings about one operation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// Every finding, the gravest first, otherwise in the order of the table.
    pub findings: Vec<Finding>,
    /// Until when the answer stays the same if no fact changes; none when time alone changes nothing.
    pub holds_until: Option<DateTime<Utc>>,
}

impl Verdict {
    /// What the findings come to.
    pub fn answer(&self) -> Answer {
        answer_of(self.findings.iter().map(|finding| finding.severity))
    }

    /// The first finding that somebody who has seen `other` does not know.
    pub fn first_beyond(&self, other: &Self) -> Option<&Finding> {
        self.findings.iter().find(|finding| !other.findings.iter().any(|seen| (seen.code, seen.severity) == (finding.code, finding.severity)))
    }
}

/// What severities come to together.
pub fn answer_of(severities: impl IntoIterator<Item = Severity>) -> Answer {
    severities
        .into_iter()
        .map(|severity| match severity {
            Severity::Block => Answer::Blocked,
            Severity::Unknown => Answer::Unknown,
            Severity::Warn => Answer::AllowedWithWarnings,
            Severity::Note => Answer::Allowed,
        })
        .max()
        .unwrap_or(Answer::Allowed)
}

/// A verdict without its words: what a list of ten thousand targets needs to be sorted and counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outline {
    codes: [u128; 4],
    undecided: u128,
    /// Until when it stays the same if no fact changes; none when time alone changes nothing.
    pub holds_until: Option<DateTime<Utc>>,
}

/// An outline has a bit for each code.
const _: () = assert!(Code::ALL.len() <= u128::BITS as usize);

impl Outline {
    /// What the findings come to.
    pub fn answer(&self) -> Answer {
        answer_of(Severity::ALL.iter().copied().filter(|severity| self.codes[*severity as usize] != 0))
    }

    /// The same but for what is not asked yet.
    #[must_use]
    pub fn without(mut self, code: Code) -> Self {
        let bit = !(1 << code as usize);
        self.codes.iter_mut().for_each(|codes| *codes &= bit);
        self.undecided &= bit;
        self
    }

    /// Whether a code was found, however hard it refuses.
    pub fn has(&self, code: Code) -> bool {
        self.codes.iter().any(|codes| codes & (1_u128 << (code as u32)) != 0)
    }

    /// The codes found with that severity, in the order of the table.
    pub fn codes(&self, severity: Severity) -> impl Iterator<Item = Code> {
        let set = self.codes[severity as usize];
        Code::ALL.iter().copied().filter(move |code| set & (1_u128 << (*code as u32)) != 0)
    }

    /// Whether a code was found only because a fact is unknown.
    pub const fn is_undecided(&self, code: Code) -> bool {
        self.undecided & (1_u128 << (code as u32)) != 0
    }

    fn add(&mut self, severity: Severity, code: Code) {
        self.codes[severity as usize] |= 1_u128 << (code as u32);
    }
}

/// What a rule says in words: what is so, and the way out.
pub struct Words {
    /// One sentence about these environments.
    pub message: String,
    /// One sentence about the way out and its cost.
    pub remedy: String,
}

impl Words {
    /// Two sentences.
    pub fn new(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { message: message.into(), remedy: remedy.into() }
    }
}

/// Where the rules put what they find: always in outline, in words only when somebody will read them.
pub struct Findings<'a> {
    rulebook: &'a Rulebook,
    about: OperationKind,
    now: Option<DateTime<Utc>>,
    outline: Outline,
    list: Option<Vec<Finding>>,
}

impl<'a> Findings<'a> {
    /// Collects findings with their words.
    pub fn in_words(rulebook: &'a Rulebook, about: OperationKind) -> Self {
        Self { rulebook, about, now: None, outline: Outline::default(), list: Some(Vec::new()) }
    }

    /// Collects only what is needed to answer.
    pub fn in_outline(rulebook: &'a Rulebook, about: OperationKind) -> Self {
        Self { rulebook, about, now: None, outline: Outline::default(), list: None }
    }

    /// The same, asked at this instant, so that no way out is one that time has closed.
    #[must_use]
    pub fn asked_at(self, now: DateTime<Utc>) -> Self {
        Self { now: Some(now), ..self }
    }

    /// Whether an instant has passed when it is asked; not known where nobody said when that is.
    pub fn is_past(&self, at: DateTime<Utc>) -> bool {
        self.now.is_some_and(|now| at < now)
    }

    /// The rulebook that the findings are judged by.
    pub const fn rulebook(&self) -> &'a Rulebook {
        self.rulebook
    }

    /// The condition does not hold: refused, warned or noted, as the edition says, or nothing where it does not ask.
    pub fn fails(&mut self, code: Code, words: impl FnOnce() -> Words) {
        if let Some((condition, severity)) = self.asked(code) {
            self.put(condition, severity, None, words);
        }
    }

    /// The condition cannot be decided because `fields` are unknown. A rule that can only warn, warns.
    pub fn undecided(&mut self, code: Code, words: impl FnOnce() -> Words) {
        self.undecided_by(code, None, words);
    }

    /// The same, by another rule than that of the table's row for `code`.
    pub fn undecided_by(&mut self, code: Code, rule: Option<&str>, words: impl FnOnce() -> Words) {
        if let Some((condition, severity)) = self.asked(code) {
            let severity = match severity {
                Severity::Block | Severity::Unknown => Severity::Unknown,
                Severity::Warn | Severity::Note => severity,
            };
            self.outline.undecided |= 1_u128 << (code as u32);
            self.put(condition, severity, rule, words);
        }
    }

    /// Adds a finding whose severity or rule does not come from the table's row for `code`.
    pub fn cite(&mut self, code: Code, severity: Option<Severity>, rule: Option<&str>, words: impl FnOnce() -> Words) {
        if let Some((condition, usual)) = self.asked(code) {
            self.put(condition, severity.unwrap_or(usual), rule, words);
        }
    }

    /// Passes on the rule of another rulebook with its article: `(rule, article)`.
    pub fn quote(&mut self, code: Code, of: Option<(&str, &str)>, words: impl FnOnce() -> Words) {
        if let Some((condition, severity)) = self.asked(code) {
            self.put(condition, severity, None, words);
            if let (Some((rule, article)), Some(quoted)) = (of, self.list.as_mut().and_then(|list| list.last_mut())) {
                rule.clone_into(&mut quoted.rule);
                article.clone_into(&mut quoted.article);
            }
        }
    }

    /// What kind of operation the findings are about.
    pub const fn about(&self) -> OperationKind {
        self.about
    }

    /// How hard this edition refuses for that reason; `None` where it does not ask.
    pub fn severity(&self, code: Code) -> Option<Severity> {
        self.asked(code).map(|(_, severity)| severity)
    }

    /// Reads a fact that the condition `code` needs; unknown adds a finding that names the field.
    pub fn read<T>(&mut self, fact: Known<T>, code: Code, field: &str, of: &str) -> Option<T> {
        match fact {
            Known::Is(value) => Some(value),
            Known::Unknown => {
                self.undecided(code, || missing(field, of));
                None
            }
        }
    }

    /// Whether anybody will read the words.
    pub const fn wants_words(&self) -> bool {
        self.list.is_some()
    }

    /// What was found, in outline.
    pub const fn outline(&self) -> Outline {
        self.outline
    }

    /// What was found, in words, the gravest first.
    pub fn into_verdict(self) -> Verdict {
        let mut findings = self.list.unwrap_or_default();
        findings.sort_by_key(|finding| finding.severity);
        Verdict { findings, holds_until: self.outline.holds_until }
    }

    /// Time alone changes what was found after `at`; of several such instants the first counts.
    pub fn hold_until(&mut self, at: DateTime<Utc>) {
        self.outline.holds_until = Some(self.outline.holds_until.map_or(at, |before| before.min(at)));
    }

    fn asked(&self, code: Code) -> Option<(&'a Condition, Severity)> {
        let condition = self.rulebook.condition(self.about, code)?;
        Some((condition, condition.severity?))
    }

    fn put(&mut self, condition: &Condition, severity: Severity, rule: Option<&str>, words: impl FnOnce() -> Words) {
        self.outline.add(severity, condition.code);
        if let Some(list) = &mut self.list {
            let Words { message, remedy } = words();
            list.push(Finding {
                severity,
                rule: rule.unwrap_or(&condition.rule).to_owned(),
                code: condition.code,
                message,
                remedy,
                article: rule.and_then(|rule| self.rulebook.citation(rule)).unwrap_or(&condition.article).to_owned(),
            });
        }
    }
}

/// The words for a fact that nobody looked up.
pub fn missing(field: &str, of: &str) -> Words {
    Words::new(
        format!("`{field}` of {of} is unknown"),
        format!("Look it up in the admin center, then answer it in the console or add `{field}` to the snapshot"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rulebook() -> Rulebook {
        crate::files::rulebook::built_in().unwrap().articles
    }

    #[test]
    fn a_code_is_undecided_only_where_a_fact_is_unknown_and_a_rule_that_can_only_warn_warns() {
        let rulebook = rulebook();
        let mut findings = Findings::in_outline(&rulebook, OperationKind::Copy);
        findings.fails(Code::RegionMismatch, || unreachable!("nobody reads the words of an outline"));
        findings.undecided(Code::Busy, || unreachable!("nobody reads the words of an outline"));
        findings.undecided(Code::ManagedMismatch, || unreachable!("nobody reads the words of an outline"));
        assert_eq!(findings.read(Known::Is(7), Code::Deleted, "deleted_at", "A"), Some(7));
        assert_eq!(findings.read(Known::<u8>::Unknown, Code::NoDataverse, "dataverse", "A"), None);
        // This edition does not ask, so nobody can know or not know the answer.
        findings.undecided(Code::NetworkPolicyDiffers, || unreachable!("not asked"));
        let outline = findings.outline();
        assert_eq!(outline.codes(Severity::Block).collect::<Vec<_>>(), [Code::RegionMismatch]);
        assert_eq!(outline.codes(Severity::Unknown).collect::<Vec<_>>(), [Code::NoDataverse, Code::Busy]);
        assert_eq!(outline.codes(Severity::Warn).collect::<Vec<_>>(), [Code::ManagedMismatch]);
        let undecided: Vec<_> = Code::ALL.iter().copied().filter(|code| outline.is_undecided(*code)).collect();
        assert_eq!(undecided, [Code::NoDataverse, Code::Busy, Code::ManagedMismatch]);
        assert_eq!(outline.answer(), Answer::Blocked);
    }

    #[test]
    fn the_gravest_severity_answers() {
        use Severity::{Block, Note, Unknown, Warn};
        for (severities, answer) in [
            (vec![], Answer::Allowed),
            (vec![Note], Answer::Allowed),
            (vec![Note, Warn], Answer::AllowedWithWarnings),
            (vec![Warn, Unknown, Note], Answer::Unknown),
            (vec![Warn, Block, Unknown], Answer::Blocked),
        ] {
            assert_eq!(answer_of(severities.clone()), answer, "{severities:?}");
        }
    }
}

//! The answer to "may I": every finding with its rule and its way out, and what they come to together.

use chrono::{DateTime, Utc};

use crate::domain::known::Known;
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
    /// The reasons, by the names of tables D1 to D6.
    Code, "reason" {
        TargetIsProduction = "TargetIsProduction" "the target is a production environment",
        SourceIsDefault = "SourceIsDefault" "the source is the default environment",
        TargetIsDefault = "TargetIsDefault" "the target is the default environment",
        TypePairUnsupported = "TypePairUnsupported" "these types cannot be copied onto each other",
        SameEnvironment = "SameEnvironment" "source and target are the same",
        TenantMismatch = "TenantMismatch" "the tenants differ",
        RegionMismatch = "RegionMismatch" "the regions differ",
        RoleMissing = "RoleMissing" "a role is missing",
        CapacityBelow1GB = "CapacityBelow1GB" "less than 1 GB is free",
        NoDataverse = "NoDataverse" "there is no database",
        Deleted = "Deleted" "the environment is deleted",
        Busy = "Busy" "another operation is running",
        SourceFailed = "SourceFailed" "the source is in a failed state",
        TargetNeedsCmk = "TargetNeedsCmk" "the target needs a customer-managed key",
        TargetLinkedSourceNot = "TargetLinkedSourceNot" "the target is linked, the source is not",
        NetworkPolicyDiffers = "NetworkPolicyDiffers" "the virtual-network policies differ",
        FinanceOperationsBuildOlder = "FinanceOperationsBuildOlder" "the finance and operations build is older",
        ManagedMismatch = "ManagedMismatch" "one is managed, the other is not",
        SourceLinkedTargetNot = "SourceLinkedTargetNot" "the source is linked, the target is not",
        OutsideSolution = "OutsideSolution" "components stand outside solutions",
        OrderManagement = "OrderManagement" "Intelligent Order Management is installed",
        PairedRefresh = "PairedRefresh" "both are linked: refresh the database too",
        TransactionlessCopy = "TransactionlessCopy" "both are unified: transactions can stay behind",
        RoleByTenant = "RoleByTenant" "the role is held through the tenant",
        CanvasRevisions = "CanvasRevisions" "only recent revisions of canvas apps are carried",
        Stale = "Stale" "the facts are old",
        EditionsDiffer = "EditionsDiffer" "the other rulebook decides otherwise",
    }
}

impl Code {
    /// The fact that has to be looked up when the reason cannot be decided.
    pub const fn asks_about(self) -> &'static str {
        match self {
            Self::TargetIsProduction | Self::SourceIsDefault | Self::TargetIsDefault | Self::TypePairUnsupported => "type",
            Self::SameEnvironment | Self::TenantMismatch => "tenant",
            Self::RegionMismatch => "region",
            Self::RoleMissing | Self::RoleByTenant => "roles",
            Self::CapacityBelow1GB => "capacity",
            Self::NoDataverse => "database",
            Self::Deleted => "whether deleted",
            Self::Busy | Self::SourceFailed => "state",
            Self::TargetNeedsCmk => "key",
            Self::TargetLinkedSourceNot | Self::SourceLinkedTargetNot | Self::PairedRefresh | Self::TransactionlessCopy => "link",
            Self::NetworkPolicyDiffers => "policies",
            Self::FinanceOperationsBuildOlder => "build",
            Self::ManagedMismatch => "managed",
            Self::OutsideSolution | Self::CanvasRevisions => "components",
            Self::OrderManagement => "order management",
            Self::Stale => "age of the facts",
            Self::EditionsDiffer => "rulebook",
        }
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
    codes: [u32; 4],
    undecided: u32,
}

/// An outline has a bit for each code.
const _: () = assert!(Code::ALL.len() <= u32::BITS as usize);

impl Outline {
    /// What the findings come to.
    pub fn answer(&self) -> Answer {
        answer_of(Severity::ALL.iter().copied().filter(|severity| self.codes[*severity as usize] != 0))
    }

    /// The codes found with that severity, in the order of the table.
    pub fn codes(&self, severity: Severity) -> impl Iterator<Item = Code> {
        let set = self.codes[severity as usize];
        Code::ALL.iter().copied().filter(move |code| set & (1 << (*code as u32)) != 0)
    }

    /// Whether a code was found only because a fact is unknown.
    pub const fn is_undecided(&self, code: Code) -> bool {
        self.undecided & (1 << (code as u32)) != 0
    }

    fn add(&mut self, severity: Severity, code: Code) {
        self.codes[severity as usize] |= 1 << (code as u32);
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
    outline: Outline,
    list: Option<Vec<Finding>>,
}

impl<'a> Findings<'a> {
    /// Collects findings with their words.
    pub const fn in_words(rulebook: &'a Rulebook) -> Self {
        Self { rulebook, outline: Outline { codes: [0; 4], undecided: 0 }, list: Some(Vec::new()) }
    }

    /// Collects only what is needed to answer.
    pub const fn in_outline(rulebook: &'a Rulebook) -> Self {
        Self { rulebook, outline: Outline { codes: [0; 4], undecided: 0 }, list: None }
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
        if let Some((condition, severity)) = self.asked(code) {
            let severity = match severity {
                Severity::Block | Severity::Unknown => Severity::Unknown,
                Severity::Warn | Severity::Note => severity,
            };
            self.outline.undecided |= 1 << (code as u32);
            self.put(condition, severity, None, words);
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
    pub fn into_verdict(self, holds_until: Option<DateTime<Utc>>) -> Verdict {
        let mut findings = self.list.unwrap_or_default();
        findings.sort_by_key(|finding| finding.severity);
        Verdict { findings, holds_until }
    }

    fn asked(&self, code: Code) -> Option<(&'a Condition, Severity)> {
        let condition = self.rulebook.condition(code)?;
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
    Words::new(format!("`{field}` of {of} is unknown"), format!("Look it up in the admin center and add `{field}` to the snapshot"))
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
        let mut findings = Findings::in_outline(&rulebook);
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

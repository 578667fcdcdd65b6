//! The tables that the rules look things up in: types by types, retention, limits, severities, regions, articles.

use crate::domain::environment::{EnvironmentRole, EnvironmentType};
use crate::domain::retention::RetentionRow;
use crate::domain::tenant::TenantRole;
use crate::domain::verdict::{Code, Severity};
use crate::domain::words::Word;
use crate::vocabulary;

vocabulary! {
    /// The two editions of the rules.
    Edition, "rulebook" {
        Articles = "articles" "the five source articles",
        Current = "current" "newer public articles",
    }
}

/// Figures that the rules compare with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Gigabytes that copy, restore and create need free (ENV-015).
    pub capacity_minimum_gb: i64,
    /// Retention where none was set (BKP-033), in days.
    pub retention_default: u16,
    /// The only settings there are (BKP-034), in days.
    pub retention_choices: Vec<u16>,
    /// Until then a manual backup cannot be restored (BKP-051), in minutes.
    pub backup_not_ready_minutes: i64,
    /// Until then a restore from it is warned about (BKP-052), in minutes.
    pub backup_settling_minutes: i64,
    /// From then on a backup counts as expiring soon, in hours before its end.
    pub expiring_soon_hours: i64,
    /// Facts older than this warn, in hours.
    pub stale_hours: i64,
    /// Facts older than this leave every verdict unknown, in hours.
    pub too_old_hours: i64,
}

/// How long a copy lasts, roughly (C-11).
#[derive(Debug, Clone, PartialEq)]
pub struct Durations {
    /// The first stage, in minutes.
    pub validate_minutes: i64,
    /// The second stage beside the data, in minutes.
    pub prepare_minutes: i64,
    /// The third stage, in minutes.
    pub run_minutes: i64,
    /// The last stage, in minutes.
    pub finalize_minutes: i64,
    /// What each gigabyte of data adds to the second stage, in minutes.
    pub minutes_per_gb: f64,
    /// What each gigabyte of audit logs adds to it, in minutes.
    pub minutes_per_audit_gb: f64,
    /// What is reckoned with when the size is unknown, in gigabytes.
    pub unknown_size_gb: f64,
    /// What to say about it.
    pub words: String,
}

/// One rule behind a code: what it is called, where it stands, and how hard it refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// What the rule decides.
    pub code: Code,
    /// The rule's id in the rulebook, such as `CPY-005`.
    pub rule: String,
    /// Which article says so, title and date.
    pub article: String,
    /// What it means when it does not hold; `None` where this edition does not ask.
    pub severity: Option<Severity>,
}

/// A row of table D1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopySource {
    /// Type of the source.
    pub kind: EnvironmentType,
    /// Types it may be copied onto.
    pub onto: Vec<EnvironmentType>,
    /// The rule that refuses all others.
    pub refused_by: String,
}

/// One edition of the rules, as tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Rulebook {
    /// Which edition.
    pub edition: Edition,
    /// Figures.
    pub limits: Limits,
    /// How long operations last.
    pub durations: Durations,
    /// Table D3.
    pub retention: Vec<RetentionRow>,
    /// Types that manual backups can be made of (D4).
    pub manual_backup_types: Vec<EnvironmentType>,
    /// Table D1: the targets that each type of source may be copied onto.
    pub copy_sources: Vec<CopySource>,
    /// The rules that keep a type from being overwritten by whatever source.
    pub copy_targets_refused_by: Vec<(EnvironmentType, String)>,
    /// Roles in an environment that allow copying it (CPY-024).
    pub copy_roles: Vec<EnvironmentRole>,
    /// Roles in the tenant that count as Environment Admin everywhere in it (G-26).
    pub tenant_wide_roles: Vec<TenantRole>,
    /// What each code means in this edition.
    pub conditions: Vec<Condition>,
    /// Articles of the rules that differ from their condition's, by rule id.
    pub citations: Vec<(String, String)>,
    /// Other names of regions, in lower case: alias and the name it stands for.
    pub region_aliases: Vec<(String, String)>,
}

impl Rulebook {
    /// True when a copy of `source` onto `target` is in table D1.
    pub fn may_copy(&self, source: EnvironmentType, target: EnvironmentType) -> bool {
        self.copy_sources.iter().any(|row| row.kind == source && row.onto.contains(&target))
    }

    /// The rule that refuses this pair of types.
    pub fn copy_refused_by(&self, source: EnvironmentType, target: EnvironmentType) -> Option<&str> {
        let row = self.copy_sources.iter().find(|row| row.kind == source)?;
        let by_target = self.copy_targets_refused_by.iter().find(|(kind, _)| *kind == target);
        match by_target {
            Some((_, rule)) if !row.onto.is_empty() => Some(rule),
            _ => Some(&row.refused_by),
        }
    }

    /// The article behind a rule, where it is not its condition's.
    pub fn citation(&self, rule: &str) -> Option<&str> {
        self.citations.iter().find(|(id, _)| id == rule).map(|(_, article)| article.as_str())
    }

    /// True when both names mean the same region: ignoring case, after the alias table.
    pub fn same_region(&self, one: &str, other: &str) -> bool {
        one.eq_ignore_ascii_case(other) || self.region(one).eq_ignore_ascii_case(self.region(other))
    }

    /// The name that a region goes by, whichever alias was written.
    pub fn region<'a>(&'a self, name: &'a str) -> &'a str {
        self.region_aliases.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(name)).map_or(name, |(_, canonical)| canonical)
    }

    /// What this edition says about a code. The loader refuses a rulebook in which one is missing.
    pub fn condition(&self, code: Code) -> Option<&Condition> {
        self.conditions.iter().find(|condition| condition.code == code)
    }

    /// Codes that the table leaves out, which the loader reports.
    pub fn missing_codes(&self) -> Vec<Code> {
        Code::ALL.iter().copied().filter(|code| self.condition(*code).is_none()).collect()
    }
}

/// Both editions: the one that decides, and the other, of which a different answer is reported (`EditionsDiffer`).
#[derive(Debug, Clone, PartialEq)]
pub struct Rulebooks {
    /// The five source articles.
    pub articles: Rulebook,
    /// What newer articles changed.
    pub current: Rulebook,
}

impl Rulebooks {
    /// The rulebook of an edition.
    pub const fn of(&self, edition: Edition) -> &Rulebook {
        match edition {
            Edition::Articles => &self.articles,
            Edition::Current => &self.current,
        }
    }

    /// The rulebook of the edition that does not decide.
    pub const fn other_than(&self, edition: Edition) -> &Rulebook {
        match edition {
            Edition::Articles => &self.current,
            Edition::Current => &self.articles,
        }
    }
}

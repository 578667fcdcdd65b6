//! Reads the two rulebooks from their tables in `assets/rulebook/` and refuses one in which a code is missing.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::problem::Problems;
use crate::domain::environment::{EnvironmentRole, EnvironmentType};
use crate::domain::retention::{Days, RetentionRow};
use crate::domain::rulebook::{Condition, CopySource, Durations, Edition, Limits, Rulebook, Rulebooks};
use crate::domain::tenant::TenantRole;
use crate::domain::verdict::{Code, Severity};
use crate::domain::words::Word;

const ARTICLES: (&str, &str) = ("assets/rulebook/articles.yaml", include_str!("../../assets/rulebook/articles.yaml"));
const CURRENT: (&str, &str) = ("assets/rulebook/current.yaml", include_str!("../../assets/rulebook/current.yaml"));

/// Reads both editions that are built in.
pub fn built_in() -> Result<Rulebooks, Problems> {
    let articles = parse(ARTICLES.0, ARTICLES.1)?;
    let current = articles.clone().replaced_by(parse(CURRENT.0, CURRENT.1)?);
    Ok(Rulebooks { articles: articles.into_rulebook(ARTICLES.0)?, current: current.into_rulebook(CURRENT.0)? })
}

fn parse(file: &str, text: &str) -> Result<Tables, Problems> {
    serde_yaml::from_str(text).map_err(|error| Problems::whole(file, error.to_string()))
}

/// The tables as they stand in a file; `current` gives only those that differ.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tables {
    edition: String,
    limits: Option<LimitsTable>,
    durations: Option<DurationsTable>,
    retention: Option<Vec<RetentionTable>>,
    manual_backup_types: Option<Vec<String>>,
    copy_sources: Option<Vec<CopySourceTable>>,
    copy_targets_refused_by: Option<BTreeMap<String, String>>,
    copy_roles: Option<Vec<String>>,
    sign_in_roles: Option<Vec<String>>,
    tenant_wide_roles: Option<Vec<String>>,
    #[serde(default)]
    articles: BTreeMap<String, String>,
    #[serde(default)]
    conditions: BTreeMap<String, ConditionTable>,
    #[serde(default)]
    citations: BTreeMap<String, String>,
    region_aliases: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsTable {
    capacity_minimum_gb: i64,
    retention_default: u16,
    retention_choices: Vec<u16>,
    recovery_days: u16,
    recovery_days_dynamics_365: u16,
    backup_not_ready_minutes: i64,
    backup_settling_minutes: i64,
    expiring_soon_hours: i64,
    stale_hours: i64,
    too_old_hours: i64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct DurationsTable {
    validate_minutes: i64,
    prepare_minutes: i64,
    run_minutes: i64,
    finalize_minutes: i64,
    minutes_per_gb: f64,
    minutes_per_audit_gb: f64,
    unknown_size_gb: f64,
    words: String,
}

impl From<DurationsTable> for Durations {
    fn from(table: DurationsTable) -> Self {
        let DurationsTable { validate_minutes, prepare_minutes, run_minutes, finalize_minutes, minutes_per_gb, minutes_per_audit_gb, unknown_size_gb, words } =
            table;
        Self { validate_minutes, prepare_minutes, run_minutes, finalize_minutes, minutes_per_gb, minutes_per_audit_gb, unknown_size_gb, words }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RetentionTable {
    #[serde(rename = "type")]
    kind: Option<String>,
    database: Option<bool>,
    dynamics_365: Option<bool>,
    managed: Option<bool>,
    days: DaysTable,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum DaysTable {
    Fixed(u16),
    Word(String),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct CopySourceTable {
    #[serde(rename = "type")]
    kind: String,
    onto: Vec<String>,
    refused_by: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConditionTable {
    rule: String,
    severity: Option<String>,
    article: String,
}

impl Tables {
    /// These tables, with those of `newer` in their place.
    fn replaced_by(mut self, newer: Self) -> Self {
        self.articles.extend(newer.articles);
        self.conditions.extend(newer.conditions);
        self.citations.extend(newer.citations);
        Self {
            edition: newer.edition,
            limits: newer.limits.or(self.limits),
            durations: newer.durations.or(self.durations),
            retention: newer.retention.or(self.retention),
            manual_backup_types: newer.manual_backup_types.or(self.manual_backup_types),
            copy_sources: newer.copy_sources.or(self.copy_sources),
            copy_targets_refused_by: newer.copy_targets_refused_by.or(self.copy_targets_refused_by),
            copy_roles: newer.copy_roles.or(self.copy_roles),
            sign_in_roles: newer.sign_in_roles.or(self.sign_in_roles),
            tenant_wide_roles: newer.tenant_wide_roles.or(self.tenant_wide_roles),
            region_aliases: newer.region_aliases.or(self.region_aliases),
            articles: self.articles,
            conditions: self.conditions,
            citations: self.citations,
        }
    }

    fn into_rulebook(self, file: &str) -> Result<Rulebook, Problems> {
        let built = self.build().map_err(|message| Problems::whole(file, message))?;
        let missing = built.missing_codes();
        if missing.is_empty() {
            return Ok(built);
        }
        let names: Vec<_> = missing.iter().map(|code| code.word()).collect();
        Err(Problems::whole(file, format!("conditions: {} are missing", names.join(", "))))
    }

    fn build(self) -> Result<Rulebook, String> {
        let articles = self.articles;
        let article = |key: &str| articles.get(key).cloned().ok_or_else(|| format!("articles: there is no \"{key}\""));
        let limits = table(self.limits, "limits")?;
        Ok(Rulebook {
            edition: word::<Edition>(&self.edition)?,
            limits: Limits {
                capacity_minimum_gb: limits.capacity_minimum_gb,
                retention_default: limits.retention_default,
                retention_choices: limits.retention_choices,
                recovery_days: limits.recovery_days,
                recovery_days_dynamics_365: limits.recovery_days_dynamics_365,
                backup_not_ready_minutes: limits.backup_not_ready_minutes,
                backup_settling_minutes: limits.backup_settling_minutes,
                expiring_soon_hours: limits.expiring_soon_hours,
                stale_hours: limits.stale_hours,
                too_old_hours: limits.too_old_hours,
            },
            durations: table(self.durations, "durations")?.into(),
            retention: table(self.retention, "retention")?.into_iter().map(RetentionTable::build).collect::<Result<_, _>>()?,
            manual_backup_types: words(&table(self.manual_backup_types, "manual_backup_types")?)?,
            copy_sources: table(self.copy_sources, "copy_sources")?.into_iter().map(CopySourceTable::build).collect::<Result<_, _>>()?,
            copy_targets_refused_by: table(self.copy_targets_refused_by, "copy_targets_refused_by")?
                .into_iter()
                .map(|(kind, rule)| Ok((word::<EnvironmentType>(&kind)?, rule)))
                .collect::<Result<_, String>>()?,
            copy_roles: words::<EnvironmentRole>(&table(self.copy_roles, "copy_roles")?)?,
            sign_in_roles: words::<EnvironmentRole>(&table(self.sign_in_roles, "sign_in_roles")?)?,
            tenant_wide_roles: words::<TenantRole>(&table(self.tenant_wide_roles, "tenant_wide_roles")?)?,
            conditions: self
                .conditions
                .into_iter()
                .map(|(code, condition)| {
                    Ok(Condition {
                        code: word::<Code>(&code)?,
                        severity: condition.severity.as_deref().map(word::<Severity>).transpose()?,
                        article: article(&condition.article)?,
                        rule: condition.rule,
                    })
                })
                .collect::<Result<_, String>>()?,
            citations: self.citations.into_iter().map(|(rule, key)| Ok((rule, article(&key)?))).collect::<Result<_, String>>()?,
            region_aliases: table(self.region_aliases, "region_aliases")?.into_iter().collect(),
        })
    }
}

fn table<T>(table: Option<T>, name: &str) -> Result<T, String> {
    table.ok_or_else(|| format!("`{name}` is missing"))
}

fn word<W: Word>(text: &str) -> Result<W, String> {
    W::from_word(text).ok_or_else(|| format!("unknown {} \"{text}\"", W::CALLED))
}

fn words<W: Word>(texts: &[String]) -> Result<Vec<W>, String> {
    texts.iter().map(|text| word(text)).collect()
}

impl RetentionTable {
    fn build(self) -> Result<RetentionRow, String> {
        let days = match self.days {
            DaysTable::Fixed(days) => Days::Fixed(days),
            DaysTable::Word(word) if word == "none" => Days::None,
            DaysTable::Word(word) if word == "as-set" => Days::AsSet,
            DaysTable::Word(word) => return Err(format!("retention: days are a number, none or as-set, not \"{word}\"")),
        };
        let kind = self.kind.as_deref().map(word).transpose()?;
        Ok(RetentionRow { kind, database: self.database, dynamics_365: self.dynamics_365, managed: self.managed, days })
    }
}

impl CopySourceTable {
    fn build(self) -> Result<CopySource, String> {
        Ok(CopySource { kind: word(&self.kind)?, onto: words(&self.onto)?, refused_by: self.refused_by })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_editions_load_and_know_every_code() {
        let books = built_in().unwrap();
        assert_eq!((books.articles.edition, books.current.edition), (Edition::Articles, Edition::Current));
        assert_eq!(books.articles.condition(Code::ManagedMismatch).and_then(|c| c.severity), Some(Severity::Warn));
        assert_eq!(books.current.condition(Code::ManagedMismatch).and_then(|c| c.severity), Some(Severity::Block));
    }

    #[test]
    fn system_customizers_sign_in_to_administration_mode_by_the_older_edition_only() {
        use EnvironmentRole::{SystemAdministrator, SystemCustomizer};
        let books = built_in().unwrap();
        assert_eq!(books.articles.sign_in_roles, [SystemAdministrator, SystemCustomizer]);
        assert_eq!(books.current.sign_in_roles, [SystemAdministrator]);
    }

    #[test]
    fn a_rulebook_without_one_of_the_codes_is_refused_by_name() {
        let mut tables = parse(ARTICLES.0, ARTICLES.1).unwrap();
        tables.conditions.remove("Stale");
        let problems = tables.into_rulebook("broken.yaml").unwrap_err();
        assert_eq!(problems.to_string(), "broken.yaml: conditions: Stale are missing");
    }
}

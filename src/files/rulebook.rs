//! Reads the two rulebooks from their tables in `assets/rulebook/` and refuses one in which a code or row is missing.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::problem::Problems;
use crate::domain::environment::{EnvironmentRole, EnvironmentType, FinanceOperationsKind};
use crate::domain::operation::OperationKind;
use crate::domain::request::judge;
use crate::domain::retention::{Days, RetentionRow};
use crate::domain::rulebook::{
    Cleanup, Condition, Conditions, Durations, Edition, Limits, Menus, MoveDurations, MovePart, Moves, PairRow, Pairs, Roles, Rulebook, Rulebooks, Switch,
    Types, folded,
};
use crate::domain::verdict::Severity;
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
    pairs: Option<BTreeMap<String, PairsTable>>,
    #[serde(default)]
    types: BTreeMap<String, TypesTable>,
    switches: Option<Vec<SwitchTable>>,
    #[serde(default)]
    roles: BTreeMap<String, RolesTable>,
    sign_in_roles: Option<Vec<String>>,
    linked_kinds: Option<Vec<String>>,
    moves: Option<MovesTable>,
    cleanup: Option<CleanupTable>,
    #[serde(default)]
    articles: BTreeMap<String, String>,
    #[serde(default)]
    conditions: BTreeMap<String, BTreeMap<String, ConditionTable>>,
    #[serde(default)]
    citations: BTreeMap<String, String>,
    region_aliases: Option<BTreeMap<String, String>>,
    menus: Option<BTreeMap<String, String>>,
}

/// What holds for every operation that has no table of its own.
const EVERY: &str = "every";

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
    attention_hours: i64,
    retention_lag_hours: i64,
    stale_hours: i64,
    too_old_hours: i64,
    hanging_hours: i64,
}

/// What Microsoft removes by itself; an edition that says nothing of it knows no such thing.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct CleanupTable {
    trial_days: i64,
    trial_extended_days: i64,
    trial_extends_within_days: i64,
    inactive_types: Vec<String>,
    inactive_days: i64,
    deleted_after_days: i64,
}

impl CleanupTable {
    fn build(self) -> Result<Cleanup, String> {
        let kind = |word: &String| EnvironmentType::from_word(word).ok_or_else(|| format!("cleanup: `{word}` is no type of an environment"));
        Ok(Cleanup {
            trial_days: self.trial_days,
            trial_extended_days: self.trial_extended_days,
            trial_extends_within_days: self.trial_extends_within_days,
            inactive_types: self.inactive_types.iter().map(kind).collect::<Result<_, _>>()?,
            inactive_days: self.inactive_days,
            deleted_after_days: self.deleted_after_days,
        })
    }
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
    moves: MoveDurationsTable,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct MoveDurationsTable {
    verify_minutes: i64,
    migrate_minutes: i64,
    users_minutes: i64,
    minutes_per_user: f64,
    settle_minutes: i64,
    unknown_users: usize,
    words: String,
}

/// Every name by which a region is found: its aliases, and its own.
fn regions(aliases: BTreeMap<String, String>) -> BTreeMap<String, String> {
    aliases.into_iter().flat_map(|(alias, name)| [(folded(&name), name.clone()), (folded(&alias), name)]).collect()
}

impl From<LimitsTable> for Limits {
    fn from(table: LimitsTable) -> Self {
        Self {
            capacity_minimum_gb: table.capacity_minimum_gb,
            retention_default: table.retention_default,
            retention_choices: table.retention_choices,
            recovery_days: table.recovery_days,
            recovery_days_dynamics_365: table.recovery_days_dynamics_365,
            backup_not_ready_minutes: table.backup_not_ready_minutes,
            backup_settling_minutes: table.backup_settling_minutes,
            expiring_soon_hours: table.expiring_soon_hours,
            attention_hours: table.attention_hours,
            retention_lag_hours: table.retention_lag_hours,
            stale_hours: table.stale_hours,
            too_old_hours: table.too_old_hours,
            hanging_hours: table.hanging_hours,
        }
    }
}

impl From<DurationsTable> for Durations {
    fn from(table: DurationsTable) -> Self {
        let MoveDurationsTable { verify_minutes, migrate_minutes, users_minutes, minutes_per_user, settle_minutes, unknown_users, words } = table.moves;
        let moves = MoveDurations { verify_minutes, migrate_minutes, users_minutes, minutes_per_user, settle_minutes, unknown_users, words };
        Self {
            validate_minutes: table.validate_minutes,
            prepare_minutes: table.prepare_minutes,
            run_minutes: table.run_minutes,
            finalize_minutes: table.finalize_minutes,
            minutes_per_gb: table.minutes_per_gb,
            minutes_per_audit_gb: table.minutes_per_audit_gb,
            unknown_size_gb: table.unknown_size_gb,
            words: table.words,
            moves,
        }
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
    fixed_by: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum DaysTable {
    Fixed(u16),
    Word(String),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct PairsTable {
    sources: Vec<PairRowTable>,
    targets_refused_by: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct PairRowTable {
    #[serde(rename = "type")]
    kind: String,
    onto: Vec<String>,
    #[serde(default)]
    itself: bool,
    #[serde(default)]
    disputed: Vec<String>,
    refused_by: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypesTable {
    on: Vec<String>,
    #[serde(default)]
    refused_by: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct SwitchTable {
    from: String,
    to: String,
    button: Option<String>,
    linked: String,
    apart: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RolesTable {
    environment: Vec<String>,
    tenant: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct MovesTable {
    clouds_apart: Vec<String>,
    fixed_clouds: Vec<String>,
    fixed_regions: Vec<String>,
    confirmed_clouds: Vec<String>,
    confirmed_regions: Vec<String>,
    in_part: Vec<String>,
    barred: Vec<String>,
    barred_apps: Vec<String>,
    left_behind: Vec<String>,
    working_hours: HoursTable,
    parts: Vec<PartTable>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct HoursTable {
    from: u32,
    to: u32,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartTable {
    phase: String,
    what: Vec<String>,
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
        for (operation, conditions) in newer.conditions {
            self.conditions.entry(operation).or_default().extend(conditions);
        }
        self.citations.extend(newer.citations);
        self.types.extend(newer.types);
        self.roles.extend(newer.roles);
        Self {
            edition: newer.edition,
            limits: newer.limits.or(self.limits),
            durations: newer.durations.or(self.durations),
            retention: newer.retention.or(self.retention),
            pairs: newer.pairs.or(self.pairs),
            switches: newer.switches.or(self.switches),
            sign_in_roles: newer.sign_in_roles.or(self.sign_in_roles),
            linked_kinds: newer.linked_kinds.or(self.linked_kinds),
            moves: newer.moves.or(self.moves),
            cleanup: newer.cleanup.or(self.cleanup),
            region_aliases: newer.region_aliases.or(self.region_aliases),
            menus: newer.menus.or(self.menus),
            types: self.types,
            roles: self.roles,
            articles: self.articles,
            conditions: self.conditions,
            citations: self.citations,
        }
    }

    fn into_rulebook(self, file: &str) -> Result<Rulebook, Problems> {
        self.build().map_err(|message| Problems::whole(file, message))
    }

    fn build(self) -> Result<Rulebook, String> {
        let articles = self.articles;
        let article = |key: &str| articles.get(key).cloned().ok_or_else(|| format!("articles: there is no \"{key}\""));
        Ok(Rulebook {
            edition: word::<Edition>(&self.edition)?,
            limits: table(self.limits, "limits")?.into(),
            durations: table(self.durations, "durations")?.into(),
            retention: table(self.retention, "retention")?.into_iter().map(RetentionTable::build).collect::<Result<_, _>>()?,
            pairs: by_operation(table(self.pairs, "pairs")?, "pairs", PairsTable::build)?,
            types: by_operation(self.types, "types", TypesTable::build)?,
            switches: table(self.switches, "switches")?.into_iter().map(SwitchTable::build).collect::<Result<_, _>>()?,
            roles: roles(self.roles)?,
            sign_in_roles: words::<EnvironmentRole>(&table(self.sign_in_roles, "sign_in_roles")?)?,
            linked_kinds: words::<FinanceOperationsKind>(&table(self.linked_kinds, "linked_kinds")?)?,
            moves: table(self.moves, "moves")?.build()?,
            cleanup: self.cleanup.map(CleanupTable::build).transpose()?,
            conditions: conditions(self.conditions, &article)?,
            citations: self.citations.into_iter().map(|(rule, key)| Ok((rule, article(&key)?))).collect::<Result<_, String>>()?,
            region_aliases: regions(table(self.region_aliases, "region_aliases")?),
            menus: Menus(table(self.menus, "menus")?.into_iter().collect()),
        })
    }
}

/// A table for each operation that has one.
fn by_operation<T, U>(tables: BTreeMap<String, T>, name: &str, build: fn(T) -> Result<U, String>) -> Result<Vec<(OperationKind, U)>, String> {
    tables
        .into_iter()
        .map(|(operation, table)| Ok((word(&operation)?, build(table)?)))
        .collect::<Result<_, String>>()
        .map_err(|error| format!("{name}: {error}"))
}

/// Who may do what: an operation that is not named is for those whom `every` names.
fn roles(mut tables: BTreeMap<String, RolesTable>) -> Result<Vec<(OperationKind, Roles)>, String> {
    let every = tables.remove(EVERY).ok_or("roles: `every` is missing")?.build()?;
    let named = by_operation(tables, "roles", RolesTable::build)?;
    let of = |operation: &OperationKind| named.iter().find(|(of, _)| of == operation).map_or_else(|| every.clone(), |(_, roles)| roles.clone());
    Ok(OperationKind::ALL.iter().map(|operation| (*operation, of(operation))).collect())
}

/// What each code means for each operation. A code that an operation asks about and no table has is an error, and so is one
/// that no operation asks about.
fn conditions(mut tables: BTreeMap<String, BTreeMap<String, ConditionTable>>, article: &dyn Fn(&str) -> Result<String, String>) -> Result<Conditions, String> {
    let every = tables.remove(EVERY).unwrap_or_default();
    let mut built = Conditions::default();
    let mut missing = Vec::new();
    for operation in OperationKind::ALL {
        let mut own = tables.remove(operation.word()).unwrap_or_default();
        for code in judge::codes(*operation) {
            match own.remove(code.word()).or_else(|| every.get(code.word()).cloned()) {
                Some(condition) => {
                    let ConditionTable { rule, severity, article: key } = condition;
                    let severity = severity.as_deref().map(word::<Severity>).transpose()?;
                    built.set(*operation, Condition { code, severity, article: article(&key)?, rule });
                }
                None => missing.push(format!("{}: {}", operation.word(), code.word())),
            }
        }
        if let Some(stray) = own.keys().next() {
            return Err(format!("conditions: {}: no {} asks about {stray}", operation.word(), operation.word()));
        }
    }
    if let Some(stray) = tables.keys().next() {
        return Err(format!("conditions: there is no operation {stray}"));
    }
    if missing.is_empty() { Ok(built) } else { Err(format!("conditions: these are missing: {}", missing.join(", "))) }
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
        if (days == Days::AsSet) == self.fixed_by.is_some() {
            return Err("retention: a row follows the setting, or `fixed_by` says which rule keeps it from that".to_owned());
        }
        let fixed_by = self.fixed_by.map(String::into_boxed_str);
        Ok(RetentionRow { kind, database: self.database, dynamics_365: self.dynamics_365, managed: self.managed, days, fixed_by })
    }
}

/// Types of environment with the rules that refuse them.
fn refused_by(table: BTreeMap<String, String>) -> Result<Vec<(EnvironmentType, String)>, String> {
    table.into_iter().map(|(kind, rule)| Ok((word::<EnvironmentType>(&kind)?, rule))).collect()
}

impl PairsTable {
    fn build(self) -> Result<Pairs, String> {
        let row = |PairRowTable { kind, onto, itself, disputed, refused_by }| {
            Ok(PairRow { kind: word(&kind)?, onto: words(&onto)?, itself, disputed: words(&disputed)?, refused_by })
        };
        let sources = self.sources.into_iter().map(row).collect::<Result<Vec<_>, String>>()?;
        if let Some(missing) = EnvironmentType::ALL.iter().find(|kind| !sources.iter().any(|row| row.kind == **kind)) {
            return Err(format!("there is no source of type {}", missing.word()));
        }
        Ok(Pairs { sources, targets_refused_by: refused_by(self.targets_refused_by)? })
    }
}

impl TypesTable {
    fn build(self) -> Result<Types, String> {
        Ok(Types { on: words(&self.on)?, refused_by: refused_by(self.refused_by)? })
    }
}

impl SwitchTable {
    fn build(self) -> Result<Switch, String> {
        Ok(Switch { from: word(&self.from)?, to: word(&self.to)?, button: self.button, linked: self.linked, apart: self.apart })
    }
}

impl RolesTable {
    fn build(self) -> Result<Roles, String> {
        Ok(Roles { environment: words(&self.environment)?, tenant: words(&self.tenant)? })
    }
}

impl MovesTable {
    fn build(self) -> Result<Moves, String> {
        Ok(Moves {
            clouds_apart: words(&self.clouds_apart)?,
            fixed_clouds: words(&self.fixed_clouds)?,
            fixed_regions: self.fixed_regions,
            confirmed_clouds: words(&self.confirmed_clouds)?,
            confirmed_regions: self.confirmed_regions,
            in_part: words(&self.in_part)?,
            barred: words(&self.barred)?,
            barred_apps: self.barred_apps,
            left_behind: words(&self.left_behind)?,
            working_hours: match self.working_hours {
                HoursTable { from, to } if from < to && to <= 24 => (from, to),
                HoursTable { from, to } => return Err(format!("moves: no day has working hours from {from} to {to}")),
            },
            parts: self.parts.into_iter().map(|PartTable { phase, what }| MovePart { phase, what }).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::verdict::Code;

    #[test]
    fn both_editions_load_and_know_every_code() {
        let books = built_in().unwrap();
        assert_eq!((books.articles.edition, books.current.edition), (Edition::Articles, Edition::Current));
        assert_eq!(books.articles.severity(OperationKind::Copy, Code::ManagedMismatch), Some(Severity::Warn));
        assert_eq!(books.current.severity(OperationKind::Copy, Code::ManagedMismatch), Some(Severity::Block));
        assert_eq!(books.articles.severity(OperationKind::Restore, Code::ManagedMismatch), Some(Severity::Block), "each operation has its own");
    }

    #[test]
    fn system_customizers_sign_in_to_administration_mode_by_the_older_edition_only() {
        use EnvironmentRole::{SystemAdministrator, SystemCustomizer};
        let books = built_in().unwrap();
        assert_eq!(books.articles.sign_in_roles, [SystemAdministrator, SystemCustomizer]);
        assert_eq!(books.current.sign_in_roles, [SystemAdministrator]);
    }

    #[test]
    fn a_broken_rulebook_is_refused_with_what_is_wrong() {
        type Break = fn(&mut Tables);
        let cases: [(Break, &str); 7] = [
            (|tables| drop(tables.conditions.get_mut("every").unwrap().remove("Deleted")), "conditions: these are missing: copy: Deleted, restore: Deleted"),
            (|tables| drop(tables.conditions.get_mut("copy").unwrap().remove("OrderManagement")), "conditions: these are missing: copy: OrderManagement"),
            (
                |tables| {
                    let stray = tables.conditions["restore"]["BackupExpired"].clone();
                    tables.conditions.get_mut("copy").unwrap().insert("BackupExpired".into(), stray);
                },
                "conditions: copy: no copy asks about BackupExpired",
            ),
            (|tables| drop(tables.conditions.insert("teleport".into(), BTreeMap::new())), "conditions: there is no operation teleport"),
            (|tables| drop(tables.pairs.as_mut().unwrap().get_mut("restore").unwrap().sources.pop()), "pairs: there is no source of type demo"),
            (|tables| tables.retention.as_mut().unwrap()[0].fixed_by = None, "retention: a row follows the setting, or"),
            (|tables| drop(tables.roles.remove("every")), "roles: `every` is missing"),
        ];
        for (break_it, expected) in cases {
            let mut tables = parse(ARTICLES.0, ARTICLES.1).unwrap();
            break_it(&mut tables);
            let problems = tables.into_rulebook("broken.yaml").unwrap_err().to_string();
            assert!(problems.starts_with(&format!("broken.yaml: {expected}")), "{problems}");
        }
    }
}

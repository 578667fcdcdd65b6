//! The tables that the rules look things up in: types by types, retention, limits, severities, regions, articles.

use std::collections::BTreeMap;

use crate::domain::component::ComponentKind;
use crate::domain::environment::{EnvironmentRole, EnvironmentType, FinanceOperationsKind};
use crate::domain::known::Known;
use crate::domain::operation::OperationKind;
use crate::domain::retention::RetentionRow;
use crate::domain::tenant::{Cloud, TenantRole};
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
    /// A deleted environment can be recovered for so long (RCV-001), in days.
    pub recovery_days: u16,
    /// The same for production with Dynamics 365 apps (RCV-002), in days.
    pub recovery_days_dynamics_365: u16,
    /// Until then a manual backup cannot be restored (BKP-051), in minutes.
    pub backup_not_ready_minutes: i64,
    /// Until then a restore from it is warned about (BKP-052), in minutes.
    pub backup_settling_minutes: i64,
    /// From then on a backup counts as expiring soon, in hours before its end.
    pub expiring_soon_hours: i64,
    /// From then on a backup asks for attention, so that somebody can act over a weekend, in hours before its end.
    pub attention_hours: i64,
    /// For so long a changed retention may not have reached the backups that are there (BKP-038), in hours.
    pub retention_lag_hours: i64,
    /// Facts older than this warn, in hours.
    pub stale_hours: i64,
    /// Facts older than this leave every verdict unknown, in hours.
    pub too_old_hours: i64,
    /// An operation that has run for longer hangs, as far as anybody knows (C-11), in hours.
    pub hanging_hours: i64,
}

/// What Microsoft disables and deletes by itself (CUR-030, CUR-031).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleanup {
    /// A standard trial ends so many days after it was created.
    pub trial_days: i64,
    /// The same, where it was extended, which can be done once.
    pub trial_extended_days: i64,
    /// It can be extended in so many days before its end.
    pub trial_extends_within_days: i64,
    /// Environments of these types are disabled when nobody uses them.
    pub inactive_types: Vec<EnvironmentType>,
    /// They are disabled after so many days without use.
    pub inactive_days: i64,
    /// They are deleted so many days after they were disabled.
    pub deleted_after_days: i64,
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
    /// How long a move to another tenant lasts.
    pub moves: MoveDurations,
}

/// How long the cut-over of a move is rehearsed (TTM-112).
#[derive(Debug, Clone, PartialEq)]
pub struct MoveDurations {
    /// Verifying the prerequisites, in minutes.
    pub verify_minutes: i64,
    /// Migrating the environment, in minutes.
    pub migrate_minutes: i64,
    /// Mapping the users, in minutes, however few there are.
    pub users_minutes: i64,
    /// What each user adds to that, in minutes.
    pub minutes_per_user: f64,
    /// What comes after it, in minutes.
    pub settle_minutes: i64,
    /// With how many users is reckoned where their number is unknown.
    pub unknown_users: usize,
    /// What to say about it.
    pub words: String,
}

impl MoveDurations {
    /// The minutes of each of the four stages, for so many users.
    pub fn minutes(&self, users: Known<usize>) -> [i64; 4] {
        let users = match users {
            Known::Is(users) => users,
            Known::Unknown => self.unknown_users,
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "minutes of a move are far below the limits of an integer")]
        let mapping = (users as f64 * self.minutes_per_user).round() as i64;
        [self.verify_minutes, self.migrate_minutes, self.users_minutes + mapping, self.settle_minutes]
    }
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

/// A row of a table of types by types (D1, D2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairRow {
    /// Type of the source.
    pub kind: EnvironmentType,
    /// Types it may go onto.
    pub onto: Vec<EnvironmentType>,
    /// Whether an environment of this type may go onto itself (RST-026); a copy never may, which is a rule of its own.
    pub itself: bool,
    /// Types about which the articles contradict each other.
    pub disputed: Vec<EnvironmentType>,
    /// The rule that refuses all others.
    pub refused_by: String,
}

/// Which types may go onto which, for one operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pairs {
    /// A row for each type of source.
    pub sources: Vec<PairRow>,
    /// The rules that keep a type from being overwritten by whatever source.
    pub targets_refused_by: Vec<(EnvironmentType, String)>,
}

/// What the table of types says about one pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// It is refused.
    No,
    /// The articles contradict each other.
    Disputed,
    /// It may.
    Yes,
}

impl Pairs {
    /// The row of that source.
    pub fn source(&self, kind: EnvironmentType) -> Option<&PairRow> {
        self.sources.iter().find(|row| row.kind == kind)
    }

    /// Whether one type may go onto the other, or onto itself where `itself` says that it is the same environment.
    pub fn cell(&self, source: EnvironmentType, target: EnvironmentType, itself: bool) -> Cell {
        match self.source(source) {
            Some(row) if itself && row.itself => Cell::Yes,
            Some(_) if itself => Cell::No,
            Some(row) if row.onto.contains(&target) => Cell::Yes,
            Some(row) if row.disputed.contains(&target) => Cell::Disputed,
            Some(_) | None => Cell::No,
        }
    }

    /// The rule that refuses this pair of types, as far as they are known.
    pub fn refused_by(&self, source: Known<EnvironmentType>, target: Known<EnvironmentType>) -> Option<&str> {
        let row = match source {
            Known::Is(source) => self.source(source),
            Known::Unknown => None,
        };
        let by_target = self.targets_refused_by.iter().find(|(kind, _)| target == Known::Is(*kind)).map(|(_, rule)| rule.as_str());
        match (row, by_target) {
            (Some(row), _) if row.onto.is_empty() => Some(&row.refused_by),
            (_, Some(rule)) => Some(rule),
            (Some(row), None) => Some(&row.refused_by),
            (None, None) => None,
        }
    }
}

/// The types of environment that an operation can be done to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Types {
    /// These can.
    pub on: Vec<EnvironmentType>,
    /// The rules that refuse the others, where they are not that of the condition.
    pub refused_by: Vec<(EnvironmentType, String)>,
}

/// A switch of type that exists (ENV-020).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switch {
    /// From which type.
    pub from: EnvironmentType,
    /// To which type.
    pub to: EnvironmentType,
    /// What the button is called.
    pub button: Option<String>,
    /// The rule that advises against it for a linked environment.
    pub linked: String,
    /// The rule about halves of different types after it.
    pub apart: String,
}

/// Who may do it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles {
    /// With one of these roles in the environment.
    pub environment: Vec<EnvironmentRole>,
    /// Or with one of these in the tenant (G-26).
    pub tenant: Vec<TenantRole>,
}

/// Whose clouds and regions a tenant can move to (D6).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moves {
    /// No move goes into or out of these clouds, unless both tenants are in the same one.
    pub clouds_apart: Vec<Cloud>,
    /// A change of region into or out of these clouds is not supported (TTM-010).
    pub fixed_clouds: Vec<Cloud>,
    /// The same for these regions, by the names that the alias table leads to.
    pub fixed_regions: Vec<String>,
    /// In these clouds support has to confirm even a move without a change of region (C-41).
    pub confirmed_clouds: Vec<Cloud>,
    /// The same for these regions.
    pub confirmed_regions: Vec<String>,
    /// Kinds of components that move only in part (TTM-015).
    pub in_part: Vec<ComponentKind>,
    /// Kinds of components that bar the move (CUR-024).
    pub barred: Vec<ComponentKind>,
    /// Dynamics 365 apps that bar the move, by how their names begin, in lower case.
    pub barred_apps: Vec<String>,
    /// Kinds of components that have to be set up again (TTM-084).
    pub left_behind: Vec<ComponentKind>,
    /// The hours of a working day, from and to, in which nobody should be kept out (TTM-113).
    pub working_hours: (u32, u32),
    /// Who does what before, during and after the move, in order (TTM-110 to TTM-117, CUR-023).
    pub parts: Vec<MovePart>,
}

/// What is done in one phase of a move, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovePart {
    /// The phase: before, during or after the move.
    pub phase: String,
    /// What is done, one sentence each, with who does it.
    pub what: Vec<String>,
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
    /// Tables D1 and D2, by operation.
    pub pairs: Vec<(OperationKind, Pairs)>,
    /// The types that an operation can be done to, by operation (D4, D6).
    pub types: Vec<(OperationKind, Types)>,
    /// The switches of type.
    pub switches: Vec<Switch>,
    /// Who may do what, by operation.
    pub roles: Vec<(OperationKind, Roles)>,
    /// Roles in an environment that can sign in while it is in administration mode (ENV-010, CUR-008).
    pub sign_in_roles: Vec<EnvironmentRole>,
    /// The kinds of finance and operations halves for which the rules about linked pairs hold (CUR-026).
    pub linked_kinds: Vec<FinanceOperationsKind>,
    /// What a move to another tenant depends on.
    pub moves: Moves,
    /// What Microsoft removes by itself, where the edition says so.
    pub cleanup: Option<Cleanup>,
    /// What each code means in this edition, by operation.
    pub conditions: Conditions,
    /// Articles of the rules that differ from their condition's, by rule id.
    pub citations: Vec<(String, String)>,
    /// Every name of a region, [`folded`], and the one name that it goes by, which stands for itself.
    pub region_aliases: BTreeMap<String, String>,
    /// Where the admin center of this edition has its menus.
    pub menus: Menus,
}

/// Where the admin center has the menus that the articles name: the first step of a path, and what stands in its place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Menus(pub Vec<(String, String)>);

impl Menus {
    /// A path such as `Environments > (environment) > Copy`, as it begins in the admin center of this edition.
    pub fn path(&self, path: &str) -> String {
        let (first, rest) = path.split_once(" > ").map_or((path, None), |(first, rest)| (first, Some(rest)));
        let first = self.0.iter().find(|(menu, _)| menu == first).map_or(first, |(_, now)| now);
        rest.map_or_else(|| first.to_owned(), |rest| format!("{first} > {rest}"))
    }
}

/// What each code means for each operation, found at once: lists of thousands of targets ask for them all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conditions(Vec<Option<Condition>>);

impl Conditions {
    /// The place of a code of an operation.
    const fn place(operation: OperationKind, code: Code) -> usize {
        operation as usize * Code::ALL.len() + code as usize
    }

    /// What a code of an operation means.
    pub fn get(&self, operation: OperationKind, code: Code) -> Option<&Condition> {
        self.0.get(Self::place(operation, code))?.as_ref()
    }

    /// Says what a code of an operation means.
    pub fn set(&mut self, operation: OperationKind, condition: Condition) {
        self.0.resize(OperationKind::ALL.len() * Code::ALL.len(), None);
        if let Some(entry) = self.0.get_mut(Self::place(operation, condition.code)) {
            *entry = Some(condition);
        }
    }

    /// All of them, in the order of the operations.
    pub fn iter(&self) -> impl Iterator<Item = &Condition> {
        self.0.iter().flatten()
    }
}

impl Rulebook {
    /// The table of types by types of an operation; empty where it has none.
    pub fn pairs(&self, operation: OperationKind) -> &Pairs {
        static NONE: Pairs = Pairs { sources: Vec::new(), targets_refused_by: Vec::new() };
        self.pairs.iter().find(|(of, _)| *of == operation).map_or(&NONE, |(_, pairs)| pairs)
    }

    /// The types that an operation can be done to; none where the type does not matter.
    pub fn types(&self, operation: OperationKind) -> Option<&Types> {
        self.types.iter().find(|(of, _)| *of == operation).map(|(_, types)| types)
    }

    /// Who may do it.
    pub fn roles(&self, operation: OperationKind) -> &Roles {
        static NONE: Roles = Roles { environment: Vec::new(), tenant: Vec::new() };
        self.roles.iter().find(|(of, _)| *of == operation).map_or(&NONE, |(_, roles)| roles)
    }

    /// The article behind a rule, where it is not its condition's.
    pub fn citation(&self, rule: &str) -> Option<&str> {
        self.citations.iter().find(|(id, _)| id == rule).map(|(_, article)| article.as_str())
    }

    /// What stands for an article where envdeck concluded something itself, as it did for G-13.
    pub fn envdeck(&self) -> Option<&str> {
        self.citation("G-13")
    }

    /// The article behind a rule that a code of an operation was decided by.
    pub fn article_of(&self, operation: OperationKind, code: Code, rule: &str) -> &str {
        self.citation(rule).or_else(|| self.condition(operation, code).map(|condition| condition.article.as_str())).unwrap_or_default()
    }

    /// True when both names certainly mean the same region: ignoring case, blanks and hyphens, after the alias table.
    pub fn same_region(&self, one: &str, other: &str) -> bool {
        self.regions(one, other) == Known::Is(true)
    }

    /// Whether both names mean the same region. A name that no table knows can mean any: admin centers and tools write regions
    /// in ways of their own.
    pub fn regions(&self, one: &str, other: &str) -> Known<bool> {
        if one.eq_ignore_ascii_case(other) {
            return Known::Is(true);
        }
        let (one, other) = (folded(one), folded(other));
        match (self.region_aliases.get(&one), self.region_aliases.get(&other)) {
            (Some(one), Some(other)) => Known::Is(one == other),
            (None, _) | (_, None) if one == other => Known::Is(true),
            (None, _) | (_, None) => Known::Unknown,
        }
    }

    /// Whether the table has this name of a region.
    pub fn knows_region(&self, name: &str) -> bool {
        self.region_aliases.contains_key(&folded(name))
    }

    /// The name that a region goes by, whichever alias was written.
    pub fn region<'a>(&'a self, name: &'a str) -> &'a str {
        self.region_aliases.get(&folded(name)).map_or(name, |canonical| canonical)
    }

    /// What this edition says about a code of an operation. The loader refuses a rulebook in which one is missing.
    pub fn condition(&self, operation: OperationKind, code: Code) -> Option<&Condition> {
        self.conditions.get(operation, code)
    }

    /// How hard this edition refuses an operation for that reason; none where it does not ask.
    pub fn severity(&self, operation: OperationKind, code: Code) -> Option<Severity> {
        self.condition(operation, code)?.severity
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

/// The name of a region without what its spellings differ in: "West Europe", "west-europe" and "westeurope" are one.
pub fn folded(region: &str) -> String {
    region.chars().filter(|letter| !matches!(letter, ' ' | '-' | '_' | '\u{a0}')).flat_map(char::to_lowercase).collect()
}

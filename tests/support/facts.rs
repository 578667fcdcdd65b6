//! Facts for tests of the rules: environments of which everything is known and against which nothing speaks, and the world they stand in.
#![allow(dead_code, unused_imports, reason = "each test file uses its own part")]

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, Utc};
use envdeck::domain::backup::Backup;
use envdeck::domain::component::{Component, ComponentKind};
use envdeck::domain::copy::{Copy, Level};
use envdeck::domain::environment::{
    Dataverse, Environment, EnvironmentId, EnvironmentRole, EnvironmentState, EnvironmentType, FinanceOperations, FinanceOperationsKind, FinanceOperationsType,
    OrderManagement,
};
use envdeck::domain::estate::{Estate, Snapshot};
use envdeck::domain::gigabytes::Gigabytes;
use envdeck::domain::journal::Journal;
use envdeck::domain::known::Known;
use envdeck::domain::mapping::{Asked, LeftBehind, Linted, lint};
use envdeck::domain::migration::Migration;
use envdeck::domain::operation::OperationKind;
use envdeck::domain::request::{Back, Case, Change, Choice, Context, Half, Move, Movement, Request, UserMapping};
use envdeck::domain::restore::{Point, Restore};
use envdeck::domain::rulebook::{Edition, Rulebooks};
use envdeck::domain::tenant::{Capacity, Storage, Tenant, TenantKey};
use envdeck::domain::time;
use envdeck::domain::verdict::{Outline, Severity, Verdict};
use envdeck::domain::words::Word;
use envdeck::files;

pub use EnvironmentType::{Default as DefaultType, Demo, Developer, Preview, Production, Sandbox, Teams, Trial, TrialSubscription};
pub use Known::{Is, Unknown};

pub fn utc(text: &str) -> DateTime<Utc> {
    time::parse(text).unwrap_or_else(|| panic!("{text} is an instant"))
}

pub fn books() -> Rulebooks {
    static BOOKS: LazyLock<Rulebooks> = LazyLock::new(|| files::rulebook::built_in().expect("the rulebooks are right"));
    BOOKS.clone()
}

pub fn gb(text: &str) -> Known<Gigabytes> {
    Is(Gigabytes::parse(text).unwrap_or_else(|| panic!("{text} is a size")))
}

/// Storage of which only the sum is known.
pub fn sum(entitled: Known<Gigabytes>, used: Known<Gigabytes>) -> Capacity {
    Capacity { entitled, used, ..Capacity::default() }
}

/// Storage of the three types, database, log and file, each entitled and used.
pub fn types([database, log, file]: [(&str, &str); 3]) -> Capacity {
    let storage = |(entitled, used): (&str, &str)| {
        let known = |text: &str| if text == "?" { Unknown } else { gb(text) };
        Storage { entitled: known(entitled), used: known(used) }
    };
    let mut capacity = Capacity { database: storage(database), log: storage(log), file: storage(file), ..Capacity::default() };
    capacity.type_was_said();
    capacity
}

/// The text as it stands in facts.
pub fn text(text: &str) -> Known<Arc<str>> {
    Is(Arc::from(text))
}

/// An environment of which everything is known and against which nothing speaks.
pub fn known(name: &str, kind: EnvironmentType) -> Environment {
    let mut e = Environment::unexplored(TenantKey(0), EnvironmentId::new(name), name.into());
    e.kind = Is(kind);
    e.state = Is(EnvironmentState::Ready);
    e.region = text("emea");
    e.created_at = Is(utc("2023-02-15T08:00:00Z"));
    e.dataverse = Is(Some(Dataverse::default()));
    e.dynamics_365_apps = Is(Vec::new());
    e.managed = Is(true);
    e.customer_managed_key = Is(None);
    e.enterprise_policies = Is(Vec::new());
    e.retention_days = Is(None);
    e.finance_operations = Is(None);
    e.operator_roles = Is(vec![EnvironmentRole::SystemAdministrator]);
    e.deleted_at = Is(None);
    e.backups = Is(Vec::new());
    for kind in ComponentKind::LEFT_BEHIND_OUTSIDE_SOLUTIONS {
        e.components.insert(kind, Vec::new());
    }
    e.order_management = Is(None);
    e
}

pub fn sales() -> Environment {
    known("Contoso Sales", Production)
}

pub fn uat() -> Environment {
    known("Contoso UAT", Sandbox)
}

pub fn backup(taken_at: &str) -> Backup {
    Backup {
        id: taken_at.into(),
        name: Unknown,
        taken_at: utc(taken_at),
        created_by: Unknown,
        notes: Unknown,
        overwritten: false,
        may_be_gone: false,
        region: None,
    }
}

pub fn component(name: &str, in_solution: Known<bool>) -> Component {
    Component { id: name.into(), name: name.into(), in_solution, properties: Vec::new() }
}

/// A mapping file that holds this, whose users nobody looked up and which leaves nobody behind.
pub fn mapping_file(text: &str) -> Linted {
    let asked = Asked { edition: Edition::Articles, file: Some("users.csv"), from: None, to: None, environment: None };
    Linted { left_behind: LeftBehind::OfEnvironment(Vec::new()), ..lint(&files::mapping::read(text.as_bytes()), asked) }
}

/// A mapping file of so many users in which nothing is wrong.
pub fn mapped(users: usize) -> Linted {
    mapping_file(&(0..users).map(|user| format!("user{user}@contoso.com, user{user}@fabrikam.com\n")).collect::<String>())
}

/// The other half of a linked pair, a sandbox.
pub fn half(kind: Known<FinanceOperationsKind>, build: Known<&str>) -> Option<Box<FinanceOperations>> {
    Some(Box::new(FinanceOperations {
        id: "fo".into(),
        name: "Ledger".into(),
        kind_of_environment: Is(FinanceOperationsType::Sandbox),
        kind,
        application_build: build.map(Arc::from),
        point_in_time_restore_days: Unknown,
    }))
}

/// A fact that is there, is not there, or was not looked up.
pub fn three<T>(value: Known<bool>, there: impl FnOnce() -> T) -> Known<Option<T>> {
    value.map(|yes| yes.then(there))
}

/// Yes, no, unknown: the three that every condition is asked with.
pub const THREE: [Known<bool>; 3] = [Is(true), Is(false), Unknown];

pub fn orders() -> Box<OrderManagement> {
    Box::default()
}

/// What is asked about environments that stand in no estate.
#[derive(Debug, Clone, Copy)]
pub enum Question<'a> {
    Copy(Copy<'a>),
    Restore(Restore<'a>),
    Backup(&'a Environment),
    DeleteBackup(&'a Environment, Option<&'a Backup>),
    Retention(&'a Environment, u16),
    Switch(&'a Environment, EnvironmentType),
    Reset(&'a Environment),
    Delete(&'a Environment),
    Recover(&'a Environment),
    Create(TenantKey),
    Edit(&'a Environment),
    RenameUrl(&'a Environment),
    AdminMode(&'a Environment, bool),
    Background(&'a Environment, bool),
    DeleteFinanceOperations(&'a Environment),
    Migrate(Migration<'a>),
}

impl<'a> Question<'a> {
    /// Source, target and the backup that is named, as far as there are any.
    fn ends(&self) -> (Option<&'a Environment>, Option<&'a Environment>, Option<&'a Backup>) {
        match self {
            Self::Copy(Copy { source, target, .. }) => (Some(source), Some(target), None),
            Self::Restore(Restore { source, target, point, .. }) => {
                (Some(source), Some(target), if let Some(Point::Backup(backup)) = point { Some(backup) } else { None })
            }
            Self::DeleteBackup(e, backup) => (None, Some(e), *backup),
            Self::Backup(e)
            | Self::Retention(e, _)
            | Self::Switch(e, _)
            | Self::Reset(e)
            | Self::Delete(e)
            | Self::Recover(e)
            | Self::Edit(e)
            | Self::RenameUrl(e)
            | Self::AdminMode(e, _)
            | Self::Background(e, _)
            | Self::DeleteFinanceOperations(e) => (None, Some(e), None),
            Self::Migrate(Migration { environment, .. }) => (None, Some(environment), None),
            Self::Create(_) => (None, None, None),
        }
    }

    fn change(&self) -> Change {
        match self {
            Self::Copy(Copy { level, audit_logs, half_left, .. }) => Change::Copy {
                level: (*level).into(),
                audit_logs: Choice::Chosen(*audit_logs),
                name: Choice::Open,
                group: Choice::Open,
                half: Choice::Chosen(if *half_left { Half::Left } else { Half::Moves(Movement::Refresh) }),
            },
            Self::Restore(Restore { point, audit_logs, paired_at, half_left, .. }) => Change::Restore {
                back: point
                    .map(|point| match point {
                        Point::Instant(at) => Back::To(at),
                        Point::Backup(backup) => Back::Backup(backup.id.clone(), backup.taken_at),
                    })
                    .into(),
                audit_logs: Choice::Chosen(*audit_logs),
                name: Choice::Open,
                half: paired_at.map(Half::Restored).or(half_left.then_some(Half::Left)).into(),
            },
            Self::Backup(_) => Change::Backup { id: "b".into(), name: Choice::Open, notes: "".into(), half: Choice::Open },
            Self::DeleteBackup(_, backup) => Change::DeleteBackup(backup.map(|backup| backup.id.clone()).into()),
            Self::Retention(_, days) => Change::Retention { days: *days, before: None },
            Self::Switch(_, to) => Change::Switch { to: *to, sandbox_days: 7 },
            Self::Reset(_) => Change::Reset,
            Self::Delete(_) => Change::Delete,
            Self::Recover(_) => Change::Recover,
            Self::Create(_) => Change::Create { tenant: "".into(), name: Choice::Open, kind: Choice::Open, region: Choice::Open },
            Self::Edit(_) => Change::Edit { name: Choice::Open, group: Choice::Open },
            Self::RenameUrl(_) => Change::RenameUrl(Choice::Open),
            Self::AdminMode(_, on) => Change::AdminMode(*on),
            Self::Background(_, on) => Change::Background(*on),
            Self::DeleteFinanceOperations(_) => Change::DeleteFinanceOperations,
            Self::Migrate(Migration { mapping, file, cut_over, .. }) => {
                let mapping = match (mapping, file) {
                    (Some(found), file) => {
                        let found = Arc::new((*found).clone());
                        // A file without a name is nobody's.
                        Some(UserMapping { file: file.unwrap_or("-").into(), ..UserMapping::of("-", found) })
                    }
                    // Named, and nobody could read it.
                    (None, Some(file)) => Some(UserMapping { file: (*file).into(), users: Vec::new(), found: None }),
                    (None, None) => None,
                };
                Change::Migrate(Box::new(Move { to: "".into(), same_region: true, group: None, mapping, cut_over: *cut_over }))
            }
        }
    }

    pub fn kind(&self) -> OperationKind {
        self.change().kind()
    }

    /// The verdict in words and without.
    pub fn judge(&self, estate: &Estate, books: &Rulebooks, now: DateTime<Utc>) -> (Verdict, Outline) {
        static TEMPLATES: LazyLock<Vec<envdeck::domain::checklist::Template>> =
            LazyLock::new(|| files::checklist::built_in().unwrap_or_else(|problems| panic!("{problems}")));
        let (source, target, backup) = self.ends();
        let target = target.unwrap_or(estate.facts().nobody());
        let source = source.unwrap_or(target);
        let tenant = match self {
            Self::Create(tenant) | Self::Migrate(Migration { to: tenant, .. }) => *tenant,
            _ => target.tenant,
        };
        let request = Request { source: Some(source.id.clone()), target: target.id.clone(), change: self.change() };
        let case = Case { request: &request, source, target, tenant, backup, context: Context::new(estate, books, &TEMPLATES, now) };
        (case.verdict(), case.outline())
    }
}

pub fn judge(question: Question<'_>, estate: &Estate, books: &Rulebooks, now: DateTime<Utc>) -> Verdict {
    question.judge(estate, books, now).0
}

pub fn outline(question: Question<'_>, estate: &Estate, books: &Rulebooks, now: DateTime<Utc>) -> Outline {
    question.judge(estate, books, now).1
}

/// Who looks, when, at what tenants, by which edition.
#[derive(Clone)]
pub struct World {
    pub edition: Edition,
    pub level: Level,
    pub contoso: Tenant,
    pub fabrikam: Tenant,
    pub captured_at: Known<DateTime<Utc>>,
    pub operator: Known<Arc<str>>,
    pub viewer: Option<Arc<str>>,
    pub now: DateTime<Utc>,
    pub journal: Journal,
    /// Those that stand in the estate, for what the journal says of them.
    pub environments: Vec<Environment>,
}

impl World {
    pub fn new(edition: Edition) -> Self {
        let tenant = |name: &str| {
            let mut tenant = Tenant::unexplored(name.into(), name.into());
            tenant.operator_roles = Is(Vec::new());
            tenant.capacity = types([("320", "290"), ("20", "30.25"), ("160", "100")]);
            tenant
        };
        Self {
            edition,
            level: Level::Everything,
            contoso: tenant("Contoso"),
            fabrikam: tenant("Fabrikam"),
            captured_at: Is(utc("2026-01-05T09:00:00Z")),
            operator: text("thomas@contoso.com"),
            viewer: None,
            now: utc("2026-01-05T09:00:00Z"),
            journal: Journal::default(),
            environments: Vec::new(),
        }
    }

    pub fn estate(&self) -> Estate {
        let mut snapshot = Snapshot::default();
        (snapshot.captured_at, snapshot.operator) = (self.captured_at, self.operator.clone());
        snapshot.add_tenant(self.contoso.clone());
        snapshot.add_tenant(self.fabrikam.clone());
        for environment in &self.environments {
            snapshot.add_environment(environment.clone()).expect("each has an id of its own");
        }
        Estate::new(snapshot, self.journal.clone(), Some(self.edition), self.viewer.clone())
    }

    /// The verdict in words about a copy; its outline must say the same.
    #[track_caller]
    pub fn verdict(&self, source: &Environment, target: &Environment) -> Verdict {
        self.judged(Question::Copy(Copy { source, target, level: Some(self.level), audit_logs: false, half_left: false, checklists: &[] }))
    }

    /// The verdict in words; its outline must say the same.
    #[track_caller]
    pub fn judged(&self, question: Question<'_>) -> Verdict {
        let (estate, books) = (self.estate(), books());
        let verdict = judge(question, &estate, &books, self.now);
        let outline = outline(question, &estate, &books, self.now);
        assert_eq!(outline.answer(), verdict.answer(), "outline and words answer alike");
        for severity in Severity::ALL {
            let mut codes: Vec<_> = verdict.findings.iter().filter(|finding| finding.severity == *severity).map(|finding| finding.code).collect();
            codes.sort_unstable();
            codes.dedup();
            assert_eq!(outline.codes(*severity).collect::<Vec<_>>(), codes, "outline and words find the same as {severity:?}");
        }
        verdict
    }

    /// What was found about any question, one line each: `block RegionMismatch RST-004`.
    #[track_caller]
    pub fn found(&self, question: Question<'_>) -> Vec<String> {
        let findings = self.judged(question).findings;
        findings.iter().map(|finding| format!("{} {} {}", finding.severity.word(), finding.code.word(), finding.rule)).collect()
    }

    /// What was found, one line each: `block RegionMismatch CPY-007`.
    #[track_caller]
    pub fn finds(&self, source: &Environment, target: &Environment) -> Vec<String> {
        self.found(Question::Copy(Copy { source, target, level: Some(self.level), audit_logs: false, half_left: false, checklists: &[] }))
    }

    /// Message and remedy of the only finding with that code.
    #[track_caller]
    pub fn says(&self, code: &str, source: &Environment, target: &Environment) -> (String, String) {
        let mut found: Vec<_> = self.verdict(source, target).findings.into_iter().filter(|finding| finding.code.word() == code).collect();
        assert_eq!(found.len(), 1, "{code} is found once: {found:#?}");
        let finding = found.remove(0);
        (finding.message, finding.remedy)
    }
}

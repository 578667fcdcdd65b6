//! What a verdict says about every operation but a copy: each reason that an operation has, in one sentence with a way out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "support/facts.rs"]
mod facts;

use std::sync::Arc;

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use envdeck::domain::backup::Backup;
use envdeck::domain::component::{ComponentKind, Property};
use envdeck::domain::environment::{
    CustomerManagedKey, Dataverse, DisallowedOperation, EnterprisePolicy, Environment, EnvironmentState, EnvironmentType, FinanceOperationsKind,
    FinanceOperationsType, PolicyKind,
};
use envdeck::domain::journal::{Entry, ItemAct, Journal, Value, What};
use envdeck::domain::mapping::{Asked, Linted, Origin, lint};
use envdeck::domain::migration::{CONTENT_OF, MAPPING_OF, Migration, PLAN};
use envdeck::domain::operation::{Operation, OperationKind, Outcome};
use envdeck::domain::request::judge::codes;
use envdeck::domain::restore::{Point, Restore};
use envdeck::domain::rulebook::Edition;
use envdeck::domain::tenant::{Cloud, Subscription, TenantKey, TenantRole};
use envdeck::domain::verdict::{Answer, Code, Finding};
use envdeck::domain::words::Word;
use envdeck::files;
use facts::*;

/// Everything that a question can be about.
struct Stage {
    world: World,
    source: Environment,
    target: Environment,
    backup: Backup,
    at: DateTime<Utc>,
    audit_logs: bool,
    paired_at: Option<DateTime<Utc>>,
    half_left: bool,
    days: u16,
    to: EnvironmentType,
    tenant: TenantKey,
    mapping: Option<Linted>,
    file: Option<&'static str>,
    cut_over: Option<DateTime<FixedOffset>>,
}

const NOW: &str = "2026-01-05T09:00:00Z";

fn before(time: TimeDelta) -> DateTime<Utc> {
    utc(NOW) - time
}

impl Stage {
    fn new(edition: Edition) -> Self {
        let (mut world, mut source) = (World::new(edition), sales());
        world.contoso.operator_roles = Is(vec![]);
        for tenant in [&mut world.contoso, &mut world.fabrikam] {
            (tenant.region, tenant.cloud, tenant.licences.active) = (text("emea"), Is(Cloud::Public), Is(240));
            (tenant.dynamics_365_seats, tenant.paid_subscriptions, tenant.lockbox) = (Is(120), Is(vec![Subscription::Dynamics365]), Is(false));
        }
        source.dataverse = Is(Some(Dataverse { size: gb("50"), audit: gb("4"), ..Dataverse::default() }));
        source.users = Is(vec![]);
        let at = before(TimeDelta::days(1));
        let backup = Backup { name: Is("Before 9.2".into()), ..backup("2026-01-04T09:00:00Z") };
        let tenant = TenantKey(1);
        let (to, days) = (Sandbox, 14);
        Self {
            world,
            source,
            target: uat(),
            backup,
            at,
            audit_logs: false,
            paired_at: None,
            half_left: false,
            days,
            to,
            tenant,
            mapping: None,
            file: None,
            cut_over: None,
        }
    }

    /// A checklist of the source is open.
    fn works(&mut self, journal: fn(&mut Environment) -> Journal) {
        self.world.journal = journal(&mut self.source);
        self.world.environments = vec![self.source.clone()];
    }

    fn question(&self, about: OperationKind) -> Question<'_> {
        let (e, restore) = (
            &self.source,
            Restore {
                source: &self.source,
                target: &self.target,
                point: Some(Point::Instant(self.at)),
                audit_logs: self.audit_logs,
                paired_at: self.paired_at,
                half_left: self.half_left,
            },
        );
        match about {
            OperationKind::Copy => unreachable!("the words about a copy have a file of their own"),
            // Without an instant of its own it is the manual backup that is restored.
            OperationKind::Restore if self.at == utc(NOW) => Question::Restore(Restore { point: Some(Point::Backup(&self.backup)), ..restore }),
            OperationKind::Restore => Question::Restore(restore),
            OperationKind::Backup => Question::Backup(e),
            OperationKind::DeleteBackup => Question::DeleteBackup(e, Some(&self.backup).filter(|backup| !backup.overwritten)),
            OperationKind::Retention => Question::Retention(e, self.days),
            OperationKind::Switch => Question::Switch(e, self.to),
            OperationKind::Reset => Question::Reset(&self.target),
            OperationKind::Delete => Question::Delete(e),
            OperationKind::Recover => Question::Recover(e),
            OperationKind::Create => Question::Create(TenantKey(0)),
            OperationKind::Edit => Question::Edit(e),
            OperationKind::RenameUrl => Question::RenameUrl(e),
            OperationKind::AdminMode => Question::AdminMode(e, self.days == 28),
            OperationKind::Background => Question::Background(e, self.days == 28),
            OperationKind::DeleteFinanceOperations => Question::DeleteFinanceOperations(e),
            OperationKind::Migrate => {
                Question::Migrate(Migration { environment: e, to: self.tenant, mapping: self.mapping.as_ref(), file: self.file, cut_over: self.cut_over })
            }
        }
    }
}

/// A mapping file that is checked against Fabrikam, which has no users yet, and an environment that Isaac can use.
fn looked_up(text: &str) -> Linted {
    let (mut fabrikam, mut environment) = (World::new(Edition::Articles).fabrikam, sales());
    (fabrikam.users, environment.users) = (Is(Vec::new()), Is(vec!["isaac@contoso.com".into(), "lena@contoso.com".into(), "paul@contoso.com".into()]));
    if text.is_empty() {
        environment.users = Is(vec!["isaac@contoso.com".into()]);
    }
    let asked = Asked { edition: Edition::Articles, file: Some("users.csv"), from: None, to: Some(&fabrikam), environment: Some(&environment) };
    lint(&files::mapping::read(text.as_bytes()), asked)
}

/// That it was copied.
fn copied(source: &Environment) -> Entry {
    let operation = Operation {
        kind: OperationKind::Copy,
        source: Some(source.id.clone()),
        target: uat().id,
        inputs: Vec::new(),
        verdict: Answer::Allowed,
        account: Vec::new(),
        acknowledged: Vec::new(),
        ticket: None,
        approver: None,
        started_at: utc(NOW),
        completed_at: Some(utc(NOW)),
        outcome: Outcome::Succeeded,
    };
    Entry::new(utc(NOW), Arc::from("thomas@contoso.com"), What::Operation(Box::new(operation)))
}

/// That a plan names a mapping file for an environment.
fn planned(environment: &str, file: &str) -> Entry {
    let inputs = vec![(format!("{MAPPING_OF}{environment}").into(), Value::Text(file.into()))];
    Entry::new(utc(NOW), Arc::from("thomas@contoso.com"), What::Plan { kind: PLAN.into(), inputs })
}

/// The same, with what was in it.
fn with_content(environment: &str, file: &str, digest: &str) -> Entry {
    let text = |name: String, value: &str| (name.into(), Value::Text(value.into()));
    let inputs = vec![text(format!("{MAPPING_OF}{environment}"), file), text(format!("{CONTENT_OF}{environment}"), digest)];
    Entry::new(utc(NOW), Arc::from("thomas@contoso.com"), What::Plan { kind: PLAN.into(), inputs })
}

/// That a plan was begun to restore it onto itself, to that instant.
fn back_to(environment: &Environment, at: &str) -> Journal {
    let by: Arc<str> = Arc::from("thomas@contoso.com");
    let inputs = vec![("at".into(), Value::Text(at.into()))];
    let plan = Entry::new(utc(NOW), Arc::clone(&by), What::Plan { kind: "restore-to-production".into(), inputs });
    let what = What::ChecklistOpened { environment: environment.id.clone(), checklist: "restore-to-production".into(), operation: Some(plan.id.clone()) };
    let opened = Entry::new(utc(NOW) + TimeDelta::milliseconds(1), by, what);
    Journal::new(vec![plan, opened])
}

impl Stage {
    /// Names a mapping file in which nothing is wrong, with where it lies and what tells its content.
    fn of_file(&mut self, path: &'static str, digest: &str) {
        let origin = Some(Origin { path: path.into(), digest: digest.into() });
        (self.file, self.mapping) = (Some(path), Some(Linted { origin, ..mapped(3) }));
    }
}

/// The checklist after a copy, as it is when nobody has worked it yet.
fn post_copy(environment: &mut Environment) -> Journal {
    journal_with(environment, None)
}

/// A feed that was left as it is.
fn yammer_left(environment: &mut Environment) -> Journal {
    let mut feed = component("Sales feed", Unknown);
    feed.set("network", Property::Text("contoso.com".into()));
    environment.components.insert(ComponentKind::Yammer, vec![feed]);
    journal_with(environment, Some(ItemAct::LeftAsIs))
}

fn journal_with(environment: &Environment, yammer: Option<ItemAct>) -> Journal {
    let mut journal = Journal::default();
    let what = What::ChecklistOpened { environment: environment.id.clone(), checklist: "post-copy".into(), operation: None };
    let opening = Entry::new(utc(NOW), Arc::from("thomas@contoso.com"), what);
    let checklist = opening.id.clone();
    journal.add(opening);
    if let Some(act) = yammer {
        let what = What::Item { checklist, item: "yammer".into(), act, note: Some("both may post".into()) };
        journal.add(Entry::new(utc(NOW) + TimeDelta::seconds(1), Arc::from("thomas@contoso.com"), what));
    }
    journal
}

type Change = fn(&mut Stage);

fn linked(e: &mut Environment, kind: FinanceOperationsKind, of: FinanceOperationsType) {
    let mut half = half(Is(kind), Unknown).unwrap();
    half.kind_of_environment = Is(of);
    half.point_in_time_restore_days = Is(14);
    e.finance_operations = Is(Some(half));
}

fn refused(e: &mut Environment, operation: &str) {
    e.disallowed_operations = Is(vec![DisallowedOperation { operation: operation.into(), message: Is("It cannot be done now.".into()) }]);
}

fn own(e: &mut Environment, key: &str) {
    e.customer_managed_key = Is(Some(CustomerManagedKey { name: Is(key.into()) }));
}

/// One reason of an operation: edition, code, what was changed, and, where it reads otherwise than before, message and remedy.
type Case = (OperationKind, Edition, &'static str, Change, &'static [&'static str]);

macro_rules! cases {
    ($($about:ident $edition:ident $code:ident |$s:ident| $change:block $($words:literal)*;)*) => {
        &[$((OperationKind::$about, Edition::$edition, stringify!($code), |$s: &mut Stage| { let _ = &$s; $change }, &[$($words),*])),*]
    };
}

#[rustfmt::skip]
const CASES: &[Case] = cases! {
    Restore Articles TargetIsProduction |s| { s.target.kind = Is(Production); }
        "Contoso UAT is a production environment, which can never be overwritten"
        "Choose a sandbox, or switch it to sandbox first, and switch it back afterwards: no backup would be lost, as none is older than 7 days";
    Restore Articles SourceIsDefault |s| { s.source.kind = Is(DefaultType); }
        "Contoso Sales is the default environment, which cannot be restored"
        "Move what is needed in a solution instead";
    Restore Articles TargetIsDefault |s| { s.target.kind = Is(DefaultType); }
        "Contoso UAT is the default environment, which cannot be overwritten"
        "Choose a target of type Sandbox";
    Restore Articles TypePairUnsupported |s| { s.target.kind = Is(Developer); }
        "Contoso Sales (Production) cannot be restored onto Contoso UAT (Developer)"
        "Choose a target of type Sandbox";
    Restore Articles TypePairUnsupported |s| { s.source.kind = Is(Teams); }
        "Contoso Sales (Teams) cannot be restored onto Contoso UAT (Sandbox)"
        "Choose Contoso Sales itself as the target: Contoso Sales can be restored onto nothing else";
    Restore Articles TypePairUnsupported |s| { s.source.kind = Is(Demo); }
        "Contoso Sales (Demo) cannot be restored onto Contoso UAT (Sandbox)"
        "Choose another source: Contoso Sales cannot be restored at all, and what is needed of it can be moved in a solution";
    Restore Current ArticlesContradict |s| { (s.source.kind, s.target.kind) = (Is(DefaultType), Is(Developer)); }
        "The table of the article lets Contoso Sales be restored onto Contoso UAT, a list on the same page does not"
        "Ask support, or choose another way; acknowledge it if you go on";
    Restore Articles TenantMismatch |s| { s.target.tenant = TenantKey(1); }
        "Contoso Sales is in the tenant Contoso, Contoso UAT in Fabrikam"
        "Choose a target in the same tenant; moving to another tenant is a migration";
    Restore Articles RegionMismatch |s| { s.target.region = text("na"); }
        "Contoso Sales is in the region emea and Contoso UAT in na"
        "Choose a target in emea, or create one there, which needs storage of its own";
    Restore Articles RegionMismatch |s| { s.at = utc(NOW); s.backup.region = Some("na".into()); }
        "The backup of Contoso Sales is in the region na and Contoso UAT in emea"
        "Choose a target in na, or create one there, which needs storage of its own";
    Restore Articles RoleMissing |s| { s.target.operator_roles = Is(vec![]); }
        "You are neither Environment Admin nor System Administrator in Contoso UAT"
        "Ask an administrator of Contoso UAT for one of these roles, or let them carry it out";
    Restore Articles RoleByTenant |s| { (s.target.operator_roles, s.world.contoso.operator_roles) = (Is(vec![]), Is(vec![TenantRole::PowerPlatformAdmin])); }
        "You are Power Platform admin of Contoso, which counts as Environment Admin in Contoso UAT"
        "Nothing to do";
    Restore Articles RoleByTenant |s| { (s.target.operator_roles, s.world.contoso.operator_roles) = (Is(vec![]), Is(vec![TenantRole::ServiceAdmin])); }
        "You are service admin of Contoso, which is enough for backups and restores of Contoso UAT"
        "Nothing to do";
    Restore Current DatabaseBelow1GB |s| { s.world.contoso.capacity = types([("100", "99.5"), ("10", "5"), ("400", "200")]); }
        "Contoso has 0.50 GB of database storage left, once that covers what log and file storage lack, and 1 GB must be free: database 99.50 of 100 GB, log 5 of 10 GB, file 200 of 400 GB"
        "Free up storage, archive data, delete environments that nobody needs, or buy more capacity";
    Restore Current CapacityIsASum |s| { s.world.contoso.capacity = sum(gb("500"), gb("420.25")); }
        "The storage of Contoso is known only as a sum, which is an approximation: database, log and file storage are judged apart"
        "Look the three types up in the admin center, and write them into `capacity_gb` or import them";
    Restore Articles CapacityBelow1GB |s| { s.world.contoso.capacity = sum(gb("500"), gb("499.01")); }
        "Contoso has 0.99 GB of storage free, and 1 GB must be free"
        "Free up storage, archive data, delete environments that nobody needs, or buy more capacity";
    Restore Articles NoDataverse |s| { s.target.dataverse = Is(None); }
        "Contoso UAT has no Dataverse database"
        "Add a database to Contoso UAT, or choose another environment";
    Restore Articles Deleted |s| { s.source.deleted_at = Is(Some(utc("2026-01-03T10:00:00Z"))); }
        "Contoso Sales is deleted"
        "Recover it first, which can be done until 2026-01-10 10:00Z";
    Restore Articles Busy |s| { s.source.state = Is(EnvironmentState::Running); }
        "Contoso Sales is busy with another operation"
        "Wait until it is ready, then capture the tenant again";
    Restore Current SourceFailed |s| { s.source.state = Is(EnvironmentState::Failed); }
        "Contoso Sales is in a failed state, in which it cannot be restored from"
        "Reset Contoso Sales, or make it the target of a copy or restore, which overwrites it; or choose another source";
    Restore Articles TargetNeedsCmk |s| { own(&mut s.source, "a"); }
        "Contoso Sales is encrypted with a customer-managed key and Contoso UAT is not"
        "Apply a customer-managed key to Contoso UAT, or choose a target that has one";
    Restore Articles KeyDiffers |s| { own(&mut s.source, "a"); own(&mut s.target, "b"); }
        "Contoso Sales is encrypted with the key a, Contoso UAT with b"
        "Apply the key a to Contoso UAT, or choose a target that has it";
    Restore Current PoliciesDiffer |s| { s.target.enterprise_policies = Is(vec![EnterprisePolicy { kind: Is(PolicyKind::Network), id: "n".into() }]); }
        "Contoso Sales and Contoso UAT are not under the same enterprise policies (0 enterprise policies and 1 enterprise policy)"
        "Put Contoso UAT under the same policies as Contoso Sales first";
    Restore Articles ManagedMismatch |s| { s.target.managed = Is(false); }
        "Contoso Sales is a Managed Environment and Contoso UAT is not"
        "Make Contoso UAT a Managed Environment too";
    Restore Articles BackupExpired |s| { s.at = before(TimeDelta::days(9)); }
        "The instant 2025-12-27 09:00Z lies outside what is kept of Contoso Sales: 2025-12-29 09:00Z to 2026-01-05 09:00Z"
        "Choose an instant from 2025-12-29 09:00Z on";
    Restore Articles BackupExpired |s| { s.at = before(TimeDelta::days(-1)); }
        "The instant 2026-01-06 09:00Z lies in the future, so there is no such restore point"
        "Choose an instant up to 2026-01-05 09:00Z";
    Restore Articles BackupExpired |s| { (s.source.retention_days, s.at) = (Unknown, before(TimeDelta::days(29))); }
        "The instant 2025-12-07 09:00Z is longer ago than the backups of Contoso Sales are kept"
        "Choose a newer instant";
    Restore Articles BackupExpired |s| { (s.source.retention_days, s.source.created_at) = (Unknown, Is(before(TimeDelta::hours(2)))); }
        "The instant 2026-01-04 09:00Z lies outside what is kept of Contoso Sales: 2026-01-05 07:00Z to 2026-01-05 09:00Z"
        "Choose an instant from 2026-01-05 07:00Z on";
    Restore Articles BackupExpired |s| { (s.source.created_at, s.source.deleted_at) = (Unknown, Is(Some(before(TimeDelta::days(2))))); }
        "The instant 2026-01-04 09:00Z lies after the deletion of Contoso Sales"
        "Choose an instant before its deletion";
    Restore Articles BackupExpired |s| { s.source.dataverse = Is(None); }
        "Contoso Sales has no system backups to restore"
        "There is no way out: nothing was kept";
    Restore Articles BackupExpired |s| { s.at = utc(NOW); s.backup.taken_at = before(TimeDelta::days(9)); }
        "The backup Before 9.2 of Contoso Sales expired on 2026-01-03 09:00Z"
        "Choose a newer backup, or an instant of the system backup";
    Restore Articles BackupNotReady |s| { s.at = utc(NOW); s.backup.taken_at = before(TimeDelta::minutes(4)); }
        "The backup Before 9.2 of Contoso Sales was requested 4 minutes ago and can take 10 minutes to be ready"
        "Wait until 2026-01-05 09:06Z, better until 2026-01-05 09:11Z";
    Restore Articles BackupSettling |s| { s.at = utc(NOW); s.backup.taken_at = before(TimeDelta::minutes(12)); }
        "The backup Before 9.2 of Contoso Sales is not 15 minutes old yet"
        "Better wait until 2026-01-05 09:03Z";
    Restore Articles BackupOverwritten |s| { s.source.restorable_since = Some(before(TimeDelta::hours(3))); }
        "Contoso Sales was overwritten by a copy on 2026-01-05 06:00Z, after 2026-01-04 09:00Z"
        "Choose an instant after 2026-01-05 06:00Z; the articles contradict each other about older ones";
    Restore Articles BackupOverwritten |s| { s.at = utc(NOW); s.backup.overwritten = true; }
        "A copy overwrote Contoso Sales after the backup Before 9.2"
        "Choose a newer backup";
    Restore Articles BackupMayBeGone |s| { s.source.may_be_gone_before = Some(before(TimeDelta::hours(3))); }
        "Contoso Sales kept its backups for less time meanwhile, so that 2026-01-04 09:00Z may be gone"
        "Look in the admin center whether it is still offered";
    Restore Articles PairedInstantsDiffer |s| { s.paired_at = Some(utc(NOW)); }
        "Contoso UAT would be restored to 2026-01-04 09:00Z, its finance and operations half to 2026-01-05 09:00Z"
        "Restore both halves to one and the same instant";
    Restore Articles HalfLeft |s| { s.half_left = true; linked(&mut s.target, FinanceOperationsKind::Lcs, FinanceOperationsType::Sandbox); }
        "The database of Ledger, to which Contoso UAT is linked, is left as it is: the halves will not match"
        "Bring it along, at the same time and from the same instant, or take this upon yourself";
    Restore Articles TargetLinkedSourceNot |s| { linked(&mut s.target, FinanceOperationsKind::Lcs, FinanceOperationsType::Sandbox); }
        "Contoso UAT is linked to finance and operations and Contoso Sales is not: the pair would disagree"
        "Choose a linked source, or a target that is not linked";
    Restore Articles SourceLinkedTargetNot |s| { linked(&mut s.source, FinanceOperationsKind::Lcs, FinanceOperationsType::Sandbox); }
        "Contoso Sales is linked to finance and operations and Contoso UAT is not: only the Dataverse half is restored"
        "Go on if the Dataverse half is enough; otherwise choose a linked target and restore its database too";
    Restore Articles PairedRestoreOutOfReach |s| { (s.source.retention_days, s.at, s.paired_at) = (Is(Some(28)), before(TimeDelta::days(20)), Some(before(TimeDelta::days(20)))); linked(&mut s.target, FinanceOperationsKind::Lcs, FinanceOperationsType::Sandbox); }
        "The database of the finance and operations half of Contoso UAT can be taken back by 14 days only"
        "Choose an instant after 2025-12-22 09:00Z";
    Restore Articles ProductionHalf |s| { s.paired_at = Some(s.at); linked(&mut s.target, FinanceOperationsKind::Lcs, FinanceOperationsType::Production); }
        "Contoso UAT is linked to Ledger, a production environment, whose database is overwritten with what it was"
        "Leave it as it is unless you are sure that nobody needs its data; always try the steps in a sandbox first";
    Restore Articles PairedRestore |s| { linked(&mut s.target, FinanceOperationsKind::Lcs, FinanceOperationsType::Sandbox); }
        "Contoso UAT is linked to Ledger, whose database the restore does not touch"
        "Restore its database to the same instant in parallel (point-in-time restore), then bring the code of both halves to match";
    Restore Articles BothHalves |s| { linked(&mut s.target, FinanceOperationsKind::Unified, FinanceOperationsType::Sandbox); }
        "Contoso UAT is unified: the restore overwrites Ledger too, with its data"
        "Nothing is done in Lifecycle Services; make sure that nobody needs that data";
    Restore Articles PairedRestore |s| { linked(&mut s.source, FinanceOperationsKind::Lcs, FinanceOperationsType::Sandbox); linked(&mut s.target, FinanceOperationsKind::Unified, FinanceOperationsType::Sandbox); }
        "Contoso Sales is linked to Ledger, whose data is not part of its backup"
        "Go on if the Dataverse half is enough";
    Restore Articles PointInTimeOutOfReach |s| { (s.source.retention_days, s.at) = (Is(Some(28)), before(TimeDelta::days(20))); linked(&mut s.target, FinanceOperationsKind::Lcs, FinanceOperationsType::Sandbox); }
        "The database of the finance and operations half of Contoso UAT can be taken back by 14 days only"
        "Choose an instant after 2025-12-22 09:00Z";
    Restore Articles OutsideSolution |s| { s.source.components.insert(ComponentKind::CloudFlow, vec![component("Visits", Is(false))]); }
        "1 component of Contoso Sales outside solutions is not part of a backup: Visits"
        "Export what is needed by hand; what is in a solution by the next backup is part of it";
    Restore Articles AuditLogs |s| { s.at = utc(NOW); s.audit_logs = true; }
        "Audit logs are restored too, which can make the restore much longer"
        "Leave them out unless somebody needs them in the target";
    Restore Articles AuditLogsManualOnly |s| { s.audit_logs = true; }
        "Audit logs can be taken along from manual backups only: from an instant of the system backup none are"
        "Restore a manual backup if they are needed";
    Restore Articles SharedWithEveryone |s| { let mut app = component("Visits", Is(true)); app.set("shared_with", Property::Text("everyone".into())); s.source.components.insert(ComponentKind::CanvasApp, vec![app]); }
        "1 canvas app of Contoso Sales shared with everyone will not be shared with everyone in the target"
        "Share with a security group instead: that is kept";
    Restore Articles GlobalAdmin |s| { s.world.contoso.operator_roles = Is(vec![TenantRole::GlobalAdmin]); }
        "You would do this as Global admin of Contoso"
        "Better use the service admin role, which has fewer rights";
    Restore Articles Stale |s| { s.world.captured_at = Is(before(TimeDelta::hours(30))); }
        "The facts are 30 hours old"
        "Capture the tenant again before you act on this answer";
    Restore Articles EditionsDiffer |s| { s.source.state = Is(EnvironmentState::Failed); }
        "By newer public articles this is blocked: Contoso Sales is in a failed state, in which it cannot be restored from"
        "Judge it with --rulebook current too before you rely on it";
    Backup Articles ManualBackupUnsupported |s| { s.source.kind = Is(Teams); }
        "Contoso Sales is of the type Teams, of which no manual backups can be made"
        "Rely on the system backup where there is one, or export what matters in a solution";
    Backup Articles NoDataverse |s| { s.source.dataverse = Is(None); }
        "Contoso Sales has no Dataverse database"
        "Add a database to Contoso Sales, or choose another environment";
    Backup Articles RoleMissing |s| { s.source.operator_roles = Is(vec![]); }
        "You are neither Environment Admin nor System Administrator in Contoso Sales"
        "Ask an administrator of Contoso Sales for one of these roles, or let them carry it out";
    Backup Articles RoleByTenant |s| { (s.source.operator_roles, s.world.contoso.operator_roles) = (Is(vec![]), Is(vec![TenantRole::PowerPlatformAdmin])); }
        "You are Power Platform admin of Contoso, which counts as Environment Admin in Contoso Sales"
        "Nothing to do";
    Backup Articles Deleted |s| { s.source.deleted_at = Is(Some(utc("2026-01-03T10:00:00Z"))); };
    Backup Articles Busy |s| { s.source.state = Is(EnvironmentState::Running); };
    Backup Current EnvironmentFailed |s| { s.source.state = Is(EnvironmentState::Disabled); }
        "Contoso Sales is in a disabled state"
        "If a restore failed, wait 30 minutes and try again; otherwise reset or delete it, or overwrite it by a copy or restore";
    Backup Current EnvironmentFailed |s| { s.source.state = Is(EnvironmentState::Failed); }
        "Contoso Sales is in a failed state"
        "If a restore failed, wait 30 minutes and try again; otherwise reset or delete it, or overwrite it by a copy or restore";
    Backup Articles BothHalves |s| { linked(&mut s.source, FinanceOperationsKind::Unified, FinanceOperationsType::Sandbox); }
        "Contoso Sales is unified: the backup is of Ledger too"
        "Nothing is done in Lifecycle Services";
    Backup Articles PairedBackup |s| { linked(&mut s.source, FinanceOperationsKind::Lcs, FinanceOperationsType::Sandbox); }
        "Contoso Sales is linked to Ledger, whose database is not part of this backup"
        "Back up the database of Ledger at the same time";
    Backup Articles AppSpecificBackup |s| { s.source.dynamics_365_apps = Is(vec!["Marketing".into(), "Customer Service".into()]); s.source.components.insert(ComponentKind::Marketing, vec![component("Events", Unknown)]); }
        "Contoso Sales holds what has backup guidance of its own: Dynamics 365 Marketing, Dynamics 365 Customer Service"
        "Follow that guidance beside this backup";
    Backup Articles Stale |s| { s.world.captured_at = Is(before(TimeDelta::hours(30))); };
    Backup Articles EditionsDiffer |s| { s.source.kind = Is(Teams); }
        "By newer public articles this is allowed"
        "Judge it with --rulebook current too before you rely on it";
    DeleteBackup Articles NoManualBackup |s| { s.backup.overwritten = true; }
        "Contoso Sales has no manual backup"
        "Nothing is left to delete; system backups cannot be deleted";
    DeleteBackup Articles BackupExpired |s| { s.backup.taken_at = before(TimeDelta::days(9)); }
        "The backup Before 9.2 of Contoso Sales is gone already"
        "Nothing is left to delete";
    DeleteBackup Articles RoleMissing |s| { s.source.operator_roles = Is(vec![]); };
    DeleteBackup Articles RoleByTenant |s| { (s.source.operator_roles, s.world.contoso.operator_roles) = (Is(vec![]), Is(vec![TenantRole::PowerPlatformAdmin])); };
    DeleteBackup Articles Deleted |s| { s.source.deleted_at = Is(Some(utc("2026-01-03T10:00:00Z"))); };
    DeleteBackup Articles Busy |s| { s.source.state = Is(EnvironmentState::Running); };
    DeleteBackup Current EnvironmentFailed |s| { s.source.state = Is(EnvironmentState::Failed); };
    DeleteBackup Articles ContentLost |s| {}
        "The backup Before 9.2 of Contoso Sales cannot be got back; the environment itself stays as it is"
        "The system backup still reaches 2026-01-04 09:00Z while it is kept";
    DeleteBackup Articles Stale |s| { s.world.captured_at = Is(before(TimeDelta::hours(30))); };
    DeleteBackup Articles EditionsDiffer |s| { s.source.state = Is(EnvironmentState::Failed); }
        "By newer public articles this is blocked: Contoso Sales is in a failed state"
        "Judge it with --rulebook current too before you rely on it";
    Retention Articles RetentionNotChangeable |s| { s.source.managed = Is(false); }
        "Contoso Sales keeps its backups for 7 days, whatever is set"
        "Only production environments that are managed and have a database and no Dynamics 365 apps can be set";
    Retention Articles RetentionNotChangeable |s| { s.source.dataverse = Is(None); }
        "Contoso Sales has no backups to keep"
        "Only production environments that are managed and have a database and no Dynamics 365 apps can be set";
    Retention Articles RoleMissing |s| {}
        "You are neither Global admin nor Power Platform admin nor Dynamics 365 admin in Contoso"
        "Ask an administrator of Contoso for one of these roles, or let them carry it out";
    Retention Articles Deleted |s| { s.source.deleted_at = Is(Some(utc("2026-01-03T10:00:00Z"))); };
    Retention Articles Busy |s| { s.source.state = Is(EnvironmentState::Running); };
    Retention Current EnvironmentFailed |s| { s.source.state = Is(EnvironmentState::Failed); };
    Retention Articles BackupsLost |s| { (s.source.retention_days, s.source.backups) = (Is(Some(28)), Is(vec![Backup { taken_at: before(TimeDelta::days(20)), ..s.backup.clone() }])); }
        "1 backup older than 14 days would be lost: Before 9.2; all system backups older than 14 days would be lost too"
        "Keep the longer retention, or restore what is needed from them first";
    Retention Articles RetentionLag |s| {}
        "The change can take up to 24 hours to reach the backups of Contoso Sales"
        "Do not count on backups that are about to expire; restore what is needed from them first";
    Retention Articles RetentionLag |s| { s.source.backups = Is(vec![Backup { taken_at: before(TimeDelta::hours(150)), ..s.backup.clone() }]); }
        "The change can take up to 24 hours: 1 backup that expires before then may still be removed: Before 9.2"
        "Do not count on backups that are about to expire; restore what is needed from them first";
    Retention Articles RetentionLag |s| { s.source.backups = Is(vec![Backup { taken_at: before(TimeDelta::hours(150)), ..s.backup.clone() }; 2]); }
        "The change can take up to 24 hours: 2 backups that expire before then may still be removed: Before 9.2, Before 9.2"
        "Do not count on backups that are about to expire; restore what is needed from them first";
    // What the shorter retention loses is named once, as lost.
    Retention Articles RetentionLag |s| { (s.source.retention_days, s.source.backups) = (Is(Some(28)), Is(vec![Backup { taken_at: before(TimeDelta::hours(27 * 24 + 12)), ..s.backup.clone() }])); }
        "The change can take up to 24 hours to reach the backups of Contoso Sales"
        "Do not count on backups that are about to expire; restore what is needed from them first";
    Retention Articles NothingChanges |s| { s.days = 7; }
        "Contoso Sales keeps its backups for 7 days already"
        "Nothing to do";
    Retention Articles Stale |s| { s.world.captured_at = Is(before(TimeDelta::hours(30))); };
    Retention Articles EditionsDiffer |s| { s.world.contoso.operator_roles = Is(vec![TenantRole::GlobalAdmin]); s.source.state = Is(EnvironmentState::Failed); };
    Switch Articles SwitchUnsupported |s| { s.source.kind = Is(Developer); }
        "Contoso Sales is of the type Developer, which cannot be switched to Sandbox"
        "Only production and sandbox can be switched into each other; create an environment of the type that is needed";
    Switch Articles SwitchUnsupported |s| { s.source.kind = Is(Sandbox); }
        "Contoso Sales is of the type Sandbox already"
        "Nothing to do";
    Switch Articles RoleMissing |s| { s.source.operator_roles = Is(vec![]); }
        "You are neither Environment Admin nor System Administrator in Contoso Sales; no article names the role that this needs, and it may be refused to you"
        "Ask an administrator of Contoso Sales for one of these roles, or let them carry it out";
    Switch Articles RoleByTenant |s| { (s.source.operator_roles, s.world.contoso.operator_roles) = (Is(vec![]), Is(vec![TenantRole::PowerPlatformAdmin])); };
    Switch Articles Deleted |s| { s.source.deleted_at = Is(Some(utc("2026-01-03T10:00:00Z"))); };
    Switch Articles Busy |s| { s.source.state = Is(EnvironmentState::Running); };
    Switch Current EnvironmentFailed |s| { s.source.state = Is(EnvironmentState::Failed); };
    Switch Articles BackupsLost |s| { (s.source.retention_days, s.source.backups) = (Is(Some(28)), Is(vec![Backup { taken_at: before(TimeDelta::days(20)), ..s.backup.clone() }])); }
        "1 backup older than 7 days would be lost: Before 9.2; all system backups older than 7 days would be lost too"
        "Keep it as production and restore to another sandbox; after switching back they may be gone all the same";
    Switch Articles BackupsLost |s| { s.source.retention_days = Is(Some(28)); }
        "All system backups older than 7 days would be lost"
        "Keep it as production and restore to another sandbox; after switching back they may be gone all the same";
    Switch Articles PlannedPointLost |s| { s.world.journal = back_to(&s.source, "2025-12-29T08:00:00Z"); }
        "The plan for Contoso Sales goes back to 2025-12-29 08:00Z, which the switch would lose: a sandbox keeps 7 days only, so it was safe until 2026-01-05 08:00Z"
        "Keep it as production, and restore that point onto another sandbox";
    Switch Articles PlannedPointSafe |s| { s.world.journal = back_to(&s.source, "2026-01-02T18:00:00Z"); }
        "The plan for Contoso Sales goes back to 2026-01-02 18:00Z: the switch is safe for that point until 2026-01-09 18:00Z"
        "Restore before then; afterwards a sandbox does not reach back so far";
    Switch Articles SwitchNotRecommended |s| { linked(&mut s.source, FinanceOperationsKind::Lcs, FinanceOperationsType::Production); }
        "Contoso Sales is linked to Ledger, for which finance and operations has no such switch: this is strongly discouraged"
        "Restore or copy to a separate sandbox instead; go on only if you know how the pair is brought together again";
    Switch Articles HalvesDiffer |s| { linked(&mut s.source, FinanceOperationsKind::Lcs, FinanceOperationsType::Production); }
        "Contoso Sales would become a sandbox while Ledger stays a production environment"
        "Do not run production work in a sandbox: it has no such service level";
    Switch Articles HalvesDiffer |s| { (s.source.kind, s.to) = (Is(Sandbox), Production); linked(&mut s.source, FinanceOperationsKind::Lcs, FinanceOperationsType::Sandbox); }
        "Contoso Sales would become a production environment while Ledger stays a sandbox"
        "Afterwards: deploy a finance and operations production environment without the integration, refresh its database from Ledger, delete Ledger, connect the new one";
    Switch Articles RelinkImpossible |s| { linked(&mut s.source, FinanceOperationsKind::Lcs, FinanceOperationsType::Production); }
        "The finance and operations half of Contoso Sales cannot be linked to another production environment afterwards, unless it is deleted"
        "There is no action that ends a link; only the deletion of the finance and operations half does";
    Switch Current UnifiedDowntime |s| { linked(&mut s.source, FinanceOperationsKind::Unified, FinanceOperationsType::Sandbox); }
        "Contoso Sales and Ledger are switched together, with up to 2 hours of downtime"
        "Choose an hour in which nobody works";
    Switch Current SwitchUnsupported |s| { s.source.kind = Is(Trial); }
        "Contoso Sales is of the type Trial, which cannot be switched to Sandbox"
        "It can be switched to Production";
    Switch Current CapacityBelow1GB |s| { (s.source.kind, s.to, s.world.contoso.capacity) = (Is(Trial), Production, sum(gb("500"), gb("499.5"))); }
        "Contoso has 0.50 GB of storage free, and 1 GB must be free"
        "Free up storage, archive data, delete environments that nobody needs, or buy more capacity";
    Switch Current MarketingBarsConversion |s| { (s.source.kind, s.to, s.source.dynamics_365_apps) = (Is(Trial), Production, Is(vec!["Marketing".into()])); }
        "Contoso Sales holds Dynamics 365 Marketing, with which a trial cannot be converted to production"
        "Create a production environment and move what is needed in a solution";
    Switch Current ConversionTakesHours |s| { (s.source.kind, s.to) = (Is(TrialSubscription), Production); }
        "The conversion of Contoso Sales to production can take several hours"
        "Begin it well before the trial ends: what is deleted with the trial cannot be converted any more";
    Switch Articles BothHalves |s| { linked(&mut s.source, FinanceOperationsKind::Unified, FinanceOperationsType::Sandbox); }
        "Contoso Sales and Ledger are switched together"
        "Choose an hour in which nobody works";
    Switch Articles Stale |s| { s.world.captured_at = Is(before(TimeDelta::hours(30))); };
    Switch Articles EditionsDiffer |s| { s.source.state = Is(EnvironmentState::Failed); };
    Reset Articles BothHalves |s| { linked(&mut s.target, FinanceOperationsKind::Unified, FinanceOperationsType::Sandbox); }
        "Contoso UAT is unified: the reset takes Ledger too, with its data"
        "Take what is needed of both halves out first";
    Reset Articles ResetUnsupported |s| { s.target.kind = Is(Production); }
        "Contoso UAT is of the type Production, which cannot be reset"
        "Switch it to sandbox first, which costs its older backups";
    Reset Articles ResetUnsupported |s| { s.target.kind = Is(Teams); }
        "Contoso UAT is of the type Teams, which cannot be reset"
        "Delete it and create a new one instead";
    Reset Articles ResetBlockedByLink |s| { linked(&mut s.target, FinanceOperationsKind::Lcs, FinanceOperationsType::Sandbox); }
        "Contoso UAT is linked to Ledger, so that Reset is not available"
        "Delete the finance and operations half in Lifecycle Services first: that ends the link";
    Reset Articles RoleMissing |s| { s.target.operator_roles = Is(vec![]); }
        "You are neither Environment Admin nor System Administrator in Contoso UAT; no article names the role that this needs, and it may be refused to you"
        "Ask an administrator of Contoso UAT for one of these roles, or let them carry it out";
    Reset Articles RoleByTenant |s| { (s.target.operator_roles, s.world.contoso.operator_roles) = (Is(vec![]), Is(vec![TenantRole::PowerPlatformAdmin])); };
    Reset Articles Deleted |s| { s.target.deleted_at = Is(Some(utc("2026-01-03T10:00:00Z"))); }
        "Contoso UAT is deleted"
        "Recover it first, which can be done until 2026-01-10 10:00Z";
    Reset Articles Busy |s| { s.target.state = Is(EnvironmentState::Running); }
        "Contoso UAT is busy with another operation"
        "Wait until it is ready, then capture the tenant again";
    Reset Articles ContentLost |s| {}
        "Everything in Contoso UAT is deleted for good: its data, customizations, apps, flows, connections and backups"
        "Take what is needed out of it first: as a solution, or as a copy of the environment";
    Reset Articles Stale |s| { s.world.captured_at = Is(before(TimeDelta::hours(30))); };
    Reset Articles EditionsDiffer |s| { s.target.kind = Is(Developer); }
        "By newer public articles this is allowed, with warnings"
        "Judge it with --rulebook current too before you rely on it";
    Delete Articles DeleteUnsupported |s| { s.source.kind = Is(DefaultType); }
        "Contoso Sales is the default environment, which cannot be deleted"
        "Empty it instead: delete its apps, flows and data";
    Delete Articles DeleteBlockedByLink |s| { linked(&mut s.source, FinanceOperationsKind::Lcs, FinanceOperationsType::Sandbox); }
        "Contoso Sales is linked to Ledger, so that it cannot be deleted in the admin center"
        "Delete Ledger in Lifecycle Services first: that ends the link, and then this can be deleted";
    Delete Articles RoleMissing |s| { s.source.operator_roles = Is(vec![]); };
    Delete Articles RoleByTenant |s| { (s.source.operator_roles, s.world.contoso.operator_roles) = (Is(vec![]), Is(vec![TenantRole::PowerPlatformAdmin])); };
    Delete Articles Deleted |s| { s.source.deleted_at = Is(Some(utc("2026-01-03T10:00:00Z"))); };
    Delete Articles Busy |s| { s.source.state = Is(EnvironmentState::Running); };
    Delete Articles Recoverable |s| {}
        "Contoso Sales can be recovered for 7 days after its deletion"
        "After that it is gone for good, with its backups";
    Delete Articles Recoverable |s| { s.source.dynamics_365_apps = Unknown; }
        "Contoso Sales can be recovered for 7 days after its deletion, or 28 with Dynamics 365"
        "After that it is gone for good, with its backups";
    Delete Current UrlReserved |s| { s.source.url = Is(Some("https://contoso.crm4.dynamics.com".into())); }
        "The URL of Contoso Sales cannot be used again for at least 24 hours"
        "Wait a day before you create an environment with the same URL";
    Delete Articles Stale |s| { s.world.captured_at = Is(before(TimeDelta::hours(30))); };
    Delete Articles BothHalves |s| { linked(&mut s.source, FinanceOperationsKind::Unified, FinanceOperationsType::Sandbox); }
        "Contoso Sales is unified: Ledger is deleted with it, and the data of both"
        "Make sure that nobody needs either half";
    Recover Articles NotDeleted |s| {}
        "Contoso Sales is not deleted"
        "Nothing to do; to get records back, restore a backup into a new environment instead";
    Recover Articles RecoveryExpired |s| { s.source.deleted_at = Is(Some(before(TimeDelta::days(9)))); }
        "Contoso Sales was deleted on 2025-12-27 09:00Z, 9 days ago, and could be recovered for 7 days"
        "There is no way out: create a new environment";
    Recover Articles RecoveryExpired |s| { (s.source.kind, s.source.dynamics_365_apps, s.source.deleted_at) = (Unknown, Unknown, Is(Some(before(TimeDelta::days(40))))); }
        "Contoso Sales was deleted 40 days ago, longer than any environment can be recovered"
        "There is no way out: create a new environment";
    Recover Current DatabaseBelow1GB |s| { s.source.deleted_at = Is(Some(before(TimeDelta::days(2)))); s.world.contoso.capacity = types([("100", "110"), ("10", "5"), ("?", "?")]); }
        "Contoso lacks at least 10 GB of database storage, once that covers what log and file storage lack, and 1 GB must be free: database 110 of 100 GB, log 5 of 10 GB, file unknown"
        "Free up storage, archive data, delete environments that nobody needs, or buy more capacity";
    Recover Current CapacityIsASum |s| { s.source.deleted_at = Is(Some(before(TimeDelta::days(2)))); s.world.contoso.capacity = sum(gb("500"), gb("420.25")); };
    Recover Current CapacityBelow1GB |s| { s.source.deleted_at = Is(Some(before(TimeDelta::days(2)))); s.world.contoso.capacity = sum(gb("500"), gb("499.01")); };
    Recover Articles RoleMissing |s| { s.source.operator_roles = Is(vec![]); };
    Recover Articles RoleByTenant |s| { (s.source.operator_roles, s.world.contoso.operator_roles) = (Is(vec![]), Is(vec![TenantRole::PowerPlatformAdmin])); };
    Recover Articles Busy |s| { s.source.state = Is(EnvironmentState::Running); };
    Recover Articles BackupsReturn |s| { s.source.deleted_at = Is(Some(before(TimeDelta::days(2)))); s.source.backups = Is(vec![s.backup.clone()]); }
        "1 manual backup of Contoso Sales that did not expire meanwhile will be there again"
        "Nothing to do";
    Recover Articles Stale |s| { s.world.captured_at = Is(before(TimeDelta::hours(30))); };
    Recover Articles EditionsDiffer |s| { s.source.deleted_at = Is(Some(before(TimeDelta::days(2)))); s.world.contoso.capacity = sum(gb("500"), gb("499.01")); }
        "By newer public articles this is blocked: Contoso has 0.99 GB of storage free, and 1 GB must be free"
        "Judge it with --rulebook current too before you rely on it";
    Create Current DatabaseBelow1GB |s| { s.world.contoso.capacity = types([("100", "110"), ("10", "5"), ("400", "200")]); };
    Create Current CapacityIsASum |s| { s.world.contoso.capacity = sum(gb("500"), gb("420.25")); };
    Switch Current DatabaseBelow1GB |s| { (s.source.kind, s.to) = (Is(Trial), Production); s.world.contoso.capacity = types([("100", "110"), ("10", "5"), ("400", "200")]); };
    Switch Current CapacityIsASum |s| { (s.source.kind, s.to) = (Is(Trial), Production); s.world.contoso.capacity = sum(gb("500"), gb("420.25")); };
    Create Articles EditionsDiffer |s| { s.world.contoso.capacity = types([("100", "110"), ("10", "5"), ("400", "200")]); };
    Create Articles CapacityBelow1GB |s| { s.world.contoso.capacity = sum(gb("500"), gb("499.01")); };
    Create Articles RoleMissing |s| {}
        "You are neither Global admin nor Power Platform admin nor Dynamics 365 admin of Contoso; who else may do this depends on the settings of the tenant"
        "Ask an administrator of Contoso, or let them carry it out";
    Create Articles Stale |s| { s.world.captured_at = Is(before(TimeDelta::hours(30))); };
    Edit Articles RoleMissing |s| { s.source.operator_roles = Is(vec![]); };
    Edit Articles RoleByTenant |s| { (s.source.operator_roles, s.world.contoso.operator_roles) = (Is(vec![]), Is(vec![TenantRole::PowerPlatformAdmin])); };
    Edit Articles Deleted |s| { s.source.deleted_at = Is(Some(utc("2026-01-03T10:00:00Z"))); };
    Edit Articles Busy |s| { s.source.state = Is(EnvironmentState::Running); };
    Edit Current EnvironmentFailed |s| { s.source.state = Is(EnvironmentState::Failed); };
    Edit Articles LinkStays |s| { linked(&mut s.source, FinanceOperationsKind::Lcs, FinanceOperationsType::Sandbox); }
        "Contoso Sales stays linked to Ledger; of its properties only the URL is locked"
        "Nothing to do";
    Edit Articles Stale |s| { s.world.captured_at = Is(before(TimeDelta::hours(30))); };
    Edit Articles EditionsDiffer |s| { s.source.state = Is(EnvironmentState::Failed); };
    RenameUrl Articles UrlLockedByLink |s| { linked(&mut s.source, FinanceOperationsKind::Lcs, FinanceOperationsType::Sandbox); }
        "Contoso Sales is linked to Ledger, which does not support another domain name"
        "Deploy a separate Dataverse environment, change the URL there, then connect finance and operations to it";
    RenameUrl Current AddressBreaks |s| { s.days = 28; }
        "The old URL of Contoso Sales stops working at once: bookmarks and links in mail, Power BI reports, Azure Synapse Link, integrations and connections that name it"
        "List who uses the URL and tell them the new one; unlink Azure Synapse Link before and link it again afterwards, and sign connections in again";
    RenameUrl Articles NoDataverse |s| { s.source.dataverse = Is(None); };
    RenameUrl Articles RoleMissing |s| { s.source.operator_roles = Is(vec![]); };
    RenameUrl Articles RoleByTenant |s| { (s.source.operator_roles, s.world.contoso.operator_roles) = (Is(vec![]), Is(vec![TenantRole::PowerPlatformAdmin])); };
    RenameUrl Articles Deleted |s| { s.source.deleted_at = Is(Some(utc("2026-01-03T10:00:00Z"))); };
    RenameUrl Articles Busy |s| { s.source.state = Is(EnvironmentState::Running); };
    RenameUrl Current EnvironmentFailed |s| { s.source.state = Is(EnvironmentState::Failed); };
    RenameUrl Articles Stale |s| { s.world.captured_at = Is(before(TimeDelta::hours(30))); };
    RenameUrl Articles EditionsDiffer |s| { s.source.state = Is(EnvironmentState::Failed); };
    AdminMode Articles AdminModeUnsupported |s| { (s.source.kind, s.days) = (Is(Developer), 28); }
        "Contoso Sales is of the type Developer, on which administration mode cannot be turned on by hand"
        "Limit access with a security group instead";
    AdminMode Articles RoleMissing |s| { s.source.operator_roles = Is(vec![]); };
    AdminMode Articles RoleByTenant |s| { (s.source.operator_roles, s.world.contoso.operator_roles) = (Is(vec![]), Is(vec![TenantRole::PowerPlatformAdmin])); };
    AdminMode Articles Deleted |s| { s.source.deleted_at = Is(Some(utc("2026-01-03T10:00:00Z"))); };
    AdminMode Articles Busy |s| { s.source.state = Is(EnvironmentState::Running); };
    AdminMode Current EnvironmentFailed |s| { s.source.state = Is(EnvironmentState::Failed); };
    AdminMode Articles ChecklistOpen |s| { s.works(post_copy); }
        "Everybody gets in again, and 13 mandatory items are open: Email: Incoming Email; Email: Outgoing Email; Email: Appointments, Contacts, Tasks; SharePoint; Yammer; Platform extensibility: Server-side plug-ins that reach outside services; Platform extensibility: Custom workflow activities that reach outside services; Client extensibility: JavaScript and HTML web resources that reach outside services; Client extensibility: IFRAMEs; Dataverse search; Connection references: Decide where the new connections lead; Connection references: Create the connections and set them on the connection references; and 1 more"
        "Work the checklist of Contoso Sales first, or take what is open upon yourself";
    AdminMode Articles BackgroundUnknown |s| { (s.source.admin_mode, s.source.background_operations) = (Is(true), Unknown); }
        "`background_operations` of Contoso Sales is unknown"
        "Look it up in the admin center, then answer it in the console or add `background_operations` to the snapshot";
    AdminMode Current YammerUndecided |s| { s.works(post_copy); }
        "Yammer is not decided yet: as soon as background operations are on, waiting posts go to whatever network is configured then"
        "Decide that item in the checklist of Contoso Sales; to leave it as it is needs a reason";
    AdminMode Current YammerShared |s| { s.works(yammer_left); }
        "Yammer of Contoso Sales points where that of production may point: Sales feed (network contoso.com); what waits is posted there a second time"
        "Redirect it to another network first, or take it upon yourself";
    AdminMode Current CodeStillRuns |s| { s.days = 28; }
        "Plug-ins and custom workflow code of Contoso Sales still run in administration mode"
        "Disable those that reach outside services";
    AdminMode Articles NothingChanges |s| { (s.days, s.source.admin_mode) = (28, Is(true)); }
        "Administration mode of Contoso Sales is on already"
        "Nothing to do";
    AdminMode Articles NothingChanges |s| { s.source.admin_mode = Is(false); }
        "Administration mode of Contoso Sales is off already"
        "Nothing to do";
    AdminMode Articles Stale |s| { s.world.captured_at = Is(before(TimeDelta::hours(30))); };
    AdminMode Articles EditionsDiffer |s| { s.source.state = Is(EnvironmentState::Failed); };
    Background Articles AdminModeOn |s| { (s.days, s.source.admin_mode) = (28, Is(true)); }
        "Contoso Sales is in administration mode, in which background operations cannot run"
        "Leave administration mode first";
    Background Current AdminModeOff |s| { s.source.admin_mode = Is(false); }
        "Background operations can be off only in administration mode, and Contoso Sales is not in it"
        "Turn administration mode on first";
    Background Articles ChecklistOpen |s| { s.days = 28; s.works(post_copy); }
        "Mail, workflows and system jobs run from then on, and 13 mandatory items are open: Email: Incoming Email; Email: Outgoing Email; Email: Appointments, Contacts, Tasks; SharePoint; Yammer; Platform extensibility: Server-side plug-ins that reach outside services; Platform extensibility: Custom workflow activities that reach outside services; Client extensibility: JavaScript and HTML web resources that reach outside services; Client extensibility: IFRAMEs; Dataverse search; Connection references: Decide where the new connections lead; Connection references: Create the connections and set them on the connection references; and 1 more"
        "Work the checklist of Contoso Sales first, or take what is open upon yourself";
    Background Articles YammerUndecided |s| { s.days = 28; s.works(post_copy); }
        "Yammer is not decided yet: as soon as background operations are on, waiting posts go to whatever network is configured then"
        "Decide that item in the checklist of Contoso Sales; to leave it as it is needs a reason";
    Background Articles YammerShared |s| { s.days = 28; s.works(yammer_left); }
        "Yammer of Contoso Sales points where that of production may point: Sales feed (network contoso.com); what waits is posted there a second time"
        "Redirect it to another network first, or take it upon yourself";
    Background Articles RoleMissing |s| { s.source.operator_roles = Is(vec![]); };
    Background Articles RoleByTenant |s| { (s.source.operator_roles, s.world.contoso.operator_roles) = (Is(vec![]), Is(vec![TenantRole::PowerPlatformAdmin])); };
    Background Articles Deleted |s| { s.source.deleted_at = Is(Some(utc("2026-01-03T10:00:00Z"))); };
    Background Articles Busy |s| { s.source.state = Is(EnvironmentState::Running); };
    Background Current EnvironmentFailed |s| { s.source.state = Is(EnvironmentState::Failed); };
    Background Articles NothingChanges |s| { s.source.background_operations = Is(false); }
        "Background operations of Contoso Sales are off already"
        "Nothing to do";
    Background Articles Stale |s| { s.world.captured_at = Is(before(TimeDelta::hours(30))); };
    Background Articles EditionsDiffer |s| { s.source.admin_mode = Is(false); }
        "By newer public articles this is blocked: Background operations can be off only in administration mode, and Contoso Sales is not in it"
        "Judge it with --rulebook current too before you rely on it";
    DeleteFinanceOperations Articles NotLinked |s| {}
        "Contoso Sales has no finance and operations half"
        "Nothing to do";
    DeleteFinanceOperations Current NotInLcs |s| { linked(&mut s.source, FinanceOperationsKind::Unified, FinanceOperationsType::Sandbox); }
        "Contoso Sales and its finance and operations half are managed as one, not in Lifecycle Services"
        "Delete Contoso Sales in the admin center, which deletes both";
    DeleteFinanceOperations Articles RoleMissing |s| { s.source.operator_roles = Is(vec![]); };
    DeleteFinanceOperations Articles RoleByTenant |s| { (s.source.operator_roles, s.world.contoso.operator_roles) = (Is(vec![]), Is(vec![TenantRole::PowerPlatformAdmin])); };
    DeleteFinanceOperations Articles Deleted |s| { s.source.deleted_at = Is(Some(utc("2026-01-03T10:00:00Z"))); };
    DeleteFinanceOperations Articles Busy |s| { s.source.state = Is(EnvironmentState::Running); };
    DeleteFinanceOperations Articles ProductionHalf |s| { linked(&mut s.source, FinanceOperationsKind::Lcs, FinanceOperationsType::Production); }
        "Contoso Sales is linked to Ledger, a production environment, whose database is deleted for good"
        "Leave it as it is unless you are sure that nobody needs its data; always try the steps in a sandbox first";
    DeleteFinanceOperations Articles FinanceDataLost |s| { linked(&mut s.source, FinanceOperationsKind::Lcs, FinanceOperationsType::Sandbox); }
        "The data of Ledger is deleted with it"
        "Refresh another finance and operations database from it first if its data is needed";
    DeleteFinanceOperations Articles LinkEnds |s| { linked(&mut s.source, FinanceOperationsKind::Lcs, FinanceOperationsType::Sandbox); }
        "Contoso Sales stays as it is, and its link ends: after that it can be deleted and reset"
        "Nothing to do";
    DeleteFinanceOperations Articles Stale |s| { s.world.captured_at = Is(before(TimeDelta::hours(30))); };
    Migrate Articles SameTenant |s| { s.tenant = TenantKey(0); }
        "Contoso Sales is in Contoso already"
        "Choose another tenant";
    Migrate Articles MigrationTypeUnsupported |s| { s.source.kind = Is(Teams); }
        "Contoso Sales is of the type Teams, which cannot move to another tenant"
        "Only production and sandbox can; move what is needed in a solution instead";
    Migrate Articles MigrationBlockedByLink |s| { linked(&mut s.source, FinanceOperationsKind::Lcs, FinanceOperationsType::Sandbox); }
        "Contoso Sales is linked to Ledger, and linked environments cannot move"
        "There is no way out but to end the link, by deleting that half";
    Migrate Current ManagedUnsupported |s| {}
        "Contoso Sales is a Managed Environment, which cannot move"
        "Take Contoso Sales out of Managed Environments first";
    Migrate Articles NoDataverse |s| { s.source.dataverse = Is(None); };
    Migrate Articles CloudMismatch |s| { s.world.fabrikam.cloud = Is(Cloud::Gcc); }
        "Contoso is in the cloud public, Fabrikam in GCC: no move goes from one to the other"
        "Choose a tenant in the same cloud";
    Migrate Articles RegionChangeUnsupported |s| { s.world.fabrikam.region = text("oce"); }
        "The move would change the region of Contoso Sales from emea to oce, which is not supported for these regions"
        "Choose a tenant in emea";
    Migrate Articles ConfirmWithSupport |s| { (s.source.region, s.world.fabrikam.region) = (text("ind"), text("ind")); }
        "Contoso Sales and Fabrikam are where no article says whether a move is supported"
        "Ask support to confirm the move before you plan it";
    Migrate Articles SubscriptionMissing |s| { s.world.fabrikam.paid_subscriptions = Is(vec![]); }
        "Fabrikam pays for none of Dynamics 365, Power Apps and Power Virtual Agents"
        "Buy one of them, or turn a trial into a paid subscription";
    Migrate Articles LicencesTooFew |s| { s.world.fabrikam.licences.active = Is(1); }
        "Fabrikam has 1 active user licence, Contoso has 240: there must be at least as many"
        "Assign 239 more in Fabrikam";
    Migrate Articles SeatsTooFew |s| { (s.mapping, s.world.fabrikam.dynamics_365_seats) = (Some(mapped(2)), Is(1)); }
        "Fabrikam has 1 Dynamics 365 seat for 2 users to be mapped"
        "Buy 1 more seat, or map fewer users";
    Migrate Articles StorageTooSmall |s| { s.world.fabrikam.capacity.used = gb("450"); }
        "Fabrikam has 50 GB of storage free, and Contoso Sales takes 54 GB"
        "Free up storage there, or buy more capacity";
    Migrate Articles StorageBelowSource |s| { s.world.fabrikam.capacity.entitled = gb("480"); }
        "Fabrikam is entitled to 480 GB of storage, Contoso to 500 GB: it must be at least as much"
        "Buy 20 GB more";
    Migrate Articles MappingMissing |s| {}
        "There is no mapping file for the users of Contoso Sales"
        "Write one line for each user: the name in the old tenant, a comma, the name in the new one";
    Migrate Articles MappingInvalid |s| { s.mapping = Some(mapping_file("isaac1, isaac@fabrikam.com\nlena@contoso.com\n")); }
        "The mapping file users.csv has 2 mistakes, the first in line 1: `isaac1` is no UPN: there is no @ in it"
        "Write the whole name, such as user001@source.com; `envdeck lint-mapping` lists the others";
    Migrate Articles UsersNotReady |s| { s.mapping = Some(looked_up("lena@contoso.com, lena@fabrikam.com\npaul@contoso.com, paul@fabrikam.com\n")); }
        "Who is named in 2 lines of users.csv cannot be mapped, the first in line 1: Fabrikam has no user `lena@fabrikam.com`"
        "Create the user there, or delete the line; `envdeck lint-mapping` lists the others";
    Migrate Articles UsersLeftBehind |s| { s.mapping = Some(looked_up("")); }
        "No complete line names 1 user who can use Contoso Sales: isaac@contoso.com"
        "Add a line for each who moves: whoever is not in the file is never mapped, also not later";
    Migrate Articles RehearsalMissing |s| {}
        "No copy of Contoso Sales is recorded with which the move was rehearsed"
        "Copy Contoso Sales into a new sandbox of its tenant, which has 79.75 GB free for the 50 GB of it, move that first, and have all parties validate it";
    Migrate Articles RehearsalMissing |s| { s.world.journal.add(copied(&s.source)); }
        "A copy of Contoso Sales is recorded, but not that all parties validated its move"
        "Move the copy first, have all parties validate it, and tick that in the plan of Contoso Sales";
    Migrate Articles MappingShared |s| { (s.file, s.world.journal) = (Some("maps/sales.csv"), Journal::new(vec![planned("other", "maps/sales.csv")])); }
        "`maps/sales.csv` is the mapping file of other already"
        "Write a file of its own for Contoso Sales";
    Migrate Articles MappingShared |s| { s.of_file("/maps/sales.csv", "3-1"); s.world.journal = Journal::new(vec![with_content("other", "/maps/other.csv", "3-1")]); }
        "`/maps/sales.csv` says the same, to the letter, as the mapping file of other"
        "Go on if the same people move with Contoso Sales; otherwise it is a file by mistake";
    Migrate Articles MappingChanged |s| { s.of_file("/maps/sales.csv", "3-1"); s.world.journal = Journal::new(vec![with_content(s.source.id.as_str(), "/maps/sales.csv", "3-2")]); }
        "The mapping file of Contoso Sales says something else than when its plan was begun"
        "Look whether the change was meant: what it says now is what counts";
    Migrate Articles WorkingHours |s| { s.cut_over = Some("2026-01-07T09:30:00+01:00".parse().unwrap()); }
        "The cut-over of Contoso Sales is planned for working hours: Wednesday, 2026-01-07 09:30, your time"
        "Nobody can get in meanwhile: plan it for an evening or a weekend";
    Migrate Articles WorkingHours |s| { s.cut_over = Some("2026-01-07T06:30:00+01:00".parse().unwrap()); }
        "The cut-over of Contoso Sales begins on Wednesday, 2026-01-07 06:30, your time, and by the estimate it lasts into working hours"
        "Nobody can get in meanwhile: plan it for an evening or a weekend";
    Migrate Current ContentUnsupported |s| { s.source.components.insert(ComponentKind::ComponentLibrary, vec![component("Controls", Unknown)]); }
        "Contoso Sales holds what cannot move: 1 component library; `components.customer-voice-project` is unknown"
        "Take it out of the environment first";
    Migrate Articles RoleMissing |s| {};
    Migrate Articles Deleted |s| { s.source.deleted_at = Is(Some(utc("2026-01-03T10:00:00Z"))); };
    Migrate Articles Busy |s| { s.source.state = Is(EnvironmentState::Running); };
    Migrate Current EnvironmentFailed |s| { s.source.state = Is(EnvironmentState::Failed); };
    Migrate Articles RegionChanges |s| { s.world.fabrikam.region = text("na"); }
        "The move changes the region from emea to na: Fabrikam becomes multiregional, and the URL may change"
        "Ask support what becomes of the URL, and have them enable the regional features";
    Migrate Articles NotFullySupported |s| { s.source.components.insert(ComponentKind::CloudFlow, vec![component("Visits", Unknown); 3]); }
        "Contoso Sales holds what moves only in part, with possible loss of data: 3 cloud flows; `components.component-library`, `components.custom-page`, `components.chatbot`, `components.customer-voice-project` are unknown"
        "Export each before the move and import it afterwards, and make Customer Voice again; what remains in solutions is broken afterwards";
    Migrate Articles MarketingLicences |s| { s.source.dynamics_365_apps = Is(vec!["Marketing".into()]); }
        "Contoso Sales has Dynamics 365 Marketing, which has to be provisioned anew after the move"
        "Have its licences ready in the new tenant";
    Migrate Articles LeftBehind |s| { s.source.components.insert(ComponentKind::Gateway, vec![component("Plant", Unknown)]); }
        "Contoso Sales holds what does not move: 1 gateway"
        "Set it up again by hand after the move";
    Migrate Articles LockboxApproval |s| { s.world.contoso.lockbox = Is(true); }
        "Contoso has Customer Lockbox: its request has to be approved when the move starts"
        "Have somebody stand by who can approve it";
    Migrate Articles BackupsStay |s| { s.source.backups = Is(vec![s.backup.clone()]); }
        "No backup of Contoso Sales comes along: 1 manual backup and all system backups stay behind"
        "Restore what is needed from them before the move";
    Migrate Articles BackupsStay |s| {}
        "No backup of Contoso Sales comes along: all system backups stay behind"
        "Restore what is needed from them before the move";
    Restore Articles RefusedByMicrosoft |s| { refused(&mut s.source, "Restore"); }
        "Microsoft refuses Restore for Contoso Sales: \"It cannot be done now.\""
        "That was so when the tenant was captured: look in the admin center whether it still is";
    Backup Articles RefusedByMicrosoft |s| { refused(&mut s.source, "Backup"); };
    DeleteBackup Articles RefusedByMicrosoft |s| { refused(&mut s.source, "DeleteBackup"); };
    Retention Articles RefusedByMicrosoft |s| { refused(&mut s.source, "Edit"); };
    Switch Articles RefusedByMicrosoft |s| { refused(&mut s.source, "Convert"); };
    Reset Articles RefusedByMicrosoft |s| { refused(&mut s.target, "Reset"); };
    Delete Articles RefusedByMicrosoft |s| { refused(&mut s.source, "Delete"); };
    Recover Articles RefusedByMicrosoft |s| { refused(&mut s.source, "Recover"); };
    Edit Articles RefusedByMicrosoft |s| { refused(&mut s.source, "Edit"); };
    RenameUrl Articles RefusedByMicrosoft |s| { refused(&mut s.source, "Edit"); };
    AdminMode Articles RefusedByMicrosoft |s| { refused(&mut s.source, "Edit"); };
    Background Articles RefusedByMicrosoft |s| { refused(&mut s.source, "Edit"); };
    Migrate Articles RefusedByMicrosoft |s| { refused(&mut s.source, "Move"); };
    Migrate Articles Stale |s| { s.world.captured_at = Is(before(TimeDelta::hours(30))); };
    Migrate Articles EditionsDiffer |s| { (s.source.kind, s.mapping, s.world.contoso.operator_roles) = (Is(Sandbox), Some(mapped(1)), Is(vec![TenantRole::GlobalAdmin])); }
        "By newer public articles this is blocked: Contoso Sales is a Managed Environment, which cannot move"
        "Judge it with --rulebook current too before you rely on it";
};

#[test]
fn every_reason_of_every_operation_comes_up_and_reads_as_one_sentence_with_a_way_out() {
    let mut missing: Vec<(OperationKind, Code)> = OperationKind::ALL.iter().flat_map(|about| codes(*about).map(|code| (*about, code))).collect();
    missing.retain(|(about, _)| *about != OperationKind::Copy);
    // Neither edition asks for a database of what is reset.
    missing.retain(|reason| *reason != (OperationKind::Reset, Code::NoDataverse));
    // About a new environment, a deletion and the half of a pair both say the same.
    let alike = [OperationKind::Create, OperationKind::Delete, OperationKind::DeleteFinanceOperations];
    missing.retain(|(about, code)| *code != Code::EditionsDiffer || !alike.contains(about));
    for (about, edition, code, change, words) in CASES {
        let mut stage = Stage::new(*edition);
        change(&mut stage);
        let findings: Vec<Finding> = stage.world.judged(stage.question(*about)).findings;
        let finding = findings.iter().find(|finding| finding.code.word() == *code).unwrap_or_else(|| panic!("{about:?}: {code} is none of {findings:#?}"));
        if let [message, remedy] = words {
            assert_eq!((&*finding.message, &*finding.remedy), (*message, *remedy), "{about:?} {code}");
        }
        for finding in &findings {
            assert!(codes(*about).any(|code| code == finding.code), "{about:?} has no reason {}", finding.code.word());
            assert!(!finding.rule.is_empty() && !finding.article.is_empty(), "{finding:?}");
            for sentence in [&finding.message, &finding.remedy] {
                let first = sentence.chars().next().unwrap();
                assert!(!sentence.ends_with('.') && !sentence.contains(". ") && !sentence.contains("  "), "one sentence: {sentence}");
                assert!(first.is_uppercase() || first == '`' || first.is_ascii_digit(), "it begins as a sentence: {sentence}");
            }
        }
        missing.retain(|(of, left)| (of, left.word()) != (about, code));
    }
    assert_eq!(missing, [], "reasons that never come up");
}

//! The pages of the wizard: which ones each operation has, in which order, and what is established on each.

use crate::domain::estate::EnvironmentKey;
use crate::domain::operation::OperationKind;
use crate::domain::plan::Plan;

/// A page of the wizard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// What a copy carries.
    Level,
    /// What a restore goes back to.
    Point,
    /// For how long backups are kept.
    Days,
    /// Which manual backup is deleted.
    Backup,
    /// What is overwritten.
    Target,
    /// To which tenant it moves.
    Tenant,
    /// What has to be answered before a move.
    Questions,
    /// The mapping file of a move.
    Mapping,
    /// Name, group and so on.
    Details,
    /// Everything that is to be known before.
    Review,
    /// Rehearsing or recording it.
    Carry,
}

impl Page {
    /// Its name in the row of pages.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Level => "Level",
            Self::Point => "Point in time",
            Self::Days => "Days",
            Self::Backup => "Backup",
            Self::Target => "Target",
            Self::Tenant => "Tenant",
            Self::Questions => "Questions",
            Self::Mapping => "Mapping file",
            Self::Details => "Details",
            Self::Review => "Review",
            Self::Carry => "Carry out",
        }
    }
}

/// How the console leads through an operation.
#[derive(Debug)]
pub struct Route {
    /// Its pages, in the order of the articles.
    pub pages: &'static [Page],
    /// The fields of its details, beside those that depend on what is chosen.
    pub fields: &'static [Field],
    /// What is done, as a title; `{}` is the environment.
    pub title: &'static str,
    /// What to say once it is done: `{environment}`, `{tenant}`, or a choice by the name under which it is written down.
    pub done: &'static str,
}

/// The route through an operation.
pub const fn route(kind: OperationKind) -> Route {
    use Page::{Backup, Carry, Days, Details, Level, Mapping, Point, Questions, Review, Target, Tenant};
    const OVERWRITTEN: &str = "{environment} is overwritten, out of service, and has a checklist: o opens it";
    const CHANGED: &str = "{environment} is changed";
    const NAME: &[Field] = &[Field::Name];
    let at_once: &[Page] = &[Review, Carry];
    let detailed: &[Page] = &[Details, Review, Carry];
    let (pages, fields, title, done): (&[Page], &[Field], _, _) = match kind {
        OperationKind::Copy => (&[Level, Target, Details, Review, Carry], &[Field::Name, Field::Group], "Copy {}", OVERWRITTEN),
        OperationKind::Restore => (&[Point, Target, Details, Review, Carry], NAME, "Restore {}", OVERWRITTEN),
        // The articles' own message (BKP-062).
        OperationKind::Backup => (detailed, &[Field::Name, Field::Notes], "Back up {}", "The {name} backup was successfully created."),
        OperationKind::DeleteBackup => {
            (&[Backup, Review, Carry], NAME, "Delete a backup of {}", "The backup of {environment} is deleted; the environment is as it was")
        }
        OperationKind::Retention => {
            let done = "{environment} keeps its backups for {days} days; the change can take a day to reach them all";
            (&[Days, Review, Carry], NAME, "Retention of {}", done)
        }
        OperationKind::Switch => (at_once, NAME, "Switch type of {}", "{environment} is of the type {type} now"),
        OperationKind::Reset => (at_once, NAME, "Reset {}", "{environment} is empty"),
        OperationKind::Delete => (at_once, NAME, "Delete {}", "{environment} is deleted; V gets it back while it can be"),
        OperationKind::Recover => (at_once, NAME, "Recover {}", "{environment} is back"),
        OperationKind::Create => {
            let done = "{environment} is created; its id is ours until the tenant is captured again";
            (detailed, &[Field::Name, Field::Kind, Field::Region], "Create beside {}", done)
        }
        OperationKind::Edit => (detailed, &[Field::Name, Field::Group], "Edit {}", CHANGED),
        OperationKind::RenameUrl => (detailed, &[Field::Url], "Change URL of {}", CHANGED),
        OperationKind::AdminMode => (at_once, NAME, "Administration mode of {}", "Administration mode of {environment} is switched"),
        OperationKind::Background => (at_once, NAME, "Background operations of {}", "Background operations of {environment} are switched"),
        OperationKind::DeleteFinanceOperations => (at_once, NAME, "Delete the other half of {}", "{environment} is not linked any more"),
        OperationKind::Migrate => {
            let pages = &[Tenant, Questions, Mapping, Details, Review, Carry];
            (pages, &[Field::CutOver, Field::Reason], "Move {}", "{environment} stands in {tenant} now")
        }
    };
    Route { pages, fields, title, done }
}

/// What was established so far.
#[derive(Debug)]
pub enum Step {
    /// What to carry is being chosen.
    Level,
    /// What to go back to is being chosen.
    Point,
    /// For how long to keep backups is being chosen.
    Days,
    /// Which backup to delete is being chosen.
    Backup,
    /// What to overwrite is being chosen.
    Target,
    /// Where to move it is being chosen.
    Tenant,
    /// What nobody looked up for the move is being answered.
    Questions,
    /// Who becomes whom is being named.
    Mapping,
    /// What it will be called, who gets in and so on.
    Details(EnvironmentKey),
    /// Everything that is to be known before.
    Review(EnvironmentKey),
    /// How to carry it out. The plan is what the verdict allowed.
    Carry(Box<Plan>),
    /// Recording what was carried out for real.
    Record(Box<Plan>),
}

impl Step {
    /// What is about to be carried out, once that is established.
    pub fn plan(&self) -> Option<&Plan> {
        if let Self::Carry(plan) | Self::Record(plan) = self { Some(plan) } else { None }
    }

    /// The page that it is on.
    pub const fn page(&self) -> Page {
        match self {
            Self::Level => Page::Level,
            Self::Point => Page::Point,
            Self::Days => Page::Days,
            Self::Backup => Page::Backup,
            Self::Target => Page::Target,
            Self::Tenant => Page::Tenant,
            Self::Questions => Page::Questions,
            Self::Mapping => Page::Mapping,
            Self::Details(_) => Page::Details,
            Self::Review(_) => Page::Review,
            Self::Carry(_) | Self::Record(_) => Page::Carry,
        }
    }
}

/// The fields of the details.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The name of the environment afterwards, or of the backup.
    Name,
    /// Notes on the backup.
    Notes,
    /// The URL.
    Url,
    /// The security group.
    Group,
    /// Whether a copy takes audit logs along (CUR-007).
    AuditLogs,
    /// The type of an environment that is created.
    Kind,
    /// Its region.
    Region,
    /// What becomes of the finance and operations half of a linked pair (LNK-024, LNK-027, LNK-034).
    Half,
    /// When the cut-over of a move is to begin.
    CutOver,
    /// Why it moves (TTM-002).
    Reason,
    /// The security group in the new tenant, of the environment with that place among those that move (TTM-043).
    Joins(u16),
}

impl Field {
    /// Whether letters are typed into it.
    pub const fn takes_text(self) -> bool {
        matches!(self, Self::Name | Self::Notes | Self::Url | Self::Region | Self::CutOver | Self::Joins(_))
    }

    /// What stands before it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Notes => "notes",
            Self::Url => "URL",
            Self::Group => "security group",
            Self::AuditLogs => "audit logs",
            Self::Kind => "type",
            Self::Region => "region",
            Self::Half => "other half",
            Self::CutOver => "cut-over, in UTC",
            Self::Reason => "reason",
            Self::Joins(_) => "security group",
        }
    }
}

/// The fields of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordField {
    /// Whether it was only begun, succeeded or failed.
    Outcome,
    /// When it was carried out.
    When,
    /// Who carried it out.
    Who,
    /// The ticket of the change.
    Ticket,
    /// Who approved it.
    Approver,
    /// The target's name, typed to confirm.
    Typed,
}

/// The ways out of a move; other operations have all but the last.
const WAYS: [(&str, &str); 4] = [
    ("Rehearse", "Try it on the model in memory: see what it comes to. Never saved; u takes it back."),
    ("Record", "It was carried out in the admin center: write it into the journal and go on from there."),
    ("Runbook", "Take the commands for it, guarded, or a change record for approval: to copy, or as a file."),
    ("Begin the plan", "Write what was chosen into the journal, with the list of all steps from the request to the last clean-up."),
];

/// The way out that begins a plan.
pub const WAY_OF_A_PLAN: usize = 3;
/// The way out that takes the runbook.
pub const WAY_OF_A_RUNBOOK: usize = 2;

/// The ways out of an operation, each with what it does.
pub fn ways(kind: OperationKind) -> &'static [(&'static str, &'static str)] {
    if kind == OperationKind::Migrate { &WAYS } else { WAYS.split_at(WAY_OF_A_PLAN).0 }
}

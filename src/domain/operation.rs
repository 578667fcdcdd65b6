//! An operation as it was carried out for real: what, on which environments, judged how, acknowledged by whom.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::domain::environment::EnvironmentId;
use crate::domain::journal::Value;
use crate::domain::request::account::Line;
use crate::domain::verdict::{Answer, Code, Severity};
use crate::vocabulary;

vocabulary! {
    /// Everything that can be done to an environment.
    OperationKind, "operation" {
        Copy = "copy" "Copy",
        Restore = "restore" "Restore",
        Backup = "backup" "Back up",
        DeleteBackup = "delete-backup" "Delete a backup",
        Retention = "retention" "Change retention",
        Switch = "switch" "Switch type",
        Reset = "reset" "Reset",
        Delete = "delete" "Delete",
        Recover = "recover" "Recover",
        Create = "create" "Create",
        Edit = "edit" "Edit",
        RenameUrl = "rename-url" "Change URL",
        AdminMode = "admin-mode" "Administration mode",
        Background = "background" "Background operations",
        DeleteFinanceOperations = "delete-fno" "Delete the finance and operations half",
        Migrate = "migrate" "Move to another tenant",
    }
}

vocabulary! {
    /// How it ended.
    Outcome, "outcome" {
        Started = "started" "started",
        Succeeded = "succeeded" "succeeded",
        Failed = "failed" "failed",
    }
}

/// A finding that somebody took upon themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Which reason.
    pub code: Code,
    /// How hard it refused; blocks cannot be acknowledged.
    pub severity: Severity,
    /// What was shown.
    pub shown: Box<str>,
    /// Who took it upon themselves.
    pub by: Arc<str>,
    /// When.
    pub at: DateTime<Utc>,
}

/// What was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// What kind.
    pub kind: OperationKind,
    /// Where it came from, for copies and restores.
    pub source: Option<EnvironmentId>,
    /// What it was done to.
    pub target: EnvironmentId,
    /// Its choices by name: level, instant, backup, new name and so on.
    pub inputs: Vec<(Box<str>, Value)>,
    /// What was to be known of it when it was confirmed; nothing in journals of before it was kept.
    pub account: Vec<Line>,
    /// How it was judged when it was confirmed.
    pub verdict: Answer,
    /// What was taken upon themselves by whom.
    pub acknowledged: Vec<Acknowledgement>,
    /// Ticket of the change, if there is one.
    pub ticket: Option<Box<str>>,
    /// Who approved it, if somebody did.
    pub approver: Option<Arc<str>>,
    /// When it was started.
    pub started_at: DateTime<Utc>,
    /// When it ended, if it did.
    pub completed_at: Option<DateTime<Utc>>,
    /// How it ended.
    pub outcome: Outcome,
}

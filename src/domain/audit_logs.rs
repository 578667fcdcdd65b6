//! What becomes of audit logs in a copy or restore, in one wording for every surface.

use crate::domain::copy::Level;
use crate::domain::request::{Back, Change, Choice};
use crate::domain::rulebook::Edition;
use crate::vocabulary;

vocabulary! {
    /// What becomes of audit logs.
    AuditLogs, "audit logs" {
        Carried = "carried" "taken along",
        LeftOut = "left-out" "left out",
        Kept = "kept" "kept",
    }
}

/// What becomes of them and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// What becomes of them.
    pub logs: AuditLogs,
    /// The same in words, with the reason: "left out, because the table Audit is emptied at this level".
    pub words: &'static str,
}

impl Told {
    /// As a line: "Audit logs: left out, because the table Audit is emptied at this level".
    pub fn line(self) -> String {
        format!("Audit logs: {}", self.words)
    }

    /// Whether a tool has to be told to skip them. Where an environment keeps its own nothing is skipped (RST-005).
    pub const fn skipped(self) -> bool {
        matches!(self.logs, AuditLogs::LeftOut)
    }
}

/// What a copy is asked for: the newer articles have the choice at level Everything, off by default (CUR-007). The
/// older ones know none, so that nothing is chosen unless somebody insists; that is then told as a finding.
pub const fn chosen(edition: Edition, level: Level, asked: bool) -> Choice<bool> {
    match (edition, level, asked) {
        (Edition::Current, Level::Everything, _) | (_, _, true) => Choice::Chosen(asked),
        (Edition::Articles, _, false) | (Edition::Current, Level::Customizations, false) => Choice::Open,
    }
}

/// In a copy. Without a choice they are part of the data that is copied: their amount decides how long a copy lasts
/// (CPY-011, CPY-012, C-11, ENV-030). At the other level the table Audit is emptied (TRN-008).
pub const fn of_copy(level: Level, chosen: Choice<bool>) -> Told {
    let (logs, words) = match (level, chosen) {
        (Level::Everything, Choice::Open) => (AuditLogs::Carried, "copied along, as part of the data; the article on copies knows no choice"),
        (Level::Everything, Choice::Chosen(true)) => (AuditLogs::Carried, "copied along, as asked for; the copy can take much longer"),
        (Level::Everything, Choice::Chosen(false)) => (AuditLogs::LeftOut, "left out, which is the default: nobody asked for them"),
        (Level::Customizations, _) => (AuditLogs::LeftOut, "left out, because the table Audit is emptied at this level"),
    };
    Told { logs, words }
}

/// In a restore: an environment that is restored onto itself keeps its own (RST-005, RST-006), and into another one
/// they come from manual backups only (C-23, RST-038).
pub const fn of_restore(itself: bool, manual: bool, asked: bool) -> Told {
    let (logs, words) = match (itself, manual, asked) {
        (true, _, _) => (AuditLogs::Kept, "its own stay, those newer than the point included"),
        (false, true, true) => (AuditLogs::Carried, "restored along, as asked for; the restore can take much longer"),
        (false, true, false) => (AuditLogs::LeftOut, "left out, which is the default: nobody asked for them"),
        (false, false, _) => (AuditLogs::LeftOut, "left out, because they can be taken along from manual backups only"),
    };
    Told { logs, words }
}

/// In a change, onto the environment that it comes from or another one; none where it carries no data, or where nobody chose
/// the level or the point yet.
pub fn of(change: &Change, itself: bool) -> Option<Told> {
    match change {
        Change::Copy { level, audit_logs, .. } => Some(of_copy(*level.chosen()?, *audit_logs)),
        Change::Restore { back, audit_logs, .. } => Some(of_restore(itself, matches!(back.chosen()?, Back::Backup(..)), audit_logs.is(&true))),
        _ => None,
    }
}

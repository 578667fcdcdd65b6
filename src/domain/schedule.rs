//! The stages of what moves data, and how long each is rehearsed.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::audit_logs::{self, AuditLogs};
use crate::domain::copy::Level;
use crate::domain::environment::{Dataverse, Environment};
use crate::domain::gigabytes::Gigabytes;
use crate::domain::known::Known;
use crate::domain::request::Change;
use crate::domain::rulebook::Rulebook;
use crate::vocabulary;

vocabulary! {
    /// The stages of an operation: of a copy with the names that the admin center shows, of a move with those of the article.
    Stage, "stage" {
        Validate = "validate" "Validating",
        Prepare = "prepare" "Copying database",
        Run = "run" "Updating configuration",
        Finalize = "finalize" "Finishing up",
        Verify = "verify" "Verify prerequisites",
        Migrate = "migrate" "Migrate environment",
        MapUsers = "map-users" "User mapping and sync",
        Settle = "settle" "Post migration",
    }
}

/// The stages of a copy or restore.
const COPIES: [Stage; 4] = [Stage::Validate, Stage::Prepare, Stage::Run, Stage::Finalize];
/// The stages of a move behind the request (TTM-020 to TTM-023).
const MOVES: [Stage; 4] = [Stage::Verify, Stage::Migrate, Stage::MapUsers, Stage::Settle];

/// When each stage of a copy, restore or move ends; an estimate from the size of the data (C-11) or from the number of users
/// (TTM-112), never a promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// When it began.
    pub started_at: DateTime<Utc>,
    stages: [Stage; 4],
    ends: [DateTime<Utc>; 4],
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Which stage it is in.
    pub stage: Stage,
    /// Hundredths of the whole.
    pub percent: u8,
}

impl Schedule {
    /// The schedule of something that begins at `started_at`; `source` is what it takes its data from. What moves no data
    /// is done at once.
    pub fn of(change: &Change, source: &Environment, rulebook: &Rulebook, started_at: DateTime<Utc>) -> Self {
        if let Change::Migrate(moved) = change {
            let mapped = moved.mapping.as_ref().map(|mapping| mapping.users.len());
            let users = mapped.map_or_else(|| source.users.as_ref().map(Vec::len), Known::Is);
            return Self { stages: MOVES, ..Self::through(started_at, rulebook.durations.moves.minutes(users)) };
        }
        let whole = if let Change::Copy { level, .. } = change {
            !level.is(&Level::Customizations)
        } else if let Change::Restore { .. } = change {
            true
        } else {
            return Self { started_at, stages: COPIES, ends: [started_at; 4] };
        };
        let durations = &rulebook.durations;
        let size = |pick: fn(&Dataverse) -> Known<Gigabytes>, otherwise: f64| match &source.dataverse {
            Known::Is(Some(dataverse)) => match pick(dataverse) {
                Known::Is(size) => size.as_f64(),
                Known::Unknown => otherwise,
            },
            Known::Is(None) | Known::Unknown => otherwise,
        };
        let data = if whole { size(|d| d.size, durations.unknown_size_gb) } else { 0.0 };
        // Whoever asks for them in a restore onto itself waits no longer than this.
        let along = audit_logs::of(change, false).is_some_and(|told| told.logs == AuditLogs::Carried);
        let audit = if along { size(|d| d.audit, durations.unknown_size_gb / 4.0) } else { 0.0 };
        #[expect(clippy::cast_possible_truncation, reason = "minutes of a copy or restore are far below the limits of an integer")]
        let copying = (data * durations.minutes_per_gb + audit * durations.minutes_per_audit_gb).round() as i64;
        let minutes = [durations.validate_minutes, durations.prepare_minutes + copying, durations.run_minutes, durations.finalize_minutes];
        Self::through(started_at, minutes)
    }

    /// Whether the sizes are known that its estimate goes by: of a copy of customizations nobody knows how much that is.
    pub fn is_by_size(change: &Change, source: &Environment) -> bool {
        let whole = if let Change::Copy { level, .. } = change { level.is(&Level::Everything) } else { matches!(change, Change::Restore { .. }) };
        let along = audit_logs::of(change, false).is_some_and(|told| told.logs == AuditLogs::Carried);
        whole && source.dataverse.is(|dataverse| dataverse.as_ref().is_some_and(|of| !of.size.is_unknown() && (!along || !of.audit.is_unknown())))
    }

    /// Through four stages of so many minutes.
    fn through(started_at: DateTime<Utc>, minutes: [i64; 4]) -> Self {
        let mut end = started_at;
        let ends = minutes.map(|minutes| {
            end += TimeDelta::minutes(minutes);
            end
        });
        Self { started_at, stages: COPIES, ends }
    }

    /// When it is done.
    pub const fn done_at(&self) -> DateTime<Utc> {
        self.ends[3]
    }

    /// How far it is; none when it is done.
    pub fn progress(&self, now: DateTime<Utc>) -> Option<Progress> {
        let (stage, _) = self.stages.iter().zip(&self.ends).find(|(_, end)| now < **end)?;
        let whole = (self.done_at() - self.started_at).num_seconds().max(1);
        let percent = ((now - self.started_at).num_seconds().max(0) * 100 / whole).min(99);
        Some(Progress { stage: *stage, percent: u8::try_from(percent).unwrap_or(99) })
    }

    /// The end of the stage that it is in; none when it is done.
    pub fn next_event(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.ends.iter().copied().find(|end| now < *end)
    }
}

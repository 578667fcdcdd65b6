//! What happens to environments by itself: trials that end, unused ones that are deleted, operations that do not end.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Kind, Look, OVER, Place};
use crate::domain::environment::{Environment, EnvironmentState, EnvironmentType, PastState};
use crate::domain::estate::EnvironmentKey;
use crate::domain::known::Known;
use crate::domain::rulebook::Cleanup;
use crate::domain::seen::{FactGroup, Group};
use crate::domain::time::{minute, span};
use crate::domain::words::counted;

impl Look<'_> {
    /// What Microsoft does to it without being asked, and what it began and did not end.
    pub(super) fn by_itself(&mut self, key: EnvironmentKey, environment: &Environment) {
        self.hanging(key, environment);
        let Some(cleanup) = &self.rulebook.cleanup else { return };
        match environment.kind {
            Known::Is(EnvironmentType::Trial) => self.trial(key, environment, cleanup),
            Known::Is(kind) if cleanup.inactive_types.contains(&kind) => self.inactive(key, environment, cleanup),
            Known::Is(_) | Known::Unknown => {}
        }
    }

    /// A standard trial ends after a fixed time, which can be extended once, shortly before (CUR-031).
    fn trial(&mut self, key: EnvironmentKey, environment: &Environment, cleanup: &Cleanup) {
        let Known::Is(created_at) = environment.created_at else { return };
        let (end, last) = (created_at + TimeDelta::days(cleanup.trial_days), created_at + TimeDelta::days(cleanup.trial_extended_days));
        let within = TimeDelta::days(cleanup.trial_extends_within_days);
        for change in [end - within, end + OVER, last - within, last + OVER] {
            self.changes(change);
        }
        let name = &environment.name;
        let keep = "Convert it to production if it is to stay, which needs 1 GB of database storage, or export its solutions";
        let told = if (end - within..=end).contains(&self.now) {
            let message = format!("The trial {name} ends on {}: it is disabled and deleted then", minute(end));
            Some((end, message, format!("Extend it in the admin center, which can be done once. {keep}")))
        } else if self.now > end && (last - within..=last).contains(&self.now) {
            let message = format!("The trial {name}, which must have been extended, ends on {}: it is disabled and deleted then", minute(last));
            Some((last, message, keep.to_owned()))
        } else {
            None
        };
        if let Some((due, message, remedy)) = told {
            self.add(Kind::TrialEnds, key, Some(due), (message, remedy), Place::Details(key));
        }
    }

    /// What nobody uses is disabled, and deleted some time after that (CUR-030). When it was disabled is listed nowhere; it was
    /// before somebody looked.
    fn inactive(&mut self, key: EnvironmentKey, environment: &Environment, cleanup: &Cleanup) {
        if environment.state != Known::Is(EnvironmentState::Disabled) {
            return;
        }
        let Known::Is(looked_at) = self.state_seen(environment) else { return };
        let last = looked_at + TimeDelta::days(cleanup.deleted_after_days);
        let (days, unused) = (counted_days(cleanup.deleted_after_days), counted_days(cleanup.inactive_days));
        let message = format!(
            "{} is disabled. If that is because nobody used it for {unused}, it is deleted {days} after it was disabled: by {} at the latest",
            environment.name,
            minute(last)
        );
        let remedy = "Enable it in the admin center if somebody needs it; after its deletion it can be recovered for 7 days".to_owned();
        self.add(Kind::Inactive, key, None, (message, remedy), Place::Details(key));
    }

    /// An operation that runs for longer than any is said to.
    fn hanging(&mut self, key: EnvironmentKey, environment: &Environment) {
        let doing = match environment.state {
            Known::Is(EnvironmentState::Preparing) => "preparing",
            Known::Is(EnvironmentState::Running) => "busy with an operation",
            Known::Is(EnvironmentState::Ready | EnvironmentState::Failed | EnvironmentState::Disabled) | Known::Unknown => return,
        };
        let Known::Is(looked_at) = self.state_seen(environment) else { return };
        let Some(begun_at) = begun_at(environment) else { return };
        let longest = TimeDelta::hours(self.rulebook.limits.hanging_hours);
        if looked_at - begun_at <= longest {
            return;
        }
        let message = format!("{} was {doing} for {} when it was looked at: operations end within a day", environment.name, span(looked_at - begun_at));
        let remedy = "Capture the tenant again; if it still is, ask Microsoft Support, with the id of the operation from its history".to_owned();
        self.add(Kind::Hanging, key, None, (message, remedy), Place::Details(key));
    }

    fn state_seen(&self, environment: &Environment) -> Known<DateTime<Utc>> {
        environment.seen(Group::Facts(FactGroup::State), self.estate.captured_at())
    }
}

/// Since when something is known to run in it: the operation of its history that did not end, else its creation while it is made.
fn begun_at(environment: &Environment) -> Option<DateTime<Utc>> {
    let running = match &environment.history {
        Known::Is(history) => history.iter().find(|past| past.state == Known::Is(PastState::Running)),
        Known::Unknown => None,
    };
    let created_at = if environment.state == Known::Is(EnvironmentState::Preparing) { environment.created_at } else { Known::Unknown };
    match (running.map_or(Known::Unknown, |past| past.started_at), created_at) {
        (Known::Is(at), _) | (Known::Unknown, Known::Is(at)) => Some(at),
        (Known::Unknown, Known::Unknown) => None,
    }
}

fn counted_days(days: i64) -> String {
    counted(usize::try_from(days).unwrap_or(0), "day")
}

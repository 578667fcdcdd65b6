//! The pages on which a restore says to when and onto what, and what the step of a plan asks of both.

use chrono::{DateTime, Utc};
use tui_input::Input;

use super::{Beside, Wizard};
use crate::app::choices::newest_first;
use crate::app::pages::Field;
use crate::app::plans;
use crate::domain::backup::kept_window;
use crate::domain::estate::{EnvironmentKey, Estate};
use crate::domain::instant::{self, Offset};
use crate::domain::known::Known;
use crate::domain::operation::OperationKind;
use crate::domain::request::{Back, Choice, Group};
use crate::domain::rulebook::Rulebook;
use crate::domain::time;
use crate::domain::verdict::{Code, Finding, Severity};

/// What the step of a plan asks of the wizard that it opens.
#[derive(Debug, Clone, Default)]
pub struct Bound {
    /// What a restore goes back to, where that was chosen when the plan was begun.
    pub back: Option<Back>,
    /// The one environment that it may overwrite.
    pub onto: Option<EnvironmentKey>,
}

impl Wizard {
    /// Begins with an instant or backup that was chosen before the wizard was opened.
    pub fn begin_at(&mut self, at: DateTime<Utc>) {
        if self.draft.instant.value().is_empty() {
            self.draft.instant = Input::new(instant::written(at));
        }
    }

    /// Binds it to what the step of a plan asks: its point is what stands there first, and nothing else is overwritten.
    pub fn bind(&mut self, bound: &Bound, estate: &Estate) {
        if let Some(back) = &bound.back {
            self.draft.instant = Input::new(instant::written(back.at()));
            let chosen = newest_first(estate.environment(self.source())).iter().position(|backup| match back {
                Back::Backup(id, _) => backup.id == *id,
                Back::To(_) => false,
            });
            self.draft.row = chosen.map_or(0, |row| row + 1);
            self.draft.on = None;
        }
        self.only = bound.onto.map(|key| estate.environment(key).id.clone());
        self.targets.prefer = bound.onto;
    }

    /// The instant or backup that is chosen. An instant that cannot be restored to is replaced by the nearest that can.
    pub(super) fn chosen_point(&mut self, estate: &Estate, rulebook: &Rulebook, now: DateTime<Utc>, offset: Offset) -> Result<Back, String> {
        let source = estate.environment(self.source());
        let row = self.choices.get(self.draft.row).ok_or("There is nothing to choose")?;
        if let Some(reason) = row.refused.clone() {
            return Err(reason);
        }
        if !row.id.is_empty() {
            let backup = newest_first(source).into_iter().find(|backup| backup.id == row.id).ok_or("There is no such backup")?;
            return Ok(Back::Backup(backup.id.clone(), backup.taken_at));
        }
        // Nobody who names no instant means now: it is what the restore would not change (RST-010).
        if self.draft.instant.value().trim().is_empty() {
            return Err("Type the instant to restore to: 14:35, yesterday 14:35, 04 Jan 14:35, -3d".to_owned());
        }
        let at = instant::read(self.draft.instant.value(), now, offset)?;
        if let Known::Is(Some(window)) = kept_window(source, rulebook, now)
            && (at < window.from || at > window.to)
        {
            let nearest = if at < window.from { minute_after(window.from) } else { window.to };
            self.draft.instant = Input::new(nearest.format("%Y-%m-%d %H:%M").to_string());
            return Err(format!("{} cannot be restored to; the nearest point is {}: Enter takes it", time::minute(at), time::minute(nearest)));
        }
        Ok(Back::To(at))
    }

    /// That the target under the cursor is what is restored, and is production, which the plan to restore it onto itself is for.
    pub fn refused_itself(&self) -> Option<&Finding> {
        let itself = self.kind == OperationKind::Restore && self.targets.selected() == Some(self.source());
        let findings = self.targets.verdict().filter(|_| itself).map(|verdict| verdict.findings.iter());
        findings?.find(|finding| finding.code == Code::TargetIsProduction && finding.severity == Severity::Block)
    }

    /// Takes the target under the cursor, or says why it cannot be taken.
    pub(super) fn choose_target(&mut self, estate: &Estate, rulebook: &Rulebook, now: DateTime<Utc>) -> Result<(), String> {
        let Some(key) = self.targets.selected() else { return Err("No target is chosen".to_owned()) };
        if let Some(only) = self.only.as_ref().filter(|only| estate.environment(key).id != **only) {
            let name = estate.find(only).map_or("", |key| &estate.environment(key).name);
            return Err(format!("This step of the plan overwrites {name} and nothing else: choose that"));
        }
        if let Some(finding) = self.targets.verdict().and_then(|verdict| verdict.findings.iter().find(|finding| finding.severity == Severity::Block)) {
            // With a key in it, it has to fit the narrowest screen: the reasons stand beside the list in full.
            return Err(match self.refused_itself() {
                Some(_) if self.back_to().is_none_or(|back| plans::reaches(back.at(), rulebook, now)) => {
                    "Production is never overwritten: p plans to switch it, restore, switch back".to_owned()
                }
                Some(_) => "Production is never overwritten, and a switch loses that point: take a sandbox".to_owned(),
                None => format!("Blocked: {}", finding.message),
            });
        }
        if self.draft.target != Some(key) {
            // Another target: its name, its group, and nothing acknowledged.
            self.draft.target = Some(key);
            self.draft.name = Input::new(estate.environment(key).name.to_string());
            self.draft.group = Choice::Chosen(Group::Keep);
            self.draft.half = Choice::Chosen(Beside::Along);
            self.draft.acknowledged.clear();
            self.draft.typed = Input::default();
        }
        // What the details show is chosen by going on from there.
        self.draft.audit_logs = Choice::Chosen(self.draft.audit_logs.is(&true));
        self.field = Field::Name;
        Ok(())
    }
}

/// The first whole minute of a window that begins between two.
fn minute_after(from: DateTime<Utc>) -> DateTime<Utc> {
    let at = DateTime::from_timestamp(from.timestamp().div_euclid(60) * 60, 0).unwrap_or(from);
    if at < from { time::next_minute(from) } else { at }
}

//! The pages of the wizard that only a move to another tenant has.

use chrono::{DateTime, Utc};

use super::Wizard;
use crate::app::layout::Layout;
use crate::app::pages::{Page, Step};
use crate::domain::estate::{EnvironmentKey, Estate};
use crate::domain::instant::Offset;
use crate::domain::operation::OperationKind;
use crate::domain::request::Context;
use crate::domain::time;

impl Wizard {
    /// Takes the tenant under the cursor as the destination, or says why nothing makes it one.
    pub(super) fn choose_destination(&mut self, estate: &Estate) -> Result<(), String> {
        let Some(key) = self.destinations.selected() else { return Err("No tenant is chosen".to_owned()) };
        if let Some(reason) = self.destinations.refused() {
            return Err(format!("Blocked: {reason}"));
        }
        let to = &estate.tenant(key).id;
        if self.draft.moving.to.as_ref() != Some(to) {
            // Another destination: nothing acknowledged holds.
            self.draft.acknowledged.clear();
            self.draft.moving.to = Some(to.clone());
        }
        Ok(())
    }

    /// Whether what was typed for a move can be read.
    pub(super) fn move_is_complete(&self, estate: &Estate, now: DateTime<Utc>, offset: Offset) -> Result<(), String> {
        let moving = &self.draft.moving;
        if let Some(at) = moving.begins(now, offset)?.map(|at| at.to_utc()).filter(|at| *at < now) {
            return Err(format!("Planned cut-over: {} is over; leave it empty where it is open", time::minute(at)));
        }
        moving.each.iter().try_for_each(|chosen| moving.group_of(chosen, estate).map(|_| ()))
    }

    /// Goes to the review at once, where a plan says all that is chosen before it.
    pub fn go_to_review(&mut self) {
        self.go(Page::Review);
    }

    /// Why there is nothing to plan: no preparation takes this away.
    pub fn never(&self) -> Option<&str> {
        self.never.as_deref()
    }

    /// Works out again what the pages of a move show; true when something changed.
    pub fn refresh_move(&mut self, context: &Context<'_>, layout: &Layout) -> bool {
        if self.kind != OperationKind::Migrate {
            return false;
        }
        let estate = context.estate;
        let (list, reasons) = layout.targets();
        let screen = (usize::from(list.inside().height.saturating_sub(Layout::TARGETS_HEAD)), usize::from(reasons.inside().width));
        let environment = estate.environment(self.source());
        let chosen = self.draft.moving.destination(estate);
        let mut changed = match (&self.step, chosen) {
            (Step::Tenant, chosen) => self.destinations.refresh(environment, chosen.map(|(key, _)| key), context, screen),
            (Step::Questions, Some((_, to))) => self.questions.refresh(environment, to, estate, layout.question_rows()),
            _ => false,
        };
        if self.draft.moving.refresh(estate, usize::from(layout.body.width.saturating_sub(4))) {
            self.reviewed = None;
            changed = true;
        }
        changed
    }

    /// Whether several environments move, which only a plan does.
    pub fn moves_several(&self) -> bool {
        self.kind == OperationKind::Migrate && self.draft.moving.each.len() > 1
    }

    /// The environments that move, as far as they are there.
    pub fn moving_keys(&self, estate: &Estate) -> Vec<EnvironmentKey> {
        self.draft.moving.each.iter().filter_map(|chosen| estate.find(chosen.environment.as_ref()?)).collect()
    }
}

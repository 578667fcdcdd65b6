//! What is tried out on the estate in memory: begun, completed, practised on, taken back; and what a completed operation writes down.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::Estate;
use crate::domain::checklist::{self, Template};
use crate::domain::environment::EnvironmentId;
use crate::domain::journal::{Entry, EntryId, Journal, What};
use crate::domain::operation::{Operation, Outcome};
use crate::domain::plan::Plan;
use crate::domain::request::Request;
use crate::domain::rulebook::Rulebook;
use crate::domain::schedule::Schedule;

/// An operation that is tried out in memory: never saved, taken back with a key.
#[derive(Debug, Clone)]
pub struct Rehearsal {
    /// What is tried out.
    pub plan: Plan,
    /// When each stage ends.
    pub schedule: Schedule,
    /// The operation, its checklist and the ticks: practice, not evidence. Empty while it runs.
    pub journal: Journal,
}

impl Rehearsal {
    /// Whether all stages are over.
    pub fn is_done(&self) -> bool {
        !self.journal.entries().is_empty()
    }

    /// Takes back the newest tick; false when there is none.
    fn take_back_tick(&mut self) -> bool {
        // The operation and the opening of its checklist are no ticks.
        let ticks = self.journal.entries().iter().filter(|entry| matches!(entry.what, What::Item { .. })).count();
        if ticks == 0 {
            return false;
        }
        // A tick that changed a fact is two entries: the change stands behind the tick.
        while let Some(entry) = self.journal.take_back() {
            if matches!(entry.what, What::Item { .. }) {
                break;
            }
        }
        true
    }
}

/// What undoing took back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undone {
    /// A tick in the checklist of a rehearsal.
    Tick,
    /// A whole rehearsal, of a copy onto this environment.
    Rehearsal(EnvironmentId),
}

impl Estate {
    /// What is rehearsed, in the order in which it was begun.
    pub fn rehearsals(&self) -> &[Rehearsal] {
        &self.rehearsals
    }

    /// The rehearsal that runs onto or from an environment.
    pub fn running(&self, id: &EnvironmentId) -> Option<&Rehearsal> {
        self.rehearsals
            .iter()
            .find(|rehearsal| !rehearsal.is_done() && (rehearsal.plan.request().target == *id || rehearsal.plan.request().source.as_ref() == Some(id)))
    }

    /// Whether what is shown of an environment was only rehearsed.
    pub fn is_rehearsed(&self, id: &EnvironmentId) -> bool {
        self.rehearsals.iter().any(|rehearsal| rehearsal.is_done() && rehearsal.plan.request().target == *id)
    }

    /// Begins to rehearse a plan.
    pub fn rehearse(&mut self, plan: Plan, rulebook: &Rulebook, now: DateTime<Utc>) {
        let Request { source, target, change } = plan.request();
        let from = self.find(source.as_ref().unwrap_or(target)).map_or(self.facts.nobody(), |key| self.environment(key));
        let schedule = Schedule::of(change, from, rulebook, now);
        self.rehearsals.push(Rehearsal { plan, schedule, journal: Journal::default() });
        self.fold();
    }

    /// Completes rehearsals whose time has come and returns what was done.
    pub fn settle(&mut self, by: &Arc<str>, templates: &[Template], now: DateTime<Utc>) -> Vec<Operation> {
        let over = |rehearsal: &Rehearsal| !rehearsal.is_done() && now >= rehearsal.schedule.done_at();
        let mut completed = Vec::new();
        for place in (0..self.rehearsals.len()).filter(|place| self.rehearsals.get(*place).is_some_and(over)).collect::<Vec<_>>() {
            let Some(Rehearsal { plan, schedule, .. }) = self.rehearsals.get(place) else { continue };
            let done_at = schedule.done_at();
            let operation = plan.operation(schedule.started_at, done_at, None, None);
            let entries = entries_of(operation.clone(), templates, self, Arc::clone(by), done_at);
            completed.push(operation);
            if let Some(rehearsal) = self.rehearsals.get_mut(place) {
                entries.into_iter().for_each(|entry| rehearsal.journal.add(entry));
            }
        }
        if !completed.is_empty() {
            self.fold();
        }
        completed
    }

    /// Adds entries to the practice of the rehearsal that opened this checklist; false when no rehearsal did.
    pub fn practise(&mut self, checklist: &EntryId, entries: Vec<Entry>) -> bool {
        let Some(rehearsal) = self.rehearsals.iter_mut().find(|rehearsal| rehearsal.journal.entry(checklist).is_some()) else { return false };
        for entry in entries {
            rehearsal.journal.add(entry);
        }
        self.fold();
        true
    }

    /// Takes back the last rehearsed step: the newest tick of the newest rehearsal, or the rehearsal itself.
    pub fn undo(&mut self) -> Option<Undone> {
        let last = self.rehearsals.last_mut()?;
        let undone = if last.take_back_tick() {
            Undone::Tick
        } else {
            let target = last.plan.request().target.clone();
            self.rehearsals.pop();
            Undone::Rehearsal(target)
        };
        self.fold();
        Some(undone)
    }

    /// Takes back the newest tick in the checklist of a rehearsal; false when there is none.
    pub fn untick(&mut self, checklist: &EntryId) -> bool {
        let Some(rehearsal) = self.rehearsals.iter_mut().find(|rehearsal| rehearsal.journal.entry(checklist).is_some()) else { return false };
        let unticked = rehearsal.take_back_tick();
        if unticked {
            self.fold();
        }
        unticked
    }

    /// Whether something of a rehearsal shows in the facts of an environment.
    pub fn is_practised_on(&self, id: &EnvironmentId) -> bool {
        self.running(id).is_some() || self.is_rehearsed(id)
    }

    /// Takes back everything that was rehearsed and returns how much it was.
    pub fn discard(&mut self) -> usize {
        let count = self.rehearsals.len();
        if count > 0 {
            self.rehearsals.clear();
            self.fold();
        }
        count
    }

    /// The journals that checklists are worked in: those of rehearsals, the newest first, then the real one.
    pub fn journals(&self) -> impl Iterator<Item = (&Journal, bool)> {
        let practice = self.rehearsals.iter().rev().map(|rehearsal| (&rehearsal.journal, true));
        practice.chain([(&self.journal, false)])
    }
}

/// What is written down when an operation was carried out: the operation, and the opening of every checklist that it
/// opens once it has succeeded. A plan that was begun for it goes on instead of being opened again.
pub fn entries_of(operation: Operation, templates: &[Template], estate: &Estate, by: Arc<str>, at: DateTime<Utc>) -> Vec<Entry> {
    let environment = operation.target.clone();
    // What it has afterwards comes from the source, where there is one.
    let content = operation.source.iter().chain([&environment]).find_map(|id| estate.find(id)).map(|key| estate.environment(key));
    let carried_out = Entry::new(at, Arc::clone(&by), What::Operation(Box::new(operation.clone())));
    let mut journal = estate.journal().clone();
    journal.add(carried_out.clone());
    let begun = checklist::open_for(&journal, templates, &environment);
    let succeeded = operation.outcome == Outcome::Succeeded;
    let opened = templates.iter().filter(|template| succeeded && template.is_opened_by(&operation, content, estate.edition()));
    let opened = opened.filter(|template| template.plan.is_none() || !begun.iter().any(|begun| *begun.template == *template.id));
    let opened: Vec<Box<str>> = opened.map(|template| template.id.clone()).collect();
    let id = carried_out.id.clone();
    // Some milliseconds later, so that the order is kept wherever the entries are sorted.
    let opened = (1..).zip(opened).map(|(later, checklist)| {
        let what = What::ChecklistOpened { environment: environment.clone(), checklist, operation: Some(id.clone()) };
        Entry::new(at + TimeDelta::milliseconds(later), Arc::clone(&by), what)
    });
    [carried_out].into_iter().chain(opened).collect()
}

//! Every tenant as the destination of a move: possible ones first, each with all its reasons.

use chrono::{DateTime, Utc};

use crate::app::details::scroll;
use crate::app::list::{Cursor, Step};
use crate::app::targets::{Reason, wrapped};
use crate::domain::environment::Environment;
use crate::domain::migration::FINAL;
use crate::domain::request::{Case, Change, Context, Move, Request};
use crate::domain::tenant::TenantKey;
use crate::domain::verdict::{Code, Outline, Severity, Verdict};

/// A tenant with what the verdict comes to, without words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Destination {
    /// Which tenant.
    pub key: TenantKey,
    /// What a move there comes to.
    pub outline: Outline,
}

/// The tenants that an environment can be moved to.
#[derive(Debug, Default)]
pub struct Destinations {
    /// The cursor.
    pub cursor: Cursor,
    /// First line of the reasons on screen.
    pub reasons_top: usize,
    rows: Vec<Destination>,
    verdict: Option<(TenantKey, Verdict)>,
    reasons: Vec<Reason>,
    computed: Option<(u64, Option<DateTime<Utc>>)>,
    width: usize,
}

impl Destinations {
    /// The tenants, possible ones first, the one where it is last.
    pub fn rows(&self) -> &[Destination] {
        &self.rows
    }

    /// The tenant under the cursor.
    pub fn selected(&self) -> Option<TenantKey> {
        self.rows.get(self.cursor.at).map(|row| row.key)
    }

    /// The verdict of the tenant under the cursor, in words.
    pub fn verdict(&self) -> Option<&Verdict> {
        self.verdict.as_ref().map(|(_, verdict)| verdict)
    }

    /// The reasons of the tenant under the cursor, as lines that fit the screen.
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// Why no preparation makes the tenant under the cursor a destination.
    pub fn refused(&self) -> Option<&str> {
        self.verdict().and_then(never)
    }

    /// Moves the cursor; true when it moved.
    pub fn step(&mut self, step: Step, height: usize) -> bool {
        let moved = self.cursor.step(step, self.rows.len(), height);
        if moved {
            self.reasons_top = 0;
        }
        moved
    }

    /// Scrolls the reasons; true when something moved.
    pub fn scroll_reasons(&mut self, step: Step, height: usize) -> bool {
        scroll(&mut self.reasons_top, step, self.reasons.len(), height)
    }

    /// Judges again what has to be judged again; true when something changed. The cursor begins on `chosen`.
    pub fn refresh(&mut self, environment: &Environment, chosen: Option<TenantKey>, context: &Context<'_>, (height, width): (usize, usize)) -> bool {
        let mut changed = false;
        let Context { estate, now, .. } = *context;
        let request = |to| question(environment, to, context);
        let holds = self.computed.is_some_and(|(revision, until)| revision == estate.revision() && until.is_none_or(|until| now <= until));
        if !holds {
            let kept = self.selected().or(chosen);
            let row = |(key, _)| Case::of(&request(key), context).ok().map(|case| Destination { key, outline: case.outline().without(LATER) });
            self.rows = estate.tenants().filter_map(row).collect();
            self.rows.sort_by_key(|row| (row.key == environment.tenant, row.outline.answer()));
            let at = kept.and_then(|kept| self.rows.iter().position(|row| row.key == kept)).unwrap_or(0);
            self.cursor.go(at, self.rows.len(), height);
            let until = self.rows.iter().filter_map(|row| row.outline.holds_until).min();
            (self.computed, self.verdict) = (Some((estate.revision(), until)), None);
            changed = true;
        }
        let selected = self.selected();
        if self.verdict.as_ref().map(|(key, _)| *key) != selected {
            self.verdict = selected.and_then(|key| Some((key, Case::of(&request(key), context).ok()?.verdict().without(LATER))));
            self.width = 0;
        }
        if self.width != width {
            self.reasons = self.verdict().map(|verdict| wrapped(verdict, width)).unwrap_or_default();
            self.width = width;
            changed = true;
        }
        changed
    }
}

/// The mapping file is named on a later page.
const LATER: Code = Code::MappingMissing;

/// What is asked of a tenant before anything else is chosen.
fn question(environment: &Environment, to: TenantKey, context: &Context<'_>) -> Request {
    let moved = Move::of(environment, context.estate.tenant(to), context.rulebook());
    Request { source: None, target: environment.id.clone(), change: Change::Migrate(Box::new(moved)) }
}

/// The first reason that no preparation takes away, if there is one.
pub fn never(verdict: &Verdict) -> Option<&str> {
    let stays = verdict.findings.iter().find(|finding| finding.severity == Severity::Block && FINAL.contains(&finding.code));
    stays.map(|finding| finding.message.as_str())
}

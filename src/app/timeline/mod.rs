//! The backups of the chosen environment: the window that can be restored from, manual backups, and a cursor in time.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use self::reason::reason;
use self::scale::Zoom;
use crate::app::action;
use crate::domain::backup::{self, Readiness, Window, can_be_made, expires_at, readiness, window};
use crate::domain::environment::{Environment, EnvironmentType};
use crate::domain::estate::{EnvironmentKey, Estate};
use crate::domain::known::Known;
use crate::domain::linked;
use crate::domain::loss::loss;
use crate::domain::retention::retention;
use crate::domain::rulebook::Rulebook;
use crate::domain::time;

mod reason;
pub mod scale;

/// A manual backup as it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Its id, permanent in its environment.
    pub id: Box<str>,
    /// Its name; none where nobody looked it up.
    pub name: Option<Box<str>>,
    /// The instant it restores to.
    pub at: DateTime<Utc>,
    /// Whether it can be restored from.
    pub readiness: Known<Readiness>,
    /// When it can be restored from at the earliest.
    pub ready_at: DateTime<Utc>,
    /// When it counts as ready without a warning.
    pub settled_at: DateTime<Utc>,
    /// When it is removed.
    pub expires_at: Known<Option<DateTime<Utc>>>,
    /// Whether that is soon.
    pub expires_soon: bool,
    /// Whether it may have been removed although its time has not come (C-28, CUR-028).
    pub may_be_gone: bool,
}

/// What is drawn as if backups were kept for fewer days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preview {
    /// For how many days they would be kept.
    pub days: u16,
    /// What would lead to it, to begin a sentence with: "After a switch to sandbox".
    pub what: &'static str,
}

impl Preview {
    /// What a switch to sandbox would leave, which keeps backups for so many days.
    pub const fn switch(days: u16) -> Self {
        Self { days, what: "After a switch to sandbox" }
    }

    /// What a shorter retention would leave.
    pub const fn retention(days: u16) -> Self {
        Self { days, what: "With a shorter retention" }
    }
}

/// What would be lost by what is previewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// The ids of the manual backups that would go.
    pub ids: Vec<Box<str>>,
    /// The system backups that would go, up to the instant behind them.
    pub systems: Option<Window>,
    /// All of it in words.
    pub text: String,
    /// Whether anything would.
    pub any: bool,
}

/// Where the window begins, and why there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// So many days ago: it moves with time.
    #[default]
    Retention,
    /// With the environment itself.
    Creation,
    /// With the copy that overwrote it (C-19).
    Copy,
}

/// The database of the finance and operations half, which has a lane of its own (LNK-023).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Half {
    /// How far back a point-in-time restore takes it.
    pub days: Known<u16>,
    /// Its oldest instant.
    pub from: Known<DateTime<Utc>>,
}

impl Half {
    /// From when on both halves can be restored to the same instant (LNK-027); none where they never can.
    pub fn both_from(&self, window: Window) -> Known<Option<DateTime<Utc>>> {
        self.from.map(|from| Some(from.max(window.from)).filter(|from| *from <= window.to))
    }
}

/// What there is of the system backup at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It can be restored to, in a whole day.
    Whole,
    /// It can be restored to, but not its whole day (C-09).
    Part,
    /// It would be lost by what is previewed.
    Lost,
    /// It may be gone.
    Doubtful,
    /// A copy has overwritten it.
    Overwritten,
    /// There is nothing.
    Nothing,
}

/// The instant under the cursor, and the manual backup there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point<'a> {
    /// The instant to restore to.
    pub at: DateTime<Utc>,
    /// The id of the manual backup that was taken at it.
    pub backup: Option<&'a str>,
}

/// The backups of the chosen environment, computed when the choice, the facts or the minute change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// Where the cursor is; none means the newest instant.
    pub cursor: Option<DateTime<Utc>>,
    /// How closely it is looked at.
    pub zoom: Zoom,
    /// Whether it takes all of the screen while it has the keyboard.
    pub whole: bool,
    /// What is in force, in days.
    pub days: Known<Option<u16>>,
    /// The retentions that missing facts leave open.
    pub possible: Vec<Option<u16>>,
    /// What can be restored to.
    pub window: Known<Option<Window>>,
    /// Why it begins where it does.
    pub reach: Reach,
    /// What the scale shows at the widest: the window, what was cut off it, the other lane, and the time up to now.
    pub all: Option<Window>,
    /// Before that, what the window has may be gone (C-28, CUR-028).
    pub doubtful_before: Option<DateTime<Utc>>,
    /// From when to when it was deleted, where it was recovered since (G-12).
    pub unbacked: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    /// The finance and operations half, where there is one.
    pub half: Option<Half>,
    /// Whether manual backups can be made of it.
    pub can_be_made: Known<bool>,
    /// Manual backups, newest first.
    pub marks: Vec<Mark>,
    /// Why it is as it is: the reason for the retention, or for there being none.
    pub reason: String,
    /// What would be lost by what is reviewed, else by what is previewed.
    pub lost: Option<Lost>,
    reviewed: bool,
    preview: Option<Preview>,
    previews: Vec<Preview>,
    of: Option<(EnvironmentKey, u64)>,
    changes_at: Option<DateTime<Utc>>,
}

impl Timeline {
    /// When something in it changes by itself.
    pub const fn changes_at(&self) -> Option<DateTime<Utc>> {
        self.changes_at
    }

    /// Computes it again for the chosen environment; true when something shown changed. What is `reviewed` shows its losses
    /// instead of what was previewed, which is there again afterwards.
    pub fn refresh(&mut self, key: Option<EnvironmentKey>, reviewed: Option<Preview>, estate: &Estate, rulebook: &Rulebook, now: DateTime<Utc>) -> bool {
        let of = key.map(|key| (key, estate.revision()));
        let Some(key) = key else {
            let empty = Self { zoom: self.zoom, whole: self.whole, ..Self::default() };
            let changed = *self != empty;
            *self = empty;
            return changed;
        };
        let environment = estate.environment(key);
        let same = self.of.map(|(key, _)| key) == Some(key);
        let cursor = self.cursor.filter(|_| same);
        // What was previewed belongs to the facts as they were.
        let preview = self.preview.filter(|_| self.of.is_none() || self.of == of);
        let lost = reviewed.or(preview).map(|preview| lost(environment, preview, rulebook, now));
        let new = Self { cursor, zoom: self.zoom, whole: self.whole, preview, lost, reviewed: reviewed.is_some(), of, ..Self::of(environment, rulebook, now) };
        let changed = *self != new;
        *self = new;
        changed
    }

    fn of(environment: &Environment, rulebook: &Rulebook, now: DateTime<Utc>) -> Self {
        let kept = retention(environment, rulebook);
        let soon = TimeDelta::hours(rulebook.limits.expiring_soon_hours);
        let mut marks: Vec<Mark> = match &environment.backups {
            Known::Unknown => Vec::new(),
            Known::Is(backups) => backups
                .iter()
                .map(|backup| {
                    let expires_at = expires_at(backup, &kept);
                    let readiness = readiness(backup, &kept, rulebook, now);
                    Mark {
                        id: backup.id.clone(),
                        name: match &backup.name {
                            Known::Is(name) => Some(name.clone()),
                            Known::Unknown => None,
                        },
                        at: backup.taken_at,
                        ready_at: backup.taken_at + TimeDelta::minutes(rulebook.limits.backup_not_ready_minutes),
                        settled_at: backup.taken_at + TimeDelta::minutes(rulebook.limits.backup_settling_minutes),
                        readiness,
                        expires_at,
                        expires_soon: expires_at.is(|at| at.is_some_and(|at| at >= now && at - now <= soon)),
                        may_be_gone: readiness.is_unknown() && (backup.may_be_gone || backup.overwritten),
                    }
                })
                .collect(),
        };
        marks.sort_by_key(|mark| std::cmp::Reverse(mark.at));
        let changes_at = marks
            .iter()
            .flat_map(|mark| {
                let expiry = match mark.expires_at {
                    Known::Is(Some(at)) => [Some(at), Some(at - soon)],
                    Known::Is(None) | Known::Unknown => [None, None],
                };
                [Some(mark.ready_at), Some(mark.settled_at)].into_iter().chain(expiry)
            })
            .flatten()
            .filter(|at| *at > now)
            .min();
        let window = window(environment, rulebook, now);
        let uncut = backup::kept_window(environment, rulebook, now);
        // Both halves of a unified environment are in its own backups.
        let half = linked::half(environment).filter(|_| linked::is_seen_to_apart(environment)).map(|half| Half {
            days: half.point_in_time_restore_days,
            from: half.point_in_time_restore_days.map(|days| now - TimeDelta::days(i64::from(days))),
        });
        let overwritten = environment.restorable_since.filter(|_| !backup::ends_restore_points(rulebook));
        Self {
            days: kept.in_force(),
            possible: kept.possible().to_vec(),
            window,
            reach: reach(environment, window, uncut),
            all: all(window, uncut, half, now),
            doubtful_before: overwritten.max(environment.may_be_gone_before),
            unbacked: environment.unbacked.clone(),
            half,
            can_be_made: can_be_made(environment, rulebook),
            marks,
            reason: reason(environment, kept.is_changeable(), rulebook, now),
            previews: previews(environment, rulebook),
            changes_at,
            ..Self::default()
        }
    }

    /// Where the cursor stands in a window.
    pub fn at(&self, window: Window) -> DateTime<Utc> {
        self.cursor.unwrap_or(window.to).clamp(window.from, window.to)
    }

    /// The instant under the cursor with the manual backup that stands there; none where nothing can be restored to.
    pub fn point(&self) -> Option<Point<'_>> {
        let Known::Is(Some(window)) = self.window else { return None };
        let at = self.at(window);
        Some(Point { at, backup: self.mark_at(at).map(|mark| &*mark.id) })
    }

    /// The manual backup at the cursor, if the cursor stands on one.
    pub fn mark_at(&self, at: DateTime<Utc>) -> Option<&Mark> {
        self.marks.iter().find(|mark| mark.at == at)
    }

    /// The part of time that the scale shows.
    pub fn shown(&self) -> Option<Window> {
        let Known::Is(Some(window)) = self.window else { return None };
        self.all.map(|all| self.zoom.around(self.at(window), all))
    }

    /// What there is of the system backup at an instant.
    pub fn kept(&self, at: DateTime<Utc>) -> Kept {
        let Known::Is(Some(window)) = self.window else { return Kept::Nothing };
        if at > window.to {
            return Kept::Nothing;
        }
        if at < window.from {
            return if self.reach == Reach::Copy { Kept::Overwritten } else { Kept::Nothing };
        }
        if self.unbacked.iter().any(|(from, to)| at > *from && at < *to) {
            return Kept::Nothing;
        }
        let lost = self.lost.as_ref().and_then(|lost| lost.systems);
        if lost.is_some_and(|lost| at >= lost.from && at < lost.to) {
            return Kept::Lost;
        }
        if self.doubtful_before.is_some_and(|before| at < before) {
            return Kept::Doubtful;
        }
        let whole = window.first_whole_day().is_some_and(|day| at >= day.and_time(NaiveTime::MIN).and_utc());
        if whole { Kept::Whole } else { Kept::Part }
    }

    /// Whether the manual backup would be lost by what is previewed.
    pub fn is_lost(&self, id: &str) -> bool {
        self.lost.as_ref().is_some_and(|lost| lost.ids.iter().any(|lost| &**lost == id))
    }

    /// The manual backup that is removed next, with the instant at which it is.
    pub fn next_out(&self, now: DateTime<Utc>) -> Option<(&Mark, DateTime<Utc>)> {
        let ends = self.marks.iter().filter(|mark| !matches!(mark.readiness, Known::Is(Readiness::Expired | Readiness::Overwritten)));
        let ends = ends.filter_map(|mark| match mark.expires_at {
            Known::Is(Some(at)) if at >= now => Some((mark, at)),
            Known::Is(_) | Known::Unknown => None,
        });
        ends.min_by_key(|(_, at)| *at)
    }

    /// What is previewed, if anything is.
    pub const fn preview(&self) -> Option<Preview> {
        self.preview
    }

    /// Whether what is reviewed would lose something that can be drawn.
    pub fn draws_review(&self) -> bool {
        self.reviewed && self.window.is(Option::is_some) && self.lost.as_ref().is_some_and(|lost| lost.any)
    }

    /// What could be previewed: a switch to sandbox, shorter retentions.
    pub fn previews(&self) -> &[Preview] {
        &self.previews
    }

    /// Goes to an instant, or to the one in the window that is nearest to it; tells where it went when that is another.
    pub fn go_to(&mut self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let Known::Is(Some(window)) = self.window else { return None };
        let nearest = at.clamp(window.from, window.to);
        self.cursor = (nearest != window.to).then_some(nearest);
        (nearest != at).then_some(nearest)
    }

    /// Takes back one thing that was looked at: what is previewed, then the whole screen; true when there was one.
    pub const fn back(&mut self) -> bool {
        if self.preview.is_some() {
            self.preview = None;
            return true;
        }
        std::mem::replace(&mut self.whole, false)
    }

    /// Moves the cursor or changes how it is looked at; true when something changed.
    pub fn go(&mut self, command: action::Timeline) -> bool {
        let Known::Is(Some(window)) = self.window else { return false };
        let at = self.at(window);
        let to = match command {
            action::Timeline::Day(days) => at + TimeDelta::days(i64::from(days)),
            action::Timeline::Hour(hours) => at + TimeDelta::hours(i64::from(hours)),
            action::Timeline::Minute(minutes) => at + TimeDelta::minutes(i64::from(minutes)),
            action::Timeline::End(direction) => {
                if direction > 0 {
                    window.to
                } else {
                    window.from
                }
            }
            action::Timeline::Backup(direction) => {
                let inside = self.marks.iter().map(|mark| mark.at).filter(|at| (window.from..=window.to).contains(at));
                let next = if direction > 0 { inside.filter(|mark| *mark > at).min() } else { inside.filter(|mark| *mark < at).max() };
                match next {
                    Some(next) => next,
                    None => return false,
                }
            }
            action::Timeline::Zoom(by) => {
                let next = self.all.and_then(|all| self.zoom.next(by > 0, all));
                self.zoom = next.unwrap_or(self.zoom);
                return next.is_some();
            }
            action::Timeline::Loss => {
                let at = self.preview.and_then(|preview| self.previews.iter().position(|other| *other == preview));
                let next = at.map_or(0, |at| at + 1);
                self.preview = self.previews.get(next).copied();
                return true;
            }
            action::Timeline::Ask | action::Timeline::Whole => return false,
        };
        let to = to.clamp(window.from, window.to);
        let moved = to != at;
        self.cursor = (to != window.to).then_some(to);
        moved
    }
}

/// Why the window begins where it does.
fn reach(environment: &Environment, window: Known<Option<Window>>, uncut: Known<Option<Window>>) -> Reach {
    match (window, uncut) {
        (Known::Is(Some(window)), Known::Is(Some(uncut))) if window.from > uncut.from => Reach::Copy,
        (Known::Is(Some(window)), _) if environment.created_at == Known::Is(window.from) => Reach::Creation,
        (Known::Is(_) | Known::Unknown, _) => Reach::Retention,
    }
}

/// Everything that the scale has to show.
fn all(window: Known<Option<Window>>, uncut: Known<Option<Window>>, half: Option<Half>, now: DateTime<Utc>) -> Option<Window> {
    let Known::Is(Some(window)) = window else { return None };
    let uncut = match uncut {
        Known::Is(Some(uncut)) => uncut.from,
        Known::Is(None) | Known::Unknown => window.from,
    };
    let half = match half.map(|half| half.from) {
        Some(Known::Is(from)) => from,
        Some(Known::Unknown) | None => window.from,
    };
    Some(Window { from: window.from.min(uncut).min(half), to: window.to.max(now) })
}

/// What can be tried in the timeline itself: a switch to sandbox, and shorter retentions where they can be set.
fn previews(environment: &Environment, rulebook: &Rulebook) -> Vec<Preview> {
    let kept = retention(environment, rulebook);
    if environment.kind != Known::Is(EnvironmentType::Production) || environment.is_deleted() == Known::Is(true) || kept.in_force() == Known::Is(None) {
        return Vec::new();
    }
    let switch = Preview::switch(rulebook.limits.retention_default);
    let longest = kept.possible().iter().flatten().copied().max().unwrap_or(0);
    let shorter = rulebook.limits.retention_choices.iter().filter(|days| **days < longest && kept.is_changeable() == Known::Is(true));
    std::iter::once(switch).chain(shorter.map(|days| Preview::retention(*days))).collect()
}

/// What keeping backups for fewer days would cost.
fn lost(environment: &Environment, preview: Preview, rulebook: &Rulebook, now: DateTime<Utc>) -> Lost {
    let loss = loss(environment, preview.days, rulebook, now);
    let systems = match loss.systems_from {
        Known::Is(Some(from)) => Some(Window { from, to: now - TimeDelta::days(i64::from(preview.days)) }),
        Known::Is(None) | Known::Unknown => None,
    };
    let any = loss.kept && !loss.is_nothing();
    let what = if any { loss.by_name() } else { loss.in_brief() };
    let mut letters = what.chars();
    let what: String = letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect();
    Lost { ids: loss.manual.iter().map(|backup| backup.id.clone()).collect(), systems, text: format!("{}: {what}", preview.what), any }
}

/// What a manual backup is called where there is room for its name only.
pub fn name(mark: &Mark) -> String {
    mark.name.as_deref().map_or_else(|| format!("the one of {}", time::short(mark.at)), str::to_owned)
}

/// An instant beside the local time of whoever looks.
pub fn both_times(at: DateTime<Utc>, offset: chrono::FixedOffset) -> String {
    let local = at.with_timezone(&offset);
    if offset.local_minus_utc() == 0 {
        return time::minute(at);
    }
    format!("{} ({} local)", time::minute(at), local.format("%d %b %H:%M"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::backup::Backup;
    use crate::domain::environment::{Dataverse, EnvironmentId};
    use crate::domain::rulebook::{Edition, Rulebooks};
    use crate::domain::tenant::TenantKey;
    use crate::files;

    fn at(text: &str) -> DateTime<Utc> {
        time::parse(text).unwrap()
    }

    fn rulebooks() -> Rulebooks {
        files::rulebook::built_in().unwrap()
    }

    /// A production environment that keeps its backups for 28 days, seen on 28 January.
    fn production() -> Environment {
        let backup = |id: &str, taken_at: &str| Backup {
            id: id.into(),
            name: Known::Is(format!("Backup {id}").into()),
            taken_at: at(taken_at),
            created_by: Known::Unknown,
            notes: Known::Unknown,
            overwritten: false,
            may_be_gone: false,
            region: None,
        };
        Environment {
            kind: Known::Is(EnvironmentType::Production),
            created_at: Known::Is(at("2025-01-01T00:00:00Z")),
            dataverse: Known::Is(Some(Dataverse::default())),
            dynamics_365_apps: Known::Is(vec!["Sales".into()]),
            managed: Known::Is(false),
            deleted_at: Known::Is(None),
            backups: Known::Is(vec![backup("a", "2026-01-03T12:00:00Z"), backup("b", "2026-01-20T12:00:00Z")]),
            ..Environment::unexplored(TenantKey(0), EnvironmentId::new("e"), "E".into())
        }
    }

    const NOW: &str = "2026-01-28T06:00:00Z";

    fn of(environment: &Environment, edition: Edition) -> Timeline {
        Timeline::of(environment, rulebooks().of(edition), at(NOW))
    }

    #[test]
    fn the_first_whole_day_is_told_apart_from_the_part_before() {
        let timeline = of(&production(), Edition::Articles);
        for (instant, kept) in [
            ("2025-12-31T05:59:59Z", Kept::Nothing),
            ("2025-12-31T06:00:00Z", Kept::Part),
            ("2025-12-31T23:59:59Z", Kept::Part),
            ("2026-01-01T00:00:00Z", Kept::Whole),
            (NOW, Kept::Whole),
            ("2026-01-28T06:00:01Z", Kept::Nothing),
        ] {
            assert_eq!(timeline.kept(at(instant)), kept, "{instant}");
        }
        assert_eq!(timeline.reach, Reach::Retention);
    }

    #[test]
    fn what_a_copy_overwrote_is_gone_by_the_articles_and_in_doubt_by_the_current_ones() {
        let since = at("2026-01-15T06:00:00Z");
        let mut copied = production();
        copied.restorable_since = Some(since);
        let before = since - TimeDelta::seconds(1);
        let articles = of(&copied, Edition::Articles);
        assert_eq!((articles.kept(before), articles.kept(since), articles.reach), (Kept::Overwritten, Kept::Part, Reach::Copy));
        assert_eq!(articles.all, Some(Window { from: at("2025-12-31T06:00:00Z"), to: at(NOW) }), "what is gone is drawn");
        let current = of(&copied, Edition::Current);
        assert_eq!((current.kept(before), current.kept(since), current.reach), (Kept::Doubtful, Kept::Whole, Reach::Retention));
        assert_eq!(current.doubtful_before, Some(since));
    }

    #[test]
    fn what_was_kept_while_it_was_a_sandbox_may_be_gone() {
        let mut back = production();
        back.may_be_gone_before = Some(at("2026-01-21T06:00:00Z"));
        if let Known::Is(backups) = &mut back.backups {
            backups.iter_mut().for_each(|backup| backup.may_be_gone = true);
        }
        for edition in [Edition::Articles, Edition::Current] {
            let timeline = of(&back, edition);
            assert_eq!(timeline.kept(at("2026-01-20T12:00:00Z")), Kept::Doubtful);
            assert_eq!(timeline.kept(at("2026-01-21T06:00:00Z")), Kept::Whole);
            assert!(timeline.marks.iter().all(|mark| mark.may_be_gone));
        }
    }

    #[test]
    fn what_is_previewed_is_lost_up_to_its_days_and_no_further() {
        let (environment, rulebooks) = (production(), rulebooks());
        let rulebook = rulebooks.of(Edition::Articles);
        let mut timeline = of(&environment, Edition::Articles);
        let preview = Preview::switch(7);
        assert_eq!(timeline.previews(), [preview]);
        timeline.lost = Some(lost(&environment, preview, rulebook, at(NOW)));
        assert_eq!((timeline.kept(at("2026-01-21T05:59:59Z")), timeline.kept(at("2026-01-21T06:00:00Z"))), (Kept::Lost, Kept::Whole));
        assert!(timeline.is_lost("a") && timeline.is_lost("b"));
        timeline.lost = Some(lost(&environment, Preview { days: 28, ..preview }, rulebook, at(NOW)));
        assert_eq!(timeline.lost.as_ref().map(|lost| (lost.any, lost.systems)), Some((false, None)));
        assert!(!timeline.is_lost("a"));
    }

    #[test]
    fn shorter_retentions_are_previewed_only_where_they_can_be_set() {
        let mut managed = production();
        managed.managed = Known::Is(true);
        managed.dynamics_365_apps = Known::Is(Vec::new());
        managed.retention_days = Known::Is(Some(21));
        let days = |environment: &Environment| of(environment, Edition::Articles).previews.iter().map(|preview| preview.days).collect::<Vec<_>>();
        assert_eq!(days(&managed), [7, 7, 14]);
        assert_eq!(days(&production()), [7]);
        managed.kind = Known::Is(EnvironmentType::Sandbox);
        assert_eq!(days(&managed), Vec::<u16>::new());
        managed.kind = Known::Is(EnvironmentType::Production);
        managed.deleted_at = Known::Is(Some(at("2026-01-25T06:00:00Z")));
        assert_eq!(days(&managed), Vec::<u16>::new());
    }

    #[test]
    fn the_next_to_go_is_the_oldest_that_is_still_there() {
        let timeline = of(&production(), Edition::Articles);
        assert_eq!(timeline.next_out(at(NOW)).map(|(mark, at)| (&*mark.id, at)), Some(("a", at("2026-01-31T12:00:00Z"))));
        let later = Timeline::of(&production(), rulebooks().of(Edition::Articles), at("2026-02-01T00:00:00Z"));
        assert_eq!(later.next_out(at("2026-02-01T00:00:00Z")).map(|(mark, _)| &*mark.id), Some("b"));
    }

    #[test]
    fn both_halves_go_back_to_where_the_shorter_one_does() {
        let window = Window { from: at("2025-12-31T06:00:00Z"), to: at(NOW) };
        let half = |from: &str| Half { days: Known::Unknown, from: Known::Is(at(from)) };
        assert_eq!(half("2026-01-14T06:00:00Z").both_from(window), Known::Is(Some(at("2026-01-14T06:00:00Z"))));
        assert_eq!(half("2025-12-01T06:00:00Z").both_from(window), Known::Is(Some(window.from)));
        assert_eq!(half("2026-01-29T06:00:00Z").both_from(window), Known::Is(None));
        assert_eq!(Half { days: Known::Unknown, from: Known::Unknown }.both_from(window), Known::Unknown);
    }
}

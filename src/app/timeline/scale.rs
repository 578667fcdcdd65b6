//! Time along a row of columns: which column an instant falls into, where its ticks stand, and what they are called.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::backup::Window;

/// A minute, an hour and a day, in seconds.
const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// The distances that ticks can have; each label stands at a tick, so a label's distance is a multiple of the ticks'.
const STEPS: [i64; 17] = [
    5 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    3 * DAY,
    4 * DAY,
    6 * DAY,
    8 * DAY,
    12 * DAY,
    24 * DAY,
    120 * DAY,
];

/// Columns that a tick needs at least, so that the line between ticks is seen and their rhythm is calm.
const TICK: i64 = 4;
/// Columns that a label needs at least: `09 Dec` and a blank.
const LABEL: i64 = 7;

/// How much of the time that there is stands on the row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Zoom {
    /// All of it.
    #[default]
    Whole,
    /// Some days around the cursor.
    Days,
    /// Some hours around the cursor.
    Hours,
}

impl Zoom {
    /// How much time that is; none for all that there is.
    pub const fn span(self) -> Option<TimeDelta> {
        match self {
            Self::Whole => None,
            Self::Days => Some(TimeDelta::days(3)),
            Self::Hours => Some(TimeDelta::hours(6)),
        }
    }

    /// What the title of the pane calls it; empty for all that there is.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Whole => "",
            Self::Days => "by days",
            Self::Hours => "by hours",
        }
    }

    /// The next closer or wider look at so much time; none when there is none, or when it would show the same.
    pub fn next(self, closer: bool, all: Window) -> Option<Self> {
        let smaller = |zoom: &Self| zoom.span().is_some_and(|span| span < all.to - all.from);
        match (self, closer) {
            (Self::Whole, true) => [Self::Days, Self::Hours].into_iter().find(smaller),
            (Self::Days, true) => [Self::Hours].into_iter().find(smaller),
            (Self::Hours, true) | (Self::Whole, false) => None,
            (Self::Hours, false) => Some(if smaller(&Self::Days) { Self::Days } else { Self::Whole }),
            (Self::Days, false) => Some(Self::Whole),
        }
    }

    /// The part of `all` that is shown around an instant: the instant in the middle, but never more than there is.
    pub fn around(self, at: DateTime<Utc>, all: Window) -> Window {
        match self.span() {
            Some(span) if span < all.to - all.from => {
                let from = (at - span / 2).clamp(all.from, all.to - span);
                Window { from, to: from + span }
            }
            Some(_) | None => all,
        }
    }
}

/// A row of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// What it shows, from its first to its last column.
    pub shown: Window,
    /// Its first column.
    pub left: u16,
    /// Its columns.
    pub width: u16,
}

/// A place on the scale that divides it evenly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// Its column.
    pub x: u16,
    /// The instant that begins there.
    pub at: DateTime<Utc>,
    /// What it is called, for every so many: the date at midnight, the time at other hours.
    pub label: Option<String>,
}

impl Scale {
    /// From first to last column there are so many steps.
    fn steps(&self) -> i64 {
        i64::from(self.width.saturating_sub(1)).max(1)
    }

    fn seconds(&self) -> i64 {
        (self.shown.to.timestamp() - self.shown.from.timestamp()).max(1)
    }

    /// The column that an instant falls into; none when it is not on the scale.
    pub fn column(&self, at: DateTime<Utc>) -> Option<u16> {
        if at < self.shown.from || at > self.shown.to || self.width == 0 {
            return None;
        }
        let along = (at.timestamp() - self.shown.from.timestamp()).saturating_mul(self.steps()) / self.seconds();
        Some(self.left + u16::try_from(along).unwrap_or(0).min(self.width - 1))
    }

    /// The earliest instant that falls into a column.
    pub fn begin(&self, x: u16) -> DateTime<Utc> {
        let along = i64::from(x.saturating_sub(self.left)).saturating_mul(self.seconds());
        // Rounded up, so that the instant falls into this column and not the one before.
        let seconds = along / self.steps() + i64::from(along % self.steps() != 0);
        self.shown.from + TimeDelta::seconds(seconds)
    }

    /// Its ticks. Several days are counted from `anchor` on, so that they stay where they are while the scale moves.
    pub fn ticks(&self, anchor: DateTime<Utc>) -> Vec<Tick> {
        let fits = |step: i64, columns: i64| step.saturating_mul(self.steps()) >= columns * self.seconds();
        let Some(step) = STEPS.into_iter().find(|step| fits(*step, TICK)) else { return Vec::new() };
        let labelled = STEPS.into_iter().find(|wide| wide % step == 0 && fits(*wide, LABEL));
        let anchor = anchor.timestamp();
        let (from, to) = (self.shown.from.timestamp(), self.shown.to.timestamp());
        let first = from + (anchor - from).rem_euclid(step);
        let mut ticks = Vec::new();
        let mut second = first;
        while second <= to {
            let Some(at) = DateTime::from_timestamp(second, 0) else { break };
            if let Some(x) = self.column(at) {
                let named = labelled.is_some_and(|wide| (second - anchor).rem_euclid(wide) == 0);
                let midnight = second.rem_euclid(DAY) == 0;
                ticks.push(Tick { x, at, label: named.then(|| at.format(if midnight { "%d %b" } else { "%H:%M" }).to_string()) });
            }
            second += step;
        }
        ticks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::parse;

    fn window(from: &str, to: &str) -> Window {
        Window { from: parse(from).unwrap(), to: parse(to).unwrap() }
    }

    fn of_days(days: i64, width: u16) -> Scale {
        let to = parse("2026-01-05T07:00:00Z").unwrap();
        Scale { shown: Window { from: to - TimeDelta::days(days), to }, left: 10, width }
    }

    #[test]
    fn the_first_and_the_last_instant_stand_in_the_first_and_the_last_column() {
        for width in [2, 3, 40, 41, 68, 200] {
            let scale = of_days(28, width);
            assert_eq!(scale.column(scale.shown.from), Some(10));
            assert_eq!(scale.column(scale.shown.to), Some(10 + width - 1));
            assert_eq!(scale.column(scale.shown.from - TimeDelta::seconds(1)), None);
            assert_eq!(scale.column(scale.shown.to + TimeDelta::seconds(1)), None);
        }
    }

    #[test]
    fn a_week_on_eight_columns_has_a_column_for_each_day() {
        let scale = of_days(7, 8);
        for day in 0..=7 {
            assert_eq!(scale.column(scale.shown.from + TimeDelta::days(day)), Some(10 + u16::try_from(day).unwrap()));
        }
        assert_eq!(scale.column(scale.shown.from + TimeDelta::seconds(86_399)), Some(10));
    }

    #[test]
    fn what_begins_in_a_column_falls_into_it_and_what_is_just_before_does_not() {
        for (days, width) in [(28, 41), (28, 67), (7, 23), (1, 40), (14, 131)] {
            let scale = of_days(days, width);
            for x in 10..10 + width {
                assert_eq!(scale.column(scale.begin(x)), Some(x), "{days} days on {width} columns");
                if x > 10 {
                    assert_eq!(scale.column(scale.begin(x) - TimeDelta::seconds(1)), Some(x - 1), "{days} days on {width} columns");
                }
            }
        }
    }

    #[test]
    fn an_instant_alone_has_a_place() {
        let at = parse("2026-01-05T07:00:00Z").unwrap();
        let scale = Scale { shown: Window { from: at, to: at }, left: 3, width: 20 };
        assert_eq!(scale.column(at), Some(3));
        assert!(scale.ticks(at).len() <= 1);
    }

    #[test]
    fn labels_are_dates_where_days_fit_and_hours_where_hours_fit() {
        let anchor = parse("2025-12-09T00:00:00Z").unwrap();
        let labels = |scale: Scale| scale.ticks(anchor).into_iter().filter_map(|tick| tick.label).collect::<Vec<_>>().join(" ");
        assert_eq!(labels(of_days(28, 41)), "09 Dec 15 Dec 21 Dec 27 Dec 02 Jan");
        assert_eq!(labels(of_days(28, 67)), "09 Dec 13 Dec 17 Dec 21 Dec 25 Dec 29 Dec 02 Jan");
        assert_eq!(labels(of_days(7, 67)), "30 Dec 31 Dec 01 Jan 02 Jan 03 Jan 04 Jan 05 Jan");
        let hours = Scale { shown: window("2026-01-03T22:10:00Z", "2026-01-04T04:10:00Z"), left: 0, width: 67 };
        assert_eq!(labels(hours), "23:00 04 Jan 01:00 02:00 03:00 04:00");
    }

    #[test]
    fn ticks_never_touch_and_labels_have_room() {
        let anchor = parse("2025-12-09T00:00:00Z").unwrap();
        for days in [1, 2, 3, 7, 14, 21, 28, 400] {
            for width in 4..200 {
                let ticks = of_days(days, width).ticks(anchor);
                for pair in ticks.windows(2) {
                    assert!(pair[1].x >= pair[0].x + 3, "{days} days on {width} columns: {pair:?}");
                }
                let labelled: Vec<&Tick> = ticks.iter().filter(|tick| tick.label.is_some()).collect();
                for pair in labelled.windows(2) {
                    assert!(pair[1].x - pair[0].x >= 6, "{days} days on {width} columns: {pair:?}");
                }
            }
        }
    }

    #[test]
    fn the_look_is_as_close_as_there_is_time_for() {
        let month = window("2025-12-08T07:00:00Z", "2026-01-05T07:00:00Z");
        let day = window("2026-01-04T07:00:00Z", "2026-01-05T07:00:00Z");
        let hour = window("2026-01-05T06:00:00Z", "2026-01-05T07:00:00Z");
        assert_eq!((Zoom::Whole.next(true, month), Zoom::Days.next(true, month), Zoom::Hours.next(true, month)), (Some(Zoom::Days), Some(Zoom::Hours), None));
        assert_eq!(
            (Zoom::Hours.next(false, month), Zoom::Days.next(false, month), Zoom::Whole.next(false, month)),
            (Some(Zoom::Days), Some(Zoom::Whole), None)
        );
        assert_eq!((Zoom::Whole.next(true, day), Zoom::Hours.next(false, day)), (Some(Zoom::Hours), Some(Zoom::Whole)));
        assert_eq!(Zoom::Whole.next(true, hour), None);
        assert_eq!(Zoom::Hours.around(hour.to, hour), hour);
    }

    #[test]
    fn a_closer_look_keeps_the_cursor_in_the_middle_but_shows_nothing_beyond_the_ends() {
        let all = window("2025-12-08T07:00:00Z", "2026-01-05T07:00:00Z");
        assert_eq!(Zoom::Hours.around(parse("2025-12-20T12:00:00Z").unwrap(), all), window("2025-12-20T09:00:00Z", "2025-12-20T15:00:00Z"));
        assert_eq!(Zoom::Days.around(all.to, all), window("2026-01-02T07:00:00Z", "2026-01-05T07:00:00Z"));
        assert_eq!(Zoom::Days.around(all.from, all), window("2025-12-08T07:00:00Z", "2025-12-11T07:00:00Z"));
        assert_eq!(Zoom::Whole.around(all.from, all), all);
    }
}

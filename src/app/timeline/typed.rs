//! Instants as people type them: `14:35`, `yesterday 14:35`, `04 Jan 14:35`, `-3d`, in UTC unless they end in `local`.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};

use crate::domain::time;

/// What can be typed, for whoever is about to.
pub const EXPECTED: &str = "14:35, yesterday 14:35, 04 Jan 14:35, 2026-01-04 14:35, or -3d, -2h, -10m before now; UTC, unless it ends in local";

/// How far local time is ahead of UTC at an instant, where whoever types is.
pub type Offset = fn(DateTime<Utc>) -> FixedOffset;

/// An instant as it would be typed: `2026-01-04 14:35`, with seconds where it has some.
pub fn written(at: DateTime<Utc>) -> String {
    let format = if at.second() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" };
    at.format(format).to_string()
}

/// Reads what was typed at `now`. What names no date means the last such time that has passed.
pub fn read(text: &str, now: DateTime<Utc>, offset: Offset) -> Result<DateTime<Utc>, String> {
    let text = text.trim();
    if let Some(at) = time::parse(&text.to_uppercase()) {
        return Ok(at);
    }
    let lower = text.to_lowercase();
    if lower == "now" {
        return Ok(now);
    }
    if lower.starts_with(['-', '–', '−']) {
        return before(lower.trim_start_matches(['-', '–', '−']), now);
    }
    let (words, local) = match lower.strip_suffix("local") {
        Some(words) => (words, true),
        None => (lower.strip_suffix("utc").or_else(|| lower.strip_suffix('z')).unwrap_or(&lower), false),
    };
    let here = if local { now.naive_utc().checked_add_offset(offset(now)).unwrap_or(now.naive_utc()) } else { now.naive_utc() };
    // Between date and time a `t` can stand, as in files.
    let joined = words.split_once('t').filter(|(date, _)| date.ends_with(|letter: char| letter.is_ascii_digit()));
    let words: Vec<&str> = match joined {
        Some((date, clock)) => vec![date.trim(), clock.trim()],
        None => words.split([' ', ',']).filter(|word| !word.is_empty()).collect(),
    };
    let naive = on_the_calendar(&words, here)?;
    if local { of_local(naive, offset) } else { Ok(naive.and_utc()) }
}

/// So long before now: `3d`, `2h`, `10m`.
fn before(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
    let number: String = text.chars().take_while(char::is_ascii_digit).collect();
    let unit = text.strip_prefix(&*number).unwrap_or_default().trim();
    let span = match (number.parse::<i64>(), unit) {
        (Ok(count), "d" | "day" | "days") => TimeDelta::try_days(count),
        (Ok(count), "h" | "hour" | "hours") => TimeDelta::try_hours(count),
        (Ok(count), "m" | "min" | "minute" | "minutes") => TimeDelta::try_minutes(count),
        _ => return Err("So long before now is written like -3d, -2h or -10m".to_owned()),
    };
    span.and_then(|span| now.checked_sub_signed(span)).ok_or_else(|| "That is longer ago than any calendar goes".to_owned())
}

/// A date, a time, or both, seen from `now` on the same clock.
fn on_the_calendar(words: &[&str], now: NaiveDateTime) -> Result<NaiveDateTime, String> {
    let today = now.date();
    let midnight = NaiveTime::MIN;
    match words {
        [clock] if clock.contains(':') => {
            let at = today.and_time(clock_time(clock)?);
            Ok(if at > now { earlier_by_a_day(at) } else { at })
        }
        ["today"] => Ok(today.and_time(midnight)),
        ["today", clock] => Ok(today.and_time(clock_time(clock)?)),
        ["yesterday"] => Ok(earlier_by_a_day(today.and_time(midnight))),
        ["yesterday", clock] => Ok(earlier_by_a_day(today.and_time(clock_time(clock)?))),
        [date] if date.contains('-') => Ok(whole_date(date)?.and_time(midnight)),
        [date, clock] if date.contains('-') => Ok(whole_date(date)?.and_time(clock_time(clock)?)),
        [day, month] => last(day, month, midnight, now),
        [day, month, year] if !year.contains(':') => Ok(named_date(day, month, year)?.and_time(midnight)),
        [day, month, clock] => last(day, month, clock_time(clock)?, now),
        [day, month, year, clock] => Ok(named_date(day, month, year)?.and_time(clock_time(clock)?)),
        _ => Err(format!("That is no time: type {EXPECTED}")),
    }
}

fn earlier_by_a_day(at: NaiveDateTime) -> NaiveDateTime {
    at.checked_sub_signed(TimeDelta::days(1)).unwrap_or(at)
}

fn clock_time(text: &str) -> Result<NaiveTime, String> {
    let read = NaiveTime::parse_from_str(text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S"));
    read.map_err(|_| format!("`{text}` is no time of day: write it like 14:35"))
}

fn whole_date(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| format!("`{text}` is no date: write it like 2026-01-04"))
}

fn named_date(day: &str, month: &str, year: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(&format!("{day} {month} {year}"), "%d %B %Y").map_err(|_| format!("`{day} {month} {year}` is no date: write it like 04 Jan 2026"))
}

/// The last such day of the year, at that time, that has passed; a leap day may be some years ago.
fn last(day: &str, month: &str, clock: NaiveTime, now: NaiveDateTime) -> Result<NaiveDateTime, String> {
    let years = (0..=8).map(|ago| now.year() - ago);
    let mut days = years.filter_map(|year| named_date(day, month, &format!("{year:04}")).ok());
    let passed = days.find_map(|day| Some(day.and_time(clock)).filter(|at| *at <= now));
    passed.ok_or_else(|| format!("`{day} {month}` is no date: write it like 04 Jan, with the time behind it"))
}

/// The instant at which local clocks show that.
fn of_local(naive: NaiveDateTime, offset: Offset) -> Result<DateTime<Utc>, String> {
    let as_utc = naive.and_utc();
    // The offset is that of the instant, which is known only roughly at first; near a change of clocks both are tried.
    [-1, 1]
        .into_iter()
        .filter_map(|day| as_utc.checked_add_signed(TimeDelta::days(day)))
        .filter_map(|near| naive.checked_sub_offset(offset(near)))
        .map(|naive| naive.and_utc())
        .find(|at| at.naive_utc().checked_add_offset(offset(*at)) == Some(naive))
        .ok_or_else(|| "Local clocks never showed that time: they were put forward".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-01-05T09:20:30Z";

    fn utc(_: DateTime<Utc>) -> FixedOffset {
        FixedOffset::east_opt(0).unwrap()
    }

    /// Two hours ahead from the last Sunday of March 2026 on, one before.
    fn central(at: DateTime<Utc>) -> FixedOffset {
        let summer = at >= time::parse("2026-03-29T01:00:00Z").unwrap() && at < time::parse("2026-10-25T01:00:00Z").unwrap();
        FixedOffset::east_opt(if summer { 7_200 } else { 3_600 }).unwrap()
    }

    fn said(text: &str) -> String {
        read(text, time::parse(NOW).unwrap(), central).map_or_else(|error| error, time::rfc3339)
    }

    #[test]
    fn what_people_type_is_understood() {
        for (text, at) in [
            ("2026-01-04 14:35", "2026-01-04T14:35:00Z"),
            ("2026-01-04T14:35", "2026-01-04T14:35:00Z"),
            ("2026-01-04 14:35Z", "2026-01-04T14:35:00Z"),
            ("2026-01-04 14:35 UTC", "2026-01-04T14:35:00Z"),
            ("2026-01-04T14:35:10+01:00", "2026-01-04T13:35:10Z"),
            ("2026-01-04t14:35:10z", "2026-01-04T14:35:10Z"),
            ("2026-01-04", "2026-01-04T00:00:00Z"),
            ("04 Jan 14:35", "2026-01-04T14:35:00Z"),
            ("4 january 14:35", "2026-01-04T14:35:00Z"),
            ("04 Jan 2025 14:35", "2025-01-04T14:35:00Z"),
            ("04 jan", "2026-01-04T00:00:00Z"),
            ("24 Dec 08:00", "2025-12-24T08:00:00Z"),
            ("29 Feb 12:00", "2024-02-29T12:00:00Z"),
            ("09:20", "2026-01-05T09:20:00Z"),
            ("9:21", "2026-01-04T09:21:00Z"),
            ("14:35", "2026-01-04T14:35:00Z"),
            ("yesterday 14:35", "2026-01-04T14:35:00Z"),
            ("today 08:00", "2026-01-05T08:00:00Z"),
            ("  now ", "2026-01-05T09:20:30Z"),
            ("-3d", "2026-01-02T09:20:30Z"),
            ("-2 hours", "2026-01-05T07:20:30Z"),
            ("-10m", "2026-01-05T09:10:30Z"),
            ("14:35 local", "2026-01-04T13:35:00Z"),
            ("10:20local", "2026-01-05T09:20:00Z"),
            ("yesterday 00:30 local", "2026-01-03T23:30:00Z"),
            ("2025-07-01 12:00 local", "2025-07-01T11:00:00Z"),
            ("2026-07-01 12:00 local", "2026-07-01T10:00:00Z"),
        ] {
            assert_eq!(said(text), at, "{text}");
        }
    }

    #[test]
    fn what_is_no_time_says_why() {
        for (text, why) in [
            ("", "That is no time"),
            ("soon", "That is no time"),
            ("25:00", "`25:00` is no time of day"),
            ("2026-02-30 12:00", "`2026-02-30` is no date"),
            ("31 Feb 12:00", "`31 feb` is no date"),
            ("04 Foo 12:00", "`04 foo` is no date"),
            ("-3x", "So long before now"),
            ("-99999999999999999999d", "So long before now"),
            ("-999999999999d", "longer ago than any calendar"),
            ("2026-03-29 02:30 local", "Local clocks never showed that time"),
        ] {
            assert!(said(text).contains(why), "{text}: {}", said(text));
        }
    }

    #[test]
    fn near_a_change_of_clocks_local_times_are_found() {
        for (text, at) in [
            ("2026-03-29 01:59 local", "2026-03-29T00:59:00Z"),
            ("2026-03-29 03:00 local", "2026-03-29T01:00:00Z"),
            ("2026-10-25 03:00 local", "2026-10-25T02:00:00Z"),
        ] {
            assert_eq!(said(text), at, "{text}");
        }
    }

    #[test]
    fn nothing_that_is_typed_fails_otherwise() {
        for text in [
            "- ",
            "--3d",
            "t",
            "tt:",
            ":",
            "local",
            "z",
            "utc",
            "yesterday",
            "1 1 1 1",
            "a,b",
            "９:２０",
            "04 jan 14:35 14:35 14:35",
            "-0d",
            "+262143-01-01",
            "-262144-01-01",
        ] {
            let _ = read(text, DateTime::<Utc>::MIN_UTC, utc);
            let _ = read(text, time::parse(NOW).unwrap(), central);
            let _ = read(&format!("{text} local"), DateTime::<Utc>::MAX_UTC, utc);
        }
    }
}

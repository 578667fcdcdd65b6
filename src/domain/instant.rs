//! Instants as people type them: `14:35`, `friday 18:00`, `04 Jan 14:35`, `-3d`, in UTC unless they end in `local`.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc, Weekday};

use crate::domain::time;

/// What can be typed, for whoever is about to.
pub const EXPECTED: &str = "14:35, friday 14:35, 04 Jan 14:35, 2026-01-04 14:35, or -3d, -2h, -10m before now; UTC, unless it ends in local";

/// How far local time is ahead of UTC at an instant, where whoever types is.
pub type Offset = fn(DateTime<Utc>) -> FixedOffset;

/// Which of the days is meant where only a time, a weekday or a date without its year was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lean {
    /// The last one that has passed, as for what is restored to.
    Passed,
    /// The next one, as for a cut-over or a change window.
    Coming,
}

/// How far ahead a date without its year is still taken to be meant.
const NEAR: TimeDelta = TimeDelta::days(183);

/// An instant as it would be typed: `2026-01-04 14:35`, with seconds where it has some.
pub fn written(at: DateTime<Utc>) -> String {
    let format = if at.second() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" };
    at.format(format).to_string()
}

/// Reads what was typed at `now`. What names no date means the last such time that has passed.
pub fn read(text: &str, now: DateTime<Utc>, offset: Offset) -> Result<DateTime<Utc>, String> {
    read_leaning(text, Lean::Passed, now, offset).map(|at| at.to_utc())
}

/// Reads what was typed at `now`, which of the days `lean` says, and keeps the offset that was typed with it.
pub fn read_leaning(text: &str, lean: Lean, now: DateTime<Utc>, offset: Offset) -> Result<DateTime<FixedOffset>, String> {
    let text = text.trim();
    if let Some(at) = with_offset(text) {
        return Ok(at);
    }
    let lower = text.to_lowercase();
    if lower == "now" {
        return Ok(now.fixed_offset());
    }
    if lower.starts_with(['-', '–', '−']) {
        let span = span(lower.trim_start_matches(['-', '–', '−'])).ok_or("So long before now is written like -3d, -2h or -10m")?;
        return span
            .and_then(|span| now.checked_sub_signed(span))
            .map(|at| at.fixed_offset())
            .ok_or_else(|| "That is longer ago than any calendar goes".to_owned());
    }
    if let Some(ahead) = lower.strip_prefix('+') {
        let span = span(ahead).ok_or("So long from now is written like +5d, +2h or +10m")?;
        return span.and_then(|span| now.checked_add_signed(span)).map(|at| at.fixed_offset()).ok_or_else(|| "That is later than any calendar goes".to_owned());
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
    let naive = on_the_calendar(&words, lean, here)?;
    if local { of_local(naive, offset).map(|at| at.with_timezone(&offset(at))) } else { Ok(naive.and_utc().fixed_offset()) }
}

/// Reads a window that is to come; its end counts from its beginning: `friday 20:00` to `23:00`, or to `+3h`.
pub fn read_window(from: &str, to: &str, now: DateTime<Utc>, offset: Offset) -> Result<(DateTime<Utc>, DateTime<Utc>), String> {
    let from = read_leaning(from, Lean::Coming, now, offset)?.to_utc();
    Ok((from, read_leaning(to, Lean::Coming, from, offset)?.to_utc()))
}

/// Date and time with their offset, with seconds or without: `2026-01-02T19:00+01:00`.
fn with_offset(text: &str) -> Option<DateTime<FixedOffset>> {
    let upper = text.to_uppercase();
    let read = DateTime::parse_from_rfc3339(&upper).or_else(|_| DateTime::parse_from_str(&upper.replacen(' ', "T", 1), "%Y-%m-%dT%H:%M%:z"));
    read.ok()
}

/// So long: `3d`, `2h`, `10m`; none where it is written otherwise, none within it where it is longer than any span.
fn span(text: &str) -> Option<Option<TimeDelta>> {
    let number: String = text.chars().take_while(char::is_ascii_digit).collect();
    let unit = text.strip_prefix(&*number).unwrap_or_default().trim();
    match (number.parse::<i64>(), unit) {
        (Ok(count), "d" | "day" | "days") => Some(TimeDelta::try_days(count)),
        (Ok(count), "h" | "hour" | "hours") => Some(TimeDelta::try_hours(count)),
        (Ok(count), "m" | "min" | "minute" | "minutes") => Some(TimeDelta::try_minutes(count)),
        _ => None,
    }
}

/// A date, a time, or both, seen from `now` on the same clock.
fn on_the_calendar(words: &[&str], lean: Lean, now: NaiveDateTime) -> Result<NaiveDateTime, String> {
    let today = now.date();
    let midnight = NaiveTime::MIN;
    let tomorrow = |clock: NaiveTime| by_days(today.and_time(clock), 1);
    match words {
        [clock] if clock.contains(':') => {
            let at = today.and_time(clock_time(clock)?);
            Ok(match lean {
                Lean::Passed if at > now => by_days(at, -1),
                Lean::Coming if at < now => by_days(at, 1),
                Lean::Passed | Lean::Coming => at,
            })
        }
        ["today"] => Ok(today.and_time(midnight)),
        ["today", clock] => Ok(today.and_time(clock_time(clock)?)),
        ["yesterday"] => Ok(by_days(today.and_time(midnight), -1)),
        ["yesterday", clock] => Ok(by_days(today.and_time(clock_time(clock)?), -1)),
        ["tomorrow"] => Ok(tomorrow(midnight)),
        ["tomorrow", clock] => Ok(tomorrow(clock_time(clock)?)),
        ["tonight"] => Err("Tonight, at which time? Write it like tonight 20:00".to_owned()),
        ["tonight", clock] => {
            let at = clock_time(clock)?;
            let told = || format!("`tonight {clock}` can be of two days: write today {clock} or tomorrow {clock}");
            if at.hour() < 12 { Err(told()) } else { Ok(today.and_time(at)) }
        }
        ["last", day, rest @ ..] if weekday(day).is_some() => on_weekday(day, rest, Lean::Passed, now),
        ["next", day, rest @ ..] if weekday(day).is_some() => on_weekday(day, rest, Lean::Coming, now),
        [day, rest @ ..] if weekday(day).is_some() => on_weekday(day, rest, lean, now),
        [date, ..] if date.contains('/') => Err(format!("`{date}` can be read in two ways: write it like 2026-01-04, 04 Jan 2026 or 04.01.2026")),
        [date] if date.contains(['-', '.']) => Ok(whole_date(date)?.and_time(midnight)),
        [date, clock] if date.contains(['-', '.']) => Ok(whole_date(date)?.and_time(clock_time(clock)?)),
        [day, month] => of_some_year(day, month, midnight, lean, now),
        [day, month, year] if !year.contains(':') => Ok(named_date(day, month, year)?.and_time(midnight)),
        [day, month, clock] => of_some_year(day, month, clock_time(clock)?, lean, now),
        [day, month, year, clock] => Ok(named_date(day, month, year)?.and_time(clock_time(clock)?)),
        _ => Err(format!("That is no time: type {EXPECTED}")),
    }
}

fn by_days(at: NaiveDateTime, days: i64) -> NaiveDateTime {
    at.checked_add_signed(TimeDelta::days(days)).unwrap_or(at)
}

/// `friday` or `fri`.
fn weekday(text: &str) -> Option<Weekday> {
    text.parse().ok()
}

/// That day of the week, at the time that the other word says.
fn on_weekday(day: &str, rest: &[&str], lean: Lean, now: NaiveDateTime) -> Result<NaiveDateTime, String> {
    let clock = match rest {
        [] => NaiveTime::MIN,
        [clock] => clock_time(clock)?,
        _ => return Err(format!("`{day}` with one time behind it, like {day} 18:00, or a date without the weekday")),
    };
    let fits = |at: &NaiveDateTime| match lean {
        Lean::Passed => *at <= now,
        Lean::Coming => *at >= now,
    };
    let direction = if lean == Lean::Passed { -1 } else { 1 };
    let days = (0..=7).map(|days| by_days(now.date().and_time(clock), direction * days));
    let wanted = weekday(day);
    let found = days.filter(|at| Some(at.weekday()) == wanted).find(fits);
    found.ok_or_else(|| format!("That is no time: type {EXPECTED}"))
}

fn clock_time(text: &str) -> Result<NaiveTime, String> {
    let read = NaiveTime::parse_from_str(text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S"));
    read.map_err(|_| format!("`{text}` is no time of day: write it like 14:35"))
}

/// `2026-01-04`, or `04.01.2026` with the day first, as dots always have it.
fn whole_date(text: &str) -> Result<NaiveDate, String> {
    let format = if text.contains('.') { "%d.%m.%Y" } else { "%Y-%m-%d" };
    // A year of two digits would be one of the first century.
    let read = NaiveDate::parse_from_str(text, format).ok().filter(|date| !text.contains('.') || date.year() >= 1000);
    read.ok_or_else(|| format!("`{text}` is no date: write it like 2026-01-04"))
}

fn named_date(day: &str, month: &str, year: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(&format!("{day} {month} {year}"), "%d %B %Y").map_err(|_| format!("`{day} {month} {year}` is no date: write it like 04 Jan 2026"))
}

/// That day of the year, at that time: the last that has passed, a leap day maybe some years ago; or the next, if that is near.
fn of_some_year(day: &str, month: &str, clock: NaiveTime, lean: Lean, now: NaiveDateTime) -> Result<NaiveDateTime, String> {
    let no_date = || format!("`{day} {month}` is no date: write it like 04 Jan, with the time behind it");
    let of = |year: i32| named_date(day, month, &format!("{year:04}")).ok().map(|day| day.and_time(clock));
    match lean {
        Lean::Passed => (0..=8).filter_map(|ago| of(now.year() - ago)).find(|at| *at <= now).ok_or_else(no_date),
        Lean::Coming => {
            let at = (0..=8).filter_map(|ahead| of(now.year() + ahead)).find(|at| *at >= now).ok_or_else(no_date)?;
            let far = || format!("The next `{day} {month}` is in {}: write it with its year", at.year());
            if at - now <= NEAR { Ok(at) } else { Err(far()) }
        }
    }
}

/// The instant at which local clocks show that.
fn of_local(naive: NaiveDateTime, offset: Offset) -> Result<DateTime<Utc>, String> {
    let as_utc = naive.and_utc();
    // The offset is that of the instant, which is known only roughly at first; near a change of clocks both are tried.
    let mut shown: Vec<DateTime<Utc>> = [-1, 1]
        .into_iter()
        .filter_map(|day| as_utc.checked_add_signed(TimeDelta::days(day)))
        .filter_map(|near| naive.checked_sub_offset(offset(near)))
        .map(|naive| naive.and_utc())
        .filter(|at| at.naive_utc().checked_add_offset(offset(*at)) == Some(naive))
        .collect();
    shown.sort_unstable();
    shown.dedup();
    match shown.as_slice() {
        [] => Err("Local clocks never showed that time: they were put forward".to_owned()),
        [at] => Ok(*at),
        [first, .., last] => Err(format!("Local clocks showed that time twice, at {} and at {}: write it in UTC", time::minute(*first), time::minute(*last))),
    }
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
    fn the_day_that_is_meant_has_passed_or_is_to_come() {
        for (text, passed, coming) in [
            ("14:35", "2026-01-04T14:35:00+00:00", "2026-01-05T14:35:00+00:00"),
            ("09:00", "2026-01-05T09:00:00+00:00", "2026-01-06T09:00:00+00:00"),
            ("friday 18:00", "2026-01-02T18:00:00+00:00", "2026-01-09T18:00:00+00:00"),
            ("Fri 18:00 local", "2026-01-02T18:00:00+01:00", "2026-01-09T18:00:00+01:00"),
            ("monday 08:00", "2026-01-05T08:00:00+00:00", "2026-01-12T08:00:00+00:00"),
            ("monday 18:00", "2025-12-29T18:00:00+00:00", "2026-01-05T18:00:00+00:00"),
            ("last friday 18:00", "2026-01-02T18:00:00+00:00", "2026-01-02T18:00:00+00:00"),
            ("next friday 18:00", "2026-01-09T18:00:00+00:00", "2026-01-09T18:00:00+00:00"),
            ("10 Jan 20:00", "2025-01-10T20:00:00+00:00", "2026-01-10T20:00:00+00:00"),
            ("tonight 20:00", "2026-01-05T20:00:00+00:00", "2026-01-05T20:00:00+00:00"),
            ("tomorrow 06:00", "2026-01-06T06:00:00+00:00", "2026-01-06T06:00:00+00:00"),
            ("+5d", "2026-01-10T09:20:30+00:00", "2026-01-10T09:20:30+00:00"),
            ("02.01.2026 18:00", "2026-01-02T18:00:00+00:00", "2026-01-02T18:00:00+00:00"),
            ("2026-01-02T19:00+01:00", "2026-01-02T19:00:00+01:00", "2026-01-02T19:00:00+01:00"),
            ("2026-01-02 19:00+01:00", "2026-01-02T19:00:00+01:00", "2026-01-02T19:00:00+01:00"),
            ("2026-01-02T19:00:00.5+01:00", "2026-01-02T19:00:00.500+01:00", "2026-01-02T19:00:00.500+01:00"),
        ] {
            let said = |lean| read_leaning(text, lean, time::parse(NOW).unwrap(), central).map_or_else(|error| error, |at| at.to_rfc3339());
            assert_eq!((said(Lean::Passed).as_str(), said(Lean::Coming).as_str()), (passed, coming), "{text}");
        }
        let coming = read_leaning("04 Jan 20:00", Lean::Coming, time::parse(NOW).unwrap(), central);
        assert_eq!(coming.unwrap_err(), "The next `04 jan` is in 2027: write it with its year");
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
            ("2026-10-25 02:30 local", "showed that time twice, at 2026-10-25 00:30Z and at 2026-10-25 01:30Z"),
            ("+3x", "So long from now"),
            ("+999999999999d", "later than any calendar"),
            ("tonight", "at which time?"),
            ("tonight 02:00", "write today 02:00 or tomorrow 02:00"),
            ("02/01/2026 18:00", "can be read in two ways"),
            ("02.01.26 18:00", "`02.01.26` is no date"),
            ("friday evening", "`evening` is no time of day"),
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

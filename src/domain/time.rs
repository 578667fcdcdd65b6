//! How instants and spans are written for people: UTC, to the minute, in one unit.

use chrono::{DateTime, TimeDelta, Utc};

/// A span in its largest sensible unit: "40 seconds", "12 minutes", "26 hours", "9 days".
pub fn span(span: TimeDelta) -> String {
    let seconds = span.num_seconds().abs();
    let (count, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..7_200 => (seconds / 60, "minute"),
        7_200..172_800 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

/// How old something is, for narrow places and to the minute: "0 min", "12 min", "26 h", "9 d".
pub fn age(span: TimeDelta) -> String {
    let seconds = span.num_seconds().abs();
    match seconds {
        0..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}

/// When the text of [`age`] for the time since `instant` changes next, seen from `now`.
pub fn next_change_of_age(instant: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    let seconds = (now - instant).num_seconds();
    let step = match seconds.abs() {
        0..7_200 => 60,
        7_200..172_800 => 3_600,
        _ => 86_400,
    };
    instant + TimeDelta::seconds((seconds.div_euclid(step) + 1) * step)
}

/// An instant in lists and headers: `2026-01-05 09:00Z`.
pub fn minute(instant: DateTime<Utc>) -> String {
    instant.format("%Y-%m-%d %H:%MZ").to_string()
}

/// An instant of these weeks where there is little room: `05 Jan 09:00Z`.
pub fn short(instant: DateTime<Utc>) -> String {
    instant.format("%d %b %H:%MZ").to_string()
}

/// An instant in files and JSON: `2026-01-05T09:00:00Z`.
pub fn rfc3339(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

/// Reads an instant: RFC 3339 with its offset, such as `2026-01-05T09:00:00Z`.
pub fn parse(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|instant| instant.with_timezone(&Utc))
}

/// Reads an instant as [`minute`] writes it, the `Z` left out or not, or as [`parse`] does.
pub fn parse_minute(text: &str) -> Option<DateTime<Utc>> {
    let plain = text.trim().trim_end_matches(['Z', 'z']).trim_end().replacen('T', " ", 1);
    let minute = chrono::NaiveDateTime::parse_from_str(&plain, "%Y-%m-%d %H:%M").ok().map(|at| at.and_utc());
    minute.or_else(|| parse(text.trim()))
}

/// The beginning of the minute after `now`.
pub fn next_minute(now: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp((now.timestamp().div_euclid(60) + 1) * 60, 0).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_told_in_one_unit() {
        for (seconds, long, short) in [
            (0, "0 seconds", "0 min"),
            (1, "1 second", "0 min"),
            (59, "59 seconds", "0 min"),
            (60, "1 minute", "1 min"),
            (119, "1 minute", "1 min"),
            (120, "2 minutes", "2 min"),
            (7_199, "119 minutes", "119 min"),
            (7_200, "2 hours", "2 h"),
            (172_799, "47 hours", "47 h"),
            (172_800, "2 days", "2 d"),
            (777_600, "9 days", "9 d"),
        ] {
            for signed in [seconds, -seconds] {
                assert_eq!((span(TimeDelta::seconds(signed)).as_str(), age(TimeDelta::seconds(signed)).as_str()), (long, short), "{signed} s");
            }
        }
    }

    #[test]
    fn the_text_of_an_age_changes_exactly_when_it_is_said_to() {
        let instant = DateTime::UNIX_EPOCH;
        for seconds in [0, 1, 59, 60, 7_139, 7_140, 7_199, 7_200, 10_799, 10_800, 172_799, 172_800, 259_199, 259_200] {
            let now = instant + TimeDelta::seconds(seconds);
            let next = next_change_of_age(instant, now);
            assert!(next > now, "after {seconds} s");
            assert_eq!(age(next - TimeDelta::seconds(1) - instant), age(now - instant), "until then, after {seconds} s");
            assert_ne!(age(next - instant), age(now - instant), "then, after {seconds} s");
        }
    }

    #[test]
    fn instants_are_written_and_read_in_utc() {
        let instant = parse("2026-01-05T10:00:30+01:00").unwrap();
        assert_eq!(
            (rfc3339(instant).as_str(), minute(instant).as_str(), short(instant).as_str()),
            ("2026-01-05T09:00:30Z", "2026-01-05 09:00Z", "05 Jan 09:00Z")
        );
        assert_eq!(rfc3339(next_minute(instant)), "2026-01-05T09:01:00Z");
        assert_eq!(rfc3339(next_minute(next_minute(instant))), "2026-01-05T09:02:00Z");
        for text in ["2026-01-05 09:00Z", "2026-01-05 09:00", " 2026-01-05T09:00Z ", "2026-01-05T10:00:00+01:00"] {
            assert_eq!(parse_minute(text).map(minute).as_deref(), Some("2026-01-05 09:00Z"), "{text}");
        }
        for text in ["2026-01-05", "09:00", "2026-02-30 09:00", "05.01.2026 09:00", ""] {
            assert_eq!(parse_minute(text), None, "{text}");
        }
        for text in ["2026-01-05", "2026-01-05T09:00:00", "2026-02-30T09:00:00Z", "yesterday", ""] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}

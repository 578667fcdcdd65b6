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

/// An instant in files and JSON: `2026-01-05T09:00:00Z`.
pub fn rfc3339(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

/// Reads an instant: RFC 3339 with its offset, such as `2026-01-05T09:00:00Z`.
pub fn parse(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|instant| instant.with_timezone(&Utc))
}

/// The beginning of the minute after `now`.
pub fn next_minute(now: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp((now.timestamp().div_euclid(60) + 1) * 60, 0).unwrap_or(now)
}

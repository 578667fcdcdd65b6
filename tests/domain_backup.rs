//! Tables D3 and D4, the window that can be restored from, and the state of manual backups, to the second.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "support/facts.rs"]
mod facts;

use chrono::{DateTime, TimeDelta, Utc};
use envdeck::domain::backup::{Readiness, Window, can_be_made, expires_at, readiness, window};
use envdeck::domain::environment::{Dataverse, Environment, EnvironmentType};
use envdeck::domain::known::Known;
use envdeck::domain::retention::{recoverable_until, recovery_days, retention};
use envdeck::domain::rulebook::Rulebook;
use envdeck::domain::time::rfc3339;
use envdeck::domain::words::Word;
use facts::*;

/// Both editions say the same about everything in D3.
fn both() -> [Rulebook; 2] {
    let books = books();
    [books.articles, books.current]
}

fn said<T: ToString>(known: Known<T>) -> String {
    match known {
        Is(value) => value.to_string(),
        Unknown => "?".to_owned(),
    }
}

fn days(days: Option<u16>) -> String {
    days.map_or_else(|| "none".to_owned(), |days| days.to_string())
}

fn yes_or_no(word: &str) -> Known<bool> {
    match word {
        "yes" => Is(true),
        "no" => Is(false),
        "?" => Unknown,
        other => panic!("yes, no or ?, not {other}"),
    }
}

/// Table D3 with the facts that it depends on; ? is unknown, `set` is the setting.
const D3: &str = "
    type               | database | d365 | managed | set  | in force | possible     | changeable
    production         | yes      | yes  | yes     | none | 28       | 28           | no
    production         | yes      | yes  | no      | 14   | 28       | 28           | no
    production         | yes      | yes  | ?       | ?    | 28       | 28           | no
    production         | yes      | no   | yes     | none | 7        | 7            | yes
    production         | yes      | no   | yes     | 7    | 7        | 7            | yes
    production         | yes      | no   | yes     | 14   | 14       | 14           | yes
    production         | yes      | no   | yes     | 21   | 21       | 21           | yes
    production         | yes      | no   | yes     | 28   | 28       | 28           | yes
    production         | yes      | no   | yes     | ?    | ?        | 7 14 21 28   | yes
    production         | yes      | no   | no      | none | 7        | 7            | no
    production         | yes      | no   | no      | 28   | 7        | 7            | no
    production         | yes      | no   | ?       | 28   | ?        | 7 28         | ?
    production         | yes      | no   | ?       | 7    | 7        | 7            | ?
    production         | yes      | ?    | yes     | 28   | 28       | 28           | ?
    production         | yes      | ?    | no      | 28   | ?        | 7 28         | no
    production         | no       | yes  | yes     | 28   | none     | none         | no
    production         | no       | ?    | ?       | ?    | none     | none         | no
    production         | ?        | yes  | no      | none | ?        | none 28      | no
    production         | ?        | no   | no      | none | ?        | none 7       | no
    sandbox            | yes      | no   | yes     | 28   | 7        | 7            | no
    sandbox            | yes      | yes  | no      | none | 7        | 7            | no
    sandbox            | yes      | ?    | ?       | ?    | 7        | 7            | no
    sandbox            | no       | no   | no      | none | none     | none         | no
    developer          | yes      | yes  | yes     | 28   | 7        | 7            | no
    teams              | yes      | yes  | yes     | 28   | 7        | 7            | no
    default            | yes      | yes  | yes     | 28   | 7        | 7            | no
    preview            | yes      | yes  | yes     | 28   | 7        | 7            | no
    demo               | yes      | yes  | yes     | 28   | 7        | 7            | no
    trial              | yes      | yes  | yes     | 28   | none     | none         | no
    trial-subscription | yes      | yes  | yes     | 28   | none     | none         | no
    trial              | ?        | ?    | ?       | ?    | none     | none         | no
    ?                  | no       | ?    | ?       | ?    | none     | none         | no
    ?                  | yes      | no   | no      | none | ?        | none 7       | no
    ?                  | yes      | yes  | ?       | ?    | ?        | none 7 28    | no
    ?                  | ?        | ?    | ?       | ?    | ?        | none 7 14 21 28 | ?";

/// An environment by the first columns of the table.
fn of_row(row: &[&str]) -> Environment {
    let mut e = known("Contoso Sales", Production);
    e.kind = if row[0] == "?" { Unknown } else { Is(EnvironmentType::from_word(row[0]).unwrap()) };
    e.dataverse = three(yes_or_no(row[1]), Dataverse::default);
    e.dynamics_365_apps = yes_or_no(row[2]).map(|yes| if yes { vec!["Sales".into()] } else { Vec::new() });
    e.managed = yes_or_no(row[3]);
    e.retention_days = match row[4] {
        "?" => Unknown,
        "none" => Is(None),
        days => Is(Some(days.parse().unwrap())),
    };
    e
}

#[test]
fn retention_is_what_table_d3_says_whatever_is_set_and_whatever_is_unknown() {
    let rows = D3.trim().lines().skip(1).map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    for row in rows {
        for rulebook in both() {
            let found = retention(&of_row(&row), &rulebook);
            let possible: Vec<_> = found.possible().iter().map(|possible| days(*possible)).collect();
            let changeable = said(found.is_changeable().map(|yes| if yes { "yes" } else { "no" }));
            assert_eq!([said(found.in_force().map(days)), possible.join(" "), changeable], row[5..], "{row:?}");
        }
    }
}

#[test]
fn the_retention_in_force_follows_when_managed_is_lost_or_dynamics_365_comes() {
    let rulebook = books().articles;
    let mut e = of_row(&["production", "yes", "no", "yes", "28"]);
    let mut in_force = |change: fn(&mut Environment)| {
        change(&mut e);
        retention(&e, &rulebook).in_force()
    };
    assert_eq!(in_force(|_| {}), Is(Some(28)));
    assert_eq!(in_force(|e| e.managed = Is(false)), Is(Some(7)));
    assert_eq!(in_force(|e| e.dynamics_365_apps = Is(vec!["Sales".into()])), Is(Some(28)));
    assert_eq!(in_force(|e| e.kind = Is(Sandbox)), Is(Some(7)));
}

#[test]
fn a_deleted_environment_can_be_recovered_for_7_days_or_28_with_dynamics_365() {
    let at = utc("2026-01-01T12:00:00Z");
    for rulebook in both() {
        for (kind, d365, expected) in [
            ("production", "yes", Is(28)),
            ("production", "no", Is(7)),
            ("production", "?", Unknown),
            ("sandbox", "yes", Is(7)),
            ("sandbox", "?", Is(7)),
            ("?", "no", Is(7)),
            ("?", "yes", Unknown),
            ("?", "?", Unknown),
        ] {
            // A lengthened retention does not lengthen it (RCV-007).
            let mut e = of_row(&[kind, "yes", d365, "yes", "28"]);
            assert_eq!(recovery_days(&e, &rulebook), expected, "{kind} {d365}");
            assert_eq!(recoverable_until(&e, &rulebook), Is(None), "it stands");
            e.deleted_at = Is(Some(at));
            assert_eq!(recoverable_until(&e, &rulebook), expected.map(|days: u16| Some(at + TimeDelta::days(days.into()))), "{kind} {d365}");
            e.deleted_at = Unknown;
            assert_eq!(recoverable_until(&e, &rulebook), Unknown);
        }
    }
}

#[test]
fn manual_backups_can_be_made_of_the_types_of_table_d4() {
    let books = books();
    let (yes, no) = (Is(true), Is(false));
    for (kind, articles, current) in [
        (Is(Production), yes, yes),
        (Is(Sandbox), yes, yes),
        (Is(Developer), no, yes),
        (Is(Teams), no, yes),
        (Is(DefaultType), no, no),
        (Is(Trial), no, no),
        (Is(TrialSubscription), no, no),
        (Is(Preview), no, no),
        (Is(Demo), no, no),
        (Unknown, Unknown, Unknown),
    ] {
        for (rulebook, expected) in [(&books.articles, articles), (&books.current, current)] {
            let mut e = sales();
            e.kind = kind;
            assert_eq!(can_be_made(&e, rulebook), expected, "{kind:?}");
            e.dataverse = Is(None);
            assert_eq!(can_be_made(&e, rulebook), no, "{kind:?} without a database");
            e.dataverse = Unknown;
            assert_eq!(can_be_made(&e, rulebook), if expected == no { no } else { Unknown }, "{kind:?}, database unknown");
        }
    }
}

/// Production without Dynamics 365 that was created then, with that retention.
fn created(created_at: &str, days: u16) -> Environment {
    let mut e = of_row(&["production", "yes", "no", "yes", &days.to_string()]);
    e.created_at = Is(utc(created_at));
    e
}

fn from_to(from: &str, to: &str) -> Known<Option<Window>> {
    Is(Some(Window { from: utc(from), to: utc(to) }))
}

fn first_whole_day(window: Known<Option<Window>>) -> String {
    match window {
        Is(Some(window)) => window.first_whole_day().map_or_else(|| "none".to_owned(), |day| day.to_string()),
        other => panic!("a window, not {other:?}"),
    }
}

#[test]
fn the_worked_example_of_the_article() {
    let rulebook = books().articles;
    // BKP-039: created on January 1 with 7 days, on January 8 the backups of January 1 to 8 are there.
    let e = created("2024-01-01T12:00:00Z", 7);
    let on_the_8th = window(&e, &rulebook, utc("2024-01-08T12:00:00Z"));
    assert_eq!(on_the_8th, from_to("2024-01-01T12:00:00Z", "2024-01-08T12:00:00Z"));
    assert_eq!(first_whole_day(on_the_8th), "2024-01-02");
    // BKP-040: set to 14 days, on January 16 the backups of January 3 to 16 are there, and none of January 1.
    let e = created("2024-01-01T12:00:00Z", 14);
    let on_the_16th = window(&e, &rulebook, utc("2024-01-16T12:00:00Z"));
    assert_eq!(on_the_16th, from_to("2024-01-02T12:00:00Z", "2024-01-16T12:00:00Z"));
    assert_eq!(first_whole_day(on_the_16th), "2024-01-03");
}

#[test]
fn the_window_begins_at_the_creation_and_ends_at_the_deletion() {
    let rulebook = books().articles;
    let now = utc("2026-01-20T12:00:00Z");
    let e = |created_at: &str, deleted_at: Known<Option<DateTime<Utc>>>| Environment { deleted_at, ..created(created_at, 14) };
    let deleted = |at: &str| Is(Some(utc(at)));
    for (created_at, deleted_at, expected) in [
        ("2025-01-01T00:00:00Z", Is(None), from_to("2026-01-06T12:00:00Z", "2026-01-20T12:00:00Z")),
        // Exactly at the creation, one second before and one after it.
        ("2026-01-06T12:00:00Z", Is(None), from_to("2026-01-06T12:00:00Z", "2026-01-20T12:00:00Z")),
        ("2026-01-06T11:59:59Z", Is(None), from_to("2026-01-06T12:00:00Z", "2026-01-20T12:00:00Z")),
        ("2026-01-06T12:00:01Z", Is(None), from_to("2026-01-06T12:00:01Z", "2026-01-20T12:00:00Z")),
        ("2026-01-20T12:00:00Z", Is(None), from_to("2026-01-20T12:00:00Z", "2026-01-20T12:00:00Z")),
        ("2026-01-20T12:00:01Z", Is(None), Is(None)),
        ("2025-01-01T00:00:00Z", deleted("2026-01-18T00:00:00Z"), from_to("2026-01-06T12:00:00Z", "2026-01-18T00:00:00Z")),
        ("2025-01-01T00:00:00Z", deleted("2026-01-06T12:00:00Z"), from_to("2026-01-06T12:00:00Z", "2026-01-06T12:00:00Z")),
        ("2025-01-01T00:00:00Z", deleted("2026-01-06T11:59:59Z"), Is(None)),
        ("2025-01-01T00:00:00Z", deleted("2026-02-01T00:00:00Z"), from_to("2026-01-06T12:00:00Z", "2026-01-20T12:00:00Z")),
        // Whether it was deleted is asked by a restore.
        ("2025-01-01T00:00:00Z", Unknown, from_to("2026-01-06T12:00:00Z", "2026-01-20T12:00:00Z")),
    ] {
        assert_eq!(window(&e(created_at, deleted_at), &rulebook, now), expected, "{created_at} {deleted_at:?}");
    }
}

#[test]
fn a_window_is_unknown_only_where_missing_facts_lead_to_different_ones() {
    let rulebook = books().articles;
    let now = utc("2026-01-20T12:00:00Z");
    let mut e = created("2026-01-15T00:00:00Z", 7);
    (e.retention_days, e.managed) = (Unknown, Unknown);
    assert_eq!(window(&e, &rulebook, now), from_to("2026-01-15T00:00:00Z", "2026-01-20T12:00:00Z"), "younger than every retention");
    e.created_at = Is(utc("2026-01-12T00:00:00Z"));
    assert_eq!(window(&e, &rulebook, now), Unknown, "7 days would cut it");
    e.dataverse = Is(None);
    assert_eq!(window(&e, &rulebook, now), Is(None), "without a database there is none");
    let unborn = Environment { created_at: Unknown, ..created("2026-01-15T00:00:00Z", 7) };
    assert_eq!(window(&unborn, &rulebook, now), Unknown);
    let trial = Environment { kind: Is(Trial), created_at: Unknown, ..unborn };
    assert_eq!(window(&trial, &rulebook, now), Is(None), "trials are not backed up");
}

#[test]
fn the_first_whole_day_lies_in_the_window_from_midnight_to_midnight() {
    for (from, to, day) in [
        ("2026-01-02T00:00:00Z", "2026-01-16T12:00:00Z", "2026-01-02"),
        ("2026-01-02T00:00:01Z", "2026-01-16T12:00:00Z", "2026-01-03"),
        ("2026-01-02T12:00:00Z", "2026-01-04T00:00:00Z", "2026-01-03"),
        ("2026-01-02T12:00:00Z", "2026-01-03T23:59:59Z", "none"),
        ("2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z", "2026-01-02"),
        ("2026-01-02T12:00:00Z", "2026-01-02T13:00:00Z", "none"),
        ("2025-12-31T12:00:00Z", "2026-01-05T12:00:00Z", "2026-01-01"),
    ] {
        assert_eq!(first_whole_day(from_to(from, to)), day, "{from} to {to}");
    }
}

#[test]
fn a_manual_backup_is_not_ready_settling_ready_and_expired_to_the_second() {
    let rulebook = books().articles;
    let taken = "2026-01-05T06:00:00Z";
    for days in [7_u16, 14, 21, 28] {
        let kept = retention(&created("2023-01-01T00:00:00Z", days), &rulebook);
        let backup = backup(taken);
        let end = utc(taken) + TimeDelta::days(days.into());
        assert_eq!(expires_at(&backup, &kept), Is(Some(end)));
        let second = TimeDelta::seconds(1);
        for (now, expected) in [
            (utc(taken) - second, Readiness::NotReady),
            (utc(taken), Readiness::NotReady),
            (utc("2026-01-05T06:09:59Z"), Readiness::NotReady),
            (utc("2026-01-05T06:10:00Z"), Readiness::Settling),
            (utc("2026-01-05T06:14:59Z"), Readiness::Settling),
            (utc("2026-01-05T06:15:00Z"), Readiness::Ready),
            (end, Readiness::Ready),
            (end + second, Readiness::Expired),
        ] {
            assert_eq!(readiness(&backup, &kept, &rulebook, now), Is(expected), "{days} days, {}", rfc3339(now));
        }
    }
}

#[test]
fn the_state_of_a_backup_is_unknown_only_between_the_possible_retentions() {
    let rulebook = books().articles;
    let kept = retention(&of_row(&["production", "yes", "no", "?", "28"]), &rulebook);
    let backup = backup("2026-01-01T00:00:00Z");
    assert_eq!(expires_at(&backup, &kept), Unknown);
    for (now, expected) in [
        ("2026-01-01T00:09:59Z", Is(Readiness::NotReady)),
        ("2026-01-08T00:00:00Z", Is(Readiness::Ready)),
        ("2026-01-08T00:00:01Z", Unknown),
        ("2026-01-29T00:00:00Z", Unknown),
        ("2026-01-29T00:00:01Z", Is(Readiness::Expired)),
    ] {
        assert_eq!(readiness(&backup, &kept, &rulebook, utc(now)), expected, "{now}");
    }
    let never = retention(&known("Trial", Trial), &rulebook);
    assert_eq!(expires_at(&backup, &never), Is(None));
    assert_eq!(readiness(&backup, &never, &rulebook, utc("2026-01-01T01:00:00Z")), Is(Readiness::Expired));
}

#[test]
fn the_label_of_a_backup_is_its_instant() {
    assert_eq!(backup("2025-12-28T18:02:00Z").label(), "2025-12-28T18:02:00Z");
}

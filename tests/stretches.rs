//! What `backups` promises of an instant is what `check restore` says of it, stretch by stretch, of whatever happened before.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking, its helpers too")]

#[path = "support/facts.rs"]
mod facts;

use chrono::{DateTime, TimeDelta, Utc};
use envdeck::domain::environment::{Environment, EnvironmentState, EnvironmentType};
use envdeck::domain::estate::{Estate, Snapshot};
use envdeck::domain::journal::Journal;
use envdeck::domain::known::Known;
use envdeck::domain::request::{Back, Case, Change, Choice, Context, Request};
use envdeck::domain::rulebook::Edition;
use envdeck::domain::stretches::{Certainty, Stretch, stretches, until_now};
use envdeck::domain::tenant::{Tenant, TenantRole};
use envdeck::domain::verdict::{Answer, Code};
use envdeck::domain::words::Word as _;

use facts::*;

const NOW: &str = "2026-01-05T09:00:00Z";

/// A tenant that refuses nothing.
fn tenant() -> Tenant {
    let mut tenant = Tenant::unexplored("contoso".into(), "Contoso".into());
    tenant.capacity = sum(gb("500"), gb("100"));
    tenant.operator_roles = Is(vec![TenantRole::PowerPlatformAdmin]);
    tenant
}

fn estate(environments: Vec<Environment>, edition: Edition) -> Estate {
    let mut snapshot = Snapshot::default();
    snapshot.captured_at = Is(utc(NOW));
    snapshot.add_tenant(tenant());
    for environment in environments {
        snapshot.add_environment(environment).unwrap();
    }
    Estate::new(snapshot, Journal::default(), Some(edition), None)
}

/// Environments to which everything happened that makes restore points certain, doubtful or gone.
fn cases() -> Vec<Environment> {
    let mut all = Vec::new();
    for kind in EnvironmentType::ALL {
        let plain = known(kind.label(), *kind);
        let changed = |name: &str, change: &dyn Fn(&mut Environment)| {
            let mut environment = known(&format!("{} {name}", kind.label()), *kind);
            change(&mut environment);
            environment
        };
        all.push(plain);
        all.push(changed("deleted", &|e| e.deleted_at = Is(Some(utc("2026-01-02T09:00:00Z")))));
        all.push(changed("recovered", &|e| e.unbacked = vec![(utc("2025-12-31T09:00:00Z"), utc("2026-01-03T09:00:00Z"))]));
        all.push(changed("copied onto", &|e| e.restorable_since = Some(utc("2026-01-01T09:00:00Z"))));
        all.push(changed("switched back", &|e| e.may_be_gone_before = Some(utc("2025-12-30T09:00:00Z"))));
        all.push(changed("kept for less", &|e| e.kept_since = Some(utc("2025-12-31T21:00:00Z"))));
        all.push(changed("retention unknown", &|e| e.retention_days = Known::Unknown));
        all.push(changed("apps unknown", &|e| e.dynamics_365_apps = Known::Unknown));
        all.push(changed("failed", &|e| e.state = Is(EnvironmentState::Failed)));
        all.push(changed("busy", &|e| e.state = Is(EnvironmentState::Running)));
        all.push(changed("young", &|e| e.created_at = Is(utc("2026-01-04T09:00:00Z"))));
        all.push(changed("created some day", &|e| e.created_at = Known::Unknown));
        all.push(changed("without database", &|e| e.dataverse = Is(None)));
    }
    all
}

/// The reasons that lie in the source and the instant, not in what is restored onto.
const OF_THE_SOURCE: [Code; 8] = [
    Code::BackupExpired,
    Code::BackupOverwritten,
    Code::BackupMayBeGone,
    Code::SourceIsDefault,
    Code::SourceFailed,
    Code::Deleted,
    Code::Busy,
    Code::NoDataverse,
];

fn at(stretches: &[Stretch], instant: DateTime<Utc>) -> Option<&Stretch> {
    stretches.iter().find(|stretch| stretch.from < instant && instant < stretch.to)
}

#[test]
fn what_is_certain_is_not_refused_and_what_is_not_is_nowhere_allowed() {
    let (now, books) = (utc(NOW), books());
    let mut seen = [0; 3];
    for edition in [Edition::Articles, Edition::Current] {
        let cases = cases();
        let target = known("Target", EnvironmentType::Sandbox);
        let estate = estate(cases.iter().cloned().chain([target.clone()]).collect(), edition);
        for source in &cases {
            let found = stretches(source, estate.facts(), books.of(edition), now);
            // From the middle of one hour to that of the next, so that none is a boundary.
            for hours in (0..40 * 24).step_by(5) {
                let instant = now - TimeDelta::hours(hours) - TimeDelta::minutes(30);
                let certainty = at(&found, instant).map(|stretch| stretch.certainty);
                seen[certainty.map_or(2, |certainty| certainty as usize)] += 1;
                let request = |onto: &Environment| Request {
                    source: Some(source.id.clone()),
                    target: onto.id.clone(),
                    change: Change::Restore { back: Choice::Chosen(Back::To(instant)), audit_logs: Choice::Open, name: Choice::Open, half: Choice::Open },
                };
                let context = Context::new(&estate, &books, &[], now);
                let what = || format!("{edition:?}, {} at {instant}: {certainty:?}", source.name);
                let (elsewhere, onto_itself) = (request(&target), request(source));
                let verdict = Case::of(&elsewhere, &context).unwrap().verdict();
                let speaks = verdict
                    .findings
                    .iter()
                    .find(|finding| OF_THE_SOURCE.contains(&finding.code) && finding.severity <= envdeck::domain::verdict::Severity::Unknown);
                if certainty == Some(Certainty::Certain) {
                    assert!(speaks.is_none(), "{}: {speaks:?}", what());
                } else {
                    let itself = Case::of(&onto_itself, &context).unwrap().outline().answer();
                    for answer in [verdict.answer(), itself] {
                        let doubt = verdict.findings.iter().any(|finding| matches!(finding.code, Code::BackupOverwritten | Code::BackupMayBeGone));
                        assert!(matches!(answer, Answer::Blocked | Answer::Unknown) || doubt, "{}: {answer:?}", what());
                    }
                }
            }
            for pair in found.windows(2) {
                assert_eq!(pair[0].to, pair[1].from, "{}", source.name);
                assert!((pair[0].certainty, &pair[0].why) != (pair[1].certainty, &pair[1].why), "{}", source.name);
            }
            assert!(found.iter().all(|stretch| stretch.from < stretch.to && (stretch.certainty == Certainty::Certain) == stretch.why.is_none()), "{found:#?}");
        }
    }
    assert!(seen.iter().all(|count| *count > 100), "all three are met: {seen:?}");
}

#[test]
fn between_deletion_and_recovery_nothing_is_kept_and_both_sides_are() {
    let books = books();
    let mut environment = known("Returns", EnvironmentType::Sandbox);
    environment.unbacked = vec![(utc("2025-12-31T09:00:00Z"), utc("2026-01-03T09:00:00Z"))];
    let estate = estate(vec![environment.clone()], Edition::Articles);
    let found = stretches(&environment, estate.facts(), books.of(Edition::Articles), utc(NOW));
    let said: Vec<_> = found.iter().map(|stretch| (stretch.to.to_rfc3339(), stretch.certainty, stretch.why.as_deref())).collect();
    assert_eq!(
        said,
        [
            ("2025-12-31T09:00:00+00:00".to_owned(), Certainty::Certain, None),
            ("2026-01-03T09:00:00+00:00".to_owned(), Certainty::Gone, Some("it was deleted from 2025-12-31 09:00Z to 2026-01-03 09:00Z")),
            ("2026-01-05T09:00:00+00:00".to_owned(), Certainty::Certain, None),
        ]
    );
    assert_eq!(until_now(&found, utc(NOW)).map(|stretch| stretch.from), Some(utc("2026-01-03T09:00:00Z")));
}

#[test]
fn an_unknown_retention_leaves_the_seven_days_certain_that_every_one_keeps() {
    let books = books();
    let mut environment = known("Sales", EnvironmentType::Production);
    (environment.managed, environment.retention_days) = (Is(true), Known::Unknown);
    let estate = estate(vec![environment.clone()], Edition::Current);
    let found = stretches(&environment, estate.facts(), books.of(Edition::Current), utc(NOW));
    let said: Vec<_> = found.iter().map(|stretch| (stretch.from.to_rfc3339(), stretch.certainty)).collect();
    assert_eq!(said, [("2025-12-08T09:00:00+00:00".to_owned(), Certainty::Possible), ("2025-12-29T09:00:00+00:00".to_owned(), Certainty::Certain)]);
}

//! Judging a copy onto every environment of a tenant: in outline, as lists need it, and in words.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a bench that cannot be set up has nothing to measure")]

mod support;

use divan::Bencher;
use envdeck::domain::attention::attention;
use envdeck::domain::copy::{Copy, Level};
use envdeck::domain::estate::EnvironmentKey;
use envdeck::domain::judge::{Question, judge, outline};
use envdeck::domain::time;
use envdeck::files::rulebook;

fn main() {
    divan::main();
}

#[divan::bench(args = [1_000, 10_000, 100_000], sample_count = 10)]
fn targets_in_outline(bencher: Bencher, environments: usize) {
    let (estate, rulebooks) = (support::estate_of(environments), rulebook::built_in().expect("the rulebooks are right"));
    let now = time::parse("2026-01-05T10:00:00Z").expect("an instant");
    let source = estate.environment(EnvironmentKey(0));
    bencher.bench(|| {
        let outline = |target| {
            outline(
                Question::Copy(Copy { source, target, level: Level::Everything, audit_logs: false, half_left: false, checklists: &[] }),
                &estate,
                &rulebooks,
                now,
            )
        };
        estate.environments().map(|(_, target)| outline(target)).filter(|outline| outline.answer() == envdeck::domain::verdict::Answer::Allowed).count()
    });
}

#[divan::bench(args = [1_000, 10_000], sample_count = 10)]
fn targets_in_words(bencher: Bencher, environments: usize) {
    let (estate, rulebooks) = (support::estate_of(environments), rulebook::built_in().expect("the rulebooks are right"));
    let now = time::parse("2026-01-05T10:00:00Z").expect("an instant");
    let source = estate.environment(EnvironmentKey(0));
    bencher.bench(|| {
        let findings = |target| {
            judge(
                Question::Copy(Copy { source, target, level: Level::Everything, audit_logs: false, half_left: false, checklists: &[] }),
                &estate,
                &rulebooks,
                now,
            )
            .findings
            .len()
        };
        estate.environments().map(|(_, target)| findings(target)).sum::<usize>()
    });
}

/// Every environment has four backups that expire soon, or none that does: what is found is words, what is not costs none.
#[divan::bench(args = [(10_000, "2026-01-05T10:00:00Z"), (10_000, "2026-01-16T10:00:00Z"), (100_000, "2026-01-05T10:00:00Z")], sample_count = 20)]
fn attention_of_the_estate(bencher: Bencher, (environments, now): (usize, &str)) {
    let (estate, rulebooks) = (support::estate_of(environments), rulebook::built_in().expect("the rulebooks are right"));
    let now = time::parse(now).expect("an instant");
    bencher.bench(|| attention(&estate, &[], rulebooks.of(estate.edition()), None, now).items.len());
}

//! Judging a copy onto every environment of a tenant: in outline, as lists need it, and in words.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a bench that cannot be set up has nothing to measure")]

mod support;

use divan::Bencher;
use envdeck::domain::copy::{self, Copy, Level};
use envdeck::domain::estate::EnvironmentKey;
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
        let outline = |target| copy::outline(Copy { source, target, level: Level::Everything }, &estate, &rulebooks, now);
        estate.environments().map(|(_, target)| outline(target)).filter(|outline| outline.answer() == envdeck::domain::verdict::Answer::Allowed).count()
    });
}

#[divan::bench(args = [1_000, 10_000], sample_count = 10)]
fn targets_in_words(bencher: Bencher, environments: usize) {
    let (estate, rulebooks) = (support::estate_of(environments), rulebook::built_in().expect("the rulebooks are right"));
    let now = time::parse("2026-01-05T10:00:00Z").expect("an instant");
    let source = estate.environment(EnvironmentKey(0));
    bencher.bench(|| {
        let findings = |target| copy::judge(Copy { source, target, level: Level::Everything }, &estate, &rulebooks, now).findings.len();
        estate.environments().map(|(_, target)| findings(target)).sum::<usize>()
    });
}

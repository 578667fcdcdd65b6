//! Judging a copy onto every environment of a tenant: in outline, as lists need it, and in words.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a bench that cannot be set up has nothing to measure")]

mod support;

use divan::Bencher;
use envdeck::domain::attention::attention;
use envdeck::domain::copy::Level;
use envdeck::domain::estate::{EnvironmentKey, Estate};
use envdeck::domain::request::{Case, Change, Choice, Context, Request};
use envdeck::domain::time;
use envdeck::files::rulebook;

fn main() {
    divan::main();
}

/// A copy of the first environment, of which the target is not chosen yet.
fn copy(estate: &Estate) -> Request {
    let source = estate.environment(EnvironmentKey(0)).id.clone();
    let (name, group, half) = (Choice::Open, Choice::Open, Choice::Open);
    let change = Change::Copy { level: Choice::Chosen(Level::Everything), audit_logs: Choice::Chosen(false), name, group, half };
    Request { source: Some(source.clone()), target: source, change }
}

#[divan::bench(args = [1_000, 10_000, 100_000], sample_count = 10)]
fn targets_in_outline(bencher: Bencher, environments: usize) {
    let (estate, rulebooks) = (support::estate_of(environments), rulebook::built_in().expect("the rulebooks are right"));
    let now = time::parse("2026-01-05T10:00:00Z").expect("an instant");
    let (request, context) = (copy(&estate), Context::new(&estate, &rulebooks, &[], now));
    let case = Case::of(&request, &context).expect("it is there");
    bencher.bench(|| {
        let outlines = estate.environments().map(|(_, target)| case.onto(target).outline());
        outlines.filter(|outline| outline.answer() == envdeck::domain::verdict::Answer::Allowed).count()
    });
}

#[divan::bench(args = [1_000, 10_000], sample_count = 10)]
fn targets_in_words(bencher: Bencher, environments: usize) {
    let (estate, rulebooks) = (support::estate_of(environments), rulebook::built_in().expect("the rulebooks are right"));
    let now = time::parse("2026-01-05T10:00:00Z").expect("an instant");
    let (request, context) = (copy(&estate), Context::new(&estate, &rulebooks, &[], now));
    let case = Case::of(&request, &context).expect("it is there");
    bencher.bench(|| estate.environments().map(|(_, target)| case.onto(target).verdict().findings.len()).sum::<usize>());
}

/// Every environment has four backups that expire soon, or none that does: what is found is words, what is not costs none.
#[divan::bench(args = [(10_000, "2026-01-05T10:00:00Z"), (10_000, "2026-01-16T10:00:00Z"), (100_000, "2026-01-05T10:00:00Z")], sample_count = 20)]
fn attention_of_the_estate(bencher: Bencher, (environments, now): (usize, &str)) {
    let (estate, rulebooks) = (support::estate_of(environments), rulebook::built_in().expect("the rulebooks are right"));
    let now = time::parse(now).expect("an instant");
    bencher.bench(|| attention(&estate, &[], rulebooks.of(estate.edition()), None, now).items.len());
}

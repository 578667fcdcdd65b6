//! Loading a snapshot beside what the YAML parsers take for the same text, and checking mapping files.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a bench that cannot be set up has nothing to measure")]

mod support;

use std::io::Cursor;

use divan::Bencher;
use envdeck::domain::mapping::{Asked, lint, propose};
use envdeck::domain::rulebook::Edition;
use envdeck::files::{mapping, snapshot};

fn main() {
    divan::main();
}

#[divan::bench(args = [1_000, 10_000], sample_count = 5)]
fn load(bencher: Bencher, environments: usize) {
    let text = support::snapshot_of(environments);
    bencher.with_inputs(|| text.clone()).bench_values(|text| snapshot::read("bench.yaml", Cursor::new(text)));
}

#[divan::bench(args = [1_000, 10_000], sample_count = 5)]
fn serde_yaml_alone(bencher: Bencher, environments: usize) {
    let text = support::snapshot_of(environments);
    bencher.bench(|| serde_yaml::from_str::<serde_yaml::Value>(&text));
}

#[divan::bench(args = [1_000, 10_000], sample_count = 5)]
fn events_alone(bencher: Bencher, environments: usize) {
    let text = support::snapshot_of(environments);
    bencher.bench(|| saphyr_parser::Parser::new_from_iter(text.chars()).filter(Result::is_ok).count());
}

/// 100,000 lines of users who are all looked up on both sides.
#[divan::bench(args = [10_000, 100_000], sample_count = 5)]
fn lint_mapping(bencher: Bencher, users: usize) {
    let (from, to, environment) = support::tenants_of(users);
    let mut text = Vec::new();
    let upns: Vec<(String, String)> = (0..users).map(|index| (support::upn("fabrikam", index), support::upn("contoso", index))).collect();
    mapping::write(&mut text, Edition::Articles, upns.iter().map(|(source, destination)| (&**source, Some(&**destination)))).expect("memory takes it");
    let asked = Asked { edition: Edition::Articles, file: None, from: Some(&from), to: Some(&to), environment: Some(&environment) };
    bencher.bench(|| {
        let found = lint(&mapping::read(&text), asked);
        assert_eq!((found.mapped.len(), found.errors.len()), (users, 0));
    });
}

/// As many users, half of whom are found only by names that come near.
#[divan::bench(args = [10_000, 100_000], sample_count = 5)]
fn propose_mapping(bencher: Bencher, users: usize) {
    let (from, to, environment) = support::tenants_of(users);
    bencher.bench(|| assert!(propose(&environment, &from, &to, false).is(|proposed| proposed.proposals.len() == users)));
}

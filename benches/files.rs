//! Loading a snapshot beside what the YAML parsers take for the same text.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a bench that cannot be set up has nothing to measure")]

mod support;

use std::io::Cursor;

use divan::Bencher;
use envdeck::files::snapshot;

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

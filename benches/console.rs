//! A cursor key and a letter of a filter, from `update` to the drawn frame.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a bench that cannot be set up has nothing to measure")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, FixedOffset, Utc};
use divan::Bencher;
use envdeck::app::action::{Action, Loaded, Moment};
use envdeck::app::keymap;
use envdeck::app::keys::Key;
use envdeck::app::model::{Model, Setup};
use envdeck::app::update::update;
use envdeck::domain::time;
use envdeck::files::rulebook;
use envdeck::view;
use envdeck::view::theme::Theme;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

fn main() {
    divan::main();
}

const SIZE: (u16, u16) = (120, 40);

fn in_utc(_: DateTime<Utc>) -> FixedOffset {
    FixedOffset::east_opt(0).expect("zero is an offset")
}

fn moment() -> Moment {
    let now = time::parse("2026-01-05T10:00:00Z").expect("an instant");
    Moment { console: now, unskipped: now, real: Duration::ZERO }
}

fn console(environments: usize) -> Model {
    let setup = Setup { file: "bench.yaml".into(), in_memory: false, read_only: false, offset: in_utc };
    let mut model = Model::new(setup, Arc::new(rulebook::built_in().expect("the rulebooks are right")), SIZE, moment());
    let loaded = Loaded { estate: support::estate_of(environments), templates: Vec::new(), remarks: Vec::new() };
    update(&mut model, Action::Loaded(Box::new(loaded)), moment());
    model
}

fn press(model: &mut Model, key: Key) {
    if let Some(action) = keymap::resolve(model, key) {
        update(model, action, moment());
    }
}

#[divan::bench(args = [10_000, 100_000])]
fn cursor_key(bencher: Bencher, environments: usize) {
    let mut model = console(environments);
    bencher.bench_local(|| press(&mut model, Key::Char('j')));
}

#[divan::bench]
fn frame(bencher: Bencher) {
    let mut model = console(1_000);
    let theme = Theme::dark(false);
    let mut terminal = Terminal::new(TestBackend::new(SIZE.0, SIZE.1)).expect("a test backend never fails");
    bencher.bench_local(|| {
        press(&mut model, Key::Char('j'));
        terminal.draw(|frame| view::draw(&model, &theme, frame)).map(|_| ()).expect("a test backend never fails");
    });
}

#[divan::bench(args = [10_000, 100_000], sample_count = 20)]
fn filter_key(bencher: Bencher, environments: usize) {
    let mut model = console(environments);
    press(&mut model, Key::Char('/'));
    bencher.bench_local(|| {
        for key in ['s', 'a', 'l'] {
            press(&mut model, Key::Char(key));
        }
        press(&mut model, Key::Ctrl('u'));
    });
}

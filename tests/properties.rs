//! What holds whatever is pressed, pasted, clicked, resized, waited for, saved and loaded, in whatever order.
//!
//! The seed is fixed, so that a run in CI says the same twice; `PROPTEST_CASES=20000` plays a million events.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use envdeck::app::action::{Action, Loaded, Moment, Side};
use envdeck::app::effect::Effect;
use envdeck::app::keymap;
use envdeck::app::keys::{self, Key, Scripted};
use envdeck::app::layout::{Layout, SMALLEST};
use envdeck::app::model::{File, Layer, Model, Pane, Setup};
use envdeck::app::pages::Step;
use envdeck::app::runbook::Sheet;
use envdeck::app::update::update;
use envdeck::domain::checklist::Template;
use envdeck::domain::environment::{
    CustomerManagedKey, Dataverse, EnterprisePolicy, Environment, EnvironmentId, EnvironmentState, EnvironmentType, FinanceOperations, OrderManagement,
    PolicyKind,
};
use envdeck::domain::estate::{Estate, Snapshot};
use envdeck::domain::journal::{Clash, Entry, Journal, What};
use envdeck::domain::known::Known;
use envdeck::domain::library::Library;
use envdeck::domain::linked;
use envdeck::domain::order::Dialect;
use envdeck::domain::request::{Change, Choice, Context, Request, judge, outline};
use envdeck::domain::rulebook::{Edition, Rulebooks};
use envdeck::domain::tenant::{Tenant, TenantKey};
use envdeck::domain::verdict::Severity;
use envdeck::domain::words::Word;
use envdeck::domain::{copy, gigabytes::Gigabytes};
use envdeck::files;
use envdeck::runbook;
use envdeck::runtime;
use envdeck::view;
use envdeck::view::theme::Theme;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

static RULEBOOKS: LazyLock<Arc<Rulebooks>> = LazyLock::new(|| Arc::new(files::rulebook::built_in().expect("the rulebooks are right")));
static TEMPLATES: LazyLock<Vec<Template>> = LazyLock::new(|| files::checklist::built_in().unwrap_or_else(|problems| panic!("{problems}")));
static LIBRARY: LazyLock<Arc<Library>> = LazyLock::new(|| Arc::new(files::answers::library().unwrap_or_else(|problems| panic!("{problems}"))));
static DEMO: LazyLock<Estate> = LazyLock::new(|| {
    let snapshot = files::read_demo().unwrap_or_else(|problems| panic!("{problems}")).snapshot;
    Estate::new(snapshot, Journal::default(), None, None)
});

/// The demo estate, cut off behind so many tenants and environments.
fn estate_of(tenants: usize, environments: usize) -> Estate {
    let mut snapshot = Snapshot::default();
    snapshot.captured_at = DEMO.captured_at();
    snapshot.operator = Known::Is(Arc::from("thomas@contoso.com"));
    for (_, tenant) in DEMO.tenants().take(tenants) {
        snapshot.add_tenant(tenant.clone());
    }
    for (_, environment) in DEMO.environments().filter(|(_, environment)| (environment.tenant.0 as usize) < tenants).take(environments) {
        snapshot.add_environment(environment.clone()).expect("the demo has no id twice");
    }
    Estate::new(snapshot, Journal::default(), None, None)
}

/// Something that happens to the console.
#[derive(Debug, Clone)]
enum Event {
    Press(Key),
    /// Keys that lead somewhere deep, which single ones seldom find.
    Play(&'static str),
    Paste(String),
    Click(u16, u16),
    Wheel(u16, u16, i8),
    Resize(u16, u16),
    Advance(u32),
    /// The clock was moved on, or back.
    ClockMoved,
    /// The oldest effect that is under way ends, well or not.
    Answer(Answer),
}

#[derive(Debug, Clone, Copy)]
enum Answer {
    Well(usize, usize),
    Failed,
    Clash,
}

fn key() -> impl Strategy<Value = Key> {
    let bound: Vec<Key> = keymap::BINDINGS.iter().flat_map(|binding| binding.keys.iter().copied()).collect();
    prop_oneof![
        12 => prop::sample::select(bound),
        3 => prop::sample::select(vec!['a', 'e', 's', 't', ':', ' ', '日', '\u{301}', 'é', '👩', '\u{200d}', '\u{202e}']).prop_map(Key::Char),
        1 => prop::sample::select(vec![Key::Ctrl('x'), Key::Char('ü'), Key::Esc, Key::Enter]),
    ]
}

fn size() -> impl Strategy<Value = (u16, u16)> {
    prop_oneof![
        4 => prop::sample::select(vec![(60, 16), (80, 24), (120, 36), (59, 16), (60, 15), (72, 19), (100, 20), (160, 17), (200, 60)]),
        2 => (60_u16..130, 16_u16..45),
        1 => (1_u16..=300, 1_u16..=100),
        1 => (1_u16..=5, 1_u16..=5),
    ]
}

/// Through the copy wizard to its end, both ways, and to the checklist behind it.
const JOURNEYS: &[&str] = &[
    "<esc*9><home>/contoso sales<enter>c<enter>/sales uat<enter><enter><enter>aaaaaaaaaaaaaaaa<enter><enter>y",
    "<esc*9><home>/contoso sales<enter>c<down><enter>/hr test<enter><enter><enter>aaaaaaaaaaaaaaaa<enter><down><enter>CHG-1<down>me<down>Contoso HR Test<enter>",
    "<enter>aaaaaaaaaaaaaaaa<enter>",
    "ffff",
    "o",
    "N<space><down><space>",
    "dr l",
    "u",
    "Uy",
    "t<down*9>",
    "e<down*2><enter><down><enter>cpy<enter><s-down*3>",
    "<tab><tab>e<enter*3><esc>",
    "?:",
    // What is looked up is read, followed, copied and done.
    "?/event expired<enter><enter>y<down*9><enter><tab><esc>",
    ":restore prod<down*2><enter>y<down><enter><end><enter><esc>",
    "e<tab><down*30>y<enter><pgdn><home><enter><esc*3>",
    ":flows after copy<enter><enter>",
    "?/targets<enter><down*2><enter><enter>",
    "<tab><tab>+<left*3>+,,.Hg-3d<enter>w<home>",
    // What is lost is drawn above a review; pairs are switched apart.
    "<esc*9><home>/contoso sales<enter>t<down*9><enter><esc>",
    "<esc*9><home>/contoso hr<enter>R<down><enter><end>ww",
    "<esc*9><home>/supply<enter>taaaaaaaaaaaaaaaa<enter><enter>y/<c-u><enter><end><pgup>",
    "<tab><tab>zwww[[]-gyesterday 14:35<enter><left>g04 foo<enter><esc>",
    // Facts: answered, answered wrongly, marked, for the tenant, taken back.
    "<esc*9><enter><down>=yes<enter>y",
    "<esc*9>/lab<enter><enter>=sandbx<enter><esc>",
    "<esc*9><home><space><space>*<enter><down*12>=none<enter>y",
    "<esc*9><enter><end><up*6>=no<enter>y",
    "<enter><c-u><enter>y",
    // Everything else that is done to an environment: rehearsed, recorded, planned, taken back.
    "<esc*9><home>/contoso sales<enter>r<c-u>2026-01-04 14:35<enter>/sales uat<enter><enter><enter>aaaaaaaaaaaa<enter><enter>y",
    "<esc*9><home>/contoso sales<enter>r<down><down> <enter>/sales uat<enter><enter><enter>aaaaaaaaaaaa<enter><down><enter><tab><tab>Contoso Sales UAT<enter>",
    "<esc*9>NAnother one<tab><right><tab>emea<enter><enter>y",
    "<esc*9>/another<enter><home>ERenamed<enter><enter>y",
    "<esc*9>bBackup<tab>notes<enter>aaaaaa<enter><enter>y",
    "<esc*9>taaaaaa<enter><enter>y",
    "<esc*9>Daaaaaa<enter><enter>yV<enter><enter>y",
    "<esc*9>Xaaaaaa<enter><enter>y",
    "<esc*9>R<down><enter>aaaaaa<enter><enter>yd<enter>aaaaa<enter><enter>y",
    "<esc*9>/hr<enter><home>pyo<space><down><space><down><down><enter>aaaa<enter><down><enter>",
    "PyoMyo",
    // Moves to another tenant: questions answered, a file that is read, planned, rehearsed, recorded, several at once.
    "<esc*9>T<home>/fabrikam sales test<enter><home>m<enter>=200<enter>y<enter>users.csv<enter>",
    "<enter><enter>aaaaaaaaaaaa<enter><enter>y",
    "<esc*9><home>m<enter><home><down*3>=global-admin<enter>y<enter>users.csv<enter><enter>2026-01-10 20:00<tab><right><tab>nobody<enter><c-u><enter>py",
    "<esc*9><home>maaaaaaaaaaaa<enter><down><enter><tab><tab>Fabrikam Sales Test<enter>",
    "<esc*9><home> <space>m<enter><enter>one.csv<tab>two.csv<enter><enter><enter>p",
    "m<enter><enter><c-r><down*9><c-u><esc*6>",
    "uuuu",
    // The runbook of a copy and of a plan: asked for, refused, shown in every dialect, written.
    "<esc*9><home>/contoso sales<enter>c<enter>/sales uat<enter><enter><enter>aaaaaaaaaaaaxfor what<tab>CHG-1<tab>lena<tab><tab>Contoso Sales UAT<enter>",
    "<esc*9>/hr<enter><home>pyxyesterday 14:35<tab><tab><tab><tab><tab>Contoso HR<enter>",
    "<tab><end><tab>wy<right><pgdn>",
];

fn event() -> impl Strategy<Value = Event> {
    let pasted = prop::sample::select(vec![
        "sales",
        "type:sandbox",
        "type:",
        "managed:yes contoso",
        "\t\r\n\u{1b}[2J",
        "日本語日本語日本語",
        "e\u{301}\u{301}👩\u{200d}👧",
        ":",
        "x",
    ]);
    let answer = prop_oneof![(0_usize..=2, 0_usize..=23).prop_map(|(tenants, count)| Answer::Well(tenants, count)), Just(Answer::Failed), Just(Answer::Clash)];
    prop_oneof![
        30 => key().prop_map(Event::Press),
        2 => prop::sample::select(JOURNEYS.to_vec()).prop_map(Event::Play),
        2 => (pasted, 1_usize..4).prop_map(|(text, times)| Event::Paste(text.repeat(times))),
        3 => (0_u16..130, 0_u16..45).prop_map(|(x, y)| Event::Click(x, y)),
        1 => (any::<u16>(), any::<u16>()).prop_map(|(x, y)| Event::Click(x, y)),
        2 => (0_u16..130, 0_u16..45, prop::sample::select(vec![-3_i8, 3])).prop_map(|(x, y, rows)| Event::Wheel(x, y, rows)),
        3 => size().prop_map(|(width, height)| Event::Resize(width, height)),
        2 => prop::sample::select(vec![0_u32, 1, 59, 60, 3_600, 90_000, 700_000, 5_000_000]).prop_map(Event::Advance),
        4 => answer.prop_map(Event::Answer),
    ]
}

/// The loop without a terminal: the same order of resolve, update, effects and draw, every step checked.
struct Play {
    model: Model,
    theme: Theme,
    terminal: Terminal<TestBackend>,
    drawn: Buffer,
    passed: TimeDelta,
    skipped: TimeDelta,
    start: DateTime<Utc>,
    under_way: Vec<Effect>,
}

impl Play {
    fn new(size: (u16, u16), read_only: bool, ascii: bool) -> Self {
        let start = files::demo_captured_at();
        let in_utc = |_| FixedOffset::east_opt(3_600).expect("an hour is an offset");
        let setup = Setup { file: "snapshot.yaml".into(), in_memory: false, read_only, offset: in_utc };
        let mut play = Self {
            model: runtime::fresh(setup, Arc::clone(&RULEBOOKS), size, start),
            theme: Theme::dark(ascii),
            terminal: Terminal::new(TestBackend::new(size.0, size.1)).expect("a test backend never fails"),
            drawn: Buffer::default(),
            passed: TimeDelta::zero(),
            skipped: TimeDelta::zero(),
            start,
            under_way: vec![Effect::Load],
        };
        play.draw();
        play
    }

    fn now(&self) -> Moment {
        let unskipped = self.start + self.passed;
        Moment { console: unskipped + self.skipped, unskipped, real: self.passed.to_std().expect("time only goes on") }
    }

    fn take(&mut self, event: Event) {
        let action = match event {
            Event::Press(key) => keymap::resolve(&self.model, key),
            Event::Play(keys) => {
                for step in keys::parse(keys).expect("keys") {
                    if let Scripted::Key(key) = step {
                        self.take(Event::Press(key));
                    }
                }
                None
            }
            Event::Paste(text) => Some(Action::Pasted(text)),
            Event::Click(x, y) => Some(Action::Clicked(x, y)),
            Event::Wheel(x, y, rows) => Some(Action::Scrolled(x, y, rows)),
            Event::Resize(width, height) => Some(Action::Resized(width, height)),
            Event::Advance(seconds) => {
                self.passed += TimeDelta::seconds(i64::from(seconds));
                Some(Action::ClockReached)
            }
            Event::ClockMoved => Some(Action::ClockReached),
            Event::Answer(answer) => self.answer(answer),
        };
        let Some(action) = action else { return };
        let what = format!("{action:?}");
        let at = self.now();
        let outcome = update(&mut self.model, action, at);
        // The loop draws no more then; here it is played on.
        let quits = outcome.effects.contains(&Effect::Quit);
        let mut skip = None;
        for effect in outcome.effects {
            match effect {
                Effect::Quit | Effect::Suspend | Effect::Clipboard(_) => {}
                Effect::Unskip => skip = Some(at.unskipped),
                Effect::SkipTo(instant) => skip = Some(instant),
                Effect::Load
                | Effect::ReadLibrary
                | Effect::ReadMapping(_)
                | Effect::Save(_)
                | Effect::Settle(_)
                | Effect::Runbook(_)
                | Effect::WriteRunbook(_) => self.under_way.push(effect),
            }
        }
        let before = std::mem::take(&mut self.drawn);
        self.draw();
        if !outcome.redraw && !quits {
            assert!(before == self.drawn, "{what} said that nothing shown changed, but it did:\n{}---\n{}", text(&before), text(&self.drawn));
        }
        self.check(&what);
        if let Some(instant) = skip {
            self.skipped = instant - self.now().unskipped;
            self.take(Event::ClockMoved);
        }
    }

    fn answer(&mut self, answer: Answer) -> Option<Action> {
        if self.under_way.is_empty() {
            return None;
        }
        Some(match (self.under_way.remove(0), answer) {
            (Effect::Load, Answer::Well(tenants, environments)) => {
                let remarks = if environments % 7 == 0 { vec!["one is odd".to_owned()] } else { Vec::new() };
                Action::Loaded(Box::new(Loaded { estate: estate_of(tenants, environments), templates: TEMPLATES.clone(), remarks }))
            }
            (Effect::Load, Answer::Failed | Answer::Clash) => Action::LoadFailed((1..60).map(|line| format!("snapshot.yaml:{line}:1: wrong")).collect()),
            (Effect::ReadMapping(path), Answer::Well(lines, _)) => {
                let text = "carla@fabrikam.com, carla@contoso.com\nben@fabrikam.com; ben@contoso.com\n".repeat(lines);
                Action::MappingRead(path, Ok(Arc::new(files::mapping::read(text.as_bytes()))))
            }
            (Effect::ReadMapping(path), Answer::Failed | Answer::Clash) => Action::MappingRead(path, Err("the file cannot be read".to_owned())),
            (Effect::ReadLibrary, Answer::Well(..)) => Action::LibraryRead(Ok(Arc::clone(&LIBRARY))),
            (Effect::ReadLibrary, Answer::Failed | Answer::Clash) => Action::LibraryRead(Err("internal error; please report it".to_owned())),
            (Effect::Runbook(order), _) => {
                let sheet = |dialect: &Dialect| Sheet {
                    dialect: *dialect,
                    file: order.open.is_empty().then(|| runbook::file_name(&order, *dialect)),
                    text: runbook::write(&order, *dialect).unwrap_or_else(|open| format!("{open:?}")),
                };
                let sheets = Dialect::ALL.iter().map(sheet).collect();
                Action::RunbookWritten(order, sheets)
            }
            (Effect::WriteRunbook(sheet), Answer::Well(..)) => Action::RunbookSaved(Ok(sheet.file.unwrap_or_default())),
            (Effect::WriteRunbook(_), Answer::Failed | Answer::Clash) => Action::RunbookSaved(Err("there is such a file already".to_owned())),
            (Effect::Save(_), Answer::Well(tenants, _)) => {
                let mut entries = self.model.estate.journal().entries().to_vec();
                if tenants == 0 {
                    entries.extend(self.somebody_elses());
                }
                Action::JournalSaved(entries)
            }
            (Effect::Settle(side), Answer::Well(..)) => Action::JournalSaved(match side {
                Side::Ours => self.model.estate.journal().entries().to_vec(),
                Side::Theirs => self.somebody_elses().into_iter().collect(),
            }),
            (Effect::Save(_) | Effect::Settle(_), Answer::Failed) => Action::JournalFailed("Not saved: no space is left. Ctrl-S tries again".to_owned()),
            (Effect::Save(_) | Effect::Settle(_), Answer::Clash) => {
                let clashes = self
                    .model
                    .estate
                    .journal()
                    .entries()
                    .iter()
                    .map(|ours| Clash { theirs: Entry { by: Arc::from("isaac"), ..ours.clone() }, ours: ours.clone() });
                Action::JournalClashed(clashes.collect())
            }
            (effect @ (Effect::Quit | Effect::Suspend | Effect::SkipTo(_) | Effect::Unskip | Effect::Clipboard(_)), _) => panic!("{effect:?} is done at once"),
        })
    }

    fn somebody_elses(&self) -> Option<Entry> {
        let environment = self.model.estate.environments().next()?.1.id.clone();
        Some(Entry::new(self.now().console, Arc::from("isaac@contoso.com"), What::Note { environment, text: "Ask me first".into() }))
    }

    fn draw(&mut self) {
        let (width, height) = self.model.ui.size;
        let terminal = &mut self.terminal;
        if *terminal.backend().buffer().area() != ratatui::layout::Rect::new(0, 0, width, height) {
            *terminal = Terminal::new(TestBackend::new(width, height)).expect("a test backend never fails");
        }
        let (model, theme) = (&self.model, &self.theme);
        let drawn = terminal.draw(|frame| view::draw(model, theme, frame)).expect("a test backend never fails");
        self.drawn = drawn.buffer.clone();
        let at = terminal.get_cursor_position().expect("a test backend never fails");
        assert!(at.x < width && at.y < height, "the terminal's cursor stands at {at:?}, outside of {width}x{height}");
    }

    /// What holds after every event.
    fn check(&self, what: &str) {
        let Model { ui, .. } = &self.model;
        let big_enough = ui.size.0 >= SMALLEST.0 && ui.size.1 >= SMALLEST.1;
        let layout = self.model.layout();
        let on_screen = |name: &str, cursor: envdeck::app::list::Cursor, length: usize, height: usize| {
            assert!(cursor.at < length.max(1), "{what}: the cursor of {name} is at {} of {length}", cursor.at);
            if big_enough && length > 0 {
                assert!(cursor.window(length, height).contains(&cursor.at), "{what}: {name} shows {height} of {length} rows without {cursor:?}");
            }
        };
        let not_past_the_end = |name: &str, top: usize, length: usize, height: usize| {
            if big_enough && height > 0 {
                assert!(top <= length.saturating_sub(height), "{what}: {name} has {length} lines, {height} on screen, and begins at {top}");
            }
        };
        self.environments_are_on_screen(what, big_enough);
        if layout.details.height > 0 {
            on_screen("the details", ui.details.cursor, ui.details.lines.len(), usize::from(layout.details.inside().height));
        }
        if let File::Broken { lines, top } = &ui.file {
            assert!(*top < lines.len().max(1), "{what}: the problems begin at {top} of {}", lines.len());
        }
        for layer in &ui.layers {
            match layer {
                Layer::Wizard(wizard) => match &wizard.step {
                    Step::Target => {
                        let (targets, (list, reasons)) = (&wizard.targets, layout.targets());
                        on_screen("the targets", targets.cursor, targets.rows().len(), usize::from(list.inside().height.saturating_sub(Layout::TARGETS_HEAD)));
                        not_past_the_end("the reasons", targets.reasons_top, targets.reasons().len(), usize::from(reasons.inside().height));
                    }
                    Step::Tenant => {
                        let (destinations, (list, reasons)) = (&wizard.destinations, layout.targets());
                        let rows = usize::from(list.inside().height.saturating_sub(Layout::TARGETS_HEAD));
                        on_screen("the destinations", destinations.cursor, destinations.rows().len(), rows);
                        not_past_the_end("their reasons", destinations.reasons_top, destinations.reasons().len(), usize::from(reasons.inside().height));
                    }
                    Step::Questions => on_screen("the questions", wizard.questions.cursor, wizard.questions.rows().len(), layout.question_rows()),
                    Step::Mapping => {
                        let moving = &wizard.draft.moving;
                        let found = moving.chosen().map_or(0, |chosen| chosen.found().len());
                        not_past_the_end("the mapping file", moving.top, found, layout.found_rows(moving.each.len()));
                    }
                    Step::Review(_) => not_past_the_end("the review", wizard.review_top, wizard.review().len(), usize::from(self.model.review().1.height)),
                    Step::Level | Step::Point | Step::Days | Step::Backup | Step::Details(_) | Step::Carry(_) | Step::Record(_) => {}
                },
                Layer::Checklist(working) => on_screen("the checklist", working.cursor, working.lines().len(), usize::from(layout.targets().0.inside().height)),
                Layer::Attention(listing) => on_screen("the attention", listing.cursor, listing.rows().len(), usize::from(layout.attention().height)),
                Layer::Journal(entries) => {
                    let (list, about) = layout.targets();
                    on_screen("the journal", entries.cursor, entries.rows().len(), usize::from(list.inside().height));
                    let height = usize::from(about.inside().height);
                    not_past_the_end("the entry", entries.top, entries.about().len(), height);
                }
                Layer::Tables(tables) => on_screen("the tables", tables.cursor, tables.rows().len(), layout.table_rows()),
                Layer::Explain(explain) => {
                    on_screen("the rules", explain.cursor, explain.rows().len(), layout.rule_rows());
                    not_past_the_end("the explanation", explain.top, explain.said().len(), usize::from(layout.explain().1.inside().height));
                }
                Layer::Palette(palette) => on_screen("the palette", palette.cursor, palette.choices().len(), layout.palette_rows()),
                Layer::Help(help) => not_past_the_end("the help", help.cursor.top, help.lines.len(), usize::from(layout.body.height).saturating_sub(2)),
                Layer::Clash(clash) => not_past_the_end("the clash", clash.top, clash.lines.len(), usize::from(layout.body.height).saturating_sub(6)),
                Layer::Runbook(sheets) => not_past_the_end("the runbook", sheets.top, sheets.lines().len(), usize::from(layout.body.inside().height)),
                Layer::Filter | Layer::Note(_) | Layer::Confirm(_) | Layer::Taking(_) => {}
            }
        }
        self.layers_are_sane(what);
        if let Some(deadline) = self.model.next_deadline() {
            assert!(deadline.console.is_none_or(|at| at > ui.now.console), "{what}: {deadline:?} is over at {:?}", ui.now);
            assert!(deadline.real.is_none_or(|at| at > ui.now.real), "{what}: {deadline:?} is over at {:?}", ui.now);
        }
        assert!(ui.notice.as_ref().and_then(|notice| notice.until).is_none() || self.model.next_deadline().is_some(), "{what}: a notice waits for nothing");
        for context in keymap::contexts(&self.model) {
            assert!(keymap::bindings_of(context).next().is_some(), "{what}: nothing is bound in {context:?}");
        }
    }

    /// Of linked pairs both halves are rows of the list, and the cursor stands on a pair that is seen.
    fn environments_are_on_screen(&self, what: &str, big_enough: bool) {
        let (list, screen) = (&self.model.ui.environments, self.model.layout().environment_screen());
        let (cursor, count) = (list.cursor, list.count());
        assert!(cursor.at < count.max(1) && cursor.top <= cursor.at, "{what}: {cursor:?} of {count} environments");
        let rows: usize = list.visible().iter().map(|row| usize::from(row.height())).sum();
        assert!(rows <= screen.rows, "{what}: {rows} rows on {screen:?}");
        assert!(rows == screen.rows || cursor.top + list.visible().len() == count, "{what}: {rows} rows of {count} environments on {screen:?}");
        if !big_enough || count == 0 {
            return;
        }
        let shown = list.visible().get(cursor.at - cursor.top).unwrap_or_else(|| panic!("{what}: {cursor:?} is not on {screen:?}"));
        assert_eq!(Some(shown.key), list.selected(), "{what}");
        let is_pair = linked::half(self.model.estate.environment(shown.key)).is_some();
        assert_eq!(shown.half, is_pair && screen.halves, "{what}: {cursor:?} on {screen:?}");
        // Whichever of its rows is clicked, it is the one that is chosen.
        let mut row = 0;
        for (index, shown) in list.visible().iter().enumerate() {
            for _ in 0..shown.height() {
                assert_eq!(list.at_row(row), Some(cursor.top + index), "{what}: row {row}");
                row += 1;
            }
        }
        assert_eq!(list.at_row(row), None, "{what}");
    }

    /// Nothing stands over the panes twice, and a filter stands over the list that it is for.
    fn layers_are_sane(&self, what: &str) {
        let layers = &self.model.ui.layers;
        let mut kinds: Vec<_> = layers.iter().map(std::mem::discriminant).collect();
        kinds.dedup();
        let twice = kinds.iter().enumerate().any(|(at, kind)| kinds.get(at + 1..).is_some_and(|behind| behind.contains(kind)));
        assert!(!twice && kinds.len() == layers.len(), "{what}: something stands there twice: {layers:?}");
        for (at, layer) in layers.iter().enumerate() {
            let below = at.checked_sub(1).and_then(|below| layers.get(below));
            match layer {
                Layer::Filter => {
                    assert!(matches!(below, None | Some(Layer::Wizard(_) | Layer::Attention(_) | Layer::Help(_))), "{what}: a filter over {below:?}")
                }
                Layer::Wizard(_) | Layer::Checklist(_) | Layer::Attention(_) | Layer::Journal(_) => {
                    assert!(below.is_none(), "{what}: {layer:?} over {below:?}")
                }
                Layer::Taking(_) => assert!(matches!(below, None | Some(Layer::Wizard(_) | Layer::Checklist(_))), "{what}: a runbook is taken over {below:?}"),
                Layer::Tables(_)
                | Layer::Explain(_)
                | Layer::Note(_)
                | Layer::Help(_)
                | Layer::Palette(_)
                | Layer::Confirm(_)
                | Layer::Runbook(_)
                | Layer::Clash(_) => {}
            }
        }
    }

    /// Esc leads back to the panes, whatever is open.
    fn escapes(&mut self) {
        // A wizard goes back through its steps, explanations through the rules that were followed, what was typed on the way and
        // what was read.
        const RULES_FOLLOWED: usize = 3 * 17;
        const PAGES: usize = 8;
        for _ in 0..self.model.ui.layers.len() + PAGES + RULES_FOLLOWED + 4 {
            self.take(Event::Press(Key::Esc));
        }
        let ui = &self.model.ui;
        assert!(ui.layers.is_empty(), "Esc does not lead out of {:?}", ui.layers);
        assert_eq!((ui.focus, ui.environments.filter.value()), (Pane::Environments, ""));
    }
}

fn text(buffer: &Buffer) -> String {
    envdeck::console::text_of(buffer)
}

fn config(cases: u32) -> Config {
    // `Config::default` reads PROPTEST_CASES; without it a few seconds are enough.
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { Config::default().cases } else { cases };
    Config { cases, rng_seed: RngSeed::Fixed(20_260_105), failure_persistence: None, max_shrink_iters: 4_000, ..Config::default() }
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn any_sequence_of_events_keeps_the_console_sane(
        size in size(),
        read_only in prop::bool::weighted(0.1),
        ascii in any::<bool>(),
        first in prop::option::weighted(0.9, Just(Answer::Well(2, 23))),
        events in prop::collection::vec(event(), 1..=100),
    ) {
        let mut play = Play::new(size, read_only, ascii);
        if let Some(first) = first {
            play.take(Event::Answer(first));
        }
        for event in events {
            play.take(event);
        }
        play.escapes();
    }
}

/// The journeys above arrive, so that the random events play there too.
#[test]
fn the_journeys_lead_where_they_should() {
    let arrives = |journey: usize| {
        let mut play = Play::new((100, 30), false, false);
        play.take(Event::Answer(Answer::Well(2, 23)));
        for keys in [JOURNEYS.get(journey).expect("a journey"), "ffffff", "o"] {
            play.take(Event::Play(keys));
        }
        assert!(matches!(play.model.ui.layers.last(), Some(Layer::Checklist(_))), "no checklist is open:\n{}", text(&play.drawn));
        play.model.estate.rehearsals().len()
    };
    assert_eq!((arrives(0), arrives(1)), (1, 0));
}

fn known<T: std::fmt::Debug + Clone>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Known<T>> {
    prop_oneof![1 => Just(Known::Unknown), 4 => value.prop_map(Known::Is)]
}

fn any_word<W: Word + std::fmt::Debug + 'static>() -> impl Strategy<Value = W> {
    prop::sample::select(W::ALL.to_vec())
}

fn environment(tenant: TenantKey, id: &'static str) -> impl Strategy<Value = Environment> {
    let size = prop::sample::select(vec!["0", "0.99", "1", "212"]).prop_map(|text| Gigabytes::parse(text).expect("a size"));
    let dataverse = known(prop::option::weighted(0.9, known(size).prop_map(|size| Dataverse { size, ..Dataverse::default() })));
    let key = known(prop::option::of(Just(CustomerManagedKey { name: Known::Unknown })));
    let policy = (known(any_word::<PolicyKind>()), prop::sample::select(vec!["p1", "p2"])).prop_map(|(kind, id)| EnterprisePolicy { kind, id: id.into() });
    let half = (known(any_word()), known(any_word()), known(prop::sample::select(vec!["10.0.43", "10.0.44", "odd"]))).prop_map(
        |(kind_of_environment, kind, build)| {
            Box::new(FinanceOperations {
                id: "f".into(),
                name: "F".into(),
                kind_of_environment,
                kind,
                application_build: build.map(Arc::from),
                point_in_time_restore_days: Known::Unknown,
            })
        },
    );
    let instant = Just(files::demo_captured_at() - TimeDelta::days(3));
    (
        (known(any_word::<EnvironmentType>()), known(any_word::<EnvironmentState>()), known(prop::sample::select(vec!["emea", "Europe", "na"])), dataverse),
        (known(prop::collection::vec(Just(Arc::from("Sales")), 0..2)), known(any::<bool>()), key, known(prop::collection::vec(policy, 0..3))),
        (known(prop::option::of(half)), known(prop::collection::vec(any_word(), 0..2)), known(prop::option::weighted(0.1, instant))),
        known(prop::option::weighted(0.2, Just(Box::<OrderManagement>::default()))),
    )
        .prop_map(move |((kind, state, region, dataverse), (apps, managed, key, policies), (half, roles, deleted_at), orders)| {
            let mut environment = Environment::unexplored(tenant, EnvironmentId::new(id), id.into());
            environment.kind = kind;
            environment.state = state;
            environment.region = region.map(Arc::from);
            environment.dataverse = dataverse;
            environment.dynamics_365_apps = apps;
            environment.managed = managed;
            environment.customer_managed_key = key;
            environment.enterprise_policies = policies;
            environment.finance_operations = half;
            environment.operator_roles = roles;
            environment.deleted_at = deleted_at;
            environment.order_management = orders;
            environment
        })
}

proptest! {
    #![proptest_config(config(400))]

    /// The list of targets is judged without words, the one under the cursor with words: both say the same.
    #[test]
    fn a_verdict_says_the_same_with_and_without_words(
        source in environment(TenantKey(0), "Source"),
        target in prop_oneof![4 => environment(TenantKey(0), "Target"), 1 => environment(TenantKey(1), "Target")],
        roles in known(prop::collection::vec(any_word(), 0..2)),
        used in known(prop::sample::select(vec!["1", "9", "9.01", "11"])),
        edition in any_word::<Edition>(),
        level in any_word::<copy::Level>(),
        age in prop::option::of(prop::sample::select(vec![0_i64, 24, 25, 168, 169])),
    ) {
        let captured_at = files::demo_captured_at();
        let mut snapshot = Snapshot::default();
        snapshot.captured_at = age.map_or(Known::Unknown, |_| Known::Is(captured_at));
        for id in ["t0", "t1"] {
            let mut tenant = Tenant::unexplored(id.into(), id.into());
            tenant.operator_roles = roles.clone();
            tenant.capacity.entitled = Known::Is(Gigabytes::whole(10));
            tenant.capacity.used = used.map(|used| Gigabytes::parse(used).expect("a size"));
            snapshot.add_tenant(tenant);
        }
        let keys = [source, target].map(|environment| snapshot.add_environment(environment).expect("two ids"));
        let estate = Estate::new(snapshot, Journal::default(), Some(edition), None);
        let now = captured_at + TimeDelta::hours(age.unwrap_or(0));
        for target in keys {
            let id = |key| estate.environment(key).id.clone();
            let (name, group, half) = (Choice::Open, Choice::Open, Choice::Open);
            let change = Change::Copy { level: Choice::Chosen(level), audit_logs: Choice::Chosen(false), name, group, half };
            let request = Request { source: Some(id(keys[0])), target: id(target), change };
            let context = Context::new(&estate, &RULEBOOKS, &[], now);
            let (verdict, outline) = (judge(&request, &context).unwrap(), outline(&request, &context).unwrap());
            prop_assert_eq!(verdict.answer(), outline.answer());
            for severity in Severity::ALL {
                let mut with_words: Vec<_> = verdict.findings.iter().filter(|finding| finding.severity == *severity).map(|finding| finding.code).collect();
                with_words.sort_by_key(|code| *code as u32);
                with_words.dedup();
                prop_assert_eq!(with_words, outline.codes(*severity).collect::<Vec<_>>());
            }
            prop_assert!(verdict.holds_until.is_none_or(|until| until >= now));
        }
    }
}

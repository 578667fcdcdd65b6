//! The loop: input, results, signals and deadlines in, actions to `update`, frames out. The only clock.
//!
//! Nothing ticks. The loop sleeps until something happens or until `Model::next_deadline`, takes everything that is
//! queued, and then draws once, if something shown changed.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use crossterm::event::{Event, KeyEventKind, MouseButton, MouseEventKind};
use ratatui::Terminal;
use ratatui::backend::{Backend, CrosstermBackend, TestBackend};
use ratatui::layout::Rect;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::app::action::{Action, Moment};
use crate::app::effect::Effect;
use crate::app::keymap;
use crate::app::keys::Scripted;
use crate::app::model::{Model, Setup};
use crate::app::update::update;
use crate::domain::rulebook::Rulebooks;
use crate::effects::Effects;
use crate::view;
use crate::view::theme::Theme;

/// Console time: where it started, plus what passed, plus what was skipped.
#[derive(Debug)]
pub struct Clock {
    start: DateTime<Utc>,
    /// None in scripts, where time stands still but for what they skip.
    began: Option<Instant>,
    skipped: TimeDelta,
    /// What a script let pass.
    advanced: TimeDelta,
}

impl Clock {
    /// A clock that runs from `start` on.
    pub fn running(start: DateTime<Utc>) -> Self {
        Self { start, began: Some(Instant::now()), skipped: TimeDelta::zero(), advanced: TimeDelta::zero() }
    }

    /// A clock that stands still.
    pub const fn still(start: DateTime<Utc>) -> Self {
        Self { start, began: None, skipped: TimeDelta::zero(), advanced: TimeDelta::zero() }
    }

    /// Goes on by so much to see what a rehearsal comes to; what is written down for real does not bear it.
    pub fn skip(&mut self, span: TimeDelta) {
        self.skipped = later(self.skipped, span);
    }

    /// Takes back what was skipped.
    pub const fn unskip(&mut self) {
        self.skipped = TimeDelta::zero();
    }

    /// Lets so much time pass in a script.
    pub fn advance(&mut self, span: TimeDelta) {
        self.advanced = later(self.advanced, span);
    }

    /// Now.
    pub fn now(&self) -> Moment {
        let passed = self.began.map_or(Duration::ZERO, |began| began.elapsed());
        let unskipped = self.start + TimeDelta::from_std(passed).unwrap_or(TimeDelta::MAX) + self.advanced;
        // In a script notices pass with the time that it skips, else they would never go.
        let real = if self.began.is_some() { passed } else { (self.skipped + self.advanced).to_std().unwrap_or_default() };
        Moment { console: unskipped + self.skipped, unskipped, real }
    }
}

/// So much later, at most by a thousand years: behind them dates end, and scripts may ask for anything.
fn later(so_far: TimeDelta, span: TimeDelta) -> TimeDelta {
    const MOST: TimeDelta = TimeDelta::days(365_250);
    so_far.checked_add(&span).map_or(MOST, |sum| sum.min(MOST))
}

/// Where keys come from.
pub enum Input {
    /// A terminal, read by a thread of its own.
    Terminal(mpsc::UnboundedReceiver<Event>),
    /// A script: the next step is taken when all effects are done, its end ends the console.
    Script(VecDeque<Scripted>),
}

/// Something from outside.
enum Wake {
    Event(Event),
    Step(Scripted),
    InputEnded,
    Result(Action),
    Signal(Signal),
    Deadline,
}

/// What the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// End, with that number.
    End(u8),
    /// Stop until told to go on.
    Stop,
    /// Go on.
    GoOn,
    /// The terminal has another size.
    Resized,
    /// The terminal has vanished.
    Vanished,
}

/// What is drawn on: a terminal, which has its size, or a sheet, which takes the size that a script asks for.
pub trait Surface: Backend {
    /// The model has another size.
    fn follow(&mut self, size: (u16, u16));
}

impl<W: io::Write> Surface for CrosstermBackend<W> {
    fn follow(&mut self, _: (u16, u16)) {}
}

impl Surface for TestBackend {
    fn follow(&mut self, (width, height): (u16, u16)) {
        self.resize(width, height);
    }
}

/// What surrounds the console: a terminal, or nothing in scripts and tests.
pub trait Host {
    /// Gives the terminal back, stops, and takes it again.
    fn suspend(&mut self) -> io::Result<()>;
    /// Takes the terminal again after somebody else stopped the process.
    fn come_back(&mut self) -> io::Result<()>;
    /// Puts a text on the clipboard.
    fn clipboard(&mut self, text: &str) -> io::Result<()>;
    /// The size of the terminal now.
    fn size(&self) -> Option<(u16, u16)>;
}

/// How the console ended, and how often it drew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// The number of the signal that ended it; none when it was asked to.
    pub signal: Option<u8>,
    /// Frames drawn.
    pub draws: usize,
}

/// How long saves may take after the end was asked for.
const LAST_SAVES: Duration = Duration::from_millis(800);

/// So long after a question came up by itself, a key was still meant for what stood there before: nobody reads it faster.
const UNREAD: Duration = Duration::from_millis(700);

/// Everything that the loop works with.
pub struct Console<'a, B: Surface, H: Host> {
    /// What is drawn on.
    pub terminal: &'a mut Terminal<B>,
    /// What is drawn.
    pub model: &'a mut Model,
    /// How it is drawn.
    pub theme: &'a Theme,
    /// Where keys come from.
    pub input: Input,
    /// What the system says.
    pub signals: mpsc::UnboundedReceiver<Signal>,
    /// Does the effects.
    pub effects: Effects,
    /// Their results.
    pub results: mpsc::UnboundedReceiver<Action>,
    /// Console time.
    pub clock: Clock,
    /// What surrounds the console.
    pub host: H,
}

/// The state of the loop.
#[derive(Default)]
struct Turn {
    redraw: bool,
    repaint: bool,
    quit: bool,
    ended_by: Option<u8>,
    pending: usize,
    draws: usize,
    /// Until when keys were meant for what stood there before.
    deaf_until: Option<Instant>,
}

impl Turn {
    /// Whether a key that comes now was pressed before anybody could read what it would answer.
    fn is_deaf(&self) -> bool {
        self.deaf_until.is_some_and(|until| Instant::now() < until)
    }
}

impl<B: Surface, H: Host> Console<'_, B, H>
where
    B::Error: Send + Sync + 'static,
{
    /// Runs until the end.
    pub async fn run(&mut self) -> io::Result<Ended> {
        let mut turn = Turn { redraw: true, ..Turn::default() };
        let ended = self.turns(&mut turn).await;
        // What is being saved is saved, also when the terminal failed.
        self.last_saves(&mut turn).await?;
        ended.map(|()| Ended { signal: turn.ended_by, draws: turn.draws })
    }

    async fn turns(&mut self, turn: &mut Turn) -> io::Result<()> {
        self.effect(Effect::Load, turn)?;
        while !turn.quit {
            if turn.redraw {
                self.draw(turn)?;
            }
            let wake = self.wait(turn.pending).await;
            self.take(wake, turn)?;
            // Everything that is queued is taken before the next frame.
            while !turn.quit
                && let Some(wake) = self.queued()
            {
                self.take(wake, turn)?;
            }
        }
        Ok(())
    }

    /// Waits for the next thing from outside.
    async fn wait(&mut self, pending: usize) -> Wake {
        let scripted = matches!(self.input, Input::Script(_));
        let deadline = if scripted { None } else { self.deadline() };
        tokio::select! {
            biased;
            Some(signal) = self.signals.recv() => Wake::Signal(signal),
            Some(action) = self.results.recv() => Wake::Result(action),
            wake = next(&mut self.input), if !scripted || pending == 0 => wake,
            () = sleep(deadline), if deadline.is_some() => Wake::Deadline,
        }
    }

    /// Something that is there already, if anything is.
    fn queued(&mut self) -> Option<Wake> {
        if let Ok(signal) = self.signals.try_recv() {
            return Some(Wake::Signal(signal));
        }
        if let Ok(action) = self.results.try_recv() {
            return Some(Wake::Result(action));
        }
        match &mut self.input {
            Input::Terminal(events) => events.try_recv().ok().map(Wake::Event),
            Input::Script(_) => None,
        }
    }

    /// When the model wants to be woken.
    fn deadline(&self) -> Option<Instant> {
        let now = self.clock.now();
        let deadline = self.model.next_deadline()?;
        let console = deadline.console.map(|at| (at - now.console).to_std().unwrap_or_default());
        let real = deadline.real.map(|at| at.saturating_sub(now.real));
        let wait = [console, real].into_iter().flatten().min()?;
        // A little late is on time: never wake just before the text changes.
        Some(Instant::now() + wait + Duration::from_millis(2))
    }

    fn take(&mut self, wake: Wake, turn: &mut Turn) -> io::Result<()> {
        let by_itself = !matches!(wake, Wake::Event(_) | Wake::Step(_));
        let action = match wake {
            Wake::Event(event) => self.action_of(event).filter(|action| matches!(action, Action::Resized(..)) || !turn.is_deaf()),
            Wake::Step(Scripted::Key(key)) => keymap::resolve(self.model, key),
            Wake::Step(Scripted::Paste(text)) => Some(Action::Pasted(text)),
            Wake::Step(Scripted::Resize(width, height)) => Some(Action::Resized(width, height)),
            Wake::Step(Scripted::Advance(span)) => {
                self.clock.advance(span);
                Some(Action::ClockReached)
            }
            Wake::InputEnded => match self.input {
                Input::Script(_) => {
                    turn.quit = true;
                    None
                }
                Input::Terminal(_) => return Err(io::Error::other("its keys cannot be read any more")),
            },
            Wake::Result(action) => {
                turn.pending = turn.pending.saturating_sub(1);
                Some(action)
            }
            Wake::Deadline => Some(Action::ClockReached),
            Wake::Signal(signal) => self.signal(signal, turn)?,
        };
        let Some(action) = action else { return Ok(()) };
        let size = self.model.ui.size;
        let asked = self.model.asks_by_itself();
        let outcome = update(self.model, action, self.clock.now());
        match self.model.asks_by_itself() {
            true if by_itself && !asked => turn.deaf_until = Some(Instant::now() + UNREAD),
            true => {}
            false => turn.deaf_until = None,
        }
        turn.redraw |= outcome.redraw;
        turn.repaint |= self.model.ui.size != size;
        for effect in outcome.effects {
            self.effect(effect, turn)?;
        }
        Ok(())
    }

    /// What an event of the terminal means to the model.
    fn action_of(&self, event: Event) -> Option<Action> {
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => keymap::resolve(self.model, keymap::key_of(key)?),
            Event::Paste(text) => Some(Action::Pasted(text)),
            // The event can be older than the last one, and a terminal that does not know its size says 0.
            Event::Resize(..) => self.host.size().map(|(width, height)| Action::Resized(width, height)),
            Event::Mouse(mouse) => match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => Some(Action::Clicked(mouse.column, mouse.row)),
                MouseEventKind::ScrollUp => Some(Action::Scrolled(mouse.column, mouse.row, -3)),
                MouseEventKind::ScrollDown => Some(Action::Scrolled(mouse.column, mouse.row, 3)),
                _ => None,
            },
            Event::Key(_) | Event::FocusGained | Event::FocusLost => None,
        }
    }

    fn signal(&mut self, signal: Signal, turn: &mut Turn) -> io::Result<Option<Action>> {
        match signal {
            Signal::End(number) => {
                turn.quit = true;
                turn.ended_by = Some(number);
                Ok(None)
            }
            Signal::Vanished => {
                const HANG_UP: u8 = 1;
                turn.quit = true;
                turn.ended_by = Some(HANG_UP);
                Ok(None)
            }
            Signal::Stop => {
                self.suspend(turn)?;
                Ok(None)
            }
            Signal::GoOn => {
                self.host.come_back()?;
                turn.repaint = true;
                Ok(Some(Action::Uncovered))
            }
            Signal::Resized => Ok(self.host.size().map(|(width, height)| Action::Resized(width, height))),
        }
    }

    fn suspend(&mut self, turn: &mut Turn) -> io::Result<()> {
        self.host.suspend()?;
        turn.repaint = true;
        turn.redraw = true;
        Ok(())
    }

    fn effect(&mut self, effect: Effect, turn: &mut Turn) -> io::Result<()> {
        match effect {
            Effect::Quit => turn.quit = true,
            Effect::Suspend => self.suspend(turn)?,
            Effect::Clipboard(text) => self.host.clipboard(&text)?,
            Effect::SkipTo(instant) => {
                self.clock.skip((instant - self.clock.now().console).max(TimeDelta::zero()));
                self.take(Wake::Deadline, turn)?;
            }
            Effect::Unskip => {
                self.clock.unskip();
                self.take(Wake::Deadline, turn)?;
            }
            Effect::Load => {
                self.effects.load();
                turn.pending += 1;
            }
            Effect::ReadLibrary => {
                self.effects.read_library();
                turn.pending += 1;
            }
            Effect::Runbook(order) => {
                self.effects.runbook(order);
                turn.pending += 1;
            }
            Effect::WriteRunbook(sheet) => {
                self.effects.write_runbook(*sheet);
                turn.pending += 1;
            }
            Effect::ReadMapping(path) => {
                self.effects.read_mapping(path);
                turn.pending += 1;
            }
            Effect::Save(entries) => {
                self.effects.save(entries);
                turn.pending += 1;
            }
            Effect::Settle(side) => {
                self.effects.settle(side);
                turn.pending += 1;
            }
        }
        Ok(())
    }

    fn draw(&mut self, turn: &mut Turn) -> io::Result<()> {
        if std::mem::take(&mut turn.repaint) {
            // Not `clear`: that asks the terminal where its cursor is, and the answer would go to the thread that reads keys.
            let (width, height) = self.model.ui.size;
            self.terminal.backend_mut().follow((width, height));
            self.terminal.resize(Rect::new(0, 0, width, height)).map_err(io::Error::other)?;
        }
        let (model, theme) = (&*self.model, self.theme);
        self.terminal.draw(|frame| view::draw(model, theme, frame)).map_err(io::Error::other)?;
        turn.redraw = false;
        turn.draws += 1;
        Ok(())
    }

    /// Lets saves that are under way finish.
    async fn last_saves(&mut self, turn: &mut Turn) -> io::Result<()> {
        let until = Instant::now() + LAST_SAVES;
        while !self.model.ui.unsaved.is_empty() && turn.pending > 0 {
            match tokio::time::timeout_at(until, self.results.recv()).await {
                Ok(Some(action)) => self.take(Wake::Result(action), turn)?,
                Ok(None) | Err(_) => break,
            }
        }
        Ok(())
    }
}

async fn next(input: &mut Input) -> Wake {
    match input {
        Input::Terminal(events) => events.recv().await.map_or(Wake::InputEnded, Wake::Event),
        Input::Script(steps) => steps.pop_front().map_or(Wake::InputEnded, Wake::Step),
    }
}

async fn sleep(until: Option<Instant>) {
    match until {
        Some(until) => tokio::time::sleep_until(until).await,
        None => std::future::pending().await,
    }
}

/// A host without a terminal, for scripts and tests; remembers what went to the clipboard.
#[derive(Debug, Default)]
pub struct NoHost {
    /// What was put on the clipboard.
    pub clipboard: Vec<String>,
}

impl Host for &mut NoHost {
    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn come_back(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn clipboard(&mut self, text: &str) -> io::Result<()> {
        self.clipboard.push(text.to_owned());
        Ok(())
    }

    fn size(&self) -> Option<(u16, u16)> {
        None
    }
}

/// Plays a script on a model and returns how it ended; the harness of `--print` and of the tests.
pub async fn play<B: Surface>(
    terminal: &mut Terminal<B>,
    model: &mut Model,
    theme: &Theme,
    script: Vec<Scripted>,
    source: crate::effects::Source,
    host: &mut NoHost,
) -> io::Result<Ended>
where
    B::Error: Send + Sync + 'static,
{
    let (effects, results) = Effects::new(source);
    let (_silent, signals) = mpsc::unbounded_channel();
    let clock = Clock::still(model.now());
    let mut console = Console { terminal, model, theme, input: Input::Script(script.into()), signals, effects, results, clock, host };
    console.run().await
}

/// A model that is about to read its snapshot.
pub fn fresh(setup: Setup, rulebooks: Arc<Rulebooks>, size: (u16, u16), start: DateTime<Utc>) -> Model {
    Model::new(setup, rulebooks, size, Moment { console: start, unskipped: start, real: Duration::ZERO })
}

//! How each action changes the model: the only place that writes it.
//!
//! [`update`] takes the action apart and hands it to the file that it concerns; `derive` brings up to date what follows.

use std::sync::Arc;
use std::time::Duration;

use tui_input::Input;

use self::panes::put_away;
use crate::app::action::{Action, App, Command, Details, Moment};
use crate::app::details::scroll;
use crate::app::effect::Effect;
use crate::app::help::{Help, HelpLine};
use crate::app::keymap::{self, Binding};
use crate::app::layout::{Layout, Screen};
use crate::app::list::Step as Rows;
use crate::app::model::{File, Intent, Layer, Model, Notice, Pane, Tone};
use crate::app::note::{Note, Purpose};
use crate::app::pages::Step;
use crate::app::palette::{Choice, Palette};
use crate::app::tables::Tables;
use crate::domain::environment::EnvironmentId;
use crate::domain::estate::EnvironmentKey;
use crate::domain::known::Known;
use crate::domain::request::Context;

mod answers;
mod attention;
mod explain;
mod facts;
mod journal;
mod moving;
mod panes;
pub(in crate::app) mod runbook;
mod ticks;
mod timeline;
mod typing;
mod wizard;

use self::attention::{go_there, open_attention};
use self::facts::{broken, clashed, open, saved};
use self::panes::{back, click, focus, next_tenant, on_environments, on_targets, resize, set_filter, step_in_list, wheel};
use self::ticks::{ask_for_plan, on_checklist};
use self::timeline::on_timeline;
use self::typing::{as_wizard, as_working, insert, on_line};
use self::wizard::{confirmed, on_wizard, undo};

/// What an action led to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Something on the screen changed.
    pub redraw: bool,
    /// What is to be done outside.
    pub effects: Vec<Effect>,
}

impl Outcome {
    const fn shown(redraw: bool) -> Self {
        Self { redraw, effects: Vec::new() }
    }

    fn effect(effect: Effect) -> Self {
        Self { redraw: false, effects: vec![effect] }
    }
}

/// How long a notice stays.
const NOTICE: Duration = Duration::from_secs(6);

/// Takes one action at one instant.
pub fn update(model: &mut Model, action: Action, at: Moment) -> Outcome {
    model.ui.now = at;
    let asked = matches!(action, Action::Command(_) | Action::Refused(_) | Action::Typed(_) | Action::Pasted(_) | Action::Clicked(..));
    let cleared = clear_notice(model, at, asked);
    let mut outcome = match action {
        Action::Command(command) => on_command(model, command),
        Action::Refused(reason) => Outcome::shown(notify(model, Tone::Refused, reason)),
        Action::Typed(letter) => Outcome::shown(insert(model, letter.encode_utf8(&mut [0; 4]))),
        // Pasted text is text, never keys; line breaks become blanks.
        Action::Pasted(text) => Outcome::shown(insert(model, &text.replace(char::is_control, " "))),
        Action::Clicked(x, y) => Outcome::shown(click(model, x, y)),
        Action::Scrolled(x, y, rows) => Outcome::shown(wheel(model, x, y, rows)),
        Action::Resized(width, height) => Outcome::shown(resize(model, (width, height))),
        Action::Uncovered => Outcome::shown(true),
        Action::Loaded(loaded) => Outcome::shown(open(model, *loaded)),
        Action::LoadFailed(lines) => Outcome::shown(broken(model, lines)),
        Action::JournalSaved(entries) => Outcome::shown(saved(model, entries)),
        Action::JournalFailed(reason) => Outcome::shown(notify(model, Tone::Failed, reason)),
        Action::JournalClashed(clashes) => Outcome::shown(clashed(model, &clashes)),
        Action::RunbookWritten(order, sheets) => Outcome::shown(runbook::written(model, order, sheets)),
        Action::RunbookSaved(saved) => Outcome::shown(runbook::saved(model, saved)),
        Action::LibraryRead(read) => Outcome::shown(explain::read(model, read)),
        Action::MappingRead(path, read) => Outcome::shown(moving::read(model, &path, &read)),
        // The header shows the minute, so time that was waited for is always seen.
        Action::ClockReached => Outcome::shown(true),
    };
    outcome.redraw |= cleared;
    outcome.redraw |= derive(model);
    outcome
}

/// Brings up to date what follows from facts, choice and time; true when something shown changed.
fn derive(model: &mut Model) -> bool {
    let settled = settle(model);
    let screen = list_screen(model);
    let now = model.now();
    let rulebook = model.rulebooks.of(model.estate.edition());
    let keep = model.ui.environments.selected();
    let mut changed = settled;
    changed |= model.ui.environments.refresh(&model.estate, rulebook, keep, screen);
    let selected = model.ui.environments.selected();
    changed |= model.ui.details.refresh(selected, &model.estate, rulebook);
    let reviewed = model.wizard().and_then(|wizard| wizard.preview(&model.estate, rulebook, (now, model.ui.setup.offset)));
    let reviewed = reviewed.filter(|(target, _)| Some(*target) == selected).map(|(_, preview)| preview);
    changed |= model.ui.timeline.refresh(selected, reviewed, &model.estate, rulebook, now);
    let height = targets_height(model);
    let width = usize::from(model.layout().targets().1.inside().width);
    let layout = model.layout();
    let body = layout.body;
    let attention_rows = usize::from(model.layout().attention().height);
    let list_of_checklist = model.layout().targets().0.inside();
    let help_columns = model.layout().help_columns();
    let Model { estate, rulebooks, ui } = model;
    let context = Context::new(estate, rulebooks, &ui.templates, now);
    for wizard in ui.layers.iter_mut().filter_map(as_wizard) {
        if matches!(wizard.step, Step::Target) {
            wizard.targets.request = Some(wizard.wanted(estate, context.rulebook(), (now, ui.setup.offset)));
            changed |= wizard.targets.refresh(&context, height, width);
        }
        changed |= wizard.refresh_choices(estate, context.rulebook(), now);
        changed |= wizard.refresh_move(&context, &layout);
        changed |= wizard.refresh_review(&context, ui.setup.offset, usize::from(body.width.saturating_sub(4)));
    }
    let list_height = usize::from(list_of_checklist.height);
    let templates = std::mem::take(&mut ui.templates);
    changed |= ui.attention.refresh(estate, &templates, rulebooks.of(estate.edition()), now);
    for layer in &mut ui.layers {
        if let Layer::Attention(listing) = layer {
            changed |= listing.refresh(&ui.attention, estate, attention_rows);
        }
        if let Layer::Journal(entries) = layer {
            changed |= entries.refresh(estate, usize::from(list_of_checklist.height), width.saturating_sub(2));
        }
    }
    for working in ui.layers.iter_mut().filter_map(as_working) {
        changed |= working.refresh(estate, &templates, &rulebooks.of(estate.edition()).menus, (list_height, width));
    }
    ui.templates = templates;
    for layer in &mut ui.layers {
        if let Layer::Help(help) = layer {
            changed |= help.refresh(ui.library.as_deref(), help_columns);
        }
    }
    changed |= explain::refresh(model);
    changed | keep_on_screen(model)
}

/// Nothing stays scrolled past its end when the screen grew or the text became shorter; true when something moved.
fn keep_on_screen(model: &mut Model) -> bool {
    const STAY: Rows = Rows::By(0);
    let layout = model.layout();
    let review = usize::from(model.review().1.height);
    let (details, targets, reasons) = (details_height(model), targets_height(model), reasons_height(model));
    let items = usize::from(layout.targets().0.inside().height);
    let (questions, found) = (layout.question_rows(), layout.found_rows(model.wizard().map_or(1, |wizard| wizard.draft.moving.each.len())));
    let ui = &mut model.ui;
    let mut moved = ui.details.step(STAY, details);
    if let File::Broken { lines, top } = &mut ui.file {
        moved |= scroll(top, STAY, lines.len(), 1);
    }
    for layer in &mut ui.layers {
        moved |= match layer {
            Layer::Wizard(wizard) => match &wizard.step {
                Step::Target => wizard.targets.step(STAY, targets) | wizard.targets.scroll_reasons(STAY, reasons),
                Step::Review(_) => wizard.scroll_review(STAY, review),
                Step::Tenant => wizard.destinations.step(STAY, targets) | wizard.destinations.scroll_reasons(STAY, reasons),
                Step::Questions => wizard.questions.step(STAY, questions),
                Step::Mapping => wizard.draft.moving.scroll(STAY, found),
                Step::Level | Step::Point | Step::Days | Step::Backup | Step::Details(_) | Step::Carry(_) | Step::Record(_) => false,
            },
            Layer::Checklist(working) => working.step(STAY, items),
            Layer::Attention(listing) => listing.step(STAY, usize::from(layout.attention().height)),
            Layer::Journal(entries) => entries.step(STAY, items) | entries.scroll(STAY, usize::from(layout.targets().1.inside().height)),
            Layer::Tables(tables) => tables.step(STAY, layout.table_rows()),
            Layer::Explain(explain) => {
                let text = usize::from(layout.explain().1.inside().height);
                explain.step(STAY, layout.rule_rows(), text) | explain.scroll(STAY, text)
            }
            Layer::Help(help) => help.step(STAY, layout.help_rows()),
            Layer::Palette(palette) => palette.step(STAY, layout.palette_rows()),
            Layer::Clash(clash) => scroll(&mut clash.top, STAY, clash.lines.len(), layout.clash_rows()),
            Layer::Runbook(sheets) => {
                let inside = layout.body.inside();
                sheets.fit(usize::from(inside.width.saturating_sub(2))) | sheets.scroll(STAY, usize::from(inside.height))
            }
            Layer::Filter | Layer::Note(_) | Layer::Confirm(_) | Layer::Taking(_) => false,
        };
    }
    moved
}

/// Completes rehearsals whose time has come.
fn settle(model: &mut Model) -> bool {
    let by = match model.estate.viewer() {
        Known::Is(viewer) => Arc::clone(viewer),
        Known::Unknown => Arc::from("rehearsal"),
    };
    let completed = model.estate.settle(&by, &model.ui.templates, model.ui.now.console);
    for operation in &completed {
        follow(model, &operation.target);
    }
    match completed.last().map(|operation| wizard::said_afterwards(operation, &model.estate)) {
        Some(said) => notify(model, Tone::Done, said),
        None => false,
    }
}

/// The list goes along with the chosen environment when that comes to stand in another tenant.
fn follow(model: &mut Model, environment: &EnvironmentId) {
    let Some(key) = model.estate.find(environment).filter(|key| model.ui.environments.selected() == Some(*key)) else { return };
    if let Some(tenant) = &mut model.ui.environments.tenant {
        *tenant = model.estate.environment(key).tenant;
    }
}

fn list_screen(model: &Model) -> Screen {
    model.layout().environment_screen()
}

fn details_height(model: &Model) -> usize {
    usize::from(model.layout().details.inside().height)
}

fn targets_height(model: &Model) -> usize {
    usize::from(model.layout().targets().0.inside().height.saturating_sub(Layout::TARGETS_HEAD))
}

fn reasons_height(model: &Model) -> usize {
    usize::from(model.layout().targets().1.inside().height)
}

/// Takes away a notice that is over, or that a key was pressed after.
fn clear_notice(model: &mut Model, at: Moment, asked: bool) -> bool {
    let over = model.ui.notice.as_ref().is_some_and(|notice| asked || notice.until.is_some_and(|until| at.real >= until));
    if over {
        model.ui.notice = None;
    }
    over
}

fn notify(model: &mut Model, tone: Tone, text: impl Into<String>) -> bool {
    let until = match tone {
        Tone::Done | Tone::Refused => Some(model.ui.now.real + NOTICE),
        Tone::Failed => None,
    };
    model.ui.notice = Some(Notice { tone, text: text.into(), until });
    true
}

fn on_command(model: &mut Model, command: Command) -> Outcome {
    match command {
        Command::App(app) => on_app(model, app),
        Command::Move(step) => Outcome::shown(step_in_list(model, step)),
        Command::Environments(command) => Outcome::shown(on_environments(model, command)),
        Command::Details(Details::Answer) => Outcome::shown(answers::open(model)),
        Command::Timeline(command) => Outcome::shown(on_timeline(model, command)),
        Command::Targets(command) => Outcome::shown(on_targets(model, command)),
        Command::Wizard(command) => on_wizard(model, command),
        Command::Checklist(command) => on_checklist(model, command),
        Command::Journal(command) => journal::on_journal(model, command),
        Command::Runbook(command) => runbook::on_runbook(model, command),
        Command::Explain(command) => explain::on_explain(model, command),
        Command::Line(line) => on_line(model, line),
    }
}

fn on_app(model: &mut Model, command: App) -> Outcome {
    match command {
        App::Quit if model.ui.unsaved.is_empty() => Outcome::effect(Effect::Quit),
        App::Quit => {
            put_on_top(model, Layer::Confirm(Intent::QuitUnsaved));
            Outcome::shown(true)
        }
        App::Suspend => Outcome::effect(Effect::Suspend),
        App::Help => {
            if !matches!(model.ui.layers.last(), Some(Layer::Help(_))) {
                let help = Help::of(keymap::contexts(model), model.layout().help_columns());
                put_on_top(model, Layer::Help(Box::new(help)));
                return Outcome { redraw: true, effects: explain::wanted(model) };
            }
            Outcome::shown(back(model))
        }
        App::Palette => {
            let contexts = keymap::contexts(model).into_iter().filter(|context| !context.takes_text()).collect();
            let palette = Palette::new(contexts, &model.estate, &model.ui.templates);
            put_on_top(model, Layer::Palette(Box::new(palette)));
            Outcome { redraw: true, effects: explain::wanted(model) }
        }
        App::FocusNext => Outcome::shown(focus(model, 1)),
        App::FocusPrevious => Outcome::shown(focus(model, 2)),
        App::Back => Outcome::shown(back(model)),
        App::NextTenant => Outcome::shown(next_tenant(model)),
        App::CopyId => match model.selected().map(|environment| environment.id.to_string()) {
            Some(id) => clipboard(model, "id", id),
            None => Outcome::default(),
        },
        App::CopyUrl => match model.selected().map(|environment| environment.url.clone()) {
            Some(Known::Is(Some(url))) => clipboard(model, "URL", url.into_string()),
            Some(Known::Is(None) | Known::Unknown) | None => Outcome::default(),
        },
        App::Note => {
            let Some(purpose) = model.selected().map(|environment| Purpose::Note(environment.id.clone())) else { return Outcome::default() };
            let kept = model.ui.note_draft.take().filter(|draft| draft.purpose == purpose);
            model.ui.layers.push(Layer::Note(kept.unwrap_or(Note { purpose, input: Input::default(), said: None })));
            Outcome::shown(true)
        }
        App::Reload => {
            if model.ui.file != File::Open {
                model.ui.file = File::Loading;
            }
            Outcome { redraw: notify(model, Tone::Done, "Reading the snapshot again"), effects: vec![Effect::Load] }
        }
        App::SaveAgain => Outcome { redraw: notify(model, Tone::Done, facts::SAVING_AGAIN), effects: vec![Effect::Save(model.ui.unsaved.clone())] },
        App::Settle(side) => {
            model.ui.layers.pop();
            model.ui.settling = Some(side);
            Outcome { redraw: true, effects: vec![Effect::Settle(side)] }
        }
        App::Choose => choose(model),
        App::Attention => Outcome::shown(open_attention(model)),
        App::Further => {
            model.ui.attention.look_further();
            Outcome::shown(true)
        }
        App::Tables => {
            put_on_top(model, Layer::Tables(Tables::default()));
            Outcome::shown(true)
        }
        App::Skip => model.next_event().map_or_else(Outcome::default, |at| Outcome::effect(Effect::SkipTo(at))),
        App::Undo => undo(model),
        App::Discard => {
            put_on_top(model, Layer::Confirm(Intent::DiscardRehearsals));
            Outcome::shown(true)
        }
    }
}

/// Opens a layer over all others. One of its kind that is open already gives way, so that help, palette, help, palette does not pile up.
fn put_on_top(model: &mut Model, layer: Layer) {
    let layers = &mut model.ui.layers;
    layers.retain(|open| std::mem::discriminant(open) != std::mem::discriminant(&layer));
    layers.push(layer);
}

fn clipboard(model: &mut Model, what: &str, text: String) -> Outcome {
    let redraw = notify(model, Tone::Done, format!("Its {what} is on the clipboard: {text}"));
    Outcome { redraw, effects: vec![Effect::Clipboard(text)] }
}

/// Does what is chosen in the layer on top.
fn choose(model: &mut Model) -> Outcome {
    match model.ui.layers.pop() {
        Some(Layer::Palette(palette)) => match palette.selected() {
            Some(Choice::Binding(binding)) => do_it(model, binding),
            Some(Choice::Environment(key)) => Outcome::shown(show(model, *key)),
            Some(Choice::Plan(plan)) => ask_for_plan(model, plan),
            Some(Choice::Entry(entry)) => {
                explain::open(model, format!("Found: {}", palette.input.value().trim()), palette.entries(), *entry);
                Outcome::shown(true)
            }
            None => Outcome::shown(true),
        },
        Some(Layer::Help(help)) => match help.selected() {
            Some(HelpLine::Key(binding, _)) => do_it(model, binding),
            Some(HelpLine::Entry(entry, ..)) => {
                explain::open(model, format!("Found: {}", help.filter.value().trim()), help.entries(), *entry);
                Outcome::shown(true)
            }
            Some(HelpLine::Title(_) | HelpLine::More(_) | HelpLine::Text(_) | HelpLine::Gap) | None => {
                model.ui.layers.push(Layer::Help(help));
                Outcome::default()
            }
        },
        Some(Layer::Confirm(intent)) => confirmed(model, intent),
        Some(Layer::Attention(listing)) => go_there(model, listing),
        Some(
            other @ (Layer::Wizard(_)
            | Layer::Journal(_)
            | Layer::Checklist(_)
            | Layer::Tables(_)
            | Layer::Explain(_)
            | Layer::Filter
            | Layer::Note(_)
            | Layer::Taking(_)
            | Layer::Runbook(_)
            | Layer::Clash(_)),
        ) => {
            model.ui.layers.push(other);
            Outcome::default()
        }
        None => Outcome::default(),
    }
}

/// Does what a key does, or says why not.
fn do_it(model: &mut Model, binding: &Binding) -> Outcome {
    match (binding.disabled)(model) {
        Some(reason) => Outcome::shown(notify(model, Tone::Refused, reason)),
        None => {
            let outcome = on_command(model, binding.command);
            Outcome { redraw: true, ..outcome }
        }
    }
}

/// Goes to an environment in the list, whatever filter and tenant hide it.
fn show(model: &mut Model, key: EnvironmentKey) -> bool {
    for layer in std::mem::take(&mut model.ui.layers) {
        put_away(model, layer);
    }
    model.ui.focus = Pane::Environments;
    let screen = list_screen(model);
    // What has just moved to another tenant stands in the rows of its old one until they are built again.
    let elsewhere = model.ui.environments.tenant.is_some_and(|tenant| tenant != model.estate.environment(key).tenant);
    if elsewhere || !model.ui.environments.choose(key, &model.estate, screen) {
        if elsewhere {
            model.ui.environments.tenant = Some(model.estate.environment(key).tenant);
        }
        set_filter(model, Input::default());
        model.ui.environments.choose(key, &model.estate, screen);
    }
    true
}

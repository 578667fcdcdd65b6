//! How each action changes the model: the only place that writes it.

use std::sync::Arc;
use std::time::Duration;

use tui_input::{Input, InputRequest};

use crate::app::action::{self, Action, App, Command, Line, Loaded, Moment, Side};
use crate::app::details::scroll;
use crate::app::effect::Effect;
use crate::app::help::Help;
use crate::app::keymap::{self, Context};
use crate::app::layout::Layout;
use crate::app::list::Step;
use crate::app::model::{ClashUi, File, Intent, Layer, Model, Notice, Pane, Tone};
use crate::app::note::Note;
use crate::app::palette::{Choice, Palette};
use crate::app::targets::Targets;
use crate::domain::estate::EnvironmentKey;
use crate::domain::journal::{Clash, Entry, What};
use crate::domain::known::Known;
use crate::domain::tenant::TenantKey;
use crate::domain::time;
use crate::domain::words::counted;

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
        Action::Typed(letter) => Outcome::shown(edit(model, InputRequest::InsertChar(letter))),
        Action::Pasted(text) => Outcome::shown(paste(model, &text)),
        Action::Clicked(x, y) => Outcome::shown(click(model, x, y)),
        Action::Scrolled(x, y, rows) => Outcome::shown(wheel(model, x, y, rows)),
        Action::Resized(width, height) => Outcome::shown(resize(model, (width, height))),
        Action::Uncovered => Outcome::shown(true),
        Action::Loaded(loaded) => Outcome::shown(open(model, *loaded)),
        Action::LoadFailed(lines) => Outcome::shown(broken(model, lines)),
        Action::JournalSaved(entries) => Outcome::shown(saved(model, entries)),
        Action::JournalFailed(reason) => Outcome::shown(notify(model, Tone::Failed, reason)),
        Action::JournalClashed(clashes) => Outcome::shown(clashed(model, &clashes)),
        // The header shows the minute, so time that was waited for is always seen.
        Action::ClockReached => Outcome::shown(true),
    };
    outcome.redraw |= cleared;
    outcome.redraw |= derive(model);
    outcome
}

/// Brings up to date what follows from facts, choice and time; true when something shown changed.
fn derive(model: &mut Model) -> bool {
    let height = list_height(model);
    let now = model.now();
    let rulebook = model.rulebooks.of(model.estate.edition());
    let keep = model.ui.environments.selected();
    let mut changed = model.ui.environments.refresh(&model.estate, rulebook, keep, height);
    let selected = model.ui.environments.selected();
    changed |= model.ui.details.refresh(selected, &model.estate, rulebook);
    changed |= model.ui.timeline.refresh(selected, &model.estate, rulebook, now);
    let height = targets_height(model);
    let width = usize::from(model.layout().targets().1.inside().width);
    let Model { estate, rulebooks, ui } = model;
    for layer in &mut ui.layers {
        if let Layer::Targets(targets) = layer {
            changed |= targets.refresh(estate, rulebooks, now, height, width);
        }
    }
    changed
}

fn list_height(model: &Model) -> usize {
    usize::from(model.layout().environments.inside().height)
}

fn details_height(model: &Model) -> usize {
    usize::from(model.layout().details.inside().height)
}

fn targets_height(model: &Model) -> usize {
    usize::from(model.layout().targets().0.inside().height.saturating_sub(Layout::TARGETS_HEAD))
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
        Command::Timeline(command) => Outcome::shown(model.ui.timeline.go(command)),
        Command::Targets(command) => Outcome::shown(on_targets(model, command)),
        Command::Line(line) => on_line(model, line),
    }
}

fn on_app(model: &mut Model, command: App) -> Outcome {
    match command {
        App::Quit if model.ui.unsaved.is_empty() => Outcome::effect(Effect::Quit),
        App::Quit => {
            model.ui.layers.push(Layer::Confirm(Intent::QuitUnsaved));
            Outcome::shown(true)
        }
        App::Suspend => Outcome::effect(Effect::Suspend),
        App::Help => {
            if !matches!(model.ui.layers.last(), Some(Layer::Help(_))) {
                let help = Help::of(&keymap::contexts(model));
                model.ui.layers.push(Layer::Help(help));
                return Outcome::shown(true);
            }
            Outcome::shown(back(model))
        }
        App::Palette => {
            let contexts = keymap::contexts(model).into_iter().filter(|context| !context.takes_text()).collect();
            let palette = Palette::new(contexts, &model.estate);
            model.ui.layers.push(Layer::Palette(palette));
            Outcome::shown(true)
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
            let environment = model.selected().map(|environment| environment.id.clone());
            let kept = model.ui.note_draft.take().filter(|draft| draft.environment == environment);
            model.ui.layers.push(Layer::Note(kept.unwrap_or(Note { environment, input: Input::default() })));
            Outcome::shown(true)
        }
        App::Reload => {
            if model.ui.file != File::Open {
                model.ui.file = File::Loading;
            }
            Outcome { redraw: notify(model, Tone::Done, "Reading the snapshot again"), effects: vec![Effect::Load] }
        }
        App::SaveAgain => Outcome { redraw: notify(model, Tone::Done, "Saving again"), effects: vec![Effect::Save(model.ui.unsaved.clone())] },
        App::Settle(side) => {
            model.ui.layers.pop();
            model.ui.settling = Some(side);
            Outcome { redraw: true, effects: vec![Effect::Settle(side)] }
        }
        App::Choose => choose(model),
    }
}

fn clipboard(model: &mut Model, what: &str, text: String) -> Outcome {
    let redraw = notify(model, Tone::Done, format!("Its {what} is on the clipboard: {text}"));
    Outcome { redraw, effects: vec![Effect::Clipboard(text)] }
}

/// The panes in the order of Tab.
const PANES: [Pane; 3] = [Pane::Environments, Pane::Details, Pane::Timeline];

fn focus(model: &mut Model, by: usize) -> bool {
    let at = PANES.iter().position(|pane| *pane == model.ui.focus).unwrap_or(0);
    model.ui.focus = PANES.get((at + by) % PANES.len()).copied().unwrap_or(Pane::Environments);
    true
}

/// Goes back one step: the layer on top, then the pane, then the filter.
fn back(model: &mut Model) -> bool {
    if let Some(layer) = model.ui.layers.pop() {
        if let Layer::Note(note) = layer {
            model.ui.note_draft = Some(note).filter(|note| !note.input.value().is_empty());
        }
        return true;
    }
    if model.ui.focus != Pane::Environments {
        model.ui.focus = Pane::Environments;
        return true;
    }
    let filtered = !model.ui.environments.filter.value().is_empty();
    if filtered {
        set_filter(model, Input::default());
    }
    filtered
}

/// Gives the list another filter and keeps the cursor where it was, if that row is still there.
fn set_filter(model: &mut Model, filter: Input) {
    let keep = model.ui.environments.selected();
    model.ui.environments.filter = filter;
    let height = list_height(model);
    let rulebook = model.rulebooks.of(model.estate.edition());
    model.ui.environments.refresh(&model.estate, rulebook, keep, height);
}

fn next_tenant(model: &mut Model) -> bool {
    let tenants: Vec<Option<TenantKey>> = model.estate.tenants().map(|(key, _)| Some(key)).chain([None]).collect();
    let at = tenants.iter().position(|tenant| *tenant == model.ui.environments.tenant).unwrap_or(0);
    model.ui.environments.tenant = tenants.get((at + 1) % tenants.len()).copied().flatten();
    true
}

/// Does what is chosen in the layer on top.
fn choose(model: &mut Model) -> Outcome {
    match model.ui.layers.pop() {
        Some(Layer::Palette(palette)) => match palette.selected() {
            Some(Choice::Binding(binding)) => match (binding.disabled)(model) {
                Some(reason) => Outcome::shown(notify(model, Tone::Refused, reason)),
                None => {
                    let outcome = on_command(model, binding.command);
                    Outcome { redraw: true, ..outcome }
                }
            },
            Some(Choice::Environment(key)) => Outcome::shown(show(model, key)),
            None => Outcome::shown(true),
        },
        Some(Layer::Confirm(Intent::QuitUnsaved)) => Outcome::effect(Effect::Quit),
        Some(other @ (Layer::Targets(_) | Layer::Filter | Layer::Help(_) | Layer::Note(_) | Layer::Clash(_))) => {
            model.ui.layers.push(other);
            Outcome::default()
        }
        None => Outcome::default(),
    }
}

/// Goes to an environment in the list, whatever filter and tenant hide it.
fn show(model: &mut Model, key: EnvironmentKey) -> bool {
    model.ui.layers.clear();
    model.ui.focus = Pane::Environments;
    let height = list_height(model);
    if !model.ui.environments.choose(key, &model.estate, height) {
        if model.ui.environments.tenant.is_some_and(|tenant| tenant != model.estate.environment(key).tenant) {
            model.ui.environments.tenant = Some(model.estate.environment(key).tenant);
        }
        set_filter(model, Input::default());
        model.ui.environments.choose(key, &model.estate, height);
    }
    true
}

fn step_in_list(model: &mut Model, step: Step) -> bool {
    let height = list_height(model);
    let targets_height = targets_height(model);
    let body = usize::from(model.layout().body.height);
    let details_height = details_height(model);
    let Model { estate, ui, .. } = model;
    // A filter is typed over a list, which its arrows move in.
    let below = if matches!(ui.layers.last(), Some(Layer::Filter)) { ui.layers.len().checked_sub(2) } else { ui.layers.len().checked_sub(1) };
    match below.and_then(|below| ui.layers.get_mut(below)) {
        Some(Layer::Targets(targets)) => targets.step(step, targets_height),
        Some(Layer::Help(help)) => {
            let length = help.lines.len();
            scroll(&mut help.top, step, length, body.saturating_sub(2))
        }
        Some(Layer::Palette(palette)) => palette.step(step, Layout::PALETTE_ROWS.min(body)),
        Some(Layer::Clash(clash)) => scroll(&mut clash.top, step, clash.lines.len(), body.saturating_sub(6)),
        Some(Layer::Note(_) | Layer::Confirm(_) | Layer::Filter) => false,
        None => match (&mut ui.file, ui.focus) {
            (File::Broken { lines, top }, _) => scroll(top, step, lines.len(), body.saturating_sub(4)),
            (_, Pane::Environments) => ui.environments.step(step, estate, height),
            (_, Pane::Details) => ui.details.step(step, details_height),
            (_, Pane::Timeline) => false,
        },
    }
}

fn on_environments(model: &mut Model, command: action::Environments) -> bool {
    match command {
        action::Environments::Filter => model.ui.layers.push(Layer::Filter),
        action::Environments::Sort => model.ui.environments.sort = Some(model.ui.environments.order().next()),
        action::Environments::Open => model.ui.focus = Pane::Details,
        action::Environments::CopyTargets => {
            let Some(source) = model.ui.environments.selected() else { return false };
            model.ui.layers.push(Layer::Targets(Targets::new(source)));
        }
    }
    true
}

fn on_targets(model: &mut Model, command: action::Targets) -> bool {
    let reasons_height = usize::from(model.layout().targets().1.inside().height);
    let Some(Layer::Targets(targets)) = model.ui.layers.last_mut() else { return false };
    match command {
        action::Targets::Filter => model.ui.layers.push(Layer::Filter),
        action::Targets::Level => targets.level = targets.other_level(),
        action::Targets::Show => return targets.selected().is_some_and(|key| show(model, key)),
        action::Targets::Reasons(by) => return targets.scroll_reasons(Step::By(by), reasons_height),
    }
    true
}

/// The line that is being typed, if one is.
fn typed_line(model: &mut Model) -> Option<&mut Input> {
    let ui = &mut model.ui;
    if matches!(ui.layers.last(), Some(Layer::Filter)) {
        return Some(match ui.layers.iter_mut().rev().find_map(as_targets) {
            Some(targets) => &mut targets.filter,
            None => &mut ui.environments.filter,
        });
    }
    match ui.layers.last_mut() {
        Some(Layer::Palette(palette)) => Some(&mut palette.input),
        Some(Layer::Note(note)) => Some(&mut note.input),
        Some(Layer::Targets(_) | Layer::Filter | Layer::Help(_) | Layer::Confirm(_) | Layer::Clash(_)) | None => None,
    }
}

fn as_targets(layer: &mut Layer) -> Option<&mut Targets> {
    match layer {
        Layer::Targets(targets) => Some(targets),
        Layer::Filter | Layer::Help(_) | Layer::Palette(_) | Layer::Note(_) | Layer::Confirm(_) | Layer::Clash(_) => None,
    }
}

/// The longest line that can be typed, in letters.
const LONGEST_LINE: usize = 1_000;

fn edit(model: &mut Model, request: InputRequest) -> bool {
    let Some(line) = typed_line(model) else { return false };
    let full = line.value().chars().count() >= LONGEST_LINE && matches!(request, InputRequest::InsertChar(_));
    let changed = !full && line.handle(request).is_some();
    if changed {
        after_typing(model);
    }
    changed
}

/// What is typed in the palette is looked for at once; filters are looked at by [`derive`].
fn after_typing(model: &mut Model) {
    let Model { estate, ui, .. } = model;
    if let Some(Layer::Palette(palette)) = ui.layers.last_mut() {
        palette.refresh(estate);
    }
}

/// Pasted text is text, never keys; line breaks become blanks.
fn paste(model: &mut Model, text: &str) -> bool {
    let Some(line) = typed_line(model) else { return false };
    let room = LONGEST_LINE.saturating_sub(line.value().chars().count());
    for letter in text.chars().take(room) {
        let letter = if letter.is_control() { ' ' } else { letter };
        line.handle(InputRequest::InsertChar(letter));
    }
    after_typing(model);
    true
}

fn on_line(model: &mut Model, command: Line) -> Outcome {
    let request = match command {
        Line::Left => InputRequest::GoToPrevChar,
        Line::Right => InputRequest::GoToNextChar,
        Line::Home => InputRequest::GoToStart,
        Line::End => InputRequest::GoToEnd,
        Line::Backspace => InputRequest::DeletePrevChar,
        Line::Delete => InputRequest::DeleteNextChar,
        Line::DeleteWord => InputRequest::DeletePrevWord,
        Line::Clear => InputRequest::DeleteLine,
        Line::Submit => return submit(model),
        Line::Cancel => return Outcome::shown(cancel(model)),
    };
    Outcome::shown(edit(model, request))
}

fn cancel(model: &mut Model) -> bool {
    if matches!(model.ui.layers.last(), Some(Layer::Filter)) {
        let over_targets = model.targets().is_some();
        if over_targets {
            if let Some(line) = typed_line(model) {
                line.reset();
            }
            model.ui.layers.pop();
        } else {
            model.ui.layers.pop();
            set_filter(model, Input::default());
        }
        return true;
    }
    back(model)
}

fn submit(model: &mut Model) -> Outcome {
    match model.ui.layers.pop() {
        Some(Layer::Note(note)) => record_note(model, note),
        Some(Layer::Filter) | None => Outcome::shown(true),
        Some(other @ (Layer::Targets(_) | Layer::Help(_) | Layer::Palette(_) | Layer::Confirm(_) | Layer::Clash(_))) => {
            model.ui.layers.push(other);
            Outcome::default()
        }
    }
}

/// Adds a note to the journal and saves it at once.
fn record_note(model: &mut Model, note: Note) -> Outcome {
    let text = note.input.value().trim();
    let Some(environment) = note.environment.clone().filter(|_| !text.is_empty()) else { return Outcome::shown(true) };
    let by = match model.estate.viewer() {
        Known::Is(viewer) => Arc::clone(viewer),
        Known::Unknown => {
            model.ui.note_draft = Some(note);
            return Outcome::shown(notify(model, Tone::Failed, "Who are you? Start with --as NAME, so that the journal can say who wrote it"));
        }
    };
    let entry = Entry::new(model.now(), by, What::Note { environment, text: text.into() });
    model.estate.record(entry.clone());
    if model.ui.setup.in_memory {
        return Outcome::shown(notify(model, Tone::Done, "Noted; the journal of the demo is kept in memory only"));
    }
    model.ui.unsaved.push(entry.clone());
    Outcome { redraw: notify(model, Tone::Done, "Noted"), effects: vec![Effect::Save(vec![entry])] }
}

/// The journal is on disk; what others wrote meanwhile is taken over.
fn saved(model: &mut Model, entries: Vec<Entry>) -> bool {
    model.ui.unsaved.retain(|unsaved| !entries.iter().any(|entry| entry.id == unsaved.id));
    let before = model.estate.journal().entries().len();
    if model.ui.settling.take() == Some(Side::Theirs) {
        model.estate.replace_journal(entries);
        return notify(model, Tone::Done, "The journal says what its file said");
    }
    let clashes = model.estate.merge_journal(entries);
    if !clashes.is_empty() {
        return clashed(model, &clashes);
    }
    let new = model.estate.journal().entries().len() - before;
    if new > 0 {
        return notify(model, Tone::Done, format!("Saved; {} of others taken over", counted(new, "entry")));
    }
    false
}

/// The journal was edited by hand so that it clashes: somebody has to say which version counts.
fn clashed(model: &mut Model, clashes: &[Clash]) -> bool {
    let mut lines = Vec::new();
    for Clash { ours, theirs } in clashes {
        lines.push(format!("Entry {} of {}, {}", ours.id, ours.by, time::minute(ours.at)));
        lines.push(format!("  this session: {}", ours.what));
        lines.push(format!("  the file:     {}", theirs.what));
    }
    model.ui.layers.push(Layer::Clash(ClashUi { lines, top: 0 }));
    true
}

fn open(model: &mut Model, loaded: Loaded) -> bool {
    let Loaded { estate, remarks } = loaded;
    // Ids outlive a reload, positions do not.
    let same = |key: Option<EnvironmentKey>| key.and_then(|key| estate.find(&model.estate.environment(key).id));
    let keep = same(model.ui.environments.selected());
    let first = model.ui.file == File::Loading;
    for layer in &mut model.ui.layers {
        if let Layer::Targets(targets) = layer {
            let again = estate.find(&model.estate.environment(targets.source).id).map(|source| {
                let mut again = Targets::new(source);
                again.level = targets.level;
                again.filter = targets.filter.clone();
                again
            });
            *layer = again.map_or_else(|| Layer::Help(Help::of(&[Context::Everywhere])), Layer::Targets);
        }
    }
    let tenant_gone = model.ui.environments.tenant.is_some_and(|tenant| tenant.0 as usize >= estate.tenants().count());
    model.estate = estate;
    for entry in &model.ui.unsaved {
        model.estate.record(entry.clone());
    }
    model.ui.details.forget();
    model.ui.file = File::Open;
    if first || tenant_gone {
        model.ui.environments.tenant = model.estate.tenants().next().map(|(key, _)| key);
    }
    let height = list_height(model);
    let rulebook = model.rulebooks.of(model.estate.edition());
    model.ui.environments.open(&model.estate, rulebook, keep, height);
    if let Some(remark) = remarks.first() {
        notify(model, Tone::Failed, remark.clone());
    }
    true
}

/// A snapshot that cannot be read takes nothing away that was read before.
fn broken(model: &mut Model, lines: Vec<String>) -> bool {
    if model.ui.file == File::Open {
        let first = lines.into_iter().next().unwrap_or_default();
        return notify(model, Tone::Failed, format!("The snapshot cannot be read any more, the facts before stay: {first}"));
    }
    model.ui.file = File::Broken { lines, top: 0 };
    true
}

fn resize(model: &mut Model, size: (u16, u16)) -> bool {
    if model.ui.size == size {
        return false;
    }
    model.ui.size = size;
    let height = list_height(model);
    let targets_height = targets_height(model);
    let Model { estate, ui, .. } = model;
    ui.environments.resize(estate, height);
    for targets in ui.layers.iter_mut().filter_map(as_targets) {
        targets.go(targets.cursor.at, targets_height);
    }
    true
}

fn click(model: &mut Model, x: u16, y: u16) -> bool {
    let layout = model.layout();
    let height = targets_height(model);
    match model.ui.layers.last_mut() {
        Some(Layer::Targets(targets)) => {
            let rows = layout.targets().0.inside();
            let first = rows.y + Layout::TARGETS_HEAD;
            if !rows.contains(x, y) || y < first {
                return false;
            }
            targets.go(targets.cursor.top + usize::from(y - first), height)
        }
        Some(Layer::Filter | Layer::Help(_) | Layer::Palette(_) | Layer::Note(_) | Layer::Confirm(_) | Layer::Clash(_)) => false,
        None => {
            let Some((pane, area)) = layout.panes().into_iter().find(|(_, area)| area.contains(x, y)) else { return false };
            let mut changed = model.ui.focus != pane;
            model.ui.focus = pane;
            let rows = area.inside();
            if pane == Pane::Environments && rows.contains(x, y) {
                let at = model.ui.environments.cursor.top + usize::from(y - rows.y);
                if at < model.ui.environments.count() && model.ui.environments.go(at, &model.estate, usize::from(rows.height)) {
                    changed = true;
                }
            }
            changed
        }
    }
}

fn wheel(model: &mut Model, x: u16, y: u16, rows: i8) -> bool {
    if model.ui.layers.is_empty() && model.layout().details.contains(x, y) {
        let height = details_height(model);
        return model.ui.details.step(Step::By(rows), height);
    }
    step_in_list(model, Step::By(rows))
}

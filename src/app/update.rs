//! How each action changes the model: the only place that writes it.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tui_input::{Input, InputRequest};

use crate::app::action::{self, Action, App, Command, Line, Loaded, Moment, Side};
use crate::app::checklist::{self, Working};
use crate::app::copy::{Draft, Field, RecordField, Step, WAYS, Wizard};
use crate::app::details::scroll;
use crate::app::effect::Effect;
use crate::app::help::Help;
use crate::app::keymap;
use crate::app::layout::Layout;
use crate::app::list::Step as Rows;
use crate::app::model::{ClashUi, File, Intent, Layer, Model, Notice, Pane, Tone};
use crate::app::note::{Note, Purpose};
use crate::app::palette::{Choice, Palette};
use crate::app::tables::Tables;
use crate::app::targets::Targets;
use crate::domain::checklist::{Checklist, Then, asks};
use crate::domain::copying::Plan;
use crate::domain::environment::EnvironmentId;
use crate::domain::estate::{EnvironmentKey, Estate, Undone, entries_of};
use crate::domain::journal::{Clash, Entry, ItemAct, Value, What};
use crate::domain::known::Known;
use crate::domain::operation::{self, Operation, OperationKind};
use crate::domain::tenant::TenantKey;
use crate::domain::time;
use crate::domain::verdict::{Answer, Verdict};
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
    let settled = settle(model);
    let height = list_height(model);
    let now = model.now();
    let rulebook = model.rulebooks.of(model.estate.edition());
    let keep = model.ui.environments.selected();
    let mut changed = settled;
    changed |= model.ui.environments.refresh(&model.estate, rulebook, keep, height);
    let selected = model.ui.environments.selected();
    changed |= model.ui.details.refresh(selected, &model.estate);
    changed |= model.ui.timeline.refresh(selected, &model.estate, rulebook, now);
    let height = targets_height(model);
    let width = usize::from(model.layout().targets().1.inside().width);
    let body = model.layout().body;
    let list_of_checklist = model.layout().targets().0.inside();
    let Model { estate, rulebooks, ui } = model;
    for wizard in ui.layers.iter_mut().filter_map(as_wizard) {
        if matches!(wizard.step, Step::Target) {
            changed |= wizard.targets.refresh(estate, rulebooks, now, height, width);
        }
        changed |= wizard.refresh_review(estate, rulebooks, now, usize::from(body.width.saturating_sub(4)));
    }
    let list_height = usize::from(list_of_checklist.height);
    let templates = std::mem::take(&mut ui.templates);
    for working in ui.layers.iter_mut().filter_map(as_working) {
        changed |= working.refresh(estate, &templates, list_height, width);
    }
    ui.templates = templates;
    changed
}

/// Completes rehearsals whose time has come.
fn settle(model: &mut Model) -> bool {
    let by = match model.estate.viewer() {
        Known::Is(viewer) => Arc::clone(viewer),
        Known::Unknown => Arc::from("rehearsal"),
    };
    let completed = model.estate.settle(&by, model.ui.now.console);
    match completed.last().and_then(|id| model.estate.find(id)).map(|key| model.estate.environment(key).name.to_string()) {
        Some(name) => notify(model, Tone::Done, format!("{name} is overwritten, out of service, and has a checklist: o opens it")),
        None => false,
    }
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
        Command::Copy(command) => on_copy(model, command),
        Command::Checklist(command) => on_checklist(model, command),
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
            model.ui.layers.push(Layer::Palette(Box::new(palette)));
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
            let Some(purpose) = model.selected().map(|environment| Purpose::Note(environment.id.clone())) else { return Outcome::default() };
            let kept = model.ui.note_draft.take().filter(|draft| draft.purpose == purpose);
            model.ui.layers.push(Layer::Note(kept.unwrap_or(Note { purpose, input: Input::default() })));
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
        App::Tables => {
            model.ui.layers.push(Layer::Tables(Tables::default()));
            Outcome::shown(true)
        }
        App::Skip => model.next_event().map_or_else(Outcome::default, |at| Outcome::effect(Effect::SkipTo(at))),
        App::Undo => Outcome::shown(undo(model)),
        App::Discard => {
            model.ui.layers.push(Layer::Confirm(Intent::DiscardRehearsals));
            Outcome::shown(true)
        }
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

/// Goes back one step: in the wizard, the layer on top, then the panes.
fn back(model: &mut Model) -> bool {
    if let Some(Layer::Copy(wizard)) = model.ui.layers.last_mut()
        && wizard.back()
    {
        return true;
    }
    match model.ui.layers.pop() {
        Some(layer) => put_away(model, layer),
        None => return back_in_panes(model),
    }
    true
}

/// Closes a layer and keeps what was typed in it.
fn put_away(model: &mut Model, layer: Layer) {
    match layer {
        Layer::Note(note) => model.ui.note_draft = Some(note).filter(|note| !note.input.value().is_empty()),
        Layer::Copy(wizard) => {
            let source = wizard.source();
            model.ui.copy_drafts.insert(source, wizard.draft);
        }
        Layer::Tables(_) | Layer::Checklist(_) | Layer::Filter | Layer::Help(_) | Layer::Palette(_) | Layer::Confirm(_) | Layer::Clash(_) => {}
    }
}

/// Goes back one step where nothing stands over the panes: the pane, then the filter.
fn back_in_panes(model: &mut Model) -> bool {
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
        Some(Layer::Confirm(intent)) => confirmed(model, intent),
        Some(other @ (Layer::Copy(_) | Layer::Checklist(_) | Layer::Tables(_) | Layer::Filter | Layer::Help(_) | Layer::Note(_) | Layer::Clash(_))) => {
            model.ui.layers.push(other);
            Outcome::default()
        }
        None => Outcome::default(),
    }
}

/// Goes to an environment in the list, whatever filter and tenant hide it.
fn show(model: &mut Model, key: EnvironmentKey) -> bool {
    for layer in std::mem::take(&mut model.ui.layers) {
        put_away(model, layer);
    }
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

fn step_in_list(model: &mut Model, step: Rows) -> bool {
    let height = list_height(model);
    let targets_height = targets_height(model);
    let body = usize::from(model.layout().body.height);
    let details_height = details_height(model);
    let targets_list_height = usize::from(model.layout().targets().0.inside().height);
    let Model { estate, ui, .. } = model;
    // A filter is typed over a list, which its arrows move in.
    let below = if matches!(ui.layers.last(), Some(Layer::Filter)) { ui.layers.len().checked_sub(2) } else { ui.layers.len().checked_sub(1) };
    match below.and_then(|below| ui.layers.get_mut(below)) {
        Some(Layer::Copy(wizard)) => step_in_wizard(wizard, estate, step, targets_height, body),
        Some(Layer::Checklist(working)) => working.step(step, targets_list_height),
        Some(Layer::Tables(tables)) => tables.step(step, body.saturating_sub(4)),
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
            let draft = model.ui.copy_drafts.remove(&source).unwrap_or_default();
            model.ui.layers.push(Layer::Copy(Box::new(Wizard::new(source, draft))));
        }
    }
    true
}

fn on_targets(model: &mut Model, command: action::Targets) -> bool {
    let reasons_height = usize::from(model.layout().targets().1.inside().height);
    let Some(targets) = model.ui.layers.last_mut().and_then(as_targets) else { return false };
    match command {
        action::Targets::Filter => model.ui.layers.push(Layer::Filter),
        action::Targets::Level => {
            targets.level = targets.other_level();
            let level = targets.level as usize;
            if let Some(wizard) = model.ui.layers.last_mut().and_then(as_wizard) {
                wizard.draft.level = level;
            }
        }
        action::Targets::Reasons(by) => return targets.scroll_reasons(Rows::By(by), reasons_height),
    }
    true
}

/// Why a copy cannot be recorded while its source or target is shown as rehearsed: it was not judged on what is so.
fn only_rehearsed(plan: &Plan, estate: &Estate) -> Option<String> {
    let ends = [&plan.request().target, &plan.request().source];
    let key = ends.into_iter().find(|id| estate.is_practised_on(id)).and_then(|id| estate.find(id))?;
    Some(format!("{} is shown as rehearsed: Esc out, take the rehearsal back with U, then record", estate.environment(key).name))
}

fn step_in_wizard(wizard: &mut Wizard, estate: &Estate, step: Rows, targets_height: usize, body: usize) -> bool {
    let forward = matches!(step, Rows::By(1..) | Rows::Page(1..) | Rows::Last);
    match wizard.step {
        Step::Level => {
            let before = std::mem::replace(&mut wizard.draft.level, usize::from(forward));
            before != wizard.draft.level
        }
        Step::Target => wizard.targets.step(step, targets_height),
        Step::Details(_) => {
            let _ = estate;
            wizard.field = if wizard.field == Field::Name { Field::Group } else { Field::Name };
            true
        }
        Step::Review(_) => wizard.scroll_review(step, body.saturating_sub(4)),
        Step::Carry(_) => {
            let to = if forward { (wizard.draft.way + 1).min(WAYS.len() - 1) } else { wizard.draft.way.saturating_sub(1) };
            std::mem::replace(&mut wizard.draft.way, to) != to
        }
        Step::Record(_) => {
            next_record_field(wizard, if forward { 1 } else { -1 });
            true
        }
    }
}

fn next_record_field(wizard: &mut Wizard, by: i8) {
    const FIELDS: [RecordField; 3] = [RecordField::Ticket, RecordField::Approver, RecordField::Typed];
    let at = FIELDS.iter().position(|field| *field == wizard.record_field).unwrap_or(0);
    let to = if by > 0 { at + 1 } else { at + FIELDS.len() - 1 } % FIELDS.len();
    wizard.record_field = FIELDS.get(to).copied().unwrap_or(RecordField::Ticket);
}

fn on_copy(model: &mut Model, command: action::Copy) -> Outcome {
    let now = model.now();
    let viewer = match model.estate.viewer() {
        Known::Is(viewer) => Some(Arc::clone(viewer)),
        Known::Unknown => None,
    };
    let Model { estate, rulebooks, ui } = &mut *model;
    let Some(wizard) = ui.layers.last_mut().and_then(as_wizard) else { return Outcome::default() };
    match (command, &wizard.step) {
        (action::Copy::Next, Step::Level) => wizard.choose_level(),
        (action::Copy::Next, Step::Target) => {
            if let Err(reason) = wizard.choose_target(estate) {
                return Outcome::shown(notify(model, Tone::Refused, reason));
            }
        }
        (action::Copy::Next, Step::Details(target)) => {
            wizard.step = Step::Review(*target);
            wizard.review_top = 0;
        }
        (action::Copy::Next, Step::Review(target)) => match wizard.plan(*target, estate, rulebooks, now) {
            Ok(plan) => wizard.step = Step::Carry(Box::new(plan)),
            Err(reason) => return Outcome::shown(notify(model, Tone::Refused, reason)),
        },
        (action::Copy::Next, Step::Carry(plan)) => {
            if wizard.draft.way == 0 {
                ui.layers.push(Layer::Confirm(Intent::Rehearse));
            } else if let Some(reason) = keymap::writes_nothing(&ui.setup) {
                return Outcome::shown(notify(model, Tone::Refused, reason));
            } else if let Some(reason) = only_rehearsed(plan, estate) {
                return Outcome::shown(notify(model, Tone::Refused, reason));
            } else {
                wizard.step = Step::Record(plan.clone());
                wizard.record_field = RecordField::Ticket;
            }
        }
        (action::Copy::Next, Step::Record(_)) => return record_copy(model),
        (action::Copy::Field(by), Step::Record(_)) => next_record_field(wizard, by),
        (action::Copy::Field(_), _) => wizard.field = if wizard.field == Field::Name { Field::Group } else { Field::Name },
        (action::Copy::Group(by), _) => wizard.next_group(by, estate),
        (action::Copy::Acknowledge, _) => {
            let Some(viewer) = viewer else { return Outcome::shown(notify(model, Tone::Failed, WHO)) };
            return Outcome::shown(wizard.acknowledge(&viewer, now));
        }
    }
    Outcome::shown(true)
}

/// What to do when nobody knows who looks.
const WHO: &str = "Who are you? Start with --as NAME, so that the journal can say who it was";

/// Closes the wizard for good: its copy is carried out.
fn close_wizard(model: &mut Model) {
    model.ui.layers.retain(|layer| !matches!(layer, Layer::Copy(_)));
}

/// Makes the plan again at this instant (DESIGN 2.7); what changed since leads back to the review.
fn judged_again(model: &mut Model) -> Result<Plan, String> {
    let now = model.now();
    let Model { estate, rulebooks, ui } = model;
    let Some(wizard) = ui.layers.last_mut().and_then(as_wizard) else { return Err("There is no copy to carry out".to_owned()) };
    let Some(target) = wizard.draft.target else { return Err("There is no target".to_owned()) };
    let seen = match &wizard.step {
        Step::Carry(plan) | Step::Record(plan) => plan.verdict().clone(),
        Step::Level | Step::Target | Step::Details(_) | Step::Review(_) => Verdict::default(),
    };
    let plan = wizard.plan(target, estate, rulebooks, now).and_then(|plan| match plan.verdict().first_beyond(&seen) {
        Some(finding) => Err(format!("New: {}", finding.message)),
        None => Ok(plan),
    });
    if plan.is_err() {
        wizard.step = Step::Review(target);
        wizard.review_top = 0;
    }
    plan.map_err(|reason| format!("Something changed meanwhile. {reason}"))
}

/// Does what a question was about.
fn confirmed(model: &mut Model, intent: Intent) -> Outcome {
    match intent {
        Intent::QuitUnsaved => Outcome::effect(Effect::Quit),
        Intent::DiscardRehearsals => {
            let count = model.estate.discard();
            Outcome::shown(notify(model, Tone::Done, format!("{} taken back; the facts are as before", counted(count, "rehearsal"))))
        }
        Intent::LeaveAdminMode => {
            let Some(item) = model.working().and_then(|working| working.selected()).map(|row| row.id().to_owned()) else { return Outcome::shown(true) };
            let warning = model.working().and_then(Working::checklist).and_then(Checklist::warning_before_leaving).unwrap_or_default();
            write_act(model, &item, ItemAct::Done, Some(&format!("taken upon myself: {warning}")))
        }
        Intent::Rehearse => match judged_again(model) {
            Err(reason) => Outcome::shown(notify(model, Tone::Refused, reason)),
            Ok(plan) => {
                let target = model.estate.find(&plan.request().target);
                let rulebooks = Arc::clone(&model.rulebooks);
                model.estate.rehearse(plan, rulebooks.of(model.estate.edition()), model.ui.now.console);
                close_wizard(model);
                if let Some(target) = target {
                    show(model, target);
                }
                Outcome::shown(notify(model, Tone::Done, "Rehearsing in memory: f skips to the end of each stage, u takes it back"))
            }
        },
    }
}

/// Writes a copy that was carried out for real into the journal, and opens its checklist.
fn record_copy(model: &mut Model) -> Outcome {
    let now = model.now();
    let by = match model.estate.viewer() {
        Known::Is(viewer) => Arc::clone(viewer),
        Known::Unknown => return Outcome::shown(notify(model, Tone::Failed, WHO)),
    };
    let plan = match judged_again(model) {
        Ok(plan) => plan,
        Err(reason) => return Outcome::shown(notify(model, Tone::Refused, reason)),
    };
    let Some(wizard) = model.wizard() else { return Outcome::default() };
    let typed = |input: &Input| Some(input.value().trim()).filter(|text| !text.is_empty()).map(str::to_owned);
    let (ticket, approver) = (typed(&wizard.draft.ticket), typed(&wizard.draft.approver));
    let at = model.estate.journal().stamp(now);
    let operation = plan.operation(at, at, ticket.map(Into::into), approver.map(Into::into));
    let target = operation.target.clone();
    let entries = entries_of(operation, by, at);
    let effects = keep(model, entries);
    close_wizard(model);
    let key = model.estate.find(&target);
    if let Some(key) = key {
        show(model, key);
    }
    Outcome { redraw: notify(model, Tone::Done, "Recorded; its checklist is open"), effects }
}

/// Adds entries to the journal and has them saved, unless the journal is kept in memory.
fn keep(model: &mut Model, entries: Vec<Entry>) -> Vec<Effect> {
    model.estate.record(entries.clone());
    if model.ui.setup.in_memory {
        return Vec::new();
    }
    model.ui.unsaved.extend(entries.iter().cloned());
    vec![Effect::Save(entries)]
}

/// Opens the checklist of the chosen environment, those of rehearsals first.
fn open_checklist(model: &mut Model) -> bool {
    let Some((id, rehearsal)) = model.selected().and_then(|environment| checklist::open_for(&model.estate, &environment.id)) else { return false };
    model.ui.layers.push(Layer::Checklist(Box::new(Working::new(id, rehearsal))));
    true
}

fn on_checklist(model: &mut Model, command: action::Checklist) -> Outcome {
    let height = usize::from(model.layout().targets().0.inside().height);
    let about_height = usize::from(model.layout().targets().1.inside().height);
    let Some(working) = model.ui.layers.last_mut().and_then(as_working) else {
        return Outcome::shown(command == action::Checklist::Open && open_checklist(model));
    };
    let act = match command {
        action::Checklist::Open => return Outcome::default(),
        action::Checklist::NextMandatory => {
            return if working.next_mandatory(height) { Outcome::shown(true) } else { Outcome::shown(notify(model, Tone::Done, "No mandatory item is open")) };
        }
        action::Checklist::About(by) => return Outcome::shown(working.scroll_about(Rows::By(by), about_height)),
        action::Checklist::OpenOnly => {
            working.open_only = !working.open_only;
            return Outcome::shown(true);
        }
        action::Checklist::Act(act) => act,
        action::Checklist::Toggle => match working.selected() {
            Some(row) => checklist::toggle(row),
            None => return Outcome::default(),
        },
    };
    let Some(item) = working.selected().map(|row| row.id().to_owned()) else { return Outcome::default() };
    if !working.rehearsal
        && let Some(reason) = keymap::writes_nothing(&model.ui.setup)
    {
        return Outcome::shown(notify(model, Tone::Refused, reason));
    }
    match asks(act) {
        Some(question) => {
            // What cannot be done anyway is refused before anything is typed.
            let refused =
                working.checklist().and_then(|checklist| checklist.offers(&item).into_iter().find(|offer| offer.act == act)).and_then(|offer| offer.refused);
            if let Some(reason) = refused {
                return Outcome::shown(notify(model, Tone::Refused, reason.to_string()));
            }
            let purpose = Purpose::Act { item, act, question };
            let kept = model.ui.note_draft.take().filter(|draft| draft.purpose == purpose);
            model.ui.layers.push(Layer::Note(kept.unwrap_or(Note { purpose, input: Input::default() })));
            Outcome::shown(true)
        }
        None => act_on_item(model, &item, act, None),
    }
}

/// Does something with an item; leaving administration mode asks first while mandatory items are open (G-21).
fn act_on_item(model: &mut Model, item: &str, act: ItemAct, note: Option<&str>) -> Outcome {
    let Some(checklist) = model.working().and_then(Working::checklist) else { return Outcome::default() };
    if let Err(reason) = checklist.check(item, act, note) {
        return Outcome::shown(notify(model, Tone::Refused, reason.to_string()));
    }
    let leaves = checklist.row(item).is_some_and(|row| row.item.then == Some(Then::AdminModeOff));
    if leaves && act == ItemAct::Done && checklist.warning_before_leaving().is_some() {
        model.ui.layers.push(Layer::Confirm(Intent::LeaveAdminMode));
        return Outcome::shown(true);
    }
    write_act(model, item, act, note)
}

/// Writes down what was done with an item, and what it changed about the environment.
fn write_act(model: &mut Model, item: &str, act: ItemAct, note: Option<&str>) -> Outcome {
    let Some(by) = checklist::viewer(&model.estate) else { return Outcome::shown(notify(model, Tone::Failed, WHO)) };
    let now = model.now();
    let Some((id, rehearsal, checklist)) = model.working().and_then(|working| Some((working.id.clone(), working.rehearsal, working.checklist()?))) else {
        return Outcome::default();
    };
    if !rehearsal && let Some(reason) = keymap::writes_nothing(&model.ui.setup) {
        return Outcome::shown(notify(model, Tone::Refused, reason));
    }
    // Behind everything in its journal, so that a tick and what it switched are taken back together.
    let now = model.estate.journals().find(|(journal, _)| journal.entry(&id).is_some()).map_or(now, |(journal, _)| journal.stamp(now));
    let entry = match checklist.entry(item, act, note, Arc::clone(&by), now) {
        Ok(entry) => entry,
        Err(reason) => return Outcome::shown(notify(model, Tone::Refused, reason.to_string())),
    };
    let then = checklist.row(item).and_then(|row| row.item.then);
    let target = checklist.environment.clone();
    let mut entries = vec![entry];
    if let Some(operation) = then.and_then(|then| switched(then, act, target, now)) {
        let at = entries.first().map_or(now, |entry| entry.at) + TimeDelta::milliseconds(1);
        entries.push(Entry::new(at, by, What::Operation(Box::new(operation))));
    }
    if rehearsal {
        model.estate.practise(&id, entries);
        return Outcome::shown(true);
    }
    let effects = keep(model, entries);
    Outcome { redraw: true, effects }
}

/// The switch that an item throws when it is ticked, and throws back when it is opened again.
fn switched(then: Then, act: ItemAct, target: EnvironmentId, at: DateTime<Utc>) -> Option<Operation> {
    let done = match act {
        ItemAct::Done => true,
        ItemAct::Reopened => false,
        ItemAct::Disabled | ItemAct::Redirected | ItemAct::LeftAsIs | ItemAct::NotApplicable | ItemAct::Noted => return None,
    };
    let (kind, on) = match then {
        Then::AdminModeOff => (OperationKind::AdminMode, !done),
        Then::BackgroundOn => (OperationKind::Background, done),
    };
    Some(Operation {
        kind,
        source: None,
        target,
        inputs: vec![("on".into(), Value::Flag(on))],
        verdict: Answer::Allowed,
        acknowledged: Vec::new(),
        ticket: None,
        approver: None,
        started_at: at,
        completed_at: Some(at),
        outcome: operation::Outcome::Succeeded,
    })
}

fn undo(model: &mut Model) -> bool {
    // In a checklist only what was done in it is taken back.
    if let Some(Layer::Checklist(working)) = model.ui.layers.last() {
        let id = working.id.clone();
        let (tone, said) = if model.estate.untick(&id) {
            (Tone::Done, "The last tick of the rehearsal is taken back")
        } else {
            (Tone::Refused, "Nothing was ticked here yet; Esc, then u takes the whole rehearsal back")
        };
        return notify(model, tone, said);
    }
    match model.estate.undo() {
        Some(Undone::Tick) => notify(model, Tone::Done, "The last tick of the rehearsal is taken back"),
        Some(Undone::Rehearsal(target)) => {
            let name = model.estate.find(&target).map(|key| model.estate.environment(key).name.to_string()).unwrap_or_default();
            notify(model, Tone::Done, format!("The rehearsal is taken back; {name} is as before"))
        }
        None => false,
    }
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
        Some(Layer::Tables(tables)) => Some(&mut tables.input),
        Some(Layer::Copy(wizard)) => match (&wizard.step, wizard.field, wizard.record_field) {
            (Step::Details(_), Field::Name, _) => Some(&mut wizard.draft.name),
            (Step::Record(_), _, RecordField::Ticket) => Some(&mut wizard.draft.ticket),
            (Step::Record(_), _, RecordField::Approver) => Some(&mut wizard.draft.approver),
            (Step::Record(_), _, RecordField::Typed) => Some(&mut wizard.draft.typed),
            (Step::Level | Step::Target | Step::Details(_) | Step::Review(_) | Step::Carry(_), _, _) => None,
        },
        Some(Layer::Filter | Layer::Checklist(_) | Layer::Help(_) | Layer::Confirm(_) | Layer::Clash(_)) | None => None,
    }
}

fn as_working(layer: &mut Layer) -> Option<&mut Working> {
    if let Layer::Checklist(working) = layer { Some(working) } else { None }
}

fn as_wizard(layer: &mut Layer) -> Option<&mut Wizard> {
    if let Layer::Copy(wizard) = layer { Some(wizard) } else { None }
}

fn as_targets(layer: &mut Layer) -> Option<&mut Targets> {
    as_wizard(layer).filter(|wizard| matches!(wizard.step, Step::Target)).map(|wizard| &mut wizard.targets)
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

/// What is typed in the palette is looked for at once; filters are looked at when all else is.
fn after_typing(model: &mut Model) {
    let Model { estate, ui, .. } = model;
    match ui.layers.last_mut() {
        Some(Layer::Palette(palette)) => palette.refresh(estate),
        Some(Layer::Tables(tables)) => tables.refresh(),
        Some(Layer::Copy(_) | Layer::Checklist(_) | Layer::Filter | Layer::Help(_) | Layer::Note(_) | Layer::Confirm(_) | Layer::Clash(_)) | None => {}
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
        Some(Layer::Note(note)) => match note.purpose.clone() {
            Purpose::Note(environment) => record_note(model, note, environment),
            Purpose::Act { item, act, .. } => act_on_item(model, &item, act, Some(note.input.value())),
        },
        Some(Layer::Filter) | None => Outcome::shown(true),
        Some(other @ (Layer::Copy(_) | Layer::Checklist(_) | Layer::Tables(_) | Layer::Help(_) | Layer::Palette(_) | Layer::Confirm(_) | Layer::Clash(_))) => {
            model.ui.layers.push(other);
            Outcome::default()
        }
    }
}

/// Adds a note to the journal and saves it at once.
fn record_note(model: &mut Model, note: Note, environment: EnvironmentId) -> Outcome {
    let text = note.input.value().trim();
    if text.is_empty() {
        return Outcome::shown(true);
    }
    let by = match model.estate.viewer() {
        Known::Is(viewer) => Arc::clone(viewer),
        Known::Unknown => {
            model.ui.note_draft = Some(note);
            return Outcome::shown(notify(model, Tone::Failed, WHO));
        }
    };
    let entry = Entry::new(model.estate.journal().stamp(model.now()), by, What::Note { environment, text: text.into() });
    let said = if model.ui.setup.in_memory { "Noted; the journal of the demo is kept in memory only" } else { "Noted" };
    let effects = keep(model, vec![entry]);
    Outcome { redraw: notify(model, Tone::Done, said), effects }
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
    let Loaded { estate, templates, remarks } = loaded;
    // Ids outlive a reload, positions do not.
    let same = |key: Option<EnvironmentKey>| key.and_then(|key| estate.find(&model.estate.environment(key).id));
    let keep = same(model.ui.environments.selected());
    let first = model.ui.file == File::Loading;
    // What was typed for a copy is kept with its source, as far as its environments are still there.
    let kept = |(source, draft): (EnvironmentKey, Draft)| Some((same(Some(source))?, Draft { target: same(draft.target), ..draft }));
    let drafts: Vec<_> = std::mem::take(&mut model.ui.copy_drafts).into_iter().filter_map(kept).collect();
    // A wizard begins again on the new facts.
    let mut layers = std::mem::take(&mut model.ui.layers);
    for layer in &mut layers {
        if let Layer::Copy(wizard) = layer {
            let begun = kept((wizard.source(), std::mem::take(&mut wizard.draft)));
            *layer = begun.map_or(Layer::Filter, |(source, draft)| Layer::Copy(Box::new(Wizard::new(source, draft))));
        }
    }
    // What was rehearsed was judged on facts that are gone, and a filter was typed over rows that are.
    let rehearsed = model.estate.rehearsals().len();
    layers.retain(|layer| match layer {
        Layer::Checklist(working) => !working.rehearsal,
        Layer::Filter => false,
        Layer::Confirm(intent) => matches!(intent, Intent::QuitUnsaved),
        Layer::Note(note) => matches!(note.purpose, Purpose::Note(_)),
        Layer::Copy(_) | Layer::Tables(_) | Layer::Help(_) | Layer::Palette(_) | Layer::Clash(_) => true,
    });
    let tenant_gone = model.ui.environments.tenant.is_some_and(|tenant| tenant.0 as usize >= estate.tenants().count());
    let estate = estate.following(&model.estate);
    model.ui.layers = layers;
    model.ui.copy_drafts = drafts.into_iter().collect();
    model.estate = estate;
    model.ui.templates = templates;
    model.estate.record(model.ui.unsaved.clone());
    model.ui.details.forget();
    model.ui.file = File::Open;
    if first || tenant_gone {
        model.ui.environments.tenant = model.estate.tenants().next().map(|(key, _)| key);
    }
    let height = list_height(model);
    let rulebook = model.rulebooks.of(model.estate.edition());
    model.ui.environments.open(&model.estate, rulebook, keep, height);
    if rehearsed > 0 {
        notify(model, Tone::Done, format!("Read again; {} taken back, because the facts below changed", counted(rehearsed, "rehearsal")));
    }
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
        Some(layer) => {
            let Some(targets) = as_targets(layer) else { return false };
            let rows = layout.targets().0.inside();
            let first = rows.y + Layout::TARGETS_HEAD;
            if !rows.contains(x, y) || y < first {
                return false;
            }
            targets.go(targets.cursor.top + usize::from(y - first), height)
        }
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
        return model.ui.details.step(Rows::By(rows), height);
    }
    step_in_list(model, Rows::By(rows))
}

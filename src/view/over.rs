//! What stands over the panes: help, palette, note, question, and the problems of a snapshot that cannot be read.

use tui_input::Input;

use crate::app::explain::said::mark;
use crate::app::help::{Help, HelpLine};
use crate::app::layout::{Area, Layout};
use crate::app::model::{ClashUi, Intent, Layer, Model};
use crate::app::note::{Note, Purpose};
use crate::app::palette::{Choice, Palette};
use crate::app::plans;
use crate::app::tables::Tables;
use crate::domain::instant::EXPECTED;
use crate::domain::operation::OperationKind;
use crate::domain::words::{Word, counted};
use crate::view::environments::type_badge;
use crate::view::explain::mark_role;
use crate::view::paint::{Paint, columns};
use crate::view::theme::Role;

/// A box over the panes with a title.
fn open(layout: &Layout, width: u16, height: u16, title: &str, paint: &mut Paint<'_>) -> Area {
    let area = layout.over(width, height);
    paint.clear(area);
    paint.frame(area, true, title, ("", Role::Text))
}

/// The keys of where the keyboard was, or what was found in the help.
pub fn help(help: &Help, typing: bool, layout: &Layout, paint: &mut Paint<'_>) {
    const KEYS: u16 = Layout::HELP_KEYS;
    /// Columns before the title of an answer.
    const MARK: u16 = 12;
    let lines = u16::try_from(help.lines.len()).unwrap_or(u16::MAX).saturating_add(2);
    // While something is looked for, the box stays where it is.
    let height = if typing || help.is_searched() { layout.body.height } else { lines };
    let area = layout.over(Layout::HELP, height);
    paint.clear(area);
    let hidden = help.lines.len().saturating_sub(help.cursor.top + usize::from(area.height.saturating_sub(2)));
    let below = if hidden > 0 { format!("{hidden} more below") } else { String::new() };
    let inside = if typing || help.is_searched() {
        paint.frame_with_filter(area, true, "Help", &help.filter, typing, false)
    } else {
        paint.frame(area, true, "Help", (&below, Role::Dim))
    };
    let end = inside.x + inside.width;
    for ((index, line), y) in help.lines.iter().enumerate().skip(help.cursor.top).take(usize::from(inside.height)).zip(inside.y..) {
        match line {
            HelpLine::Title(title) => {
                paint.text(inside.x + 1, y, end, title, Role::Title);
            }
            HelpLine::Key(binding, text) => {
                let keys: Vec<String> = binding.keys.iter().map(ToString::to_string).collect();
                paint.text(inside.x + 2, y, inside.x + KEYS, &keys.join(", "), Role::Key);
                paint.text(inside.x + KEYS + 1, y, end, text, Role::Text);
            }
            HelpLine::More(text) => {
                paint.text(inside.x + KEYS + 1, y, end, text, Role::Text);
            }
            HelpLine::Entry(entry, mark, title) => {
                paint.text(inside.x + 2, y, inside.x + MARK, mark, mark_role(*entry));
                paint.text(inside.x + MARK + 1, y, end, title, Role::Text);
            }
            HelpLine::Text(text) => {
                paint.text(inside.x + 2, y, end, text, Role::Text);
            }
            HelpLine::Gap => {}
        }
        if help.selected().is_some() && index == help.cursor.at {
            paint.text(inside.x, y, inside.x + 1, paint.theme.symbols.here, Role::Text);
            paint.row(inside, y, Role::Selected);
        }
    }
}

/// A line that is being typed, scrolled so that its cursor is seen.
pub fn input(input: &Input, x: u16, y: u16, end: u16, paint: &mut Paint<'_>) {
    let room = usize::from(end.saturating_sub(x + 1));
    let skip = input.visual_scroll(room);
    let (mut skipped, mut shown) = (0, String::new());
    for letter in input.value().chars() {
        if skipped < skip {
            skipped += usize::from(columns(letter.encode_utf8(&mut [0; 4])));
        } else {
            shown.push(letter);
        }
    }
    paint.text(x, y, end, &shown, Role::Text);
    let place = u16::try_from(input.visual_cursor().saturating_sub(skip)).unwrap_or(0);
    paint.put_cursor((x + place).min(end), y);
}

/// Commands and environments.
pub fn palette(model: &Model, palette: &Palette, layout: &Layout, paint: &mut Paint<'_>) {
    let rows = u16::try_from(Layout::PALETTE_ROWS).unwrap_or(u16::MAX);
    let inside = open(layout, 84, rows + 3, "Commands, environments and answers", paint);
    let end = inside.x + inside.width;
    paint.text(inside.x + 1, inside.y, end, ":", Role::Key);
    input(&palette.input, inside.x + 3, inside.y, end, paint);
    let window = palette.cursor.window(palette.choices().len(), layout.palette_rows());
    if palette.choices().is_empty() {
        paint.text(inside.x + 1, inside.y + 1, end, "Nothing matches. Esc goes back", Role::Dim);
    }
    for ((index, (choice, matched)), y) in window.clone().zip(palette.choices().get(window).unwrap_or_default()).zip(inside.y + 1..) {
        match choice {
            Choice::Binding(binding) => {
                let reason = (binding.disabled)(model);
                let label: String = binding.keys.first().map(ToString::to_string).unwrap_or_default();
                let right = paint.text_right(inside.x, y, end - 1, &label, Role::Key);
                let x = paint.matched(inside.x + 1, y, right - 1, binding.help, matched, if reason.is_some() { Role::Dim } else { Role::Text });
                if let Some(reason) = reason {
                    paint.text(x + 2, y, right - 1, &reason, Role::Dim);
                }
            }
            Choice::Plan(plan) => {
                let Some(template) = plans::of(&model.ui.templates, plan) else { continue };
                let reason = plans::refused(model, &template.id);
                let right = paint.text_right(inside.x, y, end - 1, "plan", Role::Key);
                let x = paint.matched(inside.x + 1, y, right - 1, &template.title, matched, if reason.is_some() { Role::Dim } else { Role::Text });
                if let Some(reason) = reason {
                    paint.text(x + 2, y, right - 1, &reason, Role::Dim);
                }
            }
            Choice::Environment(key) => {
                let environment = model.estate.environment(*key);
                let (badge, role) = type_badge(environment);
                let right = paint.text_right(inside.x, y, end - 1, badge, role);
                let x = paint.matched(inside.x + 1, y, right - 1, &environment.name, matched, Role::Text);
                paint.text(x + 2, y, right - 1, &model.estate.tenant(environment.tenant).name, Role::Dim);
            }
            Choice::Entry(entry) => {
                let Some(library) = &model.ui.library else { continue };
                let right = paint.text_right(inside.x, y, end - 1, mark(*entry, library), mark_role(*entry));
                paint.text(inside.x + 1, y, right - 1, library.title(*entry), Role::Text);
            }
        }
        if index == palette.cursor.at {
            paint.row(inside, y, Role::Selected);
        }
    }
}

/// A line that is asked for.
pub fn note(model: &Model, note: &Note, layout: &Layout, paint: &mut Paint<'_>) {
    let (title, hint) = match &note.purpose {
        Purpose::Note(id) => {
            let name = model.estate.find(id).map_or("", |key| &model.estate.environment(key).name);
            (format!("Note on {name}"), "It goes into the journal with your name and the time".to_owned())
        }
        Purpose::Withdraw { what, .. } => {
            let hint = format!("{what}. Why is it wrong? It stays in the journal, and nothing that follows from it counts any more");
            ("Withdraw".to_owned(), note.said.clone().unwrap_or(hint))
        }
        Purpose::Instant(id) => {
            let name = model.estate.find(id).map_or("", |key| &model.estate.environment(key).name);
            (format!("Go to a time of {name}"), note.said.clone().unwrap_or_else(|| EXPECTED.to_owned()))
        }
        Purpose::Answer(asked) => (asked.title.clone(), note.said.clone().unwrap_or_else(|| asked.hint())),
        Purpose::Acknowledge { name, finding } => {
            let hint = note.said.clone().unwrap_or_else(|| format!("{finding}. Type the name {name} to take this upon yourself; the journal keeps it"));
            ("Take it upon yourself".to_owned(), hint)
        }
        Purpose::Correct { .. } => {
            let hint = "The note before stays in the journal, withdrawn as corrected".to_owned();
            ("Correct a note".to_owned(), note.said.clone().unwrap_or(hint))
        }
        Purpose::Ended { outcome, what, .. } => {
            let hint = format!("{what}. When did it end? Empty means now; {EXPECTED}");
            (format!("It {}", outcome.label()), note.said.clone().unwrap_or(hint))
        }
        Purpose::Act { act, question, .. } => (act.label().to_owned(), note.said.clone().unwrap_or_else(|| question.to_string())),
    };
    let width = 76.min(layout.body.width.saturating_sub(2)).saturating_sub(4);
    let rows = u16::try_from(textwrap::wrap(&hint, usize::from(width).max(1)).len()).unwrap_or(1);
    let inside = open(layout, 76, rows + 3, &title, paint);
    let end = inside.x + inside.width;
    input(&note.input, inside.x + 1, inside.y, end - 1, paint);
    let role = if note.said.is_some() { Role::Warn } else { Role::Dim };
    paint.paragraph(inside.x + 1, inside.y + 1, width, inside.height.saturating_sub(1), &hint, role);
}

/// A question.
pub fn confirm(model: &Model, intent: &Intent, layout: &Layout, paint: &mut Paint<'_>) {
    let text = match intent {
        Intent::QuitUnsaved => "What you added last could not be saved. Quit all the same and lose it?".to_owned(),
        Intent::DiscardRehearsals => "Take back everything that was rehearsed, ticks included?".to_owned(),
        Intent::Plan(_) | Intent::Move | Intent::Act => model.ui.asked.clone(),
        Intent::Answer => {
            let said = model.ui.layers.iter().rev().find_map(|layer| if let Layer::Note(note) = layer { note.said.clone() } else { None });
            said.unwrap_or_default()
        }
        Intent::Rehearse => {
            let target = model.wizard().and_then(crate::app::wizard::Wizard::target).map_or("the target", |key| &model.estate.environment(key).name);
            let overwrites = model.wizard().is_some_and(|wizard| matches!(wizard.kind, OperationKind::Copy | OperationKind::Restore));
            let what = if overwrites { format!("overwriting {target}") } else { format!("this on {target}") };
            format!("Rehearse {what}? It happens in memory only; nothing is sent to the tenant.")
        }
    };
    // A list of what is open has to be seen whole before somebody says yes to it.
    const LONG: usize = 600;
    let width = if text.len() > LONG { layout.body.width.saturating_sub(2) } else { 64.min(layout.body.width) };
    let rows = u16::try_from(textwrap::wrap(&text, usize::from(width.saturating_sub(4)).max(1)).len()).unwrap_or(1);
    let inside = open(layout, width, rows.saturating_add(4), "Question", paint);
    let y = paint.paragraph(inside.x + 1, inside.y, inside.width.saturating_sub(2), inside.height.saturating_sub(1), &text, Role::Warn);
    paint.pieces(
        inside.x + 1,
        (y + 1).min(inside.y + inside.height - 1),
        inside.x + inside.width,
        [("y", Role::Key), (" yes   ", Role::Dim), ("n", Role::Key), (" no", Role::Dim)],
    );
}

/// The tables that are emptied.
pub fn tables(tables: &Tables, layout: &Layout, paint: &mut Paint<'_>) {
    let count = tables.rows().len();
    let are = if count == 1 { "is" } else { "are" };
    let inside = open(layout, 64, layout.body.height, &format!("{} {are} emptied", counted(count, "table")), paint);
    let end = inside.x + inside.width;
    paint.text(inside.x + 1, inside.y, end, "/", Role::Key);
    input(&tables.input, inside.x + 3, inside.y, end, paint);
    let window = tables.cursor.window(count, usize::from(inside.height.saturating_sub(2)));
    if count == 0 {
        paint.text(inside.x + 1, inside.y + 2, end, "No such table is emptied", Role::Dim);
    }
    for ((index, table), y) in window.clone().zip(tables.rows().get(window).unwrap_or_default()).zip(inside.y + 2..) {
        let (kind, role) = if table.reference { ("reference data", Role::Warn) } else { ("data", Role::Dim) };
        paint.text(inside.x + 1, y, end, table.name, Role::Text);
        paint.text_right(inside.x, y, end - 1, kind, role);
        if index == tables.cursor.at {
            paint.row(inside, y, Role::Selected);
        }
    }
}

/// Entries of the journal that say something else in its file.
pub fn clash(clash: &ClashUi, layout: &Layout, paint: &mut Paint<'_>) {
    let height = u16::try_from(clash.lines.len()).unwrap_or(u16::MAX).saturating_add(5);
    let inside = open(layout, 100, height, "The journal was edited by hand", paint);
    let end = inside.x + inside.width;
    let text = "These entries say something else in the file. Nothing is saved until you decide.";
    let y = paint.paragraph(inside.x + 1, inside.y, inside.width.saturating_sub(2), 2, text, Role::Warn) + 1;
    let room = usize::from((inside.y + inside.height).saturating_sub(y));
    for (line, y) in clash.lines.iter().skip(clash.top).take(room).zip(y..) {
        paint.text(inside.x + 1, y, end, line, Role::Text);
    }
}

/// A snapshot, journal or checklist that cannot be read.
pub fn broken(lines: &[String], top: usize, body: Area, paint: &mut Paint<'_>) {
    let count = if lines.len() == 1 { "1 problem".to_owned() } else { format!("{} problems", lines.len()) };
    let inside = paint.frame(body, true, "A file cannot be read", (&count, Role::Bad));
    let end = inside.x + inside.width;
    let height = usize::from(inside.height.saturating_sub(2));
    let bottom = inside.y + inside.height.saturating_sub(2);
    let (mut y, mut shown) = (inside.y, 0);
    for line in lines.iter().skip(top).take(height) {
        if y >= bottom {
            break;
        }
        y = paint.paragraph(inside.x + 1, y, inside.width.saturating_sub(2), bottom - y, line, Role::Text);
        shown += 1;
    }
    let hidden = lines.len().saturating_sub(top + shown);
    let advice = if hidden > 0 { format!("{hidden} more below. ") } else { String::new() };
    paint.text(
        inside.x + 1,
        inside.y + inside.height - 1,
        end,
        &format!("{advice}Mend it, then press r. `envdeck validate` lists the same of a snapshot"),
        Role::Dim,
    );
}

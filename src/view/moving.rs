//! The pages of a move to another tenant: destinations with their reasons, the questions, the mapping files.

use crate::app::layout::{Area, Layout};
use crate::app::model::Model;
use crate::app::moving::{Chosen, Found};
use crate::app::questions::Whom;
use crate::app::targets::REASON_INDENT;
use crate::app::wizard::Wizard;
use crate::domain::known::Known;
use crate::domain::words::{Word as _, counted};
use crate::view::over::input;
use crate::view::paint::{Paint, columns};
use crate::view::targets::{reason_line, why};
use crate::view::theme::Role;
use crate::view::wizard::{field, title};

/// Every tenant as a destination, with all reasons of the one under the cursor.
pub fn destinations(model: &Model, wizard: &Wizard, layout: &Layout, paint: &mut Paint<'_>) {
    let (list, reasons) = layout.targets();
    let destinations = &wizard.destinations;
    let inside = paint.frame(list, true, &title(model, wizard, list.width), ("", Role::Text));
    let end = inside.x + inside.width;
    let (start, name, region) = (inside.x + 1, inside.x + 3, inside.x + 3 + if inside.width > 90 { 34 } else { 24 });
    let (cloud, said) = (region + 9, region + 18);
    paint.text(inside.x + 1, inside.y, end, "To which tenant does it move?", Role::Text);
    for (x, until, heading) in [(name, region, "tenant"), (region, cloud, "region"), (cloud, said, "cloud"), (said, end, "why not, or what to know")] {
        paint.text(x, inside.y + 1, until, heading, Role::Dim);
    }
    let rows = Area { y: inside.y + Layout::TARGETS_HEAD, height: inside.height.saturating_sub(Layout::TARGETS_HEAD), ..inside };
    let window = destinations.cursor.window(destinations.rows().len(), usize::from(rows.height));
    for ((index, row), y) in window.clone().zip(destinations.rows().get(window).unwrap_or_default()).zip(rows.y..) {
        let tenant = model.estate.tenant(row.key);
        let answer = row.outline.answer();
        paint.text(start, y, name, paint.theme.answer(answer), Role::of_answer(answer));
        paint.text(name, y, region - 1, &tenant.name, Role::Text);
        match &tenant.region {
            Known::Is(known) => paint.text(region, y, cloud - 1, known, Role::Dim),
            Known::Unknown => paint.text(region, y, cloud - 1, "?", Role::Unknown),
        };
        match tenant.cloud {
            Known::Is(known) => paint.text(cloud, y, said - 1, known.label(), Role::Dim),
            Known::Unknown => paint.text(cloud, y, said - 1, "?", Role::Unknown),
        };
        paint.text(said, y, end, &why(row.outline), Role::Text);
        if index == destinations.cursor.at {
            paint.text(rows.x, y, rows.x + 1, paint.theme.symbols.here, Role::Text);
            paint.row(rows, y, Role::Selected);
        }
    }
    let Some((key, verdict)) = destinations.selected().zip(destinations.verdict()) else {
        paint.frame(reasons, false, "Reasons", ("", Role::Text));
        return;
    };
    let answer = verdict.answer();
    let hidden = destinations.reasons().len().saturating_sub(destinations.reasons_top + usize::from(reasons.inside().height));
    let more = if hidden > 0 { format!("{}, {}", answer.label(), counted(hidden, "more line")) } else { answer.label().to_owned() };
    let below = paint.frame(reasons, false, &model.estate.tenant(key).name, (&more, Role::of_answer(answer)));
    for (reason, y) in destinations.reasons().iter().skip(destinations.reasons_top).take(usize::from(below.height)).zip(below.y..) {
        reason_line(reason, below.x, y, below.x + below.width, paint);
    }
}

/// What has to be answered before, with where each answer comes from.
pub fn questions(model: &Model, wizard: &Wizard, inside: Area, paint: &mut Paint<'_>) {
    let end = inside.x + inside.width;
    let questions = &wizard.questions;
    let open = match questions.open() {
        0 => "Everything is answered. Enter goes on".to_owned(),
        1 => "One answer is missing: = gives it. Enter goes on all the same".to_owned(),
        several => format!("{several} answers are missing: = gives them. Enter goes on all the same"),
    };
    paint.text(inside.x, inside.y, end, &open, if questions.open() == 0 { Role::Good } else { Role::Unknown });
    let answer = inside.x + (inside.width * 11 / 20).min(50);
    let rows = Area { y: inside.y + 2, height: u16::try_from(model.layout().question_rows()).unwrap_or(inside.height), ..inside };
    let window = questions.cursor.window(questions.rows().len(), usize::from(rows.height));
    for ((index, question), y) in window.clone().zip(questions.rows().get(window).unwrap_or_default()).zip(rows.y..) {
        let whose = match question.whom {
            Whom::Source | Whom::Environment => Role::Text,
            Whom::Destination => Role::Key,
        };
        paint.text(rows.x + 2, y, answer - 1, question.text, whose);
        match &question.answer {
            Some(known) => {
                let x = paint.text(answer, y, end, known, Role::Text);
                paint.text(x + 2, y, end, &question.source, Role::Dim);
            }
            None => {
                paint.text(answer, y, end, "? nobody looked", Role::Unknown);
            }
        }
        if index == questions.cursor.at {
            paint.text(rows.x, y, rows.x + 1, paint.theme.symbols.here, Role::Text);
            paint.row(rows, y, Role::Selected);
        }
    }
}

/// The mapping file of each environment, and what was found in the one that has the keyboard.
pub fn mapping(model: &Model, wizard: &Wizard, inside: Area, paint: &mut Paint<'_>) {
    let end = inside.x + inside.width;
    let moving = &wizard.draft.moving;
    let several = moving.each.len() > 1;
    let asked = if several { "Which mapping files say who becomes whom? Each environment has its own." } else { "Which mapping file says who becomes whom?" };
    paint.text(inside.x, inside.y, end, asked, Role::Text);
    let name = |each: &Chosen| each.environment.as_ref().and_then(|id| model.estate.find(id)).map_or("", |key| &*model.estate.environment(key).name);
    for ((at, each), y) in moving.each.iter().enumerate().zip(inside.y + 1..) {
        if !several {
            field("path", &each.path, at == moving.at, inside, y, paint);
            continue;
        }
        // Names of environments take more room than the labels of other fields.
        let path = inside.x + (inside.width / 3).min(36);
        let active = at == moving.at;
        paint.text(inside.x, y, path - 1, name(each), if active { Role::Key } else { Role::Dim });
        if active {
            input(&each.path, path, y, end, paint);
        } else {
            paint.text(path, y, end, each.path.value(), Role::Text);
        }
    }
    let below = inside.y + 2 + u16::try_from(moving.each.len()).unwrap_or(1);
    let rows = Area { y: below, height: u16::try_from(model.layout().found_rows(moving.each.len())).unwrap_or(1), ..inside };
    let Some(chosen) = moving.chosen() else { return };
    if let Some(said) = state(chosen) {
        paint.paragraph(rows.x, rows.y, rows.width, rows.height, said, Role::Dim);
        return;
    }
    let hidden = chosen.found().len().saturating_sub(moving.top + usize::from(rows.height));
    for (line, y) in chosen.found().iter().skip(moving.top).take(usize::from(rows.height)).zip(rows.y..) {
        found(line, rows, y, paint);
    }
    if hidden > 0 {
        let more = format!("{} below: ↓ shows them", counted(hidden, "more line"));
        let x = end.saturating_sub(columns(&more) + 1);
        paint.text(x, inside.y + inside.height.saturating_sub(1), end, &more, Role::Dim);
    }
}

/// What to say where nothing was found yet.
fn state(chosen: &Chosen) -> Option<&'static str> {
    match chosen.file() {
        None => Some(
            "Type where the file lies; a path without a folder is looked for where envdeck was started. Enter reads it, Ctrl-R reads it again after mending. An empty line goes on without a file: then nobody is mapped yet. `envdeck generate-mapping` writes a first one.",
        ),
        Some(_) if chosen.waits => Some("Reading it"),
        Some(_) if !chosen.is_read() => Some("Enter reads it and lists everything that is wrong with it."),
        Some(_) => None,
    }
}

fn found(line: &Found, rows: Area, y: u16, paint: &mut Paint<'_>) {
    let (indented, end) = (rows.x + u16::try_from(REASON_INDENT).unwrap_or(2), rows.x + rows.width);
    match line {
        Found::Error(place, text) | Found::Warning(place, text) => {
            let severity = if matches!(line, Found::Error(..)) { crate::domain::verdict::Severity::Block } else { crate::domain::verdict::Severity::Warn };
            if place.is_some() {
                paint.text(rows.x, y, indented, paint.theme.severity(severity), Role::of_severity(severity));
            }
            paint.text(indented, y, end, text, Role::Text);
        }
        Found::Remedy(text) => {
            paint.text(indented, y, end, text, Role::Good);
        }
        Found::Good(text) => {
            paint.text(rows.x, y, end, text, Role::Good);
        }
        Found::Text(text) => {
            paint.text(rows.x, y, end, text, Role::Text);
        }
    }
}

/// What is said beside the group of an environment: which it is, or what is wrong with it.
pub fn group(model: &Model, wizard: &Wizard, each: &Chosen) -> String {
    let moving = &wizard.draft.moving;
    let of = match each.environment.as_ref().and_then(|id| model.estate.find(id)) {
        Some(key) if moving.each.len() > 1 => format!("{}: ", model.estate.environment(key).name),
        Some(_) | None => String::new(),
    };
    let to = moving.destination(&model.estate).map(|(_, tenant)| tenant);
    match moving.group_of(each, &model.estate) {
        Ok(None) => format!("{of}none: assign one afterwards"),
        Ok(Some(id)) => format!("{of}{}", to.and_then(|to| to.group_name(&id)).unwrap_or("an object id that the snapshot does not list")),
        Err(_) => format!("{of}no known group and no object id"),
    }
}

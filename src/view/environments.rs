//! The list of environments: name, type, region and what is special about each, with the letters that a filter matched.

use crate::app::environments::Row;
use crate::app::layout::Area;
use crate::app::model::{File, Layer, Model, Pane};
use crate::domain::environment::{Environment, EnvironmentType, FinanceOperations, FinanceOperationsType};
use crate::domain::known::Known;
use crate::domain::linked;
use crate::domain::request::Change;
use crate::domain::words::Word;
use crate::view::paint::{Paint, columns};
use crate::view::theme::Role;

/// Draws the list.
pub fn draw(model: &Model, area: Area, paint: &mut Paint<'_>) {
    let list = &model.ui.environments;
    let typing = matches!(model.ui.layers.last(), Some(Layer::Filter));
    let focus = typing || (model.ui.layers.is_empty() && model.ui.focus == Pane::Environments);
    let filter = list.filter.value();
    let count = list.count();
    let (title, marked) = match list.marked().len() {
        0 => ("Environments".to_owned(), String::new()),
        marked => (format!("{marked} marked"), format!(", {marked} marked")),
    };
    let inside = if typing || !filter.is_empty() {
        paint.frame_with_filter(area, focus, &format!("{count} found{marked}"), &list.filter, typing, list.error.is_some())
    } else {
        paint.frame(area, focus, &title, (list.order().label(), Role::Dim))
    };
    if list.visible().is_empty() {
        empty(model, inside, paint);
        return;
    }
    let selected = list.selected();
    let mut y = inside.y;
    for row in list.visible() {
        let environment = model.estate.environment(row.key);
        self::row(model, environment, row, Area { y, height: 1, ..inside }, paint);
        if let Some(half) = linked::half(environment).filter(|_| row.half) {
            self::half(environment, half, Area { y: y + 1, height: 1, ..inside }, paint);
        }
        if Some(row.key) == selected {
            paint.text(inside.x, y, inside.x + 1, paint.theme.symbols.here, Role::Text);
            // Both halves are one thing, so the cursor stands on both.
            (y..y + row.height()).for_each(|y| paint.row(inside, y, if focus { Role::Selected } else { Role::Title }));
        }
        y += row.height();
    }
}

/// What to do when there is nothing to show.
fn empty(model: &Model, inside: Area, paint: &mut Paint<'_>) {
    let list = &model.ui.environments;
    let text = match (&model.ui.file, &list.error) {
        (File::Loading, _) => format!("Reading {} ...", model.ui.setup.file),
        (_, Some(_)) => "Esc clears the filter".to_owned(),
        (_, None) if !list.filter.value().is_empty() => "Nothing matches. Esc clears the filter".to_owned(),
        (_, None) => "There are no environments here. T shows the next tenant".to_owned(),
    };
    let width = inside.width.saturating_sub(2);
    let mut y = inside.y;
    if let Some(error) = list.error.as_ref().filter(|_| model.ui.file != File::Loading) {
        y = paint.paragraph(inside.x + 1, y, width, inside.height, error, Role::Bad);
    }
    paint.paragraph(inside.x + 1, y, width, (inside.y + inside.height).saturating_sub(y), &text, Role::Dim);
}

/// Columns of the marks behind the name.
const BADGE: u16 = 5;
const REGION: u16 = 8;
const MARKS: u16 = 8;
/// What a rehearsal needs on a narrow screen: `from 42 %`.
const NARROW_PRACTICE: u16 = 10;
/// The mark of a linked pair, and of one whose halves are of different types.
const LINKED: &str = "L";
const APART: &str = "L!";

/// Where the columns of a row end and begin.
struct Columns {
    name_end: u16,
    region: u16,
    marks: u16,
}

impl Columns {
    const fn of(area: Area) -> Self {
        // On a narrow screen the region goes first, so that the name stays readable.
        let region = if area.width >= 40 { REGION } else { 0 };
        let marks = if area.width >= 30 { MARKS } else { 0 };
        Self { name_end: (area.x + area.width).saturating_sub(BADGE + region + marks + 1), region, marks }
    }
}

/// The other half of a linked pair, in the columns of the row above, so that both types stand one below the other.
fn half(environment: &Environment, half: &FinanceOperations, area: Area, paint: &mut Paint<'_>) {
    let end = area.x + area.width;
    let x = Columns::of(area).name_end;
    let name = paint.text(area.x + 2, area.y, x, paint.theme.symbols.branch, Role::Dim);
    paint.text(name + 1, area.y, x, &half.name, Role::Dim);
    let badge = match half.kind_of_environment {
        Known::Is(FinanceOperationsType::Production) => EnvironmentType::Production.badge(),
        Known::Is(FinanceOperationsType::Sandbox) => EnvironmentType::Sandbox.badge(),
        Known::Unknown => "?",
    };
    let apart = linked::is_apart(environment);
    let role = match half.kind_of_environment {
        Known::Unknown => Role::Unknown,
        Known::Is(_) if apart => Role::Warn,
        Known::Is(_) => Role::Dim,
    };
    paint.text(x + 1, area.y, end, badge, role);
    let after = paint.text(x + 1 + BADGE, area.y, end, "F&O", Role::Dim);
    if apart {
        paint.text(after + 1, area.y, end, "TYPES DIFFER", Role::Warn);
    }
}

fn row(model: &Model, environment: &Environment, shown: &Row, area: Area, paint: &mut Paint<'_>) {
    let end = area.x + area.width;
    let Columns { name_end, region, marks } = Columns::of(area);
    let deleted = environment.is_deleted() == Known::Is(true);
    let role = if deleted { Role::Dim } else { Role::Text };
    let practice = practice(model, environment, region > 0);
    // On a narrow screen the mark of a rehearsal takes the place of the type.
    let practice_at = if region > 0 { name_end + 1 + BADGE } else { (name_end + 1).min(end.saturating_sub(NARROW_PRACTICE)) };
    let name_end = if practice.is_some() { name_end.min(practice_at.saturating_sub(1)) } else { name_end };
    // Where neither its other half nor the other marks have room, the mark of a pair stands behind the name all the same.
    let linked = linked_mark(environment, shown.half).filter(|_| marks == 0 && practice.is_none());
    let mark_start = name_end.saturating_sub(linked.map_or(0, |(mark, _)| columns(mark)));
    let cut_at = if linked.is_some() { mark_start.saturating_sub(1) } else { name_end };
    paint.matched(area.x + 1, area.y, cut_at, &environment.name, &shown.matched, role);
    if let Some((mark, mark_role)) = linked {
        paint.text(mark_start, area.y, name_end, mark, if deleted { Role::Dim } else { mark_role });
    }
    if model.ui.environments.marked().contains(&environment.id) {
        paint.text(name_end, area.y, name_end + 1, paint.theme.symbols.marked, Role::Key);
    }
    if let Some(practice) = &practice {
        paint.text(practice_at, area.y, end, practice, Role::Warn);
        if region == 0 {
            return;
        }
    }
    let x = name_end + 1;
    let (badge, badge_role) = type_badge(environment);
    paint.text(x, area.y, x + BADGE, badge, if deleted { Role::Dim } else { badge_role });
    if practice.is_some() {
        return;
    }
    if region > 0 {
        match &environment.region {
            Known::Is(name) => paint.text(x + BADGE, area.y, x + BADGE + region - 1, name, Role::Dim),
            Known::Unknown => paint.text(x + BADGE, area.y, x + BADGE + region - 1, "?", Role::Unknown),
        };
    }
    if marks > 0 {
        let mut at = x + BADGE + region;
        if deleted {
            paint.text(at, area.y, end, "deleted", Role::Bad);
            return;
        }
        for (mark, role) in self::marks(environment, shown.half) {
            at = paint.text(at, area.y, end, mark, role);
        }
    }
}

/// What a rehearsal does to it, or that it is shown as rehearsed.
fn practice(model: &Model, environment: &Environment, wide: bool) -> Option<String> {
    let Some(rehearsal) = model.estate.running(&environment.id) else {
        return model.estate.is_rehearsed(&environment.id).then(|| "REHEARSAL".to_owned());
    };
    let progress = rehearsal.schedule.progress(model.now())?;
    let request = rehearsal.plan.request();
    let role = match (&request.change, request.target == environment.id, wide) {
        (Change::Copy { .. } | Change::Restore { .. }, true, true) => "overwritten",
        (Change::Copy { .. } | Change::Restore { .. }, true, false) => "onto",
        (Change::Migrate(_), ..) => "moving",
        (_, true, _) => "busy",
        (Change::Copy { .. }, false, true) => "copied",
        (_, false, true) => "restored from",
        (_, false, false) => "from",
    };
    Some(format!("{role} {} %", progress.percent))
}

/// The badge of the type.
pub fn type_badge(environment: &Environment) -> (&'static str, Role) {
    match environment.kind {
        Known::Is(EnvironmentType::Production) => (EnvironmentType::Production.badge(), Role::Warn),
        Known::Is(kind) => (kind.badge(), Role::Text),
        Known::Unknown => ("?", Role::Unknown),
    }
}

/// The mark of a linked pair; where its other half is not seen, that both are of different types is told with it.
fn linked_mark(environment: &Environment, seen: bool) -> Option<(&'static str, Role)> {
    let mark = if !seen && linked::is_apart(environment) { (APART, Role::Warn) } else { (LINKED, Role::Text) };
    (environment.is_linked() == Known::Is(true)).then_some(mark)
}

/// One letter for each thing that is special, as the help explains them.
fn marks(environment: &Environment, half: bool) -> impl Iterator<Item = (&'static str, Role)> {
    let (linked, linked_role) = linked_mark(environment, half).unwrap_or((LINKED, Role::Text));
    let marks = [
        (environment.has_database(), false, "-", Role::Dim),
        (environment.has_dynamics_365(), true, "D", Role::Text),
        (environment.managed, true, "M", Role::Text),
        (environment.customer_managed_key.as_ref().map(Option::is_some), true, "K", Role::Text),
        (environment.is_linked(), true, linked, linked_role),
        (environment.has_order_management(), true, "O", Role::Text),
        (environment.admin_mode, true, "A", Role::Warn),
        (environment.background_operations, false, "B", Role::Warn),
    ];
    marks.into_iter().filter(|(fact, shown, _, _)| *fact == Known::Is(*shown)).map(|(_, _, mark, role)| (mark, role))
}

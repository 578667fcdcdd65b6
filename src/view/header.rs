//! The first row: tenant, how many environments, storage, console time, and how old the facts are.

use crate::app::layout::Area;
use crate::app::model::{File, Model};
use crate::domain::gigabytes::Gigabytes;
use crate::domain::known::Known;
use crate::domain::tenant::Tenant;
use crate::domain::time;
use crate::domain::words::counted;
use crate::view::paint::{Paint, columns};
use crate::view::theme::Role;

/// Draws the header. What does not fit is left out from the left half, so that time and age always stand there.
pub fn draw(model: &Model, area: Area, paint: &mut Paint<'_>) {
    let symbols = paint.theme.symbols;
    let age = match model.estate.captured_at() {
        _ if model.ui.file == File::Loading => format!("reading {}", model.ui.setup.file),
        Known::Is(captured_at) => format!("facts {} old", time::age(model.now() - captured_at)),
        Known::Unknown => "age of the facts unknown".to_owned(),
    };
    let stale = model.estate.captured_at().is(|at| model.now() - *at > chrono::TimeDelta::hours(model.rulebook().limits.stale_hours));
    let end = area.x + area.width - 1;
    let mut right = paint.text_right(area.x, area.y, end, &age, if stale { Role::Warn } else { Role::Dim });
    right = paint.text_right(area.x, area.y, right.saturating_sub(2), &time::minute(model.now()), Role::Text);
    for (shown, word) in [(model.ui.setup.read_only, "read-only"), (model.ui.setup.in_memory, "demo")] {
        if shown {
            right = paint.text_right(area.x, area.y, right.saturating_sub(2), word, Role::Warn);
        }
    }
    if !model.ui.unsaved.is_empty() && area.width > 90 {
        right = paint.text_right(area.x, area.y, right.saturating_sub(2), "NOT SAVED", Role::Bad);
    }
    let limit = right.saturating_sub(2);
    let x = paint.text(area.x + 1, area.y, limit, "envdeck", Role::Title);
    let tenant = model.ui.environments.tenant.map(|key| model.estate.tenant(key));
    let name = match tenant {
        Some(tenant) => &*tenant.name,
        None if model.estate.tenants().count() == 0 => "",
        None => "All tenants",
    };
    let switch = if model.estate.tenants().count() > 1 { symbols.switch } else { "" };
    let x = paint.text(x + 2, area.y, limit, name, Role::Title);
    let x = paint.text(x + 1, area.y, limit, switch, Role::Dim);
    let all = model.estate.count(model.ui.environments.tenant);
    let x = match tenant {
        Some(tenant) => little_storage(tenant, model, x, area.y, limit, paint),
        None => x,
    };
    let count = counted(all, "environment");
    if x + 2 + columns(&count) > limit || model.ui.file == File::Loading {
        return;
    }
    let x = paint.text(x + 2, area.y, limit, &count, Role::Text);
    if let Some(tenant) = tenant {
        capacity(tenant, x + 2, area.y, limit, paint);
    }
}

/// Says first of all when less is free than operations need; returns the column behind it.
fn little_storage(tenant: &Tenant, model: &Model, x: u16, y: u16, limit: u16, paint: &mut Paint<'_>) -> u16 {
    let minimum = Gigabytes::whole(model.rulebook().limits.capacity_minimum_gb);
    match tenant.capacity.available() {
        Known::Is(free) if free < minimum => paint.text(x + 2, y, limit, &format!("only {free} GB free"), Role::Bad),
        Known::Is(_) | Known::Unknown => x,
    }
}

/// How much of the storage is used.
fn capacity(tenant: &Tenant, x: u16, y: u16, limit: u16, paint: &mut Paint<'_>) {
    const PARTS: u16 = 8;
    let symbols = paint.theme.symbols;
    let (Known::Is(entitled), Known::Is(used)) = (tenant.capacity.entitled, tenant.capacity.used) else {
        let text = "capacity unknown";
        if x + columns(text) <= limit {
            paint.text(x, y, limit, text, Role::Unknown);
        }
        return;
    };
    let figures = format!("{used}/{entitled} GB");
    let share = if entitled.as_f64() > 0.0 { (used.as_f64() / entitled.as_f64()).clamp(0.0, 1.0) } else { 1.0 };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of 0 to 1 of eight parts")]
    let full = (share * f64::from(PARTS)).round() as u16;
    let bar = PARTS * columns(symbols.full) + 1;
    if x + 9 + bar + columns(&figures) <= limit {
        let x = paint.text(x, y, limit, "capacity ", Role::Dim);
        let x = (0..PARTS).fold(x, |x, part| paint.text(x, y, limit, if part < full { symbols.full } else { symbols.free }, Role::Good));
        paint.text(x + 1, y, limit, &figures, Role::Text);
    } else if x + columns(&figures) <= limit {
        paint.text(x, y, limit, &figures, Role::Text);
    }
}

//! The first row: tenant, how many environments, storage, console time, and how old the facts are.

use crate::app::header::{self, Part};
use crate::app::layout::Area;
use crate::app::model::{File, Model};
use crate::domain::conditions;
use crate::domain::gigabytes::Gigabytes;
use crate::domain::known::Known;
use crate::domain::tenant::Tenant;
use crate::domain::words::counted;
use crate::view::paint::{Paint, columns};
use crate::view::theme::Role;

/// What the program is called.
const CALLED: &str = "envdeck";

/// Draws the header. What does not fit is left out from the left half, so that time and age always stand there.
pub fn draw(model: &Model, area: Area, paint: &mut Paint<'_>) {
    let symbols = paint.theme.symbols;
    let pieces = header::right(model);
    for piece in &pieces {
        let (role, symbol) = match piece.part {
            Part::Age => (Role::Dim, None),
            Part::Time => (Role::Text, None),
            Part::Stale | Part::Mode => (Role::Warn, None),
            Part::Unsaved => (Role::Bad, None),
            Part::Attention => (Role::Warn, Some(symbols.attention)),
        };
        let x = symbol.map_or(piece.x, |symbol| paint.text(piece.x, area.y, piece.end, symbol, role) + 1);
        paint.text(x, area.y, piece.end, &piece.text, role);
    }
    let right = pieces.last().map_or(area.width, |piece| piece.x);
    let limit = right.saturating_sub(2);
    let tenant = model.ui.environments.tenant.map(|key| model.estate.tenant(key));
    let name = match tenant {
        Some(tenant) => &*tenant.name,
        None if model.estate.tenants().count() == 0 => "",
        None => "All tenants",
    };
    let switch = if model.estate.tenants().count() > 1 { symbols.switch } else { "" };
    let count = counted(model.estate.count(model.ui.environments.tenant), "environment");
    let storage = tenant.and_then(|tenant| little_storage(tenant, model)).unwrap_or_default();
    // Where there is no room for both, whose environments these are counts more than what the program is called.
    let start = area.x + 1;
    let behind = start + columns(CALLED) + 2;
    let needed = columns(name) + 1 + columns(switch) + if storage.is_empty() { 0 } else { 2 + columns(&storage) };
    let all = needed + 2 + columns(&count);
    let gives_way = model.ui.file != File::Loading && behind + all > limit && (start + all <= limit || behind + needed > limit);
    let called = if gives_way { "" } else { CALLED };
    let x = paint.text(start, area.y, limit, called, Role::Title);
    let x = if called.is_empty() { x } else { x + 2 };
    let x = paint.text(x, area.y, limit, name, Role::Title);
    let x = paint.text(x + 1, area.y, limit, switch, Role::Dim);
    let x = if storage.is_empty() { x } else { paint.text(x + 2, area.y, limit, &storage, Role::Bad) };
    if x + 2 + columns(&count) > limit || model.ui.file == File::Loading {
        return;
    }
    let x = paint.text(x + 2, area.y, limit, &count, Role::Text);
    if let Some(tenant) = tenant {
        capacity(tenant, x + 2, area.y, limit, paint);
    }
}

/// What is said first of all when less is free than operations need.
fn little_storage(tenant: &Tenant, model: &Model) -> Option<String> {
    let minimum = Gigabytes::whole(model.rulebook().limits.capacity_minimum_gb);
    match conditions::free(tenant, model.rulebook()) {
        Known::Is(free) if free < minimum => Some(format!("only {free} GB free")),
        Known::Is(_) | Known::Unknown => None,
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
    let title = "capacity ";
    if x + bar + columns(&figures) <= limit {
        let room = x + columns(title) + bar + columns(&figures) <= limit;
        let x = if room { paint.text(x, y, limit, title, Role::Dim) } else { x };
        let x = (0..PARTS).fold(x, |x, part| paint.text(x, y, limit, if part < full { symbols.full } else { symbols.free }, Role::Good));
        paint.text(x + 1, y, limit, &figures, Role::Text);
    } else if x + columns(&figures) <= limit {
        paint.text(x, y, limit, &figures, Role::Text);
    }
}

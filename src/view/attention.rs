//! What asks for attention: what it is, where, and until when; all about the one under the cursor below.

use chrono::{DateTime, Utc};

use crate::app::attention::Listing;
use crate::app::layout::{Area, Layout};
use crate::app::model::{Layer, Model};
use crate::domain::attention::{Item, Place};
use crate::domain::time;
use crate::domain::words::Word;
use crate::view::paint::Paint;
use crate::view::theme::Role;

/// Draws the list.
pub fn draw(model: &Model, listing: &Listing, layout: &Layout, paint: &mut Paint<'_>) {
    let (list, about) = layout.targets();
    let typing = matches!(model.ui.layers.last(), Some(Layer::Filter));
    let title = model
        .ui
        .attention
        .ahead()
        .map_or_else(|| "Attention: the whole estate (w: further)".to_owned(), |ahead| format!("Attention: backups {ahead} ahead (w: further)"));
    let title = &*title;
    let inside = if typing || !listing.filter.value().is_empty() {
        paint.frame_with_filter(list, true, title, &listing.filter, typing, false)
    } else {
        // Silence about what nobody looked up is no sign that all is well.
        let unjudged = model.ui.attention.unjudged().map_or_else(String::new, |what| format!("could not be judged: {what}"));
        paint.frame(list, true, title, (&unjudged, Role::Unknown))
    };
    let columns = Columns::of(inside);
    let rows = Area { y: inside.y + Layout::ATTENTION_HEAD, height: inside.height.saturating_sub(Layout::ATTENTION_HEAD), ..inside };
    if listing.rows().is_empty() {
        let (text, role) = nothing(model);
        paint.paragraph(inside.x + 1, inside.y, inside.width.saturating_sub(2), inside.height, &text, role);
    } else {
        for (x, end, title) in [(columns.due, columns.at, "due"), (columns.what, columns.place, "what"), (columns.place, columns.end, "where")] {
            paint.text(x, inside.y, end, title, Role::Dim);
        }
    }
    let window = listing.cursor.window(listing.rows().len(), usize::from(rows.height));
    for ((index, item), y) in window.clone().zip(listing.rows().get(window).unwrap_or_default()).zip(rows.y..) {
        columns.row(model, item, y, paint);
        if index == listing.cursor.at {
            paint.text(rows.x, y, rows.x + 1, paint.theme.symbols.here, Role::Text);
            paint.row(rows, y, Role::Selected);
        }
    }
    self::about(model, listing.selected(), about, paint);
}

/// What an empty list says.
fn nothing(model: &Model) -> (String, Role) {
    let until = model.ui.attention.changes_at().map_or_else(String::new, |at| format!(" until {}", time::minute(at)));
    match model.ui.attention.unjudged() {
        _ if !model.ui.attention.items().is_empty() => ("Nothing matches. Esc clears the filter".to_owned(), Role::Dim),
        Some(what) => (format!("Nothing needs attention{until}, by the facts as they are. Could not be judged: {what}"), Role::Unknown),
        None => (format!("Nothing needs attention{until}, by the facts as they are"), Role::Good),
    }
}

/// Where the columns of the list stand.
struct Columns {
    due: u16,
    at: u16,
    what: u16,
    place: u16,
    end: u16,
}

impl Columns {
    const fn of(area: Area) -> Self {
        let due = area.x + 1;
        let at = due + 12;
        // The instant itself stands below where there is no room for it here.
        let what = if area.width > 90 { at + 19 } else { at };
        Self { due, at, what, place: what + 25, end: area.x + area.width }
    }

    fn row(&self, model: &Model, item: &Item, y: u16, paint: &mut Paint<'_>) {
        match item.due_at {
            Some(at) => {
                paint.text(self.due, y, self.at - 1, &left(at, model.now()), Role::Warn);
                if self.what > self.at {
                    paint.text(self.at, y, self.what - 1, &time::minute(at), Role::Text);
                }
            }
            None => {
                let (text, role) = if item.is_urgent() { ("at once", Role::Warn) } else { ("open", Role::Dim) };
                paint.text(self.due, y, self.at, text, role);
            }
        }
        paint.text(self.what, y, self.place - 1, item.kind.label(), Role::Text);
        let x = paint.text(self.place, y, self.end, place(model, item), Role::Text);
        if let (Some(_), Some(tenant)) = (item.environment, item.tenant.filter(|_| model.estate.tenants().count() > 1)) {
            paint.text(x + 2, y, self.end, &model.estate.tenant(tenant).name, Role::Dim);
        }
    }
}

/// How long there is time, or how long it is over.
fn left(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    if at < now { format!("{} over", time::age(now - at)) } else { format!("in {}", time::age(at - now)) }
}

/// The environment or tenant that it is about.
fn place<'a>(model: &'a Model, item: &Item) -> &'a str {
    match (item.environment, item.tenant) {
        (Some(key), _) => &model.estate.environment(key).name,
        (None, Some(key)) => &model.estate.tenant(key).name,
        (None, None) => "all facts",
    }
}

/// All about the item under the cursor.
fn about(model: &Model, item: Option<&Item>, area: Area, paint: &mut Paint<'_>) {
    let Some(item) = item else {
        paint.frame(area, false, "", ("", Role::Text));
        return;
    };
    let inside = paint.frame(area, false, place(model, item), (item.kind.label(), Role::Warn));
    let (x, end, bottom) = (inside.x + 1, inside.x + inside.width, inside.y + inside.height);
    let width = inside.width.saturating_sub(2);
    let mut y = paint.paragraph(x, inside.y, width, inside.height, &item.message, Role::Text);
    if let Some(at) = item.due_at.filter(|_| inside.height > 4 && y < bottom) {
        let local = crate::app::timeline::both_times(at, (model.ui.setup.offset)(at));
        paint.pieces(x, y, end, [("until ", Role::Dim), (&*local, Role::Warn), (", ", Role::Dim), (&*left(at, model.now()), Role::Warn)]);
        y += 1;
    }
    let remedy = paint.theme.symbols.remedy;
    let indent = paint.text(x, y.min(bottom.saturating_sub(1)), end, remedy, Role::Good) + 1;
    y = paint.paragraph(indent, y, end.saturating_sub(indent + 1), bottom.saturating_sub(y), &item.remedy, Role::Good);
    let goes = match &item.opens {
        Place::Backup(..) => " goes to that backup",
        Place::Checklist(_) => " opens the checklist",
        Place::Item(..) => " goes to that item",
        Place::Details(_) => " goes to the environment",
        Place::Tenant(_) => " goes to the tenant",
        Place::Snapshot => " reads the snapshot again",
    };
    if y < bottom {
        paint.pieces(x, y, end, [("Enter", Role::Key), (goes, Role::Dim)]);
    }
}

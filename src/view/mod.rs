//! Draws the model: reads it and writes cells, nothing else. One file for each part of the screen, named as in `app/`.

pub mod attention;
pub mod checklist;
pub mod details;
pub mod environments;
pub mod explain;
pub mod footer;
pub mod header;
pub mod journal;
pub mod moving;
pub mod over;
pub mod paint;
pub mod runbook;
pub mod targets;
pub mod theme;
pub mod timeline;
pub mod wizard;

use ratatui::Frame;

use crate::app::layout::SMALLEST;
use crate::app::model::{File, Layer, Model};
use paint::Paint;
use theme::{Role, Theme};

/// Draws one frame.
pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>) {
    let (width, height) = model.ui.size;
    let mut paint = Paint::new(frame.buffer_mut(), theme);
    if width < SMALLEST.0 || height < SMALLEST.1 {
        let text = format!("envdeck needs {} columns and {} rows; this terminal has {width} and {height}", SMALLEST.0, SMALLEST.1);
        paint.paragraph(0, 0, width, height, &text, Role::Warn);
        return;
    }
    let layout = model.layout();
    header::draw(model, layout.header, &mut paint);
    match (&model.ui.file, model.wizard()) {
        (File::Broken { lines, top }, _) => over::broken(lines, *top, layout.body, &mut paint),
        (File::Loading | File::Open, Some(wizard)) => wizard::draw(model, wizard, &layout, &mut paint),
        (File::Loading | File::Open, None) if model.working().is_some() => {
            if let Some(working) = model.working() {
                checklist::draw(model, working, &layout, &mut paint);
            }
        }
        (File::Loading | File::Open, None) if model.listing().is_some() => {
            if let Some(listing) = model.listing() {
                attention::draw(model, listing, &layout, &mut paint);
            }
        }
        (File::Loading | File::Open, None) if model.entries().is_some() => {
            if let Some(entries) = model.entries() {
                journal::draw(model, entries, &layout, &mut paint);
            }
        }
        (File::Loading | File::Open, None) => {
            if layout.environments.height > 0 {
                environments::draw(model, layout.environments, &mut paint);
            }
            if layout.details.height > 0 {
                details::draw(model, layout.details, &mut paint);
            }
            if layout.timeline.height > 0 {
                timeline::draw(model, layout.timeline, &mut paint);
            }
        }
    }
    match model.ui.layers.last() {
        Some(Layer::Help(help)) => over::help(help, false, &layout, &mut paint),
        Some(Layer::Palette(palette)) => over::palette(model, palette, &layout, &mut paint),
        Some(Layer::Note(note)) => over::note(model, note, &layout, &mut paint),
        Some(Layer::Clash(clash)) => over::clash(clash, &layout, &mut paint),
        Some(Layer::Confirm(intent)) => over::confirm(model, intent, &layout, &mut paint),
        Some(Layer::Tables(tables)) => over::tables(tables, &layout, &mut paint),
        Some(Layer::Explain(explain)) => explain::draw(model, explain, &layout, &mut paint),
        Some(Layer::Taking(taking)) => runbook::taking(model, taking, &layout, &mut paint),
        Some(Layer::Runbook(sheets)) => runbook::sheets(sheets, &layout, &mut paint),
        // What is filtered is seen while the filter is typed.
        Some(Layer::Filter) => {
            if let Some(help) = model.help() {
                over::help(help, true, &layout, &mut paint);
            }
        }
        Some(Layer::Wizard(_) | Layer::Checklist(_) | Layer::Attention(_) | Layer::Journal(_)) | None => {}
    }
    footer::draw(model, layout.footer, &mut paint);
    if let Some(position) = paint.cursor() {
        frame.set_cursor_position(position);
    }
}

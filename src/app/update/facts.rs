//! Facts that come and go: a snapshot that was read, a journal that was saved or clashes.

use super::{list_screen, notify, put_on_top};
use crate::app::action::{Loaded, Side};
use crate::app::effect::Effect;
use crate::app::model::{ClashUi, File, Intent, Layer, Model, Tone};
use crate::app::note::Purpose;
use crate::app::wizard::{Draft, Wizard};
use crate::domain::estate::EnvironmentKey;
use crate::domain::journal::{Clash, Entry};
use crate::domain::operation::OperationKind;
use crate::domain::tenant::TenantKey;
use crate::domain::time;
use crate::domain::words::counted;

/// What is said while the journal is saved again.
pub(super) const SAVING_AGAIN: &str = "Saving again";

/// Adds entries to the journal and has them saved, unless the journal is kept in memory.
pub(super) fn keep(model: &mut Model, entries: Vec<Entry>) -> Vec<Effect> {
    model.estate.record(entries.clone());
    if model.ui.setup.in_memory {
        return Vec::new();
    }
    model.ui.unsaved.extend(entries.iter().cloned());
    vec![Effect::Save(entries)]
}

/// The journal is on disk; what others wrote meanwhile is taken over.
pub(super) fn saved(model: &mut Model, entries: Vec<Entry>) -> bool {
    let waiting = model.ui.unsaved.len();
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
    // Who asked for it is told; of other saves only the header tells, while something is not saved.
    let asked = model.ui.notice.as_ref().is_some_and(|notice| notice.text == SAVING_AGAIN);
    if asked && model.ui.unsaved.is_empty() {
        return notify(model, Tone::Done, "Saved");
    }
    model.ui.unsaved.len() != waiting
}

/// The journal was edited by hand so that it clashes: somebody has to say which version counts.
pub(super) fn clashed(model: &mut Model, clashes: &[Clash]) -> bool {
    let mut lines = Vec::new();
    for Clash { ours, theirs } in clashes {
        lines.push(format!("Entry {} of {}, {}", ours.id, ours.by, time::minute(ours.at)));
        lines.push(format!("  this session: {}", ours.what));
        lines.push(format!("  the file:     {}", theirs.what));
    }
    put_on_top(model, Layer::Clash(ClashUi { lines, top: 0 }));
    true
}

pub(super) fn open(model: &mut Model, loaded: Loaded) -> bool {
    let Loaded { estate, templates, remarks } = loaded;
    // Ids outlive a reload, positions do not.
    let same = |key: Option<EnvironmentKey>| key.and_then(|key| estate.find(&model.estate.environment(key).id));
    let keep = same(model.ui.environments.selected());
    let first = model.ui.file == File::Loading;
    // What was typed for a copy is kept with its source, as far as its environments are still there.
    let kept =
        |((kind, source), draft): ((OperationKind, EnvironmentKey), Draft)| Some(((kind, same(Some(source))?), Draft { target: same(draft.target), ..draft }));
    let drafts: Vec<_> = std::mem::take(&mut model.ui.drafts).into_iter().filter_map(kept).collect();
    // A wizard begins again on the new facts.
    let mut layers = std::mem::take(&mut model.ui.layers);
    let mut source_gone = false;
    for layer in &mut layers {
        if let Layer::Wizard(wizard) = layer {
            let begun = kept(((wizard.kind, wizard.source()), std::mem::take(&mut wizard.draft)));
            source_gone = begun.is_none();
            *layer = begun.map_or(Layer::Filter, |((kind, source), draft)| {
                let mut again = Wizard::new(kind, source, draft);
                again.fill_in(&estate);
                Layer::Wizard(Box::new(again))
            });
        }
    }
    // What was rehearsed was judged on facts that are gone, and a filter was typed over rows that are.
    let rehearsed = model.estate.rehearsals().len();
    layers.retain(|layer| match layer {
        Layer::Checklist(working) => !working.rehearsal,
        // A runbook too; what was typed for it is kept.
        Layer::Filter | Layer::Taking(_) | Layer::Runbook(_) => false,
        Layer::Confirm(intent) => matches!(intent, Intent::QuitUnsaved),
        Layer::Note(note) => match &note.purpose {
            Purpose::Note(_) | Purpose::Instant(_) => true,
            Purpose::Answer(asked) => asked.each().all(|(about, _)| estate.knows(about)),
            Purpose::Withdraw { .. } | Purpose::Correct { .. } | Purpose::Ended { .. } => true,
            Purpose::Act { .. } | Purpose::Acknowledge { .. } => false,
        },
        Layer::Wizard(_)
        | Layer::Attention(_)
        | Layer::Journal(_)
        | Layer::Tables(_)
        | Layer::Explain(_)
        | Layer::Help(_)
        | Layer::Palette(_)
        | Layer::Clash(_) => true,
    });
    if keep != model.ui.environments.selected() {
        model.ui.timeline.cursor = None;
    }
    let same_tenant = |key: TenantKey| estate.tenants().find(|(_, tenant)| tenant.id == model.estate.tenant(key).id).map(|(key, _)| key);
    let tenant = model.ui.environments.tenant.map(same_tenant);
    let tenant_gone = tenant == Some(None);
    model.ui.environments.tenant = tenant.flatten();
    let estate = estate.following(&model.estate);
    model.ui.layers = layers;
    model.ui.drafts = drafts.into_iter().collect();
    model.estate = estate;
    model.ui.templates = templates;
    for layer in &mut model.ui.layers {
        if let Layer::Palette(palette) = layer {
            palette.refresh(&model.estate, &model.ui.templates, model.ui.library.as_deref());
        }
    }
    model.estate.record(model.ui.unsaved.clone());
    model.ui.details.forget();
    model.ui.file = File::Open;
    if first || tenant_gone {
        model.ui.environments.tenant = model.estate.tenants().next().map(|(key, _)| key);
    }
    let screen = list_screen(model);
    let rulebook = model.rulebooks.of(model.estate.edition());
    model.ui.environments.open(&model.estate, rulebook, keep, screen);
    if rehearsed > 0 {
        notify(model, Tone::Done, format!("Read again; {} taken back, because the facts below changed", counted(rehearsed, "rehearsal")));
    }
    if source_gone {
        notify(model, Tone::Failed, "What was to be copied is no longer in the snapshot");
    }
    match remarks.as_slice() {
        [] => {}
        [only] => _ = notify(model, Tone::Failed, only.clone()),
        [first, others @ ..] => _ = notify(model, Tone::Failed, format!("{first} (and {} more)", others.len())),
    }
    true
}

/// A snapshot that cannot be read takes nothing away that was read before.
pub(super) fn broken(model: &mut Model, lines: Vec<String>) -> bool {
    if model.ui.file == File::Open {
        let first = lines.into_iter().next().unwrap_or_default();
        return notify(model, Tone::Failed, format!("The snapshot cannot be read any more, the facts before stay: {first}"));
    }
    model.ui.file = File::Broken { lines, top: 0 };
    true
}

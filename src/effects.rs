//! Does what `update` asks for: reads snapshots and saves journals beside the loop; results come back as actions.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;

use crate::app::action::{Action, Loaded, Side};
use crate::app::runbook::Sheet;
use crate::domain::estate::Estate;
use crate::domain::journal::{Clash, Entry};
use crate::domain::order::{Dialect, Order};
use crate::domain::rulebook::Edition;
use crate::domain::words::Word as _;
use crate::files;
use crate::files::journal::{self, Choice, SaveError, Saved, Stored};
use crate::files::problem::Problems;
use crate::runbook::{self, Unacknowledged};

/// What the console looks at.
#[derive(Debug, Clone)]
pub struct Source {
    /// The snapshot; none is the demo estate.
    pub snapshot: Option<PathBuf>,
    /// Overrides the rulebook that the snapshot asks for.
    pub edition: Option<Edition>,
    /// Overrides who looks.
    pub viewer: Option<Arc<str>>,
    /// The folder of the checklists that a team added.
    pub checklists: Option<PathBuf>,
}

/// The journal as it was last seen in its file, with what could not be saved yet.
#[derive(Debug, Default)]
struct Store {
    /// Where it is kept; none keeps it in memory.
    path: Option<PathBuf>,
    stored: Stored,
    clashes: Vec<Clash>,
}

/// Does effects. Saves are done one after the other, whatever order the system runs them in.
#[derive(Debug)]
pub struct Effects {
    source: Source,
    store: Arc<Mutex<Store>>,
    results: mpsc::UnboundedSender<Action>,
}

impl Effects {
    /// Does effects on `source`; results arrive at the receiver.
    pub fn new(source: Source) -> (Self, mpsc::UnboundedReceiver<Action>) {
        let (results, receiver) = mpsc::unbounded_channel();
        (Self { source, store: Arc::default(), results }, receiver)
    }

    /// Runs something beside the loop and sends its result; a panic in it becomes `failed`.
    #[expect(clippy::disallowed_methods, reason = "this is where work beside the loop starts")]
    fn beside(&self, work: impl FnOnce(&Source, &mut Store) -> Action + Send + 'static, failed: impl FnOnce(String) -> Action + Send + 'static) {
        let results = self.results.clone();
        let (source, store) = (self.source.clone(), Arc::clone(&self.store));
        let work = tokio::task::spawn_blocking(move || work(&source, &mut store.lock().unwrap_or_else(PoisonError::into_inner)));
        tokio::spawn(async move {
            let action = work.await.unwrap_or_else(|error| failed(format!("internal error: {error}; please report it")));
            // Without a receiver the console has ended, and nobody waits for the result.
            let _ = results.send(action);
        });
    }

    /// Reads the snapshot and its journal.
    pub fn load(&self) {
        self.beside(load, |error| Action::LoadFailed(vec![error]));
    }

    /// Reads what can be looked up.
    pub fn read_library(&self) {
        let read = |_: &Source, _: &mut Store| Action::LibraryRead(files::answers::library().map(Arc::new).map_err(|problems| problems.to_string()));
        self.beside(read, |error| Action::LibraryRead(Err(error)));
    }

    /// Writes a runbook in every dialect.
    pub fn runbook(&self, order: Box<Order>) {
        let write = move |_: &Source, _: &mut Store| {
            let sheets = Dialect::ALL.iter().map(|dialect| sheet(&order, *dialect)).collect();
            Action::RunbookWritten(order, sheets)
        };
        self.beside(write, |error| Action::RunbookSaved(Err(error)));
    }

    /// Writes a runbook into a new file beside the snapshot; beside nothing, in this folder.
    pub fn write_runbook(&self, sheet: Sheet) {
        self.beside(move |source, _| Action::RunbookSaved(write_sheet(source, &sheet)), |error| Action::RunbookSaved(Err(error)));
    }

    /// Reads the mapping file at a path, which is taken from where the console was started.
    pub fn read_mapping(&self, path: String) {
        let (again, failed) = (path.clone(), path.clone());
        let read = move || match Path::new(&path) {
            // The console reads keys from there.
            stdin if stdin == Path::new("-") => Err("the console reads no mapping file from standard input: name a file".to_owned()),
            file => files::mapping::load(file).map(Arc::new).map_err(|problems| problems.to_string()),
        };
        self.beside(move |_, _| Action::MappingRead(again, read()), |error| Action::MappingRead(failed, Err(error)));
    }

    /// Adds entries to the journal file, with those that could not be saved before.
    pub fn save(&self, entries: Vec<Entry>) {
        self.beside(|_, store| save(store, entries), Action::JournalFailed);
    }

    /// Settles the clashes that were shown: with what this session says, or with what the file says.
    pub fn settle(&self, choice: Side) {
        self.beside(move |_, store| settle(store, choice), Action::JournalFailed);
    }
}

/// The runbook in a dialect, or why there is none.
fn sheet(order: &Order, dialect: Dialect) -> Sheet {
    match runbook::write(order, dialect) {
        Ok(text) => Sheet { dialect, file: Some(runbook::file_name(order, dialect)), text },
        Err(Unacknowledged(open)) => {
            let reasons: Vec<String> = open.iter().map(|finding| format!("{}: {}\n  {}\n", finding.code.word(), finding.message, finding.remedy)).collect();
            let text = format!(
                "There is no script while something has to be acknowledged. Look it up and answer it, or take it upon yourself with a:\n\n{}",
                reasons.join("\n")
            );
            Sheet { dialect, file: None, text }
        }
    }
}

fn write_sheet(source: &Source, sheet: &Sheet) -> Result<String, String> {
    let folder = source.snapshot.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
    let path = folder.join(sheet.file.as_deref().ok_or("There is nothing to write")?);
    files::write_new(&path, sheet.text.as_bytes(), sheet.dialect.is_script()).map_err(|problems| problems.to_string())?;
    Ok(files::text::harmless(&path.display().to_string()).into_owned())
}

fn load(source: &Source, store: &mut Store) -> Action {
    match read(source, store) {
        Ok(loaded) => Action::Loaded(Box::new(loaded)),
        Err(problems) => Action::LoadFailed(problems.lines().collect()),
    }
}

fn read(source: &Source, store: &mut Store) -> Result<Loaded, Problems> {
    let (loaded, path, stored) = match &source.snapshot {
        None => (files::read_demo()?, None, Stored::default()),
        Some(snapshot) => {
            let path = journal::path_beside(snapshot)?;
            let loaded = files::read_snapshot(snapshot)?;
            let stored = journal::load(&path)?;
            (loaded, Some(path), stored)
        }
    };
    let mut remarks: Vec<String> = loaded.remarks.iter().map(|remark| remark.message.clone()).collect();
    let folder = source.snapshot.as_deref().and_then(files::folder_of);
    let estate = Estate::new(loaded.snapshot, stored.journal.clone(), source.edition, source.viewer.clone()).kept_in(folder.as_deref());
    remarks.extend(estate.disagreements());
    *store = Store { path, stored, clashes: Vec::new() };
    Ok(Loaded { estate, templates: files::checklist::all(source.checklists.as_deref())?, remarks })
}

fn save(store: &mut Store, entries: Vec<Entry>) -> Action {
    for entry in entries {
        store.stored.journal.add(entry);
    }
    let Some(path) = &store.path else { return Action::JournalSaved(Vec::new()) };
    let saved = journal::save(path, &store.stored.journal, store.stored.seen);
    after(store, saved)
}

fn settle(store: &mut Store, side: Side) -> Action {
    let Some(path) = &store.path else { return Action::JournalSaved(Vec::new()) };
    let decided: Vec<_> = std::mem::take(&mut store.clashes)
        .into_iter()
        .map(|clash| {
            let choice = match side {
                Side::Ours => Choice::Ours,
                Side::Theirs => Choice::Theirs,
            };
            (clash, choice)
        })
        .collect();
    let saved = journal::resolve(path, &store.stored.journal, &decided);
    after(store, saved)
}

/// What a save came to. What could not be saved stays in the store, and the next save takes it along.
fn after(store: &mut Store, saved: Result<Saved, SaveError>) -> Action {
    match saved {
        Ok(saved) => {
            let entries = saved.journal.entries().to_vec();
            store.stored = Stored { journal: saved.journal, seen: saved.seen };
            Action::JournalSaved(entries)
        }
        Err(SaveError::Clash { clashes, .. }) => {
            store.clashes.clone_from(&clashes);
            Action::JournalClashed(clashes)
        }
        Err(error) => Action::JournalFailed(format!("Not saved: {error}. Ctrl-S tries again")),
    }
}

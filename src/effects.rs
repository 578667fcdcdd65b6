//! Does what `update` asks for: reads snapshots and saves journals beside the loop; results come back as actions.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::mpsc;

use crate::app::action::{Action, Loaded};
use crate::domain::estate::Estate;
use crate::domain::journal::{Entry, Journal};
use crate::domain::rulebook::Edition;
use crate::files;

/// What the console looks at.
#[derive(Debug, Clone)]
pub struct Source {
    /// The snapshot; none is the demo estate.
    pub snapshot: Option<PathBuf>,
    /// Overrides the rulebook that the snapshot asks for.
    pub edition: Option<Edition>,
    /// Overrides who looks.
    pub viewer: Option<Arc<str>>,
}

/// Does effects.
#[derive(Debug)]
pub struct Effects {
    source: Source,
    results: mpsc::UnboundedSender<Action>,
}

impl Effects {
    /// Does effects on `source`; results arrive at the receiver.
    pub fn new(source: Source) -> (Self, mpsc::UnboundedReceiver<Action>) {
        let (results, receiver) = mpsc::unbounded_channel();
        (Self { source, results }, receiver)
    }

    /// Runs something beside the loop and sends its result; a panic in it becomes `failed`.
    #[expect(clippy::disallowed_methods, reason = "this is where work beside the loop starts")]
    fn beside(&self, work: impl FnOnce() -> Action + Send + 'static, failed: fn(String) -> Action) {
        let results = self.results.clone();
        let work = tokio::task::spawn_blocking(work);
        tokio::spawn(async move {
            let action = work.await.unwrap_or_else(|error| failed(format!("internal error: {error}; please report it")));
            // Without a receiver the console has ended, and nobody waits for the result.
            let _ = results.send(action);
        });
    }

    /// Reads the snapshot and its journal.
    pub fn load(&self) {
        let source = self.source.clone();
        self.beside(move || load(&source), |error| Action::LoadFailed(vec![error]));
    }

    /// Adds an entry to the journal file.
    pub fn save(&self, entry: Entry) {
        self.beside(move || Action::JournalSaved(vec![entry]), Action::JournalFailed);
    }
}

fn load(source: &Source) -> Action {
    let loaded = match &source.snapshot {
        None => files::read_demo(),
        Some(path) => files::read_snapshot(path),
    };
    match loaded {
        Ok(loaded) => {
            let remarks = loaded.remarks.iter().map(|remark| remark.message.clone()).collect();
            let estate = Estate::new(loaded.snapshot, Journal::default(), source.edition, source.viewer.clone());
            Action::Loaded(Box::new(Loaded { estate, remarks }))
        }
        Err(problems) => Action::LoadFailed(problems.lines().collect()),
    }
}

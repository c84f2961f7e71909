//! What was shown goes to disk: within 250 ms, and always before a turn's terminal event.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
    time::Duration,
};

use history::Change;
use model::{Failure, FailureCode, ItemId, ThreadId, TurnRecord};

use crate::{
    hub::Hub,
    live::{Inner, Live},
    pictures::PICTURES,
    shelf::Shelf,
};

/// How long changes are gathered before they are written. With the write itself this stays below 250 ms.
const GATHER: Duration = Duration::from_millis(150);

/// How long to wait after a write that failed, so that a full disk is not hammered.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// What is not on disk yet.
#[derive(Debug, Default)]
pub struct Unsaved {
    /// Title, status, time.
    pub thread: bool,
    /// How it has gone through its route.
    pub legs: bool,
    /// Who may be asked for its pictures.
    pub pictures: bool,
    /// Items that are new or changed.
    pub items: HashSet<ItemId>,
    /// Items that are gone.
    pub removed: BTreeSet<ItemId>,
    /// How turns went, by when they began, and with which item each is shown.
    pub turns: BTreeMap<i64, (Option<ItemId>, TurnRecord)>,
}

impl Unsaved {
    /// Whether there is anything to save.
    pub fn is_empty(&self) -> bool {
        let nothing = self.items.is_empty() && self.removed.is_empty() && self.turns.is_empty();
        nothing && !self.thread && !self.legs && !self.pictures
    }
}

/// Writes threads to the local store.
#[derive(Debug, Clone)]
pub struct Saver {
    shelf: Shelf,
    hub: Arc<Hub>,
}

impl Saver {
    /// A saver into a store.
    pub fn new(shelf: Shelf, hub: Arc<Hub>) -> Self {
        Self { shelf, hub }
    }

    /// Saves a thread soon.
    pub fn soon(&self, live: Arc<Live>) {
        self.later(live, GATHER);
    }

    fn later(&self, live: Arc<Live>, wait: Duration) {
        let saver = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            // Told by `save` itself.
            let _ = saver.save(&live).await;
        });
    }

    /// Saves a thread now. Saves of one thread never overtake each other.
    ///
    /// # Errors
    ///
    /// If it is not on disk; it is told to the person as well, and tried again later.
    pub async fn save(&self, live: &Arc<Live>) -> Result<(), Failure> {
        let _order = live.saving().await;
        let (thread, changes, unsaved) =
            live.take_unsaved(|inner, unsaved| (inner.thread.id.clone(), changes(inner, &unsaved), unsaved));
        if changes.is_empty() {
            return Ok(());
        }
        let answer = self.write(thread, changes).await;
        match &answer {
            Ok(()) => self.hub.clear_problems(|problem| problem.code == FailureCode::DiskFull),
            Err(failure) => {
                live.put_back(unsaved);
                self.hub.problem(failure.clone());
                self.later(live.clone(), AFTER_FAILURE);
            }
        }
        answer
    }

    async fn write(&self, thread: ThreadId, changes: Vec<Change>) -> Result<(), Failure> {
        self.shelf.run(move |history| history.apply(&thread, changes)).await
    }
}

/// What has to be written so that nothing is unsaved.
fn changes(inner: &Inner, unsaved: &Unsaved) -> Vec<Change> {
    let mut changes = Vec::new();
    if unsaved.thread {
        changes.push(Change::PutThread(inner.thread.clone()));
    }
    if unsaved.legs {
        changes.push(Change::PutLegs(inner.routed.legs.clone()));
    }
    if unsaved.pictures {
        let value = inner.pictures.allowed().written();
        changes.push(Change::PutValue { name: PICTURES.to_owned(), value });
    }
    changes.extend(unsaved.removed.iter().cloned().map(Change::RemoveItem));
    let entries = unsaved.items.iter().filter_map(|id| inner.state.entry(id));
    changes.extend(entries.map(|entry| Change::PutItem { rank: entry.rank, item: entry.stored() }));
    let turns = unsaved.turns.values().cloned();
    changes.extend(turns.map(|(item, record)| Change::PutTurn { item, record }));
    changes
}

//! The reducer: events change the items of one thread. Pure; sections 4, 5 and 15 of the protocol.
//!
//! It answers with [`Change`]s, so that whoever draws or stores the thread touches only what moved.

mod answer;
mod ending;
mod update;
mod widget;

use std::collections::HashMap;

use model::{
    Item, ItemBody, ItemId, ItemStage, ItemUpdate, Notice, Progress, RemoteThread, ServerError, StoredItem, ThreadEvent,
};

use self::ending::End;
use crate::render::is_seen;

/// The distance between the ranks of neighbours, so that something can be put between them later.
pub const RANK_STEP: i64 = 1 << 16;

/// An item in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its place: items are ordered by rank, never by time.
    pub rank: i64,
    /// The item.
    pub item: Item,
    /// How far it has come.
    pub stage: ItemStage,
}

impl Entry {
    /// An item as it was kept on disk. What was under way when the program ended was cut off by that.
    pub fn restored(rank: i64, kept: StoredItem) -> Self {
        let mut entry = Self { rank, item: kept.item, stage: kept.stage };
        match kept.stage {
            ItemStage::Sending => entry.stage = ItemStage::Unsent,
            ItemStage::Streaming => {
                ending::end(&mut entry, ItemStage::Interrupted);
            }
            _ => {}
        }
        entry
    }

    /// The form in which it is kept on disk.
    pub fn stored(&self) -> StoredItem {
        StoredItem { item: self.item.clone(), stage: self.stage }
    }

    /// Whether the person wrote it.
    pub fn is_user(&self) -> bool {
        matches!(self.item.body, ItemBody::UserMessage(_))
    }

    /// Whether it is drawn as a whole each time. The other kinds grow by their texts, change by their stage, or are never
    /// seen.
    pub fn is_whole(&self) -> bool {
        let body = &self.item.body;
        is_seen(body) && !matches!(body, ItemBody::UserMessage(_) | ItemBody::AssistantMessage { .. })
    }

    /// Whether it is a workflow that is not over. While nothing streams it is paused: a later turn may go on with it.
    pub fn is_unfinished_workflow(&self) -> bool {
        matches!(&self.item.body, ItemBody::Workflow(workflow) if workflow.summary.is_none())
    }

    /// Whether it only says that another connection of a route answers.
    pub fn is_handover(&self) -> bool {
        matches!(self.item.body, ItemBody::Handover(_))
    }
}

/// What an event changed.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// An item is new or changed as a whole.
    Put {
        /// Which.
        id: ItemId,
        /// The local bubble whose place it took.
        replaces: Option<ItemId>,
    },
    /// What an item holds changed, and it stays in its place: it is drawn anew once somebody looks, however often it
    /// changes until then.
    Redraw(ItemId),
    /// An item is gone.
    Removed(ItemId),
    /// Text was appended to a part.
    Appended {
        /// The message.
        id: ItemId,
        /// Index of the part.
        part: usize,
        /// What was appended.
        delta: String,
    },
    /// The sources of a message changed.
    Sources(ItemId),
    /// Only the stage of an item changed.
    Stage(ItemId),
    /// Title, status or image domains, as the server says.
    Thread(RemoteThread),
    /// What the server is doing, or asks for the time of the turn, changed.
    Turn,
    /// Something to tell the person beside the thread.
    Notice(Notice),
}

/// The newest items of one thread, and what is transient in the running turn.
#[derive(Debug, Default)]
pub struct ThreadState {
    entries: Vec<Entry>,
    places: HashMap<ItemId, usize>,
    /// What the server says it is doing.
    pub progress: Option<Progress>,
    /// Whether the server asks that the turn is not stopped.
    pub stop_unwanted: bool,
    /// The last error event of the turn.
    pub error: Option<ServerError>,
    /// Whether the turn brought anything beyond `stream_options` and the person's own message.
    pub answered: bool,
    /// Events of the turn that this version ignored.
    pub ignored: usize,
}

impl ThreadState {
    /// A thread with the items that were kept of it, oldest first.
    pub fn new(entries: Vec<Entry>) -> Self {
        let mut state = Self { entries, ..Self::default() };
        state.index_from(0);
        state
    }

    /// The items, oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// One item.
    pub fn entry(&self, id: &ItemId) -> Option<&Entry> {
        self.places.get(id).map(|&place| &self.entries[place])
    }

    /// The item before another, if there is one.
    pub fn before(&self, id: &ItemId) -> Option<&ItemId> {
        let place = self.places.get(id)?.checked_sub(1)?;
        Some(&self.entries[place].item.id)
    }

    /// Forgets what was transient in the turn before.
    pub fn begin_turn(&mut self) {
        self.progress = None;
        self.stop_unwanted = false;
        self.error = None;
        self.answered = false;
        self.ignored = 0;
    }

    /// Puts an item at the end.
    pub fn append(&mut self, item: Item, stage: ItemStage) -> Change {
        let rank = self.entries.last().map_or(0, |last| last.rank + RANK_STEP);
        let id = item.id.clone();
        self.places.insert(id.clone(), self.entries.len());
        self.entries.push(Entry { rank, item, stage });
        Change::Put { id, replaces: None }
    }

    /// Puts older items before the first, oldest first.
    pub fn prepend(&mut self, mut entries: Vec<Entry>) {
        entries.retain(|entry| !self.places.contains_key(&entry.item.id));
        entries.append(&mut self.entries);
        self.entries = entries;
        self.index_from(0);
    }

    /// Puts items that are new here before the first; they come newest first. Answers which are new.
    pub fn prepend_new(&mut self, items: Vec<Item>) -> Vec<ItemId> {
        let mut rank = self.entries.first().map_or(0, |first| first.rank);
        let mut entries: Vec<_> = items
            .into_iter()
            .filter(|item| !self.places.contains_key(&item.id))
            .map(|item| {
                rank -= RANK_STEP;
                Entry { rank, item, stage: ItemStage::Done }
            })
            .collect();
        entries.reverse();
        let ids = entries.iter().map(|entry| entry.item.id.clone()).collect();
        self.prepend(entries);
        ids
    }

    /// Drops every item after one of them: a retry begins (section 3.6: the server says nothing of it).
    pub fn truncate_after(&mut self, id: &ItemId) -> Vec<Change> {
        let Some(&place) = self.places.get(id) else { return Vec::new() };
        let gone = self.entries.split_off(place + 1);
        gone.into_iter()
            .map(|entry| {
                self.places.remove(&entry.item.id);
                Change::Removed(entry.item.id)
            })
            .collect()
    }

    /// Gives every item that is still under way its final stage: those of the person `own`, the answers `answer`.
    pub fn settle(&mut self, own: ItemStage, answer: ItemStage) -> Vec<Change> {
        let (mut changes, mut gone) = (Vec::new(), Vec::new());
        for entry in &mut self.entries {
            let end = match entry.stage {
                ItemStage::Sending => {
                    entry.stage = own;
                    End::Stage
                }
                ItemStage::Streaming => ending::end(entry, answer),
                _ => continue,
            };
            let id = entry.item.id.clone();
            match end {
                End::Stage => changes.push(Change::Stage(id)),
                End::Redrawn => changes.push(Change::Redraw(id)),
                End::Gone => gone.push(id),
            }
        }
        changes.extend(gone.iter().filter_map(|id| self.remove(id)));
        if self.progress.take().is_some() {
            changes.push(Change::Turn);
        }
        changes
    }

    /// Sets the stage of one item.
    pub fn set_stage(&mut self, id: &ItemId, stage: ItemStage) -> Option<Change> {
        let &place = self.places.get(id)?;
        let entry = &mut self.entries[place];
        (entry.stage != stage).then(|| {
            entry.stage = stage;
            Change::Stage(id.clone())
        })
    }

    /// Puts another version of an item, which is whole, in its place. Nothing if it is not here.
    pub fn put_in_place(&mut self, item: Item) -> Option<Change> {
        let &place = self.places.get(&item.id)?;
        let id = item.id.clone();
        let entry = &mut self.entries[place];
        (entry.item, entry.stage) = (item, ItemStage::Done);
        Some(Change::Put { id, replaces: None })
    }

    /// Takes an item out, and says so if it was there.
    pub fn remove(&mut self, id: &ItemId) -> Option<Change> {
        let place = self.places.remove(id)?;
        self.entries.remove(place);
        self.index_from(place);
        Some(Change::Removed(id.clone()))
    }

    /// Puts all items in the order of `entries` and says what differs from before.
    pub fn replace_all(&mut self, entries: Vec<Entry>) -> Vec<Change> {
        let fresh = Self::new(entries);
        let mut changes: Vec<_> = self
            .entries
            .iter()
            .filter(|old| !fresh.places.contains_key(&old.item.id))
            .map(|old| Change::Removed(old.item.id.clone()))
            .collect();
        for entry in &fresh.entries {
            match self.entry(&entry.item.id) {
                Some(old) if old.item == entry.item && old.rank == entry.rank => {
                    if old.stage != entry.stage {
                        changes.push(Change::Stage(entry.item.id.clone()));
                    }
                }
                _ => changes.push(Change::Put { id: entry.item.id.clone(), replaces: None }),
            }
        }
        self.entries = fresh.entries;
        self.places = fresh.places;
        changes
    }

    /// Applies one event.
    pub fn apply(&mut self, event: ThreadEvent) -> Vec<Change> {
        match event {
            ThreadEvent::ThreadCreated(thread) | ThreadEvent::ThreadUpdated(thread) => vec![Change::Thread(thread)],
            ThreadEvent::ItemAdded(item) => self.upsert(item, ItemStage::Streaming),
            ThreadEvent::ItemDone(item) | ThreadEvent::ItemReplaced(item) => self.upsert(item, ItemStage::Done),
            ThreadEvent::ItemUpdated { id, update } => self.update(id, update),
            ThreadEvent::ItemRemoved(id) => self.remove(&id).into_iter().collect(),
            ThreadEvent::StreamOptions { allow_cancel } => {
                let before = std::mem::replace(&mut self.stop_unwanted, !allow_cancel);
                if before == self.stop_unwanted { Vec::new() } else { vec![Change::Turn] }
            }
            ThreadEvent::Answered { .. } => Vec::new(),
            ThreadEvent::Progress(progress) => {
                self.progress = Some(progress);
                vec![Change::Turn]
            }
            ThreadEvent::Notice(notice) => vec![Change::Notice(notice)],
            ThreadEvent::Error(error) => {
                self.error = Some(error);
                Vec::new()
            }
            // For the program around the thread: nothing in it changes.
            ThreadEvent::ClientEffect { .. } | ThreadEvent::Unknown { .. } => {
                self.ignored += 1;
                Vec::new()
            }
        }
    }

    fn upsert(&mut self, item: Item, stage: ItemStage) -> Vec<Change> {
        let mut changes = Vec::new();
        if matches!(item.body, ItemBody::UserMessage(_)) {
            if let Some(bubble) = self.bubble_for(&item) {
                return vec![self.confirm(bubble, item)];
            }
        } else {
            self.answered = true;
            // Its words give way to the answer itself (section 4, `progress_update`), as far as that can be seen.
            if is_seen(&item.body) && self.progress.take().is_some() {
                changes.push(Change::Turn);
            }
        }
        changes.push(match self.places.get(&item.id) {
            Some(&place) => {
                let id = item.id.clone();
                let entry = &mut self.entries[place];
                let was_whole = entry.is_whole();
                entry.item = item;
                entry.stage = stage;
                if was_whole && entry.is_whole() { Change::Redraw(id) } else { Change::Put { id, replaces: None } }
            }
            None => self.append(item, stage),
        });
        changes
    }

    /// The optimistic bubble that a stored message of the person takes the place of.
    fn bubble_for(&self, item: &Item) -> Option<usize> {
        if self.places.contains_key(&item.id) {
            return None;
        }
        self.entries.iter().rposition(|entry| entry.stage == ItemStage::Sending && entry.item.id.is_local())
    }

    fn confirm(&mut self, place: usize, item: Item) -> Change {
        let id = item.id.clone();
        let entry = &mut self.entries[place];
        let local = std::mem::replace(&mut entry.item, item).id;
        entry.stage = ItemStage::Done;
        self.places.remove(&local);
        self.places.insert(id.clone(), place);
        Change::Put { id, replaces: Some(local) }
    }

    fn update(&mut self, id: ItemId, update: ItemUpdate) -> Vec<Change> {
        let Some(entry) = self.places.get(&id).and_then(|&place| self.entries.get_mut(place)) else {
            self.ignored += 1;
            return Vec::new();
        };
        let Some(mut changes) = update::update(&mut entry.item.body, &id, update) else {
            self.ignored += 1;
            return Vec::new();
        };
        // One that was paused goes on (section 6.3).
        if entry.is_unfinished_workflow() && entry.stage != ItemStage::Streaming {
            entry.stage = ItemStage::Streaming;
            changes = vec![Change::Redraw(id)];
        }
        // References are marks on what was said before.
        let is_seen = changes.iter().any(|change| !matches!(change, Change::Sources(_)));
        if is_seen && self.progress.take().is_some() {
            changes.insert(0, Change::Turn);
        }
        changes
    }

    fn index_from(&mut self, place: usize) {
        for (offset, entry) in self.entries[place..].iter().enumerate() {
            self.places.insert(entry.item.id.clone(), place + offset);
        }
    }
}

#[cfg(test)]
mod tests;

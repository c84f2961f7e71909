//! The reducer: events change the items of one thread. Pure; sections 4, 5 and 15 of the protocol.
//!
//! It answers with [`Change`]s, so that whoever draws or stores the thread touches only what moved.

use std::collections::HashMap;

use model::{
    Annotation, Item, ItemBody, ItemId, ItemStage, ItemUpdate, Notice, Progress, RemoteThread, ServerError, StoredItem,
    TextPart, ThreadEvent,
};

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
        let stage = match kept.stage {
            ItemStage::Sending => ItemStage::Unsent,
            ItemStage::Streaming => ItemStage::Interrupted,
            stage => stage,
        };
        Self { rank, item: kept.item, stage }
    }

    /// The form in which it is kept on disk.
    pub fn stored(&self) -> StoredItem {
        StoredItem { item: self.item.clone(), stage: self.stage }
    }

    /// Whether the person wrote it.
    pub fn is_user(&self) -> bool {
        matches!(self.item.body, ItemBody::UserMessage(_))
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
    /// What the server is doing changed.
    Progress,
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

    /// The last message of the person.
    pub fn last_user_message(&self) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.is_user())
    }

    /// Forgets what was transient in the turn before.
    pub fn begin_turn(&mut self) {
        self.progress = None;
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
        let mut changes = Vec::new();
        for entry in &mut self.entries {
            let stage = match entry.stage {
                ItemStage::Sending => own,
                ItemStage::Streaming => answer,
                _ => continue,
            };
            entry.stage = stage;
            changes.push(Change::Stage(entry.item.id.clone()));
        }
        if self.progress.take().is_some() {
            changes.push(Change::Progress);
        }
        changes
    }

    /// Whether a message of the answer has begun and not ended.
    pub fn has_open_answer(&self) -> bool {
        let is_open = |entry: &Entry| entry.stage == ItemStage::Streaming && !entry.is_user();
        self.entries.iter().any(|entry| is_open(entry) && entry.item.body.plain_text().is_some())
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
            ThreadEvent::StreamOptions { .. } | ThreadEvent::Answered { .. } => Vec::new(),
            ThreadEvent::Progress(progress) => {
                self.progress = Some(progress);
                vec![Change::Progress]
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
            // Its words give way to the answer itself (section 4, `progress_update`).
            if self.progress.take().is_some() {
                changes.push(Change::Progress);
            }
        }
        changes.push(match self.places.get(&item.id) {
            Some(&place) => {
                let id = item.id.clone();
                let entry = &mut self.entries[place];
                entry.item = item;
                entry.stage = stage;
                Change::Put { id, replaces: None }
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
        let Some(&place) = self.places.get(&id) else {
            self.ignored += 1;
            return Vec::new();
        };
        let ItemBody::AssistantMessage { content } = &mut self.entries[place].item.body else {
            return Vec::new();
        };
        match update {
            ItemUpdate::TextDelta { index, delta } => {
                part_at(content, index).text.push_str(&delta);
                self.clear_progress(Change::Appended { id, part: index, delta })
            }
            ItemUpdate::PartAdded { index, part } => {
                let empty = part == TextPart::default();
                let slot = part_at(content, index);
                if empty && *slot == part {
                    return Vec::new();
                }
                *slot = part;
                vec![Change::Put { id, replaces: None }]
            }
            ItemUpdate::PartDone { index, part } => finish_part(part_at(content, index), id, index, part),
            ItemUpdate::AnnotationAdded { index, position, annotation } => {
                insert_annotation(&mut part_at(content, index).annotations, position, annotation);
                vec![Change::Sources(id)]
            }
            _ => {
                self.ignored += 1;
                Vec::new()
            }
        }
    }

    fn clear_progress(&mut self, change: Change) -> Vec<Change> {
        match self.progress.take() {
            Some(_) => vec![Change::Progress, change],
            None => vec![change],
        }
    }

    fn index_from(&mut self, place: usize) {
        for (offset, entry) in self.entries[place..].iter().enumerate() {
            self.places.insert(entry.item.id.clone(), place + offset);
        }
    }
}

/// The part at an index, padding with empty parts (section 5).
fn part_at(content: &mut Vec<TextPart>, index: usize) -> &mut TextPart {
    // A hostile index must not cost memory: nobody sends a thousand parts.
    let index = index.min(1_000);
    if content.len() <= index {
        content.resize_with(index + 1, TextPart::default);
    }
    &mut content[index]
}

/// The text of the part is final; references already received stay when the final part brings none (section 5).
fn finish_part(slot: &mut TextPart, id: ItemId, index: usize, part: TextPart) -> Vec<Change> {
    let mut changes = Vec::new();
    if slot.text != part.text {
        changes.push(match part.text.strip_prefix(slot.text.as_str()) {
            Some(rest) => Change::Appended { id: id.clone(), part: index, delta: rest.to_owned() },
            None => Change::Put { id: id.clone(), replaces: None },
        });
        slot.text = part.text;
    }
    if !part.annotations.is_empty() && part.annotations != slot.annotations {
        slot.annotations = part.annotations;
        changes.push(Change::Sources(id));
    }
    changes
}

fn insert_annotation(annotations: &mut Vec<Annotation>, position: usize, annotation: Annotation) {
    annotations.insert(position.min(annotations.len()), annotation);
}

#[cfg(test)]
mod tests;

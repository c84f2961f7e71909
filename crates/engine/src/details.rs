//! How the turns of a thread went, beside the items that show it.
//!
//! A turn is shown with the last message of its answer, or with the person's message where there is none.

use std::collections::HashMap;

use history::{History, HistoryError};
use model::{Failure, ItemBody, ItemId, StoredItem, ThreadId, TurnRecord};

use crate::{
    engine::Engine,
    failure::unknown,
    live::Inner,
    reduce::Entry,
    render::item_view,
    view::{DetailsView, ItemView, ThreadOp},
};

/// How turns went, by the items that show it.
pub type Turns = HashMap<ItemId, TurnRecord>;

/// The same as it comes from disk.
pub type Kept = Vec<(ItemId, TurnRecord)>;

/// How the turns went that items show, which are in the order of their ranks.
///
/// # Errors
///
/// Those of the disk.
pub fn kept(history: &History, thread: &ThreadId, items: &[(i64, StoredItem)]) -> Result<Kept, HistoryError> {
    match (items.first(), items.last()) {
        (Some((first, _)), Some((last, _))) => history.turns_shown(thread, *first, *last),
        _ => Ok(Vec::new()),
    }
}

impl Engine {
    /// How the last turn of a thread went.
    ///
    /// # Errors
    ///
    /// [`model::FailureCode::Unknown`] for a thread that is not here, or in which that is not known.
    pub async fn last_details(&self, thread: &ThreadId) -> Result<DetailsView, Failure> {
        let live = self.live(thread).await?;
        let details = live.with(|inner| inner.turns.values().max_by_key(|turn| turn.began_at).map(DetailsView::of));
        details.ok_or_else(|| unknown("answer"))
    }
}

impl Inner {
    /// An item as it is shown, with how its turn went.
    pub(crate) fn viewed(&self, entry: &Entry) -> Option<ItemView> {
        let view = item_view(entry, &self.growing, self.place(entry))?;
        Some(ItemView { details: self.turns.get(&entry.item.id).map(DetailsView::of), ..view })
    }

    /// How turns went that are kept on disk.
    pub(crate) fn remember_turns(&mut self, turns: Kept) {
        for (item, turn) in turns {
            self.turns.entry(item).or_insert(turn);
        }
    }

    /// The last turn is over: how it went is kept. Answers the item that shows it, once it is on disk.
    pub(crate) fn put_turn(&mut self, mut record: TurnRecord) -> Option<ItemId> {
        let item = bearer(self.state.entries())?;
        record.characters = characters(self.state.entries());
        self.hang(item.clone(), record);
        Some(item)
    }

    /// Whether the item that would show the last turn shows one already.
    pub(crate) fn shows_last_turn(&self) -> bool {
        bearer(self.state.entries()).is_some_and(|item| self.turns.contains_key(&item))
    }

    /// Shows how the turn of an item went.
    pub(crate) fn show_turn(&mut self, item: Option<ItemId>) {
        let Some(id) = item else { return };
        let details = self.turns.get(&id).map(DetailsView::of);
        self.emit(ThreadOp::Details { id, details });
    }

    /// The message is answered once more: how its turn went before is not shown any more.
    pub(crate) fn unhang_turn(&mut self, item: &ItemId) {
        let Some(record) = self.turns.remove(item) else { return };
        self.emit(ThreadOp::Details { id: item.clone(), details: None });
        self.unsaved.turns.insert(record.began_at, (None, record));
    }

    /// What the person said last.
    pub(crate) fn asked_last(&self) -> Option<String> {
        self.state.last_user_message().and_then(|entry| entry.item.body.plain_text())
    }

    /// The thread's end was read from its server, and the item that showed the last turn may be there under another name.
    /// `asked` is what the person had said last until then: what was said elsewhere since is another turn.
    pub(crate) fn hang_anew(&mut self, asked: Option<String>) {
        let Some((item, turn)) = self.turns.iter().max_by_key(|(_, turn)| turn.began_at) else { return };
        if self.state.entry(item).is_some() {
            return;
        }
        let (old, record) = (item.clone(), turn.clone());
        self.turns.remove(&old);
        if asked != self.asked_last() {
            return;
        }
        if let Some(item) = bearer(self.state.entries()).filter(|item| !self.turns.contains_key(item)) {
            self.hang(item.clone(), record);
            self.show_turn(Some(item));
        }
    }

    fn hang(&mut self, item: ItemId, record: TurnRecord) {
        self.unsaved.turns.insert(record.began_at, (Some(item.clone()), record.clone()));
        self.turns.insert(item, record);
    }
}

/// The item that shows how the last turn went. Only messages do: where the answer is a widget or a picture alone, it stands
/// with the person's.
fn bearer(entries: &[Entry]) -> Option<ItemId> {
    let turn = last_turn(entries);
    let answer = turn.iter().rev().find(|entry| matches!(entry.item.body, ItemBody::AssistantMessage { .. }));
    answer.or(turn.first()).map(|entry| entry.item.id.clone())
}

/// How long the text of the last answer is.
fn characters(entries: &[Entry]) -> u32 {
    let texts = last_turn(entries).iter().filter_map(|entry| match &entry.item.body {
        ItemBody::AssistantMessage { content } => Some(content),
        _ => None,
    });
    let count: usize = texts.flatten().map(|part| part.text.chars().count()).sum();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The last message of the person and what follows it.
fn last_turn(entries: &[Entry]) -> &[Entry] {
    let begin = entries.iter().rposition(Entry::is_user).unwrap_or(entries.len());
    &entries[begin..]
}

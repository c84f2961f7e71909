//! What belongs to an answer.

use model::{ItemBody, ItemId, ItemStage};

use super::{Entry, ThreadState};
use crate::render::is_seen;

impl ThreadState {
    /// The last message of the person.
    pub fn last_user_message(&self) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.is_user())
    }

    /// Whether something of the answer has begun and not ended that its server would have ended. Servers may leave a
    /// workflow open (section 6.3), and a picture that comes to nothing.
    pub fn has_open_answer(&self) -> bool {
        let is_open = |entry: &Entry| match entry.item.body {
            ItemBody::AssistantMessage { .. } | ItemBody::Widget(_) => entry.stage == ItemStage::Streaming,
            _ => false,
        };
        self.entries.iter().any(is_open)
    }

    /// The items of the answer to which one belongs, as far as its server knows them, in order: what is said of one is said
    /// of all (section 3.12). An answer begins after a message of the person, or after the end of another one.
    pub fn answer_with(&self, id: &ItemId) -> Vec<ItemId> {
        let Some(&place) = self.places.get(id) else { return vec![id.clone()] };
        let parts = |entry: &Entry| entry.is_user() || !is_seen(&entry.item.body);
        let (before, after) = self.entries.split_at(place);
        let begin = before.iter().rposition(parts).map_or(0, |last| last + 1);
        let end = after.iter().position(parts).map_or(self.entries.len(), |first| place + first);
        let is_known = |entry: &&Entry| {
            let is_stored = matches!(entry.stage, ItemStage::Done | ItemStage::Stopped);
            entry.item.id == *id || (is_stored && !entry.item.id.is_local() && !entry.is_handover())
        };
        let answer = self.entries.get(begin..end).unwrap_or_default();
        let ids: Vec<_> = answer.iter().filter(is_known).map(|entry| entry.item.id.clone()).collect();
        if ids.is_empty() { vec![id.clone()] } else { ids }
    }
}

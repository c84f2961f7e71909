//! Praise and complaint, which are about all of an answer (section 3.12).

use model::{Failure, FeedbackKind, ItemBody, ItemId, Operation, ThreadId};

use crate::{engine::Engine, failure::unknown, reduce::Entry};

impl Engine {
    /// Praises or complains about the answer that an item is part of.
    ///
    /// # Errors
    ///
    /// The server's refusal; [`model::FailureCode::Unknown`] where no server has the thread.
    pub async fn feedback(&self, thread: &ThreadId, item: &ItemId, kind: FeedbackKind) -> Result<(), Failure> {
        let live = self.live(thread).await?;
        let (kept, items) = live.with(|inner| (inner.thread.clone(), answer_of(inner.state.entries(), item)));
        let remote = self.remote(&kept).ok_or_else(|| unknown("conversation"))?;
        self.call(&kept.connection, &Operation::Feedback { thread: remote, items, kind }).await.map(|_| ())
    }
}

/// All items of the answer that one is part of, as far as their server knows them.
fn answer_of(entries: &[Entry], item: &ItemId) -> Vec<ItemId> {
    let Some(place) = entries.iter().position(|entry| &entry.item.id == item) else { return vec![item.clone()] };
    let ends = |entry: &Entry| {
        matches!(entry.item.body, ItemBody::UserMessage(_) | ItemBody::EndOfTurn | ItemBody::Handover(_))
    };
    let begin = entries[..place].iter().rposition(ends).map_or(0, |before| before + 1);
    let end = entries[place..].iter().position(ends).map_or(entries.len(), |after| place + after);
    let items = entries[begin..end.max(begin)].iter().map(|entry| entry.item.id.clone());
    let items: Vec<_> = items.filter(|id| !id.is_local()).collect();
    if items.is_empty() { vec![item.clone()] } else { items }
}

#[cfg(test)]
mod tests {
    use model::{Extra, Item, ItemStage, UserMessage};

    use super::*;

    fn entry(id: &str, body: ItemBody) -> Entry {
        let item = Item { id: id.into(), created_at: None, body, extra: Extra::new() };
        Entry { rank: 0, item, stage: ItemStage::Done }
    }

    #[test]
    fn it_is_about_all_items_of_the_answer() {
        let user = |id| entry(id, ItemBody::UserMessage(UserMessage::text("…")));
        let answer = |id| entry(id, ItemBody::AssistantMessage { content: Vec::new() });
        let other = |id| entry(id, ItemBody::Unknown { name: "hologram".into(), fields: Extra::new() });
        let entries = [
            user("u1"),
            answer("a1"),
            other("w1"),
            answer("a2"),
            entry("e1", ItemBody::EndOfTurn),
            answer("a3"),
            user("u2"),
            answer("a4"),
        ];
        let of = |id: &str| answer_of(&entries, &id.into()).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(of("a2"), ["a1", "w1", "a2"]);
        assert_eq!(of("w1"), ["a1", "w1", "a2"]);
        assert_eq!(of("a3"), ["a3"]);
        assert_eq!(of("a4"), ["a4"]);
        assert_eq!(of("gone"), ["gone"]);
    }
}

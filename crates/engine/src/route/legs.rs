//! How a conversation through a route has gone: who answers in it, and which servers have a thread of it.

use model::{Answerer, ConnectionId, Extra, Handover, Item, ItemBody, ItemId, ItemStage, Legs, RemoteThreadId};
use uuid::Uuid;

use crate::{
    live::Inner,
    reduce::Entry,
    view::{AnsweringView, NextView, TurnOutcome},
};

/// How a thread goes through its route.
#[derive(Debug, Default)]
pub struct Routed {
    /// How it has gone.
    pub legs: Legs,
    /// Which connection was asked last in this turn.
    pub asked: Option<ConnectionId>,
    /// Which one the person can have asked after the last turn failed.
    pub next: Option<NextView>,
}

impl Routed {
    /// A thread of which it is known how it has gone.
    pub fn new(legs: Legs) -> Self {
        Self { legs, ..Self::default() }
    }

    /// Forgets what was true of the turn before.
    pub fn begin_turn(&mut self) {
        (self.asked, self.next) = (None, None);
    }
}

/// Who answers, as it is shown.
pub fn answering(legs: &Legs) -> Option<AnsweringView> {
    let Handover { to, why, .. } = legs.answering.as_ref()?;
    Some(AnsweringView { name: to.name.clone(), why: why.clone() })
}

/// Whether who answers is shown as it is.
pub fn is_answering(shown: Option<&AnsweringView>, legs: &Legs) -> bool {
    match (shown, &legs.answering) {
        (None, None) => true,
        (Some(shown), Some(Handover { to, why, .. })) => shown.name == to.name && shown.why == *why,
        (None, Some(_)) | (Some(_), None) => false,
    }
}

impl Inner {
    /// Whether a connection was the one that answered last.
    pub(crate) fn was_answered_by(&self, id: &ConnectionId) -> bool {
        self.routed.legs.answering.as_ref().is_some_and(|last| &last.to.connection == id)
    }

    /// A connection answers. A line says so, if that is another one than before, or not the one that was to be expected.
    pub(crate) fn answered_by(&mut self, to: Answerer, why: Option<String>) {
        let before = self.routed.legs.answering.take();
        let from = before.map(|before| before.to);
        let is_news = from.as_ref().map_or(why.is_some(), |from| from.connection != to.connection);
        let handover = Handover { from, to, why };
        self.routed.legs.answering = Some(handover.clone());
        self.unsaved.legs = true;
        if is_news {
            let id = ItemId::local(Uuid::now_v7());
            let body = ItemBody::Handover(handover);
            self.append(Item { id, created_at: None, body, extra: Extra::new() }, ItemStage::Done);
        }
    }

    /// A server has made a thread of the conversation.
    pub(crate) fn begin_leg(&mut self, connection: &ConnectionId, remote: RemoteThreadId) {
        self.routed.legs.begin(connection, remote);
        self.unsaved.legs = true;
    }

    /// The thread of a server is not continued.
    pub(crate) fn give_up(&mut self, connection: &ConnectionId) {
        if self.routed.legs.with(connection).is_some() {
            self.routed.legs.give_up(connection);
            self.unsaved.legs = true;
        }
    }

    /// A turn with a connection is over.
    pub(crate) fn leg_is_over(&mut self, connection: &ConnectionId, outcome: &TurnOutcome) {
        let arrived = self.state.last_user_message().is_some_and(|entry| entry.stage == ItemStage::Done);
        if self.routed.legs.with(connection).is_none() || !arrived {
            return;
        }
        // A stream that broke before it brought anything: nobody knows what its server has.
        if !self.state.answered && !matches!(outcome, TurnOutcome::Done | TurnOutcome::Stopped) {
            return self.give_up(connection);
        }
        let last = self.state.entries().iter().rev().find(|entry| has_words(entry));
        if let Some(last) = last.map(|entry| entry.item.id.clone()) {
            self.routed.legs.knows(connection, last);
            self.unsaved.legs = true;
        }
    }

    /// What stands after an item is about to be dropped, and the item to be sent again: servers that know of it would have it
    /// twice.
    pub(crate) fn forget_after(&mut self, id: &ItemId) {
        let entries = self.state.entries();
        let Some(place) = entries.iter().position(|entry| &entry.item.id == id) else { return };
        let (left, gone) = entries.split_at(place);
        let first = gone.iter().find_map(|entry| match &entry.item.body {
            ItemBody::Handover(handover) => Some(handover.clone()),
            _ => None,
        });
        let left: Vec<_> = left.iter().map(|entry| entry.item.id.clone()).collect();
        if self.routed.legs == Legs::default() {
            return;
        }
        self.routed.legs.keep_those_that_know(|item| left.contains(item));
        if let Some(Handover { from, .. }) = first {
            self.routed.legs.answering = from.map(|to| Handover { from: None, to, why: None });
        }
        self.unsaved.legs = true;
    }
}

fn has_words(entry: &Entry) -> bool {
    entry.item.body.plain_text().is_some_and(|text| !text.trim().is_empty())
}

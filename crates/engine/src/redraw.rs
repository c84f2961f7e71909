//! What is drawn anew as a whole: items whose insides changed, and items that look otherwise in another place.
//!
//! Nothing is made of a change when it happens. When somebody is about to be sent what is new, each item that changed is
//! made once, however often it changed: a widget that is written letter by letter would otherwise be read as often.

use std::collections::BTreeSet;

use model::ItemId;

use crate::{
    live::Inner,
    reduce::Entry,
    render::{Place, is_asking, is_shown},
    view::{ThreadOp, TurnPhase},
};

/// What is to be drawn anew.
#[derive(Debug, Default)]
pub struct Redraw {
    items: BTreeSet<ItemId>,
    /// What asks at the end of the thread, and how it stood when it was looked at last.
    asking: Option<(ItemId, Place)>,
}

impl Redraw {
    /// An item was drawn otherwise, or is gone.
    pub fn forget(&mut self, id: &ItemId) {
        self.items.remove(id);
    }
}

impl Inner {
    /// An item is to be drawn anew, once somebody looks.
    pub(crate) fn redraw(&mut self, id: ItemId) {
        self.redraw.items.insert(id);
        self.announce_growth();
    }

    /// Sends the items that are to be drawn anew, each once.
    pub(crate) fn emit_redrawn(&mut self) {
        let items = std::mem::take(&mut self.redraw.items);
        if self.subscribers.is_empty() {
            return;
        }
        for id in items {
            if let Some(op) = self.put_op(&id) {
                self.emit(op);
            }
        }
    }

    /// An item as it is put where it stands.
    pub(crate) fn put_op(&self, id: &ItemId) -> Option<ThreadOp> {
        let item = self.viewed(self.state.entry(id)?)?;
        Some(ThreadOp::PutItem { item, after: self.shown_before(id), replaces: None })
    }

    /// Where an item stands.
    pub(crate) fn place(&self, entry: &Entry) -> Place {
        let id = &entry.item.id;
        Place {
            is_last: self.last_shown().is_some_and(|last| last.item.id == *id),
            is_idle: self.turn.phase == TurnPhase::Idle,
            is_worked_on: self.calls.is_running(id),
            has_called_enough: is_asking(entry) && self.has_called_enough(),
        }
    }

    /// Sees to it that what asks is shown as it stands now: it can be answered only at the end of the thread. Looked at
    /// after every change, so it copies nothing where nothing asks.
    pub(crate) fn look_at_places(&mut self) {
        let asking =
            self.last_shown().filter(|entry| is_asking(entry)).map(|entry| (&entry.item.id, self.place(entry)));
        if asking == self.redraw.asking.as_ref().map(|(id, place)| (id, *place)) {
            return;
        }
        let asking = asking.map(|(id, place)| (id.clone(), place));
        let before = std::mem::replace(&mut self.redraw.asking, asking.clone());
        // What was put at the end just now was shown as it stood then; drawing it once more does no harm.
        let ids: BTreeSet<ItemId> = [before, asking].into_iter().flatten().map(|(id, _)| id).collect();
        for id in ids {
            if self.state.entry(&id).is_some() {
                self.redraw(id);
            }
        }
    }

    /// What stands at the end, as far as anybody sees.
    pub(crate) fn last_shown(&self) -> Option<&Entry> {
        self.state.entries().iter().rev().find(|entry| is_shown(entry))
    }
}

#[cfg(test)]
mod tests;

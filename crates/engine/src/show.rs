//! Changes of a thread become ops for all who look, and marks of what is not on disk yet.

use model::{ItemBody, ItemId, ItemStage};

use crate::{
    live::Inner,
    reduce::Change,
    render::{is_shown, sources},
    view::ThreadOp,
};

impl Inner {
    pub(crate) fn show_all(&mut self, changes: impl IntoIterator<Item = Change>) {
        for change in changes {
            self.show(change);
        }
    }

    /// Sends a change to all who look, and marks what it makes unsaved.
    pub(crate) fn show(&mut self, change: Change) {
        match change {
            Change::Put { id, replaces } => self.show_item(id, replaces),
            Change::Removed(id) => {
                self.growing.drop_item(&id);
                self.unsaved.items.remove(&id);
                self.unsaved.removed.insert(id.clone());
                self.emit(ThreadOp::RemoveItem { id });
            }
            Change::Appended { id, part, delta } => {
                self.growing.append(&id, part, &delta);
                self.unsaved.items.insert(id);
                self.announce_growth();
            }
            Change::Sources(id) => {
                if let Some(ItemBody::AssistantMessage { content }) =
                    self.state.entry(&id).map(|entry| &entry.item.body)
                {
                    let sources = sources(content);
                    self.emit(ThreadOp::Sources { id: id.clone(), sources });
                }
                self.unsaved.items.insert(id);
            }
            Change::Stage(id) => self.show_stage(id),
            Change::Thread(remote) => {
                self.thread.remote = Some(remote.id);
                if remote.title.is_some() {
                    self.thread.title = remote.title;
                }
                self.thread.status = remote.status;
                self.unsaved.thread = true;
            }
            Change::Progress => self.set_turn(self.turn.phase, self.turn.outcome.clone()),
            Change::Notice(notice) => self.emit(ThreadOp::Notice { notice }),
        }
    }

    fn show_item(&mut self, id: ItemId, replaces: Option<ItemId>) {
        if let Some(local) = &replaces {
            self.unsaved.items.remove(local);
            self.unsaved.removed.insert(local.clone());
        }
        self.unsaved.removed.remove(&id);
        self.unsaved.items.insert(id.clone());
        let Some(entry) = self.state.entry(&id) else { return };
        let ops = self.growing.take_over(entry);
        if let Some(ops) = ops {
            ops.into_iter().for_each(|op| self.emit(op));
            return;
        }
        let Some(item) = self.viewed(entry) else { return };
        let after = self.shown_before(&id);
        self.emit(ThreadOp::PutItem { item, after, replaces });
    }

    /// The item after which one stands, for somebody who sees only what is shown.
    pub(crate) fn shown_before(&self, id: &ItemId) -> Option<ItemId> {
        let entries = self.state.entries();
        let place = entries.iter().position(|entry| &entry.item.id == id)?;
        entries[..place].iter().rev().find(|entry| is_shown(entry)).map(|entry| entry.item.id.clone())
    }

    fn show_stage(&mut self, id: ItemId) {
        let Some(stage) = self.state.entry(&id).map(|entry| entry.stage) else { return };
        if stage != ItemStage::Streaming {
            for (part, patches) in self.growing.finish(&id) {
                self.emit(ThreadOp::Patch { id: id.clone(), part, patches });
            }
        }
        self.unsaved.items.insert(id.clone());
        self.emit(ThreadOp::Stage { id, stage });
    }
}

//! Changes of a thread become ops for all who look, and marks of what is not on disk yet.

use model::{Item, ItemBody, ItemId, ItemStage, Thread, ThreadEvent};

use crate::{
    live::Inner,
    reduce::Change,
    render::is_shown,
    sources::sources,
    view::{Activity, ThreadOp, ThreadView},
};

impl Inner {
    /// Puts an item at the end.
    pub fn append(&mut self, item: Item, stage: ItemStage) {
        let change = self.state.append(item, stage);
        self.show(change);
    }

    /// Drops every item after one of them.
    pub fn truncate_after(&mut self, id: &ItemId) {
        let changes = self.state.truncate_after(id);
        self.show_all(changes);
    }

    /// Applies an event of the stream.
    pub fn apply(&mut self, event: ThreadEvent) {
        let changes = self.state.apply(event);
        self.show_all(changes);
    }

    /// Puts another version of an item in its place, if it is here.
    pub fn put_in_place(&mut self, item: Item) {
        let change = self.state.put_in_place(item);
        self.show_all(change);
    }

    /// Gives everything that is under way its final stage.
    pub fn settle(&mut self, own: ItemStage, answer: ItemStage) {
        let changes = self.state.settle(own, answer);
        self.show_all(changes);
    }

    /// Sets the stage of one item.
    pub fn set_stage(&mut self, id: &ItemId, stage: ItemStage) {
        let change = self.state.set_stage(id, stage);
        self.show_all(change);
    }

    pub(crate) fn show_all(&mut self, changes: impl IntoIterator<Item = Change>) {
        for change in changes {
            self.show(change);
        }
    }

    /// Sends a change to all who look, and marks what it makes unsaved.
    pub(crate) fn show(&mut self, change: Change) {
        match change {
            Change::Put { id, replaces } => self.show_item(id, replaces),
            Change::Redraw(id) => {
                self.unsaved.items.insert(id.clone());
                self.redraw(id);
            }
            Change::Removed(id) => {
                self.growing.drop_item(&id);
                self.redraw.forget(&id);
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
                    let grows = self.growing.mark(&id, content);
                    self.emit(ThreadOp::Sources { id: id.clone(), sources });
                    if !grows {
                        return self.show_item(id, None);
                    }
                    self.announce_growth();
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
                self.unsaved.pictures |= self.pictures.told(remote.allowed_image_domains.as_deref());
                self.unsaved.thread = true;
            }
            Change::Turn => self.set_turn(self.turn.phase, self.turn.outcome.clone()),
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
        self.redraw.forget(&id);
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
        let Some(entry) = self.state.entry(&id) else { return };
        let stage = entry.stage;
        if entry.is_whole() {
            self.unsaved.items.insert(id.clone());
            return self.redraw(id);
        }
        if stage != ItemStage::Streaming {
            for (part, patches) in self.growing.finish(&id) {
                self.emit(ThreadOp::Patch { id: id.clone(), part, patches });
            }
        }
        self.unsaved.items.insert(id.clone());
        self.emit(ThreadOp::Stage { id, stage });
    }
}

/// A thread's line in the sidebar.
pub fn thread_view(thread: &Thread, activity: Activity) -> ThreadView {
    ThreadView {
        id: thread.id.clone(),
        connection: thread.connection.clone(),
        title: thread.title.clone(),
        status: thread.status.clone(),
        updated_at: thread.updated_at,
        activity,
        answering: None,
    }
}

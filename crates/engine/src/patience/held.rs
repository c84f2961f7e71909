//! A turn that waits before it begins: what for, until when, and how the person ends the wait.

use std::sync::Arc;

use model::{Draft, Failure, ItemBody, ItemStage, ThreadId};
use tokio::sync::Notify;

use crate::{
    engine::Engine,
    live::Inner,
    view::{HeldView, HeldWhy, ThreadOp, TurnPhase, TurnView},
};

impl Inner {
    /// What is to be sent waits. Answers what tells that the person wants it sent now.
    pub fn hold(&mut self, held: HeldView) -> Arc<Notify> {
        let hurry = Arc::<Notify>::default();
        self.hurry = Some(hurry.clone());
        if matches!(self.turn.phase, TurnPhase::Waiting | TurnPhase::Held) {
            let progress = self.state.progress.clone();
            let held = Some(held);
            self.turn = TurnView { phase: TurnPhase::Held, progress, held, ..TurnView::default() };
            self.emit(ThreadOp::Turn { turn: self.turn.clone() });
        }
        hurry
    }

    /// What waited is sent.
    pub fn release(&mut self) {
        self.hurry = None;
        if self.turn.phase == TurnPhase::Held {
            self.set_turn(TurnPhase::Waiting, None);
        }
    }

    /// A message that was certainly not sent becomes a draft again, before what was written since.
    pub fn take_back(&mut self) {
        let own = self.state.last_user_message();
        let Some(entry) = own.filter(|entry| entry.stage == ItemStage::Sending && entry.item.id.is_local()) else {
            return;
        };
        let ItemBody::UserMessage(message) = &entry.item.body else { return };
        let (id, draft) = (entry.item.id.clone(), Draft::of(message));
        self.draft = draft.clone().before(std::mem::take(&mut self.draft));
        let change = self.state.remove(&id);
        self.show_all(change);
        self.emit(ThreadOp::TakenBack { draft });
    }
}

impl Engine {
    /// Sends what a thread holds back at once, whatever it waits for. Where its server cannot be reached, that is tried
    /// now. Does nothing if nothing waits, for then it is out already.
    ///
    /// # Errors
    ///
    /// [`model::FailureCode::Unknown`] if the connection is not here any more.
    pub async fn send_now(&self, thread: &ThreadId) -> Result<(), Failure> {
        let Some(live) = self.loaded(thread) else { return Ok(()) };
        let (why, hurry, connection) = live.with(|inner| {
            let why = inner.turn.held.as_ref().map(|held| held.why);
            (why, inner.hurry.clone(), inner.thread.connection.clone())
        });
        match why {
            Some(HeldWhy::Unreachable) => self.check_connection(&connection).await.map(|_| ()),
            Some(HeldWhy::RateLimited | HeldWhy::OwnLimit) => {
                hurry.iter().for_each(|hurry| hurry.notify_one());
                Ok(())
            }
            None => Ok(()),
        }
    }
}

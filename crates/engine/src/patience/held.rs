//! A turn that waits before it begins: what for, until when, and how the person ends the wait.

use std::sync::Arc;

use model::{Failure, ThreadId};
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
            self.turn = TurnView { phase: TurnPhase::Held, progress, outcome: None, held: Some(held), next: None };
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

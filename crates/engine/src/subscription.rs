//! Who looks at a thread, and what is sent to them.

use std::sync::Arc;

use tokio::time::Instant;

use crate::{
    live::Live,
    outbox::{Outbox, Pending},
    sockets::Viewing,
    view::{ThreadMessage, ThreadOp},
};

/// A subscription to a thread. Dropping it ends it; the turn goes on.
#[derive(Debug)]
pub struct ThreadSubscription {
    live: Arc<Live>,
    outbox: Arc<Outbox<ThreadOp>>,
    last: Option<Instant>,
    queue: std::vec::IntoIter<ThreadMessage>,
    _viewing: Option<Viewing>,
}

impl ThreadSubscription {
    pub(crate) fn new(live: Arc<Live>, outbox: Arc<Outbox<ThreadOp>>) -> Self {
        Self { live, outbox, last: None, queue: Vec::new().into_iter(), _viewing: None }
    }

    /// The same, by somebody for whom the thread's WebSocket stays open.
    pub(crate) fn viewing(mut self, viewing: Viewing) -> Self {
        self._viewing = Some(viewing);
        self
    }

    /// The next message: a snapshot first, then batches, each small enough for the short road to the window.
    pub async fn next(&mut self) -> Option<ThreadMessage> {
        if let Some(message) = self.queue.next() {
            return Some(message);
        }
        loop {
            if !self.outbox.ready(self.last).await {
                return None;
            }
            let mut inner = self.live.lock();
            inner.emit_growth();
            inner.emit_redrawn();
            let pending = self.outbox.take();
            let message = match pending {
                Pending::Snapshot => Some(inner.snapshot()),
                Pending::Ops(ops) => {
                    drop(inner);
                    self.queue = crate::batch::messages(ops).into_iter();
                    self.queue.next()
                }
            };
            // Text may have come that shows nothing yet: the half of a mark.
            if message.is_some() {
                self.last = Some(Instant::now());
                return message;
            }
        }
    }
}

impl Drop for ThreadSubscription {
    fn drop(&mut self) {
        self.outbox.close();
    }
}

//! What waits to be sent to one subscriber. Bounded: who falls too far behind gets a snapshot instead of a queue.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

/// The least time between two messages to one subscriber. A slow stream is sent at once; a fast one in batches.
const GAP: Duration = Duration::from_millis(8);

/// How much may wait, by the estimate of [`Op::size`]; beyond it the subscriber is sent a snapshot.
const LIMIT: usize = 1 << 20;

/// Something that can wait in an outbox.
pub trait Op: Sized {
    /// About how many bytes it takes.
    fn size(&self) -> usize;

    /// Takes the next op in if the two can be one; gives it back if not.
    fn merge(&mut self, next: Self) -> Result<(), Self> {
        Err(next)
    }
}

/// What a subscriber has to be sent next.
#[derive(Debug)]
pub enum Pending<T> {
    /// Everything, anew.
    Snapshot,
    /// What happened since.
    Ops(Vec<T>),
}

/// The queue of one subscriber.
#[derive(Debug)]
pub struct Outbox<T> {
    queue: Mutex<Queue<T>>,
    wake: Notify,
}

#[derive(Debug)]
struct Queue<T> {
    ops: Vec<T>,
    size: usize,
    /// There is more than the ops: whoever takes them is to look.
    woken: bool,
    stale: bool,
    closed: bool,
}

impl<T: Op> Outbox<T> {
    /// An outbox whose first message is a snapshot.
    pub fn new() -> Arc<Self> {
        let queue = Queue { ops: Vec::new(), size: 0, woken: false, stale: true, closed: false };
        let outbox = Arc::new(Self { queue: Mutex::new(queue), wake: Notify::new() });
        outbox.wake.notify_one();
        outbox
    }

    /// Adds an op. While a snapshot is due there is nothing to add: it will hold the op's effect.
    pub fn push(&self, op: T) {
        let mut queue = self.lock();
        if queue.stale {
            return;
        }
        queue.size += op.size();
        if queue.size > LIMIT {
            queue.ops = Vec::new();
            queue.size = 0;
            queue.stale = true;
        } else {
            let rejected = match queue.ops.last_mut() {
                Some(last) => last.merge(op).err(),
                None => Some(op),
            };
            queue.ops.extend(rejected);
        }
        drop(queue);
        self.wake.notify_one();
    }

    /// There will be ops once somebody asks for them.
    pub fn wake(&self) {
        let mut queue = self.lock();
        // Once is enough until they are taken.
        if !std::mem::replace(&mut queue.woken, true) {
            drop(queue);
            self.wake.notify_one();
        }
    }

    /// Ends the subscription: [`Outbox::ready`] answers `false` from now on.
    pub fn close(&self) {
        self.lock().closed = true;
        self.wake.notify_one();
    }

    /// Whether the subscription has ended.
    pub fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Waits until something is pending and the gap since `last` has passed. `false` once closed.
    pub async fn ready(&self, last: Option<Instant>) -> bool {
        loop {
            {
                let queue = self.lock();
                if queue.closed {
                    return false;
                }
                if queue.stale || queue.woken || !queue.ops.is_empty() {
                    break;
                }
            }
            self.wake.notified().await;
        }
        if let Some(last) = last {
            tokio::time::sleep_until(last + GAP).await;
        }
        !self.is_closed()
    }

    /// Takes all that is pending. To be called under the lock of whatever the snapshot is made from, so that nothing
    /// can happen between the two.
    pub fn take(&self) -> Pending<T> {
        let mut queue = self.lock();
        (queue.size, queue.woken) = (0, false);
        let ops = std::mem::take(&mut queue.ops);
        if std::mem::take(&mut queue.stale) { Pending::Snapshot } else { Pending::Ops(ops) }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Queue<T>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Text(String);

    impl Op for Text {
        fn size(&self) -> usize {
            self.0.len()
        }

        fn merge(&mut self, next: Self) -> Result<(), Self> {
            self.0.push_str(&next.0);
            Ok(())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_message_is_a_snapshot_and_the_next_holds_what_came_since() {
        let outbox = Outbox::new();
        outbox.push(Text("lost in the snapshot".into()));
        assert!(outbox.ready(None).await);
        assert!(matches!(outbox.take(), Pending::Snapshot));
        outbox.push(Text("a".into()));
        outbox.push(Text("b".into()));
        assert!(outbox.ready(None).await);
        assert!(matches!(outbox.take(), Pending::Ops(ops) if ops == [Text("ab".into())]));
    }

    #[tokio::test(start_paused = true)]
    async fn who_falls_behind_gets_a_snapshot_and_the_queue_stays_small() {
        let outbox = Outbox::new();
        outbox.take();
        for _ in 0..3 {
            outbox.push(Text("x".repeat(LIMIT / 2)));
        }
        assert!(outbox.lock().ops.is_empty());
        assert!(matches!(outbox.take(), Pending::Snapshot));
    }

    #[tokio::test(start_paused = true)]
    async fn a_second_message_waits_for_the_gap_and_a_late_one_does_not() {
        let outbox = Outbox::new();
        outbox.take();
        let sent = Instant::now();
        outbox.push(Text("a".into()));
        assert!(outbox.ready(Some(sent)).await);
        assert_eq!(sent.elapsed(), GAP);
        tokio::time::advance(GAP * 4).await;
        let later = Instant::now();
        assert!(outbox.ready(Some(sent)).await);
        assert_eq!(later.elapsed(), Duration::ZERO);
    }

    #[tokio::test]
    async fn closing_ends_the_wait() {
        let outbox = Outbox::<Text>::new();
        outbox.take();
        let waiting = tokio::spawn({
            let outbox = outbox.clone();
            async move { outbox.ready(None).await }
        });
        tokio::task::yield_now().await;
        outbox.close();
        assert!(!waiting.await.unwrap());
    }
}

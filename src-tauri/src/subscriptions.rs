//! What the page listens to. Each subscription forwards its messages through one IPC channel.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use engine::{
    AppSubscription, Check, SigningIn, ThreadSubscription,
    view::{AppMessage, CheckView, Dragged, SigningInView, ThreadMessage},
};
use tauri::{
    async_runtime::{self, JoinHandle},
    ipc::{Channel, IpcResponse},
};
use tokio::sync::Semaphore;

use crate::drops::Dragging;

/// How many messages may be on their way to a page that has not said it took them. A page that is slow makes the
/// batches larger, not the queue longer.
const ON_THE_WAY: usize = 64;

/// The subscriptions of the page.
#[derive(Default)]
pub struct Subscriptions {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    last: u32,
    running: HashMap<u32, Running>,
}

struct Running {
    task: JoinHandle<()>,
    room: Arc<Semaphore>,
}

/// Something that has messages for the page.
pub trait Source: Send + 'static {
    /// Its messages.
    type Message: IpcResponse + Send;

    /// The next one, once there is one.
    fn next(&mut self) -> impl Future<Output = Option<Self::Message>> + Send;
}

impl Source for AppSubscription {
    type Message = AppMessage;

    async fn next(&mut self) -> Option<AppMessage> {
        Self::next(self).await
    }
}

impl Source for ThreadSubscription {
    type Message = ThreadMessage;

    async fn next(&mut self) -> Option<ThreadMessage> {
        Self::next(self).await
    }
}

impl Source for Check {
    type Message = CheckView;

    async fn next(&mut self) -> Option<CheckView> {
        Self::next(self).await
    }
}

impl Source for Dragging {
    type Message = Dragged;

    async fn next(&mut self) -> Option<Dragged> {
        Self::next(self).await
    }
}

impl Source for SigningIn {
    type Message = SigningInView;

    async fn next(&mut self) -> Option<SigningInView> {
        Self::next(self).await
    }
}

impl Subscriptions {
    /// Forwards every message of `source` to the page until either goes away.
    pub fn forward<S: Source>(&self, mut source: S, channel: Channel<S::Message>) -> u32 {
        let room = Arc::new(Semaphore::new(ON_THE_WAY));
        let taken = room.clone();
        let task = async_runtime::spawn(async move {
            loop {
                let Ok(permit) = taken.acquire().await else { return };
                permit.forget();
                let Some(message) = source.next().await else { return };
                if channel.send(message).is_err() {
                    return;
                }
            }
        });
        let mut inner = self.lock();
        inner.last += 1;
        let id = inner.last;
        inner.running.insert(id, Running { task, room });
        id
    }

    /// The page has taken some messages.
    pub fn ack(&self, id: u32, count: u32) {
        if let Some(running) = self.lock().running.get(&id) {
            running.room.add_permits((count as usize).min(ON_THE_WAY));
        }
    }

    /// Ends one.
    pub fn end(&self, id: u32) {
        if let Some(running) = self.lock().running.remove(&id) {
            running.task.abort();
        }
    }

    /// Ends all of them.
    pub fn clear(&self) {
        for (_, running) in self.lock().running.drain() {
            running.task.abort();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

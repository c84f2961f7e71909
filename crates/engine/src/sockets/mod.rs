//! The WebSockets of threads, for servers that answer over one: at most one for each thread. It is opened at the thread's
//! first message and kept for the next ones, as long as somebody looks at the thread.

mod backoff;
mod keeper;
mod words;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use model::{Connection, ConnectionId, ThreadId};
use tokio::sync::{mpsc, oneshot};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use transport::{Limits, Pulse, Request, Socket, TransportError};

use self::keeper::Keeper;
use crate::outbound::Outbound;

pub use self::words::{closed, no_handshake, no_socket};

/// How WebSockets are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SocketPace {
    /// How they are kept from being forgotten, and found dead.
    pub pulse: Pulse,
    /// How long one stays open that nobody looks at: a page that is loaded anew is back before that is over.
    pub linger: Duration,
    /// The longest first wait before one that was lost is opened again; it doubles with each try in vain.
    pub first_wait: Duration,
    /// The longest wait of all.
    pub longest_wait: Duration,
}

impl Default for SocketPace {
    fn default() -> Self {
        Self {
            pulse: Pulse::default(),
            linger: Duration::from_secs(3),
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(60),
        }
    }
}

/// The way to a thread's WebSocket.
pub struct Way {
    /// Whose it is.
    pub thread: ThreadId,
    /// The thread's connection, as it is now.
    pub connection: Connection,
    /// The connection's way out.
    pub out: Outbound,
    /// The handshake.
    pub request: Request,
    /// How long to wait, and how much to take.
    pub limits: Limits,
}

impl Way {
    /// Whether a socket that was opened on one way is as good as one on the other. Another session alone makes none of
    /// them worse: the server has let it in.
    fn leads_to(&self, other: &Self) -> bool {
        let (one, two) = (&self.request, &other.request);
        one.url == two.url && one.headers == two.headers && self.connection == other.connection
    }

    async fn open(&self, limits: &Limits, pulse: Pulse) -> Result<Socket, TransportError> {
        self.out.socket(self.request.clone(), limits, pulse).await
    }
}

/// The messages that answer one of ours.
pub struct Answer {
    messages: mpsc::Receiver<Result<String, TransportError>>,
    is_whole: Arc<AtomicBool>,
}

impl Answer {
    /// The next message. May be dropped and called again without losing one.
    ///
    /// # Errors
    ///
    /// The socket is gone, and the rest of the answer with it.
    pub async fn next(&mut self) -> Result<String, TransportError> {
        let gone = || Err(TransportError::Cut { started: true, detail: "the WebSocket was closed here".to_owned() });
        self.messages.recv().await.unwrap_or_else(gone)
    }

    /// Nothing more is to come: the socket is free for the next message. Without this word it is closed when the answer is
    /// dropped, for the server knows no other way to be stopped.
    pub fn finish(&mut self) {
        self.is_whole.store(true, Ordering::Release);
        self.messages.close();
    }
}

/// What the task that keeps a socket is told.
enum Order {
    Ask(Box<Ask>),
    /// Whether somebody looks at the thread.
    Viewed(bool),
    /// The way has changed: an answer that is under way comes to its end first.
    Retire,
    /// The thread is gone.
    Close,
}

/// A message to be sent.
struct Ask {
    way: Way,
    text: String,
    reply: oneshot::Sender<Result<Answer, TransportError>>,
}

/// The WebSockets of all threads. Cheap to clone.
#[derive(Clone)]
pub struct Sockets(Arc<Pool>);

struct Pool {
    pace: SocketPace,
    tasks: TaskTracker,
    closing: CancellationToken,
    known: Mutex<HashMap<ThreadId, Known>>,
}

/// What is known of a thread. Nothing, once nobody looks at it and it has no socket.
#[derive(Default)]
struct Known {
    viewers: usize,
    connection: Option<ConnectionId>,
    /// Whoever keeps its socket.
    keeper: Option<mpsc::UnboundedSender<Order>>,
}

impl Sockets {
    /// None yet. Their tasks are among `tasks`, and all are closed by `closing`.
    pub fn new(pace: SocketPace, tasks: TaskTracker, closing: CancellationToken) -> Self {
        Self(Arc::new(Pool { pace, tasks, closing, known: Mutex::default() }))
    }

    /// Others of the same kind, which share nothing with these: for a test of a connection. Each is closed after its answer.
    pub fn apart(&self) -> Self {
        let Pool { pace, tasks, closing, .. } = &*self.0;
        Self::new(SocketPace { linger: Duration::ZERO, ..*pace }, tasks.clone(), closing.clone())
    }

    /// Sends a message over a thread's socket, which is opened if it is not open, or not there any more. Dropped before it
    /// is through, nothing is sent, or the socket is closed.
    ///
    /// # Errors
    ///
    /// What kept the message from being sent: the server cannot have read it.
    pub async fn ask(&self, way: Way, text: String) -> Result<Answer, TransportError> {
        let (reply, answered) = oneshot::channel();
        {
            let mut all = self.0.lock();
            let known = all.entry(way.thread.clone()).or_default();
            known.connection = Some(way.connection.id.clone());
            if known.keeper.as_ref().is_none_or(mpsc::UnboundedSender::is_closed) {
                let (keeper, orders) = mpsc::unbounded_channel();
                let task = Keeper::new(self.0.clone(), way.thread.clone(), orders, known.viewers > 0);
                self.0.tasks.spawn(task.run());
                known.keeper = Some(keeper);
            }
            known.tell(Order::Ask(Box::new(Ask { way, text, reply })));
        }
        let ending = || TransportError::Cut { started: false, detail: "Kittiwake was being closed".to_owned() };
        answered.await.map_err(|_| ending())?
    }

    /// Somebody looks at a thread, until the value is dropped.
    pub fn view(&self, thread: &ThreadId) -> Viewing {
        let mut all = self.0.lock();
        let known = all.entry(thread.clone()).or_default();
        known.viewers += 1;
        if known.viewers == 1 {
            known.tell(Order::Viewed(true));
        }
        Viewing { pool: self.0.clone(), thread: thread.clone() }
    }

    /// A thread is gone, and its socket with it.
    pub fn close(&self, thread: &ThreadId) {
        if let Some(known) = self.0.lock().get(thread) {
            known.tell(Order::Close);
        }
    }

    /// A connection is another one now, or gone: its sockets are closed, after the answers that are under way.
    pub fn retire(&self, connection: &ConnectionId) {
        let all = self.0.lock();
        let own = all.values().filter(|known| known.connection.as_ref() == Some(connection));
        own.for_each(|known| known.tell(Order::Retire));
    }

    /// How many threads something is known of.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.0.lock().len()
    }
}

impl Pool {
    fn lock(&self) -> MutexGuard<'_, HashMap<ThreadId, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the task that keeps a thread's socket may end: there is nothing more for it to do. Another one begins with the
    /// next message.
    fn ends(&self, thread: &ThreadId, orders: &mpsc::UnboundedReceiver<Order>) -> bool {
        let mut all = self.lock();
        if !orders.is_empty() && !self.closing.is_cancelled() {
            return false;
        }
        if let Some(known) = all.get_mut(thread) {
            known.keeper = None;
            if known.viewers == 0 {
                all.remove(thread);
            }
        }
        true
    }
}

impl Known {
    fn tell(&self, order: Order) {
        if let Some(keeper) = &self.keeper {
            // Who is not there any more has no socket either.
            let _ = keeper.send(order);
        }
    }
}

/// Somebody looks at a thread.
pub struct Viewing {
    pool: Arc<Pool>,
    thread: ThreadId,
}

impl Drop for Viewing {
    fn drop(&mut self) {
        let mut all = self.pool.lock();
        let Some(known) = all.get_mut(&self.thread) else { return };
        known.viewers = known.viewers.saturating_sub(1);
        if known.viewers > 0 {
            return;
        }
        known.tell(Order::Viewed(false));
        if known.keeper.is_none() {
            all.remove(&self.thread);
        }
    }
}

impl std::fmt::Debug for Viewing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Viewing").field("thread", &self.thread).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

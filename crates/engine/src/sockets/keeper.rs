//! One thread's WebSocket. A single task owns it and does one thing after another, so that there are never two.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use model::ThreadId;
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until},
};
use transport::{Limits, Socket, TransportError, Unreachable};

use super::{
    Answer, Ask, Order, Pool, Way,
    backoff::{passes, wait},
};

/// How many messages may wait for a turn before the socket is read no further.
const AHEAD: usize = 64;
/// How long an attempt may take that nobody waits for. A message that is to be sent meanwhile waits for its end.
const ATTEMPT: Duration = Duration::from_secs(5);
/// How long a socket has to be open so that the waits begin anew if it is lost.
const CALM: Duration = Duration::from_secs(60);

/// Keeps the socket of one thread.
pub struct Keeper {
    pool: Arc<Pool>,
    thread: ThreadId,
    orders: mpsc::UnboundedReceiver<Order>,
    /// Messages that came while an answer was under way.
    queue: VecDeque<Box<Ask>>,
    /// Whether somebody looks at the thread.
    viewed: bool,
    /// The way to a socket that was lost.
    lost: Option<Way>,
    /// How many tries were in vain since it was lost.
    failed: u32,
    /// Messages that answer nothing.
    strays: u64,
}

/// A socket, and how it came about.
struct Open {
    way: Way,
    socket: Socket,
    since: Instant,
}

/// What is to be done next.
enum Next {
    Ask(Box<Ask>),
    /// The socket was lost.
    Lost,
    /// One that was lost is opened again.
    Reopen,
    /// Nothing keeps it here.
    End,
}

impl Keeper {
    /// The keeper of a thread without a socket.
    pub fn new(pool: Arc<Pool>, thread: ThreadId, orders: mpsc::UnboundedReceiver<Order>, viewed: bool) -> Self {
        Self { pool, thread, orders, queue: VecDeque::new(), viewed, lost: None, failed: 0, strays: 0 }
    }

    /// Does what it is told until there is nothing more to do.
    pub async fn run(mut self) {
        let mut open: Option<Open> = None;
        loop {
            let next = match &mut open {
                Some(open) => self.rest(open).await,
                None => self.wait().await,
            };
            open = match (next, open) {
                (Next::Ask(ask), open) => self.ask(open, ask).await,
                (Next::Reopen, open) => self.reopen(open).await,
                (Next::Lost, open) => {
                    self.lose(open);
                    None
                }
                (Next::End, open) => {
                    self.part(open).await;
                    if self.pool.ends(&self.thread, &self.orders) {
                        return;
                    }
                    None
                }
            };
        }
    }

    /// With a socket that nothing is asked over.
    async fn rest(&mut self, open: &mut Open) -> Next {
        let mut alone = (!self.viewed).then(Instant::now);
        loop {
            if let Some(ask) = self.queue.pop_front() {
                return Next::Ask(ask);
            }
            let until = alone.unwrap_or_else(Instant::now) + self.pool.pace.linger;
            tokio::select! {
                biased;
                () = self.pool.closing.cancelled() => return Next::End,
                order = self.orders.recv() => {
                    if let Some(next) = self.told(order) {
                        return next;
                    }
                    alone = if self.viewed { None } else { alone.or_else(|| Some(Instant::now())) };
                }
                () = sleep_until(until), if alone.is_some() => return Next::End,
                message = open.socket.next() => match message {
                    Ok(_) => self.strays += 1,
                    Err(error) => {
                        self.log(&error);
                        return Next::Lost;
                    }
                }
            }
        }
    }

    /// Without a socket.
    async fn wait(&mut self) -> Next {
        let due = Instant::now() + wait(&self.pool.pace, self.failed, rand::random());
        loop {
            if let Some(ask) = self.queue.pop_front() {
                return Next::Ask(ask);
            }
            let again = self.viewed && self.lost.is_some();
            tokio::select! {
                biased;
                () = self.pool.closing.cancelled() => return Next::End,
                order = self.orders.recv() => {
                    if let Some(next) = self.told(order) {
                        return next;
                    }
                }
                () = sleep_until(due), if again => return Next::Reopen,
                () = std::future::ready(()), if !again => return Next::End,
            }
        }
    }

    /// Takes an order while no answer is under way.
    fn told(&mut self, order: Option<Order>) -> Option<Next> {
        match order {
            Some(Order::Ask(ask)) => return Some(Next::Ask(ask)),
            Some(Order::Viewed(viewed)) => self.viewed = viewed,
            Some(Order::Retire | Order::Close) | None => {
                self.lost = None;
                return Some(Next::End);
            }
        }
        None
    }

    /// The socket broke, or the server closed it.
    fn lose(&mut self, open: Option<Open>) {
        if let Some(Open { way, since, .. }) = open {
            self.failed = if since.elapsed() >= CALM { 0 } else { self.failed.saturating_add(1) };
            self.lost = Some(way);
        }
    }

    /// Opens one that was lost, unless a message does so before.
    async fn reopen(&mut self, open: Option<Open>) -> Option<Open> {
        let Some(way) = self.lost.take() else { return open };
        let limits = Limits { first_byte: way.limits.first_byte.min(ATTEMPT), ..way.limits.clone() };
        let opened = tokio::select! {
            biased;
            () = self.pool.closing.cancelled() => return None,
            opened = way.open(&limits, self.pool.pace.pulse) => opened,
        };
        match opened {
            Ok(socket) => Some(Open { way, socket, since: Instant::now() }),
            Err(error) => {
                self.failed = self.failed.saturating_add(1);
                self.lost = passes(&error).then_some(way);
                None
            }
        }
    }

    /// Takes leave of the server.
    async fn part(&mut self, open: Option<Open>) {
        if let Some(Open { socket, since, .. }) = open {
            socket.close().await;
            let (thread, strays) = (&self.thread, std::mem::take(&mut self.strays));
            tracing::info!(%thread, strays, s = since.elapsed().as_secs(), "a WebSocket was closed");
        }
    }

    fn log(&mut self, error: &TransportError) {
        let (thread, strays) = (&self.thread, std::mem::take(&mut self.strays));
        let code = match error {
            TransportError::Closed { code, .. } => *code,
            _ => None,
        };
        tracing::info!(%thread, strays, code, "a WebSocket was lost");
    }

    /// Sends a message and hands the answer on. Gives the socket back if it can be used again.
    async fn ask(&mut self, open: Option<Open>, ask: Box<Ask>) -> Option<Open> {
        let Ask { way, text, mut reply } = *ask;
        self.lost = None;
        let proven = self.proven(open, &way).await;
        let limits = way.limits.clone();
        let opened = match proven {
            Some(open) => Ok(Open { way, ..open }),
            None => tokio::select! {
                biased;
                // Who does not wait any more does not want it to be sent.
                () = reply.closed() => return None,
                () = self.pool.closing.cancelled() => return None,
                opened = way.open(&limits, self.pool.pace.pulse) => {
                    opened.map(|socket| Open { way, socket, since: Instant::now() })
                }
            },
        };
        let mut open = match opened {
            Ok(open) if reply.is_closed() => return Some(open),
            Ok(open) => open,
            Err(error) => {
                let _ = reply.send(Err(error));
                return None;
            }
        };
        if let Err(error) = open.socket.send(text, &limits).await {
            self.log(&error);
            let _ = reply.send(Err(unwritten(&open.way, error)));
            return None;
        }
        let (sender, messages) = mpsc::channel(AHEAD);
        let is_whole = Arc::new(AtomicBool::new(false));
        let answer = Answer { messages, is_whole: is_whole.clone() };
        if reply.send(Ok(answer)).is_err() {
            self.part(Some(open)).await;
            return None;
        }
        self.answer(open, sender, &is_whole).await
    }

    /// The socket that is there, if it is the right one and the server is still at its other end. Whatever is left of an
    /// answer before is passed over by asking.
    async fn proven(&mut self, open: Option<Open>, way: &Way) -> Option<Open> {
        let mut open = open?;
        if !open.way.leads_to(way) {
            self.part(Some(open)).await;
            return None;
        }
        match open.socket.greet().await {
            Ok(strays) => {
                self.strays += strays;
                Some(open)
            }
            Err(error) => {
                self.log(&error);
                None
            }
        }
    }

    /// While an answer is under way.
    async fn answer(
        &mut self,
        mut open: Open,
        sender: mpsc::Sender<Result<String, TransportError>>,
        is_whole: &AtomicBool,
    ) -> Option<Open> {
        let mut stays = true;
        loop {
            tokio::select! {
                biased;
                () = sender.closed() => break,
                () = self.pool.closing.cancelled() => break,
                order = self.orders.recv() => match order {
                    Some(Order::Ask(ask)) => self.queue.push_back(ask),
                    Some(Order::Viewed(viewed)) => self.viewed = viewed,
                    Some(Order::Retire) => stays = false,
                    Some(Order::Close) | None => break,
                },
                message = open.socket.next() => match message {
                    // Who does not take it any more is noticed above.
                    Ok(text) => drop(sender.send(Ok(text)).await),
                    Err(error) => {
                        self.log(&error);
                        let _ = sender.send(Err(error)).await;
                        self.lose(Some(open).filter(|_| stays));
                        return None;
                    }
                }
            }
        }
        if stays && is_whole.load(Ordering::Acquire) {
            self.failed = 0;
            open.socket.rest();
            return Some(open);
        }
        self.part(Some(open)).await;
        None
    }
}

/// A message that was not written whole was not read: as far as the server knows, nobody has called.
fn unwritten(way: &Way, error: TransportError) -> TransportError {
    match error {
        TransportError::Cut { detail, .. } => {
            let origin = way.request.url.origin().ascii_serialization();
            TransportError::Unreachable { why: Unreachable::Reset, origin, detail }
        }
        TransportError::Closed { .. } => unwritten(way, TransportError::Cut { started: false, detail: error.detail() }),
        other => other,
    }
}

//! The body of an answer, watched by its time limits.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use tokio::time::{Instant, Sleep, sleep_until, timeout};

use crate::{cause::chain, error::TransportError, limits::Limits};

/// Pieces as they come from a socket, or from a test.
type Pieces = Pin<Box<dyn Stream<Item = Result<Bytes, String>> + Send + Sync>>;

/// How much of a body that nobody asked for is kept for the message.
const SNIPPET: usize = 8 * 1024;
/// How long to wait for it.
const SNIPPET_TIME: Duration = Duration::from_secs(5);

/// When to give up.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
    began: Instant,
    limits: Limits,
}

impl Clock {
    /// Starts now.
    pub(crate) fn start(limits: &Limits) -> Self {
        Self { began: Instant::now(), limits: limits.clone() }
    }

    /// When waiting ends for something that was last heard of at `last`, or never; and what to say then.
    pub(crate) fn deadline(&self, last: Option<Instant>) -> (Instant, TransportError) {
        let Limits { first_byte, idle, .. } = self.limits;
        let (limited, error) = match last {
            None => {
                (after(self.began, first_byte), TransportError::FirstByteTimeout { limit: first_byte, begun: false })
            }
            Some(last) => (after(last, idle), TransportError::IdleTimeout { limit: idle }),
        };
        match self.limits.total {
            Some(total) if after(self.began, total) < limited => {
                (after(self.began, total), TransportError::TotalTimeout { limit: total })
            }
            _ => (limited, error),
        }
    }
}

/// A time that far ahead; a limit too large to be a time is none.
fn after(instant: Instant, limit: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    instant + limit.min(YEAR)
}

/// A body. Its errors are final.
pub(crate) struct Body {
    pieces: Pieces,
    clock: Clock,
    /// When the latest piece came; `None` before the first.
    last: Option<Instant>,
    timer: Pin<Box<Sleep>>,
    /// Whether a piece came since the timer was set. Setting it for every piece would cost more than reading one.
    stale: bool,
}

impl Body {
    /// The body of an answer.
    pub(crate) fn of(response: reqwest::Response, clock: Clock) -> Self {
        let pieces = response.bytes_stream().map(|piece| piece.map_err(|error| chain(&error.without_url())));
        Self::new(Box::pin(pieces), clock)
    }

    /// A body that comes from no socket.
    pub(crate) fn of_pieces(
        pieces: impl Stream<Item = io::Result<Bytes>> + Send + Sync + 'static,
        clock: Clock,
    ) -> Self {
        Self::new(Box::pin(pieces.map(|piece| piece.map_err(|error| chain(&error)))), clock)
    }

    fn new(pieces: Pieces, clock: Clock) -> Self {
        let timer = Box::pin(sleep_until(clock.deadline(None).0));
        Self { pieces, clock, last: None, timer, stale: false }
    }

    /// The next piece that holds anything: an empty one is no sign of life.
    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, String>>> {
        loop {
            match ready!(self.pieces.as_mut().poll_next(cx)) {
                Some(Ok(piece)) if piece.is_empty() => {}
                next => return Poll::Ready(next),
            }
        }
    }

    /// All of it, up to a size.
    pub(crate) async fn collect(mut self, limit: usize) -> Result<Bytes, TransportError> {
        let mut all = BytesMut::new();
        while let Some(piece) = self.next().await {
            let piece = piece?;
            if all.len() + piece.len() > limit {
                return Err(TransportError::TooLarge { limit });
            }
            all.extend_from_slice(&piece);
        }
        Ok(all.freeze())
    }

    /// The beginning of it as text, for a message: without control characters, and never an error.
    pub(crate) async fn snippet(mut self) -> String {
        let mut start = Vec::new();
        // Whatever has come when the time is over is enough.
        let _ = timeout(SNIPPET_TIME, async {
            while start.len() < SNIPPET
                && let Some(Ok(piece)) = self.next().await
            {
                start.extend_from_slice(&piece[..piece.len().min(SNIPPET - start.len())]);
            }
        })
        .await;
        let printable = |char: char| if char.is_control() && !matches!(char, '\n' | '\t') { ' ' } else { char };
        String::from_utf8_lossy(&start).chars().map(printable).collect()
    }
}

impl Stream for Body {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.poll_piece(cx) {
            Poll::Ready(Some(Ok(piece))) => {
                self.last = Some(Instant::now());
                self.stale = true;
                return Poll::Ready(Some(Ok(piece)));
            }
            Poll::Ready(Some(Err(detail))) => {
                return Poll::Ready(Some(Err(TransportError::Cut { started: self.last.is_some(), detail })));
            }
            Poll::Ready(None) => return Poll::Ready(None),
            Poll::Pending => {}
        }
        let (deadline, error) = self.clock.deadline(self.last);
        if self.stale {
            self.stale = false;
            self.timer.as_mut().reset(deadline);
        }
        ready!(self.timer.as_mut().poll(cx));
        // Where there is a body, there was a head.
        Poll::Ready(Some(Err(match error {
            TransportError::FirstByteTimeout { limit, .. } => TransportError::FirstByteTimeout { limit, begun: true },
            error => error,
        })))
    }
}

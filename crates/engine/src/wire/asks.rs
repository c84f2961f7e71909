//! What a host can ask of the record.

use std::time::Duration;

use model::{ConnectionId, Failure, FailureCode, RemoteThreadId, ThreadId};
use tokio::time::{sleep, timeout};

use super::{
    Wire,
    book::{Book, Exchange},
    curl, trace,
};
use crate::{
    engine::Engine,
    view::{ExchangeDetail, Recording, WireHit, WireNews, WireText},
};

/// How long changes are gathered before they are told.
const GATHERED: Duration = Duration::from_millis(100);
/// How long somebody waits who asks for news when there are none.
const PATIENCE: Duration = Duration::from_secs(20);
/// The most frames in one answer.
const FRAMES: usize = 400;
/// The most places that a search finds.
const HITS: usize = 1000;

/// Whose exchanges somebody looks at.
struct Scope {
    thread: ThreadId,
    connections: Vec<ConnectionId>,
    remotes: Vec<(ConnectionId, RemoteThreadId)>,
}

impl Scope {
    /// A conversation's own, and those of its connections that belong to no other.
    fn has(&self, exchange: &Exchange) -> bool {
        let label = &exchange.label;
        let connection = &label.connection.id;
        match (&label.thread, &label.remote) {
            (Some(thread), _) => *thread == self.thread,
            (None, Some(remote)) => self.remotes.iter().any(|(of, known)| of == connection && known == remote),
            (None, None) => self.connections.contains(connection),
        }
    }
}

impl Engine {
    /// Records what goes over the wire from now on, or not. What is recorded stays until it is cleared.
    pub fn record_wire(&self, recording: Recording) {
        self.shared.wire.set(recording);
    }

    /// Whether that is so.
    pub fn wire_recording(&self) -> Recording {
        if self.shared.wire.is_on() { Recording::On } else { Recording::Off }
    }

    /// Forgets what was recorded.
    pub fn clear_wire(&self) {
        self.shared.wire.change(Book::clear);
    }

    /// What came since a revision, for a conversation and what its connections do beside it, or for everything; from the
    /// beginning with 0. Waits for a while where there is nothing after a later one, and answers nothing then. Few messages, however much
    /// comes: what comes meanwhile is in the next one.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] for a conversation that is not here.
    pub async fn wire_news(&self, thread: Option<&ThreadId>, after: u64) -> Result<WireNews, Failure> {
        let wire = &self.shared.wire;
        if after > 0 {
            let mut news = wire.news.subscribe();
            let has_news = timeout(PATIENCE, news.wait_for(|revision| *revision > after)).await.is_ok();
            if has_news {
                sleep(GATHERED).await;
            }
        }
        let scope = self.scope(thread).await?;
        Ok(news(&wire.book(), scope.as_ref(), after))
    }

    /// The headers of an exchange, and what was sent.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if it was let go.
    pub fn wire_exchange(&self, id: u64) -> Result<ExchangeDetail, Failure> {
        let wire = &self.shared.wire;
        with(wire, id, |exchange| ExchangeDetail {
            request_headers: exchange.headers.iter().map(|header| header.shown(&wire.redactor)).collect(),
            request: clean(wire, &exchange.request),
            answer_headers: exchange.answer_headers.iter().map(|header| header.shown(&wire.redactor)).collect(),
        })
    }

    /// The text of a frame.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if it was let go.
    pub fn wire_frame(&self, id: u64, index: u64) -> Result<WireText, Failure> {
        let wire = &self.shared.wire;
        let at = usize::try_from(index).unwrap_or(usize::MAX);
        with(wire, id, |exchange| exchange.frames.get(at).map(|frame| clean(wire, &frame.text)))?.ok_or_else(gone)
    }

    /// The request as a command that sends it again, with variables in the place of secrets.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if it was let go.
    pub fn wire_curl(&self, id: u64) -> Result<String, Failure> {
        let wire = &self.shared.wire;
        with(wire, id, |exchange| curl::command(exchange, &wire.redactor))
    }

    /// Where a text stands in what was sent and received. Upper and lower case are the same.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] for a conversation that is not here.
    pub async fn wire_find(&self, thread: Option<&ThreadId>, text: &str) -> Result<Vec<WireHit>, Failure> {
        let (scope, text) = (self.scope(thread).await?, text.to_lowercase());
        let book = self.shared.wire.book();
        let exchanges = book.exchanges().filter(|exchange| in_scope(scope.as_ref(), exchange));
        let hits = exchanges.flat_map(|exchange| found(exchange, &text)).take(HITS);
        Ok(hits.collect())
    }

    /// One exchange, or all of a conversation and what its connections did beside it, or everything, as a trace that the
    /// tests of recorded answers read.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] for a conversation that is not here, or an exchange that was let go.
    pub async fn wire_trace(&self, thread: Option<&ThreadId>, only: Option<u64>) -> Result<String, Failure> {
        let wire = &self.shared.wire;
        if let Some(id) = only {
            return with(wire, id, |exchange| trace::file(std::iter::once(exchange), &wire.redactor));
        }
        let scope = self.scope(thread).await?;
        let book = wire.book();
        let exchanges = book.exchanges().filter(|exchange| in_scope(scope.as_ref(), exchange));
        Ok(trace::file(exchanges, &wire.redactor))
    }

    async fn scope(&self, thread: Option<&ThreadId>) -> Result<Option<Scope>, Failure> {
        let Some(thread) = thread else { return Ok(None) };
        let live = self.live(thread).await?;
        let mut scope = live.with(|inner| {
            let own = inner.thread.connection.clone();
            let named = inner.thread.remote.clone().map(|remote| (own.clone(), remote));
            let legs = inner.routed.legs.all.iter().map(|leg| (leg.connection.clone(), leg.remote.clone()));
            let remotes: Vec<_> = named.into_iter().chain(legs).collect();
            let connections: Vec<_> = remotes.iter().map(|(connection, _)| connection.clone()).chain([own]).collect();
            Scope { thread: thread.clone(), connections, remotes }
        });
        // A route has connections of which only their requests tell.
        let book = self.shared.wire.book();
        let own = book.exchanges().filter(|exchange| exchange.label.thread.as_ref() == Some(thread));
        scope.connections.extend(own.map(|exchange| exchange.label.connection.id.clone()));
        scope.connections.sort_unstable();
        scope.connections.dedup();
        Ok(Some(scope))
    }
}

fn in_scope(scope: Option<&Scope>, exchange: &Exchange) -> bool {
    scope.is_none_or(|scope| scope.has(exchange))
}

fn with<T>(wire: &Wire, id: u64, read: impl FnOnce(&Exchange) -> T) -> Result<T, Failure> {
    wire.book().exchange(id).map(read).ok_or_else(gone)
}

fn gone() -> Failure {
    Failure::new(FailureCode::Unknown, "That request is no longer here: older ones make room for newer ones.")
}

/// Secrets may have become known since.
fn clean(wire: &Wire, text: &WireText) -> WireText {
    WireText { text: wire.redactor.clean(&text.text).into_owned(), left_out: text.left_out }
}

fn news(book: &Book, scope: Option<&Scope>, after: u64) -> WireNews {
    let of_scope: Vec<_> = book.exchanges().filter(|exchange| in_scope(scope, exchange)).collect();
    let changed: Vec<_> = of_scope.iter().filter(|exchange| exchange.revision > after).collect();
    let mut frames: Vec<_> = changed
        .iter()
        .flat_map(|exchange| {
            let first = exchange.frames.partition_point(|frame| frame.revision <= after);
            let frames = exchange.frames.iter().enumerate().skip(first);
            frames.map(|(index, frame)| (frame.revision, exchange.id, index, frame))
        })
        .collect();
    frames.sort_unstable_by_key(|(revision, ..)| *revision);
    let more = frames.len() > FRAMES;
    frames.truncate(FRAMES);
    let revision = if more { frames.last().map_or(after, |(revision, ..)| *revision) } else { book.revision() };
    WireNews {
        revision,
        kept: of_scope.iter().map(|exchange| exchange.id).collect(),
        dropped: book.dropped(),
        exchanges: changed.iter().map(|exchange| exchange.view()).collect(),
        frames: frames.into_iter().map(|(_, exchange, index, frame)| frame.view(exchange, index)).collect(),
        more,
    }
}

fn found(exchange: &Exchange, text: &str) -> Vec<WireHit> {
    let has = |place: &str| place.to_lowercase().contains(text);
    let request = has(&exchange.request.text) || has(&exchange.address);
    let hit = |index| WireHit { exchange: exchange.id, index };
    let frames = exchange.frames.iter().enumerate().filter(|(_, frame)| has(&frame.text.text));
    let frames = frames.map(|(index, _)| hit(Some(index as u64)));
    request.then(|| hit(None)).into_iter().chain(frames).take(HITS).collect()
}

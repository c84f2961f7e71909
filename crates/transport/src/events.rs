//! Server-Sent Events: framing by eventsource-client, over a body that is ours.

use std::{
    fmt,
    future::Future,
    io,
    pin::Pin,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use eventsource_client::{BoxStream, Client, ClientBuilder, Error, ReconnectOptions, SSE};
use futures_util::{Stream, StreamExt};
use launchdarkly_sdk_transport::{
    ByteStream, HttpTransport, Request, Response, ResponseFuture, TransportError as Carried,
};
use reqwest::header::HeaderMap;

use crate::{
    body::{Body, Clock},
    cause::chain,
    error::TransportError,
    limits::Limits,
    loose::Loose,
    repair::{EventSize, Utf8Repair},
    watch::{Seen, Watcher},
};

/// How a server keeps to the format of such a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// By the standard.
    Standard,
    /// It may write texts as they are: see [`Loose`].
    Loose,
}

type Frames = BoxStream<eventsource_client::Result<SSE>>;

/// One event of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The `event:` field, or `message` where there is none.
    pub event: String,
    /// The `data:` fields, joined by newlines.
    pub data: String,
}

/// The events of one answer. Dropping it closes the connection.
pub struct EventStream {
    /// `None` once the body has ended or broken.
    frames: Option<Frames>,
    repaired: Arc<AtomicU64>,
    headers: HeaderMap,
    watch: Watcher,
}

impl EventStream {
    /// A header of the answer, if it can be read; by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The next event; `None` when the body has ended as it should. An error is the last thing that comes. An event that
    /// was not finished when the body broke is not given; one whose blank line is missing at a proper end is.
    ///
    /// May be dropped and called again without losing an event.
    pub async fn next(&mut self) -> Option<Result<Frame, TransportError>> {
        loop {
            let result = self.frames.as_mut()?.next().await;
            let error = match result {
                Some(Ok(SSE::Event(event))) => {
                    let frame = Frame { event: event.event_type, data: event.data };
                    if let Some(watch) = &self.watch {
                        // The parser says 0 until a server says anything.
                        let id = event.id.as_deref().filter(|id| *id != "0");
                        watch.see(Seen::Event { frame: &frame, id });
                    }
                    return Some(Ok(frame));
                }
                Some(Ok(SSE::Comment(words))) => {
                    if let Some(watch) = &self.watch {
                        watch.see(Seen::Comment(&words));
                    }
                    continue;
                }
                Some(Ok(SSE::Connected(_))) => continue,
                None | Some(Err(Error::Eof)) => None,
                Some(Err(error)) => Some(Err(uncarried(error))),
            };
            self.frames = None;
            if let Some(watch) = self.watch.take() {
                watch.see(Seen::Over(error.as_ref().and_then(|error| error.as_ref().err())));
            }
            return error;
        }
    }

    /// How many byte sequences so far were not UTF-8. Each was replaced by U+FFFD; the server is at fault.
    pub fn repaired(&self) -> u64 {
        self.repaired.load(Ordering::Relaxed)
    }

    /// The same, while somebody looks on.
    pub(crate) fn seen_by(self, watch: Watcher) -> Self {
        Self { watch, ..self }
    }

    /// Waits for the head of an answer. What `answer` gives in place of a body has been checked already.
    pub(crate) async fn open(
        origin: &str,
        answer: impl Future<Output = Result<(HeaderMap, Body), TransportError>> + Send + 'static,
        framing: Framing,
        limits: &Limits,
    ) -> Result<Self, TransportError> {
        let head = Arc::new(OnceLock::new());
        let seen = head.clone();
        let answer = async move {
            let (headers, body) = answer.await?;
            // There is one answer.
            let _ = seen.set(headers);
            Ok(body)
        };
        let repaired = Arc::new(AtomicU64::new(0));
        let prepared = prepared(answer, framing, limits.event_bytes, repaired.clone());
        let mut frames = framed(origin, prepared).map_err(uncarried)?;
        match frames.next().await {
            Some(Err(error)) => Err(uncarried(error)),
            // The first thing that comes is that there is a connection.
            Some(Ok(_)) | None => Ok(Self {
                frames: Some(frames),
                repaired,
                headers: head.get().cloned().unwrap_or_default(),
                watch: None,
            }),
        }
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream").field("open", &self.frames.is_some()).field("repaired", &self.repaired).finish()
    }
}

/// Cuts a body into events as [`Http::events`](crate::Http::events) does, without a socket. An error among the pieces is
/// a body that breaks off. The time limits hold here as well, so this wants a runtime of tokio around it.
pub fn decode(pieces: impl Stream<Item = io::Result<Bytes>> + Send + Sync + 'static, limits: &Limits) -> EventStream {
    decode_as(pieces, Framing::Standard, limits)
}

/// The same as [`Http::either`](crate::Http::either) does it.
pub fn decode_loosely(
    pieces: impl Stream<Item = io::Result<Bytes>> + Send + Sync + 'static,
    limits: &Limits,
) -> EventStream {
    decode_as(pieces, Framing::Loose, limits)
}

fn decode_as(
    pieces: impl Stream<Item = io::Result<Bytes>> + Send + Sync + 'static,
    framing: Framing,
    limits: &Limits,
) -> EventStream {
    let repaired = Arc::new(AtomicU64::new(0));
    let body = Body::of_pieces(pieces, Clock::start(limits));
    let prepared = prepared(std::future::ready(Ok(body)), framing, limits.event_bytes, repaired.clone());
    // The address is written here, and good.
    EventStream { frames: framed("http://localhost/", prepared).ok(), repaired, headers: HeaderMap::new(), watch: None }
}

/// The parser over an answer. It is told where from, and never goes there by itself.
fn framed(origin: &str, answer: ResponseFuture) -> eventsource_client::Result<Frames> {
    let client = ClientBuilder::for_url(origin)?
        .redirect_limit(0)
        .reconnect(ReconnectOptions::reconnect(false).retry_initial(false).build())
        .build_with_transport(Once(Arc::new(Mutex::new(Some(answer)))));
    Ok(client.stream())
}

/// A transport that sends the one request it was made for, whatever it is asked, and no second one. So that no redirect
/// and no reconnection can repeat a request, and that the token never passes through the parser's code.
#[derive(Clone)]
struct Once(Arc<Mutex<Option<ResponseFuture>>>);

impl HttpTransport for Once {
    fn request(&self, _: Request<Option<Bytes>>) -> ResponseFuture {
        let prepared = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        prepared.unwrap_or_else(|| {
            let error = TransportError::BadAddress { reason: "a request is sent once".to_owned() };
            Box::pin(std::future::ready(Err(Carried::new(error))))
        })
    }
}

fn prepared(
    answer: impl Future<Output = Result<Body, TransportError>> + Send + 'static,
    framing: Framing,
    event_bytes: usize,
    repaired: Arc<AtomicU64>,
) -> ResponseFuture {
    let answer = async move {
        let body: ByteStream = Box::pin(Prepared {
            body: answer.await.map_err(Carried::new)?,
            stage: Stage::Preface,
            repair: Utf8Repair::default(),
            loose: (framing == Framing::Loose).then(Loose::default),
            size: EventSize::default(),
            event_bytes,
            repaired,
        });
        Ok(Response::new(body))
    };
    Box::pin(Unshared(Mutex::new(Box::pin(answer))))
}

/// A future that may be sent but not shared, in a place that wants both: polling takes it exclusively anyway.
struct Unshared<T>(Mutex<Pin<Box<dyn Future<Output = T> + Send>>>);

impl<T> Future for Unshared<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner).as_mut().poll(cx)
    }
}

/// A body as the parser wants it.
struct Prepared {
    body: Body,
    stage: Stage,
    repair: Utf8Repair,
    loose: Option<Loose>,
    size: EventSize,
    event_bytes: usize,
    repaired: Arc<AtomicU64>,
}

enum Stage {
    /// Nothing was given yet.
    Preface,
    /// In the body.
    Body,
    /// The body has ended; what was open is being closed.
    End,
    /// Nothing more will come.
    Over,
}

impl Prepared {
    /// The parser takes a block in which it knows no field for an error that ends the stream, but not when an event id
    /// was given before. Ids mean nothing to us.
    const PREFACE: Bytes = Bytes::from_static(b"id: 0\n\n");
    /// Ends an event whose blank line never came; adds none otherwise.
    const CLOSE: Bytes = Bytes::from_static(b"\n\n");

    fn repaired(&mut self, (piece, count): (Bytes, u64)) -> Bytes {
        if count > 0 {
            self.repaired.fetch_add(count, Ordering::Relaxed);
        }
        match &mut self.loose {
            Some(loose) => loose.push(&piece),
            None => piece,
        }
    }
}

impl Stream for Prepared {
    type Item = Result<Bytes, Carried>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let piece = match self.stage {
                Stage::Preface => {
                    self.stage = Stage::Body;
                    Self::PREFACE
                }
                Stage::Body => match ready!(Pin::new(&mut self.body).poll_next(cx)) {
                    Some(Ok(piece)) => {
                        let limit = self.event_bytes;
                        if self.size.push(&piece) > limit {
                            self.stage = Stage::Over;
                            return Poll::Ready(Some(Err(Carried::new(TransportError::TooLarge { limit }))));
                        }
                        let repaired = self.repair.push(piece);
                        self.repaired(repaired)
                    }
                    Some(Err(error)) => {
                        self.stage = Stage::Over;
                        return Poll::Ready(Some(Err(Carried::new(error))));
                    }
                    None => {
                        self.stage = Stage::End;
                        let rest = self.repair.finish();
                        let rest = self.repaired(rest);
                        match &mut self.loose {
                            Some(loose) => [rest, loose.finish()].concat().into(),
                            None => rest,
                        }
                    }
                },
                Stage::End => {
                    self.stage = Stage::Over;
                    Self::CLOSE
                }
                Stage::Over => return Poll::Ready(None),
            };
            if !piece.is_empty() {
                return Poll::Ready(Some(Ok(piece)));
            }
        }
    }
}

/// Our own error, out of the parser's.
fn uncarried(error: Error) -> TransportError {
    if let Error::Transport(carried) = &error
        && let Some(ours) = carried.inner().downcast_ref::<TransportError>()
    {
        return ours.clone();
    }
    TransportError::Cut { started: true, detail: chain(&error) }
}

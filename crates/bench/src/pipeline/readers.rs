//! One stream, read by Kittiwake's engine and by others, in turns.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use adapters::adapter;
use bytes::Bytes;
use engine::{
    Engine, EngineConfig,
    view::{ConnectionDraft, SendRequest, ThreadMessage, ThreadOp, TurnOutcome},
};
use eventsource_stream::Eventsource;
use futures_util::{Stream, StreamExt};
use model::Kind;
use sse_stream::SseStream;
use transport::{Http, Limits, Request};
use url::Url;

use super::load::{CHATKIT, EVENTS, Load, Server, Writes};
use crate::{
    Error,
    row::{Row, Target, Unit},
};

/// The heading.
const TOPIC: &str = "Core: socket to batches";

/// How often each reader reads the stream; its best time counts, for what disturbs only ever adds.
const ROUNDS: usize = 5;

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// Bytes that nobody looks at: what HTTP over loopback costs.
    Raw,
    /// The parser that Kittiwake uses, and nothing else.
    Framing,
    /// A peer's parser, and Kittiwake's decoding.
    SseStream,
    /// Another peer's parser, and Kittiwake's decoding.
    EventsourceStream,
    /// Kittiwake's parser and decoding.
    Decoding,
    /// The engine: decoded, reduced, kept on disk, drawn as Markdown, sent in batches.
    Engine,
}

const READERS: [Reader; 6] =
    [Reader::Raw, Reader::Framing, Reader::SseStream, Reader::EventsourceStream, Reader::Decoding, Reader::Engine];

/// The rows.
///
/// # Errors
///
/// If a reader does not get all events.
pub async fn rows() -> Result<Vec<Row>, Error> {
    let load = Load::new();
    let mut rows = Vec::new();
    for writes in [Writes::Events, Writes::Pieces] {
        let url = format!("{}/chatkit", Server::start(load.writes(writes), CHATKIT)?.url);
        let mut best = READERS.map(|_| f64::INFINITY);
        for _ in 0..ROUNDS {
            for (reader, best) in READERS.iter().zip(&mut best) {
                *best = best.min(read(*reader, &url).await?.as_secs_f64());
            }
        }
        let [raw, framing, sse_stream, eventsource_stream, decoding, engine] =
            best.map(|seconds| EVENTS as f64 / seconds);
        let row = |what: &str, speed: f64| {
            Row::new(TOPIC, format!("{what}, {}", writes.name()), speed, Unit::EventsPerSecond)
        };
        let whole = row("engine, all of it", engine);
        rows.push(match writes {
            Writes::Events => whole.peer("raw bytes, dropped", raw, Target::AtLeast(0.5)),
            Writes::Pieces => whole.peer("eventsource-client, framing alone", framing, Target::AtLeast(0.5)),
        });
        rows.push(row("framing and decoding", decoding).beside("sse-stream, same decoding", sse_stream));
        rows.push(
            row("framing and decoding", decoding).beside("eventsource-stream, same decoding", eventsource_stream),
        );
        rows.push(row("framing alone", framing).beside("raw bytes, dropped", raw));
    }
    Ok(rows)
}

/// How long a reader takes for the whole stream, from the request to the end.
async fn read(reader: Reader, url: &str) -> Result<Duration, Error> {
    if reader == Reader::Engine {
        return engine(url).await;
    }
    let start = Instant::now();
    let events = match reader {
        Reader::Raw => {
            let mut bytes = body(url).await?;
            let mut length = 0;
            while let Some(piece) = bytes.next().await {
                length += piece?.len();
            }
            // The stream is larger than this; nothing was parsed that could be counted.
            length / 150
        }
        Reader::Framing | Reader::Decoding => {
            let mut mapper = (reader == Reader::Decoding).then(|| adapter(Kind::Chatkit).mapper());
            let request = Request::post(Url::parse(url)?, BODY).header("content-type", "application/json");
            let mut events = Http::new("bench")?.events(request, &Limits::default()).await?;
            let mut count = 0;
            while let Some(frame) = events.next().await {
                let frame = frame?;
                count += mapper.as_mut().map_or(1, |mapper| mapper.on_frame(&frame.event, &frame.data).len());
            }
            count
        }
        Reader::SseStream => {
            let mut mapper = adapter(Kind::Chatkit).mapper();
            let mut events = SseStream::from_bytes_stream(body(url).await?);
            let mut count = 0;
            while let Some(event) = events.next().await {
                count += mapper.on_frame("message", &event?.data.unwrap_or_default()).len();
            }
            count
        }
        Reader::EventsourceStream => {
            let mut mapper = adapter(Kind::Chatkit).mapper();
            let mut events = body(url).await?.eventsource();
            let mut count = 0;
            while let Some(event) = events.next().await {
                let event = event.map_err(|error| error.to_string())?;
                count += mapper.on_frame(&event.event, &event.data).len();
            }
            count
        }
        Reader::Engine => 0,
    };
    let took = start.elapsed();
    if events < EVENTS {
        return Err(format!("{reader:?} saw {events} events of {EVENTS}").into());
    }
    Ok(took)
}

/// What is sent to the server.
const BODY: &str = r#"{"type":"threads.create","params":{"input":{"content":[]}}}"#;

async fn body(url: &str) -> Result<impl Stream<Item = reqwest::Result<Bytes>> + Unpin, Error> {
    let request = reqwest::Client::builder().no_proxy().build()?.post(url);
    let answer = request.header("content-type", "application/json").body(BODY).send().await?;
    Ok(Box::pin(answer.bytes_stream()))
}

/// The time from a message that is sent to the turn's end, everything that a window would get being taken.
async fn engine(url: &str) -> Result<Duration, Error> {
    answered(ConnectionDraft::server("Bench", url)).await
}

/// The same, with whatever answers at the other end of a connection.
pub async fn answered(draft: ConnectionDraft) -> Result<Duration, Error> {
    let dir = tempfile::tempdir()?;
    let (engine, request) = connected_by(draft, dir.path().to_owned()).await?;
    let start = Instant::now();
    let thread = engine.send(request).await.map_err(failed)?;
    let mut subscription = engine.subscribe_thread(&thread).await.map_err(failed)?;
    let took = loop {
        let message = subscription.next().await.ok_or("the subscription ended before the turn")?;
        let outcome = match message {
            ThreadMessage::Snapshot { turn, .. } => turn.outcome,
            ThreadMessage::Batch { ops } => ops.into_iter().rev().find_map(|op| match op {
                ThreadOp::Turn { turn } => turn.outcome,
                _ => None,
            }),
        };
        match outcome {
            None => {}
            Some(TurnOutcome::Done) => break start.elapsed(),
            Some(other) => return Err(format!("the turn ended otherwise: {other:?}").into()),
        }
    };
    engine.close().await;
    Ok(took)
}

/// An engine with a connection to a ChatKit server, and a first message for it.
pub async fn connected(url: &str, dir: std::path::PathBuf) -> Result<(Engine, SendRequest), Error> {
    connected_by(ConnectionDraft::server("Bench", url), dir).await
}

async fn connected_by(draft: ConnectionDraft, dir: std::path::PathBuf) -> Result<(Engine, SendRequest), Error> {
    let secrets = Arc::new(secrets::Memory::default());
    let engine = Engine::open(EngineConfig { secrets, ..EngineConfig::new(dir) }).await.map_err(failed)?;
    let connection = engine.add_connection(draft).await.map_err(failed)?.id;
    Ok((engine, SendRequest { connection, thread: None, text: "how do kittiwakes live?".to_owned(), model: None }))
}

/// A failure as an error.
pub fn failed(failure: model::Failure) -> Error {
    format!("{} {}", failure.message, failure.detail.unwrap_or_default()).into()
}

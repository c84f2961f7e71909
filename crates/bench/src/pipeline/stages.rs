//! What each stage of the engine takes of an event, in memory.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use adapters::adapter;
use bytes::Bytes;
use engine::ThreadState;
use futures_util::stream;
use history::{Change, History};
use model::{
    ConnectionId, Extra, Item, ItemBody, ItemStage, Kind, StoredItem, TextPart, Thread, ThreadEvent, ThreadId,
    ThreadStatus,
};
use transport::{Limits, decode};

use super::load::{EVENTS, ITEM, Load, Writes, deltas};
use crate::{
    Error,
    row::{Row, Unit},
};

/// The heading.
const TOPIC: &str = "Core: stages, in memory";

const ROUNDS: usize = 5;

/// How many deltas of a fast stream arrive between two batches: 8 ms at 12,500 a second.
const BATCH: usize = 100;

/// The rows.
///
/// # Errors
///
/// If a stage fails.
pub async fn rows() -> Result<Vec<Row>, Error> {
    let load = Load::new();
    let pieces: Vec<Bytes> = load.writes(Writes::Pieces).into_iter().map(Bytes::from).collect();
    let mut best = [Duration::MAX; 5];
    for _ in 0..ROUNDS {
        let (framing, frames) = framing(&pieces).await?;
        let (decoding, events) = decoding(&frames);
        let reducing = reducing(events);
        let each = markdown(&deltas());
        let batches: Vec<String> = deltas().chunks(BATCH).map(<[String]>::concat).collect();
        let batched = markdown(&batches);
        for (best, took) in best.iter_mut().zip([framing, decoding, reducing, batched, each]) {
            *best = took.min(*best);
        }
    }
    let names = [
        "framing, 16 KiB pieces".to_owned(),
        "decoding".to_owned(),
        "reducing".to_owned(),
        format!("Markdown, {BATCH} deltas at once, as in a fast stream"),
        "Markdown, each delta alone, as in a slow stream".to_owned(),
    ];
    let mut rows: Vec<Row> = names
        .into_iter()
        .zip(best)
        .map(|(name, took)| Row::new(TOPIC, name, per_event(took), Unit::NanosecondsPerEvent))
        .collect();
    for kilobytes in [5, 50, 400] {
        let what = format!("persisting: one write of an answer of {kilobytes} KB");
        let took = persisting(kilobytes * 1_000)?.as_secs_f64() * 1e3;
        rows.push(Row::new(TOPIC, what, took, Unit::Milliseconds));
    }
    Ok(rows)
}

fn per_event(took: Duration) -> f64 {
    took.as_secs_f64() * 1e9 / EVENTS as f64
}

async fn framing(pieces: &[Bytes]) -> Result<(Duration, Vec<transport::Frame>), Error> {
    let body = stream::iter(pieces.iter().cloned().map(Ok).collect::<Vec<_>>());
    let mut frames = Vec::with_capacity(EVENTS + 8);
    let start = Instant::now();
    let mut events = decode(body, &Limits::default());
    while let Some(frame) = events.next().await {
        frames.push(frame?);
    }
    Ok((start.elapsed(), frames))
}

fn decoding(frames: &[transport::Frame]) -> (Duration, Vec<ThreadEvent>) {
    let mut events = Vec::with_capacity(frames.len());
    let start = Instant::now();
    let mut mapper = adapter(Kind::Chatkit).mapper();
    for frame in frames {
        events.extend(mapper.on_frame(&frame.event, &frame.data));
    }
    (start.elapsed(), events)
}

fn reducing(events: Vec<ThreadEvent>) -> Duration {
    let mut state = ThreadState::new(Vec::new());
    let start = Instant::now();
    for event in events {
        black_box(state.apply(event));
    }
    start.elapsed()
}

fn markdown(deltas: &[String]) -> Duration {
    let mut stream = markdown::Stream::new();
    let start = Instant::now();
    for delta in deltas {
        black_box(stream.push(delta));
    }
    black_box(stream.finish());
    start.elapsed()
}

/// The median time of a write into a history on disk, of an answer that is that long by now.
fn persisting(bytes: usize) -> Result<Duration, Error> {
    let dir = tempfile::tempdir()?;
    let mut history = History::open(&dir.path().join("history.sqlite"))?.history;
    let id = ThreadId::from("bench");
    let thread = Thread {
        id: id.clone(),
        connection: ConnectionId::from("bench"),
        remote: None,
        title: None,
        status: ThreadStatus::Active,
        created_at: 1,
        updated_at: 1,
    };
    history.apply(&id, [Change::PutThread(thread)])?;
    let text = deltas().concat();
    let mut took = Vec::new();
    for round in 0..15 {
        // As in life: each time a little longer than before.
        let content = vec![TextPart { text: text[..bytes - 15 + round].to_owned(), annotations: Vec::new() }];
        let body = ItemBody::AssistantMessage { content };
        let item = Item { id: ITEM.into(), created_at: None, body, extra: Extra::new() };
        let change = Change::PutItem { rank: 1, item: StoredItem { item, stage: ItemStage::Streaming } };
        let start = Instant::now();
        history.apply(&id, [change])?;
        took.push(start.elapsed());
    }
    took.sort_unstable();
    Ok(took[took.len() / 2])
}

//! How long the core keeps a token: from the write on the socket to the message for the window.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use acceptance::gated::{Exchange, Gated, added, delta, opening};
use engine::view::{ThreadMessage, ThreadOp};
use markdown::{Node, Patch};
use tokio::time::{MissedTickBehavior, interval};

use super::readers::{connected, failed};
use crate::{
    Error,
    row::{Row, Target, Unit},
    sample::Sample,
};

/// The heading.
const TOPIC: &str = "Core: delay of a token";

/// What a fast stream is gathered for, 8 ms, and the tick of the timer, and the core's own share: milliseconds.
const GATHERED: f64 = 10.0;

/// The rows.
///
/// # Errors
///
/// If a token never comes.
pub async fn rows() -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for (rate, tokens) in [(50, 250), (500, 2_000), (2_000, 8_000)] {
        let sample = delays(rate, tokens).await?;
        for (name, share) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
            let what = format!("{name} at {rate} tokens/s");
            let row = Row::new(TOPIC, what, sample.quantile(share), Unit::Milliseconds);
            // A slow stream is never gathered; a fast one is.
            let limit = if rate == 50 { 1.0 } else { GATHERED };
            rows.push(if name == "p95" { row.limit(Target::AtMost(limit)) } else { row });
        }
    }
    Ok(rows)
}

async fn delays(rate: u32, tokens: u32) -> Result<Sample, Error> {
    let dir = tempfile::tempdir()?;
    let mut server = Gated::start().await;
    let (engine, request) = connected(server.url(), dir.path().to_owned()).await?;
    let thread = engine.send(request).await.map_err(failed)?;
    let mut subscription = engine.subscribe_thread(&thread).await.map_err(failed)?;
    let exchange = server.next().await;
    let writing = tokio::spawn(write(exchange, rate, tokens));
    let mut seen: HashMap<u32, Instant> = HashMap::new();
    while seen.len() < tokens as usize {
        let message = tokio::time::timeout(Duration::from_secs(20), subscription.next()).await?;
        let now = Instant::now();
        for number in numbers(&message.ok_or("the subscription ended")?) {
            seen.entry(number).or_insert(now);
        }
    }
    let (exchange, written) = writing.await?;
    let delays = written.iter().filter_map(|(number, at)| Some(seen.get(number)?.duration_since(*at)));
    let sample = Sample::of(delays.map(|delay| delay.as_secs_f64() * 1e3));
    exchange.end().await;
    engine.close().await;
    Ok(sample)
}

/// Writes the tokens at their times, and says when each one was on its way. Each is a paragraph of its own, so that it
/// can be told from its neighbours however they are gathered.
async fn write(mut exchange: Exchange, rate: u32, tokens: u32) -> (Exchange, Vec<(u32, Instant)>) {
    exchange.begin_with(opening("how do kittiwakes live?")).await;
    exchange.event(added("msg_2")).await;
    let mut ticks = interval(Duration::from_secs(1) / rate);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut written = Vec::new();
    for number in 0..tokens {
        ticks.tick().await;
        written.push((number, Instant::now()));
        exchange.event(delta("msg_2", &format!("{number}\n\n"))).await;
    }
    (exchange, written)
}

/// The numbers whose text is new in a message.
fn numbers(message: &ThreadMessage) -> Vec<u32> {
    let ThreadMessage::Batch { ops } = message else { return Vec::new() };
    let patches = ops.iter().filter_map(|op| match op {
        ThreadOp::Patch { patches, .. } => Some(patches),
        _ => None,
    });
    let texts = patches.flatten().filter_map(|patch| match patch {
        Patch::Open { node: Node::Text { text }, .. } => Some(text),
        _ => None,
    });
    texts.filter_map(|text| text.trim().parse().ok()).collect()
}

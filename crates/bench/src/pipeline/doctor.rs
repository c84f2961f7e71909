//! The test of a connection, against servers whose answer to a hello does not end: it has to hear enough, and let go.

use std::time::{Duration, Instant};

use engine::{
    Engine, EngineConfig,
    view::{CheckVerdict, CheckView},
};

use super::{
    load::Server,
    streams::{PIECE, STREAMS, Stream},
};
use crate::{
    Error,
    row::{Row, Target, Unit},
};

/// The heading.
const TOPIC: &str = "The doctor: all steps of a test, whose hello is answered with 100,000 events";

/// How often each connection is tested; the best counts.
const ROUNDS: usize = 5;

/// How long a person may wait for the end of a test on loopback, in milliseconds.
const LIMIT: f64 = 500.0;

/// A row for each adapter's stream.
///
/// # Errors
///
/// If a test does not come to its end.
pub async fn rows(deltas: &[String]) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for stream in &STREAMS {
        let took = tested(stream, deltas, ROUNDS).await?.as_secs_f64() * 1e3;
        rows.push(Row::new(TOPIC, stream.name, took, Unit::Milliseconds).limit(Target::AtMost(LIMIT)));
    }
    Ok(rows)
}

/// The best time from the press to the verdict.
async fn tested(stream: &Stream, deltas: &[String], rounds: usize) -> Result<Duration, Error> {
    let events = (stream.events)(deltas);
    let server = Server::start(events.concat().chunks(PIECE).map(<[u8]>::to_vec).collect(), stream.manners)?;
    let dir = tempfile::tempdir()?;
    let config = EngineConfig { keep_history: false, ..EngineConfig::new(dir.path().to_owned()) };
    let engine = Engine::open(config).await.map_err(|failure| failure.message)?;
    let draft = (stream.draft)(&server.url);
    let connection = engine.add_connection(draft).await.map_err(|failure| failure.message)?.id;
    let mut best = Duration::MAX;
    for _ in 0..rounds {
        let start = Instant::now();
        let mut check = engine.test_connection(&connection).map_err(|failure| failure.message)?;
        let mut last = None;
        while let Some(view) = check.next().await {
            last = Some(view);
        }
        best = best.min(start.elapsed());
        came_to_its_end(stream.name, last.as_ref())?;
    }
    engine.close().await;
    Ok(best)
}

fn came_to_its_end(name: &str, view: Option<&CheckView>) -> Result<(), Error> {
    match view.map(|view| &view.verdict) {
        Some(CheckVerdict::Works) => Ok(()),
        other => Err(format!("the test of {name} ended with {other:?}").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::load::deltas;

    #[tokio::test]
    async fn every_connection_is_tested_to_its_end() {
        let few: Vec<String> = deltas().into_iter().take(1_000).collect();
        for stream in &STREAMS {
            assert!(tested(stream, &few, 1).await.unwrap() < Duration::MAX, "{}", stream.name);
        }
    }
}

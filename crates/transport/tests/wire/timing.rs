//! Time limits, on a clock that the test moves.

use std::{io, time::Duration};

use bytes::Bytes;
use futures_util::{Stream, stream};
use tokio::time::{Instant, sleep};
use transport::{Limits, TransportError, decode};

const SECOND: Duration = Duration::from_secs(1);

/// A body whose pieces come after so many seconds each, and that never ends.
fn body(pieces: &'static [(u32, &'static str)]) -> impl Stream<Item = io::Result<Bytes>> + Send + Sync {
    stream::unfold(pieces, |left| async move {
        let Some(((seconds, piece), left)) = left.split_first() else { return std::future::pending().await };
        sleep(SECOND * *seconds).await;
        Some((Ok(Bytes::from_static(piece.as_bytes())), left))
    })
}

fn limits(first_byte: u32, idle: u32, total: Option<u32>) -> Limits {
    let total = total.map(|total| SECOND * total);
    Limits { first_byte: SECOND * first_byte, idle: SECOND * idle, total, ..Limits::default() }
}

/// The events until the limit, the limit, and after how many seconds.
async fn run(pieces: &'static [(u32, &'static str)], limits: Limits) -> (usize, TransportError, u64) {
    let began = Instant::now();
    let mut stream = decode(body(pieces), &limits);
    let mut count = 0;
    loop {
        match stream.next().await.unwrap() {
            Ok(_) => count += 1,
            Err(error) => {
                assert!(stream.next().await.is_none());
                return (count, error, began.elapsed().as_secs());
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_first_byte() {
    let (count, error, after) = run(&[(11, "data: a\n\n")], limits(10, 100, None)).await;
    let silent = TransportError::FirstByteTimeout { limit: SECOND * 10, begun: true };
    assert_eq!((count, error, after), (0, silent, 10));
}

#[tokio::test(start_paused = true)]
async fn silence_after_the_first_byte() {
    let (count, error, after) = run(&[(9, "data: a\n\n"), (19, "data: b\n\n")], limits(10, 20, None)).await;
    assert_eq!((count, error, after), (2, TransportError::IdleTimeout { limit: SECOND * 20 }, 48));
}

#[tokio::test(start_paused = true)]
async fn any_byte_is_a_sign_of_life() {
    let pieces = &[(9, ": ping\n"), (19, "data"), (19, ": b"), (19, "\n\n")];
    let (count, error, after) = run(pieces, limits(10, 20, None)).await;
    assert_eq!((count, error, after), (1, TransportError::IdleTimeout { limit: SECOND * 20 }, 86));
}

#[tokio::test(start_paused = true)]
async fn too_long_altogether() {
    let pieces = &[(9, "data: a\n\n"), (9, "data: b\n\n"), (9, "data: c\n\n")];
    let (count, error, after) = run(pieces, limits(10, 10, Some(25))).await;
    assert_eq!((count, error, after), (2, TransportError::TotalTimeout { limit: SECOND * 25 }, 25));
}

#[tokio::test(start_paused = true)]
async fn no_limit_is_no_limit() {
    let pieces = &[(1_000_000, "data: a\n\n"), (1_000_000, "data: b\n\n")];
    let (count, error, _) =
        run(pieces, Limits { first_byte: Duration::MAX, idle: SECOND * 2_000_000, ..Limits::default() }).await;
    assert_eq!((count, error), (2, TransportError::IdleTimeout { limit: SECOND * 2_000_000 }));
}

//! Streams over a socket.

use std::time::Duration;

use transport::{EventStream, Frame, Http, Limits, TransportError};

use crate::server::{END, EVENTS, Exchange, Server, chunk, http, patient};

/// A stream whose head has arrived, and the other end of it.
async fn open(limits: &Limits) -> (EventStream, Exchange) {
    open_with(&http(), limits).await
}

async fn open_with(http: &Http, limits: &Limits) -> (EventStream, Exchange) {
    let server = Server::start().await;
    let (stream, exchange) = tokio::join!(http.events(server.post(), limits), async {
        let mut exchange = server.next().await;
        exchange.write(EVENTS).await;
        exchange
    });
    (stream.unwrap(), exchange)
}

fn frame(data: &str) -> Frame {
    Frame { event: "message".into(), data: data.into() }
}

/// All events, and the error at the end if there was one.
async fn all(stream: &mut EventStream) -> (Vec<Frame>, Option<TransportError>) {
    let mut frames = Vec::new();
    while let Some(next) = stream.next().await {
        match next {
            Ok(frame) => frames.push(frame),
            Err(error) => {
                assert!(stream.next().await.is_none(), "an error is the last thing");
                return (frames, Some(error));
            }
        }
    }
    (frames, None)
}

#[tokio::test]
async fn each_event_comes_when_it_is_written() {
    let (mut stream, mut exchange) = open(&patient()).await;
    for data in ["one", "two", "three"] {
        exchange.chunk(format!("data: {data}\n\n")).await;
        assert_eq!(stream.next().await, Some(Ok(frame(data))));
    }
    exchange.write(END).await;
    assert_eq!(stream.next().await, None);
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn dropping_the_stream_is_seen_by_the_server() {
    let (mut stream, mut exchange) = open(&patient()).await;
    exchange.chunk("data: one\n\n").await;
    assert_eq!(stream.next().await, Some(Ok(frame("one"))));
    drop(stream);
    exchange.gone().await;
}

#[tokio::test]
async fn dropping_the_request_is_seen_by_the_server() {
    let server = Server::start().await;
    let (http, limits) = (http(), patient());
    let mut exchange = tokio::select! {
        _ = http.events(server.post(), &limits) => unreachable!("nobody has answered"),
        exchange = server.next() => exchange,
    };
    exchange.gone().await;
}

#[tokio::test]
async fn a_stream_that_stalls() {
    let limit = Duration::from_millis(60);
    let (mut stream, mut exchange) = open(&Limits { idle: limit, ..patient() }).await;
    exchange.chunk("data: one\n\n").await;
    assert_eq!(stream.next().await, Some(Ok(frame("one"))));
    assert_eq!(stream.next().await, Some(Err(TransportError::IdleTimeout { limit })));
    assert_eq!(stream.next().await, None);
    exchange.gone().await;
}

#[tokio::test]
async fn a_stream_that_ends_without_the_end_of_its_chunks() {
    for reset in [false, true] {
        let (mut stream, mut exchange) = open(&patient()).await;
        exchange.chunk("data: one\n\ndata: half").await;
        assert_eq!(stream.next().await, Some(Ok(frame("one"))));
        if reset {
            exchange.reset()
        } else {
            exchange.close().await
        }
        let error = stream.next().await.unwrap().unwrap_err();
        assert!(matches!(error, TransportError::Cut { started: true, .. }), "{error:?}");
        assert_eq!(stream.next().await, None);
    }
}

#[tokio::test]
async fn a_stream_that_breaks_before_its_first_byte() {
    let (mut stream, exchange) = open(&patient()).await;
    exchange.close().await;
    let error = stream.next().await.unwrap().unwrap_err();
    assert!(matches!(error, TransportError::Cut { started: false, .. }), "{error:?}");
}

#[tokio::test]
async fn an_empty_stream_ends_without_an_error() {
    let (mut stream, mut exchange) = open(&patient()).await;
    exchange.write(END).await;
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn a_body_without_a_length_ends_with_the_connection() {
    let server = Server::start().await;
    let (http, limits) = (http(), patient());
    let (stream, ()) = tokio::join!(http.events(server.post(), &limits), async {
        let mut exchange = server.next().await;
        exchange.write("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: one\n\ndata: two").await;
        exchange.close().await;
    });
    assert_eq!(all(&mut stream.unwrap()).await, (vec![frame("one"), frame("two")], None));
}

#[tokio::test]
async fn a_large_event_and_one_that_is_too_large() {
    let limits = Limits { event_bytes: 1 << 21, ..patient() };
    let (mut stream, mut exchange) = open(&limits).await;
    let large = "x".repeat(1 << 20);
    let writing = tokio::spawn(async move {
        exchange.chunk(format!("data: {large}\n\n")).await;
        let line = chunk("y".repeat(1 << 16));
        for _ in 0..1000 {
            if !exchange.try_write(&line).await {
                return;
            }
        }
        panic!("the other side never hung up");
    });
    let data = stream.next().await.unwrap().unwrap().data;
    assert!(data.len() == 1 << 20 && data.bytes().all(|byte| byte == b'x'));
    assert_eq!(stream.next().await, Some(Err(TransportError::TooLarge { limit: 1 << 21 })));
    assert_eq!(stream.next().await, None);
    writing.await.unwrap();
}

#[tokio::test]
async fn a_recorded_stream_cut_at_every_byte() {
    let body = concat!(
        ": hello\r\n\r\ndata: {\"type\":\"stream_options\"}\r\n\r\n",
        "event: message\nid: 7\ndata: {\"delta\":\"smörgås 🐦\"}\n\n",
        "data: a\ndata: b\n\n",
    );
    let whole = [frame("{\"type\":\"stream_options\"}"), frame("{\"delta\":\"smörgås 🐦\"}"), frame("a\nb")];
    let (http, limits) = (http(), patient());
    for at in 0..=body.len() {
        let bytes = &body.as_bytes()[..at];
        for clean in [true, false] {
            let (mut stream, mut exchange) = open_with(&http, &limits).await;
            if !bytes.is_empty() {
                exchange.chunk(bytes).await;
            }
            if clean {
                exchange.write(END).await
            } else {
                exchange.close().await
            }
            let (frames, error) = all(&mut stream).await;
            let context = format!("cut at {at}, clean: {clean}: {frames:?} {error:?}");
            assert_eq!(error.is_none(), clean, "{context}");
            if let Some(error) = error {
                assert!(matches!(error, TransportError::Cut { started, .. } if started == (at > 0)), "{context}");
                assert!(whole.starts_with(&frames), "{context}");
            } else {
                // The last event may have been cut, but it is there.
                let (last, rest) = frames.split_last().map_or((None, [].as_slice()), |(last, rest)| (Some(last), rest));
                assert!(whole.starts_with(rest), "{context}");
                let begun = last.is_none_or(|last| {
                    let end = last.data.trim_end_matches('\u{fffd}');
                    whole[rest.len()].data.starts_with(end)
                });
                assert!(begun, "{context}");
            }
        }
    }
}

#[tokio::test]
async fn a_compressed_stream() {
    // `data: one\n\ndata: two\n\n`, by gzip.
    let body: &[u8] = include_bytes!("events.gz");
    let server = Server::start().await;
    let (http, limits) = (http(), patient());
    let (stream, ()) = tokio::join!(http.events(server.post(), &limits), async {
        let mut exchange = server.next().await;
        let head = EVENTS.replace("\r\n\r\n", "\r\ncontent-encoding: gzip\r\n\r\n");
        exchange.write(head).await;
        for byte in body {
            exchange.chunk([*byte]).await;
        }
        exchange.write(END).await;
    });
    assert_eq!(all(&mut stream.unwrap()).await, (vec![frame("one"), frame("two")], None));
}

//! How many connections it takes.

use transport::{Http, Limits, TransportError};

use crate::server::{END, EVENTS, Server, http, patient};

/// The event of a stream that is then read to its end.
async fn heard(http: &Http, server: &Server, limits: &Limits) -> String {
    let mut stream = http.events(server.post(), limits).await.unwrap();
    let frame = stream.next().await.unwrap().unwrap();
    assert_eq!(stream.next().await, None);
    frame.data
}

#[tokio::test]
async fn turns_one_after_another_take_one_connection_also_after_a_refusal() {
    let (server, http, limits) = (Server::start().await, http(), patient());
    let stream = |word: &str| format!("{EVENTS}{:x}\r\ndata: {word}\n\n\r\n{END}", word.len() + 8);
    let serving = async {
        let mut exchange = server.next().await;
        exchange.write(stream("one")).await;
        let refusal = "HTTP/1.1 429 Slow Down\r\nretry-after: 1\r\ncontent-length: 2\r\n\r\n{}";
        exchange.again().await.write(refusal).await;
        exchange.again().await.write(stream("two")).await;
        assert!(server.is_quiet().await, "nobody else has called");
        exchange
    };
    let asking = async {
        assert_eq!(heard(&http, &server, &limits).await, "one");
        let refused = http.events(server.post(), &limits).await.err();
        assert!(matches!(refused, Some(TransportError::Status { status: 429, .. })), "{refused:?}");
        assert_eq!(heard(&http, &server, &limits).await, "two");
    };
    let (mut exchange, ()) = tokio::join!(serving, asking);
    drop(http);
    exchange.gone().await;
}

#[tokio::test]
async fn a_stream_that_is_dropped_closes_its_connection_and_the_next_request_takes_another() {
    let (server, http, limits) = (Server::start().await, http(), patient());
    let (stream, mut exchange) = tokio::join!(http.events(server.post(), &limits), async {
        let mut exchange = server.next().await;
        exchange.write(EVENTS).await;
        exchange
    });
    drop(stream);
    exchange.gone().await;
    let word = format!("{EVENTS}d\r\ndata: after\n\n\r\n{END}");
    let (data, ()) = tokio::join!(heard(&http, &server, &limits), async { server.next().await.write(word).await });
    assert_eq!(data, "after");
}

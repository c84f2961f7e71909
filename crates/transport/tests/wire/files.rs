//! Public files.

use transport::{Limits, TransportError};

use crate::server::{Server, http, patient};

fn moved(to: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
}

fn found(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

/// What comes of a file whose server gives these answers, one to each request, and the heads of the requests.
async fn read(answers: &[String], limits: &Limits) -> (Result<Vec<u8>, TransportError>, Vec<String>) {
    let server = Server::start().await;
    let (http, url) = (http(), server.url());
    let (read, heads) = tokio::join!(http.file(&url, limits), async {
        let mut heads = Vec::new();
        for answer in answers {
            let mut exchange = server.next().await;
            exchange.write(answer).await;
            heads.push(exchange.head.clone());
            exchange.close().await;
        }
        heads
    });
    assert!(server.is_quiet().await, "one request too many");
    (read.map(|bytes| bytes.to_vec()), heads)
}

#[tokio::test]
async fn a_redirect_is_followed_with_nothing_in_hand() {
    let answers = [moved("/elsewhere?signed=1"), found("bytes")];
    let (read, heads) = read(&answers, &patient()).await;
    assert_eq!(read.unwrap(), b"bytes");
    assert!(heads[1].starts_with("get /elsewhere?signed=1 "), "{}", heads[1]);
    for name in ["authorization", "cookie", "referer", "content-length"] {
        assert!(!heads[1].contains(name), "{name} was sent: {}", heads[1]);
    }
}

#[tokio::test]
async fn a_redirect_off_this_machine_without_https_is_refused() {
    let (read, _) = read(&[moved("http://downloads.example/x")], &patient()).await;
    assert!(matches!(read, Err(TransportError::BadAddress { .. })), "{read:?}");
}

#[tokio::test]
async fn redirects_in_a_circle_end() {
    let answers = vec![moved("/again?token=1"); 6];
    let (read, _) = read(&answers, &patient()).await;
    let Err(TransportError::Redirected { location: Some(to), .. }) = read else { panic!("{read:?}") };
    assert!(to.ends_with("/again"), "without the query, which may be a secret: {to}");
}

#[tokio::test]
async fn a_redirect_to_nowhere_a_refusal_and_a_file_too_large() {
    let nowhere = "HTTP/1.1 302 Found\r\ncontent-length: 0\r\n\r\n".to_owned();
    assert!(matches!(read(&[nowhere], &patient()).await.0, Err(TransportError::Redirected { location: None, .. })));
    let missing = "HTTP/1.1 404 Not Found\r\ncontent-length: 4\r\n\r\nnone".to_owned();
    let (answer, _) = read(&[missing], &patient()).await;
    assert!(
        matches!(&answer, Err(TransportError::Status { status: 404, snippet, .. }) if snippet == "none"),
        "{answer:?}"
    );
    let small = Limits { body_bytes: 4, ..patient() };
    let (answer, _) = read(&[found("bytes")], &small).await;
    assert!(matches!(answer, Err(TransportError::TooLarge { limit: 4 })), "{answer:?}");
}

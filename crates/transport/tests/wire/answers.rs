//! Answers that are no stream, asked for or not.

use std::time::Duration;

use secrecy::SecretString;
use tokio::net::TcpListener;
use transport::{Either, Expected, Limits, Request, TransportError, Unreachable};

use crate::server::{END, EVENTS, Exchange, Server, http, patient, plain};

/// What a streaming request makes of an answer.
async fn refused(answer: &str) -> TransportError {
    let server = Server::start().await;
    let (http, limits) = (http(), patient());
    let (error, ()) = tokio::join!(http.events(server.post(), &limits), async {
        let mut exchange = server.next().await;
        exchange.write(answer).await;
        exchange.close().await;
    });
    assert!(server.is_quiet().await, "a request was repeated");
    error.unwrap_err()
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len())
}

#[tokio::test]
async fn a_page_instead_of_a_stream() {
    let error =
        refused(&answer("200 OK", "content-type: text/html; charset=utf-8\r\n", "<h1>Hello\u{1b}[2J</h1>")).await;
    let TransportError::ContentType { expected: Expected::Events, found, status: 200, snippet } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(found.as_deref(), Some("text/html"));
    assert_eq!(snippet, "<h1>Hello [2J</h1>", "without what could steer a terminal");
    assert!(error.detail().contains("Hello"));
}

#[tokio::test]
async fn json_instead_of_a_stream() {
    let error = refused(&answer("200 OK", "content-type: application/json\r\n", r#"{"error":"nope"}"#)).await;
    assert!(
        matches!(&error, TransportError::ContentType { snippet, .. } if snippet == r#"{"error":"nope"}"#),
        "{error:?}"
    );
}

#[tokio::test]
async fn nothing_instead_of_a_stream() {
    let error = refused("HTTP/1.1 204 No Content\r\n\r\n").await;
    assert!(matches!(&error, TransportError::ContentType { found: None, status: 204, .. }), "{error:?}");
    let error = refused("HTTP/1.1 204 No Content\r\ncontent-type: text/event-stream\r\n\r\n").await;
    assert!(matches!(&error, TransportError::ContentType { found: Some(_), status: 204, .. }), "{error:?}");
    let error = refused(&answer("200 OK", "", "data: {}\n\n")).await;
    assert!(matches!(&error, TransportError::ContentType { found: None, status: 200, .. }), "{error:?}");
}

#[tokio::test]
async fn only_the_beginning_of_a_long_page_is_kept() {
    let page = "a".repeat(100_000);
    let error = refused(&answer("500 Internal Server Error", "content-type: text/plain\r\n", &page)).await;
    assert!(
        matches!(&error, TransportError::Status { status: 500, snippet, .. } if snippet.len() == 8192),
        "{error:?}"
    );
}

#[tokio::test]
async fn refusals_keep_their_status() {
    for (line, status) in [("401 Unauthorized", 401), ("404 Not Found", 404), ("502 Bad Gateway", 502)] {
        let error = refused(&answer(line, "content-type: application/json\r\n", "{}")).await;
        let expected =
            TransportError::Status { status, retry_after: None, date: None, challenge: None, snippet: "{}".into() };
        assert_eq!(error, expected);
    }
}

#[tokio::test]
async fn a_refusal_may_say_when_to_come_back() {
    let error = refused(&answer("429 Too Many Requests", "retry-after: 7\r\n", "")).await;
    assert!(
        matches!(error, TransportError::Status { status: 429, retry_after: Some(after), .. } if after.as_secs() == 7)
    );
    let dates = "date: Sat, 21 Nov 2026 07:00:00 GMT\r\nretry-after: Sat, 21 Nov 2026 07:00:09 GMT\r\n";
    let error = refused(&answer("503 Service Unavailable", dates, "")).await;
    assert!(
        matches!(error, TransportError::Status { status: 503, retry_after: Some(after), .. } if after.as_secs() == 9)
    );
}

#[tokio::test]
async fn a_redirect_is_told_and_not_followed() {
    let elsewhere = Server::start().await;
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let to = elsewhere.url().to_string().replace("http://", "http://ann:secret@") + "?key=secret";
        let error = refused(&answer(status, &format!("location: {to}\r\n"), "")).await;
        let TransportError::Redirected { location: Some(location), .. } = &error else { panic!("{error:?}") };
        assert_eq!(location, elsewhere.url().as_str());
    }
    assert!(elsewhere.is_quiet().await, "the request went elsewhere");
}

#[tokio::test]
async fn a_post_is_not_sent_on_as_something_else() {
    for status in ["301 Moved Permanently", "302 Found", "303 See Other"] {
        let error = refused(&answer(status, "location: /other\r\n", "")).await;
        let here = |to: &String| to.ends_with("/other");
        assert!(matches!(&error, TransportError::Redirected { location: Some(to), .. } if here(to)), "{error:?}");
    }
}

#[tokio::test]
async fn within_one_server_a_request_goes_on_as_it_is_and_in_a_circle_it_ends() {
    let (server, http, limits) = (Server::start().await, http(), patient());
    let request = server.post().bearer(SecretString::from("sesame-1234".to_owned()));
    let (stream, ()) = tokio::join!(http.events(request, &limits), async {
        let mut exchange = server.next().await;
        exchange.write(answer("307 Temporary Redirect", "location: /chatkit/\r\nconnection: close\r\n", "")).await;
        exchange.close().await;
        let mut exchange = server.next().await;
        assert!(exchange.head.starts_with("post /chatkit/ http"), "{}", exchange.head);
        assert!(exchange.head.contains("authorization: bearer sesame-1234\r\n"), "{}", exchange.head);
        assert_eq!(exchange.body, br#"{"type":"x"}"#);
        exchange.write(EVENTS).await;
        exchange.write(END).await;
        exchange.close().await;
    });
    assert!(stream.is_ok(), "{:?}", stream.err());

    let (error, asked) = tokio::join!(http.events(server.post(), &limits), async {
        let mut asked = 0;
        while asked < 4 {
            let mut exchange = server.next().await;
            let to = format!("location: /{asked}\r\nconnection: close\r\n");
            exchange.write(answer("308 Permanent Redirect", &to, "")).await;
            exchange.close().await;
            asked += 1;
        }
        asked
    });
    assert!(matches!(error.unwrap_err(), TransportError::Redirected { status: 308, .. }));
    assert!(asked == 4 && server.is_quiet().await);
}

#[tokio::test]
async fn a_token_goes_out_once_and_what_comes_back_of_it_can_be_cleaned() {
    let server = Server::start().await;
    let (http, limits) = (http(), patient());
    let request = server.post().bearer(SecretString::from("sesame-1234".to_owned()));
    let (error, ()) = tokio::join!(http.events(request, &limits), async {
        let mut exchange = server.next().await;
        assert!(exchange.head.contains("authorization: bearer sesame-1234\r\n"), "{}", exchange.head);
        exchange.write(answer("401 Unauthorized", "", "your token sesame-1234 is wrong")).await;
        exchange.close().await;
    });
    let error = error.unwrap_err().cleaned(|text| text.replace("sesame-1234", "[hidden]"));
    assert!(error.detail().ends_with("your token [hidden] is wrong"), "{error:?}");
    for text in [format!("{error:?}"), error.to_string(), error.detail()] {
        assert!(!text.contains("sesame"), "{text}");
    }
}

async fn json(answer: &str, limits: &Limits) -> (Result<transport::JsonAnswer, TransportError>, Exchange) {
    let server = Server::start().await;
    let http = http();
    tokio::join!(http.json(server.post(), limits), async {
        let mut exchange = server.next().await;
        exchange.write(answer).await;
        exchange
    })
}

#[tokio::test]
async fn json_is_given_whole() {
    let (got, exchange) =
        json(&answer("200 OK", "content-type: application/json\r\nx-a: b\r\n", r#"{"a":1}"#), &patient()).await;
    let got = got.unwrap();
    assert_eq!((got.status, &*got.body, &got.headers["x-a"]), (200, br#"{"a":1}"#.as_slice(), &"b".parse().unwrap()));
    assert_eq!(exchange.body, br#"{"type":"x"}"#);
    assert!(exchange.head.starts_with("post /chatkit http/1.1\r\n"), "{}", exchange.head);
    assert!(exchange.head.contains("user-agent: kittiwake-test\r\n"), "{}", exchange.head);
    assert!(exchange.head.contains("accept-encoding: gzip"), "{}", exchange.head);
}

#[tokio::test]
async fn a_page_instead_of_json() {
    let (got, _) = json(&answer("200 OK", "content-type: text/html\r\n", "<p>"), &patient()).await;
    let error = got.unwrap_err();
    assert!(
        matches!(&error, TransportError::ContentType { expected: Expected::Json, snippet, .. } if snippet == "<p>"),
        "{error:?}"
    );
}

#[tokio::test]
async fn json_beyond_the_cap() {
    let limits = Limits { body_bytes: 10, ..patient() };
    let head = "content-type: application/json\r\n";
    assert!(json(&answer("200 OK", head, r#"{"a":1234}"#), &limits).await.0.is_ok());
    let error = json(&answer("200 OK", head, r#"{"a":12345}"#), &limits).await.0.unwrap_err();
    assert_eq!(error, TransportError::TooLarge { limit: 10 });
}

#[tokio::test]
async fn json_that_breaks_off() {
    let server = Server::start().await;
    let (http, limits) = (http(), patient());
    let (got, ()) = tokio::join!(http.json(server.post(), &limits), async {
        let mut exchange = server.next().await;
        exchange.write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{\"a\"").await;
        exchange.close().await;
    });
    let error = got.unwrap_err();
    assert!(matches!(error, TransportError::Cut { started: true, .. }), "{error:?}");
}

#[tokio::test]
async fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let url = format!("http://ann:secret@{address}/?key=secret").parse().unwrap();
    let error = http().events(Request::post(url, "{}"), &patient()).await.unwrap_err();
    let TransportError::Unreachable { why: Unreachable::Refused, origin, .. } = &error else { panic!("{error:?}") };
    assert_eq!(origin, &format!("http://{address}"));
    assert!(!format!("{error:?} {error}").contains("secret"), "{error:?}");
    assert!(!error.may_have_been_executed());
}

#[tokio::test]
async fn a_name_that_cannot_be_resolved() {
    // A label of more than 63 characters is refused by the resolver before it asks anybody.
    let url = format!("http://{}.example/", "a".repeat(70)).parse().unwrap();
    let error = plain().json(Request::get(url), &patient()).await.unwrap_err();
    assert!(matches!(error, TransportError::Unreachable { why: Unreachable::Dns, .. }), "{error:?}");
}

#[tokio::test]
async fn a_server_that_hangs_up_without_a_word() {
    for reset in [false, true] {
        let server = Server::start().await;
        let (http, limits) = (http(), patient());
        let (got, ()) = tokio::join!(http.events(server.post(), &limits), async {
            let exchange = server.next().await;
            if reset { exchange.reset() } else { exchange.close().await }
        });
        let error = got.unwrap_err();
        assert!(matches!(error, TransportError::Unreachable { why: Unreachable::Reset, .. }), "{error:?}");
        assert!(error.may_have_been_executed(), "the server had read the request");
        assert!(server.is_quiet().await, "the request was repeated");
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer() {
    let limit = Duration::from_millis(60);
    let limits = Limits { first_byte: limit, ..patient() };
    for head in [None, Some(crate::server::EVENTS)] {
        let server = Server::start().await;
        let http = http();
        let mut exchange = None;
        let got =
            tokio::join!(async { http.events(server.post(), &limits).await?.next().await.unwrap().map(drop) }, async {
                let mut new = server.next().await;
                new.write(head.unwrap_or_default()).await;
                exchange = Some(new);
            });
        assert_eq!(got.0, Err(TransportError::FirstByteTimeout { limit, begun: head.is_some() }));
        exchange.unwrap().gone().await;
    }
}

#[tokio::test]
async fn not_http_at_all() {
    let error = refused("SSH-2.0-OpenSSH_9.2\r\n").await;
    assert!(matches!(error, TransportError::Unreachable { why: Unreachable::Reset, .. }), "{error:?}");
    let server = Server::start().await;
    let url = server.url().to_string().replace("http", "https").parse().unwrap();
    let (http, limits) = (http(), patient());
    let asking = http.json(Request::get(url), &limits);
    let error = tokio::select! {
        got = asking => got.unwrap_err(),
        _ = async { server.greet_and_close().await; std::future::pending::<()>().await } => unreachable!(),
    };
    assert!(matches!(error, TransportError::Unreachable { why: Unreachable::Other, .. }), "{error:?}");
}

#[tokio::test]
async fn whatever_is_answered_can_be_read_without_being_followed() {
    let (http, limits) = (http(), Limits { body_bytes: 8, ..patient() });
    let asked = async |answer: String| {
        let server = Server::start().await;
        let (read, ()) = tokio::join!(http.any(server.post(), &limits), async {
            let mut exchange = server.next().await;
            exchange.write(&answer).await;
            exchange.close().await;
        });
        assert!(server.is_quiet().await, "a redirect was followed");
        read
    };
    let refused =
        asked(answer("429 Slow Down", "content-type: Text/Plain; x=1\r\nretry-after: 7\r\n", "no")).await.unwrap();
    assert_eq!((refused.status, &refused.body[..], refused.location.as_deref()), (429, &b"no"[..], None));
    assert_eq!(
        (refused.content_type().as_deref(), refused.retry_after),
        (Some("text/plain"), Some(Duration::from_secs(7)))
    );
    let moved = asked(answer("302 Found", "location: https://a:b@sso.example/in?code=1\r\n", "")).await.unwrap();
    assert_eq!((moved.status, moved.location.as_deref()), (302, Some("https://sso.example/in")));
    let large = asked(answer("200 OK", "", "123456789")).await.unwrap_err();
    assert_eq!(large, TransportError::TooLarge { limit: 8 });
}

/// What a request makes of an answer that may come in either form.
async fn either(answer: &str) -> Result<Either, TransportError> {
    let server = Server::start().await;
    let (http, limits) = (http(), patient());
    let (came, ()) = tokio::join!(http.either(server.post(), &limits), async {
        let mut exchange = server.next().await;
        exchange.write(answer).await;
        exchange.close().await;
    });
    assert!(server.is_quiet().await, "a request was repeated");
    came
}

#[tokio::test]
async fn an_answer_that_may_come_in_either_form() {
    for headers in ["content-type: application/json\r\n", "content-type: text/plain; charset=utf-8\r\n", ""] {
        let came = either(&answer("200 OK", headers, "\"Hello\"")).await.unwrap();
        let Either::Whole(whole) = came else { panic!("{headers}: {came:?}") };
        assert_eq!((whole.status, &whole.body[..]), (200, &b"\"Hello\""[..]));
    }
    let stream = answer("200 OK", "x-it: is\r\ncontent-type: text/event-stream\r\n", "data: One.\n\n\n\ndata: Two\n\n");
    let came = either(&stream).await.unwrap();
    assert_eq!(came.header("x-it"), Some("is"));
    let Either::Events(mut events) = came else { panic!("{came:?}") };
    let mut texts = Vec::new();
    while let Some(frame) = events.next().await {
        texts.push(frame.unwrap().data);
    }
    assert_eq!(texts, ["One.", "\n", "\n", "Two"], "line breaks are as the server wrote them");
}

#[tokio::test]
async fn an_answer_in_neither_form() {
    let page = either(&answer("200 OK", "content-type: text/html\r\n", "<p>")).await.unwrap_err();
    assert!(matches!(&page, TransportError::ContentType { expected: Expected::Either, .. }), "{page:?}");
    let refused = either(&answer("406 Not Acceptable", "", "no streams")).await.unwrap_err();
    assert!(matches!(&refused, TransportError::Status { status: 406, .. }), "{refused:?}");
}

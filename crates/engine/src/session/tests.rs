//! Sessions against a server that does as it is told.
mod fresh;

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use model::{Connection, EndpointSource, FailureCode, Gives, Kind, RefreshEndpoint, SessionMethod, SessionSource};
use secrecy::ExposeSecret;
use secrets::{ConnectionSecrets, Memory, SecretStore};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;
use crate::view::SessionPhase;

mod keychain;

/// A session endpoint: it gives the answers in turn, and notes what it was asked.
struct Endpoint {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<VecDeque<String>>>,
}

impl Endpoint {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (asked, answers) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(VecDeque::<String>::new())));
        let (noted, given) = (asked.clone(), answers.clone());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let request = read(&mut stream).await;
                noted.lock().unwrap().push(request);
                let answer = given.lock().unwrap().pop_front().unwrap_or_else(|| status("500 Out Of Answers"));
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        Self { url, asked, answers }
    }

    fn will(&self, answer: impl Into<String>) {
        self.answers.lock().unwrap().push_back(answer.into());
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn read(stream: &mut tokio::net::TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let count = stream.read(&mut chunk).await.unwrap_or(0);
        bytes.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            if count == 0 {
                return text;
            }
            continue;
        };
        let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if count == 0 || body.len() >= length.unwrap_or(0) {
            return text;
        }
    }
}

fn json(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn status(line: &str) -> String {
    format!("HTTP/1.1 {line}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}")
}

/// What the sessions of one connection are tried with.
struct Try {
    endpoint: Endpoint,
    secrets: Arc<Memory>,
    connection: Connection,
    sessions: Sessions,
}

impl Try {
    async fn new() -> Self {
        let endpoint = Endpoint::start().await;
        let source = EndpointSource {
            url: format!("{}/session", endpoint.url),
            method: SessionMethod::Post,
            headers: Vec::new(),
            body: Some(serde_json::json!({"user": "{{user}}", "device": "{{device}}"})),
            pointer: None,
            with_key: false,
            gives: Gives::Token,
            refresh: None,
            user: None,
        };
        let source = SessionSource::Endpoint(source);
        let url = "https://chat.example/chatkit";
        let connection = Connection::new("office".into(), "Office", Kind::Chatkit, url, source);
        let secrets = Arc::new(Memory::default());
        let sessions = begin(secrets.clone());
        Self { endpoint, secrets, connection, sessions }
    }

    fn source(&mut self) -> &mut EndpointSource {
        match &mut self.connection.session {
            SessionSource::Endpoint(source) => source,
            _ => unreachable!("it has an endpoint"),
        }
    }

    async fn secret(&self, asker: Asker) -> Result<String, Failure> {
        let ticket = self.sessions.ticket(&self.connection, asker).await?;
        Ok(ticket.bearer.unwrap().expose_secret().to_owned())
    }

    /// Waits until what runs beside has ended; then begins again, as after a restart.
    async fn restart(&mut self) {
        self.sessions.shared.tasks.close();
        self.sessions.shared.closing.cancel();
        self.sessions.shared.tasks.wait().await;
        self.sessions = begin(self.secrets.clone());
    }
}

fn begin(secrets: Arc<dyn SecretStore>) -> Sessions {
    Sessions::new(Means {
        http: Outbound::new(transport::Http::new("Kittiwake/test").unwrap(), Arc::default()),
        limits: Limits::default(),
        secrets,
        hub: Arc::new(Hub::default()),
        tasks: TaskTracker::new(),
        closing: CancellationToken::new(),
        device: Box::new(|| "kittiwake-7".to_owned()),
        variables: Variables::default(),
    })
}

#[tokio::test]
async fn a_hundred_requests_at_once_fetch_one_session() {
    let this = Try::new().await;
    this.endpoint.will(json(r#"{"client_secret": "ek_1", "expires_in": 600}"#));
    let wanting = (0..100).map(|_| this.secret(Asker::Person));
    let secrets = futures(wanting).await;
    assert!(secrets.iter().all(|secret| secret.as_deref() == Ok("ek_1")), "{secrets:?}");
    let asked = this.endpoint.asked();
    assert_eq!(asked.len(), 1);
    let body: serde_json::Value = serde_json::from_str(asked[0].split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!(body, serde_json::json!({"device": "kittiwake-7", "user": "kittiwake-7-office"}));
}

async fn futures<T>(all: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut done = Vec::new();
    let mut all: Vec<_> = all.map(Box::pin).collect();
    std::future::poll_fn(|context| {
        all.retain_mut(|one| match one.as_mut().poll(context) {
            std::task::Poll::Ready(value) => {
                done.push(value);
                false
            }
            std::task::Poll::Pending => true,
        });
        if all.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done
}

#[tokio::test]
async fn a_session_survives_a_restart_and_is_bound_to_its_server() {
    let mut this = Try::new().await;
    this.endpoint.will(json(r#"{"client_secret": "ek_1", "expires_in": 600, "user_id": "u7"}"#));
    assert_eq!(this.secret(Asker::Program).await.unwrap(), "ek_1");
    this.restart().await;
    assert_eq!(this.secret(Asker::Program).await.unwrap(), "ek_1");
    let view = this.sessions.session(&this.connection.id, Part::Session).with(|inner| inner.view());
    assert_eq!((view.phase, view.fields), (SessionPhase::Live, vec![("user_id".to_owned(), "u7".to_owned())]));
    assert_eq!(this.endpoint.asked().len(), 1);
    // Another server does not get it.
    this.restart().await;
    this.connection.url = "https://other.example/chatkit".to_owned();
    this.endpoint.will(json(r#"{"client_secret": "ek_2"}"#));
    assert_eq!(this.secret(Asker::Program).await.unwrap(), "ek_2");
}

#[tokio::test]
async fn a_session_that_is_refused_is_replaced_once_for_all_who_had_it() {
    let mut this = Try::new().await;
    this.endpoint.will(json(r#"{"token": "ek_1"}"#));
    this.endpoint.will(json(r#"{"token": "ek_2"}"#));
    let old = this.sessions.ticket(&this.connection, Asker::Program).await.unwrap();
    for _ in 0..2 {
        let new = this.sessions.after_refusal(&this.connection, &old).await.unwrap().unwrap();
        assert_eq!(new.bearer.unwrap().expose_secret(), "ek_2");
    }
    assert_eq!(this.endpoint.asked().len(), 2);
    // The refused one is not what a restart begins with.
    this.restart().await;
    assert_eq!(this.secret(Asker::Program).await.unwrap(), "ek_2");
    let failure = Failure::new(FailureCode::SignedOut, "out");
    this.sessions.sign_out(&this.connection, &failure).await;
    assert_eq!(this.secret(Asker::Program).await.unwrap_err(), failure);
    // A static token has no other to try.
    let fixed = Ticket { bearer: Some("x".into()), ..Ticket::default() };
    assert!(this.sessions.after_refusal(&this.connection, &fixed).await.unwrap().is_none());
}

#[tokio::test]
async fn the_key_goes_to_the_endpoint_and_nowhere_else() {
    let mut this = Try::new().await;
    this.source().with_key = true;
    let error = this.secret(Asker::Person).await.unwrap_err();
    assert_eq!(error.code, FailureCode::SignedOut);
    assert!(this.endpoint.asked().is_empty());
    let origin = key_origin(&this.connection);
    this.secrets.set(&this.connection.id, ConnectionSecrets::key(origin, "key-1".into())).unwrap();
    this.endpoint.will(json(r#"{"token": "ek_1"}"#));
    assert_eq!(this.secret(Asker::Person).await.unwrap(), "ek_1");
    assert!(this.endpoint.asked()[0].contains("authorization: Bearer key-1"));
    // It was meant for another address.
    this.restart().await;
    this.secrets.set(&this.connection.id, ConnectionSecrets::key("https://a.example", "key-2".into())).unwrap();
    assert_eq!(this.secret(Asker::Person).await.unwrap_err().code, FailureCode::SignedOut);
}

#[tokio::test]
async fn a_session_is_prolonged_where_that_is_possible_and_else_made_anew() {
    let mut this = Try::new().await;
    let url = format!("{}/refresh", this.endpoint.url);
    this.source().refresh = Some(RefreshEndpoint { url, body: None });
    this.endpoint.will(json(r#"{"token": "ek_1", "expires_in": 600}"#));
    assert_eq!(this.secret(Asker::Program).await.unwrap(), "ek_1");
    let session = this.sessions.session(&this.connection.id, Part::Session);
    let renew = || {
        session.with(|inner| {
            let State::Live(life) = &inner.state else { panic!("{:?}", inner.state) };
            inner.state = State::Live(Life { renew: Some(0), ..*life });
        });
    };
    renew();
    this.endpoint.will(json(r#"{"token": "ek_2", "expires_in": 600}"#));
    // The one that is there is used while it is prolonged.
    assert_eq!(this.secret(Asker::Program).await.unwrap(), "ek_1");
    until(|| this.endpoint.asked().len() == 2).await;
    assert!(
        this.endpoint.asked()[1].starts_with("POST /refresh")
            && this.endpoint.asked()[1].ends_with(r#"{"token":"ek_1"}"#)
    );
    until(|| session.with(|inner| inner.ticket().unwrap().bearer.unwrap().expose_secret() == "ek_2")).await;
    // It refuses: a new one is made.
    renew();
    this.endpoint.will(status("410 Gone"));
    this.endpoint.will(json(r#"{"token": "ek_3", "expires_in": 600}"#));
    assert_eq!(this.secret(Asker::Program).await.unwrap(), "ek_2");
    until(|| session.with(|inner| inner.ticket().unwrap().bearer.unwrap().expose_secret() == "ek_3")).await;
    assert!(this.endpoint.asked()[3].starts_with("POST /session"));
}

async fn until(done: impl Fn() -> bool) {
    while !done() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn every_mistake_of_an_endpoint_has_a_name_and_is_not_repeated() {
    let long = format!(r#"{{"token": "{}"}}"#, "x".repeat(10 << 20));
    let html = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>".to_owned();
    for (answer, code, words) in [
        (json(r#"{"client_secret": null}"#), FailureCode::BadSession, "null at /client_secret"),
        (json(r#"{"client_secret": ""}"#), FailureCode::BadSession, "an empty secret"),
        (json(r#"{"client_secret": 7}"#), FailureCode::BadSession, "a number"),
        (json(r#"{"client_secret": "a\nb"}"#), FailureCode::BadSession, "line break"),
        (json(r#"{"data": {"jwt_token": "12345678"}}"#), FailureCode::BadSession, "/data/jwt_token"),
        (json(&long), FailureCode::BadSession, "more than a session can be"),
        (json(r#"{"token": "x", "expires_at": 1}"#), FailureCode::BadSession, "before it was given"),
        (json(r#"{"token": "x", "expires_in": 5}"#), FailureCode::BadSession, "lives for 5 s"),
        (json("nonsense"), FailureCode::BadSession, "not JSON"),
        (html, FailureCode::BadSession, "login page"),
        (status("401 Unauthorized"), FailureCode::SignedOut, "asks for a token"),
        (status("403 Forbidden"), FailureCode::Forbidden, "Ask whoever runs it"),
        (status("404 Not Found"), FailureCode::NotFound, "The session endpoint of “Office” is not there"),
        (status("422 Unprocessable"), FailureCode::BadSession, "status 422"),
        (status("503 Busy"), FailureCode::ServerRefused, "status 503"),
        (status("429 Slow Down\r\nRetry-After: 20"), FailureCode::RateLimited, "wants a pause"),
    ] {
        let this = Try::new().await;
        this.endpoint.will(answer);
        let failure = this.secret(Asker::Person).await.unwrap_err();
        assert_eq!(failure.code, code, "{failure}");
        assert!(failure.message.contains(words), "{words}: {failure}");
        let again = this.secret(Asker::Program).await.unwrap_err();
        assert_eq!(again.code, code);
        assert_eq!(
            again.retry_after_ms.is_some(),
            matches!(code, FailureCode::RateLimited | FailureCode::ServerRefused)
        );
        assert_eq!(this.endpoint.asked().len(), 1, "{failure}");
    }
}

#[tokio::test]
async fn a_wrong_clock_here_is_allowed_for() {
    let this = Try::new().await;
    // The server lives in 2040, and so does the end that it gives.
    let body = r#"{"token": "ek_1", "expires_at": "2040-01-01T00:10:00Z"}"#;
    let date = "Date: Sun, 01 Jan 2040 00:00:00 GMT";
    let length = body.len();
    this.endpoint.will(format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{date}\r\nContent-Length: {length}\r\n\r\n{body}"
    ));
    assert_eq!(this.secret(Asker::Program).await.unwrap(), "ek_1");
    let view = this.sessions.session(&this.connection.id, Part::Session).with(|inner| inner.view());
    assert!(view.ahead > 3_600_000, "{view:?}");
    let left = view.ends.unwrap() - clock::Now::read().wall;
    assert!((590_000..=600_000).contains(&left), "{left}");
}

#[tokio::test]
async fn whoever_waits_may_go_away() {
    let this = Try::new().await;
    this.endpoint.will(json(r#"{"token": "ek_1"}"#));
    tokio::select! { biased; _ = this.secret(Asker::Person) => panic!("at once"), () = std::future::ready(()) => {} }
    assert_eq!(this.secret(Asker::Person).await.unwrap(), "ek_1");
    assert_eq!(this.endpoint.asked().len(), 1);
}

#[tokio::test]
async fn an_answer_to_what_counts_no_more_is_not_listened_to() {
    let this = Try::new().await;
    this.endpoint.will(json(r#"{"token": "ek_1"}"#));
    this.endpoint.will(json(r#"{"token": "ek_2"}"#));
    tokio::select! { biased; _ = this.secret(Asker::Person) => panic!("at once"), () = std::future::ready(()) => {} }
    this.sessions.begin_anew(&this.connection.id);
    let ticket = this.sessions.ticket(&this.connection, Asker::Person).await.unwrap();
    until(|| this.endpoint.asked().len() == 2).await;
    this.sessions.shared.tasks.close();
    this.sessions.shared.tasks.wait().await;
    assert_eq!(ticket.made, Some(1));
    assert_eq!(this.sessions.ticket(&this.connection, Asker::Person).await.unwrap().made, Some(1));
}

//! The engine with a server that answers over WebSockets, as tutorials for FastAPI write it.
//!
//! `0.0.0.0` is this machine and no loopback address, so it takes the part of a server elsewhere.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::time::Duration;

use acceptance::{
    certificates::{Authority, Pair},
    nginx::{Nginx, Speaks},
    peer::Peer,
    proxy::Tinyproxy,
    screen::Screen,
};
use engine::{
    Engine, EngineConfig, SocketPace,
    view::{CheckVerdict, ConnectionDraft, ConnectionState, SendRequest, TurnOutcome},
};
use model::{ConnectionId, Failure, FailureCode, Kind, ThreadId};
use tempfile::TempDir;

/// An engine and such a server.
struct Desk {
    engine: Engine,
    connection: ConnectionId,
    peer: Peer,
    dir: TempDir,
}

impl Desk {
    async fn new(more: &[(&str, &str)]) -> Self {
        let peer = Peer::over_websockets(None);
        let url = peer.address("");
        Self::at(peer, &url, more).await
    }

    /// With a server that is called at another address than its own.
    async fn at(peer: Peer, url: &str, more: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let pace = SocketPace { linger: Duration::ZERO, ..SocketPace::default() };
        let config = EngineConfig { sockets: pace, ..EngineConfig::new(dir.path().to_owned()) };
        let engine = Engine::open(config).await.unwrap();
        let view = engine.add_connection(draft(&peer, url, more)).await.unwrap();
        assert_eq!((view.state, view.keeps_threads), (ConnectionState::Online, false));
        Self { engine, connection: view.id, peer, dir }
    }

    async fn send(&self, thread: Option<&ThreadId>, text: &str) -> ThreadId {
        let request = SendRequest {
            connection: self.connection.clone(),
            thread: thread.cloned(),
            text: text.to_owned(),
            model: None,
        };
        self.engine.send(request).await.unwrap()
    }

    /// Says something in a thread that is looked at, and hears the answer.
    async fn say(&self, screen: &mut Screen, text: &str) -> String {
        let endings = screen.endings;
        let thread = screen.thread.as_ref().unwrap().id.clone();
        self.send(Some(&thread), text).await;
        screen.until("the answer", |screen| screen.endings > endings).await;
        assert_eq!(screen.outcome(), Some(&TurnOutcome::Done), "{}", screen.describe());
        screen.last_text()
    }

    /// A new thread, looked at, whose first message was answered.
    async fn begin(&self, text: &str) -> Screen {
        let mut screen = Screen::open(&self.engine, &self.send(None, text).await).await;
        assert_eq!(screen.ended().await, TurnOutcome::Done, "{}", screen.describe());
        screen
    }

    /// How a message in a new thread fails.
    async fn failed(&self, text: &str) -> Failure {
        let mut screen = Screen::open(&self.engine, &self.send(None, text).await).await;
        match screen.ended().await {
            TurnOutcome::Failed { failure, .. } => failure,
            other => panic!("{other:?}"),
        }
    }

    /// The number of sockets that were made, and the most at one time.
    async fn made(&self) -> (u64, u64) {
        let sockets = self.peer.sockets().await;
        (sockets["made"].as_u64().unwrap(), sockets["most"].as_u64().unwrap())
    }
}

fn draft(peer: &Peer, url: &str, more: &[(&str, &str)]) -> ConnectionDraft {
    let token = Some(peer.token.clone().into());
    let mut draft = ConnectionDraft { token, kind: Kind::Custom, ..ConnectionDraft::server("Office", url) };
    let values = [("answers", "socket")];
    let values = values.iter().chain(more).map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    draft.values.extend(values);
    draft
}

#[tokio::test]
async fn a_conversation_has_one_socket_which_ends_when_it_is_closed() {
    if !Peer::wanted() {
        return;
    }
    let desk = Desk::new(&[]).await;
    let mut screen = desk.begin("hello").await;
    assert_eq!(screen.last_text(), "You said hello");
    assert_eq!(desk.say(&mut screen, "tokens").await, "One two three.");
    assert_eq!(desk.say(&mut screen, "count").await, "You said 3 things.", "over the same one");
    let mut other = desk.begin("count").await;
    assert_eq!(other.last_text(), "You said 1 things.");
    assert_eq!(desk.made().await, (2, 2));
    drop(screen);
    desk.peer.until_open(1).await;
    assert_eq!(desk.say(&mut other, "count").await, "You said 2 things.");
    desk.engine.close().await;
    desk.peer.until_open(0).await;
    assert_eq!(desk.peer.sockets().await["codes"], serde_json::json!([1000, 1000]));
}

#[tokio::test]
async fn what_comes_is_an_answer_in_pieces_whole_or_as_plain_text() {
    if !Peer::wanted() {
        return;
    }
    let desk = Desk::new(&[("socket_path", "/rooms/{session}/talk")]).await;
    let mut screen = desk.begin("plain").await;
    assert_eq!(screen.last_text(), "Plain words, no JSON.");
    let thread = screen.thread.as_ref().unwrap().id.clone();
    assert_eq!(desk.say(&mut screen, "where").await, format!("You are at /rooms/{thread}/talk"));
    assert_eq!(desk.say(&mut screen, "tokens").await, "One two three.");
    // What the server says of itself meanwhile is no part of the answer.
    assert_eq!(desk.say(&mut screen, "named").await, "Named.");
    let details = desk.engine.last_details(&thread).await.unwrap();
    assert_eq!(details.model_used.as_deref(), Some("gull-1"), "{details:?}");
    assert_eq!(details.usage.map(|usage| (usage.input_tokens, usage.output_tokens)), Some((Some(11), Some(2))));
    assert_eq!(desk.made().await, (1, 1));
}

#[tokio::test]
async fn a_message_without_a_text_is_mended_by_one_choice_and_an_error_is_told() {
    if !Peer::wanted() {
        return;
    }
    let desk = Desk::new(&[]).await;
    for text in ["odd", "odd answer", "odd message"] {
        let failure = desk.failed(text).await;
        assert_eq!(failure.code, FailureCode::FormatMismatch, "{text}: {failure}");
        assert!(failure.detail.unwrap().contains("reply: {body: text, tokens: number}"), "{text}");
        let mapping = failure.mapping.unwrap();
        assert_eq!((mapping.field.as_str(), mapping.pointers[0].as_str()), ("text_in_event", "/reply/body"));
    }
    let mut screen = Screen::open(&desk.engine, &desk.send(None, "error").await).await;
    let TurnOutcome::Failed { failure, .. } = screen.ended().await else { panic!("{}", screen.describe()) };
    assert!(failure.message.contains("The model is out of memory"), "{failure}");
    // The WebSocket is none the worse for it.
    assert_eq!(desk.say(&mut screen, "count").await, "You said 2 things.");

    desk.engine.map_text(&desk.connection, "text_in_event", "/reply/body").await.unwrap();
    assert_eq!(desk.say(&mut screen, "odd").await, "You said something odd.");
}

#[tokio::test]
async fn a_message_of_a_type_that_nobody_knows_is_shown_once_the_server_falls_silent() {
    if !Peer::wanted() {
        return;
    }
    let (peer, dir) = (Peer::over_websockets(None), tempfile::tempdir().unwrap());
    let mut config = EngineConfig::new(dir.path().to_owned());
    config.limits.idle = Duration::from_millis(500);
    let engine = Engine::open(config).await.unwrap();
    let connection = engine.add_connection(draft(&peer, &peer.address(""), &[])).await.unwrap().id;
    let desk = Desk { engine, connection, peer, dir };
    let failure = desk.failed("odd reply").await;
    assert_eq!(failure.code, FailureCode::FormatMismatch, "{failure}");
    assert_eq!(failure.mapping.unwrap().pointers[0], "/reply/body");
}

#[tokio::test]
async fn a_server_that_begins_anew_in_mid_conversation_is_reached_by_the_next_message() {
    if !Peer::wanted() {
        return;
    }
    let mut desk = Desk::new(&[]).await;
    let mut screen = desk.begin("hello").await;
    let port = desk.peer.port();
    desk.peer.kill();
    desk.peer = Peer::over_websockets(Some(port));
    assert_eq!(desk.say(&mut screen, "hello again").await, "You said hello again");

    // It dies in mid-answer: what had come stays.
    let thread = screen.thread.as_ref().unwrap().id.clone();
    desk.send(Some(&thread), "silent").await;
    screen.until("two pieces", |screen| screen.last_text() == "One two").await;
    desk.peer.kill();
    let outcome = screen.ended().await;
    assert!(matches!(outcome, TurnOutcome::Interrupted { can_retry: true, .. }), "{outcome:?}");
    assert_eq!(screen.last_text(), "One two");
    desk.peer = Peer::over_websockets(Some(port));
    assert_eq!(desk.say(&mut screen, "and again").await, "You said and again");
    assert_eq!(desk.made().await.1, 1, "never two");
}

#[tokio::test]
async fn an_answer_that_the_server_ends_is_interrupted_and_says_why() {
    if !Peer::wanted() {
        return;
    }
    let desk = Desk::new(&[]).await;
    for (text, words) in [
        ("close 1001", "it is going away, as when it is started anew (1001). It says: “as you wish”."),
        ("close 1008", "it wants another sign-in (1008)."),
        ("close 1011", "it failed (1011)."),
        ("cut", "broke in mid-answer. What had arrived is kept."),
    ] {
        let mut screen = Screen::open(&desk.engine, &desk.send(None, text).await).await;
        let outcome = screen.ended().await;
        let TurnOutcome::Interrupted { failure, can_retry: true } = outcome else { panic!("{outcome:?}") };
        assert!(failure.code == FailureCode::Interrupted && failure.message.contains(words), "{text}: {failure}");
        assert_eq!(screen.last_text(), "One two");
    }
}

#[tokio::test]
async fn an_answer_is_stopped_by_closing_its_socket_and_the_next_message_opens_another() {
    if !Peer::wanted() {
        return;
    }
    let desk = Desk::new(&[]).await;
    let thread = desk.send(None, "silent").await;
    let mut screen = Screen::open(&desk.engine, &thread).await;
    screen.until("two pieces", |screen| screen.last_text() == "One two").await;
    desk.engine.stop(&thread).await.unwrap();
    assert_eq!(screen.ended().await, TurnOutcome::Stopped);
    assert_eq!(screen.last_text(), "One two");
    assert_eq!(desk.say(&mut screen, "count").await, "You said 1 things.");
    assert_eq!(desk.made().await, (2, 1));
}

#[tokio::test]
async fn a_session_that_the_handshake_refuses_is_made_anew_once() {
    if !Peer::wanted() {
        return;
    }
    let peer = Peer::over_websockets(None);
    let (url, sessions) = (peer.address(""), peer.address("/api/sessions"));
    let desk = Desk::at(peer, &url, &[("session", "endpoint"), ("session_url", &sessions)]).await;
    drop(desk.begin("hello").await);
    desk.peer.tell("expire").await;
    let mut screen = desk.begin("hello").await;
    assert_eq!(desk.peer.sockets().await["refused"], 1);
    // One that is open goes on: the server has let it in.
    desk.peer.tell("expire").await;
    assert_eq!(desk.say(&mut screen, "count").await, "You said 2 things.");
    assert_eq!(desk.peer.sockets().await["refused"], 1);
}

#[tokio::test]
async fn a_connection_that_is_changed_switched_off_or_removed_has_no_old_socket() {
    if !Peer::wanted() {
        return;
    }
    let desk = Desk::new(&[]).await;
    let mut screen = desk.begin("hello").await;
    let changed = draft(&desk.peer, &desk.peer.address(""), &[("headers", "X-Team: blue")]);
    desk.engine.update_connection(&desk.connection, changed).await.unwrap();
    desk.peer.until_open(0).await;
    assert_eq!(desk.say(&mut screen, "count").await, "You said 1 things.");
    desk.engine.disable_connection(&desk.connection, true).await.unwrap();
    desk.peer.until_open(0).await;
    desk.engine.disable_connection(&desk.connection, false).await.unwrap();
    assert_eq!(desk.say(&mut screen, "count").await, "You said 1 things.");
    assert_eq!(desk.made().await, (3, 1));
    desk.engine.remove_connection(&desk.connection).await.unwrap();
    desk.peer.until_open(0).await;
}

#[tokio::test]
async fn such_a_server_is_tested_over_a_socket_of_the_tests_own() {
    if !Peer::wanted() {
        return;
    }
    let desk = Desk::new(&[]).await;
    let test = async |token: &str| {
        let draft =
            ConnectionDraft { token: Some(token.to_owned().into()), ..draft(&desk.peer, &desk.peer.address(""), &[]) };
        let (mut check, mut last) = (desk.engine.test_draft(None, draft).await.unwrap(), None);
        while let Some(view) = check.next().await {
            last = Some(view);
        }
        last.unwrap()
    };
    let view = test(&desk.peer.token).await;
    assert_eq!(view.verdict, CheckVerdict::Works, "{view:?}");
    let last = view.steps.last().unwrap();
    assert_eq!(last.label, "Hello over a WebSocket");
    assert!(last.line.contains("over a WebSocket: 1 message"), "{last:?}");
    desk.peer.until_open(0).await;
    let view = test("wrong").await;
    let CheckVerdict::Fails { failure } = &view.verdict else { panic!("{view:?}") };
    assert_eq!(failure.code, FailureCode::Unauthorized);
    assert_eq!(desk.made().await, (1, 1));
}

#[tokio::test]
async fn a_proxy_is_gone_through_without_encryption_too() {
    if !Tinyproxy::wanted() {
        return;
    }
    let (proxy, peer) = (Tinyproxy::start(Some(("ann", "s3same"))), Peer::over_websockets(None));
    let url = format!("http://0.0.0.0:{}", peer.port());
    let more = [("proxy", "manual"), ("proxy_url", proxy.url.as_str()), ("plain_http", "allowed")];
    let mut draft = draft(&peer, &url, &[&more[..], &[("proxy_user", "ann")]].concat());
    draft.secrets.insert("proxy_password".to_owned(), "s3same".into());
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::open(EngineConfig::new(dir.path().to_owned())).await.unwrap();
    let connection = engine.add_connection(draft).await.unwrap().id;
    let desk = Desk { engine, connection, peer, dir };
    let mut screen = desk.begin("tokens").await;
    assert_eq!(desk.say(&mut screen, "count").await, "You said 2 things.");
    drop(proxy);
    desk.peer.until_open(0).await;
}

/// What nginx needs so that WebSockets come through, and what many forget.
const UPGRADE: &str = "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; \
                       proxy_set_header Connection \"upgrade\";";

#[tokio::test]
async fn a_server_behind_nginx_is_reached_under_https_with_a_private_authority() {
    if !Nginx::wanted() {
        return;
    }
    for (speaks, upgrade) in [(Speaks::Http2, UPGRADE), (Speaks::Http1, UPGRADE), (Speaks::Http2, "")] {
        let (peer, authority) = (Peer::over_websockets(None), Authority::new());
        let Pair { certificate, key } = authority.vouches("localhost", 2090);
        let more = format!("    location / {{ proxy_pass http://127.0.0.1:{}; {upgrade} }}", peer.port());
        let nginx = Nginx::start(speaks, &certificate, &key, &more);
        let folder = tempfile::tempdir().unwrap();
        let pem = folder.path().join("office.pem");
        std::fs::write(&pem, &authority.pem).unwrap();
        let desk = Desk::at(peer, &nginx.url, &[("authorities", pem.to_str().unwrap())]).await;
        if upgrade.is_empty() {
            let failure = desk.failed("hello").await;
            assert!(failure.message.contains("opens no WebSocket"), "{failure}");
            continue;
        }
        let mut screen = desk.begin("tokens").await;
        assert_eq!(desk.say(&mut screen, "count").await, "You said 2 things.");
        drop(screen);
        desk.peer.until_open(0).await;
        assert!(desk.dir.path().exists());
    }
}

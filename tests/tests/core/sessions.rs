//! The engine against a backend that wants a session, as tutorials write it: FastAPI, a table, a bearer check.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::sync::Arc;

use acceptance::{peer::Peer, screen::Screen};
use engine::{
    Engine, EngineConfig,
    view::{ConnectionDraft, ConnectionState, ConnectionView, SendRequest, SessionPhase, TurnOutcome},
};
use model::{ConnectionId, Failure, FailureCode, ThreadId};
use tempfile::TempDir;

/// An engine and a backend with sessions.
struct Office {
    engine: Engine,
    connection: ConnectionId,
    secrets: Arc<secrets::Memory>,
    peer: Peer,
    dir: TempDir,
}

fn open(dir: &TempDir, secrets: &Arc<secrets::Memory>) -> EngineConfig {
    EngineConfig { secrets: secrets.clone(), ..EngineConfig::new(dir.path().to_owned()) }
}

fn draft(peer: &Peer, more: &[(&str, &str)]) -> ConnectionDraft {
    let mut draft =
        ConnectionDraft { token: Some(peer.token.clone().into()), ..ConnectionDraft::server("Office", &peer.url) };
    let session = [("session", "endpoint"), ("session_url", &peer.address("/api/sessions"))];
    let body = [("session_body", r#"{"user": "{{user}}"}"#)];
    let values = session.iter().chain(&body).chain(more);
    draft.values.extend(values.map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    draft
}

impl Office {
    async fn new(more: &[(&str, &str)]) -> Self {
        let (peer, dir, secrets) = (Peer::with_sessions(), tempfile::tempdir().unwrap(), Arc::default());
        let engine = Engine::open(open(&dir, &secrets)).await.unwrap();
        let connection = engine.add_connection(draft(&peer, more)).await.unwrap().id;
        Self { engine, connection, secrets, peer, dir }
    }

    async fn restart(&mut self) {
        self.engine.close().await;
        self.engine = Engine::open(open(&self.dir, &self.secrets)).await.unwrap();
    }

    async fn say(&self, thread: Option<&ThreadId>, text: &str) -> (ThreadId, TurnOutcome) {
        let (thread, mut screen) = Screen::said(&self.engine, &self.connection, thread, text).await;
        (thread, screen.ended().await)
    }

    fn view(&self) -> ConnectionView {
        self.engine.connections().into_iter().find(|view| view.id == self.connection).unwrap()
    }

    async fn check(&self) -> Result<(), Failure> {
        match self.engine.check_connection(&self.connection).await.unwrap().state {
            ConnectionState::Failing { failure } => Err(failure),
            _ => Ok(()),
        }
    }
}

#[tokio::test]
async fn a_session_is_made_used_and_found_again_after_a_restart() {
    if !Peer::wanted() {
        return;
    }
    let mut office = Office::new(&[]).await;
    let (thread, outcome) = office.say(None, "hello").await;
    assert_eq!(outcome, TurnOutcome::Done);
    let session = office.view().session.unwrap();
    assert_eq!(session.phase, SessionPhase::Live);
    assert!(session.ends.is_some());
    assert!(session.fields.contains(&("domain_key".to_owned(), "domain_pk_local".to_owned())), "{session:?}");
    office.restart().await;
    assert_eq!(office.say(Some(&thread), "again").await.1, TurnOutcome::Done);
    assert_eq!(office.peer.sessions().await, (1, 0));
}

#[tokio::test]
async fn a_session_that_ends_in_the_middle_of_a_conversation_is_not_noticed() {
    if !Peer::wanted() {
        return;
    }
    let office = Office::new(&[]).await;
    let (thread, _) = office.say(None, "hello").await;
    // A stream that runs while its secret ends runs on.
    let request = SendRequest {
        connection: office.connection.clone(),
        thread: Some(thread.clone()),
        text: "/gate one".to_owned(),
        model: None,
    };
    office.engine.send(request).await.unwrap();
    office.peer.until_waiting("one").await;
    office.peer.tell("expire").await;
    office.peer.open("one").await;
    let mut screen = Screen::open(&office.engine, &thread).await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
    // The next message renews it, and is sent once.
    assert_eq!(office.say(Some(&thread), "and now").await.1, TurnOutcome::Done);
    assert_eq!(office.peer.sessions().await, (2, 0));
    let state = office.peer.state().await;
    let said = state["threads"][0]["items"].as_array().unwrap().iter();
    let now = said.filter(|item| item["content"][0]["text"] == "and now").count();
    assert_eq!(now, 1);
}

#[tokio::test]
async fn whom_the_server_refuses_is_signed_out_and_comes_back_with_another_token() {
    if !Peer::wanted() {
        return;
    }
    let office = Office::new(&[]).await;
    let (thread, _) = office.say(None, "hello").await;
    office.peer.tell("expire").await;
    let wrong = ConnectionDraft { token: Some("wrong".into()), ..draft(&office.peer, &[]) };
    let view = office.engine.update_connection(&office.connection, wrong).await.unwrap();
    let refused = |failure: &Failure| failure.code == FailureCode::SignedOut && failure.message.contains("valid one");
    assert!(matches!(&view.state, ConnectionState::Failing { failure } if refused(failure)), "{view:?}");
    assert!(matches!(office.view().session.unwrap().phase, SessionPhase::SignedOut { .. }));
    let (_, outcome) = office.say(Some(&thread), "anybody there?").await;
    assert!(matches!(&outcome, TurnOutcome::Failed { failure, can_retry: true } if refused(failure)), "{outcome:?}");
    let right = draft(&office.peer, &[]);
    office.engine.update_connection(&office.connection, right).await.unwrap();
    office.engine.retry(&thread).await.unwrap();
    let mut screen = Screen::open(&office.engine, &thread).await;
    assert_eq!(screen.ended().await, TurnOutcome::Done);
}

#[tokio::test]
async fn a_name_and_a_password_make_a_token_that_says_its_own_end() {
    if !Peer::wanted() {
        return;
    }
    let peer = Peer::with_sessions();
    peer.tell("live/40").await;
    let login = [("sign_in", "login"), ("login_user", "ann@example.org"), ("token_header", "X-Auth-Token")];
    let address = peer.address("/auth/login");
    let values = login.into_iter().chain([("login_url", address.as_str())]);
    let values = values.map(|(key, value)| (key.to_owned(), value.to_owned()));
    let typed = |password: &str| {
        let mut draft = ConnectionDraft::server("Office", &peer.url);
        draft.token = Some(password.into());
        draft.values.extend(values.clone());
        draft
    };
    let (dir, secrets) = (tempfile::tempdir().unwrap(), Arc::default());
    let engine = Engine::open(open(&dir, &secrets)).await.unwrap();
    let wrong = engine.add_connection(typed("wrong")).await.unwrap();
    let ConnectionState::Failing { failure } = &wrong.state else { panic!("{wrong:?}") };
    assert_eq!(failure.code, FailureCode::SignedOut);
    assert!(failure.message.contains("does not accept the name and the password"), "{failure:?}");

    let right = engine.update_connection(&wrong.id, typed(&peer.token)).await.unwrap();
    assert_eq!(right.state, ConnectionState::Online);
    assert_eq!(right.session, None);
    let session = right.sign_in.unwrap().session;
    let left = session.ends.unwrap() - milliseconds_now();
    assert!((30_000..=41_000).contains(&left), "{left}");

    // When it is over, another one is made with the password that was kept.
    peer.tell("expire").await;
    let request = SendRequest { connection: wrong.id.clone(), thread: None, text: "hello".to_owned(), model: None };
    let thread = engine.send(request).await.unwrap();
    assert_eq!(Screen::open(&engine, &thread).await.ended().await, TurnOutcome::Done);
    assert_eq!(peer.sessions().await.0, 2);
    assert!(!engine.export_connection(&wrong.id).unwrap().json.contains(&peer.token));
}

fn milliseconds_now() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(now.as_millis()).unwrap()
}

#[tokio::test]
async fn a_connection_that_is_switched_off_asks_for_nothing() {
    if !Peer::wanted() {
        return;
    }
    let office = Office::new(&[]).await;
    let (thread, _) = office.say(None, "hello").await;
    office.peer.tell("expire").await;
    office.engine.disable_connection(&office.connection, true).await.unwrap();
    assert_eq!(office.view().session.unwrap().phase, SessionPhase::Absent);
    let (_, outcome) = office.say(Some(&thread), "and now?").await;
    assert!(matches!(outcome, TurnOutcome::Failed { failure, .. } if failure.code == FailureCode::Disabled));
    office.engine.refresh_threads().await;
    assert_eq!(office.peer.sessions().await, (1, 0));
    office.engine.disable_connection(&office.connection, false).await.unwrap();
    assert_eq!(office.say(Some(&thread), "and now?").await.1, TurnOutcome::Done);
}

#[tokio::test]
async fn the_usual_mistakes_of_session_endpoints_are_named() {
    if !Peer::wanted() {
        return;
    }
    let office = Office::new(&[]).await;
    for (mistake, code, words) in [
        ("null", FailureCode::BadSession, "null at /client_secret"),
        ("empty", FailureCode::BadSession, "an empty secret"),
        ("renamed", FailureCode::BadSession, "/data/chat_token"),
        ("past", FailureCode::BadSession, "90 s before it was given"),
        ("short", FailureCode::BadSession, "it has to be 10 s at least"),
        ("html", FailureCode::BadSession, "login page"),
        ("text", FailureCode::BadSession, "not JSON"),
        ("failing", FailureCode::ServerRefused, "status 500"),
    ] {
        office.peer.tell("expire").await;
        office.peer.tell(&format!("mistake/{mistake}")).await;
        let failure = office.check().await.unwrap_err();
        assert_eq!(failure.code, code, "{mistake}: {failure}");
        assert!(failure.message.contains(words), "{mistake}: {failure}");
        office.peer.tell("mistake/none").await;
        assert_eq!(office.say(None, "and now?").await.1, TurnOutcome::Done, "after {mistake}");
    }
    // What the words say helps.
    office.peer.tell("expire").await;
    office.peer.tell("mistake/renamed").await;
    let told = draft(&office.peer, &[("session_pointer", "/data/chat_token")]);
    let view = office.engine.update_connection(&office.connection, told).await.unwrap();
    assert_eq!(view.state, ConnectionState::Online);
}

#[tokio::test]
async fn a_session_is_prolonged_before_its_end_while_it_is_used() {
    if !Peer::wanted() {
        return;
    }
    let peer = Peer::with_sessions();
    peer.tell("live/11").await;
    let (dir, secrets) = (tempfile::tempdir().unwrap(), Arc::default());
    let engine = Engine::open(open(&dir, &secrets)).await.unwrap();
    let refresh = peer.address("/api/refresh");
    let connection = engine.add_connection(draft(&peer, &[("refresh_url", &refresh)])).await.unwrap().id;
    // Renewed between 1.1 and 2.75 s before its end, beside everything else.
    while peer.sessions().await.1 == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let view = engine.check_connection(&connection).await.unwrap();
    assert_eq!(view.state, ConnectionState::Online);
    assert_eq!(peer.sessions().await, (2, 1));
}

#[tokio::test]
async fn a_connection_goes_from_one_computer_to_another_as_a_file_and_its_token_does_not() {
    let headers = ("session_headers", "X-App: desktop\nX-Api-Key: hunter2");
    let office = Office::new(&[headers]).await;
    let length = office.engine.token_length(&office.connection).await.unwrap();
    assert_eq!(length, Some(office.peer.token.len()), "all that is told of it");
    let file = office.engine.export_connection(&office.connection).unwrap();
    assert_eq!(file.name, "Office.kittiwake.json");
    assert!(!file.json.contains(&office.peer.token) && !file.json.contains("hunter2"), "{}", file.json);

    let import = office.engine.read_connection(&file.name, file.json.as_bytes()).unwrap();
    assert_eq!((import.name.as_str(), import.unknown.len()), ("Office", 0));
    assert_eq!(import.values["session_headers"], "X-App: desktop\nX-Api-Key:");
    assert_eq!(office.engine.connections().len(), 1, "nothing is kept by reading it");

    // Somebody with a token of their own fills in what was left out.
    let values = [("session_headers", "X-App: desktop")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    let draft = ConnectionDraft {
        name: "Copy".to_owned(),
        kind: import.kind,
        values: import.values.into_iter().chain(values).collect(),
        ..draft(&office.peer, &[])
    };
    let copy = office.engine.add_connection(draft).await.unwrap();
    assert_eq!(copy.state, ConnectionState::Online);

    for (bytes, code) in [
        (&b"not JSON"[..], FailureCode::BadInput),
        (br#"{"name": "x"}"#, FailureCode::BadInput),
        (br#"{"kittiwake_connection": 1, "name": "x", "kind": "carrier pigeon", "values": {}}"#, FailureCode::BadInput),
        (br#"{"kittiwake_connection": 2, "name": "x", "kind": "carrier pigeon"}"#, FailureCode::NewerVersion),
    ] {
        assert_eq!(office.engine.read_connection("x.json", bytes).unwrap_err().code, code);
    }
    let more =
        br#"{"kittiwake_connection": 2, "name": "x", "kind": "chatkit", "values": {"token": "a", "colour": "b"}}"#;
    assert_eq!(office.engine.read_connection("x.json", more).unwrap().unknown, ["colour", "token"]);
}

#[tokio::test]
async fn what_a_server_quotes_of_a_secret_is_not_shown() {
    if !Peer::wanted() {
        return;
    }
    let office = Office::new(&[]).await;
    let (thread, _) = office.say(None, "hello").await;
    let (_, outcome) = office.say(Some(&thread), "/tell-token").await;
    let TurnOutcome::Interrupted { failure, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!(failure.message, r#"The token was [hidden] [hidden] "[hidden]" [hidden]"#);
    office.peer.tell("expire").await;
    office.peer.tell("mistake/telling").await;
    let failure = office.check().await.unwrap_err();
    let detail = failure.detail.unwrap();
    assert!(detail.contains("cannot use [hidden] [hidden]") && !detail.contains(&office.peer.token), "{detail}");
}

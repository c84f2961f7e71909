//! The engine against a server on the official SDK.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::sync::Arc;

use acceptance::{peer::Peer, screen::Screen};
use engine::{
    Engine, EngineConfig,
    view::{ConnectionDraft, ConnectionState, Keep, SendRequest, TurnOutcome, TurnPhase},
};
use model::{ConnectionId, FailureCode, FeedbackKind, ItemStage, ThreadId, WhenUnreachable};
use serde_json::Value;
use tempfile::TempDir;

/// An engine that is connected to a peer.
struct Client<'a> {
    engine: Engine,
    connection: ConnectionId,
    peer: &'a Peer,
    _dir: TempDir,
}

impl<'a> Client<'a> {
    async fn new(peer: &'a Peer) -> Self {
        Self::with_token(peer, &peer.token).await
    }

    async fn with_token(peer: &'a Peer, token: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = EngineConfig {
            secrets: Arc::new(secrets::Memory::default()),
            undo_window: std::time::Duration::ZERO,
            ..EngineConfig::new(dir.path().to_owned())
        };
        let engine = Engine::open(config).await.unwrap();
        let draft = ConnectionDraft {
            token: Some(token.into()),
            keep: Keep::ThisRun,
            ..ConnectionDraft::server("Peer", &peer.url)
        };
        let connection = engine.add_connection(draft).await.unwrap().id;
        Self { engine, connection, peer, _dir: dir }
    }

    /// Sends a message, in a thread or a new one, and opens the thread.
    async fn say(&self, thread: Option<&ThreadId>, text: &str) -> (ThreadId, Screen) {
        Screen::said(&self.engine, &self.connection, thread, text).await
    }

    /// What the server stores of the thread whose first message was `first`.
    async fn stored(&self, first: &str) -> Vec<Value> {
        let state = self.peer.state().await;
        let threads = state["threads"].as_array().unwrap();
        let is_it = |thread: &&Value| thread["items"][0]["content"][0]["text"] == first;
        threads.iter().find(is_it).map(|thread| thread["items"].as_array().unwrap().clone()).unwrap_or_default()
    }
}

fn kinds(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["type"].as_str().unwrap()).collect()
}

async fn over(screen: &mut Screen) {
    screen.until("over", |screen| screen.phase() == TurnPhase::Idle).await;
}

#[tokio::test]
async fn create_continue_list_rename_praise_delete() {
    if !Peer::wanted() {
        return;
    }
    let peer = Peer::start();
    let client = Client::new(&peer).await;
    let (thread, mut screen) = client.say(None, "/say Good *morning*").await;
    over(&mut screen).await;
    assert_eq!(screen.texts(), ["/say Good *morning*", "Good morning"]);
    let (_, mut screen) = client.say(Some(&thread), "again").await;
    over(&mut screen).await;
    assert_eq!(screen.items.len(), 4);
    assert_eq!(kinds(&client.stored("/say Good *morning*").await).len(), 4);

    // Another computer sees the same.
    let other = Client::new(&peer).await;
    let listed = other.engine.threads();
    assert_eq!(listed.len(), 1);
    let mut elsewhere = Screen::open(&other.engine, &listed[0].id).await;
    elsewhere.until("read", |elsewhere| elsewhere.items.len() == 4).await;
    assert_eq!(elsewhere.texts(), screen.texts());

    client.engine.rename_thread(&thread, "Mornings").await.unwrap();
    other.engine.refresh_threads().await;
    assert_eq!(other.engine.threads()[0].title.as_deref(), Some("Mornings"));

    let answer = screen.items[1].id.clone();
    client.engine.feedback(&thread, &answer, FeedbackKind::Positive).await.unwrap();
    assert_eq!(peer.state().await["feedback"].as_array().unwrap().len(), 1);

    client.engine.delete_thread(&thread).await.unwrap();
    while !peer.state().await["threads"].as_array().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn everything_that_markdown_has_comes_out_the_same_live_and_read_again() {
    if !Peer::wanted() {
        return;
    }
    let client = Client::new(Peer::shared()).await;
    let (_, mut screen) = client.say(None, "/markdown").await;
    over(&mut screen).await;
    let other = Client::new(Peer::shared()).await;
    let thread = other.engine.threads().into_iter().find(|thread| thread.title.as_deref() == Some("/markdown"));
    let mut again = match thread {
        Some(thread) => Screen::open(&other.engine, &thread.id).await,
        None => Screen::open(&other.engine, &other.engine.threads()[0].id).await,
    };
    again.until("read", |again| again.items.len() == 2).await;
    assert_eq!(again.texts(), screen.texts());
    assert!(screen.last_text().contains("<b>HTML stays text</b>"));
}

#[tokio::test]
async fn a_stop_is_noticed_by_the_server_which_keeps_the_text_so_far() {
    if !Peer::wanted() {
        return;
    }
    let peer = Peer::start();
    let client = Client::new(&peer).await;
    let (thread, mut screen) = client.say(None, "/gate stop").await;
    screen.until("a word", |screen| screen.items.len() == 2 && !screen.last_text().trim().is_empty()).await;
    peer.until_waiting("stop").await;
    client.engine.stop(&thread).await.unwrap();
    assert_eq!(screen.ended().await, TurnOutcome::Stopped);
    peer.until_left("stop").await;
    let shown = screen.last_text();
    let stored = loop {
        let stored = client.stored("/gate stop").await;
        if stored.len() == 3 {
            break stored;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(kinds(&stored), ["user_message", "assistant_message", "sdk_hidden_context"]);
    assert_eq!(stored[1]["content"][0]["text"].as_str().unwrap().trim(), shown.trim());
    // The mark that the server hides is never shown, and the stop is still marked after reading again.
    let mut again = Screen::open(&client.engine, &thread).await;
    while again.items.len() != 2 {
        again.step().await;
    }
    assert_eq!(again.items[1].stage, ItemStage::Stopped);

    client.engine.retry(&thread).await.unwrap();
    peer.open("stop").await;
    screen.until("answered", |screen| matches!(screen.outcome(), Some(TurnOutcome::Done))).await;
    assert_eq!(kinds(&client.stored("/gate stop").await), ["user_message", "assistant_message"]);
}

#[tokio::test]
async fn failures_of_the_server_are_told_and_nothing_shown_is_lost() {
    if !Peer::wanted() {
        return;
    }
    let client = Client::new(Peer::shared()).await;
    for (text, code, retry, kept) in [
        ("/crash", FailureCode::ServerError, true, true),
        ("/error The model is asleep.", FailureCode::ServerError, false, true),
        ("/error! Try me.", FailureCode::ServerError, true, true),
        ("/drop", FailureCode::Interrupted, true, true),
        ("/empty", FailureCode::Interrupted, true, false),
    ] {
        let (thread, mut screen) = client.say(None, text).await;
        screen.until("told", |screen| screen.outcome().is_some()).await;
        let (TurnOutcome::Failed { failure, can_retry } | TurnOutcome::Interrupted { failure, can_retry }) =
            screen.outcome().cloned().unwrap()
        else {
            panic!("{text}: {}", screen.describe())
        };
        assert_eq!((failure.code, can_retry), (code, retry), "{text}");
        if let Some(words) = text.strip_prefix("/error ") {
            assert_eq!(failure.message, words);
        }
        assert_eq!(screen.texts()[0], text);
        assert_eq!(screen.items.len() == 2, kept, "{text}: {}", screen.describe());
        if kept {
            assert_eq!(screen.items[1].stage, ItemStage::Interrupted, "{text}");
        }
        client.engine.subscribe_thread(&thread).await.unwrap();
    }
}

#[tokio::test]
async fn widgets_and_workflows_are_read() {
    if !Peer::wanted() {
        return;
    }
    let client = Client::new(Peer::shared()).await;
    for (text, name) in
        [("/widget", "[widget: A card says hello]"), ("/workflow", "[workflow: Duration { seconds: 2 }]")]
    {
        let (_, mut screen) = client.say(None, text).await;
        over(&mut screen).await;
        assert!(screen.texts().iter().any(|shown| shown == name), "{}", screen.describe());
        assert_eq!(screen.outcome(), Some(&TurnOutcome::Done), "{text}");
    }
}

#[tokio::test]
async fn a_thread_that_the_server_forgot_stays_readable_and_says_so() {
    if !Peer::wanted() {
        return;
    }
    let mut peer = Peer::start();
    let port = peer.url.clone();
    let client = Client::new(&peer).await;
    let (thread, mut screen) = client.say(None, "remember me").await;
    over(&mut screen).await;
    let texts = screen.texts();
    let engine = client.engine.clone();
    let connection = client.connection.clone();
    drop(screen);
    let Client { _dir: dir, .. } = client;
    peer.kill();
    // By default the message would wait until it is there again.
    engine.set_when_unreachable(WhenUnreachable::Tell).await.unwrap();
    let request =
        SendRequest { connection, thread: Some(thread.clone()), text: "still there?".to_owned(), model: None };
    engine.send(request).await.unwrap();
    let mut screen = Screen::open(&engine, &thread).await;
    let outcome = screen.ended().await;
    let TurnOutcome::Failed { failure, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!(failure.code, FailureCode::Unreachable, "{port}");
    assert_eq!(screen.texts()[..2], texts[..]);
    drop(dir);
}

#[tokio::test]
async fn an_unknown_thread_and_a_wrong_token_are_named() {
    if !Peer::wanted() {
        return;
    }
    let peer = Peer::start();
    let wrong = Client::with_token(&peer, "not-the-token").await;
    let state = wrong.engine.connections()[0].state.clone();
    assert!(
        matches!(&state, ConnectionState::Failing { failure } if failure.code == FailureCode::Unauthorized),
        "{state:?}"
    );

    let client = Client::new(&peer).await;
    let (thread, mut screen) = client.say(None, "hello").await;
    over(&mut screen).await;
    // Deleted from elsewhere: the SDK then breaks the stream without a word.
    let other = Client::new(&peer).await;
    other.engine.delete_thread(&other.engine.threads()[0].id).await.unwrap();
    while !peer.state().await["threads"].as_array().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    let (_, mut screen) = client.say(Some(&thread), "anyone?").await;
    screen.until("told", |screen| screen.outcome().is_some()).await;
    assert!(matches!(screen.outcome(), Some(TurnOutcome::Failed { .. })), "{}", screen.describe());
    assert_eq!(screen.texts(), ["hello", "You said: hello", "anyone?"]);
}

//! The same conversation with servers on the first SDK, on one from between, and on the newest. There is no negotiation: a
//! client that needs anything of the newest one fails here.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::sync::Arc;

use acceptance::{
    peer::{OLDER_SDKS, Peer},
    screen::Screen,
};
use engine::{
    Engine, EngineConfig,
    view::{ConnectionDraft, Consent, ItemViewBody, Keep, SendRequest, TurnOutcome, TurnPhase, WidgetAction},
};
use futures_util::future::join_all;
use model::{ConnectionId, FailureCode, FeedbackKind, ItemId, QuestionAnswer, StructuredAnswer, ThreadId};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The newest version, which all other tests use.
const NEWEST: &str = "1.6.5";

/// An engine that is connected to a peer on one version.
struct Client {
    engine: Engine,
    connection: ConnectionId,
    peer: Peer,
    version: &'static str,
    _dir: TempDir,
}

impl Client {
    async fn on(version: &'static str) -> Self {
        let peer = Peer::on_sdk(version);
        assert_eq!(peer.sdk().await, version);
        Self::of(peer, version).await
    }

    async fn of(peer: Peer, version: &'static str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = EngineConfig {
            secrets: Arc::new(secrets::Memory::default()),
            undo_window: std::time::Duration::ZERO,
            ..EngineConfig::new(dir.path().to_owned())
        };
        let engine = Engine::open(config).await.unwrap();
        let draft = ConnectionDraft {
            token: Some(peer.token.as_str().into()),
            keep: Keep::ThisRun,
            ..ConnectionDraft::server("Peer", &peer.url)
        };
        let connection = engine.add_connection(draft).await.unwrap().id;
        Self { engine, connection, peer, version, _dir: dir }
    }

    /// Says something, and how its turn ended with what is shown then.
    async fn say(&self, thread: Option<&ThreadId>, text: &str) -> (ThreadId, Screen) {
        let request = SendRequest {
            connection: self.connection.clone(),
            thread: thread.cloned(),
            text: text.to_owned(),
            model: None,
        };
        let thread = self.engine.send(request).await.unwrap();
        let mut screen = Screen::open(&self.engine, &thread).await;
        screen.until("over", |screen| screen.phase() == TurnPhase::Idle && screen.outcome().is_some()).await;
        (thread, screen)
    }

    /// Says something in a conversation of its own, to which the answer is good.
    async fn hears(&self, text: &str) -> (ThreadId, Screen) {
        let (thread, screen) = self.say(None, text).await;
        assert_eq!(screen.outcome(), Some(&TurnOutcome::Done), "{}, {text}: {}", self.version, screen.describe());
        (thread, screen)
    }

    /// Whether this version is one of those.
    fn is(&self, versions: &[&str]) -> bool {
        versions.contains(&self.version)
    }

    async fn stored(&self) -> Vec<Value> {
        self.peer.state().await["threads"].as_array().unwrap().clone()
    }
}

/// A peer on each version, at the same time.
async fn on_each(test: impl AsyncFn(&mut Client)) {
    if !Peer::wanted() {
        return;
    }
    let versions = OLDER_SDKS.into_iter().chain([NEWEST]);
    join_all(versions.map(async |version| test(&mut Client::on(version).await).await)).await;
}

fn failure(screen: &Screen) -> (FailureCode, String, bool) {
    match screen.outcome() {
        Some(TurnOutcome::Failed { failure, can_retry } | TurnOutcome::Interrupted { failure, can_retry }) => {
            (failure.code, failure.message.clone(), *can_retry)
        }
        other => panic!("{other:?}: {}", screen.describe()),
    }
}

#[tokio::test]
async fn a_conversation_goes_the_same_with_every_version() {
    on_each(async |client| {
        talks(client).await;
        shows_every_kind(client).await;
        acts(client).await;
        fails(client).await;
        pages(client).await;
        lists_renames_deletes(client).await;
    })
    .await;
}

/// It begins, goes on, is praised, and is answered again.
async fn talks(client: &Client) {
    let (thread, screen) = client.hears("/say Good *morning*").await;
    assert_eq!(screen.texts(), ["/say Good *morning*", "Good morning"]);
    let (_, mut screen) = client.say(Some(&thread), "again").await;
    assert_eq!(screen.texts()[2..], ["again", "You said: again"]);
    let answer = screen.items[3].id.clone();
    client.engine.feedback(&thread, &answer, FeedbackKind::Positive).await.unwrap();
    assert_eq!(client.peer.state().await["feedback"][0]["item_ids"], json!([answer]));
    client.engine.retry(&thread).await.unwrap();
    screen.until("another answer", |screen| screen.items.last().is_some_and(|last| last.id != answer)).await;
    screen.until("whole", |screen| screen.phase() == TurnPhase::Idle).await;
    assert_eq!(screen.texts()[2..], ["again", "You said: again"], "{}", client.version);
}

/// Every kind of item that the version has.
async fn shows_every_kind(client: &Client) {
    for (text, shown) in [
        ("/task", "[task: Looked]"),
        ("/steps", "[workflow: Custom { title: \"Five steps\", icon: None }]"),
        ("/workflow", "[workflow: Duration { seconds: 2 }]"),
        ("/replace", "[widget: The card]"),
        ("/remove", "What stays."),
        ("/stream", "[widget: Piece by piece, and whole]"),
        ("/end", "Second."),
        ("/hidden", "Nothing to see."),
        ("/entity", "Ada did."),
        ("/sources", "Quoted from elsewhere."),
        ("/progress", "Found."),
        ("/unnamed", "All at once."),
        ("/chart", "[widget: Kittiwakes]"),
    ] {
        let (_, screen) = client.hears(text).await;
        assert!(screen.texts().iter().any(|one| one == shown), "{}, {text}: {}", client.version, screen.describe());
        assert!(!screen.texts().iter().any(|one| one.contains("model alone") || one == "Never mind."));
    }
    for (text, has, shown) in
        [("/image", [NEWEST].as_slice(), "[image data:image/png"), ("/effect", &[NEWEST, "1.4.0"], "Look around you.")]
    {
        let (_, screen) = client.say(None, text).await;
        if client.is(has) {
            assert!(screen.last_text().starts_with(shown), "{}, {text}: {}", client.version, screen.describe());
        } else {
            assert!(failure(&screen).1.contains(" has no "), "{}", screen.describe());
        }
    }
}

/// Buttons, forms, tools and questions.
async fn acts(client: &mut Client) {
    let (thread, mut screen) = client.hears("/count").await;
    let press = WidgetAction {
        kind: "count".into(),
        payload: Some(json!({"count": 0})),
        // What a server leaves out is a stream; older ones cannot say otherwise.
        streaming: !client.is(&[NEWEST]),
    };
    let card = screen.items[1].id.clone();
    client.engine.widget_action(&thread, &card, press).await.unwrap();
    let counted = |screen: &Screen| match &screen.items[1].body {
        ItemViewBody::Widget(widget) => serde_json::to_string(&widget.root).unwrap().contains("Counted to 1"),
        _ => false,
    };
    screen.until("counted", counted).await;

    let (thread, screen) = client.hears("/form").await;
    let order = json!({"order": {"name": "Ada", "size": "small", "gift": true}});
    let press = WidgetAction { kind: "order".into(), payload: Some(order), streaming: true };
    client.engine.widget_action(&thread, &screen.items[1].id, press).await.unwrap();
    let stored = client.stored().await;
    assert!(json!(stored).to_string().contains("Ordered a small box for Ada, as a present."), "{}", client.version);

    asks_a_tool(client).await;
    asks(client).await;
}

/// A call that the server makes, declined, and what it says to that.
async fn asks_a_tool(client: &Client) {
    let (thread, mut screen) = client.say(None, r#"/tool open_link {"url": "https://example.com"}"#).await;
    let call = screen.items[1].id.clone();
    assert!(matches!(screen.items[1].body, ItemViewBody::ClientToolCall(_)), "{}", screen.describe());
    // Without a desk nobody could open anything: declined by the person, or by the program.
    let _ = client.engine.answer_tool_call(&thread, &call, Consent::Refuse).await;
    screen.until("it goes on", |screen| screen.last_text().starts_with("The tool said")).await;
    assert!(screen.last_text().contains("error"), "{}", screen.last_text());
}

/// Questions, which older versions do not have.
async fn asks(client: &Client) {
    let (thread, mut screen) = client.say(None, "/ask").await;
    if !client.is(&[NEWEST]) {
        assert!(failure(&screen).1.contains("has no StructuredInputItem"), "{}", screen.describe());
        return;
    }
    let questions: ItemId = screen.items[1].id.clone();
    let answers = [("bird".to_owned(), QuestionAnswer { values: vec!["Tern".to_owned()], skipped: false })];
    let answer = StructuredAnswer { skipped: false, answers: answers.into() };
    client.engine.answer_questions(&thread, &questions, answer).await.unwrap();
    screen.until("it goes on", |screen| screen.last_text() == "You answered: Tern.").await;
}

/// What goes wrong is told in the same words.
async fn fails(client: &Client) {
    for (text, code, retry) in [
        ("/crash", FailureCode::ServerError, true),
        ("/error! Try me.", FailureCode::ServerError, true),
        ("/drop", FailureCode::Interrupted, true),
        ("/empty", FailureCode::Interrupted, true),
    ] {
        let (_, screen) = client.say(None, text).await;
        let (told, _, can_retry) = failure(&screen);
        assert_eq!((told, can_retry), (code, retry), "{}, {text}", client.version);
    }
    let (_, screen) = client.say(None, "/error The model is asleep.").await;
    assert_eq!(failure(&screen), (FailureCode::ServerError, "The model is asleep.".to_owned(), false));
}

/// A conversation that is longer than a page, opened where nothing is known of it.
async fn pages(client: &Client) {
    client.hears("/fill 60").await;
    let elsewhere = tempfile::tempdir().unwrap();
    let config = EngineConfig {
        secrets: Arc::new(secrets::Memory::default()),
        ..EngineConfig::new(elsewhere.path().to_owned())
    };
    let engine = Engine::open(config).await.unwrap();
    let draft = ConnectionDraft {
        token: Some(client.peer.token.as_str().into()),
        keep: Keep::ThisRun,
        ..ConnectionDraft::server("Peer", &client.peer.url)
    };
    engine.add_connection(draft).await.unwrap();
    let title = Some("/fill 60");
    let thread = engine.threads().into_iter().find(|thread| thread.title.as_deref() == title).map(|thread| thread.id);
    // Servers give no titles by themselves: what is newest is first in the list.
    let thread = thread.unwrap_or_else(|| engine.threads()[0].id.clone());
    let mut screen = Screen::open(&engine, &thread).await;
    screen.until("the end", |screen| screen.last_text() == "Line 60").await;
    let mut lines = screen.texts();
    let mut first = screen.items[0].id.clone();
    loop {
        let older = engine.load_older(&thread, &first).await.unwrap();
        let Some(oldest) = older.items.first() else { break };
        first = oldest.id.clone();
        lines.splice(0..0, older.items.iter().map(|_| String::new()));
        if !older.has_older {
            break;
        }
    }
    assert_eq!(lines.len(), 61, "{}", client.version);
}

async fn lists_renames_deletes(client: &Client) {
    client.engine.refresh_threads().await;
    let before = client.stored().await.len();
    assert_eq!(client.engine.threads().len(), before, "{}", client.version);
    let thread = client.engine.threads()[0].id.clone();
    client.engine.rename_thread(&thread, "Mornings").await.unwrap();
    assert!(client.stored().await.iter().any(|thread| thread["title"] == "Mornings"), "{}", client.version);
    client.engine.delete_thread(&thread).await.unwrap();
    while client.stored().await.len() == before {
        tokio::task::yield_now().await;
    }
}

//! Talking to backends that people wrote for themselves: the connection to one, and what comes of a message.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::sync::Arc;

use engine::{
    Engine, EngineConfig, TurnEvent,
    view::{CheckView, ConnectionDraft, ConnectionState, SendRequest, TurnOutcome},
};
use model::{ConnectionId, Failure, Kind, ThreadEvent, ThreadId};
use tempfile::TempDir;
use tokio::sync::mpsc::Receiver;

use crate::peer::Peer;

/// A connection to one of the peer's backends, with more fields of its form.
///
/// # Panics
/// If that fails.
pub fn draft(peer: &Peer, path: &str, more: &[(&str, &str)]) -> ConnectionDraft {
    let mut draft = ConnectionDraft::server("Own", &peer.address(path));
    draft.kind = Kind::Custom;
    draft.values.extend(more.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    draft
}

/// An engine with nothing in it.
///
/// # Panics
/// If that fails.
pub async fn engine() -> (Engine, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let config =
        EngineConfig { secrets: Arc::<secrets::Memory>::default(), ..EngineConfig::new(dir.path().to_owned()) };
    (Engine::open(config).await.unwrap(), dir)
}

/// The same, added to an engine.
///
/// # Panics
/// If that fails.
pub async fn added(engine: &Engine, peer: &Peer, path: &str, more: &[(&str, &str)]) -> ConnectionId {
    let view = engine.add_connection(draft(peer, path, more)).await.unwrap();
    assert_eq!(view.state, ConnectionState::Online, "{view:?}");
    view.id
}

/// What came of one message.
pub struct Told {
    /// Where.
    pub thread: ThreadId,
    /// The answer as the server wrote it, if it is whole.
    pub text: Option<String>,
    /// What was noted beside it.
    pub notices: Vec<String>,
    /// How the turn ended.
    pub outcome: TurnOutcome,
}

/// Says something, and waits for what comes of it.
///
/// # Panics
/// If that fails.
pub async fn say(engine: &Engine, connection: &ConnectionId, thread: Option<&ThreadId>, text: &str) -> Told {
    let request =
        SendRequest { connection: connection.clone(), thread: thread.cloned(), text: text.to_owned(), model: None };
    let (thread, events) = engine.ask(request).await.unwrap();
    told(thread, events).await
}

/// What comes of a turn.
///
/// # Panics
/// If that fails.
pub async fn told(thread: ThreadId, mut events: Receiver<TurnEvent>) -> Told {
    let (mut text, mut notices) = (None, Vec::new());
    while let Some(event) = events.recv().await {
        match event {
            TurnEvent::Event { event: ThreadEvent::ItemDone(item) } => text = item.body.plain_text(),
            TurnEvent::Event { event: ThreadEvent::Notice(notice) } => notices.push(notice.message),
            TurnEvent::Event { .. } | TurnEvent::Held { .. } => {}
            TurnEvent::Ended { outcome } => return Told { thread, text, notices, outcome },
        }
    }
    panic!("the turn has no end");
}

/// The whole answer to a message.
///
/// # Panics
/// If that fails.
pub async fn answer(engine: &Engine, connection: &ConnectionId, text: &str) -> String {
    let told = say(engine, connection, None, text).await;
    assert_eq!(told.outcome, TurnOutcome::Done);
    told.text.unwrap()
}

/// Why a turn failed.
///
/// # Panics
/// If that fails.
pub fn failure(outcome: TurnOutcome) -> Failure {
    match outcome {
        TurnOutcome::Failed { failure, .. } | TurnOutcome::Interrupted { failure, .. } => failure,
        other => panic!("{other:?}"),
    }
}

/// The paths that were asked, in order.
///
/// # Panics
/// If that fails.
pub async fn paths(peer: &Peer) -> Vec<String> {
    peer.asked().await.into_iter().map(|(path, _)| path).collect()
}

/// The last picture of a test.
///
/// # Panics
/// If that fails.
pub async fn tested(engine: &Engine, draft: ConnectionDraft) -> CheckView {
    let mut check = engine.test_draft(None, draft).await.unwrap();
    let mut last = None;
    while let Some(view) = check.next().await {
        last = Some(view);
    }
    last.unwrap()
}

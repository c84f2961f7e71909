//! An engine with a server of the test's own.

use std::{sync::Arc, time::Duration};

use engine::{
    Engine, EngineConfig, Limits,
    view::{ConnectionDraft, SendRequest, TurnOutcome, TurnPhase},
};
use model::{ConnectionId, FailureCode, ThreadId};
use tempfile::TempDir;

use crate::{
    gated::{Exchange, Gated, added, assistant_message, delta, done, opening, user_message},
    screen::Screen,
};

/// An engine with one connection, to a gated server.
pub struct Bench {
    /// The engine.
    pub engine: Engine,
    /// The server.
    pub server: Gated,
    /// The connection between the two.
    pub connection: ConnectionId,
    /// The data folder.
    pub dir: TempDir,
    secrets: Arc<secrets::Memory>,
}

/// A program with the data of a folder.
pub fn config(dir: &TempDir, secrets: &Arc<secrets::Memory>) -> EngineConfig {
    EngineConfig {
        secrets: secrets.clone(),
        limits: Limits { first_byte: Duration::from_secs(30), idle: Duration::from_secs(30), ..Limits::default() },
        undo_window: Duration::from_millis(300),
        ..EngineConfig::new(dir.path().to_owned())
    }
}

impl Bench {
    /// An engine and its server.
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// The same, with other settings.
    pub async fn with(change: impl FnOnce(&mut EngineConfig)) -> Self {
        let (dir, secrets) = (tempfile::tempdir().unwrap(), Arc::new(secrets::Memory::default()));
        let mut config = config(&dir, &secrets);
        change(&mut config);
        let engine = Engine::open(config).await.unwrap();
        let server = Gated::start().await;
        let connection = engine.add_connection(draft(server.url())).await.unwrap().id;
        Self { engine, server, connection, dir, secrets }
    }

    /// Sends a message.
    pub async fn send(&self, thread: Option<&ThreadId>, text: &str) -> ThreadId {
        self.engine.send(self.request(thread, text)).await.unwrap()
    }

    /// A message to send.
    pub fn request(&self, thread: Option<&ThreadId>, text: &str) -> SendRequest {
        SendRequest { connection: self.connection.clone(), thread: thread.cloned(), text: text.to_owned(), model: None }
    }

    /// A thread whose first question is being answered, and so much of that as has come.
    pub async fn answering(&mut self, half: &str) -> (ThreadId, Screen, Exchange) {
        let thread = self.send(None, "hello").await;
        let mut screen = Screen::open(&self.engine, &thread).await;
        let mut exchange = self.server.next().await;
        exchange.begin_with(opening("hello")).await;
        exchange.event(added("msg_2")).await;
        exchange.event(delta("msg_2", half)).await;
        screen.until("streaming", |screen| screen.last_text() == half).await;
        (thread, screen, exchange)
    }

    /// Ends this run of the program and begins another with the same data.
    pub async fn restart(self) -> Self {
        let Self { engine, server, connection, dir, secrets } = self;
        engine.close().await;
        drop(engine);
        let engine = Engine::open(config(&dir, &secrets)).await.unwrap();
        Self { engine, server, connection, dir, secrets }
    }

    /// A thread with one question and its whole answer, which the server has stored.
    pub async fn answered(&mut self) -> ThreadId {
        let thread = self.send(None, "hello").await;
        let mut exchange = self.server.next().await;
        exchange.begin_with(opening("hello")).await;
        exchange.event(added("msg_2")).await;
        exchange.event(delta("msg_2", "Hello **there**")).await;
        exchange.event(done(assistant_message("msg_2", "Hello **there**"))).await;
        exchange.end().await;
        self.server.items(vec![user_message("msg_1", "hello"), assistant_message("msg_2", "Hello **there**")]);
        let mut screen = Screen::open(&self.engine, &thread).await;
        screen.until("answered", |screen| screen.phase() == TurnPhase::Idle).await;
        thread
    }
}

/// The connection as a person would type it.
pub fn draft(url: &str) -> ConnectionDraft {
    ConnectionDraft { token: Some("secret-token".into()), ..ConnectionDraft::server("Office", url) }
}

/// Why a turn failed, and whether trying again was offered.
pub fn failure(outcome: TurnOutcome) -> (FailureCode, bool) {
    match outcome {
        TurnOutcome::Failed { failure, can_retry } | TurnOutcome::Interrupted { failure, can_retry } => {
            (failure.code, can_retry)
        }
        other => panic!("expected a failure, got {other:?}"),
    }
}

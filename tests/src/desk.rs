//! An engine with a route over two servers of the test's own.

use std::{sync::Arc, time::Duration};

use engine::{
    Engine, EngineConfig,
    view::{ConnectionDraft, ConnectionView, RouteDraft, SendRequest, TurnOutcome},
};
use model::{ConnectionId, ThreadId};
use tempfile::TempDir;

use crate::{bench::config, gated::Gated, screen::Screen};

/// An engine with a route over two servers that keep their threads.
pub struct Desk {
    /// The engine.
    pub engine: Engine,
    /// The server that is asked first.
    pub own: Gated,
    /// The one that is asked instead.
    pub other: Gated,
    /// The connections to the two.
    pub ids: [ConnectionId; 2],
    /// The route.
    pub route: ConnectionId,
    dir: TempDir,
    secrets: Arc<secrets::Memory>,
}

impl Desk {
    /// An engine, its two servers, and a route over both.
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// The same, with other settings.
    pub async fn with(change: impl FnOnce(&mut EngineConfig)) -> Self {
        let (dir, secrets) = (tempfile::tempdir().unwrap(), Arc::new(secrets::Memory::default()));
        let mut config = config(&dir, &secrets);
        change(&mut config);
        let engine = Engine::open(config).await.unwrap();
        let (own, other) = (Gated::start().await, Gated::start().await);
        let first = engine.add_connection(ConnectionDraft::server("Own", own.url())).await.unwrap().id;
        let second = engine.add_connection(ConnectionDraft::server("Other", other.url())).await.unwrap().id;
        let ids = [first, second];
        let route = engine.put_route(draft(&ids)).await.unwrap();
        assert_eq!(route.route.unwrap().answers.as_ref(), Some(&ids[0]));
        Self { engine, own, other, ids, route: route.id, dir, secrets }
    }

    /// Ends this run of the program and begins another with the same data.
    pub async fn restart(self) -> Self {
        let Self { engine, own, other, ids, route, dir, secrets } = self;
        engine.close().await;
        drop(engine);
        let engine = Engine::open(config(&dir, &secrets)).await.unwrap();
        Self { engine, own, other, ids, route, dir, secrets }
    }

    /// A message to send.
    pub fn request(&self, thread: Option<&ThreadId>, text: &str) -> SendRequest {
        SendRequest { connection: self.route.clone(), thread: thread.cloned(), text: text.to_owned(), model: None }
    }

    /// Sends a message through the route, and looks at its thread.
    pub async fn send(&self, thread: Option<&ThreadId>, text: &str) -> (ThreadId, Screen) {
        let thread = self.engine.send(self.request(thread, text)).await.unwrap();
        let screen = Screen::open(&self.engine, &thread).await;
        (thread, screen)
    }

    /// A thread in which the first connection has answered once.
    /// A thread in which the first connection has answered once.
    pub async fn begun(&mut self) -> ThreadId {
        let (thread, mut screen) = self.send(None, "I am Ada").await;
        let exchange = self.own.next().await;
        assert_eq!((exchange.request["type"].as_str(), exchange.said()), (Some("threads.create"), "I am Ada"));
        exchange.says("Hello Ada").await;
        assert_eq!(screen.ended().await, TurnOutcome::Done);
        assert_eq!(screen.texts(), ["I am Ada", "Hello Ada"]);
        thread
    }

    /// The route as it is shown.
    pub fn view(&self) -> ConnectionView {
        self.engine.connections().into_iter().find(|view| view.id == self.route).unwrap()
    }

    /// Waits until the route would ask one of its connections.
    /// Waits until the route would ask one of its connections.
    pub async fn until_asked(&self, wanted: usize) {
        let mut app = self.engine.subscribe_app();
        let waiting = async {
            while self.view().route.unwrap().answers.as_ref() != Some(&self.ids[wanted]) {
                app.next().await.unwrap();
            }
        };
        tokio::time::timeout(Duration::from_secs(30), waiting).await.expect("it is asked in the end");
    }
}

/// A route over some connections.
pub fn draft(connections: &[ConnectionId]) -> RouteDraft {
    RouteDraft { id: None, name: "Office".to_owned(), connections: connections.to_vec(), patience: 3 }
}

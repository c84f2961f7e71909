//! A ChatKit server that answers what the test lays before it: recorded answers, piece by piece.
//!
//! Every request that a turn or a press makes waits for the test, which takes it as an [`Asked`]. What clients ask on their
//! own is answered at once: with the thread and the items that the test has laid out, and otherwise never, so that nothing
//! of the outside changes what is on screen.

use std::{
    io,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::StatusCode,
    response::Response,
    routing::post,
};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
};

/// The requests that wait for the test.
const TAKEN: [&str; 7] = [
    "threads.create",
    "threads.add_user_message",
    "threads.add_client_tool_output",
    "threads.add_structured_input",
    "threads.custom_action",
    "threads.sync_custom_action",
    "threads.retry_after_item",
];

/// The server. Dropping it ends it.
pub struct Recorded {
    /// Where the protocol is spoken.
    pub url: String,
    asked: mpsc::UnboundedReceiver<Asked>,
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

struct Shared {
    taken: mpsc::UnboundedSender<Asked>,
    /// The thread that it lists, if any, and the page of items that it has of it.
    laid: Mutex<Option<(Value, Vec<u8>)>>,
}

/// A request that waits for its answer.
pub struct Asked {
    answer: oneshot::Sender<Response>,
}

/// A body that the test sends in pieces.
pub struct Sending {
    pieces: mpsc::UnboundedSender<Piece>,
    /// Whether the server has sent the head and waits for a piece.
    begun: watch::Receiver<bool>,
}

type Piece = Result<Bytes, io::Error>;

impl Recorded {
    /// A server on a port of its own.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/chatkit", listener.local_addr().unwrap());
        let (taken, asked) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared { taken, laid: Mutex::default() });
        let router = Router::new().route("/chatkit", post(answered)).with_state(shared.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, asked, shared, serving }
    }

    /// Lists a thread from now on, and has a page of its items.
    pub fn lays(&self, thread: Value, page: Vec<u8>) {
        *self.shared.laid.lock().unwrap() = Some((thread, page));
    }

    /// The next request of a turn or a press.
    pub async fn next(&mut self) -> Asked {
        self.asked.recv().await.expect("the server runs as long as the test")
    }
}

impl Drop for Recorded {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Asked {
    /// Answers whole.
    pub fn whole(self, status: u16, content_type: &str, body: Vec<u8>) {
        let status = StatusCode::from_u16(status).unwrap();
        let answer = Response::builder().status(status).header("content-type", content_type).body(Body::from(body));
        // A client that went away is told nothing.
        let _ = self.answer.send(answer.unwrap());
    }

    /// Begins a stream of events.
    pub fn stream(self) -> Sending {
        let (sender, pieces) = mpsc::unbounded_channel::<Piece>();
        let (begins, begun) = watch::channel(false);
        let pieces = stream::unfold((pieces, begins), async |(mut pieces, begins)| {
            if !*begins.borrow() {
                // The head leaves when a first piece is not there yet; one that breaks off at once would take it along.
                tokio::task::yield_now().await;
                begins.send_replace(true);
            }
            Some((pieces.recv().await?, (pieces, begins)))
        });
        let answer = Response::builder().header("content-type", "text/event-stream").body(Body::from_stream(pieces));
        let _ = self.answer.send(answer.unwrap());
        Sending { pieces: sender, begun }
    }
}

impl Sending {
    /// Sends a piece of the body.
    pub fn piece(&self, bytes: &[u8]) {
        let _ = self.pieces.send(Ok(Bytes::copy_from_slice(bytes)));
    }

    /// Breaks the body off, not before it has begun. Dropping it ends it as it should end.
    pub async fn cut(mut self) {
        let _ = self.begun.wait_for(|begun| *begun).await;
        let _ = self.pieces.send(Err(io::Error::from(io::ErrorKind::ConnectionReset)));
    }
}

async fn answered(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let kind = request["type"].as_str().unwrap_or_default();
    if TAKEN.contains(&kind) {
        let (answer, answered) = oneshot::channel();
        let _ = shared.taken.send(Asked { answer });
        return match answered.await {
            Ok(answer) => answer,
            Err(_) => never().await,
        };
    }
    let laid = shared.laid.lock().unwrap().clone();
    match (kind, laid) {
        ("threads.list", Some((thread, _))) => json_of(&json!({"data": [thread], "has_more": false})),
        ("threads.list", None) => json_of(&json!({"data": [], "has_more": false})),
        ("threads.get_by_id", Some((thread, _))) => json_of(&thread),
        ("items.list", Some((_, page))) if request["params"]["after"].is_null() => whole(page),
        _ => never().await,
    }
}

async fn never() -> Response {
    std::future::pending().await
}

fn json_of(value: &Value) -> Response {
    whole(value.to_string().into_bytes())
}

fn whole(body: Vec<u8>) -> Response {
    Response::builder().header("content-type", "application/json").body(Body::from(body)).unwrap()
}

//! The messages that a window gets while a recorded answer comes in.
//!
//! When a message is made depends on time; what is in all of them together does not, because after each event of the
//! recorded answer comes a notice of the test's own, which makes the engine send what it has, and which is left out again.

use std::{sync::Arc, time::Duration};

use acceptance::{
    recorded::{Asked, Recorded, Sending},
    traces::Exchange,
};
use engine::{
    Engine, EngineConfig, Limits, ThreadSubscription,
    view::{ConnectionDraft, Consent, Keep, SendRequest, ThreadMessage, ThreadOp, TurnPhase, WidgetAction},
};
use model::{ConnectionId, Patience, ThreadId, WhenUnreachable};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{task::JoinHandle, time::timeout};

use super::staged::{Deed, Scene};

/// How long something may take that has to come.
const LIMIT: Duration = Duration::from_secs(60);

/// What the test's own notices begin with.
const MARK: &str = "§ ";

/// So many changes make a message. What is redrawn comes before or after a mark, so marks cannot tell where one ends.
const STEP: usize = 6;

/// A conversation that is looked at.
struct Played {
    engine: Engine,
    server: Recorded,
    connection: ConnectionId,
    /// A press that waits for its answer.
    pressed: Option<JoinHandle<()>>,
    _dir: TempDir,
}

/// The messages, with nothing in them that is another one in each run.
pub async fn messages(exchange: &Exchange, scene: &Scene) -> Vec<Value> {
    let mut played = Played::new(exchange, scene).await;
    if matches!(scene.deed, Deed::Opens) {
        return played.opened(exchange).await;
    }
    let thread = played.before(scene).await;
    let mut seen = match &scene.deed {
        // It is on its way by itself, sooner or later: looked at once it is.
        Deed::Says { .. } | Deed::Declines(_) => None,
        // What stands there has to be seen before it changes.
        _ => Some(Seen::of(&played.engine, thread.as_ref().unwrap()).await),
    };
    let doing = played.does(scene, thread).await;
    let asked = timeout(LIMIT, played.server.next()).await.unwrap_or_else(|_| panic!("{}: never asked", exchange.name));
    let mut seen = match (seen.take(), &doing) {
        (Some(seen), _) => seen,
        (None, thread) => Seen::of(&played.engine, thread.as_ref().unwrap()).await,
    };
    // What the request itself changed is seen before its answer comes.
    seen.rest().await;
    if exchange.is_stream() {
        seen.answered(asked, exchange).await;
    } else {
        asked.whole(exchange.status, &exchange.content_type, exchange.body.clone());
        if let Deed::Presses { streaming: false, .. } = scene.deed {
            played.pressed.take().unwrap().await.unwrap();
            seen.rest().await;
        } else {
            seen.until_over(&exchange.name).await;
        }
    }
    seen.messages(&played)
}

impl Played {
    async fn new(exchange: &Exchange, scene: &Scene) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = EngineConfig {
            secrets: Arc::new(secrets::Memory::default()),
            limits: Limits { first_byte: LIMIT, idle: LIMIT, ..Limits::default() },
            ..EngineConfig::new(dir.path().to_owned())
        };
        let engine = Engine::open(config).await.unwrap();
        engine.set_patience(Patience::NONE).await.unwrap();
        engine.set_when_unreachable(WhenUnreachable::Tell).await.unwrap();
        let server = Recorded::start().await;
        if matches!(scene.deed, Deed::Opens) {
            server.lays(scene.listed(), newest_first(exchange));
        }
        let draft = ConnectionDraft { keep: Keep::ThisRun, ..ConnectionDraft::server("Peer", &server.url) };
        let connection = engine.add_connection(draft).await.unwrap().id;
        Self { engine, server, connection, pressed: None, _dir: dir }
    }

    async fn say(&self, thread: Option<&ThreadId>, text: &str) -> ThreadId {
        let request = SendRequest {
            connection: self.connection.clone(),
            thread: thread.cloned(),
            text: text.to_owned(),
            model: None,
        };
        self.engine.send(request).await.unwrap()
    }

    /// A turn that brings what has to stand there; nothing where the conversation begins with what was recorded.
    async fn before(&mut self, scene: &Scene) -> Option<ThreadId> {
        if matches!(scene.deed, Deed::Says { begins: true, .. }) {
            return None;
        }
        let thread = self.say(None, "Before that").await;
        let body = self.server.next().await.stream();
        for event in scene.opening() {
            body.piece(format!("data: {event}\n\n").as_bytes());
        }
        let mut seen = Seen::of(&self.engine, &thread).await;
        drop(body);
        seen.until_over("the opening").await;
        Some(thread)
    }

    /// Does it, and says where.
    async fn does(&mut self, scene: &Scene, thread: Option<ThreadId>) -> Option<ThreadId> {
        if let Deed::Says { text, .. } = &scene.deed {
            return Some(self.say(thread.as_ref(), text).await);
        }
        let (engine, at) = (self.engine.clone(), thread.clone()?);
        match &scene.deed {
            Deed::Says { .. } | Deed::Opens => {}
            Deed::TriesAgain => engine.retry(&at).await.unwrap(),
            Deed::Declines(item) => {
                // A call that nobody has to be asked about is on its way by itself.
                let _ = engine.answer_tool_call(&at, item, Consent::Refuse).await;
            }
            Deed::Answers(item, answer) => {
                let (item, answer) = (item.clone(), answer.clone());
                tokio::spawn(async move { engine.answer_questions(&at, &item, answer).await });
            }
            Deed::Presses { item, action, streaming } => {
                let (item, action) = (item.clone(), action.clone());
                let action = WidgetAction { kind: action.kind, payload: action.payload, streaming: *streaming };
                self.pressed = Some(tokio::spawn(async move {
                    // What went wrong is told beside the button: actions.test.tsx.
                    let _ = engine.widget_action(&at, &item, action).await;
                }));
            }
        }
        thread
    }

    /// A conversation whose items are asked for because it is opened.
    async fn opened(self, exchange: &Exchange) -> Vec<Value> {
        let wait = async {
            loop {
                if let Some(thread) = self.engine.threads().first() {
                    return thread.id.clone();
                }
                tokio::task::yield_now().await;
            }
        };
        let thread = timeout(LIMIT, wait).await.unwrap();
        // Read, and opened anew: what comes meanwhile depends on time.
        let wanted = serde_json::from_slice::<Value>(&exchange.body).unwrap()["data"].as_array().unwrap().len();
        let mut seen = Seen::of(&self.engine, &thread).await;
        while seen.items() < wanted {
            seen.step("the items").await;
        }
        Seen::of(&self.engine, &thread).await.messages(&self)
    }
}

/// A page as the engine asks for it: the newest first.
fn newest_first(exchange: &Exchange) -> Vec<u8> {
    let mut page: Value = serde_json::from_slice(&exchange.body).unwrap();
    if exchange.request.as_ref().unwrap()["params"]["order"] == "asc" {
        page["data"].as_array_mut().unwrap().reverse();
    }
    page.to_string().into_bytes()
}

/// What came to a window.
struct Seen {
    subscription: ThreadSubscription,
    snapshot: Value,
    ops: Vec<Value>,
    marks: usize,
    is_over: bool,
}

impl Seen {
    async fn of(engine: &Engine, thread: &ThreadId) -> Self {
        let mut subscription = engine.subscribe_thread(thread).await.unwrap();
        let first = subscription.next().await.unwrap();
        let ThreadMessage::Snapshot { turn, .. } = &first else { panic!("a snapshot comes first") };
        let is_over = turn.phase == TurnPhase::Idle && turn.outcome.is_some();
        let snapshot = serde_json::to_value(&first).unwrap();
        Self { subscription, snapshot, ops: Vec::new(), marks: 0, is_over }
    }

    fn items(&self) -> usize {
        let put = self.ops.iter().filter(|op| op["op"] == "put_item").count();
        self.snapshot["items"].as_array().unwrap().len() + put
    }

    async fn step(&mut self, what: &str) {
        let message = timeout(LIMIT, self.subscription.next()).await.unwrap_or_else(|_| panic!("never: {what}"));
        match message.unwrap() {
            first @ ThreadMessage::Snapshot { .. } => {
                self.snapshot = serde_json::to_value(&first).unwrap();
                self.ops.clear();
            }
            ThreadMessage::Batch { ops } => ops.into_iter().for_each(|op| self.take(&op)),
        }
    }

    fn take(&mut self, op: &ThreadOp) {
        match op {
            ThreadOp::Notice { notice } if notice.message.starts_with(MARK) => self.marks += 1,
            ThreadOp::Details { .. } => {}
            ThreadOp::Turn { turn } => {
                // The next one may have begun by the time this is looked at.
                self.is_over |= turn.phase == TurnPhase::Idle && turn.outcome.is_some();
                self.ops.push(serde_json::to_value(op).unwrap());
            }
            _ => self.ops.push(serde_json::to_value(op).unwrap()),
        }
    }

    async fn until_over(&mut self, what: &str) {
        while !self.is_over {
            self.step(what).await;
        }
    }

    /// Takes what is there already.
    async fn rest(&mut self) {
        // Whatever does not come by then was not to come.
        while let Ok(Some(message)) = timeout(Duration::from_millis(50), self.subscription.next()).await {
            if let ThreadMessage::Batch { ops } = message {
                ops.iter().for_each(|op| self.take(op));
            }
        }
    }

    /// A recorded stream, event by event.
    async fn answered(&mut self, asked: Asked, exchange: &Exchange) {
        let body: Sending = asked.stream();
        self.is_over = false;
        for frame in frames(&exchange.body) {
            body.piece(frame);
            if frame.ends_with(b"\n\n") || frame.ends_with(b"\r\n\r\n") {
                let wanted = self.marks + 1;
                let notice = json!({"type": "notice", "level": "info", "message": format!("{MARK}{wanted}")});
                body.piece(format!("data: {notice}\n\n").as_bytes());
                while self.marks < wanted {
                    self.step(&exchange.name).await;
                }
            }
        }
        if exchange.whole {
            drop(body)
        } else {
            body.cut().await
        }
        self.until_over(&exchange.name).await;
    }

    fn messages(self, played: &Played) -> Vec<Value> {
        let mut messages = vec![self.snapshot];
        messages.extend(self.ops.chunks(STEP).map(|ops| json!({"type": "batch", "ops": ops})));
        let port = played.server.url.rsplit(':').next().unwrap().split('/').next().unwrap().to_owned();
        let mut names = Names { port, local: Vec::new(), connection: played.connection.to_string() };
        messages.iter_mut().for_each(|message| names.settle(message));
        messages
    }
}

/// The body, cut after each blank line.
fn frames(body: &[u8]) -> Vec<&[u8]> {
    let mut frames = Vec::new();
    let mut begin = 0;
    for end in 1..=body.len() {
        if body[begin..end].ends_with(b"\n\n") || body[begin..end].ends_with(b"\r\n\r\n") || end == body.len() {
            frames.push(&body[begin..end]);
            begin = end;
        }
    }
    frames
}

/// What is called otherwise in each run.
struct Names {
    port: String,
    connection: String,
    /// The ids that were made here, in the order in which they are met.
    local: Vec<String>,
}

impl Names {
    fn settle(&mut self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if text.contains(&self.port) {
                    *text = text.replace(&self.port, "8799");
                }
                if *text == self.connection {
                    "peer".clone_into(text);
                } else if is_uuid(text.strip_prefix("local-").unwrap_or(text)) {
                    let place = self.local.iter().position(|known| known == text).unwrap_or_else(|| {
                        self.local.push(text.clone());
                        self.local.len() - 1
                    });
                    *text = format!("here-{place}");
                }
            }
            Value::Array(all) => all.iter_mut().for_each(|one| self.settle(one)),
            Value::Object(fields) => {
                fields.remove("details");
                for (key, field) in fields.iter_mut() {
                    if key == "updated_at" {
                        *field = json!(0);
                    } else if let ("detail", Some(text)) = (key.as_str(), field.as_str()) {
                        // What the system and the libraries have to say of it may be another thing each time.
                        *field = json!(text.split(": ").next());
                    } else {
                        self.settle(field);
                    }
                }
            }
            _ => {}
        }
    }
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').map(str::len).collect();
    parts == [8, 4, 4, 4, 12] && text.chars().all(|char| char == '-' || char.is_ascii_hexdigit())
}

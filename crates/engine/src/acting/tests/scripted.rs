//! An engine with a server that answers as a test has written down, and a host that writes down what it is to do.

use std::{
    collections::VecDeque,
    io,
    sync::{Arc, Mutex},
};

use adapters::{
    Adapter, Mapper, MappingError, RequestError, RequestSpec, Trial,
    form::{Described, Field, Values, Wrong},
};
use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
    routing::post,
};
use model::{
    ClientToolCall, Connection, ConnectionId, Extra, Failure, InputStatus, Item, ItemBody, ItemId, Kind, Operation,
    Question, QuestionBody, Reply, StructuredInput, ThreadEvent, ThreadId,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::{
    Desk, Engine, EngineConfig, TurnEvent,
    view::{ConnectionDraft, ItemViewBody, QuestionsView, SendRequest, ToolCallView, TurnOutcome},
};

type Piece = Result<Bytes, io::Error>;

#[derive(Default)]
struct Script {
    streams: VecDeque<UnboundedReceiver<Piece>>,
    items: Vec<Value>,
    updated: Option<Value>,
    asked: Vec<Value>,
}

/// A stream that the test is still writing. It ends when this is dropped.
pub struct Open(UnboundedSender<Piece>);

impl Open {
    pub fn event(&self, event: &Value) {
        let _ = self.0.send(Ok(format!("data: {event}\n\n").into()));
    }

    /// It has begun, says nothing, and breaks.
    pub fn breaks(self) {
        let _ = self.0.send(Ok(": begun\n\n".into()));
        let _ = self.0.send(Err(io::Error::other("on purpose")));
    }
}

/// What the host was to do.
#[derive(Default)]
pub struct Hands(Mutex<Vec<String>>);

impl Hands {
    pub fn did(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    fn does(&self, what: String) -> Result<(), Failure> {
        self.0.lock().unwrap().push(what);
        Ok(())
    }
}

impl Desk for Hands {
    fn open_link(&self, url: &str) -> Result<(), Failure> {
        self.does(format!("open {url}"))
    }

    fn copy_text(&self, text: &str) -> Result<(), Failure> {
        self.does(format!("copy {text}"))
    }

    fn call_attention(&self) {
        let _ = self.does("call".to_owned());
    }
}

/// An engine with one connection.
pub struct Stage {
    pub engine: Engine,
    pub connection: ConnectionId,
    pub hands: Arc<Hands>,
    script: Arc<Mutex<Script>>,
    dir: TempDir,
}

impl Stage {
    pub async fn new() -> Self {
        let script = Arc::<Mutex<Script>>::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/chatkit", listener.local_addr().unwrap());
        let routes = Router::new().route("/chatkit", post(answer)).with_state(script.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let (dir, hands) = (tempfile::tempdir().unwrap(), Arc::<Hands>::default());
        let engine = open(&dir, Some(hands.clone())).await;
        let connection = engine.add_connection(ConnectionDraft::server("Office", &url)).await.unwrap().id;
        Self { engine, connection, hands, script, dir }
    }

    /// The same after a restart.
    pub async fn again(self) -> Self {
        let Self { engine, connection, hands, script, dir } = self;
        engine.close().await;
        drop(engine);
        Self { engine: open(&dir, Some(hands.clone())).await, connection, hands, script, dir }
    }

    /// The same without a window.
    pub async fn in_terminal(self) -> Self {
        let Self { engine, connection, hands, script, dir } = self;
        engine.close().await;
        drop(engine);
        Self { engine: open(&dir, None).await, connection, hands, script, dir }
    }

    /// How the next stream goes that is asked for and not written yet.
    pub fn opens(&self) -> Open {
        let (sender, receiver) = unbounded_channel();
        self.script.lock().unwrap().streams.push_back(receiver);
        Open(sender)
    }

    /// The same, whole.
    pub fn says(&self, events: &[Value]) {
        let open = self.opens();
        events.iter().for_each(|event| open.event(event));
    }

    /// What the server has of the thread.
    pub fn has(&self, items: Vec<Value>) {
        self.script.lock().unwrap().items = items;
    }

    /// What a press that is answered at once changes.
    pub fn updates(&self, item: Value) {
        self.script.lock().unwrap().updated = Some(item);
    }

    /// The requests of a type.
    pub fn asked(&self, kind: &str) -> Vec<Value> {
        let asked = &self.script.lock().unwrap().asked;
        asked.iter().filter(|request| request["type"] == kind).map(|request| request["params"].clone()).collect()
    }

    /// Says something in a new thread, to which the server answers with these events; waits for the end.
    pub async fn begun(&self, events: &[Value]) -> (ThreadId, TurnOutcome) {
        self.says(&[opening(), events.to_vec()].concat());
        let request =
            SendRequest { connection: self.connection.clone(), thread: None, text: "hello".to_owned(), model: None };
        let (thread, mut followed) = self.engine.ask(request).await.unwrap();
        loop {
            if let TurnEvent::Ended { outcome } = followed.recv().await.expect("every turn has an end") {
                return (thread, outcome);
            }
        }
    }

    /// An item as it is shown.
    pub async fn shown(&self, thread: &ThreadId, item: &str) -> ItemViewBody {
        let live = self.engine.live(thread).await.unwrap();
        let id = ItemId::from(item);
        live.with(|inner| inner.state.entry(&id).and_then(|entry| inner.viewed(entry))).expect("it is there").body
    }

    /// An item as it is kept, for whoever looks for words in it.
    pub async fn body(&self, thread: &ThreadId, item: &str) -> String {
        let live = self.engine.live(thread).await.unwrap();
        live.with(|inner| format!("{:?}", inner.state.entry(&item.into()).unwrap().item.body))
    }

    pub async fn call(&self, thread: &ThreadId, item: &str) -> ToolCallView {
        match self.shown(thread, item).await {
            ItemViewBody::ClientToolCall(call) => call,
            other => panic!("{other:?}"),
        }
    }

    pub async fn questions(&self, thread: &ThreadId, item: &str) -> QuestionsView {
        match self.shown(thread, item).await {
            ItemViewBody::StructuredInput(questions) => questions,
            other => panic!("{other:?}"),
        }
    }

    /// Waits until no turn is under way and nothing more begins by itself. Answers how the last one ended.
    pub async fn quiet(&self, thread: &ThreadId) -> TurnOutcome {
        let live = self.engine.live(thread).await.unwrap();
        let mut messages = live.subscribe();
        loop {
            let outcome = live.with(|inner| inner.turn.outcome.clone());
            if let Some(outcome) = outcome {
                return outcome;
            }
            messages.next().await;
        }
    }
}

async fn open(dir: &TempDir, desk: Option<Arc<Hands>>) -> Engine {
    let desk = desk.map(|desk| desk as Arc<dyn Desk>);
    Engine::open_with(EngineConfig { desk, ..EngineConfig::new(dir.path().to_owned()) }, |_| &Scripted).await.unwrap()
}

async fn answer(State(script): State<Arc<Mutex<Script>>>, Json(request): Json<Value>) -> Response {
    let mut script = script.lock().unwrap();
    script.asked.push(request.clone());
    match request["type"].as_str().unwrap_or_default() {
        "items.list" => {
            let newest: Vec<_> = script.items.iter().rev().collect();
            Json(json!({"data": newest, "has_more": false})).into_response()
        }
        "threads.list" => Json(json!({"data": [], "has_more": false})).into_response(),
        "threads.sync_custom_action" => match &script.updated {
            Some(item) => Json(json!({"updated_item": item})).into_response(),
            None => Json(json!({})).into_response(),
        },
        "items.feedback" => Json(json!({})).into_response(),
        _ => {
            let pieces = script.streams.pop_front().expect("the test has written an answer to this");
            let pieces = futures_util::stream::unfold(pieces, |mut pieces| async move {
                let piece = pieces.recv().await?;
                if piece.is_err() {
                    // What came before is on its way first.
                    tokio::task::yield_now().await;
                }
                Some((piece, pieces))
            });
            ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(pieces)).into_response()
        }
    }
}

/// The events with which a thread begins.
fn opening() -> Vec<Value> {
    let thread = json!({"id": "thr_1", "created_at": "2026-11-21T09:00:00", "status": {"type": "active"}});
    vec![json!({"type": "thread.created", "thread": thread}), done(user("msg_1", "hello")), options()]
}

pub fn options() -> Value {
    json!({"type": "stream_options", "stream_options": {"allow_cancel": true}})
}

pub fn done(item: Value) -> Value {
    json!({"type": "thread.item.done", "item": item})
}

pub fn replaced(item: Value) -> Value {
    json!({"type": "thread.item.replaced", "item": item})
}

pub fn user(id: &str, text: &str) -> Value {
    item(id, "user_message", json!({"content": [{"type": "input_text", "text": text}], "attachments": []}))
}

pub fn message(id: &str, text: &str) -> Value {
    item(id, "assistant_message", json!({"content": [{"type": "output_text", "text": text, "annotations": []}]}))
}

pub fn call(id: &str, name: &str, arguments: Value) -> Value {
    let fields = json!({"status": "pending", "call_id": format!("c_{id}"), "name": name, "arguments": arguments});
    item(id, "client_tool_call", fields)
}

pub fn questions(id: &str, status: &str) -> Value {
    item(
        id,
        "structured_input",
        json!({"status": status, "inputs": [
            {"type": "freeform", "id": "colour", "question": "Which colour?"},
        ]}),
    )
}

pub fn widget(id: &str, text: &str) -> Value {
    item(id, "widget", json!({"widget": {"type": "Card", "children": [{"type": "Text", "value": text}]}}))
}

fn item(id: &str, kind: &str, fields: Value) -> Value {
    let mut item = json!({"id": id, "thread_id": "thr_1", "created_at": "2026-11-21T09:00:00", "type": kind});
    item.as_object_mut().unwrap().extend(fields.as_object().cloned().unwrap());
    item
}

/// ChatKit's adapter, which reads the items that these tests are about whether or not it does so itself.
struct Scripted;

fn chatkit() -> &'static dyn Adapter {
    adapters::adapter(Kind::Chatkit)
}

impl Adapter for Scripted {
    fn kind(&self) -> Kind {
        Kind::Chatkit
    }

    fn fields(&self) -> &'static [Field] {
        chatkit().fields()
    }

    fn describe(&self, values: &Values, has_token: bool) -> Result<Described, Wrong> {
        chatkit().describe(values, has_token)
    }

    fn values(&self, connection: &Connection) -> Values {
        chatkit().values(connection)
    }

    fn request(&self, connection: &Connection, asked: &Operation, locale: &str) -> Result<RequestSpec, RequestError> {
        chatkit().request(connection, asked, locale)
    }

    fn mapper(&self) -> Box<dyn Mapper + Send> {
        Box::new(Reading(chatkit().mapper()))
    }

    fn reply(&self, operation: &Operation, body: &[u8]) -> Result<Reply, MappingError> {
        Ok(match chatkit().reply(operation, body)? {
            Reply::Items(mut page) => {
                page.data = page.data.into_iter().map(read).collect();
                Reply::Items(page)
            }
            other => other,
        })
    }

    fn trials(&self) -> Vec<Trial> {
        chatkit().trials()
    }
}

struct Reading(Box<dyn Mapper + Send>);

impl Mapper for Reading {
    fn on_frame(&mut self, event: &str, data: &str) -> Vec<ThreadEvent> {
        let frame: Value = serde_json::from_str(data).unwrap();
        if frame["type"] == "client_effect" {
            let data = frame["data"].as_object().cloned().unwrap();
            return vec![ThreadEvent::ClientEffect { name: frame["name"].as_str().unwrap().to_owned(), data }];
        }
        let events = self.0.on_frame(event, data).into_iter();
        let read = events.map(|event| match event {
            ThreadEvent::ItemDone(item) => ThreadEvent::ItemDone(read(item)),
            ThreadEvent::ItemReplaced(item) => ThreadEvent::ItemReplaced(read(item)),
            other => other,
        });
        read.collect()
    }
}

fn read(item: Item) -> Item {
    let ItemBody::Unknown { name, fields } = &item.body else { return item };
    let text = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let body = match name.as_str() {
        "client_tool_call" => ItemBody::ClientToolCall(ClientToolCall {
            call_id: text("call_id"),
            name: text("name"),
            arguments: fields["arguments"].as_object().cloned().unwrap(),
            is_pending: text("status") == "pending",
            output: fields.get("output").cloned(),
        }),
        "structured_input" => ItemBody::StructuredInput(StructuredInput {
            status: if text("status") == "pending" { InputStatus::Pending } else { InputStatus::Answered },
            inputs: vec![Question {
                id: "colour".to_owned(),
                question: "Which colour?".to_owned(),
                body: QuestionBody::Freeform { description: None },
                answer: None,
                extra: Extra::new(),
            }],
        }),
        _ => return item,
    };
    Item { body, ..item }
}

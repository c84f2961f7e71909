//! A ChatKit server whose every byte is released by the test.
//!
//! Streaming requests wait for the test, which takes them as [`Exchange`]s. The others are answered at once, because
//! clients ask them on their own: from the items that were said to be done, or what the test has put into [`Gated::items`].

use std::{
    collections::{HashMap, VecDeque},
    io,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::{JoinHandle, JoinSet},
};

/// The server.
pub struct Gated {
    url: String,
    streams: mpsc::UnboundedReceiver<Exchange>,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    items: Mutex<Option<Vec<Value>>>,
    done: Mutex<Vec<Value>>,
    items_of: Mutex<HashMap<String, Vec<Value>>>,
    asked: Mutex<Vec<Value>>,
    refusals: Mutex<VecDeque<(u16, String)>>,
}

impl Shared {
    fn is_done(&self, item: &Value) {
        let mut done = self.done.lock().unwrap();
        match done.iter_mut().find(|known| known["id"] == item["id"]) {
            Some(known) => known.clone_from(item),
            None => done.push(item.clone()),
        }
    }

    /// The items of a thread, oldest first.
    fn stored(&self, thread: Option<&str>) -> Vec<Value> {
        let of_thread = thread.and_then(|id| self.items_of.lock().unwrap().get(id).cloned());
        let given = || self.items.lock().unwrap().clone();
        of_thread.or_else(given).unwrap_or_else(|| self.done.lock().unwrap().clone())
    }
}

impl Gated {
    /// A server on a port of its own.
    pub async fn start() -> Self {
        Self::start_at("127.0.0.1:0").await
    }

    /// A server at an address: that of one that was stopped, or one of another network.
    pub async fn start_at(address: &str) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let url = format!("http://{}/chatkit", listener.local_addr().unwrap());
        let (sender, streams) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared::default());
        let state = shared.clone();
        let accepting = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((socket, _)) = listener.accept().await {
                // What is released is on its way at once, as it is from servers that stream.
                let _ = socket.set_nodelay(true);
                connections.spawn(serve(socket, sender.clone(), state.clone()));
            }
        });
        Self { url, streams, shared, accepting }
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Ends the server: nobody answers at its address any more.
    pub fn stop(&self) {
        self.accepting.abort();
    }

    /// The same, and is sure of it. What still streams is cut off.
    pub async fn gone(&mut self) {
        self.accepting.abort();
        let _ = (&mut self.accepting).await;
    }

    /// A server at the address of this one, which is gone.
    pub async fn back(&self) -> Self {
        let address = self.url.trim_start_matches("http://").trim_end_matches("/chatkit");
        Self::start_at(address).await
    }

    /// The next streaming request.
    pub async fn next(&mut self) -> Exchange {
        self.streams.recv().await.expect("the server runs as long as the test")
    }

    /// What `items.list` answers, oldest first, in place of the items that were said to be done.
    pub fn items(&self, items: Vec<Value>) {
        *self.shared.items.lock().unwrap() = Some(items);
    }

    /// What `items.list` answers for one thread, oldest first. Other threads have what [`Gated::items`] was given.
    pub fn items_of(&self, thread: &str, items: Vec<Value>) {
        self.shared.items_of.lock().unwrap().insert(thread.to_owned(), items);
    }

    /// Refuses the next request that is answered whole.
    pub fn refuse_next(&self, status: u16, body: &str) {
        self.shared.refusals.lock().unwrap().push_back((status, body.to_owned()));
    }

    /// Every request so far, in order.
    pub fn asked(&self) -> Vec<Value> {
        self.shared.asked.lock().unwrap().clone()
    }

    /// How many requests of a type came so far.
    pub fn count(&self, kind: &str) -> usize {
        self.asked().iter().filter(|request| request["type"] == kind).count()
    }
}

/// A streaming request that waits for the test.
pub struct Exchange {
    /// The request.
    pub request: Value,
    /// The request's head, as it came.
    pub head: String,
    socket: TcpStream,
    shared: Arc<Shared>,
}

impl Exchange {
    /// Begins a stream.
    pub async fn begin(&mut self) {
        self.raw(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n").await;
    }

    /// Begins a stream with some events.
    pub async fn begin_with(&mut self, events: Vec<Value>) {
        self.begin().await;
        for event in events {
            self.event(event).await;
        }
    }

    /// Answers whole, with a status and a body of a type.
    pub async fn answer(mut self, status: u16, content_type: &str, body: &str) {
        let _ = self.socket.write_all(&whole(status, content_type, body)).await;
    }

    /// Refuses, with more headers and a JSON body.
    pub async fn refuse(mut self, status: u16, headers: &[&str], body: &str) {
        let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
        let answer = whole(status, "application/json", body);
        let answer = String::from_utf8_lossy(&answer).replacen("\r\n", &format!("\r\n{headers}"), 1);
        self.raw(answer.as_bytes()).await;
    }

    /// Refuses, and wants a pause of some seconds.
    pub async fn wants_pause(mut self, seconds: u32) {
        let head = format!("HTTP/1.1 429 x\r\nretry-after: {seconds}\r\ncontent-length: 0\r\n\r\n");
        self.raw(head.as_bytes()).await;
    }

    /// The text of the message that was sent.
    pub fn said(&self) -> &str {
        self.request["params"]["input"]["content"][0]["text"].as_str().unwrap_or_default()
    }

    /// Answers a message in a thread: its first one, or another.
    pub async fn says(mut self, text: &str) {
        let first = self.request["type"] == "threads.create";
        let said = self.said().to_owned();
        self.begin_with(if first { opening(&said) } else { continuing(&said) }).await;
        self.event(done(assistant_message("msg_2", text))).await;
        self.end().await;
    }

    /// Sends one event.
    pub async fn event(&mut self, event: Value) {
        if event["type"] == "thread.item.done" {
            self.shared.is_done(&event["item"]);
        }
        self.chunk(format!("data: {event}\n\n").as_bytes()).await;
    }

    /// Sends some bytes of the body.
    pub async fn chunk(&mut self, bytes: &[u8]) {
        if !bytes.is_empty() {
            let head = format!("{:x}\r\n", bytes.len());
            self.raw(&[head.as_bytes(), bytes, b"\r\n"].concat()).await;
        }
    }

    /// Ends the body as it should end.
    pub async fn end(mut self) {
        self.raw(b"0\r\n\r\n").await;
        let _ = self.socket.shutdown().await;
    }

    /// Breaks the connection.
    pub async fn cut(mut self) {
        let _ = self.socket.shutdown().await;
    }

    /// Waits until the client has closed the connection.
    pub async fn closed(mut self) {
        let mut rest = [0; 64];
        while matches!(self.socket.read(&mut rest).await, Ok(read) if read > 0) {}
    }

    async fn raw(&mut self, bytes: &[u8]) {
        // A client that went away is what some tests are about.
        let _ = self.socket.write_all(bytes).await;
        let _ = self.socket.flush().await;
    }
}

async fn serve(mut socket: TcpStream, streams: mpsc::UnboundedSender<Exchange>, shared: Arc<Shared>) {
    while let Ok(Some((head, request))) = read_request(&mut socket).await {
        shared.asked.lock().unwrap().push(request.clone());
        let kind = request["type"].as_str().unwrap_or_default();
        if matches!(kind, "threads.create" | "threads.add_user_message" | "threads.retry_after_item") {
            let _ = streams.send(Exchange { request, head, socket, shared });
            return;
        }
        let refusal = shared.refusals.lock().unwrap().pop_front();
        let answer = match (refusal, kind) {
            (Some((status, body)), _) => whole(status, "application/json", &body),
            (None, "items.list") => whole(200, "application/json", &page(&shared, &request)),
            (None, "threads.list") => whole(200, "application/json", r#"{"data":[],"has_more":false}"#),
            (None, "threads.get_by_id") => whole(200, "application/json", &thread(&Value::Null).to_string()),
            (None, "threads.update") => {
                whole(200, "application/json", &thread(&request["params"]["title"]).to_string())
            }
            (None, _) => whole(200, "application/json", "{}"),
        };
        if socket.write_all(&answer).await.is_err() {
            return;
        }
    }
}

fn page(shared: &Shared, request: &Value) -> String {
    let params = &request["params"];
    let mut items = shared.stored(params["thread_id"].as_str());
    if params["order"] != "asc" {
        items.reverse();
    }
    if let Some(after) = params["after"].as_str() {
        let place = items.iter().position(|item| item["id"] == after);
        items.drain(..place.map_or(items.len(), |place| place + 1));
    }
    let limit = params["limit"].as_u64().and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    let has_more = items.len() > limit;
    items.truncate(limit);
    let mut page = json!({ "data": items, "has_more": has_more });
    if has_more {
        page["after"] = items.last().map_or(Value::Null, |item| item["id"].clone());
    }
    page.to_string()
}

async fn read_request(socket: &mut TcpStream) -> io::Result<Option<(String, Value)>> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    let body_at = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        match socket.read(&mut buffer).await? {
            0 => return Ok(None),
            read => bytes.extend_from_slice(&buffer[..read]),
        }
    };
    let head = String::from_utf8_lossy(&bytes[..body_at]).into_owned();
    let length =
        head.to_ascii_lowercase().lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    let length: usize = length.unwrap_or(0);
    while bytes.len() < body_at + length {
        match socket.read(&mut buffer).await? {
            0 => return Ok(None),
            read => bytes.extend_from_slice(&buffer[..read]),
        }
    }
    let body = serde_json::from_slice(&bytes[body_at..body_at + length]).unwrap_or(Value::Null);
    Ok(Some((head, body)))
}

fn whole(status: u16, content_type: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} x\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\r\n{body}")
        .into_bytes()
}

/// A thread as the server sends it.
pub fn thread(title: &Value) -> Value {
    let mut thread = json!({
        "id": "thr_1", "created_at": "2026-11-21T09:00:00", "status": {"type": "active"}, "metadata": {},
        "items": {"data": [], "has_more": false},
    });
    if !title.is_null() {
        thread["title"] = title.clone();
    }
    thread
}

/// A stored message of the person.
pub fn user_message(id: &str, text: &str) -> Value {
    json!({
        "id": id, "thread_id": "thr_1", "created_at": "2026-11-21T09:00:00", "type": "user_message",
        "content": [{"type": "input_text", "text": text}], "attachments": [], "inference_options": {},
    })
}

/// An answer.
pub fn assistant_message(id: &str, text: &str) -> Value {
    json!({
        "id": id, "thread_id": "thr_1", "created_at": "2026-11-21T09:00:01", "type": "assistant_message",
        "content": [{"type": "output_text", "text": text, "annotations": []}],
    })
}

/// The event that an item begins.
pub fn added(id: &str) -> Value {
    let mut item = assistant_message(id, "");
    item["content"] = json!([]);
    json!({"type": "thread.item.added", "item": item})
}

/// The event that an item is whole.
pub fn done(item: Value) -> Value {
    json!({"type": "thread.item.done", "item": item})
}

/// The event that a text grew.
pub fn delta(id: &str, text: &str) -> Value {
    let update = json!({"type": "assistant_message.content_part.text_delta", "content_index": 0, "delta": text});
    json!({"type": "thread.item.updated", "item_id": id, "update": update})
}

/// The events with which the first stream of a thread begins.
pub fn opening(text: &str) -> Vec<Value> {
    let created = json!({"type": "thread.created", "thread": thread(&Value::Null)});
    [vec![created], stored("msg_1", text)].concat()
}

/// The events with which the second stream of a thread begins.
pub fn continuing(text: &str) -> Vec<Value> {
    stored("msg_3", text)
}

fn stored(id: &str, text: &str) -> Vec<Value> {
    let options = json!({"type": "stream_options", "stream_options": {"allow_cancel": true}});
    vec![done(user_message(id, text)), options]
}

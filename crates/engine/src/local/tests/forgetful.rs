//! A server that answers and keeps nothing, and what speaks to it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use adapters::{
    Adapter, Answered, Mapper, MappingError, Method, RequestError, RequestSpec, Trial,
    form::{Described, Field, Values, Wrong},
};
use model::{Connection, Kind, Operation, Reply};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use super::texts;

/// Speaks to a server that answers in ChatKit's events, and keeps nothing.
pub struct Forgetful;

/// Every server is such a one.
pub fn forgetful(_: Kind) -> &'static dyn Adapter {
    &Forgetful
}

impl Adapter for Forgetful {
    fn kind(&self) -> Kind {
        Kind::Chatkit
    }

    fn fields(&self) -> &'static [Field] {
        adapters::adapter(Kind::Chatkit).fields()
    }

    fn describe(&self, values: &Values, has_token: bool) -> Result<Described, Wrong> {
        adapters::adapter(Kind::Chatkit).describe(values, has_token)
    }

    fn values(&self, connection: &Connection) -> Values {
        adapters::adapter(Kind::Chatkit).values(connection)
    }

    fn request(&self, connection: &Connection, operation: &Operation, _: &str) -> Result<RequestSpec, RequestError> {
        let (method, path, body) = match operation {
            Operation::ListModels => (Method::Get, "models", Value::Null),
            Operation::Answer { thread, items, .. } => {
                (Method::Post, "answer", json!({"thread": thread.as_str(), "said": texts(items)}))
            }
            // Nothing else may ever be asked.
            other => (Method::Post, "wrong", json!(format!("{other:?}"))),
        };
        let url = format!("{}/{path}", connection.url.trim_end_matches('/')).parse().unwrap();
        Ok(RequestSpec {
            method,
            url,
            headers: vec![],
            body: body.to_string().into(),
            answered: Answered::to(operation),
        })
    }

    fn mapper(&self) -> Box<dyn Mapper + Send> {
        adapters::adapter(Kind::Chatkit).mapper()
    }

    fn reply(&self, _: &Operation, _: &[u8]) -> Result<Reply, MappingError> {
        Ok(Reply::Models(vec![model::Listed::new("one")]))
    }

    fn keeps_threads(&self) -> bool {
        false
    }

    fn trials(&self) -> Vec<Trial> {
        vec![Trial::Asks { what: "the list of models", operation: Operation::ListModels }]
    }
}

/// How the server answers a message.
#[derive(Debug, Clone)]
pub enum Says {
    /// All of it.
    Whole(&'static str),
    /// Some of it; then the connection breaks.
    Part(&'static str),
    /// Some of it; then nothing, for ever.
    Hangs(&'static str),
    /// A status.
    Refuses(u16),
}

#[derive(Default)]
struct Script {
    says: Mutex<VecDeque<Says>>,
    asked: Mutex<Vec<(String, Value)>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The server.
pub struct Server {
    /// Its address.
    pub url: String,
    script: Arc<Script>,
}

impl Server {
    pub async fn start() -> Self {
        let script = Arc::new(Script::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let known = script.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket, known.clone()));
            }
        });
        Self { url, script }
    }

    pub fn says(&self, says: impl IntoIterator<Item = Says>) {
        locked(&self.script.says).extend(says);
    }

    /// What was asked since the last time.
    pub fn asked(&self) -> Vec<(String, Value)> {
        std::mem::take(&mut locked(&self.script.asked))
    }

    /// What was said to it in the one request since the last time.
    pub fn said(&self) -> Value {
        let asked = self.asked();
        let [(path, body)] = asked.as_slice() else { panic!("{asked:?}") };
        assert_eq!(path, "/answer");
        body["said"].clone()
    }
}

/// Answers one request, and closes the connection.
async fn serve(socket: TcpStream, script: Arc<Script>) {
    let mut socket = BufReader::new(socket);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if socket.read_line(&mut head).await.unwrap() == 0 {
            return;
        }
    }
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    socket.read_exact(&mut body).await.unwrap();
    let path = head.split(' ').nth(1).unwrap().to_owned();
    locked(&script.asked).push((path.clone(), serde_json::from_slice(&body).unwrap_or_default()));
    if path == "/models" {
        let answer =
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n[]";
        return socket.write_all(answer.as_bytes()).await.unwrap();
    }
    let says = locked(&script.says).pop_front();
    let Some(says) = says else {
        return socket
            .write_all(b"HTTP/1.1 418 Unasked\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            .await
            .unwrap();
    };
    if let Says::Refuses(status) = says {
        let answer = format!("HTTP/1.1 {status} No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        return socket.write_all(answer.as_bytes()).await.unwrap();
    }
    let (Says::Whole(text) | Says::Part(text) | Says::Hangs(text)) = says else { return };
    let kind = if matches!(says, Says::Whole(_)) { "thread.item.done" } else { "thread.item.added" };
    // Always the same name, as some servers have it.
    let item = json!({"id": "chat-1", "type": "assistant_message", "content": [{"type": "output_text", "text": text}]});
    let event = format!("data: {}\n\n", json!({"type": kind, "item": item}));
    let head =
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n";
    let answer = format!("{head}{:x}\r\n{event}\r\n", event.len());
    socket.write_all(answer.as_bytes()).await.unwrap();
    match says {
        Says::Whole(_) => socket.write_all(b"0\r\n\r\n").await.unwrap(),
        // Until the other side has had enough.
        Says::Hangs(_) => drop(socket.read_u8().await),
        Says::Part(_) | Says::Refuses(_) => {}
    }
}

//! A Guide to test against, and a client that reads its streams as they come.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::{path::Path, time::Duration};

use guide::{Guide, GuideConfig, Pace, RunningGuide};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

/// A running Guide with its client.
pub struct Peer {
    pub guide: RunningGuide,
    pub client: Client,
    _folder: Option<tempfile::TempDir>,
}

impl Peer {
    /// A Guide in a folder of its own.
    pub async fn start(pace: Pace) -> Self {
        Self::with_lifetime(pace, guide::SESSION_LIFETIME).await
    }

    /// The same, with client secrets that live as long as this.
    pub async fn with_lifetime(pace: Pace, session_lifetime: Duration) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut peer = Self::at(&folder.path().join("guide.sqlite"), pace, session_lifetime).await;
        peer._folder = Some(folder);
        peer
    }

    /// A Guide on a file.
    pub async fn at(data_file: &Path, pace: Pace, session_lifetime: Duration) -> Self {
        let config = GuideConfig { pace, session_lifetime, ..GuideConfig::new(data_file) };
        let guide = Guide::start(config).await.unwrap();
        // No proxy of the environment may stand between a test and loopback.
        let client = Client::builder().no_proxy().build().unwrap();
        Self { guide, client, _folder: None }
    }

    /// The address of another path of the server.
    pub fn address(&self, path: &str) -> String {
        self.guide.url().replace("/chatkit", path)
    }

    /// Sends a request.
    pub async fn post(&self, body: &Value) -> Response {
        self.client.post(self.guide.url()).bearer_auth(self.guide.token()).json(body).send().await.unwrap()
    }

    /// Sends a request that is answered with JSON.
    pub async fn json(&self, kind: &str, params: Value) -> Value {
        let response = self.post(&json!({"type": kind, "params": params})).await;
        assert_eq!(response.status(), StatusCode::OK, "{kind}");
        assert_eq!(response.headers()["content-type"], "application/json", "{kind}");
        response.json().await.unwrap()
    }

    /// Sends a request that is refused, and gives its status and words.
    pub async fn refused(&self, kind: &str, params: Value) -> (u16, String) {
        refusal(self.post(&json!({"type": kind, "params": params})).await).await
    }

    /// Begins a stream.
    pub async fn stream(&self, kind: &str, params: Value) -> Events {
        let response = self.post(&json!({"type": kind, "params": params})).await;
        assert_eq!(response.status(), StatusCode::OK, "{kind}");
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/event-stream"), "{kind}");
        Events { response, rest: Vec::new() }
    }

    /// Begins a thread and gives all that streams back.
    pub async fn create(&self, question: &str) -> Vec<Value> {
        self.stream("threads.create", json!({"input": message(question)})).await.all().await
    }

    /// All items of a thread, oldest first.
    pub async fn items(&self, thread: &str) -> Vec<Value> {
        let page = self.json("items.list", json!({"thread_id": thread, "order": "asc", "limit": 500})).await;
        page["data"].as_array().unwrap().clone()
    }
}

/// The status and the words of a refusal.
pub async fn refusal(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    (status, body["error"]["message"].as_str().expect("an error has words").to_owned())
}

/// A message of plain text.
pub fn message(text: &str) -> Value {
    json!({"content": [{"type": "input_text", "text": text}], "attachments": [], "inference_options": {}})
}

/// The answer among the events of a turn, whole.
pub fn answer(events: &[Value]) -> &Value {
    let is_answer =
        |event: &&Value| event["type"] == "thread.item.done" && event["item"]["type"] == "assistant_message";
    &events.iter().rfind(is_answer).expect("an answer")["item"]
}

/// The cards among the events of a turn.
pub fn cards(events: &[Value]) -> Vec<&Value> {
    let is_card = |event: &&Value| event["item"]["type"] == "widget";
    events.iter().filter(is_card).map(|event| &event["item"]).collect()
}

/// The text of an item's only part.
pub fn text(item: &Value) -> &str {
    item["content"][0]["text"].as_str().unwrap()
}

/// The types of events, with deltas in a row told once.
pub fn types(events: &[Value]) -> Vec<String> {
    let mut types: Vec<String> = Vec::new();
    for event in events {
        let name = event["update"]["type"].as_str().or(event["type"].as_str()).unwrap();
        let name = name.trim_start_matches("assistant_message.content_part.");
        if !(name == "text_delta" && types.last().is_some_and(|last| last == name)) {
            types.push(name.to_owned());
        }
    }
    types
}

/// A stream that is being read. Dropping it closes the connection.
pub struct Events {
    response: Response,
    rest: Vec<u8>,
}

impl Events {
    /// The next event; none at the end of the body.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some(end) = self.rest.windows(2).position(|pair| pair == b"\n\n") {
                let frame: Vec<u8> = self.rest.drain(..end + 2).collect();
                let frame = String::from_utf8(frame).unwrap();
                let data = frame.trim_end().strip_prefix("data: ").expect("an event is one data line");
                return Some(serde_json::from_str(data).unwrap());
            }
            match self.response.chunk().await.unwrap() {
                Some(bytes) => self.rest.extend_from_slice(&bytes),
                None => {
                    assert!(self.rest.is_empty(), "half an event at the end of the body");
                    return None;
                }
            }
        }
    }

    /// The next event of a type.
    pub async fn until(&mut self, name: &str) -> Value {
        while let Some(event) = self.next().await {
            if event["type"] == name || event["update"]["type"] == name {
                return event;
            }
        }
        panic!("the stream ended before {name}");
    }

    /// All that is still to come.
    pub async fn all(mut self) -> Vec<Value> {
        let mut events = Vec::new();
        while let Some(event) = self.next().await {
            events.push(event);
        }
        events
    }
}

//! A small OpenAI-compatible server.

use std::sync::{Arc, Mutex};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

/// What the server was asked, in order.
pub type Asked = Arc<Mutex<Vec<Value>>>;

/// How the server refuses what is longer than its model can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refuses {
    /// With a status.
    ByStatus,
    /// By an event in a stream.
    InStream,
}

/// How the server is.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// How many tokens, of four bytes each, the messages may have.
    pub window: usize,
    /// How it refuses more.
    pub refuses: Refuses,
    /// Whether it says which models it has.
    pub lists: bool,
    /// How many it has beside the first two: `model-0`, `model-1` and so on.
    pub more: usize,
    /// Whom it lets in.
    pub lets_in: LetsIn,
}

/// Whom the server lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetsIn {
    /// Whoever has the key.
    Known,
    /// Everybody.
    All,
}

impl Default for Manner {
    fn default() -> Self {
        Self { window: usize::MAX, refuses: Refuses::ByStatus, lists: true, more: 0, lets_in: LetsIn::Known }
    }
}

#[derive(Clone)]
struct Server {
    asked: Asked,
    manner: Manner,
}

/// A server with one model, `tiny`, for the key `sk-s3same`. It answers with that one whatever model
/// is asked for: says how many messages it was sent, in two pieces, and what that used.
pub async fn server() -> (String, Asked) {
    server_that(Manner::default()).await
}

/// The same, with a manner. Asked for a summary, it says of how many bytes that is one.
pub async fn server_that(manner: Manner) -> (String, Asked) {
    let asked = Asked::default();
    let mut router = Router::new().route("/v1/chat/completions", post(answer));
    if manner.lists {
        let more = (0..manner.more).map(|number| json!({"id": format!("model-{number}"), "object": "model"}));
        let data: Vec<Value> =
            [json!({"id": "tiny", "object": "model"}), json!({"id": "large"})].into_iter().chain(more).collect();
        let models = json!({"object": "list", "data": data});
        router = router.route("/v1/models", get(async || Json(models)));
    }
    let router = router.with_state(Server { asked: asked.clone(), manner });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, asked)
}

async fn answer(
    State(Server { asked, manner }): State<Server>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    let known = headers.get("authorization").is_some_and(|value| value == "Bearer sk-s3same");
    if manner.lets_in == LetsIn::Known && !known {
        let error = json!({"error": {"message": "Incorrect API key provided", "type": "invalid_request_error"}});
        return (StatusCode::UNAUTHORIZED, Json(error)).into_response();
    }
    let messages = body["messages"].as_array().unwrap().clone();
    asked.lock().unwrap().push(body);
    let bytes: usize = messages.iter().filter_map(|message| message["content"].as_str()).map(str::len).sum();
    if bytes / 4 > manner.window {
        return too_long(manner);
    }
    let first = messages[0]["content"].as_str().unwrap();
    let count = match first.starts_with("You summarise") {
        true => format!("a summary of {bytes}"),
        false => messages.len().to_string(),
    };
    let details = json!({"reasoning_tokens": 2});
    let usage =
        json!({"prompt_tokens": (bytes / 4).max(11), "completion_tokens": 6, "completion_tokens_details": details});
    let chunk = |delta: Value, finish: Value| {
        let choice = json!({"index": 0, "delta": delta, "finish_reason": finish});
        json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "tiny", "choices": [choice]})
    };
    let chunks = [
        chunk(json!({"role": "assistant", "content": ""}), Value::Null),
        chunk(json!({"content": "You said "}), Value::Null),
        chunk(json!({"content": format!("{count} things.")}), Value::Null),
        chunk(json!({}), json!("stop")),
        json!({
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "model": "tiny",
            "choices": [],
            "usage": usage,
        }),
    ];
    let frames: String = chunks.iter().map(|chunk| format!("data: {chunk}\n\n")).collect();
    ([(CONTENT_TYPE, "text/event-stream")], frames + "data: [DONE]\n\n").into_response()
}

fn too_long(manner: Manner) -> Response {
    let words =
        format!("This model's maximum context length is {} tokens. Please reduce your messages.", manner.window);
    let error =
        json!({"error": {"message": words, "type": "invalid_request_error", "code": "context_length_exceeded"}});
    match manner.refuses {
        Refuses::ByStatus => (StatusCode::BAD_REQUEST, Json(error)).into_response(),
        Refuses::InStream => ([(CONTENT_TYPE, "text/event-stream")], format!("data: {error}\n\n")).into_response(),
    }
}

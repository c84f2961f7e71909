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

/// A server with one model, `tiny`, for the key `sk-s3same`. It answers with that one whatever model
/// is asked for: says how many messages it was sent, in two pieces, and what that used.
pub async fn server() -> (String, Asked) {
    let asked = Asked::default();
    let router = Router::new()
        .route("/v1/models", get(async || Json(json!({"object": "list", "data": [{"id": "tiny", "object": "model"}]}))))
        .route("/v1/chat/completions", post(answer))
        .with_state(asked.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, asked)
}

async fn answer(State(asked): State<Asked>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    if headers.get("authorization").is_none_or(|value| value != "Bearer sk-s3same") {
        let error = json!({"error": {"message": "Incorrect API key provided", "type": "invalid_request_error"}});
        return (StatusCode::UNAUTHORIZED, Json(error)).into_response();
    }
    let count = body["messages"].as_array().unwrap().len();
    asked.lock().unwrap().push(body);
    let chunk = |delta: Value, finish: Value| {
        let choice = json!({"index": 0, "delta": delta, "finish_reason": finish});
        json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "tiny", "choices": [choice]})
    };
    let details = json!({"reasoning_tokens": 2});
    let usage = json!({"prompt_tokens": 11, "completion_tokens": 6, "completion_tokens_details": details});
    let chunks = [
        chunk(json!({"role": "assistant", "content": ""}), Value::Null),
        chunk(json!({"content": "You said "}), Value::Null),
        chunk(json!({"content": format!("{count} things.")}), Value::Null),
        chunk(json!({}), json!("stop")),
        json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "tiny", "choices": [], "usage": usage}),
    ];
    let frames: String = chunks.iter().map(|chunk| format!("data: {chunk}\n\n")).collect();
    ([(CONTENT_TYPE, "text/event-stream")], frames + "data: [DONE]\n\n").into_response()
}

//! The engine with an OpenAI-compatible server, which keeps no conversations.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::sync::{Arc, Mutex};

use acceptance::screen::Screen;
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use engine::{
    Engine, EngineConfig,
    view::{CheckVerdict, ConnectionDraft, ConnectionState, SendRequest, TurnOutcome},
};
use model::{ConnectionId, FailureCode, Kind, ThreadId};
use serde_json::{Value, json};
use tempfile::TempDir;

/// What the server was asked, in order.
type Asked = Arc<Mutex<Vec<Value>>>;

/// A server with one model. It says how many messages it was sent, in two pieces.
async fn server() -> (String, Asked) {
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
    let chunks = [
        chunk(json!({"role": "assistant", "content": ""}), Value::Null),
        chunk(json!({"content": "You said "}), Value::Null),
        chunk(json!({"content": format!("{count} things.")}), Value::Null),
        chunk(json!({}), json!("stop")),
    ];
    let frames: String = chunks.iter().map(|chunk| format!("data: {chunk}\n\n")).collect();
    ([(CONTENT_TYPE, "text/event-stream")], frames + "data: [DONE]\n\n").into_response()
}

fn draft(url: &str, key: &str) -> ConnectionDraft {
    let mut draft = ConnectionDraft::server("Local", url);
    draft.kind = Kind::Openai;
    draft.token = Some(key.to_owned().into());
    draft.values.insert("model".to_owned(), "tiny".to_owned());
    draft.values.insert("system_prompt".to_owned(), "Be brief.".to_owned());
    draft
}

async fn open(dir: &TempDir, secrets: &Arc<secrets::Memory>) -> Engine {
    let config = EngineConfig { secrets: secrets.clone(), ..EngineConfig::new(dir.path().to_owned()) };
    Engine::open(config).await.unwrap()
}

async fn say(engine: &Engine, connection: &ConnectionId, thread: Option<&ThreadId>, text: &str) -> (ThreadId, Screen) {
    let request = SendRequest { connection: connection.clone(), thread: thread.cloned(), text: text.to_owned() };
    let thread = engine.send(request).await.unwrap();
    let mut screen = Screen::open(engine, &thread).await;
    let outcome = screen.ended().await;
    assert_eq!(outcome, TurnOutcome::Done, "{text}");
    (thread, screen)
}

#[tokio::test]
async fn a_conversation_is_kept_here_and_goes_on_with_all_that_was_said_after_a_restart() {
    let ((url, asked), dir, secrets) = (server().await, tempfile::tempdir().unwrap(), Arc::default());
    let engine = open(&dir, &secrets).await;
    let view = engine.add_connection(draft(&url, "sk-s3same")).await.unwrap();
    assert_eq!(view.state, ConnectionState::Online, "{view:?}");
    let (thread, screen) = say(&engine, &view.id, None, "hello").await;
    assert_eq!(screen.last_text(), "You said 2 things.");
    assert_eq!(engine.threads()[0].title.as_deref(), Some("hello"));
    engine.close().await;

    let engine = open(&dir, &secrets).await;
    let (_, screen) = say(&engine, &view.id, Some(&thread), "and now").await;
    assert_eq!(screen.last_text(), "You said 4 things.");
    let asked = asked.lock().unwrap();
    assert_eq!((asked[1]["model"].as_str(), asked[1]["stream"].as_bool()), (Some("tiny"), Some(true)));
    let said: Vec<_> = asked[1]["messages"].as_array().unwrap().iter().map(|one| one["role"].as_str()).collect();
    assert_eq!(said, [Some("system"), Some("user"), Some("assistant"), Some("user")]);
}

#[tokio::test]
async fn such_a_server_is_tested_and_a_wrong_key_is_named() {
    let ((url, _), dir, secrets) = (server().await, tempfile::tempdir().unwrap(), Arc::default());
    let engine = open(&dir, &secrets).await;
    for (key, code) in [("sk-s3same", None), ("sk-wrong", Some(FailureCode::Unauthorized))] {
        let mut check = engine.test_draft(None, draft(&format!("{url}/v1"), key)).await.unwrap();
        let mut last = None;
        while let Some(view) = check.next().await {
            last = Some(view);
        }
        let view = last.unwrap();
        match (&view.verdict, code) {
            (CheckVerdict::Works, None) => {}
            (CheckVerdict::Fails { failure }, Some(code)) => assert_eq!(failure.code, code, "{failure}"),
            _ => panic!("{view:?}"),
        }
    }
    assert!(engine.threads().is_empty());
}

//! What a server publishes: read, shown when it changes, and there without the server.

use std::sync::{Arc, Mutex};

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use model::FailureCode;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    Engine, EngineConfig,
    view::{AppMessage, ConnectionDraft, ConnectionView},
};

/// What the server publishes; nothing if it is not there. And how often it was asked for it.
type Published = Arc<Mutex<(Option<Value>, usize)>>;

/// The question that the program asks by itself is over, and changes nothing any more.
async fn asked(published: &Published) {
    while published.lock().unwrap().1 == 0 {
        tokio::task::yield_now().await;
    }
}

fn publishes(published: &Published, now: Option<Value>) {
    published.lock().unwrap().0 = now;
}

async fn server() -> (Published, String) {
    let published = Published::default();
    let empty = || async { Json(json!({"data": [], "has_more": false})) };
    let profile = |State(published): State<Published>| async move {
        let now = {
            let mut published = published.lock().unwrap();
            published.1 += 1;
            published.0.clone()
        };
        now.map_or_else(|| StatusCode::NOT_FOUND.into_response(), |now| Json(now).into_response()) as Response
    };
    let router = Router::new().route("/chatkit", post(empty)).route("/profile", get(profile));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = router.with_state(published.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (published, url)
}

async fn open(dir: &TempDir) -> Engine {
    Engine::open(EngineConfig::new(dir.path().to_owned())).await.unwrap()
}

fn draft(url: &str, options: &str) -> ConnectionDraft {
    let mut draft = ConnectionDraft::server("Office", &format!("{url}/chatkit"));
    draft.values.insert("profile".to_owned(), format!("{url}/profile"));
    draft.values.insert("options".to_owned(), options.to_owned());
    draft
}

fn only(engine: &Engine) -> ConnectionView {
    engine.connections().remove(0)
}

#[tokio::test]
async fn a_profile_is_shown_when_it_changes_and_is_there_without_its_server() {
    let (published, url) = server().await;
    let dir = tempfile::tempdir().unwrap();
    let engine = open(&dir).await;
    let own = "{\"composer\": {\"placeholder\": \"Ours\"}}";
    let id = engine.add_connection(draft(&url, own)).await.unwrap().id;
    asked(&published).await;
    let first = json!({
        "models": [{"id": "fast"}],
        "startScreen": {"greeting": "Hello", "prompts": [{"label": "Begin", "prompt": "Begin."}]},
        "composer": {"placeholder": "Theirs", "attachments": {"maxCount": 3}},
    });
    publishes(&published, Some(first));
    engine.refresh_models(&id).await.unwrap();
    let view = only(&engine);
    let profile = view.profile.clone().unwrap();
    assert_eq!((profile.greeting.as_deref(), profile.placeholder.as_deref()), (Some("Hello"), Some("Ours")));
    assert_eq!((view.prompts[0].label.as_str(), view.files.unwrap().max_count), ("Begin", 3));
    assert_eq!(engine.models().models.len(), 1);

    let mut messages = engine.subscribe_app();
    assert!(matches!(messages.next().await, Some(AppMessage::Snapshot { .. })));
    publishes(&published, Some(json!({"startScreen": {"greeting": "Good day"}})));
    let failure = engine.refresh_models(&id).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::NotFound, "it lists no models any more");
    let shown = loop {
        if let AppMessage::Connections { connections } = messages.next().await.unwrap()
            && connections[0].profile.as_ref().unwrap().greeting.as_deref() == Some("Good day")
        {
            break connections;
        }
    };
    assert!(shown[0].prompts.is_empty());

    publishes(&published, None);
    assert!(engine.refresh_models(&id).await.is_err());
    engine.close().await;
    drop(engine);
    let engine = open(&dir).await;
    let profile = only(&engine).profile.unwrap();
    assert_eq!((profile.greeting.as_deref(), profile.placeholder.as_deref()), (Some("Good day"), Some("Ours")));
    assert_eq!(engine.form_values(&id).unwrap()["options"].lines().count(), 5);
    engine.close().await;
}

#[tokio::test]
async fn a_profile_at_another_address_is_another_profile() {
    let (published, url) = server().await;
    let (_, other) = server().await;
    let dir = tempfile::tempdir().unwrap();
    let engine = open(&dir).await;
    let id = engine.add_connection(draft(&url, "")).await.unwrap().id;
    asked(&published).await;
    publishes(&published, Some(json!({"startScreen": {"greeting": "Hello"}, "models": []})));
    engine.refresh_models(&id).await.unwrap();
    assert!(only(&engine).profile.is_some());
    let mut moved = draft(&url, "");
    moved.values.insert("profile".to_owned(), format!("{other}/profile"));
    engine.update_connection(&id, moved).await.unwrap();
    assert_eq!(only(&engine).profile, None);
    engine.close().await;
}

#[tokio::test]
async fn options_that_cannot_be_used_are_said_at_their_field() {
    let dir = tempfile::tempdir().unwrap();
    let engine = open(&dir).await;
    let (_, url) = server().await;
    let failure = engine.add_connection(draft(&url, "{\n\"theme\": {\"radius\": 7}}")).await.unwrap_err();
    assert_eq!((failure.code, failure.detail.as_deref()), (FailureCode::BadInput, Some("options")));
    assert!(failure.message.starts_with("Line 2, column 21: "), "{failure}");
    let id = engine.add_connection(draft(&url, "{\"theme\": \"dark\"}")).await.unwrap().id;
    assert!(only(&engine).profile.is_some());
    engine.update_connection(&id, draft(&url, "")).await.unwrap();
    assert_eq!(only(&engine).profile, None, "empty means none");
    engine.close().await;
}

//! The engine with an OpenAI-compatible server, which keeps no conversations.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::sync::Arc;

use acceptance::{openai::server, screen::Screen};
use engine::{
    Engine, EngineConfig,
    view::{CheckVerdict, ConnectionDraft, ConnectionState, SendRequest, TurnOutcome},
};
use model::{ConnectionId, FailureCode, Kind, ThreadId};
use tempfile::TempDir;

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
    let request =
        SendRequest { connection: connection.clone(), thread: thread.cloned(), text: text.to_owned(), model: None };
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

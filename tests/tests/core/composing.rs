//! Messages with all that can stand beside their words: what goes out, what comes back, and what is kept until then.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use acceptance::{bench::Bench, peer::Peer, screen::Screen};
use axum::{
    Json, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use engine::{
    Engine, EngineConfig,
    view::{Composed, ConnectionDraft, ItemViewBody, Keep, SendRequest, ThreadMessage, TurnPhase, UserPartView},
};
use model::{Beside, ConnectionId, Draft, Entity, FailureCode, Mention, ThreadId};
use serde_json::{Value, json};
use tokio::net::TcpListener;

const TEXT: &str = "Ask Ada 🐦 about terns";

fn ada() -> Entity {
    let value = json!({"id": "u1", "title": "Ada 🐦", "group": "People", "interactive": true, "data": {"team": "b"}});
    serde_json::from_value(value).unwrap()
}

fn beside() -> Beside {
    Beside {
        mentions: vec![Mention { at: 4, entity: ada() }],
        quoted_text: Some("Terns fly\n\nfar.".to_owned()),
        tool: Some("search_docs".to_owned()),
    }
}

fn composed(connection: &ConnectionId, thread: Option<&ThreadId>) -> Composed {
    let request =
        SendRequest { connection: connection.clone(), thread: thread.cloned(), text: TEXT.to_owned(), model: None };
    Composed { beside: beside(), ..request.into() }
}

/// The same as a ChatKit server is told it (section 9).
fn wire() -> Value {
    json!([
        {"type": "input_text", "text": "Ask "},
        {"type": "input_tag", "id": "u1", "text": "Ada 🐦", "group": "People", "interactive": true, "data": {"team": "b"}},
        {"type": "input_text", "text": " about terns"},
    ])
}

#[tokio::test]
async fn all_of_it_goes_out_and_a_title_is_made_of_its_words() {
    let mut bench = Bench::new().await;
    let thread = bench.engine.send(composed(&bench.connection, None)).await.unwrap();
    let exchange = bench.server.next().await;
    let input = &exchange.request["params"]["input"];
    assert_eq!(input["content"], wire());
    assert_eq!(input["quoted_text"], "Terns fly\n\nfar.");
    assert_eq!(input["inference_options"]["tool_choice"], json!({"id": "search_docs"}));
    let shown = bench.engine.threads().into_iter().find(|view| view.id == thread).unwrap();
    assert_eq!(shown.title.as_deref(), Some(TEXT));
}

#[tokio::test]
async fn what_waits_is_sent_with_all_of_it_and_what_is_taken_back_has_it_again() {
    let mut bench = Bench::new().await;
    bench.server.gone().await;
    let thread = bench.engine.send(composed(&bench.connection, None)).await.unwrap();
    let mut screen = Screen::open(&bench.engine, &thread).await;
    screen.until("waiting", |screen| screen.phase() == TurnPhase::Held).await;
    bench.engine.stop(&thread).await.unwrap();
    screen.ended().await;
    let draft = bench.engine.draft(Some(&thread)).await.unwrap();
    assert_eq!(draft, Draft { text: TEXT.to_owned(), beside: beside() });

    bench.engine.send(composed(&bench.connection, Some(&thread))).await.unwrap();
    screen.until("waiting again", |screen| screen.phase() == TurnPhase::Held).await;
    drop(screen);
    let bench = bench.restart().await;
    assert_eq!(bench.engine.draft(Some(&thread)).await.unwrap().beside, beside(), "also after a restart");

    bench.engine.send(composed(&bench.connection, Some(&thread))).await.unwrap();
    let mut server = bench.server.back().await;
    bench.engine.check_connection(&bench.connection).await.unwrap();
    let exchange = server.next().await;
    assert_eq!(exchange.request["params"]["input"]["content"], wire());
    assert_eq!(exchange.request["params"]["input"]["quoted_text"], "Terns fly\n\nfar.");
}

#[tokio::test]
async fn a_draft_is_whole_after_a_restart() {
    let mut bench = Bench::new().await;
    let thread = bench.answered().await;
    let draft = Draft { text: TEXT.to_owned(), beside: beside() };
    for place in [None, Some(&thread)] {
        bench.engine.save_draft(place, draft.clone()).await.unwrap();
    }
    let bench = bench.restart().await;
    assert_eq!(bench.engine.draft(None).await.unwrap(), draft);
    let first = bench.engine.subscribe_thread(&thread).await.unwrap().next().await;
    assert!(matches!(first, Some(ThreadMessage::Snapshot { draft: kept, .. }) if kept == draft));
}

#[tokio::test]
async fn a_mention_that_is_not_in_the_words_is_refused_and_nothing_is_sent() {
    let bench = Bench::new().await;
    let mut wrong = composed(&bench.connection, None);
    wrong.beside.mentions[0].at = 5;
    let failure = bench.engine.send(wrong).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::BadInput, "{failure:?}");
    assert!(bench.engine.threads().is_empty());
}

#[tokio::test]
async fn the_official_sdk_stores_all_of_it_and_it_is_seen_at_the_message() {
    if !Peer::wanted() {
        return;
    }
    let peer = Peer::shared();
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::open(config(&dir)).await.unwrap();
    let draft = ConnectionDraft {
        token: Some(peer.token.as_str().into()),
        keep: Keep::ThisRun,
        ..ConnectionDraft::server("Peer", &peer.url)
    };
    let connection = engine.add_connection(draft).await.unwrap().id;
    let thread = engine.send(composed(&connection, None)).await.unwrap();
    let mut screen = Screen::open(&engine, &thread).await;
    screen.until("over", |screen| screen.phase() == TurnPhase::Idle).await;

    let state = peer.state().await;
    let items = state["threads"].as_array().unwrap().iter().flat_map(|thread| thread["items"].as_array().unwrap());
    let stored = items.clone().find(|item| item["quoted_text"] == "Terns fly\n\nfar.").unwrap();
    assert_eq!(stored["content"][1]["type"], "input_tag");
    assert_eq!(stored["content"][1]["data"], json!({"team": "b"}));
    assert_eq!(stored["inference_options"]["tool_choice"]["id"], "search_docs");

    let first = engine.subscribe_thread(&thread).await.unwrap().next().await;
    let Some(ThreadMessage::Snapshot { items, .. }) = first else { panic!("no snapshot") };
    let ItemViewBody::UserMessage { parts, quoted_text, tool, .. } = &items[0].body else { panic!("{:?}", items[0]) };
    assert!(matches!(&parts[1], UserPartView::Tag { text, .. } if text == "Ada 🐦"));
    assert_eq!((quoted_text.as_deref(), tool.as_deref()), (Some("Terns fly\n\nfar."), Some("search_docs")));
}

/// What a server was asked for: what was typed, and with which token.
type Asked = Arc<Mutex<Vec<(String, Option<String>)>>>;

/// A server that finds people, and speaks no ChatKit.
async fn office() -> (String, Asked) {
    let asked = Asked::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().route("/people", get(people)).with_state(asked.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, asked)
}

async fn people(
    State(asked): State<Asked>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let token = headers.get("authorization").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let typed = query.get("q").cloned().unwrap_or_default();
    asked.lock().unwrap().push((typed.clone(), token));
    match typed.as_str() {
        "away" => (StatusCode::FOUND, [("location", "http://localhost:9/people")]).into_response(),
        "odd" => Json(json!({"people": []})).into_response(),
        "broken" => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        _ => Json(json!([{"id": "u1", "title": "Ada"}, {"id": "u2"}])).into_response(),
    }
}

fn config(dir: &tempfile::TempDir) -> EngineConfig {
    EngineConfig { secrets: Arc::<secrets::Memory>::default(), ..EngineConfig::new(dir.path().to_owned()) }
}

/// A program whose one connection looks for what can be mentioned at an address.
async fn looking(url: &str, search: &str) -> (Engine, ConnectionId, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let secrets = Arc::<secrets::Memory>::default();
    let config = || EngineConfig { secrets: secrets.clone(), ..config(&dir) };
    let engine = Engine::open(config()).await.unwrap();
    let id = engine.add_connection(acceptance::bench::draft(&format!("{url}/chatkit"))).await.unwrap().id;
    engine.close().await;
    drop(engine);
    let file = dir.path().join("settings.json");
    let mut settings: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    settings["connections"][0]["options"] = json!({"entities": {"searchUrl": search}});
    std::fs::write(&file, settings.to_string()).unwrap();
    (Engine::open(config()).await.unwrap(), id, dir)
}

#[tokio::test]
async fn the_connections_own_server_finds_what_can_be_mentioned_with_its_token() {
    let (url, asked) = office().await;
    let (engine, id, _dir) = looking(&url, "/people").await;
    let found = engine.search_entities(&id, " a&b=ä ").await.unwrap();
    let titles: Vec<_> = found.iter().map(|entity| entity.title.as_str()).collect();
    assert_eq!(titles, ["Ada"], "what has no title cannot be mentioned");
    assert_eq!(asked.lock().unwrap()[0], ("a&b=ä".to_owned(), Some("Bearer secret-token".to_owned())));
    for query in ["away", "odd", "broken"] {
        let failure = engine.search_entities(&id, query).await.unwrap_err();
        assert!(!failure.message.is_empty() && !failure.message.contains("secret-token"), "{query}: {failure:?}");
    }
    assert_eq!(asked.lock().unwrap().len(), 4, "nobody was asked twice");
}

#[tokio::test]
async fn nobody_else_is_asked_what_can_be_mentioned() {
    let (other, asked) = office().await;
    let (url, _) = office().await;
    let (engine, id, _dir) = looking(&url, &format!("{other}/people")).await;
    assert_eq!(engine.search_entities(&id, "a").await.unwrap_err().code, FailureCode::NotFound);
    assert!(asked.lock().unwrap().is_empty());
    assert_eq!(engine.search_entities(&"nobody".into(), "a").await.unwrap_err().code, FailureCode::Unknown);
}

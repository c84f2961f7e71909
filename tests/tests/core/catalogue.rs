//! The catalogue of models: what was chosen reaches servers of each kind, lists are there without a network, and what a server
//! has no more is said.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::sync::{Arc, Mutex};

use acceptance::{
    own::{self, added},
    peer::Peer,
    screen::Screen,
};
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use engine::{
    Engine, EngineConfig,
    view::{AppMessage, ConnectionDraft, Keep, ModelDraft, ModelView, RouteDraft, SendRequest, TurnOutcome},
};
use model::{ConnectionId, FailureCode, Finding, Kind, ModelRef, ThreadId};
use serde_json::{Value, json};
use tempfile::TempDir;

fn name(connection: &ConnectionId, id: &str) -> ModelRef {
    ModelRef { connection: connection.clone(), id: id.to_owned() }
}

async fn open(dir: &TempDir) -> Engine {
    Engine::open(EngineConfig::new(dir.path().to_owned())).await.unwrap()
}

async fn say(
    engine: &Engine,
    connection: &ConnectionId,
    thread: Option<&ThreadId>,
    model: Option<ModelRef>,
) -> (ThreadId, Screen) {
    let (connection, thread) = (connection.clone(), thread.cloned());
    let thread = engine.send(SendRequest { connection, thread, text: "hi".to_owned(), model }).await.unwrap();
    let mut screen = Screen::open(engine, &thread).await;
    screen.until("over", |screen| screen.phase() == engine::view::TurnPhase::Idle && screen.outcome().is_some()).await;
    (thread, screen)
}

/// The models of a connection, as they are shown.
fn of(engine: &Engine, connection: &ConnectionId) -> Vec<ModelView> {
    let models = engine.models().models.into_iter();
    models.filter(|model| &model.connection == connection).collect()
}

fn ids(models: &[ModelView]) -> Vec<&str> {
    models.iter().map(|model| model.id.as_str()).collect()
}

/// An OpenAI-compatible server whose models change, and that knows no others.
#[derive(Clone, Default)]
struct Changing {
    models: Arc<Mutex<Vec<&'static str>>>,
    /// The bodies of the questions.
    asked: Arc<Mutex<Vec<Value>>>,
    /// The headers of whoever asked for the list.
    listed: Arc<Mutex<Vec<HeaderMap>>>,
}

impl Changing {
    async fn start(models: &[&'static str]) -> (Self, String) {
        let server = Self { models: Arc::new(Mutex::new(models.to_vec())), ..Self::default() };
        let router = Router::new().route("/v1/models", get(list)).route("/v1/chat/completions", post(answer));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = router.with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (server, url)
    }

    fn has_now(&self, models: &[&'static str]) {
        *self.models.lock().unwrap() = models.to_vec();
    }

    fn last(&self) -> Value {
        self.asked.lock().unwrap().last().cloned().unwrap()
    }
}

async fn list(State(server): State<Changing>, headers: HeaderMap) -> Json<Value> {
    server.listed.lock().unwrap().push(headers);
    let models = server.models.lock().unwrap().clone();
    Json(json!({"data": models.into_iter().map(|id| json!({"id": id})).collect::<Vec<_>>()}))
}

async fn answer(State(server): State<Changing>, Json(body): Json<Value>) -> Response {
    let model = body["model"].as_str().unwrap().to_owned();
    server.asked.lock().unwrap().push(body);
    if !server.models.lock().unwrap().iter().any(|known| *known == model) {
        let error =
            json!({"error": {"code": "model_not_found", "message": format!("The model `{model}` does not exist")}});
        return (StatusCode::NOT_FOUND, Json(error)).into_response();
    }
    let choice = json!({"index": 0, "delta": {"content": format!("I am {model}.")}, "finish_reason": "stop"});
    let frames = format!("data: {}\n\ndata: [DONE]\n\n", json!({"id": "1", "model": model, "choices": [choice]}));
    ([(CONTENT_TYPE, "text/event-stream")], frames).into_response()
}

async fn openai(engine: &Engine, url: &str, model: &str) -> ConnectionId {
    let mut draft = ConnectionDraft::server(model, url);
    draft.kind = Kind::Openai;
    draft.values.insert("model".to_owned(), model.to_owned());
    draft.values.insert("temperature".to_owned(), "0.5".to_owned());
    engine.add_connection(draft).await.unwrap().id
}

async fn chatkit(engine: &Engine, peer: &Peer, profile: &str) -> ConnectionId {
    let mut draft = ConnectionDraft {
        token: Some(peer.token.clone().into()),
        keep: Keep::ThisRun,
        ..ConnectionDraft::server("Peer", &peer.url)
    };
    draft.values.insert("profile".to_owned(), profile.to_owned());
    engine.add_connection(draft).await.unwrap().id
}

#[tokio::test]
async fn the_choice_reaches_an_openai_server_and_stays_with_its_thread_and_its_connection() {
    let (dir, (server, url)) = (tempfile::tempdir().unwrap(), Changing::start(&["tiny", "large", "huge"]).await);
    let engine = open(&dir).await;
    let id = openai(&engine, &url, "large").await;
    assert_eq!(ids(&of(&engine, &id)), ["large", "tiny", "huge"], "the test of the connection has read the list");
    let (thread, screen) = say(&engine, &id, None, None).await;
    assert_eq!(
        (server.last()["model"].as_str(), screen.model.as_ref().unwrap().label.as_str()),
        (Some("large"), "large")
    );

    engine.choose_model(&id, None, Some(name(&id, "huge"))).await.unwrap();
    say(&engine, &id, Some(&thread), None).await;
    assert_eq!(server.last()["model"], "large", "a conversation goes on as it began");
    let (second, _) = say(&engine, &id, None, None).await;
    assert_eq!(server.last()["model"], "huge");
    let (_, screen) = say(&engine, &id, None, Some(name(&id, "tiny"))).await;
    assert_eq!((server.last()["model"].as_str(), screen.last_text().as_str()), (Some("tiny"), "I am tiny."));
    engine.close().await;
    drop(engine);

    let engine = open(&dir).await;
    say(&engine, &id, Some(&second), None).await;
    assert_eq!(server.last()["model"], "huge");
    engine.choose_model(&id, Some(&second), Some(name(&id, "tiny"))).await.unwrap();
    let (_, screen) = say(&engine, &id, Some(&second), None).await;
    assert_eq!((server.last()["model"].as_str(), screen.model.unwrap().model), (Some("tiny"), Some(name(&id, "tiny"))));
    let elsewhere = engine.choose_model(&id, None, Some(name(&"other".into(), "tiny"))).await.unwrap_err();
    assert_eq!(elsewhere.code, FailureCode::BadInput);
}

#[tokio::test]
async fn the_list_is_there_without_a_network_and_goes_with_its_connection() {
    let (dir, (server, url)) = (tempfile::tempdir().unwrap(), Changing::start(&["tiny", "large"]).await);
    let engine = open(&dir).await;
    let id = openai(&engine, &url, "tiny").await;
    let draft = |label: &str, hidden: bool| ModelDraft {
        model: name(&id, "large"),
        label: label.to_owned(),
        hidden,
        default: false,
    };
    engine.put_model(draft("The big one", true)).unwrap();
    engine.close().await;
    drop(engine);
    server.has_now(&[]);
    let listed = server.listed.lock().unwrap().len();

    let engine = open(&dir).await;
    let AppMessage::Snapshot { app } = engine.subscribe_app().next().await.unwrap() else { panic!() };
    assert_eq!(ids(&app.catalogue.models), ["tiny", "large"]);
    assert_eq!((app.catalogue.models[1].label.as_str(), app.catalogue.models[1].hidden), ("The big one", true));
    assert_eq!(app.catalogue.published.len(), 1);
    assert_eq!(server.listed.lock().unwrap().len(), listed, "nobody was asked");
    engine.put_model(draft("", false)).unwrap();
    let text = std::fs::read_to_string(dir.path().join("models.json")).unwrap();
    let kept: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(kept["models"], json!([]), "what says nothing is not kept");
    engine.remove_connection(&id).await.unwrap();
    assert!(engine.models().models.is_empty() && engine.models().published.is_empty());
}

#[tokio::test]
async fn a_model_that_vanished_is_said_and_another_takes_its_place() {
    let (dir, (server, url)) = (tempfile::tempdir().unwrap(), Changing::start(&["tiny", "large", "huge"]).await);
    let engine = open(&dir).await;
    let id = openai(&engine, &url, "tiny").await;
    let (thread, mut screen) = say(&engine, &id, None, Some(name(&id, "huge"))).await;
    assert!(!screen.model.as_ref().unwrap().gone);

    server.has_now(&["tiny", "large"]);
    engine.refresh_models(&id).await.unwrap();
    screen.until("gone", |screen| screen.model.as_ref().is_some_and(|model| model.gone)).await;
    let model = screen.model.clone().unwrap();
    assert_eq!((model.label.as_str(), model.replacement), ("huge", Some(name(&id, "tiny"))));
    engine.choose_model(&id, Some(&thread), Some(name(&id, "tiny"))).await.unwrap();
    let (_, screen) = say(&engine, &id, Some(&thread), None).await;
    assert_eq!((screen.last_text().as_str(), screen.model.unwrap().gone), ("I am tiny.", false));

    // Nobody has asked for the list again, and the server refuses what it had a while ago.
    server.has_now(&["large"]);
    let (_, screen) = say(&engine, &id, Some(&thread), None).await;
    let Some(TurnOutcome::Failed { failure, .. }) = screen.outcome() else { panic!("{}", screen.describe()) };
    assert_eq!(failure.finding, Some(Finding::ModelUnknown), "{failure}");
    assert!(failure.message.contains("does not know the model “tiny”"), "{failure}");
    let model = screen.model.clone().unwrap();
    assert_eq!((model.gone, model.replacement), (true, Some(name(&id, "large"))));
    let state = &engine.connections()[0].state;
    assert_eq!(state, &engine::view::ConnectionState::Online, "that says nothing of the connection");
    server.has_now(&["tiny"]);
    let (_, screen) = say(&engine, &id, Some(&thread), None).await;
    assert!(!screen.model.unwrap().gone, "it is back");
}

#[tokio::test]
async fn a_chatkit_server_is_told_the_model_and_its_profile_is_read() {
    if !Peer::wanted() {
        return;
    }
    let (peer, dir) = (Peer::start(), tempfile::tempdir().unwrap());
    let engine = open(&dir).await;
    let id = chatkit(&engine, &peer, &peer.address("/profile")).await;
    engine.refresh_models(&id).await.unwrap();
    let models = of(&engine, &id);
    assert_eq!((ids(&models), models[1].context), (vec!["fast", "deep"], Some(200_000)));
    let (thread, screen) = say(&engine, &id, None, None).await;
    let shown = screen.model.clone().unwrap();
    assert_eq!(
        (shown.model, shown.label.as_str()),
        (None, "Fast"),
        "nobody has chosen, and the server said what it begins with"
    );
    engine.choose_model(&id, Some(&thread), Some(name(&id, "deep"))).await.unwrap();
    let (_, screen) = say(&engine, &id, Some(&thread), None).await;
    assert_eq!(screen.model.unwrap().label, "Deep");
    let state = peer.state().await;
    let items = state["threads"][0]["items"].as_array().unwrap();
    let asked: Vec<_> = items
        .iter()
        .filter(|item| item["type"] == "user_message")
        .map(|item| &item["inference_options"]["model"])
        .collect();
    assert_eq!(asked, [&Value::Null, &json!("deep")]);
    engine.choose_model(&id, None, Some(name(&id, "typed by hand"))).await.unwrap();
    let (_, screen) = say(&engine, &id, None, None).await;
    let shown = screen.model.unwrap();
    assert_eq!((shown.label.as_str(), shown.gone), ("typed by hand", false));
}

#[tokio::test]
async fn a_profile_elsewhere_is_read_without_credentials_and_one_that_is_missing_is_said() {
    if !Peer::wanted() {
        return;
    }
    let (peer, dir) = (Peer::start(), tempfile::tempdir().unwrap());
    let (server, url) = Changing::start(&["far"]).await;
    let engine = open(&dir).await;
    let far = chatkit(&engine, &peer, &format!("{url}/v1/models")).await;
    engine.refresh_models(&far).await.unwrap();
    assert_eq!(ids(&of(&engine, &far)), ["far"]);
    assert!(server.listed.lock().unwrap().iter().all(|headers| !headers.contains_key("authorization")));
    let none = chatkit(&engine, &peer, "").await;
    assert_eq!(engine.refresh_models(&none).await.unwrap_err().code, FailureCode::NotFound);
    let (_, screen) = say(&engine, &none, None, None).await;
    assert_eq!(screen.model, None, "there is nothing to choose from");
}

#[tokio::test]
async fn a_custom_backend_is_told_the_model_and_a_route_asks_who_has_it() {
    if !Peer::wanted() {
        return;
    }
    let (peer, (engine, _dir)) = (Peer::custom(), own::engine().await);
    let one = added(&engine, &peer, "/models", &[("answers", "json"), ("models_path", "/v1/models")]).await;
    engine.refresh_models(&one).await.unwrap();
    assert_eq!(of(&engine, &one).iter().map(|model| model.label.as_str()).collect::<Vec<_>>(), ["small", "Large"]);
    let (_, screen) = say(&engine, &one, None, Some(name(&one, "large"))).await;
    assert_eq!(screen.last_text(), "large heard hi");
    let asked = peer.asked().await;
    let begun = asked.iter().find(|(path, _)| path.ends_with("/api/sessions")).unwrap();
    assert_eq!(begun.1["model"], "large", "the conversation begins with it");

    let behind = |model: &'static str, path: &'static str| [("answers", "json"), ("chat_path", path), ("model", model)];
    let small = added(&engine, &peer, "/models", &behind("small", "/api/small/chat")).await;
    let large = added(&engine, &peer, "/models", &behind("large", "/api/large/chat")).await;
    let connections = vec![small.clone(), large.clone()];
    let draft = RouteDraft { id: None, name: "Both".to_owned(), connections, patience: 3 };
    let route = engine.put_route(draft).await.unwrap().id;
    let (thread, screen) = say(&engine, &route, None, None).await;
    assert_eq!(screen.last_text(), "small heard hi");
    engine.choose_model(&route, Some(&thread), Some(name(&large, "large"))).await.unwrap();
    let (_, screen) = say(&engine, &route, Some(&thread), None).await;
    assert_eq!(
        (screen.last_text().as_str(), screen.model.unwrap().model),
        ("large heard hi", Some(name(&large, "large")))
    );
    engine.choose_model(&route, None, Some(name(&large, "large"))).await.unwrap();
    assert_eq!(engine.models().chosen, [name(&route, "large")]);
    let (_, screen) = say(&engine, &route, None, None).await;
    assert_eq!(screen.last_text(), "large heard hi");
}

#[tokio::test]
async fn the_person_adds_a_model_and_makes_it_the_default() {
    let (dir, (server, url)) = (tempfile::tempdir().unwrap(), Changing::start(&["tiny", "own"]).await);
    let engine = open(&dir).await;
    let id = openai(&engine, &url, "tiny").await;
    let draft = ModelDraft { model: name(&id, "own"), label: "Mine".to_owned(), hidden: false, default: true };
    engine.put_model(draft).unwrap();
    let (_, screen) = say(&engine, &id, None, None).await;
    assert_eq!((server.last()["model"].as_str(), screen.model.unwrap().label.as_str()), (Some("own"), "Mine"));
    engine.remove_model(&name(&id, "own")).unwrap();
    say(&engine, &id, None, None).await;
    assert_eq!(server.last()["model"], "tiny");
    assert_eq!(engine.remove_model(&name(&id, "never")).unwrap_err().code, FailureCode::Unknown);
}

#[tokio::test]
async fn the_parameters_of_an_entry_stand_between_those_of_the_thread_and_the_connection() {
    let (dir, (server, url)) = (tempfile::tempdir().unwrap(), Changing::start(&["tiny"]).await);
    let engine = open(&dir).await;
    let id = openai(&engine, &url, "tiny").await;
    engine.close().await;
    drop(engine);
    let file = dir.path().join("models.json");
    let mut kept: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let parameters = json!({"temperature": 0.25, "seed": 7});
    kept["models"] = json!([{"connection": id, "id": "tiny", "parameters": parameters, "context": 4000}]);
    std::fs::write(&file, kept.to_string()).unwrap();

    let engine = open(&dir).await;
    let (thread, mut screen) = say(&engine, &id, None, None).await;
    assert_eq!((&server.last()["temperature"], &server.last()["seed"]), (&json!(0.25), &json!(7)));
    screen.until("counted", |screen| screen.context.as_ref().is_some_and(|context| context.percent.is_some())).await;
    let wanted = std::collections::BTreeMap::from([("seed".to_owned(), "8".to_owned())]);
    engine.set_thread_options(&thread, &wanted).await.unwrap();
    say(&engine, &id, Some(&thread), None).await;
    assert_eq!((&server.last()["temperature"], &server.last()["seed"]), (&json!(0.25), &json!(8)));
}

//! The HTTP side: who is let in, and which request goes where.

use std::{sync::Arc, time::SystemTime};

use axum::{
    Extension, Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Request as HttpRequest, State, rejection::BytesRejection},
    http::{HeaderMap, Method, StatusCode, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse, Response, Sse},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::json;

use crate::{
    Pace,
    auth::{Caller, Gate},
    failure::Refusal,
    index::Index,
    press::Press,
    request::{Action, Input, Request},
    store::Store,
    turn::{self, Turns, Work},
    wire::{Event, Item, ItemBody, Thread},
};

/// A request may be this large; a question of a megabyte is foolish, not hostile.
const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// What every request works with.
#[derive(Clone)]
pub(crate) struct App {
    pub store: Store,
    pub index: Arc<Index>,
    pub gate: Arc<Gate>,
    pub turns: Turns,
    pub pace: Pace,
}

/// All that can be asked of the server.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/chatkit", post(chatkit))
        .route("/session", post(session))
        .route("/refresh", post(refresh))
        .route("/health", get(|| async { Json(json!({"status": "ok"})) }))
        .method_not_allowed_fallback(async || {
            Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "This address wants another method.")
        })
        .fallback(async |uri: Uri| Refusal::not_found("address", uri.path()))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn_with_state(app.clone(), door))
        .with_state(app)
}

/// The one door: a page in a browser is kept out whatever it knows, and everyone else shows a token.
async fn door(State(app): State<App>, mut request: HttpRequest, next: Next) -> Response {
    if let Err(refusal) = from_this_machine(request.headers()) {
        return refusal.into_response();
    }
    if (request.method(), request.uri().path()) != (&Method::GET, "/health") {
        match app.gate.check(request.headers(), SystemTime::now()) {
            Ok(caller) => request.extensions_mut().insert(caller),
            Err(refusal) => return refusal.into_response(),
        };
    }
    next.run(request).await
}

/// Browsers send `Origin` with every request that a foreign page makes, and the foreign name in `Host` when a name was
/// bent to point here.
fn from_this_machine(headers: &HeaderMap) -> Result<(), Refusal> {
    let forbidden = |message| Err(Refusal::new(StatusCode::FORBIDDEN, "forbidden", message));
    if headers.contains_key(header::ORIGIN) {
        return forbidden("Requests from web pages are refused.");
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    };
    if ["127.0.0.1", "localhost", "[::1]"].iter().any(|known| name.eq_ignore_ascii_case(known)) {
        Ok(())
    } else {
        forbidden("The Host header does not name this machine.")
    }
}

async fn session(State(app): State<App>, Extension(caller): Extension<Caller>) -> Result<Response, Refusal> {
    match caller {
        Caller::Owner => Ok(Json(app.gate.open_session(SystemTime::now())).into_response()),
        Caller::Session => {
            let message = "A client secret cannot open a session; use the server's token.";
            Err(Refusal::new(StatusCode::FORBIDDEN, "forbidden", message))
        }
    }
}

#[derive(Deserialize)]
struct Refresh {
    token: String,
}

async fn refresh(State(app): State<App>, body: Result<Bytes, BytesRejection>) -> Result<Response, Refusal> {
    let refresh: Refresh = serde_json::from_slice(&read(body)?)
        .map_err(|error| Refusal::bad_request(format!("The body must be {{\"token\": \"…\"}}: {error}.")))?;
    Ok(Json(app.gate.refresh(&refresh.token, SystemTime::now())?).into_response())
}

fn read(body: Result<Bytes, BytesRejection>) -> Result<Bytes, Refusal> {
    body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            let message = format!("The request is larger than {} MB.", BODY_LIMIT / (1024 * 1024));
            Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
        }
        status => Refusal::new(status, "unreadable", format!("The request cannot be read: {rejection}.")),
    })
}

async fn chatkit(State(app): State<App>, body: Result<Bytes, BytesRejection>) -> Result<Response, Refusal> {
    let store = app.store.clone();
    match Request::parse(&read(body)?)? {
        Request::CreateThread { input } => create(app, input).await,
        Request::AddUserMessage { thread_id, input } => add(app, thread_id, input).await,
        Request::Retry { thread_id, item_id } => retry(app, thread_id, item_id).await,
        Request::Press { thread_id, item_id, action } => press(app, thread_id, item_id, &action).await,
        Request::GetThread { thread_id } => {
            Ok(Json(store.run(move |tables| tables.thread_with_items(&thread_id)).await?).into_response())
        }
        Request::ListThreads { page } => {
            Ok(Json(store.run(move |tables| tables.threads(&page)).await?).into_response())
        }
        Request::ListItems { thread_id, page } => {
            let items =
                store.run(move |tables| tables.thread(&thread_id).and_then(|_| tables.items(&thread_id, &page)));
            Ok(Json(items.await?).into_response())
        }
        Request::Rename { thread_id, title } => {
            let renamed = store.run(move |tables| {
                tables.set_title(&thread_id, &title)?;
                tables.thread(&thread_id)
            });
            Ok(Json(renamed.await?).into_response())
        }
        Request::Delete { thread_id } => {
            let _turn = app.turns.begin(&thread_id).await;
            store.run(move |tables| tables.delete_thread(&thread_id)).await?;
            Ok(done())
        }
        Request::Feedback { thread_id, item_ids, kind } => {
            store.run(move |tables| tables.add_feedback(&thread_id, &item_ids, kind)).await?;
            Ok(done())
        }
    }
}

fn done() -> Response {
    Json(json!({})).into_response()
}

/// Section 3.1. The thread and the message are stored before the first event, and the thread gets its title later.
async fn create(app: App, input: Input) -> Result<Response, Refusal> {
    input.check()?;
    let id = turn::new_id("thr_");
    let turn = app.turns.begin(&id).await;
    let (thread, item) = app
        .store
        .run(move |tables| {
            let thread = Thread::new(id, None, tables.now()?);
            tables.insert_thread(&thread)?;
            let item = user_message(&thread.id, tables.now()?, input);
            tables.put_item(&item)?;
            Ok((thread, item))
        })
        .await?;
    let question = item.body.question().unwrap_or_default();
    let known = vec![Event::ThreadCreated { thread }, Event::ItemDone { item }];
    Ok(Sse::new(turn::respond(app, turn, known, Work::Answer(question))).into_response())
}

/// Section 3.2.
async fn add(app: App, thread_id: String, input: Input) -> Result<Response, Refusal> {
    input.check()?;
    let id = thread_id.clone();
    app.store.run(move |tables| tables.thread(&id)).await?;
    let turn = app.turns.begin(&thread_id).await;
    let item = app
        .store
        .run(move |tables| {
            tables.thread(&thread_id)?;
            let item = user_message(&thread_id, tables.now()?, input);
            tables.put_item(&item)?;
            Ok(item)
        })
        .await?;
    let question = item.body.question().unwrap_or_default();
    Ok(Sse::new(turn::respond(app, turn, vec![Event::ItemDone { item }], Work::Answer(question))).into_response())
}

/// Section 3.6.
async fn retry(app: App, thread_id: String, item_id: String) -> Result<Response, Refusal> {
    // Looked at twice: a request that cannot be served must not stop the turn of one that is.
    let (thread, item) = (thread_id.clone(), item_id.clone());
    app.store.run(move |tables| tables.question(&thread, &item)).await?;
    let turn = app.turns.begin(&thread_id).await;
    let question = app
        .store
        .run(move |tables| {
            let question = tables.question(&thread_id, &item_id)?;
            tables.delete_after(&thread_id, &item_id)?;
            Ok(question)
        })
        .await?;
    Ok(Sse::new(turn::respond(app, turn, Vec::new(), Work::Answer(question))).into_response())
}

/// Section 3.5.
async fn press(app: App, thread_id: String, item_id: Option<String>, action: &Action) -> Result<Response, Refusal> {
    let press = Press::of(&app.index, action)?;
    let item_id = item_id.ok_or_else(|| Refusal::bad_request("A button of the Guide belongs to one of its cards."))?;
    let thread = thread_id.clone();
    let card = app.store.run(move |tables| tables.item(&thread, &item_id)).await?;
    if !matches!(card.body, ItemBody::Widget { .. }) {
        return Err(Refusal::bad_request("Only a card has buttons."));
    }
    let turn = app.turns.begin(&thread_id).await;
    Ok(Sse::new(turn::respond(app, turn, Vec::new(), Work::Press { press, card: Box::new(card) })).into_response())
}

fn user_message(thread: &str, created_at: String, input: Input) -> Item {
    Item {
        id: turn::new_id("msg_"),
        thread_id: thread.to_owned(),
        created_at,
        body: ItemBody::UserMessage {
            content: input.content,
            attachments: Vec::new(),
            quoted_text: input.quoted_text,
            inference_options: input.inference_options,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(pairs: &[(&'static str, &str)]) -> Option<u16> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        from_this_machine(&headers).err().map(|refusal| refusal.status.as_u16())
    }

    #[test]
    fn only_names_of_this_machine_are_served() {
        for host in ["127.0.0.1", "127.0.0.1:80", "localhost:4321", "LocalHost", "[::1]:4321"] {
            assert_eq!(status(&[("host", host)]), None, "{host}");
        }
        for host in ["", "example.com", "127.0.0.1.example.com", "localhost.evil:80", "evil:80:127.0.0.1", "0.0.0.0"] {
            assert_eq!(status(&[("host", host)]), Some(403), "{host}");
        }
        assert_eq!(status(&[]), Some(403));
    }

    #[test]
    fn a_request_of_a_page_is_refused_even_from_this_machine() {
        assert_eq!(status(&[("host", "127.0.0.1:1"), ("origin", "http://127.0.0.1:1")]), Some(403));
        assert_eq!(status(&[("host", "127.0.0.1:1"), ("origin", "null")]), Some(403));
    }
}

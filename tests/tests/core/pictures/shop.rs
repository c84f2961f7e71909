//! A server with pictures of every kind, good and bad.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex},
    time::Duration,
};

use acceptance::gated::{assistant_message, done, thread as remote_thread, user_message};
use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Query, Request, State},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::Notify};

/// A server with pictures, which also speaks as much ChatKit as one conversation needs.
#[derive(Clone, Default)]
pub struct Shop {
    /// Its port, on this machine.
    pub port: u16,
    asked: Arc<Mutex<Vec<(String, HeaderMap)>>>,
    /// What it says of the hosts of its conversation's pictures.
    pub domains: Arc<Mutex<Value>>,
    /// Behind it waits whoever wants `/later.png`.
    pub door: Arc<Notify>,
}

impl Shop {
    /// A server on a port of its own.
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let shop = Self { port: listener.local_addr().unwrap().port(), ..Self::default() };
        let router = Router::new().fallback(serve).with_state(shop.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        shop
    }

    /// An address of it, by number.
    pub fn at(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The same by name, which is another host.
    pub fn by_name(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.port)
    }

    /// The paths of the pictures that it was asked for.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|(path, _)| path.clone()).collect()
    }

    /// A header of the last request for a picture.
    pub fn header(&self, name: &str) -> Option<String> {
        let asked = self.asked.lock().unwrap();
        Some(asked.last()?.1.get(name)?.to_str().unwrap().to_owned())
    }
}

async fn serve(State(shop): State<Shop>, Query(query): Query<HashMap<String, String>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    if head.method == Method::POST {
        let request: Value = serde_json::from_slice(&to_bytes(body, usize::MAX).await.unwrap()).unwrap();
        return chatkit(&shop, &request);
    }
    shop.asked.lock().unwrap().push((head.uri.path().to_owned(), head.headers));
    let to = |place: &str| (StatusCode::FOUND, [("location", place.to_owned())]).into_response();
    match head.uri.path() {
        "/gull.png" => ([("content-type", "text/html"), ("set-cookie", "seen=1")], png(3, 2)).into_response(),
        "/later.png" => {
            shop.door.notified().await;
            png(3, 2).into_response()
        }
        "/drawing.svg" => {
            ([("content-type", "image/png")], "<svg xmlns='http://www.w3.org/2000/svg'/>").into_response()
        }
        "/page.png" => ([("content-type", "image/png")], "<!doctype html><p>Sign in</p>").into_response(),
        "/bomb.png" => png(20_000, 20_000).into_response(),
        "/huge.png" => {
            let piece = Bytes::from(vec![0; 1 << 20]);
            let pieces = stream::iter((0..64).map(move |_| Ok::<_, Infallible>(piece.clone())));
            Body::from_stream(pieces).into_response()
        }
        "/drip.png" => {
            let drops = stream::unfold((), |()| async {
                tokio::time::sleep(Duration::from_millis(20)).await;
                Some((Ok::<_, Infallible>(Bytes::from_static(b"\x89")), ()))
            });
            Body::from_stream(drops).into_response()
        }
        "/locked.png" => StatusCode::UNAUTHORIZED.into_response(),
        "/circle.png" => to("/circle.png"),
        "/moved.png" => to(&query["to"]),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn chatkit(shop: &Shop, request: &Value) -> Response {
    let mut thread = remote_thread(&Value::Null);
    thread["allowed_image_domains"] = shop.domains.lock().unwrap().clone();
    let items = [user_message("msg_1", "hello"), assistant_message("msg_2", "Look")];
    let page = |data: Value| json!({"data": data, "has_more": false}).to_string();
    match request["type"].as_str().unwrap() {
        "threads.create" => {
            let created = json!({"type": "thread.created", "thread": thread});
            let events = [created, done(items[0].clone()), done(items[1].clone())];
            let text: String = events.iter().map(|event| format!("data: {event}\n\n")).collect();
            ([("content-type", "text/event-stream")], text).into_response()
        }
        "items.list" => json_answer(page(json!(items))),
        "threads.list" => json_answer(page(json!([thread]))),
        _ => json_answer("{}".to_owned()),
    }
}

fn json_answer(text: String) -> Response {
    ([("content-type", "application/json")], text).into_response()
}

/// The beginning of a PNG, which is all that is looked at here.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, 6, 0, 0, 0, 0, 0, 0, 0]);
    bytes
}

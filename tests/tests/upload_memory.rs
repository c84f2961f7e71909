//! What a large file takes of memory on its way: a process of its own, since it looks at the most memory that it ever had.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::{
    fs::File,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    body::Body,
    extract::{DefaultBodyLimit, State},
    routing::{post, put},
};
use engine::{
    Engine, EngineConfig, FileSource,
    view::{ConnectionDraft, DraftFileState, FileTarget},
};
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::{net::TcpListener, time::timeout};

/// The file, in bytes.
const SIZE: u64 = 1 << 30;

/// What it may take, in bytes, with all that the server in this process takes for it.
const ROOM: u64 = 64 << 20;

/// The most memory that this process ever had, in bytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() * 1024
}

/// A server that takes files and keeps nothing of them but how many bytes came.
async fn server() -> (String, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (base, came) = (format!("http://{}", listener.local_addr().unwrap()), Arc::<AtomicU64>::default());
    let storage = format!("{base}/store");
    let answer = move |Json(asked): Json<Value>| async move {
        Json(match asked["type"].as_str() {
            Some("attachments.create") => json!({
                "type": "file", "id": "atc_1", "name": asked["params"]["name"], "mime_type": "x/y",
                "upload_descriptor": {"url": storage, "method": "PUT", "headers": {}},
            }),
            _ => json!({"data": [], "has_more": false}),
        })
    };
    let store = |State(came): State<Arc<AtomicU64>>, body: Body| async move {
        let mut pieces = body.into_data_stream();
        while let Some(piece) = pieces.next().await {
            came.fetch_add(piece.unwrap().len() as u64, Ordering::SeqCst);
        }
    };
    let app = Router::new()
        .route("/chatkit", post(answer))
        .route("/store", put(store))
        .layer(DefaultBodyLimit::disable())
        .with_state(came.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (format!("{base}/chatkit"), came)
}

#[tokio::test]
async fn a_file_of_a_gigabyte_does_not_take_a_gigabyte_of_memory() {
    let (url, came) = server().await;
    let dir = tempfile::tempdir().unwrap();
    let secrets = Arc::<secrets::Memory>::default();
    let config = || EngineConfig { secrets: secrets.clone(), ..EngineConfig::new(dir.path().join("data")) };
    let engine = Engine::open(config()).await.unwrap();
    let draft = ConnectionDraft { token: Some("s3same".into()), ..ConnectionDraft::server("Own", &url) };
    let connection = engine.add_connection(draft).await.unwrap().id;
    engine.close().await;
    let path = dir.path().join("data/settings.json");
    let mut settings: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    settings["connections"][0]["attachments"] = json!({"max_size": 2 * SIZE});
    std::fs::write(&path, settings.to_string()).unwrap();
    let engine = Engine::open(config()).await.unwrap();

    let film = dir.path().join("film.bin");
    File::create(&film).unwrap().set_len(SIZE).unwrap();
    let target = FileTarget { connection, thread: None };
    let mut told = engine.subscribe_app();
    let before = peak();
    engine.attach(&target, vec![FileSource::Path(film)]).await.unwrap();
    let state = loop {
        let state = engine.attachments(&target).remove(0).state;
        if matches!(state, DraftFileState::Ready | DraftFileState::Failed { .. }) {
            break state;
        }
        timeout(Duration::from_secs(300), told.next()).await.expect("it moves").unwrap();
    };
    assert_eq!((state, came.load(Ordering::SeqCst)), (DraftFileState::Ready, SIZE));
    let grown = peak() - before;
    assert!(grown < ROOM, "{} MiB of memory for a file of {} MiB", grown >> 20, SIZE >> 20);
    engine.close().await;
}

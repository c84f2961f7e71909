//! Files of messages: from a path to a message that names them, at a server of the test's own.
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

mod unsent;

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use acceptance::{
    gated::{assistant_message, done, opening},
    screen::Screen,
};
use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{any, post},
};
use engine::{
    Engine, EngineConfig, FileSource,
    view::{AppMessage, Composed, ConnectionDraft, DraftFile, DraftFileState, FileTarget, SendRequest, TurnPhase},
};
use futures_util::StreamExt;
use model::{ConnectionId, Failure, FailureCode, Finding};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::Semaphore, time::timeout};

/// What the server was asked, and how it answers.
struct Server {
    asked: Mutex<Vec<Value>>,
    /// What came at the storage: which file, its bytes, and whether they came with a token.
    came: Mutex<Vec<(String, Vec<u8>, bool)>>,
    open: Mutex<usize>,
    moved: tokio::sync::Notify,
    /// The storage reads a body only with one of these.
    gate: Semaphore,
    method: &'static str,
    stored: Mutex<StatusCode>,
    announced: StatusCode,
    url: Mutex<String>,
    /// Whether it answers nothing where files are to be deleted.
    deaf: AtomicBool,
}

struct Counted(Arc<Server>);

impl Counted {
    fn new(server: &Arc<Server>) -> Self {
        *server.open.lock().unwrap() += 1;
        server.moved.notify_one();
        Self(server.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        *self.0.open.lock().unwrap() -= 1;
        self.0.moved.notify_one();
    }
}

impl Server {
    async fn start(method: &'static str, announced: StatusCode, gates: usize) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = Arc::new(Self {
            asked: Mutex::default(),
            came: Mutex::default(),
            open: Mutex::default(),
            moved: tokio::sync::Notify::new(),
            gate: Semaphore::new(gates),
            method,
            stored: Mutex::new(StatusCode::OK),
            announced,
            url: Mutex::new(url),
            deaf: AtomicBool::new(false),
        });
        let app = Router::new()
            .route("/chatkit", post(endpoint))
            .route("/store/{name}", any(store))
            .layer(axum::extract::DefaultBodyLimit::disable())
            .with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        server
    }

    fn of(&self, kind: &str) -> Vec<Value> {
        self.asked.lock().unwrap().iter().filter(|asked| asked["type"] == kind).cloned().collect()
    }
}

async fn endpoint(State(server): State<Arc<Server>>, body: String) -> Response {
    let asked: Value = serde_json::from_str(&body).unwrap();
    server.asked.lock().unwrap().push(asked.clone());
    let json = |value: Value| ([("content-type", "application/json")], value.to_string()).into_response();
    match asked["type"].as_str().unwrap() {
        "threads.list" => json(json!({"data": [], "has_more": false})),
        "attachments.delete" if server.deaf.load(Ordering::SeqCst) => std::future::pending().await,
        "attachments.create" if server.announced != StatusCode::OK => server.announced.into_response(),
        "attachments.create" => {
            let name = asked["params"]["name"].as_str().unwrap();
            let url = format!("{}/store/{}", server.url.lock().unwrap(), name.replace(' ', "_"));
            let mut file = json!({"type": "file", "id": format!("atc_{name}"), "name": name, "mime_type": "x/y"});
            match server.method {
                "old" => file["upload_url"] = json!(url),
                method => {
                    file["upload_descriptor"] = json!({"url": url, "method": method, "headers": {"x-storage": "1"}});
                }
            }
            json(file)
        }
        "threads.create" => {
            let mut events = opening("look");
            events.push(done(assistant_message("msg_2", "Fine.")));
            let body: String = events.iter().map(|event| format!("data: {event}\n\n")).collect();
            ([("content-type", "text/event-stream")], body).into_response()
        }
        _ => json(json!({})),
    }
}

async fn store(
    State(server): State<Arc<Server>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> StatusCode {
    let _counted = Counted::new(&server);
    let status = *server.stored.lock().unwrap();
    if status != StatusCode::OK {
        return status;
    }
    let mut pieces = body.into_data_stream();
    let mut bytes = Vec::new();
    loop {
        let _gate = server.gate.acquire().await.unwrap();
        match pieces.next().await {
            Some(Ok(piece)) => bytes.extend_from_slice(&piece),
            Some(Err(_)) => return StatusCode::BAD_REQUEST,
            None => break,
        }
    }
    let signed = headers.contains_key("authorization");
    server.came.lock().unwrap().push((name, bytes, signed));
    status
}

struct Desk {
    engine: Engine,
    server: Arc<Server>,
    connection: ConnectionId,
    dir: TempDir,
}

impl Desk {
    async fn new(method: &'static str) -> Self {
        Self::at(Server::start(method, StatusCode::OK, 64).await, json!({})).await
    }

    async fn at(server: Arc<Server>, options: Value) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let secrets = Arc::<secrets::Memory>::default();
        let config = || EngineConfig { secrets: secrets.clone(), ..EngineConfig::new(dir.path().join("data")) };
        let engine = Engine::open(config()).await.unwrap();
        let url = format!("{}/chatkit", server.url.lock().unwrap());
        let draft = ConnectionDraft { token: Some("s3same".into()), ..ConnectionDraft::server("Own", &url) };
        let connection = engine.add_connection(draft).await.unwrap().id;
        if options == json!({}) {
            return Self { engine, server, connection, dir };
        }
        engine.close().await;
        let path = dir.path().join("data/settings.json");
        let mut settings: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        settings["connections"][0]["attachments"] = options;
        std::fs::write(&path, settings.to_string()).unwrap();
        Self { engine: Engine::open(config()).await.unwrap(), server, connection, dir }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn target(&self) -> FileTarget {
        FileTarget { connection: self.connection.clone(), thread: None }
    }

    async fn attach(&self, paths: &[PathBuf]) -> Result<Vec<DraftFile>, Failure> {
        self.engine.attach(&self.target(), paths.iter().cloned().map(FileSource::Path).collect()).await
    }

    async fn until(&self, wanted: impl Fn(&[DraftFile]) -> bool) -> Vec<DraftFile> {
        let mut told = self.engine.subscribe_app();
        let waiting = async {
            loop {
                let files = self.engine.attachments(&self.target());
                if wanted(&files) {
                    return files;
                }
                loop {
                    if let AppMessage::Files { .. } | AppMessage::Snapshot { .. } = told.next().await.unwrap() {
                        break;
                    }
                }
            }
        };
        let files = timeout(Duration::from_secs(60), waiting).await;
        files.unwrap_or_else(|_| panic!("{:?}", self.engine.attachments(&self.target())))
    }

    async fn settled(&self) -> Vec<DraftFile> {
        let over = |file: &DraftFile| matches!(file.state, DraftFileState::Ready | DraftFileState::Failed { .. });
        self.until(|files| files.iter().all(over)).await
    }

    /// Why the one file failed, and whether trying again makes sense.
    async fn failed(&self, path: PathBuf) -> (Failure, bool) {
        let id = self.attach(&[path]).await.unwrap()[0].id.clone();
        let file = self.settled().await.into_iter().find(|file| file.id == id).unwrap();
        self.engine.remove_attachment(&id).unwrap();
        match file.state {
            DraftFileState::Failed { failure, can_retry } => (failure, can_retry),
            other => panic!("{other:?}"),
        }
    }

    fn message(&self, text: &str, files: &[DraftFile]) -> Composed {
        let (connection, text) = (self.connection.clone(), text.to_owned());
        let request = SendRequest { connection, thread: None, text, model: None };
        Composed { files: files.iter().map(|file| file.id.clone()).collect(), ..request.into() }
    }

    async fn open(&self, count: usize) {
        let waiting = async {
            while *self.server.open.lock().unwrap() != count {
                self.server.moved.notified().await;
            }
        };
        timeout(Duration::from_secs(60), waiting).await.unwrap();
    }
}

#[tokio::test]
async fn files_are_announced_sent_where_the_server_says_and_named_in_the_message() {
    for method in ["POST", "PUT", "old"] {
        let desk = Desk::new(method).await;
        let paths = [desk.file("a.txt", b"some words"), desk.file("empty.csv", b"")];
        desk.attach(&paths).await.unwrap();
        let files = desk.settled().await;
        assert!(files.iter().all(|file| file.state == DraftFileState::Ready), "{method}: {files:?}");
        let told: Vec<_> = files.iter().map(|file| (file.name.as_str(), file.mime_type.as_str(), file.size)).collect();
        assert_eq!(told, [("a.txt", "text/plain", 10), ("empty.csv", "text/csv", 0)]);
        let announced = desk.server.of("attachments.create");
        let sizes: Vec<_> = announced.iter().map(|asked| asked["params"]["size"].as_u64().unwrap()).collect();
        assert_eq!(sizes.iter().sum::<u64>(), 10, "{announced:?}");
        let mut came = desk.server.came.lock().unwrap().clone();
        came.sort();
        assert!(came.iter().all(|(_, _, signed)| !signed), "the storage sees no token");
        let body = String::from_utf8(came[0].1.clone()).unwrap();
        if method == "PUT" {
            assert_eq!(body, "some words")
        } else {
            assert!(body.contains("\r\n\r\nsome words\r\n"))
        }
        let thread = desk.engine.send(desk.message("look", &files)).await.unwrap();
        let mut screen = Screen::open(&desk.engine, &thread).await;
        screen.until("answered", |screen| screen.phase() == TurnPhase::Idle).await;
        desk.until(<[DraftFile]>::is_empty).await;
        let input = desk.server.of("threads.create")[0]["params"]["input"]["attachments"].clone();
        assert_eq!(input, json!(["atc_a.txt", "atc_empty.csv"]), "{method}");
    }
}

#[tokio::test]
async fn a_message_waits_for_its_files_and_loses_none_of_them() {
    let desk = Desk::at(Server::start("PUT", StatusCode::OK, 0).await, json!({})).await;
    let paths = ["a", "b", "c"].map(|name| desk.file(name, &[7; 1000]));
    let files = desk.attach(&paths).await.unwrap();
    desk.open(2).await;
    let refused = desk.engine.send(desk.message("look", &files)).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::Busy);
    assert!(refused.message.starts_with("3 files are still being uploaded."), "{}", refused.message);
    assert_eq!(desk.engine.attachments(&desk.target()).len(), 3);
    // The third one waits for its turn: no more than two go at a time.
    assert_eq!(desk.server.of("attachments.create").len(), 2);
    desk.server.gate.add_permits(8);
    let files = desk.settled().await;
    assert!(files.iter().all(|file| file.state == DraftFileState::Ready), "{files:?}");
    // Without a word, files are a message too.
    desk.engine.send(desk.message("", &files)).await.unwrap();
    let nothing = desk.engine.send(desk.message("", &[])).await.unwrap_err();
    assert_eq!(nothing.code, FailureCode::BadInput);
}

#[tokio::test]
async fn a_file_that_changes_on_its_way_does_not_arrive() {
    let desk = Desk::at(Server::start("PUT", StatusCode::OK, 0).await, json!({})).await;
    for change in ["grows", "shrinks"] {
        let path = desk.file("log.txt", &vec![b'x'; 16 << 20]);
        let id = desk.attach(std::slice::from_ref(&path)).await.unwrap()[0].id.clone();
        desk.open(1).await;
        let length = if change == "grows" { 17 << 20 } else { 1 << 10 };
        std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(length).unwrap();
        desk.server.gate.add_permits(1);
        let file = desk.settled().await.remove(0);
        let DraftFileState::Failed { failure, can_retry } = file.state else { panic!("{change}: {:?}", file.state) };
        assert!(failure.message.starts_with("The file changed while it was being sent"), "{change}: {failure:?}");
        assert!(can_retry && desk.server.came.lock().unwrap().is_empty(), "{change}");
        if change == "shrinks" {
            // Nobody writes any more.
            desk.engine.retry_attachment(&id).await.unwrap();
            assert_eq!(desk.settled().await[0].state, DraftFileState::Ready);
        }
        desk.engine.remove_attachment(&id).unwrap();
        desk.open(0).await;
        desk.server.gate.forget_permits(64);
    }
}

#[tokio::test]
async fn what_cannot_be_sent_is_told_before_a_byte_leaves() {
    let options = json!({"max_size": 100, "max_count": 2, "accept": {"text/*": [], "image/*": [".png"]}});
    let desk = Desk::at(Server::start("PUT", StatusCode::OK, 64).await, options).await;
    let folder = desk.dir.path().join("folder");
    std::fs::create_dir(&folder).unwrap();
    let mut wrong = vec![
        (folder, "it is a folder"),
        (desk.dir.path().join("gone"), "not there any more"),
        (desk.file("a.zip", b"PK\x03\x04"), "one of these kinds: .png, text/*."),
        (desk.file("a.txt", &[b'x'; 101]), "takes 100 bytes at most"),
    ];
    #[cfg(unix)]
    {
        let link = desk.dir.path().join("link.txt");
        std::os::unix::fs::symlink("/etc/hostname", &link).unwrap();
        wrong.push((link, "a link to something else"));
        wrong.push(("/dev/null".into(), "a device"));
    }
    for (path, words) in wrong {
        let (failure, can_retry) = desk.failed(path.clone()).await;
        assert!(failure.message.contains(words), "{}: {}", path.display(), failure.message);
        assert_eq!(can_retry, path.ends_with("gone"), "only what is away may come back: {}", path.display());
    }
    let three = ["1.txt", "2.txt", "3.txt"].map(|name| desk.file(name, b"x"));
    let many = desk.attach(&three).await.unwrap_err();
    assert!(many.message.contains("takes 2 files with a message at most"), "{}", many.message);
    assert_eq!(desk.server.of("attachments.create"), [] as [Value; 0]);
    let hostile = desk.file("x\u{202e}txt.exe\n.txt", b"x");
    desk.attach(&[hostile]).await.unwrap();
    desk.settled().await;
    assert_eq!(desk.server.of("attachments.create")[0]["params"]["name"], "xtxt.exe.txt");
}

#[tokio::test]
async fn what_a_server_refuses_is_told_in_words() {
    let desk = Desk::at(Server::start("PUT", StatusCode::NOT_IMPLEMENTED, 64).await, json!({})).await;
    let (failure, can_retry) = desk.failed(desk.file("a.txt", b"x")).await;
    assert_eq!((failure.finding, can_retry), (Some(Finding::UploadUnsupported), false));
    let desk = Desk::new("PUT").await;
    *desk.server.stored.lock().unwrap() = StatusCode::PAYLOAD_TOO_LARGE;
    let (failure, can_retry) = desk.failed(desk.file("a.txt", b"x")).await;
    assert_eq!((failure.finding, can_retry), (Some(Finding::UploadTooLarge), false));
    assert!(failure.message.contains("Send a smaller one"), "{}", failure.message);
    desk.engine.close().await;
    assert_eq!(desk.server.of("attachments.delete").len(), 1);
}

#[tokio::test]
async fn a_connection_that_takes_no_files_says_so_before_anything_is_read() {
    let desk = Desk::at(Server::start("PUT", StatusCode::OK, 64).await, json!({"enabled": false})).await;
    let refused = desk.attach(&["/nowhere/at/all".into()]).await.unwrap_err();
    assert_eq!(refused.finding, Some(Finding::UploadUnsupported));
    assert!(desk.engine.attachments(&desk.target()).is_empty());
    assert!(desk.engine.connections()[0].files.is_none());
}

#[tokio::test]
async fn what_is_pasted_goes_from_memory() {
    let desk = Desk::new("PUT").await;
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x03\x08\x06\0\0\0".to_vec();
    desk.engine.attach_bytes(&desk.target(), "image.png", png.clone()).await.unwrap();
    let file = desk.settled().await.remove(0);
    assert_eq!((file.mime_type.as_str(), &file.state), ("image/png", &DraftFileState::Ready));
    assert_eq!(desk.server.came.lock().unwrap()[0].1, png);
    assert_eq!(desk.engine.attachment_preview(&file.id).await.unwrap().height, 3);
}

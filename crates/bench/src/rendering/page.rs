//! Serves the page that draws, what it draws, and takes what it measured.

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tokio::{net::TcpListener, sync::mpsc, task::JoinHandle};

/// Where the built page is.
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/page/dist");

/// The page on loopback, for as long as this exists.
pub struct Page {
    /// Where it is.
    pub url: String,
    /// What it measured.
    pub results: mpsc::Receiver<Bytes>,
    server: JoinHandle<()>,
}

/// What is served besides the page's own files, by name.
pub type Data = HashMap<String, Vec<u8>>;

struct Served {
    data: Data,
    results: mpsc::Sender<Bytes>,
}

impl Page {
    /// Begins to serve.
    ///
    /// # Errors
    ///
    /// If the page is not built, or nothing can be served.
    pub async fn serve(data: Data) -> io::Result<Self> {
        if !Path::new(PAGE).join("render.html").exists() {
            return Err(io::Error::other(format!("{PAGE} is not built: run `npm run build` in the folder above")));
        }
        let (sender, results) = mpsc::channel(1);
        let served = Arc::new(Served { data, results: sender });
        let routes = Router::new()
            .route("/data/{name}", get(datum))
            .route("/progress", post(progress))
            .route("/result", post(result))
            .fallback(get(file))
            .layer(DefaultBodyLimit::disable())
            .with_state(served);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/render.html", listener.local_addr()?);
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, routes).await {
                eprintln!("the page is not served any more: {error}");
            }
        });
        Ok(Self { url, results, server })
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn datum(State(served): State<Arc<Served>>, uri: Uri) -> Response {
    let name = uri.path().trim_start_matches("/data/");
    served.data.get(name).map_or_else(|| StatusCode::NOT_FOUND.into_response(), |bytes| bytes.clone().into_response())
}

async fn progress(words: String) {
    eprintln!("  {words}");
}

async fn result(State(served): State<Arc<Served>>, body: Bytes) {
    // Whoever no longer waits for it does not miss it.
    let _ = served.results.send(body).await;
}

/// A file of the page. A page that is apart from all other origins has a clock with steps of 20 µs; others have 1 ms.
async fn file(uri: Uri) -> Response {
    let path: PathBuf = Path::new(PAGE).join(uri.path().trim_start_matches('/'));
    let kind = match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    };
    let apart = [
        (header::CONTENT_TYPE.as_str(), kind),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
    ];
    tokio::fs::read(path)
        .await
        .map_or_else(|_| StatusCode::NOT_FOUND.into_response(), |bytes| (apart, bytes).into_response())
}

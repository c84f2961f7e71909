//! The Guide: a ChatKit server on loopback, in the process of its host, that answers questions about Kittiwake from
//! the manual.
//!
//! It is a real server of the protocol, so that the application's own road to it is the road to any other server. It is
//! not a language model and says so: it finds the sections of the manual that fit a question best and quotes them.
//!
//! Nothing here calls another machine, and nothing listens anywhere but on 127.0.0.1.

mod answer;
mod auth;
mod cards;
mod failure;
mod index;
mod manual;
mod press;
mod request;
mod server;
mod store;
mod turn;
mod wire;

use std::{net::Ipv4Addr, path::PathBuf, sync::Arc, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

pub use failure::GuideError;
pub use manual::prompts;

use crate::{auth::Gate, index::Index, server::App, store::Store, turn::Turns};

/// How long a shutdown waits for open answers to be stored and their connections to close.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(3);

/// How long a client secret lives unless the host says otherwise.
pub const SESSION_LIFETIME: Duration = Duration::from_secs(600);

/// What a Guide needs to start.
#[derive(Debug)]
pub struct GuideConfig {
    /// The SQLite file of its threads; made, with its folder, if it is missing. Absent keeps them in memory.
    pub data_file: Option<PathBuf>,
    /// The port on 127.0.0.1; absent takes a free one.
    pub port: Option<u16>,
    /// How fast it talks.
    pub pace: Pace,
    /// How long a client secret lives; [`SESSION_LIFETIME`] is the usual value.
    pub session_lifetime: Duration,
    /// The bearer token; absent makes a random one of 256 bits.
    pub token: Option<SecretString>,
}

impl GuideConfig {
    /// A Guide on a free port, with a token of its own, at a readable pace.
    pub fn new(data_file: impl Into<PathBuf>) -> Self {
        Self { data_file: Some(data_file.into()), ..Self::in_memory() }
    }

    /// The same without a file: its threads end with it.
    pub fn in_memory() -> Self {
        Self { data_file: None, port: None, pace: Pace::Readable, session_lifetime: SESSION_LIFETIME, token: None }
    }
}

/// How fast the words of an answer follow one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// As fast as one can just follow: 50 words a second.
    Readable,
    /// All at once, word by word without a pause.
    Instant,
    /// With this pause after each word.
    Every(Duration),
}

impl Pace {
    /// The pause after a word; absent for none.
    pub(crate) fn pause(self) -> Option<Duration> {
        match self {
            Self::Readable => Some(Duration::from_millis(20)),
            Self::Instant => None,
            Self::Every(pause) => Some(pause),
        }
    }
}

/// The way to start a Guide.
#[derive(Debug)]
pub struct Guide;

impl Guide {
    /// Opens the data file, indexes the manual and begins to listen. Needs a tokio runtime.
    ///
    /// # Errors
    ///
    /// The port is taken, or the data file cannot be used.
    pub async fn start(config: GuideConfig) -> Result<RunningGuide, GuideError> {
        let port = config.port.unwrap_or(0);
        let data_file = config.data_file;
        let store = tokio::task::spawn_blocking(move || match data_file {
            Some(file) => Store::open(&file),
            None => Store::in_memory(),
        })
        .await
        .map_err(|error| GuideError::Task(error.to_string()))??;
        let index = Index::of_manual().map_err(GuideError::Index)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(|source| GuideError::Listen { port, source })?;
        let address = listener.local_addr().map_err(|source| GuideError::Listen { port, source })?;
        let token = config.token.unwrap_or_else(|| auth::random_secret("guide_"));
        let closing = CancellationToken::new();
        let app = App {
            store,
            index: Arc::new(index),
            gate: Arc::new(Gate::new(token.clone(), config.session_lifetime)),
            turns: Turns::new(closing.clone()),
            pace: config.pace,
        };
        let stop = closing.clone();
        let serving = tokio::spawn(async move {
            axum::serve(listener, server::router(app)).with_graceful_shutdown(stop.cancelled_owned()).await
        });
        Ok(RunningGuide { origin: format!("http://{address}"), token, closing, serving: Some(serving) })
    }
}

/// A Guide that listens. Dropping it stops it without waiting; [`RunningGuide::shutdown`] waits.
pub struct RunningGuide {
    origin: String,
    token: SecretString,
    closing: CancellationToken,
    serving: Option<JoinHandle<std::io::Result<()>>>,
}

impl RunningGuide {
    /// The address of its ChatKit endpoint.
    pub fn url(&self) -> String {
        format!("{}/chatkit", self.origin)
    }

    /// The bearer token that opens it.
    pub fn token(&self) -> &str {
        self.token.expose_secret()
    }

    /// Stops answers under way, keeps what was said of them, and closes the port. Waits for at most three seconds.
    pub async fn shutdown(mut self) {
        self.closing.cancel();
        if let Some(mut serving) = self.serving.take()
            && tokio::time::timeout(SHUTDOWN_LIMIT, &mut serving).await.is_err()
        {
            serving.abort();
        }
    }
}

impl Drop for RunningGuide {
    fn drop(&mut self) {
        self.closing.cancel();
    }
}

impl std::fmt::Debug for RunningGuide {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunningGuide").field("origin", &self.origin).finish_non_exhaustive()
    }
}

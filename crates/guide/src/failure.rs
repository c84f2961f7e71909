//! What can go wrong at the start of a Guide, and what it answers when a request cannot be served.

use std::path::PathBuf;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// Why a Guide did not start.
#[derive(Debug, thiserror::Error)]
pub enum GuideError {
    /// The port cannot be had.
    #[error("the Guide cannot listen on port {port} of 127.0.0.1: {source}")]
    Listen {
        /// The port that was asked for; 0 stands for any.
        port: u16,
        /// What the system says.
        source: std::io::Error,
    },
    /// The folder or the file of its threads cannot be made.
    #[error("the Guide cannot make its data file {}: {source}", path.display())]
    Folder {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file of its threads cannot be read or written.
    #[error("the Guide cannot use its data file {}: {source}", path.display())]
    Data {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// The file of its threads was written by a newer version.
    #[error("the Guide's data file {} is of version {found}; this Kittiwake knows versions up to {known}", path.display())]
    NewerVersion {
        /// The file.
        path: PathBuf,
        /// The version in the file.
        found: i64,
        /// The newest version that can be read.
        known: i64,
    },
    /// A store in memory could not be made.
    #[error("the Guide cannot keep its threads in memory: {0}")]
    Memory(rusqlite::Error),
    /// The manual could not be indexed.
    #[error("the manual cannot be indexed: {0}")]
    Index(rusqlite::Error),
    /// A task of the runtime ended before its time.
    #[error("the Guide's start was cut short: {0}")]
    Task(String),
}

/// A request that is not served: an HTTP status, a code for programs, and words for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub status: StatusCode,
    pub code: &'static str,
    pub message: String,
}

impl Refusal {
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", message)
    }

    pub fn not_found(what: &str, id: &str) -> Self {
        // An id is the client's word: enough of it to recognise, never a megabyte.
        let id: String = id.chars().take(80).collect();
        Self::new(StatusCode::NOT_FOUND, "not_found", format!("There is no {what} {id:?} here."))
    }

    pub fn unauthorized(code: &'static str, message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code, message)
    }

    fn kind(&self) -> &'static str {
        match self.status {
            StatusCode::UNAUTHORIZED => "authentication_error",
            status if status.is_server_error() => "server_error",
            _ => "invalid_request_error",
        }
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        let message = format!("The Guide cannot read or write its threads: {error}.");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "storage_failed", message)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({"error": {"message": self.message, "type": self.kind(), "code": self.code}});
        let mut response = (self.status, Json(body)).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

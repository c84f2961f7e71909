//! Files for a backend (section 8).

use std::path::Path;

use adapters::{
    RequestError, RequestSpec,
    upload::{Carries, FileFacts, Plan, UploadSpec, plan, to},
};
use model::{Failure, FailureCode, Operation, Reply};
use transport::{Limits, Request, TransportError, Upload};
use uuid::Uuid;

use super::{
    Backend,
    answers::{bad, refused_with},
};
use crate::failure::{no_files, on_the_way_to, upload_refused};

/// A file that a server has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uploaded {
    /// What messages call it, where the server said so.
    pub id: Option<String>,
    /// What it is.
    pub file: FileFacts,
}

impl Backend {
    /// Brings a file to the server. It is read from the disk while it is sent.
    ///
    /// # Errors
    ///
    /// [`FailureCode::BadInput`] if it cannot be read; what went wrong on the way, or why the server does not take it.
    pub async fn upload(&self, path: &Path) -> Result<Uploaded, Failure> {
        let file = facts(path).await?;
        let boundary = Uuid::now_v7().simple().to_string();
        let described = |error: RequestError| match error {
            RequestError::Unsupported { .. } => no_files(self.name()),
            error => bad(&error),
        };
        let (id, spec) = match plan(&self.connection, &file, &boundary).map_err(described)? {
            Plan::Send(spec) => (None, Some(spec)),
            Plan::Announce(operation) => {
                let reply = self.call(&operation).await.map_err(|failure| upload_refused(self.name(), failure))?;
                let Reply::Attachment(awaited) = reply else { return Err(no_files(self.name())) };
                let spec = awaited.upload.map(|target| to(&self.connection, &target, &file, &boundary));
                (Some(awaited.id), spec.transpose().map_err(described)?)
            }
        };
        let sent = match spec {
            Some(spec) => self.send_file(path, spec).await,
            None => Ok(()),
        };
        let uploaded = Uploaded { id, file };
        match sent {
            Ok(()) => Ok(uploaded),
            Err(failure) => {
                // Nobody will ask for it.
                let _ = self.discard(&uploaded).await;
                Err(failure)
            }
        }
    }

    /// Has the server forget a file. Whether it could: where it has no name there is nothing to ask for.
    ///
    /// # Errors
    ///
    /// As [`Backend::call`].
    pub async fn discard(&self, uploaded: &Uploaded) -> Result<bool, Failure> {
        let Some(id) = &uploaded.id else { return Ok(false) };
        self.call(&Operation::DeleteAttachment { attachment: id.clone() }).await.map(|_| true)
    }

    async fn send_file(&self, path: &Path, spec: UploadSpec) -> Result<(), Failure> {
        let UploadSpec { method, url, headers, before, after, carries } = spec;
        let answered = adapters::Answered::Whole;
        let spec = RequestSpec { method, url, headers, body: Vec::new(), answered };
        let request = match carries {
            Carries::Credentials => self.sent(spec),
            Carries::Nothing => {
                let (headers, own) = (spec.headers.clone(), self.sent(spec));
                Request { headers, credentials: Vec::new(), ..own }
            }
        };
        // The bytes take their time before anything can be answered.
        let limits = Limits { first_byte: self.limits.first_byte.max(self.limits.idle), ..self.limits.clone() };
        let upload = Upload { request, before: before.into(), file: path.to_owned(), after: after.into() };
        let answer =
            self.http.upload(upload, &limits).await.map_err(|error| on_the_way_to(&self.connection, &error))?;
        match answer.status {
            200..=299 => Ok(()),
            status => {
                let error = self.http.cleaned(refused_with(status, &answer));
                let failure = match carries {
                    Carries::Credentials => on_the_way_to(&self.connection, &error),
                    Carries::Nothing => not_stored(self.name(), &error, status),
                };
                Err(match (carries, status) {
                    (Carries::Nothing, 404 | 405) => failure,
                    _ => upload_refused(self.name(), failure),
                })
            }
        }
    }
}

/// The place to which a server sends files refuses them; the server itself does take some.
fn not_stored(name: &str, error: &TransportError, status: u16) -> Failure {
    let words = format!(
        "“{name}” said where the file should go, and that place refuses it (status {status}). Tell whoever runs the server."
    );
    Failure { status: Some(status), ..Failure::new(FailureCode::ServerRefused, words).with_detail(error.detail()) }
}

async fn facts(path: &Path) -> Result<FileFacts, Failure> {
    let wrong = |why: &str| {
        let words = format!("The file “{}” cannot be sent: {why}. Choose another one.", path.display());
        Failure::new(FailureCode::BadInput, words)
    };
    let about = tokio::fs::metadata(path).await.map_err(|error| wrong(&error.to_string()))?;
    if !about.is_file() {
        return Err(wrong("it is no file"));
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.ok_or_else(|| wrong("it has no name"))?;
    Ok(FileFacts { mime_type: media_type(&name).to_owned(), size: about.len(), name })
}

/// The media type of a file by the end of its name, for those that servers usually take.
fn media_type(name: &str) -> &'static str {
    let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
    match end.as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "pdf" => "application/pdf",
        "json" => "application/json",
        "csv" => "text/csv",
        "md" => "text/markdown",
        "html" | "htm" => "text/html",
        "txt" | "log" => "text/plain",
        _ => "application/octet-stream",
    }
}

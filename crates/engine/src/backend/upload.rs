//! Files for a backend (section 8).

use adapters::{
    RequestError, RequestSpec,
    upload::{Carries, FileFacts, Plan, UploadSpec, named, plan, to},
};
use model::{Failure, FailureCode, Operation, Reply};
use tokio::sync::watch;
use transport::{Content, Request, TransportError, Upload, UploadError};
use uuid::Uuid;

use super::{
    Backend,
    answers::{bad, refused_with},
};
use crate::{
    attachments::Opened,
    failure::{file_fault, no_files, on_the_way_to, upload_refused},
};

/// A file that a server has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uploaded {
    /// What messages call it, where the server said so.
    pub id: Option<String>,
    /// What it is.
    pub file: FileFacts,
}

/// A file that a server knows of, or does not have to know of yet.
#[derive(Debug)]
pub struct Awaited {
    /// What messages call it, where the server said so already.
    pub id: Option<String>,
    /// How its bytes get there; absent where the server has them.
    pub spec: Option<UploadSpec>,
}

impl Backend {
    /// Brings a file to the server. It is read from the disk while it is sent.
    ///
    /// # Errors
    ///
    /// What went wrong on the way, or with the file, or why the server does not take it.
    pub async fn upload(&self, opened: Opened) -> Result<Uploaded, Failure> {
        let Opened { facts: file, content } = opened;
        let (id, spec) = match self.planned(&file)? {
            Plan::Send(spec) => (None, Some(spec)),
            Plan::Announce(operation) => {
                let reply = self.call(&operation).await;
                let Awaited { id, spec } = self.awaited(&file, reply)?;
                (id, spec)
            }
        };
        let sent = match spec {
            Some(spec) => self.deliver(spec, content, watch::channel(0).0).await,
            None => Ok(None),
        };
        match sent {
            Ok(told) => Ok(Uploaded { id: id.or(told), file }),
            Err(failure) => {
                // Nobody will ask for it.
                let _ = self.discard(id).await;
                Err(failure)
            }
        }
    }

    /// What is done first to bring a file to the server.
    ///
    /// # Errors
    ///
    /// If such servers take no files, or the address cannot be called.
    pub fn planned(&self, file: &FileFacts) -> Result<Plan, Failure> {
        plan(&self.connection, file, &boundary()).map_err(|error| self.described(&error))
    }

    /// Where the bytes of a file go that the server was told of.
    ///
    /// # Errors
    ///
    /// Why the server does not want it.
    pub fn awaited(&self, file: &FileFacts, reply: Result<Reply, Failure>) -> Result<Awaited, Failure> {
        let reply = reply.map_err(|failure| upload_refused(self.name(), failure))?;
        let Reply::Attachment(awaited) = reply else { return Err(no_files(self.name())) };
        let spec = awaited.upload.map(|target| to(&self.connection, &target, file, &boundary()));
        Ok(Awaited { id: Some(awaited.id), spec: spec.transpose().map_err(|error| self.described(&error))? })
    }

    /// Has the server forget a file. Whether it could: one without a name, and one of a server that forgets none, stays.
    ///
    /// # Errors
    ///
    /// As [`Backend::call`].
    pub async fn discard(&self, id: Option<String>) -> Result<bool, Failure> {
        let Some(attachment) = id else { return Ok(false) };
        let operation = Operation::DeleteAttachment { attachment };
        let asked = self.adapter.request(&self.connection, &operation, &self.locale);
        if matches!(asked, Err(RequestError::Unsupported { .. })) {
            return Ok(false);
        }
        self.call(&operation).await.map(|_| true)
    }

    /// Sends the bytes of a file; answers what the server calls it, where it says so. Dropping this ends the request.
    ///
    /// # Errors
    ///
    /// What went wrong on the way, or with the file, or why they are not taken.
    pub async fn deliver(
        &self,
        spec: UploadSpec,
        content: Content,
        progress: watch::Sender<u64>,
    ) -> Result<Option<String>, Failure> {
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
        let upload = Upload { request, before: before.into(), content, after: after.into(), progress };
        let answer = match self.http.uploading().upload(upload, &self.limits).await {
            Ok(answer) => answer,
            Err(UploadError::File(fault)) => return Err(file_fault(&fault)),
            Err(UploadError::Transport(error)) => return Err(on_the_way_to(&self.connection, &error)),
        };
        match answer.status {
            200..=299 if carries == Carries::Credentials => Ok(named(&answer.body)),
            200..=299 => Ok(None),
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

    fn described(&self, error: &RequestError) -> Failure {
        match error {
            RequestError::Unsupported { .. } => no_files(self.name()),
            error => bad(error),
        }
    }
}

fn boundary() -> String {
    Uuid::now_v7().simple().to_string()
}

/// The place to which a server sends files refuses them; the server itself does take some.
fn not_stored(name: &str, error: &TransportError, status: u16) -> Failure {
    let words = format!(
        "“{name}” said where the file should go, and that place refuses it (status {status}). Tell whoever runs the server."
    );
    Failure { status: Some(status), ..Failure::new(FailureCode::ServerRefused, words).with_detail(error.detail()) }
}

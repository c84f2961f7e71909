//! A file on its way to a server, from the disk, piece by piece.

use std::{
    io,
    sync::{Arc, OnceLock},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use futures_util::{
    Stream, StreamExt,
    future::Either,
    stream::{self, BoxStream},
};
use reqwest::header::CONTENT_LENGTH;
use tokio::{fs::File, io::AsyncReadExt, sync::watch, time::timeout};

use crate::{
    answer::AnyAnswer,
    body::{Body, Clock},
    error::TransportError,
    http::Http,
    limits::Limits,
    request::Request,
    retry_after::retry_after,
};

/// How much of a file is in memory at a time.
const PIECE: usize = 64 * 1024;

/// How long the bytes of one file may take in all, as long as they move.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A request whose body is `before`, a file, and `after`.
#[derive(Debug)]
pub struct Upload {
    /// The request, without a body.
    pub request: Request,
    /// What stands before the file.
    pub before: Bytes,
    /// The file.
    pub content: Content,
    /// What stands behind it.
    pub after: Bytes,
    /// Told how many bytes of the file have left.
    pub progress: watch::Sender<u64>,
}

/// What is in a file.
#[derive(Debug)]
pub enum Content {
    /// On the disk.
    File(OpenFile),
    /// In memory: what was pasted.
    Bytes(Bytes),
}

impl Content {
    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        match self {
            Self::File(file) => file.size,
            Self::Bytes(bytes) => bytes.len() as u64,
        }
    }
}

/// A file as it was when it was opened. It has to stay so until all of it was sent.
#[derive(Debug)]
pub struct OpenFile {
    file: File,
    size: u64,
    modified: Option<SystemTime>,
}

impl OpenFile {
    /// A file that was opened, read from where it stands.
    ///
    /// # Errors
    ///
    /// If nothing is known of it.
    pub fn new(file: std::fs::File) -> io::Result<Self> {
        let about = file.metadata()?;
        Ok(Self { file: File::from_std(file), size: about.len(), modified: about.modified().ok() })
    }

    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        self.size
    }
}

/// What is wrong with a file that was to be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    /// It has changed since it was opened.
    #[error("it changed while it was being read")]
    Changed,
}

/// Why a file did not arrive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UploadError {
    /// Because of the file.
    #[error(transparent)]
    File(#[from] FileFault),
    /// Because of the way, or the server.
    #[error(transparent)]
    Transport(#[from] TransportError),
}

impl Http {
    /// Sends a file and reads whatever is answered, refusals and redirects as well. Nothing is followed: the bytes are for the
    /// address that was named. The first-byte limit begins anew with every piece of the file that leaves.
    ///
    /// # Errors
    ///
    /// [`UploadError::File`] if the file cannot be read, or is not any more what it was; otherwise if there is no answer, or
    /// not the whole of it.
    pub async fn upload(&self, upload: Upload, limits: &Limits) -> Result<AnyAnswer, UploadError> {
        let Upload { request, before, content, after, progress } = upload;
        let mut prepared = request.prepare()?;
        // Storages take nothing whose length they do not know before.
        let length = content.size() + before.len() as u64 + after.len() as u64;
        prepared.headers_mut().insert(CONTENT_LENGTH, length.into());
        let fault = Arc::<OnceLock<FileFault>>::default();
        let moving = progress.subscribe();
        let body = body(before, content, after, progress, fault.clone());
        *prepared.body_mut() = Some(reqwest::Body::wrap_stream(body));
        let sending = Limits { first_byte: LONGEST, ..limits.clone() };
        let sending = Clock::start(&sending);
        let (head, stalled) = (self.head_of(&request, prepared, &sending), stalled(moving, limits.first_byte));
        let head = match futures_util::future::select(Box::pin(head), Box::pin(stalled)).await {
            Either::Left((head, _)) => head,
            Either::Right(((), _)) => Err(TransportError::FirstByteTimeout { limit: limits.first_byte, begun: false }),
        };
        let response = match (head, fault.get()) {
            (Ok(response), _) => response,
            (Err(_), Some(fault)) => return Err(fault.clone().into()),
            (Err(error), None) => return Err(error.into()),
        };
        let (status, headers) = (response.status(), response.headers().clone());
        let retry_after = retry_after(status, &headers, SystemTime::now());
        let body = Body::of(response, Clock::start(limits)).collect(limits.body_bytes).await?;
        Ok(AnyAnswer { status: status.as_u16(), headers, body, location: None, retry_after })
    }
}

/// Waits until nothing has left for as long as the limit, or nothing was answered for as long after all has.
async fn stalled(mut moving: watch::Receiver<u64>, limit: Duration) {
    loop {
        match timeout(limit, moving.changed()).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return tokio::time::sleep(limit).await,
            Err(_) => return,
        }
    }
}

fn body(
    before: Bytes,
    content: Content,
    after: Bytes,
    progress: watch::Sender<u64>,
    fault: Arc<OnceLock<FileFault>>,
) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let pieces: BoxStream<'static, io::Result<Bytes>> = match content {
        Content::File(OpenFile { file, size, modified }) => {
            let reading = Reading { file, size, left: size, modified, progress, fault };
            stream::try_unfold(reading, Reading::piece).boxed()
        }
        Content::Bytes(bytes) => {
            let size = bytes.len();
            let at = move |from: usize| (from < size).then(|| bytes.slice(from..size.min(from + PIECE)));
            let pieces = stream::unfold((0, progress), move |(from, progress)| {
                let piece = at(from);
                async move {
                    let piece = piece?;
                    let to = from + piece.len();
                    progress.send_replace(to as u64);
                    Some((Ok(piece), (to, progress)))
                }
            });
            pieces.boxed()
        }
    };
    stream::iter([Ok(before)]).chain(pieces).chain(stream::iter([Ok(after)]))
}

/// A file that is being read. The server was told how many bytes come: there are neither more nor less.
struct Reading {
    file: File,
    size: u64,
    left: u64,
    modified: Option<SystemTime>,
    progress: watch::Sender<u64>,
    fault: Arc<OnceLock<FileFault>>,
}

impl Reading {
    async fn piece(mut self) -> io::Result<Option<(Bytes, Self)>> {
        if self.left == 0 {
            return Ok(None);
        }
        match self.read().await {
            Ok(piece) => Ok(Some((piece, self))),
            Err(fault) => {
                let error = io::Error::other(fault.clone());
                let _ = self.fault.set(fault);
                Err(error)
            }
        }
    }

    async fn read(&mut self) -> Result<Bytes, FileFault> {
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(PIECE);
        let mut piece = vec![0; wanted];
        let read = self.file.read(&mut piece).await.map_err(|error| FileFault::Unreadable(error.to_string()))?;
        if read == 0 {
            return Err(FileFault::Changed);
        }
        piece.truncate(read);
        self.left -= read as u64;
        // The last piece goes only if the file is still what it was: without it the server has nothing that it could keep.
        if self.left == 0 {
            let about = self.file.metadata().await.map_err(|error| FileFault::Unreadable(error.to_string()))?;
            if about.len() != self.size || about.modified().ok() != self.modified {
                return Err(FileFault::Changed);
            }
        }
        self.progress.send_replace(self.size - self.left);
        Ok(piece.into())
    }
}

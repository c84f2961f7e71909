//! A file on its way to a server, from the disk, piece by piece.

use std::{io, path::PathBuf, time::SystemTime};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use reqwest::header::CONTENT_LENGTH;
use tokio::{fs::File, io::AsyncReadExt};

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

/// A request whose body is `before`, a file, and `after`.
#[derive(Debug)]
pub struct Upload {
    /// The request, without a body.
    pub request: Request,
    /// What stands before the file.
    pub before: Bytes,
    /// Where the file is.
    pub file: PathBuf,
    /// What stands behind it.
    pub after: Bytes,
}

impl Http {
    /// Sends a file and reads whatever is answered, refusals and redirects as well. Nothing is followed: the bytes are for the
    /// address that was named. The first-byte limit covers the sending, too.
    ///
    /// # Errors
    ///
    /// [`TransportError::BadAddress`] if the file cannot be read; if there is no answer, or not the whole of it.
    pub async fn upload(&self, upload: Upload, limits: &Limits) -> Result<AnyAnswer, TransportError> {
        let Upload { request, before, file, after } = upload;
        let unreadable =
            |error: io::Error| TransportError::BadAddress { reason: format!("the file cannot be read: {error}") };
        let file = File::open(file).await.map_err(unreadable)?;
        let size = file.metadata().await.map_err(unreadable)?.len();
        let mut prepared = request.prepare()?;
        // Storages take nothing whose length they do not know before.
        let length = size + before.len() as u64 + after.len() as u64;
        prepared.headers_mut().insert(CONTENT_LENGTH, length.into());
        *prepared.body_mut() = Some(reqwest::Body::wrap_stream(body(before, file, after)));
        let clock = Clock::start(limits);
        let response = self.head_of(&request, prepared, &clock).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let retry_after = retry_after(status, &headers, SystemTime::now());
        let body = Body::of(response, clock).collect(limits.body_bytes).await?;
        Ok(AnyAnswer { status: status.as_u16(), headers, body, location: None, retry_after })
    }
}

fn body(before: Bytes, file: File, after: Bytes) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let pieces = stream::try_unfold(file, |mut file| async move {
        let mut piece = vec![0; PIECE];
        let read = file.read(&mut piece).await?;
        piece.truncate(read);
        Ok((read > 0).then(|| (Bytes::from(piece), file)))
    });
    stream::iter([Ok(before)]).chain(pieces).chain(stream::iter([Ok(after)]))
}

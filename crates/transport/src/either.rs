//! An answer that streams or comes whole, as the server likes.

use reqwest::header::HeaderMap;

use crate::{
    answer::{AnyAnswer, content_type, fits},
    body::Clock,
    error::{Expected, TransportError},
    events::{EventStream, Framing},
    http::{Answer, Http},
    limits::Limits,
    request::Request,
};

/// An answer in one of two forms.
#[derive(Debug)]
pub enum Either {
    /// A stream of events. Texts that its server wrote as they are, with their line breaks, are whole: see
    /// [`decode_loosely`](crate::decode_loosely).
    Events(EventStream),
    /// JSON or text, whole.
    Whole(AnyAnswer),
}

impl Either {
    /// A header of the answer, if it can be read; by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        match self {
            Self::Events(events) => events.header(name),
            Self::Whole(answer) => answer.headers.get(name)?.to_str().ok(),
        }
    }
}

impl Http {
    /// Sends a request that is answered by a stream of events, by JSON or by text, and waits for the head of a stream or
    /// for all of anything else. A text may be called nothing at all.
    ///
    /// # Errors
    ///
    /// Whatever keeps the answer from being here, or the stream from beginning: see [`TransportError`].
    pub async fn either(&self, request: Request, limits: &Limits) -> Result<Either, TransportError> {
        let origin = request.url.origin().ascii_serialization();
        let watch = request.watch.clone();
        let Answer { status, headers, body } =
            self.clone().ask(request, Expected::Either, Clock::start(limits)).await?;
        if is_stream(&headers) {
            let answer = std::future::ready(Ok((headers, body)));
            let events = EventStream::open(&origin, answer, Framing::Loose, limits).await?;
            return Ok(Either::Events(events.seen_by(watch)));
        }
        let body = body.collect(limits.body_bytes).await?;
        Ok(Either::Whole(AnyAnswer { status: status.as_u16(), headers, body, location: None, retry_after: None }))
    }
}

fn is_stream(headers: &HeaderMap) -> bool {
    content_type(headers).is_some_and(|found| fits(Expected::Events, Some(&found)))
}

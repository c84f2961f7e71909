//! Answers that stream or come whole, and servers that refuse to stream.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use adapters::{Answered, Mapper, MappingError, RequestSpec};
use model::{ConnectionId, Notice, NoticeLevel, Operation, Reply, ThreadEvent};
use transport::{AnyAnswer, Either, EventStream, Limits, TransportError};

use super::{Backend, Came, TurnStream, Unopened};
use crate::{
    failure::{mismatched, not_understood, not_utf8, of_socket, on_the_way},
    sockets::Answer,
};

/// What a message of a WebSocket is called, which has no name of its own.
const MESSAGE: &str = "message";

/// The addresses at which servers refused to stream, for this run. A connection that is pointed elsewhere begins anew.
#[derive(Debug, Clone, Default)]
pub struct Refusals(Arc<Mutex<HashSet<(ConnectionId, String)>>>);

impl Refusals {
    pub(super) fn known(&self) -> MutexGuard<'_, HashSet<(ConnectionId, String)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a turn's events are made of.
pub(super) enum Source {
    /// A stream.
    Events(EventStream),
    /// A whole answer, until it was read.
    Whole { answer: AnyAnswer, read: bool },
    /// Messages over a WebSocket.
    Socket(Answer),
}

impl From<Either> for Source {
    fn from(either: Either) -> Self {
        match either {
            Either::Events(events) => Self::Events(events),
            Either::Whole(answer) => Self::Whole { answer, read: false },
        }
    }
}

/// Why there are no events.
pub(super) enum Unread {
    /// What came broke off.
    Broken(TransportError),
    /// It makes no sense.
    Strange(MappingError),
}

impl Source {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        match self {
            Self::Events(events) => events.header(name),
            Self::Whole { answer, .. } => answer.headers.get(name)?.to_str().ok(),
            Self::Socket(_) => None,
        }
    }

    /// What comes next, as the mapper reads it; `None` at the end. Safe to drop while waiting.
    pub(super) async fn next(&mut self, mapper: &mut (dyn Mapper + Send)) -> Option<Result<Vec<ThreadEvent>, Unread>> {
        match self {
            Self::Events(events) => Some(match events.next().await? {
                Ok(frame) => Ok(mapper.on_frame(&frame.event, &frame.data)),
                Err(error) => Err(Unread::Broken(error)),
            }),
            Self::Whole { read: true, .. } => None,
            Self::Whole { answer, read } => {
                *read = true;
                Some(mapper.on_whole(&answer.body).map_err(Unread::Strange))
            }
            Self::Socket(_) if mapper.is_over() => None,
            Self::Socket(answer) => Some(match answer.next().await {
                Ok(text) => {
                    let events = mapper.on_frame(MESSAGE, &text);
                    if mapper.is_over() {
                        // The WebSocket is free at once.
                        answer.finish();
                    }
                    Ok(events)
                }
                Err(error) => Err(Unread::Broken(error)),
            }),
        }
    }
}

impl TurnStream {
    /// What to tell of an answer that cannot be read.
    pub(super) fn unread(&self, unread: Unread, mapper: &dyn Mapper) -> model::Failure {
        let failure = match (unread, mapper.mismatch()) {
            // What fell silent was all that came: over a WebSocket nothing else marks the end.
            (Unread::Broken(TransportError::IdleTimeout { .. }), Some(mismatch)) if self.came() == Came::OverSocket => {
                mismatched(&self.name, mismatch)
            }
            (Unread::Broken(error), _) => {
                let error = self.http.cleaned(error);
                let failure = on_the_way(&self.name, &error);
                if self.came() == Came::OverSocket { of_socket(&error, failure) } else { failure }
            }
            (Unread::Strange(_), Some(mismatch)) => mismatched(&self.name, mismatch),
            (Unread::Strange(error), None) => match &self.source {
                Source::Whole { answer, .. } => not_utf8(self.kind, &self.name, &answer.body, &error.to_string()),
                _ => not_understood(self.kind, &self.name, &error.to_string()),
            },
        };
        self.http.clean_failure(failure)
    }
}

impl Backend {
    /// Asks for an answer that may stream or come whole. A server that refuses to stream has done nothing, so it is asked
    /// for a whole answer then, where the adapter says how, and from then on.
    pub(super) async fn either(&self, operation: &Operation, spec: RequestSpec) -> Result<TurnStream, Unopened> {
        let whole = self.adapter.whole(&self.connection, operation).map_err(|error| Unopened::Refused(bad(&error)))?;
        let place = (self.connection.id.clone(), spec.url.to_string());
        let (first, instead) = match whole {
            Some(whole) if self.refusals.known().contains(&place) => (whole, None),
            whole => (spec, whole),
        };
        let came = match (self.ask_either(operation, first).await, instead) {
            (Err(error), Some(whole)) if refuses_streams(&error) && !self.says_forgotten(operation, &error) => {
                let came = self.ask_either(operation, whole).await.map_err(|error| self.unopened(operation, &error))?;
                let is_first = self.refusals.known().insert(place);
                let told = is_first.then(|| vec![ThreadEvent::Notice(no_stream(self.name()))]);
                return Ok(TurnStream { ahead: told, ..self.turn_stream(operation, came.into()) });
            }
            (came, instead) => came.map_err(|error| {
                if instead.is_none() && refuses_streams(&error) && !self.says_forgotten(operation, &error) {
                    // It may stream again, or never have refused.
                    self.refusals.known().remove(&place);
                }
                self.unopened(operation, &error)
            })?,
        };
        Ok(self.turn_stream(operation, came.into()))
    }

    async fn ask_either(&self, operation: &Operation, spec: RequestSpec) -> Result<Either, TransportError> {
        let limits = match spec.answered {
            // Nothing comes before all of it was thought out.
            Answered::Whole => {
                Limits { first_byte: self.limits.first_byte.max(self.limits.idle), ..self.limits.clone() }
            }
            _ => self.limits.clone(),
        };
        self.out(operation).either(self.sent(spec), &limits).await
    }

    /// Asks how the server is. Whatever it answers at that address, it is there; it need not have one.
    pub(super) async fn health(&self, spec: RequestSpec) -> Result<Reply, model::Failure> {
        let failed = |error: &TransportError| self.refused(error);
        let asked = self.out(&Operation::Health).any(self.sent(spec), &self.limits).await;
        let answer = asked.map_err(|error| failed(&error))?;
        match answer.status {
            200..=299 => Ok(Reply::Done),
            status @ (401 | 429 | 500..) => Err(failed(&self.http.cleaned(refused_with(status, &answer)))),
            _ => Ok(Reply::Absent),
        }
    }
}

/// A refusal that came as an answer.
pub(super) fn refused_with(status: u16, answer: &AnyAnswer) -> TransportError {
    let snippet = String::from_utf8_lossy(&answer.body).chars().take(500).collect();
    let (retry_after, date, challenge) = (answer.retry_after, answer.date(), answer.challenge());
    TransportError::Status { status, retry_after, date, challenge, snippet }
}

/// Why an adapter describes no request.
pub(super) fn bad(error: &adapters::RequestError) -> model::Failure {
    model::Failure::new(model::FailureCode::BadAddress, error.to_string())
}

/// Whether an answer says that nothing was done, and that something else than a stream may be had.
fn refuses_streams(error: &TransportError) -> bool {
    matches!(error, TransportError::Status { status: 404 | 405 | 406 | 415 | 501, .. })
}

fn no_stream(name: &str) -> Notice {
    let message = format!(
        "“{name}” does not stream its answers, so each comes whole: you see nothing of it until it is ready. That was found \
         out now; “How it answers” in Settings → Connections says it for good."
    );
    Notice { level: NoticeLevel::Info, title: None, message }
}

//! Turns over a WebSocket.

use model::{Failure, FailureCode, Operation};
use transport::Request;

use super::{Backend, Source, TurnStream, Unopened};
use crate::{
    failure::on_the_way_to,
    patience::wants_pause,
    sockets::{Way, no_handshake},
};

impl Backend {
    /// Sends the body of a request as one message over the WebSocket of the operation's thread.
    ///
    /// # Errors
    ///
    /// What kept it from being sent; the server cannot have acted upon it.
    pub(super) async fn over_socket(&self, operation: &Operation, request: Request) -> Result<TurnStream, Unopened> {
        let Operation::Answer { thread, .. } = operation else {
            let words = format!("“{}” takes nothing but messages over its WebSocket.", self.name());
            return Err(Unopened::Refused(Failure::new(FailureCode::BadAddress, words)));
        };
        // It was made here, of strings.
        let text = String::from_utf8_lossy(&request.body).into_owned();
        let Request { url, headers, credentials, .. } = request;
        let way = Way {
            thread: thread.clone(),
            connection: self.connection.clone(),
            out: self.out(operation),
            request: Request { headers, credentials, ..Request::get(url) },
            limits: self.limits.clone(),
        };
        let answer = self.sockets.ask(way, text).await.map_err(|error| {
            let error = self.http.cleaned(error);
            let failure = no_handshake(self.name(), &error, on_the_way_to(&self.connection, &error));
            if let Some(refusal) = self.forgets_at_door(operation, &error) {
                return Unopened::Forgotten(failure, refusal);
            }
            match failure.code {
                _ if wants_pause(&error) => Unopened::Busy(failure),
                // Another session may be let in.
                FailureCode::Unauthorized => Unopened::Refused(failure),
                _ => Unopened::unasked(failure),
            }
        })?;
        Ok(self.turn_stream(operation, Source::Socket(answer)))
    }
}

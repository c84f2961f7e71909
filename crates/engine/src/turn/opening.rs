//! The beginning of a turn: its request is sent, if that can be, and as often as is certain to do no harm.

use model::{AttemptReason, ConnectionId, FailureCode, Finding, Operation, WhenUnreachable};

use super::{Ending, Turn};
use crate::{
    backend::{TurnStream, Unopened},
    engine::Engine,
    live::Inner,
    offline::Away,
    session::Asker,
    view::{ConnectionState, HeldView, HeldWhy},
};

impl Turn {
    /// Opens the stream. While the server cannot be reached, the turn waits if it is to; only a request that certainly
    /// never left is sent anew.
    pub(super) async fn opened(
        &self,
        engine: &Engine,
        connection: &ConnectionId,
    ) -> Result<(String, TurnStream), Ending> {
        let waits = self.manner.unreachable == WhenUnreachable::Wait;
        if waits && let Some(away) = engine.shared.offline.of(connection) {
            away.hurry();
            self.held(&away).await?;
            self.record.attempt(connection, AttemptReason::WaitedForServer);
        }
        let (mut asker, mut pauses) = (Asker::Person, self.waits(engine, connection));
        loop {
            self.let_out(engine, connection).await?;
            let opened = tokio::select! {
                biased;
                () = self.cancel.cancelled() => return Err(Ending::Stopped),
                opened = self.open(engine, connection, &self.operation, asker) => opened,
            };
            let never_left = matches!(opened, Err(Unopened::Unreached(_) | Unopened::Unasked(_)));
            let (failure, unreached) = match opened {
                Ok(opened) => return Ok(opened),
                Err(Unopened::Busy(failure)) => {
                    asker = self.pause(engine, connection, &mut pauses, failure).await?;
                    continue;
                }
                Err(Unopened::Unreached(failure)) => (failure, true),
                Err(Unopened::Unasked(failure) | Unopened::Refused(failure) | Unopened::Forgotten(failure, _)) => {
                    (failure, false)
                }
            };
            // A conversation that is too long, or a model that is gone, says nothing of the connection.
            if failure.code != FailureCode::TooLong && failure.finding != Some(Finding::ModelUnknown) {
                engine.noted(connection, ConnectionState::Failing { failure: failure.clone() });
            }
            if !(waits && unreached) {
                return Err(if never_left { Ending::Unreached(failure) } else { Ending::Refused(failure) });
            }
            self.record.attempt(connection, &failure);
            if let Some(away) = engine.shared.offline.of(connection) {
                self.held(&away).await?;
                self.record.attempt(connection, AttemptReason::WaitedForServer);
            }
            asker = Asker::Program;
        }
    }

    /// Waits until the connection is not away any more.
    async fn held(&self, away: &Away) -> Result<(), Ending> {
        self.live.with(|inner| inner.hold(HeldView { why: HeldWhy::Unreachable, until: None, failure: None }));
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => return Err(Ending::TakenBack),
            () = away.over() => {}
        }
        self.live.with(Inner::release);
        Ok(())
    }

    /// Sends the request; once more with another session if the first one is refused, for then nothing was done.
    pub(super) async fn open(
        &self,
        engine: &Engine,
        connection: &ConnectionId,
        operation: &Operation,
        asker: Asker,
    ) -> Result<(String, TurnStream), Unopened> {
        // Without a session nothing of the turn itself is sent.
        let backend = self.record.session(engine.backend(connection, asker)).await.map_err(Unopened::unasked)?;
        let backend = backend.in_thread(&self.live.with(|inner| inner.thread.id.clone()));
        let name = backend.name().to_owned();
        let (backend, operation) = &engine.with_its_model(&self.live, backend, operation);
        let operation = self.fitted(engine, backend, operation).await?;
        let before = self.named_by(backend);
        let refused = match self.asked_by_name(engine, backend, &operation).await {
            Ok(stream) => return Ok((name, stream)),
            Err(Unopened::Refused(failure)) if failure.code == FailureCode::Unauthorized => failure,
            Err(unopened) => return Err(unopened),
        };
        let renewed = self.record.session(engine.renewed(backend)).await.map_err(Unopened::unasked)?;
        let Some(again) = renewed else {
            let answer = self.asked_anew(engine, backend, &operation, before, refused).await;
            return answer.map(|stream| (name, stream));
        };
        self.record.attempt(connection, AttemptReason::SessionRefused);
        let answer = match self.asked_by_name(engine, &again, &operation).await {
            Err(Unopened::Refused(failure)) if failure.code == FailureCode::Unauthorized => {
                self.asked_anew(engine, &again, &operation, before, failure).await
            }
            answer => answer,
        };
        match answer {
            Ok(stream) => Ok((name, stream)),
            Err(Unopened::Refused(failure)) if failure.code == FailureCode::Unauthorized => {
                Err(Unopened::Refused(engine.signed_out(&again, failure).await))
            }
            Err(unopened) => Err(unopened),
        }
    }
}

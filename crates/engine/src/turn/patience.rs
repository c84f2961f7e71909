//! A turn whose server wants a pause, or that goes beyond the person's own limit: it waits, if there is patience for it.

use std::time::Duration;

use model::{AttemptReason, ConnectionId, Failure, FailureCode};
use tokio::time::Instant;

use super::{Ending, Turn, TurnEvent};
use crate::{
    engine::Engine,
    live::Inner,
    offline::due,
    patience::Waits,
    session::Asker,
    view::{ConnectionState, HeldView, HeldWhy},
};

impl Turn {
    /// The waits of this turn, which goes out for the first time.
    pub(super) fn waits(&self, engine: &Engine, connection: &ConnectionId) -> Waits {
        engine.shared.accounts.earn(connection, Instant::now());
        Waits::new(self.manner.patience.time())
    }

    /// Waits until the person's own limit lets the message out.
    pub(super) async fn let_out(&self, engine: &Engine, id: &ConnectionId) -> Result<(), Ending> {
        // One that is not here any more is told when it is called.
        let Ok(connection) = engine.connection(id) else { return Ok(()) };
        let per_minute = connection.network.per_minute;
        while let Err(wait) = engine.shared.accounts.pass(id, per_minute, Instant::now()) {
            // Who set the limit wants that to wait; who follows says how long.
            if self.manner.follower.is_some() && wait > self.manner.patience.time() {
                return Err(Ending::Refused(beyond(&connection.name, wait)));
            }
            if self.hold_for(engine, HeldWhy::OwnLimit, None, wait).await? == Asker::Person {
                break;
            }
        }
        Ok(())
    }

    /// The server refused the request, did nothing, and wants a pause. Waits for that, if there is patience and the server
    /// was not asked again too often already; then answers who has it sent again.
    pub(super) async fn pause(
        &self,
        engine: &Engine,
        id: &ConnectionId,
        waits: &mut Waits,
        failure: Failure,
    ) -> Result<Asker, Ending> {
        let hint = failure.retry_after_ms.map(Duration::from_millis);
        let wait = waits.next(hint, rand::random());
        let Some(wait) = wait.filter(|_| engine.shared.accounts.spend(id, Instant::now())) else {
            engine.noted(id, ConnectionState::Failing { failure: failure.clone() });
            return Err(Ending::Refused(failure));
        };
        self.record.attempt(id, &failure);
        // It is there and has answered: what it wants stands with the message.
        engine.noted(id, ConnectionState::Online);
        tracing::info!(connection = %id, ms = wait.as_millis(), "a turn waits as its server wants");
        let began = Instant::now();
        let asker = self.hold_for(engine, HeldWhy::RateLimited, Some(failure), wait).await?;
        waits.waited(began.elapsed());
        self.record.attempt(id, AttemptReason::WaitedAsTold);
        Ok(asker)
    }

    /// Shows that the turn waits, and waits. Answers who ended that.
    pub(super) async fn hold_for(
        &self,
        engine: &Engine,
        why: HeldWhy,
        failure: Option<Failure>,
        wait: Duration,
    ) -> Result<Asker, Ending> {
        let until = engine.now().saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
        let held = HeldView { why, until: Some(until), failure };
        let hurry = self.live.with(|inner| inner.hold(held.clone()));
        self.tell(TurnEvent::Held { held }).await;
        let asker = tokio::select! {
            biased;
            () = self.cancel.cancelled() => return Err(Ending::TakenBack),
            () = hurry.notified() => Asker::Person,
            () = due(wait) => Asker::Program,
        };
        self.live.with(Inner::release);
        Ok(asker)
    }
}

/// The person's own limit is reached, and nobody waits.
fn beyond(name: &str, wait: Duration) -> Failure {
    let seconds = wait.as_secs() + 1;
    let words = format!(
        "You let out only so many messages per minute to “{name}”, and that is reached. Try again in {seconds} s, or \
         change it in Settings → Connections, under “More settings”."
    );
    let retry_after_ms = u64::try_from(wait.as_millis()).ok();
    Failure { retry_after_ms, ..Failure::new(FailureCode::RateLimited, words) }
}

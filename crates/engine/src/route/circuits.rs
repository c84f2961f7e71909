//! The circuits of all connections, and the task that tries those that are open.
//!
//! While a server cannot be reached at all, the tries of [`crate::offline`] are its probes: one state, one clock.

use std::{
    collections::HashMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use model::{ConnectionId, Failure};
use tokio::{sync::Notify, time::Instant};

use super::{
    choice::trouble,
    circuit::{Circuit, Trouble},
};
use crate::{engine::Engine, session::Asker, view::ConnectionState};

/// The circuits of all connections of which anything was heard.
#[derive(Debug, Default)]
pub struct Circuits {
    all: Mutex<HashMap<ConnectionId, Known>>,
    changed: Notify,
    probing: AtomicBool,
}

#[derive(Debug, Clone, Default)]
struct Known {
    circuit: Circuit,
    /// What it failed with last.
    why: Option<Failure>,
}

impl Circuits {
    /// Why a connection is left out for now, if it is.
    pub fn resting(&self, id: &ConnectionId) -> Option<Failure> {
        self.all().get(id).filter(|known| !known.circuit.is_closed()).and_then(|known| known.why.clone())
    }

    /// Nothing is known of a connection any more.
    pub fn forget(&self, id: &ConnectionId) {
        self.all().remove(id);
    }

    /// What a request has shown. Answers why it is left out now, if that is so.
    fn note(&self, id: &ConnectionId, state: &ConnectionState, now: Instant) -> Option<Failure> {
        let mut all = self.all();
        let known = all.entry(id.clone()).or_default();
        match state {
            ConnectionState::Untried => {}
            ConnectionState::Online => *known = Known { circuit: succeeded(known.circuit, now), why: None },
            ConnectionState::Failing { failure } => {
                // A try that fails is in vain, whatever the reason.
                let tried = matches!(known.circuit, Circuit::HalfOpen { .. }).then_some(Trouble::Refuses);
                if let Some(trouble) = trouble(failure).or(tried) {
                    known.circuit.failed(trouble, now, rand::random());
                    known.why = Some(failure.clone());
                }
            }
        }
        known.why.clone().filter(|_| !known.circuit.is_closed())
    }

    /// Begins to try one, if its time has come.
    fn probe(&self, id: &ConnectionId, now: Instant) -> bool {
        self.all().get_mut(id).is_some_and(|known| known.circuit.probe(now))
    }

    fn due(&self, id: &ConnectionId) -> Option<Instant> {
        self.all().get(id).and_then(|known| known.circuit.due())
    }

    fn all(&self) -> MutexGuard<'_, HashMap<ConnectionId, Known>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn succeeded(mut circuit: Circuit, now: Instant) -> Circuit {
    circuit.succeeded(now);
    circuit
}

impl Engine {
    /// A request to a connection showed how it is.
    pub(crate) fn note_circuit(&self, id: &ConnectionId, state: &ConnectionState) {
        let circuits = &self.shared.circuits;
        let resting = circuits.note(id, state, Instant::now());
        let rests = resting.is_some();
        self.shared.hub.set_resting(id, resting);
        circuits.changed.notify_one();
        if rests && !circuits.probing.swap(true, Ordering::Relaxed) {
            let engine = self.clone();
            self.shared.tasks.spawn(async move {
                tokio::select! {
                    () = engine.probe_what_is_open() => {}
                    () = engine.shared.closing.cancelled() => {}
                }
            });
        }
    }

    /// Tries the connections of routes that are left out, each when its time has come.
    async fn probe_what_is_open(&self) {
        let circuits = &self.shared.circuits;
        loop {
            let Some((due, id)) = self.next_probe() else {
                circuits.changed.notified().await;
                continue;
            };
            tokio::select! {
                () = circuits.changed.notified() => {}
                () = tokio::time::sleep_until(due) => {
                    if circuits.probe(&id, Instant::now()) {
                        self.probe(&id).await;
                    }
                }
            }
        }
    }

    fn next_probe(&self) -> Option<(Instant, ConnectionId)> {
        let members: Vec<_> =
            self.settings().settings().routes.iter().flat_map(|route| route.connections.clone()).collect();
        let open = |id: ConnectionId| {
            let tried_anyway = self.shared.offline.of(&id).is_some();
            Some((self.shared.circuits.due(&id).filter(|_| !tried_anyway)?, id))
        };
        members.into_iter().filter_map(open).min()
    }

    /// Asks for something that does no harm.
    async fn probe(&self, id: &ConnectionId) {
        tracing::info!(connection = %id, "a connection that was left out is tried");
        let asked = match self.backend(id, Asker::Program).await {
            Ok(_) => self.ask_after(id).await,
            Err(failure) => Err(failure),
        };
        if let Err(failure) = asked {
            // That a list is refused may say nothing of the connection otherwise; of this try it does.
            self.note_circuit(id, &ConnectionState::Failing { failure });
        }
    }
}

#[cfg(test)]
mod tests {
    use model::FailureCode;

    use super::*;

    #[test]
    fn a_connection_rests_for_what_it_failed_with_until_it_has_answered() {
        let (circuits, id, now) = (Circuits::default(), ConnectionId::from("own"), Instant::now());
        let failing =
            |code, status| ConnectionState::Failing { failure: Failure { status, ..Failure::new(code, "No.") } };
        assert_eq!(circuits.note(&id, &failing(FailureCode::Unauthorized, Some(401)), now), None);
        assert_eq!(circuits.note(&id, &failing(FailureCode::ServerRefused, Some(503)), now), None);
        assert!(circuits.note(&id, &failing(FailureCode::ServerRefused, Some(503)), now).is_some());
        assert!(circuits.resting(&id).is_some());
        let due = circuits.due(&id).unwrap();
        assert!(circuits.probe(&id, due));
        let after = circuits.note(&id, &failing(FailureCode::Unauthorized, Some(401)), due);
        assert_eq!(after.map(|failure| failure.code), Some(FailureCode::Unauthorized), "the try was in vain");
        assert_eq!(circuits.note(&id, &ConnectionState::Online, due), None);
        assert!(circuits.resting(&id).is_none() && circuits.due(&id).is_none());
    }
}

//! Connections whose servers cannot be reached. That is a state, and it ends by itself: each is tried again by and by, and
//! whoever waits for it hears when it is over.

mod interfaces;
mod tries;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use model::{ConnectionId, Failure, WhenUnreachable};
use tokio_util::sync::CancellationToken;

use tries::Next;
pub(crate) use tries::wait;
pub use tries::{Away, due};

use crate::{engine::Engine, session::Asker, view::ConnectionState};

/// The connections that are away, or were.
#[derive(Debug, Default)]
pub struct Offline {
    all: Mutex<HashMap<ConnectionId, Arc<Away>>>,
    /// Ends the look at the system's network, which is taken only while it matters.
    watching: Mutex<Option<CancellationToken>>,
}

impl Offline {
    /// The connection, while it is away.
    pub fn of(&self, id: &ConnectionId) -> Option<Arc<Away>> {
        self.all().get(id).filter(|away| !away.is_over()).cloned()
    }

    /// A connection is away. Answers it if that is new.
    fn begin(&self, id: &ConnectionId) -> Option<Arc<Away>> {
        let mut all = self.all();
        let before = all.get(id);
        if before.is_some_and(|away| !away.is_over()) {
            return None;
        }
        let away = Arc::new(Away::again(before.map(|before| &**before)));
        all.insert(id.clone(), away.clone());
        Some(away)
    }

    /// A connection is not away any more.
    fn end(&self, id: &ConnectionId) {
        let all = self.all();
        all.get(id).iter().for_each(|away| away.end());
        if all.values().all(|away| away.is_over())
            && let Some(watching) = self.watching().take()
        {
            watching.cancel();
        }
    }

    /// The network is another one.
    fn hope(&self) {
        self.all().values().filter(|away| !away.is_over()).for_each(|away| away.hope());
    }

    /// What ends the look at the network, if nobody looks yet.
    fn watch(&self) -> Option<CancellationToken> {
        let mut watching = self.watching();
        let new = watching.is_none();
        new.then(|| watching.insert(CancellationToken::new()).clone())
    }

    fn all(&self) -> MutexGuard<'_, HashMap<ConnectionId, Arc<Away>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watching(&self) -> MutexGuard<'_, Option<CancellationToken>> {
        self.watching.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine {
    /// A request to a connection showed how it is.
    pub(crate) fn noted(&self, id: &ConnectionId, state: ConnectionState) {
        let away = state.is_offline();
        if state == ConnectionState::Online {
            self.models_may_be_read(id);
        }
        self.note_circuit(id, &state);
        self.shared.hub.set_connection_state(id, state);
        if away { self.keep_trying(id) } else { self.shared.offline.end(id) }
    }

    /// Nobody is to wait for a connection any more, whatever the reason: it was switched off, or removed.
    pub(crate) fn give_up_waiting(&self, id: &ConnectionId) {
        self.shared.offline.end(id);
    }

    /// Tries a connection again by and by, unless that is being done.
    fn keep_trying(&self, id: &ConnectionId) {
        let Some(away) = self.shared.offline.begin(id) else { return };
        tracing::info!(connection = %id, "offline");
        self.watch_interfaces();
        let (engine, id) = (self.clone(), id.clone());
        self.shared.tasks.spawn(async move {
            tokio::select! {
                () = engine.try_until_back(&id, &away) => tracing::info!(connection = %id, "no longer offline"),
                () = engine.shared.closing.cancelled() => {}
            }
        });
    }

    async fn try_until_back(&self, id: &ConnectionId, away: &Away) {
        let tell = |wait: Duration| {
            let wait = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
            self.shared.hub.set_again(id, self.now().saturating_add(wait));
        };
        while away.next(tell).await == Next::Try {
            // These tries take the place of the wait for a session as well: one state, one clock.
            if self.try_connection(id, Asker::Person).await.is_err() {
                // It is not here any more.
                away.end();
            }
        }
    }

    /// Looks at the system's network for as long as any connection is away.
    fn watch_interfaces(&self) {
        let Some(enough) = self.shared.offline.watch() else { return };
        let engine = self.clone();
        self.shared.tasks.spawn(async move {
            tokio::select! {
                () = interfaces::changes(|| engine.shared.offline.hope()) => {}
                () = enough.cancelled() => {}
                () = engine.shared.closing.cancelled() => {}
            }
        });
    }

    /// Sets what becomes of messages whose server cannot be reached.
    ///
    /// # Errors
    ///
    /// If it could not be written to the settings file.
    pub async fn set_when_unreachable(&self, choice: WhenUnreachable) -> Result<(), Failure> {
        self.settings().change(|settings| settings.when_unreachable = choice)?;
        self.shared.hub.set_when_unreachable(choice);
        Ok(())
    }
}

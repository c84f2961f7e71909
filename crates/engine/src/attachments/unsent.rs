//! What becomes of files that no message takes along any more: their servers are asked to forget them, as well as that can be
//! done in a moment. Nobody waits longer for it, and nobody is told where it fails: the manual says what stays then.

use std::time::Duration;

use model::ConnectionId;
use tokio::{task::JoinSet, time::timeout};

use super::{Place, files::Entry};
use crate::engine::Engine;

/// How long the end of the program, or of a connection, waits for servers to forget files.
const LIMIT: Duration = Duration::from_secs(1);

impl Engine {
    /// Ends what is on its way. The tasks that bring it have their servers forget what came of it.
    pub(crate) fn stop_files(&self) {
        self.shared.files.stop();
    }

    /// Has the servers forget every file that was not sent.
    pub(crate) async fn forget_unsent(&self) {
        self.forget_soon(self.shared.files.take(|_| true)).await;
    }

    /// Has a server forget every file that was not sent to it. To be asked while it can still be reached.
    pub(crate) async fn forget_unsent_of(&self, connection: &ConnectionId) {
        let is_its = |place: &Place| self.connection_of(place).as_ref() == Some(connection);
        let files = self.shared.files.take(is_its);
        for (place, _) in &files {
            self.shared.files.show(&self.shared.hub, place);
        }
        self.forget_soon(files).await;
    }

    /// A file is wanted no more: what is on its way ends, and the server forgets what it has.
    pub(super) fn let_go(&self, place: Place, entry: Entry) {
        let engine = self.clone();
        entry.cancel.cancel();
        self.shared.tasks.spawn(async move { engine.forget_files(vec![(place, entry)]).await });
    }

    async fn forget_soon(&self, files: Vec<(Place, Entry)>) {
        if timeout(LIMIT, self.forget_files(files)).await.is_err() {
            tracing::warn!("some files that were not sent may still be with their servers");
        }
    }

    async fn forget_files(&self, files: Vec<(Place, Entry)>) {
        let mut asked = JoinSet::new();
        for (place, entry) in files {
            entry.cancel.cancel();
            // One that was with a message that was taken back has no connection of its own.
            let connection = entry.connection.or_else(|| self.connection_of(&place));
            let (Some(connection), Some(remote)) = (connection, entry.remote) else { continue };
            let engine = self.clone();
            asked.spawn(async move { engine.forget_file(&connection, remote).await });
        }
        while asked.join_next().await.is_some() {}
    }

    /// With whom a message will go.
    fn connection_of(&self, place: &Place) -> Option<ConnectionId> {
        match place {
            Place::New(connection) => Some(connection.clone()),
            Place::Thread(thread) => Some(self.loaded(thread)?.with(|inner| inner.thread.connection.clone())),
        }
    }
}

//! A file on its way: looked at, announced, sent.

use std::time::Duration;

use adapters::upload::{FileFacts, Plan};
use model::{ConnectionId, DraftFileId, Failure, FailureCode, Operation};
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval},
};

use super::{
    Opened, Place,
    files::Entry,
    look::{Unopened, allowed, open},
};
use crate::{
    backend::{Awaited, Backend},
    engine::Engine,
    failure::{no_files, unnamed_file},
    session::Asker,
    view::DraftFileState,
};

/// How often it is told how far a file has come.
const TOLD: Duration = Duration::from_millis(100);

/// Why a file is not with the server.
enum Stopped {
    /// Nobody wants it any more.
    GivenUp,
    /// It is nothing that goes with a message here, however often it is tried.
    Unfit(Failure),
    /// It did not get there.
    Failed(Failure),
}

impl From<Unopened> for Stopped {
    fn from(unopened: Unopened) -> Self {
        match unopened {
            Unopened::NoFile(failure) => Self::Unfit(failure),
            Unopened::Unreadable(failure) => Self::Failed(failure),
        }
    }
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl Engine {
    /// Brings a file to its server, in a task of its own.
    pub(super) fn bring_soon(&self, place: Place, connection: ConnectionId, entry: Entry) {
        let engine = self.clone();
        self.shared.tasks.spawn(async move {
            let id = entry.view.id.clone();
            let state = match engine.bring(&place, &connection, &entry).await {
                Ok(remote) => {
                    let ready = |entry: &mut Entry| {
                        entry.remote = Some(remote.clone());
                        entry.view.state = DraftFileState::Ready;
                    };
                    if !engine.shared.files.change(&id, ready) {
                        // It was removed in this moment.
                        engine.forget_file(&connection, remote).await;
                    }
                    None
                }
                Err(Stopped::GivenUp) => None,
                Err(Stopped::Unfit(failure)) => Some(DraftFileState::Failed { failure, can_retry: false }),
                Err(Stopped::Failed(failure)) => {
                    let can_retry = can_retry(&failure);
                    Some(DraftFileState::Failed { failure, can_retry })
                }
            };
            if let Some(state) = state {
                engine.shared.files.change(&id, |entry| entry.view.state = state);
            }
            engine.shared.files.show(&engine.shared.hub, &place);
        });
    }

    /// Has the server forget a file. Where it cannot, the file stays there, and nobody is helped by being told.
    pub(super) async fn forget_file(&self, connection: &ConnectionId, remote: String) {
        let _ = self.call(connection, &Operation::DeleteAttachment { attachment: remote }).await;
    }

    async fn bring(&self, place: &Place, id: &ConnectionId, entry: &Entry) -> Result<String, Stopped> {
        let Some(source) = entry.source.clone() else { return Err(Stopped::GivenUp) };
        let given_up = entry.cancel.cancelled();
        let room = tokio::select! {
            () = given_up => return Err(Stopped::GivenUp),
            room = self.shared.files.room.clone().acquire_owned() => room,
        };
        let _room = room.map_err(|_| Stopped::GivenUp)?;
        let connection = self.connection(id)?;
        let options = connection.takes_files().ok_or_else(|| no_files(&connection.name))?;
        let opened = open(source).await?;
        self.shared.files.change(&entry.view.id, |there| {
            let FileFacts { name, mime_type, size } = opened.facts.clone();
            there.view.name = name;
            there.view.mime_type = mime_type;
            there.view.size = size;
            there.connection = Some(id.clone());
        });
        self.shared.files.show(&self.shared.hub, place);
        allowed(&options, &connection.name, &opened.facts).map_err(Stopped::Unfit)?;
        let backend = self.backend(id, Asker::Person).await?;
        match self.carry(place, &backend, opened, entry).await {
            Err(Stopped::Failed(failure)) if failure.code == FailureCode::Unauthorized => {
                let Some(again) = self.renewed(&backend).await? else { return Err(failure.into()) };
                let opened = open(entry.source.clone().ok_or(Stopped::GivenUp)?).await?;
                self.carry(place, &again, opened, entry).await
            }
            carried => carried,
        }
    }

    /// Announces a file where that is wanted, and sends it.
    async fn carry(&self, place: &Place, backend: &Backend, opened: Opened, entry: &Entry) -> Result<String, Stopped> {
        let Opened { facts, content } = opened;
        let id = &backend.connection().id;
        let Awaited { id: remote, spec } = match backend.planned(&facts)? {
            Plan::Send(spec) => Awaited { id: None, spec: Some(spec) },
            // Told to its end also when nobody wants it any more: a name that nobody heard could not be taken back.
            Plan::Announce(operation) => backend.awaited(&facts, self.call(id, &operation).await)?,
        };
        let (progress, seen) = watch::channel(0);
        let sent = match spec {
            None => Ok(None),
            Some(spec) => {
                let delivering = backend.deliver(spec, content, progress);
                tokio::select! {
                    biased;
                    () = entry.cancel.cancelled() => Err(Stopped::GivenUp),
                    sent = delivering => sent.map_err(Stopped::Failed),
                    () = self.told(place, &entry.view.id, seen) => Err(Stopped::GivenUp),
                }
            }
        };
        match (sent, remote) {
            (Ok(told), remote) => remote.or(told).ok_or_else(|| Stopped::Failed(unnamed_file(backend.name()))),
            (Err(stopped), remote) => {
                if let Some(remote) = remote {
                    self.forget_file(id, remote).await;
                }
                Err(stopped)
            }
        }
    }

    /// Tells how far a file has come, for as long as it moves. Never ends.
    async fn told(&self, place: &Place, id: &DraftFileId, mut seen: watch::Receiver<u64>) {
        let mut ticks = interval(TOLD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let sent = *seen.borrow_and_update();
            self.shared.files.change(id, |entry| entry.view.state = DraftFileState::Uploading { sent });
            self.shared.files.show(&self.shared.hub, place);
            if seen.changed().await.is_err() {
                return std::future::pending().await;
            }
        }
    }
}

/// Whether the same file may arrive another time. What a server says of size and kind it says again.
fn can_retry(failure: &Failure) -> bool {
    !matches!(failure.status, Some(413 | 415 | 501)) && failure.code != FailureCode::NotFound
}

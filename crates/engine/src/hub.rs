//! What is known outside of any single thread, and who wants to hear of it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use model::{Appearance, ConnectionId, Failure, Patience, ThreadId, WhenUnreachable};
use tokio::time::Instant;

use crate::{
    outbox::{Op, Outbox, Pending},
    route::settle_routes,
    session::Part,
    view::{
        AppMessage, AppView, CatalogueView, ConnectionState, ConnectionView, DraftFiles, EffectView, ManagedView,
        SessionView, ThreadView,
    },
};

/// The sidebar, the connections and the appearance, as shown.
#[derive(Debug, Default)]
pub struct Hub {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    threads: HashMap<ThreadId, ThreadView>,
    connections: Vec<ConnectionView>,
    /// The connections that routes leave out for now, each with why.
    resting: HashMap<ConnectionId, Failure>,
    appearance: Appearance,
    when_unreachable: WhenUnreachable,
    patience: Patience,
    catalogue: CatalogueView,
    managed: ManagedView,
    files: Vec<DraftFiles>,
    problems: Vec<Failure>,
    subscribers: Vec<Arc<Outbox<AppMessage>>>,
}

impl Hub {
    /// Sets what is known at the start, before anyone subscribes.
    pub fn begin(&self, threads: Vec<ThreadView>, connections: Vec<ConnectionView>, appearance: Appearance) {
        let mut inner = self.lock();
        inner.threads = threads.into_iter().map(|thread| (thread.id.clone(), thread)).collect();
        inner.connections = connections;
        settle(&mut inner);
        inner.appearance = appearance;
    }

    /// All threads, the latest first.
    pub fn threads(&self) -> Vec<ThreadView> {
        self.lock().sorted_threads()
    }

    /// One thread.
    pub fn thread(&self, id: &ThreadId) -> Option<ThreadView> {
        self.lock().threads.get(id).cloned()
    }

    /// All connections.
    pub fn connections(&self) -> Vec<ConnectionView> {
        self.lock().connections.clone()
    }

    /// A thread is new or changed.
    pub fn put_thread(&self, thread: ThreadView) {
        self.put_threads(vec![thread]);
    }

    /// Threads are new or changed.
    pub fn put_threads(&self, threads: Vec<ThreadView>) {
        let mut inner = self.lock();
        let changed: Vec<_> =
            threads.into_iter().filter(|thread| inner.threads.get(&thread.id) != Some(thread)).collect();
        if changed.is_empty() {
            return;
        }
        for thread in &changed {
            inner.threads.insert(thread.id.clone(), thread.clone());
        }
        inner.send(AppMessage::Threads { threads: changed });
    }

    /// A thread is gone.
    pub fn remove_thread(&self, id: &ThreadId) {
        let mut inner = self.lock();
        if inner.threads.remove(id).is_some() {
            inner.send(AppMessage::ThreadRemoved { id: id.clone() });
        }
    }

    /// The connections changed; what is known of those that stay is kept.
    pub fn set_connections(&self, mut connections: Vec<ConnectionView>) {
        let mut inner = self.lock();
        for connection in &mut connections {
            let old = inner.connections.iter().find(|old| old.id == connection.id && old.address == connection.address);
            if let Some(old) = old {
                connection.state = old.state.clone();
                connection.again = old.again;
                if connection.session.is_some() && old.session.is_some() {
                    connection.session = old.session.clone();
                }
                if let (Some(new), Some(old)) = (&mut connection.sign_in, &old.sign_in)
                    && new.way == old.way
                {
                    new.session = old.session.clone();
                }
            }
        }
        inner.connections = connections;
        inner.send_connections();
    }

    /// Routes leave a connection out for now, or do so no longer.
    pub fn set_resting(&self, id: &ConnectionId, why: Option<Failure>) {
        let mut inner = self.lock();
        let same = match why {
            Some(why) => inner.resting.insert(id.clone(), why.clone()).is_some_and(|before| before == why),
            None => inner.resting.remove(id).is_none(),
        };
        if !same {
            inner.send_connections();
        }
    }

    /// A request to a connection showed how it is.
    pub fn set_connection_state(&self, id: &ConnectionId, state: ConnectionState) {
        let mut inner = self.lock();
        let Some(connection) = inner.connections.iter_mut().find(|connection| &connection.id == id) else { return };
        if connection.state == state {
            return;
        }
        if !state.is_offline() {
            connection.again = None;
        }
        if let ConnectionState::Failing { failure } = &state {
            tracing::warn!(connection = %id, code = %failure.code, "the connection fails");
        }
        connection.state = state;
        inner.send_connections();
    }

    /// When a connection whose server cannot be reached is tried again.
    pub fn set_again(&self, id: &ConnectionId, again: i64) {
        let mut inner = self.lock();
        let Some(connection) = inner.connections.iter_mut().find(|connection| &connection.id == id) else { return };
        if connection.again == Some(again) || !connection.state.is_offline() {
            return;
        }
        connection.again = Some(again);
        inner.send_connections();
    }

    /// A connection's session changed, or its sign-in.
    pub fn set_session(&self, id: &ConnectionId, part: Part, session: SessionView) {
        let mut inner = self.lock();
        let Some(connection) = inner.connections.iter_mut().find(|connection| &connection.id == id) else { return };
        // A connection without sessions has none to be told of.
        let known = match part {
            Part::Session => connection.session.as_mut(),
            Part::SignIn => connection.sign_in.as_mut().map(|sign_in| &mut sign_in.session),
        };
        let Some(known) = known.filter(|known| **known != session) else { return };
        *known = session;
        inner.send_connections();
    }

    /// The appearance changed.
    pub fn set_appearance(&self, appearance: Appearance) {
        let mut inner = self.lock();
        inner.appearance = appearance.clone();
        inner.send(AppMessage::Appearance { appearance });
    }

    /// Something else is to become of messages whose server cannot be reached.
    pub fn set_when_unreachable(&self, choice: WhenUnreachable) {
        let mut inner = self.lock();
        inner.when_unreachable = choice;
        inner.send(AppMessage::WhenUnreachable { choice });
    }

    /// Messages are to wait for another time whose server wants a pause.
    pub fn set_patience(&self, patience: Patience) {
        let mut inner = self.lock();
        inner.patience = patience;
        inner.send(AppMessage::Patience { patience });
    }

    /// What is known of models changed, or what was chosen.
    pub fn set_catalogue(&self, catalogue: CatalogueView) {
        let mut inner = self.lock();
        if inner.catalogue == catalogue {
            return;
        }
        inner.catalogue = catalogue.clone();
        inner.send(AppMessage::Catalogue { catalogue });
    }

    /// What somebody else than the person has set.
    pub fn set_managed(&self, managed: ManagedView) {
        let mut inner = self.lock();
        if inner.managed == managed {
            return;
        }
        inner.managed = managed.clone();
        inner.send(AppMessage::Managed { managed });
    }

    /// The files of a message that was not sent yet.
    pub fn set_files(&self, files: DraftFiles) {
        let mut inner = self.lock();
        let before = inner.files.iter().position(|known| known.target == files.target);
        match before {
            Some(at) if inner.files[at] == files => return,
            Some(at) if files.files.is_empty() => drop(inner.files.remove(at)),
            Some(at) => inner.files[at] = files.clone(),
            None if files.files.is_empty() => return,
            None => inner.files.push(files.clone()),
        }
        inner.send(AppMessage::Files { files });
    }

    /// The windows do something once; one that subscribes later does not.
    pub fn effect(&self, effect: EffectView) {
        self.lock().send(AppMessage::Effect { effect });
    }

    /// Something to tell the person; also told to whoever subscribes later in this run.
    pub fn problem(&self, failure: Failure) {
        let mut inner = self.lock();
        if inner.problems.contains(&failure) {
            return;
        }
        tracing::warn!(code = %failure.code, "the person was told");
        inner.problems.push(failure.clone());
        inner.send(AppMessage::Problem { failure });
    }

    /// Forgets problems of a kind: they are over.
    pub fn clear_problems(&self, over: impl Fn(&Failure) -> bool) {
        self.lock().problems.retain(|failure| !over(failure));
    }

    /// Subscribes; the first message is a snapshot.
    pub fn subscribe(self: &Arc<Self>) -> AppSubscription {
        let outbox = Outbox::new();
        self.lock().subscribers.push(outbox.clone());
        AppSubscription { hub: self.clone(), outbox, last: None, queue: Vec::new().into_iter() }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn sorted_threads(&self) -> Vec<ThreadView> {
        let mut threads: Vec<_> = self.threads.values().cloned().collect();
        threads.sort_by(|a, b| b.updated_at.cmp(&a.updated_at).then_with(|| a.id.cmp(&b.id)));
        threads
    }

    fn view(&self) -> AppView {
        AppView {
            threads: self.sorted_threads(),
            connections: self.connections.clone(),
            appearance: self.appearance.clone(),
            when_unreachable: self.when_unreachable,
            patience: self.patience,
            catalogue: self.catalogue.clone(),
            managed: self.managed.clone(),
            files: self.files.clone(),
            problems: self.problems.clone(),
        }
    }

    /// Sends the connections, and the routes as they are with them.
    fn send_connections(&mut self) {
        settle(self);
        let connections = self.connections.clone();
        self.send(AppMessage::Connections { connections });
    }

    fn send(&mut self, message: AppMessage) {
        self.subscribers.retain(|outbox| !outbox.is_closed());
        for outbox in &self.subscribers {
            outbox.push(message.clone());
        }
    }
}

fn settle(inner: &mut Inner) {
    settle_routes(&mut inner.connections, &inner.resting);
}

impl Op for AppMessage {
    fn size(&self) -> usize {
        match self {
            Self::Threads { threads } => 256 * threads.len(),
            _ => 512,
        }
    }
}

/// A subscription to the application. Dropping it ends it.
#[derive(Debug)]
pub struct AppSubscription {
    hub: Arc<Hub>,
    outbox: Arc<Outbox<AppMessage>>,
    last: Option<Instant>,
    queue: std::vec::IntoIter<AppMessage>,
}

impl AppSubscription {
    /// The next message: a snapshot first.
    pub async fn next(&mut self) -> Option<AppMessage> {
        loop {
            if let Some(message) = self.queue.next() {
                return Some(message);
            }
            if !self.outbox.ready(self.last).await {
                return None;
            }
            self.last = Some(Instant::now());
            let inner = self.hub.lock();
            match self.outbox.take() {
                Pending::Snapshot => return Some(AppMessage::Snapshot { app: inner.view() }),
                Pending::Ops(messages) => self.queue = messages.into_iter(),
            }
        }
    }
}

impl Drop for AppSubscription {
    fn drop(&mut self) {
        self.outbox.close();
    }
}

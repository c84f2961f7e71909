//! Sessions: the secret of each connection, fetched when it is needed, renewed before anyone notices, and kept in the
//! keychain. What happens when is decided by [`State`]; the rest of this module does it.

mod ask;
mod clock;
mod fresh;
mod keep;
mod life;
mod named;
mod sign_in;
mod state;
mod variables;
mod words;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use model::{Connection, ConnectionId, Failure, SessionSource};
use secrecy::SecretString;
use secrets::SecretStore;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use transport::Limits;

pub use clock::{Ahead, Now};
pub use state::{Asker, Life, Next, Refusal, SHORTEST, State, Useless};

pub(crate) use fresh::Fresh;
pub(crate) use keep::{Given, key_origin, named_origins, sign_in_moved};
pub(crate) use variables::Variables;

use crate::{hub::Hub, outbound::Outbound, view::SessionView};
use life::Session;

/// The largest answer of a session endpoint, in bytes.
const ANSWER: usize = 1 << 20;

/// What a request carries, and how its session is known.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ticket {
    /// For `Authorization: Bearer`; absent for an open server.
    pub bearer: Option<SecretString>,
    /// Which session of the connection it is, if a server made it.
    pub made: Option<u64>,
    /// Headers with secret values, by their names.
    pub headers: Vec<(String, SecretString)>,
}

/// Which of the secrets that servers give for a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    /// What a sign-in gives.
    SignIn,
    /// What a session endpoint makes.
    Session,
}

impl Part {
    const ALL: [Self; 2] = [Self::SignIn, Self::Session];

    /// What it is called in the log.
    fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::Session => "session",
        }
    }

    /// The one whose secret the requests of a connection carry, if a server gives it.
    pub fn carried(connection: &Connection) -> Option<Self> {
        match &connection.session {
            SessionSource::Endpoint(_) | SessionSource::Hosted(_) => Some(Self::Session),
            SessionSource::Static => (!connection.sign_in.is_key()).then_some(Self::SignIn),
            SessionSource::None => None,
        }
    }
}

/// The sessions of all connections. Cheap to clone; all clones are one.
#[derive(Clone)]
pub(crate) struct Sessions {
    shared: Arc<Shared>,
}

struct Shared {
    http: Outbound,
    limits: Limits,
    secrets: Arc<dyn SecretStore>,
    hub: Arc<Hub>,
    tasks: TaskTracker,
    closing: CancellationToken,
    /// What this installation calls itself to session endpoints.
    device: Device,
    variables: Variables,
    all: Mutex<HashMap<(ConnectionId, Part), Arc<Session>>>,
}

/// What sessions are made with.
pub(crate) struct Means {
    /// The way out.
    pub http: Outbound,
    /// How long servers may take.
    pub limits: Limits,
    /// Where secrets are kept.
    pub secrets: Arc<dyn SecretStore>,
    /// Who is told.
    pub hub: Arc<Hub>,
    /// What is waited for when the engine ends.
    pub tasks: TaskTracker,
    /// Says that it ends.
    pub closing: CancellationToken,
    /// What this installation calls itself to session endpoints.
    pub device: Device,
    /// Where keys of connections may stand.
    pub variables: Variables,
}

/// Tells what this installation calls itself; it is made up when somebody first wants to know.
pub(crate) type Device = Box<dyn Fn() -> String + Send + Sync>;

impl Sessions {
    /// No sessions yet.
    pub fn new(means: Means) -> Self {
        let Means { http, limits, secrets, hub, tasks, closing, device, variables } = means;
        let limits = Limits { body_bytes: ANSWER, ..limits };
        let all = Mutex::default();
        Self { shared: Arc::new(Shared { http, limits, secrets, hub, tasks, closing, device, variables, all }) }
    }

    /// What a request to a connection is to carry now. Whoever comes while one is being fetched waits for that one.
    ///
    /// # Errors
    ///
    /// Why there is none: the session endpoint's failure by name, a keychain's, or that the person has to give a key.
    pub async fn ticket(&self, connection: &Connection, asker: Asker) -> Result<Ticket, Failure> {
        let ticket = match Part::carried(connection) {
            Some(part) => self.made(connection, part, asker).await?,
            None if connection.needs_key() => Ticket { bearer: Some(self.key(connection).await?), ..Ticket::default() },
            None => Ticket::default(),
        };
        Ok(Ticket { headers: self.secret_headers(connection).await?, ..ticket })
    }

    /// What a server gives for a connection.
    ///
    /// # Errors
    ///
    /// Those of [`Sessions::ticket`].
    pub async fn made(&self, connection: &Connection, part: Part, mut asker: Asker) -> Result<Ticket, Failure> {
        let session = self.session(&connection.id, part);
        loop {
            let changed = session.changed.notified();
            tokio::pin!(changed);
            // From here on no change is missed.
            changed.as_mut().enable();
            let next = session.with(|inner| inner.wanted(asker));
            match next {
                Next::Use => return session.with(|inner| inner.ticket()),
                Next::UseAndRenew => {
                    let ticket = session.with(|inner| inner.ticket());
                    self.fetch(connection.clone(), session.clone(), asker);
                    return ticket;
                }
                Next::Fetch => self.fetch(connection.clone(), session.clone(), asker),
                Next::Join => {}
                Next::Fail(failure) => return Err(failure),
            }
            self.tell(&connection.id, &session);
            changed.await;
            // Having waited once for an answer, nobody insists on another one.
            asker = Asker::Program;
        }
    }

    /// A request that carried this ticket was refused. Answers what to repeat it with, or `None` where that would be
    /// the same again.
    ///
    /// # Errors
    ///
    /// Why there is no other session.
    pub async fn after_refusal(&self, connection: &Connection, refused: &Ticket) -> Result<Option<Ticket>, Failure> {
        let (Some(number), Some(part)) = (refused.made, Part::carried(connection)) else { return Ok(None) };
        self.spend(connection, part, number).await;
        // If another request has asked in vain since, that is the answer to this one, too.
        self.ticket(connection, Asker::Program).await.map(Some)
    }

    /// What a server gave is worth nothing any more.
    pub(super) async fn spend(&self, connection: &Connection, part: Part, number: u64) {
        if self.session(&connection.id, part).with(|inner| inner.spent(number)) {
            self.forget_kept(connection, part).await;
        }
    }

    /// The server refuses whatever is sent: the person has to do something.
    pub async fn sign_out(&self, connection: &Connection, failure: &Failure) {
        let Some(part) = Part::carried(connection) else { return };
        let session = self.session(&connection.id, part);
        session.with(|inner| inner.state.sign_out(failure.clone()));
        self.forget_kept(connection, part).await;
        self.changed(&connection.id, &session);
    }

    /// Something about the connection was changed that may help: the next request begins anew.
    pub fn begin_anew(&self, id: &ConnectionId) {
        for part in Part::ALL {
            let session = self.session(id, part);
            session.with(life::Inner::begin_anew);
            self.changed(id, &session);
        }
    }

    /// Forgets a connection that is gone. Nothing of it is put into the keychain after this.
    pub async fn forget(&self, id: &ConnectionId) {
        for part in Part::ALL {
            let session = self.lock().remove(&(id.clone(), part));
            if let Some(session) = session {
                session.with(life::Inner::begin_anew);
                drop(session.keeping.lock().await);
            }
        }
    }

    /// How far a part is.
    pub fn view(&self, id: &ConnectionId, part: Part) -> SessionView {
        self.session(id, part).with(|inner| inner.view())
    }

    fn session(&self, id: &ConnectionId, part: Part) -> Arc<Session> {
        self.lock().entry((id.clone(), part)).or_insert_with(|| Arc::new(Session::of(part))).clone()
    }

    fn changed(&self, id: &ConnectionId, session: &Session) {
        tracing::info!(connection = %id, phase = session.with(|inner| inner.state.name()), "{}", session.part.name());
        session.changed.notify_waiters();
        self.tell(id, session);
    }

    fn tell(&self, id: &ConnectionId, session: &Session) {
        self.shared.hub.set_session(id, session.part, session.with(|inner| inner.view()));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(ConnectionId, Part), Arc<Session>>> {
        self.shared.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;

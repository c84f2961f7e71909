//! The test of a connection: from the name of its server to a streamed hello, one timed step after another.
//!
//! `chain` runs steps and tells of them, `way` looks at the network, `asks` and `hello` talk to the server, `words` and
//! `report` say what was seen. A step after one that failed is skipped. What is tried with a kind of backend once there is
//! a session is described by its adapter.

mod asks;
mod chain;
mod hello;
mod report;
mod way;
mod words;

use std::collections::BTreeSet;

use adapters::Trial;
use model::{Connection, ConnectionId, Failure, FailureCode, SessionSource};
use secrecy::SecretString;
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};
use transport::probe::Probe;
use url::Url;
use uuid::Uuid;

use crate::{
    backend::Backend,
    engine::Engine,
    forms::checked,
    network::password_goes,
    outbound::Outbound,
    session::{Asker, Ticket},
    view::{CheckStepKind, CheckView, ConnectionDraft, ConnectionState, ConnectionView, SessionPhase},
};
use chain::Chain;
use way::Way;

/// A test under way. Dropping it stops the test; what it had made on the server is deleted all the same.
pub struct Check {
    views: mpsc::UnboundedReceiver<CheckView>,
    _stop: DropGuard,
}

impl Check {
    /// The test as it is after the next change; `None` after the last one.
    pub async fn next(&mut self) -> Option<CheckView> {
        let mut view = self.views.recv().await?;
        // Whoever is slow sees what is, not what was.
        while let Ok(newer) = self.views.try_recv() {
            view = newer;
        }
        Some(view)
    }
}

/// What a test works on.
enum Subject {
    /// A connection that is kept; what comes of it is noted.
    Kept,
    /// One that was only typed, with its secrets. Nothing is kept of it.
    Draft(Typed),
}

/// The secrets of a connection that was only typed.
struct Typed {
    key: Option<SecretString>,
    /// For its proxy.
    password: Option<SecretString>,
}

impl Engine {
    /// Tests a connection: with a new session where sessions are made, and with a message in a thread of its own, which is
    /// deleted afterwards.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if it is not here, [`FailureCode::Disabled`] if it was switched off.
    pub fn test_connection(&self, id: &ConnectionId) -> Result<Check, Failure> {
        let connection = self.connection(id)?;
        if connection.disabled {
            let words = format!("“{}” is switched off. Switch it on to test it.", connection.name);
            return Err(Failure::new(FailureCode::Disabled, words));
        }
        Ok(self.begin_check(connection, Subject::Kept))
    }

    /// Tests a connection as it was typed, before it is kept. `id` is the connection that it would change; without a token
    /// in the draft that one's is taken, if it may go to the typed address. Neither token nor session is kept.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::update_connection`] for what was typed, or a keychain's failure.
    pub async fn test_draft(&self, id: Option<&ConnectionId>, draft: ConnectionDraft) -> Result<Check, Failure> {
        let old = id.map(|id| self.own_connection(id)).transpose()?;
        let id = id.cloned().unwrap_or_else(|| ConnectionId::new(Uuid::now_v7().to_string()));
        let connection = checked(id, &draft, old.as_ref())?;
        let key = match (draft.token, &old) {
            _ if !connection.session.needs_key() => None,
            (Some(token), _) => Some(token),
            (None, Some(old)) => Some(self.shared.sessions.key(old).await?),
            (None, None) => None,
        };
        let password = match password_goes(&connection) {
            None => None,
            Some((name, to)) => match (draft.secrets.get(name), &old) {
                (Some(password), _) => Some(password.clone()),
                (None, Some(old)) => {
                    self.shared.sessions.kept(old).await?.and_then(|kept| kept.secret_for(name, &to).cloned())
                }
                (None, None) => None,
            },
        };
        Ok(self.begin_check(connection, Subject::Draft(Typed { key, password })))
    }

    fn begin_check(&self, connection: Connection, subject: Subject) -> Check {
        let (sender, views) = mpsc::unbounded_channel();
        // The end of the engine ends the test, too.
        let stop = self.shared.closing.child_token();
        let guard = stop.clone().drop_guard();
        let engine = self.clone();
        self.shared.tasks.spawn(async move { engine.check(connection, subject, sender, stop).await });
        Check { views, _stop: guard }
    }

    async fn check(
        &self,
        connection: Connection,
        subject: Subject,
        views: mpsc::UnboundedSender<CheckView>,
        stop: CancellationToken,
    ) {
        let out = match &subject {
            Subject::Kept => self.shared.sessions.out(&connection).await,
            Subject::Draft(typed) => self.shared.sessions.out_with(&connection, typed.password.clone()).await,
        };
        let ways = ways(&connection, out.as_ref().unwrap_or(self.http()));
        let trials = adapters::adapter(connection.kind).trials();
        let mut chain = Chain::new(planned(&connection, &ways, &trials), views, stop, self.http().clone());
        if let Subject::Draft(typed) = &subject {
            [&typed.key, &typed.password].into_iter().flatten().for_each(|secret| chain.hide(secret));
        }
        match out {
            Ok(out) => self.walk(&mut chain, &connection, &subject, &out, ways, trials).await,
            // There is no way that could be taken.
            Err(failure) => chain.step(async { Err(failure.into()) }).await,
        };
        // Where only no new session can be had, the one that is there still does.
        let goes_on = chain.failed() == Some(CheckStepKind::Session) && self.has_session(&connection.id);
        if matches!(subject, Subject::Kept) && !chain.is_stopped() && !goes_on {
            let state = match chain.failure().cloned() {
                Some(failure) => ConnectionState::Failing { failure },
                None => ConnectionState::Online,
            };
            self.noted(&connection.id, state);
        }
        chain.end(|view| report::report(&connection, view));
    }

    fn has_session(&self, id: &ConnectionId) -> bool {
        let phase = |view: &ConnectionView| view.session.as_ref().map(|session| session.phase.clone());
        let known = self.connections().iter().find(|view| &view.id == id).and_then(phase);
        matches!(known, Some(SessionPhase::Live | SessionPhase::Renewing))
    }

    /// All steps; stops at the first that fails.
    async fn walk(
        &self,
        chain: &mut Chain,
        connection: &Connection,
        subject: &Subject,
        out: &Outbound,
        ways: Vec<Probe>,
        trials: Vec<Trial>,
    ) -> Option<()> {
        for probe in &ways {
            way::walk(chain, &Way::new(probe, connection), self.limits()).await?;
        }
        let ticket = match subject {
            Subject::Kept if self.is_builtin(&connection.id) => {
                chain.step(asks::given(self.ticket(connection, Asker::Person).await)).await?
            }
            Subject::Kept => chain.step(asks::kept(&self.shared.sessions, connection)).await?,
            Subject::Draft(typed) => {
                let key = typed.key.as_ref();
                chain.step(asks::draft(&self.shared.sessions, connection, out, key)).await?
            }
        };
        if let Some(secret) = &ticket.bearer {
            chain.hide(secret);
        }
        let backend = self.trying(connection, out, ticket);
        for trial in trials {
            match trial {
                Trial::Asks { what, operation } => chain.step(asks::ask(&backend, what, &operation)).await?,
                Trial::Greets { operation } => hello::greet(self, chain, &backend, &operation).await?,
            }
        }
        Some(())
    }

    fn trying(&self, connection: &Connection, out: &Outbound, ticket: Ticket) -> Backend {
        Backend::new(out.clone(), connection.clone(), ticket, self.limits().clone(), self.locale().to_owned())
    }
}

/// The addresses that requests of a connection go to.
pub fn addresses(connection: &Connection) -> Vec<Url> {
    let endpoint = match &connection.session {
        SessionSource::Endpoint(endpoint) => Some(endpoint.url.as_str()),
        SessionSource::Hosted(hosted) => Some(hosted.base.as_str()),
        SessionSource::None | SessionSource::Static => None,
    };
    [Some(connection.url.as_str()), endpoint].into_iter().flatten().filter_map(|url| Url::parse(url).ok()).collect()
}

/// The servers that have to be reached: that of the connection, and that of its session endpoint if it is another.
fn ways(connection: &Connection, out: &Outbound) -> Vec<Probe> {
    let mut seen = BTreeSet::new();
    let all = addresses(connection).into_iter();
    all.filter(|url| seen.insert(url.origin().ascii_serialization())).map(|url| out.probe(url)).collect()
}

/// The steps as they are shown before they begin.
fn planned(connection: &Connection, ways: &[Probe], trials: &[Trial]) -> Vec<(CheckStepKind, String)> {
    let mut steps = Vec::new();
    for (at, probe) in ways.iter().enumerate() {
        let of = if at == 0 { "" } else { " of the session endpoint" };
        let via = if probe.proxy().is_some() { "Proxy" } else { "Server" };
        steps.push((CheckStepKind::Name, format!("Name{of}")));
        steps.push((CheckStepKind::Connect, format!("Connection{of}")));
        steps.push((CheckStepKind::Certificate, format!("Certificate{of}")));
        let whole =
            if of.is_empty() { format!("{via} answers") } else { "Session endpoint's server answers".to_owned() };
        steps.push((CheckStepKind::Reach, whole));
    }
    let session = if connection.session.is_made() { "New session" } else { "Token" };
    steps.push((CheckStepKind::Session, session.to_owned()));
    steps.extend(trials.iter().map(|trial| match trial {
        Trial::Asks { .. } => (CheckStepKind::Ask, "Question".to_owned()),
        Trial::Greets { .. } => (CheckStepKind::Hello, "Streamed hello".to_owned()),
    }));
    steps
}

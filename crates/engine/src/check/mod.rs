//! The test of a connection: from this computer and the name of its server to a hello that is answered, one timed step
//! after another.
//!
//! `chain` runs steps and tells of them, `here` looks at this computer, `way` at the network, `asks`, `hello` and `upload`
//! talk to the server, `heard` judges what it answers and `usual` how fast, `words` and `report` say what was seen. A step
//! after one that failed is skipped. What is tried with a kind of backend once there is a session is described by its
//! adapter.

mod asks;
mod begun;
mod chain;
mod heard;
mod hello;
mod here;
mod report;
mod upload;
pub(crate) mod usual;
mod way;
mod words;

use std::{collections::BTreeSet, path::PathBuf};

use adapters::{Trial, headers::SECRET_HEADERS};
use model::{Connection, ConnectionId, Failure, FailureCode, OauthProvider, SessionSource, SignIn};
use secrecy::SecretString;
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};
use transport::probe::Probe;
use url::Url;
use uuid::Uuid;

use crate::{
    backend::Backend,
    engine::Engine,
    forms::{checked, secret_headers},
    network::Passwords,
    outbound::Outbound,
    session::{Asker, Part, Ticket, sign_in_moved},
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

/// What is tried beside what every test tries.
#[derive(Debug, Clone, Default)]
pub struct CheckExtra {
    /// A file that is sent to the server, and deleted there where that can be asked for. Without one, a tiny one of the
    /// test's own is sent where the settings name an address for files.
    pub upload: Option<PathBuf>,
}

/// What a test works on.
enum Subject {
    /// A connection that is kept; what comes of it is noted.
    Kept,
    /// One that was only typed, with its secrets. Nothing is kept of it.
    Draft(Box<Typed>),
}

/// The secrets of a connection that was only typed.
struct Typed {
    key: Option<SecretString>,
    /// For its proxy and its client certificate.
    passwords: Passwords,
    /// Headers with secret values.
    headers: Vec<(String, SecretString)>,
    /// The connection that it would change, if whoever signed in to that is signed in to this one, too.
    signed_in: Option<Connection>,
}

impl Engine {
    /// Tests a connection: with a new session where sessions are made, and with a message in a thread of its own, which is
    /// deleted afterwards.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if it is not here, [`FailureCode::Disabled`] if it was switched off.
    pub fn test_connection(&self, id: &ConnectionId) -> Result<Check, Failure> {
        self.test_connection_with(id, CheckExtra::default())
    }

    /// The same, and tries more.
    ///
    /// # Errors
    ///
    /// As [`Engine::test_connection`].
    pub fn test_connection_with(&self, id: &ConnectionId, extra: CheckExtra) -> Result<Check, Failure> {
        let connection = self.connection(id)?;
        if connection.disabled {
            let words = format!("“{}” is switched off. Switch it on to test it.", connection.name);
            return Err(Failure::new(FailureCode::Disabled, words));
        }
        Ok(self.begin_check(connection, Subject::Kept, extra))
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
            _ if !connection.needs_key() => None,
            (Some(token), _) => Some(token),
            (None, Some(old)) => Some(self.shared.sessions.key(old).await?),
            (None, None) => None,
        };
        let passwords = self.typed_passwords(old.as_ref(), &connection, &draft.secrets).await?;
        let headers = match (draft.secrets.get(SECRET_HEADERS), &old) {
            (Some(typed), _) => secret_headers(typed).unwrap_or_default(),
            (None, Some(old)) => self.shared.sessions.secret_headers(old).await?,
            (None, None) => Vec::new(),
        };
        let signed_in = old.filter(|old| !connection.sign_in.is_key() && !sign_in_moved(old, &connection));
        let typed = Typed { key, passwords, headers, signed_in };
        Ok(self.begin_check(connection, Subject::Draft(Box::new(typed)), CheckExtra::default()))
    }

    fn begin_check(&self, connection: Connection, subject: Subject, extra: CheckExtra) -> Check {
        let (sender, views) = mpsc::unbounded_channel();
        // The end of the engine ends the test, too.
        let stop = self.shared.closing.child_token();
        let guard = stop.clone().drop_guard();
        let engine = self.clone();
        self.shared.tasks.spawn(async move { engine.check(connection, subject, extra, sender, stop).await });
        Check { views, _stop: guard }
    }

    async fn check(
        &self,
        connection: Connection,
        subject: Subject,
        extra: CheckExtra,
        views: mpsc::UnboundedSender<CheckView>,
        stop: CancellationToken,
    ) {
        let out = match &subject {
            Subject::Kept => self.shared.sessions.out(&connection).await,
            Subject::Draft(typed) => self.shared.sessions.out_with(&connection, &typed.passwords).await,
        };
        let ways = ways(&connection, out.as_ref().unwrap_or(self.http()));
        let trials = self.adapter(&connection).trials();
        let mut steps = here::planned(self, &connection, &subject);
        steps.extend(planned(&connection, &ways, &trials, &extra));
        let mut chain = Chain::new(steps, views, stop, self.http().clone());
        if let Subject::Draft(typed) = &subject {
            let headers = typed.headers.iter().map(|(_, value)| value);
            typed.key.iter().chain(typed.passwords.values()).chain(headers).for_each(|secret| chain.hide(secret));
        }
        match (here::walk(self, &mut chain, &connection, &subject).await, out) {
            (None, _) => None,
            (Some(()), Ok(out)) => self.walk(&mut chain, &connection, &subject, &out, ways, (trials, extra)).await,
            // There is no way that could be taken.
            (Some(()), Err(failure)) => chain.step(async { Err(failure.into()) }).await,
        };
        // Where only no new session can be had, the one that is there still does.
        let no_new_one = matches!(chain.failed(), Some(CheckStepKind::Session | CheckStepKind::SignIn));
        let goes_on = no_new_one && self.has_session(&connection.id);
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
        let phase = |view: &ConnectionView| {
            let sign_in = view.sign_in.as_ref().map(|sign_in| &sign_in.session);
            view.session.as_ref().or(sign_in).map(|session| session.phase.clone())
        };
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
        ways: Vec<(&'static str, Probe)>,
        (trials, extra): (Vec<Trial>, CheckExtra),
    ) -> Option<()> {
        for (_, probe) in &ways {
            way::walk(chain, &Way::new(probe, connection), self.limits()).await?;
        }
        let ticket = match subject {
            Subject::Kept if self.is_builtin(&connection.id) => {
                chain.step(asks::given(self.ticket(connection, Asker::Person).await)).await?
            }
            Subject::Kept => self.ticket_of_kept(chain, connection).await?,
            Subject::Draft(typed) => self.ticket_of_draft(chain, connection, out, typed).await?,
        };
        let backend = self.trying(connection, out, ticket);
        for trial in trials {
            match trial {
                Trial::Asks { what, operation } => chain.step(asks::ask(&backend, what, &operation)).await?,
                Trial::Greets { operation } => hello::greet(self, chain, &backend, &operation).await?,
            }
        }
        match (extra.upload, upload::direct(connection)) {
            (Some(path), _) => chain.step(upload::send(&backend, &path)).await,
            (None, Some(address)) => chain.step(upload::send_tiny(&backend, address)).await,
            (None, None) => Some(()),
        }
    }

    /// Signs in, where that is more than a token, and has a session made.
    async fn ticket_of_kept(&self, chain: &mut Chain, connection: &Connection) -> Option<Ticket> {
        let sessions = &self.shared.sessions;
        let mut ticket = None;
        if !connection.sign_in.is_key() {
            ticket = Some(chain.step(asks::sign_in(sessions, connection)).await?);
        }
        if Part::carried(connection) != Some(Part::SignIn) {
            ticket = Some(chain.step(asks::kept(sessions, connection)).await?);
        }
        let ticket = ticket.unwrap_or_default();
        ticket.bearer.iter().for_each(|secret| chain.hide(secret));
        Some(ticket)
    }

    /// The same for what was only typed.
    async fn ticket_of_draft(
        &self,
        chain: &mut Chain,
        connection: &Connection,
        out: &Outbound,
        typed: &Typed,
    ) -> Option<Ticket> {
        let sessions = &self.shared.sessions;
        let (mut key, mut ticket) = (typed.key.clone(), Ticket::default());
        if !connection.sign_in.is_key() {
            ticket = chain.step(asks::sign_in_draft(sessions, connection, out, typed)).await?;
            ticket.bearer.iter().for_each(|secret| chain.hide(secret));
            key.clone_from(&ticket.bearer);
        }
        if Part::carried(connection) != Some(Part::SignIn) {
            ticket = chain.step(asks::draft(sessions, connection, out, key.as_ref())).await?;
        }
        ticket.bearer.iter().for_each(|secret| chain.hide(secret));
        Some(Ticket { headers: typed.headers.clone(), ..ticket })
    }

    fn trying(&self, connection: &Connection, out: &Outbound, ticket: Ticket) -> Backend {
        let (limits, locale) = (self.limits().clone(), self.locale().to_owned());
        let sockets = self.shared.sockets.apart();
        Backend::new(out.clone(), self.adapter(connection), connection.clone(), ticket, limits, locale, sockets)
    }
}

/// The addresses that requests of a connection go to.
pub fn addresses(connection: &Connection) -> Vec<Url> {
    let all = servers(connection).into_iter();
    all.map(|(_, url)| url).collect()
}

/// The servers of a connection: what each is, and its address.
fn servers(connection: &Connection) -> Vec<(&'static str, Url)> {
    let endpoint = match &connection.session {
        SessionSource::Endpoint(endpoint) => Some(endpoint.url.as_str()),
        SessionSource::Hosted(hosted) => Some(hosted.base.as_str()),
        SessionSource::None | SessionSource::Static => None,
    };
    let signs_in = match &connection.sign_in {
        SignIn::Key => None,
        SignIn::Login(login) => Some(login.url.as_str()),
        SignIn::Oauth(oauth) => Some(match &oauth.provider {
            OauthProvider::Issuer { issuer } => issuer.as_str(),
            OauthProvider::Endpoints(endpoints) => endpoints.token.as_str(),
        }),
    };
    let whose = if matches!(connection.sign_in, SignIn::Oauth(_)) { "identity provider" } else { "login" };
    let all = [("", Some(connection.url.as_str())), (whose, signs_in), ("session endpoint", endpoint)];
    all.into_iter().filter_map(|(what, url)| Some((what, Url::parse(url?).ok()?))).collect()
}

/// The servers that have to be reached, each with what it is: that of the connection, and others of which it needs something.
fn ways(connection: &Connection, out: &Outbound) -> Vec<(&'static str, Probe)> {
    let mut seen = BTreeSet::new();
    let all = servers(connection).into_iter();
    let others = all.filter(|(_, url)| seen.insert(url.origin().ascii_serialization()));
    others.map(|(what, url)| (what, out.probe(url))).collect()
}

/// The steps as they are shown before they begin.
fn planned(
    connection: &Connection,
    ways: &[(&'static str, Probe)],
    trials: &[Trial],
    extra: &CheckExtra,
) -> Vec<(CheckStepKind, String)> {
    let mut steps = Vec::new();
    for (what, probe) in ways {
        let of = if what.is_empty() { String::new() } else { format!(" of the {what}") };
        let via = if probe.proxy().is_some() { "Proxy" } else { "Server" };
        steps.push((CheckStepKind::Name, format!("Name{of}")));
        steps.push((CheckStepKind::Connect, format!("Connection{of}")));
        steps.push((CheckStepKind::Certificate, format!("Certificate{of}")));
        let whole = if of.is_empty() { format!("{via} answers") } else { format!("Server{of} answers") };
        steps.push((CheckStepKind::Reach, whole));
    }
    if !connection.sign_in.is_key() {
        steps.push((CheckStepKind::SignIn, "Sign-in".to_owned()));
    }
    if Part::carried(connection) != Some(Part::SignIn) {
        let session = if connection.session.is_made() { "New session" } else { "Token" };
        steps.push((CheckStepKind::Session, session.to_owned()));
    }
    steps.extend(trials.iter().map(|trial| match trial {
        Trial::Asks { .. } => (CheckStepKind::Ask, "Question".to_owned()),
        Trial::Greets { .. } => (CheckStepKind::Hello, "Hello".to_owned()),
    }));
    if extra.upload.is_some() || upload::direct(connection).is_some() {
        steps.push((CheckStepKind::Upload, "File".to_owned()));
    }
    steps
}

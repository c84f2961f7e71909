//! Asking a server for a session.

use std::{
    borrow::Cow,
    sync::Arc,
    time::{Duration, SystemTime},
};

use adapters::{
    RequestSpec,
    session::{self, Filled, Grant},
};
use model::{Carried, Connection, EndpointSource, Failure, FailureCode, Gives, SessionSource, SignIn};
use secrecy::{ExposeSecret, SecretString};
use secrets::KeptSession;
use transport::{AnyAnswer, Credential, JsonAnswer, Request, TransportError};

use super::{
    Part, Sessions,
    clock::{Ahead, Now},
    keep::{key, session_in},
    life::Session,
    state::{Asker, Life, Next, Refusal},
    words,
};
use crate::outbound::Outbound;

/// How much of a refusal is kept for the details, in characters.
const SNIPPET: usize = 2 * 1024;

/// What came of asking.
pub(super) enum Outcome {
    /// A session of an earlier run is still good.
    Restored(KeptSession, Life),
    /// A server made one.
    Made(Granted),
}

/// What a server made.
pub(super) struct Granted {
    /// What its answer says.
    pub grant: Grant,
    /// With what it is prolonged.
    pub refresh: Option<SecretString>,
    /// How long it lives.
    pub life: Life,
    /// What time it was at the server, if it said so.
    pub date: Option<SystemTime>,
}

impl Outcome {
    /// What is to be kept for the next run.
    fn to_keep(&self) -> Option<(KeptSession, Option<SecretString>)> {
        let Self::Made(Granted { grant, refresh, life, .. }) = self else { return None };
        let kept = KeptSession {
            secret: grant.secret.clone(),
            ends: life.ends,
            ahead: life.ahead.0,
            fields: grant.fields.clone(),
        };
        Some((kept, refresh.clone()))
    }
}

impl Sessions {
    /// Asks for a session in a task of its own: whoever waits for it may go away.
    pub(super) fn fetch(&self, connection: Connection, session: Arc<Session>, asker: Asker) {
        let sessions = self.clone();
        let epoch = session.with(|inner| inner.epoch);
        let phase = session.with(|inner| inner.state.name());
        tracing::info!(connection = %connection.id, phase, "{}", session.part.name());
        self.shared.tasks.spawn(async move {
            let outcome = sessions.ask(&connection, &session, asker).await;
            sessions.settled(&connection, &session, epoch, outcome).await;
        });
    }

    /// Notes what came of it, unless what was known at its beginning counts no more.
    pub(super) async fn settled(
        &self,
        connection: &Connection,
        session: &Arc<Session>,
        epoch: u64,
        outcome: Result<Outcome, Refusal>,
    ) {
        let meant = || session.with(|inner| inner.epoch) == epoch;
        if !meant() {
            return;
        }
        let kept = outcome.as_ref().ok().and_then(Outcome::to_keep);
        // A session is used at once. What a sign-in gave is kept first: a provider that rotates takes what was kept before
        // no more.
        let mut outcome = Some(outcome);
        if session.part == Part::Session {
            outcome.take().into_iter().for_each(|outcome| self.settle(connection, session, outcome));
        }
        if let Some(kept) = kept {
            // A connection that was removed meanwhile leaves nothing behind; one that is being removed waits for this.
            let _keeping = session.keeping.lock().await;
            if meant() {
                self.keep(connection, session.part, Some(kept)).await;
            }
        }
        if meant() {
            outcome.into_iter().for_each(|outcome| self.settle(connection, session, outcome));
        }
    }

    /// Notes what came of it, and tells everybody.
    fn settle(&self, connection: &Connection, session: &Arc<Session>, outcome: Result<Outcome, Refusal>) {
        match outcome {
            Ok(Outcome::Restored(kept, life)) => session.with(|inner| inner.restored(kept, life)),
            Ok(Outcome::Made(Granted { grant, refresh, life, .. })) => {
                self.shared.http.redactor().register(&grant.secret);
                session.with(|inner| inner.granted(grant, refresh, life));
            }
            Err(refusal) => session.with(|inner| inner.refused(refusal)),
        }
        self.renew_in_time(connection.clone(), session);
        self.changed(&connection.id, session);
    }

    /// Renews a session that is in use before it ends. One that nobody used since it was made is left to end: the next
    /// request makes another.
    fn renew_in_time(&self, connection: Connection, session: &Arc<Session>) {
        let (sessions, renewed) = (self.clone(), session.clone());
        let task = self.shared.tasks.spawn(async move {
            // The clocks may differ by a moment in when it is time.
            while let Some(due) = renewed.with(|inner| inner.due_in()) {
                tokio::select! {
                    () = tokio::time::sleep(due) => {}
                    () = sessions.shared.closing.cancelled() => return,
                }
                if !renewed.with(|inner| inner.used) {
                    return;
                }
                if renewed.with(|inner| inner.wanted(Asker::Program)) == Next::UseAndRenew {
                    return sessions.fetch(connection, renewed, Asker::Program);
                }
            }
        });
        session.with(|inner| inner.time(Some(task.abort_handle())));
    }

    async fn ask(&self, connection: &Connection, session: &Session, asker: Asker) -> Result<Outcome, Refusal> {
        if let (Part::SignIn, SignIn::Oauth(provider)) = (session.part, &connection.sign_in) {
            return self.prolonged(connection, provider, session).await;
        }
        let (key, kept) = self.stored(connection, session).await?;
        if let Some((kept, life)) = kept {
            return Ok(Outcome::Restored(kept, life));
        }
        let (out, filled) = (self.out(connection).await.map_err(Refusal::Refused)?, self.filled(connection));
        let with = self.asked_with(connection, session.part, key, asker).await?;
        if let Some(prolonged) = self.prolong(connection, &out, session, with.key.as_ref(), &filled).await? {
            return Ok(Outcome::Made(prolonged));
        }
        self.make_with(connection, session.part, &out, with, &filled).await.map(Outcome::Made)
    }

    /// What an endpoint is asked with: the person's key, or what they signed in with.
    pub(super) async fn asked_with(
        &self,
        connection: &Connection,
        part: Part,
        key: Option<SecretString>,
        asker: Asker,
    ) -> Result<With, Refusal> {
        if part == Part::SignIn || connection.sign_in.is_key() || !connection.session.needs_credential() {
            return Ok(With { key, made: None });
        }
        let ticket = self.made(connection, Part::SignIn, asker).await.map_err(unsigned)?;
        Ok(With { key: ticket.bearer, made: ticket.made })
    }

    /// Has a server make a session. If it does not take what somebody signed in with, that is renewed, once.
    pub(super) async fn make_with(
        &self,
        connection: &Connection,
        part: Part,
        out: &Outbound,
        with: With,
        filled: &Filled,
    ) -> Result<Granted, Refusal> {
        match (self.make(connection, part, out, with.key.as_ref(), filled).await, with.made) {
            (Err(Refusal::Key(_)), Some(number)) => {
                self.spend(connection, Part::SignIn, number).await;
                let with = self.asked_with(connection, part, None, Asker::Program).await?;
                self.make(connection, part, out, with.key.as_ref(), filled).await
            }
            (made, _) => made,
        }
    }

    /// Has a server make a session, or what is carried after a login.
    pub(super) async fn make(
        &self,
        connection: &Connection,
        part: Part,
        out: &Outbound,
        key: Option<&SecretString>,
        filled: &Filled,
    ) -> Result<Granted, Refusal> {
        let source = source(connection, part);
        let spec = session::session(&source, key.map(ExposeSecret::expose_secret), filled)
            .map_err(|error| words::bad_address(connection, part, &error))?;
        let Some(spec) = spec else { return Err(words::no_endpoint(connection)) };
        let asked_with = key;
        let key = key.filter(|_| !session::places_key(&source)).map(|key| carried(connection, part, key));
        let gives_cookie = matches!(&*source, SessionSource::Endpoint(EndpointSource { gives: Gives::Cookie, .. }));
        let answer =
            if gives_cookie { self.send_for_cookie(out, spec, key).await } else { self.send(out, spec, key).await };
        granted(connection, part, &answer.map_err(|error| words::refused(connection, part, &error, asked_with))?)
    }

    /// The key, and a session of an earlier run that is still good.
    pub(super) async fn stored(
        &self,
        connection: &Connection,
        session: &Session,
    ) -> Result<(Option<SecretString>, Option<(KeptSession, Life)>), Refusal> {
        let needs_key = match session.part {
            Part::SignIn => connection.needs_key(),
            Part::Session => connection.sign_in.is_key() && connection.needs_key(),
        };
        let variable = self.key_in_variable(connection).filter(|_| needs_key);
        let kept = match self.kept(connection).await {
            Ok(kept) => kept,
            // Where no key is needed, or it is at hand, the keychain only saves a request.
            Err(_) if !needs_key || variable.is_some() => None,
            // It was not looked into: whoever asks again, once it is unlocked, finds the session as well.
            Err(failure) => return Err(Refusal::Refused(failure)),
        };
        let looked = session.with(|inner| std::mem::replace(&mut inner.looked, true));
        let restored = kept.as_ref().filter(|_| !looked).and_then(|kept| {
            let kept = session_in(kept, connection, session.part)?;
            let life = Life::kept(kept.ends, Ahead(kept.ahead), Now::read(), rand::random())?;
            Some((kept.clone(), life))
        });
        if restored.is_some() || !needs_key {
            return Ok((None, restored));
        }
        match variable {
            Some(key) => Ok((Some(key), None)),
            None => Ok((Some(key(connection, kept.as_ref()).map_err(Refusal::Key)?), None)),
        }
    }

    /// Prolongs the session in use, where its server can do that. A server that will not is asked for a new one.
    async fn prolong(
        &self,
        connection: &Connection,
        out: &Outbound,
        session: &Session,
        key: Option<&SecretString>,
        filled: &Filled,
    ) -> Result<Option<Granted>, Refusal> {
        let SessionSource::Endpoint(endpoint) = &*source(connection, session.part) else { return Ok(None) };
        let Some(refresh) = &endpoint.refresh else { return Ok(None) };
        let Some(secret) = session.with(|inner| inner.prolongable()) else { return Ok(None) };
        let key_text = key.map(ExposeSecret::expose_secret);
        let spec = session::prolong(endpoint, refresh, secret.expose_secret(), key_text, filled);
        let spec = spec.map_err(|error| words::bad_address(connection, session.part, &error))?;
        let asked_with = key;
        let key = key.filter(|_| !session::places_key(&connection.session));
        match self.send(out, spec, key.map(|key| carried(connection, session.part, key))).await {
            Ok(answer) => granted(connection, session.part, &answer).map(Some),
            Err(error) => match words::refused(connection, session.part, &error, asked_with) {
                trouble @ Refusal::Trouble(..) => Err(trouble),
                Refusal::Refused(_) | Refusal::Key(_) => Ok(None),
            },
        }
    }

    async fn send(
        &self,
        out: &Outbound,
        spec: RequestSpec,
        key: Option<Credential>,
    ) -> Result<JsonAnswer, TransportError> {
        out.json(request(spec, key), &self.shared.limits).await
    }

    /// The same where only the head of the answer matters: a login in a browser ends with any page, or with the way to one.
    async fn send_for_cookie(
        &self,
        out: &Outbound,
        spec: RequestSpec,
        key: Option<Credential>,
    ) -> Result<JsonAnswer, TransportError> {
        let answer = out.any(request(spec, key), &self.shared.limits).await?;
        let (date, challenge) = (answer.date(), answer.challenge());
        let AnyAnswer { status, headers, body, retry_after, .. } = answer;
        if (200..400).contains(&status) {
            return Ok(JsonAnswer { status, headers, body });
        }
        let snippet = String::from_utf8_lossy(&body).chars().take(SNIPPET).collect();
        Err(out.cleaned(TransportError::Status { status, retry_after, date, challenge, snippet }))
    }
}

/// What an endpoint is asked with.
pub(super) struct With {
    /// The secret.
    pub key: Option<SecretString>,
    /// Which sign-in it is of, if it is of one.
    pub made: Option<u64>,
}

fn request(spec: RequestSpec, key: Option<Credential>) -> Request {
    let method = match spec.method {
        adapters::Method::Get => transport::Method::Get,
        adapters::Method::Post => transport::Method::Post,
        adapters::Method::Put => transport::Method::Put,
    };
    let credentials = key.into_iter().collect();
    Request { method, url: spec.url, headers: spec.headers, credentials, body: spec.body.into(), watch: None }
}

/// What is asked for a part of what a connection needs.
fn source(connection: &Connection, part: Part) -> Cow<'_, SessionSource> {
    match (part, &connection.sign_in) {
        (Part::Session, _) => Cow::Borrowed(&connection.session),
        (Part::SignIn, SignIn::Login(login)) => Cow::Owned(SessionSource::Endpoint(login.clone())),
        (Part::SignIn, SignIn::Key | SignIn::Oauth(_)) => Cow::Owned(SessionSource::None),
    }
}

/// The header in which an endpoint gets what it is asked with.
fn carried(connection: &Connection, part: Part, key: &SecretString) -> Credential {
    let usual = Credential::bearer(key.clone());
    match adapters::sign_in::carried(&connection.sign_in).filter(|_| part == Part::Session) {
        Some(Carried { header, scheme }) => Credential { header, scheme, ..usual },
        None => usual,
    }
}

/// Why there is no session where nobody is signed in.
fn unsigned(failure: Failure) -> Refusal {
    match failure.code {
        FailureCode::SignedOut => Refusal::Key(failure),
        FailureCode::KeychainAbsent
        | FailureCode::KeychainLocked
        | FailureCode::KeychainFailed
        | FailureCode::KeychainDamaged
        | FailureCode::BadInput
        | FailureCode::BadSession => Refusal::Refused(failure),
        _ => {
            let pause = failure.retry_after_ms.map(Duration::from_millis);
            Refusal::Trouble(failure, pause)
        }
    }
}

/// What an answer grants, by the clock of whoever gave it.
fn granted(connection: &Connection, part: Part, answer: &JsonAnswer) -> Result<Granted, Refusal> {
    let (pointer, gives) = match &*source(connection, part) {
        SessionSource::Endpoint(endpoint) => (endpoint.pointer.clone(), endpoint.gives),
        _ => (None, Gives::Token),
    };
    let now = Now::read();
    let date = answer.date();
    let ahead = date.map_or(Ahead::default(), |date| Ahead::learn(date, now));
    let grant = match gives {
        Gives::Token => session::read(&answer.body, pointer.as_deref()),
        Gives::Cookie => session::read_cookies(&answer.all("set-cookie"), pointer.as_deref()),
    };
    let grant = grant.map_err(|error| words::ungranted(connection, part, &error))?;
    let life = Life::granted(grant.expiry, ahead, now, rand::random());
    let life = life.map_err(|useless| words::useless(connection, part, useless, date.is_some()))?;
    Ok(Granted { grant, refresh: None, life, date })
}

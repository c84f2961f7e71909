//! Asking a server for a session.

use std::{sync::Arc, time::SystemTime};

use adapters::{
    RequestSpec,
    session::{self, Filled, Grant},
};
use model::{Connection, SessionSource};
use secrecy::{ExposeSecret, SecretString};
use secrets::KeptSession;
use transport::{Credential, JsonAnswer, Request, TransportError};

use super::{
    Sessions,
    clock::{Ahead, Now},
    keep::{key, origin},
    life::Session,
    state::{Asker, Life, Next, Refusal},
    words,
};
use crate::outbound::Outbound;

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
    /// How long it lives.
    pub life: Life,
    /// What time it was at the server, if it said so.
    pub date: Option<SystemTime>,
}

impl Sessions {
    /// Asks for a session in a task of its own: whoever waits for it may go away.
    pub(super) fn fetch(&self, connection: Connection, session: Arc<Session>) {
        let sessions = self.clone();
        let epoch = session.with(|inner| inner.epoch);
        tracing::info!(connection = %connection.id, phase = session.with(|inner| inner.state.name()), "session");
        self.shared.tasks.spawn(async move {
            let outcome = sessions.ask(&connection, &session).await;
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
        let Some(kept) = (if meant() { self.settle(connection, session, outcome) } else { None }) else { return };
        // A connection that was removed meanwhile leaves nothing behind; one that is being removed waits for this.
        let _keeping = session.keeping.lock().await;
        if meant() {
            self.keep(connection, Some(kept)).await;
        }
    }

    /// Notes what came of it, and tells everybody. Answers what is to be kept for the next run.
    fn settle(
        &self,
        connection: &Connection,
        session: &Arc<Session>,
        outcome: Result<Outcome, Refusal>,
    ) -> Option<KeptSession> {
        let mut new = None;
        match outcome {
            Ok(Outcome::Restored(kept, life)) => session.with(|inner| inner.restored(kept, life)),
            Ok(Outcome::Made(Granted { grant, life, .. })) => {
                self.shared.http.redactor().register(&grant.secret);
                let kept = KeptSession {
                    secret: grant.secret.clone(),
                    ends: life.ends,
                    ahead: life.ahead.0,
                    fields: grant.fields.clone(),
                };
                session.with(|inner| inner.granted(grant, life));
                new = Some(kept);
            }
            Err(refusal) => session.with(|inner| inner.refused(refusal)),
        }
        self.renew_in_time(connection.clone(), session);
        self.changed(&connection.id, session);
        new
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
                    return sessions.fetch(connection, renewed);
                }
            }
        });
        session.with(|inner| inner.time(Some(task.abort_handle())));
    }

    async fn ask(&self, connection: &Connection, session: &Session) -> Result<Outcome, Refusal> {
        let (key, kept) = self.stored(connection, session).await?;
        if let Some((kept, life)) = kept {
            return Ok(Outcome::Restored(kept, life));
        }
        let (out, filled) = (self.out(connection).await.map_err(Refusal::Refused)?, self.filled(connection));
        if let Some(prolonged) = self.prolong(connection, &out, session, key.as_ref(), &filled).await? {
            return Ok(Outcome::Made(prolonged));
        }
        self.make(connection, &out, key.as_ref(), &filled).await.map(Outcome::Made)
    }

    /// Has a server make a session.
    pub(super) async fn make(
        &self,
        connection: &Connection,
        out: &Outbound,
        key: Option<&SecretString>,
        filled: &Filled,
    ) -> Result<Granted, Refusal> {
        let spec = session::session(&connection.session, key.map(ExposeSecret::expose_secret), filled)
            .map_err(|error| words::bad_address(connection, &error))?;
        let Some(spec) = spec else { return Err(words::no_endpoint(connection)) };
        let answer =
            self.send(out, spec, carried(connection, key)).await.map_err(|error| words::refused(connection, &error))?;
        granted(connection, &answer)
    }

    /// The key, and a session of an earlier run that is still good.
    pub(super) async fn stored(
        &self,
        connection: &Connection,
        session: &Session,
    ) -> Result<(Option<SecretString>, Option<(KeptSession, Life)>), Refusal> {
        let needs_key = connection.session.needs_key();
        let kept = match self.kept(connection).await {
            Ok(kept) => kept,
            // Where no key is needed the keychain only saves a request.
            Err(_) if !needs_key => None,
            // It was not looked into: whoever asks again, once it is unlocked, finds the session as well.
            Err(failure) => return Err(Refusal::Refused(failure)),
        };
        let looked = session.with(|inner| std::mem::replace(&mut inner.looked, true));
        let restored = kept.as_ref().filter(|_| !looked).and_then(|kept| {
            let kept = kept.session_for(&origin(&connection.url))?;
            let life = Life::kept(kept.ends, Ahead(kept.ahead), Now::read(), rand::random())?;
            Some((kept.clone(), life))
        });
        if restored.is_some() || !needs_key {
            return Ok((None, restored));
        }
        let key = key(connection, kept.as_ref()).map_err(Refusal::Key)?;
        Ok((Some(key), None))
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
        let SessionSource::Endpoint(endpoint) = &connection.session else { return Ok(None) };
        let Some(refresh) = &endpoint.refresh else { return Ok(None) };
        let Some(secret) = session.with(|inner| inner.prolongable()) else { return Ok(None) };
        let key_text = key.map(ExposeSecret::expose_secret);
        let spec = session::prolong(endpoint, refresh, secret.expose_secret(), key_text, filled);
        let spec = spec.map_err(|error| words::bad_address(connection, &error))?;
        match self.send(out, spec, carried(connection, key)).await {
            Ok(answer) => granted(connection, &answer).map(Some),
            Err(error) => match words::refused(connection, &error) {
                trouble @ Refusal::Trouble(..) => Err(trouble),
                Refusal::Refused(_) | Refusal::Key(_) => Ok(None),
            },
        }
    }

    async fn send(
        &self,
        out: &Outbound,
        spec: RequestSpec,
        key: Option<&SecretString>,
    ) -> Result<JsonAnswer, TransportError> {
        let method = match spec.method {
            adapters::Method::Get => transport::Method::Get,
            adapters::Method::Post => transport::Method::Post,
        };
        let credential = key.cloned().map(Credential::bearer);
        let request = Request { method, url: spec.url, headers: spec.headers, credential, body: spec.body.into() };
        out.json(request, &self.shared.limits).await
    }
}

/// The key that a header has to carry: none where it stands in the request itself.
fn carried<'a>(connection: &Connection, key: Option<&'a SecretString>) -> Option<&'a SecretString> {
    key.filter(|_| !session::places_key(&connection.session))
}

/// What an answer grants, by the clock of whoever gave it.
fn granted(connection: &Connection, answer: &JsonAnswer) -> Result<Granted, Refusal> {
    let pointer = match &connection.session {
        SessionSource::Endpoint(endpoint) => endpoint.pointer.as_deref(),
        _ => None,
    };
    let now = Now::read();
    let date = answer.date();
    let ahead = date.map_or(Ahead::default(), |date| Ahead::learn(date, now));
    let grant = session::read(&answer.body, pointer).map_err(|error| words::ungranted(connection, &error))?;
    let life = Life::granted(grant.expiry, ahead, now, rand::random());
    let life = life.map_err(|useless| words::useless(connection, useless, date.is_some()))?;
    Ok(Granted { grant, life, date })
}

//! Calls to one connection: its adapter describes the request, `transport` carries it, and what comes of it is known.

use adapters::{Adapter, Mapper};
use model::{Carried, Connection, Failure, FailureCode, Operation, Reply, ThreadEvent};
use secrecy::SecretString;
use transport::{Credential, EventStream, Limits, Request};

use crate::{
    failure::{not_understood, on_the_way},
    outbound::Outbound,
    session::Ticket,
};

/// One connection, ready to be called.
pub struct Backend {
    http: Outbound,
    connection: Connection,
    adapter: &'static dyn Adapter,
    ticket: Ticket,
    limits: Limits,
    locale: String,
}

impl Backend {
    /// A connection with what its requests carry.
    pub fn new(
        http: Outbound,
        adapter: &'static dyn Adapter,
        connection: Connection,
        ticket: Ticket,
        limits: Limits,
        locale: String,
    ) -> Self {
        Self { http, connection, adapter, ticket, limits, locale }
    }

    /// The same connection with something else to carry.
    pub fn with(&self, ticket: Ticket) -> Self {
        let Self { http, adapter, connection, limits, locale, .. } = self;
        Self::new(http.clone(), *adapter, connection.clone(), ticket, limits.clone(), locale.clone())
    }

    /// The connection.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// What its requests carry.
    pub fn ticket(&self) -> &Ticket {
        &self.ticket
    }

    /// What the person calls it.
    pub fn name(&self) -> &str {
        &self.connection.name
    }

    /// Asks something that is answered whole.
    ///
    /// # Errors
    ///
    /// What went wrong on the way, or with the answer, in words.
    pub async fn call(&self, operation: &Operation) -> Result<Reply, Failure> {
        let request = self.request(operation)?;
        let answer = self.http.json(request, &self.limits).await.map_err(|error| on_the_way(self.name(), &error))?;
        let reply = self.adapter.reply(operation, &answer.body);
        // What cannot be understood may be quoted.
        reply.map_err(|error| self.http.clean_failure(not_understood(self.name(), &error.to_string())))
    }

    /// Asks something that is answered by a stream. Dropping the stream closes the connection, which is how a server
    /// is told to stop (section 2.6).
    ///
    /// # Errors
    ///
    /// What went wrong before the first event.
    pub async fn stream(&self, operation: &Operation) -> Result<TurnStream, Unopened> {
        let request = self.request(operation).map_err(Unopened::Refused)?;
        let events = self.http.events(request, &self.limits).await.map_err(|error| {
            let failure = on_the_way(self.name(), &error);
            if error.may_have_been_executed() { Unopened::Refused(failure) } else { Unopened::unasked(failure) }
        })?;
        let mapper = Some(self.adapter.mapper_for(operation));
        Ok(TurnStream { events, mapper, name: self.name().to_owned(), http: self.http.clone() })
    }

    fn request(&self, operation: &Operation) -> Result<Request, Failure> {
        let spec = self
            .adapter
            .request(&self.connection, operation, &self.locale)
            .map_err(|error| Failure::new(FailureCode::BadAddress, error.to_string()))?;
        let method = match spec.method {
            adapters::Method::Get => transport::Method::Get,
            adapters::Method::Post => transport::Method::Post,
        };
        let plain = self.connection.headers.iter().map(|header| (header.name.clone(), header.value.clone()));
        let secret = self.ticket.headers.iter().cloned();
        let secret = secret.map(|(header, secret)| Credential { header, scheme: None, secret });
        let bearer = self.ticket.bearer.clone().map(|secret| carried(&self.connection, secret));
        Ok(Request {
            method,
            url: spec.url,
            headers: spec.headers.into_iter().chain(plain).collect(),
            credentials: secret.chain(bearer).collect(),
            body: spec.body.into(),
        })
    }
}

/// A secret in the header in which the connection's server wants it.
fn carried(connection: &Connection, secret: SecretString) -> Credential {
    match &connection.carried {
        None => Credential::bearer(secret),
        Some(Carried { header, scheme }) => Credential { header: header.clone(), scheme: scheme.clone(), secret },
    }
}

/// Why there is no stream.
pub enum Unopened {
    /// Nobody was reached, so the request certainly never left: it may be sent once that is over.
    Unreached(Failure),
    /// It was not sent: somebody else was asked for something before, and that failed, or it could not be trusted.
    Unasked(Failure),
    /// Anything else. If the server has seen the request, nobody can tell what it made of it.
    Refused(Failure),
}

impl Unopened {
    /// What kept a request from being sent at all.
    pub fn unasked(failure: Failure) -> Self {
        if failure.code.is_offline() { Self::Unreached(failure) } else { Self::Unasked(failure) }
    }
}

impl From<Unopened> for Failure {
    fn from(unopened: Unopened) -> Self {
        match unopened {
            Unopened::Unreached(failure) | Unopened::Unasked(failure) | Unopened::Refused(failure) => failure,
        }
    }
}

/// The events of one turn.
pub struct TurnStream {
    events: EventStream,
    /// `None` once the stream is over.
    mapper: Option<Box<dyn Mapper + Send>>,
    name: String,
    http: Outbound,
}

impl TurnStream {
    /// A header of the answer, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.events.header(name)
    }

    /// The events of the next frame; none at the clean end of the stream. Safe to drop while waiting.
    ///
    /// # Errors
    ///
    /// The stream broke; nothing follows.
    pub async fn next(&mut self) -> Option<Result<Vec<ThreadEvent>, Failure>> {
        let mut events = match self.events.next().await {
            Some(Ok(frame)) => self.mapper.as_mut()?.on_frame(&frame.event, &frame.data),
            Some(Err(error)) => {
                self.mapper = None;
                return Some(Err(on_the_way(&self.name, &self.http.cleaned(error))));
            }
            // Most have nothing more to say, and then this is the end.
            None => Some(self.mapper.take()?.on_end()).filter(|events| !events.is_empty())?,
        };
        self.http.clean_events(&mut events);
        Some(Ok(events))
    }
}

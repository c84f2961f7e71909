//! Calls to one connection: its adapter describes the request, `transport` carries it, and what comes of it is known.

mod socket;

use adapters::{Adapter, Answered, Mapper};
use model::{Carried, Connection, Failure, FailureCode, Operation, Reply, ThreadEvent};
use secrecy::SecretString;
use transport::{Credential, EventStream, Limits, Request, TransportError};

use crate::{
    failure::{not_understood, on_the_way},
    outbound::Outbound,
    patience::wants_pause,
    session::Ticket,
    sockets::{Answer, Sockets},
};

/// One connection, ready to be called.
pub struct Backend {
    http: Outbound,
    connection: Connection,
    adapter: &'static dyn Adapter,
    ticket: Ticket,
    limits: Limits,
    locale: String,
    sockets: Sockets,
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
        sockets: Sockets,
    ) -> Self {
        Self { http, connection, adapter, ticket, limits, locale, sockets }
    }

    /// The same connection with something else to carry.
    pub fn with(&self, ticket: Ticket) -> Self {
        let Self { http, adapter, connection, limits, locale, sockets, .. } = self;
        let (limits, locale, sockets) = (limits.clone(), locale.clone(), sockets.clone());
        Self::new(http.clone(), *adapter, connection.clone(), ticket, limits, locale, sockets)
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

    /// The model that the request for an operation asks for, where it names one.
    pub fn model_asked(&self, operation: &Operation) -> Option<String> {
        self.adapter.model_asked(&self.connection, operation)
    }

    /// Asks something that is answered whole.
    ///
    /// # Errors
    ///
    /// What went wrong on the way, or with the answer, in words.
    pub async fn call(&self, operation: &Operation) -> Result<Reply, Failure> {
        let (request, _) = self.request(operation)?;
        let answer = self.http.json(request, &self.limits).await.map_err(|error| on_the_way(self.name(), &error))?;
        let reply = self.adapter.reply(operation, &answer.body);
        // What cannot be understood may be quoted.
        reply.map_err(|error| self.http.clean_failure(not_understood(self.name(), &error.to_string())))
    }

    /// Asks something that is answered by a stream, or over the thread's WebSocket. Dropping the stream closes the
    /// connection, which is how a server is told to stop (section 2.6).
    ///
    /// # Errors
    ///
    /// What went wrong before the first event.
    pub async fn stream(&self, operation: &Operation) -> Result<TurnStream, Unopened> {
        let (request, answered) = self.request(operation).map_err(Unopened::Refused)?;
        if answered == Answered::Socket {
            return self.over_socket(operation, request).await;
        }
        let events = self.http.events(request, &self.limits).await;
        let events = events.map_err(|error| Unopened::why(self.name(), &error))?;
        let mapper = Some(self.adapter.mapper_for(operation));
        Ok(TurnStream { source: Source::Events(events), mapper, name: self.name().to_owned(), http: self.http.clone() })
    }

    fn request(&self, operation: &Operation) -> Result<(Request, Answered), Failure> {
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
        let request = Request {
            method,
            url: spec.url,
            headers: spec.headers.into_iter().chain(plain).collect(),
            credentials: secret.chain(bearer).collect(),
            body: spec.body.into(),
        };
        Ok((request, spec.answered))
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
    /// The server refused it for now without having done anything, so it may be sent again after a pause.
    Busy(Failure),
    /// Anything else. If the server has seen the request, nobody can tell what it made of it.
    Refused(Failure),
}

impl Unopened {
    /// What became of a request that was sent, by its error.
    pub fn why(name: &str, error: &TransportError) -> Self {
        let failure = on_the_way(name, error);
        match error {
            error if wants_pause(error) => Self::Busy(failure),
            error if error.may_have_been_executed() => Self::Refused(failure),
            _ => Self::unasked(failure),
        }
    }

    /// What kept a request from being sent at all.
    pub fn unasked(failure: Failure) -> Self {
        if failure.code.is_offline() { Self::Unreached(failure) } else { Self::Refused(failure) }
    }
}

impl From<Unopened> for Failure {
    fn from(unopened: Unopened) -> Self {
        match unopened {
            Unopened::Unreached(failure) | Unopened::Busy(failure) | Unopened::Refused(failure) => failure,
        }
    }
}

/// What a message of a WebSocket is called, which has no name of its own.
const MESSAGE: &str = "message";

/// Where the events of a turn come from.
enum Source {
    Events(EventStream),
    Socket(Answer),
}

/// The events of one turn.
pub struct TurnStream {
    source: Source,
    /// `None` once the stream is over.
    mapper: Option<Box<dyn Mapper + Send>>,
    name: String,
    http: Outbound,
}

impl TurnStream {
    /// A header of the answer, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        match &self.source {
            Source::Events(events) => events.header(name),
            Source::Socket(_) => None,
        }
    }

    /// The events of the next frame; none at the clean end of the stream. Safe to drop while waiting.
    ///
    /// # Errors
    ///
    /// The stream broke; nothing follows.
    pub async fn next(&mut self) -> Option<Result<Vec<ThreadEvent>, Failure>> {
        let next = match &mut self.source {
            Source::Events(events) => events.next().await.map(|next| next.map(|frame| (frame.event, frame.data))),
            Source::Socket(_) if self.mapper.as_ref()?.is_over() => return None,
            Source::Socket(answer) => Some(answer.next().await.map(|text| (MESSAGE.to_owned(), text))),
        };
        let mut events = match next {
            Some(Ok((event, data))) => self.heard(&event, &data)?,
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

    /// What a frame means. A WebSocket whose answer is whole is free at once.
    fn heard(&mut self, event: &str, data: &str) -> Option<Vec<ThreadEvent>> {
        let mapper = self.mapper.as_mut()?;
        let events = mapper.on_frame(event, data);
        if let Source::Socket(answer) = &mut self.source
            && mapper.is_over()
        {
            answer.finish();
        }
        Some(events)
    }
}

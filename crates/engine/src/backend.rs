//! Calls to one connection: its adapter describes the request, `transport` carries it, and what comes of it is known.

mod answers;
mod beginning;
mod own_file;
mod socket;
mod upload;

use std::time::Duration;

use adapters::{Adapter, Answered, Mapper, Refusal, RequestSpec};
use model::{Carried, Connection, Failure, FailureCode, Finding, Kind, Operation, Reply, ThreadEvent, ThreadId};
use secrecy::SecretString;
use tokio::time::{Instant, timeout_at};
use transport::{Credential, Limits, Request, TransportError};

pub use answers::Refusals;
use answers::{Source, Unread};
pub use beginning::{Begun, Manner as Beginning, under};
pub use upload::{Awaited, Uploaded};

use crate::{
    context::too_long,
    failure::{credentials, mismatched, named, no_events, not_utf8, on_the_way_to},
    outbound::Outbound,
    patience::wants_pause,
    reason::says,
    session::Ticket,
    sockets::Sockets,
};

/// How long is waited for what may follow an answer that is whole: what it used, its mark, the end of the body.
const AFTER_THE_END: Duration = Duration::from_secs(2);

/// One connection, ready to be called.
pub struct Backend {
    http: Outbound,
    connection: Connection,
    adapter: &'static dyn Adapter,
    ticket: Ticket,
    limits: Limits,
    locale: String,
    sockets: Sockets,
    refusals: Refusals,
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
        let refusals = Refusals::default();
        Self { http, connection, adapter, ticket, limits, locale, sockets, refusals }
    }

    /// The same connection with something else to carry.
    pub fn with(&self, ticket: Ticket) -> Self {
        let Self { http, adapter, connection, limits, locale, sockets, .. } = self;
        let (limits, locale, sockets) = (limits.clone(), locale.clone(), sockets.clone());
        let same = Self::new(http.clone(), *adapter, connection.clone(), ticket, limits, locale, sockets);
        same.minding(self.refusals.clone())
    }

    /// The same, knowing who refused to stream so far.
    pub fn minding(self, refusals: Refusals) -> Self {
        Self { refusals, ..self }
    }

    /// The connection.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The same, with other settings of the connection.
    pub fn held(self, connection: Connection) -> Self {
        Self { connection, ..self }
    }

    /// The same, asked for a conversation of this machine.
    pub fn in_thread(self, thread: &ThreadId) -> Self {
        Self { http: self.http.in_thread(thread), ..self }
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
        let spec = self.spec(operation)?;
        if *operation == Operation::Health {
            return self.health(spec).await;
        }
        let answer = self.out(operation).json(self.sent(spec), &self.limits).await;
        let answer = answer.map_err(|error| self.on_the_way(operation, &error))?;
        let reply = self.adapter.reply_to(&self.connection, operation, &answer.body);
        // What cannot be understood may be quoted.
        reply.map_err(|error| {
            let what = error.to_string();
            self.http.clean_failure(not_utf8(self.connection.kind, self.name(), &answer.body, &what))
        })
    }

    /// Asks something that is answered by a stream, or over the thread's WebSocket. Dropping the stream closes the
    /// connection, which is how a server is told to stop (section 2.6).
    ///
    /// # Errors
    ///
    /// What went wrong before the first event.
    pub async fn stream(&self, operation: &Operation) -> Result<TurnStream, Unopened> {
        let spec = self.spec(operation).map_err(Unopened::Refused)?;
        match spec.answered {
            Answered::Either | Answered::Whole => self.either(operation, spec).await,
            Answered::Socket => self.over_socket(operation, self.sent(spec)).await,
            Answered::Stream => {
                let events = self.out(operation).events(self.sent(spec), &self.limits).await;
                let events = events.map_err(|error| self.unopened(operation, &error))?;
                Ok(self.turn_stream(operation, Source::Events(events)))
            }
        }
    }

    /// What became of a request that was sent.
    fn unopened(&self, operation: &Operation, error: &TransportError) -> Unopened {
        let failure = self.on_the_way(operation, error);
        match (error, self.forgets(operation, error)) {
            (_, Some(refusal)) => Unopened::Forgotten(failure, refusal),
            (error, None) if wants_pause(error) => Unopened::Busy(failure),
            (error, None) if error.may_have_been_executed() => Unopened::Refused(failure),
            _ => Unopened::unasked(failure),
        }
    }

    /// What went wrong, in the words of what it means for the operation.
    fn on_the_way(&self, operation: &Operation, error: &TransportError) -> Failure {
        let failure = self.refused(error);
        let failure = named::at(failure, self.name(), || self.spec(operation).ok().map(|spec| spec.url));
        let TransportError::Status { status, snippet, .. } = error else { return failure };
        match self.adapter.refusal(operation, *status, snippet) {
            Some(Refusal::TooLong) => Failure { detail: failure.detail, ..too_long(self.name(), &says(snippet)) },
            Some(Refusal::NoList) => {
                let message = format!("“{}” has no list of what it was asked for (status {status}).", self.name());
                Failure { code: FailureCode::NotFound, message, finding: None, ..failure }
            }
            Some(Refusal::UnknownModel) => {
                let model = self.model_asked(operation).unwrap_or_default();
                let message = format!(
                    "“{}” does not know the model “{model}” (status {status}). Choose another one, or correct its name in \
                     Settings → Connections.{}",
                    self.name(),
                    says(snippet)
                );
                Failure { message, ..failure }.found(Finding::ModelUnknown)
            }
            Some(Refusal::Forgotten) => Failure { finding: None, ..failure },
            Some(Refusal::NotThere) | None => failure,
        }
    }

    /// What went wrong, by what was sent.
    fn refused(&self, error: &TransportError) -> Failure {
        let failure = on_the_way_to(&self.connection, error);
        let words = (!self.connection.is_made()).then(|| self.name());
        credentials::looked_into(failure, words, self.ticket.bearer.as_ref(), error)
    }

    fn turn_stream(&self, operation: &Operation, source: Source) -> TurnStream {
        let mapper = Some(self.adapter.mapper_for(&self.connection, operation));
        let (name, kind) = (self.name().to_owned(), self.connection.kind);
        TurnStream { source, mapper, ahead: None, until: None, has_frames: false, name, kind, http: self.http.clone() }
    }

    /// The way out for an operation.
    fn out(&self, operation: &Operation) -> Outbound {
        self.http.doing(self.adapter, operation)
    }

    fn spec(&self, operation: &Operation) -> Result<RequestSpec, Failure> {
        self.adapter.request(&self.connection, operation, &self.locale).map_err(|error| answers::bad(&error))
    }

    fn sent(&self, spec: RequestSpec) -> Request {
        let method = match spec.method {
            adapters::Method::Get => transport::Method::Get,
            adapters::Method::Post => transport::Method::Post,
            adapters::Method::Put => transport::Method::Put,
        };
        // A profile may be elsewhere, and is nobody who is to see any of this.
        let is_own = adapters::address(&self.connection.url).is_ok_and(|own| own.origin() == spec.url.origin());
        let plain = self.connection.headers.iter().filter(|_| is_own);
        let plain = plain.map(|header| (header.name.clone(), header.value.clone()));
        let secret = self.ticket.headers.iter().filter(|_| is_own).cloned();
        let secret = secret.map(|(header, secret)| Credential { header, scheme: None, secret });
        let bearer = self.ticket.bearer.clone().filter(|_| is_own).map(|secret| carried(&self.connection, secret));
        Request {
            method,
            url: spec.url,
            headers: spec.headers.into_iter().chain(plain).collect(),
            credentials: secret.chain(bearer).collect(),
            body: spec.body.into(),
            watch: None,
        }
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
    /// It was not sent: somebody else was asked for something before, and that failed, or it could not be trusted.
    Unasked(Failure),
    /// The server refused it, because it does not know the conversation, or there is nothing at the address.
    Forgotten(Failure, Refusal),
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
            Unopened::Unreached(failure)
            | Unopened::Busy(failure)
            | Unopened::Unasked(failure)
            | Unopened::Forgotten(failure, _)
            | Unopened::Refused(failure) => failure,
        }
    }
}

/// In what form an answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// By Server-Sent Events.
    Streamed,
    /// Whole.
    Whole,
    /// By messages over a WebSocket.
    OverSocket,
}

/// The events of one turn.
pub struct TurnStream {
    source: Source,
    /// `None` once the stream is over.
    mapper: Option<Box<dyn Mapper + Send>>,
    /// What is to be told before.
    ahead: Option<Vec<ThreadEvent>>,
    /// How long the stream may still go on, once the answer is whole.
    until: Option<Instant>,
    /// Whether any frame came.
    has_frames: bool,
    name: String,
    kind: Kind,
    http: Outbound,
}

impl TurnStream {
    /// The same stream, with something to be told before.
    pub fn after(mut self, told: ThreadEvent) -> Self {
        self.ahead.get_or_insert_default().insert(0, told);
        self
    }

    /// A header of the answer, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.source.header(name)
    }

    /// In what form the answer comes.
    pub fn came(&self) -> Came {
        match self.source {
            Source::Events(_) => Came::Streamed,
            Source::Whole { .. } => Came::Whole,
            Source::Socket(_) => Came::OverSocket,
        }
    }

    /// Whether something in the stream so far was not UTF-8, and was replaced.
    pub fn is_repaired(&self) -> bool {
        matches!(&self.source, Source::Events(events) if events.repaired() > 0)
    }

    /// The events of the next frame; none at the clean end of the stream. Safe to drop while waiting.
    ///
    /// # Errors
    ///
    /// The stream broke; nothing follows.
    pub async fn next(&mut self) -> Option<Result<Vec<ThreadEvent>, Failure>> {
        if let Some(told) = self.ahead.take() {
            return Some(Ok(told));
        }
        let is_whole = self.mapper.as_ref()?.is_whole();
        let next = if is_whole { self.rest().await } else { self.source.next(self.mapper.as_deref_mut()?).await };
        let mut events = match next {
            Some(Ok(events)) => {
                self.has_frames = true;
                events
            }
            Some(Err(unread)) => {
                let mapper = self.mapper.take()?;
                return Some(Err(self.unread(unread, &*mapper)));
            }
            None => {
                let mut mapper = self.mapper.take()?;
                let events = mapper.on_end();
                if let Some(mismatch) = mapper.mismatch() {
                    return Some(Err(self.http.clean_failure(mismatched(&self.name, mismatch))));
                }
                if self.came() == Came::Streamed && !self.has_frames {
                    return Some(Err(no_events(self.kind, &self.name)));
                }
                // Most have nothing more to say, and then this is the end.
                Some(events).filter(|events| !events.is_empty())?
            }
        };
        self.http.clean_events(&mut events);
        Some(Ok(events))
    }

    /// What comes after an answer that is whole: if the way breaks now, or nothing more comes, that is its end.
    async fn rest(&mut self) -> Option<Result<Vec<ThreadEvent>, Unread>> {
        let until = *self.until.get_or_insert_with(|| Instant::now() + AFTER_THE_END);
        let next = self.source.next(self.mapper.as_deref_mut()?);
        timeout_at(until, next).await.ok().flatten().filter(Result::is_ok)
    }
}

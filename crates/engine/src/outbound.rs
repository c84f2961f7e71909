//! The engine's way out. What a request carries is known to the redactor before it leaves, what went wrong comes back
//! without secrets, and the log says who was asked and how that ended: never what, and never what was answered.

use std::{
    sync::Arc,
    time::{Instant, SystemTime},
};

use adapters::Adapter;
use model::{Connection, Failure, FailureCode, Operation, ThreadEvent, ThreadId};
use secrets::Redactor;
use transport::{
    AnyAnswer, Either, EventStream, Http, Identity, IdentityError, JsonAnswer, Limits, ManualProxy, Method, Proxy,
    Pulse, Request, Route, Sealed, Socket, Space, Step, TransportError, Upload, UploadError, probe::Probe,
};
use url::Url;

use crate::wire::{Ear, Label, Purpose, Wire, remote};

/// The status of an answer that is a stream, or a file: any other would be an error.
const FINE: u16 = 200;

/// One of those that point elsewhere.
const MOVED: u16 = 302;

/// That of one that becomes a WebSocket.
const UPGRADED: u16 = 101;

/// The HTTP client, watched. Cheap to clone.
#[derive(Clone)]
pub struct Outbound {
    http: Http,
    redactor: Arc<Redactor>,
    wire: Arc<Wire>,
    /// Whose requests these are, while they are recorded.
    label: Option<Label>,
}

impl Outbound {
    /// Watches a client.
    pub fn new(http: Http, redactor: Arc<Redactor>) -> Self {
        let wire = Wire::new(redactor.clone());
        Self { http, redactor, wire, label: None }
    }

    /// The same, on another route.
    ///
    /// # Errors
    ///
    /// As [`Http::over`].
    pub fn over(&self, route: &Route) -> Result<Self, TransportError> {
        if let Proxy::Manual(ManualProxy { login: Some((_, password)), .. }) = &route.proxy {
            self.redactor.register(password);
        }
        Ok(Self { http: self.http.over(route)?, ..self.clone() })
    }

    /// Who records what goes over the wire.
    pub(crate) fn wire(&self) -> &Arc<Wire> {
        &self.wire
    }

    /// The same for requests of a connection. Until it is said what they are for, they may be for anything.
    pub(crate) fn of(&self, connection: &Connection) -> Self {
        let label = self.wire.is_on().then(|| Label {
            connection: Arc::new(connection.clone()),
            thread: None,
            remote: None,
            purpose: Purpose::Access,
        });
        Self { label, ..self.clone() }
    }

    /// The same for requests of a conversation.
    pub(crate) fn in_thread(mut self, thread: &ThreadId) -> Self {
        self.label.iter_mut().for_each(|label| label.thread = Some(thread.clone()));
        self
    }

    /// The same for an operation of an adapter.
    pub(crate) fn doing(&self, adapter: &'static dyn Adapter, operation: &Operation) -> Self {
        let label = self.label.as_ref().map(|label| Label {
            remote: remote(operation).cloned(),
            purpose: Purpose::Operation(adapter, Box::new(operation.clone())),
            ..label.clone()
        });
        Self { label, ..self.clone() }
    }

    /// The same for the bytes of a file.
    pub(crate) fn uploading(&self) -> Self {
        let label = self.label.as_ref().map(|label| Label { purpose: Purpose::Upload, ..label.clone() });
        Self { label, ..self.clone() }
    }

    /// As [`Http::identity`], now, and on a thread that nobody waits for.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Internal`] if that thread failed; what is wrong with the certificate is inside.
    pub async fn identity(&self, sealed: Sealed) -> Result<Result<Identity, IdentityError>, Failure> {
        sealed.password.iter().for_each(|password| self.redactor.register(password));
        let http = self.http.clone();
        let opened = tokio::task::spawn_blocking(move || http.identity(&sealed, SystemTime::now())).await;
        let words = "The client certificate could not be opened. Try again.";
        opened.map_err(|_| Failure::new(FailureCode::Internal, words))
    }

    /// As [`Http::json`].
    ///
    /// # Errors
    ///
    /// What went wrong, clean.
    pub async fn json(&self, request: Request, limits: &Limits) -> Result<JsonAnswer, TransportError> {
        let (asked, request) = self.ask(request);
        let answer = self.http.json(request, limits).await;
        asked.heard(&answer, |answer| Some(&answer.body[..]));
        self.noted(&asked, answer, |answer| answer.status)
    }

    /// As [`Http::upload`]. What is answered may hold anything, also what was sent.
    ///
    /// # Errors
    ///
    /// What went wrong, clean.
    pub async fn upload(&self, upload: Upload, limits: &Limits) -> Result<AnyAnswer, UploadError> {
        let (asked, request) = self.ask(upload.request);
        let answer = match self.http.upload(Upload { request, ..upload }, limits).await {
            Ok(answer) => Ok(answer),
            Err(UploadError::Transport(error)) => Err(error),
            Err(fault) => return Err(fault),
        };
        asked.heard(&answer, |answer| Some(&answer.body[..]));
        Ok(self.noted(&asked, answer, |answer| answer.status)?)
    }

    /// As [`Http::any`]. What is answered may hold anything, also what was sent: [`Redactor::clean`] before it is shown.
    ///
    /// # Errors
    ///
    /// What went wrong, clean.
    pub async fn any(&self, request: Request, limits: &Limits) -> Result<AnyAnswer, TransportError> {
        let (asked, request) = self.ask(request);
        let answer = self.http.any(request, limits).await;
        asked.heard(&answer, |answer| Some(&answer.body[..]));
        self.noted(&asked, answer, |answer| answer.status)
    }

    /// As [`Http::events`]. Errors in the middle of the stream are to go through [`Outbound::cleaned`].
    ///
    /// # Errors
    ///
    /// What went wrong, clean.
    pub async fn events(&self, request: Request, limits: &Limits) -> Result<EventStream, TransportError> {
        let (asked, request) = self.ask(request);
        let answer = self.http.events(request, limits).await;
        asked.heard(&answer, |_| None);
        self.noted(&asked, answer, |_| FINE)
    }

    /// As [`Http::socket`]. Errors of the socket itself are to go through [`Outbound::cleaned`].
    ///
    /// # Errors
    ///
    /// What went wrong, clean.
    pub async fn socket(&self, request: Request, limits: &Limits, pulse: Pulse) -> Result<Socket, TransportError> {
        let (asked, request) = self.ask(request);
        let answer = self.http.socket(request, limits, pulse).await;
        asked.heard(&answer, |_| None);
        self.noted(&asked, answer, |_| UPGRADED)
    }

    /// As [`Http::either`]. Errors in the middle of a stream are to go through [`Outbound::cleaned`].
    ///
    /// # Errors
    ///
    /// What went wrong, clean.
    pub async fn either(&self, request: Request, limits: &Limits) -> Result<Either, TransportError> {
        let (asked, request) = self.ask(request);
        let answer = self.http.either(request, limits).await;
        asked.heard(&answer, |answer| match answer {
            Either::Whole(answer) => Some(&answer.body[..]),
            Either::Events(_) => None,
        });
        self.noted(&asked, answer, |_| FINE)
    }

    /// As [`Http::file`].
    ///
    /// # Errors
    ///
    /// What went wrong, clean.
    pub async fn file(&self, url: &Url, limits: &Limits) -> Result<Vec<u8>, TransportError> {
        let asked = Asked::now(Method::Get, url);
        let answer = self.http.file(url, limits).await.map(Into::into);
        self.noted(&asked, answer, |_| FINE)
    }

    /// As [`Http::own_step`].
    ///
    /// # Errors
    ///
    /// What went wrong, clean.
    pub async fn own_step(&self, request: Request, limits: &Limits) -> Result<Step, TransportError> {
        self.register(&request);
        let asked = Asked::now(request.method, &request.url);
        let answer = self.http.own_step(&request, limits).await;
        self.noted(&asked, answer, stepped)
    }

    /// As [`Http::foreign_step`].
    ///
    /// # Errors
    ///
    /// What went wrong, clean.
    pub async fn foreign_step(
        &self,
        url: &Url,
        accept: &str,
        within: Space,
        limits: &Limits,
    ) -> Result<Step, TransportError> {
        let asked = Asked::now(Method::Get, url);
        let answer = self.http.foreign_step(url, accept, within, limits).await;
        self.noted(&asked, answer, stepped)
    }

    /// As [`Http::space`].
    ///
    /// # Errors
    ///
    /// If the server's name is not known.
    pub async fn space(&self, url: &Url) -> Result<Space, TransportError> {
        self.http.space(url).await
    }

    /// A look at the way to an address.
    pub fn probe(&self, url: Url) -> Probe {
        Probe::new(&self.http, url)
    }

    /// An error without secrets.
    pub fn cleaned(&self, error: TransportError) -> TransportError {
        error.cleaned(|text| self.redactor.clean(text).into_owned())
    }

    /// A failure that quotes a server, without secrets.
    pub fn clean_failure(&self, failure: Failure) -> Failure {
        self.redactor.failure(failure)
    }

    /// Events of a stream. What is answered is the person's and stays as it is; what a server says of an error is shown as
    /// one, and may quote what it was sent.
    pub fn clean_events(&self, events: &mut [ThreadEvent]) {
        for event in events {
            if let ThreadEvent::Error(error) = event {
                let clean = |text: &mut String| *text = self.redactor.clean(text).into_owned();
                clean(&mut error.code);
                error.message.iter_mut().for_each(clean);
            }
        }
    }

    /// Who knows the secrets of this process.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    fn ask(&self, request: Request) -> (Asked, Request) {
        self.register(&request);
        let asked = Asked::now(request.method, &request.url);
        let Some(ear) = self.label.as_ref().and_then(|label| self.wire.begin(label, &request)) else {
            return (asked, request);
        };
        (Asked { ear: Some(ear.clone()), ..asked }, Request { watch: Some(ear), ..request })
    }

    fn register(&self, request: &Request) {
        request.credentials.iter().for_each(|credential| self.redactor.register(&credential.secret));
    }

    fn noted<T>(
        &self,
        asked: &Asked,
        answer: Result<T, TransportError>,
        status: impl Fn(&T) -> u16,
    ) -> Result<T, TransportError> {
        let answer = answer.map_err(|error| self.cleaned(error));
        let Asked { method, place, began, .. } = asked;
        let ms = began.elapsed().as_millis();
        match &answer {
            Ok(answer) => tracing::info!(method, place, status = status(answer), ms, "asked"),
            Err(error) => tracing::warn!(method, place, status = refusal(error), ms, %error, "asked in vain"),
        }
        answer
    }
}

/// The status of a file, or of a redirect; none where nobody was asked.
fn stepped(step: &Step) -> u16 {
    match step {
        Step::File(_) => FINE,
        Step::Onward(_) => MOVED,
        Step::TooNear => 0,
    }
}

/// The status of an answer that is of no use.
fn refusal(error: &TransportError) -> Option<u16> {
    match error {
        TransportError::Status { status, .. }
        | TransportError::ContentType { status, .. }
        | TransportError::WebPage { status, .. }
        | TransportError::Redirected { status, .. } => Some(*status),
        _ => None,
    }
}

/// A request, as the log tells it.
struct Asked {
    method: &'static str,
    /// Origin and path; the query may hold anything.
    place: String,
    began: Instant,
    /// Who records it.
    ear: Option<Arc<Ear>>,
}

impl Asked {
    fn now(method: Method, url: &Url) -> Self {
        let place = format!("{}{}", url.origin().ascii_serialization(), url.path());
        Self { method: method.name(), place, began: Instant::now(), ear: None }
    }

    /// Tells who records it what came of it. What streams is heard of piece by piece.
    fn heard<T>(&self, answer: &Result<T, TransportError>, whole: impl Fn(&T) -> Option<&[u8]>) {
        let Some(ear) = &self.ear else { return };
        match answer {
            Ok(answer) => whole(answer).into_iter().for_each(|body| ear.whole(body)),
            Err(error) => ear.failed(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use model::ServerError;

    use super::*;

    #[test]
    fn the_log_is_told_no_query_and_no_user() {
        let url = Url::parse("https://ann:pw@host.example:8443/chatkit?key=1#x").unwrap();
        assert_eq!(Asked::now(Method::Post, &url).place, "https://host.example:8443/chatkit");
    }

    #[test]
    fn an_error_that_is_reported_in_a_stream_is_clean_and_an_answer_is_left_alone() {
        let out = Outbound::new(Http::new("test").unwrap(), Arc::default());
        out.redactor().register(&"sesame-street".into());
        let error = |message: &str| ServerError {
            code: "custom".to_owned(),
            message: Some(message.to_owned()),
            allow_retry: true,
        };
        let answer = ThreadEvent::Unknown { name: "sesame-street".to_owned() };
        let mut events = [answer.clone(), ThreadEvent::Error(error("no sesame-street"))];
        out.clean_events(&mut events);
        assert_eq!(events, [answer, ThreadEvent::Error(error("no [hidden]"))]);
    }
}

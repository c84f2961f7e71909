//! The one HTTP client.

use std::{
    fmt,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use hyper_util::client::proxy::matcher::Intercept;
use reqwest::{
    StatusCode, Url,
    header::{CONNECTION, HeaderMap, HeaderValue, VIA, WWW_AUTHENTICATE},
};
use tokio::time::timeout_at;

use crate::{
    answer::{AnyAnswer, JsonAnswer, challenge, content_type, fits, moved_within, redirected, web_page},
    body::{Body, Clock},
    error::{ClientCertificate, Expected, ProxyTrouble, TransportError, bare_url, origin},
    events::{EventStream, Framing},
    identity::{Identity, IdentityError, Sealed},
    lane::{Clients, Lane},
    limits::Limits,
    request::Request,
    retry_after::{date, retry_after},
    route::{Plain, Route, RouteId},
    trust::{self, Verifier},
    watch::Seen,
};

/// How often one server may send a request on within itself.
const ONWARD: usize = 3;

/// So many routes are kept ready. Each has connections of its own.
const ROUTES: usize = 16;

/// The HTTP client through which everything leaves, on one [`Route`]. Cheap to clone; clones on the same route share
/// their connections.
#[derive(Clone)]
pub struct Http {
    shared: Arc<Shared>,
    lane: Arc<Lane>,
}

struct Shared {
    user_agent: String,
    /// Those that were used last come first.
    lanes: Mutex<Vec<(RouteId, Arc<Lane>)>>,
}

/// An answer whose status and content type are good.
pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Body,
}

impl Http {
    /// A client that calls itself `user_agent`, on the system's route. On a machine that has no certificates it trusts
    /// none, and everything but https still works.
    ///
    /// # Errors
    ///
    /// If the name cannot be sent.
    pub fn new(user_agent: &str) -> Result<Self, TransportError> {
        let route = Route::default();
        let lane = Arc::new(Lane::new(user_agent, &route)?);
        let lanes = Mutex::new(vec![(route.id(), lane.clone())]);
        Ok(Self { shared: Arc::new(Shared { user_agent: user_agent.to_owned(), lanes }), lane })
    }

    /// The same client on another route.
    ///
    /// # Errors
    ///
    /// [`TransportError::BadAddress`] if there can be no such route: the address of the proxy, or a certificate of an
    /// authority, is of no use.
    pub fn over(&self, route: &Route) -> Result<Self, TransportError> {
        let id = route.id();
        let mut lanes = self.shared.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = match lanes.iter().position(|(known, _)| *known == id) {
            Some(at) => lanes.remove(at).1,
            None => Arc::new(Lane::new(&self.shared.user_agent, route)?),
        };
        lanes.insert(0, (id, lane.clone()));
        lanes.truncate(ROUTES);
        Ok(Self { shared: self.shared.clone(), lane })
    }

    /// Opens a client certificate, unless it is open already on a route in use: that takes as long as its encryption was
    /// meant to take, so this is not for a thread that others wait for.
    ///
    /// # Errors
    ///
    /// Why it cannot be used at this time.
    pub fn identity(&self, sealed: &Sealed, now: SystemTime) -> Result<Identity, IdentityError> {
        let id = sealed.id();
        let open = {
            let lanes = self.shared.lanes.lock().unwrap_or_else(PoisonError::into_inner);
            let mut open = lanes.iter().filter_map(|(_, lane)| lane.named.as_ref().map(|(identity, _)| identity));
            open.find(|identity| *identity.id() == id).cloned()
        };
        match open {
            Some(identity) => identity.in_its_time(now).map(|()| identity),
            None => sealed.open(&trust::provider(), now),
        }
    }

    /// What the program calls itself.
    pub(crate) fn user_agent(&self) -> &str {
        &self.shared.user_agent
    }

    /// The clients for an address.
    pub(crate) fn clients(&self, url: &Url) -> &Clients {
        let named = self.lane.named.as_ref().filter(|(identity, _)| identity.is_for(&origin(url)));
        named.map_or(&self.lane.unnamed, |(_, clients)| clients)
    }

    /// The clients for whoever is not to know who is calling.
    pub(crate) fn strangers(&self) -> &Clients {
        &self.lane.unnamed
    }

    /// What is shown to the server at an address, if it asks.
    pub(crate) fn identity_for(&self, url: &Url) -> Option<Identity> {
        let named = self.lane.named.as_ref().map(|(identity, _)| identity);
        named.filter(|identity| identity.is_for(&origin(url))).cloned()
    }

    /// The proxy that is asked for an address, if there is one. What runs on this machine is never asked for at one.
    pub(crate) fn proxy(&self, url: &Url) -> Option<Intercept> {
        let uri = url.as_str().parse().ok().filter(|_| !is_loopback(url))?;
        self.lane.proxies.intercept(&uri)
    }

    /// Who decides about certificates.
    pub(crate) fn verifier(&self) -> &Arc<Verifier> {
        &self.lane.verifier
    }

    /// Whether requests may go to an address: under https, to this machine, or to anyone if that was allowed.
    pub(crate) fn may_call(&self, url: &Url) -> Result<(), TransportError> {
        if url.scheme() == "http" && !is_loopback(url) && self.lane.plain == Plain::Loopback {
            return Err(TransportError::Unencrypted { origin: origin(url) });
        }
        Ok(())
    }

    /// The client makes a handshake with a proxy under https as it does with the server behind it. A proxy that asks who
    /// is calling would see a certificate that is meant for the server alone.
    pub(crate) fn may_be_introduced(&self, url: &Url) -> Result<(), TransportError> {
        let secret = self.identity_for(url).and_then(|_| self.proxy(url));
        if secret.is_some_and(|proxy| proxy.uri().scheme_str() == Some("https")) {
            let reason =
                "with a client certificate the proxy has to be one whose address begins with http:// or socks5://";
            return Err(TransportError::BadAddress { reason: reason.to_owned() });
        }
        Ok(())
    }

    /// Whether a refusal is for another reason than who is calling. `snippet` is the beginning of its body.
    pub(crate) fn let_in(&self, url: &Url, status: StatusCode, snippet: &str) -> Result<(), TransportError> {
        match ClientCertificate::wanted(&self.clients(url).introduction, status.as_u16(), snippet) {
            Some(why) => {
                Err(TransportError::ClientCertificate { why, origin: origin(url), detail: snippet.to_owned() })
            }
            None => Ok(()),
        }
    }

    /// Sends a request that is answered by JSON.
    ///
    /// # Errors
    ///
    /// Whatever keeps the whole answer from being here: see [`TransportError`].
    pub async fn json(&self, request: Request, limits: &Limits) -> Result<JsonAnswer, TransportError> {
        let Answer { status, headers, body } = self.clone().ask(request, Expected::Json, Clock::start(limits)).await?;
        let body = body.collect(limits.body_bytes).await?;
        Ok(JsonAnswer { status: status.as_u16(), headers, body })
    }

    /// Sends a request and reads whatever is answered, refusals and redirects as well; the latter are not followed.
    ///
    /// # Errors
    ///
    /// If there is no answer, or not the whole of it: see [`TransportError`].
    pub async fn any(&self, request: Request, limits: &Limits) -> Result<AnyAnswer, TransportError> {
        let clock = Clock::start(limits);
        let response = self.head(&request, &clock).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let location = match redirected(&request.url, status, &headers) {
            Some(TransportError::Redirected { location, .. }) => location,
            _ => None,
        };
        let retry_after = retry_after(status, &headers, SystemTime::now());
        let body = Body::of(response, clock).collect(limits.body_bytes).await?;
        Ok(AnyAnswer { status: status.as_u16(), headers, body, location, retry_after })
    }

    /// Sends a request that is answered by a stream of events, and waits for the head of the answer. The first-byte
    /// limit runs on until the first byte of the body.
    ///
    /// # Errors
    ///
    /// Whatever keeps the stream from beginning: see [`TransportError`].
    pub async fn events(&self, request: Request, limits: &Limits) -> Result<EventStream, TransportError> {
        let origin = request.url.origin().ascii_serialization();
        let watch = request.watch.clone();
        let asking = self.clone().ask(request, Expected::Events, Clock::start(limits));
        let asking = async {
            let Answer { headers, body, .. } = asking.await?;
            Ok((headers, body))
        };
        EventStream::open(&origin, asking, Framing::Standard, limits).await.map(|events| events.seen_by(watch))
    }

    pub(crate) async fn ask(
        self,
        request: Request,
        expected: Expected,
        clock: Clock,
    ) -> Result<Answer, TransportError> {
        let response = self.head(&request, &clock).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = Body::of(response, clock);
        let in_the_way = web_page(&request.url, status, &headers).is_some();
        let fits = fits(expected, content_type(&headers).as_deref());
        if status.is_success() && status != StatusCode::NO_CONTENT && fits && !in_the_way {
            return Ok(Answer { status, headers, body });
        }
        Err(self.refused(&request.url, expected, status, &headers, body).await)
    }

    /// Why an answer is of no use.
    pub(crate) async fn refused(
        &self,
        url: &Url,
        expected: Expected,
        status: StatusCode,
        headers: &HeaderMap,
        body: Body,
    ) -> TransportError {
        if let Some(location) = web_page(url, status, headers) {
            let (status, asked, snippet) = (status.as_u16(), bare_url(url), body.snippet().await);
            return TransportError::WebPage { status, asked, location, snippet };
        }
        if let Some(redirected) = redirected(url, status, headers) {
            return redirected;
        }
        let (found, snippet) = (content_type(headers), body.snippet().await);
        if status.is_success() {
            return TransportError::ContentType { expected, found, status: status.as_u16(), snippet };
        }
        let (retry_after, date) = (retry_after(status, headers, SystemTime::now()), date(headers));
        match self.let_in(url, status, &snippet) {
            Err(stranger) => stranger,
            Ok(()) => {
                let (status, challenge) = (status.as_u16(), challenge(headers));
                TransportError::Status { status, retry_after, date, challenge, snippet }
            }
        }
    }

    /// Sends a request and waits for the head of whatever answer it gets. A server that has it elsewhere is asked there, as
    /// long as it is the same server: it has not done anything yet, and learns nothing that it does not know.
    pub(crate) async fn head(&self, request: &Request, clock: &Clock) -> Result<reqwest::Response, TransportError> {
        let mut onward = None;
        for _ in 0..ONWARD {
            let asked = onward.as_ref().unwrap_or(request);
            let response = self.head_there(asked, clock).await?;
            match moved_within(asked, response.status(), response.headers()) {
                Some(url) => onward = Some(Request { url, ..asked.clone() }),
                None => return Ok(response),
            }
        }
        self.head_there(onward.as_ref().unwrap_or(request), clock).await
    }

    /// The same, told wherever the server points.
    pub(crate) async fn head_there(
        &self,
        request: &Request,
        clock: &Clock,
    ) -> Result<reqwest::Response, TransportError> {
        self.head_of(request, request.prepare()?, clock).await
    }

    /// The same for a request that is prepared. `request` is what it was prepared from.
    pub(crate) async fn head_of(
        &self,
        request: &Request,
        mut prepared: reqwest::Request,
        clock: &Clock,
    ) -> Result<reqwest::Response, TransportError> {
        self.may_call(&request.url)?;
        self.may_be_introduced(&request.url)?;
        let clients = self.clients(&request.url);
        let client = clients.usual.client(&request.url);
        if request.url.scheme() == "http" && self.proxy(&request.url).is_some() {
            // Some proxies close after each answer and do not say so. A request that goes out at that moment is lost, and
            // nobody may send it again.
            prepared.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        let (deadline, late) = clock.deadline(None);
        let proxy = || self.proxy(&request.url).map(|proxy| proxy_origin(&proxy));
        let answer = timeout_at(deadline, client.execute(prepared)).await.map_err(|_| late)?;
        let failed = |error| TransportError::before_head(&request.url, proxy(), &clients.introduction, error);
        let response = answer.map_err(failed)?;
        if let Some(watch) = &request.watch {
            watch.see(Seen::Head { status: response.status().as_u16(), headers: response.headers() });
        }
        // Under https the proxy has no say once there is a way through: this would be the server's own.
        if request.url.scheme() == "http"
            && let Some(proxy) = self.proxy(&request.url)
            && wants_login(&proxy, response.status(), response.headers())
        {
            let (status, proxy) = (response.status().as_u16(), proxy_origin(&proxy));
            let detail = format!("it wants a user name and a password, or others (status {status})");
            return Err(TransportError::Proxy { why: ProxyTrouble::Login, proxy, detail });
        }
        Ok(response)
    }
}

/// Whether it is the proxy that answers, because of its login. Some refuse a wrong one with the status of servers: that
/// is told by its asking for what only the proxy was given, in an answer that came through no proxy.
fn wants_login(proxy: &Intercept, status: StatusCode, headers: &HeaderMap) -> bool {
    let asks_for_basic = || {
        let asks = headers.get(WWW_AUTHENTICATE).and_then(|asks| asks.to_str().ok()).unwrap_or_default();
        asks.to_ascii_lowercase().starts_with("basic")
    };
    match status {
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => true,
        StatusCode::UNAUTHORIZED => proxy.basic_auth().is_some() && asks_for_basic() && !headers.contains_key(VIA),
        _ => false,
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http")
            .field("proxies", &self.lane.proxies)
            .field("plain", &self.lane.plain)
            .finish_non_exhaustive()
    }
}

/// Scheme, host and port of a proxy, without its user's name and password.
pub(crate) fn proxy_origin(proxy: &Intercept) -> String {
    let uri = proxy.uri();
    // That names are looked up at the other end is nothing that a person has to know of its address.
    let scheme = match uri.scheme_str() {
        Some("socks5h") => "socks5",
        Some(scheme) => scheme,
        None => "http",
    };
    let port = uri.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{scheme}://{}{port}", uri.host().unwrap_or_default())
}

/// Whether a request would stay on this machine.
pub fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_here_is_not_asked_for_at_a_proxy() {
        for here in [
            "http://127.0.0.1:1/",
            "http://127.9.9.9/",
            "http://[::1]:8080/",
            "http://localhost/",
            "https://a.localhost/",
        ] {
            assert!(is_loopback(&Url::parse(here).unwrap()), "{here}");
        }
        for there in ["http://10.0.0.1/", "http://localhost.example/", "http://notlocalhost/", "http://[::2]/"] {
            assert!(!is_loopback(&Url::parse(there).unwrap()), "{there}");
        }
    }
}

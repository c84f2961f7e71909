//! The one HTTP client.

use std::{
    net::IpAddr,
    sync::Arc,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::{
    StatusCode, Url,
    header::{CONTENT_TYPE, DATE, HeaderMap, LOCATION},
    redirect::Policy,
};
use tokio::time::timeout_at;

use crate::{
    body::{Body, Clock},
    error::{Expected, TransportError, bare_url, chain},
    events::EventStream,
    limits::Limits,
    request::Request,
    retry_after::retry_after,
};

/// A connection that is not made by now will not be made.
const CONNECT: Duration = Duration::from_secs(15);
/// A stream says nothing while a model thinks; the machines between must not forget it.
const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// The HTTP client through which everything leaves: one pool, one set of trusted certificates, one way to the proxy.
/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Http {
    /// Goes the way the system says, through its proxy where there is one.
    system: reqwest::Client,
    /// Goes straight: what runs on this machine is not to be asked for at a proxy.
    direct: reqwest::Client,
    /// The system's proxies, as the first of the two sees them.
    proxies: Arc<Matcher>,
}

/// An answer that is not a stream.
#[derive(Debug, Clone)]
pub struct JsonAnswer {
    /// Its status, always 2xx.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body: JSON by its content type, not yet parsed.
    pub body: Bytes,
}

impl JsonAnswer {
    /// What time it was at the server, if it said so.
    pub fn date(&self) -> Option<SystemTime> {
        httpdate::parse_http_date(self.headers.get(DATE)?.to_str().ok()?).ok()
    }
}

/// An answer whose status and content type are good.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Body,
}

impl Http {
    /// A client that calls itself `user_agent`. On a machine that has no certificates it trusts none, and everything
    /// but https still works.
    ///
    /// # Errors
    ///
    /// If the name cannot be sent.
    pub fn new(user_agent: &str) -> Result<Self, TransportError> {
        let builder = || {
            reqwest::Client::builder()
                .user_agent(user_agent)
                .redirect(Policy::none())
                .connect_timeout(CONNECT)
                .tcp_keepalive(KEEP_ALIVE)
        };
        let build = |builder: &dyn Fn() -> reqwest::ClientBuilder| {
            let client = builder().build().or_else(|_| builder().tls_certs_only([]).build());
            client.map_err(|error| TransportError::BadAddress { reason: chain(&error.without_url()) })
        };
        let proxies = Arc::new(Matcher::from_system());
        Ok(Self { system: build(&builder)?, direct: build(&|| builder().no_proxy())?, proxies })
    }

    /// The system's proxies.
    pub(crate) fn proxies(&self) -> &Matcher {
        &self.proxies
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

    /// Sends a request that is answered by a stream of events, and waits for the head of the answer. The first-byte
    /// limit runs on until the first byte of the body.
    ///
    /// # Errors
    ///
    /// Whatever keeps the stream from beginning: see [`TransportError`].
    pub async fn events(&self, request: Request, limits: &Limits) -> Result<EventStream, TransportError> {
        let origin = request.url.origin().ascii_serialization();
        let asking = self.clone().ask(request, Expected::Events, Clock::start(limits));
        let asking = async {
            let Answer { headers, body, .. } = asking.await?;
            Ok((headers, body))
        };
        EventStream::open(&origin, asking, limits).await
    }

    async fn ask(self, request: Request, expected: Expected, clock: Clock) -> Result<Answer, TransportError> {
        let response = self.head(&request, &clock).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        if let Some(redirected) = redirected(&request.url, status, &headers) {
            return Err(redirected);
        }
        let found = content_type(&headers);
        let body = Body::of(response, clock);
        if !status.is_success() {
            let retry_after = retry_after(&headers, SystemTime::now());
            let snippet = body.snippet().await;
            return Err(TransportError::Status { status: status.as_u16(), retry_after, snippet });
        }
        if status == StatusCode::NO_CONTENT || !found.as_deref().is_some_and(|found| is(expected, found)) {
            let snippet = body.snippet().await;
            return Err(TransportError::ContentType { expected, found, status: status.as_u16(), snippet });
        }
        Ok(Answer { status, headers, body })
    }

    /// Sends a request and waits for the head of whatever answer it gets.
    pub(crate) async fn head(&self, request: &Request, clock: &Clock) -> Result<reqwest::Response, TransportError> {
        let prepared = request.prepare()?;
        let client = if is_loopback(&request.url) { &self.direct } else { &self.system };
        let (deadline, late) = clock.deadline(None);
        timeout_at(deadline, client.execute(prepared))
            .await
            .map_err(|_| late)?
            .map_err(|error| TransportError::before_head(&request.url, error))
    }
}

/// Whether a request would stay on this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

/// The content type in lower case, without its parameters.
fn content_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let essence = value.split(';').next().unwrap_or_default().trim();
    (!essence.is_empty()).then(|| essence.to_ascii_lowercase())
}

fn is(expected: Expected, found: &str) -> bool {
    match expected {
        Expected::Events => found == "text/event-stream",
        Expected::Json => matches!(found, "application/json" | "text/json") || found.ends_with("+json"),
    }
}

fn redirected(from: &Url, status: StatusCode, headers: &HeaderMap) -> Option<TransportError> {
    if !status.is_redirection() {
        return None;
    }
    let location = headers.get(LOCATION)?.to_str().ok().and_then(|to| from.join(to).ok());
    Some(TransportError::Redirected { status: status.as_u16(), location: location.as_ref().map(bare_url) })
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

    #[test]
    fn content_types() {
        assert!(is(Expected::Events, "text/event-stream"));
        assert!(!is(Expected::Events, "application/json"));
        assert!(is(Expected::Json, "application/json") && is(Expected::Json, "application/problem+json"));
        assert!(!is(Expected::Json, "text/html"));
        let mut headers = HeaderMap::new();
        assert_eq!(content_type(&headers), None);
        headers.insert(CONTENT_TYPE, "Text/Event-Stream; charset=utf-8".parse().unwrap());
        assert_eq!(content_type(&headers).as_deref(), Some("text/event-stream"));
    }
}

//! From a request to a WebSocket: the HTTP client makes the connection, with the route's proxy, trust and certificates, and
//! hands it over once the server agrees.

use hyper::client::conn::http1;
use hyper_util::{client::proxy::matcher::Intercept, rt::TokioIo};
use reqwest::{
    StatusCode,
    header::{
        CONNECTION, HOST, HeaderMap, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION,
        UPGRADE, USER_AGENT,
    },
};
use tokio::time::timeout_at;
use tokio_tungstenite::tungstenite::handshake::{client::generate_key, derive_accept_key};

use super::{Pulse, Socket};
use crate::{
    body::{Body, Clock},
    cause::chain,
    error::{Expected, TransportError, Unreachable, origin},
    http::{Http, proxy_origin},
    limits::Limits,
    probe::Probe,
    request::Request,
    watch::Seen,
};

impl Http {
    /// Opens a WebSocket at an http or https address; the request's headers and secrets go with the handshake, its body does
    /// not. The handshake has to be over within the first-byte limit. No redirect is followed.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from being opened: see [`TransportError`]. The server has done nothing then.
    pub async fn socket(&self, request: Request, limits: &Limits, pulse: Pulse) -> Result<Socket, TransportError> {
        let (key, clock) = (generate_key(), Clock::start(limits));
        let response = self.agreed(&request, &key, &clock).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        if let Some(watch) = &request.watch {
            watch.see(Seen::Head { status: status.as_u16(), headers: &headers });
        }
        if status != StatusCode::SWITCHING_PROTOCOLS {
            let body = Body::of(response, clock);
            return Err(self.refused(&request.url, Expected::Socket, status, &headers, body).await);
        }
        if !is_agreement(&headers, &key) {
            let found = Some("an upgrade to something else".to_owned());
            let (status, snippet) = (status.as_u16(), String::new());
            return Err(TransportError::ContentType { expected: Expected::Socket, found, status, snippet });
        }
        let upgraded = response.upgrade().await;
        let broken = |error: reqwest::Error| TransportError::Unreachable {
            why: Unreachable::Reset,
            origin: origin(&request.url),
            detail: chain(&error.without_url()),
        };
        let socket = Socket::over(upgraded.map_err(broken)?, limits, pulse).await;
        Ok(Socket { watch: request.watch, ..socket })
    }

    /// Asks for the upgrade, and waits for the head of the answer.
    async fn agreed(&self, request: &Request, key: &str, clock: &Clock) -> Result<reqwest::Response, TransportError> {
        let url = &request.url;
        let mut prepared = request.prepare()?;
        self.may_call(url)?;
        self.may_be_introduced(url)?;
        let bad = |_| TransportError::BadAddress { reason: "the key of a handshake cannot be sent".to_owned() };
        let key = HeaderValue::from_str(key).map_err(bad)?;
        let upgrade = HeaderValue::from_static;
        prepared.headers_mut().extend([
            (CONNECTION, upgrade("Upgrade")),
            (UPGRADE, upgrade("websocket")),
            (SEC_WEBSOCKET_VERSION, upgrade("13")),
            (SEC_WEBSOCKET_KEY, key),
        ]);
        let (deadline, late) = clock.deadline(None);
        let proxy = self.proxy(url);
        if url.scheme() == "http"
            && let Some(proxy) = proxy.as_ref().filter(|proxy| speaks_http(proxy))
        {
            return timeout_at(deadline, self.tunnelled(proxy, prepared)).await.map_err(|_| late)?;
        }
        let clients = self.clients(url);
        let asking = clients.upgrading()?.client(url).execute(prepared);
        let answer = timeout_at(deadline, asking).await.map_err(|_| late)?;
        answer.map_err(|error| {
            TransportError::before_head(url, proxy.as_ref().map(proxy_origin), &clients.introduction, error)
        })
    }

    /// The same without encryption through an HTTP proxy. Requests are handed to such a proxy whole, and none hands on that
    /// they are to become something else: it is asked for a way through, as under https.
    async fn tunnelled(
        &self,
        proxy: &Intercept,
        prepared: reqwest::Request,
    ) -> Result<reqwest::Response, TransportError> {
        let url = prepared.url().clone();
        let bad = |reason: &str| TransportError::BadAddress { reason: reason.to_owned() };
        if proxy.uri().scheme_str() == Some("https") {
            let reason = "a WebSocket without encryption needs a proxy whose address begins with http:// or socks5://";
            return Err(bad(reason));
        }
        let unsent = |_| bad("its path cannot be sent");
        let mut asked = hyper::Request::<reqwest::Body>::try_from(prepared).map_err(|_| bad("it cannot be sent"))?;
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        *asked.uri_mut() = format!("{}{query}", url.path()).parse().map_err(unsent)?;
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let host = format!("{}{port}", url.host_str().unwrap_or_default());
        asked.headers_mut().insert(HOST, HeaderValue::try_from(host).map_err(|_| bad("its host cannot be sent"))?);
        if let Ok(name) = HeaderValue::from_str(self.user_agent()) {
            asked.headers_mut().entry(USER_AGENT).or_insert(name);
        }
        let way = Probe::new(self, url.clone());
        let addresses = way.look_up().await?;
        let (mut stream, _) = way.connect(&addresses).await?;
        way.tunnel(&mut stream, proxy).await?;
        let broken = |error: hyper::Error| TransportError::Unreachable {
            why: Unreachable::Reset,
            origin: origin(&url),
            detail: chain(&error),
        };
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
        // Ends with the sender, or hands the connection over.
        tokio::spawn(connection.with_upgrades());
        let answer = sender.send_request(asked).await.map_err(broken)?;
        Ok(answer.map(reqwest::Body::wrap).into())
    }
}

/// Whether a proxy is one that is asked in HTTP. Others lead everything through alike.
fn speaks_http(proxy: &Intercept) -> bool {
    matches!(proxy.uri().scheme_str(), Some("http" | "https") | None)
}

/// Whether the server has understood what it agrees to.
fn is_agreement(headers: &HeaderMap, key: &str) -> bool {
    let says = |name, word: &str| {
        let words = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
        words.flat_map(|value| value.split(',')).any(|value| value.trim().eq_ignore_ascii_case(word))
    };
    let accepts = headers.get(SEC_WEBSOCKET_ACCEPT).is_some_and(|value| *value == derive_accept_key(key.as_bytes()));
    says(UPGRADE, "websocket") && says(CONNECTION, "upgrade") && accepts
}

//! A look at the way to a server, one step after another: its name, a connection, its certificate, whether it speaks HTTP.
//!
//! It decides as [`Http`] does, with the same proxies and the same trust, and sends nothing that could be a secret. What
//! is found out here is told to a person; no request depends on it, but that a WebSocket without encryption goes through a
//! proxy as these do.

mod certificate;
mod tls;
mod tunnel;

use std::{
    io,
    net::{IpAddr, SocketAddr},
    time::{Duration, SystemTime},
};

use hyper_util::client::proxy::matcher::Intercept;
use reqwest::{
    Url,
    header::{DATE, HeaderMap, LOCATION, SERVER, VIA},
};
use tokio::{net::TcpStream, time::timeout};

use crate::{
    body::{Body, Clock},
    cause::{chain, io_kind},
    error::{ProxyTrouble, TransportError, Unreachable, bare_url, origin},
    http::{Http, is_loopback, proxy_origin},
    limits::Limits,
    request::Request,
};

pub use certificate::Certificate;
pub use tls::{Asked, Handshake};

/// How long one step may take.
const LIMIT: Duration = Duration::from_secs(15);

/// The way to one server.
pub struct Probe {
    url: Url,
    http: Http,
    proxy: Option<Intercept>,
}

/// How a server answered a request for nothing in particular.
#[derive(Debug, Clone)]
pub struct Greeting {
    /// The status.
    pub status: u16,
    /// What it calls itself, and what the proxies on the way call themselves.
    pub server: Option<String>,
    /// Where it points to, without user information, query and fragment.
    pub location: Option<String>,
    /// What time it says it is.
    pub date: Option<SystemTime>,
}

impl Probe {
    /// The way that requests to an address go.
    pub fn new(http: &Http, url: Url) -> Self {
        let proxy = http.proxy(&url);
        Self { url, http: http.clone(), proxy }
    }

    /// Scheme, host and port of the server.
    pub fn origin(&self) -> String {
        origin(&self.url)
    }

    /// Whether what is sent is encrypted.
    pub fn is_secure(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether the server is this computer.
    pub fn is_here(&self) -> bool {
        is_loopback(&self.url)
    }

    /// Whether requests may go there: without encryption that has to be allowed.
    ///
    /// # Errors
    ///
    /// [`TransportError::Unencrypted`] if they may not.
    pub fn may_call(&self) -> Result<(), TransportError> {
        self.http.may_call(&self.url)
    }

    /// The proxy through which requests go, if there is one, without its user's name and password.
    pub fn proxy(&self) -> Option<String> {
        self.proxy.as_ref().map(proxy_origin)
    }

    /// The host that has to be found: that of the proxy, or of the server. Without the brackets of IPv6.
    pub fn host(&self) -> String {
        let host = match &self.proxy {
            Some(proxy) => proxy.uri().host().unwrap_or_default(),
            None => self.url.host_str().unwrap_or_default(),
        };
        bare_host(host).to_owned()
    }

    fn port(&self) -> u16 {
        match &self.proxy {
            Some(proxy) => proxy.uri().port_u16().unwrap_or(match proxy.uri().scheme_str() {
                Some("https") => 443,
                Some(scheme) if scheme.starts_with("socks") => 1080,
                _ => 80,
            }),
            None => self.url.port_or_known_default().unwrap_or(80),
        }
    }

    /// Whether the host is a number already.
    pub fn is_number(&self) -> bool {
        self.host().parse::<IpAddr>().is_ok()
    }

    /// Looks up the host's addresses.
    ///
    /// # Errors
    ///
    /// [`TransportError::Unreachable`], or [`TransportError::Proxy`], if it has none or nobody knows within fifteen seconds.
    pub async fn look_up(&self) -> Result<Vec<SocketAddr>, TransportError> {
        let (host, port) = (self.host(), self.port());
        let found = timeout(LIMIT, tokio::net::lookup_host((host.as_str(), port))).await;
        match found {
            Ok(Ok(addresses)) => {
                let mut all: Vec<SocketAddr> = Vec::new();
                addresses.for_each(|address| {
                    if !all.contains(&address) {
                        all.push(address);
                    }
                });
                if all.is_empty() { Err(self.unreachable(Unreachable::Dns, "no address".into())) } else { Ok(all) }
            }
            Ok(Err(error)) => Err(self.unreachable(Unreachable::Dns, chain(&error))),
            Err(_) => Err(self.unreachable(Unreachable::Dns, format!("no answer within {} s", LIMIT.as_secs()))),
        }
    }

    /// Connects to the first of the addresses that takes it.
    ///
    /// # Errors
    ///
    /// [`TransportError::Unreachable`], or [`TransportError::Proxy`], with what the last one of them said.
    pub async fn connect(&self, addresses: &[SocketAddr]) -> Result<(TcpStream, SocketAddr), TransportError> {
        let mut trouble = io::Error::from(io::ErrorKind::AddrNotAvailable);
        // All of them together have the time that the HTTP client gives them.
        let share = LIMIT / u32::try_from(addresses.len().max(1)).unwrap_or(u32::MAX);
        for &address in addresses {
            match timeout(share, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return Ok((stream, address)),
                Ok(Err(error)) => trouble = error,
                Err(_) => trouble = io::ErrorKind::TimedOut.into(),
            }
        }
        let why = match io_kind(&trouble) {
            Some(io::ErrorKind::ConnectionRefused) => Unreachable::Refused,
            Some(io::ErrorKind::TimedOut) => Unreachable::TimedOut,
            _ => Unreachable::Other,
        };
        Err(self.unreachable(why, chain(&trouble)))
    }

    /// Shakes hands with the server over a connection, through the proxy if there is one. `None` where the proxy speaks a
    /// language in which this look cannot ask; requests may pass through it all the same.
    ///
    /// # Errors
    ///
    /// [`TransportError::Proxy`] if the proxy lets nobody through. Whatever the server does is in the handshake.
    pub async fn secure(&self, mut stream: TcpStream) -> Result<Option<Handshake>, TransportError> {
        let host = self.url.host_str().unwrap_or_default();
        if let Some(proxy) = &self.proxy {
            if proxy.uri().scheme_str() != Some("http") {
                return Ok(None);
            }
            self.tunnel(&mut stream, proxy).await?;
        }
        let identity = self.http.identity_for(&self.url);
        Ok(Some(tls::shake(stream, bare_host(host), &self.origin(), self.http.verifier(), identity).await))
    }

    /// Has a proxy lead a connection to the server.
    pub(crate) async fn tunnel(&self, stream: &mut TcpStream, proxy: &Intercept) -> Result<(), TransportError> {
        let host = self.url.host_str().unwrap_or_default();
        let to = format!("{host}:{}", self.url.port_or_known_default().unwrap_or(443));
        let opened = timeout(LIMIT, tunnel::open(stream, &to, proxy.basic_auth())).await;
        let (why, detail) = match opened {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(trouble)) => trouble,
            Err(_) => {
                let words = format!("it said nothing for {} s", LIMIT.as_secs());
                (ProxyTrouble::Unreachable(Unreachable::TimedOut), words)
            }
        };
        Err(TransportError::Proxy { why, proxy: proxy_origin(proxy), detail })
    }

    /// Asks the server for its first page, without a token and as requests are sent. Any answer will do.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from answering: see [`TransportError`].
    pub async fn greet(&self, limits: &Limits) -> Result<Greeting, TransportError> {
        let mut url = self.url.clone();
        url.set_path("/");
        url.set_query(None);
        let request = Request::get(url).header("accept", "*/*");
        let clock = Clock::start(limits);
        let response = self.http.head(&request, &clock).await?;
        let text = |name| words(response.headers(), name);
        let location = text(LOCATION).and_then(|to| self.url.join(&to).ok()).map(|url| bare_url(&url));
        let date = text(DATE).and_then(|date| httpdate::parse_http_date(&date).ok());
        let server: Vec<_> = [SERVER, VIA].into_iter().filter_map(text).collect();
        let server = (!server.is_empty()).then(|| server.join(", "));
        let status = response.status();
        if status.is_client_error() {
            self.http.let_in(&self.url, status, &Body::of(response, clock).snippet().await)?;
        }
        Ok(Greeting { status: status.as_u16(), server, location, date })
    }

    fn unreachable(&self, why: Unreachable, detail: String) -> TransportError {
        match self.proxy() {
            Some(proxy) => TransportError::Proxy { why: ProxyTrouble::Unreachable(why), proxy, detail },
            None => TransportError::Unreachable { why, origin: self.origin(), detail },
        }
    }
}

/// A header that can be shown.
fn words(headers: &HeaderMap, name: reqwest::header::HeaderName) -> Option<String> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    (!text.is_empty()).then(|| text.chars().take(200).collect())
}

fn bare_host(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}

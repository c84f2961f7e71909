//! A route with the clients that take it.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::{Url, redirect::Policy};
use tokio_rustls::rustls::ClientConfig;

use crate::{
    cause::chain,
    error::TransportError,
    http::is_loopback,
    identity::{Identity, Introduction},
    reach::{Guard, Space},
    route::{Plain, Proxy, Route},
    trust::Verifier,
};

/// A connection that is not made by now will not be made.
const CONNECT: Duration = Duration::from_secs(15);
/// A connection that nobody uses any more is closed after this time. Until then the next request goes over it.
const IDLE: Duration = Duration::from_secs(60);
/// A stream says nothing while a model thinks; the machines between must not forget it.
const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// A route, ready to be taken.
pub(crate) struct Lane {
    /// For whoever is not to know who is calling.
    pub unnamed: Clients,
    /// For the servers of the client certificate, if there is one. Clients of their own, for one shows its certificate to
    /// whoever asks in a handshake, and does not tell whom.
    pub named: Option<(Identity, Clients)>,
    /// The proxies, as the routed clients see them.
    pub proxies: Matcher,
    /// Whom all trust.
    pub verifier: Arc<Verifier>,
    pub plain: Plain,
}

impl Lane {
    /// Reads the system's certificates anew.
    pub fn new(user_agent: &str, route: &Route) -> Result<Self, TransportError> {
        Self::with_idle(user_agent, route, IDLE)
    }

    /// The same with another limit for connections that nobody uses.
    fn with_idle(user_agent: &str, route: &Route, idle: Duration) -> Result<Self, TransportError> {
        let verifier = Arc::new(Verifier::new(&route.trust)?);
        let clients = |identity| Clients::new(user_agent, route, &verifier, identity, idle);
        let named = match &route.identity {
            Some(identity) => Some((identity.clone(), clients(Some(identity.clone()))?)),
            None => None,
        };
        Ok(Self { unnamed: clients(None)?, named, proxies: route.proxy.matcher()?, verifier, plain: route.plain })
    }
}

/// Clients that introduce themselves in the same way.
pub(crate) struct Clients {
    /// For everything that is asked and answered.
    pub usual: Pair,
    pub introduction: Arc<Introduction>,
    /// For connections that become WebSockets; made when the first one is wanted.
    upgrading: OnceLock<Result<Pair, TransportError>>,
    /// For what servers name, by how near it may be; made when the first one is wanted.
    guarded: [OnceLock<Result<reqwest::Client, TransportError>>; 3],
    recipe: Recipe,
}

/// A client for each of the two ways.
#[derive(Clone)]
pub(crate) struct Pair {
    /// Goes through the proxy where there is one for an address.
    routed: reqwest::Client,
    /// Goes straight: what runs on this machine is not to be asked for at a proxy.
    direct: reqwest::Client,
}

/// What clients of a route are made of.
struct Recipe {
    user_agent: String,
    proxy: Proxy,
    tls: ClientConfig,
    /// How long a connection that nobody uses is kept.
    idle: Duration,
}

/// What becomes of the connections of a client.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Connections {
    /// They are kept and shared, and speak HTTP/2 where the server does.
    Shared,
    /// Each is used once and then is something else than HTTP: only HTTP/1.1 can become that.
    Upgraded,
}

impl Clients {
    fn new(
        user_agent: &str,
        route: &Route,
        verifier: &Arc<Verifier>,
        identity: Option<Identity>,
        idle: Duration,
    ) -> Result<Self, TransportError> {
        let introduction = Arc::new(Introduction::new(identity));
        let tls = verifier.config(verifier.clone(), introduction.clone());
        let tls = tls.map_err(|error| TransportError::BadAddress { reason: chain(&error) })?;
        let recipe = Recipe { user_agent: user_agent.to_owned(), proxy: route.proxy.clone(), tls, idle };
        let usual = recipe.pair(Connections::Shared)?;
        Ok(Self { usual, introduction, upgrading: OnceLock::new(), guarded: Default::default(), recipe })
    }

    /// Those for connections that become WebSockets.
    pub fn upgrading(&self) -> Result<&Pair, TransportError> {
        let made = self.upgrading.get_or_init(|| self.recipe.pair(Connections::Upgraded));
        made.as_ref().map_err(Clone::clone)
    }

    /// The one that asks nobody who is nearer than that, without a proxy.
    pub fn guarded(&self, within: Space) -> Result<reqwest::Client, TransportError> {
        let place = match within {
            Space::Public => 0,
            Space::Private => 1,
            Space::Here => 2,
        };
        let made = self.guarded[place].get_or_init(|| self.recipe.guarded(within));
        made.clone()
    }
}

impl Pair {
    /// The client for an address.
    pub fn client(&self, url: &Url) -> &reqwest::Client {
        if is_loopback(url) { &self.direct } else { &self.routed }
    }
}

impl Recipe {
    fn pair(&self, connections: Connections) -> Result<Pair, TransportError> {
        let builder = || self.builder(connections);
        let direct = built(builder().no_proxy())?;
        let routed = match (&self.proxy, self.proxy.client()?) {
            (Proxy::None, _) => direct.clone(),
            (_, Some(proxy)) => built(builder().proxy(proxy))?,
            (_, None) => built(builder())?,
        };
        Ok(Pair { routed, direct })
    }

    fn guarded(&self, within: Space) -> Result<reqwest::Client, TransportError> {
        let resolver = Guard(within).resolver();
        built(self.builder(Connections::Shared).no_proxy().dns_resolver(resolver))
    }

    fn builder(&self, connections: Connections) -> reqwest::ClientBuilder {
        let mut tls = self.tls.clone();
        tls.alpn_protocols = match connections {
            Connections::Shared => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
            Connections::Upgraded => vec![b"http/1.1".to_vec()],
        };
        let builder = reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .pool_idle_timeout(self.idle)
            .tcp_keepalive(KEEP_ALIVE)
            .tls_backend_preconfigured(tls);
        match connections {
            Connections::Shared => builder,
            Connections::Upgraded => builder.http1_only().pool_max_idle_per_host(0),
        }
    }
}

fn built(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, TransportError> {
    let bad = |error: reqwest::Error| TransportError::BadAddress { reason: chain(&error.without_url()) };
    builder.build().map_err(bad)
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
        time::timeout,
    };

    use super::*;

    #[tokio::test]
    async fn a_connection_that_nobody_uses_is_closed() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let lane = Lane::with_idle("test", &Route::default(), Duration::from_millis(100)).unwrap();
        let server = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut bytes = vec![0; 4096];
            assert_ne!(socket.read(&mut bytes).await.unwrap(), 0);
            socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi").await.unwrap();
            // It stays open on this side: whoever ends it is the other one.
            timeout(Duration::from_secs(20), socket.read(&mut bytes)).await.unwrap().unwrap()
        });
        let answer = lane.unnamed.usual.direct.get(url).send().await.unwrap().text().await.unwrap();
        assert_eq!((answer.as_str(), server.await.unwrap()), ("hi", 0));
    }
}

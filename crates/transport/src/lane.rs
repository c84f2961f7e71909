//! A route with the clients that take it.

use std::{sync::Arc, time::Duration};

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::redirect::Policy;

use crate::{
    cause::chain,
    error::TransportError,
    identity::{Identity, Introduction},
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

/// Clients that introduce themselves in the same way.
pub(crate) struct Clients {
    /// Goes through the proxy where there is one for an address.
    pub routed: reqwest::Client,
    /// Goes straight: what runs on this machine is not to be asked for at a proxy.
    pub direct: reqwest::Client,
    pub introduction: Arc<Introduction>,
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

impl Clients {
    fn new(
        user_agent: &str,
        route: &Route,
        verifier: &Arc<Verifier>,
        identity: Option<Identity>,
        idle: Duration,
    ) -> Result<Self, TransportError> {
        let bad = |reason: String| TransportError::BadAddress { reason };
        let introduction = Arc::new(Introduction::new(identity));
        let mut tls = verifier.config(verifier.clone(), introduction.clone()).map_err(|error| bad(chain(&error)))?;
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let builder = || {
            reqwest::Client::builder()
                .user_agent(user_agent)
                .redirect(Policy::none())
                .connect_timeout(CONNECT)
                .pool_idle_timeout(idle)
                .tcp_keepalive(KEEP_ALIVE)
                .tls_backend_preconfigured(tls.clone())
        };
        let build = |builder: reqwest::ClientBuilder| builder.build().map_err(|error| bad(chain(&error.without_url())));
        let direct = build(builder().no_proxy())?;
        let routed = match (&route.proxy, route.proxy.client()?) {
            (Proxy::None, _) => direct.clone(),
            (_, Some(proxy)) => build(builder().proxy(proxy))?,
            (_, None) => build(builder())?,
        };
        Ok(Self { routed, direct, introduction })
    }
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
        let answer = lane.unnamed.direct.get(url).send().await.unwrap().text().await.unwrap();
        assert_eq!((answer.as_str(), server.await.unwrap()), ("hi", 0));
    }
}

//! The way that requests take to a server: through which proxy, trusting whom, and whether without encryption.

use std::fmt;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

pub use crate::trust::{Pin, Trust};
use crate::{error::TransportError, identity::Identity};

/// The way to a server. The default is the system's: its proxies, the certificates that it trusts, and nothing without
/// encryption but to this machine.
#[derive(Debug, Clone, Default)]
pub struct Route {
    /// Through which proxy. What runs on this machine is never asked for at one.
    pub proxy: Proxy,
    /// Which certificates are accepted.
    pub trust: Trust,
    /// Where to without encryption.
    pub plain: Plain,
    /// What is shown to servers that ask who is calling.
    pub identity: Option<Identity>,
}

/// Through which proxy requests go.
#[derive(Debug, Clone, Default)]
pub enum Proxy {
    /// That of the system, with its exceptions.
    #[default]
    System,
    /// Through none.
    None,
    /// Through this one.
    Manual(ManualProxy),
}

/// A proxy, and who asks it. What `Debug` prints has no password.
#[derive(Debug, Clone)]
pub struct ManualProxy {
    /// Its address: `http`, `https` or `socks5`, a host, and a port where it is not the usual one. A SOCKS proxy looks up
    /// the names of servers itself.
    pub url: Url,
    /// User name and password, if it asks for them.
    pub login: Option<(String, SecretString)>,
}

/// Where to requests may go that are not encrypted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Plain {
    /// To this machine only.
    #[default]
    Loopback,
    /// To anyone: the person said so.
    Anywhere,
}

/// Tells routes apart; two of the same kind share their connections.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct RouteId([u8; 32]);

impl Route {
    /// The same for every route of this kind. The password is in it, unreadably.
    pub(crate) fn id(&self) -> RouteId {
        let Self { proxy, trust, plain, identity } = self;
        let mut digest = Sha256::new();
        let mut add = |bytes: &[u8]| {
            digest.update(bytes.len().to_le_bytes());
            digest.update(bytes);
        };
        match proxy {
            Proxy::System => add(b"system"),
            Proxy::None => add(b"none"),
            Proxy::Manual(ManualProxy { url, login }) => {
                add(url.as_str().as_bytes());
                if let Some((user, password)) = login {
                    add(user.as_bytes());
                    add(password.expose_secret().as_bytes());
                }
            }
        }
        add(b"trust");
        trust.authorities.iter().for_each(|der| add(der));
        add(b"pins");
        trust.pins.iter().for_each(|pin| {
            add(pin.host.as_bytes());
            add(&pin.sha256);
        });
        add(if *plain == Plain::Anywhere { b"anywhere" } else { b"loopback" });
        add(identity.as_ref().map_or(&[], |identity| identity.id().as_slice()));
        RouteId(digest.finalize().into())
    }
}

impl Proxy {
    /// What decides for each address whether it is asked for at a proxy, and at which.
    pub(crate) fn matcher(&self) -> Result<Matcher, TransportError> {
        Ok(match self {
            Self::System => Matcher::from_system(),
            Self::None => Matcher::builder().build(),
            Self::Manual(manual) => Matcher::builder().all(manual.whole()?.to_string()).build(),
        })
    }

    /// The same for the HTTP client; `None` for the system's, which it finds by itself.
    pub(crate) fn client(&self) -> Result<Option<reqwest::Proxy>, TransportError> {
        let Self::Manual(manual) = self else { return Ok(None) };
        reqwest::Proxy::all(manual.whole()?).map(Some).map_err(|_| bad())
    }
}

impl ManualProxy {
    /// The address with the user name and the password in it, as the libraries want it.
    fn whole(&self) -> Result<Url, TransportError> {
        let mut text = self.url.as_str().to_owned();
        // The scheme of a proxy that is given names, not addresses.
        if let Some(rest) = text.strip_prefix("socks5://") {
            text = format!("socks5h://{rest}");
        }
        let mut url = Url::parse(&text).map_err(|_| bad())?;
        if !matches!(url.scheme(), "http" | "https" | "socks5h") || !url.has_host() {
            return Err(bad());
        }
        if let Some((user, password)) = &self.login {
            url.set_username(user).map_err(|()| bad())?;
            url.set_password(Some(password.expose_secret())).map_err(|()| bad())?;
        }
        Ok(url)
    }
}

impl fmt::Debug for RouteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RouteId")
    }
}

fn bad() -> TransportError {
    let reason = "a proxy has an address that begins with http://, https:// or socks5://";
    TransportError::BadAddress { reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manual(url: &str, login: Option<(&str, &str)>) -> Route {
        let login = login.map(|(user, password)| (user.to_owned(), password.into()));
        let proxy = Proxy::Manual(ManualProxy { url: Url::parse(url).unwrap(), login });
        Route { proxy, ..Route::default() }
    }

    #[test]
    fn routes_are_told_apart_by_all_that_is_in_them() {
        let pin = |host: &str| Pin { host: host.to_owned(), sha256: [7; 32] };
        let trusting = |trust| Route { trust, ..Route::default() };
        let routes = [
            Route::default(),
            Route { proxy: Proxy::None, ..Route::default() },
            Route { plain: Plain::Anywhere, ..Route::default() },
            manual("http://proxy.example:3128", None),
            manual("http://proxy.example:3128", Some(("ann", "one"))),
            manual("http://proxy.example:3128", Some(("ann", "two"))),
            trusting(Trust { authorities: vec![vec![1]], pins: Vec::new() }),
            trusting(Trust { authorities: Vec::new(), pins: vec![pin("a.example")] }),
            trusting(Trust { authorities: Vec::new(), pins: vec![pin("b.example")] }),
        ];
        for (at, one) in routes.iter().enumerate() {
            for (other_at, other) in routes.iter().enumerate() {
                assert_eq!(one.id() == other.id(), at == other_at, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn a_proxy_is_told_its_user_and_nobody_else_is() {
        let route = manual("socks5://proxy.example:1080", Some(("ann:b", "p@ss/w ord")));
        assert!(!format!("{route:?} {:?}", route.id()).contains("p@ss"));
        let matcher = route.proxy.matcher().unwrap();
        let found = matcher.intercept(&"https://chat.example/".parse().unwrap()).unwrap();
        assert_eq!(found.uri().to_string(), "socks5h://proxy.example:1080/");
        assert_eq!(found.raw_auth(), Some(("ann:b", "p@ss/w ord")));
        assert!(manual("ftp://proxy.example", None).proxy.client().is_err());
    }
}

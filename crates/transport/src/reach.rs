//! How near to this machine an address is. What a server names is fetched from no nearer than the server itself, so that
//! none can use this program to knock at doors of the network that it runs in.

use std::{
    error::Error,
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use reqwest::{
    Url,
    dns::{Addrs, Name, Resolve, Resolving},
};

use crate::{error::TransportError, http::is_loopback};

/// Where an address is, the farthest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Space {
    /// On the internet.
    Public,
    /// In a network that is not everybody's: a home, an office, a computing centre's own services.
    Private,
    /// On this machine.
    Here,
}

impl Space {
    /// Where an address is.
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => of_v4(address),
            IpAddr::V6(address) => of_v6(address),
        }
    }

    /// Where the host of an address is, as far as its name tells: an address is one, and some names are nobody's on the
    /// internet. A name without a dot is looked up in the network's own domain.
    pub fn told(url: &Url) -> Option<Self> {
        const OWN: [&str; 5] = [".local", ".internal", ".home.arpa", ".lan", ".intranet"];
        if is_loopback(url) {
            return Some(Self::Here);
        }
        let host = url.host_str()?.trim_end_matches('.');
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = bare.parse() {
            return Some(Self::of(address));
        }
        if host == "localhost" || host.ends_with(".localhost") {
            return Some(Self::Here);
        }
        let own = !host.contains('.') || OWN.iter().any(|ending| host.ends_with(ending));
        own.then_some(Self::Private)
    }
}

fn of_v4(address: Ipv4Addr) -> Space {
    let [first, second, third, _] = address.octets();
    match (first, second, third) {
        // An address that is none is this machine, to systems that take it at all.
        (0 | 127, ..) => Space::Here,
        (10, ..) | (192, 168, _) | (169, 254, _) | (192, 0, 0) => Space::Private,
        (100, 64..=127, _) | (172, 16..=31, _) | (198, 18..=19, _) => Space::Private,
        // To many at once, and what was never given to anybody.
        (224..=255, ..) => Space::Private,
        _ => Space::Public,
    }
}

fn of_v6(address: Ipv6Addr) -> Space {
    if address.is_loopback() || address.is_unspecified() {
        return Space::Here;
    }
    let parts = address.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        of_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        // The older internet within the newer one: mapped, compatible, translated twice over, 6to4.
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] | [0, 0, 0, 0, 0xffff, 0, high, low] => v4(high, low),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => v4(high, low),
        [0x64, 0xff9b, 1, ..] => Space::Private,
        // Of a site, of a link, and to many at once.
        [0xfc00..=0xfdff | 0xfe80..=0xffff, ..] => Space::Private,
        _ => Space::Public,
    }
}

/// Looks names up, and gives only addresses that are near enough to be asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Guard(pub Space);

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let within = self.0;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let near: Vec<SocketAddr> = found.into_iter().filter(|found| Space::of(found.ip()) <= within).collect();
            if near.is_empty() { Err(TooNear.into()) } else { Ok(Box::new(near.into_iter()) as Addrs) }
        })
    }
}

impl Guard {
    /// For the HTTP client.
    pub(crate) fn resolver(self) -> Arc<Self> {
        Arc::new(self)
    }
}

/// Every address of a name was nearer than may be asked.
#[derive(Debug)]
pub(crate) struct TooNear;

impl TooNear {
    /// Whether that is why there was no connection.
    pub(crate) fn is_in(error: &reqwest::Error) -> bool {
        let mut cause = error.source();
        while let Some(error) = cause {
            if error.is::<Self>() {
                return true;
            }
            cause = error.source();
        }
        false
    }
}

impl fmt::Display for TooNear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name leads into a network that the server that named it is not in")
    }
}

impl Error for TooNear {}

/// Where a server is: the nearest of its addresses.
pub(crate) async fn looked_up(url: &Url) -> Result<Space, TransportError> {
    if let Some(told) = Space::told(url).filter(|told| *told != Space::Private || url.domain().is_none()) {
        return Ok(told);
    }
    let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(443));
    let found = tokio::net::lookup_host((host, port)).await;
    let found = found.map_err(|error| TransportError::BadAddress { reason: error.to_string() })?;
    Ok(found.map(|found| Space::of(found.ip())).max().unwrap_or(Space::Public))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_where_they_are_in_every_way_to_write_them() {
        let space = |text: &str| Space::of(text.parse().unwrap());
        for here in
            ["127.0.0.1", "127.8.9.1", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1", "::127.0.0.1", "2002:7f00:1::"]
        {
            assert_eq!(space(here), Space::Here, "{here}");
        }
        for private in [
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "198.18.0.1",
            "192.0.0.170",
            "224.0.0.1",
            "255.255.255.255",
            "fe80::1",
            "fd00::1",
            "fc00::1",
            "ff02::1",
            "fec0::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "2002:c0a8:101::1",
        ] {
            assert_eq!(space(private), Space::Private, "{private}");
        }
        for public in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"]
        {
            assert_eq!(space(public), Space::Public, "{public}");
        }
        assert!(Space::Public < Space::Private && Space::Private < Space::Here);
    }

    #[test]
    fn names_tell_where_they_are_as_far_as_they_can() {
        let told = |url: &str| Space::told(&Url::parse(url).unwrap());
        for (url, space) in [
            ("http://localhost:1/", Space::Here),
            ("http://localhost./", Space::Here),
            ("http://a.localhost/", Space::Here),
            ("http://2130706433/", Space::Here),
            ("http://0x7f.1/", Space::Here),
            ("http://[::1]/", Space::Here),
            ("http://[::ffff:7f00:1]/", Space::Here),
            ("http://0xa.1/", Space::Private),
            ("https://printer.local/", Space::Private),
            ("https://metadata.google.internal/", Space::Private),
            ("https://router/", Space::Private),
            ("https://8.8.8.8/", Space::Public),
        ] {
            assert_eq!(told(url), Some(space), "{url}");
        }
        assert_eq!(told("https://host.example/"), None);
    }

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_is_resolved_only_for_who_is_here() {
        let ask =
            |within| async move { Guard(within).resolve("localhost".parse().unwrap()).await.map(Iterator::count) };
        assert!(ask(Space::Public).await.unwrap_err().is::<TooNear>());
        assert!(ask(Space::Private).await.is_err());
        assert!(ask(Space::Here).await.unwrap() > 0);
    }
}

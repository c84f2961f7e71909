//! The network's part: the name, a connection, the certificate, and whether HTTP is spoken.

use std::net::SocketAddr;

use model::{Connection, Failure, FailureCode, Finding, ProxyChoice};
use tokio::net::TcpStream;
use transport::{
    Limits, TransportError, Unreachable,
    probe::{Asked, Certificate, Greeting, Handshake, Probe},
};
use url::Url;

use super::{
    chain::{Chain, Seen, Worth, Wrong, fact},
    words::{APART, clock, count, date, days_until},
};
use crate::{
    failure::on_the_way,
    session::{Ahead, Now},
    view::CheckFact,
};

/// A certificate that ends within so many days is worth a look.
const SOON: i64 = 14;

/// The way to one server of a connection.
pub(super) struct Way<'a> {
    probe: &'a Probe,
    name: &'a str,
    /// Where its proxy was set.
    set: &'static str,
}

impl<'a> Way<'a> {
    /// The way that a probe looks at.
    pub fn new(probe: &'a Probe, connection: &'a Connection) -> Self {
        let set = match connection.network.proxy {
            ProxyChoice::Manual { .. } => "in the connection's settings",
            ProxyChoice::System | ProxyChoice::None => "on this computer",
        };
        Self { probe, name: &connection.name, set }
    }
}

/// The four steps to one server.
pub(super) async fn walk(chain: &mut Chain, way: &Way<'_>, limits: &Limits) -> Option<()> {
    let found = chain.step(look_up(way)).await?;
    let stream = chain.step(connect(way, &found)).await?;
    chain.step(secure(way, stream)).await?;
    chain.step(reach(way, limits)).await
}

async fn look_up(way: &Way<'_>) -> Result<(Vec<SocketAddr>, Seen), Wrong> {
    let probe = way.probe;
    let found = probe.look_up().await.map_err(|error| trouble(way, &error))?;
    let addresses = found.iter().map(|address| address.ip().to_string()).collect::<Vec<_>>().join(", ");
    let host = probe.host();
    let what = if probe.is_number() {
        format!("{host} is a number: there is nothing to look up.")
    } else {
        format!("{host} has {}.", count(found.len(), "address", "addresses"))
    };
    let seen = match probe.proxy() {
        None => Seen::new(what),
        Some(proxy) => Seen::new(format!(
            "Requests go through the proxy {proxy}, which is set {} and looks up the server's name itself. {what}",
            way.set
        ))
        .fact("Proxy", proxy),
    };
    let seen = if probe.is_number() { seen } else { seen.fact("Addresses", addresses) };
    Ok((found, seen))
}

async fn connect(way: &Way<'_>, found: &[SocketAddr]) -> Result<(TcpStream, Seen), Wrong> {
    let probe = way.probe;
    let (stream, address) = probe.connect(found).await.map_err(|error| trouble(way, &error))?;
    let who = if probe.proxy().is_some() { "The proxy takes calls" } else { "The server takes calls" };
    Ok((stream, Seen::new(format!("{who} at {address}."))))
}

async fn secure(way: &Way<'_>, stream: TcpStream) -> Result<((), Seen), Wrong> {
    let (probe, name) = (way.probe, way.name);
    probe.may_call().map_err(|error| trouble(way, &error))?;
    if !probe.is_secure() {
        let seen = if probe.is_here() {
            Seen::new("Nothing is encrypted, and need not be: the server is on this computer.")
        } else {
            Seen::noted(
                "Nothing is encrypted: whoever is on the way can read the conversation, and the token. Ask for an address \
                 that begins with https://.",
            )
        };
        return Ok(((), seen));
    }
    let shaken = probe.secure(stream).await.map_err(|error| trouble(way, &error))?;
    let Some(Handshake { certificate, outcome, asked }) = shaken else {
        let words = "Not looked at: the proxy makes the secure connection in its own way. The next step uses it.";
        return Ok(((), Seen::noted(words)));
    };
    let facts = certificate.as_ref().map(told).unwrap_or_default();
    let version = match outcome {
        Ok(version) => version,
        Err(error) => {
            let Wrong { failure, .. } = not_secure(probe, name, &error);
            return Err(Wrong { failure, facts: facts.into() });
        }
    };
    let Some(certificate) = certificate else { return Ok(((), Seen::new(format!("{version}.")))) };
    Ok(((), Seen { facts, ..introduced(asked, trusted(&certificate, version)) }))
}

/// The line of a certificate that is trusted.
fn trusted(certificate: &Certificate, version: &str) -> Seen {
    let left = days_until(certificate.until);
    let until = date(certificate.until);
    let words = format!("{version}. The certificate is trusted, and good until {until}");
    if left < SOON {
        Seen::noted(format!("{words}: in {}. Tell whoever runs the server.", count_days(left)))
    } else {
        Seen::new(format!("{words}."))
    }
}

/// The same with what came of the server's wish to know who is calling.
fn introduced(asked: Asked, seen: Seen) -> Seen {
    match asked {
        Asked::Not => seen,
        Asked::Shown => Seen { line: format!("{} The server was shown the client certificate.", seen.line), ..seen },
        Asked::InVain => Seen::noted(format!(
            "{} The server asks for a client certificate, and there is none for it under “More settings”; the next steps tell \
             whether it does without.",
            seen.line
        ))
        .found(Finding::ClientCertificateWanted),
    }
}

fn count_days(days: i64) -> String {
    if days < 1 { "less than a day".to_owned() } else { count(usize::try_from(days).unwrap_or(0), "day", "days") }
}

/// What a certificate says of itself.
fn told(certificate: &Certificate) -> Vec<CheckFact> {
    let Certificate { subject, issuer, names, from, until, fingerprint } = certificate;
    vec![
        fact("Certificate of", subject),
        fact("Issued by", issuer),
        fact("For", names.join(", ")),
        fact("Good from", date(*from)),
        fact("Good until", date(*until)),
        fact("SHA-256", fingerprint),
    ]
    .into_iter()
    .filter(|fact| !fact.value.is_empty())
    .collect()
}

/// A handshake that failed for another reason than the certificate is mostly one with a server that knows no TLS.
fn not_secure(probe: &Probe, name: &str, error: &TransportError) -> Wrong {
    let failure = on_the_way(name, error);
    let is_old = matches!(error, TransportError::Unreachable { why: Unreachable::OldTls, .. });
    if is_old || matches!(failure.code, FailureCode::Untrusted | FailureCode::ClientCertificate) {
        return failure.into();
    }
    let finding = failure.finding.unwrap_or(Finding::WrongAddress);
    let words = format!(
        "{} takes calls, and does not answer with TLS. If “{name}” is meant to be without encryption, its address begins \
         with http://; otherwise check the port.",
        probe.origin()
    );
    Failure { message: words, ..failure }.found(finding).into()
}

async fn reach(way: &Way<'_>, limits: &Limits) -> Result<((), Seen), Wrong> {
    let probe = way.probe;
    let greeting = probe.greet(limits).await.map_err(|error| trouble(way, &error))?;
    let Greeting { status, server, location, date } = greeting;
    let who = server.as_deref().map(|server| format!(", {server}")).unwrap_or_default();
    let upgrades = !probe.is_secure() && location.as_deref().is_some_and(|to| to.starts_with("https://"));
    let seen = if matches!(status, 502..=504) {
        Seen::noted(format!("A gateway answers (status {status}{who}); the server behind it may be down."))
    } else if upgrades {
        Seen::noted(format!(
            "HTTP is spoken (status {status}{who}), and the server sends whoever comes with http:// on to https://. Write \
             the address with https://."
        ))
    } else if let Some(to) = location.as_deref().filter(|to| !probe.is_secure() && leads_away(probe, to)) {
        Seen::noted(format!(
            "HTTP is spoken (status {status}{who}), and whoever comes is sent on to {to}. That may be a page of this network \
             to sign in at; the next steps tell."
        ))
    } else {
        Seen::new(format!("HTTP is spoken (status {status}{who}); any status will do here."))
    };
    let seen = match location {
        Some(to) => seen.fact("Points to", to),
        None => seen,
    };
    let Some(date) = date else { return Ok(((), seen)) };
    let ahead = Ahead::learn(date, Now::read());
    let seen = if ahead.0.abs() >= APART && seen.worth == Worth::Nothing {
        let line = format!("{} Its clock is {}: compare both with the true time.", seen.line, clock(ahead));
        Seen { facts: seen.facts, ..Seen::noted(line).found(Finding::ClocksApart) }
    } else {
        seen
    };
    Ok(((), seen.fact("Clock", clock(ahead))))
}

/// Whether an address is another server's.
fn leads_away(probe: &Probe, to: &str) -> bool {
    Url::parse(to).is_ok_and(|to| to.origin().ascii_serialization() != probe.origin())
}

/// Something is wrong on the way; where it is the proxy's, with the place where that was set.
fn trouble(way: &Way<'_>, error: &TransportError) -> Wrong {
    let failure = on_the_way(way.name, error);
    if !matches!(error, TransportError::Proxy { .. }) {
        return failure.into();
    }
    let words = format!("{} The proxy is set {}.", failure.message, way.set);
    Failure { message: words, ..failure }.into()
}

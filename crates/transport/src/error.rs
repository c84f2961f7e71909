//! What can go wrong between a request and the end of its answer.

use std::{
    fmt::Write as _,
    time::{Duration, SystemTime},
};

use reqwest::Url;

use crate::socket::close;

/// Why there is no answer, or no whole answer. Nothing in it holds a query or user information of an address. What the
/// server said may hold anything, also the token that it was sent: [`TransportError::cleaned`] before it is shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The request cannot be sent as it is.
    #[error("the request cannot be sent: {reason}")]
    BadAddress {
        /// What is wrong with it.
        reason: String,
    },
    /// No answer began, for a reason other than time or trust.
    #[error("no answer from {origin}: {detail}")]
    Unreachable {
        /// What kind of reason.
        why: Unreachable,
        /// Scheme, host and port.
        origin: String,
        /// The chain of causes.
        detail: String,
    },
    /// The proxy does not let the request through, so no server has seen it.
    #[error("the proxy {proxy} does not let anything through: {detail}")]
    Proxy {
        /// Why not.
        why: ProxyTrouble,
        /// Its scheme, host and port.
        proxy: String,
        /// The chain of causes.
        detail: String,
    },
    /// It would not be encrypted, and nobody allowed that.
    #[error("nothing is sent to {origin} without encryption")]
    Unencrypted {
        /// Scheme, host and port.
        origin: String,
    },
    /// Something shows a web page, as those do that want somebody to sign in first, where an answer of another kind was
    /// expected.
    #[error("a web page came (status {status}){} instead of an answer", at(location.as_deref()))]
    WebPage {
        /// The status.
        status: u16,
        /// What was asked for, without user information, query and fragment: a browser comes to the page this way.
        asked: String,
        /// Where it is, if the answer points there; without user information, query and fragment.
        location: Option<String>,
        /// The beginning of the body.
        snippet: String,
    },
    /// The server's certificate is not trusted.
    #[error("the certificate of {origin} is not trusted: {detail}")]
    Untrusted {
        /// Why not.
        why: Distrust,
        /// Scheme, host and port.
        origin: String,
        /// The chain of causes.
        detail: String,
    },
    /// The server wants to know by a client certificate who is calling, and lets nobody in without.
    #[error("{origin} {why}: {detail}")]
    ClientCertificate {
        /// What is wrong with the one that it saw.
        why: ClientCertificate,
        /// Scheme, host and port.
        origin: String,
        /// What it said, or the chain of causes.
        detail: String,
    },
    /// The first byte of the body did not come in time.
    #[error("the server {} within {} s", first(*begun), limit.as_secs_f32())]
    FirstByteTimeout {
        /// How long was waited.
        limit: Duration,
        /// Whether the head of the answer had come.
        begun: bool,
    },
    /// The body fell silent.
    #[error("the server sent nothing for {} s", limit.as_secs_f32())]
    IdleTimeout {
        /// How long was waited.
        limit: Duration,
    },
    /// The body went on for longer than was allowed.
    #[error("the answer was not complete within {} s", limit.as_secs_f32())]
    TotalTimeout {
        /// How long it was given.
        limit: Duration,
    },
    /// A status outside of 2xx that is not a redirect.
    #[error("the server answered with status {status}")]
    Status {
        /// The status.
        status: u16,
        /// How long the server asks in its headers to wait, at most a day.
        retry_after: Option<Duration>,
        /// What time it was at the server, if it said so.
        date: Option<SystemTime>,
        /// What credentials it asks for: its `WWW-Authenticate` headers, behind one another.
        challenge: Option<String>,
        /// The beginning of the body.
        snippet: String,
    },
    /// A good status, but not the kind of answer that was asked for. 204 is one of these.
    #[error("the server answered with {} instead of {expected}", found.as_deref().unwrap_or("no content type"))]
    ContentType {
        /// What was asked for.
        expected: Expected,
        /// What the server says it sent.
        found: Option<String>,
        /// The status.
        status: u16,
        /// The beginning of the body.
        snippet: String,
    },
    /// The body broke off.
    #[error("the answer broke off: {detail}")]
    Cut {
        /// Whether any byte of it had arrived.
        started: bool,
        /// The chain of causes.
        detail: String,
    },
    /// The server closed a WebSocket, and said why by a code.
    #[error("the server closed the connection: {}", close::told(*code, reason))]
    Closed {
        /// Its code, if it gave one.
        code: Option<u16>,
        /// Its words, at most 123 bytes.
        reason: String,
        /// Whether a piece of the answer had arrived.
        started: bool,
    },
    /// The body, or one event of it, is larger than was allowed.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// How large it might have been, in bytes.
        limit: usize,
    },
    /// The server points elsewhere. It is never followed.
    #[error("the server redirects to {}", location.as_deref().unwrap_or("nowhere"))]
    Redirected {
        /// The status.
        status: u16,
        /// Where to, without user information, query and fragment.
        location: Option<String>,
    },
}

/// Why no answer began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreachable {
    /// The name is not known.
    Dns,
    /// Nobody listens at the port.
    Refused,
    /// There was a connection, and it broke before an answer began.
    Reset,
    /// No connection was made in time.
    TimedOut,
    /// The server knows no TLS that is new enough.
    OldTls,
    /// No connection was made for another reason.
    Other,
}

/// Why a server does not let in who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClientCertificate {
    /// There is none for it.
    #[error("wants a client certificate")]
    Missing,
    /// It was shown one, and does not take it.
    #[error("does not accept the client certificate")]
    Refused,
}

/// Why a proxy lets nothing through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyTrouble {
    /// It wants a user name and a password (status 407, or the same of SOCKS), or others.
    Login,
    /// It cannot be reached.
    Unreachable(Unreachable),
    /// It does not reach the server, or does not want to.
    Refused,
}

/// Why a certificate is not trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distrust {
    /// Its time is over.
    Expired,
    /// Its time has not come.
    NotYet,
    /// It is for another name.
    WrongName,
    /// Nobody whom this computer trusts vouches for it.
    UnknownIssuer,
    /// Another one was pinned for its host.
    NotPinned,
    /// Another reason.
    Other,
}

/// The kind of answer that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Expected {
    /// `text/event-stream`.
    #[error("an event stream")]
    Events,
    /// `application/json`.
    #[error("JSON")]
    Json,
    /// An upgrade to a WebSocket (status 101).
    #[error("a WebSocket")]
    Socket,
    /// An event stream, JSON or plain text.
    #[error("an event stream, JSON or text")]
    Either,
}

impl TransportError {
    /// Whether the server may have acted upon the request. If so, it must not be sent again without the person knowing.
    /// Says yes when in doubt.
    pub fn may_have_been_executed(&self) -> bool {
        match self {
            Self::BadAddress { .. } | Self::Untrusted { .. } | Self::Proxy { .. } | Self::Unencrypted { .. } => false,
            Self::ClientCertificate { .. } => false,
            Self::Unreachable { why, .. } => matches!(why, Unreachable::Reset),
            _ => true,
        }
    }

    /// The same, with every text in it that comes from elsewhere as `clean` makes it.
    pub fn cleaned(mut self, clean: impl Fn(&str) -> String) -> Self {
        let text = match &mut self {
            Self::BadAddress { reason: text }
            | Self::Unreachable { detail: text, .. }
            | Self::Untrusted { detail: text, .. }
            | Self::Proxy { detail: text, .. }
            | Self::ClientCertificate { detail: text, .. }
            | Self::Cut { detail: text, .. }
            | Self::Closed { reason: text, .. }
            | Self::Redirected { location: Some(text), .. } => text,
            Self::ContentType { found: more, snippet, .. } | Self::Status { challenge: more, snippet, .. } => {
                *more = more.take().map(|more| clean(&more));
                snippet
            }
            Self::WebPage { asked, location, snippet, .. } => {
                *asked = clean(asked);
                *location = location.take().map(|location| clean(&location));
                snippet
            }
            Self::Redirected { location: None, .. }
            | Self::Unencrypted { .. }
            | Self::FirstByteTimeout { .. }
            | Self::IdleTimeout { .. }
            | Self::TotalTimeout { .. }
            | Self::TooLarge { .. } => return self,
        };
        *text = clean(text);
        self
    }

    /// Everything that is known, for whoever runs the server.
    pub fn detail(&self) -> String {
        let mut text = self.to_string();
        let snippet = match self {
            Self::Status { challenge, snippet, .. } => {
                if let Some(challenge) = challenge {
                    // Writing to a string cannot fail.
                    let _ = write!(text, " (WWW-Authenticate: {challenge})");
                }
                snippet
            }
            Self::WebPage { snippet, .. } => snippet,
            Self::ContentType { status, snippet, .. } => {
                // Writing to a string cannot fail.
                let _ = write!(text, " (status {status})");
                snippet
            }
            _ => return text,
        };
        if !snippet.is_empty() {
            text.push('\n');
            text.push_str(snippet);
        }
        text
    }
}

fn first(begun: bool) -> &'static str {
    if begun { "sent the head of an answer and nothing more" } else { "did not begin to answer" }
}

fn at(location: Option<&str>) -> String {
    location.map(|location| format!(" at {location}")).unwrap_or_default()
}

/// An address without user information, query and fragment: these may hold secrets.
pub(crate) fn bare_url(url: &Url) -> String {
    let mut url = url.clone();
    // Fails only for addresses that cannot have user information.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

pub(crate) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_what_may_be_secret() {
        let url = Url::parse("https://ann:pw@host.example:8443/a/b?token=1#x").unwrap();
        assert_eq!(bare_url(&url), "https://host.example:8443/a/b");
        assert_eq!(origin(&url), "https://host.example:8443");
    }

    #[test]
    fn what_a_server_says_is_cleaned_wherever_it_stands() {
        let text = || "sesame".to_owned();
        let errors = [
            TransportError::BadAddress { reason: text() },
            TransportError::Unreachable { why: Unreachable::Other, origin: "o".to_owned(), detail: text() },
            TransportError::Untrusted { why: Distrust::Other, origin: "o".to_owned(), detail: text() },
            TransportError::Status {
                status: 401,
                retry_after: None,
                date: None,
                challenge: Some(text()),
                snippet: text(),
            },
            TransportError::ContentType { expected: Expected::Json, found: Some(text()), status: 200, snippet: text() },
            TransportError::Cut { started: false, detail: text() },
            TransportError::Closed { code: Some(1008), reason: text(), started: true },
            TransportError::Redirected { status: 302, location: Some(text()) },
            TransportError::Proxy { why: ProxyTrouble::Login, proxy: "p".to_owned(), detail: text() },
            TransportError::ClientCertificate {
                why: ClientCertificate::Missing,
                origin: "o".to_owned(),
                detail: text(),
            },
            TransportError::WebPage { status: 200, asked: text(), location: Some(text()), snippet: text() },
        ];
        for error in errors {
            let cleaned = error.cleaned(|text| text.replace("sesame", "-"));
            assert!(!format!("{cleaned:?}").contains("sesame"), "{cleaned:?}");
        }
    }

    #[test]
    fn only_what_certainly_never_left_may_be_sent_again() {
        let unreachable = |why| TransportError::Unreachable { why, origin: String::new(), detail: String::new() };
        assert!(!unreachable(Unreachable::Refused).may_have_been_executed());
        assert!(!unreachable(Unreachable::Dns).may_have_been_executed());
        assert!(unreachable(Unreachable::Reset).may_have_been_executed());
        assert!(TransportError::FirstByteTimeout { limit: Duration::ZERO, begun: false }.may_have_been_executed());
    }
}

//! What the errors of the libraries mean.

use std::{error::Error, io};

use reqwest::Url;
use tokio_rustls::rustls::{self, CertificateError};

use crate::{
    error::{ClientCertificate, Distrust, ProxyTrouble, TransportError, Unreachable, origin},
    identity::Introduction,
    trust::NotPinned,
};

impl TransportError {
    /// Classifies an error that came before the head of the answer. `proxy` is that through which the request went, and
    /// `introduction` what was shown of who is calling.
    pub(crate) fn before_head(
        url: &Url,
        proxy: Option<String>,
        introduction: &Introduction,
        error: reqwest::Error,
    ) -> Self {
        let error = error.without_url();
        let detail = chain(&error);
        if error.is_builder() {
            return Self::BadAddress { reason: detail };
        }
        let trouble = proxy.as_ref().and_then(|_| ProxyTrouble::of(url, &error, &detail));
        let origin = match (&proxy, trouble) {
            (Some(proxy), Some(_)) => proxy.clone(),
            _ => origin(url),
        };
        if let Some(why) = Distrust::of(&error) {
            return Self::Untrusted { why, origin, detail };
        }
        if let (None, Some(why)) = (trouble, ClientCertificate::of(introduction, &detail)) {
            return Self::ClientCertificate { why, origin, detail };
        }
        match trouble {
            Some(why) => Self::Proxy { why, proxy: origin, detail },
            None => Self::Unreachable { why: Unreachable::of(&error, &detail), origin, detail },
        }
    }
}

impl ProxyTrouble {
    /// What an error says of the proxy, if it is not about the server behind it. The libraries tell it in words only.
    fn of(url: &Url, error: &reqwest::Error, detail: &str) -> Option<Self> {
        let says = |words: &[&str]| words.iter().any(|words| detail.contains(words));
        if !error.is_connect() {
            return None;
        }
        if says(&["proxy authorization required", "user/pass authentication", "credentials not accepted"]) {
            return Some(Self::Login);
        }
        if says(&["underlying connection"]) {
            return Some(Self::Unreachable(Unreachable::of(error, detail)));
        }
        if says(&["tunnel error", "SOCKS error"]) {
            return Some(Self::Refused);
        }
        // Without a tunnel the proxy is all that was called.
        (url.scheme() == "http").then(|| Self::Unreachable(Unreachable::of(error, detail)))
    }
}

impl Unreachable {
    fn of(error: &reqwest::Error, detail: &str) -> Self {
        if Self::is_old_tls(detail) {
            Self::OldTls
        } else if !error.is_connect() {
            Self::Reset
        } else if detail.contains("dns error") {
            Self::Dns
        } else if error.is_timeout() {
            Self::TimedOut
        } else if io_kind(error) == Some(io::ErrorKind::ConnectionRefused) {
            Self::Refused
        } else {
            Self::Other
        }
    }
}

impl Unreachable {
    /// Whether an error says that the server knows nothing newer than TLS 1.1: it hangs up with these words, or goes on
    /// with a version that was not offered.
    pub(crate) fn is_old_tls(detail: &str) -> bool {
        ["received fatal alert: ProtocolVersion", "ServerDoesNotSupportTls12Or13"]
            .iter()
            .any(|says| detail.contains(says))
    }
}

impl ClientCertificate {
    /// What an error says of the client certificate, if it is about that. HTTP/2 tells of errors below it in words only.
    pub(crate) fn of(introduction: &Introduction, detail: &str) -> Option<Self> {
        let (_, alert) = detail.split_once("received fatal alert: ")?;
        let alert = alert.split(|char: char| !char.is_ascii_alphanumeric()).next().unwrap_or_default();
        let is_about = match alert {
            "CertificateRequired" => true,
            // Whoever is asked for nothing is refused for something else. Before TLS 1.3 there was no word of its own.
            "HandshakeFailure"
            | "BadCertificate"
            | "UnsupportedCertificate"
            | "CertificateRevoked"
            | "CertificateExpired"
            | "CertificateUnknown"
            | "UnknownCA"
            | "UnknownCa"
            | "AccessDenied"
            | "NoCertificate"
            | "DecryptError" => introduction.was_asked(),
            _ => false,
        };
        is_about.then(|| Self::seen(introduction))
    }

    /// The same of an answer. Servers that judge certificates after the handshake say so in HTTP: nginx has two statuses
    /// of its own for it and answers with 400 in their place, with these words. Others have theirs for whoever was asked.
    pub(crate) fn wanted(introduction: &Introduction, status: u16, body: &str) -> Option<Self> {
        let says = |words: &[&str]| words.iter().any(|words| body.contains(words));
        match status {
            496 => Some(Self::Missing),
            495 => Some(Self::Refused),
            400 if says(&["No required SSL certificate was sent"]) => Some(Self::Missing),
            400 if says(&["The SSL certificate error"]) => Some(Self::Refused),
            403 if introduction.was_asked() && !introduction.shows() && says(&["lient certificate"]) => {
                Some(Self::Missing)
            }
            _ => None,
        }
    }

    fn seen(introduction: &Introduction) -> Self {
        if introduction.shows() { Self::Refused } else { Self::Missing }
    }
}

impl Distrust {
    /// What an error says about a certificate, if it is about one.
    pub(crate) fn of(error: &(dyn Error + 'static)) -> Option<Self> {
        let mut cause = Some(error);
        while let Some(error) = cause {
            if let Some(rustls::Error::InvalidCertificate(why)) = tls_error(error) {
                return Some(Self::from(why));
            }
            cause = error.source();
        }
        None
    }
}

impl From<&CertificateError> for Distrust {
    fn from(why: &CertificateError) -> Self {
        match why {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Self::NotYet,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Self::WrongName,
            CertificateError::UnknownIssuer => Self::UnknownIssuer,
            // A certificate that is its own authority, or of an authority and no server's: nobody vouches for it.
            CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => Self::UnknownIssuer,
            CertificateError::Other(other) if other.0.is::<NotPinned>() => Self::NotPinned,
            _ => Self::Other,
        }
    }
}

/// The error of TLS in an error. Those of sockets hold it inside, where `source` does not look.
fn tls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        return Some(tls);
    }
    let inner: &(dyn Error + 'static) = error.downcast_ref::<io::Error>()?.get_ref()?;
    tls_error(inner)
}

/// An error and its causes, in one line, without saying the same thing twice.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let words = error.to_string();
        if !text.contains(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        cause = error.source();
    }
    text
}

pub(crate) fn io_kind(error: &(dyn Error + 'static)) -> Option<io::ErrorKind> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<io::Error>() {
            return Some(io.kind());
        }
        cause = error.source();
    }
    None
}

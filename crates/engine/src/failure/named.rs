//! What exactly is wrong on the way to a server, by name.

use model::{Connection, Failure, Finding, Kind};
use transport::{Distrust, ProxyTrouble, TransportError, Unreachable};
use url::Url;

use super::credentials::{self, Sent};
use crate::reason::reason;

/// What is wrong on the way, whoever is asked.
pub fn of(error: &TransportError) -> Option<Finding> {
    Some(match error {
        TransportError::Unreachable { why, detail, .. } => return unreachable(*why, detail),
        TransportError::Untrusted { why, .. } => certificate(*why),
        TransportError::ClientCertificate { .. } => Finding::ClientCertificateWanted,
        TransportError::Proxy { why: ProxyTrouble::Login, .. } => Finding::ProxyLogin,
        TransportError::Proxy { .. } => Finding::ProxyInTheWay,
        TransportError::WebPage { status: 511, .. } => Finding::CaptivePortal,
        // Whoever stands in the way has no certificate for the server's name: this is the server, or its gateway.
        TransportError::WebPage { asked, .. } if asked.starts_with("https://") => Finding::WrongAddress,
        TransportError::WebPage { .. } => Finding::CaptivePortal,
        TransportError::Redirected { .. } => Finding::WrongAddress,
        TransportError::ContentType { found: Some(found), .. } if found.contains("html") => Finding::WrongAddress,
        TransportError::Status { status: 400, snippet, .. } if wants_tls(snippet) => Finding::WrongAddress,
        _ => return None,
    })
}

/// What is wrong with a request to the server of a connection that was refused.
pub fn of_refusal(connection: &Connection, error: &TransportError) -> Option<Finding> {
    let TransportError::Status { status, challenge, snippet, .. } = error else { return None };
    let sent = Sent::to(connection);
    match status {
        401 => Some(credentials::refused(challenge.as_deref(), snippet, sent)),
        403 => credentials::wanted(snippet, sent),
        422 => credentials::header_wanted(snippet, sent),
        404 | 405 if connection.kind != Kind::Openai || !is_about_a_model(snippet) => Some(Finding::WrongPath),
        _ => None,
    }
}

/// The same where the address that was asked may say more: a part of its path may stand there twice.
pub fn at(failure: Failure, name: &str, asked: impl FnOnce() -> Option<Url>) -> Failure {
    if !matches!(failure.finding, Some(Finding::WrongPath | Finding::WrongAddress)) {
        return failure;
    }
    let Some(asked) = asked() else { return failure };
    let Some(twice) = doubled(asked.path()) else { return failure };
    let status = failure.status.map(|status| format!(" (status {status})")).unwrap_or_default();
    let message = format!(
        "“{name}” was asked at {}, where “/{twice}” stands twice, and has no answer there{status}. Take one of them out of the \
         address, or of the paths under “More settings”, in Settings → Connections.",
        asked.path()
    );
    Failure { message, ..failure }.found(Finding::VersionDoubled)
}

/// What stands in a path twice, one behind the other.
pub fn doubled(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let lengths = 1..=parts.len() / 2;
    lengths.rev().find_map(|length| {
        let mut pairs = parts.windows(2 * length).map(|pair| pair.split_at(length));
        pairs.find(|(one, other)| one == other).map(|(one, _)| one.join("/"))
    })
}

fn unreachable(why: Unreachable, detail: &str) -> Option<Finding> {
    let says = |words: &[&str]| words.iter().any(|words| detail.contains(words));
    Some(match why {
        Unreachable::Dns => Finding::NameNotFound,
        Unreachable::Refused => Finding::ConnectionRefused,
        Unreachable::TimedOut => Finding::ConnectionTimedOut,
        // What answers does not speak HTTP, or no TLS. The libraries tell it in words only.
        Unreachable::Reset | Unreachable::Other if says(&["invalid HTTP", "InvalidContentType", "corrupt message"]) => {
            Finding::WrongAddress
        }
        Unreachable::Reset => Finding::ConnectionReset,
        Unreachable::Other if says(&["reset by peer", "forcibly closed", "eof", "EOF"]) => Finding::ConnectionReset,
        Unreachable::OldTls | Unreachable::Other => return None,
    })
}

fn certificate(why: Distrust) -> Finding {
    match why {
        Distrust::Expired | Distrust::NotYet => Finding::CertificateExpired,
        Distrust::WrongName => Finding::CertificateWrongName,
        Distrust::UnknownIssuer | Distrust::NotPinned | Distrust::Other => Finding::CertificateUntrusted,
    }
}

/// Whether a server says that its port is one for TLS, as nginx and Go do.
fn wants_tls(body: &str) -> bool {
    body.contains("plain HTTP request was sent to HTTPS port") || body.contains("HTTP request to an HTTPS server")
}

/// Whether there is no such model, rather than no such path.
fn is_about_a_model(body: &str) -> bool {
    reason(body).is_some_and(|said| said.to_lowercase().contains("model")) || body.contains("model_not_found")
}

#[cfg(test)]
mod tests {
    use model::{FailureCode, SessionSource};

    use super::*;

    #[test]
    fn a_part_of_a_path_that_stands_twice_is_found() {
        for (path, twice) in [
            ("/v1/v1/chat/completions", Some("v1")),
            ("/api/chat/api/chat", Some("api/chat")),
            ("/bot/chatkit/chatkit/", Some("chatkit")),
            ("/v1/chat/completions", None),
            ("/chat/v1/chat", None),
            ("/", None),
        ] {
            assert_eq!(doubled(path).as_deref(), twice, "{path}");
        }
        let failure = Failure::new(FailureCode::NotFound, "x").found(Finding::WrongPath);
        let asked = |url: &str| Url::parse(url).ok();
        let told = at(failure.clone(), "Office", || asked("https://a.example/v1/v1/responses?key=sesame"));
        assert_eq!(told.finding, Some(Finding::VersionDoubled));
        assert!(told.message.contains("“/v1” stands twice") && !told.message.contains("sesame"), "{told}");
        assert_eq!(at(failure.clone(), "Office", || asked("https://a.example/v1/x")), failure);
    }

    #[test]
    fn what_answers_in_another_language_is_another_server_and_a_hung_up_line_is_none() {
        let named = |why, detail: &str| {
            of(&TransportError::Unreachable { why, origin: "o".to_owned(), detail: detail.to_owned() })
        };
        assert_eq!(
            named(Unreachable::Other, "received corrupt message of type InvalidContentType"),
            Some(Finding::WrongAddress)
        );
        assert_eq!(named(Unreachable::Reset, "client error: invalid HTTP version parsed"), Some(Finding::WrongAddress));
        assert_eq!(
            named(Unreachable::Reset, "connection closed before message completed"),
            Some(Finding::ConnectionReset)
        );
        assert_eq!(named(Unreachable::Other, "tls handshake eof"), Some(Finding::ConnectionReset));
        assert_eq!(named(Unreachable::Other, "Network is unreachable (os error 101)"), None);
    }

    #[test]
    fn a_page_over_https_is_the_servers_own() {
        let page = |asked: &str, status| {
            let (asked, snippet) = (asked.to_owned(), String::new());
            of(&TransportError::WebPage { status, asked, location: None, snippet })
        };
        assert_eq!(page("http://chat.example/chatkit", 200), Some(Finding::CaptivePortal));
        assert_eq!(page("https://chat.example/chatkit", 200), Some(Finding::WrongAddress));
        assert_eq!(page("https://chat.example/chatkit", 511), Some(Finding::CaptivePortal));
    }

    #[test]
    fn a_model_that_is_not_there_is_no_wrong_path() {
        let named = |kind, snippet: &str| {
            let connection = Connection::new("c".into(), "Office", kind, "https://a.example", SessionSource::Static);
            let (retry_after, date, challenge) = (None, None, None);
            let snippet = snippet.to_owned();
            of_refusal(&connection, &TransportError::Status { status: 404, retry_after, date, challenge, snippet })
        };
        assert_eq!(named(Kind::Openai, r#"{"error": {"message": "The model `x` does not exist"}}"#), None);
        assert_eq!(named(Kind::Openai, r#"{"detail": "Not Found"}"#), Some(Finding::WrongPath));
        assert_eq!(named(Kind::Chatkit, "404 page not found"), Some(Finding::WrongPath));
    }
}

//! Failures of the crates below, in the words of a person: what happened, and what to do next.

use std::time::Duration;

use model::{Failure, FailureCode};
use transport::{ClientCertificate, Distrust, Expected, ProxyTrouble, TransportError, Unreachable};

use crate::{
    patience::{asked, pause_wanted},
    reason::says,
    sockets::{closed, no_socket},
};

mod answers;
pub mod credentials;
mod files;
mod kinds;
mod local;
pub mod named;

pub use answers::{is_events, no_events, not_utf8, of_socket, reported};
pub use files::{file_fault, no_files, unnamed_file, upload_refused};
pub use kinds::{mismatched, not_understood, on_the_way_to};
pub use local::{in_history, in_opening};

/// What happened on the way to a connection, told with its name.
pub fn on_the_way(name: &str, error: &TransportError) -> Failure {
    let (code, message) = match error {
        TransportError::BadAddress { reason } => (
            FailureCode::BadAddress,
            format!("The address of “{name}” cannot be called: {reason}. Correct it in Settings → Connections."),
        ),
        TransportError::Unreachable { why, origin, .. } => (FailureCode::Unreachable, unreachable(name, *why, origin)),
        TransportError::Untrusted { why, origin, .. } => (FailureCode::Untrusted, untrusted(name, *why, origin)),
        TransportError::ClientCertificate { why, origin, .. } => {
            (FailureCode::ClientCertificate, client_certificate(name, *why, origin))
        }
        TransportError::Unencrypted { origin } => (
            FailureCode::Unencrypted,
            format!(
                "Nothing would be encrypted on the way to {origin}, so nothing was sent. Write the address of “{name}” with \
                 https://, or allow this in Settings → Connections, under “More settings”."
            ),
        ),
        TransportError::Proxy { why, proxy, .. } => by_proxy(name, *why, proxy),
        TransportError::WebPage { location, .. } => (FailureCode::WebPage, web_page(name, location.as_deref())),
        TransportError::FirstByteTimeout { limit, begun } => {
            (FailureCode::FirstByteTimeout, answers::silent(name, *limit, *begun))
        }
        TransportError::IdleTimeout { limit } => (
            FailureCode::IdleTimeout,
            format!(
                "“{name}” went silent for {} s in mid-answer. What had arrived is kept. Try again; if it stays so, tell \
                 whoever runs the server.",
                limit.as_secs()
            ),
        ),
        TransportError::TotalTimeout { limit } => (
            FailureCode::IdleTimeout,
            format!("The answer of “{name}” took longer than {} s. What had arrived is kept.", limit.as_secs()),
        ),
        TransportError::Status { status, snippet, .. } => {
            let (code, words) = refused(name, *status, asked(error));
            (code, words + &says(snippet))
        }
        TransportError::ContentType { expected: Expected::Socket, status, .. } => {
            (FailureCode::NotChatkit, no_socket(name, *status))
        }
        TransportError::ContentType { .. } => (
            FailureCode::NotChatkit,
            format!(
                "“{name}” answered with something else than what was expected. Check the address, down to its path."
            ),
        ),
        TransportError::Cut { started: true, .. } => (
            FailureCode::Interrupted,
            format!("The connection to “{name}” broke in mid-answer. What had arrived is kept."),
        ),
        TransportError::Cut { started: false, .. } => (
            FailureCode::Interrupted,
            format!(
                "“{name}” ended the connection before it said anything. It may not know this conversation any more, \
                 or it failed."
            ),
        ),
        TransportError::Closed { code, reason, started } => closed(name, *code, reason, *started),
        TransportError::TooLarge { limit } => (
            FailureCode::TooLarge,
            format!("“{name}” sent more than {} MB at once, which is more than an answer can be.", limit >> 20),
        ),
        TransportError::Redirected { location, .. } => {
            (FailureCode::Redirected, redirected(&format!("“{name}”"), location.as_deref()))
        }
    };
    let status = match error {
        TransportError::Status { status, .. } => Some(*status),
        _ => None,
    };
    let page = match error {
        TransportError::WebPage { asked, .. } => Some(asked.clone()),
        _ => None,
    };
    let failure = Failure {
        page,
        status,
        finding: named::of(error),
        retry_after_ms: asked(error).and_then(|delay| u64::try_from(delay.as_millis()).ok()),
        ..Failure::new(code, message).with_detail(error.detail())
    };
    answers::named(name, error, failure)
}

fn unreachable(name: &str, why: Unreachable, origin: &str) -> String {
    match why {
        Unreachable::Dns => format!(
            "There is no server called {origin}. Check the address of “{name}”, and whether this computer is online."
        ),
        Unreachable::Refused => format!(
            "Nothing answers at {origin}. Check that the server of “{name}” is running, and that its address and port \
             are right."
        ),
        Unreachable::TimedOut => {
            format!("{origin} did not answer. Check that this computer is online, and that it may reach “{name}”.")
        }
        Unreachable::OldTls => format!(
            "{origin} speaks only an encryption older than TLS 1.2, which others can break, so nothing was sent. Whoever runs \
             “{name}” has to switch a newer one on."
        ),
        Unreachable::Reset | Unreachable::Other => {
            format!("The connection to {origin} failed before “{name}” answered. Check its address, and try again.")
        }
    }
}

/// Nothing came through the proxy.
fn by_proxy(name: &str, why: ProxyTrouble, proxy: &str) -> (FailureCode, String) {
    let unreachable = |what: String| {
        let words = format!(
            "{what}, and requests to “{name}” go through it. Check its address, and whether this computer is in the network \
             that it belongs to."
        );
        (FailureCode::ProxyFailed, words)
    };
    match why {
        ProxyTrouble::Login => (
            FailureCode::ProxyLogin,
            format!(
                "The proxy {proxy} wants a user name and a password, or others than it was given; “{name}” itself \
                 has not been asked. Give them in Settings → Connections, under “More settings”. They are not the token."
            ),
        ),
        ProxyTrouble::Refused => (
            FailureCode::ProxyFailed,
            format!(
                "The proxy {proxy} does not get through to “{name}”: it cannot reach that server, or does not let you go \
                 there. Check the address, and the user name and the password if the proxy has asked for them; if they are \
                 right, ask whoever runs it."
            ),
        ),
        ProxyTrouble::Unreachable(Unreachable::Dns) => unreachable(format!("There is no proxy called {proxy}")),
        ProxyTrouble::Unreachable(Unreachable::Refused) => unreachable(format!("No proxy answers at {proxy}")),
        ProxyTrouble::Unreachable(_) => unreachable(format!("The proxy {proxy} did not answer")),
    }
}

/// The server wants to know who is calling.
fn client_certificate(name: &str, why: ClientCertificate, origin: &str) -> String {
    match why {
        ClientCertificate::Missing => format!(
            "{origin} lets in only who shows a client certificate. Get one from whoever runs “{name}”, and name its file in \
             Settings → Connections, under “More settings”."
        ),
        ClientCertificate::Refused => format!(
            "{origin} does not accept the client certificate that “{name}” has in Settings → Connections, under “More \
             settings”. Check that it is the one for this server; otherwise ask whoever runs it for another."
        ),
    }
}

/// Something else than the server answers, or its front page does.
fn web_page(name: &str, location: Option<&str>) -> String {
    let at = location.map(|at| format!(", at {at},")).unwrap_or_default();
    format!(
        "A web page{at} came instead of an answer from “{name}”. Networks of hotels, trains and companies show one until you \
         sign in: open it in the browser, do what it asks for, and try again. If there is nothing to sign in at, check the \
         address down to its path."
    )
}

fn untrusted(name: &str, why: Distrust, origin: &str) -> String {
    let (what, next) = match why {
        Distrust::Expired => ("has expired", "has to renew it; if it is good, the clock of this computer is wrong."),
        Distrust::NotYet => {
            ("is not good yet", "has to look at it; if it is good, the clock of this computer is wrong.")
        }
        Distrust::WrongName => {
            ("is that of another server", "has to give it one for this name, or you the name that it is for.")
        }
        Distrust::UnknownIssuer => (
            "comes from an issuer that this computer does not know",
            "can give you the issuer's certificate, or the SHA-256 of this one: either can be set under “More settings”.",
        ),
        Distrust::NotPinned => (
            "is not the one that was pinned for it",
            "can say whether it was renewed; only then pin the one that “Test” shows.",
        ),
        Distrust::Other => ("is not trusted by this computer", "has to look at it."),
    };
    format!("The certificate of {origin} {what}, so nothing was sent. Whoever runs “{name}” {next}")
}

/// A redirect that was not followed. `who` is what sends it.
pub fn redirected(who: &str, location: Option<&str>) -> String {
    let to = location.map(|to| format!(", to {to}")).unwrap_or_default();
    let sign_in = location.is_some_and(|to| {
        let to = to.to_ascii_lowercase();
        ["login", "log-in", "signin", "sign-in", "sign_in", "oauth", "sso"].iter().any(|part| to.contains(part))
    });
    let next = if sign_in {
        "That looks like a page to sign in at, which only a browser can: ask whoever runs it for an address that takes a \
         token."
    } else {
        "If that is its new address, put it in Settings → Connections."
    };
    format!(
        "{who} wants to send the request elsewhere{to}. Nothing was sent there, since a token would go along. {next}"
    )
}

fn refused(name: &str, status: u16, asked: Option<Duration>) -> (FailureCode, String) {
    match status {
        401 => (
            FailureCode::Unauthorized,
            format!("“{name}” does not accept the token (status {status}). Put a valid one in Settings → Connections."),
        ),
        403 => (
            FailureCode::Forbidden,
            format!("“{name}” does not let you do this (status {status}). Ask whoever runs it for access."),
        ),
        405 => (
            FailureCode::NotFound,
            format!(
                "What answers at the address of “{name}” takes no POST (status {status}), so it is not a ChatKit endpoint. \
                 Check the address, down to its path; often its end is missing, such as /chatkit."
            ),
        ),
        404 => (
            FailureCode::NotFound,
            format!(
                "There is no ChatKit endpoint at the address of “{name}” (status {status}), or it no longer has this \
                 conversation. Check the address, down to its path."
            ),
        ),
        429 => (FailureCode::RateLimited, pause_wanted(name, asked)),
        500.. => (
            FailureCode::ServerRefused,
            format!("“{name}” failed (status {status}). Try again; if it stays so, tell whoever runs the server."),
        ),
        _ => (
            FailureCode::ServerRefused,
            format!("“{name}” refused the request (status {status}). Its answer is in the details."),
        ),
    }
}

/// What is asked for is not here.
pub fn unknown(what: &str) -> Failure {
    Failure::new(FailureCode::Unknown, format!("There is no such {what} here any more."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_certificate_is_told_apart() {
        for (why, words) in [
            (Distrust::Expired, "has expired"),
            (Distrust::NotYet, "is not good yet"),
            (Distrust::WrongName, "that of another server"),
            (Distrust::UnknownIssuer, "an issuer that this computer does not know"),
            (Distrust::NotPinned, "not the one that was pinned"),
            (Distrust::Other, "not trusted"),
        ] {
            let error = TransportError::Untrusted { why, origin: "https://a.example".into(), detail: "x".into() };
            let failure = on_the_way("Office", &error);
            assert_eq!(failure.code, FailureCode::Untrusted);
            assert!(failure.message.contains(words) && failure.message.contains("nothing was sent"), "{failure}");
        }
    }

    #[test]
    fn a_proxy_that_asks_for_a_login_is_told_from_the_server() {
        let proxy = || "http://proxy.example:3128".to_owned();
        let told = |why| on_the_way("Office", &TransportError::Proxy { why, proxy: proxy(), detail: "x".into() });
        let asks = told(ProxyTrouble::Login);
        assert_eq!(asks.code, FailureCode::ProxyLogin);
        assert!(asks.message.contains("The proxy http://proxy.example:3128 wants"));
        let server = TransportError::Status {
            status: 401,
            retry_after: None,
            date: None,
            challenge: None,
            snippet: String::new(),
        };
        assert_eq!(on_the_way("Office", &server).code, FailureCode::Unauthorized);
        for why in [ProxyTrouble::Refused, ProxyTrouble::Unreachable(Unreachable::Dns)] {
            assert_eq!(told(why).code, FailureCode::ProxyFailed);
        }
    }

    #[test]
    fn a_server_that_wants_a_client_certificate_says_what_to_do_about_it() {
        let told = |why| {
            let (origin, detail) = ("https://a.example".to_owned(), "x".to_owned());
            on_the_way("Office", &TransportError::ClientCertificate { why, origin, detail })
        };
        let (missing, refused) = (told(ClientCertificate::Missing), told(ClientCertificate::Refused));
        assert_eq!((missing.code, refused.code), (FailureCode::ClientCertificate, FailureCode::ClientCertificate));
        assert!(missing.message.contains("name its file") && refused.message.contains("does not accept"), "{missing}");
    }

    #[test]
    fn a_page_in_the_way_can_be_looked_at() {
        let error = TransportError::WebPage {
            status: 302,
            asked: "http://chat.example/chatkit".to_owned(),
            location: Some("http://portal.example/".to_owned()),
            snippet: String::new(),
        };
        let failure = on_the_way("Office", &error);
        assert_eq!(failure.page.as_deref(), Some("http://chat.example/chatkit"));
        assert!(failure.message.contains("http://portal.example/") && failure.message.contains("in the browser"));
    }

    #[test]
    fn a_refusal_tells_the_reason_and_a_redirect_what_it_looks_like() {
        let refused = |status| TransportError::Status {
            status,
            retry_after: None,
            date: None,
            challenge: None,
            snippet: r#"{"detail": "Unknown tenant"}"#.to_owned(),
        };
        for status in [401, 403, 404, 405, 422, 500] {
            let failure = on_the_way("Office", &refused(status));
            assert!(failure.message.ends_with("The server says: “Unknown tenant”."), "{failure}");
        }
        let to = |location: &str| redirected("“Office”", Some(location));
        assert!(to("https://sso.example/login").contains("page to sign in"));
        assert!(to("https://chat.example/v2").contains("new address"));
    }
}

//! Why somebody is not signed in, in the words of a person.

use model::{Failure, FailureCode};
use transport::TransportError;

use super::{Fault, OauthError};
use crate::{failure::on_the_way, reason::says};

impl OauthError {
    /// What to show for a connection of this name.
    pub fn failure(&self, name: &str) -> Failure {
        let signed_out = |words: String| Failure::new(FailureCode::SignedOut, words);
        let mistaken = |words: String| Failure::new(FailureCode::BadSession, words);
        let failure = match self {
            Self::Way { error, .. } => return on_its_way(name, self, error),
            Self::Address { endpoint, why } => Failure::new(
                FailureCode::BadAddress,
                format!("You cannot sign in to “{name}”: of {endpoint}, the address cannot be used, since {why}."),
            ),
            Self::Lacks(endpoint) => mistaken(format!(
                "You cannot sign in to “{name}” this way: {endpoint} is missing. Choose another way to sign in, or add its \
                 address."
            )),
            Self::Unreadable(endpoint) => mistaken(format!(
                "You are not signed in to “{name}”: what {endpoint} answered cannot be read. Check its address, or tell \
                 whoever runs it."
            )),
            Self::WrongIssuer { expected, found } => mistaken(format!(
                "You are not signed in to “{name}”: the identity provider should be {expected} and says that it is \
                 “{found}”. Check the issuer, letter by letter."
            )),
            Self::PortTaken(port) => signed_out(format!(
                "You cannot sign in to “{name}” now: another program uses port {port}, to which the browser should come \
                 back. Close it, or choose another port."
            )),
            Self::NoListener(_) => signed_out(format!(
                "You cannot sign in to “{name}” with this browser: this computer lets no program wait for it. Sign in with \
                 a code instead."
            )),
            Self::WrongState | Self::Elsewhere => signed_out(format!(
                "You are not signed in to “{name}”: what came back was not the answer to this sign-in, so it was not used. \
                 Sign in again, and close other pages of that provider first."
            )),
            Self::NoAnswer => signed_out(format!(
                "You are not signed in to “{name}”: the browser came back without an answer. Sign in again."
            )),
            Self::NeverReturned(_) => signed_out(format!(
                "You are not signed in to “{name}”: the browser did not come back. Sign in again, and finish it on the page \
                 that opens."
            )),
            Self::CodeExpired => signed_out(format!(
                "You are not signed in to “{name}”: the code was not used in time. Sign in again to get a new one."
            )),
            Self::Refused { code, words } => signed_out(refused(name, code, words.as_deref())),
            Self::SignedOut => signed_out(format!("You are signed out of “{name}”. Sign in again to go on.")),
            Self::NotBearer => mistaken(format!(
                "You are not signed in to “{name}”: the identity provider gives a kind of token that Kittiwake cannot send. \
                 Ask whoever runs it for bearer tokens."
            )),
            Self::IdToken(fault) => mistaken(format!("You are not signed in to “{name}”: {}", faulty(*fault))),
        };
        failure.with_detail(self.to_string())
    }
}

fn refused(name: &str, code: &str, words: Option<&str>) -> String {
    let said = words.map(|words| format!(" It says: “{words}”.")).unwrap_or_default();
    match code {
        "access_denied" => {
            format!("You are not signed in to “{name}”: it was refused on the page of the provider.{said}")
        }
        "invalid_client" | "unauthorized_client" => format!(
            "You are not signed in to “{name}”: the identity provider does not know this client, or does not allow it this \
             way to sign in. Check the client ID.{said}"
        ),
        "invalid_scope" => {
            format!(
                "You are not signed in to “{name}”: the identity provider does not give what is asked for. Check the \
                     scopes.{said}"
            )
        }
        _ => format!("You are not signed in to “{name}”: the identity provider refused ({code}).{said}"),
    }
}

fn faulty(fault: Fault) -> &'static str {
    match fault {
        Fault::Missing => "the identity provider does not say who signed in, as it has to.",
        Fault::Expired => {
            "what the identity provider says about you is past its time. The clock of this computer may be wrong."
        }
        Fault::Nonce | Fault::AccessToken => {
            "what the identity provider says about you is about another sign-in, so it was not used. Sign in again."
        }
        Fault::Unreadable | Fault::Signature | Fault::Issuer | Fault::Audience => {
            "what the identity provider says about you cannot be trusted, so it was not used. Tell whoever runs it."
        }
    }
}

/// What came on the way to the provider, which is another server than the one of the connection.
fn on_its_way(name: &str, whole: &OauthError, error: &TransportError) -> Failure {
    let Failure { code, message, retry_after_ms, finding, .. } = on_the_way(name, error);
    // Not that nobody is signed in: this may be a sign-in that was only to be prolonged.
    let begin = format!("Signing in to “{name}” does not work:");
    let (code, message) = match error {
        TransportError::Unreachable { origin, .. } => (
            code,
            format!(
                "{begin} nothing answers at {origin}, the identity provider. Check that this computer is online and the \
                 address is right."
            ),
        ),
        TransportError::FirstByteTimeout { .. }
        | TransportError::IdleTimeout { .. }
        | TransportError::TotalTimeout { .. }
        | TransportError::Cut { .. } => {
            (code, format!("{begin} the identity provider did not answer to the end. Try again."))
        }
        TransportError::Status { status: 404, .. } => {
            (code, format!("{begin} the identity provider has nothing at its address (status 404). Check the address."))
        }
        TransportError::Status { status, snippet, .. } => (
            FailureCode::ServerRefused,
            format!("{begin} the identity provider failed (status {status}).{}", says(snippet)),
        ),
        TransportError::ContentType { found, .. } => {
            let what = match found.as_deref() {
                Some(found) if found.contains("html") => "a web page",
                _ => "something that is not JSON",
            };
            (FailureCode::BadSession, format!("{begin} the identity provider answered with {what}. Check its address."))
        }
        TransportError::Redirected { .. } => (
            code,
            format!("{begin} the identity provider points elsewhere, where nothing was sent. Check its address."),
        ),
        TransportError::TooLarge { .. } => (
            FailureCode::BadSession,
            format!("{begin} the identity provider answered with more than it can have to say."),
        ),
        _ => (code, message),
    };
    Failure {
        retry_after_ms,
        finding,
        ..Failure::new(code, message).with_detail(format!("{whole}\n{}", error.detail()))
    }
}

#[cfg(test)]
mod tests {
    use transport::{Expected, Unreachable};

    use super::*;
    use crate::oauth::Endpoint;

    fn way(error: TransportError) -> Failure {
        OauthError::Way { endpoint: Endpoint::Token, error }.failure("Office")
    }

    #[test]
    fn trouble_on_the_way_is_the_provider_s_and_not_the_server_s() {
        let origin = "https://id.example".to_owned();
        let lost = TransportError::Unreachable { why: Unreachable::Dns, origin, detail: String::new() };
        let page = TransportError::ContentType {
            expected: Expected::Json,
            found: Some("text/html".into()),
            status: 200,
            snippet: String::new(),
        };
        let moved = TransportError::Redirected { status: 302, location: Some("https://sso.example/".into()) };
        let failed = TransportError::Status {
            status: 503,
            retry_after: None,
            date: None,
            challenge: None,
            snippet: String::new(),
        };
        for (error, code, words) in [
            (lost, FailureCode::Unreachable, "https://id.example"),
            (page, FailureCode::BadSession, "a web page"),
            (moved, FailureCode::Redirected, "nothing was sent"),
            (failed, FailureCode::ServerRefused, "status 503"),
        ] {
            let failure = way(error);
            assert_eq!(failure.code, code);
            assert!(failure.message.contains(words) && failure.message.contains("identity provider"), "{failure}");
        }
    }

    #[test]
    fn a_refusal_tells_what_the_provider_says_and_what_to_do() {
        let refused = |code: &str, words: Option<&str>| {
            let error = OauthError::Refused { code: code.into(), words: words.map(str::to_owned) };
            error.failure("Office")
        };
        assert!(refused("access_denied", Some("Not today")).message.contains("It says: “Not today”."));
        assert!(refused("invalid_client", None).message.contains("Check the client ID."));
        assert!(refused("invalid_scope", None).message.contains("Check the scopes."));
        assert!(refused("odd_one", None).message.contains("(odd_one)"));
        assert_eq!(refused("odd_one", None).code, FailureCode::SignedOut);
    }
}

//! What can go wrong between *Sign in* and the tokens.

use std::time::Duration;

use transport::TransportError;

/// Why somebody is not signed in, or not signed out. What others said in it is plain text on one line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OauthError {
    /// An address, of the person's or the provider's, that is not to be called.
    #[error("the address of {endpoint} cannot be used: {why}")]
    Address {
        /// Whose.
        endpoint: Endpoint,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The provider does not have what this sign-in needs.
    #[error("the provider has no {0}")]
    Lacks(Endpoint),
    /// No answer of use from the provider.
    #[error("{endpoint}: {error}")]
    Way {
        /// Who was asked.
        endpoint: Endpoint,
        /// What came of it.
        error: TransportError,
    },
    /// An answer that is not what it should be.
    #[error("the answer of {0} cannot be read")]
    Unreadable(Endpoint),
    /// The provider says that it is another one.
    #[error("the provider calls itself {found} and not {expected}")]
    WrongIssuer {
        /// Who it was to be.
        expected: String,
        /// Who it is.
        found: String,
    },
    /// The port to which the browser is to come back is taken.
    #[error("port {0} is taken by another program")]
    PortTaken(u16),
    /// This computer lets nobody listen.
    #[error("cannot listen on 127.0.0.1: {0}")]
    NoListener(String),
    /// The browser came back with an answer to another question.
    #[error("the browser came back with a state that was not sent")]
    WrongState,
    /// Something that is not the browser of the person came, or was sent by another page.
    #[error("the answer came from elsewhere")]
    Elsewhere,
    /// The browser came back with nothing that is an answer.
    #[error("the browser came back without an answer")]
    NoAnswer,
    /// The browser did not come back.
    #[error("the browser did not come back within {} s", .0.as_secs())]
    NeverReturned(Duration),
    /// The device code was not used in time.
    #[error("the code was not used in time")]
    CodeExpired,
    /// The provider refused.
    #[error("the provider refused: {code}")]
    Refused {
        /// Its reason, for machines.
        code: String,
        /// Its reason, in words.
        words: Option<String>,
    },
    /// The refresh token is taken no more: it was used, it was revoked, or its time is over.
    #[error("the provider does not take the refresh token any more")]
    SignedOut,
    /// The access token is of a kind that cannot be sent.
    #[error("the token is no bearer token")]
    NotBearer,
    /// Who signed in cannot be told for sure.
    #[error("the ID token cannot be trusted: {0}")]
    IdToken(Fault),
}

/// The parts of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Endpoint {
    /// Who it is, and where everything is.
    #[error("the issuer")]
    Issuer,
    /// With what ID tokens are checked.
    #[error("the provider's keys")]
    Keys,
    /// Where the browser goes.
    #[error("the authorization endpoint")]
    Authorization,
    /// Where tokens are given.
    #[error("the token endpoint")]
    Token,
    /// Where device codes are given.
    #[error("the device authorization endpoint")]
    Device,
    /// Where the person types the code.
    #[error("the page for the code")]
    Verification,
    /// Where tokens are taken back.
    #[error("the revocation endpoint")]
    Revocation,
}

/// What is wrong with an ID token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There is none.
    #[error("there is none")]
    Missing,
    /// It is no ID token.
    #[error("it cannot be read")]
    Unreadable,
    /// It is not signed by the provider.
    #[error("its signature is not the provider's")]
    Signature,
    /// It is from another provider.
    #[error("it is from another issuer")]
    Issuer,
    /// It is for another program.
    #[error("it is for somebody else")]
    Audience,
    /// Its time is over.
    #[error("it has expired")]
    Expired,
    /// It answers another question.
    #[error("its nonce was not sent")]
    Nonce,
    /// It belongs to another access token.
    #[error("it belongs to another access token")]
    AccessToken,
}

impl OauthError {
    /// The same, with every text in it that comes from elsewhere as `clean` makes it.
    pub(super) fn cleaned(self, clean: impl Fn(&str) -> String) -> Self {
        match self {
            Self::Way { endpoint, error } => Self::Way { endpoint, error: error.cleaned(clean) },
            Self::WrongIssuer { expected, found } => Self::WrongIssuer { expected, found: clean(&found) },
            Self::Refused { code, words } => Self::Refused { code, words: words.map(|words| clean(&words)) },
            other => other,
        }
    }
}

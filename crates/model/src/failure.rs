//! What went wrong, in a form that a host can branch on and a person can read.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::finding::Finding;

/// An error as a host shows it: a code to branch on, and words that say what happened and what to do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// For the host to branch on.
    pub code: FailureCode,
    /// For the person: what happened and what to do next. Plain text, no secret in it.
    pub message: String,
    /// For whoever runs the server: status, first bytes of the answer, the chain of causes. No secret in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// After how many milliseconds the server asked to be tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(type = "number | null")]
    pub retry_after_ms: Option<u64>,
    /// The status of the server's answer, if it was the refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// A page that the person may want to look at in a browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// What may be set in the connection so that the same does not fail again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mapping: Option<Box<Mapping>>,
    /// What exactly is wrong, where that has a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub finding: Option<Finding>,
}

/// A field of a connection's form, and what might be written there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Mapping {
    /// The field's key.
    pub field: String,
    /// JSON Pointers to choose from, the likeliest first.
    pub pointers: Vec<String>,
}

impl Failure {
    /// A failure with a message and nothing else.
    pub fn new(code: FailureCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            detail: None,
            retry_after_ms: None,
            status: None,
            page: None,
            mapping: None,
            finding: None,
        }
    }

    /// The same, with a detail for whoever runs the server.
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The same, by the name of what is wrong.
    pub fn found(mut self, finding: Finding) -> Self {
        self.finding = Some(finding);
        self
    }
}

/// What kind of failure it was. A code exists only while a host, a test or the terminal's exit message branches on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    /// Something the person typed cannot be used.
    BadInput,
    /// The address is not one that can be called.
    BadAddress,
    /// Nobody answers at the address.
    Unreachable,
    /// The server's certificate is not trusted.
    Untrusted,
    /// The server wants a client certificate, or another one.
    ClientCertificate,
    /// It would go without encryption, and nobody allowed that.
    Unencrypted,
    /// The proxy cannot be reached, or does not reach the server.
    ProxyFailed,
    /// 407: the proxy wants a user name and a password.
    ProxyLogin,
    /// A web page stands in the way, such as one to sign in at.
    WebPage,
    /// The server did not begin to answer in time.
    FirstByteTimeout,
    /// The server went silent in mid-answer.
    IdleTimeout,
    /// The answer broke off.
    Interrupted,
    /// 401: the token is missing, wrong or expired.
    Unauthorized,
    /// There is no token or session that the server takes, and none can be had without the person.
    SignedOut,
    /// 403: whoever asks is known, and may not.
    Forbidden,
    /// The session endpoint does not answer as one.
    BadSession,
    /// The connection was switched off.
    Disabled,
    /// Somebody else than the person has fixed it: the administrator, or whoever started the program.
    Locked,
    /// 404: there is no ChatKit endpoint at the address.
    NotFound,
    /// 429.
    RateLimited,
    /// 5xx, or another refusal.
    ServerRefused,
    /// The server reported an error in its stream.
    ServerError,
    /// HTML, JSON instead of a stream, or nothing that can be read.
    NotChatkit,
    /// The answer has its text somewhere else than where it was looked for.
    FormatMismatch,
    /// What came in place of a picture is none that is ever shown.
    NoPicture,
    /// The answer is larger than anything sensible.
    TooLarge,
    /// The conversation is longer than the model can read. The request did nothing.
    TooLong,
    /// A redirect to somewhere else, not followed because the request carries credentials.
    Redirected,
    /// The thread is busy with another turn.
    Busy,
    /// There is no such thread, item or connection here.
    Unknown,
    /// There is no keychain.
    KeychainAbsent,
    /// The keychain is locked.
    KeychainLocked,
    /// The keychain refused, or did not answer in time.
    KeychainFailed,
    /// What the keychain has for the connection cannot be read; another token takes its place.
    KeychainDamaged,
    /// The disk is full or cannot be written; what was shown before is safe.
    DiskFull,
    /// The data folder was written by a newer version.
    NewerVersion,
    /// A file in the data folder cannot be read.
    DataDamaged,
    /// A fault of Kittiwake itself.
    Internal,
}

impl FailureCode {
    /// Whether the server was not reached, so that it makes sense to try again by and by: the network may be gone, or the
    /// server down.
    pub fn is_offline(self) -> bool {
        matches!(self, Self::Unreachable | Self::ProxyFailed)
    }
}

/// Spelled as it is everywhere outside the program, such as `not_chatkit`.
impl fmt::Display for FailureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_spelled_as_it_is_sent() {
        let code = FailureCode::FirstByteTimeout;
        assert_eq!(serde_json::to_value(code).unwrap(), code.to_string());
    }
}

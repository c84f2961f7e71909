//! What can be wrong with a connection, by name.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something that is wrong with a connection, its server, the way there, or this computer. Finer than a
/// [`FailureCode`](crate::FailureCode), on which programs branch: a finding is what a person looks up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// The session endpoint's answer holds no secret.
    SecretMissing,
    /// Where the secret belongs stands `null`.
    SecretNull,
    /// The secret stands under another key than the one that was looked at.
    SecretElsewhere,
    /// What stands there is longer than any secret.
    SecretTooLarge,
    /// The session endpoint answers with something that is not JSON.
    SessionNotJson,
    /// 404 or 405: the session endpoint is not there.
    SessionNotFound,
    /// The session endpoint fails, with a 5xx.
    SessionFailed,
    /// 401: nothing was sent that says who asks.
    CredentialsMissing,
    /// 401: what was sent cannot be read as a credential.
    CredentialsMalformed,
    /// 401: what was sent was good once.
    CredentialsExpired,
    /// 401: the server wants another scheme than the one that was used.
    CredentialsWrongScheme,
    /// 401: the server does not say why.
    CredentialsRefused,
    /// Something else than the expected server answers at the address.
    WrongAddress,
    /// The server is there, and has nothing at the path.
    WrongPath,
    /// `/v1` stands twice in what is asked.
    VersionDoubled,
    /// No server has that name.
    NameNotFound,
    /// Nothing listens at the address and port.
    ConnectionRefused,
    /// The connection was taken and dropped.
    ConnectionReset,
    /// Nobody took the call in time.
    ConnectionTimedOut,
    /// The certificate's issuer is not trusted here.
    CertificateUntrusted,
    /// The certificate has ended, or has not begun.
    CertificateExpired,
    /// The certificate is for another name.
    CertificateWrongName,
    /// The server wants to see a client certificate, or another one.
    ClientCertificateWanted,
    /// A proxy stands on the way and does not let requests through.
    ProxyInTheWay,
    /// 407: the proxy wants a login.
    ProxyLogin,
    /// The network shows a page to sign in at.
    CaptivePortal,
    /// The server takes the request and does not begin to answer.
    SilentBeforeHeaders,
    /// The answer begins, and nothing follows.
    SilentAfterHeaders,
    /// The stream comes all at once.
    AllAtOnce,
    /// The answer's content type is not what was asked for.
    WrongContentType,
    /// The stream has no `data:` lines.
    NoDataLines,
    /// The answer is not UTF-8.
    NotUtf8,
    /// No model was named, and the server wants one.
    ModelNotSent,
    /// Another model answered than was asked for.
    ModelIgnored,
    /// The server does not know the model.
    ModelUnknown,
    /// A new session ends at once.
    SessionEndsAtOnce,
    /// A new session has ended before it began.
    SessionInThePast,
    /// The server's clock and this computer's are apart.
    ClocksApart,
    /// The answer's text is elsewhere.
    FormatMismatch,
    /// 429: too many requests.
    RateLimited,
    /// 429: there is nothing left to spend.
    QuotaUsedUp,
    /// 413: the file is larger than the server takes.
    UploadTooLarge,
    /// 415: the server does not take such files.
    UploadWrongType,
    /// 501: the server takes no files.
    UploadUnsupported,
    /// The server opens no WebSocket.
    SocketRefused,
    /// The WebSocket was opened and dropped.
    SocketDropped,
    /// The WebSocket is open, and nothing comes.
    SocketSilent,
    /// There is no keychain.
    KeychainAbsent,
    /// The keychain is locked.
    KeychainLocked,
    /// The keychain takes longer than its limit.
    KeychainSlow,
    /// The data folder cannot be written to.
    FolderReadOnly,
    /// The disk is full.
    DiskFull,
    /// The answer comes slower than this connection's usually do.
    SlowerThanUsual,
}

impl Finding {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::SecretMissing,
        Self::SecretNull,
        Self::SecretElsewhere,
        Self::SecretTooLarge,
        Self::SessionNotJson,
        Self::SessionNotFound,
        Self::SessionFailed,
        Self::CredentialsMissing,
        Self::CredentialsMalformed,
        Self::CredentialsExpired,
        Self::CredentialsWrongScheme,
        Self::CredentialsRefused,
        Self::WrongAddress,
        Self::WrongPath,
        Self::VersionDoubled,
        Self::NameNotFound,
        Self::ConnectionRefused,
        Self::ConnectionReset,
        Self::ConnectionTimedOut,
        Self::CertificateUntrusted,
        Self::CertificateExpired,
        Self::CertificateWrongName,
        Self::ClientCertificateWanted,
        Self::ProxyInTheWay,
        Self::ProxyLogin,
        Self::CaptivePortal,
        Self::SilentBeforeHeaders,
        Self::SilentAfterHeaders,
        Self::AllAtOnce,
        Self::WrongContentType,
        Self::NoDataLines,
        Self::NotUtf8,
        Self::ModelNotSent,
        Self::ModelIgnored,
        Self::ModelUnknown,
        Self::SessionEndsAtOnce,
        Self::SessionInThePast,
        Self::ClocksApart,
        Self::FormatMismatch,
        Self::RateLimited,
        Self::QuotaUsedUp,
        Self::UploadTooLarge,
        Self::UploadWrongType,
        Self::UploadUnsupported,
        Self::SocketRefused,
        Self::SocketDropped,
        Self::SocketSilent,
        Self::KeychainAbsent,
        Self::KeychainLocked,
        Self::KeychainSlow,
        Self::FolderReadOnly,
        Self::DiskFull,
        Self::SlowerThanUsual,
    ];
}

/// Spelled as it is everywhere outside the program, such as `secret-missing`.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_them_are_listed_in_their_order() {
        // Whoever reads a name that there is not says which there are.
        let told = serde_json::from_value::<Finding>("nonsense".into()).unwrap_err().to_string();
        let names: Vec<_> = told.split('`').skip(3).step_by(2).map(str::to_owned).collect();
        let listed: Vec<_> = Finding::ALL.iter().map(Finding::to_string).collect();
        assert_eq!(listed, names);
    }

    #[test]
    fn a_finding_is_spelled_as_it_is_sent() {
        assert_eq!(Finding::NotUtf8.to_string(), "not-utf8");
        assert_eq!(serde_json::to_value(Finding::SecretMissing).unwrap(), Finding::SecretMissing.to_string());
    }
}

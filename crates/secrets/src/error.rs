//! What can be wrong with a keychain, told apart.

use model::{Failure, FailureCode, Finding};

/// Why secrets could not be read or stored. The words are for the person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// There is no keychain.
    #[error(
        "There is no keychain on this computer, or it is not running. Start one (such as GNOME Keyring or KWallet) and \
         try again, or keep the token only until Kittiwake is closed."
    )]
    Absent,
    /// It is locked, and was not unlocked.
    #[error("The keychain is locked. Unlock it and try again, or keep the token only until Kittiwake is closed.")]
    Locked,
    /// It refused.
    #[error(
        "The keychain did not let Kittiwake in. Allow it there and try again, or keep the token only until Kittiwake is \
         closed."
    )]
    Denied,
    /// It did not answer in time.
    #[error(
        "The keychain did not answer within {} seconds. It may be waiting for you: look for its window, answer it, and \
         try again.",
        crate::LIMIT.as_secs()
    )]
    TimedOut,
    /// The entry is not one of Kittiwake's.
    #[error("The keychain's entry for this connection cannot be read. Give the token again to replace it.")]
    Corrupt,
    /// The entry is larger than this system's keychain allows; Windows has room for 2,560 bytes.
    #[error(
        "The token is longer than the keychain of this system allows. Use a shorter one, or keep it only until Kittiwake \
         is closed."
    )]
    TooLarge,
    /// Anything else.
    #[error("The keychain failed. Try again, or keep the token only until Kittiwake is closed.")]
    Failed {
        /// What it says. No secret is in it.
        detail: String,
    },
}

impl From<SecretError> for Failure {
    fn from(error: SecretError) -> Self {
        let code = match error {
            SecretError::Absent => FailureCode::KeychainAbsent,
            SecretError::Locked => FailureCode::KeychainLocked,
            SecretError::Corrupt => FailureCode::KeychainDamaged,
            SecretError::Denied | SecretError::TimedOut | SecretError::TooLarge | SecretError::Failed { .. } => {
                FailureCode::KeychainFailed
            }
        };
        let finding = match error {
            SecretError::Absent => Some(Finding::KeychainAbsent),
            SecretError::Locked => Some(Finding::KeychainLocked),
            SecretError::TimedOut => Some(Finding::KeychainSlow),
            SecretError::Denied | SecretError::Corrupt | SecretError::TooLarge | SecretError::Failed { .. } => None,
        };
        let failure = Self { finding, ..Self::new(code, error.to_string()) };
        match error {
            SecretError::Failed { detail } => failure.with_detail(detail),
            _ => failure,
        }
    }
}

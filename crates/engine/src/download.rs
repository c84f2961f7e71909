//! Public files, such as a new version of the program.

use model::{Failure, FailureCode, UpdateCheck};
use transport::{Limits, TransportError};
use url::Url;

use crate::{engine::Engine, failure::on_the_way};

impl Engine {
    /// Reads a public file of at most `bytes` bytes. Nothing of the person's goes with the request.
    ///
    /// # Errors
    ///
    /// If the whole file is not here in the end.
    pub async fn download(&self, url: &Url, bytes: usize) -> Result<Vec<u8>, Failure> {
        let limits = Limits { body_bytes: bytes, ..Limits::default() };
        self.http().file(url, &limits).await.map_err(|error| failed(&error))
    }

    /// When to look for a new version.
    pub fn update_check(&self) -> UpdateCheck {
        self.settings().settings().update_check
    }

    /// Sets when to look for a new version.
    ///
    /// # Errors
    ///
    /// If it could not be written to the settings file.
    pub async fn set_update_check(&self, check: UpdateCheck) -> Result<(), Failure> {
        self.settings().change(|settings| settings.update_check = check)
    }
}

/// In words that do not speak of connections: there is none to correct.
fn failed(error: &TransportError) -> Failure {
    let Failure { code, detail, retry_after_ms, .. } = on_the_way("the download", error);
    let message = match code {
        FailureCode::Unreachable | FailureCode::FirstByteTimeout => {
            "The server of the downloads does not answer. Check that this computer is online, and try again."
        }
        FailureCode::IdleTimeout | FailureCode::Interrupted => "The download broke off. Try again.",
        FailureCode::Untrusted => {
            "The certificate of the server of the downloads is not trusted by this computer, so nothing was fetched."
        }
        FailureCode::ProxyFailed | FailureCode::ProxyLogin => {
            "The proxy that is set on this computer does not let the download through. Ask whoever set it."
        }
        FailureCode::TooLarge => "The download is larger than it can be, so it was not taken.",
        _ => "The server of the downloads does not have what was asked for. Try again later.",
    };
    Failure { detail, retry_after_ms, ..Failure::new(code, message) }
}

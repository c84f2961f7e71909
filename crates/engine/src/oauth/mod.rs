//! Signing in at an identity provider: OAuth 2 and OpenID Connect, in a browser that the host opens.
//!
//! [`OauthClient::sign_in`] asks the host to show an address, waits for the person, and ends with [`Tokens`];
//! [`OauthClient::refresh`] prolongs them without the person, and [`OauthClient::revoke`] ends them at the provider.
//! Nothing is kept here: whoever holds the tokens keeps them, bound to the server for which they were made.
//!
//! The browser comes back to a listener on 127.0.0.1 that is there for one answer (`callback.rs`). What the provider
//! says is checked before anything of it is used: whose answer it is (`state`), and whose ID token (`id_token.rs`).

mod browser;
mod callback;
mod client;
mod device;
mod error;
mod id_token;
mod page;
mod plain;
mod provider;
mod wire;
mod words;

use std::time::{Duration, SystemTime};

use model::{OauthFlow, OauthSource};
use secrecy::SecretString;
use url::Url;

use crate::outbound::Outbound;
use provider::{Keys, Provider};
use wire::Wire;

pub use error::{Endpoint, Fault, OauthError};

/// How long the person has to come back from the browser, if nobody says otherwise.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// What a provider gave.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// What requests carry.
    pub access: SecretString,
    /// With what they are prolonged. After a refresh it is the one to keep from then on, new or not. `None` if the provider
    /// gives none: then the person signs in again.
    pub refresh: Option<SecretString>,
    /// How long the access token lives, from now on, if the provider says so.
    pub expires_in: Option<Duration>,
    /// The person's name or e-mail address from a verified ID token, to be shown. Plain text on one line.
    pub who: Option<String>,
}

/// What the person has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Open this address in the browser of this computer. It comes back by itself.
    Open {
        /// An https address, or one on this machine.
        url: Url,
    },
    /// Open this address in any browser and type the code.
    Device {
        /// An https address, or one on this machine.
        address: Url,
        /// What to type. Plain text on one line.
        code: String,
        /// Until when it is good.
        until: SystemTime,
    },
}

/// What became of tokens at sign-out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// The provider takes them no more.
    Done,
    /// The provider has no way to be told. They end by themselves.
    NotOffered,
}

/// This program as one client of one provider.
#[derive(Clone)]
pub struct OauthClient {
    out: Outbound,
    source: OauthSource,
    secret: Option<SecretString>,
    patience: Duration,
}

impl OauthClient {
    /// A client. The secret is the one that few providers give to a program that runs at the person's.
    pub fn new(out: Outbound, source: OauthSource, secret: Option<SecretString>) -> Self {
        secret.iter().for_each(|secret| out.redactor().register(secret));
        Self { out, source, secret, patience: PATIENCE }
    }

    /// The same, with another time for the person to come back from the browser.
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Signs the person in. `progress` is called once, as soon as there is something for the person to do. Dropping the
    /// future gives up: nobody listens any more and nothing is asked.
    ///
    /// # Errors
    ///
    /// Whatever keeps the person from being signed in, without secrets.
    pub async fn sign_in(&self, progress: impl FnOnce(Progress) + Send) -> Result<Tokens, OauthError> {
        let signed_in = async {
            let provider = Provider::find(self, Keys::Fetch).await?;
            match self.source.flow {
                OauthFlow::Browser => browser::sign_in(self, &provider, progress).await,
                OauthFlow::Device => device::sign_in(self, &provider, progress).await,
            }
        };
        self.noted("sign in", signed_in.await)
    }

    /// Prolongs a sign-in. A provider that rotates takes each refresh token once and ends the whole sign-in when it sees
    /// one twice. So there must be one refresh at a time; it must run to its end even if nobody waits for it any more; and
    /// what it gives must be kept before it is used.
    ///
    /// # Errors
    ///
    /// [`OauthError::SignedOut`] if the provider does not take the token any more; another one if it may yet.
    pub async fn refresh(&self, token: &SecretString) -> Result<Tokens, OauthError> {
        let refreshed = async {
            self.out.redactor().register(token);
            let provider = Provider::find(self, Keys::Leave).await?;
            let client = client::of(self, &provider);
            client::refresh(self, &client, token).await
        };
        self.noted("refresh", refreshed.await)
    }

    /// Has the provider end a sign-in (RFC 7009): the refresh token first, as the access token often goes with it.
    ///
    /// # Errors
    ///
    /// If the provider could not be told. The tokens are to be forgotten all the same.
    pub async fn revoke(
        &self,
        access: &SecretString,
        refresh: Option<&SecretString>,
    ) -> Result<Revocation, OauthError> {
        let revoked = async {
            let provider = Provider::find(self, Keys::Leave).await?;
            let Some(address) = &provider.revocation else { return Ok(Revocation::NotOffered) };
            let client = client::of(self, &provider);
            client::revoke(self, &client, address, access, refresh).await?;
            Ok(Revocation::Done)
        };
        self.noted("revoke", revoked.await)
    }

    fn wire(&self) -> Wire<'_> {
        Wire::new(&self.out)
    }

    /// Takes secrets out of an error, and tells the log.
    fn noted<T>(&self, what: &'static str, outcome: Result<T, OauthError>) -> Result<T, OauthError> {
        let outcome = outcome.map_err(|error| error.cleaned(|text| self.out.redactor().clean(text).into_owned()));
        match &outcome {
            Ok(_) => tracing::info!(what, "identity provider"),
            Err(error) => tracing::warn!(what, %error, "identity provider"),
        }
        outcome
    }
}

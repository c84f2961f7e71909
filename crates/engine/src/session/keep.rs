//! Keys and sessions in the keychain.

use model::{Connection, Failure, FailureCode, SessionSource};
use secrecy::SecretString;
use secrets::{ConnectionSecrets, KeptSession, SecretError, SecretStore};
use url::Url;

use super::Sessions;

/// Scheme, host and port: what a secret is bound to.
pub fn origin(url: &str) -> String {
    Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.origin().ascii_serialization())
}

/// To where the person's key is sent: to whoever makes sessions with it, or to the server itself.
pub fn key_origin(connection: &Connection) -> String {
    match &connection.session {
        SessionSource::None | SessionSource::Static => origin(&connection.url),
        SessionSource::Endpoint(endpoint) => origin(&endpoint.url),
        SessionSource::Hosted(hosted) => origin(&hosted.base),
    }
}

/// The person's key for a connection, in what the keychain has of it.
///
/// # Errors
///
/// [`FailureCode::SignedOut`] if it is not here.
pub fn key(connection: &Connection, kept: Option<&ConnectionSecrets>) -> Result<SecretString, Failure> {
    kept.and_then(|kept| kept.key_for(&key_origin(connection))).cloned().ok_or_else(|| {
        let words = format!(
            "The token of “{}” is not on this computer. Give it again in Settings → Connections.",
            connection.name
        );
        Failure::new(FailureCode::SignedOut, words)
    })
}

impl Sessions {
    /// The person's key for a connection.
    ///
    /// # Errors
    ///
    /// [`FailureCode::SignedOut`] if it is not here, or the keychain's failure.
    pub async fn key(&self, connection: &Connection) -> Result<SecretString, Failure> {
        key(connection, self.kept(connection).await?.as_ref())
    }

    /// What the keychain has of a connection.
    ///
    /// # Errors
    ///
    /// The keychain's failure.
    pub(crate) async fn kept(&self, connection: &Connection) -> Result<Option<ConnectionSecrets>, Failure> {
        let id = connection.id.clone();
        self.blocking(move |secrets| secrets.get(&id)).await
    }

    /// Keeps a session for the next run. Without a keychain it lasts as long as this one, which is no failure.
    pub(super) async fn keep(&self, connection: &Connection, session: Option<KeptSession>) {
        let (id, origin) = (connection.id.clone(), origin(&connection.url));
        let change = move |secrets: &dyn SecretStore| {
            let mut session = session;
            secrets.change(&id, &mut |kept| kept.set_session(&origin, session.take()))
        };
        let _ = self.blocking(change).await;
    }

    /// Forgets the session that was kept: the server does not know it any more, or another one is wanted.
    pub(crate) async fn forget_kept(&self, connection: &Connection) {
        self.keep(connection, None).await;
    }

    /// Has somebody told when the keychain answers that had not answered in time.
    pub(crate) fn when_late(&self, tell: Box<dyn Fn() + Send + Sync>) {
        self.shared.secrets.when_late(tell);
    }

    /// Does something with the keychain, where blocking is allowed.
    ///
    /// # Errors
    ///
    /// The keychain's failure.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn SecretStore) -> Result<T, SecretError> + Send + 'static,
    ) -> Result<T, Failure> {
        let secrets = self.shared.secrets.clone();
        let answer = tokio::task::spawn_blocking(move || work(&*secrets)).await;
        answer
            .map_err(|_| Failure::new(FailureCode::KeychainFailed, "The keychain could not be asked. Try again."))?
            .map_err(|error| {
                tracing::warn!(?error, "the keychain failed");
                Failure::from(error)
            })
    }
}

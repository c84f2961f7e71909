//! Keys, sessions and what else is secret, in the keychain.

use std::collections::BTreeMap;

use adapters::{headers::SECRET_HEADERS, sign_in::OAUTH_SECRET};
use model::{Connection, Failure, FailureCode, OauthProvider, OauthSource, SessionSource, SignIn};
use secrecy::SecretString;
use secrets::{ConnectionSecrets, KeptSession, KeptSignIn, SecretError, SecretStore};
use url::Url;

use super::{Part, Sessions};
use crate::{
    failure::on_the_way,
    forms::{length, secret_headers},
    network::{Passwords, bindings, kept_passwords, route},
    outbound::Outbound,
    view::Keep,
};

/// Scheme, host and port: what a secret is bound to.
pub fn origin(url: &str) -> String {
    Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.origin().ascii_serialization())
}

/// To where the person's key is sent: to whoever they sign in to with it, to whoever makes sessions with it, or to the
/// server itself.
pub fn key_origin(connection: &Connection) -> String {
    match &connection.sign_in {
        SignIn::Login(login) => origin(&login.url),
        SignIn::Key | SignIn::Oauth(_) => credential_origin(connection),
    }
}

/// To where goes what a person signs in with.
fn credential_origin(connection: &Connection) -> String {
    match &connection.session {
        SessionSource::None | SessionSource::Static => origin(&connection.url),
        SessionSource::Endpoint(endpoint) => origin(&endpoint.url),
        SessionSource::Hosted(hosted) => origin(&hosted.base),
    }
}

/// For what a sign-in is good: who gives it, and who gets it. `None` where nobody gives one.
pub fn sign_in_bound(connection: &Connection) -> Option<String> {
    let giver = match &connection.sign_in {
        SignIn::Key => return None,
        SignIn::Login(login) => origin(&login.url),
        SignIn::Oauth(oauth) => format!("{} at {}", oauth.client_id, provider_origin(oauth)),
    };
    Some(format!("{giver} for {}", credential_origin(connection)))
}

/// Whether what was signed in with for one connection is nothing for the other.
pub fn sign_in_moved(old: &Connection, new: &Connection) -> bool {
    old.sign_in != new.sign_in || sign_in_bound(old) != sign_in_bound(new)
}

/// The identity provider's own server.
pub(super) fn provider_origin(oauth: &OauthSource) -> String {
    match &oauth.provider {
        OauthProvider::Issuer { issuer } => origin(issuer),
        OauthProvider::Endpoints(endpoints) => origin(&endpoints.token),
    }
}

/// What was kept of a connection's session, or of its sign-in.
pub(super) fn session_in<'a>(
    kept: &'a ConnectionSecrets,
    connection: &Connection,
    part: Part,
) -> Option<&'a KeptSession> {
    match part {
        Part::Session => kept.session_for(&origin(&connection.url)),
        Part::SignIn => kept.sign_in_for(&sign_in_bound(connection)?)?.access.as_ref(),
    }
}

/// The secrets that a connection has a use for beside its key: the key of each one's field, and the origin that it is sent
/// to.
pub fn named_origins(connection: &Connection) -> BTreeMap<&'static str, String> {
    let headers = (!connection.secret_headers.is_empty()).then(|| (SECRET_HEADERS, origin(&connection.url)));
    let client = match &connection.sign_in {
        SignIn::Oauth(oauth) if oauth.confidential => Some((OAUTH_SECRET, provider_origin(oauth))),
        _ => None,
    };
    bindings(connection).into_iter().chain(headers).chain(client).collect()
}

/// Secrets that the person gave for a connection. Empty ones are to be forgotten.
pub(crate) struct Given {
    /// The key.
    pub token: Option<SecretString>,
    /// Others, by the keys of their fields.
    pub secrets: BTreeMap<String, SecretString>,
    /// Where to keep all of them.
    pub keep: Keep,
}

impl Given {
    /// Without what is empty. Of a new connection nothing is kept that could be forgotten, so that one without secrets has
    /// no need of a keychain.
    pub fn filled(mut self) -> Self {
        self.token = self.token.filter(|token| length(token) > 0);
        self.secrets.retain(|_, secret| length(secret) > 0);
        self
    }

    /// Puts what was given for a connection beside what is kept of it. Of what was kept for `old`, the connection as it
    /// was, goes what the new one has no use for.
    fn put(self, kept: &mut ConnectionSecrets, old: Option<&Connection>, connection: &Connection) {
        let filled = |secret: SecretString| (length(&secret) > 0).then_some(secret);
        if let Some(token) = self.token {
            kept.set_key(&key_origin(connection), filled(token));
        }
        let named = named_origins(connection);
        let gone = old.map(named_origins).unwrap_or_default().into_keys().filter(|name| !named.contains_key(name));
        gone.for_each(|name| kept.set_secret(name, "", None));
        for (name, secret) in self.secrets {
            if let Some(origin) = named.get(name.as_str()) {
                kept.set_secret(&name, origin, filled(secret));
            }
        }
    }

    /// Whether everything that a connection needs was given, so that nothing has to be read to put it beside.
    fn is_all(&self, connection: &Connection) -> bool {
        let key = self.token.is_some() || !connection.needs_key();
        key && named_origins(connection).keys().all(|name| self.secrets.contains_key(*name))
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
    /// The person's key for a connection: that of its variable, or else the stored one.
    ///
    /// # Errors
    ///
    /// [`FailureCode::SignedOut`] if it is not here, or the keychain's failure.
    pub async fn key(&self, connection: &Connection) -> Result<SecretString, Failure> {
        if let Some(key) = self.key_in_variable(connection) {
            return Ok(key);
        }
        key(connection, self.kept(connection).await?.as_ref())
    }

    /// The headers with secret values that requests of a connection carry.
    ///
    /// # Errors
    ///
    /// [`FailureCode::SignedOut`] if they are not here, or the keychain's failure.
    pub(crate) async fn secret_headers(&self, connection: &Connection) -> Result<Vec<(String, SecretString)>, Failure> {
        if connection.secret_headers.is_empty() {
            return Ok(Vec::new());
        }
        let kept = self.kept(connection).await?;
        let lines = kept.as_ref().and_then(|kept| kept.secret_for(SECRET_HEADERS, &origin(&connection.url)));
        let headers = lines.and_then(secret_headers).ok_or_else(|| {
            let words = format!(
                "The secret headers of “{}” are not on this computer. Give them again in Settings → Connections.",
                connection.name
            );
            Failure::new(FailureCode::SignedOut, words)
        })?;
        headers.iter().for_each(|(_, value)| self.shared.http.redactor().register(value));
        Ok(headers)
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

    /// The way out to a connection's servers.
    ///
    /// # Errors
    ///
    /// The keychain's failure where a password is needed, or what is wrong with what was set.
    pub(crate) async fn out(&self, connection: &Connection) -> Result<Outbound, Failure> {
        let passwords = match bindings(connection) {
            none if none.is_empty() => Passwords::new(),
            _ => kept_passwords(connection, self.kept(connection).await?.as_ref()),
        };
        self.out_with(connection, &passwords).await
    }

    /// The same with other passwords than the stored ones.
    ///
    /// # Errors
    ///
    /// What is wrong with what was set.
    pub(crate) async fn out_with(&self, connection: &Connection, passwords: &Passwords) -> Result<Outbound, Failure> {
        if connection.network.is_default() {
            return Ok(self.shared.http.of(connection));
        }
        let route = route(connection, passwords, &self.shared.http).await?;
        self.shared.http.of(connection).over(&route).map_err(|error| on_the_way(&connection.name, &error))
    }

    /// Keeps what the person gave for a connection, which was `old` before.
    ///
    /// # Errors
    ///
    /// The keychain's failure.
    pub(crate) async fn keep_given(
        &self,
        old: Option<&Connection>,
        connection: &Connection,
        given: Given,
    ) -> Result<(), Failure> {
        let forgets = old.is_some_and(|old| named_origins(old).keys().ne(named_origins(connection).keys()));
        if given.token.is_none() && given.secrets.is_empty() && !forgets {
            return Ok(());
        }
        let (old, connection) = (old.cloned(), connection.clone());
        let work = move |secrets: &dyn SecretStore| {
            let (id, keep) = (connection.id.clone(), given.keep);
            // Without a keychain, or with one that nobody unlocks, the rest is missing for this run, too.
            let needs_none = keep == Keep::ThisRun && given.is_all(&connection);
            let mut kept = match if needs_none { Ok(None) } else { secrets.get(&id) } {
                Err(SecretError::Corrupt) => ConnectionSecrets::default(),
                Err(_) if keep == Keep::ThisRun => ConnectionSecrets::default(),
                found => found?.unwrap_or_default(),
            };
            given.put(&mut kept, old.as_ref(), &connection);
            match keep {
                _ if kept.is_empty() => secrets.delete(&id),
                Keep::Keychain => secrets.set(&id, kept),
                Keep::ThisRun => secrets.set_for_this_run(&id, kept),
            }
        };
        self.blocking(work).await
    }

    /// Keeps a session for the next run. Without a keychain it lasts as long as this one, which is no failure.
    pub(super) async fn keep(
        &self,
        connection: &Connection,
        part: Part,
        made: Option<(KeptSession, Option<SecretString>)>,
    ) {
        let id = connection.id.clone();
        let bound = match part {
            Part::Session => origin(&connection.url),
            Part::SignIn => sign_in_bound(connection).unwrap_or_default(),
        };
        let change = move |secrets: &dyn SecretStore| {
            secrets.change(&id, &mut |kept| match (part, made.clone()) {
                (Part::Session, made) => kept.set_session(&bound, made.map(|(session, _)| session)),
                (Part::SignIn, Some((access, refresh))) => {
                    kept.set_sign_in(&bound, Some(KeptSignIn { access: Some(access), refresh }));
                }
                // With what it is prolonged may still be good.
                (Part::SignIn, None) => {
                    let refresh = kept.sign_in_for(&bound).and_then(|kept| kept.refresh.clone());
                    kept.set_sign_in(
                        &bound,
                        refresh.map(|refresh| KeptSignIn { access: None, refresh: Some(refresh) }),
                    );
                }
            })
        };
        let _ = self.blocking(change).await;
    }

    /// Forgets what was kept of a part: the server does not know it any more, or another one is wanted.
    pub(crate) async fn forget_kept(&self, connection: &Connection, part: Part) {
        self.keep(connection, part, None).await;
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

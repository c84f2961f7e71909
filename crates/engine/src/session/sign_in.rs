//! A sign-in at an identity provider: begun by the person, prolonged without them, and ended.

use adapters::{
    session::{Expiry, Grant},
    sign_in::OAUTH_SECRET,
};
use model::{Connection, Failure, FailureCode, OauthSource, SignIn};
use secrecy::SecretString;
use secrets::ConnectionSecrets;
use transport::{ProxyTrouble, TransportError};

use super::{
    Part, Sessions,
    ask::{Granted, Outcome},
    clock::{Ahead, Now},
    keep::{provider_origin, sign_in_bound},
    life::Session,
    state::{Life, Refusal},
    words,
};
use crate::{
    oauth::{OauthClient, OauthError, Progress, Revocation, Tokens},
    view::Keep,
};

impl Sessions {
    /// Signs the person in; `progress` is called once there is something for them to do. Dropping the future gives up.
    ///
    /// # Errors
    ///
    /// Why they are not signed in; what was before still is.
    pub async fn sign_in(
        &self,
        connection: &Connection,
        progress: impl FnOnce(Progress) + Send,
    ) -> Result<SigningIn, Failure> {
        let SignIn::Oauth(provider) = &connection.sign_in else { return Err(words::no_browser(connection)) };
        let session = self.session(&connection.id, Part::SignIn);
        let epoch = session.with(|inner| inner.epoch);
        // Without a keychain there is no secret of the client, and few providers have given one.
        let kept = self.kept(connection).await.unwrap_or_default();
        let client = self.client(connection, provider, kept.as_ref()).await?;
        let tokens = client.sign_in(progress).await.map_err(|error| error.failure(&connection.name))?;
        Ok(SigningIn { connection: connection.clone(), client, tokens, epoch })
    }

    /// Takes over what a sign-in gave, in the place of the one before and of every session that was made with it. Answers
    /// whether the next run will know of it.
    ///
    /// # Errors
    ///
    /// If the connection was changed meanwhile, or what was given is of no use.
    pub async fn signed_in(&self, signing_in: SigningIn) -> Result<Keep, Failure> {
        let SigningIn { connection, client, tokens, epoch } = signing_in;
        let session = self.session(&connection.id, Part::SignIn);
        if session.with(|inner| inner.epoch) != epoch {
            let _ = client.revoke(&tokens.access, tokens.refresh.as_ref()).await;
            return Err(words::changed_meanwhile(&connection));
        }
        let granted = granted(&connection, tokens).map_err(|refusal| refusal.failure().clone())?;
        self.forget_kept(&connection, Part::Session).await;
        self.begin_anew(&connection.id);
        let epoch = session.with(|inner| inner.epoch);
        self.settled(&connection, &session, epoch, Ok(Outcome::Made(granted))).await;
        let bound = sign_in_bound(&connection).unwrap_or_default();
        let kept = self.kept(&connection).await.unwrap_or_default();
        let is_kept = kept.is_some_and(|kept| kept.sign_in_for(&bound).is_some());
        Ok(if is_kept { Keep::Keychain } else { Keep::ThisRun })
    }

    /// Ends a sign-in here. What is answered ends it at the provider, too; `None` if nobody was signed in.
    ///
    /// # Errors
    ///
    /// The keychain's failure, and then it is not ended: what is kept would come back with the next start.
    pub async fn sign_out_of(&self, connection: &Connection) -> Result<Option<SignedOut>, Failure> {
        let SignIn::Oauth(provider) = &connection.sign_in else { return Ok(None) };
        let session = self.session(&connection.id, Part::SignIn);
        let (access, refresh) = session.with(|inner| (inner.last().cloned(), inner.refresh.clone()));
        let kept = match self.kept(connection).await {
            Err(failure) if failure.code != FailureCode::KeychainAbsent => return Err(failure),
            kept => kept.unwrap_or_default(),
        };
        let bound = sign_in_bound(connection).unwrap_or_default();
        let known = kept.as_ref().and_then(|kept| kept.sign_in_for(&bound)).cloned().unwrap_or_default();
        let access = access.or(known.access.map(|access| access.secret));
        let refresh = known.refresh.or(refresh);
        let client = self.client(connection, provider, kept.as_ref()).await;
        self.forget_sign_in(connection).await?;
        self.begin_anew(&connection.id);
        session.with(|inner| inner.state.sign_out(words::signed_out_by_you(connection)));
        self.changed(&connection.id, &session);
        Ok(match (access.or_else(|| refresh.clone()), client) {
            (Some(access), Ok(client)) => Some(SignedOut { client, access, refresh }),
            _ => None,
        })
    }

    /// Forgets what was signed in with, and the session that was made with it.
    async fn forget_sign_in(&self, connection: &Connection) -> Result<(), Failure> {
        let id = connection.id.clone();
        let forgotten = self.blocking(move |secrets| {
            secrets.change(&id, &mut |kept| {
                kept.set_sign_in("", None);
                kept.set_session("", None);
            })
        });
        match forgotten.await {
            // There is nothing in a keychain that is not there.
            Err(failure) if failure.code == FailureCode::KeychainAbsent => Ok(()),
            forgotten => forgotten,
        }
    }

    /// Another secret for requests, without the person.
    pub(super) async fn prolonged(
        &self,
        connection: &Connection,
        provider: &OauthSource,
        session: &Session,
    ) -> Result<Outcome, Refusal> {
        let (last, remembered) = session.with(|inner| (inner.last().cloned(), inner.refresh.clone()));
        let kept = match self.kept(connection).await {
            Ok(kept) => kept,
            // Without a keychain a sign-in lasts as long as this run.
            Err(failure) if remembered.is_none() && failure.code != FailureCode::KeychainAbsent => {
                return Err(Refusal::Refused(failure));
            }
            Err(_) => None,
        };
        let bound = sign_in_bound(connection).unwrap_or_default();
        let known = kept.as_ref().and_then(|kept| kept.sign_in_for(&bound)).cloned().unwrap_or_default();
        // Of an earlier run; or the other program, the one in the terminal, was faster.
        if let Some(access) = known.access.filter(|access| !is(last.as_ref(), &access.secret)) {
            let life = Life::kept(access.ends, Ahead(access.ahead), Now::read(), rand::random());
            if let Some(life) = life {
                return Ok(Outcome::Restored(access, life));
            }
        }
        let refresh = known.refresh.or(remembered).ok_or_else(|| Refusal::Key(words::not_signed_in(connection)))?;
        let client = self.client(connection, provider, kept.as_ref()).await.map_err(Refusal::Refused)?;
        match client.refresh(&refresh).await {
            Ok(tokens) => granted(connection, tokens).map(Outcome::Made),
            Err(error) => Err(refusal(connection, &error)),
        }
    }

    async fn client(
        &self,
        connection: &Connection,
        provider: &OauthSource,
        kept: Option<&ConnectionSecrets>,
    ) -> Result<OauthClient, Failure> {
        let secret = kept.and_then(|kept| kept.secret_for(OAUTH_SECRET, &provider_origin(provider)).cloned());
        Ok(OauthClient::new(self.out(connection).await?, provider.clone(), secret))
    }
}

/// A person who has come back from the browser.
pub(crate) struct SigningIn {
    connection: Connection,
    client: OauthClient,
    tokens: Tokens,
    /// What counted when it began.
    epoch: u64,
}

impl SigningIn {
    /// Who that is, if the provider says it.
    pub fn who(&self) -> Option<&str> {
        self.tokens.who.as_deref()
    }
}

/// A sign-in that has ended here.
pub(crate) struct SignedOut {
    client: OauthClient,
    access: SecretString,
    refresh: Option<SecretString>,
}

impl SignedOut {
    /// Ends it at the provider, too.
    ///
    /// # Errors
    ///
    /// If the provider could not be told.
    pub async fn revoke(self) -> Result<Revocation, OauthError> {
        self.client.revoke(&self.access, self.refresh.as_ref()).await
    }
}

fn is(last: Option<&SecretString>, secret: &SecretString) -> bool {
    last.is_some_and(|last| crate::forms::same(last, secret))
}

fn granted(connection: &Connection, tokens: Tokens) -> Result<Granted, Refusal> {
    let Tokens { access, refresh, expires_in, who } = tokens;
    let expiry = expires_in.map_or(Expiry::Unsaid, Expiry::In);
    let fields = who.map(|who| ("signed_in_as".to_owned(), who)).into_iter().collect();
    let life = Life::granted(expiry, Ahead::default(), Now::read(), rand::random());
    let life = life.map_err(|useless| words::useless(connection, Part::SignIn, useless, false))?;
    let found_at = "/access_token".to_owned();
    let grant = Grant { secret: access, expiry, unreadable_expiry: None, found_at, fields };
    Ok(Granted { grant, refresh, life, date: None })
}

/// Whether it makes sense to try again without the person.
fn refusal(connection: &Connection, error: &OauthError) -> Refusal {
    let failure = error.failure(&connection.name);
    match error {
        OauthError::SignedOut => Refusal::Key(failure),
        OauthError::Way { error, .. } => match error {
            TransportError::BadAddress { .. }
            | TransportError::Untrusted { .. }
            | TransportError::Unencrypted { .. }
            | TransportError::WebPage { .. }
            | TransportError::Redirected { .. }
            | TransportError::ContentType { .. }
            | TransportError::Proxy { why: ProxyTrouble::Login, .. } => Refusal::Refused(failure),
            _ => {
                let pause = failure.retry_after_ms.map(std::time::Duration::from_millis);
                Refusal::Trouble(failure, pause)
            }
        },
        _ => Refusal::Refused(failure),
    }
}

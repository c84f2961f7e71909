//! Signing in with the browser of this computer: authorization code with PKCE (RFC 7636, RFC 8252).

use oauth2::{AuthUrl, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl};
use openidconnect::Nonce;
use tokio::time::timeout;

use super::{
    Endpoint, Fault, OauthClient, OauthError, Progress, Tokens,
    callback::{Brought, Callback},
    client::{self, TokenClient},
    id_token,
    page::Page,
    plain,
    provider::Provider,
};

/// How much chance is in what must not be guessed, in bytes.
const CHANCE: u32 = 32;

/// Asks the person to sign in and waits for the browser.
pub async fn sign_in(
    client: &OauthClient,
    provider: &Provider,
    progress: impl FnOnce(Progress) + Send,
) -> Result<Tokens, OauthError> {
    let authorization = provider.authorization.clone().ok_or(OauthError::Lacks(Endpoint::Authorization))?;
    let state = CsrfToken::new_random_len(CHANCE);
    let mut callback = Callback::listen(client.source.port, state.secret()).await?;
    let back = RedirectUrl::new(callback.address()).map_err(|error| OauthError::NoListener(error.to_string()))?;
    let asker = client::of(client, provider);
    let nonce = Nonce::new_random_len(CHANCE);
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();

    let asking = asker.clone().set_auth_uri(AuthUrl::from_url(authorization)).set_redirect_uri(back.clone());
    let mut request = asking
        .authorize_url(|| state)
        .add_scopes(client::scopes(&client.source, provider))
        .set_pkce_challenge(challenge);
    if provider.identity.is_some() {
        request = request.add_extra_param("nonce", nonce.secret());
    }
    for (name, value) in extras(client) {
        request = request.add_extra_param(name, value);
    }
    progress(Progress::Open { url: request.url().0 });

    let brought = timeout(client.patience, callback.answered()).await;
    let brought = match brought.map_err(|_| OauthError::NeverReturned(client.patience)).flatten() {
        Ok(brought) => brought,
        Err(error) => {
            callback.end().await;
            return Err(error);
        }
    };
    let tokens = redeem(client, provider, &asker, &brought, Proof { verifier, nonce, back }).await;
    brought.tell(if tokens.is_ok() { Page::SignedIn } else { Page::Failed });
    callback.end().await;
    tokens
}

/// What shows that an answer is the one to this question.
struct Proof {
    verifier: PkceCodeVerifier,
    nonce: Nonce,
    back: RedirectUrl,
}

async fn redeem(
    client: &OauthClient,
    provider: &Provider,
    asker: &TokenClient,
    brought: &Brought,
    proof: Proof,
) -> Result<Tokens, OauthError> {
    client.out.redactor().register(&brought.code);
    came_from(provider, brought.issuer.as_deref())?;
    let taken = client::redeem(client, asker, &brought.code, proof.verifier, proof.back).await?;
    let Some(identity) = &provider.identity else { return Ok(taken.tokens) };
    let id_token = taken.id_token.ok_or(OauthError::IdToken(Fault::Missing))?;
    let who = id_token::verified(client, identity, &id_token, &taken.tokens.access, Some(&proof.nonce))?;
    Ok(Tokens { who, ..taken.tokens })
}

/// A browser that talks to two providers must not bring the code of one to the other (RFC 9207).
fn came_from(provider: &Provider, issuer: Option<&str>) -> Result<(), OauthError> {
    let Some(identity) = &provider.identity else { return Ok(()) };
    let expected = identity.issuer.as_str();
    match issuer {
        None if !identity.names_itself => Ok(()),
        Some(found) if found == expected => Ok(()),
        found => Err(OauthError::WrongIssuer {
            expected: expected.to_owned(),
            found: found.and_then(plain::words).unwrap_or_default(),
        }),
    }
}

/// What is asked for beyond the scopes.
fn extras(client: &OauthClient) -> Vec<(&'static str, String)> {
    let source = &client.source;
    let offline =
        source.scopes.iter().flat_map(|scope| scope.split_whitespace()).any(|scope| scope == "offline_access");
    let prompt = source.prompt.clone().or_else(|| offline.then(|| "consent".to_owned()));
    let all = [("prompt", prompt), ("audience", source.audience.clone()), ("resource", source.resource.clone())];
    let given = all.into_iter().filter_map(|(name, value)| Some((name, value?.trim().to_owned())));
    given.filter(|(_, value)| !value.is_empty()).collect()
}

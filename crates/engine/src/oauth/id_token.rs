//! Who signed in, from an ID token that is checked before a word of it is believed (OpenID Connect Core, 3.1.3.7).

use std::str::FromStr;

use oauth2::{AccessToken, ClientId};
use openidconnect::{
    AccessTokenHash, ClaimsVerificationError, IdTokenVerifier, Nonce,
    core::{CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier, CoreJwsSigningAlgorithm},
};
use secrecy::{ExposeSecret, SecretString};

use super::{Fault, OauthClient, OauthError, client, plain, provider::Identity};

/// Checks an ID token, and tells the person's name or e-mail address if it is in it. Without a nonce none was sent.
pub fn verified(
    client: &OauthClient,
    identity: &Identity,
    token: &SecretString,
    access: &SecretString,
    nonce: Option<&Nonce>,
) -> Result<Option<String>, OauthError> {
    check(client, identity, token, access, nonce).map_err(OauthError::IdToken)
}

fn check(
    client: &OauthClient,
    identity: &Identity,
    token: &SecretString,
    access: &SecretString,
    nonce: Option<&Nonce>,
) -> Result<Option<String>, Fault> {
    let token = CoreIdToken::from_str(token.expose_secret()).map_err(|_| Fault::Unreadable)?;
    let verifier = verifier(client, identity);
    let claims = match nonce {
        Some(nonce) => token.claims(&verifier, nonce),
        None => token.claims(&verifier, |_: Option<&Nonce>| Ok(())),
    };
    let claims = claims.map_err(|error| fault(&error))?;
    is_for_us(claims, client.source.client_id.trim())?;
    if let Some(expected) = claims.access_token_hash() {
        let algorithm = token.signing_alg().map_err(|_| Fault::Signature)?;
        let key = token.signing_key(&verifier).map_err(|_| Fault::Signature)?;
        let access = AccessToken::new(access.expose_secret().to_owned());
        let found = AccessTokenHash::from_token(&access, algorithm, key).map_err(|_| Fault::AccessToken)?;
        if found != *expected {
            return Err(Fault::AccessToken);
        }
    }
    Ok(who(claims))
}

fn verifier<'a>(client: &OauthClient, identity: &Identity) -> CoreIdTokenVerifier<'a> {
    let id = ClientId::new(client.source.client_id.trim().to_owned());
    let (issuer, keys) = (identity.issuer.clone(), identity.keys.clone());
    let verifier = match client::secret(client) {
        Some(secret) => IdTokenVerifier::new_confidential_client(id, secret, issuer, keys),
        None => IdTokenVerifier::new_public_client(id, issuer, keys),
    };
    // What is not signed is not taken, even if the provider says that it does that.
    let signed = identity.algorithms.iter().filter(|algorithm| **algorithm != CoreJwsSigningAlgorithm::None);
    // Who else may read it is looked at below.
    verifier.set_allowed_algs(signed.cloned().collect::<Vec<_>>()).set_other_audience_verifier_fn(|_| true)
}

/// Where an ID token has several readers, it says for whom it was made.
fn is_for_us(claims: &CoreIdTokenClaims, client_id: &str) -> Result<(), Fault> {
    match claims.authorized_party() {
        Some(party) if party.as_str() == client_id => Ok(()),
        None if claims.audiences().len() == 1 => Ok(()),
        _ => Err(Fault::Audience),
    }
}

fn who(claims: &CoreIdTokenClaims) -> Option<String> {
    let name = claims.name().and_then(|names| names.iter().next()).map(|(_, name)| name.as_str());
    let email = claims.email().map(|email| email.as_str());
    let user = claims.preferred_username().map(|user| user.as_str());
    [name, email, user].into_iter().flatten().find_map(plain::words)
}

fn fault(error: &ClaimsVerificationError) -> Fault {
    match error {
        ClaimsVerificationError::Expired(_) => Fault::Expired,
        ClaimsVerificationError::InvalidAudience(_) => Fault::Audience,
        ClaimsVerificationError::InvalidIssuer(_) => Fault::Issuer,
        ClaimsVerificationError::InvalidNonce(_) => Fault::Nonce,
        ClaimsVerificationError::SignatureVerification(_) => Fault::Signature,
        _ => Fault::Unreadable,
    }
}

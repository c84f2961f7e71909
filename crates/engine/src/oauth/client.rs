//! The library's client for one provider, and what goes in and out of it: here secrets of ours become secrets of the
//! library's, and the other way round.

use std::fmt;

use model::OauthSource;
use oauth2::{
    AccessToken, AuthType, AuthorizationCode, Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet,
    ErrorResponse, ExtraTokenFields, PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, RevocationUrl,
    Scope, StandardErrorResponse, StandardRevocableToken, StandardTokenResponse, TokenResponse, TokenUrl,
    basic::{
        BasicErrorResponse, BasicErrorResponseType, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
        BasicTokenType,
    },
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use transport::TransportError;
use url::Url;

use super::{Endpoint, OauthClient, OauthError, Tokens, plain, provider::Provider};

/// What tokens come in.
pub type Answer = StandardTokenResponse<Extra, BasicTokenType>;

/// The library's client; browser and device add an endpoint to it.
pub type TokenClient = Client<
    BasicErrorResponse,
    Answer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// What OpenID Connect adds to an answer. The library wants it to be serialisable; nothing of it comes out.
#[derive(Clone, Serialize, Deserialize)]
pub struct Extra {
    #[serde(default, skip_serializing)]
    id_token: Option<String>,
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extra").field("id_token", &self.id_token.is_some()).finish()
    }
}

impl ExtraTokenFields for Extra {}

/// The library's client.
pub fn of(client: &OauthClient, provider: &Provider) -> TokenClient {
    let made = Client::new(ClientId::new(client.source.client_id.trim().to_owned()))
        .set_token_uri(TokenUrl::from_url(provider.token.clone()))
        .set_auth_type(if provider.secret_in_body { AuthType::RequestBody } else { AuthType::BasicAuth });
    match secret(client) {
        Some(secret) => made.set_client_secret(secret),
        None => made,
    }
}

/// The client's own secret.
pub fn secret(client: &OauthClient) -> Option<ClientSecret> {
    client.secret.as_ref().map(|secret| ClientSecret::new(secret.expose_secret().to_owned()))
}

/// What is asked for.
pub fn scopes(source: &OauthSource, provider: &Provider) -> Vec<Scope> {
    let mut names: Vec<&str> = if provider.identity.is_some() { vec!["openid"] } else { Vec::new() };
    let asked = source.scopes.iter().flat_map(|scope| scope.split_whitespace());
    asked.for_each(|scope| {
        if !names.contains(&scope) {
            names.push(scope);
        }
    });
    names.into_iter().map(|name| Scope::new(name.to_owned())).collect()
}

/// Tokens, and an ID token that nobody has looked at.
pub struct Taken {
    pub tokens: Tokens,
    pub id_token: Option<SecretString>,
}

/// Takes the tokens out of an answer; from here on they are hidden.
pub fn taken(client: &OauthClient, answer: &Answer) -> Result<Taken, OauthError> {
    let hidden = |text: &String| {
        let secret = SecretString::from(text.clone());
        client.out.redactor().register(&secret);
        secret
    };
    let tokens = Tokens {
        access: hidden(answer.access_token().secret()),
        refresh: answer.refresh_token().map(|token| hidden(token.secret())),
        expires_in: answer.expires_in(),
        who: None,
    };
    let id_token = answer.extra_fields().id_token.as_ref().map(hidden);
    // A token of another kind goes into other headers, with other proofs.
    if *answer.token_type() != BasicTokenType::Bearer || answer.access_token().secret().is_empty() {
        return Err(OauthError::NotBearer);
    }
    Ok(Taken { tokens, id_token })
}

/// Gives a code back, with the proof that it was asked for here.
pub async fn redeem(
    client: &OauthClient,
    asker: &TokenClient,
    code: &SecretString,
    verifier: PkceCodeVerifier,
    back: RedirectUrl,
) -> Result<Taken, OauthError> {
    client.out.redactor().register(&SecretString::from(verifier.secret().clone()));
    let mut request = asker
        .exchange_code(AuthorizationCode::new(code.expose_secret().to_owned()))
        .set_pkce_verifier(verifier)
        .set_redirect_uri(std::borrow::Cow::Owned(back));
    if let Some(resource) = &client.source.resource {
        request = request.add_extra_param("resource", resource.trim());
    }
    let answer = request.request_async(&client.wire()).await.map_err(|error| refused(Endpoint::Token, error))?;
    taken(client, &answer)
}

/// Prolongs a sign-in.
pub async fn refresh(client: &OauthClient, asker: &TokenClient, token: &SecretString) -> Result<Tokens, OauthError> {
    let old = RefreshToken::new(token.expose_secret().to_owned());
    let mut request = asker.exchange_refresh_token(&old);
    if let Some(resource) = &client.source.resource {
        request = request.add_extra_param("resource", resource.trim());
    }
    let answer = request.request_async(&client.wire()).await.map_err(|error| match error {
        RequestTokenError::ServerResponse(error) if *error.error() == BasicErrorResponseType::InvalidGrant => {
            OauthError::SignedOut
        }
        error => refused(Endpoint::Token, error),
    })?;
    let Taken { tokens, .. } = taken(client, &answer)?;
    Ok(Tokens { refresh: Some(tokens.refresh.unwrap_or_else(|| token.clone())), ..tokens })
}

/// Takes tokens back.
pub async fn revoke(
    client: &OauthClient,
    asker: &TokenClient,
    address: &Url,
    access: &SecretString,
    refresh: Option<&SecretString>,
) -> Result<(), OauthError> {
    // The library takes https addresses only. That of a provider on this machine was checked, and is the one called.
    let mut secure = address.clone();
    let _ = secure.set_scheme("https");
    let asker = asker.clone().set_revocation_url(RevocationUrl::from_url(secure));
    let wire = client.wire().telling(address.clone());
    let owned = |token: &SecretString| {
        client.out.redactor().register(token);
        token.expose_secret().to_owned()
    };
    let refresh = refresh.map(|token| StandardRevocableToken::RefreshToken(RefreshToken::new(owned(token))));
    let access = StandardRevocableToken::AccessToken(AccessToken::new(owned(access)));
    for token in refresh.into_iter().chain([access]) {
        let request = asker.revoke_token(token);
        let request =
            request.map_err(|_| OauthError::Address { endpoint: Endpoint::Revocation, why: "it is not https" })?;
        request.request_async(&wire).await.map_err(|error| refused(Endpoint::Revocation, error))?;
    }
    Ok(())
}

/// Why a provider gave nothing.
pub fn refused<E: Refusal>(endpoint: Endpoint, error: RequestTokenError<TransportError, E>) -> OauthError {
    match error {
        RequestTokenError::ServerResponse(error) => {
            let (code, words) = error.parts();
            OauthError::Refused { code: plain::code(&code), words: words.and_then(plain::words) }
        }
        RequestTokenError::Request(error) => OauthError::Way { endpoint, error },
        // What could not be read is not quoted: it may hold the token.
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => OauthError::Unreadable(endpoint),
    }
}

/// A refusal of any of the kinds that the library has.
pub trait Refusal: ErrorResponse + 'static {
    /// Its code, and its words.
    fn parts(&self) -> (String, Option<&str>);
}

impl<T: oauth2::ErrorResponseType + fmt::Display + 'static> Refusal for StandardErrorResponse<T> {
    fn parts(&self) -> (String, Option<&str>) {
        (self.error().to_string(), self.error_description().map(String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_does_not_print_its_tokens() {
        let answer =
            r#"{"access_token": "sesame1", "token_type": "Bearer", "refresh_token": "sesame2", "id_token": "sesame3"}"#;
        let answer: Answer = serde_json::from_str(answer).unwrap();
        assert!(!format!("{answer:?}").contains("sesame"), "{answer:?}");
    }
}

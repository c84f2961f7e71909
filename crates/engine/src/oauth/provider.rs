//! Who the provider is, and where everything of it is.

use model::{OauthEndpoints, OauthProvider};
use oauth2::{AsyncHttpClient, HttpRequest, http::Request};
use openidconnect::{
    AdditionalProviderMetadata, IssuerUrl, JsonWebKeySetUrl, ProviderMetadata,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
        CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm,
        CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};
use transport::is_loopback;
use url::Url;

use super::{Endpoint, OauthClient, OauthError, plain};

const WELL_KNOWN: &str = ".well-known/openid-configuration";

/// Whether the keys for ID tokens are needed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    Fetch,
    Leave,
}

/// A provider.
pub struct Provider {
    pub authorization: Option<Url>,
    pub token: Url,
    pub device: Option<Url>,
    pub revocation: Option<Url>,
    /// Whether the client's secret goes into the body, because the provider takes it in no header.
    pub secret_in_body: bool,
    /// Who it is, if it can prove that.
    pub identity: Option<Identity>,
}

/// What a provider's answers are checked with.
pub struct Identity {
    pub issuer: IssuerUrl,
    pub keys: CoreJsonWebKeySet,
    pub algorithms: Vec<CoreJwsSigningAlgorithm>,
    /// Whether the browser comes back with the issuer (RFC 9207).
    pub names_itself: bool,
}

/// What a discovery document has beyond OpenID Connect's own.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct More {
    device_authorization_endpoint: Option<String>,
    revocation_endpoint: Option<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for More {}

type Metadata = ProviderMetadata<
    More,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

impl Provider {
    /// Asks the provider where everything is, or takes the person's word for it.
    pub async fn find(client: &OauthClient, keys: Keys) -> Result<Self, OauthError> {
        match &client.source.provider {
            OauthProvider::Issuer { issuer } => Self::discover(client, issuer.trim(), keys).await,
            OauthProvider::Endpoints(endpoints) => Self::given(endpoints),
        }
    }

    fn given(endpoints: &OauthEndpoints) -> Result<Self, OauthError> {
        let read = |endpoint, text: &Option<String>| text.as_deref().map(|text| address(endpoint, text)).transpose();
        Ok(Self {
            authorization: read(Endpoint::Authorization, &endpoints.authorization)?,
            token: address(Endpoint::Token, &endpoints.token)?,
            device: read(Endpoint::Device, &endpoints.device)?,
            revocation: read(Endpoint::Revocation, &endpoints.revocation)?,
            secret_in_body: false,
            identity: None,
        })
    }

    async fn discover(client: &OauthClient, issuer: &str, keys: Keys) -> Result<Self, OauthError> {
        let near = address(Endpoint::Issuer, issuer)?;
        let metadata = metadata(client, issuer).await?;
        // The slash at the end is not a difference: both names have the same document.
        let found = metadata.issuer();
        if found.as_str().trim_end_matches('/') != issuer.trim_end_matches('/') {
            let found = plain::words(found.as_str()).unwrap_or_default();
            return Err(OauthError::WrongIssuer { expected: issuer.to_owned(), found });
        }
        let read = |endpoint, text: &str| beside(&near, endpoint, text);
        let more = metadata.additional_metadata();
        let optional = |endpoint, text: &Option<String>| text.as_deref().map(|text| read(endpoint, text)).transpose();
        let token = metadata.token_endpoint().ok_or(OauthError::Lacks(Endpoint::Token))?;
        let keys = match keys {
            Keys::Fetch => fetched(client, read(Endpoint::Keys, metadata.jwks_uri())?).await?,
            Keys::Leave => CoreJsonWebKeySet::default(),
        };
        let methods = metadata.token_endpoint_auth_methods_supported();
        let takes = |method| methods.is_none_or(|methods| methods.contains(&method));
        Ok(Self {
            authorization: Some(read(Endpoint::Authorization, metadata.authorization_endpoint())?),
            token: read(Endpoint::Token, token)?,
            device: optional(Endpoint::Device, &more.device_authorization_endpoint)?,
            revocation: optional(Endpoint::Revocation, &more.revocation_endpoint)?,
            secret_in_body: !takes(CoreClientAuthMethod::ClientSecretBasic)
                && takes(CoreClientAuthMethod::ClientSecretPost),
            identity: Some(Identity {
                issuer: found.clone(),
                keys,
                algorithms: metadata.id_token_signing_alg_values_supported().clone(),
                names_itself: more.authorization_response_iss_parameter_supported,
            }),
        })
    }
}

async fn metadata(client: &OauthClient, issuer: &str) -> Result<Metadata, OauthError> {
    let asked: Result<HttpRequest, _> = Request::get(format!("{}/{WELL_KNOWN}", issuer.trim_end_matches('/')))
        .header("accept", "application/json")
        .body(Vec::new());
    let asked = asked.map_err(|_| OauthError::Address { endpoint: Endpoint::Issuer, why: NOT_READABLE })?;
    let answer = client.wire().call(asked).await;
    let answer = answer.map_err(|error| OauthError::Way { endpoint: Endpoint::Issuer, error })?;
    serde_json::from_slice(answer.body()).map_err(|_| OauthError::Unreadable(Endpoint::Issuer))
}

async fn fetched(client: &OauthClient, address: Url) -> Result<CoreJsonWebKeySet, OauthError> {
    let keys = CoreJsonWebKeySet::fetch_async(&JsonWebKeySetUrl::from_url(address), &client.wire()).await;
    keys.map_err(|error| match error {
        openidconnect::DiscoveryError::Request(error) => OauthError::Way { endpoint: Endpoint::Keys, error },
        _ => OauthError::Unreadable(Endpoint::Keys),
    })
}

const NOT_READABLE: &str = "it is not a whole address that begins with https://";

/// An address of the person's: under https, or on this machine.
pub fn address(endpoint: Endpoint, text: &str) -> Result<Url, OauthError> {
    let wrong = |why| OauthError::Address { endpoint, why };
    let mut url = Url::parse(text.trim()).map_err(|_| wrong(NOT_READABLE))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(wrong(NOT_READABLE));
    }
    if url.scheme() == "http" && !is_loopback(&url) {
        return Err(wrong("a sign-in goes over https only"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("there is a user name or a password in it"));
    }
    url.set_fragment(None);
    Ok(url)
}

/// An address that a provider gives. One elsewhere has no say about what runs on this machine.
fn beside(near: &Url, endpoint: Endpoint, text: &str) -> Result<Url, OauthError> {
    let url = address(endpoint, text)?;
    if is_loopback(&url) && !is_loopback(near) {
        return Err(OauthError::Address { endpoint, why: "the provider points to this computer" });
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_leaves_this_machine_only_under_https() {
        for good in ["https://id.example/token?x=1", "http://127.0.0.1:1/token", "http://localhost/token"] {
            assert!(address(Endpoint::Token, good).is_ok(), "{good}");
        }
        for bad in ["http://id.example/token", "ftp://id.example/", "id.example", "https://a:b@id.example/", ""] {
            assert!(address(Endpoint::Token, bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_provider_elsewhere_cannot_point_to_this_machine() {
        let near = Url::parse("https://id.example/").unwrap();
        assert!(beside(&near, Endpoint::Token, "https://tokens.example/").is_ok());
        assert!(beside(&near, Endpoint::Token, "https://localhost/").is_err());
        assert!(beside(&near, Endpoint::Token, "http://127.0.0.1/").is_err());
    }
}

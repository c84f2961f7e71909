//! How a person signs in at an identity provider: OAuth 2, and OpenID Connect where the provider has an issuer.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A sign-in in the browser, as the person describes it. Holds no secret: that of the client, which few have, is in the
/// keychain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct OauthSource {
    /// Who signs the person in.
    pub provider: OauthProvider,
    /// What the provider knows this program as.
    pub client_id: String,
    /// Whether the provider gave this program a secret, which is in the keychain.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confidential: bool,
    /// What is asked for, such as `offline_access` for a sign-in that lasts. `openid` is added where there is an issuer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// For whom the access token is to be, sent as `audience`; absent for the provider's choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// The same for providers that go by RFC 8707: an absolute URL, sent as `resource`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// Sent as `prompt`. Absent for `consent` where `offline_access` is asked for, which providers ignore without it, and
    /// for nothing elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// Where the person signs in.
    #[serde(default)]
    pub flow: OauthFlow,
    /// The port on 127.0.0.1 to which the browser comes back, for providers that allow only one; absent for any that is
    /// free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
}

/// Who signs the person in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum OauthProvider {
    /// An OpenID provider that tells where everything is.
    Issuer {
        /// Its issuer: an https URL, to which `/.well-known/openid-configuration` is added.
        issuer: String,
    },
    /// A provider without discovery. It says nothing about the person that could be checked.
    Endpoints(OauthEndpoints),
}

/// The addresses of a provider without discovery: absolute https URLs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct OauthEndpoints {
    /// Where the browser is sent; needed for [`OauthFlow::Browser`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorization: Option<String>,
    /// Where tokens are given.
    pub token: String,
    /// Where device codes are given; needed for [`OauthFlow::Device`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Where tokens are taken back at sign-out, if that is possible (RFC 7009).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation: Option<String>,
}

/// Where the person signs in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OauthFlow {
    /// In the browser of this computer (RFC 8252), which comes back by itself.
    #[default]
    Browser,
    /// In a browser anywhere, with a code that is typed there (RFC 8628).
    Device,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_written_is_read_again_and_little_is_needed() {
        let least = json!({"provider": {"type": "issuer", "issuer": "https://id.example"}, "client_id": "k"});
        let read: OauthSource = serde_json::from_value(least).unwrap();
        assert_eq!(read.flow, OauthFlow::Browser);
        let endpoints = json!({"provider": {"type": "endpoints", "token": "https://id.example/t", "device":
            "https://id.example/d"}, "client_id": "k", "scopes": ["chat"], "flow": "device", "port": 8123});
        let read: OauthSource = serde_json::from_value(endpoints.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), endpoints);
    }
}

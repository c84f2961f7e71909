//! Where the secret comes from that a connection's requests carry.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::oauth::OauthSource;

/// How the person shows who they are. What comes of it is the *credential*: the server takes it as it is
/// ([`SessionSource::Static`]), or a session is made with it. Holds no secret itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SignIn {
    /// With a key that they were given, which is the credential; or not at all.
    #[default]
    Key,
    /// An endpoint gives a credential that lives for a while: for a name and a password, which is the stored key.
    Login(EndpointSource),
    /// An identity provider gives it, in the browser.
    Oauth(OauthSource),
}

impl SignIn {
    /// Whether it is the key itself.
    pub fn is_key(&self) -> bool {
        *self == Self::Key
    }
}

/// Where the secret of a connection's requests comes from. Holds none itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schemars(transform = with_words)]
pub enum SessionSource {
    /// From nowhere: an open server.
    #[default]
    None,
    /// The credential is sent as it is.
    Static,
    /// A session endpoint makes a secret that lives for a while.
    Endpoint(EndpointSource),
    /// OpenAI makes one for a hosted workflow (section 14.1).
    Hosted(HostedSource),
}

/// A session endpoint, as the person describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct EndpointSource {
    /// Its address: an absolute http or https URL.
    pub url: String,
    /// How it is asked.
    #[serde(default)]
    pub method: SessionMethod,
    /// Headers of its requests, in their order. None of them is a secret.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<Header>,
    /// The JSON that it is sent, with placeholders such as `{{user}}` in its strings; absent for an empty object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(type = "unknown")]
    pub body: Option<Value>,
    /// Where in its answer the secret stands, as a JSON Pointer; absent where the usual places are looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Whether the credential is sent along: where `{{key}}` stands, or else as a bearer token. It is the stored key, unless
    /// the endpoint is asked with what a sign-in gave.
    #[serde(default)]
    pub with_key: bool,
    /// In what its answer holds the secret.
    #[serde(default, skip_serializing_if = "Gives::is_token")]
    pub gives: Gives,
    /// Where a session is prolonged, if its server can do that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh: Option<RefreshEndpoint>,
    /// What `{{user}}` stands for; absent for a name that is made up once for each connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
}

/// In what an endpoint's answer holds the secret.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gives {
    /// In its JSON.
    #[default]
    Token,
    /// In the cookies that it sets.
    Cookie,
}

impl Gives {
    fn is_token(&self) -> bool {
        *self == Self::Token
    }
}

/// Where a session is prolonged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct RefreshEndpoint {
    /// Its address: an absolute http or https URL.
    pub url: String,
    /// The JSON that it is sent, in which `{{token}}` is the secret; absent for `{"token": "{{token}}"}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(type = "unknown")]
    pub body: Option<Value>,
}

/// A hosted workflow (section 14.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct HostedSource {
    /// The base of the API, up to and with its version.
    pub base: String,
    /// The workflow, `wf_…`.
    pub workflow: String,
    /// Its version; absent for the one that is deployed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What the workflow begins with.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub state_variables: Map<String, Value>,
    /// How long a session lives, in seconds; absent for the server's choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_after: Option<u32>,
    /// How many requests a minute a session may make; absent for the server's choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_requests_per_minute: Option<u32>,
    /// `chatkit_configuration`, as it is sent.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[ts(type = "Record<string, unknown>")]
    pub configuration: Map<String, Value>,
    /// To whom the threads belong; absent for a name that is made up once for each connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
}

/// How a session endpoint is asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionMethod {
    /// With a body.
    #[default]
    Post,
    /// Without one.
    Get,
}

/// A header of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value, in which placeholders stand for what they do in a body.
    pub value: String,
}

impl SessionSource {
    /// Whether a server makes the secret, so that it has a life of its own.
    pub fn is_made(&self) -> bool {
        matches!(self, Self::Endpoint(_) | Self::Hosted(_))
    }

    /// Whether a credential is needed.
    pub fn needs_credential(&self) -> bool {
        match self {
            Self::None => false,
            Self::Static | Self::Hosted(_) => true,
            Self::Endpoint(endpoint) => endpoint.with_key,
        }
    }
}

/// A schema with what settings files of the first version have in this place.
fn with_words(schema: &mut schemars::Schema) {
    if let Some(Value::Array(forms)) = schema.get_mut("oneOf") {
        forms.push(schemars::json_schema!({"enum": ["none", "bearer"], "deprecated": true}).into());
    }
}

/// Settings files of the first version have a word in this place.
impl<'de> Deserialize<'de> for SessionSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Word(Word),
            Whole(Box<Whole>),
        }

        #[derive(Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum Word {
            None,
            Bearer,
        }

        #[derive(Deserialize)]
        #[serde(tag = "type", rename_all = "snake_case")]
        enum Whole {
            None,
            Static,
            Endpoint(EndpointSource),
            Hosted(HostedSource),
        }

        let whole = match Written::deserialize(deserializer)? {
            Written::Word(Word::None) => return Ok(Self::None),
            Written::Word(Word::Bearer) => return Ok(Self::Static),
            Written::Whole(whole) => *whole,
        };
        Ok(match whole {
            Whole::None => Self::None,
            Whole::Static => Self::Static,
            Whole::Endpoint(endpoint) => Self::Endpoint(endpoint),
            Whole::Hosted(hosted) => Self::Hosted(hosted),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_written_is_read_again_and_so_is_what_the_first_version_wrote() {
        let endpoint = json!({"type": "endpoint", "url": "https://a.example/s", "method": "get", "with_key": true,
            "headers": [{"name": "X-App", "value": "k"}], "body": {"user": "{{user}}"},
            "refresh": {"url": "https://a.example/r"}});
        let read: SessionSource = serde_json::from_value(endpoint.clone()).unwrap();
        assert!(read.is_made() && read.needs_credential());
        assert_eq!(serde_json::to_value(&read).unwrap(), endpoint);
        for (word, source) in [("none", SessionSource::None), ("bearer", SessionSource::Static)] {
            assert_eq!(serde_json::from_value::<SessionSource>(json!(word)).unwrap(), source);
            let whole = serde_json::to_value(&source).unwrap();
            assert_eq!(serde_json::from_value::<SessionSource>(whole).unwrap(), source);
        }
        assert!(serde_json::from_value::<SessionSource>(json!("cookie")).is_err());
    }
}

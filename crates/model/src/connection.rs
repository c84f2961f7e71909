//! Connections: configured backends. Their secrets are in the keychain, never here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    attachment::AttachmentOptions,
    custom::CustomSettings,
    ids::ConnectionId,
    network::Network,
    openai::OpenaiSettings,
    profile::Profile,
    session::{Header, SessionSource, SignIn},
};

/// One configured backend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Connection {
    /// Chosen once, never shown: by it routes, models and locks name the connection.
    pub id: ConnectionId,
    /// What the person calls it.
    pub name: String,
    /// What protocol it speaks.
    pub kind: Kind,
    /// Its address: an absolute http or https URL.
    pub url: String,
    /// How the person shows who they are.
    #[serde(default, skip_serializing_if = "SignIn::is_key")]
    pub sign_in: SignIn,
    /// Where the secret comes from that its requests carry.
    #[serde(default, alias = "auth")]
    pub session: SessionSource,
    /// The header in which its requests carry that secret; absent for `Authorization: Bearer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried: Option<Carried>,
    /// What else its requests carry, beside what a secret header ([`Connection::secret_headers`]) does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<Header>,
    /// The names of more headers, whose values are in the keychain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secret_headers: Vec<String>,
    /// The way to its servers.
    #[serde(default, skip_serializing_if = "Network::is_default")]
    pub network: Network,
    /// What an OpenAI-compatible server is asked for; absent for other kinds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub openai: Option<OpenaiSettings>,
    /// How a backend that somebody wrote for themselves is spoken to; absent for other kinds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom: Option<CustomSettings>,
    /// The environment variable that holds its key. While that is set, it counts more than the keychain; it is never written
    /// anywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_variable: Option<String>,
    /// Whether it was switched off: kept, and neither offered nor asked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disabled: bool,
    /// Where a ChatKit server publishes its profile: which models it has, and how its conversations look; absent if nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Which files go with messages; absent for those that most servers take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachments: Option<AttachmentOptions>,
    /// How its conversations look and what they offer, key by key before what its server publishes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<Box<Profile>>,
}

impl Connection {
    /// A connection of which everything else is as it usually is.
    pub fn new(id: ConnectionId, name: &str, kind: Kind, url: &str, session: SessionSource) -> Self {
        let (name, url) = (name.to_owned(), url.to_owned());
        Self {
            id,
            name,
            kind,
            url,
            sign_in: SignIn::Key,
            session,
            carried: None,
            headers: Vec::new(),
            secret_headers: Vec::new(),
            network: Network::default(),
            openai: None,
            custom: None,
            key_variable: None,
            disabled: false,
            profile: None,
            attachments: None,
            options: None,
        }
    }

    /// Whether the person has to give a key: a token, or the password of a login.
    pub fn needs_key(&self) -> bool {
        match &self.sign_in {
            SignIn::Key => self.session.needs_credential(),
            SignIn::Login(login) => login.with_key,
            SignIn::Oauth(_) => false,
        }
    }

    /// Which files go with messages, unless none do.
    pub fn takes_files(&self) -> Option<AttachmentOptions> {
        let options = self.attachments.clone().unwrap_or_default();
        options.is_enabled(self.kind).then_some(options)
    }

    /// Whether a server makes the secret of its requests, so that it has a life of its own.
    pub fn is_made(&self) -> bool {
        self.session.is_made() || !self.sign_in.is_key()
    }
}

/// A header that carries a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Carried {
    /// Its name.
    pub header: String,
    /// The word that stands before the secret, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
}

/// What protocol a backend speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A server that speaks the ChatKit protocol.
    Chatkit,
    /// A ChatKit workflow that OpenAI hosts (section 14).
    Hosted,
    /// A server that speaks one of OpenAI's two protocols for answers, as many do. It keeps no threads.
    Openai,
    /// A backend that somebody wrote for themselves. It keeps no threads that could be asked for.
    Custom,
}

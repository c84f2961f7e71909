//! What a host is told by the person.

use std::collections::BTreeMap;

use model::{ConnectionId, Kind, ModelRef, ThreadId};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A message to send.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SendRequest {
    /// With whom to begin a thread; ignored when the thread exists.
    pub connection: ConnectionId,
    /// The thread to continue; absent to begin one.
    pub thread: Option<ThreadId>,
    /// What the person wrote.
    pub text: String,
    /// The model that a thread which begins is held with; absent for the one that was chosen for the connection, or else
    /// its default. Ignored when the thread exists.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub model: Option<ModelRef>,
}

/// What became of a message.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Sent {
    /// The thread it is in.
    pub thread: ThreadId,
}

/// A connection as the person typed it. Its secrets go this way only.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct ConnectionDraft {
    /// What to call it; if empty, the address's host.
    pub name: String,
    /// What it speaks.
    pub kind: Kind,
    /// What stands in the other fields of the kind's form, by their keys.
    pub values: BTreeMap<String, String>,
    /// The token; absent leaves a stored one as it is, empty means that there is none.
    #[ts(type = "string | null")]
    pub token: Option<SecretString>,
    /// What was typed in the other secret fields, by their keys; one that is absent leaves a stored one as it is, and an
    /// empty one means that there is none.
    #[serde(default)]
    #[ts(type = "{ [key in string]: string }")]
    pub secrets: BTreeMap<String, SecretString>,
    /// Where to keep all of them.
    pub keep: Keep,
}

impl ConnectionDraft {
    /// A ChatKit server at an address that asks for no token.
    pub fn server(name: &str, url: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind: Kind::Chatkit,
            values: BTreeMap::from([("url".to_owned(), url.to_owned())]),
            token: None,
            secrets: BTreeMap::new(),
            keep: Keep::Keychain,
        }
    }
}

/// Where a token is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// In the keychain of the system.
    Keychain,
    /// In memory, until the program ends.
    ThisRun,
}

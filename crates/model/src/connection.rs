//! Connections: configured backends. Their secrets are in the keychain, never here.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{ids::ConnectionId, session::SessionSource};

/// One configured backend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Chosen once, never shown.
    pub id: ConnectionId,
    /// What the person calls it.
    pub name: String,
    /// What protocol it speaks.
    pub kind: Kind,
    /// Its address: an absolute http or https URL.
    pub url: String,
    /// Where the secret comes from that its requests carry.
    #[serde(default, alias = "auth")]
    pub session: SessionSource,
    /// Whether it was switched off: kept, and neither offered nor asked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disabled: bool,
}

/// What protocol a backend speaks; the registry of adapters has one entry each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A server that speaks the ChatKit protocol.
    Chatkit,
    /// A ChatKit workflow that OpenAI hosts (section 14).
    Hosted,
}

//! Connections: configured backends. Their secrets are in the keychain, never here.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::ConnectionId;

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
    /// How requests prove who they are from.
    pub auth: Auth,
}

/// What protocol a backend speaks; the registry of adapters has one entry each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A server that speaks the ChatKit protocol.
    Chatkit,
}

/// How requests prove who they are from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    /// They don't: an open server.
    None,
    /// A bearer token from the secret store.
    Bearer,
}

//! What somebody else than the person has set, as it is shown.

use model::ConnectionId;
use serde::Serialize;
use ts_rs::TS;

/// What stands above and below the person's own settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
pub struct ManagedView {
    /// The administrator's file, if there is one.
    pub policy: Option<String>,
    /// Who looks after that file, as it says itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub managed_by: Option<String>,
    /// The keys that it has fixed, such as `appearance.theme`, `connections.office` or `connections`: each with all below it.
    pub locked: Vec<String>,
    /// The connections that it brings.
    pub connections: Vec<ConnectionId>,
    /// The connection that the environment brings, if it does.
    pub environment: Option<EnvironmentView>,
}

/// A connection of the environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct EnvironmentView {
    /// Which.
    pub connection: ConnectionId,
    /// The variable that holds its key, while that is not in the keychain.
    pub key: Option<String>,
}

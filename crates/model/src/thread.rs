//! Threads: as a server describes them, and as this machine keeps them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::{ConnectionId, RemoteThreadId, ThreadId};

/// What a server says about a thread (section 6.2).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RemoteThread {
    /// The server's id.
    pub id: RemoteThreadId,
    /// Absent until someone sets it.
    pub title: Option<String>,
    /// ISO 8601, often without an offset.
    pub created_at: Option<String>,
    /// Whether it takes messages.
    pub status: ThreadStatus,
    /// Hosts from which its Markdown images may load; absent is no statement.
    pub allowed_image_domains: Option<Vec<String>>,
}

/// Whether a thread takes messages (section 6.2). A status that this version does not know reads as `Active`, because
/// the server enforces none of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ThreadStatus {
    /// It does.
    #[default]
    Active,
    /// The composer is there, disabled, with the reason in it.
    Locked {
        /// The server's reason.
        reason: Option<String>,
    },
    /// The composer is replaced by the reason.
    Closed {
        /// The server's reason.
        reason: Option<String>,
    },
}

/// A thread as this machine keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Thread {
    /// Local id.
    pub id: ThreadId,
    /// The connection that it is held with.
    pub connection: ConnectionId,
    /// The server's id, once it has given one.
    pub remote: Option<RemoteThreadId>,
    /// Its title, once there is one.
    pub title: Option<String>,
    /// Whether it takes messages.
    pub status: ThreadStatus,
    /// When it was first seen here, in milliseconds since 1970 UTC.
    pub created_at: i64,
    /// When something last happened in it, in milliseconds since 1970 UTC. The sidebar is ordered by it.
    pub updated_at: i64,
}

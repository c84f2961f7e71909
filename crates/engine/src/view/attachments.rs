//! Files that are to go with a message.

use model::{Beside, ConnectionId, DraftFileId, Failure, ThreadId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::SendRequest;

/// For which message a file is meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub struct FileTarget {
    /// With whom a thread is to begin; ignored when the thread exists.
    pub connection: ConnectionId,
    /// The thread; absent for one that is to begin.
    pub thread: Option<ThreadId>,
}

/// A message to send, with all that goes with it.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct Composed {
    /// The message. It may be empty, if there are files.
    #[serde(flatten)]
    #[ts(flatten)]
    pub request: SendRequest,
    /// What stands beside its words.
    #[serde(flatten)]
    #[ts(flatten)]
    pub beside: Beside,
    /// The files that go with it: all of them ready.
    #[serde(default)]
    pub files: Vec<DraftFileId>,
}

impl From<SendRequest> for Composed {
    fn from(request: SendRequest) -> Self {
        Self { request, beside: Beside::default(), files: Vec::new() }
    }
}

/// The files of one message that was not sent yet.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct DraftFiles {
    /// Which message.
    pub target: FileTarget,
    /// The files, in the order in which they were added.
    pub files: Vec<DraftFile>,
}

/// A file that is to go with a message.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct DraftFile {
    /// What it is called here.
    pub id: DraftFileId,
    /// Its name, as the server is told it.
    pub name: String,
    /// Its media type; empty while nothing is known of it.
    pub mime_type: String,
    /// How many bytes it has; 0 while nothing is known of it.
    #[ts(type = "number")]
    pub size: u64,
    /// How far it has come.
    pub state: DraftFileState,
}

/// How far a file has come.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum DraftFileState {
    /// It is being looked at, or waits for others to be uploaded.
    Checking,
    /// It is on its way.
    Uploading {
        /// How many of its bytes have left.
        #[ts(type = "number")]
        sent: u64,
    },
    /// The server has it.
    Ready,
    /// It is not with the server.
    Failed {
        /// Why.
        failure: Failure,
        /// Whether trying again makes sense.
        can_retry: bool,
    },
}

/// Which files a connection takes, as it is said before one is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FileLimits {
    /// How large the largest may be, in bytes.
    #[ts(type = "number")]
    pub max_size: u64,
    /// How many go with a message.
    pub max_count: usize,
    /// Which are taken: media types and ends of names; empty for all.
    pub accept: Vec<String>,
}

/// Files that somebody drags over the window. The page never learns where they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Dragged {
    /// They are over the window.
    Over {
        /// How many.
        count: usize,
    },
    /// They are gone again.
    Left,
    /// They were let go.
    Dropped {
        /// The name by which they can be added to a message, once.
        drop: u32,
    },
}

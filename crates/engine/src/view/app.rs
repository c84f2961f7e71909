//! The sidebar, and what surrounds the conversations.

use model::{Appearance, ConnectionId, Failure, Patience, ThreadId, ThreadStatus, UpdateCheck, WhenUnreachable};
use serde::Serialize;
use ts_rs::TS;

use super::{AnsweringView, CatalogueView, ConnectionView, DraftFiles, EffectView, ManagedView};

/// What a subscriber to the application receives: first a snapshot, then changes.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AppMessage {
    /// Everything, once after subscribing.
    Snapshot {
        /// Everything.
        app: AppView,
    },
    /// Threads that are new or changed.
    Threads {
        /// Each whole.
        threads: Vec<ThreadView>,
    },
    /// A thread is gone.
    ThreadRemoved {
        /// Which.
        id: ThreadId,
    },
    /// The connections changed, or what is known of them.
    Connections {
        /// All of them.
        connections: Vec<ConnectionView>,
    },
    /// The appearance changed.
    Appearance {
        /// The new one.
        appearance: Appearance,
    },
    /// Something else becomes of messages whose server cannot be reached.
    WhenUnreachable {
        /// What.
        choice: WhenUnreachable,
    },
    /// Messages wait for another time whose server wants a pause.
    Patience {
        /// For how long in all, in seconds.
        patience: Patience,
    },
    /// What is known of models changed, or what was chosen.
    Catalogue {
        /// All of it.
        catalogue: CatalogueView,
    },
    /// What somebody else than the person has set changed.
    Managed {
        /// All of it.
        managed: ManagedView,
    },
    /// The files of a message that was not sent yet changed.
    Files {
        /// All of them; none once they were sent or removed.
        files: DraftFiles,
    },
    /// Something to do once.
    Effect {
        /// What.
        effect: EffectView,
    },
    /// Something to tell the person that belongs to no thread.
    Problem {
        /// What.
        failure: Failure,
    },
}

/// Everything outside a thread.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AppView {
    /// All threads, the latest first.
    pub threads: Vec<ThreadView>,
    /// All connections, the Guide last.
    pub connections: Vec<ConnectionView>,
    /// How the window looks.
    pub appearance: Appearance,
    /// What becomes of messages whose server cannot be reached.
    pub when_unreachable: WhenUnreachable,
    /// For how long messages wait in all whose server wants a pause, in seconds.
    pub patience: Patience,
    /// What is known of models.
    pub catalogue: CatalogueView,
    /// What somebody else than the person has set.
    pub managed: ManagedView,
    /// The files of messages that were not sent yet.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<DraftFiles>>")]
    pub files: Vec<DraftFiles>,
    /// What went wrong at the start: a file set aside, a keychain that is absent.
    pub problems: Vec<Failure>,
}

/// A thread in the sidebar and the header.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ThreadView {
    /// Its id.
    pub id: ThreadId,
    /// Its connection.
    pub connection: ConnectionId,
    /// Its title, once there is one.
    pub title: Option<String>,
    /// Whether it takes messages.
    pub status: ThreadStatus,
    /// When something last happened, in milliseconds since 1970 UTC.
    #[ts(type = "number")]
    pub updated_at: i64,
    /// What goes on in it.
    pub activity: Activity,
    /// Who answered last, where it goes through a route; only told of threads that somebody has opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub answering: Option<AnsweringView>,
}

/// What goes on in a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// Nothing.
    Idle,
    /// A turn is under way.
    Running,
    /// A message waits until its server can be reached.
    Held,
    /// A turn ended while nobody was looking.
    Unread,
}

/// A thread that holds what was searched for.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SearchHit {
    /// The thread.
    pub thread: ThreadView,
    /// The place, if it is in a message and not in the title.
    pub excerpt: Option<String>,
}

/// What *About* shows.
#[derive(Debug, Clone, Serialize, TS)]
pub struct About {
    /// The program's version.
    pub version: String,
    /// Where its data is.
    pub data_dir: String,
    /// The folder of its log, if there is one.
    pub logs: Option<String>,
    /// How new versions come to it.
    pub updates: Updates,
}

/// How new versions come to this installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Updates {
    /// With the system's packages: Kittiwake leaves it to them.
    Packages,
    /// Kittiwake fetches, verifies and installs them.
    Signed {
        /// When it looks for one.
        check: UpdateCheck,
    },
}

/// A version that is newer than this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct NewVersion {
    /// Its number.
    pub version: String,
    /// What is new in it, as text.
    pub notes: Option<String>,
}

/// What is offered after a failure: a report on this computer, which is sent nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CrashReport {
    /// A line that says what happened.
    pub title: String,
    /// All of it. No secret in it, and nothing that the person typed.
    pub text: String,
    /// The folder that it lies in.
    pub folder: String,
}

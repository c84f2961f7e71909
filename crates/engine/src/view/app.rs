//! The sidebar, the connections, and what surrounds them.

use model::{
    Appearance, ConnectionId, Failure, Kind, Mention, Patience, ThreadId, ThreadStatus, UpdateCheck, WhenUnreachable,
};
use serde::Serialize;
use ts_rs::TS;

use super::{
    AnsweringView, CatalogueView, DraftFiles, EffectView, FileLimits, Keep, ManagedView, ProfileView, RouteView,
};

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

/// A connection as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ConnectionView {
    /// Its id.
    pub id: ConnectionId,
    /// What the person calls it.
    pub name: String,
    /// What it speaks.
    pub kind: Kind,
    /// Its address, without anything that could be a secret.
    pub address: String,
    /// Whether the person gave a token for it.
    pub has_token: bool,
    /// In which other secret fields of its form something was given, by their keys.
    pub secrets: Vec<String>,
    /// What the person allowed that takes protection away, in words; mostly nothing.
    pub cautions: Vec<String>,
    /// How far the person is signed in, where that is more than a token.
    pub sign_in: Option<SignInView>,
    /// Its session, where a server makes one.
    pub session: Option<SessionView>,
    /// Whether its server keeps the conversations. Those of the others are on this computer alone, and no server takes
    /// praise or complaint of their answers.
    pub keeps_threads: bool,
    /// Whether it was switched off.
    pub disabled: bool,
    /// Whether it is the Guide, which can be neither changed nor removed.
    pub builtin: bool,
    /// What is known of it.
    pub state: ConnectionState,
    /// When it is tried again by itself, in milliseconds since 1970 UTC, while its server cannot be reached.
    #[ts(type = "number | null")]
    pub again: Option<i64>,
    /// Which files go with messages to it; absent if none do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub files: Option<FileLimits>,
    /// What the start screen offers.
    pub prompts: Vec<StartPrompt>,
    /// How its conversations look and what they offer, where that is not as Kittiwake has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub profile: Option<Box<ProfileView>>,
    /// The tools that its server may use without asking, by their names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub allowed_tools: Vec<String>,
    /// Whom it asks, if it is no connection of its own but a route.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub route: Option<RouteView>,
}

/// A sign-in as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct SignInView {
    /// How one signs in.
    pub way: SignInWay,
    /// How far that is, as a session of its own.
    pub session: SessionView,
}

/// How one signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SignInWay {
    /// With a name and a password, in the connection's form.
    Login,
    /// In the browser of this computer.
    Browser,
    /// In a browser anywhere, with a code.
    Device,
}

/// What a sign-in in the browser needs from the person, and what comes of it.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SigningInView {
    /// The provider is being asked.
    Asking,
    /// Open this address in the browser of this computer. It comes back by itself.
    Browser {
        /// An https address, or one on this computer.
        url: String,
    },
    /// Open this address in any browser and type the code.
    Device {
        /// An https address, or one on this computer.
        url: String,
        /// What to type.
        code: String,
        /// Until when it is good, in milliseconds since 1970 UTC.
        #[ts(type = "number")]
        until: i64,
    },
    /// The person is signed in.
    Done {
        /// Their name or e-mail address, if the provider says it.
        who: Option<String>,
        /// Until when that is known here: without a keychain only in this run.
        kept: Keep,
    },
    /// They are not.
    Failed {
        /// Why.
        failure: Failure,
    },
}

/// What became of a sign-in when the person signed out.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SignOutView {
    /// It has ended here and at the provider; or there was none.
    Done,
    /// It has ended here. The provider has no way to be told; what it gave ends by itself.
    NotOffered,
    /// It has ended here. The provider could not be told; what it gave ends by itself.
    NotTold {
        /// Why.
        failure: Failure,
    },
}

/// A session as it is shown. The secret itself never is.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct SessionView {
    /// How far it is.
    pub phase: SessionPhase,
    /// When it ends by this computer's clock, in milliseconds since 1970 UTC, if that is known.
    #[ts(type = "number | null")]
    pub ends: Option<i64>,
    /// By how many milliseconds the server's clock is ahead of this computer's.
    #[ts(type = "number")]
    pub ahead: i64,
    /// What else the server said of it, in its own words.
    pub fields: Vec<(String, String)>,
}

/// How far a session is.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SessionPhase {
    /// There is none; the next request makes one.
    Absent,
    /// One was asked for.
    Fetching,
    /// It can be used.
    Live,
    /// It can be used, and is being renewed.
    Renewing,
    /// There will be none until something is changed.
    Refused {
        /// Why.
        failure: Failure,
    },
    /// There was none to be had; it is asked for again with the first request after a time.
    Waiting {
        /// Until when, in milliseconds since 1970 UTC.
        #[ts(type = "number")]
        until: i64,
        /// Why.
        failure: Failure,
    },
    /// The person has to give a token.
    SignedOut {
        /// Why.
        failure: Failure,
    },
}

/// What the last request to a connection showed.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ConnectionState {
    /// Nothing was asked yet.
    Untried,
    /// It answered.
    Online,
    /// It did not.
    Failing {
        /// Why.
        failure: Failure,
    },
}

impl ConnectionState {
    /// Whether the server was not reached.
    pub fn is_offline(&self) -> bool {
        matches!(self, Self::Failing { failure } if failure.code.is_offline())
    }
}

/// Something to begin with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct StartPrompt {
    /// On the button.
    pub label: String,
    /// The words that are sent.
    pub prompt: String,
    /// What is mentioned in them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<Mention>>", optional)]
    pub mentions: Vec<Mention>,
    /// A picture, by the names of section 11.1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub icon: Option<String>,
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

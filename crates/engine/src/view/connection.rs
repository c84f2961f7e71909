//! Connections, and how one stands with their servers.

use model::{ConnectionId, Failure, Kind, Mention};
use serde::Serialize;
use ts_rs::TS;

use super::{FileLimits, Keep, ProfileView, RouteView};

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

//! A test of a connection as it is shown: its steps, each with its time and what came of it.

use model::Failure;
use serde::Serialize;
use ts_rs::TS;

use super::FindingView;

/// A test, as far as it is. Each one that is sent takes the place of the one before.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct CheckView {
    /// All steps, in their order, also those to come.
    pub steps: Vec<CheckStep>,
    /// How it stands.
    pub verdict: CheckVerdict,
    /// All of it as text, to hand to somebody, once it has ended. No secret in it.
    pub report: Option<String>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct CheckStep {
    /// What kind of step.
    pub kind: CheckStepKind,
    /// What the person reads.
    pub label: String,
    /// How it stands.
    pub outcome: CheckOutcome,
    /// How long it took, in milliseconds with fractions, once it has ended.
    pub ms: Option<f64>,
    /// What came of it, in one sentence or a few; empty until then.
    pub line: String,
    /// What else was seen.
    pub facts: Vec<CheckFact>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// What is wrong, where that has a name; also where the step works and could be better.
    pub finding: Option<FindingView>,
}

/// Something that was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CheckFact {
    /// What it is.
    pub name: String,
    /// How it is.
    pub value: String,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckStepKind {
    /// Whether what is kept of the connection can be read.
    Keychain,
    /// Whether the data folder can be written to, and has room.
    Folder,
    /// Whether the name is known.
    Name,
    /// Whether somebody takes the call.
    Connect,
    /// Whether the connection is encrypted, and with whose certificate.
    Certificate,
    /// Whether the server speaks HTTP.
    Reach,
    /// What requests carry: a token, or a session that is made.
    Session,
    /// Whether the person is signed in, where that is more than a token.
    SignIn,
    /// A request that changes nothing.
    Ask,
    /// A message, and its answer.
    Hello,
    /// A file that is sent.
    Upload,
}

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckOutcome {
    /// Its turn has not come.
    Waiting,
    /// It is under way.
    Running,
    /// It is as it should be.
    Passed,
    /// It works, and something about it is worth knowing.
    Noted,
    /// It does not work.
    Failed,
    /// One before it failed, or the test was stopped.
    Skipped,
}

/// How a test stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CheckVerdict {
    /// It is under way.
    Running,
    /// The connection works.
    Works,
    /// It does not.
    Fails {
        /// Why.
        failure: Failure,
    },
    /// The person ended the test.
    Stopped,
}

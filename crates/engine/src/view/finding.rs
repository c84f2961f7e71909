//! Something that is wrong, as it is shown.

use model::Finding;
use serde::Serialize;
use ts_rs::TS;

/// What is wrong, whose it is to mend, why, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FindingView {
    /// Its name.
    pub name: Finding,
    /// What a person would call it.
    pub title: String,
    /// Who can mend it.
    pub whose: Whose,
    /// What is the matter.
    pub cause: String,
    /// What to do.
    pub remedy: String,
    /// What to ask the Guide to read more about it.
    pub question: String,
}

/// Who can mend something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// Whoever runs the server.
    Server,
    /// Whoever runs the network on the way.
    Network,
    /// The person, in the connection's settings.
    Settings,
    /// The person, or whoever looks after this computer.
    Computer,
    /// Nobody needs to: it passes.
    Nobody,
}

//! Routes as they are shown and typed.

use model::ConnectionId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Whom a route asks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
pub struct RouteView {
    /// Its connections, in the order in which they are asked.
    pub members: Vec<ConnectionId>,
    /// For how many seconds it waits when a server asks for a pause, before it asks the next one.
    pub patience: u32,
    /// Which of them the next message goes to.
    pub answers: Option<ConnectionId>,
    /// Why it is not the first one, as the end of a sentence.
    pub why: Option<String>,
}

/// Which connection of its route answers in a thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AnsweringView {
    /// What it is called.
    pub name: String,
    /// Why it is not one that the route names before it, as the end of a sentence.
    pub why: Option<String>,
}

/// A route as the person typed it.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct RouteDraft {
    /// Which; absent for a new one.
    pub id: Option<ConnectionId>,
    /// What to call it.
    pub name: String,
    /// Whom it asks, in this order.
    pub connections: Vec<ConnectionId>,
    /// For how many seconds it waits when a server asks for a pause.
    pub patience: u32,
}

/// What a file says of a route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RouteImport {
    /// What it was called.
    pub name: String,
    /// The connections here that have the names of its own.
    pub connections: Vec<ConnectionId>,
    /// For how many seconds it waited when a server asked for a pause.
    pub patience: u32,
    /// The names of those that are not here.
    pub missing: Vec<String>,
}

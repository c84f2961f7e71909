//! Routes: several connections behind one name, of which the first that can answers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::{ConnectionId, ItemId, RemoteThreadId};

/// How long a route waits for a server that wants a pause, unless the person says otherwise, in seconds.
const PATIENCE: u32 = 3;

/// An ordered list of connections behind one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Route {
    /// Chosen once, never shown. No connection has the same.
    pub id: ConnectionId,
    /// What the person calls it.
    pub name: String,
    /// Whom it asks, in this order.
    pub connections: Vec<ConnectionId>,
    /// For how many seconds it waits when a server asks for a pause, before it asks the next one.
    #[serde(default = "patience")]
    pub patience: u32,
}

fn patience() -> u32 {
    PATIENCE
}

/// One connection of a route, with the name that it had when it was told of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answerer {
    /// Which.
    pub connection: ConnectionId,
    /// What the person called it.
    pub name: String,
}

/// From here on another connection of the route answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// Who answered before; absent at the beginning of a conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Answerer>,
    /// Who answers now.
    pub to: Answerer,
    /// Why it is not one that the route names before it, in words; absent for the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// A thread that a conversation through a route has with one of its connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leg {
    /// With which.
    pub connection: ConnectionId,
    /// The server's name for it.
    pub remote: RemoteThreadId,
    /// The last item here of which its server knows.
    pub knows: Option<ItemId>,
    /// Whether it goes on. One that was given up is only kept so that it is not taken for another conversation.
    pub goes_on: bool,
}

/// How a conversation through a route has gone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Legs {
    /// Its threads at the servers that keep them.
    pub all: Vec<Leg>,
    /// Who answered last, and why; nobody yet, or the first of the route without a word about it.
    pub answering: Option<Handover>,
}

impl Legs {
    /// The thread with a connection that goes on, if there is one.
    pub fn with(&self, connection: &ConnectionId) -> Option<&Leg> {
        self.all.iter().find(|leg| leg.goes_on && &leg.connection == connection)
    }

    /// Whether a server's thread is a part of the conversation.
    pub fn has(&self, connection: &ConnectionId, remote: &RemoteThreadId) -> bool {
        self.all.iter().any(|leg| &leg.connection == connection && &leg.remote == remote)
    }

    /// A server has made a thread for the conversation: with that one it goes on.
    pub fn begin(&mut self, connection: &ConnectionId, remote: RemoteThreadId) {
        if self.with(connection).is_some_and(|leg| leg.remote == remote) {
            return;
        }
        self.give_up(connection);
        self.all.retain(|leg| &leg.connection != connection || leg.remote != remote);
        self.all.push(Leg { connection: connection.clone(), remote, knows: None, goes_on: true });
    }

    /// The thread with a connection is not continued: nobody knows what its server has of it, or that is too much.
    pub fn give_up(&mut self, connection: &ConnectionId) {
        self.all.iter_mut().filter(|leg| &leg.connection == connection).for_each(|leg| leg.goes_on = false);
    }

    /// The server of a connection knows the conversation up to an item.
    pub fn knows(&mut self, connection: &ConnectionId, item: ItemId) {
        let leg = self.all.iter_mut().find(|leg| leg.goes_on && &leg.connection == connection);
        leg.into_iter().for_each(|leg| leg.knows = Some(item.clone()));
    }

    /// Gives up the threads of servers that know more than what is left of the conversation.
    pub fn keep_those_that_know(&mut self, left: impl Fn(&ItemId) -> bool) {
        for leg in &mut self.all {
            leg.goes_on &= leg.knows.as_ref().is_some_and(&left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_each_connection_one_thread_goes_on_and_the_others_are_remembered() {
        let (own, other) = (ConnectionId::from("own"), ConnectionId::from("other"));
        let mut legs = Legs::default();
        legs.begin(&own, RemoteThreadId::from("a"));
        legs.begin(&other, RemoteThreadId::from("a"));
        legs.knows(&own, "1".into());
        legs.begin(&own, RemoteThreadId::from("a"));
        assert_eq!(legs.with(&own).unwrap().knows, Some("1".into()), "it had begun already");
        legs.begin(&own, RemoteThreadId::from("b"));
        assert_eq!(legs.with(&own).unwrap().remote, RemoteThreadId::from("b"));
        assert!(legs.has(&own, &RemoteThreadId::from("a")) && legs.with(&other).is_some());
        legs.knows(&other, "2".into());
        legs.keep_those_that_know(|item| item == &ItemId::from("2"));
        assert!(legs.with(&own).is_none() && legs.with(&other).is_some());
    }

    #[test]
    fn a_route_from_a_file_that_says_nothing_of_patience_has_some() {
        let route: Route = serde_json::from_str(r#"{"id": "r", "name": "Office", "connections": ["a"]}"#).unwrap();
        assert_eq!(route.patience, PATIENCE);
    }
}

//! What servers call a conversation that this machine keeps.

use std::{collections::BTreeMap, sync::Arc};

use model::{Connection, ConnectionId, ConversationId};
use serde::{Deserialize, Serialize};

use crate::{engine::Engine, live::Live};

/// The name under which these names are kept.
pub const NAMES: &str = "names";

/// What each of a thread's servers calls it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ServerNames(BTreeMap<ConnectionId, Kept>);

/// What the server at an address calls it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    /// The address of the connection: another server has never heard of it.
    at: String,
    /// Nothing where the server takes what Kittiwake calls it.
    id: Option<ConversationId>,
}

/// How a conversation is named to a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// As that calls it.
    Theirs(ConversationId),
    /// As Kittiwake does.
    Ours,
}

impl Named {
    /// What the server calls it, if it does.
    pub fn theirs(self) -> Option<ConversationId> {
        match self {
            Self::Theirs(id) => Some(id),
            Self::Ours => None,
        }
    }
}

impl ServerNames {
    /// How it is named to a connection's server, if that is known.
    pub fn of(&self, connection: &Connection) -> Option<Named> {
        let kept = self.0.get(&connection.id).filter(|kept| kept.at == connection.url)?;
        Some(kept.id.clone().map_or(Named::Ours, Named::Theirs))
    }

    fn keep(&mut self, connection: &Connection, named: Named) {
        self.0.insert(connection.id.clone(), Kept { at: connection.url.clone(), id: named.theirs() });
    }
}

impl Engine {
    /// Keeps how a thread is named to a connection's server.
    pub(crate) async fn keep_name(&self, live: &Arc<Live>, connection: &Connection, named: Named) {
        let (thread, names) = live.with(|inner| {
            inner.context.names.keep(connection, named);
            (inner.thread.id.clone(), inner.context.names.clone())
        });
        // A disk that is full is told when the conversation itself is written.
        if let Ok(value) = serde_json::to_string(&names) {
            let _ = self.shared.shelf.run(move |history| history.put_value(&thread, NAMES, &value)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use model::{Kind, SessionSource};

    use super::*;

    fn connection(id: &str, url: &str) -> Connection {
        Connection::new(id.into(), "Office", Kind::Custom, url, SessionSource::None)
    }

    #[test]
    fn each_server_has_its_own_name_and_another_one_has_none() {
        let (one, two) = (connection("1", "https://a.example"), connection("2", "https://a.example"));
        let mut names = ServerNames::default();
        names.keep(&one, Named::Theirs("abc".into()));
        names.keep(&two, Named::Ours);
        let names: ServerNames = serde_json::from_str(&serde_json::to_string(&names).unwrap()).unwrap();
        assert_eq!(names.of(&one), Some(Named::Theirs("abc".into())));
        assert_eq!(names.of(&two), Some(Named::Ours));
        assert_eq!(names.of(&connection("1", "https://b.example")), None, "it is another server now");
        assert_eq!(names.of(&connection("3", "https://a.example")), None);
    }
}

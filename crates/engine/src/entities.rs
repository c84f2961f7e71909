//! What can be mentioned, as a connection's own server finds it (section 12: `entities`).

use std::time::Duration;

use model::{ConnectionId, Entity, Failure, FailureCode};
use serde_json::Value;
use transport::Limits;
use url::Url;

use crate::{engine::Engine, profile, session::Asker};

/// How much of what was typed is sent, in characters.
const QUERY: usize = 200;

/// So many are shown; whoever looks for another one types more.
const SHOWN: usize = 50;

/// How long is waited: somebody is typing.
const PATIENCE: Duration = Duration::from_secs(10);

/// How much may be answered, in bytes.
const LARGEST: usize = 1 << 20;

impl Engine {
    /// Asks a connection's own server what can be mentioned; at a route, that of its first connection. What cannot be
    /// mentioned as it is, is left out.
    ///
    /// # Errors
    ///
    /// [`FailureCode::NotFound`] where nobody can be asked, and whatever goes wrong on the way.
    pub async fn search_entities(&self, connection: &ConnectionId, query: &str) -> Result<Vec<Entity>, Failure> {
        let first = || self.route(connection).and_then(|route| route.connections.first().cloned());
        let connection = self.connection(&first().unwrap_or_else(|| connection.clone()))?;
        // The profile names only addresses on the connection's own server.
        let address = self.profile_of(&connection).entities.and_then(|entities| entities.search_url);
        let Some(address) = address.and_then(|address| Url::parse(&address).ok()) else {
            let words = format!("“{}” has nowhere to look for what can be mentioned.", connection.name);
            return Err(Failure::new(FailureCode::NotFound, words));
        };
        let url = asked(address, query);
        let limits = limited(self.limits());
        let backend = self.backend(&connection.id, Asker::Program).await?;
        let answer = match backend.own_json(&url, &limits).await {
            // A refused request did nothing.
            Err(failure) if failure.code == FailureCode::Unauthorized => match self.renewed(&backend).await? {
                Some(again) => again.own_json(&url, &limits).await,
                None => Err(failure),
            },
            answer => answer,
        };
        found(&answer?).ok_or_else(|| {
            let words =
                format!("“{}” answered with something else than a list of what can be mentioned.", connection.name);
            Failure::new(FailureCode::NotChatkit, words)
        })
    }
}

/// The address with what was typed.
fn asked(mut address: Url, query: &str) -> Url {
    let typed: String = query.trim().chars().take(QUERY).collect();
    address.query_pairs_mut().append_pair("q", &typed);
    address.set_fragment(None);
    address
}

/// What was found; none if that is no list.
fn found(answer: &[u8]) -> Option<Vec<Entity>> {
    let list: Vec<Value> = serde_json::from_slice(answer).ok()?;
    let mut all: Vec<Entity> = Vec::new();
    for entity in list.into_iter().filter_map(|value| serde_json::from_value(value).ok()).filter_map(profile::entity) {
        if all.len() < SHOWN && all.iter().all(|known| known.id != entity.id) {
            all.push(entity);
        }
    }
    Some(all)
}

fn limited(limits: &Limits) -> Limits {
    Limits {
        first_byte: limits.first_byte.min(PATIENCE),
        idle: limits.idle.min(PATIENCE),
        total: Some(limits.total.unwrap_or(PATIENCE).min(PATIENCE)),
        body_bytes: limits.body_bytes.min(LARGEST),
        event_bytes: limits.event_bytes,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_typed_goes_into_the_address() {
        let url = |written: &str, query: &str| String::from(asked(Url::parse(written).unwrap(), query));
        assert_eq!(url("https://chat.example/find", " a&b "), "https://chat.example/find?q=a%26b");
        assert_eq!(url("https://chat.example/p?kind=all#x", "é"), "https://chat.example/p?kind=all&q=%C3%A9");
        assert!(url("https://chat.example/find", &"x".repeat(999)).len() < 300);
    }

    #[test]
    fn what_cannot_be_mentioned_is_left_out() {
        let answer = json!([
            {"id": "a", "title": "Ada\n Lovelace", "data": {"n": 1}}, {"id": "a", "title": "Again"}, {"id": "", "title": "x"},
            {"id": "b"}, 7, {"id": "c", "title": "\u{7}"}, {"id": "d", "title": "x".repeat(121)}, {"id": "e", "title": "Eve"},
        ]);
        let found = found(answer.to_string().as_bytes()).unwrap();
        let titles: Vec<_> = found.iter().map(|entity| entity.title.as_str()).collect();
        let cut = "x".repeat(100);
        assert_eq!(titles, ["Ada Lovelace", cut.as_str(), "Eve"]);
        assert_eq!(super::found(b"{\"found\": []}"), None);
        let many: Vec<_> = (0..200).map(|id| json!({"id": id.to_string(), "title": "x"})).collect();
        assert_eq!(super::found(json!(many).to_string().as_bytes()).unwrap().len(), SHOWN);
    }
}

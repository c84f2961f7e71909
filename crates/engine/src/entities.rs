//! What can be mentioned, as a connection's own server finds it (section 12: `entities`).

use std::time::Duration;

use model::{Connection, ConnectionId, Entity, Failure, FailureCode};
use serde_json::Value;
use transport::Limits;
use url::Url;

use crate::{engine::Engine, session::Asker};

/// How much of what was typed is sent, in characters.
const QUERY: usize = 200;

/// So many are shown; whoever looks for another one types more.
const SHOWN: usize = 50;

/// The longest title, in characters.
const TITLE: usize = 120;

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
    /// [`FailureCode::NotFound`] where nobody can be asked, [`FailureCode::BadInput`] if the address is not on the
    /// connection's own server, and whatever goes wrong on the way.
    pub async fn search_entities(&self, connection: &ConnectionId, query: &str) -> Result<Vec<Entity>, Failure> {
        let first = || self.route(connection).and_then(|route| route.connections.first().cloned());
        let connection = self.connection(&first().unwrap_or_else(|| connection.clone()))?;
        let Some(address) = search_address(&connection) else {
            let words = format!("“{}” has nowhere to look for what can be mentioned.", connection.name);
            return Err(Failure::new(FailureCode::NotFound, words));
        };
        let url = asked(&connection, &address, query)?;
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

/// Where a connection's server is asked, as it is written in its profile.
fn search_address(connection: &Connection) -> Option<String> {
    connection.options.as_ref()?.entities.as_ref()?.search_url.clone()
}

/// The address with what was typed. It may be written from the connection's address on.
fn asked(connection: &Connection, address: &str, query: &str) -> Result<Url, Failure> {
    let own = Url::parse(&connection.url).ok();
    let url = own.as_ref().and_then(|own| own.join(address).ok().filter(|url| url.origin() == own.origin()));
    let Some(mut url) = url else {
        let words = format!(
            "What can be mentioned is looked for on the server of “{}” alone, and its profile names another one. Correct \
             “searchUrl” in it.",
            connection.name
        );
        return Err(Failure::new(FailureCode::BadInput, words));
    };
    let typed: String = query.trim().chars().take(QUERY).collect();
    url.query_pairs_mut().append_pair("q", &typed);
    url.set_fragment(None);
    Ok(url)
}

/// What was found; none if that is no list.
fn found(answer: &[u8]) -> Option<Vec<Entity>> {
    let list: Vec<Value> = serde_json::from_slice(answer).ok()?;
    let mut all: Vec<Entity> = Vec::new();
    for entity in list.into_iter().filter_map(|value| serde_json::from_value(value).ok()).filter_map(sound) {
        if all.len() < SHOWN && all.iter().all(|known| known.id != entity.id) {
            all.push(entity);
        }
    }
    Some(all)
}

/// One that can stand in a line of text.
fn sound(entity: Entity) -> Option<Entity> {
    let title = entity.title.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_fine = !entity.id.is_empty()
        && !title.is_empty()
        && title.chars().count() <= TITLE
        && !title.chars().any(char::is_control);
    is_fine.then_some(Entity { title, ..entity })
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
    use model::{EntityOptions, Kind, Profile, SessionSource};
    use serde_json::json;

    use super::*;

    fn connection(search_url: &str) -> Connection {
        let entities = EntityOptions { search_url: Some(search_url.to_owned()), ..EntityOptions::default() };
        let options = Profile { entities: Some(entities), ..Profile::default() };
        Connection {
            options: Some(Box::new(options)),
            ..Connection::new(
                "c".into(),
                "Office",
                Kind::Chatkit,
                "https://chat.example/api/chatkit?tenant=7",
                SessionSource::Static,
            )
        }
    }

    #[test]
    fn only_the_own_server_is_asked() {
        let url = |written: &str, query: &str| {
            let connection = connection(written);
            asked(&connection, &search_address(&connection).unwrap(), query).map(String::from)
        };
        assert_eq!(url("/find", " a&b ").unwrap(), "https://chat.example/find?q=a%26b");
        assert_eq!(url("people?kind=all#x", "é").unwrap(), "https://chat.example/api/people?kind=all&q=%C3%A9");
        assert_eq!(url("https://chat.example:443/f", "").unwrap(), "https://chat.example/f?q=");
        assert!(url("find", &"x".repeat(999)).unwrap().len() < 300);
        for elsewhere in [
            "https://evil.example/f",
            "http://chat.example/f",
            "//evil.example/f",
            "https://chat.example:8443/f",
            "file:///etc",
        ] {
            assert_eq!(url(elsewhere, "a").unwrap_err().code, FailureCode::BadInput, "{elsewhere}");
        }
    }

    #[test]
    fn what_cannot_be_mentioned_is_left_out() {
        let answer = json!([
            {"id": "a", "title": "Ada\n Lovelace", "data": {"n": 1}}, {"id": "a", "title": "Again"}, {"id": "", "title": "x"},
            {"id": "b"}, 7, {"id": "c", "title": "\u{7}"}, {"id": "d", "title": "x".repeat(121)}, {"id": "e", "title": "Eve"},
        ]);
        let found = found(answer.to_string().as_bytes()).unwrap();
        let titles: Vec<_> = found.iter().map(|entity| entity.title.as_str()).collect();
        assert_eq!(titles, ["Ada Lovelace", "Eve"]);
        assert_eq!(super::found(b"{\"found\": []}"), None);
        let many: Vec<_> = (0..200).map(|id| json!({"id": id.to_string(), "title": "x"})).collect();
        assert_eq!(super::found(json!(many).to_string().as_bytes()).unwrap().len(), SHOWN);
    }
}

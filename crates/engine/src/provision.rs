//! Secrets of connections, put into the keychain and taken out of it without the window.

use std::collections::BTreeMap;

use adapters::headers::SECRET_HEADERS;
use model::{Connection, ConnectionId, Failure, FailureCode};
use secrecy::SecretString;

use crate::{
    engine::Engine,
    forms::{length, secret_headers, sendable},
    session::{Given, key_origin, named_origins},
    view::Keep,
};

impl Engine {
    /// Keeps a secret of a connection in the keychain, bound to the origin that it is for: its key, or that of a field.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if the connection is not here, or the host's; [`FailureCode::BadInput`] if it has no use for
    /// that secret, or it cannot be one; a keychain's failure.
    pub async fn keep_secret(
        &self,
        id: &ConnectionId,
        field: Option<&str>,
        secret: SecretString,
    ) -> Result<(), Failure> {
        let connection = self.own_connection(id)?;
        is_used(&connection, field)?;
        match field {
            None => sendable(&secret)?,
            Some(SECRET_HEADERS) => are_those_of(&connection, &secret)?,
            Some(_) => {}
        }
        self.put(connection, field, secret).await
    }

    /// Removes a secret of a connection from the keychain. That there is none is no error.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if the connection is not here, or the host's; [`FailureCode::BadInput`] if it has no use for
    /// that secret; a keychain's failure.
    pub async fn remove_secret(&self, id: &ConnectionId, field: Option<&str>) -> Result<(), Failure> {
        let connection = self.own_connection(id)?;
        if field.is_some() {
            is_used(&connection, field)?;
        }
        self.put(connection, field, SecretString::default()).await
    }

    /// How many bytes a secret of a connection has: all that is ever told of it. `None` if there is none for the
    /// origin that it is for now.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if the connection is not here, or the host's; [`FailureCode::BadInput`] if it has no use for
    /// that secret; a keychain's failure.
    pub async fn secret_length(&self, id: &ConnectionId, field: Option<&str>) -> Result<Option<usize>, Failure> {
        let connection = self.own_connection(id)?;
        is_used(&connection, field)?;
        let Some(kept) = self.shared.sessions.kept(&connection).await? else { return Ok(None) };
        let named = named_origins(&connection);
        let secret = match field {
            None => kept.key_for(&key_origin(&connection)),
            Some(name) => named.get(name).and_then(|origin| kept.secret_for(name, origin)),
        };
        Ok(secret.map(length))
    }

    async fn put(&self, connection: Connection, field: Option<&str>, secret: SecretString) -> Result<(), Failure> {
        let given = match field {
            None => Given { token: Some(secret), secrets: BTreeMap::new(), keep: Keep::Keychain },
            Some(name) => {
                let secrets = BTreeMap::from([(name.to_owned(), secret)]);
                Given { token: None, secrets, keep: Keep::Keychain }
            }
        };
        self.shared.sessions.keep_given(None, &connection, given).await?;
        self.begin_anew(&connection.id);
        Ok(())
    }
}

/// Whether a connection has a use for a secret.
fn is_used(connection: &Connection, field: Option<&str>) -> Result<(), Failure> {
    let named = named_origins(connection);
    let name = &connection.name;
    let words = match field {
        None if connection.needs_key() => return Ok(()),
        Some(field) if named.contains_key(field) => return Ok(()),
        None => format!("“{name}” takes no key. Change how it is signed in to, or leave the key out."),
        Some(field) if named.is_empty() => {
            format!("“{name}” has no secret called “{field}”, and no other beside its key.")
        }
        Some(field) => {
            let known: Vec<_> = named.into_keys().map(|known| format!("“{known}”")).collect();
            format!("“{name}” has no secret called “{field}”. It has {}.", known.join(", "))
        }
    };
    Err(Failure::new(FailureCode::BadInput, words))
}

/// Whether lines of headers are those that a connection names.
fn are_those_of(connection: &Connection, lines: &SecretString) -> Result<(), Failure> {
    let given = secret_headers(lines).unwrap_or_default();
    let is_named = |name: &String| given.iter().any(|(given, _)| given.eq_ignore_ascii_case(name));
    if given.len() == connection.secret_headers.len() && connection.secret_headers.iter().all(is_named) {
        return Ok(());
    }
    let words = format!(
        "These are not the secret headers of “{}”. Give one line for each, “Name: value”: {}.",
        connection.name,
        connection.secret_headers.join(", ")
    );
    Err(Failure::new(FailureCode::BadInput, words))
}

#[cfg(test)]
mod tests {
    use std::{fs, sync::Arc};

    use secrets::{Memory, SecretStore};

    use super::*;
    use crate::config::EngineConfig;

    async fn engine(settings: &str, secrets: Arc<Memory>) -> (tempfile::TempDir, Engine) {
        let data = tempfile::tempdir().unwrap();
        fs::write(data.path().join("settings.json"), settings).unwrap();
        let config = EngineConfig { secrets, ..EngineConfig::new(data.path().to_owned()) };
        (data, Engine::open(config).await.unwrap())
    }

    const SETTINGS: &str = r#"{"connections": [
        {"id": "a", "name": "A", "kind": "chatkit", "url": "https://a.example/chatkit", "session": {"type": "static"},
         "secret_headers": ["X-Key"]},
        {"id": "b", "name": "B", "kind": "chatkit", "url": "https://b.example/chatkit"}
    ]}"#;

    #[tokio::test]
    async fn a_key_is_kept_for_the_address_of_its_connection_and_removed() {
        let secrets = Arc::new(Memory::default());
        let (_data, engine) = engine(SETTINGS, secrets.clone()).await;
        let a = ConnectionId::from("a");
        assert_eq!(engine.secret_length(&a, None).await, Ok(None));
        engine.keep_secret(&a, None, "sesame".into()).await.unwrap();
        assert_eq!(engine.secret_length(&a, None).await, Ok(Some(6)));
        let kept = secrets.get(&a).unwrap().unwrap();
        assert!(kept.key_for("https://a.example").is_some() && kept.key_for("https://b.example").is_none());

        engine.keep_secret(&a, Some("secret_headers"), "X-Key: open sesame".into()).await.unwrap();
        assert_eq!(engine.secret_length(&a, Some("secret_headers")).await, Ok(Some(18)));
        engine.remove_secret(&a, None).await.unwrap();
        assert_eq!(engine.secret_length(&a, None).await, Ok(None));
        assert_eq!(engine.secret_length(&a, Some("secret_headers")).await, Ok(Some(18)), "the other stays");
        engine.remove_secret(&a, Some("secret_headers")).await.unwrap();
        assert!(secrets.get(&a).unwrap().is_none(), "nothing is left behind");
        engine.close().await;
    }

    #[tokio::test]
    async fn what_a_connection_has_no_use_for_is_refused_in_words() {
        let (_data, engine) = engine(SETTINGS, Arc::default()).await;
        let (a, b) = (ConnectionId::from("a"), ConnectionId::from("b"));
        let refused = |failure: Failure| (failure.code, failure.message);
        let (code, words) = refused(engine.keep_secret(&b, None, "sesame".into()).await.unwrap_err());
        assert!(code == FailureCode::BadInput && words.contains("takes no key"), "{words}");
        let (_, words) = refused(engine.keep_secret(&a, Some("proxy"), "sesame".into()).await.unwrap_err());
        assert!(words.contains("“secret_headers”") && !words.contains("sesame"), "{words}");
        let (_, words) = refused(engine.keep_secret(&a, Some("secret_headers"), "Y: sesame".into()).await.unwrap_err());
        assert!(words.contains("X-Key") && !words.contains("sesame"), "{words}");
        assert!(engine.keep_secret(&a, None, "open sesame".into()).await.is_err(), "no key has a blank");
        let unknown = engine.keep_secret(&"c".into(), None, "sesame".into()).await.unwrap_err();
        assert_eq!(unknown.code, FailureCode::Unknown);
        engine.close().await;
    }
}

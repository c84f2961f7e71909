//! A start from the environment alone: the connection that it brings, and what a person can do with it.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test's helpers fail as the test does")]

use std::{fs, path::Path, sync::Arc};

use acceptance::{own::answer, peer::Peer};
use engine::{Engine, EngineConfig, layers::Environment, view::ConnectionDraft};
use model::{ConnectionId, FailureCode, Kind, Patience};
use secrecy::ExposeSecret;
use secrets::SecretStore;
use tempfile::TempDir;

use crate::policy::app;

/// A start from the environment alone.
async fn started(variables: &[(&str, &str)], data: &TempDir, secrets: &Arc<secrets::Memory>) -> Engine {
    let config = EngineConfig {
        environment: Environment::of(variables.iter().copied()),
        secrets: secrets.clone(),
        ..EngineConfig::new(data.path().to_owned())
    };
    Engine::open(config).await.unwrap()
}

/// Whether a text stands in any file of a folder.
pub(crate) fn is_written(folder: &Path, text: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => is_written(&path, text),
            false => fs::read(path).unwrap().windows(text.len()).any(|piece| piece == text.as_bytes()),
        }
    })
}

#[tokio::test]
async fn an_address_and_a_key_in_the_environment_are_enough_and_the_key_is_written_nowhere() {
    if !Peer::wanted() {
        return;
    }
    let peer = Peer::custom();
    let (data, secrets) = (tempfile::tempdir().unwrap(), Arc::<secrets::Memory>::default());
    let (address, id) = (peer.address("/keyed"), ConnectionId::from("environment"));
    let variables =
        [("CUSTOM_BACKEND_URL", &*address), ("CUSTOM_BACKEND_KEY", &*peer.token), ("CUSTOM_MODEL", "big-model")];
    let engine = started(&variables, &data, &secrets).await;
    assert_eq!(engine.connections()[0].id, id);
    assert_eq!(engine.connections()[0].name, "127.0.0.1");
    assert_eq!(answer(&engine, &id, "hi").await, "You said: hi");
    let (_, body) = peer.asked().await.pop().unwrap();
    assert_eq!(body["model"], "big-model");
    // Whatever else is chosen leaves the connection and its key out of the file.
    engine.set_patience(Patience(3)).await.unwrap();
    assert_eq!(app(&engine).await.managed.environment.unwrap().key.as_deref(), Some("CUSTOM_BACKEND_KEY"));
    engine.close().await;
    assert!(!is_written(data.path(), &peer.token), "the key stands in a file");
    let settings = fs::read_to_string(data.path().join("settings.json")).unwrap();
    assert!(!settings.contains("connections"), "{settings}");
    assert!(secrets.get(&id).unwrap().is_none());

    let engine = started(&variables, &data, &secrets).await;
    engine.keep_environment_key(&id).await.unwrap();
    assert_eq!(app(&engine).await.managed.environment.unwrap().key, None);
    engine.close().await;
    let kept = secrets.get(&id).unwrap().unwrap();
    let origin = address.trim_end_matches("/keyed");
    assert_eq!(kept.key_for(origin).unwrap().expose_secret(), peer.token);
    assert!(kept.key_for("https://elsewhere.example").is_none());

    // From now on the address is enough.
    let engine = started(&variables[..1], &data, &secrets).await;
    assert_eq!(answer(&engine, &id, "again").await, "You said: again");
    assert_eq!(engine.keep_environment_key(&id).await.unwrap_err().code, FailureCode::Unknown);
    engine.close().await;
    assert!(!is_written(data.path(), &peer.token), "the key stands in a file");
}

#[tokio::test]
async fn the_environments_connection_is_switched_off_and_kept_as_ones_own() {
    let (data, secrets) = (tempfile::tempdir().unwrap(), Arc::<secrets::Memory>::default());
    let id = ConnectionId::from("environment");
    let variables = [("CUSTOM_BACKEND_URL", "http://127.0.0.1:9/a"), ("CUSTOM_BACKEND_KEY", "sesame-open")];
    let engine = started(&variables, &data, &secrets).await;
    engine.disable_connection(&id, true).await.unwrap();
    assert!(engine.connections()[0].disabled);
    let refused = engine.update_connection(&id, ConnectionDraft::server("Mine", "http://127.0.0.1:9/b")).await;
    let refused = refused.unwrap_err();
    assert!(refused.code == FailureCode::Locked && refused.message.contains("CUSTOM_BACKEND_URL"), "{refused}");
    engine.close().await;
    // It stays off as long as the address is that one.
    let engine = started(&variables, &data, &secrets).await;
    assert!(engine.connections()[0].disabled);
    engine.close().await;
    let engine = started(&[("CUSTOM_BACKEND_URL", "http://127.0.0.1:9/other")], &data, &secrets).await;
    assert!(!engine.connections()[0].disabled);
    engine.close().await;
    let engine = started(&variables, &data, &secrets).await;
    engine.disable_connection(&id, false).await.unwrap();
    assert!(!engine.connections()[0].disabled);

    let own = engine.keep_environment_connection(&id).await.unwrap();
    let views = engine.connections();
    assert_eq!((views.len(), views[0].disabled, own.disabled), (2, true, false));
    assert_eq!(engine.connection_named(&own.name).unwrap().id, own.id);
    assert_eq!(engine.keep_environment_connection(&own.id).await.unwrap_err().code, FailureCode::Unknown);
    engine.close().await;
    assert!(!is_written(data.path(), "sesame-open"), "the key stands in a file");
    let kept = secrets.get(&own.id).unwrap().unwrap();
    assert_eq!(kept.key_for("http://127.0.0.1:9").unwrap().expose_secret(), "sesame-open");

    // It is there without the variables, and can be changed.
    let engine = started(&[], &data, &secrets).await;
    assert_eq!(engine.connections().len(), 1);
    let values = engine.form_values(&own.id).unwrap();
    let draft = ConnectionDraft { kind: Kind::Custom, values, ..ConnectionDraft::server("Renamed", "") };
    assert_eq!(engine.update_connection(&own.id, draft).await.unwrap().name, "Renamed");
    assert_eq!(engine.token_length(&own.id).await.unwrap(), Some("sesame-open".len()));
    engine.close().await;
}

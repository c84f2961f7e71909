//! Secrets in memory: for tests, and for whoever does not want them kept.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use model::ConnectionId;

use crate::{ConnectionSecrets, SecretError, SecretStore};

/// Secrets that are gone when the program ends.
#[derive(Debug, Default)]
pub struct Memory {
    entries: Mutex<HashMap<ConnectionId, ConnectionSecrets>>,
}

impl Memory {
    fn lock(&self) -> MutexGuard<'_, HashMap<ConnectionId, ConnectionSecrets>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SecretStore for Memory {
    fn get(&self, connection: &ConnectionId) -> Result<Option<ConnectionSecrets>, SecretError> {
        Ok(self.lock().get(connection).cloned())
    }

    fn set(&self, connection: &ConnectionId, secrets: ConnectionSecrets) -> Result<(), SecretError> {
        self.lock().insert(connection.clone(), secrets);
        Ok(())
    }

    fn set_for_this_run(&self, connection: &ConnectionId, secrets: ConnectionSecrets) -> Result<(), SecretError> {
        self.set(connection, secrets)
    }

    fn change(
        &self,
        connection: &ConnectionId,
        change: &mut dyn FnMut(&mut ConnectionSecrets),
    ) -> Result<(), SecretError> {
        let mut entries = self.lock();
        let entry = entries.entry(connection.clone()).or_default();
        change(entry);
        if entry.is_empty() {
            entries.remove(connection);
        }
        Ok(())
    }

    fn delete(&self, connection: &ConnectionId) -> Result<(), SecretError> {
        self.lock().remove(connection);
        Ok(())
    }

    fn when_late(&self, _: Box<dyn Fn() + Send + Sync>) {}

    fn delete_all(&self) -> Result<(), SecretError> {
        self.lock().clear();
        Ok(())
    }
}

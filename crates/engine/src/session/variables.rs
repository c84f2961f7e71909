//! Keys that stand in variables of the environment. They are sent, and never written.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use model::{Connection, ConnectionId};
use secrecy::SecretString;

use super::Sessions;
use crate::layers::Environment;

/// The variables in which keys may stand.
#[derive(Default)]
pub(crate) struct Variables {
    environment: Environment,
    /// The connections for which the person gave another key for this run.
    set_aside: Mutex<HashSet<ConnectionId>>,
}

impl Variables {
    /// Those of an environment.
    pub fn new(environment: Environment) -> Self {
        Self { environment, set_aside: Mutex::default() }
    }
}

impl Sessions {
    /// The key that a variable holds for a connection.
    pub(crate) fn key_in_variable(&self, connection: &Connection) -> Option<SecretString> {
        let variables = &self.shared.variables;
        let set_aside = variables.set_aside.lock().unwrap_or_else(PoisonError::into_inner);
        if set_aside.contains(&connection.id) {
            return None;
        }
        let key = variables.environment.secret(connection.key_variable.as_ref()?)?;
        self.shared.http.redactor().register(key);
        Some(key.clone())
    }

    /// From now on another key counts for a connection than that of its variable.
    pub(crate) fn set_variable_aside(&self, id: &ConnectionId) {
        self.shared.variables.set_aside.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone());
    }
}

//! Connections that somebody else than the person brings.

use std::collections::BTreeMap;

use model::{Connection, ConnectionId, Failure, FailureCode, Model};

use super::put;
use crate::{
    engine::Engine,
    layers::{Locks, OWN},
    session::{Given, key_origin},
    view::Keep,
};

impl Engine {
    /// Begins with what administrator and environment say.
    pub(crate) fn begin_with_layers(&self) {
        let keeper = self.settings();
        for connection in &keeper.settings().connections {
            // Whoever hides secrets has to know them before they are met.
            let _ = self.shared.sessions.key_in_variable(connection);
        }
        self.shared.hub.set_managed(keeper.managed());
    }

    /// The entries of the catalogue of models that the administrator brings.
    pub fn policy_models(&self) -> Vec<Model> {
        self.settings().policy_models()
    }

    /// The keys that the administrator has fixed.
    pub fn locks(&self) -> Locks {
        self.settings().locks()
    }

    /// Whether a connection may be added, or become this.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Locked`] if not.
    pub(super) fn may_put(&self, connection: &Connection) -> Result<(), Failure> {
        self.settings().may_change(|settings| put(settings, connection.clone()))
    }

    /// Puts the key that the environment has for its connection into the keychain, so that the variable is not needed any
    /// more. It stays bound to the server that it is for.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if that is not the environment's connection, or it has no key; a keychain's failure, and
    /// those of the settings file.
    pub async fn keep_environment_key(&self, id: &ConnectionId) -> Result<(), Failure> {
        let connection = self.own_connection(id)?;
        let key = self.shared.sessions.key_in_variable(&connection).filter(|_| id.as_str() == OWN);
        let Some(key) = key else {
            let words = "There is no key in the environment for this connection. Nothing was kept.";
            return Err(Failure::new(FailureCode::Unknown, words));
        };
        self.settings().may_change(|_| {})?;
        let given = Given { token: Some(key), secrets: BTreeMap::new(), keep: Keep::Keychain };
        self.shared.sessions.keep_given(None, &connection, given).await?;
        let managed = {
            let mut keeper = self.settings();
            keeper.note_kept_key(&key_origin(&connection))?;
            keeper.managed()
        };
        self.shared.hub.set_managed(managed);
        Ok(())
    }
}

//! Connections that somebody else than the person brings.

use std::collections::BTreeMap;

use model::{Connection, ConnectionId, Failure, FailureCode, Settings};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::put;
use crate::{
    engine::Engine,
    failure::unknown,
    forms::checked,
    layers::OWN,
    session::{Given, key_origin},
    view::{ConnectionDraft, ConnectionView, Keep},
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

    /// Whether a connection may be added, or become this.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Locked`] if not.
    pub(super) fn may_put(&self, connection: &Connection) -> Result<(), Failure> {
        self.settings().may_change(|settings| put(settings, connection.clone()))
    }

    /// What the person changed in the form of a connection, without what only its way through the form has spelled in another
    /// way, such as an address that ends in a slash now: that is nobody's choice, and may be locked.
    pub(super) fn as_changed(&self, old: &Connection, new: Connection) -> Connection {
        let same = ConnectionDraft {
            kind: old.kind,
            values: adapters::values(old),
            ..ConnectionDraft::server(&old.name, &old.url)
        };
        let Ok(through) = checked(old.id.clone(), &same, Some(old)) else { return new };
        let json = |connection: &Connection| serde_json::to_value(connection).unwrap_or_default();
        serde_json::from_value(unchanged(&json(old), &json(&through), json(&new))).unwrap_or(new)
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

    /// Makes a connection of the person's own of the environment's, with its key in the keychain, so that it can be changed and
    /// is there without the variables. The environment's is switched off then; its conversations stay with it.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] if that is not the environment's connection, [`FailureCode::Locked`] if the administrator wants
    /// none to be added; a keychain's failure, and those of the settings file. Then nothing was kept.
    pub async fn keep_environment_connection(&self, id: &ConnectionId) -> Result<ConnectionView, Failure> {
        if id.as_str() != OWN {
            return Err(unknown("connection of the environment"));
        }
        let environments = self.own_connection(id)?;
        let key = match self.shared.sessions.key_in_variable(&environments) {
            Some(key) => Some(key),
            None if environments.needs_key() => {
                let kept = self.shared.sessions.kept(&environments).await?;
                kept.and_then(|kept| kept.key_for(&key_origin(&environments)).cloned())
            }
            None => None,
        };
        let own = Connection {
            id: ConnectionId::new(Uuid::now_v7().to_string()),
            key_variable: None,
            disabled: false,
            ..environments
        };
        let keep = |settings: &mut Settings| {
            let of_environment = settings.connections.iter_mut().filter(|known| known.id.as_str() == OWN);
            of_environment.for_each(|known| known.disabled = true);
            put(settings, own.clone());
        };
        self.settings().may_change(keep)?;
        let given = Given { token: key, secrets: BTreeMap::new(), keep: Keep::Keychain };
        self.shared.sessions.keep_given(None, &own, given).await?;
        self.settings().change(keep)?;
        self.show_connections();
        for changed in [id, &own.id] {
            self.begin_anew(changed);
        }
        self.give_up_waiting(id);
        self.check_connection(&own.id).await
    }
}

/// The new value, with what is as the old one became spelled as the old one was.
fn unchanged(old: &Value, through: &Value, new: Value) -> Value {
    match (old, through, new) {
        (old, through, new) if *through == new => old.clone(),
        (Value::Object(old), Value::Object(through), Value::Object(new)) => {
            let untouched = old.iter().filter(|(key, _)| !through.contains_key(*key) && !new.contains_key(*key));
            let mut all: Map<String, Value> = untouched.map(|(key, value)| (key.clone(), value.clone())).collect();
            for (key, value) in new {
                match (old.get(&key), through.get(&key)) {
                    (Some(old), Some(through)) => drop(all.insert(key, unchanged(old, through, value))),
                    // The form writes down what goes without saying.
                    (None, Some(through)) if *through == value => {}
                    _ => drop(all.insert(key, value)),
                }
            }
            Value::Object(all)
        }
        (_, _, new) => new,
    }
}

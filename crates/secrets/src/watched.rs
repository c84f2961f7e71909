//! A store whose secrets are known to the redactor.

use std::sync::Arc;

use model::ConnectionId;

use crate::{ConnectionSecrets, Redactor, SecretError, SecretStore};

/// A store in front of another one: whatever is read from it or put into it is hidden from then on in all that is
/// written.
pub struct Watched {
    store: Arc<dyn SecretStore>,
    redactor: Arc<Redactor>,
}

impl Watched {
    /// Watches a store.
    pub fn new(store: Arc<dyn SecretStore>, redactor: Arc<Redactor>) -> Self {
        Self { store, redactor }
    }

    fn register(&self, secrets: &ConnectionSecrets) {
        secrets.each().for_each(|secret| self.redactor.register(secret));
    }
}

impl SecretStore for Watched {
    fn get(&self, connection: &ConnectionId) -> Result<Option<ConnectionSecrets>, SecretError> {
        let found = self.store.get(connection)?;
        found.iter().for_each(|secrets| self.register(secrets));
        Ok(found)
    }

    fn set(&self, connection: &ConnectionId, secrets: ConnectionSecrets) -> Result<(), SecretError> {
        self.register(&secrets);
        self.store.set(connection, secrets)
    }

    fn set_for_this_run(&self, connection: &ConnectionId, secrets: ConnectionSecrets) -> Result<(), SecretError> {
        self.register(&secrets);
        self.store.set_for_this_run(connection, secrets)
    }

    fn change(
        &self,
        connection: &ConnectionId,
        change: &mut dyn FnMut(&mut ConnectionSecrets),
    ) -> Result<(), SecretError> {
        self.store.change(connection, &mut |secrets| {
            self.register(secrets);
            change(secrets);
            self.register(secrets);
        })
    }

    fn delete(&self, connection: &ConnectionId) -> Result<(), SecretError> {
        self.store.delete(connection)
    }

    fn delete_all(&self) -> Result<(), SecretError> {
        self.store.delete_all()
    }

    fn when_late(&self, tell: Box<dyn Fn() + Send + Sync>) {
        self.store.when_late(tell);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{KeptSession, Memory};

    const ORIGIN: &str = "https://a.example";

    fn key(text: &str) -> ConnectionSecrets {
        ConnectionSecrets::key(ORIGIN, text.into())
    }

    #[test]
    fn what_is_read_put_in_or_changed_is_hidden() {
        let (memory, redactor) = (Arc::new(Memory::default()), Arc::new(Redactor::new()));
        let store = Watched::new(memory.clone(), redactor.clone());
        let id = ConnectionId::from("office");
        let hidden = |text: &str| redactor.clean(text) == "[hidden]";
        memory.set(&id, key("was-there")).unwrap();
        assert!(!hidden("was-there"));
        store.get(&id).unwrap();
        assert!(hidden("was-there"));
        store.set(&id, key("is-put-in")).unwrap();
        store.set_for_this_run(&id, key("for-this-run")).unwrap();
        assert!(hidden("is-put-in") && hidden("for-this-run"));
        let session = KeptSession { secret: "ek-session".into(), ends: None, ahead: 0, fields: Vec::new() };
        memory.set(&id, key("changed-elsewhere")).unwrap();
        store.change(&id, &mut |kept| kept.set_session(ORIGIN, Some(session.clone()))).unwrap();
        assert!(hidden("changed-elsewhere") && hidden("ek-session"));
        store.delete(&id).unwrap();
        assert!(hidden("ek-session"), "what was a secret stays one");
    }
}

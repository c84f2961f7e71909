//! The keychain of the system: Secret Service, Keychain, or Credential Manager.

use std::{fmt, sync::Arc, time::Duration};

use keyring_core::CredentialStore;
use model::ConnectionId;

use crate::{
    ConnectionSecrets, LIMIT, Memory, SERVICE, SecretError, SecretStore,
    store::MakeStore,
    worker::{Task, Worker},
};

/// The keychain of the system, and in front of it what is kept for this run only.
pub struct Keychain {
    worker: Worker,
    this_run: Memory,
}

impl Keychain {
    /// The keychain of this system. Nothing is asked of it before the first call.
    pub fn new() -> Self {
        Self::with_store(Box::new(native), LIMIT)
    }

    pub(crate) fn with_store(make: MakeStore, limit: Duration) -> Self {
        Self { worker: Worker::new(make, limit), this_run: Memory::default() }
    }

    fn put(&self, connection: &ConnectionId, secrets: &ConnectionSecrets) -> Result<(), SecretError> {
        let task = if secrets.is_empty() { Task::Remove } else { Task::Save(secrets.to_entry()) };
        self.worker.ask(connection, task).map(|_| ())
    }
}

impl Default for Keychain {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Keychain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keychain").field("this_run", &self.this_run).finish_non_exhaustive()
    }
}

impl SecretStore for Keychain {
    fn get(&self, connection: &ConnectionId) -> Result<Option<ConnectionSecrets>, SecretError> {
        if let Some(kept) = self.this_run.get(connection)? {
            return Ok(Some(kept));
        }
        let entry = self.worker.ask(connection, Task::Load)?;
        entry.map(|entry| ConnectionSecrets::from_entry(&entry)).transpose()
    }

    fn set(&self, connection: &ConnectionId, secrets: ConnectionSecrets) -> Result<(), SecretError> {
        self.worker.ask(connection, Task::Save(secrets.to_entry()))?;
        self.this_run.delete(connection)
    }

    fn set_for_this_run(&self, connection: &ConnectionId, secrets: ConnectionSecrets) -> Result<(), SecretError> {
        self.this_run.set(connection, secrets)
    }

    fn change(
        &self,
        connection: &ConnectionId,
        change: &mut dyn FnMut(&mut ConnectionSecrets),
    ) -> Result<(), SecretError> {
        if self.this_run.get(connection)?.is_some() {
            return self.this_run.change(connection, change);
        }
        let mut secrets = match self.get(connection) {
            Err(SecretError::Corrupt) | Ok(None) => ConnectionSecrets::default(),
            other => other?.unwrap_or_default(),
        };
        change(&mut secrets);
        loop {
            match self.put(connection, &secrets) {
                // Another session can be made, another key cannot.
                Err(SecretError::TooLarge) if secrets.make_room() => {}
                done => return done,
            }
        }
    }

    fn when_late(&self, tell: Box<dyn Fn() + Send + Sync>) {
        self.worker.when_late(tell);
    }

    /// Without a keychain there is nothing in it to forget.
    fn delete(&self, connection: &ConnectionId) -> Result<(), SecretError> {
        self.this_run.delete(connection)?;
        match self.worker.ask(connection, Task::Remove) {
            Ok(_) | Err(SecretError::Absent) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn delete_all(&self) -> Result<(), SecretError> {
        self.this_run.delete_all()?;
        // No one connection is meant, so it stands under a name that none has.
        match self.worker.ask(&ConnectionId::from(SERVICE), Task::RemoveAll) {
            Ok(_) | Err(SecretError::Absent) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// The store of this system.
fn native() -> keyring_core::Result<Arc<CredentialStore>> {
    #[cfg(target_os = "linux")]
    let store = zbus_secret_service_keyring_store::Store::new()?;
    #[cfg(target_os = "macos")]
    let store = apple_native_keyring_store::keychain::Store::new()?;
    #[cfg(target_os = "windows")]
    let store = windows_native_keyring_store::Store::new()?;
    Ok(store)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use keyring_core::{Error, mock};
    use model::{Failure, FailureCode};
    use secrecy::ExposeSecret;

    use super::*;

    const ORIGIN: &str = "https://a.example";

    fn id() -> ConnectionId {
        ConnectionId::from("office")
    }

    fn token(text: &str) -> ConnectionSecrets {
        ConnectionSecrets::key(ORIGIN, text.into())
    }

    fn mocked() -> Keychain {
        let store: Arc<CredentialStore> = mock::Store::new().unwrap();
        Keychain::with_store(Box::new(move || Ok(store.clone())), LIMIT)
    }

    /// Has the next call to the entry in a store fail.
    fn fail_next(store: &CredentialStore, error: Error) {
        let entry = store.build(SERVICE, "office", None).unwrap();
        entry.as_any().downcast_ref::<mock::Cred>().unwrap().set_error(error);
    }

    /// A keychain whose entry fails the next call with an error.
    fn failing(error: Error) -> Keychain {
        let store: Arc<CredentialStore> = mock::Store::new().unwrap();
        fail_next(&*store, error);
        Keychain::with_store(Box::new(move || Ok(store.clone())), LIMIT)
    }

    fn read(keychain: &Keychain) -> Option<String> {
        let kept = keychain.get(&id()).unwrap()?;
        kept.key_for(ORIGIN).map(|key| key.expose_secret().to_owned())
    }

    #[test]
    fn a_token_is_kept_replaced_and_forgotten() {
        let keychain = mocked();
        assert_eq!(read(&keychain), None);
        keychain.set(&id(), token("one")).unwrap();
        keychain.set(&id(), token("two")).unwrap();
        assert_eq!(read(&keychain).as_deref(), Some("two"));
        keychain.delete(&id()).unwrap();
        keychain.delete(&id()).unwrap();
        assert_eq!(read(&keychain), None);
    }

    #[test]
    fn an_entry_is_changed_where_it_is() {
        let store: Arc<CredentialStore> = mock::Store::new().unwrap();
        let shared = store.clone();
        let open = move || {
            let store = shared.clone();
            Keychain::with_store(Box::new(move || Ok(store.clone())), LIMIT)
        };
        let keychain = open();
        let replace =
            |by: &'static str| move |secrets: &mut ConnectionSecrets| secrets.set_key(ORIGIN, Some(by.into()));
        keychain.change(&id(), &mut replace("one")).unwrap();
        assert_eq!(read(&open()).as_deref(), Some("one"));
        keychain.set_for_this_run(&id(), token("only now")).unwrap();
        keychain.change(&id(), &mut replace("two")).unwrap();
        assert_eq!((read(&keychain).as_deref(), read(&open()).as_deref()), (Some("two"), Some("one")));
        // One that is damaged is begun anew, and one in which nothing is left is gone.
        store.build(SERVICE, "office", None).unwrap().set_password("{").unwrap();
        let keychain = open();
        assert_eq!(keychain.get(&id()).unwrap_err(), SecretError::Corrupt);
        keychain.change(&id(), &mut replace("three")).unwrap();
        assert_eq!(read(&keychain).as_deref(), Some("three"));
        keychain.change(&id(), &mut |secrets| secrets.set_key(ORIGIN, None)).unwrap();
        assert!(store.build(SERVICE, "office", None).unwrap().get_password().is_err());
    }

    #[test]
    fn what_is_kept_for_this_run_stands_in_front_and_is_not_in_the_keychain() {
        let store: Arc<CredentialStore> = mock::Store::new().unwrap();
        let shared = store.clone();
        let keychain = Keychain::with_store(Box::new(move || Ok(shared.clone())), LIMIT);
        keychain.set_for_this_run(&id(), token("only now")).unwrap();
        assert_eq!(read(&keychain).as_deref(), Some("only now"));
        assert_eq!(read(&Keychain::with_store(Box::new(move || Ok(store.clone())), LIMIT)), None);
    }

    #[test]
    fn errors_are_told_apart() {
        let denied = "zbus error: org.freedesktop.DBus.Error.AccessDenied: a rule of the sandbox";
        let cases = [
            (Error::NoDefaultStore, SecretError::Absent, FailureCode::KeychainAbsent),
            (Error::PlatformFailure(denied.into()), SecretError::Denied, FailureCode::KeychainFailed),
            (Error::BadEncoding(vec![0xff]), SecretError::Corrupt, FailureCode::KeychainDamaged),
            (Error::Ambiguous(Vec::new()), SecretError::Corrupt, FailureCode::KeychainDamaged),
            (
                Error::PlatformFailure("bus".into()),
                SecretError::Failed { detail: "bus".into() },
                FailureCode::KeychainFailed,
            ),
        ];
        for (error, expected, code) in cases {
            let error = failing(error).get(&id()).unwrap_err();
            assert_eq!(error, expected);
            let failure = Failure::from(error);
            assert_eq!(failure.code, code);
            assert!(failure.message.contains(". "), "it does not say what to do: {failure}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_locked_keychain_is_told_apart() {
        let error = failing(Error::NoStorageAccess("prompt dismissed".into())).set(&id(), token("x")).unwrap_err();
        assert_eq!(error, SecretError::Locked);
        assert_eq!(Failure::from(error).code, FailureCode::KeychainLocked);
    }

    #[test]
    fn what_was_to_be_stored_is_in_no_error() {
        let secret = "tok-5ecret";
        let bytes = || format!("{{\"bearer\":\"{secret}\"").into_bytes();
        for error in [
            Error::BadEncoding(bytes()),
            Error::BadDataFormat(bytes(), secret.into()),
            Error::BadStoreFormat(secret.into()),
            Error::Invalid("password".into(), secret.into()),
        ] {
            let error = failing(error).set(&id(), token(secret)).unwrap_err();
            let failure = format!("{error:?} {:?}", Failure::from(error.clone()));
            assert!(!failure.contains("5ecret"), "{failure}");
        }
        let keychain = mocked();
        keychain.set_for_this_run(&id(), token(secret)).unwrap();
        assert!(!format!("{keychain:?}").contains("5ecret"));
    }

    #[test]
    fn a_store_that_fails_in_the_middle_is_made_anew_and_asked_again() {
        let (sender, made) = mpsc::channel();
        let store: Arc<CredentialStore> = mock::Store::new().unwrap();
        let shared = store.clone();
        let make = move || {
            sender.send(()).unwrap();
            Ok(shared.clone())
        };
        let keychain = Keychain::with_store(Box::new(make), LIMIT);
        keychain.set(&id(), token("one")).unwrap();
        fail_next(&*store, Error::PlatformFailure("the service was restarted".into()));
        assert_eq!(read(&keychain).as_deref(), Some("one"));
        assert_eq!(made.try_iter().count(), 2);
        // What is no fault of the store's does not make a new one.
        fail_next(&*store, Error::BadEncoding(vec![]));
        assert_eq!(keychain.get(&id()).unwrap_err(), SecretError::Corrupt);
        assert_eq!(read(&keychain).as_deref(), Some("one"));
        assert_eq!(made.try_iter().count(), 0);
    }

    #[test]
    fn a_keychain_that_is_absent_is_looked_for_again() {
        let (sender, made) = mpsc::channel();
        let make: MakeStore = Box::new(move || {
            sender.send(()).unwrap();
            Err(Error::PlatformFailure("no bus".into()))
        });
        let keychain = Keychain::with_store(make, LIMIT);
        assert_eq!(keychain.set(&id(), token("x")).unwrap_err(), SecretError::Absent);
        assert_eq!(keychain.get(&id()).unwrap_err(), SecretError::Absent);
        assert_eq!(made.try_iter().count(), 2);
        keychain.delete(&id()).unwrap();
    }

    #[test]
    fn a_keychain_that_hangs_holds_up_nobody_and_does_nothing_later() {
        let (release, gate) = mpsc::channel::<()>();
        let store: Arc<CredentialStore> = mock::Store::new().unwrap();
        let make: MakeStore = Box::new(move || {
            let _ = gate.recv();
            Ok(store.clone())
        });
        let keychain = Keychain::with_store(make, Duration::from_millis(20));
        assert_eq!(keychain.get(&id()).unwrap_err(), SecretError::TimedOut);
        // Behind a call that hangs there is no waiting at all.
        assert_eq!(keychain.set(&id(), token("late")).unwrap_err(), SecretError::TimedOut);
        drop(release);
        let answer = loop {
            match keychain.get(&id()) {
                Err(SecretError::TimedOut) => std::thread::yield_now(),
                answer => break answer,
            }
        };
        assert!(answer.unwrap().is_none(), "what was reported as failed was done later");
    }
}

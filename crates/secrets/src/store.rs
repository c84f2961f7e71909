//! One credential store of the system: made when it is needed, and made anew when it failed.

use std::{collections::HashMap, sync::Arc};

use keyring_core::{CredentialStore, Entry, Error};
use model::ConnectionId;
use secrecy::{ExposeSecret, SecretString};

use crate::{
    SERVICE, SecretError,
    worker::{Answer, Task},
};

/// Makes the store; called again after it failed.
pub type MakeStore = Box<dyn Fn() -> keyring_core::Result<Arc<CredentialStore>> + Send>;

/// The store, made when it is first needed.
pub struct Store {
    make: MakeStore,
    made: Option<Arc<CredentialStore>>,
}

impl Store {
    /// A store that is not made yet.
    pub fn new(make: MakeStore) -> Self {
        Self { make, made: None }
    }

    /// Drops what was made, so that the next task begins anew.
    pub fn forget(&mut self) {
        self.made = None;
    }

    /// Carries out a task. A store that was made earlier may have been restarted since: if it fails, the task is tried
    /// once more with a new one. Every task can be repeated without harm.
    pub fn carry_out(&mut self, connection: &ConnectionId, task: &Task) -> Answer {
        let used_before = self.made.is_some();
        let answer = self.attempt(connection, task);
        if !matches!(answer, Err(SecretError::Failed { .. })) {
            return answer;
        }
        self.forget();
        if used_before { self.attempt(connection, task) } else { answer }
    }

    fn attempt(&mut self, connection: &ConnectionId, task: &Task) -> Answer {
        let store = match &self.made {
            Some(store) => store.clone(),
            None => self.made.insert((self.make)().map_err(|error| cannot_be_made(&error))?).clone(),
        };
        let entry = || store.build(SERVICE, connection.as_str(), None);
        let done = match task {
            // As bytes: Windows would keep a password as UTF-16, which leaves half the room.
            Task::Load => entry().and_then(|entry| entry.get_secret()).and_then(text).map(Some),
            Task::Save(secret) => entry().and_then(|entry| save(&entry, secret)).map(|()| None),
            Task::Remove => entry().and_then(|entry| remove(&entry)).map(|()| None),
            Task::RemoveAll => remove_all(store.as_ref()).map(|()| None),
        };
        match done {
            Ok(entry) => Ok(entry),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(told_apart(&error)),
        }
    }
}

/// Writes an entry. If there are several, of which none can be told to be the right one, it takes their place.
fn save(entry: &Entry, secret: &SecretString) -> keyring_core::Result<()> {
    let bytes = secret.expose_secret().as_bytes();
    match entry.set_secret(bytes) {
        Err(Error::Ambiguous(entries)) => {
            entries.iter().try_for_each(Entry::delete_credential)?;
            entry.set_secret(bytes)
        }
        done => done,
    }
}

fn text(bytes: Vec<u8>) -> keyring_core::Result<SecretString> {
    String::from_utf8(bytes).map(SecretString::from).map_err(|error| Error::BadEncoding(error.into_bytes()))
}

fn remove(entry: &Entry) -> keyring_core::Result<()> {
    match entry.delete_credential() {
        Err(Error::Ambiguous(entries)) => entries.iter().try_for_each(Entry::delete_credential),
        done => done,
    }
}

/// Removes every entry of the service, also of connections that nobody knows any more.
fn remove_all(store: &CredentialStore) -> keyring_core::Result<()> {
    // Windows knows an entry by one name, which is made of both.
    let named = format!("\\.{}$", SERVICE.replace('.', "\\."));
    let spec = if cfg!(windows) { ("pattern", named.as_str()) } else { ("service", SERVICE) };
    let entries = store.search(&HashMap::from([spec]))?;
    entries.iter().try_for_each(|entry| match entry.delete_credential() {
        Err(Error::NoEntry) => Ok(()),
        done => done,
    })
}

fn cannot_be_made(error: &Error) -> SecretError {
    match told_apart(error) {
        told @ (SecretError::Denied | SecretError::Locked) => told,
        _ => SecretError::Absent,
    }
}

/// An error of the store, told apart. Some of them carry what was stored, so only the words of some are kept.
fn told_apart(error: &Error) -> SecretError {
    match error {
        Error::NoDefaultStore => SecretError::Absent,
        // On Linux it is locked, and its prompt was dismissed or could not be shown. Elsewhere a locked keychain asks by
        // itself, and this is the person's or the system's refusal.
        Error::NoStorageAccess(_) if cfg!(target_os = "linux") => SecretError::Locked,
        Error::NoStorageAccess(_) => SecretError::Denied,
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) | Error::Ambiguous(_) => {
            SecretError::Corrupt
        }
        Error::PlatformFailure(cause) => match cause.to_string() {
            // A sandbox without permission to talk to the keychain.
            detail if detail.contains("org.freedesktop.DBus.Error.AccessDenied") => SecretError::Denied,
            detail => SecretError::Failed { detail },
        },
        Error::TooLong(..) => SecretError::TooLarge,
        _ => SecretError::Failed { detail: "the keychain refused the entry".to_owned() },
    }
}

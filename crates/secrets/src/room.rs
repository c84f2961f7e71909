//! A store as small as Windows' Credential Manager, and what becomes of an entry that is too large for it.

use std::{
    any::Any,
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use keyring_core::{
    Credential, CredentialStore, Entry, Error,
    api::{CredentialApi, CredentialStoreApi},
};
use model::{ConnectionId, Failure, FailureCode};
use secrecy::{ExposeSecret, SecretString};

use crate::{ConnectionSecrets, KeptSession, Keychain, LIMIT, SecretError, SecretStore};

/// How many bytes a credential of Windows may have; a password is kept as UTF-16.
const ROOM: usize = 2560;

const ORIGIN: &str = "https://a.example";

/// One credential, whoever asks for it.
#[derive(Debug, Clone, Default)]
struct Small(Arc<Mutex<Option<Vec<u8>>>>);

impl Small {
    fn put(&self, bytes: Option<Vec<u8>>) -> Option<Vec<u8>> {
        std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), bytes)
    }
}

impl CredentialStoreApi for Small {
    fn vendor(&self) -> String {
        "small".to_owned()
    }

    fn id(&self) -> String {
        "small".to_owned()
    }

    fn build(&self, _: &str, _: &str, _: Option<&HashMap<&str, &str>>) -> keyring_core::Result<Entry> {
        Ok(Entry::new_with_credential(Arc::new(self.clone())))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl CredentialApi for Small {
    fn set_password(&self, password: &str) -> keyring_core::Result<()> {
        self.set_secret(&password.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>())
    }

    fn set_secret(&self, secret: &[u8]) -> keyring_core::Result<()> {
        if secret.len() > ROOM {
            return Err(Error::TooLong("secret".to_owned(), u32::try_from(ROOM).unwrap_or(u32::MAX)));
        }
        self.put(Some(secret.to_vec()));
        Ok(())
    }

    fn get_secret(&self) -> keyring_core::Result<Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or(Error::NoEntry)
    }

    fn delete_credential(&self) -> keyring_core::Result<()> {
        self.put(None).map(drop).ok_or(Error::NoEntry)
    }

    fn get_credential(&self) -> keyring_core::Result<Option<Arc<Credential>>> {
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        None
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn small() -> Keychain {
    let store: Arc<CredentialStore> = Arc::new(Small::default());
    Keychain::with_store(Box::new(move || Ok(store.clone())), LIMIT)
}

fn id() -> ConnectionId {
    ConnectionId::from("office")
}

fn long(length: usize) -> SecretString {
    "x".repeat(length).into()
}

fn session(length: usize) -> KeptSession {
    KeptSession { secret: long(length), ends: None, ahead: 0, fields: Vec::new() }
}

/// How long the key and the session are that are kept.
fn kept(keychain: &Keychain) -> (Option<usize>, Option<usize>) {
    let secrets = keychain.get(&id()).unwrap().unwrap_or_default();
    let key = secrets.key_for(ORIGIN).map(|key| key.expose_secret().len());
    (key, secrets.session_for(ORIGIN).map(|session| session.secret.expose_secret().len()))
}

#[test]
fn a_session_that_does_not_fit_is_not_kept_and_the_key_is() {
    let keychain = small();
    keychain.set(&id(), ConnectionSecrets::key(ORIGIN, long(1000))).unwrap();
    let put = |length| keychain.change(&id(), &mut |kept| kept.set_session(ORIGIN, Some(session(length))));
    put(1200).unwrap();
    assert_eq!(kept(&keychain), (Some(1000), Some(1200)));
    // Neither does the one before it stay: it is not the one in use any more.
    put(1600).unwrap();
    assert_eq!(kept(&keychain), (Some(1000), None));
    // Nor is there an entry for a session that fits in nowhere.
    keychain.delete(&id()).unwrap();
    put(2600).unwrap();
    assert!(keychain.get(&id()).unwrap().is_none());
}

#[test]
fn a_key_that_does_not_fit_is_told_and_can_be_kept_for_this_run() {
    let keychain = small();
    keychain.set(&id(), ConnectionSecrets::key(ORIGIN, long(2400))).unwrap();
    let error = keychain.set(&id(), ConnectionSecrets::key(ORIGIN, long(2560))).unwrap_err();
    assert_eq!(error, SecretError::TooLarge);
    let failure = Failure::from(error);
    assert_eq!(failure.code, FailureCode::KeychainFailed);
    assert!(failure.message.contains("until Kittiwake is closed"), "it does not say what to do: {failure}");
    assert_eq!(kept(&keychain), (Some(2400), None), "what was there is lost");
    keychain.set_for_this_run(&id(), ConnectionSecrets::key(ORIGIN, long(2560))).unwrap();
    assert_eq!(kept(&keychain), (Some(2560), None));
}

//! Sessions where the keychain cannot be asked.

use secrets::SecretError;

use super::*;

/// A keychain that cannot be asked for a while, and what is in it.
struct Troubled {
    /// What it answers meanwhile.
    trouble: Mutex<Option<SecretError>>,
    entries: Arc<Memory>,
    asked: AtomicUsize,
}

impl Troubled {
    fn new(trouble: SecretError, entries: &Arc<Memory>) -> Arc<Self> {
        let trouble = Mutex::new(Some(trouble));
        Arc::new(Self { trouble, entries: entries.clone(), asked: AtomicUsize::new(0) })
    }

    fn works(&self) -> Result<&Memory, SecretError> {
        self.trouble.lock().unwrap().clone().map_or(Ok(&*self.entries), Err)
    }

    fn mend(&self) {
        *self.trouble.lock().unwrap() = None;
    }
}

impl SecretStore for Troubled {
    fn get(&self, id: &ConnectionId) -> Result<Option<ConnectionSecrets>, SecretError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.works()?.get(id)
    }
    fn set(&self, id: &ConnectionId, secrets: ConnectionSecrets) -> Result<(), SecretError> {
        self.works()?.set(id, secrets)
    }
    fn set_for_this_run(&self, id: &ConnectionId, secrets: ConnectionSecrets) -> Result<(), SecretError> {
        self.entries.set_for_this_run(id, secrets)
    }
    fn change(&self, id: &ConnectionId, change: &mut dyn FnMut(&mut ConnectionSecrets)) -> Result<(), SecretError> {
        self.works()?.change(id, change)
    }
    fn delete(&self, id: &ConnectionId) -> Result<(), SecretError> {
        self.works()?.delete(id)
    }
    fn when_late(&self, _: Box<dyn Fn() + Send + Sync>) {}
    fn delete_all(&self) -> Result<(), SecretError> {
        self.works()?.delete_all()
    }
}

#[tokio::test]
async fn a_keychain_that_cannot_be_asked_keeps_nobody_from_an_open_endpoint() {
    let mut this = Try::new().await;
    let broken = Troubled::new(SecretError::Absent, &this.secrets);
    this.sessions = begin(broken.clone());
    this.endpoint.will(json(r#"{"token": "ek_1"}"#));
    assert_eq!(this.secret(Asker::Person).await.unwrap(), "ek_1");
    assert_eq!(broken.asked.load(Ordering::Relaxed), 1);
    this.source().with_key = true;
    this.sessions.begin_anew(&this.connection.id);
    assert_eq!(this.secret(Asker::Person).await.unwrap_err().code, FailureCode::KeychainAbsent);
}

#[tokio::test]
async fn once_it_is_unlocked_the_session_of_the_last_run_is_found_and_none_is_made() {
    let mut this = Try::new().await;
    this.source().with_key = true;
    let key = ConnectionSecrets::key(key_origin(&this.connection), "key-1".into());
    this.secrets.set(&this.connection.id, key).unwrap();
    this.endpoint.will(json(r#"{"token": "ek_1", "expires_in": 600}"#));
    assert_eq!(this.secret(Asker::Program).await.unwrap(), "ek_1");
    this.restart().await;
    let locked = Troubled::new(SecretError::Locked, &this.secrets);
    this.sessions = begin(locked.clone());
    let failure = this.secret(Asker::Program).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::KeychainLocked);
    // Nobody is signed out by that.
    let phase = this.sessions.session(&this.connection.id, Part::Session).with(|inner| inner.view()).phase;
    assert!(matches!(phase, SessionPhase::Refused { .. }), "{phase:?}");
    // The keychain would ask the person each time, so only the person asks it again.
    assert_eq!(this.secret(Asker::Program).await.unwrap_err(), failure);
    assert_eq!(locked.asked.load(Ordering::Relaxed), 1);
    locked.mend();
    assert_eq!(this.secret(Asker::Person).await.unwrap(), "ek_1");
    assert_eq!(this.endpoint.asked().len(), 1);
}

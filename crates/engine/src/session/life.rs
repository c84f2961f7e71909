//! One connection's session: its state, its secret, and who waits for a change.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use adapters::session::Grant;
use model::{Failure, FailureCode};
use secrecy::SecretString;
use secrets::KeptSession;
use tokio::{sync::Notify, task::AbortHandle};

use super::{
    Part, Ticket,
    clock::Now,
    state::{Asker, Life, Next, Refusal, State},
};
use crate::view::{SessionPhase, SessionView};

/// What is known of one connection's session.
pub struct Session {
    /// Which of the connection's.
    pub part: Part,
    inner: Mutex<Inner>,
    /// Something has changed.
    pub changed: Notify,
    /// Held while it is put into the keychain.
    pub keeping: tokio::sync::Mutex<()>,
}

/// The same, while nobody else looks.
pub struct Inner {
    pub state: State,
    secret: Option<SecretString>,
    /// How many sessions there have been; each is known by its number.
    number: u64,
    /// How often what was known counted no more; an answer from before that is not listened to.
    pub epoch: u64,
    /// Whether the keychain was asked for one of an earlier run.
    pub looked: bool,
    /// Whether anybody used the session since it was made.
    pub used: bool,
    fields: Vec<(String, String)>,
    /// With what an identity provider prolongs it.
    pub refresh: Option<SecretString>,
    /// What will renew it.
    timer: Option<AbortHandle>,
}

impl Session {
    /// Nothing is known yet.
    pub fn of(part: Part) -> Self {
        let inner = Inner {
            state: State::Absent,
            secret: None,
            number: 0,
            epoch: 0,
            looked: false,
            used: false,
            fields: Vec::new(),
            refresh: None,
            timer: None,
        };
        Self { part, inner: Mutex::new(inner), changed: Notify::new(), keeping: tokio::sync::Mutex::default() }
    }

    /// Looks, or changes something.
    pub fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        work(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Inner {
    /// Somebody wants the session.
    pub fn wanted(&mut self, asker: Asker) -> Next {
        self.used = true;
        self.state.wanted(asker, Now::read())
    }

    /// What requests carry now.
    pub fn ticket(&self) -> Result<Ticket, Failure> {
        match &self.secret {
            Some(secret) => Ok(Ticket { bearer: Some(secret.clone()), made: Some(self.number), ..Ticket::default() }),
            // A live session has a secret; this is for whoever changes that.
            None => Err(Failure::new(FailureCode::Internal, "The session was lost. Try again.")),
        }
    }

    /// How long until it is to be renewed, if it lives and has an end.
    pub fn due_in(&self) -> Option<Duration> {
        match &self.state {
            State::Live(life) => life.due_in(Now::read()),
            _ => None,
        }
    }

    /// The secret that may be prolonged: one that is still good.
    pub fn prolongable(&self) -> Option<SecretString> {
        match &self.state {
            State::Renewing(life) if !life.over(Now::read()) => self.secret.clone(),
            _ => None,
        }
    }

    /// The secret that was last used; it may be worth nothing any more.
    pub fn last(&self) -> Option<&SecretString> {
        self.secret.as_ref()
    }

    /// There is a new session, of an answer.
    pub fn granted(&mut self, grant: Grant, refresh: Option<SecretString>, life: Life) {
        self.begin(grant.secret, grant.fields, life);
        self.refresh = refresh;
    }

    /// There is one, of an earlier run.
    pub fn restored(&mut self, kept: KeptSession, life: Life) {
        self.begin(kept.secret, kept.fields, life);
    }

    fn begin(&mut self, secret: SecretString, fields: Vec<(String, String)>, life: Life) {
        self.secret = Some(secret);
        self.fields = fields;
        self.number += 1;
        self.used = false;
        self.state.granted(life);
    }

    /// None was granted.
    pub fn refused(&mut self, refusal: Refusal) {
        self.state.refused(refusal, Now::read(), rand::random());
    }

    /// A request was refused with the session of that number. Answers whether that was the one in use; otherwise another
    /// one has taken its place already.
    pub fn spent(&mut self, number: u64) -> bool {
        let current = number == self.number;
        if current {
            self.state.spent();
        }
        current
    }

    /// What was known counts no more.
    pub fn begin_anew(&mut self) {
        self.state.begin_anew();
        self.epoch += 1;
        self.looked = false;
        self.secret = None;
        self.refresh = None;
        self.fields.clear();
        self.time(None);
    }

    /// Puts a timer in the place of the one before.
    pub fn time(&mut self, timer: Option<AbortHandle>) {
        if let Some(old) = std::mem::replace(&mut self.timer, timer) {
            old.abort();
        }
    }

    /// As it is shown.
    pub fn view(&self) -> SessionView {
        let now = Now::read();
        let ends = |life: &Life| life.ends.map(|end| end.saturating_sub(life.ahead.0));
        let (phase, ends, ahead) = match &self.state {
            State::Absent => (SessionPhase::Absent, None, 0),
            State::Fetching { .. } => (SessionPhase::Fetching, None, 0),
            State::Live(life) => (SessionPhase::Live, ends(life), life.ahead.0),
            State::Renewing(life) => (SessionPhase::Renewing, ends(life), life.ahead.0),
            State::Refused(failure) => (SessionPhase::Refused { failure: failure.clone() }, None, 0),
            State::Waiting { until, failure, .. } => {
                let left = until.saturating_duration_since(now.steady);
                let until = now.after(left).wall;
                (SessionPhase::Waiting { until, failure: failure.clone() }, None, 0)
            }
            State::SignedOut(failure) => (SessionPhase::SignedOut { failure: failure.clone() }, None, 0),
        };
        SessionView { phase, ends, ahead, fields: self.fields.clone() }
    }
}

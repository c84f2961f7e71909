//! A new session that is asked for on purpose, to see whether there is one to be had.

use std::sync::Arc;

use adapters::session::{Expiry, Filled, Grant};
use model::{Connection, Failure, FailureCode};
use secrecy::SecretString;
use secrets::KeptSession;
use tokio::sync::oneshot;

use super::{
    Part, Sessions,
    ask::{Granted, Outcome},
    life::Session,
    state::{Asker, Life, Next, Refusal},
};
use crate::outbound::Outbound;

/// What a session endpoint granted, as far as it may be told.
#[derive(Debug, Clone)]
pub(crate) struct Fresh {
    /// Where the secret stood in the answer, as a JSON Pointer.
    pub found_at: String,
    /// How long the secret is, in bytes.
    pub length: usize,
    /// What was said about its end.
    pub expiry: Expiry,
    /// A field that should say when it ends and cannot be read.
    pub unreadable_expiry: Option<&'static str>,
    /// How long it lives, and by how much the server's clock is ahead.
    pub life: Life,
    /// Whether the server said what time it is there.
    pub dated: bool,
    /// The other fields of the answer.
    pub fields: Vec<(String, String)>,
}

impl Fresh {
    fn of(granted: &Granted) -> Self {
        let Grant { expiry, unreadable_expiry, found_at, fields, .. } = &granted.grant;
        Self {
            found_at: found_at.clone(),
            length: granted.grant.length(),
            expiry: *expiry,
            unreadable_expiry: *unreadable_expiry,
            life: granted.life,
            dated: granted.date.is_some(),
            fields: fields.clone(),
        }
    }
}

impl Sessions {
    /// Asks for a new session, also where one is live. That one stays in use until the new one is there, and is none the
    /// worse if none comes. Whoever else wants one meanwhile joins; if somebody asks already, that answer comes first.
    ///
    /// # Errors
    ///
    /// Why there is no new one.
    pub async fn anew(&self, connection: &Connection, part: Part) -> Result<Fresh, Failure> {
        let session = self.session(&connection.id, part);
        let epoch = loop {
            let changed = session.changed.notified();
            tokio::pin!(changed);
            // From here on no change is missed.
            changed.as_mut().enable();
            match session.with(|inner| (inner.wanted(Asker::Test), inner.epoch)) {
                (Next::Join, _) => changed.await,
                // A test is told neither to use what is there nor to do without.
                (Next::Fetch | Next::UseAndRenew | Next::Use | Next::Fail(_), epoch) => break epoch,
            }
        };
        self.tell(&connection.id, &session);
        let (sender, receiver) = oneshot::channel();
        let (sessions, connection) = (self.clone(), connection.clone());
        // In a task of its own: whoever waits for it may go away, and the session's state may not.
        self.shared.tasks.spawn(async move {
            let answer = sessions.asked_anew(&connection, &session, epoch).await;
            let _ = sender.send(answer);
        });
        let lost = |_| Failure::new(FailureCode::Internal, "The answer was lost. Try again.");
        receiver.await.map_err(lost)?
    }

    async fn asked_anew(&self, connection: &Connection, session: &Arc<Session>, epoch: u64) -> Result<Fresh, Failure> {
        let (asked, kept) = self.answer_anew(connection, session).await;
        let answer = match &asked {
            Ok(granted) => Ok(Fresh::of(granted)),
            Err(refusal) => Err(refusal.failure().clone()),
        };
        let outcome = match (asked, kept) {
            (Ok(granted), _) => Ok(Outcome::Made(granted)),
            // That of an earlier run is still good.
            (Err(_), Some((kept, life))) => Ok(Outcome::Restored(kept, life)),
            (Err(refusal), None) => Err(refusal),
        };
        self.settled(connection, session, epoch, outcome).await;
        answer
    }

    async fn answer_anew(
        &self,
        connection: &Connection,
        session: &Session,
    ) -> (Result<Granted, Refusal>, Option<(KeptSession, Life)>) {
        let (key, kept) = match self.stored(connection, session).await {
            Ok(stored) => stored,
            Err(refusal) => return (Err(refusal), None),
        };
        let key = match key {
            None if connection.needs_key() => match self.key(connection).await {
                Ok(key) => Some(key),
                Err(failure) => return (Err(Refusal::Key(failure)), kept),
            },
            key => key,
        };
        let with = match self.asked_with(connection, session.part, key, Asker::Person).await {
            Ok(with) => with,
            Err(refusal) => return (Err(refusal), kept),
        };
        let out = match self.out(connection).await {
            Ok(out) => out,
            Err(failure) => return (Err(Refusal::Refused(failure)), kept),
        };
        (self.make_with(connection, session.part, &out, with, &self.filled(connection)).await, kept)
    }

    /// Asks for a session for a connection that is only a draft. Nothing is noted of it.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub async fn of_draft(
        &self,
        connection: &Connection,
        part: Part,
        out: &Outbound,
        key: Option<&SecretString>,
    ) -> Result<(Fresh, SecretString), Failure> {
        let granted = self.make(connection, part, out, key, &self.filled(connection)).await;
        let granted = granted.map_err(|refusal| refusal.failure().clone())?;
        Ok((Fresh::of(&granted), granted.grant.secret))
    }

    /// What the placeholders of a connection's requests stand for.
    pub(super) fn filled(&self, connection: &Connection) -> Filled {
        let device = (self.shared.device)();
        let user = format!("{device}-{}", connection.id.as_str());
        Filled { user, model: None, device }
    }
}

impl Refusal {
    /// The words of it.
    pub(super) fn failure(&self) -> &Failure {
        match self {
            Self::Trouble(failure, _) | Self::Refused(failure) | Self::Key(failure) => failure,
        }
    }
}

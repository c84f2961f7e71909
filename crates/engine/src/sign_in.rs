//! Signing in and out of a connection in the browser, for a host.

use std::time::UNIX_EPOCH;

use model::{Connection, ConnectionId, Failure};
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    engine::Engine,
    oauth::{Progress, Revocation},
    view::{SignOutView, SigningInView},
};

/// A sign-in under way. Dropping it gives up, until the browser has come back.
pub struct SigningIn {
    views: mpsc::UnboundedReceiver<SigningInView>,
    _stop: DropGuard,
}

impl SigningIn {
    /// What is to be done, or what came of it; `None` after the last one.
    pub async fn next(&mut self) -> Option<SigningInView> {
        self.views.recv().await
    }
}

impl Engine {
    /// Signs the person in at the identity provider of a connection. The host opens the address, or shows the code.
    ///
    /// # Errors
    ///
    /// [`model::FailureCode::Unknown`] if the connection is not here, or the host's.
    pub fn sign_in(&self, id: &ConnectionId) -> Result<SigningIn, Failure> {
        let connection = self.own_connection(id)?;
        let (sender, views) = mpsc::unbounded_channel();
        // The end of the engine ends it, too.
        let stop = self.shared.closing.child_token();
        let guard = stop.clone().drop_guard();
        let engine = self.clone();
        // In a task of its own: once the provider has given something, that is kept, whoever looks.
        self.shared.tasks.spawn(async move {
            let _ = sender.send(SigningInView::Asking);
            let last = match engine.signing_in(&connection, &sender, stop).await {
                Some(Ok(done)) => done,
                Some(Err(failure)) => SigningInView::Failed { failure },
                None => return,
            };
            let signed_in = matches!(last, SigningInView::Done { .. });
            let _ = sender.send(last);
            if signed_in {
                // What is wrong with the connection otherwise stands in its state.
                let _ = engine.check_connection(&connection.id).await;
            }
        });
        Ok(SigningIn { views, _stop: guard })
    }

    /// `None` if it was given up.
    async fn signing_in(
        &self,
        connection: &Connection,
        sender: &mpsc::UnboundedSender<SigningInView>,
        stop: CancellationToken,
    ) -> Option<Result<SigningInView, Failure>> {
        let sessions = &self.shared.sessions;
        let progress = |progress| {
            let _ = sender.send(shown(progress));
        };
        let signed_in = tokio::select! {
            signed_in = sessions.sign_in(connection, progress) => signed_in,
            () = stop.cancelled() => return None,
        };
        Some(match signed_in {
            Ok(signed_in) => {
                let who = signed_in.who().map(str::to_owned);
                sessions.signed_in(signed_in).await.map(|kept| SigningInView::Done { who, kept })
            }
            Err(failure) => Err(failure),
        })
    }

    /// Ends the sign-in of a connection, here and at its identity provider.
    ///
    /// # Errors
    ///
    /// [`model::FailureCode::Unknown`] if the connection is not here, or the host's; a keychain's failure, and then nothing
    /// has ended.
    pub async fn sign_out(&self, id: &ConnectionId) -> Result<SignOutView, Failure> {
        let connection = self.own_connection(id)?;
        let ended = self.shared.sessions.sign_out_of(&connection).await?;
        self.shared.sockets.retire(id);
        let Some(ended) = ended else { return Ok(SignOutView::Done) };
        Ok(match ended.revoke().await {
            Ok(Revocation::Done) => SignOutView::Done,
            Ok(Revocation::NotOffered) => SignOutView::NotOffered,
            Err(error) => SignOutView::NotTold { failure: error.failure(&connection.name) },
        })
    }

    /// A connection is another one now, or carries another secret: neither its session nor its WebSockets are good for it.
    pub(crate) fn begin_anew(&self, id: &ConnectionId) {
        self.shared.sessions.begin_anew(id);
        self.shared.sockets.retire(id);
    }

    /// Ends the sign-in of a connection that goes, or that signs in elsewhere from now on. The provider is told meanwhile.
    pub(crate) async fn end_sign_in(&self, connection: &Connection) -> Result<(), Failure> {
        if let Some(ended) = self.shared.sessions.sign_out_of(connection).await? {
            // If it cannot be told, what it gave ends by itself.
            self.shared.tasks.spawn(async move { ended.revoke().await });
        }
        Ok(())
    }
}

fn shown(progress: Progress) -> SigningInView {
    match progress {
        Progress::Open { url } => SigningInView::Browser { url: url.into() },
        Progress::Device { address, code, until } => {
            let until = until.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
            SigningInView::Device { url: address.into(), code, until: i64::try_from(until).unwrap_or(i64::MAX) }
        }
    }
}

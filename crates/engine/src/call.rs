//! What is asked of a connection and answered whole, with one more session where the first is refused.

use model::{ConnectionId, Failure, FailureCode, Operation, Reply};

use crate::{backend::Backend, engine::Engine, session::Asker, view::ConnectionState};

impl Engine {
    /// The same connection with another session, after the server refused the one it had. `None` if there is no other
    /// way to ask.
    pub(crate) async fn renewed(&self, refused: &Backend) -> Result<Option<Backend>, Failure> {
        let ticket = self.shared.sessions.after_refusal(refused.connection(), refused.ticket()).await?;
        Ok(ticket.map(|ticket| refused.with(ticket)))
    }

    /// The server refuses whatever it is sent: words for the person, who has to do something.
    pub(crate) async fn signed_out(&self, backend: &Backend, failure: Failure) -> Failure {
        if backend.ticket().made.is_none() {
            return failure;
        }
        let words = if backend.connection().session.is_made() {
            format!(
                "“{}” accepts none of the sessions that its session endpoint makes. Sign in again, or ask whoever runs it.",
                backend.name()
            )
        } else {
            format!("“{}” does not accept your sign-in. Sign in again, or ask whoever runs it.", backend.name())
        };
        let failure = Failure { code: FailureCode::SignedOut, message: words, ..failure };
        self.shared.sessions.sign_out(backend.connection(), &failure).await;
        self.shared.sockets.retire(&backend.connection().id);
        failure
    }

    /// Asks a connection something that is answered whole, and notes how it is.
    pub(crate) async fn call(&self, id: &ConnectionId, operation: &Operation) -> Result<Reply, Failure> {
        let answer = self.call_once_or_twice(id, operation).await;
        let state = match &answer {
            Ok(reply) => {
                if matches!(reply, Reply::Models(_) | Reply::Profile(_))
                    && let Ok(connection) = self.connection(id)
                {
                    self.published(&connection, reply);
                }
                ConnectionState::Online
            }
            // That a server does not know one thread says nothing about the connection.
            Err(failure) if !tells_of_connection(operation, failure) => return answer,
            Err(failure) => ConnectionState::Failing { failure: failure.clone() },
        };
        self.noted(id, state);
        answer
    }

    /// Asks, and once more with another session if the first one is refused: a refused request did nothing.
    async fn call_once_or_twice(&self, id: &ConnectionId, operation: &Operation) -> Result<Reply, Failure> {
        let backend = self.backend(id, Asker::Program).await?;
        match backend.call(operation).await {
            Err(failure) if failure.code == FailureCode::Unauthorized => match self.renewed(&backend).await? {
                None => Err(failure),
                Some(again) => match again.call(operation).await {
                    Err(failure) if failure.code == FailureCode::Unauthorized => {
                        Err(self.signed_out(&again, failure).await)
                    }
                    answer => answer,
                },
            },
            answer => answer,
        }
    }
}

/// Whether a failed operation shows how its connection is, and not only how one thread is.
fn tells_of_connection(operation: &Operation, failure: &Failure) -> bool {
    let whatever_was_asked = matches!(
        failure.code,
        FailureCode::Untrusted
            | FailureCode::ClientCertificate
            | FailureCode::Unencrypted
            | FailureCode::ProxyLogin
            | FailureCode::WebPage
            | FailureCode::Unauthorized
            | FailureCode::SignedOut
            | FailureCode::BadSession
            | FailureCode::FirstByteTimeout
    );
    failure.code.is_offline() || whatever_was_asked || matches!(operation, Operation::ListThreads { .. })
}

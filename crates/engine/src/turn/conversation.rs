//! A request that names its conversation as its server does.

use adapters::Refusal;
use model::{AttemptReason, Failure, FailureCode, Notice, NoticeLevel, Operation, ThreadEvent};

use super::Turn;
use crate::{
    backend::{Backend, Beginning, Begun, TurnStream, Unopened, under},
    context::Named,
    engine::Engine,
};

impl Turn {
    /// What the server calls the conversation, as far as it was asked before.
    pub(super) fn named_by(&self, backend: &Backend) -> Option<Named> {
        let named = self.live.with(|inner| inner.context.names.of(backend.connection()))?;
        let holds = backend.may_name() && (named != Named::Ours || backend.takes_ours());
        holds.then_some(named)
    }

    /// Sends the request, in a conversation that the server has begun where it does such things. One that it does not know
    /// any more is begun anew, once: a request that was refused for that did nothing.
    pub(super) async fn asked_by_name(
        &self,
        engine: &Engine,
        backend: &Backend,
        operation: &Operation,
    ) -> Result<TurnStream, Unopened> {
        if !backend.may_name() {
            return self.asked(backend, operation).await.map_err(settled);
        }
        let before = self.named_by(backend);
        let named = match before.clone() {
            Some(named) => named,
            None => match self.record.session(backend.begin(operation, Beginning::IfItMay)).await? {
                Begun::Named(id) => {
                    engine.keep_name(&self.live, backend.connection(), Named::Theirs(id.clone())).await;
                    Named::Theirs(id)
                }
                Begun::Unnamed => Named::Ours,
            },
        };
        let (failure, refusal) = match self.asked(backend, &under(operation, named.clone().theirs())).await {
            Ok(stream) => {
                if before.is_none() && named == Named::Ours {
                    // It knows the conversation by that from now on.
                    engine.keep_name(&self.live, backend.connection(), named).await;
                }
                return Ok(stream);
            }
            Err(Unopened::Forgotten(failure, refusal)) => (failure, refusal),
            Err(unopened) => return Err(unopened),
        };
        match (named, refusal) {
            // What was given just now was not forgotten.
            (Named::Theirs(_), _) if before.is_none() => Err(Unopened::Refused(failure)),
            (Named::Theirs(_), _) | (Named::Ours, Refusal::Forgotten) => {
                self.anew(engine, backend, operation, Beginning::Always, failure).await
            }
            (Named::Ours, _) => self.anew(engine, backend, operation, Beginning::IfItMay, failure).await,
        }
    }

    /// The same in a conversation that is begun anew, after nobody was let into the one that the server had named before.
    pub(super) async fn asked_anew(
        &self,
        engine: &Engine,
        backend: &Backend,
        operation: &Operation,
        before: Option<Named>,
        refused: Failure,
    ) -> Result<TurnStream, Unopened> {
        match before {
            Some(Named::Theirs(_)) => self.anew(engine, backend, operation, Beginning::Always, refused).await,
            Some(Named::Ours) | None => Err(Unopened::Refused(refused)),
        }
    }

    async fn anew(
        &self,
        engine: &Engine,
        backend: &Backend,
        operation: &Operation,
        manner: Beginning,
        refused: Failure,
    ) -> Result<TurnStream, Unopened> {
        let id = match self.record.session(backend.begin(operation, manner)).await {
            Ok(Begun::Named(id)) => id,
            Err(unopened @ (Unopened::Unreached(_) | Unopened::Busy(_))) => return Err(unopened),
            Ok(Begun::Unnamed) | Err(_) => return Err(Unopened::Refused(refused)),
        };
        let connection = backend.connection();
        self.record.attempt(&connection.id, AttemptReason::SessionRefused);
        let answer = self.asked(backend, &under(operation, Some(id.clone()))).await;
        let in_vain = match &answer {
            Err(Unopened::Refused(failure)) => failure.code == FailureCode::Unauthorized,
            Err(Unopened::Forgotten(..)) => true,
            _ => false,
        };
        if !in_vain {
            engine.keep_name(&self.live, connection, Named::Theirs(id)).await;
        }
        let stream = answer.map_err(settled)?;
        let had_more = matches!(operation, Operation::Answer { items, .. } if items.len() > 1);
        let is_lost = had_more && !backend.sends_history();
        Ok(if is_lost { stream.after(ThreadEvent::Notice(forgotten(backend.name()))) } else { stream })
    }
}

/// Nothing more can be done about a conversation that is not known.
fn settled(unopened: Unopened) -> Unopened {
    match unopened {
        Unopened::Forgotten(failure, _) => Unopened::Refused(failure),
        other => other,
    }
}

fn forgotten(name: &str) -> Notice {
    let message = format!("“{name}” began this conversation anew: it does not remember what was said before.");
    Notice { level: NoticeLevel::Info, title: None, message }
}

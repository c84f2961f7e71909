//! What the person does with items: presses in widgets, answers to questions (sections 3.4, 3.5, 3.16 and 10).

use std::sync::Arc;

use model::{
    CustomAction, Failure, FailureCode, ItemId, Operation, RemoteThreadId, Reply, StructuredAnswer, ThreadId,
    WhenUnreachable,
};

use crate::{
    engine::Engine,
    failure::unknown,
    live::{Inner, Live},
    turn::{Manner, TurnEvent},
    turns::followed,
    view::{TurnOutcome, WidgetAction},
};

/// How much may go with a press or an answer, in bytes of JSON.
const LARGEST: usize = 1 << 20;

impl Engine {
    /// Asks a server what a press in one of its widgets asks for. Ends when the server has answered all of it: a stream runs
    /// as a turn of the thread; what is answered at once may be asked while one runs, and changes the widget in its place.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Busy`] while a turn runs that has to end first; [`FailureCode::BadInput`] if too much goes with it;
    /// [`FailureCode::Unknown`] if the widget is not here, or no server keeps the thread; whatever went wrong in the turn,
    /// which the thread shows, too.
    pub async fn widget_action(&self, thread: &ThreadId, item: &ItemId, action: WidgetAction) -> Result<(), Failure> {
        let live = self.live(thread).await?;
        let WidgetAction { kind, payload, streaming } = action;
        fits(kind.len() + payload.as_ref().map_or(0, |payload| payload.to_string().len()))?;
        let remote = self.kept_by_server(&live)?;
        if live.with(|inner| inner.state.entry(item).is_none()) {
            return Err(unknown("card"));
        }
        let (item, action) = (Some(item.clone()), CustomAction { kind, payload });
        if streaming {
            let operation = Operation::CustomAction { thread: remote, item, action };
            // Nobody watches a button that waits for a server to come back.
            return self.act(&live, WhenUnreachable::Tell, |_| Ok(operation)).await;
        }
        let connection = live.with(|inner| inner.thread.connection.clone());
        let operation = Operation::SyncCustomAction { thread: remote, item, action };
        match self.call(&connection, &operation).await? {
            Reply::Updated(Some(item)) => live.with(|inner| inner.put_in_place(*item)),
            Reply::Updated(None) | Reply::Done => {}
            _ => tracing::warn!(%connection, "a press was answered with something else"),
        }
        Ok(())
    }

    /// Answers the questions at the end of a thread. Ends when the server has answered that.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::widget_action`], and [`FailureCode::Unknown`] if the questions do not wait any more.
    pub async fn answer_questions(
        &self,
        thread: &ThreadId,
        item: &ItemId,
        answer: StructuredAnswer,
    ) -> Result<(), Failure> {
        let live = self.live(thread).await?;
        fits(serde_json::to_vec(&answer).map_or(0, |json| json.len()))?;
        let remote = self.kept_by_server(&live)?;
        let unreachable = self.unfollowed().unreachable;
        self.act(&live, unreachable, |inner| {
            if !inner.has_open_questions(item) {
                let words = "These questions do not wait for an answer any more: they were answered, or the conversation \
                             went on.";
                return Err(Failure::new(FailureCode::Unknown, words));
            }
            Ok(Operation::AddStructuredInput { thread: remote, item: item.clone(), answer })
        })
        .await
    }

    /// What a thread's server calls it. Where this machine alone keeps it, no server knows its items.
    fn kept_by_server(&self, live: &Arc<Live>) -> Result<RemoteThreadId, Failure> {
        let thread = live.with(|inner| inner.thread.clone());
        self.remote(&thread).ok_or_else(|| {
            let words = if self.route(&thread.connection).is_some() {
                "This conversation goes over a route, and which of its servers is meant cannot be told. Begin one with the \
                 connection itself to use its cards and answer its questions."
            } else {
                "No server keeps this conversation, so none can be asked about its items."
            };
            Failure::new(FailureCode::Unknown, words)
        })
    }

    /// Runs a turn that is no message, to its end.
    async fn act(
        &self,
        live: &Arc<Live>,
        unreachable: WhenUnreachable,
        operation: impl FnOnce(&Inner) -> Result<Operation, Failure>,
    ) -> Result<(), Failure> {
        let (cancel, operation) = live.with(|inner| {
            if !inner.is_running() {
                let operation = operation(inner)?;
                return Ok((inner.begin_turn(self.now())?, operation));
            }
            let words = "This conversation is still answering. Try this again when it has ended, or stop it first.";
            Err(Failure::new(FailureCode::Busy, words))
        })?;
        let (manner, mut events) = followed(self.unfollowed().patience);
        self.run(live.clone(), operation, cancel, Manner { unreachable, ..manner }).await;
        while let Some(event) = events.recv().await {
            if let TurnEvent::Ended { outcome } = event {
                return outcome.failure().cloned().map_or(Ok(()), Err);
            }
        }
        let words = "A fault of Kittiwake itself ended this. What was shown is kept.";
        Err(Failure::new(FailureCode::Internal, words))
    }
}

fn fits(size: usize) -> Result<(), Failure> {
    if size <= LARGEST {
        return Ok(());
    }
    let words = "That is more than can be sent at once: at most 1 MB goes with a button or an answer. Shorten what you \
                 entered.";
    Err(Failure::new(FailureCode::BadInput, words))
}

/// Whether a turn continues a conversation without a message of the person. Its server may have nothing to say to it.
pub fn goes_on(operation: &Operation) -> bool {
    matches!(
        operation,
        Operation::CustomAction { .. } | Operation::AddStructuredInput { .. } | Operation::AddToolOutput { .. }
    )
}

/// How far a turn came that broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// Nobody was asked.
    Nobody,
    /// The stream began and brought nothing: so servers refuse what does not fit to a thread as it is (section 16).
    Nothing,
    /// Anything else.
    Something,
}

/// How such a turn ended, in words of its own. Where nothing came of it, trying again would answer the last message once
/// more; doing the same again is what helps.
pub fn told(operation: &Operation, name: &str, outcome: TurnOutcome, reached: Reached) -> TurnOutcome {
    let TurnOutcome::Failed { failure, .. } = &outcome else { return outcome };
    let words = match (reached, operation) {
        (Reached::Something, _) => return outcome,
        (Reached::Nobody, operation) if goes_on(operation) => failure.message.clone(),
        (Reached::Nothing, Operation::AddStructuredInput { .. }) => format!(
            "“{name}” did not take the answers. They may have been given already, perhaps in another window. What it has of \
             the conversation is read again."
        ),
        (Reached::Nothing, Operation::AddToolOutput { .. }) => format!(
            "“{name}” did not take what came of the tool. The call may have been answered already, or the conversation went \
             on elsewhere. What it has of it is read again."
        ),
        (Reached::Nothing, Operation::CustomAction { .. }) => format!(
            "“{name}” gave no answer to this button. The card may be gone there. What it has of the conversation is read \
             again."
        ),
        _ => return outcome,
    };
    TurnOutcome::Failed { failure: Failure { message: words, ..failure.clone() }, can_retry: false }
}

#[cfg(test)]
pub(crate) mod tests;

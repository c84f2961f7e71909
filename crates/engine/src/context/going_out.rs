//! What is remembered of how a conversation went out, and shown.

use std::sync::Arc;

use model::{Connection, Failure, FailureCode, Item, OpenaiSettings, ThreadId};

use super::{
    estimate, fit,
    kept::{self, CONTEXT, SentPart},
    words::one_turn_left,
};
use crate::{
    engine::Engine,
    live::{Inner, Live},
    local::conversation,
    view::ThreadOp,
};

impl Inner {
    /// Shows how full the window is, if that has changed.
    pub fn show_context(&mut self, settings: Option<&OpenaiSettings>) {
        let context = self.context.seen(settings);
        if context != self.context.view {
            self.context.view.clone_from(&context);
            self.emit(ThreadOp::Context { context });
        }
    }

    /// What is known of the window after an answer.
    fn count(&mut self) {
        let entries = self.state.entries();
        let begin = entries.iter().rposition(crate::reduce::Entry::is_user).map_or(0, |last| last + 1);
        let answer: Vec<&Item> = entries[begin..].iter().map(|entry| &entry.item).collect();
        if answer.is_empty() {
            return;
        }
        let estimate = self.context.sent.estimate + answer.iter().map(|item| estimate::cost(item)).sum::<u64>();
        let counted = answer.into_iter().rev().find(|item| estimate::counted(item).is_some()).cloned();
        self.context.sent.answered(counted.as_ref(), estimate);
    }
}

impl Engine {
    /// Shows what is known of a thread's window, with the settings of its connection.
    pub(crate) fn look_at_context(&self, live: &Arc<Live>) {
        let (id, options) = live.with(|inner| (inner.thread.connection.clone(), inner.context.options.clone()));
        let connection = self.connection(&id).ok().map(|connection| self.with_model(connection, &options));
        let settings = connection.and_then(|connection| connection.openai);
        live.with(|inner| inner.show_context(settings.as_ref()));
    }

    /// Remembers how a conversation goes out, and shows it.
    pub(crate) async fn remember(&self, live: &Arc<Live>, sent: SentPart, settings: Option<&OpenaiSettings>) {
        live.with(|inner| {
            inner.context.sent = sent;
            inner.show_context(settings);
        });
        self.keep_context(live).await;
    }

    /// A turn has ended: what the server has counted is known.
    pub(crate) async fn count(&self, live: &Arc<Live>) {
        live.with(Inner::count);
        self.look_at_context(live);
        self.keep_context(live).await;
    }

    async fn keep_context(&self, live: &Arc<Live>) {
        let (thread, sent) = live.with(|inner| (inner.thread.id.clone(), inner.context.sent.clone()));
        // It can be found out anew; a disk that is full is told when the conversation itself is written.
        if let Ok(value) = serde_json::to_string(&sent) {
            let _ = self.shared.shelf.run(move |history| history.put_value(&thread, CONTEXT, &value)).await;
        }
    }

    /// Leaves out more of a conversation, because it was too long for the model of a connection. `said` are the words of the
    /// server.
    ///
    /// # Errors
    ///
    /// [`FailureCode::TooLong`] if only the last turn is left.
    pub(crate) async fn leave_out(
        &self,
        live: &Arc<Live>,
        connection: &Connection,
        items: &[Item],
        said: &str,
    ) -> Result<(), Failure> {
        let (sent, options) = live.with(|inner| (inner.context.sent.clone(), inner.context.options.clone()));
        let connection = &self.with_model(connection.clone(), &options);
        let Some(settings) = &connection.openai else { return Err(one_turn_left(&connection.name)) };
        let mut sent = sent.with(kept::model(settings, &options), settings.context.window);
        let stated = adapters::stated_window(said);
        let room = sent.room(settings, &options);
        let start = fit::shorter(items, sent.from.as_ref(), stated, &room);
        let first = start.and_then(|start| items.get(start)).ok_or_else(|| one_turn_left(&connection.name))?;
        sent.from = Some(first.id.clone());
        sent.stated = stated.or(sent.stated);
        self.remember(live, sent, Some(settings)).await;
        Ok(())
    }

    /// Leaves out the oldest turns of a conversation that is too long for its model, and asks again.
    ///
    /// # Errors
    ///
    /// [`FailureCode::TooLong`] if nothing older is left, and those of [`Engine::retry`].
    pub async fn retry_with_less(&self, thread: &ThreadId) -> Result<(), Failure> {
        let live = self.live(thread).await?;
        self.ready(&live).await?;
        let connection = self.connection(&live.with(|inner| inner.thread.connection.clone()))?;
        let (running, items, said) = live.with(|inner| {
            let failure = inner.turn.outcome.as_ref().and_then(crate::view::TurnOutcome::failure);
            let said = failure.map(|failure| {
                let detail = failure.detail.as_deref().unwrap_or_default();
                format!("{}\n{detail}", failure.message)
            });
            let said = said.unwrap_or_default();
            (inner.is_running(), conversation(inner.state.entries()), said)
        });
        if running {
            let words = "This conversation is still answering. Wait for it, or stop it first.";
            return Err(Failure::new(FailureCode::Busy, words));
        }
        self.leave_out(&live, &connection, &items, &said).await?;
        self.retry(thread).await
    }
}

//! Calls are answered: asked for, done once, and sent.

use std::sync::Arc;

use model::{ClientToolCall, ConnectionId, Failure, ItemId, Operation, ThreadId};
use serde_json::{Value, json};

use super::task::{NoTask, Task, declined, error, no_tool};
use crate::{
    engine::Engine,
    live::{Inner, Live},
    turn::{Manner, TurnEvent},
    view::{Consent, EffectView, TurnOutcome},
};

/// What becomes of a call.
enum Way {
    /// It is answered with this; nothing is done for it.
    Said(Value),
    /// It is done, if the person agrees.
    Task(Task),
}

impl Engine {
    /// Answers the call at the end of a thread as the person says. Ends once the answer is on its way; the turn that follows
    /// shows in the thread. What was done before and not taken by the server is not done again.
    ///
    /// # Errors
    ///
    /// [`model::FailureCode::Busy`] while a turn is under way; [`model::FailureCode::Unknown`] if the call does not wait any
    /// more; if that the person agrees for good could not be written. Then nothing was done.
    pub async fn answer_tool_call(&self, thread: &ThreadId, item: &ItemId, consent: Consent) -> Result<(), Failure> {
        let live = self.live(thread).await?;
        let (call, connection) =
            live.with(|inner| Ok::<_, Failure>((inner.take_call(item)?, inner.thread.connection.clone())))?;
        if consent == Consent::Always && matches!(self.way(&call), Way::Task(_)) {
            let allowed = self.shared.tools.lock().allow(&connection, &call.name);
            if let Err(failure) = allowed {
                live.with(|inner| inner.leave_call(item));
                return Err(failure);
            }
            self.show_connections();
        }
        let output = match consent {
            Consent::Refuse => declined(),
            Consent::Once | Consent::Always => {
                if live.with(|inner| inner.has_called_enough()) {
                    live.with(Inner::let_on);
                }
                self.output(&live, item, &call).await
            }
        };
        self.send_output(&live, item, output, self.unfollowed()).await.map_err(|(failure, _)| failure)
    }

    /// Has a connection ask again before it uses a tool that it was allowed for good.
    ///
    /// # Errors
    ///
    /// If that could not be written.
    pub fn forget_tool(&self, connection: &ConnectionId, tool: &str) -> Result<(), Failure> {
        self.shared.tools.lock().forget(connection, tool)?;
        self.show_connections();
        Ok(())
    }

    /// Forgets what a connection was allowed, which is gone.
    pub(crate) fn forget_tools(&self, connection: &ConnectionId) {
        // A permission of nobody does no harm.
        let _ = self.shared.tools.lock().forget_all(connection);
    }

    /// The call that is answered without asking, now that a turn has ended: one of a tool that is not here, one that makes no
    /// sense, one that was allowed for good. It counts as running from here on.
    pub(crate) fn unasked(&self, inner: &mut Inner, outcome: &TurnOutcome) -> Option<ItemId> {
        if !matches!(outcome, TurnOutcome::Done) || self.shared.closing.is_cancelled() || inner.has_called_enough() {
            return None;
        }
        let (id, call) = inner.open_call()?;
        let is_unasked = match self.way(call) {
            Way::Said(_) => true,
            Way::Task(task) => {
                // Without a window nobody can be asked. What is told then is what every request tells already.
                !task.needs_desk() && self.shared.tools.desk.is_none()
                    || self.shared.tools.lock().has(&inner.thread.connection, &call.name)
            }
        };
        let id = is_unasked.then(|| id.clone())?;
        inner.mark_running(id.clone());
        Some(id)
    }

    /// Answers a call that was taken, in a task of its own. Whoever followed the turn before follows this one as well.
    pub(crate) fn answer_unasked(&self, live: Arc<Live>, id: ItemId, manner: Manner) {
        let engine = self.clone();
        self.shared.tasks.spawn(async move {
            let call =
                live.with(|inner| inner.open_call().filter(|(open, _)| **open == id).map(|(_, call)| call.clone()));
            let sent = match call {
                Some(call) => {
                    let output = engine.output(&live, &id, &call).await;
                    engine.send_output(&live, &id, output, manner).await
                }
                None => {
                    live.with(|inner| inner.leave_call(&id));
                    Err((crate::failure::unknown("call"), manner))
                }
            };
            // The person has said something meanwhile, and the call is answered by that.
            if let Err((_, Manner { follower: Some(follower), .. })) = sent {
                let _ = follower.send(TurnEvent::Ended { outcome: TurnOutcome::Done }).await;
            }
        });
    }

    fn way(&self, call: &ClientToolCall) -> Way {
        match Task::of(call) {
            Ok(task) if task.needs_desk() && self.shared.tools.desk.is_none() => Way::Said(no_tool(&call.name)),
            Ok(task) => Way::Task(task),
            Err(NoTask::Unknown) => Way::Said(no_tool(&call.name)),
            Err(NoTask::Wrong(words)) => Way::Said(error(words)),
        }
    }

    /// What comes of a call that may be done; at once, if it was done before.
    async fn output(&self, live: &Arc<Live>, id: &ItemId, call: &ClientToolCall) -> Value {
        if let Some(output) = live.with(|inner| inner.came_of(id)) {
            return output;
        }
        let output = match self.way(call) {
            Way::Said(output) => output,
            Way::Task(task) => {
                let connection = live.with(|inner| inner.thread.connection.clone());
                tracing::info!(%connection, tool = %call.name, "a tool is used");
                self.done(task, &connection).await.unwrap_or_else(|failure| error(failure.message))
            }
        };
        live.with(|inner| inner.has_come(id, output.clone()));
        output
    }

    async fn done(&self, task: Task, connection: &ConnectionId) -> Result<Value, Failure> {
        let desk = self.shared.tools.desk.clone();
        match task {
            Task::GetSettings => return Ok(self.told_settings()),
            Task::ShowSettings(page) => self.shared.hub.effect(EffectView::Settings { page }),
            Task::Notify { title, body } => {
                let from = self.connection(connection).map(|connection| connection.name).unwrap_or_default();
                self.shared.hub.effect(EffectView::Message { title, body, from });
                on_desk(desk, |desk| {
                    desk.call_attention();
                    Ok(())
                })
                .await?;
            }
            Task::OpenLink(url) => on_desk(desk, move |desk| desk.open_link(url.as_str())).await?,
            Task::CopyText(text) => on_desk(desk, move |desk| desk.copy_text(&text)).await?,
        }
        Ok(json!({"done": true}))
    }

    /// How this program is set: nothing that says where or whose it is.
    fn told_settings(&self) -> Value {
        let mut told = json!({"locale": self.locale(), "version": env!("CARGO_PKG_VERSION")});
        if self.shared.tools.desk.is_some() {
            let theme = self.settings().settings().appearance.theme;
            told["color_scheme"] = serde_json::to_value(theme).unwrap_or_default();
        }
        told
    }

    /// Sends what came of a call, if it still stands at the end. Gives the manner back where it cannot be sent.
    async fn send_output(
        &self,
        live: &Arc<Live>,
        id: &ItemId,
        output: Value,
        manner: Manner,
    ) -> Result<(), (Failure, Manner)> {
        let begun = live.with(|inner| {
            let is_open = inner.open_call().is_some_and(|(open, _)| open == id);
            let begun = match self.remote(&inner.thread).filter(|_| is_open) {
                Some(thread) => inner.begin_turn(self.now()).map(|cancel| (cancel, thread)),
                None => Err(crate::failure::unknown("call")),
            };
            match begun {
                Ok((cancel, thread)) => {
                    inner.has_come(id, output.clone());
                    inner.sends_answer(id.clone());
                    Ok((cancel, Operation::AddToolOutput { thread, result: output }))
                }
                Err(failure) => {
                    inner.leave_call(id);
                    Err(failure)
                }
            }
        });
        match begun {
            Ok((cancel, operation)) => {
                self.run(live.clone(), operation, cancel, manner).await;
                Ok(())
            }
            Err(failure) => Err((failure, manner)),
        }
    }
}

/// Has the host do something that may take its time.
async fn on_desk(
    desk: Option<Arc<dyn super::Desk>>,
    work: impl FnOnce(&dyn super::Desk) -> Result<(), Failure> + Send + 'static,
) -> Result<(), Failure> {
    let gone = || Failure::new(model::FailureCode::Internal, "Kittiwake could not do this here.");
    let desk = desk.ok_or_else(gone)?;
    tokio::task::spawn_blocking(move || work(&*desk)).await.unwrap_or_else(|_| Err(gone()))
}

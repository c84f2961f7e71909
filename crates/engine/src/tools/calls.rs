//! Where the calls of a thread stand, and what stands open at its end.

use std::collections::{HashMap, HashSet};

use model::{ClientToolCall, Failure, FailureCode, InputStatus, ItemBody, ItemId, ItemStage};
use serde_json::Value;

use super::task::{self, Task};
use crate::{live::Inner, reduce::Entry};

/// How many calls are answered for one message of the person before they are asked whether it may go on.
const IN_A_ROW: usize = 25;

/// What this run knows of the calls of a thread.
#[derive(Debug, Default)]
pub struct Calls {
    /// Those that are being done, or whose answer is on its way.
    running: HashSet<ItemId>,
    /// What came of those that were done and that no server has taken yet: nothing is done twice.
    done: HashMap<ItemId, Value>,
    /// The call whose answer is being sent.
    sending: Option<ItemId>,
    /// The person's message for which more calls were let on, and how many.
    let_on: Option<(ItemId, usize)>,
}

impl Calls {
    /// Whether a call is being done, or its answer is on its way.
    pub fn is_running(&self, id: &ItemId) -> bool {
        self.running.contains(id)
    }
}

impl Inner {
    /// The call at the end that waits for an answer. It can be answered only there (section 3.3), and only where its server
    /// keeps the thread.
    pub(crate) fn open_call(&self) -> Option<(&ItemId, &ClientToolCall)> {
        let last = self.last_shown().filter(|last| last.stage == ItemStage::Done)?;
        let ItemBody::ClientToolCall(call) = &last.item.body else { return None };
        (call.is_pending && self.thread.remote.is_some()).then_some((&last.item.id, call))
    }

    /// Whether these are the questions at the end, and wait for an answer.
    pub(crate) fn has_open_questions(&self, id: &ItemId) -> bool {
        let last = self.last_shown().filter(|last| &last.item.id == id && last.stage == ItemStage::Done);
        let is_pending = |entry: &Entry| match &entry.item.body {
            ItemBody::StructuredInput(input) => input.status == InputStatus::Pending,
            _ => false,
        };
        self.thread.remote.is_some() && last.is_some_and(is_pending)
    }

    /// Takes the open call, so that nobody else does: it counts as running before anything is done.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Busy`] while a turn is under way, [`FailureCode::Unknown`] if it does not wait any more.
    pub(crate) fn take_call(&mut self, id: &ItemId) -> Result<ClientToolCall, Failure> {
        let open = self.open_call().filter(|(open, _)| *open == id).map(|(_, call)| call.clone());
        let call = open.filter(|_| !self.calls.running.contains(id)).ok_or_else(|| {
            let words = "This call does not wait for an answer any more: it was answered, or the conversation went on.";
            Failure::new(FailureCode::Unknown, words)
        })?;
        if self.is_running() {
            let words = "This conversation is still answering. Answer the call when that is over.";
            return Err(Failure::new(FailureCode::Busy, words));
        }
        self.mark_running(id.clone());
        Ok(call)
    }

    /// The call is being answered from now on.
    pub(crate) fn mark_running(&mut self, id: ItemId) {
        self.calls.running.insert(id);
    }

    /// What came of a call in this run, if its server has not taken it yet.
    pub(crate) fn came_of(&self, id: &ItemId) -> Option<Value> {
        self.calls.done.get(id).cloned()
    }

    /// Something came of a call.
    pub(crate) fn has_come(&mut self, id: &ItemId, output: Value) {
        self.calls.done.insert(id.clone(), output);
    }

    /// The answer to a call goes out with the turn that begins now.
    pub(crate) fn sends_answer(&mut self, id: ItemId) {
        self.calls.sending = Some(id);
    }

    /// The server answers, and so it has what came of the call: it says nothing more of that itself (section 3.3).
    pub(crate) fn answer_is_taken(&mut self) {
        let Some(id) = self.calls.sending.take() else { return };
        self.calls.running.remove(&id);
        let output = self.calls.done.remove(&id);
        let Some(mut item) = self.state.entry(&id).map(|entry| entry.item.clone()) else { return };
        if let ItemBody::ClientToolCall(call) = &mut item.body {
            (call.is_pending, call.output) = (false, output);
        }
        self.put_in_place(item);
    }

    /// A turn is over, and with it the sending of the answer to a call, if it was to bring one. What was done stays done.
    pub(crate) fn answer_is_over(&mut self) {
        if let Some(id) = self.calls.sending.take() {
            self.calls.running.remove(&id);
        }
    }

    /// A call that was taken is not answered after all.
    pub(crate) fn leave_call(&mut self, id: &ItemId) {
        self.calls.running.remove(id);
    }

    /// Whether the person is to be asked before one call more is answered.
    pub(crate) fn has_called_enough(&self) -> bool {
        let entries = self.state.entries();
        let begin = entries.iter().rposition(Entry::is_user);
        let since = &entries[begin.map_or(0, |place| place + 1)..];
        let calls = since.iter().filter(|entry| matches!(entry.item.body, ItemBody::ClientToolCall(_))).count();
        let message = begin.map(|place| &entries[place].item.id);
        let more = self.calls.let_on.as_ref().filter(|(id, _)| Some(id) == message).map_or(0, |(_, more)| *more);
        calls > IN_A_ROW + more
    }

    /// The person lets it go on.
    pub(crate) fn let_on(&mut self) {
        let Some(message) = self.state.last_user_message().map(|entry| entry.item.id.clone()) else { return };
        let before = self.calls.let_on.take().filter(|(id, _)| *id == message).map_or(0, |(_, more)| more);
        self.calls.let_on = Some((message, before + IN_A_ROW));
    }
}

/// What a call would do here, as a question to the person, who is told where there were many of them already.
pub fn asks(call: &ClientToolCall, has_called_enough: bool) -> String {
    let own = match Task::of(call) {
        Ok(task) => task.asks(),
        Err(_) => task::asks_without(&call.name),
    };
    match has_called_enough {
        true => format!("The server has called tools {IN_A_ROW} times and more for one message. {own}"),
        false => own,
    }
}

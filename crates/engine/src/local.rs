//! Conversations that this machine alone keeps, for their servers keep none: each message goes out with what was said
//! before it, and nothing about a thread is ever asked.

use std::{collections::HashMap, sync::Arc};

use adapters::{Adapter, Trial};
use model::{
    Connection, ConnectionId, Failure, FailureCode, Item, ItemBody, ItemId, ItemStage, Operation, RemoteThreadId,
    Thread, ThreadEvent,
};
use uuid::Uuid;

use crate::{
    engine::Engine,
    live::{Inner, Live},
    reduce::Entry,
    view::{ConnectionState, TurnOutcome},
};

/// What the person has to know before such a request is made again.
const ONCE_MORE: &str =
    "The server keeps nothing of it: trying again sends the conversation once more, and may cost once more.";

/// Who keeps a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeper {
    /// Its server, and this machine has a copy.
    Server,
    /// This machine alone.
    Here,
}

impl Keeper {
    /// Who keeps the conversations of a kind of backend.
    pub fn of(adapter: &dyn Adapter) -> Self {
        if adapter.keeps_threads() { Self::Server } else { Self::Here }
    }

    /// The name under which a thread's server can be asked for it; none where no server has it.
    pub fn remote(self, thread: &Thread) -> Option<RemoteThreadId> {
        // A connection may have become one of another kind since its server gave the name.
        thread.remote.clone().filter(|_| self == Self::Server)
    }
}

impl Engine {
    /// What speaks to a connection's server.
    pub(crate) fn adapter(&self, connection: &Connection) -> &'static dyn Adapter {
        (self.shared.adapters)(connection.kind)
    }

    /// Who keeps the conversations that are held through a connection.
    pub(crate) fn keeper(&self, connection: &ConnectionId) -> Keeper {
        if self.route(connection).is_some() {
            return Keeper::Here;
        }
        // A call through one that is not here any more says so itself.
        self.connection(connection).map_or(Keeper::Server, |connection| Keeper::of(self.adapter(&connection)))
    }

    /// The name under which a thread's server can be asked for it, if there is one.
    pub(crate) fn remote(&self, thread: &Thread) -> Option<RemoteThreadId> {
        self.keeper(&thread.connection).remote(thread)
    }

    /// Makes ready to send. Where this machine alone keeps the conversation, all of it comes into memory.
    ///
    /// # Errors
    ///
    /// Those of the local store.
    pub(crate) async fn ready(&self, live: &Arc<Live>) -> Result<Keeper, Failure> {
        let keeper = self.keeper(&live.with(|inner| inner.thread.connection.clone()));
        while keeper == Keeper::Here && live.with(|inner| inner.has_older) {
            self.bring_older(live).await?;
        }
        Ok(keeper)
    }

    /// Asks a server that keeps no conversations something that changes nothing, to know how the connection is.
    ///
    /// # Errors
    ///
    /// What went wrong on the way.
    pub(crate) async fn ask_after(&self, id: &ConnectionId) -> Result<(), Failure> {
        let trials = self.adapter(&self.connection(id)?).trials();
        let asks = trials.into_iter().find_map(|trial| match trial {
            Trial::Asks { operation, .. } => Some(operation),
            Trial::Greets { .. } => None,
        });
        match self.call(id, &asks.unwrap_or(Operation::ListModels)).await {
            // It has no such list; so it is there.
            Err(failure) if failure.code == FailureCode::NotFound => {
                self.noted(id, ConnectionState::Online);
                Ok(())
            }
            answer => answer.map(|_| ()),
        }
    }
}

impl Inner {
    /// The request that has the last message of the person answered, with all that was said before.
    pub fn answer(&self) -> Operation {
        let (items, options) = (conversation(self.state.entries()), self.context.options.clone());
        Operation::Answer { thread: self.thread.id.clone(), items, options }
    }

    /// The server has taken the request, and so the person's message.
    pub fn accepted(&mut self) {
        let own = self.state.last_user_message().filter(|entry| entry.stage == ItemStage::Sending);
        if let Some(id) = own.map(|entry| entry.item.id.clone()) {
            self.set_stage(&id, ItemStage::Done);
        }
    }
}

/// What was said up to the last message of the person. A message that was not sent is no part of it, nor an answer that was
/// cut off before its first word.
pub fn conversation(entries: &[Entry]) -> Vec<Item> {
    let end = entries.iter().rposition(Entry::is_user).map_or(0, |last| last + 1);
    let said = |(place, entry): &(usize, &Entry)| match entry.stage {
        ItemStage::Sending | ItemStage::Unsent => place + 1 == end,
        ItemStage::Stopped | ItemStage::Interrupted => {
            entry.item.body.plain_text().is_none_or(|text| !text.trim().is_empty())
        }
        ItemStage::Streaming | ItemStage::Done => !entry.is_handover(),
    };
    entries[..end].iter().enumerate().filter(said).map(|(_, entry)| entry.item.clone()).collect()
}

/// The names of what is answered in one turn. Servers that keep nothing name their answers as they like, some all alike, so
/// they get names here.
#[derive(Debug, Default)]
pub struct Names(HashMap<ItemId, ItemId>);

impl Names {
    /// The events as they are taken. What such a server says of threads and of the person's messages means nothing here.
    pub fn taken(&mut self, events: Vec<ThreadEvent>) -> Vec<ThreadEvent> {
        events.into_iter().filter_map(|event| self.named(event)).collect()
    }

    fn named(&mut self, event: ThreadEvent) -> Option<ThreadEvent> {
        Some(match event {
            ThreadEvent::ThreadCreated(_) | ThreadEvent::ThreadUpdated(_) => return None,
            ThreadEvent::ItemAdded(item) => ThreadEvent::ItemAdded(self.item(item)?),
            ThreadEvent::ItemDone(item) => ThreadEvent::ItemDone(self.item(item)?),
            ThreadEvent::ItemReplaced(item) => ThreadEvent::ItemReplaced(self.item(item)?),
            ThreadEvent::ItemUpdated { id, update } => ThreadEvent::ItemUpdated { id: self.name(id), update },
            ThreadEvent::ItemRemoved(id) => ThreadEvent::ItemRemoved(self.name(id)),
            other => other,
        })
    }

    fn item(&mut self, item: Item) -> Option<Item> {
        if matches!(item.body, ItemBody::UserMessage(_)) {
            return None;
        }
        Some(Item { id: self.name(item.id), ..item })
    }

    fn name(&mut self, id: ItemId) -> ItemId {
        self.0.entry(id).or_insert_with(|| ItemId::local(Uuid::now_v7())).clone()
    }
}

/// Whether a request came to its server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrived {
    /// Certainly not.
    Never,
    /// Nobody can tell, or it did.
    Perhaps,
}

/// How a turn ended, with what another try means where the server may have worked on this one.
pub fn told(outcome: TurnOutcome, arrived: Arrived) -> TurnOutcome {
    warned_of(outcome, arrived, ONCE_MORE)
}

/// The same in other words.
pub fn warned_of(outcome: TurnOutcome, arrived: Arrived, words: &str) -> TurnOutcome {
    if arrived == Arrived::Never {
        return outcome;
    }
    let warned = |failure: Failure| Failure { message: format!("{} {words}", failure.message), ..failure };
    match outcome {
        TurnOutcome::Interrupted { failure, can_retry: true } => {
            TurnOutcome::Interrupted { failure: warned(failure), can_retry: true }
        }
        TurnOutcome::Failed { failure, can_retry: true } if may_have_cost(&failure) => {
            TurnOutcome::Failed { failure: warned(failure), can_retry: true }
        }
        other => other,
    }
}

fn may_have_cost(failure: &Failure) -> bool {
    use FailureCode::{FirstByteTimeout, FormatMismatch, IdleTimeout, Interrupted, NotChatkit, Unreachable};
    // A connection that broke under way broke after the request was sent, and what cannot be read is an answer all the same.
    matches!(failure.code, FirstByteTimeout | FormatMismatch | IdleTimeout | Interrupted | NotChatkit | Unreachable)
}

#[cfg(test)]
mod tests;

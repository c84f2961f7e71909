//! The items of a thread: brought into memory, read from its server, reconciled.

use std::{sync::Arc, time::Duration};

use model::{Failure, ItemId, Kind, Operation, Order, Page, Reply, ThreadId};

use crate::{
    details,
    engine::Engine,
    failure::{not_understood, unknown},
    live::Live,
    reconcile::ServerTail,
    reduce::Entry,
    sockets::Viewing,
    subscription::ThreadSubscription,
    view::OlderItems,
};

/// How many items are brought into memory at a time.
pub const PAGE: usize = 100;

/// How many items are asked of a server at a time.
const SERVER_PAGE: u32 = 50;

/// How many pages of a thread are read to find where it meets what is here.
const SERVER_PAGES: usize = 10;

/// How long after a stop its thread is read again: by then the server has noticed and kept what it keeps.
const AFTER_STOP: Duration = Duration::from_secs(1);

impl Engine {
    /// Subscribes to a thread: what is kept of it comes at once, and what its server knows follows.
    ///
    /// # Errors
    ///
    /// [`model::FailureCode::Unknown`] for a thread that is not here; the local store's failures.
    pub async fn subscribe_thread(&self, thread: &ThreadId) -> Result<ThreadSubscription, Failure> {
        let live = self.live(thread).await?;
        self.look_at_context(&live);
        let subscription = live.subscribe().viewing(self.shared.sockets.view(thread));
        let engine = self.clone();
        self.shared.tasks.spawn(async move {
            // What went wrong is in the connection's state.
            let _ = engine.reconcile(&live).await;
        });
        Ok(subscription)
    }

    /// Holds a conversation that is not subscribed to, as a terminal does: its WebSocket stays open until the value is dropped.
    pub fn hold_open(&self, thread: &ThreadId) -> Viewing {
        self.shared.sockets.view(thread)
    }

    /// The items before one of them.
    ///
    /// # Errors
    ///
    /// Those of the local store, or of the server when the store has no more.
    pub async fn load_older(&self, thread: &ThreadId, before: &ItemId) -> Result<OlderItems, Failure> {
        let live = self.live(thread).await?;
        if live.with(|inner| inner.state.before(before).is_none() && inner.has_older) {
            self.bring_older(&live).await?;
        }
        Ok(live.with(|inner| {
            let entries = inner.state.entries();
            let end = entries.iter().position(|entry| &entry.item.id == before).unwrap_or(0);
            let start = end.saturating_sub(PAGE);
            OlderItems {
                items: entries[start..end].iter().filter_map(|entry| inner.viewed(entry)).collect(),
                has_older: start > 0 || inner.has_older,
            }
        }))
    }

    /// Brings older items into memory, from the local store or, when that has no more, from the thread's server.
    pub(crate) async fn bring_older(&self, live: &Arc<Live>) -> Result<(), Failure> {
        let (id, first) = live.with(|inner| (inner.thread.id.clone(), inner.state.entries().first().cloned()));
        let rank = first.as_ref().map(|entry| entry.rank);
        let thread = id.clone();
        let (kept, turns) = self
            .shared
            .shelf
            .run(move |history| {
                let kept = history.items(&thread, rank, PAGE)?;
                let turns = details::kept(history, &thread, &kept)?;
                Ok((kept, turns))
            })
            .await?;
        if !kept.is_empty() {
            let entries = kept.into_iter().map(|(rank, kept)| Entry::restored(rank, kept)).collect();
            live.with(|inner| {
                inner.state.prepend(entries);
                inner.remember_turns(turns);
            });
            return Ok(());
        }
        let oldest = first.map(|entry| entry.item.id).filter(|id| !id.is_local());
        let page = match self.remote(&live.with(|inner| inner.thread.clone())) {
            Some(thread) => {
                let after = oldest.map(|id| id.to_string());
                let operation = Operation::ListItems { thread, after, limit: SERVER_PAGE, order: Order::Descending };
                self.items(live, &operation).await?
            }
            None => Page { data: Vec::new(), next: None },
        };
        live.with(|inner| {
            inner.has_older = page.next.is_some();
            inner.prepend_from_server(page.data);
        });
        Ok(())
    }

    /// Reads the end of a thread from its server and takes it over, unless a turn is under way. Where no server has it there
    /// is nothing to read.
    pub(crate) async fn reconcile(&self, live: &Arc<Live>) -> Result<(), Failure> {
        // In the middle of a turn a server does not have yet what is shown here already, and its answer may be late.
        let at_rest = live.with(|inner| (!inner.is_running()).then(|| (inner.thread.clone(), inner.generation())));
        let Some((thread, generation)) = at_rest else { return Ok(()) };
        let Some(remote) = self.remote(&thread) else { return Ok(()) };
        let mut items = Vec::new();
        let mut after = None;
        let mut complete = false;
        for _ in 0..SERVER_PAGES {
            let operation =
                Operation::ListItems { thread: remote.clone(), after, limit: SERVER_PAGE, order: Order::Descending };
            let page = self.items(live, &operation).await?;
            items.extend(page.data);
            after = page.next;
            complete = after.is_none();
            let meets = live.with(|inner| items.iter().any(|item| inner.state.entry(&item.id).is_some()));
            if complete || meets || live.with(|inner| inner.state.entries().is_empty()) {
                break;
            }
        }
        items.reverse();
        live.with(|inner| {
            // A turn that began meanwhile knows better.
            if inner.generation() == generation && !inner.is_running() {
                inner.reconcile(ServerTail { items, complete });
                inner.has_older |= !complete && inner.state.entries().len() <= SERVER_PAGE as usize;
            }
        });
        Ok(())
    }

    /// Reads the end of a thread again, soon.
    pub(crate) fn reread_soon(&self, live: Arc<Live>, stopped: bool) {
        let engine = self.clone();
        self.shared.tasks.spawn(async move {
            if stopped {
                tokio::select! {
                    () = tokio::time::sleep(AFTER_STOP) => {}
                    () = engine.shared.closing.cancelled() => return,
                }
            }
            // What went wrong is in the connection's state, and the next look at the thread tries again.
            let _ = engine.reconcile(&live).await;
        });
    }

    async fn items(&self, live: &Arc<Live>, operation: &Operation) -> Result<Page<model::Item>, Failure> {
        let connection = live.with(|inner| inner.thread.connection.clone());
        match self.call(&connection, operation).await? {
            Reply::Items(page) => Ok(page),
            other => Err(not_understood(
                Kind::Chatkit,
                connection.as_str(),
                &format!("items.list was answered with {other:?}"),
            )),
        }
    }

    /// The text of an item, as it is copied.
    ///
    /// # Errors
    ///
    /// [`model::FailureCode::Unknown`] if it is not here or has no text.
    pub async fn item_text(&self, thread: &ThreadId, item: &ItemId) -> Result<String, Failure> {
        let live = self.live(thread).await?;
        let text = live.with(|inner| inner.state.entry(item).and_then(|entry| entry.item.body.plain_text()));
        text.ok_or_else(|| unknown("message"))
    }
}

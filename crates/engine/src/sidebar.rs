//! The threads of all connections: listed, renamed, deleted with a way back, searched.

use history::Hit;
use model::{
    ConnectionId, Draft, Failure, FailureCode, FeedbackKind, ItemId, Kind, Operation, RemoteThread, Reply, Thread,
    ThreadId,
};
use uuid::Uuid;

use crate::{
    attachments::Place,
    engine::Engine,
    failure::{not_understood, unknown},
    live::Inner,
    local::Keeper,
    pictures::{Allowed, PICTURES},
    show::thread_view,
    view::{Activity, ConnectionView, SearchHit, ThreadView},
};

/// How many threads are asked of a server.
const SERVER_PAGE: u32 = 100;

impl Engine {
    /// All threads, the latest first.
    pub fn threads(&self) -> Vec<ThreadView> {
        self.shared.hub.threads()
    }

    /// Lists the threads of every connection anew whose server keeps them. What goes wrong becomes the connection's state.
    pub async fn refresh_threads(&self) {
        let asked = |connection: &ConnectionView| !connection.disabled && connection.keeps_threads;
        for connection in self.connections().into_iter().filter(asked) {
            let _ = self.refresh_threads_of(&connection.id).await;
        }
    }

    /// Lists the threads of one connection anew. A server that keeps none is asked for something else: whether it is there.
    ///
    /// # Errors
    ///
    /// What went wrong on the way.
    pub(crate) async fn refresh_threads_of(&self, connection: &ConnectionId) -> Result<(), Failure> {
        if self.keeper(connection) == Keeper::Here {
            return self.ask_after(connection).await;
        }
        let operation = Operation::ListThreads { after: None, limit: SERVER_PAGE };
        let mut hidden = self.passed_over().clone();
        let Reply::Threads(page) = self.call(connection, &operation).await? else {
            return Err(not_understood(
                Kind::Chatkit,
                connection.as_str(),
                "threads.list was not answered with threads",
            ));
        };
        // One that was deleted since may still be in the answer.
        hidden.extend(self.passed_over().iter().cloned());
        let shown = |remote: &RemoteThread| !hidden.contains(&(connection.clone(), remote.id.clone()));
        for remote in page.data.into_iter().filter(shown) {
            self.adopt_remote(connection, remote).await?;
        }
        Ok(())
    }

    /// A thread that a server knows becomes one that is known here.
    async fn adopt_remote(&self, connection: &ConnectionId, remote: RemoteThread) -> Result<(), Failure> {
        let (connection, now) = (connection.clone(), self.now());
        if self.is_leg_in_memory(&connection, &remote.id) {
            return Ok(());
        }
        let domains = remote.allowed_image_domains.clone();
        let thread = self
            .shared
            .shelf
            .run(move |history| {
                if history.is_leg(&connection, &remote.id)? {
                    return Ok(None);
                }
                let known = history.thread_by_remote(&connection, &remote.id)?;
                let thread = match known {
                    Some(known) if history.is_deleted(&known.id)? => return Ok(None),
                    Some(known) => Thread { title: remote.title.or(known.title), status: remote.status, ..known },
                    None => {
                        let made = remote.created_at.as_deref().and_then(milliseconds).unwrap_or(now);
                        Thread {
                            id: ThreadId::new(Uuid::now_v7().to_string()),
                            connection,
                            remote: Some(remote.id),
                            title: remote.title,
                            status: remote.status,
                            created_at: made,
                            updated_at: made,
                        }
                    }
                };
                history.put_thread(&thread)?;
                let mut allowed = Allowed::read(history.values(&thread.id)?.get(PICTURES));
                if allowed.told(remote.allowed_image_domains.as_deref()) {
                    history.put_value(&thread.id, PICTURES, &allowed.written())?;
                }
                Ok(Some(thread))
            })
            .await?;
        let Some(thread) = thread else { return Ok(()) };
        match self.loaded(&thread.id) {
            Some(live) => live.with(|inner| {
                inner.thread.title = thread.title;
                inner.thread.status = thread.status;
                inner.pictures.told(domains.as_deref());
            }),
            None => self.shared.hub.put_thread(thread_view(&thread, Activity::Idle)),
        }
        Ok(())
    }

    /// Gives a thread another title, here and on its server if that keeps it.
    ///
    /// # Errors
    ///
    /// [`FailureCode::BadInput`] for an empty title; the server's refusal, and then the title is as before.
    pub async fn rename_thread(&self, thread: &ThreadId, title: &str) -> Result<(), Failure> {
        let title = title.trim();
        if title.is_empty() {
            return Err(Failure::new(FailureCode::BadInput, "A conversation needs a title."));
        }
        let live = self.live(thread).await?;
        let (before, thread) = live.with(|inner| {
            let before = inner.thread.title.replace(title.to_owned());
            inner.unsaved.thread = true;
            (before, inner.thread.clone())
        });
        let Some(remote) = self.remote(&thread) else { return Ok(()) };
        let operation = Operation::RenameThread { thread: remote, title: title.to_owned() };
        let answer = self.call(&thread.connection, &operation).await;
        if answer.is_err() {
            live.with(|inner| {
                inner.thread.title = before;
                inner.unsaved.thread = true;
            });
        }
        answer.map(|_| ())
    }

    /// Deletes a thread. It is gone from view at once; here and on its server it goes when it can no longer be brought
    /// back.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] for a thread that is not here; those of the local store.
    pub async fn delete_thread(&self, thread: &ThreadId) -> Result<(), Failure> {
        let live = self.live(thread).await?;
        live.with(Inner::stop);
        self.shared.saver.save(&live).await?;
        let (id, now) = (thread.clone(), self.now());
        self.shared.shelf.run(move |history| history.mark_deleted(&id, now)).await?;
        self.shared.hub.remove_thread(thread);
        let (engine, thread) = (self.clone(), thread.clone());
        self.shared.tasks.spawn(async move {
            tokio::select! {
                () = tokio::time::sleep(engine.shared.undo_window) => engine.purge(&thread).await,
                // What is still to be deleted is deleted at the next start.
                () = engine.shared.closing.cancelled() => {}
            }
        });
        Ok(())
    }

    /// Brings a deleted thread back.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Unknown`] once it is gone for good.
    pub async fn restore_thread(&self, thread: &ThreadId) -> Result<(), Failure> {
        let id = thread.clone();
        let restored = self.shared.shelf.run(move |history| history.restore(&id)).await?;
        if !restored {
            return Err(unknown("conversation"));
        }
        let live = self.live(thread).await?;
        self.shared.hub.put_thread(live.with(|inner| inner.view()));
        Ok(())
    }

    /// Deletes for good every thread that was deleted before this start.
    pub(crate) async fn purge_deleted(&self) {
        let deleted = self.shared.shelf.run(|history| history.deleted()).await.unwrap_or_default();
        for (thread, _) in deleted {
            self.purge(&thread.id).await;
        }
    }

    /// Deletes a thread for good, unless it was brought back. If its server cannot be reached, it stays marked and the
    /// next start tries again.
    async fn purge(&self, thread: &ThreadId) {
        let deleted = self.shared.shelf.run(|history| history.deleted()).await.unwrap_or_default();
        let Some((thread, _)) = deleted.into_iter().find(|(deleted, _)| &deleted.id == thread) else { return };
        if let Some(remote) = self.remote(&thread) {
            let gone = self.call(&thread.connection, &Operation::DeleteThread { thread: remote }).await;
            if gone.is_err_and(|failure| failure.code != FailureCode::NotFound && failure.code != FailureCode::Unknown)
            {
                return;
            }
        }
        if !self.purge_legs(&thread.id).await {
            return;
        }
        self.drop_files(&Place::Thread(thread.id.clone()));
        self.forget_live(&thread.id);
        let id = thread.id;
        let _ = self.shared.shelf.run(move |history| history.delete_thread(&id)).await;
    }

    /// Praises or complains about an answer, with all that belongs to it.
    ///
    /// # Errors
    ///
    /// The server's refusal; [`FailureCode::Unknown`] where no server has the thread.
    pub async fn feedback(&self, thread: &ThreadId, item: &ItemId, kind: FeedbackKind) -> Result<(), Failure> {
        let live = self.live(thread).await?;
        let (kept, items) = live.with(|inner| (inner.thread.clone(), inner.state.answer_with(item)));
        let remote = self.remote(&kept).ok_or_else(|| unknown("conversation"))?;
        let operation = Operation::Feedback { thread: remote, items, kind };
        self.call(&kept.connection, &operation).await.map(|_| ())
    }

    /// Threads whose title or text holds the words of a query.
    ///
    /// # Errors
    ///
    /// Those of the local store.
    pub async fn search(&self, query: &str) -> Result<Vec<SearchHit>, Failure> {
        let query = query.to_owned();
        let hits = self.shared.shelf.run(move |history| history.search(&query, 50)).await?;
        let shown = |Hit { thread, excerpt }: Hit| {
            let thread = self.shared.hub.thread(&thread.id)?;
            Some(SearchHit { thread, excerpt })
        };
        Ok(hits.into_iter().filter_map(shown).collect())
    }

    /// Keeps what was written and not sent.
    ///
    /// # Errors
    ///
    /// Those of the local store.
    pub async fn save_draft(&self, thread: Option<&ThreadId>, draft: Draft) -> Result<(), Failure> {
        if let Some(live) = thread.and_then(|thread| self.loaded(thread)) {
            live.with(|inner| inner.draft = draft.clone());
        }
        let key = draft_key(thread);
        self.shared.shelf.run(move |history| history.put_draft(&key, &draft)).await
    }

    /// What was written and not sent.
    ///
    /// # Errors
    ///
    /// Those of the local store.
    pub async fn draft(&self, thread: Option<&ThreadId>) -> Result<Draft, Failure> {
        let key = draft_key(thread);
        Ok(self.shared.shelf.run(move |history| history.draft(&key)).await?.unwrap_or_default())
    }
}

/// The name under which a draft is kept; that of the start screen cannot be a thread's id.
fn draft_key(thread: Option<&ThreadId>) -> String {
    thread.map_or_else(|| "start".to_owned(), ThreadId::to_string)
}

/// A server's time, which often has no offset (section 2.4), in milliseconds since 1970.
fn milliseconds(text: &str) -> Option<i64> {
    let instant = text.parse::<jiff::Timestamp>().ok();
    let local = || text.parse::<jiff::civil::DateTime>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
    instant.or_else(|| Some(local()?.timestamp())).map(jiff::Timestamp::as_millisecond)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_with_and_without_an_offset_are_read() {
        assert_eq!(milliseconds("1970-01-01T00:00:01.5"), Some(1_500));
        assert_eq!(milliseconds("1970-01-01T01:00:01+01:00"), Some(1_000));
        assert_eq!(milliseconds("1970-01-01T00:00:01Z"), Some(1_000));
        assert_eq!(milliseconds("yesterday"), None);
    }
}

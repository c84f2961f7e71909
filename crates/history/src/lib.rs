//! The local copy of what was shown: threads, items, drafts and feedback in one SQLite file, so that a conversation can
//! be read with its server gone.
//!
//! What a call that writes has returned from is on disk: a process that is killed loses none of it. Calls block; call
//! them from where blocking is allowed. There is one connection, and `&mut` says which calls write.
//!
//! An item's place is its *rank*, which the caller gives and which is distinct within a thread. Times order threads,
//! never items.

mod drafts;
mod error;
mod file;
mod items;
mod legs;
mod schema;
mod search;
mod threads;
mod turns;
mod values;

use std::{
    fmt,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use error::HistoryError;
pub use items::Change;
pub use search::Hit;

/// The local copy.
pub struct History {
    db: Connection,
    /// Where it is; nowhere if it is in memory only.
    path: Option<PathBuf>,
}

/// A local copy, and what became of the one before.
#[derive(Debug)]
pub struct Opened {
    /// The local copy.
    pub history: History,
    /// Where the file is now that was found damaged, if there was one. The person has to be told.
    pub set_aside: Option<PathBuf>,
}

impl History {
    /// Opens the file, which is made if it is missing, as is its folder: readable by this user only. A file of an older
    /// version is brought up to date. A damaged one is kept under another name beside it, and a new one begun.
    ///
    /// # Errors
    ///
    /// [`HistoryError::NewerVersion`], and then the file is as it was; [`HistoryError::DiskFull`],
    /// [`HistoryError::ReadOnly`] and [`HistoryError::Busy`] as everywhere.
    pub fn open(path: &Path) -> Result<Opened, HistoryError> {
        file::open(path)
    }

    /// A local copy that is gone when it is dropped.
    ///
    /// # Errors
    ///
    /// If SQLite cannot be used at all.
    pub fn in_memory() -> Result<Self, HistoryError> {
        let mut db = Connection::open_in_memory()?;
        file::configure(&db)?;
        schema::migrate(&mut db)?;
        Ok(Self { db, path: None })
    }

    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, HistoryError>) -> Result<T, HistoryError> {
        let answer = work(&self.db);
        self.noted(answer)
    }

    /// Does all of the work, or none of it.
    fn write<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> Result<T, HistoryError>) -> Result<T, HistoryError> {
        let answer = in_transaction(&mut self.db, work);
        self.noted(answer)
    }

    /// Damage that is met on the way is looked into when the file is opened the next time.
    fn noted<T>(&self, answer: Result<T, HistoryError>) -> Result<T, HistoryError> {
        if let (Err(HistoryError::Damaged { .. }), Some(path)) = (&answer, &self.path) {
            file::doubt(path);
        }
        answer
    }
}

impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("History").field("path", &self.path).finish_non_exhaustive()
    }
}

fn in_transaction<T>(
    db: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, HistoryError>,
) -> Result<T, HistoryError> {
    // Another process may write too; waiting for it is possible only before the first read.
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = work(&transaction)?;
    transaction.commit()?;
    Ok(done)
}

#[cfg(test)]
mod tests {
    use model::{
        ConnectionId, Draft, Extra, Item, ItemBody, ItemStage, StoredItem, TextPart, Thread, ThreadId, ThreadStatus,
    };

    use super::*;

    fn thread() -> Thread {
        Thread {
            id: ThreadId::from("a"),
            connection: ConnectionId::from("office"),
            remote: None,
            title: Some("Kept".to_owned()),
            status: ThreadStatus::Active,
            created_at: 1,
            updated_at: 1,
        }
    }

    fn answer(id: &str, text: &str) -> Change {
        let body = ItemBody::AssistantMessage { content: vec![TextPart { text: text.into(), annotations: vec![] }] };
        let item = Item { id: id.into(), created_at: None, body, extra: Extra::new() };
        Change::PutItem { rank: 1, item: StoredItem { item, stage: ItemStage::Done } }
    }

    fn ids(history: &History) -> Vec<String> {
        let items = history.items(&thread().id, None, 10).unwrap();
        items.into_iter().map(|(_, stored)| stored.item.id.to_string()).collect()
    }

    /// A history in a file with one item, its folder, and how many pages it has.
    fn in_a_file() -> (History, tempfile::TempDir) {
        let dir = tempfile::tempdir().unwrap();
        let mut history = History::open(&dir.path().join("history.sqlite")).unwrap().history;
        history.apply(&thread().id, [Change::PutThread(thread()), answer("kept", "what was before")]).unwrap();
        (history, dir)
    }

    #[test]
    fn a_full_store_says_so_loses_nothing_and_goes_on_when_there_is_room() {
        let (mut history, _dir) = in_a_file();
        let pages: i64 = history.db.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        history.db.pragma_update_and_check(None, "max_page_count", pages + 4, |_| Ok(())).unwrap();
        let large = [answer("small", "this fits"), answer("large", &"word ".repeat(100_000))];
        let error = history.apply(&thread().id, &large).unwrap_err();
        assert!(matches!(error, HistoryError::DiskFull { .. }), "{error:?}");
        assert_eq!(ids(&history), ["kept"], "a part of it was written");
        assert_eq!(history.search("before", 5).unwrap().len(), 1);
        history.db.pragma_update_and_check(None, "max_page_count", 1_000_000, |_| Ok(())).unwrap();
        history.apply(&thread().id, large).unwrap();
        assert_eq!(ids(&history), ["kept", "small", "large"]);
        assert_eq!(history.search("word", 5).unwrap().len(), 1);
    }

    #[test]
    fn a_store_that_cannot_be_written_says_so_and_can_be_read() {
        let (mut history, _dir) = in_a_file();
        history.db.pragma_update(None, "query_only", true).unwrap();
        let error = history.put_draft("start", &Draft::text("text")).unwrap_err();
        assert!(matches!(error, HistoryError::ReadOnly { .. }), "{error:?}");
        assert_eq!(ids(&history), ["kept"]);
    }

    #[test]
    fn of_changes_that_fail_none_is_made() {
        let (mut history, _dir) = in_a_file();
        let refuse = "CREATE TEMP TRIGGER refuse BEFORE INSERT ON items WHEN new.id = 'bad'
                      BEGIN SELECT raise(ABORT, 'no'); END";
        history.db.execute_batch(refuse).unwrap();
        let changes = [Change::RemoveItem("kept".into()), answer("good", "x"), answer("bad", "x")];
        assert!(history.apply(&thread().id, changes).is_err());
        assert_eq!(ids(&history), ["kept"]);
    }

    #[test]
    fn another_process_that_writes_for_too_long_is_told_apart() {
        let (mut history, dir) = in_a_file();
        let other = Connection::open(dir.path().join("history.sqlite")).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        history.db.busy_timeout(std::time::Duration::ZERO).unwrap();
        assert!(matches!(history.put_draft("start", &Draft::text("x")), Err(HistoryError::Busy)));
        other.execute_batch("ROLLBACK").unwrap();
        history.put_draft("start", &Draft::text("x")).unwrap();
    }
}

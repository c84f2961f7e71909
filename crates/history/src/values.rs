//! What belongs to a thread beside its items: texts under names, which mean nothing here.

use std::collections::BTreeMap;

use model::ThreadId;
use rusqlite::Connection;

use crate::{History, error::HistoryError, threads::key};

/// Writes a text of a thread, by the thread's key, or removes it.
pub fn put_value(db: &Connection, thread: i64, name: &str, value: &str) -> Result<(), HistoryError> {
    if value.is_empty() {
        let sql = "DELETE FROM thread_values WHERE thread = ? AND name = ?";
        db.prepare_cached(sql)?.execute((thread, name))?;
    } else {
        let sql = "REPLACE INTO thread_values (thread, name, value) VALUES (?, ?, ?)";
        db.prepare_cached(sql)?.execute((thread, name, value))?;
    }
    Ok(())
}

impl History {
    /// Keeps a text of a thread under a name, in place of the one before; an empty text removes it. It goes with the thread.
    ///
    /// # Errors
    ///
    /// Those of the disk. Nothing is written of a thread that is not here.
    pub fn put_value(&mut self, thread: &ThreadId, name: &str, value: &str) -> Result<(), HistoryError> {
        self.write(|db| {
            let Some(thread) = key(db, thread)? else { return Ok(()) };
            put_value(db, thread, name, value)
        })
    }

    /// The texts of a thread, by their names.
    ///
    /// # Errors
    ///
    /// Those of the disk. A thread that is not here has none.
    pub fn values(&self, thread: &ThreadId) -> Result<BTreeMap<String, String>, HistoryError> {
        let sql = "SELECT name, value FROM thread_values WHERE thread = (SELECT key FROM threads WHERE id = ?)";
        self.read(|db| {
            let mut statement = db.prepare_cached(sql)?;
            let rows = statement.query_map([thread.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

#[cfg(test)]
mod tests {
    use model::{ConnectionId, Thread, ThreadStatus};

    use super::*;
    use crate::Change;

    #[test]
    fn a_value_is_kept_replaced_removed_and_goes_with_its_thread() {
        let mut history = History::in_memory().unwrap();
        let thread = Thread {
            id: ThreadId::from("a"),
            connection: ConnectionId::from("office"),
            remote: None,
            title: None,
            status: ThreadStatus::Active,
            created_at: 1,
            updated_at: 1,
        };
        history.put_value(&thread.id, "options", "too early").unwrap();
        assert!(history.values(&thread.id).unwrap().is_empty());
        history.put_thread(&thread).unwrap();
        history.put_value(&thread.id, "options", "one").unwrap();
        history.put_value(&thread.id, "options", "two").unwrap();
        history.put_value(&thread.id, "context", "x").unwrap();
        history.put_value(&thread.id, "context", "").unwrap();
        let kept = history.values(&thread.id).unwrap();
        assert_eq!(kept, BTreeMap::from([("options".to_owned(), "two".to_owned())]));
        let change = Change::PutValue { name: "pictures".to_owned(), value: "{}".to_owned() };
        history.apply(&thread.id, [change]).unwrap();
        assert_eq!(history.values(&thread.id).unwrap().len(), 2, "it comes with other changes, too");
        history.delete_thread(&thread.id).unwrap();
        history.put_thread(&thread).unwrap();
        assert!(history.values(&thread.id).unwrap().is_empty());
    }
}

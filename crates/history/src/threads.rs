//! Threads.

use model::{ConnectionId, RemoteThreadId, Thread, ThreadId};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::{History, error::HistoryError};

/// The columns that [`thread`] reads, in its order.
pub const COLUMNS: &str = "threads.id, threads.connection, threads.remote, threads.title, threads.status, \
                           threads.created_at, threads.updated_at";

/// How many there are in [`COLUMNS`].
pub const COLUMN_COUNT: usize = 7;

/// A row of [`COLUMNS`] as a thread.
pub fn thread(row: &Row<'_>) -> rusqlite::Result<Thread> {
    let status: String = row.get(4)?;
    Ok(Thread {
        id: ThreadId::new(row.get::<_, String>(0)?),
        connection: ConnectionId::new(row.get::<_, String>(1)?),
        remote: row.get::<_, Option<String>>(2)?.map(RemoteThreadId::new),
        title: row.get(3)?,
        // A status of another version reads as the default: the server enforces none.
        status: serde_json::from_str(&status).unwrap_or_default(),
        created_at: row.get(5)?,
        updated_at: row.get(6)?,
    })
}

/// Writes a thread, and its title into the index. A mark as deleted stays. A server's name belongs to the thread that
/// claimed it last: a server that lost its data gives names again.
pub fn put(db: &Connection, thread: &Thread) -> Result<(), HistoryError> {
    if let Some(remote) = &thread.remote {
        let sql = "UPDATE threads SET remote = NULL WHERE connection = ? AND remote = ? AND id <> ?";
        let values = [thread.connection.as_str(), remote.as_str(), thread.id.as_str()];
        db.prepare_cached(sql)?.execute(values)?;
    }
    let mut statement = db.prepare_cached(
        "INSERT INTO threads (id, connection, remote, title, status, created_at, updated_at)
         VALUES (:id, :connection, :remote, :title, :status, :created_at, :updated_at)
         ON CONFLICT (id) DO UPDATE SET connection = excluded.connection, remote = excluded.remote,
             title = excluded.title, status = excluded.status, created_at = excluded.created_at,
             updated_at = excluded.updated_at
         RETURNING key",
    )?;
    let values = named_params! {
        ":id": thread.id.as_str(),
        ":connection": thread.connection.as_str(),
        ":remote": thread.remote.as_ref().map(RemoteThreadId::as_str),
        ":title": thread.title,
        ":status": serde_json::to_string(&thread.status)?,
        ":created_at": thread.created_at,
        ":updated_at": thread.updated_at,
    };
    let key: i64 = statement.query_row(values, |row| row.get(0))?;
    let mut indexed = db.prepare_cached("SELECT title FROM titles WHERE rowid = ?")?;
    let indexed: Option<String> = indexed.query_row([key], |row| row.get(0)).optional()?;
    if indexed != thread.title {
        db.prepare_cached("DELETE FROM titles WHERE rowid = ?")?.execute([key])?;
        if let Some(title) = &thread.title {
            db.prepare_cached("INSERT INTO titles (rowid, title) VALUES (?, ?)")?.execute((key, title))?;
        }
    }
    Ok(())
}

/// The key of a thread, if it is here.
pub fn key(db: &Connection, id: &ThreadId) -> Result<Option<i64>, HistoryError> {
    let mut statement = db.prepare_cached("SELECT key FROM threads WHERE id = ?")?;
    Ok(statement.query_row([id.as_str()], |row| row.get(0)).optional()?)
}

impl History {
    /// Writes a thread: a new one, or another state of an old one. Whether it is marked as deleted stays as it was. If
    /// another thread of the connection has the same remote id, that one loses it.
    ///
    /// # Errors
    ///
    /// Those of the disk.
    pub fn put_thread(&mut self, thread: &Thread) -> Result<(), HistoryError> {
        self.write(|db| put(db, thread))
    }

    /// One thread, also one that is marked as deleted.
    ///
    /// # Errors
    ///
    /// Those of the disk.
    pub fn thread(&self, id: &ThreadId) -> Result<Option<Thread>, HistoryError> {
        let sql = format!("SELECT {COLUMNS} FROM threads WHERE id = ?");
        self.read(|db| Ok(db.prepare_cached(&sql)?.query_row([id.as_str()], thread).optional()?))
    }

    /// The thread that a server knows by a name, also one that is marked as deleted.
    ///
    /// # Errors
    ///
    /// Those of the disk.
    pub fn thread_by_remote(
        &self,
        connection: &ConnectionId,
        remote: &RemoteThreadId,
    ) -> Result<Option<Thread>, HistoryError> {
        let sql = format!("SELECT {COLUMNS} FROM threads WHERE connection = ? AND remote = ?");
        let names = [connection.as_str(), remote.as_str()];
        self.read(|db| Ok(db.prepare_cached(&sql)?.query_row(names, thread).optional()?))
    }

    /// All threads but those that are marked as deleted, the latest first.
    ///
    /// # Errors
    ///
    /// Those of the disk.
    pub fn threads(&self) -> Result<Vec<Thread>, HistoryError> {
        let sql = format!("SELECT {COLUMNS} FROM threads WHERE deleted_at IS NULL ORDER BY updated_at DESC, key DESC");
        self.read(|db| Ok(db.prepare_cached(&sql)?.query_map([], thread)?.collect::<Result<_, _>>()?))
    }

    /// Marks a thread as deleted, at a time in milliseconds since 1970 UTC: it is not listed or found any more, and can
    /// be brought back. `false` if there is no such thread.
    ///
    /// # Errors
    ///
    /// Those of the disk.
    pub fn mark_deleted(&mut self, id: &ThreadId, at_ms: i64) -> Result<bool, HistoryError> {
        let sql = "UPDATE threads SET deleted_at = ? WHERE id = ?";
        self.write(|db| Ok(db.prepare_cached(sql)?.execute((at_ms, id.as_str()))? > 0))
    }

    /// Brings a thread back that is marked as deleted. `false` if there is none.
    ///
    /// # Errors
    ///
    /// Those of the disk.
    pub fn restore(&mut self, id: &ThreadId) -> Result<bool, HistoryError> {
        let sql = "UPDATE threads SET deleted_at = NULL WHERE id = ? AND deleted_at IS NOT NULL";
        self.write(|db| Ok(db.prepare_cached(sql)?.execute([id.as_str()])? > 0))
    }

    /// Whether a thread is marked as deleted.
    ///
    /// # Errors
    ///
    /// Those of the disk.
    pub fn is_deleted(&self, id: &ThreadId) -> Result<bool, HistoryError> {
        let sql = "SELECT 1 FROM threads WHERE id = ? AND deleted_at IS NOT NULL";
        self.read(|db| Ok(db.prepare_cached(sql)?.exists([id.as_str()])?))
    }

    /// The threads that are marked as deleted, each with when; the one that was marked first is first.
    ///
    /// # Errors
    ///
    /// Those of the disk.
    pub fn deleted(&self) -> Result<Vec<(Thread, i64)>, HistoryError> {
        let sql =
            format!("SELECT {COLUMNS}, deleted_at FROM threads WHERE deleted_at IS NOT NULL ORDER BY deleted_at, key");
        self.read(|db| {
            let mut statement = db.prepare_cached(&sql)?;
            let rows = statement.query_map([], |row| Ok((thread(row)?, row.get(COLUMN_COUNT)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Deletes a thread for good, with its items, its feedback and the draft under its id. `false` if there is no such
    /// thread.
    ///
    /// # Errors
    ///
    /// Those of the disk.
    pub fn delete_thread(&mut self, id: &ThreadId) -> Result<bool, HistoryError> {
        self.write(|db| {
            db.prepare_cached("DELETE FROM drafts WHERE name = ?")?.execute([id.as_str()])?;
            Ok(db.prepare_cached("DELETE FROM threads WHERE id = ?")?.execute([id.as_str()])? > 0)
        })
    }

    /// Deletes all threads of a connection, or of a route, for good, as [`History::delete_thread`] does; how many there
    /// were.
    ///
    /// # Errors
    ///
    /// Those of the disk.
    pub fn delete_connection(&mut self, id: &ConnectionId) -> Result<usize, HistoryError> {
        self.write(|db| {
            let drafts = "DELETE FROM drafts WHERE name IN (SELECT id FROM threads WHERE connection = ?)";
            db.prepare_cached(drafts)?.execute([id.as_str()])?;
            db.prepare_cached("DELETE FROM legs WHERE connection = ?")?.execute([id.as_str()])?;
            Ok(db.prepare_cached("DELETE FROM threads WHERE connection = ?")?.execute([id.as_str()])?)
        })
    }
}

//! How turns went: for the messages that show it, and for what a connection was like lately.

use model::{ConnectionId, ItemId, ThreadId, TurnRecord};
use rusqlite::{Connection, Row};

use crate::{History, error::HistoryError};

/// Writes down how a turn of a thread went, in the place of what was written of it before, and with which item it is shown.
pub(crate) fn put(
    db: &Connection,
    thread: i64,
    item: Option<&ItemId>,
    record: &TurnRecord,
) -> Result<(), HistoryError> {
    let mut statement = db.prepare_cached(
        "INSERT INTO turns (thread, began_at, item, connection, record) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (thread, began_at) DO UPDATE SET item = excluded.item, connection = excluded.connection,
             record = excluded.record",
    )?;
    let (item, connection) = (item.map(ItemId::as_str), record.connection.as_str());
    statement.execute((thread, record.began_at, item, connection, serde_json::to_string(record)?))?;
    Ok(())
}

impl History {
    /// How the turns went that are shown with items between two ranks, both included; the earliest first. One that this
    /// version cannot read is left out.
    ///
    /// # Errors
    ///
    /// Those of the disk. A thread that is not here has none.
    pub fn turns_shown(
        &self,
        thread: &ThreadId,
        from_rank: i64,
        to_rank: i64,
    ) -> Result<Vec<(ItemId, TurnRecord)>, HistoryError> {
        let sql = "SELECT turns.record, turns.item FROM items
            JOIN turns ON turns.thread = items.thread AND turns.item = items.id
            WHERE items.thread = (SELECT key FROM threads WHERE id = ?1) AND items.rank BETWEEN ?2 AND ?3
            ORDER BY turns.began_at";
        self.read(|db| {
            let mut statement = db.prepare_cached(sql)?;
            let rows = statement.query_map((thread.as_str(), from_rank, to_rank), |row| {
                Ok((ItemId::new(row.get::<_, String>(1)?), record(row)?))
            })?;
            let rows = rows.collect::<Result<Vec<_>, _>>()?;
            Ok(rows.into_iter().filter_map(|(item, record)| Some((item, record?))).collect())
        })
    }

    /// How the latest turns of a connection went, the latest first, also those that no message shows any more. Those of
    /// threads that were deleted for good are gone.
    ///
    /// # Errors
    ///
    /// Those of the disk.
    pub fn turn_records(&self, connection: &ConnectionId, limit: usize) -> Result<Vec<TurnRecord>, HistoryError> {
        let sql = "SELECT record FROM turns WHERE connection = ? ORDER BY began_at DESC LIMIT ?";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(|db| {
            let mut statement = db.prepare_cached(sql)?;
            let rows = statement.query_map((connection.as_str(), limit), record)?;
            let rows = rows.collect::<Result<Vec<_>, _>>()?;
            Ok(rows.into_iter().flatten().collect())
        })
    }
}

fn record(row: &Row<'_>) -> rusqlite::Result<Option<TurnRecord>> {
    Ok(serde_json::from_str(row.get_ref(0)?.as_str()?).ok())
}

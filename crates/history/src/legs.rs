//! How conversations through routes have gone.

use model::{ConnectionId, ItemId, Leg, Legs, RemoteThreadId, ThreadId};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{History, error::HistoryError, threads::key};

/// Writes how a thread has gone, in the place of what was known before.
pub fn put(db: &Connection, thread: i64, legs: &Legs) -> Result<(), HistoryError> {
    let answering = legs.answering.as_ref().map(serde_json::to_string).transpose()?;
    db.prepare_cached("UPDATE threads SET answering = ? WHERE key = ?")?.execute((answering, thread))?;
    db.prepare_cached("DELETE FROM legs WHERE thread = ?")?.execute([thread])?;
    let sql = "INSERT OR REPLACE INTO legs (thread, connection, remote, knows, goes_on) VALUES (?, ?, ?, ?, ?)";
    let mut statement = db.prepare_cached(sql)?;
    for leg in &legs.all {
        let knows = leg.knows.as_ref().map(ItemId::as_str);
        statement.execute((thread, leg.connection.as_str(), leg.remote.as_str(), knows, leg.goes_on))?;
    }
    Ok(())
}

fn leg(row: &Row<'_>) -> rusqlite::Result<Leg> {
    Ok(Leg {
        connection: ConnectionId::new(row.get::<_, String>(0)?),
        remote: RemoteThreadId::new(row.get::<_, String>(1)?),
        knows: row.get::<_, Option<String>>(2)?.map(ItemId::new),
        goes_on: row.get(3)?,
    })
}

impl History {
    /// How a conversation through a route has gone; nothing is known of one that goes through none.
    ///
    /// # Errors
    ///
    /// Those of the disk.
    pub fn legs(&self, thread: &ThreadId) -> Result<Legs, HistoryError> {
        self.read(|db| {
            let Some(thread) = key(db, thread)? else { return Ok(Legs::default()) };
            let mut statement =
                db.prepare_cached("SELECT connection, remote, knows, goes_on FROM legs WHERE thread = ?")?;
            let all = statement.query_map([thread], leg)?.collect::<Result<_, _>>()?;
            let mut statement = db.prepare_cached("SELECT answering FROM threads WHERE key = ?")?;
            let answering: Option<String> = statement.query_row([thread], |row| row.get(0)).optional()?.flatten();
            // What another version has written there is only said less of.
            let answering = answering.and_then(|text| serde_json::from_str(&text).ok());
            Ok(Legs { all, answering })
        })
    }

    /// Whether what a server knows by a name is a part of a conversation that goes through a route.
    ///
    /// # Errors
    ///
    /// Those of the disk.
    pub fn is_leg(&self, connection: &ConnectionId, remote: &RemoteThreadId) -> Result<bool, HistoryError> {
        let sql = "SELECT 1 FROM legs WHERE connection = ? AND remote = ?";
        self.read(|db| Ok(db.prepare_cached(sql)?.exists([connection.as_str(), remote.as_str()])?))
    }
}

//! The tables, and how a file of an older version gets them. The version is SQLite's `user_version`.

use rusqlite::Connection;

use crate::{error::HistoryError, in_transaction};

/// One step for each version: the step at index n leads from version n to version n + 1. A step that was released is
/// never changed.
const STEPS: &[&str] = &[
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
    include_str!("schema/5.sql"),
    include_str!("schema/6.sql"),
];

/// The newest version that this program knows.
#[allow(clippy::cast_possible_truncation, reason = "there are a handful of steps")]
pub const VERSION: u32 = STEPS.len() as u32;

/// The version of a file; 0 if nothing was ever written into it.
pub fn version(db: &Connection) -> Result<i64, HistoryError> {
    Ok(db.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Refuses what a newer version has written, and what this program has not written at all.
pub fn recognise(db: &Connection) -> Result<(), HistoryError> {
    let found = version(db)?;
    match u32::try_from(found) {
        Ok(0) => match db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))? {
            0 => Ok(()),
            tables => Err(HistoryError::Damaged { detail: format!("{tables} tables of another program") }),
        },
        Ok(1..=VERSION) => Ok(()),
        Ok(_) => Err(HistoryError::NewerVersion { found, known: VERSION }),
        Err(_) => Err(HistoryError::Damaged { detail: format!("version {found}") }),
    }
}

/// Brings the file to the newest version: all steps, or none.
pub fn migrate(db: &mut Connection) -> Result<(), HistoryError> {
    if version(db)? == i64::from(VERSION) {
        return Ok(());
    }
    in_transaction(db, |transaction| {
        // Read again: another process may have been faster.
        let done = version(transaction)?;
        for (_, step) in (0..).zip(STEPS).filter(|(version, _)| *version >= done) {
            transaction.execute_batch(step)?;
        }
        Ok(transaction.pragma_update(None, "user_version", VERSION)?)
    })
}

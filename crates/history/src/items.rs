//! Items, in the order of their ranks.

use model::{Extra, Item, ItemId, ItemStage, Legs, StoredItem, Thread, ThreadId, TurnRecord};
use rusqlite::{Connection, OptionalExtension};
use serde_json::Value;

use crate::{
    History,
    error::HistoryError,
    legs,
    threads::{key, put},
    turns,
    values::put_value,
};

/// How many items are put into the index in one transaction when a file is opened.
const INDEX_AT_ONCE: i64 = 500;

/// One change of a thread.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The thread itself is new or changed.
    PutThread(Thread),
    /// An item is new, changed, or elsewhere.
    PutItem {
        /// Its place.
        rank: i64,
        /// The item.
        item: StoredItem,
    },
    /// An item is gone; it need not have been there.
    RemoveItem(ItemId),
    /// A conversation through a route has gone another way.
    PutLegs(Legs),
    /// A text of the thread is new or changed: see [`History::put_value`].
    PutValue {
        /// Its name.
        name: String,
        /// The text; an empty one is removed.
        value: String,
    },
    /// All items behind a rank are gone.
    TruncateAfter {
        /// The last rank that stays.
        rank: i64,
    },
    /// How a turn went, or with which item that is shown, is new or changed.
    PutTurn {
        /// The item; none if no item shows it any more.
        item: Option<ItemId>,
        /// How it went.
        record: TurnRecord,
    },
}

impl History {
    /// Applies changes to one thread in their order, in one transaction: all of them, or none. Changes to the items of a
    /// thread that is not here are dropped: it was deleted for good meanwhile.
    ///
    /// # Errors
    ///
    /// Those of the disk.
    pub fn apply(&mut self, thread: &ThreadId, changes: impl AsRef<[Change]>) -> Result<(), HistoryError> {
        self.write(|db| {
            for change in changes.as_ref() {
                if let Change::PutThread(thread) = change {
                    put(db, thread)?;
                } else if let Some(thread) = key(db, thread)? {
                    change_items(db, thread, change)?;
                }
            }
            Ok(())
        })
    }

    /// Writes items, each with its rank: new ones, or other states of old ones.
    ///
    /// # Errors
    ///
    /// Those of the disk. Nothing is written of a thread that is not here, as in [`History::apply`].
    pub fn put_items(&mut self, thread: &ThreadId, items: &[(i64, StoredItem)]) -> Result<(), HistoryError> {
        self.write(|db| {
            let Some(thread) = key(db, thread)? else { return Ok(()) };
            items.iter().try_for_each(|(rank, item)| put_item(db, thread, *rank, item))
        })
    }

    /// Removes items; those that are not there are no error.
    ///
    /// # Errors
    ///
    /// Those of the disk.
    pub fn remove_items(&mut self, thread: &ThreadId, items: &[ItemId]) -> Result<(), HistoryError> {
        self.write(|db| {
            let Some(thread) = key(db, thread)? else { return Ok(()) };
            items.iter().try_for_each(|id| remove_item(db, thread, id))
        })
    }

    /// Puts items in the place of all that stand at a rank or behind it.
    ///
    /// # Errors
    ///
    /// Those of the disk. Nothing is written of a thread that is not here, as in [`History::apply`].
    pub fn replace_tail(
        &mut self,
        thread: &ThreadId,
        from_rank: i64,
        items: &[(i64, StoredItem)],
    ) -> Result<(), HistoryError> {
        self.write(|db| {
            let Some(thread) = key(db, thread)? else { return Ok(()) };
            db.prepare_cached("DELETE FROM items WHERE thread = ? AND rank >= ?")?.execute((thread, from_rank))?;
            items.iter().try_for_each(|(rank, item)| put_item(db, thread, *rank, item))
        })
    }

    /// The newest items of a thread, or the newest of those before a rank, with their ranks; the oldest of them first.
    /// Should items share a rank, a page does not part them, and may be longer than its limit. An item that this
    /// version cannot read comes as one of an unknown kind.
    ///
    /// # Errors
    ///
    /// Those of the disk. A thread that is not here has no items.
    pub fn items(
        &self,
        thread: &ThreadId,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<(i64, StoredItem)>, HistoryError> {
        let sql = "WITH candidates AS (
                SELECT key, id, rank, stored FROM items
                WHERE thread = (SELECT key FROM threads WHERE id = ?1) AND (?2 IS NULL OR rank < ?2)
            )
            SELECT id, rank, stored FROM candidates
            WHERE rank >= (SELECT min(rank) FROM (SELECT rank FROM candidates ORDER BY rank DESC LIMIT ?3))
            ORDER BY rank, key";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(|db| {
            let mut statement = db.prepare_cached(sql)?;
            let mut rows = statement.query((thread.as_str(), before, limit))?;
            let mut items = Vec::new();
            while let Some(row) = rows.next()? {
                let id = ItemId::new(row.get::<_, String>(0)?);
                items.push((row.get(1)?, read_item(id, row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?)));
            }
            Ok(items)
        })
    }

    /// Puts the texts into the index that were not put there when they were written.
    pub(crate) fn index_the_rest(&mut self) -> Result<(), HistoryError> {
        let sql = "SELECT key, id, stored FROM items WHERE unindexed LIMIT ?";
        loop {
            let done = self.write(|db| {
                let mut statement = db.prepare_cached(sql)?;
                let rows = statement.query_map([INDEX_AT_ONCE], |row| {
                    let id = ItemId::new(row.get::<_, String>(1)?);
                    Ok((row.get(0)?, read_item(id, row.get_ref(2)?.as_str()?)))
                })?;
                let rows = rows.collect::<Result<Vec<(i64, StoredItem)>, _>>()?;
                for (key, stored) in &rows {
                    index(db, *key, &stored.item)?;
                    db.prepare_cached("UPDATE items SET unindexed = 0 WHERE key = ?")?.execute([key])?;
                }
                Ok(rows.is_empty())
            })?;
            if done {
                return Ok(());
            }
        }
    }
}

fn change_items(db: &Connection, thread: i64, change: &Change) -> Result<(), HistoryError> {
    match change {
        Change::PutThread(thread) => put(db, thread),
        Change::PutItem { rank, item } => put_item(db, thread, *rank, item),
        Change::RemoveItem(id) => remove_item(db, thread, id),
        Change::PutTurn { item, record } => turns::put(db, thread, item.as_ref(), record),
        Change::PutLegs(legs) => legs::put(db, thread, legs),
        Change::PutValue { name, value } => put_value(db, thread, name, value),
        Change::TruncateAfter { rank } => {
            db.prepare_cached("DELETE FROM items WHERE thread = ? AND rank > ?")?.execute((thread, rank))?;
            Ok(())
        }
    }
}

fn put_item(db: &Connection, thread: i64, rank: i64, item: &StoredItem) -> Result<(), HistoryError> {
    let mut statement = db.prepare_cached(
        "INSERT INTO items (thread, id, rank, stored, unindexed) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (thread, id) DO UPDATE SET rank = excluded.rank, stored = excluded.stored,
             unindexed = excluded.unindexed
         RETURNING key",
    )?;
    let stored = serde_json::to_string(item)?;
    // A text that still grows is written several times a second; it is indexed once, when it is whole.
    let grows = item.stage == ItemStage::Streaming;
    let values = (thread, item.item.id.as_str(), rank, stored, grows);
    let key: i64 = statement.query_row(values, |row| row.get(0))?;
    if grows { Ok(()) } else { index(db, key, &item.item) }
}

fn remove_item(db: &Connection, thread: i64, id: &ItemId) -> Result<(), HistoryError> {
    db.prepare_cached("DELETE FROM items WHERE thread = ? AND id = ?")?.execute((thread, id.as_str()))?;
    Ok(())
}

/// Puts the text of an item into the index, in the place of the one before.
fn index(db: &Connection, key: i64, item: &Item) -> Result<(), HistoryError> {
    let text = item.body.plain_text().filter(|text| !text.is_empty());
    let mut indexed = db.prepare_cached("SELECT text FROM texts WHERE rowid = ?")?;
    let indexed: Option<String> = indexed.query_row([key], |row| row.get(0)).optional()?;
    if indexed == text {
        return Ok(());
    }
    if indexed.is_some() {
        db.prepare_cached("DELETE FROM texts WHERE rowid = ?")?.execute([key])?;
    }
    if let Some(text) = text {
        db.prepare_cached("INSERT INTO texts (rowid, text) VALUES (?, ?)")?.execute((key, text))?;
    }
    Ok(())
}

/// An item as it was written. One that this version cannot read is kept as it is, as an unknown one: it must not make
/// the rest of its thread unreadable.
fn read_item(id: ItemId, stored: &str) -> StoredItem {
    serde_json::from_str(stored).unwrap_or_else(|_| {
        let value: Value = serde_json::from_str(stored).unwrap_or_else(|_| Value::from(stored));
        let kind = value.pointer("/item/body/kind").and_then(Value::as_str).map(str::to_owned);
        let fields = match value {
            Value::Object(fields) => fields,
            other => Extra::from_iter([("stored".to_owned(), other)]),
        };
        StoredItem { item: Item::unreadable(id, kind.as_deref(), fields), stage: ItemStage::Done }
    })
}

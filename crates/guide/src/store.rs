//! The Guide's threads and items in SQLite. Whatever is told to a client as stored has been committed before.

use std::{
    fs, io,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use model::FeedbackKind;
use rusqlite::{Connection, OptionalExtension, Params, Row, TransactionBehavior, params};

use crate::{
    failure::{GuideError, Refusal},
    request::{Order, PageRequest},
    wire::{Item, Page, Thread},
};

/// The version of the tables below, in the file's `user_version`.
const VERSION: i64 = 1;

const TABLES: &str = "
    CREATE TABLE threads (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        title TEXT,
        created_at TEXT NOT NULL
    );
    CREATE TABLE items (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        thread TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
        body TEXT NOT NULL
    );
    CREATE INDEX items_of_thread ON items (thread, seq);
    CREATE TABLE feedback (
        item TEXT NOT NULL REFERENCES items (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        at TEXT NOT NULL
    );
    PRAGMA user_version = 1;
";

/// A page of items in `threads.get_by_id` (section 3.7).
const FIRST_PAGE: PageRequest = PageRequest { limit: 20, order: Order::Asc, after: None };

/// The file of threads, shared by all requests.
#[derive(Clone)]
pub(crate) struct Store {
    db: Arc<Mutex<Connection>>,
}

impl Store {
    /// Opens the file; makes it, readable by its owner only, if it is missing.
    pub fn open(path: &Path) -> Result<Self, GuideError> {
        make_private(path).map_err(|source| GuideError::Folder { path: path.to_owned(), source })?;
        let data = |source| GuideError::Data { path: path.to_owned(), source };
        let mut db = Connection::open(path).map_err(data)?;
        db.busy_timeout(Duration::from_secs(5)).map_err(data)?;
        let found: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(data)?;
        if found > VERSION {
            return Err(GuideError::NewerVersion { path: path.to_owned(), found, known: VERSION });
        }
        db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;")
            .map_err(data)?;
        make_tables(&mut db).map_err(data)?;
        Ok(Self { db: Arc::new(Mutex::new(db)) })
    }

    /// A store without a file.
    pub fn in_memory() -> Result<Self, GuideError> {
        let mut db = Connection::open_in_memory().map_err(GuideError::Memory)?;
        make_tables(&mut db).map_err(GuideError::Memory)?;
        Ok(Self { db: Arc::new(Mutex::new(db)) })
    }

    /// Runs something on a thread that may wait for the disk, in one transaction.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Tables<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let db = Arc::clone(&self.db);
        let done = tokio::task::spawn_blocking(move || {
            let mut db = db.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let result = work(&Tables { db: &transaction })?;
            transaction.commit()?;
            Ok(result)
        });
        done.await.unwrap_or_else(|error| {
            let status = axum::http::StatusCode::INTERNAL_SERVER_ERROR;
            Err(Refusal::new(status, "internal", format!("The Guide could not finish this request: {error}.")))
        })
    }
}

/// The tables, inside one transaction.
pub(crate) struct Tables<'a> {
    db: &'a Connection,
}

impl Tables<'_> {
    /// The time as the protocol writes it: ISO 8601, here in UTC with its mark.
    pub fn now(&self) -> Result<String, Refusal> {
        Ok(self.db.query_row("SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now')", [], |row| row.get(0))?)
    }

    /// Stores a new thread.
    pub fn insert_thread(&self, thread: &Thread) -> Result<(), Refusal> {
        let sql = "INSERT INTO threads (id, title, created_at) VALUES (?1, ?2, ?3)";
        self.db.execute(sql, params![thread.id, thread.title, thread.created_at])?;
        Ok(())
    }

    /// A thread without its items.
    pub fn thread(&self, id: &str) -> Result<Thread, Refusal> {
        let sql = "SELECT id, title, created_at FROM threads WHERE id = ?1";
        self.db.query_row(sql, [id], thread_of_row).optional()?.ok_or_else(|| Refusal::not_found("thread", id))
    }

    /// A thread with its first items.
    pub fn thread_with_items(&self, id: &str) -> Result<Thread, Refusal> {
        let mut thread = self.thread(id)?;
        thread.items = self.items(id, &FIRST_PAGE)?;
        Ok(thread)
    }

    /// A page of threads, in the order in which they were made.
    pub fn threads(&self, page: &PageRequest) -> Result<Page<Thread>, Refusal> {
        let after = match &page.after {
            Some(id) => Some(self.place("SELECT seq FROM threads WHERE id = ?1", [id], "thread", id)?),
            None => None,
        };
        let (compare, order) = direction(page.order);
        let sql = format!(
            "SELECT id, title, created_at FROM threads WHERE ?1 IS NULL OR seq {compare} ?1 ORDER BY seq {order} LIMIT ?2"
        );
        let mut statement = self.db.prepare_cached(&sql)?;
        let rows = statement.query_map(params![after, i64::from(page.limit) + 1], thread_of_row)?;
        Ok(cut(rows.collect::<Result<_, _>>()?, page.limit, |thread| &thread.id))
    }

    /// A page of a thread's items.
    pub fn items(&self, thread: &str, page: &PageRequest) -> Result<Page<Item>, Refusal> {
        let after = match &page.after {
            Some(id) => {
                Some(self.place("SELECT seq FROM items WHERE id = ?1 AND thread = ?2", [id, thread], "item", id)?)
            }
            None => None,
        };
        let (compare, order) = direction(page.order);
        let sql = format!(
            "SELECT body FROM items WHERE thread = ?1 AND (?2 IS NULL OR seq {compare} ?2) ORDER BY seq {order} LIMIT ?3"
        );
        let mut statement = self.db.prepare_cached(&sql)?;
        let rows = statement.query_map(params![thread, after, i64::from(page.limit) + 1], item_of_row)?;
        Ok(cut(rows.collect::<Result<_, _>>()?, page.limit, |item| &item.id))
    }

    /// Stores an item at the end of its thread, or in its own place if it is there.
    pub fn put_item(&self, item: &Item) -> Result<(), Refusal> {
        let body = serde_json::to_string(item)
            .map_err(|error| Refusal::bad_request(format!("The item cannot be written as JSON: {error}.")))?;
        let sql = "INSERT INTO items (id, thread, body) VALUES (?1, ?2, ?3)
                   ON CONFLICT (id) DO UPDATE SET body = excluded.body";
        self.db.execute(sql, params![item.id, item.thread_id, body])?;
        Ok(())
    }

    /// An item of a thread.
    pub fn item(&self, thread: &str, item: &str) -> Result<Item, Refusal> {
        self.thread(thread)?;
        let sql = "SELECT body FROM items WHERE id = ?1 AND thread = ?2";
        let found = self.db.query_row(sql, [item, thread], item_of_row).optional()?;
        found.ok_or_else(|| Refusal::not_found("item", item))
    }

    /// What a user message asks; other items are refused (section 3.6).
    pub fn question(&self, thread: &str, item: &str) -> Result<String, Refusal> {
        self.item(thread, item)?
            .body
            .question()
            .ok_or_else(|| Refusal::bad_request("Only a user message can be answered again."))
    }

    /// Deletes what stands after an item.
    pub fn delete_after(&self, thread: &str, item: &str) -> Result<(), Refusal> {
        let sql = "DELETE FROM items WHERE thread = ?1 AND seq > (SELECT seq FROM items WHERE id = ?2 AND thread = ?1)";
        self.db.execute(sql, [thread, item])?;
        Ok(())
    }

    /// Sets a thread's title.
    pub fn set_title(&self, thread: &str, title: &str) -> Result<(), Refusal> {
        self.db.execute("UPDATE threads SET title = ?2 WHERE id = ?1", [thread, title])?;
        Ok(())
    }

    /// Deletes a thread and all that belongs to it.
    pub fn delete_thread(&self, thread: &str) -> Result<(), Refusal> {
        self.thread(thread)?;
        self.db.execute("DELETE FROM threads WHERE id = ?1", [thread])?;
        Ok(())
    }

    /// Stores praise or complaint.
    pub fn add_feedback(&self, thread: &str, items: &[String], kind: FeedbackKind) -> Result<(), Refusal> {
        self.thread(thread)?;
        let kind = match kind {
            FeedbackKind::Positive => "positive",
            FeedbackKind::Negative => "negative",
        };
        let at = self.now()?;
        for item in items {
            let sql =
                "INSERT INTO feedback (item, kind, at) SELECT id, ?3, ?4 FROM items WHERE id = ?1 AND thread = ?2";
            if self.db.execute(sql, [item.as_str(), thread, kind, &at])? == 0 {
                return Err(Refusal::not_found("item", item));
            }
        }
        Ok(())
    }

    /// Where the entry of a cursor stands.
    fn place(&self, sql: &str, params: impl Params, what: &str, id: &str) -> Result<i64, Refusal> {
        let found = self.db.query_row(sql, params, |row| row.get(0)).optional()?;
        found.ok_or_else(|| Refusal::not_found(what, id))
    }
}

/// Makes the file with nothing in it, so that SQLite gives its side files the same rights.
fn make_private(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path).map(drop)
}

/// Makes the tables in an empty file. Another process may be doing the same: the version is read again under the lock.
fn make_tables(db: &mut Connection) -> rusqlite::Result<()> {
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found == 0 {
        transaction.execute_batch(TABLES)?;
    }
    transaction.commit()
}

fn direction(order: Order) -> (&'static str, &'static str) {
    match order {
        Order::Asc => (">", "ASC"),
        Order::Desc => ("<", "DESC"),
    }
}

/// Makes a page of rows of which one more was read than belongs in it.
fn cut<T>(mut data: Vec<T>, limit: u32, id: impl Fn(&T) -> &String) -> Page<T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = data.len() > limit;
    data.truncate(limit);
    let after = if has_more { data.last().map(|entry| id(entry).clone()) } else { None };
    Page { data, has_more, after }
}

fn thread_of_row(row: &Row<'_>) -> rusqlite::Result<Thread> {
    Ok(Thread::new(row.get(0)?, row.get(1)?, row.get(2)?))
}

fn item_of_row(row: &Row<'_>) -> rusqlite::Result<Item> {
    let body: String = row.get(0)?;
    serde_json::from_str(&body)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_a_newer_version_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("guide.sqlite");
        Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 9").unwrap();
        let Err(error) = Store::open(&path) else { panic!("opened") };
        assert!(matches!(error, GuideError::NewerVersion { found: 9, known: 1, .. }), "{error}");
    }

    #[test]
    fn a_file_that_is_no_database_is_an_error_and_keeps_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("guide.sqlite");
        fs::write(&path, "this is not a database, it is a letter ".repeat(40)).unwrap();
        assert!(matches!(Store::open(&path), Err(GuideError::Data { .. })));
        assert!(fs::read_to_string(&path).unwrap().starts_with("this is not"));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_the_files() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/guide.sqlite");
        let _store = Store::open(&path).unwrap();
        let mut seen = 0;
        for entry in fs::read_dir(path.parent().unwrap()).unwrap() {
            let entry = entry.unwrap();
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.path());
            seen += 1;
        }
        assert!(seen >= 2, "the file and its log");
    }
}

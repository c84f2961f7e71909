//! Drafts, and what the person thought of answers.

use model::{Draft, FeedbackKind, ItemId, ThreadId};
use rusqlite::OptionalExtension;

use crate::{History, error::HistoryError, threads::key};

impl History {
    /// Keeps what was written and not sent, under a name; one with nothing in it removes it. A draft under a thread's id
    /// goes with the thread.
    ///
    /// # Errors
    ///
    /// Those of the disk.
    pub fn put_draft(&mut self, name: &str, draft: &Draft) -> Result<(), HistoryError> {
        let Draft { text, beside } = draft;
        let beside = if beside.is_empty() { None } else { Some(serde_json::to_string(beside)?) };
        self.write(|db| {
            if draft.is_empty() {
                db.prepare_cached("DELETE FROM drafts WHERE name = ?")?.execute([name])?;
                return Ok(());
            }
            let sql = "REPLACE INTO drafts (name, text, beside) VALUES (?, ?, ?)";
            db.prepare_cached(sql)?.execute((name, text, beside))?;
            Ok(())
        })
    }

    /// What was written and not sent. What stands beside the words is left out where this version cannot read it.
    ///
    /// # Errors
    ///
    /// Those of the disk.
    pub fn draft(&self, name: &str) -> Result<Option<Draft>, HistoryError> {
        let sql = "SELECT text, beside FROM drafts WHERE name = ?";
        let kept: Option<(String, Option<String>)> = self.read(|db| {
            Ok(db.prepare_cached(sql)?.query_row([name], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
        })?;
        let known = |beside: Option<String>| serde_json::from_str(&beside?).ok();
        Ok(kept.map(|(text, beside)| Draft { text, beside: known(beside).unwrap_or_default() }))
    }

    /// Keeps what the person thought of an answer: the server does not say it again (section 3.12).
    ///
    /// # Errors
    ///
    /// Those of the disk. Nothing is written of a thread that is not here.
    pub fn put_feedback(&mut self, thread: &ThreadId, item: &ItemId, kind: FeedbackKind) -> Result<(), HistoryError> {
        let kind = serde_json::to_string(&kind)?;
        self.write(|db| {
            let Some(thread) = key(db, thread)? else { return Ok(()) };
            let sql = "REPLACE INTO feedback (thread, item, kind) VALUES (?, ?, ?)";
            db.prepare_cached(sql)?.execute((thread, item.as_str(), kind))?;
            Ok(())
        })
    }

    /// What the person thought of a thread's answers. A kind that this version does not know is left out.
    ///
    /// # Errors
    ///
    /// Those of the disk. A thread that is not here has none.
    pub fn feedback(&self, thread: &ThreadId) -> Result<Vec<(ItemId, FeedbackKind)>, HistoryError> {
        let sql = "SELECT item, kind FROM feedback WHERE thread = (SELECT key FROM threads WHERE id = ?) ORDER BY item";
        let read: Vec<(String, String)> = self.read(|db| {
            let mut statement = db.prepare_cached(sql)?;
            let rows = statement.query_map([thread.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })?;
        let known = |(item, kind): (String, String)| Some((ItemId::new(item), serde_json::from_str(&kind).ok()?));
        Ok(read.into_iter().filter_map(known).collect())
    }
}

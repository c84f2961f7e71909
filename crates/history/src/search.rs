//! Search over titles and texts.

use model::Thread;
use rusqlite::Connection;

use crate::{
    History,
    error::HistoryError,
    threads::{COLUMN_COUNT, COLUMNS, thread},
};

/// How many characters an excerpt shows before the place that was found, at most.
const BEFORE: usize = 40;

/// How many characters it shows from there on, at most.
const AFTER: usize = 120;

/// What the index puts around a place that was found. In no text that anybody reads.
const MARKS: [char; 2] = ['\u{1}', '\u{2}'];

/// How many words of a query count. What is longer was pasted by mistake.
const QUERY_WORDS: usize = 16;

/// A thread in which something was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The thread.
    pub thread: Thread,
    /// The place in its newest message that holds the words, in one line; none if they were found in the title.
    pub excerpt: Option<String>,
}

impl History {
    /// The threads whose title, or one of whose messages, holds every word of a query, each thread once: those found by
    /// title first, the latest first within each. A word of the query may be the beginning of a word; case and accents
    /// don't matter. Threads that are marked as deleted are not found, and neither is an answer while it streams.
    ///
    /// # Errors
    ///
    /// Those of the disk; never because of what the query says.
    pub fn search(&self, query: &str, limit: usize) -> Result<Vec<Hit>, HistoryError> {
        let Some(query) = quoted(query) else { return Ok(Vec::new()) };
        self.read(|db| {
            let mut hits = by_title(db, &query, limit)?;
            for (thread, item) in by_text(db, &query, limit)? {
                if hits.len() >= limit {
                    break;
                }
                if hits.iter().all(|hit| hit.thread.id != thread.id) {
                    hits.push(Hit { thread, excerpt: Some(excerpt(db, &query, item)?) });
                }
            }
            Ok(hits)
        })
    }
}

fn by_title(db: &Connection, query: &str, limit: usize) -> Result<Vec<Hit>, HistoryError> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM titles JOIN threads ON threads.key = titles.rowid
         WHERE titles MATCH ? AND threads.deleted_at IS NULL
         ORDER BY threads.updated_at DESC, threads.key DESC LIMIT ?"
    ))?;
    let rows = statement.query_map((query, rows(limit)), |row| Ok(Hit { thread: thread(row)?, excerpt: None }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The threads with a message that was found, each with the key of the newest such message.
fn by_text(db: &Connection, query: &str, limit: usize) -> Result<Vec<(Thread, i64)>, HistoryError> {
    // Beside max(), a bare column has its value in the row of the maximum.
    let mut statement = db.prepare_cached(&format!(
        "SELECT {COLUMNS}, items.key, max(items.rank) FROM texts
         JOIN items ON items.key = texts.rowid JOIN threads ON threads.key = items.thread
         WHERE texts MATCH ? AND threads.deleted_at IS NULL
         GROUP BY threads.key ORDER BY threads.updated_at DESC, threads.key DESC LIMIT ?"
    ))?;
    // Every thread that was found by title may be found by text as well.
    let limit = rows(limit.saturating_mul(2));
    let rows = statement.query_map((query, limit), |row| Ok((thread(row)?, row.get(COLUMN_COUNT)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The first place of a text that was found. FTS5's own `snippet` weighs all places against each other, which takes
/// seconds in a long text that holds a word often.
fn excerpt(db: &Connection, query: &str, item: i64) -> Result<String, HistoryError> {
    let sql = "SELECT highlight(texts, 0, ?3, ?4) FROM texts WHERE texts MATCH ?1 AND rowid = ?2";
    let [begin, end] = MARKS.map(String::from);
    let text: String = db.prepare_cached(sql)?.query_row((query, item, begin, end), |row| row.get(0))?;
    Ok(around_mark(&text))
}

/// The surroundings of the first mark in a text, in one line and without marks, cut between words if there are any.
fn around_mark(text: &str) -> String {
    let (before, after) = text.split_once(MARKS[0]).unwrap_or(("", text));
    let after = after.replace(MARKS, "");
    let start = before.char_indices().rev().nth(BEFORE).map(|(at, _)| at);
    let end = after.char_indices().nth(AFTER).map(|(at, _)| at);
    let before = match start {
        Some(start) => before[start..].split_once(char::is_whitespace).map_or(&before[start..], |(_, words)| words),
        None => before,
    };
    let after = match end {
        Some(end) => after[..end].rsplit_once(char::is_whitespace).map_or(&after[..end], |(words, _)| words),
        None => &after,
    };
    let shown = format!("{before}{after}");
    let line = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{}{line}{}", start.map_or("", |_| "…"), end.map_or("", |_| "…"))
}

fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// A query in FTS5's syntax in which nothing of the person's is syntax: every word is quoted, and a prefix.
fn quoted(query: &str) -> Option<String> {
    // SQLite ends strings at NUL; other control characters are no part of words either.
    let words: Vec<_> = query
        .split(|character: char| character.is_whitespace() || character.is_control())
        .filter(|word| !word.is_empty())
        .take(QUERY_WORDS)
        .map(|word| format!("\"{}\"*", word.replace('"', "\"\"")))
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_short_and_cut_between_words() {
        assert_eq!(around_mark("one \u{1}two\u{2}\n\nthree"), "one two three");
        let long = format!("{}\u{1}found\u{2} {}", "before ".repeat(50), "after ".repeat(50));
        let excerpt = around_mark(&long);
        assert!(excerpt.starts_with("…before before") && excerpt.ends_with("after after…"), "{excerpt}");
        assert!(excerpt.contains(" found ") && excerpt.chars().count() <= BEFORE + AFTER + 4, "{excerpt}");
        let unbroken = format!("{}\u{1}字{}", "字".repeat(300), "字".repeat(300));
        assert_eq!(around_mark(&unbroken).chars().count(), BEFORE + 1 + AFTER + 2);
    }
}

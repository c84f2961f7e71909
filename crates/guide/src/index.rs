//! Finding the sections that fit a question: full-text search by SQLite, and a measure of how much of the question a
//! section covers, so that a question about something else is not answered with whatever shares a word with it.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError},
};

use rusqlite::Connection;

use crate::manual::{self, Section};

/// No more of a question is read than this many characters; nobody asks more in one breath.
const QUESTION_LIMIT: usize = 4_000;

/// No more different words of a question are searched for.
const WORDS_LIMIT: usize = 24;

/// From this length on, a word also finds longer words that begin with it.
const PREFIX_LENGTH: usize = 5;

/// A section must cover this share of a question, weighed by how rare its words are, to be an answer at all.
const COVERAGE_FLOOR: f64 = 0.35;

/// Words that say nothing about what is asked. The name of the program is one: it stands everywhere.
const STOP_WORDS: &str = "a about after again all also am an and any anyhow are as at be because been but by c can \
    could d did do does doing don e each either else ever every f for from g get gets getting go goes good got had has have \
    having he her here him his how i if in into is isn it its itself j just kittiwake l let like ll m make makes many \
    may maybe me mean means might mine more most much must my need needs no not now o of off ok okay on one only onto or \
    other our out over p please possible q r re really s say see shall she should show so some somehow something still \
    such t tell than that the their them then there these they thing things this those to too u up us use used using v \
    very w want was way we were what when where whether which while who whom whose why will with within won would x y \
    yes you your yours z";

/// A section that fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Hit {
    /// Its place in [`Index::sections`].
    pub section: usize,
    /// How well it fits; only to be compared with other hits of the same question.
    pub score: f64,
    /// Which share of the question it covers, from 0 to 1.
    pub coverage: f64,
}

/// The manual, ready to be searched.
pub(crate) struct Index {
    sections: Vec<Section>,
    db: Mutex<Connection>,
}

impl Index {
    /// Indexes the manual, in memory.
    pub fn of_manual() -> rusqlite::Result<Self> {
        let sections = manual::sections();
        let db = Connection::open_in_memory()?;
        db.execute_batch(
            "CREATE VIRTUAL TABLE sections USING fts5 (heading, page, also, ask, body, tokenize = 'porter unicode61')",
        )?;
        for (place, section) in (0_i64..).zip(&sections) {
            db.execute(
                "INSERT INTO sections (rowid, heading, page, also, ask, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                (place, section.heading, section.page, section.also, section.ask, &section.body),
            )?;
        }
        Ok(Self { sections, db: Mutex::new(db) })
    }

    /// All sections, in reading order.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// The sections that fit a question, best first; none if nothing does.
    pub fn search(&self, words: &[String]) -> rusqlite::Result<Vec<Hit>> {
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        let coverage = self.coverage(&db, words)?;
        let query = words.iter().map(|word| term(word)).collect::<Vec<_>>().join(" OR ");
        let mut statement = db.prepare_cached(
            "SELECT rowid, -bm25(sections, 6.0, 2.0, 4.0, 4.0, 1.0) FROM sections WHERE sections MATCH ?1",
        )?;
        let rows = statement.query_map([query], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, f64>(1)?)))?;
        let mut hits = Vec::new();
        for row in rows {
            let (rowid, rank) = row?;
            let coverage = coverage.get(&rowid).copied().unwrap_or_default();
            if let (true, Ok(section)) = (coverage >= COVERAGE_FLOOR, usize::try_from(rowid)) {
                hits.push(Hit { section, score: rank * coverage, coverage });
            }
        }
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.section.cmp(&b.section)));
        Ok(hits)
    }

    /// Which share of the words each section has, a rare word counting more than a common one. A word that is nowhere
    /// in the manual counts most: it is what the question is about, and not covered.
    fn coverage(&self, db: &Connection, words: &[String]) -> rusqlite::Result<HashMap<i64, f64>> {
        let mut statement = db.prepare_cached("SELECT rowid FROM sections WHERE sections MATCH ?1")?;
        let mut covered: HashMap<i64, f64> = HashMap::new();
        let mut total = 0.0;
        for word in words {
            let rows: Vec<i64> = statement.query_map([term(word)], |row| row.get(0))?.collect::<Result<_, _>>()?;
            let weight = rarity(rows.len(), self.sections.len());
            total += weight;
            for rowid in rows {
                *covered.entry(rowid).or_default() += weight;
            }
        }
        Ok(covered.into_iter().map(|(rowid, weight)| (rowid, weight / total)).collect())
    }
}

/// How much a word says when `found` of `all` sections have it; never nothing.
#[expect(clippy::cast_precision_loss, reason = "there are fewer sections than a float has digits")]
fn rarity(found: usize, all: usize) -> f64 {
    ((all as f64 + 1.0) / (found as f64 + 0.5)).ln().max(0.1)
}

/// A word as a term of the full-text query. Words hold letters and digits only, so nothing in them can be syntax.
fn term(word: &str) -> String {
    let prefix = if word.chars().count() >= PREFIX_LENGTH { "*" } else { "" };
    format!("\"{word}\"{prefix}")
}

/// The words of a question that say what it is about, in lower case, each once.
pub(crate) fn meaningful_words(question: &str) -> Vec<String> {
    let stop: HashSet<&str> = STOP_WORDS.split_whitespace().collect();
    let text: String = question.chars().take(QUESTION_LIMIT).collect();
    let mut seen = HashSet::new();
    text.split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| {
            !word.is_empty() && word.len() <= 64 && !stop.contains(word.as_str()) && seen.insert(word.clone())
        })
        .take(WORDS_LIMIT)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_reduced_to_its_words() {
        assert_eq!(meaningful_words("How do I STOP an answer? Stop!"), ["stop", "answer"]);
        assert_eq!(meaningful_words("what's Ctrl+K for"), ["ctrl", "k"]);
        assert!(meaningful_words("Who are you?").is_empty());
        assert!(meaningful_words("?!\u{0}\u{7}\n\u{202e}").is_empty());
        assert_eq!(meaningful_words(&"word ".repeat(300_000)), ["word"]);
    }

    #[test]
    fn nothing_in_a_question_is_syntax_of_the_search() {
        let index = Index::of_manual().unwrap();
        for hostile in [
            "\"",
            "'",
            "* OR *",
            "NEAR(stop answer, 2)",
            "heading: stop",
            "^stop",
            "stop AND NOT answer",
            "-stop",
            "{a b}: c",
            "answer\u{0}stop",
            "a*b\"c\"*",
            "((((",
            "é ü 漢字 😀",
            "%_%",
            "; DROP TABLE sections; --",
        ] {
            index.search(&meaningful_words(hostile)).unwrap();
        }
        assert!(!index.search(&meaningful_words("how do I stop an answer")).unwrap().is_empty());
    }

    #[test]
    fn a_question_about_something_else_finds_nothing() {
        let index = Index::of_manual().unwrap();
        for elsewhere in [
            "What is the weather in Lisbon today?",
            "Write a poem about the sea",
            "Who won the world cup in 1998?",
            "How do I cook rice?",
            "Translate good morning to French",
            "What is 17 times 23?",
        ] {
            let hits = index.search(&meaningful_words(elsewhere)).unwrap();
            let found: Vec<_> = hits.iter().map(|hit| (index.sections()[hit.section].heading, hit.coverage)).collect();
            assert!(found.is_empty(), "{elsewhere}: {found:?}");
        }
    }
}

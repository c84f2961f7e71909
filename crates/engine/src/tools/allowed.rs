//! `tools.json`: which tools connections may use without asking each time.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::Path,
};

use model::{ConnectionId, Failure};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{kept::Kept, settings::SettingsFile};

/// What the file is called.
const FILE: &str = "tools.json";

/// And in messages.
const WHAT: &str = "permissions of tools";

/// The version of the file's layout that this program writes.
const VERSION: u64 = 1;

/// What stands in the file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Content {
    allowed: BTreeMap<ConnectionId, BTreeSet<String>>,
}

/// What was allowed for good, and its file.
pub struct Allowed {
    kept: Kept,
    content: Content,
}

impl Allowed {
    /// Reads the file in `dir`. What went wrong, if anything did, is said beside it.
    pub fn open(dir: &Path, file: Box<dyn SettingsFile>) -> (Self, Vec<Failure>) {
        let judge = |content: &Map<String, Value>| parse(content).map(|_| ());
        let (kept, problems) = Kept::open(WHAT, dir.join(FILE), file, VERSION, judge);
        let content = parse(kept.content()).unwrap_or_default();
        (Self { kept, content }, problems)
    }

    /// Whether a connection may use a tool unasked.
    pub fn has(&self, connection: &ConnectionId, tool: &str) -> bool {
        self.content.allowed.get(connection).is_some_and(|tools| tools.contains(tool))
    }

    /// All that one may.
    pub fn of(&self, connection: &ConnectionId) -> Vec<String> {
        self.content.allowed.get(connection).into_iter().flatten().cloned().collect()
    }

    /// From now on it may.
    ///
    /// # Errors
    ///
    /// If that could not be written; then it is as before.
    pub fn allow(&mut self, connection: &ConnectionId, tool: &str) -> Result<(), Failure> {
        self.change(|allowed| {
            allowed.entry(connection.clone()).or_default().insert(tool.to_owned());
        })
    }

    /// The person is asked again.
    ///
    /// # Errors
    ///
    /// As [`Allowed::allow`].
    pub fn forget(&mut self, connection: &ConnectionId, tool: &str) -> Result<(), Failure> {
        self.change(|allowed| {
            if let Some(tools) = allowed.get_mut(connection) {
                tools.remove(tool);
            }
            allowed.retain(|_, tools| !tools.is_empty());
        })
    }

    /// The connection is gone.
    ///
    /// # Errors
    ///
    /// As [`Allowed::allow`].
    pub fn forget_all(&mut self, connection: &ConnectionId) -> Result<(), Failure> {
        self.change(|allowed| drop(allowed.remove(connection)))
    }

    fn change(&mut self, change: impl FnOnce(&mut BTreeMap<ConnectionId, BTreeSet<String>>)) -> Result<(), Failure> {
        let mut content = self.content.clone();
        change(&mut content.allowed);
        if content == self.content {
            return Ok(());
        }
        if let Ok(Value::Object(fields)) = serde_json::to_value(&content) {
            self.kept.put(fields)?;
        }
        self.content = content;
        Ok(())
    }
}

fn parse(content: &Map<String, Value>) -> io::Result<Content> {
    Ok(serde_json::from_value(Value::Object(content.clone()))?)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::settings::PlainFile;

    fn open(dir: &Path) -> Allowed {
        Allowed::open(dir, Box::new(PlainFile)).0
    }

    #[test]
    fn what_was_allowed_holds_for_one_tool_of_one_connection_until_it_is_taken_back() {
        let dir = tempfile::tempdir().unwrap();
        let (one, other) = ("one".into(), "other".into());
        let mut allowed = open(dir.path());
        allowed.allow(&one, "open_link").unwrap();
        allowed.allow(&one, "notify").unwrap();
        let mut allowed = open(dir.path());
        assert!(allowed.has(&one, "open_link") && !allowed.has(&other, "open_link") && !allowed.has(&one, "copy_text"));
        allowed.forget(&one, "open_link").unwrap();
        assert_eq!(open(dir.path()).of(&one), ["notify"]);
        allowed.forget_all(&one).unwrap();
        assert!(open(dir.path()).of(&one).is_empty());
    }

    #[test]
    fn a_damaged_file_allows_nothing_that_the_last_good_copy_does_not() {
        let dir = tempfile::tempdir().unwrap();
        open(dir.path()).allow(&"one".into(), "notify").unwrap();
        fs::write(dir.path().join(FILE), r#"{"allowed": "all"}"#).unwrap();
        let (allowed, problems) = Allowed::open(dir.path(), Box::new(PlainFile));
        assert_eq!((allowed.of(&"one".into()), problems.len()), (vec!["notify".to_owned()], 1));
    }
}

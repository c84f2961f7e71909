//! `models.json`: what the person says of models, what they have chosen, and what servers listed when they were last asked.

use std::{collections::BTreeMap, io, path::Path};

use model::{ConnectionId, Failure, Listed, ModelRef, Profile};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::{
    kept::{Kept, unreadable, version},
    settings::{PlainFile, SettingsFile},
};

/// What the file is called.
const FILE: &str = "models.json";

/// And in messages.
const WHAT: &str = "models";

/// The version of the file's layout that this program writes.
const VERSION: u64 = 1;

/// How many models that a server has no more are remembered.
const REMEMBERED: usize = 500;

/// What stands in the file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Book {
    /// The person's entries: of each its name, and what they say otherwise than everybody else.
    pub models: Vec<Map<String, Value>>,
    /// What the next conversation with a connection begins with.
    pub chosen: Vec<ModelRef>,
    /// What servers list.
    pub published: BTreeMap<ConnectionId, List>,
    /// What servers publish of how their conversations look.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub profiles: BTreeMap<ConnectionId, Options>,
}

/// The options that a server published when it was last asked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// Where they stood.
    pub address: String,
    /// What they were, as far as they can be used.
    #[serde(deserialize_with = "understood")]
    pub options: Profile,
}

/// Options that a newer version wrote are asked for again; they are no reason to lose the file.
fn understood<'de, D: Deserializer<'de>>(from: D) -> Result<Profile, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(from)?).unwrap_or_default())
}

/// What a server listed when it was last asked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct List {
    /// When, in milliseconds since 1970 UTC.
    pub read_at: i64,
    /// Its models, in its order.
    pub models: Vec<Listed>,
    /// Those that it listed before, and does no more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Listed>,
}

/// What the person says of models, as their file in a data folder has it. It is only looked at.
///
/// # Errors
///
/// If it cannot be read.
pub fn said_by_person(data_dir: &Path) -> Result<Vec<Map<String, Value>>, Failure> {
    let path = data_dir.join(FILE);
    let content = PlainFile.load(&path).map_err(|error| unreadable(WHAT, &path, &error))?;
    Ok(serde_json::from_value::<Book>(Value::Object(content)).unwrap_or_default().models)
}

impl List {
    /// The server was asked again.
    pub fn read(&self, models: Vec<Listed>, at: i64) -> Self {
        let there: std::collections::HashSet<&str> = models.iter().map(|model| model.id.as_str()).collect();
        let before = self.models.iter().chain(&self.gone);
        let gone = before.filter(|model| !there.contains(model.id.as_str())).take(REMEMBERED).cloned().collect();
        Self { read_at: at, gone, models }
    }
}

impl Book {
    /// What the person says of a model.
    pub fn entry(&self, name: &ModelRef) -> Option<&Map<String, Value>> {
        self.models.iter().find(|entry| is(entry, name))
    }

    /// Has the person say something of a model; nothing takes it out.
    pub fn put(&mut self, name: &ModelRef, entry: Option<Map<String, Value>>) {
        let place = self.models.iter().position(|known| is(known, name));
        match (place, entry) {
            (Some(place), Some(entry)) => self.models[place] = entry,
            (Some(place), None) => drop(self.models.remove(place)),
            (None, Some(entry)) => self.models.push(entry),
            (None, None) => {}
        }
    }

    /// What was chosen for a connection or a route.
    pub fn chosen(&self, connection: &ConnectionId) -> Option<&ModelRef> {
        self.chosen.iter().find(|chosen| &chosen.connection == connection)
    }

    /// Chooses; nothing leaves it to the connection.
    pub fn choose(&mut self, connection: &ConnectionId, id: Option<String>) {
        self.chosen.retain(|chosen| &chosen.connection != connection);
        self.chosen.extend(id.map(|id| ModelRef { connection: connection.clone(), id }));
    }

    /// Forgets all about a connection.
    pub fn forget(&mut self, connection: &ConnectionId) {
        self.models.retain(|entry| entry.get("connection").and_then(Value::as_str) != Some(connection.as_str()));
        self.choose(connection, None);
        self.published.remove(connection);
        self.profiles.remove(connection);
    }
}

fn is(entry: &Map<String, Value>, name: &ModelRef) -> bool {
    let text = |key: &str| entry.get(key).and_then(Value::as_str);
    text("connection") == Some(name.connection.as_str()) && text("id") == Some(name.id.as_str())
}

/// The book and its file.
pub struct Keeper {
    kept: Kept,
    book: Book,
}

impl Keeper {
    /// Reads the file in `dir`. What went wrong, if anything did, is said beside it.
    pub fn open(dir: &Path, file: Box<dyn SettingsFile>) -> (Self, Vec<Failure>) {
        let judge = |content: &Map<String, Value>| parse(content).map(|_| ());
        let (kept, problems) = Kept::open(WHAT, dir.join(FILE), file, VERSION, judge);
        let book = parse(kept.content()).unwrap_or_default();
        (Self { kept, book }, problems)
    }

    /// What stands in it.
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// Changes it and writes it, if that changes anything.
    ///
    /// # Errors
    ///
    /// If it could not be written; then it is as before.
    pub fn change(&mut self, change: impl FnOnce(&mut Book)) -> Result<(), Failure> {
        let mut book = self.book.clone();
        change(&mut book);
        if book == self.book {
            return Ok(());
        }
        if let Ok(Value::Object(fields)) = serde_json::to_value(&book) {
            self.kept.put(fields)?;
        }
        self.book = book;
        Ok(())
    }
}

fn parse(content: &Map<String, Value>) -> io::Result<Book> {
    let mut content = content.clone();
    if version(&content).is_some_and(|version| version > VERSION) {
        content.retain(|key, value| {
            let one = Map::from_iter([(key.clone(), value.clone())]);
            serde_json::from_value::<Book>(Value::Object(one)).is_ok()
        });
    }
    Ok(serde_json::from_value(Value::Object(content))?)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use model::FailureCode;

    use super::*;
    use crate::settings::PlainFile;

    fn open(dir: &Path) -> (Keeper, Vec<Failure>) {
        Keeper::open(dir, Box::new(PlainFile))
    }

    #[test]
    fn what_was_chosen_is_there_the_next_time_and_what_is_unknown_stays() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("models.json");
        fs::write(&file, r#"{"later": {"a": 1}, "models": [{"connection": "c", "id": "m", "shiny": true}]}"#).unwrap();
        open(dir.path()).0.change(|book| book.choose(&"c".into(), Some("m".into()))).unwrap();
        let (keeper, problems) = open(dir.path());
        assert_eq!(keeper.book().chosen(&"c".into()).unwrap().id, "m");
        assert!(problems.is_empty());
        let content: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        assert_eq!((&content["later"]["a"], &content["models"][0]["shiny"]), (&Value::from(1), &Value::from(true)));
    }

    #[test]
    fn a_damaged_file_is_set_aside_and_the_last_good_copy_used() {
        let dir = tempfile::tempdir().unwrap();
        open(dir.path()).0.change(|book| book.choose(&"c".into(), Some("m".into()))).unwrap();
        fs::write(dir.path().join("models.json"), "{\"chosen\": 7}").unwrap();
        let (keeper, problems) = open(dir.path());
        assert_eq!(keeper.book().chosen.len(), 1);
        assert_eq!(problems[0].code, FailureCode::DataDamaged);
        assert!(problems[0].message.starts_with("The models could not be read"), "{}", problems[0]);
        assert!(dir.path().join("models.damaged-1.json").exists());
    }

    #[test]
    fn options_that_are_not_understood_are_no_reason_to_lose_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let newer = r#"{"chosen": [{"connection": "c", "id": "m"}],
            "profiles": {"c": {"address": "https://a.example/", "options": {"theme": {"radius": "wobbly"}}}}}"#;
        fs::write(dir.path().join("models.json"), newer).unwrap();
        let (keeper, problems) = open(dir.path());
        assert!(problems.is_empty() && keeper.book().chosen.len() == 1);
        assert_eq!(keeper.book().profiles[&"c".into()].options, Profile::default());
    }

    #[test]
    fn a_file_of_a_newer_version_is_read_and_never_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let newer = r#"{"version": 9, "chosen": [{"connection": "c", "id": "m"}], "published": 7}"#;
        fs::write(dir.path().join("models.json"), newer).unwrap();
        let (mut keeper, problems) = open(dir.path());
        assert!(problems.is_empty() && keeper.book().chosen.len() == 1);
        let error = keeper.change(|book| book.choose(&"c".into(), None)).unwrap_err();
        assert_eq!(error.code, FailureCode::NewerVersion);
        assert_eq!(fs::read_to_string(dir.path().join("models.json")).unwrap(), newer);
    }

    #[test]
    fn what_a_server_lists_no_more_is_remembered_until_it_lists_it_again() {
        let models = |ids: &[&str]| ids.iter().map(|id| Listed::new(*id)).collect::<Vec<_>>();
        let first = List::default().read(models(&["a", "b"]), 1);
        let second = first.read(models(&["b", "c"]), 2);
        assert_eq!((second.gone.clone(), second.read_at), (models(&["a"]), 2));
        assert_eq!(second.read(models(&["a", "c"]), 3).gone, models(&["b"]));
    }
}

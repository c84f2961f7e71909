//! The settings file: read, kept, and never lost.
//!
//! The host brings the store that reads and writes it, because the desktop's is a plugin of its window system. That
//! store may be cut in the middle of a write, so a last good copy stands beside it, written atomically; a file that
//! cannot be read is set aside under another name, and said.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use model::{Connection, Failure, Settings};
use serde_json::{Map, Value};
use uuid::Uuid;

pub(crate) use crate::kept::replace;
use crate::kept::{last_good, newer, set_aside, unreadable, unwritable, version};

/// The version of the file's layout that this program writes.
const VERSION: u64 = 1;

/// What the file is called in messages.
const WHAT: &str = "settings";

/// Reads and writes one JSON object.
pub trait SettingsFile: Send + Sync {
    /// The object; empty if there is no file.
    ///
    /// # Errors
    ///
    /// If the file is there and cannot be read as an object.
    fn load(&self, path: &Path) -> io::Result<Map<String, Value>>;

    /// Writes the object.
    ///
    /// # Errors
    ///
    /// If it is not on disk afterwards.
    fn save(&self, path: &Path, content: &Map<String, Value>) -> io::Result<()>;
}

/// The settings file as a plain file, replaced atomically. What the terminal host uses.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainFile;

impl SettingsFile for PlainFile {
    fn load(&self, path: &Path) -> io::Result<Map<String, Value>> {
        match fs::read(path) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Map::new()),
            Err(error) => Err(error),
        }
    }

    fn save(&self, path: &Path, content: &Map<String, Value>) -> io::Result<()> {
        replace(path, &serde_json::to_vec_pretty(content)?)
    }
}

/// The settings in memory and their file.
pub struct SettingsKeeper {
    path: PathBuf,
    file: Box<dyn SettingsFile>,
    /// Everything in the file, so that what this version does not know is written back.
    content: Map<String, Value>,
    settings: Settings,
}

impl SettingsKeeper {
    /// Reads the file in `dir`. What went wrong, if anything did, is said beside the settings, which are then those of
    /// the last good copy, or the defaults.
    pub fn open(dir: &Path, file: Box<dyn SettingsFile>) -> (Self, Vec<Failure>) {
        let path = dir.join("settings.json");
        let mut problems = Vec::new();
        if let Err(error) = PlainFile.load(&path).and_then(|content| parse(&content)) {
            problems.push(set_aside(WHAT, &path, &error, |content| parse(content).map(|_| ())));
        }
        let content = file.load(&path).unwrap_or_else(|error| {
            problems.push(unreadable(WHAT, &path, &error));
            Map::new()
        });
        let settings = parse(&content).unwrap_or_default();
        (Self { path, file, content, settings }, problems)
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What this installation calls itself to session endpoints: made up once, and tied to nothing else. One that could
    /// not be written lasts for this run.
    pub fn device(&mut self) -> String {
        if self.settings.device.is_empty() {
            let device = format!("kittiwake-{}", Uuid::new_v4().simple());
            if self.change(|settings| settings.device.clone_from(&device)).is_err() {
                self.settings.device = device;
            }
        }
        self.settings.device.clone()
    }

    /// Changes the settings and writes them.
    ///
    /// # Errors
    ///
    /// If they could not be written; then they are as before. A file of a newer version is never written over.
    pub fn change(&mut self, change: impl FnOnce(&mut Settings)) -> Result<(), Failure> {
        if version(&self.content).is_some_and(|version| version > VERSION) {
            return Err(newer(WHAT));
        }
        let mut settings = self.settings.clone();
        change(&mut settings);
        let mut content = self.content.clone();
        content.insert("version".into(), VERSION.into());
        if let Ok(Value::Object(fields)) = serde_json::to_value(&settings) {
            content.extend(fields);
        }
        self.file
            .save(&self.path, &content)
            .and_then(|()| PlainFile.save(&last_good(&self.path), &content))
            .map_err(|error| unwritable(WHAT, &self.path, &error))?;
        self.settings = settings;
        self.content = content;
        Ok(())
    }
}

fn parse(content: &Map<String, Value>) -> io::Result<Settings> {
    let mut content = content.clone();
    if version(&content).is_some_and(|version| version > VERSION) {
        // A newer version may know kinds of connections that this one does not: the others still work.
        if let Some(Value::Array(connections)) = content.get_mut("connections") {
            connections.retain(|connection| serde_json::from_value::<Connection>(connection.clone()).is_ok());
        }
        content.retain(|key, value| {
            let one = Map::from_iter([(key.clone(), value.clone())]);
            serde_json::from_value::<Settings>(Value::Object(one)).is_ok()
        });
    }
    Ok(serde_json::from_value(Value::Object(content))?)
}

#[cfg(test)]
mod tests {
    use model::{FailureCode, Theme};

    use super::*;

    fn open(dir: &Path) -> (SettingsKeeper, Vec<Failure>) {
        SettingsKeeper::open(dir, Box::new(PlainFile))
    }

    #[test]
    fn what_is_changed_is_there_the_next_time() {
        let dir = tempfile::tempdir().unwrap();
        open(dir.path()).0.change(|settings| settings.appearance.theme = Theme::Dark).unwrap();
        let (keeper, problems) = open(dir.path());
        assert_eq!(keeper.settings().appearance.theme, Theme::Dark);
        assert!(problems.is_empty());
    }

    #[test]
    fn a_damaged_file_is_kept_and_the_last_good_copy_used() {
        let dir = tempfile::tempdir().unwrap();
        open(dir.path()).0.change(|settings| settings.appearance.theme = Theme::Dark).unwrap();
        fs::write(dir.path().join("settings.json"), "{\"appearance\":").unwrap();
        let (keeper, problems) = open(dir.path());
        assert_eq!(keeper.settings().appearance.theme, Theme::Dark);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].code, FailureCode::DataDamaged);
        assert_eq!(fs::read_to_string(dir.path().join("settings.damaged-1.json")).unwrap(), "{\"appearance\":");
    }

    #[test]
    fn fields_of_another_version_are_written_back() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("settings.json"), r#"{"later":{"a":1}}"#).unwrap();
        open(dir.path()).0.change(|settings| settings.appearance.theme = Theme::Light).unwrap();
        let text = fs::read_to_string(dir.path().join("settings.json")).unwrap();
        let content: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(content["later"]["a"], 1);
        assert_eq!(content["appearance"]["theme"], "light");
    }

    #[test]
    fn a_file_of_a_newer_version_is_read_and_never_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let newer = r#"{"version":9,"appearance":{"theme":"dark"},"connections":[{"kind":"hologram"}]}"#;
        fs::write(dir.path().join("settings.json"), newer).unwrap();
        let (mut keeper, _) = open(dir.path());
        assert_eq!(keeper.settings().appearance.theme, Theme::Dark);
        let error = keeper.change(|settings| settings.appearance.theme = Theme::Light).unwrap_err();
        assert_eq!(error.code, FailureCode::NewerVersion);
        assert_eq!(fs::read_to_string(dir.path().join("settings.json")).unwrap(), newer);
    }
}

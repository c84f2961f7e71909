//! The settings file: read, kept, and never lost.
//!
//! The host brings the store that reads and writes it, because the desktop's is a plugin of its window system. That
//! store may be cut in the middle of a write, so a last good copy stands beside it, written atomically; a file that
//! cannot be read is set aside under another name, and said.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use model::{Connection, Failure, FailureCode, Settings};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::folder::unwritten;

/// The version of the file's layout that this program writes.
const VERSION: u64 = 1;

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
            problems.push(set_aside(&path, &error));
        }
        let content = file.load(&path).unwrap_or_else(|error| {
            problems.push(unreadable(&path, &error));
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
        if version(&self.content) > VERSION {
            let words = "The settings were written by a newer Kittiwake, so this one leaves them as they are. \
                         Update Kittiwake to change them.";
            return Err(Failure::new(FailureCode::NewerVersion, words));
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
            .map_err(|error| unwritable(&self.path, &error))?;
        self.settings = settings;
        self.content = content;
        Ok(())
    }
}

fn parse(content: &Map<String, Value>) -> io::Result<Settings> {
    let mut content = content.clone();
    if version(&content) > VERSION {
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

fn version(content: &Map<String, Value>) -> u64 {
    content.get("version").and_then(Value::as_u64).unwrap_or(VERSION)
}

fn last_good(path: &Path) -> PathBuf {
    path.with_extension("last-good.json")
}

/// Moves a broken file out of the way and puts the last good copy in its place.
fn set_aside(path: &Path, error: &io::Error) -> Failure {
    let aside = (1..)
        .map(|number| path.with_extension(format!("damaged-{number}.json")))
        .find(|candidate| !candidate.exists())
        .unwrap_or_else(|| path.with_extension("damaged.json"));
    if let Err(error) = fs::rename(path, &aside) {
        return unreadable(path, &error);
    }
    let copy = last_good(path);
    let restored = PlainFile.load(&copy).and_then(|content| parse(&content)).is_ok() && fs::copy(&copy, path).is_ok();
    let outcome = if restored { "the last good copy is used instead" } else { "the defaults are used instead" };
    let words = format!(
        "The settings could not be read, so {outcome}. The damaged file was kept as “{}”.",
        aside.file_name().unwrap_or_default().to_string_lossy()
    );
    Failure::new(FailureCode::DataDamaged, words).with_detail(error.to_string())
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let words = format!("The settings in “{}” cannot be read, so the defaults are used.", path.display());
    Failure::new(FailureCode::DataDamaged, words).with_detail(error.to_string())
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let words = format!(
        "The settings could not be saved in “{}”. Free some space, or check that the folder may be written to, and \
         try again.",
        path.display()
    );
    let failure = Failure::new(FailureCode::DiskFull, words).with_detail(error.to_string());
    Failure { finding: unwritten(error), ..failure }
}

/// Writes a whole file so that a reader, or a crash, sees the old one or the new one and nothing between.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = path.with_extension("new");
    let written = fs::File::create(&temporary).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    });
    if written.is_err() {
        // Where there is no room, a part of a file is in the way.
        let _ = fs::remove_file(&temporary);
    }
    written
}

#[cfg(test)]
mod tests {
    use model::Theme;

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

//! The settings file: read, kept, and never lost.
//!
//! The host brings the store that reads and writes it, because the desktop's is a plugin of its window system. That
//! store may be cut in the middle of a write, so a last good copy stands beside it, written atomically; a file that
//! cannot be read is set aside under another name, and said.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use model::{Failure, FailureCode, Model, Settings};
use serde_json::{Map, Value};
use uuid::Uuid;

pub(crate) use crate::kept::replace;
use crate::{
    kept::{last_good, newer, set_aside, unreadable, unwritable, version},
    layers::{LISTS, Layers, Locks, built_in, changed},
    view::ManagedView,
};

/// The version of the file's layout that this program writes: only what the person chose stands in it.
const VERSION: u64 = 2;

/// The version in which everything stood in the file, chosen or not.
const WHOLE: u64 = 1;

/// The key of the origin for which the environment's key was put into the keychain.
const KEPT_KEY: &str = "environment_key_kept_for";

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

/// The settings in memory, and the person's file.
pub struct SettingsKeeper {
    path: PathBuf,
    file: Box<dyn SettingsFile>,
    layers: Layers,
    /// Everything in the file, so that what this version does not know is written back.
    content: Map<String, Value>,
    settings: Settings,
}

impl SettingsKeeper {
    /// Reads the file in `dir`, between the other layers. What went wrong, if anything did, is said beside the settings,
    /// which are then those of the last good copy, or of the other layers alone.
    pub fn open(dir: &Path, file: Box<dyn SettingsFile>, mut layers: Layers) -> (Self, Vec<Failure>) {
        let path = place(dir);
        let mut problems = Vec::new();
        if let Err(error) = PlainFile.load(&path).and_then(|content| sound(&content)) {
            problems.push(set_aside(WHAT, &path, &error, sound));
        }
        let content = file.load(&path).unwrap_or_else(|error| {
            problems.push(unreadable(WHAT, &path, &error));
            Map::new()
        });
        let content = chosen(content);
        tell_what_is_kept(&content, &mut layers);
        let settings = layers.settings(&content);
        problems.extend(passed_over(&content, &settings, &layers));
        (Self { path, file, layers, content, settings }, problems)
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The entries of the catalogue of models that the policy brings.
    pub fn policy_models(&self) -> Vec<Model> {
        self.layers.models().to_vec()
    }

    /// What the administrator has fixed.
    pub fn locks(&self) -> Locks {
        self.layers.locks().clone()
    }

    /// What somebody else than the person has set.
    pub fn managed(&self) -> ManagedView {
        self.layers.view(self.content.get(KEPT_KEY).and_then(Value::as_str))
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

    /// Whether [`SettingsKeeper::change`] would do this. Nothing is written.
    ///
    /// # Errors
    ///
    /// Why it would not.
    pub fn may_change(&self, change: impl FnOnce(&mut Settings)) -> Result<(), Failure> {
        self.after(change).map(|_| ())
    }

    /// Changes the settings, and writes what differs as the person's choice.
    ///
    /// # Errors
    ///
    /// [`FailureCode::Locked`] if a part of it is not the person's to change. If it could not be written, too; then
    /// everything is as before. A file of a newer version is never written over.
    pub fn change(&mut self, change: impl FnOnce(&mut Settings)) -> Result<(), Failure> {
        let content = self.after(change)?;
        self.write(content)
    }

    /// Notes for which origin the environment's key is in the keychain.
    ///
    /// # Errors
    ///
    /// As [`SettingsKeeper::change`].
    pub fn note_kept_key(&mut self, origin: &str) -> Result<(), Failure> {
        self.may_change(|_| {})?;
        let mut content = self.content.clone();
        content.insert(KEPT_KEY.to_owned(), origin.into());
        self.write(content)
    }

    /// What would stand in the file.
    fn after(&self, change: impl FnOnce(&mut Settings)) -> Result<Map<String, Value>, Failure> {
        if version_of(&self.content) > VERSION {
            return Err(newer(WHAT));
        }
        let mut settings = self.settings.clone();
        change(&mut settings);
        changed(&self.layers, &self.content, &self.settings, &settings)
    }

    fn write(&mut self, mut content: Map<String, Value>) -> Result<(), Failure> {
        content.insert("version".into(), VERSION.into());
        self.file
            .save(&self.path, &content)
            .and_then(|()| PlainFile.save(&last_good(&self.path), &content))
            .map_err(|error| unwritable(WHAT, &self.path, &error))?;
        self.settings = self.layers.settings(&content);
        self.content = content;
        Ok(())
    }
}

fn place(dir: &Path) -> PathBuf {
    dir.join("settings.json")
}

/// What the person chose, as their file says it. It is only looked at.
///
/// # Errors
///
/// If it cannot be read.
pub(crate) fn read(dir: &Path) -> Result<Map<String, Value>, Failure> {
    let path = place(dir);
    let content = PlainFile.load(&path).and_then(|content| sound(&content).map(|()| content));
    content.map(chosen).map_err(|error| unreadable(WHAT, &path, &error))
}

/// Tells the environment's connection whether the keychain has its key.
pub(crate) fn tell_what_is_kept(content: &Map<String, Value>, layers: &mut Layers) {
    if let Some(origin) = content.get(KEPT_KEY).and_then(Value::as_str) {
        layers.has_kept(origin);
    }
}

/// Whether what stands in a file can be its settings. Things in lists may be of kinds that this program does not know, and
/// in a file of a newer version everything may.
fn sound(content: &Map<String, Value>) -> io::Result<()> {
    if version_of(content) > VERSION {
        return Ok(());
    }
    let mut content = content.clone();
    for list in LISTS {
        if let Some(Value::Array(things)) = content.get_mut(list) {
            things.clear();
        }
    }
    serde_json::from_value::<Settings>(Value::Object(content))?;
    Ok(())
}

/// What of a file the person chose. In one that held everything, nobody has chosen what is as it is anyway.
fn chosen(mut content: Map<String, Value>) -> Map<String, Value> {
    if version_of(&content) == WHOLE {
        leave_out(&mut content, &built_in());
    }
    content
}

fn leave_out(content: &mut Map<String, Value>, usual: &Map<String, Value>) {
    content.retain(|key, value| match (value, usual.get(key)) {
        (Value::Object(inner), Some(Value::Object(usual))) => {
            leave_out(inner, usual);
            !inner.is_empty()
        }
        (value, usual) => Some(&*value) != usual,
    });
}

/// What is said if things in the file are of no use to this program. That somebody else brings something no more, or has
/// locked it, is nothing that is wrong.
fn passed_over(content: &Map<String, Value>, settings: &Settings, layers: &Layers) -> Option<Failure> {
    let Some(Value::Array(things)) = content.get("connections") else { return None };
    let lost = things.iter().filter(|thing| {
        let id = thing.get("id").and_then(Value::as_str).unwrap_or_default();
        let is_locked = layers.locks().hold(&["connections", id]);
        let is_whole = thing.get("kind").is_some() || thing.get("url").is_some();
        let is_there = settings.connections.iter().any(|known| known.id.as_str() == id);
        is_whole && !is_locked && !is_there
    });
    let names: Vec<_> =
        lost.map(|thing| format!("“{}”", thing.get("name").and_then(Value::as_str).unwrap_or("?"))).collect();
    let words = format!(
        "This Kittiwake cannot use what the settings say of {}. It is passed over, and stays in the file as it is. Update \
         Kittiwake if a newer one has written it.",
        names.join(", ")
    );
    (!names.is_empty()).then(|| Failure::new(FailureCode::DataDamaged, words))
}

/// The version of a file's layout; the first one did not always say so.
fn version_of(content: &Map<String, Value>) -> u64 {
    version(content).unwrap_or(WHOLE)
}

#[cfg(test)]
mod tests;

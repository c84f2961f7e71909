//! A JSON object in a file of the data folder: read, kept, and never lost. What cannot be read is set aside under another
//! name and said, what is newer is left as it is, and a last good copy stands beside each.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use model::{Failure, FailureCode};
use serde_json::{Map, Value};

use crate::{
    folder::unwritten,
    settings::{PlainFile, SettingsFile},
};

/// Whether what a file holds makes sense.
pub type Judge = fn(&Map<String, Value>) -> io::Result<()>;

/// Several files may be read and written in the same way.
impl SettingsFile for Arc<dyn SettingsFile> {
    fn load(&self, path: &Path) -> io::Result<Map<String, Value>> {
        (**self).load(path)
    }

    fn save(&self, path: &Path, content: &Map<String, Value>) -> io::Result<()> {
        (**self).save(path, content)
    }
}

/// A file, and what stands in it.
pub struct Kept {
    what: &'static str,
    path: PathBuf,
    file: Box<dyn SettingsFile>,
    /// The version of the layout that this program writes.
    version: u64,
    /// Everything in it, so that what this version does not know is written back.
    content: Map<String, Value>,
}

impl Kept {
    /// Reads a file. `what` is in it, such as “models”. What went wrong is said beside it.
    pub fn open(
        what: &'static str,
        path: PathBuf,
        file: Box<dyn SettingsFile>,
        version: u64,
        judge: Judge,
    ) -> (Self, Vec<Failure>) {
        let mut problems = Vec::new();
        if let Err(error) = PlainFile.load(&path).and_then(|content| judge(&content)) {
            problems.push(set_aside(what, &path, &error, judge));
        }
        let content = file.load(&path).unwrap_or_else(|error| {
            problems.push(unreadable(what, &path, &error));
            Map::new()
        });
        (Self { what, path, file, version, content }, problems)
    }

    /// What stands in it.
    pub fn content(&self) -> &Map<String, Value> {
        &self.content
    }

    /// Writes some of its fields anew.
    ///
    /// # Errors
    ///
    /// If that could not be written; then all is as before. A file of a newer version is never written over.
    pub fn put(&mut self, fields: Map<String, Value>) -> Result<(), Failure> {
        if version(&self.content).is_some_and(|version| version > self.version) {
            return Err(newer(self.what));
        }
        let mut content = self.content.clone();
        content.insert("version".into(), self.version.into());
        content.extend(fields);
        self.file
            .save(&self.path, &content)
            .and_then(|()| PlainFile.save(&last_good(&self.path), &content))
            .map_err(|error| unwritable(self.what, &self.path, &error))?;
        self.content = content;
        Ok(())
    }
}

/// The version of a file's layout, where it says so.
pub(crate) fn version(content: &Map<String, Value>) -> Option<u64> {
    content.get("version").and_then(Value::as_u64)
}

pub(crate) fn last_good(path: &Path) -> PathBuf {
    path.with_extension("last-good.json")
}

/// Moves a broken file out of the way and puts the last good copy in its place.
pub(crate) fn set_aside(
    what: &str,
    path: &Path,
    error: &io::Error,
    judge: impl Fn(&Map<String, Value>) -> io::Result<()>,
) -> Failure {
    let aside = (1..)
        .map(|number| path.with_extension(format!("damaged-{number}.json")))
        .find(|candidate| !candidate.exists())
        .unwrap_or_else(|| path.with_extension("damaged.json"));
    if let Err(error) = fs::rename(path, &aside) {
        return unreadable(what, path, &error);
    }
    let copy = last_good(path);
    let restored = PlainFile.load(&copy).and_then(|content| judge(&content)).is_ok() && fs::copy(&copy, path).is_ok();
    let outcome = if restored { "the last good copy is used instead" } else { "the defaults are used instead" };
    let words = format!(
        "The {what} could not be read, so {outcome}. The damaged file was kept as “{}”.",
        aside.file_name().unwrap_or_default().to_string_lossy()
    );
    Failure::new(FailureCode::DataDamaged, words).with_detail(error.to_string())
}

/// The file was written by a newer program.
pub(crate) fn newer(what: &str) -> Failure {
    let words = format!(
        "The {what} were written by a newer Kittiwake, so this one leaves them as they are. Update Kittiwake to change \
         them."
    );
    Failure::new(FailureCode::NewerVersion, words)
}

pub(crate) fn unreadable(what: &str, path: &Path, error: &io::Error) -> Failure {
    let words = format!("The {what} in “{}” cannot be read, so the defaults are used.", path.display());
    Failure::new(FailureCode::DataDamaged, words).with_detail(error.to_string())
}

pub(crate) fn unwritable(what: &str, path: &Path, error: &io::Error) -> Failure {
    let words = format!(
        "The {what} could not be saved in “{}”. Free some space, or check that the folder may be written to, and try \
         again.",
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

//! The data folder.

use std::{
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use directories::BaseDirs;
use model::{Failure, FailureCode, Finding};

/// The name of the folder in the system's place for the data of programs.
const NAME: &str = "app.kittiwake.desktop";

/// The environment variable that names another folder.
const VARIABLE: &str = "KITTIWAKE_DATA_DIR";

/// The folder that somebody chose: the one given, or that of `KITTIWAKE_DATA_DIR`. Absent means the system's place.
pub fn chosen_data_dir(given: Option<PathBuf>) -> Option<PathBuf> {
    given.or_else(|| std::env::var_os(VARIABLE).filter(|value| !value.is_empty()).map(PathBuf::from))
}

/// The folder that everything is kept in, made if it is missing: the one given, or that of `KITTIWAKE_DATA_DIR`, or the
/// system's place for it. Only its owner may look into it.
///
/// # Errors
///
/// If there is no such place, or the folder cannot be made.
pub fn data_dir(given: Option<PathBuf>) -> Result<PathBuf, Failure> {
    let dir = match chosen_data_dir(given) {
        Some(dir) => std::path::absolute(dir).map_err(|error| unusable("the data folder", &error.to_string()))?,
        None => BaseDirs::new()
            .map(|dirs| dirs.data_dir().join(NAME))
            .ok_or_else(|| unusable("the data folder", "this account has no home folder"))?,
    };
    make(&dir).map_err(|error| {
        let failure = unusable(&format!("“{}”", dir.display()), &reason(&error));
        Failure { finding: unwritten(&error), ..failure }
    })?;
    Ok(dir)
}

pub(crate) fn make(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// What is wrong with a folder in which nothing could be written, where that has a name.
pub(crate) fn unwritten(error: &io::Error) -> Option<Finding> {
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Some(Finding::FolderReadOnly),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Some(Finding::DiskFull),
        _ => None,
    }
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => "a file has that name".to_owned(),
        ErrorKind::PermissionDenied => "this account may not write there".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "nothing can be written there".to_owned(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "there is no room left".to_owned(),
        _ => error.to_string(),
    }
}

fn unusable(what: &str, why: &str) -> Failure {
    let words = format!(
        "Kittiwake cannot use {what}: {why}. Start it with another folder, as in “--data-dir FOLDER” or {VARIABLE}, or \
         mend this one."
    );
    Failure::new(FailureCode::DiskFull, words)
}

//! Where packages are made.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use super::trouble;
use crate::shell::{Result, Stop};

/// The folder of Cargo's results.
pub struct Place {
    target: PathBuf,
}

impl Place {
    /// This program is one of Cargo's results: `target/debug/xtask`.
    pub fn find() -> Result<Self> {
        let this = env::current_exe().map_err(|error| Stop::because(format!("where am I? {error}")))?;
        let target = this.ancestors().nth(2).map(Path::to_path_buf);
        target.map(|target| Self { target }).ok_or_else(|| Stop::because("Cargo's target folder was not found"))
    }

    #[cfg(test)]
    pub fn at(target: &Path) -> Self {
        Self { target: target.to_owned() }
    }

    /// A program that was built for release.
    pub fn program(&self, name: &str) -> PathBuf {
        self.target.join("release").join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// Where the bundler leaves a kind of package.
    pub fn bundle(&self, kind: &str) -> PathBuf {
        self.target.join("release/bundle").join(kind)
    }

    /// What was made.
    pub fn packages(&self) -> PathBuf {
        self.target.join("packages")
    }

    /// What goes into it.
    pub fn stage(&self) -> PathBuf {
        self.target.join("packages-stage")
    }

    /// Where packages are tried.
    pub fn check(&self) -> PathBuf {
        self.target.join("packages-check")
    }
}

/// A folder with nothing in it.
pub fn emptied(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(trouble(folder))?;
    }
    fs::create_dir_all(folder).map_err(trouble(folder))
}

/// Writes a file, and the folder that it is in.
pub fn write(file: &Path, text: impl AsRef<[u8]>) -> Result<()> {
    let folder = file.parent().map_or(Ok(()), fs::create_dir_all);
    folder.and_then(|()| fs::write(file, text)).map_err(trouble(file))
}

/// The text of a file.
pub fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).map_err(trouble(file))
}

//! Whether something was made from the files as they are now.
//!
//! A stamp is a file under `target/stamps` with a hash of what a result was made from. It is written after the result.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use crate::shell::{Result, Stop, root};

pub struct Stamp {
    file: PathBuf,
    hash: String,
}

impl Stamp {
    /// A stamp over files and folders, named from the root of the repository, and over what else matters.
    pub fn over(name: &str, paths: &[&str], else_matters: &str) -> Self {
        Self::of(&root().join("target/stamps").join(name), &root(), paths, else_matters)
    }

    fn of(file: &Path, root: &Path, paths: &[&str], else_matters: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        else_matters.hash(&mut hasher);
        for path in paths {
            add(&root.join(path), &mut hasher);
        }
        Self { file: file.to_owned(), hash: format!("{:016x}", hasher.finish()) }
    }

    /// Whether the result was made from exactly these files.
    pub fn is_fresh(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|text| text == self.hash)
    }

    /// Notes that the result is there.
    pub fn write(&self) -> Result<()> {
        let written =
            self.file.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&self.file, &self.hash));
        written.map_err(|error| Stop::because(format!("could not write {}: {error}", self.file.display())))
    }
}

/// Names and contents, in the order of the names; what is not there counts as such.
fn add(path: &Path, hasher: &mut DefaultHasher) {
    path.file_name().hash(hasher);
    if let Ok(entries) = fs::read_dir(path) {
        let mut entries: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        entries.sort();
        entries.iter().for_each(|entry| add(entry, hasher));
    } else {
        fs::read(path).ok().hash(hasher);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_fresh_until_a_file_changes_comes_or_goes() {
        let dir = tempfile::tempdir().unwrap();
        let at = |path: &str| dir.path().join(path);
        fs::create_dir_all(at("src/deep")).unwrap();
        fs::write(at("src/deep/a.ts"), "one").unwrap();
        let now = || Stamp::of(&at("stamps/ui"), dir.path(), &["src", "missing.json"], "v20");
        assert!(!now().is_fresh());
        now().write().unwrap();
        assert!(now().is_fresh());

        fs::write(at("src/deep/a.ts"), "two").unwrap();
        assert!(!now().is_fresh());
        now().write().unwrap();
        fs::write(at("src/b.ts"), "").unwrap();
        assert!(!now().is_fresh());
        now().write().unwrap();
        fs::rename(at("src/b.ts"), at("src/c.ts")).unwrap();
        assert!(!now().is_fresh());
        now().write().unwrap();
        fs::write(at("missing.json"), "").unwrap();
        assert!(!now().is_fresh());
        now().write().unwrap();
        assert!(!Stamp::of(&at("stamps/ui"), dir.path(), &["src", "missing.json"], "v22").is_fresh());
    }
}

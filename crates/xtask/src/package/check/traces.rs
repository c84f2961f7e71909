//! What a package brought, and what of it is still there.

use std::path::Path;

use super::{clean_root::CleanRoot, inside};
use crate::{
    package::quietly,
    shell::{Result, Stop},
};

/// Folders that only this package has are named after it.
const OURS: &str = "kittiwake";

/// The paths of a package's files, and of the folders that are its own.
pub struct Traces(Vec<String>);

impl Traces {
    /// As dpkg knows them.
    pub fn of(root: &CleanRoot) -> Result<Self> {
        let listed = quietly(&mut root.command(&["dpkg", "--listfiles", "kittiwake"]))?;
        let traces = Self::among(&listed, root.dir());
        for needed in ["/usr/bin/kittiwake", "/usr/bin/kittiwake-cli", "/usr/share/doc/kittiwake/licences.txt"] {
            if !traces.0.iter().any(|path| path == needed) {
                return Err(Stop::because(format!("the package has no {needed}")));
            }
        }
        Ok(traces)
    }

    fn among(listed: &[String], root: &Path) -> Self {
        let own = |path: &&String| !inside(root, path).is_dir() || path.ends_with(&format!("/{OURS}"));
        Self(listed.iter().filter(own).cloned().collect())
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Those that are still there.
    pub fn left(&self, root: &Path) -> Vec<String> {
        self.0.iter().filter(|path| inside(root, path).symlink_metadata().is_ok()).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn files_and_own_folders_are_traces_and_shared_folders_are_not() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("usr/share/doc/kittiwake")).unwrap();
        fs::write(dir.path().join("usr/share/doc/kittiwake/copyright"), "").unwrap();
        let listed = ["/.", "/usr", "/usr/share/doc", "/usr/share/doc/kittiwake", "/usr/share/doc/kittiwake/copyright"];
        let traces = Traces::among(&listed.map(str::to_owned), dir.path());
        assert_eq!(traces.count(), 2);
        fs::remove_file(dir.path().join("usr/share/doc/kittiwake/copyright")).unwrap();
        assert_eq!(traces.left(dir.path()), ["/usr/share/doc/kittiwake"]);
        fs::remove_dir(dir.path().join("usr/share/doc/kittiwake")).unwrap();
        assert!(traces.left(dir.path()).is_empty());
    }
}

//! The rules of the repository that can be read off its manifests and sources.
//!
//! A rule is a function from a [`Tree`] to its [`Finding`]s, each of which says what to do. `tests/tests/tidy.rs`
//! applies all of them to the repository; the unit tests beside each rule apply it to small trees that break it.

pub mod boundaries;
pub mod dependencies;
pub mod manifest;
pub mod rust;
pub mod texts;
pub mod window;

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
    fs,
    path::Path,
};

/// Folders that hold what others wrote or what is made from the sources.
const NOT_OURS: &[&str] =
    &[".git", "target", "node_modules", "dist", "gen", "artifacts", "__pycache__", "traces", "proptest-regressions"];

/// Names of files that are read: the ends of them, or the whole.
const READ: &[&str] = &[
    ".rs", ".ts", ".tsx", ".mjs", ".js", ".css", ".html", ".toml", ".json", ".md", ".py", ".txt", ".yml", ".lock",
    "/run",
];

/// The text files of a repository by their path from its root, with `/` between the parts.
#[derive(Debug, Default)]
pub struct Tree(BTreeMap<String, String>);

impl Tree {
    /// This repository.
    pub fn of_the_repository() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is in the repository");
        let mut tree = Self::default();
        tree.read(root, "");
        assert!(tree.get("Cargo.toml").is_some(), "the repository was not found");
        tree
    }

    /// A tree for a rule's own tests.
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
    }

    /// All files, by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The files under a folder (`ui/src/`) with one of the endings.
    pub fn under<'a>(&'a self, folder: &'a str, endings: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files().filter(move |(path, _)| path.starts_with(folder) && endings.iter().any(|end| path.ends_with(end)))
    }

    /// One file's text.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    fn read(&mut self, folder: &Path, prefix: &str) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            if entry.file_type().unwrap().is_dir() {
                if !NOT_OURS.contains(&name.as_str()) {
                    self.read(&entry.path(), &format!("{path}/"));
                }
            } else if READ.iter().any(|end| path.ends_with(end)) {
                // A file that went away between the two calls, or is not text, has nothing to be found in.
                if let Ok(text) = fs::read_to_string(entry.path()) {
                    self.0.insert(path, text);
                }
            }
        }
    }
}

/// A place where a rule is broken, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file.
    pub path: String,
    /// The line, from 1, where there is one.
    pub line: Option<usize>,
    /// What to do instead.
    pub advice: String,
}

impl Finding {
    /// Something that holds for a whole file.
    pub fn file(path: &str, advice: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: None, advice: advice.into() }
    }

    /// Something on a line, counted from 0 as `lines().enumerate()` does.
    pub fn line(path: &str, index: usize, advice: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: Some(index + 1), advice: advice.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(to, "{}:{line}: {}", self.path, self.advice),
            None => write!(to, "{}: {}", self.path, self.advice),
        }
    }
}

/// Fails with all findings of a rule on this repository.
///
/// # Panics
/// When there are any.
pub fn assert_kept(rule: fn(&Tree) -> Vec<Finding>) {
    let findings = rule(&Tree::of_the_repository());
    let told = findings.iter().fold(String::new(), |mut told, finding| {
        let _ = write!(told, "\n  {finding}");
        told
    });
    assert!(findings.is_empty(), "{} to mend:{told}", findings.len());
}

/// Whether a text holds a word, not as a part of a longer one.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(word)
        .any(|(start, found)| !text[..start].ends_with(is_part) && !text[start + found.len()..].starts_with(is_part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole() {
        assert!(has_word("use serde::Serialize;", "serde"));
        assert!(!has_word("use serde_json::Value;", "serde"));
        assert!(!has_word("preserve", "serve"));
        assert!(has_word("preserve; serve", "serve"));
    }

    #[test]
    fn a_finding_names_its_place() {
        assert_eq!(Finding::line("a/b.rs", 0, "mend it").to_string(), "a/b.rs:1: mend it");
        assert_eq!(Finding::file("a/b.rs", "mend it").to_string(), "a/b.rs: mend it");
    }

    #[test]
    fn the_repository_is_read_without_what_is_made_from_it() {
        let tree = Tree::of_the_repository();
        assert!(tree.get("crates/model/src/lib.rs").is_some() && tree.get(".ci/run").is_some());
        assert!(tree.files().all(|(path, _)| !path.starts_with("target/") && !path.contains("node_modules/")));
    }
}

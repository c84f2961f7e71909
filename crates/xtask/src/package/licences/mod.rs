//! The licence texts of what the programs and the window are made of.

mod crates;
mod modules;
mod texts;

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use serde_json::Value;

use super::trouble;
use crate::shell::{Result, Stop, output, root};

const HEAD: &str = "\
Kittiwake is made with the work of many others. This file names what is linked into its programs and bundled into its
window, with the licence of each, followed by the texts of the licences. Where a choice of licences is offered, Kittiwake
takes any of them.
";

/// Something that others wrote and that the packages carry.
#[derive(Debug, PartialEq, Eq)]
struct Part {
    name: String,
    version: String,
    /// Its licence as an SPDX expression.
    licence: String,
    /// Where it comes from.
    home: String,
    texts: Vec<String>,
}

/// All of it as one readable file. `syntaxes` is what goes along with the embedded syntax definitions.
pub fn all(metadata: &Value, syntaxes: &str) -> Result<String> {
    let mut parts = crates::linked(metadata)?;
    parts.extend(modules::bundled()?);
    parts.push(standard_library()?);
    parts.push(Part {
        name: "Syntax definitions of two-face".to_owned(),
        version: String::new(),
        licence: "various".to_owned(),
        home: "https://codeberg.org/CosmicHarper/two-face".to_owned(),
        texts: vec![syntaxes.to_owned()],
    });
    parts.sort_by(|one, other| {
        one.name.to_lowercase().cmp(&other.name.to_lowercase()).then(one.version.cmp(&other.version))
    });
    Ok(told(&parts))
}

/// Linked into every program, and no package that Cargo tells of.
fn standard_library() -> Result<Part> {
    let rustc = output(std::process::Command::new("rustc").arg("--version")).unwrap_or_default();
    let licence = "MIT OR Apache-2.0";
    Ok(Part {
        name: "Rust standard library".to_owned(),
        version: rustc.split_whitespace().nth(1).unwrap_or_default().to_owned(),
        licence: licence.to_owned(),
        home: "https://github.com/rust-lang/rust".to_owned(),
        texts: texts::by_name(licence, "the Rust standard library", "The Rust Project contributors", &root())?,
    })
}

/// First the list, then every text once, with the numbers in between.
fn told(parts: &[Part]) -> String {
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let mut bodies: Vec<&str> = Vec::new();
    let mut list = String::new();
    for part in parts {
        let mut own = Vec::new();
        for text in &part.texts {
            let number = *numbers.entry(one_line(text)).or_insert_with(|| {
                bodies.push(text);
                bodies.len()
            });
            if !own.contains(&number) {
                own.push(number);
            }
        }
        let own = own.iter().map(|number| format!("[{number}]")).collect::<Vec<_>>().join(" ");
        let name = format!("{} {}", part.name, part.version);
        let _ = writeln!(list, "{}\n    {}, {own}\n    {}", name.trim(), part.licence, part.home);
    }
    let mut all = format!("{HEAD}\n{list}");
    for (at, body) in bodies.iter().enumerate() {
        let _ = write!(all, "\n{}\n[{}]\n\n{}\n", "=".repeat(80), at + 1, body.replace('\r', "").trim_matches('\n'));
    }
    all
}

/// The same text is often broken into lines otherwise.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Names of files that hold a licence, or who has the rights.
fn is_licence(name: &str) -> bool {
    let name = name.to_lowercase();
    let source = [".rs", ".js", ".ts", ".c", ".h", ".py", ".go", ".toml", ".json", ".sh", ".html", ".spdx", ".license"];
    ["licence", "license", "copying", "notice", "copyright", "unlicense"].iter().any(|word| name.starts_with(word))
        && !source.iter().any(|end| name.ends_with(end))
}

/// Folders that do not go into a program.
fn is_beside(name: &str) -> bool {
    ["tests", "test", "benches", "examples", "docs", "doc", "fuzz", "node_modules", ".github", "testdata"]
        .contains(&name)
}

/// The texts of all licence files in a folder and the folders in it: sources of others are often kept deep in it.
fn texts_in(folder: &Path) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    collect(folder, &mut texts)?;
    Ok(texts)
}

fn collect(folder: &Path, texts: &mut Vec<String>) -> Result<()> {
    let entries = fs::read_dir(folder).map_err(trouble(folder))?;
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !is_beside(&name) {
                collect(&path, texts)?;
            }
        } else if is_licence(&name) {
            let bytes = fs::read(&path).map_err(trouble(&path))?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            if !text.trim().is_empty() {
                texts.push(text);
            }
        }
    }
    Ok(())
}

/// The texts that a part brings, or else those of its licence by name.
fn texts_of(folder: &Path, licence: &str, name: &str, holders: &str) -> Result<Vec<String>> {
    let brought = texts_in(folder)?;
    if !brought.is_empty() {
        return Ok(brought);
    }
    texts::by_name(licence, name, holders, &root())
}

/// What is missing, and what to do.
fn missing(name: &str, licence: &str, why: &str) -> Stop {
    Stop::because(format!(
        "{name} ({licence}) brings no licence text, and {why}. Put the text of its licence, as SPDX has it, into \
         packaging/licences/ under its SPDX name, with {{holders}} for those who have the rights"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &str, texts: &[&str]) -> Part {
        Part {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            licence: "MIT".to_owned(),
            home: "https://example.org".to_owned(),
            texts: texts.iter().map(|text| (*text).to_owned()).collect(),
        }
    }

    #[test]
    fn a_text_stands_once_however_its_lines_are_broken() {
        let told = told(&[part("a", &["Do what\r\nyou like.\n"]), part("b", &["Do  what you\nlike.", "Other."])]);
        assert_eq!(told.matches("you like").count() + told.matches("you\nlike").count(), 1);
        assert!(told.contains("a 1.0.0\n    MIT, [1]\n") && told.contains("b 1.0.0\n    MIT, [1] [2]\n"), "{told}");
        assert!(told.ends_with("[2]\n\nOther.\n"));
    }

    #[test]
    fn licence_files_are_known_by_their_names() {
        for name in ["LICENSE", "LICENSE-MIT", "license.md", "COPYING", "NOTICE.txt", "UNLICENSE", "LICENCE"] {
            assert!(is_licence(name), "{name}");
        }
        for name in ["license.rs", "lib.rs", "notice.json", "README.md"] {
            assert!(!is_licence(name), "{name}");
        }
    }

    #[test]
    fn texts_are_found_deep_in_the_sources_and_not_in_their_tests() {
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in
            [("LICENSE", "one"), ("c/third/LICENSE", "two"), ("tests/LICENSE", "three"), ("COPYING", " ")]
        {
            super::super::place::write(&dir.path().join(path), text).unwrap();
        }
        let mut texts = texts_in(dir.path()).unwrap();
        texts.sort();
        assert_eq!(texts, ["one", "two"]);
    }
}

//! The crates that are linked into the programs.

use std::{collections::BTreeSet, path::Path};

use serde_json::Value;

use super::{Part, texts_of};
use crate::{
    package::version::{array, text},
    shell::{Result, Stop, cargo, output},
};

/// All of them, by what Cargo resolves for this system.
pub fn linked(metadata: &Value) -> Result<Vec<Part>> {
    let mut tree = cargo();
    tree.args(["tree", "--package", "kittiwake", "--package", "cli", "--edges", "normal,no-proc-macro"]);
    tree.args(["--prefix", "none", "--format", "{p}"]);
    let tree = output(&mut tree).ok_or_else(|| Stop::because("`cargo tree` failed; run it to see why"))?;
    of(&tree, metadata)
}

fn of(tree: &str, metadata: &Value) -> Result<Vec<Part>> {
    let wanted = names(tree);
    let mut parts = Vec::new();
    for package in array(metadata, "packages").filter(|package| !package["source"].is_null()) {
        let name = (text(package, "name"), text(package, "version"));
        if wanted.contains(&name) {
            parts.push(part(package)?);
        }
    }
    if parts.len() < wanted.len() {
        let found =
            |name: &&(&str, &str)| !parts.iter().any(|part| (part.name.as_str(), part.version.as_str()) == **name);
        let missing: Vec<_> = wanted.iter().filter(found).map(|(name, version)| format!("{name} {version}")).collect();
        return Err(Stop::because(format!("Cargo does not say where these are: {}", missing.join(", "))));
    }
    Ok(parts)
}

/// The names and versions in lines such as `serde v1.0.0 (*)`, without those that are in a folder of ours.
fn names(tree: &str) -> BTreeSet<(&str, &str)> {
    let lines = tree.lines().map(|line| line.trim_end_matches(" (*)").trim_end_matches(" (proc-macro)"));
    lines.filter(|line| !line.ends_with(')')).filter_map(|line| line.split_once(" v")).collect()
}

fn part(package: &Value) -> Result<Part> {
    let (name, version) = (text(package, "name"), text(package, "version"));
    let authors: Vec<_> = array(package, "authors").filter_map(Value::as_str).collect();
    let holders = if authors.is_empty() { format!("the authors of {name}") } else { authors.join(", ") };
    let folder = Path::new(text(package, "manifest_path")).parent().unwrap_or(Path::new("."));
    let licence = package["license"].as_str().unwrap_or("see its text").to_owned();
    let home = ["repository", "homepage"].map(|key| text(package, key)).into_iter().find(|home| !home.is_empty());
    Ok(Part {
        name: name.to_owned(),
        version: version.to_owned(),
        texts: texts_of(folder, &licence, &format!("{name} {version}"), &holders)?,
        home: home.map_or_else(|| format!("https://crates.io/crates/{name}"), str::to_owned),
        licence,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TREE: &str =
        "kittiwake v0.1.0 (/somewhere/src-tauri)\nserde v1.0.0\nserde v1.0.0 (*)\nsha2 v0.10.9\nsha2 v0.11.1\n\n";

    #[test]
    fn ours_are_left_out_and_two_versions_are_two() {
        let names = names(TREE);
        assert_eq!(names.into_iter().collect::<Vec<_>>(), [("serde", "1.0.0"), ("sha2", "0.10.9"), ("sha2", "0.11.1")]);
    }

    fn package(name: &str, version: &str, folder: &Path, licence: &str) -> Value {
        json!({
            "name": name, "version": version, "source": "registry", "license": licence, "authors": ["Ada"],
            "manifest_path": folder.join("Cargo.toml"), "repository": "https://example.org"
        })
    }

    #[test]
    fn a_part_has_the_texts_of_its_folder_or_those_of_its_licence() {
        let dir = tempfile::tempdir().unwrap();
        let with = dir.path().join("with");
        std::fs::create_dir_all(dir.path().join("without")).unwrap();
        crate::package::place::write(&with.join("LICENSE"), "its own").unwrap();
        let packages = [
            package("serde", "1.0.0", &with, "MIT"),
            package("sha2", "0.10.9", &with, "MIT"),
            package("sha2", "0.11.1", &dir.path().join("without"), "MIT/Apache-2.0"),
            package("unused", "1.0.0", &with, "MIT"),
        ];
        let parts = of(TREE, &json!({ "packages": packages })).unwrap();
        assert_eq!(parts.len(), 3);
        assert_eq!(parts[0].texts, ["its own"]);
        assert!(parts[2].texts[0].contains("Permission is hereby granted") && parts[2].texts[0].contains("Ada"));
    }

    #[test]
    fn what_cargo_does_not_know_and_what_has_no_text_is_told() {
        let stop = of(TREE, &json!({ "packages": [] })).unwrap_err();
        assert!(stop.message.contains("serde 1.0.0, sha2 0.10.9"));
        let dir = tempfile::tempdir().unwrap();
        let odd = package("serde", "1.0.0", dir.path(), "Odd-1.0");
        let stop = of("serde v1.0.0\n", &json!({ "packages": [odd] })).unwrap_err();
        assert!(stop.message.contains("serde 1.0.0 (Odd-1.0)"), "{}", stop.message);
    }
}

//! What the manifests and lock files may say.

use super::{Finding, Tree, has_word, manifest};

/// Dependencies that no source names, and why they are there all the same.
const UNNAMED: &[(&str, &str)] = &[];

/// Every member of the workspace is explained on its line.
pub fn members_are_explained(tree: &Tree) -> Vec<Finding> {
    let text = tree.get("Cargo.toml").unwrap_or_default();
    let from = text.lines().position(|line| line.trim_start().starts_with("members")).unwrap_or_default();
    let members = text.lines().enumerate().skip(from + 1).take_while(|(_, line)| !line.trim_start().starts_with(']'));
    members
        .filter(|(_, line)| line.trim_start().starts_with('"'))
        .filter(|(_, line)| line.split_once('#').is_none_or(|(_, said)| said.split_whitespace().count() < 3))
        .map(|(index, _)| Finding::line("Cargo.toml", index, "say after a # in a dozen words what this member is"))
        .collect()
}

/// Every dependency of a crate is named in its sources.
pub fn rust_dependencies_are_used(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for manifest in manifest::all(tree) {
        for dependency in &manifest.dependencies {
            let ident = dependency.name.replace('-', "_");
            let used = tree.under(manifest.folder(), &[".rs"]).any(|(_, text)| has_word(text, &ident));
            if !used && !UNNAMED.iter().any(|(name, _)| *name == dependency.name) {
                let advice = format!("`{}` is used by no source of this crate: remove the line", dependency.name);
                findings.push(Finding::file(&manifest.path, advice));
            }
        }
    }
    findings
}

/// Every shared dependency of the workspace is used by a member.
pub fn shared_dependencies_are_used(tree: &Tree) -> Vec<Finding> {
    let manifests = manifest::all(tree);
    let root: toml::Table = tree.get("Cargo.toml").unwrap_or_default().parse().unwrap_or_default();
    let shared = root.get("workspace").and_then(|it| it.get("dependencies")).and_then(toml::Value::as_table);
    shared
        .into_iter()
        .flat_map(toml::Table::keys)
        .filter(|key| !manifests.iter().any(|one| one.dependencies.iter().any(|it| it.name == **key)))
        .map(|key| {
            Finding::file("Cargo.toml", format!("no member uses `{key}`: remove it from workspace.dependencies"))
        })
        .collect()
}

/// Every run-time dependency of the window is imported by its sources.
pub fn window_dependencies_are_used(tree: &Tree) -> Vec<Finding> {
    let path = "ui/package.json";
    let Some(text) = tree.get(path) else { return Vec::new() };
    let package: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let imported = |name: &str| {
        tree.under("ui/src/", &[".ts", ".tsx", ".css"]).any(|(_, source)| {
            ["'", "\""].iter().any(|quote| {
                source.contains(&format!("{quote}{name}{quote}")) || source.contains(&format!("{quote}{name}/"))
            })
        })
    };
    let names = package["dependencies"].as_object().into_iter().flat_map(serde_json::Map::keys);
    names
        .filter(|name| !imported(name))
        .map(|name| Finding::file(path, format!("`{name}` is imported nowhere in ui/src: remove it")))
        .collect()
}

/// Lock files name the public registries and nothing else.
pub fn lock_files_name_public_registries(tree: &Tree) -> Vec<Finding> {
    let advice = "this comes from elsewhere than the public registry: make the lock file anew without a mirror";
    let mut findings = Vec::new();
    for (path, text) in tree.files() {
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            let odd = if path.ends_with("Cargo.lock") {
                line.starts_with("source = ")
                    && line != r#"source = "registry+https://github.com/rust-lang/crates.io-index""#
            } else if path.ends_with("package-lock.json") {
                line.starts_with("\"resolved\":") && !line.starts_with("\"resolved\": \"https://registry.npmjs.org/")
            } else if path.ends_with("requirements.txt") {
                line.starts_with('-') || line.contains("://")
            } else {
                false
            };
            if odd {
                findings.push(Finding::line(path, index, advice));
            }
        }
    }
    findings
}

/// What the peer needs is pinned.
pub fn python_requirements_are_pinned(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.files().filter(|(path, _)| path.ends_with("requirements.txt")) {
        for (index, line) in text.lines().enumerate() {
            if !line.is_empty() && !line.starts_with('#') && !line.contains("==") {
                findings.push(Finding::line(path, index, "pin it: name==version"));
            }
        }
    }
    findings
}

/// A test that drives the desktop program needs a display, which a plain `cargo test` does not give it.
pub fn journeys_are_left_out_of_plain_runs(tree: &Tree) -> Vec<Finding> {
    tree.under("tests/tests/", &[".rs"])
        .filter(|(path, text)| text.contains("desktop::") && !path.starts_with("tests/tests/desktop/"))
        .map(|(path, _)| Finding::file(path, "it needs a display: move it to tests/tests/desktop"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_without_words_is_found() {
        let text = "[workspace]\nmembers = [\n  \"a\", # values and nothing else\n  \"b\",\n  \"c\", # x\n]\n\"d\"\n";
        let lines: Vec<_> =
            members_are_explained(&Tree::of(&[("Cargo.toml", text)])).iter().map(|it| it.line).collect();
        assert_eq!(lines, [Some(4), Some(5)]);
    }

    #[test]
    fn an_unused_crate_is_found() {
        let manifest = "[package]\nname = 'one'\n[dependencies]\nserde = '1'\nserde-json = '1'\n";
        let tree = Tree::of(&[
            ("crates/one/Cargo.toml", manifest),
            ("crates/one/src/lib.rs", "use serde_json::Value;"),
            ("crates/two/src/lib.rs", "use serde::Serialize;"),
        ]);
        let findings = rust_dependencies_are_used(&tree);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].advice.starts_with("`serde` "));
    }

    #[test]
    fn an_unused_line_of_the_workspace_is_found() {
        let root = "[workspace.dependencies]\nserde = '1'\nbytes = '1'\n";
        let member = "[package]\nname = 'one'\n[dependencies]\nserde = { workspace = true }";
        let findings = shared_dependencies_are_used(&Tree::of(&[("Cargo.toml", root), ("one/Cargo.toml", member)]));
        assert_eq!(findings.len(), 1);
        assert!(findings[0].advice.contains("`bytes`"));
    }

    #[test]
    fn an_unused_module_of_the_window_is_found() {
        let package = r#"{"dependencies": {"react": "1", "@x/y": "1", "left-pad": "1"}}"#;
        let source = "import { useState } from 'react';\nimport z from \"@x/y/z\";\n// left-pad\n";
        let findings =
            window_dependencies_are_used(&Tree::of(&[("ui/package.json", package), ("ui/src/a.ts", source)]));
        assert_eq!(findings.len(), 1);
        assert!(findings[0].advice.contains("`left-pad`"));
    }

    #[test]
    fn a_mirror_in_a_lock_file_is_found() {
        let cargo = "source = \"registry+https://github.com/rust-lang/crates.io-index\"\nsource = \"registry+https://mirror.example/\"\n";
        let node = "  \"resolved\": \"https://registry.npmjs.org/a\",\n  \"resolved\": \"https://mirror.example/a\",\n";
        let python = "a==1\n--index-url x\nb @ https://mirror.example/b\n";
        let tree = Tree::of(&[
            ("Cargo.lock", cargo),
            ("ui/package-lock.json", node),
            ("tests/peers/requirements.txt", python),
        ]);
        let lines: Vec<_> = lock_files_name_public_registries(&tree).iter().map(|it| it.line.unwrap()).collect();
        assert_eq!(lines, [2, 2, 3, 2]);
    }

    #[test]
    fn an_unpinned_requirement_is_found() {
        let findings = python_requirements_are_pinned(&Tree::of(&[("requirements.txt", "# why\n\na==1\nb>=2\n")]));
        assert_eq!(findings.iter().map(|it| it.line).collect::<Vec<_>>(), [Some(4)]);
    }

    #[test]
    fn a_journey_in_plain_runs_is_found() {
        let journey = "use acceptance::desktop::Desktop;";
        let tree = Tree::of(&[
            ("tests/tests/core/a.rs", journey),
            ("tests/tests/core/b.rs", "use acceptance::own;"),
            ("tests/tests/desktop/c.rs", journey),
        ]);
        let paths: Vec<_> = journeys_are_left_out_of_plain_runs(&tree).into_iter().map(|it| it.path).collect();
        assert_eq!(paths, ["tests/tests/core/a.rs"]);
    }
}

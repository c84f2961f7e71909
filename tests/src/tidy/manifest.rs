//! `Cargo.toml` files, as far as the rules ask about them.

use toml::{Table, Value};

use super::Tree;

/// What a crate says it needs.
#[derive(Debug)]
pub struct Manifest {
    /// Where it stands, from the root of the repository.
    pub path: String,
    /// The package's name.
    pub name: String,
    /// Its dependencies, in every table of every target.
    pub dependencies: Vec<Dependency>,
}

/// One line of a dependency table.
#[derive(Debug)]
pub struct Dependency {
    /// The key: what the sources call it, but for hyphens.
    pub name: String,
    /// What it is for.
    pub purpose: Purpose,
}

/// The table that a dependency stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// `[dependencies]`
    Normal,
    /// `[dev-dependencies]`
    Tests,
    /// `[build-dependencies]`
    Build,
}

impl Manifest {
    /// The folder it stands in, with a `/` at the end.
    pub fn folder(&self) -> &str {
        self.path.strip_suffix("Cargo.toml").unwrap_or(&self.path)
    }

    /// The names of what the crate itself needs: neither its tests nor its build script.
    pub fn normal(&self) -> impl Iterator<Item = &str> {
        self.dependencies.iter().filter(|one| one.purpose == Purpose::Normal).map(|one| one.name.as_str())
    }
}

/// The manifests of all crates: every `Cargo.toml` with a `[package]`.
///
/// # Panics
/// When one is not TOML.
pub fn all(tree: &Tree) -> Vec<Manifest> {
    tree.files().filter(|(path, _)| is_manifest(path)).filter_map(|(path, text)| read(path, text)).collect()
}

fn is_manifest(path: &str) -> bool {
    path == "Cargo.toml" || path.ends_with("/Cargo.toml")
}

fn read(path: &str, text: &str) -> Option<Manifest> {
    let table: Table = text.parse().unwrap_or_else(|error| panic!("{path} is not TOML: {error}"));
    let name = table.get("package")?.get("name")?.as_str()?.to_owned();
    let mut dependencies = Vec::new();
    collect(&table, &mut dependencies);
    for target in table.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values) {
        collect(target.as_table()?, &mut dependencies);
    }
    Some(Manifest { path: path.to_owned(), name, dependencies })
}

fn collect(table: &Table, into: &mut Vec<Dependency>) {
    let kinds = [
        ("dependencies", Purpose::Normal),
        ("dev-dependencies", Purpose::Tests),
        ("build-dependencies", Purpose::Build),
    ];
    for (key, purpose) in kinds {
        let names = table.get(key).and_then(Value::as_table).into_iter().flat_map(Table::keys);
        into.extend(names.map(|name| Dependency { name: name.clone(), purpose }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_of_every_target_is_read() {
        let text = r#"
            [package]
            name = "one"
            [dependencies]
            serde = "1"
            [dev-dependencies]
            tempfile = { workspace = true }
            [build-dependencies]
            cc = "1"
            [target.'cfg(unix)'.dependencies]
            libc = "0.2"
        "#;
        let tree = Tree::of(&[("crates/one/Cargo.toml", text), ("Cargo.toml", "[workspace]"), ("x.toml", "not toml")]);
        let all = all(&tree);
        assert_eq!((all.len(), all[0].name.as_str(), all[0].folder()), (1, "one", "crates/one/"));
        assert_eq!(all[0].normal().collect::<Vec<_>>(), ["serde", "libc"]);
        let rest: Vec<_> = all[0].dependencies.iter().map(|one| (one.name.as_str(), one.purpose)).collect();
        assert!(rest.contains(&("tempfile", Purpose::Tests)) && rest.contains(&("cc", Purpose::Build)));
    }
}

//! The version stands in one place: `[workspace.package]` of `Cargo.toml`.

use serde_json::Value;

use super::place::read;
use crate::shell::{Result, Stop, cargo, output, root};

/// What Cargo knows about the packages of this system.
pub fn metadata() -> Result<Value> {
    let host = output(std::process::Command::new("rustc").arg("-vV")).unwrap_or_default();
    let Some(host) = host.lines().find_map(|line| line.strip_prefix("host: ")) else {
        return Err(Stop::because("`rustc -vV` does not say what it builds for"));
    };
    let told = output(cargo().args(["metadata", "--format-version", "1", "--filter-platform", host]));
    let told = told.ok_or_else(|| Stop::because("`cargo metadata` failed; run it to see why"))?;
    json(&told, "what `cargo metadata` says")
}

/// The version, after a look at the files that could claim another.
pub fn of_the_workspace(metadata: &Value) -> Result<String> {
    let file = |path: &str| json(&read(&root().join(path))?, path);
    agreed(
        metadata,
        &[
            ("src-tauri/tauri.conf.json", file("src-tauri/tauri.conf.json")?),
            ("ui/package.json", file("ui/package.json")?),
        ],
    )
}

fn agreed(metadata: &Value, silent: &[(&str, Value)]) -> Result<String> {
    if let Some((path, _)) = silent.iter().find(|(_, value)| value.get("version").is_some()) {
        return Err(Stop::because(format!(
            "{path} has a version of its own: take the line away, since the one in Cargo.toml holds for everything"
        )));
    }
    let ours = || array(metadata, "packages").filter(|package| package["source"].is_null());
    let Some(version) = ours().find(|it| it["name"] == "kittiwake").and_then(|it| it["version"].as_str()) else {
        return Err(Stop::because("Cargo knows no package `kittiwake`"));
    };
    if let Some(other) = ours().find(|it| it["version"] != version) {
        return Err(Stop::because(format!(
            "`{}` has version {}, the desktop program {version}: write `version.workspace = true` into its Cargo.toml",
            text(other, "name"),
            text(other, "version")
        )));
    }
    Ok(version.to_owned())
}

/// Reads JSON, and names what could not be read.
pub fn json(told: &str, what: &str) -> Result<Value> {
    serde_json::from_str(told).map_err(|error| Stop::because(format!("{what} cannot be read: {error}")))
}

/// The elements of a list; none if there is no list.
pub fn array<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}

/// A text; empty if there is none.
pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn cargo_says(versions: &[(&str, &str)]) -> Value {
        let package = |(name, version): &(&str, &str)| json!({ "name": name, "version": version, "source": null });
        let mut packages: Vec<Value> = versions.iter().map(package).collect();
        packages.push(json!({ "name": "serde", "version": "9.9.9", "source": "registry" }));
        json!({ "packages": packages })
    }

    #[test]
    fn the_version_is_the_workspaces() {
        let version = agreed(&cargo_says(&[("cli", "1.2.3"), ("kittiwake", "1.2.3")]), &[("a.json", json!({}))]);
        assert_eq!(version.unwrap(), "1.2.3");
    }

    #[test]
    fn a_second_version_is_refused_by_its_place() {
        let silent = [("ui/package.json", json!({ "version": "1.2.3" }))];
        let stop = agreed(&cargo_says(&[("kittiwake", "1.2.3")]), &silent).unwrap_err();
        assert!(stop.message.contains("ui/package.json"));
        let stop = agreed(&cargo_says(&[("cli", "1.2.4"), ("kittiwake", "1.2.3")]), &[]).unwrap_err();
        assert!(stop.message.contains("`cli` has version 1.2.4"));
        assert!(agreed(&cargo_says(&[("cli", "1.2.4")]), &[]).unwrap_err().message.contains("kittiwake"));
    }

    #[test]
    fn this_repository_has_one_version() {
        let version = of_the_workspace(&metadata().unwrap()).unwrap();
        assert_eq!(version, env!("CARGO_PKG_VERSION"));
    }
}

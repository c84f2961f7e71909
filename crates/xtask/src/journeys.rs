//! The tests that drive the desktop program.

use serde_json::Value;

use crate::shell::{Result, Stop, cargo, output};

/// Them as arguments of cargo. They are built for the whole workspace, as everything else is: another choice of
/// packages has other features, and would build their dependencies anew.
///
/// # Errors
/// When cargo does not say what is in the workspace.
pub fn targets() -> Result<Vec<String>> {
    let metadata = output(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))
        .ok_or_else(|| Stop::because("cargo metadata did not say what is in this repository"))?;
    let names = named(&metadata);
    if names.is_empty() {
        return Err(Stop::because("no journey was found in tests/Cargo.toml"));
    }
    Ok(names.into_iter().flat_map(|name| ["--test".to_owned(), name]).collect())
}

/// The names of the tests that a plain `cargo test` leaves out, in cargo's own account of the workspace.
fn named(metadata: &str) -> Vec<String> {
    let metadata: Value = serde_json::from_str(metadata).unwrap_or_default();
    let list = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    list(&metadata, "packages")
        .iter()
        .flat_map(|package| list(package, "targets"))
        .filter(|target| target["kind"][0] == "test" && target["test"] == false)
        .filter_map(|target| target["name"].as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_that_are_left_out_are_journeys() {
        let metadata = r#"{"packages": [
            {"targets": [{"kind": ["lib"], "name": "a", "test": false}, {"kind": ["test"], "name": "b", "test": true}]},
            {"targets": [{"kind": ["test"], "name": "c", "test": false}]}
        ]}"#;
        assert_eq!(named(metadata), ["c"]);
        assert!(named("").is_empty() && named("{}").is_empty());
    }
}

//! The gallery of widgets: written as servers write (`crates/widgets/gallery.json`), read by the core, and drawn by the
//! window and its tests from what was read.

use std::fs;

use serde_json::{Value, json};
use widgets::{Limits, read};

const WRITTEN: &str = include_str!("../../../../crates/widgets/gallery.json");
const READ: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/widgets/gallery.json");

#[test]
fn the_gallery_of_the_window_is_what_the_core_reads() {
    let examples: Vec<Value> = serde_json::from_str(WRITTEN).unwrap();
    let all: Vec<Value> = examples
        .iter()
        .map(|example| json!({"name": example["name"], "root": read(&example["widget"], Limits::default()).root}))
        .collect();
    let all = Value::from(all);
    if std::env::var_os("KITTIWAKE_UPDATE_TYPES").is_some() {
        fs::write(READ, format!("{all}\n")).unwrap();
    }
    let kept: Value = serde_json::from_str(&fs::read_to_string(READ).unwrap()).unwrap();
    assert!(kept == all, "ui/src/widgets/gallery.json is old: run `cargo xtask types` and commit what it wrote");
}

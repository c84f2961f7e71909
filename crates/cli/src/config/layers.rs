//! What is in force, put together from its layers.

use std::{fs, io, path::Path, path::PathBuf};

use engine::layers::{Layer, Locks, Merged, jsonc, merge};
use model::{Failure, FailureCode, Settings};
use serde_json::{Map, Value};

/// What is in force.
pub struct InForce {
    /// All settings, and whose each of them is.
    pub merged: Merged,
    /// What could not be used.
    pub problems: Vec<Failure>,
    /// The policy, if there is one and it is used.
    pub policy: Option<PathBuf>,
}

/// Puts together what is in force with a data folder. Nothing is written.
pub fn in_force(data_dir: &Path) -> InForce {
    let mut problems = Vec::new();
    let built_in = serde_json::to_value(Settings::default()).ok().and_then(|value| value.as_object().cloned());
    let mut layers = vec![(Layer::BuiltIn, built_in.unwrap_or_default())];
    for (layer, file) in [(Layer::Person, "settings.json"), (Layer::Person, "models.json")] {
        match read(&data_dir.join(file)) {
            Ok(content) => layers.push((layer, content)),
            Err(failure) => problems.push(failure),
        }
    }
    InForce { merged: merge(&layers, &Locks::default()), problems, policy: None }
}

fn read(path: &Path) -> Result<Map<String, Value>, Failure> {
    let damaged = |why: String| {
        let words = format!("“{}” is not used: {why}", path.display());
        Failure::new(FailureCode::DataDamaged, words)
    };
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Map::new()),
        Err(error) => Err(damaged(format!("it cannot be read ({error})."))),
        Ok(text) => jsonc::object(&text).map_err(|mistake| {
            damaged(format!("line {}, column {}: {}", mistake.line, mistake.column, mistake.message))
        }),
    }
}

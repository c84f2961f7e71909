//! What is in force, and whose it is: for whoever wants to look at it, without an engine.

use std::path::{Path, PathBuf};

use model::Failure;
use serde_json::{Map, Value};

use super::{Environment, Layers, Merged, policy_place};
use crate::{catalogue, portable, settings};

/// What is in force.
#[derive(Debug)]
pub struct InForce {
    /// All settings and the policy's entries of the catalogue, and whose each of them is. What is called like a secret is
    /// emptied.
    pub merged: Merged,
    /// What could not be used.
    pub problems: Vec<Failure>,
    /// The policy, if there is one and it is used.
    pub policy: Option<PathBuf>,
}

/// Puts together what is in force with a data folder and an environment. Nothing is written, and no keychain is asked.
pub fn in_force(data_dir: &Path, environment: &Environment) -> InForce {
    let (mut layers, mut problems) = Layers::read(policy_place(environment).as_ref(), environment);
    let person = settings::read(data_dir).unwrap_or_else(|failure| {
        problems.push(failure);
        Map::new()
    });
    settings::tell_what_is_kept(&person, &mut layers);
    let mut person = person;
    let models = catalogue::said_by_person(data_dir).unwrap_or_else(|failure| {
        problems.push(failure);
        Vec::new()
    });
    if !models.is_empty() {
        person.insert("models".to_owned(), models.into_iter().map(Value::Object).collect());
    }
    let mut merged = layers.merged(&person);
    if let Some(Value::Array(connections)) = merged.content.get_mut("connections") {
        connections.iter_mut().for_each(portable::empty_what_may_be_secret);
    }
    InForce { merged, problems, policy: layers.file().cloned() }
}

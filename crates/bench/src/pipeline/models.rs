//! The catalogue of models, when it is long.

use std::{
    collections::{BTreeMap, HashSet},
    hint::black_box,
    time::{Duration, Instant},
};

use engine::{
    catalogue::{Book, Catalogue, Inputs, List, Served},
    layers::Locks,
};
use model::Listed;
use serde_json::{Map, json};

use crate::row::{Row, Unit};

const TOPIC: &str = "Core: stages, in memory";

/// How many models a server lists.
const MODELS: usize = 5_000;

/// How often that is put together; the best counts.
const ROUNDS: usize = 5;

/// How long it takes to put the catalogue together, with a layer of the administrator's that says something of every tenth
/// model.
pub fn row() -> Row {
    let connection = model::ConnectionId::from("bench");
    let models = (0..MODELS).map(|number| Listed {
        label: Some(format!("Model {number}")),
        description: Some("Good for most things.".to_owned()),
        context: Some(128_000),
        ..Listed::new(format!("vendor/model-{number}.1"))
    });
    let list = List { read_at: 1, models: models.collect(), gone: Vec::new() };
    let policy: Vec<Map<_, _>> = (0..MODELS)
        .step_by(10)
        .filter_map(|number| {
            let entry = json!({"connection": "bench", "id": format!("vendor/model-{number}.1"), "hidden": true});
            entry.as_object().cloned()
        })
        .collect();
    let locks = policy.iter().filter_map(|entry| Some(format!("models.bench/{}.hidden", entry["id"].as_str()?)));
    let inputs = Inputs {
        served: &[Served { connection: connection.clone(), model: None, members: Vec::new() }],
        book: &Book { published: BTreeMap::from([(connection, list)]), ..Book::default() },
        policy: &policy,
        environment: &[],
        locks: &Locks::new(locks),
        refused: &HashSet::new(),
    };
    let took = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        black_box(Catalogue::new(&inputs).view());
        start.elapsed()
    });
    let took: Duration = took.min().unwrap_or_default();
    Row::new(TOPIC, "models: 5,000 put together from two layers", took.as_secs_f64() * 1e3, Unit::Milliseconds)
}

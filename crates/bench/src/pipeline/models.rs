//! The catalogue of models, when it is long: read from its file, put together, and handed to the window.

use std::{
    collections::{BTreeMap, HashSet},
    fs,
    hint::black_box,
    time::{Duration, Instant},
};

use engine::{
    PlainFile,
    catalogue::{Book, Catalogue, Inputs, Keeper, List, Served},
    layers::Locks,
};
use model::{ConnectionId, Listed};
use serde_json::{Map, Value, json};

use crate::{
    Error,
    row::{Row, Target, Unit},
};

/// The heading.
const TOPIC: &str = "Core: a catalogue of 5,000 models";

/// How many models a server lists.
const MODELS: usize = 5_000;

/// How often each is done; the best counts.
const ROUNDS: usize = 5;

/// A file that a server's list of models fills.
const FILE: &str = "models.json";

/// Reading it, layering it, and what the window is handed for its list.
///
/// # Errors
///
/// If there is no folder to write to, or the file is not read.
pub fn rows() -> Result<Vec<Row>, Error> {
    let book = book();
    let dir = tempfile::tempdir()?;
    let bytes = serde_json::to_vec(&book)?;
    fs::write(dir.path().join(FILE), &bytes)?;
    let mut best = [Duration::MAX; 4];
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let (keeper, problems) = Keeper::open(dir.path(), Box::new(PlainFile));
        best[0] = best[0].min(start.elapsed());
        if !problems.is_empty() || *keeper.book() != book {
            return Err("the catalogue was not read as it was written".into());
        }
        let start = Instant::now();
        black_box(serde_json::from_slice::<Book>(&fs::read(dir.path().join(FILE))?)?);
        best[1] = best[1].min(start.elapsed());
        let (layered, handed) = put_together(&book)?;
        best[2] = best[2].min(layered);
        best[3] = best[3].min(handed);
    }
    let [read, peer, layered, handed] = best.map(|took| took.as_secs_f64() * 1e3);
    let row = |what: &str, took: f64| Row::new(TOPIC, what, took, Unit::Milliseconds);
    Ok(vec![
        row("read from its file, and judged", read).peer("serde_json, into the same types", peer, Target::AtMost(8.0)),
        row("put together from two layers, with locks", layered).limit(Target::AtMost(100.0)),
        row("for the picker's list: as the window is handed it", handed).limit(Target::AtMost(33.0)),
    ])
}

/// What a server listed, of which the administrator says something of every tenth model.
fn book() -> Book {
    let models = (0..MODELS).map(|number| Listed {
        label: Some(format!("Model {number}")),
        description: Some("Good for most things.".to_owned()),
        context: Some(128_000),
        ..Listed::new(id(number))
    });
    let list = List { read_at: 1, models: models.collect(), gone: Vec::new() };
    Book { published: BTreeMap::from([(connection(), list)]), ..Book::default() }
}

fn connection() -> ConnectionId {
    "bench".into()
}

fn id(number: usize) -> String {
    format!("vendor/model-{number}.1")
}

/// How long the layers take, and then the list as it goes to the window.
fn put_together(book: &Book) -> Result<(Duration, Duration), Error> {
    let entry = |number| match json!({"connection": "bench", "id": id(number), "hidden": true}) {
        Value::Object(entry) => Some(entry),
        _ => None,
    };
    let policy: Vec<Map<_, _>> = (0..MODELS).step_by(10).filter_map(entry).collect();
    let locks = (0..MODELS).step_by(10).map(|number| format!("models.bench/{}.hidden", id(number)));
    let inputs = Inputs {
        served: &[Served { connection: connection(), model: None, members: Vec::new() }],
        book,
        policy: &policy,
        environment: &[],
        locks: &Locks::new(locks),
        refused: &HashSet::new(),
    };
    let start = Instant::now();
    let catalogue = Catalogue::new(&inputs);
    let layered = start.elapsed();
    let start = Instant::now();
    black_box(serde_json::to_vec(&catalogue.view())?);
    Ok((layered, start.elapsed()))
}

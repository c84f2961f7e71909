//! The list of models, when there are 5,000: opened, and searched.

use std::{fs, time::Duration};

use acceptance::{desktop::Home, gated::Gated};
use serde_json::{Value, json};

use crate::{
    Error, Options,
    row::{Row, Target, Unit},
    sample::Sample,
    window::{
        data::prepare,
        program::{inject, measured, numbers, open, result},
    },
};

/// The heading.
const TOPIC: &str = "The list of 5,000 models";

/// How many models the connection has.
const MODELS: usize = 5_000;

/// How often the list is opened, after once that is not counted: the first time its code is loaded.
const OPENINGS: usize = 10;

/// How long nothing is done first, so that what the start began is over.
const SETTLE: Duration = Duration::from_secs(5);

/// From the key to the painted list, and from a letter of a search to its result.
///
/// # Errors
///
/// If the window cannot be driven, or the list does not open.
pub async fn rows(options: &Options) -> Result<Vec<Row>, Error> {
    measured(run(options.clone())).await
}

async fn run(options: Options) -> Result<Vec<Row>, Error> {
    let home = Home::new();
    let server = Gated::start().await;
    prepare(&home, server.url(), &[]).await?;
    list(&home)?;
    let window = open(&options, &home).await?;
    tokio::time::sleep(SETTLE).await;
    inject(&window, include_str!("models.js"), json!({ "openings": OPENINGS, "sought": "model 4999" })).await;
    let times = result(&window, "window.listed", Duration::from_secs(60)).await?;
    window.close().await;
    if let Some(trouble) = times["trouble"].as_str() {
        return Err(trouble.into());
    }
    let opened = Sample::of(numbers(&times["opened"]));
    let found = Sample::of(numbers(&times["found"]));
    let row = |what: &str, figure: f64| Row::new(TOPIC, what, figure, Unit::Milliseconds);
    Ok(vec![
        row("from the press to the painted list, first time", times["first"].as_f64().unwrap_or(f64::NAN)),
        row("from the press to the painted list, median of ten", opened.median()).limit(Target::AtMost(50.0)),
        row("from a letter of a search to its painted result, median", found.median()).limit(Target::AtMost(50.0)),
    ])
}

/// Writes down what the one connection's server listed when it was last asked.
fn list(home: &Home) -> Result<(), Error> {
    let settings: Value = serde_json::from_slice(&fs::read(home.data().join("settings.json"))?)?;
    let connection = settings["connections"][0]["id"].as_str().ok_or("there is no connection")?.to_owned();
    let models: Vec<_> = (0..MODELS)
        .map(|number| json!({"id": format!("vendor/model-{number}"), "label": format!("Model {number}")}))
        .collect();
    let book = json!({"published": {connection: {"read_at": 1, "models": models}}});
    fs::write(home.data().join("models.json"), book.to_string())?;
    Ok(())
}

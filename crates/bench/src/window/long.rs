//! A thread of 10,000 items: opened, left alone, scrolled through.

use std::time::Duration;

use acceptance::{
    desktop::{Desktop, Home},
    gated::Gated,
};
use serde_json::json;

use crate::{
    Error, Options,
    row::{Row, Target, Unit},
    sample::Sample,
    window::{
        data::{Kept, prepare},
        program::{built, inject, launcher, measured, numbers, open, processes, result},
    },
};

/// The headings.
const TOPIC: &str = "A thread of 10,000 items";
const IDLE: &str = "At rest, that thread on screen";

/// The thread.
const THREAD: Kept = Kept { number: 1, items: 10_000, answer: 900 };

/// How far is scrolled with every frame, in CSS pixels.
const STEP: u32 = 300;

/// What counts as late: more than one refresh of a display at 60 Hz, in milliseconds.
const LATE: f64 = 17.5;

/// How long nothing is done before memory or time is read, so that what goes on by itself is over.
const SETTLE: Duration = Duration::from_secs(5);

/// How long processor time is counted at rest.
const REST: Duration = Duration::from_secs(30);

/// Opening, resting, scrolling.
///
/// # Errors
///
/// If the window cannot be driven, or the oldest item is never reached.
pub async fn rows(options: &Options) -> Result<Vec<Row>, Error> {
    measured(run(options.clone())).await
}

async fn run(options: Options) -> Result<Vec<Row>, Error> {
    let home = Home::new();
    let server = Gated::start().await;
    prepare(&home, server.url(), &[THREAD]).await?;
    server.items_of(&THREAD.remote(), THREAD.newest(120));
    let mut window = open(&options, &home).await?;
    tokio::time::sleep(SETTLE).await;
    let before = processes(&window)?.memory()?;

    let given = json!({ "newest": THREAD.id(THREAD.items - 1) });
    inject(&window, include_str!("opened.js"), given).await;
    window.click("[data-testid=thread-row] button").await;
    let opened = result(&window, "window.opened", Duration::from_secs(20)).await?.as_f64().unwrap_or(f64::NAN);
    tokio::time::sleep(SETTLE).await;
    let open = processes(&window)?.memory()? - before;
    let idle = rest(&window).await?;
    let what = "processor time of all processes in 30 s, of one core";
    let idle = Row::new(IDLE, what, idle, Unit::Percent).limit(Target::AtMost(0.5));
    let mut rows = vec![
        row("from the click to its newest item, painted", opened, Unit::Milliseconds).limit(Target::AtMost(100.0)),
        row("memory of all processes, once open", open, Unit::Mebibytes),
    ];
    rows.extend(scroll(&window).await?);
    tokio::time::sleep(SETTLE).await;
    let after = processes(&window)?.memory()? - before;
    let what = "memory of all processes, after scrolling through it";
    rows.push(row(what, after, Unit::Mebibytes).limit(Target::AtMost(50.0)));
    window.close().await;
    rows.extend([idle, empty_at_rest(&options).await?]);
    Ok(rows)
}

fn row(what: &str, figure: f64, unit: Unit) -> Row {
    Row::new(TOPIC, what, figure, unit)
}

/// The share of one core that all processes take while nothing is done.
async fn rest(window: &Desktop) -> Result<f64, Error> {
    let tree = processes(window)?;
    let began = tree.time()?;
    tokio::time::sleep(REST).await;
    Ok((tree.time()? - began) / REST.as_secs_f64() * 100.0)
}

/// The same of a window with nothing in it but a field with a caret that blinks.
async fn empty_at_rest(options: &Options) -> Result<Row, Error> {
    let home = Home::new();
    let (program, _) = launcher(&built(options, "examples/bench_window")?, &home)?;
    let window = Desktop::open("bench", &home, &program).await;
    result(&window, "performance.getEntriesByName('usable')[0] ?? null", Duration::from_secs(20)).await?;
    tokio::time::sleep(SETTLE).await;
    let share = rest(&window).await?;
    window.close().await;
    Ok(Row::new(IDLE, "the same of an empty window with a caret in its field", share, Unit::Percent))
}

async fn scroll(window: &Desktop) -> Result<Vec<Row>, Error> {
    let given = json!({ "oldest": THREAD.id(0), "step": STEP, "patience": 600_000 });
    inject(window, include_str!("scrolled.js"), given).await;
    let scrolled = result(window, "window.scrolled", Duration::from_secs(700)).await?;
    if scrolled["reached"] != true {
        return Err("the oldest item was never reached".into());
    }
    let apart = numbers(&scrolled["apart"]);
    let late = apart.iter().filter(|time| **time > LATE).count() as f64 / apart.len() as f64 * 100.0;
    let apart = Sample::of(apart);
    let waited = scrolled["waited"].as_f64().unwrap_or(f64::NAN);
    Ok(vec![
        row("scrolled through: frames more than 17.5 ms after the one before", late, Unit::Percent)
            .limit(Target::AtMost(1.0)),
        row("scrolled through: longest time between two frames", apart.quantile(1.0), Unit::Milliseconds),
        row("scrolled through: frames that waited for older items", waited, Unit::Count),
    ])
}

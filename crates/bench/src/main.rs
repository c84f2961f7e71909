//! What Kittiwake takes: time, memory, room; each figure beside its limit or its peer, from one run.
//! `cargo xtask bench` builds what is measured and runs this.
#![allow(clippy::print_stdout, reason = "the table is this program's output")]

mod fleet;
mod pipeline;
mod rendering;
mod row;
mod sample;
mod size;
mod table;
mod window;

use std::{path::PathBuf, pin::Pin, process::ExitCode};

use clap::Parser;

use crate::row::Row;

/// What to measure, and with what.
#[derive(Debug, Clone, Parser)]
pub struct Options {
    /// Prints JSON instead of a table.
    #[arg(long)]
    json: bool,
    /// Measures only topics whose name holds this.
    filter: Option<String>,
    /// The folder of the release build.
    #[arg(long, default_value = "target/release")]
    programs: PathBuf,
    /// The folder of the packages.
    #[arg(long, default_value = "target/packages")]
    packages: PathBuf,
}

/// Why something could not be measured.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let (rows, failures) = measure(&options).await;
    if options.json {
        println!("{:#}", table::json(&rows));
    } else {
        println!("{}", table::text(&rows));
    }
    for failure in &failures {
        eprintln!("not measured: {failure}");
    }
    ExitCode::from(u8::from(!failures.is_empty()))
}

/// The measurements of one topic; nothing happens before they are awaited.
type Topic<'a> = Pin<Box<dyn Future<Output = Result<Vec<Row>, Error>> + 'a>>;

/// Measures one topic after the other: two at once would measure each other.
async fn measure(options: &Options) -> (Vec<Row>, Vec<String>) {
    let topics: Vec<(&str, Topic<'_>)> = vec![
        ("core", Box::pin(pipeline::rows(options))),
        ("models", Box::pin(pipeline::models(options))),
        ("doctor", Box::pin(pipeline::doctor(options))),
        ("sessions", Box::pin(fleet::rows(options))),
        ("rendering", Box::pin(rendering::rows(options))),
        ("window: delay", Box::pin(window::delay::rows(options))),
        ("window: long thread", Box::pin(window::long::rows(options))),
        ("window: models", Box::pin(window::models::rows(options))),
        ("window: start", Box::pin(window::start::rows(options))),
        ("window: answers", Box::pin(window::answers::rows(options))),
        ("size", Box::pin(size::rows(options))),
    ];
    let (mut rows, mut failures) = (Vec::new(), Vec::new());
    let filter = options.filter.as_deref().unwrap_or_default().to_lowercase();
    for (name, topic) in topics.into_iter().filter(|(name, _)| name.contains(&filter)) {
        eprintln!("measuring: {name}…");
        match topic.await {
            Ok(fresh) => rows.extend(fresh),
            Err(error) => failures.push(format!("{name}: {error}")),
        }
    }
    (rows, failures)
}

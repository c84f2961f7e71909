//! Starting: how long until one can write, and what is in memory then; beside a window with nothing in it.

use std::{fs, path::Path, time::Duration};

use acceptance::{
    desktop::{Desktop, Home},
    gated::Gated,
};

use crate::{
    Error, Options,
    row::{Row, Target, Unit},
    sample::Sample,
    window::{
        data::{Kept, prepare},
        program::{built, clocks_apart, launcher, measured, processes, result},
    },
};

/// The heading.
const TOPIC: &str = "Start, and memory then";

/// How often each is started, after one start that is not counted.
const STARTS: usize = 10;

/// How long after a start its memory is read: by then everything that it began is over.
const SETTLE: Duration = Duration::from_secs(3);

/// The page's mark, once it can be used: in absolute time, in milliseconds.
const USABLE: &str = "(performance.timeOrigin + performance.getEntriesByName('usable')[0]?.startTime) || null";

/// What else must be so for Kittiwake's composer to be of use.
const WRITABLE: &str = "document.activeElement?.matches('[data-testid=composer-input]:enabled') || null";

/// Readings of one kind of start.
#[derive(Default)]
struct Starts {
    times: Vec<f64>,
    memory: Vec<f64>,
}

impl Starts {
    fn time(&self) -> f64 {
        Sample::of(self.times.iter().copied()).median()
    }

    fn memory(&self) -> f64 {
        Sample::of(self.memory.iter().copied()).median()
    }
}

/// The first start, with nothing there, and a later one; each beside the empty window's.
///
/// # Errors
///
/// If a window cannot be started.
pub async fn rows(options: &Options) -> Result<Vec<Row>, Error> {
    measured(run(options.clone())).await
}

async fn run(options: Options) -> Result<Vec<Row>, Error> {
    let (ours, empty) = (built(&options, "kittiwake")?, built(&options, "examples/bench_window")?);
    let server = Gated::start().await;
    let (used, used_empty) = (Home::new(), Home::new());
    let threads: Vec<Kept> = (1..=30).map(|number| Kept { number, items: 40, answer: 900 }).collect();
    prepare(&used, server.url(), &threads).await?;
    let mut all: [Starts; 4] = Default::default();
    for round in 0..=STARTS {
        let (fresh, fresh_empty) = (Home::new(), Home::new());
        let starts = [(&ours, &fresh), (&empty, &fresh_empty), (&ours, &used), (&empty, &used_empty)];
        for (readings, (program, home)) in all.iter_mut().zip(starts) {
            let (time, memory) = start(program, home, program == &ours).await?;
            if round > 0 {
                readings.times.push(time);
                readings.memory.push(memory);
            }
        }
    }
    Ok(table(&all))
}

fn table([first, first_empty, later, later_empty]: &[Starts; 4]) -> Vec<Row> {
    let time = |what: &str, ours: &Starts, empty: &Starts| {
        let row = Row::new(TOPIC, what, ours.time(), Unit::Milliseconds);
        row.peer("empty window", empty.time(), Target::AtMost(1.3))
    };
    let memory = |what: &str, starts: &Starts| Row::new(TOPIC, what, starts.memory(), Unit::Mebibytes);
    let above = |what: &str, ours: &Starts, empty: &Starts| {
        Row::new(TOPIC, what, ours.memory() - empty.memory(), Unit::Mebibytes).limit(Target::AtMost(60.0))
    };
    vec![
        time("first start to a usable composer, median", first, first_empty),
        time("later start to a usable composer, median", later, later_empty),
        memory("memory of all processes after the first start", first).beside("empty window", first_empty.memory()),
        memory("memory of all processes after a later start", later).beside("empty window", later_empty.memory()),
        above("the first start's above the empty window's", first, first_empty),
        above("the later start's above the empty window's", later, later_empty),
    ]
}

/// Starts a program and closes it again; tells how long it took and how much memory it had.
async fn start(program: &Path, home: &Home, composer: bool) -> Result<(f64, f64), Error> {
    let (launcher, began) = launcher(program, home)?;
    let window = Desktop::open("bench", home, &launcher).await;
    let usable = result(&window, USABLE, Duration::from_secs(20)).await?.as_f64().unwrap_or(f64::NAN);
    if composer {
        result(&window, WRITABLE, Duration::from_secs(1)).await?;
    }
    clocks_apart(&window).await?;
    tokio::time::sleep(SETTLE).await;
    let memory = processes(&window)?.memory()?;
    window.close().await;
    let nanoseconds: f64 = fs::read_to_string(began)?.trim().parse()?;
    Ok((usable - nanoseconds / 1e6, memory))
}

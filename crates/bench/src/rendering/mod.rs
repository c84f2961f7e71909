//! Streamed Markdown in the real web view: script, style and layout of each frame, beside plain text and beside peers.

mod arrivals;
mod documents;
mod figures;
mod hostile;
mod page;
mod words;

use std::{env, path::Path, process::Stdio, time::Duration};

use serde::Serialize;
use tokio::{process::Command, time::timeout};

use self::{
    arrivals::Arrival,
    documents::{Company, Document},
    figures::{Measured, Outcome, Run},
    page::{Data, Page},
};
use crate::{
    Error, Options,
    row::{Row, Target, Unit},
};

/// The heading.
const TOPIC: &str = "Rendering";

/// How often each text is drawn by each.
const ROUNDS: usize = 3;

/// After so many milliseconds of work a renderer is stopped; it is compared by what it has drawn.
const CAP: u32 = 10_000;

/// How long the window may take in all.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// No frame may be longer, in milliseconds; one of a text that is meant to break the page may be this long.
const LONG_FRAME: f64 = 50.0;
const LONGEST_HOSTILE: f64 = 300.0;

/// How much more the last tenth of the frames may cost than the first.
const GROWTH: f64 = 1.3;

const KITTIWAKE: &str = "kittiwake";
const FLOOR: &str = "floor";
const STREAMDOWN: &str = "streamdown";
const REACT_MARKDOWN: &str = "react-markdown";

/// One text for the page, and who draws it.
#[derive(Debug, Serialize)]
struct Case {
    name: String,
    file: String,
    renderers: Vec<&'static str>,
    rounds: usize,
    cap: u32,
}

/// All that is to be drawn.
#[derive(Debug, Default)]
struct Plan {
    cases: Vec<Case>,
    data: Data,
}

impl Plan {
    /// Adds a text. The answer is the name of its file, by which its measurements are found.
    fn add(
        &mut self,
        name: &str,
        arrivals: &[Arrival],
        renderers: Vec<&'static str>,
    ) -> Result<String, serde_json::Error> {
        let file = format!("text-{}", self.cases.len());
        self.data.insert(file.clone(), serde_json::to_vec(arrivals)?);
        self.cases.push(Case { name: name.to_owned(), file: file.clone(), renderers, rounds: ROUNDS, cap: CAP });
        Ok(file)
    }
}

/// All texts, drawn in one window.
///
/// # Errors
///
/// If the window does not do its work to the end.
pub async fn rows(options: &Options) -> Result<Vec<Row>, Error> {
    let mut plan = Plan::default();
    // What is drawn first waits for fonts, for parts of the page, and for the code to be compiled.
    plan.add("warm-up", &arrivals::stream(&documents::some_of_everything()), renderers(Company::Peers))?;
    let mut documents = Vec::new();
    for document in documents::all()? {
        let arrivals = arrivals::stream(&document.text);
        documents.push((plan.add(document.name, &arrivals, renderers(document.company))?, document));
    }
    let mut hostile = Vec::new();
    for (name, text) in hostile::all() {
        hostile.push((plan.add(name, &arrivals::chunks(&text, hostile::PIECES), vec![KITTIWAKE])?, name));
    }
    let measured = draw(&options.programs.join("examples/bench_window"), plan).await?;
    eprintln!("  the page's clock has steps of {} ms", measured.resolution);
    let mut rows = Vec::new();
    for (file, document) in &documents {
        rows.extend(work(&measured, file, document)?);
    }
    for (file, document) in &documents {
        rows.extend(frames(&measured, file, document));
    }
    rows.extend(hostile_rows(&measured, &hostile));
    Ok(rows)
}

fn renderers(company: Company) -> Vec<&'static str> {
    match company {
        Company::Floor => vec![FLOOR, KITTIWAKE],
        Company::Streamdown => vec![FLOOR, KITTIWAKE, STREAMDOWN],
        Company::Peers => vec![FLOOR, KITTIWAKE, STREAMDOWN, REACT_MARKDOWN],
    }
}

/// Opens the window, lets it work, and takes what it measured.
async fn draw(program: &Path, plan: Plan) -> Result<Measured, Error> {
    let Plan { cases, mut data } = plan;
    data.insert("plan".to_owned(), serde_json::to_vec(&cases)?);
    let mut page = Page::serve(data).await?;
    let mut command = Command::new(program);
    command.arg(&page.url).stdin(Stdio::null()).kill_on_drop(true);
    // As Kittiwake itself decides it.
    if !Path::new("/dev/dri").exists() && env::var_os("WEBKIT_DISABLE_DMABUF_RENDERER").is_none() {
        command.env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    }
    let mut window = command.spawn().map_err(|error| format!("{}: {error}", program.display()))?;
    let result = tokio::select! {
        result = timeout(PATIENCE, page.results.recv()) => result.map_err(|_| "the page did not come to an end")?,
        status = window.wait() => return Err(format!("the window closed before its work was done: {}", status?).into()),
    };
    window.kill().await?;
    match serde_json::from_slice(&result.ok_or("the page is not served any more")?)? {
        Outcome::Measured(measured) => Ok(measured),
        Outcome::Failed { error } => Err(error.into()),
    }
}

/// What the whole text costs, beside the others.
fn work(measured: &Measured, file: &str, document: &Document) -> Result<Vec<Row>, Error> {
    let name = document.name;
    let (ours, floor) = (measured.frames(file, KITTIWAKE), measured.frames(file, FLOOR));
    if let Some(thrown) = measured.runs(file, KITTIWAKE).find_map(|run| run.thrown.as_ref()) {
        return Err(format!("{name}: {thrown}").into());
    }
    if ours.drawn < 1.0 || floor.drawn < 1.0 {
        return Err(format!("{name}: drawn in part only").into());
    }
    let row = Row::new(TOPIC, format!("{name}: all frames"), ours.total(), Unit::Milliseconds);
    let mut rows = vec![match document.most {
        Some(most) => row.peer("plain text", floor.total(), Target::AtMost(most)),
        None => row.beside("plain text", floor.total()),
    }];
    for peer in [STREAMDOWN, REACT_MARKDOWN] {
        let theirs = measured.frames(file, peer);
        if theirs.count() == 0 {
            continue;
        }
        let part = match theirs.drawn {
            drawn if drawn < 1.0 => format!(", the first {:.0} %", drawn * 100.0),
            _ => String::new(),
        };
        let quietest = |who| measured.quietest(file, who, theirs.count());
        let row = Row::new(TOPIC, format!("{name}: {peer}{part}"), quietest(peer), Unit::Milliseconds);
        let same = quietest(KITTIWAKE);
        rows.push(match document.least_beside_streamdown.filter(|_| peer == STREAMDOWN) {
            Some(least) => row.peer("Kittiwake", same, Target::AtLeast(least)),
            None => row.beside("Kittiwake", same),
        });
        let row = Row::new(TOPIC, format!("{name}: {peer}, a frame, p99"), theirs.percentile(99), Unit::Milliseconds);
        rows.push(row.beside("Kittiwake", ours.percentile(99)));
    }
    Ok(rows)
}

/// What single frames cost, and whether they cost more towards the end.
fn frames(measured: &Measured, file: &str, document: &Document) -> Vec<Row> {
    let (ours, floor) = (measured.frames(file, KITTIWAKE), measured.frames(file, FLOOR));
    let row = |what: String, figure, unit| Row::new(TOPIC, format!("{}: {what}", document.name), figure, unit);
    let mut rows: Vec<Row> = [50, 95, 99]
        .map(|percent| {
            let row = row(format!("a frame, p{percent}"), ours.percentile(percent), Unit::Milliseconds);
            row.beside("plain text", floor.percentile(percent))
        })
        .into();
    rows.push(row("longest frame".to_owned(), ours.longest, Unit::Milliseconds).limit(Target::AtMost(LONG_FRAME)));
    let growth = row("last tenth of the frames ÷ first".to_owned(), ours.growth(), Unit::Ratio);
    rows.push(if document.is_even { growth.limit(Target::AtMost(GROWTH)) } else { growth });
    rows
}

/// The longest frame of all that is meant to break the page, and how often it did.
fn hostile_rows(measured: &Measured, hostile: &[(String, &'static str)]) -> Vec<Row> {
    let drawn: Vec<_> = hostile.iter().map(|(file, name)| (*name, file, measured.frames(file, KITTIWAKE))).collect();
    let broken: Vec<&str> = drawn
        .iter()
        .filter(|(_, file, frames)| frames.drawn < 1.0 || measured.runs(file, KITTIWAKE).any(has_thrown))
        .map(|(name, ..)| *name)
        .collect();
    let mut rows = Vec::new();
    if let Some((name, _, frames)) = drawn.iter().max_by(|(.., a), (.., b)| a.longest.total_cmp(&b.longest)) {
        let what = format!("{} hostile texts: longest frame ({name})", drawn.len());
        rows.push(Row::new(TOPIC, what, frames.longest, Unit::Milliseconds).limit(Target::AtMost(LONGEST_HOSTILE)));
    }
    let what = format!("{} hostile texts: not drawn {}", drawn.len(), broken.join(", "));
    #[allow(clippy::cast_precision_loss, reason = "there are 28")]
    rows.push(Row::new(TOPIC, what.trim(), broken.len() as f64, Unit::Count).limit(Target::AtMost(0.0)));
    rows
}

fn has_thrown(run: &Run) -> bool {
    run.thrown.is_some()
}

//! `cargo xtask bench`.

use std::process::Command;

use crate::{
    display::Display,
    home::Home,
    node,
    progress::Progress,
    shell::{Result, cargo, do_it, npm_in, released, status},
    stamp::Stamp,
    system::{self, Need},
};

/// The page with Kittiwake's renderer and its peers.
const PAGE: &str = "crates/bench/page";

/// What the page is made from, below its folder.
const PAGE_SOURCES: [&str; 5] = ["package.json", "package-lock.json", "render.html", "vite.config.ts", "src"];

pub struct Options {
    /// Whether missing system packages are installed, or only named.
    pub install: bool,
    /// JSON in place of the table.
    pub json: bool,
    /// Only topics whose name holds it.
    pub filter: Option<String>,
}

/// Builds what is measured as it is released, and measures it on a display of its own.
pub fn bench(options: &Options) -> Result<u8> {
    let mut progress = Progress::new(6 + node::STEPS);
    system::ensure(&mut progress, Need::Tests, options.install)?;
    let node = node::check()?;
    node::modules(&mut progress, &node)?;
    node::build(&mut progress, &node)?;
    page(&mut progress, &node)?;
    build(
        &mut progress,
        "the programs",
        &["--package", "kittiwake", "--package", "cli", "--package", "bench", "--bins"],
    )?;
    let window = ["--package", "kittiwake", "--example", "bench_window", "--features", "bench"];
    build(&mut progress, "the window beside it", &window)?;
    progress.begin("Measuring; the machine should do nothing else");
    let (home, display) = (Home::new()?, Display::start()?);
    let mut command = Command::new(released("bench")?);
    home.apply(&mut command);
    command.env("DISPLAY", &display.name);
    if options.json {
        command.arg("--json");
    }
    let ended = status(command.args(&options.filter))?;
    Ok(u8::from(!ended.success()))
}

fn page(progress: &mut Progress, node: &str) -> Result<()> {
    let own = PAGE_SOURCES.map(|source| format!("{PAGE}/{source}"));
    let sources: Vec<&str> = own.iter().map(String::as_str).chain(["ui/src/markdown", "ui/src/design"]).collect();
    let stamp = Stamp::over("bench-page", &sources, node);
    if stamp.is_fresh() {
        progress.passed("The page with the peers", "up to date");
        return Ok(());
    }
    progress.step("Building the page with the peers", || {
        do_it(&mut npm_in(PAGE, &["ci", "--no-audit", "--no-fund"]))?;
        do_it(&mut npm_in(PAGE, &["run", "build"]))?;
        stamp.write()
    })
}

fn build(progress: &mut Progress, what: &str, which: &[&str]) -> Result<()> {
    let what = format!("Building {what} as they are released; some minutes at first");
    progress.step(&what, || do_it(cargo().args(["build", "--release"]).args(which)))
}

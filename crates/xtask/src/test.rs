//! `cargo xtask test`.

use std::{fs, process::Command};

use crate::{
    capture::{Captured, capture},
    counts::{self, Counts},
    display::Display,
    home::Home,
    node, peers,
    progress::{Progress, elapsed},
    shell::{Result, Stop, cargo, npm, output, root, told},
    system::{self, Need},
};

pub struct Options {
    /// Whether missing system packages are installed, or only named.
    pub install: bool,
    /// Leaves out what needs a display or a peer.
    pub fast: bool,
    /// Only tests whose name holds it.
    pub filter: Option<String>,
}

/// How a runner's tests are counted.
type Count = fn(&[String]) -> Counts;

/// Sets up, runs everything, and ends with a line that counts it.
pub fn test(options: &Options) -> Result<u8> {
    let filtered = options.filter.is_some();
    let mut progress =
        Progress::new(5 + if filtered { 0 } else { 4 } + if options.fast { 0 } else { peers::STEPS + 2 });
    let need = if options.fast { Need::Desktop } else { Need::Tests };
    system::ensure(&mut progress, need, options.install)?;
    let node = node::check()?;
    node::modules(&mut progress, &node)?;
    if !options.fast {
        peers::ensure(&mut progress)?;
        peers::modules(&mut progress, &node)?;
    }

    let mut checks =
        Checks { progress, home: Home::new()?, fast: options.fast, sum: Counts::default(), failed: Vec::new() };
    let filter = options.filter.as_deref();
    if !filtered {
        checks.component("Format", "fmt", "rustfmt", &["--all", "--", "--check"])?;
        checks.tool("Types and style of the window", &mut npm(&["run", "check"]))?;
    }
    checks.window_tests(filter)?;
    checks.window_build(&node)?;
    if !filtered {
        checks.component("Lints", "clippy", "clippy", &["--workspace", "--all-targets", "--", "-D", "warnings"])?;
        // Not one of "all targets": a plain `cargo test` must not run the journeys.
        let args = ["--workspace", "--test", "desktop", "--", "-D", "warnings"];
        checks.component("Lints of the journeys", "clippy", "clippy", &args)?;
    }
    checks.rust_tests(filter)?;
    if !options.fast {
        checks.journeys(filter)?;
    }
    Ok(checks.tell())
}

/// The checks that were run, and what came of them.
struct Checks {
    progress: Progress,
    home: Home,
    fast: bool,
    sum: Counts,
    failed: Vec<String>,
}

impl Checks {
    /// A tool that has no tests to count: it succeeds, or counts as one failure.
    fn tool(&mut self, what: &str, command: &mut Command) -> Result<bool> {
        self.check(what, command, None)
    }

    /// A part of the toolchain that may not be installed.
    fn component(&mut self, what: &str, subcommand: &str, component: &str, args: &[&str]) -> Result<bool> {
        if output(cargo().args([subcommand, "--version"])).is_none() {
            self.progress.begin(what);
            return Ok(self.fail(what, &format!("{component} is missing: rustup component add {component}")));
        }
        self.tool(what, cargo().arg(subcommand).args(args))
    }

    fn window_tests(&mut self, filter: Option<&str>) -> Result<bool> {
        let mut command = npm(&["test", "--"]);
        if let Some(filter) = filter {
            command.args(["--testNamePattern", filter, "--passWithNoTests"]);
        }
        self.check("Tests of the window", &mut command, Some(counts::of_vitest))
    }

    /// The desktop program embeds the window's files, so everything that follows needs them.
    fn window_build(&mut self, node: &str) -> Result<bool> {
        let what = "Build of the window";
        if node::is_built(node) {
            self.progress.passed(what, "up to date");
            return Ok(true);
        }
        let done = self.tool(what, &mut npm(&["run", "build"]))?;
        if done {
            node::note_built(node)?;
        }
        Ok(done)
    }

    fn rust_tests(&mut self, filter: Option<&str>) -> Result<bool> {
        let mut command = cargo();
        command.args(["test", "--workspace", "--no-fail-fast"]).args(filter);
        self.check("Tests of the core, the hosts and the repository", &mut command, Some(counts::of_cargo))
    }

    /// Builds the programs and drives them from outside, on a display of its own.
    fn journeys(&mut self, filter: Option<&str>) -> Result<bool> {
        let what = "Desktop journeys";
        let mut build = cargo();
        build.args(["build", "--workspace", "--bins"]);
        if !self.tool("Build of the programs", &mut build)? {
            self.progress.begin(what);
            return Ok(self.fail(what, "not run, since the programs were not built"));
        }
        let display = Display::start()?;
        let mut command = cargo();
        // For the whole workspace, as everything else is: another choice of packages has other features, and would build
        // their dependencies anew.
        command.args(["test", "--workspace", "--test", "desktop", "--", "--test-threads=1"]).args(filter);
        self.check_on(what, &mut command, Some(counts::of_cargo), Some(&display))
    }

    fn check(&mut self, what: &str, command: &mut Command, count: Option<Count>) -> Result<bool> {
        self.check_on(what, command, count, None)
    }

    fn check_on(
        &mut self,
        what: &str,
        command: &mut Command,
        count: Option<Count>,
        display: Option<&Display>,
    ) -> Result<bool> {
        self.progress.begin(what);
        self.home.apply(command);
        if self.fast {
            command.env("KITTIWAKE_TEST_FAST", "1");
        }
        if let Some(display) = display {
            command.env("DISPLAY", &display.name);
        }
        let captured = match capture(command) {
            Ok(captured) => captured,
            Err(Stop { message, .. }) => return Ok(self.fail(what, &message)),
        };
        let log = write_log(what, &captured);
        let counted = count.map(|count| count(&captured.lines));
        self.sum += counted.unwrap_or_default();
        let took = elapsed(captured.took);
        if captured.success {
            let how = counted.map_or_else(|| "done".to_owned(), |counts| counts.to_string());
            self.progress.end(what, &format!("{how}, {took}"));
            return Ok(true);
        }
        for line in captured.lines.iter().filter(|line| tells(line)) {
            eprintln!("    {line}");
        }
        // A runner that did not get so far as to run a test has failed all the same.
        if counted.is_none_or(|counts| counts.failed == 0) {
            self.sum.failed += 1;
        }
        self.failed.push(what.to_owned());
        let how = counted.map(|counts| format!("{counts}, ")).unwrap_or_default();
        self.progress.end(what, &format!("FAILED, {how}{took}; all that it said: {log}; again: {}", told(command)));
        Ok(false)
    }

    fn fail(&mut self, what: &str, why: &str) -> bool {
        self.sum.failed += 1;
        self.failed.push(what.to_owned());
        self.progress.end(what, &format!("FAILED: {why}"));
        false
    }

    /// The last line, and the exit code.
    fn tell(&self) -> u8 {
        eprintln!();
        if self.sum.ignored > 0 {
            eprintln!("{} were left out.", self.sum.ignored);
        }
        if !self.failed.is_empty() {
            eprintln!("Failed: {}.", self.failed.join(", "));
        }
        println!("kittiwake: {} passed, {} failed", self.sum.passed, self.sum.failed);
        u8::from(self.sum.failed > 0 || !self.failed.is_empty())
    }
}

/// Whether a line of a failed run is worth being read again: neither a test that passed, nor a crate that compiled.
fn tells(line: &str) -> bool {
    let trimmed = line.trim_start();
    let passed = trimmed.starts_with("test ") && trimmed.ends_with("... ok");
    let built = ["Compiling ", "Checking ", "Downloaded ", "Downloading ", "Blocking "]
        .iter()
        .any(|word| trimmed.starts_with(word));
    !passed && !built
}

/// Keeps all that was said, and tells where.
fn write_log(what: &str, captured: &Captured) -> String {
    let name: String =
        what.to_lowercase().chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect();
    let path = format!("target/test-logs/{name}.log");
    let file = root().join(&path);
    let _ = file.parent().map(fs::create_dir_all);
    // Without the log the failures still stand on the terminal.
    let _ = fs::write(file, captured.lines.join("\n"));
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_well_is_not_told_again() {
        assert!(!tells("test tidy::a ... ok") && !tells("   Compiling serde v1.0.0"));
        assert!(tells("test tidy::a ... FAILED") && tells("error[E0425]: cannot find value") && tells(""));
    }
}

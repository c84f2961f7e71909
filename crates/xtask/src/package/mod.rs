//! `cargo xtask package`: installers of this system, with all that they carry.

mod bundles;
mod check;
mod extras;
pub mod icons;
mod licences;
mod place;
mod policy;
mod signing;
mod sums;
mod version;

use std::{path::PathBuf, process::Command};

pub use bundles::Bundle;

use crate::{
    capture::capture,
    node,
    progress::Progress,
    shell::{Result, Stop, cargo, do_it, root, told},
    system::{self, Family, Need},
};
use place::Place;
use policy::Policy;
use signing::Signing;

/// How many lines of a program that failed are told.
const TOLD: usize = 30;

pub struct Options {
    /// Whether missing system packages are installed, or only named.
    pub install: bool,
    /// Which are made; those of this system when nothing is said.
    pub bundles: Option<Vec<Bundle>>,
    /// Installs the deb in a clean root afterwards, uses it, and removes it.
    pub check: bool,
    /// A policy file that goes into them.
    pub policy: Option<PathBuf>,
}

/// Sets up, builds, packs, and tells what was made.
pub fn package(options: &Options) -> Result<u8> {
    let place = Place::find()?;
    let mut bundles = bundles::choose(options.bundles.as_deref())?;
    let policy = options.policy.as_deref().map(Policy::read).transpose()?;
    if policy.is_some() {
        bundles = Policy::choose(bundles, options.bundles.is_some())?;
    }
    let signing = Signing::from_environment(&bundles)?;
    if options.check {
        check::can_be_done(&bundles)?;
    }
    let mut progress =
        Progress::new(6 + usize::from(policy.is_some()) + node::STEPS + if options.check { check::STEPS } else { 0 });
    system::ensure(&mut progress, Need::Packages, options.install)?;
    let node = node::check()?;
    node::modules(&mut progress, &node)?;
    node::build(&mut progress, &node)?;

    let version = version::of_the_workspace(&version::metadata()?)?;
    progress.passed("Version", &version);
    progress.step("Building the programs for release, which takes some minutes", || do_it(&mut release(&signing)))?;
    if let Some(policy) = &policy {
        progress.step("Checking the policy file", || policy.checked_by(&place.program("kittiwake-cli")))?;
    }
    let extras = progress.step("Writing what the packages carry: completions, manual pages, licences", || {
        extras::write(&place, &version, policy.as_ref())
    })?;
    let made = progress.step(&format!("Packing {}", bundles::told(&bundles)), || {
        bundles::make(&place, &bundles, &extras, &signing, policy.as_ref(), &version)
    })?;
    let lines = progress.step("Adding up", || sums::write(&place, &made))?;
    if options.check {
        check::check(&mut progress, &place, &made, policy.as_ref(), &version)?;
    }
    for line in lines {
        println!("{line}");
    }
    Ok(0)
}

/// One call of Cargo for all that is compiled, so that nothing is built twice with other features.
fn release(signing: &Signing) -> Command {
    let mut build = cargo();
    build.args(["build", "--release", "--package", "kittiwake", "--package", "cli", "--bins", "--example", "extras"]);
    signing.compile(&mut build);
    build
}

/// Tauri's own program, among the modules of the window. It looks for its settings where it is started.
fn tauri(args: &[&str]) -> Command {
    let mut tauri = Command::new("node");
    tauri.arg(root().join("ui/node_modules/@tauri-apps/cli/tauri.js")).args(args).current_dir(root().join("src-tauri"));
    tauri
}

/// Runs a program without its output, which is told only when it fails.
fn quietly(command: &mut Command) -> Result<Vec<String>> {
    let captured = capture(command)?;
    if captured.success {
        return Ok(captured.lines);
    }
    let from = captured.lines.len().saturating_sub(TOLD);
    Err(Stop::because(format!("{}\n\nthis failed: {}", captured.lines[from..].join("\n"), told(command))))
}

/// A file that could not be written or read.
fn trouble(path: &std::path::Path) -> impl Fn(std::io::Error) -> Stop + '_ {
    move |error| Stop::because(format!("{}: {error}", path.display()))
}

/// Whether this system makes packages of Linux.
fn is_linux() -> bool {
    !matches!(system::family(), Family::Mac | Family::Windows)
}

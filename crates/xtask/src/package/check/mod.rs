//! `cargo xtask package --check`: the deb in a clean root, as a person's machine without development packages.

mod clean_root;
mod managed;
mod traces;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{Bundle, place::Place, policy::Policy, quietly};
use crate::{
    capture::capture,
    counts,
    display::Display,
    home::Home,
    peers,
    progress::Progress,
    shell::{Result, Stop, cargo, output},
    system::{self, Family},
};
use clean_root::CleanRoot;
use traces::Traces;

/// How many steps a check takes.
pub const STEPS: usize = 7;

/// What the Guide is asked.
const QUESTION: &str = "Where is my data kept?";

/// Says in words what stands in the way, before anything is built.
pub fn can_be_done(bundles: &[Bundle]) -> Result<()> {
    let missing = if !bundles.contains(&Bundle::Deb) {
        Some("it tries the deb, and none is made here")
    } else if system::family() != Family::Debian {
        Some("it needs debootstrap and the package archive of this system, so Debian or a relative")
    } else if !system::is_root() {
        Some("a clean root is made, and entered, by root only; start it with sudo, or in a container")
    } else if output(Command::new("unshare").args(["--mount", "true"])).is_none() {
        Some("this system allows no mounts, which a clean root needs; a container has to be privileged")
    } else {
        None
    };
    missing.map_or(Ok(()), |why| {
        Err(Stop::because(format!(
            "The installed program cannot be checked: {why}.\nNothing was checked. Without --check the packages are made."
        )))
    })
}

/// Installs the deb, uses what it brought, and removes it.
pub fn check(
    progress: &mut Progress,
    place: &Place,
    made: &[PathBuf],
    policy: Option<&Policy>,
    version: &str,
) -> Result<()> {
    let deb = made.iter().find(|file| file.extension().is_some_and(|ending| ending == "deb"));
    let deb = deb.ok_or_else(|| Stop::because("there is no deb to check"))?;
    let home = Home::new()?;
    let root = CleanRoot::new(progress, place, home.dir())?;
    progress.step("Installing the deb there with apt-get", || root.install(deb))?;
    let traces = progress.step("Looking at what it brought", || looked_at(&root, version))?;
    progress.step("Asking the Guide in the terminal", || asked(&root))?;
    match policy {
        // The journeys are those of somebody who has nothing, and a policy brings connections.
        Some(policy) => progress.step("Looking at the policy there", || managed::looked_at(&root, policy))?,
        None => {
            peers::ensure(progress)?;
            journeys(progress, &root, &home)?;
        }
    }
    progress.step("Removing it, and looking for what stays", || removed(&root, &traces))?;
    policy.map_or(Ok(()), |_| progress.step("Purging it, and with it the policy", || managed::purged(&root)))
}

/// The version, no development packages, every library found.
fn looked_at(root: &CleanRoot, version: &str) -> Result<Traces> {
    let told = quietly(&mut root.command(&["kittiwake-cli", "--version"]))?.join(" ");
    if !told.contains(version) {
        return Err(Stop::because(format!("the installed program says {told}, and not {version}")));
    }
    let packages = quietly(&mut root.command(&["dpkg-query", "--show", "--showformat", "${Package}\\n"]))?;
    if let Some(other) = packages.iter().find(|name| name.ends_with("-dev")) {
        return Err(Stop::because(format!("{other} was installed, so this root proves nothing")));
    }
    for program in ["/usr/bin/kittiwake", "/usr/bin/kittiwake-cli"] {
        let libraries = quietly(&mut root.command(&["ldd", program]))?;
        if let Some(line) = libraries.iter().find(|line| line.contains("not found")) {
            return Err(Stop::because(format!("{program} needs a library that no dependency brings: {}", line.trim())));
        }
    }
    Traces::of(root)
}

/// An answer in the person's own folder, which has to outlive the package.
fn asked(root: &CleanRoot) -> Result<()> {
    let answer = quietly(&mut root.command(&["kittiwake-cli", "ask", QUESTION]))?;
    if answer.iter().map(String::len).sum::<usize>() < 40 {
        return Err(Stop::because(format!("the Guide's answer is too short to be one: {}", answer.join(" "))));
    }
    root.data()?;
    Ok(())
}

/// The desktop journeys of this repository, with the installed program.
fn journeys(progress: &mut Progress, root: &CleanRoot, home: &Home) -> Result<()> {
    let what = "Desktop journeys with the installed program";
    progress.begin(what);
    let display = Display::start()?;
    let mut command = cargo();
    command.args(["test", "--package", "acceptance", "--test", "desktop", "--no-fail-fast"]);
    command.args(["--", "--test-threads=1", "conversations::"]);
    home.apply(&mut command);
    command.env("DISPLAY", &display.name).env("KITTIWAKE_TEST_PROGRAM", root.window());
    let captured = capture(&mut command)?;
    let counts = counts::of_cargo(&captured.lines);
    if !captured.success || counts.passed == 0 {
        let told = captured.lines.iter().filter(|line| !line.trim_start().starts_with("Compiling "));
        return Err(Stop::because(format!("{}\n\n{what}: {counts}", told.cloned().collect::<Vec<_>>().join("\n"))));
    }
    let started = root.started()?;
    if started < counts.passed {
        return Err(Stop::because(format!(
            "{} journeys passed, but the installed program started {started} times",
            counts.passed
        )));
    }
    progress.end(what, &format!("{counts}, started {started} times, {}", crate::progress::elapsed(captured.took)));
    Ok(())
}

/// Every file that the package brought is gone; the person's data is as it was.
fn removed(root: &CleanRoot, traces: &Traces) -> Result<()> {
    let before = root.data()?;
    root.remove()?;
    let left = traces.left(root.dir());
    // What administrators may have changed stays until the package is purged.
    let left: Vec<_> = left.into_iter().filter(|path| !managed::stays(path)).collect();
    if !left.is_empty() {
        return Err(Stop::because(format!("these stay after the removal: {}", left.join(", "))));
    }
    if root.data()? != before {
        return Err(Stop::because("the removal changed the person's data"));
    }
    eprintln!(
        "      {} files gone; the person's data is there: {}",
        traces.count(),
        before.keys().cloned().collect::<Vec<_>>().join(", ")
    );
    Ok(())
}

/// A file of the root by its path in it.
fn inside(root: &Path, path: &str) -> PathBuf {
    root.join(path.trim_start_matches('/'))
}

/// Makes a folder.
fn made(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(super::trouble(folder))
}
